// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local x=redis.pcall
local function ab(g)
local f=x('INCR',g)
if type(f)~='number'then return nil end
if f>1 and f<=9000000000000000 then return f end
if f==1 and not IS_CLUSTER then
local ax=x('GET',string.match(g,'^(.*)~fence:')..'~server')
local cj=type(ax)=='string'and string.match(ax,'^complete .* (%d+)$')
local z=cj and x('SET',g,cj)
if z and not z.err then return tonumber(cj)end
end
x(f>1 and'DECR'or'DEL',g)
return nil
end`;

const PART_2 = `if#KEYS==ec and ARGV[2]=='1'then
local dn=eb[ARGV[1]]
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
local function ew(g,f)
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
if(cc or 0)<f then ew(g,f)end
end`;

const PART_4 = `local function el(g)
local ay=redis.pcall('GET',g)
return type(ay)=='string'and ay or nil
end
local function ea(g,r,s)
s=math.max(s,20000)
local ay=el(g)
if not ay then
redis.call('SET',g,r,'PX',s)
elseif string.find(ay,r,1,true)then
redis.call('PEXPIRE',g,math.max(redis.call('PTTL',g),s))
elseif#ay+1<256*(#r+1)then
redis.call('SET',g,ay..' '..r,'PX',math.max(redis.call('PTTL',g),s))
end
end
local function co(g,r)
local ay=el(g)
if not ay then return end
local dp={}
for bh in string.gmatch(ay,'%S+')do
if bh~=r then dp[#dp+1]=bh end
end
if#dp==0 then redis.call('DEL',g)
else redis.call('SET',g,table.concat(dp,' '),'PX',math.max(redis.call('PTTL',g),1))end
end
local function dy(g,hc)
local ay=el(g)
if not ay then return false end
local t=hc and string.match(ay,'%S+')or''
if t~=''then co(g,t)end
redis.pcall('PUBLISH',g,t)
return t~=''
end`;

const PART_5 = `return y
end`;

const PART_6 = `local function hh(dn,c,cw,w,h,ap,dt)
local a,e={unpack(KEYS,c,c+cw-1)},{unpack(ARGV,w,w+h-1)}
for d=1,dt do e[h+d]=ARGV[ap+d-1]end
local cv,ao=pcall(dn,a,e)
if cv then return ao end
if type(ao)=='table'then ao=ao.err or ao[1]end
return{-1,tostring(ao)}
end
local ba,y,c,w={},nil,1,1
while w<=#ARGV do
local ei,am,cw=ARGV[w],tonumber(ARGV[w+1]),tonumber(ARGV[w+2])
local h,dt,ap=tonumber(ARGV[w+3]),tonumber(ARGV[w+4]),w+5
w=ap+dt
local fj=cw==ec
local fh=fj and eb[ei]
local ff=fj and am>1 and fg[ei]
local bz=0
while bz<am do
local ab=ff and ff(c,w,am-bz,ba)or 0
if ab==0 then
local ao=fh and fh(c,w,ap)
if not ao then
y=y or general()
ao=hh(y[ei],c,cw,w,h,ap,dt)
end
ba[#ba+1]=ao
ab=1
end
c,w,bz=c+ab*cw,w+ab*h,bz+ab
end
end
return#ba==1 and ba[1]or ba`;

const PART_7 = `local function bo(g,b,gx)
local av,i=redis.pcall('GET',g),{}
if type(av)~='string'then return i end
for af,r,bk,m,ai in string.gmatch(av,'(%d+) (%w+) (%w+) (%d+) (%d+)')do
if gx(bk)and tonumber(m)>=b then
i[#i+1]={tonumber(af),r,bk,tonumber(m),tonumber(ai)}
end
end
return i
end
local function bq(g,i,b)
local bw,j={},b+1
for d,q in ipairs(i)do
bw[d]=string.format('%.0f %s %s %.0f %.0f',unpack(q))
j=math.max(j,q[4])
end
if#bw==0 then redis.call('DEL',g)
else redis.call('SET',g,table.concat(bw,' '),'PX',j-b)end
end
local function fl(q,b)return q[5]>0 and b-q[5]>50 end
local function fm(q,af,r)
return q[1]>af or(q[1]==af and q[2]>r)
end
local function fa(i,r,af,b,gn)
for ad,q in ipairs(i)do
if q[2]==r or(af>0 and fm(q,af,r))then return nil end
if not fl(q,b)and gn(q[3])then return q end
end
end
local function en(i,r,b)
for ad,q in ipairs(i)do
if q[2]==r then
q[4],q[5]=b+3000,0
return true
end
end
return false
end
local function ga(i,r,b)
local gv=en(i,r,b)
for ad,q in ipairs(i)do
if q[2]==r then q[5]=math.max(1,b-50-1)end
end
return gv
end
local function gc(i,r,bk,af,b)
local ak=#i+1
for d,q in ipairs(i)do
if q[2]==r then
q[3]=bk
en(i,r,b)
return
end
if d<ak and fm(q,af,r)then ak=d end
end
if#i<256 then table.insert(i,ak,{af,r,bk,b+3000,0})end
end
local function fq(i,r)
for d,q in ipairs(i)do
if q[2]==r then
table.remove(i,d)
return true
end
end
return false
end
local function fu(i,dz,b)
local ai={}
for ad,q in ipairs(i)do
if not fl(q,b)then
if not dz(q[3])then break end
if q[5]==0 then
q[5]=b
ai[#ai+1]=q
end
end
end
return ai
end`;

const PART_8 = `local eb,fg,ec={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ec=2
local eb={
['mutex.acquire']=function(c,w,ap)
local z=x('SET',KEYS[c],ARGV[w],'NX','PX',ARGV[ap])
if not z or z.err then return nil end
local f=ab(KEYS[c+1])
if not f then x('DEL',KEYS[c])end
return f
end,
['mutex.takeOver']=function(c,w,ap)
if x('GET',KEYS[c])~=ARGV[w+1]then return nil end
local f=ab(KEYS[c+1])
if not f then return nil end
local z=x('SET',KEYS[c],ARGV[w],'PX',ARGV[ap])
return not z.err and-f or nil
end,
['mutex.extend']=function(c,w,ap)
if x('GET',KEYS[c])~=ARGV[w]then return nil end
local v=x('PTTL',KEYS[c])
if type(v)~='number'or v<0 then return nil end
if v<tonumber(ARGV[ap])and x('PEXPIRE',KEYS[c],ARGV[ap])~=1 then return nil end
return 1
end,
['mutex.release']=function(c,w)
local ac=x('MGET',KEYS[c],KEYS[c+1])
if ac.err or ac[2]then return nil end
if ac[1]~=ARGV[w]then return 0 end
return x('DEL',KEYS[c])==1 and 1 or nil
end,
}`,
    PART_2,
    `local fg={
['mutex.release']=function(c,w,am,ba)
local ac=x('MGET',unpack(KEYS,c,c+2*am-1))
if ac.err then return 0 end
local az,fn,ep,bz={},{},{},0
for d=1,am do
if ac[2*d]then break end
local ae=KEYS[c+2*d-2]
local ar=ac[2*d-1]==ARGV[w+d-1]and not fn[ae]
ba[#ba+1]=ar and 1 or 0
if ar then
fn[ae]=true
az[#az+1]=ae
ep[#az]=#ba
end
bz=d
end
local fd=#az>0 and x('DEL',unpack(az))
if type(fd)=='table'then
for d=1,#ep do ba[ep[d]]={-1,fd.err}end
end
return bz
end
}`,
    PART_3,
    PART_4,
    `local function cr(g,k,s,ar)
if not ar then redis.call('SET',g,k,'PX',s)
else
local v=redis.call('PTTL',g)
if v>=0 and v<tonumber(s)then redis.call('PEXPIRE',g,s)end
end
end
local function ez(a,k,hi,s,bb)
local et=bb==''and 2 or 3
local ar,cb,be={},true,false
local au,aa
for d=1,#a,et do
local n=redis.call('GET',a[d])
ar[d]=n==k
if n~=k then cb=false end
if n and n==hi then
be=true
elseif n and n~=k then
local v=redis.call('PTTL',a[d])
if not aa or(au~=-1 and(v==-1 or v>au))then
au,aa=v,n
end
end
end
if bb~=''then
for d=3,#a,3 do pcall(ea,a[d],bb,tonumber(s))end
end
if aa then return{0,au,aa}end
local f=0
for d=2,#a,et do
local j=at(a[d])
f=math.max(f,j and(cb and j or j+1)or bu(a[d]))
end
for d=1,#a,et do
cr(a[d],k,s,ar[d])
ew(a[d+1],f)
end
return be and-f or f
end
y['mutex.acquire']=function(a,e)
return ez(a,e[1],nil,e[2],e[3])
end
y['mutex.takeOver']=function(a,e)
return ez(a,e[1],e[2],e[3],e[4])
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
local ed=not ar[d]and(at(a[d+1])or cp(a[d+1]))
if ed then cd(a[d+1],f)end
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
if dy(a[d+1],r~='')then cl=true end
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
  "206b2cedf58a91964d237f705f2b84c92b34cd06",
  "34b39882cd6baa8e64caa47b9f2a453091edd83e",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ec=7
local eb={
['modes.acquire']=function(c,w,ap)
local l,ae,s=ARGV[ap+3],KEYS[c],ARGV[ap]
if ARGV[ap+1]~=''or(l~='X'and l~='S')then return nil end
if x('EXISTS',ae,KEYS[c+2],KEYS[c+3],KEYS[c+4],KEYS[c+5])~=0 then return nil end
if l=='X'then
local z=x('SET',ae,ARGV[w],'PX',s)
if z.err then return nil end
local f=ab(KEYS[c+1])
if not f then x('DEL',ae)end
return f
end
local n=x('GET',KEYS[c+1])
local f=type(n)=='string'and string.match(n,'^%d+$')and tonumber(n)
if not f or f<1 or f>=9000000000000000 then return nil end
local ag=x('TIME')
local m=tonumber(ag[1])*1000+math.floor(tonumber(ag[2])/1000)+tonumber(s)
if type(x('ZADD',KEYS[c+4],string.format('%.0f',m),ARGV[w]))~='number'then return nil end
x('PEXPIRE',KEYS[c+4],s)
local z=x('SET',ae,'~s','PX',s)
return not z.err and f or nil
end,
['modes.release']=function(c,w)
local ac=x('MGET',KEYS[c],KEYS[c+5],KEYS[c+6])
if ac.err or ac[2]or ac[3]then return nil end
if ac[1]==ARGV[w]then
if x('EXISTS',KEYS[c+2],KEYS[c+3],KEYS[c+4])~=0 then return nil end
return x('DEL',KEYS[c])==1 and 1 or nil
end
if ac[1]~='~s'or x('EXISTS',KEYS[c+2],KEYS[c+3])~=0 then return nil end
local bp=x('ZSCORE',KEYS[c+4],ARGV[w])
if not bp then return 0 end
local ag=x('TIME')
local b=tonumber(ag[1])*1000+math.floor(tonumber(ag[2])/1000)
if type(bp)~='string'or tonumber(bp)<b then return nil end
if x('ZREM',KEYS[c+4],ARGV[w])~=1 then return nil end
local ah=tonumber(x('ZREVRANGE',KEYS[c+4],0,0,'WITHSCORES')[2])
if ah and ah>=b then x('SET',KEYS[c],'~s','PX',math.max(1,ah-b))
else x('DEL',KEYS[c])end
return 1
end
}
local fg={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    `local dv={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function di(av)return dv[av]end
local function gp(hf,bh)return string.find(dv[hf],' '..bh..' ',1,true)end
local function hb(he)
local df={}
return function(l)
if df[l]==nil then df[l]=not he(l)end
if not df[l]then return false end
for bh in string.gmatch(dv[l],'%u+')do df[bh]=false end
return true
end
end`,
    `local aj,ch,gj=7,'~s','~p'
local dx={['IS']={3},['IX']={4},['S']={5},['SIX']={4,5},['X']={}}
local ey={['IS']={},['IX']={5},['S']={4},['SIX']={4,5},['X']={3,4,5}}
local function bg()
local ag=redis.call('TIME')
return tonumber(ag[1])*1000+math.floor(tonumber(ag[2])/1000)
end
local function eg(av)
local an={}
for l in string.gmatch(av,'%u+')do
if not ey[l]then error('unknown mode '..l,0)end
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
if n==gj then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
if n and n~=ch and not h[n]then return redis.call('PTTL',a[c+1]),n end
local j,aa
for ad,z in ipairs(ey[l])do
local ac=redis.call('ZREVRANGE',a[c+z],0,#h,'WITHSCORES')
for d=1,#ac,2 do
local m=tonumber(ac[d+1])
if not h[ac[d]]then
if m>=b and(not j or m>j)then j,aa=m,ac[d]end
break
end
end
end
if j then return j-b,aa end
end
local function fp(a,c,b)
local ah
if redis.call('EXISTS',a[c+3],a[c+4],a[c+5])==0 then return nil end
for z=3,5 do
local m=tonumber(redis.pcall('ZREVRANGE',a[c+z],0,0,'WITHSCORES')[2])
if m and m>=b then ah=math.max(ah or 0,m)end
end
return ah
end
local function ee(a,c,l,h)
if l=='X'then return h[redis.call('GET',a[c+1])]end
for ad,z in ipairs(dx[l])do
local ca=false
for ad,k in ipairs(h)do
if redis.call('ZSCORE',a[c+z],k)then ca=true end
end
if not ca then return false end
end
return true
end
local function gz(a,c,h)
if h[redis.call('GET',a[c+1])]then return true end
for z=3,5 do
for ad,k in ipairs(h)do
if redis.call('ZSCORE',a[c+z],k)then return true end
end
end
return false
end
local function fk(a,c,l,h,s,b)
local ae,k,be=a[c+1],h[1],false
local n=redis.call('GET',ae)
local m=b+s
if h[n]then
local v=redis.call('PTTL',ae)
if v==-1 and n==k and l=='X'then return false end
m=math.max(m,b+v)
be=n~=k
end
for z=3,5 do
for d,bt in ipairs(h)do
local bp=(d>1 or l~='X')and redis.call('ZSCORE',a[c+z],bt)
if bp then
m=math.max(m,tonumber(bp))
if d>1 then
redis.call('ZREM',a[c+z],bt)
be=true
end
end
end
end
if l=='X'then
redis.call('SET',ae,k,'PX',m-b)
return be
end
for ad,z in ipairs(dx[l])do
local g=a[c+z]
redis.call('ZREMRANGEBYSCORE',g,'-inf',string.format('(%.0f',b))
redis.call('ZADD',g,string.format('%.0f',m),k)
if redis.call('PTTL',g)<m-b then redis.call('PEXPIRE',g,m-b)end
end
if n~=ch then
redis.call('SET',ae,ch,'PX',fp(a,c,b)-b)
else
local v=redis.call('PTTL',ae)
if v>=0 and v<m-b then redis.call('PEXPIRE',ae,m-b)end
end
return be
end
local ex={}
local function bc(a,c,i,b)
if#i==0 then return{}end
local ai={}
local dz=hb(function(l)return dm(a,c,l,ex,b)end)
for d,q in ipairs(fu(i,dz,b))do ai[d]=q[2]end
bq(a[c+6],i,b)
if#ai>0 then redis.pcall('PUBLISH',a[c+7],table.concat(ai,' '))end
return ai
end
local function gm(a,c,l,h,r,af,i,b)
local v,aa=dm(a,c,l,h,b)
if v or#i==0 or gz(a,c,h)then return v,aa end
local bd=fa(i,r,af,b,function(bh)return gp(bh,l)end)
if not bd then return nil end
bc(a,c,i,b)
if bd[5]>0 then return math.max(0,50-b+bd[5]),''end
v,aa=dm(a,c,bd[3],ex,b)
return v and-1 or 50,aa or''
end
local function fi(a,an,cb)
local f,fc,al=0,false,{}
for ad,l in ipairs(an)do
if(l=='X'or l=='SIX')and not cb then fc=true end
end
for ak=2,#a,aj do
local g=a[ak]
if al[g]==nil then
local j=at(g)
al[g]=j or 0
f=math.max(f,j and(fc and j+1 or j)or bu(g))
end
end
for g,j in pairs(al)do
if j~=f then ew(g,f)end
end
return f
end
local function ha(a)
local ac={}
for c=0,#a-aj,aj do
ac[#ac+1]=a[c+1]
for ak=3,6 do ac[#ac+1]=a[c+ak]end
end
return redis.call('EXISTS',unpack(ac))==0
end
local function gw(a,c,l,k,s,b)
for ad,z in ipairs(dx[l])do
redis.call('ZADD',a[c+z],string.format('%.0f',b+s),k)
redis.call('PEXPIRE',a[c+z],s)
end
redis.call('SET',a[c+1],l=='X'and k or ch,'PX',s)
end
y['modes.acquire']=function(a,e)
local s,r,af,an=tonumber(e[2]),e[3],tonumber(e[4]),eg(e[5])
local h,gk,b=ce(e,6),{e[1],[e[1]]=true},bg()
local as,al,ak,au,aa={},b,nil,nil,nil
local cb,be=true,false
if ha(a)then
local f=fi(a,an,false)
for d,l in ipairs(an)do gw(a,(d-1)*aj,l,e[1],s,b)end
return f
end
for d,l in ipairs(an)do
local c=(d-1)*aj
as[d]=bo(a[c+6],b,di)
for ad,q in ipairs(as[d])do al=math.max(al,q[1])end
local v,hm=gm(a,c,l,h,r,af,as[d],b)
if v then
ak=ak or d
if not aa or(au~=-1 and(v==-1 or v>au))then
au,aa=v,hm
end
elseif not ee(a,c,l,gk)then
cb=false
end
end
if ak then
if r~=''then
local c=(ak-1)*aj
gc(as[ak],r,an[ak],af>0 and af or al+1,b)
bq(a[c+6],as[ak],b)
pcall(ea,a[c+7],r,s)
end
return{0,au,aa,string.format('%.0f',al)}
end
local f=fi(a,an,cb)
for d,l in ipairs(an)do
local c=(d-1)*aj
if fk(a,c,l,h,s,b)then be=true end
if en(as[d],r,b)then bq(a[c+6],as[d],b)end
end
return be and-f or f
end
y['modes.convert']=y['modes.acquire']
y['modes.commit']=function(a,e)
local h={e[1],[e[1]]=true}
for d,l in ipairs(eg(e[3]))do
if not ee(a,(d-1)*aj,l,h)then return{0}end
end
for c=0,#a-aj,aj do
if not at(a[c+2])then bu(a[c+2])end
cd(a[c+2],tonumber(e[2]))
end
return 1
end
y['modes.extend']=function(a,e)
local f,s,an=tonumber(e[2]),tonumber(e[3]),eg(e[4])
local h,b=ce(e,5),bg()
for d,l in ipairs(an)do
local v,aa=dm(a,(d-1)*aj,l,h,b)
if v then return{0,v,aa}end
end
for d,l in ipairs(an)do
local c=(d-1)*aj
local ed=not ee(a,c,l,h)and(at(a[c+2])or cp(a[c+2]))
if ed then cd(a[c+2],f)end
end
for d,l in ipairs(an)do
local c=(d-1)*aj
if fk(a,c,l,h,s,b)then bc(a,c,bo(a[c+6],b,di),b)end
end
return 1
end
local function aw(a,c,h,b)
local ae,aq=a[c+1],false
local n=redis.pcall('GET',ae)
if type(n)=='table'then
if string.find(n.err,'WRONGTYPE',1,true)then return false,false end
error(n.err,0)
end
if h[n]then
redis.call('DEL',ae)
n,aq=false,true
end
local ca=false
for z=3,5 do
for ad,k in ipairs(h)do
local bp=redis.pcall('ZSCORE',a[c+z],k)
if type(bp)=='string'then
redis.call('ZREM',a[c+z],k)
ca=true
if tonumber(bp)>=b then aq=true end
end
end
end
if n and n~=ch then return aq,false end
local ah=ca and fp(a,c,b)
if ah then
local v=redis.call('PTTL',ae)
redis.call('SET',ae,ch,'PX',math.max(1,ah-b))
return aq,false,v>ah-b
end
if ca and n then redis.call('DEL',ae)end
return aq,ca or aq
end
y['modes.release']=function(a,e)
local r,h,b=e[2],ce(e,3),bg()
local aq,cl=false,false
for c=0,#a-aj,aj do
local ar,gy,dh=aw(a,c,h,b)
local as=ar and redis.pcall('MGET',a[c+6],a[c+7])
if ar then aq=true end
if as and(as[1]or as[2])then
local cv,ai=pcall(bc,a,c,bo(a[c+6],b,di),b)
if not cv then ai={}end
for ad,bh in ipairs(ai)do
if bh~=r then cl=true end
end
if gy and#ai==0 and dy(a[c+7],r~='')then cl=true end
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
local i=bo(a[c+6],b,di)
if fq(i,e[1])then
bq(a[c+6],i,b)
pcall(bc,a,c,i,b)
end
pcall(co,a[c+7],e[1])
end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "c2a74664f7ccea4dce6f06704379472b3dc81402",
  "a21fec465d2578d6e3d3c60d632f1cdfad2876e9",
);

export const SLOTS_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_8,
    PART_3,
    PART_4,
    PART_7,
    `local bj,bx,dw,gg='0','1','2',48
local gh=64
local function bl(av)
local hd=string.gmatch(av,'(%d+)%-?(%d*)')
return function()
local t,j=hd()
if t then return tonumber(t),tonumber(j)or tonumber(t)end
end
end
local function fz(u,ci)
local eq,cq,j={},string.find(u,ci..'+')
while cq do
eq[#eq+1]=cq==j and tostring(cq-1)or string.format('%d-%d',cq-1,j-1)
cq,j=string.find(u,ci..'+',j+1)
end
return table.concat(eq,' ')
end
local function cz(u,o,ci)
for t,j in bl(o)do
u=u..string.rep(bj,t-#u)
u=string.sub(u,1,t)..string.rep(ci,j-t+1)..string.sub(u,j+2)
end
return u
end
local function gl(u,o)
for t,j in bl(o)do
if string.find(string.sub(u,t+1,j+1),bx,1,true)then return false end
end
return true
end
local function de(u,p)
return#string.gsub(string.sub(u,1,p),bx..'+','')
end
local function fe(o)
local eh=0
for ad,j in bl(o)do eh=math.max(eh,j+1)end
return eh
end
local function hg(k,p)
local cm,es=string.match(k,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not cm then return 0,1 end
return tonumber(cm,16)%p,1+tonumber(es,16)%p
end
local function fb(u,bn,p,ek,h,k)
local bf=bn
local function da(t,j)
j=math.min(j,p-1)
if bf==0 or t>j then return end
local hk,ab=string.gsub(string.sub(u,t+1,j+1),bj,dw,bf)
if ab==0 then return end
u,bf=string.sub(u,1,t)..hk..string.sub(u,j+2),bf-ab
end
for t,j in bl(ek)do da(t,j)end
if h then
for t,j in bl(h)do da(t,j)end
else
local cm,es=hg(k,p)
for d=0,gh-1 do
if bf==0 then break end
local er=(cm+d*es)%p
if string.byte(u,er+1)==gg then da(er,er)end
end
da(cm,p-1)
da(0,cm-1)
end
if bf>0 then return nil end
return fz(u,dw),(string.gsub(u,dw,bx))
end`,
    `local cn,gi='~p','~s'
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
local function ej(a)
local bm=redis.call('GET',a[1])
if bm==gi then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
if bm and bm~=cn then return bm,redis.call('PTTL',a[1])end
end
local function cy(a,p,gb)
local du=redis.call('GET',a[7])or''
local al,ab=string.match(du,'^(%d+) (%d+)$')
if gb>tonumber(al or 0)then
du,ab=string.format('%.0f %.0f',gb,p),p
redis.call('SET',a[7],du,'PX',604800000)
elseif al then
redis.call('PEXPIRE',a[7],604800000)
end
return tonumber(ab)or p,ab and du or''
end
local function dl(a,am)
local u=redis.call('GET',a[3])or''
return u..string.rep(bj,am-#u),#u
end
local function gf(a,o,ci)
for t,j in bl(o)do
redis.call('SETRANGE',a[3],t,string.rep(ci,j-t+1))
end
end
local function dc(a,k)
local o,m=redis.call('HGET',a[4],k),redis.call('ZSCORE',a[5],k)
if o then
redis.call('HDEL',a[4],k)
if redis.call('EXISTS',a[3])==1 then gf(a,o,bj)end
end
if m then redis.call('ZREM',a[5],k)end
return o,tonumber(m)
end
local function dd(a,b)
local gq=redis.call('ZRANGEBYSCORE',a[5],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for ad,k in ipairs(gq)do dc(a,k)end
end
local function fr(g,ft)
local v=redis.call('PTTL',g)
if v<ft then redis.call('PEXPIRE',g,ft)end
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
local ef=0
for t,j in bl(o)do
local av=redis.call('GETRANGE',a[6],cg+cf*t,cg+cf*(j+1)-1)
for d=0,j-t do
local ab=tonumber(string.sub(av,cf*d+1,cf*(d+1)))
ef=math.max(ef,ab or br)
end
end
return ef
end
local function ev(a,o,ab)
local av=string.format('%0'..cf..'.0f',ab)
for t,j in bl(o)do
redis.call('SETRANGE',a[6],cg+cf*t,string.rep(av,j-t+1))
end
redis.call('PEXPIRE',a[6],604800000)
cd(a[2],ab)
end
local function em(a,k,o,m,b)
local bs=tonumber(redis.call('ZSCORE',a[5],k)or 0)
if bs<m then redis.call('ZADD',a[5],string.format('%.0f',m),k)end
m=math.max(m,bs)
for ak=3,5 do fr(a[ak],m-b)end
if redis.call('GET',a[1])then fr(a[1],m-b)
else
local ah=redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')
redis.call('SET',a[1],cn,'PX',tonumber(ah[2])-b)
end
end
local function cr(a,k,o,m,b,am)
local gd=fe(o)
if am<gd then
local v=redis.call('PTTL',a[3])
redis.call('SETRANGE',a[3],am,string.rep(bj,gd-am))
if v<0 then redis.call('PEXPIRE',a[3],m-b)end
end
gf(a,o,bx)
redis.call('HSET',a[4],k,o)
em(a,k,o,m,b)
end
local function gu(a,bf,b)
local db=redis.call('ZRANGE',a[5],0,64-1,'WITHSCORES')
local j=-1
for d=1,#db,2 do
j=tonumber(db[d+1])
for t,gr in bl(redis.call('HGET',a[4],db[d])or'')do
bf=bf-(gr-t+1)
end
if bf<=0 then break end
end
return j<0 and-1 or math.max(0,j-b),db[1]or''
end
local function ct(p)
return function(av)
local ab=tonumber(av)
return ab and ab<=p
end
end
local function bc(a,i,bv,p,b)
if#i==0 then return 0 end
local u,aw=dl(a,p),0
local bm=redis.call('GET',a[1])
if not bm or bm==cn then aw=de(u,p)end
local ai=fu(i,function(bk)
aw=aw-tonumber(bk)
return aw>=0
end,b)
bq(a[8],i,b)
local bw={}
for d,q in ipairs(ai)do
local o,hj=fb(u,tonumber(q[3]),p,bv,'0-'..p-1)
u=hj or u
bw[d]=q[2]..':'..string.gsub(o or'',' ',',')
end
if#bw>0 then redis.pcall('PUBLISH',a[9],table.concat(bw,' '))end
return#bw
end
y['slots.acquire']=function(a,e)
local k,s,bb,af,bn=e[1],tonumber(e[2]),e[3],tonumber(e[4]),tonumber(e[5])
local ek,dj,h,b=e[8],#e>8,ce(e,9),bg()
local aa,au=ej(a)
local p,cx=cy(a,tonumber(e[6]),tonumber(e[7]))
if bn>p then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',p,bn),0)end
dd(a,b)
local i,al=bo(a[8],b,ct(p)),b
for ad,q in ipairs(i)do al=math.max(al,q[1])end
local u,am=dl(a,p)
local o,by=redis.call('HGET',a[4],k),nil
if aa then
if bb~=''then pcall(ea,a[9],bb,s)end
elseif o then
dr(a)
em(a,k,o,b+s,b)
if ga(i,bb,b)then bq(a[8],i,b)end
local f=dk(a,o,at(a[2])or bu(a[2]))
return{1,f,o,cx,dj and u or nil}
else
local bi,ck=u,''
for d=2,#h do
local az=redis.call('HGET',a[4],h[d])or''
bi,ck=cz(bi,az,bj),ck..' '..az
end
local bd
if#i>0 and not dj then
local aw=de(bi,p)
bd=aw>=bn and fa(i,bb,af,b,function(bk)
aw=aw-tonumber(bk)
return aw<bn
end)
end
if not bd then by=fb(bi,bn,p,ek,dj and ck or nil,k)end
if by then
local br=at(a[2])or bu(a[2])
dr(a)
local f,m=dk(a,by,br)+1,b+s
ev(a,by,f)
for d=2,#h do
local ad,bs=dc(a,h[d])
m=math.max(m,bs or 0)
end
cr(a,k,by,m,b,am)
if ga(i,bb,b)then bq(a[8],i,b)end
return{1,f,by,cx,dj and cz(bi,by,bx)or nil}
end
local aw=de(u,p)
au,aa=gu(a,bn-aw,b)
if bd then
bc(a,i,'',p,b)
if bd[5]>0 then au,aa=math.max(0,50-b+bd[5]),''
else au=-1 end
end
end
if bb~=''then
gc(i,bb,string.format('%.0f',bn),af>0 and af or al+1,b)
bq(a[8],i,b)
end
return{0,au,aa,string.format('%.0f',al),cx}
end
y['slots.commit']=function(a,e)
local o=e[3]
if redis.call('HGET',a[4],e[1])~=o then return{0}end
local br=at(a[2])or bu(a[2])
dr(a)
local ab=dk(a,o,br)
if ab<tonumber(e[2])then ev(a,o,tonumber(e[2]))end
return 1
end
y['slots.extend']=function(a,e)
local k,f,s,o=e[1],tonumber(e[2]),tonumber(e[3]),e[4]
local h,b=ce(e,7),bg()
local aa=ej(a)
if aa then return{0,-1,aa}end
local p=cy(a,tonumber(e[5]),tonumber(e[6]))
dd(a,b)
local az=redis.call('HGET',a[4],k)
if az==o and#h==1 then
em(a,k,o,b+s,b)
return 1
end
local u,am=dl(a,math.max(p,fe(o)))
local bi,bs=u,''
for ad,bt in ipairs(h)do
local ck=redis.call('HGET',a[4],bt)or''
bi,bs=cz(bi,ck,bj),bs..' '..ck
end
if not gl(bi,o)then
local ge={k,'',e[5],e[6]}
for d=2,#h do ge[d+3]=h[d]end
y['slots.release'](a,ge)
return{0,-1,''}
end
local br=az~=o and(at(a[2])or cp(a[2]))
if br then
dr(a)
ev(a,o,math.max(f,dk(a,o,br)))
end
local m=b+s
for ad,bt in ipairs(h)do
local ad,j=dc(a,bt)
m=math.max(m,j or 0)
end
cr(a,k,o,m,b,am)
local bv=fz(cz(cz(string.rep(bj,#bi),bs,bx),o,bj),bx)
if bv~=''then bc(a,bo(a[8],b,ct(p)),bv,p,b)end
return 1
end
y['slots.release']=function(a,e)
local r,h,b=e[2],ce(e,5),bg()
local bv,aq,eu,fo='',false,0,false
for ad,bt in ipairs(h)do
local o,m=dc(a,bt)
if o or m then fo=true end
if m and m>=b then aq=true end
bv,eu=bv..' '..(o or''),math.max(eu,m or 0)
end
if not fo then return 0 end
dd(a,b)
local ah=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local bm,dh=redis.pcall('GET',a[1]),false
if not ah then redis.call('DEL',a[3])end
if bm==cn then
if not ah then redis.call('DEL',a[1])
elseif eu>ah then
redis.call('SET',a[1],cn,'PX',math.max(1,ah-b))
dh=true
end
end
local as=redis.pcall('MGET',a[8],a[9])
if as[1]or as[2]then
local p=cy(a,tonumber(e[3]),tonumber(e[4]))
local i=bo(a[8],b,ct(p))
local cv,ai=pcall(bc,a,i,bv,p,b)
if not cv or ai==0 then
if not ah then dy(a[9],r~='')
elseif dh then redis.pcall('PUBLISH',a[9],'')end
end
end
return aq and 1 or 0
end
y['slots.leave']=function(a,e)
local b,p=bg(),cy(a,tonumber(e[2]),tonumber(e[3]))
local i=bo(a[8],b,ct(p))
if fq(i,e[1])then
bq(a[8],i,b)
pcall(bc,a,i,'',p,b)
end
pcall(co,a[9],e[1])
return 1
end
y['slots.count']=function(a,e)
local b,aa=bg(),ej(a)
local p,cx=cy(a,tonumber(e[1]),tonumber(e[2]))
dd(a,b)
local i=bo(a[8],b,ct(p))
bc(a,i,'',p,b)
return{1,aa and 0 or de(dl(a,p),p),p,tonumber(string.match(cx,'^%d+')or 0)}
end`,
    PART_5,
    PART_6,
  ],
  "0c6f9a9b0e1660caac2201836d513ab1367e21d0",
  "e2c09109029ae4b693d34986a0e844cf5e259034",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_8,
    PART_3,
    `local function fw(g)
local ax=redis.pcall('GET',g)
return type(ax)=='string'and ax or''
end
local function fy(g,gs,n)
local cc=fw(g)
local ag=redis.call('TIME')
local b=string.format('%.0f',tonumber(ag[1])*1000+math.floor(tonumber(ag[2])/1000))
if cc==gs then
cc=n(tonumber(b))
redis.call('SET',g,cc)
end
return{1,cc,b}
end
y['marker.replace']=function(a,e)
return fy(a[1],e[1],function()return e[2]end)
end
y['marker.lose']=function(a,e)
return fy(a[1],e[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(e[2]))
end)
end`,
    `y['identify']=function(a)
local fx=''
local function dq(hl)
local dg=redis.pcall('INFO',hl)
if type(dg)=='table'then dg,fx='',dg.err end
return function(gt)return string.match(dg,'%f[%w_]'..gt..':([^\\r\\n]*)')or''end
end
local ds,fs,eo=dq('server'),dq('memory'),dq('replication')
local ag=redis.call('TIME')
local l=ds('redis_mode')
if l==''then l=ds('server_mode')end
return{
1,ds('run_id'),tonumber(ds('uptime_in_seconds'))or-1,
tonumber(ag[1])*1000000+tonumber(ag[2]),
tonumber(dq('persistence')('aof_enabled'))or-1,
fs('maxmemory_policy'),tonumber(fs('maxmemory'))or-1,
eo('role'),l,eo('master_replid'),eo('master_replid2'),
a[1]and fw(a[1])or'',fx
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
local function fv(a,e,go)
for d=1,#a do
local cu,f=pcall(at,a[d])
if cu then
if not f then go(a[d])end
cd(a[d],tonumber(e[d]))
end
end
return 1
end
y['counters.raise']=function(a,e)
return fv(a,e,bu)
end
y['counters.restore']=function(a,e)
return fv(a,e,function()end)
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
  "b5e9c61fd09880e658214ddef44a670e1c092a96",
  "2ae5eb7a2d7bf9f203f62fcb4f28482a96bb33f6",
);
