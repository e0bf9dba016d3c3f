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
local bo=r('GET',string.match(k,'^(.*)~fence:')..'~server')
local et=type(bo)=='string'and string.match(bo,'^complete .* (%d+)$')
local cj=et and r('SET',k,et)
if cj and not cj.err then return tonumber(et)end
end
local my=r(j>1 and'DECR'or'DEL',k)
if type(my)=='table'then r('DECR',k)end
return nil
end`;

const PART_2 = `if#KEYS<=fm and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local gv=fl[ARGV[1]]
local o=gv and gv(1,6+ARGV[5],6,#KEYS,ARGV[1])
if o then return o end
end`;

const PART_3 = `local function general()
local u={}
local function bk(k)
local h=redis.call('GET',k)
if not h then return nil end
local j=string.match(h,'^-?%d+$')and tonumber(h)
if not j or j>=9000000000000000 then
error('the fencing counter '..k..' cannot be counted up: '..h..'; delete it together with '
..string.match(k,'^(.*)~fence:')..'~server, on one server after another')
end
return j>0 and j or nil
end
local function fg(k,j)
redis.call('SET',k,string.format('%.0f',j))
end
local function fn(k)
if not IS_CLUSTER then
local bo=redis.pcall('GET',string.match(k,'^(.*)~fence:')..'~server')
if type(bo)~='table'or string.find(bo.err,'WRONGTYPE',1,true)then
return type(bo)=='string'and tonumber(string.match(bo,'^complete .* (%d+)$'))or nil
end
end
local ap=redis.call('TIME')
local b=tonumber(ap[1])*1000000+tonumber(ap[2])
return math.max(1,b-b%16384)
end
local function da(k)
local et=fn(k)
if et then return et end
redis.call('DEL',k)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function fa(k,j)
local eh=bk(k)
if not eh then j=math.max(j,fn(k)or 0)end
if(eh or 0)<j then fg(k,j)end
end`;

const PART_4 = `local function fc(k)
local bs=redis.pcall('GET',k)
return type(bs)=='string'and bs or nil
end
local function ho(k,bb,an)
an=math.max(an,20000)
local bs=fc(k)
if not bs then
redis.call('SET',k,bb,'PX',an)
elseif string.find(' '..bs..' ',' '..bb..' ',1,true)then
redis.call('PEXPIRE',k,math.max(redis.call('PTTL',k),an))
elseif#bs+1<256*(#bb+1)then
redis.call('SET',k,bs..' '..bb,'PX',math.max(redis.call('PTTL',k),an))
end
end
local function fj(k,bb)
local bs=fc(k)
if not bs then return end
local dd={}
for bh in string.gmatch(bs,'%S+')do
if bh~=bb then dd[#dd+1]=bh end
end
if#dd==0 then redis.call('DEL',k)
else redis.call('SET',k,table.concat(dd,' '),'PX',math.max(redis.call('PTTL',k),1))end
end
local function hm(k,mi)
local bs=fc(k)
if not bs then return false end
local ac=mi and string.match(bs,'%S+')or''
if ac~=''then fj(k,ac)end
redis.pcall('PUBLISH',k,ac)
return ac~=''
end`;

const PART_5 = `return u
end`;

const PART_6 = `local function mq(gv,i,ev,aj,y,af,as)
local a,c={unpack(KEYS,i,i+ev-1)},{unpack(ARGV,aj,aj+y-1)}
for d=1,as do c[y+d]=ARGV[af+d-1]end
local bm,o=pcall(gv,a,c)
if bm then return o end
if type(o)=='table'then o=o.err or o[1]end
return{-1,tostring(o)}
end
local cu,u,i,aj={},nil,1,1
while aj<=#ARGV do
local bu,dt,ev=ARGV[aj],tonumber(ARGV[aj+1]),tonumber(ARGV[aj+2])
local y,as,af=tonumber(ARGV[aj+3]),tonumber(ARGV[aj+4]),aj+5
aj=af+as
local jp=ev<=fm
local jn=jp and fl[bu]
local jm=jp and dt>1 and hp[bu]
local dy=0
while dy<dt do
local ah=jm and jm(i,aj,dt-dy,cu)or 0
if ah==0 then
local o=jn and jn(i,aj,af,ev,bu)
if not o then
u=u or general()
o=mq(u[bu],i,ev,aj,y,af,as)
end
cu[#cu+1]=o
ah=1
end
i,aj,dy=i+ah*ev,aj+ah*y,dy+ah
end
end
return#cu==1 and cu[1]or cu`;

const PART_7 = `local function ge(ad)return string.match(ad,'^%w+')or''end
local function dk(g,d)
local am=g[d]
if type(am)~='string'then return am end
local ag,ad,cy,t,be,ba=
string.match(am,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local p
if cy and g.is_demand(cy)then
p={tonumber(ag),ad,cy,tonumber(t),tonumber(be),tonumber(ba),false,am}
else
p={0,'','',0,0,0,true,am}
end
g[d]=p
return p
end
local function gd(g,p)
g.check=math.min(g.check,p[4]+1)
if p[5]>0 then g.check=math.min(g.check,p[5]+50+1)end
end
local function ln(g,b)
local hl,ei=0,{}
local ah=#g
g.check=math.huge
for d=1,ah do
local p=dk(g,d)
g[d]=nil
if p[4]>=b then
hl=hl+1
g[hl]=p
gd(g,p)
if p[5]>0 and b-p[5]>50 then
local bb=ge(p[2])
ei[bb]=math.max(ei[bb]or 0,p[5])
p[7]=true
end
end
end
if not next(ei)then return end
for ai,p in ipairs(g)do
local bb=ge(p[2])
if ei[bb]and p[4]-3000>ei[bb]then ei[bb]=nil end
end
for ai,p in ipairs(g)do p[7]=p[7]or ei[ge(p[2])]~=nil end
end
local function ch(k,b,ma)
local am=redis.pcall('GET',k)
local g={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=ma}
local ax,l,ba
if type(am)=='string'then ax,l,ba=string.match(am,'^(%d+) (%d+) (%d+);')end
if not ax then return g end
g.check,g.last,g.ticket=tonumber(ax),tonumber(l),tonumber(ba)
local ah=0
for cz in string.gmatch(am,';([^;]+)')do
ah=ah+1
g[ah]=cz
end
if b>=g.check then ln(g,b)end
return g
end
local function di(k,g,b)
if#g==0 then
redis.call('DEL',k)
return
end
local co={string.format('%.0f %.0f %.0f',g.check,g.last,g.ticket)}
for d,p in ipairs(g)do
co[d+1]=type(p)=='string'and p or p[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(p,1,6))
end
redis.call('SET',k,table.concat(co,';'),'PX',math.max(1,g.last-b))
end
local function hv(p,ag,ad)
return p[1]>ag or(p[1]==ag and p[2]>ad)
end
local function jf(g,ad,ag,lm)
local bw
for d=1,#g do
local p=dk(g,d)
if p[2]==ad or(ag and hv(p,ag,ad))then break end
if not p[7]and lm(p[3])then
if bw then return bw,true end
bw=p
end
end
return bw,false
end
local function ii(g,ad)
local mp=' '..ad..' '
for d,p in ipairs(g)do
if type(p)~='string'or string.find(p,mp,1,true)then
if dk(g,d)[2]==ad then return d end
end
end
end
local function gz(g,ad,b)
local m=ad~=''and ii(g,ad)
if not m then return nil end
local p=dk(g,m)
p[4],p[5],p[7],p[8]=b+3000,0,false,nil
g.last=math.max(g.last,p[4])
return m
end
local function kw(g,ad,b)
local m=gz(g,ad,b)
if not m then return false end
local p=g[m]
p[5],p[7]=math.max(1,b-50-1),true
gd(g,p)
return true
end
local function hj(ba,av)
if ba>=0 then return ba end
return-ba>av and-ba<=av+3000 and-ba or 0
end
local function la(av,b)
return av==b and string.format('%.0f',b)or string.format('%.0f %.0f',av,b)
end
local function kz(g,ad,cy,ba,ed,b,ab)
local m=gz(g,ad,b)
if m and g[m][6]>=ba then
g[m][3]=cy
return m
end
if m then table.remove(g,m)end
local df=hj(ba,ab)
if df==0 then df=ab+1 end
local ag=df-ed
m=#g+1
while m>1 and hv(dk(g,m-1),ag,ad)do m=m-1 end
local p={ag,ad,cy,b+3000,0,math.max(ba,0),false}
table.insert(g,m,p)
gd(g,p)
g.last,g.ticket=math.max(g.last,p[4]),math.max(g.ticket,df)
g[256+1]=nil
return m
end
local function kj(g,ad)
local m=ii(g,ad)
if m then table.remove(g,m)end
return m~=nil
end
local function ko(g,cq,b)
local be,gf,hy={},{},false
for d=1,#g do
local p=dk(g,d)
if not p[7]then
local bb=ge(p[2])
hy=hy or not cq(p[3])
if hy then
if not next(gf)then break end
if not gf[bb]then return be,true,p[2]end
else
if p[5]<=0 then
p[5],p[8]=b,nil
gd(g,p)
be[#be+1]=p
end
gf[bb]=true
end
end
end
return be,next(gf)~=nil,nil
end
local function lc(co,es)
return table.concat(co,' ')..(es and' ~'..es or'')
end`;

const PART_8 = `local he={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function ec(am)return he[am]end
local function jk(ml,bh)return string.find(he[ml],' '..bh..' ',1,true)end
local function mh(mk)
local gl={}
return function(n)
if gl[n]==nil then gl[n]=not mk(n)end
if not gl[n]then return false end
for bh in string.gmatch(he[n],'%u+')do gl[bh]=false end
return true
end
end`;

const PART_9 = `local cx,gb='~s','~p'
local dj,gc=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local jb={'IS','IX','SIX','S'}
local hh={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=jb}
local function ar()
local ap=redis.call('TIME')
return tonumber(ap[1])*1000+math.floor(tonumber(ap[2])/1000)
end
local function gs(am)
local ao={}
for n in string.gmatch(am,'%u+')do
if not hh[n]then error('unknown mode '..n,0)end
ao[#ao+1]=n
end
return ao
end
local function ef(a,ah,en)
local az={['fences']={unpack(a,ah*en+1)}}
for d=1,ah do
local i=(d-1)*en
az[d]={['lock']=a[i+1],['shared']=a[i+2],['line']=a[i+3],['wake']=en>3 and a[i+4]}
end
return az
end
local function eo(c,ac)
local y={c[1],[c[1]]=true}
for d=ac,#c do
y[#y+1]=c[d]
y[c[d]]=true
end
return y
end
local function ek(h)
if not h or string.sub(h,1,3)~='~s 'then return nil end
local n,f=string.match(h,'^~s (%u+) (.*)$')
if hh[n]then return n,f end
end
local function ga(dc)return string.format('%.0f',dc)end
local function kf(k,n,ah)
local ae=gc[n]*dj
return redis.pcall('ZREVRANGEBYSCORE',k,'('..ga(ae+dj),ga(ae),'WITHSCORES','LIMIT',0,ah),ae
end
local function gu(v,n,y,b)
local h=redis.call('GET',v.lock)
if h and(h==gb or string.sub(h,1,3)==gb..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local dm,bc=ek(h)
if bc then
local s=not y[bc]and redis.call('PTTL',v.lock)
if s and(s==-1 or jk(n,dm))then return s,bc end
return nil
end
if y[h]then return nil end
if h and h~=cx then return redis.call('PTTL',v.lock),h end
local l,ak
if not h and redis.call('EXISTS',v.shared)==0 then return nil end
for ai,mv in ipairs(hh[n])do
local x,ae=kf(v.shared,mv,#y+1)
if x.err then error(x.err,0)end
for d=1,#x,2 do
local t=tonumber(x[d+1])-ae
if not y[x[d]]then
if t>=b and(not l or t>l)then l,ak=t,x[d]end
break
end
end
end
if l then return l-b,ak end
end
local function kh(v,b)
local ab
if redis.call('EXISTS',v.shared)==0 then return nil end
for ai,n in ipairs(jb)do
local x,ae=kf(v.shared,n,1)
local ag=tonumber(x[2])
if ag and ag-ae>=b then ab=math.max(ab or 0,ag-ae)end
end
return ab
end
local function hx(v,n,y)
local h=redis.call('GET',v.lock)
if n=='X'then return y[h]end
local dm,bc=ek(h)
if bc then return y[bc]and dm==n end
for ai,f in ipairs(y)do
local ag=redis.call('ZSCORE',v.shared,f)
if ag and math.floor(tonumber(ag)/dj)==gc[n]then return true end
end
return false
end
local function mc(v,y)
local h=redis.call('GET',v.lock)
local ai,bc=ek(h)
if bc then return y[bc]end
if y[h]then return true end
for ai,f in ipairs(y)do
if redis.call('ZSCORE',v.shared,f)then return true end
end
return false
end
local function je(k,n,f,t,b)
local ae=gc[n]*dj
redis.call('ZREMRANGEBYSCORE',k,ga(ae),'('..ga(ae+b))
redis.call('ZADD',k,ga(ae+t),f)
if redis.call('PTTL',k)<t-b then redis.call('PEXPIRE',k,t-b)end
end
local function ht(v,n,y,an,b)
local q,as,f,cr=v.lock,v.shared,y[1],false
local h=redis.call('GET',q)
local t=b+an
local dm,bc=ek(h)
local ak,ly=bc or h,dm or'X'
if y[ak]then
local s=redis.call('PTTL',q)
if s==-1 and ak==f and n==ly then return false end
t=math.max(t,b+s)
if bc==f and n==dm then
redis.call('SET',q,h,'PX',t-b)
return false
end
cr=ak~=f
h=nil
elseif bc then
local s=math.max(1,redis.call('PTTL',q))
je(as,dm,bc,b+s,b)
redis.call('SET',q,cx,'PX',s)
h=cx
end
if h~=cx and(n~='X'or bc)and redis.call('EXISTS',as)==0 then
redis.call('SET',q,n=='X'and f or'~s '..n..' '..f,'PX',t-b)
return cr
end
for d,cz in ipairs(y)do
local ag=(d>1 or n~='X')and redis.call('ZSCORE',as,cz)
if ag then
t=math.max(t,tonumber(ag)%dj)
if d>1 then
redis.call('ZREM',as,cz)
cr=true
end
end
end
if n=='X'then
redis.call('SET',q,f,'PX',t-b)
return cr
end
je(as,n,f,t,b)
if h~=cx then
redis.call('SET',q,cx,'PX',kh(v,b)-b)
else
local s=redis.call('PTTL',q)
if s>=0 and s<t-b then redis.call('PEXPIRE',q,t-b)end
end
return cr
end
local function cd(v,y,b)
local q,bl=v.lock,false
local h=redis.pcall('GET',q)
if type(h)=='table'then
if string.find(h.err,'WRONGTYPE',1,true)then return false,false end
error(h.err,0)
end
local ai,bc=ek(h)
if y[bc or h]then
redis.call('DEL',q)
h,bl=false,true
end
if bc or(bl and#y==1)then return bl,bl end
local go=false
for ai,f in ipairs(y)do
local ag=redis.pcall('ZSCORE',v.shared,f)
if type(ag)=='string'then
redis.call('ZREM',v.shared,f)
go=true
if tonumber(ag)%dj>=b then bl=true end
end
end
if h and h~=cx then return bl,false end
local ab=go and kh(v,b)
if ab then
local s=redis.call('PTTL',q)
local gn=s>ab-b+1
if s<0 or gn then redis.call('SET',q,cx,'PX',math.max(1,ab-b))end
return bl,false,gn
end
if go and h then redis.call('DEL',q)end
return bl,go or bl
end`;

const PART_10 = `local iy={}
local function cp(v,g,b)
if#g==0 then return{},false end
local be,cq,es=ko(
g,mh(function(n)return gu(v,n,iy,b)end),b)
for d,p in ipairs(be)do be[d]=p[2]end
if#be>0 then
di(v.line,g,b)
redis.pcall('PUBLISH',v.wake,lc(be,es))
end
return be,cq
end
local function ll(v,n,y,ad,ag,g,b)
local s,ak=gu(v,n,y,b)
if s or#g==0 or mc(v,y)then return s,ak end
local bw,lx=jf(g,ad,ag,function(bh)return jk(bh,n)end)
if not bw then return nil end
if v.wake then cp(v,g,b)end
if lx then return-1,''end
if bw[5]>0 then return math.max(0,50-b+bw[5]),''end
s,ak=gu(v,bw[3],iy,b)
return s and-1 or 50,ak or''
end
local function ls(jo,ao,cf)
local j,cc,av=0,false,{}
for ai,n in ipairs(ao)do
if(n=='X'or n=='SIX')and not cf then cc=true end
end
for d,k in ipairs(jo)do
local l=bk(k)
av[d]=l or 0
j=math.max(j,l and(cc and l+1 or l)or da(k))
end
for d,k in ipairs(jo)do
if av[d]~=j then fg(k,j)end
end
return j
end
u['modes.acquire']=function(a,c)
local an,ad,ba,ed=tonumber(c[2]),'',0,0
if c[4]~=''then
ad,ba,ed=string.match(c[4],'^(%S*) (%S+) (%S+)$')
ba,ed=tonumber(ba),tonumber(ed)
end
local ao,y,lj,b=gs(c[3]),eo(c,5),{c[1],[c[1]]=true},ar()
local az=ef(a,#ao,ad==''and 3 or 4)
local ay,av,m,ci,ak={},b,nil,nil,nil
local cf,cr=true,false
for d=1,#ao do
ay[d]=ch(az[d].line,b,ec)
av=math.max(av,ay[d].ticket)
end
local df=hj(ba,av)
local ag=df>0 and df-ed or nil
for d,n in ipairs(ao)do
local v=az[d]
local s,nb=ll(v,n,y,ad,ag,ay[d],b)
if s then
m=m or d
if not ak or(ci~=-1 and(s==-1 or s>ci))then
ci,ak=s,nb
end
elseif not hx(v,n,lj)then
cf=false
end
end
local cn,fw=m or#ao,nil
if ad~=''then
fw=kz(ay[cn],ad,ao[cn],ba,ed,b,av)
if not m and ay[cn][fw]then ay[cn][fw][5]=-1 end
di(az[cn].line,ay[cn],b)
end
if m then
if ad~=''then pcall(ho,az[m].wake,ad,an)end
return{0,ci,ak,la(av,b),fw and fw-1 or#ay[m]}
end
local j=ls(az.fences,ao,cf)
for d,n in ipairs(ao)do
local v=az[d]
if ht(v,n,y,an,b)then cr=true end
if d~=cn and gz(ay[d],ad,b)then di(v.line,ay[d],b)end
end
return cr and-j or j
end
u['modes.convert']=u['modes.acquire']
u['modes.commit']=function(a,c)
local ao,y=gs(c[3]),{c[1],[c[1]]=true}
local az=ef(a,#ao,4)
for d,n in ipairs(ao)do
if not hx(az[d],n,y)then return{0}end
end
for ai,k in ipairs(az.fences)do
if not bk(k)then da(k)end
fa(k,tonumber(c[2]))
end
return 1
end
u['modes.extend']=function(a,c)
local j,an,ao=tonumber(c[2]),tonumber(c[3]),gs(c[4])
local az,y,b,bn=ef(a,#ao,4),eo(c,5),ar(),true
for d,n in ipairs(ao)do
local s,ak=gu(az[d],n,y,b)
if s then return{0,s,ak}end
bn=bn and hx(az[d],n,y)
end
for ai,k in ipairs(az.fences)do
local hs=not bn and(bk(k)or fn(k))
if hs then fa(k,j)end
end
for d,n in ipairs(ao)do
local v=az[d]
if ht(v,n,y,an,b)then cp(v,ch(v.line,b,ec),b)end
end
return 1
end
local function ki(v,g,ad,b)
local jr=kj(g,ad)
if jr then di(v.line,g,b)end
pcall(fj,v.wake,ad)
return jr
end
u['modes.release']=function(a,c)
local ad,y,b=c[2],eo(c,3),ar()
local bl,eu,jv=false,false,string.find(ad,'.',1,true)
for ai,v in ipairs(ef(a,#a/4,4))do
local bn,mb,gn=cd(v,y,b)
local ay=(bn or jv)and redis.pcall('MGET',v.line,v.wake)
if bn then bl=true end
if ay and(ay[1]or ay[2])then
local g=ch(v.line,b,ec)
if jv then ki(v,g,ad,b)end
local bm,be,cq=pcall(cp,v,g,b)
if not bm then be,cq={},false end
for ai,bh in ipairs(be)do
if bh~=ad then eu=true end
end
if mb and not cq and hm(v.wake,ad~='')then eu=true end
if gn and#be==0 then redis.pcall('PUBLISH',v.wake,'')end
end
end
if not bl then return 0 end
return eu and-1 or 1
end
u['modes.releaseAll']=u['modes.release']
u['modes.leave']=function(a,c)
local b=ar()
for ai,v in ipairs(ef(a,#a/4,4))do
local g=ch(v.line,b,ec)
if ki(v,g,c[1],b)then pcall(cp,v,g,b)end
end
return 1
end`;

const PART_11 = `local function lz(v,n,f,b)
local h=redis.call('GET',v.lock)
if h~=cx then
local dm,bc=ek(h)
return(bc or h)==f and(dm or'X')==n
end
local ag=n~='X'and redis.call('ZSCORE',v.shared,f)
if not ag then return false end
return math.floor(tonumber(ag)/dj)==gc[n]and tonumber(ag)%dj>=b
end
u['modes.renew']=function(a,c,ez)
local f,ao,b,j=c[1],gs(c[3]),ar(),1
local az=ef(a,#ao,3)
for d,n in ipairs(ao)do
if not lz(az[d],n,f,b)then
local h=redis.call('GET',az[d].lock)
local ai,bc=ek(h)
local ak=bc or h~=cx and h or''
if string.sub(ak,1,3)==gb..' 'then ak=gb end
return{0,redis.call('PTTL',az[d].lock),ak}
end
end
for ai,k in ipairs(az.fences)do j=math.max(j,bk(k)or 1)end
if ez then return j end
for d,n in ipairs(ao)do ht(az[d],n,{f,[f]=true},tonumber(c[2]),b)end
return j
end`;

const PART_12 = `local fm=8
local hi='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local li='^~p %d+ 0 %d+ [01]* %d+:[%d -]*:'
local lg=8
local au,fp
local function bj(...)
if au then return end
local o=r(...)
if type(o)=='table'and o.err then au=fp and{-1,o.err}or{}else fp=true end
end
local function gg()
local ap=r('TIME')
return ap[1]*1000+math.floor(ap[2]/1000)
end
local function iu(i,ax,ab,by,z,bf,l,b)
if b and ab~='0'and l+0>by+0 then
by=string.format('%.0f',l+math.max(1,l-b))
bj('PEXPIREAT',KEYS[i+2],by)
bj('PEXPIREAT',KEYS[i+3],by)
bj('PEXPIRE',KEYS[i+4],604800000)
end
bj('SET',KEYS[i],'~p '..ax..' '..ab..' '..by..' '..z..' '..bf,'PXAT',l)
end
local function ey(i,aj,af,ai,bu,hq)
au,fp=nil,nil
if bu=='slots.acquire'then
local cc=hq
if ARGV[af+1]~=''or ARGV[af+5]~='0'or ARGV[af+6]~=''or ARGV[af-1]~='7'then return nil end
local f,bg,aa,cm=ARGV[aj],ARGV[af+3]+0,ARGV[af+4]+0,KEYS[i+1]
if bg>lg or bg>aa then return nil end
local aq,b=r('GET',KEYS[i]),gg()
local ax,ab,by,z,at,w,bf='0','0','0','','0','',''
local hr=true
if aq then
if aq.err then return nil end
ax,ab,by,z,at,w,bf=string.match(aq,hi)
if not ax or bf==f then return nil end
if(ab~='0'and b>ax+0)or(bf~=''and at+0<b)then return nil end
if ab~='0'and r('HGET',KEYS[i+2],f)then return nil end
elseif r('EXISTS',unpack(KEYS,i+4,cc and i+10 or i+6))==0 then
hr=false
end
if hr and cc and r('EXISTS',KEYS[i+8],KEYS[i+9],KEYS[i+10])~=0 then return nil end
local jt=string.find(f,'^%x%x%x%x%x%x%x%x%x%x%x%x')
local bv,el=jt and tonumber(string.sub(f,1,6),16)%aa or 0,nil
local dn,dx={},bg==1 and'1'or'2'
for ai=1,64 do
local jh=string.byte(z,bv+1)
if not jh then
z=z..string.rep('0',bv-#z)..dx
dn[#dn+1]=bv
elseif jh==48 then
z=string.sub(z,1,bv)..dx..string.sub(z,bv+2)
dn[#dn+1]=bv
end
if#dn==bg then break end
el=el or jt and 1+tonumber(string.sub(f,7,12),16)%aa or 1
bv=(bv+el)%aa
end
if#dn<bg then return nil end
local cb=dn[1]..''
if bg>1 then
cb=''
local ce,l=string.find(z,'2+')
while ce do
cb=cb..(cb==''and''or' ')..ce-1 ..(ce==l and''or'-'..l-1)
ce,l=string.find(z,'2+',l+1)
end
z=string.gsub(z,'2','1')
end
local t,j,fu=b+ARGV[af],nil,nil
local l=string.format('%.0f',t)
if not hr then
if cc then
local h=r('GET',cm)
local ae=type(h)=='string'and string.find(h,'^%d+$')and h+0
if not ae or ae<1 or ae+1>=9000000000000000 then return nil end
j=ae+1+cc
bj('SET',cm,string.format('%.0f',j))
else
j=ah(cm)
if not j then return nil end
fp=true
end
else
local x
if IS_CLUSTER then
x=r('MGET',cm,KEYS[i+6])
else
local mr=string.sub(cm,1,string.find(cm,'~fence:',1,true)-1)
x=r('MGET',cm,KEYS[i+6],mr..'~server')
end
if x.err or x[2]or r('HGET',KEYS[i+5],KEYS[i])then return nil end
local ae=x[1]and string.find(x[1],'^%d+$')and x[1]+0
if not ae or ae<1 or ae>=9000000000000000 then return nil end
local bt=x[3]and string.match(x[3],'^complete %S+ %S+ (%S+) ')or''
if#bt~=32 then bt=string.format('%-32.32s',bt)end
if r('GETRANGE',KEYS[i+4],0,31)~=bt then return nil end
j=ae-ae%16384
for d=1,bg do
local m=32+16*dn[d]
j=math.max(j,tonumber(r('GETRANGE',KEYS[i+4],m,m+15))or ae)
end
j=j+1
local kg=math.max(ae,j)
if cc and kg>=9000000000000000 then return nil end
local ju=ab~='0'
if bf~=''then fu=bf end
if fu and ju then bj('ZADD',KEYS[i+3],at,bf)end
local am=string.format('%016.0f',j)
for d=1,bg do bj('SETRANGE',KEYS[i+4],32+16*dn[d],am)end
if cc then j=kg+cc end
if ae<j then bj('SET',cm,string.format('%.0f',j))end
if fu then
if not ju then
bj('DEL',KEYS[i+2],KEYS[i+3])
bj('ZADD',KEYS[i+3],at,bf)
end
bj('HSET',KEYS[i+2],bf,w)
if ab=='0'or at+0<ax+0 then ax=at end
if at+0>ab+0 then ab=at end
end
if not aq then bj('PEXPIRE',KEYS[i+4],604800000)end
end
bf=l..':'..cb..':'..f
iu(i,ax,ab,by,z,bf,ab+0>t and ab or l,b)
if au then
if fu and fp then r('ZREM',KEYS[i+3],fu)end
return au[1]and au
end
return{1,j,cb,'',cc and''}
end
if bu=='slots.extend'then
local f=ARGV[aj]
if ARGV[af+4]~='0'or ARGV[af-1]~='5'then return nil end
local aq=r('GET',KEYS[i])
if not aq or aq.err then return nil end
local ax,ab,by,z,at,w,bf=string.match(aq,hi)
if not ax or r('HGET',KEYS[i+5],KEYS[i])then return nil end
local b=gg()
if(ab~='0'and b>ax+0)or(bf~=''and at+0<b)then return nil end
local t=b+ARGV[af+1]
local l=string.format('%.0f',t)
if bf==f then
if w~=ARGV[af+2]then return nil end
if at+0>=t then return 1 end
at=l
if ab+0>t then l=ab end
else
if ab=='0'or r('HGET',KEYS[i+2],f)~=ARGV[af+2]then return nil end
local ag=r('ZSCORE',KEYS[i+3],f)
if type(ag)~='string'then return nil end
if ag+0>=t then return 1 end
bj('ZADD',KEYS[i+3],l,f)
if au then return au[1]and au end
if ab+0>=t then return 1 end
ab=l
if at+0>t then l=at end
end
iu(i,ax,ab,by,z,at..':'..w..':'..bf,l,b)
if au then return au[1]and au end
return 1
end
local f=ARGV[aj]
if ARGV[af-1]~='3'then return nil end
local x=hq or r('MGET',KEYS[i],KEYS[i+6],KEYS[i+7])
if x.err or x[2]or x[3]then return nil end
if not x[1]then return 0 end
local ai,jw=string.find(x[1],li)
if jw then
if string.sub(x[1],jw+1)~=f then return nil end
if hq then return r('DEL',KEYS[i],KEYS[i+8])==2 and 2 or nil end
return r('DEL',KEYS[i])==1 and 1 or nil
end
local ax,ab,by,z,at,w,bf=string.match(x[1],hi)
if not ax then return nil end
local l,cl=ab,w
if bf==f then
if at+0<ab+0 and at+0<gg()then return nil end
at,w,bf='0','',''
else
local ag=r('ZSCORE',KEYS[i+3],f)
cl=r('HGET',KEYS[i+2],f)
if type(cl)~='string'or type(ag)~='string'or ag+0<gg()then return nil end
bj('ZREM',KEYS[i+3],f)
bj('HDEL',KEYS[i+2],f)
if ag==ab then
ab=r('ZREVRANGE',KEYS[i+3],0,0,'WITHSCORES')[2]or'0'
if ab=='0'then
ax,by='0','0'
if bf==''then
bj('DEL',KEYS[i])
if au then return au[1]and au end
return 1
end
end
end
l=at+0>ab+0 and at or ab
end
local bv=tonumber(cl)
if bv then
z=string.sub(z,1,bv)..'0'..string.sub(z,bv+2)
else
for ce,hc in string.gmatch(cl,'(%d+)%-?(%d*)')do
if hc==''then hc=ce end
z=string.sub(z,1,ce)..string.rep('0',hc-ce+1)..string.sub(z,hc+2)
end
end
iu(i,ax,ab,by,z,at..':'..w..':'..bf,l)
if au then return au[1]and au end
return 1
end
local fl={['slots.acquire']=ey,['slots.extend']=ey,['slots.release']=ey}
local hp={}`;

const PART_13 = `local cw,dp,hf,lf='0','1','2',48
local lh=64
local function dr(am)
local mj=string.gmatch(am,'(%d+)%-?(%d*)')
return function()
local ac,l=mj()
if ac then return tonumber(ac),tonumber(l)or tonumber(ac)end
end
end
local function kv(z,dx)
local iq,ce,l={},string.find(z,dx..'+')
while ce do
iq[#iq+1]=ce==l and tostring(ce-1)or string.format('%d-%d',ce-1,l-1)
ce,l=string.find(z,dx..'+',l+1)
end
return table.concat(iq,' ')
end
local function de(z,w,dx)
local eg,m={},0
for ac,l in dr(w)do
if ac<m then z,eg,m=table.concat(eg)..string.sub(z,m+1),{},0 end
if ac>#z then z=z..string.rep(cw,ac-#z)end
eg[#eg+1]=string.sub(z,m+1,ac)
eg[#eg+1]=string.rep(dx,l-ac+1)
m=l+1
end
return table.concat(eg)..string.sub(z,m+1)
end
local function lk(z,w)
for ac,l in dr(w)do
if string.find(string.sub(z,ac+1,l+1),dp,1,true)then return false end
end
return true
end
local function fo(z,aa)
return#string.gsub(string.sub(z,1,aa),dp..'+','')
end
local function lp(w)
local id=0
for ai,l in dr(w)do id=math.max(id,l+1)end
return id
end
local function mm(f,aa)
local ff,el=string.match(f,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not ff then return 0,1 end
return tonumber(ff,16)%aa,1+tonumber(el,16)%aa
end
local function jj(z,al,aa,ij,y,f)
local db=al
local function fz(ac,l)
l=math.min(l,aa-1)
if db==0 or ac>l then return end
local mw,ah=string.gsub(string.sub(z,ac+1,l+1),cw,hf,db)
if ah==0 then return end
z,db=string.sub(z,1,ac)..mw..string.sub(z,l+2),db-ah
end
for ac,l in dr(ij)do fz(ac,l)end
if y then
for ac,l in dr(y)do fz(ac,l)end
else
local ff,el=mm(f,aa)
for d=0,lh-1 do
if db==0 then break end
local bv=(ff+d*el)%aa
if string.byte(z,bv+1)==lf then fz(bv,bv)end
end
fz(ff,aa-1)
fz(0,ff-1)
end
if db>0 then return nil end
return kv(z,hf),(string.gsub(z,hf,dp))
end`;

const PART_14 = `local ix='~'
local function ar()
local ap=redis.call('TIME')
return tonumber(ap[1])*1000+math.floor(tonumber(ap[2])/1000)
end
local function ig(am,b)
local br,aa,hd=string.match(am,'^(%d+) (%d+) (%d+)$')
if br and tonumber(hd)+604800000+86400000>=b then return tonumber(br),tonumber(aa),tonumber(hd)end
end
local function il(k,q,b)
return ig(redis.call('HGET',k,q)or'',b)
end
local function iw(k,q,br,aa,b)
local jl=tonumber(redis.call('HGET',k,ix)or'')
if not jl or jl+86400000<b then
local bp=redis.call('HGETALL',k)
for d=1,#bp,2 do
if not ig(bp[d+1],b)then redis.call('HDEL',k,bp[d])end
end
redis.call('HSET',k,ix,string.format('%.0f',b))
end
redis.call('HSET',k,q,string.format('%.0f %.0f %.0f',br,aa,b))
redis.call('PEXPIRE',k,604800000+86400000)
end
local function ms(k,q,br,aa,b)
if br>(il(k,q,b)or 0)then iw(k,q,br,aa,b)end
end`;

const PART_15 = `local iz='~p'
local eq,er=16,32
local function md(aq)
return aq==iz or string.sub(aq,1,3)==iz..' '
end
local function du(aq)
local ax,ab,by,z,t,w,f=
string.match(aq or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(ax)or 0,['latest']=tonumber(ab)or 0,['kept']=tonumber(by)or 0,['map']=z or'',
['deadline']=tonumber(t)or 0,['slots']=w or'',['token']=f or'',
['is_new']=not f,['is_other']=aq and not md(aq)
}
end
local function fy(a,e,b)
local l=math.max(e.latest,e.deadline)
if l==0 then
redis.call('DEL',a[1])
return 0
end
local kd=e.latest>0 and l>e.kept
if kd then
e.kept=l+math.max(1,l-b)
for m=3,4 do redis.call('PEXPIREAT',a[m],string.format('%.0f',e.kept))end
end
if kd or e.is_new then redis.call('PEXPIRE',a[5],604800000)end
redis.call('SET',a[1],string.format('~p %.0f %.0f %.0f %s %.0f:%s:%s',e.check,e.latest,e.kept,e.map,
e.deadline,e.slots,e.token),'PXAT',string.format('%.0f',l))
return l
end
local function dl(a,e,f)
if f==e.token then return e.slots,e.deadline end
local w=e.latest>0 and redis.call('HGET',a[3],f)
local t=w and redis.call('ZSCORE',a[4],f)
if t then return w,tonumber(t)end
end
local function ji(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function gj(a,e,f)
local w,t=dl(a,e,f)
if not w then return nil end
e.map=de(e.map,w,cw)
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
local function gk(a,e,b)
local ea=false
if e.token~=''and e.deadline<b then
e.map=de(e.map,e.slots,cw)
e.deadline,e.slots,e.token,ea=0,'','',true
end
if e.latest>0 and b>e.check then
local lo=redis.call('ZRANGEBYSCORE',a[4],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for ai,f in ipairs(lo)do
e.map=de(e.map,redis.call('HGET',a[3],f)or'',cw)
redis.call('HDEL',a[3],f)
redis.call('ZREM',a[4],f)
end
local ac=redis.call('ZRANGE',a[4],0,0,'WITHSCORES')[2]
local l=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,ea=tonumber(ac)or 0,tonumber(l)or 0,true
if not ac then e.kept,e.map=0,de('',e.slots,dp)end
end
if ea then fy(a,e,b)end
end
local function im(a,e,f,t,b)
local ea=false
if f==e.token then
if e.deadline<t then e.deadline,ea=t,true end
elseif tonumber(redis.call('ZSCORE',a[4],f))<t then
redis.call('ZADD',a[4],string.format('%.0f',t),f)
if e.latest<t then e.latest,ea=t,true end
end
if ea then fy(a,e,b)end
end
local function dz(a,e,f,w,t,b)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=t,w,f,de(e.map,w,dp)
fy(a,e,b)
end
local function kq(a)
local bt=''
if not IS_CLUSTER then
local bo=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
bt=type(bo)=='string'and string.match(bo,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..er..'.'..er..'s',bt)
end
local function hn(a)
return redis.call('GETRANGE',a[5],0,er-1)==kq(a)
end
local function fs(a,w,ae)
if not hn(a)then return ae end
local ia=ae-ae%16384
for ac,l in dr(w)do
local am=redis.call('GETRANGE',a[5],er+eq*ac,er+eq*(l+1)-1)
for d=0,l-ac do
local ah=tonumber(string.sub(am,eq*d+1,eq*(d+1)))
ia=math.max(ia,ah or ae)
end
end
return ia
end
local function iv(a,w,ah,ae)
if not hn(a)then redis.call('SET',a[5],kq(a),'PX',604800000)end
local am=string.format('%0'..eq..'.0f',ah)
for ac,l in dr(w)do
redis.call('SETRANGE',a[5],er+eq*ac,string.rep(am,l-ac+1))
end
if ae<ah then fg(a[2],ah)end
end`;

const PART_16 = `local hg='~s'
local function eo(c,ac)
local y={c[1]}
for d=ac,#c do y[#y+1]=c[d]end
return y
end
local function gx(a)
local aq=redis.call('GET',a[1])
if aq and(aq==hg or string.sub(aq,1,3)==hg..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
local e=du(aq)
if e.is_other then return e,aq,redis.call('PTTL',a[1])end
return e,nil,nil
end
local function ew(a,aa,br,b)
local av,ah,hd=il(a[6],a[1],b)
if br>(av or 0)then
av,ah=br,aa
iw(a[6],a[1],av,ah,b)
elseif av and hd+86400000<b then
iw(a[6],a[1],av,ah,b)
end
if not av then return aa,''end
return ah,string.format('%.0f %.0f',av,ah)
end
local function gw(z,dt)
return z..string.rep(cw,dt-#z)
end
local function lu(a,e,db,b)
local bx=e.latest>0 and redis.call('ZRANGE',a[4],0,64-1,'WITHSCORES')or{}
if e.token~=''then
local m=1
while bx[m]and tonumber(bx[m+1])<=e.deadline do m=m+2 end
table.insert(bx,m,e.token)
table.insert(bx,m+1,e.deadline)
end
local l=-1
for d=1,#bx,2 do
l=tonumber(bx[d+1])
local w=bx[d]==e.token and e.slots or redis.call('HGET',a[3],bx[d])or''
for ac,lq in dr(w)do db=db-(lq-ac+1)end
if db<=0 then break end
end
return l<0 and-1 or math.max(0,l-b),bx[1]or''
end
local function eb(aa)
return function(am)
local ah=tonumber(am)
return ah and ah<=aa
end
end
local function cp(a,e,g,cl,aa,b)
if#g==0 then return 0,false end
local z=gw(e.map,aa)
local cd=e.is_other and 0 or fo(z,aa)
local be,cq,es=ko(g,function(cy)
cd=cd-tonumber(cy)
return cd>=0
end,b)
local co={}
for d,p in ipairs(be)do
local w,mu=jj(z,tonumber(p[3]),aa,cl,'0-'..aa-1)
z=mu or z
co[d]=p[2]..':'..string.gsub(w or'',' ',',')
end
if#co>0 then
di(a[7],g,b)
redis.pcall('PUBLISH',a[8],lc(co,es))
end
return#co,cq
end
u['slots.acquire']=function(a,c)
local f,an,ad,ba,al=c[1],tonumber(c[2]),c[3],tonumber(c[4]),tonumber(c[5])
local ij,gp,y,b=c[8],#c>8,eo(c,9),ar()
local e,ak,ci=gx(a)
local aa,ft=ew(a,tonumber(c[6]),tonumber(c[7]),b)
if al>aa then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',aa,al),0)end
gk(a,e,b)
local g=ch(a[7],b,eb(aa))
local av=math.max(b,g.ticket)
local df=hj(ba,av)
local z=gw(e.map,aa)
local w,cb=dl(a,e,f),nil
if ak then
if ad~=''then pcall(ho,a[8],ad,an)end
elseif w then
local j=fs(a,w,bk(a[2])or da(a[2]))
im(a,e,f,b+an,b)
if kw(g,ad,b)then di(a[7],g,b)end
return{1,j,w,ft,gp and z or nil}
else
local dh,ds=z,''
for d=2,#y do
local bd=dl(a,e,y[d])or''
dh,ds=de(dh,bd,cw),ds..' '..bd
end
local bw
if#g>0 and not gp then
local cd=fo(dh,aa)
bw=cd>=al and jf(g,ad,df>0 and df or nil,function(cy)
cd=cd-tonumber(cy)
return cd<al
end)
end
if not bw then cb=jj(dh,al,aa,ij,gp and ds or nil,f)end
if cb then
local ae=bk(a[2])
local ac=not ae and da(a[2])
local j,t=fs(a,cb,ae or ac)+1,b+an
ji(a,e)
for d=2,#y do
local ai,at=gj(a,e,y[d])
t=math.max(t,at or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
j=ac or j
fg(a[2],j)
else
iv(a,cb,j,ae or ac)
end
dz(a,e,f,cb,t,b)
if kw(g,ad,b)then di(a[7],g,b)end
return{1,j,cb,ft,gp and de(dh,cb,dp)or nil}
end
local cd=fo(z,aa)
ci,ak=lu(a,e,al-cd,b)
if bw then
cp(a,e,g,'',aa,b)
if bw[5]>0 then ci,ak=math.max(0,50-b+bw[5]),''
else ci=-1 end
end
end
if ad~=''then
kz(g,ad,string.format('%.0f',al),ba,0,b,av)
di(a[7],g,b)
end
return{0,ci,ak,la(av,b),ft}
end
u['slots.commit']=function(a,c)
local j,w=tonumber(c[2]),c[3]
local e=du(redis.call('GET',a[1]))
if dl(a,e,c[1])~=w then return{0}end
local ae=bk(a[2])or da(a[2])
local ah=fs(a,w,ae)
if ah<j or not hn(a)then iv(a,w,math.max(ah,j),ae)end
return 1
end
u['slots.extend']=function(a,c)
local f,j,an,w=c[1],tonumber(c[2]),tonumber(c[3]),c[4]
local y,b=eo(c,7),ar()
local e,ak=gx(a)
if ak then return{0,-1,ak}end
local aa=ew(a,tonumber(c[5]),tonumber(c[6]),b)
gk(a,e,b)
local bd=dl(a,e,f)
if bd==w and#y==1 then
im(a,e,f,b+an,b)
return 1
end
local dh,at=gw(e.map,math.max(aa,lp(w))),''
for ai,cz in ipairs(y)do
local ds=dl(a,e,cz)or''
dh,at=de(dh,ds,cw),at..' '..ds
end
if not lk(dh,w)then
local le={f,'',c[5],c[6]}
for d=2,#y do le[d+3]=y[d]end
u['slots.release'](a,le)
return{0,-1,''}
end
ji(a,e)
local ae=bd~=w and(bk(a[2])or fn(a[2]))
if ae then iv(a,w,math.max(j,fs(a,w,ae)),ae)end
local t=b+an
for ai,cz in ipairs(y)do
local ai,l=gj(a,e,cz)
t=math.max(t,l or 0)
end
dz(a,e,f,w,t,b)
local cl=kv(de(de(string.rep(cw,#dh),at,dp),w,cw),dp)
if cl~=''then cp(a,e,ch(a[7],b,eb(aa)),cl,aa,b)end
return 1
end
u['slots.release']=function(a,c)
local bb,y,b=c[2],eo(c,5),ar()
local aq=redis.pcall('GET',a[1])
local e=du(type(aq)=='string'and aq)
local cl,bl,it,kc='',false,0,false
for ai,cz in ipairs(y)do
local w,t=gj(a,e,cz)
if w then
kc,bl=true,bl or t>=b
cl,it=cl..' '..w,math.max(it,t)
end
end
if not kc then return 0 end
redis.pcall('ZREM',a[4],'')
local ay=redis.pcall('MGET',a[7],a[8])
local js=ay[1]or ay[2]
if js then gk(a,e,b)end
local l=fy(a,e,b)
if js then
local aa=ew(a,tonumber(c[3]),tonumber(c[4]),b)
local g=ch(a[7],b,eb(aa))
local bm,be,cq=pcall(cp,a,e,g,cl,aa,b)
if not bm then be,cq=0,false end
if l==0 and not cq then hm(a[8],bb~='')
elseif l>0 and it>l and be==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bl and 1 or 0
end
u['slots.leave']=function(a,c)
local b=ar()
local aa=ew(a,tonumber(c[2]),tonumber(c[3]),b)
local g=ch(a[7],b,eb(aa))
if kj(g,c[1])then
di(a[7],g,b)
pcall(function()cp(a,du(redis.call('GET',a[1])),g,'',aa,b)end)
end
pcall(fj,a[8],c[1])
return 1
end
u['slots.count']=function(a,c)
local b=ar()
local e,ak=gx(a)
local aa,ft=ew(a,tonumber(c[1]),tonumber(c[2]),b)
gk(a,e,b)
local g=ch(a[7],b,eb(aa))
cp(a,e,g,'',aa,b)
local cd=ak and 0 or fo(gw(e.map,aa),aa)
local br=tonumber(string.match(ft,'^%d+')or 0)
return{1,cd,aa,br,#e.map-fo(e.map,#e.map)}
end
u['slots.resize']=function(a,c)
if not bk(a[2])then da(a[2])end
return u['slots.count'](a,c)
end`;

const PART_17 = `u['slots.renew']=function(a,c,ez)
local f,b,aq=c[1],ar(),redis.call('GET',a[1])
local e=du(aq)
local w,t=dl(a,e,f)
if w~=c[3]or t<b then
local mf=e.is_other and string.sub(aq,1,2)~=hg
return{0,redis.call('PTTL',a[1]),mf and aq or''}
end
local j=fs(a,w,bk(a[2])or 1)
if not ez then im(a,e,f,b+tonumber(c[2]),b)end
return j
end`;

const PART_18 = `local fl,hp,fm={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fm=2
local fl={
['mutex.acquire']=function(i,aj,af)
local cj=r('SET',KEYS[i],ARGV[aj],'NX','PX',ARGV[af])
if not cj or cj.err then return nil end
local j=ah(KEYS[i+1])
if j then return j end
local dq=r('DEL',KEYS[i])
return type(dq)=='table'and{-1,dq.err}or nil
end,
['mutex.takeOver']=function(i,aj,af)
if r('GET',KEYS[i])~=ARGV[aj+1]then return nil end
local j=ah(KEYS[i+1])
if not j then return nil end
local cj=r('SET',KEYS[i],ARGV[aj],'PX',ARGV[af])
return not cj.err and-j or nil
end,
['mutex.extend']=function(i,aj,af)
if r('GET',KEYS[i])~=ARGV[aj]then return nil end
local s=r('PTTL',KEYS[i])
if type(s)~='number'or s<0 then return nil end
if s<tonumber(ARGV[af])and r('PEXPIRE',KEYS[i],ARGV[af])~=1 then return nil end
return 1
end,
['mutex.release']=function(i,aj)
local x=r('MGET',KEYS[i],KEYS[i+1])
if x.err or x[2]then return nil end
if x[1]~=ARGV[aj]then return 0 end
return r('DEL',KEYS[i])==1 and 1 or nil
end,
}`,
    PART_2,
    `local hp={
['mutex.release']=function(i,aj,dt,cu)
local x=r('MGET',unpack(KEYS,i,i+2*dt-1))
if x.err then return 0 end
local bd,ka,ip,dy={},{},{},0
for d=1,dt do
if x[2*d]then break end
local q=KEYS[i+2*d-2]
local bn=x[2*d-1]==ARGV[aj+d-1]and not ka[q]
cu[#cu+1]=bn and 1 or 0
if bn then
ka[q]=true
bd[#bd+1]=q
ip[#bd]=#cu
end
dy=d
end
local dq=#bd>0 and r('DEL',unpack(bd))
if type(dq)=='table'then
for d=1,#ip do cu[ip[d]]={-1,dq.err}end
end
return dy
end
}`,
    PART_3,
    PART_4,
    `local function dz(k,f,an,bn)
if not bn then redis.call('SET',k,f,'PX',an)
else
local s=redis.call('PTTL',k)
if s>=0 and s<tonumber(an)then redis.call('PEXPIRE',k,an)end
end
end
local function jc(a,f,ik,an,ad)
local en=ad==''and 2 or 3
local bn,cf,cr={},true,false
local ci,ak
for d=1,#a,en do
local h=redis.call('GET',a[d])
bn[d]=h==f
if h~=f then cf=false end
if h and h==ik then
cr=true
elseif h and h~=f then
local s=redis.call('PTTL',a[d])
if not ak or(ci~=-1 and(s==-1 or s>ci))then
ci,ak=s,h
end
end
end
if ad~=''then
for d=3,#a,3 do pcall(ho,a[d],ad,tonumber(an))end
end
if ak then return{0,ci,ak}end
local j=0
for d=2,#a,en do
local l=bk(a[d])
j=math.max(j,l and(cf and l or l+1)or da(a[d]))
end
for d=1,#a,en do
dz(a[d],f,an,bn[d])
fg(a[d+1],j)
end
return cr and-j or j
end
u['mutex.acquire']=function(a,c)
return jc(a,c[1],nil,c[2],c[3])
end
u['mutex.takeOver']=function(a,c)
return jc(a,c[1],c[2],c[3],c[4])
end
u['mutex.commit']=function(a,c)
for d=1,#a,2 do
if redis.call('GET',a[d])~=c[1]then return{0}end
end
for d=2,#a,2 do
if not bk(a[d])then da(a[d])end
fa(a[d],tonumber(c[2]))
end
return 1
end
u['mutex.extend']=function(a,c)
local f,j,an=c[1],tonumber(c[2]),c[3]
local bn={}
for d=1,#a,2 do
local h=redis.call('GET',a[d])
if h and h~=f then return{0,redis.call('PTTL',a[d]),h}end
bn[d]=h==f
end
for d=1,#a,2 do
local hs=not bn[d]and(bk(a[d+1])or fn(a[d+1]))
if hs then fa(a[d+1],j)end
end
for d=1,#a,2 do dz(a[d],f,an,bn[d])end
return 1
end
u['mutex.release']=function(a,c)
local f,bb=c[1],c[2]
local bl,eu=false,false
for d=1,#a,2 do
local h=redis.pcall('GET',a[d])
if bb~=''then pcall(fj,a[d+1],bb)end
if h==f then
redis.call('DEL',a[d])
bl=true
if hm(a[d+1],bb~='')then eu=true end
elseif type(h)=='table'and h.err and not string.find(h.err,'WRONGTYPE',1,true)then
error(h.err)
end
end
if not bl then return 0 end
return eu and-1 or 1
end
u['mutex.leave']=function(a,c)
pcall(fj,a[1],c[1])
return 1
end
u['mutex.renew']=function(a,c)
local j=1
for d=1,#a,2 do
local h=redis.call('GET',a[d])
if h~=c[1]then return{0,redis.call('PTTL',a[d]),h or''}end
j=math.max(j,bk(a[d+1])or 1)
end
for d=1,#a,2 do dz(a[d],c[1],c[2],true)end
return j
end
u['mutex.query']=function(a)
local o={1}
for d=1,#a,2 do
o[#o+1]=redis.call('GET',a[d])or''
o[#o+1]=redis.call('PTTL',a[d])
o[#o+1]=fc(a[d+1])or''
end
return o
end`,
    PART_5,
    PART_6,
  ],
  "d4661f85d0f191beff9c66933ff2747fe7d5bec2",
  "808c438b05278a2ebce29981500ee74832e7574f",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fm=81
local fl={
['modes.acquire']=function(i,aj,af,al)
local f,an,ao,cm=ARGV[aj],ARGV[af],ARGV[af+1],KEYS[i+al-1]
if ARGV[af+2]~=''then return nil end
if al~=4 then
local ai,lv=string.gsub(ao,' ','')
if al~=3*lv+4 then return nil end
end
local fr,fb
if r('EXISTS',unpack(KEYS,i,i+al-2))~=0 then
local x,m=r('MGET',unpack(KEYS,i,i+al-2)),1
if x.err then return nil end
fr={}
fb={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for n in string.gmatch(ao,'%u+')do
local h,q,as=x[m],KEYS[i+m-1],KEYS[i+m]
if x[m+2]then return nil end
if not h then
if r('EXISTS',q,as)~=0 then return nil end
else
if n=='X'or n=='SIX'then return nil end
local s,bd,ak=r('PTTL',q),nil,nil
if type(s)~='number'or s<=0 then return nil end
if h=='~s'then
if r('ZSCORE',as,f)then return nil end
local ac=(n=='IX'and 3)or(n=='S'and 2)
if ac and r('ZCOUNT',as,ac..'00000000000000','('..ac+2 ..'00000000000000')~=0 then
return nil
end
else
bd,ak=string.match(h,'^~s ([ISX]+) (.*)$')
if not fb[bd]or ak==f or(n~=bd and n~='IS'and bd~='IS')then return nil end
if r('EXISTS',as)~=0 then return nil end
end
fr[m]={s,bd,ak}
end
m=m+3
end
end
local j
if ao=='X'or string.find(' '..ao,' X',1,true)or string.find(ao,'SIX',1,true)then
j=ah(cm)
if not j then return nil end
else
local h=r('GET',cm)
j=not h and ah(cm)or(type(h)=='string'and string.match(h,'^%d+$')and tonumber(h))
if not j or j<1 or j>=9000000000000000 then return nil end
end
if al==4 and not fr then
local cj=r('SET',KEYS[i],ao=='X'and f or'~s '..ao..' '..f,'PX',an)
return not cj.err and j or nil
end
local m,b=1,nil
for n in string.gmatch(ao,'%u+')do
local q,gq=KEYS[i+m-1],fr and fr[m]
if gq then
local as,bz,s,ak=KEYS[i+m],tonumber(an),gq[1],gq[3]
if not b then
local ap=r('TIME')
if ap.err then return nil end
b=tonumber(ap[1])*1000+math.floor(tonumber(ap[2])/1000)
end
local ag,bm=string.format('%.0f',fb[n]+b+bz),nil
if ak then
local km=math.max(s,bz)
bm=r('ZADD',as,string.format('%.0f',fb[gq[2]]+b+s),ak,ag,f)==2
and r('PEXPIRE',as,km)==1 and not r('SET',q,'~s','PX',km).err
else
r('ZREMRANGEBYSCORE',as,string.format('%.0f',fb[n]),string.format('(%.0f',fb[n]+b))
bm=r('ZADD',as,ag,f)==1
local kx=r('PTTL',as)
if type(kx)~='number'or kx<bz then
bm=r('PEXPIRE',as,bz)==1 and bm
end
if s<bz then bm=r('PEXPIRE',q,bz)==1 and bm end
end
if not bm then return nil end
else
local cj=r('SET',q,n=='X'and f or'~s '..n..' '..f,'PX',an)
if cj.err then return nil end
end
m=m+3
end
return j
end,
['modes.extend']=function(i,aj,af,al)
local f,an,m=ARGV[aj],ARGV[af],1
local x=ARGV[af-1]=='2'and r('MGET',unpack(KEYS,i,i+al-1))
if not x or x.err then return nil end
for n in string.gmatch(ARGV[af+1],'%u+')do
if x[m]~=(n=='X'and f or'~s '..n..' '..f)then return nil end
m=m+4
end
for q=i,i+m-2,4 do
local s=r('PTTL',KEYS[q])
if type(s)~='number'or s<0 then return nil end
if s<tonumber(an)and r('PEXPIRE',KEYS[q],an)~=1 then return nil end
end
return 1
end,
['modes.release']=function(i,aj,ai,al)
local f,x=ARGV[aj],nil
if al==4 then
local h,cn,mz=unpack(r('MGET',KEYS[i],KEYS[i+2],KEYS[i+3]))
if not h or cn or mz then return nil end
if h==f or string.match(h,'^~s [ISX]+ (.*)$')==f then
return r('DEL',KEYS[i])==1 and 1 or nil
end
x={h}
else
x=r('MGET',unpack(KEYS,i,i+al-1))
if x.err then return nil end
end
local cs,ha,ir,b={},{},{},nil
for m=1,al,4 do
local h,q,as=x[m],KEYS[i+m-1],KEYS[i+m]
if not h or x[m+2]or x[m+3]then return nil end
if h=='~s'then
local ag=r('ZSCORE',as,f)
local s=r('PTTL',q)
if type(ag)~='string'or type(s)~='number'or s<0 then return nil end
if not b then
local ap=r('TIME')
b=tonumber(ap[1])*1000+math.floor(tonumber(ap[2])/1000)
end
local t=tonumber(ag)%100000000000000
local ae=tonumber(ag)-t
if t<b then return nil end
local kn,jx=string.format('%.0f',ae),string.format('(%.0f',ae+100000000000000)
local l=r('ZREVRANGEBYSCORE',as,jx,kn,'WITHSCORES','LIMIT',0,2)
if l.err then return nil end
local ab,ib=tonumber(l[2])-ae,nil
if l[1]==f then
ib=r('ZCARD',as)
ab=l[4]and tonumber(l[4])-ae
if ab and(ab<b or r('ZCOUNT',as,kn,jx)~=ib)then return nil end
if not ab and ib~=1 then return nil end
elseif s>ab-b+1 then
return nil
end
if not ab then
cs[#cs+1]=q
elseif s>ab-b+1 then
ir[#ir+1]={q,math.max(1,ab-b)}
end
ha[#ha+1]=as
elseif h==f or string.match(h,'^~s [ISX]+ (.*)$')==f then
cs[#cs+1]=q
else
return nil
end
end
for ai,aq in ipairs(ir)do
if r('PEXPIRE',aq[1],aq[2])~=1 then return nil end
end
for ai,as in ipairs(ha)do
if r('ZREM',as,f)~=1 then return nil end
end
local dq=#cs==0 or r('DEL',unpack(cs))
if type(dq)=='table'then return#ha>0 and{-1,dq.err}or nil end
return 1
end
}
local hp={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    PART_10,
    `u['modes.position']=function(a,c)
local b=ar()
local g=ch(a[3],b,ec)
local m,hk,bs=ii(g,c[1]),0,0
local ag=m and g[m][1]or math.max(b,g.ticket)+1-tonumber(c[2])
for d=1,#g do
local p=dk(g,d)
if not p[7]and p[5]>=0 then
bs=bs+1
if p[2]~=c[1]and not hv(p,ag,c[1])then hk=hk+1 end
end
end
return{1,hk,bs,redis.call('EXISTS',a[1])}
end
u['modes.stay']=function(a,c)
local b=ar()
local g=ch(a[3],b,ec)
if gz(g,c[1],b)then di(a[3],g,b)end
return 1
end`,
    `u['modes.query']=function(a)
local o,b={1},ar()
for ai,v in ipairs(ef(a,#a/4,4))do
local ep={fc(v.wake)}
local g=ch(v.line,b,ec)
for d=1,#g do
local p=dk(g,d)
if p[4]>=b and p[5]>=0 then ep[#ep+1]=p[2]end
end
o[#o+1]=redis.call('GET',v.lock)or''
o[#o+1]=redis.call('PTTL',v.lock)
o[#o+1]=table.concat(ep,' ')
local hu=redis.call('ZRANGE',v.shared,0,-1,'WITHSCORES')
local m=#o+1
o[m]=0
for d=1,#hu,2 do
local s=tonumber(hu[d+1])%dj-b
if s>=0 then
o[m]=o[m]+1
o[#o+1]=hu[d]
o[#o+1]=s
end
end
end
return o
end`,
    PART_11,
    PART_5,
    PART_6,
  ],
  "6098c1c801c6e59b6d0be4c1e413a9d74101a7fc",
  "d4caa3b39d455b23b056d2a900a0694ce05e58b4",
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
local b=ar()
local e,bh,s=gx(a)
local br,aa=il(a[6],a[1],b)
local ep={fc(a[8])}
local g=ch(a[7],b,eb(math.huge))
for d=1,#g do
local p=dk(g,d)
if p[4]>=b then ep[#ep+1]=p[2]end
end
local o={1,bh or'',s or-2,aa or 0,br or 0,table.concat(ep,' ')}
local function jd(f,w,t)
if w and t>=b then
local m=#o
o[m+1],o[m+2],o[m+3]=f,w,t-b
end
end
if e.token~=''then jd(e.token,e.slots,e.deadline)end
if e.latest>0 then
local ky,bd={},redis.call('HGETALL',a[3])
for d=1,#bd,2 do ky[bd[d]]=bd[d+1]end
local bx=redis.call('ZRANGE',a[4],0,-1,'WITHSCORES')
for d=1,#bx,2 do
if bx[d]~=e.token then jd(bx[d],ky[bx[d]],tonumber(bx[d+1]))end
end
end
return o
end`,
    PART_5,
    PART_6,
  ],
  "c808177695a70036a0bb85556233241423b99263",
  "cb1100547aa298e91720307fa6ad904a050412fe",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function kt(k)
local bo=redis.pcall('GET',k)
return type(bo)=='string'and bo or''
end
local function ku(k,lr,h)
local eh=kt(k)
local ap=redis.call('TIME')
local b=string.format('%.0f',tonumber(ap[1])*1000+math.floor(tonumber(ap[2])/1000))
if eh==lr then
eh=h(tonumber(b))
redis.call('SET',k,eh)
end
return{1,eh,b}
end
u['marker.replace']=function(a,c)
return ku(a[1],c[1],function()return c[2]end)
end
u['marker.lose']=function(a,c)
return ku(a[1],c[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(c[2]))
end)
end`,
    `u['identify']=function(a)
local fd=''
local function gy(mx)
local gm=redis.pcall('INFO',mx)
if type(gm)=='table'then gm,fd='',gm.err end
return function(lt)return string.match(gm,'%f[%w_]'..lt..':([^\\r\\n]*)')or''end
end
local fe,ic,io=gy('server'),gy('memory'),gy('replication')
local ap=redis.call('TIME')
local n=fe('redis_mode')
if n==''then n=fe('server_mode')end
local lb=fe('valkey_version')
return{
1,fe('run_id'),tonumber(fe('uptime_in_seconds'))or-1,
tonumber(ap[1])*1000000+tonumber(ap[2]),
tonumber(gy('persistence')('aof_enabled'))or-1,
ic('maxmemory_policy'),tonumber(ic('maxmemory'))or-1,
io('role'),n,io('master_replid'),io('master_replid2'),
a[1]and kt(a[1])or'',fd,
tonumber(ic('used_memory'))or-1,lb~=''and'valkey '..lb or fe('redis_version')
}
end`,
    PART_14,
    `u['counters.read']=function(a)
local o,b={1},ar()
for d=1,#a,2 do
local fq,j=pcall(bk,a[d])
o[#o+1]=fq and j and string.format('%.0f',j)or''
end
for d=2,#a,2 do
local bp,cs,co=redis.pcall('HGETALL',a[d]),{},{}
for m=1,bp.err and 0 or#bp,2 do
cs[#cs+1],co[bp[m]]=bp[m],bp[m+1]
end
table.sort(cs)
for ai,q in ipairs(cs)do
local br,aa=ig(co[q],b)
if br then
for ai,h in ipairs({d/2,q,string.format('%.0f',br),aa})do o[#o+1]=h end
end
end
end
return o
end
local function ks(a,c,ax)
local w,b=#a/2,ar()
for d=1,w do
local k=a[2*d-1]
local fq,j=pcall(bk,k)
if fq and c[d]~=''then
if not j then ax(k)end
fa(k,tonumber(c[d]))
end
end
for m=w+1,#c,4 do
pcall(ms,a[2*tonumber(c[m])],c[m+1],tonumber(c[m+2]),tonumber(c[m+3]),b)
end
return 1
end
u['counters.raise']=function(a,c)
return ks(a,c,da)
end
u['counters.restore']=function(a,c)
return ks(a,c,function()end)
end
u['counters.lift']=function(a,c)
for d=1,#a do
local fq,j=pcall(bk,a[d])
if fq and j then fa(a[d],tonumber(c[1]))end
end
return 1
end`,
    `u['set.note']=function(a,c)
local cj,ds,ee=c[1],c[2],tonumber(c[3])
local ap=redis.call('TIME')
local b=tonumber(ap[1])*1000+math.floor(tonumber(ap[2])/1000)
local ej,kb,jq=b,false,false
local dd,am={},redis.pcall('GET',a[1])
for cn in string.gmatch(type(am)=='string'and am or'','[^\\n]+')do
local gt,ac,ab,fk,mo=string.match(cn,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
ac,ab,fk=tonumber(ac),tonumber(ab),tonumber(fk)
if gt and ac<=ab and ab<=b and b<fk and fk<=b+3600000 then
if gt==cj then
ej,kb=ac,b-ab<tonumber(c[4])
elseif gt==ds then
jq=true
else
dd[#dd+1]={cn,gt,ab,ac,fk,mo}
end
end
end
local o,ay,l={1},{},b+ee
for d=math.max(1,#dd-16+2),#dd do
local bh=dd[d]
ay[#ay+1]=bh[1]
l=math.max(l,bh[5])
o[#o+1]=bh[2]
o[#o+1]=bh[3]-math.max(bh[4],ej)
o[#o+1]=bh[5]-b
o[#o+1]=bh[6]
end
if not kb or jq then
ay[#ay+1]=string.format('%s %.0f %.0f %.0f %s',cj,ej,b,b+ee,c[5])
redis.call('SET',a[1],table.concat(ay,'\\n'),'PX',string.format('%.0f',l-b))
end
return o
end`,
    PART_5,
    PART_6,
  ],
  "2c632e5ab301ea04adcd7cd00040c6d6a560e801",
  "815aab8c3ee00e86373c745b97ce04ba7753bae5",
);

export const HOLD_SUMMARY_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `u['hold.summary']=function(a,c)
local em=redis.pcall('GET',a[1])
if type(em)~='string'or#em>256 then em=''end
if c[1]~=''then
local s,ee=redis.call('PTTL',a[1]),tonumber(c[2])
if em==''or s<=ee-tonumber(c[3])or s>ee then
redis.call('SET',a[1],c[1],'PX',c[2])
end
end
return{1,em}
end`,
    PART_5,
    PART_6,
  ],
  "c30ca2bdee157c79a184fb16e9342ce0a942db8e",
  "571ad90314b013cdac2cacb594e46ac4f3698697",
);

export const REPORT_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function ar()
local ap=redis.call('TIME')
return tonumber(ap[1])*1000+math.floor(tonumber(ap[2])/1000)
end
local function is(k,b)
local mt=redis.pcall('ZREMRANGEBYSCORE',k,'-inf',b)
if type(mt)~='number'then
redis.call('DEL',k)
return 0
end
redis.call('ZREMRANGEBYSCORE',k,b+15000+1,'+inf')
return redis.call('ZCARD',k)
end
u['report.write']=function(a,c)
local b,bt,ee=ar(),c[1],tonumber(c[3])
local em,hb=is(a[1],b),is(a[2],b)
local gi=em<1000 or redis.call('ZSCORE',a[1],bt)
local kk=gi and a[1]or a[2]
redis.call('ZREM',gi and a[2]or a[1],bt)
if gi or hb<10000 then
redis.call('ZADD',kk,b+ee,bt)
redis.call('PEXPIRE',kk,15000)
end
if not gi then return{1,0}end
redis.call('SET',a[3],c[2],'PX',c[3])
return{1,1}
end
u['report.remove']=function(a,c)
local b=ar()
for jz=1,2 do
is(a[jz],b)
redis.call('ZREM',a[jz],c[1])
end
redis.call('DEL',a[3])
return{1}
end
u['report.list']=function(a,c)
local b=ar()
local jy=redis.pcall('ZREVRANGEBYSCORE',a[1],'+inf','('..b,'LIMIT',0,1000)
local hb=redis.pcall('ZCOUNT',a[2],'('..b,'+inf')
local o={1,type(hb)=='number'and hb or 0}
if not jy.err then
for ai,bt in ipairs(jy)do o[#o+1]=bt end
end
return o
end
u['report.read']=function(a,c)
local o={1}
for ai,k in ipairs(a)do
local am=redis.pcall('GET',k)
if type(am)~='string'or#am>8192 then am=''end
o[#o+1]=am
o[#o+1]=am==''and 0 or redis.call('PTTL',k)
end
return o
end`,
    PART_5,
    PART_6,
  ],
  "7e86fc905eb01282f2f8cd4391d4612ccacd78f5",
  "049d0b51a0e37ec19ca80919d3b0df744c7918a6",
);

export const RECORD_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function ld(am)
local h=string.match(am,'^%d+$')and tonumber(am)
return h and h<=9000000000000000 and h
end
local function cv(am,na)
return ld(am)or error('the '..na..' of a record must be a whole number of at most 9e15: '..am,0)
end
local function dg(dc)
return string.format('%.0f',dc)
end
local function fx(k)
local bp,gh=redis.pcall('HGETALL',k),{}
if bp.err then
if not string.find(bp.err,'WRONGTYPE',1,true)then error(bp.err,0)end
error('the record '..k..' has another type than a hash; delete it',0)
end
for d=1,#bp,2 do gh[bp[d]]=bp[d+1]end
local x,dw={},gh['b']or''
local hw=#dw>4096 or(#bp>0 and not gh['p'])
for d,bu in ipairs({'p','f','n','c','m'})do
x[d]=ld(gh[bu]or'0')
hw=hw or not x[d]
end
if hw then
error('the record '..k..' has fields that no client of this library wrote; delete it',0)
end
return x[1],x[2],x[3],x[4],x[5],dw
end
local function hz(k,bz)
if redis.call('PTTL',k)<bz then redis.call('PEXPIRE',k,dg(bz))end
end
local function ar()
local ap=redis.call('TIME')
return tonumber(ap[1])*1000+math.floor(tonumber(ap[2])/1000)
end
local function gr(mg,b)
if IS_CLUSTER then return-1 end
local bo=redis.pcall('GET',mg)
if type(bo)=='table'and not string.find(bo.err,'WRONGTYPE',1,true)then return-1 end
local bt=type(bo)=='string'and string.match(bo,'^complete %S+ %S+ (%S+) ')
if not bt then error('NOMARKER the server has lost its memory: it has no marker',0)end
local ke=string.match(bt,'^(%d+)%.')
return ke and math.max(0,b-tonumber(ke))or-1
end
u['record.open']=function(a,c)
local j,bz=cv(c[1],'fence'),cv(c[2],'time')
local b=ar()
local fh=gr(c[3],b)
local ct,ck,al,fi,ex,dv=fx(a[1])
if ct>j then return{0,ct}end
if ct<j then redis.call('HSET',a[1],'p',dg(j))end
hz(a[1],bz)
return{1,ck,al,fi,ex,dv,b,fh}
end
u['record.put']=function(a,c)
local j,dc=cv(c[1],'fence'),cv(c[2],'number')
local ej,dw,bz=cv(c[3],'time'),c[4],cv(c[5],'time')
if#dw>4096 then
error('the body of a record must have at most '..4096 ..' bytes: '..#dw,0)
end
local b=ar()
local fh=gr(c[6],b)
local ct,ck,al,ai,ex,dv=fx(a[1])
if ct>j or ck>j or(ck==j and al>dc)then return{0,math.max(ct,ck)}end
if ck==j and al==dc and ex==0 and dv~=dw then
error('the record '..a[1]..' has another body with the same fence and number; use a new number',0)
end
redis.call('HSET',a[1],'p',dg(j),'f',dg(j),'n',dg(dc),'b',dw,'c',dg(ej))
if ex~=0 then redis.call('HDEL',a[1],'m')end
hz(a[1],bz)
return{1,b,fh}
end
u['record.copy']=function(a,c)
local kr,j,dc=cv(c[1],'fence'),cv(c[2],'fence'),cv(c[3],'number')
local ej,bz=cv(c[4],'time'),cv(c[6],'time')
local ct,ck,al=fx(a[1])
if kr>ct then redis.call('HSET',a[1],'p',dg(kr))end
if j>ck or(j==ck and dc>al)then
redis.call('HSET',a[1],'f',dg(j),'n',dg(dc),'b',c[5],'c',dg(ej),'m','1')
end
hz(a[1],bz)
return 1
end
u['record.list']=function(a,c)
local x=redis.call('SCAN',c[1],'MATCH',c[2],'COUNT',250)
local o={1,x[1],gr(a[1],ar())}
table.sort(x[2])
for ai,k in ipairs(x[2])do
local me,ct,ck,al,fi,ai,dv=pcall(fx,k)
if me and ct>0 then
for ai,h in ipairs({k,ct,ck,al,fi,dv,redis.call('PTTL',k)})do o[#o+1]=h end
end
end
return o
end
u['record.get']=function(a,c)
local b=ar()
local fh=gr(c[1],b)
local ai,ck,al,fi,ex,dv=fx(a[1])
return{1,ck,al,fi,ex,dv,b,fh}
end`,
    PART_5,
    PART_6,
  ],
  "2ed85d9fd5370c6997bc3b5228a03afe0d0f5c8b",
  "8963704d5f8e57a738c4cafbbe704fa46d1487c0",
);

export const OPERATOR_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `u['operator.replace']=function(a,c)
local f,ik=c[1],c[2]
local h=redis.call('GET',a[1])
local s=h and redis.call('PTTL',a[1])or 0
if not h or(h~=f and(h~=ik or s==-1))then return{0,s,h or''}end
local l=bk(a[2])
local j=l and(h==f and l or l+1)or da(a[2])
if h~=f then redis.call('SET',a[1],f,'PX',math.max(1,s))end
fg(a[2],j)
return-j
end
u['operator.restore']=function(a,c)
local h=redis.pcall('GET',a[1])
if h~=c[1]then return 0 end
redis.call('SET',a[1],c[2],'PX',math.max(1,redis.call('PTTL',a[1])))
return 1
end`,
    PART_5,
    PART_6,
  ],
  "4c4e5e8d6963cd0c5537587936a96b0a2d9ec43e",
  "51afa30dab8f23bfba4a3de73cdd2eb0908c93a7",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    PART_12,
    `local fm=13
local function ie(i,aj,af,al,bu)
local f,q=ARGV[aj],KEYS[i+8]
if bu=='quota.acquire'then
local n=ARGV[af+10]
if al~=12 or ARGV[af]~='modes.acquire'or ARGV[af-1]~='12'or ARGV[af+11]~=''then return nil end
local cc=(n=='X'or n=='SIX')and 1 or(n=='S'or n=='IX'or n=='IS')and 0
local o=cc and ey(i,aj,af+2,al,'slots.acquire',cc)
if not o then return nil end
bj('SET',q,n=='X'and f or'~s '..n..' '..f,'PX',ARGV[af+9])
if au then return au[1]and au end
return o
end
if bu=='quota.extend'then
if al~=13 or ARGV[af]~='modes.extend'or ARGV[af-1]~='10'then return nil end
local n,an=ARGV[af+9],ARGV[af+8]
if r('GET',q)~=(n=='X'and f or'~s '..n..' '..f)then return nil end
local s=r('PTTL',q)
if type(s)~='number'or s<0 then return nil end
local o=ey(i,aj,af+2,al,'slots.extend')
if o and s<tonumber(an)then bj('PEXPIRE',q,an)end
if au then return au[1]and au end
return o
end
if al~=12 or ARGV[af]~='modes.release'or ARGV[af-1]~='6'then return nil end
local x=r('MGET',KEYS[i],KEYS[i+6],KEYS[i+7],q,KEYS[i+10],KEYS[i+11])
local h=x[4]
if not h or x[5]or x[6]then return nil end
if h~=f and string.match(h,'^~s [ISX]+ (.*)$')~=f then return nil end
local o=ey(i,aj,af+2,al,'slots.release',x)
if not o then return nil end
if o~=2 then bj('DEL',q)end
if au then return au[1]and au end
return 1
end
local fl={['quota.acquire']=ie,['quota.extend']=ie,['quota.release']=ie}`,
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
    `local ja=8
local function fv(a,c)
local bi,cg,bq,ca={},{},{c[1]},{c[1]}
local ah=tonumber(c[3])
for d,k in ipairs(a)do
if d<=ja then bi[d]=k
else cg[d-ja]=k end
end
for d=4,#c do
if d<4+ah then bq[d-2]=c[d]
else ca[d-2-ah]=c[d]end
end
return bi,bq,cg,ca
end
local function kp(a,c,ac)
local e,bg,b=du(redis.call('GET',a[1])),{},ar()
local ai,mn=dl(a,e,c[1])
for d=ac,#c do
local w,t=dl(a,e,c[d])
if w and t>b then bg[#bg+1]={c[d],w,t}end
end
return(mn or 0)>=b,bg
end
local function lw(a,f,bg,b)
local e=du(redis.call('GET',a[1]))
gj(a,e,f)
for ai,ih in ipairs(bg)do dz(a,e,ih[1],ih[2],ih[3],b)end
fy(a,e,b)
end
local function kl(a,f,bg,cf,bu,cg,ca)
local bm,q=pcall(u[bu],cg,ca)
if bm and(type(q)=='number'or q[1]==1)then return q end
if not cf then lw(a,f,bg,ar())end
if not bm then error(q,0)end
return nil,{0,q[2],q[3],q[4],q[5],2}
end
u['quota.acquire']=function(a,c)
local bi,bq,cg,ca=fv(a,c)
local cf,bg=kp(bi,bq,9)
local aw=u['slots.acquire'](bi,bq)
if aw[1]==0 then return{0,aw[2],aw[3],aw[4],aw[5],1}end
local q,fd=kl(bi,c[1],bg,cf,c[2],cg,ca)
if not q then
if#bg==0 and not cf then
local b=ar()
local aa=ew(bi,tonumber(bq[6]),tonumber(bq[7]),b)
local e,g=du(redis.call('GET',bi[1])),ch(bi[7],b,eb(aa))
cp(bi,e,g,aw[3],aa,b)
end
return fd
end
if type(q)=='number'then return{1,math.abs(q),aw[3],aw[4],aw[5]or''}end
return{1,q[2],aw[3],aw[4],aw[5]or'',q[3],q[4],q[5]or''}
end
u['quota.convert']=function(a,c)
local bi,bq,cg,ca=fv(a,c)
local cf,bg=kp(bi,bq,7)
local aw=u['slots.extend'](bi,bq)
if aw~=1 then return{0,aw[2],aw[3],'0','',1}end
local q,fd=kl(bi,c[1],bg,cf,c[2],cg,ca)
return q and{1,math.abs(q),bq[4],'',''}or fd
end
local function jg(a,c,bu)
local bi,bq,cg,ca=fv(a,c)
local aw=u[bu](bi,bq)
if aw~=1 then return aw end
return u[c[2]](cg,ca)
end
u['quota.commit']=function(a,c)return jg(a,c,'slots.commit')end
u['quota.extend']=function(a,c)return jg(a,c,'slots.extend')end
u['quota.release']=function(a,c)
local bi,bq,cg,ca=fv(a,c)
local bm,aw=pcall(u['slots.release'],bi,bq)
local q=u[c[2]](cg,ca)
if not bm then error(aw,0)end
return q~=0 and q or aw
end`,
    `u['quota.renew']=function(a,c)
local bi,bq,cg,ca=fv(a,c)
local q
for ai,ez in ipairs({true,false})do
local aw=u['slots.renew'](bi,bq,ez)
if type(aw)~='number'then return aw end
q=u[c[2]](cg,ca,ez)
if type(q)~='number'then return q end
end
return q
end`,
    PART_5,
    PART_6,
  ],
  "7ab43d7c2730f558eaba6228b53a3e1b823c76cf",
  "35bba9ee3b9a18604f1af506aa2778e93ee5b392",
);
