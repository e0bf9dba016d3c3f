// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local l=redis.pcall
local function ag(n)
local j=l('INCR',n)
if type(j)~='number'then return nil end
if j>1 and j<=9000000000000000 then return j end
if j==1 and not IS_CLUSTER then
local ca=l('GET',string.match(n,'^(.*)~fence:')..'~server')
local ec=type(ca)=='string'and string.match(ca,'^complete .* (%d+)$')
local bx=ec and l('SET',n,ec)
if bx and not bx.err then return tonumber(ec)end
end
l(j>1 and'DECR'or'DEL',n)
return nil
end`;

const PART_2 = `if#KEYS<=eo and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local fq=eb[ARGV[1]]
local x=fq and fq(1,6+ARGV[5],6,#KEYS)
if x then return x end
end`;

const PART_3 = `local function general()
local ae={}
local function bn(n)
local m=redis.call('GET',n)
if not m then return nil end
local j=string.match(m,'^-?%d+$')and tonumber(m)
if not j or j>=9000000000000000 then
error('the fencing counter '..n..' cannot be counted up: '..m..'; delete it together with '
..string.match(n,'^(.*)~fence:')..'~server, on one server after another')
end
return j>0 and j or nil
end
local function fa(n,j)
redis.call('SET',n,string.format('%.0f',j))
end
local function ep(n)
if not IS_CLUSTER then
local ca=redis.pcall('GET',string.match(n,'^(.*)~fence:')..'~server')
if type(ca)~='table'or string.find(ca.err,'WRONGTYPE',1,true)then
return type(ca)=='string'and tonumber(string.match(ca,'^complete .* (%d+)$'))or nil
end
end
local as=redis.call('TIME')
local b=tonumber(as[1])*1000000+tonumber(as[2])
return math.max(1,b-b%16384)
end
local function cx(n)
local ec=ep(n)
if ec then return ec end
redis.call('DEL',n)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function ej(n,j)
local dq=bn(n)
if not dq then j=math.max(j,ep(n)or 0)end
if(dq or 0)<j then fa(n,j)end
end`;

const PART_4 = `local function ev(n)
local bl=redis.pcall('GET',n)
return type(bl)=='string'and bl or nil
end
local function gi(n,av,ak)
ak=math.max(ak,20000)
local bl=ev(n)
if not bl then
redis.call('SET',n,av,'PX',ak)
elseif string.find(' '..bl..' ',' '..av..' ',1,true)then
redis.call('PEXPIRE',n,math.max(redis.call('PTTL',n),ak))
elseif#bl+1<256*(#av+1)then
redis.call('SET',n,bl..' '..av,'PX',math.max(redis.call('PTTL',n),ak))
end
end
local function em(n,av)
local bl=ev(n)
if not bl then return end
local cr={}
for bg in string.gmatch(bl,'%S+')do
if bg~=av then cr[#cr+1]=bg end
end
if#cr==0 then redis.call('DEL',n)
else redis.call('SET',n,table.concat(cr,' '),'PX',math.max(redis.call('PTTL',n),1))end
end
local function gf(n,kq)
local bl=ev(n)
if not bl then return false end
local aa=kq and string.match(bl,'%S+')or''
if aa~=''then em(n,aa)end
redis.pcall('PUBLISH',n,aa)
return aa~=''
end`;

const PART_5 = `return ae
end`;

const PART_6 = `local function kz(fq,g,ef,af,t,ac,an)
local a,d={unpack(KEYS,g,g+ef-1)},{unpack(ARGV,af,af+t-1)}
for c=1,an do d[t+c]=ARGV[ac+c-1]end
local bc,x=pcall(fq,a,d)
if bc then return x end
if type(x)=='table'then x=x.err or x[1]end
return{-1,tostring(x)}
end
local cl,ae,g,af={},nil,1,1
while af<=#ARGV do
local dn,de,ef=ARGV[af],tonumber(ARGV[af+1]),tonumber(ARGV[af+2])
local t,an,ac=tonumber(ARGV[af+3]),tonumber(ARGV[af+4]),af+5
af=ac+an
local ie=ef<=eo
local ic=ie and eb[dn]
local ib=ie and de>1 and gj[dn]
local dh=0
while dh<de do
local ag=ib and ib(g,af,de-dh,cl)or 0
if ag==0 then
local x=ic and ic(g,af,ac,ef)
if not x then
ae=ae or general()
x=kz(ae[dn],g,ef,af,t,ac,an)
end
cl[#cl+1]=x
ag=1
end
g,af,dh=g+ag*ef,af+ag*t,dh+ag
end
end
return#cl==1 and cl[1]or cl`;

const PART_7 = `local function fc(ad)return string.match(ad,'^%w+')or''end
local function db(f,c)
local ap=f[c]
if type(ap)~='string'then return ap end
local ai,ad,co,s,ay,ax=
string.match(ap,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local o
if co and f.is_demand(co)then
o={tonumber(ai),ad,co,tonumber(s),tonumber(ay),tonumber(ax),false,ap}
else
o={0,'','',0,0,0,true,ap}
end
f[c]=o
return o
end
local function fb(f,o)
f.check=math.min(f.check,o[4]+1)
if o[5]>0 then f.check=math.min(f.check,o[5]+50+1)end
end
local function jz(f,b)
local ge,dr=0,{}
local ag=#f
f.check=math.huge
for c=1,ag do
local o=db(f,c)
f[c]=nil
if o[4]>=b then
ge=ge+1
f[ge]=o
fb(f,o)
if o[5]>0 and b-o[5]>50 then
local av=fc(o[2])
dr[av]=math.max(dr[av]or 0,o[5])
o[7]=true
end
end
end
if not next(dr)then return end
for al,o in ipairs(f)do
local av=fc(o[2])
if dr[av]and o[4]-3000>dr[av]then dr[av]=nil end
end
for al,o in ipairs(f)do o[7]=o[7]or dr[fc(o[2])]~=nil end
end
local function cb(n,b,kl)
local ap=redis.pcall('GET',n)
local f={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=kl}
local at,i,ax
if type(ap)=='string'then at,i,ax=string.match(ap,'^(%d+) (%d+) (%d+);')end
if not at then return f end
f.check,f.last,f.ticket=tonumber(at),tonumber(i),tonumber(ax)
local ag=0
for cp in string.gmatch(ap,';([^;]+)')do
ag=ag+1
f[ag]=cp
end
if b>=f.check then jz(f,b)end
return f
end
local function cu(n,f,b)
if#f==0 then
redis.call('DEL',n)
return
end
local ch={string.format('%.0f %.0f %.0f',f.check,f.last,f.ticket)}
for c,o in ipairs(f)do
ch[c+1]=type(o)=='string'and o or o[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(o,1,6))
end
redis.call('SET',n,table.concat(ch,';'),'PX',math.max(1,f.last-b))
end
local function gn(o,ai,ad)
return o[1]>ai or(o[1]==ai and o[2]>ad)
end
local function hu(f,ad,ai,jy)
local bo
for c=1,#f do
local o=db(f,c)
if o[2]==ad or(ai and gn(o,ai,ad))then break end
if not o[7]and jy(o[3])then
if bo then return bo,true end
bo=o
end
end
return bo,false
end
local function gx(f,ad)
local ky=' '..ad..' '
for c,o in ipairs(f)do
if type(o)~='string'or string.find(o,ky,1,true)then
if db(f,c)[2]==ad then return c end
end
end
end
local function fu(f,ad,b)
local k=ad~=''and gx(f,ad)
if not k then return nil end
local o=db(f,k)
o[4],o[5],o[7],o[8]=b+3000,0,false,nil
f.last=math.max(f.last,o[4])
return k
end
local function jl(f,ad,b)
local k=fu(f,ad,b)
if not k then return false end
local o=f[k]
o[5],o[7]=math.max(1,b-50-1),true
fb(f,o)
return true
end
local function jn(f,ad,co,ax,dm,b,y)
local k=fu(f,ad,b)
if k and f[k][6]>=ax then
f[k][3]=co
return k
end
if k then table.remove(f,k)end
if ax==0 then ax=y+1 end
local ai=ax-dm
k=#f+1
while k>1 and gn(db(f,k-1),ai,ad)do k=k-1 end
local o={ai,ad,co,b+3000,0,ax,false}
table.insert(f,k,o)
fb(f,o)
f.last,f.ticket=math.max(f.last,o[4]),math.max(f.ticket,ax)
f[256+1]=nil
return k
end
local function iw(f,ad)
local k=gx(f,ad)
if k then table.remove(f,k)end
return k~=nil
end
local function jc(f,cj,b)
local ay,fd,gp={},{},false
for c=1,#f do
local o=db(f,c)
if not o[7]then
local av=fc(o[2])
gp=gp or not cj(o[3])
if gp then
if not next(fd)then break end
if not fd[av]then return ay,true,o[2]end
else
if o[5]<=0 then
o[5],o[8]=b,nil
fb(f,o)
ay[#ay+1]=o
end
fd[av]=true
end
end
end
return ay,next(fd)~=nil,nil
end
local function jo(ch,ea)
return table.concat(ch,' ')..(ea and' ~'..ea or'')
end`;

const PART_8 = `local fy={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function dl(ap)return fy[ap]end
local function hy(ku,bg)return string.find(fy[ku],' '..bg..' ',1,true)end
local function kp(kt)
local fh={}
return function(p)
if fh[p]==nil then fh[p]=not kt(p)end
if not fh[p]then return false end
for bg in string.gmatch(fy[p],'%u+')do fh[bg]=false end
return true
end
end`;

const PART_9 = `local cy,ho='~s','~p'
local dg,ga=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local hr={'IS','IX','SIX','S'}
local gb={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=hr}
local function bf()
local as=redis.call('TIME')
return tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
end
local function gs(ap)
local ao={}
for p in string.gmatch(ap,'%u+')do
if not gb[p]then error('unknown mode '..p,0)end
ao[#ao+1]=p
end
return ao
end
local function ei(a,ag,du)
local bm={['fences']={unpack(a,ag*du+1)}}
for c=1,ag do
local g=(c-1)*du
bm[c]={['lock']=a[g+1],['shared']=a[g+2],['line']=a[g+3],['wake']=du>3 and a[g+4]}
end
return bm
end
local function dw(d,aa)
local t={d[1],[d[1]]=true}
for c=aa,#d do
t[#t+1]=d[c]
t[d[c]]=true
end
return t
end
local function ex(m)
if not m or string.sub(m,1,3)~='~s 'then return nil end
local p,h=string.match(m,'^~s (%u+) (.*)$')
if gb[p]then return p,h end
end
local function ez(ks)return string.format('%.0f',ks)end
local function is(n,p,ag)
local ah=ga[p]*dg
return redis.pcall('ZREVRANGEBYSCORE',n,'('..ez(ah+dg),ez(ah),'WITHSCORES','LIMIT',0,ag),ah
end
local function fp(r,p,t,b)
local m=redis.call('GET',r.lock)
if m and(m==ho or string.sub(m,1,3)==ho..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local ds,bi=ex(m)
if bi then
local u=not t[bi]and redis.call('PTTL',r.lock)
if u and(u==-1 or hy(p,ds))then return u,bi end
return nil
end
if t[m]then return nil end
if m and m~=cy then return redis.call('PTTL',r.lock),m end
local i,aj
if not m and redis.call('EXISTS',r.shared)==0 then return nil end
for al,le in ipairs(gb[p])do
local ab,ah=is(r.shared,le,#t+1)
if ab.err then error(ab.err,0)end
for c=1,#ab,2 do
local s=tonumber(ab[c+1])-ah
if not t[ab[c]]then
if s>=b and(not i or s>i)then i,aj=s,ab[c]end
break
end
end
end
if i then return i-b,aj end
end
local function iu(r,b)
local y
if redis.call('EXISTS',r.shared)==0 then return nil end
for al,p in ipairs(hr)do
local ab,ah=is(r.shared,p,1)
local ai=tonumber(ab[2])
if ai and ai-ah>=b then y=math.max(y or 0,ai-ah)end
end
return y
end
local function go(r,p,t)
local m=redis.call('GET',r.lock)
if p=='X'then return t[m]end
local ds,bi=ex(m)
if bi then return t[bi]and ds==p end
for al,h in ipairs(t)do
local ai=redis.call('ZSCORE',r.shared,h)
if ai and math.floor(tonumber(ai)/dg)==ga[p]then return true end
end
return false
end
local function kn(r,t)
local m=redis.call('GET',r.lock)
local al,bi=ex(m)
if bi then return t[bi]end
if t[m]then return true end
for al,h in ipairs(t)do
if redis.call('ZSCORE',r.shared,h)then return true end
end
return false
end
local function ht(n,p,h,s,b)
local ah=ga[p]*dg
redis.call('ZREMRANGEBYSCORE',n,ez(ah),'('..ez(ah+b))
redis.call('ZADD',n,ez(ah+s),h)
if redis.call('PTTL',n)<s-b then redis.call('PEXPIRE',n,s-b)end
end
local function im(r,p,t,ak,b)
local q,an,h,ck=r.lock,r.shared,t[1],false
local m=redis.call('GET',q)
local s=b+ak
local ds,bi=ex(m)
local aj,kk=bi or m,ds or'X'
if t[aj]then
local u=redis.call('PTTL',q)
if u==-1 and aj==h and p==kk then return false end
s=math.max(s,b+u)
if bi==h and p==ds then
redis.call('SET',q,m,'PX',s-b)
return false
end
ck=aj~=h
m=nil
elseif bi then
local u=math.max(1,redis.call('PTTL',q))
ht(an,ds,bi,b+u,b)
redis.call('SET',q,cy,'PX',u)
m=cy
end
if m~=cy and(p~='X'or bi)and redis.call('EXISTS',an)==0 then
redis.call('SET',q,p=='X'and h or'~s '..p..' '..h,'PX',s-b)
return ck
end
for c,cp in ipairs(t)do
local ai=(c>1 or p~='X')and redis.call('ZSCORE',an,cp)
if ai then
s=math.max(s,tonumber(ai)%dg)
if c>1 then
redis.call('ZREM',an,cp)
ck=true
end
end
end
if p=='X'then
redis.call('SET',q,h,'PX',s-b)
return ck
end
ht(an,p,h,s,b)
if m~=cy then
redis.call('SET',q,cy,'PX',iu(r,b)-b)
else
local u=redis.call('PTTL',q)
if u>=0 and u<s-b then redis.call('PEXPIRE',q,s-b)end
end
return ck
end
local hm={}
local function ci(r,f,b)
if#f==0 then return{},false end
local ay,cj,ea=jc(
f,kp(function(p)return fp(r,p,hm,b)end),b)
for c,o in ipairs(ay)do ay[c]=o[2]end
if#ay>0 then
cu(r.line,f,b)
redis.pcall('PUBLISH',r.wake,jo(ay,ea))
end
return ay,cj
end
local function jx(r,p,t,ad,ai,f,b)
local u,aj=fp(r,p,t,b)
if u or#f==0 or kn(r,t)then return u,aj end
local bo,kj=hu(f,ad,ai,function(bg)return hy(bg,p)end)
if not bo then return nil end
if r.wake then ci(r,f,b)end
if kj then return-1,''end
if bo[5]>0 then return math.max(0,50-b+bo[5]),''end
u,aj=fp(r,bo[3],hm,b)
return u and-1 or 50,aj or''
end
local function ke(id,ao,bv)
local j,bj,be=0,false,{}
for al,p in ipairs(ao)do
if(p=='X'or p=='SIX')and not bv then bj=true end
end
for c,n in ipairs(id)do
local i=bn(n)
be[c]=i or 0
j=math.max(j,i and(bj and i+1 or i)or cx(n))
end
for c,n in ipairs(id)do
if be[c]~=j then fa(n,j)end
end
return j
end
ae['modes.acquire']=function(a,d)
local ak,ad,ax,dm=tonumber(d[2]),'',0,0
if d[4]~=''then
ad,ax,dm=string.match(d[4],'^(%S*) (%S+) (%S+)$')
ax,dm=tonumber(ax),tonumber(dm)
end
local ao,t,jv,b=gs(d[3]),dw(d,5),{d[1],[d[1]]=true},bf()
local bm=ei(a,#ao,ad==''and 3 or 4)
local ai=ax>0 and ax-dm or nil
local au,be,k,bw,aj={},b,nil,nil,nil
local bv,ck=true,false
for c,p in ipairs(ao)do
local r=bm[c]
au[c]=cb(r.line,b,dl)
be=math.max(be,au[c].ticket)
local u,li=jx(r,p,t,ad,ai,au[c],b)
if u then
k=k or c
if not aj or(bw~=-1 and(u==-1 or u>bw))then
bw,aj=u,li
end
elseif not go(r,p,jv)then
bv=false
end
end
local cf,eu=k or#ao,nil
if ad~=''then
eu=jn(au[cf],ad,ao[cf],ax,dm,b,be)
if not k and au[cf][eu]then au[cf][eu][5]=-1 end
cu(bm[cf].line,au[cf],b)
end
if k then
if ad~=''then pcall(gi,bm[k].wake,ad,ak)end
return{0,bw,aj,string.format('%.0f',be),eu and eu-1 or#au[k]}
end
local j=ke(bm.fences,ao,bv)
for c,p in ipairs(ao)do
local r=bm[c]
if im(r,p,t,ak,b)then ck=true end
if c~=cf and fu(au[c],ad,b)then cu(r.line,au[c],b)end
end
return ck and-j or j
end
ae['modes.convert']=ae['modes.acquire']
ae['modes.commit']=function(a,d)
local ao,t=gs(d[3]),{d[1],[d[1]]=true}
local bm=ei(a,#ao,4)
for c,p in ipairs(ao)do
if not go(bm[c],p,t)then return{0}end
end
for al,n in ipairs(bm.fences)do
if not bn(n)then cx(n)end
ej(n,tonumber(d[2]))
end
return 1
end
ae['modes.extend']=function(a,d)
local j,ak,ao=tonumber(d[2]),tonumber(d[3]),gs(d[4])
local bm,t,b,bd=ei(a,#ao,4),dw(d,5),bf(),true
for c,p in ipairs(ao)do
local u,aj=fp(bm[c],p,t,b)
if u then return{0,u,aj}end
bd=bd and go(bm[c],p,t)
end
for al,n in ipairs(bm.fences)do
local gl=not bd and(bn(n)or ep(n))
if gl then ej(n,j)end
end
for c,p in ipairs(ao)do
local r=bm[c]
if im(r,p,t,ak,b)then ci(r,cb(r.line,b,dl),b)end
end
return 1
end
local function bt(r,t,b)
local q,bb=r.lock,false
local m=redis.pcall('GET',q)
if type(m)=='table'then
if string.find(m.err,'WRONGTYPE',1,true)then return false,false end
error(m.err,0)
end
local al,bi=ex(m)
if t[bi or m]then
redis.call('DEL',q)
m,bb=false,true
end
if bi or(bb and#t==1)then return bb,bb end
local fk=false
for al,h in ipairs(t)do
local ai=redis.pcall('ZSCORE',r.shared,h)
if type(ai)=='string'then
redis.call('ZREM',r.shared,h)
fk=true
if tonumber(ai)%dg>=b then bb=true end
end
end
if m and m~=cy then return bb,false end
local y=fk and iu(r,b)
if y then
local u=redis.call('PTTL',q)
local fj=u>y-b+1
if u<0 or fj then redis.call('SET',q,cy,'PX',math.max(1,y-b))end
return bb,false,fj
end
if fk and m then redis.call('DEL',q)end
return bb,fk or bb
end
local function iv(r,f,ad,b)
local ih=iw(f,ad)
if ih then cu(r.line,f,b)end
pcall(em,r.wake,ad)
return ih
end
ae['modes.release']=function(a,d)
local ad,t,b=d[2],dw(d,3),bf()
local bb,ed,ij=false,false,string.find(ad,'.',1,true)
for al,r in ipairs(ei(a,#a/4,4))do
local bd,km,fj=bt(r,t,b)
local au=(bd or ij)and redis.pcall('MGET',r.line,r.wake)
if bd then bb=true end
if au and(au[1]or au[2])then
local f=cb(r.line,b,dl)
if ij then iv(r,f,ad,b)end
local bc,ay,cj=pcall(ci,r,f,b)
if not bc then ay,cj={},false end
for al,bg in ipairs(ay)do
if bg~=ad then ed=true end
end
if km and not cj and gf(r.wake,ad~='')then ed=true end
if fj and#ay==0 then redis.pcall('PUBLISH',r.wake,'')end
end
end
if not bb then return 0 end
return ed and-1 or 1
end
ae['modes.releaseAll']=ae['modes.release']
ae['modes.leave']=function(a,d)
local b=bf()
for al,r in ipairs(ei(a,#a/4,4))do
local f=cb(r.line,b,dl)
if iv(r,f,d[1],b)then pcall(ci,r,f,b)end
end
return 1
end`;

const PART_10 = `local eo=8
local gc='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local js=8
local function fe()
local as=l('TIME')
return as[1]*1000+math.floor(as[2]/1000)
end
local function hi(g,at,y,bp,v,ba,i,b)
if b and y~='0'and i+0>bp+0 then
bp=string.format('%.0f',i+math.max(1,i-b))
l('PEXPIREAT',KEYS[g+2],bp)
l('PEXPIREAT',KEYS[g+3],bp)
l('PEXPIRE',KEYS[g+4],604800000)
end
l('SET',KEYS[g],'~p '..at..' '..y..' '..bp..' '..v..' '..ba,'PXAT',i)
end
local eb={
['slots.acquire']=function(g,af,ac,al,bj)
if ARGV[ac+1]~=''or ARGV[ac+5]~='0'or ARGV[ac+6]~=''or ARGV[ac-1]~='7'then return nil end
local h,az,z,by=ARGV[af],ARGV[ac+3]+0,ARGV[ac+4]+0,KEYS[g+1]
if az>js or az>z then return nil end
local ar,b=l('GET',KEYS[g]),fe()
local at,y,bp,v,aq,w,ba='0','0','0','','0','',''
local gk=true
if ar then
if ar.err then return nil end
at,y,bp,v,aq,w,ba=string.match(ar,gc)
if not at or ba==h then return nil end
if(y~='0'and b>at+0)or(ba~=''and aq+0<b)then return nil end
if y~='0'and l('HGET',KEYS[g+2],h)then return nil end
elseif l('EXISTS',unpack(KEYS,g+4,bj and g+10 or g+6))==0 then
gk=false
end
if gk and bj and l('EXISTS',KEYS[g+8],KEYS[g+9],KEYS[g+10])~=0 then return nil end
local cm,df=string.match(h,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
cm,df=cm and tonumber(cm,16)%z or 0,df and 1+tonumber(df,16)%z or 1
local dv,dz={},az==1 and'1'or'2'
for c=0,63 do
local cc=(cm+c*df)%z
local gh=string.byte(v,cc+1)
if gh~=49 and gh~=50 then
if not gh then v=v..string.rep('0',cc-#v)end
v=string.sub(v,1,cc)..dz..string.sub(v,cc+2)
dv[#dv+1]=cc
if#dv==az then break end
end
end
if#dv<az then return nil end
local bs=dv[1]..''
if az>1 then
bs=''
local bu,i=string.find(v,'2+')
while bu do
bs=bs..(bs==''and''or' ')..bu-1 ..(bu==i and''or'-'..i-1)
bu,i=string.find(v,'2+',i+1)
end
v=string.gsub(v,'2','1')
end
local s,j=b+ARGV[ac],nil
local i=string.format('%.0f',s)
if not gk then
j=bj==1 and l('INCRBY',by,2)or ag(by)
if type(j)~='number'then return nil end
if bj and(j<2+bj or j-bj>=9000000000000000)then
if j<3 then l('DEL',by)else l('DECRBY',by,1+bj)end
return nil
end
else
local ab
if IS_CLUSTER then
ab=l('MGET',by,KEYS[g+6])
else
local la=string.sub(by,1,string.find(by,'~fence:',1,true)-1)
ab=l('MGET',by,KEYS[g+6],la..'~server')
end
if ab.err or ab[2]or l('HGET',KEYS[g+5],KEYS[g])then return nil end
local ah=ab[1]and string.find(ab[1],'^%d+$')and ab[1]+0
if not ah or ah<1 or ah>=9000000000000000 then return nil end
local dj=ab[3]and string.match(ab[3],'^complete %S+ %S+ (%S+) ')or''
if#dj~=32 then dj=string.format('%-32.32s',dj)end
if l('GETRANGE',KEYS[g+4],0,31)~=dj then return nil end
j=ah-ah%16384
for c=1,az do
local k=32+16*dv[c]
j=math.max(j,tonumber(l('GETRANGE',KEYS[g+4],k,k+15))or ah)
end
j=j+1
local it=math.max(ah,j)
if bj and it>=9000000000000000 then return nil end
if ba~=''then
if y=='0'then l('DEL',KEYS[g+2],KEYS[g+3])end
local ju=l('ZADD',KEYS[g+3],aq,ba)
if type(ju)~='number'then return nil end
l('HSET',KEYS[g+2],ba,w)
if y=='0'or aq+0<at+0 then at=aq end
if aq+0>y+0 then y=aq end
end
local ap=string.format('%016.0f',j)
for c=1,az do l('SETRANGE',KEYS[g+4],32+16*dv[c],ap)end
if bj then j=it+bj end
if ah<j then l('SET',by,string.format('%.0f',j))end
if not ar then l('PEXPIRE',KEYS[g+4],604800000)end
end
ba=i..':'..bs..':'..h
hi(g,at,y,bp,v,ba,y+0>s and y or i,b)
return{1,j,bs,'',bj and''}
end,
['slots.extend']=function(g,af,ac)
local h=ARGV[af]
if ARGV[ac+4]~='0'or ARGV[ac-1]~='5'then return nil end
local ar=l('GET',KEYS[g])
if not ar or ar.err then return nil end
local at,y,bp,v,aq,w,ba=string.match(ar,gc)
if not at or l('HGET',KEYS[g+5],KEYS[g])then return nil end
local b=fe()
if(y~='0'and b>at+0)or(ba~=''and aq+0<b)then return nil end
local s=b+ARGV[ac+1]
local i=string.format('%.0f',s)
if ba==h then
if w~=ARGV[ac+2]then return nil end
if aq+0>=s then return 1 end
aq=i
if y+0>s then i=y end
else
if y=='0'or l('HGET',KEYS[g+2],h)~=ARGV[ac+2]then return nil end
local ai=l('ZSCORE',KEYS[g+3],h)
if type(ai)~='string'then return nil end
if ai+0>=s then return 1 end
l('ZADD',KEYS[g+3],i,h)
if y+0>=s then return 1 end
y=i
if aq+0>s then i=aq end
end
hi(g,at,y,bp,v,aq..':'..w..':'..ba,i,b)
return 1
end,
['slots.release']=function(g,af,ac,al,ab)
local h=ARGV[af]
if ARGV[ac-1]~='3'then return nil end
ab=ab or l('MGET',KEYS[g],KEYS[g+6],KEYS[g+7])
if ab.err or ab[2]or ab[3]then return nil end
if not ab[1]then return 0 end
local at,y,bp,v,aq,w,ba=string.match(ab[1],gc)
if not at then return nil end
if ba==h and y=='0'then
return l('DEL',KEYS[g])==1 and 1 or nil
end
if y=='0'then return nil end
local i,bz=y,w
if ba==h then
if aq+0<y+0 and aq+0<fe()then return nil end
aq,w,ba='0','',''
else
local ai=l('ZSCORE',KEYS[g+3],h)
bz=l('HGET',KEYS[g+2],h)
if type(bz)~='string'or type(ai)~='string'or ai+0<fe()then return nil end
l('ZREM',KEYS[g+3],h)
l('HDEL',KEYS[g+2],h)
if ai==y then
y=l('ZREVRANGE',KEYS[g+3],0,0,'WITHSCORES')[2]or'0'
if y=='0'then
at,bp='0','0'
if ba==''then return l('DEL',KEYS[g])and 1 end
end
end
i=aq+0>y+0 and aq or y
end
local cc=tonumber(bz)
if cc then
v=string.sub(v,1,cc)..'0'..string.sub(v,cc+2)
else
for bu,fw in string.gmatch(bz,'(%d+)%-?(%d*)')do
if fw==''then fw=bu end
v=string.sub(v,1,bu)..string.rep('0',fw-bu+1)..string.sub(v,fw+2)
end
end
hi(g,at,y,bp,v,aq..':'..w..':'..ba,i)
return 1
end
}
local gj={}`;

const PART_11 = `local cn,cz,fz,jr='0','1','2',48
local jt=64
local function da(ap)
local kr=string.gmatch(ap,'(%d+)%-?(%d*)')
return function()
local aa,i=kr()
if aa then return tonumber(aa),tonumber(i)or tonumber(aa)end
end
end
local function jk(v,dz)
local hc,bu,i={},string.find(v,dz..'+')
while bu do
hc[#hc+1]=bu==i and tostring(bu-1)or string.format('%d-%d',bu-1,i-1)
bu,i=string.find(v,dz..'+',i+1)
end
return table.concat(hc,' ')
end
local function cs(v,w,dz)
local dp,k={},0
for aa,i in da(w)do
if aa<k then v,dp,k=table.concat(dp)..string.sub(v,k+1),{},0 end
if aa>#v then v=v..string.rep(cn,aa-#v)end
dp[#dp+1]=string.sub(v,k+1,aa)
dp[#dp+1]=string.rep(dz,i-aa+1)
k=i+1
end
return table.concat(dp)..string.sub(v,k+1)
end
local function jw(v,w)
for aa,i in da(w)do
if string.find(string.sub(v,aa+1,i+1),cz,1,true)then return false end
end
return true
end
local function eq(v,z)
return#string.gsub(string.sub(v,1,z),cz..'+','')
end
local function kb(w)
local gt=0
for al,i in da(w)do gt=math.max(gt,i+1)end
return gt
end
local function kv(h,z)
local cm,df=string.match(h,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not cm then return 0,1 end
return tonumber(cm,16)%z,1+tonumber(df,16)%z
end
local function hx(v,am,z,gy,t,h)
local cq=am
local function ey(aa,i)
i=math.min(i,z-1)
if cq==0 or aa>i then return end
local lf,ag=string.gsub(string.sub(v,aa+1,i+1),cn,fz,cq)
if ag==0 then return end
v,cq=string.sub(v,1,aa)..lf..string.sub(v,i+2),cq-ag
end
for aa,i in da(gy)do ey(aa,i)end
if t then
for aa,i in da(t)do ey(aa,i)end
else
local cm,df=kv(h,z)
for c=0,jt-1 do
if cq==0 then break end
local cc=(cm+c*df)%z
if string.byte(v,cc+1)==jr then ey(cc,cc)end
end
ey(cm,z-1)
ey(0,cm-1)
end
if cq>0 then return nil end
return jk(v,fz),(string.gsub(v,fz,cz))
end`;

const PART_12 = `local hl='~'
local function bf()
local as=redis.call('TIME')
return tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
end
local function gv(ap,b)
local br,z,fx=string.match(ap,'^(%d+) (%d+) (%d+)$')
if br and tonumber(fx)+604800000+86400000>=b then return tonumber(br),tonumber(z),tonumber(fx)end
end
local function jh(n,q,b)
return gv(redis.call('HGET',n,q)or'',b)
end
local function hk(n,q,br,z,b)
local hz=tonumber(redis.call('HGET',n,hl)or'')
if not hz or hz+86400000<b then
local cv=redis.call('HGETALL',n)
for c=1,#cv,2 do
if not gv(cv[c+1],b)then redis.call('HDEL',n,cv[c])end
end
redis.call('HSET',n,hl,string.format('%.0f',b))
end
redis.call('HSET',n,q,string.format('%.0f %.0f %.0f',br,z,b))
redis.call('PEXPIRE',n,604800000+86400000)
end
local function lc(n,q,br,z,b)
if br>(jh(n,q,b)or 0)then hk(n,q,br,z,b)end
end`;

const PART_13 = `local hp='~p'
local dx,dy=16,32
local function ko(ar)
return ar==hp or string.sub(ar,1,3)==hp..' '
end
local function dt(ar)
local at,y,bp,v,s,w,h=
string.match(ar or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(at)or 0,['latest']=tonumber(y)or 0,['kept']=tonumber(bp)or 0,['map']=v or'',
['deadline']=tonumber(s)or 0,['slots']=w or'',['token']=h or'',
['is_new']=not h,['is_other']=ar and not ko(ar)
}
end
local function ew(a,e,b)
local i=math.max(e.latest,e.deadline)
if i==0 then
redis.call('DEL',a[1])
return 0
end
local ir=e.latest>0 and i>e.kept
if ir then
e.kept=i+math.max(1,i-b)
for k=3,4 do redis.call('PEXPIREAT',a[k],string.format('%.0f',e.kept))end
end
if ir or e.is_new then redis.call('PEXPIRE',a[5],604800000)end
redis.call('SET',a[1],string.format('~p %.0f %.0f %.0f %s %.0f:%s:%s',e.check,e.latest,e.kept,e.map,
e.deadline,e.slots,e.token),'PXAT',string.format('%.0f',i))
return i
end
local function dc(a,e,h)
if h==e.token then return e.slots,e.deadline end
local w=e.latest>0 and redis.call('HGET',a[3],h)
local s=w and redis.call('ZSCORE',a[4],h)
if s then return w,tonumber(s)end
end
local function hw(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function ff(a,e,h)
local w,s=dc(a,e,h)
if not w then return nil end
e.map=cs(e.map,w,cn)
if h==e.token then
e.deadline,e.slots,e.token=0,'',''
return w,s
end
redis.call('ZREM',a[4],h)
redis.call('HDEL',a[3],h)
if s==e.latest then
e.latest=tonumber(redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2])or 0
if e.latest==0 then e.check,e.kept=0,0 end
end
return w,s
end
local function fg(a,e,b)
local dk=false
if e.token~=''and e.deadline<b then
e.map=cs(e.map,e.slots,cn)
e.deadline,e.slots,e.token,dk=0,'','',true
end
if e.latest>0 and b>e.check then
local ka=redis.call('ZRANGEBYSCORE',a[4],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for al,h in ipairs(ka)do
e.map=cs(e.map,redis.call('HGET',a[3],h)or'',cn)
redis.call('HDEL',a[3],h)
redis.call('ZREM',a[4],h)
end
local aa=redis.call('ZRANGE',a[4],0,0,'WITHSCORES')[2]
local i=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,dk=tonumber(aa)or 0,tonumber(i)or 0,true
if not aa then e.kept,e.map=0,cs('',e.slots,cz)end
end
if dk then ew(a,e,b)end
end
local function ji(a,e,h,s,b)
local dk=false
if h==e.token then
if e.deadline<s then e.deadline,dk=s,true end
elseif tonumber(redis.call('ZSCORE',a[4],h))<s then
redis.call('ZADD',a[4],string.format('%.0f',s),h)
if e.latest<s then e.latest,dk=s,true end
end
if dk then ew(a,e,b)end
end
local function di(a,e,h,w,s,b)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=s,w,h,cs(e.map,w,cz)
ew(a,e,b)
end
local function je(a)
local dj=''
if not IS_CLUSTER then
local ca=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
dj=type(ca)=='string'and string.match(ca,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..dy..'.'..dy..'s',dj)
end
local function gg(a)
return redis.call('GETRANGE',a[5],0,dy-1)==je(a)
end
local function fn(a,w,ah)
if not gg(a)then return ah end
local gq=ah-ah%16384
for aa,i in da(w)do
local ap=redis.call('GETRANGE',a[5],dy+dx*aa,dy+dx*(i+1)-1)
for c=0,i-aa do
local ag=tonumber(string.sub(ap,dx*c+1,dx*(c+1)))
gq=math.max(gq,ag or ah)
end
end
return gq
end
local function hj(a,w,ag,ah)
if not gg(a)then redis.call('SET',a[5],je(a),'PX',604800000)end
local ap=string.format('%0'..dx..'.0f',ag)
for aa,i in da(w)do
redis.call('SETRANGE',a[5],dy+dx*aa,string.rep(ap,i-aa+1))
end
if ah<ag then fa(a[2],ag)end
end`;

const PART_14 = `local hn='~s'
local function dw(d,aa)
local t={d[1]}
for c=aa,#d do t[#t+1]=d[c]end
return t
end
local function gz(a)
local ar=redis.call('GET',a[1])
if ar and(ar==hn or string.sub(ar,1,3)==hn..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
local e=dt(ar)
if e.is_other then return e,ar,redis.call('PTTL',a[1])end
return e,nil,nil
end
local function eg(a,z,br,b)
local be,ag,fx=jh(a[6],a[1],b)
if br>(be or 0)then
be,ag=br,z
hk(a[6],a[1],be,ag,b)
elseif be and fx+86400000<b then
hk(a[6],a[1],be,ag,b)
end
if not be then return z,''end
return ag,string.format('%.0f %.0f',be,ag)
end
local function fr(v,de)
return v..string.rep(cn,de-#v)
end
local function kg(a,e,cq,b)
local cw=e.latest>0 and redis.call('ZRANGE',a[4],0,64-1,'WITHSCORES')or{}
if e.token~=''then
local k=1
while cw[k]and tonumber(cw[k+1])<=e.deadline do k=k+2 end
table.insert(cw,k,e.token)
table.insert(cw,k+1,e.deadline)
end
local i=-1
for c=1,#cw,2 do
i=tonumber(cw[c+1])
local w=cw[c]==e.token and e.slots or redis.call('HGET',a[3],cw[c])or''
for aa,kc in da(w)do cq=cq-(kc-aa+1)end
if cq<=0 then break end
end
return i<0 and-1 or math.max(0,i-b),cw[1]or''
end
local function ee(z)
return function(ap)
local ag=tonumber(ap)
return ag and ag<=z
end
end
local function ci(a,e,f,bz,z,b)
if#f==0 then return 0,false end
local v=fr(e.map,z)
local bt=e.is_other and 0 or eq(v,z)
local ay,cj,ea=jc(f,function(co)
bt=bt-tonumber(co)
return bt>=0
end,b)
local ch={}
for c,o in ipairs(ay)do
local w,ld=hx(v,tonumber(o[3]),z,bz,'0-'..z-1)
v=ld or v
ch[c]=o[2]..':'..string.gsub(w or'',' ',',')
end
if#ch>0 then
cu(a[7],f,b)
redis.pcall('PUBLISH',a[8],jo(ch,ea))
end
return#ch,cj
end
ae['slots.acquire']=function(a,d)
local h,ak,ad,ax,am=d[1],tonumber(d[2]),d[3],tonumber(d[4]),tonumber(d[5])
local gy,fl,t,b=d[8],#d>8,dw(d,9),bf()
local e,aj,bw=gz(a)
local z,et=eg(a,tonumber(d[6]),tonumber(d[7]),b)
if am>z then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',z,am),0)end
fg(a,e,b)
local f=cb(a[7],b,ee(z))
local be=math.max(b,f.ticket)
local v=fr(e.map,z)
local w,bs=dc(a,e,h),nil
if aj then
if ad~=''then pcall(gi,a[8],ad,ak)end
elseif w then
local j=fn(a,w,bn(a[2])or cx(a[2]))
ji(a,e,h,b+ak,b)
if jl(f,ad,b)then cu(a[7],f,b)end
return{1,j,w,et,fl and v or nil}
else
local ct,dd=v,''
for c=2,#t do
local bk=dc(a,e,t[c])or''
ct,dd=cs(ct,bk,cn),dd..' '..bk
end
local bo
if#f>0 and not fl then
local bt=eq(ct,z)
bo=bt>=am and hu(f,ad,ax>0 and ax or nil,function(co)
bt=bt-tonumber(co)
return bt<am
end)
end
if not bo then bs=hx(ct,am,z,gy,fl and dd or nil,h)end
if bs then
local ah=bn(a[2])
local aa=not ah and cx(a[2])
local j,s=fn(a,bs,ah or aa)+1,b+ak
hw(a,e)
for c=2,#t do
local al,aq=ff(a,e,t[c])
s=math.max(s,aq or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
j=aa or j
fa(a[2],j)
else
hj(a,bs,j,ah or aa)
end
di(a,e,h,bs,s,b)
if jl(f,ad,b)then cu(a[7],f,b)end
return{1,j,bs,et,fl and cs(ct,bs,cz)or nil}
end
local bt=eq(v,z)
bw,aj=kg(a,e,am-bt,b)
if bo then
ci(a,e,f,'',z,b)
if bo[5]>0 then bw,aj=math.max(0,50-b+bo[5]),''
else bw=-1 end
end
end
if ad~=''then
jn(f,ad,string.format('%.0f',am),ax,0,b,be)
cu(a[7],f,b)
end
return{0,bw,aj,string.format('%.0f',be),et}
end
ae['slots.commit']=function(a,d)
local j,w=tonumber(d[2]),d[3]
local e=dt(redis.call('GET',a[1]))
if dc(a,e,d[1])~=w then return{0}end
local ah=bn(a[2])or cx(a[2])
local ag=fn(a,w,ah)
if ag<j or not gg(a)then hj(a,w,math.max(ag,j),ah)end
return 1
end
ae['slots.extend']=function(a,d)
local h,j,ak,w=d[1],tonumber(d[2]),tonumber(d[3]),d[4]
local t,b=dw(d,7),bf()
local e,aj=gz(a)
if aj then return{0,-1,aj}end
local z=eg(a,tonumber(d[5]),tonumber(d[6]),b)
fg(a,e,b)
local bk=dc(a,e,h)
if bk==w and#t==1 then
ji(a,e,h,b+ak,b)
return 1
end
local ct,aq=fr(e.map,math.max(z,kb(w))),''
for al,cp in ipairs(t)do
local dd=dc(a,e,cp)or''
ct,aq=cs(ct,dd,cn),aq..' '..dd
end
if not jw(ct,w)then
local jp={h,'',d[5],d[6]}
for c=2,#t do jp[c+3]=t[c]end
ae['slots.release'](a,jp)
return{0,-1,''}
end
hw(a,e)
local ah=bk~=w and(bn(a[2])or ep(a[2]))
if ah then hj(a,w,math.max(j,fn(a,w,ah)),ah)end
local s=b+ak
for al,cp in ipairs(t)do
local al,i=ff(a,e,cp)
s=math.max(s,i or 0)
end
di(a,e,h,w,s,b)
local bz=jk(cs(cs(string.rep(cn,#ct),aq,cz),w,cn),cz)
if bz~=''then ci(a,e,cb(a[7],b,ee(z)),bz,z,b)end
return 1
end
ae['slots.release']=function(a,d)
local av,t,b=d[2],dw(d,5),bf()
local ar=redis.pcall('GET',a[1])
local e=dt(type(ar)=='string'and ar)
local bz,bb,hg,iq='',false,0,false
for al,cp in ipairs(t)do
local w,s=ff(a,e,cp)
if w then
iq,bb=true,bb or s>=b
bz,hg=bz..' '..w,math.max(hg,s)
end
end
if not iq then return 0 end
local au=redis.pcall('MGET',a[7],a[8])
local ii=au[1]or au[2]
if ii then fg(a,e,b)end
local i=ew(a,e,b)
if ii then
local z=eg(a,tonumber(d[3]),tonumber(d[4]),b)
local f=cb(a[7],b,ee(z))
local bc,ay,cj=pcall(ci,a,e,f,bz,z,b)
if not bc then ay,cj=0,false end
if i==0 and not cj then gf(a[8],av~='')
elseif i>0 and hg>i and ay==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bb and 1 or 0
end
ae['slots.leave']=function(a,d)
local b=bf()
local z=eg(a,tonumber(d[2]),tonumber(d[3]),b)
local f=cb(a[7],b,ee(z))
if iw(f,d[1])then
cu(a[7],f,b)
pcall(function()ci(a,dt(redis.call('GET',a[1])),f,'',z,b)end)
end
pcall(em,a[8],d[1])
return 1
end
ae['slots.count']=function(a,d)
local b=bf()
local e,aj=gz(a)
local z,et=eg(a,tonumber(d[1]),tonumber(d[2]),b)
fg(a,e,b)
local f=cb(a[7],b,ee(z))
ci(a,e,f,'',z,b)
local bt=aj and 0 or eq(fr(e.map,z),z)
local br=tonumber(string.match(et,'^%d+')or 0)
return{1,bt,z,br,#e.map-eq(e.map,#e.map)}
end
ae['slots.resize']=function(a,d)
if not bn(a[2])then cx(a[2])end
return ae['slots.count'](a,d)
end`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local eo=2
local eb={
['mutex.acquire']=function(g,af,ac)
local bx=l('SET',KEYS[g],ARGV[af],'NX','PX',ARGV[ac])
if not bx or bx.err then return nil end
local j=ag(KEYS[g+1])
if not j then l('DEL',KEYS[g])end
return j
end,
['mutex.takeOver']=function(g,af,ac)
if l('GET',KEYS[g])~=ARGV[af+1]then return nil end
local j=ag(KEYS[g+1])
if not j then return nil end
local bx=l('SET',KEYS[g],ARGV[af],'PX',ARGV[ac])
return not bx.err and-j or nil
end,
['mutex.extend']=function(g,af,ac)
if l('GET',KEYS[g])~=ARGV[af]then return nil end
local u=l('PTTL',KEYS[g])
if type(u)~='number'or u<0 then return nil end
if u<tonumber(ARGV[ac])and l('PEXPIRE',KEYS[g],ARGV[ac])~=1 then return nil end
return 1
end,
['mutex.release']=function(g,af)
local ab=l('MGET',KEYS[g],KEYS[g+1])
if ab.err or ab[2]then return nil end
if ab[1]~=ARGV[af]then return 0 end
return l('DEL',KEYS[g])==1 and 1 or nil
end,
}`,
    PART_2,
    `local gj={
['mutex.release']=function(g,af,de,cl)
local ab=l('MGET',unpack(KEYS,g,g+2*de-1))
if ab.err then return 0 end
local bk,io,hb,dh={},{},{},0
for c=1,de do
if ab[2*c]then break end
local q=KEYS[g+2*c-2]
local bd=ab[2*c-1]==ARGV[af+c-1]and not io[q]
cl[#cl+1]=bd and 1 or 0
if bd then
io[q]=true
bk[#bk+1]=q
hb[#bk]=#cl
end
dh=c
end
local ia=#bk>0 and l('DEL',unpack(bk))
if type(ia)=='table'then
for c=1,#hb do cl[hb[c]]={-1,ia.err}end
end
return dh
end
}`,
    PART_3,
    PART_4,
    `local function di(n,h,ak,bd)
if not bd then redis.call('SET',n,h,'PX',ak)
else
local u=redis.call('PTTL',n)
if u>=0 and u<tonumber(ak)then redis.call('PEXPIRE',n,ak)end
end
end
local function hs(a,h,lb,ak,ad)
local du=ad==''and 2 or 3
local bd,bv,ck={},true,false
local bw,aj
for c=1,#a,du do
local m=redis.call('GET',a[c])
bd[c]=m==h
if m~=h then bv=false end
if m and m==lb then
ck=true
elseif m and m~=h then
local u=redis.call('PTTL',a[c])
if not aj or(bw~=-1 and(u==-1 or u>bw))then
bw,aj=u,m
end
end
end
if ad~=''then
for c=3,#a,3 do pcall(gi,a[c],ad,tonumber(ak))end
end
if aj then return{0,bw,aj}end
local j=0
for c=2,#a,du do
local i=bn(a[c])
j=math.max(j,i and(bv and i or i+1)or cx(a[c]))
end
for c=1,#a,du do
di(a[c],h,ak,bd[c])
fa(a[c+1],j)
end
return ck and-j or j
end
ae['mutex.acquire']=function(a,d)
return hs(a,d[1],nil,d[2],d[3])
end
ae['mutex.takeOver']=function(a,d)
return hs(a,d[1],d[2],d[3],d[4])
end
ae['mutex.commit']=function(a,d)
for c=1,#a,2 do
if redis.call('GET',a[c])~=d[1]then return{0}end
end
for c=2,#a,2 do
if not bn(a[c])then cx(a[c])end
ej(a[c],tonumber(d[2]))
end
return 1
end
ae['mutex.extend']=function(a,d)
local h,j,ak=d[1],tonumber(d[2]),d[3]
local bd={}
for c=1,#a,2 do
local m=redis.call('GET',a[c])
if m and m~=h then return{0,redis.call('PTTL',a[c]),m}end
bd[c]=m==h
end
for c=1,#a,2 do
local gl=not bd[c]and(bn(a[c+1])or ep(a[c+1]))
if gl then ej(a[c+1],j)end
end
for c=1,#a,2 do di(a[c],h,ak,bd[c])end
return 1
end
ae['mutex.release']=function(a,d)
local h,av=d[1],d[2]
local bb,ed=false,false
for c=1,#a,2 do
local m=redis.pcall('GET',a[c])
if av~=''then pcall(em,a[c+1],av)end
if m==h then
redis.call('DEL',a[c])
bb=true
if gf(a[c+1],av~='')then ed=true end
elseif type(m)=='table'and m.err and not string.find(m.err,'WRONGTYPE',1,true)then
error(m.err)
end
end
if not bb then return 0 end
return ed and-1 or 1
end
ae['mutex.leave']=function(a,d)
pcall(em,a[1],d[1])
return 1
end
ae['mutex.renew']=function(a,d)
local j=1
for c=1,#a,2 do
local m=redis.call('GET',a[c])
if m~=d[1]then return{0,redis.call('PTTL',a[c]),m or''}end
j=math.max(j,bn(a[c+1])or 1)
end
for c=1,#a,2 do di(a[c],d[1],d[2],true)end
return j
end
ae['mutex.query']=function(a)
local x={1}
for c=1,#a,2 do
x[#x+1]=redis.call('GET',a[c])or''
x[#x+1]=redis.call('PTTL',a[c])
x[#x+1]=ev(a[c+1])or''
end
return x
end`,
    PART_5,
    PART_6,
  ],
  "c372486818655d7ab4431e64e48ed0141f7b2584",
  "3f66aaae7cffc1d88c7fd81e059d5dbcb0dfd37d",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local eo=81
local eb={
['modes.acquire']=function(g,af,ac,am)
local h,ak,ao,by=ARGV[af],ARGV[ac],ARGV[ac+1],KEYS[g+am-1]
if ARGV[ac+2]~=''then return nil end
if am~=4 then
local al,kh=string.gsub(ao,' ','')
if am~=3*kh+4 then return nil end
end
local es,ek
if l('EXISTS',unpack(KEYS,g,g+am-2))~=0 then
local ab,k=l('MGET',unpack(KEYS,g,g+am-2)),1
if ab.err then return nil end
es={}
ek={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for p in string.gmatch(ao,'%u+')do
local m,q,an=ab[k],KEYS[g+k-1],KEYS[g+k]
if ab[k+2]then return nil end
if not m then
if l('EXISTS',q,an)~=0 then return nil end
else
if p=='X'or p=='SIX'then return nil end
local u,bk,aj=l('PTTL',q),nil,nil
if type(u)~='number'or u<=0 then return nil end
if m=='~s'then
if l('ZSCORE',an,h)then return nil end
local aa=(p=='IX'and 3)or(p=='S'and 2)
if aa and l('ZCOUNT',an,aa..'00000000000000','('..aa+2 ..'00000000000000')~=0 then
return nil
end
else
bk,aj=string.match(m,'^~s ([ISX]+) (.*)$')
if not ek[bk]or aj==h or(p~=bk and p~='IS'and bk~='IS')then return nil end
if l('EXISTS',an)~=0 then return nil end
end
es[k]={u,bk,aj}
end
k=k+3
end
end
local j
if ao=='X'or string.find(' '..ao,' X',1,true)or string.find(ao,'SIX',1,true)then
j=ag(by)
if not j then return nil end
else
local m=l('GET',by)
j=not m and ag(by)or(type(m)=='string'and string.match(m,'^%d+$')and tonumber(m))
if not j or j<1 or j>=9000000000000000 then return nil end
end
if am==4 and not es then
local bx=l('SET',KEYS[g],ao=='X'and h or'~s '..ao..' '..h,'PX',ak)
return not bx.err and j or nil
end
local k,b=1,nil
for p in string.gmatch(ao,'%u+')do
local q,fm=KEYS[g+k-1],es and es[k]
if fm then
local an,eh,u,aj=KEYS[g+k],tonumber(ak),fm[1],fm[3]
if not b then
local as=l('TIME')
if as.err then return nil end
b=tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
end
local ai,bc=string.format('%.0f',ek[p]+b+eh),nil
if aj then
local iz=math.max(u,eh)
bc=l('ZADD',an,string.format('%.0f',ek[fm[2]]+b+u),aj,ai,h)==2
and l('PEXPIRE',an,iz)==1 and not l('SET',q,'~s','PX',iz).err
else
l('ZREMRANGEBYSCORE',an,string.format('%.0f',ek[p]),string.format('(%.0f',ek[p]+b))
bc=l('ZADD',an,ai,h)==1
local jm=l('PTTL',an)
if type(jm)~='number'or jm<eh then
bc=l('PEXPIRE',an,eh)==1 and bc
end
if u<eh then bc=l('PEXPIRE',q,eh)==1 and bc end
end
if not bc then return nil end
else
local bx=l('SET',q,p=='X'and h or'~s '..p..' '..h,'PX',ak)
if bx.err then return nil end
end
k=k+3
end
return j
end,
['modes.extend']=function(g,af,ac,am)
local h,ak,k=ARGV[af],ARGV[ac],1
local ab=ARGV[ac-1]=='2'and l('MGET',unpack(KEYS,g,g+am-1))
if not ab or ab.err then return nil end
for p in string.gmatch(ARGV[ac+1],'%u+')do
if ab[k]~=(p=='X'and h or'~s '..p..' '..h)then return nil end
k=k+4
end
for q=g,g+k-2,4 do
local u=l('PTTL',KEYS[q])
if type(u)~='number'or u<0 then return nil end
if u<tonumber(ak)and l('PEXPIRE',KEYS[q],ak)~=1 then return nil end
end
return 1
end,
['modes.release']=function(g,af,al,am)
local h,ab=ARGV[af],nil
if am==4 then
local m,cf,lh=unpack(l('MGET',KEYS[g],KEYS[g+2],KEYS[g+3]))
if not m or cf or lh then return nil end
if m==h or string.match(m,'^~s [ISX]+ (.*)$')==h then
return l('DEL',KEYS[g])==1 and 1 or nil
end
ab={m}
else
ab=l('MGET',unpack(KEYS,g,g+am-1))
if ab.err then return nil end
end
local cg,hd,he,b={},{},{},nil
for k=1,am,4 do
local m,q,an=ab[k],KEYS[g+k-1],KEYS[g+k]
if not m or ab[k+2]or ab[k+3]then return nil end
if m=='~s'then
local ai=l('ZSCORE',an,h)
local u=l('PTTL',q)
if type(ai)~='string'or type(u)~='number'or u<0 then return nil end
if not b then
local as=l('TIME')
b=tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
end
local s=tonumber(ai)%100000000000000
local ah=tonumber(ai)-s
if s<b then return nil end
local ja,il=string.format('%.0f',ah),string.format('(%.0f',ah+100000000000000)
local i=l('ZREVRANGEBYSCORE',an,il,ja,'WITHSCORES','LIMIT',0,2)
if i.err then return nil end
local y,gr=tonumber(i[2])-ah,nil
if i[1]==h then
gr=l('ZCARD',an)
y=i[4]and tonumber(i[4])-ah
if y and(y<b or l('ZCOUNT',an,ja,il)~=gr)then return nil end
if not y and gr~=1 then return nil end
elseif u>y-b+1 then
return nil
end
if not y then
cg[#cg+1]=q
elseif u>y-b+1 then
he[#he+1]={q,math.max(1,y-b)}
end
hd[#hd+1]=an
elseif m==h or string.match(m,'^~s [ISX]+ (.*)$')==h then
cg[#cg+1]=q
else
return nil
end
end
for al,ar in ipairs(he)do l('PEXPIRE',ar[1],ar[2])end
for al,an in ipairs(hd)do
if l('ZREM',an,h)~=1 then return nil end
end
if#cg>0 and l('DEL',unpack(cg))~=#cg then return nil end
return 1
end
}
local gj={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    `ae['modes.position']=function(a,d)
local b=bf()
local f=cb(a[3],b,dl)
local k,gd,bl=gx(f,d[1]),0,0
local ai=k and f[k][1]or math.max(b,f.ticket)+1-tonumber(d[2])
for c=1,#f do
local o=db(f,c)
if not o[7]and o[5]>=0 then
bl=bl+1
if o[2]~=d[1]and not gn(o,ai,d[1])then gd=gd+1 end
end
end
return{1,gd,bl,redis.call('EXISTS',a[1])}
end
ae['modes.stay']=function(a,d)
local b=bf()
local f=cb(a[3],b,dl)
if fu(f,d[1],b)then cu(a[3],f,b)end
return 1
end`,
    `ae['modes.query']=function(a)
local x,b={1},bf()
for al,r in ipairs(ei(a,#a/4,4))do
local hh={ev(r.wake)}
local f=cb(r.line,b,dl)
for c=1,#f do
local o=db(f,c)
if o[4]>=b and o[5]>=0 then hh[#hh+1]=o[2]end
end
x[#x+1]=redis.call('GET',r.lock)or''
x[#x+1]=redis.call('PTTL',r.lock)
x[#x+1]=table.concat(hh,' ')
local gm=redis.call('ZRANGE',r.shared,0,-1,'WITHSCORES')
local k=#x+1
x[k]=0
for c=1,#gm,2 do
local u=tonumber(gm[c+1])%dg-b
if u>=0 then
x[k]=x[k]+1
x[#x+1]=gm[c]
x[#x+1]=u
end
end
end
return x
end`,
    PART_5,
    PART_6,
  ],
  "5bbec51e7f0117a452ff18d178bcd7b3a16c3d22",
  "8aa9d8d3bc2950cad287b059bf0d1267d0ff80a5",
);

export const SLOTS_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    PART_10,
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
  "f8367123c672d05db0e134ea4ea6b47ff169a101",
  "50a6766ea56eb07fb4a813040186cd6eb579d436",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    `local eb,gj,eo={},{},0`,
    PART_3,
    `local function jg(n)
local ca=redis.pcall('GET',n)
return type(ca)=='string'and ca or''
end
local function jj(n,kd,m)
local dq=jg(n)
local as=redis.call('TIME')
local b=string.format('%.0f',tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000))
if dq==kd then
dq=m(tonumber(b))
redis.call('SET',n,dq)
end
return{1,dq,b}
end
ae['marker.replace']=function(a,d)
return jj(a[1],d[1],function()return d[2]end)
end
ae['marker.lose']=function(a,d)
return jj(a[1],d[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(d[2]))
end)
end`,
    `ae['identify']=function(a)
local el=''
local function ft(lg)
local fi=redis.pcall('INFO',lg)
if type(fi)=='table'then fi,el='',fi.err end
return function(kf)return string.match(fi,'%f[%w_]'..kf..':([^\\r\\n]*)')or''end
end
local fv,jb,ha=ft('server'),ft('memory'),ft('replication')
local as=redis.call('TIME')
local p=fv('redis_mode')
if p==''then p=fv('server_mode')end
return{
1,fv('run_id'),tonumber(fv('uptime_in_seconds'))or-1,
tonumber(as[1])*1000000+tonumber(as[2]),
tonumber(ft('persistence')('aof_enabled'))or-1,
jb('maxmemory_policy'),tonumber(jb('maxmemory'))or-1,
ha('role'),p,ha('master_replid'),ha('master_replid2'),
a[1]and jg(a[1])or'',el
}
end`,
    PART_12,
    `ae['counters.read']=function(a)
local x,b={1},bf()
for c=1,#a,2 do
local er,j=pcall(bn,a[c])
x[#x+1]=er and j and string.format('%.0f',j)or''
end
for c=2,#a,2 do
local cv,cg,ch=redis.pcall('HGETALL',a[c]),{},{}
for k=1,cv.err and 0 or#cv,2 do
cg[#cg+1],ch[cv[k]]=cv[k],cv[k+1]
end
table.sort(cg)
for al,q in ipairs(cg)do
local br,z=gv(ch[q],b)
if br then
for al,m in ipairs({c/2,q,string.format('%.0f',br),z})do x[#x+1]=m end
end
end
end
return x
end
local function jf(a,d,at)
local w,b=#a/2,bf()
for c=1,w do
local n=a[2*c-1]
local er,j=pcall(bn,n)
if er and d[c]~=''then
if not j then at(n)end
ej(n,tonumber(d[c]))
end
end
for k=w+1,#d,4 do
pcall(lc,a[2*tonumber(d[k])],d[k+1],tonumber(d[k+2]),tonumber(d[k+3]),b)
end
return 1
end
ae['counters.raise']=function(a,d)
return jf(a,d,cx)
end
ae['counters.restore']=function(a,d)
return jf(a,d,function()end)
end
ae['counters.lift']=function(a,d)
for c=1,#a do
local er,j=pcall(bn,a[c])
if er and j then ej(a[c],tonumber(d[1]))end
end
return 1
end`,
    `ae['set.note']=function(a,d)
local bx,dd,ix=d[1],d[2],tonumber(d[3])
local as=redis.call('TIME')
local b=tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
local hf,ip,ig=b,false,false
local cr,ap={},redis.pcall('GET',a[1])
for cf in string.gmatch(type(ap)=='string'and ap or'','[^\\n]+')do
local fo,aa,y,en,kx=string.match(cf,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
aa,y,en=tonumber(aa),tonumber(y),tonumber(en)
if fo and aa<=y and y<=b and b<en and en<=b+3600000 then
if fo==bx then
hf,ip=aa,b-y<tonumber(d[4])
elseif fo==dd then
ig=true
else
cr[#cr+1]={cf,fo,y,aa,en,kx}
end
end
end
local x,au,i={1},{},b+ix
for c=math.max(1,#cr-16+2),#cr do
local bg=cr[c]
au[#au+1]=bg[1]
i=math.max(i,bg[5])
x[#x+1]=bg[2]
x[#x+1]=bg[3]-math.max(bg[4],hf)
x[#x+1]=bg[5]-b
x[#x+1]=bg[6]
end
if not ip or ig then
au[#au+1]=string.format('%s %.0f %.0f %.0f %s',bx,hf,b,b+ix,d[5])
redis.call('SET',a[1],table.concat(au,'\\n'),'PX',string.format('%.0f',i-b))
end
return x
end`,
    PART_5,
    PART_6,
  ],
  "cc124dab781a85b757c18a085482ee983b71aad6",
  "aeced3d04a4027e6ec817a3b04dab6f2a41bda98",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    PART_10,
    `local eo,gu=13,eb
local jq={['X']=1,['SIX']=1,['S']=0,['IS']=0,['IX']=0}
local function ik(p,h)return p=='X'and h or'~s '..p..' '..h end
local eb={
['quota.acquire']=function(g,af,ac,am)
local p=ARGV[ac+10]
local bj=jq[p]
if am~=12 or not bj or ARGV[ac]~='modes.acquire'or ARGV[ac-1]~='12'or ARGV[ac+11]~=''then return nil end
local x=gu['slots.acquire'](g,af,ac+2,am,bj)
if not x or l('SET',KEYS[g+8],ik(p,ARGV[af]),'PX',ARGV[ac+9]).err then return nil end
return x
end,
['quota.extend']=function(g,af,ac,am)
if am~=13 or ARGV[ac]~='modes.extend'or ARGV[ac-1]~='10'then return nil end
local q,ak=KEYS[g+8],ARGV[ac+8]
if l('GET',q)~=ik(ARGV[ac+9],ARGV[af])then return nil end
local u=l('PTTL',q)
if type(u)~='number'or u<0 then return nil end
local x=gu['slots.extend'](g,af,ac+2)
if x and u<tonumber(ak)and l('PEXPIRE',q,ak)~=1 then return nil end
return x
end,
['quota.release']=function(g,af,ac,am)
if am~=12 or ARGV[ac]~='modes.release'or ARGV[ac-1]~='6'then return nil end
local h,q=ARGV[af],KEYS[g+8]
local ab=l('MGET',KEYS[g],KEYS[g+6],KEYS[g+7],q,KEYS[g+10],KEYS[g+11])
local m=ab[4]
if not m or ab[5]or ab[6]then return nil end
if m~=h and string.match(m,'^~s [ISX]+ (.*)$')~=h then return nil end
local x=gu['slots.release'](g,af,ac+2,am,ab)
return x and l('DEL',q)==1 and 1 or nil
end
}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    PART_11,
    PART_12,
    PART_13,
    PART_14,
    `local hq=8
local function fs(a,d)
local bh,ce,bq,cd={},{},{d[1]},{d[1]}
local ag=tonumber(d[3])
for c,n in ipairs(a)do
if c<=hq then bh[c]=n
else ce[c-hq]=n end
end
for c=4,#d do
if c<4+ag then bq[c-2]=d[c]
else cd[c-2-ag]=d[c]end
end
return bh,bq,ce,cd
end
local function jd(a,d,aa)
local e,az,b=dt(redis.call('GET',a[1])),{},bf()
local al,kw=dc(a,e,d[1])
for c=aa,#d do
local w,s=dc(a,e,d[c])
if w and s>b then az[#az+1]={d[c],w,s}end
end
return(kw or 0)>=b,az
end
local function ki(a,h,az,b)
local e=dt(redis.call('GET',a[1]))
ff(a,e,h)
for al,gw in ipairs(az)do di(a,e,gw[1],gw[2],gw[3],b)end
ew(a,e,b)
end
local function iy(a,h,az,bv,dn,ce,cd)
local bc,q=pcall(ae[dn],ce,cd)
if bc and(type(q)=='number'or q[1]==1)then return q end
if not bv then ki(a,h,az,bf())end
if not bc then error(q,0)end
return nil,{0,q[2],q[3],q[4],q[5],2}
end
ae['quota.acquire']=function(a,d)
local bh,bq,ce,cd=fs(a,d)
local bv,az=jd(bh,bq,9)
local aw=ae['slots.acquire'](bh,bq)
if aw[1]==0 then return{0,aw[2],aw[3],aw[4],aw[5],1}end
local q,el=iy(bh,d[1],az,bv,d[2],ce,cd)
if not q then
if#az==0 and not bv then
local b=bf()
local z=eg(bh,tonumber(bq[6]),tonumber(bq[7]),b)
local e,f=dt(redis.call('GET',bh[1])),cb(bh[7],b,ee(z))
ci(bh,e,f,aw[3],z,b)
end
return el
end
if type(q)=='number'then return{1,math.abs(q),aw[3],aw[4],aw[5]or''}end
return{1,q[2],aw[3],aw[4],aw[5]or'',q[3],q[4],q[5]or''}
end
ae['quota.convert']=function(a,d)
local bh,bq,ce,cd=fs(a,d)
local bv,az=jd(bh,bq,7)
local aw=ae['slots.extend'](bh,bq)
if aw~=1 then return{0,aw[2],aw[3],'0','',1}end
local q,el=iy(bh,d[1],az,bv,d[2],ce,cd)
return q and{1,math.abs(q),bq[4],'',''}or el
end
local function hv(a,d,dn)
local bh,bq,ce,cd=fs(a,d)
local aw=ae[dn](bh,bq)
if aw~=1 then return aw end
return ae[d[2]](ce,cd)
end
ae['quota.commit']=function(a,d)return hv(a,d,'slots.commit')end
ae['quota.extend']=function(a,d)return hv(a,d,'slots.extend')end
ae['quota.release']=function(a,d)
local bh,bq,ce,cd=fs(a,d)
local bc,aw=pcall(ae['slots.release'],bh,bq)
local q=ae[d[2]](ce,cd)
if not bc then error(aw,0)end
return q~=0 and q or aw
end`,
    PART_5,
    PART_6,
  ],
  "8fd499442db37190dd176d3009c0f434432fecec",
  "b5ef518da11e20751612fc01aa4d9bfeee2aaa15",
);
