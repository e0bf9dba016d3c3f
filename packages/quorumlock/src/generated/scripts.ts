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
local function as(f)
local g=n('INCR',f)
if type(g)~='number'then return nil end
if g>1 and g<=9000000000000000 then return g end
if g==1 and not IS_CLUSTER then
local ap=n('GET',string.match(f,'^(.*)~fence:')..'~server')
local bc=type(ap)=='string'and string.match(ap,'^complete .* (%d+)$')
local r=bc and n('SET',f,bc)
if r and not r.err then return tonumber(bc)end
end
n(g>1 and'DECR'or'DEL',f)
return nil
end`;

const PART_2 = `if#KEYS==cg and ARGV[2]=='1'then
local bv=cf[ARGV[1]]
local ac=bv and bv(1,6+ARGV[5],6)
if ac then return ac end
end`;

const PART_3 = `local function general()
local t={}
local function ar(f)
local i=redis.call('GET',f)
if not i then return nil end
local g=string.match(i,'^-?%d+$')and tonumber(i)
if not g or g>=9000000000000000 then error('the fencing counter '..f..' cannot be counted up: '..i)end
return g>0 and g or nil
end
local function ct(f,g)
redis.call('SET',f,string.format('%.0f',g))
end
local function bp(f)
if not IS_CLUSTER then
local ap=redis.pcall('GET',string.match(f,'^(.*)~fence:')..'~server')
if type(ap)~='table'or string.find(ap.err,'WRONGTYPE',1,true)then
return type(ap)=='string'and tonumber(string.match(ap,'^complete .* (%d+)$'))or nil
end
end
local aa=redis.call('TIME')
local d=tonumber(aa[1])*1000000+tonumber(aa[2])
return math.max(1,d-d%16384)
end
local function bi(f)
local bc=bp(f)
if bc then return bc end
redis.call('DEL',f)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function bf(f,g)
local az=ar(f)
if not az then g=math.max(g,bp(f)or 0)end
if(az or 0)<g then ct(f,g)end
end`;

const PART_4 = `local function cm(f)
local ai=redis.pcall('GET',f)
return type(ai)=='string'and ai or nil
end
local function db(f,k,q)
q=math.max(q,20000)
local ai=cm(f)
if not ai then
redis.call('SET',f,k,'PX',q)
elseif string.find(ai,k,1,true)then
redis.call('PEXPIRE',f,math.max(redis.call('PTTL',f),q))
elseif#ai+1<256*(#k+1)then
redis.call('SET',f,ai..' '..k,'PX',math.max(redis.call('PTTL',f),q))
end
end
local function bo(f,k)
local ai=cm(f)
if not ai then return end
local bw={}
for aq in string.gmatch(ai,'%S+')do
if aq~=k then bw[#bw+1]=aq end
end
if#bw==0 then redis.call('DEL',f)
else redis.call('SET',f,table.concat(bw,' '),'PX',math.max(redis.call('PTTL',f),1))end
end
local function cx(f,em)
local ai=cm(f)
if not ai then return false end
local bb=em and string.match(ai,'%S+')or''
if bb~=''then bo(f,bb)end
redis.pcall('PUBLISH',f,bb)
return bb~=''
end`;

const PART_5 = `return t
end`;

const PART_6 = `local function ep(bv,b,bl,m,j,ad,ca)
local a,e={unpack(KEYS,b,b+bl-1)},{unpack(ARGV,m,m+j-1)}
for c=1,ca do e[j+c]=ARGV[ad+c-1]end
local ci,ac=pcall(bv,a,e)
if ci then return ac end
if type(ac)=='table'then ac=ac.err or ac[1]end
return{-1,tostring(ac)}
end
local an,t,b,m={},nil,1,1
while m<=#ARGV do
local cl,be,bl=ARGV[m],tonumber(ARGV[m+1]),tonumber(ARGV[m+2])
local j,ca,ad=tonumber(ARGV[m+3]),tonumber(ARGV[m+4]),m+5
m=ad+ca
local dg=bl==cg
local de=dg and cf[cl]
local dc=dg and be>1 and dd[cl]
local aw=0
while aw<be do
local as=dc and dc(b,m,be-aw,an)or 0
if as==0 then
local ac=de and de(b,m,ad)
if not ac then
t=t or general()
ac=ep(t[cl],b,bl,m,j,ad,ca)
end
an[#an+1]=ac
as=1
end
b,m,aw=b+as*bl,m+as*j,aw+as
end
end
return#an==1 and an[1]or an`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local cg=2
local cf={
['mutex.acquire']=function(b,m,ad)
local r=n('SET',KEYS[b],ARGV[m],'NX','PX',ARGV[ad])
if not r or r.err then return nil end
local g=as(KEYS[b+1])
if not g then n('DEL',KEYS[b])end
return g
end,
['mutex.takeOver']=function(b,m,ad)
if n('GET',KEYS[b])~=ARGV[m+1]then return nil end
local g=as(KEYS[b+1])
if not g then return nil end
local r=n('SET',KEYS[b],ARGV[m],'PX',ARGV[ad])
return not r.err and-g or nil
end,
['mutex.extend']=function(b,m,ad)
if n('GET',KEYS[b])~=ARGV[m]then return nil end
local p=n('PTTL',KEYS[b])
if type(p)~='number'or p<0 then return nil end
if p<tonumber(ARGV[ad])and n('PEXPIRE',KEYS[b],ARGV[ad])~=1 then return nil end
return 1
end,
['mutex.release']=function(b,m)
local u=n('MGET',KEYS[b],KEYS[b+1])
if u.err or u[2]then return nil end
if u[1]~=ARGV[m]then return 0 end
return n('DEL',KEYS[b])==1 and 1 or nil
end,
}`,
    PART_2,
    `local dd={
['mutex.release']=function(b,m,be,an)
local u=n('MGET',unpack(KEYS,b,b+2*be-1))
if u.err then return 0 end
local bj,dl,co,aw={},{},{},0
for c=1,be do
if u[2*c]then break end
local w=KEYS[b+2*c-2]
local ah=u[2*c-1]==ARGV[m+c-1]and not dl[w]
an[#an+1]=ah and 1 or 0
if ah then
dl[w]=true
bj[#bj+1]=w
co[#bj]=#an
end
aw=c
end
local cz=#bj>0 and n('DEL',unpack(bj))
if type(cz)=='table'then
for c=1,#co do an[co[c]]={-1,cz.err}end
end
return aw
end
}`,
    PART_3,
    PART_4,
    `local function dh(f,s,q,ah)
if not ah then redis.call('SET',f,s,'PX',q)
else
local p=redis.call('PTTL',f)
if p>=0 and p<tonumber(q)then redis.call('PEXPIRE',f,q)end
end
end
local function cw(a,s,eq,q,cs)
local cp=cs==''and 2 or 3
local ah,ay,ao={},true,false
local at,z
for c=1,#a,cp do
local i=redis.call('GET',a[c])
ah[c]=i==s
if i~=s then ay=false end
if i and i==eq then
ao=true
elseif i and i~=s then
local p=redis.call('PTTL',a[c])
if not z or(at~=-1 and(p==-1 or p>at))then
at,z=p,i
end
end
end
if cs~=''then
for c=3,#a,3 do pcall(db,a[c],cs,tonumber(q))end
end
if z then return{0,at,z}end
local g=0
for c=2,#a,cp do
local x=ar(a[c])
g=math.max(g,x and(ay and x or x+1)or bi(a[c]))
end
for c=1,#a,cp do
dh(a[c],s,q,ah[c])
ct(a[c+1],g)
end
return ao and-g or g
end
t['mutex.acquire']=function(a,e)
return cw(a,e[1],nil,e[2],e[3])
end
t['mutex.takeOver']=function(a,e)
return cw(a,e[1],e[2],e[3],e[4])
end
t['mutex.commit']=function(a,e)
for c=1,#a,2 do
if redis.call('GET',a[c])~=e[1]then return{0}end
end
for c=2,#a,2 do
if not ar(a[c])then bi(a[c])end
bf(a[c],tonumber(e[2]))
end
return 1
end
t['mutex.extend']=function(a,e)
local s,g,q=e[1],tonumber(e[2]),e[3]
local ah={}
for c=1,#a,2 do
local i=redis.call('GET',a[c])
if i and i~=s then return{0,redis.call('PTTL',a[c]),i}end
ah[c]=i==s
end
for c=1,#a,2 do
local ch=not ah[c]and(ar(a[c+1])or bp(a[c+1]))
if ch then bf(a[c+1],g)end
end
for c=1,#a,2 do dh(a[c],s,q,ah[c])end
return 1
end
t['mutex.release']=function(a,e)
local s,k=e[1],e[2]
local ak,bd=false,false
for c=1,#a,2 do
local i=redis.pcall('GET',a[c])
if k~=''then pcall(bo,a[c+1],k)end
if i==s then
redis.call('DEL',a[c])
ak=true
if cx(a[c+1],k~='')then bd=true end
elseif type(i)=='table'and i.err and not string.find(i.err,'WRONGTYPE',1,true)then
error(i.err)
end
end
if not ak then return 0 end
return bd and-1 or 1
end
t['mutex.leave']=function(a,e)
pcall(bo,a[1],e[1])
return 1
end`,
    PART_5,
    PART_6,
  ],
  "4f8658235e0c3e94b93cad7b21484f5d898c538d",
  "758fb27655ee851a3d766a2f3cc678e3edac552f",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local cg=7
local cf={
['modes.acquire']=function(b,m,ad)
local h,w,q=ARGV[ad+3],KEYS[b],ARGV[ad]
if ARGV[ad+1]~=''or(h~='X'and h~='S')then return nil end
if n('EXISTS',w,KEYS[b+2],KEYS[b+3],KEYS[b+4],KEYS[b+5])~=0 then return nil end
if h=='X'then
local r=n('SET',w,ARGV[m],'PX',q)
if r.err then return nil end
local g=as(KEYS[b+1])
if not g then n('DEL',w)end
return g
end
local i=n('GET',KEYS[b+1])
local g=type(i)=='string'and string.match(i,'^%d+$')and tonumber(i)
if not g or g<1 or g>=9000000000000000 then return nil end
local aa=n('TIME')
local v=tonumber(aa[1])*1000+math.floor(tonumber(aa[2])/1000)+tonumber(q)
if type(n('ZADD',KEYS[b+4],string.format('%.0f',v),ARGV[m]))~='number'then return nil end
n('PEXPIRE',KEYS[b+4],q)
local r=n('SET',w,'~s','PX',q)
return not r.err and g or nil
end,
['modes.release']=function(b,m)
local u=n('MGET',KEYS[b],KEYS[b+5],KEYS[b+6])
if u.err or u[2]or u[3]then return nil end
if u[1]==ARGV[m]then
if n('EXISTS',KEYS[b+2],KEYS[b+3],KEYS[b+4])~=0 then return nil end
return n('DEL',KEYS[b])==1 and 1 or nil
end
if u[1]~='~s'or n('EXISTS',KEYS[b+2],KEYS[b+3])~=0 then return nil end
local au=n('ZSCORE',KEYS[b+4],ARGV[m])
if not au then return 0 end
local aa=n('TIME')
local d=tonumber(aa[1])*1000+math.floor(tonumber(aa[2])/1000)
if type(au)~='string'or tonumber(au)<d then return nil end
if n('ZREM',KEYS[b+4],ARGV[m])~=1 then return nil end
local al=tonumber(n('ZREVRANGE',KEYS[b+4],0,0,'WITHSCORES')[2])
if al and al>=d then n('SET',KEYS[b],'~s','PX',math.max(1,al-d))
else n('DEL',KEYS[b])end
return 1
end
}
local dd={}`,
    PART_2,
    PART_3,
    PART_4,
    `local function bx(f,d,ee)
local bg,o=redis.pcall('GET',f),{}
if type(bg)~='string'then return o end
for ae,k,bh,v,ag in string.gmatch(bg,'(%d+) (%w+) (%w+) (%d+) (%d+)')do
if ee(bh)and tonumber(v)>=d then
o[#o+1]={tonumber(ae),k,bh,tonumber(v),tonumber(ag)}
end
end
return o
end
local function cb(f,o,d)
local cq,x={},d+1
for c,l in ipairs(o)do
cq[c]=string.format('%.0f %s %s %.0f %.0f',unpack(l))
x=math.max(x,l[4])
end
if#cq==0 then redis.call('DEL',f)
else redis.call('SET',f,table.concat(cq,' '),'PX',x-d)end
end
local function dj(l,d)return l[5]>0 and d-l[5]>50 end
local function dk(l,ae,k)
return l[1]>ae or(l[1]==ae and l[2]>k)
end
local function dw(o,k,ae,d,dx)
for aj,l in ipairs(o)do
if l[2]==k or(ae>0 and dk(l,ae,k))then return nil end
if not dj(l,d)and dx(l[3])then return l end
end
end
local function ds(o,k,d)
for aj,l in ipairs(o)do
if l[2]==k then
l[4],l[5]=d+3000,0
return true
end
end
return false
end
local function es(o,k,bh,ae,d)
local af=#o+1
for c,l in ipairs(o)do
if l[2]==k then
l[3]=bh
ds(o,k,d)
return
end
if c<af and dk(l,ae,k)then af=c end
end
if#o<256 then table.insert(o,af,{ae,k,bh,d+3000,0})end
end
local function ej(o,k)
for c,l in ipairs(o)do
if l[2]==k then
table.remove(o,c)
return true
end
end
return false
end
local function el(o,ce,d)
local ag={}
for aj,l in ipairs(o)do
if not dj(l,d)then
if not ce(l[3])then break end
if l[5]==0 then
l[5]=d
ag[#ag+1]=l
end
end
end
return ag
end`,
    `local cc={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function bs(bg)return cc[bg]end
local function dz(eo,aq)return string.find(cc[eo],' '..aq..' ',1,true)end
local function ek(en)
local bq={}
return function(h)
if bq[h]==nil then bq[h]=not en(h)end
if not bq[h]then return false end
for aq in string.gmatch(cc[h],'%u+')do bq[aq]=false end
return true
end
end`,
    `local y,ba=7,'~s'
local cd={['IS']={3},['IX']={4},['S']={5},['SIX']={4,5},['X']={}}
local cv={['IS']={},['IX']={5},['S']={4},['SIX']={4,5},['X']={3,4,5}}
local function bt()
local aa=redis.call('TIME')
return tonumber(aa[1])*1000+math.floor(tonumber(aa[2])/1000)
end
local function ck(bg)
local ab={}
for h in string.gmatch(bg,'%u+')do
if not cv[h]then error('unknown mode '..h,0)end
ab[#ab+1]=h
end
return ab
end
local function cr(e,bb)
local j={e[1],[e[1]]=true}
for c=bb,#e do
j[#j+1]=e[c]
j[e[c]]=true
end
return j
end
local function bu(a,b,h,j,d)
local i=redis.call('GET',a[b+1])
if i and i~=ba and not j[i]then return redis.call('PTTL',a[b+1]),i end
local x,z
for aj,r in ipairs(cv[h])do
local u=redis.call('ZREVRANGE',a[b+r],0,#j,'WITHSCORES')
for c=1,#u,2 do
local v=tonumber(u[c+1])
if not j[u[c]]then
if v>=d and(not x or v>x)then x,z=v,u[c]end
break
end
end
end
if x then return x-d,z end
end
local function dm(a,b,d)
local al
if redis.call('EXISTS',a[b+3],a[b+4],a[b+5])==0 then return nil end
for r=3,5 do
local v=tonumber(redis.pcall('ZREVRANGE',a[b+r],0,0,'WITHSCORES')[2])
if v and v>=d then al=math.max(al or 0,v)end
end
return al
end
local function cj(a,b,h,j)
if h=='X'then return j[redis.call('GET',a[b+1])]end
for aj,r in ipairs(cd[h])do
local ax=false
for aj,s in ipairs(j)do
if redis.call('ZSCORE',a[b+r],s)then ax=true end
end
if not ax then return false end
end
return true
end
local function eh(a,b,j)
if j[redis.call('GET',a[b+1])]then return true end
for r=3,5 do
for aj,s in ipairs(j)do
if redis.call('ZSCORE',a[b+r],s)then return true end
end
end
return false
end
local function di(a,b,h,j,q,d)
local w,s,ao=a[b+1],j[1],false
local i=redis.call('GET',w)
local v=d+q
if j[i]then
local p=redis.call('PTTL',w)
if p==-1 and i==s and h=='X'then return false end
v=math.max(v,d+p)
ao=i~=s
end
for r=3,5 do
for c,da in ipairs(j)do
local au=(c>1 or h~='X')and redis.call('ZSCORE',a[b+r],da)
if au then
v=math.max(v,tonumber(au))
if c>1 then
redis.call('ZREM',a[b+r],da)
ao=true
end
end
end
end
if h=='X'then
redis.call('SET',w,s,'PX',v-d)
return ao
end
for aj,r in ipairs(cd[h])do
local f=a[b+r]
redis.call('ZREMRANGEBYSCORE',f,'-inf',string.format('(%.0f',d))
redis.call('ZADD',f,string.format('%.0f',v),s)
if redis.call('PTTL',f)<v-d then redis.call('PEXPIRE',f,v-d)end
end
if i~=ba then
redis.call('SET',w,ba,'PX',dm(a,b,d)-d)
else
local p=redis.call('PTTL',w)
if p>=0 and p<v-d then redis.call('PEXPIRE',w,v-d)end
end
return ao
end
local cu={}
local function bm(a,b,o,d)
if#o==0 then return{}end
local ag={}
local ce=ek(function(h)return bu(a,b,h,cu,d)end)
for c,l in ipairs(el(o,ce,d))do ag[c]=l[2]end
cb(a[b+6],o,d)
if#ag>0 then redis.pcall('PUBLISH',a[b+7],table.concat(ag,' '))end
return ag
end
local function dv(a,b,h,j,k,ae,o,d)
local p,z=bu(a,b,h,j,d)
if p or#o==0 or eh(a,b,j)then return p,z end
local bn=dw(o,k,ae,d,function(aq)return dz(aq,h)end)
if not bn then return nil end
bm(a,b,o,d)
if bn[5]>0 then return math.max(0,50-d+bn[5]),''end
p,z=bu(a,b,bn[3],cu,d)
return p and-1 or 50,z or''
end
local function df(a,ab,ay)
local g,cy,av=0,false,{}
for aj,h in ipairs(ab)do
if(h=='X'or h=='SIX')and not ay then cy=true end
end
for af=2,#a,y do
local f=a[af]
if av[f]==nil then
local x=ar(f)
av[f]=x or 0
g=math.max(g,x and(cy and x+1 or x)or bi(f))
end
end
for f,x in pairs(av)do
if x~=g then ct(f,g)end
end
return g
end
local function ei(a)
local u={}
for b=0,#a-y,y do
u[#u+1]=a[b+1]
for af=3,6 do u[#u+1]=a[b+af]end
end
return redis.call('EXISTS',unpack(u))==0
end
local function ed(a,b,h,s,q,d)
for aj,r in ipairs(cd[h])do
redis.call('ZADD',a[b+r],string.format('%.0f',d+q),s)
redis.call('PEXPIRE',a[b+r],q)
end
redis.call('SET',a[b+1],h=='X'and s or ba,'PX',q)
end
t['modes.acquire']=function(a,e)
local q,k,ae,ab=tonumber(e[2]),e[3],tonumber(e[4]),ck(e[5])
local j,du,d=cr(e,6),{e[1],[e[1]]=true},bt()
local am,av,af,at,z={},d,nil,nil,nil
local ay,ao=true,false
if ei(a)then
local g=df(a,ab,false)
for c,h in ipairs(ab)do ed(a,(c-1)*y,h,e[1],q,d)end
return g
end
for c,h in ipairs(ab)do
local b=(c-1)*y
am[c]=bx(a[b+6],d,bs)
for aj,l in ipairs(am[c])do av=math.max(av,l[1])end
local p,et=dv(a,b,h,j,k,ae,am[c],d)
if p then
af=af or c
if not z or(at~=-1 and(p==-1 or p>at))then
at,z=p,et
end
elseif not cj(a,b,h,du)then
ay=false
end
end
if af then
if k~=''then
local b=(af-1)*y
es(am[af],k,ab[af],ae>0 and ae or av+1,d)
cb(a[b+6],am[af],d)
pcall(db,a[b+7],k,q)
end
return{0,at,z,string.format('%.0f',av)}
end
local g=df(a,ab,ay)
for c,h in ipairs(ab)do
local b=(c-1)*y
if di(a,b,h,j,q,d)then ao=true end
if ds(am[c],k,d)then cb(a[b+6],am[c],d)end
end
return ao and-g or g
end
t['modes.convert']=t['modes.acquire']
t['modes.commit']=function(a,e)
local j={e[1],[e[1]]=true}
for c,h in ipairs(ck(e[3]))do
if not cj(a,(c-1)*y,h,j)then return{0}end
end
for b=0,#a-y,y do
if not ar(a[b+2])then bi(a[b+2])end
bf(a[b+2],tonumber(e[2]))
end
return 1
end
t['modes.extend']=function(a,e)
local g,q,ab=tonumber(e[2]),tonumber(e[3]),ck(e[4])
local j,d=cr(e,5),bt()
for c,h in ipairs(ab)do
local p,z=bu(a,(c-1)*y,h,j,d)
if p then return{0,p,z}end
end
for c,h in ipairs(ab)do
local b=(c-1)*y
local ch=not cj(a,b,h,j)and(ar(a[b+2])or bp(a[b+2]))
if ch then bf(a[b+2],g)end
end
for c,h in ipairs(ab)do
local b=(c-1)*y
if di(a,b,h,j,q,d)then bm(a,b,bx(a[b+6],d,bs),d)end
end
return 1
end
local function ec(a,b,j,d)
local w,ak=a[b+1],false
local i=redis.pcall('GET',w)
if type(i)=='table'then
if string.find(i.err,'WRONGTYPE',1,true)then return false,false end
error(i.err,0)
end
if j[i]then
redis.call('DEL',w)
i,ak=false,true
end
local ax=false
for r=3,5 do
for aj,s in ipairs(j)do
local au=redis.pcall('ZSCORE',a[b+r],s)
if type(au)=='string'then
redis.call('ZREM',a[b+r],s)
ax=true
if tonumber(au)>=d then ak=true end
end
end
end
if i and i~=ba then return ak,false end
local al=ax and dm(a,b,d)
if al then
local p=redis.call('PTTL',w)
redis.call('SET',w,ba,'PX',math.max(1,al-d))
return ak,false,p>al-d
end
if ax and i then redis.call('DEL',w)end
return ak,ax or ak
end
t['modes.release']=function(a,e)
local k,j,d=e[2],cr(e,3),bt()
local ak,bd=false,false
for b=0,#a-y,y do
local ah,eg,ef=ec(a,b,j,d)
local am=ah and redis.pcall('MGET',a[b+6],a[b+7])
if ah then ak=true end
if am and(am[1]or am[2])then
local ci,ag=pcall(bm,a,b,bx(a[b+6],d,bs),d)
if not ci then ag={}end
for aj,aq in ipairs(ag)do
if aq~=k then bd=true end
end
if eg and#ag==0 and cx(a[b+7],k~='')then bd=true end
if ef and#ag==0 then redis.pcall('PUBLISH',a[b+7],'')end
end
end
if not ak then return 0 end
return bd and-1 or 1
end
t['modes.releaseAll']=t['modes.release']
t['modes.leave']=function(a,e)
local d=bt()
for b=0,#a-y,y do
local o=bx(a[b+6],d,bs)
if ej(o,e[1])then
cb(a[b+6],o,d)
pcall(bm,a,b,o,d)
end
pcall(bo,a[b+7],e[1])
end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "ed46f5b1cef50d8e3979ea2e263ec027789d20b8",
  "8c7c1c7de90f662cf48b224aec57e677824470d7",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    `local cf,dd,cg={},{},0`,
    PART_3,
    `local function dq(f)
local ap=redis.pcall('GET',f)
return type(ap)=='string'and ap or''
end
local function dt(f,ea,i)
local az=dq(f)
local aa=redis.call('TIME')
local d=string.format('%.0f',tonumber(aa[1])*1000+math.floor(tonumber(aa[2])/1000))
if az==ea then
az=i(tonumber(d))
redis.call('SET',f,az)
end
return{1,az,d}
end
t['marker.replace']=function(a,e)
return dt(a[1],e[1],function()return e[2]end)
end
t['marker.lose']=function(a,e)
return dt(a[1],e[1],function(d)
return'lost '..string.format('%.0f',d-tonumber(e[2]))
end)
end`,
    `t['identify']=function(a)
local dr=''
local function by(er)
local br=redis.pcall('INFO',er)
if type(br)=='table'then br,dr='',br.err end
return function(eb)return string.match(br,'%f[%w_]'..eb..':([^\\r\\n]*)')or''end
end
local bz,dn,cn=by('server'),by('memory'),by('replication')
local aa=redis.call('TIME')
local h=bz('redis_mode')
if h==''then h=bz('server_mode')end
return{
1,bz('run_id'),tonumber(bz('uptime_in_seconds'))or-1,
tonumber(aa[1])*1000000+tonumber(aa[2]),
tonumber(by('persistence')('aof_enabled'))or-1,
dn('maxmemory_policy'),tonumber(dn('maxmemory'))or-1,
cn('role'),h,cn('master_replid'),cn('master_replid2'),
a[1]and dq(a[1])or'',dr
}
end`,
    `t['counters.read']=function(a)
local ac={1}
for c=1,#a do
local bk,g=pcall(ar,a[c])
ac[c+1]=bk and g and string.format('%.0f',g)or''
end
return ac
end
local function dp(a,e,dy)
for c=1,#a do
local bk,g=pcall(ar,a[c])
if bk then
if not g then dy(a[c])end
bf(a[c],tonumber(e[c]))
end
end
return 1
end
t['counters.raise']=function(a,e)
return dp(a,e,bi)
end
t['counters.restore']=function(a,e)
return dp(a,e,function()end)
end
t['counters.lift']=function(a,e)
for c=1,#a do
local bk,g=pcall(ar,a[c])
if bk and g then bf(a[c],tonumber(e[1]))end
end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "b0f34c042c5dc1a3513d08b355c69bcd9a9eb870",
  "eb1b2b8be396baee0fe14ea71b3f57bf605a12f1",
);
