// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local w=redis.pcall
local function ab(g)
local f=w('INCR',g)
if type(f)~='number'then return nil end
if f>1 and f<=9000000000000000 then return f end
if f==1 and not IS_CLUSTER then
local ax=w('GET',string.match(g,'^(.*)~fence:')..'~server')
local cj=type(ax)=='string'and string.match(ax,'^complete .* (%d+)$')
local z=cj and w('SET',g,cj)
if z and not z.err then return tonumber(cj)end
end
w(f>1 and'DECR'or'DEL',g)
return nil
end`;

const PART_2 = `if#KEYS==ed and ARGV[2]=='1'then
local dn=ec[ARGV[1]]
local ao=dn and dn(1,6+ARGV[5],6)
if ao then return ao end
end`;

const PART_3 = `local function general()
local y={}
local function at(g)
local n=redis.call('GET',g)
if not n then return nil end
local f=string.match(n,'^-?%d+$')and tonumber(n)
if not f or f>=9000000000000000 then error('the fencing counter '..g..' cannot be counted up: '..n)end
return f>0 and f or nil
end
local function ev(g,f)
redis.call('SET',g,string.format('%.0f',f))
end
local function cp(g)
if not IS_CLUSTER then
local ax=redis.pcall('GET',string.match(g,'^(.*)~fence:')..'~server')
if type(ax)~='table'or string.find(ax.err,'WRONGTYPE',1,true)then
return type(ax)=='string'and tonumber(string.match(ax,'^complete .* (%d+)$'))or nil
end
end
local ag=redis.call('TIME')
local b=tonumber(ag[1])*1000000+tonumber(ag[2])
return math.max(1,b-b%16384)
end
local function bu(g)
local cj=cp(g)
if cj then return cj end
redis.call('DEL',g)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function cd(g,f)
local cc=at(g)
if not cc then f=math.max(f,cp(g)or 0)end
if(cc or 0)<f then ev(g,f)end
end`;

const PART_4 = `local function em(g)
local ay=redis.pcall('GET',g)
return type(ay)=='string'and ay or nil
end
local function eb(g,r,s)
s=math.max(s,20000)
local ay=em(g)
if not ay then
redis.call('SET',g,r,'PX',s)
elseif string.find(ay,r,1,true)then
redis.call('PEXPIRE',g,math.max(redis.call('PTTL',g),s))
elseif#ay+1<256*(#r+1)then
redis.call('SET',g,ay..' '..r,'PX',math.max(redis.call('PTTL',g),s))
end
end
local function co(g,r)
local ay=em(g)
if not ay then return end
local dp={}
for bh in string.gmatch(ay,'%S+')do
if bh~=r then dp[#dp+1]=bh end
end
if#dp==0 then redis.call('DEL',g)
else redis.call('SET',g,table.concat(dp,' '),'PX',math.max(redis.call('PTTL',g),1))end
end
local function dz(g,gz)
local ay=em(g)
if not ay then return false end
local t=gz and string.match(ay,'%S+')or''
if t~=''then co(g,t)end
redis.pcall('PUBLISH',g,t)
return t~=''
end`;

const PART_5 = `return y
end`;

const PART_6 = `local function he(dn,c,cw,v,h,ap,du)
local a,e={unpack(KEYS,c,c+cw-1)},{unpack(ARGV,v,v+h-1)}
for d=1,du do e[h+d]=ARGV[ap+d-1]end
local cv,ao=pcall(dn,a,e)
if cv then return ao end
if type(ao)=='table'then ao=ao.err or ao[1]end
return{-1,tostring(ao)}
end
local ba,y,c,v={},nil,1,1
while v<=#ARGV do
local ej,am,cw=ARGV[v],tonumber(ARGV[v+1]),tonumber(ARGV[v+2])
local h,du,ap=tonumber(ARGV[v+3]),tonumber(ARGV[v+4]),v+5
v=ap+du
local fi=cw==ed
local fg=fi and ec[ej]
local fe=fi and am>1 and ff[ej]
local bz=0
while bz<am do
local ab=fe and fe(c,v,am-bz,ba)or 0
if ab==0 then
local ao=fg and fg(c,v,ap)
if not ao then
y=y or general()
ao=he(y[ej],c,cw,v,h,ap,du)
end
ba[#ba+1]=ao
ab=1
end
c,v,bz=c+ab*cw,v+ab*h,bz+ab
end
end
return#ba==1 and ba[1]or ba`;

const PART_7 = `local function bn(g,b,gu)
local av,j=redis.pcall('GET',g),{}
if type(av)~='string'then return j end
for af,r,bj,m,ai in string.gmatch(av,'(%d+) (%w+) (%w+) (%d+) (%d+)')do
if gu(bj)and tonumber(m)>=b then
j[#j+1]={tonumber(af),r,bj,tonumber(m),tonumber(ai)}
end
end
return j
end
local function bp(g,j,b)
local bw,i={},b+1
for d,q in ipairs(j)do
bw[d]=string.format('%.0f %s %s %.0f %.0f',unpack(q))
i=math.max(i,q[4])
end
if#bw==0 then redis.call('DEL',g)
else redis.call('SET',g,table.concat(bw,' '),'PX',i-b)end
end
local function fk(q,b)return q[5]>0 and b-q[5]>50 end
local function fl(q,af,r)
return q[1]>af or(q[1]==af and q[2]>r)
end
local function ez(j,r,af,b,gl)
for ae,q in ipairs(j)do
if q[2]==r or(af>0 and fl(q,af,r))then return nil end
if not fk(q,b)and gl(q[3])then return q end
end
end
local function ds(j,r,b)
for ae,q in ipairs(j)do
if q[2]==r then
q[4],q[5]=b+3000,0
return true
end
end
return false
end
local function gb(j,r,bj,af,b)
local ak=#j+1
for d,q in ipairs(j)do
if q[2]==r then
q[3]=bj
ds(j,r,b)
return
end
if d<ak and fl(q,af,r)then ak=d end
end
if#j<256 then table.insert(j,ak,{af,r,bj,b+3000,0})end
end
local function fp(j,r)
for d,q in ipairs(j)do
if q[2]==r then
table.remove(j,d)
return true
end
end
return false
end
local function ft(j,ea,b)
local ai={}
for ae,q in ipairs(j)do
if not fk(q,b)then
if not ea(q[3])then break end
if q[5]==0 then
q[5]=b
ai[#ai+1]=q
end
end
end
return ai
end`;

const PART_8 = `local ec,ff,ed={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ed=2
local ec={
['mutex.acquire']=function(c,v,ap)
local z=w('SET',KEYS[c],ARGV[v],'NX','PX',ARGV[ap])
if not z or z.err then return nil end
local f=ab(KEYS[c+1])
if not f then w('DEL',KEYS[c])end
return f
end,
['mutex.takeOver']=function(c,v,ap)
if w('GET',KEYS[c])~=ARGV[v+1]then return nil end
local f=ab(KEYS[c+1])
if not f then return nil end
local z=w('SET',KEYS[c],ARGV[v],'PX',ARGV[ap])
return not z.err and-f or nil
end,
['mutex.extend']=function(c,v,ap)
if w('GET',KEYS[c])~=ARGV[v]then return nil end
local u=w('PTTL',KEYS[c])
if type(u)~='number'or u<0 then return nil end
if u<tonumber(ARGV[ap])and w('PEXPIRE',KEYS[c],ARGV[ap])~=1 then return nil end
return 1
end,
['mutex.release']=function(c,v)
local ac=w('MGET',KEYS[c],KEYS[c+1])
if ac.err or ac[2]then return nil end
if ac[1]~=ARGV[v]then return 0 end
return w('DEL',KEYS[c])==1 and 1 or nil
end,
}`,
    PART_2,
    `local ff={
['mutex.release']=function(c,v,am,ba)
local ac=w('MGET',unpack(KEYS,c,c+2*am-1))
if ac.err then return 0 end
local az,fm,ep,bz={},{},{},0
for d=1,am do
if ac[2*d]then break end
local ad=KEYS[c+2*d-2]
local ar=ac[2*d-1]==ARGV[v+d-1]and not fm[ad]
ba[#ba+1]=ar and 1 or 0
if ar then
fm[ad]=true
az[#az+1]=ad
ep[#az]=#ba
end
bz=d
end
local fc=#az>0 and w('DEL',unpack(az))
if type(fc)=='table'then
for d=1,#ep do ba[ep[d]]={-1,fc.err}end
end
return bz
end
}`,
    PART_3,
    PART_4,
    `local function cr(g,k,s,ar)
if not ar then redis.call('SET',g,k,'PX',s)
else
local u=redis.call('PTTL',g)
if u>=0 and u<tonumber(s)then redis.call('PEXPIRE',g,s)end
end
end
local function ey(a,k,hf,s,bb)
local es=bb==''and 2 or 3
local ar,cb,be={},true,false
local au,aa
for d=1,#a,es do
local n=redis.call('GET',a[d])
ar[d]=n==k
if n~=k then cb=false end
if n and n==hf then
be=true
elseif n and n~=k then
local u=redis.call('PTTL',a[d])
if not aa or(au~=-1 and(u==-1 or u>au))then
au,aa=u,n
end
end
end
if bb~=''then
for d=3,#a,3 do pcall(eb,a[d],bb,tonumber(s))end
end
if aa then return{0,au,aa}end
local f=0
for d=2,#a,es do
local i=at(a[d])
f=math.max(f,i and(cb and i or i+1)or bu(a[d]))
end
for d=1,#a,es do
cr(a[d],k,s,ar[d])
ev(a[d+1],f)
end
return be and-f or f
end
y['mutex.acquire']=function(a,e)
return ey(a,e[1],nil,e[2],e[3])
end
y['mutex.takeOver']=function(a,e)
return ey(a,e[1],e[2],e[3],e[4])
end
y['mutex.commit']=function(a,e)
for d=1,#a,2 do
if redis.call('GET',a[d])~=e[1]then return{0}end
end
for d=2,#a,2 do
if not at(a[d])then bu(a[d])end
cd(a[d],tonumber(e[2]))
end
return 1
end
y['mutex.extend']=function(a,e)
local k,f,s=e[1],tonumber(e[2]),e[3]
local ar={}
for d=1,#a,2 do
local n=redis.call('GET',a[d])
if n and n~=k then return{0,redis.call('PTTL',a[d]),n}end
ar[d]=n==k
end
for d=1,#a,2 do
local ee=not ar[d]and(at(a[d+1])or cp(a[d+1]))
if ee then cd(a[d+1],f)end
end
for d=1,#a,2 do cr(a[d],k,s,ar[d])end
return 1
end
y['mutex.release']=function(a,e)
local k,r=e[1],e[2]
local aq,cl=false,false
for d=1,#a,2 do
local n=redis.pcall('GET',a[d])
if r~=''then pcall(co,a[d+1],r)end
if n==k then
redis.call('DEL',a[d])
aq=true
if dz(a[d+1],r~='')then cl=true end
elseif type(n)=='table'and n.err and not string.find(n.err,'WRONGTYPE',1,true)then
error(n.err)
end
end
if not aq then return 0 end
return cl and-1 or 1
end
y['mutex.leave']=function(a,e)
pcall(co,a[1],e[1])
return 1
end`,
    PART_5,
    PART_6,
  ],
  "2de66612b10c53d6169de43b58f04ecb3b12313d",
  "f1e9d6ce9f585af9f49abcddd68dac7ffed0eb8a",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ed=7
local ec={
['modes.acquire']=function(c,v,ap)
local l,ad,s=ARGV[ap+3],KEYS[c],ARGV[ap]
if ARGV[ap+1]~=''or(l~='X'and l~='S')then return nil end
if w('EXISTS',ad,KEYS[c+2],KEYS[c+3],KEYS[c+4],KEYS[c+5])~=0 then return nil end
if l=='X'then
local z=w('SET',ad,ARGV[v],'PX',s)
if z.err then return nil end
local f=ab(KEYS[c+1])
if not f then w('DEL',ad)end
return f
end
local n=w('GET',KEYS[c+1])
local f=type(n)=='string'and string.match(n,'^%d+$')and tonumber(n)
if not f or f<1 or f>=9000000000000000 then return nil end
local ag=w('TIME')
local m=tonumber(ag[1])*1000+math.floor(tonumber(ag[2])/1000)+tonumber(s)
if type(w('ZADD',KEYS[c+4],string.format('%.0f',m),ARGV[v]))~='number'then return nil end
w('PEXPIRE',KEYS[c+4],s)
local z=w('SET',ad,'~s','PX',s)
return not z.err and f or nil
end,
['modes.release']=function(c,v)
local ac=w('MGET',KEYS[c],KEYS[c+5],KEYS[c+6])
if ac.err or ac[2]or ac[3]then return nil end
if ac[1]==ARGV[v]then
if w('EXISTS',KEYS[c+2],KEYS[c+3],KEYS[c+4])~=0 then return nil end
return w('DEL',KEYS[c])==1 and 1 or nil
end
if ac[1]~='~s'or w('EXISTS',KEYS[c+2],KEYS[c+3])~=0 then return nil end
local bo=w('ZSCORE',KEYS[c+4],ARGV[v])
if not bo then return 0 end
local ag=w('TIME')
local b=tonumber(ag[1])*1000+math.floor(tonumber(ag[2])/1000)
if type(bo)~='string'or tonumber(bo)<b then return nil end
if w('ZREM',KEYS[c+4],ARGV[v])~=1 then return nil end
local ah=tonumber(w('ZREVRANGE',KEYS[c+4],0,0,'WITHSCORES')[2])
if ah and ah>=b then w('SET',KEYS[c],'~s','PX',math.max(1,ah-b))
else w('DEL',KEYS[c])end
return 1
end
}
local ff={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    `local dw={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function di(av)return dw[av]end
local function gn(hc,bh)return string.find(dw[hc],' '..bh..' ',1,true)end
local function gy(hb)
local df={}
return function(l)
if df[l]==nil then df[l]=not hb(l)end
if not df[l]then return false end
for bh in string.gmatch(dw[l],'%u+')do df[bh]=false end
return true
end
end`,
    `local aj,ch,gh=7,'~s','~p'
local dy={['IS']={3},['IX']={4},['S']={5},['SIX']={4,5},['X']={}}
local ex={['IS']={},['IX']={5},['S']={4},['SIX']={4,5},['X']={3,4,5}}
local function bg()
local ag=redis.call('TIME')
return tonumber(ag[1])*1000+math.floor(tonumber(ag[2])/1000)
end
local function eh(av)
local an={}
for l in string.gmatch(av,'%u+')do
if not ex[l]then error('unknown mode '..l,0)end
an[#an+1]=l
end
return an
end
local function ce(e,t)
local h={e[1],[e[1]]=true}
for d=t,#e do
h[#h+1]=e[d]
h[e[d]]=true
end
return h
end
local function dm(a,c,l,h,b)
local n=redis.call('GET',a[c+1])
if n==gh then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
if n and n~=ch and not h[n]then return redis.call('PTTL',a[c+1]),n end
local i,aa
for ae,z in ipairs(ex[l])do
local ac=redis.call('ZREVRANGE',a[c+z],0,#h,'WITHSCORES')
for d=1,#ac,2 do
local m=tonumber(ac[d+1])
if not h[ac[d]]then
if m>=b and(not i or m>i)then i,aa=m,ac[d]end
break
end
end
end
if i then return i-b,aa end
end
local function fo(a,c,b)
local ah
if redis.call('EXISTS',a[c+3],a[c+4],a[c+5])==0 then return nil end
for z=3,5 do
local m=tonumber(redis.pcall('ZREVRANGE',a[c+z],0,0,'WITHSCORES')[2])
if m and m>=b then ah=math.max(ah or 0,m)end
end
return ah
end
local function ef(a,c,l,h)
if l=='X'then return h[redis.call('GET',a[c+1])]end
for ae,z in ipairs(dy[l])do
local ca=false
for ae,k in ipairs(h)do
if redis.call('ZSCORE',a[c+z],k)then ca=true end
end
if not ca then return false end
end
return true
end
local function gw(a,c,h)
if h[redis.call('GET',a[c+1])]then return true end
for z=3,5 do
for ae,k in ipairs(h)do
if redis.call('ZSCORE',a[c+z],k)then return true end
end
end
return false
end
local function fj(a,c,l,h,s,b)
local ad,k,be=a[c+1],h[1],false
local n=redis.call('GET',ad)
local m=b+s
if h[n]then
local u=redis.call('PTTL',ad)
if u==-1 and n==k and l=='X'then return false end
m=math.max(m,b+u)
be=n~=k
end
for z=3,5 do
for d,bt in ipairs(h)do
local bo=(d>1 or l~='X')and redis.call('ZSCORE',a[c+z],bt)
if bo then
m=math.max(m,tonumber(bo))
if d>1 then
redis.call('ZREM',a[c+z],bt)
be=true
end
end
end
end
if l=='X'then
redis.call('SET',ad,k,'PX',m-b)
return be
end
for ae,z in ipairs(dy[l])do
local g=a[c+z]
redis.call('ZREMRANGEBYSCORE',g,'-inf',string.format('(%.0f',b))
redis.call('ZADD',g,string.format('%.0f',m),k)
if redis.call('PTTL',g)<m-b then redis.call('PEXPIRE',g,m-b)end
end
if n~=ch then
redis.call('SET',ad,ch,'PX',fo(a,c,b)-b)
else
local u=redis.call('PTTL',ad)
if u>=0 and u<m-b then redis.call('PEXPIRE',ad,m-b)end
end
return be
end
local ew={}
local function bc(a,c,j,b)
if#j==0 then return{}end
local ai={}
local ea=gy(function(l)return dm(a,c,l,ew,b)end)
for d,q in ipairs(ft(j,ea,b))do ai[d]=q[2]end
bp(a[c+6],j,b)
if#ai>0 then redis.pcall('PUBLISH',a[c+7],table.concat(ai,' '))end
return ai
end
local function gk(a,c,l,h,r,af,j,b)
local u,aa=dm(a,c,l,h,b)
if u or#j==0 or gw(a,c,h)then return u,aa end
local bd=ez(j,r,af,b,function(bh)return gn(bh,l)end)
if not bd then return nil end
bc(a,c,j,b)
if bd[5]>0 then return math.max(0,50-b+bd[5]),''end
u,aa=dm(a,c,bd[3],ew,b)
return u and-1 or 50,aa or''
end
local function fh(a,an,cb)
local f,fb,al=0,false,{}
for ae,l in ipairs(an)do
if(l=='X'or l=='SIX')and not cb then fb=true end
end
for ak=2,#a,aj do
local g=a[ak]
if al[g]==nil then
local i=at(g)
al[g]=i or 0
f=math.max(f,i and(fb and i+1 or i)or bu(g))
end
end
for g,i in pairs(al)do
if i~=f then ev(g,f)end
end
return f
end
local function gx(a)
local ac={}
for c=0,#a-aj,aj do
ac[#ac+1]=a[c+1]
for ak=3,6 do ac[#ac+1]=a[c+ak]end
end
return redis.call('EXISTS',unpack(ac))==0
end
local function gt(a,c,l,k,s,b)
for ae,z in ipairs(dy[l])do
redis.call('ZADD',a[c+z],string.format('%.0f',b+s),k)
redis.call('PEXPIRE',a[c+z],s)
end
redis.call('SET',a[c+1],l=='X'and k or ch,'PX',s)
end
y['modes.acquire']=function(a,e)
local s,r,af,an=tonumber(e[2]),e[3],tonumber(e[4]),eh(e[5])
local h,gi,b=ce(e,6),{e[1],[e[1]]=true},bg()
local as,al,ak,au,aa={},b,nil,nil,nil
local cb,be=true,false
if gx(a)then
local f=fh(a,an,false)
for d,l in ipairs(an)do gt(a,(d-1)*aj,l,e[1],s,b)end
return f
end
for d,l in ipairs(an)do
local c=(d-1)*aj
as[d]=bn(a[c+6],b,di)
for ae,q in ipairs(as[d])do al=math.max(al,q[1])end
local u,hj=gk(a,c,l,h,r,af,as[d],b)
if u then
ak=ak or d
if not aa or(au~=-1 and(u==-1 or u>au))then
au,aa=u,hj
end
elseif not ef(a,c,l,gi)then
cb=false
end
end
if ak then
if r~=''then
local c=(ak-1)*aj
gb(as[ak],r,an[ak],af>0 and af or al+1,b)
bp(a[c+6],as[ak],b)
pcall(eb,a[c+7],r,s)
end
return{0,au,aa,string.format('%.0f',al)}
end
local f=fh(a,an,cb)
for d,l in ipairs(an)do
local c=(d-1)*aj
if fj(a,c,l,h,s,b)then be=true end
if ds(as[d],r,b)then bp(a[c+6],as[d],b)end
end
return be and-f or f
end
y['modes.convert']=y['modes.acquire']
y['modes.commit']=function(a,e)
local h={e[1],[e[1]]=true}
for d,l in ipairs(eh(e[3]))do
if not ef(a,(d-1)*aj,l,h)then return{0}end
end
for c=0,#a-aj,aj do
if not at(a[c+2])then bu(a[c+2])end
cd(a[c+2],tonumber(e[2]))
end
return 1
end
y['modes.extend']=function(a,e)
local f,s,an=tonumber(e[2]),tonumber(e[3]),eh(e[4])
local h,b=ce(e,5),bg()
for d,l in ipairs(an)do
local u,aa=dm(a,(d-1)*aj,l,h,b)
if u then return{0,u,aa}end
end
for d,l in ipairs(an)do
local c=(d-1)*aj
local ee=not ef(a,c,l,h)and(at(a[c+2])or cp(a[c+2]))
if ee then cd(a[c+2],f)end
end
for d,l in ipairs(an)do
local c=(d-1)*aj
if fj(a,c,l,h,s,b)then bc(a,c,bn(a[c+6],b,di),b)end
end
return 1
end
local function aw(a,c,h,b)
local ad,aq=a[c+1],false
local n=redis.pcall('GET',ad)
if type(n)=='table'then
if string.find(n.err,'WRONGTYPE',1,true)then return false,false end
error(n.err,0)
end
if h[n]then
redis.call('DEL',ad)
n,aq=false,true
end
local ca=false
for z=3,5 do
for ae,k in ipairs(h)do
local bo=redis.pcall('ZSCORE',a[c+z],k)
if type(bo)=='string'then
redis.call('ZREM',a[c+z],k)
ca=true
if tonumber(bo)>=b then aq=true end
end
end
end
if n and n~=ch then return aq,false end
local ah=ca and fo(a,c,b)
if ah then
local u=redis.call('PTTL',ad)
redis.call('SET',ad,ch,'PX',math.max(1,ah-b))
return aq,false,u>ah-b
end
if ca and n then redis.call('DEL',ad)end
return aq,ca or aq
end
y['modes.release']=function(a,e)
local r,h,b=e[2],ce(e,3),bg()
local aq,cl=false,false
for c=0,#a-aj,aj do
local ar,gv,dh=aw(a,c,h,b)
local as=ar and redis.pcall('MGET',a[c+6],a[c+7])
if ar then aq=true end
if as and(as[1]or as[2])then
local cv,ai=pcall(bc,a,c,bn(a[c+6],b,di),b)
if not cv then ai={}end
for ae,bh in ipairs(ai)do
if bh~=r then cl=true end
end
if gv and#ai==0 and dz(a[c+7],r~='')then cl=true end
if dh and#ai==0 then redis.pcall('PUBLISH',a[c+7],'')end
end
end
if not aq then return 0 end
return cl and-1 or 1
end
y['modes.releaseAll']=y['modes.release']
y['modes.leave']=function(a,e)
local b=bg()
for c=0,#a-aj,aj do
local j=bn(a[c+6],b,di)
if fp(j,e[1])then
bp(a[c+6],j,b)
pcall(bc,a,c,j,b)
end
pcall(co,a[c+7],e[1])
end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "342b448f98b7bfc5ff7feb09bd21b275ab159c79",
  "fab03be4c2c674892518b8a9b86baf1440cbd0dc",
);

export const SLOTS_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_8,
    PART_3,
    PART_4,
    PART_7,
    `local bq,bx,dx='0','1','2'
local gf=64
local function bk(av)
local ha=string.gmatch(av,'(%d+)%-?(%d*)')
return function()
local t,i=ha()
if t then return tonumber(t),tonumber(i)or tonumber(t)end
end
end
local function fy(x,ci)
local eq,cq,i={},string.find(x,ci..'+')
while cq do
eq[#eq+1]=cq==i and tostring(cq-1)or string.format('%d-%d',cq-1,i-1)
cq,i=string.find(x,ci..'+',i+1)
end
return table.concat(eq,' ')
end
local function cz(x,o,ci)
for t,i in bk(o)do
x=string.sub(x,1,t)..string.rep(ci,i-t+1)..string.sub(x,i+2)
end
return x
end
local function gj(x,o)
for t,i in bk(o)do
if string.find(string.sub(x,t+1,i+1),bx,1,true)then return false end
end
return true
end
local function de(x,p)
return#string.gsub(string.sub(x,1,p),bx..'+','')
end
local function fd(o)
local ei=0
for ae,i in bk(o)do ei=math.max(ei,i+1)end
return ei
end
local function hd(k,p)
local cm,er=string.match(k,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not cm then return 0,1 end
return tonumber(cm,16)%p,1+tonumber(er,16)%p
end
local function fa(x,bm,p,el,h,k)
local bf=bm
local function da(t,i)
i=math.min(i,p-1)
if bf==0 or t>i then return end
local hh,ab=string.gsub(string.sub(x,t+1,i+1),bq,dx,bf)
if ab==0 then return end
x,bf=string.sub(x,1,t)..hh..string.sub(x,i+2),bf-ab
end
for t,i in bk(el)do da(t,i)end
if h then
for t,i in bk(h)do da(t,i)end
else
local cm,er=hd(k,p)
for d=0,gf-1 do
if bf==0 then break end
local fz=(cm+d*er)%p
da(fz,fz)
end
da(cm,p-1)
da(0,cm-1)
end
if bf>0 then return nil end
return fy(x,dx),(string.gsub(x,dx,bx))
end`,
    `local cn,gg='~p','~s'
local cf,cg=16,32
local function bg()
local ag=redis.call('TIME')
return tonumber(ag[1])*1000+math.floor(tonumber(ag[2])/1000)
end
local function ce(e,t)
local h={e[1]}
for d=t,#e do h[#h+1]=e[d]end
return h
end
local function ek(a)
local bl=redis.call('GET',a[1])
if bl==gg then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
if bl and bl~=cn then return bl,redis.call('PTTL',a[1])end
end
local function cy(a,p,ga)
local dv=redis.call('GET',a[7])or''
local al,ab=string.match(dv,'^(%d+) (%d+)$')
if ga>tonumber(al or 0)then
dv,ab=string.format('%.0f %.0f',ga,p),p
redis.call('SET',a[7],dv,'PX',604800000)
elseif al then
redis.call('PEXPIRE',a[7],604800000)
end
return tonumber(ab)or p,ab and dv or''
end
local function dl(a,am)
local x=redis.call('GET',a[3])or''
return x..string.rep(bq,am-#x),#x
end
local function ge(a,o,ci)
for t,i in bk(o)do
redis.call('SETRANGE',a[3],t,string.rep(ci,i-t+1))
end
end
local function dc(a,k)
local o,m=redis.call('HGET',a[4],k),redis.call('ZSCORE',a[5],k)
if o then
redis.call('HDEL',a[4],k)
if redis.call('EXISTS',a[3])==1 then ge(a,o,bq)end
end
if m then redis.call('ZREM',a[5],k)end
return o,tonumber(m)
end
local function dd(a,b)
local go=redis.call('ZRANGEBYSCORE',a[5],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for ae,k in ipairs(go)do dc(a,k)end
end
local function fq(g,fs)
local u=redis.call('PTTL',g)
if u<fs then redis.call('PEXPIRE',g,fs)end
end
local function dr(a)
local cs=''
if not IS_CLUSTER then
local ax=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
cs=type(ax)=='string'and string.match(ax,'^complete %S+ %S+ (%S+) ')or''
end
cs=string.format('%-'..cg..'.'..cg..'s',cs)
if redis.call('GETRANGE',a[6],0,cg-1)~=cs then redis.call('SET',a[6],cs,'PX',604800000)end
end
local function dk(a,o,br)
local eg=0
for t,i in bk(o)do
local av=redis.call('GETRANGE',a[6],cg+cf*t,cg+cf*(i+1)-1)
for d=0,i-t do
local ab=tonumber(string.sub(av,cf*d+1,cf*(d+1)))
eg=math.max(eg,ab or br)
end
end
return eg
end
local function eu(a,o,ab)
local av=string.format('%0'..cf..'.0f',ab)
for t,i in bk(o)do
redis.call('SETRANGE',a[6],cg+cf*t,string.rep(av,i-t+1))
end
redis.call('PEXPIRE',a[6],604800000)
cd(a[2],ab)
end
local function en(a,k,o,m,b)
local bs=tonumber(redis.call('ZSCORE',a[5],k)or 0)
if bs<m then redis.call('ZADD',a[5],string.format('%.0f',m),k)end
m=math.max(m,bs)
for ak=3,5 do fq(a[ak],m-b)end
if redis.call('GET',a[1])then fq(a[1],m-b)
else
local ah=redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')
redis.call('SET',a[1],cn,'PX',tonumber(ah[2])-b)
end
end
local function cr(a,k,o,m,b,am)
local gc=fd(o)
if am<gc then
local u=redis.call('PTTL',a[3])
redis.call('SETRANGE',a[3],am,string.rep(bq,gc-am))
if u<0 then redis.call('PEXPIRE',a[3],m-b)end
end
ge(a,o,bx)
redis.call('HSET',a[4],k,o)
en(a,k,o,m,b)
end
local function gs(a,bf,b)
local db=redis.call('ZRANGE',a[5],0,64-1,'WITHSCORES')
local i=-1
for d=1,#db,2 do
i=tonumber(db[d+1])
for t,gp in bk(redis.call('HGET',a[4],db[d])or'')do
bf=bf-(gp-t+1)
end
if bf<=0 then break end
end
return i<0 and-1 or math.max(0,i-b),db[1]or''
end
local function ct(p)
return function(av)
local ab=tonumber(av)
return ab and ab<=p
end
end
local function bc(a,j,bv,p,b)
if#j==0 then return 0 end
local x,aw=dl(a,p),0
local bl=redis.call('GET',a[1])
if not bl or bl==cn then aw=de(x,p)end
local ai=ft(j,function(bj)
aw=aw-tonumber(bj)
return aw>=0
end,b)
bp(a[8],j,b)
local bw={}
for d,q in ipairs(ai)do
local o,hg=fa(x,tonumber(q[3]),p,bv,'0-'..p-1)
x=hg or x
bw[d]=q[2]..':'..string.gsub(o or'',' ',',')
end
if#bw>0 then redis.pcall('PUBLISH',a[9],table.concat(bw,' '))end
return#bw
end
y['slots.acquire']=function(a,e)
local k,s,bb,af,bm=e[1],tonumber(e[2]),e[3],tonumber(e[4]),tonumber(e[5])
local el,dj,h,b=e[8],#e>8,ce(e,9),bg()
local aa,au=ek(a)
local p,cx=cy(a,tonumber(e[6]),tonumber(e[7]))
if bm>p then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',p,bm),0)end
dd(a,b)
local j,al=bn(a[8],b,ct(p)),b
for ae,q in ipairs(j)do al=math.max(al,q[1])end
local x,am=dl(a,p)
local o,by=redis.call('HGET',a[4],k),nil
if aa then
if bb~=''then pcall(eb,a[9],bb,s)end
elseif o then
dr(a)
en(a,k,o,b+s,b)
if ds(j,bb,b)then bp(a[8],j,b)end
local f=dk(a,o,at(a[2])or bu(a[2]))
return{1,f,o,cx,dj and x or nil}
else
local bi,ck=x,''
for d=2,#h do
local az=redis.call('HGET',a[4],h[d])or''
bi,ck=cz(bi,az,bq),ck..' '..az
end
local bd
if#j>0 and not dj then
local aw=de(bi,p)
bd=aw>=bm and ez(j,bb,af,b,function(bj)
aw=aw-tonumber(bj)
return aw<bm
end)
end
if not bd then by=fa(bi,bm,p,el,dj and ck or nil,k)end
if by then
local br=at(a[2])or bu(a[2])
dr(a)
local f,m=dk(a,by,br)+1,b+s
eu(a,by,f)
for d=2,#h do
local ae,bs=dc(a,h[d])
m=math.max(m,bs or 0)
end
cr(a,k,by,m,b,am)
if ds(j,bb,b)then bp(a[8],j,b)end
return{1,f,by,cx,dj and cz(bi,by,bx)or nil}
end
local aw=de(x,p)
au,aa=gs(a,bm-aw,b)
if bd then
bc(a,j,'',p,b)
if bd[5]>0 then au,aa=math.max(0,50-b+bd[5]),''
else au=-1 end
end
end
if bb~=''then
gb(j,bb,string.format('%.0f',bm),af>0 and af or al+1,b)
bp(a[8],j,b)
end
return{0,au,aa,string.format('%.0f',al),cx}
end
y['slots.commit']=function(a,e)
local o=e[3]
if redis.call('HGET',a[4],e[1])~=o then return{0}end
local br=at(a[2])or bu(a[2])
dr(a)
local ab=dk(a,o,br)
if ab<tonumber(e[2])then eu(a,o,tonumber(e[2]))end
return 1
end
y['slots.extend']=function(a,e)
local k,f,s,o=e[1],tonumber(e[2]),tonumber(e[3]),e[4]
local h,b=ce(e,7),bg()
local aa=ek(a)
if aa then return{0,-1,aa}end
local p=cy(a,tonumber(e[5]),tonumber(e[6]))
dd(a,b)
local az=redis.call('HGET',a[4],k)
if az==o and#h==1 then
en(a,k,o,b+s,b)
return 1
end
local x,am=dl(a,math.max(p,fd(o)))
local bi,bs=x,''
for ae,bt in ipairs(h)do
local ck=redis.call('HGET',a[4],bt)or''
bi,bs=cz(bi,ck,bq),bs..' '..ck
end
if not gj(bi,o)then
local gd={k,'',e[5],e[6]}
for d=2,#h do gd[d+3]=h[d]end
y['slots.release'](a,gd)
return{0,-1,''}
end
local br=az~=o and(at(a[2])or cp(a[2]))
if br then
dr(a)
eu(a,o,math.max(f,dk(a,o,br)))
end
local m=b+s
for ae,bt in ipairs(h)do
local ae,i=dc(a,bt)
m=math.max(m,i or 0)
end
cr(a,k,o,m,b,am)
local bv=fy(cz(cz(string.rep(bq,#bi),bs,bx),o,bq),bx)
if bv~=''then bc(a,bn(a[8],b,ct(p)),bv,p,b)end
return 1
end
y['slots.release']=function(a,e)
local r,h,b=e[2],ce(e,5),bg()
local bv,aq,et,fn='',false,0,false
for ae,bt in ipairs(h)do
local o,m=dc(a,bt)
if o or m then fn=true end
if m and m>=b then aq=true end
bv,et=bv..' '..(o or''),math.max(et,m or 0)
end
if not fn then return 0 end
dd(a,b)
local ah=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local bl,dh=redis.pcall('GET',a[1]),false
if not ah then redis.call('DEL',a[3])end
if bl==cn then
if not ah then redis.call('DEL',a[1])
elseif et>ah then
redis.call('SET',a[1],cn,'PX',math.max(1,ah-b))
dh=true
end
end
local as=redis.pcall('MGET',a[8],a[9])
if as[1]or as[2]then
local p=cy(a,tonumber(e[3]),tonumber(e[4]))
local j=bn(a[8],b,ct(p))
local cv,ai=pcall(bc,a,j,bv,p,b)
if not cv or ai==0 then
if not ah then dz(a[9],r~='')
elseif dh then redis.pcall('PUBLISH',a[9],'')end
end
end
return aq and 1 or 0
end
y['slots.leave']=function(a,e)
local b,p=bg(),cy(a,tonumber(e[2]),tonumber(e[3]))
local j=bn(a[8],b,ct(p))
if fp(j,e[1])then
bp(a[8],j,b)
pcall(bc,a,j,'',p,b)
end
pcall(co,a[9],e[1])
return 1
end
y['slots.count']=function(a,e)
local b,aa=bg(),ek(a)
local p,cx=cy(a,tonumber(e[1]),tonumber(e[2]))
dd(a,b)
local j=bn(a[8],b,ct(p))
bc(a,j,'',p,b)
return{1,aa and 0 or de(dl(a,p),p),p,tonumber(string.match(cx,'^%d+')or 0)}
end`,
    PART_5,
    PART_6,
  ],
  "5135204f7ed91d2e68c575ff4af265eb56ea03f9",
  "42af2330915d257621fc271b3648b9ccd01144d8",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_8,
    PART_3,
    `local function fv(g)
local ax=redis.pcall('GET',g)
return type(ax)=='string'and ax or''
end
local function fx(g,gq,n)
local cc=fv(g)
local ag=redis.call('TIME')
local b=string.format('%.0f',tonumber(ag[1])*1000+math.floor(tonumber(ag[2])/1000))
if cc==gq then
cc=n(tonumber(b))
redis.call('SET',g,cc)
end
return{1,cc,b}
end
y['marker.replace']=function(a,e)
return fx(a[1],e[1],function()return e[2]end)
end
y['marker.lose']=function(a,e)
return fx(a[1],e[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(e[2]))
end)
end`,
    `y['identify']=function(a)
local fw=''
local function dq(hi)
local dg=redis.pcall('INFO',hi)
if type(dg)=='table'then dg,fw='',dg.err end
return function(gr)return string.match(dg,'%f[%w_]'..gr..':([^\\r\\n]*)')or''end
end
local dt,fr,eo=dq('server'),dq('memory'),dq('replication')
local ag=redis.call('TIME')
local l=dt('redis_mode')
if l==''then l=dt('server_mode')end
return{
1,dt('run_id'),tonumber(dt('uptime_in_seconds'))or-1,
tonumber(ag[1])*1000000+tonumber(ag[2]),
tonumber(dq('persistence')('aof_enabled'))or-1,
fr('maxmemory_policy'),tonumber(fr('maxmemory'))or-1,
eo('role'),l,eo('master_replid'),eo('master_replid2'),
a[1]and fv(a[1])or'',fw
}
end`,
    `y['counters.read']=function(a)
local ao={1}
for d=1,#a do
local cu,f=pcall(at,a[d])
ao[d+1]=cu and f and string.format('%.0f',f)or''
end
return ao
end
local function fu(a,e,gm)
for d=1,#a do
local cu,f=pcall(at,a[d])
if cu then
if not f then gm(a[d])end
cd(a[d],tonumber(e[d]))
end
end
return 1
end
y['counters.raise']=function(a,e)
return fu(a,e,bu)
end
y['counters.restore']=function(a,e)
return fu(a,e,function()end)
end
y['counters.lift']=function(a,e)
for d=1,#a do
local cu,f=pcall(at,a[d])
if cu and f then cd(a[d],tonumber(e[1]))end
end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "124cf2d4adc20e828268f3b2f93e19a83b72ec60",
  "4c9f7427df02ac28d9cf2b4b1d08cdac205997e9",
);
