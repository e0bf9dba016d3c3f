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
local function au(g)
local f=n('INCR',g)
if type(f)~='number'then return nil end
if f>1 and f<=9000000000000000 then return f end
if f==1 and not IS_CLUSTER then
local as=n('GET',string.match(g,'^(.*)~fence:')..'~server')
local be=type(as)=='string'and string.match(as,'^complete .* (%d+)$')
local q=be and n('SET',g,be)
if q and not q.err then return tonumber(be)end
end
n(f>1 and'DECR'or'DEL',g)
return nil
end`;

const PART_2 = `if#KEYS==cg and ARGV[2]=='1'then
local bw=cf[ARGV[1]]
local m=bw and bw(1,6+ARGV[5],6)
if m then return m end
end`;

const PART_3 = `local function general()
local t={}
local function ap(g)
local i=redis.call('GET',g)
if not i then return nil end
local f=string.match(i,'^-?%d+$')and tonumber(i)
if not f or f>=9000000000000000 then error('the fencing counter '..g..' cannot be counted up: '..i)end
return f>0 and f or nil
end
local function cu(g,f)
redis.call('SET',g,string.format('%.0f',f))
end
local function bq(g)
if not IS_CLUSTER then
local as=redis.pcall('GET',string.match(g,'^(.*)~fence:')..'~server')
if type(as)~='table'or string.find(as.err,'WRONGTYPE',1,true)then
return type(as)=='string'and tonumber(string.match(as,'^complete .* (%d+)$'))or nil
end
end
local z=redis.call('TIME')
local d=tonumber(z[1])*1000000+tonumber(z[2])
return math.max(1,d-d%16384)
end
local function bj(g)
local be=bq(g)
if be then return be end
redis.call('DEL',g)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function bh(g,f)
local bb=ap(g)
if not bb then f=math.max(f,bq(g)or 0)end
if(bb or 0)<f then cu(g,f)end
end`;

const PART_4 = `local function by(g)
local al=redis.pcall('GET',g)
return type(al)=='string'and al or nil
end
local function dc(g,k,s)
s=math.max(s,20000)
local al=by(g)
if not al then
redis.call('SET',g,k,'PX',s)
elseif string.find(al,k,1,true)then
redis.call('PEXPIRE',g,math.max(redis.call('PTTL',g),s))
elseif#al+1<256*(#k+1)then
redis.call('SET',g,al..' '..k,'PX',math.max(redis.call('PTTL',g),s))
end
end
local function bp(g,k)
local al=by(g)
if not al then return end
local at={}
for af in string.gmatch(al,'%S+')do
if af~=k then at[#at+1]=af end
end
if#at==0 then redis.call('DEL',g)
else redis.call('SET',g,table.concat(at,' '),'PX',math.max(redis.call('PTTL',g),1))end
end
local function cy(g,eo)
local al=by(g)
if not al then return false end
local an=eo and string.match(al,'%S+')or''
if an~=''then bp(g,an)end
redis.pcall('PUBLISH',g,an)
return an~=''
end`;

const PART_5 = `return t
end`;

const PART_6 = `local function es(bw,b,bm,l,j,ag,cb)
local a,e={unpack(KEYS,b,b+bm-1)},{unpack(ARGV,l,l+j-1)}
for c=1,cb do e[j+c]=ARGV[ag+c-1]end
local cj,m=pcall(bw,a,e)
if cj then return m end
if type(m)=='table'then m=m.err or m[1]end
return{-1,tostring(m)}
end
local aq,t,b,l={},nil,1,1
while l<=#ARGV do
local cm,bg,bm=ARGV[l],tonumber(ARGV[l+1]),tonumber(ARGV[l+2])
local j,cb,ag=tonumber(ARGV[l+3]),tonumber(ARGV[l+4]),l+5
l=ag+cb
local dh=bm==cg
local df=dh and cf[cm]
local dd=dh and bg>1 and de[cm]
local ay=0
while ay<bg do
local au=dd and dd(b,l,bg-ay,aq)or 0
if au==0 then
local m=df and df(b,l,ag)
if not m then
t=t or general()
m=es(t[cm],b,bm,l,j,ag,cb)
end
aq[#aq+1]=m
au=1
end
b,l,ay=b+au*bm,l+au*j,ay+au
end
end
return#aq==1 and aq[1]or aq`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local cg=2
local cf={
['mutex.acquire']=function(b,l,ag)
local q=n('SET',KEYS[b],ARGV[l],'NX','PX',ARGV[ag])
if not q or q.err then return nil end
local f=au(KEYS[b+1])
if not f then n('DEL',KEYS[b])end
return f
end,
['mutex.takeOver']=function(b,l,ag)
if n('GET',KEYS[b])~=ARGV[l+1]then return nil end
local f=au(KEYS[b+1])
if not f then return nil end
local q=n('SET',KEYS[b],ARGV[l],'PX',ARGV[ag])
return not q.err and-f or nil
end,
['mutex.extend']=function(b,l,ag)
if n('GET',KEYS[b])~=ARGV[l]then return nil end
local r=n('PTTL',KEYS[b])
if type(r)~='number'or r<0 then return nil end
if r<tonumber(ARGV[ag])and n('PEXPIRE',KEYS[b],ARGV[ag])~=1 then return nil end
return 1
end,
['mutex.release']=function(b,l)
local v=n('MGET',KEYS[b],KEYS[b+1])
if v.err or v[2]then return nil end
if v[1]~=ARGV[l]then return 0 end
return n('DEL',KEYS[b])==1 and 1 or nil
end,
}`,
    PART_2,
    `local de={
['mutex.release']=function(b,l,bg,aq)
local v=n('MGET',unpack(KEYS,b,b+2*bg-1))
if v.err then return 0 end
local bk,dm,co,ay={},{},{},0
for c=1,bg do
if v[2*c]then break end
local y=KEYS[b+2*c-2]
local aj=v[2*c-1]==ARGV[l+c-1]and not dm[y]
aq[#aq+1]=aj and 1 or 0
if aj then
dm[y]=true
bk[#bk+1]=y
co[#bk]=#aq
end
ay=c
end
local da=#bk>0 and n('DEL',unpack(bk))
if type(da)=='table'then
for c=1,#co do aq[co[c]]={-1,da.err}end
end
return ay
end
}`,
    PART_3,
    PART_4,
    `local function ci(g,u,s,aj)
if not aj then redis.call('SET',g,u,'PX',s)
else
local r=redis.call('PTTL',g)
if r>=0 and r<tonumber(s)then redis.call('PEXPIRE',g,s)end
end
end
local function cx(a,u,et,s,ct)
local cq=ct==''and 2 or 3
local aj,ba,ar={},true,false
local av,ac
for c=1,#a,cq do
local i=redis.call('GET',a[c])
aj[c]=i==u
if i~=u then ba=false end
if i and i==et then
ar=true
elseif i and i~=u then
local r=redis.call('PTTL',a[c])
if not ac or(av~=-1 and(r==-1 or r>av))then
av,ac=r,i
end
end
end
if ct~=''then
for c=3,#a,3 do pcall(dc,a[c],ct,tonumber(s))end
end
if ac then return{0,av,ac}end
local f=0
for c=2,#a,cq do
local w=ap(a[c])
f=math.max(f,w and(ba and w or w+1)or bj(a[c]))
end
for c=1,#a,cq do
ci(a[c],u,s,aj[c])
cu(a[c+1],f)
end
return ar and-f or f
end
t['mutex.acquire']=function(a,e)
return cx(a,e[1],nil,e[2],e[3])
end
t['mutex.takeOver']=function(a,e)
return cx(a,e[1],e[2],e[3],e[4])
end
t['mutex.commit']=function(a,e)
for c=1,#a,2 do
if redis.call('GET',a[c])~=e[1]then return{0}end
end
for c=2,#a,2 do
if not ap(a[c])then bj(a[c])end
bh(a[c],tonumber(e[2]))
end
return 1
end
t['mutex.extend']=function(a,e)
local u,f,s=e[1],tonumber(e[2]),e[3]
local aj={}
for c=1,#a,2 do
local i=redis.call('GET',a[c])
if i and i~=u then return{0,redis.call('PTTL',a[c]),i}end
aj[c]=i==u
end
for c=1,#a,2 do
local ch=not aj[c]and(ap(a[c+1])or bq(a[c+1]))
if ch then bh(a[c+1],f)end
end
for c=1,#a,2 do ci(a[c],u,s,aj[c])end
return 1
end
t['mutex.release']=function(a,e)
local u,k=e[1],e[2]
local ao,bf=false,false
for c=1,#a,2 do
local i=redis.pcall('GET',a[c])
if k~=''then pcall(bp,a[c+1],k)end
if i==u then
redis.call('DEL',a[c])
ao=true
if cy(a[c+1],k~='')then bf=true end
elseif type(i)=='table'and i.err and not string.find(i.err,'WRONGTYPE',1,true)then
error(i.err)
end
end
if not ao then return 0 end
return bf and-1 or 1
end
t['mutex.leave']=function(a,e)
pcall(bp,a[1],e[1])
return 1
end
t['mutex.renew']=function(a,e)
local f=1
for c=1,#a,2 do
local i=redis.call('GET',a[c])
if i~=e[1]then return{0,redis.call('PTTL',a[c]),i or''}end
f=math.max(f,ap(a[c+1])or 1)
end
for c=1,#a,2 do ci(a[c],e[1],e[2],true)end
return f
end
t['mutex.query']=function(a)
local m={1}
for c=1,#a,2 do
m[#m+1]=redis.call('GET',a[c])or''
m[#m+1]=redis.call('PTTL',a[c])
m[#m+1]=by(a[c+1])or''
end
return m
end`,
    PART_5,
    PART_6,
  ],
  "4e503444bde1b0f9acbbb34832a6bd5da26a67e2",
  "884744b854313c5d6b10d08c1906eed41c580da6",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local cg=7
local cf={
['modes.acquire']=function(b,l,ag)
local h,y,s=ARGV[ag+3],KEYS[b],ARGV[ag]
if ARGV[ag+1]~=''or(h~='X'and h~='S')then return nil end
if n('EXISTS',y,KEYS[b+2],KEYS[b+3],KEYS[b+4],KEYS[b+5])~=0 then return nil end
if h=='X'then
local q=n('SET',y,ARGV[l],'PX',s)
if q.err then return nil end
local f=au(KEYS[b+1])
if not f then n('DEL',y)end
return f
end
local i=n('GET',KEYS[b+1])
local f=type(i)=='string'and string.match(i,'^%d+$')and tonumber(i)
if not f or f<1 or f>=9000000000000000 then return nil end
local z=n('TIME')
local x=tonumber(z[1])*1000+math.floor(tonumber(z[2])/1000)+tonumber(s)
if type(n('ZADD',KEYS[b+4],string.format('%.0f',x),ARGV[l]))~='number'then return nil end
n('PEXPIRE',KEYS[b+4],s)
local q=n('SET',y,'~s','PX',s)
return not q.err and f or nil
end,
['modes.release']=function(b,l)
local v=n('MGET',KEYS[b],KEYS[b+5],KEYS[b+6])
if v.err or v[2]or v[3]then return nil end
if v[1]==ARGV[l]then
if n('EXISTS',KEYS[b+2],KEYS[b+3],KEYS[b+4])~=0 then return nil end
return n('DEL',KEYS[b])==1 and 1 or nil
end
if v[1]~='~s'or n('EXISTS',KEYS[b+2],KEYS[b+3])~=0 then return nil end
local aw=n('ZSCORE',KEYS[b+4],ARGV[l])
if not aw then return 0 end
local z=n('TIME')
local d=tonumber(z[1])*1000+math.floor(tonumber(z[2])/1000)
if type(aw)~='string'or tonumber(aw)<d then return nil end
if n('ZREM',KEYS[b+4],ARGV[l])~=1 then return nil end
local aa=tonumber(n('ZREVRANGE',KEYS[b+4],0,0,'WITHSCORES')[2])
if aa and aa>=d then n('SET',KEYS[b],'~s','PX',math.max(1,aa-d))
else n('DEL',KEYS[b])end
return 1
end
}
local de={}`,
    PART_2,
    PART_3,
    PART_4,
    `local cd={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function ec(eq,af)return string.find(cd[eq],' '..af..' ',1,true)end
local function bx(g,d)
local bc,o=redis.pcall('GET',g),{}
if type(bc)~='string'then return o end
for ah,k,h,x,ak in string.gmatch(bc,'(%d+) (%w+) (%u+) (%d+) (%d+)')do
if cd[h]and tonumber(x)>=d then
o[#o+1]={tonumber(ah),k,h,tonumber(x),tonumber(ak)}
end
end
return o
end
local function cc(g,o,d)
local cr,w={},d+1
for c,p in ipairs(o)do
cr[c]=string.format('%.0f %s %s %.0f %.0f',unpack(p))
w=math.max(w,p[4])
end
if#cr==0 then redis.call('DEL',g)
else redis.call('SET',g,table.concat(cr,' '),'PX',w-d)end
end
local function dk(p,d)return p[5]>0 and d-p[5]>50 end
local function dl(p,ah,k)
return p[1]>ah or(p[1]==ah and p[2]>k)
end
local function ea(o,h,k,ah,d)
for am,p in ipairs(o)do
if p[2]==k or(ah>0 and dl(p,ah,k))then return nil end
if ec(p[3],h)and not dk(p,d)then return p end
end
end
local function dw(o,k,d)
for am,p in ipairs(o)do
if p[2]==k then
p[4],p[5]=d+3000,0
return true
end
end
return false
end
local function ev(o,k,h,ah,d)
local ai=#o+1
for c,p in ipairs(o)do
if p[2]==k then
p[3]=h
dw(o,k,d)
return
end
if c<ai and dl(p,ah,k)then ai=c end
end
if#o<256 then table.insert(o,ai,{ah,k,h,d+3000,0})end
end
local function em(o,k)
for c,p in ipairs(o)do
if p[2]==k then
table.remove(o,c)
return true
end
end
return false
end
local function en(o,ep,d)
local ak,br={},{}
for am,p in ipairs(o)do
local h=p[3]
if not dk(p,d)then
if br[h]==nil then br[h]=not ep(h)end
if not br[h]then break end
if p[5]==0 then
p[5]=d
ak[#ak+1]=p[2]
end
for af in string.gmatch(cd[h],'%u+')do br[af]=false end
end
end
return ak
end`,
    `local ab,bd=7,'~s'
local ce={['IS']={3},['IX']={4},['S']={5},['SIX']={4,5},['X']={}}
local cw={['IS']={},['IX']={5},['S']={4},['SIX']={4,5},['X']={3,4,5}}
local function bu()
local z=redis.call('TIME')
return tonumber(z[1])*1000+math.floor(tonumber(z[2])/1000)
end
local function cl(bc)
local ae={}
for h in string.gmatch(bc,'%u+')do
if not cw[h]then error('unknown mode '..h,0)end
ae[#ae+1]=h
end
return ae
end
local function cs(e,an)
local j={e[1],[e[1]]=true}
for c=an,#e do
j[#j+1]=e[c]
j[e[c]]=true
end
return j
end
local function bv(a,b,h,j,d)
local i=redis.call('GET',a[b+1])
if i and i~=bd and not j[i]then return redis.call('PTTL',a[b+1]),i end
local w,ac
for am,q in ipairs(cw[h])do
local v=redis.call('ZREVRANGE',a[b+q],0,#j,'WITHSCORES')
for c=1,#v,2 do
local x=tonumber(v[c+1])
if not j[v[c]]then
if x>=d and(not w or x>w)then w,ac=x,v[c]end
break
end
end
end
if w then return w-d,ac end
end
local function dp(a,b,d)
local aa
if redis.call('EXISTS',a[b+3],a[b+4],a[b+5])==0 then return nil end
for q=3,5 do
local x=tonumber(redis.pcall('ZREVRANGE',a[b+q],0,0,'WITHSCORES')[2])
if x and x>=d then aa=math.max(aa or 0,x)end
end
return aa
end
local function ck(a,b,h,j)
if h=='X'then return j[redis.call('GET',a[b+1])]end
for am,q in ipairs(ce[h])do
local az=false
for am,u in ipairs(j)do
if redis.call('ZSCORE',a[b+q],u)then az=true end
end
if not az then return false end
end
return true
end
local function ek(a,b,j)
if j[redis.call('GET',a[b+1])]then return true end
for q=3,5 do
for am,u in ipairs(j)do
if redis.call('ZSCORE',a[b+q],u)then return true end
end
end
return false
end
local function dj(a,b,h,j,s,d)
local y,u,ar=a[b+1],j[1],false
local i=redis.call('GET',y)
local x=d+s
if j[i]then
local r=redis.call('PTTL',y)
if r==-1 and i==u and h=='X'then return false end
x=math.max(x,d+r)
ar=i~=u
end
for q=3,5 do
for c,db in ipairs(j)do
local aw=(c>1 or h~='X')and redis.call('ZSCORE',a[b+q],db)
if aw then
x=math.max(x,tonumber(aw))
if c>1 then
redis.call('ZREM',a[b+q],db)
ar=true
end
end
end
end
if h=='X'then
redis.call('SET',y,u,'PX',x-d)
return ar
end
for am,q in ipairs(ce[h])do
local g=a[b+q]
redis.call('ZREMRANGEBYSCORE',g,'-inf',string.format('(%.0f',d))
redis.call('ZADD',g,string.format('%.0f',x),u)
if redis.call('PTTL',g)<x-d then redis.call('PEXPIRE',g,x-d)end
end
if i~=bd then
redis.call('SET',y,bd,'PX',dp(a,b,d)-d)
else
local r=redis.call('PTTL',y)
if r>=0 and r<x-d then redis.call('PEXPIRE',y,x-d)end
end
return ar
end
local cv={}
local function bn(a,b,o,d)
if#o==0 then return{}end
local ak=en(o,function(h)return bv(a,b,h,cv,d)end,d)
cc(a[b+6],o,d)
if#ak>0 then redis.pcall('PUBLISH',a[b+7],table.concat(ak,' '))end
return ak
end
local function dz(a,b,h,j,k,ah,o,d)
local r,ac=bv(a,b,h,j,d)
if r or#o==0 or ek(a,b,j)then return r,ac end
local bo=ea(o,h,k,ah,d)
if not bo then return nil end
bn(a,b,o,d)
if bo[5]>0 then return math.max(0,50-d+bo[5]),''end
r,ac=bv(a,b,bo[3],cv,d)
return r and-1 or 50,ac or''
end
local function dg(a,ae,ba)
local f,cz,ax=0,false,{}
for am,h in ipairs(ae)do
if(h=='X'or h=='SIX')and not ba then cz=true end
end
for ai=2,#a,ab do
local g=a[ai]
if ax[g]==nil then
local w=ap(g)
ax[g]=w or 0
f=math.max(f,w and(cz and w+1 or w)or bj(g))
end
end
for g,w in pairs(ax)do
if w~=f then cu(g,f)end
end
return f
end
local function el(a)
local v={}
for b=0,#a-ab,ab do
v[#v+1]=a[b+1]
for ai=3,6 do v[#v+1]=a[b+ai]end
end
return redis.call('EXISTS',unpack(v))==0
end
local function eh(a,b,h,u,s,d)
for am,q in ipairs(ce[h])do
redis.call('ZADD',a[b+q],string.format('%.0f',d+s),u)
redis.call('PEXPIRE',a[b+q],s)
end
redis.call('SET',a[b+1],h=='X'and u or bd,'PX',s)
end
t['modes.acquire']=function(a,e)
local s,k,ah,ae=tonumber(e[2]),e[3],tonumber(e[4]),cl(e[5])
local j,dy,d=cs(e,6),{e[1],[e[1]]=true},bu()
local ad,ax,ai,av,ac={},d,nil,nil,nil
local ba,ar=true,false
if el(a)then
local f=dg(a,ae,false)
for c,h in ipairs(ae)do eh(a,(c-1)*ab,h,e[1],s,d)end
return f
end
for c,h in ipairs(ae)do
local b=(c-1)*ab
ad[c]=bx(a[b+6],d)
for am,p in ipairs(ad[c])do ax=math.max(ax,p[1])end
local r,ew=dz(a,b,h,j,k,ah,ad[c],d)
if r then
ai=ai or c
if not ac or(av~=-1 and(r==-1 or r>av))then
av,ac=r,ew
end
elseif not ck(a,b,h,dy)then
ba=false
end
end
if ai then
if k~=''then
local b=(ai-1)*ab
ev(ad[ai],k,ae[ai],ah>0 and ah or ax+1,d)
cc(a[b+6],ad[ai],d)
pcall(dc,a[b+7],k,s)
end
return{0,av,ac,string.format('%.0f',ax)}
end
local f=dg(a,ae,ba)
for c,h in ipairs(ae)do
local b=(c-1)*ab
if dj(a,b,h,j,s,d)then ar=true end
if dw(ad[c],k,d)then cc(a[b+6],ad[c],d)end
end
return ar and-f or f
end
t['modes.convert']=t['modes.acquire']
t['modes.commit']=function(a,e)
local j={e[1],[e[1]]=true}
for c,h in ipairs(cl(e[3]))do
if not ck(a,(c-1)*ab,h,j)then return{0}end
end
for b=0,#a-ab,ab do
if not ap(a[b+2])then bj(a[b+2])end
bh(a[b+2],tonumber(e[2]))
end
return 1
end
t['modes.extend']=function(a,e)
local f,s,ae=tonumber(e[2]),tonumber(e[3]),cl(e[4])
local j,d=cs(e,5),bu()
for c,h in ipairs(ae)do
local r,ac=bv(a,(c-1)*ab,h,j,d)
if r then return{0,r,ac}end
end
for c,h in ipairs(ae)do
local b=(c-1)*ab
local ch=not ck(a,b,h,j)and(ap(a[b+2])or bq(a[b+2]))
if ch then bh(a[b+2],f)end
end
for c,h in ipairs(ae)do
local b=(c-1)*ab
if dj(a,b,h,j,s,d)then bn(a,b,bx(a[b+6],d),d)end
end
return 1
end
local function eg(a,b,j,d)
local y,ao=a[b+1],false
local i=redis.pcall('GET',y)
if type(i)=='table'then
if string.find(i.err,'WRONGTYPE',1,true)then return false,false end
error(i.err,0)
end
if j[i]then
redis.call('DEL',y)
i,ao=false,true
end
local az=false
for q=3,5 do
for am,u in ipairs(j)do
local aw=redis.pcall('ZSCORE',a[b+q],u)
if type(aw)=='string'then
redis.call('ZREM',a[b+q],u)
az=true
if tonumber(aw)>=d then ao=true end
end
end
end
if i and i~=bd then return ao,false end
local aa=az and dp(a,b,d)
if aa then
local r=redis.call('PTTL',y)
redis.call('SET',y,bd,'PX',math.max(1,aa-d))
return ao,false,r>aa-d
end
if az and i then redis.call('DEL',y)end
return ao,az or ao
end
t['modes.release']=function(a,e)
local k,j,d=e[2],cs(e,3),bu()
local ao,bf=false,false
for b=0,#a-ab,ab do
local aj,ej,ei=eg(a,b,j,d)
local ad=aj and redis.pcall('MGET',a[b+6],a[b+7])
if aj then ao=true end
if ad and(ad[1]or ad[2])then
local cj,ak=pcall(bn,a,b,bx(a[b+6],d),d)
if not cj then ak={}end
for am,af in ipairs(ak)do
if af~=k then bf=true end
end
if ej and#ak==0 and cy(a[b+7],k~='')then bf=true end
if ei and#ak==0 then redis.pcall('PUBLISH',a[b+7],'')end
end
end
if not ao then return 0 end
return bf and-1 or 1
end
t['modes.releaseAll']=t['modes.release']
t['modes.leave']=function(a,e)
local d=bu()
for b=0,#a-ab,ab do
local o=bx(a[b+6],d)
if em(o,e[1])then
cc(a[b+6],o,d)
pcall(bn,a,b,o,d)
end
pcall(bp,a[b+7],e[1])
end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "e8943b9c8f5fb74ea6cc0b2afe3625b29599af9d",
  "a3db472477d98186e09bcb0edf463351ef79de3e",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    `local cf,de,cg={},{},0`,
    PART_3,
    `local function du(g)
local as=redis.pcall('GET',g)
return type(as)=='string'and as or''
end
local function dx(g,ed,i)
local bb=du(g)
local z=redis.call('TIME')
local d=string.format('%.0f',tonumber(z[1])*1000+math.floor(tonumber(z[2])/1000))
if bb==ed then
bb=i(tonumber(d))
redis.call('SET',g,bb)
end
return{1,bb,d}
end
t['marker.replace']=function(a,e)
return dx(a[1],e[1],function()return e[2]end)
end
t['marker.lose']=function(a,e)
return dx(a[1],e[1],function(d)
return'lost '..string.format('%.0f',d-tonumber(e[2]))
end)
end`,
    `t['identify']=function(a)
local dv=''
local function bz(eu)
local bs=redis.pcall('INFO',eu)
if type(bs)=='table'then bs,dv='',bs.err end
return function(ee)return string.match(bs,'%f[%w_]'..ee..':([^\\r\\n]*)')or''end
end
local ca,ds,cn=bz('server'),bz('memory'),bz('replication')
local z=redis.call('TIME')
local h=ca('redis_mode')
if h==''then h=ca('server_mode')end
return{
1,ca('run_id'),tonumber(ca('uptime_in_seconds'))or-1,
tonumber(z[1])*1000000+tonumber(z[2]),
tonumber(bz('persistence')('aof_enabled'))or-1,
ds('maxmemory_policy'),tonumber(ds('maxmemory'))or-1,
cn('role'),h,cn('master_replid'),cn('master_replid2'),
a[1]and du(a[1])or'',dv
}
end`,
    `t['counters.read']=function(a)
local m={1}
for c=1,#a do
local bl,f=pcall(ap,a[c])
m[c+1]=bl and f and string.format('%.0f',f)or''
end
return m
end
local function dt(a,e,eb)
for c=1,#a do
local bl,f=pcall(ap,a[c])
if bl then
if not f then eb(a[c])end
bh(a[c],tonumber(e[c]))
end
end
return 1
end
t['counters.raise']=function(a,e)
return dt(a,e,bj)
end
t['counters.restore']=function(a,e)
return dt(a,e,function()end)
end
t['counters.lift']=function(a,e)
for c=1,#a do
local bl,f=pcall(ap,a[c])
if bl and f then bh(a[c],tonumber(e[1]))end
end
return 1
end`,
    `t['set.note']=function(a,e)
local q,ef,dq=e[1],e[2],tonumber(e[3])
local z=redis.call('TIME')
local d=tonumber(z[1])*1000+math.floor(tonumber(z[2])/1000)
local cp,dn,di=d,false,false
local at,bc={},redis.pcall('GET',a[1])
for dr in string.gmatch(type(bc)=='string'and bc or'','[^\\n]+')do
local bt,an,aa,bi,er=string.match(dr,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
an,aa,bi=tonumber(an),tonumber(aa),tonumber(bi)
if bt and an<=aa and aa<=d and d<bi and bi<=d+3600000 then
if bt==q then
cp,dn=an,d-aa<tonumber(e[4])
elseif bt==ef then
di=true
else
at[#at+1]={dr,bt,aa,an,bi,er}
end
end
end
local m,ad,w={1},{},d+dq
for c=math.max(1,#at-16+2),#at do
local af=at[c]
ad[#ad+1]=af[1]
w=math.max(w,af[5])
m[#m+1]=af[2]
m[#m+1]=af[3]-math.max(af[4],cp)
m[#m+1]=af[5]-d
m[#m+1]=af[6]
end
if not dn or di then
ad[#ad+1]=string.format('%s %.0f %.0f %.0f %s',q,cp,d,d+dq,e[5])
redis.call('SET',a[1],table.concat(ad,'\\n'),'PX',string.format('%.0f',w-d))
end
return m
end`,
    PART_5,
    PART_6,
  ],
  "4ceab29f5d3c3a84fff67c8a3e1a432c39ceecbe",
  "40e3f9fe19050a32652bbbc63da99568fcd3c5cb",
);
