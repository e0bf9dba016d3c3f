// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local s=redis.pcall
local function ad(p)
local j=s('INCR',p)
if type(j)~='number'then return nil end
if j>1 and j<=9000000000000000 then return j end
if j==1 and not IS_CLUSTER then
local bm=s('GET',string.match(p,'^(.*)~fence:')..'~server')
local di=type(bm)=='string'and string.match(bm,'^complete .* (%d+)$')
local ai=di and s('SET',p,di)
if ai and not ai.err then return tonumber(di)end
end
s(j>1 and'DECR'or'DEL',p)
return nil
end`;

const PART_2 = `if#KEYS<=eg and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local er=ef[ARGV[1]]
local ae=er and er(1,6+ARGV[5],6,#KEYS)
if ae then return ae end
end`;

const PART_3 = `local function general()
local ab={}
local function bf(p)
local k=redis.call('GET',p)
if not k then return nil end
local j=string.match(k,'^-?%d+$')and tonumber(k)
if not j or j>=9000000000000000 then
error('the fencing counter '..p..' cannot be counted up: '..k..'; delete it together with '
..string.match(p,'^(.*)~fence:')..'~server, on one server after another')
end
return j>0 and j or nil
end
local function ea(p,j)
redis.call('SET',p,string.format('%.0f',j))
end
local function dr(p)
if not IS_CLUSTER then
local bm=redis.pcall('GET',string.match(p,'^(.*)~fence:')..'~server')
if type(bm)~='table'or string.find(bm.err,'WRONGTYPE',1,true)then
return type(bm)=='string'and tonumber(string.match(bm,'^complete .* (%d+)$'))or nil
end
end
local av=redis.call('TIME')
local c=tonumber(av[1])*1000000+tonumber(av[2])
return math.max(1,c-c%16384)
end
local function cm(p)
local di=dr(p)
if di then return di end
redis.call('DEL',p)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function dn(p,j)
local cy=bf(p)
if not cy then j=math.max(j,dr(p)or 0)end
if(cy or 0)<j then ea(p,j)end
end`;

const PART_4 = `local function et(p)
local bb=redis.pcall('GET',p)
return type(bb)=='string'and bb or nil
end
local function fl(p,ao,af)
af=math.max(af,20000)
local bb=et(p)
if not bb then
redis.call('SET',p,ao,'PX',af)
elseif string.find(' '..bb..' ',' '..ao..' ',1,true)then
redis.call('PEXPIRE',p,math.max(redis.call('PTTL',p),af))
elseif#bb+1<256*(#ao+1)then
redis.call('SET',p,bb..' '..ao,'PX',math.max(redis.call('PTTL',p),af))
end
end
local function dp(p,ao)
local bb=et(p)
if not bb then return end
local cd={}
for az in string.gmatch(bb,'%S+')do
if az~=ao then cd[#cd+1]=az end
end
if#cd==0 then redis.call('DEL',p)
else redis.call('SET',p,table.concat(cd,' '),'PX',math.max(redis.call('PTTL',p),1))end
end
local function fi(p,iz)
local bb=et(p)
if not bb then return false end
local x=iz and string.match(bb,'%S+')or''
if x~=''then dp(p,x)end
redis.pcall('PUBLISH',p,x)
return x~=''
end`;

const PART_5 = `return ab
end`;

const PART_6 = `local function jg(er,b,dm,aa,n,ac,ey)
local a,f={unpack(KEYS,b,b+dm-1)},{unpack(ARGV,aa,aa+n-1)}
for d=1,ey do f[n+d]=ARGV[ac+d-1]end
local du,ae=pcall(er,a,f)
if du then return ae end
if type(ae)=='table'then ae=ae.err or ae[1]end
return{-1,tostring(ae)}
end
local bv,ab,b,aa={},nil,1,1
while aa<=#ARGV do
local fv,co,dm=ARGV[aa],tonumber(ARGV[aa+1]),tonumber(ARGV[aa+2])
local n,ey,ac=tonumber(ARGV[aa+3]),tonumber(ARGV[aa+4]),aa+5
aa=ac+ey
local gx=dm<=eg
local gv=gx and ef[fv]
local gu=gx and co>1 and fm[fv]
local cr=0
while cr<co do
local ad=gu and gu(b,aa,co-cr,bv)or 0
if ad==0 then
local ae=gv and gv(b,aa,ac,dm)
if not ae then
ab=ab or general()
ae=jg(ab[fv],b,dm,aa,n,ac,ey)
end
bv[#bv+1]=ae
ad=1
end
b,aa,cr=b+ad*dm,aa+ad*n,cr+ad
end
end
return#bv==1 and bv[1]or bv`;

const PART_7 = `local function ec(v)return string.match(v,'^%w+')or''end
local function cs(g,d)
local ak=g[d]
if type(ak)~='string'then return ak end
local ah,v,bz,o,ar,ax=
string.match(ak,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local l
if bz and g.is_demand(bz)then
l={tonumber(ah),v,bz,tonumber(o),tonumber(ar),tonumber(ax),false,ak}
else
l={0,'','',0,0,0,true,ak}
end
g[d]=l
return l
end
local function eb(g,l)
g.check=math.min(g.check,l[4]+1)
if l[5]>0 then g.check=math.min(g.check,l[5]+50+1)end
end
local function ii(g,c)
local fh,cz=0,{}
local ad=#g
g.check=math.huge
for d=1,ad do
local l=cs(g,d)
g[d]=nil
if l[4]>=c then
fh=fh+1
g[fh]=l
eb(g,l)
if l[5]>0 and c-l[5]>50 then
local ao=ec(l[2])
cz[ao]=math.max(cz[ao]or 0,l[5])
l[7]=true
end
end
end
if not next(cz)then return end
for aw,l in ipairs(g)do
local ao=ec(l[2])
if cz[ao]and l[4]-3000>cz[ao]then cz[ao]=nil end
end
for aw,l in ipairs(g)do l[7]=l[7]or cz[ec(l[2])]~=nil end
end
local function bu(p,c,it)
local ak=redis.pcall('GET',p)
local g={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=it}
local al,i,ax
if type(ak)=='string'then al,i,ax=string.match(ak,'^(%d+) (%d+) (%d+);')end
if not al then return g end
g.check,g.last,g.ticket=tonumber(al),tonumber(i),tonumber(ax)
local ad=0
for ca in string.gmatch(ak,';([^;]+)')do
ad=ad+1
g[ad]=ca
end
if c>=g.check then ii(g,c)end
return g
end
local function cg(p,g,c)
if#g==0 then
redis.call('DEL',p)
return
end
local ci={string.format('%.0f %.0f %.0f',g.check,g.last,g.ticket)}
for d,l in ipairs(g)do
ci[d+1]=type(l)=='string'and l or l[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(l,1,6))
end
redis.call('SET',p,table.concat(ci,';'),'PX',math.max(1,g.last-c))
end
local function fp(l,ah,v)
return l[1]>ah or(l[1]==ah and l[2]>v)
end
local function go(g,v,ah,ih)
local bd
for d=1,#g do
local l=cs(g,d)
if l[2]==v or(ah and fp(l,ah,v))then break end
if not l[7]and ih(l[3])then
if bd then return bd,true end
bd=l
end
end
return bd,false
end
local function fw(g,v)
local jf=' '..v..' '
for d,l in ipairs(g)do
if type(l)~='string'or string.find(l,jf,1,true)then
if cs(g,d)[2]==v then return d end
end
end
end
local function ev(g,v,c)
local m=v~=''and fw(g,v)
if not m then return nil end
local l=cs(g,m)
l[4],l[5],l[7],l[8]=c+3000,0,false,nil
g.last=math.max(g.last,l[4])
return m
end
local function hu(g,v,c)
local m=ev(g,v,c)
if not m then return false end
local l=g[m]
l[5],l[7]=math.max(1,c-50-1),true
eb(g,l)
return true
end
local function hw(g,v,bz,ax,en,c,u)
local m=ev(g,v,c)
if m and g[m][6]>=ax then
g[m][3]=bz
return m
end
if m then table.remove(g,m)end
if ax==0 then ax=u+1 end
local ah=ax-en
m=#g+1
while m>1 and fp(cs(g,m-1),ah,v)do m=m-1 end
local l={ah,v,bz,c+3000,0,ax,false}
table.insert(g,m,l)
eb(g,l)
g.last,g.ticket=math.max(g.last,l[4]),math.max(g.ticket,ax)
g[256+1]=nil
return m
end
local function hj(g,v)
local m=fw(g,v)
if m then table.remove(g,m)end
return m~=nil
end
local function hm(g,bq,c)
local ar,ed,fr={},{},false
for d=1,#g do
local l=cs(g,d)
if not l[7]then
local ao=ec(l[2])
fr=fr or not bq(l[3])
if fr then
if not next(ed)then break end
if not ed[ao]then return ar,true,l[2]end
else
if l[5]<=0 then
l[5],l[8]=c,nil
eb(g,l)
ar[#ar+1]=l
end
ed[ao]=true
end
end
end
return ar,next(ed)~=nil,nil
end
local function hx(ci,dg)
return table.concat(ci,' ')..(dg and' ~'..dg or'')
end`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local eg=2
local ef={
['mutex.acquire']=function(b,aa,ac)
local ai=s('SET',KEYS[b],ARGV[aa],'NX','PX',ARGV[ac])
if not ai or ai.err then return nil end
local j=ad(KEYS[b+1])
if not j then s('DEL',KEYS[b])end
return j
end,
['mutex.takeOver']=function(b,aa,ac)
if s('GET',KEYS[b])~=ARGV[aa+1]then return nil end
local j=ad(KEYS[b+1])
if not j then return nil end
local ai=s('SET',KEYS[b],ARGV[aa],'PX',ARGV[ac])
return not ai.err and-j or nil
end,
['mutex.extend']=function(b,aa,ac)
if s('GET',KEYS[b])~=ARGV[aa]then return nil end
local z=s('PTTL',KEYS[b])
if type(z)~='number'or z<0 then return nil end
if z<tonumber(ARGV[ac])and s('PEXPIRE',KEYS[b],ARGV[ac])~=1 then return nil end
return 1
end,
['mutex.release']=function(b,aa)
local y=s('MGET',KEYS[b],KEYS[b+1])
if y.err or y[2]then return nil end
if y[1]~=ARGV[aa]then return 0 end
return s('DEL',KEYS[b])==1 and 1 or nil
end,
}`,
    PART_2,
    `local fm={
['mutex.release']=function(b,aa,co,bv)
local y=s('MGET',unpack(KEYS,b,b+2*co-1))
if y.err then return 0 end
local bt,hd,ga,cr={},{},{},0
for d=1,co do
if y[2*d]then break end
local an=KEYS[b+2*d-2]
local bi=y[2*d-1]==ARGV[aa+d-1]and not hd[an]
bv[#bv+1]=bi and 1 or 0
if bi then
hd[an]=true
bt[#bt+1]=an
ga[#bt]=#bv
end
cr=d
end
local gt=#bt>0 and s('DEL',unpack(bt))
if type(gt)=='table'then
for d=1,#ga do bv[ga[d]]={-1,gt.err}end
end
return cr
end
}`,
    PART_3,
    PART_4,
    `local function dk(p,h,af,bi)
if not bi then redis.call('SET',p,h,'PX',af)
else
local z=redis.call('PTTL',p)
if z>=0 and z<tonumber(af)then redis.call('PEXPIRE',p,af)end
end
end
local function gm(a,h,ji,af,v)
local gd=v==''and 2 or 3
local bi,cw,bs={},true,false
local bk,ag
for d=1,#a,gd do
local k=redis.call('GET',a[d])
bi[d]=k==h
if k~=h then cw=false end
if k and k==ji then
bs=true
elseif k and k~=h then
local z=redis.call('PTTL',a[d])
if not ag or(bk~=-1 and(z==-1 or z>bk))then
bk,ag=z,k
end
end
end
if v~=''then
for d=3,#a,3 do pcall(fl,a[d],v,tonumber(af))end
end
if ag then return{0,bk,ag}end
local j=0
for d=2,#a,gd do
local i=bf(a[d])
j=math.max(j,i and(cw and i or i+1)or cm(a[d]))
end
for d=1,#a,gd do
dk(a[d],h,af,bi[d])
ea(a[d+1],j)
end
return bs and-j or j
end
ab['mutex.acquire']=function(a,f)
return gm(a,f[1],nil,f[2],f[3])
end
ab['mutex.takeOver']=function(a,f)
return gm(a,f[1],f[2],f[3],f[4])
end
ab['mutex.commit']=function(a,f)
for d=1,#a,2 do
if redis.call('GET',a[d])~=f[1]then return{0}end
end
for d=2,#a,2 do
if not bf(a[d])then cm(a[d])end
dn(a[d],tonumber(f[2]))
end
return 1
end
ab['mutex.extend']=function(a,f)
local h,j,af=f[1],tonumber(f[2]),f[3]
local bi={}
for d=1,#a,2 do
local k=redis.call('GET',a[d])
if k and k~=h then return{0,redis.call('PTTL',a[d]),k}end
bi[d]=k==h
end
for d=1,#a,2 do
local fo=not bi[d]and(bf(a[d+1])or dr(a[d+1]))
if fo then dn(a[d+1],j)end
end
for d=1,#a,2 do dk(a[d],h,af,bi[d])end
return 1
end
ab['mutex.release']=function(a,f)
local h,ao=f[1],f[2]
local ay,dj=false,false
for d=1,#a,2 do
local k=redis.pcall('GET',a[d])
if ao~=''then pcall(dp,a[d+1],ao)end
if k==h then
redis.call('DEL',a[d])
ay=true
if fi(a[d+1],ao~='')then dj=true end
elseif type(k)=='table'and k.err and not string.find(k.err,'WRONGTYPE',1,true)then
error(k.err)
end
end
if not ay then return 0 end
return dj and-1 or 1
end
ab['mutex.leave']=function(a,f)
pcall(dp,a[1],f[1])
return 1
end
ab['mutex.renew']=function(a,f)
local j=1
for d=1,#a,2 do
local k=redis.call('GET',a[d])
if k~=f[1]then return{0,redis.call('PTTL',a[d]),k or''}end
j=math.max(j,bf(a[d+1])or 1)
end
for d=1,#a,2 do dk(a[d],f[1],f[2],true)end
return j
end
ab['mutex.query']=function(a)
local ae={1}
for d=1,#a,2 do
ae[#ae+1]=redis.call('GET',a[d])or''
ae[#ae+1]=redis.call('PTTL',a[d])
ae[#ae+1]=et(a[d+1])or''
end
return ae
end`,
    PART_5,
    PART_6,
  ],
  "fb22b1ebe565d418862200f20f08b93a5fac4a86",
  "a4a9d48d283841f4cb79d90b162b3ea06da819d1",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local eg=140
local ef={
['modes.acquire']=function(b,aa,ac,aq)
local h,af,at,br=ARGV[aa],ARGV[ac],ARGV[ac+4],KEYS[b+1]
if ARGV[ac+1]~=''then return nil end
if aq==7 then
if s('EXISTS',KEYS[b],KEYS[b+2],KEYS[b+3],KEYS[b+4],KEYS[b+5])~=0 then return nil end
else
for m=b+8,b+aq-1,7 do
if KEYS[m]~=br then return nil end
end
if s('EXISTS',unpack(KEYS,b,b+aq-1))~=aq/7 then return nil end
end
local j
if at=='X'or string.find(' '..at,' X',1,true)or string.find(at,'SIX',1,true)then
j=s('INCR',br)
if type(j)~='number'then return nil end
if j<=1 or j>9000000000000000 then
s(j>1 and'DECR'or'DEL',br)
return nil
end
else
local k=s('GET',br)
j=type(k)=='string'and string.match(k,'^%d+$')and tonumber(k)
if not j or j<1 or j>=9000000000000000 then return nil end
end
for r in string.gmatch(at,'%u+')do
local ai=s('SET',KEYS[b],r=='X'and h or'~s '..r..' '..h,'PX',af)
if ai.err then return nil end
b=b+7
end
return j
end,
['modes.extend']=function(b,aa,ac,aq)
local h,af,m=ARGV[aa],ARGV[ac],1
local y=ARGV[ac-1]=='2'and s('MGET',unpack(KEYS,b,b+aq-1))
if not y or y.err then return nil end
for r in string.gmatch(ARGV[ac+1],'%u+')do
if y[m]~=(r=='X'and h or'~s '..r..' '..h)then return nil end
m=m+7
end
for an=b,b+aq-1,7 do
local z=s('PTTL',KEYS[an])
if type(z)~='number'or z<0 then return nil end
if z<tonumber(af)and s('PEXPIRE',KEYS[an],af)~=1 then return nil end
end
return 1
end,
['modes.release']=function(b,aa,aw,aq)
local h=ARGV[aa]
if aq==7 then
local y=s('MGET',KEYS[b],KEYS[b+5],KEYS[b+6])
local k=y[1]
if not k or y[2]or y[3]then return nil end
if k~=h and string.match(k,'^~s [ISX]+ (.*)$')~=h then return nil end
return s('DEL',KEYS[b])==1 and 1 or nil
end
local y,eo=s('MGET',unpack(KEYS,b,b+aq-1)),{}
if y.err then return nil end
for m=1,aq,7 do
local k=y[m]
if not k or y[m+5]or y[m+6]then return nil end
if k~=h and string.match(k,'^~s [ISX]+ (.*)$')~=h then return nil end
eo[#eo+1]=KEYS[b+m-1]
end
return s('DEL',unpack(eo))==#eo and 1 or nil
end
}
local fm={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    `local fc={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function dl(ak)return fc[ak]end
local function gr(jc,az)return string.find(fc[jc],' '..az..' ',1,true)end
local function iy(jb)
local ej={}
return function(r)
if ej[r]==nil then ej[r]=not jb(r)end
if not ej[r]then return false end
for az in string.gmatch(fc[r],'%u+')do ej[az]=false end
return true
end
end`,
    `local bc,cj,gj=7,'~s','~p'
local fe={['IS']={3},['IX']={4},['S']={5},['SIX']={4,5},['X']={}}
local gl={['IS']={},['IX']={5},['S']={4},['SIX']={4,5},['X']={3,4,5}}
local function bp()
local av=redis.call('TIME')
return tonumber(av[1])*1000+math.floor(tonumber(av[2])/1000)
end
local function ft(ak)
local at={}
for r in string.gmatch(ak,'%u+')do
if not gl[r]then error('unknown mode '..r,0)end
at[#at+1]=r
end
return at
end
local function dc(f,x)
local n={f[1],[f[1]]=true}
for d=x,#f do
n[#n+1]=f[d]
n[f[d]]=true
end
return n
end
local function dy(k)
if not k or string.sub(k,1,3)~='~s 'then return nil end
local r,h=string.match(k,'^~s (%u+) (.*)$')
if fe[r]then return r,h end
end
local function eq(a,b,r,n,c)
local k=redis.call('GET',a[b+1])
if k and(k==gj or string.sub(k,1,3)==gj..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local da,ba=dy(k)
if ba then
local z=not n[ba]and redis.call('PTTL',a[b+1])
if z and(z==-1 or gr(r,da))then return z,ba end
return nil
end
if n[k]then return nil end
if k and k~=cj then return redis.call('PTTL',a[b+1]),k end
local i,ag
for aw,ai in ipairs(gl[r])do
local y=redis.call('ZREVRANGE',a[b+ai],0,#n,'WITHSCORES')
for d=1,#y,2 do
local o=tonumber(y[d+1])
if not n[y[d]]then
if o>=c and(not i or o>i)then i,ag=o,y[d]end
break
end
end
end
if i then return i-c,ag end
end
local function hh(a,b,c)
local u
if redis.call('EXISTS',a[b+3],a[b+4],a[b+5])==0 then return nil end
for ai=3,5 do
local o=tonumber(redis.pcall('ZREVRANGE',a[b+ai],0,0,'WITHSCORES')[2])
if o and o>=c then u=math.max(u or 0,o)end
end
return u
end
local function fq(a,b,r,n)
local k=redis.call('GET',a[b+1])
if r=='X'then return n[k]end
local da,ba=dy(k)
if ba then return n[ba]and da==r end
for aw,ai in ipairs(fe[r])do
local cv=false
for aw,h in ipairs(n)do
if redis.call('ZSCORE',a[b+ai],h)then cv=true end
end
if not cv then return false end
end
return true
end
local function iw(a,b,n)
local k=redis.call('GET',a[b+1])
local aw,ba=dy(k)
if ba then return n[ba]end
if n[k]then return true end
for ai=3,5 do
for aw,h in ipairs(n)do
if redis.call('ZSCORE',a[b+ai],h)then return true end
end
end
return false
end
local function gn(a,b,r,h,o,c)
for aw,ai in ipairs(fe[r])do
local p=a[b+ai]
redis.call('ZREMRANGEBYSCORE',p,'-inf',string.format('(%.0f',c))
redis.call('ZADD',p,string.format('%.0f',o),h)
if redis.call('PTTL',p)<o-c then redis.call('PEXPIRE',p,o-c)end
end
end
local function hc(a,b,r,n,af,c)
local an,h,bs=a[b+1],n[1],false
local k=redis.call('GET',an)
local o=c+af
local da,ba=dy(k)
local ag,is=ba or k,da or'X'
if n[ag]then
local z=redis.call('PTTL',an)
if z==-1 and ag==h and r==is then return false end
o=math.max(o,c+z)
if ba==h and r==da then
redis.call('SET',an,k,'PX',o-c)
return false
end
bs=ag~=h
k=nil
elseif ba then
local z=math.max(1,redis.call('PTTL',an))
gn(a,b,da,ba,c+z,c)
redis.call('SET',an,cj,'PX',z)
k=cj
end
if k~=cj and(r~='X'or ba)and redis.call('EXISTS',a[b+3],a[b+4],a[b+5])==0 then
redis.call('SET',an,r=='X'and h or'~s '..r..' '..h,'PX',o-c)
return bs
end
for ai=3,5 do
for d,ca in ipairs(n)do
local ah=(d>1 or r~='X')and redis.call('ZSCORE',a[b+ai],ca)
if ah then
o=math.max(o,tonumber(ah))
if d>1 then
redis.call('ZREM',a[b+ai],ca)
bs=true
end
end
end
end
if r=='X'then
redis.call('SET',an,h,'PX',o-c)
return bs
end
gn(a,b,r,h,o,c)
if k~=cj then
redis.call('SET',an,cj,'PX',hh(a,b,c)-c)
else
local z=redis.call('PTTL',an)
if z>=0 and z<o-c then redis.call('PEXPIRE',an,o-c)end
end
return bs
end
local gh={}
local function by(a,b,g,c)
if#g==0 then return{},false end
local ar,bq,dg=hm(
g,iy(function(r)return eq(a,b,r,gh,c)end),c)
for d,l in ipairs(ar)do ar[d]=l[2]end
if#ar>0 then
cg(a[b+6],g,c)
redis.pcall('PUBLISH',a[b+7],hx(ar,dg))
end
return ar,bq
end
local function ig(a,b,r,n,v,ah,g,c)
local z,ag=eq(a,b,r,n,c)
if z or#g==0 or iw(a,b,n)then return z,ag end
local bd,ir=go(g,v,ah,function(az)return gr(az,r)end)
if not bd then return nil end
by(a,b,g,c)
if ir then return-1,''end
if bd[5]>0 then return math.max(0,50-c+bd[5]),''end
z,ag=eq(a,b,bd[3],gh,c)
return z and-1 or 50,ag or''
end
local function io(a,at,cw)
local j,gs,bj=0,false,{}
for aw,r in ipairs(at)do
if(r=='X'or r=='SIX')and not cw then gs=true end
end
for m=2,#a,bc do
local p=a[m]
if bj[p]==nil then
local i=bf(p)
bj[p]=i or 0
j=math.max(j,i and(gs and i+1 or i)or cm(p))
end
end
for p,i in pairs(bj)do
if i~=j then ea(p,j)end
end
return j
end
ab['modes.acquire']=function(a,f)
local af,v,ax,en=tonumber(f[2]),f[3],tonumber(f[4]),tonumber(f[5])
local at,n,id,c=ft(f[6]),dc(f,7),{f[1],[f[1]]=true},bp()
local ah=ax>0 and ax-en or nil
local am,bj,m,bk,ag={},c,nil,nil,nil
local cw,bs=true,false
for d,r in ipairs(at)do
local b=(d-1)*bc
am[d]=bu(a[b+6],c,dl)
bj=math.max(bj,am[d].ticket)
local z,jm=ig(a,b,r,n,v,ah,am[d],c)
if z then
m=m or d
if not ag or(bk~=-1 and(z==-1 or z>bk))then
bk,ag=z,jm
end
elseif not fq(a,b,r,id)then
cw=false
end
end
local cb,dx=m or#at,nil
if v~=''then
dx=hw(am[cb],v,at[cb],ax,en,c,bj)
if not m and am[cb][dx]then am[cb][dx][5]=-1 end
cg(a[(cb-1)*bc+6],am[cb],c)
end
if m then
if v~=''then pcall(fl,a[(m-1)*bc+7],v,af)end
return{0,bk,ag,string.format('%.0f',bj),dx and dx-1 or#am[m]}
end
local j=io(a,at,cw)
for d,r in ipairs(at)do
local b=(d-1)*bc
if hc(a,b,r,n,af,c)then bs=true end
if d~=cb and ev(am[d],v,c)then cg(a[b+6],am[d],c)end
end
return bs and-j or j
end
ab['modes.convert']=ab['modes.acquire']
ab['modes.commit']=function(a,f)
local n={f[1],[f[1]]=true}
for d,r in ipairs(ft(f[3]))do
if not fq(a,(d-1)*bc,r,n)then return{0}end
end
for b=0,#a-bc,bc do
if not bf(a[b+2])then cm(a[b+2])end
dn(a[b+2],tonumber(f[2]))
end
return 1
end
ab['modes.extend']=function(a,f)
local j,af,at=tonumber(f[2]),tonumber(f[3]),ft(f[4])
local n,c=dc(f,5),bp()
for d,r in ipairs(at)do
local z,ag=eq(a,(d-1)*bc,r,n,c)
if z then return{0,z,ag}end
end
for d,r in ipairs(at)do
local b=(d-1)*bc
local fo=not fq(a,b,r,n)and(bf(a[b+2])or dr(a[b+2]))
if fo then dn(a[b+2],j)end
end
for d,r in ipairs(at)do
local b=(d-1)*bc
if hc(a,b,r,n,af,c)then by(a,b,bu(a[b+6],c,dl),c)end
end
return 1
end
local function bo(a,b,n,c)
local an,ay=a[b+1],false
local k=redis.pcall('GET',an)
if type(k)=='table'then
if string.find(k.err,'WRONGTYPE',1,true)then return false,false end
error(k.err,0)
end
local aw,ba=dy(k)
if n[ba or k]then
redis.call('DEL',an)
k,ay=false,true
end
if ba or(ay and#n==1)then return ay,ay end
local cv=false
for ai=3,5 do
for aw,h in ipairs(n)do
local ah=redis.pcall('ZSCORE',a[b+ai],h)
if type(ah)=='string'then
redis.call('ZREM',a[b+ai],h)
cv=true
if tonumber(ah)>=c then ay=true end
end
end
end
if k and k~=cj then return ay,false end
local u=cv and hh(a,b,c)
if u then
local z=redis.call('PTTL',an)
redis.call('SET',an,cj,'PX',math.max(1,u-c))
return ay,false,z>u-c
end
if cv and k then redis.call('DEL',an)end
return ay,cv or ay
end
local function hi(a,b,g,v,c)
local gz=hj(g,v)
if gz then cg(a[b+6],g,c)end
pcall(dp,a[b+7],v)
return gz
end
ab['modes.release']=function(a,f)
local v,n,c=f[2],dc(f,3),bp()
local ay,dj,hb=false,false,string.find(v,'.',1,true)
for b=0,#a-bc,bc do
local bi,iv,iu=bo(a,b,n,c)
local am=(bi or hb)and redis.pcall('MGET',a[b+6],a[b+7])
if bi then ay=true end
if am and(am[1]or am[2])then
local g=bu(a[b+6],c,dl)
if hb then hi(a,b,g,v,c)end
local du,ar,bq=pcall(by,a,b,g,c)
if not du then ar,bq={},false end
for aw,az in ipairs(ar)do
if az~=v then dj=true end
end
if iv and not bq and fi(a[b+7],v~='')then dj=true end
if iu and#ar==0 then redis.pcall('PUBLISH',a[b+7],'')end
end
end
if not ay then return 0 end
return dj and-1 or 1
end
ab['modes.releaseAll']=ab['modes.release']
ab['modes.leave']=function(a,f)
local c=bp()
for b=0,#a-bc,bc do
local g=bu(a[b+6],c,dl)
if hi(a,b,g,f[1],c)then pcall(by,a,b,g,c)end
end
return 1
end`,
    `ab['modes.position']=function(a,f)
local c=bp()
local g=bu(a[6],c,dl)
local m,fg,bb=fw(g,f[1]),0,0
local ah=m and g[m][1]or math.max(c,g.ticket)+1-tonumber(f[2])
for d=1,#g do
local l=cs(g,d)
if not l[7]and l[5]>=0 then
bb=bb+1
if l[2]~=f[1]and not fp(l,ah,f[1])then fg=fg+1 end
end
end
return{1,fg,bb,redis.call('EXISTS',a[1])}
end
ab['modes.stay']=function(a,f)
local c=bp()
local g=bu(a[6],c,dl)
if ev(g,f[1],c)then cg(a[6],g,c)end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "1bdf145138a24e6e399ab6c32d0698a414e4ccd2",
  "bce0c7c321d4638dacb753010642783ca879c728",
);

export const SLOTS_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local eg=8
local ff='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local ia=8
local function ee()
local av=s('TIME')
return av[1]*1000+math.floor(av[2]/1000)
end
local function gf(b,al,u,be,q,au,i,c)
if c and u~='0'and i+0>be+0 then
be=string.format('%.0f',i+math.max(1,i-c))
s('PEXPIREAT',KEYS[b+2],be)
s('PEXPIREAT',KEYS[b+3],be)
s('PEXPIRE',KEYS[b+4],604800000)
end
s('SET',KEYS[b],'~p '..al..' '..u..' '..be..' '..q..' '..au,'PXAT',i)
end
local ef={
['slots.acquire']=function(b,aa,ac)
if ARGV[ac+1]~=''or ARGV[ac+5]~='0'or ARGV[ac+6]~=''or ARGV[ac-1]~='7'then return nil end
local h,cp,w,br=ARGV[aa],ARGV[ac+3]+0,ARGV[ac+4]+0,KEYS[b+1]
if cp>ia or cp>w then return nil end
local as,c=s('GET',KEYS[b]),ee()
local al,u,be,q,aj,t,au='0','0','0','','0','',''
local gw=true
if as then
if as.err then return nil end
al,u,be,q,aj,t,au=string.match(as,ff)
if not al or au==h then return nil end
if(u~='0'and c>al+0)or(au~=''and aj+0<c)then return nil end
if u~='0'and s('HGET',KEYS[b+2],h)then return nil end
elseif s('EXISTS',KEYS[b+4],KEYS[b+5],KEYS[b+6])==0 then
gw=false
end
local bw,cq=string.match(h,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
bw,cq=bw and tonumber(bw,16)%w or 0,cq and 1+tonumber(cq,16)%w or 1
local db,df={},cp==1 and'1'or'2'
for d=0,63 do
local bn=(bw+d*cq)%w
local fk=string.byte(q,bn+1)
if fk~=49 and fk~=50 then
if not fk then q=q..string.rep('0',bn-#q)end
q=string.sub(q,1,bn)..df..string.sub(q,bn+2)
db[#db+1]=bn
if#db==cp then break end
end
end
if#db<cp then return nil end
local bg=db[1]..''
if cp>1 then
bg=''
local bh,i=string.find(q,'2+')
while bh do
bg=bg..(bg==''and''or' ')..bh-1 ..(bh==i and''or'-'..i-1)
bh,i=string.find(q,'2+',i+1)
end
q=string.gsub(q,'2','1')
end
local o,j=c+ARGV[ac],nil
local i=string.format('%.0f',o)
if not gw then
j=ad(br)
if not j then return nil end
else
local y
if IS_CLUSTER then
y=s('MGET',br,KEYS[b+5],KEYS[b+6])
else
local jh=string.sub(br,1,string.find(br,'~fence:',1,true)-1)
y=s('MGET',br,KEYS[b+5],KEYS[b+6],jh..'~server')
end
if y.err or y[2]or y[3]then return nil end
local ap=y[1]and string.find(y[1],'^%d+$')and y[1]+0
if not ap or ap<1 or ap>=9000000000000000 then return nil end
local ct=y[4]and string.match(y[4],'^complete %S+ %S+ (%S+) ')or''
if#ct~=32 then ct=string.format('%-32.32s',ct)end
if s('GETRANGE',KEYS[b+4],0,31)~=ct then return nil end
j=0
for d=1,cp do
local m=32+16*db[d]
j=math.max(j,tonumber(s('GETRANGE',KEYS[b+4],m,m+15))or ap)
end
j=j+1
if au~=''then
if u=='0'then s('DEL',KEYS[b+2],KEYS[b+3])end
local ic=s('ZADD',KEYS[b+3],aj,au)
if type(ic)~='number'then return nil end
s('HSET',KEYS[b+2],au,t)
if u=='0'or aj+0<al+0 then al=aj end
if aj+0>u+0 then u=aj end
end
local ak=string.format('%016.0f',j)
for d=1,cp do s('SETRANGE',KEYS[b+4],32+16*db[d],ak)end
if ap<j then s('SET',br,string.format('%.0f',j))end
if not as then s('PEXPIRE',KEYS[b+4],604800000)end
end
au=i..':'..bg..':'..h
gf(b,al,u,be,q,au,u+0>o and u or i,c)
return{1,j,bg,''}
end,
['slots.extend']=function(b,aa,ac)
local h=ARGV[aa]
if ARGV[ac+4]~='0'or ARGV[ac-1]~='5'then return nil end
local y=s('MGET',KEYS[b],KEYS[b+5])
if y.err or not y[1]or y[2]then return nil end
local al,u,be,q,aj,t,au=string.match(y[1],ff)
if not al then return nil end
local c=ee()
if(u~='0'and c>al+0)or(au~=''and aj+0<c)then return nil end
local o=c+ARGV[ac+1]
local i=string.format('%.0f',o)
if au==h then
if t~=ARGV[ac+2]then return nil end
if aj+0>=o then return 1 end
aj=i
if u+0>o then i=u end
else
if u=='0'or s('HGET',KEYS[b+2],h)~=ARGV[ac+2]then return nil end
local ah=s('ZSCORE',KEYS[b+3],h)
if type(ah)~='string'then return nil end
if ah+0>=o then return 1 end
s('ZADD',KEYS[b+3],i,h)
if u+0>=o then return 1 end
u=i
if aj+0>o then i=aj end
end
gf(b,al,u,be,q,aj..':'..t..':'..au,i,c)
return 1
end,
['slots.release']=function(b,aa,ac)
local h=ARGV[aa]
if ARGV[ac-1]~='3'then return nil end
local y=s('MGET',KEYS[b],KEYS[b+6],KEYS[b+7])
if y.err or y[2]or y[3]then return nil end
if not y[1]then return 0 end
local al,u,be,q,aj,t,au=string.match(y[1],ff)
if not al then return nil end
if au==h and u=='0'then
return s('DEL',KEYS[b])==1 and 1 or nil
end
if u=='0'then return nil end
local i,bl=u,t
if au==h then
if aj+0<u+0 and aj+0<ee()then return nil end
aj,t,au='0','',''
else
local ah=s('ZSCORE',KEYS[b+3],h)
bl=s('HGET',KEYS[b+2],h)
if type(bl)~='string'or type(ah)~='string'or ah+0<ee()then return nil end
s('ZREM',KEYS[b+3],h)
s('HDEL',KEYS[b+2],h)
if ah==u then
u=s('ZREVRANGE',KEYS[b+3],0,0,'WITHSCORES')[2]or'0'
if u=='0'then
al,be='0','0'
if au==''then return s('DEL',KEYS[b])and 1 end
end
end
i=aj+0>u+0 and aj or u
end
local bn=tonumber(bl)
if bn then
q=string.sub(q,1,bn)..'0'..string.sub(q,bn+2)
else
for bh,fb in string.gmatch(bl,'(%d+)%-?(%d*)')do
if fb==''then fb=bh end
q=string.sub(q,1,bh)..string.rep('0',fb-bh+1)..string.sub(q,fb+2)
end
end
gf(b,al,u,be,q,aj..':'..t..':'..au,i)
return 1
end
}
local fm={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    `local bx,ck,fd,hz='0','1','2',48
local ib=64
local function cl(ak)
local ja=string.gmatch(ak,'(%d+)%-?(%d*)')
return function()
local x,i=ja()
if x then return tonumber(x),tonumber(i)or tonumber(x)end
end
end
local function ht(q,df)
local gb,bh,i={},string.find(q,df..'+')
while bh do
gb[#gb+1]=bh==i and tostring(bh-1)or string.format('%d-%d',bh-1,i-1)
bh,i=string.find(q,df..'+',i+1)
end
return table.concat(gb,' ')
end
local function ce(q,t,df)
local cx,m={},0
for x,i in cl(t)do
if x<m then q,cx,m=table.concat(cx)..string.sub(q,m+1),{},0 end
if x>#q then q=q..string.rep(bx,x-#q)end
cx[#cx+1]=string.sub(q,m+1,x)
cx[#cx+1]=string.rep(df,i-x+1)
m=i+1
end
return table.concat(cx)..string.sub(q,m+1)
end
local function ie(q,t)
for x,i in cl(t)do
if string.find(string.sub(q,x+1,i+1),ck,1,true)then return false end
end
return true
end
local function ei(q,w)
return#string.gsub(string.sub(q,1,w),ck..'+','')
end
local function ik(t)
local fu=0
for aw,i in cl(t)do fu=math.max(fu,i+1)end
return fu
end
local function jd(h,w)
local bw,cq=string.match(h,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not bw then return 0,1 end
return tonumber(bw,16)%w,1+tonumber(cq,16)%w
end
local function gq(q,aq,w,fx,n,h)
local cc=aq
local function dz(x,i)
i=math.min(i,w-1)
if cc==0 or x>i then return end
local jk,ad=string.gsub(string.sub(q,x+1,i+1),bx,fd,cc)
if ad==0 then return end
q,cc=string.sub(q,1,x)..jk..string.sub(q,i+2),cc-ad
end
for x,i in cl(fx)do dz(x,i)end
if n then
for x,i in cl(n)do dz(x,i)end
else
local bw,cq=jd(h,w)
for d=0,ib-1 do
if cc==0 then break end
local bn=(bw+d*cq)%w
if string.byte(q,bn+1)==hz then dz(bn,bn)end
end
dz(bw,w-1)
dz(0,bw-1)
end
if cc>0 then return nil end
return ht(q,fd),(string.gsub(q,fd,ck))
end`,
    `local gk='~p'
local dd,de=16,32
local function bp()
local av=redis.call('TIME')
return tonumber(av[1])*1000+math.floor(tonumber(av[2])/1000)
end
local function ix(as)
return as==gk or string.sub(as,1,3)==gk..' '
end
local function ez(as)
local al,u,be,q,o,t,h=
string.match(as or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(al)or 0,['latest']=tonumber(u)or 0,['kept']=tonumber(be)or 0,['map']=q or'',
['deadline']=tonumber(o)or 0,['slots']=t or'',['token']=h or'',
['is_new']=not h,['is_other']=as and not ix(as)
}
end
local function ew(a,e,c)
local i=math.max(e.latest,e.deadline)
if i==0 then
redis.call('DEL',a[1])
return 0
end
local hg=e.latest>0 and i>e.kept
if hg then
e.kept=i+math.max(1,i-c)
for m=3,4 do redis.call('PEXPIREAT',a[m],string.format('%.0f',e.kept))end
end
if hg or e.is_new then redis.call('PEXPIRE',a[5],604800000)end
redis.call('SET',a[1],string.format('~p %.0f %.0f %.0f %s %.0f:%s:%s',e.check,e.latest,e.kept,e.map,
e.deadline,e.slots,e.token),'PXAT',string.format('%.0f',i))
return i
end
local function dh(a,e,h)
if h==e.token then return e.slots,e.deadline end
local t=e.latest>0 and redis.call('HGET',a[3],h)
local o=t and redis.call('ZSCORE',a[4],h)
if o then return t,tonumber(o)end
end
local function gp(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function fn(a,e,h)
local t,o=dh(a,e,h)
if not t then return nil end
e.map=ce(e.map,t,bx)
if h==e.token then
e.deadline,e.slots,e.token=0,'',''
return t,o
end
redis.call('ZREM',a[4],h)
redis.call('HDEL',a[3],h)
if o==e.latest then
e.latest=tonumber(redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2])or 0
if e.latest==0 then e.check,e.kept=0,0 end
end
return t,o
end
local function eh(a,e,c)
local cu=false
if e.token~=''and e.deadline<c then
e.map=ce(e.map,e.slots,bx)
e.deadline,e.slots,e.token,cu=0,'','',true
end
if e.latest>0 and c>e.check then
local ij=redis.call('ZRANGEBYSCORE',a[4],'-inf',string.format('(%.0f',c),'LIMIT',0,1000)
for aw,h in ipairs(ij)do
e.map=ce(e.map,redis.call('HGET',a[3],h)or'',bx)
redis.call('HDEL',a[3],h)
redis.call('ZREM',a[4],h)
end
local x=redis.call('ZRANGE',a[4],0,0,'WITHSCORES')[2]
local i=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,cu=tonumber(x)or 0,tonumber(i)or 0,true
if not x then e.kept,e.map=0,ce('',e.slots,ck)end
end
if cu then ew(a,e,c)end
end
local function hr(a,e,h,o,c)
local cu=false
if h==e.token then
if e.deadline<o then e.deadline,cu=o,true end
elseif tonumber(redis.call('ZSCORE',a[4],h))<o then
redis.call('ZADD',a[4],string.format('%.0f',o),h)
if e.latest<o then e.latest,cu=o,true end
end
if cu then ew(a,e,c)end
end
local function dk(a,e,h,t,o,c)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=o,t,h,ce(e.map,t,ck)
ew(a,e,c)
end
local function hn(a)
local ct=''
if not IS_CLUSTER then
local bm=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
ct=type(bm)=='string'and string.match(bm,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..de..'.'..de..'s',ct)
end
local function fj(a)
return redis.call('GETRANGE',a[5],0,de-1)==hn(a)
end
local function em(a,t,ap)
if not fj(a)then return ap end
local fs=0
for x,i in cl(t)do
local ak=redis.call('GETRANGE',a[5],de+dd*x,de+dd*(i+1)-1)
for d=0,i-x do
local ad=tonumber(string.sub(ak,dd*d+1,dd*(d+1)))
fs=math.max(fs,ad or ap)
end
end
return fs
end
local function gg(a,t,ad,ap)
if not fj(a)then redis.call('SET',a[5],hn(a),'PX',604800000)end
local ak=string.format('%0'..dd..'.0f',ad)
for x,i in cl(t)do
redis.call('SETRANGE',a[5],de+dd*x,string.rep(ak,i-x+1))
end
if ap<ad then ea(a[2],ad)end
end`,
    `local gi='~s'
local function dc(f,x)
local n={f[1]}
for d=x,#f do n[#n+1]=f[d]end
return n
end
local function fy(a)
local as=redis.call('GET',a[1])
if as and(as==gi or string.sub(as,1,3)==gi..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
local e=ez(as)
if e.is_other then return e,as,redis.call('PTTL',a[1])end
return e,nil,nil
end
local function dw(a,w,hv)
local fa=redis.call('MGET',a[6])[1]or''
local bj,ad=string.match(fa,'^(%d+) (%d+)$')
if hv>tonumber(bj or 0)then
fa,ad=string.format('%.0f %.0f',hv,w),w
redis.call('SET',a[6],fa,'PX',604800000)
elseif bj then
redis.call('PEXPIRE',a[6],604800000)
end
return tonumber(ad)or w,ad and fa or''
end
local function es(q,co)
return q..string.rep(bx,co-#q)
end
local function iq(a,e,cc,c)
local ch=e.latest>0 and redis.call('ZRANGE',a[4],0,64-1,'WITHSCORES')or{}
if e.token~=''then
local m=1
while ch[m]and tonumber(ch[m+1])<=e.deadline do m=m+2 end
table.insert(ch,m,e.token)
table.insert(ch,m+1,e.deadline)
end
local i=-1
for d=1,#ch,2 do
i=tonumber(ch[d+1])
local t=ch[d]==e.token and e.slots or redis.call('HGET',a[3],ch[d])or''
for x,il in cl(t)do cc=cc-(il-x+1)end
if cc<=0 then break end
end
return i<0 and-1 or math.max(0,i-c),ch[1]or''
end
local function ds(w)
return function(ak)
local ad=tonumber(ak)
return ad and ad<=w
end
end
local function by(a,e,g,bl,w,c)
if#g==0 then return 0,false end
local q=es(e.map,w)
local bo=e.is_other and 0 or ei(q,w)
local ar,bq,dg=hm(g,function(bz)
bo=bo-tonumber(bz)
return bo>=0
end,c)
local ci={}
for d,l in ipairs(ar)do
local t,jj=gq(q,tonumber(l[3]),w,bl,'0-'..w-1)
q=jj or q
ci[d]=l[2]..':'..string.gsub(t or'',' ',',')
end
if#ci>0 then
cg(a[7],g,c)
redis.pcall('PUBLISH',a[8],hx(ci,dg))
end
return#ci,bq
end
ab['slots.acquire']=function(a,f)
local h,af,v,ax,aq=f[1],tonumber(f[2]),f[3],tonumber(f[4]),tonumber(f[5])
local fx,el,n,c=f[8],#f>8,dc(f,9),bp()
local e,ag,bk=fy(a)
local w,dv=dw(a,tonumber(f[6]),tonumber(f[7]))
if aq>w then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',w,aq),0)end
eh(a,e,c)
local g=bu(a[7],c,ds(w))
local bj=math.max(c,g.ticket)
local q=es(e.map,w)
local t,bg=dh(a,e,h),nil
if ag then
if v~=''then pcall(fl,a[8],v,af)end
elseif t then
local j=em(a,t,bf(a[2])or cm(a[2]))
hr(a,e,h,c+af,c)
if hu(g,v,c)then cg(a[7],g,c)end
return{1,j,t,dv,el and q or nil}
else
local cf,cn=q,''
for d=2,#n do
local bt=dh(a,e,n[d])or''
cf,cn=ce(cf,bt,bx),cn..' '..bt
end
local bd
if#g>0 and not el then
local bo=ei(cf,w)
bd=bo>=aq and go(g,v,ax>0 and ax or nil,function(bz)
bo=bo-tonumber(bz)
return bo<aq
end)
end
if not bd then bg=gq(cf,aq,w,fx,el and cn or nil,h)end
if bg then
local ap=bf(a[2])
local x=not ap and cm(a[2])
local j,o=em(a,bg,ap or x)+1,c+af
gp(a,e)
for d=2,#n do
local aw,aj=fn(a,e,n[d])
o=math.max(o,aj or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
j=x or j
ea(a[2],j)
else
gg(a,bg,j,ap or x)
end
dk(a,e,h,bg,o,c)
if hu(g,v,c)then cg(a[7],g,c)end
return{1,j,bg,dv,el and ce(cf,bg,ck)or nil}
end
local bo=ei(q,w)
bk,ag=iq(a,e,aq-bo,c)
if bd then
by(a,e,g,'',w,c)
if bd[5]>0 then bk,ag=math.max(0,50-c+bd[5]),''
else bk=-1 end
end
end
if v~=''then
hw(g,v,string.format('%.0f',aq),ax,0,c,bj)
cg(a[7],g,c)
end
return{0,bk,ag,string.format('%.0f',bj),dv}
end
ab['slots.commit']=function(a,f)
local j,t=tonumber(f[2]),f[3]
local e=ez(redis.call('GET',a[1]))
if dh(a,e,f[1])~=t then return{0}end
local ap=bf(a[2])or cm(a[2])
local ad=em(a,t,ap)
if ad<j or not fj(a)then gg(a,t,math.max(ad,j),ap)end
return 1
end
ab['slots.extend']=function(a,f)
local h,j,af,t=f[1],tonumber(f[2]),tonumber(f[3]),f[4]
local n,c=dc(f,7),bp()
local e,ag=fy(a)
if ag then return{0,-1,ag}end
local w=dw(a,tonumber(f[5]),tonumber(f[6]))
eh(a,e,c)
local bt=dh(a,e,h)
if bt==t and#n==1 then
hr(a,e,h,c+af,c)
return 1
end
local cf,aj=es(e.map,math.max(w,ik(t))),''
for aw,ca in ipairs(n)do
local cn=dh(a,e,ca)or''
cf,aj=ce(cf,cn,bx),aj..' '..cn
end
if not ie(cf,t)then
local hy={h,'',f[5],f[6]}
for d=2,#n do hy[d+3]=n[d]end
ab['slots.release'](a,hy)
return{0,-1,''}
end
gp(a,e)
local ap=bt~=t and(bf(a[2])or dr(a[2]))
if ap then gg(a,t,math.max(j,em(a,t,ap)),ap)end
local o=c+af
for aw,ca in ipairs(n)do
local aw,i=fn(a,e,ca)
o=math.max(o,i or 0)
end
dk(a,e,h,t,o,c)
local bl=ht(ce(ce(string.rep(bx,#cf),aj,ck),t,bx),ck)
if bl~=''then by(a,e,bu(a[7],c,ds(w)),bl,w,c)end
return 1
end
ab['slots.release']=function(a,f)
local ao,n,c=f[2],dc(f,5),bp()
local as=redis.pcall('GET',a[1])
local e=ez(type(as)=='string'and as)
local bl,ay,ge,hf='',false,0,false
for aw,ca in ipairs(n)do
local t,o=fn(a,e,ca)
if t then
hf,ay=true,ay or o>=c
bl,ge=bl..' '..t,math.max(ge,o)
end
end
if not hf then return 0 end
local am=redis.pcall('MGET',a[7],a[8])
local ha=am[1]or am[2]
if ha then eh(a,e,c)end
local i=ew(a,e,c)
if ha then
local w=dw(a,tonumber(f[3]),tonumber(f[4]))
local g=bu(a[7],c,ds(w))
local du,ar,bq=pcall(by,a,e,g,bl,w,c)
if not du then ar,bq=0,false end
if i==0 and not bq then fi(a[8],ao~='')
elseif i>0 and ge>i and ar==0 then redis.pcall('PUBLISH',a[8],'')end
end
return ay and 1 or 0
end
ab['slots.leave']=function(a,f)
local c,w=bp(),dw(a,tonumber(f[2]),tonumber(f[3]))
local g=bu(a[7],c,ds(w))
if hj(g,f[1])then
cg(a[7],g,c)
pcall(function()by(a,ez(redis.call('GET',a[1])),g,'',w,c)end)
end
pcall(dp,a[8],f[1])
return 1
end
ab['slots.count']=function(a,f)
local c=bp()
local e,ag=fy(a)
local w,dv=dw(a,tonumber(f[1]),tonumber(f[2]))
eh(a,e,c)
local g=bu(a[7],c,ds(w))
by(a,e,g,'',w,c)
return{1,ag and 0 or ei(es(e.map,w),w),w,tonumber(string.match(dv,'^%d+')or 0)}
end`,
    PART_5,
    PART_6,
  ],
  "f000761170f9ec9b0d5b6df10c6d6e2a29e7c507",
  "fe7e64c0d43ec84250ab5f032c4b5603e7eca8c7",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    `local ef,fm,eg={},{},0`,
    PART_3,
    `local function hp(p)
local bm=redis.pcall('GET',p)
return type(bm)=='string'and bm or''
end
local function hs(p,im,k)
local cy=hp(p)
local av=redis.call('TIME')
local c=string.format('%.0f',tonumber(av[1])*1000+math.floor(tonumber(av[2])/1000))
if cy==im then
cy=k(tonumber(c))
redis.call('SET',p,cy)
end
return{1,cy,c}
end
ab['marker.replace']=function(a,f)
return hs(a[1],f[1],function()return f[2]end)
end
ab['marker.lose']=function(a,f)
return hs(a[1],f[1],function(c)
return'lost '..string.format('%.0f',c-tonumber(f[2]))
end)
end`,
    `ab['identify']=function(a)
local hq=''
local function eu(jl)
local ek=redis.pcall('INFO',jl)
if type(ek)=='table'then ek,hq='',ek.err end
return function(ip)return string.match(ek,'%f[%w_]'..ip..':([^\\r\\n]*)')or''end
end
local ex,hl,fz=eu('server'),eu('memory'),eu('replication')
local av=redis.call('TIME')
local r=ex('redis_mode')
if r==''then r=ex('server_mode')end
return{
1,ex('run_id'),tonumber(ex('uptime_in_seconds'))or-1,
tonumber(av[1])*1000000+tonumber(av[2]),
tonumber(eu('persistence')('aof_enabled'))or-1,
hl('maxmemory_policy'),tonumber(hl('maxmemory'))or-1,
fz('role'),r,fz('master_replid'),fz('master_replid2'),
a[1]and hp(a[1])or'',hq
}
end`,
    `ab['counters.read']=function(a)
local ae={1}
for d=1,#a do
local dt,j=pcall(bf,a[d])
ae[d+1]=dt and j and string.format('%.0f',j)or''
end
return ae
end
local function ho(a,f,al)
for d=1,#a do
local dt,j=pcall(bf,a[d])
if dt then
if not j then al(a[d])end
dn(a[d],tonumber(f[d]))
end
end
return 1
end
ab['counters.raise']=function(a,f)
return ho(a,f,cm)
end
ab['counters.restore']=function(a,f)
return ho(a,f,function()end)
end
ab['counters.lift']=function(a,f)
for d=1,#a do
local dt,j=pcall(bf,a[d])
if dt and j then dn(a[d],tonumber(f[1]))end
end
return 1
end`,
    `ab['set.note']=function(a,f)
local ai,cn,hk=f[1],f[2],tonumber(f[3])
local av=redis.call('TIME')
local c=tonumber(av[1])*1000+math.floor(tonumber(av[2])/1000)
local gc,he,gy=c,false,false
local cd,ak={},redis.pcall('GET',a[1])
for cb in string.gmatch(type(ak)=='string'and ak or'','[^\\n]+')do
local ep,x,u,dq,je=string.match(cb,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
x,u,dq=tonumber(x),tonumber(u),tonumber(dq)
if ep and x<=u and u<=c and c<dq and dq<=c+3600000 then
if ep==ai then
gc,he=x,c-u<tonumber(f[4])
elseif ep==cn then
gy=true
else
cd[#cd+1]={cb,ep,u,x,dq,je}
end
end
end
local ae,am,i={1},{},c+hk
for d=math.max(1,#cd-16+2),#cd do
local az=cd[d]
am[#am+1]=az[1]
i=math.max(i,az[5])
ae[#ae+1]=az[2]
ae[#ae+1]=az[3]-math.max(az[4],gc)
ae[#ae+1]=az[5]-c
ae[#ae+1]=az[6]
end
if not he or gy then
am[#am+1]=string.format('%s %.0f %.0f %.0f %s',ai,gc,c,c+hk,f[5])
redis.call('SET',a[1],table.concat(am,'\\n'),'PX',string.format('%.0f',i-c))
end
return ae
end`,
    PART_5,
    PART_6,
  ],
  "469fd6f826c0c838a9127b7317867d11e47b3351",
  "17471d5911d3ff06c7af9a0d8ea1ba1dc2711484",
);
