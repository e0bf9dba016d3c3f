// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local function general()
local s={}
local function ao(f)
local i=redis.call('GET',f)
if not i then return nil end
local h=string.match(i,'^-?%d+$')and tonumber(i)
if not h or h>=9000000000000000 then error('the fencing counter '..f..' cannot be counted up: '..i)end
return h>0 and h or nil
end
local function cn(f,h)
redis.call('SET',f,string.format('%.0f',h))
end
local function bn(f)
if not IS_CLUSTER then
local an=redis.pcall('GET',string.match(f,'^(.*)~fence:')..'~server')
if type(an)~='table'or string.find(an.err,'WRONGTYPE',1,true)then
return type(an)=='string'and tonumber(string.match(an,'^complete .* (%d+)$'))or nil
end
end
local al=redis.call('TIME')
local d=tonumber(al[1])*1000000+tonumber(al[2])
return math.max(1,d-d%16384)
end
local function bf(f)
local az=bn(f)
if az then return az end
redis.call('DEL',f)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function bd(f,h)
local ax=ao(f)
if not ax then h=math.max(h,bn(f)or 0)end
if(ax or 0)<h then cn(f,h)end
end`;

const PART_2 = `local function cg(f)
local ae=redis.pcall('GET',f)
return type(ae)=='string'and ae or nil
end
local function cw(f,k,t)
t=math.max(t,20000)
local ae=cg(f)
if not ae then
redis.call('SET',f,k,'PX',t)
elseif string.find(ae,k,1,true)then
redis.call('PEXPIRE',f,math.max(redis.call('PTTL',f),t))
elseif#ae+1<256*(#k+1)then
redis.call('SET',f,ae..' '..k,'PX',math.max(redis.call('PTTL',f),t))
end
end
local function bm(f,k)
local ae=cg(f)
if not ae then return end
local bt={}
for ar in string.gmatch(ae,'%S+')do
if ar~=k then bt[#bt+1]=ar end
end
if#bt==0 then redis.call('DEL',f)
else redis.call('SET',f,table.concat(bt,' '),'PX',math.max(redis.call('PTTL',f),1))end
end
local function cs(f,ec)
local ae=cg(f)
if not ae then return false end
local ay=ec and string.match(ae,'%S+')or''
if ay~=''then bm(f,ay)end
redis.pcall('PUBLISH',f,ay)
return ay~=''
end`;

const PART_3 = `return s
end`;

const PART_4 = `local function ef(bs,b,bi,o,j,ag,bx)
local a,e={unpack(KEYS,b,b+bi-1)},{unpack(ARGV,o,o+j-1)}
for c=1,bx do e[j+c]=ARGV[ag+c-1]end
local cc,x=pcall(bs,a,e)
if cc then return x end
if type(x)=='table'then x=x.err or x[1]end
return{-1,tostring(x)}
end
local ak,s,b,o={},nil,1,1
while o<=#ARGV do
local cf,bc,bi=ARGV[o],tonumber(ARGV[o+1]),tonumber(ARGV[o+2])
local j,bx,ag=tonumber(ARGV[o+3]),tonumber(ARGV[o+4]),o+5
o=ag+bx
local da=bi==2
local cz=da and cx[cf]
local cy=da and bc>1 and du[cf]
local as=0
while as<bc do
local aq=cy and cy(b,o,bc-as,ak)or 0
if aq==0 then
local x=cz and cz(b,o,ag)
if not x then
s=s or general()
x=ef(s[cf],b,bi,o,j,ag,bx)
end
ak[#ak+1]=x
aq=1
end
b,o,as=b+aq*bi,o+aq*j,as+aq
end
end
return#ak==1 and ak[1]or ak`;

const PART_5 = `local cx,du={},{}`;

export const MUTEX_SCRIPT: KindScript = kindScript(
  [
    `local z=redis.pcall
local function aq(f)
local h=z('INCR',f)
if type(h)~='number'then return nil end
if h>1 and h<=9000000000000000 then return h end
if h==1 and not IS_CLUSTER then
local an=z('GET',string.match(f,'^(.*)~fence:')..'~server')
local az=type(an)=='string'and string.match(an,'^complete .* (%d+)$')
local q=az and z('SET',f,az)
if q and not q.err then return tonumber(az)end
end
z(h>1 and'DECR'or'DEL',f)
return nil
end
local cx={
['mutex.acquire']=function(b,o,ag)
local q=z('SET',KEYS[b],ARGV[o],'NX','PX',ARGV[ag])
if not q or q.err then return nil end
local h=aq(KEYS[b+1])
if not h then z('DEL',KEYS[b])end
return h
end,
['mutex.takeOver']=function(b,o,ag)
if z('GET',KEYS[b])~=ARGV[o+1]then return nil end
local h=aq(KEYS[b+1])
if not h then return nil end
local q=z('SET',KEYS[b],ARGV[o],'PX',ARGV[ag])
return not q.err and-h or nil
end,
['mutex.extend']=function(b,o,ag)
if z('GET',KEYS[b])~=ARGV[o]then return nil end
local n=z('PTTL',KEYS[b])
if type(n)~='number'or n<0 then return nil end
if n<tonumber(ARGV[ag])and z('PEXPIRE',KEYS[b],ARGV[ag])~=1 then return nil end
return 1
end,
['mutex.release']=function(b,o)
local af=z('MGET',KEYS[b],KEYS[b+1])
if af.err or af[2]then return nil end
if af[1]~=ARGV[o]then return 0 end
return z('DEL',KEYS[b])==1 and 1 or nil
end,
}
if#KEYS==2 and ARGV[2]=='1'then
local bs=cx[ARGV[1]]
local x=bs and bs(1,6+ARGV[5],6)
if x then return x end
end
local du={
['mutex.release']=function(b,o,bc,ak)
local af=z('MGET',unpack(KEYS,b,b+2*bc-1))
if af.err then return 0 end
local bg,df,ci,as={},{},{},0
for c=1,bc do
if af[2*c]then break end
local aa=KEYS[b+2*c-2]
local ac=af[2*c-1]==ARGV[o+c-1]and not df[aa]
ak[#ak+1]=ac and 1 or 0
if ac then
df[aa]=true
bg[#bg+1]=aa
ci[#bg]=#ak
end
as=c
end
local cu=#bg>0 and z('DEL',unpack(bg))
if type(cu)=='table'then
for c=1,#ci do ak[ci[c]]={-1,cu.err}end
end
return as
end
}`,
    PART_1,
    PART_2,
    `local function db(f,p,t,ac)
if not ac then redis.call('SET',f,p,'PX',t)
else
local n=redis.call('PTTL',f)
if n>=0 and n<tonumber(t)then redis.call('PEXPIRE',f,t)end
end
end
local function cr(a,p,eg,t,cm)
local cj=cm==''and 2 or 3
local ac,au,am={},true,false
local ap,w
for c=1,#a,cj do
local i=redis.call('GET',a[c])
ac[c]=i==p
if i~=p then au=false end
if i and i==eg then
am=true
elseif i and i~=p then
local n=redis.call('PTTL',a[c])
if not w or(ap~=-1 and(n==-1 or n>ap))then
ap,w=n,i
end
end
end
if cm~=''then
for c=3,#a,3 do pcall(cw,a[c],cm,tonumber(t))end
end
if w then return{0,ap,w}end
local h=0
for c=2,#a,cj do
local u=ao(a[c])
h=math.max(h,u and(au and u or u+1)or bf(a[c]))
end
for c=1,#a,cj do
db(a[c],p,t,ac[c])
cn(a[c+1],h)
end
return am and-h or h
end
s['mutex.acquire']=function(a,e)
return cr(a,e[1],nil,e[2],e[3])
end
s['mutex.takeOver']=function(a,e)
return cr(a,e[1],e[2],e[3],e[4])
end
s['mutex.commit']=function(a,e)
for c=1,#a,2 do
if redis.call('GET',a[c])~=e[1]then return{0}end
end
for c=2,#a,2 do
if not ao(a[c])then bf(a[c])end
bd(a[c],tonumber(e[2]))
end
return 1
end
s['mutex.extend']=function(a,e)
local p,h,t=e[1],tonumber(e[2]),e[3]
local ac={}
for c=1,#a,2 do
local i=redis.call('GET',a[c])
if i and i~=p then return{0,redis.call('PTTL',a[c]),i}end
ac[c]=i==p
end
for c=1,#a,2 do
local cb=not ac[c]and(ao(a[c+1])or bn(a[c+1]))
if cb then bd(a[c+1],h)end
end
for c=1,#a,2 do db(a[c],p,t,ac[c])end
return 1
end
s['mutex.release']=function(a,e)
local p,k=e[1],e[2]
local ah,ba=false,false
for c=1,#a,2 do
local i=redis.pcall('GET',a[c])
if k~=''then pcall(bm,a[c+1],k)end
if i==p then
redis.call('DEL',a[c])
ah=true
if cs(a[c+1],k~='')then ba=true end
elseif type(i)=='table'and i.err and not string.find(i.err,'WRONGTYPE',1,true)then
error(i.err)
end
end
if not ah then return 0 end
return ba and-1 or 1
end
s['mutex.leave']=function(a,e)
pcall(bm,a[1],e[1])
return 1
end`,
    PART_3,
    PART_4,
  ],
  "815a6da923c850f7c47ae994d1b752d78a0ba1d0",
  "92b13970954836c11088534734ecd3ffad32cdba",
);

export const MODES_SCRIPT: KindScript = kindScript(
  [
    PART_5,
    PART_1,
    PART_2,
    `local ca={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function ds(ee,ar)return string.find(ca[ee],' '..ar..' ',1,true)end
local function bu(f,d)
local by,l=redis.pcall('GET',f),{}
if type(by)~='string'then return l end
for y,k,g,r,ad in string.gmatch(by,'(%d+) (%w+) (%u+) (%d+) (%d+)')do
if ca[g]and tonumber(r)>=d then
l[#l+1]={tonumber(y),k,g,tonumber(r),tonumber(ad)}
end
end
return l
end
local function bz(f,l,d)
local ck,u={},d+1
for c,m in ipairs(l)do
ck[c]=string.format('%.0f %s %s %.0f %.0f',unpack(m))
u=math.max(u,m[4])
end
if#ck==0 then redis.call('DEL',f)
else redis.call('SET',f,table.concat(ck,' '),'PX',u-d)end
end
local function dd(m,d)return m[5]>0 and d-m[5]>50 end
local function de(m,y,k)
return m[1]>y or(m[1]==y and m[2]>k)
end
local function dq(l,g,k,y,d)
for ai,m in ipairs(l)do
if m[2]==k or(y>0 and de(m,y,k))then return nil end
if ds(m[3],g)and not dd(m,d)then return m end
end
end
local function dl(l,k,d)
for ai,m in ipairs(l)do
if m[2]==k then
m[4],m[5]=d+3000,0
return true
end
end
return false
end
local function ei(l,k,g,y,d)
local aj=#l+1
for c,m in ipairs(l)do
if m[2]==k then
m[3]=g
dl(l,k,d)
return
end
if c<aj and de(m,y,k)then aj=c end
end
if#l<256 then table.insert(l,aj,{y,k,g,d+3000,0})end
end
local function ea(l,k)
for c,m in ipairs(l)do
if m[2]==k then
table.remove(l,c)
return true
end
end
return false
end
local function eb(l,ed,d)
local ad,bo={},{}
for ai,m in ipairs(l)do
local g=m[3]
if not dd(m,d)then
if bo[g]==nil then bo[g]=not ed(g)end
if not bo[g]then break end
if m[5]==0 then
m[5]=d
ad[#ad+1]=m[2]
end
for ar in string.gmatch(ca[g],'%u+')do bo[ar]=false end
end
end
return ad
end`,
    `local v,be=7,'~s'
local cq={['IS']={3},['IX']={4},['S']={5},['SIX']={4,5},['X']={}}
local cp={['IS']={},['IX']={5},['S']={4},['SIX']={4,5},['X']={3,4,5}}
local function bq()
local al=redis.call('TIME')
return tonumber(al[1])*1000+math.floor(tonumber(al[2])/1000)
end
local function ce(by)
local ab={}
for g in string.gmatch(by,'%u+')do
if not cp[g]then error('unknown mode '..g,0)end
ab[#ab+1]=g
end
return ab
end
local function cl(e,ay)
local j={e[1],[e[1]]=true}
for c=ay,#e do
j[#j+1]=e[c]
j[e[c]]=true
end
return j
end
local function br(a,b,g,j,d)
local i=redis.call('GET',a[b+1])
if i and i~=be and not j[i]then return redis.call('PTTL',a[b+1]),i end
local u,w
for ai,q in ipairs(cp[g])do
local af=redis.call('ZREVRANGE',a[b+q],0,#j,'WITHSCORES')
for c=1,#af,2 do
local r=tonumber(af[c+1])
if not j[af[c]]then
if r>=d and(not u or r>u)then u,w=r,af[c]end
break
end
end
end
if u then return u-d,w end
end
local function dg(a,b,d)
local bb
for q=3,5 do
local r=tonumber(redis.pcall('ZREVRANGE',a[b+q],0,0,'WITHSCORES')[2])
if r and r>=d then bb=math.max(bb or 0,r)end
end
return bb
end
local function cd(a,b,g,j)
if g=='X'then return j[redis.call('GET',a[b+1])]end
for ai,q in ipairs(cq[g])do
local at=false
for ai,p in ipairs(j)do
if redis.call('ZSCORE',a[b+q],p)then at=true end
end
if not at then return false end
end
return true
end
local function dz(a,b,j)
if j[redis.call('GET',a[b+1])]then return true end
for q=3,5 do
for ai,p in ipairs(j)do
if redis.call('ZSCORE',a[b+q],p)then return true end
end
end
return false
end
local function dc(a,b,g,j,t,d)
local aa,p,am=a[b+1],j[1],false
local i=redis.call('GET',aa)
local r=d+t
if j[i]then
local n=redis.call('PTTL',aa)
if n==-1 and i==p and g=='X'then return false end
r=math.max(r,d+n)
am=i~=p
end
for q=3,5 do
for c,cv in ipairs(j)do
local bj=(c>1 or g~='X')and redis.call('ZSCORE',a[b+q],cv)
if bj then
r=math.max(r,tonumber(bj))
if c>1 then
redis.call('ZREM',a[b+q],cv)
am=true
end
end
end
end
if g=='X'then
redis.call('SET',aa,p,'PX',r-d)
return am
end
for ai,q in ipairs(cq[g])do
local f=a[b+q]
redis.call('ZREMRANGEBYSCORE',f,'-inf',string.format('(%.0f',d))
redis.call('ZADD',f,string.format('%.0f',r),p)
if redis.call('PTTL',f)<r-d then redis.call('PEXPIRE',f,r-d)end
end
if i~=be then
redis.call('SET',aa,be,'PX',dg(a,b,d)-d)
else
local n=redis.call('PTTL',aa)
if n>=0 and n<r-d then redis.call('PEXPIRE',aa,r-d)end
end
return am
end
local co={}
local function bk(a,b,l,d)
if#l==0 then return{}end
local ad=eb(l,function(g)return br(a,b,g,co,d)end,d)
bz(a[b+6],l,d)
if#ad>0 then redis.pcall('PUBLISH',a[b+7],table.concat(ad,' '))end
return ad
end
local function dp(a,b,g,j,k,y,l,d)
local n,w=br(a,b,g,j,d)
if n or#l==0 or dz(a,b,j)then return n,w end
local bl=dq(l,g,k,y,d)
if not bl then return nil end
bk(a,b,l,d)
if bl[5]>0 then return math.max(0,50-d+bl[5]),''end
n,w=br(a,b,bl[3],co,d)
return n and-1 or 50,w or''
end
local function dv(a,ab,au)
local h,ct,av=0,false,{}
for ai,g in ipairs(ab)do
if(g=='X'or g=='SIX')and not au then ct=true end
end
for b=0,#a-v,v do
local u=ao(a[b+2])
av[b]=u
h=math.max(h,u and(ct and u+1 or u)or bf(a[b+2]))
end
for b=0,#a-v,v do
if av[b]~=h then cn(a[b+2],h)end
end
return h
end
s['modes.acquire']=function(a,e)
local t,k,y,ab=tonumber(e[2]),e[3],tonumber(e[4]),ce(e[5])
local j,dn,d=cl(e,6),{e[1],[e[1]]=true},bq()
local aw,av,aj,ap,w={},d,nil,nil,nil
local au,am=true,false
for c,g in ipairs(ab)do
local b=(c-1)*v
aw[c]=bu(a[b+6],d)
for ai,m in ipairs(aw[c])do av=math.max(av,m[1])end
local n,ej=dp(a,b,g,j,k,y,aw[c],d)
if n then
aj=aj or c
if not w or(ap~=-1 and(n==-1 or n>ap))then
ap,w=n,ej
end
elseif not cd(a,b,g,dn)then
au=false
end
end
if aj then
if k~=''then
local b=(aj-1)*v
ei(aw[aj],k,ab[aj],y>0 and y or av+1,d)
bz(a[b+6],aw[aj],d)
pcall(cw,a[b+7],k,t)
end
return{0,ap,w,string.format('%.0f',av)}
end
local h=dv(a,ab,au)
for c,g in ipairs(ab)do
local b=(c-1)*v
if dc(a,b,g,j,t,d)then am=true end
if dl(aw[c],k,d)then bz(a[b+6],aw[c],d)end
end
return am and-h or h
end
s['modes.commit']=function(a,e)
local j={e[1],[e[1]]=true}
for c,g in ipairs(ce(e[3]))do
if not cd(a,(c-1)*v,g,j)then return{0}end
end
for b=0,#a-v,v do
if not ao(a[b+2])then bf(a[b+2])end
bd(a[b+2],tonumber(e[2]))
end
return 1
end
s['modes.extend']=function(a,e)
local h,t,ab=tonumber(e[2]),tonumber(e[3]),ce(e[4])
local j,d=cl(e,5),bq()
for c,g in ipairs(ab)do
local n,w=br(a,(c-1)*v,g,j,d)
if n then return{0,n,w}end
end
for c,g in ipairs(ab)do
local b=(c-1)*v
local cb=not cd(a,b,g,j)and(ao(a[b+2])or bn(a[b+2]))
if cb then bd(a[b+2],h)end
end
for c,g in ipairs(ab)do
local b=(c-1)*v
if dc(a,b,g,j,t,d)then bk(a,b,bu(a[b+6],d),d)end
end
return 1
end
local function dx(a,b,j,d)
local aa,ah=a[b+1],false
local i=redis.pcall('GET',aa)
if type(i)=='table'then
if string.find(i.err,'WRONGTYPE',1,true)then return false,false end
error(i.err,0)
end
if j[i]then
redis.call('DEL',aa)
i,ah=false,true
end
local at=false
for q=3,5 do
for ai,p in ipairs(j)do
local bj=redis.pcall('ZSCORE',a[b+q],p)
if type(bj)=='string'then
redis.call('ZREM',a[b+q],p)
at=true
if tonumber(bj)>=d then ah=true end
end
end
end
if i and i~=be then return ah,false end
local bb=at and dg(a,b,d)
if bb then
redis.call('SET',aa,be,'PX',math.max(1,bb-d))
return ah,false
end
if at and i then redis.call('DEL',aa)end
return ah,at or ah
end
s['modes.release']=function(a,e)
local k,j,d=e[2],cl(e,3),bq()
local ah,ba=false,false
for b=0,#a-v,v do
local ac,dy=dx(a,b,j,d)
if ac then
ah=true
local cc,ad=pcall(bk,a,b,bu(a[b+6],d),d)
if not cc then ad={}end
for ai,ar in ipairs(ad)do
if ar~=k then ba=true end
end
if dy and#ad==0 and cs(a[b+7],k~='')then ba=true end
end
end
if not ah then return 0 end
return ba and-1 or 1
end
s['modes.leave']=function(a,e)
local d=bq()
for b=0,#a-v,v do
local l=bu(a[b+6],d)
if ea(l,e[1])then
bz(a[b+6],l,d)
pcall(bk,a,b,l,d)
end
pcall(bm,a[b+7],e[1])
end
return 1
end`,
    PART_3,
    PART_4,
  ],
  "2b58fd1ab5934fed7689fea810f5d74b03b6d701",
  "36eabb3e84ec649bb2c80156e1475ed5fbb78c95",
);

export const SERVER_SCRIPT: KindScript = kindScript(
  [
    PART_5,
    PART_1,
    `local function dj(f)
local an=redis.pcall('GET',f)
return type(an)=='string'and an or''
end
local function dm(f,dt,i)
local ax=dj(f)
local al=redis.call('TIME')
local d=string.format('%.0f',tonumber(al[1])*1000+math.floor(tonumber(al[2])/1000))
if ax==dt then
ax=i(tonumber(d))
redis.call('SET',f,ax)
end
return{1,ax,d}
end
s['marker.replace']=function(a,e)
return dm(a[1],e[1],function()return e[2]end)
end
s['marker.lose']=function(a,e)
return dm(a[1],e[1],function(d)
return'lost '..string.format('%.0f',d-tonumber(e[2]))
end)
end`,
    `s['identify']=function(a)
local dk=''
local function bv(eh)
local bp=redis.pcall('INFO',eh)
if type(bp)=='table'then bp,dk='',bp.err end
return function(dw)return string.match(bp,'%f[%w_]'..dw..':([^\\r\\n]*)')or''end
end
local bw,dh,ch=bv('server'),bv('memory'),bv('replication')
local al=redis.call('TIME')
local g=bw('redis_mode')
if g==''then g=bw('server_mode')end
return{
1,bw('run_id'),tonumber(bw('uptime_in_seconds'))or-1,
tonumber(al[1])*1000000+tonumber(al[2]),
tonumber(bv('persistence')('aof_enabled'))or-1,
dh('maxmemory_policy'),tonumber(dh('maxmemory'))or-1,
ch('role'),g,ch('master_replid'),ch('master_replid2'),
a[1]and dj(a[1])or'',dk
}
end`,
    `s['counters.read']=function(a)
local x={1}
for c=1,#a do
local bh,h=pcall(ao,a[c])
x[c+1]=bh and h and string.format('%.0f',h)or''
end
return x
end
local function di(a,e,dr)
for c=1,#a do
local bh,h=pcall(ao,a[c])
if bh then
if not h then dr(a[c])end
bd(a[c],tonumber(e[c]))
end
end
return 1
end
s['counters.raise']=function(a,e)
return di(a,e,bf)
end
s['counters.restore']=function(a,e)
return di(a,e,function()end)
end
s['counters.lift']=function(a,e)
for c=1,#a do
local bh,h=pcall(ao,a[c])
if bh and h then bd(a[c],tonumber(e[1]))end
end
return 1
end`,
    PART_3,
    PART_4,
  ],
  "ec43cb3d60874eed60a2a1d620a5f76ef475c5f9",
  "a29fa63738135d5aa43eaeffe85ad6d2d7965753",
);
