// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local n=redis.pcall
local function at(f)
local h=n('INCR',f)
if type(h)~='number'then return nil end
if h>1 and h<=9000000000000000 then return h end
if h==1 and not IS_CLUSTER then
local aq=n('GET',string.match(f,'^(.*)~fence:')..'~server')
local bf=type(aq)=='string'and string.match(aq,'^complete .* (%d+)$')
local q=bf and n('SET',f,bf)
if q and not q.err then return tonumber(bf)end
end
n(h>1 and'DECR'or'DEL',f)
return nil
end`;

const PART_2 = `if#KEYS==ck and ARGV[2]=='1'then
local bz=cj[ARGV[1]]
local af=bz and bz(1,6+ARGV[5],6)
if af then return af end
end`;

const PART_3 = `local function general()
local t={}
local function ar(f)
local i=redis.call('GET',f)
if not i then return nil end
local h=string.match(i,'^-?%d+$')and tonumber(i)
if not h or h>=9000000000000000 then error('the fencing counter '..f..' cannot be counted up: '..i)end
return h>0 and h or nil
end
local function cy(f,h)
redis.call('SET',f,string.format('%.0f',h))
end
local function bt(f)
if not IS_CLUSTER then
local aq=redis.pcall('GET',string.match(f,'^(.*)~fence:')..'~server')
if type(aq)~='table'or string.find(aq.err,'WRONGTYPE',1,true)then
return type(aq)=='string'and tonumber(string.match(aq,'^complete .* (%d+)$'))or nil
end
end
local ae=redis.call('TIME')
local d=tonumber(ae[1])*1000000+tonumber(ae[2])
return math.max(1,d-d%16384)
end
local function bk(f)
local bf=bt(f)
if bf then return bf end
redis.call('DEL',f)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function bi(f,h)
local bc=ar(f)
if not bc then h=math.max(h,bt(f)or 0)end
if(bc or 0)<h then cy(f,h)end
end`;

const PART_4 = `local function cs(f)
local ak=redis.pcall('GET',f)
return type(ak)=='string'and ak or nil
end
local function dh(f,u,p)
p=math.max(p,20000)
local ak=cs(f)
if not ak then
redis.call('SET',f,u,'PX',p)
elseif string.find(' '..ak..' ',' '..u..' ',1,true)then
redis.call('PEXPIRE',f,math.max(redis.call('PTTL',f),p))
elseif#ak+1<256*(#u+1)then
redis.call('SET',f,ak..' '..u,'PX',math.max(redis.call('PTTL',f),p))
end
end
local function bs(f,u)
local ak=cs(f)
if not ak then return end
local ca={}
for ay in string.gmatch(ak,'%S+')do
if ay~=u then ca[#ca+1]=ay end
end
if#ca==0 then redis.call('DEL',f)
else redis.call('SET',f,table.concat(ca,' '),'PX',math.max(redis.call('PTTL',f),1))end
end
local function dc(f,eq)
local ak=cs(f)
if not ak then return false end
local be=eq and string.match(ak,'%S+')or''
if be~=''then bs(f,be)end
redis.pcall('PUBLISH',f,be)
return be~=''
end`;

const PART_5 = `return t
end`;

const PART_6 = `local function et(bz,b,bn,m,k,ag,ce)
local a,e={unpack(KEYS,b,b+bn-1)},{unpack(ARGV,m,m+k-1)}
for c=1,ce do e[k+c]=ARGV[ag+c-1]end
local cm,af=pcall(bz,a,e)
if cm then return af end
if type(af)=='table'then af=af.err or af[1]end
return{-1,tostring(af)}
end
local ao,t,b,m={},nil,1,1
while m<=#ARGV do
local cq,bh,bn=ARGV[m],tonumber(ARGV[m+1]),tonumber(ARGV[m+2])
local k,ce,ag=tonumber(ARGV[m+3]),tonumber(ARGV[m+4]),m+5
m=ag+ce
local dm=bn==ck
local dk=dm and cj[cq]
local di=dm and bh>1 and dj[cq]
local az=0
while az<bh do
local at=di and di(b,m,bh-az,ao)or 0
if at==0 then
local af=dk and dk(b,m,ag)
if not af then
t=t or general()
af=et(t[cq],b,bn,m,k,ag,ce)
end
ao[#ao+1]=af
at=1
end
b,m,az=b+at*bn,m+at*k,az+at
end
end
return#ao==1 and ao[1]or ao`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ck=2
local cj={
['mutex.acquire']=function(b,m,ag)
local q=n('SET',KEYS[b],ARGV[m],'NX','PX',ARGV[ag])
if not q or q.err then return nil end
local h=at(KEYS[b+1])
if not h then n('DEL',KEYS[b])end
return h
end,
['mutex.takeOver']=function(b,m,ag)
if n('GET',KEYS[b])~=ARGV[m+1]then return nil end
local h=at(KEYS[b+1])
if not h then return nil end
local q=n('SET',KEYS[b],ARGV[m],'PX',ARGV[ag])
return not q.err and-h or nil
end,
['mutex.extend']=function(b,m,ag)
if n('GET',KEYS[b])~=ARGV[m]then return nil end
local o=n('PTTL',KEYS[b])
if type(o)~='number'or o<0 then return nil end
if o<tonumber(ARGV[ag])and n('PEXPIRE',KEYS[b],ARGV[ag])~=1 then return nil end
return 1
end,
['mutex.release']=function(b,m)
local v=n('MGET',KEYS[b],KEYS[b+1])
if v.err or v[2]then return nil end
if v[1]~=ARGV[m]then return 0 end
return n('DEL',KEYS[b])==1 and 1 or nil
end,
}`,
    PART_2,
    `local dj={
['mutex.release']=function(b,m,bh,ao)
local v=n('MGET',unpack(KEYS,b,b+2*bh-1))
if v.err then return 0 end
local bl,dr,cu,az={},{},{},0
for c=1,bh do
if v[2*c]then break end
local z=KEYS[b+2*c-2]
local aj=v[2*c-1]==ARGV[m+c-1]and not dr[z]
ao[#ao+1]=aj and 1 or 0
if aj then
dr[z]=true
bl[#bl+1]=z
cu[#bl]=#ao
end
az=c
end
local de=#bl>0 and n('DEL',unpack(bl))
if type(de)=='table'then
for c=1,#cu do ao[cu[c]]={-1,de.err}end
end
return az
end
}`,
    PART_3,
    PART_4,
    `local function dn(f,s,p,aj)
if not aj then redis.call('SET',f,s,'PX',p)
else
local o=redis.call('PTTL',f)
if o>=0 and o<tonumber(p)then redis.call('PEXPIRE',f,p)end
end
end
local function db(a,s,eu,p,r)
local cv=r==''and 2 or 3
local aj,bb,ap={},true,false
local au,ac
for c=1,#a,cv do
local i=redis.call('GET',a[c])
aj[c]=i==s
if i~=s then bb=false end
if i and i==eu then
ap=true
elseif i and i~=s then
local o=redis.call('PTTL',a[c])
if not ac or(au~=-1 and(o==-1 or o>au))then
au,ac=o,i
end
end
end
if r~=''then
for c=3,#a,3 do pcall(dh,a[c],r,tonumber(p))end
end
if ac then return{0,au,ac}end
local h=0
for c=2,#a,cv do
local aa=ar(a[c])
h=math.max(h,aa and(bb and aa or aa+1)or bk(a[c]))
end
for c=1,#a,cv do
dn(a[c],s,p,aj[c])
cy(a[c+1],h)
end
return ap and-h or h
end
t['mutex.acquire']=function(a,e)
return db(a,e[1],nil,e[2],e[3])
end
t['mutex.takeOver']=function(a,e)
return db(a,e[1],e[2],e[3],e[4])
end
t['mutex.commit']=function(a,e)
for c=1,#a,2 do
if redis.call('GET',a[c])~=e[1]then return{0}end
end
for c=2,#a,2 do
if not ar(a[c])then bk(a[c])end
bi(a[c],tonumber(e[2]))
end
return 1
end
t['mutex.extend']=function(a,e)
local s,h,p=e[1],tonumber(e[2]),e[3]
local aj={}
for c=1,#a,2 do
local i=redis.call('GET',a[c])
if i and i~=s then return{0,redis.call('PTTL',a[c]),i}end
aj[c]=i==s
end
for c=1,#a,2 do
local cl=not aj[c]and(ar(a[c+1])or bt(a[c+1]))
if cl then bi(a[c+1],h)end
end
for c=1,#a,2 do dn(a[c],s,p,aj[c])end
return 1
end
t['mutex.release']=function(a,e)
local s,u=e[1],e[2]
local am,bg=false,false
for c=1,#a,2 do
local i=redis.pcall('GET',a[c])
if u~=''then pcall(bs,a[c+1],u)end
if i==s then
redis.call('DEL',a[c])
am=true
if dc(a[c+1],u~='')then bg=true end
elseif type(i)=='table'and i.err and not string.find(i.err,'WRONGTYPE',1,true)then
error(i.err)
end
end
if not am then return 0 end
return bg and-1 or 1
end
t['mutex.leave']=function(a,e)
pcall(bs,a[1],e[1])
return 1
end`,
    PART_5,
    PART_6,
  ],
  "571ce12cea817f774f64731ab054a76cff4b65e2",
  "cdff3255065d954ea398048d4a749fca7a661efb",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ck=7
local cj={
['modes.acquire']=function(b,m,ag)
local g,z,p=ARGV[ag+4],KEYS[b],ARGV[ag]
if ARGV[ag+1]~=''or(g~='X'and g~='S')then return nil end
if n('EXISTS',z,KEYS[b+2],KEYS[b+3],KEYS[b+4],KEYS[b+5])~=0 then return nil end
if g=='X'then
local q=n('SET',z,ARGV[m],'PX',p)
if q.err then return nil end
local h=at(KEYS[b+1])
if not h then n('DEL',z)end
return h
end
local i=n('GET',KEYS[b+1])
local h=type(i)=='string'and string.match(i,'^%d+$')and tonumber(i)
if not h or h<1 or h>=9000000000000000 then return nil end
local ae=n('TIME')
local x=tonumber(ae[1])*1000+math.floor(tonumber(ae[2])/1000)+tonumber(p)
if type(n('ZADD',KEYS[b+4],string.format('%.0f',x),ARGV[m]))~='number'then return nil end
n('PEXPIRE',KEYS[b+4],p)
local q=n('SET',z,'~s','PX',p)
return not q.err and h or nil
end,
['modes.release']=function(b,m)
local v=n('MGET',KEYS[b],KEYS[b+5],KEYS[b+6])
if v.err or v[2]or v[3]then return nil end
if v[1]==ARGV[m]then
if n('EXISTS',KEYS[b+2],KEYS[b+3],KEYS[b+4])~=0 then return nil end
return n('DEL',KEYS[b])==1 and 1 or nil
end
if v[1]~='~s'or n('EXISTS',KEYS[b+2],KEYS[b+3])~=0 then return nil end
local w=n('ZSCORE',KEYS[b+4],ARGV[m])
if not w then return 0 end
local ae=n('TIME')
local d=tonumber(ae[1])*1000+math.floor(tonumber(ae[2])/1000)
if type(w)~='string'or tonumber(w)<d then return nil end
if n('ZREM',KEYS[b+4],ARGV[m])~=1 then return nil end
local an=tonumber(n('ZREVRANGE',KEYS[b+4],0,0,'WITHSCORES')[2])
if an and an>=d then n('SET',KEYS[b],'~s','PX',math.max(1,an-d))
else n('DEL',KEYS[b])end
return 1
end
}
local dj={}`,
    PART_2,
    PART_3,
    PART_4,
    `local ch={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function ed(es,ay)return string.find(ch[es],' '..ay..' ',1,true)end
local function br(r)return string.match(r,'^%w+')or''end
local function eo(l,d)
local av
for ai,j in ipairs(l)do
if j[5]>0 and d-j[5]>50 then
local u=br(j[2])
av=av or{}
av[u]=math.max(av[u]or 0,j[5])
j[7]=true
end
end
if not av then return end
for ai,j in ipairs(l)do
local u=br(j[2])
if av[u]and j[4]-3000>av[u]then av[u]=nil end
end
for ai,j in ipairs(l)do j[7]=j[7]or av[br(j[2])]~=nil end
end
local function cb(f,d)
local cf,l=redis.pcall('GET',f),{}
if type(cf)~='string'then return l end
for w,r,g,x,ah,aw in
string.gmatch(cf,'(-?%d+) ([%w.]+) (%u+) (%d+) (%d+) (%d+)')
do
if ch[g]and tonumber(x)>=d then
l[#l+1]={
tonumber(w),r,g,tonumber(x),tonumber(ah),tonumber(aw),false
}
end
end
eo(l,d)
return l
end
local function cg(f,l,d)
local cw,aa={},d+1
for c,j in ipairs(l)do
cw[c]=string.format('%.0f %s %s %.0f %.0f %.0f',unpack(j,1,6))
aa=math.max(aa,j[4])
end
if#cw==0 then redis.call('DEL',f)
else redis.call('SET',f,table.concat(cw,' '),'PX',aa-d)end
end
local function dq(j,w,r)
return j[1]>w or(j[1]==w and j[2]>r)
end
local function eb(l,g,r,w)
local as
for ai,j in ipairs(l)do
if j[2]==r or(w and dq(j,w,r))then break end
if ed(j[3],g)and not j[7]then
if as then return as,true end
as=j
end
end
return as,false
end
local function dx(l,r,d)
for c,j in ipairs(l)do
if j[2]==r then
j[4],j[5]=d+3000,0
return c
end
end
end
local function ew(l,r,g,aw,bw,d)
local y,w=dx(l,r,d),aw-bw
if y then
l[y][3]=g
return y
end
y=1
while l[y]and not dq(l[y],w,r)do y=y+1 end
table.insert(l,y,{w,r,g,d+3000,0,aw,false})
l[256+1]=nil
return y
end
local function en(l,r)
for c,j in ipairs(l)do
if j[2]==r then
table.remove(l,c)
return true
end
end
return false
end
local function ep(l,er,d)
local ah,bu,bj,co={},{},{},false
for ai,j in ipairs(l)do
local g,u=j[3],br(j[2])
if co and not j[7]and not bj[u]then return ah,true,j[2]end
if not co and not j[7]then
if bu[g]==nil then bu[g]=not er(g)end
if bu[g]then
if j[5]==0 then
j[5]=d
ah[#ah+1]=j[2]
end
bj[u]=true
for ay in string.gmatch(ch[g],'%u+')do bu[ay]=false end
else
co=true
if not next(bj)then break end
if not bj[u]then return ah,true,j[2]end
end
end
end
return ah,next(bj)~=nil,nil
end`,
    `local ab,bd=7,'~s'
local ci={['IS']={3},['IX']={4},['S']={5},['SIX']={4,5},['X']={}}
local da={['IS']={},['IX']={5},['S']={4},['SIX']={4,5},['X']={3,4,5}}
local function bx()
local ae=redis.call('TIME')
return tonumber(ae[1])*1000+math.floor(tonumber(ae[2])/1000)
end
local function cp(cf)
local ad={}
for g in string.gmatch(cf,'%u+')do
if not da[g]then error('unknown mode '..g,0)end
ad[#ad+1]=g
end
return ad
end
local function cx(e,be)
local k={e[1],[e[1]]=true}
for c=be,#e do
k[#k+1]=e[c]
k[e[c]]=true
end
return k
end
local function by(a,b,g,k,d)
local i=redis.call('GET',a[b+1])
if i and i~=bd and not k[i]then return redis.call('PTTL',a[b+1]),i end
local aa,ac
for ai,q in ipairs(da[g])do
local v=redis.call('ZREVRANGE',a[b+q],0,#k,'WITHSCORES')
for c=1,#v,2 do
local x=tonumber(v[c+1])
if not k[v[c]]then
if x>=d and(not aa or x>aa)then aa,ac=x,v[c]end
break
end
end
end
if aa then return aa-d,ac end
end
local function ds(a,b,d)
local an
if redis.call('EXISTS',a[b+3],a[b+4],a[b+5])==0 then return nil end
for q=3,5 do
local x=tonumber(redis.pcall('ZREVRANGE',a[b+q],0,0,'WITHSCORES')[2])
if x and x>=d then an=math.max(an or 0,x)end
end
return an
end
local function cn(a,b,g,k)
if g=='X'then return k[redis.call('GET',a[b+1])]end
for ai,q in ipairs(ci[g])do
local ba=false
for ai,s in ipairs(k)do
if redis.call('ZSCORE',a[b+q],s)then ba=true end
end
if not ba then return false end
end
return true
end
local function el(a,b,k)
if k[redis.call('GET',a[b+1])]then return true end
for q=3,5 do
for ai,s in ipairs(k)do
if redis.call('ZSCORE',a[b+q],s)then return true end
end
end
return false
end
local function dp(a,b,g,k,p,d)
local z,s,ap=a[b+1],k[1],false
local i=redis.call('GET',z)
local x=d+p
if k[i]then
local o=redis.call('PTTL',z)
if o==-1 and i==s and g=='X'then return false end
x=math.max(x,d+o)
ap=i~=s
end
for q=3,5 do
for c,dg in ipairs(k)do
local w=(c>1 or g~='X')and redis.call('ZSCORE',a[b+q],dg)
if w then
x=math.max(x,tonumber(w))
if c>1 then
redis.call('ZREM',a[b+q],dg)
ap=true
end
end
end
end
if g=='X'then
redis.call('SET',z,s,'PX',x-d)
return ap
end
for ai,q in ipairs(ci[g])do
local f=a[b+q]
redis.call('ZREMRANGEBYSCORE',f,'-inf',string.format('(%.0f',d))
redis.call('ZADD',f,string.format('%.0f',x),s)
if redis.call('PTTL',f)<x-d then redis.call('PEXPIRE',f,x-d)end
end
if i~=bd then
redis.call('SET',z,bd,'PX',ds(a,b,d)-d)
else
local o=redis.call('PTTL',z)
if o>=0 and o<x-d then redis.call('PEXPIRE',z,x-d)end
end
return ap
end
local cz={}
local function bp(a,b,l,d)
if#l==0 then return{},false end
local ah,bq,df=ep(
l,function(g)return by(a,b,g,cz,d)end,d)
if#ah>0 then
cg(a[b+6],l,d)
redis.pcall('PUBLISH',a[b+7],table.concat(ah,' ')..(df and' ~'..df or''))
end
return ah,bq
end
local function ea(a,b,g,k,r,w,l,d)
local o,ac=by(a,b,g,k,d)
if o or#l==0 or el(a,b,k)then return o,ac end
local as,eh=eb(l,g,r,w)
if not as then return nil end
bp(a,b,l,d)
if eh then return-1,''end
if as[5]>0 then return math.max(0,50-d+as[5]),''end
o,ac=by(a,b,as[3],cz,d)
return o and-1 or 50,ac or''
end
local function dl(a,ad,bb)
local h,dd,ax=0,false,{}
for ai,g in ipairs(ad)do
if(g=='X'or g=='SIX')and not bb then dd=true end
end
for y=2,#a,ab do
local f=a[y]
if ax[f]==nil then
local aa=ar(f)
ax[f]=aa or 0
h=math.max(h,aa and(dd and aa+1 or aa)or bk(f))
end
end
for f,aa in pairs(ax)do
if aa~=h then cy(f,h)end
end
return h
end
local function em(a)
local v={}
for b=0,#a-ab,ab do
v[#v+1]=a[b+1]
for y=3,6 do v[#v+1]=a[b+y]end
end
return redis.call('EXISTS',unpack(v))==0
end
local function ei(a,b,g,s,p,d)
for ai,q in ipairs(ci[g])do
redis.call('ZADD',a[b+q],string.format('%.0f',d+p),s)
redis.call('PEXPIRE',a[b+q],p)
end
redis.call('SET',a[b+1],g=='X'and s or bd,'PX',p)
end
t['modes.acquire']=function(a,e)
local p,r,aw,bw=tonumber(e[2]),e[3],tonumber(e[4]),tonumber(e[5])
local ad,k,dz,d=cp(e[6]),cx(e,7),{e[1],[e[1]]=true},bx()
local w=aw>0 and aw-bw or nil
local al,ax,y,au,ac={},d,nil,nil,nil
local bb,ap=true,false
if r==''and em(a)then
local h=dl(a,ad,false)
for c,g in ipairs(ad)do ei(a,(c-1)*ab,g,e[1],p,d)end
return h
end
for c,g in ipairs(ad)do
local b=(c-1)*ab
al[c]=cb(a[b+6],d)
for ai,j in ipairs(al[c])do ax=math.max(ax,j[6])end
local o,ex=ea(a,b,g,k,r,w,al[c],d)
if o then
y=y or c
if not ac or(au~=-1 and(o==-1 or o>au))then
au,ac=o,ex
end
elseif not cn(a,b,g,dz)then
bb=false
end
end
local bo,cr=y or#ad,nil
if r~=''then
cr=ew(al[bo],r,ad[bo],aw>0 and aw or ax+1,bw,d)
cg(a[(bo-1)*ab+6],al[bo],d)
end
if y then
if r~=''then pcall(dh,a[(y-1)*ab+7],r,p)end
return{0,au,ac,string.format('%.0f',ax),cr and cr-1 or#al[y]}
end
local h=dl(a,ad,bb)
for c,g in ipairs(ad)do
local b=(c-1)*ab
if dp(a,b,g,k,p,d)then ap=true end
if c~=bo and dx(al[c],r,d)then cg(a[b+6],al[c],d)end
end
return ap and-h or h
end
t['modes.convert']=t['modes.acquire']
t['modes.commit']=function(a,e)
local k={e[1],[e[1]]=true}
for c,g in ipairs(cp(e[3]))do
if not cn(a,(c-1)*ab,g,k)then return{0}end
end
for b=0,#a-ab,ab do
if not ar(a[b+2])then bk(a[b+2])end
bi(a[b+2],tonumber(e[2]))
end
return 1
end
t['modes.extend']=function(a,e)
local h,p,ad=tonumber(e[2]),tonumber(e[3]),cp(e[4])
local k,d=cx(e,5),bx()
for c,g in ipairs(ad)do
local o,ac=by(a,(c-1)*ab,g,k,d)
if o then return{0,o,ac}end
end
for c,g in ipairs(ad)do
local b=(c-1)*ab
local cl=not cn(a,b,g,k)and(ar(a[b+2])or bt(a[b+2]))
if cl then bi(a[b+2],h)end
end
for c,g in ipairs(ad)do
local b=(c-1)*ab
if dp(a,b,g,k,p,d)then bp(a,b,cb(a[b+6],d),d)end
end
return 1
end
local function eg(a,b,k,d)
local z,am=a[b+1],false
local i=redis.pcall('GET',z)
if type(i)=='table'then
if string.find(i.err,'WRONGTYPE',1,true)then return false,false end
error(i.err,0)
end
if k[i]then
redis.call('DEL',z)
i,am=false,true
end
local ba=false
for q=3,5 do
for ai,s in ipairs(k)do
local w=redis.pcall('ZSCORE',a[b+q],s)
if type(w)=='string'then
redis.call('ZREM',a[b+q],s)
ba=true
if tonumber(w)>=d then am=true end
end
end
end
if i and i~=bd then return am,false end
local an=ba and ds(a,b,d)
if an then
local o=redis.call('PTTL',z)
redis.call('SET',z,bd,'PX',math.max(1,an-d))
return am,false,o>an-d
end
if ba and i then redis.call('DEL',z)end
return am,ba or am
end
t['modes.release']=function(a,e)
local u,k,d=e[2],cx(e,3),bx()
local am,bg=false,false
for b=0,#a-ab,ab do
local aj,ek,ej=eg(a,b,k,d)
local al=aj and redis.pcall('MGET',a[b+6],a[b+7])
if aj then am=true end
if al and(al[1]or al[2])then
local cm,ah,bq=pcall(bp,a,b,cb(a[b+6],d),d)
if not cm then ah,bq={},false end
for ai,ay in ipairs(ah)do
if ay~=u then bg=true end
end
if ek and not bq and dc(a[b+7],u~='')then bg=true end
if ej and#ah==0 then redis.pcall('PUBLISH',a[b+7],'')end
end
end
if not am then return 0 end
return bg and-1 or 1
end
t['modes.releaseAll']=t['modes.release']
t['modes.leave']=function(a,e)
local d=bx()
for b=0,#a-ab,ab do
local l=cb(a[b+6],d)
if en(l,e[1])then
cg(a[b+6],l,d)
pcall(bp,a,b,l,d)
end
pcall(bs,a[b+7],e[1])
end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "6a35b7ec2ff23e4966719a3862297fe107015012",
  "d5a85f321fc7d83e74b688952fcffc90c478153a",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    `local cj,dj,ck={},{},0`,
    PART_3,
    `local function dv(f)
local aq=redis.pcall('GET',f)
return type(aq)=='string'and aq or''
end
local function dy(f,ee,i)
local bc=dv(f)
local ae=redis.call('TIME')
local d=string.format('%.0f',tonumber(ae[1])*1000+math.floor(tonumber(ae[2])/1000))
if bc==ee then
bc=i(tonumber(d))
redis.call('SET',f,bc)
end
return{1,bc,d}
end
t['marker.replace']=function(a,e)
return dy(a[1],e[1],function()return e[2]end)
end
t['marker.lose']=function(a,e)
return dy(a[1],e[1],function(d)
return'lost '..string.format('%.0f',d-tonumber(e[2]))
end)
end`,
    `t['identify']=function(a)
local dw=''
local function cc(ev)
local bv=redis.pcall('INFO',ev)
if type(bv)=='table'then bv,dw='',bv.err end
return function(ef)return string.match(bv,'%f[%w_]'..ef..':([^\\r\\n]*)')or''end
end
local cd,dt,ct=cc('server'),cc('memory'),cc('replication')
local ae=redis.call('TIME')
local g=cd('redis_mode')
if g==''then g=cd('server_mode')end
return{
1,cd('run_id'),tonumber(cd('uptime_in_seconds'))or-1,
tonumber(ae[1])*1000000+tonumber(ae[2]),
tonumber(cc('persistence')('aof_enabled'))or-1,
dt('maxmemory_policy'),tonumber(dt('maxmemory'))or-1,
ct('role'),g,ct('master_replid'),ct('master_replid2'),
a[1]and dv(a[1])or'',dw
}
end`,
    `t['counters.read']=function(a)
local af={1}
for c=1,#a do
local bm,h=pcall(ar,a[c])
af[c+1]=bm and h and string.format('%.0f',h)or''
end
return af
end
local function du(a,e,ec)
for c=1,#a do
local bm,h=pcall(ar,a[c])
if bm then
if not h then ec(a[c])end
bi(a[c],tonumber(e[c]))
end
end
return 1
end
t['counters.raise']=function(a,e)
return du(a,e,bk)
end
t['counters.restore']=function(a,e)
return du(a,e,function()end)
end
t['counters.lift']=function(a,e)
for c=1,#a do
local bm,h=pcall(ar,a[c])
if bm and h then bi(a[c],tonumber(e[1]))end
end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "00271a28b5be2bf6e0c9b86055ba22835285e6e2",
  "28aebbd5c8cac4d08942d653e6811ae411f153d5",
);
