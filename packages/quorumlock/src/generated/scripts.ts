// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local r=redis.pcall
local function ay(i)
local h=r('INCR',i)
if type(h)~='number'then return nil end
if h>1 and h<=9000000000000000 then return h end
if h==1 and not IS_CLUSTER then
local au=r('GET',string.match(i,'^(.*)~fence:')..'~server')
local bg=type(au)=='string'and string.match(au,'^complete .* (%d+)$')
local t=bg and r('SET',i,bg)
if t and not t.err then return tonumber(bg)end
end
r(h>1 and'DECR'or'DEL',i)
return nil
end`;

const PART_2 = `if#KEYS<=cm and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local cc=cl[ARGV[1]]
local n=cc and cc(1,6+ARGV[5],6,#KEYS)
if n then return n end
end`;

const PART_3 = `local function general()
local s={}
local function as(i)
local f=redis.call('GET',i)
if not f then return nil end
local h=string.match(f,'^-?%d+$')and tonumber(f)
if not h or h>=9000000000000000 then
error('the fencing counter '..i..' cannot be counted up: '..f..'; delete it together with '
..string.match(i,'^(.*)~fence:')..'~server, on one server after another')
end
return h>0 and h or nil
end
local function da(i,h)
redis.call('SET',i,string.format('%.0f',h))
end
local function bv(i)
if not IS_CLUSTER then
local au=redis.pcall('GET',string.match(i,'^(.*)~fence:')..'~server')
if type(au)~='table'or string.find(au.err,'WRONGTYPE',1,true)then
return type(au)=='string'and tonumber(string.match(au,'^complete .* (%d+)$'))or nil
end
end
local an=redis.call('TIME')
local d=tonumber(an[1])*1000000+tonumber(an[2])
return math.max(1,d-d%16384)
end
local function bm(i)
local bg=bv(i)
if bg then return bg end
redis.call('DEL',i)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function bk(i,h)
local bd=as(i)
if not bd then h=math.max(h,bv(i)or 0)end
if(bd or 0)<h then da(i,h)end
end`;

const PART_4 = `local function ce(i)
local ao=redis.pcall('GET',i)
return type(ao)=='string'and ao or nil
end
local function dk(i,m,u)
u=math.max(u,20000)
local ao=ce(i)
if not ao then
redis.call('SET',i,m,'PX',u)
elseif string.find(ao,m,1,true)then
redis.call('PEXPIRE',i,math.max(redis.call('PTTL',i),u))
elseif#ao+1<256*(#m+1)then
redis.call('SET',i,ao..' '..m,'PX',math.max(redis.call('PTTL',i),u))
end
end
local function bu(i,m)
local ao=ce(i)
if not ao then return end
local av={}
for af in string.gmatch(ao,'%S+')do
if af~=m then av[#av+1]=af end
end
if#av==0 then redis.call('DEL',i)
else redis.call('SET',i,table.concat(av,' '),'PX',math.max(redis.call('PTTL',i),1))end
end
local function df(i,eu)
local ao=ce(i)
if not ao then return false end
local ap=eu and string.match(ao,'%S+')or''
if ap~=''then bu(i,ap)end
redis.pcall('PUBLISH',i,ap)
return ap~=''
end`;

const PART_5 = `return s
end`;

const PART_6 = `local function ey(cc,b,bi,o,j,ac,ch)
local a,e={unpack(KEYS,b,b+bi-1)},{unpack(ARGV,o,o+j-1)}
for c=1,ch do e[j+c]=ARGV[ac+c-1]end
local cp,n=pcall(cc,a,e)
if cp then return n end
if type(n)=='table'then n=n.err or n[1]end
return{-1,tostring(n)}
end
local at,s,b,o={},nil,1,1
while o<=#ARGV do
local cs,bj,bi=ARGV[o],tonumber(ARGV[o+1]),tonumber(ARGV[o+2])
local j,ch,ac=tonumber(ARGV[o+3]),tonumber(ARGV[o+4]),o+5
o=ac+ch
local dp=bi<=cm
local dn=dp and cl[cs]
local dl=dp and bj>1 and dm[cs]
local ba=0
while ba<bj do
local ay=dl and dl(b,o,bj-ba,at)or 0
if ay==0 then
local n=dn and dn(b,o,ac,bi)
if not n then
s=s or general()
n=ey(s[cs],b,bi,o,j,ac,ch)
end
at[#at+1]=n
ay=1
end
b,o,ba=b+ay*bi,o+ay*j,ba+ay
end
end
return#at==1 and at[1]or at`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local cm=2
local cl={
['mutex.acquire']=function(b,o,ac)
local t=r('SET',KEYS[b],ARGV[o],'NX','PX',ARGV[ac])
if not t or t.err then return nil end
local h=ay(KEYS[b+1])
if not h then r('DEL',KEYS[b])end
return h
end,
['mutex.takeOver']=function(b,o,ac)
if r('GET',KEYS[b])~=ARGV[o+1]then return nil end
local h=ay(KEYS[b+1])
if not h then return nil end
local t=r('SET',KEYS[b],ARGV[o],'PX',ARGV[ac])
return not t.err and-h or nil
end,
['mutex.extend']=function(b,o,ac)
if r('GET',KEYS[b])~=ARGV[o]then return nil end
local k=r('PTTL',KEYS[b])
if type(k)~='number'or k<0 then return nil end
if k<tonumber(ARGV[ac])and r('PEXPIRE',KEYS[b],ARGV[ac])~=1 then return nil end
return 1
end,
['mutex.release']=function(b,o)
local w=r('MGET',KEYS[b],KEYS[b+1])
if w.err or w[2]then return nil end
if w[1]~=ARGV[o]then return 0 end
return r('DEL',KEYS[b])==1 and 1 or nil
end,
}`,
    PART_2,
    `local dm={
['mutex.release']=function(b,o,bj,at)
local w=r('MGET',unpack(KEYS,b,b+2*bj-1))
if w.err then return 0 end
local bn,du,cu,ba={},{},{},0
for c=1,bj do
if w[2*c]then break end
local z=KEYS[b+2*c-2]
local ak=w[2*c-1]==ARGV[o+c-1]and not du[z]
at[#at+1]=ak and 1 or 0
if ak then
du[z]=true
bn[#bn+1]=z
cu[#bn]=#at
end
ba=c
end
local di=#bn>0 and r('DEL',unpack(bn))
if type(di)=='table'then
for c=1,#cu do at[cu[c]]={-1,di.err}end
end
return ba
end
}`,
    PART_3,
    PART_4,
    `local function co(i,l,u,ak)
if not ak then redis.call('SET',i,l,'PX',u)
else
local k=redis.call('PTTL',i)
if k>=0 and k<tonumber(u)then redis.call('PEXPIRE',i,u)end
end
end
local function dd(a,l,ez,u,cz)
local cw=cz==''and 2 or 3
local ak,bc,aq={},true,false
local aw,aa
for c=1,#a,cw do
local f=redis.call('GET',a[c])
ak[c]=f==l
if f~=l then bc=false end
if f and f==ez then
aq=true
elseif f and f~=l then
local k=redis.call('PTTL',a[c])
if not aa or(aw~=-1 and(k==-1 or k>aw))then
aw,aa=k,f
end
end
end
if cz~=''then
for c=3,#a,3 do pcall(dk,a[c],cz,tonumber(u))end
end
if aa then return{0,aw,aa}end
local h=0
for c=2,#a,cw do
local y=as(a[c])
h=math.max(h,y and(bc and y or y+1)or bm(a[c]))
end
for c=1,#a,cw do
co(a[c],l,u,ak[c])
da(a[c+1],h)
end
return aq and-h or h
end
s['mutex.acquire']=function(a,e)
return dd(a,e[1],nil,e[2],e[3])
end
s['mutex.takeOver']=function(a,e)
return dd(a,e[1],e[2],e[3],e[4])
end
s['mutex.commit']=function(a,e)
for c=1,#a,2 do
if redis.call('GET',a[c])~=e[1]then return{0}end
end
for c=2,#a,2 do
if not as(a[c])then bm(a[c])end
bk(a[c],tonumber(e[2]))
end
return 1
end
s['mutex.extend']=function(a,e)
local l,h,u=e[1],tonumber(e[2]),e[3]
local ak={}
for c=1,#a,2 do
local f=redis.call('GET',a[c])
if f and f~=l then return{0,redis.call('PTTL',a[c]),f}end
ak[c]=f==l
end
for c=1,#a,2 do
local cn=not ak[c]and(as(a[c+1])or bv(a[c+1]))
if cn then bk(a[c+1],h)end
end
for c=1,#a,2 do co(a[c],l,u,ak[c])end
return 1
end
s['mutex.release']=function(a,e)
local l,m=e[1],e[2]
local ah,bh=false,false
for c=1,#a,2 do
local f=redis.pcall('GET',a[c])
if m~=''then pcall(bu,a[c+1],m)end
if f==l then
redis.call('DEL',a[c])
ah=true
if df(a[c+1],m~='')then bh=true end
elseif type(f)=='table'and f.err and not string.find(f.err,'WRONGTYPE',1,true)then
error(f.err)
end
end
if not ah then return 0 end
return bh and-1 or 1
end
s['mutex.leave']=function(a,e)
pcall(bu,a[1],e[1])
return 1
end
s['mutex.renew']=function(a,e)
local h=1
for c=1,#a,2 do
local f=redis.call('GET',a[c])
if f~=e[1]then return{0,redis.call('PTTL',a[c]),f or''}end
h=math.max(h,as(a[c+1])or 1)
end
for c=1,#a,2 do co(a[c],e[1],e[2],true)end
return h
end
s['mutex.query']=function(a)
local n={1}
for c=1,#a,2 do
n[#n+1]=redis.call('GET',a[c])or''
n[#n+1]=redis.call('PTTL',a[c])
n[#n+1]=ce(a[c+1])or''
end
return n
end`,
    PART_5,
    PART_6,
  ],
  "ef4008ed35211cf8ed439c35998b6e57141e2f0c",
  "b27ebf47fd11f44d9e0dba22f747b58ab0f3d5f3",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local cm=140
local cl={
['modes.acquire']=function(b,o,ac,ar)
local l,u,ab,bt=ARGV[o],ARGV[ac],ARGV[ac+3],KEYS[b+1]
if ar==7 then
if r('EXISTS',KEYS[b],KEYS[b+2],KEYS[b+3],KEYS[b+4],KEYS[b+5])~=0 then return nil end
else
for x=b+8,b+ar-1,7 do
if KEYS[x]~=bt then return nil end
end
if r('EXISTS',unpack(KEYS,b,b+ar-1))~=ar/7 then return nil end
end
local h
if ab=='X'or string.find(' '..ab,' X',1,true)or string.find(ab,'SIX',1,true)then
h=r('INCR',bt)
if type(h)~='number'then return nil end
if h<=1 or h>9000000000000000 then
r(h>1 and'DECR'or'DEL',bt)
return nil
end
else
local f=r('GET',bt)
h=type(f)=='string'and string.match(f,'^%d+$')and tonumber(f)
if not h or h<1 or h>=9000000000000000 then return nil end
end
for g in string.gmatch(ab,'%u+')do
local t=r('SET',KEYS[b],g=='X'and l or'~s '..g..' '..l,'PX',u)
if t.err then return nil end
b=b+7
end
return h
end,
['modes.extend']=function(b,o,ac,ar)
local l,u,x=ARGV[o],ARGV[ac],1
local w=ARGV[ac-1]=='2'and r('MGET',unpack(KEYS,b,b+ar-1))
if not w or w.err then return nil end
for g in string.gmatch(ARGV[ac+1],'%u+')do
if w[x]~=(g=='X'and l or'~s '..g..' '..l)then return nil end
x=x+7
end
for z=b,b+ar-1,7 do
local k=r('PTTL',KEYS[z])
if type(k)~='number'or k<0 then return nil end
if k<tonumber(u)and r('PEXPIRE',KEYS[z],u)~=1 then return nil end
end
return 1
end,
['modes.release']=function(b,o,aj,ar)
local l=ARGV[o]
if ar==7 then
local w=r('MGET',KEYS[b],KEYS[b+5],KEYS[b+6])
local f=w[1]
if not f or w[2]or w[3]then return nil end
if f~=l and string.match(f,'^~s [ISX]+ (.*)$')~=l then return nil end
return r('DEL',KEYS[b])==1 and 1 or nil
end
local w,by=r('MGET',unpack(KEYS,b,b+ar-1)),{}
if w.err then return nil end
for x=1,ar,7 do
local f=w[x]
if not f or w[x+5]or w[x+6]then return nil end
if f~=l and string.match(f,'^~s [ISX]+ (.*)$')~=l then return nil end
by[#by+1]=KEYS[b+x-1]
end
return r('DEL',unpack(by))==#by and 1 or nil
end
}
local dm={}`,
    PART_2,
    PART_3,
    PART_4,
    `local cj={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function dg(ew,af)return string.find(cj[ew],' '..af..' ',1,true)end
local function cd(i,d)
local bf,p=redis.pcall('GET',i),{}
if type(bf)~='string'then return p end
for ag,m,g,v,am in string.gmatch(bf,'(%d+) (%w+) (%u+) (%d+) (%d+)')do
if cj[g]and tonumber(v)>=d then
p[#p+1]={tonumber(ag),m,g,tonumber(v),tonumber(am)}
end
end
return p
end
local function ci(i,p,d)
local cx,y={},d+1
for c,q in ipairs(p)do
cx[c]=string.format('%.0f %s %s %.0f %.0f',unpack(q))
y=math.max(y,q[4])
end
if#cx==0 then redis.call('DEL',i)
else redis.call('SET',i,table.concat(cx,' '),'PX',y-d)end
end
local function ds(q,d)return q[5]>0 and d-q[5]>50 end
local function dt(q,ag,m)
return q[1]>ag or(q[1]==ag and q[2]>m)
end
local function eh(p,g,m,ag,d)
for aj,q in ipairs(p)do
if q[2]==m or(ag>0 and dt(q,ag,m))then return nil end
if dg(q[3],g)and not ds(q,d)then return q end
end
end
local function ed(p,m,d)
for aj,q in ipairs(p)do
if q[2]==m then
q[4],q[5]=d+3000,0
return true
end
end
return false
end
local function fb(p,m,g,ag,d)
local x=#p+1
for c,q in ipairs(p)do
if q[2]==m then
q[3]=g
ed(p,m,d)
return
end
if c<x and dt(q,ag,m)then x=c end
end
if#p<256 then table.insert(p,x,{ag,m,g,d+3000,0})end
end
local function es(p,m)
for c,q in ipairs(p)do
if q[2]==m then
table.remove(p,c)
return true
end
end
return false
end
local function et(p,ev,d)
local am,bw={},{}
for aj,q in ipairs(p)do
local g=q[3]
if not ds(q,d)then
if bw[g]==nil then bw[g]=not ev(g)end
if not bw[g]then break end
if q[5]==0 then
q[5]=d
am[#am+1]=q[2]
end
for af in string.gmatch(cj[g],'%u+')do bw[af]=false end
end
end
return am
end`,
    `local ai,ax=7,'~s'
local ck={['IS']={3},['IX']={4},['S']={5},['SIX']={4,5},['X']={}}
local dc={['IS']={},['IX']={5},['S']={4},['SIX']={4,5},['X']={3,4,5}}
local function ca()
local an=redis.call('TIME')
return tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
end
local function cr(bf)
local ab={}
for g in string.gmatch(bf,'%u+')do
if not dc[g]then error('unknown mode '..g,0)end
ab[#ab+1]=g
end
return ab
end
local function cy(e,ap)
local j={e[1],[e[1]]=true}
for c=ap,#e do
j[#j+1]=e[c]
j[e[c]]=true
end
return j
end
local function bq(f)
if not f or string.sub(f,1,3)~='~s 'then return nil end
local g,l=string.match(f,'^~s (%u+) (.*)$')
if ck[g]then return g,l end
end
local function cb(a,b,g,j,d)
local f=redis.call('GET',a[b+1])
local be,ad=bq(f)
if ad then
local k=not j[ad]and redis.call('PTTL',a[b+1])
if k and(k==-1 or dg(g,be))then return k,ad end
return nil
end
if j[f]then return nil end
if f and f~=ax then return redis.call('PTTL',a[b+1]),f end
local y,aa
for aj,t in ipairs(dc[g])do
local w=redis.call('ZREVRANGE',a[b+t],0,#j,'WITHSCORES')
for c=1,#w,2 do
local v=tonumber(w[c+1])
if not j[w[c]]then
if v>=d and(not y or v>y)then y,aa=v,w[c]end
break
end
end
end
if y then return y-d,aa end
end
local function dw(a,b,d)
local al
if redis.call('EXISTS',a[b+3],a[b+4],a[b+5])==0 then return nil end
for t=3,5 do
local v=tonumber(redis.pcall('ZREVRANGE',a[b+t],0,0,'WITHSCORES')[2])
if v and v>=d then al=math.max(al or 0,v)end
end
return al
end
local function cq(a,b,g,j)
local f=redis.call('GET',a[b+1])
if g=='X'then return j[f]end
local be,ad=bq(f)
if ad then return j[ad]and be==g end
for aj,t in ipairs(ck[g])do
local bb=false
for aj,l in ipairs(j)do
if redis.call('ZSCORE',a[b+t],l)then bb=true end
end
if not bb then return false end
end
return true
end
local function er(a,b,j)
local f=redis.call('GET',a[b+1])
local aj,ad=bq(f)
if ad then return j[ad]end
if j[f]then return true end
for t=3,5 do
for aj,l in ipairs(j)do
if redis.call('ZSCORE',a[b+t],l)then return true end
end
end
return false
end
local function de(a,b,g,l,v,d)
for aj,t in ipairs(ck[g])do
local i=a[b+t]
redis.call('ZREMRANGEBYSCORE',i,'-inf',string.format('(%.0f',d))
redis.call('ZADD',i,string.format('%.0f',v),l)
if redis.call('PTTL',i)<v-d then redis.call('PEXPIRE',i,v-d)end
end
end
local function dr(a,b,g,j,u,d)
local z,l,aq=a[b+1],j[1],false
local f=redis.call('GET',z)
local v=d+u
local be,ad=bq(f)
local aa,eo=ad or f,be or'X'
if j[aa]then
local k=redis.call('PTTL',z)
if k==-1 and aa==l and g==eo then return false end
v=math.max(v,d+k)
if ad==l and g==be then
redis.call('SET',z,f,'PX',v-d)
return false
end
aq=aa~=l
f=nil
elseif ad then
local k=math.max(1,redis.call('PTTL',z))
de(a,b,be,ad,d+k,d)
redis.call('SET',z,ax,'PX',k)
f=ax
end
if f~=ax and(g~='X'or ad)and redis.call('EXISTS',a[b+3],a[b+4],a[b+5])==0 then
redis.call('SET',z,g=='X'and l or'~s '..g..' '..l,'PX',v-d)
return aq
end
for t=3,5 do
for c,dj in ipairs(j)do
local bp=(c>1 or g~='X')and redis.call('ZSCORE',a[b+t],dj)
if bp then
v=math.max(v,tonumber(bp))
if c>1 then
redis.call('ZREM',a[b+t],dj)
aq=true
end
end
end
end
if g=='X'then
redis.call('SET',z,l,'PX',v-d)
return aq
end
de(a,b,g,l,v,d)
if f~=ax then
redis.call('SET',z,ax,'PX',dw(a,b,d)-d)
else
local k=redis.call('PTTL',z)
if k>=0 and k<v-d then redis.call('PEXPIRE',z,v-d)end
end
return aq
end
local db={}
local function br(a,b,p,d)
if#p==0 then return{}end
local am=et(p,function(g)return cb(a,b,g,db,d)end,d)
ci(a[b+6],p,d)
if#am>0 then redis.pcall('PUBLISH',a[b+7],table.concat(am,' '))end
return am
end
local function eg(a,b,g,j,m,ag,p,d)
local k,aa=cb(a,b,g,j,d)
if k or#p==0 or er(a,b,j)then return k,aa end
local bs=eh(p,g,m,ag,d)
if not bs then return nil end
br(a,b,p,d)
if bs[5]>0 then return math.max(0,50-d+bs[5]),''end
k,aa=cb(a,b,bs[3],db,d)
return k and-1 or 50,aa or''
end
local function ek(a,ab,bc)
local h,dh,az=0,false,{}
for aj,g in ipairs(ab)do
if(g=='X'or g=='SIX')and not bc then dh=true end
end
for x=2,#a,ai do
local i=a[x]
if az[i]==nil then
local y=as(i)
az[i]=y or 0
h=math.max(h,y and(dh and y+1 or y)or bm(i))
end
end
for i,y in pairs(az)do
if y~=h then da(i,h)end
end
return h
end
s['modes.acquire']=function(a,e)
local u,m,ag,ab=tonumber(e[2]),e[3],tonumber(e[4]),cr(e[5])
local j,ef,d=cy(e,6),{e[1],[e[1]]=true},ca()
local ae,az,x,aw,aa={},d,nil,nil,nil
local bc,aq=true,false
for c,g in ipairs(ab)do
local b=(c-1)*ai
ae[c]=cd(a[b+6],d)
for aj,q in ipairs(ae[c])do az=math.max(az,q[1])end
local k,fc=eg(a,b,g,j,m,ag,ae[c],d)
if k then
x=x or c
if not aa or(aw~=-1 and(k==-1 or k>aw))then
aw,aa=k,fc
end
elseif not cq(a,b,g,ef)then
bc=false
end
end
if x then
if m~=''then
local b=(x-1)*ai
fb(ae[x],m,ab[x],ag>0 and ag or az+1,d)
ci(a[b+6],ae[x],d)
pcall(dk,a[b+7],m,u)
end
return{0,aw,aa,string.format('%.0f',az)}
end
local h=ek(a,ab,bc)
for c,g in ipairs(ab)do
local b=(c-1)*ai
if dr(a,b,g,j,u,d)then aq=true end
if ed(ae[c],m,d)then ci(a[b+6],ae[c],d)end
end
return aq and-h or h
end
s['modes.convert']=s['modes.acquire']
s['modes.commit']=function(a,e)
local j={e[1],[e[1]]=true}
for c,g in ipairs(cr(e[3]))do
if not cq(a,(c-1)*ai,g,j)then return{0}end
end
for b=0,#a-ai,ai do
if not as(a[b+2])then bm(a[b+2])end
bk(a[b+2],tonumber(e[2]))
end
return 1
end
s['modes.extend']=function(a,e)
local h,u,ab=tonumber(e[2]),tonumber(e[3]),cr(e[4])
local j,d=cy(e,5),ca()
for c,g in ipairs(ab)do
local k,aa=cb(a,(c-1)*ai,g,j,d)
if k then return{0,k,aa}end
end
for c,g in ipairs(ab)do
local b=(c-1)*ai
local cn=not cq(a,b,g,j)and(as(a[b+2])or bv(a[b+2]))
if cn then bk(a[b+2],h)end
end
for c,g in ipairs(ab)do
local b=(c-1)*ai
if dr(a,b,g,j,u,d)then br(a,b,cd(a[b+6],d),d)end
end
return 1
end
local function en(a,b,j,d)
local z,ah=a[b+1],false
local f=redis.pcall('GET',z)
if type(f)=='table'then
if string.find(f.err,'WRONGTYPE',1,true)then return false,false end
error(f.err,0)
end
local aj,ad=bq(f)
if j[ad or f]then
redis.call('DEL',z)
f,ah=false,true
end
if ad or(ah and#j==1)then return ah,ah end
local bb=false
for t=3,5 do
for aj,l in ipairs(j)do
local bp=redis.pcall('ZSCORE',a[b+t],l)
if type(bp)=='string'then
redis.call('ZREM',a[b+t],l)
bb=true
if tonumber(bp)>=d then ah=true end
end
end
end
if f and f~=ax then return ah,false end
local al=bb and dw(a,b,d)
if al then
local k=redis.call('PTTL',z)
redis.call('SET',z,ax,'PX',math.max(1,al-d))
return ah,false,k>al-d
end
if bb and f then redis.call('DEL',z)end
return ah,bb or ah
end
s['modes.release']=function(a,e)
local m,j,d=e[2],cy(e,3),ca()
local ah,bh=false,false
for b=0,#a-ai,ai do
local ak,eq,ep=en(a,b,j,d)
local ae=ak and redis.pcall('MGET',a[b+6],a[b+7])
if ak then ah=true end
if ae and(ae[1]or ae[2])then
local cp,am=pcall(br,a,b,cd(a[b+6],d),d)
if not cp then am={}end
for aj,af in ipairs(am)do
if af~=m then bh=true end
end
if eq and#am==0 and df(a[b+7],m~='')then bh=true end
if ep and#am==0 then redis.pcall('PUBLISH',a[b+7],'')end
end
end
if not ah then return 0 end
return bh and-1 or 1
end
s['modes.releaseAll']=s['modes.release']
s['modes.leave']=function(a,e)
local d=ca()
for b=0,#a-ai,ai do
local p=cd(a[b+6],d)
if es(p,e[1])then
ci(a[b+6],p,d)
pcall(br,a,b,p,d)
end
pcall(bu,a[b+7],e[1])
end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "02a39ed080f506f6b1838d6db53b40e9445fc709",
  "fb79ad19fc313c95c3a92690767471daeed8701c",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    `local cl,dm,cm={},{},0`,
    PART_3,
    `local function eb(i)
local au=redis.pcall('GET',i)
return type(au)=='string'and au or''
end
local function ee(i,ej,f)
local bd=eb(i)
local an=redis.call('TIME')
local d=string.format('%.0f',tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000))
if bd==ej then
bd=f(tonumber(d))
redis.call('SET',i,bd)
end
return{1,bd,d}
end
s['marker.replace']=function(a,e)
return ee(a[1],e[1],function()return e[2]end)
end
s['marker.lose']=function(a,e)
return ee(a[1],e[1],function(d)
return'lost '..string.format('%.0f',d-tonumber(e[2]))
end)
end`,
    `s['identify']=function(a)
local ec=''
local function cf(fa)
local bx=redis.pcall('INFO',fa)
if type(bx)=='table'then bx,ec='',bx.err end
return function(el)return string.match(bx,'%f[%w_]'..el..':([^\\r\\n]*)')or''end
end
local cg,dz,ct=cf('server'),cf('memory'),cf('replication')
local an=redis.call('TIME')
local g=cg('redis_mode')
if g==''then g=cg('server_mode')end
return{
1,cg('run_id'),tonumber(cg('uptime_in_seconds'))or-1,
tonumber(an[1])*1000000+tonumber(an[2]),
tonumber(cf('persistence')('aof_enabled'))or-1,
dz('maxmemory_policy'),tonumber(dz('maxmemory'))or-1,
ct('role'),g,ct('master_replid'),ct('master_replid2'),
a[1]and eb(a[1])or'',ec
}
end`,
    `s['counters.read']=function(a)
local n={1}
for c=1,#a do
local bo,h=pcall(as,a[c])
n[c+1]=bo and h and string.format('%.0f',h)or''
end
return n
end
local function ea(a,e,ei)
for c=1,#a do
local bo,h=pcall(as,a[c])
if bo then
if not h then ei(a[c])end
bk(a[c],tonumber(e[c]))
end
end
return 1
end
s['counters.raise']=function(a,e)
return ea(a,e,bm)
end
s['counters.restore']=function(a,e)
return ea(a,e,function()end)
end
s['counters.lift']=function(a,e)
for c=1,#a do
local bo,h=pcall(as,a[c])
if bo and h then bk(a[c],tonumber(e[1]))end
end
return 1
end`,
    `s['set.note']=function(a,e)
local t,em,dx=e[1],e[2],tonumber(e[3])
local an=redis.call('TIME')
local d=tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
local cv,dv,dq=d,false,false
local av,bf={},redis.pcall('GET',a[1])
for dy in string.gmatch(type(bf)=='string'and bf or'','[^\\n]+')do
local bz,ap,al,bl,ex=string.match(dy,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
ap,al,bl=tonumber(ap),tonumber(al),tonumber(bl)
if bz and ap<=al and al<=d and d<bl and bl<=d+3600000 then
if bz==t then
cv,dv=ap,d-al<tonumber(e[4])
elseif bz==em then
dq=true
else
av[#av+1]={dy,bz,al,ap,bl,ex}
end
end
end
local n,ae,y={1},{},d+dx
for c=math.max(1,#av-16+2),#av do
local af=av[c]
ae[#ae+1]=af[1]
y=math.max(y,af[5])
n[#n+1]=af[2]
n[#n+1]=af[3]-math.max(af[4],cv)
n[#n+1]=af[5]-d
n[#n+1]=af[6]
end
if not dv or dq then
ae[#ae+1]=string.format('%s %.0f %.0f %.0f %s',t,cv,d,d+dx,e[5])
redis.call('SET',a[1],table.concat(ae,'\\n'),'PX',string.format('%.0f',y-d))
end
return n
end`,
    PART_5,
    PART_6,
  ],
  "3ccdfe13f5fe795c341ce08ff4b0bd69b387b070",
  "c47ff787edb719c3472da7b945d73baa87068528",
);
