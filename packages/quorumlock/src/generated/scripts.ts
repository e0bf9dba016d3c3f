// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local ad=redis.pcall
local function y(g)
local j=ad('INCR',g)
if type(j)~='number'then return nil end
if j>1 and j<=9000000000000000 then return j end
if j==1 and not IS_CLUSTER then
local bg=ad('GET',string.match(g,'^(.*)~fence:')..'~server')
local cu=type(bg)=='string'and string.match(bg,'^complete .* (%d+)$')
local ae=cu and ad('SET',g,cu)
if ae and not ae.err then return tonumber(cu)end
end
ad(j>1 and'DECR'or'DEL',g)
return nil
end`;

const PART_2 = `if#KEYS<=fa and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local ej=ez[ARGV[1]]
local x=ej and ej(1,6+ARGV[5],6,#KEYS)
if x then return x end
end`;

const PART_3 = `local function general()
local v={}
local function ay(g)
local h=redis.call('GET',g)
if not h then return nil end
local j=string.match(h,'^-?%d+$')and tonumber(h)
if not j or j>=9000000000000000 then
error('the fencing counter '..g..' cannot be counted up: '..h..'; delete it together with '
..string.match(g,'^(.*)~fence:')..'~server, on one server after another')
end
return j>0 and j or nil
end
local function er(g,j)
redis.call('SET',g,string.format('%.0f',j))
end
local function df(g)
if not IS_CLUSTER then
local bg=redis.pcall('GET',string.match(g,'^(.*)~fence:')..'~server')
if type(bg)~='table'or string.find(bg.err,'WRONGTYPE',1,true)then
return type(bg)=='string'and tonumber(string.match(bg,'^complete .* (%d+)$'))or nil
end
end
local av=redis.call('TIME')
local b=tonumber(av[1])*1000000+tonumber(av[2])
return math.max(1,b-b%16384)
end
local function ca(g)
local cu=df(g)
if cu then return cu end
redis.call('DEL',g)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function cz(g,j)
local cm=ay(g)
if not cm then j=math.max(j,df(g)or 0)end
if(cm or 0)<j then er(g,j)end
end`;

const PART_4 = `local function ek(g)
local aw=redis.pcall('GET',g)
return type(aw)=='string'and aw or nil
end
local function ey(g,aj,ab)
ab=math.max(ab,20000)
local aw=ek(g)
if not aw then
redis.call('SET',g,aj,'PX',ab)
elseif string.find(' '..aw..' ',' '..aj..' ',1,true)then
redis.call('PEXPIRE',g,math.max(redis.call('PTTL',g),ab))
elseif#aw+1<256*(#aj+1)then
redis.call('SET',g,aw..' '..aj,'PX',math.max(redis.call('PTTL',g),ab))
end
end
local function dd(g,aj)
local aw=ek(g)
if not aw then return end
local bu={}
for as in string.gmatch(aw,'%S+')do
if as~=aj then bu[#bu+1]=as end
end
if#bu==0 then redis.call('DEL',g)
else redis.call('SET',g,table.concat(bu,' '),'PX',math.max(redis.call('PTTL',g),1))end
end
local function ex(g,ik)
local aw=ek(g)
if not aw then return false end
local u=ik and string.match(aw,'%S+')or''
if u~=''then dd(g,u)end
redis.pcall('PUBLISH',g,u)
return u~=''
end`;

const PART_5 = `return v
end`;

const PART_6 = `local function is(ej,e,cy,z,l,ap,ep)
local a,d={unpack(KEYS,e,e+cy-1)},{unpack(ARGV,z,z+l-1)}
for c=1,ep do d[l+c]=ARGV[ap+c-1]end
local dk,x=pcall(ej,a,d)
if dk then return x end
if type(x)=='table'then x=x.err or x[1]end
return{-1,tostring(x)}
end
local bo,v,e,z={},nil,1,1
while z<=#ARGV do
local fi,ax,cy=ARGV[z],tonumber(ARGV[z+1]),tonumber(ARGV[z+2])
local l,ep,ap=tonumber(ARGV[z+3]),tonumber(ARGV[z+4]),z+5
z=ap+ep
local go=cy<=fa
local gn=go and ez[fi]
local gl=go and ax>1 and gm[fi]
local ci=0
while ci<ax do
local y=gl and gl(e,z,ax-ci,bo)or 0
if y==0 then
local x=gn and gn(e,z,ap,cy)
if not x then
v=v or general()
x=is(v[fi],e,cy,z,l,ap,ep)
end
bo[#bo+1]=x
y=1
end
e,z,ci=e+y*cy,z+y*l,ci+y
end
end
return#bo==1 and bo[1]or bo`;

const PART_7 = `local function dt(q)return string.match(q,'^%w+')or''end
local function cj(f,c)
local af=f[c]
if type(af)~='string'then return af end
local ak,q,bq,s,an,ar=
string.match(af,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local i
if bq and f.is_demand(bq)then
i={tonumber(ak),q,bq,tonumber(s),tonumber(an),tonumber(ar),false,af}
else
i={0,'','',0,0,0,true,af}
end
f[c]=i
return i
end
local function ds(f,i)
f.check=math.min(f.check,i[4]+1)
if i[5]>0 then f.check=math.min(f.check,i[5]+50+1)end
end
local function hv(f,b)
local ew,cn=0,{}
local y=#f
f.check=math.huge
for c=1,y do
local i=cj(f,c)
f[c]=nil
if i[4]>=b then
ew=ew+1
f[ew]=i
ds(f,i)
if i[5]>0 and b-i[5]>50 then
local aj=dt(i[2])
cn[aj]=math.max(cn[aj]or 0,i[5])
i[7]=true
end
end
end
if not next(cn)then return end
for al,i in ipairs(f)do
local aj=dt(i[2])
if cn[aj]and i[4]-3000>cn[aj]then cn[aj]=nil end
end
for al,i in ipairs(f)do i[7]=i[7]or cn[dt(i[2])]~=nil end
end
local function bn(g,b,ie)
local af=redis.pcall('GET',g)
local f={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=ie}
local dc,n,ar
if type(af)=='string'then dc,n,ar=string.match(af,'^(%d+) (%d+) (%d+);')end
if not dc then return f end
f.check,f.last,f.ticket=tonumber(dc),tonumber(n),tonumber(ar)
local y=0
for br in string.gmatch(af,';([^;]+)')do
y=y+1
f[y]=br
end
if b>=f.check then hv(f,b)end
return f
end
local function bw(g,f,b)
if#f==0 then
redis.call('DEL',g)
return
end
local bi={string.format('%.0f %.0f %.0f',f.check,f.last,f.ticket)}
for c,i in ipairs(f)do
bi[c+1]=type(i)=='string'and i or i[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(i,1,6))
end
redis.call('SET',g,table.concat(bi,';'),'PX',math.max(1,f.last-b))
end
local function fc(i,ak,q)
return i[1]>ak or(i[1]==ak and i[2]>q)
end
local function ge(f,q,ak,hu)
local bb
for c=1,#f do
local i=cj(f,c)
if i[2]==q or(ak and fc(i,ak,q))then break end
if not i[7]and hu(i[3])then
if bb then return bb,true end
bb=i
end
end
return bb,false
end
local function fl(f,q)
local ir=' '..q..' '
for c,i in ipairs(f)do
if type(i)~='string'or string.find(i,ir,1,true)then
if cj(f,c)[2]==q then return c end
end
end
end
local function en(f,q,b)
local o=q~=''and fl(f,q)
if not o then return nil end
local i=cj(f,o)
i[4],i[5],i[7],i[8]=b+3000,0,false,nil
f.last=math.max(f.last,i[4])
return o
end
local function hi(f,q,b)
local o=en(f,q,b)
if not o then return false end
local i=f[o]
i[5],i[7]=math.max(1,b-50-1),true
ds(f,i)
return true
end
local function hj(f,q,bq,ar,ef,b,ah)
local o=en(f,q,b)
if o and f[o][6]>=ar then
f[o][3]=bq
return o
end
if o then table.remove(f,o)end
if ar==0 then ar=ah+1 end
local ak=ar-ef
o=#f+1
while o>1 and fc(cj(f,o-1),ak,q)do o=o-1 end
local i={ak,q,bq,b+3000,0,ar,false}
table.insert(f,o,i)
ds(f,i)
f.last,f.ticket=math.max(f.last,i[4]),math.max(f.ticket,ar)
f[256+1]=nil
return o
end
local function gy(f,q)
local o=fl(f,q)
if o then table.remove(f,o)end
return o~=nil
end
local function hb(f,bj,b)
local an,du,fe={},{},false
for c=1,#f do
local i=cj(f,c)
if not i[7]then
local aj=dt(i[2])
fe=fe or not bj(i[3])
if fe then
if not next(du)then break end
if not du[aj]then return an,true,i[2]end
else
if i[5]<=0 then
i[5],i[8]=b,nil
ds(f,i)
an[#an+1]=i
end
du[aj]=true
end
end
end
return an,next(du)~=nil,nil
end
local function hk(bi,ct)
return table.concat(bi,' ')..(ct and' ~'..ct or'')
end`;

const PART_8 = `local ez,gm,fa={},{},0`;

const PART_9 = `local fy='~'
local function bd()
local av=redis.call('TIME')
return tonumber(av[1])*1000+math.floor(tonumber(av[2])/1000)
end
local function fk(af,b)
local bh,p,eq=string.match(af,'^(%d+) (%d+) (%d+)$')
if bh and tonumber(eq)+604800000+86400000>=b then return tonumber(bh),tonumber(p),tonumber(eq)end
end
local function he(g,aa,b)
return fk(redis.call('HGET',g,aa)or'',b)
end
local function fx(g,aa,bh,p,b)
local gh=tonumber(redis.call('HGET',g,fy)or'')
if not gh or gh+86400000<b then
local by=redis.call('HGETALL',g)
for c=1,#by,2 do
if not fk(by[c+1],b)then redis.call('HDEL',g,by[c])end
end
redis.call('HSET',g,fy,string.format('%.0f',b))
end
redis.call('HSET',g,aa,string.format('%.0f %.0f %.0f',bh,p,b))
redis.call('PEXPIRE',g,604800000+86400000)
end
local function iu(g,aa,bh,p,b)
if bh>(he(g,aa,b)or 0)then fx(g,aa,bh,p,b)end
end`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fa=2
local ez={
['mutex.acquire']=function(e,z,ap)
local ae=ad('SET',KEYS[e],ARGV[z],'NX','PX',ARGV[ap])
if not ae or ae.err then return nil end
local j=y(KEYS[e+1])
if not j then ad('DEL',KEYS[e])end
return j
end,
['mutex.takeOver']=function(e,z,ap)
if ad('GET',KEYS[e])~=ARGV[z+1]then return nil end
local j=y(KEYS[e+1])
if not j then return nil end
local ae=ad('SET',KEYS[e],ARGV[z],'PX',ARGV[ap])
return not ae.err and-j or nil
end,
['mutex.extend']=function(e,z,ap)
if ad('GET',KEYS[e])~=ARGV[z]then return nil end
local r=ad('PTTL',KEYS[e])
if type(r)~='number'or r<0 then return nil end
if r<tonumber(ARGV[ap])and ad('PEXPIRE',KEYS[e],ARGV[ap])~=1 then return nil end
return 1
end,
['mutex.release']=function(e,z)
local ag=ad('MGET',KEYS[e],KEYS[e+1])
if ag.err or ag[2]then return nil end
if ag[1]~=ARGV[z]then return 0 end
return ad('DEL',KEYS[e])==1 and 1 or nil
end,
}`,
    PART_2,
    `local gm={
['mutex.release']=function(e,z,ax,bo)
local ag=ad('MGET',unpack(KEYS,e,e+2*ax-1))
if ag.err then return 0 end
local bm,gt,fp,ci={},{},{},0
for c=1,ax do
if ag[2*c]then break end
local aa=KEYS[e+2*c-2]
local bc=ag[2*c-1]==ARGV[z+c-1]and not gt[aa]
bo[#bo+1]=bc and 1 or 0
if bc then
gt[aa]=true
bm[#bm+1]=aa
fp[#bm]=#bo
end
ci=c
end
local gj=#bm>0 and ad('DEL',unpack(bm))
if type(gj)=='table'then
for c=1,#fp do bo[fp[c]]={-1,gj.err}end
end
return ci
end
}`,
    PART_3,
    PART_4,
    `local function cw(g,k,ab,bc)
if not bc then redis.call('SET',g,k,'PX',ab)
else
local r=redis.call('PTTL',g)
if r>=0 and r<tonumber(ab)then redis.call('PEXPIRE',g,ab)end
end
end
local function gc(a,k,it,ab,q)
local fu=q==''and 2 or 3
local bc,cl,bl={},true,false
local be,ac
for c=1,#a,fu do
local h=redis.call('GET',a[c])
bc[c]=h==k
if h~=k then cl=false end
if h and h==it then
bl=true
elseif h and h~=k then
local r=redis.call('PTTL',a[c])
if not ac or(be~=-1 and(r==-1 or r>be))then
be,ac=r,h
end
end
end
if q~=''then
for c=3,#a,3 do pcall(ey,a[c],q,tonumber(ab))end
end
if ac then return{0,be,ac}end
local j=0
for c=2,#a,fu do
local n=ay(a[c])
j=math.max(j,n and(cl and n or n+1)or ca(a[c]))
end
for c=1,#a,fu do
cw(a[c],k,ab,bc[c])
er(a[c+1],j)
end
return bl and-j or j
end
v['mutex.acquire']=function(a,d)
return gc(a,d[1],nil,d[2],d[3])
end
v['mutex.takeOver']=function(a,d)
return gc(a,d[1],d[2],d[3],d[4])
end
v['mutex.commit']=function(a,d)
for c=1,#a,2 do
if redis.call('GET',a[c])~=d[1]then return{0}end
end
for c=2,#a,2 do
if not ay(a[c])then ca(a[c])end
cz(a[c],tonumber(d[2]))
end
return 1
end
v['mutex.extend']=function(a,d)
local k,j,ab=d[1],tonumber(d[2]),d[3]
local bc={}
for c=1,#a,2 do
local h=redis.call('GET',a[c])
if h and h~=k then return{0,redis.call('PTTL',a[c]),h}end
bc[c]=h==k
end
for c=1,#a,2 do
local fb=not bc[c]and(ay(a[c+1])or df(a[c+1]))
if fb then cz(a[c+1],j)end
end
for c=1,#a,2 do cw(a[c],k,ab,bc[c])end
return 1
end
v['mutex.release']=function(a,d)
local k,aj=d[1],d[2]
local au,cv=false,false
for c=1,#a,2 do
local h=redis.pcall('GET',a[c])
if aj~=''then pcall(dd,a[c+1],aj)end
if h==k then
redis.call('DEL',a[c])
au=true
if ex(a[c+1],aj~='')then cv=true end
elseif type(h)=='table'and h.err and not string.find(h.err,'WRONGTYPE',1,true)then
error(h.err)
end
end
if not au then return 0 end
return cv and-1 or 1
end
v['mutex.leave']=function(a,d)
pcall(dd,a[1],d[1])
return 1
end
v['mutex.renew']=function(a,d)
local j=1
for c=1,#a,2 do
local h=redis.call('GET',a[c])
if h~=d[1]then return{0,redis.call('PTTL',a[c]),h or''}end
j=math.max(j,ay(a[c+1])or 1)
end
for c=1,#a,2 do cw(a[c],d[1],d[2],true)end
return j
end
v['mutex.query']=function(a)
local x={1}
for c=1,#a,2 do
x[#x+1]=redis.call('GET',a[c])or''
x[#x+1]=redis.call('PTTL',a[c])
x[#x+1]=ek(a[c+1])or''
end
return x
end`,
    PART_5,
    PART_6,
  ],
  "f12f3c8f627057e28759d731f3fc0560989be311",
  "b4f4d13a02328d3d498647d87160f983cf1c120a",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fa=140
local ez={
['modes.acquire']=function(e,z,ap,am)
local k,ab,ao,dv=ARGV[z],ARGV[ap],ARGV[ap+4],KEYS[e+1]
if ARGV[ap+1]~=''then return nil end
if am==7 then
if ad('EXISTS',KEYS[e],KEYS[e+2],KEYS[e+3],KEYS[e+4],KEYS[e+5])~=0 then return nil end
else
for o=e+8,e+am-1,7 do
if KEYS[o]~=dv then return nil end
end
if ad('EXISTS',unpack(KEYS,e,e+am-1))~=am/7 then return nil end
end
local j
if ao=='X'or string.find(' '..ao,' X',1,true)or string.find(ao,'SIX',1,true)then
j=ad('INCR',dv)
if type(j)~='number'then return nil end
if j<=1 or j>9000000000000000 then
ad(j>1 and'DECR'or'DEL',dv)
return nil
end
else
local h=ad('GET',dv)
j=type(h)=='string'and string.match(h,'^%d+$')and tonumber(h)
if not j or j<1 or j>=9000000000000000 then return nil end
end
for m in string.gmatch(ao,'%u+')do
local ae=ad('SET',KEYS[e],m=='X'and k or'~s '..m..' '..k,'PX',ab)
if ae.err then return nil end
e=e+7
end
return j
end,
['modes.extend']=function(e,z,ap,am)
local k,ab,o=ARGV[z],ARGV[ap],1
local ag=ARGV[ap-1]=='2'and ad('MGET',unpack(KEYS,e,e+am-1))
if not ag or ag.err then return nil end
for m in string.gmatch(ARGV[ap+1],'%u+')do
if ag[o]~=(m=='X'and k or'~s '..m..' '..k)then return nil end
o=o+7
end
for aa=e,e+am-1,7 do
local r=ad('PTTL',KEYS[aa])
if type(r)~='number'or r<0 then return nil end
if r<tonumber(ab)and ad('PEXPIRE',KEYS[aa],ab)~=1 then return nil end
end
return 1
end,
['modes.release']=function(e,z,al,am)
local k=ARGV[z]
if am==7 then
local ag=ad('MGET',KEYS[e],KEYS[e+5],KEYS[e+6])
local h=ag[1]
if not h or ag[2]or ag[3]then return nil end
if h~=k and string.match(h,'^~s [ISX]+ (.*)$')~=k then return nil end
return ad('DEL',KEYS[e])==1 and 1 or nil
end
local ag,cb=ad('MGET',unpack(KEYS,e,e+am-1)),{}
if ag.err then return nil end
for o=1,am,7 do
local h=ag[o]
if not h or ag[o+5]or ag[o+6]then return nil end
if h~=k and string.match(h,'^~s [ISX]+ (.*)$')~=k then return nil end
cb[#cb+1]=KEYS[e+o-1]
end
return ad('DEL',unpack(cb))==#cb and 1 or nil
end
}
local gm={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    `local es={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function cx(af)return es[af]end
local function gg(io,as)return string.find(es[io],' '..as..' ',1,true)end
local function ij(im)
local ea={}
return function(m)
if ea[m]==nil then ea[m]=not im(m)end
if not ea[m]then return false end
for as in string.gmatch(es[m],'%u+')do ea[as]=false end
return true
end
end`,
    `local az,cc,hq=7,'~s','~p'
local eu={['IS']={3},['IX']={4},['S']={5},['SIX']={4,5},['X']={}}
local gb={['IS']={},['IX']={5},['S']={4},['SIX']={4,5},['X']={3,4,5}}
local function bd()
local av=redis.call('TIME')
return tonumber(av[1])*1000+math.floor(tonumber(av[2])/1000)
end
local function fg(af)
local ao={}
for m in string.gmatch(af,'%u+')do
if not gb[m]then error('unknown mode '..m,0)end
ao[#ao+1]=m
end
return ao
end
local function cp(d,u)
local l={d[1],[d[1]]=true}
for c=u,#d do
l[#l+1]=d[c]
l[d[c]]=true
end
return l
end
local function dq(h)
if not h or string.sub(h,1,3)~='~s 'then return nil end
local m,k=string.match(h,'^~s (%u+) (.*)$')
if eu[m]then return m,k end
end
local function ei(a,e,m,l,b)
local h=redis.call('GET',a[e+1])
if h==hq then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local co,at=dq(h)
if at then
local r=not l[at]and redis.call('PTTL',a[e+1])
if r and(r==-1 or gg(m,co))then return r,at end
return nil
end
if l[h]then return nil end
if h and h~=cc then return redis.call('PTTL',a[e+1]),h end
local n,ac
for al,ae in ipairs(gb[m])do
local ag=redis.call('ZREVRANGE',a[e+ae],0,#l,'WITHSCORES')
for c=1,#ag,2 do
local s=tonumber(ag[c+1])
if not l[ag[c]]then
if s>=b and(not n or s>n)then n,ac=s,ag[c]end
break
end
end
end
if n then return n-b,ac end
end
local function gw(a,e,b)
local ah
if redis.call('EXISTS',a[e+3],a[e+4],a[e+5])==0 then return nil end
for ae=3,5 do
local s=tonumber(redis.pcall('ZREVRANGE',a[e+ae],0,0,'WITHSCORES')[2])
if s and s>=b then ah=math.max(ah or 0,s)end
end
return ah
end
local function fd(a,e,m,l)
local h=redis.call('GET',a[e+1])
if m=='X'then return l[h]end
local co,at=dq(h)
if at then return l[at]and co==m end
for al,ae in ipairs(eu[m])do
local ck=false
for al,k in ipairs(l)do
if redis.call('ZSCORE',a[e+ae],k)then ck=true end
end
if not ck then return false end
end
return true
end
local function ih(a,e,l)
local h=redis.call('GET',a[e+1])
local al,at=dq(h)
if at then return l[at]end
if l[h]then return true end
for ae=3,5 do
for al,k in ipairs(l)do
if redis.call('ZSCORE',a[e+ae],k)then return true end
end
end
return false
end
local function gd(a,e,m,k,s,b)
for al,ae in ipairs(eu[m])do
local g=a[e+ae]
redis.call('ZREMRANGEBYSCORE',g,'-inf',string.format('(%.0f',b))
redis.call('ZADD',g,string.format('%.0f',s),k)
if redis.call('PTTL',g)<s-b then redis.call('PEXPIRE',g,s-b)end
end
end
local function gs(a,e,m,l,ab,b)
local aa,k,bl=a[e+1],l[1],false
local h=redis.call('GET',aa)
local s=b+ab
local co,at=dq(h)
local ac,id=at or h,co or'X'
if l[ac]then
local r=redis.call('PTTL',aa)
if r==-1 and ac==k and m==id then return false end
s=math.max(s,b+r)
if at==k and m==co then
redis.call('SET',aa,h,'PX',s-b)
return false
end
bl=ac~=k
h=nil
elseif at then
local r=math.max(1,redis.call('PTTL',aa))
gd(a,e,co,at,b+r,b)
redis.call('SET',aa,cc,'PX',r)
h=cc
end
if h~=cc and(m~='X'or at)and redis.call('EXISTS',a[e+3],a[e+4],a[e+5])==0 then
redis.call('SET',aa,m=='X'and k or'~s '..m..' '..k,'PX',s-b)
return bl
end
for ae=3,5 do
for c,br in ipairs(l)do
local ak=(c>1 or m~='X')and redis.call('ZSCORE',a[e+ae],br)
if ak then
s=math.max(s,tonumber(ak))
if c>1 then
redis.call('ZREM',a[e+ae],br)
bl=true
end
end
end
end
if m=='X'then
redis.call('SET',aa,k,'PX',s-b)
return bl
end
gd(a,e,m,k,s,b)
if h~=cc then
redis.call('SET',aa,cc,'PX',gw(a,e,b)-b)
else
local r=redis.call('PTTL',aa)
if r>=0 and r<s-b then redis.call('PEXPIRE',aa,s-b)end
end
return bl
end
local fz={}
local function bp(a,e,f,b)
if#f==0 then return{},false end
local an,bj,ct=hb(
f,ij(function(m)return ei(a,e,m,fz,b)end),b)
for c,i in ipairs(an)do an[c]=i[2]end
if#an>0 then
bw(a[e+6],f,b)
redis.pcall('PUBLISH',a[e+7],hk(an,ct))
end
return an,bj
end
local function ht(a,e,m,l,q,ak,f,b)
local r,ac=ei(a,e,m,l,b)
if r or#f==0 or ih(a,e,l)then return r,ac end
local bb,ic=ge(f,q,ak,function(as)return gg(as,m)end)
if not bb then return nil end
bp(a,e,f,b)
if ic then return-1,''end
if bb[5]>0 then return math.max(0,50-b+bb[5]),''end
r,ac=ei(a,e,bb[3],fz,b)
return r and-1 or 50,ac or''
end
local function hz(a,ao,cl)
local j,gi,aq=0,false,{}
for al,m in ipairs(ao)do
if(m=='X'or m=='SIX')and not cl then gi=true end
end
for o=2,#a,az do
local g=a[o]
if aq[g]==nil then
local n=ay(g)
aq[g]=n or 0
j=math.max(j,n and(gi and n+1 or n)or ca(g))
end
end
for g,n in pairs(aq)do
if n~=j then er(g,j)end
end
return j
end
v['modes.acquire']=function(a,d)
local ab,q,ar,ef=tonumber(d[2]),d[3],tonumber(d[4]),tonumber(d[5])
local ao,l,hr,b=fg(d[6]),cp(d,7),{d[1],[d[1]]=true},bd()
local ak=ar>0 and ar-ef or nil
local ai,aq,o,be,ac={},b,nil,nil,nil
local cl,bl=true,false
for c,m in ipairs(ao)do
local e=(c-1)*az
ai[c]=bn(a[e+6],b,cx)
aq=math.max(aq,ai[c].ticket)
local r,iy=ht(a,e,m,l,q,ak,ai[c],b)
if r then
o=o or c
if not ac or(be~=-1 and(r==-1 or r>be))then
be,ac=r,iy
end
elseif not fd(a,e,m,hr)then
cl=false
end
end
local bs,dp=o or#ao,nil
if q~=''then
dp=hj(ai[bs],q,ao[bs],ar,ef,b,aq)
if not o and ai[bs][dp]then ai[bs][dp][5]=-1 end
bw(a[(bs-1)*az+6],ai[bs],b)
end
if o then
if q~=''then pcall(ey,a[(o-1)*az+7],q,ab)end
return{0,be,ac,string.format('%.0f',aq),dp and dp-1 or#ai[o]}
end
local j=hz(a,ao,cl)
for c,m in ipairs(ao)do
local e=(c-1)*az
if gs(a,e,m,l,ab,b)then bl=true end
if c~=bs and en(ai[c],q,b)then bw(a[e+6],ai[c],b)end
end
return bl and-j or j
end
v['modes.convert']=v['modes.acquire']
v['modes.commit']=function(a,d)
local l={d[1],[d[1]]=true}
for c,m in ipairs(fg(d[3]))do
if not fd(a,(c-1)*az,m,l)then return{0}end
end
for e=0,#a-az,az do
if not ay(a[e+2])then ca(a[e+2])end
cz(a[e+2],tonumber(d[2]))
end
return 1
end
v['modes.extend']=function(a,d)
local j,ab,ao=tonumber(d[2]),tonumber(d[3]),fg(d[4])
local l,b=cp(d,5),bd()
for c,m in ipairs(ao)do
local r,ac=ei(a,(c-1)*az,m,l,b)
if r then return{0,r,ac}end
end
for c,m in ipairs(ao)do
local e=(c-1)*az
local fb=not fd(a,e,m,l)and(ay(a[e+2])or df(a[e+2]))
if fb then cz(a[e+2],j)end
end
for c,m in ipairs(ao)do
local e=(c-1)*az
if gs(a,e,m,l,ab,b)then bp(a,e,bn(a[e+6],b,cx),b)end
end
return 1
end
local function bf(a,e,l,b)
local aa,au=a[e+1],false
local h=redis.pcall('GET',aa)
if type(h)=='table'then
if string.find(h.err,'WRONGTYPE',1,true)then return false,false end
error(h.err,0)
end
local al,at=dq(h)
if l[at or h]then
redis.call('DEL',aa)
h,au=false,true
end
if at or(au and#l==1)then return au,au end
local ck=false
for ae=3,5 do
for al,k in ipairs(l)do
local ak=redis.pcall('ZSCORE',a[e+ae],k)
if type(ak)=='string'then
redis.call('ZREM',a[e+ae],k)
ck=true
if tonumber(ak)>=b then au=true end
end
end
end
if h and h~=cc then return au,false end
local ah=ck and gw(a,e,b)
if ah then
local r=redis.call('PTTL',aa)
redis.call('SET',aa,cc,'PX',math.max(1,ah-b))
return au,false,r>ah-b
end
if ck and h then redis.call('DEL',aa)end
return au,ck or au
end
local function gx(a,e,f,q,b)
local gq=gy(f,q)
if gq then bw(a[e+6],f,b)end
pcall(dd,a[e+7],q)
return gq
end
v['modes.release']=function(a,d)
local q,l,b=d[2],cp(d,3),bd()
local au,cv,gr=false,false,string.find(q,'.',1,true)
for e=0,#a-az,az do
local bc,ig,ec=bf(a,e,l,b)
local ai=(bc or gr)and redis.pcall('MGET',a[e+6],a[e+7])
if bc then au=true end
if ai and(ai[1]or ai[2])then
local f=bn(a[e+6],b,cx)
if gr then gx(a,e,f,q,b)end
local dk,an,bj=pcall(bp,a,e,f,b)
if not dk then an,bj={},false end
for al,as in ipairs(an)do
if as~=q then cv=true end
end
if ig and not bj and ex(a[e+7],q~='')then cv=true end
if ec and#an==0 then redis.pcall('PUBLISH',a[e+7],'')end
end
end
if not au then return 0 end
return cv and-1 or 1
end
v['modes.releaseAll']=v['modes.release']
v['modes.leave']=function(a,d)
local b=bd()
for e=0,#a-az,az do
local f=bn(a[e+6],b,cx)
if gx(a,e,f,d[1],b)then pcall(bp,a,e,f,b)end
end
return 1
end`,
    `v['modes.position']=function(a,d)
local b=bd()
local f=bn(a[6],b,cx)
local o,ev,aw=fl(f,d[1]),0,0
local ak=o and f[o][1]or math.max(b,f.ticket)+1-tonumber(d[2])
for c=1,#f do
local i=cj(f,c)
if not i[7]and i[5]>=0 then
aw=aw+1
if i[2]~=d[1]and not fc(i,ak,d[1])then ev=ev+1 end
end
end
return{1,ev,aw,redis.call('EXISTS',a[1])}
end
v['modes.stay']=function(a,d)
local b=bd()
local f=bn(a[6],b,cx)
if en(f,d[1],b)then bw(a[6],f,b)end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "eb7554583ebc6719a7167013f838c8dd44fa2ce1",
  "efb6ee997165da95d3f201324b914aa146e425c1",
);

export const SLOTS_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_8,
    PART_3,
    PART_4,
    PART_7,
    `local bx,cg,et,ho='0','1','2',48
local hp=64
local function bz(af)
local il=string.gmatch(af,'(%d+)%-?(%d*)')
return function()
local u,n=il()
if u then return tonumber(u),tonumber(n)or tonumber(u)end
end
end
local function hh(w,cs)
local fq,dg,n={},string.find(w,cs..'+')
while dg do
fq[#fq+1]=dg==n and tostring(dg-1)or string.format('%d-%d',dg-1,n-1)
dg,n=string.find(w,cs..'+',n+1)
end
return table.concat(fq,' ')
end
local function dn(w,t,cs)
for u,n in bz(t)do
w=w..string.rep(bx,u-#w)
w=string.sub(w,1,u)..string.rep(cs,n-u+1)..string.sub(w,n+2)
end
return w
end
local function hs(w,t)
for u,n in bz(t)do
if string.find(string.sub(w,u+1,n+1),cg,1,true)then return false end
end
return true
end
local function dz(w,p)
return#string.gsub(string.sub(w,1,p),cg..'+','')
end
local function gk(t)
local fh=0
for al,n in bz(t)do fh=math.max(fh,n+1)end
return fh
end
local function ip(k,p)
local da,ft=string.match(k,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not da then return 0,1 end
return tonumber(da,16)%p,1+tonumber(ft,16)%p
end
local function gf(w,am,p,fm,l,k)
local bt=am
local function dr(u,n)
n=math.min(n,p-1)
if bt==0 or u>n then return end
local iw,y=string.gsub(string.sub(w,u+1,n+1),bx,et,bt)
if y==0 then return end
w,bt=string.sub(w,1,u)..iw..string.sub(w,n+2),bt-y
end
for u,n in bz(fm)do dr(u,n)end
if l then
for u,n in bz(l)do dr(u,n)end
else
local da,ft=ip(k,p)
for c=0,hp-1 do
if bt==0 then break end
local fs=(da+c*ft)%p
if string.byte(w,fs+1)==ho then dr(fs,fs)end
end
dr(da,p-1)
dr(0,da-1)
end
if bt>0 then return nil end
return hh(w,et),(string.gsub(w,et,cg))
end`,
    PART_9,
    `local db,ga='~p','~s'
local cq,cr=16,32
local function cp(d,u)
local l={d[1]}
for c=u,#d do l[#l+1]=d[c]end
return l
end
local function fj(a)
local bk=redis.call('GET',a[1])
if bk and(bk==ga or string.sub(bk,1,3)==ga..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
if bk and bk~=db then return bk,redis.call('PTTL',a[1])end
end
local function dm(a,p,bh,b)
local aq,y,eq=he(a[7],a[1],b)
if bh>(aq or 0)then
aq,y=bh,p
fx(a[7],a[1],aq,y,b)
elseif aq and eq+86400000<b then
fx(a[7],a[1],aq,y,b)
end
if not aq then return p,''end
return y,string.format('%.0f %.0f',aq,y)
end
local function eg(a,ax)
local w=redis.call('GET',a[3])or''
return w..string.rep(bx,ax-#w),#w
end
local function hn(a,t,cs)
for u,n in bz(t)do
redis.call('SETRANGE',a[3],u,string.rep(cs,n-u+1))
end
end
local function dx(a,k)
local t,s=redis.call('HGET',a[4],k),redis.call('ZSCORE',a[5],k)
if t then
redis.call('HDEL',a[4],k)
if redis.call('EXISTS',a[3])==1 then hn(a,t,bx)end
end
if s then redis.call('ZREM',a[5],k)end
return t,tonumber(s)
end
local function dy(a,b)
local hw=redis.call('ZRANGEBYSCORE',a[5],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for al,k in ipairs(hw)do dx(a,k)end
end
local function em(a)
local dh=''
if not IS_CLUSTER then
local bg=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
dh=type(bg)=='string'and string.match(bg,'^complete %S+ %S+ (%S+) ')or''
end
dh=string.format('%-'..cr..'.'..cr..'s',dh)
if redis.call('GETRANGE',a[6],0,cr-1)~=dh then redis.call('SET',a[6],dh,'PX',604800000)end
end
local function ee(a,t,ba)
local ff=ba-ba%16384
for u,n in bz(t)do
local af=redis.call('GETRANGE',a[6],cr+cq*u,cr+cq*(n+1)-1)
for c=0,n-u do
local y=tonumber(string.sub(af,cq*c+1,cq*(c+1)))
ff=math.max(ff,y or ba)
end
end
return ff
end
local function fw(a,t,y,ba)
local af=string.format('%0'..cq..'.0f',y)
for u,n in bz(t)do
redis.call('SETRANGE',a[6],cr+cq*u,string.rep(af,n-u+1))
end
redis.call('PEXPIRE',a[6],604800000)
if ba<y then er(a[2],y)end
end
local function fn(a,k,s,b)
local cd=tonumber(redis.call('ZSCORE',a[5],k)or 0)
if cd<s then redis.call('ZADD',a[5],string.format('%.0f',s),k)end
local ah=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local r=ah-b
local ii=ah==math.max(s,cd)
if not ii and redis.call('EXISTS',a[1])==1 and redis.call('PTTL',a[3])>=r
and redis.call('PTTL',a[4])>=r then return end
for o=3,5 do redis.call('PEXPIRE',a[o],r)end
redis.call('SET',a[1],db,'PX',r)
end
local function cw(a,k,t,s,b,ax)
local hl=gk(t)
if ax<hl then redis.call('SETRANGE',a[3],ax,string.rep(bx,hl-ax))end
hn(a,t,cg)
redis.call('HSET',a[4],k,t)
fn(a,k,s,b)
end
local function ib(a,bt,b)
local dw=redis.call('ZRANGE',a[5],0,64-1,'WITHSCORES')
local n=-1
for c=1,#dw,2 do
n=tonumber(dw[c+1])
for u,hx in bz(redis.call('HGET',a[4],dw[c])or'')do
bt=bt-(hx-u+1)
end
if bt<=0 then break end
end
return n<0 and-1 or math.max(0,n-b),dw[1]or''
end
local function di(p)
return function(af)
local y=tonumber(af)
return y and y<=p
end
end
local function bp(a,f,cf,p,b)
if#f==0 then return 0,false end
local w,bf=eg(a,p),0
local bk=redis.call('GET',a[1])
if not bk or bk==db then bf=dz(w,p)end
local an,bj,ct=hb(f,function(bq)
bf=bf-tonumber(bq)
return bf>=0
end,b)
local bi={}
for c,i in ipairs(an)do
local t,iv=gf(w,tonumber(i[3]),p,cf,'0-'..p-1)
w=iv or w
bi[c]=i[2]..':'..string.gsub(t or'',' ',',')
end
if#bi>0 then
bw(a[8],f,b)
redis.pcall('PUBLISH',a[9],hk(bi,ct))
end
return#bi,bj
end
v['slots.acquire']=function(a,d)
local k,ab,q,ar,am=d[1],tonumber(d[2]),d[3],tonumber(d[4]),tonumber(d[5])
local fm,ed,l,b=d[8],#d>8,cp(d,9),bd()
local ac,be=fj(a)
local p,dl=dm(a,tonumber(d[6]),tonumber(d[7]),b)
if am>p then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',p,am),0)end
dy(a,b)
local f=bn(a[8],b,di(p))
local aq=math.max(b,f.ticket)
local w,ax=eg(a,p)
local t,ch=redis.call('HGET',a[4],k),nil
if ac then
if q~=''then pcall(ey,a[9],q,ab)end
elseif t then
em(a)
fn(a,k,b+ab,b)
if hi(f,q,b)then bw(a[8],f,b)end
local j=ee(a,t,ay(a[2])or ca(a[2]))
return{1,j,t,dl,ed and w or nil}
else
local bv,ce=w,''
for c=2,#l do
local bm=redis.call('HGET',a[4],l[c])or''
bv,ce=dn(bv,bm,bx),ce..' '..bm
end
local bb
if#f>0 and not ed then
local bf=dz(bv,p)
bb=bf>=am and ge(f,q,ar>0 and ar or nil,function(bq)
bf=bf-tonumber(bq)
return bf<am
end)
end
if not bb then ch=gf(bv,am,p,fm,ed and ce or nil,k)end
if ch then
local ba=ay(a[2])or ca(a[2])
em(a)
local j,s=ee(a,ch,ba)+1,b+ab
fw(a,ch,j,ba)
for c=2,#l do
local al,cd=dx(a,l[c])
s=math.max(s,cd or 0)
end
cw(a,k,ch,s,b,ax)
if hi(f,q,b)then bw(a[8],f,b)end
return{1,j,ch,dl,ed and dn(bv,ch,cg)or nil}
end
local bf=dz(w,p)
be,ac=ib(a,am-bf,b)
if bb then
bp(a,f,'',p,b)
if bb[5]>0 then be,ac=math.max(0,50-b+bb[5]),''
else be=-1 end
end
end
if q~=''then
hj(f,q,string.format('%.0f',am),ar,0,b,aq)
bw(a[8],f,b)
end
return{0,be,ac,string.format('%.0f',aq),dl}
end
v['slots.commit']=function(a,d)
local t=d[3]
if redis.call('HGET',a[4],d[1])~=t then return{0}end
local ba=ay(a[2])or ca(a[2])
em(a)
local y=ee(a,t,ba)
if y<tonumber(d[2])then fw(a,t,tonumber(d[2]),ba)end
return 1
end
v['slots.extend']=function(a,d)
local k,j,ab,t=d[1],tonumber(d[2]),tonumber(d[3]),d[4]
local l,b=cp(d,7),bd()
local ac=fj(a)
if ac then return{0,-1,ac}end
local p=dm(a,tonumber(d[5]),tonumber(d[6]),b)
dy(a,b)
local bm=redis.call('HGET',a[4],k)
if bm==t and#l==1 then
fn(a,k,b+ab,b)
return 1
end
local w,ax=eg(a,math.max(p,gk(t)))
local bv,cd=w,''
for al,br in ipairs(l)do
local ce=redis.call('HGET',a[4],br)or''
bv,cd=dn(bv,ce,bx),cd..' '..ce
end
if not hs(bv,t)then
local hm={k,'',d[5],d[6]}
for c=2,#l do hm[c+3]=l[c]end
v['slots.release'](a,hm)
return{0,-1,''}
end
local ba=bm~=t and(ay(a[2])or df(a[2]))
if ba then
em(a)
fw(a,t,math.max(j,ee(a,t,ba)),ba)
end
local s=b+ab
for al,br in ipairs(l)do
local al,n=dx(a,br)
s=math.max(s,n or 0)
end
cw(a,k,t,s,b,ax)
local cf=hh(dn(dn(string.rep(bx,#bv),cd,cg),t,bx),cg)
if cf~=''then bp(a,bn(a[8],b,di(p)),cf,p,b)end
return 1
end
v['slots.release']=function(a,d)
local aj,l,b=d[2],cp(d,5),bd()
local cf,au,fv,gv='',false,0,false
for al,br in ipairs(l)do
local t,s=dx(a,br)
if t or s then gv=true end
if s and s>=b then au=true end
cf,fv=cf..' '..(t or''),math.max(fv,s or 0)
end
if not gv then return 0 end
dy(a,b)
local ah=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local bk,ec=redis.pcall('GET',a[1]),false
if not ah then redis.call('DEL',a[3])end
if bk==db then
if not ah then redis.call('DEL',a[1])
elseif fv>ah then
redis.call('SET',a[1],db,'PX',math.max(1,ah-b))
ec=true
end
end
local ai=redis.pcall('MGET',a[8],a[9])
if ai[1]or ai[2]then
local p=dm(a,tonumber(d[3]),tonumber(d[4]),b)
local f=bn(a[8],b,di(p))
local dk,an,bj=pcall(bp,a,f,cf,p,b)
if not dk then an,bj=0,false end
if not ah and not bj then ex(a[9],aj~='')
elseif ec and an==0 then redis.pcall('PUBLISH',a[9],'')end
end
return au and 1 or 0
end
v['slots.leave']=function(a,d)
local b=bd()
local p=dm(a,tonumber(d[2]),tonumber(d[3]),b)
local f=bn(a[8],b,di(p))
if gy(f,d[1])then
bw(a[8],f,b)
pcall(bp,a,f,'',p,b)
end
pcall(dd,a[9],d[1])
return 1
end
v['slots.count']=function(a,d)
local b,ac=bd(),fj(a)
local p,dl=dm(a,tonumber(d[1]),tonumber(d[2]),b)
dy(a,b)
local f=bn(a[8],b,di(p))
bp(a,f,'',p,b)
return{1,ac and 0 or dz(eg(a,p),p),p,tonumber(string.match(dl,'^%d+')or 0)}
end
v['slots.resize']=function(a,d)
if not ay(a[2])then ca(a[2])end
return v['slots.count'](a,d)
end`,
    PART_5,
    PART_6,
  ],
  "3ad79458ed08ec38bf8f7198bd4741417b3ea244",
  "59aa49f847385a95e4187a7485af9b8a3988be5b",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_8,
    PART_3,
    `local function hd(g)
local bg=redis.pcall('GET',g)
return type(bg)=='string'and bg or''
end
local function hg(g,hy,h)
local cm=hd(g)
local av=redis.call('TIME')
local b=string.format('%.0f',tonumber(av[1])*1000+math.floor(tonumber(av[2])/1000))
if cm==hy then
cm=h(tonumber(b))
redis.call('SET',g,cm)
end
return{1,cm,b}
end
v['marker.replace']=function(a,d)
return hg(a[1],d[1],function()return d[2]end)
end
v['marker.lose']=function(a,d)
return hg(a[1],d[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(d[2]))
end)
end`,
    `v['identify']=function(a)
local hf=''
local function el(ix)
local eb=redis.pcall('INFO',ix)
if type(eb)=='table'then eb,hf='',eb.err end
return function(ia)return string.match(eb,'%f[%w_]'..ia..':([^\\r\\n]*)')or''end
end
local eo,ha,fo=el('server'),el('memory'),el('replication')
local av=redis.call('TIME')
local m=eo('redis_mode')
if m==''then m=eo('server_mode')end
return{
1,eo('run_id'),tonumber(eo('uptime_in_seconds'))or-1,
tonumber(av[1])*1000000+tonumber(av[2]),
tonumber(el('persistence')('aof_enabled'))or-1,
ha('maxmemory_policy'),tonumber(ha('maxmemory'))or-1,
fo('role'),m,fo('master_replid'),fo('master_replid2'),
a[1]and hd(a[1])or'',hf
}
end`,
    PART_9,
    `v['counters.read']=function(a)
local x,b={1},bd()
for c=1,#a,2 do
local dj,j=pcall(ay,a[c])
x[#x+1]=dj and j and string.format('%.0f',j)or''
end
for c=2,#a,2 do
local by,cb,bi=redis.pcall('HGETALL',a[c]),{},{}
for o=1,by.err and 0 or#by,2 do
cb[#cb+1],bi[by[o]]=by[o],by[o+1]
end
table.sort(cb)
for al,aa in ipairs(cb)do
local bh,p=fk(bi[aa],b)
if bh then
for al,h in ipairs({c/2,aa,string.format('%.0f',bh),p})do x[#x+1]=h end
end
end
end
return x
end
local function hc(a,d,dc)
local t,b=#a/2,bd()
for c=1,t do
local g=a[2*c-1]
local dj,j=pcall(ay,g)
if dj and d[c]~=''then
if not j then dc(g)end
cz(g,tonumber(d[c]))
end
end
for o=t+1,#d,4 do
pcall(iu,a[2*tonumber(d[o])],d[o+1],tonumber(d[o+2]),tonumber(d[o+3]),b)
end
return 1
end
v['counters.raise']=function(a,d)
return hc(a,d,ca)
end
v['counters.restore']=function(a,d)
return hc(a,d,function()end)
end
v['counters.lift']=function(a,d)
for c=1,#a do
local dj,j=pcall(ay,a[c])
if dj and j then cz(a[c],tonumber(d[1]))end
end
return 1
end`,
    `v['set.note']=function(a,d)
local ae,ce,gz=d[1],d[2],tonumber(d[3])
local av=redis.call('TIME')
local b=tonumber(av[1])*1000+math.floor(tonumber(av[2])/1000)
local fr,gu,gp=b,false,false
local bu,af={},redis.pcall('GET',a[1])
for bs in string.gmatch(type(af)=='string'and af or'','[^\\n]+')do
local eh,u,ah,de,iq=string.match(bs,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
u,ah,de=tonumber(u),tonumber(ah),tonumber(de)
if eh and u<=ah and ah<=b and b<de and de<=b+3600000 then
if eh==ae then
fr,gu=u,b-ah<tonumber(d[4])
elseif eh==ce then
gp=true
else
bu[#bu+1]={bs,eh,ah,u,de,iq}
end
end
end
local x,ai,n={1},{},b+gz
for c=math.max(1,#bu-16+2),#bu do
local as=bu[c]
ai[#ai+1]=as[1]
n=math.max(n,as[5])
x[#x+1]=as[2]
x[#x+1]=as[3]-math.max(as[4],fr)
x[#x+1]=as[5]-b
x[#x+1]=as[6]
end
if not gu or gp then
ai[#ai+1]=string.format('%s %.0f %.0f %.0f %s',ae,fr,b,b+gz,d[5])
redis.call('SET',a[1],table.concat(ai,'\\n'),'PX',string.format('%.0f',n-b))
end
return x
end`,
    PART_5,
    PART_6,
  ],
  "272cc2b1535c57efa87ff3369fc69ab82556cb52",
  "3f7b3d1483a76188602521760b48201b69b7f739",
);
