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
local function aa(g)
local f=x('INCR',g)
if type(f)~='number'then return nil end
if f>1 and f<=9000000000000000 then return f end
if f==1 and not IS_CLUSTER then
local ay=x('GET',string.match(g,'^(.*)~fence:')..'~server')
local ci=type(ay)=='string'and string.match(ay,'^complete .* (%d+)$')
local z=ci and x('SET',g,ci)
if z and not z.err then return tonumber(ci)end
end
x(f>1 and'DECR'or'DEL',g)
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
local m=redis.call('GET',g)
if not m then return nil end
local f=string.match(m,'^-?%d+$')and tonumber(m)
if not f or f>=9000000000000000 then error('the fencing counter '..g..' cannot be counted up: '..m)end
return f>0 and f or nil
end
local function dv(g,f)
redis.call('SET',g,string.format('%.0f',f))
end
local function cp(g)
if not IS_CLUSTER then
local ay=redis.pcall('GET',string.match(g,'^(.*)~fence:')..'~server')
if type(ay)~='table'or string.find(ay.err,'WRONGTYPE',1,true)then
return type(ay)=='string'and tonumber(string.match(ay,'^complete .* (%d+)$'))or nil
end
end
local ah=redis.call('TIME')
local b=tonumber(ah[1])*1000000+tonumber(ah[2])
return math.max(1,b-b%16384)
end
local function bu(g)
local ci=cp(g)
if ci then return ci end
redis.call('DEL',g)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function cl(g,f)
local cc=at(g)
if not cc then f=math.max(f,cp(g)or 0)end
if(cc or 0)<f then dv(g,f)end
end`;

const PART_4 = `local function em(g)
local az=redis.pcall('GET',g)
return type(az)=='string'and az or nil
end
local function eb(g,q,s)
s=math.max(s,20000)
local az=em(g)
if not az then
redis.call('SET',g,q,'PX',s)
elseif string.find(az,q,1,true)then
redis.call('PEXPIRE',g,math.max(redis.call('PTTL',g),s))
elseif#az+1<256*(#q+1)then
redis.call('SET',g,az..' '..q,'PX',math.max(redis.call('PTTL',g),s))
end
end
local function co(g,q)
local az=em(g)
if not az then return end
local dp={}
for bi in string.gmatch(az,'%S+')do
if bi~=q then dp[#dp+1]=bi end
end
if#dp==0 then redis.call('DEL',g)
else redis.call('SET',g,table.concat(dp,' '),'PX',math.max(redis.call('PTTL',g),1))end
end
local function dz(g,hb)
local az=em(g)
if not az then return false end
local t=hb and string.match(az,'%S+')or''
if t~=''then co(g,t)end
redis.pcall('PUBLISH',g,t)
return t~=''
end`;

const PART_5 = `return y
end`;

const PART_6 = `local function hg(dn,c,cw,w,h,ap,dt)
local a,e={unpack(KEYS,c,c+cw-1)},{unpack(ARGV,w,w+h-1)}
for d=1,dt do e[h+d]=ARGV[ap+d-1]end
local cv,ao=pcall(dn,a,e)
if cv then return ao end
if type(ao)=='table'then ao=ao.err or ao[1]end
return{-1,tostring(ao)}
end
local bb,y,c,w={},nil,1,1
while w<=#ARGV do
local ej,am,cw=ARGV[w],tonumber(ARGV[w+1]),tonumber(ARGV[w+2])
local h,dt,ap=tonumber(ARGV[w+3]),tonumber(ARGV[w+4]),w+5
w=ap+dt
local fj=cw==ed
local fh=fj and ec[ej]
local ff=fj and am>1 and fg[ej]
local bz=0
while bz<am do
local aa=ff and ff(c,w,am-bz,bb)or 0
if aa==0 then
local ao=fh and fh(c,w,ap)
if not ao then
y=y or general()
ao=hg(y[ej],c,cw,w,h,ap,dt)
end
bb[#bb+1]=ao
aa=1
end
c,w,bz=c+aa*cw,w+aa*h,bz+aa
end
end
return#bb==1 and bb[1]or bb`;

const PART_7 = `local function bp(g,b,gv)
local av,i=redis.pcall('GET',g),{}
if type(av)~='string'then return i end
for ag,q,bl,n,ai in string.gmatch(av,'(%d+) (%w+) (%w+) (%d+) (%d+)')do
if gv(bl)and tonumber(n)>=b then
i[#i+1]={tonumber(ag),q,bl,tonumber(n),tonumber(ai)}
end
end
return i
end
local function br(g,i,b)
local bw,j={},b+1
for d,p in ipairs(i)do
bw[d]=string.format('%.0f %s %s %.0f %.0f',unpack(p))
j=math.max(j,p[4])
end
if#bw==0 then redis.call('DEL',g)
else redis.call('SET',g,table.concat(bw,' '),'PX',j-b)end
end
local function fl(p,b)return p[5]>0 and b-p[5]>50 end
local function fm(p,ag,q)
return p[1]>ag or(p[1]==ag and p[2]>q)
end
local function fa(i,q,ag,b,gl)
for ad,p in ipairs(i)do
if p[2]==q or(ag>0 and fm(p,ag,q))then return nil end
if not fl(p,b)and gl(p[3])then return p end
end
end
local function eo(i,q,b)
for ad,p in ipairs(i)do
if p[2]==q then
p[4],p[5]=b+3000,0
return true
end
end
return false
end
local function fy(i,q,b)
local gt=eo(i,q,b)
for ad,p in ipairs(i)do
if p[2]==q then p[5]=math.max(1,b-50-1)end
end
return gt
end
local function ga(i,q,bl,ag,b)
local ak=#i+1
for d,p in ipairs(i)do
if p[2]==q then
p[3]=bl
eo(i,q,b)
return
end
if d<ak and fm(p,ag,q)then ak=d end
end
if#i<256 then table.insert(i,ak,{ag,q,bl,b+3000,0})end
end
local function fq(i,q)
for d,p in ipairs(i)do
if p[2]==q then
table.remove(i,d)
return true
end
end
return false
end
local function fs(i,ea,b)
local ai={}
for ad,p in ipairs(i)do
if not fl(p,b)then
if not ea(p[3])then break end
if p[5]==0 then
p[5]=b
ai[#ai+1]=p
end
end
end
return ai
end`;

const PART_8 = `local ec,fg,ed={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ed=2
local ec={
['mutex.acquire']=function(c,w,ap)
local z=x('SET',KEYS[c],ARGV[w],'NX','PX',ARGV[ap])
if not z or z.err then return nil end
local f=aa(KEYS[c+1])
if not f then x('DEL',KEYS[c])end
return f
end,
['mutex.takeOver']=function(c,w,ap)
if x('GET',KEYS[c])~=ARGV[w+1]then return nil end
local f=aa(KEYS[c+1])
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
['mutex.release']=function(c,w,am,bb)
local ac=x('MGET',unpack(KEYS,c,c+2*am-1))
if ac.err then return 0 end
local ba,fn,eq,bz={},{},{},0
for d=1,am do
if ac[2*d]then break end
local ae=KEYS[c+2*d-2]
local ar=ac[2*d-1]==ARGV[w+d-1]and not fn[ae]
bb[#bb+1]=ar and 1 or 0
if ar then
fn[ae]=true
ba[#ba+1]=ae
eq[#ba]=#bb
end
bz=d
end
local fd=#ba>0 and x('DEL',unpack(ba))
if type(fd)=='table'then
for d=1,#eq do bb[eq[d]]={-1,fd.err}end
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
local function ez(a,k,hh,s,bc)
local eu=bc==''and 2 or 3
local ar,cb,bf={},true,false
local au,ab
for d=1,#a,eu do
local m=redis.call('GET',a[d])
ar[d]=m==k
if m~=k then cb=false end
if m and m==hh then
bf=true
elseif m and m~=k then
local v=redis.call('PTTL',a[d])
if not ab or(au~=-1 and(v==-1 or v>au))then
au,ab=v,m
end
end
end
if bc~=''then
for d=3,#a,3 do pcall(eb,a[d],bc,tonumber(s))end
end
if ab then return{0,au,ab}end
local f=0
for d=2,#a,eu do
local j=at(a[d])
f=math.max(f,j and(cb and j or j+1)or bu(a[d]))
end
for d=1,#a,eu do
cr(a[d],k,s,ar[d])
dv(a[d+1],f)
end
return bf and-f or f
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
cl(a[d],tonumber(e[2]))
end
return 1
end
y['mutex.extend']=function(a,e)
local k,f,s=e[1],tonumber(e[2]),e[3]
local ar={}
for d=1,#a,2 do
local m=redis.call('GET',a[d])
if m and m~=k then return{0,redis.call('PTTL',a[d]),m}end
ar[d]=m==k
end
for d=1,#a,2 do
local ee=not ar[d]and(at(a[d+1])or cp(a[d+1]))
if ee then cl(a[d+1],f)end
end
for d=1,#a,2 do cr(a[d],k,s,ar[d])end
return 1
end
y['mutex.release']=function(a,e)
local k,q=e[1],e[2]
local aq,ck=false,false
for d=1,#a,2 do
local m=redis.pcall('GET',a[d])
if q~=''then pcall(co,a[d+1],q)end
if m==k then
redis.call('DEL',a[d])
aq=true
if dz(a[d+1],q~='')then ck=true end
elseif type(m)=='table'and m.err and not string.find(m.err,'WRONGTYPE',1,true)then
error(m.err)
end
end
if not aq then return 0 end
return ck and-1 or 1
end
y['mutex.leave']=function(a,e)
pcall(co,a[1],e[1])
return 1
end`,
    PART_5,
    PART_6,
  ],
  "cf56d149de72a0cd1d0a5bc37170275c5433d916",
  "0f3eaa4b0bd49ca26ac2dbfb864b1c9b700de240",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ed=7
local ec={
['modes.acquire']=function(c,w,ap)
local l,ae,s=ARGV[ap+3],KEYS[c],ARGV[ap]
if ARGV[ap+1]~=''or(l~='X'and l~='S')then return nil end
if x('EXISTS',ae,KEYS[c+2],KEYS[c+3],KEYS[c+4],KEYS[c+5])~=0 then return nil end
if l=='X'then
local z=x('SET',ae,ARGV[w],'PX',s)
if z.err then return nil end
local f=aa(KEYS[c+1])
if not f then x('DEL',ae)end
return f
end
local m=x('GET',KEYS[c+1])
local f=type(m)=='string'and string.match(m,'^%d+$')and tonumber(m)
if not f or f<1 or f>=9000000000000000 then return nil end
local ah=x('TIME')
local n=tonumber(ah[1])*1000+math.floor(tonumber(ah[2])/1000)+tonumber(s)
if type(x('ZADD',KEYS[c+4],string.format('%.0f',n),ARGV[w]))~='number'then return nil end
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
local bq=x('ZSCORE',KEYS[c+4],ARGV[w])
if not bq then return 0 end
local ah=x('TIME')
local b=tonumber(ah[1])*1000+math.floor(tonumber(ah[2])/1000)
if type(bq)~='string'or tonumber(bq)<b then return nil end
if x('ZREM',KEYS[c+4],ARGV[w])~=1 then return nil end
local af=tonumber(x('ZREVRANGE',KEYS[c+4],0,0,'WITHSCORES')[2])
if af and af>=b then x('SET',KEYS[c],'~s','PX',math.max(1,af-b))
else x('DEL',KEYS[c])end
return 1
end
}
local fg={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    `local dw={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function di(av)return dw[av]end
local function gn(he,bi)return string.find(dw[he],' '..bi..' ',1,true)end
local function ha(hd)
local df={}
return function(l)
if df[l]==nil then df[l]=not hd(l)end
if not df[l]then return false end
for bi in string.gmatch(dw[l],'%u+')do df[bi]=false end
return true
end
end`,
    `local aj,cg,gh=7,'~s','~p'
local dy={['IS']={3},['IX']={4},['S']={5},['SIX']={4,5},['X']={}}
local ey={['IS']={},['IX']={5},['S']={4},['SIX']={4,5},['X']={3,4,5}}
local function bh()
local ah=redis.call('TIME')
return tonumber(ah[1])*1000+math.floor(tonumber(ah[2])/1000)
end
local function eh(av)
local an={}
for l in string.gmatch(av,'%u+')do
if not ey[l]then error('unknown mode '..l,0)end
an[#an+1]=l
end
return an
end
local function cd(e,t)
local h={e[1],[e[1]]=true}
for d=t,#e do
h[#h+1]=e[d]
h[e[d]]=true
end
return h
end
local function dm(a,c,l,h,b)
local m=redis.call('GET',a[c+1])
if m==gh then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
if m and m~=cg and not h[m]then return redis.call('PTTL',a[c+1]),m end
local j,ab
for ad,z in ipairs(ey[l])do
local ac=redis.call('ZREVRANGE',a[c+z],0,#h,'WITHSCORES')
for d=1,#ac,2 do
local n=tonumber(ac[d+1])
if not h[ac[d]]then
if n>=b and(not j or n>j)then j,ab=n,ac[d]end
break
end
end
end
if j then return j-b,ab end
end
local function fp(a,c,b)
local af
if redis.call('EXISTS',a[c+3],a[c+4],a[c+5])==0 then return nil end
for z=3,5 do
local n=tonumber(redis.pcall('ZREVRANGE',a[c+z],0,0,'WITHSCORES')[2])
if n and n>=b then af=math.max(af or 0,n)end
end
return af
end
local function ef(a,c,l,h)
if l=='X'then return h[redis.call('GET',a[c+1])]end
for ad,z in ipairs(dy[l])do
local ca=false
for ad,k in ipairs(h)do
if redis.call('ZSCORE',a[c+z],k)then ca=true end
end
if not ca then return false end
end
return true
end
local function gx(a,c,h)
if h[redis.call('GET',a[c+1])]then return true end
for z=3,5 do
for ad,k in ipairs(h)do
if redis.call('ZSCORE',a[c+z],k)then return true end
end
end
return false
end
local function fk(a,c,l,h,s,b)
local ae,k,bf=a[c+1],h[1],false
local m=redis.call('GET',ae)
local n=b+s
if h[m]then
local v=redis.call('PTTL',ae)
if v==-1 and m==k and l=='X'then return false end
n=math.max(n,b+v)
bf=m~=k
end
for z=3,5 do
for d,bt in ipairs(h)do
local bq=(d>1 or l~='X')and redis.call('ZSCORE',a[c+z],bt)
if bq then
n=math.max(n,tonumber(bq))
if d>1 then
redis.call('ZREM',a[c+z],bt)
bf=true
end
end
end
end
if l=='X'then
redis.call('SET',ae,k,'PX',n-b)
return bf
end
for ad,z in ipairs(dy[l])do
local g=a[c+z]
redis.call('ZREMRANGEBYSCORE',g,'-inf',string.format('(%.0f',b))
redis.call('ZADD',g,string.format('%.0f',n),k)
if redis.call('PTTL',g)<n-b then redis.call('PEXPIRE',g,n-b)end
end
if m~=cg then
redis.call('SET',ae,cg,'PX',fp(a,c,b)-b)
else
local v=redis.call('PTTL',ae)
if v>=0 and v<n-b then redis.call('PEXPIRE',ae,n-b)end
end
return bf
end
local ex={}
local function bd(a,c,i,b)
if#i==0 then return{}end
local ai={}
local ea=ha(function(l)return dm(a,c,l,ex,b)end)
for d,p in ipairs(fs(i,ea,b))do ai[d]=p[2]end
br(a[c+6],i,b)
if#ai>0 then redis.pcall('PUBLISH',a[c+7],table.concat(ai,' '))end
return ai
end
local function gk(a,c,l,h,q,ag,i,b)
local v,ab=dm(a,c,l,h,b)
if v or#i==0 or gx(a,c,h)then return v,ab end
local be=fa(i,q,ag,b,function(bi)return gn(bi,l)end)
if not be then return nil end
bd(a,c,i,b)
if be[5]>0 then return math.max(0,50-b+be[5]),''end
v,ab=dm(a,c,be[3],ex,b)
return v and-1 or 50,ab or''
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
if j~=f then dv(g,f)end
end
return f
end
local function gz(a)
local ac={}
for c=0,#a-aj,aj do
ac[#ac+1]=a[c+1]
for ak=3,6 do ac[#ac+1]=a[c+ak]end
end
return redis.call('EXISTS',unpack(ac))==0
end
local function gu(a,c,l,k,s,b)
for ad,z in ipairs(dy[l])do
redis.call('ZADD',a[c+z],string.format('%.0f',b+s),k)
redis.call('PEXPIRE',a[c+z],s)
end
redis.call('SET',a[c+1],l=='X'and k or cg,'PX',s)
end
y['modes.acquire']=function(a,e)
local s,q,ag,an=tonumber(e[2]),e[3],tonumber(e[4]),eh(e[5])
local h,gi,b=cd(e,6),{e[1],[e[1]]=true},bh()
local as,al,ak,au,ab={},b,nil,nil,nil
local cb,bf=true,false
if gz(a)then
local f=fi(a,an,false)
for d,l in ipairs(an)do gu(a,(d-1)*aj,l,e[1],s,b)end
return f
end
for d,l in ipairs(an)do
local c=(d-1)*aj
as[d]=bp(a[c+6],b,di)
for ad,p in ipairs(as[d])do al=math.max(al,p[1])end
local v,hl=gk(a,c,l,h,q,ag,as[d],b)
if v then
ak=ak or d
if not ab or(au~=-1 and(v==-1 or v>au))then
au,ab=v,hl
end
elseif not ef(a,c,l,gi)then
cb=false
end
end
if ak then
if q~=''then
local c=(ak-1)*aj
ga(as[ak],q,an[ak],ag>0 and ag or al+1,b)
br(a[c+6],as[ak],b)
pcall(eb,a[c+7],q,s)
end
return{0,au,ab,string.format('%.0f',al)}
end
local f=fi(a,an,cb)
for d,l in ipairs(an)do
local c=(d-1)*aj
if fk(a,c,l,h,s,b)then bf=true end
if eo(as[d],q,b)then br(a[c+6],as[d],b)end
end
return bf and-f or f
end
y['modes.convert']=y['modes.acquire']
y['modes.commit']=function(a,e)
local h={e[1],[e[1]]=true}
for d,l in ipairs(eh(e[3]))do
if not ef(a,(d-1)*aj,l,h)then return{0}end
end
for c=0,#a-aj,aj do
if not at(a[c+2])then bu(a[c+2])end
cl(a[c+2],tonumber(e[2]))
end
return 1
end
y['modes.extend']=function(a,e)
local f,s,an=tonumber(e[2]),tonumber(e[3]),eh(e[4])
local h,b=cd(e,5),bh()
for d,l in ipairs(an)do
local v,ab=dm(a,(d-1)*aj,l,h,b)
if v then return{0,v,ab}end
end
for d,l in ipairs(an)do
local c=(d-1)*aj
local ee=not ef(a,c,l,h)and(at(a[c+2])or cp(a[c+2]))
if ee then cl(a[c+2],f)end
end
for d,l in ipairs(an)do
local c=(d-1)*aj
if fk(a,c,l,h,s,b)then bd(a,c,bp(a[c+6],b,di),b)end
end
return 1
end
local function ax(a,c,h,b)
local ae,aq=a[c+1],false
local m=redis.pcall('GET',ae)
if type(m)=='table'then
if string.find(m.err,'WRONGTYPE',1,true)then return false,false end
error(m.err,0)
end
if h[m]then
redis.call('DEL',ae)
m,aq=false,true
end
local ca=false
for z=3,5 do
for ad,k in ipairs(h)do
local bq=redis.pcall('ZSCORE',a[c+z],k)
if type(bq)=='string'then
redis.call('ZREM',a[c+z],k)
ca=true
if tonumber(bq)>=b then aq=true end
end
end
end
if m and m~=cg then return aq,false end
local af=ca and fp(a,c,b)
if af then
local v=redis.call('PTTL',ae)
redis.call('SET',ae,cg,'PX',math.max(1,af-b))
return aq,false,v>af-b
end
if ca and m then redis.call('DEL',ae)end
return aq,ca or aq
end
y['modes.release']=function(a,e)
local q,h,b=e[2],cd(e,3),bh()
local aq,ck=false,false
for c=0,#a-aj,aj do
local ar,gw,dh=ax(a,c,h,b)
local as=ar and redis.pcall('MGET',a[c+6],a[c+7])
if ar then aq=true end
if as and(as[1]or as[2])then
local cv,ai=pcall(bd,a,c,bp(a[c+6],b,di),b)
if not cv then ai={}end
for ad,bi in ipairs(ai)do
if bi~=q then ck=true end
end
if gw and#ai==0 and dz(a[c+7],q~='')then ck=true end
if dh and#ai==0 then redis.pcall('PUBLISH',a[c+7],'')end
end
end
if not aq then return 0 end
return ck and-1 or 1
end
y['modes.releaseAll']=y['modes.release']
y['modes.leave']=function(a,e)
local b=bh()
for c=0,#a-aj,aj do
local i=bp(a[c+6],b,di)
if fq(i,e[1])then
br(a[c+6],i,b)
pcall(bd,a,c,i,b)
end
pcall(co,a[c+7],e[1])
end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "c334cef60970aead804c39d231c50ba489bb2cfa",
  "8c84ba7c829317fb1c1e46dded607f7d05a81767",
);

export const SLOTS_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_8,
    PART_3,
    PART_4,
    PART_7,
    `local bk,bx,dx,ge='0','1','2',48
local gf=64
local function bm(av)
local hc=string.gmatch(av,'(%d+)%-?(%d*)')
return function()
local t,j=hc()
if t then return tonumber(t),tonumber(j)or tonumber(t)end
end
end
local function fx(u,ch)
local er,cq,j={},string.find(u,ch..'+')
while cq do
er[#er+1]=cq==j and tostring(cq-1)or string.format('%d-%d',cq-1,j-1)
cq,j=string.find(u,ch..'+',j+1)
end
return table.concat(er,' ')
end
local function cz(u,r,ch)
for t,j in bm(r)do
u=u..string.rep(bk,t-#u)
u=string.sub(u,1,t)..string.rep(ch,j-t+1)..string.sub(u,j+2)
end
return u
end
local function gj(u,r)
for t,j in bm(r)do
if string.find(string.sub(u,t+1,j+1),bx,1,true)then return false end
end
return true
end
local function de(u,o)
return#string.gsub(string.sub(u,1,o),bx..'+','')
end
local function fe(r)
local ei=0
for ad,j in bm(r)do ei=math.max(ei,j+1)end
return ei
end
local function hf(k,o)
local cm,et=string.match(k,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not cm then return 0,1 end
return tonumber(cm,16)%o,1+tonumber(et,16)%o
end
local function fb(u,bo,o,el,h,k)
local bg=bo
local function da(t,j)
j=math.min(j,o-1)
if bg==0 or t>j then return end
local hj,aa=string.gsub(string.sub(u,t+1,j+1),bk,dx,bg)
if aa==0 then return end
u,bg=string.sub(u,1,t)..hj..string.sub(u,j+2),bg-aa
end
for t,j in bm(el)do da(t,j)end
if h then
for t,j in bm(h)do da(t,j)end
else
local cm,et=hf(k,o)
for d=0,gf-1 do
if bg==0 then break end
local es=(cm+d*et)%o
if string.byte(u,es+1)==ge then da(es,es)end
end
da(cm,o-1)
da(0,cm-1)
end
if bg>0 then return nil end
return fx(u,dx),(string.gsub(u,dx,bx))
end`,
    `local cn,gg='~p','~s'
local ce,cf=16,32
local function bh()
local ah=redis.call('TIME')
return tonumber(ah[1])*1000+math.floor(tonumber(ah[2])/1000)
end
local function cd(e,t)
local h={e[1]}
for d=t,#e do h[#h+1]=e[d]end
return h
end
local function ek(a)
local bn=redis.call('GET',a[1])
if bn==gg then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
if bn and bn~=cn then return bn,redis.call('PTTL',a[1])end
end
local function cy(a,o,fz)
local du=redis.call('GET',a[7])or''
local al,aa=string.match(du,'^(%d+) (%d+)$')
if fz>tonumber(al or 0)then
du,aa=string.format('%.0f %.0f',fz,o),o
redis.call('SET',a[7],du,'PX',604800000)
elseif al then
redis.call('PEXPIRE',a[7],604800000)
end
return tonumber(aa)or o,aa and du or''
end
local function dl(a,am)
local u=redis.call('GET',a[3])or''
return u..string.rep(bk,am-#u),#u
end
local function gd(a,r,ch)
for t,j in bm(r)do
redis.call('SETRANGE',a[3],t,string.rep(ch,j-t+1))
end
end
local function dc(a,k)
local r,n=redis.call('HGET',a[4],k),redis.call('ZSCORE',a[5],k)
if r then
redis.call('HDEL',a[4],k)
if redis.call('EXISTS',a[3])==1 then gd(a,r,bk)end
end
if n then redis.call('ZREM',a[5],k)end
return r,tonumber(n)
end
local function dd(a,b)
local go=redis.call('ZRANGEBYSCORE',a[5],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for ad,k in ipairs(go)do dc(a,k)end
end
local function dr(a)
local cs=''
if not IS_CLUSTER then
local ay=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
cs=type(ay)=='string'and string.match(ay,'^complete %S+ %S+ (%S+) ')or''
end
cs=string.format('%-'..cf..'.'..cf..'s',cs)
if redis.call('GETRANGE',a[6],0,cf-1)~=cs then redis.call('SET',a[6],cs,'PX',604800000)end
end
local function dk(a,r,aw)
local eg=0
for t,j in bm(r)do
local av=redis.call('GETRANGE',a[6],cf+ce*t,cf+ce*(j+1)-1)
for d=0,j-t do
local aa=tonumber(string.sub(av,ce*d+1,ce*(d+1)))
eg=math.max(eg,aa or aw)
end
end
return eg
end
local function ew(a,r,aa,aw)
local av=string.format('%0'..ce..'.0f',aa)
for t,j in bm(r)do
redis.call('SETRANGE',a[6],cf+ce*t,string.rep(av,j-t+1))
end
redis.call('PEXPIRE',a[6],604800000)
if aw<aa then dv(a[2],aa)end
end
local function en(a,k,n,b)
local bs=tonumber(redis.call('ZSCORE',a[5],k)or 0)
if bs<n then redis.call('ZADD',a[5],string.format('%.0f',n),k)end
local af=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local v=af-b
local gy=af==math.max(n,bs)
if not gy and redis.call('EXISTS',a[1])==1 and redis.call('PTTL',a[3])>=v
and redis.call('PTTL',a[4])>=v then return end
for ak=3,5 do redis.call('PEXPIRE',a[ak],v)end
redis.call('SET',a[1],cn,'PX',v)
end
local function cr(a,k,r,n,b,am)
local gb=fe(r)
if am<gb then redis.call('SETRANGE',a[3],am,string.rep(bk,gb-am))end
gd(a,r,bx)
redis.call('HSET',a[4],k,r)
en(a,k,n,b)
end
local function gs(a,bg,b)
local db=redis.call('ZRANGE',a[5],0,64-1,'WITHSCORES')
local j=-1
for d=1,#db,2 do
j=tonumber(db[d+1])
for t,gp in bm(redis.call('HGET',a[4],db[d])or'')do
bg=bg-(gp-t+1)
end
if bg<=0 then break end
end
return j<0 and-1 or math.max(0,j-b),db[1]or''
end
local function ct(o)
return function(av)
local aa=tonumber(av)
return aa and aa<=o
end
end
local function bd(a,i,bv,o,b)
if#i==0 then return 0 end
local u,ax=dl(a,o),0
local bn=redis.call('GET',a[1])
if not bn or bn==cn then ax=de(u,o)end
local ai=fs(i,function(bl)
ax=ax-tonumber(bl)
return ax>=0
end,b)
br(a[8],i,b)
local bw={}
for d,p in ipairs(ai)do
local r,hi=fb(u,tonumber(p[3]),o,bv,'0-'..o-1)
u=hi or u
bw[d]=p[2]..':'..string.gsub(r or'',' ',',')
end
if#bw>0 then redis.pcall('PUBLISH',a[9],table.concat(bw,' '))end
return#bw
end
y['slots.acquire']=function(a,e)
local k,s,bc,ag,bo=e[1],tonumber(e[2]),e[3],tonumber(e[4]),tonumber(e[5])
local el,dj,h,b=e[8],#e>8,cd(e,9),bh()
local ab,au=ek(a)
local o,cx=cy(a,tonumber(e[6]),tonumber(e[7]))
if bo>o then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',o,bo),0)end
dd(a,b)
local i,al=bp(a[8],b,ct(o)),b
for ad,p in ipairs(i)do al=math.max(al,p[1])end
local u,am=dl(a,o)
local r,by=redis.call('HGET',a[4],k),nil
if ab then
if bc~=''then pcall(eb,a[9],bc,s)end
elseif r then
dr(a)
en(a,k,b+s,b)
if fy(i,bc,b)then br(a[8],i,b)end
local f=dk(a,r,at(a[2])or bu(a[2]))
return{1,f,r,cx,dj and u or nil}
else
local bj,cj=u,''
for d=2,#h do
local ba=redis.call('HGET',a[4],h[d])or''
bj,cj=cz(bj,ba,bk),cj..' '..ba
end
local be
if#i>0 and not dj then
local ax=de(bj,o)
be=ax>=bo and fa(i,bc,ag,b,function(bl)
ax=ax-tonumber(bl)
return ax<bo
end)
end
if not be then by=fb(bj,bo,o,el,dj and cj or nil,k)end
if by then
local aw=at(a[2])or bu(a[2])
dr(a)
local f,n=dk(a,by,aw)+1,b+s
ew(a,by,f,aw)
for d=2,#h do
local ad,bs=dc(a,h[d])
n=math.max(n,bs or 0)
end
cr(a,k,by,n,b,am)
if fy(i,bc,b)then br(a[8],i,b)end
return{1,f,by,cx,dj and cz(bj,by,bx)or nil}
end
local ax=de(u,o)
au,ab=gs(a,bo-ax,b)
if be then
bd(a,i,'',o,b)
if be[5]>0 then au,ab=math.max(0,50-b+be[5]),''
else au=-1 end
end
end
if bc~=''then
ga(i,bc,string.format('%.0f',bo),ag>0 and ag or al+1,b)
br(a[8],i,b)
end
return{0,au,ab,string.format('%.0f',al),cx}
end
y['slots.commit']=function(a,e)
local r=e[3]
if redis.call('HGET',a[4],e[1])~=r then return{0}end
local aw=at(a[2])or bu(a[2])
dr(a)
local aa=dk(a,r,aw)
if aa<tonumber(e[2])then ew(a,r,tonumber(e[2]),aw)end
return 1
end
y['slots.extend']=function(a,e)
local k,f,s,r=e[1],tonumber(e[2]),tonumber(e[3]),e[4]
local h,b=cd(e,7),bh()
local ab=ek(a)
if ab then return{0,-1,ab}end
local o=cy(a,tonumber(e[5]),tonumber(e[6]))
dd(a,b)
local ba=redis.call('HGET',a[4],k)
if ba==r and#h==1 then
en(a,k,b+s,b)
return 1
end
local u,am=dl(a,math.max(o,fe(r)))
local bj,bs=u,''
for ad,bt in ipairs(h)do
local cj=redis.call('HGET',a[4],bt)or''
bj,bs=cz(bj,cj,bk),bs..' '..cj
end
if not gj(bj,r)then
local gc={k,'',e[5],e[6]}
for d=2,#h do gc[d+3]=h[d]end
y['slots.release'](a,gc)
return{0,-1,''}
end
local aw=ba~=r and(at(a[2])or cp(a[2]))
if aw then
dr(a)
ew(a,r,math.max(f,dk(a,r,aw)),aw)
end
local n=b+s
for ad,bt in ipairs(h)do
local ad,j=dc(a,bt)
n=math.max(n,j or 0)
end
cr(a,k,r,n,b,am)
local bv=fx(cz(cz(string.rep(bk,#bj),bs,bx),r,bk),bx)
if bv~=''then bd(a,bp(a[8],b,ct(o)),bv,o,b)end
return 1
end
y['slots.release']=function(a,e)
local q,h,b=e[2],cd(e,5),bh()
local bv,aq,ev,fo='',false,0,false
for ad,bt in ipairs(h)do
local r,n=dc(a,bt)
if r or n then fo=true end
if n and n>=b then aq=true end
bv,ev=bv..' '..(r or''),math.max(ev,n or 0)
end
if not fo then return 0 end
dd(a,b)
local af=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local bn,dh=redis.pcall('GET',a[1]),false
if not af then redis.call('DEL',a[3])end
if bn==cn then
if not af then redis.call('DEL',a[1])
elseif ev>af then
redis.call('SET',a[1],cn,'PX',math.max(1,af-b))
dh=true
end
end
local as=redis.pcall('MGET',a[8],a[9])
if as[1]or as[2]then
local o=cy(a,tonumber(e[3]),tonumber(e[4]))
local i=bp(a[8],b,ct(o))
local cv,ai=pcall(bd,a,i,bv,o,b)
if not cv or ai==0 then
if not af then dz(a[9],q~='')
elseif dh then redis.pcall('PUBLISH',a[9],'')end
end
end
return aq and 1 or 0
end
y['slots.leave']=function(a,e)
local b,o=bh(),cy(a,tonumber(e[2]),tonumber(e[3]))
local i=bp(a[8],b,ct(o))
if fq(i,e[1])then
br(a[8],i,b)
pcall(bd,a,i,'',o,b)
end
pcall(co,a[9],e[1])
return 1
end
y['slots.count']=function(a,e)
local b,ab=bh(),ek(a)
local o,cx=cy(a,tonumber(e[1]),tonumber(e[2]))
dd(a,b)
local i=bp(a[8],b,ct(o))
bd(a,i,'',o,b)
return{1,ab and 0 or de(dl(a,o),o),o,tonumber(string.match(cx,'^%d+')or 0)}
end`,
    PART_5,
    PART_6,
  ],
  "82145d8ccff9430e3cc300661d97029d1c8cef7e",
  "2711e485afa39c36fc9c2c254be3a95f612bcde4",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_8,
    PART_3,
    `local function fu(g)
local ay=redis.pcall('GET',g)
return type(ay)=='string'and ay or''
end
local function fw(g,gq,m)
local cc=fu(g)
local ah=redis.call('TIME')
local b=string.format('%.0f',tonumber(ah[1])*1000+math.floor(tonumber(ah[2])/1000))
if cc==gq then
cc=m(tonumber(b))
redis.call('SET',g,cc)
end
return{1,cc,b}
end
y['marker.replace']=function(a,e)
return fw(a[1],e[1],function()return e[2]end)
end
y['marker.lose']=function(a,e)
return fw(a[1],e[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(e[2]))
end)
end`,
    `y['identify']=function(a)
local fv=''
local function dq(hk)
local dg=redis.pcall('INFO',hk)
if type(dg)=='table'then dg,fv='',dg.err end
return function(gr)return string.match(dg,'%f[%w_]'..gr..':([^\\r\\n]*)')or''end
end
local ds,fr,ep=dq('server'),dq('memory'),dq('replication')
local ah=redis.call('TIME')
local l=ds('redis_mode')
if l==''then l=ds('server_mode')end
return{
1,ds('run_id'),tonumber(ds('uptime_in_seconds'))or-1,
tonumber(ah[1])*1000000+tonumber(ah[2]),
tonumber(dq('persistence')('aof_enabled'))or-1,
fr('maxmemory_policy'),tonumber(fr('maxmemory'))or-1,
ep('role'),l,ep('master_replid'),ep('master_replid2'),
a[1]and fu(a[1])or'',fv
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
local function ft(a,e,gm)
for d=1,#a do
local cu,f=pcall(at,a[d])
if cu then
if not f then gm(a[d])end
cl(a[d],tonumber(e[d]))
end
end
return 1
end
y['counters.raise']=function(a,e)
return ft(a,e,bu)
end
y['counters.restore']=function(a,e)
return ft(a,e,function()end)
end
y['counters.lift']=function(a,e)
for d=1,#a do
local cu,f=pcall(at,a[d])
if cu and f then cl(a[d],tonumber(e[1]))end
end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "06256f2b91bc2bb8aadfcc07ed8e15fff33ea422",
  "3784a52ba95a51c02ccbfa91b21a4d864d5793bd",
);
