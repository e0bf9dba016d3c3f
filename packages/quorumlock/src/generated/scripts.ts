// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local ac=redis.pcall
local function aa(l)
local i=ac('INCR',l)
if type(i)~='number'then return nil end
if i>1 and i<=9000000000000000 then return i end
if i==1 and not IS_CLUSTER then
local bf=ac('GET',string.match(l,'^(.*)~fence:')..'~server')
local cr=type(bf)=='string'and string.match(bf,'^complete .* (%d+)$')
local ad=cr and ac('SET',l,cr)
if ad and not ad.err then return tonumber(cr)end
end
ac(i>1 and'DECR'or'DEL',l)
return nil
end`;

const PART_2 = `if#KEYS<=ey and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local eh=ex[ARGV[1]]
local x=eh and eh(1,6+ARGV[5],6,#KEYS)
if x then return x end
end`;

const PART_3 = `local function general()
local w={}
local function az(l)
local h=redis.call('GET',l)
if not h then return nil end
local i=string.match(h,'^-?%d+$')and tonumber(h)
if not i or i>=9000000000000000 then
error('the fencing counter '..l..' cannot be counted up: '..h..'; delete it together with '
..string.match(l,'^(.*)~fence:')..'~server, on one server after another')
end
return i>0 and i or nil
end
local function ep(l,i)
redis.call('SET',l,string.format('%.0f',i))
end
local function dc(l)
if not IS_CLUSTER then
local bf=redis.pcall('GET',string.match(l,'^(.*)~fence:')..'~server')
if type(bf)~='table'or string.find(bf.err,'WRONGTYPE',1,true)then
return type(bf)=='string'and tonumber(string.match(bf,'^complete .* (%d+)$'))or nil
end
end
local au=redis.call('TIME')
local b=tonumber(au[1])*1000000+tonumber(au[2])
return math.max(1,b-b%16384)
end
local function ca(l)
local cr=dc(l)
if cr then return cr end
redis.call('DEL',l)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function cw(l,i)
local cj=az(l)
if not cj then i=math.max(i,dc(l)or 0)end
if(cj or 0)<i then ep(l,i)end
end`;

const PART_4 = `local function ei(l)
local av=redis.pcall('GET',l)
return type(av)=='string'and av or nil
end
local function ew(l,aj,z)
z=math.max(z,20000)
local av=ei(l)
if not av then
redis.call('SET',l,aj,'PX',z)
elseif string.find(' '..av..' ',' '..aj..' ',1,true)then
redis.call('PEXPIRE',l,math.max(redis.call('PTTL',l),z))
elseif#av+1<256*(#aj+1)then
redis.call('SET',l,av..' '..aj,'PX',math.max(redis.call('PTTL',l),z))
end
end
local function da(l,aj)
local av=ei(l)
if not av then return end
local bs={}
for ar in string.gmatch(av,'%S+')do
if ar~=aj then bs[#bs+1]=ar end
end
if#bs==0 then redis.call('DEL',l)
else redis.call('SET',l,table.concat(bs,' '),'PX',math.max(redis.call('PTTL',l),1))end
end
local function ev(l,id)
local av=ei(l)
if not av then return false end
local t=id and string.match(av,'%S+')or''
if t~=''then da(l,t)end
redis.pcall('PUBLISH',l,t)
return t~=''
end`;

const PART_5 = `return w
end`;

const PART_6 = `local function il(eh,d,cv,y,k,ao,en)
local a,e={unpack(KEYS,d,d+cv-1)},{unpack(ARGV,y,y+k-1)}
for c=1,en do e[k+c]=ARGV[ao+c-1]end
local dh,x=pcall(eh,a,e)
if dh then return x end
if type(x)=='table'then x=x.err or x[1]end
return{-1,tostring(x)}
end
local bm,w,d,y={},nil,1,1
while y<=#ARGV do
local fg,aw,cv=ARGV[y],tonumber(ARGV[y+1]),tonumber(ARGV[y+2])
local k,en,ao=tonumber(ARGV[y+3]),tonumber(ARGV[y+4]),y+5
y=ao+en
local gi=cv<=ey
local gh=gi and ex[fg]
local gf=gi and aw>1 and gg[fg]
local cf=0
while cf<aw do
local aa=gf and gf(d,y,aw-cf,bm)or 0
if aa==0 then
local x=gh and gh(d,y,ao,cv)
if not x then
w=w or general()
x=il(w[fg],d,cv,y,k,ao,en)
end
bm[#bm+1]=x
aa=1
end
d,y,cf=d+aa*cv,y+aa*k,cf+aa
end
end
return#bm==1 and bm[1]or bm`;

const PART_7 = `local function dq(o)return string.match(o,'^%w+')or''end
local function cg(f,c)
local ag=f[c]
if type(ag)~='string'then return ag end
local ak,o,bo,r,am,aq=
string.match(ag,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local g
if bo and f.is_demand(bo)then
g={tonumber(ak),o,bo,tonumber(r),tonumber(am),tonumber(aq),false,ag}
else
g={0,'','',0,0,0,true,ag}
end
f[c]=g
return g
end
local function dp(f,g)
f.check=math.min(f.check,g[4]+1)
if g[5]>0 then f.check=math.min(f.check,g[5]+50+1)end
end
local function hp(f,b)
local eu,ck=0,{}
local aa=#f
f.check=math.huge
for c=1,aa do
local g=cg(f,c)
f[c]=nil
if g[4]>=b then
eu=eu+1
f[eu]=g
dp(f,g)
if g[5]>0 and b-g[5]>50 then
local aj=dq(g[2])
ck[aj]=math.max(ck[aj]or 0,g[5])
g[7]=true
end
end
end
if not next(ck)then return end
for ap,g in ipairs(f)do
local aj=dq(g[2])
if ck[aj]and g[4]-3000>ck[aj]then ck[aj]=nil end
end
for ap,g in ipairs(f)do g[7]=g[7]or ck[dq(g[2])]~=nil end
end
local function bl(l,b,hy)
local ag=redis.pcall('GET',l)
local f={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=hy}
local cz,n,aq
if type(ag)=='string'then cz,n,aq=string.match(ag,'^(%d+) (%d+) (%d+);')end
if not cz then return f end
f.check,f.last,f.ticket=tonumber(cz),tonumber(n),tonumber(aq)
local aa=0
for bp in string.gmatch(ag,';([^;]+)')do
aa=aa+1
f[aa]=bp
end
if b>=f.check then hp(f,b)end
return f
end
local function bu(l,f,b)
if#f==0 then
redis.call('DEL',l)
return
end
local bx={string.format('%.0f %.0f %.0f',f.check,f.last,f.ticket)}
for c,g in ipairs(f)do
bx[c+1]=type(g)=='string'and g or g[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(g,1,6))
end
redis.call('SET',l,table.concat(bx,';'),'PX',math.max(1,f.last-b))
end
local function fa(g,ak,o)
return g[1]>ak or(g[1]==ak and g[2]>o)
end
local function fz(f,o,ak,ho)
local ay
for c=1,#f do
local g=cg(f,c)
if g[2]==o or(ak and fa(g,ak,o))then break end
if not g[7]and ho(g[3])then
if ay then return ay,true end
ay=g
end
end
return ay,false
end
local function fi(f,o)
local ik=' '..o..' '
for c,g in ipairs(f)do
if type(g)~='string'or string.find(g,ik,1,true)then
if cg(f,c)[2]==o then return c end
end
end
end
local function el(f,o,b)
local p=o~=''and fi(f,o)
if not p then return nil end
local g=cg(f,p)
g[4],g[5],g[7],g[8]=b+3000,0,false,nil
f.last=math.max(f.last,g[4])
return p
end
local function hb(f,o,b)
local p=el(f,o,b)
if not p then return false end
local g=f[p]
g[5],g[7]=math.max(1,b-50-1),true
dp(f,g)
return true
end
local function hd(f,o,bo,aq,ec,b,af)
local p=el(f,o,b)
if p and f[p][6]>=aq then
f[p][3]=bo
return p
end
if p then table.remove(f,p)end
if aq==0 then aq=af+1 end
local ak=aq-ec
p=#f+1
while p>1 and fa(cg(f,p-1),ak,o)do p=p-1 end
local g={ak,o,bo,b+3000,0,aq,false}
table.insert(f,p,g)
dp(f,g)
f.last,f.ticket=math.max(f.last,g[4]),math.max(f.ticket,aq)
f[256+1]=nil
return p
end
local function gs(f,o)
local p=fi(f,o)
if p then table.remove(f,p)end
return p~=nil
end
local function gv(f,bh,b)
local am,dr,fc={},{},false
for c=1,#f do
local g=cg(f,c)
if not g[7]then
local aj=dq(g[2])
fc=fc or not bh(g[3])
if fc then
if not next(dr)then break end
if not dr[aj]then return am,true,g[2]end
else
if g[5]<=0 then
g[5],g[8]=b,nil
dp(f,g)
am[#am+1]=g
end
dr[aj]=true
end
end
end
return am,next(dr)~=nil,nil
end
local function he(bx,cq)
return table.concat(bx,' ')..(cq and' ~'..cq or'')
end`;

const PART_8 = `local ex,gg,ey={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ey=2
local ex={
['mutex.acquire']=function(d,y,ao)
local ad=ac('SET',KEYS[d],ARGV[y],'NX','PX',ARGV[ao])
if not ad or ad.err then return nil end
local i=aa(KEYS[d+1])
if not i then ac('DEL',KEYS[d])end
return i
end,
['mutex.takeOver']=function(d,y,ao)
if ac('GET',KEYS[d])~=ARGV[y+1]then return nil end
local i=aa(KEYS[d+1])
if not i then return nil end
local ad=ac('SET',KEYS[d],ARGV[y],'PX',ARGV[ao])
return not ad.err and-i or nil
end,
['mutex.extend']=function(d,y,ao)
if ac('GET',KEYS[d])~=ARGV[y]then return nil end
local q=ac('PTTL',KEYS[d])
if type(q)~='number'or q<0 then return nil end
if q<tonumber(ARGV[ao])and ac('PEXPIRE',KEYS[d],ARGV[ao])~=1 then return nil end
return 1
end,
['mutex.release']=function(d,y)
local ae=ac('MGET',KEYS[d],KEYS[d+1])
if ae.err or ae[2]then return nil end
if ae[1]~=ARGV[y]then return 0 end
return ac('DEL',KEYS[d])==1 and 1 or nil
end,
}`,
    PART_2,
    `local gg={
['mutex.release']=function(d,y,aw,bm)
local ae=ac('MGET',unpack(KEYS,d,d+2*aw-1))
if ae.err then return 0 end
local bk,gn,fm,cf={},{},{},0
for c=1,aw do
if ae[2*c]then break end
local ai=KEYS[d+2*c-2]
local ba=ae[2*c-1]==ARGV[y+c-1]and not gn[ai]
bm[#bm+1]=ba and 1 or 0
if ba then
gn[ai]=true
bk[#bk+1]=ai
fm[#bk]=#bm
end
cf=c
end
local gd=#bk>0 and ac('DEL',unpack(bk))
if type(gd)=='table'then
for c=1,#fm do bm[fm[c]]={-1,gd.err}end
end
return cf
end
}`,
    PART_3,
    PART_4,
    `local function ct(l,j,z,ba)
if not ba then redis.call('SET',l,j,'PX',z)
else
local q=redis.call('PTTL',l)
if q>=0 and q<tonumber(z)then redis.call('PEXPIRE',l,z)end
end
end
local function fx(a,j,im,z,o)
local fr=o==''and 2 or 3
local ba,ci,bj={},true,false
local bc,ab
for c=1,#a,fr do
local h=redis.call('GET',a[c])
ba[c]=h==j
if h~=j then ci=false end
if h and h==im then
bj=true
elseif h and h~=j then
local q=redis.call('PTTL',a[c])
if not ab or(bc~=-1 and(q==-1 or q>bc))then
bc,ab=q,h
end
end
end
if o~=''then
for c=3,#a,3 do pcall(ew,a[c],o,tonumber(z))end
end
if ab then return{0,bc,ab}end
local i=0
for c=2,#a,fr do
local n=az(a[c])
i=math.max(i,n and(ci and n or n+1)or ca(a[c]))
end
for c=1,#a,fr do
ct(a[c],j,z,ba[c])
ep(a[c+1],i)
end
return bj and-i or i
end
w['mutex.acquire']=function(a,e)
return fx(a,e[1],nil,e[2],e[3])
end
w['mutex.takeOver']=function(a,e)
return fx(a,e[1],e[2],e[3],e[4])
end
w['mutex.commit']=function(a,e)
for c=1,#a,2 do
if redis.call('GET',a[c])~=e[1]then return{0}end
end
for c=2,#a,2 do
if not az(a[c])then ca(a[c])end
cw(a[c],tonumber(e[2]))
end
return 1
end
w['mutex.extend']=function(a,e)
local j,i,z=e[1],tonumber(e[2]),e[3]
local ba={}
for c=1,#a,2 do
local h=redis.call('GET',a[c])
if h and h~=j then return{0,redis.call('PTTL',a[c]),h}end
ba[c]=h==j
end
for c=1,#a,2 do
local ez=not ba[c]and(az(a[c+1])or dc(a[c+1]))
if ez then cw(a[c+1],i)end
end
for c=1,#a,2 do ct(a[c],j,z,ba[c])end
return 1
end
w['mutex.release']=function(a,e)
local j,aj=e[1],e[2]
local at,cs=false,false
for c=1,#a,2 do
local h=redis.pcall('GET',a[c])
if aj~=''then pcall(da,a[c+1],aj)end
if h==j then
redis.call('DEL',a[c])
at=true
if ev(a[c+1],aj~='')then cs=true end
elseif type(h)=='table'and h.err and not string.find(h.err,'WRONGTYPE',1,true)then
error(h.err)
end
end
if not at then return 0 end
return cs and-1 or 1
end
w['mutex.leave']=function(a,e)
pcall(da,a[1],e[1])
return 1
end
w['mutex.renew']=function(a,e)
local i=1
for c=1,#a,2 do
local h=redis.call('GET',a[c])
if h~=e[1]then return{0,redis.call('PTTL',a[c]),h or''}end
i=math.max(i,az(a[c+1])or 1)
end
for c=1,#a,2 do ct(a[c],e[1],e[2],true)end
return i
end
w['mutex.query']=function(a)
local x={1}
for c=1,#a,2 do
x[#x+1]=redis.call('GET',a[c])or''
x[#x+1]=redis.call('PTTL',a[c])
x[#x+1]=ei(a[c+1])or''
end
return x
end`,
    PART_5,
    PART_6,
  ],
  "89bc91eb2493834ad1deb2394a87b56100d30072",
  "10e5dcdf829107a86f6339ca1e4c517267e6b009",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ey=140
local ex={
['modes.acquire']=function(d,y,ao,al)
local j,z,an,ds=ARGV[y],ARGV[ao],ARGV[ao+4],KEYS[d+1]
if ARGV[ao+1]~=''then return nil end
if al==7 then
if ac('EXISTS',KEYS[d],KEYS[d+2],KEYS[d+3],KEYS[d+4],KEYS[d+5])~=0 then return nil end
else
for p=d+8,d+al-1,7 do
if KEYS[p]~=ds then return nil end
end
if ac('EXISTS',unpack(KEYS,d,d+al-1))~=al/7 then return nil end
end
local i
if an=='X'or string.find(' '..an,' X',1,true)or string.find(an,'SIX',1,true)then
i=ac('INCR',ds)
if type(i)~='number'then return nil end
if i<=1 or i>9000000000000000 then
ac(i>1 and'DECR'or'DEL',ds)
return nil
end
else
local h=ac('GET',ds)
i=type(h)=='string'and string.match(h,'^%d+$')and tonumber(h)
if not i or i<1 or i>=9000000000000000 then return nil end
end
for m in string.gmatch(an,'%u+')do
local ad=ac('SET',KEYS[d],m=='X'and j or'~s '..m..' '..j,'PX',z)
if ad.err then return nil end
d=d+7
end
return i
end,
['modes.extend']=function(d,y,ao,al)
local j,z,p=ARGV[y],ARGV[ao],1
local ae=ARGV[ao-1]=='2'and ac('MGET',unpack(KEYS,d,d+al-1))
if not ae or ae.err then return nil end
for m in string.gmatch(ARGV[ao+1],'%u+')do
if ae[p]~=(m=='X'and j or'~s '..m..' '..j)then return nil end
p=p+7
end
for ai=d,d+al-1,7 do
local q=ac('PTTL',KEYS[ai])
if type(q)~='number'or q<0 then return nil end
if q<tonumber(z)and ac('PEXPIRE',KEYS[ai],z)~=1 then return nil end
end
return 1
end,
['modes.release']=function(d,y,ap,al)
local j=ARGV[y]
if al==7 then
local ae=ac('MGET',KEYS[d],KEYS[d+5],KEYS[d+6])
local h=ae[1]
if not h or ae[2]or ae[3]then return nil end
if h~=j and string.match(h,'^~s [ISX]+ (.*)$')~=j then return nil end
return ac('DEL',KEYS[d])==1 and 1 or nil
end
local ae,ed=ac('MGET',unpack(KEYS,d,d+al-1)),{}
if ae.err then return nil end
for p=1,al,7 do
local h=ae[p]
if not h or ae[p+5]or ae[p+6]then return nil end
if h~=j and string.match(h,'^~s [ISX]+ (.*)$')~=j then return nil end
ed[#ed+1]=KEYS[d+p-1]
end
return ac('DEL',unpack(ed))==#ed and 1 or nil
end
}
local gg={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    `local eq={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function cu(ag)return eq[ag]end
local function gb(ih,ar)return string.find(eq[ih],' '..ar..' ',1,true)end
local function ic(ig)
local dx={}
return function(m)
if dx[m]==nil then dx[m]=not ig(m)end
if not dx[m]then return false end
for ar in string.gmatch(eq[m],'%u+')do dx[ar]=false end
return true
end
end`,
    `local ax,by,hk=7,'~s','~p'
local es={['IS']={3},['IX']={4},['S']={5},['SIX']={4,5},['X']={}}
local fw={['IS']={},['IX']={5},['S']={4},['SIX']={4,5},['X']={3,4,5}}
local function bg()
local au=redis.call('TIME')
return tonumber(au[1])*1000+math.floor(tonumber(au[2])/1000)
end
local function fe(ag)
local an={}
for m in string.gmatch(ag,'%u+')do
if not fw[m]then error('unknown mode '..m,0)end
an[#an+1]=m
end
return an
end
local function cm(e,t)
local k={e[1],[e[1]]=true}
for c=t,#e do
k[#k+1]=e[c]
k[e[c]]=true
end
return k
end
local function dm(h)
if not h or string.sub(h,1,3)~='~s 'then return nil end
local m,j=string.match(h,'^~s (%u+) (.*)$')
if es[m]then return m,j end
end
local function eg(a,d,m,k,b)
local h=redis.call('GET',a[d+1])
if h==hk then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local cl,as=dm(h)
if as then
local q=not k[as]and redis.call('PTTL',a[d+1])
if q and(q==-1 or gb(m,cl))then return q,as end
return nil
end
if k[h]then return nil end
if h and h~=by then return redis.call('PTTL',a[d+1]),h end
local n,ab
for ap,ad in ipairs(fw[m])do
local ae=redis.call('ZREVRANGE',a[d+ad],0,#k,'WITHSCORES')
for c=1,#ae,2 do
local r=tonumber(ae[c+1])
if not k[ae[c]]then
if r>=b and(not n or r>n)then n,ab=r,ae[c]end
break
end
end
end
if n then return n-b,ab end
end
local function gq(a,d,b)
local af
if redis.call('EXISTS',a[d+3],a[d+4],a[d+5])==0 then return nil end
for ad=3,5 do
local r=tonumber(redis.pcall('ZREVRANGE',a[d+ad],0,0,'WITHSCORES')[2])
if r and r>=b then af=math.max(af or 0,r)end
end
return af
end
local function fb(a,d,m,k)
local h=redis.call('GET',a[d+1])
if m=='X'then return k[h]end
local cl,as=dm(h)
if as then return k[as]and cl==m end
for ap,ad in ipairs(es[m])do
local ch=false
for ap,j in ipairs(k)do
if redis.call('ZSCORE',a[d+ad],j)then ch=true end
end
if not ch then return false end
end
return true
end
local function ia(a,d,k)
local h=redis.call('GET',a[d+1])
local ap,as=dm(h)
if as then return k[as]end
if k[h]then return true end
for ad=3,5 do
for ap,j in ipairs(k)do
if redis.call('ZSCORE',a[d+ad],j)then return true end
end
end
return false
end
local function fy(a,d,m,j,r,b)
for ap,ad in ipairs(es[m])do
local l=a[d+ad]
redis.call('ZREMRANGEBYSCORE',l,'-inf',string.format('(%.0f',b))
redis.call('ZADD',l,string.format('%.0f',r),j)
if redis.call('PTTL',l)<r-b then redis.call('PEXPIRE',l,r-b)end
end
end
local function gm(a,d,m,k,z,b)
local ai,j,bj=a[d+1],k[1],false
local h=redis.call('GET',ai)
local r=b+z
local cl,as=dm(h)
local ab,hx=as or h,cl or'X'
if k[ab]then
local q=redis.call('PTTL',ai)
if q==-1 and ab==j and m==hx then return false end
r=math.max(r,b+q)
if as==j and m==cl then
redis.call('SET',ai,h,'PX',r-b)
return false
end
bj=ab~=j
h=nil
elseif as then
local q=math.max(1,redis.call('PTTL',ai))
fy(a,d,cl,as,b+q,b)
redis.call('SET',ai,by,'PX',q)
h=by
end
if h~=by and(m~='X'or as)and redis.call('EXISTS',a[d+3],a[d+4],a[d+5])==0 then
redis.call('SET',ai,m=='X'and j or'~s '..m..' '..j,'PX',r-b)
return bj
end
for ad=3,5 do
for c,bp in ipairs(k)do
local ak=(c>1 or m~='X')and redis.call('ZSCORE',a[d+ad],bp)
if ak then
r=math.max(r,tonumber(ak))
if c>1 then
redis.call('ZREM',a[d+ad],bp)
bj=true
end
end
end
end
if m=='X'then
redis.call('SET',ai,j,'PX',r-b)
return bj
end
fy(a,d,m,j,r,b)
if h~=by then
redis.call('SET',ai,by,'PX',gq(a,d,b)-b)
else
local q=redis.call('PTTL',ai)
if q>=0 and q<r-b then redis.call('PEXPIRE',ai,r-b)end
end
return bj
end
local fu={}
local function bn(a,d,f,b)
if#f==0 then return{},false end
local am,bh,cq=gv(
f,ic(function(m)return eg(a,d,m,fu,b)end),b)
for c,g in ipairs(am)do am[c]=g[2]end
if#am>0 then
bu(a[d+6],f,b)
redis.pcall('PUBLISH',a[d+7],he(am,cq))
end
return am,bh
end
local function hn(a,d,m,k,o,ak,f,b)
local q,ab=eg(a,d,m,k,b)
if q or#f==0 or ia(a,d,k)then return q,ab end
local ay,hw=fz(f,o,ak,function(ar)return gb(ar,m)end)
if not ay then return nil end
bn(a,d,f,b)
if hw then return-1,''end
if ay[5]>0 then return math.max(0,50-b+ay[5]),''end
q,ab=eg(a,d,ay[3],fu,b)
return q and-1 or 50,ab or''
end
local function ht(a,an,ci)
local i,gc,bb=0,false,{}
for ap,m in ipairs(an)do
if(m=='X'or m=='SIX')and not ci then gc=true end
end
for p=2,#a,ax do
local l=a[p]
if bb[l]==nil then
local n=az(l)
bb[l]=n or 0
i=math.max(i,n and(gc and n+1 or n)or ca(l))
end
end
for l,n in pairs(bb)do
if n~=i then ep(l,i)end
end
return i
end
w['modes.acquire']=function(a,e)
local z,o,aq,ec=tonumber(e[2]),e[3],tonumber(e[4]),tonumber(e[5])
local an,k,hl,b=fe(e[6]),cm(e,7),{e[1],[e[1]]=true},bg()
local ak=aq>0 and aq-ec or nil
local ah,bb,p,bc,ab={},b,nil,nil,nil
local ci,bj=true,false
for c,m in ipairs(an)do
local d=(c-1)*ax
ah[c]=bl(a[d+6],b,cu)
bb=math.max(bb,ah[c].ticket)
local q,ir=hn(a,d,m,k,o,ak,ah[c],b)
if q then
p=p or c
if not ab or(bc~=-1 and(q==-1 or q>bc))then
bc,ab=q,ir
end
elseif not fb(a,d,m,hl)then
ci=false
end
end
local bq,dl=p or#an,nil
if o~=''then
dl=hd(ah[bq],o,an[bq],aq,ec,b,bb)
if not p and ah[bq][dl]then ah[bq][dl][5]=-1 end
bu(a[(bq-1)*ax+6],ah[bq],b)
end
if p then
if o~=''then pcall(ew,a[(p-1)*ax+7],o,z)end
return{0,bc,ab,string.format('%.0f',bb),dl and dl-1 or#ah[p]}
end
local i=ht(a,an,ci)
for c,m in ipairs(an)do
local d=(c-1)*ax
if gm(a,d,m,k,z,b)then bj=true end
if c~=bq and el(ah[c],o,b)then bu(a[d+6],ah[c],b)end
end
return bj and-i or i
end
w['modes.convert']=w['modes.acquire']
w['modes.commit']=function(a,e)
local k={e[1],[e[1]]=true}
for c,m in ipairs(fe(e[3]))do
if not fb(a,(c-1)*ax,m,k)then return{0}end
end
for d=0,#a-ax,ax do
if not az(a[d+2])then ca(a[d+2])end
cw(a[d+2],tonumber(e[2]))
end
return 1
end
w['modes.extend']=function(a,e)
local i,z,an=tonumber(e[2]),tonumber(e[3]),fe(e[4])
local k,b=cm(e,5),bg()
for c,m in ipairs(an)do
local q,ab=eg(a,(c-1)*ax,m,k,b)
if q then return{0,q,ab}end
end
for c,m in ipairs(an)do
local d=(c-1)*ax
local ez=not fb(a,d,m,k)and(az(a[d+2])or dc(a[d+2]))
if ez then cw(a[d+2],i)end
end
for c,m in ipairs(an)do
local d=(c-1)*ax
if gm(a,d,m,k,z,b)then bn(a,d,bl(a[d+6],b,cu),b)end
end
return 1
end
local function be(a,d,k,b)
local ai,at=a[d+1],false
local h=redis.pcall('GET',ai)
if type(h)=='table'then
if string.find(h.err,'WRONGTYPE',1,true)then return false,false end
error(h.err,0)
end
local ap,as=dm(h)
if k[as or h]then
redis.call('DEL',ai)
h,at=false,true
end
if as or(at and#k==1)then return at,at end
local ch=false
for ad=3,5 do
for ap,j in ipairs(k)do
local ak=redis.pcall('ZSCORE',a[d+ad],j)
if type(ak)=='string'then
redis.call('ZREM',a[d+ad],j)
ch=true
if tonumber(ak)>=b then at=true end
end
end
end
if h and h~=by then return at,false end
local af=ch and gq(a,d,b)
if af then
local q=redis.call('PTTL',ai)
redis.call('SET',ai,by,'PX',math.max(1,af-b))
return at,false,q>af-b
end
if ch and h then redis.call('DEL',ai)end
return at,ch or at
end
local function gr(a,d,f,o,b)
local gk=gs(f,o)
if gk then bu(a[d+6],f,b)end
pcall(da,a[d+7],o)
return gk
end
w['modes.release']=function(a,e)
local o,k,b=e[2],cm(e,3),bg()
local at,cs,gl=false,false,string.find(o,'.',1,true)
for d=0,#a-ax,ax do
local ba,hz,dz=be(a,d,k,b)
local ah=(ba or gl)and redis.pcall('MGET',a[d+6],a[d+7])
if ba then at=true end
if ah and(ah[1]or ah[2])then
local f=bl(a[d+6],b,cu)
if gl then gr(a,d,f,o,b)end
local dh,am,bh=pcall(bn,a,d,f,b)
if not dh then am,bh={},false end
for ap,ar in ipairs(am)do
if ar~=o then cs=true end
end
if hz and not bh and ev(a[d+7],o~='')then cs=true end
if dz and#am==0 then redis.pcall('PUBLISH',a[d+7],'')end
end
end
if not at then return 0 end
return cs and-1 or 1
end
w['modes.releaseAll']=w['modes.release']
w['modes.leave']=function(a,e)
local b=bg()
for d=0,#a-ax,ax do
local f=bl(a[d+6],b,cu)
if gr(a,d,f,e[1],b)then pcall(bn,a,d,f,b)end
end
return 1
end`,
    `w['modes.position']=function(a,e)
local b=bg()
local f=bl(a[6],b,cu)
local p,et,av=fi(f,e[1]),0,0
local ak=p and f[p][1]or math.max(b,f.ticket)+1-tonumber(e[2])
for c=1,#f do
local g=cg(f,c)
if not g[7]and g[5]>=0 then
av=av+1
if g[2]~=e[1]and not fa(g,ak,e[1])then et=et+1 end
end
end
return{1,et,av,redis.call('EXISTS',a[1])}
end
w['modes.stay']=function(a,e)
local b=bg()
local f=bl(a[6],b,cu)
if el(f,e[1],b)then bu(a[6],f,b)end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "efff21ecfb30caaedfcddcf595ee1ac95c901283",
  "1ad0c97c25f10ae72a70dbe37d63c6d8c1ee199b",
);

export const SLOTS_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_8,
    PART_3,
    PART_4,
    PART_7,
    `local bv,cd,er,hi='0','1','2',48
local hj=64
local function bw(ag)
local ie=string.gmatch(ag,'(%d+)%-?(%d*)')
return function()
local t,n=ie()
if t then return tonumber(t),tonumber(n)or tonumber(t)end
end
end
local function ha(v,cp)
local fn,dd,n={},string.find(v,cp..'+')
while dd do
fn[#fn+1]=dd==n and tostring(dd-1)or string.format('%d-%d',dd-1,n-1)
dd,n=string.find(v,cp..'+',n+1)
end
return table.concat(fn,' ')
end
local function dk(v,u,cp)
for t,n in bw(u)do
v=v..string.rep(bv,t-#v)
v=string.sub(v,1,t)..string.rep(cp,n-t+1)..string.sub(v,n+2)
end
return v
end
local function hm(v,u)
for t,n in bw(u)do
if string.find(string.sub(v,t+1,n+1),cd,1,true)then return false end
end
return true
end
local function dw(v,s)
return#string.gsub(string.sub(v,1,s),cd..'+','')
end
local function ge(u)
local ff=0
for ap,n in bw(u)do ff=math.max(ff,n+1)end
return ff
end
local function ii(j,s)
local cx,fq=string.match(j,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not cx then return 0,1 end
return tonumber(cx,16)%s,1+tonumber(fq,16)%s
end
local function ga(v,al,s,fj,k,j)
local br=al
local function dn(t,n)
n=math.min(n,s-1)
if br==0 or t>n then return end
local ip,aa=string.gsub(string.sub(v,t+1,n+1),bv,er,br)
if aa==0 then return end
v,br=string.sub(v,1,t)..ip..string.sub(v,n+2),br-aa
end
for t,n in bw(fj)do dn(t,n)end
if k then
for t,n in bw(k)do dn(t,n)end
else
local cx,fq=ii(j,s)
for c=0,hj-1 do
if br==0 then break end
local fp=(cx+c*fq)%s
if string.byte(v,fp+1)==hi then dn(fp,fp)end
end
dn(cx,s-1)
dn(0,cx-1)
end
if br>0 then return nil end
return ha(v,er),(string.gsub(v,er,cd))
end`,
    `local cy,fv='~p','~s'
local cn,co=16,32
local function bg()
local au=redis.call('TIME')
return tonumber(au[1])*1000+math.floor(tonumber(au[2])/1000)
end
local function cm(e,t)
local k={e[1]}
for c=t,#e do k[#k+1]=e[c]end
return k
end
local function fh(a)
local bi=redis.call('GET',a[1])
if bi and(bi==fv or string.sub(bi,1,3)==fv..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
if bi and bi~=cy then return bi,redis.call('PTTL',a[1])end
end
local function dj(a,s,hc)
local eo=redis.call('GET',a[7])or''
local bb,aa=string.match(eo,'^(%d+) (%d+)$')
if hc>tonumber(bb or 0)then
eo,aa=string.format('%.0f %.0f',hc,s),s
redis.call('SET',a[7],eo,'PX',604800000)
elseif bb then
redis.call('PEXPIRE',a[7],604800000)
end
return tonumber(aa)or s,aa and eo or''
end
local function ee(a,aw)
local v=redis.call('GET',a[3])or''
return v..string.rep(bv,aw-#v),#v
end
local function hh(a,u,cp)
for t,n in bw(u)do
redis.call('SETRANGE',a[3],t,string.rep(cp,n-t+1))
end
end
local function du(a,j)
local u,r=redis.call('HGET',a[4],j),redis.call('ZSCORE',a[5],j)
if u then
redis.call('HDEL',a[4],j)
if redis.call('EXISTS',a[3])==1 then hh(a,u,bv)end
end
if r then redis.call('ZREM',a[5],j)end
return u,tonumber(r)
end
local function dv(a,b)
local hq=redis.call('ZRANGEBYSCORE',a[5],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for ap,j in ipairs(hq)do du(a,j)end
end
local function ek(a)
local de=''
if not IS_CLUSTER then
local bf=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
de=type(bf)=='string'and string.match(bf,'^complete %S+ %S+ (%S+) ')or''
end
de=string.format('%-'..co..'.'..co..'s',de)
if redis.call('GETRANGE',a[6],0,co-1)~=de then redis.call('SET',a[6],de,'PX',604800000)end
end
local function eb(a,u,bd)
local fd=0
for t,n in bw(u)do
local ag=redis.call('GETRANGE',a[6],co+cn*t,co+cn*(n+1)-1)
for c=0,n-t do
local aa=tonumber(string.sub(ag,cn*c+1,cn*(c+1)))
fd=math.max(fd,aa or bd)
end
end
return fd
end
local function ft(a,u,aa,bd)
local ag=string.format('%0'..cn..'.0f',aa)
for t,n in bw(u)do
redis.call('SETRANGE',a[6],co+cn*t,string.rep(ag,n-t+1))
end
redis.call('PEXPIRE',a[6],604800000)
if bd<aa then ep(a[2],aa)end
end
local function fk(a,j,r,b)
local bz=tonumber(redis.call('ZSCORE',a[5],j)or 0)
if bz<r then redis.call('ZADD',a[5],string.format('%.0f',r),j)end
local af=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local q=af-b
local ib=af==math.max(r,bz)
if not ib and redis.call('EXISTS',a[1])==1 and redis.call('PTTL',a[3])>=q
and redis.call('PTTL',a[4])>=q then return end
for p=3,5 do redis.call('PEXPIRE',a[p],q)end
redis.call('SET',a[1],cy,'PX',q)
end
local function ct(a,j,u,r,b,aw)
local hf=ge(u)
if aw<hf then redis.call('SETRANGE',a[3],aw,string.rep(bv,hf-aw))end
hh(a,u,cd)
redis.call('HSET',a[4],j,u)
fk(a,j,r,b)
end
local function hv(a,br,b)
local dt=redis.call('ZRANGE',a[5],0,64-1,'WITHSCORES')
local n=-1
for c=1,#dt,2 do
n=tonumber(dt[c+1])
for t,hr in bw(redis.call('HGET',a[4],dt[c])or'')do
br=br-(hr-t+1)
end
if br<=0 then break end
end
return n<0 and-1 or math.max(0,n-b),dt[1]or''
end
local function df(s)
return function(ag)
local aa=tonumber(ag)
return aa and aa<=s
end
end
local function bn(a,f,cc,s,b)
if#f==0 then return 0,false end
local v,be=ee(a,s),0
local bi=redis.call('GET',a[1])
if not bi or bi==cy then be=dw(v,s)end
local am,bh,cq=gv(f,function(bo)
be=be-tonumber(bo)
return be>=0
end,b)
local bx={}
for c,g in ipairs(am)do
local u,io=ga(v,tonumber(g[3]),s,cc,'0-'..s-1)
v=io or v
bx[c]=g[2]..':'..string.gsub(u or'',' ',',')
end
if#bx>0 then
bu(a[8],f,b)
redis.pcall('PUBLISH',a[9],he(bx,cq))
end
return#bx,bh
end
w['slots.acquire']=function(a,e)
local j,z,o,aq,al=e[1],tonumber(e[2]),e[3],tonumber(e[4]),tonumber(e[5])
local fj,ea,k,b=e[8],#e>8,cm(e,9),bg()
local ab,bc=fh(a)
local s,di=dj(a,tonumber(e[6]),tonumber(e[7]))
if al>s then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',s,al),0)end
dv(a,b)
local f=bl(a[8],b,df(s))
local bb=math.max(b,f.ticket)
local v,aw=ee(a,s)
local u,ce=redis.call('HGET',a[4],j),nil
if ab then
if o~=''then pcall(ew,a[9],o,z)end
elseif u then
ek(a)
fk(a,j,b+z,b)
if hb(f,o,b)then bu(a[8],f,b)end
local i=eb(a,u,az(a[2])or ca(a[2]))
return{1,i,u,di,ea and v or nil}
else
local bt,cb=v,''
for c=2,#k do
local bk=redis.call('HGET',a[4],k[c])or''
bt,cb=dk(bt,bk,bv),cb..' '..bk
end
local ay
if#f>0 and not ea then
local be=dw(bt,s)
ay=be>=al and fz(f,o,aq>0 and aq or nil,function(bo)
be=be-tonumber(bo)
return be<al
end)
end
if not ay then ce=ga(bt,al,s,fj,ea and cb or nil,j)end
if ce then
local bd=az(a[2])or ca(a[2])
ek(a)
local i,r=eb(a,ce,bd)+1,b+z
ft(a,ce,i,bd)
for c=2,#k do
local ap,bz=du(a,k[c])
r=math.max(r,bz or 0)
end
ct(a,j,ce,r,b,aw)
if hb(f,o,b)then bu(a[8],f,b)end
return{1,i,ce,di,ea and dk(bt,ce,cd)or nil}
end
local be=dw(v,s)
bc,ab=hv(a,al-be,b)
if ay then
bn(a,f,'',s,b)
if ay[5]>0 then bc,ab=math.max(0,50-b+ay[5]),''
else bc=-1 end
end
end
if o~=''then
hd(f,o,string.format('%.0f',al),aq,0,b,bb)
bu(a[8],f,b)
end
return{0,bc,ab,string.format('%.0f',bb),di}
end
w['slots.commit']=function(a,e)
local u=e[3]
if redis.call('HGET',a[4],e[1])~=u then return{0}end
local bd=az(a[2])or ca(a[2])
ek(a)
local aa=eb(a,u,bd)
if aa<tonumber(e[2])then ft(a,u,tonumber(e[2]),bd)end
return 1
end
w['slots.extend']=function(a,e)
local j,i,z,u=e[1],tonumber(e[2]),tonumber(e[3]),e[4]
local k,b=cm(e,7),bg()
local ab=fh(a)
if ab then return{0,-1,ab}end
local s=dj(a,tonumber(e[5]),tonumber(e[6]))
dv(a,b)
local bk=redis.call('HGET',a[4],j)
if bk==u and#k==1 then
fk(a,j,b+z,b)
return 1
end
local v,aw=ee(a,math.max(s,ge(u)))
local bt,bz=v,''
for ap,bp in ipairs(k)do
local cb=redis.call('HGET',a[4],bp)or''
bt,bz=dk(bt,cb,bv),bz..' '..cb
end
if not hm(bt,u)then
local hg={j,'',e[5],e[6]}
for c=2,#k do hg[c+3]=k[c]end
w['slots.release'](a,hg)
return{0,-1,''}
end
local bd=bk~=u and(az(a[2])or dc(a[2]))
if bd then
ek(a)
ft(a,u,math.max(i,eb(a,u,bd)),bd)
end
local r=b+z
for ap,bp in ipairs(k)do
local ap,n=du(a,bp)
r=math.max(r,n or 0)
end
ct(a,j,u,r,b,aw)
local cc=ha(dk(dk(string.rep(bv,#bt),bz,cd),u,bv),cd)
if cc~=''then bn(a,bl(a[8],b,df(s)),cc,s,b)end
return 1
end
w['slots.release']=function(a,e)
local aj,k,b=e[2],cm(e,5),bg()
local cc,at,fs,gp='',false,0,false
for ap,bp in ipairs(k)do
local u,r=du(a,bp)
if u or r then gp=true end
if r and r>=b then at=true end
cc,fs=cc..' '..(u or''),math.max(fs,r or 0)
end
if not gp then return 0 end
dv(a,b)
local af=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local bi,dz=redis.pcall('GET',a[1]),false
if not af then redis.call('DEL',a[3])end
if bi==cy then
if not af then redis.call('DEL',a[1])
elseif fs>af then
redis.call('SET',a[1],cy,'PX',math.max(1,af-b))
dz=true
end
end
local ah=redis.pcall('MGET',a[8],a[9])
if ah[1]or ah[2]then
local s=dj(a,tonumber(e[3]),tonumber(e[4]))
local f=bl(a[8],b,df(s))
local dh,am,bh=pcall(bn,a,f,cc,s,b)
if not dh then am,bh=0,false end
if not af and not bh then ev(a[9],aj~='')
elseif dz and am==0 then redis.pcall('PUBLISH',a[9],'')end
end
return at and 1 or 0
end
w['slots.leave']=function(a,e)
local b,s=bg(),dj(a,tonumber(e[2]),tonumber(e[3]))
local f=bl(a[8],b,df(s))
if gs(f,e[1])then
bu(a[8],f,b)
pcall(bn,a,f,'',s,b)
end
pcall(da,a[9],e[1])
return 1
end
w['slots.count']=function(a,e)
local b,ab=bg(),fh(a)
local s,di=dj(a,tonumber(e[1]),tonumber(e[2]))
dv(a,b)
local f=bl(a[8],b,df(s))
bn(a,f,'',s,b)
return{1,ab and 0 or dw(ee(a,s),s),s,tonumber(string.match(di,'^%d+')or 0)}
end`,
    PART_5,
    PART_6,
  ],
  "b76473ac1a05a75e98dc2d8581ae286e8dfbb130",
  "16e14995ee2d7c94bec9ef0be1eb450e256aedd6",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_8,
    PART_3,
    `local function gx(l)
local bf=redis.pcall('GET',l)
return type(bf)=='string'and bf or''
end
local function gz(l,hs,h)
local cj=gx(l)
local au=redis.call('TIME')
local b=string.format('%.0f',tonumber(au[1])*1000+math.floor(tonumber(au[2])/1000))
if cj==hs then
cj=h(tonumber(b))
redis.call('SET',l,cj)
end
return{1,cj,b}
end
w['marker.replace']=function(a,e)
return gz(a[1],e[1],function()return e[2]end)
end
w['marker.lose']=function(a,e)
return gz(a[1],e[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(e[2]))
end)
end`,
    `w['identify']=function(a)
local gy=''
local function ej(iq)
local dy=redis.pcall('INFO',iq)
if type(dy)=='table'then dy,gy='',dy.err end
return function(hu)return string.match(dy,'%f[%w_]'..hu..':([^\\r\\n]*)')or''end
end
local em,gu,fl=ej('server'),ej('memory'),ej('replication')
local au=redis.call('TIME')
local m=em('redis_mode')
if m==''then m=em('server_mode')end
return{
1,em('run_id'),tonumber(em('uptime_in_seconds'))or-1,
tonumber(au[1])*1000000+tonumber(au[2]),
tonumber(ej('persistence')('aof_enabled'))or-1,
gu('maxmemory_policy'),tonumber(gu('maxmemory'))or-1,
fl('role'),m,fl('master_replid'),fl('master_replid2'),
a[1]and gx(a[1])or'',gy
}
end`,
    `w['counters.read']=function(a)
local x={1}
for c=1,#a do
local dg,i=pcall(az,a[c])
x[c+1]=dg and i and string.format('%.0f',i)or''
end
return x
end
local function gw(a,e,cz)
for c=1,#a do
local dg,i=pcall(az,a[c])
if dg then
if not i then cz(a[c])end
cw(a[c],tonumber(e[c]))
end
end
return 1
end
w['counters.raise']=function(a,e)
return gw(a,e,ca)
end
w['counters.restore']=function(a,e)
return gw(a,e,function()end)
end
w['counters.lift']=function(a,e)
for c=1,#a do
local dg,i=pcall(az,a[c])
if dg and i then cw(a[c],tonumber(e[1]))end
end
return 1
end`,
    `w['set.note']=function(a,e)
local ad,cb,gt=e[1],e[2],tonumber(e[3])
local au=redis.call('TIME')
local b=tonumber(au[1])*1000+math.floor(tonumber(au[2])/1000)
local fo,go,gj=b,false,false
local bs,ag={},redis.pcall('GET',a[1])
for bq in string.gmatch(type(ag)=='string'and ag or'','[^\\n]+')do
local ef,t,af,db,ij=string.match(bq,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
t,af,db=tonumber(t),tonumber(af),tonumber(db)
if ef and t<=af and af<=b and b<db and db<=b+3600000 then
if ef==ad then
fo,go=t,b-af<tonumber(e[4])
elseif ef==cb then
gj=true
else
bs[#bs+1]={bq,ef,af,t,db,ij}
end
end
end
local x,ah,n={1},{},b+gt
for c=math.max(1,#bs-16+2),#bs do
local ar=bs[c]
ah[#ah+1]=ar[1]
n=math.max(n,ar[5])
x[#x+1]=ar[2]
x[#x+1]=ar[3]-math.max(ar[4],fo)
x[#x+1]=ar[5]-b
x[#x+1]=ar[6]
end
if not go or gj then
ah[#ah+1]=string.format('%s %.0f %.0f %.0f %s',ad,fo,b,b+gt,e[5])
redis.call('SET',a[1],table.concat(ah,'\\n'),'PX',string.format('%.0f',n-b))
end
return x
end`,
    PART_5,
    PART_6,
  ],
  "47b52a516bca72219c0c84d7bd4a821307d9474c",
  "da5f46d6f7a47b61841fbaf94093bfce64cf7e82",
);
