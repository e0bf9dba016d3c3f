// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local p=redis.pcall
local function ai(h)
local j=p('INCR',h)
if type(j)~='number'then return nil end
if j>1 and j<=9000000000000000 then return j end
if j==1 and not IS_CLUSTER then
local at=p('GET',string.match(h,'^(.*)~fence:')..'~server')
local bi=type(at)=='string'and string.match(at,'^complete .* (%d+)$')
local s=bi and p('SET',h,bi)
if s and not s.err then return tonumber(bi)end
end
p(j>1 and'DECR'or'DEL',h)
return nil
end`;

const PART_2 = `if#KEYS==cr and ARGV[2]=='1'then
local cg=cq[ARGV[1]]
local ag=cg and cg(1,6+ARGV[5],6)
if ag then return ag end
end`;

const PART_3 = `local function general()
local t={}
local function au(h)
local k=redis.call('GET',h)
if not k then return nil end
local j=string.match(k,'^-?%d+$')and tonumber(k)
if not j or j>=9000000000000000 then error('the fencing counter '..h..' cannot be counted up: '..k)end
return j>0 and j or nil
end
local function dg(h,j)
redis.call('SET',h,string.format('%.0f',j))
end
local function cb(h)
if not IS_CLUSTER then
local at=redis.pcall('GET',string.match(h,'^(.*)~fence:')..'~server')
if type(at)~='table'or string.find(at.err,'WRONGTYPE',1,true)then
return type(at)=='string'and tonumber(string.match(at,'^complete .* (%d+)$'))or nil
end
end
local ae=redis.call('TIME')
local d=tonumber(ae[1])*1000000+tonumber(ae[2])
return math.max(1,d-d%16384)
end
local function bq(h)
local bi=cb(h)
if bi then return bi end
redis.call('DEL',h)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function bm(h,j)
local be=au(h)
if not be then j=math.max(j,cb(h)or 0)end
if(be or 0)<j then dg(h,j)end
end`;

const PART_4 = `local function da(h)
local af=redis.pcall('GET',h)
return type(af)=='string'and af or nil
end
local function dp(h,y,r)
r=math.max(r,20000)
local af=da(h)
if not af then
redis.call('SET',h,y,'PX',r)
elseif string.find(' '..af..' ',' '..y..' ',1,true)then
redis.call('PEXPIRE',h,math.max(redis.call('PTTL',h),r))
elseif#af+1<256*(#y+1)then
redis.call('SET',h,af..' '..y,'PX',math.max(redis.call('PTTL',h),r))
end
end
local function bz(h,y)
local af=da(h)
if not af then return end
local ch={}
for ay in string.gmatch(af,'%S+')do
if ay~=y then ch[#ch+1]=ay end
end
if#ch==0 then redis.call('DEL',h)
else redis.call('SET',h,table.concat(ch,' '),'PX',math.max(redis.call('PTTL',h),1))end
end
local function dk(h,ey)
local af=da(h)
if not af then return false end
local bh=ey and string.match(af,'%S+')or''
if bh~=''then bz(h,bh)end
redis.pcall('PUBLISH',h,bh)
return bh~=''
end`;

const PART_5 = `return t
end`;

const PART_6 = `local function fc(cg,b,bt,o,m,ah,ck)
local a,f={unpack(KEYS,b,b+bt-1)},{unpack(ARGV,o,o+m-1)}
for c=1,ck do f[m+c]=ARGV[ah+c-1]end
local cu,ag=pcall(cg,a,f)
if cu then return ag end
if type(ag)=='table'then ag=ag.err or ag[1]end
return{-1,tostring(ag)}
end
local ap,t,b,o={},nil,1,1
while o<=#ARGV do
local cy,bk,bt=ARGV[o],tonumber(ARGV[o+1]),tonumber(ARGV[o+2])
local m,ck,ah=tonumber(ARGV[o+3]),tonumber(ARGV[o+4]),o+5
o=ah+ck
local du=bt==cr
local ds=du and cq[cy]
local dq=du and bk>1 and dr[cy]
local az=0
while az<bk do
local ai=dq and dq(b,o,bk-az,ap)or 0
if ai==0 then
local ag=ds and ds(b,o,ah)
if not ag then
t=t or general()
ag=fc(t[cy],b,bt,o,m,ah,ck)
end
ap[#ap+1]=ag
ai=1
end
b,o,az=b+ai*bt,o+ai*m,az+ai
end
end
return#ap==1 and ap[1]or ap`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local cr=2
local cq={
['mutex.acquire']=function(b,o,ah)
local s=p('SET',KEYS[b],ARGV[o],'NX','PX',ARGV[ah])
if not s or s.err then return nil end
local j=ai(KEYS[b+1])
if not j then p('DEL',KEYS[b])end
return j
end,
['mutex.takeOver']=function(b,o,ah)
if p('GET',KEYS[b])~=ARGV[o+1]then return nil end
local j=ai(KEYS[b+1])
if not j then return nil end
local s=p('SET',KEYS[b],ARGV[o],'PX',ARGV[ah])
return not s.err and-j or nil
end,
['mutex.extend']=function(b,o,ah)
if p('GET',KEYS[b])~=ARGV[o]then return nil end
local q=p('PTTL',KEYS[b])
if type(q)~='number'or q<0 then return nil end
if q<tonumber(ARGV[ah])and p('PEXPIRE',KEYS[b],ARGV[ah])~=1 then return nil end
return 1
end,
['mutex.release']=function(b,o)
local w=p('MGET',KEYS[b],KEYS[b+1])
if w.err or w[2]then return nil end
if w[1]~=ARGV[o]then return 0 end
return p('DEL',KEYS[b])==1 and 1 or nil
end,
}`,
    PART_2,
    `local dr={
['mutex.release']=function(b,o,bk,ap)
local w=p('MGET',unpack(KEYS,b,b+2*bk-1))
if w.err then return 0 end
local br,dz,dd,az={},{},{},0
for c=1,bk do
if w[2*c]then break end
local z=KEYS[b+2*c-2]
local al=w[2*c-1]==ARGV[o+c-1]and not dz[z]
ap[#ap+1]=al and 1 or 0
if al then
dz[z]=true
br[#br+1]=z
dd[#br]=#ap
end
az=c
end
local dm=#br>0 and p('DEL',unpack(br))
if type(dm)=='table'then
for c=1,#dd do ap[dd[c]]={-1,dm.err}end
end
return az
end
}`,
    PART_3,
    PART_4,
    `local function dx(h,u,r,al)
if not al then redis.call('SET',h,u,'PX',r)
else
local q=redis.call('PTTL',h)
if q>=0 and q<tonumber(r)then redis.call('PEXPIRE',h,r)end
end
end
local function dj(a,u,fd,r,l)
local de=l==''and 2 or 3
local al,bc,as={},true,false
local aw,ac
for c=1,#a,de do
local k=redis.call('GET',a[c])
al[c]=k==u
if k~=u then bc=false end
if k and k==fd then
as=true
elseif k and k~=u then
local q=redis.call('PTTL',a[c])
if not ac or(aw~=-1 and(q==-1 or q>aw))then
aw,ac=q,k
end
end
end
if l~=''then
for c=3,#a,3 do pcall(dp,a[c],l,tonumber(r))end
end
if ac then return{0,aw,ac}end
local j=0
for c=2,#a,de do
local aa=au(a[c])
j=math.max(j,aa and(bc and aa or aa+1)or bq(a[c]))
end
for c=1,#a,de do
dx(a[c],u,r,al[c])
dg(a[c+1],j)
end
return as and-j or j
end
t['mutex.acquire']=function(a,f)
return dj(a,f[1],nil,f[2],f[3])
end
t['mutex.takeOver']=function(a,f)
return dj(a,f[1],f[2],f[3],f[4])
end
t['mutex.commit']=function(a,f)
for c=1,#a,2 do
if redis.call('GET',a[c])~=f[1]then return{0}end
end
for c=2,#a,2 do
if not au(a[c])then bq(a[c])end
bm(a[c],tonumber(f[2]))
end
return 1
end
t['mutex.extend']=function(a,f)
local u,j,r=f[1],tonumber(f[2]),f[3]
local al={}
for c=1,#a,2 do
local k=redis.call('GET',a[c])
if k and k~=u then return{0,redis.call('PTTL',a[c]),k}end
al[c]=k==u
end
for c=1,#a,2 do
local cs=not al[c]and(au(a[c+1])or cb(a[c+1]))
if cs then bm(a[c+1],j)end
end
for c=1,#a,2 do dx(a[c],u,r,al[c])end
return 1
end
t['mutex.release']=function(a,f)
local u,y=f[1],f[2]
local ao,bj=false,false
for c=1,#a,2 do
local k=redis.pcall('GET',a[c])
if y~=''then pcall(bz,a[c+1],y)end
if k==u then
redis.call('DEL',a[c])
ao=true
if dk(a[c+1],y~='')then bj=true end
elseif type(k)=='table'and k.err and not string.find(k.err,'WRONGTYPE',1,true)then
error(k.err)
end
end
if not ao then return 0 end
return bj and-1 or 1
end
t['mutex.leave']=function(a,f)
pcall(bz,a[1],f[1])
return 1
end`,
    PART_5,
    PART_6,
  ],
  "35809ed199fb5eba995ca0027223bedd96ea879e",
  "0464fad2cfc83c228fffd21ed372c04101a39621",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local cr=7
local cq={
['modes.acquire']=function(b,o,ah)
local i,z,r=ARGV[ah+4],KEYS[b],ARGV[ah]
if ARGV[ah+1]~=''or(i~='X'and i~='S')then return nil end
if p('EXISTS',z,KEYS[b+2],KEYS[b+3],KEYS[b+4],KEYS[b+5])~=0 then return nil end
if i=='X'then
local s=p('SET',z,ARGV[o],'PX',r)
if s.err then return nil end
local j=ai(KEYS[b+1])
if not j then p('DEL',z)end
return j
end
local k=p('GET',KEYS[b+1])
local j=type(k)=='string'and string.match(k,'^%d+$')and tonumber(k)
if not j or j<1 or j>=9000000000000000 then return nil end
local ae=p('TIME')
local x=tonumber(ae[1])*1000+math.floor(tonumber(ae[2])/1000)+tonumber(r)
if type(p('ZADD',KEYS[b+4],string.format('%.0f',x),ARGV[o]))~='number'then return nil end
p('PEXPIRE',KEYS[b+4],r)
local s=p('SET',z,'~s','PX',r)
return not s.err and j or nil
end,
['modes.release']=function(b,o)
local w=p('MGET',KEYS[b],KEYS[b+5],KEYS[b+6])
if w.err or w[2]or w[3]then return nil end
if w[1]==ARGV[o]then
if p('EXISTS',KEYS[b+2],KEYS[b+3],KEYS[b+4])~=0 then return nil end
return p('DEL',KEYS[b])==1 and 1 or nil
end
if w[1]~='~s'or p('EXISTS',KEYS[b+2],KEYS[b+3])~=0 then return nil end
local v=p('ZSCORE',KEYS[b+4],ARGV[o])
if not v then return 0 end
local ae=p('TIME')
local d=tonumber(ae[1])*1000+math.floor(tonumber(ae[2])/1000)
if type(v)~='string'or tonumber(v)<d then return nil end
if p('ZREM',KEYS[b+4],ARGV[o])~=1 then return nil end
local an=tonumber(p('ZREVRANGE',KEYS[b+4],0,0,'WITHSCORES')[2])
if an and an>=d then p('SET',KEYS[b],'~s','PX',math.max(1,an-d))
else p('DEL',KEYS[b])end
return 1
end
}
local dr={}`,
    PART_2,
    PART_3,
    PART_4,
    `local cl={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function em(fa,ay)return string.find(cl[fa],' '..ay..' ',1,true)end
local function by(l)return string.match(l,'^%w+')or''end
local function ba(e,c)
local aq=e[c]
if type(aq)~='string'then return aq end
local v,l,i,x,aj,ak=
string.match(aq,'^(-?%d+) ([%w.]+) (%u+) (%d+) (-?%d+) (%d+)$')
local g
if cl[i]then
g={tonumber(v),l,i,tonumber(x),tonumber(aj),tonumber(ak),false,aq}
else
g={0,'','X',0,0,0,true,aq}
end
e[c]=g
return g
end
local function cp(e,g)
e.check=math.min(e.check,g[4]+1)
if g[5]>0 then e.check=math.min(e.check,g[5]+50+1)end
end
local function el(e,d)
local co,bf=0,{}
local ai=#e
e.check=math.huge
for c=1,ai do
local g=ba(e,c)
e[c]=nil
if g[4]>=d then
co=co+1
e[co]=g
cp(e,g)
if g[5]>0 and d-g[5]>50 then
local y=by(g[2])
bf[y]=math.max(bf[y]or 0,g[5])
g[7]=true
end
end
end
if not next(bf)then return end
for ar,g in ipairs(e)do
local y=by(g[2])
if bf[y]and g[4]-3000>bf[y]then bf[y]=nil end
end
for ar,g in ipairs(e)do g[7]=g[7]or bf[by(g[2])]~=nil end
end
local function bn(h,d)
local aq,e=redis.pcall('GET',h),{['check']=math.huge,['last']=0,['ticket']=0}
local bo,aa,ak
if type(aq)=='string'then bo,aa,ak=string.match(aq,'^(%d+) (%d+) (%d+);')end
if not bo then return e end
e.check,e.last,e.ticket=tonumber(bo),tonumber(aa),tonumber(ak)
local ai=0
for ca in string.gmatch(aq,';([^;]+)')do
ai=ai+1
e[ai]=ca
end
if d>=e.check then el(e,d)end
return e
end
local function bv(h,e,d)
if#e==0 then
redis.call('DEL',h)
return
end
local eh={string.format('%.0f %.0f %.0f',e.check,e.last,e.ticket)}
for c,g in ipairs(e)do
eh[c+1]=type(g)=='string'and g or g[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(g,1,6))
end
redis.call('SET',h,table.concat(eh,';'),'PX',math.max(1,e.last-d))
end
local function ct(g,v,l)
return g[1]>v or(g[1]==v and g[2]>l)
end
local function ek(e,i,l,v)
local av
for c=1,#e do
local g=ba(e,c)
if g[2]==l or(v and ct(g,v,l))then break end
if em(g[3],i)and not g[7]then
if av then return av,true end
av=g
end
end
return av,false
end
local function cz(e,l)
local fb=' '..l..' '
for c,g in ipairs(e)do
if type(g)~='string'or string.find(g,fb,1,true)then
if ba(e,c)[2]==l then return c end
end
end
end
local function db(e,l,d)
local n=l~=''and cz(e,l)
if not n then return nil end
local g=ba(e,n)
g[4],g[5],g[8]=d+3000,0,nil
e.last=math.max(e.last,g[4])
return n
end
local function ff(e,l,i,ak,ce,d,an)
local n=db(e,l,d)
if n and e[n][6]>=ak then
e[n][3]=i
return n
end
if n then table.remove(e,n)end
if ak==0 then ak=an+1 end
local v=ak-ce
n=#e+1
while n>1 and ct(ba(e,n-1),v,l)do n=n-1 end
local g={v,l,i,d+3000,0,ak,false}
table.insert(e,n,g)
cp(e,g)
e.last,e.ticket=math.max(e.last,g[4]),math.max(e.ticket,ak)
e[256+1]=nil
return n
end
local function ew(e,l)
local n=cz(e,l)
if n then table.remove(e,n)end
return n~=nil
end
local function ex(e,ez,d)
local aj,cc,bp,cw={},{},{},false
for c=1,#e do
local g=ba(e,c)
local i,y=g[3],by(g[2])
if cw and not g[7]and not bp[y]then return aj,true,g[2]end
if not cw and not g[7]then
if cc[i]==nil then cc[i]=not ez(i)end
if cc[i]then
if g[5]<=0 then
g[5],g[8]=d,nil
cp(e,g)
aj[#aj+1]=g[2]
end
bp[y]=true
for ay in string.gmatch(cl[i],'%u+')do cc[ay]=false end
else
cw=true
if not next(bp)then break end
if not bp[y]then return aj,true,g[2]end
end
end
end
return aj,next(bp)~=nil,nil
end`,
    `local ab,bg=7,'~s'
local cm={['IS']={3},['IX']={4},['S']={5},['SIX']={4,5},['X']={}}
local di={['IS']={},['IX']={5},['S']={4},['SIX']={4,5},['X']={3,4,5}}
local function bl()
local ae=redis.call('TIME')
return tonumber(ae[1])*1000+math.floor(tonumber(ae[2])/1000)
end
local function cx(aq)
local ad={}
for i in string.gmatch(aq,'%u+')do
if not di[i]then error('unknown mode '..i,0)end
ad[#ad+1]=i
end
return ad
end
local function df(f,bh)
local m={f[1],[f[1]]=true}
for c=bh,#f do
m[#m+1]=f[c]
m[f[c]]=true
end
return m
end
local function cf(a,b,i,m,d)
local k=redis.call('GET',a[b+1])
if k and k~=bg and not m[k]then return redis.call('PTTL',a[b+1]),k end
local aa,ac
for ar,s in ipairs(di[i])do
local w=redis.call('ZREVRANGE',a[b+s],0,#m,'WITHSCORES')
for c=1,#w,2 do
local x=tonumber(w[c+1])
if not m[w[c]]then
if x>=d and(not aa or x>aa)then aa,ac=x,w[c]end
break
end
end
end
if aa then return aa-d,ac end
end
local function ea(a,b,d)
local an
if redis.call('EXISTS',a[b+3],a[b+4],a[b+5])==0 then return nil end
for s=3,5 do
local x=tonumber(redis.pcall('ZREVRANGE',a[b+s],0,0,'WITHSCORES')[2])
if x and x>=d then an=math.max(an or 0,x)end
end
return an
end
local function cv(a,b,i,m)
if i=='X'then return m[redis.call('GET',a[b+1])]end
for ar,s in ipairs(cm[i])do
local bb=false
for ar,u in ipairs(m)do
if redis.call('ZSCORE',a[b+s],u)then bb=true end
end
if not bb then return false end
end
return true
end
local function eu(a,b,m)
if m[redis.call('GET',a[b+1])]then return true end
for s=3,5 do
for ar,u in ipairs(m)do
if redis.call('ZSCORE',a[b+s],u)then return true end
end
end
return false
end
local function dy(a,b,i,m,r,d)
local z,u,as=a[b+1],m[1],false
local k=redis.call('GET',z)
local x=d+r
if m[k]then
local q=redis.call('PTTL',z)
if q==-1 and k==u and i=='X'then return false end
x=math.max(x,d+q)
as=k~=u
end
for s=3,5 do
for c,ca in ipairs(m)do
local v=(c>1 or i~='X')and redis.call('ZSCORE',a[b+s],ca)
if v then
x=math.max(x,tonumber(v))
if c>1 then
redis.call('ZREM',a[b+s],ca)
as=true
end
end
end
end
if i=='X'then
redis.call('SET',z,u,'PX',x-d)
return as
end
for ar,s in ipairs(cm[i])do
local h=a[b+s]
redis.call('ZREMRANGEBYSCORE',h,'-inf',string.format('(%.0f',d))
redis.call('ZADD',h,string.format('%.0f',x),u)
if redis.call('PTTL',h)<x-d then redis.call('PEXPIRE',h,x-d)end
end
if k~=bg then
redis.call('SET',z,bg,'PX',ea(a,b,d)-d)
else
local q=redis.call('PTTL',z)
if q>=0 and q<x-d then redis.call('PEXPIRE',z,x-d)end
end
return as
end
local dh={}
local function bw(a,b,e,d)
if#e==0 then return{},false end
local aj,bx,dn=ex(
e,function(i)return cf(a,b,i,dh,d)end,d)
if#aj>0 then
bv(a[b+6],e,d)
redis.pcall('PUBLISH',a[b+7],table.concat(aj,' ')..(dn and' ~'..dn or''))
end
return aj,bx
end
local function ej(a,b,i,m,l,v,e,d)
local q,ac=cf(a,b,i,m,d)
if q or#e==0 or eu(a,b,m)then return q,ac end
local av,eq=ek(e,i,l,v)
if not av then return nil end
bw(a,b,e,d)
if eq then return-1,''end
if av[5]>0 then return math.max(0,50-d+av[5]),''end
q,ac=cf(a,b,av[3],dh,d)
return q and-1 or 50,ac or''
end
local function dt(a,ad,bc)
local j,dl,ax=0,false,{}
for ar,i in ipairs(ad)do
if(i=='X'or i=='SIX')and not bc then dl=true end
end
for n=2,#a,ab do
local h=a[n]
if ax[h]==nil then
local aa=au(h)
ax[h]=aa or 0
j=math.max(j,aa and(dl and aa+1 or aa)or bq(h))
end
end
for h,aa in pairs(ax)do
if aa~=j then dg(h,j)end
end
return j
end
local function ev(a)
local w={}
for b=0,#a-ab,ab do
w[#w+1]=a[b+1]
for n=3,6 do w[#w+1]=a[b+n]end
end
return redis.call('EXISTS',unpack(w))==0
end
local function er(a,b,i,u,r,d)
for ar,s in ipairs(cm[i])do
redis.call('ZADD',a[b+s],string.format('%.0f',d+r),u)
redis.call('PEXPIRE',a[b+s],r)
end
redis.call('SET',a[b+1],i=='X'and u or bg,'PX',r)
end
t['modes.acquire']=function(a,f)
local r,l,ak,ce=tonumber(f[2]),f[3],tonumber(f[4]),tonumber(f[5])
local ad,m,ei,d=cx(f[6]),df(f,7),{f[1],[f[1]]=true},bl()
local v=ak>0 and ak-ce or nil
local am,ax,n,aw,ac={},d,nil,nil,nil
local bc,as=true,false
if l==''and ev(a)then
local j=dt(a,ad,false)
for c,i in ipairs(ad)do er(a,(c-1)*ab,i,f[1],r,d)end
return j
end
for c,i in ipairs(ad)do
local b=(c-1)*ab
am[c]=bn(a[b+6],d)
ax=math.max(ax,am[c].ticket)
local q,fg=ej(a,b,i,m,l,v,am[c],d)
if q then
n=n or c
if not ac or(aw~=-1 and(q==-1 or q>aw))then
aw,ac=q,fg
end
elseif not cv(a,b,i,ei)then
bc=false
end
end
local bd,bu=n or#ad,nil
if l~=''then
bu=ff(am[bd],l,ad[bd],ak,ce,d,ax)
if not n and am[bd][bu]then am[bd][bu][5]=-1 end
bv(a[(bd-1)*ab+6],am[bd],d)
end
if n then
if l~=''then pcall(dp,a[(n-1)*ab+7],l,r)end
return{0,aw,ac,string.format('%.0f',ax),bu and bu-1 or#am[n]}
end
local j=dt(a,ad,bc)
for c,i in ipairs(ad)do
local b=(c-1)*ab
if dy(a,b,i,m,r,d)then as=true end
if c~=bd and db(am[c],l,d)then bv(a[b+6],am[c],d)end
end
return as and-j or j
end
t['modes.convert']=t['modes.acquire']
t['modes.commit']=function(a,f)
local m={f[1],[f[1]]=true}
for c,i in ipairs(cx(f[3]))do
if not cv(a,(c-1)*ab,i,m)then return{0}end
end
for b=0,#a-ab,ab do
if not au(a[b+2])then bq(a[b+2])end
bm(a[b+2],tonumber(f[2]))
end
return 1
end
t['modes.extend']=function(a,f)
local j,r,ad=tonumber(f[2]),tonumber(f[3]),cx(f[4])
local m,d=df(f,5),bl()
for c,i in ipairs(ad)do
local q,ac=cf(a,(c-1)*ab,i,m,d)
if q then return{0,q,ac}end
end
for c,i in ipairs(ad)do
local b=(c-1)*ab
local cs=not cv(a,b,i,m)and(au(a[b+2])or cb(a[b+2]))
if cs then bm(a[b+2],j)end
end
for c,i in ipairs(ad)do
local b=(c-1)*ab
if dy(a,b,i,m,r,d)then bw(a,b,bn(a[b+6],d),d)end
end
return 1
end
local function ep(a,b,m,d)
local z,ao=a[b+1],false
local k=redis.pcall('GET',z)
if type(k)=='table'then
if string.find(k.err,'WRONGTYPE',1,true)then return false,false end
error(k.err,0)
end
if m[k]then
redis.call('DEL',z)
k,ao=false,true
end
local bb=false
for s=3,5 do
for ar,u in ipairs(m)do
local v=redis.pcall('ZSCORE',a[b+s],u)
if type(v)=='string'then
redis.call('ZREM',a[b+s],u)
bb=true
if tonumber(v)>=d then ao=true end
end
end
end
if k and k~=bg then return ao,false end
local an=bb and ea(a,b,d)
if an then
local q=redis.call('PTTL',z)
redis.call('SET',z,bg,'PX',math.max(1,an-d))
return ao,false,q>an-d
end
if bb and k then redis.call('DEL',z)end
return ao,bb or ao
end
local function eb(a,b,e,l,d)
local dv=ew(e,l)
if dv then bv(a[b+6],e,d)end
pcall(bz,a[b+7],l)
return dv
end
t['modes.release']=function(a,f)
local l,m,d=f[2],df(f,3),bl()
local ao,bj,dw=false,false,string.find(l,'.',1,true)
for b=0,#a-ab,ab do
local al,et,es=ep(a,b,m,d)
local am=(al or dw)and redis.pcall('MGET',a[b+6],a[b+7])
if al then ao=true end
if am and(am[1]or am[2])then
local e=bn(a[b+6],d)
if dw then eb(a,b,e,l,d)end
local cu,aj,bx=pcall(bw,a,b,e,d)
if not cu then aj,bx={},false end
for ar,ay in ipairs(aj)do
if ay~=l then bj=true end
end
if et and not bx and dk(a[b+7],l~='')then bj=true end
if es and#aj==0 then redis.pcall('PUBLISH',a[b+7],'')end
end
end
if not ao then return 0 end
return bj and-1 or 1
end
t['modes.releaseAll']=t['modes.release']
t['modes.leave']=function(a,f)
local d=bl()
for b=0,#a-ab,ab do
local e=bn(a[b+6],d)
if eb(a,b,e,f[1],d)then pcall(bw,a,b,e,d)end
end
return 1
end`,
    `t['modes.position']=function(a,f)
local d=bl()
local e=bn(a[6],d)
local n,cn,af=cz(e,f[1]),0,0
local v=n and e[n][1]or math.max(d,e.ticket)+1-tonumber(f[2])
for c=1,#e do
local g=ba(e,c)
if not g[7]and g[5]>=0 then
af=af+1
if g[2]~=f[1]and not ct(g,v,f[1])then cn=cn+1 end
end
end
return{1,cn,af,redis.call('EXISTS',a[1])}
end
t['modes.stay']=function(a,f)
local d=bl()
local e=bn(a[6],d)
if db(e,f[1],d)then bv(a[6],e,d)end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "eb87de528c408885e729abb6b8fb506d678e2071",
  "d81f19a775fa3a3d2a22264e7ce69eaba7a60ea4",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    `local cq,dr,cr={},{},0`,
    PART_3,
    `local function ee(h)
local at=redis.pcall('GET',h)
return type(at)=='string'and at or''
end
local function eg(h,en,k)
local be=ee(h)
local ae=redis.call('TIME')
local d=string.format('%.0f',tonumber(ae[1])*1000+math.floor(tonumber(ae[2])/1000))
if be==en then
be=k(tonumber(d))
redis.call('SET',h,be)
end
return{1,be,d}
end
t['marker.replace']=function(a,f)
return eg(a[1],f[1],function()return f[2]end)
end
t['marker.lose']=function(a,f)
return eg(a[1],f[1],function(d)
return'lost '..string.format('%.0f',d-tonumber(f[2]))
end)
end`,
    `t['identify']=function(a)
local ef=''
local function ci(fe)
local cd=redis.pcall('INFO',fe)
if type(cd)=='table'then cd,ef='',cd.err end
return function(eo)return string.match(cd,'%f[%w_]'..eo..':([^\\r\\n]*)')or''end
end
local cj,ec,dc=ci('server'),ci('memory'),ci('replication')
local ae=redis.call('TIME')
local i=cj('redis_mode')
if i==''then i=cj('server_mode')end
return{
1,cj('run_id'),tonumber(cj('uptime_in_seconds'))or-1,
tonumber(ae[1])*1000000+tonumber(ae[2]),
tonumber(ci('persistence')('aof_enabled'))or-1,
ec('maxmemory_policy'),tonumber(ec('maxmemory'))or-1,
dc('role'),i,dc('master_replid'),dc('master_replid2'),
a[1]and ee(a[1])or'',ef
}
end`,
    `t['counters.read']=function(a)
local ag={1}
for c=1,#a do
local bs,j=pcall(au,a[c])
ag[c+1]=bs and j and string.format('%.0f',j)or''
end
return ag
end
local function ed(a,f,bo)
for c=1,#a do
local bs,j=pcall(au,a[c])
if bs then
if not j then bo(a[c])end
bm(a[c],tonumber(f[c]))
end
end
return 1
end
t['counters.raise']=function(a,f)
return ed(a,f,bq)
end
t['counters.restore']=function(a,f)
return ed(a,f,function()end)
end
t['counters.lift']=function(a,f)
for c=1,#a do
local bs,j=pcall(au,a[c])
if bs and j then bm(a[c],tonumber(f[1]))end
end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "fa3a219967f4e73c4fc860b55173726e88e4775b",
  "01f6947e5f020f4cc26725f616cbcffa9f486132",
);
