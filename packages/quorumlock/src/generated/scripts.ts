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
local eb=type(by)=='string'and string.match(by,'^complete .* (%d+)$')
local bw=eb and n('SET',k,eb)
if bw and not bw.err then return tonumber(eb)end
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
local function cx(k)
local eb=en(k)
if eb then return eb end
redis.call('DEL',k)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function ei(k,l)
local dq=bm(k)
if not dq then l=math.max(l,en(k)or 0)end
if(dq or 0)<l then ey(k,l)end
end`;

const PART_4 = `local function et(k)
local bl=redis.pcall('GET',k)
return type(bl)=='string'and bl or nil
end
local function gj(k,au,ak)
ak=math.max(ak,20000)
local bl=et(k)
if not bl then
redis.call('SET',k,au,'PX',ak)
elseif string.find(' '..bl..' ',' '..au..' ',1,true)then
redis.call('PEXPIRE',k,math.max(redis.call('PTTL',k),ak))
elseif#bl+1<256*(#au+1)then
redis.call('SET',k,bl..' '..au,'PX',math.max(redis.call('PTTL',k),ak))
end
end
local function el(k,au)
local bl=et(k)
if not bl then return end
local cq={}
for bg in string.gmatch(bl,'%S+')do
if bg~=au then cq[#cq+1]=bg end
end
if#cq==0 then redis.call('DEL',k)
else redis.call('SET',k,table.concat(cq,' '),'PX',math.max(redis.call('PTTL',k),1))end
end
local function gg(k,ko)
local bl=et(k)
if not bl then return false end
local z=ko and string.match(bl,'%S+')or''
if z~=''then el(k,z)end
redis.pcall('PUBLISH',k,z)
return z~=''
end`;

const PART_5 = `return ac
end`;

const PART_6 = `local function kx(fq,h,ee,ah,t,aj,am)
local a,d={unpack(KEYS,h,h+ee-1)},{unpack(ARGV,ah,ah+t-1)}
for c=1,am do d[t+c]=ARGV[aj+c-1]end
local bd,aa=pcall(fq,a,d)
if bd then return aa end
if type(aa)=='table'then aa=aa.err or aa[1]end
return{-1,tostring(aa)}
end
local cj,ac,h,ah={},nil,1,1
while ah<=#ARGV do
local dn,de,ee=ARGV[ah],tonumber(ARGV[ah+1]),tonumber(ARGV[ah+2])
local t,am,aj=tonumber(ARGV[ah+3]),tonumber(ARGV[ah+4]),ah+5
ah=aj+am
local ig=ee<=fe
local ic=ig and fd[dn]
local ib=ig and de>1 and gk[dn]
local dh=0
while dh<de do
local ae=ib and ib(h,ah,de-dh,cj)or 0
if ae==0 then
local aa=ic and ic(h,ah,aj,ee)
if not aa then
ac=ac or general()
aa=kx(ac[dn],h,ee,ah,t,aj,am)
end
cj[#cj+1]=aa
ae=1
end
h,ah,dh=h+ae*ee,ah+ae*t,dh+ae
end
end
return#cj==1 and cj[1]or cj`;

const PART_7 = `local function fa(ab)return string.match(ab,'^%w+')or''end
local function db(f,c)
local ao=f[c]
if type(ao)~='string'then return ao end
local ag,ab,cn,r,az,ay=
string.match(ao,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local o
if cn and f.is_demand(cn)then
o={tonumber(ag),ab,cn,tonumber(r),tonumber(az),tonumber(ay),false,ao}
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
local function jx(f,b)
local gf,dr=0,{}
local ae=#f
f.check=math.huge
for c=1,ae do
local o=db(f,c)
f[c]=nil
if o[4]>=b then
gf=gf+1
f[gf]=o
ez(f,o)
if o[5]>0 and b-o[5]>50 then
local au=fa(o[2])
dr[au]=math.max(dr[au]or 0,o[5])
o[7]=true
end
end
end
if not next(dr)then return end
for al,o in ipairs(f)do
local au=fa(o[2])
if dr[au]and o[4]-3000>dr[au]then dr[au]=nil end
end
for al,o in ipairs(f)do o[7]=o[7]or dr[fa(o[2])]~=nil end
end
local function bz(k,b,kj)
local ao=redis.pcall('GET',k)
local f={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=kj}
local as,i,ay
if type(ao)=='string'then as,i,ay=string.match(ao,'^(%d+) (%d+) (%d+);')end
if not as then return f end
f.check,f.last,f.ticket=tonumber(as),tonumber(i),tonumber(ay)
local ae=0
for co in string.gmatch(ao,';([^;]+)')do
ae=ae+1
f[ae]=co
end
if b>=f.check then jx(f,b)end
return f
end
local function cu(k,f,b)
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
local function gn(o,ag,ab)
return o[1]>ag or(o[1]==ag and o[2]>ab)
end
local function ht(f,ab,ag,jw)
local bn
for c=1,#f do
local o=db(f,c)
if o[2]==ab or(ag and gn(o,ag,ab))then break end
if not o[7]and jw(o[3])then
if bn then return bn,true end
bn=o
end
end
return bn,false
end
local function gw(f,ab)
local kw=' '..ab..' '
for c,o in ipairs(f)do
if type(o)~='string'or string.find(o,kw,1,true)then
if db(f,c)[2]==ab then return c end
end
end
end
local function fu(f,ab,b)
local j=ab~=''and gw(f,ab)
if not j then return nil end
local o=db(f,j)
o[4],o[5],o[7],o[8]=b+3000,0,false,nil
f.last=math.max(f.last,o[4])
return j
end
local function jk(f,ab,b)
local j=fu(f,ab,b)
if not j then return false end
local o=f[j]
o[5],o[7]=math.max(1,b-50-1),true
ez(f,o)
return true
end
local function gd(ay,av)
if ay>=0 then return ay end
return-ay>av and-ay or 0
end
local function jm(f,ab,cn,ay,dm,b,w)
local j=fu(f,ab,b)
if j and(f[j][6]>0 or ay<=0)then
f[j][3]=cn
return j
end
if j then table.remove(f,j)end
local cs=gd(ay,w)
if cs==0 then cs=w+1 end
local ag=cs-dm
j=#f+1
while j>1 and gn(db(f,j-1),ag,ab)do j=j-1 end
local o={ag,ab,cn,b+3000,0,math.max(ay,0),false}
table.insert(f,j,o)
ez(f,o)
f.last,f.ticket=math.max(f.last,o[4]),math.max(f.ticket,cs)
f[256+1]=nil
return j
end
local function iv(f,ab)
local j=gw(f,ab)
if j then table.remove(f,j)end
return j~=nil
end
local function jb(f,ch,b)
local az,fb,gp={},{},false
for c=1,#f do
local o=db(f,c)
if not o[7]then
local au=fa(o[2])
gp=gp or not ch(o[3])
if gp then
if not next(fb)then break end
if not fb[au]then return az,true,o[2]end
else
if o[5]<=0 then
o[5],o[8]=b,nil
ez(f,o)
az[#az+1]=o
end
fb[au]=true
end
end
end
return az,next(fb)~=nil,nil
end
local function jn(cf,ea)
return table.concat(cf,' ')..(ea and' ~'..ea or'')
end`;

const PART_8 = `local fy={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function dl(ao)return fy[ao]end
local function hx(ks,bg)return string.find(fy[ks],' '..bg..' ',1,true)end
local function kn(kr)
local fh={}
return function(p)
if fh[p]==nil then fh[p]=not kr(p)end
if not fh[p]then return false end
for bg in string.gmatch(fy[p],'%u+')do fh[bg]=false end
return true
end
end`;

const PART_9 = `local cy,hn='~s','~p'
local dg,ga=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local hq={'IS','IX','SIX','S'}
local gb={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=hq}
local function bf()
local ar=redis.call('TIME')
return tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local function gs(ao)
local an={}
for p in string.gmatch(ao,'%u+')do
if not gb[p]then error('unknown mode '..p,0)end
an[#an+1]=p
end
return an
end
local function eh(a,ae,du)
local bk={['fences']={unpack(a,ae*du+1)}}
for c=1,ae do
local h=(c-1)*du
bk[c]={['lock']=a[h+1],['shared']=a[h+2],['line']=a[h+3],['wake']=du>3 and a[h+4]}
end
return bk
end
local function dw(d,z)
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
if gb[p]then return p,g end
end
local function ex(kq)return string.format('%.0f',kq)end
local function is(k,p,ae)
local af=ga[p]*dg
return redis.pcall('ZREVRANGEBYSCORE',k,'('..ex(af+dg),ex(af),'WITHSCORES','LIMIT',0,ae),af
end
local function fp(s,p,t,b)
local m=redis.call('GET',s.lock)
if m and(m==hn or string.sub(m,1,3)==hn..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local ds,bi=ev(m)
if bi then
local y=not t[bi]and redis.call('PTTL',s.lock)
if y and(y==-1 or hx(p,ds))then return y,bi end
return nil
end
if t[m]then return nil end
if m and m~=cy then return redis.call('PTTL',s.lock),m end
local i,ai
if not m and redis.call('EXISTS',s.shared)==0 then return nil end
for al,lc in ipairs(gb[p])do
local ad,af=is(s.shared,lc,#t+1)
if ad.err then error(ad.err,0)end
for c=1,#ad,2 do
local r=tonumber(ad[c+1])-af
if not t[ad[c]]then
if r>=b and(not i or r>i)then i,ai=r,ad[c]end
break
end
end
end
if i then return i-b,ai end
end
local function it(s,b)
local w
if redis.call('EXISTS',s.shared)==0 then return nil end
for al,p in ipairs(hq)do
local ad,af=is(s.shared,p,1)
local ag=tonumber(ad[2])
if ag and ag-af>=b then w=math.max(w or 0,ag-af)end
end
return w
end
local function go(s,p,t)
local m=redis.call('GET',s.lock)
if p=='X'then return t[m]end
local ds,bi=ev(m)
if bi then return t[bi]and ds==p end
for al,g in ipairs(t)do
local ag=redis.call('ZSCORE',s.shared,g)
if ag and math.floor(tonumber(ag)/dg)==ga[p]then return true end
end
return false
end
local function kl(s,t)
local m=redis.call('GET',s.lock)
local al,bi=ev(m)
if bi then return t[bi]end
if t[m]then return true end
for al,g in ipairs(t)do
if redis.call('ZSCORE',s.shared,g)then return true end
end
return false
end
local function hs(k,p,g,r,b)
local af=ga[p]*dg
redis.call('ZREMRANGEBYSCORE',k,ex(af),'('..ex(af+b))
redis.call('ZADD',k,ex(af+r),g)
if redis.call('PTTL',k)<r-b then redis.call('PEXPIRE',k,r-b)end
end
local function im(s,p,t,ak,b)
local q,am,g,ci=s.lock,s.shared,t[1],false
local m=redis.call('GET',q)
local r=b+ak
local ds,bi=ev(m)
local ai,ki=bi or m,ds or'X'
if t[ai]then
local y=redis.call('PTTL',q)
if y==-1 and ai==g and p==ki then return false end
r=math.max(r,b+y)
if bi==g and p==ds then
redis.call('SET',q,m,'PX',r-b)
return false
end
ci=ai~=g
m=nil
elseif bi then
local y=math.max(1,redis.call('PTTL',q))
hs(am,ds,bi,b+y,b)
redis.call('SET',q,cy,'PX',y)
m=cy
end
if m~=cy and(p~='X'or bi)and redis.call('EXISTS',am)==0 then
redis.call('SET',q,p=='X'and g or'~s '..p..' '..g,'PX',r-b)
return ci
end
for c,co in ipairs(t)do
local ag=(c>1 or p~='X')and redis.call('ZSCORE',am,co)
if ag then
r=math.max(r,tonumber(ag)%dg)
if c>1 then
redis.call('ZREM',am,co)
ci=true
end
end
end
if p=='X'then
redis.call('SET',q,g,'PX',r-b)
return ci
end
hs(am,p,g,r,b)
if m~=cy then
redis.call('SET',q,cy,'PX',it(s,b)-b)
else
local y=redis.call('PTTL',q)
if y>=0 and y<r-b then redis.call('PEXPIRE',q,r-b)end
end
return ci
end
local function bs(s,t,b)
local q,bc=s.lock,false
local m=redis.pcall('GET',q)
if type(m)=='table'then
if string.find(m.err,'WRONGTYPE',1,true)then return false,false end
error(m.err,0)
end
local al,bi=ev(m)
if t[bi or m]then
redis.call('DEL',q)
m,bc=false,true
end
if bi or(bc and#t==1)then return bc,bc end
local fk=false
for al,g in ipairs(t)do
local ag=redis.pcall('ZSCORE',s.shared,g)
if type(ag)=='string'then
redis.call('ZREM',s.shared,g)
fk=true
if tonumber(ag)%dg>=b then bc=true end
end
end
if m and m~=cy then return bc,false end
local w=fk and it(s,b)
if w then
local y=redis.call('PTTL',q)
local fj=y>w-b+1
if y<0 or fj then redis.call('SET',q,cy,'PX',math.max(1,w-b))end
return bc,false,fj
end
if fk and m then redis.call('DEL',q)end
return bc,fk or bc
end`;

const PART_10 = `local hl={}
local function cg(s,f,b)
if#f==0 then return{},false end
local az,ch,ea=jb(
f,kn(function(p)return fp(s,p,hl,b)end),b)
for c,o in ipairs(az)do az[c]=o[2]end
if#az>0 then
cu(s.line,f,b)
redis.pcall('PUBLISH',s.wake,jn(az,ea))
end
return az,ch
end
local function jv(s,p,t,ab,ag,f,b)
local y,ai=fp(s,p,t,b)
if y or#f==0 or kl(s,t)then return y,ai end
local bn,kh=ht(f,ab,ag,function(bg)return hx(bg,p)end)
if not bn then return nil end
if s.wake then cg(s,f,b)end
if kh then return-1,''end
if bn[5]>0 then return math.max(0,50-b+bn[5]),''end
y,ai=fp(s,bn[3],hl,b)
return y and-1 or 50,ai or''
end
local function kc(id,an,bu)
local l,hz,av=0,false,{}
for al,p in ipairs(an)do
if(p=='X'or p=='SIX')and not bu then hz=true end
end
for c,k in ipairs(id)do
local i=bm(k)
av[c]=i or 0
l=math.max(l,i and(hz and i+1 or i)or cx(k))
end
for c,k in ipairs(id)do
if av[c]~=l then ey(k,l)end
end
return l
end
ac['modes.acquire']=function(a,d)
local ak,ab,ay,dm=tonumber(d[2]),'',0,0
if d[4]~=''then
ab,ay,dm=string.match(d[4],'^(%S*) (%S+) (%S+)$')
ay,dm=tonumber(ay),tonumber(dm)
end
local an,t,jt,b=gs(d[3]),dw(d,5),{d[1],[d[1]]=true},bf()
local bk=eh(a,#an,ab==''and 3 or 4)
local at,av,j,bv,ai={},b,nil,nil,nil
local bu,ci=true,false
for c=1,#an do
at[c]=bz(bk[c].line,b,dl)
av=math.max(av,at[c].ticket)
end
local cs=gd(ay,av)
local ag=cs>0 and cs-dm or nil
for c,p in ipairs(an)do
local s=bk[c]
local y,lg=jv(s,p,t,ab,ag,at[c],b)
if y then
j=j or c
if not ai or(bv~=-1 and(y==-1 or y>bv))then
bv,ai=y,lg
end
elseif not go(s,p,jt)then
bu=false
end
end
local cd,es=j or#an,nil
if ab~=''then
es=jm(at[cd],ab,an[cd],ay,dm,b,av)
if not j and at[cd][es]then at[cd][es][5]=-1 end
cu(bk[cd].line,at[cd],b)
end
if j then
if ab~=''then pcall(gj,bk[j].wake,ab,ak)end
return{0,bv,ai,string.format('%.0f',av),es and es-1 or#at[j]}
end
local l=kc(bk.fences,an,bu)
for c,p in ipairs(an)do
local s=bk[c]
if im(s,p,t,ak,b)then ci=true end
if c~=cd and fu(at[c],ab,b)then cu(s.line,at[c],b)end
end
return ci and-l or l
end
ac['modes.convert']=ac['modes.acquire']
ac['modes.commit']=function(a,d)
local an,t=gs(d[3]),{d[1],[d[1]]=true}
local bk=eh(a,#an,4)
for c,p in ipairs(an)do
if not go(bk[c],p,t)then return{0}end
end
for al,k in ipairs(bk.fences)do
if not bm(k)then cx(k)end
ei(k,tonumber(d[2]))
end
return 1
end
ac['modes.extend']=function(a,d)
local l,ak,an=tonumber(d[2]),tonumber(d[3]),gs(d[4])
local bk,t,b,be=eh(a,#an,4),dw(d,5),bf(),true
for c,p in ipairs(an)do
local y,ai=fp(bk[c],p,t,b)
if y then return{0,y,ai}end
be=be and go(bk[c],p,t)
end
for al,k in ipairs(bk.fences)do
local gl=not be and(bm(k)or en(k))
if gl then ei(k,l)end
end
for c,p in ipairs(an)do
local s=bk[c]
if im(s,p,t,ak,b)then cg(s,bz(s.line,b,dl),b)end
end
return 1
end
local function iu(s,f,ab,b)
local ii=iv(f,ab)
if ii then cu(s.line,f,b)end
pcall(el,s.wake,ab)
return ii
end
ac['modes.release']=function(a,d)
local ab,t,b=d[2],dw(d,3),bf()
local bc,ec,ik=false,false,string.find(ab,'.',1,true)
for al,s in ipairs(eh(a,#a/4,4))do
local be,kk,fj=bs(s,t,b)
local at=(be or ik)and redis.pcall('MGET',s.line,s.wake)
if be then bc=true end
if at and(at[1]or at[2])then
local f=bz(s.line,b,dl)
if ik then iu(s,f,ab,b)end
local bd,az,ch=pcall(cg,s,f,b)
if not bd then az,ch={},false end
for al,bg in ipairs(az)do
if bg~=ab then ec=true end
end
if kk and not ch and gg(s.wake,ab~='')then ec=true end
if fj and#az==0 then redis.pcall('PUBLISH',s.wake,'')end
end
end
if not bc then return 0 end
return ec and-1 or 1
end
ac['modes.releaseAll']=ac['modes.release']
ac['modes.leave']=function(a,d)
local b=bf()
for al,s in ipairs(eh(a,#a/4,4))do
local f=bz(s.line,b,dl)
if iu(s,f,d[1],b)then pcall(cg,s,f,b)end
end
return 1
end`;

const PART_11 = `local cl,cz,fz,jp='0','1','2',48
local jr=64
local function da(ao)
local kp=string.gmatch(ao,'(%d+)%-?(%d*)')
return function()
local z,i=kp()
if z then return tonumber(z),tonumber(i)or tonumber(z)end
end
end
local function jj(u,dz)
local hb,bt,i={},string.find(u,dz..'+')
while bt do
hb[#hb+1]=bt==i and tostring(bt-1)or string.format('%d-%d',bt-1,i-1)
bt,i=string.find(u,dz..'+',i+1)
end
return table.concat(hb,' ')
end
local function cr(u,v,dz)
local dp,j={},0
for z,i in da(v)do
if z<j then u,dp,j=table.concat(dp)..string.sub(u,j+1),{},0 end
if z>#u then u=u..string.rep(cl,z-#u)end
dp[#dp+1]=string.sub(u,j+1,z)
dp[#dp+1]=string.rep(dz,i-z+1)
j=i+1
end
return table.concat(dp)..string.sub(u,j+1)
end
local function ju(u,v)
for z,i in da(v)do
if string.find(string.sub(u,z+1,i+1),cz,1,true)then return false end
end
return true
end
local function eo(u,x)
return#string.gsub(string.sub(u,1,x),cz..'+','')
end
local function jz(v)
local gt=0
for al,i in da(v)do gt=math.max(gt,i+1)end
return gt
end
local function kt(g,x)
local ck,df=string.match(g,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not ck then return 0,1 end
return tonumber(ck,16)%x,1+tonumber(df,16)%x
end
local function hw(u,aw,x,gx,t,g)
local cp=aw
local function ew(z,i)
i=math.min(i,x-1)
if cp==0 or z>i then return end
local ld,ae=string.gsub(string.sub(u,z+1,i+1),cl,fz,cp)
if ae==0 then return end
u,cp=string.sub(u,1,z)..ld..string.sub(u,i+2),cp-ae
end
for z,i in da(gx)do ew(z,i)end
if t then
for z,i in da(t)do ew(z,i)end
else
local ck,df=kt(g,x)
for c=0,jr-1 do
if cp==0 then break end
local ca=(ck+c*df)%x
if string.byte(u,ca+1)==jp then ew(ca,ca)end
end
ew(ck,x-1)
ew(0,ck-1)
end
if cp>0 then return nil end
return jj(u,fz),(string.gsub(u,fz,cz))
end`;

const PART_12 = `local hk='~'
local function bf()
local ar=redis.call('TIME')
return tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local function gu(ao,b)
local bq,x,fx=string.match(ao,'^(%d+) (%d+) (%d+)$')
if bq and tonumber(fx)+604800000+86400000>=b then return tonumber(bq),tonumber(x),tonumber(fx)end
end
local function jg(k,q,b)
return gu(redis.call('HGET',k,q)or'',b)
end
local function hj(k,q,bq,x,b)
local hy=tonumber(redis.call('HGET',k,hk)or'')
if not hy or hy+86400000<b then
local cv=redis.call('HGETALL',k)
for c=1,#cv,2 do
if not gu(cv[c+1],b)then redis.call('HDEL',k,cv[c])end
end
redis.call('HSET',k,hk,string.format('%.0f',b))
end
redis.call('HSET',k,q,string.format('%.0f %.0f %.0f',bq,x,b))
redis.call('PEXPIRE',k,604800000+86400000)
end
local function la(k,q,bq,x,b)
if bq>(jg(k,q,b)or 0)then hj(k,q,bq,x,b)end
end`;

const PART_13 = `local ho='~p'
local dx,dy=16,32
local function km(aq)
return aq==ho or string.sub(aq,1,3)==ho..' '
end
local function dt(aq)
local as,w,bo,u,r,v,g=
string.match(aq or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(as)or 0,['latest']=tonumber(w)or 0,['kept']=tonumber(bo)or 0,['map']=u or'',
['deadline']=tonumber(r)or 0,['slots']=v or'',['token']=g or'',
['is_new']=not g,['is_other']=aq and not km(aq)
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
local function dc(a,e,g)
if g==e.token then return e.slots,e.deadline end
local v=e.latest>0 and redis.call('HGET',a[3],g)
local r=v and redis.call('ZSCORE',a[4],g)
if r then return v,tonumber(r)end
end
local function hv(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function ff(a,e,g)
local v,r=dc(a,e,g)
if not v then return nil end
e.map=cr(e.map,v,cl)
if g==e.token then
e.deadline,e.slots,e.token=0,'',''
return v,r
end
redis.call('ZREM',a[4],g)
redis.call('HDEL',a[3],g)
if r==e.latest then
e.latest=tonumber(redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2])or 0
if e.latest==0 then e.check,e.kept=0,0 end
end
return v,r
end
local function fg(a,e,b)
local dk=false
if e.token~=''and e.deadline<b then
e.map=cr(e.map,e.slots,cl)
e.deadline,e.slots,e.token,dk=0,'','',true
end
if e.latest>0 and b>e.check then
local jy=redis.call('ZRANGEBYSCORE',a[4],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for al,g in ipairs(jy)do
e.map=cr(e.map,redis.call('HGET',a[3],g)or'',cl)
redis.call('HDEL',a[3],g)
redis.call('ZREM',a[4],g)
end
local z=redis.call('ZRANGE',a[4],0,0,'WITHSCORES')[2]
local i=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,dk=tonumber(z)or 0,tonumber(i)or 0,true
if not z then e.kept,e.map=0,cr('',e.slots,cz)end
end
if dk then eu(a,e,b)end
end
local function jh(a,e,g,r,b)
local dk=false
if g==e.token then
if e.deadline<r then e.deadline,dk=r,true end
elseif tonumber(redis.call('ZSCORE',a[4],g))<r then
redis.call('ZADD',a[4],string.format('%.0f',r),g)
if e.latest<r then e.latest,dk=r,true end
end
if dk then eu(a,e,b)end
end
local function di(a,e,g,v,r,b)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=r,v,g,cr(e.map,v,cz)
eu(a,e,b)
end
local function jd(a)
local dj=''
if not IS_CLUSTER then
local by=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
dj=type(by)=='string'and string.match(by,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..dy..'.'..dy..'s',dj)
end
local function gh(a)
return redis.call('GETRANGE',a[5],0,dy-1)==jd(a)
end
local function fn(a,v,af)
if not gh(a)then return af end
local gq=af-af%16384
for z,i in da(v)do
local ao=redis.call('GETRANGE',a[5],dy+dx*z,dy+dx*(i+1)-1)
for c=0,i-z do
local ae=tonumber(string.sub(ao,dx*c+1,dx*(c+1)))
gq=math.max(gq,ae or af)
end
end
return gq
end
local function hi(a,v,ae,af)
if not gh(a)then redis.call('SET',a[5],jd(a),'PX',604800000)end
local ao=string.format('%0'..dx..'.0f',ae)
for z,i in da(v)do
redis.call('SETRANGE',a[5],dy+dx*z,string.rep(ao,i-z+1))
end
if af<ae then ey(a[2],ae)end
end`;

const PART_14 = `local hm='~s'
local function dw(d,z)
local t={d[1]}
for c=z,#d do t[#t+1]=d[c]end
return t
end
local function gy(a)
local aq=redis.call('GET',a[1])
if aq and(aq==hm or string.sub(aq,1,3)==hm..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
local e=dt(aq)
if e.is_other then return e,aq,redis.call('PTTL',a[1])end
return e,nil,nil
end
local function ef(a,x,bq,b)
local av,ae,fx=jg(a[6],a[1],b)
if bq>(av or 0)then
av,ae=bq,x
hj(a[6],a[1],av,ae,b)
elseif av and fx+86400000<b then
hj(a[6],a[1],av,ae,b)
end
if not av then return x,''end
return ae,string.format('%.0f %.0f',av,ae)
end
local function fr(u,de)
return u..string.rep(cl,de-#u)
end
local function ke(a,e,cp,b)
local cw=e.latest>0 and redis.call('ZRANGE',a[4],0,64-1,'WITHSCORES')or{}
if e.token~=''then
local j=1
while cw[j]and tonumber(cw[j+1])<=e.deadline do j=j+2 end
table.insert(cw,j,e.token)
table.insert(cw,j+1,e.deadline)
end
local i=-1
for c=1,#cw,2 do
i=tonumber(cw[c+1])
local v=cw[c]==e.token and e.slots or redis.call('HGET',a[3],cw[c])or''
for z,ka in da(v)do cp=cp-(ka-z+1)end
if cp<=0 then break end
end
return i<0 and-1 or math.max(0,i-b),cw[1]or''
end
local function ed(x)
return function(ao)
local ae=tonumber(ao)
return ae and ae<=x
end
end
local function cg(a,e,f,bx,x,b)
if#f==0 then return 0,false end
local u=fr(e.map,x)
local bs=e.is_other and 0 or eo(u,x)
local az,ch,ea=jb(f,function(cn)
bs=bs-tonumber(cn)
return bs>=0
end,b)
local cf={}
for c,o in ipairs(az)do
local v,lb=hw(u,tonumber(o[3]),x,bx,'0-'..x-1)
u=lb or u
cf[c]=o[2]..':'..string.gsub(v or'',' ',',')
end
if#cf>0 then
cu(a[7],f,b)
redis.pcall('PUBLISH',a[8],jn(cf,ea))
end
return#cf,ch
end
ac['slots.acquire']=function(a,d)
local g,ak,ab,ay,aw=d[1],tonumber(d[2]),d[3],tonumber(d[4]),tonumber(d[5])
local gx,fl,t,b=d[8],#d>8,dw(d,9),bf()
local e,ai,bv=gy(a)
local x,er=ef(a,tonumber(d[6]),tonumber(d[7]),b)
if aw>x then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',x,aw),0)end
fg(a,e,b)
local f=bz(a[7],b,ed(x))
local av=math.max(b,f.ticket)
local cs=gd(ay,av)
local u=fr(e.map,x)
local v,br=dc(a,e,g),nil
if ai then
if ab~=''then pcall(gj,a[8],ab,ak)end
elseif v then
local l=fn(a,v,bm(a[2])or cx(a[2]))
jh(a,e,g,b+ak,b)
if jk(f,ab,b)then cu(a[7],f,b)end
return{1,l,v,er,fl and u or nil}
else
local ct,dd=u,''
for c=2,#t do
local bj=dc(a,e,t[c])or''
ct,dd=cr(ct,bj,cl),dd..' '..bj
end
local bn
if#f>0 and not fl then
local bs=eo(ct,x)
bn=bs>=aw and ht(f,ab,cs>0 and cs or nil,function(cn)
bs=bs-tonumber(cn)
return bs<aw
end)
end
if not bn then br=hw(ct,aw,x,gx,fl and dd or nil,g)end
if br then
local af=bm(a[2])
local z=not af and cx(a[2])
local l,r=fn(a,br,af or z)+1,b+ak
hv(a,e)
for c=2,#t do
local al,ap=ff(a,e,t[c])
r=math.max(r,ap or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
l=z or l
ey(a[2],l)
else
hi(a,br,l,af or z)
end
di(a,e,g,br,r,b)
if jk(f,ab,b)then cu(a[7],f,b)end
return{1,l,br,er,fl and cr(ct,br,cz)or nil}
end
local bs=eo(u,x)
bv,ai=ke(a,e,aw-bs,b)
if bn then
cg(a,e,f,'',x,b)
if bn[5]>0 then bv,ai=math.max(0,50-b+bn[5]),''
else bv=-1 end
end
end
if ab~=''then
jm(f,ab,string.format('%.0f',aw),ay,0,b,av)
cu(a[7],f,b)
end
return{0,bv,ai,string.format('%.0f',av),er}
end
ac['slots.commit']=function(a,d)
local l,v=tonumber(d[2]),d[3]
local e=dt(redis.call('GET',a[1]))
if dc(a,e,d[1])~=v then return{0}end
local af=bm(a[2])or cx(a[2])
local ae=fn(a,v,af)
if ae<l or not gh(a)then hi(a,v,math.max(ae,l),af)end
return 1
end
ac['slots.extend']=function(a,d)
local g,l,ak,v=d[1],tonumber(d[2]),tonumber(d[3]),d[4]
local t,b=dw(d,7),bf()
local e,ai=gy(a)
if ai then return{0,-1,ai}end
local x=ef(a,tonumber(d[5]),tonumber(d[6]),b)
fg(a,e,b)
local bj=dc(a,e,g)
if bj==v and#t==1 then
jh(a,e,g,b+ak,b)
return 1
end
local ct,ap=fr(e.map,math.max(x,jz(v))),''
for al,co in ipairs(t)do
local dd=dc(a,e,co)or''
ct,ap=cr(ct,dd,cl),ap..' '..dd
end
if not ju(ct,v)then
local jo={g,'',d[5],d[6]}
for c=2,#t do jo[c+3]=t[c]end
ac['slots.release'](a,jo)
return{0,-1,''}
end
hv(a,e)
local af=bj~=v and(bm(a[2])or en(a[2]))
if af then hi(a,v,math.max(l,fn(a,v,af)),af)end
local r=b+ak
for al,co in ipairs(t)do
local al,i=ff(a,e,co)
r=math.max(r,i or 0)
end
di(a,e,g,v,r,b)
local bx=jj(cr(cr(string.rep(cl,#ct),ap,cz),v,cl),cz)
if bx~=''then cg(a,e,bz(a[7],b,ed(x)),bx,x,b)end
return 1
end
ac['slots.release']=function(a,d)
local au,t,b=d[2],dw(d,5),bf()
local aq=redis.pcall('GET',a[1])
local e=dt(type(aq)=='string'and aq)
local bx,bc,hf,iq='',false,0,false
for al,co in ipairs(t)do
local v,r=ff(a,e,co)
if v then
iq,bc=true,bc or r>=b
bx,hf=bx..' '..v,math.max(hf,r)
end
end
if not iq then return 0 end
local at=redis.pcall('MGET',a[7],a[8])
local ij=at[1]or at[2]
if ij then fg(a,e,b)end
local i=eu(a,e,b)
if ij then
local x=ef(a,tonumber(d[3]),tonumber(d[4]),b)
local f=bz(a[7],b,ed(x))
local bd,az,ch=pcall(cg,a,e,f,bx,x,b)
if not bd then az,ch=0,false end
if i==0 and not ch then gg(a[8],au~='')
elseif i>0 and hf>i and az==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bc and 1 or 0
end
ac['slots.leave']=function(a,d)
local b=bf()
local x=ef(a,tonumber(d[2]),tonumber(d[3]),b)
local f=bz(a[7],b,ed(x))
if iv(f,d[1])then
cu(a[7],f,b)
pcall(function()cg(a,dt(redis.call('GET',a[1])),f,'',x,b)end)
end
pcall(el,a[8],d[1])
return 1
end
ac['slots.count']=function(a,d)
local b=bf()
local e,ai=gy(a)
local x,er=ef(a,tonumber(d[1]),tonumber(d[2]),b)
fg(a,e,b)
local f=bz(a[7],b,ed(x))
cg(a,e,f,'',x,b)
local bs=ai and 0 or eo(fr(e.map,x),x)
local bq=tonumber(string.match(er,'^%d+')or 0)
return{1,bs,x,bq,#e.map-eo(e.map,#e.map)}
end
ac['slots.resize']=function(a,d)
if not bm(a[2])then cx(a[2])end
return ac['slots.count'](a,d)
end`;

const PART_15 = `local fd,gk,fe={},{},0`;

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
    `local gk={
['mutex.release']=function(h,ah,de,cj)
local ad=n('MGET',unpack(KEYS,h,h+2*de-1))
if ad.err then return 0 end
local bj,io,ha,dh={},{},{},0
for c=1,de do
if ad[2*c]then break end
local q=KEYS[h+2*c-2]
local be=ad[2*c-1]==ARGV[ah+c-1]and not io[q]
cj[#cj+1]=be and 1 or 0
if be then
io[q]=true
bj[#bj+1]=q
ha[#bj]=#cj
end
dh=c
end
local ia=#bj>0 and n('DEL',unpack(bj))
if type(ia)=='table'then
for c=1,#ha do cj[ha[c]]={-1,ia.err}end
end
return dh
end
}`,
    PART_3,
    PART_4,
    `local function di(k,g,ak,be)
if not be then redis.call('SET',k,g,'PX',ak)
else
local y=redis.call('PTTL',k)
if y>=0 and y<tonumber(ak)then redis.call('PEXPIRE',k,ak)end
end
end
local function hr(a,g,kz,ak,ab)
local du=ab==''and 2 or 3
local be,bu,ci={},true,false
local bv,ai
for c=1,#a,du do
local m=redis.call('GET',a[c])
be[c]=m==g
if m~=g then bu=false end
if m and m==kz then
ci=true
elseif m and m~=g then
local y=redis.call('PTTL',a[c])
if not ai or(bv~=-1 and(y==-1 or y>bv))then
bv,ai=y,m
end
end
end
if ab~=''then
for c=3,#a,3 do pcall(gj,a[c],ab,tonumber(ak))end
end
if ai then return{0,bv,ai}end
local l=0
for c=2,#a,du do
local i=bm(a[c])
l=math.max(l,i and(bu and i or i+1)or cx(a[c]))
end
for c=1,#a,du do
di(a[c],g,ak,be[c])
ey(a[c+1],l)
end
return ci and-l or l
end
ac['mutex.acquire']=function(a,d)
return hr(a,d[1],nil,d[2],d[3])
end
ac['mutex.takeOver']=function(a,d)
return hr(a,d[1],d[2],d[3],d[4])
end
ac['mutex.commit']=function(a,d)
for c=1,#a,2 do
if redis.call('GET',a[c])~=d[1]then return{0}end
end
for c=2,#a,2 do
if not bm(a[c])then cx(a[c])end
ei(a[c],tonumber(d[2]))
end
return 1
end
ac['mutex.extend']=function(a,d)
local g,l,ak=d[1],tonumber(d[2]),d[3]
local be={}
for c=1,#a,2 do
local m=redis.call('GET',a[c])
if m and m~=g then return{0,redis.call('PTTL',a[c]),m}end
be[c]=m==g
end
for c=1,#a,2 do
local gl=not be[c]and(bm(a[c+1])or en(a[c+1]))
if gl then ei(a[c+1],l)end
end
for c=1,#a,2 do di(a[c],g,ak,be[c])end
return 1
end
ac['mutex.release']=function(a,d)
local g,au=d[1],d[2]
local bc,ec=false,false
for c=1,#a,2 do
local m=redis.pcall('GET',a[c])
if au~=''then pcall(el,a[c+1],au)end
if m==g then
redis.call('DEL',a[c])
bc=true
if gg(a[c+1],au~='')then ec=true end
elseif type(m)=='table'and m.err and not string.find(m.err,'WRONGTYPE',1,true)then
error(m.err)
end
end
if not bc then return 0 end
return ec and-1 or 1
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
for c=1,#a,2 do di(a[c],d[1],d[2],true)end
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
  "4d1d7e29e32ee736303bfcc5eecbbb7f4d56f61e",
  "079b1a1b9791d8cbcb7c8989aaf5ca6e5112a47d",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fe=81
local fd={
['modes.acquire']=function(h,ah,aj,aw)
local g,ak,an,cm=ARGV[ah],ARGV[aj],ARGV[aj+1],KEYS[h+aw-1]
if ARGV[aj+2]~=''then return nil end
if aw~=4 then
local al,kf=string.gsub(an,' ','')
if aw~=3*kf+4 then return nil end
end
local eq,ej
if n('EXISTS',unpack(KEYS,h,h+aw-2))~=0 then
local ad,j=n('MGET',unpack(KEYS,h,h+aw-2)),1
if ad.err then return nil end
eq={}
ej={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
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
if not ej[bj]or ai==g or(p~=bj and p~='IS'and bj~='IS')then return nil end
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
if aw==4 and not eq then
local bw=n('SET',KEYS[h],an=='X'and g or'~s '..an..' '..g,'PX',ak)
return not bw.err and l or nil
end
local j,b=1,nil
for p in string.gmatch(an,'%u+')do
local q,fm=KEYS[h+j-1],eq and eq[j]
if fm then
local am,eg,y,ai=KEYS[h+j],tonumber(ak),fm[1],fm[3]
if not b then
local ar=n('TIME')
if ar.err then return nil end
b=tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local ag,bd=string.format('%.0f',ej[p]+b+eg),nil
if ai then
local iy=math.max(y,eg)
bd=n('ZADD',am,string.format('%.0f',ej[fm[2]]+b+y),ai,ag,g)==2
and n('PEXPIRE',am,iy)==1 and not n('SET',q,'~s','PX',iy).err
else
n('ZREMRANGEBYSCORE',am,string.format('%.0f',ej[p]),string.format('(%.0f',ej[p]+b))
bd=n('ZADD',am,ag,g)==1
local jl=n('PTTL',am)
if type(jl)~='number'or jl<eg then
bd=n('PEXPIRE',am,eg)==1 and bd
end
if y<eg then bd=n('PEXPIRE',q,eg)==1 and bd end
end
if not bd then return nil end
else
local bw=n('SET',q,p=='X'and g or'~s '..p..' '..g,'PX',ak)
if bw.err then return nil end
end
j=j+3
end
return l
end,
['modes.extend']=function(h,ah,aj,aw)
local g,ak,j=ARGV[ah],ARGV[aj],1
local ad=ARGV[aj-1]=='2'and n('MGET',unpack(KEYS,h,h+aw-1))
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
['modes.release']=function(h,ah,al,aw)
local g,ad=ARGV[ah],nil
if aw==4 then
local m,cd,lf=unpack(n('MGET',KEYS[h],KEYS[h+2],KEYS[h+3]))
if not m or cd or lf then return nil end
if m==g or string.match(m,'^~s [ISX]+ (.*)$')==g then
return n('DEL',KEYS[h])==1 and 1 or nil
end
ad={m}
else
ad=n('MGET',unpack(KEYS,h,h+aw-1))
if ad.err then return nil end
end
local ce,hc,hd,b={},{},{},nil
for j=1,aw,4 do
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
local r=tonumber(ag)%100000000000000
local af=tonumber(ag)-r
if r<b then return nil end
local iz,il=string.format('%.0f',af),string.format('(%.0f',af+100000000000000)
local i=n('ZREVRANGEBYSCORE',am,il,iz,'WITHSCORES','LIMIT',0,2)
if i.err then return nil end
local w,gr=tonumber(i[2])-af,nil
if i[1]==g then
gr=n('ZCARD',am)
w=i[4]and tonumber(i[4])-af
if w and(w<b or n('ZCOUNT',am,iz,il)~=gr)then return nil end
if not w and gr~=1 then return nil end
elseif y>w-b+1 then
return nil
end
if not w then
ce[#ce+1]=q
elseif y>w-b+1 then
hd[#hd+1]={q,math.max(1,w-b)}
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
    PART_10,
    `ac['modes.position']=function(a,d)
local b=bf()
local f=bz(a[3],b,dl)
local j,ge,bl=gw(f,d[1]),0,0
local ag=j and f[j][1]or math.max(b,f.ticket)+1-tonumber(d[2])
for c=1,#f do
local o=db(f,c)
if not o[7]and o[5]>=0 then
bl=bl+1
if o[2]~=d[1]and not gn(o,ag,d[1])then ge=ge+1 end
end
end
return{1,ge,bl,redis.call('EXISTS',a[1])}
end
ac['modes.stay']=function(a,d)
local b=bf()
local f=bz(a[3],b,dl)
if fu(f,d[1],b)then cu(a[3],f,b)end
return 1
end`,
    `ac['modes.query']=function(a)
local aa,b={1},bf()
for al,s in ipairs(eh(a,#a/4,4))do
local hg={et(s.wake)}
local f=bz(s.line,b,dl)
for c=1,#f do
local o=db(f,c)
if o[4]>=b and o[5]>=0 then hg[#hg+1]=o[2]end
end
aa[#aa+1]=redis.call('GET',s.lock)or''
aa[#aa+1]=redis.call('PTTL',s.lock)
aa[#aa+1]=table.concat(hg,' ')
local gm=redis.call('ZRANGE',s.shared,0,-1,'WITHSCORES')
local j=#aa+1
aa[j]=0
for c=1,#gm,2 do
local y=tonumber(gm[c+1])%dg-b
if y>=0 then
aa[j]=aa[j]+1
aa[#aa+1]=gm[c]
aa[#aa+1]=y
end
end
end
return aa
end`,
    PART_5,
    PART_6,
  ],
  "672e93e18af0153bfa3c4cdd97bc8ed6bebadb1f",
  "76fa0331aaf0f8d300c57def1c135829f4cdbcc7",
);

export const SLOTS_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fe=8
local gc='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local jq=8
local function fc()
local ar=n('TIME')
return ar[1]*1000+math.floor(ar[2]/1000)
end
local function hh(h,as,w,bo,u,bb,i,b)
if b and w~='0'and i+0>bo+0 then
bo=string.format('%.0f',i+math.max(1,i-b))
n('PEXPIREAT',KEYS[h+2],bo)
n('PEXPIREAT',KEYS[h+3],bo)
n('PEXPIRE',KEYS[h+4],604800000)
end
n('SET',KEYS[h],'~p '..as..' '..w..' '..bo..' '..u..' '..bb,'PXAT',i)
end
local fd={
['slots.acquire']=function(h,ah,aj)
if ARGV[aj+1]~=''or ARGV[aj+5]~='0'or ARGV[aj+6]~=''or ARGV[aj-1]~='7'then return nil end
local g,ba,x,cm=ARGV[ah],ARGV[aj+3]+0,ARGV[aj+4]+0,KEYS[h+1]
if ba>jq or ba>x then return nil end
local aq,b=n('GET',KEYS[h]),fc()
local as,w,bo,u,ap,v,bb='0','0','0','','0','',''
local ie=true
if aq then
if aq.err then return nil end
as,w,bo,u,ap,v,bb=string.match(aq,gc)
if not as or bb==g then return nil end
if(w~='0'and b>as+0)or(bb~=''and ap+0<b)then return nil end
if w~='0'and n('HGET',KEYS[h+2],g)then return nil end
elseif n('EXISTS',KEYS[h+4],KEYS[h+5],KEYS[h+6])==0 then
ie=false
end
local ck,df=string.match(g,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
ck,df=ck and tonumber(ck,16)%x or 0,df and 1+tonumber(df,16)%x or 1
local dv,dz={},ba==1 and'1'or'2'
for c=0,63 do
local ca=(ck+c*df)%x
local gi=string.byte(u,ca+1)
if gi~=49 and gi~=50 then
if not gi then u=u..string.rep('0',ca-#u)end
u=string.sub(u,1,ca)..dz..string.sub(u,ca+2)
dv[#dv+1]=ca
if#dv==ba then break end
end
end
if#dv<ba then return nil end
local br=dv[1]..''
if ba>1 then
br=''
local bt,i=string.find(u,'2+')
while bt do
br=br..(br==''and''or' ')..bt-1 ..(bt==i and''or'-'..i-1)
bt,i=string.find(u,'2+',i+1)
end
u=string.gsub(u,'2','1')
end
local r,l=b+ARGV[aj],nil
local i=string.format('%.0f',r)
if not ie then
l=ae(cm)
if not l then return nil end
else
local ad
if IS_CLUSTER then
ad=n('MGET',cm,KEYS[h+6])
else
local ky=string.sub(cm,1,string.find(cm,'~fence:',1,true)-1)
ad=n('MGET',cm,KEYS[h+6],ky..'~server')
end
if ad.err or ad[2]or n('HGET',KEYS[h+5],KEYS[h])then return nil end
local af=ad[1]and string.find(ad[1],'^%d+$')and ad[1]+0
if not af or af<1 or af>=9000000000000000 then return nil end
local dj=ad[3]and string.match(ad[3],'^complete %S+ %S+ (%S+) ')or''
if#dj~=32 then dj=string.format('%-32.32s',dj)end
if n('GETRANGE',KEYS[h+4],0,31)~=dj then return nil end
l=af-af%16384
for c=1,ba do
local j=32+16*dv[c]
l=math.max(l,tonumber(n('GETRANGE',KEYS[h+4],j,j+15))or af)
end
l=l+1
if bb~=''then
if w=='0'then n('DEL',KEYS[h+2],KEYS[h+3])end
local js=n('ZADD',KEYS[h+3],ap,bb)
if type(js)~='number'then return nil end
n('HSET',KEYS[h+2],bb,v)
if w=='0'or ap+0<as+0 then as=ap end
if ap+0>w+0 then w=ap end
end
local ao=string.format('%016.0f',l)
for c=1,ba do n('SETRANGE',KEYS[h+4],32+16*dv[c],ao)end
if af<l then n('SET',cm,string.format('%.0f',l))end
if not aq then n('PEXPIRE',KEYS[h+4],604800000)end
end
bb=i..':'..br..':'..g
hh(h,as,w,bo,u,bb,w+0>r and w or i,b)
return{1,l,br,''}
end,
['slots.extend']=function(h,ah,aj)
local g=ARGV[ah]
if ARGV[aj+4]~='0'or ARGV[aj-1]~='5'then return nil end
local aq=n('GET',KEYS[h])
if not aq or aq.err then return nil end
local as,w,bo,u,ap,v,bb=string.match(aq,gc)
if not as or n('HGET',KEYS[h+5],KEYS[h])then return nil end
local b=fc()
if(w~='0'and b>as+0)or(bb~=''and ap+0<b)then return nil end
local r=b+ARGV[aj+1]
local i=string.format('%.0f',r)
if bb==g then
if v~=ARGV[aj+2]then return nil end
if ap+0>=r then return 1 end
ap=i
if w+0>r then i=w end
else
if w=='0'or n('HGET',KEYS[h+2],g)~=ARGV[aj+2]then return nil end
local ag=n('ZSCORE',KEYS[h+3],g)
if type(ag)~='string'then return nil end
if ag+0>=r then return 1 end
n('ZADD',KEYS[h+3],i,g)
if w+0>=r then return 1 end
w=i
if ap+0>r then i=ap end
end
hh(h,as,w,bo,u,ap..':'..v..':'..bb,i,b)
return 1
end,
['slots.release']=function(h,ah,aj)
local g=ARGV[ah]
if ARGV[aj-1]~='3'then return nil end
local ad=n('MGET',KEYS[h],KEYS[h+6],KEYS[h+7])
if ad.err or ad[2]or ad[3]then return nil end
if not ad[1]then return 0 end
local as,w,bo,u,ap,v,bb=string.match(ad[1],gc)
if not as then return nil end
if bb==g and w=='0'then
return n('DEL',KEYS[h])==1 and 1 or nil
end
if w=='0'then return nil end
local i,bx=w,v
if bb==g then
if ap+0<w+0 and ap+0<fc()then return nil end
ap,v,bb='0','',''
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
if bb==''then return n('DEL',KEYS[h])and 1 end
end
end
i=ap+0>w+0 and ap or w
end
local ca=tonumber(bx)
if ca then
u=string.sub(u,1,ca)..'0'..string.sub(u,ca+2)
else
for bt,fw in string.gmatch(bx,'(%d+)%-?(%d*)')do
if fw==''then fw=bt end
u=string.sub(u,1,bt)..string.rep('0',fw-bt+1)..string.sub(u,fw+2)
end
end
hh(h,as,w,bo,u,ap..':'..v..':'..bb,i)
return 1
end
}
local gk={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_11,
    PART_12,
    PART_13,
    PART_14,
    PART_5,
    PART_6,
  ],
  "e4a1847615e413179f57de0e350b1bb6a21a3d8c",
  "7a4cfc45a6b275d91f4c585ba0c1b09cc359e0a2",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_15,
    PART_3,
    `local function jf(k)
local by=redis.pcall('GET',k)
return type(by)=='string'and by or''
end
local function ji(k,kb,m)
local dq=jf(k)
local ar=redis.call('TIME')
local b=string.format('%.0f',tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000))
if dq==kb then
dq=m(tonumber(b))
redis.call('SET',k,dq)
end
return{1,dq,b}
end
ac['marker.replace']=function(a,d)
return ji(a[1],d[1],function()return d[2]end)
end
ac['marker.lose']=function(a,d)
return ji(a[1],d[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(d[2]))
end)
end`,
    `ac['identify']=function(a)
local ek=''
local function ft(le)
local fi=redis.pcall('INFO',le)
if type(fi)=='table'then fi,ek='',fi.err end
return function(kd)return string.match(fi,'%f[%w_]'..kd..':([^\\r\\n]*)')or''end
end
local fv,ja,gz=ft('server'),ft('memory'),ft('replication')
local ar=redis.call('TIME')
local p=fv('redis_mode')
if p==''then p=fv('server_mode')end
return{
1,fv('run_id'),tonumber(fv('uptime_in_seconds'))or-1,
tonumber(ar[1])*1000000+tonumber(ar[2]),
tonumber(ft('persistence')('aof_enabled'))or-1,
ja('maxmemory_policy'),tonumber(ja('maxmemory'))or-1,
gz('role'),p,gz('master_replid'),gz('master_replid2'),
a[1]and jf(a[1])or'',ek
}
end`,
    PART_12,
    `ac['counters.read']=function(a)
local aa,b={1},bf()
for c=1,#a,2 do
local ep,l=pcall(bm,a[c])
aa[#aa+1]=ep and l and string.format('%.0f',l)or''
end
for c=2,#a,2 do
local cv,ce,cf=redis.pcall('HGETALL',a[c]),{},{}
for j=1,cv.err and 0 or#cv,2 do
ce[#ce+1],cf[cv[j]]=cv[j],cv[j+1]
end
table.sort(ce)
for al,q in ipairs(ce)do
local bq,x=gu(cf[q],b)
if bq then
for al,m in ipairs({c/2,q,string.format('%.0f',bq),x})do aa[#aa+1]=m end
end
end
end
return aa
end
local function je(a,d,as)
local v,b=#a/2,bf()
for c=1,v do
local k=a[2*c-1]
local ep,l=pcall(bm,k)
if ep and d[c]~=''then
if not l then as(k)end
ei(k,tonumber(d[c]))
end
end
for j=v+1,#d,4 do
pcall(la,a[2*tonumber(d[j])],d[j+1],tonumber(d[j+2]),tonumber(d[j+3]),b)
end
return 1
end
ac['counters.raise']=function(a,d)
return je(a,d,cx)
end
ac['counters.restore']=function(a,d)
return je(a,d,function()end)
end
ac['counters.lift']=function(a,d)
for c=1,#a do
local ep,l=pcall(bm,a[c])
if ep and l then ei(a[c],tonumber(d[1]))end
end
return 1
end`,
    `ac['set.note']=function(a,d)
local bw,dd,iw=d[1],d[2],tonumber(d[3])
local ar=redis.call('TIME')
local b=tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
local he,ip,ih=b,false,false
local cq,ao={},redis.pcall('GET',a[1])
for cd in string.gmatch(type(ao)=='string'and ao or'','[^\\n]+')do
local fo,z,w,em,kv=string.match(cd,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
z,w,em=tonumber(z),tonumber(w),tonumber(em)
if fo and z<=w and w<=b and b<em and em<=b+3600000 then
if fo==bw then
he,ip=z,b-w<tonumber(d[4])
elseif fo==dd then
ih=true
else
cq[#cq+1]={cd,fo,w,z,em,kv}
end
end
end
local aa,at,i={1},{},b+iw
for c=math.max(1,#cq-16+2),#cq do
local bg=cq[c]
at[#at+1]=bg[1]
i=math.max(i,bg[5])
aa[#aa+1]=bg[2]
aa[#aa+1]=bg[3]-math.max(bg[4],he)
aa[#aa+1]=bg[5]-b
aa[#aa+1]=bg[6]
end
if not ip or ih then
at[#at+1]=string.format('%s %.0f %.0f %.0f %s',bw,he,b,b+iw,d[5])
redis.call('SET',a[1],table.concat(at,'\\n'),'PX',string.format('%.0f',i-b))
end
return aa
end`,
    PART_5,
    PART_6,
  ],
  "4554b6fbf8c56a9b0af3622dec9d0ce21ec162bc",
  "2e643abdb2a932aacc8f399c84d7e7a37656d8da",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_15,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    PART_10,
    PART_11,
    PART_12,
    PART_13,
    PART_14,
    `local hp=8
local function fs(a,d)
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
local function jc(a,d,z)
local e,ba,b=dt(redis.call('GET',a[1])),{},bf()
local al,ku=dc(a,e,d[1])
for c=z,#d do
local v,r=dc(a,e,d[c])
if v and r>b then ba[#ba+1]={d[c],v,r}end
end
return(ku or 0)>=b,ba
end
local function kg(a,g,ba,b)
local e=dt(redis.call('GET',a[1]))
ff(a,e,g)
for al,gv in ipairs(ba)do di(a,e,gv[1],gv[2],gv[3],b)end
eu(a,e,b)
end
local function ix(a,g,ba,bu,dn,cc,cb)
local bd,q=pcall(ac[dn],cc,cb)
if bd and(type(q)=='number'or q[1]==1)then return q end
if not bu then kg(a,g,ba,bf())end
if not bd then error(q,0)end
return nil,{0,q[2],q[3],q[4],q[5],2}
end
ac['quota.acquire']=function(a,d)
local bh,bp,cc,cb=fs(a,d)
local bu,ba=jc(bh,bp,9)
local ax=ac['slots.acquire'](bh,bp)
if ax[1]==0 then return{0,ax[2],ax[3],ax[4],ax[5],1}end
local q,ek=ix(bh,d[1],ba,bu,d[2],cc,cb)
if not q then
if#ba==0 and not bu then
local b=bf()
local x=ef(bh,tonumber(bp[6]),tonumber(bp[7]),b)
local e,f=dt(redis.call('GET',bh[1])),bz(bh[7],b,ed(x))
cg(bh,e,f,ax[3],x,b)
end
return ek
end
if type(q)=='number'then return{1,math.abs(q),ax[3],ax[4],ax[5]or''}end
return{1,q[2],ax[3],ax[4],ax[5]or'',q[3],q[4],q[5]or''}
end
ac['quota.convert']=function(a,d)
local bh,bp,cc,cb=fs(a,d)
local bu,ba=jc(bh,bp,7)
local ax=ac['slots.extend'](bh,bp)
if ax~=1 then return{0,ax[2],ax[3],'0','',1}end
local q,ek=ix(bh,d[1],ba,bu,d[2],cc,cb)
return q and{1,math.abs(q),bp[4],'',''}or ek
end
local function hu(a,d,dn)
local bh,bp,cc,cb=fs(a,d)
local ax=ac[dn](bh,bp)
if ax~=1 then return ax end
return ac[d[2]](cc,cb)
end
ac['quota.commit']=function(a,d)return hu(a,d,'slots.commit')end
ac['quota.extend']=function(a,d)return hu(a,d,'slots.extend')end
ac['quota.release']=function(a,d)
local bh,bp,cc,cb=fs(a,d)
local bd,ax=pcall(ac['slots.release'],bh,bp)
local q=ac[d[2]](cc,cb)
if not bd then error(ax,0)end
return q~=0 and q or ax
end`,
    PART_5,
    PART_6,
  ],
  "1f6e82ced9a23b1cca58e6301101b8966327c69d",
  "3950fe3c887b4348e4f806a3a4b646d2cc3a2dcb",
);
