// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local m=redis.pcall
local function ar(f)
local h=m('INCR',f)
if type(h)~='number'then return nil end
if h>1 and h<=9000000000000000 then return h end
if h==1 and not IS_CLUSTER then
local ap=m('GET',string.match(f,'^(.*)~fence:')..'~server')
local bc=type(ap)=='string'and string.match(ap,'^complete .* (%d+)$')
local r=bc and m('SET',f,bc)
if r and not r.err then return tonumber(bc)end
end
m(h>1 and'DECR'or'DEL',f)
return nil
end`;

const PART_2 = `if#KEYS==cd and ARGV[2]=='1'then
local bs=cc[ARGV[1]]
local ac=bs and bs(1,6+ARGV[5],6)
if ac then return ac end
end`;

const PART_3 = `local function general()
local t={}
local function aq(f)
local i=redis.call('GET',f)
if not i then return nil end
local h=string.match(i,'^-?%d+$')and tonumber(i)
if not h or h>=9000000000000000 then error('the fencing counter '..f..' cannot be counted up: '..i)end
return h>0 and h or nil
end
local function cq(f,h)
redis.call('SET',f,string.format('%.0f',h))
end
local function bn(f)
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
local function bg(f)
local bc=bn(f)
if bc then return bc end
redis.call('DEL',f)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function bf(f,h)
local az=aq(f)
if not az then h=math.max(h,bn(f)or 0)end
if(az or 0)<h then cq(f,h)end
end`;

const PART_4 = `local function cj(f)
local ai=redis.pcall('GET',f)
return type(ai)=='string'and ai or nil
end
local function cy(f,k,q)
q=math.max(q,20000)
local ai=cj(f)
if not ai then
redis.call('SET',f,k,'PX',q)
elseif string.find(ai,k,1,true)then
redis.call('PEXPIRE',f,math.max(redis.call('PTTL',f),q))
elseif#ai+1<256*(#k+1)then
redis.call('SET',f,ai..' '..k,'PX',math.max(redis.call('PTTL',f),q))
end
end
local function bm(f,k)
local ai=cj(f)
if not ai then return end
local bt={}
for av in string.gmatch(ai,'%S+')do
if av~=k then bt[#bt+1]=av end
end
if#bt==0 then redis.call('DEL',f)
else redis.call('SET',f,table.concat(bt,' '),'PX',math.max(redis.call('PTTL',f),1))end
end
local function cu(f,eg)
local ai=cj(f)
if not ai then return false end
local bb=eg and string.match(ai,'%S+')or''
if bb~=''then bm(f,bb)end
redis.pcall('PUBLISH',f,bb)
return bb~=''
end`;

const PART_5 = `return t
end`;

const PART_6 = `local function ej(bs,b,bj,l,j,ad,bx)
local a,e={unpack(KEYS,b,b+bj-1)},{unpack(ARGV,l,l+j-1)}
for c=1,bx do e[j+c]=ARGV[ad+c-1]end
local cf,ac=pcall(bs,a,e)
if cf then return ac end
if type(ac)=='table'then ac=ac.err or ac[1]end
return{-1,tostring(ac)}
end
local an,t,b,l={},nil,1,1
while l<=#ARGV do
local ci,be,bj=ARGV[l],tonumber(ARGV[l+1]),tonumber(ARGV[l+2])
local j,bx,ad=tonumber(ARGV[l+3]),tonumber(ARGV[l+4]),l+5
l=ad+bx
local dd=bj==cd
local db=dd and cc[ci]
local cz=dd and be>1 and da[ci]
local aw=0
while aw<be do
local ar=cz and cz(b,l,be-aw,an)or 0
if ar==0 then
local ac=db and db(b,l,ad)
if not ac then
t=t or general()
ac=ej(t[ci],b,bj,l,j,ad,bx)
end
an[#an+1]=ac
ar=1
end
b,l,aw=b+ar*bj,l+ar*j,aw+ar
end
end
return#an==1 and an[1]or an`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local cd=2
local cc={
['mutex.acquire']=function(b,l,ad)
local r=m('SET',KEYS[b],ARGV[l],'NX','PX',ARGV[ad])
if not r or r.err then return nil end
local h=ar(KEYS[b+1])
if not h then m('DEL',KEYS[b])end
return h
end,
['mutex.takeOver']=function(b,l,ad)
if m('GET',KEYS[b])~=ARGV[l+1]then return nil end
local h=ar(KEYS[b+1])
if not h then return nil end
local r=m('SET',KEYS[b],ARGV[l],'PX',ARGV[ad])
return not r.err and-h or nil
end,
['mutex.extend']=function(b,l,ad)
if m('GET',KEYS[b])~=ARGV[l]then return nil end
local p=m('PTTL',KEYS[b])
if type(p)~='number'or p<0 then return nil end
if p<tonumber(ARGV[ad])and m('PEXPIRE',KEYS[b],ARGV[ad])~=1 then return nil end
return 1
end,
['mutex.release']=function(b,l)
local u=m('MGET',KEYS[b],KEYS[b+1])
if u.err or u[2]then return nil end
if u[1]~=ARGV[l]then return 0 end
return m('DEL',KEYS[b])==1 and 1 or nil
end,
}`,
    PART_2,
    `local da={
['mutex.release']=function(b,l,be,an)
local u=m('MGET',unpack(KEYS,b,b+2*be-1))
if u.err then return 0 end
local bh,di,cl,aw={},{},{},0
for c=1,be do
if u[2*c]then break end
local w=KEYS[b+2*c-2]
local ag=u[2*c-1]==ARGV[l+c-1]and not di[w]
an[#an+1]=ag and 1 or 0
if ag then
di[w]=true
bh[#bh+1]=w
cl[#bh]=#an
end
aw=c
end
local cw=#bh>0 and m('DEL',unpack(bh))
if type(cw)=='table'then
for c=1,#cl do an[cl[c]]={-1,cw.err}end
end
return aw
end
}`,
    PART_3,
    PART_4,
    `local function de(f,s,q,ag)
if not ag then redis.call('SET',f,s,'PX',q)
else
local p=redis.call('PTTL',f)
if p>=0 and p<tonumber(q)then redis.call('PEXPIRE',f,q)end
end
end
local function ct(a,s,ek,q,cp)
local cm=cp==''and 2 or 3
local ag,ay,ao={},true,false
local as,z
for c=1,#a,cm do
local i=redis.call('GET',a[c])
ag[c]=i==s
if i~=s then ay=false end
if i and i==ek then
ao=true
elseif i and i~=s then
local p=redis.call('PTTL',a[c])
if not z or(as~=-1 and(p==-1 or p>as))then
as,z=p,i
end
end
end
if cp~=''then
for c=3,#a,3 do pcall(cy,a[c],cp,tonumber(q))end
end
if z then return{0,as,z}end
local h=0
for c=2,#a,cm do
local x=aq(a[c])
h=math.max(h,x and(ay and x or x+1)or bg(a[c]))
end
for c=1,#a,cm do
de(a[c],s,q,ag[c])
cq(a[c+1],h)
end
return ao and-h or h
end
t['mutex.acquire']=function(a,e)
return ct(a,e[1],nil,e[2],e[3])
end
t['mutex.takeOver']=function(a,e)
return ct(a,e[1],e[2],e[3],e[4])
end
t['mutex.commit']=function(a,e)
for c=1,#a,2 do
if redis.call('GET',a[c])~=e[1]then return{0}end
end
for c=2,#a,2 do
if not aq(a[c])then bg(a[c])end
bf(a[c],tonumber(e[2]))
end
return 1
end
t['mutex.extend']=function(a,e)
local s,h,q=e[1],tonumber(e[2]),e[3]
local ag={}
for c=1,#a,2 do
local i=redis.call('GET',a[c])
if i and i~=s then return{0,redis.call('PTTL',a[c]),i}end
ag[c]=i==s
end
for c=1,#a,2 do
local ce=not ag[c]and(aq(a[c+1])or bn(a[c+1]))
if ce then bf(a[c+1],h)end
end
for c=1,#a,2 do de(a[c],s,q,ag[c])end
return 1
end
t['mutex.release']=function(a,e)
local s,k=e[1],e[2]
local ak,bd=false,false
for c=1,#a,2 do
local i=redis.pcall('GET',a[c])
if k~=''then pcall(bm,a[c+1],k)end
if i==s then
redis.call('DEL',a[c])
ak=true
if cu(a[c+1],k~='')then bd=true end
elseif type(i)=='table'and i.err and not string.find(i.err,'WRONGTYPE',1,true)then
error(i.err)
end
end
if not ak then return 0 end
return bd and-1 or 1
end
t['mutex.leave']=function(a,e)
pcall(bm,a[1],e[1])
return 1
end`,
    PART_5,
    PART_6,
  ],
  "a6f7b63409914575ba651c309c0e8bc5198cceef",
  "738ccc15fd817dd762b03a1f0879088daa4e39b9",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local cd=7
local cc={
['modes.acquire']=function(b,l,ad)
local g,w,q=ARGV[ad+3],KEYS[b],ARGV[ad]
if ARGV[ad+1]~=''or(g~='X'and g~='S')then return nil end
if m('EXISTS',w,KEYS[b+2],KEYS[b+3],KEYS[b+4],KEYS[b+5])~=0 then return nil end
if g=='X'then
local r=m('SET',w,ARGV[l],'PX',q)
if r.err then return nil end
local h=ar(KEYS[b+1])
if not h then m('DEL',w)end
return h
end
local i=m('GET',KEYS[b+1])
local h=type(i)=='string'and string.match(i,'^%d+$')and tonumber(i)
if not h or h<1 or h>=9000000000000000 then return nil end
local aa=m('TIME')
local v=tonumber(aa[1])*1000+math.floor(tonumber(aa[2])/1000)+tonumber(q)
if type(m('ZADD',KEYS[b+4],string.format('%.0f',v),ARGV[l]))~='number'then return nil end
m('PEXPIRE',KEYS[b+4],q)
local r=m('SET',w,'~s','PX',q)
return not r.err and h or nil
end,
['modes.release']=function(b,l)
local u=m('MGET',KEYS[b],KEYS[b+5],KEYS[b+6])
if u.err or u[2]or u[3]then return nil end
if u[1]==ARGV[l]then
if m('EXISTS',KEYS[b+2],KEYS[b+3],KEYS[b+4])~=0 then return nil end
return m('DEL',KEYS[b])==1 and 1 or nil
end
if u[1]~='~s'or m('EXISTS',KEYS[b+2],KEYS[b+3])~=0 then return nil end
local at=m('ZSCORE',KEYS[b+4],ARGV[l])
if not at then return 0 end
local aa=m('TIME')
local d=tonumber(aa[1])*1000+math.floor(tonumber(aa[2])/1000)
if type(at)~='string'or tonumber(at)<d then return nil end
if m('ZREM',KEYS[b+4],ARGV[l])~=1 then return nil end
local al=tonumber(m('ZREVRANGE',KEYS[b+4],0,0,'WITHSCORES')[2])
if al and al>=d then m('SET',KEYS[b],'~s','PX',math.max(1,al-d))
else m('DEL',KEYS[b])end
return 1
end
}
local da={}`,
    PART_2,
    PART_3,
    PART_4,
    `local ca={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function dv(ei,av)return string.find(ca[ei],' '..av..' ',1,true)end
local function bu(f,d)
local by,n=redis.pcall('GET',f),{}
if type(by)~='string'then return n end
for ae,k,g,v,ah in string.gmatch(by,'(%d+) (%w+) (%u+) (%d+) (%d+)')do
if ca[g]and tonumber(v)>=d then
n[#n+1]={tonumber(ae),k,g,tonumber(v),tonumber(ah)}
end
end
return n
end
local function bz(f,n,d)
local cn,x={},d+1
for c,o in ipairs(n)do
cn[c]=string.format('%.0f %s %s %.0f %.0f',unpack(o))
x=math.max(x,o[4])
end
if#cn==0 then redis.call('DEL',f)
else redis.call('SET',f,table.concat(cn,' '),'PX',x-d)end
end
local function dg(o,d)return o[5]>0 and d-o[5]>50 end
local function dh(o,ae,k)
return o[1]>ae or(o[1]==ae and o[2]>k)
end
local function dt(n,g,k,ae,d)
for aj,o in ipairs(n)do
if o[2]==k or(ae>0 and dh(o,ae,k))then return nil end
if dv(o[3],g)and not dg(o,d)then return o end
end
end
local function dp(n,k,d)
for aj,o in ipairs(n)do
if o[2]==k then
o[4],o[5]=d+3000,0
return true
end
end
return false
end
local function em(n,k,g,ae,d)
local af=#n+1
for c,o in ipairs(n)do
if o[2]==k then
o[3]=g
dp(n,k,d)
return
end
if c<af and dh(o,ae,k)then af=c end
end
if#n<256 then table.insert(n,af,{ae,k,g,d+3000,0})end
end
local function ee(n,k)
for c,o in ipairs(n)do
if o[2]==k then
table.remove(n,c)
return true
end
end
return false
end
local function ef(n,eh,d)
local ah,bo={},{}
for aj,o in ipairs(n)do
local g=o[3]
if not dg(o,d)then
if bo[g]==nil then bo[g]=not eh(g)end
if not bo[g]then break end
if o[5]==0 then
o[5]=d
ah[#ah+1]=o[2]
end
for av in string.gmatch(ca[g],'%u+')do bo[av]=false end
end
end
return ah
end`,
    `local y,ba=7,'~s'
local cb={['IS']={3},['IX']={4},['S']={5},['SIX']={4,5},['X']={}}
local cs={['IS']={},['IX']={5},['S']={4},['SIX']={4,5},['X']={3,4,5}}
local function bq()
local aa=redis.call('TIME')
return tonumber(aa[1])*1000+math.floor(tonumber(aa[2])/1000)
end
local function ch(by)
local ab={}
for g in string.gmatch(by,'%u+')do
if not cs[g]then error('unknown mode '..g,0)end
ab[#ab+1]=g
end
return ab
end
local function co(e,bb)
local j={e[1],[e[1]]=true}
for c=bb,#e do
j[#j+1]=e[c]
j[e[c]]=true
end
return j
end
local function br(a,b,g,j,d)
local i=redis.call('GET',a[b+1])
if i and i~=ba and not j[i]then return redis.call('PTTL',a[b+1]),i end
local x,z
for aj,r in ipairs(cs[g])do
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
local function dj(a,b,d)
local al
if redis.call('EXISTS',a[b+3],a[b+4],a[b+5])==0 then return nil end
for r=3,5 do
local v=tonumber(redis.pcall('ZREVRANGE',a[b+r],0,0,'WITHSCORES')[2])
if v and v>=d then al=math.max(al or 0,v)end
end
return al
end
local function cg(a,b,g,j)
if g=='X'then return j[redis.call('GET',a[b+1])]end
for aj,r in ipairs(cb[g])do
local ax=false
for aj,s in ipairs(j)do
if redis.call('ZSCORE',a[b+r],s)then ax=true end
end
if not ax then return false end
end
return true
end
local function ec(a,b,j)
if j[redis.call('GET',a[b+1])]then return true end
for r=3,5 do
for aj,s in ipairs(j)do
if redis.call('ZSCORE',a[b+r],s)then return true end
end
end
return false
end
local function df(a,b,g,j,q,d)
local w,s,ao=a[b+1],j[1],false
local i=redis.call('GET',w)
local v=d+q
if j[i]then
local p=redis.call('PTTL',w)
if p==-1 and i==s and g=='X'then return false end
v=math.max(v,d+p)
ao=i~=s
end
for r=3,5 do
for c,cx in ipairs(j)do
local at=(c>1 or g~='X')and redis.call('ZSCORE',a[b+r],cx)
if at then
v=math.max(v,tonumber(at))
if c>1 then
redis.call('ZREM',a[b+r],cx)
ao=true
end
end
end
end
if g=='X'then
redis.call('SET',w,s,'PX',v-d)
return ao
end
for aj,r in ipairs(cb[g])do
local f=a[b+r]
redis.call('ZREMRANGEBYSCORE',f,'-inf',string.format('(%.0f',d))
redis.call('ZADD',f,string.format('%.0f',v),s)
if redis.call('PTTL',f)<v-d then redis.call('PEXPIRE',f,v-d)end
end
if i~=ba then
redis.call('SET',w,ba,'PX',dj(a,b,d)-d)
else
local p=redis.call('PTTL',w)
if p>=0 and p<v-d then redis.call('PEXPIRE',w,v-d)end
end
return ao
end
local cr={}
local function bk(a,b,n,d)
if#n==0 then return{}end
local ah=ef(n,function(g)return br(a,b,g,cr,d)end,d)
bz(a[b+6],n,d)
if#ah>0 then redis.pcall('PUBLISH',a[b+7],table.concat(ah,' '))end
return ah
end
local function ds(a,b,g,j,k,ae,n,d)
local p,z=br(a,b,g,j,d)
if p or#n==0 or ec(a,b,j)then return p,z end
local bl=dt(n,g,k,ae,d)
if not bl then return nil end
bk(a,b,n,d)
if bl[5]>0 then return math.max(0,50-d+bl[5]),''end
p,z=br(a,b,bl[3],cr,d)
return p and-1 or 50,z or''
end
local function dc(a,ab,ay)
local h,cv,au=0,false,{}
for aj,g in ipairs(ab)do
if(g=='X'or g=='SIX')and not ay then cv=true end
end
for af=2,#a,y do
local f=a[af]
if au[f]==nil then
local x=aq(f)
au[f]=x or 0
h=math.max(h,x and(cv and x+1 or x)or bg(f))
end
end
for f,x in pairs(au)do
if x~=h then cq(f,h)end
end
return h
end
local function ed(a)
local u={}
for b=0,#a-y,y do
u[#u+1]=a[b+1]
for af=3,6 do u[#u+1]=a[b+af]end
end
return redis.call('EXISTS',unpack(u))==0
end
local function dz(a,b,g,s,q,d)
for aj,r in ipairs(cb[g])do
redis.call('ZADD',a[b+r],string.format('%.0f',d+q),s)
redis.call('PEXPIRE',a[b+r],q)
end
redis.call('SET',a[b+1],g=='X'and s or ba,'PX',q)
end
t['modes.acquire']=function(a,e)
local q,k,ae,ab=tonumber(e[2]),e[3],tonumber(e[4]),ch(e[5])
local j,dr,d=co(e,6),{e[1],[e[1]]=true},bq()
local am,au,af,as,z={},d,nil,nil,nil
local ay,ao=true,false
if ed(a)then
local h=dc(a,ab,false)
for c,g in ipairs(ab)do dz(a,(c-1)*y,g,e[1],q,d)end
return h
end
for c,g in ipairs(ab)do
local b=(c-1)*y
am[c]=bu(a[b+6],d)
for aj,o in ipairs(am[c])do au=math.max(au,o[1])end
local p,en=ds(a,b,g,j,k,ae,am[c],d)
if p then
af=af or c
if not z or(as~=-1 and(p==-1 or p>as))then
as,z=p,en
end
elseif not cg(a,b,g,dr)then
ay=false
end
end
if af then
if k~=''then
local b=(af-1)*y
em(am[af],k,ab[af],ae>0 and ae or au+1,d)
bz(a[b+6],am[af],d)
pcall(cy,a[b+7],k,q)
end
return{0,as,z,string.format('%.0f',au)}
end
local h=dc(a,ab,ay)
for c,g in ipairs(ab)do
local b=(c-1)*y
if df(a,b,g,j,q,d)then ao=true end
if dp(am[c],k,d)then bz(a[b+6],am[c],d)end
end
return ao and-h or h
end
t['modes.convert']=t['modes.acquire']
t['modes.commit']=function(a,e)
local j={e[1],[e[1]]=true}
for c,g in ipairs(ch(e[3]))do
if not cg(a,(c-1)*y,g,j)then return{0}end
end
for b=0,#a-y,y do
if not aq(a[b+2])then bg(a[b+2])end
bf(a[b+2],tonumber(e[2]))
end
return 1
end
t['modes.extend']=function(a,e)
local h,q,ab=tonumber(e[2]),tonumber(e[3]),ch(e[4])
local j,d=co(e,5),bq()
for c,g in ipairs(ab)do
local p,z=br(a,(c-1)*y,g,j,d)
if p then return{0,p,z}end
end
for c,g in ipairs(ab)do
local b=(c-1)*y
local ce=not cg(a,b,g,j)and(aq(a[b+2])or bn(a[b+2]))
if ce then bf(a[b+2],h)end
end
for c,g in ipairs(ab)do
local b=(c-1)*y
if df(a,b,g,j,q,d)then bk(a,b,bu(a[b+6],d),d)end
end
return 1
end
local function dy(a,b,j,d)
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
local at=redis.pcall('ZSCORE',a[b+r],s)
if type(at)=='string'then
redis.call('ZREM',a[b+r],s)
ax=true
if tonumber(at)>=d then ak=true end
end
end
end
if i and i~=ba then return ak,false end
local al=ax and dj(a,b,d)
if al then
local p=redis.call('PTTL',w)
redis.call('SET',w,ba,'PX',math.max(1,al-d))
return ak,false,p>al-d
end
if ax and i then redis.call('DEL',w)end
return ak,ax or ak
end
t['modes.release']=function(a,e)
local k,j,d=e[2],co(e,3),bq()
local ak,bd=false,false
for b=0,#a-y,y do
local ag,eb,ea=dy(a,b,j,d)
local am=ag and redis.pcall('MGET',a[b+6],a[b+7])
if ag then ak=true end
if am and(am[1]or am[2])then
local cf,ah=pcall(bk,a,b,bu(a[b+6],d),d)
if not cf then ah={}end
for aj,av in ipairs(ah)do
if av~=k then bd=true end
end
if eb and#ah==0 and cu(a[b+7],k~='')then bd=true end
if ea and#ah==0 then redis.pcall('PUBLISH',a[b+7],'')end
end
end
if not ak then return 0 end
return bd and-1 or 1
end
t['modes.releaseAll']=t['modes.release']
t['modes.leave']=function(a,e)
local d=bq()
for b=0,#a-y,y do
local n=bu(a[b+6],d)
if ee(n,e[1])then
bz(a[b+6],n,d)
pcall(bk,a,b,n,d)
end
pcall(bm,a[b+7],e[1])
end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "95c78b3d3b2caa21f9166743c9dcabea67614eb1",
  "8a751341fc5719599508709cd4ed58ad71576fbf",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    `local cc,da,cd={},{},0`,
    PART_3,
    `local function dm(f)
local ap=redis.pcall('GET',f)
return type(ap)=='string'and ap or''
end
local function dq(f,dw,i)
local az=dm(f)
local aa=redis.call('TIME')
local d=string.format('%.0f',tonumber(aa[1])*1000+math.floor(tonumber(aa[2])/1000))
if az==dw then
az=i(tonumber(d))
redis.call('SET',f,az)
end
return{1,az,d}
end
t['marker.replace']=function(a,e)
return dq(a[1],e[1],function()return e[2]end)
end
t['marker.lose']=function(a,e)
return dq(a[1],e[1],function(d)
return'lost '..string.format('%.0f',d-tonumber(e[2]))
end)
end`,
    `t['identify']=function(a)
local dn=''
local function bv(el)
local bp=redis.pcall('INFO',el)
if type(bp)=='table'then bp,dn='',bp.err end
return function(dx)return string.match(bp,'%f[%w_]'..dx..':([^\\r\\n]*)')or''end
end
local bw,dk,ck=bv('server'),bv('memory'),bv('replication')
local aa=redis.call('TIME')
local g=bw('redis_mode')
if g==''then g=bw('server_mode')end
return{
1,bw('run_id'),tonumber(bw('uptime_in_seconds'))or-1,
tonumber(aa[1])*1000000+tonumber(aa[2]),
tonumber(bv('persistence')('aof_enabled'))or-1,
dk('maxmemory_policy'),tonumber(dk('maxmemory'))or-1,
ck('role'),g,ck('master_replid'),ck('master_replid2'),
a[1]and dm(a[1])or'',dn
}
end`,
    `t['counters.read']=function(a)
local ac={1}
for c=1,#a do
local bi,h=pcall(aq,a[c])
ac[c+1]=bi and h and string.format('%.0f',h)or''
end
return ac
end
local function dl(a,e,du)
for c=1,#a do
local bi,h=pcall(aq,a[c])
if bi then
if not h then du(a[c])end
bf(a[c],tonumber(e[c]))
end
end
return 1
end
t['counters.raise']=function(a,e)
return dl(a,e,bg)
end
t['counters.restore']=function(a,e)
return dl(a,e,function()end)
end
t['counters.lift']=function(a,e)
for c=1,#a do
local bi,h=pcall(aq,a[c])
if bi and h then bf(a[c],tonumber(e[1]))end
end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "6919b13712582bbf5ffd5c3e844e1803f417a4fb",
  "89ee755017fe253b4cf04e9a8e30aa2174176bfc",
);
