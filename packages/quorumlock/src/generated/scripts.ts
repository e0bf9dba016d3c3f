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

const PART_2 = `if#KEYS==cl and ARGV[2]=='1'then
local ca=ck[ARGV[1]]
local ah=ca and ca(1,6+ARGV[5],6)
if ah then return ah end
end`;

const PART_3 = `local function general()
local u={}
local function ar(f)
local j=redis.call('GET',f)
if not j then return nil end
local h=string.match(j,'^-?%d+$')and tonumber(j)
if not h or h>=9000000000000000 then error('the fencing counter '..f..' cannot be counted up: '..j)end
return h>0 and h or nil
end
local function da(f,h)
redis.call('SET',f,string.format('%.0f',h))
end
local function bv(f)
if not IS_CLUSTER then
local aq=redis.pcall('GET',string.match(f,'^(.*)~fence:')..'~server')
if type(aq)~='table'or string.find(aq.err,'WRONGTYPE',1,true)then
return type(aq)=='string'and tonumber(string.match(aq,'^complete .* (%d+)$'))or nil
end
end
local af=redis.call('TIME')
local d=tonumber(af[1])*1000000+tonumber(af[2])
return math.max(1,d-d%16384)
end
local function bk(f)
local bf=bv(f)
if bf then return bf end
redis.call('DEL',f)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function bi(f,h)
local bc=ar(f)
if not bc then h=math.max(h,bv(f)or 0)end
if(bc or 0)<h then da(f,h)end
end`;

const PART_4 = `local function cu(f)
local ag=redis.pcall('GET',f)
return type(ag)=='string'and ag or nil
end
local function dj(f,v,p)
p=math.max(p,20000)
local ag=cu(f)
if not ag then
redis.call('SET',f,v,'PX',p)
elseif string.find(' '..ag..' ',' '..v..' ',1,true)then
redis.call('PEXPIRE',f,math.max(redis.call('PTTL',f),p))
elseif#ag+1<256*(#v+1)then
redis.call('SET',f,ag..' '..v,'PX',math.max(redis.call('PTTL',f),p))
end
end
local function bu(f,v)
local ag=cu(f)
if not ag then return end
local cb={}
for ay in string.gmatch(ag,'%S+')do
if ay~=v then cb[#cb+1]=ay end
end
if#cb==0 then redis.call('DEL',f)
else redis.call('SET',f,table.concat(cb,' '),'PX',math.max(redis.call('PTTL',f),1))end
end
local function de(f,er)
local ag=cu(f)
if not ag then return false end
local be=er and string.match(ag,'%S+')or''
if be~=''then bu(f,be)end
redis.pcall('PUBLISH',f,be)
return be~=''
end`;

const PART_5 = `return u
end`;

const PART_6 = `local function eu(ca,b,bn,m,l,ai,ce)
local a,e={unpack(KEYS,b,b+bn-1)},{unpack(ARGV,m,m+l-1)}
for c=1,ce do e[l+c]=ARGV[ai+c-1]end
local co,ah=pcall(ca,a,e)
if co then return ah end
if type(ah)=='table'then ah=ah.err or ah[1]end
return{-1,tostring(ah)}
end
local ao,u,b,m={},nil,1,1
while m<=#ARGV do
local cs,bh,bn=ARGV[m],tonumber(ARGV[m+1]),tonumber(ARGV[m+2])
local l,ce,ai=tonumber(ARGV[m+3]),tonumber(ARGV[m+4]),m+5
m=ai+ce
local dp=bn==cl
local dm=dp and ck[cs]
local dk=dp and bh>1 and dl[cs]
local az=0
while az<bh do
local at=dk and dk(b,m,bh-az,ao)or 0
if at==0 then
local ah=dm and dm(b,m,ai)
if not ah then
u=u or general()
ah=eu(u[cs],b,bn,m,l,ai,ce)
end
ao[#ao+1]=ah
at=1
end
b,m,az=b+at*bn,m+at*l,az+at
end
end
return#ao==1 and ao[1]or ao`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local cl=2
local ck={
['mutex.acquire']=function(b,m,ai)
local q=n('SET',KEYS[b],ARGV[m],'NX','PX',ARGV[ai])
if not q or q.err then return nil end
local h=at(KEYS[b+1])
if not h then n('DEL',KEYS[b])end
return h
end,
['mutex.takeOver']=function(b,m,ai)
if n('GET',KEYS[b])~=ARGV[m+1]then return nil end
local h=at(KEYS[b+1])
if not h then return nil end
local q=n('SET',KEYS[b],ARGV[m],'PX',ARGV[ai])
return not q.err and-h or nil
end,
['mutex.extend']=function(b,m,ai)
if n('GET',KEYS[b])~=ARGV[m]then return nil end
local o=n('PTTL',KEYS[b])
if type(o)~='number'or o<0 then return nil end
if o<tonumber(ARGV[ai])and n('PEXPIRE',KEYS[b],ARGV[ai])~=1 then return nil end
return 1
end,
['mutex.release']=function(b,m)
local w=n('MGET',KEYS[b],KEYS[b+1])
if w.err or w[2]then return nil end
if w[1]~=ARGV[m]then return 0 end
return n('DEL',KEYS[b])==1 and 1 or nil
end,
}`,
    PART_2,
    `local dl={
['mutex.release']=function(b,m,bh,ao)
local w=n('MGET',unpack(KEYS,b,b+2*bh-1))
if w.err then return 0 end
local bl,ds,cw,az={},{},{},0
for c=1,bh do
if w[2*c]then break end
local z=KEYS[b+2*c-2]
local al=w[2*c-1]==ARGV[m+c-1]and not ds[z]
ao[#ao+1]=al and 1 or 0
if al then
ds[z]=true
bl[#bl+1]=z
cw[#bl]=#ao
end
az=c
end
local dg=#bl>0 and n('DEL',unpack(bl))
if type(dg)=='table'then
for c=1,#cw do ao[cw[c]]={-1,dg.err}end
end
return az
end
}`,
    PART_3,
    PART_4,
    `local function dq(f,t,p,al)
if not al then redis.call('SET',f,t,'PX',p)
else
local o=redis.call('PTTL',f)
if o>=0 and o<tonumber(p)then redis.call('PEXPIRE',f,p)end
end
end
local function dd(a,t,ev,p,r)
local cx=r==''and 2 or 3
local al,bb,ap={},true,false
local au,ad
for c=1,#a,cx do
local j=redis.call('GET',a[c])
al[c]=j==t
if j~=t then bb=false end
if j and j==ev then
ap=true
elseif j and j~=t then
local o=redis.call('PTTL',a[c])
if not ad or(au~=-1 and(o==-1 or o>au))then
au,ad=o,j
end
end
end
if r~=''then
for c=3,#a,3 do pcall(dj,a[c],r,tonumber(p))end
end
if ad then return{0,au,ad}end
local h=0
for c=2,#a,cx do
local aa=ar(a[c])
h=math.max(h,aa and(bb and aa or aa+1)or bk(a[c]))
end
for c=1,#a,cx do
dq(a[c],t,p,al[c])
da(a[c+1],h)
end
return ap and-h or h
end
u['mutex.acquire']=function(a,e)
return dd(a,e[1],nil,e[2],e[3])
end
u['mutex.takeOver']=function(a,e)
return dd(a,e[1],e[2],e[3],e[4])
end
u['mutex.commit']=function(a,e)
for c=1,#a,2 do
if redis.call('GET',a[c])~=e[1]then return{0}end
end
for c=2,#a,2 do
if not ar(a[c])then bk(a[c])end
bi(a[c],tonumber(e[2]))
end
return 1
end
u['mutex.extend']=function(a,e)
local t,h,p=e[1],tonumber(e[2]),e[3]
local al={}
for c=1,#a,2 do
local j=redis.call('GET',a[c])
if j and j~=t then return{0,redis.call('PTTL',a[c]),j}end
al[c]=j==t
end
for c=1,#a,2 do
local cm=not al[c]and(ar(a[c+1])or bv(a[c+1]))
if cm then bi(a[c+1],h)end
end
for c=1,#a,2 do dq(a[c],t,p,al[c])end
return 1
end
u['mutex.release']=function(a,e)
local t,v=e[1],e[2]
local an,bg=false,false
for c=1,#a,2 do
local j=redis.pcall('GET',a[c])
if v~=''then pcall(bu,a[c+1],v)end
if j==t then
redis.call('DEL',a[c])
an=true
if de(a[c+1],v~='')then bg=true end
elseif type(j)=='table'and j.err and not string.find(j.err,'WRONGTYPE',1,true)then
error(j.err)
end
end
if not an then return 0 end
return bg and-1 or 1
end
u['mutex.leave']=function(a,e)
pcall(bu,a[1],e[1])
return 1
end`,
    PART_5,
    PART_6,
  ],
  "0eab488715e267378ce0b33fc3b09d33eb3f212b",
  "a64160bc837e26ff7766b65849f1e2c53fc9f304",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local cl=7
local ck={
['modes.acquire']=function(b,m,ai)
local g,z,p=ARGV[ai+4],KEYS[b],ARGV[ai]
if ARGV[ai+1]~=''or(g~='X'and g~='S')then return nil end
if n('EXISTS',z,KEYS[b+2],KEYS[b+3],KEYS[b+4],KEYS[b+5])~=0 then return nil end
if g=='X'then
local q=n('SET',z,ARGV[m],'PX',p)
if q.err then return nil end
local h=at(KEYS[b+1])
if not h then n('DEL',z)end
return h
end
local j=n('GET',KEYS[b+1])
local h=type(j)=='string'and string.match(j,'^%d+$')and tonumber(j)
if not h or h<1 or h>=9000000000000000 then return nil end
local af=n('TIME')
local x=tonumber(af[1])*1000+math.floor(tonumber(af[2])/1000)+tonumber(p)
if type(n('ZADD',KEYS[b+4],string.format('%.0f',x),ARGV[m]))~='number'then return nil end
n('PEXPIRE',KEYS[b+4],p)
local q=n('SET',z,'~s','PX',p)
return not q.err and h or nil
end,
['modes.release']=function(b,m)
local w=n('MGET',KEYS[b],KEYS[b+5],KEYS[b+6])
if w.err or w[2]or w[3]then return nil end
if w[1]==ARGV[m]then
if n('EXISTS',KEYS[b+2],KEYS[b+3],KEYS[b+4])~=0 then return nil end
return n('DEL',KEYS[b])==1 and 1 or nil
end
if w[1]~='~s'or n('EXISTS',KEYS[b+2],KEYS[b+3])~=0 then return nil end
local s=n('ZSCORE',KEYS[b+4],ARGV[m])
if not s then return 0 end
local af=n('TIME')
local d=tonumber(af[1])*1000+math.floor(tonumber(af[2])/1000)
if type(s)~='string'or tonumber(s)<d then return nil end
if n('ZREM',KEYS[b+4],ARGV[m])~=1 then return nil end
local aj=tonumber(n('ZREVRANGE',KEYS[b+4],0,0,'WITHSCORES')[2])
if aj and aj>=d then n('SET',KEYS[b],'~s','PX',math.max(1,aj-d))
else n('DEL',KEYS[b])end
return 1
end
}
local dl={}`,
    PART_2,
    PART_3,
    PART_4,
    `local ch={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function ee(et,ay)return string.find(ch[et],' '..ay..' ',1,true)end
local function bt(r)return string.match(r,'^%w+')or''end
local function ep(k,d)
local av
for ac,i in ipairs(k)do
if i[5]>0 and d-i[5]>50 then
local v=bt(i[2])
av=av or{}
av[v]=math.max(av[v]or 0,i[5])
i[7]=true
end
end
if not av then return end
for ac,i in ipairs(k)do
local v=bt(i[2])
if av[v]and i[4]-3000>av[v]then av[v]=nil end
end
for ac,i in ipairs(k)do i[7]=i[7]or av[bt(i[2])]~=nil end
end
local function bq(f,d)
local cf,k=redis.pcall('GET',f),{}
if type(cf)~='string'then return k end
for s,r,g,x,ak,aw in
string.gmatch(cf,'(-?%d+) ([%w.]+) (%u+) (%d+) (%d+) (%d+)')
do
if ch[g]and tonumber(x)>=d then
k[#k+1]={
tonumber(s),r,g,tonumber(x),tonumber(ak),tonumber(aw),false
}
end
end
ep(k,d)
return k
end
local function cg(f,k,d)
local cy,aa={},d+1
for c,i in ipairs(k)do
cy[c]=string.format('%.0f %s %s %.0f %.0f %.0f',unpack(i,1,6))
aa=math.max(aa,i[4])
end
if#cy==0 then redis.call('DEL',f)
else redis.call('SET',f,table.concat(cy,' '),'PX',aa-d)end
end
local function cn(i,s,r)
return i[1]>s or(i[1]==s and i[2]>r)
end
local function ec(k,g,r,s)
local as
for ac,i in ipairs(k)do
if i[2]==r or(s and cn(i,s,r))then break end
if ee(i[3],g)and not i[7]then
if as then return as,true end
as=i
end
end
return as,false
end
local function dy(k,r,d)
for c,i in ipairs(k)do
if i[2]==r then
i[4],i[5]=d+3000,0
return c
end
end
end
local function ex(k,r,g,aw,by,d)
local y,s=dy(k,r,d),aw-by
if y then
k[y][3]=g
return y
end
y=1
while k[y]and not cn(k[y],s,r)do y=y+1 end
table.insert(k,y,{s,r,g,d+3000,0,aw,false})
k[256+1]=nil
return y
end
local function eo(k,r)
for c,i in ipairs(k)do
if i[2]==r then
table.remove(k,c)
return true
end
end
return false
end
local function eq(k,es,d)
local ak,bw,bj,cq={},{},{},false
for ac,i in ipairs(k)do
local g,v=i[3],bt(i[2])
if cq and not i[7]and not bj[v]then return ak,true,i[2]end
if not cq and not i[7]then
if bw[g]==nil then bw[g]=not es(g)end
if bw[g]then
if i[5]==0 then
i[5]=d
ak[#ak+1]=i[2]
end
bj[v]=true
for ay in string.gmatch(ch[g],'%u+')do bw[ay]=false end
else
cq=true
if not next(bj)then break end
if not bj[v]then return ak,true,i[2]end
end
end
end
return ak,next(bj)~=nil,nil
end`,
    `local ab,bd=7,'~s'
local ci={['IS']={3},['IX']={4},['S']={5},['SIX']={4,5},['X']={}}
local dc={['IS']={},['IX']={5},['S']={4},['SIX']={4,5},['X']={3,4,5}}
local function bp()
local af=redis.call('TIME')
return tonumber(af[1])*1000+math.floor(tonumber(af[2])/1000)
end
local function cr(cf)
local ae={}
for g in string.gmatch(cf,'%u+')do
if not dc[g]then error('unknown mode '..g,0)end
ae[#ae+1]=g
end
return ae
end
local function cz(e,be)
local l={e[1],[e[1]]=true}
for c=be,#e do
l[#l+1]=e[c]
l[e[c]]=true
end
return l
end
local function bz(a,b,g,l,d)
local j=redis.call('GET',a[b+1])
if j and j~=bd and not l[j]then return redis.call('PTTL',a[b+1]),j end
local aa,ad
for ac,q in ipairs(dc[g])do
local w=redis.call('ZREVRANGE',a[b+q],0,#l,'WITHSCORES')
for c=1,#w,2 do
local x=tonumber(w[c+1])
if not l[w[c]]then
if x>=d and(not aa or x>aa)then aa,ad=x,w[c]end
break
end
end
end
if aa then return aa-d,ad end
end
local function dt(a,b,d)
local aj
if redis.call('EXISTS',a[b+3],a[b+4],a[b+5])==0 then return nil end
for q=3,5 do
local x=tonumber(redis.pcall('ZREVRANGE',a[b+q],0,0,'WITHSCORES')[2])
if x and x>=d then aj=math.max(aj or 0,x)end
end
return aj
end
local function cp(a,b,g,l)
if g=='X'then return l[redis.call('GET',a[b+1])]end
for ac,q in ipairs(ci[g])do
local ba=false
for ac,t in ipairs(l)do
if redis.call('ZSCORE',a[b+q],t)then ba=true end
end
if not ba then return false end
end
return true
end
local function em(a,b,l)
if l[redis.call('GET',a[b+1])]then return true end
for q=3,5 do
for ac,t in ipairs(l)do
if redis.call('ZSCORE',a[b+q],t)then return true end
end
end
return false
end
local function dr(a,b,g,l,p,d)
local z,t,ap=a[b+1],l[1],false
local j=redis.call('GET',z)
local x=d+p
if l[j]then
local o=redis.call('PTTL',z)
if o==-1 and j==t and g=='X'then return false end
x=math.max(x,d+o)
ap=j~=t
end
for q=3,5 do
for c,di in ipairs(l)do
local s=(c>1 or g~='X')and redis.call('ZSCORE',a[b+q],di)
if s then
x=math.max(x,tonumber(s))
if c>1 then
redis.call('ZREM',a[b+q],di)
ap=true
end
end
end
end
if g=='X'then
redis.call('SET',z,t,'PX',x-d)
return ap
end
for ac,q in ipairs(ci[g])do
local f=a[b+q]
redis.call('ZREMRANGEBYSCORE',f,'-inf',string.format('(%.0f',d))
redis.call('ZADD',f,string.format('%.0f',x),t)
if redis.call('PTTL',f)<x-d then redis.call('PEXPIRE',f,x-d)end
end
if j~=bd then
redis.call('SET',z,bd,'PX',dt(a,b,d)-d)
else
local o=redis.call('PTTL',z)
if o>=0 and o<x-d then redis.call('PEXPIRE',z,x-d)end
end
return ap
end
local db={}
local function br(a,b,k,d)
if#k==0 then return{},false end
local ak,bs,dh=eq(
k,function(g)return bz(a,b,g,db,d)end,d)
if#ak>0 then
cg(a[b+6],k,d)
redis.pcall('PUBLISH',a[b+7],table.concat(ak,' ')..(dh and' ~'..dh or''))
end
return ak,bs
end
local function eb(a,b,g,l,r,s,k,d)
local o,ad=bz(a,b,g,l,d)
if o or#k==0 or em(a,b,l)then return o,ad end
local as,ei=ec(k,g,r,s)
if not as then return nil end
br(a,b,k,d)
if ei then return-1,''end
if as[5]>0 then return math.max(0,50-d+as[5]),''end
o,ad=bz(a,b,as[3],db,d)
return o and-1 or 50,ad or''
end
local function dn(a,ae,bb)
local h,df,ax=0,false,{}
for ac,g in ipairs(ae)do
if(g=='X'or g=='SIX')and not bb then df=true end
end
for y=2,#a,ab do
local f=a[y]
if ax[f]==nil then
local aa=ar(f)
ax[f]=aa or 0
h=math.max(h,aa and(df and aa+1 or aa)or bk(f))
end
end
for f,aa in pairs(ax)do
if aa~=h then da(f,h)end
end
return h
end
local function en(a)
local w={}
for b=0,#a-ab,ab do
w[#w+1]=a[b+1]
for y=3,6 do w[#w+1]=a[b+y]end
end
return redis.call('EXISTS',unpack(w))==0
end
local function ej(a,b,g,t,p,d)
for ac,q in ipairs(ci[g])do
redis.call('ZADD',a[b+q],string.format('%.0f',d+p),t)
redis.call('PEXPIRE',a[b+q],p)
end
redis.call('SET',a[b+1],g=='X'and t or bd,'PX',p)
end
u['modes.acquire']=function(a,e)
local p,r,aw,by=tonumber(e[2]),e[3],tonumber(e[4]),tonumber(e[5])
local ae,l,ea,d=cr(e[6]),cz(e,7),{e[1],[e[1]]=true},bp()
local s=aw>0 and aw-by or nil
local am,ax,y,au,ad={},d,nil,nil,nil
local bb,ap=true,false
if r==''and en(a)then
local h=dn(a,ae,false)
for c,g in ipairs(ae)do ej(a,(c-1)*ab,g,e[1],p,d)end
return h
end
for c,g in ipairs(ae)do
local b=(c-1)*ab
am[c]=bq(a[b+6],d)
for ac,i in ipairs(am[c])do ax=math.max(ax,i[6])end
local o,ey=eb(a,b,g,l,r,s,am[c],d)
if o then
y=y or c
if not ad or(au~=-1 and(o==-1 or o>au))then
au,ad=o,ey
end
elseif not cp(a,b,g,ea)then
bb=false
end
end
local bo,ct=y or#ae,nil
if r~=''then
ct=ex(am[bo],r,ae[bo],aw>0 and aw or ax+1,by,d)
cg(a[(bo-1)*ab+6],am[bo],d)
end
if y then
if r~=''then pcall(dj,a[(y-1)*ab+7],r,p)end
return{0,au,ad,string.format('%.0f',ax),ct and ct-1 or#am[y]}
end
local h=dn(a,ae,bb)
for c,g in ipairs(ae)do
local b=(c-1)*ab
if dr(a,b,g,l,p,d)then ap=true end
if c~=bo and dy(am[c],r,d)then cg(a[b+6],am[c],d)end
end
return ap and-h or h
end
u['modes.convert']=u['modes.acquire']
u['modes.commit']=function(a,e)
local l={e[1],[e[1]]=true}
for c,g in ipairs(cr(e[3]))do
if not cp(a,(c-1)*ab,g,l)then return{0}end
end
for b=0,#a-ab,ab do
if not ar(a[b+2])then bk(a[b+2])end
bi(a[b+2],tonumber(e[2]))
end
return 1
end
u['modes.extend']=function(a,e)
local h,p,ae=tonumber(e[2]),tonumber(e[3]),cr(e[4])
local l,d=cz(e,5),bp()
for c,g in ipairs(ae)do
local o,ad=bz(a,(c-1)*ab,g,l,d)
if o then return{0,o,ad}end
end
for c,g in ipairs(ae)do
local b=(c-1)*ab
local cm=not cp(a,b,g,l)and(ar(a[b+2])or bv(a[b+2]))
if cm then bi(a[b+2],h)end
end
for c,g in ipairs(ae)do
local b=(c-1)*ab
if dr(a,b,g,l,p,d)then br(a,b,bq(a[b+6],d),d)end
end
return 1
end
local function eh(a,b,l,d)
local z,an=a[b+1],false
local j=redis.pcall('GET',z)
if type(j)=='table'then
if string.find(j.err,'WRONGTYPE',1,true)then return false,false end
error(j.err,0)
end
if l[j]then
redis.call('DEL',z)
j,an=false,true
end
local ba=false
for q=3,5 do
for ac,t in ipairs(l)do
local s=redis.pcall('ZSCORE',a[b+q],t)
if type(s)=='string'then
redis.call('ZREM',a[b+q],t)
ba=true
if tonumber(s)>=d then an=true end
end
end
end
if j and j~=bd then return an,false end
local aj=ba and dt(a,b,d)
if aj then
local o=redis.call('PTTL',z)
redis.call('SET',z,bd,'PX',math.max(1,aj-d))
return an,false,o>aj-d
end
if ba and j then redis.call('DEL',z)end
return an,ba or an
end
u['modes.release']=function(a,e)
local v,l,d=e[2],cz(e,3),bp()
local an,bg=false,false
for b=0,#a-ab,ab do
local al,el,ek=eh(a,b,l,d)
local am=al and redis.pcall('MGET',a[b+6],a[b+7])
if al then an=true end
if am and(am[1]or am[2])then
local co,ak,bs=pcall(br,a,b,bq(a[b+6],d),d)
if not co then ak,bs={},false end
for ac,ay in ipairs(ak)do
if ay~=v then bg=true end
end
if el and not bs and de(a[b+7],v~='')then bg=true end
if ek and#ak==0 then redis.pcall('PUBLISH',a[b+7],'')end
end
end
if not an then return 0 end
return bg and-1 or 1
end
u['modes.releaseAll']=u['modes.release']
u['modes.leave']=function(a,e)
local d=bp()
for b=0,#a-ab,ab do
local k=bq(a[b+6],d)
if eo(k,e[1])then
cg(a[b+6],k,d)
pcall(br,a,b,k,d)
end
pcall(bu,a[b+7],e[1])
end
return 1
end`,
    `u['modes.position']=function(a,e)
local d=bp()
local k,aj=bq(a[6],d),d
for ac,i in ipairs(k)do aj=math.max(aj,i[6])end
local s,cj,ag=aj+1-tonumber(e[2]),0,0
for ac,i in ipairs(k)do
if i[2]==e[1]then s=i[1]end
end
for ac,i in ipairs(k)do
if not i[7]then
ag=ag+1
if i[2]~=e[1]and not cn(i,s,e[1])then cj=cj+1 end
end
end
return{1,cj,ag,redis.call('EXISTS',a[1])}
end`,
    PART_5,
    PART_6,
  ],
  "3ccd34dcbdc09ab6f85b84df81a26f63f6ca250d",
  "467eeddc10c8780c35d2642d5ae7d7aa6acbff33",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    `local ck,dl,cl={},{},0`,
    PART_3,
    `local function dw(f)
local aq=redis.pcall('GET',f)
return type(aq)=='string'and aq or''
end
local function dz(f,ef,j)
local bc=dw(f)
local af=redis.call('TIME')
local d=string.format('%.0f',tonumber(af[1])*1000+math.floor(tonumber(af[2])/1000))
if bc==ef then
bc=j(tonumber(d))
redis.call('SET',f,bc)
end
return{1,bc,d}
end
u['marker.replace']=function(a,e)
return dz(a[1],e[1],function()return e[2]end)
end
u['marker.lose']=function(a,e)
return dz(a[1],e[1],function(d)
return'lost '..string.format('%.0f',d-tonumber(e[2]))
end)
end`,
    `u['identify']=function(a)
local dx=''
local function cc(ew)
local bx=redis.pcall('INFO',ew)
if type(bx)=='table'then bx,dx='',bx.err end
return function(eg)return string.match(bx,'%f[%w_]'..eg..':([^\\r\\n]*)')or''end
end
local cd,du,cv=cc('server'),cc('memory'),cc('replication')
local af=redis.call('TIME')
local g=cd('redis_mode')
if g==''then g=cd('server_mode')end
return{
1,cd('run_id'),tonumber(cd('uptime_in_seconds'))or-1,
tonumber(af[1])*1000000+tonumber(af[2]),
tonumber(cc('persistence')('aof_enabled'))or-1,
du('maxmemory_policy'),tonumber(du('maxmemory'))or-1,
cv('role'),g,cv('master_replid'),cv('master_replid2'),
a[1]and dw(a[1])or'',dx
}
end`,
    `u['counters.read']=function(a)
local ah={1}
for c=1,#a do
local bm,h=pcall(ar,a[c])
ah[c+1]=bm and h and string.format('%.0f',h)or''
end
return ah
end
local function dv(a,e,ed)
for c=1,#a do
local bm,h=pcall(ar,a[c])
if bm then
if not h then ed(a[c])end
bi(a[c],tonumber(e[c]))
end
end
return 1
end
u['counters.raise']=function(a,e)
return dv(a,e,bk)
end
u['counters.restore']=function(a,e)
return dv(a,e,function()end)
end
u['counters.lift']=function(a,e)
for c=1,#a do
local bm,h=pcall(ar,a[c])
if bm and h then bi(a[c],tonumber(e[1]))end
end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "cbccfd98d5cfe1eabdf9a59b9a9b6f036ae2c7d4",
  "e8ad3c8d095f4e0e02d7b7e56b48273eaf7c7d7b",
);
