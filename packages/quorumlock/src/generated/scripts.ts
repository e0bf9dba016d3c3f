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
local function ah(k)
local j=r('INCR',k)
if type(j)~='number'then return nil end
if j>1 and j<=9000000000000000 then return j end
if j==1 and not IS_CLUSTER then
local ci=r('GET',string.match(k,'^(.*)~fence:')..'~server')
local em=type(ci)=='string'and string.match(ci,'^complete .* (%d+)$')
local cf=em and r('SET',k,em)
if cf and not cf.err then return tonumber(em)end
end
local mk=r(j>1 and'DECR'or'DEL',k)
if type(mk)=='table'then r('DECR',k)end
return nil
end`;

const PART_2 = `if#KEYS<=fd and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local gj=fc[ARGV[1]]
local p=gj and gj(1,6+ARGV[5],6,#KEYS,ARGV[1])
if p then return p end
end`;

const PART_3 = `local function general()
local v={}
local function bk(k)
local i=redis.call('GET',k)
if not i then return nil end
local j=string.match(i,'^-?%d+$')and tonumber(i)
if not j or j>=9000000000000000 then
error('the fencing counter '..k..' cannot be counted up: '..i..'; delete it together with '
..string.match(k,'^(.*)~fence:')..'~server, on one server after another')
end
return j>0 and j or nil
end
local function ez(k,j)
redis.call('SET',k,string.format('%.0f',j))
end
local function fe(k)
if not IS_CLUSTER then
local ci=redis.pcall('GET',string.match(k,'^(.*)~fence:')..'~server')
if type(ci)~='table'or string.find(ci.err,'WRONGTYPE',1,true)then
return type(ci)=='string'and tonumber(string.match(ci,'^complete .* (%d+)$'))or nil
end
end
local ap=redis.call('TIME')
local b=tonumber(ap[1])*1000000+tonumber(ap[2])
return math.max(1,b-b%16384)
end
local function cv(k)
local em=fe(k)
if em then return em end
redis.call('DEL',k)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function et(k,j)
local eb=bk(k)
if not eb then j=math.max(j,fe(k)or 0)end
if(eb or 0)<j then ez(k,j)end
end`;

const PART_4 = `local function ev(k)
local bq=redis.pcall('GET',k)
return type(bq)=='string'and bq or nil
end
local function hd(k,bb,al)
al=math.max(al,20000)
local bq=ev(k)
if not bq then
redis.call('SET',k,bb,'PX',al)
elseif string.find(' '..bq..' ',' '..bb..' ',1,true)then
redis.call('PEXPIRE',k,math.max(redis.call('PTTL',k),al))
elseif#bq+1<256*(#bb+1)then
redis.call('SET',k,bq..' '..bb,'PX',math.max(redis.call('PTTL',k),al))
end
end
local function fa(k,bb)
local bq=ev(k)
if not bq then return end
local cx={}
for bh in string.gmatch(bq,'%S+')do
if bh~=bb then cx[#cx+1]=bh end
end
if#cx==0 then redis.call('DEL',k)
else redis.call('SET',k,table.concat(cx,' '),'PX',math.max(redis.call('PTTL',k),1))end
end
local function ha(k,lu)
local bq=ev(k)
if not bq then return false end
local ac=lu and string.match(bq,'%S+')or''
if ac~=''then fa(k,ac)end
redis.pcall('PUBLISH',k,ac)
return ac~=''
end`;

const PART_5 = `return v
end`;

const PART_6 = `local function mc(gj,h,eo,ai,x,af,ar)
local a,c={unpack(KEYS,h,h+eo-1)},{unpack(ARGV,ai,ai+x-1)}
for d=1,ar do c[x+d]=ARGV[af+d-1]end
local bm,p=pcall(gj,a,c)
if bm then return p end
if type(p)=='table'then p=p.err or p[1]end
return{-1,tostring(p)}
end
local cq,v,h,ai={},nil,1,1
while ai<=#ARGV do
local cc,dn,eo=ARGV[ai],tonumber(ARGV[ai+1]),tonumber(ARGV[ai+2])
local x,ar,af=tonumber(ARGV[ai+3]),tonumber(ARGV[ai+4]),ai+5
ai=af+ar
local jf=eo<=fd
local jd=jf and fc[cc]
local jc=jf and dn>1 and he[cc]
local dr=0
while dr<dn do
local ah=jc and jc(h,ai,dn-dr,cq)or 0
if ah==0 then
local p=jd and jd(h,ai,af,eo,cc)
if not p then
v=v or general()
p=mc(v[cc],h,eo,ai,x,af,ar)
end
cq[#cq+1]=p
ah=1
end
h,ai,dr=h+ah*eo,ai+ah*x,dr+ah
end
end
return#cq==1 and cq[1]or cq`;

const PART_7 = `local function fu(ad)return string.match(ad,'^%w+')or''end
local function de(g,d)
local an=g[d]
if type(an)~='string'then return an end
local ag,ad,ct,t,be,ba=
string.match(an,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local o
if ct and g.is_demand(ct)then
o={tonumber(ag),ad,ct,tonumber(t),tonumber(be),tonumber(ba),false,an}
else
o={0,'','',0,0,0,true,an}
end
g[d]=o
return o
end
local function ft(g,o)
g.check=math.min(g.check,o[4]+1)
if o[5]>0 then g.check=math.min(g.check,o[5]+50+1)end
end
local function lb(g,b)
local gz,ec=0,{}
local ah=#g
g.check=math.huge
for d=1,ah do
local o=de(g,d)
g[d]=nil
if o[4]>=b then
gz=gz+1
g[gz]=o
ft(g,o)
if o[5]>0 and b-o[5]>50 then
local bb=fu(o[2])
ec[bb]=math.max(ec[bb]or 0,o[5])
o[7]=true
end
end
end
if not next(ec)then return end
for ak,o in ipairs(g)do
local bb=fu(o[2])
if ec[bb]and o[4]-3000>ec[bb]then ec[bb]=nil end
end
for ak,o in ipairs(g)do o[7]=o[7]or ec[fu(o[2])]~=nil end
end
local function cd(k,b,lo)
local an=redis.pcall('GET',k)
local g={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=lo}
local ax,l,ba
if type(an)=='string'then ax,l,ba=string.match(an,'^(%d+) (%d+) (%d+);')end
if not ax then return g end
g.check,g.last,g.ticket=tonumber(ax),tonumber(l),tonumber(ba)
local ah=0
for cu in string.gmatch(an,';([^;]+)')do
ah=ah+1
g[ah]=cu
end
if b>=g.check then lb(g,b)end
return g
end
local function db(k,g,b)
if#g==0 then
redis.call('DEL',k)
return
end
local cl={string.format('%.0f %.0f %.0f',g.check,g.last,g.ticket)}
for d,o in ipairs(g)do
cl[d+1]=type(o)=='string'and o or o[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(o,1,6))
end
redis.call('SET',k,table.concat(cl,';'),'PX',math.max(1,g.last-b))
end
local function hk(o,ag,ad)
return o[1]>ag or(o[1]==ag and o[2]>ad)
end
local function iv(g,ad,ag,la)
local bs
for d=1,#g do
local o=de(g,d)
if o[2]==ad or(ag and hk(o,ag,ad))then break end
if not o[7]and la(o[3])then
if bs then return bs,true end
bs=o
end
end
return bs,false
end
local function hv(g,ad)
local mb=' '..ad..' '
for d,o in ipairs(g)do
if type(o)~='string'or string.find(o,mb,1,true)then
if de(g,d)[2]==ad then return d end
end
end
end
local function gn(g,ad,b)
local m=ad~=''and hv(g,ad)
if not m then return nil end
local o=de(g,m)
o[4],o[5],o[7],o[8]=b+3000,0,false,nil
g.last=math.max(g.last,o[4])
return m
end
local function kl(g,ad,b)
local m=gn(g,ad,b)
if not m then return false end
local o=g[m]
o[5],o[7]=math.max(1,b-50-1),true
ft(g,o)
return true
end
local function gx(ba,av)
if ba>=0 then return ba end
return-ba>av and-ba<=av+3000 and-ba or 0
end
local function kp(av,b)
return av==b and string.format('%.0f',b)or string.format('%.0f %.0f',av,b)
end
local function ko(g,ad,ct,ba,dx,b,ab)
local m=gn(g,ad,b)
if m and g[m][6]>=ba then
g[m][3]=ct
return m
end
if m then table.remove(g,m)end
local cz=gx(ba,ab)
if cz==0 then cz=ab+1 end
local ag=cz-dx
m=#g+1
while m>1 and hk(de(g,m-1),ag,ad)do m=m-1 end
local o={ag,ad,ct,b+3000,0,math.max(ba,0),false}
table.insert(g,m,o)
ft(g,o)
g.last,g.ticket=math.max(g.last,o[4]),math.max(g.ticket,cz)
g[256+1]=nil
return m
end
local function jz(g,ad)
local m=hv(g,ad)
if m then table.remove(g,m)end
return m~=nil
end
local function ke(g,cn,b)
local be,fv,hm={},{},false
for d=1,#g do
local o=de(g,d)
if not o[7]then
local bb=fu(o[2])
hm=hm or not cn(o[3])
if hm then
if not next(fv)then break end
if not fv[bb]then return be,true,o[2]end
else
if o[5]<=0 then
o[5],o[8]=b,nil
ft(g,o)
be[#be+1]=o
end
fv[bb]=true
end
end
end
return be,next(fv)~=nil,nil
end
local function kr(cl,el)
return table.concat(cl,' ')..(el and' ~'..el or'')
end`;

const PART_8 = `local gs={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function dw(an)return gs[an]end
local function ja(lx,bh)return string.find(gs[lx],' '..bh..' ',1,true)end
local function lt(lw)
local ga={}
return function(n)
if ga[n]==nil then ga[n]=not lw(n)end
if not ga[n]then return false end
for bh in string.gmatch(gs[n],'%u+')do ga[bh]=false end
return true
end
end`;

const PART_9 = `local cs,fr='~s','~p'
local dc,fs=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local ir={'IS','IX','SIX','S'}
local gv={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=ir}
local function at()
local ap=redis.call('TIME')
return tonumber(ap[1])*1000+math.floor(tonumber(ap[2])/1000)
end
local function gg(an)
local ao={}
for n in string.gmatch(an,'%u+')do
if not gv[n]then error('unknown mode '..n,0)end
ao[#ao+1]=n
end
return ao
end
local function dz(a,ah,eg)
local az={['fences']={unpack(a,ah*eg+1)}}
for d=1,ah do
local h=(d-1)*eg
az[d]={['lock']=a[h+1],['shared']=a[h+2],['line']=a[h+3],['wake']=eg>3 and a[h+4]}
end
return az
end
local function eh(c,ac)
local x={c[1],[c[1]]=true}
for d=ac,#c do
x[#x+1]=c[d]
x[c[d]]=true
end
return x
end
local function ed(i)
if not i or string.sub(i,1,3)~='~s 'then return nil end
local n,f=string.match(i,'^~s (%u+) (.*)$')
if gv[n]then return n,f end
end
local function fq(hr)return string.format('%.0f',hr)end
local function jv(k,n,ah)
local ae=fs[n]*dc
return redis.pcall('ZREVRANGEBYSCORE',k,'('..fq(ae+dc),fq(ae),'WITHSCORES','LIMIT',0,ah),ae
end
local function gi(u,n,x,b)
local i=redis.call('GET',u.lock)
if i and(i==fr or string.sub(i,1,3)==fr..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local dh,bc=ed(i)
if bc then
local s=not x[bc]and redis.call('PTTL',u.lock)
if s and(s==-1 or ja(n,dh))then return s,bc end
return nil
end
if x[i]then return nil end
if i and i~=cs then return redis.call('PTTL',u.lock),i end
local l,aj
if not i and redis.call('EXISTS',u.shared)==0 then return nil end
for ak,mh in ipairs(gv[n])do
local aa,ae=jv(u.shared,mh,#x+1)
if aa.err then error(aa.err,0)end
for d=1,#aa,2 do
local t=tonumber(aa[d+1])-ae
if not x[aa[d]]then
if t>=b and(not l or t>l)then l,aj=t,aa[d]end
break
end
end
end
if l then return l-b,aj end
end
local function jx(u,b)
local ab
if redis.call('EXISTS',u.shared)==0 then return nil end
for ak,n in ipairs(ir)do
local aa,ae=jv(u.shared,n,1)
local ag=tonumber(aa[2])
if ag and ag-ae>=b then ab=math.max(ab or 0,ag-ae)end
end
return ab
end
local function hl(u,n,x)
local i=redis.call('GET',u.lock)
if n=='X'then return x[i]end
local dh,bc=ed(i)
if bc then return x[bc]and dh==n end
for ak,f in ipairs(x)do
local ag=redis.call('ZSCORE',u.shared,f)
if ag and math.floor(tonumber(ag)/dc)==fs[n]then return true end
end
return false
end
local function lq(u,x)
local i=redis.call('GET',u.lock)
local ak,bc=ed(i)
if bc then return x[bc]end
if x[i]then return true end
for ak,f in ipairs(x)do
if redis.call('ZSCORE',u.shared,f)then return true end
end
return false
end
local function iu(k,n,f,t,b)
local ae=fs[n]*dc
redis.call('ZREMRANGEBYSCORE',k,fq(ae),'('..fq(ae+b))
redis.call('ZADD',k,fq(ae+t),f)
if redis.call('PTTL',k)<t-b then redis.call('PEXPIRE',k,t-b)end
end
local function hi(u,n,x,al,b)
local q,ar,f,co=u.lock,u.shared,x[1],false
local i=redis.call('GET',q)
local t=b+al
local dh,bc=ed(i)
local aj,lm=bc or i,dh or'X'
if x[aj]then
local s=redis.call('PTTL',q)
if s==-1 and aj==f and n==lm then return false end
t=math.max(t,b+s)
if bc==f and n==dh then
redis.call('SET',q,i,'PX',t-b)
return false
end
co=aj~=f
i=nil
elseif bc then
local s=math.max(1,redis.call('PTTL',q))
iu(ar,dh,bc,b+s,b)
redis.call('SET',q,cs,'PX',s)
i=cs
end
if i~=cs and(n~='X'or bc)and redis.call('EXISTS',ar)==0 then
redis.call('SET',q,n=='X'and f or'~s '..n..' '..f,'PX',t-b)
return co
end
for d,cu in ipairs(x)do
local ag=(d>1 or n~='X')and redis.call('ZSCORE',ar,cu)
if ag then
t=math.max(t,tonumber(ag)%dc)
if d>1 then
redis.call('ZREM',ar,cu)
co=true
end
end
end
if n=='X'then
redis.call('SET',q,f,'PX',t-b)
return co
end
iu(ar,n,f,t,b)
if i~=cs then
redis.call('SET',q,cs,'PX',jx(u,b)-b)
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
local ak,bc=ed(i)
if x[bc or i]then
redis.call('DEL',q)
i,bl=false,true
end
if bc or(bl and#x==1)then return bl,bl end
local gd=false
for ak,f in ipairs(x)do
local ag=redis.pcall('ZSCORE',u.shared,f)
if type(ag)=='string'then
redis.call('ZREM',u.shared,f)
gd=true
if tonumber(ag)%dc>=b then bl=true end
end
end
if i and i~=cs then return bl,false end
local ab=gd and jx(u,b)
if ab then
local s=redis.call('PTTL',q)
local gc=s>ab-b+1
if s<0 or gc then redis.call('SET',q,cs,'PX',math.max(1,ab-b))end
return bl,false,gc
end
if gd and i then redis.call('DEL',q)end
return bl,gd or bl
end`;

const PART_10 = `local io={}
local function cm(u,g,b)
if#g==0 then return{},false end
local be,cn,el=ke(
g,lt(function(n)return gi(u,n,io,b)end),b)
for d,o in ipairs(be)do be[d]=o[2]end
if#be>0 then
db(u.line,g,b)
redis.pcall('PUBLISH',u.wake,kr(be,el))
end
return be,cn
end
local function kz(u,n,x,ad,ag,g,b)
local s,aj=gi(u,n,x,b)
if s or#g==0 or lq(u,x)then return s,aj end
local bs,ll=iv(g,ad,ag,function(bh)return ja(bh,n)end)
if not bs then return nil end
if u.wake then cm(u,g,b)end
if ll then return-1,''end
if bs[5]>0 then return math.max(0,50-b+bs[5]),''end
s,aj=gi(u,bs[3],io,b)
return s and-1 or 50,aj or''
end
local function lg(je,ao,ca)
local j,bx,av=0,false,{}
for ak,n in ipairs(ao)do
if(n=='X'or n=='SIX')and not ca then bx=true end
end
for d,k in ipairs(je)do
local l=bk(k)
av[d]=l or 0
j=math.max(j,l and(bx and l+1 or l)or cv(k))
end
for d,k in ipairs(je)do
if av[d]~=j then ez(k,j)end
end
return j
end
v['modes.acquire']=function(a,c)
local al,ad,ba,dx=tonumber(c[2]),'',0,0
if c[4]~=''then
ad,ba,dx=string.match(c[4],'^(%S*) (%S+) (%S+)$')
ba,dx=tonumber(ba),tonumber(dx)
end
local ao,x,kx,b=gg(c[3]),eh(c,5),{c[1],[c[1]]=true},at()
local az=dz(a,#ao,ad==''and 3 or 4)
local ay,av,m,ce,aj={},b,nil,nil,nil
local ca,co=true,false
for d=1,#ao do
ay[d]=cd(az[d].line,b,dw)
av=math.max(av,ay[d].ticket)
end
local cz=gx(ba,av)
local ag=cz>0 and cz-dx or nil
for d,n in ipairs(ao)do
local u=az[d]
local s,mm=kz(u,n,x,ad,ag,ay[d],b)
if s then
m=m or d
if not aj or(ce~=-1 and(s==-1 or s>ce))then
ce,aj=s,mm
end
elseif not hl(u,n,kx)then
ca=false
end
end
local ck,fn=m or#ao,nil
if ad~=''then
fn=ko(ay[ck],ad,ao[ck],ba,dx,b,av)
if not m and ay[ck][fn]then ay[ck][fn][5]=-1 end
db(az[ck].line,ay[ck],b)
end
if m then
if ad~=''then pcall(hd,az[m].wake,ad,al)end
return{0,ce,aj,kp(av,b),fn and fn-1 or#ay[m]}
end
local j=lg(az.fences,ao,ca)
for d,n in ipairs(ao)do
local u=az[d]
if hi(u,n,x,al,b)then co=true end
if d~=ck and gn(ay[d],ad,b)then db(u.line,ay[d],b)end
end
return co and-j or j
end
v['modes.convert']=v['modes.acquire']
v['modes.commit']=function(a,c)
local ao,x=gg(c[3]),{c[1],[c[1]]=true}
local az=dz(a,#ao,4)
for d,n in ipairs(ao)do
if not hl(az[d],n,x)then return{0}end
end
for ak,k in ipairs(az.fences)do
if not bk(k)then cv(k)end
et(k,tonumber(c[2]))
end
return 1
end
v['modes.extend']=function(a,c)
local j,al,ao=tonumber(c[2]),tonumber(c[3]),gg(c[4])
local az,x,b,bn=dz(a,#ao,4),eh(c,5),at(),true
for d,n in ipairs(ao)do
local s,aj=gi(az[d],n,x,b)
if s then return{0,s,aj}end
bn=bn and hl(az[d],n,x)
end
for ak,k in ipairs(az.fences)do
local hh=not bn and(bk(k)or fe(k))
if hh then et(k,j)end
end
for d,n in ipairs(ao)do
local u=az[d]
if hi(u,n,x,al,b)then cm(u,cd(u.line,b,dw),b)end
end
return 1
end
local function jy(u,g,ad,b)
local jh=jz(g,ad)
if jh then db(u.line,g,b)end
pcall(fa,u.wake,ad)
return jh
end
v['modes.release']=function(a,c)
local ad,x,b=c[2],eh(c,3),at()
local bl,en,jl=false,false,string.find(ad,'.',1,true)
for ak,u in ipairs(dz(a,#a/4,4))do
local bn,lp,gc=by(u,x,b)
local ay=(bn or jl)and redis.pcall('MGET',u.line,u.wake)
if bn then bl=true end
if ay and(ay[1]or ay[2])then
local g=cd(u.line,b,dw)
if jl then jy(u,g,ad,b)end
local bm,be,cn=pcall(cm,u,g,b)
if not bm then be,cn={},false end
for ak,bh in ipairs(be)do
if bh~=ad then en=true end
end
if lp and not cn and ha(u.wake,ad~='')then en=true end
if gc and#be==0 then redis.pcall('PUBLISH',u.wake,'')end
end
end
if not bl then return 0 end
return en and-1 or 1
end
v['modes.releaseAll']=v['modes.release']
v['modes.leave']=function(a,c)
local b=at()
for ak,u in ipairs(dz(a,#a/4,4))do
local g=cd(u.line,b,dw)
if jy(u,g,c[1],b)then pcall(cm,u,g,b)end
end
return 1
end`;

const PART_11 = `local function ln(u,n,f,b)
local i=redis.call('GET',u.lock)
if i~=cs then
local dh,bc=ed(i)
return(bc or i)==f and(dh or'X')==n
end
local ag=n~='X'and redis.call('ZSCORE',u.shared,f)
if not ag then return false end
return math.floor(tonumber(ag)/dc)==fs[n]and tonumber(ag)%dc>=b
end
v['modes.renew']=function(a,c,er)
local f,ao,b,j=c[1],gg(c[3]),at(),1
local az=dz(a,#ao,3)
for d,n in ipairs(ao)do
if not ln(az[d],n,f,b)then
local i=redis.call('GET',az[d].lock)
local ak,bc=ed(i)
local aj=bc or i~=cs and i or''
if string.sub(aj,1,3)==fr..' 'then aj=fr end
return{0,redis.call('PTTL',az[d].lock),aj}
end
end
for ak,k in ipairs(az.fences)do j=math.max(j,bk(k)or 1)end
if er then return j end
for d,n in ipairs(ao)do hi(az[d],n,{f,[f]=true},tonumber(c[2]),b)end
return j
end`;

const PART_12 = `local fd=8
local gw='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local kw='^~p %d+ 0 %d+ [01]* %d+:[%d -]*:'
local ku=8
local au,fg
local function bj(...)
if au then return end
local p=r(...)
if type(p)=='table'and p.err then au=fg and{-1,p.err}or{}else fg=true end
end
local function fw()
local ap=r('TIME')
return ap[1]*1000+math.floor(ap[2]/1000)
end
local function ij(h,ax,ab,bu,y,bf,l,b)
if b and ab~='0'and l+0>bu+0 then
bu=string.format('%.0f',l+math.max(1,l-b))
bj('PEXPIREAT',KEYS[h+2],bu)
bj('PEXPIREAT',KEYS[h+3],bu)
bj('PEXPIRE',KEYS[h+4],604800000)
end
bj('SET',KEYS[h],'~p '..ax..' '..ab..' '..bu..' '..y..' '..bf,'PXAT',l)
end
local function eq(h,ai,af,ak,cc,hf)
au,fg=nil,nil
if cc=='slots.acquire'then
local bx=hf
if ARGV[af+1]~=''or ARGV[af+5]~='0'or ARGV[af+6]~=''or ARGV[af-1]~='7'then return nil end
local f,bg,z,cj=ARGV[ai],ARGV[af+3]+0,ARGV[af+4]+0,KEYS[h+1]
if bg>ku or bg>z then return nil end
local aq,b=r('GET',KEYS[h]),fw()
local ax,ab,bu,y,as,w,bf='0','0','0','','0','',''
local hg=true
if aq then
if aq.err then return nil end
ax,ab,bu,y,as,w,bf=string.match(aq,gw)
if not ax or bf==f then return nil end
if(ab~='0'and b>ax+0)or(bf~=''and as+0<b)then return nil end
if ab~='0'and r('HGET',KEYS[h+2],f)then return nil end
elseif r('EXISTS',unpack(KEYS,h+4,bx and h+10 or h+6))==0 then
hg=false
end
if hg and bx and r('EXISTS',KEYS[h+8],KEYS[h+9],KEYS[h+10])~=0 then return nil end
local jj=string.find(f,'^%x%x%x%x%x%x%x%x%x%x%x%x')
local br,ee=jj and tonumber(string.sub(f,1,6),16)%z or 0,nil
local di,dq={},bg==1 and'1'or'2'
for ak=1,64 do
local ix=string.byte(y,br+1)
if not ix then
y=y..string.rep('0',br-#y)..dq
di[#di+1]=br
elseif ix==48 then
y=string.sub(y,1,br)..dq..string.sub(y,br+2)
di[#di+1]=br
end
if#di==bg then break end
ee=ee or jj and 1+tonumber(string.sub(f,7,12),16)%z or 1
br=(br+ee)%z
end
if#di<bg then return nil end
local bw=di[1]..''
if bg>1 then
bw=''
local bz,l=string.find(y,'2+')
while bz do
bw=bw..(bw==''and''or' ')..bz-1 ..(bz==l and''or'-'..l-1)
bz,l=string.find(y,'2+',l+1)
end
y=string.gsub(y,'2','1')
end
local t,j,fl=b+ARGV[af],nil,nil
local l=string.format('%.0f',t)
if not hg then
if bx then
local i=r('GET',cj)
local ae=type(i)=='string'and string.find(i,'^%d+$')and i+0
if not ae or ae<1 or ae+1>=9000000000000000 then return nil end
j=ae+1+bx
bj('SET',cj,string.format('%.0f',j))
else
j=ah(cj)
if not j then return nil end
fg=true
end
else
local aa
if IS_CLUSTER then
aa=r('MGET',cj,KEYS[h+6])
else
local md=string.sub(cj,1,string.find(cj,'~fence:',1,true)-1)
aa=r('MGET',cj,KEYS[h+6],md..'~server')
end
if aa.err or aa[2]or r('HGET',KEYS[h+5],KEYS[h])then return nil end
local ae=aa[1]and string.find(aa[1],'^%d+$')and aa[1]+0
if not ae or ae<1 or ae>=9000000000000000 then return nil end
local ch=aa[3]and string.match(aa[3],'^complete %S+ %S+ (%S+) ')or''
if#ch~=32 then ch=string.format('%-32.32s',ch)end
if r('GETRANGE',KEYS[h+4],0,31)~=ch then return nil end
j=ae-ae%16384
for d=1,bg do
local m=32+16*di[d]
j=math.max(j,tonumber(r('GETRANGE',KEYS[h+4],m,m+15))or ae)
end
j=j+1
local jw=math.max(ae,j)
if bx and jw>=9000000000000000 then return nil end
local jk=ab~='0'
if bf~=''then fl=bf end
if fl and jk then bj('ZADD',KEYS[h+3],as,bf)end
local an=string.format('%016.0f',j)
for d=1,bg do bj('SETRANGE',KEYS[h+4],32+16*di[d],an)end
if bx then j=jw+bx end
if ae<j then bj('SET',cj,string.format('%.0f',j))end
if fl then
if not jk then
bj('DEL',KEYS[h+2],KEYS[h+3])
bj('ZADD',KEYS[h+3],as,bf)
end
bj('HSET',KEYS[h+2],bf,w)
if ab=='0'or as+0<ax+0 then ax=as end
if as+0>ab+0 then ab=as end
end
if not aq then bj('PEXPIRE',KEYS[h+4],604800000)end
end
bf=l..':'..bw..':'..f
ij(h,ax,ab,bu,y,bf,ab+0>t and ab or l,b)
if au then
if fl and fg then r('ZREM',KEYS[h+3],fl)end
return au[1]and au
end
return{1,j,bw,'',bx and''}
end
if cc=='slots.extend'then
local f=ARGV[ai]
if ARGV[af+4]~='0'or ARGV[af-1]~='5'then return nil end
local aq=r('GET',KEYS[h])
if not aq or aq.err then return nil end
local ax,ab,bu,y,as,w,bf=string.match(aq,gw)
if not ax or r('HGET',KEYS[h+5],KEYS[h])then return nil end
local b=fw()
if(ab~='0'and b>ax+0)or(bf~=''and as+0<b)then return nil end
local t=b+ARGV[af+1]
local l=string.format('%.0f',t)
if bf==f then
if w~=ARGV[af+2]then return nil end
if as+0>=t then return 1 end
as=l
if ab+0>t then l=ab end
else
if ab=='0'or r('HGET',KEYS[h+2],f)~=ARGV[af+2]then return nil end
local ag=r('ZSCORE',KEYS[h+3],f)
if type(ag)~='string'then return nil end
if ag+0>=t then return 1 end
bj('ZADD',KEYS[h+3],l,f)
if au then return au[1]and au end
if ab+0>=t then return 1 end
ab=l
if as+0>t then l=as end
end
ij(h,ax,ab,bu,y,as..':'..w..':'..bf,l,b)
if au then return au[1]and au end
return 1
end
local f=ARGV[ai]
if ARGV[af-1]~='3'then return nil end
local aa=hf or r('MGET',KEYS[h],KEYS[h+6],KEYS[h+7])
if aa.err or aa[2]or aa[3]then return nil end
if not aa[1]then return 0 end
local ak,jm=string.find(aa[1],kw)
if jm then
if string.sub(aa[1],jm+1)~=f then return nil end
if hf then return r('DEL',KEYS[h],KEYS[h+8])==2 and 2 or nil end
return r('DEL',KEYS[h])==1 and 1 or nil
end
local ax,ab,bu,y,as,w,bf=string.match(aa[1],gw)
if not ax then return nil end
local l,cg=ab,w
if bf==f then
if as+0<ab+0 and as+0<fw()then return nil end
as,w,bf='0','',''
else
local ag=r('ZSCORE',KEYS[h+3],f)
cg=r('HGET',KEYS[h+2],f)
if type(cg)~='string'or type(ag)~='string'or ag+0<fw()then return nil end
bj('ZREM',KEYS[h+3],f)
bj('HDEL',KEYS[h+2],f)
if ag==ab then
ab=r('ZREVRANGE',KEYS[h+3],0,0,'WITHSCORES')[2]or'0'
if ab=='0'then
ax,bu='0','0'
if bf==''then
bj('DEL',KEYS[h])
if au then return au[1]and au end
return 1
end
end
end
l=as+0>ab+0 and as or ab
end
local br=tonumber(cg)
if br then
y=string.sub(y,1,br)..'0'..string.sub(y,br+2)
else
for bz,gq in string.gmatch(cg,'(%d+)%-?(%d*)')do
if gq==''then gq=bz end
y=string.sub(y,1,bz)..string.rep('0',gq-bz+1)..string.sub(y,gq+2)
end
end
ij(h,ax,ab,bu,y,as..':'..w..':'..bf,l)
if au then return au[1]and au end
return 1
end
local fc={['slots.acquire']=eq,['slots.extend']=eq,['slots.release']=eq}
local he={}`;

const PART_13 = `local cr,dj,gt,kt='0','1','2',48
local kv=64
local function dl(an)
local lv=string.gmatch(an,'(%d+)%-?(%d*)')
return function()
local ac,l=lv()
if ac then return tonumber(ac),tonumber(l)or tonumber(ac)end
end
end
local function kk(y,dq)
local id,bz,l={},string.find(y,dq..'+')
while bz do
id[#id+1]=bz==l and tostring(bz-1)or string.format('%d-%d',bz-1,l-1)
bz,l=string.find(y,dq..'+',l+1)
end
return table.concat(id,' ')
end
local function cy(y,w,dq)
local ea,m={},0
for ac,l in dl(w)do
if ac<m then y,ea,m=table.concat(ea)..string.sub(y,m+1),{},0 end
if ac>#y then y=y..string.rep(cr,ac-#y)end
ea[#ea+1]=string.sub(y,m+1,ac)
ea[#ea+1]=string.rep(dq,l-ac+1)
m=l+1
end
return table.concat(ea)..string.sub(y,m+1)
end
local function ky(y,w)
for ac,l in dl(w)do
if string.find(string.sub(y,ac+1,l+1),dj,1,true)then return false end
end
return true
end
local function ff(y,z)
return#string.gsub(string.sub(y,1,z),dj..'+','')
end
local function ld(w)
local hq=0
for ak,l in dl(w)do hq=math.max(hq,l+1)end
return hq
end
local function ly(f,z)
local ey,ee=string.match(f,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not ey then return 0,1 end
return tonumber(ey,16)%z,1+tonumber(ee,16)%z
end
local function iz(y,am,z,hw,x,f)
local cw=am
local function fp(ac,l)
l=math.min(l,z-1)
if cw==0 or ac>l then return end
local mi,ah=string.gsub(string.sub(y,ac+1,l+1),cr,gt,cw)
if ah==0 then return end
y,cw=string.sub(y,1,ac)..mi..string.sub(y,l+2),cw-ah
end
for ac,l in dl(hw)do fp(ac,l)end
if x then
for ac,l in dl(x)do fp(ac,l)end
else
local ey,ee=ly(f,z)
for d=0,kv-1 do
if cw==0 then break end
local br=(ey+d*ee)%z
if string.byte(y,br+1)==kt then fp(br,br)end
end
fp(ey,z-1)
fp(0,ey-1)
end
if cw>0 then return nil end
return kk(y,gt),(string.gsub(y,gt,dj))
end`;

const PART_14 = `local im='~'
local function at()
local ap=redis.call('TIME')
return tonumber(ap[1])*1000+math.floor(tonumber(ap[2])/1000)
end
local function ht(an,b)
local bp,z,gr=string.match(an,'^(%d+) (%d+) (%d+)$')
if bp and tonumber(gr)+604800000+86400000>=b then return tonumber(bp),tonumber(z),tonumber(gr)end
end
local function hz(k,q,b)
return ht(redis.call('HGET',k,q)or'',b)
end
local function il(k,q,bp,z,b)
local jb=tonumber(redis.call('HGET',k,im)or'')
if not jb or jb+86400000<b then
local dd=redis.call('HGETALL',k)
for d=1,#dd,2 do
if not ht(dd[d+1],b)then redis.call('HDEL',k,dd[d])end
end
redis.call('HSET',k,im,string.format('%.0f',b))
end
redis.call('HSET',k,q,string.format('%.0f %.0f %.0f',bp,z,b))
redis.call('PEXPIRE',k,604800000+86400000)
end
local function me(k,q,bp,z,b)
if bp>(hz(k,q,b)or 0)then il(k,q,bp,z,b)end
end`;

const PART_15 = `local ip='~p'
local ej,ek=16,32
local function lr(aq)
return aq==ip or string.sub(aq,1,3)==ip..' '
end
local function dp(aq)
local ax,ab,bu,y,t,w,f=
string.match(aq or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(ax)or 0,['latest']=tonumber(ab)or 0,['kept']=tonumber(bu)or 0,['map']=y or'',
['deadline']=tonumber(t)or 0,['slots']=w or'',['token']=f or'',
['is_new']=not f,['is_other']=aq and not lr(aq)
}
end
local function fo(a,e,b)
local l=math.max(e.latest,e.deadline)
if l==0 then
redis.call('DEL',a[1])
return 0
end
local jt=e.latest>0 and l>e.kept
if jt then
e.kept=l+math.max(1,l-b)
for m=3,4 do redis.call('PEXPIREAT',a[m],string.format('%.0f',e.kept))end
end
if jt or e.is_new then redis.call('PEXPIRE',a[5],604800000)end
redis.call('SET',a[1],string.format('~p %.0f %.0f %.0f %s %.0f:%s:%s',e.check,e.latest,e.kept,e.map,
e.deadline,e.slots,e.token),'PXAT',string.format('%.0f',l))
return l
end
local function df(a,e,f)
if f==e.token then return e.slots,e.deadline end
local w=e.latest>0 and redis.call('HGET',a[3],f)
local t=w and redis.call('ZSCORE',a[4],f)
if t then return w,tonumber(t)end
end
local function iy(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function fy(a,e,f)
local w,t=df(a,e,f)
if not w then return nil end
e.map=cy(e.map,w,cr)
if f==e.token then
e.deadline,e.slots,e.token=0,'',''
return w,t
end
redis.call('ZREM',a[4],f)
redis.call('HDEL',a[3],f)
if t==e.latest then
e.latest=tonumber(redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2])or 0
if e.latest==0 then e.check,e.kept=0,0 end
end
return w,t
end
local function fz(a,e,b)
local du=false
if e.token~=''and e.deadline<b then
e.map=cy(e.map,e.slots,cr)
e.deadline,e.slots,e.token,du=0,'','',true
end
if e.latest>0 and b>e.check then
local lc=redis.call('ZRANGEBYSCORE',a[4],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for ak,f in ipairs(lc)do
e.map=cy(e.map,redis.call('HGET',a[3],f)or'',cr)
redis.call('HDEL',a[3],f)
redis.call('ZREM',a[4],f)
end
local ac=redis.call('ZRANGE',a[4],0,0,'WITHSCORES')[2]
local l=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,du=tonumber(ac)or 0,tonumber(l)or 0,true
if not ac then e.kept,e.map=0,cy('',e.slots,dj)end
end
if du then fo(a,e,b)end
end
local function ia(a,e,f,t,b)
local du=false
if f==e.token then
if e.deadline<t then e.deadline,du=t,true end
elseif tonumber(redis.call('ZSCORE',a[4],f))<t then
redis.call('ZADD',a[4],string.format('%.0f',t),f)
if e.latest<t then e.latest,du=t,true end
end
if du then fo(a,e,b)end
end
local function dt(a,e,f,w,t,b)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=t,w,f,cy(e.map,w,dj)
fo(a,e,b)
end
local function kg(a)
local ch=''
if not IS_CLUSTER then
local ci=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
ch=type(ci)=='string'and string.match(ci,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..ek..'.'..ek..'s',ch)
end
local function hb(a)
return redis.call('GETRANGE',a[5],0,ek-1)==kg(a)
end
local function fj(a,w,ae)
if not hb(a)then return ae end
local hn=ae-ae%16384
for ac,l in dl(w)do
local an=redis.call('GETRANGE',a[5],ek+ej*ac,ek+ej*(l+1)-1)
for d=0,l-ac do
local ah=tonumber(string.sub(an,ej*d+1,ej*(d+1)))
hn=math.max(hn,ah or ae)
end
end
return hn
end
local function ik(a,w,ah,ae)
if not hb(a)then redis.call('SET',a[5],kg(a),'PX',604800000)end
local an=string.format('%0'..ej..'.0f',ah)
for ac,l in dl(w)do
redis.call('SETRANGE',a[5],ek+ej*ac,string.rep(an,l-ac+1))
end
if ae<ah then ez(a[2],ah)end
end`;

const PART_16 = `local gu='~s'
local function eh(c,ac)
local x={c[1]}
for d=ac,#c do x[#x+1]=c[d]end
return x
end
local function gl(a)
local aq=redis.call('GET',a[1])
if aq and(aq==gu or string.sub(aq,1,3)==gu..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
local e=dp(aq)
if e.is_other then return e,aq,redis.call('PTTL',a[1])end
return e,nil,nil
end
local function ep(a,z,bp,b)
local av,ah,gr=hz(a[6],a[1],b)
if bp>(av or 0)then
av,ah=bp,z
il(a[6],a[1],av,ah,b)
elseif av and gr+86400000<b then
il(a[6],a[1],av,ah,b)
end
if not av then return z,''end
return ah,string.format('%.0f %.0f',av,ah)
end
local function gk(y,dn)
return y..string.rep(cr,dn-#y)
end
local function li(a,e,cw,b)
local bt=e.latest>0 and redis.call('ZRANGE',a[4],0,64-1,'WITHSCORES')or{}
if e.token~=''then
local m=1
while bt[m]and tonumber(bt[m+1])<=e.deadline do m=m+2 end
table.insert(bt,m,e.token)
table.insert(bt,m+1,e.deadline)
end
local l=-1
for d=1,#bt,2 do
l=tonumber(bt[d+1])
local w=bt[d]==e.token and e.slots or redis.call('HGET',a[3],bt[d])or''
for ac,le in dl(w)do cw=cw-(le-ac+1)end
if cw<=0 then break end
end
return l<0 and-1 or math.max(0,l-b),bt[1]or''
end
local function dv(z)
return function(an)
local ah=tonumber(an)
return ah and ah<=z
end
end
local function cm(a,e,g,cg,z,b)
if#g==0 then return 0,false end
local y=gk(e.map,z)
local by=e.is_other and 0 or ff(y,z)
local be,cn,el=ke(g,function(ct)
by=by-tonumber(ct)
return by>=0
end,b)
local cl={}
for d,o in ipairs(be)do
local w,mg=iz(y,tonumber(o[3]),z,cg,'0-'..z-1)
y=mg or y
cl[d]=o[2]..':'..string.gsub(w or'',' ',',')
end
if#cl>0 then
db(a[7],g,b)
redis.pcall('PUBLISH',a[8],kr(cl,el))
end
return#cl,cn
end
v['slots.acquire']=function(a,c)
local f,al,ad,ba,am=c[1],tonumber(c[2]),c[3],tonumber(c[4]),tonumber(c[5])
local hw,ge,x,b=c[8],#c>8,eh(c,9),at()
local e,aj,ce=gl(a)
local z,fk=ep(a,tonumber(c[6]),tonumber(c[7]),b)
if am>z then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',z,am),0)end
fz(a,e,b)
local g=cd(a[7],b,dv(z))
local av=math.max(b,g.ticket)
local cz=gx(ba,av)
local y=gk(e.map,z)
local w,bw=df(a,e,f),nil
if aj then
if ad~=''then pcall(hd,a[8],ad,al)end
elseif w then
local j=fj(a,w,bk(a[2])or cv(a[2]))
ia(a,e,f,b+al,b)
if kl(g,ad,b)then db(a[7],g,b)end
return{1,j,w,fk,ge and y or nil}
else
local da,dm=y,''
for d=2,#x do
local bd=df(a,e,x[d])or''
da,dm=cy(da,bd,cr),dm..' '..bd
end
local bs
if#g>0 and not ge then
local by=ff(da,z)
bs=by>=am and iv(g,ad,cz>0 and cz or nil,function(ct)
by=by-tonumber(ct)
return by<am
end)
end
if not bs then bw=iz(da,am,z,hw,ge and dm or nil,f)end
if bw then
local ae=bk(a[2])
local ac=not ae and cv(a[2])
local j,t=fj(a,bw,ae or ac)+1,b+al
iy(a,e)
for d=2,#x do
local ak,as=fy(a,e,x[d])
t=math.max(t,as or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
j=ac or j
ez(a[2],j)
else
ik(a,bw,j,ae or ac)
end
dt(a,e,f,bw,t,b)
if kl(g,ad,b)then db(a[7],g,b)end
return{1,j,bw,fk,ge and cy(da,bw,dj)or nil}
end
local by=ff(y,z)
ce,aj=li(a,e,am-by,b)
if bs then
cm(a,e,g,'',z,b)
if bs[5]>0 then ce,aj=math.max(0,50-b+bs[5]),''
else ce=-1 end
end
end
if ad~=''then
ko(g,ad,string.format('%.0f',am),ba,0,b,av)
db(a[7],g,b)
end
return{0,ce,aj,kp(av,b),fk}
end
v['slots.commit']=function(a,c)
local j,w=tonumber(c[2]),c[3]
local e=dp(redis.call('GET',a[1]))
if df(a,e,c[1])~=w then return{0}end
local ae=bk(a[2])or cv(a[2])
local ah=fj(a,w,ae)
if ah<j or not hb(a)then ik(a,w,math.max(ah,j),ae)end
return 1
end
v['slots.extend']=function(a,c)
local f,j,al,w=c[1],tonumber(c[2]),tonumber(c[3]),c[4]
local x,b=eh(c,7),at()
local e,aj=gl(a)
if aj then return{0,-1,aj}end
local z=ep(a,tonumber(c[5]),tonumber(c[6]),b)
fz(a,e,b)
local bd=df(a,e,f)
if bd==w and#x==1 then
ia(a,e,f,b+al,b)
return 1
end
local da,as=gk(e.map,math.max(z,ld(w))),''
for ak,cu in ipairs(x)do
local dm=df(a,e,cu)or''
da,as=cy(da,dm,cr),as..' '..dm
end
if not ky(da,w)then
local ks={f,'',c[5],c[6]}
for d=2,#x do ks[d+3]=x[d]end
v['slots.release'](a,ks)
return{0,-1,''}
end
iy(a,e)
local ae=bd~=w and(bk(a[2])or fe(a[2]))
if ae then ik(a,w,math.max(j,fj(a,w,ae)),ae)end
local t=b+al
for ak,cu in ipairs(x)do
local ak,l=fy(a,e,cu)
t=math.max(t,l or 0)
end
dt(a,e,f,w,t,b)
local cg=kk(cy(cy(string.rep(cr,#da),as,dj),w,cr),dj)
if cg~=''then cm(a,e,cd(a[7],b,dv(z)),cg,z,b)end
return 1
end
v['slots.release']=function(a,c)
local bb,x,b=c[2],eh(c,5),at()
local aq=redis.pcall('GET',a[1])
local e=dp(type(aq)=='string'and aq)
local cg,bl,ii,js='',false,0,false
for ak,cu in ipairs(x)do
local w,t=fy(a,e,cu)
if w then
js,bl=true,bl or t>=b
cg,ii=cg..' '..w,math.max(ii,t)
end
end
if not js then return 0 end
redis.pcall('ZREM',a[4],'')
local ay=redis.pcall('MGET',a[7],a[8])
local ji=ay[1]or ay[2]
if ji then fz(a,e,b)end
local l=fo(a,e,b)
if ji then
local z=ep(a,tonumber(c[3]),tonumber(c[4]),b)
local g=cd(a[7],b,dv(z))
local bm,be,cn=pcall(cm,a,e,g,cg,z,b)
if not bm then be,cn=0,false end
if l==0 and not cn then ha(a[8],bb~='')
elseif l>0 and ii>l and be==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bl and 1 or 0
end
v['slots.leave']=function(a,c)
local b=at()
local z=ep(a,tonumber(c[2]),tonumber(c[3]),b)
local g=cd(a[7],b,dv(z))
if jz(g,c[1])then
db(a[7],g,b)
pcall(function()cm(a,dp(redis.call('GET',a[1])),g,'',z,b)end)
end
pcall(fa,a[8],c[1])
return 1
end
v['slots.count']=function(a,c)
local b=at()
local e,aj=gl(a)
local z,fk=ep(a,tonumber(c[1]),tonumber(c[2]),b)
fz(a,e,b)
local g=cd(a[7],b,dv(z))
cm(a,e,g,'',z,b)
local by=aj and 0 or ff(gk(e.map,z),z)
local bp=tonumber(string.match(fk,'^%d+')or 0)
return{1,by,z,bp,#e.map-ff(e.map,#e.map)}
end
v['slots.resize']=function(a,c)
if not bk(a[2])then cv(a[2])end
return v['slots.count'](a,c)
end`;

const PART_17 = `v['slots.renew']=function(a,c,er)
local f,b,aq=c[1],at(),redis.call('GET',a[1])
local e=dp(aq)
local w,t=df(a,e,f)
if w~=c[3]or t<b then
local ls=e.is_other and string.sub(aq,1,2)~=gu
return{0,redis.call('PTTL',a[1]),ls and aq or''}
end
local j=fj(a,w,bk(a[2])or 1)
if not er then ia(a,e,f,b+tonumber(c[2]),b)end
return j
end`;

const PART_18 = `local fc,he,fd={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fd=2
local fc={
['mutex.acquire']=function(h,ai,af)
local cf=r('SET',KEYS[h],ARGV[ai],'NX','PX',ARGV[af])
if not cf or cf.err then return nil end
local j=ah(KEYS[h+1])
if j then return j end
local dk=r('DEL',KEYS[h])
return type(dk)=='table'and{-1,dk.err}or nil
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
local aa=r('MGET',KEYS[h],KEYS[h+1])
if aa.err or aa[2]then return nil end
if aa[1]~=ARGV[ai]then return 0 end
return r('DEL',KEYS[h])==1 and 1 or nil
end,
}`,
    PART_2,
    `local he={
['mutex.release']=function(h,ai,dn,cq)
local aa=r('MGET',unpack(KEYS,h,h+2*dn-1))
if aa.err then return 0 end
local bd,jq,ic,dr={},{},{},0
for d=1,dn do
if aa[2*d]then break end
local q=KEYS[h+2*d-2]
local bn=aa[2*d-1]==ARGV[ai+d-1]and not jq[q]
cq[#cq+1]=bn and 1 or 0
if bn then
jq[q]=true
bd[#bd+1]=q
ic[#bd]=#cq
end
dr=d
end
local dk=#bd>0 and r('DEL',unpack(bd))
if type(dk)=='table'then
for d=1,#ic do cq[ic[d]]={-1,dk.err}end
end
return dr
end
}`,
    PART_3,
    PART_4,
    `local function dt(k,f,al,bn)
if not bn then redis.call('SET',k,f,'PX',al)
else
local s=redis.call('PTTL',k)
if s>=0 and s<tonumber(al)then redis.call('PEXPIRE',k,al)end
end
end
local function is(a,f,hx,al,ad)
local eg=ad==''and 2 or 3
local bn,ca,co={},true,false
local ce,aj
for d=1,#a,eg do
local i=redis.call('GET',a[d])
bn[d]=i==f
if i~=f then ca=false end
if i and i==hx then
co=true
elseif i and i~=f then
local s=redis.call('PTTL',a[d])
if not aj or(ce~=-1 and(s==-1 or s>ce))then
ce,aj=s,i
end
end
end
if ad~=''then
for d=3,#a,3 do pcall(hd,a[d],ad,tonumber(al))end
end
if aj then return{0,ce,aj}end
local j=0
for d=2,#a,eg do
local l=bk(a[d])
j=math.max(j,l and(ca and l or l+1)or cv(a[d]))
end
for d=1,#a,eg do
dt(a[d],f,al,bn[d])
ez(a[d+1],j)
end
return co and-j or j
end
v['mutex.acquire']=function(a,c)
return is(a,c[1],nil,c[2],c[3])
end
v['mutex.takeOver']=function(a,c)
return is(a,c[1],c[2],c[3],c[4])
end
v['mutex.commit']=function(a,c)
for d=1,#a,2 do
if redis.call('GET',a[d])~=c[1]then return{0}end
end
for d=2,#a,2 do
if not bk(a[d])then cv(a[d])end
et(a[d],tonumber(c[2]))
end
return 1
end
v['mutex.extend']=function(a,c)
local f,j,al=c[1],tonumber(c[2]),c[3]
local bn={}
for d=1,#a,2 do
local i=redis.call('GET',a[d])
if i and i~=f then return{0,redis.call('PTTL',a[d]),i}end
bn[d]=i==f
end
for d=1,#a,2 do
local hh=not bn[d]and(bk(a[d+1])or fe(a[d+1]))
if hh then et(a[d+1],j)end
end
for d=1,#a,2 do dt(a[d],f,al,bn[d])end
return 1
end
v['mutex.release']=function(a,c)
local f,bb=c[1],c[2]
local bl,en=false,false
for d=1,#a,2 do
local i=redis.pcall('GET',a[d])
if bb~=''then pcall(fa,a[d+1],bb)end
if i==f then
redis.call('DEL',a[d])
bl=true
if ha(a[d+1],bb~='')then en=true end
elseif type(i)=='table'and i.err and not string.find(i.err,'WRONGTYPE',1,true)then
error(i.err)
end
end
if not bl then return 0 end
return en and-1 or 1
end
v['mutex.leave']=function(a,c)
pcall(fa,a[1],c[1])
return 1
end
v['mutex.renew']=function(a,c)
local j=1
for d=1,#a,2 do
local i=redis.call('GET',a[d])
if i~=c[1]then return{0,redis.call('PTTL',a[d]),i or''}end
j=math.max(j,bk(a[d+1])or 1)
end
for d=1,#a,2 do dt(a[d],c[1],c[2],true)end
return j
end
v['mutex.query']=function(a)
local p={1}
for d=1,#a,2 do
p[#p+1]=redis.call('GET',a[d])or''
p[#p+1]=redis.call('PTTL',a[d])
p[#p+1]=ev(a[d+1])or''
end
return p
end`,
    PART_5,
    PART_6,
  ],
  "d6c04737a0bc7ef7d17ea57d504d74f2a5515744",
  "11df54f1e3db50054e54290211f8a4ac05f98c3c",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fd=81
local fc={
['modes.acquire']=function(h,ai,af,am)
local f,al,ao,cj=ARGV[ai],ARGV[af],ARGV[af+1],KEYS[h+am-1]
if ARGV[af+2]~=''then return nil end
if am~=4 then
local ak,lj=string.gsub(ao,' ','')
if am~=3*lj+4 then return nil end
end
local fi,eu
if r('EXISTS',unpack(KEYS,h,h+am-2))~=0 then
local aa,m=r('MGET',unpack(KEYS,h,h+am-2)),1
if aa.err then return nil end
fi={}
eu={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for n in string.gmatch(ao,'%u+')do
local i,q,ar=aa[m],KEYS[h+m-1],KEYS[h+m]
if aa[m+2]then return nil end
if not i then
if r('EXISTS',q,ar)~=0 then return nil end
else
if n=='X'or n=='SIX'then return nil end
local s,bd,aj=r('PTTL',q),nil,nil
if type(s)~='number'or s<=0 then return nil end
if i=='~s'then
if r('ZSCORE',ar,f)then return nil end
local ac=(n=='IX'and 3)or(n=='S'and 2)
if ac and r('ZCOUNT',ar,ac..'00000000000000','('..ac+2 ..'00000000000000')~=0 then
return nil
end
else
bd,aj=string.match(i,'^~s ([ISX]+) (.*)$')
if not eu[bd]or aj==f or(n~=bd and n~='IS'and bd~='IS')then return nil end
if r('EXISTS',ar)~=0 then return nil end
end
fi[m]={s,bd,aj}
end
m=m+3
end
end
local j
if ao=='X'or string.find(' '..ao,' X',1,true)or string.find(ao,'SIX',1,true)then
j=ah(cj)
if not j then return nil end
else
local i=r('GET',cj)
j=not i and ah(cj)or(type(i)=='string'and string.match(i,'^%d+$')and tonumber(i))
if not j or j<1 or j>=9000000000000000 then return nil end
end
if am==4 and not fi then
local cf=r('SET',KEYS[h],ao=='X'and f or'~s '..ao..' '..f,'PX',al)
return not cf.err and j or nil
end
local m,b=1,nil
for n in string.gmatch(ao,'%u+')do
local q,gf=KEYS[h+m-1],fi and fi[m]
if gf then
local ar,dg,s,aj=KEYS[h+m],tonumber(al),gf[1],gf[3]
if not b then
local ap=r('TIME')
if ap.err then return nil end
b=tonumber(ap[1])*1000+math.floor(tonumber(ap[2])/1000)
end
local ag,bm=string.format('%.0f',eu[n]+b+dg),nil
if aj then
local kc=math.max(s,dg)
bm=r('ZADD',ar,string.format('%.0f',eu[gf[2]]+b+s),aj,ag,f)==2
and r('PEXPIRE',ar,kc)==1 and not r('SET',q,'~s','PX',kc).err
else
r('ZREMRANGEBYSCORE',ar,string.format('%.0f',eu[n]),string.format('(%.0f',eu[n]+b))
bm=r('ZADD',ar,ag,f)==1
local km=r('PTTL',ar)
if type(km)~='number'or km<dg then
bm=r('PEXPIRE',ar,dg)==1 and bm
end
if s<dg then bm=r('PEXPIRE',q,dg)==1 and bm end
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
['modes.extend']=function(h,ai,af,am)
local f,al,m=ARGV[ai],ARGV[af],1
local aa=ARGV[af-1]=='2'and r('MGET',unpack(KEYS,h,h+am-1))
if not aa or aa.err then return nil end
for n in string.gmatch(ARGV[af+1],'%u+')do
if aa[m]~=(n=='X'and f or'~s '..n..' '..f)then return nil end
m=m+4
end
for q=h,h+m-2,4 do
local s=r('PTTL',KEYS[q])
if type(s)~='number'or s<0 then return nil end
if s<tonumber(al)and r('PEXPIRE',KEYS[q],al)~=1 then return nil end
end
return 1
end,
['modes.release']=function(h,ai,ak,am)
local f,aa=ARGV[ai],nil
if am==4 then
local i,ck,ml=unpack(r('MGET',KEYS[h],KEYS[h+2],KEYS[h+3]))
if not i or ck or ml then return nil end
if i==f or string.match(i,'^~s [ISX]+ (.*)$')==f then
return r('DEL',KEYS[h])==1 and 1 or nil
end
aa={i}
else
aa=r('MGET',unpack(KEYS,h,h+am-1))
if aa.err then return nil end
end
local cp,go,ie,b={},{},{},nil
for m=1,am,4 do
local i,q,ar=aa[m],KEYS[h+m-1],KEYS[h+m]
if not i or aa[m+2]or aa[m+3]then return nil end
if i=='~s'then
local ag=r('ZSCORE',ar,f)
local s=r('PTTL',q)
if type(ag)~='string'or type(s)~='number'or s<0 then return nil end
if not b then
local ap=r('TIME')
b=tonumber(ap[1])*1000+math.floor(tonumber(ap[2])/1000)
end
local t=tonumber(ag)%100000000000000
local ae=tonumber(ag)-t
if t<b then return nil end
local kd,jn=string.format('%.0f',ae),string.format('(%.0f',ae+100000000000000)
local l=r('ZREVRANGEBYSCORE',ar,jn,kd,'WITHSCORES','LIMIT',0,2)
if l.err then return nil end
local ab,ho=tonumber(l[2])-ae,nil
if l[1]==f then
ho=r('ZCARD',ar)
ab=l[4]and tonumber(l[4])-ae
if ab and(ab<b or r('ZCOUNT',ar,kd,jn)~=ho)then return nil end
if not ab and ho~=1 then return nil end
elseif s>ab-b+1 then
return nil
end
if not ab then
cp[#cp+1]=q
elseif s>ab-b+1 then
ie[#ie+1]={q,math.max(1,ab-b)}
end
go[#go+1]=ar
elseif i==f or string.match(i,'^~s [ISX]+ (.*)$')==f then
cp[#cp+1]=q
else
return nil
end
end
for ak,aq in ipairs(ie)do
if r('PEXPIRE',aq[1],aq[2])~=1 then return nil end
end
for ak,ar in ipairs(go)do
if r('ZREM',ar,f)~=1 then return nil end
end
local dk=#cp==0 or r('DEL',unpack(cp))
if type(dk)=='table'then return#go>0 and{-1,dk.err}or nil end
return 1
end
}
local he={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    PART_10,
    `v['modes.position']=function(a,c)
local b=at()
local g=cd(a[3],b,dw)
local m,gy,bq=hv(g,c[1]),0,0
local ag=m and g[m][1]or math.max(b,g.ticket)+1-tonumber(c[2])
for d=1,#g do
local o=de(g,d)
if not o[7]and o[5]>=0 then
bq=bq+1
if o[2]~=c[1]and not hk(o,ag,c[1])then gy=gy+1 end
end
end
return{1,gy,bq,redis.call('EXISTS',a[1])}
end
v['modes.stay']=function(a,c)
local b=at()
local g=cd(a[3],b,dw)
if gn(g,c[1],b)then db(a[3],g,b)end
return 1
end`,
    `v['modes.query']=function(a)
local p,b={1},at()
for ak,u in ipairs(dz(a,#a/4,4))do
local ei={ev(u.wake)}
local g=cd(u.line,b,dw)
for d=1,#g do
local o=de(g,d)
if o[4]>=b and o[5]>=0 then ei[#ei+1]=o[2]end
end
p[#p+1]=redis.call('GET',u.lock)or''
p[#p+1]=redis.call('PTTL',u.lock)
p[#p+1]=table.concat(ei,' ')
local hj=redis.call('ZRANGE',u.shared,0,-1,'WITHSCORES')
local m=#p+1
p[m]=0
for d=1,#hj,2 do
local s=tonumber(hj[d+1])%dc-b
if s>=0 then
p[m]=p[m]+1
p[#p+1]=hj[d]
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
  "b78fdc608ba181fbed59304458b45abf40ca0d7f",
  "50ad9416cecd428d0558cefc596e9bb9eaeca2a7",
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
    `v['slots.query']=function(a)
local b=at()
local e,bh,s=gl(a)
local bp,z=hz(a[6],a[1],b)
local ei={ev(a[8])}
local g=cd(a[7],b,dv(math.huge))
for d=1,#g do
local o=de(g,d)
if o[4]>=b then ei[#ei+1]=o[2]end
end
local p={1,bh or'',s or-2,z or 0,bp or 0,table.concat(ei,' ')}
local function it(f,w,t)
if w and t>=b then
local m=#p
p[m+1],p[m+2],p[m+3]=f,w,t-b
end
end
if e.token~=''then it(e.token,e.slots,e.deadline)end
if e.latest>0 then
local kn,bd={},redis.call('HGETALL',a[3])
for d=1,#bd,2 do kn[bd[d]]=bd[d+1]end
local bt=redis.call('ZRANGE',a[4],0,-1,'WITHSCORES')
for d=1,#bt,2 do
if bt[d]~=e.token then it(bt[d],kn[bt[d]],tonumber(bt[d+1]))end
end
end
return p
end`,
    PART_5,
    PART_6,
  ],
  "68bb0647a5168966ff010ec54969bee344114f23",
  "0ef49d77f7e5cd1422a95a76e23ae61f13cfe388",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function ki(k)
local ci=redis.pcall('GET',k)
return type(ci)=='string'and ci or''
end
local function kj(k,lf,i)
local eb=ki(k)
local ap=redis.call('TIME')
local b=string.format('%.0f',tonumber(ap[1])*1000+math.floor(tonumber(ap[2])/1000))
if eb==lf then
eb=i(tonumber(b))
redis.call('SET',k,eb)
end
return{1,eb,b}
end
v['marker.replace']=function(a,c)
return kj(a[1],c[1],function()return c[2]end)
end
v['marker.lose']=function(a,c)
return kj(a[1],c[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(c[2]))
end)
end`,
    `v['identify']=function(a)
local ew=''
local function gm(mj)
local gb=redis.pcall('INFO',mj)
if type(gb)=='table'then gb,ew='',gb.err end
return function(lh)return string.match(gb,'%f[%w_]'..lh..':([^\\r\\n]*)')or''end
end
local ex,hp,ib=gm('server'),gm('memory'),gm('replication')
local ap=redis.call('TIME')
local n=ex('redis_mode')
if n==''then n=ex('server_mode')end
local kq=ex('valkey_version')
return{
1,ex('run_id'),tonumber(ex('uptime_in_seconds'))or-1,
tonumber(ap[1])*1000000+tonumber(ap[2]),
tonumber(gm('persistence')('aof_enabled'))or-1,
hp('maxmemory_policy'),tonumber(hp('maxmemory'))or-1,
ib('role'),n,ib('master_replid'),ib('master_replid2'),
a[1]and ki(a[1])or'',ew,
tonumber(hp('used_memory'))or-1,kq~=''and'valkey '..kq or ex('redis_version')
}
end`,
    PART_14,
    `v['counters.read']=function(a)
local p,b={1},at()
for d=1,#a,2 do
local fh,j=pcall(bk,a[d])
p[#p+1]=fh and j and string.format('%.0f',j)or''
end
for d=2,#a,2 do
local dd,cp,cl=redis.pcall('HGETALL',a[d]),{},{}
for m=1,dd.err and 0 or#dd,2 do
cp[#cp+1],cl[dd[m]]=dd[m],dd[m+1]
end
table.sort(cp)
for ak,q in ipairs(cp)do
local bp,z=ht(cl[q],b)
if bp then
for ak,i in ipairs({d/2,q,string.format('%.0f',bp),z})do p[#p+1]=i end
end
end
end
return p
end
local function kh(a,c,ax)
local w,b=#a/2,at()
for d=1,w do
local k=a[2*d-1]
local fh,j=pcall(bk,k)
if fh and c[d]~=''then
if not j then ax(k)end
et(k,tonumber(c[d]))
end
end
for m=w+1,#c,4 do
pcall(me,a[2*tonumber(c[m])],c[m+1],tonumber(c[m+2]),tonumber(c[m+3]),b)
end
return 1
end
v['counters.raise']=function(a,c)
return kh(a,c,cv)
end
v['counters.restore']=function(a,c)
return kh(a,c,function()end)
end
v['counters.lift']=function(a,c)
for d=1,#a do
local fh,j=pcall(bk,a[d])
if fh and j then et(a[d],tonumber(c[1]))end
end
return 1
end`,
    `v['set.note']=function(a,c)
local cf,dm,dy=c[1],c[2],tonumber(c[3])
local ap=redis.call('TIME')
local b=tonumber(ap[1])*1000+math.floor(tonumber(ap[2])/1000)
local ig,jr,jg=b,false,false
local cx,an={},redis.pcall('GET',a[1])
for ck in string.gmatch(type(an)=='string'and an or'','[^\\n]+')do
local gh,ac,ab,fb,ma=string.match(ck,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
ac,ab,fb=tonumber(ac),tonumber(ab),tonumber(fb)
if gh and ac<=ab and ab<=b and b<fb and fb<=b+3600000 then
if gh==cf then
ig,jr=ac,b-ab<tonumber(c[4])
elseif gh==dm then
jg=true
else
cx[#cx+1]={ck,gh,ab,ac,fb,ma}
end
end
end
local p,ay,l={1},{},b+dy
for d=math.max(1,#cx-16+2),#cx do
local bh=cx[d]
ay[#ay+1]=bh[1]
l=math.max(l,bh[5])
p[#p+1]=bh[2]
p[#p+1]=bh[3]-math.max(bh[4],ig)
p[#p+1]=bh[5]-b
p[#p+1]=bh[6]
end
if not jr or jg then
ay[#ay+1]=string.format('%s %.0f %.0f %.0f %s',cf,ig,b,b+dy,c[5])
redis.call('SET',a[1],table.concat(ay,'\\n'),'PX',string.format('%.0f',l-b))
end
return p
end`,
    PART_5,
    PART_6,
  ],
  "0a93569654827397edff19cc381c6d8a5eb64e05",
  "df97880f3ca8c2e5ebf4f908d26a59648885db36",
);

export const HOLD_SUMMARY_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `v['hold.summary']=function(a,c)
local ef=redis.pcall('GET',a[1])
if type(ef)~='string'or#ef>256 then ef=''end
if c[1]~=''then
local s,dy=redis.call('PTTL',a[1]),tonumber(c[2])
if ef==''or s<=dy-tonumber(c[3])or s>dy then
redis.call('SET',a[1],c[1],'PX',c[2])
end
end
return{1,ef}
end`,
    PART_5,
    PART_6,
  ],
  "73c223e1bc705a975b222e5fbf78d99b78a847b4",
  "f29e45a764be5ec69bbe6b947276927dbef7a990",
);

export const REPORT_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function at()
local ap=redis.call('TIME')
return tonumber(ap[1])*1000+math.floor(tonumber(ap[2])/1000)
end
local function ih(k,b)
local mf=redis.pcall('ZREMRANGEBYSCORE',k,'-inf',b)
if type(mf)~='number'then
redis.call('DEL',k)
return 0
end
redis.call('ZREMRANGEBYSCORE',k,b+15000+1,'+inf')
return redis.call('ZCARD',k)
end
v['report.write']=function(a,c)
local b,ch,dy=at(),c[1],tonumber(c[3])
local ef,gp=ih(a[1],b),ih(a[2],b)
local fx=ef<1000 or redis.call('ZSCORE',a[1],ch)
local ka=fx and a[1]or a[2]
redis.call('ZREM',fx and a[2]or a[1],ch)
if fx or gp<10000 then
redis.call('ZADD',ka,b+dy,ch)
redis.call('PEXPIRE',ka,15000)
end
if not fx then return{1,0}end
redis.call('SET',a[3],c[2],'PX',c[3])
return{1,1}
end
v['report.remove']=function(a,c)
local b=at()
for jp=1,2 do
ih(a[jp],b)
redis.call('ZREM',a[jp],c[1])
end
redis.call('DEL',a[3])
return{1}
end
v['report.list']=function(a,c)
local b=at()
local jo=redis.pcall('ZREVRANGEBYSCORE',a[1],'+inf','('..b,'LIMIT',0,1000)
local gp=redis.pcall('ZCOUNT',a[2],'('..b,'+inf')
local p={1,type(gp)=='number'and gp or 0}
if not jo.err then
for ak,ch in ipairs(jo)do p[#p+1]=ch end
end
return p
end
v['report.read']=function(a,c)
local p={1}
for ak,k in ipairs(a)do
local an=redis.pcall('GET',k)
if type(an)~='string'or#an>8192 then an=''end
p[#p+1]=an
p[#p+1]=an==''and 0 or redis.call('PTTL',k)
end
return p
end`,
    PART_5,
    PART_6,
  ],
  "f107672be2ba3c3d121aa48896db3abb3466b4ee",
  "1d746d5cd0f482bd18f5d3e00a9631889ea093e3",
);

export const SINGLE_RECORD_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function at()
local ap=redis.call('TIME')
return tonumber(ap[1])*1000+math.floor(tonumber(ap[2])/1000)
end
local function hy(k)
local aa=redis.call('HMGET',k,'p','f','n','b')
return tonumber(aa[1])or 0,tonumber(aa[2])or 0,tonumber(aa[3])or 0,aa[4]or''
end
local function ju(k,dg)
if redis.call('PTTL',k)<tonumber(dg)then redis.call('PEXPIRE',k,dg)end
end
v['single-record.open']=function(a,c)
local j=tonumber(c[1])
local es,ds,am,hc=hy(a[1])
if es>j then return{0,es}end
redis.call('HSET',a[1],'p',c[1])
ju(a[1],c[2])
return{1,ds,am,hc,at()}
end
v['single-record.put']=function(a,c)
local j,hr=tonumber(c[1]),tonumber(c[2])
local es,ds,am=hy(a[1])
if es>j or ds>j or(ds==j and am>hr)then return{0,math.max(es,ds)}end
redis.call('HSET',a[1],'p',c[1],'f',c[1],'n',c[2],'b',c[3])
ju(a[1],c[4])
return{1}
end
v['single-record.get']=function(a,c)
local es,ds,am,hc=hy(a[1])
return{1,ds,am,hc,at()}
end`,
    PART_5,
    PART_6,
  ],
  "0c8fcf5f36d5b3e99a67536ba99a5ed055df9aed",
  "45075e9a2a3684328b24d0cd0c7bf25e88994f6a",
);

export const OPERATOR_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `v['operator.replace']=function(a,c)
local f,hx=c[1],c[2]
local i=redis.call('GET',a[1])
local s=i and redis.call('PTTL',a[1])or 0
if not i or(i~=f and(i~=hx or s==-1))then return{0,s,i or''}end
local l=bk(a[2])
local j=l and(i==f and l or l+1)or cv(a[2])
if i~=f then redis.call('SET',a[1],f,'PX',math.max(1,s))end
ez(a[2],j)
return-j
end
v['operator.restore']=function(a,c)
local i=redis.pcall('GET',a[1])
if i~=c[1]then return 0 end
redis.call('SET',a[1],c[2],'PX',math.max(1,redis.call('PTTL',a[1])))
return 1
end`,
    PART_5,
    PART_6,
  ],
  "746d1ced0363bec53f029ab77575c46850a45754",
  "bf7ca53120e911645e5fd91aa153001a8797c482",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    PART_12,
    `local fd=13
local function hs(h,ai,af,am,cc)
local f,q=ARGV[ai],KEYS[h+8]
if cc=='quota.acquire'then
local n=ARGV[af+10]
if am~=12 or ARGV[af]~='modes.acquire'or ARGV[af-1]~='12'or ARGV[af+11]~=''then return nil end
local bx=(n=='X'or n=='SIX')and 1 or(n=='S'or n=='IX'or n=='IS')and 0
local p=bx and eq(h,ai,af+2,am,'slots.acquire',bx)
if not p then return nil end
bj('SET',q,n=='X'and f or'~s '..n..' '..f,'PX',ARGV[af+9])
if au then return au[1]and au end
return p
end
if cc=='quota.extend'then
if am~=13 or ARGV[af]~='modes.extend'or ARGV[af-1]~='10'then return nil end
local n,al=ARGV[af+9],ARGV[af+8]
if r('GET',q)~=(n=='X'and f or'~s '..n..' '..f)then return nil end
local s=r('PTTL',q)
if type(s)~='number'or s<0 then return nil end
local p=eq(h,ai,af+2,am,'slots.extend')
if p and s<tonumber(al)then bj('PEXPIRE',q,al)end
if au then return au[1]and au end
return p
end
if am~=12 or ARGV[af]~='modes.release'or ARGV[af-1]~='6'then return nil end
local aa=r('MGET',KEYS[h],KEYS[h+6],KEYS[h+7],q,KEYS[h+10],KEYS[h+11])
local i=aa[4]
if not i or aa[5]or aa[6]then return nil end
if i~=f and string.match(i,'^~s [ISX]+ (.*)$')~=f then return nil end
local p=eq(h,ai,af+2,am,'slots.release',aa)
if not p then return nil end
if p~=2 then bj('DEL',q)end
if au then return au[1]and au end
return 1
end
local fc={['quota.acquire']=hs,['quota.extend']=hs,['quota.release']=hs}`,
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
    `local iq=8
local function fm(a,c)
local bi,cb,bo,bv={},{},{c[1]},{c[1]}
local ah=tonumber(c[3])
for d,k in ipairs(a)do
if d<=iq then bi[d]=k
else cb[d-iq]=k end
end
for d=4,#c do
if d<4+ah then bo[d-2]=c[d]
else bv[d-2-ah]=c[d]end
end
return bi,bo,cb,bv
end
local function kf(a,c,ac)
local e,bg,b=dp(redis.call('GET',a[1])),{},at()
local ak,lz=df(a,e,c[1])
for d=ac,#c do
local w,t=df(a,e,c[d])
if w and t>b then bg[#bg+1]={c[d],w,t}end
end
return(lz or 0)>=b,bg
end
local function lk(a,f,bg,b)
local e=dp(redis.call('GET',a[1]))
fy(a,e,f)
for ak,hu in ipairs(bg)do dt(a,e,hu[1],hu[2],hu[3],b)end
fo(a,e,b)
end
local function kb(a,f,bg,ca,cc,cb,bv)
local bm,q=pcall(v[cc],cb,bv)
if bm and(type(q)=='number'or q[1]==1)then return q end
if not ca then lk(a,f,bg,at())end
if not bm then error(q,0)end
return nil,{0,q[2],q[3],q[4],q[5],2}
end
v['quota.acquire']=function(a,c)
local bi,bo,cb,bv=fm(a,c)
local ca,bg=kf(bi,bo,9)
local aw=v['slots.acquire'](bi,bo)
if aw[1]==0 then return{0,aw[2],aw[3],aw[4],aw[5],1}end
local q,ew=kb(bi,c[1],bg,ca,c[2],cb,bv)
if not q then
if#bg==0 and not ca then
local b=at()
local z=ep(bi,tonumber(bo[6]),tonumber(bo[7]),b)
local e,g=dp(redis.call('GET',bi[1])),cd(bi[7],b,dv(z))
cm(bi,e,g,aw[3],z,b)
end
return ew
end
if type(q)=='number'then return{1,math.abs(q),aw[3],aw[4],aw[5]or''}end
return{1,q[2],aw[3],aw[4],aw[5]or'',q[3],q[4],q[5]or''}
end
v['quota.convert']=function(a,c)
local bi,bo,cb,bv=fm(a,c)
local ca,bg=kf(bi,bo,7)
local aw=v['slots.extend'](bi,bo)
if aw~=1 then return{0,aw[2],aw[3],'0','',1}end
local q,ew=kb(bi,c[1],bg,ca,c[2],cb,bv)
return q and{1,math.abs(q),bo[4],'',''}or ew
end
local function iw(a,c,cc)
local bi,bo,cb,bv=fm(a,c)
local aw=v[cc](bi,bo)
if aw~=1 then return aw end
return v[c[2]](cb,bv)
end
v['quota.commit']=function(a,c)return iw(a,c,'slots.commit')end
v['quota.extend']=function(a,c)return iw(a,c,'slots.extend')end
v['quota.release']=function(a,c)
local bi,bo,cb,bv=fm(a,c)
local bm,aw=pcall(v['slots.release'],bi,bo)
local q=v[c[2]](cb,bv)
if not bm then error(aw,0)end
return q~=0 and q or aw
end`,
    `v['quota.renew']=function(a,c)
local bi,bo,cb,bv=fm(a,c)
local q
for ak,er in ipairs({true,false})do
local aw=v['slots.renew'](bi,bo,er)
if type(aw)~='number'then return aw end
q=v[c[2]](cb,bv,er)
if type(q)~='number'then return q end
end
return q
end`,
    PART_5,
    PART_6,
  ],
  "6f5098154b60bc7006979f80a5bb1930948304f7",
  "ce2a666f79b8201d5ab88807baa6aeac8dba4e54",
);
