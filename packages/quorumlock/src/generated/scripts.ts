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
local function ah(i)
local h=s('INCR',i)
if type(h)~='number'then return nil end
if h>1 and h<=9000000000000000 then return h end
if h==1 and not IS_CLUSTER then
local bq=s('GET',string.match(i,'^(.*)~fence:')..'~server')
local ew=type(bq)=='string'and string.match(bq,'^complete .* (%d+)$')
local cm=ew and s('SET',i,ew)
if cm and not cm.err then return tonumber(ew)end
end
local mz=s(h>1 and'DECR'or'DEL',i)
if type(mz)=='table'then s('DECR',i)end
return nil
end`;

const PART_2 = `if#KEYS<=fo and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local gw=fn[ARGV[1]]
local o=gw and gw(1,6+ARGV[5],6,#KEYS,ARGV[1])
if o then return o end
end`;

const PART_3 = `local function general()
local t={}
local function bm(i)
local j=redis.call('GET',i)
if not j then return nil end
local h=string.match(j,'^-?%d+$')and tonumber(j)
if not h or h>=9000000000000000 then
error('the fencing counter '..i..' cannot be counted up: '..j..'; delete it together with '
..string.match(i,'^(.*)~fence:')..'~server, on one server after another')
end
return h>0 and h or nil
end
local function fj(i,h)
redis.call('SET',i,string.format('%.0f',h))
end
local function fp(i)
if not IS_CLUSTER then
local bq=redis.pcall('GET',string.match(i,'^(.*)~fence:')..'~server')
if type(bq)~='table'or string.find(bq.err,'WRONGTYPE',1,true)then
return type(bq)=='string'and tonumber(string.match(bq,'^complete .* (%d+)$'))or nil
end
end
local ao=redis.call('TIME')
local b=tonumber(ao[1])*1000000+tonumber(ao[2])
return math.max(1,b-b%16384)
end
local function dc(i)
local ew=fp(i)
if ew then return ew end
redis.call('DEL',i)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function fe(i,h)
local ei=bm(i)
if not ei then h=math.max(h,fp(i)or 0)end
if(ei or 0)<h then fj(i,h)end
end`;

const PART_4 = `local function ej(i)
local ay=redis.pcall('GET',i)
return type(ay)=='string'and ay or nil
end
local function hp(i,bc,an)
an=math.max(an,20000)
local ay=ej(i)
if not ay then
redis.call('SET',i,bc,'PX',an)
elseif string.find(' '..ay..' ',' '..bc..' ',1,true)then
redis.call('PEXPIRE',i,math.max(redis.call('PTTL',i),an))
elseif#ay+1<256*(#bc+1)then
redis.call('SET',i,ay..' '..bc,'PX',math.max(redis.call('PTTL',i),an))
end
end
local function ev(i,bc)
local ay=ej(i)
if not ay then return end
local de={}
for bj in string.gmatch(ay,'%S+')do
if bj~=bc then de[#de+1]=bj end
end
if#de==0 then redis.call('DEL',i)
else redis.call('SET',i,table.concat(de,' '),'PX',math.max(redis.call('PTTL',i),1))end
end
local function mk(i)
local ay,r=ej(i),redis.call('PTTL',i)
local cc=not ay and'~'or string.sub(ay,1,1)~='~'and'~ '..ay
r=math.max(r,20000)
if cc then redis.call('SET',i,cc,'PX',r)else redis.call('PEXPIRE',i,r)end
end
local function hn(i,mi)
local ay=ej(i)
if not ay then return false end
local ac=''
if string.sub(ay,1,1)=='~'then
ev(i,'~')
ay=string.sub(ay,2)
end
if mi then ac=string.match(ay,'%S+')or''end
if ac~=''then ev(i,ac)end
redis.pcall('PUBLISH',i,ac)
return ac~=''
end`;

const PART_5 = `return t
end`;

const PART_6 = `local function mr(gw,k,ez,ak,y,af,as)
local a,c={unpack(KEYS,k,k+ez-1)},{unpack(ARGV,ak,ak+y-1)}
for d=1,as do c[y+d]=ARGV[af+d-1]end
local bo,o=pcall(gw,a,c)
if bo then return o end
if type(o)=='table'then o=o.err or o[1]end
return{-1,tostring(o)}
end
local cw,t,k,ak={},nil,1,1
while ak<=#ARGV do
local bx,dv,ez=ARGV[ak],tonumber(ARGV[ak+1]),tonumber(ARGV[ak+2])
local y,as,af=tonumber(ARGV[ak+3]),tonumber(ARGV[ak+4]),ak+5
ak=af+as
local jp=ez<=fo
local jn=jp and fn[bx]
local jm=jp and dv>1 and hq[bx]
local dz=0
while dz<dv do
local ah=jm and jm(k,ak,dv-dz,cw)or 0
if ah==0 then
local o=jn and jn(k,ak,af,ez,bx)
if not o then
t=t or general()
o=mr(t[bx],k,ez,ak,y,af,as)
end
cw[#cw+1]=o
ah=1
end
k,ak,dz=k+ah*ez,ak+ah*y,dz+ah
end
end
return#cw==1 and cw[1]or cw`;

const PART_7 = `local function gf(ad)return string.match(ad,'^%w+')or''end
local function dl(g,d)
local am=g[d]
if type(am)~='string'then return am end
local ag,ad,da,v,bg,bb=
string.match(am,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local p
if da and g.is_demand(da)then
p={tonumber(ag),ad,da,tonumber(v),tonumber(bg),tonumber(bb),false,am}
else
p={0,'','',0,0,0,true,am}
end
g[d]=p
return p
end
local function ge(g,p)
g.check=math.min(g.check,p[4]+1)
if p[5]>0 then g.check=math.min(g.check,p[5]+50+1)end
end
local function ln(g,b)
local hm,ek=0,{}
local ah=#g
g.check=math.huge
for d=1,ah do
local p=dl(g,d)
g[d]=nil
if p[4]>=b then
hm=hm+1
g[hm]=p
ge(g,p)
if p[5]>0 and b-p[5]>50 then
local bc=gf(p[2])
ek[bc]=math.max(ek[bc]or 0,p[5])
p[7]=true
end
end
end
if not next(ek)then return end
for aj,p in ipairs(g)do
local bc=gf(p[2])
if ek[bc]and p[4]-3000>ek[bc]then ek[bc]=nil end
end
for aj,p in ipairs(g)do p[7]=p[7]or ek[gf(p[2])]~=nil end
end
local function ck(i,b,ma)
local am=redis.pcall('GET',i)
local g={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=ma}
local ax,l,bb
if type(am)=='string'then ax,l,bb=string.match(am,'^(%d+) (%d+) (%d+);')end
if not ax then return g end
g.check,g.last,g.ticket=tonumber(ax),tonumber(l),tonumber(bb)
local ah=0
for db in string.gmatch(am,';([^;]+)')do
ah=ah+1
g[ah]=db
end
if b>=g.check then ln(g,b)end
return g
end
local function dj(i,g,b)
if#g==0 then
redis.call('DEL',i)
return
end
local cq={string.format('%.0f %.0f %.0f',g.check,g.last,g.ticket)}
for d,p in ipairs(g)do
cq[d+1]=type(p)=='string'and p or p[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(p,1,6))
end
redis.call('SET',i,table.concat(cq,';'),'PX',math.max(1,g.last-b))
end
local function hw(p,ag,ad)
return p[1]>ag or(p[1]==ag and p[2]>ad)
end
local function jf(g,ad,ag,lm)
local bz
for d=1,#g do
local p=dl(g,d)
if p[2]==ad or(ag and hw(p,ag,ad))then break end
if not p[7]and lm(p[3])then
if bz then return bz,true end
bz=p
end
end
return bz,false
end
local function ii(g,ad)
local mq=' '..ad..' '
for d,p in ipairs(g)do
if type(p)~='string'or string.find(p,mq,1,true)then
if dl(g,d)[2]==ad then return d end
end
end
end
local function ha(g,ad,b)
local m=ad~=''and ii(g,ad)
if not m then return nil end
local p=dl(g,m)
p[4],p[5],p[7],p[8]=b+3000,0,false,nil
g.last=math.max(g.last,p[4])
return m
end
local function kw(g,ad,b)
local m=ha(g,ad,b)
if not m then return false end
local p=g[m]
p[5],p[7]=math.max(1,b-50-1),true
ge(g,p)
return true
end
local function hk(bb,av)
if bb>=0 then return bb end
return-bb>av and-bb<=av+3000 and-bb or 0
end
local function la(av,b)
return av==b and string.format('%.0f',b)or string.format('%.0f %.0f',av,b)
end
local function kz(g,ad,da,bb,ee,b,ab)
local m=ha(g,ad,b)
if m and g[m][6]>=bb then
g[m][3]=da
return m
end
if m then table.remove(g,m)end
local dg=hk(bb,ab)
if dg==0 then dg=ab+1 end
local ag=dg-ee
m=#g+1
while m>1 and hw(dl(g,m-1),ag,ad)do m=m-1 end
local p={ag,ad,da,b+3000,0,math.max(bb,0),false}
table.insert(g,m,p)
ge(g,p)
g.last,g.ticket=math.max(g.last,p[4]),math.max(g.ticket,dg)
g[256+1]=nil
return m
end
local function ki(g,ad)
local m=ii(g,ad)
if m then table.remove(g,m)end
return m~=nil
end
local function ko(g,ct,b)
local bg,gg,hz={},{},false
for d=1,#g do
local p=dl(g,d)
if not p[7]then
local bc=gf(p[2])
hz=hz or not ct(p[3])
if hz then
if not next(gg)then break end
if not gg[bc]then return bg,true,p[2]end
else
if p[5]<=0 then
p[5],p[8]=b,nil
ge(g,p)
bg[#bg+1]=p
end
gg[bc]=true
end
end
end
return bg,next(gg)~=nil,nil
end
local function lc(cq,eu)
return table.concat(cq,' ')..(eu and' ~'..eu or'')
end`;

const PART_8 = `local hf={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function ed(am)return hf[am]end
local function jk(mm,bj)return string.find(hf[mm],' '..bj..' ',1,true)end
local function mh(ml)
local gm={}
return function(n)
if gm[n]==nil then gm[n]=not ml(n)end
if not gm[n]then return false end
for bj in string.gmatch(hf[n],'%u+')do gm[bj]=false end
return true
end
end`;

const PART_9 = `local cz,gc='~s','~p'
local dk,gd=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local jb={'IS','IX','SIX','S'}
local hi={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=jb}
local function aq()
local ao=redis.call('TIME')
return tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
end
local function gt(am)
local ap={}
for n in string.gmatch(am,'%u+')do
if not hi[n]then error('unknown mode '..n,0)end
ap[#ap+1]=n
end
return ap
end
local function eg(a,ah,ep)
local ba={['fences']={unpack(a,ah*ep+1)}}
for d=1,ah do
local k=(d-1)*ep
ba[d]={['lock']=a[k+1],['shared']=a[k+2],['line']=a[k+3],['wake']=ep>3 and a[k+4]}
end
return ba
end
local function eq(c,ac)
local y={c[1],[c[1]]=true}
for d=ac,#c do
y[#y+1]=c[d]
y[c[d]]=true
end
return y
end
local function em(j)
if not j or string.sub(j,1,3)~='~s 'then return nil end
local n,f=string.match(j,'^~s (%u+) (.*)$')
if hi[n]then return n,f end
end
local function gb(cp)return string.format('%.0f',cp)end
local function ke(i,n,ah)
local ae=gd[n]*dk
return redis.pcall('ZREVRANGEBYSCORE',i,'('..gb(ae+dk),gb(ae),'WITHSCORES','LIMIT',0,ah),ae
end
local function gv(w,n,y,b)
local j=redis.call('GET',w.lock)
if j and(j==gc or string.sub(j,1,3)==gc..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local dp,bd=em(j)
if bd then
local r=not y[bd]and redis.call('PTTL',w.lock)
if r and(r==-1 or jk(n,dp))then return r,bd end
return nil
end
if y[j]then return nil end
if j and j~=cz then return redis.call('PTTL',w.lock),j end
local l,al
if not j and redis.call('EXISTS',w.shared)==0 then return nil end
for aj,mw in ipairs(hi[n])do
local u,ae=ke(w.shared,mw,#y+1)
if u.err then error(u.err,0)end
for d=1,#u,2 do
local v=tonumber(u[d+1])-ae
if not y[u[d]]then
if v>=b and(not l or v>l)then l,al=v,u[d]end
break
end
end
end
if l then return l-b,al end
end
local function kg(w,b)
local ab
if redis.call('EXISTS',w.shared)==0 then return nil end
for aj,n in ipairs(jb)do
local u,ae=ke(w.shared,n,1)
local ag=tonumber(u[2])
if ag and ag-ae>=b then ab=math.max(ab or 0,ag-ae)end
end
return ab
end
local function hy(w,n,y)
local j=redis.call('GET',w.lock)
if n=='X'then return y[j]end
local dp,bd=em(j)
if bd then return y[bd]and dp==n end
for aj,f in ipairs(y)do
local ag=redis.call('ZSCORE',w.shared,f)
if ag and math.floor(tonumber(ag)/dk)==gd[n]then return true end
end
return false
end
local function mc(w,y)
local j=redis.call('GET',w.lock)
local aj,bd=em(j)
if bd then return y[bd]end
if y[j]then return true end
for aj,f in ipairs(y)do
if redis.call('ZSCORE',w.shared,f)then return true end
end
return false
end
local function je(i,n,f,v,b)
local ae=gd[n]*dk
redis.call('ZREMRANGEBYSCORE',i,gb(ae),'('..gb(ae+b))
redis.call('ZADD',i,gb(ae+v),f)
if redis.call('PTTL',i)<v-b then redis.call('PEXPIRE',i,v-b)end
end
local function hu(w,n,y,an,b)
local q,as,f,cu=w.lock,w.shared,y[1],false
local j=redis.call('GET',q)
local v=b+an
local dp,bd=em(j)
local al,ly=bd or j,dp or'X'
if y[al]then
local r=redis.call('PTTL',q)
if r==-1 and al==f and n==ly then return false end
v=math.max(v,b+r)
if bd==f and n==dp then
redis.call('SET',q,j,'PX',v-b)
return false
end
cu=al~=f
j=nil
elseif bd then
local r=math.max(1,redis.call('PTTL',q))
je(as,dp,bd,b+r,b)
redis.call('SET',q,cz,'PX',r)
j=cz
end
if j~=cz and(n~='X'or bd)and redis.call('EXISTS',as)==0 then
redis.call('SET',q,n=='X'and f or'~s '..n..' '..f,'PX',v-b)
return cu
end
for d,db in ipairs(y)do
local ag=(d>1 or n~='X')and redis.call('ZSCORE',as,db)
if ag then
v=math.max(v,tonumber(ag)%dk)
if d>1 then
redis.call('ZREM',as,db)
cu=true
end
end
end
if n=='X'then
redis.call('SET',q,f,'PX',v-b)
return cu
end
je(as,n,f,v,b)
if j~=cz then
redis.call('SET',q,cz,'PX',kg(w,b)-b)
else
local r=redis.call('PTTL',q)
if r>=0 and r<v-b then redis.call('PEXPIRE',q,v-b)end
end
return cu
end
local function cg(w,y,b)
local q,bn=w.lock,false
local j=redis.pcall('GET',q)
if type(j)=='table'then
if string.find(j.err,'WRONGTYPE',1,true)then return false,false end
error(j.err,0)
end
local aj,bd=em(j)
if y[bd or j]then
redis.call('DEL',q)
j,bn=false,true
end
if bd or(bn and#y==1)then return bn,bn end
local gp=false
for aj,f in ipairs(y)do
local ag=redis.pcall('ZSCORE',w.shared,f)
if type(ag)=='string'then
redis.call('ZREM',w.shared,f)
gp=true
if tonumber(ag)%dk>=b then bn=true end
end
end
if j and j~=cz then return bn,false end
local ab=gp and kg(w,b)
if ab then
local r=redis.call('PTTL',q)
local go=r>ab-b+1
if r<0 or go then redis.call('SET',q,cz,'PX',math.max(1,ab-b))end
return bn,false,go
end
if gp and j then redis.call('DEL',q)end
return bn,gp or bn
end`;

const PART_10 = `local iy={}
local function cr(w,g,b)
if#g==0 then return{},false end
local bg,ct,eu=ko(
g,mh(function(n)return gv(w,n,iy,b)end),b)
for d,p in ipairs(bg)do bg[d]=p[2]end
if#bg>0 then
dj(w.line,g,b)
redis.pcall('PUBLISH',w.wake,lc(bg,eu))
end
return bg,ct
end
local function ll(w,n,y,ad,ag,g,b)
local r,al=gv(w,n,y,b)
if r or#g==0 or mc(w,y)then return r,al end
local bz,lx=jf(g,ad,ag,function(bj)return jk(bj,n)end)
if not bz then return nil end
if w.wake then cr(w,g,b)end
if lx then return-1,''end
if bz[5]>0 then return math.max(0,50-b+bz[5]),''end
r,al=gv(w,bz[3],iy,b)
return r and-1 or 50,al or''
end
local function ls(jo,ap,ci)
local h,cf,av=0,false,{}
for aj,n in ipairs(ap)do
if(n=='X'or n=='SIX')and not ci then cf=true end
end
for d,i in ipairs(jo)do
local l=bm(i)
av[d]=l or 0
h=math.max(h,l and(cf and l+1 or l)or dc(i))
end
for d,i in ipairs(jo)do
if av[d]~=h then fj(i,h)end
end
return h
end
t['modes.acquire']=function(a,c)
local an,ad,bb,ee=tonumber(c[2]),'',0,0
if c[4]~=''then
ad,bb,ee=string.match(c[4],'^(%S*) (%S+) (%S+)$')
bb,ee=tonumber(bb),tonumber(ee)
end
local ap,y,lj,b=gt(c[3]),eq(c,5),{c[1],[c[1]]=true},aq()
local ba=eg(a,#ap,ad==''and 3 or 4)
local az,av,m,cl,al={},b,nil,nil,nil
local ci,cu=true,false
for d=1,#ap do
az[d]=ck(ba[d].line,b,ed)
av=math.max(av,az[d].ticket)
end
local dg=hk(bb,av)
local ag=dg>0 and dg-ee or nil
for d,n in ipairs(ap)do
local w=ba[d]
local r,nc=ll(w,n,y,ad,ag,az[d],b)
if r then
m=m or d
if not al or(cl~=-1 and(r==-1 or r>cl))then
cl,al=r,nc
end
elseif not hy(w,n,lj)then
ci=false
end
end
local cc,fy=m or#ap,nil
if ad~=''then
fy=kz(az[cc],ad,ap[cc],bb,ee,b,av)
if not m and az[cc][fy]then az[cc][fy][5]=-1 end
dj(ba[cc].line,az[cc],b)
end
if m then
if ad~=''then pcall(hp,ba[m].wake,ad,an)end
return{0,cl,al,la(av,b),fy and fy-1 or#az[m]}
end
local h=ls(ba.fences,ap,ci)
for d,n in ipairs(ap)do
local w=ba[d]
if hu(w,n,y,an,b)then cu=true end
if d~=cc and ha(az[d],ad,b)then dj(w.line,az[d],b)end
end
return cu and-h or h
end
t['modes.convert']=t['modes.acquire']
t['modes.commit']=function(a,c)
local ap,y=gt(c[3]),{c[1],[c[1]]=true}
local ba=eg(a,#ap,4)
for d,n in ipairs(ap)do
if not hy(ba[d],n,y)then return{0}end
end
for aj,i in ipairs(ba.fences)do
if not bm(i)then dc(i)end
fe(i,tonumber(c[2]))
end
return 1
end
t['modes.extend']=function(a,c)
local h,an,ap=tonumber(c[2]),tonumber(c[3]),gt(c[4])
local ba,y,b,bp=eg(a,#ap,4),eq(c,5),aq(),true
for d,n in ipairs(ap)do
local r,al=gv(ba[d],n,y,b)
if r then return{0,r,al}end
bp=bp and hy(ba[d],n,y)
end
for aj,i in ipairs(ba.fences)do
local ht=not bp and(bm(i)or fp(i))
if ht then fe(i,h)end
end
for d,n in ipairs(ap)do
local w=ba[d]
if hu(w,n,y,an,b)then cr(w,ck(w.line,b,ed),b)end
end
return 1
end
local function kh(w,g,ad,b)
local jr=ki(g,ad)
if jr then dj(w.line,g,b)end
pcall(ev,w.wake,ad)
return jr
end
t['modes.release']=function(a,c)
local ad,y,b=c[2],eq(c,3),aq()
local bn,ex,jv=false,false,string.find(ad,'.',1,true)
for aj,w in ipairs(eg(a,#a/4,4))do
local bp,mb,go=cg(w,y,b)
local az=(bp or jv)and redis.pcall('MGET',w.line,w.wake)
if bp then bn=true end
if az and(az[1]or az[2])then
local g=ck(w.line,b,ed)
if jv then kh(w,g,ad,b)end
local bo,bg,ct=pcall(cr,w,g,b)
if not bo then bg,ct={},false end
for aj,bj in ipairs(bg)do
if bj~=ad then ex=true end
end
if mb and not ct and hn(w.wake,ad~='')then ex=true end
if go and#bg==0 then redis.pcall('PUBLISH',w.wake,'')end
end
end
if not bn then return 0 end
return ex and-1 or 1
end
t['modes.releaseAll']=t['modes.release']
t['modes.leave']=function(a,c)
local b=aq()
for aj,w in ipairs(eg(a,#a/4,4))do
local g=ck(w.line,b,ed)
if kh(w,g,c[1],b)then pcall(cr,w,g,b)end
end
return 1
end`;

const PART_11 = `local function lz(w,n,f,b)
local j=redis.call('GET',w.lock)
if j~=cz then
local dp,bd=em(j)
return(bd or j)==f and(dp or'X')==n
end
local ag=n~='X'and redis.call('ZSCORE',w.shared,f)
if not ag then return false end
return math.floor(tonumber(ag)/dk)==gd[n]and tonumber(ag)%dk>=b
end
t['modes.renew']=function(a,c,fd)
local f,ap,b,h=c[1],gt(c[3]),aq(),1
local ba=eg(a,#ap,3)
for d,n in ipairs(ap)do
if not lz(ba[d],n,f,b)then
local j=redis.call('GET',ba[d].lock)
local aj,bd=em(j)
local al=bd or j~=cz and j or''
if string.sub(al,1,3)==gc..' 'then al=gc end
return{0,redis.call('PTTL',ba[d].lock),al}
end
end
for aj,i in ipairs(ba.fences)do h=math.max(h,bm(i)or 1)end
if fd then return h end
for d,n in ipairs(ap)do hu(ba[d],n,{f,[f]=true},tonumber(c[2]),b)end
return h
end`;

const PART_12 = `local fo=8
local hj='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local li='^~p %d+ 0 %d+ [01]* %d+:[%d -]*:'
local lg=8
local au,fr
local function bl(...)
if au then return end
local o=s(...)
if type(o)=='table'and o.err then au=fr and{-1,o.err}or{}else fr=true end
end
local function gh()
local ao=s('TIME')
return ao[1]*1000+math.floor(ao[2]/1000)
end
local function iu(k,ax,ab,cb,z,bh,l,b)
if b and ab~='0'and l+0>cb+0 then
cb=string.format('%.0f',l+math.max(1,l-b))
bl('PEXPIREAT',KEYS[k+2],cb)
bl('PEXPIREAT',KEYS[k+3],cb)
bl('PEXPIRE',KEYS[k+4],604800000)
end
bl('SET',KEYS[k],'~p '..ax..' '..ab..' '..cb..' '..z..' '..bh,'PXAT',l)
end
local function fc(k,ak,af,aj,bx,hr)
au,fr=nil,nil
if bx=='slots.acquire'then
local cf=hr
if ARGV[af+1]~=''or ARGV[af+5]~='0'or ARGV[af+6]~=''or ARGV[af-1]~='7'then return nil end
local f,bi,aa,co=ARGV[ak],ARGV[af+3]+0,ARGV[af+4]+0,KEYS[k+1]
if bi>lg or bi>aa then return nil end
local ar,b=s('GET',KEYS[k]),gh()
local ax,ab,cb,z,at,x,bh='0','0','0','','0','',''
local hs=true
if ar then
if ar.err then return nil end
ax,ab,cb,z,at,x,bh=string.match(ar,hj)
if not ax or bh==f then return nil end
if(ab~='0'and b>ax+0)or(bh~=''and at+0<b)then return nil end
if ab~='0'and s('HGET',KEYS[k+2],f)then return nil end
elseif s('EXISTS',unpack(KEYS,k+4,cf and k+10 or k+6))==0 then
hs=false
end
if hs and cf and s('EXISTS',KEYS[k+8],KEYS[k+9],KEYS[k+10])~=0 then return nil end
local jt=string.find(f,'^%x%x%x%x%x%x%x%x%x%x%x%x')
local by,en=jt and tonumber(string.sub(f,1,6),16)%aa or 0,nil
local dq,dy={},bi==1 and'1'or'2'
for aj=1,64 do
local jh=string.byte(z,by+1)
if not jh then
z=z..string.rep('0',by-#z)..dy
dq[#dq+1]=by
elseif jh==48 then
z=string.sub(z,1,by)..dy..string.sub(z,by+2)
dq[#dq+1]=by
end
if#dq==bi then break end
en=en or jt and 1+tonumber(string.sub(f,7,12),16)%aa or 1
by=(by+en)%aa
end
if#dq<bi then return nil end
local ce=dq[1]..''
if bi>1 then
ce=''
local ch,l=string.find(z,'2+')
while ch do
ce=ce..(ce==''and''or' ')..ch-1 ..(ch==l and''or'-'..l-1)
ch,l=string.find(z,'2+',l+1)
end
z=string.gsub(z,'2','1')
end
local v,h,fw=b+ARGV[af],nil,nil
local l=string.format('%.0f',v)
if not hs then
if cf then
local j=s('GET',co)
local ae=type(j)=='string'and string.find(j,'^%d+$')and j+0
if not ae or ae<1 or ae+1>=9000000000000000 then return nil end
h=ae+1+cf
bl('SET',co,string.format('%.0f',h))
else
h=ah(co)
if not h then return nil end
fr=true
end
else
local u
if IS_CLUSTER then
u=s('MGET',co,KEYS[k+6])
else
local ms=string.sub(co,1,string.find(co,'~fence:',1,true)-1)
u=s('MGET',co,KEYS[k+6],ms..'~server')
end
if u.err or u[2]or s('HGET',KEYS[k+5],KEYS[k])then return nil end
local ae=u[1]and string.find(u[1],'^%d+$')and u[1]+0
if not ae or ae<1 or ae>=9000000000000000 then return nil end
local bw=u[3]and string.match(u[3],'^complete %S+ %S+ (%S+) ')or''
if#bw~=32 then bw=string.format('%-32.32s',bw)end
if s('GETRANGE',KEYS[k+4],0,31)~=bw then return nil end
h=ae-ae%16384
for d=1,bi do
local m=32+16*dq[d]
h=math.max(h,tonumber(s('GETRANGE',KEYS[k+4],m,m+15))or ae)
end
h=h+1
local kf=math.max(ae,h)
if cf and kf>=9000000000000000 then return nil end
local ju=ab~='0'
if bh~=''then fw=bh end
if fw and ju then bl('ZADD',KEYS[k+3],at,bh)end
local am=string.format('%016.0f',h)
for d=1,bi do bl('SETRANGE',KEYS[k+4],32+16*dq[d],am)end
if cf then h=kf+cf end
if ae<h then bl('SET',co,string.format('%.0f',h))end
if fw then
if not ju then
bl('DEL',KEYS[k+2],KEYS[k+3])
bl('ZADD',KEYS[k+3],at,bh)
end
bl('HSET',KEYS[k+2],bh,x)
if ab=='0'or at+0<ax+0 then ax=at end
if at+0>ab+0 then ab=at end
end
if not ar then bl('PEXPIRE',KEYS[k+4],604800000)end
end
bh=l..':'..ce..':'..f
iu(k,ax,ab,cb,z,bh,ab+0>v and ab or l,b)
if au then
if fw and fr then s('ZREM',KEYS[k+3],fw)end
return au[1]and au
end
return{1,h,ce,'',cf and''}
end
if bx=='slots.extend'then
local f=ARGV[ak]
if ARGV[af+4]~='0'or ARGV[af-1]~='5'then return nil end
local ar=s('GET',KEYS[k])
if not ar or ar.err then return nil end
local ax,ab,cb,z,at,x,bh=string.match(ar,hj)
if not ax or s('HGET',KEYS[k+5],KEYS[k])then return nil end
local b=gh()
if(ab~='0'and b>ax+0)or(bh~=''and at+0<b)then return nil end
local v=b+ARGV[af+1]
local l=string.format('%.0f',v)
if bh==f then
if x~=ARGV[af+2]then return nil end
if at+0>=v then return 1 end
at=l
if ab+0>v then l=ab end
else
if ab=='0'or s('HGET',KEYS[k+2],f)~=ARGV[af+2]then return nil end
local ag=s('ZSCORE',KEYS[k+3],f)
if type(ag)~='string'then return nil end
if ag+0>=v then return 1 end
bl('ZADD',KEYS[k+3],l,f)
if au then return au[1]and au end
if ab+0>=v then return 1 end
ab=l
if at+0>v then l=at end
end
iu(k,ax,ab,cb,z,at..':'..x..':'..bh,l,b)
if au then return au[1]and au end
return 1
end
local f=ARGV[ak]
if ARGV[af-1]~='3'then return nil end
local u=hr or s('MGET',KEYS[k],KEYS[k+6],KEYS[k+7])
if u.err or u[2]or u[3]then return nil end
if not u[1]then return 0 end
local aj,jw=string.find(u[1],li)
if jw then
if string.sub(u[1],jw+1)~=f then return nil end
if hr then return s('DEL',KEYS[k],KEYS[k+8])==2 and 2 or nil end
return s('DEL',KEYS[k])==1 and 1 or nil
end
local ax,ab,cb,z,at,x,bh=string.match(u[1],hj)
if not ax then return nil end
local l,cn=ab,x
if bh==f then
if at+0<ab+0 and at+0<gh()then return nil end
at,x,bh='0','',''
else
local ag=s('ZSCORE',KEYS[k+3],f)
cn=s('HGET',KEYS[k+2],f)
if type(cn)~='string'or type(ag)~='string'or ag+0<gh()then return nil end
bl('ZREM',KEYS[k+3],f)
bl('HDEL',KEYS[k+2],f)
if ag==ab then
ab=s('ZREVRANGE',KEYS[k+3],0,0,'WITHSCORES')[2]or'0'
if ab=='0'then
ax,cb='0','0'
if bh==''then
bl('DEL',KEYS[k])
if au then return au[1]and au end
return 1
end
end
end
l=at+0>ab+0 and at or ab
end
local by=tonumber(cn)
if by then
z=string.sub(z,1,by)..'0'..string.sub(z,by+2)
else
for ch,hd in string.gmatch(cn,'(%d+)%-?(%d*)')do
if hd==''then hd=ch end
z=string.sub(z,1,ch)..string.rep('0',hd-ch+1)..string.sub(z,hd+2)
end
end
iu(k,ax,ab,cb,z,at..':'..x..':'..bh,l)
if au then return au[1]and au end
return 1
end
local fn={['slots.acquire']=fc,['slots.extend']=fc,['slots.release']=fc}
local hq={}`;

const PART_13 = `local cy,dr,hg,lf='0','1','2',48
local lh=64
local function dt(am)
local mj=string.gmatch(am,'(%d+)%-?(%d*)')
return function()
local ac,l=mj()
if ac then return tonumber(ac),tonumber(l)or tonumber(ac)end
end
end
local function kv(z,dy)
local iq,ch,l={},string.find(z,dy..'+')
while ch do
iq[#iq+1]=ch==l and tostring(ch-1)or string.format('%d-%d',ch-1,l-1)
ch,l=string.find(z,dy..'+',l+1)
end
return table.concat(iq,' ')
end
local function df(z,x,dy)
local eh,m={},0
for ac,l in dt(x)do
if ac<m then z,eh,m=table.concat(eh)..string.sub(z,m+1),{},0 end
if ac>#z then z=z..string.rep(cy,ac-#z)end
eh[#eh+1]=string.sub(z,m+1,ac)
eh[#eh+1]=string.rep(dy,l-ac+1)
m=l+1
end
return table.concat(eh)..string.sub(z,m+1)
end
local function lk(z,x)
for ac,l in dt(x)do
if string.find(string.sub(z,ac+1,l+1),dr,1,true)then return false end
end
return true
end
local function fq(z,aa)
return#string.gsub(string.sub(z,1,aa),dr..'+','')
end
local function lp(x)
local id=0
for aj,l in dt(x)do id=math.max(id,l+1)end
return id
end
local function mn(f,aa)
local fi,en=string.match(f,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not fi then return 0,1 end
return tonumber(fi,16)%aa,1+tonumber(en,16)%aa
end
local function jj(z,ai,aa,ij,y,f)
local dd=ai
local function ga(ac,l)
l=math.min(l,aa-1)
if dd==0 or ac>l then return end
local mx,ah=string.gsub(string.sub(z,ac+1,l+1),cy,hg,dd)
if ah==0 then return end
z,dd=string.sub(z,1,ac)..mx..string.sub(z,l+2),dd-ah
end
for ac,l in dt(ij)do ga(ac,l)end
if y then
for ac,l in dt(y)do ga(ac,l)end
else
local fi,en=mn(f,aa)
for d=0,lh-1 do
if dd==0 then break end
local by=(fi+d*en)%aa
if string.byte(z,by+1)==lf then ga(by,by)end
end
ga(fi,aa-1)
ga(0,fi-1)
end
if dd>0 then return nil end
return kv(z,hg),(string.gsub(z,hg,dr))
end`;

const PART_14 = `local ix='~'
local function aq()
local ao=redis.call('TIME')
return tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
end
local function ig(am,b)
local bv,aa,he=string.match(am,'^(%d+) (%d+) (%d+)$')
if bv and tonumber(he)+604800000+86400000>=b then return tonumber(bv),tonumber(aa),tonumber(he)end
end
local function il(i,q,b)
return ig(redis.call('HGET',i,q)or'',b)
end
local function iw(i,q,bv,aa,b)
local jl=tonumber(redis.call('HGET',i,ix)or'')
if not jl or jl+86400000<b then
local bt=redis.call('HGETALL',i)
for d=1,#bt,2 do
if not ig(bt[d+1],b)then redis.call('HDEL',i,bt[d])end
end
redis.call('HSET',i,ix,string.format('%.0f',b))
end
redis.call('HSET',i,q,string.format('%.0f %.0f %.0f',bv,aa,b))
redis.call('PEXPIRE',i,604800000+86400000)
end
local function mt(i,q,bv,aa,b)
if bv>(il(i,q,b)or 0)then iw(i,q,bv,aa,b)end
end`;

const PART_15 = `local iz='~p'
local es,et=16,32
local function md(ar)
return ar==iz or string.sub(ar,1,3)==iz..' '
end
local function dw(ar)
local ax,ab,cb,z,v,x,f=
string.match(ar or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(ax)or 0,['latest']=tonumber(ab)or 0,['kept']=tonumber(cb)or 0,['map']=z or'',
['deadline']=tonumber(v)or 0,['slots']=x or'',['token']=f or'',
['is_new']=not f,['is_other']=ar and not md(ar)
}
end
local function fz(a,e,b)
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
local function dm(a,e,f)
if f==e.token then return e.slots,e.deadline end
local x=e.latest>0 and redis.call('HGET',a[3],f)
local v=x and redis.call('ZSCORE',a[4],f)
if v then return x,tonumber(v)end
end
local function ji(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function gk(a,e,f)
local x,v=dm(a,e,f)
if not x then return nil end
e.map=df(e.map,x,cy)
if f==e.token then
e.deadline,e.slots,e.token=0,'',''
return x,v
end
redis.call('ZREM',a[4],f)
redis.call('HDEL',a[3],f)
if v==e.latest then
e.latest=tonumber(redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2])or 0
if e.latest==0 then e.check,e.kept=0,0 end
end
return x,v
end
local function gl(a,e,b)
local eb=false
if e.token~=''and e.deadline<b then
e.map=df(e.map,e.slots,cy)
e.deadline,e.slots,e.token,eb=0,'','',true
end
if e.latest>0 and b>e.check then
local lo=redis.call('ZRANGEBYSCORE',a[4],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for aj,f in ipairs(lo)do
e.map=df(e.map,redis.call('HGET',a[3],f)or'',cy)
redis.call('HDEL',a[3],f)
redis.call('ZREM',a[4],f)
end
local ac=redis.call('ZRANGE',a[4],0,0,'WITHSCORES')[2]
local l=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,eb=tonumber(ac)or 0,tonumber(l)or 0,true
if not ac then e.kept,e.map=0,df('',e.slots,dr)end
end
if eb then fz(a,e,b)end
end
local function im(a,e,f,v,b)
local eb=false
if f==e.token then
if e.deadline<v then e.deadline,eb=v,true end
elseif tonumber(redis.call('ZSCORE',a[4],f))<v then
redis.call('ZADD',a[4],string.format('%.0f',v),f)
if e.latest<v then e.latest,eb=v,true end
end
if eb then fz(a,e,b)end
end
local function ea(a,e,f,x,v,b)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=v,x,f,df(e.map,x,dr)
fz(a,e,b)
end
local function kq(a)
local bw=''
if not IS_CLUSTER then
local bq=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
bw=type(bq)=='string'and string.match(bq,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..et..'.'..et..'s',bw)
end
local function ho(a)
return redis.call('GETRANGE',a[5],0,et-1)==kq(a)
end
local function fu(a,x,ae)
if not ho(a)then return ae end
local ia=ae-ae%16384
for ac,l in dt(x)do
local am=redis.call('GETRANGE',a[5],et+es*ac,et+es*(l+1)-1)
for d=0,l-ac do
local ah=tonumber(string.sub(am,es*d+1,es*(d+1)))
ia=math.max(ia,ah or ae)
end
end
return ia
end
local function iv(a,x,ah,ae)
if not ho(a)then redis.call('SET',a[5],kq(a),'PX',604800000)end
local am=string.format('%0'..es..'.0f',ah)
for ac,l in dt(x)do
redis.call('SETRANGE',a[5],et+es*ac,string.rep(am,l-ac+1))
end
if ae<ah then fj(a[2],ah)end
end`;

const PART_16 = `local hh='~s'
local function eq(c,ac)
local y={c[1]}
for d=ac,#c do y[#y+1]=c[d]end
return y
end
local function gy(a)
local ar=redis.call('GET',a[1])
if ar and(ar==hh or string.sub(ar,1,3)==hh..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
local e=dw(ar)
if e.is_other then return e,ar,redis.call('PTTL',a[1])end
return e,nil,nil
end
local function fa(a,aa,bv,b)
local av,ah,he=il(a[6],a[1],b)
if bv>(av or 0)then
av,ah=bv,aa
iw(a[6],a[1],av,ah,b)
elseif av and he+86400000<b then
iw(a[6],a[1],av,ah,b)
end
if not av then return aa,''end
return ah,string.format('%.0f %.0f',av,ah)
end
local function gx(z,dv)
return z..string.rep(cy,dv-#z)
end
local function lu(a,e,dd,b)
local ca=e.latest>0 and redis.call('ZRANGE',a[4],0,64-1,'WITHSCORES')or{}
if e.token~=''then
local m=1
while ca[m]and tonumber(ca[m+1])<=e.deadline do m=m+2 end
table.insert(ca,m,e.token)
table.insert(ca,m+1,e.deadline)
end
local l=-1
for d=1,#ca,2 do
l=tonumber(ca[d+1])
local x=ca[d]==e.token and e.slots or redis.call('HGET',a[3],ca[d])or''
for ac,lq in dt(x)do dd=dd-(lq-ac+1)end
if dd<=0 then break end
end
return l<0 and-1 or math.max(0,l-b),ca[1]or''
end
local function ec(aa)
return function(am)
local ah=tonumber(am)
return ah and ah<=aa
end
end
local function cr(a,e,g,cn,aa,b)
if#g==0 then return 0,false end
local z=gx(e.map,aa)
local cg=e.is_other and 0 or fq(z,aa)
local bg,ct,eu=ko(g,function(da)
cg=cg-tonumber(da)
return cg>=0
end,b)
local cq={}
for d,p in ipairs(bg)do
local x,mv=jj(z,tonumber(p[3]),aa,cn,'0-'..aa-1)
z=mv or z
cq[d]=p[2]..':'..string.gsub(x or'',' ',',')
end
if#cq>0 then
dj(a[7],g,b)
redis.pcall('PUBLISH',a[8],lc(cq,eu))
end
return#cq,ct
end
t['slots.acquire']=function(a,c)
local f,an,ad,bb,ai=c[1],tonumber(c[2]),c[3],tonumber(c[4]),tonumber(c[5])
local ij,gq,y,b=c[8],#c>8,eq(c,9),aq()
local e,al,cl=gy(a)
local aa,fv=fa(a,tonumber(c[6]),tonumber(c[7]),b)
if ai>aa then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',aa,ai),0)end
gl(a,e,b)
local g=ck(a[7],b,ec(aa))
local av=math.max(b,g.ticket)
local dg=hk(bb,av)
local z=gx(e.map,aa)
local x,ce=dm(a,e,f),nil
if al then
if ad~=''then pcall(hp,a[8],ad,an)end
elseif x then
local h=fu(a,x,bm(a[2])or dc(a[2]))
im(a,e,f,b+an,b)
if kw(g,ad,b)then dj(a[7],g,b)end
return{1,h,x,fv,gq and z or nil}
else
local di,du=z,''
for d=2,#y do
local bf=dm(a,e,y[d])or''
di,du=df(di,bf,cy),du..' '..bf
end
local bz
if#g>0 and not gq then
local cg=fq(di,aa)
bz=cg>=ai and jf(g,ad,dg>0 and dg or nil,function(da)
cg=cg-tonumber(da)
return cg<ai
end)
end
if not bz then ce=jj(di,ai,aa,ij,gq and du or nil,f)end
if ce then
local ae=bm(a[2])
local ac=not ae and dc(a[2])
local h,v=fu(a,ce,ae or ac)+1,b+an
ji(a,e)
for d=2,#y do
local aj,at=gk(a,e,y[d])
v=math.max(v,at or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
h=ac or h
fj(a[2],h)
else
iv(a,ce,h,ae or ac)
end
ea(a,e,f,ce,v,b)
if kw(g,ad,b)then dj(a[7],g,b)end
return{1,h,ce,fv,gq and df(di,ce,dr)or nil}
end
local cg=fq(z,aa)
cl,al=lu(a,e,ai-cg,b)
if bz then
cr(a,e,g,'',aa,b)
if bz[5]>0 then cl,al=math.max(0,50-b+bz[5]),''
else cl=-1 end
end
end
if ad~=''then
kz(g,ad,string.format('%.0f',ai),bb,0,b,av)
dj(a[7],g,b)
end
return{0,cl,al,la(av,b),fv}
end
t['slots.commit']=function(a,c)
local h,x=tonumber(c[2]),c[3]
local e=dw(redis.call('GET',a[1]))
if dm(a,e,c[1])~=x then return{0}end
local ae=bm(a[2])or dc(a[2])
local ah=fu(a,x,ae)
if ah<h or not ho(a)then iv(a,x,math.max(ah,h),ae)end
return 1
end
t['slots.extend']=function(a,c)
local f,h,an,x=c[1],tonumber(c[2]),tonumber(c[3]),c[4]
local y,b=eq(c,7),aq()
local e,al=gy(a)
if al then return{0,-1,al}end
local aa=fa(a,tonumber(c[5]),tonumber(c[6]),b)
gl(a,e,b)
local bf=dm(a,e,f)
if bf==x and#y==1 then
im(a,e,f,b+an,b)
return 1
end
local di,at=gx(e.map,math.max(aa,lp(x))),''
for aj,db in ipairs(y)do
local du=dm(a,e,db)or''
di,at=df(di,du,cy),at..' '..du
end
if not lk(di,x)then
local le={f,'',c[5],c[6]}
for d=2,#y do le[d+3]=y[d]end
t['slots.release'](a,le)
return{0,-1,''}
end
ji(a,e)
local ae=bf~=x and(bm(a[2])or fp(a[2]))
if ae then iv(a,x,math.max(h,fu(a,x,ae)),ae)end
local v=b+an
for aj,db in ipairs(y)do
local aj,l=gk(a,e,db)
v=math.max(v,l or 0)
end
ea(a,e,f,x,v,b)
local cn=kv(df(df(string.rep(cy,#di),at,dr),x,cy),dr)
if cn~=''then cr(a,e,ck(a[7],b,ec(aa)),cn,aa,b)end
return 1
end
t['slots.release']=function(a,c)
local bc,y,b=c[2],eq(c,5),aq()
local ar=redis.pcall('GET',a[1])
local e=dw(type(ar)=='string'and ar)
local cn,bn,it,kc='',false,0,false
for aj,db in ipairs(y)do
local x,v=gk(a,e,db)
if x then
kc,bn=true,bn or v>=b
cn,it=cn..' '..x,math.max(it,v)
end
end
if not kc then return 0 end
redis.pcall('ZREM',a[4],'')
local az=redis.pcall('MGET',a[7],a[8])
local js=az[1]or az[2]
if js then gl(a,e,b)end
local l=fz(a,e,b)
if js then
local aa=fa(a,tonumber(c[3]),tonumber(c[4]),b)
local g=ck(a[7],b,ec(aa))
local bo,bg,ct=pcall(cr,a,e,g,cn,aa,b)
if not bo then bg,ct=0,false end
if l==0 and not ct then hn(a[8],bc~='')
elseif l>0 and it>l and bg==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bn and 1 or 0
end
t['slots.leave']=function(a,c)
local b=aq()
local aa=fa(a,tonumber(c[2]),tonumber(c[3]),b)
local g=ck(a[7],b,ec(aa))
if ki(g,c[1])then
dj(a[7],g,b)
pcall(function()cr(a,dw(redis.call('GET',a[1])),g,'',aa,b)end)
end
pcall(ev,a[8],c[1])
return 1
end
t['slots.count']=function(a,c)
local b=aq()
local e,al=gy(a)
local aa,fv=fa(a,tonumber(c[1]),tonumber(c[2]),b)
gl(a,e,b)
local g=ck(a[7],b,ec(aa))
cr(a,e,g,'',aa,b)
local cg=al and 0 or fq(gx(e.map,aa),aa)
local bv=tonumber(string.match(fv,'^%d+')or 0)
return{1,cg,aa,bv,#e.map-fq(e.map,#e.map)}
end
t['slots.resize']=function(a,c)
if not bm(a[2])then dc(a[2])end
return t['slots.count'](a,c)
end`;

const PART_17 = `t['slots.renew']=function(a,c,fd)
local f,b,ar=c[1],aq(),redis.call('GET',a[1])
local e=dw(ar)
local x,v=dm(a,e,f)
if x~=c[3]or v<b then
local mf=e.is_other and string.sub(ar,1,2)~=hh
return{0,redis.call('PTTL',a[1]),mf and ar or''}
end
local h=fu(a,x,bm(a[2])or 1)
if not fd then im(a,e,f,b+tonumber(c[2]),b)end
return h
end`;

const PART_18 = `local fn,hq,fo={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fo=2
local fn={
['mutex.acquire']=function(k,ak,af)
local cm=s('SET',KEYS[k],ARGV[ak],'NX','PX',ARGV[af])
if not cm or cm.err then return nil end
local h=ah(KEYS[k+1])
if h then return h end
local ds=s('DEL',KEYS[k])
return type(ds)=='table'and{-1,ds.err}or nil
end,
['mutex.takeOver']=function(k,ak,af)
if s('GET',KEYS[k])~=ARGV[ak+1]then return nil end
local h=ah(KEYS[k+1])
if not h then return nil end
local cm=s('SET',KEYS[k],ARGV[ak],'PX',ARGV[af])
return not cm.err and-h or nil
end,
['mutex.extend']=function(k,ak,af)
if s('GET',KEYS[k])~=ARGV[ak]then return nil end
local r=s('PTTL',KEYS[k])
if type(r)~='number'or r<0 then return nil end
if r<tonumber(ARGV[af])and s('PEXPIRE',KEYS[k],ARGV[af])~=1 then return nil end
return 1
end,
['mutex.release']=function(k,ak)
local u=s('MGET',KEYS[k],KEYS[k+1])
if u.err or u[2]then return nil end
if u[1]~=ARGV[ak]then return 0 end
return s('DEL',KEYS[k])==1 and 1 or nil
end,
}`,
    PART_2,
    `local hq={
['mutex.release']=function(k,ak,dv,cw)
local u=s('MGET',unpack(KEYS,k,k+2*dv-1))
if u.err then return 0 end
local bf,ka,ip,dz={},{},{},0
for d=1,dv do
if u[2*d]then break end
local q=KEYS[k+2*d-2]
local bp=u[2*d-1]==ARGV[ak+d-1]and not ka[q]
cw[#cw+1]=bp and 1 or 0
if bp then
ka[q]=true
bf[#bf+1]=q
ip[#bf]=#cw
end
dz=d
end
local ds=#bf>0 and s('DEL',unpack(bf))
if type(ds)=='table'then
for d=1,#ip do cw[ip[d]]={-1,ds.err}end
end
return dz
end
}`,
    PART_3,
    PART_4,
    `local function ea(i,f,an,bp)
if not bp then redis.call('SET',i,f,'PX',an)
else
local r=redis.call('PTTL',i)
if r>=0 and r<tonumber(an)then redis.call('PEXPIRE',i,an)end
end
end
local function jc(a,f,ik,an,ad)
local ep=ad==''and 2 or 3
local bp,ci,cu={},true,false
local cl,al
for d=1,#a,ep do
local j=redis.call('GET',a[d])
bp[d]=j==f
if j~=f then ci=false end
if j and j==ik then
cu=true
elseif j and j~=f then
local r=redis.call('PTTL',a[d])
if not al or(cl~=-1 and(r==-1 or r>cl))then
cl,al=r,j
end
end
end
if ad~=''then
for d=3,#a,3 do pcall(hp,a[d],ad,tonumber(an))end
end
if al then return{0,cl,al}end
local h=0
for d=2,#a,ep do
local l=bm(a[d])
h=math.max(h,l and(ci and l or l+1)or dc(a[d]))
end
for d=1,#a,ep do
ea(a[d],f,an,bp[d])
fj(a[d+1],h)
end
return cu and-h or h
end
t['mutex.acquire']=function(a,c)
return jc(a,c[1],nil,c[2],c[3])
end
t['mutex.takeOver']=function(a,c)
return jc(a,c[1],c[2],c[3],c[4])
end
t['mutex.commit']=function(a,c)
for d=1,#a,2 do
if redis.call('GET',a[d])~=c[1]then return{0}end
end
for d=2,#a,2 do
if not bm(a[d])then dc(a[d])end
fe(a[d],tonumber(c[2]))
end
return 1
end
t['mutex.extend']=function(a,c)
local f,h,an=c[1],tonumber(c[2]),c[3]
local bp={}
for d=1,#a,2 do
local j=redis.call('GET',a[d])
if j and j~=f then return{0,redis.call('PTTL',a[d]),j}end
bp[d]=j==f
end
for d=1,#a,2 do
local ht=not bp[d]and(bm(a[d+1])or fp(a[d+1]))
if ht then fe(a[d+1],h)end
end
for d=1,#a,2 do ea(a[d],f,an,bp[d])end
return 1
end
t['mutex.release']=function(a,c)
local f,bc=c[1],c[2]
local bn,ex=false,false
for d=1,#a,2 do
local j=redis.pcall('GET',a[d])
if bc~=''then pcall(ev,a[d+1],bc)end
if j==f then
redis.call('DEL',a[d])
bn=true
if hn(a[d+1],bc~='')then ex=true end
elseif type(j)=='table'and j.err and not string.find(j.err,'WRONGTYPE',1,true)then
error(j.err)
end
end
if not bn then return 0 end
return ex and-1 or 1
end
t['mutex.leave']=function(a,c)
pcall(ev,a[1],c[1])
return 1
end
t['mutex.renew']=function(a,c)
local h=1
for d=1,#a,2 do
local j=redis.call('GET',a[d])
if j~=c[1]then return{0,redis.call('PTTL',a[d]),j or''}end
h=math.max(h,bm(a[d+1])or 1)
end
for d=1,#a,2 do ea(a[d],c[1],c[2],true)end
return h
end
t['mutex.query']=function(a)
local o={1}
for d=1,#a,2 do
o[#o+1]=redis.call('GET',a[d])or''
o[#o+1]=redis.call('PTTL',a[d])
o[#o+1]=ej(a[d+1])or''
end
return o
end
t['mutex.observe']=function(a)
local j=redis.call('GET',a[1])
if not j then return 1 end
pcall(mk,a[2])
return{0,redis.call('PTTL',a[1]),j}
end`,
    PART_5,
    PART_6,
  ],
  "34cbbd3ea076ee3591e2ee44e5d99eff7bef13a3",
  "25b182357dcba2fb410298ea8b16aea16f1bdc2d",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fo=81
local fn={
['modes.acquire']=function(k,ak,af,ai)
local f,an,ap,co=ARGV[ak],ARGV[af],ARGV[af+1],KEYS[k+ai-1]
if ARGV[af+2]~=''then return nil end
if ai~=4 then
local aj,lv=string.gsub(ap,' ','')
if ai~=3*lv+4 then return nil end
end
local ft,ff
if s('EXISTS',unpack(KEYS,k,k+ai-2))~=0 then
local u,m=s('MGET',unpack(KEYS,k,k+ai-2)),1
if u.err then return nil end
ft={}
ff={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for n in string.gmatch(ap,'%u+')do
local j,q,as=u[m],KEYS[k+m-1],KEYS[k+m]
if u[m+2]then return nil end
if not j then
if s('EXISTS',q,as)~=0 then return nil end
else
if n=='X'or n=='SIX'then return nil end
local r,bf,al=s('PTTL',q),nil,nil
if type(r)~='number'or r<=0 then return nil end
if j=='~s'then
if s('ZSCORE',as,f)then return nil end
local ac=(n=='IX'and 3)or(n=='S'and 2)
if ac and s('ZCOUNT',as,ac..'00000000000000','('..ac+2 ..'00000000000000')~=0 then
return nil
end
else
bf,al=string.match(j,'^~s ([ISX]+) (.*)$')
if not ff[bf]or al==f or(n~=bf and n~='IS'and bf~='IS')then return nil end
if s('EXISTS',as)~=0 then return nil end
end
ft[m]={r,bf,al}
end
m=m+3
end
end
local h
if ap=='X'or string.find(' '..ap,' X',1,true)or string.find(ap,'SIX',1,true)then
h=ah(co)
if not h then return nil end
else
local j=s('GET',co)
h=not j and ah(co)or(type(j)=='string'and string.match(j,'^%d+$')and tonumber(j))
if not h or h<1 or h>=9000000000000000 then return nil end
end
if ai==4 and not ft then
local cm=s('SET',KEYS[k],ap=='X'and f or'~s '..ap..' '..f,'PX',an)
return not cm.err and h or nil
end
local m,b=1,nil
for n in string.gmatch(ap,'%u+')do
local q,gr=KEYS[k+m-1],ft and ft[m]
if gr then
local as,br,r,al=KEYS[k+m],tonumber(an),gr[1],gr[3]
if not b then
local ao=s('TIME')
if ao.err then return nil end
b=tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
end
local ag,bo=string.format('%.0f',ff[n]+b+br),nil
if al then
local kl=math.max(r,br)
bo=s('ZADD',as,string.format('%.0f',ff[gr[2]]+b+r),al,ag,f)==2
and s('PEXPIRE',as,kl)==1 and not s('SET',q,'~s','PX',kl).err
else
s('ZREMRANGEBYSCORE',as,string.format('%.0f',ff[n]),string.format('(%.0f',ff[n]+b))
bo=s('ZADD',as,ag,f)==1
local kx=s('PTTL',as)
if type(kx)~='number'or kx<br then
bo=s('PEXPIRE',as,br)==1 and bo
end
if r<br then bo=s('PEXPIRE',q,br)==1 and bo end
end
if not bo then return nil end
else
local cm=s('SET',q,n=='X'and f or'~s '..n..' '..f,'PX',an)
if cm.err then return nil end
end
m=m+3
end
return h
end,
['modes.extend']=function(k,ak,af,ai)
local f,an,m=ARGV[ak],ARGV[af],1
local u=ARGV[af-1]=='2'and s('MGET',unpack(KEYS,k,k+ai-1))
if not u or u.err then return nil end
for n in string.gmatch(ARGV[af+1],'%u+')do
if u[m]~=(n=='X'and f or'~s '..n..' '..f)then return nil end
m=m+4
end
for q=k,k+m-2,4 do
local r=s('PTTL',KEYS[q])
if type(r)~='number'or r<0 then return nil end
if r<tonumber(an)and s('PEXPIRE',KEYS[q],an)~=1 then return nil end
end
return 1
end,
['modes.release']=function(k,ak,aj,ai)
local f,u=ARGV[ak],nil
if ai==4 then
local j,cc,na=unpack(s('MGET',KEYS[k],KEYS[k+2],KEYS[k+3]))
if not j or cc or na then return nil end
if j==f or string.match(j,'^~s [ISX]+ (.*)$')==f then
return s('DEL',KEYS[k])==1 and 1 or nil
end
u={j}
else
u=s('MGET',unpack(KEYS,k,k+ai-1))
if u.err then return nil end
end
local cv,hb,ir,b={},{},{},nil
for m=1,ai,4 do
local j,q,as=u[m],KEYS[k+m-1],KEYS[k+m]
if not j or u[m+2]or u[m+3]then return nil end
if j=='~s'then
local ag=s('ZSCORE',as,f)
local r=s('PTTL',q)
if type(ag)~='string'or type(r)~='number'or r<0 then return nil end
if not b then
local ao=s('TIME')
b=tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
end
local v=tonumber(ag)%100000000000000
local ae=tonumber(ag)-v
if v<b then return nil end
local kn,jx=string.format('%.0f',ae),string.format('(%.0f',ae+100000000000000)
local l=s('ZREVRANGEBYSCORE',as,jx,kn,'WITHSCORES','LIMIT',0,2)
if l.err then return nil end
local ab,ib=tonumber(l[2])-ae,nil
if l[1]==f then
ib=s('ZCARD',as)
ab=l[4]and tonumber(l[4])-ae
if ab and(ab<b or s('ZCOUNT',as,kn,jx)~=ib)then return nil end
if not ab and ib~=1 then return nil end
elseif r>ab-b+1 then
return nil
end
if not ab then
cv[#cv+1]=q
elseif r>ab-b+1 then
ir[#ir+1]={q,math.max(1,ab-b)}
end
hb[#hb+1]=as
elseif j==f or string.match(j,'^~s [ISX]+ (.*)$')==f then
cv[#cv+1]=q
else
return nil
end
end
for aj,ar in ipairs(ir)do
if s('PEXPIRE',ar[1],ar[2])~=1 then return nil end
end
for aj,as in ipairs(hb)do
if s('ZREM',as,f)~=1 then return nil end
end
local ds=#cv==0 or s('DEL',unpack(cv))
if type(ds)=='table'then return#hb>0 and{-1,ds.err}or nil end
return 1
end
}
local hq={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    PART_10,
    `t['modes.position']=function(a,c)
local b=aq()
local g=ck(a[3],b,ed)
local m,hl,ay=ii(g,c[1]),0,0
local ag=m and g[m][1]or math.max(b,g.ticket)+1-tonumber(c[2])
for d=1,#g do
local p=dl(g,d)
if not p[7]and p[5]>=0 then
ay=ay+1
if p[2]~=c[1]and not hw(p,ag,c[1])then hl=hl+1 end
end
end
return{1,hl,ay,redis.call('EXISTS',a[1])}
end
t['modes.stay']=function(a,c)
local b=aq()
local g=ck(a[3],b,ed)
if ha(g,c[1],b)then dj(a[3],g,b)end
return 1
end`,
    `t['modes.query']=function(a)
local o,b={1},aq()
for aj,w in ipairs(eg(a,#a/4,4))do
local er={ej(w.wake)}
local g=ck(w.line,b,ed)
for d=1,#g do
local p=dl(g,d)
if p[4]>=b and p[5]>=0 then er[#er+1]=p[2]end
end
o[#o+1]=redis.call('GET',w.lock)or''
o[#o+1]=redis.call('PTTL',w.lock)
o[#o+1]=table.concat(er,' ')
local hv=redis.call('ZRANGE',w.shared,0,-1,'WITHSCORES')
local m=#o+1
o[m]=0
for d=1,#hv,2 do
local r=tonumber(hv[d+1])%dk-b
if r>=0 then
o[m]=o[m]+1
o[#o+1]=hv[d]
o[#o+1]=r
end
end
end
return o
end`,
    PART_11,
    PART_5,
    PART_6,
  ],
  "5a6a89b5986661c135b98cc65144ba60fb4ec161",
  "369812d41408d1b4f3ca64fb8a218fe0ebdc12dd",
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
    `t['slots.query']=function(a)
local b=aq()
local e,bj,r=gy(a)
local bv,aa=il(a[6],a[1],b)
local er={ej(a[8])}
local g=ck(a[7],b,ec(math.huge))
for d=1,#g do
local p=dl(g,d)
if p[4]>=b then er[#er+1]=p[2]end
end
local o={1,bj or'',r or-2,aa or 0,bv or 0,table.concat(er,' ')}
local function jd(f,x,v)
if x and v>=b then
local m=#o
o[m+1],o[m+2],o[m+3]=f,x,v-b
end
end
if e.token~=''then jd(e.token,e.slots,e.deadline)end
if e.latest>0 then
local ky,bf={},redis.call('HGETALL',a[3])
for d=1,#bf,2 do ky[bf[d]]=bf[d+1]end
local ca=redis.call('ZRANGE',a[4],0,-1,'WITHSCORES')
for d=1,#ca,2 do
if ca[d]~=e.token then jd(ca[d],ky[ca[d]],tonumber(ca[d+1]))end
end
end
return o
end`,
    PART_5,
    PART_6,
  ],
  "8ddd451762e5c5a020b62d3c55ca2513e22313c7",
  "4c399dedd3ff1ad631c605e6767e9b7deb3c7a5f",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function kt(i)
local bq=redis.pcall('GET',i)
return type(bq)=='string'and bq or''
end
local function ku(i,lr,j)
local ei=kt(i)
local ao=redis.call('TIME')
local b=string.format('%.0f',tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000))
if ei==lr then
ei=j(tonumber(b))
redis.call('SET',i,ei)
end
return{1,ei,b}
end
t['marker.replace']=function(a,c)
return ku(a[1],c[1],function()return c[2]end)
end
t['marker.lose']=function(a,c)
return ku(a[1],c[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(c[2]))
end)
end`,
    `t['identify']=function(a)
local fg=''
local function gz(my)
local gn=redis.pcall('INFO',my)
if type(gn)=='table'then gn,fg='',gn.err end
return function(lt)return string.match(gn,'%f[%w_]'..lt..':([^\\r\\n]*)')or''end
end
local fh,ic,io=gz('server'),gz('memory'),gz('replication')
local ao=redis.call('TIME')
local n=fh('redis_mode')
if n==''then n=fh('server_mode')end
local lb=fh('valkey_version')
return{
1,fh('run_id'),tonumber(fh('uptime_in_seconds'))or-1,
tonumber(ao[1])*1000000+tonumber(ao[2]),
tonumber(gz('persistence')('aof_enabled'))or-1,
ic('maxmemory_policy'),tonumber(ic('maxmemory'))or-1,
io('role'),n,io('master_replid'),io('master_replid2'),
a[1]and kt(a[1])or'',fg,
tonumber(ic('used_memory'))or-1,lb~=''and'valkey '..lb or fh('redis_version')
}
end`,
    PART_14,
    `t['counters.read']=function(a)
local o,b={1},aq()
for d=1,#a,2 do
local fs,h=pcall(bm,a[d])
o[#o+1]=fs and h and string.format('%.0f',h)or''
end
for d=2,#a,2 do
local bt,cv,cq=redis.pcall('HGETALL',a[d]),{},{}
for m=1,bt.err and 0 or#bt,2 do
cv[#cv+1],cq[bt[m]]=bt[m],bt[m+1]
end
table.sort(cv)
for aj,q in ipairs(cv)do
local bv,aa=ig(cq[q],b)
if bv then
for aj,j in ipairs({d/2,q,string.format('%.0f',bv),aa})do o[#o+1]=j end
end
end
end
return o
end
local function ks(a,c,ax)
local x,b=#a/2,aq()
for d=1,x do
local i=a[2*d-1]
local fs,h=pcall(bm,i)
if fs and c[d]~=''then
if not h then ax(i)end
fe(i,tonumber(c[d]))
end
end
for m=x+1,#c,4 do
pcall(mt,a[2*tonumber(c[m])],c[m+1],tonumber(c[m+2]),tonumber(c[m+3]),b)
end
return 1
end
t['counters.raise']=function(a,c)
return ks(a,c,dc)
end
t['counters.restore']=function(a,c)
return ks(a,c,function()end)
end
t['counters.lift']=function(a,c)
for d=1,#a do
local fs,h=pcall(bm,a[d])
if fs and h then fe(a[d],tonumber(c[1]))end
end
return 1
end`,
    `t['set.note']=function(a,c)
local cm,du,ef=c[1],c[2],tonumber(c[3])
local ao=redis.call('TIME')
local b=tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
local el,kb,jq=b,false,false
local de,am={},redis.pcall('GET',a[1])
for cc in string.gmatch(type(am)=='string'and am or'','[^\\n]+')do
local gu,ac,ab,fm,mp=string.match(cc,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
ac,ab,fm=tonumber(ac),tonumber(ab),tonumber(fm)
if gu and ac<=ab and ab<=b and b<fm and fm<=b+3600000 then
if gu==cm then
el,kb=ac,b-ab<tonumber(c[4])
elseif gu==du then
jq=true
else
de[#de+1]={cc,gu,ab,ac,fm,mp}
end
end
end
local o,az,l={1},{},b+ef
for d=math.max(1,#de-16+2),#de do
local bj=de[d]
az[#az+1]=bj[1]
l=math.max(l,bj[5])
o[#o+1]=bj[2]
o[#o+1]=bj[3]-math.max(bj[4],el)
o[#o+1]=bj[5]-b
o[#o+1]=bj[6]
end
if not kb or jq then
az[#az+1]=string.format('%s %.0f %.0f %.0f %s',cm,el,b,b+ef,c[5])
redis.call('SET',a[1],table.concat(az,'\\n'),'PX',string.format('%.0f',l-b))
end
return o
end`,
    PART_5,
    PART_6,
  ],
  "30a0b184201426f0d8c17fafb9616c7cf4c09ab8",
  "87a907a52585552758e7b72d682fb357e80a6477",
);

export const HOLD_SUMMARY_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `t['hold.summary']=function(a,c)
local eo=redis.pcall('GET',a[1])
if type(eo)~='string'or#eo>256 then eo=''end
if c[1]~=''then
local r,ef=redis.call('PTTL',a[1]),tonumber(c[2])
if eo==''or r<=ef-tonumber(c[3])or r>ef then
redis.call('SET',a[1],c[1],'PX',c[2])
end
end
return{1,eo}
end`,
    PART_5,
    PART_6,
  ],
  "11cf73be499d53728da562ee9bd3bb16620e2d5e",
  "d349fcdb06a07c0298026139cc5bdac27eb88d88",
);

export const REPORT_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function aq()
local ao=redis.call('TIME')
return tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
end
local function is(i,b)
local mu=redis.pcall('ZREMRANGEBYSCORE',i,'-inf',b)
if type(mu)~='number'then
redis.call('DEL',i)
return 0
end
redis.call('ZREMRANGEBYSCORE',i,b+15000+1,'+inf')
return redis.call('ZCARD',i)
end
t['report.write']=function(a,c)
local b,bw,ef=aq(),c[1],tonumber(c[3])
local eo,hc=is(a[1],b),is(a[2],b)
local gj=eo<1000 or redis.call('ZSCORE',a[1],bw)
local kj=gj and a[1]or a[2]
redis.call('ZREM',gj and a[2]or a[1],bw)
if gj or hc<10000 then
redis.call('ZADD',kj,b+ef,bw)
redis.call('PEXPIRE',kj,15000)
end
if not gj then return{1,0}end
redis.call('SET',a[3],c[2],'PX',c[3])
return{1,1}
end
t['report.remove']=function(a,c)
local b=aq()
for jz=1,2 do
is(a[jz],b)
redis.call('ZREM',a[jz],c[1])
end
redis.call('DEL',a[3])
return{1}
end
t['report.list']=function(a,c)
local b=aq()
local jy=redis.pcall('ZREVRANGEBYSCORE',a[1],'+inf','('..b,'LIMIT',0,1000)
local hc=redis.pcall('ZCOUNT',a[2],'('..b,'+inf')
local o={1,type(hc)=='number'and hc or 0}
if not jy.err then
for aj,bw in ipairs(jy)do o[#o+1]=bw end
end
return o
end
t['report.read']=function(a,c)
local o={1}
for aj,i in ipairs(a)do
local am=redis.pcall('GET',i)
if type(am)~='string'or#am>8192 then am=''end
o[#o+1]=am
o[#o+1]=am==''and 0 or redis.call('PTTL',i)
end
return o
end`,
    PART_5,
    PART_6,
  ],
  "22dd4f36fe7816e6a9ea6b7f828659bb9ccb1c1c",
  "67399327caa54240137cffb8cb5cf1330f7bf032",
);

export const SINGLE_RECORD_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function aq()
local ao=redis.call('TIME')
return tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
end
local function dn(i)
local u=redis.call('HMGET',i,'p','f','n','b')
return tonumber(u[1])or 0,tonumber(u[2])or 0,tonumber(u[3])or 0,u[4]or''
end
local function ey(i,br)
if redis.call('PTTL',i)<tonumber(br)then redis.call('PEXPIRE',i,br)end
end
t['single-record.open']=function(a,c)
local h=tonumber(c[1])
local bs,be,ai,cs=dn(a[1])
if bs>h then return{0,bs}end
redis.call('HSET',a[1],'p',c[1])
ey(a[1],c[2])
return{1,be,ai,cs,aq()}
end
t['single-record.put']=function(a,c)
local h,cp=tonumber(c[1]),tonumber(c[2])
local bs,be,ai=dn(a[1])
if bs>h or be>h or(be==h and ai>cp)then return{0,math.max(bs,be)}end
redis.call('HSET',a[1],'p',c[1],'f',c[1],'n',c[2],'b',c[3])
ey(a[1],c[4])
return{1}
end
t['single-record.get']=function(a,c)
local bs,be,ai,cs=dn(a[1])
return{1,be,ai,cs,aq()}
end`,
    PART_5,
    PART_6,
  ],
  "1442c75fc366adc4a301159aec566036a28adab0",
  "d710e01f96710eb7a18b4f2c1bb6b5e6cc1054e1",
);

export const RECORD_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function ld(am)
local j=string.match(am,'^%d+$')and tonumber(am)
return j and j<=9007199254740991 and j
end
local function cx(am,nb)
return ld(am)or error('the '..nb..' of a record must be a whole number below 2^53: '..am,0)
end
local function dh(cp)
return string.format('%.0f',cp)
end
local function dn(i)
local bt,gi=redis.pcall('HGETALL',i),{}
if bt.err then
if not string.find(bt.err,'WRONGTYPE',1,true)then error(bt.err,0)end
error('the record '..i..' has another type than a hash; delete it',0)
end
for d=1,#bt,2 do gi[bt[d]]=bt[d+1]end
local u,dx={},gi['b']or''
local hx=#dx>4096 or(#bt>0 and not gi['p'])
for d,bx in ipairs({'p','f','n','c','m'})do
u[d]=ld(gi[bx]or'0')
hx=hx or not u[d]
end
if hx then
error('the record '..i..' has fields that no client of this library wrote; delete it',0)
end
return u[1],u[2],u[3],u[4],u[5],dx
end
local function ey(i,br)
if redis.call('PTTL',i)<br then redis.call('PEXPIRE',i,dh(br))end
end
local function aq()
local ao=redis.call('TIME')
return tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
end
local function gs(mg,b)
if IS_CLUSTER then return-1 end
local bq=redis.pcall('GET',mg)
if type(bq)=='table'and not string.find(bq.err,'WRONGTYPE',1,true)then return-1 end
local bw=type(bq)=='string'and string.match(bq,'^complete %S+ %S+ (%S+) ')
if not bw then error('NOMARKER the server has lost its memory: it has no marker',0)end
local km=string.match(bw,'^(%d+)%.')
return km and math.max(0,b-tonumber(km))or-1
end
t['record.open']=function(a,c)
local h,br=cx(c[1],'fence'),cx(c[2],'time')
local b=aq()
local fk=gs(c[3],b)
local bs,be,ai,fl,fb,cs=dn(a[1])
if bs>h then return{0,bs}end
if bs<h then redis.call('HSET',a[1],'p',dh(h))end
ey(a[1],br)
return{1,be,ai,fl,fb,cs,b,fk}
end
t['record.put']=function(a,c)
local h,cp=cx(c[1],'fence'),cx(c[2],'number')
local el,dx,br=cx(c[3],'time'),c[4],cx(c[5],'time')
if#dx>4096 then
error('the body of a record must have at most '..4096 ..' bytes: '..#dx,0)
end
local b=aq()
local fk=gs(c[6],b)
local bs,be,ai,aj,fb,cs=dn(a[1])
if bs>h or be>h or(be==h and ai>cp)then return{0,math.max(bs,be)}end
if be==h and ai==cp and fb==0 and cs~=dx then
error('the record '..a[1]..' has another body with the same fence and number; use a new number',0)
end
redis.call('HSET',a[1],'p',dh(h),'f',dh(h),'n',dh(cp),'b',dx,'c',dh(el))
if fb~=0 then redis.call('HDEL',a[1],'m')end
ey(a[1],br)
return{1,b,fk}
end
t['record.copy']=function(a,c)
local kr,h,cp=cx(c[1],'fence'),cx(c[2],'fence'),cx(c[3],'number')
local el,br=cx(c[4],'time'),cx(c[6],'time')
local bs,be,ai=dn(a[1])
if kr>bs then redis.call('HSET',a[1],'p',dh(kr))end
if h>be or(h==be and cp>ai)then
redis.call('HSET',a[1],'f',dh(h),'n',dh(cp),'b',c[5],'c',dh(el),'m','1')
end
ey(a[1],br)
return 1
end
t['record.list']=function(a,c)
local u=redis.call('SCAN',c[1],'MATCH',c[2],'COUNT',250)
local o={1,u[1],gs(a[1],aq())}
table.sort(u[2])
for aj,i in ipairs(u[2])do
local me,bs,be,ai,fl,aj,cs=pcall(dn,i)
if me and bs>0 then
for aj,j in ipairs({i,bs,be,ai,fl,cs,redis.call('PTTL',i)})do o[#o+1]=j end
end
end
return o
end
t['record.get']=function(a,c)
local b=aq()
local fk=gs(c[1],b)
local aj,be,ai,fl,fb,cs=dn(a[1])
return{1,be,ai,fl,fb,cs,b,fk}
end`,
    PART_5,
    PART_6,
  ],
  "5295fd27549f76953d2512d816d12920a99db5a4",
  "d1b40f4b06d2120575943084e0cc1141171167ff",
);

export const OPERATOR_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `t['operator.replace']=function(a,c)
local f,ik=c[1],c[2]
local j=redis.call('GET',a[1])
local r=j and redis.call('PTTL',a[1])or 0
if not j or(j~=f and(j~=ik or r==-1))then return{0,r,j or''}end
local l=bm(a[2])
local h=l and(j==f and l or l+1)or dc(a[2])
if j~=f then redis.call('SET',a[1],f,'PX',math.max(1,r))end
fj(a[2],h)
return-h
end
t['operator.restore']=function(a,c)
local j=redis.pcall('GET',a[1])
if j~=c[1]then return 0 end
redis.call('SET',a[1],c[2],'PX',math.max(1,redis.call('PTTL',a[1])))
return 1
end`,
    PART_5,
    PART_6,
  ],
  "6ce92b575dfa9fec9ab381a99ef3a93b957c7677",
  "7a50edba4eb07d7664384a6aadd3ca6b9630a229",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    PART_12,
    `local fo=13
local function ie(k,ak,af,ai,bx)
local f,q=ARGV[ak],KEYS[k+8]
if bx=='quota.acquire'then
local n=ARGV[af+10]
if ai~=12 or ARGV[af]~='modes.acquire'or ARGV[af-1]~='12'or ARGV[af+11]~=''then return nil end
local cf=(n=='X'or n=='SIX')and 1 or(n=='S'or n=='IX'or n=='IS')and 0
local o=cf and fc(k,ak,af+2,ai,'slots.acquire',cf)
if not o then return nil end
bl('SET',q,n=='X'and f or'~s '..n..' '..f,'PX',ARGV[af+9])
if au then return au[1]and au end
return o
end
if bx=='quota.extend'then
if ai~=13 or ARGV[af]~='modes.extend'or ARGV[af-1]~='10'then return nil end
local n,an=ARGV[af+9],ARGV[af+8]
if s('GET',q)~=(n=='X'and f or'~s '..n..' '..f)then return nil end
local r=s('PTTL',q)
if type(r)~='number'or r<0 then return nil end
local o=fc(k,ak,af+2,ai,'slots.extend')
if o and r<tonumber(an)then bl('PEXPIRE',q,an)end
if au then return au[1]and au end
return o
end
if ai~=12 or ARGV[af]~='modes.release'or ARGV[af-1]~='6'then return nil end
local u=s('MGET',KEYS[k],KEYS[k+6],KEYS[k+7],q,KEYS[k+10],KEYS[k+11])
local j=u[4]
if not j or u[5]or u[6]then return nil end
if j~=f and string.match(j,'^~s [ISX]+ (.*)$')~=f then return nil end
local o=fc(k,ak,af+2,ai,'slots.release',u)
if not o then return nil end
if o~=2 then bl('DEL',q)end
if au then return au[1]and au end
return 1
end
local fn={['quota.acquire']=ie,['quota.extend']=ie,['quota.release']=ie}`,
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
local function fx(a,c)
local bk,cj,bu,cd={},{},{c[1]},{c[1]}
local ah=tonumber(c[3])
for d,i in ipairs(a)do
if d<=ja then bk[d]=i
else cj[d-ja]=i end
end
for d=4,#c do
if d<4+ah then bu[d-2]=c[d]
else cd[d-2-ah]=c[d]end
end
return bk,bu,cj,cd
end
local function kp(a,c,ac)
local e,bi,b=dw(redis.call('GET',a[1])),{},aq()
local aj,mo=dm(a,e,c[1])
for d=ac,#c do
local x,v=dm(a,e,c[d])
if x and v>b then bi[#bi+1]={c[d],x,v}end
end
return(mo or 0)>=b,bi
end
local function lw(a,f,bi,b)
local e=dw(redis.call('GET',a[1]))
gk(a,e,f)
for aj,ih in ipairs(bi)do ea(a,e,ih[1],ih[2],ih[3],b)end
fz(a,e,b)
end
local function kk(a,f,bi,ci,bx,cj,cd)
local bo,q=pcall(t[bx],cj,cd)
if bo and(type(q)=='number'or q[1]==1)then return q end
if not ci then lw(a,f,bi,aq())end
if not bo then error(q,0)end
return nil,{0,q[2],q[3],q[4],q[5],2}
end
t['quota.acquire']=function(a,c)
local bk,bu,cj,cd=fx(a,c)
local ci,bi=kp(bk,bu,9)
local aw=t['slots.acquire'](bk,bu)
if aw[1]==0 then return{0,aw[2],aw[3],aw[4],aw[5],1}end
local q,fg=kk(bk,c[1],bi,ci,c[2],cj,cd)
if not q then
if#bi==0 and not ci then
local b=aq()
local aa=fa(bk,tonumber(bu[6]),tonumber(bu[7]),b)
local e,g=dw(redis.call('GET',bk[1])),ck(bk[7],b,ec(aa))
cr(bk,e,g,aw[3],aa,b)
end
return fg
end
if type(q)=='number'then return{1,math.abs(q),aw[3],aw[4],aw[5]or''}end
return{1,q[2],aw[3],aw[4],aw[5]or'',q[3],q[4],q[5]or''}
end
t['quota.convert']=function(a,c)
local bk,bu,cj,cd=fx(a,c)
local ci,bi=kp(bk,bu,7)
local aw=t['slots.extend'](bk,bu)
if aw~=1 then return{0,aw[2],aw[3],'0','',1}end
local q,fg=kk(bk,c[1],bi,ci,c[2],cj,cd)
return q and{1,math.abs(q),bu[4],'',''}or fg
end
local function jg(a,c,bx)
local bk,bu,cj,cd=fx(a,c)
local aw=t[bx](bk,bu)
if aw~=1 then return aw end
return t[c[2]](cj,cd)
end
t['quota.commit']=function(a,c)return jg(a,c,'slots.commit')end
t['quota.extend']=function(a,c)return jg(a,c,'slots.extend')end
t['quota.release']=function(a,c)
local bk,bu,cj,cd=fx(a,c)
local bo,aw=pcall(t['slots.release'],bk,bu)
local q=t[c[2]](cj,cd)
if not bo then error(aw,0)end
return q~=0 and q or aw
end`,
    `t['quota.renew']=function(a,c)
local bk,bu,cj,cd=fx(a,c)
local q
for aj,fd in ipairs({true,false})do
local aw=t['slots.renew'](bk,bu,fd)
if type(aw)~='number'then return aw end
q=t[c[2]](cj,cd,fd)
if type(q)~='number'then return q end
end
return q
end`,
    PART_5,
    PART_6,
  ],
  "06500087153b46071478b7c324bb97ce0c267641",
  "61396f258044b0e6a76c61c3f413afa4340bb558",
);
