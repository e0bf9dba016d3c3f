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
local function ah(j)
local k=r('INCR',j)
if type(k)~='number'then return nil end
if k>1 and k<=9000000000000000 then return k end
if k==1 and not IS_CLUSTER then
local ci=r('GET',string.match(j,'^(.*)~fence:')..'~server')
local ek=type(ci)=='string'and string.match(ci,'^complete .* (%d+)$')
local cf=ek and r('SET',j,ek)
if cf and not cf.err then return tonumber(ek)end
end
local mf=r(k>1 and'DECR'or'DEL',j)
if type(mf)=='table'then r('DECR',j)end
return nil
end`;

const PART_2 = `if#KEYS<=fa and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local gh=ez[ARGV[1]]
local p=gh and gh(1,6+ARGV[5],6,#KEYS,ARGV[1])
if p then return p end
end`;

const PART_3 = `local function general()
local y={}
local function bn(j)
local i=redis.call('GET',j)
if not i then return nil end
local k=string.match(i,'^-?%d+$')and tonumber(i)
if not k or k>=9000000000000000 then
error('the fencing counter '..j..' cannot be counted up: '..i..'; delete it together with '
..string.match(j,'^(.*)~fence:')..'~server, on one server after another')
end
return k>0 and k or nil
end
local function fo(j,k)
redis.call('SET',j,string.format('%.0f',k))
end
local function fb(j)
if not IS_CLUSTER then
local ci=redis.pcall('GET',string.match(j,'^(.*)~fence:')..'~server')
if type(ci)~='table'or string.find(ci.err,'WRONGTYPE',1,true)then
return type(ci)=='string'and tonumber(string.match(ci,'^complete .* (%d+)$'))or nil
end
end
local aq=redis.call('TIME')
local b=tonumber(aq[1])*1000000+tonumber(aq[2])
return math.max(1,b-b%16384)
end
local function df(j)
local ek=fb(j)
if ek then return ek end
redis.call('DEL',j)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function er(j,k)
local dz=bn(j)
if not dz then k=math.max(k,fb(j)or 0)end
if(dz or 0)<k then fo(j,k)end
end`;

const PART_4 = `local function et(j)
local bq=redis.pcall('GET',j)
return type(bq)=='string'and bq or nil
end
local function ha(j,bb,al)
al=math.max(al,20000)
local bq=et(j)
if not bq then
redis.call('SET',j,bb,'PX',al)
elseif string.find(' '..bq..' ',' '..bb..' ',1,true)then
redis.call('PEXPIRE',j,math.max(redis.call('PTTL',j),al))
elseif#bq+1<256*(#bb+1)then
redis.call('SET',j,bq..' '..bb,'PX',math.max(redis.call('PTTL',j),al))
end
end
local function ex(j,bb)
local bq=et(j)
if not bq then return end
local cw={}
for bh in string.gmatch(bq,'%S+')do
if bh~=bb then cw[#cw+1]=bh end
end
if#cw==0 then redis.call('DEL',j)
else redis.call('SET',j,table.concat(cw,' '),'PX',math.max(redis.call('PTTL',j),1))end
end
local function gy(j,ln)
local bq=et(j)
if not bq then return false end
local ab=ln and string.match(bq,'%S+')or''
if ab~=''then ex(j,ab)end
redis.pcall('PUBLISH',j,ab)
return ab~=''
end`;

const PART_5 = `return y
end`;

const PART_6 = `local function lw(gh,h,em,ai,w,af,ap)
local a,c={unpack(KEYS,h,h+em-1)},{unpack(ARGV,ai,ai+w-1)}
for d=1,ap do c[w+d]=ARGV[af+d-1]end
local bl,p=pcall(gh,a,c)
if bl then return p end
if type(p)=='table'then p=p.err or p[1]end
return{-1,tostring(p)}
end
local cq,y,h,ai={},nil,1,1
while ai<=#ARGV do
local cc,dm,em=ARGV[ai],tonumber(ARGV[ai+1]),tonumber(ARGV[ai+2])
local w,ap,af=tonumber(ARGV[ai+3]),tonumber(ARGV[ai+4]),ai+5
ai=af+ap
local iz=em<=fa
local ix=iz and ez[cc]
local iw=iz and dm>1 and hb[cc]
local dq=0
while dq<dm do
local ah=iw and iw(h,ai,dm-dq,cq)or 0
if ah==0 then
local p=ix and ix(h,ai,af,em,cc)
if not p then
y=y or general()
p=lw(y[cc],h,em,ai,w,af,ap)
end
cq[#cq+1]=p
ah=1
end
h,ai,dq=h+ah*em,ai+ah*w,dq+ah
end
end
return#cq==1 and cq[1]or cq`;

const PART_7 = `local function fs(ad)return string.match(ad,'^%w+')or''end
local function dd(g,d)
local am=g[d]
if type(am)~='string'then return am end
local ag,ad,ct,s,be,ba=
string.match(am,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local o
if ct and g.is_demand(ct)then
o={tonumber(ag),ad,ct,tonumber(s),tonumber(be),tonumber(ba),false,am}
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
local function ku(g,b)
local gx,ea=0,{}
local ah=#g
g.check=math.huge
for d=1,ah do
local o=dd(g,d)
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
local function cd(j,b,lh)
local am=redis.pcall('GET',j)
local g={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=lh}
local ax,l,ba
if type(am)=='string'then ax,l,ba=string.match(am,'^(%d+) (%d+) (%d+);')end
if not ax then return g end
g.check,g.last,g.ticket=tonumber(ax),tonumber(l),tonumber(ba)
local ah=0
for cu in string.gmatch(am,';([^;]+)')do
ah=ah+1
g[ah]=cu
end
if b>=g.check then ku(g,b)end
return g
end
local function da(j,g,b)
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
local function ip(g,ad,ag,kt)
local bs
for d=1,#g do
local o=dd(g,d)
if o[2]==ad or(ag and hh(o,ag,ad))then break end
if not o[7]and kt(o[3])then
if bs then return bs,true end
bs=o
end
end
return bs,false
end
local function hr(g,ad)
local lv=' '..ad..' '
for d,o in ipairs(g)do
if type(o)~='string'or string.find(o,lv,1,true)then
if dd(g,d)[2]==ad then return d end
end
end
end
local function gl(g,ad,b)
local m=ad~=''and hr(g,ad)
if not m then return nil end
local o=dd(g,m)
o[4],o[5],o[7],o[8]=b+3000,0,false,nil
g.last=math.max(g.last,o[4])
return m
end
local function ke(g,ad,b)
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
local function ki(au,b)
return au==b and string.format('%.0f',b)or string.format('%.0f %.0f',au,b)
end
local function kh(g,ad,ct,ba,dv,b,aa)
local m=gl(g,ad,b)
if m and g[m][6]>=ba then
g[m][3]=ct
return m
end
if m then table.remove(g,m)end
local cy=gv(ba,aa)
if cy==0 then cy=aa+1 end
local ag=cy-dv
m=#g+1
while m>1 and hh(dd(g,m-1),ag,ad)do m=m-1 end
local o={ag,ad,ct,b+3000,0,math.max(ba,0),false}
table.insert(g,m,o)
fr(g,o)
g.last,g.ticket=math.max(g.last,o[4]),math.max(g.ticket,cy)
g[256+1]=nil
return m
end
local function js(g,ad)
local m=hr(g,ad)
if m then table.remove(g,m)end
return m~=nil
end
local function jx(g,cn,b)
local be,ft,hj={},{},false
for d=1,#g do
local o=dd(g,d)
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
local function kk(cl,ej)
return table.concat(cl,' ')..(ej and' ~'..ej or'')
end`;

const PART_8 = `local gq={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function du(am)return gq[am]end
local function iu(lr,bh)return string.find(gq[lr],' '..bh..' ',1,true)end
local function lm(lq)
local fy={}
return function(n)
if fy[n]==nil then fy[n]=not lq(n)end
if not fy[n]then return false end
for bh in string.gmatch(gq[n],'%u+')do fy[bh]=false end
return true
end
end`;

const PART_9 = `local cs,fp='~s','~p'
local db,fq=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local ik={'IS','IX','SIX','S'}
local gt={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=ik}
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
local w={c[1],[c[1]]=true}
for d=ab,#c do
w[#w+1]=c[d]
w[c[d]]=true
end
return w
end
local function eb(i)
if not i or string.sub(i,1,3)~='~s 'then return nil end
local n,f=string.match(i,'^~s (%u+) (.*)$')
if gt[n]then return n,f end
end
local function fn(lp)return string.format('%.0f',lp)end
local function jo(j,n,ah)
local ae=fq[n]*db
return redis.pcall('ZREVRANGEBYSCORE',j,'('..fn(ae+db),fn(ae),'WITHSCORES','LIMIT',0,ah),ae
end
local function gg(u,n,w,b)
local i=redis.call('GET',u.lock)
if i and(i==fp or string.sub(i,1,3)==fp..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local dg,bc=eb(i)
if bc then
local t=not w[bc]and redis.call('PTTL',u.lock)
if t and(t==-1 or iu(n,dg))then return t,bc end
return nil
end
if w[i]then return nil end
if i and i~=cs then return redis.call('PTTL',u.lock),i end
local l,aj
if not i and redis.call('EXISTS',u.shared)==0 then return nil end
for ak,mc in ipairs(gt[n])do
local ac,ae=jo(u.shared,mc,#w+1)
if ac.err then error(ac.err,0)end
for d=1,#ac,2 do
local s=tonumber(ac[d+1])-ae
if not w[ac[d]]then
if s>=b and(not l or s>l)then l,aj=s,ac[d]end
break
end
end
end
if l then return l-b,aj end
end
local function jq(u,b)
local aa
if redis.call('EXISTS',u.shared)==0 then return nil end
for ak,n in ipairs(ik)do
local ac,ae=jo(u.shared,n,1)
local ag=tonumber(ac[2])
if ag and ag-ae>=b then aa=math.max(aa or 0,ag-ae)end
end
return aa
end
local function hi(u,n,w)
local i=redis.call('GET',u.lock)
if n=='X'then return w[i]end
local dg,bc=eb(i)
if bc then return w[bc]and dg==n end
for ak,f in ipairs(w)do
local ag=redis.call('ZSCORE',u.shared,f)
if ag and math.floor(tonumber(ag)/db)==fq[n]then return true end
end
return false
end
local function lj(u,w)
local i=redis.call('GET',u.lock)
local ak,bc=eb(i)
if bc then return w[bc]end
if w[i]then return true end
for ak,f in ipairs(w)do
if redis.call('ZSCORE',u.shared,f)then return true end
end
return false
end
local function io(j,n,f,s,b)
local ae=fq[n]*db
redis.call('ZREMRANGEBYSCORE',j,fn(ae),'('..fn(ae+b))
redis.call('ZADD',j,fn(ae+s),f)
if redis.call('PTTL',j)<s-b then redis.call('PEXPIRE',j,s-b)end
end
local function hf(u,n,w,al,b)
local q,ap,f,co=u.lock,u.shared,w[1],false
local i=redis.call('GET',q)
local s=b+al
local dg,bc=eb(i)
local aj,lf=bc or i,dg or'X'
if w[aj]then
local t=redis.call('PTTL',q)
if t==-1 and aj==f and n==lf then return false end
s=math.max(s,b+t)
if bc==f and n==dg then
redis.call('SET',q,i,'PX',s-b)
return false
end
co=aj~=f
i=nil
elseif bc then
local t=math.max(1,redis.call('PTTL',q))
io(ap,dg,bc,b+t,b)
redis.call('SET',q,cs,'PX',t)
i=cs
end
if i~=cs and(n~='X'or bc)and redis.call('EXISTS',ap)==0 then
redis.call('SET',q,n=='X'and f or'~s '..n..' '..f,'PX',s-b)
return co
end
for d,cu in ipairs(w)do
local ag=(d>1 or n~='X')and redis.call('ZSCORE',ap,cu)
if ag then
s=math.max(s,tonumber(ag)%db)
if d>1 then
redis.call('ZREM',ap,cu)
co=true
end
end
end
if n=='X'then
redis.call('SET',q,f,'PX',s-b)
return co
end
io(ap,n,f,s,b)
if i~=cs then
redis.call('SET',q,cs,'PX',jq(u,b)-b)
else
local t=redis.call('PTTL',q)
if t>=0 and t<s-b then redis.call('PEXPIRE',q,s-b)end
end
return co
end
local function by(u,w,b)
local q,bk=u.lock,false
local i=redis.pcall('GET',q)
if type(i)=='table'then
if string.find(i.err,'WRONGTYPE',1,true)then return false,false end
error(i.err,0)
end
local ak,bc=eb(i)
if w[bc or i]then
redis.call('DEL',q)
i,bk=false,true
end
if bc or(bk and#w==1)then return bk,bk end
local gb=false
for ak,f in ipairs(w)do
local ag=redis.pcall('ZSCORE',u.shared,f)
if type(ag)=='string'then
redis.call('ZREM',u.shared,f)
gb=true
if tonumber(ag)%db>=b then bk=true end
end
end
if i and i~=cs then return bk,false end
local aa=gb and jq(u,b)
if aa then
local t=redis.call('PTTL',q)
local ga=t>aa-b+1
if t<0 or ga then redis.call('SET',q,cs,'PX',math.max(1,aa-b))end
return bk,false,ga
end
if gb and i then redis.call('DEL',q)end
return bk,gb or bk
end`;

const PART_10 = `local ih={}
local function cm(u,g,b)
if#g==0 then return{},false end
local be,cn,ej=jx(
g,lm(function(n)return gg(u,n,ih,b)end),b)
for d,o in ipairs(be)do be[d]=o[2]end
if#be>0 then
da(u.line,g,b)
redis.pcall('PUBLISH',u.wake,kk(be,ej))
end
return be,cn
end
local function ks(u,n,w,ad,ag,g,b)
local t,aj=gg(u,n,w,b)
if t or#g==0 or lj(u,w)then return t,aj end
local bs,le=ip(g,ad,ag,function(bh)return iu(bh,n)end)
if not bs then return nil end
if u.wake then cm(u,g,b)end
if le then return-1,''end
if bs[5]>0 then return math.max(0,50-b+bs[5]),''end
t,aj=gg(u,bs[3],ih,b)
return t and-1 or 50,aj or''
end
local function kz(iy,an,ca)
local k,bx,au=0,false,{}
for ak,n in ipairs(an)do
if(n=='X'or n=='SIX')and not ca then bx=true end
end
for d,j in ipairs(iy)do
local l=bn(j)
au[d]=l or 0
k=math.max(k,l and(bx and l+1 or l)or df(j))
end
for d,j in ipairs(iy)do
if au[d]~=k then fo(j,k)end
end
return k
end
y['modes.acquire']=function(a,c)
local al,ad,ba,dv=tonumber(c[2]),'',0,0
if c[4]~=''then
ad,ba,dv=string.match(c[4],'^(%S*) (%S+) (%S+)$')
ba,dv=tonumber(ba),tonumber(dv)
end
local an,w,kq,b=ge(c[3]),ef(c,5),{c[1],[c[1]]=true},av()
local az=dx(a,#an,ad==''and 3 or 4)
local ay,au,m,ce,aj={},b,nil,nil,nil
local ca,co=true,false
for d=1,#an do
ay[d]=cd(az[d].line,b,du)
au=math.max(au,ay[d].ticket)
end
local cy=gv(ba,au)
local ag=cy>0 and cy-dv or nil
for d,n in ipairs(an)do
local u=az[d]
local t,mh=ks(u,n,w,ad,ag,ay[d],b)
if t then
m=m or d
if not aj or(ce~=-1 and(t==-1 or t>ce))then
ce,aj=t,mh
end
elseif not hi(u,n,kq)then
ca=false
end
end
local ck,fk=m or#an,nil
if ad~=''then
fk=kh(ay[ck],ad,an[ck],ba,dv,b,au)
if not m and ay[ck][fk]then ay[ck][fk][5]=-1 end
da(az[ck].line,ay[ck],b)
end
if m then
if ad~=''then pcall(ha,az[m].wake,ad,al)end
return{0,ce,aj,ki(au,b),fk and fk-1 or#ay[m]}
end
local k=kz(az.fences,an,ca)
for d,n in ipairs(an)do
local u=az[d]
if hf(u,n,w,al,b)then co=true end
if d~=ck and gl(ay[d],ad,b)then da(u.line,ay[d],b)end
end
return co and-k or k
end
y['modes.convert']=y['modes.acquire']
y['modes.commit']=function(a,c)
local an,w=ge(c[3]),{c[1],[c[1]]=true}
local az=dx(a,#an,4)
for d,n in ipairs(an)do
if not hi(az[d],n,w)then return{0}end
end
for ak,j in ipairs(az.fences)do
if not bn(j)then df(j)end
er(j,tonumber(c[2]))
end
return 1
end
y['modes.extend']=function(a,c)
local k,al,an=tonumber(c[2]),tonumber(c[3]),ge(c[4])
local az,w,b,bm=dx(a,#an,4),ef(c,5),av(),true
for d,n in ipairs(an)do
local t,aj=gg(az[d],n,w,b)
if t then return{0,t,aj}end
bm=bm and hi(az[d],n,w)
end
for ak,j in ipairs(az.fences)do
local he=not bm and(bn(j)or fb(j))
if he then er(j,k)end
end
for d,n in ipairs(an)do
local u=az[d]
if hf(u,n,w,al,b)then cm(u,cd(u.line,b,du),b)end
end
return 1
end
local function jr(u,g,ad,b)
local jb=js(g,ad)
if jb then da(u.line,g,b)end
pcall(ex,u.wake,ad)
return jb
end
y['modes.release']=function(a,c)
local ad,w,b=c[2],ef(c,3),av()
local bk,el,jf=false,false,string.find(ad,'.',1,true)
for ak,u in ipairs(dx(a,#a/4,4))do
local bm,li,ga=by(u,w,b)
local ay=(bm or jf)and redis.pcall('MGET',u.line,u.wake)
if bm then bk=true end
if ay and(ay[1]or ay[2])then
local g=cd(u.line,b,du)
if jf then jr(u,g,ad,b)end
local bl,be,cn=pcall(cm,u,g,b)
if not bl then be,cn={},false end
for ak,bh in ipairs(be)do
if bh~=ad then el=true end
end
if li and not cn and gy(u.wake,ad~='')then el=true end
if ga and#be==0 then redis.pcall('PUBLISH',u.wake,'')end
end
end
if not bk then return 0 end
return el and-1 or 1
end
y['modes.releaseAll']=y['modes.release']
y['modes.leave']=function(a,c)
local b=av()
for ak,u in ipairs(dx(a,#a/4,4))do
local g=cd(u.line,b,du)
if jr(u,g,c[1],b)then pcall(cm,u,g,b)end
end
return 1
end`;

const PART_11 = `local function lg(u,n,f,b)
local i=redis.call('GET',u.lock)
if i~=cs then
local dg,bc=eb(i)
return(bc or i)==f and(dg or'X')==n
end
local ag=n~='X'and redis.call('ZSCORE',u.shared,f)
if not ag then return false end
return math.floor(tonumber(ag)/db)==fq[n]and tonumber(ag)%db>=b
end
y['modes.renew']=function(a,c,eq)
local f,an,b,k=c[1],ge(c[3]),av(),1
local az=dx(a,#an,3)
for d,n in ipairs(an)do
if not lg(az[d],n,f,b)then
local i=redis.call('GET',az[d].lock)
local ak,bc=eb(i)
local aj=bc or i~=cs and i or''
if string.sub(aj,1,3)==fp..' 'then aj=fp end
return{0,redis.call('PTTL',az[d].lock),aj}
end
end
for ak,j in ipairs(az.fences)do k=math.max(k,bn(j)or 1)end
if eq then return k end
for d,n in ipairs(an)do hf(az[d],n,{f,[f]=true},tonumber(c[2]),b)end
return k
end`;

const PART_12 = `local fa=8
local gu='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local kp='^~p %d+ 0 %d+ [01]* %d+:[%d -]*:'
local kn=8
local at,fd
local function bj(...)
if at then return end
local p=r(...)
if type(p)=='table'and p.err then at=fd and{-1,p.err}or{}else fd=true end
end
local function fu()
local aq=r('TIME')
return aq[1]*1000+math.floor(aq[2]/1000)
end
local function ic(h,ax,aa,bu,x,bf,l,b)
if b and aa~='0'and l+0>bu+0 then
bu=string.format('%.0f',l+math.max(1,l-b))
bj('PEXPIREAT',KEYS[h+2],bu)
bj('PEXPIREAT',KEYS[h+3],bu)
bj('PEXPIRE',KEYS[h+4],604800000)
end
bj('SET',KEYS[h],'~p '..ax..' '..aa..' '..bu..' '..x..' '..bf,'PXAT',l)
end
local function ep(h,ai,af,ak,cc,hc)
at,fd=nil,nil
if cc=='slots.acquire'then
local bx=hc
if ARGV[af+1]~=''or ARGV[af+5]~='0'or ARGV[af+6]~=''or ARGV[af-1]~='7'then return nil end
local f,bg,z,cj=ARGV[ai],ARGV[af+3]+0,ARGV[af+4]+0,KEYS[h+1]
if bg>kn or bg>z then return nil end
local ao,b=r('GET',KEYS[h]),fu()
local ax,aa,bu,x,as,v,bf='0','0','0','','0','',''
local hd=true
if ao then
if ao.err then return nil end
ax,aa,bu,x,as,v,bf=string.match(ao,gu)
if not ax or bf==f then return nil end
if(aa~='0'and b>ax+0)or(bf~=''and as+0<b)then return nil end
if aa~='0'and r('HGET',KEYS[h+2],f)then return nil end
elseif r('EXISTS',unpack(KEYS,h+4,bx and h+10 or h+6))==0 then
hd=false
end
if hd and bx and r('EXISTS',KEYS[h+8],KEYS[h+9],KEYS[h+10])~=0 then return nil end
local jd=string.find(f,'^%x%x%x%x%x%x%x%x%x%x%x%x')
local br,ec=jd and tonumber(string.sub(f,1,6),16)%z or 0,nil
local dh,dp={},bg==1 and'1'or'2'
for ak=1,64 do
local ir=string.byte(x,br+1)
if not ir then
x=x..string.rep('0',br-#x)..dp
dh[#dh+1]=br
elseif ir==48 then
x=string.sub(x,1,br)..dp..string.sub(x,br+2)
dh[#dh+1]=br
end
if#dh==bg then break end
ec=ec or jd and 1+tonumber(string.sub(f,7,12),16)%z or 1
br=(br+ec)%z
end
if#dh<bg then return nil end
local bw=dh[1]..''
if bg>1 then
bw=''
local bz,l=string.find(x,'2+')
while bz do
bw=bw..(bw==''and''or' ')..bz-1 ..(bz==l and''or'-'..l-1)
bz,l=string.find(x,'2+',l+1)
end
x=string.gsub(x,'2','1')
end
local s,k,fi=b+ARGV[af],nil,nil
local l=string.format('%.0f',s)
if not hd then
if bx then
local i=r('GET',cj)
local ae=type(i)=='string'and string.find(i,'^%d+$')and i+0
if not ae or ae<1 or ae+1>=9000000000000000 then return nil end
k=ae+1+bx
bj('SET',cj,string.format('%.0f',k))
else
k=ah(cj)
if not k then return nil end
fd=true
end
else
local ac
if IS_CLUSTER then
ac=r('MGET',cj,KEYS[h+6])
else
local lx=string.sub(cj,1,string.find(cj,'~fence:',1,true)-1)
ac=r('MGET',cj,KEYS[h+6],lx..'~server')
end
if ac.err or ac[2]or r('HGET',KEYS[h+5],KEYS[h])then return nil end
local ae=ac[1]and string.find(ac[1],'^%d+$')and ac[1]+0
if not ae or ae<1 or ae>=9000000000000000 then return nil end
local ch=ac[3]and string.match(ac[3],'^complete %S+ %S+ (%S+) ')or''
if#ch~=32 then ch=string.format('%-32.32s',ch)end
if r('GETRANGE',KEYS[h+4],0,31)~=ch then return nil end
k=ae-ae%16384
for d=1,bg do
local m=32+16*dh[d]
k=math.max(k,tonumber(r('GETRANGE',KEYS[h+4],m,m+15))or ae)
end
k=k+1
local jp=math.max(ae,k)
if bx and jp>=9000000000000000 then return nil end
local je=aa~='0'
if bf~=''then fi=bf end
if fi and je then bj('ZADD',KEYS[h+3],as,bf)end
local am=string.format('%016.0f',k)
for d=1,bg do bj('SETRANGE',KEYS[h+4],32+16*dh[d],am)end
if bx then k=jp+bx end
if ae<k then bj('SET',cj,string.format('%.0f',k))end
if fi then
if not je then
bj('DEL',KEYS[h+2],KEYS[h+3])
bj('ZADD',KEYS[h+3],as,bf)
end
bj('HSET',KEYS[h+2],bf,v)
if aa=='0'or as+0<ax+0 then ax=as end
if as+0>aa+0 then aa=as end
end
if not ao then bj('PEXPIRE',KEYS[h+4],604800000)end
end
bf=l..':'..bw..':'..f
ic(h,ax,aa,bu,x,bf,aa+0>s and aa or l,b)
if at then
if fi and fd then r('ZREM',KEYS[h+3],fi)end
return at[1]and at
end
return{1,k,bw,'',bx and''}
end
if cc=='slots.extend'then
local f=ARGV[ai]
if ARGV[af+4]~='0'or ARGV[af-1]~='5'then return nil end
local ao=r('GET',KEYS[h])
if not ao or ao.err then return nil end
local ax,aa,bu,x,as,v,bf=string.match(ao,gu)
if not ax or r('HGET',KEYS[h+5],KEYS[h])then return nil end
local b=fu()
if(aa~='0'and b>ax+0)or(bf~=''and as+0<b)then return nil end
local s=b+ARGV[af+1]
local l=string.format('%.0f',s)
if bf==f then
if v~=ARGV[af+2]then return nil end
if as+0>=s then return 1 end
as=l
if aa+0>s then l=aa end
else
if aa=='0'or r('HGET',KEYS[h+2],f)~=ARGV[af+2]then return nil end
local ag=r('ZSCORE',KEYS[h+3],f)
if type(ag)~='string'then return nil end
if ag+0>=s then return 1 end
bj('ZADD',KEYS[h+3],l,f)
if at then return at[1]and at end
if aa+0>=s then return 1 end
aa=l
if as+0>s then l=as end
end
ic(h,ax,aa,bu,x,as..':'..v..':'..bf,l,b)
if at then return at[1]and at end
return 1
end
local f=ARGV[ai]
if ARGV[af-1]~='3'then return nil end
local ac=hc or r('MGET',KEYS[h],KEYS[h+6],KEYS[h+7])
if ac.err or ac[2]or ac[3]then return nil end
if not ac[1]then return 0 end
local ak,jg=string.find(ac[1],kp)
if jg then
if string.sub(ac[1],jg+1)~=f then return nil end
if hc then return r('DEL',KEYS[h],KEYS[h+8])==2 and 2 or nil end
return r('DEL',KEYS[h])==1 and 1 or nil
end
local ax,aa,bu,x,as,v,bf=string.match(ac[1],gu)
if not ax then return nil end
local l,cg=aa,v
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
l=as+0>aa+0 and as or aa
end
local br=tonumber(cg)
if br then
x=string.sub(x,1,br)..'0'..string.sub(x,br+2)
else
for bz,go in string.gmatch(cg,'(%d+)%-?(%d*)')do
if go==''then go=bz end
x=string.sub(x,1,bz)..string.rep('0',go-bz+1)..string.sub(x,go+2)
end
end
ic(h,ax,aa,bu,x,as..':'..v..':'..bf,l)
if at then return at[1]and at end
return 1
end
local ez={['slots.acquire']=ep,['slots.extend']=ep,['slots.release']=ep}
local hb={}`;

const PART_13 = `local cr,di,gr,km='0','1','2',48
local ko=64
local function dk(am)
local lo=string.gmatch(am,'(%d+)%-?(%d*)')
return function()
local ab,l=lo()
if ab then return tonumber(ab),tonumber(l)or tonumber(ab)end
end
end
local function kd(x,dp)
local hx,bz,l={},string.find(x,dp..'+')
while bz do
hx[#hx+1]=bz==l and tostring(bz-1)or string.format('%d-%d',bz-1,l-1)
bz,l=string.find(x,dp..'+',l+1)
end
return table.concat(hx,' ')
end
local function cx(x,v,dp)
local dy,m={},0
for ab,l in dk(v)do
if ab<m then x,dy,m=table.concat(dy)..string.sub(x,m+1),{},0 end
if ab>#x then x=x..string.rep(cr,ab-#x)end
dy[#dy+1]=string.sub(x,m+1,ab)
dy[#dy+1]=string.rep(dp,l-ab+1)
m=l+1
end
return table.concat(dy)..string.sub(x,m+1)
end
local function kr(x,v)
for ab,l in dk(v)do
if string.find(string.sub(x,ab+1,l+1),di,1,true)then return false end
end
return true
end
local function fc(x,z)
return#string.gsub(string.sub(x,1,z),di..'+','')
end
local function kw(v)
local hn=0
for ak,l in dk(v)do hn=math.max(hn,l+1)end
return hn
end
local function ls(f,z)
local ew,ec=string.match(f,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not ew then return 0,1 end
return tonumber(ew,16)%z,1+tonumber(ec,16)%z
end
local function it(x,ar,z,hs,w,f)
local cv=ar
local function fm(ab,l)
l=math.min(l,z-1)
if cv==0 or ab>l then return end
local md,ah=string.gsub(string.sub(x,ab+1,l+1),cr,gr,cv)
if ah==0 then return end
x,cv=string.sub(x,1,ab)..md..string.sub(x,l+2),cv-ah
end
for ab,l in dk(hs)do fm(ab,l)end
if w then
for ab,l in dk(w)do fm(ab,l)end
else
local ew,ec=ls(f,z)
for d=0,ko-1 do
if cv==0 then break end
local br=(ew+d*ec)%z
if string.byte(x,br+1)==km then fm(br,br)end
end
fm(ew,z-1)
fm(0,ew-1)
end
if cv>0 then return nil end
return kd(x,gr),(string.gsub(x,gr,di))
end`;

const PART_14 = `local ig='~'
local function av()
local aq=redis.call('TIME')
return tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local function hp(am,b)
local bp,z,gp=string.match(am,'^(%d+) (%d+) (%d+)$')
if bp and tonumber(gp)+604800000+86400000>=b then return tonumber(bp),tonumber(z),tonumber(gp)end
end
local function ht(j,q,b)
return hp(redis.call('HGET',j,q)or'',b)
end
local function ie(j,q,bp,z,b)
local iv=tonumber(redis.call('HGET',j,ig)or'')
if not iv or iv+86400000<b then
local dc=redis.call('HGETALL',j)
for d=1,#dc,2 do
if not hp(dc[d+1],b)then redis.call('HDEL',j,dc[d])end
end
redis.call('HSET',j,ig,string.format('%.0f',b))
end
redis.call('HSET',j,q,string.format('%.0f %.0f %.0f',bp,z,b))
redis.call('PEXPIRE',j,604800000+86400000)
end
local function lz(j,q,bp,z,b)
if bp>(ht(j,q,b)or 0)then ie(j,q,bp,z,b)end
end`;

const PART_15 = `local ii='~p'
local eh,ei=16,32
local function lk(ao)
return ao==ii or string.sub(ao,1,3)==ii..' '
end
local function dn(ao)
local ax,aa,bu,x,s,v,f=
string.match(ao or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(ax)or 0,['latest']=tonumber(aa)or 0,['kept']=tonumber(bu)or 0,['map']=x or'',
['deadline']=tonumber(s)or 0,['slots']=v or'',['token']=f or'',
['is_new']=not f,['is_other']=ao and not lk(ao)
}
end
local function fl(a,e,b)
local l=math.max(e.latest,e.deadline)
if l==0 then
redis.call('DEL',a[1])
return 0
end
local jn=e.latest>0 and l>e.kept
if jn then
e.kept=l+math.max(1,l-b)
for m=3,4 do redis.call('PEXPIREAT',a[m],string.format('%.0f',e.kept))end
end
if jn or e.is_new then redis.call('PEXPIRE',a[5],604800000)end
redis.call('SET',a[1],string.format('~p %.0f %.0f %.0f %s %.0f:%s:%s',e.check,e.latest,e.kept,e.map,
e.deadline,e.slots,e.token),'PXAT',string.format('%.0f',l))
return l
end
local function de(a,e,f)
if f==e.token then return e.slots,e.deadline end
local v=e.latest>0 and redis.call('HGET',a[3],f)
local s=v and redis.call('ZSCORE',a[4],f)
if s then return v,tonumber(s)end
end
local function is(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function fw(a,e,f)
local v,s=de(a,e,f)
if not v then return nil end
e.map=cx(e.map,v,cr)
if f==e.token then
e.deadline,e.slots,e.token=0,'',''
return v,s
end
redis.call('ZREM',a[4],f)
redis.call('HDEL',a[3],f)
if s==e.latest then
e.latest=tonumber(redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2])or 0
if e.latest==0 then e.check,e.kept=0,0 end
end
return v,s
end
local function fx(a,e,b)
local ds=false
if e.token~=''and e.deadline<b then
e.map=cx(e.map,e.slots,cr)
e.deadline,e.slots,e.token,ds=0,'','',true
end
if e.latest>0 and b>e.check then
local kv=redis.call('ZRANGEBYSCORE',a[4],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for ak,f in ipairs(kv)do
e.map=cx(e.map,redis.call('HGET',a[3],f)or'',cr)
redis.call('HDEL',a[3],f)
redis.call('ZREM',a[4],f)
end
local ab=redis.call('ZRANGE',a[4],0,0,'WITHSCORES')[2]
local l=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,ds=tonumber(ab)or 0,tonumber(l)or 0,true
if not ab then e.kept,e.map=0,cx('',e.slots,di)end
end
if ds then fl(a,e,b)end
end
local function hu(a,e,f,s,b)
local ds=false
if f==e.token then
if e.deadline<s then e.deadline,ds=s,true end
elseif tonumber(redis.call('ZSCORE',a[4],f))<s then
redis.call('ZADD',a[4],string.format('%.0f',s),f)
if e.latest<s then e.latest,ds=s,true end
end
if ds then fl(a,e,b)end
end
local function dr(a,e,f,v,s,b)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=s,v,f,cx(e.map,v,di)
fl(a,e,b)
end
local function jz(a)
local ch=''
if not IS_CLUSTER then
local ci=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
ch=type(ci)=='string'and string.match(ci,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..ei..'.'..ei..'s',ch)
end
local function gz(a)
return redis.call('GETRANGE',a[5],0,ei-1)==jz(a)
end
local function fg(a,v,ae)
if not gz(a)then return ae end
local hk=ae-ae%16384
for ab,l in dk(v)do
local am=redis.call('GETRANGE',a[5],ei+eh*ab,ei+eh*(l+1)-1)
for d=0,l-ab do
local ah=tonumber(string.sub(am,eh*d+1,eh*(d+1)))
hk=math.max(hk,ah or ae)
end
end
return hk
end
local function id(a,v,ah,ae)
if not gz(a)then redis.call('SET',a[5],jz(a),'PX',604800000)end
local am=string.format('%0'..eh..'.0f',ah)
for ab,l in dk(v)do
redis.call('SETRANGE',a[5],ei+eh*ab,string.rep(am,l-ab+1))
end
if ae<ah then fo(a[2],ah)end
end`;

const PART_16 = `local gs='~s'
local function ef(c,ab)
local w={c[1]}
for d=ab,#c do w[#w+1]=c[d]end
return w
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
local au,ah,gp=ht(a[6],a[1],b)
if bp>(au or 0)then
au,ah=bp,z
ie(a[6],a[1],au,ah,b)
elseif au and gp+86400000<b then
ie(a[6],a[1],au,ah,b)
end
if not au then return z,''end
return ah,string.format('%.0f %.0f',au,ah)
end
local function gi(x,dm)
return x..string.rep(cr,dm-#x)
end
local function lb(a,e,cv,b)
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
for ab,kx in dk(v)do cv=cv-(kx-ab+1)end
if cv<=0 then break end
end
return l<0 and-1 or math.max(0,l-b),bt[1]or''
end
local function dt(z)
return function(am)
local ah=tonumber(am)
return ah and ah<=z
end
end
local function cm(a,e,g,cg,z,b)
if#g==0 then return 0,false end
local x=gi(e.map,z)
local by=e.is_other and 0 or fc(x,z)
local be,cn,ej=jx(g,function(ct)
by=by-tonumber(ct)
return by>=0
end,b)
local cl={}
for d,o in ipairs(be)do
local v,mb=it(x,tonumber(o[3]),z,cg,'0-'..z-1)
x=mb or x
cl[d]=o[2]..':'..string.gsub(v or'',' ',',')
end
if#cl>0 then
da(a[7],g,b)
redis.pcall('PUBLISH',a[8],kk(cl,ej))
end
return#cl,cn
end
y['slots.acquire']=function(a,c)
local f,al,ad,ba,ar=c[1],tonumber(c[2]),c[3],tonumber(c[4]),tonumber(c[5])
local hs,gc,w,b=c[8],#c>8,ef(c,9),av()
local e,aj,ce=gj(a)
local z,fh=en(a,tonumber(c[6]),tonumber(c[7]),b)
if ar>z then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',z,ar),0)end
fx(a,e,b)
local g=cd(a[7],b,dt(z))
local au=math.max(b,g.ticket)
local cy=gv(ba,au)
local x=gi(e.map,z)
local v,bw=de(a,e,f),nil
if aj then
if ad~=''then pcall(ha,a[8],ad,al)end
elseif v then
local k=fg(a,v,bn(a[2])or df(a[2]))
hu(a,e,f,b+al,b)
if ke(g,ad,b)then da(a[7],g,b)end
return{1,k,v,fh,gc and x or nil}
else
local cz,dl=x,''
for d=2,#w do
local bd=de(a,e,w[d])or''
cz,dl=cx(cz,bd,cr),dl..' '..bd
end
local bs
if#g>0 and not gc then
local by=fc(cz,z)
bs=by>=ar and ip(g,ad,cy>0 and cy or nil,function(ct)
by=by-tonumber(ct)
return by<ar
end)
end
if not bs then bw=it(cz,ar,z,hs,gc and dl or nil,f)end
if bw then
local ae=bn(a[2])
local ab=not ae and df(a[2])
local k,s=fg(a,bw,ae or ab)+1,b+al
is(a,e)
for d=2,#w do
local ak,as=fw(a,e,w[d])
s=math.max(s,as or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
k=ab or k
fo(a[2],k)
else
id(a,bw,k,ae or ab)
end
dr(a,e,f,bw,s,b)
if ke(g,ad,b)then da(a[7],g,b)end
return{1,k,bw,fh,gc and cx(cz,bw,di)or nil}
end
local by=fc(x,z)
ce,aj=lb(a,e,ar-by,b)
if bs then
cm(a,e,g,'',z,b)
if bs[5]>0 then ce,aj=math.max(0,50-b+bs[5]),''
else ce=-1 end
end
end
if ad~=''then
kh(g,ad,string.format('%.0f',ar),ba,0,b,au)
da(a[7],g,b)
end
return{0,ce,aj,ki(au,b),fh}
end
y['slots.commit']=function(a,c)
local k,v=tonumber(c[2]),c[3]
local e=dn(redis.call('GET',a[1]))
if de(a,e,c[1])~=v then return{0}end
local ae=bn(a[2])or df(a[2])
local ah=fg(a,v,ae)
if ah<k or not gz(a)then id(a,v,math.max(ah,k),ae)end
return 1
end
y['slots.extend']=function(a,c)
local f,k,al,v=c[1],tonumber(c[2]),tonumber(c[3]),c[4]
local w,b=ef(c,7),av()
local e,aj=gj(a)
if aj then return{0,-1,aj}end
local z=en(a,tonumber(c[5]),tonumber(c[6]),b)
fx(a,e,b)
local bd=de(a,e,f)
if bd==v and#w==1 then
hu(a,e,f,b+al,b)
return 1
end
local cz,as=gi(e.map,math.max(z,kw(v))),''
for ak,cu in ipairs(w)do
local dl=de(a,e,cu)or''
cz,as=cx(cz,dl,cr),as..' '..dl
end
if not kr(cz,v)then
local kl={f,'',c[5],c[6]}
for d=2,#w do kl[d+3]=w[d]end
y['slots.release'](a,kl)
return{0,-1,''}
end
is(a,e)
local ae=bd~=v and(bn(a[2])or fb(a[2]))
if ae then id(a,v,math.max(k,fg(a,v,ae)),ae)end
local s=b+al
for ak,cu in ipairs(w)do
local ak,l=fw(a,e,cu)
s=math.max(s,l or 0)
end
dr(a,e,f,v,s,b)
local cg=kd(cx(cx(string.rep(cr,#cz),as,di),v,cr),di)
if cg~=''then cm(a,e,cd(a[7],b,dt(z)),cg,z,b)end
return 1
end
y['slots.release']=function(a,c)
local bb,w,b=c[2],ef(c,5),av()
local ao=redis.pcall('GET',a[1])
local e=dn(type(ao)=='string'and ao)
local cg,bk,ib,jm='',false,0,false
for ak,cu in ipairs(w)do
local v,s=fw(a,e,cu)
if v then
jm,bk=true,bk or s>=b
cg,ib=cg..' '..v,math.max(ib,s)
end
end
if not jm then return 0 end
redis.pcall('ZREM',a[4],'')
local ay=redis.pcall('MGET',a[7],a[8])
local jc=ay[1]or ay[2]
if jc then fx(a,e,b)end
local l=fl(a,e,b)
if jc then
local z=en(a,tonumber(c[3]),tonumber(c[4]),b)
local g=cd(a[7],b,dt(z))
local bl,be,cn=pcall(cm,a,e,g,cg,z,b)
if not bl then be,cn=0,false end
if l==0 and not cn then gy(a[8],bb~='')
elseif l>0 and ib>l and be==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bk and 1 or 0
end
y['slots.leave']=function(a,c)
local b=av()
local z=en(a,tonumber(c[2]),tonumber(c[3]),b)
local g=cd(a[7],b,dt(z))
if js(g,c[1])then
da(a[7],g,b)
pcall(function()cm(a,dn(redis.call('GET',a[1])),g,'',z,b)end)
end
pcall(ex,a[8],c[1])
return 1
end
y['slots.count']=function(a,c)
local b=av()
local e,aj=gj(a)
local z,fh=en(a,tonumber(c[1]),tonumber(c[2]),b)
fx(a,e,b)
local g=cd(a[7],b,dt(z))
cm(a,e,g,'',z,b)
local by=aj and 0 or fc(gi(e.map,z),z)
local bp=tonumber(string.match(fh,'^%d+')or 0)
return{1,by,z,bp,#e.map-fc(e.map,#e.map)}
end
y['slots.resize']=function(a,c)
if not bn(a[2])then df(a[2])end
return y['slots.count'](a,c)
end`;

const PART_17 = `y['slots.renew']=function(a,c,eq)
local f,b,ao=c[1],av(),redis.call('GET',a[1])
local e=dn(ao)
local v,s=de(a,e,f)
if v~=c[3]or s<b then
local ll=e.is_other and string.sub(ao,1,2)~=gs
return{0,redis.call('PTTL',a[1]),ll and ao or''}
end
local k=fg(a,v,bn(a[2])or 1)
if not eq then hu(a,e,f,b+tonumber(c[2]),b)end
return k
end`;

const PART_18 = `local ez,hb,fa={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fa=2
local ez={
['mutex.acquire']=function(h,ai,af)
local cf=r('SET',KEYS[h],ARGV[ai],'NX','PX',ARGV[af])
if not cf or cf.err then return nil end
local k=ah(KEYS[h+1])
if k then return k end
local dj=r('DEL',KEYS[h])
return type(dj)=='table'and{-1,dj.err}or nil
end,
['mutex.takeOver']=function(h,ai,af)
if r('GET',KEYS[h])~=ARGV[ai+1]then return nil end
local k=ah(KEYS[h+1])
if not k then return nil end
local cf=r('SET',KEYS[h],ARGV[ai],'PX',ARGV[af])
return not cf.err and-k or nil
end,
['mutex.extend']=function(h,ai,af)
if r('GET',KEYS[h])~=ARGV[ai]then return nil end
local t=r('PTTL',KEYS[h])
if type(t)~='number'or t<0 then return nil end
if t<tonumber(ARGV[af])and r('PEXPIRE',KEYS[h],ARGV[af])~=1 then return nil end
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
local bd,jk,hw,dq={},{},{},0
for d=1,dm do
if ac[2*d]then break end
local q=KEYS[h+2*d-2]
local bm=ac[2*d-1]==ARGV[ai+d-1]and not jk[q]
cq[#cq+1]=bm and 1 or 0
if bm then
jk[q]=true
bd[#bd+1]=q
hw[#bd]=#cq
end
dq=d
end
local dj=#bd>0 and r('DEL',unpack(bd))
if type(dj)=='table'then
for d=1,#hw do cq[hw[d]]={-1,dj.err}end
end
return dq
end
}`,
    PART_3,
    PART_4,
    `local function dr(j,f,al,bm)
if not bm then redis.call('SET',j,f,'PX',al)
else
local t=redis.call('PTTL',j)
if t>=0 and t<tonumber(al)then redis.call('PEXPIRE',j,al)end
end
end
local function il(a,f,ly,al,ad)
local ee=ad==''and 2 or 3
local bm,ca,co={},true,false
local ce,aj
for d=1,#a,ee do
local i=redis.call('GET',a[d])
bm[d]=i==f
if i~=f then ca=false end
if i and i==ly then
co=true
elseif i and i~=f then
local t=redis.call('PTTL',a[d])
if not aj or(ce~=-1 and(t==-1 or t>ce))then
ce,aj=t,i
end
end
end
if ad~=''then
for d=3,#a,3 do pcall(ha,a[d],ad,tonumber(al))end
end
if aj then return{0,ce,aj}end
local k=0
for d=2,#a,ee do
local l=bn(a[d])
k=math.max(k,l and(ca and l or l+1)or df(a[d]))
end
for d=1,#a,ee do
dr(a[d],f,al,bm[d])
fo(a[d+1],k)
end
return co and-k or k
end
y['mutex.acquire']=function(a,c)
return il(a,c[1],nil,c[2],c[3])
end
y['mutex.takeOver']=function(a,c)
return il(a,c[1],c[2],c[3],c[4])
end
y['mutex.commit']=function(a,c)
for d=1,#a,2 do
if redis.call('GET',a[d])~=c[1]then return{0}end
end
for d=2,#a,2 do
if not bn(a[d])then df(a[d])end
er(a[d],tonumber(c[2]))
end
return 1
end
y['mutex.extend']=function(a,c)
local f,k,al=c[1],tonumber(c[2]),c[3]
local bm={}
for d=1,#a,2 do
local i=redis.call('GET',a[d])
if i and i~=f then return{0,redis.call('PTTL',a[d]),i}end
bm[d]=i==f
end
for d=1,#a,2 do
local he=not bm[d]and(bn(a[d+1])or fb(a[d+1]))
if he then er(a[d+1],k)end
end
for d=1,#a,2 do dr(a[d],f,al,bm[d])end
return 1
end
y['mutex.release']=function(a,c)
local f,bb=c[1],c[2]
local bk,el=false,false
for d=1,#a,2 do
local i=redis.pcall('GET',a[d])
if bb~=''then pcall(ex,a[d+1],bb)end
if i==f then
redis.call('DEL',a[d])
bk=true
if gy(a[d+1],bb~='')then el=true end
elseif type(i)=='table'and i.err and not string.find(i.err,'WRONGTYPE',1,true)then
error(i.err)
end
end
if not bk then return 0 end
return el and-1 or 1
end
y['mutex.leave']=function(a,c)
pcall(ex,a[1],c[1])
return 1
end
y['mutex.renew']=function(a,c)
local k=1
for d=1,#a,2 do
local i=redis.call('GET',a[d])
if i~=c[1]then return{0,redis.call('PTTL',a[d]),i or''}end
k=math.max(k,bn(a[d+1])or 1)
end
for d=1,#a,2 do dr(a[d],c[1],c[2],true)end
return k
end
y['mutex.query']=function(a)
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
  "6ce8061995f6016536388af990f4e876235c0c2c",
  "8bbd2515fe7ba1389049298715558a2091b49b42",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fa=81
local ez={
['modes.acquire']=function(h,ai,af,ar)
local f,al,an,cj=ARGV[ai],ARGV[af],ARGV[af+1],KEYS[h+ar-1]
if ARGV[af+2]~=''then return nil end
if ar~=4 then
local ak,lc=string.gsub(an,' ','')
if ar~=3*lc+4 then return nil end
end
local ff,es
if r('EXISTS',unpack(KEYS,h,h+ar-2))~=0 then
local ac,m=r('MGET',unpack(KEYS,h,h+ar-2)),1
if ac.err then return nil end
ff={}
es={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for n in string.gmatch(an,'%u+')do
local i,q,ap=ac[m],KEYS[h+m-1],KEYS[h+m]
if ac[m+2]then return nil end
if not i then
if r('EXISTS',q,ap)~=0 then return nil end
else
if n=='X'or n=='SIX'then return nil end
local t,bd,aj=r('PTTL',q),nil,nil
if type(t)~='number'or t<=0 then return nil end
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
ff[m]={t,bd,aj}
end
m=m+3
end
end
local k
if an=='X'or string.find(' '..an,' X',1,true)or string.find(an,'SIX',1,true)then
k=ah(cj)
if not k then return nil end
else
local i=r('GET',cj)
k=not i and ah(cj)or(type(i)=='string'and string.match(i,'^%d+$')and tonumber(i))
if not k or k<1 or k>=9000000000000000 then return nil end
end
if ar==4 and not ff then
local cf=r('SET',KEYS[h],an=='X'and f or'~s '..an..' '..f,'PX',al)
return not cf.err and k or nil
end
local m,b=1,nil
for n in string.gmatch(an,'%u+')do
local q,gd=KEYS[h+m-1],ff and ff[m]
if gd then
local ap,eo,t,aj=KEYS[h+m],tonumber(al),gd[1],gd[3]
if not b then
local aq=r('TIME')
if aq.err then return nil end
b=tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local ag,bl=string.format('%.0f',es[n]+b+eo),nil
if aj then
local jv=math.max(t,eo)
bl=r('ZADD',ap,string.format('%.0f',es[gd[2]]+b+t),aj,ag,f)==2
and r('PEXPIRE',ap,jv)==1 and not r('SET',q,'~s','PX',jv).err
else
r('ZREMRANGEBYSCORE',ap,string.format('%.0f',es[n]),string.format('(%.0f',es[n]+b))
bl=r('ZADD',ap,ag,f)==1
local kf=r('PTTL',ap)
if type(kf)~='number'or kf<eo then
bl=r('PEXPIRE',ap,eo)==1 and bl
end
if t<eo then bl=r('PEXPIRE',q,eo)==1 and bl end
end
if not bl then return nil end
else
local cf=r('SET',q,n=='X'and f or'~s '..n..' '..f,'PX',al)
if cf.err then return nil end
end
m=m+3
end
return k
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
local t=r('PTTL',KEYS[q])
if type(t)~='number'or t<0 then return nil end
if t<tonumber(al)and r('PEXPIRE',KEYS[q],al)~=1 then return nil end
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
local cp,gm,hy,b={},{},{},nil
for m=1,ar,4 do
local i,q,ap=ac[m],KEYS[h+m-1],KEYS[h+m]
if not i or ac[m+2]or ac[m+3]then return nil end
if i=='~s'then
local ag=r('ZSCORE',ap,f)
local t=r('PTTL',q)
if type(ag)~='string'or type(t)~='number'or t<0 then return nil end
if not b then
local aq=r('TIME')
b=tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local s=tonumber(ag)%100000000000000
local ae=tonumber(ag)-s
if s<b then return nil end
local jw,jh=string.format('%.0f',ae),string.format('(%.0f',ae+100000000000000)
local l=r('ZREVRANGEBYSCORE',ap,jh,jw,'WITHSCORES','LIMIT',0,2)
if l.err then return nil end
local aa,hl=tonumber(l[2])-ae,nil
if l[1]==f then
hl=r('ZCARD',ap)
aa=l[4]and tonumber(l[4])-ae
if aa and(aa<b or r('ZCOUNT',ap,jw,jh)~=hl)then return nil end
if not aa and hl~=1 then return nil end
elseif t>aa-b+1 then
return nil
end
if not aa then
cp[#cp+1]=q
elseif t>aa-b+1 then
hy[#hy+1]={q,math.max(1,aa-b)}
end
gm[#gm+1]=ap
elseif i==f or string.match(i,'^~s [ISX]+ (.*)$')==f then
cp[#cp+1]=q
else
return nil
end
end
for ak,ao in ipairs(hy)do
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
    `y['modes.position']=function(a,c)
local b=av()
local g=cd(a[3],b,du)
local m,gw,bq=hr(g,c[1]),0,0
local ag=m and g[m][1]or math.max(b,g.ticket)+1-tonumber(c[2])
for d=1,#g do
local o=dd(g,d)
if not o[7]and o[5]>=0 then
bq=bq+1
if o[2]~=c[1]and not hh(o,ag,c[1])then gw=gw+1 end
end
end
return{1,gw,bq,redis.call('EXISTS',a[1])}
end
y['modes.stay']=function(a,c)
local b=av()
local g=cd(a[3],b,du)
if gl(g,c[1],b)then da(a[3],g,b)end
return 1
end`,
    `y['modes.query']=function(a)
local p,b={1},av()
for ak,u in ipairs(dx(a,#a/4,4))do
local eg={et(u.wake)}
local g=cd(u.line,b,du)
for d=1,#g do
local o=dd(g,d)
if o[4]>=b and o[5]>=0 then eg[#eg+1]=o[2]end
end
p[#p+1]=redis.call('GET',u.lock)or''
p[#p+1]=redis.call('PTTL',u.lock)
p[#p+1]=table.concat(eg,' ')
local hg=redis.call('ZRANGE',u.shared,0,-1,'WITHSCORES')
local m=#p+1
p[m]=0
for d=1,#hg,2 do
local t=tonumber(hg[d+1])%db-b
if t>=0 then
p[m]=p[m]+1
p[#p+1]=hg[d]
p[#p+1]=t
end
end
end
return p
end`,
    PART_11,
    PART_5,
    PART_6,
  ],
  "9bee1e523a946351142beaf24a1f68b420a14ed5",
  "9481f0e6680f5e4c82d70365e043329d040015aa",
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
    `y['slots.query']=function(a)
local b=av()
local e,bh,t=gj(a)
local bp,z=ht(a[6],a[1],b)
local eg={et(a[8])}
local g=cd(a[7],b,dt(math.huge))
for d=1,#g do
local o=dd(g,d)
if o[4]>=b then eg[#eg+1]=o[2]end
end
local p={1,bh or'',t or-2,z or 0,bp or 0,table.concat(eg,' ')}
local function im(f,v,s)
if v and s>=b then
local m=#p
p[m+1],p[m+2],p[m+3]=f,v,s-b
end
end
if e.token~=''then im(e.token,e.slots,e.deadline)end
if e.latest>0 then
local kg,bd={},redis.call('HGETALL',a[3])
for d=1,#bd,2 do kg[bd[d]]=bd[d+1]end
local bt=redis.call('ZRANGE',a[4],0,-1,'WITHSCORES')
for d=1,#bt,2 do
if bt[d]~=e.token then im(bt[d],kg[bt[d]],tonumber(bt[d+1]))end
end
end
return p
end`,
    PART_5,
    PART_6,
  ],
  "63162fb8dee3446208d5bf6ae51c216dbe54a73e",
  "f068b38faa529977f8cffb53a76d45dcb00dc74a",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function kb(j)
local ci=redis.pcall('GET',j)
return type(ci)=='string'and ci or''
end
local function kc(j,ky,i)
local dz=kb(j)
local aq=redis.call('TIME')
local b=string.format('%.0f',tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000))
if dz==ky then
dz=i(tonumber(b))
redis.call('SET',j,dz)
end
return{1,dz,b}
end
y['marker.replace']=function(a,c)
return kc(a[1],c[1],function()return c[2]end)
end
y['marker.lose']=function(a,c)
return kc(a[1],c[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(c[2]))
end)
end`,
    `y['identify']=function(a)
local eu=''
local function gk(me)
local fz=redis.pcall('INFO',me)
if type(fz)=='table'then fz,eu='',fz.err end
return function(la)return string.match(fz,'%f[%w_]'..la..':([^\\r\\n]*)')or''end
end
local ev,hm,hv=gk('server'),gk('memory'),gk('replication')
local aq=redis.call('TIME')
local n=ev('redis_mode')
if n==''then n=ev('server_mode')end
local kj=ev('valkey_version')
return{
1,ev('run_id'),tonumber(ev('uptime_in_seconds'))or-1,
tonumber(aq[1])*1000000+tonumber(aq[2]),
tonumber(gk('persistence')('aof_enabled'))or-1,
hm('maxmemory_policy'),tonumber(hm('maxmemory'))or-1,
hv('role'),n,hv('master_replid'),hv('master_replid2'),
a[1]and kb(a[1])or'',eu,
tonumber(hm('used_memory'))or-1,kj~=''and'valkey '..kj or ev('redis_version')
}
end`,
    PART_14,
    `y['counters.read']=function(a)
local p,b={1},av()
for d=1,#a,2 do
local fe,k=pcall(bn,a[d])
p[#p+1]=fe and k and string.format('%.0f',k)or''
end
for d=2,#a,2 do
local dc,cp,cl=redis.pcall('HGETALL',a[d]),{},{}
for m=1,dc.err and 0 or#dc,2 do
cp[#cp+1],cl[dc[m]]=dc[m],dc[m+1]
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
local function ka(a,c,ax)
local v,b=#a/2,av()
for d=1,v do
local j=a[2*d-1]
local fe,k=pcall(bn,j)
if fe and c[d]~=''then
if not k then ax(j)end
er(j,tonumber(c[d]))
end
end
for m=v+1,#c,4 do
pcall(lz,a[2*tonumber(c[m])],c[m+1],tonumber(c[m+2]),tonumber(c[m+3]),b)
end
return 1
end
y['counters.raise']=function(a,c)
return ka(a,c,df)
end
y['counters.restore']=function(a,c)
return ka(a,c,function()end)
end
y['counters.lift']=function(a,c)
for d=1,#a do
local fe,k=pcall(bn,a[d])
if fe and k then er(a[d],tonumber(c[1]))end
end
return 1
end`,
    `y['set.note']=function(a,c)
local cf,dl,dw=c[1],c[2],tonumber(c[3])
local aq=redis.call('TIME')
local b=tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
local hz,jl,ja=b,false,false
local cw,am={},redis.pcall('GET',a[1])
for ck in string.gmatch(type(am)=='string'and am or'','[^\\n]+')do
local gf,ab,aa,ey,lu=string.match(ck,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
ab,aa,ey=tonumber(ab),tonumber(aa),tonumber(ey)
if gf and ab<=aa and aa<=b and b<ey and ey<=b+3600000 then
if gf==cf then
hz,jl=ab,b-aa<tonumber(c[4])
elseif gf==dl then
ja=true
else
cw[#cw+1]={ck,gf,aa,ab,ey,lu}
end
end
end
local p,ay,l={1},{},b+dw
for d=math.max(1,#cw-16+2),#cw do
local bh=cw[d]
ay[#ay+1]=bh[1]
l=math.max(l,bh[5])
p[#p+1]=bh[2]
p[#p+1]=bh[3]-math.max(bh[4],hz)
p[#p+1]=bh[5]-b
p[#p+1]=bh[6]
end
if not jl or ja then
ay[#ay+1]=string.format('%s %.0f %.0f %.0f %s',cf,hz,b,b+dw,c[5])
redis.call('SET',a[1],table.concat(ay,'\\n'),'PX',string.format('%.0f',l-b))
end
return p
end`,
    PART_5,
    PART_6,
  ],
  "c8a1ea1ccd3cd435745e9a21c8b3047fc91ff0ca",
  "afb651dff1afc93d9f846b5903c1bfc3066154b0",
);

export const HOLD_SUMMARY_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `y['hold.summary']=function(a,c)
local ed=redis.pcall('GET',a[1])
if type(ed)~='string'or#ed>256 then ed=''end
if c[1]~=''then
local t,dw=redis.call('PTTL',a[1]),tonumber(c[2])
if ed==''or t<=dw-tonumber(c[3])or t>dw then
redis.call('SET',a[1],c[1],'PX',c[2])
end
end
return{1,ed}
end`,
    PART_5,
    PART_6,
  ],
  "7125a771beba8d3bdad3237f7c24c6f2a5bf11b1",
  "a64853e218d50b3ab9e8de28e6cbfcac6ad00713",
);

export const REPORT_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function av()
local aq=redis.call('TIME')
return tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local function ia(j,b)
local ma=redis.pcall('ZREMRANGEBYSCORE',j,'-inf',b)
if type(ma)~='number'then
redis.call('DEL',j)
return 0
end
redis.call('ZREMRANGEBYSCORE',j,b+15000+1,'+inf')
return redis.call('ZCARD',j)
end
y['report.write']=function(a,c)
local b,ch,dw=av(),c[1],tonumber(c[3])
local ed,gn=ia(a[1],b),ia(a[2],b)
local fv=ed<1000 or redis.call('ZSCORE',a[1],ch)
local jt=fv and a[1]or a[2]
redis.call('ZREM',fv and a[2]or a[1],ch)
if fv or gn<10000 then
redis.call('ZADD',jt,b+dw,ch)
redis.call('PEXPIRE',jt,15000)
end
if not fv then return{1,0}end
redis.call('SET',a[3],c[2],'PX',c[3])
return{1,1}
end
y['report.remove']=function(a,c)
local b=av()
for jj=1,2 do
ia(a[jj],b)
redis.call('ZREM',a[jj],c[1])
end
redis.call('DEL',a[3])
return{1}
end
y['report.list']=function(a,c)
local b=av()
local ji=redis.pcall('ZREVRANGEBYSCORE',a[1],'+inf','('..b,'LIMIT',0,1000)
local gn=redis.pcall('ZCOUNT',a[2],'('..b,'+inf')
local p={1,type(gn)=='number'and gn or 0}
if not ji.err then
for ak,ch in ipairs(ji)do p[#p+1]=ch end
end
return p
end
y['report.read']=function(a,c)
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
  "7a9a63048b03a14ccf2884ed112b3153bd91e0cd",
  "50ddffac79f26738ac940f66efd7490c848d91bf",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    PART_12,
    `local fa=13
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
local t=r('PTTL',q)
if type(t)~='number'or t<0 then return nil end
local p=ep(h,ai,af+2,ar,'slots.extend')
if p and t<tonumber(al)then bj('PEXPIRE',q,al)end
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
local ez={['quota.acquire']=ho,['quota.extend']=ho,['quota.release']=ho}`,
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
    `local ij=8
local function fj(a,c)
local bi,cb,bo,bv={},{},{c[1]},{c[1]}
local ah=tonumber(c[3])
for d,j in ipairs(a)do
if d<=ij then bi[d]=j
else cb[d-ij]=j end
end
for d=4,#c do
if d<4+ah then bo[d-2]=c[d]
else bv[d-2-ah]=c[d]end
end
return bi,bo,cb,bv
end
local function jy(a,c,ab)
local e,bg,b=dn(redis.call('GET',a[1])),{},av()
local ak,lt=de(a,e,c[1])
for d=ab,#c do
local v,s=de(a,e,c[d])
if v and s>b then bg[#bg+1]={c[d],v,s}end
end
return(lt or 0)>=b,bg
end
local function ld(a,f,bg,b)
local e=dn(redis.call('GET',a[1]))
fw(a,e,f)
for ak,hq in ipairs(bg)do dr(a,e,hq[1],hq[2],hq[3],b)end
fl(a,e,b)
end
local function ju(a,f,bg,ca,cc,cb,bv)
local bl,q=pcall(y[cc],cb,bv)
if bl and(type(q)=='number'or q[1]==1)then return q end
if not ca then ld(a,f,bg,av())end
if not bl then error(q,0)end
return nil,{0,q[2],q[3],q[4],q[5],2}
end
y['quota.acquire']=function(a,c)
local bi,bo,cb,bv=fj(a,c)
local ca,bg=jy(bi,bo,9)
local aw=y['slots.acquire'](bi,bo)
if aw[1]==0 then return{0,aw[2],aw[3],aw[4],aw[5],1}end
local q,eu=ju(bi,c[1],bg,ca,c[2],cb,bv)
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
y['quota.convert']=function(a,c)
local bi,bo,cb,bv=fj(a,c)
local ca,bg=jy(bi,bo,7)
local aw=y['slots.extend'](bi,bo)
if aw~=1 then return{0,aw[2],aw[3],'0','',1}end
local q,eu=ju(bi,c[1],bg,ca,c[2],cb,bv)
return q and{1,math.abs(q),bo[4],'',''}or eu
end
local function iq(a,c,cc)
local bi,bo,cb,bv=fj(a,c)
local aw=y[cc](bi,bo)
if aw~=1 then return aw end
return y[c[2]](cb,bv)
end
y['quota.commit']=function(a,c)return iq(a,c,'slots.commit')end
y['quota.extend']=function(a,c)return iq(a,c,'slots.extend')end
y['quota.release']=function(a,c)
local bi,bo,cb,bv=fj(a,c)
local bl,aw=pcall(y['slots.release'],bi,bo)
local q=y[c[2]](cb,bv)
if not bl then error(aw,0)end
return q~=0 and q or aw
end`,
    `y['quota.renew']=function(a,c)
local bi,bo,cb,bv=fj(a,c)
local q
for ak,eq in ipairs({true,false})do
local aw=y['slots.renew'](bi,bo,eq)
if type(aw)~='number'then return aw end
q=y[c[2]](cb,bv,eq)
if type(q)~='number'then return q end
end
return q
end`,
    PART_5,
    PART_6,
  ],
  "20a9122b1566058188272df1e43e21e9acdea061",
  "98c5ca9d498fd4d0b79ca648ee68301dbdba1f94",
);
