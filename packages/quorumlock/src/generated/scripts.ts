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
local function ah(l)
local j=r('INCR',l)
if type(j)~='number'then return nil end
if j>1 and j<=9000000000000000 then return j end
if j==1 and not IS_CLUSTER then
local ci=r('GET',string.match(l,'^(.*)~fence:')..'~server')
local ek=type(ci)=='string'and string.match(ci,'^complete .* (%d+)$')
local cf=ek and r('SET',l,ek)
if cf and not cf.err then return tonumber(ek)end
end
local mf=r(j>1 and'DECR'or'DEL',l)
if type(mf)=='table'then r('DECR',l)end
return nil
end`;

const PART_2 = `if#KEYS<=fb and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local gh=fa[ARGV[1]]
local p=gh and gh(1,6+ARGV[5],6,#KEYS,ARGV[1])
if p then return p end
end`;

const PART_3 = `local function general()
local w={}
local function bk(l)
local i=redis.call('GET',l)
if not i then return nil end
local j=string.match(i,'^-?%d+$')and tonumber(i)
if not j or j>=9000000000000000 then
error('the fencing counter '..l..' cannot be counted up: '..i..'; delete it together with '
..string.match(l,'^(.*)~fence:')..'~server, on one server after another')
end
return j>0 and j or nil
end
local function ex(l,j)
redis.call('SET',l,string.format('%.0f',j))
end
local function fc(l)
if not IS_CLUSTER then
local ci=redis.pcall('GET',string.match(l,'^(.*)~fence:')..'~server')
if type(ci)~='table'or string.find(ci.err,'WRONGTYPE',1,true)then
return type(ci)=='string'and tonumber(string.match(ci,'^complete .* (%d+)$'))or nil
end
end
local aq=redis.call('TIME')
local b=tonumber(aq[1])*1000000+tonumber(aq[2])
return math.max(1,b-b%16384)
end
local function cv(l)
local ek=fc(l)
if ek then return ek end
redis.call('DEL',l)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function er(l,j)
local dz=bk(l)
if not dz then j=math.max(j,fc(l)or 0)end
if(dz or 0)<j then ex(l,j)end
end`;

const PART_4 = `local function et(l)
local bq=redis.pcall('GET',l)
return type(bq)=='string'and bq or nil
end
local function ha(l,bb,al)
al=math.max(al,20000)
local bq=et(l)
if not bq then
redis.call('SET',l,bb,'PX',al)
elseif string.find(' '..bq..' ',' '..bb..' ',1,true)then
redis.call('PEXPIRE',l,math.max(redis.call('PTTL',l),al))
elseif#bq+1<256*(#bb+1)then
redis.call('SET',l,bq..' '..bb,'PX',math.max(redis.call('PTTL',l),al))
end
end
local function ey(l,bb)
local bq=et(l)
if not bq then return end
local cx={}
for bh in string.gmatch(bq,'%S+')do
if bh~=bb then cx[#cx+1]=bh end
end
if#cx==0 then redis.call('DEL',l)
else redis.call('SET',l,table.concat(cx,' '),'PX',math.max(redis.call('PTTL',l),1))end
end
local function gy(l,lo)
local bq=et(l)
if not bq then return false end
local ab=lo and string.match(bq,'%S+')or''
if ab~=''then ey(l,ab)end
redis.pcall('PUBLISH',l,ab)
return ab~=''
end`;

const PART_5 = `return w
end`;

const PART_6 = `local function lx(gh,h,em,ai,x,af,ap)
local a,c={unpack(KEYS,h,h+em-1)},{unpack(ARGV,ai,ai+x-1)}
for d=1,ap do c[x+d]=ARGV[af+d-1]end
local bm,p=pcall(gh,a,c)
if bm then return p end
if type(p)=='table'then p=p.err or p[1]end
return{-1,tostring(p)}
end
local cq,w,h,ai={},nil,1,1
while ai<=#ARGV do
local cc,dm,em=ARGV[ai],tonumber(ARGV[ai+1]),tonumber(ARGV[ai+2])
local x,ap,af=tonumber(ARGV[ai+3]),tonumber(ARGV[ai+4]),ai+5
ai=af+ap
local ja=em<=fb
local iy=ja and fa[cc]
local ix=ja and dm>1 and hb[cc]
local dq=0
while dq<dm do
local ah=ix and ix(h,ai,dm-dq,cq)or 0
if ah==0 then
local p=iy and iy(h,ai,af,em,cc)
if not p then
w=w or general()
p=lx(w[cc],h,em,ai,x,af,ap)
end
cq[#cq+1]=p
ah=1
end
h,ai,dq=h+ah*em,ai+ah*x,dq+ah
end
end
return#cq==1 and cq[1]or cq`;

const PART_7 = `local function fs(ad)return string.match(ad,'^%w+')or''end
local function de(g,d)
local am=g[d]
if type(am)~='string'then return am end
local ag,ad,ct,t,be,ba=
string.match(am,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local o
if ct and g.is_demand(ct)then
o={tonumber(ag),ad,ct,tonumber(t),tonumber(be),tonumber(ba),false,am}
else
o={0,'','',0,0,0,true,am}
end
g[d]=o
return o
end
local function fr(g,o)
g.check=math.min(g.check,o[4]+1)
if o[5]>0 then g.check=math.min(g.check,o[5]+50+1)end
end
local function kv(g,b)
local gx,ea=0,{}
local ah=#g
g.check=math.huge
for d=1,ah do
local o=de(g,d)
g[d]=nil
if o[4]>=b then
gx=gx+1
g[gx]=o
fr(g,o)
if o[5]>0 and b-o[5]>50 then
local bb=fs(o[2])
ea[bb]=math.max(ea[bb]or 0,o[5])
o[7]=true
end
end
end
if not next(ea)then return end
for ak,o in ipairs(g)do
local bb=fs(o[2])
if ea[bb]and o[4]-3000>ea[bb]then ea[bb]=nil end
end
for ak,o in ipairs(g)do o[7]=o[7]or ea[fs(o[2])]~=nil end
end
local function cd(l,b,li)
local am=redis.pcall('GET',l)
local g={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=li}
local ax,k,ba
if type(am)=='string'then ax,k,ba=string.match(am,'^(%d+) (%d+) (%d+);')end
if not ax then return g end
g.check,g.last,g.ticket=tonumber(ax),tonumber(k),tonumber(ba)
local ah=0
for cu in string.gmatch(am,';([^;]+)')do
ah=ah+1
g[ah]=cu
end
if b>=g.check then kv(g,b)end
return g
end
local function db(l,g,b)
if#g==0 then
redis.call('DEL',l)
return
end
local cl={string.format('%.0f %.0f %.0f',g.check,g.last,g.ticket)}
for d,o in ipairs(g)do
cl[d+1]=type(o)=='string'and o or o[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(o,1,6))
end
redis.call('SET',l,table.concat(cl,';'),'PX',math.max(1,g.last-b))
end
local function hh(o,ag,ad)
return o[1]>ag or(o[1]==ag and o[2]>ad)
end
local function iq(g,ad,ag,ku)
local bs
for d=1,#g do
local o=de(g,d)
if o[2]==ad or(ag and hh(o,ag,ad))then break end
if not o[7]and ku(o[3])then
if bs then return bs,true end
bs=o
end
end
return bs,false
end
local function hr(g,ad)
local lw=' '..ad..' '
for d,o in ipairs(g)do
if type(o)~='string'or string.find(o,lw,1,true)then
if de(g,d)[2]==ad then return d end
end
end
end
local function gl(g,ad,b)
local m=ad~=''and hr(g,ad)
if not m then return nil end
local o=de(g,m)
o[4],o[5],o[7],o[8]=b+3000,0,false,nil
g.last=math.max(g.last,o[4])
return m
end
local function kf(g,ad,b)
local m=gl(g,ad,b)
if not m then return false end
local o=g[m]
o[5],o[7]=math.max(1,b-50-1),true
fr(g,o)
return true
end
local function gv(ba,au)
if ba>=0 then return ba end
return-ba>au and-ba<=au+3000 and-ba or 0
end
local function kj(au,b)
return au==b and string.format('%.0f',b)or string.format('%.0f %.0f',au,b)
end
local function ki(g,ad,ct,ba,dv,b,aa)
local m=gl(g,ad,b)
if m and g[m][6]>=ba then
g[m][3]=ct
return m
end
if m then table.remove(g,m)end
local cz=gv(ba,aa)
if cz==0 then cz=aa+1 end
local ag=cz-dv
m=#g+1
while m>1 and hh(de(g,m-1),ag,ad)do m=m-1 end
local o={ag,ad,ct,b+3000,0,math.max(ba,0),false}
table.insert(g,m,o)
fr(g,o)
g.last,g.ticket=math.max(g.last,o[4]),math.max(g.ticket,cz)
g[256+1]=nil
return m
end
local function jt(g,ad)
local m=hr(g,ad)
if m then table.remove(g,m)end
return m~=nil
end
local function jy(g,cn,b)
local be,ft,hj={},{},false
for d=1,#g do
local o=de(g,d)
if not o[7]then
local bb=fs(o[2])
hj=hj or not cn(o[3])
if hj then
if not next(ft)then break end
if not ft[bb]then return be,true,o[2]end
else
if o[5]<=0 then
o[5],o[8]=b,nil
fr(g,o)
be[#be+1]=o
end
ft[bb]=true
end
end
end
return be,next(ft)~=nil,nil
end
local function kl(cl,ej)
return table.concat(cl,' ')..(ej and' ~'..ej or'')
end`;

const PART_8 = `local gq={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function du(am)return gq[am]end
local function iv(ls,bh)return string.find(gq[ls],' '..bh..' ',1,true)end
local function ln(lr)
local fy={}
return function(n)
if fy[n]==nil then fy[n]=not lr(n)end
if not fy[n]then return false end
for bh in string.gmatch(gq[n],'%u+')do fy[bh]=false end
return true
end
end`;

const PART_9 = `local cs,fp='~s','~p'
local dc,fq=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local il={'IS','IX','SIX','S'}
local gt={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=il}
local function av()
local aq=redis.call('TIME')
return tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local function ge(am)
local an={}
for n in string.gmatch(am,'%u+')do
if not gt[n]then error('unknown mode '..n,0)end
an[#an+1]=n
end
return an
end
local function dx(a,ah,ee)
local az={['fences']={unpack(a,ah*ee+1)}}
for d=1,ah do
local h=(d-1)*ee
az[d]={['lock']=a[h+1],['shared']=a[h+2],['line']=a[h+3],['wake']=ee>3 and a[h+4]}
end
return az
end
local function ef(c,ab)
local x={c[1],[c[1]]=true}
for d=ab,#c do
x[#x+1]=c[d]
x[c[d]]=true
end
return x
end
local function eb(i)
if not i or string.sub(i,1,3)~='~s 'then return nil end
local n,f=string.match(i,'^~s (%u+) (.*)$')
if gt[n]then return n,f end
end
local function fo(lq)return string.format('%.0f',lq)end
local function jp(l,n,ah)
local ae=fq[n]*dc
return redis.pcall('ZREVRANGEBYSCORE',l,'('..fo(ae+dc),fo(ae),'WITHSCORES','LIMIT',0,ah),ae
end
local function gg(u,n,x,b)
local i=redis.call('GET',u.lock)
if i and(i==fp or string.sub(i,1,3)==fp..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local dg,bc=eb(i)
if bc then
local s=not x[bc]and redis.call('PTTL',u.lock)
if s and(s==-1 or iv(n,dg))then return s,bc end
return nil
end
if x[i]then return nil end
if i and i~=cs then return redis.call('PTTL',u.lock),i end
local k,aj
if not i and redis.call('EXISTS',u.shared)==0 then return nil end
for ak,mc in ipairs(gt[n])do
local ac,ae=jp(u.shared,mc,#x+1)
if ac.err then error(ac.err,0)end
for d=1,#ac,2 do
local t=tonumber(ac[d+1])-ae
if not x[ac[d]]then
if t>=b and(not k or t>k)then k,aj=t,ac[d]end
break
end
end
end
if k then return k-b,aj end
end
local function jr(u,b)
local aa
if redis.call('EXISTS',u.shared)==0 then return nil end
for ak,n in ipairs(il)do
local ac,ae=jp(u.shared,n,1)
local ag=tonumber(ac[2])
if ag and ag-ae>=b then aa=math.max(aa or 0,ag-ae)end
end
return aa
end
local function hi(u,n,x)
local i=redis.call('GET',u.lock)
if n=='X'then return x[i]end
local dg,bc=eb(i)
if bc then return x[bc]and dg==n end
for ak,f in ipairs(x)do
local ag=redis.call('ZSCORE',u.shared,f)
if ag and math.floor(tonumber(ag)/dc)==fq[n]then return true end
end
return false
end
local function lk(u,x)
local i=redis.call('GET',u.lock)
local ak,bc=eb(i)
if bc then return x[bc]end
if x[i]then return true end
for ak,f in ipairs(x)do
if redis.call('ZSCORE',u.shared,f)then return true end
end
return false
end
local function ip(l,n,f,t,b)
local ae=fq[n]*dc
redis.call('ZREMRANGEBYSCORE',l,fo(ae),'('..fo(ae+b))
redis.call('ZADD',l,fo(ae+t),f)
if redis.call('PTTL',l)<t-b then redis.call('PEXPIRE',l,t-b)end
end
local function hf(u,n,x,al,b)
local q,ap,f,co=u.lock,u.shared,x[1],false
local i=redis.call('GET',q)
local t=b+al
local dg,bc=eb(i)
local aj,lg=bc or i,dg or'X'
if x[aj]then
local s=redis.call('PTTL',q)
if s==-1 and aj==f and n==lg then return false end
t=math.max(t,b+s)
if bc==f and n==dg then
redis.call('SET',q,i,'PX',t-b)
return false
end
co=aj~=f
i=nil
elseif bc then
local s=math.max(1,redis.call('PTTL',q))
ip(ap,dg,bc,b+s,b)
redis.call('SET',q,cs,'PX',s)
i=cs
end
if i~=cs and(n~='X'or bc)and redis.call('EXISTS',ap)==0 then
redis.call('SET',q,n=='X'and f or'~s '..n..' '..f,'PX',t-b)
return co
end
for d,cu in ipairs(x)do
local ag=(d>1 or n~='X')and redis.call('ZSCORE',ap,cu)
if ag then
t=math.max(t,tonumber(ag)%dc)
if d>1 then
redis.call('ZREM',ap,cu)
co=true
end
end
end
if n=='X'then
redis.call('SET',q,f,'PX',t-b)
return co
end
ip(ap,n,f,t,b)
if i~=cs then
redis.call('SET',q,cs,'PX',jr(u,b)-b)
else
local s=redis.call('PTTL',q)
if s>=0 and s<t-b then redis.call('PEXPIRE',q,t-b)end
end
return co
end
local function by(u,x,b)
local q,bl=u.lock,false
local i=redis.pcall('GET',q)
if type(i)=='table'then
if string.find(i.err,'WRONGTYPE',1,true)then return false,false end
error(i.err,0)
end
local ak,bc=eb(i)
if x[bc or i]then
redis.call('DEL',q)
i,bl=false,true
end
if bc or(bl and#x==1)then return bl,bl end
local gb=false
for ak,f in ipairs(x)do
local ag=redis.pcall('ZSCORE',u.shared,f)
if type(ag)=='string'then
redis.call('ZREM',u.shared,f)
gb=true
if tonumber(ag)%dc>=b then bl=true end
end
end
if i and i~=cs then return bl,false end
local aa=gb and jr(u,b)
if aa then
local s=redis.call('PTTL',q)
local ga=s>aa-b+1
if s<0 or ga then redis.call('SET',q,cs,'PX',math.max(1,aa-b))end
return bl,false,ga
end
if gb and i then redis.call('DEL',q)end
return bl,gb or bl
end`;

const PART_10 = `local ii={}
local function cm(u,g,b)
if#g==0 then return{},false end
local be,cn,ej=jy(
g,ln(function(n)return gg(u,n,ii,b)end),b)
for d,o in ipairs(be)do be[d]=o[2]end
if#be>0 then
db(u.line,g,b)
redis.pcall('PUBLISH',u.wake,kl(be,ej))
end
return be,cn
end
local function kt(u,n,x,ad,ag,g,b)
local s,aj=gg(u,n,x,b)
if s or#g==0 or lk(u,x)then return s,aj end
local bs,lf=iq(g,ad,ag,function(bh)return iv(bh,n)end)
if not bs then return nil end
if u.wake then cm(u,g,b)end
if lf then return-1,''end
if bs[5]>0 then return math.max(0,50-b+bs[5]),''end
s,aj=gg(u,bs[3],ii,b)
return s and-1 or 50,aj or''
end
local function la(iz,an,ca)
local j,bx,au=0,false,{}
for ak,n in ipairs(an)do
if(n=='X'or n=='SIX')and not ca then bx=true end
end
for d,l in ipairs(iz)do
local k=bk(l)
au[d]=k or 0
j=math.max(j,k and(bx and k+1 or k)or cv(l))
end
for d,l in ipairs(iz)do
if au[d]~=j then ex(l,j)end
end
return j
end
w['modes.acquire']=function(a,c)
local al,ad,ba,dv=tonumber(c[2]),'',0,0
if c[4]~=''then
ad,ba,dv=string.match(c[4],'^(%S*) (%S+) (%S+)$')
ba,dv=tonumber(ba),tonumber(dv)
end
local an,x,kr,b=ge(c[3]),ef(c,5),{c[1],[c[1]]=true},av()
local az=dx(a,#an,ad==''and 3 or 4)
local ay,au,m,ce,aj={},b,nil,nil,nil
local ca,co=true,false
for d=1,#an do
ay[d]=cd(az[d].line,b,du)
au=math.max(au,ay[d].ticket)
end
local cz=gv(ba,au)
local ag=cz>0 and cz-dv or nil
for d,n in ipairs(an)do
local u=az[d]
local s,mh=kt(u,n,x,ad,ag,ay[d],b)
if s then
m=m or d
if not aj or(ce~=-1 and(s==-1 or s>ce))then
ce,aj=s,mh
end
elseif not hi(u,n,kr)then
ca=false
end
end
local ck,fl=m or#an,nil
if ad~=''then
fl=ki(ay[ck],ad,an[ck],ba,dv,b,au)
if not m and ay[ck][fl]then ay[ck][fl][5]=-1 end
db(az[ck].line,ay[ck],b)
end
if m then
if ad~=''then pcall(ha,az[m].wake,ad,al)end
return{0,ce,aj,kj(au,b),fl and fl-1 or#ay[m]}
end
local j=la(az.fences,an,ca)
for d,n in ipairs(an)do
local u=az[d]
if hf(u,n,x,al,b)then co=true end
if d~=ck and gl(ay[d],ad,b)then db(u.line,ay[d],b)end
end
return co and-j or j
end
w['modes.convert']=w['modes.acquire']
w['modes.commit']=function(a,c)
local an,x=ge(c[3]),{c[1],[c[1]]=true}
local az=dx(a,#an,4)
for d,n in ipairs(an)do
if not hi(az[d],n,x)then return{0}end
end
for ak,l in ipairs(az.fences)do
if not bk(l)then cv(l)end
er(l,tonumber(c[2]))
end
return 1
end
w['modes.extend']=function(a,c)
local j,al,an=tonumber(c[2]),tonumber(c[3]),ge(c[4])
local az,x,b,bn=dx(a,#an,4),ef(c,5),av(),true
for d,n in ipairs(an)do
local s,aj=gg(az[d],n,x,b)
if s then return{0,s,aj}end
bn=bn and hi(az[d],n,x)
end
for ak,l in ipairs(az.fences)do
local he=not bn and(bk(l)or fc(l))
if he then er(l,j)end
end
for d,n in ipairs(an)do
local u=az[d]
if hf(u,n,x,al,b)then cm(u,cd(u.line,b,du),b)end
end
return 1
end
local function js(u,g,ad,b)
local jc=jt(g,ad)
if jc then db(u.line,g,b)end
pcall(ey,u.wake,ad)
return jc
end
w['modes.release']=function(a,c)
local ad,x,b=c[2],ef(c,3),av()
local bl,el,jg=false,false,string.find(ad,'.',1,true)
for ak,u in ipairs(dx(a,#a/4,4))do
local bn,lj,ga=by(u,x,b)
local ay=(bn or jg)and redis.pcall('MGET',u.line,u.wake)
if bn then bl=true end
if ay and(ay[1]or ay[2])then
local g=cd(u.line,b,du)
if jg then js(u,g,ad,b)end
local bm,be,cn=pcall(cm,u,g,b)
if not bm then be,cn={},false end
for ak,bh in ipairs(be)do
if bh~=ad then el=true end
end
if lj and not cn and gy(u.wake,ad~='')then el=true end
if ga and#be==0 then redis.pcall('PUBLISH',u.wake,'')end
end
end
if not bl then return 0 end
return el and-1 or 1
end
w['modes.releaseAll']=w['modes.release']
w['modes.leave']=function(a,c)
local b=av()
for ak,u in ipairs(dx(a,#a/4,4))do
local g=cd(u.line,b,du)
if js(u,g,c[1],b)then pcall(cm,u,g,b)end
end
return 1
end`;

const PART_11 = `local function lh(u,n,f,b)
local i=redis.call('GET',u.lock)
if i~=cs then
local dg,bc=eb(i)
return(bc or i)==f and(dg or'X')==n
end
local ag=n~='X'and redis.call('ZSCORE',u.shared,f)
if not ag then return false end
return math.floor(tonumber(ag)/dc)==fq[n]and tonumber(ag)%dc>=b
end
w['modes.renew']=function(a,c,eq)
local f,an,b,j=c[1],ge(c[3]),av(),1
local az=dx(a,#an,3)
for d,n in ipairs(an)do
if not lh(az[d],n,f,b)then
local i=redis.call('GET',az[d].lock)
local ak,bc=eb(i)
local aj=bc or i~=cs and i or''
if string.sub(aj,1,3)==fp..' 'then aj=fp end
return{0,redis.call('PTTL',az[d].lock),aj}
end
end
for ak,l in ipairs(az.fences)do j=math.max(j,bk(l)or 1)end
if eq then return j end
for d,n in ipairs(an)do hf(az[d],n,{f,[f]=true},tonumber(c[2]),b)end
return j
end`;

const PART_12 = `local fb=8
local gu='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local kq='^~p %d+ 0 %d+ [01]* %d+:[%d -]*:'
local ko=8
local at,fe
local function bj(...)
if at then return end
local p=r(...)
if type(p)=='table'and p.err then at=fe and{-1,p.err}or{}else fe=true end
end
local function fu()
local aq=r('TIME')
return aq[1]*1000+math.floor(aq[2]/1000)
end
local function id(h,ax,aa,bu,y,bf,k,b)
if b and aa~='0'and k+0>bu+0 then
bu=string.format('%.0f',k+math.max(1,k-b))
bj('PEXPIREAT',KEYS[h+2],bu)
bj('PEXPIREAT',KEYS[h+3],bu)
bj('PEXPIRE',KEYS[h+4],604800000)
end
bj('SET',KEYS[h],'~p '..ax..' '..aa..' '..bu..' '..y..' '..bf,'PXAT',k)
end
local function ep(h,ai,af,ak,cc,hc)
at,fe=nil,nil
if cc=='slots.acquire'then
local bx=hc
if ARGV[af+1]~=''or ARGV[af+5]~='0'or ARGV[af+6]~=''or ARGV[af-1]~='7'then return nil end
local f,bg,z,cj=ARGV[ai],ARGV[af+3]+0,ARGV[af+4]+0,KEYS[h+1]
if bg>ko or bg>z then return nil end
local ao,b=r('GET',KEYS[h]),fu()
local ax,aa,bu,y,as,v,bf='0','0','0','','0','',''
local hd=true
if ao then
if ao.err then return nil end
ax,aa,bu,y,as,v,bf=string.match(ao,gu)
if not ax or bf==f then return nil end
if(aa~='0'and b>ax+0)or(bf~=''and as+0<b)then return nil end
if aa~='0'and r('HGET',KEYS[h+2],f)then return nil end
elseif r('EXISTS',unpack(KEYS,h+4,bx and h+10 or h+6))==0 then
hd=false
end
if hd and bx and r('EXISTS',KEYS[h+8],KEYS[h+9],KEYS[h+10])~=0 then return nil end
local je=string.find(f,'^%x%x%x%x%x%x%x%x%x%x%x%x')
local br,ec=je and tonumber(string.sub(f,1,6),16)%z or 0,nil
local dh,dp={},bg==1 and'1'or'2'
for ak=1,64 do
local is=string.byte(y,br+1)
if not is then
y=y..string.rep('0',br-#y)..dp
dh[#dh+1]=br
elseif is==48 then
y=string.sub(y,1,br)..dp..string.sub(y,br+2)
dh[#dh+1]=br
end
if#dh==bg then break end
ec=ec or je and 1+tonumber(string.sub(f,7,12),16)%z or 1
br=(br+ec)%z
end
if#dh<bg then return nil end
local bw=dh[1]..''
if bg>1 then
bw=''
local bz,k=string.find(y,'2+')
while bz do
bw=bw..(bw==''and''or' ')..bz-1 ..(bz==k and''or'-'..k-1)
bz,k=string.find(y,'2+',k+1)
end
y=string.gsub(y,'2','1')
end
local t,j,fj=b+ARGV[af],nil,nil
local k=string.format('%.0f',t)
if not hd then
if bx then
local i=r('GET',cj)
local ae=type(i)=='string'and string.find(i,'^%d+$')and i+0
if not ae or ae<1 or ae+1>=9000000000000000 then return nil end
j=ae+1+bx
bj('SET',cj,string.format('%.0f',j))
else
j=ah(cj)
if not j then return nil end
fe=true
end
else
local ac
if IS_CLUSTER then
ac=r('MGET',cj,KEYS[h+6])
else
local ly=string.sub(cj,1,string.find(cj,'~fence:',1,true)-1)
ac=r('MGET',cj,KEYS[h+6],ly..'~server')
end
if ac.err or ac[2]or r('HGET',KEYS[h+5],KEYS[h])then return nil end
local ae=ac[1]and string.find(ac[1],'^%d+$')and ac[1]+0
if not ae or ae<1 or ae>=9000000000000000 then return nil end
local ch=ac[3]and string.match(ac[3],'^complete %S+ %S+ (%S+) ')or''
if#ch~=32 then ch=string.format('%-32.32s',ch)end
if r('GETRANGE',KEYS[h+4],0,31)~=ch then return nil end
j=ae-ae%16384
for d=1,bg do
local m=32+16*dh[d]
j=math.max(j,tonumber(r('GETRANGE',KEYS[h+4],m,m+15))or ae)
end
j=j+1
local jq=math.max(ae,j)
if bx and jq>=9000000000000000 then return nil end
local jf=aa~='0'
if bf~=''then fj=bf end
if fj and jf then bj('ZADD',KEYS[h+3],as,bf)end
local am=string.format('%016.0f',j)
for d=1,bg do bj('SETRANGE',KEYS[h+4],32+16*dh[d],am)end
if bx then j=jq+bx end
if ae<j then bj('SET',cj,string.format('%.0f',j))end
if fj then
if not jf then
bj('DEL',KEYS[h+2],KEYS[h+3])
bj('ZADD',KEYS[h+3],as,bf)
end
bj('HSET',KEYS[h+2],bf,v)
if aa=='0'or as+0<ax+0 then ax=as end
if as+0>aa+0 then aa=as end
end
if not ao then bj('PEXPIRE',KEYS[h+4],604800000)end
end
bf=k..':'..bw..':'..f
id(h,ax,aa,bu,y,bf,aa+0>t and aa or k,b)
if at then
if fj and fe then r('ZREM',KEYS[h+3],fj)end
return at[1]and at
end
return{1,j,bw,'',bx and''}
end
if cc=='slots.extend'then
local f=ARGV[ai]
if ARGV[af+4]~='0'or ARGV[af-1]~='5'then return nil end
local ao=r('GET',KEYS[h])
if not ao or ao.err then return nil end
local ax,aa,bu,y,as,v,bf=string.match(ao,gu)
if not ax or r('HGET',KEYS[h+5],KEYS[h])then return nil end
local b=fu()
if(aa~='0'and b>ax+0)or(bf~=''and as+0<b)then return nil end
local t=b+ARGV[af+1]
local k=string.format('%.0f',t)
if bf==f then
if v~=ARGV[af+2]then return nil end
if as+0>=t then return 1 end
as=k
if aa+0>t then k=aa end
else
if aa=='0'or r('HGET',KEYS[h+2],f)~=ARGV[af+2]then return nil end
local ag=r('ZSCORE',KEYS[h+3],f)
if type(ag)~='string'then return nil end
if ag+0>=t then return 1 end
bj('ZADD',KEYS[h+3],k,f)
if at then return at[1]and at end
if aa+0>=t then return 1 end
aa=k
if as+0>t then k=as end
end
id(h,ax,aa,bu,y,as..':'..v..':'..bf,k,b)
if at then return at[1]and at end
return 1
end
local f=ARGV[ai]
if ARGV[af-1]~='3'then return nil end
local ac=hc or r('MGET',KEYS[h],KEYS[h+6],KEYS[h+7])
if ac.err or ac[2]or ac[3]then return nil end
if not ac[1]then return 0 end
local ak,jh=string.find(ac[1],kq)
if jh then
if string.sub(ac[1],jh+1)~=f then return nil end
if hc then return r('DEL',KEYS[h],KEYS[h+8])==2 and 2 or nil end
return r('DEL',KEYS[h])==1 and 1 or nil
end
local ax,aa,bu,y,as,v,bf=string.match(ac[1],gu)
if not ax then return nil end
local k,cg=aa,v
if bf==f then
if as+0<aa+0 and as+0<fu()then return nil end
as,v,bf='0','',''
else
local ag=r('ZSCORE',KEYS[h+3],f)
cg=r('HGET',KEYS[h+2],f)
if type(cg)~='string'or type(ag)~='string'or ag+0<fu()then return nil end
bj('ZREM',KEYS[h+3],f)
bj('HDEL',KEYS[h+2],f)
if ag==aa then
aa=r('ZREVRANGE',KEYS[h+3],0,0,'WITHSCORES')[2]or'0'
if aa=='0'then
ax,bu='0','0'
if bf==''then
bj('DEL',KEYS[h])
if at then return at[1]and at end
return 1
end
end
end
k=as+0>aa+0 and as or aa
end
local br=tonumber(cg)
if br then
y=string.sub(y,1,br)..'0'..string.sub(y,br+2)
else
for bz,go in string.gmatch(cg,'(%d+)%-?(%d*)')do
if go==''then go=bz end
y=string.sub(y,1,bz)..string.rep('0',go-bz+1)..string.sub(y,go+2)
end
end
id(h,ax,aa,bu,y,as..':'..v..':'..bf,k)
if at then return at[1]and at end
return 1
end
local fa={['slots.acquire']=ep,['slots.extend']=ep,['slots.release']=ep}
local hb={}`;

const PART_13 = `local cr,di,gr,kn='0','1','2',48
local kp=64
local function dk(am)
local lp=string.gmatch(am,'(%d+)%-?(%d*)')
return function()
local ab,k=lp()
if ab then return tonumber(ab),tonumber(k)or tonumber(ab)end
end
end
local function ke(y,dp)
local hy,bz,k={},string.find(y,dp..'+')
while bz do
hy[#hy+1]=bz==k and tostring(bz-1)or string.format('%d-%d',bz-1,k-1)
bz,k=string.find(y,dp..'+',k+1)
end
return table.concat(hy,' ')
end
local function cy(y,v,dp)
local dy,m={},0
for ab,k in dk(v)do
if ab<m then y,dy,m=table.concat(dy)..string.sub(y,m+1),{},0 end
if ab>#y then y=y..string.rep(cr,ab-#y)end
dy[#dy+1]=string.sub(y,m+1,ab)
dy[#dy+1]=string.rep(dp,k-ab+1)
m=k+1
end
return table.concat(dy)..string.sub(y,m+1)
end
local function ks(y,v)
for ab,k in dk(v)do
if string.find(string.sub(y,ab+1,k+1),di,1,true)then return false end
end
return true
end
local function fd(y,z)
return#string.gsub(string.sub(y,1,z),di..'+','')
end
local function kx(v)
local hn=0
for ak,k in dk(v)do hn=math.max(hn,k+1)end
return hn
end
local function lt(f,z)
local ew,ec=string.match(f,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not ew then return 0,1 end
return tonumber(ew,16)%z,1+tonumber(ec,16)%z
end
local function iu(y,ar,z,hs,x,f)
local cw=ar
local function fn(ab,k)
k=math.min(k,z-1)
if cw==0 or ab>k then return end
local md,ah=string.gsub(string.sub(y,ab+1,k+1),cr,gr,cw)
if ah==0 then return end
y,cw=string.sub(y,1,ab)..md..string.sub(y,k+2),cw-ah
end
for ab,k in dk(hs)do fn(ab,k)end
if x then
for ab,k in dk(x)do fn(ab,k)end
else
local ew,ec=lt(f,z)
for d=0,kp-1 do
if cw==0 then break end
local br=(ew+d*ec)%z
if string.byte(y,br+1)==kn then fn(br,br)end
end
fn(ew,z-1)
fn(0,ew-1)
end
if cw>0 then return nil end
return ke(y,gr),(string.gsub(y,gr,di))
end`;

const PART_14 = `local ih='~'
local function av()
local aq=redis.call('TIME')
return tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local function hp(am,b)
local bp,z,gp=string.match(am,'^(%d+) (%d+) (%d+)$')
if bp and tonumber(gp)+604800000+86400000>=b then return tonumber(bp),tonumber(z),tonumber(gp)end
end
local function hu(l,q,b)
return hp(redis.call('HGET',l,q)or'',b)
end
local function ig(l,q,bp,z,b)
local iw=tonumber(redis.call('HGET',l,ih)or'')
if not iw or iw+86400000<b then
local dd=redis.call('HGETALL',l)
for d=1,#dd,2 do
if not hp(dd[d+1],b)then redis.call('HDEL',l,dd[d])end
end
redis.call('HSET',l,ih,string.format('%.0f',b))
end
redis.call('HSET',l,q,string.format('%.0f %.0f %.0f',bp,z,b))
redis.call('PEXPIRE',l,604800000+86400000)
end
local function lz(l,q,bp,z,b)
if bp>(hu(l,q,b)or 0)then ig(l,q,bp,z,b)end
end`;

const PART_15 = `local ij='~p'
local eh,ei=16,32
local function ll(ao)
return ao==ij or string.sub(ao,1,3)==ij..' '
end
local function dn(ao)
local ax,aa,bu,y,t,v,f=
string.match(ao or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(ax)or 0,['latest']=tonumber(aa)or 0,['kept']=tonumber(bu)or 0,['map']=y or'',
['deadline']=tonumber(t)or 0,['slots']=v or'',['token']=f or'',
['is_new']=not f,['is_other']=ao and not ll(ao)
}
end
local function fm(a,e,b)
local k=math.max(e.latest,e.deadline)
if k==0 then
redis.call('DEL',a[1])
return 0
end
local jo=e.latest>0 and k>e.kept
if jo then
e.kept=k+math.max(1,k-b)
for m=3,4 do redis.call('PEXPIREAT',a[m],string.format('%.0f',e.kept))end
end
if jo or e.is_new then redis.call('PEXPIRE',a[5],604800000)end
redis.call('SET',a[1],string.format('~p %.0f %.0f %.0f %s %.0f:%s:%s',e.check,e.latest,e.kept,e.map,
e.deadline,e.slots,e.token),'PXAT',string.format('%.0f',k))
return k
end
local function df(a,e,f)
if f==e.token then return e.slots,e.deadline end
local v=e.latest>0 and redis.call('HGET',a[3],f)
local t=v and redis.call('ZSCORE',a[4],f)
if t then return v,tonumber(t)end
end
local function it(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function fw(a,e,f)
local v,t=df(a,e,f)
if not v then return nil end
e.map=cy(e.map,v,cr)
if f==e.token then
e.deadline,e.slots,e.token=0,'',''
return v,t
end
redis.call('ZREM',a[4],f)
redis.call('HDEL',a[3],f)
if t==e.latest then
e.latest=tonumber(redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2])or 0
if e.latest==0 then e.check,e.kept=0,0 end
end
return v,t
end
local function fx(a,e,b)
local ds=false
if e.token~=''and e.deadline<b then
e.map=cy(e.map,e.slots,cr)
e.deadline,e.slots,e.token,ds=0,'','',true
end
if e.latest>0 and b>e.check then
local kw=redis.call('ZRANGEBYSCORE',a[4],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for ak,f in ipairs(kw)do
e.map=cy(e.map,redis.call('HGET',a[3],f)or'',cr)
redis.call('HDEL',a[3],f)
redis.call('ZREM',a[4],f)
end
local ab=redis.call('ZRANGE',a[4],0,0,'WITHSCORES')[2]
local k=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,ds=tonumber(ab)or 0,tonumber(k)or 0,true
if not ab then e.kept,e.map=0,cy('',e.slots,di)end
end
if ds then fm(a,e,b)end
end
local function hv(a,e,f,t,b)
local ds=false
if f==e.token then
if e.deadline<t then e.deadline,ds=t,true end
elseif tonumber(redis.call('ZSCORE',a[4],f))<t then
redis.call('ZADD',a[4],string.format('%.0f',t),f)
if e.latest<t then e.latest,ds=t,true end
end
if ds then fm(a,e,b)end
end
local function dr(a,e,f,v,t,b)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=t,v,f,cy(e.map,v,di)
fm(a,e,b)
end
local function ka(a)
local ch=''
if not IS_CLUSTER then
local ci=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
ch=type(ci)=='string'and string.match(ci,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..ei..'.'..ei..'s',ch)
end
local function gz(a)
return redis.call('GETRANGE',a[5],0,ei-1)==ka(a)
end
local function fh(a,v,ae)
if not gz(a)then return ae end
local hk=ae-ae%16384
for ab,k in dk(v)do
local am=redis.call('GETRANGE',a[5],ei+eh*ab,ei+eh*(k+1)-1)
for d=0,k-ab do
local ah=tonumber(string.sub(am,eh*d+1,eh*(d+1)))
hk=math.max(hk,ah or ae)
end
end
return hk
end
local function ie(a,v,ah,ae)
if not gz(a)then redis.call('SET',a[5],ka(a),'PX',604800000)end
local am=string.format('%0'..eh..'.0f',ah)
for ab,k in dk(v)do
redis.call('SETRANGE',a[5],ei+eh*ab,string.rep(am,k-ab+1))
end
if ae<ah then ex(a[2],ah)end
end`;

const PART_16 = `local gs='~s'
local function ef(c,ab)
local x={c[1]}
for d=ab,#c do x[#x+1]=c[d]end
return x
end
local function gj(a)
local ao=redis.call('GET',a[1])
if ao and(ao==gs or string.sub(ao,1,3)==gs..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
local e=dn(ao)
if e.is_other then return e,ao,redis.call('PTTL',a[1])end
return e,nil,nil
end
local function en(a,z,bp,b)
local au,ah,gp=hu(a[6],a[1],b)
if bp>(au or 0)then
au,ah=bp,z
ig(a[6],a[1],au,ah,b)
elseif au and gp+86400000<b then
ig(a[6],a[1],au,ah,b)
end
if not au then return z,''end
return ah,string.format('%.0f %.0f',au,ah)
end
local function gi(y,dm)
return y..string.rep(cr,dm-#y)
end
local function lc(a,e,cw,b)
local bt=e.latest>0 and redis.call('ZRANGE',a[4],0,64-1,'WITHSCORES')or{}
if e.token~=''then
local m=1
while bt[m]and tonumber(bt[m+1])<=e.deadline do m=m+2 end
table.insert(bt,m,e.token)
table.insert(bt,m+1,e.deadline)
end
local k=-1
for d=1,#bt,2 do
k=tonumber(bt[d+1])
local v=bt[d]==e.token and e.slots or redis.call('HGET',a[3],bt[d])or''
for ab,ky in dk(v)do cw=cw-(ky-ab+1)end
if cw<=0 then break end
end
return k<0 and-1 or math.max(0,k-b),bt[1]or''
end
local function dt(z)
return function(am)
local ah=tonumber(am)
return ah and ah<=z
end
end
local function cm(a,e,g,cg,z,b)
if#g==0 then return 0,false end
local y=gi(e.map,z)
local by=e.is_other and 0 or fd(y,z)
local be,cn,ej=jy(g,function(ct)
by=by-tonumber(ct)
return by>=0
end,b)
local cl={}
for d,o in ipairs(be)do
local v,mb=iu(y,tonumber(o[3]),z,cg,'0-'..z-1)
y=mb or y
cl[d]=o[2]..':'..string.gsub(v or'',' ',',')
end
if#cl>0 then
db(a[7],g,b)
redis.pcall('PUBLISH',a[8],kl(cl,ej))
end
return#cl,cn
end
w['slots.acquire']=function(a,c)
local f,al,ad,ba,ar=c[1],tonumber(c[2]),c[3],tonumber(c[4]),tonumber(c[5])
local hs,gc,x,b=c[8],#c>8,ef(c,9),av()
local e,aj,ce=gj(a)
local z,fi=en(a,tonumber(c[6]),tonumber(c[7]),b)
if ar>z then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',z,ar),0)end
fx(a,e,b)
local g=cd(a[7],b,dt(z))
local au=math.max(b,g.ticket)
local cz=gv(ba,au)
local y=gi(e.map,z)
local v,bw=df(a,e,f),nil
if aj then
if ad~=''then pcall(ha,a[8],ad,al)end
elseif v then
local j=fh(a,v,bk(a[2])or cv(a[2]))
hv(a,e,f,b+al,b)
if kf(g,ad,b)then db(a[7],g,b)end
return{1,j,v,fi,gc and y or nil}
else
local da,dl=y,''
for d=2,#x do
local bd=df(a,e,x[d])or''
da,dl=cy(da,bd,cr),dl..' '..bd
end
local bs
if#g>0 and not gc then
local by=fd(da,z)
bs=by>=ar and iq(g,ad,cz>0 and cz or nil,function(ct)
by=by-tonumber(ct)
return by<ar
end)
end
if not bs then bw=iu(da,ar,z,hs,gc and dl or nil,f)end
if bw then
local ae=bk(a[2])
local ab=not ae and cv(a[2])
local j,t=fh(a,bw,ae or ab)+1,b+al
it(a,e)
for d=2,#x do
local ak,as=fw(a,e,x[d])
t=math.max(t,as or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
j=ab or j
ex(a[2],j)
else
ie(a,bw,j,ae or ab)
end
dr(a,e,f,bw,t,b)
if kf(g,ad,b)then db(a[7],g,b)end
return{1,j,bw,fi,gc and cy(da,bw,di)or nil}
end
local by=fd(y,z)
ce,aj=lc(a,e,ar-by,b)
if bs then
cm(a,e,g,'',z,b)
if bs[5]>0 then ce,aj=math.max(0,50-b+bs[5]),''
else ce=-1 end
end
end
if ad~=''then
ki(g,ad,string.format('%.0f',ar),ba,0,b,au)
db(a[7],g,b)
end
return{0,ce,aj,kj(au,b),fi}
end
w['slots.commit']=function(a,c)
local j,v=tonumber(c[2]),c[3]
local e=dn(redis.call('GET',a[1]))
if df(a,e,c[1])~=v then return{0}end
local ae=bk(a[2])or cv(a[2])
local ah=fh(a,v,ae)
if ah<j or not gz(a)then ie(a,v,math.max(ah,j),ae)end
return 1
end
w['slots.extend']=function(a,c)
local f,j,al,v=c[1],tonumber(c[2]),tonumber(c[3]),c[4]
local x,b=ef(c,7),av()
local e,aj=gj(a)
if aj then return{0,-1,aj}end
local z=en(a,tonumber(c[5]),tonumber(c[6]),b)
fx(a,e,b)
local bd=df(a,e,f)
if bd==v and#x==1 then
hv(a,e,f,b+al,b)
return 1
end
local da,as=gi(e.map,math.max(z,kx(v))),''
for ak,cu in ipairs(x)do
local dl=df(a,e,cu)or''
da,as=cy(da,dl,cr),as..' '..dl
end
if not ks(da,v)then
local km={f,'',c[5],c[6]}
for d=2,#x do km[d+3]=x[d]end
w['slots.release'](a,km)
return{0,-1,''}
end
it(a,e)
local ae=bd~=v and(bk(a[2])or fc(a[2]))
if ae then ie(a,v,math.max(j,fh(a,v,ae)),ae)end
local t=b+al
for ak,cu in ipairs(x)do
local ak,k=fw(a,e,cu)
t=math.max(t,k or 0)
end
dr(a,e,f,v,t,b)
local cg=ke(cy(cy(string.rep(cr,#da),as,di),v,cr),di)
if cg~=''then cm(a,e,cd(a[7],b,dt(z)),cg,z,b)end
return 1
end
w['slots.release']=function(a,c)
local bb,x,b=c[2],ef(c,5),av()
local ao=redis.pcall('GET',a[1])
local e=dn(type(ao)=='string'and ao)
local cg,bl,ic,jn='',false,0,false
for ak,cu in ipairs(x)do
local v,t=fw(a,e,cu)
if v then
jn,bl=true,bl or t>=b
cg,ic=cg..' '..v,math.max(ic,t)
end
end
if not jn then return 0 end
redis.pcall('ZREM',a[4],'')
local ay=redis.pcall('MGET',a[7],a[8])
local jd=ay[1]or ay[2]
if jd then fx(a,e,b)end
local k=fm(a,e,b)
if jd then
local z=en(a,tonumber(c[3]),tonumber(c[4]),b)
local g=cd(a[7],b,dt(z))
local bm,be,cn=pcall(cm,a,e,g,cg,z,b)
if not bm then be,cn=0,false end
if k==0 and not cn then gy(a[8],bb~='')
elseif k>0 and ic>k and be==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bl and 1 or 0
end
w['slots.leave']=function(a,c)
local b=av()
local z=en(a,tonumber(c[2]),tonumber(c[3]),b)
local g=cd(a[7],b,dt(z))
if jt(g,c[1])then
db(a[7],g,b)
pcall(function()cm(a,dn(redis.call('GET',a[1])),g,'',z,b)end)
end
pcall(ey,a[8],c[1])
return 1
end
w['slots.count']=function(a,c)
local b=av()
local e,aj=gj(a)
local z,fi=en(a,tonumber(c[1]),tonumber(c[2]),b)
fx(a,e,b)
local g=cd(a[7],b,dt(z))
cm(a,e,g,'',z,b)
local by=aj and 0 or fd(gi(e.map,z),z)
local bp=tonumber(string.match(fi,'^%d+')or 0)
return{1,by,z,bp,#e.map-fd(e.map,#e.map)}
end
w['slots.resize']=function(a,c)
if not bk(a[2])then cv(a[2])end
return w['slots.count'](a,c)
end`;

const PART_17 = `w['slots.renew']=function(a,c,eq)
local f,b,ao=c[1],av(),redis.call('GET',a[1])
local e=dn(ao)
local v,t=df(a,e,f)
if v~=c[3]or t<b then
local lm=e.is_other and string.sub(ao,1,2)~=gs
return{0,redis.call('PTTL',a[1]),lm and ao or''}
end
local j=fh(a,v,bk(a[2])or 1)
if not eq then hv(a,e,f,b+tonumber(c[2]),b)end
return j
end`;

const PART_18 = `local fa,hb,fb={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fb=2
local fa={
['mutex.acquire']=function(h,ai,af)
local cf=r('SET',KEYS[h],ARGV[ai],'NX','PX',ARGV[af])
if not cf or cf.err then return nil end
local j=ah(KEYS[h+1])
if j then return j end
local dj=r('DEL',KEYS[h])
return type(dj)=='table'and{-1,dj.err}or nil
end,
['mutex.takeOver']=function(h,ai,af)
if r('GET',KEYS[h])~=ARGV[ai+1]then return nil end
local j=ah(KEYS[h+1])
if not j then return nil end
local cf=r('SET',KEYS[h],ARGV[ai],'PX',ARGV[af])
return not cf.err and-j or nil
end,
['mutex.extend']=function(h,ai,af)
if r('GET',KEYS[h])~=ARGV[ai]then return nil end
local s=r('PTTL',KEYS[h])
if type(s)~='number'or s<0 then return nil end
if s<tonumber(ARGV[af])and r('PEXPIRE',KEYS[h],ARGV[af])~=1 then return nil end
return 1
end,
['mutex.release']=function(h,ai)
local ac=r('MGET',KEYS[h],KEYS[h+1])
if ac.err or ac[2]then return nil end
if ac[1]~=ARGV[ai]then return 0 end
return r('DEL',KEYS[h])==1 and 1 or nil
end,
}`,
    PART_2,
    `local hb={
['mutex.release']=function(h,ai,dm,cq)
local ac=r('MGET',unpack(KEYS,h,h+2*dm-1))
if ac.err then return 0 end
local bd,jl,hx,dq={},{},{},0
for d=1,dm do
if ac[2*d]then break end
local q=KEYS[h+2*d-2]
local bn=ac[2*d-1]==ARGV[ai+d-1]and not jl[q]
cq[#cq+1]=bn and 1 or 0
if bn then
jl[q]=true
bd[#bd+1]=q
hx[#bd]=#cq
end
dq=d
end
local dj=#bd>0 and r('DEL',unpack(bd))
if type(dj)=='table'then
for d=1,#hx do cq[hx[d]]={-1,dj.err}end
end
return dq
end
}`,
    PART_3,
    PART_4,
    `local function dr(l,f,al,bn)
if not bn then redis.call('SET',l,f,'PX',al)
else
local s=redis.call('PTTL',l)
if s>=0 and s<tonumber(al)then redis.call('PEXPIRE',l,al)end
end
end
local function im(a,f,ht,al,ad)
local ee=ad==''and 2 or 3
local bn,ca,co={},true,false
local ce,aj
for d=1,#a,ee do
local i=redis.call('GET',a[d])
bn[d]=i==f
if i~=f then ca=false end
if i and i==ht then
co=true
elseif i and i~=f then
local s=redis.call('PTTL',a[d])
if not aj or(ce~=-1 and(s==-1 or s>ce))then
ce,aj=s,i
end
end
end
if ad~=''then
for d=3,#a,3 do pcall(ha,a[d],ad,tonumber(al))end
end
if aj then return{0,ce,aj}end
local j=0
for d=2,#a,ee do
local k=bk(a[d])
j=math.max(j,k and(ca and k or k+1)or cv(a[d]))
end
for d=1,#a,ee do
dr(a[d],f,al,bn[d])
ex(a[d+1],j)
end
return co and-j or j
end
w['mutex.acquire']=function(a,c)
return im(a,c[1],nil,c[2],c[3])
end
w['mutex.takeOver']=function(a,c)
return im(a,c[1],c[2],c[3],c[4])
end
w['mutex.commit']=function(a,c)
for d=1,#a,2 do
if redis.call('GET',a[d])~=c[1]then return{0}end
end
for d=2,#a,2 do
if not bk(a[d])then cv(a[d])end
er(a[d],tonumber(c[2]))
end
return 1
end
w['mutex.extend']=function(a,c)
local f,j,al=c[1],tonumber(c[2]),c[3]
local bn={}
for d=1,#a,2 do
local i=redis.call('GET',a[d])
if i and i~=f then return{0,redis.call('PTTL',a[d]),i}end
bn[d]=i==f
end
for d=1,#a,2 do
local he=not bn[d]and(bk(a[d+1])or fc(a[d+1]))
if he then er(a[d+1],j)end
end
for d=1,#a,2 do dr(a[d],f,al,bn[d])end
return 1
end
w['mutex.release']=function(a,c)
local f,bb=c[1],c[2]
local bl,el=false,false
for d=1,#a,2 do
local i=redis.pcall('GET',a[d])
if bb~=''then pcall(ey,a[d+1],bb)end
if i==f then
redis.call('DEL',a[d])
bl=true
if gy(a[d+1],bb~='')then el=true end
elseif type(i)=='table'and i.err and not string.find(i.err,'WRONGTYPE',1,true)then
error(i.err)
end
end
if not bl then return 0 end
return el and-1 or 1
end
w['mutex.leave']=function(a,c)
pcall(ey,a[1],c[1])
return 1
end
w['mutex.renew']=function(a,c)
local j=1
for d=1,#a,2 do
local i=redis.call('GET',a[d])
if i~=c[1]then return{0,redis.call('PTTL',a[d]),i or''}end
j=math.max(j,bk(a[d+1])or 1)
end
for d=1,#a,2 do dr(a[d],c[1],c[2],true)end
return j
end
w['mutex.query']=function(a)
local p={1}
for d=1,#a,2 do
p[#p+1]=redis.call('GET',a[d])or''
p[#p+1]=redis.call('PTTL',a[d])
p[#p+1]=et(a[d+1])or''
end
return p
end`,
    PART_5,
    PART_6,
  ],
  "0a9e02788348cb3a644187f88b33176a30330b22",
  "2b09fd579120224e3aaba094581d834bc9a51b92",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fb=81
local fa={
['modes.acquire']=function(h,ai,af,ar)
local f,al,an,cj=ARGV[ai],ARGV[af],ARGV[af+1],KEYS[h+ar-1]
if ARGV[af+2]~=''then return nil end
if ar~=4 then
local ak,ld=string.gsub(an,' ','')
if ar~=3*ld+4 then return nil end
end
local fg,es
if r('EXISTS',unpack(KEYS,h,h+ar-2))~=0 then
local ac,m=r('MGET',unpack(KEYS,h,h+ar-2)),1
if ac.err then return nil end
fg={}
es={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for n in string.gmatch(an,'%u+')do
local i,q,ap=ac[m],KEYS[h+m-1],KEYS[h+m]
if ac[m+2]then return nil end
if not i then
if r('EXISTS',q,ap)~=0 then return nil end
else
if n=='X'or n=='SIX'then return nil end
local s,bd,aj=r('PTTL',q),nil,nil
if type(s)~='number'or s<=0 then return nil end
if i=='~s'then
if r('ZSCORE',ap,f)then return nil end
local ab=(n=='IX'and 3)or(n=='S'and 2)
if ab and r('ZCOUNT',ap,ab..'00000000000000','('..ab+2 ..'00000000000000')~=0 then
return nil
end
else
bd,aj=string.match(i,'^~s ([ISX]+) (.*)$')
if not es[bd]or aj==f or(n~=bd and n~='IS'and bd~='IS')then return nil end
if r('EXISTS',ap)~=0 then return nil end
end
fg[m]={s,bd,aj}
end
m=m+3
end
end
local j
if an=='X'or string.find(' '..an,' X',1,true)or string.find(an,'SIX',1,true)then
j=ah(cj)
if not j then return nil end
else
local i=r('GET',cj)
j=not i and ah(cj)or(type(i)=='string'and string.match(i,'^%d+$')and tonumber(i))
if not j or j<1 or j>=9000000000000000 then return nil end
end
if ar==4 and not fg then
local cf=r('SET',KEYS[h],an=='X'and f or'~s '..an..' '..f,'PX',al)
return not cf.err and j or nil
end
local m,b=1,nil
for n in string.gmatch(an,'%u+')do
local q,gd=KEYS[h+m-1],fg and fg[m]
if gd then
local ap,eo,s,aj=KEYS[h+m],tonumber(al),gd[1],gd[3]
if not b then
local aq=r('TIME')
if aq.err then return nil end
b=tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local ag,bm=string.format('%.0f',es[n]+b+eo),nil
if aj then
local jw=math.max(s,eo)
bm=r('ZADD',ap,string.format('%.0f',es[gd[2]]+b+s),aj,ag,f)==2
and r('PEXPIRE',ap,jw)==1 and not r('SET',q,'~s','PX',jw).err
else
r('ZREMRANGEBYSCORE',ap,string.format('%.0f',es[n]),string.format('(%.0f',es[n]+b))
bm=r('ZADD',ap,ag,f)==1
local kg=r('PTTL',ap)
if type(kg)~='number'or kg<eo then
bm=r('PEXPIRE',ap,eo)==1 and bm
end
if s<eo then bm=r('PEXPIRE',q,eo)==1 and bm end
end
if not bm then return nil end
else
local cf=r('SET',q,n=='X'and f or'~s '..n..' '..f,'PX',al)
if cf.err then return nil end
end
m=m+3
end
return j
end,
['modes.extend']=function(h,ai,af,ar)
local f,al,m=ARGV[ai],ARGV[af],1
local ac=ARGV[af-1]=='2'and r('MGET',unpack(KEYS,h,h+ar-1))
if not ac or ac.err then return nil end
for n in string.gmatch(ARGV[af+1],'%u+')do
if ac[m]~=(n=='X'and f or'~s '..n..' '..f)then return nil end
m=m+4
end
for q=h,h+m-2,4 do
local s=r('PTTL',KEYS[q])
if type(s)~='number'or s<0 then return nil end
if s<tonumber(al)and r('PEXPIRE',KEYS[q],al)~=1 then return nil end
end
return 1
end,
['modes.release']=function(h,ai,ak,ar)
local f,ac=ARGV[ai],nil
if ar==4 then
local i,ck,mg=unpack(r('MGET',KEYS[h],KEYS[h+2],KEYS[h+3]))
if not i or ck or mg then return nil end
if i==f or string.match(i,'^~s [ISX]+ (.*)$')==f then
return r('DEL',KEYS[h])==1 and 1 or nil
end
ac={i}
else
ac=r('MGET',unpack(KEYS,h,h+ar-1))
if ac.err then return nil end
end
local cp,gm,hz,b={},{},{},nil
for m=1,ar,4 do
local i,q,ap=ac[m],KEYS[h+m-1],KEYS[h+m]
if not i or ac[m+2]or ac[m+3]then return nil end
if i=='~s'then
local ag=r('ZSCORE',ap,f)
local s=r('PTTL',q)
if type(ag)~='string'or type(s)~='number'or s<0 then return nil end
if not b then
local aq=r('TIME')
b=tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local t=tonumber(ag)%100000000000000
local ae=tonumber(ag)-t
if t<b then return nil end
local jx,ji=string.format('%.0f',ae),string.format('(%.0f',ae+100000000000000)
local k=r('ZREVRANGEBYSCORE',ap,ji,jx,'WITHSCORES','LIMIT',0,2)
if k.err then return nil end
local aa,hl=tonumber(k[2])-ae,nil
if k[1]==f then
hl=r('ZCARD',ap)
aa=k[4]and tonumber(k[4])-ae
if aa and(aa<b or r('ZCOUNT',ap,jx,ji)~=hl)then return nil end
if not aa and hl~=1 then return nil end
elseif s>aa-b+1 then
return nil
end
if not aa then
cp[#cp+1]=q
elseif s>aa-b+1 then
hz[#hz+1]={q,math.max(1,aa-b)}
end
gm[#gm+1]=ap
elseif i==f or string.match(i,'^~s [ISX]+ (.*)$')==f then
cp[#cp+1]=q
else
return nil
end
end
for ak,ao in ipairs(hz)do
if r('PEXPIRE',ao[1],ao[2])~=1 then return nil end
end
for ak,ap in ipairs(gm)do
if r('ZREM',ap,f)~=1 then return nil end
end
local dj=#cp==0 or r('DEL',unpack(cp))
if type(dj)=='table'then return#gm>0 and{-1,dj.err}or nil end
return 1
end
}
local hb={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    PART_10,
    `w['modes.position']=function(a,c)
local b=av()
local g=cd(a[3],b,du)
local m,gw,bq=hr(g,c[1]),0,0
local ag=m and g[m][1]or math.max(b,g.ticket)+1-tonumber(c[2])
for d=1,#g do
local o=de(g,d)
if not o[7]and o[5]>=0 then
bq=bq+1
if o[2]~=c[1]and not hh(o,ag,c[1])then gw=gw+1 end
end
end
return{1,gw,bq,redis.call('EXISTS',a[1])}
end
w['modes.stay']=function(a,c)
local b=av()
local g=cd(a[3],b,du)
if gl(g,c[1],b)then db(a[3],g,b)end
return 1
end`,
    `w['modes.query']=function(a)
local p,b={1},av()
for ak,u in ipairs(dx(a,#a/4,4))do
local eg={et(u.wake)}
local g=cd(u.line,b,du)
for d=1,#g do
local o=de(g,d)
if o[4]>=b and o[5]>=0 then eg[#eg+1]=o[2]end
end
p[#p+1]=redis.call('GET',u.lock)or''
p[#p+1]=redis.call('PTTL',u.lock)
p[#p+1]=table.concat(eg,' ')
local hg=redis.call('ZRANGE',u.shared,0,-1,'WITHSCORES')
local m=#p+1
p[m]=0
for d=1,#hg,2 do
local s=tonumber(hg[d+1])%dc-b
if s>=0 then
p[m]=p[m]+1
p[#p+1]=hg[d]
p[#p+1]=s
end
end
end
return p
end`,
    PART_11,
    PART_5,
    PART_6,
  ],
  "251ec878a881971328b8418e38a87ca535dca715",
  "b21d84767b3369ea84dc6cd23c8d7bdc487fc7ce",
);

export const SLOTS_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    PART_12,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_13,
    PART_14,
    PART_15,
    PART_16,
    PART_17,
    `w['slots.query']=function(a)
local b=av()
local e,bh,s=gj(a)
local bp,z=hu(a[6],a[1],b)
local eg={et(a[8])}
local g=cd(a[7],b,dt(math.huge))
for d=1,#g do
local o=de(g,d)
if o[4]>=b then eg[#eg+1]=o[2]end
end
local p={1,bh or'',s or-2,z or 0,bp or 0,table.concat(eg,' ')}
local function io(f,v,t)
if v and t>=b then
local m=#p
p[m+1],p[m+2],p[m+3]=f,v,t-b
end
end
if e.token~=''then io(e.token,e.slots,e.deadline)end
if e.latest>0 then
local kh,bd={},redis.call('HGETALL',a[3])
for d=1,#bd,2 do kh[bd[d]]=bd[d+1]end
local bt=redis.call('ZRANGE',a[4],0,-1,'WITHSCORES')
for d=1,#bt,2 do
if bt[d]~=e.token then io(bt[d],kh[bt[d]],tonumber(bt[d+1]))end
end
end
return p
end`,
    PART_5,
    PART_6,
  ],
  "74ca4faffb3bbd000b843173440da4595f7451ba",
  "f1677bc2ffb131594e0c8100bb3489800d0a9b16",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function kc(l)
local ci=redis.pcall('GET',l)
return type(ci)=='string'and ci or''
end
local function kd(l,kz,i)
local dz=kc(l)
local aq=redis.call('TIME')
local b=string.format('%.0f',tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000))
if dz==kz then
dz=i(tonumber(b))
redis.call('SET',l,dz)
end
return{1,dz,b}
end
w['marker.replace']=function(a,c)
return kd(a[1],c[1],function()return c[2]end)
end
w['marker.lose']=function(a,c)
return kd(a[1],c[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(c[2]))
end)
end`,
    `w['identify']=function(a)
local eu=''
local function gk(me)
local fz=redis.pcall('INFO',me)
if type(fz)=='table'then fz,eu='',fz.err end
return function(lb)return string.match(fz,'%f[%w_]'..lb..':([^\\r\\n]*)')or''end
end
local ev,hm,hw=gk('server'),gk('memory'),gk('replication')
local aq=redis.call('TIME')
local n=ev('redis_mode')
if n==''then n=ev('server_mode')end
local kk=ev('valkey_version')
return{
1,ev('run_id'),tonumber(ev('uptime_in_seconds'))or-1,
tonumber(aq[1])*1000000+tonumber(aq[2]),
tonumber(gk('persistence')('aof_enabled'))or-1,
hm('maxmemory_policy'),tonumber(hm('maxmemory'))or-1,
hw('role'),n,hw('master_replid'),hw('master_replid2'),
a[1]and kc(a[1])or'',eu,
tonumber(hm('used_memory'))or-1,kk~=''and'valkey '..kk or ev('redis_version')
}
end`,
    PART_14,
    `w['counters.read']=function(a)
local p,b={1},av()
for d=1,#a,2 do
local ff,j=pcall(bk,a[d])
p[#p+1]=ff and j and string.format('%.0f',j)or''
end
for d=2,#a,2 do
local dd,cp,cl=redis.pcall('HGETALL',a[d]),{},{}
for m=1,dd.err and 0 or#dd,2 do
cp[#cp+1],cl[dd[m]]=dd[m],dd[m+1]
end
table.sort(cp)
for ak,q in ipairs(cp)do
local bp,z=hp(cl[q],b)
if bp then
for ak,i in ipairs({d/2,q,string.format('%.0f',bp),z})do p[#p+1]=i end
end
end
end
return p
end
local function kb(a,c,ax)
local v,b=#a/2,av()
for d=1,v do
local l=a[2*d-1]
local ff,j=pcall(bk,l)
if ff and c[d]~=''then
if not j then ax(l)end
er(l,tonumber(c[d]))
end
end
for m=v+1,#c,4 do
pcall(lz,a[2*tonumber(c[m])],c[m+1],tonumber(c[m+2]),tonumber(c[m+3]),b)
end
return 1
end
w['counters.raise']=function(a,c)
return kb(a,c,cv)
end
w['counters.restore']=function(a,c)
return kb(a,c,function()end)
end
w['counters.lift']=function(a,c)
for d=1,#a do
local ff,j=pcall(bk,a[d])
if ff and j then er(a[d],tonumber(c[1]))end
end
return 1
end`,
    `w['set.note']=function(a,c)
local cf,dl,dw=c[1],c[2],tonumber(c[3])
local aq=redis.call('TIME')
local b=tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
local ia,jm,jb=b,false,false
local cx,am={},redis.pcall('GET',a[1])
for ck in string.gmatch(type(am)=='string'and am or'','[^\\n]+')do
local gf,ab,aa,ez,lv=string.match(ck,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
ab,aa,ez=tonumber(ab),tonumber(aa),tonumber(ez)
if gf and ab<=aa and aa<=b and b<ez and ez<=b+3600000 then
if gf==cf then
ia,jm=ab,b-aa<tonumber(c[4])
elseif gf==dl then
jb=true
else
cx[#cx+1]={ck,gf,aa,ab,ez,lv}
end
end
end
local p,ay,k={1},{},b+dw
for d=math.max(1,#cx-16+2),#cx do
local bh=cx[d]
ay[#ay+1]=bh[1]
k=math.max(k,bh[5])
p[#p+1]=bh[2]
p[#p+1]=bh[3]-math.max(bh[4],ia)
p[#p+1]=bh[5]-b
p[#p+1]=bh[6]
end
if not jm or jb then
ay[#ay+1]=string.format('%s %.0f %.0f %.0f %s',cf,ia,b,b+dw,c[5])
redis.call('SET',a[1],table.concat(ay,'\\n'),'PX',string.format('%.0f',k-b))
end
return p
end`,
    PART_5,
    PART_6,
  ],
  "d8394507817b0227ea5bb23acdd6b3bc407b5e32",
  "5be8693b7db48c7f39ea4a99b862ed6a430f098d",
);

export const HOLD_SUMMARY_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `w['hold.summary']=function(a,c)
local ed=redis.pcall('GET',a[1])
if type(ed)~='string'or#ed>256 then ed=''end
if c[1]~=''then
local s,dw=redis.call('PTTL',a[1]),tonumber(c[2])
if ed==''or s<=dw-tonumber(c[3])or s>dw then
redis.call('SET',a[1],c[1],'PX',c[2])
end
end
return{1,ed}
end`,
    PART_5,
    PART_6,
  ],
  "3732430b0989a68ea69c3c9577f52984d6e2833a",
  "379291c4684be6b2f40916043df554ae14b85300",
);

export const REPORT_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function av()
local aq=redis.call('TIME')
return tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local function ib(l,b)
local ma=redis.pcall('ZREMRANGEBYSCORE',l,'-inf',b)
if type(ma)~='number'then
redis.call('DEL',l)
return 0
end
redis.call('ZREMRANGEBYSCORE',l,b+15000+1,'+inf')
return redis.call('ZCARD',l)
end
w['report.write']=function(a,c)
local b,ch,dw=av(),c[1],tonumber(c[3])
local ed,gn=ib(a[1],b),ib(a[2],b)
local fv=ed<1000 or redis.call('ZSCORE',a[1],ch)
local ju=fv and a[1]or a[2]
redis.call('ZREM',fv and a[2]or a[1],ch)
if fv or gn<10000 then
redis.call('ZADD',ju,b+dw,ch)
redis.call('PEXPIRE',ju,15000)
end
if not fv then return{1,0}end
redis.call('SET',a[3],c[2],'PX',c[3])
return{1,1}
end
w['report.remove']=function(a,c)
local b=av()
for jk=1,2 do
ib(a[jk],b)
redis.call('ZREM',a[jk],c[1])
end
redis.call('DEL',a[3])
return{1}
end
w['report.list']=function(a,c)
local b=av()
local jj=redis.pcall('ZREVRANGEBYSCORE',a[1],'+inf','('..b,'LIMIT',0,1000)
local gn=redis.pcall('ZCOUNT',a[2],'('..b,'+inf')
local p={1,type(gn)=='number'and gn or 0}
if not jj.err then
for ak,ch in ipairs(jj)do p[#p+1]=ch end
end
return p
end
w['report.read']=function(a,c)
local p={1}
for ak,l in ipairs(a)do
local am=redis.pcall('GET',l)
if type(am)~='string'or#am>8192 then am=''end
p[#p+1]=am
p[#p+1]=am==''and 0 or redis.call('PTTL',l)
end
return p
end`,
    PART_5,
    PART_6,
  ],
  "4aae7cae974f3b0cbaf97be2d3705226d300cf64",
  "401dd9047bae8fa1949de4f94a24b3c447a6bbc1",
);

export const OPERATOR_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `w['operator.replace']=function(a,c)
local f,ht=c[1],c[2]
local i=redis.call('GET',a[1])
local s=i and redis.call('PTTL',a[1])or 0
if not i or(i~=f and(i~=ht or s==-1))then return{0,s,i or''}end
local k=bk(a[2])
local j=k and(i==f and k or k+1)or cv(a[2])
if i~=f then redis.call('SET',a[1],f,'PX',math.max(1,s))end
ex(a[2],j)
return-j
end
w['operator.restore']=function(a,c)
local i=redis.pcall('GET',a[1])
if i~=c[1]then return 0 end
redis.call('SET',a[1],c[2],'PX',math.max(1,redis.call('PTTL',a[1])))
return 1
end`,
    PART_5,
    PART_6,
  ],
  "af5791aec5f924df5f4b04e4ce9a966fb604037b",
  "b2eac266892f54cf7c5b3f573c173d15e5c248cf",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    PART_12,
    `local fb=13
local function ho(h,ai,af,ar,cc)
local f,q=ARGV[ai],KEYS[h+8]
if cc=='quota.acquire'then
local n=ARGV[af+10]
if ar~=12 or ARGV[af]~='modes.acquire'or ARGV[af-1]~='12'or ARGV[af+11]~=''then return nil end
local bx=(n=='X'or n=='SIX')and 1 or(n=='S'or n=='IX'or n=='IS')and 0
local p=bx and ep(h,ai,af+2,ar,'slots.acquire',bx)
if not p then return nil end
bj('SET',q,n=='X'and f or'~s '..n..' '..f,'PX',ARGV[af+9])
if at then return at[1]and at end
return p
end
if cc=='quota.extend'then
if ar~=13 or ARGV[af]~='modes.extend'or ARGV[af-1]~='10'then return nil end
local n,al=ARGV[af+9],ARGV[af+8]
if r('GET',q)~=(n=='X'and f or'~s '..n..' '..f)then return nil end
local s=r('PTTL',q)
if type(s)~='number'or s<0 then return nil end
local p=ep(h,ai,af+2,ar,'slots.extend')
if p and s<tonumber(al)then bj('PEXPIRE',q,al)end
if at then return at[1]and at end
return p
end
if ar~=12 or ARGV[af]~='modes.release'or ARGV[af-1]~='6'then return nil end
local ac=r('MGET',KEYS[h],KEYS[h+6],KEYS[h+7],q,KEYS[h+10],KEYS[h+11])
local i=ac[4]
if not i or ac[5]or ac[6]then return nil end
if i~=f and string.match(i,'^~s [ISX]+ (.*)$')~=f then return nil end
local p=ep(h,ai,af+2,ar,'slots.release',ac)
if not p then return nil end
if p~=2 then bj('DEL',q)end
if at then return at[1]and at end
return 1
end
local fa={['quota.acquire']=ho,['quota.extend']=ho,['quota.release']=ho}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    PART_10,
    PART_11,
    PART_13,
    PART_14,
    PART_15,
    PART_16,
    PART_17,
    `local ik=8
local function fk(a,c)
local bi,cb,bo,bv={},{},{c[1]},{c[1]}
local ah=tonumber(c[3])
for d,l in ipairs(a)do
if d<=ik then bi[d]=l
else cb[d-ik]=l end
end
for d=4,#c do
if d<4+ah then bo[d-2]=c[d]
else bv[d-2-ah]=c[d]end
end
return bi,bo,cb,bv
end
local function jz(a,c,ab)
local e,bg,b=dn(redis.call('GET',a[1])),{},av()
local ak,lu=df(a,e,c[1])
for d=ab,#c do
local v,t=df(a,e,c[d])
if v and t>b then bg[#bg+1]={c[d],v,t}end
end
return(lu or 0)>=b,bg
end
local function le(a,f,bg,b)
local e=dn(redis.call('GET',a[1]))
fw(a,e,f)
for ak,hq in ipairs(bg)do dr(a,e,hq[1],hq[2],hq[3],b)end
fm(a,e,b)
end
local function jv(a,f,bg,ca,cc,cb,bv)
local bm,q=pcall(w[cc],cb,bv)
if bm and(type(q)=='number'or q[1]==1)then return q end
if not ca then le(a,f,bg,av())end
if not bm then error(q,0)end
return nil,{0,q[2],q[3],q[4],q[5],2}
end
w['quota.acquire']=function(a,c)
local bi,bo,cb,bv=fk(a,c)
local ca,bg=jz(bi,bo,9)
local aw=w['slots.acquire'](bi,bo)
if aw[1]==0 then return{0,aw[2],aw[3],aw[4],aw[5],1}end
local q,eu=jv(bi,c[1],bg,ca,c[2],cb,bv)
if not q then
if#bg==0 and not ca then
local b=av()
local z=en(bi,tonumber(bo[6]),tonumber(bo[7]),b)
local e,g=dn(redis.call('GET',bi[1])),cd(bi[7],b,dt(z))
cm(bi,e,g,aw[3],z,b)
end
return eu
end
if type(q)=='number'then return{1,math.abs(q),aw[3],aw[4],aw[5]or''}end
return{1,q[2],aw[3],aw[4],aw[5]or'',q[3],q[4],q[5]or''}
end
w['quota.convert']=function(a,c)
local bi,bo,cb,bv=fk(a,c)
local ca,bg=jz(bi,bo,7)
local aw=w['slots.extend'](bi,bo)
if aw~=1 then return{0,aw[2],aw[3],'0','',1}end
local q,eu=jv(bi,c[1],bg,ca,c[2],cb,bv)
return q and{1,math.abs(q),bo[4],'',''}or eu
end
local function ir(a,c,cc)
local bi,bo,cb,bv=fk(a,c)
local aw=w[cc](bi,bo)
if aw~=1 then return aw end
return w[c[2]](cb,bv)
end
w['quota.commit']=function(a,c)return ir(a,c,'slots.commit')end
w['quota.extend']=function(a,c)return ir(a,c,'slots.extend')end
w['quota.release']=function(a,c)
local bi,bo,cb,bv=fk(a,c)
local bm,aw=pcall(w['slots.release'],bi,bo)
local q=w[c[2]](cb,bv)
if not bm then error(aw,0)end
return q~=0 and q or aw
end`,
    `w['quota.renew']=function(a,c)
local bi,bo,cb,bv=fk(a,c)
local q
for ak,eq in ipairs({true,false})do
local aw=w['slots.renew'](bi,bo,eq)
if type(aw)~='number'then return aw end
q=w[c[2]](cb,bv,eq)
if type(q)~='number'then return q end
end
return q
end`,
    PART_5,
    PART_6,
  ],
  "edf4beb6f5fb886067e2f973f2c26d09802bfabb",
  "c485ea9562106e268f010156095d6e55645b0ea9",
);
