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
local function ae(k)
local l=n('INCR',k)
if type(l)~='number'then return nil end
if l>1 and l<=9000000000000000 then return l end
if l==1 and not IS_CLUSTER then
local by=n('GET',string.match(k,'^(.*)~fence:')..'~server')
local ea=type(by)=='string'and string.match(by,'^complete .* (%d+)$')
local bw=ea and n('SET',k,ea)
if bw and not bw.err then return tonumber(ea)end
end
n(l>1 and'DECR'or'DEL',k)
return nil
end`;

const PART_2 = `if#KEYS<=ff and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local fr=fe[ARGV[1]]
local ab=fr and fr(1,6+ARGV[5],6,#KEYS)
if ab then return ab end
end`;

const PART_3 = `local function general()
local aa={}
local function bm(k)
local m=redis.call('GET',k)
if not m then return nil end
local l=string.match(m,'^-?%d+$')and tonumber(m)
if not l or l>=9000000000000000 then
error('the fencing counter '..k..' cannot be counted up: '..m..'; delete it together with '
..string.match(k,'^(.*)~fence:')..'~server, on one server after another')
end
return l>0 and l or nil
end
local function ez(k,l)
redis.call('SET',k,string.format('%.0f',l))
end
local function em(k)
if not IS_CLUSTER then
local by=redis.pcall('GET',string.match(k,'^(.*)~fence:')..'~server')
if type(by)~='table'or string.find(by.err,'WRONGTYPE',1,true)then
return type(by)=='string'and tonumber(string.match(by,'^complete .* (%d+)$'))or nil
end
end
local ar=redis.call('TIME')
local b=tonumber(ar[1])*1000000+tonumber(ar[2])
return math.max(1,b-b%16384)
end
local function cw(k)
local ea=em(k)
if ea then return ea end
redis.call('DEL',k)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function eh(k,l)
local dp=bm(k)
if not dp then l=math.max(l,em(k)or 0)end
if(dp or 0)<l then ez(k,l)end
end`;

const PART_4 = `local function et(k)
local bk=redis.pcall('GET',k)
return type(bk)=='string'and bk or nil
end
local function gj(k,au,ak)
ak=math.max(ak,20000)
local bk=et(k)
if not bk then
redis.call('SET',k,au,'PX',ak)
elseif string.find(' '..bk..' ',' '..au..' ',1,true)then
redis.call('PEXPIRE',k,math.max(redis.call('PTTL',k),ak))
elseif#bk+1<256*(#au+1)then
redis.call('SET',k,bk..' '..au,'PX',math.max(redis.call('PTTL',k),ak))
end
end
local function ek(k,au)
local bk=et(k)
if not bk then return end
local cq={}
for bg in string.gmatch(bk,'%S+')do
if bg~=au then cq[#cq+1]=bg end
end
if#cq==0 then redis.call('DEL',k)
else redis.call('SET',k,table.concat(cq,' '),'PX',math.max(redis.call('PTTL',k),1))end
end
local function gg(k,kn)
local bk=et(k)
if not bk then return false end
local z=kn and string.match(bk,'%S+')or''
if z~=''then ek(k,z)end
redis.pcall('PUBLISH',k,z)
return z~=''
end`;

const PART_5 = `return aa
end`;

const PART_6 = `local function kw(fr,h,ed,ah,t,aj,am)
local a,d={unpack(KEYS,h,h+ed-1)},{unpack(ARGV,ah,ah+t-1)}
for c=1,am do d[t+c]=ARGV[aj+c-1]end
local bc,ab=pcall(fr,a,d)
if bc then return ab end
if type(ab)=='table'then ab=ab.err or ab[1]end
return{-1,tostring(ab)}
end
local cj,aa,h,ah={},nil,1,1
while ah<=#ARGV do
local dm,dd,ed=ARGV[ah],tonumber(ARGV[ah+1]),tonumber(ARGV[ah+2])
local t,am,aj=tonumber(ARGV[ah+3]),tonumber(ARGV[ah+4]),ah+5
ah=aj+am
local ig=ed<=ff
local ic=ig and fe[dm]
local ib=ig and dd>1 and gk[dm]
local dg=0
while dg<dd do
local ae=ib and ib(h,ah,dd-dg,cj)or 0
if ae==0 then
local ab=ic and ic(h,ah,aj,ed)
if not ab then
aa=aa or general()
ab=kw(aa[dm],h,ed,ah,t,aj,am)
end
cj[#cj+1]=ab
ae=1
end
h,ah,dg=h+ae*ed,ah+ae*t,dg+ae
end
end
return#cj==1 and cj[1]or cj`;

const PART_7 = `local function fb(ac)return string.match(ac,'^%w+')or''end
local function da(f,c)
local ao=f[c]
if type(ao)~='string'then return ao end
local ag,ac,cn,s,ay,ax=
string.match(ao,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local o
if cn and f.is_demand(cn)then
o={tonumber(ag),ac,cn,tonumber(s),tonumber(ay),tonumber(ax),false,ao}
else
o={0,'','',0,0,0,true,ao}
end
f[c]=o
return o
end
local function fa(f,o)
f.check=math.min(f.check,o[4]+1)
if o[5]>0 then f.check=math.min(f.check,o[5]+50+1)end
end
local function jw(f,b)
local gf,dq=0,{}
local ae=#f
f.check=math.huge
for c=1,ae do
local o=da(f,c)
f[c]=nil
if o[4]>=b then
gf=gf+1
f[gf]=o
fa(f,o)
if o[5]>0 and b-o[5]>50 then
local au=fb(o[2])
dq[au]=math.max(dq[au]or 0,o[5])
o[7]=true
end
end
end
if not next(dq)then return end
for al,o in ipairs(f)do
local au=fb(o[2])
if dq[au]and o[4]-3000>dq[au]then dq[au]=nil end
end
for al,o in ipairs(f)do o[7]=o[7]or dq[fb(o[2])]~=nil end
end
local function bz(k,b,ki)
local ao=redis.pcall('GET',k)
local f={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=ki}
local as,i,ax
if type(ao)=='string'then as,i,ax=string.match(ao,'^(%d+) (%d+) (%d+);')end
if not as then return f end
f.check,f.last,f.ticket=tonumber(as),tonumber(i),tonumber(ax)
local ae=0
for co in string.gmatch(ao,';([^;]+)')do
ae=ae+1
f[ae]=co
end
if b>=f.check then jw(f,b)end
return f
end
local function ct(k,f,b)
if#f==0 then
redis.call('DEL',k)
return
end
local cf={string.format('%.0f %.0f %.0f',f.check,f.last,f.ticket)}
for c,o in ipairs(f)do
cf[c+1]=type(o)=='string'and o or o[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(o,1,6))
end
redis.call('SET',k,table.concat(cf,';'),'PX',math.max(1,f.last-b))
end
local function gn(o,ag,ac)
return o[1]>ag or(o[1]==ag and o[2]>ac)
end
local function ht(f,ac,ag,jv)
local bn
for c=1,#f do
local o=da(f,c)
if o[2]==ac or(ag and gn(o,ag,ac))then break end
if not o[7]and jv(o[3])then
if bn then return bn,true end
bn=o
end
end
return bn,false
end
local function gw(f,ac)
local kv=' '..ac..' '
for c,o in ipairs(f)do
if type(o)~='string'or string.find(o,kv,1,true)then
if da(f,c)[2]==ac then return c end
end
end
end
local function fv(f,ac,b)
local j=ac~=''and gw(f,ac)
if not j then return nil end
local o=da(f,j)
o[4],o[5],o[7],o[8]=b+3000,0,false,nil
f.last=math.max(f.last,o[4])
return j
end
local function jj(f,ac,b)
local j=fv(f,ac,b)
if not j then return false end
local o=f[j]
o[5],o[7]=math.max(1,b-50-1),true
fa(f,o)
return true
end
local function jl(f,ac,cn,ax,dl,b,x)
local j=fv(f,ac,b)
if j and f[j][6]>=ax then
f[j][3]=cn
return j
end
if j then table.remove(f,j)end
if ax==0 then ax=x+1 end
local ag=ax-dl
j=#f+1
while j>1 and gn(da(f,j-1),ag,ac)do j=j-1 end
local o={ag,ac,cn,b+3000,0,ax,false}
table.insert(f,j,o)
fa(f,o)
f.last,f.ticket=math.max(f.last,o[4]),math.max(f.ticket,ax)
f[256+1]=nil
return j
end
local function iv(f,ac)
local j=gw(f,ac)
if j then table.remove(f,j)end
return j~=nil
end
local function ja(f,ch,b)
local ay,fc,gp={},{},false
for c=1,#f do
local o=da(f,c)
if not o[7]then
local au=fb(o[2])
gp=gp or not ch(o[3])
if gp then
if not next(fc)then break end
if not fc[au]then return ay,true,o[2]end
else
if o[5]<=0 then
o[5],o[8]=b,nil
fa(f,o)
ay[#ay+1]=o
end
fc[au]=true
end
end
end
return ay,next(fc)~=nil,nil
end
local function jm(cf,dz)
return table.concat(cf,' ')..(dz and' ~'..dz or'')
end`;

const PART_8 = `local fz={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function dk(ao)return fz[ao]end
local function hx(kr,bg)return string.find(fz[kr],' '..bg..' ',1,true)end
local function km(kq)
local fi={}
return function(p)
if fi[p]==nil then fi[p]=not kq(p)end
if not fi[p]then return false end
for bg in string.gmatch(fz[p],'%u+')do fi[bg]=false end
return true
end
end`;

const PART_9 = `local cx,hn='~s','~p'
local df,gb=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local hq={'IS','IX','SIX','S'}
local gc={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=hq}
local function bf()
local ar=redis.call('TIME')
return tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local function gs(ao)
local an={}
for p in string.gmatch(ao,'%u+')do
if not gc[p]then error('unknown mode '..p,0)end
an[#an+1]=p
end
return an
end
local function eg(a,ae,dt)
local bl={['fences']={unpack(a,ae*dt+1)}}
for c=1,ae do
local h=(c-1)*dt
bl[c]={['lock']=a[h+1],['shared']=a[h+2],['line']=a[h+3],['wake']=dt>3 and a[h+4]}
end
return bl
end
local function dv(d,z)
local t={d[1],[d[1]]=true}
for c=z,#d do
t[#t+1]=d[c]
t[d[c]]=true
end
return t
end
local function ev(m)
if not m or string.sub(m,1,3)~='~s 'then return nil end
local p,g=string.match(m,'^~s (%u+) (.*)$')
if gc[p]then return p,g end
end
local function ey(kp)return string.format('%.0f',kp)end
local function is(k,p,ae)
local af=gb[p]*df
return redis.pcall('ZREVRANGEBYSCORE',k,'('..ey(af+df),ey(af),'WITHSCORES','LIMIT',0,ae),af
end
local function fq(r,p,t,b)
local m=redis.call('GET',r.lock)
if m and(m==hn or string.sub(m,1,3)==hn..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local dr,bi=ev(m)
if bi then
local v=not t[bi]and redis.call('PTTL',r.lock)
if v and(v==-1 or hx(p,dr))then return v,bi end
return nil
end
if t[m]then return nil end
if m and m~=cx then return redis.call('PTTL',r.lock),m end
local i,ai
if not m and redis.call('EXISTS',r.shared)==0 then return nil end
for al,lb in ipairs(gc[p])do
local ad,af=is(r.shared,lb,#t+1)
if ad.err then error(ad.err,0)end
for c=1,#ad,2 do
local s=tonumber(ad[c+1])-af
if not t[ad[c]]then
if s>=b and(not i or s>i)then i,ai=s,ad[c]end
break
end
end
end
if i then return i-b,ai end
end
local function it(r,b)
local x
if redis.call('EXISTS',r.shared)==0 then return nil end
for al,p in ipairs(hq)do
local ad,af=is(r.shared,p,1)
local ag=tonumber(ad[2])
if ag and ag-af>=b then x=math.max(x or 0,ag-af)end
end
return x
end
local function go(r,p,t)
local m=redis.call('GET',r.lock)
if p=='X'then return t[m]end
local dr,bi=ev(m)
if bi then return t[bi]and dr==p end
for al,g in ipairs(t)do
local ag=redis.call('ZSCORE',r.shared,g)
if ag and math.floor(tonumber(ag)/df)==gb[p]then return true end
end
return false
end
local function kk(r,t)
local m=redis.call('GET',r.lock)
local al,bi=ev(m)
if bi then return t[bi]end
if t[m]then return true end
for al,g in ipairs(t)do
if redis.call('ZSCORE',r.shared,g)then return true end
end
return false
end
local function hs(k,p,g,s,b)
local af=gb[p]*df
redis.call('ZREMRANGEBYSCORE',k,ey(af),'('..ey(af+b))
redis.call('ZADD',k,ey(af+s),g)
if redis.call('PTTL',k)<s-b then redis.call('PEXPIRE',k,s-b)end
end
local function im(r,p,t,ak,b)
local q,am,g,ci=r.lock,r.shared,t[1],false
local m=redis.call('GET',q)
local s=b+ak
local dr,bi=ev(m)
local ai,kh=bi or m,dr or'X'
if t[ai]then
local v=redis.call('PTTL',q)
if v==-1 and ai==g and p==kh then return false end
s=math.max(s,b+v)
if bi==g and p==dr then
redis.call('SET',q,m,'PX',s-b)
return false
end
ci=ai~=g
m=nil
elseif bi then
local v=math.max(1,redis.call('PTTL',q))
hs(am,dr,bi,b+v,b)
redis.call('SET',q,cx,'PX',v)
m=cx
end
if m~=cx and(p~='X'or bi)and redis.call('EXISTS',am)==0 then
redis.call('SET',q,p=='X'and g or'~s '..p..' '..g,'PX',s-b)
return ci
end
for c,co in ipairs(t)do
local ag=(c>1 or p~='X')and redis.call('ZSCORE',am,co)
if ag then
s=math.max(s,tonumber(ag)%df)
if c>1 then
redis.call('ZREM',am,co)
ci=true
end
end
end
if p=='X'then
redis.call('SET',q,g,'PX',s-b)
return ci
end
hs(am,p,g,s,b)
if m~=cx then
redis.call('SET',q,cx,'PX',it(r,b)-b)
else
local v=redis.call('PTTL',q)
if v>=0 and v<s-b then redis.call('PEXPIRE',q,s-b)end
end
return ci
end
local hl={}
local function cg(r,f,b)
if#f==0 then return{},false end
local ay,ch,dz=ja(
f,km(function(p)return fq(r,p,hl,b)end),b)
for c,o in ipairs(ay)do ay[c]=o[2]end
if#ay>0 then
ct(r.line,f,b)
redis.pcall('PUBLISH',r.wake,jm(ay,dz))
end
return ay,ch
end
local function ju(r,p,t,ac,ag,f,b)
local v,ai=fq(r,p,t,b)
if v or#f==0 or kk(r,t)then return v,ai end
local bn,kg=ht(f,ac,ag,function(bg)return hx(bg,p)end)
if not bn then return nil end
if r.wake then cg(r,f,b)end
if kg then return-1,''end
if bn[5]>0 then return math.max(0,50-b+bn[5]),''end
v,ai=fq(r,bn[3],hl,b)
return v and-1 or 50,ai or''
end
local function kb(id,an,bu)
local l,hz,be=0,false,{}
for al,p in ipairs(an)do
if(p=='X'or p=='SIX')and not bu then hz=true end
end
for c,k in ipairs(id)do
local i=bm(k)
be[c]=i or 0
l=math.max(l,i and(hz and i+1 or i)or cw(k))
end
for c,k in ipairs(id)do
if be[c]~=l then ez(k,l)end
end
return l
end
aa['modes.acquire']=function(a,d)
local ak,ac,ax,dl=tonumber(d[2]),'',0,0
if d[4]~=''then
ac,ax,dl=string.match(d[4],'^(%S*) (%S+) (%S+)$')
ax,dl=tonumber(ax),tonumber(dl)
end
local an,t,js,b=gs(d[3]),dv(d,5),{d[1],[d[1]]=true},bf()
local bl=eg(a,#an,ac==''and 3 or 4)
local ag=ax>0 and ax-dl or nil
local at,be,j,bv,ai={},b,nil,nil,nil
local bu,ci=true,false
for c,p in ipairs(an)do
local r=bl[c]
at[c]=bz(r.line,b,dk)
be=math.max(be,at[c].ticket)
local v,lf=ju(r,p,t,ac,ag,at[c],b)
if v then
j=j or c
if not ai or(bv~=-1 and(v==-1 or v>bv))then
bv,ai=v,lf
end
elseif not go(r,p,js)then
bu=false
end
end
local cd,es=j or#an,nil
if ac~=''then
es=jl(at[cd],ac,an[cd],ax,dl,b,be)
if not j and at[cd][es]then at[cd][es][5]=-1 end
ct(bl[cd].line,at[cd],b)
end
if j then
if ac~=''then pcall(gj,bl[j].wake,ac,ak)end
return{0,bv,ai,string.format('%.0f',be),es and es-1 or#at[j]}
end
local l=kb(bl.fences,an,bu)
for c,p in ipairs(an)do
local r=bl[c]
if im(r,p,t,ak,b)then ci=true end
if c~=cd and fv(at[c],ac,b)then ct(r.line,at[c],b)end
end
return ci and-l or l
end
aa['modes.convert']=aa['modes.acquire']
aa['modes.commit']=function(a,d)
local an,t=gs(d[3]),{d[1],[d[1]]=true}
local bl=eg(a,#an,4)
for c,p in ipairs(an)do
if not go(bl[c],p,t)then return{0}end
end
for al,k in ipairs(bl.fences)do
if not bm(k)then cw(k)end
eh(k,tonumber(d[2]))
end
return 1
end
aa['modes.extend']=function(a,d)
local l,ak,an=tonumber(d[2]),tonumber(d[3]),gs(d[4])
local bl,t,b,bd=eg(a,#an,4),dv(d,5),bf(),true
for c,p in ipairs(an)do
local v,ai=fq(bl[c],p,t,b)
if v then return{0,v,ai}end
bd=bd and go(bl[c],p,t)
end
for al,k in ipairs(bl.fences)do
local gl=not bd and(bm(k)or em(k))
if gl then eh(k,l)end
end
for c,p in ipairs(an)do
local r=bl[c]
if im(r,p,t,ak,b)then cg(r,bz(r.line,b,dk),b)end
end
return 1
end
local function bs(r,t,b)
local q,bb=r.lock,false
local m=redis.pcall('GET',q)
if type(m)=='table'then
if string.find(m.err,'WRONGTYPE',1,true)then return false,false end
error(m.err,0)
end
local al,bi=ev(m)
if t[bi or m]then
redis.call('DEL',q)
m,bb=false,true
end
if bi or(bb and#t==1)then return bb,bb end
local fl=false
for al,g in ipairs(t)do
local ag=redis.pcall('ZSCORE',r.shared,g)
if type(ag)=='string'then
redis.call('ZREM',r.shared,g)
fl=true
if tonumber(ag)%df>=b then bb=true end
end
end
if m and m~=cx then return bb,false end
local x=fl and it(r,b)
if x then
local v=redis.call('PTTL',q)
local fk=v>x-b+1
if v<0 or fk then redis.call('SET',q,cx,'PX',math.max(1,x-b))end
return bb,false,fk
end
if fl and m then redis.call('DEL',q)end
return bb,fl or bb
end
local function iu(r,f,ac,b)
local ii=iv(f,ac)
if ii then ct(r.line,f,b)end
pcall(ek,r.wake,ac)
return ii
end
aa['modes.release']=function(a,d)
local ac,t,b=d[2],dv(d,3),bf()
local bb,eb,ik=false,false,string.find(ac,'.',1,true)
for al,r in ipairs(eg(a,#a/4,4))do
local bd,kj,fk=bs(r,t,b)
local at=(bd or ik)and redis.pcall('MGET',r.line,r.wake)
if bd then bb=true end
if at and(at[1]or at[2])then
local f=bz(r.line,b,dk)
if ik then iu(r,f,ac,b)end
local bc,ay,ch=pcall(cg,r,f,b)
if not bc then ay,ch={},false end
for al,bg in ipairs(ay)do
if bg~=ac then eb=true end
end
if kj and not ch and gg(r.wake,ac~='')then eb=true end
if fk and#ay==0 then redis.pcall('PUBLISH',r.wake,'')end
end
end
if not bb then return 0 end
return eb and-1 or 1
end
aa['modes.releaseAll']=aa['modes.release']
aa['modes.leave']=function(a,d)
local b=bf()
for al,r in ipairs(eg(a,#a/4,4))do
local f=bz(r.line,b,dk)
if iu(r,f,d[1],b)then pcall(cg,r,f,b)end
end
return 1
end`;

const PART_10 = `local cl,cy,ga,jo='0','1','2',48
local jq=64
local function cz(ao)
local ko=string.gmatch(ao,'(%d+)%-?(%d*)')
return function()
local z,i=ko()
if z then return tonumber(z),tonumber(i)or tonumber(z)end
end
end
local function ji(u,dy)
local hb,bt,i={},string.find(u,dy..'+')
while bt do
hb[#hb+1]=bt==i and tostring(bt-1)or string.format('%d-%d',bt-1,i-1)
bt,i=string.find(u,dy..'+',i+1)
end
return table.concat(hb,' ')
end
local function cr(u,w,dy)
local dn,j={},0
for z,i in cz(w)do
if z<j then u,dn,j=table.concat(dn)..string.sub(u,j+1),{},0 end
if z>#u then u=u..string.rep(cl,z-#u)end
dn[#dn+1]=string.sub(u,j+1,z)
dn[#dn+1]=string.rep(dy,i-z+1)
j=i+1
end
return table.concat(dn)..string.sub(u,j+1)
end
local function jt(u,w)
for z,i in cz(w)do
if string.find(string.sub(u,z+1,i+1),cy,1,true)then return false end
end
return true
end
local function en(u,y)
return#string.gsub(string.sub(u,1,y),cy..'+','')
end
local function jy(w)
local gt=0
for al,i in cz(w)do gt=math.max(gt,i+1)end
return gt
end
local function ks(g,y)
local ck,de=string.match(g,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not ck then return 0,1 end
return tonumber(ck,16)%y,1+tonumber(de,16)%y
end
local function hw(u,av,y,gx,t,g)
local cp=av
local function ex(z,i)
i=math.min(i,y-1)
if cp==0 or z>i then return end
local lc,ae=string.gsub(string.sub(u,z+1,i+1),cl,ga,cp)
if ae==0 then return end
u,cp=string.sub(u,1,z)..lc..string.sub(u,i+2),cp-ae
end
for z,i in cz(gx)do ex(z,i)end
if t then
for z,i in cz(t)do ex(z,i)end
else
local ck,de=ks(g,y)
for c=0,jq-1 do
if cp==0 then break end
local ca=(ck+c*de)%y
if string.byte(u,ca+1)==jo then ex(ca,ca)end
end
ex(ck,y-1)
ex(0,ck-1)
end
if cp>0 then return nil end
return ji(u,ga),(string.gsub(u,ga,cy))
end`;

const PART_11 = `local hk='~'
local function bf()
local ar=redis.call('TIME')
return tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local function gu(ao,b)
local bq,y,fy=string.match(ao,'^(%d+) (%d+) (%d+)$')
if bq and tonumber(fy)+604800000+86400000>=b then return tonumber(bq),tonumber(y),tonumber(fy)end
end
local function jf(k,q,b)
return gu(redis.call('HGET',k,q)or'',b)
end
local function hj(k,q,bq,y,b)
local hy=tonumber(redis.call('HGET',k,hk)or'')
if not hy or hy+86400000<b then
local cu=redis.call('HGETALL',k)
for c=1,#cu,2 do
if not gu(cu[c+1],b)then redis.call('HDEL',k,cu[c])end
end
redis.call('HSET',k,hk,string.format('%.0f',b))
end
redis.call('HSET',k,q,string.format('%.0f %.0f %.0f',bq,y,b))
redis.call('PEXPIRE',k,604800000+86400000)
end
local function kz(k,q,bq,y,b)
if bq>(jf(k,q,b)or 0)then hj(k,q,bq,y,b)end
end`;

const PART_12 = `local ho='~p'
local dw,dx=16,32
local function kl(aq)
return aq==ho or string.sub(aq,1,3)==ho..' '
end
local function ds(aq)
local as,x,bo,u,s,w,g=
string.match(aq or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(as)or 0,['latest']=tonumber(x)or 0,['kept']=tonumber(bo)or 0,['map']=u or'',
['deadline']=tonumber(s)or 0,['slots']=w or'',['token']=g or'',
['is_new']=not g,['is_other']=aq and not kl(aq)
}
end
local function eu(a,e,b)
local i=math.max(e.latest,e.deadline)
if i==0 then
redis.call('DEL',a[1])
return 0
end
local ir=e.latest>0 and i>e.kept
if ir then
e.kept=i+math.max(1,i-b)
for j=3,4 do redis.call('PEXPIREAT',a[j],string.format('%.0f',e.kept))end
end
if ir or e.is_new then redis.call('PEXPIRE',a[5],604800000)end
redis.call('SET',a[1],string.format('~p %.0f %.0f %.0f %s %.0f:%s:%s',e.check,e.latest,e.kept,e.map,
e.deadline,e.slots,e.token),'PXAT',string.format('%.0f',i))
return i
end
local function db(a,e,g)
if g==e.token then return e.slots,e.deadline end
local w=e.latest>0 and redis.call('HGET',a[3],g)
local s=w and redis.call('ZSCORE',a[4],g)
if s then return w,tonumber(s)end
end
local function hv(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function fg(a,e,g)
local w,s=db(a,e,g)
if not w then return nil end
e.map=cr(e.map,w,cl)
if g==e.token then
e.deadline,e.slots,e.token=0,'',''
return w,s
end
redis.call('ZREM',a[4],g)
redis.call('HDEL',a[3],g)
if s==e.latest then
e.latest=tonumber(redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2])or 0
if e.latest==0 then e.check,e.kept=0,0 end
end
return w,s
end
local function fh(a,e,b)
local dj=false
if e.token~=''and e.deadline<b then
e.map=cr(e.map,e.slots,cl)
e.deadline,e.slots,e.token,dj=0,'','',true
end
if e.latest>0 and b>e.check then
local jx=redis.call('ZRANGEBYSCORE',a[4],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for al,g in ipairs(jx)do
e.map=cr(e.map,redis.call('HGET',a[3],g)or'',cl)
redis.call('HDEL',a[3],g)
redis.call('ZREM',a[4],g)
end
local z=redis.call('ZRANGE',a[4],0,0,'WITHSCORES')[2]
local i=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,dj=tonumber(z)or 0,tonumber(i)or 0,true
if not z then e.kept,e.map=0,cr('',e.slots,cy)end
end
if dj then eu(a,e,b)end
end
local function jg(a,e,g,s,b)
local dj=false
if g==e.token then
if e.deadline<s then e.deadline,dj=s,true end
elseif tonumber(redis.call('ZSCORE',a[4],g))<s then
redis.call('ZADD',a[4],string.format('%.0f',s),g)
if e.latest<s then e.latest,dj=s,true end
end
if dj then eu(a,e,b)end
end
local function dh(a,e,g,w,s,b)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=s,w,g,cr(e.map,w,cy)
eu(a,e,b)
end
local function jc(a)
local di=''
if not IS_CLUSTER then
local by=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
di=type(by)=='string'and string.match(by,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..dx..'.'..dx..'s',di)
end
local function gh(a)
return redis.call('GETRANGE',a[5],0,dx-1)==jc(a)
end
local function fo(a,w,af)
if not gh(a)then return af end
local gq=af-af%16384
for z,i in cz(w)do
local ao=redis.call('GETRANGE',a[5],dx+dw*z,dx+dw*(i+1)-1)
for c=0,i-z do
local ae=tonumber(string.sub(ao,dw*c+1,dw*(c+1)))
gq=math.max(gq,ae or af)
end
end
return gq
end
local function hi(a,w,ae,af)
if not gh(a)then redis.call('SET',a[5],jc(a),'PX',604800000)end
local ao=string.format('%0'..dw..'.0f',ae)
for z,i in cz(w)do
redis.call('SETRANGE',a[5],dx+dw*z,string.rep(ao,i-z+1))
end
if af<ae then ez(a[2],ae)end
end`;

const PART_13 = `local hm='~s'
local function dv(d,z)
local t={d[1]}
for c=z,#d do t[#t+1]=d[c]end
return t
end
local function gy(a)
local aq=redis.call('GET',a[1])
if aq and(aq==hm or string.sub(aq,1,3)==hm..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
local e=ds(aq)
if e.is_other then return e,aq,redis.call('PTTL',a[1])end
return e,nil,nil
end
local function ee(a,y,bq,b)
local be,ae,fy=jf(a[6],a[1],b)
if bq>(be or 0)then
be,ae=bq,y
hj(a[6],a[1],be,ae,b)
elseif be and fy+86400000<b then
hj(a[6],a[1],be,ae,b)
end
if not be then return y,''end
return ae,string.format('%.0f %.0f',be,ae)
end
local function fs(u,dd)
return u..string.rep(cl,dd-#u)
end
local function kd(a,e,cp,b)
local cv=e.latest>0 and redis.call('ZRANGE',a[4],0,64-1,'WITHSCORES')or{}
if e.token~=''then
local j=1
while cv[j]and tonumber(cv[j+1])<=e.deadline do j=j+2 end
table.insert(cv,j,e.token)
table.insert(cv,j+1,e.deadline)
end
local i=-1
for c=1,#cv,2 do
i=tonumber(cv[c+1])
local w=cv[c]==e.token and e.slots or redis.call('HGET',a[3],cv[c])or''
for z,jz in cz(w)do cp=cp-(jz-z+1)end
if cp<=0 then break end
end
return i<0 and-1 or math.max(0,i-b),cv[1]or''
end
local function ec(y)
return function(ao)
local ae=tonumber(ao)
return ae and ae<=y
end
end
local function cg(a,e,f,bx,y,b)
if#f==0 then return 0,false end
local u=fs(e.map,y)
local bs=e.is_other and 0 or en(u,y)
local ay,ch,dz=ja(f,function(cn)
bs=bs-tonumber(cn)
return bs>=0
end,b)
local cf={}
for c,o in ipairs(ay)do
local w,la=hw(u,tonumber(o[3]),y,bx,'0-'..y-1)
u=la or u
cf[c]=o[2]..':'..string.gsub(w or'',' ',',')
end
if#cf>0 then
ct(a[7],f,b)
redis.pcall('PUBLISH',a[8],jm(cf,dz))
end
return#cf,ch
end
aa['slots.acquire']=function(a,d)
local g,ak,ac,ax,av=d[1],tonumber(d[2]),d[3],tonumber(d[4]),tonumber(d[5])
local gx,fm,t,b=d[8],#d>8,dv(d,9),bf()
local e,ai,bv=gy(a)
local y,er=ee(a,tonumber(d[6]),tonumber(d[7]),b)
if av>y then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',y,av),0)end
fh(a,e,b)
local f=bz(a[7],b,ec(y))
local be=math.max(b,f.ticket)
local u=fs(e.map,y)
local w,br=db(a,e,g),nil
if ai then
if ac~=''then pcall(gj,a[8],ac,ak)end
elseif w then
local l=fo(a,w,bm(a[2])or cw(a[2]))
jg(a,e,g,b+ak,b)
if jj(f,ac,b)then ct(a[7],f,b)end
return{1,l,w,er,fm and u or nil}
else
local cs,dc=u,''
for c=2,#t do
local bj=db(a,e,t[c])or''
cs,dc=cr(cs,bj,cl),dc..' '..bj
end
local bn
if#f>0 and not fm then
local bs=en(cs,y)
bn=bs>=av and ht(f,ac,ax>0 and ax or nil,function(cn)
bs=bs-tonumber(cn)
return bs<av
end)
end
if not bn then br=hw(cs,av,y,gx,fm and dc or nil,g)end
if br then
local af=bm(a[2])
local z=not af and cw(a[2])
local l,s=fo(a,br,af or z)+1,b+ak
hv(a,e)
for c=2,#t do
local al,ap=fg(a,e,t[c])
s=math.max(s,ap or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
l=z or l
ez(a[2],l)
else
hi(a,br,l,af or z)
end
dh(a,e,g,br,s,b)
if jj(f,ac,b)then ct(a[7],f,b)end
return{1,l,br,er,fm and cr(cs,br,cy)or nil}
end
local bs=en(u,y)
bv,ai=kd(a,e,av-bs,b)
if bn then
cg(a,e,f,'',y,b)
if bn[5]>0 then bv,ai=math.max(0,50-b+bn[5]),''
else bv=-1 end
end
end
if ac~=''then
jl(f,ac,string.format('%.0f',av),ax,0,b,be)
ct(a[7],f,b)
end
return{0,bv,ai,string.format('%.0f',be),er}
end
aa['slots.commit']=function(a,d)
local l,w=tonumber(d[2]),d[3]
local e=ds(redis.call('GET',a[1]))
if db(a,e,d[1])~=w then return{0}end
local af=bm(a[2])or cw(a[2])
local ae=fo(a,w,af)
if ae<l or not gh(a)then hi(a,w,math.max(ae,l),af)end
return 1
end
aa['slots.extend']=function(a,d)
local g,l,ak,w=d[1],tonumber(d[2]),tonumber(d[3]),d[4]
local t,b=dv(d,7),bf()
local e,ai=gy(a)
if ai then return{0,-1,ai}end
local y=ee(a,tonumber(d[5]),tonumber(d[6]),b)
fh(a,e,b)
local bj=db(a,e,g)
if bj==w and#t==1 then
jg(a,e,g,b+ak,b)
return 1
end
local cs,ap=fs(e.map,math.max(y,jy(w))),''
for al,co in ipairs(t)do
local dc=db(a,e,co)or''
cs,ap=cr(cs,dc,cl),ap..' '..dc
end
if not jt(cs,w)then
local jn={g,'',d[5],d[6]}
for c=2,#t do jn[c+3]=t[c]end
aa['slots.release'](a,jn)
return{0,-1,''}
end
hv(a,e)
local af=bj~=w and(bm(a[2])or em(a[2]))
if af then hi(a,w,math.max(l,fo(a,w,af)),af)end
local s=b+ak
for al,co in ipairs(t)do
local al,i=fg(a,e,co)
s=math.max(s,i or 0)
end
dh(a,e,g,w,s,b)
local bx=ji(cr(cr(string.rep(cl,#cs),ap,cy),w,cl),cy)
if bx~=''then cg(a,e,bz(a[7],b,ec(y)),bx,y,b)end
return 1
end
aa['slots.release']=function(a,d)
local au,t,b=d[2],dv(d,5),bf()
local aq=redis.pcall('GET',a[1])
local e=ds(type(aq)=='string'and aq)
local bx,bb,hf,iq='',false,0,false
for al,co in ipairs(t)do
local w,s=fg(a,e,co)
if w then
iq,bb=true,bb or s>=b
bx,hf=bx..' '..w,math.max(hf,s)
end
end
if not iq then return 0 end
local at=redis.pcall('MGET',a[7],a[8])
local ij=at[1]or at[2]
if ij then fh(a,e,b)end
local i=eu(a,e,b)
if ij then
local y=ee(a,tonumber(d[3]),tonumber(d[4]),b)
local f=bz(a[7],b,ec(y))
local bc,ay,ch=pcall(cg,a,e,f,bx,y,b)
if not bc then ay,ch=0,false end
if i==0 and not ch then gg(a[8],au~='')
elseif i>0 and hf>i and ay==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bb and 1 or 0
end
aa['slots.leave']=function(a,d)
local b=bf()
local y=ee(a,tonumber(d[2]),tonumber(d[3]),b)
local f=bz(a[7],b,ec(y))
if iv(f,d[1])then
ct(a[7],f,b)
pcall(function()cg(a,ds(redis.call('GET',a[1])),f,'',y,b)end)
end
pcall(ek,a[8],d[1])
return 1
end
aa['slots.count']=function(a,d)
local b=bf()
local e,ai=gy(a)
local y,er=ee(a,tonumber(d[1]),tonumber(d[2]),b)
fh(a,e,b)
local f=bz(a[7],b,ec(y))
cg(a,e,f,'',y,b)
local bs=ai and 0 or en(fs(e.map,y),y)
local bq=tonumber(string.match(er,'^%d+')or 0)
return{1,bs,y,bq,#e.map-en(e.map,#e.map)}
end
aa['slots.resize']=function(a,d)
if not bm(a[2])then cw(a[2])end
return aa['slots.count'](a,d)
end`;

const PART_14 = `local fe,gk,ff={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ff=2
local fe={
['mutex.acquire']=function(h,ah,aj)
local bw=n('SET',KEYS[h],ARGV[ah],'NX','PX',ARGV[aj])
if not bw or bw.err then return nil end
local l=ae(KEYS[h+1])
if not l then n('DEL',KEYS[h])end
return l
end,
['mutex.takeOver']=function(h,ah,aj)
if n('GET',KEYS[h])~=ARGV[ah+1]then return nil end
local l=ae(KEYS[h+1])
if not l then return nil end
local bw=n('SET',KEYS[h],ARGV[ah],'PX',ARGV[aj])
return not bw.err and-l or nil
end,
['mutex.extend']=function(h,ah,aj)
if n('GET',KEYS[h])~=ARGV[ah]then return nil end
local v=n('PTTL',KEYS[h])
if type(v)~='number'or v<0 then return nil end
if v<tonumber(ARGV[aj])and n('PEXPIRE',KEYS[h],ARGV[aj])~=1 then return nil end
return 1
end,
['mutex.release']=function(h,ah)
local ad=n('MGET',KEYS[h],KEYS[h+1])
if ad.err or ad[2]then return nil end
if ad[1]~=ARGV[ah]then return 0 end
return n('DEL',KEYS[h])==1 and 1 or nil
end,
}`,
    PART_2,
    `local gk={
['mutex.release']=function(h,ah,dd,cj)
local ad=n('MGET',unpack(KEYS,h,h+2*dd-1))
if ad.err then return 0 end
local bj,io,ha,dg={},{},{},0
for c=1,dd do
if ad[2*c]then break end
local q=KEYS[h+2*c-2]
local bd=ad[2*c-1]==ARGV[ah+c-1]and not io[q]
cj[#cj+1]=bd and 1 or 0
if bd then
io[q]=true
bj[#bj+1]=q
ha[#bj]=#cj
end
dg=c
end
local ia=#bj>0 and n('DEL',unpack(bj))
if type(ia)=='table'then
for c=1,#ha do cj[ha[c]]={-1,ia.err}end
end
return dg
end
}`,
    PART_3,
    PART_4,
    `local function dh(k,g,ak,bd)
if not bd then redis.call('SET',k,g,'PX',ak)
else
local v=redis.call('PTTL',k)
if v>=0 and v<tonumber(ak)then redis.call('PEXPIRE',k,ak)end
end
end
local function hr(a,g,ky,ak,ac)
local dt=ac==''and 2 or 3
local bd,bu,ci={},true,false
local bv,ai
for c=1,#a,dt do
local m=redis.call('GET',a[c])
bd[c]=m==g
if m~=g then bu=false end
if m and m==ky then
ci=true
elseif m and m~=g then
local v=redis.call('PTTL',a[c])
if not ai or(bv~=-1 and(v==-1 or v>bv))then
bv,ai=v,m
end
end
end
if ac~=''then
for c=3,#a,3 do pcall(gj,a[c],ac,tonumber(ak))end
end
if ai then return{0,bv,ai}end
local l=0
for c=2,#a,dt do
local i=bm(a[c])
l=math.max(l,i and(bu and i or i+1)or cw(a[c]))
end
for c=1,#a,dt do
dh(a[c],g,ak,bd[c])
ez(a[c+1],l)
end
return ci and-l or l
end
aa['mutex.acquire']=function(a,d)
return hr(a,d[1],nil,d[2],d[3])
end
aa['mutex.takeOver']=function(a,d)
return hr(a,d[1],d[2],d[3],d[4])
end
aa['mutex.commit']=function(a,d)
for c=1,#a,2 do
if redis.call('GET',a[c])~=d[1]then return{0}end
end
for c=2,#a,2 do
if not bm(a[c])then cw(a[c])end
eh(a[c],tonumber(d[2]))
end
return 1
end
aa['mutex.extend']=function(a,d)
local g,l,ak=d[1],tonumber(d[2]),d[3]
local bd={}
for c=1,#a,2 do
local m=redis.call('GET',a[c])
if m and m~=g then return{0,redis.call('PTTL',a[c]),m}end
bd[c]=m==g
end
for c=1,#a,2 do
local gl=not bd[c]and(bm(a[c+1])or em(a[c+1]))
if gl then eh(a[c+1],l)end
end
for c=1,#a,2 do dh(a[c],g,ak,bd[c])end
return 1
end
aa['mutex.release']=function(a,d)
local g,au=d[1],d[2]
local bb,eb=false,false
for c=1,#a,2 do
local m=redis.pcall('GET',a[c])
if au~=''then pcall(ek,a[c+1],au)end
if m==g then
redis.call('DEL',a[c])
bb=true
if gg(a[c+1],au~='')then eb=true end
elseif type(m)=='table'and m.err and not string.find(m.err,'WRONGTYPE',1,true)then
error(m.err)
end
end
if not bb then return 0 end
return eb and-1 or 1
end
aa['mutex.leave']=function(a,d)
pcall(ek,a[1],d[1])
return 1
end
aa['mutex.renew']=function(a,d)
local l=1
for c=1,#a,2 do
local m=redis.call('GET',a[c])
if m~=d[1]then return{0,redis.call('PTTL',a[c]),m or''}end
l=math.max(l,bm(a[c+1])or 1)
end
for c=1,#a,2 do dh(a[c],d[1],d[2],true)end
return l
end
aa['mutex.query']=function(a)
local ab={1}
for c=1,#a,2 do
ab[#ab+1]=redis.call('GET',a[c])or''
ab[#ab+1]=redis.call('PTTL',a[c])
ab[#ab+1]=et(a[c+1])or''
end
return ab
end`,
    PART_5,
    PART_6,
  ],
  "c1c3db6e14274ccbd245a8e668e408ae91fd68b5",
  "97f2f33d8ddf7a4acc6edf2b426b741569c8686b",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ff=81
local fe={
['modes.acquire']=function(h,ah,aj,av)
local g,ak,an,cm=ARGV[ah],ARGV[aj],ARGV[aj+1],KEYS[h+av-1]
if ARGV[aj+2]~=''then return nil end
if av~=4 then
local al,ke=string.gsub(an,' ','')
if av~=3*ke+4 then return nil end
end
local ep,ei
if n('EXISTS',unpack(KEYS,h,h+av-2))~=0 then
local ad,j=n('MGET',unpack(KEYS,h,h+av-2)),1
if ad.err then return nil end
ep={}
ei={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for p in string.gmatch(an,'%u+')do
local m,q,am=ad[j],KEYS[h+j-1],KEYS[h+j]
if ad[j+2]then return nil end
if not m then
if n('EXISTS',q,am)~=0 then return nil end
else
if p=='X'or p=='SIX'then return nil end
local v,bj,ai=n('PTTL',q),nil,nil
if type(v)~='number'or v<=0 then return nil end
if m=='~s'then
if n('ZSCORE',am,g)then return nil end
local z=(p=='IX'and 3)or(p=='S'and 2)
if z and n('ZCOUNT',am,z..'00000000000000','('..z+2 ..'00000000000000')~=0 then
return nil
end
else
bj,ai=string.match(m,'^~s ([ISX]+) (.*)$')
if not ei[bj]or ai==g or(p~=bj and p~='IS'and bj~='IS')then return nil end
if n('EXISTS',am)~=0 then return nil end
end
ep[j]={v,bj,ai}
end
j=j+3
end
end
local l
if an=='X'or string.find(' '..an,' X',1,true)or string.find(an,'SIX',1,true)then
l=ae(cm)
if not l then return nil end
else
local m=n('GET',cm)
l=not m and ae(cm)or(type(m)=='string'and string.match(m,'^%d+$')and tonumber(m))
if not l or l<1 or l>=9000000000000000 then return nil end
end
if av==4 and not ep then
local bw=n('SET',KEYS[h],an=='X'and g or'~s '..an..' '..g,'PX',ak)
return not bw.err and l or nil
end
local j,b=1,nil
for p in string.gmatch(an,'%u+')do
local q,fn=KEYS[h+j-1],ep and ep[j]
if fn then
local am,ef,v,ai=KEYS[h+j],tonumber(ak),fn[1],fn[3]
if not b then
local ar=n('TIME')
if ar.err then return nil end
b=tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local ag,bc=string.format('%.0f',ei[p]+b+ef),nil
if ai then
local ix=math.max(v,ef)
bc=n('ZADD',am,string.format('%.0f',ei[fn[2]]+b+v),ai,ag,g)==2
and n('PEXPIRE',am,ix)==1 and not n('SET',q,'~s','PX',ix).err
else
n('ZREMRANGEBYSCORE',am,string.format('%.0f',ei[p]),string.format('(%.0f',ei[p]+b))
bc=n('ZADD',am,ag,g)==1
local jk=n('PTTL',am)
if type(jk)~='number'or jk<ef then
bc=n('PEXPIRE',am,ef)==1 and bc
end
if v<ef then bc=n('PEXPIRE',q,ef)==1 and bc end
end
if not bc then return nil end
else
local bw=n('SET',q,p=='X'and g or'~s '..p..' '..g,'PX',ak)
if bw.err then return nil end
end
j=j+3
end
return l
end,
['modes.extend']=function(h,ah,aj,av)
local g,ak,j=ARGV[ah],ARGV[aj],1
local ad=ARGV[aj-1]=='2'and n('MGET',unpack(KEYS,h,h+av-1))
if not ad or ad.err then return nil end
for p in string.gmatch(ARGV[aj+1],'%u+')do
if ad[j]~=(p=='X'and g or'~s '..p..' '..g)then return nil end
j=j+4
end
for q=h,h+j-2,4 do
local v=n('PTTL',KEYS[q])
if type(v)~='number'or v<0 then return nil end
if v<tonumber(ak)and n('PEXPIRE',KEYS[q],ak)~=1 then return nil end
end
return 1
end,
['modes.release']=function(h,ah,al,av)
local g,ad=ARGV[ah],nil
if av==4 then
local m,cd,le=unpack(n('MGET',KEYS[h],KEYS[h+2],KEYS[h+3]))
if not m or cd or le then return nil end
if m==g or string.match(m,'^~s [ISX]+ (.*)$')==g then
return n('DEL',KEYS[h])==1 and 1 or nil
end
ad={m}
else
ad=n('MGET',unpack(KEYS,h,h+av-1))
if ad.err then return nil end
end
local ce,hc,hd,b={},{},{},nil
for j=1,av,4 do
local m,q,am=ad[j],KEYS[h+j-1],KEYS[h+j]
if not m or ad[j+2]or ad[j+3]then return nil end
if m=='~s'then
local ag=n('ZSCORE',am,g)
local v=n('PTTL',q)
if type(ag)~='string'or type(v)~='number'or v<0 then return nil end
if not b then
local ar=n('TIME')
b=tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local s=tonumber(ag)%100000000000000
local af=tonumber(ag)-s
if s<b then return nil end
local iy,il=string.format('%.0f',af),string.format('(%.0f',af+100000000000000)
local i=n('ZREVRANGEBYSCORE',am,il,iy,'WITHSCORES','LIMIT',0,2)
if i.err then return nil end
local x,gr=tonumber(i[2])-af,nil
if i[1]==g then
gr=n('ZCARD',am)
x=i[4]and tonumber(i[4])-af
if x and(x<b or n('ZCOUNT',am,iy,il)~=gr)then return nil end
if not x and gr~=1 then return nil end
elseif v>x-b+1 then
return nil
end
if not x then
ce[#ce+1]=q
elseif v>x-b+1 then
hd[#hd+1]={q,math.max(1,x-b)}
end
hc[#hc+1]=am
elseif m==g or string.match(m,'^~s [ISX]+ (.*)$')==g then
ce[#ce+1]=q
else
return nil
end
end
for al,aq in ipairs(hd)do n('PEXPIRE',aq[1],aq[2])end
for al,am in ipairs(hc)do
if n('ZREM',am,g)~=1 then return nil end
end
if#ce>0 and n('DEL',unpack(ce))~=#ce then return nil end
return 1
end
}
local gk={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    `aa['modes.position']=function(a,d)
local b=bf()
local f=bz(a[3],b,dk)
local j,ge,bk=gw(f,d[1]),0,0
local ag=j and f[j][1]or math.max(b,f.ticket)+1-tonumber(d[2])
for c=1,#f do
local o=da(f,c)
if not o[7]and o[5]>=0 then
bk=bk+1
if o[2]~=d[1]and not gn(o,ag,d[1])then ge=ge+1 end
end
end
return{1,ge,bk,redis.call('EXISTS',a[1])}
end
aa['modes.stay']=function(a,d)
local b=bf()
local f=bz(a[3],b,dk)
if fv(f,d[1],b)then ct(a[3],f,b)end
return 1
end`,
    `aa['modes.query']=function(a)
local ab,b={1},bf()
for al,r in ipairs(eg(a,#a/4,4))do
local hg={et(r.wake)}
local f=bz(r.line,b,dk)
for c=1,#f do
local o=da(f,c)
if o[4]>=b and o[5]>=0 then hg[#hg+1]=o[2]end
end
ab[#ab+1]=redis.call('GET',r.lock)or''
ab[#ab+1]=redis.call('PTTL',r.lock)
ab[#ab+1]=table.concat(hg,' ')
local gm=redis.call('ZRANGE',r.shared,0,-1,'WITHSCORES')
local j=#ab+1
ab[j]=0
for c=1,#gm,2 do
local v=tonumber(gm[c+1])%df-b
if v>=0 then
ab[j]=ab[j]+1
ab[#ab+1]=gm[c]
ab[#ab+1]=v
end
end
end
return ab
end`,
    PART_5,
    PART_6,
  ],
  "0c49c3ffc1f939699e6bf5df4c3ec635a54d4d38",
  "7b8cd637aa56ed32e2cd63edd79bff3fc56281fb",
);

export const SLOTS_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ff=8
local gd='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local jp=8
local function fd()
local ar=n('TIME')
return ar[1]*1000+math.floor(ar[2]/1000)
end
local function hh(h,as,x,bo,u,ba,i,b)
if b and x~='0'and i+0>bo+0 then
bo=string.format('%.0f',i+math.max(1,i-b))
n('PEXPIREAT',KEYS[h+2],bo)
n('PEXPIREAT',KEYS[h+3],bo)
n('PEXPIRE',KEYS[h+4],604800000)
end
n('SET',KEYS[h],'~p '..as..' '..x..' '..bo..' '..u..' '..ba,'PXAT',i)
end
local fe={
['slots.acquire']=function(h,ah,aj)
if ARGV[aj+1]~=''or ARGV[aj+5]~='0'or ARGV[aj+6]~=''or ARGV[aj-1]~='7'then return nil end
local g,az,y,cm=ARGV[ah],ARGV[aj+3]+0,ARGV[aj+4]+0,KEYS[h+1]
if az>jp or az>y then return nil end
local aq,b=n('GET',KEYS[h]),fd()
local as,x,bo,u,ap,w,ba='0','0','0','','0','',''
local ie=true
if aq then
if aq.err then return nil end
as,x,bo,u,ap,w,ba=string.match(aq,gd)
if not as or ba==g then return nil end
if(x~='0'and b>as+0)or(ba~=''and ap+0<b)then return nil end
if x~='0'and n('HGET',KEYS[h+2],g)then return nil end
elseif n('EXISTS',KEYS[h+4],KEYS[h+5],KEYS[h+6])==0 then
ie=false
end
local ck,de=string.match(g,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
ck,de=ck and tonumber(ck,16)%y or 0,de and 1+tonumber(de,16)%y or 1
local du,dy={},az==1 and'1'or'2'
for c=0,63 do
local ca=(ck+c*de)%y
local gi=string.byte(u,ca+1)
if gi~=49 and gi~=50 then
if not gi then u=u..string.rep('0',ca-#u)end
u=string.sub(u,1,ca)..dy..string.sub(u,ca+2)
du[#du+1]=ca
if#du==az then break end
end
end
if#du<az then return nil end
local br=du[1]..''
if az>1 then
br=''
local bt,i=string.find(u,'2+')
while bt do
br=br..(br==''and''or' ')..bt-1 ..(bt==i and''or'-'..i-1)
bt,i=string.find(u,'2+',i+1)
end
u=string.gsub(u,'2','1')
end
local s,l=b+ARGV[aj],nil
local i=string.format('%.0f',s)
if not ie then
l=ae(cm)
if not l then return nil end
else
local ad
if IS_CLUSTER then
ad=n('MGET',cm,KEYS[h+6])
else
local kx=string.sub(cm,1,string.find(cm,'~fence:',1,true)-1)
ad=n('MGET',cm,KEYS[h+6],kx..'~server')
end
if ad.err or ad[2]or n('HGET',KEYS[h+5],KEYS[h])then return nil end
local af=ad[1]and string.find(ad[1],'^%d+$')and ad[1]+0
if not af or af<1 or af>=9000000000000000 then return nil end
local di=ad[3]and string.match(ad[3],'^complete %S+ %S+ (%S+) ')or''
if#di~=32 then di=string.format('%-32.32s',di)end
if n('GETRANGE',KEYS[h+4],0,31)~=di then return nil end
l=af-af%16384
for c=1,az do
local j=32+16*du[c]
l=math.max(l,tonumber(n('GETRANGE',KEYS[h+4],j,j+15))or af)
end
l=l+1
if ba~=''then
if x=='0'then n('DEL',KEYS[h+2],KEYS[h+3])end
local jr=n('ZADD',KEYS[h+3],ap,ba)
if type(jr)~='number'then return nil end
n('HSET',KEYS[h+2],ba,w)
if x=='0'or ap+0<as+0 then as=ap end
if ap+0>x+0 then x=ap end
end
local ao=string.format('%016.0f',l)
for c=1,az do n('SETRANGE',KEYS[h+4],32+16*du[c],ao)end
if af<l then n('SET',cm,string.format('%.0f',l))end
if not aq then n('PEXPIRE',KEYS[h+4],604800000)end
end
ba=i..':'..br..':'..g
hh(h,as,x,bo,u,ba,x+0>s and x or i,b)
return{1,l,br,''}
end,
['slots.extend']=function(h,ah,aj)
local g=ARGV[ah]
if ARGV[aj+4]~='0'or ARGV[aj-1]~='5'then return nil end
local aq=n('GET',KEYS[h])
if not aq or aq.err then return nil end
local as,x,bo,u,ap,w,ba=string.match(aq,gd)
if not as or n('HGET',KEYS[h+5],KEYS[h])then return nil end
local b=fd()
if(x~='0'and b>as+0)or(ba~=''and ap+0<b)then return nil end
local s=b+ARGV[aj+1]
local i=string.format('%.0f',s)
if ba==g then
if w~=ARGV[aj+2]then return nil end
if ap+0>=s then return 1 end
ap=i
if x+0>s then i=x end
else
if x=='0'or n('HGET',KEYS[h+2],g)~=ARGV[aj+2]then return nil end
local ag=n('ZSCORE',KEYS[h+3],g)
if type(ag)~='string'then return nil end
if ag+0>=s then return 1 end
n('ZADD',KEYS[h+3],i,g)
if x+0>=s then return 1 end
x=i
if ap+0>s then i=ap end
end
hh(h,as,x,bo,u,ap..':'..w..':'..ba,i,b)
return 1
end,
['slots.release']=function(h,ah,aj)
local g=ARGV[ah]
if ARGV[aj-1]~='3'then return nil end
local ad=n('MGET',KEYS[h],KEYS[h+6],KEYS[h+7])
if ad.err or ad[2]or ad[3]then return nil end
if not ad[1]then return 0 end
local as,x,bo,u,ap,w,ba=string.match(ad[1],gd)
if not as then return nil end
if ba==g and x=='0'then
return n('DEL',KEYS[h])==1 and 1 or nil
end
if x=='0'then return nil end
local i,bx=x,w
if ba==g then
if ap+0<x+0 and ap+0<fd()then return nil end
ap,w,ba='0','',''
else
local ag=n('ZSCORE',KEYS[h+3],g)
bx=n('HGET',KEYS[h+2],g)
if type(bx)~='string'or type(ag)~='string'or ag+0<fd()then return nil end
n('ZREM',KEYS[h+3],g)
n('HDEL',KEYS[h+2],g)
if ag==x then
x=n('ZREVRANGE',KEYS[h+3],0,0,'WITHSCORES')[2]or'0'
if x=='0'then
as,bo='0','0'
if ba==''then return n('DEL',KEYS[h])and 1 end
end
end
i=ap+0>x+0 and ap or x
end
local ca=tonumber(bx)
if ca then
u=string.sub(u,1,ca)..'0'..string.sub(u,ca+2)
else
for bt,fx in string.gmatch(bx,'(%d+)%-?(%d*)')do
if fx==''then fx=bt end
u=string.sub(u,1,bt)..string.rep('0',fx-bt+1)..string.sub(u,fx+2)
end
end
hh(h,as,x,bo,u,ap..':'..w..':'..ba,i)
return 1
end
}
local gk={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_10,
    PART_11,
    PART_12,
    PART_13,
    PART_5,
    PART_6,
  ],
  "2ea412b5a3593cb900b2ece9c5e833f73c92ca32",
  "b8615d152e8dbbe36525753d4cc2f69600e77c2f",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_14,
    PART_3,
    `local function je(k)
local by=redis.pcall('GET',k)
return type(by)=='string'and by or''
end
local function jh(k,ka,m)
local dp=je(k)
local ar=redis.call('TIME')
local b=string.format('%.0f',tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000))
if dp==ka then
dp=m(tonumber(b))
redis.call('SET',k,dp)
end
return{1,dp,b}
end
aa['marker.replace']=function(a,d)
return jh(a[1],d[1],function()return d[2]end)
end
aa['marker.lose']=function(a,d)
return jh(a[1],d[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(d[2]))
end)
end`,
    `aa['identify']=function(a)
local ej=''
local function fu(ld)
local fj=redis.pcall('INFO',ld)
if type(fj)=='table'then fj,ej='',fj.err end
return function(kc)return string.match(fj,'%f[%w_]'..kc..':([^\\r\\n]*)')or''end
end
local fw,iz,gz=fu('server'),fu('memory'),fu('replication')
local ar=redis.call('TIME')
local p=fw('redis_mode')
if p==''then p=fw('server_mode')end
return{
1,fw('run_id'),tonumber(fw('uptime_in_seconds'))or-1,
tonumber(ar[1])*1000000+tonumber(ar[2]),
tonumber(fu('persistence')('aof_enabled'))or-1,
iz('maxmemory_policy'),tonumber(iz('maxmemory'))or-1,
gz('role'),p,gz('master_replid'),gz('master_replid2'),
a[1]and je(a[1])or'',ej
}
end`,
    PART_11,
    `aa['counters.read']=function(a)
local ab,b={1},bf()
for c=1,#a,2 do
local eo,l=pcall(bm,a[c])
ab[#ab+1]=eo and l and string.format('%.0f',l)or''
end
for c=2,#a,2 do
local cu,ce,cf=redis.pcall('HGETALL',a[c]),{},{}
for j=1,cu.err and 0 or#cu,2 do
ce[#ce+1],cf[cu[j]]=cu[j],cu[j+1]
end
table.sort(ce)
for al,q in ipairs(ce)do
local bq,y=gu(cf[q],b)
if bq then
for al,m in ipairs({c/2,q,string.format('%.0f',bq),y})do ab[#ab+1]=m end
end
end
end
return ab
end
local function jd(a,d,as)
local w,b=#a/2,bf()
for c=1,w do
local k=a[2*c-1]
local eo,l=pcall(bm,k)
if eo and d[c]~=''then
if not l then as(k)end
eh(k,tonumber(d[c]))
end
end
for j=w+1,#d,4 do
pcall(kz,a[2*tonumber(d[j])],d[j+1],tonumber(d[j+2]),tonumber(d[j+3]),b)
end
return 1
end
aa['counters.raise']=function(a,d)
return jd(a,d,cw)
end
aa['counters.restore']=function(a,d)
return jd(a,d,function()end)
end
aa['counters.lift']=function(a,d)
for c=1,#a do
local eo,l=pcall(bm,a[c])
if eo and l then eh(a[c],tonumber(d[1]))end
end
return 1
end`,
    `aa['set.note']=function(a,d)
local bw,dc,eq=d[1],d[2],tonumber(d[3])
local ar=redis.call('TIME')
local b=tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
local he,ip,ih=b,false,false
local cq,ao={},redis.pcall('GET',a[1])
for cd in string.gmatch(type(ao)=='string'and ao or'','[^\\n]+')do
local fp,z,x,el,ku=string.match(cd,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
z,x,el=tonumber(z),tonumber(x),tonumber(el)
if fp and z<=x and x<=b and b<el and el<=b+3600000 then
if fp==bw then
he,ip=z,b-x<tonumber(d[4])
elseif fp==dc then
ih=true
else
cq[#cq+1]={cd,fp,x,z,el,ku}
end
end
end
local ab,at,i={1},{},b+eq
for c=math.max(1,#cq-16+2),#cq do
local bg=cq[c]
at[#at+1]=bg[1]
i=math.max(i,bg[5])
ab[#ab+1]=bg[2]
ab[#ab+1]=bg[3]-math.max(bg[4],he)
ab[#ab+1]=bg[5]-b
ab[#ab+1]=bg[6]
end
if not ip or ih then
at[#at+1]=string.format('%s %.0f %.0f %.0f %s',bw,he,b,b+eq,d[5])
redis.call('SET',a[1],table.concat(at,'\\n'),'PX',string.format('%.0f',i-b))
end
return ab
end`,
    PART_5,
    PART_6,
  ],
  "3475067272d020d19de22bdb9469c4fc2eb42434",
  "72f7aaa0026fa76c0bcfa21b0ae230258fc114c3",
);

export const HOLD_SUMMARY_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_14,
    PART_3,
    `aa['hold.summary']=function(a,d)
local ew=redis.pcall('GET',a[1])
if type(ew)~='string'or#ew>256 then ew=''end
if d[1]~=''then
local v,eq=redis.call('PTTL',a[1]),tonumber(d[2])
if ew==''or v<=eq-tonumber(d[3])or v>eq then
redis.call('SET',a[1],d[1],'PX',d[2])
end
end
return{1,ew}
end`,
    PART_5,
    PART_6,
  ],
  "75379e68e29f9705bd18b197215d4d10cb5c51d8",
  "aa939ab40063abf051f46a22b1fb6a9b49407631",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_14,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    PART_10,
    PART_11,
    PART_12,
    PART_13,
    `local hp=8
local function ft(a,d)
local bh,cc,bp,cb={},{},{d[1]},{d[1]}
local ae=tonumber(d[3])
for c,k in ipairs(a)do
if c<=hp then bh[c]=k
else cc[c-hp]=k end
end
for c=4,#d do
if c<4+ae then bp[c-2]=d[c]
else cb[c-2-ae]=d[c]end
end
return bh,bp,cc,cb
end
local function jb(a,d,z)
local e,az,b=ds(redis.call('GET',a[1])),{},bf()
local al,kt=db(a,e,d[1])
for c=z,#d do
local w,s=db(a,e,d[c])
if w and s>b then az[#az+1]={d[c],w,s}end
end
return(kt or 0)>=b,az
end
local function kf(a,g,az,b)
local e=ds(redis.call('GET',a[1]))
fg(a,e,g)
for al,gv in ipairs(az)do dh(a,e,gv[1],gv[2],gv[3],b)end
eu(a,e,b)
end
local function iw(a,g,az,bu,dm,cc,cb)
local bc,q=pcall(aa[dm],cc,cb)
if bc and(type(q)=='number'or q[1]==1)then return q end
if not bu then kf(a,g,az,bf())end
if not bc then error(q,0)end
return nil,{0,q[2],q[3],q[4],q[5],2}
end
aa['quota.acquire']=function(a,d)
local bh,bp,cc,cb=ft(a,d)
local bu,az=jb(bh,bp,9)
local aw=aa['slots.acquire'](bh,bp)
if aw[1]==0 then return{0,aw[2],aw[3],aw[4],aw[5],1}end
local q,ej=iw(bh,d[1],az,bu,d[2],cc,cb)
if not q then
if#az==0 and not bu then
local b=bf()
local y=ee(bh,tonumber(bp[6]),tonumber(bp[7]),b)
local e,f=ds(redis.call('GET',bh[1])),bz(bh[7],b,ec(y))
cg(bh,e,f,aw[3],y,b)
end
return ej
end
if type(q)=='number'then return{1,math.abs(q),aw[3],aw[4],aw[5]or''}end
return{1,q[2],aw[3],aw[4],aw[5]or'',q[3],q[4],q[5]or''}
end
aa['quota.convert']=function(a,d)
local bh,bp,cc,cb=ft(a,d)
local bu,az=jb(bh,bp,7)
local aw=aa['slots.extend'](bh,bp)
if aw~=1 then return{0,aw[2],aw[3],'0','',1}end
local q,ej=iw(bh,d[1],az,bu,d[2],cc,cb)
return q and{1,math.abs(q),bp[4],'',''}or ej
end
local function hu(a,d,dm)
local bh,bp,cc,cb=ft(a,d)
local aw=aa[dm](bh,bp)
if aw~=1 then return aw end
return aa[d[2]](cc,cb)
end
aa['quota.commit']=function(a,d)return hu(a,d,'slots.commit')end
aa['quota.extend']=function(a,d)return hu(a,d,'slots.extend')end
aa['quota.release']=function(a,d)
local bh,bp,cc,cb=ft(a,d)
local bc,aw=pcall(aa['slots.release'],bh,bp)
local q=aa[d[2]](cc,cb)
if not bc then error(aw,0)end
return q~=0 and q or aw
end`,
    PART_5,
    PART_6,
  ],
  "de63c6db5a2a067d53bff8ef5c48f3aafa7398f0",
  "ce0f62f68c0c69a889d51171a07d5dc6e995f0e9",
);
