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
local em=type(cj)=='string'and string.match(cj,'^complete .* (%d+)$')
local cg=em and s('SET',j,em)
if cg and not cg.err then return tonumber(em)end
end
local mg=s(k>1 and'DECR'or'DEL',j)
if type(mg)=='table'then s('DECR',j)end
return nil
end`;

const PART_2 = `if#KEYS<=fb and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local gh=fa[ARGV[1]]
local p=gh and gh(1,6+ARGV[5],6,#KEYS,ARGV[1])
if p then return p end
end`;

const PART_3 = `local function general()
local w={}
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
local function ey(j,k)
redis.call('SET',j,string.format('%.0f',k))
end
local function fc(j)
if not IS_CLUSTER then
local cj=redis.pcall('GET',string.match(j,'^(.*)~fence:')..'~server')
if type(cj)~='table'or string.find(cj.err,'WRONGTYPE',1,true)then
return type(cj)=='string'and tonumber(string.match(cj,'^complete .* (%d+)$'))or nil
end
end
local aq=redis.call('TIME')
local b=tonumber(aq[1])*1000000+tonumber(aq[2])
return math.max(1,b-b%16384)
end
local function cv(j)
local em=fc(j)
if em then return em end
redis.call('DEL',j)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function et(j,k)
local dz=bl(j)
if not dz then k=math.max(k,fc(j)or 0)end
if(dz or 0)<k then ey(j,k)end
end`;

const PART_4 = `local function ea(j)
local ay=redis.pcall('GET',j)
return type(ay)=='string'and ay or nil
end
local function ha(j,bc,al)
al=math.max(al,20000)
local ay=ea(j)
if not ay then
redis.call('SET',j,bc,'PX',al)
elseif string.find(' '..ay..' ',' '..bc..' ',1,true)then
redis.call('PEXPIRE',j,math.max(redis.call('PTTL',j),al))
elseif#ay+1<256*(#bc+1)then
redis.call('SET',j,ay..' '..bc,'PX',math.max(redis.call('PTTL',j),al))
end
end
local function el(j,bc)
local ay=ea(j)
if not ay then return end
local cx={}
for bi in string.gmatch(ay,'%S+')do
if bi~=bc then cx[#cx+1]=bi end
end
if#cx==0 then redis.call('DEL',j)
else redis.call('SET',j,table.concat(cx,' '),'PX',math.max(redis.call('PTTL',j),1))end
end
local function lr(j)
local ay,r=ea(j),redis.call('PTTL',j)
local bv=not ay and'~'or string.sub(ay,1,1)~='~'and'~ '..ay
r=math.max(r,20000)
if bv then redis.call('SET',j,bv,'PX',r)else redis.call('PEXPIRE',j,r)end
end
local function gy(j,lo)
local ay=ea(j)
if not ay then return false end
local ab=''
if string.sub(ay,1,1)=='~'then
el(j,'~')
ay=string.sub(ay,2)
end
if lo then ab=string.match(ay,'%S+')or''end
if ab~=''then el(j,ab)end
redis.pcall('PUBLISH',j,ab)
return ab~=''
end`;

const PART_5 = `return w
end`;

const PART_6 = `local function ly(gh,h,eo,ai,x,af,ap)
local a,c={unpack(KEYS,h,h+eo-1)},{unpack(ARGV,ai,ai+x-1)}
for d=1,ap do c[x+d]=ARGV[af+d-1]end
local bn,p=pcall(gh,a,c)
if bn then return p end
if type(p)=='table'then p=p.err or p[1]end
return{-1,tostring(p)}
end
local cq,w,h,ai={},nil,1,1
while ai<=#ARGV do
local cd,dm,eo=ARGV[ai],tonumber(ARGV[ai+1]),tonumber(ARGV[ai+2])
local x,ap,af=tonumber(ARGV[ai+3]),tonumber(ARGV[ai+4]),ai+5
ai=af+ap
local ja=eo<=fb
local iy=ja and fa[cd]
local ix=ja and dm>1 and hb[cd]
local dq=0
while dq<dm do
local ah=ix and ix(h,ai,dm-dq,cq)or 0
if ah==0 then
local p=iy and iy(h,ai,af,eo,cd)
if not p then
w=w or general()
p=ly(w[cd],h,eo,ai,x,af,ap)
end
cq[#cq+1]=p
ah=1
end
h,ai,dq=h+ah*eo,ai+ah*x,dq+ah
end
end
return#cq==1 and cq[1]or cq`;

const PART_7 = `local function fs(ad)return string.match(ad,'^%w+')or''end
local function de(g,d)
local am=g[d]
if type(am)~='string'then return am end
local ag,ad,ct,t,bf,bb=
string.match(am,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local o
if ct and g.is_demand(ct)then
o={tonumber(ag),ad,ct,tonumber(t),tonumber(bf),tonumber(bb),false,am}
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
local gx,eb=0,{}
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
local bc=fs(o[2])
eb[bc]=math.max(eb[bc]or 0,o[5])
o[7]=true
end
end
end
if not next(eb)then return end
for ak,o in ipairs(g)do
local bc=fs(o[2])
if eb[bc]and o[4]-3000>eb[bc]then eb[bc]=nil end
end
for ak,o in ipairs(g)do o[7]=o[7]or eb[fs(o[2])]~=nil end
end
local function ce(j,b,li)
local am=redis.pcall('GET',j)
local g={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=li}
local ax,l,bb
if type(am)=='string'then ax,l,bb=string.match(am,'^(%d+) (%d+) (%d+);')end
if not ax then return g end
g.check,g.last,g.ticket=tonumber(ax),tonumber(l),tonumber(bb)
local ah=0
for cu in string.gmatch(am,';([^;]+)')do
ah=ah+1
g[ah]=cu
end
if b>=g.check then kv(g,b)end
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
local lx=' '..ad..' '
for d,o in ipairs(g)do
if type(o)~='string'or string.find(o,lx,1,true)then
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
local function gv(bb,au)
if bb>=0 then return bb end
return-bb>au and-bb<=au+3000 and-bb or 0
end
local function kj(au,b)
return au==b and string.format('%.0f',b)or string.format('%.0f %.0f',au,b)
end
local function ki(g,ad,ct,bb,dv,b,aa)
local m=gl(g,ad,b)
if m and g[m][6]>=bb then
g[m][3]=ct
return m
end
if m then table.remove(g,m)end
local cz=gv(bb,aa)
if cz==0 then cz=aa+1 end
local ag=cz-dv
m=#g+1
while m>1 and hh(de(g,m-1),ag,ad)do m=m-1 end
local o={ag,ad,ct,b+3000,0,math.max(bb,0),false}
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
local bf,ft,hj={},{},false
for d=1,#g do
local o=de(g,d)
if not o[7]then
local bc=fs(o[2])
hj=hj or not cn(o[3])
if hj then
if not next(ft)then break end
if not ft[bc]then return bf,true,o[2]end
else
if o[5]<=0 then
o[5],o[8]=b,nil
fr(g,o)
bf[#bf+1]=o
end
ft[bc]=true
end
end
end
return bf,next(ft)~=nil,nil
end
local function kl(cl,ek)
return table.concat(cl,' ')..(ek and' ~'..ek or'')
end`;

const PART_8 = `local gq={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function du(am)return gq[am]end
local function iv(lt,bi)return string.find(gq[lt],' '..bi..' ',1,true)end
local function ln(ls)
local fy={}
return function(n)
if fy[n]==nil then fy[n]=not ls(n)end
if not fy[n]then return false end
for bi in string.gmatch(gq[n],'%u+')do fy[bi]=false end
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
local function dx(a,ah,ef)
local ba={['fences']={unpack(a,ah*ef+1)}}
for d=1,ah do
local h=(d-1)*ef
ba[d]={['lock']=a[h+1],['shared']=a[h+2],['line']=a[h+3],['wake']=ef>3 and a[h+4]}
end
return ba
end
local function eg(c,ab)
local x={c[1],[c[1]]=true}
for d=ab,#c do
x[#x+1]=c[d]
x[c[d]]=true
end
return x
end
local function ec(i)
if not i or string.sub(i,1,3)~='~s 'then return nil end
local n,f=string.match(i,'^~s (%u+) (.*)$')
if gt[n]then return n,f end
end
local function fo(lq)return string.format('%.0f',lq)end
local function jp(j,n,ah)
local ae=fq[n]*dc
return redis.pcall('ZREVRANGEBYSCORE',j,'('..fo(ae+dc),fo(ae),'WITHSCORES','LIMIT',0,ah),ae
end
local function gg(u,n,x,b)
local i=redis.call('GET',u.lock)
if i and(i==fp or string.sub(i,1,3)==fp..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local dg,bd=ec(i)
if bd then
local r=not x[bd]and redis.call('PTTL',u.lock)
if r and(r==-1 or iv(n,dg))then return r,bd end
return nil
end
if x[i]then return nil end
if i and i~=cs then return redis.call('PTTL',u.lock),i end
local l,aj
if not i and redis.call('EXISTS',u.shared)==0 then return nil end
for ak,md in ipairs(gt[n])do
local ac,ae=jp(u.shared,md,#x+1)
if ac.err then error(ac.err,0)end
for d=1,#ac,2 do
local t=tonumber(ac[d+1])-ae
if not x[ac[d]]then
if t>=b and(not l or t>l)then l,aj=t,ac[d]end
break
end
end
end
if l then return l-b,aj end
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
local dg,bd=ec(i)
if bd then return x[bd]and dg==n end
for ak,f in ipairs(x)do
local ag=redis.call('ZSCORE',u.shared,f)
if ag and math.floor(tonumber(ag)/dc)==fq[n]then return true end
end
return false
end
local function lk(u,x)
local i=redis.call('GET',u.lock)
local ak,bd=ec(i)
if bd then return x[bd]end
if x[i]then return true end
for ak,f in ipairs(x)do
if redis.call('ZSCORE',u.shared,f)then return true end
end
return false
end
local function ip(j,n,f,t,b)
local ae=fq[n]*dc
redis.call('ZREMRANGEBYSCORE',j,fo(ae),'('..fo(ae+b))
redis.call('ZADD',j,fo(ae+t),f)
if redis.call('PTTL',j)<t-b then redis.call('PEXPIRE',j,t-b)end
end
local function hf(u,n,x,al,b)
local q,ap,f,co=u.lock,u.shared,x[1],false
local i=redis.call('GET',q)
local t=b+al
local dg,bd=ec(i)
local aj,lg=bd or i,dg or'X'
if x[aj]then
local r=redis.call('PTTL',q)
if r==-1 and aj==f and n==lg then return false end
t=math.max(t,b+r)
if bd==f and n==dg then
redis.call('SET',q,i,'PX',t-b)
return false
end
co=aj~=f
i=nil
elseif bd then
local r=math.max(1,redis.call('PTTL',q))
ip(ap,dg,bd,b+r,b)
redis.call('SET',q,cs,'PX',r)
i=cs
end
if i~=cs and(n~='X'or bd)and redis.call('EXISTS',ap)==0 then
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
local r=redis.call('PTTL',q)
if r>=0 and r<t-b then redis.call('PEXPIRE',q,t-b)end
end
return co
end
local function bz(u,x,b)
local q,bm=u.lock,false
local i=redis.pcall('GET',q)
if type(i)=='table'then
if string.find(i.err,'WRONGTYPE',1,true)then return false,false end
error(i.err,0)
end
local ak,bd=ec(i)
if x[bd or i]then
redis.call('DEL',q)
i,bm=false,true
end
if bd or(bm and#x==1)then return bm,bm end
local gb=false
for ak,f in ipairs(x)do
local ag=redis.pcall('ZSCORE',u.shared,f)
if type(ag)=='string'then
redis.call('ZREM',u.shared,f)
gb=true
if tonumber(ag)%dc>=b then bm=true end
end
end
if i and i~=cs then return bm,false end
local aa=gb and jr(u,b)
if aa then
local r=redis.call('PTTL',q)
local ga=r>aa-b+1
if r<0 or ga then redis.call('SET',q,cs,'PX',math.max(1,aa-b))end
return bm,false,ga
end
if gb and i then redis.call('DEL',q)end
return bm,gb or bm
end`;

const PART_10 = `local ii={}
local function cm(u,g,b)
if#g==0 then return{},false end
local bf,cn,ek=jy(
g,ln(function(n)return gg(u,n,ii,b)end),b)
for d,o in ipairs(bf)do bf[d]=o[2]end
if#bf>0 then
db(u.line,g,b)
redis.pcall('PUBLISH',u.wake,kl(bf,ek))
end
return bf,cn
end
local function kt(u,n,x,ad,ag,g,b)
local r,aj=gg(u,n,x,b)
if r or#g==0 or lk(u,x)then return r,aj end
local bs,lf=iq(g,ad,ag,function(bi)return iv(bi,n)end)
if not bs then return nil end
if u.wake then cm(u,g,b)end
if lf then return-1,''end
if bs[5]>0 then return math.max(0,50-b+bs[5]),''end
r,aj=gg(u,bs[3],ii,b)
return r and-1 or 50,aj or''
end
local function la(iz,an,cb)
local k,by,au=0,false,{}
for ak,n in ipairs(an)do
if(n=='X'or n=='SIX')and not cb then by=true end
end
for d,j in ipairs(iz)do
local l=bl(j)
au[d]=l or 0
k=math.max(k,l and(by and l+1 or l)or cv(j))
end
for d,j in ipairs(iz)do
if au[d]~=k then ey(j,k)end
end
return k
end
w['modes.acquire']=function(a,c)
local al,ad,bb,dv=tonumber(c[2]),'',0,0
if c[4]~=''then
ad,bb,dv=string.match(c[4],'^(%S*) (%S+) (%S+)$')
bb,dv=tonumber(bb),tonumber(dv)
end
local an,x,kr,b=ge(c[3]),eg(c,5),{c[1],[c[1]]=true},av()
local ba=dx(a,#an,ad==''and 3 or 4)
local az,au,m,cf,aj={},b,nil,nil,nil
local cb,co=true,false
for d=1,#an do
az[d]=ce(ba[d].line,b,du)
au=math.max(au,az[d].ticket)
end
local cz=gv(bb,au)
local ag=cz>0 and cz-dv or nil
for d,n in ipairs(an)do
local u=ba[d]
local r,mi=kt(u,n,x,ad,ag,az[d],b)
if r then
m=m or d
if not aj or(cf~=-1 and(r==-1 or r>cf))then
cf,aj=r,mi
end
elseif not hi(u,n,kr)then
cb=false
end
end
local bv,fl=m or#an,nil
if ad~=''then
fl=ki(az[bv],ad,an[bv],bb,dv,b,au)
if not m and az[bv][fl]then az[bv][fl][5]=-1 end
db(ba[bv].line,az[bv],b)
end
if m then
if ad~=''then pcall(ha,ba[m].wake,ad,al)end
return{0,cf,aj,kj(au,b),fl and fl-1 or#az[m]}
end
local k=la(ba.fences,an,cb)
for d,n in ipairs(an)do
local u=ba[d]
if hf(u,n,x,al,b)then co=true end
if d~=bv and gl(az[d],ad,b)then db(u.line,az[d],b)end
end
return co and-k or k
end
w['modes.convert']=w['modes.acquire']
w['modes.commit']=function(a,c)
local an,x=ge(c[3]),{c[1],[c[1]]=true}
local ba=dx(a,#an,4)
for d,n in ipairs(an)do
if not hi(ba[d],n,x)then return{0}end
end
for ak,j in ipairs(ba.fences)do
if not bl(j)then cv(j)end
et(j,tonumber(c[2]))
end
return 1
end
w['modes.extend']=function(a,c)
local k,al,an=tonumber(c[2]),tonumber(c[3]),ge(c[4])
local ba,x,b,bo=dx(a,#an,4),eg(c,5),av(),true
for d,n in ipairs(an)do
local r,aj=gg(ba[d],n,x,b)
if r then return{0,r,aj}end
bo=bo and hi(ba[d],n,x)
end
for ak,j in ipairs(ba.fences)do
local he=not bo and(bl(j)or fc(j))
if he then et(j,k)end
end
for d,n in ipairs(an)do
local u=ba[d]
if hf(u,n,x,al,b)then cm(u,ce(u.line,b,du),b)end
end
return 1
end
local function js(u,g,ad,b)
local jc=jt(g,ad)
if jc then db(u.line,g,b)end
pcall(el,u.wake,ad)
return jc
end
w['modes.release']=function(a,c)
local ad,x,b=c[2],eg(c,3),av()
local bm,en,jg=false,false,string.find(ad,'.',1,true)
for ak,u in ipairs(dx(a,#a/4,4))do
local bo,lj,ga=bz(u,x,b)
local az=(bo or jg)and redis.pcall('MGET',u.line,u.wake)
if bo then bm=true end
if az and(az[1]or az[2])then
local g=ce(u.line,b,du)
if jg then js(u,g,ad,b)end
local bn,bf,cn=pcall(cm,u,g,b)
if not bn then bf,cn={},false end
for ak,bi in ipairs(bf)do
if bi~=ad then en=true end
end
if lj and not cn and gy(u.wake,ad~='')then en=true end
if ga and#bf==0 then redis.pcall('PUBLISH',u.wake,'')end
end
end
if not bm then return 0 end
return en and-1 or 1
end
w['modes.releaseAll']=w['modes.release']
w['modes.leave']=function(a,c)
local b=av()
for ak,u in ipairs(dx(a,#a/4,4))do
local g=ce(u.line,b,du)
if js(u,g,c[1],b)then pcall(cm,u,g,b)end
end
return 1
end`;

const PART_11 = `local function lh(u,n,f,b)
local i=redis.call('GET',u.lock)
if i~=cs then
local dg,bd=ec(i)
return(bd or i)==f and(dg or'X')==n
end
local ag=n~='X'and redis.call('ZSCORE',u.shared,f)
if not ag then return false end
return math.floor(tonumber(ag)/dc)==fq[n]and tonumber(ag)%dc>=b
end
w['modes.renew']=function(a,c,es)
local f,an,b,k=c[1],ge(c[3]),av(),1
local ba=dx(a,#an,3)
for d,n in ipairs(an)do
if not lh(ba[d],n,f,b)then
local i=redis.call('GET',ba[d].lock)
local ak,bd=ec(i)
local aj=bd or i~=cs and i or''
if string.sub(aj,1,3)==fp..' 'then aj=fp end
return{0,redis.call('PTTL',ba[d].lock),aj}
end
end
for ak,j in ipairs(ba.fences)do k=math.max(k,bl(j)or 1)end
if es then return k end
for d,n in ipairs(an)do hf(ba[d],n,{f,[f]=true},tonumber(c[2]),b)end
return k
end`;

const PART_12 = `local fb=8
local gu='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local kq='^~p %d+ 0 %d+ [01]* %d+:[%d -]*:'
local ko=8
local at,fe
local function bk(...)
if at then return end
local p=s(...)
if type(p)=='table'and p.err then at=fe and{-1,p.err}or{}else fe=true end
end
local function fu()
local aq=s('TIME')
return aq[1]*1000+math.floor(aq[2]/1000)
end
local function id(h,ax,aa,bu,y,bg,l,b)
if b and aa~='0'and l+0>bu+0 then
bu=string.format('%.0f',l+math.max(1,l-b))
bk('PEXPIREAT',KEYS[h+2],bu)
bk('PEXPIREAT',KEYS[h+3],bu)
bk('PEXPIRE',KEYS[h+4],604800000)
end
bk('SET',KEYS[h],'~p '..ax..' '..aa..' '..bu..' '..y..' '..bg,'PXAT',l)
end
local function er(h,ai,af,ak,cd,hc)
at,fe=nil,nil
if cd=='slots.acquire'then
local by=hc
if ARGV[af+1]~=''or ARGV[af+5]~='0'or ARGV[af+6]~=''or ARGV[af-1]~='7'then return nil end
local f,bh,z,ck=ARGV[ai],ARGV[af+3]+0,ARGV[af+4]+0,KEYS[h+1]
if bh>ko or bh>z then return nil end
local ao,b=s('GET',KEYS[h]),fu()
local ax,aa,bu,y,as,v,bg='0','0','0','','0','',''
local hd=true
if ao then
if ao.err then return nil end
ax,aa,bu,y,as,v,bg=string.match(ao,gu)
if not ax or bg==f then return nil end
if(aa~='0'and b>ax+0)or(bg~=''and as+0<b)then return nil end
if aa~='0'and s('HGET',KEYS[h+2],f)then return nil end
elseif s('EXISTS',unpack(KEYS,h+4,by and h+10 or h+6))==0 then
hd=false
end
if hd and by and s('EXISTS',KEYS[h+8],KEYS[h+9],KEYS[h+10])~=0 then return nil end
local je=string.find(f,'^%x%x%x%x%x%x%x%x%x%x%x%x')
local br,ed=je and tonumber(string.sub(f,1,6),16)%z or 0,nil
local dh,dp={},bh==1 and'1'or'2'
for ak=1,64 do
local is=string.byte(y,br+1)
if not is then
y=y..string.rep('0',br-#y)..dp
dh[#dh+1]=br
elseif is==48 then
y=string.sub(y,1,br)..dp..string.sub(y,br+2)
dh[#dh+1]=br
end
if#dh==bh then break end
ed=ed or je and 1+tonumber(string.sub(f,7,12),16)%z or 1
br=(br+ed)%z
end
if#dh<bh then return nil end
local bx=dh[1]..''
if bh>1 then
bx=''
local ca,l=string.find(y,'2+')
while ca do
bx=bx..(bx==''and''or' ')..ca-1 ..(ca==l and''or'-'..l-1)
ca,l=string.find(y,'2+',l+1)
end
y=string.gsub(y,'2','1')
end
local t,k,fj=b+ARGV[af],nil,nil
local l=string.format('%.0f',t)
if not hd then
if by then
local i=s('GET',ck)
local ae=type(i)=='string'and string.find(i,'^%d+$')and i+0
if not ae or ae<1 or ae+1>=9000000000000000 then return nil end
k=ae+1+by
bk('SET',ck,string.format('%.0f',k))
else
k=ah(ck)
if not k then return nil end
fe=true
end
else
local ac
if IS_CLUSTER then
ac=s('MGET',ck,KEYS[h+6])
else
local lz=string.sub(ck,1,string.find(ck,'~fence:',1,true)-1)
ac=s('MGET',ck,KEYS[h+6],lz..'~server')
end
if ac.err or ac[2]or s('HGET',KEYS[h+5],KEYS[h])then return nil end
local ae=ac[1]and string.find(ac[1],'^%d+$')and ac[1]+0
if not ae or ae<1 or ae>=9000000000000000 then return nil end
local ci=ac[3]and string.match(ac[3],'^complete %S+ %S+ (%S+) ')or''
if#ci~=32 then ci=string.format('%-32.32s',ci)end
if s('GETRANGE',KEYS[h+4],0,31)~=ci then return nil end
k=ae-ae%16384
for d=1,bh do
local m=32+16*dh[d]
k=math.max(k,tonumber(s('GETRANGE',KEYS[h+4],m,m+15))or ae)
end
k=k+1
local jq=math.max(ae,k)
if by and jq>=9000000000000000 then return nil end
local jf=aa~='0'
if bg~=''then fj=bg end
if fj and jf then bk('ZADD',KEYS[h+3],as,bg)end
local am=string.format('%016.0f',k)
for d=1,bh do bk('SETRANGE',KEYS[h+4],32+16*dh[d],am)end
if by then k=jq+by end
if ae<k then bk('SET',ck,string.format('%.0f',k))end
if fj then
if not jf then
bk('DEL',KEYS[h+2],KEYS[h+3])
bk('ZADD',KEYS[h+3],as,bg)
end
bk('HSET',KEYS[h+2],bg,v)
if aa=='0'or as+0<ax+0 then ax=as end
if as+0>aa+0 then aa=as end
end
if not ao then bk('PEXPIRE',KEYS[h+4],604800000)end
end
bg=l..':'..bx..':'..f
id(h,ax,aa,bu,y,bg,aa+0>t and aa or l,b)
if at then
if fj and fe then s('ZREM',KEYS[h+3],fj)end
return at[1]and at
end
return{1,k,bx,'',by and''}
end
if cd=='slots.extend'then
local f=ARGV[ai]
if ARGV[af+4]~='0'or ARGV[af-1]~='5'then return nil end
local ao=s('GET',KEYS[h])
if not ao or ao.err then return nil end
local ax,aa,bu,y,as,v,bg=string.match(ao,gu)
if not ax or s('HGET',KEYS[h+5],KEYS[h])then return nil end
local b=fu()
if(aa~='0'and b>ax+0)or(bg~=''and as+0<b)then return nil end
local t=b+ARGV[af+1]
local l=string.format('%.0f',t)
if bg==f then
if v~=ARGV[af+2]then return nil end
if as+0>=t then return 1 end
as=l
if aa+0>t then l=aa end
else
if aa=='0'or s('HGET',KEYS[h+2],f)~=ARGV[af+2]then return nil end
local ag=s('ZSCORE',KEYS[h+3],f)
if type(ag)~='string'then return nil end
if ag+0>=t then return 1 end
bk('ZADD',KEYS[h+3],l,f)
if at then return at[1]and at end
if aa+0>=t then return 1 end
aa=l
if as+0>t then l=as end
end
id(h,ax,aa,bu,y,as..':'..v..':'..bg,l,b)
if at then return at[1]and at end
return 1
end
local f=ARGV[ai]
if ARGV[af-1]~='3'then return nil end
local ac=hc or s('MGET',KEYS[h],KEYS[h+6],KEYS[h+7])
if ac.err or ac[2]or ac[3]then return nil end
if not ac[1]then return 0 end
local ak,jh=string.find(ac[1],kq)
if jh then
if string.sub(ac[1],jh+1)~=f then return nil end
if hc then return s('DEL',KEYS[h],KEYS[h+8])==2 and 2 or nil end
return s('DEL',KEYS[h])==1 and 1 or nil
end
local ax,aa,bu,y,as,v,bg=string.match(ac[1],gu)
if not ax then return nil end
local l,ch=aa,v
if bg==f then
if as+0<aa+0 and as+0<fu()then return nil end
as,v,bg='0','',''
else
local ag=s('ZSCORE',KEYS[h+3],f)
ch=s('HGET',KEYS[h+2],f)
if type(ch)~='string'or type(ag)~='string'or ag+0<fu()then return nil end
bk('ZREM',KEYS[h+3],f)
bk('HDEL',KEYS[h+2],f)
if ag==aa then
aa=s('ZREVRANGE',KEYS[h+3],0,0,'WITHSCORES')[2]or'0'
if aa=='0'then
ax,bu='0','0'
if bg==''then
bk('DEL',KEYS[h])
if at then return at[1]and at end
return 1
end
end
end
l=as+0>aa+0 and as or aa
end
local br=tonumber(ch)
if br then
y=string.sub(y,1,br)..'0'..string.sub(y,br+2)
else
for ca,go in string.gmatch(ch,'(%d+)%-?(%d*)')do
if go==''then go=ca end
y=string.sub(y,1,ca)..string.rep('0',go-ca+1)..string.sub(y,go+2)
end
end
id(h,ax,aa,bu,y,as..':'..v..':'..bg,l)
if at then return at[1]and at end
return 1
end
local fa={['slots.acquire']=er,['slots.extend']=er,['slots.release']=er}
local hb={}`;

const PART_13 = `local cr,di,gr,kn='0','1','2',48
local kp=64
local function dk(am)
local lp=string.gmatch(am,'(%d+)%-?(%d*)')
return function()
local ab,l=lp()
if ab then return tonumber(ab),tonumber(l)or tonumber(ab)end
end
end
local function ke(y,dp)
local hy,ca,l={},string.find(y,dp..'+')
while ca do
hy[#hy+1]=ca==l and tostring(ca-1)or string.format('%d-%d',ca-1,l-1)
ca,l=string.find(y,dp..'+',l+1)
end
return table.concat(hy,' ')
end
local function cy(y,v,dp)
local dy,m={},0
for ab,l in dk(v)do
if ab<m then y,dy,m=table.concat(dy)..string.sub(y,m+1),{},0 end
if ab>#y then y=y..string.rep(cr,ab-#y)end
dy[#dy+1]=string.sub(y,m+1,ab)
dy[#dy+1]=string.rep(dp,l-ab+1)
m=l+1
end
return table.concat(dy)..string.sub(y,m+1)
end
local function ks(y,v)
for ab,l in dk(v)do
if string.find(string.sub(y,ab+1,l+1),di,1,true)then return false end
end
return true
end
local function fd(y,z)
return#string.gsub(string.sub(y,1,z),di..'+','')
end
local function kx(v)
local hn=0
for ak,l in dk(v)do hn=math.max(hn,l+1)end
return hn
end
local function lu(f,z)
local ex,ed=string.match(f,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not ex then return 0,1 end
return tonumber(ex,16)%z,1+tonumber(ed,16)%z
end
local function iu(y,ar,z,hs,x,f)
local cw=ar
local function fn(ab,l)
l=math.min(l,z-1)
if cw==0 or ab>l then return end
local me,ah=string.gsub(string.sub(y,ab+1,l+1),cr,gr,cw)
if ah==0 then return end
y,cw=string.sub(y,1,ab)..me..string.sub(y,l+2),cw-ah
end
for ab,l in dk(hs)do fn(ab,l)end
if x then
for ab,l in dk(x)do fn(ab,l)end
else
local ex,ed=lu(f,z)
for d=0,kp-1 do
if cw==0 then break end
local br=(ex+d*ed)%z
if string.byte(y,br+1)==kn then fn(br,br)end
end
fn(ex,z-1)
fn(0,ex-1)
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
local bq,z,gp=string.match(am,'^(%d+) (%d+) (%d+)$')
if bq and tonumber(gp)+604800000+86400000>=b then return tonumber(bq),tonumber(z),tonumber(gp)end
end
local function hu(j,q,b)
return hp(redis.call('HGET',j,q)or'',b)
end
local function ig(j,q,bq,z,b)
local iw=tonumber(redis.call('HGET',j,ih)or'')
if not iw or iw+86400000<b then
local dd=redis.call('HGETALL',j)
for d=1,#dd,2 do
if not hp(dd[d+1],b)then redis.call('HDEL',j,dd[d])end
end
redis.call('HSET',j,ih,string.format('%.0f',b))
end
redis.call('HSET',j,q,string.format('%.0f %.0f %.0f',bq,z,b))
redis.call('PEXPIRE',j,604800000+86400000)
end
local function ma(j,q,bq,z,b)
if bq>(hu(j,q,b)or 0)then ig(j,q,bq,z,b)end
end`;

const PART_15 = `local ij='~p'
local ei,ej=16,32
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
local l=math.max(e.latest,e.deadline)
if l==0 then
redis.call('DEL',a[1])
return 0
end
local jo=e.latest>0 and l>e.kept
if jo then
e.kept=l+math.max(1,l-b)
for m=3,4 do redis.call('PEXPIREAT',a[m],string.format('%.0f',e.kept))end
end
if jo or e.is_new then redis.call('PEXPIRE',a[5],604800000)end
redis.call('SET',a[1],string.format('~p %.0f %.0f %.0f %s %.0f:%s:%s',e.check,e.latest,e.kept,e.map,
e.deadline,e.slots,e.token),'PXAT',string.format('%.0f',l))
return l
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
local l=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,ds=tonumber(ab)or 0,tonumber(l)or 0,true
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
local ci=''
if not IS_CLUSTER then
local cj=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
ci=type(cj)=='string'and string.match(cj,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..ej..'.'..ej..'s',ci)
end
local function gz(a)
return redis.call('GETRANGE',a[5],0,ej-1)==ka(a)
end
local function fh(a,v,ae)
if not gz(a)then return ae end
local hk=ae-ae%16384
for ab,l in dk(v)do
local am=redis.call('GETRANGE',a[5],ej+ei*ab,ej+ei*(l+1)-1)
for d=0,l-ab do
local ah=tonumber(string.sub(am,ei*d+1,ei*(d+1)))
hk=math.max(hk,ah or ae)
end
end
return hk
end
local function ie(a,v,ah,ae)
if not gz(a)then redis.call('SET',a[5],ka(a),'PX',604800000)end
local am=string.format('%0'..ei..'.0f',ah)
for ab,l in dk(v)do
redis.call('SETRANGE',a[5],ej+ei*ab,string.rep(am,l-ab+1))
end
if ae<ah then ey(a[2],ah)end
end`;

const PART_16 = `local gs='~s'
local function eg(c,ab)
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
local function ep(a,z,bq,b)
local au,ah,gp=hu(a[6],a[1],b)
if bq>(au or 0)then
au,ah=bq,z
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
local l=-1
for d=1,#bt,2 do
l=tonumber(bt[d+1])
local v=bt[d]==e.token and e.slots or redis.call('HGET',a[3],bt[d])or''
for ab,ky in dk(v)do cw=cw-(ky-ab+1)end
if cw<=0 then break end
end
return l<0 and-1 or math.max(0,l-b),bt[1]or''
end
local function dt(z)
return function(am)
local ah=tonumber(am)
return ah and ah<=z
end
end
local function cm(a,e,g,ch,z,b)
if#g==0 then return 0,false end
local y=gi(e.map,z)
local bz=e.is_other and 0 or fd(y,z)
local bf,cn,ek=jy(g,function(ct)
bz=bz-tonumber(ct)
return bz>=0
end,b)
local cl={}
for d,o in ipairs(bf)do
local v,mc=iu(y,tonumber(o[3]),z,ch,'0-'..z-1)
y=mc or y
cl[d]=o[2]..':'..string.gsub(v or'',' ',',')
end
if#cl>0 then
db(a[7],g,b)
redis.pcall('PUBLISH',a[8],kl(cl,ek))
end
return#cl,cn
end
w['slots.acquire']=function(a,c)
local f,al,ad,bb,ar=c[1],tonumber(c[2]),c[3],tonumber(c[4]),tonumber(c[5])
local hs,gc,x,b=c[8],#c>8,eg(c,9),av()
local e,aj,cf=gj(a)
local z,fi=ep(a,tonumber(c[6]),tonumber(c[7]),b)
if ar>z then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',z,ar),0)end
fx(a,e,b)
local g=ce(a[7],b,dt(z))
local au=math.max(b,g.ticket)
local cz=gv(bb,au)
local y=gi(e.map,z)
local v,bx=df(a,e,f),nil
if aj then
if ad~=''then pcall(ha,a[8],ad,al)end
elseif v then
local k=fh(a,v,bl(a[2])or cv(a[2]))
hv(a,e,f,b+al,b)
if kf(g,ad,b)then db(a[7],g,b)end
return{1,k,v,fi,gc and y or nil}
else
local da,dl=y,''
for d=2,#x do
local be=df(a,e,x[d])or''
da,dl=cy(da,be,cr),dl..' '..be
end
local bs
if#g>0 and not gc then
local bz=fd(da,z)
bs=bz>=ar and iq(g,ad,cz>0 and cz or nil,function(ct)
bz=bz-tonumber(ct)
return bz<ar
end)
end
if not bs then bx=iu(da,ar,z,hs,gc and dl or nil,f)end
if bx then
local ae=bl(a[2])
local ab=not ae and cv(a[2])
local k,t=fh(a,bx,ae or ab)+1,b+al
it(a,e)
for d=2,#x do
local ak,as=fw(a,e,x[d])
t=math.max(t,as or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
k=ab or k
ey(a[2],k)
else
ie(a,bx,k,ae or ab)
end
dr(a,e,f,bx,t,b)
if kf(g,ad,b)then db(a[7],g,b)end
return{1,k,bx,fi,gc and cy(da,bx,di)or nil}
end
local bz=fd(y,z)
cf,aj=lc(a,e,ar-bz,b)
if bs then
cm(a,e,g,'',z,b)
if bs[5]>0 then cf,aj=math.max(0,50-b+bs[5]),''
else cf=-1 end
end
end
if ad~=''then
ki(g,ad,string.format('%.0f',ar),bb,0,b,au)
db(a[7],g,b)
end
return{0,cf,aj,kj(au,b),fi}
end
w['slots.commit']=function(a,c)
local k,v=tonumber(c[2]),c[3]
local e=dn(redis.call('GET',a[1]))
if df(a,e,c[1])~=v then return{0}end
local ae=bl(a[2])or cv(a[2])
local ah=fh(a,v,ae)
if ah<k or not gz(a)then ie(a,v,math.max(ah,k),ae)end
return 1
end
w['slots.extend']=function(a,c)
local f,k,al,v=c[1],tonumber(c[2]),tonumber(c[3]),c[4]
local x,b=eg(c,7),av()
local e,aj=gj(a)
if aj then return{0,-1,aj}end
local z=ep(a,tonumber(c[5]),tonumber(c[6]),b)
fx(a,e,b)
local be=df(a,e,f)
if be==v and#x==1 then
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
local ae=be~=v and(bl(a[2])or fc(a[2]))
if ae then ie(a,v,math.max(k,fh(a,v,ae)),ae)end
local t=b+al
for ak,cu in ipairs(x)do
local ak,l=fw(a,e,cu)
t=math.max(t,l or 0)
end
dr(a,e,f,v,t,b)
local ch=ke(cy(cy(string.rep(cr,#da),as,di),v,cr),di)
if ch~=''then cm(a,e,ce(a[7],b,dt(z)),ch,z,b)end
return 1
end
w['slots.release']=function(a,c)
local bc,x,b=c[2],eg(c,5),av()
local ao=redis.pcall('GET',a[1])
local e=dn(type(ao)=='string'and ao)
local ch,bm,ic,jn='',false,0,false
for ak,cu in ipairs(x)do
local v,t=fw(a,e,cu)
if v then
jn,bm=true,bm or t>=b
ch,ic=ch..' '..v,math.max(ic,t)
end
end
if not jn then return 0 end
redis.pcall('ZREM',a[4],'')
local az=redis.pcall('MGET',a[7],a[8])
local jd=az[1]or az[2]
if jd then fx(a,e,b)end
local l=fm(a,e,b)
if jd then
local z=ep(a,tonumber(c[3]),tonumber(c[4]),b)
local g=ce(a[7],b,dt(z))
local bn,bf,cn=pcall(cm,a,e,g,ch,z,b)
if not bn then bf,cn=0,false end
if l==0 and not cn then gy(a[8],bc~='')
elseif l>0 and ic>l and bf==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bm and 1 or 0
end
w['slots.leave']=function(a,c)
local b=av()
local z=ep(a,tonumber(c[2]),tonumber(c[3]),b)
local g=ce(a[7],b,dt(z))
if jt(g,c[1])then
db(a[7],g,b)
pcall(function()cm(a,dn(redis.call('GET',a[1])),g,'',z,b)end)
end
pcall(el,a[8],c[1])
return 1
end
w['slots.count']=function(a,c)
local b=av()
local e,aj=gj(a)
local z,fi=ep(a,tonumber(c[1]),tonumber(c[2]),b)
fx(a,e,b)
local g=ce(a[7],b,dt(z))
cm(a,e,g,'',z,b)
local bz=aj and 0 or fd(gi(e.map,z),z)
local bq=tonumber(string.match(fi,'^%d+')or 0)
return{1,bz,z,bq,#e.map-fd(e.map,#e.map)}
end
w['slots.resize']=function(a,c)
if not bl(a[2])then cv(a[2])end
return w['slots.count'](a,c)
end`;

const PART_17 = `w['slots.renew']=function(a,c,es)
local f,b,ao=c[1],av(),redis.call('GET',a[1])
local e=dn(ao)
local v,t=df(a,e,f)
if v~=c[3]or t<b then
local lm=e.is_other and string.sub(ao,1,2)~=gs
return{0,redis.call('PTTL',a[1]),lm and ao or''}
end
local k=fh(a,v,bl(a[2])or 1)
if not es then hv(a,e,f,b+tonumber(c[2]),b)end
return k
end`;

const PART_18 = `local fa,hb,fb={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fb=2
local fa={
['mutex.acquire']=function(h,ai,af)
local cg=s('SET',KEYS[h],ARGV[ai],'NX','PX',ARGV[af])
if not cg or cg.err then return nil end
local k=ah(KEYS[h+1])
if k then return k end
local dj=s('DEL',KEYS[h])
return type(dj)=='table'and{-1,dj.err}or nil
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
local ac=s('MGET',KEYS[h],KEYS[h+1])
if ac.err or ac[2]then return nil end
if ac[1]~=ARGV[ai]then return 0 end
return s('DEL',KEYS[h])==1 and 1 or nil
end,
}`,
    PART_2,
    `local hb={
['mutex.release']=function(h,ai,dm,cq)
local ac=s('MGET',unpack(KEYS,h,h+2*dm-1))
if ac.err then return 0 end
local be,jl,hx,dq={},{},{},0
for d=1,dm do
if ac[2*d]then break end
local q=KEYS[h+2*d-2]
local bo=ac[2*d-1]==ARGV[ai+d-1]and not jl[q]
cq[#cq+1]=bo and 1 or 0
if bo then
jl[q]=true
be[#be+1]=q
hx[#be]=#cq
end
dq=d
end
local dj=#be>0 and s('DEL',unpack(be))
if type(dj)=='table'then
for d=1,#hx do cq[hx[d]]={-1,dj.err}end
end
return dq
end
}`,
    PART_3,
    PART_4,
    `local function dr(j,f,al,bo)
if not bo then redis.call('SET',j,f,'PX',al)
else
local r=redis.call('PTTL',j)
if r>=0 and r<tonumber(al)then redis.call('PEXPIRE',j,al)end
end
end
local function im(a,f,ht,al,ad)
local ef=ad==''and 2 or 3
local bo,cb,co={},true,false
local cf,aj
for d=1,#a,ef do
local i=redis.call('GET',a[d])
bo[d]=i==f
if i~=f then cb=false end
if i and i==ht then
co=true
elseif i and i~=f then
local r=redis.call('PTTL',a[d])
if not aj or(cf~=-1 and(r==-1 or r>cf))then
cf,aj=r,i
end
end
end
if ad~=''then
for d=3,#a,3 do pcall(ha,a[d],ad,tonumber(al))end
end
if aj then return{0,cf,aj}end
local k=0
for d=2,#a,ef do
local l=bl(a[d])
k=math.max(k,l and(cb and l or l+1)or cv(a[d]))
end
for d=1,#a,ef do
dr(a[d],f,al,bo[d])
ey(a[d+1],k)
end
return co and-k or k
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
if not bl(a[d])then cv(a[d])end
et(a[d],tonumber(c[2]))
end
return 1
end
w['mutex.extend']=function(a,c)
local f,k,al=c[1],tonumber(c[2]),c[3]
local bo={}
for d=1,#a,2 do
local i=redis.call('GET',a[d])
if i and i~=f then return{0,redis.call('PTTL',a[d]),i}end
bo[d]=i==f
end
for d=1,#a,2 do
local he=not bo[d]and(bl(a[d+1])or fc(a[d+1]))
if he then et(a[d+1],k)end
end
for d=1,#a,2 do dr(a[d],f,al,bo[d])end
return 1
end
w['mutex.release']=function(a,c)
local f,bc=c[1],c[2]
local bm,en=false,false
for d=1,#a,2 do
local i=redis.pcall('GET',a[d])
if bc~=''then pcall(el,a[d+1],bc)end
if i==f then
redis.call('DEL',a[d])
bm=true
if gy(a[d+1],bc~='')then en=true end
elseif type(i)=='table'and i.err and not string.find(i.err,'WRONGTYPE',1,true)then
error(i.err)
end
end
if not bm then return 0 end
return en and-1 or 1
end
w['mutex.leave']=function(a,c)
pcall(el,a[1],c[1])
return 1
end
w['mutex.renew']=function(a,c)
local k=1
for d=1,#a,2 do
local i=redis.call('GET',a[d])
if i~=c[1]then return{0,redis.call('PTTL',a[d]),i or''}end
k=math.max(k,bl(a[d+1])or 1)
end
for d=1,#a,2 do dr(a[d],c[1],c[2],true)end
return k
end
w['mutex.query']=function(a)
local p={1}
for d=1,#a,2 do
p[#p+1]=redis.call('GET',a[d])or''
p[#p+1]=redis.call('PTTL',a[d])
p[#p+1]=ea(a[d+1])or''
end
return p
end
w['mutex.observe']=function(a)
local i=redis.call('GET',a[1])
if not i then return 1 end
pcall(lr,a[2])
return{0,redis.call('PTTL',a[1]),i}
end`,
    PART_5,
    PART_6,
  ],
  "030f652fa8b42822f25aee596b91f0e5ca1c80fb",
  "571845e92ef297594db7b6d7467d7e4ad1090231",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fb=81
local fa={
['modes.acquire']=function(h,ai,af,ar)
local f,al,an,ck=ARGV[ai],ARGV[af],ARGV[af+1],KEYS[h+ar-1]
if ARGV[af+2]~=''then return nil end
if ar~=4 then
local ak,ld=string.gsub(an,' ','')
if ar~=3*ld+4 then return nil end
end
local fg,eu
if s('EXISTS',unpack(KEYS,h,h+ar-2))~=0 then
local ac,m=s('MGET',unpack(KEYS,h,h+ar-2)),1
if ac.err then return nil end
fg={}
eu={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for n in string.gmatch(an,'%u+')do
local i,q,ap=ac[m],KEYS[h+m-1],KEYS[h+m]
if ac[m+2]then return nil end
if not i then
if s('EXISTS',q,ap)~=0 then return nil end
else
if n=='X'or n=='SIX'then return nil end
local r,be,aj=s('PTTL',q),nil,nil
if type(r)~='number'or r<=0 then return nil end
if i=='~s'then
if s('ZSCORE',ap,f)then return nil end
local ab=(n=='IX'and 3)or(n=='S'and 2)
if ab and s('ZCOUNT',ap,ab..'00000000000000','('..ab+2 ..'00000000000000')~=0 then
return nil
end
else
be,aj=string.match(i,'^~s ([ISX]+) (.*)$')
if not eu[be]or aj==f or(n~=be and n~='IS'and be~='IS')then return nil end
if s('EXISTS',ap)~=0 then return nil end
end
fg[m]={r,be,aj}
end
m=m+3
end
end
local k
if an=='X'or string.find(' '..an,' X',1,true)or string.find(an,'SIX',1,true)then
k=ah(ck)
if not k then return nil end
else
local i=s('GET',ck)
k=not i and ah(ck)or(type(i)=='string'and string.match(i,'^%d+$')and tonumber(i))
if not k or k<1 or k>=9000000000000000 then return nil end
end
if ar==4 and not fg then
local cg=s('SET',KEYS[h],an=='X'and f or'~s '..an..' '..f,'PX',al)
return not cg.err and k or nil
end
local m,b=1,nil
for n in string.gmatch(an,'%u+')do
local q,gd=KEYS[h+m-1],fg and fg[m]
if gd then
local ap,eq,r,aj=KEYS[h+m],tonumber(al),gd[1],gd[3]
if not b then
local aq=s('TIME')
if aq.err then return nil end
b=tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local ag,bn=string.format('%.0f',eu[n]+b+eq),nil
if aj then
local jw=math.max(r,eq)
bn=s('ZADD',ap,string.format('%.0f',eu[gd[2]]+b+r),aj,ag,f)==2
and s('PEXPIRE',ap,jw)==1 and not s('SET',q,'~s','PX',jw).err
else
s('ZREMRANGEBYSCORE',ap,string.format('%.0f',eu[n]),string.format('(%.0f',eu[n]+b))
bn=s('ZADD',ap,ag,f)==1
local kg=s('PTTL',ap)
if type(kg)~='number'or kg<eq then
bn=s('PEXPIRE',ap,eq)==1 and bn
end
if r<eq then bn=s('PEXPIRE',q,eq)==1 and bn end
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
['modes.extend']=function(h,ai,af,ar)
local f,al,m=ARGV[ai],ARGV[af],1
local ac=ARGV[af-1]=='2'and s('MGET',unpack(KEYS,h,h+ar-1))
if not ac or ac.err then return nil end
for n in string.gmatch(ARGV[af+1],'%u+')do
if ac[m]~=(n=='X'and f or'~s '..n..' '..f)then return nil end
m=m+4
end
for q=h,h+m-2,4 do
local r=s('PTTL',KEYS[q])
if type(r)~='number'or r<0 then return nil end
if r<tonumber(al)and s('PEXPIRE',KEYS[q],al)~=1 then return nil end
end
return 1
end,
['modes.release']=function(h,ai,ak,ar)
local f,ac=ARGV[ai],nil
if ar==4 then
local i,bv,mh=unpack(s('MGET',KEYS[h],KEYS[h+2],KEYS[h+3]))
if not i or bv or mh then return nil end
if i==f or string.match(i,'^~s [ISX]+ (.*)$')==f then
return s('DEL',KEYS[h])==1 and 1 or nil
end
ac={i}
else
ac=s('MGET',unpack(KEYS,h,h+ar-1))
if ac.err then return nil end
end
local cp,gm,hz,b={},{},{},nil
for m=1,ar,4 do
local i,q,ap=ac[m],KEYS[h+m-1],KEYS[h+m]
if not i or ac[m+2]or ac[m+3]then return nil end
if i=='~s'then
local ag=s('ZSCORE',ap,f)
local r=s('PTTL',q)
if type(ag)~='string'or type(r)~='number'or r<0 then return nil end
if not b then
local aq=s('TIME')
b=tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local t=tonumber(ag)%100000000000000
local ae=tonumber(ag)-t
if t<b then return nil end
local jx,ji=string.format('%.0f',ae),string.format('(%.0f',ae+100000000000000)
local l=s('ZREVRANGEBYSCORE',ap,ji,jx,'WITHSCORES','LIMIT',0,2)
if l.err then return nil end
local aa,hl=tonumber(l[2])-ae,nil
if l[1]==f then
hl=s('ZCARD',ap)
aa=l[4]and tonumber(l[4])-ae
if aa and(aa<b or s('ZCOUNT',ap,jx,ji)~=hl)then return nil end
if not aa and hl~=1 then return nil end
elseif r>aa-b+1 then
return nil
end
if not aa then
cp[#cp+1]=q
elseif r>aa-b+1 then
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
if s('PEXPIRE',ao[1],ao[2])~=1 then return nil end
end
for ak,ap in ipairs(gm)do
if s('ZREM',ap,f)~=1 then return nil end
end
local dj=#cp==0 or s('DEL',unpack(cp))
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
local g=ce(a[3],b,du)
local m,gw,ay=hr(g,c[1]),0,0
local ag=m and g[m][1]or math.max(b,g.ticket)+1-tonumber(c[2])
for d=1,#g do
local o=de(g,d)
if not o[7]and o[5]>=0 then
ay=ay+1
if o[2]~=c[1]and not hh(o,ag,c[1])then gw=gw+1 end
end
end
return{1,gw,ay,redis.call('EXISTS',a[1])}
end
w['modes.stay']=function(a,c)
local b=av()
local g=ce(a[3],b,du)
if gl(g,c[1],b)then db(a[3],g,b)end
return 1
end`,
    `w['modes.query']=function(a)
local p,b={1},av()
for ak,u in ipairs(dx(a,#a/4,4))do
local eh={ea(u.wake)}
local g=ce(u.line,b,du)
for d=1,#g do
local o=de(g,d)
if o[4]>=b and o[5]>=0 then eh[#eh+1]=o[2]end
end
p[#p+1]=redis.call('GET',u.lock)or''
p[#p+1]=redis.call('PTTL',u.lock)
p[#p+1]=table.concat(eh,' ')
local hg=redis.call('ZRANGE',u.shared,0,-1,'WITHSCORES')
local m=#p+1
p[m]=0
for d=1,#hg,2 do
local r=tonumber(hg[d+1])%dc-b
if r>=0 then
p[m]=p[m]+1
p[#p+1]=hg[d]
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
  "788fc7434e3a6bd8cadf830569b1cbb60b1ad8ad",
  "a2bf39f89418f864a96d57fb84efa335a482cd2c",
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
local e,bi,r=gj(a)
local bq,z=hu(a[6],a[1],b)
local eh={ea(a[8])}
local g=ce(a[7],b,dt(math.huge))
for d=1,#g do
local o=de(g,d)
if o[4]>=b then eh[#eh+1]=o[2]end
end
local p={1,bi or'',r or-2,z or 0,bq or 0,table.concat(eh,' ')}
local function io(f,v,t)
if v and t>=b then
local m=#p
p[m+1],p[m+2],p[m+3]=f,v,t-b
end
end
if e.token~=''then io(e.token,e.slots,e.deadline)end
if e.latest>0 then
local kh,be={},redis.call('HGETALL',a[3])
for d=1,#be,2 do kh[be[d]]=be[d+1]end
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
  "8d8197c3b247cf444b5f700eb72e436d2f424623",
  "54ddba7e67e775c6c729174b3f04201d6fd97a0a",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function kc(j)
local cj=redis.pcall('GET',j)
return type(cj)=='string'and cj or''
end
local function kd(j,kz,i)
local dz=kc(j)
local aq=redis.call('TIME')
local b=string.format('%.0f',tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000))
if dz==kz then
dz=i(tonumber(b))
redis.call('SET',j,dz)
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
local ev=''
local function gk(mf)
local fz=redis.pcall('INFO',mf)
if type(fz)=='table'then fz,ev='',fz.err end
return function(lb)return string.match(fz,'%f[%w_]'..lb..':([^\\r\\n]*)')or''end
end
local ew,hm,hw=gk('server'),gk('memory'),gk('replication')
local aq=redis.call('TIME')
local n=ew('redis_mode')
if n==''then n=ew('server_mode')end
local kk=ew('valkey_version')
return{
1,ew('run_id'),tonumber(ew('uptime_in_seconds'))or-1,
tonumber(aq[1])*1000000+tonumber(aq[2]),
tonumber(gk('persistence')('aof_enabled'))or-1,
hm('maxmemory_policy'),tonumber(hm('maxmemory'))or-1,
hw('role'),n,hw('master_replid'),hw('master_replid2'),
a[1]and kc(a[1])or'',ev,
tonumber(hm('used_memory'))or-1,kk~=''and'valkey '..kk or ew('redis_version')
}
end`,
    PART_14,
    `w['counters.read']=function(a)
local p,b={1},av()
for d=1,#a,2 do
local ff,k=pcall(bl,a[d])
p[#p+1]=ff and k and string.format('%.0f',k)or''
end
for d=2,#a,2 do
local dd,cp,cl=redis.pcall('HGETALL',a[d]),{},{}
for m=1,dd.err and 0 or#dd,2 do
cp[#cp+1],cl[dd[m]]=dd[m],dd[m+1]
end
table.sort(cp)
for ak,q in ipairs(cp)do
local bq,z=hp(cl[q],b)
if bq then
for ak,i in ipairs({d/2,q,string.format('%.0f',bq),z})do p[#p+1]=i end
end
end
end
return p
end
local function kb(a,c,ax)
local v,b=#a/2,av()
for d=1,v do
local j=a[2*d-1]
local ff,k=pcall(bl,j)
if ff and c[d]~=''then
if not k then ax(j)end
et(j,tonumber(c[d]))
end
end
for m=v+1,#c,4 do
pcall(ma,a[2*tonumber(c[m])],c[m+1],tonumber(c[m+2]),tonumber(c[m+3]),b)
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
local ff,k=pcall(bl,a[d])
if ff and k then et(a[d],tonumber(c[1]))end
end
return 1
end`,
    `w['set.note']=function(a,c)
local cg,dl,dw=c[1],c[2],tonumber(c[3])
local aq=redis.call('TIME')
local b=tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
local ia,jm,jb=b,false,false
local cx,am={},redis.pcall('GET',a[1])
for bv in string.gmatch(type(am)=='string'and am or'','[^\\n]+')do
local gf,ab,aa,ez,lw=string.match(bv,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
ab,aa,ez=tonumber(ab),tonumber(aa),tonumber(ez)
if gf and ab<=aa and aa<=b and b<ez and ez<=b+3600000 then
if gf==cg then
ia,jm=ab,b-aa<tonumber(c[4])
elseif gf==dl then
jb=true
else
cx[#cx+1]={bv,gf,aa,ab,ez,lw}
end
end
end
local p,az,l={1},{},b+dw
for d=math.max(1,#cx-16+2),#cx do
local bi=cx[d]
az[#az+1]=bi[1]
l=math.max(l,bi[5])
p[#p+1]=bi[2]
p[#p+1]=bi[3]-math.max(bi[4],ia)
p[#p+1]=bi[5]-b
p[#p+1]=bi[6]
end
if not jm or jb then
az[#az+1]=string.format('%s %.0f %.0f %.0f %s',cg,ia,b,b+dw,c[5])
redis.call('SET',a[1],table.concat(az,'\\n'),'PX',string.format('%.0f',l-b))
end
return p
end`,
    PART_5,
    PART_6,
  ],
  "7726e0b88c4c96136f993cc31c1f5cf85d63b5eb",
  "3d36f714dcb2e263447ef614b2e94c0228945ebd",
);

export const HOLD_SUMMARY_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `w['hold.summary']=function(a,c)
local ee=redis.pcall('GET',a[1])
if type(ee)~='string'or#ee>256 then ee=''end
if c[1]~=''then
local r,dw=redis.call('PTTL',a[1]),tonumber(c[2])
if ee==''or r<=dw-tonumber(c[3])or r>dw then
redis.call('SET',a[1],c[1],'PX',c[2])
end
end
return{1,ee}
end`,
    PART_5,
    PART_6,
  ],
  "4b4b73d1b2fb4f90d27ec0fa518703c502eee2b3",
  "a5abd4cbc7e33b6512ac5e32c63bd0eed9a8f4d9",
);

export const REPORT_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function av()
local aq=redis.call('TIME')
return tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local function ib(j,b)
local mb=redis.pcall('ZREMRANGEBYSCORE',j,'-inf',b)
if type(mb)~='number'then
redis.call('DEL',j)
return 0
end
redis.call('ZREMRANGEBYSCORE',j,b+15000+1,'+inf')
return redis.call('ZCARD',j)
end
w['report.write']=function(a,c)
local b,ci,dw=av(),c[1],tonumber(c[3])
local ee,gn=ib(a[1],b),ib(a[2],b)
local fv=ee<1000 or redis.call('ZSCORE',a[1],ci)
local ju=fv and a[1]or a[2]
redis.call('ZREM',fv and a[2]or a[1],ci)
if fv or gn<10000 then
redis.call('ZADD',ju,b+dw,ci)
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
for ak,ci in ipairs(jj)do p[#p+1]=ci end
end
return p
end
w['report.read']=function(a,c)
local p={1}
for ak,j in ipairs(a)do
local am=redis.pcall('GET',j)
if type(am)~='string'or#am>8192 then am=''end
p[#p+1]=am
p[#p+1]=am==''and 0 or redis.call('PTTL',j)
end
return p
end`,
    PART_5,
    PART_6,
  ],
  "7bd3447ad12da0c0a32b9693eb79c8295c86a9da",
  "b7d33bd0e2d9d6e0689f1426d00059972f6f255c",
);

export const OPERATOR_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `w['operator.replace']=function(a,c)
local f,ht=c[1],c[2]
local i=redis.call('GET',a[1])
local r=i and redis.call('PTTL',a[1])or 0
if not i or(i~=f and(i~=ht or r==-1))then return{0,r,i or''}end
local l=bl(a[2])
local k=l and(i==f and l or l+1)or cv(a[2])
if i~=f then redis.call('SET',a[1],f,'PX',math.max(1,r))end
ey(a[2],k)
return-k
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
  "49e8985aff405e174fcde949496a58440929cc31",
  "8deeed03be4767da7195f9f7c52c6d52d1d45ca5",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    PART_12,
    `local fb=13
local function ho(h,ai,af,ar,cd)
local f,q=ARGV[ai],KEYS[h+8]
if cd=='quota.acquire'then
local n=ARGV[af+10]
if ar~=12 or ARGV[af]~='modes.acquire'or ARGV[af-1]~='12'or ARGV[af+11]~=''then return nil end
local by=(n=='X'or n=='SIX')and 1 or(n=='S'or n=='IX'or n=='IS')and 0
local p=by and er(h,ai,af+2,ar,'slots.acquire',by)
if not p then return nil end
bk('SET',q,n=='X'and f or'~s '..n..' '..f,'PX',ARGV[af+9])
if at then return at[1]and at end
return p
end
if cd=='quota.extend'then
if ar~=13 or ARGV[af]~='modes.extend'or ARGV[af-1]~='10'then return nil end
local n,al=ARGV[af+9],ARGV[af+8]
if s('GET',q)~=(n=='X'and f or'~s '..n..' '..f)then return nil end
local r=s('PTTL',q)
if type(r)~='number'or r<0 then return nil end
local p=er(h,ai,af+2,ar,'slots.extend')
if p and r<tonumber(al)then bk('PEXPIRE',q,al)end
if at then return at[1]and at end
return p
end
if ar~=12 or ARGV[af]~='modes.release'or ARGV[af-1]~='6'then return nil end
local ac=s('MGET',KEYS[h],KEYS[h+6],KEYS[h+7],q,KEYS[h+10],KEYS[h+11])
local i=ac[4]
if not i or ac[5]or ac[6]then return nil end
if i~=f and string.match(i,'^~s [ISX]+ (.*)$')~=f then return nil end
local p=er(h,ai,af+2,ar,'slots.release',ac)
if not p then return nil end
if p~=2 then bk('DEL',q)end
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
local bj,cc,bp,bw={},{},{c[1]},{c[1]}
local ah=tonumber(c[3])
for d,j in ipairs(a)do
if d<=ik then bj[d]=j
else cc[d-ik]=j end
end
for d=4,#c do
if d<4+ah then bp[d-2]=c[d]
else bw[d-2-ah]=c[d]end
end
return bj,bp,cc,bw
end
local function jz(a,c,ab)
local e,bh,b=dn(redis.call('GET',a[1])),{},av()
local ak,lv=df(a,e,c[1])
for d=ab,#c do
local v,t=df(a,e,c[d])
if v and t>b then bh[#bh+1]={c[d],v,t}end
end
return(lv or 0)>=b,bh
end
local function le(a,f,bh,b)
local e=dn(redis.call('GET',a[1]))
fw(a,e,f)
for ak,hq in ipairs(bh)do dr(a,e,hq[1],hq[2],hq[3],b)end
fm(a,e,b)
end
local function jv(a,f,bh,cb,cd,cc,bw)
local bn,q=pcall(w[cd],cc,bw)
if bn and(type(q)=='number'or q[1]==1)then return q end
if not cb then le(a,f,bh,av())end
if not bn then error(q,0)end
return nil,{0,q[2],q[3],q[4],q[5],2}
end
w['quota.acquire']=function(a,c)
local bj,bp,cc,bw=fk(a,c)
local cb,bh=jz(bj,bp,9)
local aw=w['slots.acquire'](bj,bp)
if aw[1]==0 then return{0,aw[2],aw[3],aw[4],aw[5],1}end
local q,ev=jv(bj,c[1],bh,cb,c[2],cc,bw)
if not q then
if#bh==0 and not cb then
local b=av()
local z=ep(bj,tonumber(bp[6]),tonumber(bp[7]),b)
local e,g=dn(redis.call('GET',bj[1])),ce(bj[7],b,dt(z))
cm(bj,e,g,aw[3],z,b)
end
return ev
end
if type(q)=='number'then return{1,math.abs(q),aw[3],aw[4],aw[5]or''}end
return{1,q[2],aw[3],aw[4],aw[5]or'',q[3],q[4],q[5]or''}
end
w['quota.convert']=function(a,c)
local bj,bp,cc,bw=fk(a,c)
local cb,bh=jz(bj,bp,7)
local aw=w['slots.extend'](bj,bp)
if aw~=1 then return{0,aw[2],aw[3],'0','',1}end
local q,ev=jv(bj,c[1],bh,cb,c[2],cc,bw)
return q and{1,math.abs(q),bp[4],'',''}or ev
end
local function ir(a,c,cd)
local bj,bp,cc,bw=fk(a,c)
local aw=w[cd](bj,bp)
if aw~=1 then return aw end
return w[c[2]](cc,bw)
end
w['quota.commit']=function(a,c)return ir(a,c,'slots.commit')end
w['quota.extend']=function(a,c)return ir(a,c,'slots.extend')end
w['quota.release']=function(a,c)
local bj,bp,cc,bw=fk(a,c)
local bn,aw=pcall(w['slots.release'],bj,bp)
local q=w[c[2]](cc,bw)
if not bn then error(aw,0)end
return q~=0 and q or aw
end`,
    `w['quota.renew']=function(a,c)
local bj,bp,cc,bw=fk(a,c)
local q
for ak,es in ipairs({true,false})do
local aw=w['slots.renew'](bj,bp,es)
if type(aw)~='number'then return aw end
q=w[c[2]](cc,bw,es)
if type(q)~='number'then return q end
end
return q
end`,
    PART_5,
    PART_6,
  ],
  "01fad8f42fc831fb78cd8ac378cf6ebac1edcb4f",
  "4910b594978811d07ad2ed2f0f67467e54cf7caa",
);
