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

const PART_2 = `if#KEYS<=fe and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local fq=fd[ARGV[1]]
local aa=fq and fq(1,6+ARGV[5],6,#KEYS)
if aa then return aa end
end`;

const PART_3 = `local function general()
local ac={}
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
local function ey(k,l)
redis.call('SET',k,string.format('%.0f',l))
end
local function en(k)
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
local ea=en(k)
if ea then return ea end
redis.call('DEL',k)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function eh(k,l)
local dp=bm(k)
if not dp then l=math.max(l,en(k)or 0)end
if(dp or 0)<l then ey(k,l)end
end`;

const PART_4 = `local function et(k)
local bk=redis.pcall('GET',k)
return type(bk)=='string'and bk or nil
end
local function gh(k,au,ak)
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
local function el(k,au)
local bk=et(k)
if not bk then return end
local cq={}
for bg in string.gmatch(bk,'%S+')do
if bg~=au then cq[#cq+1]=bg end
end
if#cq==0 then redis.call('DEL',k)
else redis.call('SET',k,table.concat(cq,' '),'PX',math.max(redis.call('PTTL',k),1))end
end
local function ge(k,kn)
local bk=et(k)
if not bk then return false end
local z=kn and string.match(bk,'%S+')or''
if z~=''then el(k,z)end
redis.pcall('PUBLISH',k,z)
return z~=''
end`;

const PART_5 = `return ac
end`;

const PART_6 = `local function kw(fq,h,ed,ah,t,aj,am)
local a,d={unpack(KEYS,h,h+ed-1)},{unpack(ARGV,ah,ah+t-1)}
for c=1,am do d[t+c]=ARGV[aj+c-1]end
local bc,aa=pcall(fq,a,d)
if bc then return aa end
if type(aa)=='table'then aa=aa.err or aa[1]end
return{-1,tostring(aa)}
end
local cj,ac,h,ah={},nil,1,1
while ah<=#ARGV do
local dm,dd,ed=ARGV[ah],tonumber(ARGV[ah+1]),tonumber(ARGV[ah+2])
local t,am,aj=tonumber(ARGV[ah+3]),tonumber(ARGV[ah+4]),ah+5
ah=aj+am
local ie=ed<=fe
local ib=ie and fd[dm]
local ia=ie and dd>1 and gi[dm]
local dg=0
while dg<dd do
local ae=ia and ia(h,ah,dd-dg,cj)or 0
if ae==0 then
local aa=ib and ib(h,ah,aj,ed)
if not aa then
ac=ac or general()
aa=kw(ac[dm],h,ed,ah,t,aj,am)
end
cj[#cj+1]=aa
ae=1
end
h,ah,dg=h+ae*ed,ah+ae*t,dg+ae
end
end
return#cj==1 and cj[1]or cj`;

const PART_7 = `local function fa(ab)return string.match(ab,'^%w+')or''end
local function da(f,c)
local ao=f[c]
if type(ao)~='string'then return ao end
local ag,ab,cn,s,ay,ax=
string.match(ao,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local o
if cn and f.is_demand(cn)then
o={tonumber(ag),ab,cn,tonumber(s),tonumber(ay),tonumber(ax),false,ao}
else
o={0,'','',0,0,0,true,ao}
end
f[c]=o
return o
end
local function ez(f,o)
f.check=math.min(f.check,o[4]+1)
if o[5]>0 then f.check=math.min(f.check,o[5]+50+1)end
end
local function jw(f,b)
local gd,dq=0,{}
local ae=#f
f.check=math.huge
for c=1,ae do
local o=da(f,c)
f[c]=nil
if o[4]>=b then
gd=gd+1
f[gd]=o
ez(f,o)
if o[5]>0 and b-o[5]>50 then
local au=fa(o[2])
dq[au]=math.max(dq[au]or 0,o[5])
o[7]=true
end
end
end
if not next(dq)then return end
for al,o in ipairs(f)do
local au=fa(o[2])
if dq[au]and o[4]-3000>dq[au]then dq[au]=nil end
end
for al,o in ipairs(f)do o[7]=o[7]or dq[fa(o[2])]~=nil end
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
local function gl(o,ag,ab)
return o[1]>ag or(o[1]==ag and o[2]>ab)
end
local function hs(f,ab,ag,jv)
local bn
for c=1,#f do
local o=da(f,c)
if o[2]==ab or(ag and gl(o,ag,ab))then break end
if not o[7]and jv(o[3])then
if bn then return bn,true end
bn=o
end
end
return bn,false
end
local function gv(f,ab)
local kv=' '..ab..' '
for c,o in ipairs(f)do
if type(o)~='string'or string.find(o,kv,1,true)then
if da(f,c)[2]==ab then return c end
end
end
end
local function fu(f,ab,b)
local j=ab~=''and gv(f,ab)
if not j then return nil end
local o=da(f,j)
o[4],o[5],o[7],o[8]=b+3000,0,false,nil
f.last=math.max(f.last,o[4])
return j
end
local function ji(f,ab,b)
local j=fu(f,ab,b)
if not j then return false end
local o=f[j]
o[5],o[7]=math.max(1,b-50-1),true
ez(f,o)
return true
end
local function jk(f,ab,cn,ax,dl,b,w)
local j=fu(f,ab,b)
if j and f[j][6]>=ax then
f[j][3]=cn
return j
end
if j then table.remove(f,j)end
if ax==0 then ax=w+1 end
local ag=ax-dl
j=#f+1
while j>1 and gl(da(f,j-1),ag,ab)do j=j-1 end
local o={ag,ab,cn,b+3000,0,ax,false}
table.insert(f,j,o)
ez(f,o)
f.last,f.ticket=math.max(f.last,o[4]),math.max(f.ticket,ax)
f[256+1]=nil
return j
end
local function iu(f,ab)
local j=gv(f,ab)
if j then table.remove(f,j)end
return j~=nil
end
local function iz(f,ch,b)
local ay,fb,gn={},{},false
for c=1,#f do
local o=da(f,c)
if not o[7]then
local au=fa(o[2])
gn=gn or not ch(o[3])
if gn then
if not next(fb)then break end
if not fb[au]then return ay,true,o[2]end
else
if o[5]<=0 then
o[5],o[8]=b,nil
ez(f,o)
ay[#ay+1]=o
end
fb[au]=true
end
end
end
return ay,next(fb)~=nil,nil
end
local function jm(cf,dz)
return table.concat(cf,' ')..(dz and' ~'..dz or'')
end`;

const PART_8 = `local fx={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function dk(ao)return fx[ao]end
local function hw(kr,bg)return string.find(fx[kr],' '..bg..' ',1,true)end
local function km(kq)
local fh={}
return function(p)
if fh[p]==nil then fh[p]=not kq(p)end
if not fh[p]then return false end
for bg in string.gmatch(fx[p],'%u+')do fh[bg]=false end
return true
end
end`;

const PART_9 = `local cx,hm='~s','~p'
local df,fz=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local hp={'IS','IX','SIX','S'}
local ga={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=hp}
local function bf()
local ar=redis.call('TIME')
return tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local function gr(ao)
local an={}
for p in string.gmatch(ao,'%u+')do
if not ga[p]then error('unknown mode '..p,0)end
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
if ga[p]then return p,g end
end
local function ex(kp)return string.format('%.0f',kp)end
local function ir(k,p,ae)
local af=fz[p]*df
return redis.pcall('ZREVRANGEBYSCORE',k,'('..ex(af+df),ex(af),'WITHSCORES','LIMIT',0,ae),af
end
local function fp(r,p,t,b)
local m=redis.call('GET',r.lock)
if m and(m==hm or string.sub(m,1,3)==hm..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local dr,bi=ev(m)
if bi then
local y=not t[bi]and redis.call('PTTL',r.lock)
if y and(y==-1 or hw(p,dr))then return y,bi end
return nil
end
if t[m]then return nil end
if m and m~=cx then return redis.call('PTTL',r.lock),m end
local i,ai
if not m and redis.call('EXISTS',r.shared)==0 then return nil end
for al,lb in ipairs(ga[p])do
local ad,af=ir(r.shared,lb,#t+1)
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
local function is(r,b)
local w
if redis.call('EXISTS',r.shared)==0 then return nil end
for al,p in ipairs(hp)do
local ad,af=ir(r.shared,p,1)
local ag=tonumber(ad[2])
if ag and ag-af>=b then w=math.max(w or 0,ag-af)end
end
return w
end
local function gm(r,p,t)
local m=redis.call('GET',r.lock)
if p=='X'then return t[m]end
local dr,bi=ev(m)
if bi then return t[bi]and dr==p end
for al,g in ipairs(t)do
local ag=redis.call('ZSCORE',r.shared,g)
if ag and math.floor(tonumber(ag)/df)==fz[p]then return true end
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
local function hr(k,p,g,s,b)
local af=fz[p]*df
redis.call('ZREMRANGEBYSCORE',k,ex(af),'('..ex(af+b))
redis.call('ZADD',k,ex(af+s),g)
if redis.call('PTTL',k)<s-b then redis.call('PEXPIRE',k,s-b)end
end
local function il(r,p,t,ak,b)
local q,am,g,ci=r.lock,r.shared,t[1],false
local m=redis.call('GET',q)
local s=b+ak
local dr,bi=ev(m)
local ai,kh=bi or m,dr or'X'
if t[ai]then
local y=redis.call('PTTL',q)
if y==-1 and ai==g and p==kh then return false end
s=math.max(s,b+y)
if bi==g and p==dr then
redis.call('SET',q,m,'PX',s-b)
return false
end
ci=ai~=g
m=nil
elseif bi then
local y=math.max(1,redis.call('PTTL',q))
hr(am,dr,bi,b+y,b)
redis.call('SET',q,cx,'PX',y)
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
hr(am,p,g,s,b)
if m~=cx then
redis.call('SET',q,cx,'PX',is(r,b)-b)
else
local y=redis.call('PTTL',q)
if y>=0 and y<s-b then redis.call('PEXPIRE',q,s-b)end
end
return ci
end
local hk={}
local function cg(r,f,b)
if#f==0 then return{},false end
local ay,ch,dz=iz(
f,km(function(p)return fp(r,p,hk,b)end),b)
for c,o in ipairs(ay)do ay[c]=o[2]end
if#ay>0 then
ct(r.line,f,b)
redis.pcall('PUBLISH',r.wake,jm(ay,dz))
end
return ay,ch
end
local function ju(r,p,t,ab,ag,f,b)
local y,ai=fp(r,p,t,b)
if y or#f==0 or kk(r,t)then return y,ai end
local bn,kg=hs(f,ab,ag,function(bg)return hw(bg,p)end)
if not bn then return nil end
if r.wake then cg(r,f,b)end
if kg then return-1,''end
if bn[5]>0 then return math.max(0,50-b+bn[5]),''end
y,ai=fp(r,bn[3],hk,b)
return y and-1 or 50,ai or''
end
local function kb(ic,an,bu)
local l,hy,be=0,false,{}
for al,p in ipairs(an)do
if(p=='X'or p=='SIX')and not bu then hy=true end
end
for c,k in ipairs(ic)do
local i=bm(k)
be[c]=i or 0
l=math.max(l,i and(hy and i+1 or i)or cw(k))
end
for c,k in ipairs(ic)do
if be[c]~=l then ey(k,l)end
end
return l
end
ac['modes.acquire']=function(a,d)
local ak,ab,ax,dl=tonumber(d[2]),'',0,0
if d[4]~=''then
ab,ax,dl=string.match(d[4],'^(%S*) (%S+) (%S+)$')
ax,dl=tonumber(ax),tonumber(dl)
end
local an,t,js,b=gr(d[3]),dv(d,5),{d[1],[d[1]]=true},bf()
local bl=eg(a,#an,ab==''and 3 or 4)
local ag=ax>0 and ax-dl or nil
local at,be,j,bv,ai={},b,nil,nil,nil
local bu,ci=true,false
for c,p in ipairs(an)do
local r=bl[c]
at[c]=bz(r.line,b,dk)
be=math.max(be,at[c].ticket)
local y,lf=ju(r,p,t,ab,ag,at[c],b)
if y then
j=j or c
if not ai or(bv~=-1 and(y==-1 or y>bv))then
bv,ai=y,lf
end
elseif not gm(r,p,js)then
bu=false
end
end
local cd,es=j or#an,nil
if ab~=''then
es=jk(at[cd],ab,an[cd],ax,dl,b,be)
if not j and at[cd][es]then at[cd][es][5]=-1 end
ct(bl[cd].line,at[cd],b)
end
if j then
if ab~=''then pcall(gh,bl[j].wake,ab,ak)end
return{0,bv,ai,string.format('%.0f',be),es and es-1 or#at[j]}
end
local l=kb(bl.fences,an,bu)
for c,p in ipairs(an)do
local r=bl[c]
if il(r,p,t,ak,b)then ci=true end
if c~=cd and fu(at[c],ab,b)then ct(r.line,at[c],b)end
end
return ci and-l or l
end
ac['modes.convert']=ac['modes.acquire']
ac['modes.commit']=function(a,d)
local an,t=gr(d[3]),{d[1],[d[1]]=true}
local bl=eg(a,#an,4)
for c,p in ipairs(an)do
if not gm(bl[c],p,t)then return{0}end
end
for al,k in ipairs(bl.fences)do
if not bm(k)then cw(k)end
eh(k,tonumber(d[2]))
end
return 1
end
ac['modes.extend']=function(a,d)
local l,ak,an=tonumber(d[2]),tonumber(d[3]),gr(d[4])
local bl,t,b,bd=eg(a,#an,4),dv(d,5),bf(),true
for c,p in ipairs(an)do
local y,ai=fp(bl[c],p,t,b)
if y then return{0,y,ai}end
bd=bd and gm(bl[c],p,t)
end
for al,k in ipairs(bl.fences)do
local gj=not bd and(bm(k)or en(k))
if gj then eh(k,l)end
end
for c,p in ipairs(an)do
local r=bl[c]
if il(r,p,t,ak,b)then cg(r,bz(r.line,b,dk),b)end
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
local fk=false
for al,g in ipairs(t)do
local ag=redis.pcall('ZSCORE',r.shared,g)
if type(ag)=='string'then
redis.call('ZREM',r.shared,g)
fk=true
if tonumber(ag)%df>=b then bb=true end
end
end
if m and m~=cx then return bb,false end
local w=fk and is(r,b)
if w then
local y=redis.call('PTTL',q)
local fj=y>w-b+1
if y<0 or fj then redis.call('SET',q,cx,'PX',math.max(1,w-b))end
return bb,false,fj
end
if fk and m then redis.call('DEL',q)end
return bb,fk or bb
end
local function it(r,f,ab,b)
local ih=iu(f,ab)
if ih then ct(r.line,f,b)end
pcall(el,r.wake,ab)
return ih
end
ac['modes.release']=function(a,d)
local ab,t,b=d[2],dv(d,3),bf()
local bb,eb,ij=false,false,string.find(ab,'.',1,true)
for al,r in ipairs(eg(a,#a/4,4))do
local bd,kj,fj=bs(r,t,b)
local at=(bd or ij)and redis.pcall('MGET',r.line,r.wake)
if bd then bb=true end
if at and(at[1]or at[2])then
local f=bz(r.line,b,dk)
if ij then it(r,f,ab,b)end
local bc,ay,ch=pcall(cg,r,f,b)
if not bc then ay,ch={},false end
for al,bg in ipairs(ay)do
if bg~=ab then eb=true end
end
if kj and not ch and ge(r.wake,ab~='')then eb=true end
if fj and#ay==0 then redis.pcall('PUBLISH',r.wake,'')end
end
end
if not bb then return 0 end
return eb and-1 or 1
end
ac['modes.releaseAll']=ac['modes.release']
ac['modes.leave']=function(a,d)
local b=bf()
for al,r in ipairs(eg(a,#a/4,4))do
local f=bz(r.line,b,dk)
if it(r,f,d[1],b)then pcall(cg,r,f,b)end
end
return 1
end`;

const PART_10 = `local cl,cy,fy,jo='0','1','2',48
local jq=64
local function cz(ao)
local ko=string.gmatch(ao,'(%d+)%-?(%d*)')
return function()
local z,i=ko()
if z then return tonumber(z),tonumber(i)or tonumber(z)end
end
end
local function jh(u,dy)
local ha,bt,i={},string.find(u,dy..'+')
while bt do
ha[#ha+1]=bt==i and tostring(bt-1)or string.format('%d-%d',bt-1,i-1)
bt,i=string.find(u,dy..'+',i+1)
end
return table.concat(ha,' ')
end
local function cr(u,v,dy)
local dn,j={},0
for z,i in cz(v)do
if z<j then u,dn,j=table.concat(dn)..string.sub(u,j+1),{},0 end
if z>#u then u=u..string.rep(cl,z-#u)end
dn[#dn+1]=string.sub(u,j+1,z)
dn[#dn+1]=string.rep(dy,i-z+1)
j=i+1
end
return table.concat(dn)..string.sub(u,j+1)
end
local function jt(u,v)
for z,i in cz(v)do
if string.find(string.sub(u,z+1,i+1),cy,1,true)then return false end
end
return true
end
local function eo(u,x)
return#string.gsub(string.sub(u,1,x),cy..'+','')
end
local function jy(v)
local gs=0
for al,i in cz(v)do gs=math.max(gs,i+1)end
return gs
end
local function ks(g,x)
local ck,de=string.match(g,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not ck then return 0,1 end
return tonumber(ck,16)%x,1+tonumber(de,16)%x
end
local function hv(u,av,x,gw,t,g)
local cp=av
local function ew(z,i)
i=math.min(i,x-1)
if cp==0 or z>i then return end
local lc,ae=string.gsub(string.sub(u,z+1,i+1),cl,fy,cp)
if ae==0 then return end
u,cp=string.sub(u,1,z)..lc..string.sub(u,i+2),cp-ae
end
for z,i in cz(gw)do ew(z,i)end
if t then
for z,i in cz(t)do ew(z,i)end
else
local ck,de=ks(g,x)
for c=0,jq-1 do
if cp==0 then break end
local ca=(ck+c*de)%x
if string.byte(u,ca+1)==jo then ew(ca,ca)end
end
ew(ck,x-1)
ew(0,ck-1)
end
if cp>0 then return nil end
return jh(u,fy),(string.gsub(u,fy,cy))
end`;

const PART_11 = `local hj='~'
local function bf()
local ar=redis.call('TIME')
return tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local function gt(ao,b)
local bq,x,fw=string.match(ao,'^(%d+) (%d+) (%d+)$')
if bq and tonumber(fw)+604800000+86400000>=b then return tonumber(bq),tonumber(x),tonumber(fw)end
end
local function je(k,q,b)
return gt(redis.call('HGET',k,q)or'',b)
end
local function hi(k,q,bq,x,b)
local hx=tonumber(redis.call('HGET',k,hj)or'')
if not hx or hx+86400000<b then
local cu=redis.call('HGETALL',k)
for c=1,#cu,2 do
if not gt(cu[c+1],b)then redis.call('HDEL',k,cu[c])end
end
redis.call('HSET',k,hj,string.format('%.0f',b))
end
redis.call('HSET',k,q,string.format('%.0f %.0f %.0f',bq,x,b))
redis.call('PEXPIRE',k,604800000+86400000)
end
local function kz(k,q,bq,x,b)
if bq>(je(k,q,b)or 0)then hi(k,q,bq,x,b)end
end`;

const PART_12 = `local hn='~p'
local dw,dx=16,32
local function kl(aq)
return aq==hn or string.sub(aq,1,3)==hn..' '
end
local function ds(aq)
local as,w,bo,u,s,v,g=
string.match(aq or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(as)or 0,['latest']=tonumber(w)or 0,['kept']=tonumber(bo)or 0,['map']=u or'',
['deadline']=tonumber(s)or 0,['slots']=v or'',['token']=g or'',
['is_new']=not g,['is_other']=aq and not kl(aq)
}
end
local function eu(a,e,b)
local i=math.max(e.latest,e.deadline)
if i==0 then
redis.call('DEL',a[1])
return 0
end
local iq=e.latest>0 and i>e.kept
if iq then
e.kept=i+math.max(1,i-b)
for j=3,4 do redis.call('PEXPIREAT',a[j],string.format('%.0f',e.kept))end
end
if iq or e.is_new then redis.call('PEXPIRE',a[5],604800000)end
redis.call('SET',a[1],string.format('~p %.0f %.0f %.0f %s %.0f:%s:%s',e.check,e.latest,e.kept,e.map,
e.deadline,e.slots,e.token),'PXAT',string.format('%.0f',i))
return i
end
local function db(a,e,g)
if g==e.token then return e.slots,e.deadline end
local v=e.latest>0 and redis.call('HGET',a[3],g)
local s=v and redis.call('ZSCORE',a[4],g)
if s then return v,tonumber(s)end
end
local function hu(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function ff(a,e,g)
local v,s=db(a,e,g)
if not v then return nil end
e.map=cr(e.map,v,cl)
if g==e.token then
e.deadline,e.slots,e.token=0,'',''
return v,s
end
redis.call('ZREM',a[4],g)
redis.call('HDEL',a[3],g)
if s==e.latest then
e.latest=tonumber(redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2])or 0
if e.latest==0 then e.check,e.kept=0,0 end
end
return v,s
end
local function fg(a,e,b)
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
local function jf(a,e,g,s,b)
local dj=false
if g==e.token then
if e.deadline<s then e.deadline,dj=s,true end
elseif tonumber(redis.call('ZSCORE',a[4],g))<s then
redis.call('ZADD',a[4],string.format('%.0f',s),g)
if e.latest<s then e.latest,dj=s,true end
end
if dj then eu(a,e,b)end
end
local function dh(a,e,g,v,s,b)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=s,v,g,cr(e.map,v,cy)
eu(a,e,b)
end
local function jb(a)
local di=''
if not IS_CLUSTER then
local by=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
di=type(by)=='string'and string.match(by,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..dx..'.'..dx..'s',di)
end
local function gf(a)
return redis.call('GETRANGE',a[5],0,dx-1)==jb(a)
end
local function fn(a,v,af)
if not gf(a)then return af end
local go=af-af%16384
for z,i in cz(v)do
local ao=redis.call('GETRANGE',a[5],dx+dw*z,dx+dw*(i+1)-1)
for c=0,i-z do
local ae=tonumber(string.sub(ao,dw*c+1,dw*(c+1)))
go=math.max(go,ae or af)
end
end
return go
end
local function hh(a,v,ae,af)
if not gf(a)then redis.call('SET',a[5],jb(a),'PX',604800000)end
local ao=string.format('%0'..dw..'.0f',ae)
for z,i in cz(v)do
redis.call('SETRANGE',a[5],dx+dw*z,string.rep(ao,i-z+1))
end
if af<ae then ey(a[2],ae)end
end`;

const PART_13 = `local hl='~s'
local function dv(d,z)
local t={d[1]}
for c=z,#d do t[#t+1]=d[c]end
return t
end
local function gx(a)
local aq=redis.call('GET',a[1])
if aq and(aq==hl or string.sub(aq,1,3)==hl..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
local e=ds(aq)
if e.is_other then return e,aq,redis.call('PTTL',a[1])end
return e,nil,nil
end
local function ee(a,x,bq,b)
local be,ae,fw=je(a[6],a[1],b)
if bq>(be or 0)then
be,ae=bq,x
hi(a[6],a[1],be,ae,b)
elseif be and fw+86400000<b then
hi(a[6],a[1],be,ae,b)
end
if not be then return x,''end
return ae,string.format('%.0f %.0f',be,ae)
end
local function fr(u,dd)
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
local v=cv[c]==e.token and e.slots or redis.call('HGET',a[3],cv[c])or''
for z,jz in cz(v)do cp=cp-(jz-z+1)end
if cp<=0 then break end
end
return i<0 and-1 or math.max(0,i-b),cv[1]or''
end
local function ec(x)
return function(ao)
local ae=tonumber(ao)
return ae and ae<=x
end
end
local function cg(a,e,f,bx,x,b)
if#f==0 then return 0,false end
local u=fr(e.map,x)
local bs=e.is_other and 0 or eo(u,x)
local ay,ch,dz=iz(f,function(cn)
bs=bs-tonumber(cn)
return bs>=0
end,b)
local cf={}
for c,o in ipairs(ay)do
local v,la=hv(u,tonumber(o[3]),x,bx,'0-'..x-1)
u=la or u
cf[c]=o[2]..':'..string.gsub(v or'',' ',',')
end
if#cf>0 then
ct(a[7],f,b)
redis.pcall('PUBLISH',a[8],jm(cf,dz))
end
return#cf,ch
end
ac['slots.acquire']=function(a,d)
local g,ak,ab,ax,av=d[1],tonumber(d[2]),d[3],tonumber(d[4]),tonumber(d[5])
local gw,fl,t,b=d[8],#d>8,dv(d,9),bf()
local e,ai,bv=gx(a)
local x,er=ee(a,tonumber(d[6]),tonumber(d[7]),b)
if av>x then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',x,av),0)end
fg(a,e,b)
local f=bz(a[7],b,ec(x))
local be=math.max(b,f.ticket)
local u=fr(e.map,x)
local v,br=db(a,e,g),nil
if ai then
if ab~=''then pcall(gh,a[8],ab,ak)end
elseif v then
local l=fn(a,v,bm(a[2])or cw(a[2]))
jf(a,e,g,b+ak,b)
if ji(f,ab,b)then ct(a[7],f,b)end
return{1,l,v,er,fl and u or nil}
else
local cs,dc=u,''
for c=2,#t do
local bj=db(a,e,t[c])or''
cs,dc=cr(cs,bj,cl),dc..' '..bj
end
local bn
if#f>0 and not fl then
local bs=eo(cs,x)
bn=bs>=av and hs(f,ab,ax>0 and ax or nil,function(cn)
bs=bs-tonumber(cn)
return bs<av
end)
end
if not bn then br=hv(cs,av,x,gw,fl and dc or nil,g)end
if br then
local af=bm(a[2])
local z=not af and cw(a[2])
local l,s=fn(a,br,af or z)+1,b+ak
hu(a,e)
for c=2,#t do
local al,ap=ff(a,e,t[c])
s=math.max(s,ap or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
l=z or l
ey(a[2],l)
else
hh(a,br,l,af or z)
end
dh(a,e,g,br,s,b)
if ji(f,ab,b)then ct(a[7],f,b)end
return{1,l,br,er,fl and cr(cs,br,cy)or nil}
end
local bs=eo(u,x)
bv,ai=kd(a,e,av-bs,b)
if bn then
cg(a,e,f,'',x,b)
if bn[5]>0 then bv,ai=math.max(0,50-b+bn[5]),''
else bv=-1 end
end
end
if ab~=''then
jk(f,ab,string.format('%.0f',av),ax,0,b,be)
ct(a[7],f,b)
end
return{0,bv,ai,string.format('%.0f',be),er}
end
ac['slots.commit']=function(a,d)
local l,v=tonumber(d[2]),d[3]
local e=ds(redis.call('GET',a[1]))
if db(a,e,d[1])~=v then return{0}end
local af=bm(a[2])or cw(a[2])
local ae=fn(a,v,af)
if ae<l or not gf(a)then hh(a,v,math.max(ae,l),af)end
return 1
end
ac['slots.extend']=function(a,d)
local g,l,ak,v=d[1],tonumber(d[2]),tonumber(d[3]),d[4]
local t,b=dv(d,7),bf()
local e,ai=gx(a)
if ai then return{0,-1,ai}end
local x=ee(a,tonumber(d[5]),tonumber(d[6]),b)
fg(a,e,b)
local bj=db(a,e,g)
if bj==v and#t==1 then
jf(a,e,g,b+ak,b)
return 1
end
local cs,ap=fr(e.map,math.max(x,jy(v))),''
for al,co in ipairs(t)do
local dc=db(a,e,co)or''
cs,ap=cr(cs,dc,cl),ap..' '..dc
end
if not jt(cs,v)then
local jn={g,'',d[5],d[6]}
for c=2,#t do jn[c+3]=t[c]end
ac['slots.release'](a,jn)
return{0,-1,''}
end
hu(a,e)
local af=bj~=v and(bm(a[2])or en(a[2]))
if af then hh(a,v,math.max(l,fn(a,v,af)),af)end
local s=b+ak
for al,co in ipairs(t)do
local al,i=ff(a,e,co)
s=math.max(s,i or 0)
end
dh(a,e,g,v,s,b)
local bx=jh(cr(cr(string.rep(cl,#cs),ap,cy),v,cl),cy)
if bx~=''then cg(a,e,bz(a[7],b,ec(x)),bx,x,b)end
return 1
end
ac['slots.release']=function(a,d)
local au,t,b=d[2],dv(d,5),bf()
local aq=redis.pcall('GET',a[1])
local e=ds(type(aq)=='string'and aq)
local bx,bb,he,ip='',false,0,false
for al,co in ipairs(t)do
local v,s=ff(a,e,co)
if v then
ip,bb=true,bb or s>=b
bx,he=bx..' '..v,math.max(he,s)
end
end
if not ip then return 0 end
local at=redis.pcall('MGET',a[7],a[8])
local ii=at[1]or at[2]
if ii then fg(a,e,b)end
local i=eu(a,e,b)
if ii then
local x=ee(a,tonumber(d[3]),tonumber(d[4]),b)
local f=bz(a[7],b,ec(x))
local bc,ay,ch=pcall(cg,a,e,f,bx,x,b)
if not bc then ay,ch=0,false end
if i==0 and not ch then ge(a[8],au~='')
elseif i>0 and he>i and ay==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bb and 1 or 0
end
ac['slots.leave']=function(a,d)
local b=bf()
local x=ee(a,tonumber(d[2]),tonumber(d[3]),b)
local f=bz(a[7],b,ec(x))
if iu(f,d[1])then
ct(a[7],f,b)
pcall(function()cg(a,ds(redis.call('GET',a[1])),f,'',x,b)end)
end
pcall(el,a[8],d[1])
return 1
end
ac['slots.count']=function(a,d)
local b=bf()
local e,ai=gx(a)
local x,er=ee(a,tonumber(d[1]),tonumber(d[2]),b)
fg(a,e,b)
local f=bz(a[7],b,ec(x))
cg(a,e,f,'',x,b)
local bs=ai and 0 or eo(fr(e.map,x),x)
local bq=tonumber(string.match(er,'^%d+')or 0)
return{1,bs,x,bq,#e.map-eo(e.map,#e.map)}
end
ac['slots.resize']=function(a,d)
if not bm(a[2])then cw(a[2])end
return ac['slots.count'](a,d)
end`;

const PART_14 = `local fd,gi,fe={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fe=2
local fd={
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
local y=n('PTTL',KEYS[h])
if type(y)~='number'or y<0 then return nil end
if y<tonumber(ARGV[aj])and n('PEXPIRE',KEYS[h],ARGV[aj])~=1 then return nil end
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
    `local gi={
['mutex.release']=function(h,ah,dd,cj)
local ad=n('MGET',unpack(KEYS,h,h+2*dd-1))
if ad.err then return 0 end
local bj,im,gz,dg={},{},{},0
for c=1,dd do
if ad[2*c]then break end
local q=KEYS[h+2*c-2]
local bd=ad[2*c-1]==ARGV[ah+c-1]and not im[q]
cj[#cj+1]=bd and 1 or 0
if bd then
im[q]=true
bj[#bj+1]=q
gz[#bj]=#cj
end
dg=c
end
local hz=#bj>0 and n('DEL',unpack(bj))
if type(hz)=='table'then
for c=1,#gz do cj[gz[c]]={-1,hz.err}end
end
return dg
end
}`,
    PART_3,
    PART_4,
    `local function dh(k,g,ak,bd)
if not bd then redis.call('SET',k,g,'PX',ak)
else
local y=redis.call('PTTL',k)
if y>=0 and y<tonumber(ak)then redis.call('PEXPIRE',k,ak)end
end
end
local function hq(a,g,ky,ak,ab)
local dt=ab==''and 2 or 3
local bd,bu,ci={},true,false
local bv,ai
for c=1,#a,dt do
local m=redis.call('GET',a[c])
bd[c]=m==g
if m~=g then bu=false end
if m and m==ky then
ci=true
elseif m and m~=g then
local y=redis.call('PTTL',a[c])
if not ai or(bv~=-1 and(y==-1 or y>bv))then
bv,ai=y,m
end
end
end
if ab~=''then
for c=3,#a,3 do pcall(gh,a[c],ab,tonumber(ak))end
end
if ai then return{0,bv,ai}end
local l=0
for c=2,#a,dt do
local i=bm(a[c])
l=math.max(l,i and(bu and i or i+1)or cw(a[c]))
end
for c=1,#a,dt do
dh(a[c],g,ak,bd[c])
ey(a[c+1],l)
end
return ci and-l or l
end
ac['mutex.acquire']=function(a,d)
return hq(a,d[1],nil,d[2],d[3])
end
ac['mutex.takeOver']=function(a,d)
return hq(a,d[1],d[2],d[3],d[4])
end
ac['mutex.commit']=function(a,d)
for c=1,#a,2 do
if redis.call('GET',a[c])~=d[1]then return{0}end
end
for c=2,#a,2 do
if not bm(a[c])then cw(a[c])end
eh(a[c],tonumber(d[2]))
end
return 1
end
ac['mutex.extend']=function(a,d)
local g,l,ak=d[1],tonumber(d[2]),d[3]
local bd={}
for c=1,#a,2 do
local m=redis.call('GET',a[c])
if m and m~=g then return{0,redis.call('PTTL',a[c]),m}end
bd[c]=m==g
end
for c=1,#a,2 do
local gj=not bd[c]and(bm(a[c+1])or en(a[c+1]))
if gj then eh(a[c+1],l)end
end
for c=1,#a,2 do dh(a[c],g,ak,bd[c])end
return 1
end
ac['mutex.release']=function(a,d)
local g,au=d[1],d[2]
local bb,eb=false,false
for c=1,#a,2 do
local m=redis.pcall('GET',a[c])
if au~=''then pcall(el,a[c+1],au)end
if m==g then
redis.call('DEL',a[c])
bb=true
if ge(a[c+1],au~='')then eb=true end
elseif type(m)=='table'and m.err and not string.find(m.err,'WRONGTYPE',1,true)then
error(m.err)
end
end
if not bb then return 0 end
return eb and-1 or 1
end
ac['mutex.leave']=function(a,d)
pcall(el,a[1],d[1])
return 1
end
ac['mutex.renew']=function(a,d)
local l=1
for c=1,#a,2 do
local m=redis.call('GET',a[c])
if m~=d[1]then return{0,redis.call('PTTL',a[c]),m or''}end
l=math.max(l,bm(a[c+1])or 1)
end
for c=1,#a,2 do dh(a[c],d[1],d[2],true)end
return l
end
ac['mutex.query']=function(a)
local aa={1}
for c=1,#a,2 do
aa[#aa+1]=redis.call('GET',a[c])or''
aa[#aa+1]=redis.call('PTTL',a[c])
aa[#aa+1]=et(a[c+1])or''
end
return aa
end`,
    PART_5,
    PART_6,
  ],
  "0c90dbc32ae9345e94c55192dcdc0722a5c4b05d",
  "7ae7ee19a60c17494faa955b667fe81b4c82a9cc",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fe=81
local fd={
['modes.acquire']=function(h,ah,aj,av)
local g,ak,an,cm=ARGV[ah],ARGV[aj],ARGV[aj+1],KEYS[h+av-1]
if ARGV[aj+2]~=''then return nil end
if av~=4 then
local al,ke=string.gsub(an,' ','')
if av~=3*ke+4 then return nil end
end
local eq,ei
if n('EXISTS',unpack(KEYS,h,h+av-2))~=0 then
local ad,j=n('MGET',unpack(KEYS,h,h+av-2)),1
if ad.err then return nil end
eq={}
ei={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for p in string.gmatch(an,'%u+')do
local m,q,am=ad[j],KEYS[h+j-1],KEYS[h+j]
if ad[j+2]then return nil end
if not m then
if n('EXISTS',q,am)~=0 then return nil end
else
if p=='X'or p=='SIX'then return nil end
local y,bj,ai=n('PTTL',q),nil,nil
if type(y)~='number'or y<=0 then return nil end
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
eq[j]={y,bj,ai}
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
if av==4 and not eq then
local bw=n('SET',KEYS[h],an=='X'and g or'~s '..an..' '..g,'PX',ak)
return not bw.err and l or nil
end
local j,b=1,nil
for p in string.gmatch(an,'%u+')do
local q,fm=KEYS[h+j-1],eq and eq[j]
if fm then
local am,ef,y,ai=KEYS[h+j],tonumber(ak),fm[1],fm[3]
if not b then
local ar=n('TIME')
if ar.err then return nil end
b=tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local ag,bc=string.format('%.0f',ei[p]+b+ef),nil
if ai then
local ix=math.max(y,ef)
bc=n('ZADD',am,string.format('%.0f',ei[fm[2]]+b+y),ai,ag,g)==2
and n('PEXPIRE',am,ix)==1 and not n('SET',q,'~s','PX',ix).err
else
n('ZREMRANGEBYSCORE',am,string.format('%.0f',ei[p]),string.format('(%.0f',ei[p]+b))
bc=n('ZADD',am,ag,g)==1
local jj=n('PTTL',am)
if type(jj)~='number'or jj<ef then
bc=n('PEXPIRE',am,ef)==1 and bc
end
if y<ef then bc=n('PEXPIRE',q,ef)==1 and bc end
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
local y=n('PTTL',KEYS[q])
if type(y)~='number'or y<0 then return nil end
if y<tonumber(ak)and n('PEXPIRE',KEYS[q],ak)~=1 then return nil end
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
local ce,hb,hc,b={},{},{},nil
for j=1,av,4 do
local m,q,am=ad[j],KEYS[h+j-1],KEYS[h+j]
if not m or ad[j+2]or ad[j+3]then return nil end
if m=='~s'then
local ag=n('ZSCORE',am,g)
local y=n('PTTL',q)
if type(ag)~='string'or type(y)~='number'or y<0 then return nil end
if not b then
local ar=n('TIME')
b=tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local s=tonumber(ag)%100000000000000
local af=tonumber(ag)-s
if s<b then return nil end
local iy,ik=string.format('%.0f',af),string.format('(%.0f',af+100000000000000)
local i=n('ZREVRANGEBYSCORE',am,ik,iy,'WITHSCORES','LIMIT',0,2)
if i.err then return nil end
local w,gp=tonumber(i[2])-af,nil
if i[1]==g then
gp=n('ZCARD',am)
w=i[4]and tonumber(i[4])-af
if w and(w<b or n('ZCOUNT',am,iy,ik)~=gp)then return nil end
if not w and gp~=1 then return nil end
elseif y>w-b+1 then
return nil
end
if not w then
ce[#ce+1]=q
elseif y>w-b+1 then
hc[#hc+1]={q,math.max(1,w-b)}
end
hb[#hb+1]=am
elseif m==g or string.match(m,'^~s [ISX]+ (.*)$')==g then
ce[#ce+1]=q
else
return nil
end
end
for al,aq in ipairs(hc)do n('PEXPIRE',aq[1],aq[2])end
for al,am in ipairs(hb)do
if n('ZREM',am,g)~=1 then return nil end
end
if#ce>0 and n('DEL',unpack(ce))~=#ce then return nil end
return 1
end
}
local gi={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    `ac['modes.position']=function(a,d)
local b=bf()
local f=bz(a[3],b,dk)
local j,gc,bk=gv(f,d[1]),0,0
local ag=j and f[j][1]or math.max(b,f.ticket)+1-tonumber(d[2])
for c=1,#f do
local o=da(f,c)
if not o[7]and o[5]>=0 then
bk=bk+1
if o[2]~=d[1]and not gl(o,ag,d[1])then gc=gc+1 end
end
end
return{1,gc,bk,redis.call('EXISTS',a[1])}
end
ac['modes.stay']=function(a,d)
local b=bf()
local f=bz(a[3],b,dk)
if fu(f,d[1],b)then ct(a[3],f,b)end
return 1
end`,
    `ac['modes.query']=function(a)
local aa,b={1},bf()
for al,r in ipairs(eg(a,#a/4,4))do
local hf={et(r.wake)}
local f=bz(r.line,b,dk)
for c=1,#f do
local o=da(f,c)
if o[4]>=b and o[5]>=0 then hf[#hf+1]=o[2]end
end
aa[#aa+1]=redis.call('GET',r.lock)or''
aa[#aa+1]=redis.call('PTTL',r.lock)
aa[#aa+1]=table.concat(hf,' ')
local gk=redis.call('ZRANGE',r.shared,0,-1,'WITHSCORES')
local j=#aa+1
aa[j]=0
for c=1,#gk,2 do
local y=tonumber(gk[c+1])%df-b
if y>=0 then
aa[j]=aa[j]+1
aa[#aa+1]=gk[c]
aa[#aa+1]=y
end
end
end
return aa
end`,
    PART_5,
    PART_6,
  ],
  "a598dd11c17c57af2834e9b9500baf408548470a",
  "908f24c2305910757c795e3d161a6c188917deb9",
);

export const SLOTS_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fe=8
local gb='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local jp=8
local function fc()
local ar=n('TIME')
return ar[1]*1000+math.floor(ar[2]/1000)
end
local function hg(h,as,w,bo,u,ba,i,b)
if b and w~='0'and i+0>bo+0 then
bo=string.format('%.0f',i+math.max(1,i-b))
n('PEXPIREAT',KEYS[h+2],bo)
n('PEXPIREAT',KEYS[h+3],bo)
n('PEXPIRE',KEYS[h+4],604800000)
end
n('SET',KEYS[h],'~p '..as..' '..w..' '..bo..' '..u..' '..ba,'PXAT',i)
end
local fd={
['slots.acquire']=function(h,ah,aj)
if ARGV[aj+1]~=''or ARGV[aj+5]~='0'or ARGV[aj+6]~=''or ARGV[aj-1]~='7'then return nil end
local g,az,x,cm=ARGV[ah],ARGV[aj+3]+0,ARGV[aj+4]+0,KEYS[h+1]
if az>jp or az>x then return nil end
local aq,b=n('GET',KEYS[h]),fc()
local as,w,bo,u,ap,v,ba='0','0','0','','0','',''
local id=true
if aq then
if aq.err then return nil end
as,w,bo,u,ap,v,ba=string.match(aq,gb)
if not as or ba==g then return nil end
if(w~='0'and b>as+0)or(ba~=''and ap+0<b)then return nil end
if w~='0'and n('HGET',KEYS[h+2],g)then return nil end
elseif n('EXISTS',KEYS[h+4],KEYS[h+5],KEYS[h+6])==0 then
id=false
end
local ck,de=string.match(g,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
ck,de=ck and tonumber(ck,16)%x or 0,de and 1+tonumber(de,16)%x or 1
local du,dy={},az==1 and'1'or'2'
for c=0,63 do
local ca=(ck+c*de)%x
local gg=string.byte(u,ca+1)
if gg~=49 and gg~=50 then
if not gg then u=u..string.rep('0',ca-#u)end
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
if not id then
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
if w=='0'then n('DEL',KEYS[h+2],KEYS[h+3])end
local jr=n('ZADD',KEYS[h+3],ap,ba)
if type(jr)~='number'then return nil end
n('HSET',KEYS[h+2],ba,v)
if w=='0'or ap+0<as+0 then as=ap end
if ap+0>w+0 then w=ap end
end
local ao=string.format('%016.0f',l)
for c=1,az do n('SETRANGE',KEYS[h+4],32+16*du[c],ao)end
if af<l then n('SET',cm,string.format('%.0f',l))end
if not aq then n('PEXPIRE',KEYS[h+4],604800000)end
end
ba=i..':'..br..':'..g
hg(h,as,w,bo,u,ba,w+0>s and w or i,b)
return{1,l,br,''}
end,
['slots.extend']=function(h,ah,aj)
local g=ARGV[ah]
if ARGV[aj+4]~='0'or ARGV[aj-1]~='5'then return nil end
local aq=n('GET',KEYS[h])
if not aq or aq.err then return nil end
local as,w,bo,u,ap,v,ba=string.match(aq,gb)
if not as or n('HGET',KEYS[h+5],KEYS[h])then return nil end
local b=fc()
if(w~='0'and b>as+0)or(ba~=''and ap+0<b)then return nil end
local s=b+ARGV[aj+1]
local i=string.format('%.0f',s)
if ba==g then
if v~=ARGV[aj+2]then return nil end
if ap+0>=s then return 1 end
ap=i
if w+0>s then i=w end
else
if w=='0'or n('HGET',KEYS[h+2],g)~=ARGV[aj+2]then return nil end
local ag=n('ZSCORE',KEYS[h+3],g)
if type(ag)~='string'then return nil end
if ag+0>=s then return 1 end
n('ZADD',KEYS[h+3],i,g)
if w+0>=s then return 1 end
w=i
if ap+0>s then i=ap end
end
hg(h,as,w,bo,u,ap..':'..v..':'..ba,i,b)
return 1
end,
['slots.release']=function(h,ah,aj)
local g=ARGV[ah]
if ARGV[aj-1]~='3'then return nil end
local ad=n('MGET',KEYS[h],KEYS[h+6],KEYS[h+7])
if ad.err or ad[2]or ad[3]then return nil end
if not ad[1]then return 0 end
local as,w,bo,u,ap,v,ba=string.match(ad[1],gb)
if not as then return nil end
if ba==g and w=='0'then
return n('DEL',KEYS[h])==1 and 1 or nil
end
if w=='0'then return nil end
local i,bx=w,v
if ba==g then
if ap+0<w+0 and ap+0<fc()then return nil end
ap,v,ba='0','',''
else
local ag=n('ZSCORE',KEYS[h+3],g)
bx=n('HGET',KEYS[h+2],g)
if type(bx)~='string'or type(ag)~='string'or ag+0<fc()then return nil end
n('ZREM',KEYS[h+3],g)
n('HDEL',KEYS[h+2],g)
if ag==w then
w=n('ZREVRANGE',KEYS[h+3],0,0,'WITHSCORES')[2]or'0'
if w=='0'then
as,bo='0','0'
if ba==''then return n('DEL',KEYS[h])and 1 end
end
end
i=ap+0>w+0 and ap or w
end
local ca=tonumber(bx)
if ca then
u=string.sub(u,1,ca)..'0'..string.sub(u,ca+2)
else
for bt,fv in string.gmatch(bx,'(%d+)%-?(%d*)')do
if fv==''then fv=bt end
u=string.sub(u,1,bt)..string.rep('0',fv-bt+1)..string.sub(u,fv+2)
end
end
hg(h,as,w,bo,u,ap..':'..v..':'..ba,i)
return 1
end
}
local gi={}`,
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
  "c155d6bc07401a32fe7446ef8de0a0bcd97ac87c",
  "551df4f953bd8f5619924239ad7988cd7eb04059",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_14,
    PART_3,
    `local function jd(k)
local by=redis.pcall('GET',k)
return type(by)=='string'and by or''
end
local function jg(k,ka,m)
local dp=jd(k)
local ar=redis.call('TIME')
local b=string.format('%.0f',tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000))
if dp==ka then
dp=m(tonumber(b))
redis.call('SET',k,dp)
end
return{1,dp,b}
end
ac['marker.replace']=function(a,d)
return jg(a[1],d[1],function()return d[2]end)
end
ac['marker.lose']=function(a,d)
return jg(a[1],d[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(d[2]))
end)
end`,
    `ac['identify']=function(a)
local ej=''
local function ft(ld)
local fi=redis.pcall('INFO',ld)
if type(fi)=='table'then fi,ej='',fi.err end
return function(kc)return string.match(fi,'%f[%w_]'..kc..':([^\\r\\n]*)')or''end
end
local ek,gq,gy=ft('server'),ft('memory'),ft('replication')
local ar=redis.call('TIME')
local p=ek('redis_mode')
if p==''then p=ek('server_mode')end
local jl=ek('valkey_version')
return{
1,ek('run_id'),tonumber(ek('uptime_in_seconds'))or-1,
tonumber(ar[1])*1000000+tonumber(ar[2]),
tonumber(ft('persistence')('aof_enabled'))or-1,
gq('maxmemory_policy'),tonumber(gq('maxmemory'))or-1,
gy('role'),p,gy('master_replid'),gy('master_replid2'),
a[1]and jd(a[1])or'',ej,
tonumber(gq('used_memory'))or-1,jl~=''and'valkey '..jl or ek('redis_version')
}
end`,
    PART_11,
    `ac['counters.read']=function(a)
local aa,b={1},bf()
for c=1,#a,2 do
local ep,l=pcall(bm,a[c])
aa[#aa+1]=ep and l and string.format('%.0f',l)or''
end
for c=2,#a,2 do
local cu,ce,cf=redis.pcall('HGETALL',a[c]),{},{}
for j=1,cu.err and 0 or#cu,2 do
ce[#ce+1],cf[cu[j]]=cu[j],cu[j+1]
end
table.sort(ce)
for al,q in ipairs(ce)do
local bq,x=gt(cf[q],b)
if bq then
for al,m in ipairs({c/2,q,string.format('%.0f',bq),x})do aa[#aa+1]=m end
end
end
end
return aa
end
local function jc(a,d,as)
local v,b=#a/2,bf()
for c=1,v do
local k=a[2*c-1]
local ep,l=pcall(bm,k)
if ep and d[c]~=''then
if not l then as(k)end
eh(k,tonumber(d[c]))
end
end
for j=v+1,#d,4 do
pcall(kz,a[2*tonumber(d[j])],d[j+1],tonumber(d[j+2]),tonumber(d[j+3]),b)
end
return 1
end
ac['counters.raise']=function(a,d)
return jc(a,d,cw)
end
ac['counters.restore']=function(a,d)
return jc(a,d,function()end)
end
ac['counters.lift']=function(a,d)
for c=1,#a do
local ep,l=pcall(bm,a[c])
if ep and l then eh(a[c],tonumber(d[1]))end
end
return 1
end`,
    `ac['set.note']=function(a,d)
local bw,dc,iv=d[1],d[2],tonumber(d[3])
local ar=redis.call('TIME')
local b=tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
local hd,io,ig=b,false,false
local cq,ao={},redis.pcall('GET',a[1])
for cd in string.gmatch(type(ao)=='string'and ao or'','[^\\n]+')do
local fo,z,w,em,ku=string.match(cd,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
z,w,em=tonumber(z),tonumber(w),tonumber(em)
if fo and z<=w and w<=b and b<em and em<=b+3600000 then
if fo==bw then
hd,io=z,b-w<tonumber(d[4])
elseif fo==dc then
ig=true
else
cq[#cq+1]={cd,fo,w,z,em,ku}
end
end
end
local aa,at,i={1},{},b+iv
for c=math.max(1,#cq-16+2),#cq do
local bg=cq[c]
at[#at+1]=bg[1]
i=math.max(i,bg[5])
aa[#aa+1]=bg[2]
aa[#aa+1]=bg[3]-math.max(bg[4],hd)
aa[#aa+1]=bg[5]-b
aa[#aa+1]=bg[6]
end
if not io or ig then
at[#at+1]=string.format('%s %.0f %.0f %.0f %s',bw,hd,b,b+iv,d[5])
redis.call('SET',a[1],table.concat(at,'\\n'),'PX',string.format('%.0f',i-b))
end
return aa
end`,
    PART_5,
    PART_6,
  ],
  "76f7e43de7d8b6b9aec271aab9fbc2a828dbfab7",
  "ea8ebad33bbfa5a05374275be384c1d358a28b50",
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
    `local ho=8
local function fs(a,d)
local bh,cc,bp,cb={},{},{d[1]},{d[1]}
local ae=tonumber(d[3])
for c,k in ipairs(a)do
if c<=ho then bh[c]=k
else cc[c-ho]=k end
end
for c=4,#d do
if c<4+ae then bp[c-2]=d[c]
else cb[c-2-ae]=d[c]end
end
return bh,bp,cc,cb
end
local function ja(a,d,z)
local e,az,b=ds(redis.call('GET',a[1])),{},bf()
local al,kt=db(a,e,d[1])
for c=z,#d do
local v,s=db(a,e,d[c])
if v and s>b then az[#az+1]={d[c],v,s}end
end
return(kt or 0)>=b,az
end
local function kf(a,g,az,b)
local e=ds(redis.call('GET',a[1]))
ff(a,e,g)
for al,gu in ipairs(az)do dh(a,e,gu[1],gu[2],gu[3],b)end
eu(a,e,b)
end
local function iw(a,g,az,bu,dm,cc,cb)
local bc,q=pcall(ac[dm],cc,cb)
if bc and(type(q)=='number'or q[1]==1)then return q end
if not bu then kf(a,g,az,bf())end
if not bc then error(q,0)end
return nil,{0,q[2],q[3],q[4],q[5],2}
end
ac['quota.acquire']=function(a,d)
local bh,bp,cc,cb=fs(a,d)
local bu,az=ja(bh,bp,9)
local aw=ac['slots.acquire'](bh,bp)
if aw[1]==0 then return{0,aw[2],aw[3],aw[4],aw[5],1}end
local q,ej=iw(bh,d[1],az,bu,d[2],cc,cb)
if not q then
if#az==0 and not bu then
local b=bf()
local x=ee(bh,tonumber(bp[6]),tonumber(bp[7]),b)
local e,f=ds(redis.call('GET',bh[1])),bz(bh[7],b,ec(x))
cg(bh,e,f,aw[3],x,b)
end
return ej
end
if type(q)=='number'then return{1,math.abs(q),aw[3],aw[4],aw[5]or''}end
return{1,q[2],aw[3],aw[4],aw[5]or'',q[3],q[4],q[5]or''}
end
ac['quota.convert']=function(a,d)
local bh,bp,cc,cb=fs(a,d)
local bu,az=ja(bh,bp,7)
local aw=ac['slots.extend'](bh,bp)
if aw~=1 then return{0,aw[2],aw[3],'0','',1}end
local q,ej=iw(bh,d[1],az,bu,d[2],cc,cb)
return q and{1,math.abs(q),bp[4],'',''}or ej
end
local function ht(a,d,dm)
local bh,bp,cc,cb=fs(a,d)
local aw=ac[dm](bh,bp)
if aw~=1 then return aw end
return ac[d[2]](cc,cb)
end
ac['quota.commit']=function(a,d)return ht(a,d,'slots.commit')end
ac['quota.extend']=function(a,d)return ht(a,d,'slots.extend')end
ac['quota.release']=function(a,d)
local bh,bp,cc,cb=fs(a,d)
local bc,aw=pcall(ac['slots.release'],bh,bp)
local q=ac[d[2]](cc,cb)
if not bc then error(aw,0)end
return q~=0 and q or aw
end`,
    PART_5,
    PART_6,
  ],
  "62dc4f90cc6ff0bf4745bb2500fbbda78f82973c",
  "e35b9100a738db12ea400d29e723b80e981e63f5",
);
