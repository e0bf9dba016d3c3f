// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local s=redis.pcall
local function ah(j)
local k=s('INCR',j)
if type(k)~='number'then return nil end
if k>1 and k<=9000000000000000 then return k end
if k==1 and not IS_CLUSTER then
local cj=s('GET',string.match(j,'^(.*)~fence:')..'~server')
local eo=type(cj)=='string'and string.match(cj,'^complete .* (%d+)$')
local cg=eo and s('SET',j,eo)
if cg and not cg.err then return tonumber(eo)end
end
local ml=s(k>1 and'DECR'or'DEL',j)
if type(ml)=='table'then s('DECR',j)end
return nil
end`;

const PART_2 = `if#KEYS<=fd and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local gj=fc[ARGV[1]]
local p=gj and gj(1,6+ARGV[5],6,#KEYS,ARGV[1])
if p then return p end
end`;

const PART_3 = `local function general()
local u={}
local function bl(j)
local i=redis.call('GET',j)
if not i then return nil end
local k=string.match(i,'^-?%d+$')and tonumber(i)
if not k or k>=9000000000000000 then
error('the fencing counter '..j..' cannot be counted up: '..i..'; delete it together with '
..string.match(j,'^(.*)~fence:')..'~server, on one server after another')
end
return k>0 and k or nil
end
local function fa(j,k)
redis.call('SET',j,string.format('%.0f',k))
end
local function fe(j)
if not IS_CLUSTER then
local cj=redis.pcall('GET',string.match(j,'^(.*)~fence:')..'~server')
if type(cj)~='table'or string.find(cj.err,'WRONGTYPE',1,true)then
return type(cj)=='string'and tonumber(string.match(cj,'^complete .* (%d+)$'))or nil
end
end
local ap=redis.call('TIME')
local b=tonumber(ap[1])*1000000+tonumber(ap[2])
return math.max(1,b-b%16384)
end
local function cv(j)
local eo=fe(j)
if eo then return eo end
redis.call('DEL',j)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function ev(j,k)
local eb=bl(j)
if not eb then k=math.max(k,fe(j)or 0)end
if(eb or 0)<k then fa(j,k)end
end`;

const PART_4 = `local function ec(j)
local ay=redis.pcall('GET',j)
return type(ay)=='string'and ay or nil
end
local function hd(j,bc,al)
al=math.max(al,20000)
local ay=ec(j)
if not ay then
redis.call('SET',j,bc,'PX',al)
elseif string.find(' '..ay..' ',' '..bc..' ',1,true)then
redis.call('PEXPIRE',j,math.max(redis.call('PTTL',j),al))
elseif#ay+1<256*(#bc+1)then
redis.call('SET',j,ay..' '..bc,'PX',math.max(redis.call('PTTL',j),al))
end
end
local function en(j,bc)
local ay=ec(j)
if not ay then return end
local cx={}
for bi in string.gmatch(ay,'%S+')do
if bi~=bc then cx[#cx+1]=bi end
end
if#cx==0 then redis.call('DEL',j)
else redis.call('SET',j,table.concat(cx,' '),'PX',math.max(redis.call('PTTL',j),1))end
end
local function lw(j)
local ay,r=ec(j),redis.call('PTTL',j)
local bv=not ay and'~'or string.sub(ay,1,1)~='~'and'~ '..ay
r=math.max(r,20000)
if bv then redis.call('SET',j,bv,'PX',r)else redis.call('PEXPIRE',j,r)end
end
local function ha(j,lu)
local ay=ec(j)
if not ay then return false end
local ac=''
if string.sub(ay,1,1)=='~'then
en(j,'~')
ay=string.sub(ay,2)
end
if lu then ac=string.match(ay,'%S+')or''end
if ac~=''then en(j,ac)end
redis.pcall('PUBLISH',j,ac)
return ac~=''
end`;

const PART_5 = `return u
end`;

const PART_6 = `local function md(gj,h,eq,ai,x,af,ar)
local a,c={unpack(KEYS,h,h+eq-1)},{unpack(ARGV,ai,ai+x-1)}
for d=1,ar do c[x+d]=ARGV[af+d-1]end
local bn,p=pcall(gj,a,c)
if bn then return p end
if type(p)=='table'then p=p.err or p[1]end
return{-1,tostring(p)}
end
local cq,u,h,ai={},nil,1,1
while ai<=#ARGV do
local cd,dn,eq=ARGV[ai],tonumber(ARGV[ai+1]),tonumber(ARGV[ai+2])
local x,ar,af=tonumber(ARGV[ai+3]),tonumber(ARGV[ai+4]),ai+5
ai=af+ar
local jf=eq<=fd
local jd=jf and fc[cd]
local jc=jf and dn>1 and he[cd]
local dr=0
while dr<dn do
local ah=jc and jc(h,ai,dn-dr,cq)or 0
if ah==0 then
local p=jd and jd(h,ai,af,eq,cd)
if not p then
u=u or general()
p=md(u[cd],h,eq,ai,x,af,ar)
end
cq[#cq+1]=p
ah=1
end
h,ai,dr=h+ah*eq,ai+ah*x,dr+ah
end
end
return#cq==1 and cq[1]or cq`;

const PART_7 = `local function fu(ad)return string.match(ad,'^%w+')or''end
local function de(g,d)
local an=g[d]
if type(an)~='string'then return an end
local ag,ad,ct,t,bf,bb=
string.match(an,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local o
if ct and g.is_demand(ct)then
o={tonumber(ag),ad,ct,tonumber(t),tonumber(bf),tonumber(bb),false,an}
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
local gz,ed=0,{}
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
local bc=fu(o[2])
ed[bc]=math.max(ed[bc]or 0,o[5])
o[7]=true
end
end
end
if not next(ed)then return end
for ak,o in ipairs(g)do
local bc=fu(o[2])
if ed[bc]and o[4]-3000>ed[bc]then ed[bc]=nil end
end
for ak,o in ipairs(g)do o[7]=o[7]or ed[fu(o[2])]~=nil end
end
local function ce(j,b,lo)
local an=redis.pcall('GET',j)
local g={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=lo}
local ax,l,bb
if type(an)=='string'then ax,l,bb=string.match(an,'^(%d+) (%d+) (%d+);')end
if not ax then return g end
g.check,g.last,g.ticket=tonumber(ax),tonumber(l),tonumber(bb)
local ah=0
for cu in string.gmatch(an,';([^;]+)')do
ah=ah+1
g[ah]=cu
end
if b>=g.check then lb(g,b)end
return g
end
local function db(j,g,b)
if#g==0 then
redis.call('DEL',j)
return
end
local cl={string.format('%.0f %.0f %.0f',g.check,g.last,g.ticket)}
for d,o in ipairs(g)do
cl[d+1]=type(o)=='string'and o or o[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(o,1,6))
end
redis.call('SET',j,table.concat(cl,';'),'PX',math.max(1,g.last-b))
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
local mc=' '..ad..' '
for d,o in ipairs(g)do
if type(o)~='string'or string.find(o,mc,1,true)then
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
local function gx(bb,av)
if bb>=0 then return bb end
return-bb>av and-bb<=av+3000 and-bb or 0
end
local function kp(av,b)
return av==b and string.format('%.0f',b)or string.format('%.0f %.0f',av,b)
end
local function ko(g,ad,ct,bb,dx,b,ab)
local m=gn(g,ad,b)
if m and g[m][6]>=bb then
g[m][3]=ct
return m
end
if m then table.remove(g,m)end
local cz=gx(bb,ab)
if cz==0 then cz=ab+1 end
local ag=cz-dx
m=#g+1
while m>1 and hk(de(g,m-1),ag,ad)do m=m-1 end
local o={ag,ad,ct,b+3000,0,math.max(bb,0),false}
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
local bf,fv,hm={},{},false
for d=1,#g do
local o=de(g,d)
if not o[7]then
local bc=fu(o[2])
hm=hm or not cn(o[3])
if hm then
if not next(fv)then break end
if not fv[bc]then return bf,true,o[2]end
else
if o[5]<=0 then
o[5],o[8]=b,nil
ft(g,o)
bf[#bf+1]=o
end
fv[bc]=true
end
end
end
return bf,next(fv)~=nil,nil
end
local function kr(cl,em)
return table.concat(cl,' ')..(em and' ~'..em or'')
end`;

const PART_8 = `local gs={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function dw(an)return gs[an]end
local function ja(ly,bi)return string.find(gs[ly],' '..bi..' ',1,true)end
local function lt(lx)
local ga={}
return function(n)
if ga[n]==nil then ga[n]=not lx(n)end
if not ga[n]then return false end
for bi in string.gmatch(gs[n],'%u+')do ga[bi]=false end
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
local function dz(a,ah,eh)
local ba={['fences']={unpack(a,ah*eh+1)}}
for d=1,ah do
local h=(d-1)*eh
ba[d]={['lock']=a[h+1],['shared']=a[h+2],['line']=a[h+3],['wake']=eh>3 and a[h+4]}
end
return ba
end
local function ei(c,ac)
local x={c[1],[c[1]]=true}
for d=ac,#c do
x[#x+1]=c[d]
x[c[d]]=true
end
return x
end
local function ee(i)
if not i or string.sub(i,1,3)~='~s 'then return nil end
local n,f=string.match(i,'^~s (%u+) (.*)$')
if gv[n]then return n,f end
end
local function fq(hr)return string.format('%.0f',hr)end
local function jv(j,n,ah)
local ae=fs[n]*dc
return redis.pcall('ZREVRANGEBYSCORE',j,'('..fq(ae+dc),fq(ae),'WITHSCORES','LIMIT',0,ah),ae
end
local function gi(v,n,x,b)
local i=redis.call('GET',v.lock)
if i and(i==fr or string.sub(i,1,3)==fr..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local dh,bd=ee(i)
if bd then
local r=not x[bd]and redis.call('PTTL',v.lock)
if r and(r==-1 or ja(n,dh))then return r,bd end
return nil
end
if x[i]then return nil end
if i and i~=cs then return redis.call('PTTL',v.lock),i end
local l,aj
if not i and redis.call('EXISTS',v.shared)==0 then return nil end
for ak,mi in ipairs(gv[n])do
local aa,ae=jv(v.shared,mi,#x+1)
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
local function jx(v,b)
local ab
if redis.call('EXISTS',v.shared)==0 then return nil end
for ak,n in ipairs(ir)do
local aa,ae=jv(v.shared,n,1)
local ag=tonumber(aa[2])
if ag and ag-ae>=b then ab=math.max(ab or 0,ag-ae)end
end
return ab
end
local function hl(v,n,x)
local i=redis.call('GET',v.lock)
if n=='X'then return x[i]end
local dh,bd=ee(i)
if bd then return x[bd]and dh==n end
for ak,f in ipairs(x)do
local ag=redis.call('ZSCORE',v.shared,f)
if ag and math.floor(tonumber(ag)/dc)==fs[n]then return true end
end
return false
end
local function lq(v,x)
local i=redis.call('GET',v.lock)
local ak,bd=ee(i)
if bd then return x[bd]end
if x[i]then return true end
for ak,f in ipairs(x)do
if redis.call('ZSCORE',v.shared,f)then return true end
end
return false
end
local function iu(j,n,f,t,b)
local ae=fs[n]*dc
redis.call('ZREMRANGEBYSCORE',j,fq(ae),'('..fq(ae+b))
redis.call('ZADD',j,fq(ae+t),f)
if redis.call('PTTL',j)<t-b then redis.call('PEXPIRE',j,t-b)end
end
local function hi(v,n,x,al,b)
local q,ar,f,co=v.lock,v.shared,x[1],false
local i=redis.call('GET',q)
local t=b+al
local dh,bd=ee(i)
local aj,lm=bd or i,dh or'X'
if x[aj]then
local r=redis.call('PTTL',q)
if r==-1 and aj==f and n==lm then return false end
t=math.max(t,b+r)
if bd==f and n==dh then
redis.call('SET',q,i,'PX',t-b)
return false
end
co=aj~=f
i=nil
elseif bd then
local r=math.max(1,redis.call('PTTL',q))
iu(ar,dh,bd,b+r,b)
redis.call('SET',q,cs,'PX',r)
i=cs
end
if i~=cs and(n~='X'or bd)and redis.call('EXISTS',ar)==0 then
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
redis.call('SET',q,cs,'PX',jx(v,b)-b)
else
local r=redis.call('PTTL',q)
if r>=0 and r<t-b then redis.call('PEXPIRE',q,t-b)end
end
return co
end
local function bz(v,x,b)
local q,bm=v.lock,false
local i=redis.pcall('GET',q)
if type(i)=='table'then
if string.find(i.err,'WRONGTYPE',1,true)then return false,false end
error(i.err,0)
end
local ak,bd=ee(i)
if x[bd or i]then
redis.call('DEL',q)
i,bm=false,true
end
if bd or(bm and#x==1)then return bm,bm end
local gd=false
for ak,f in ipairs(x)do
local ag=redis.pcall('ZSCORE',v.shared,f)
if type(ag)=='string'then
redis.call('ZREM',v.shared,f)
gd=true
if tonumber(ag)%dc>=b then bm=true end
end
end
if i and i~=cs then return bm,false end
local ab=gd and jx(v,b)
if ab then
local r=redis.call('PTTL',q)
local gc=r>ab-b+1
if r<0 or gc then redis.call('SET',q,cs,'PX',math.max(1,ab-b))end
return bm,false,gc
end
if gd and i then redis.call('DEL',q)end
return bm,gd or bm
end`;

const PART_10 = `local io={}
local function cm(v,g,b)
if#g==0 then return{},false end
local bf,cn,em=ke(
g,lt(function(n)return gi(v,n,io,b)end),b)
for d,o in ipairs(bf)do bf[d]=o[2]end
if#bf>0 then
db(v.line,g,b)
redis.pcall('PUBLISH',v.wake,kr(bf,em))
end
return bf,cn
end
local function kz(v,n,x,ad,ag,g,b)
local r,aj=gi(v,n,x,b)
if r or#g==0 or lq(v,x)then return r,aj end
local bs,ll=iv(g,ad,ag,function(bi)return ja(bi,n)end)
if not bs then return nil end
if v.wake then cm(v,g,b)end
if ll then return-1,''end
if bs[5]>0 then return math.max(0,50-b+bs[5]),''end
r,aj=gi(v,bs[3],io,b)
return r and-1 or 50,aj or''
end
local function lg(je,ao,cb)
local k,by,av=0,false,{}
for ak,n in ipairs(ao)do
if(n=='X'or n=='SIX')and not cb then by=true end
end
for d,j in ipairs(je)do
local l=bl(j)
av[d]=l or 0
k=math.max(k,l and(by and l+1 or l)or cv(j))
end
for d,j in ipairs(je)do
if av[d]~=k then fa(j,k)end
end
return k
end
u['modes.acquire']=function(a,c)
local al,ad,bb,dx=tonumber(c[2]),'',0,0
if c[4]~=''then
ad,bb,dx=string.match(c[4],'^(%S*) (%S+) (%S+)$')
bb,dx=tonumber(bb),tonumber(dx)
end
local ao,x,kx,b=gg(c[3]),ei(c,5),{c[1],[c[1]]=true},at()
local ba=dz(a,#ao,ad==''and 3 or 4)
local az,av,m,cf,aj={},b,nil,nil,nil
local cb,co=true,false
for d=1,#ao do
az[d]=ce(ba[d].line,b,dw)
av=math.max(av,az[d].ticket)
end
local cz=gx(bb,av)
local ag=cz>0 and cz-dx or nil
for d,n in ipairs(ao)do
local v=ba[d]
local r,mn=kz(v,n,x,ad,ag,az[d],b)
if r then
m=m or d
if not aj or(cf~=-1 and(r==-1 or r>cf))then
cf,aj=r,mn
end
elseif not hl(v,n,kx)then
cb=false
end
end
local bv,fn=m or#ao,nil
if ad~=''then
fn=ko(az[bv],ad,ao[bv],bb,dx,b,av)
if not m and az[bv][fn]then az[bv][fn][5]=-1 end
db(ba[bv].line,az[bv],b)
end
if m then
if ad~=''then pcall(hd,ba[m].wake,ad,al)end
return{0,cf,aj,kp(av,b),fn and fn-1 or#az[m]}
end
local k=lg(ba.fences,ao,cb)
for d,n in ipairs(ao)do
local v=ba[d]
if hi(v,n,x,al,b)then co=true end
if d~=bv and gn(az[d],ad,b)then db(v.line,az[d],b)end
end
return co and-k or k
end
u['modes.convert']=u['modes.acquire']
u['modes.commit']=function(a,c)
local ao,x=gg(c[3]),{c[1],[c[1]]=true}
local ba=dz(a,#ao,4)
for d,n in ipairs(ao)do
if not hl(ba[d],n,x)then return{0}end
end
for ak,j in ipairs(ba.fences)do
if not bl(j)then cv(j)end
ev(j,tonumber(c[2]))
end
return 1
end
u['modes.extend']=function(a,c)
local k,al,ao=tonumber(c[2]),tonumber(c[3]),gg(c[4])
local ba,x,b,bo=dz(a,#ao,4),ei(c,5),at(),true
for d,n in ipairs(ao)do
local r,aj=gi(ba[d],n,x,b)
if r then return{0,r,aj}end
bo=bo and hl(ba[d],n,x)
end
for ak,j in ipairs(ba.fences)do
local hh=not bo and(bl(j)or fe(j))
if hh then ev(j,k)end
end
for d,n in ipairs(ao)do
local v=ba[d]
if hi(v,n,x,al,b)then cm(v,ce(v.line,b,dw),b)end
end
return 1
end
local function jy(v,g,ad,b)
local jh=jz(g,ad)
if jh then db(v.line,g,b)end
pcall(en,v.wake,ad)
return jh
end
u['modes.release']=function(a,c)
local ad,x,b=c[2],ei(c,3),at()
local bm,ep,jl=false,false,string.find(ad,'.',1,true)
for ak,v in ipairs(dz(a,#a/4,4))do
local bo,lp,gc=bz(v,x,b)
local az=(bo or jl)and redis.pcall('MGET',v.line,v.wake)
if bo then bm=true end
if az and(az[1]or az[2])then
local g=ce(v.line,b,dw)
if jl then jy(v,g,ad,b)end
local bn,bf,cn=pcall(cm,v,g,b)
if not bn then bf,cn={},false end
for ak,bi in ipairs(bf)do
if bi~=ad then ep=true end
end
if lp and not cn and ha(v.wake,ad~='')then ep=true end
if gc and#bf==0 then redis.pcall('PUBLISH',v.wake,'')end
end
end
if not bm then return 0 end
return ep and-1 or 1
end
u['modes.releaseAll']=u['modes.release']
u['modes.leave']=function(a,c)
local b=at()
for ak,v in ipairs(dz(a,#a/4,4))do
local g=ce(v.line,b,dw)
if jy(v,g,c[1],b)then pcall(cm,v,g,b)end
end
return 1
end`;

const PART_11 = `local function ln(v,n,f,b)
local i=redis.call('GET',v.lock)
if i~=cs then
local dh,bd=ee(i)
return(bd or i)==f and(dh or'X')==n
end
local ag=n~='X'and redis.call('ZSCORE',v.shared,f)
if not ag then return false end
return math.floor(tonumber(ag)/dc)==fs[n]and tonumber(ag)%dc>=b
end
u['modes.renew']=function(a,c,et)
local f,ao,b,k=c[1],gg(c[3]),at(),1
local ba=dz(a,#ao,3)
for d,n in ipairs(ao)do
if not ln(ba[d],n,f,b)then
local i=redis.call('GET',ba[d].lock)
local ak,bd=ee(i)
local aj=bd or i~=cs and i or''
if string.sub(aj,1,3)==fr..' 'then aj=fr end
return{0,redis.call('PTTL',ba[d].lock),aj}
end
end
for ak,j in ipairs(ba.fences)do k=math.max(k,bl(j)or 1)end
if et then return k end
for d,n in ipairs(ao)do hi(ba[d],n,{f,[f]=true},tonumber(c[2]),b)end
return k
end`;

const PART_12 = `local fd=8
local gw='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local kw='^~p %d+ 0 %d+ [01]* %d+:[%d -]*:'
local ku=8
local au,fg
local function bk(...)
if au then return end
local p=s(...)
if type(p)=='table'and p.err then au=fg and{-1,p.err}or{}else fg=true end
end
local function fw()
local ap=s('TIME')
return ap[1]*1000+math.floor(ap[2]/1000)
end
local function ij(h,ax,ab,bu,y,bg,l,b)
if b and ab~='0'and l+0>bu+0 then
bu=string.format('%.0f',l+math.max(1,l-b))
bk('PEXPIREAT',KEYS[h+2],bu)
bk('PEXPIREAT',KEYS[h+3],bu)
bk('PEXPIRE',KEYS[h+4],604800000)
end
bk('SET',KEYS[h],'~p '..ax..' '..ab..' '..bu..' '..y..' '..bg,'PXAT',l)
end
local function es(h,ai,af,ak,cd,hf)
au,fg=nil,nil
if cd=='slots.acquire'then
local by=hf
if ARGV[af+1]~=''or ARGV[af+5]~='0'or ARGV[af+6]~=''or ARGV[af-1]~='7'then return nil end
local f,bh,z,ck=ARGV[ai],ARGV[af+3]+0,ARGV[af+4]+0,KEYS[h+1]
if bh>ku or bh>z then return nil end
local aq,b=s('GET',KEYS[h]),fw()
local ax,ab,bu,y,as,w,bg='0','0','0','','0','',''
local hg=true
if aq then
if aq.err then return nil end
ax,ab,bu,y,as,w,bg=string.match(aq,gw)
if not ax or bg==f then return nil end
if(ab~='0'and b>ax+0)or(bg~=''and as+0<b)then return nil end
if ab~='0'and s('HGET',KEYS[h+2],f)then return nil end
elseif s('EXISTS',unpack(KEYS,h+4,by and h+10 or h+6))==0 then
hg=false
end
if hg and by and s('EXISTS',KEYS[h+8],KEYS[h+9],KEYS[h+10])~=0 then return nil end
local jj=string.find(f,'^%x%x%x%x%x%x%x%x%x%x%x%x')
local br,ef=jj and tonumber(string.sub(f,1,6),16)%z or 0,nil
local di,dq={},bh==1 and'1'or'2'
for ak=1,64 do
local ix=string.byte(y,br+1)
if not ix then
y=y..string.rep('0',br-#y)..dq
di[#di+1]=br
elseif ix==48 then
y=string.sub(y,1,br)..dq..string.sub(y,br+2)
di[#di+1]=br
end
if#di==bh then break end
ef=ef or jj and 1+tonumber(string.sub(f,7,12),16)%z or 1
br=(br+ef)%z
end
if#di<bh then return nil end
local bx=di[1]..''
if bh>1 then
bx=''
local ca,l=string.find(y,'2+')
while ca do
bx=bx..(bx==''and''or' ')..ca-1 ..(ca==l and''or'-'..l-1)
ca,l=string.find(y,'2+',l+1)
end
y=string.gsub(y,'2','1')
end
local t,k,fl=b+ARGV[af],nil,nil
local l=string.format('%.0f',t)
if not hg then
if by then
local i=s('GET',ck)
local ae=type(i)=='string'and string.find(i,'^%d+$')and i+0
if not ae or ae<1 or ae+1>=9000000000000000 then return nil end
k=ae+1+by
bk('SET',ck,string.format('%.0f',k))
else
k=ah(ck)
if not k then return nil end
fg=true
end
else
local aa
if IS_CLUSTER then
aa=s('MGET',ck,KEYS[h+6])
else
local me=string.sub(ck,1,string.find(ck,'~fence:',1,true)-1)
aa=s('MGET',ck,KEYS[h+6],me..'~server')
end
if aa.err or aa[2]or s('HGET',KEYS[h+5],KEYS[h])then return nil end
local ae=aa[1]and string.find(aa[1],'^%d+$')and aa[1]+0
if not ae or ae<1 or ae>=9000000000000000 then return nil end
local ci=aa[3]and string.match(aa[3],'^complete %S+ %S+ (%S+) ')or''
if#ci~=32 then ci=string.format('%-32.32s',ci)end
if s('GETRANGE',KEYS[h+4],0,31)~=ci then return nil end
k=ae-ae%16384
for d=1,bh do
local m=32+16*di[d]
k=math.max(k,tonumber(s('GETRANGE',KEYS[h+4],m,m+15))or ae)
end
k=k+1
local jw=math.max(ae,k)
if by and jw>=9000000000000000 then return nil end
local jk=ab~='0'
if bg~=''then fl=bg end
if fl and jk then bk('ZADD',KEYS[h+3],as,bg)end
local an=string.format('%016.0f',k)
for d=1,bh do bk('SETRANGE',KEYS[h+4],32+16*di[d],an)end
if by then k=jw+by end
if ae<k then bk('SET',ck,string.format('%.0f',k))end
if fl then
if not jk then
bk('DEL',KEYS[h+2],KEYS[h+3])
bk('ZADD',KEYS[h+3],as,bg)
end
bk('HSET',KEYS[h+2],bg,w)
if ab=='0'or as+0<ax+0 then ax=as end
if as+0>ab+0 then ab=as end
end
if not aq then bk('PEXPIRE',KEYS[h+4],604800000)end
end
bg=l..':'..bx..':'..f
ij(h,ax,ab,bu,y,bg,ab+0>t and ab or l,b)
if au then
if fl and fg then s('ZREM',KEYS[h+3],fl)end
return au[1]and au
end
return{1,k,bx,'',by and''}
end
if cd=='slots.extend'then
local f=ARGV[ai]
if ARGV[af+4]~='0'or ARGV[af-1]~='5'then return nil end
local aq=s('GET',KEYS[h])
if not aq or aq.err then return nil end
local ax,ab,bu,y,as,w,bg=string.match(aq,gw)
if not ax or s('HGET',KEYS[h+5],KEYS[h])then return nil end
local b=fw()
if(ab~='0'and b>ax+0)or(bg~=''and as+0<b)then return nil end
local t=b+ARGV[af+1]
local l=string.format('%.0f',t)
if bg==f then
if w~=ARGV[af+2]then return nil end
if as+0>=t then return 1 end
as=l
if ab+0>t then l=ab end
else
if ab=='0'or s('HGET',KEYS[h+2],f)~=ARGV[af+2]then return nil end
local ag=s('ZSCORE',KEYS[h+3],f)
if type(ag)~='string'then return nil end
if ag+0>=t then return 1 end
bk('ZADD',KEYS[h+3],l,f)
if au then return au[1]and au end
if ab+0>=t then return 1 end
ab=l
if as+0>t then l=as end
end
ij(h,ax,ab,bu,y,as..':'..w..':'..bg,l,b)
if au then return au[1]and au end
return 1
end
local f=ARGV[ai]
if ARGV[af-1]~='3'then return nil end
local aa=hf or s('MGET',KEYS[h],KEYS[h+6],KEYS[h+7])
if aa.err or aa[2]or aa[3]then return nil end
if not aa[1]then return 0 end
local ak,jm=string.find(aa[1],kw)
if jm then
if string.sub(aa[1],jm+1)~=f then return nil end
if hf then return s('DEL',KEYS[h],KEYS[h+8])==2 and 2 or nil end
return s('DEL',KEYS[h])==1 and 1 or nil
end
local ax,ab,bu,y,as,w,bg=string.match(aa[1],gw)
if not ax then return nil end
local l,ch=ab,w
if bg==f then
if as+0<ab+0 and as+0<fw()then return nil end
as,w,bg='0','',''
else
local ag=s('ZSCORE',KEYS[h+3],f)
ch=s('HGET',KEYS[h+2],f)
if type(ch)~='string'or type(ag)~='string'or ag+0<fw()then return nil end
bk('ZREM',KEYS[h+3],f)
bk('HDEL',KEYS[h+2],f)
if ag==ab then
ab=s('ZREVRANGE',KEYS[h+3],0,0,'WITHSCORES')[2]or'0'
if ab=='0'then
ax,bu='0','0'
if bg==''then
bk('DEL',KEYS[h])
if au then return au[1]and au end
return 1
end
end
end
l=as+0>ab+0 and as or ab
end
local br=tonumber(ch)
if br then
y=string.sub(y,1,br)..'0'..string.sub(y,br+2)
else
for ca,gq in string.gmatch(ch,'(%d+)%-?(%d*)')do
if gq==''then gq=ca end
y=string.sub(y,1,ca)..string.rep('0',gq-ca+1)..string.sub(y,gq+2)
end
end
ij(h,ax,ab,bu,y,as..':'..w..':'..bg,l)
if au then return au[1]and au end
return 1
end
local fc={['slots.acquire']=es,['slots.extend']=es,['slots.release']=es}
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
local id,ca,l={},string.find(y,dq..'+')
while ca do
id[#id+1]=ca==l and tostring(ca-1)or string.format('%d-%d',ca-1,l-1)
ca,l=string.find(y,dq..'+',l+1)
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
local function lz(f,z)
local ez,ef=string.match(f,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not ez then return 0,1 end
return tonumber(ez,16)%z,1+tonumber(ef,16)%z
end
local function iz(y,am,z,hw,x,f)
local cw=am
local function fp(ac,l)
l=math.min(l,z-1)
if cw==0 or ac>l then return end
local mj,ah=string.gsub(string.sub(y,ac+1,l+1),cr,gt,cw)
if ah==0 then return end
y,cw=string.sub(y,1,ac)..mj..string.sub(y,l+2),cw-ah
end
for ac,l in dl(hw)do fp(ac,l)end
if x then
for ac,l in dl(x)do fp(ac,l)end
else
local ez,ef=lz(f,z)
for d=0,kv-1 do
if cw==0 then break end
local br=(ez+d*ef)%z
if string.byte(y,br+1)==kt then fp(br,br)end
end
fp(ez,z-1)
fp(0,ez-1)
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
local bq,z,gr=string.match(an,'^(%d+) (%d+) (%d+)$')
if bq and tonumber(gr)+604800000+86400000>=b then return tonumber(bq),tonumber(z),tonumber(gr)end
end
local function hz(j,q,b)
return ht(redis.call('HGET',j,q)or'',b)
end
local function il(j,q,bq,z,b)
local jb=tonumber(redis.call('HGET',j,im)or'')
if not jb or jb+86400000<b then
local dd=redis.call('HGETALL',j)
for d=1,#dd,2 do
if not ht(dd[d+1],b)then redis.call('HDEL',j,dd[d])end
end
redis.call('HSET',j,im,string.format('%.0f',b))
end
redis.call('HSET',j,q,string.format('%.0f %.0f %.0f',bq,z,b))
redis.call('PEXPIRE',j,604800000+86400000)
end
local function mf(j,q,bq,z,b)
if bq>(hz(j,q,b)or 0)then il(j,q,bq,z,b)end
end`;

const PART_15 = `local ip='~p'
local ek,el=16,32
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
local ci=''
if not IS_CLUSTER then
local cj=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
ci=type(cj)=='string'and string.match(cj,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..el..'.'..el..'s',ci)
end
local function hb(a)
return redis.call('GETRANGE',a[5],0,el-1)==kg(a)
end
local function fj(a,w,ae)
if not hb(a)then return ae end
local hn=ae-ae%16384
for ac,l in dl(w)do
local an=redis.call('GETRANGE',a[5],el+ek*ac,el+ek*(l+1)-1)
for d=0,l-ac do
local ah=tonumber(string.sub(an,ek*d+1,ek*(d+1)))
hn=math.max(hn,ah or ae)
end
end
return hn
end
local function ik(a,w,ah,ae)
if not hb(a)then redis.call('SET',a[5],kg(a),'PX',604800000)end
local an=string.format('%0'..ek..'.0f',ah)
for ac,l in dl(w)do
redis.call('SETRANGE',a[5],el+ek*ac,string.rep(an,l-ac+1))
end
if ae<ah then fa(a[2],ah)end
end`;

const PART_16 = `local gu='~s'
local function ei(c,ac)
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
local function er(a,z,bq,b)
local av,ah,gr=hz(a[6],a[1],b)
if bq>(av or 0)then
av,ah=bq,z
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
local function cm(a,e,g,ch,z,b)
if#g==0 then return 0,false end
local y=gk(e.map,z)
local bz=e.is_other and 0 or ff(y,z)
local bf,cn,em=ke(g,function(ct)
bz=bz-tonumber(ct)
return bz>=0
end,b)
local cl={}
for d,o in ipairs(bf)do
local w,mh=iz(y,tonumber(o[3]),z,ch,'0-'..z-1)
y=mh or y
cl[d]=o[2]..':'..string.gsub(w or'',' ',',')
end
if#cl>0 then
db(a[7],g,b)
redis.pcall('PUBLISH',a[8],kr(cl,em))
end
return#cl,cn
end
u['slots.acquire']=function(a,c)
local f,al,ad,bb,am=c[1],tonumber(c[2]),c[3],tonumber(c[4]),tonumber(c[5])
local hw,ge,x,b=c[8],#c>8,ei(c,9),at()
local e,aj,cf=gl(a)
local z,fk=er(a,tonumber(c[6]),tonumber(c[7]),b)
if am>z then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',z,am),0)end
fz(a,e,b)
local g=ce(a[7],b,dv(z))
local av=math.max(b,g.ticket)
local cz=gx(bb,av)
local y=gk(e.map,z)
local w,bx=df(a,e,f),nil
if aj then
if ad~=''then pcall(hd,a[8],ad,al)end
elseif w then
local k=fj(a,w,bl(a[2])or cv(a[2]))
ia(a,e,f,b+al,b)
if kl(g,ad,b)then db(a[7],g,b)end
return{1,k,w,fk,ge and y or nil}
else
local da,dm=y,''
for d=2,#x do
local be=df(a,e,x[d])or''
da,dm=cy(da,be,cr),dm..' '..be
end
local bs
if#g>0 and not ge then
local bz=ff(da,z)
bs=bz>=am and iv(g,ad,cz>0 and cz or nil,function(ct)
bz=bz-tonumber(ct)
return bz<am
end)
end
if not bs then bx=iz(da,am,z,hw,ge and dm or nil,f)end
if bx then
local ae=bl(a[2])
local ac=not ae and cv(a[2])
local k,t=fj(a,bx,ae or ac)+1,b+al
iy(a,e)
for d=2,#x do
local ak,as=fy(a,e,x[d])
t=math.max(t,as or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
k=ac or k
fa(a[2],k)
else
ik(a,bx,k,ae or ac)
end
dt(a,e,f,bx,t,b)
if kl(g,ad,b)then db(a[7],g,b)end
return{1,k,bx,fk,ge and cy(da,bx,dj)or nil}
end
local bz=ff(y,z)
cf,aj=li(a,e,am-bz,b)
if bs then
cm(a,e,g,'',z,b)
if bs[5]>0 then cf,aj=math.max(0,50-b+bs[5]),''
else cf=-1 end
end
end
if ad~=''then
ko(g,ad,string.format('%.0f',am),bb,0,b,av)
db(a[7],g,b)
end
return{0,cf,aj,kp(av,b),fk}
end
u['slots.commit']=function(a,c)
local k,w=tonumber(c[2]),c[3]
local e=dp(redis.call('GET',a[1]))
if df(a,e,c[1])~=w then return{0}end
local ae=bl(a[2])or cv(a[2])
local ah=fj(a,w,ae)
if ah<k or not hb(a)then ik(a,w,math.max(ah,k),ae)end
return 1
end
u['slots.extend']=function(a,c)
local f,k,al,w=c[1],tonumber(c[2]),tonumber(c[3]),c[4]
local x,b=ei(c,7),at()
local e,aj=gl(a)
if aj then return{0,-1,aj}end
local z=er(a,tonumber(c[5]),tonumber(c[6]),b)
fz(a,e,b)
local be=df(a,e,f)
if be==w and#x==1 then
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
u['slots.release'](a,ks)
return{0,-1,''}
end
iy(a,e)
local ae=be~=w and(bl(a[2])or fe(a[2]))
if ae then ik(a,w,math.max(k,fj(a,w,ae)),ae)end
local t=b+al
for ak,cu in ipairs(x)do
local ak,l=fy(a,e,cu)
t=math.max(t,l or 0)
end
dt(a,e,f,w,t,b)
local ch=kk(cy(cy(string.rep(cr,#da),as,dj),w,cr),dj)
if ch~=''then cm(a,e,ce(a[7],b,dv(z)),ch,z,b)end
return 1
end
u['slots.release']=function(a,c)
local bc,x,b=c[2],ei(c,5),at()
local aq=redis.pcall('GET',a[1])
local e=dp(type(aq)=='string'and aq)
local ch,bm,ii,js='',false,0,false
for ak,cu in ipairs(x)do
local w,t=fy(a,e,cu)
if w then
js,bm=true,bm or t>=b
ch,ii=ch..' '..w,math.max(ii,t)
end
end
if not js then return 0 end
redis.pcall('ZREM',a[4],'')
local az=redis.pcall('MGET',a[7],a[8])
local ji=az[1]or az[2]
if ji then fz(a,e,b)end
local l=fo(a,e,b)
if ji then
local z=er(a,tonumber(c[3]),tonumber(c[4]),b)
local g=ce(a[7],b,dv(z))
local bn,bf,cn=pcall(cm,a,e,g,ch,z,b)
if not bn then bf,cn=0,false end
if l==0 and not cn then ha(a[8],bc~='')
elseif l>0 and ii>l and bf==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bm and 1 or 0
end
u['slots.leave']=function(a,c)
local b=at()
local z=er(a,tonumber(c[2]),tonumber(c[3]),b)
local g=ce(a[7],b,dv(z))
if jz(g,c[1])then
db(a[7],g,b)
pcall(function()cm(a,dp(redis.call('GET',a[1])),g,'',z,b)end)
end
pcall(en,a[8],c[1])
return 1
end
u['slots.count']=function(a,c)
local b=at()
local e,aj=gl(a)
local z,fk=er(a,tonumber(c[1]),tonumber(c[2]),b)
fz(a,e,b)
local g=ce(a[7],b,dv(z))
cm(a,e,g,'',z,b)
local bz=aj and 0 or ff(gk(e.map,z),z)
local bq=tonumber(string.match(fk,'^%d+')or 0)
return{1,bz,z,bq,#e.map-ff(e.map,#e.map)}
end
u['slots.resize']=function(a,c)
if not bl(a[2])then cv(a[2])end
return u['slots.count'](a,c)
end`;

const PART_17 = `u['slots.renew']=function(a,c,et)
local f,b,aq=c[1],at(),redis.call('GET',a[1])
local e=dp(aq)
local w,t=df(a,e,f)
if w~=c[3]or t<b then
local ls=e.is_other and string.sub(aq,1,2)~=gu
return{0,redis.call('PTTL',a[1]),ls and aq or''}
end
local k=fj(a,w,bl(a[2])or 1)
if not et then ia(a,e,f,b+tonumber(c[2]),b)end
return k
end`;

const PART_18 = `local fc,he,fd={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fd=2
local fc={
['mutex.acquire']=function(h,ai,af)
local cg=s('SET',KEYS[h],ARGV[ai],'NX','PX',ARGV[af])
if not cg or cg.err then return nil end
local k=ah(KEYS[h+1])
if k then return k end
local dk=s('DEL',KEYS[h])
return type(dk)=='table'and{-1,dk.err}or nil
end,
['mutex.takeOver']=function(h,ai,af)
if s('GET',KEYS[h])~=ARGV[ai+1]then return nil end
local k=ah(KEYS[h+1])
if not k then return nil end
local cg=s('SET',KEYS[h],ARGV[ai],'PX',ARGV[af])
return not cg.err and-k or nil
end,
['mutex.extend']=function(h,ai,af)
if s('GET',KEYS[h])~=ARGV[ai]then return nil end
local r=s('PTTL',KEYS[h])
if type(r)~='number'or r<0 then return nil end
if r<tonumber(ARGV[af])and s('PEXPIRE',KEYS[h],ARGV[af])~=1 then return nil end
return 1
end,
['mutex.release']=function(h,ai)
local aa=s('MGET',KEYS[h],KEYS[h+1])
if aa.err or aa[2]then return nil end
if aa[1]~=ARGV[ai]then return 0 end
return s('DEL',KEYS[h])==1 and 1 or nil
end,
}`,
    PART_2,
    `local he={
['mutex.release']=function(h,ai,dn,cq)
local aa=s('MGET',unpack(KEYS,h,h+2*dn-1))
if aa.err then return 0 end
local be,jq,ic,dr={},{},{},0
for d=1,dn do
if aa[2*d]then break end
local q=KEYS[h+2*d-2]
local bo=aa[2*d-1]==ARGV[ai+d-1]and not jq[q]
cq[#cq+1]=bo and 1 or 0
if bo then
jq[q]=true
be[#be+1]=q
ic[#be]=#cq
end
dr=d
end
local dk=#be>0 and s('DEL',unpack(be))
if type(dk)=='table'then
for d=1,#ic do cq[ic[d]]={-1,dk.err}end
end
return dr
end
}`,
    PART_3,
    PART_4,
    `local function dt(j,f,al,bo)
if not bo then redis.call('SET',j,f,'PX',al)
else
local r=redis.call('PTTL',j)
if r>=0 and r<tonumber(al)then redis.call('PEXPIRE',j,al)end
end
end
local function is(a,f,hx,al,ad)
local eh=ad==''and 2 or 3
local bo,cb,co={},true,false
local cf,aj
for d=1,#a,eh do
local i=redis.call('GET',a[d])
bo[d]=i==f
if i~=f then cb=false end
if i and i==hx then
co=true
elseif i and i~=f then
local r=redis.call('PTTL',a[d])
if not aj or(cf~=-1 and(r==-1 or r>cf))then
cf,aj=r,i
end
end
end
if ad~=''then
for d=3,#a,3 do pcall(hd,a[d],ad,tonumber(al))end
end
if aj then return{0,cf,aj}end
local k=0
for d=2,#a,eh do
local l=bl(a[d])
k=math.max(k,l and(cb and l or l+1)or cv(a[d]))
end
for d=1,#a,eh do
dt(a[d],f,al,bo[d])
fa(a[d+1],k)
end
return co and-k or k
end
u['mutex.acquire']=function(a,c)
return is(a,c[1],nil,c[2],c[3])
end
u['mutex.takeOver']=function(a,c)
return is(a,c[1],c[2],c[3],c[4])
end
u['mutex.commit']=function(a,c)
for d=1,#a,2 do
if redis.call('GET',a[d])~=c[1]then return{0}end
end
for d=2,#a,2 do
if not bl(a[d])then cv(a[d])end
ev(a[d],tonumber(c[2]))
end
return 1
end
u['mutex.extend']=function(a,c)
local f,k,al=c[1],tonumber(c[2]),c[3]
local bo={}
for d=1,#a,2 do
local i=redis.call('GET',a[d])
if i and i~=f then return{0,redis.call('PTTL',a[d]),i}end
bo[d]=i==f
end
for d=1,#a,2 do
local hh=not bo[d]and(bl(a[d+1])or fe(a[d+1]))
if hh then ev(a[d+1],k)end
end
for d=1,#a,2 do dt(a[d],f,al,bo[d])end
return 1
end
u['mutex.release']=function(a,c)
local f,bc=c[1],c[2]
local bm,ep=false,false
for d=1,#a,2 do
local i=redis.pcall('GET',a[d])
if bc~=''then pcall(en,a[d+1],bc)end
if i==f then
redis.call('DEL',a[d])
bm=true
if ha(a[d+1],bc~='')then ep=true end
elseif type(i)=='table'and i.err and not string.find(i.err,'WRONGTYPE',1,true)then
error(i.err)
end
end
if not bm then return 0 end
return ep and-1 or 1
end
u['mutex.leave']=function(a,c)
pcall(en,a[1],c[1])
return 1
end
u['mutex.renew']=function(a,c)
local k=1
for d=1,#a,2 do
local i=redis.call('GET',a[d])
if i~=c[1]then return{0,redis.call('PTTL',a[d]),i or''}end
k=math.max(k,bl(a[d+1])or 1)
end
for d=1,#a,2 do dt(a[d],c[1],c[2],true)end
return k
end
u['mutex.query']=function(a)
local p={1}
for d=1,#a,2 do
p[#p+1]=redis.call('GET',a[d])or''
p[#p+1]=redis.call('PTTL',a[d])
p[#p+1]=ec(a[d+1])or''
end
return p
end
u['mutex.observe']=function(a)
local i=redis.call('GET',a[1])
if not i then return 1 end
pcall(lw,a[2])
return{0,redis.call('PTTL',a[1]),i}
end`,
    PART_5,
    PART_6,
  ],
  "c847666ee9d455fb70dced18f1a0ac6147e26c90",
  "89869243d0173434b73034e938ae264390ad12fa",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fd=81
local fc={
['modes.acquire']=function(h,ai,af,am)
local f,al,ao,ck=ARGV[ai],ARGV[af],ARGV[af+1],KEYS[h+am-1]
if ARGV[af+2]~=''then return nil end
if am~=4 then
local ak,lj=string.gsub(ao,' ','')
if am~=3*lj+4 then return nil end
end
local fi,ew
if s('EXISTS',unpack(KEYS,h,h+am-2))~=0 then
local aa,m=s('MGET',unpack(KEYS,h,h+am-2)),1
if aa.err then return nil end
fi={}
ew={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for n in string.gmatch(ao,'%u+')do
local i,q,ar=aa[m],KEYS[h+m-1],KEYS[h+m]
if aa[m+2]then return nil end
if not i then
if s('EXISTS',q,ar)~=0 then return nil end
else
if n=='X'or n=='SIX'then return nil end
local r,be,aj=s('PTTL',q),nil,nil
if type(r)~='number'or r<=0 then return nil end
if i=='~s'then
if s('ZSCORE',ar,f)then return nil end
local ac=(n=='IX'and 3)or(n=='S'and 2)
if ac and s('ZCOUNT',ar,ac..'00000000000000','('..ac+2 ..'00000000000000')~=0 then
return nil
end
else
be,aj=string.match(i,'^~s ([ISX]+) (.*)$')
if not ew[be]or aj==f or(n~=be and n~='IS'and be~='IS')then return nil end
if s('EXISTS',ar)~=0 then return nil end
end
fi[m]={r,be,aj}
end
m=m+3
end
end
local k
if ao=='X'or string.find(' '..ao,' X',1,true)or string.find(ao,'SIX',1,true)then
k=ah(ck)
if not k then return nil end
else
local i=s('GET',ck)
k=not i and ah(ck)or(type(i)=='string'and string.match(i,'^%d+$')and tonumber(i))
if not k or k<1 or k>=9000000000000000 then return nil end
end
if am==4 and not fi then
local cg=s('SET',KEYS[h],ao=='X'and f or'~s '..ao..' '..f,'PX',al)
return not cg.err and k or nil
end
local m,b=1,nil
for n in string.gmatch(ao,'%u+')do
local q,gf=KEYS[h+m-1],fi and fi[m]
if gf then
local ar,dg,r,aj=KEYS[h+m],tonumber(al),gf[1],gf[3]
if not b then
local ap=s('TIME')
if ap.err then return nil end
b=tonumber(ap[1])*1000+math.floor(tonumber(ap[2])/1000)
end
local ag,bn=string.format('%.0f',ew[n]+b+dg),nil
if aj then
local kc=math.max(r,dg)
bn=s('ZADD',ar,string.format('%.0f',ew[gf[2]]+b+r),aj,ag,f)==2
and s('PEXPIRE',ar,kc)==1 and not s('SET',q,'~s','PX',kc).err
else
s('ZREMRANGEBYSCORE',ar,string.format('%.0f',ew[n]),string.format('(%.0f',ew[n]+b))
bn=s('ZADD',ar,ag,f)==1
local km=s('PTTL',ar)
if type(km)~='number'or km<dg then
bn=s('PEXPIRE',ar,dg)==1 and bn
end
if r<dg then bn=s('PEXPIRE',q,dg)==1 and bn end
end
if not bn then return nil end
else
local cg=s('SET',q,n=='X'and f or'~s '..n..' '..f,'PX',al)
if cg.err then return nil end
end
m=m+3
end
return k
end,
['modes.extend']=function(h,ai,af,am)
local f,al,m=ARGV[ai],ARGV[af],1
local aa=ARGV[af-1]=='2'and s('MGET',unpack(KEYS,h,h+am-1))
if not aa or aa.err then return nil end
for n in string.gmatch(ARGV[af+1],'%u+')do
if aa[m]~=(n=='X'and f or'~s '..n..' '..f)then return nil end
m=m+4
end
for q=h,h+m-2,4 do
local r=s('PTTL',KEYS[q])
if type(r)~='number'or r<0 then return nil end
if r<tonumber(al)and s('PEXPIRE',KEYS[q],al)~=1 then return nil end
end
return 1
end,
['modes.release']=function(h,ai,ak,am)
local f,aa=ARGV[ai],nil
if am==4 then
local i,bv,mm=unpack(s('MGET',KEYS[h],KEYS[h+2],KEYS[h+3]))
if not i or bv or mm then return nil end
if i==f or string.match(i,'^~s [ISX]+ (.*)$')==f then
return s('DEL',KEYS[h])==1 and 1 or nil
end
aa={i}
else
aa=s('MGET',unpack(KEYS,h,h+am-1))
if aa.err then return nil end
end
local cp,go,ie,b={},{},{},nil
for m=1,am,4 do
local i,q,ar=aa[m],KEYS[h+m-1],KEYS[h+m]
if not i or aa[m+2]or aa[m+3]then return nil end
if i=='~s'then
local ag=s('ZSCORE',ar,f)
local r=s('PTTL',q)
if type(ag)~='string'or type(r)~='number'or r<0 then return nil end
if not b then
local ap=s('TIME')
b=tonumber(ap[1])*1000+math.floor(tonumber(ap[2])/1000)
end
local t=tonumber(ag)%100000000000000
local ae=tonumber(ag)-t
if t<b then return nil end
local kd,jn=string.format('%.0f',ae),string.format('(%.0f',ae+100000000000000)
local l=s('ZREVRANGEBYSCORE',ar,jn,kd,'WITHSCORES','LIMIT',0,2)
if l.err then return nil end
local ab,ho=tonumber(l[2])-ae,nil
if l[1]==f then
ho=s('ZCARD',ar)
ab=l[4]and tonumber(l[4])-ae
if ab and(ab<b or s('ZCOUNT',ar,kd,jn)~=ho)then return nil end
if not ab and ho~=1 then return nil end
elseif r>ab-b+1 then
return nil
end
if not ab then
cp[#cp+1]=q
elseif r>ab-b+1 then
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
if s('PEXPIRE',aq[1],aq[2])~=1 then return nil end
end
for ak,ar in ipairs(go)do
if s('ZREM',ar,f)~=1 then return nil end
end
local dk=#cp==0 or s('DEL',unpack(cp))
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
    `u['modes.position']=function(a,c)
local b=at()
local g=ce(a[3],b,dw)
local m,gy,ay=hv(g,c[1]),0,0
local ag=m and g[m][1]or math.max(b,g.ticket)+1-tonumber(c[2])
for d=1,#g do
local o=de(g,d)
if not o[7]and o[5]>=0 then
ay=ay+1
if o[2]~=c[1]and not hk(o,ag,c[1])then gy=gy+1 end
end
end
return{1,gy,ay,redis.call('EXISTS',a[1])}
end
u['modes.stay']=function(a,c)
local b=at()
local g=ce(a[3],b,dw)
if gn(g,c[1],b)then db(a[3],g,b)end
return 1
end`,
    `u['modes.query']=function(a)
local p,b={1},at()
for ak,v in ipairs(dz(a,#a/4,4))do
local ej={ec(v.wake)}
local g=ce(v.line,b,dw)
for d=1,#g do
local o=de(g,d)
if o[4]>=b and o[5]>=0 then ej[#ej+1]=o[2]end
end
p[#p+1]=redis.call('GET',v.lock)or''
p[#p+1]=redis.call('PTTL',v.lock)
p[#p+1]=table.concat(ej,' ')
local hj=redis.call('ZRANGE',v.shared,0,-1,'WITHSCORES')
local m=#p+1
p[m]=0
for d=1,#hj,2 do
local r=tonumber(hj[d+1])%dc-b
if r>=0 then
p[m]=p[m]+1
p[#p+1]=hj[d]
p[#p+1]=r
end
end
end
return p
end`,
    PART_11,
    PART_5,
    PART_6,
  ],
  "1a85ec879be92c5a507b0d868b7e87bac3dda702",
  "a2257f591819a2b480796d9b953680df6f6f3e64",
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
    `u['slots.query']=function(a)
local b=at()
local e,bi,r=gl(a)
local bq,z=hz(a[6],a[1],b)
local ej={ec(a[8])}
local g=ce(a[7],b,dv(math.huge))
for d=1,#g do
local o=de(g,d)
if o[4]>=b then ej[#ej+1]=o[2]end
end
local p={1,bi or'',r or-2,z or 0,bq or 0,table.concat(ej,' ')}
local function it(f,w,t)
if w and t>=b then
local m=#p
p[m+1],p[m+2],p[m+3]=f,w,t-b
end
end
if e.token~=''then it(e.token,e.slots,e.deadline)end
if e.latest>0 then
local kn,be={},redis.call('HGETALL',a[3])
for d=1,#be,2 do kn[be[d]]=be[d+1]end
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
  "7c0ebbeec6d0eda99280250efc55a448297d8c22",
  "ddfd70551406abd3d7e901d3ac13a23ab01e5e35",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function ki(j)
local cj=redis.pcall('GET',j)
return type(cj)=='string'and cj or''
end
local function kj(j,lf,i)
local eb=ki(j)
local ap=redis.call('TIME')
local b=string.format('%.0f',tonumber(ap[1])*1000+math.floor(tonumber(ap[2])/1000))
if eb==lf then
eb=i(tonumber(b))
redis.call('SET',j,eb)
end
return{1,eb,b}
end
u['marker.replace']=function(a,c)
return kj(a[1],c[1],function()return c[2]end)
end
u['marker.lose']=function(a,c)
return kj(a[1],c[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(c[2]))
end)
end`,
    `u['identify']=function(a)
local ex=''
local function gm(mk)
local gb=redis.pcall('INFO',mk)
if type(gb)=='table'then gb,ex='',gb.err end
return function(lh)return string.match(gb,'%f[%w_]'..lh..':([^\\r\\n]*)')or''end
end
local ey,hp,ib=gm('server'),gm('memory'),gm('replication')
local ap=redis.call('TIME')
local n=ey('redis_mode')
if n==''then n=ey('server_mode')end
local kq=ey('valkey_version')
return{
1,ey('run_id'),tonumber(ey('uptime_in_seconds'))or-1,
tonumber(ap[1])*1000000+tonumber(ap[2]),
tonumber(gm('persistence')('aof_enabled'))or-1,
hp('maxmemory_policy'),tonumber(hp('maxmemory'))or-1,
ib('role'),n,ib('master_replid'),ib('master_replid2'),
a[1]and ki(a[1])or'',ex,
tonumber(hp('used_memory'))or-1,kq~=''and'valkey '..kq or ey('redis_version')
}
end`,
    PART_14,
    `u['counters.read']=function(a)
local p,b={1},at()
for d=1,#a,2 do
local fh,k=pcall(bl,a[d])
p[#p+1]=fh and k and string.format('%.0f',k)or''
end
for d=2,#a,2 do
local dd,cp,cl=redis.pcall('HGETALL',a[d]),{},{}
for m=1,dd.err and 0 or#dd,2 do
cp[#cp+1],cl[dd[m]]=dd[m],dd[m+1]
end
table.sort(cp)
for ak,q in ipairs(cp)do
local bq,z=ht(cl[q],b)
if bq then
for ak,i in ipairs({d/2,q,string.format('%.0f',bq),z})do p[#p+1]=i end
end
end
end
return p
end
local function kh(a,c,ax)
local w,b=#a/2,at()
for d=1,w do
local j=a[2*d-1]
local fh,k=pcall(bl,j)
if fh and c[d]~=''then
if not k then ax(j)end
ev(j,tonumber(c[d]))
end
end
for m=w+1,#c,4 do
pcall(mf,a[2*tonumber(c[m])],c[m+1],tonumber(c[m+2]),tonumber(c[m+3]),b)
end
return 1
end
u['counters.raise']=function(a,c)
return kh(a,c,cv)
end
u['counters.restore']=function(a,c)
return kh(a,c,function()end)
end
u['counters.lift']=function(a,c)
for d=1,#a do
local fh,k=pcall(bl,a[d])
if fh and k then ev(a[d],tonumber(c[1]))end
end
return 1
end`,
    `u['set.note']=function(a,c)
local cg,dm,dy=c[1],c[2],tonumber(c[3])
local ap=redis.call('TIME')
local b=tonumber(ap[1])*1000+math.floor(tonumber(ap[2])/1000)
local ig,jr,jg=b,false,false
local cx,an={},redis.pcall('GET',a[1])
for bv in string.gmatch(type(an)=='string'and an or'','[^\\n]+')do
local gh,ac,ab,fb,mb=string.match(bv,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
ac,ab,fb=tonumber(ac),tonumber(ab),tonumber(fb)
if gh and ac<=ab and ab<=b and b<fb and fb<=b+3600000 then
if gh==cg then
ig,jr=ac,b-ab<tonumber(c[4])
elseif gh==dm then
jg=true
else
cx[#cx+1]={bv,gh,ab,ac,fb,mb}
end
end
end
local p,az,l={1},{},b+dy
for d=math.max(1,#cx-16+2),#cx do
local bi=cx[d]
az[#az+1]=bi[1]
l=math.max(l,bi[5])
p[#p+1]=bi[2]
p[#p+1]=bi[3]-math.max(bi[4],ig)
p[#p+1]=bi[5]-b
p[#p+1]=bi[6]
end
if not jr or jg then
az[#az+1]=string.format('%s %.0f %.0f %.0f %s',cg,ig,b,b+dy,c[5])
redis.call('SET',a[1],table.concat(az,'\\n'),'PX',string.format('%.0f',l-b))
end
return p
end`,
    PART_5,
    PART_6,
  ],
  "b867a02911cf5238d195a8215d75a5b6b4527d01",
  "752369dbabd04fa460d69439371d43ce56995325",
);

export const HOLD_SUMMARY_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `u['hold.summary']=function(a,c)
local eg=redis.pcall('GET',a[1])
if type(eg)~='string'or#eg>256 then eg=''end
if c[1]~=''then
local r,dy=redis.call('PTTL',a[1]),tonumber(c[2])
if eg==''or r<=dy-tonumber(c[3])or r>dy then
redis.call('SET',a[1],c[1],'PX',c[2])
end
end
return{1,eg}
end`,
    PART_5,
    PART_6,
  ],
  "fcbb217aca92344ebf143a33928bd8a16f3e79c0",
  "56e3e137b9ca0fa8a05e4ae81dcf514f1c9b3f1e",
);

export const REPORT_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function at()
local ap=redis.call('TIME')
return tonumber(ap[1])*1000+math.floor(tonumber(ap[2])/1000)
end
local function ih(j,b)
local mg=redis.pcall('ZREMRANGEBYSCORE',j,'-inf',b)
if type(mg)~='number'then
redis.call('DEL',j)
return 0
end
redis.call('ZREMRANGEBYSCORE',j,b+15000+1,'+inf')
return redis.call('ZCARD',j)
end
u['report.write']=function(a,c)
local b,ci,dy=at(),c[1],tonumber(c[3])
local eg,gp=ih(a[1],b),ih(a[2],b)
local fx=eg<1000 or redis.call('ZSCORE',a[1],ci)
local ka=fx and a[1]or a[2]
redis.call('ZREM',fx and a[2]or a[1],ci)
if fx or gp<10000 then
redis.call('ZADD',ka,b+dy,ci)
redis.call('PEXPIRE',ka,15000)
end
if not fx then return{1,0}end
redis.call('SET',a[3],c[2],'PX',c[3])
return{1,1}
end
u['report.remove']=function(a,c)
local b=at()
for jp=1,2 do
ih(a[jp],b)
redis.call('ZREM',a[jp],c[1])
end
redis.call('DEL',a[3])
return{1}
end
u['report.list']=function(a,c)
local b=at()
local jo=redis.pcall('ZREVRANGEBYSCORE',a[1],'+inf','('..b,'LIMIT',0,1000)
local gp=redis.pcall('ZCOUNT',a[2],'('..b,'+inf')
local p={1,type(gp)=='number'and gp or 0}
if not jo.err then
for ak,ci in ipairs(jo)do p[#p+1]=ci end
end
return p
end
u['report.read']=function(a,c)
local p={1}
for ak,j in ipairs(a)do
local an=redis.pcall('GET',j)
if type(an)~='string'or#an>8192 then an=''end
p[#p+1]=an
p[#p+1]=an==''and 0 or redis.call('PTTL',j)
end
return p
end`,
    PART_5,
    PART_6,
  ],
  "f65960dfa578b09c353412e1b166e772cf3487ce",
  "d8ec88ccd8cb3c036eea024da1033b09251c623f",
);

export const SINGLE_RECORD_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function at()
local ap=redis.call('TIME')
return tonumber(ap[1])*1000+math.floor(tonumber(ap[2])/1000)
end
local function hy(j)
local aa=redis.call('HMGET',j,'p','f','n','b')
return tonumber(aa[1])or 0,tonumber(aa[2])or 0,tonumber(aa[3])or 0,aa[4]or''
end
local function ju(j,dg)
if redis.call('PTTL',j)<tonumber(dg)then redis.call('PEXPIRE',j,dg)end
end
u['single-record.open']=function(a,c)
local k=tonumber(c[1])
local eu,ds,am,hc=hy(a[1])
if eu>k then return{0,eu}end
redis.call('HSET',a[1],'p',c[1])
ju(a[1],c[2])
return{1,ds,am,hc,at()}
end
u['single-record.put']=function(a,c)
local k,hr=tonumber(c[1]),tonumber(c[2])
local eu,ds,am=hy(a[1])
if eu>k or ds>k or(ds==k and am>hr)then return{0,math.max(eu,ds)}end
redis.call('HSET',a[1],'p',c[1],'f',c[1],'n',c[2],'b',c[3])
ju(a[1],c[4])
return{1}
end
u['single-record.get']=function(a,c)
local eu,ds,am,hc=hy(a[1])
return{1,ds,am,hc,at()}
end`,
    PART_5,
    PART_6,
  ],
  "639e809526c7bc2d50b153f0088b3673ffcbac2a",
  "79e9283bf5bd649e74d24b942a0fb0c844162b9c",
);

export const OPERATOR_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `u['operator.replace']=function(a,c)
local f,hx=c[1],c[2]
local i=redis.call('GET',a[1])
local r=i and redis.call('PTTL',a[1])or 0
if not i or(i~=f and(i~=hx or r==-1))then return{0,r,i or''}end
local l=bl(a[2])
local k=l and(i==f and l or l+1)or cv(a[2])
if i~=f then redis.call('SET',a[1],f,'PX',math.max(1,r))end
fa(a[2],k)
return-k
end
u['operator.restore']=function(a,c)
local i=redis.pcall('GET',a[1])
if i~=c[1]then return 0 end
redis.call('SET',a[1],c[2],'PX',math.max(1,redis.call('PTTL',a[1])))
return 1
end`,
    PART_5,
    PART_6,
  ],
  "1f9163e013b6319f7b54243ebc3104bf6abe9cf1",
  "3eb52ed74b3e8af578835126ee305319c4e59f31",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    PART_12,
    `local fd=13
local function hs(h,ai,af,am,cd)
local f,q=ARGV[ai],KEYS[h+8]
if cd=='quota.acquire'then
local n=ARGV[af+10]
if am~=12 or ARGV[af]~='modes.acquire'or ARGV[af-1]~='12'or ARGV[af+11]~=''then return nil end
local by=(n=='X'or n=='SIX')and 1 or(n=='S'or n=='IX'or n=='IS')and 0
local p=by and es(h,ai,af+2,am,'slots.acquire',by)
if not p then return nil end
bk('SET',q,n=='X'and f or'~s '..n..' '..f,'PX',ARGV[af+9])
if au then return au[1]and au end
return p
end
if cd=='quota.extend'then
if am~=13 or ARGV[af]~='modes.extend'or ARGV[af-1]~='10'then return nil end
local n,al=ARGV[af+9],ARGV[af+8]
if s('GET',q)~=(n=='X'and f or'~s '..n..' '..f)then return nil end
local r=s('PTTL',q)
if type(r)~='number'or r<0 then return nil end
local p=es(h,ai,af+2,am,'slots.extend')
if p and r<tonumber(al)then bk('PEXPIRE',q,al)end
if au then return au[1]and au end
return p
end
if am~=12 or ARGV[af]~='modes.release'or ARGV[af-1]~='6'then return nil end
local aa=s('MGET',KEYS[h],KEYS[h+6],KEYS[h+7],q,KEYS[h+10],KEYS[h+11])
local i=aa[4]
if not i or aa[5]or aa[6]then return nil end
if i~=f and string.match(i,'^~s [ISX]+ (.*)$')~=f then return nil end
local p=es(h,ai,af+2,am,'slots.release',aa)
if not p then return nil end
if p~=2 then bk('DEL',q)end
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
local bj,cc,bp,bw={},{},{c[1]},{c[1]}
local ah=tonumber(c[3])
for d,j in ipairs(a)do
if d<=iq then bj[d]=j
else cc[d-iq]=j end
end
for d=4,#c do
if d<4+ah then bp[d-2]=c[d]
else bw[d-2-ah]=c[d]end
end
return bj,bp,cc,bw
end
local function kf(a,c,ac)
local e,bh,b=dp(redis.call('GET',a[1])),{},at()
local ak,ma=df(a,e,c[1])
for d=ac,#c do
local w,t=df(a,e,c[d])
if w and t>b then bh[#bh+1]={c[d],w,t}end
end
return(ma or 0)>=b,bh
end
local function lk(a,f,bh,b)
local e=dp(redis.call('GET',a[1]))
fy(a,e,f)
for ak,hu in ipairs(bh)do dt(a,e,hu[1],hu[2],hu[3],b)end
fo(a,e,b)
end
local function kb(a,f,bh,cb,cd,cc,bw)
local bn,q=pcall(u[cd],cc,bw)
if bn and(type(q)=='number'or q[1]==1)then return q end
if not cb then lk(a,f,bh,at())end
if not bn then error(q,0)end
return nil,{0,q[2],q[3],q[4],q[5],2}
end
u['quota.acquire']=function(a,c)
local bj,bp,cc,bw=fm(a,c)
local cb,bh=kf(bj,bp,9)
local aw=u['slots.acquire'](bj,bp)
if aw[1]==0 then return{0,aw[2],aw[3],aw[4],aw[5],1}end
local q,ex=kb(bj,c[1],bh,cb,c[2],cc,bw)
if not q then
if#bh==0 and not cb then
local b=at()
local z=er(bj,tonumber(bp[6]),tonumber(bp[7]),b)
local e,g=dp(redis.call('GET',bj[1])),ce(bj[7],b,dv(z))
cm(bj,e,g,aw[3],z,b)
end
return ex
end
if type(q)=='number'then return{1,math.abs(q),aw[3],aw[4],aw[5]or''}end
return{1,q[2],aw[3],aw[4],aw[5]or'',q[3],q[4],q[5]or''}
end
u['quota.convert']=function(a,c)
local bj,bp,cc,bw=fm(a,c)
local cb,bh=kf(bj,bp,7)
local aw=u['slots.extend'](bj,bp)
if aw~=1 then return{0,aw[2],aw[3],'0','',1}end
local q,ex=kb(bj,c[1],bh,cb,c[2],cc,bw)
return q and{1,math.abs(q),bp[4],'',''}or ex
end
local function iw(a,c,cd)
local bj,bp,cc,bw=fm(a,c)
local aw=u[cd](bj,bp)
if aw~=1 then return aw end
return u[c[2]](cc,bw)
end
u['quota.commit']=function(a,c)return iw(a,c,'slots.commit')end
u['quota.extend']=function(a,c)return iw(a,c,'slots.extend')end
u['quota.release']=function(a,c)
local bj,bp,cc,bw=fm(a,c)
local bn,aw=pcall(u['slots.release'],bj,bp)
local q=u[c[2]](cc,bw)
if not bn then error(aw,0)end
return q~=0 and q or aw
end`,
    `u['quota.renew']=function(a,c)
local bj,bp,cc,bw=fm(a,c)
local q
for ak,et in ipairs({true,false})do
local aw=u['slots.renew'](bj,bp,et)
if type(aw)~='number'then return aw end
q=u[c[2]](cc,bw,et)
if type(q)~='number'then return q end
end
return q
end`,
    PART_5,
    PART_6,
  ],
  "60a7d1246424f893c7acd9462fc4699e008f740b",
  "89fc33c71347b20271ddf82099b96c1e01daf15f",
);
