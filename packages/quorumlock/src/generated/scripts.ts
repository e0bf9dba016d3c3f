// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local o=redis.pcall
local function ai(h)
local j=o('INCR',h)
if type(j)~='number'then return nil end
if j>1 and j<=9000000000000000 then return j end
if j==1 and not IS_CLUSTER then
local at=o('GET',string.match(h,'^(.*)~fence:')..'~server')
local bh=type(at)=='string'and string.match(at,'^complete .* (%d+)$')
local s=bh and o('SET',h,bh)
if s and not s.err then return tonumber(bh)end
end
o(j>1 and'DECR'or'DEL',h)
return nil
end`;

const PART_2 = `if#KEYS==cq and ARGV[2]=='1'then
local ce=cp[ARGV[1]]
local ag=ce and ce(1,6+ARGV[5],6)
if ag then return ag end
end`;

const PART_3 = `local function general()
local u={}
local function au(h)
local k=redis.call('GET',h)
if not k then return nil end
local j=string.match(k,'^-?%d+$')and tonumber(k)
if not j or j>=9000000000000000 then error('the fencing counter '..h..' cannot be counted up: '..k)end
return j>0 and j or nil
end
local function df(h,j)
redis.call('SET',h,string.format('%.0f',j))
end
local function bz(h)
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
local function bn(h)
local bh=bz(h)
if bh then return bh end
redis.call('DEL',h)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function bk(h,j)
local bd=au(h)
if not bd then j=math.max(j,bz(h)or 0)end
if(bd or 0)<j then df(h,j)end
end`;

const PART_4 = `local function da(h)
local af=redis.pcall('GET',h)
return type(af)=='string'and af or nil
end
local function dn(h,w,r)
r=math.max(r,20000)
local af=da(h)
if not af then
redis.call('SET',h,w,'PX',r)
elseif string.find(' '..af..' ',' '..w..' ',1,true)then
redis.call('PEXPIRE',h,math.max(redis.call('PTTL',h),r))
elseif#af+1<256*(#w+1)then
redis.call('SET',h,af..' '..w,'PX',math.max(redis.call('PTTL',h),r))
end
end
local function bx(h,w)
local af=da(h)
if not af then return end
local cf={}
for ay in string.gmatch(af,'%S+')do
if ay~=w then cf[#cf+1]=ay end
end
if#cf==0 then redis.call('DEL',h)
else redis.call('SET',h,table.concat(cf,' '),'PX',math.max(redis.call('PTTL',h),1))end
end
local function dj(h,ev)
local af=da(h)
if not af then return false end
local bg=ev and string.match(af,'%S+')or''
if bg~=''then bx(h,bg)end
redis.pcall('PUBLISH',h,bg)
return bg~=''
end`;

const PART_5 = `return u
end`;

const PART_6 = `local function ez(ce,b,bq,m,l,ah,ci)
local a,f={unpack(KEYS,b,b+bq-1)},{unpack(ARGV,m,m+l-1)}
for c=1,ci do f[l+c]=ARGV[ah+c-1]end
local ct,ag=pcall(ce,a,f)
if ct then return ag end
if type(ag)=='table'then ag=ag.err or ag[1]end
return{-1,tostring(ag)}
end
local ap,u,b,m={},nil,1,1
while m<=#ARGV do
local cx,bj,bq=ARGV[m],tonumber(ARGV[m+1]),tonumber(ARGV[m+2])
local l,ci,ah=tonumber(ARGV[m+3]),tonumber(ARGV[m+4]),m+5
m=ah+ci
local dt=bq==cq
local dr=dt and cp[cx]
local dp=dt and bj>1 and dq[cx]
local az=0
while az<bj do
local ai=dp and dp(b,m,bj-az,ap)or 0
if ai==0 then
local ag=dr and dr(b,m,ah)
if not ag then
u=u or general()
ag=ez(u[cx],b,bq,m,l,ah,ci)
end
ap[#ap+1]=ag
ai=1
end
b,m,az=b+ai*bq,m+ai*l,az+ai
end
end
return#ap==1 and ap[1]or ap`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local cq=2
local cp={
['mutex.acquire']=function(b,m,ah)
local s=o('SET',KEYS[b],ARGV[m],'NX','PX',ARGV[ah])
if not s or s.err then return nil end
local j=ai(KEYS[b+1])
if not j then o('DEL',KEYS[b])end
return j
end,
['mutex.takeOver']=function(b,m,ah)
if o('GET',KEYS[b])~=ARGV[m+1]then return nil end
local j=ai(KEYS[b+1])
if not j then return nil end
local s=o('SET',KEYS[b],ARGV[m],'PX',ARGV[ah])
return not s.err and-j or nil
end,
['mutex.extend']=function(b,m,ah)
if o('GET',KEYS[b])~=ARGV[m]then return nil end
local q=o('PTTL',KEYS[b])
if type(q)~='number'or q<0 then return nil end
if q<tonumber(ARGV[ah])and o('PEXPIRE',KEYS[b],ARGV[ah])~=1 then return nil end
return 1
end,
['mutex.release']=function(b,m)
local x=o('MGET',KEYS[b],KEYS[b+1])
if x.err or x[2]then return nil end
if x[1]~=ARGV[m]then return 0 end
return o('DEL',KEYS[b])==1 and 1 or nil
end,
}`,
    PART_2,
    `local dq={
['mutex.release']=function(b,m,bj,ap)
local x=o('MGET',unpack(KEYS,b,b+2*bj-1))
if x.err then return 0 end
local bo,dw,dc,az={},{},{},0
for c=1,bj do
if x[2*c]then break end
local z=KEYS[b+2*c-2]
local ak=x[2*c-1]==ARGV[m+c-1]and not dw[z]
ap[#ap+1]=ak and 1 or 0
if ak then
dw[z]=true
bo[#bo+1]=z
dc[#bo]=#ap
end
az=c
end
local dl=#bo>0 and o('DEL',unpack(bo))
if type(dl)=='table'then
for c=1,#dc do ap[dc[c]]={-1,dl.err}end
end
return az
end
}`,
    PART_3,
    PART_4,
    `local function du(h,t,r,ak)
if not ak then redis.call('SET',h,t,'PX',r)
else
local q=redis.call('PTTL',h)
if q>=0 and q<tonumber(r)then redis.call('PEXPIRE',h,r)end
end
end
local function di(a,t,fa,r,n)
local dd=n==''and 2 or 3
local ak,bc,as={},true,false
local aw,ac
for c=1,#a,dd do
local k=redis.call('GET',a[c])
ak[c]=k==t
if k~=t then bc=false end
if k and k==fa then
as=true
elseif k and k~=t then
local q=redis.call('PTTL',a[c])
if not ac or(aw~=-1 and(q==-1 or q>aw))then
aw,ac=q,k
end
end
end
if n~=''then
for c=3,#a,3 do pcall(dn,a[c],n,tonumber(r))end
end
if ac then return{0,aw,ac}end
local j=0
for c=2,#a,dd do
local aa=au(a[c])
j=math.max(j,aa and(bc and aa or aa+1)or bn(a[c]))
end
for c=1,#a,dd do
du(a[c],t,r,ak[c])
df(a[c+1],j)
end
return as and-j or j
end
u['mutex.acquire']=function(a,f)
return di(a,f[1],nil,f[2],f[3])
end
u['mutex.takeOver']=function(a,f)
return di(a,f[1],f[2],f[3],f[4])
end
u['mutex.commit']=function(a,f)
for c=1,#a,2 do
if redis.call('GET',a[c])~=f[1]then return{0}end
end
for c=2,#a,2 do
if not au(a[c])then bn(a[c])end
bk(a[c],tonumber(f[2]))
end
return 1
end
u['mutex.extend']=function(a,f)
local t,j,r=f[1],tonumber(f[2]),f[3]
local ak={}
for c=1,#a,2 do
local k=redis.call('GET',a[c])
if k and k~=t then return{0,redis.call('PTTL',a[c]),k}end
ak[c]=k==t
end
for c=1,#a,2 do
local cr=not ak[c]and(au(a[c+1])or bz(a[c+1]))
if cr then bk(a[c+1],j)end
end
for c=1,#a,2 do du(a[c],t,r,ak[c])end
return 1
end
u['mutex.release']=function(a,f)
local t,w=f[1],f[2]
local an,bi=false,false
for c=1,#a,2 do
local k=redis.pcall('GET',a[c])
if w~=''then pcall(bx,a[c+1],w)end
if k==t then
redis.call('DEL',a[c])
an=true
if dj(a[c+1],w~='')then bi=true end
elseif type(k)=='table'and k.err and not string.find(k.err,'WRONGTYPE',1,true)then
error(k.err)
end
end
if not an then return 0 end
return bi and-1 or 1
end
u['mutex.leave']=function(a,f)
pcall(bx,a[1],f[1])
return 1
end`,
    PART_5,
    PART_6,
  ],
  "0b2197a804f873a0fb825e69884a2a80e34d102b",
  "97b6769e07f18c8f47ea333a4a504c5d2a84809e",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local cq=7
local cp={
['modes.acquire']=function(b,m,ah)
local i,z,r=ARGV[ah+4],KEYS[b],ARGV[ah]
if ARGV[ah+1]~=''or(i~='X'and i~='S')then return nil end
if o('EXISTS',z,KEYS[b+2],KEYS[b+3],KEYS[b+4],KEYS[b+5])~=0 then return nil end
if i=='X'then
local s=o('SET',z,ARGV[m],'PX',r)
if s.err then return nil end
local j=ai(KEYS[b+1])
if not j then o('DEL',z)end
return j
end
local k=o('GET',KEYS[b+1])
local j=type(k)=='string'and string.match(k,'^%d+$')and tonumber(k)
if not j or j<1 or j>=9000000000000000 then return nil end
local ae=o('TIME')
local y=tonumber(ae[1])*1000+math.floor(tonumber(ae[2])/1000)+tonumber(r)
if type(o('ZADD',KEYS[b+4],string.format('%.0f',y),ARGV[m]))~='number'then return nil end
o('PEXPIRE',KEYS[b+4],r)
local s=o('SET',z,'~s','PX',r)
return not s.err and j or nil
end,
['modes.release']=function(b,m)
local x=o('MGET',KEYS[b],KEYS[b+5],KEYS[b+6])
if x.err or x[2]or x[3]then return nil end
if x[1]==ARGV[m]then
if o('EXISTS',KEYS[b+2],KEYS[b+3],KEYS[b+4])~=0 then return nil end
return o('DEL',KEYS[b])==1 and 1 or nil
end
if x[1]~='~s'or o('EXISTS',KEYS[b+2],KEYS[b+3])~=0 then return nil end
local v=o('ZSCORE',KEYS[b+4],ARGV[m])
if not v then return 0 end
local ae=o('TIME')
local d=tonumber(ae[1])*1000+math.floor(tonumber(ae[2])/1000)
if type(v)~='string'or tonumber(v)<d then return nil end
if o('ZREM',KEYS[b+4],ARGV[m])~=1 then return nil end
local ao=tonumber(o('ZREVRANGE',KEYS[b+4],0,0,'WITHSCORES')[2])
if ao and ao>=d then o('SET',KEYS[b],'~s','PX',math.max(1,ao-d))
else o('DEL',KEYS[b])end
return 1
end
}
local dq={}`,
    PART_2,
    PART_3,
    PART_4,
    `local ck={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function ej(ex,ay)return string.find(ck[ex],' '..ay..' ',1,true)end
local function bw(n)return string.match(n,'^%w+')or''end
local function ba(e,c)
local aq=e[c]
if type(aq)~='string'then return aq end
local v,n,i,y,aj,al=
string.match(aq,'^(-?%d+) ([%w.]+) (%u+) (%d+) (%d+) (%d+)$')
local g
if ck[i]then
g={tonumber(v),n,i,tonumber(y),tonumber(aj),tonumber(al),false,aq}
else
g={0,'','X',0,0,0,true,aq}
end
e[c]=g
return g
end
local function co(e,g)
e.check=math.min(e.check,g[4]+1)
if g[5]>0 then e.check=math.min(e.check,g[5]+50+1)end
end
local function ei(e,d)
local cn,be=0,{}
local ai=#e
e.check=math.huge
for c=1,ai do
local g=ba(e,c)
e[c]=nil
if g[4]>=d then
cn=cn+1
e[cn]=g
co(e,g)
if g[5]>0 and d-g[5]>50 then
local w=bw(g[2])
be[w]=math.max(be[w]or 0,g[5])
g[7]=true
end
end
end
if not next(be)then return end
for ar,g in ipairs(e)do
local w=bw(g[2])
if be[w]and g[4]-3000>be[w]then be[w]=nil end
end
for ar,g in ipairs(e)do g[7]=g[7]or be[bw(g[2])]~=nil end
end
local function bt(h,d)
local aq,e=redis.pcall('GET',h),{['check']=math.huge,['last']=0,['ticket']=0}
local bl,aa,al
if type(aq)=='string'then bl,aa,al=string.match(aq,'^(%d+) (%d+) (%d+);')end
if not bl then return e end
e.check,e.last,e.ticket=tonumber(bl),tonumber(aa),tonumber(al)
local ai=0
for by in string.gmatch(aq,';([^;]+)')do
ai=ai+1
e[ai]=by
end
if d>=e.check then ei(e,d)end
return e
end
local function cj(h,e,d)
if#e==0 then
redis.call('DEL',h)
return
end
local ee={string.format('%.0f %.0f %.0f',e.check,e.last,e.ticket)}
for c,g in ipairs(e)do
ee[c+1]=type(g)=='string'and g or g[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(g,1,6))
end
redis.call('SET',h,table.concat(ee,';'),'PX',math.max(1,e.last-d))
end
local function cs(g,v,n)
return g[1]>v or(g[1]==v and g[2]>n)
end
local function eh(e,i,n,v)
local av
for c=1,#e do
local g=ba(e,c)
if g[2]==n or(v and cs(g,v,n))then break end
if ej(g[3],i)and not g[7]then
if av then return av,true end
av=g
end
end
return av,false
end
local function cz(e,n)
local ey=' '..n..' '
for c,g in ipairs(e)do
if type(g)~='string'or string.find(g,ey,1,true)then
if ba(e,c)[2]==n then return c end
end
end
end
local function ec(e,n,d)
local p=n~=''and cz(e,n)
if not p then return nil end
local g=ba(e,p)
g[4],g[5],g[8]=d+3000,0,nil
e.last=math.max(e.last,g[4])
return p
end
local function fc(e,n,i,al,cc,d)
local p,v=ec(e,n,d),al-cc
if p then
e[p][3]=i
return p
end
p=#e+1
while p>1 and cs(ba(e,p-1),v,n)do p=p-1 end
local g={v,n,i,d+3000,0,al,false}
table.insert(e,p,g)
co(e,g)
e.last,e.ticket=math.max(e.last,g[4]),math.max(e.ticket,al)
e[256+1]=nil
return p
end
local function et(e,n)
local p=cz(e,n)
if p then table.remove(e,p)end
return p~=nil
end
local function eu(e,ew,d)
local aj,ca,bm,cv={},{},{},false
for c=1,#e do
local g=ba(e,c)
local i,w=g[3],bw(g[2])
if cv and not g[7]and not bm[w]then return aj,true,g[2]end
if not cv and not g[7]then
if ca[i]==nil then ca[i]=not ew(i)end
if ca[i]then
if g[5]==0 then
g[5],g[8]=d,nil
co(e,g)
aj[#aj+1]=g[2]
end
bm[w]=true
for ay in string.gmatch(ck[i],'%u+')do ca[ay]=false end
else
cv=true
if not next(bm)then break end
if not bm[w]then return aj,true,g[2]end
end
end
end
return aj,next(bm)~=nil,nil
end`,
    `local ab,bf=7,'~s'
local cl={['IS']={3},['IX']={4},['S']={5},['SIX']={4,5},['X']={}}
local dh={['IS']={},['IX']={5},['S']={4},['SIX']={4,5},['X']={3,4,5}}
local function bs()
local ae=redis.call('TIME')
return tonumber(ae[1])*1000+math.floor(tonumber(ae[2])/1000)
end
local function cw(aq)
local ad={}
for i in string.gmatch(aq,'%u+')do
if not dh[i]then error('unknown mode '..i,0)end
ad[#ad+1]=i
end
return ad
end
local function de(f,bg)
local l={f[1],[f[1]]=true}
for c=bg,#f do
l[#l+1]=f[c]
l[f[c]]=true
end
return l
end
local function cd(a,b,i,l,d)
local k=redis.call('GET',a[b+1])
if k and k~=bf and not l[k]then return redis.call('PTTL',a[b+1]),k end
local aa,ac
for ar,s in ipairs(dh[i])do
local x=redis.call('ZREVRANGE',a[b+s],0,#l,'WITHSCORES')
for c=1,#x,2 do
local y=tonumber(x[c+1])
if not l[x[c]]then
if y>=d and(not aa or y>aa)then aa,ac=y,x[c]end
break
end
end
end
if aa then return aa-d,ac end
end
local function dx(a,b,d)
local ao
if redis.call('EXISTS',a[b+3],a[b+4],a[b+5])==0 then return nil end
for s=3,5 do
local y=tonumber(redis.pcall('ZREVRANGE',a[b+s],0,0,'WITHSCORES')[2])
if y and y>=d then ao=math.max(ao or 0,y)end
end
return ao
end
local function cu(a,b,i,l)
if i=='X'then return l[redis.call('GET',a[b+1])]end
for ar,s in ipairs(cl[i])do
local bb=false
for ar,t in ipairs(l)do
if redis.call('ZSCORE',a[b+s],t)then bb=true end
end
if not bb then return false end
end
return true
end
local function er(a,b,l)
if l[redis.call('GET',a[b+1])]then return true end
for s=3,5 do
for ar,t in ipairs(l)do
if redis.call('ZSCORE',a[b+s],t)then return true end
end
end
return false
end
local function dv(a,b,i,l,r,d)
local z,t,as=a[b+1],l[1],false
local k=redis.call('GET',z)
local y=d+r
if l[k]then
local q=redis.call('PTTL',z)
if q==-1 and k==t and i=='X'then return false end
y=math.max(y,d+q)
as=k~=t
end
for s=3,5 do
for c,by in ipairs(l)do
local v=(c>1 or i~='X')and redis.call('ZSCORE',a[b+s],by)
if v then
y=math.max(y,tonumber(v))
if c>1 then
redis.call('ZREM',a[b+s],by)
as=true
end
end
end
end
if i=='X'then
redis.call('SET',z,t,'PX',y-d)
return as
end
for ar,s in ipairs(cl[i])do
local h=a[b+s]
redis.call('ZREMRANGEBYSCORE',h,'-inf',string.format('(%.0f',d))
redis.call('ZADD',h,string.format('%.0f',y),t)
if redis.call('PTTL',h)<y-d then redis.call('PEXPIRE',h,y-d)end
end
if k~=bf then
redis.call('SET',z,bf,'PX',dx(a,b,d)-d)
else
local q=redis.call('PTTL',z)
if q>=0 and q<y-d then redis.call('PEXPIRE',z,y-d)end
end
return as
end
local dg={}
local function bu(a,b,e,d)
if#e==0 then return{},false end
local aj,bv,dm=eu(
e,function(i)return cd(a,b,i,dg,d)end,d)
if#aj>0 then
cj(a[b+6],e,d)
redis.pcall('PUBLISH',a[b+7],table.concat(aj,' ')..(dm and' ~'..dm or''))
end
return aj,bv
end
local function eg(a,b,i,l,n,v,e,d)
local q,ac=cd(a,b,i,l,d)
if q or#e==0 or er(a,b,l)then return q,ac end
local av,en=eh(e,i,n,v)
if not av then return nil end
bu(a,b,e,d)
if en then return-1,''end
if av[5]>0 then return math.max(0,50-d+av[5]),''end
q,ac=cd(a,b,av[3],dg,d)
return q and-1 or 50,ac or''
end
local function ds(a,ad,bc)
local j,dk,ax=0,false,{}
for ar,i in ipairs(ad)do
if(i=='X'or i=='SIX')and not bc then dk=true end
end
for p=2,#a,ab do
local h=a[p]
if ax[h]==nil then
local aa=au(h)
ax[h]=aa or 0
j=math.max(j,aa and(dk and aa+1 or aa)or bn(h))
end
end
for h,aa in pairs(ax)do
if aa~=j then df(h,j)end
end
return j
end
local function es(a)
local x={}
for b=0,#a-ab,ab do
x[#x+1]=a[b+1]
for p=3,6 do x[#x+1]=a[b+p]end
end
return redis.call('EXISTS',unpack(x))==0
end
local function eo(a,b,i,t,r,d)
for ar,s in ipairs(cl[i])do
redis.call('ZADD',a[b+s],string.format('%.0f',d+r),t)
redis.call('PEXPIRE',a[b+s],r)
end
redis.call('SET',a[b+1],i=='X'and t or bf,'PX',r)
end
u['modes.acquire']=function(a,f)
local r,n,al,cc=tonumber(f[2]),f[3],tonumber(f[4]),tonumber(f[5])
local ad,l,ef,d=cw(f[6]),de(f,7),{f[1],[f[1]]=true},bs()
local v=al>0 and al-cc or nil
local am,ax,p,aw,ac={},d,nil,nil,nil
local bc,as=true,false
if n==''and es(a)then
local j=ds(a,ad,false)
for c,i in ipairs(ad)do eo(a,(c-1)*ab,i,f[1],r,d)end
return j
end
for c,i in ipairs(ad)do
local b=(c-1)*ab
am[c]=bt(a[b+6],d)
ax=math.max(ax,am[c].ticket)
local q,fd=eg(a,b,i,l,n,v,am[c],d)
if q then
p=p or c
if not ac or(aw~=-1 and(q==-1 or q>aw))then
aw,ac=q,fd
end
elseif not cu(a,b,i,ef)then
bc=false
end
end
local br,cy=p or#ad,nil
if n~=''then
cy=fc(am[br],n,ad[br],al>0 and al or ax+1,cc,d)
cj(a[(br-1)*ab+6],am[br],d)
end
if p then
if n~=''then pcall(dn,a[(p-1)*ab+7],n,r)end
return{0,aw,ac,string.format('%.0f',ax),cy and cy-1 or#am[p]}
end
local j=ds(a,ad,bc)
for c,i in ipairs(ad)do
local b=(c-1)*ab
if dv(a,b,i,l,r,d)then as=true end
if c~=br and ec(am[c],n,d)then cj(a[b+6],am[c],d)end
end
return as and-j or j
end
u['modes.convert']=u['modes.acquire']
u['modes.commit']=function(a,f)
local l={f[1],[f[1]]=true}
for c,i in ipairs(cw(f[3]))do
if not cu(a,(c-1)*ab,i,l)then return{0}end
end
for b=0,#a-ab,ab do
if not au(a[b+2])then bn(a[b+2])end
bk(a[b+2],tonumber(f[2]))
end
return 1
end
u['modes.extend']=function(a,f)
local j,r,ad=tonumber(f[2]),tonumber(f[3]),cw(f[4])
local l,d=de(f,5),bs()
for c,i in ipairs(ad)do
local q,ac=cd(a,(c-1)*ab,i,l,d)
if q then return{0,q,ac}end
end
for c,i in ipairs(ad)do
local b=(c-1)*ab
local cr=not cu(a,b,i,l)and(au(a[b+2])or bz(a[b+2]))
if cr then bk(a[b+2],j)end
end
for c,i in ipairs(ad)do
local b=(c-1)*ab
if dv(a,b,i,l,r,d)then bu(a,b,bt(a[b+6],d),d)end
end
return 1
end
local function em(a,b,l,d)
local z,an=a[b+1],false
local k=redis.pcall('GET',z)
if type(k)=='table'then
if string.find(k.err,'WRONGTYPE',1,true)then return false,false end
error(k.err,0)
end
if l[k]then
redis.call('DEL',z)
k,an=false,true
end
local bb=false
for s=3,5 do
for ar,t in ipairs(l)do
local v=redis.pcall('ZSCORE',a[b+s],t)
if type(v)=='string'then
redis.call('ZREM',a[b+s],t)
bb=true
if tonumber(v)>=d then an=true end
end
end
end
if k and k~=bf then return an,false end
local ao=bb and dx(a,b,d)
if ao then
local q=redis.call('PTTL',z)
redis.call('SET',z,bf,'PX',math.max(1,ao-d))
return an,false,q>ao-d
end
if bb and k then redis.call('DEL',z)end
return an,bb or an
end
u['modes.release']=function(a,f)
local w,l,d=f[2],de(f,3),bs()
local an,bi=false,false
for b=0,#a-ab,ab do
local ak,eq,ep=em(a,b,l,d)
local am=ak and redis.pcall('MGET',a[b+6],a[b+7])
if ak then an=true end
if am and(am[1]or am[2])then
local ct,aj,bv=pcall(bu,a,b,bt(a[b+6],d),d)
if not ct then aj,bv={},false end
for ar,ay in ipairs(aj)do
if ay~=w then bi=true end
end
if eq and not bv and dj(a[b+7],w~='')then bi=true end
if ep and#aj==0 then redis.pcall('PUBLISH',a[b+7],'')end
end
end
if not an then return 0 end
return bi and-1 or 1
end
u['modes.releaseAll']=u['modes.release']
u['modes.leave']=function(a,f)
local d=bs()
for b=0,#a-ab,ab do
local e=bt(a[b+6],d)
if et(e,f[1])then
cj(a[b+6],e,d)
pcall(bu,a,b,e,d)
end
pcall(bx,a[b+7],f[1])
end
return 1
end`,
    `u['modes.position']=function(a,f)
local d=bs()
local e=bt(a[6],d)
local p,cm,af=cz(e,f[1]),0,0
local v=p and e[p][1]or math.max(d,e.ticket)+1-tonumber(f[2])
for c=1,#e do
local g=ba(e,c)
if not g[7]then
af=af+1
if g[2]~=f[1]and not cs(g,v,f[1])then cm=cm+1 end
end
end
return{1,cm,af,redis.call('EXISTS',a[1])}
end`,
    PART_5,
    PART_6,
  ],
  "40ae2b6801a90dc7410eb3b24144ed41fd4d5de7",
  "a0c8f28290d70eed1ce240a04af006eb62c8aaf3",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    `local cp,dq,cq={},{},0`,
    PART_3,
    `local function ea(h)
local at=redis.pcall('GET',h)
return type(at)=='string'and at or''
end
local function ed(h,ek,k)
local bd=ea(h)
local ae=redis.call('TIME')
local d=string.format('%.0f',tonumber(ae[1])*1000+math.floor(tonumber(ae[2])/1000))
if bd==ek then
bd=k(tonumber(d))
redis.call('SET',h,bd)
end
return{1,bd,d}
end
u['marker.replace']=function(a,f)
return ed(a[1],f[1],function()return f[2]end)
end
u['marker.lose']=function(a,f)
return ed(a[1],f[1],function(d)
return'lost '..string.format('%.0f',d-tonumber(f[2]))
end)
end`,
    `u['identify']=function(a)
local eb=''
local function cg(fb)
local cb=redis.pcall('INFO',fb)
if type(cb)=='table'then cb,eb='',cb.err end
return function(el)return string.match(cb,'%f[%w_]'..el..':([^\\r\\n]*)')or''end
end
local ch,dy,db=cg('server'),cg('memory'),cg('replication')
local ae=redis.call('TIME')
local i=ch('redis_mode')
if i==''then i=ch('server_mode')end
return{
1,ch('run_id'),tonumber(ch('uptime_in_seconds'))or-1,
tonumber(ae[1])*1000000+tonumber(ae[2]),
tonumber(cg('persistence')('aof_enabled'))or-1,
dy('maxmemory_policy'),tonumber(dy('maxmemory'))or-1,
db('role'),i,db('master_replid'),db('master_replid2'),
a[1]and ea(a[1])or'',eb
}
end`,
    `u['counters.read']=function(a)
local ag={1}
for c=1,#a do
local bp,j=pcall(au,a[c])
ag[c+1]=bp and j and string.format('%.0f',j)or''
end
return ag
end
local function dz(a,f,bl)
for c=1,#a do
local bp,j=pcall(au,a[c])
if bp then
if not j then bl(a[c])end
bk(a[c],tonumber(f[c]))
end
end
return 1
end
u['counters.raise']=function(a,f)
return dz(a,f,bn)
end
u['counters.restore']=function(a,f)
return dz(a,f,function()end)
end
u['counters.lift']=function(a,f)
for c=1,#a do
local bp,j=pcall(au,a[c])
if bp and j then bk(a[c],tonumber(f[1]))end
end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "de9bda7d2658e8e60fb5ee104e8207bafdf20817",
  "1d4e9b1efd8b2433d5ad2ac355e4a0a2add4c019",
);
