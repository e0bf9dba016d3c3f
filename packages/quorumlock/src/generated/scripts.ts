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
local bq=r('GET',string.match(k,'^(.*)~fence:')..'~server')
local dn=type(bq)=='string'and string.match(bq,'^complete .* (%d+)$')
local cl=dn and r('SET',k,dn)
if cl and not cl.err then return tonumber(dn)end
end
local mp=r(j>1 and'DECR'or'DEL',k)
if type(mp)=='table'then r('DECR',k)end
return nil
end`;

const PART_2 = `if#KEYS<=fh and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local go=fg[ARGV[1]]
local o=go and go(1,6+ARGV[5],6,#KEYS,ARGV[1])
if o then return o end
end`;

const PART_3 = `local function general()
local t={}
local function bn(k)
local h=redis.call('GET',k)
if not h then return nil end
local j=string.match(h,'^-?%d+$')and tonumber(h)
if not j or j>=9000000000000000 then
error('the fencing counter '..k..' cannot be counted up: '..h..'; delete it together with '
..string.match(k,'^(.*)~fence:')..'~server, on one server after another')
end
return j>0 and j or nil
end
local function fd(k,j)
redis.call('SET',k,string.format('%.0f',j))
end
local function fi(k)
if not IS_CLUSTER then
local bq=redis.pcall('GET',string.match(k,'^(.*)~fence:')..'~server')
if type(bq)~='table'or string.find(bq.err,'WRONGTYPE',1,true)then
return type(bq)=='string'and tonumber(string.match(bq,'^complete .* (%d+)$'))or nil
end
end
local aq=redis.call('TIME')
local b=tonumber(aq[1])*1000000+tonumber(aq[2])
return math.max(1,b-b%16384)
end
local function dc(k)
local dn=fi(k)
if dn then return dn end
redis.call('DEL',k)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function ey(k,j)
local ej=bn(k)
if not ej then j=math.max(j,fi(k)or 0)end
if(ej or 0)<j then fd(k,j)end
end`;

const PART_4 = `local function fa(k)
local bv=redis.pcall('GET',k)
return type(bv)=='string'and bv or nil
end
local function hh(k,bd,an)
an=math.max(an,20000)
local bv=fa(k)
if not bv then
redis.call('SET',k,bd,'PX',an)
elseif string.find(' '..bv..' ',' '..bd..' ',1,true)then
redis.call('PEXPIRE',k,math.max(redis.call('PTTL',k),an))
elseif#bv+1<256*(#bd+1)then
redis.call('SET',k,bv..' '..bd,'PX',math.max(redis.call('PTTL',k),an))
end
end
local function fe(k,bd)
local bv=fa(k)
if not bv then return end
local df={}
for bj in string.gmatch(bv,'%S+')do
if bj~=bd then df[#df+1]=bj end
end
if#df==0 then redis.call('DEL',k)
else redis.call('SET',k,table.concat(df,' '),'PX',math.max(redis.call('PTTL',k),1))end
end
local function hf(k,ly)
local bv=fa(k)
if not bv then return false end
local ac=ly and string.match(bv,'%S+')or''
if ac~=''then fe(k,ac)end
redis.pcall('PUBLISH',k,ac)
return ac~=''
end`;

const PART_5 = `return t
end`;

const PART_6 = `local function mh(go,i,eu,aj,y,af,au)
local a,c={unpack(KEYS,i,i+eu-1)},{unpack(ARGV,aj,aj+y-1)}
for d=1,au do c[y+d]=ARGV[af+d-1]end
local bi,o=pcall(go,a,c)
if bi then return o end
if type(o)=='table'then o=o.err or o[1]end
return{-1,tostring(o)}
end
local cx,t,i,aj={},nil,1,1
while aj<=#ARGV do
local br,dv,eu=ARGV[aj],tonumber(ARGV[aj+1]),tonumber(ARGV[aj+2])
local y,au,af=tonumber(ARGV[aj+3]),tonumber(ARGV[aj+4]),aj+5
aj=af+au
local ji=eu<=fh
local jg=ji and fg[br]
local jf=ji and dv>1 and hi[br]
local dz=0
while dz<dv do
local ah=jf and jf(i,aj,dv-dz,cx)or 0
if ah==0 then
local o=jg and jg(i,aj,af,eu,br)
if not o then
t=t or general()
o=mh(t[br],i,eu,aj,y,af,au)
end
cx[#cx+1]=o
ah=1
end
i,aj,dz=i+ah*eu,aj+ah*y,dz+ah
end
end
return#cx==1 and cx[1]or cx`;

const PART_7 = `local function fz(ad)return string.match(ad,'^%w+')or''end
local function dl(g,d)
local am=g[d]
if type(am)~='string'then return am end
local ag,ad,da,u,bg,bc=
string.match(am,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local p
if da and g.is_demand(da)then
p={tonumber(ag),ad,da,tonumber(u),tonumber(bg),tonumber(bc),false,am}
else
p={0,'','',0,0,0,true,am}
end
g[d]=p
return p
end
local function fy(g,p)
g.check=math.min(g.check,p[4]+1)
if p[5]>0 then g.check=math.min(g.check,p[5]+50+1)end
end
local function lf(g,b)
local he,ek=0,{}
local ah=#g
g.check=math.huge
for d=1,ah do
local p=dl(g,d)
g[d]=nil
if p[4]>=b then
he=he+1
g[he]=p
fy(g,p)
if p[5]>0 and b-p[5]>50 then
local bd=fz(p[2])
ek[bd]=math.max(ek[bd]or 0,p[5])
p[7]=true
end
end
end
if not next(ek)then return end
for ai,p in ipairs(g)do
local bd=fz(p[2])
if ek[bd]and p[4]-3000>ek[bd]then ek[bd]=nil end
end
for ai,p in ipairs(g)do p[7]=p[7]or ek[fz(p[2])]~=nil end
end
local function ck(k,b,ls)
local am=redis.pcall('GET',k)
local g={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=ls}
local ay,l,bc
if type(am)=='string'then ay,l,bc=string.match(am,'^(%d+) (%d+) (%d+);')end
if not ay then return g end
g.check,g.last,g.ticket=tonumber(ay),tonumber(l),tonumber(bc)
local ah=0
for db in string.gmatch(am,';([^;]+)')do
ah=ah+1
g[ah]=db
end
if b>=g.check then lf(g,b)end
return g
end
local function dj(k,g,b)
if#g==0 then
redis.call('DEL',k)
return
end
local cs={string.format('%.0f %.0f %.0f',g.check,g.last,g.ticket)}
for d,p in ipairs(g)do
cs[d+1]=type(p)=='string'and p or p[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(p,1,6))
end
redis.call('SET',k,table.concat(cs,';'),'PX',math.max(1,g.last-b))
end
local function ho(p,ag,ad)
return p[1]>ag or(p[1]==ag and p[2]>ad)
end
local function iy(g,ad,ag,le)
local by
for d=1,#g do
local p=dl(g,d)
if p[2]==ad or(ag and ho(p,ag,ad))then break end
if not p[7]and le(p[3])then
if by then return by,true end
by=p
end
end
return by,false
end
local function ia(g,ad)
local mg=' '..ad..' '
for d,p in ipairs(g)do
if type(p)~='string'or string.find(p,mg,1,true)then
if dl(g,d)[2]==ad then return d end
end
end
end
local function gs(g,ad,b)
local m=ad~=''and ia(g,ad)
if not m then return nil end
local p=dl(g,m)
p[4],p[5],p[7],p[8]=b+3000,0,false,nil
g.last=math.max(g.last,p[4])
return m
end
local function ko(g,ad,b)
local m=gs(g,ad,b)
if not m then return false end
local p=g[m]
p[5],p[7]=math.max(1,b-50-1),true
fy(g,p)
return true
end
local function hc(bc,aw)
if bc>=0 then return bc end
return-bc>aw and-bc<=aw+3000 and-bc or 0
end
local function ks(aw,b)
return aw==b and string.format('%.0f',b)or string.format('%.0f %.0f',aw,b)
end
local function kr(g,ad,da,bc,ee,b,ab)
local m=gs(g,ad,b)
if m and g[m][6]>=bc then
g[m][3]=da
return m
end
if m then table.remove(g,m)end
local dh=hc(bc,ab)
if dh==0 then dh=ab+1 end
local ag=dh-ee
m=#g+1
while m>1 and ho(dl(g,m-1),ag,ad)do m=m-1 end
local p={ag,ad,da,b+3000,0,math.max(bc,0),false}
table.insert(g,m,p)
fy(g,p)
g.last,g.ticket=math.max(g.last,p[4]),math.max(g.ticket,dh)
g[256+1]=nil
return m
end
local function kb(g,ad)
local m=ia(g,ad)
if m then table.remove(g,m)end
return m~=nil
end
local function kh(g,cu,b)
local bg,ga,hq={},{},false
for d=1,#g do
local p=dl(g,d)
if not p[7]then
local bd=fz(p[2])
hq=hq or not cu(p[3])
if hq then
if not next(ga)then break end
if not ga[bd]then return bg,true,p[2]end
else
if p[5]<=0 then
p[5],p[8]=b,nil
fy(g,p)
bg[#bg+1]=p
end
ga[bd]=true
end
end
end
return bg,next(ga)~=nil,nil
end
local function ku(cs,es)
return table.concat(cs,' ')..(es and' ~'..es or'')
end`;

const PART_8 = `local gx={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function ed(am)return gx[am]end
local function jd(mc,bj)return string.find(gx[mc],' '..bj..' ',1,true)end
local function lx(mb)
local gf={}
return function(n)
if gf[n]==nil then gf[n]=not mb(n)end
if not gf[n]then return false end
for bj in string.gmatch(gx[n],'%u+')do gf[bj]=false end
return true
end
end`;

const PART_9 = `local cz,fw='~s','~p'
local dk,fx=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local iu={'IS','IX','SIX','S'}
local ha={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=iu}
local function at()
local aq=redis.call('TIME')
return tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local function gm(am)
local ap={}
for n in string.gmatch(am,'%u+')do
if not ha[n]then error('unknown mode '..n,0)end
ap[#ap+1]=n
end
return ap
end
local function eg(a,ah,en)
local bb={['fences']={unpack(a,ah*en+1)}}
for d=1,ah do
local i=(d-1)*en
bb[d]={['lock']=a[i+1],['shared']=a[i+2],['line']=a[i+3],['wake']=en>3 and a[i+4]}
end
return bb
end
local function eo(c,ac)
local y={c[1],[c[1]]=true}
for d=ac,#c do
y[#y+1]=c[d]
y[c[d]]=true
end
return y
end
local function el(h)
if not h or string.sub(h,1,3)~='~s 'then return nil end
local n,f=string.match(h,'^~s (%u+) (.*)$')
if ha[n]then return n,f end
end
local function fv(de)return string.format('%.0f',de)end
local function jx(k,n,ah)
local ae=fx[n]*dk
return redis.pcall('ZREVRANGEBYSCORE',k,'('..fv(ae+dk),fv(ae),'WITHSCORES','LIMIT',0,ah),ae
end
local function gn(v,n,y,b)
local h=redis.call('GET',v.lock)
if h and(h==fw or string.sub(h,1,3)==fw..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local dq,be=el(h)
if be then
local s=not y[be]and redis.call('PTTL',v.lock)
if s and(s==-1 or jd(n,dq))then return s,be end
return nil
end
if y[h]then return nil end
if h and h~=cz then return redis.call('PTTL',v.lock),h end
local l,ak
if not h and redis.call('EXISTS',v.shared)==0 then return nil end
for ai,mm in ipairs(ha[n])do
local x,ae=jx(v.shared,mm,#y+1)
if x.err then error(x.err,0)end
for d=1,#x,2 do
local u=tonumber(x[d+1])-ae
if not y[x[d]]then
if u>=b and(not l or u>l)then l,ak=u,x[d]end
break
end
end
end
if l then return l-b,ak end
end
local function jz(v,b)
local ab
if redis.call('EXISTS',v.shared)==0 then return nil end
for ai,n in ipairs(iu)do
local x,ae=jx(v.shared,n,1)
local ag=tonumber(x[2])
if ag and ag-ae>=b then ab=math.max(ab or 0,ag-ae)end
end
return ab
end
local function hp(v,n,y)
local h=redis.call('GET',v.lock)
if n=='X'then return y[h]end
local dq,be=el(h)
if be then return y[be]and dq==n end
for ai,f in ipairs(y)do
local ag=redis.call('ZSCORE',v.shared,f)
if ag and math.floor(tonumber(ag)/dk)==fx[n]then return true end
end
return false
end
local function lu(v,y)
local h=redis.call('GET',v.lock)
local ai,be=el(h)
if be then return y[be]end
if y[h]then return true end
for ai,f in ipairs(y)do
if redis.call('ZSCORE',v.shared,f)then return true end
end
return false
end
local function ix(k,n,f,u,b)
local ae=fx[n]*dk
redis.call('ZREMRANGEBYSCORE',k,fv(ae),'('..fv(ae+b))
redis.call('ZADD',k,fv(ae+u),f)
if redis.call('PTTL',k)<u-b then redis.call('PEXPIRE',k,u-b)end
end
local function hm(v,n,y,an,b)
local q,au,f,cv=v.lock,v.shared,y[1],false
local h=redis.call('GET',q)
local u=b+an
local dq,be=el(h)
local ak,lq=be or h,dq or'X'
if y[ak]then
local s=redis.call('PTTL',q)
if s==-1 and ak==f and n==lq then return false end
u=math.max(u,b+s)
if be==f and n==dq then
redis.call('SET',q,h,'PX',u-b)
return false
end
cv=ak~=f
h=nil
elseif be then
local s=math.max(1,redis.call('PTTL',q))
ix(au,dq,be,b+s,b)
redis.call('SET',q,cz,'PX',s)
h=cz
end
if h~=cz and(n~='X'or be)and redis.call('EXISTS',au)==0 then
redis.call('SET',q,n=='X'and f or'~s '..n..' '..f,'PX',u-b)
return cv
end
for d,db in ipairs(y)do
local ag=(d>1 or n~='X')and redis.call('ZSCORE',au,db)
if ag then
u=math.max(u,tonumber(ag)%dk)
if d>1 then
redis.call('ZREM',au,db)
cv=true
end
end
end
if n=='X'then
redis.call('SET',q,f,'PX',u-b)
return cv
end
ix(au,n,f,u,b)
if h~=cz then
redis.call('SET',q,cz,'PX',jz(v,b)-b)
else
local s=redis.call('PTTL',q)
if s>=0 and s<u-b then redis.call('PEXPIRE',q,u-b)end
end
return cv
end
local function cg(v,y,b)
local q,bo=v.lock,false
local h=redis.pcall('GET',q)
if type(h)=='table'then
if string.find(h.err,'WRONGTYPE',1,true)then return false,false end
error(h.err,0)
end
local ai,be=el(h)
if y[be or h]then
redis.call('DEL',q)
h,bo=false,true
end
if be or(bo and#y==1)then return bo,bo end
local gi=false
for ai,f in ipairs(y)do
local ag=redis.pcall('ZSCORE',v.shared,f)
if type(ag)=='string'then
redis.call('ZREM',v.shared,f)
gi=true
if tonumber(ag)%dk>=b then bo=true end
end
end
if h and h~=cz then return bo,false end
local ab=gi and jz(v,b)
if ab then
local s=redis.call('PTTL',q)
local gh=s>ab-b+1
if s<0 or gh then redis.call('SET',q,cz,'PX',math.max(1,ab-b))end
return bo,false,gh
end
if gi and h then redis.call('DEL',q)end
return bo,gi or bo
end`;

const PART_10 = `local ir={}
local function ct(v,g,b)
if#g==0 then return{},false end
local bg,cu,es=kh(
g,lx(function(n)return gn(v,n,ir,b)end),b)
for d,p in ipairs(bg)do bg[d]=p[2]end
if#bg>0 then
dj(v.line,g,b)
redis.pcall('PUBLISH',v.wake,ku(bg,es))
end
return bg,cu
end
local function ld(v,n,y,ad,ag,g,b)
local s,ak=gn(v,n,y,b)
if s or#g==0 or lu(v,y)then return s,ak end
local by,lp=iy(g,ad,ag,function(bj)return jd(bj,n)end)
if not by then return nil end
if v.wake then ct(v,g,b)end
if lp then return-1,''end
if by[5]>0 then return math.max(0,50-b+by[5]),''end
s,ak=gn(v,by[3],ir,b)
return s and-1 or 50,ak or''
end
local function lk(jh,ap,ci)
local j,cf,aw=0,false,{}
for ai,n in ipairs(ap)do
if(n=='X'or n=='SIX')and not ci then cf=true end
end
for d,k in ipairs(jh)do
local l=bn(k)
aw[d]=l or 0
j=math.max(j,l and(cf and l+1 or l)or dc(k))
end
for d,k in ipairs(jh)do
if aw[d]~=j then fd(k,j)end
end
return j
end
t['modes.acquire']=function(a,c)
local an,ad,bc,ee=tonumber(c[2]),'',0,0
if c[4]~=''then
ad,bc,ee=string.match(c[4],'^(%S*) (%S+) (%S+)$')
bc,ee=tonumber(bc),tonumber(ee)
end
local ap,y,lb,b=gm(c[3]),eo(c,5),{c[1],[c[1]]=true},at()
local bb=eg(a,#ap,ad==''and 3 or 4)
local ba,aw,m,bl,ak={},b,nil,nil,nil
local ci,cv=true,false
for d=1,#ap do
ba[d]=ck(bb[d].line,b,ed)
aw=math.max(aw,ba[d].ticket)
end
local dh=hc(bc,aw)
local ag=dh>0 and dh-ee or nil
for d,n in ipairs(ap)do
local v=bb[d]
local s,mr=ld(v,n,y,ad,ag,ba[d],b)
if s then
m=m or d
if not ak or(bl~=-1 and(s==-1 or s>bl))then
bl,ak=s,mr
end
elseif not hp(v,n,lb)then
ci=false
end
end
local cp,fr=m or#ap,nil
if ad~=''then
fr=kr(ba[cp],ad,ap[cp],bc,ee,b,aw)
if not m and ba[cp][fr]then ba[cp][fr][5]=-1 end
dj(bb[cp].line,ba[cp],b)
end
if m then
if ad~=''then pcall(hh,bb[m].wake,ad,an)end
return{0,bl,ak,ks(aw,b),fr and fr-1 or#ba[m]}
end
local j=lk(bb.fences,ap,ci)
for d,n in ipairs(ap)do
local v=bb[d]
if hm(v,n,y,an,b)then cv=true end
if d~=cp and gs(ba[d],ad,b)then dj(v.line,ba[d],b)end
end
return cv and-j or j
end
t['modes.convert']=t['modes.acquire']
t['modes.commit']=function(a,c)
local ap,y=gm(c[3]),{c[1],[c[1]]=true}
local bb=eg(a,#ap,4)
for d,n in ipairs(ap)do
if not hp(bb[d],n,y)then return{0}end
end
for ai,k in ipairs(bb.fences)do
if not bn(k)then dc(k)end
ey(k,tonumber(c[2]))
end
return 1
end
t['modes.extend']=function(a,c)
local j,an,ap=tonumber(c[2]),tonumber(c[3]),gm(c[4])
local bb,y,b,bp=eg(a,#ap,4),eo(c,5),at(),true
for d,n in ipairs(ap)do
local s,ak=gn(bb[d],n,y,b)
if s then return{0,s,ak}end
bp=bp and hp(bb[d],n,y)
end
for ai,k in ipairs(bb.fences)do
local hl=not bp and(bn(k)or fi(k))
if hl then ey(k,j)end
end
for d,n in ipairs(ap)do
local v=bb[d]
if hm(v,n,y,an,b)then ct(v,ck(v.line,b,ed),b)end
end
return 1
end
local function ka(v,g,ad,b)
local jk=kb(g,ad)
if jk then dj(v.line,g,b)end
pcall(fe,v.wake,ad)
return jk
end
t['modes.release']=function(a,c)
local ad,y,b=c[2],eo(c,3),at()
local bo,et,jo=false,false,string.find(ad,'.',1,true)
for ai,v in ipairs(eg(a,#a/4,4))do
local bp,lt,gh=cg(v,y,b)
local ba=(bp or jo)and redis.pcall('MGET',v.line,v.wake)
if bp then bo=true end
if ba and(ba[1]or ba[2])then
local g=ck(v.line,b,ed)
if jo then ka(v,g,ad,b)end
local bi,bg,cu=pcall(ct,v,g,b)
if not bi then bg,cu={},false end
for ai,bj in ipairs(bg)do
if bj~=ad then et=true end
end
if lt and not cu and hf(v.wake,ad~='')then et=true end
if gh and#bg==0 then redis.pcall('PUBLISH',v.wake,'')end
end
end
if not bo then return 0 end
return et and-1 or 1
end
t['modes.releaseAll']=t['modes.release']
t['modes.leave']=function(a,c)
local b=at()
for ai,v in ipairs(eg(a,#a/4,4))do
local g=ck(v.line,b,ed)
if ka(v,g,c[1],b)then pcall(ct,v,g,b)end
end
return 1
end`;

const PART_11 = `local function lr(v,n,f,b)
local h=redis.call('GET',v.lock)
if h~=cz then
local dq,be=el(h)
return(be or h)==f and(dq or'X')==n
end
local ag=n~='X'and redis.call('ZSCORE',v.shared,f)
if not ag then return false end
return math.floor(tonumber(ag)/dk)==fx[n]and tonumber(ag)%dk>=b
end
t['modes.renew']=function(a,c,ex)
local f,ap,b,j=c[1],gm(c[3]),at(),1
local bb=eg(a,#ap,3)
for d,n in ipairs(ap)do
if not lr(bb[d],n,f,b)then
local h=redis.call('GET',bb[d].lock)
local ai,be=el(h)
local ak=be or h~=cz and h or''
if string.sub(ak,1,3)==fw..' 'then ak=fw end
return{0,redis.call('PTTL',bb[d].lock),ak}
end
end
for ai,k in ipairs(bb.fences)do j=math.max(j,bn(k)or 1)end
if ex then return j end
for d,n in ipairs(ap)do hm(bb[d],n,{f,[f]=true},tonumber(c[2]),b)end
return j
end`;

const PART_12 = `local fh=8
local hb='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local la='^~p %d+ 0 %d+ [01]* %d+:[%d -]*:'
local ky=8
local ar,fk
local function bm(...)
if ar then return end
local o=r(...)
if type(o)=='table'and o.err then ar=fk and{-1,o.err}or{}else fk=true end
end
local function gb()
local aq=r('TIME')
return aq[1]*1000+math.floor(aq[2]/1000)
end
local function im(i,ay,ab,ca,z,ao,l,b)
if b and ab~='0'and l+0>ca+0 then
ca=string.format('%.0f',l+math.max(1,l-b))
bm('PEXPIREAT',KEYS[i+2],ca)
bm('PEXPIREAT',KEYS[i+3],ca)
bm('PEXPIRE',KEYS[i+4],604800000)
end
bm('SET',KEYS[i],'~p '..ay..' '..ab..' '..ca..' '..z..' '..ao,'PXAT',l)
end
local function ew(i,aj,af,ai,br,hj)
ar,fk=nil,nil
if br=='slots.acquire'then
local cf=hj
if ARGV[af+1]~=''or ARGV[af+5]~='0'or ARGV[af+6]~=''or ARGV[af-1]~='7'then return nil end
local f,bh,aa,co=ARGV[aj],ARGV[af+3]+0,ARGV[af+4]+0,KEYS[i+1]
if bh>ky or bh>aa then return nil end
local as,b=r('GET',KEYS[i]),gb()
local ay,ab,ca,z,av,w,ao='0','0','0','','0','',''
local hk=true
if as then
if as.err then return nil end
ay,ab,ca,z,av,w,ao=string.match(as,hb)
if not ay or ao==f then return nil end
if(ab~='0'and b>ay+0)or(ao~=''and av+0<b)then return nil end
if ab~='0'and r('HGET',KEYS[i+2],f)then return nil end
elseif r('EXISTS',unpack(KEYS,i+4,cf and i+10 or i+6))==0 then
hk=false
end
if hk and cf and r('EXISTS',KEYS[i+8],KEYS[i+9],KEYS[i+10])~=0 then return nil end
local jm=string.find(f,'^%x%x%x%x%x%x%x%x%x%x%x%x')
local bw,em=jm and tonumber(string.sub(f,1,6),16)%aa or 0,nil
local bx,dy={},bh==1 and'1'or'2'
for ai=1,64 do
local ja=string.byte(z,bw+1)
if not ja then
z=z..string.rep('0',bw-#z)..dy
bx[#bx+1]=bw
elseif ja==48 then
z=string.sub(z,1,bw)..dy..string.sub(z,bw+2)
bx[#bx+1]=bw
end
if#bx==bh then break end
em=em or jm and 1+tonumber(string.sub(f,7,12),16)%aa or 1
bw=(bw+em)%aa
end
if#bx<bh then return nil end
local ce=bx[1]..''
if bh>1 then
ce=''
local ch,l=string.find(z,'2+')
while ch do
ce=ce..(ce==''and''or' ')..ch-1 ..(ch==l and''or'-'..l-1)
ch,l=string.find(z,'2+',l+1)
end
z=string.gsub(z,'2','1')
end
local u,j,fp=b+ARGV[af],nil,nil
local l=string.format('%.0f',u)
if not hk then
if cf then
local h=r('GET',co)
local ae=type(h)=='string'and string.find(h,'^%d+$')and h+0
if not ae or ae<1 or ae+1>=9000000000000000 then return nil end
j=ae+1+cf
bm('SET',co,string.format('%.0f',j))
else
j=ah(co)
if not j then return nil end
fk=true
end
else
local x
if IS_CLUSTER then
x=r('MGET',co,KEYS[i+6])
else
local mi=string.sub(co,1,string.find(co,'~fence:',1,true)-1)
x=r('MGET',co,KEYS[i+6],mi..'~server')
end
if x.err or x[2]or r('HGET',KEYS[i+5],KEYS[i])then return nil end
local ae=x[1]and string.find(x[1],'^%d+$')and x[1]+0
if not ae or ae<1 or ae>=9000000000000000 then return nil end
local az=x[3]and string.match(x[3],'^complete %S+ %S+ (%S+) ')or''
if#az~=32 then az=string.format('%-32.32s',az)end
if r('GETRANGE',KEYS[i+4],0,31)~=az then return nil end
j=ae-ae%16384
for d=1,bh do
local m=32+16*bx[d]
j=math.max(j,tonumber(r('GETRANGE',KEYS[i+4],m,m+15))or ae)
end
j=j+1
local jy=math.max(ae,j)
if cf and jy>=9000000000000000 then return nil end
local jn=ab~='0'
if ao~=''then fp=ao end
if fp and jn then bm('ZADD',KEYS[i+3],av,ao)end
local am=string.format('%016.0f',j)
for d=1,bh do bm('SETRANGE',KEYS[i+4],32+16*bx[d],am)end
if cf then j=jy+cf end
if ae<j then bm('SET',co,string.format('%.0f',j))end
if fp then
if not jn then
bm('DEL',KEYS[i+2],KEYS[i+3])
bm('ZADD',KEYS[i+3],av,ao)
end
bm('HSET',KEYS[i+2],ao,w)
if ab=='0'or av+0<ay+0 then ay=av end
if av+0>ab+0 then ab=av end
end
if not as then bm('PEXPIRE',KEYS[i+4],604800000)end
end
ao=l..':'..ce..':'..f
im(i,ay,ab,ca,z,ao,ab+0>u and ab or l,b)
if ar then
if fp and fk then r('ZREM',KEYS[i+3],fp)end
return ar[1]and ar
end
return{1,j,ce,'',cf and''}
end
if br=='slots.extend'then
local f=ARGV[aj]
if ARGV[af+4]~='0'or ARGV[af-1]~='5'then return nil end
local as=r('GET',KEYS[i])
if not as or as.err then return nil end
local ay,ab,ca,z,av,w,ao=string.match(as,hb)
if not ay or r('HGET',KEYS[i+5],KEYS[i])then return nil end
local b=gb()
if(ab~='0'and b>ay+0)or(ao~=''and av+0<b)then return nil end
local u=b+ARGV[af+1]
local l=string.format('%.0f',u)
if ao==f then
if w~=ARGV[af+2]then return nil end
if av+0>=u then return 1 end
av=l
if ab+0>u then l=ab end
else
if ab=='0'or r('HGET',KEYS[i+2],f)~=ARGV[af+2]then return nil end
local ag=r('ZSCORE',KEYS[i+3],f)
if type(ag)~='string'then return nil end
if ag+0>=u then return 1 end
bm('ZADD',KEYS[i+3],l,f)
if ar then return ar[1]and ar end
if ab+0>=u then return 1 end
ab=l
if av+0>u then l=av end
end
im(i,ay,ab,ca,z,av..':'..w..':'..ao,l,b)
if ar then return ar[1]and ar end
return 1
end
local f=ARGV[aj]
if ARGV[af-1]~='3'then return nil end
local x=hj or r('MGET',KEYS[i],KEYS[i+6],KEYS[i+7])
if x.err or x[2]or x[3]then return nil end
if not x[1]then return 0 end
local ai,jp=string.find(x[1],la)
if jp then
if string.sub(x[1],jp+1)~=f then return nil end
if hj then return r('DEL',KEYS[i],KEYS[i+8])==2 and 2 or nil end
return r('DEL',KEYS[i])==1 and 1 or nil
end
local ay,ab,ca,z,av,w,ao=string.match(x[1],hb)
if not ay then return nil end
local l,cm=ab,w
if ao==f then
if av+0<ab+0 and av+0<gb()then return nil end
av,w,ao='0','',''
else
local ag=r('ZSCORE',KEYS[i+3],f)
cm=r('HGET',KEYS[i+2],f)
if type(cm)~='string'or type(ag)~='string'or ag+0<gb()then return nil end
bm('ZREM',KEYS[i+3],f)
bm('HDEL',KEYS[i+2],f)
if ag==ab then
ab=r('ZREVRANGE',KEYS[i+3],0,0,'WITHSCORES')[2]or'0'
if ab=='0'then
ay,ca='0','0'
if ao==''then
bm('DEL',KEYS[i])
if ar then return ar[1]and ar end
return 1
end
end
end
l=av+0>ab+0 and av or ab
end
local bw=tonumber(cm)
if bw then
z=string.sub(z,1,bw)..'0'..string.sub(z,bw+2)
else
for ch,gv in string.gmatch(cm,'(%d+)%-?(%d*)')do
if gv==''then gv=ch end
z=string.sub(z,1,ch)..string.rep('0',gv-ch+1)..string.sub(z,gv+2)
end
end
im(i,ay,ab,ca,z,av..':'..w..':'..ao,l)
if ar then return ar[1]and ar end
return 1
end
local fg={['slots.acquire']=ew,['slots.extend']=ew,['slots.release']=ew}
local hi={}`;

const PART_13 = `local cy,dr,gy,kx='0','1','2',48
local kz=64
local function dt(am)
local lz=string.gmatch(am,'(%d+)%-?(%d*)')
return function()
local ac,l=lz()
if ac then return tonumber(ac),tonumber(l)or tonumber(ac)end
end
end
local function kn(z,dy)
local ii,ch,l={},string.find(z,dy..'+')
while ch do
ii[#ii+1]=ch==l and tostring(ch-1)or string.format('%d-%d',ch-1,l-1)
ch,l=string.find(z,dy..'+',l+1)
end
return table.concat(ii,' ')
end
local function dg(z,w,dy)
local ei,m={},0
for ac,l in dt(w)do
if ac<m then z,ei,m=table.concat(ei)..string.sub(z,m+1),{},0 end
if ac>#z then z=z..string.rep(cy,ac-#z)end
ei[#ei+1]=string.sub(z,m+1,ac)
ei[#ei+1]=string.rep(dy,l-ac+1)
m=l+1
end
return table.concat(ei)..string.sub(z,m+1)
end
local function lc(z,w)
for ac,l in dt(w)do
if string.find(string.sub(z,ac+1,l+1),dr,1,true)then return false end
end
return true
end
local function fj(z,aa)
return#string.gsub(string.sub(z,1,aa),dr..'+','')
end
local function lh(w)
local hw=0
for ai,l in dt(w)do hw=math.max(hw,l+1)end
return hw
end
local function md(f,aa)
local cq,em=string.match(f,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not cq then return 0,1 end
return tonumber(cq,16)%aa,1+tonumber(em,16)%aa
end
local function jc(z,al,aa,ib,y,f)
local dd=al
local function fu(ac,l)
l=math.min(l,aa-1)
if dd==0 or ac>l then return end
local mn,ah=string.gsub(string.sub(z,ac+1,l+1),cy,gy,dd)
if ah==0 then return end
z,dd=string.sub(z,1,ac)..mn..string.sub(z,l+2),dd-ah
end
for ac,l in dt(ib)do fu(ac,l)end
if y then
for ac,l in dt(y)do fu(ac,l)end
else
local cq,em=md(f,aa)
for d=0,kz-1 do
if dd==0 then break end
local bw=(cq+d*em)%aa
if string.byte(z,bw+1)==kx then fu(bw,bw)end
end
fu(cq,aa-1)
fu(0,cq-1)
end
if dd>0 then return nil end
return kn(z,gy),(string.gsub(z,gy,dr))
end`;

const PART_14 = `local iq='~'
local function at()
local aq=redis.call('TIME')
return tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local function hy(am,b)
local bu,aa,gw=string.match(am,'^(%d+) (%d+) (%d+)$')
if bu and tonumber(gw)+604800000+86400000>=b then return tonumber(bu),tonumber(aa),tonumber(gw)end
end
local function id(k,q,b)
return hy(redis.call('HGET',k,q)or'',b)
end
local function ip(k,q,bu,aa,b)
local je=tonumber(redis.call('HGET',k,iq)or'')
if not je or je+86400000<b then
local bs=redis.call('HGETALL',k)
for d=1,#bs,2 do
if not hy(bs[d+1],b)then redis.call('HDEL',k,bs[d])end
end
redis.call('HSET',k,iq,string.format('%.0f',b))
end
redis.call('HSET',k,q,string.format('%.0f %.0f %.0f',bu,aa,b))
redis.call('PEXPIRE',k,604800000+86400000)
end
local function mj(k,q,bu,aa,b)
if bu>(id(k,q,b)or 0)then ip(k,q,bu,aa,b)end
end`;

const PART_15 = `local is='~p'
local eq,er=16,32
local function lv(as)
return as==is or string.sub(as,1,3)==is..' '
end
local function dw(as)
local ay,ab,ca,z,u,w,f=
string.match(as or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(ay)or 0,['latest']=tonumber(ab)or 0,['kept']=tonumber(ca)or 0,['map']=z or'',
['deadline']=tonumber(u)or 0,['slots']=w or'',['token']=f or'',
['is_new']=not f,['is_other']=as and not lv(as)
}
end
local function ft(a,e,b)
local l=math.max(e.latest,e.deadline)
if l==0 then
redis.call('DEL',a[1])
return 0
end
local jw=e.latest>0 and l>e.kept
if jw then
e.kept=l+math.max(1,l-b)
for m=3,4 do redis.call('PEXPIREAT',a[m],string.format('%.0f',e.kept))end
end
if jw or e.is_new then redis.call('PEXPIRE',a[5],604800000)end
redis.call('SET',a[1],string.format('~p %.0f %.0f %.0f %s %.0f:%s:%s',e.check,e.latest,e.kept,e.map,
e.deadline,e.slots,e.token),'PXAT',string.format('%.0f',l))
return l
end
local function dm(a,e,f)
if f==e.token then return e.slots,e.deadline end
local w=e.latest>0 and redis.call('HGET',a[3],f)
local u=w and redis.call('ZSCORE',a[4],f)
if u then return w,tonumber(u)end
end
local function jb(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function gd(a,e,f)
local w,u=dm(a,e,f)
if not w then return nil end
e.map=dg(e.map,w,cy)
if f==e.token then
e.deadline,e.slots,e.token=0,'',''
return w,u
end
redis.call('ZREM',a[4],f)
redis.call('HDEL',a[3],f)
if u==e.latest then
e.latest=tonumber(redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2])or 0
if e.latest==0 then e.check,e.kept=0,0 end
end
return w,u
end
local function ge(a,e,b)
local eb=false
if e.token~=''and e.deadline<b then
e.map=dg(e.map,e.slots,cy)
e.deadline,e.slots,e.token,eb=0,'','',true
end
if e.latest>0 and b>e.check then
local lg=redis.call('ZRANGEBYSCORE',a[4],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for ai,f in ipairs(lg)do
e.map=dg(e.map,redis.call('HGET',a[3],f)or'',cy)
redis.call('HDEL',a[3],f)
redis.call('ZREM',a[4],f)
end
local ac=redis.call('ZRANGE',a[4],0,0,'WITHSCORES')[2]
local l=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,eb=tonumber(ac)or 0,tonumber(l)or 0,true
if not ac then e.kept,e.map=0,dg('',e.slots,dr)end
end
if eb then ft(a,e,b)end
end
local function ie(a,e,f,u,b)
local eb=false
if f==e.token then
if e.deadline<u then e.deadline,eb=u,true end
elseif tonumber(redis.call('ZSCORE',a[4],f))<u then
redis.call('ZADD',a[4],string.format('%.0f',u),f)
if e.latest<u then e.latest,eb=u,true end
end
if eb then ft(a,e,b)end
end
local function ea(a,e,f,w,u,b)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=u,w,f,dg(e.map,w,dr)
ft(a,e,b)
end
local function kj(a)
local az=''
if not IS_CLUSTER then
local bq=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
az=type(bq)=='string'and string.match(bq,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..er..'.'..er..'s',az)
end
local function hg(a)
return redis.call('GETRANGE',a[5],0,er-1)==kj(a)
end
local function fn(a,w,ae)
if not hg(a)then return ae end
local ht=ae-ae%16384
for ac,l in dt(w)do
local am=redis.call('GETRANGE',a[5],er+eq*ac,er+eq*(l+1)-1)
for d=0,l-ac do
local ah=tonumber(string.sub(am,eq*d+1,eq*(d+1)))
ht=math.max(ht,ah or ae)
end
end
return ht
end
local function io(a,w,ah,ae)
if not hg(a)then redis.call('SET',a[5],kj(a),'PX',604800000)end
local am=string.format('%0'..eq..'.0f',ah)
for ac,l in dt(w)do
redis.call('SETRANGE',a[5],er+eq*ac,string.rep(am,l-ac+1))
end
if ae<ah then fd(a[2],ah)end
end`;

const PART_16 = `local gz='~s'
local function eo(c,ac)
local y={c[1]}
for d=ac,#c do y[#y+1]=c[d]end
return y
end
local function gq(a)
local as=redis.call('GET',a[1])
if as and(as==gz or string.sub(as,1,3)==gz..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
local e=dw(as)
if e.is_other then return e,as,redis.call('PTTL',a[1])end
return e,nil,nil
end
local function ev(a,aa,bu,b)
local aw,ah,gw=id(a[6],a[1],b)
if bu>(aw or 0)then
aw,ah=bu,aa
ip(a[6],a[1],aw,ah,b)
elseif aw and gw+86400000<b then
ip(a[6],a[1],aw,ah,b)
end
if not aw then return aa,''end
return ah,string.format('%.0f %.0f',aw,ah)
end
local function gp(z,dv)
return z..string.rep(cy,dv-#z)
end
local function lm(a,e,dd,b)
local bz=e.latest>0 and redis.call('ZRANGE',a[4],0,64-1,'WITHSCORES')or{}
if e.token~=''then
local m=1
while bz[m]and tonumber(bz[m+1])<=e.deadline do m=m+2 end
table.insert(bz,m,e.token)
table.insert(bz,m+1,e.deadline)
end
local l=-1
for d=1,#bz,2 do
l=tonumber(bz[d+1])
local w=bz[d]==e.token and e.slots or redis.call('HGET',a[3],bz[d])or''
for ac,li in dt(w)do dd=dd-(li-ac+1)end
if dd<=0 then break end
end
return l<0 and-1 or math.max(0,l-b),bz[1]or''
end
local function ec(aa)
return function(am)
local ah=tonumber(am)
return ah and ah<=aa
end
end
local function ct(a,e,g,cm,aa,b)
if#g==0 then return 0,false end
local z=gp(e.map,aa)
local cg=e.is_other and 0 or fj(z,aa)
local bg,cu,es=kh(g,function(da)
cg=cg-tonumber(da)
return cg>=0
end,b)
local cs={}
for d,p in ipairs(bg)do
local w,ml=jc(z,tonumber(p[3]),aa,cm,'0-'..aa-1)
z=ml or z
cs[d]=p[2]..':'..string.gsub(w or'',' ',',')
end
if#cs>0 then
dj(a[7],g,b)
redis.pcall('PUBLISH',a[8],ku(cs,es))
end
return#cs,cu
end
t['slots.acquire']=function(a,c)
local f,an,ad,bc,al=c[1],tonumber(c[2]),c[3],tonumber(c[4]),tonumber(c[5])
local ib,gj,y,b=c[8],#c>8,eo(c,9),at()
local e,ak,bl=gq(a)
local aa,fo=ev(a,tonumber(c[6]),tonumber(c[7]),b)
if al>aa then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',aa,al),0)end
ge(a,e,b)
local g=ck(a[7],b,ec(aa))
local aw=math.max(b,g.ticket)
local dh=hc(bc,aw)
local z=gp(e.map,aa)
local w,ce=dm(a,e,f),nil
if ak then
if ad~=''then pcall(hh,a[8],ad,an)end
elseif w then
local j=fn(a,w,bn(a[2])or dc(a[2]))
ie(a,e,f,b+an,b)
if ko(g,ad,b)then dj(a[7],g,b)end
return{1,j,w,fo,gj and z or nil}
else
local di,du=z,''
for d=2,#y do
local bf=dm(a,e,y[d])or''
di,du=dg(di,bf,cy),du..' '..bf
end
local by
if#g>0 and not gj then
local cg=fj(di,aa)
by=cg>=al and iy(g,ad,dh>0 and dh or nil,function(da)
cg=cg-tonumber(da)
return cg<al
end)
end
if not by then ce=jc(di,al,aa,ib,gj and du or nil,f)end
if ce then
local ae=bn(a[2])
local ac=not ae and dc(a[2])
local j,u=fn(a,ce,ae or ac)+1,b+an
jb(a,e)
for d=2,#y do
local ai,av=gd(a,e,y[d])
u=math.max(u,av or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
j=ac or j
fd(a[2],j)
else
io(a,ce,j,ae or ac)
end
ea(a,e,f,ce,u,b)
if ko(g,ad,b)then dj(a[7],g,b)end
return{1,j,ce,fo,gj and dg(di,ce,dr)or nil}
end
local cg=fj(z,aa)
bl,ak=lm(a,e,al-cg,b)
if by then
ct(a,e,g,'',aa,b)
if by[5]>0 then bl,ak=math.max(0,50-b+by[5]),''
else bl=-1 end
end
end
if ad~=''then
kr(g,ad,string.format('%.0f',al),bc,0,b,aw)
dj(a[7],g,b)
end
return{0,bl,ak,ks(aw,b),fo}
end
t['slots.commit']=function(a,c)
local j,w=tonumber(c[2]),c[3]
local e=dw(redis.call('GET',a[1]))
if dm(a,e,c[1])~=w then return{0}end
local ae=bn(a[2])or dc(a[2])
local ah=fn(a,w,ae)
if ah<j or not hg(a)then io(a,w,math.max(ah,j),ae)end
return 1
end
t['slots.extend']=function(a,c)
local f,j,an,w=c[1],tonumber(c[2]),tonumber(c[3]),c[4]
local y,b=eo(c,7),at()
local e,ak=gq(a)
if ak then return{0,-1,ak}end
local aa=ev(a,tonumber(c[5]),tonumber(c[6]),b)
ge(a,e,b)
local bf=dm(a,e,f)
if bf==w and#y==1 then
ie(a,e,f,b+an,b)
return 1
end
local di,av=gp(e.map,math.max(aa,lh(w))),''
for ai,db in ipairs(y)do
local du=dm(a,e,db)or''
di,av=dg(di,du,cy),av..' '..du
end
if not lc(di,w)then
local kw={f,'',c[5],c[6]}
for d=2,#y do kw[d+3]=y[d]end
t['slots.release'](a,kw)
return{0,-1,''}
end
jb(a,e)
local ae=bf~=w and(bn(a[2])or fi(a[2]))
if ae then io(a,w,math.max(j,fn(a,w,ae)),ae)end
local u=b+an
for ai,db in ipairs(y)do
local ai,l=gd(a,e,db)
u=math.max(u,l or 0)
end
ea(a,e,f,w,u,b)
local cm=kn(dg(dg(string.rep(cy,#di),av,dr),w,cy),dr)
if cm~=''then ct(a,e,ck(a[7],b,ec(aa)),cm,aa,b)end
return 1
end
t['slots.release']=function(a,c)
local bd,y,b=c[2],eo(c,5),at()
local as=redis.pcall('GET',a[1])
local e=dw(type(as)=='string'and as)
local cm,bo,il,jv='',false,0,false
for ai,db in ipairs(y)do
local w,u=gd(a,e,db)
if w then
jv,bo=true,bo or u>=b
cm,il=cm..' '..w,math.max(il,u)
end
end
if not jv then return 0 end
redis.pcall('ZREM',a[4],'')
local ba=redis.pcall('MGET',a[7],a[8])
local jl=ba[1]or ba[2]
if jl then ge(a,e,b)end
local l=ft(a,e,b)
if jl then
local aa=ev(a,tonumber(c[3]),tonumber(c[4]),b)
local g=ck(a[7],b,ec(aa))
local bi,bg,cu=pcall(ct,a,e,g,cm,aa,b)
if not bi then bg,cu=0,false end
if l==0 and not cu then hf(a[8],bd~='')
elseif l>0 and il>l and bg==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bo and 1 or 0
end
t['slots.leave']=function(a,c)
local b=at()
local aa=ev(a,tonumber(c[2]),tonumber(c[3]),b)
local g=ck(a[7],b,ec(aa))
if kb(g,c[1])then
dj(a[7],g,b)
pcall(function()ct(a,dw(redis.call('GET',a[1])),g,'',aa,b)end)
end
pcall(fe,a[8],c[1])
return 1
end
t['slots.count']=function(a,c)
local b=at()
local e,ak=gq(a)
local aa,fo=ev(a,tonumber(c[1]),tonumber(c[2]),b)
ge(a,e,b)
local g=ck(a[7],b,ec(aa))
ct(a,e,g,'',aa,b)
local cg=ak and 0 or fj(gp(e.map,aa),aa)
local bu=tonumber(string.match(fo,'^%d+')or 0)
return{1,cg,aa,bu,#e.map-fj(e.map,#e.map)}
end
t['slots.resize']=function(a,c)
if not bn(a[2])then dc(a[2])end
return t['slots.count'](a,c)
end`;

const PART_17 = `t['slots.renew']=function(a,c,ex)
local f,b,as=c[1],at(),redis.call('GET',a[1])
local e=dw(as)
local w,u=dm(a,e,f)
if w~=c[3]or u<b then
local lw=e.is_other and string.sub(as,1,2)~=gz
return{0,redis.call('PTTL',a[1]),lw and as or''}
end
local j=fn(a,w,bn(a[2])or 1)
if not ex then ie(a,e,f,b+tonumber(c[2]),b)end
return j
end`;

const PART_18 = `local fg,hi,fh={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fh=2
local fg={
['mutex.acquire']=function(i,aj,af)
local cl=r('SET',KEYS[i],ARGV[aj],'NX','PX',ARGV[af])
if not cl or cl.err then return nil end
local j=ah(KEYS[i+1])
if j then return j end
local ds=r('DEL',KEYS[i])
return type(ds)=='table'and{-1,ds.err}or nil
end,
['mutex.takeOver']=function(i,aj,af)
if r('GET',KEYS[i])~=ARGV[aj+1]then return nil end
local j=ah(KEYS[i+1])
if not j then return nil end
local cl=r('SET',KEYS[i],ARGV[aj],'PX',ARGV[af])
return not cl.err and-j or nil
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
    `local hi={
['mutex.release']=function(i,aj,dv,cx)
local x=r('MGET',unpack(KEYS,i,i+2*dv-1))
if x.err then return 0 end
local bf,jt,ih,dz={},{},{},0
for d=1,dv do
if x[2*d]then break end
local q=KEYS[i+2*d-2]
local bp=x[2*d-1]==ARGV[aj+d-1]and not jt[q]
cx[#cx+1]=bp and 1 or 0
if bp then
jt[q]=true
bf[#bf+1]=q
ih[#bf]=#cx
end
dz=d
end
local ds=#bf>0 and r('DEL',unpack(bf))
if type(ds)=='table'then
for d=1,#ih do cx[ih[d]]={-1,ds.err}end
end
return dz
end
}`,
    PART_3,
    PART_4,
    `local function ea(k,f,an,bp)
if not bp then redis.call('SET',k,f,'PX',an)
else
local s=redis.call('PTTL',k)
if s>=0 and s<tonumber(an)then redis.call('PEXPIRE',k,an)end
end
end
local function iv(a,f,ic,an,ad)
local en=ad==''and 2 or 3
local bp,ci,cv={},true,false
local bl,ak
for d=1,#a,en do
local h=redis.call('GET',a[d])
bp[d]=h==f
if h~=f then ci=false end
if h and h==ic then
cv=true
elseif h and h~=f then
local s=redis.call('PTTL',a[d])
if not ak or(bl~=-1 and(s==-1 or s>bl))then
bl,ak=s,h
end
end
end
if ad~=''then
for d=3,#a,3 do pcall(hh,a[d],ad,tonumber(an))end
end
if ak then return{0,bl,ak}end
local j=0
for d=2,#a,en do
local l=bn(a[d])
j=math.max(j,l and(ci and l or l+1)or dc(a[d]))
end
for d=1,#a,en do
ea(a[d],f,an,bp[d])
fd(a[d+1],j)
end
return cv and-j or j
end
t['mutex.acquire']=function(a,c)
return iv(a,c[1],nil,c[2],c[3])
end
t['mutex.takeOver']=function(a,c)
return iv(a,c[1],c[2],c[3],c[4])
end
t['mutex.commit']=function(a,c)
for d=1,#a,2 do
if redis.call('GET',a[d])~=c[1]then return{0}end
end
for d=2,#a,2 do
if not bn(a[d])then dc(a[d])end
ey(a[d],tonumber(c[2]))
end
return 1
end
t['mutex.extend']=function(a,c)
local f,j,an=c[1],tonumber(c[2]),c[3]
local bp={}
for d=1,#a,2 do
local h=redis.call('GET',a[d])
if h and h~=f then return{0,redis.call('PTTL',a[d]),h}end
bp[d]=h==f
end
for d=1,#a,2 do
local hl=not bp[d]and(bn(a[d+1])or fi(a[d+1]))
if hl then ey(a[d+1],j)end
end
for d=1,#a,2 do ea(a[d],f,an,bp[d])end
return 1
end
t['mutex.release']=function(a,c)
local f,bd=c[1],c[2]
local bo,et=false,false
for d=1,#a,2 do
local h=redis.pcall('GET',a[d])
if bd~=''then pcall(fe,a[d+1],bd)end
if h==f then
redis.call('DEL',a[d])
bo=true
if hf(a[d+1],bd~='')then et=true end
elseif type(h)=='table'and h.err and not string.find(h.err,'WRONGTYPE',1,true)then
error(h.err)
end
end
if not bo then return 0 end
return et and-1 or 1
end
t['mutex.leave']=function(a,c)
pcall(fe,a[1],c[1])
return 1
end
t['mutex.renew']=function(a,c)
local j=1
for d=1,#a,2 do
local h=redis.call('GET',a[d])
if h~=c[1]then return{0,redis.call('PTTL',a[d]),h or''}end
j=math.max(j,bn(a[d+1])or 1)
end
for d=1,#a,2 do ea(a[d],c[1],c[2],true)end
return j
end
t['mutex.query']=function(a)
local o={1}
for d=1,#a,2 do
o[#o+1]=redis.call('GET',a[d])or''
o[#o+1]=redis.call('PTTL',a[d])
o[#o+1]=fa(a[d+1])or''
end
return o
end`,
    PART_5,
    PART_6,
  ],
  "3d6d0034be1e3589a429eebcad24f5c2e614cbc4",
  "d02a98c56e08560c25d08012a06173bd322b9297",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fh=81
local fg={
['modes.acquire']=function(i,aj,af,al)
local f,an,ap,co=ARGV[aj],ARGV[af],ARGV[af+1],KEYS[i+al-1]
if ARGV[af+2]~=''then return nil end
if al~=4 then
local ai,ln=string.gsub(ap,' ','')
if al~=3*ln+4 then return nil end
end
local fm,ez
if r('EXISTS',unpack(KEYS,i,i+al-2))~=0 then
local x,m=r('MGET',unpack(KEYS,i,i+al-2)),1
if x.err then return nil end
fm={}
ez={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for n in string.gmatch(ap,'%u+')do
local h,q,au=x[m],KEYS[i+m-1],KEYS[i+m]
if x[m+2]then return nil end
if not h then
if r('EXISTS',q,au)~=0 then return nil end
else
if n=='X'or n=='SIX'then return nil end
local s,bf,ak=r('PTTL',q),nil,nil
if type(s)~='number'or s<=0 then return nil end
if h=='~s'then
if r('ZSCORE',au,f)then return nil end
local ac=(n=='IX'and 3)or(n=='S'and 2)
if ac and r('ZCOUNT',au,ac..'00000000000000','('..ac+2 ..'00000000000000')~=0 then
return nil
end
else
bf,ak=string.match(h,'^~s ([ISX]+) (.*)$')
if not ez[bf]or ak==f or(n~=bf and n~='IS'and bf~='IS')then return nil end
if r('EXISTS',au)~=0 then return nil end
end
fm[m]={s,bf,ak}
end
m=m+3
end
end
local j
if ap=='X'or string.find(' '..ap,' X',1,true)or string.find(ap,'SIX',1,true)then
j=ah(co)
if not j then return nil end
else
local h=r('GET',co)
j=not h and ah(co)or(type(h)=='string'and string.match(h,'^%d+$')and tonumber(h))
if not j or j<1 or j>=9000000000000000 then return nil end
end
if al==4 and not fm then
local cl=r('SET',KEYS[i],ap=='X'and f or'~s '..ap..' '..f,'PX',an)
return not cl.err and j or nil
end
local m,b=1,nil
for n in string.gmatch(ap,'%u+')do
local q,gk=KEYS[i+m-1],fm and fm[m]
if gk then
local au,cb,s,ak=KEYS[i+m],tonumber(an),gk[1],gk[3]
if not b then
local aq=r('TIME')
if aq.err then return nil end
b=tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local ag,bi=string.format('%.0f',ez[n]+b+cb),nil
if ak then
local ke=math.max(s,cb)
bi=r('ZADD',au,string.format('%.0f',ez[gk[2]]+b+s),ak,ag,f)==2
and r('PEXPIRE',au,ke)==1 and not r('SET',q,'~s','PX',ke).err
else
r('ZREMRANGEBYSCORE',au,string.format('%.0f',ez[n]),string.format('(%.0f',ez[n]+b))
bi=r('ZADD',au,ag,f)==1
local kp=r('PTTL',au)
if type(kp)~='number'or kp<cb then
bi=r('PEXPIRE',au,cb)==1 and bi
end
if s<cb then bi=r('PEXPIRE',q,cb)==1 and bi end
end
if not bi then return nil end
else
local cl=r('SET',q,n=='X'and f or'~s '..n..' '..f,'PX',an)
if cl.err then return nil end
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
local h,cp,mq=unpack(r('MGET',KEYS[i],KEYS[i+2],KEYS[i+3]))
if not h or cp or mq then return nil end
if h==f or string.match(h,'^~s [ISX]+ (.*)$')==f then
return r('DEL',KEYS[i])==1 and 1 or nil
end
x={h}
else
x=r('MGET',unpack(KEYS,i,i+al-1))
if x.err then return nil end
end
local cw,gt,ij,b={},{},{},nil
for m=1,al,4 do
local h,q,au=x[m],KEYS[i+m-1],KEYS[i+m]
if not h or x[m+2]or x[m+3]then return nil end
if h=='~s'then
local ag=r('ZSCORE',au,f)
local s=r('PTTL',q)
if type(ag)~='string'or type(s)~='number'or s<0 then return nil end
if not b then
local aq=r('TIME')
b=tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local u=tonumber(ag)%100000000000000
local ae=tonumber(ag)-u
if u<b then return nil end
local kf,jq=string.format('%.0f',ae),string.format('(%.0f',ae+100000000000000)
local l=r('ZREVRANGEBYSCORE',au,jq,kf,'WITHSCORES','LIMIT',0,2)
if l.err then return nil end
local ab,hu=tonumber(l[2])-ae,nil
if l[1]==f then
hu=r('ZCARD',au)
ab=l[4]and tonumber(l[4])-ae
if ab and(ab<b or r('ZCOUNT',au,kf,jq)~=hu)then return nil end
if not ab and hu~=1 then return nil end
elseif s>ab-b+1 then
return nil
end
if not ab then
cw[#cw+1]=q
elseif s>ab-b+1 then
ij[#ij+1]={q,math.max(1,ab-b)}
end
gt[#gt+1]=au
elseif h==f or string.match(h,'^~s [ISX]+ (.*)$')==f then
cw[#cw+1]=q
else
return nil
end
end
for ai,as in ipairs(ij)do
if r('PEXPIRE',as[1],as[2])~=1 then return nil end
end
for ai,au in ipairs(gt)do
if r('ZREM',au,f)~=1 then return nil end
end
local ds=#cw==0 or r('DEL',unpack(cw))
if type(ds)=='table'then return#gt>0 and{-1,ds.err}or nil end
return 1
end
}
local hi={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    PART_10,
    `t['modes.position']=function(a,c)
local b=at()
local g=ck(a[3],b,ed)
local m,hd,bv=ia(g,c[1]),0,0
local ag=m and g[m][1]or math.max(b,g.ticket)+1-tonumber(c[2])
for d=1,#g do
local p=dl(g,d)
if not p[7]and p[5]>=0 then
bv=bv+1
if p[2]~=c[1]and not ho(p,ag,c[1])then hd=hd+1 end
end
end
return{1,hd,bv,redis.call('EXISTS',a[1])}
end
t['modes.stay']=function(a,c)
local b=at()
local g=ck(a[3],b,ed)
if gs(g,c[1],b)then dj(a[3],g,b)end
return 1
end`,
    `t['modes.query']=function(a)
local o,b={1},at()
for ai,v in ipairs(eg(a,#a/4,4))do
local ep={fa(v.wake)}
local g=ck(v.line,b,ed)
for d=1,#g do
local p=dl(g,d)
if p[4]>=b and p[5]>=0 then ep[#ep+1]=p[2]end
end
o[#o+1]=redis.call('GET',v.lock)or''
o[#o+1]=redis.call('PTTL',v.lock)
o[#o+1]=table.concat(ep,' ')
local hn=redis.call('ZRANGE',v.shared,0,-1,'WITHSCORES')
local m=#o+1
o[m]=0
for d=1,#hn,2 do
local s=tonumber(hn[d+1])%dk-b
if s>=0 then
o[m]=o[m]+1
o[#o+1]=hn[d]
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
  "c8854ab11f19bd918e5b7e7a27bcdf700abaf73a",
  "84355d10609f8fa0e5ffa3c0908f33c56712cd29",
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
local b=at()
local e,bj,s=gq(a)
local bu,aa=id(a[6],a[1],b)
local ep={fa(a[8])}
local g=ck(a[7],b,ec(math.huge))
for d=1,#g do
local p=dl(g,d)
if p[4]>=b then ep[#ep+1]=p[2]end
end
local o={1,bj or'',s or-2,aa or 0,bu or 0,table.concat(ep,' ')}
local function iw(f,w,u)
if w and u>=b then
local m=#o
o[m+1],o[m+2],o[m+3]=f,w,u-b
end
end
if e.token~=''then iw(e.token,e.slots,e.deadline)end
if e.latest>0 then
local kq,bf={},redis.call('HGETALL',a[3])
for d=1,#bf,2 do kq[bf[d]]=bf[d+1]end
local bz=redis.call('ZRANGE',a[4],0,-1,'WITHSCORES')
for d=1,#bz,2 do
if bz[d]~=e.token then iw(bz[d],kq[bz[d]],tonumber(bz[d+1]))end
end
end
return o
end`,
    PART_5,
    PART_6,
  ],
  "610dfbfa93c0ff44e694408220d844c87f2eb846",
  "4619b523e3f2bbdef0513c64ee9cb4e7c6521b0d",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function kl(k)
local bq=redis.pcall('GET',k)
return type(bq)=='string'and bq or''
end
local function km(k,lj,h)
local ej=kl(k)
local aq=redis.call('TIME')
local b=string.format('%.0f',tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000))
if ej==lj then
ej=h(tonumber(b))
redis.call('SET',k,ej)
end
return{1,ej,b}
end
t['marker.replace']=function(a,c)
return km(a[1],c[1],function()return c[2]end)
end
t['marker.lose']=function(a,c)
return km(a[1],c[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(c[2]))
end)
end`,
    `t['identify']=function(a)
local fb=''
local function gr(mo)
local gg=redis.pcall('INFO',mo)
if type(gg)=='table'then gg,fb='',gg.err end
return function(ll)return string.match(gg,'%f[%w_]'..ll..':([^\\r\\n]*)')or''end
end
local fc,hv,ig=gr('server'),gr('memory'),gr('replication')
local aq=redis.call('TIME')
local n=fc('redis_mode')
if n==''then n=fc('server_mode')end
local kt=fc('valkey_version')
return{
1,fc('run_id'),tonumber(fc('uptime_in_seconds'))or-1,
tonumber(aq[1])*1000000+tonumber(aq[2]),
tonumber(gr('persistence')('aof_enabled'))or-1,
hv('maxmemory_policy'),tonumber(hv('maxmemory'))or-1,
ig('role'),n,ig('master_replid'),ig('master_replid2'),
a[1]and kl(a[1])or'',fb,
tonumber(hv('used_memory'))or-1,kt~=''and'valkey '..kt or fc('redis_version')
}
end`,
    PART_14,
    `t['counters.read']=function(a)
local o,b={1},at()
for d=1,#a,2 do
local fl,j=pcall(bn,a[d])
o[#o+1]=fl and j and string.format('%.0f',j)or''
end
for d=2,#a,2 do
local bs,cw,cs=redis.pcall('HGETALL',a[d]),{},{}
for m=1,bs.err and 0 or#bs,2 do
cw[#cw+1],cs[bs[m]]=bs[m],bs[m+1]
end
table.sort(cw)
for ai,q in ipairs(cw)do
local bu,aa=hy(cs[q],b)
if bu then
for ai,h in ipairs({d/2,q,string.format('%.0f',bu),aa})do o[#o+1]=h end
end
end
end
return o
end
local function kk(a,c,ay)
local w,b=#a/2,at()
for d=1,w do
local k=a[2*d-1]
local fl,j=pcall(bn,k)
if fl and c[d]~=''then
if not j then ay(k)end
ey(k,tonumber(c[d]))
end
end
for m=w+1,#c,4 do
pcall(mj,a[2*tonumber(c[m])],c[m+1],tonumber(c[m+2]),tonumber(c[m+3]),b)
end
return 1
end
t['counters.raise']=function(a,c)
return kk(a,c,dc)
end
t['counters.restore']=function(a,c)
return kk(a,c,function()end)
end
t['counters.lift']=function(a,c)
for d=1,#a do
local fl,j=pcall(bn,a[d])
if fl and j then ey(a[d],tonumber(c[1]))end
end
return 1
end`,
    `t['set.note']=function(a,c)
local cl,du,ef=c[1],c[2],tonumber(c[3])
local aq=redis.call('TIME')
local b=tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
local dp,ju,jj=b,false,false
local df,am={},redis.pcall('GET',a[1])
for cp in string.gmatch(type(am)=='string'and am or'','[^\\n]+')do
local eh,ac,ab,ff,mf=string.match(cp,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
ac,ab,ff=tonumber(ac),tonumber(ab),tonumber(ff)
if eh and ac<=ab and ab<=b and b<ff and ff<=b+3600000 then
if eh==cl then
dp,ju=ac,b-ab<tonumber(c[4])
elseif eh==du then
jj=true
else
df[#df+1]={cp,eh,ab,ac,ff,mf}
end
end
end
local o,ba,l={1},{},b+ef
for d=math.max(1,#df-16+2),#df do
local bj=df[d]
ba[#ba+1]=bj[1]
l=math.max(l,bj[5])
o[#o+1]=bj[2]
o[#o+1]=bj[3]-math.max(bj[4],dp)
o[#o+1]=bj[5]-b
o[#o+1]=bj[6]
end
if not ju or jj then
ba[#ba+1]=string.format('%s %.0f %.0f %.0f %s',cl,dp,b,b+ef,c[5])
redis.call('SET',a[1],table.concat(ba,'\\n'),'PX',string.format('%.0f',l-b))
end
return o
end`,
    PART_5,
    PART_6,
  ],
  "88cc66879da2c2bc0ad59424e7a6aa6ffe0909c3",
  "41a09078c48c097d8f52957e93f0b2d693bee00a",
);

export const HOLD_SUMMARY_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `t['hold.summary']=function(a,c)
local cc=redis.pcall('GET',a[1])
if type(cc)~='string'or#cc>256 then cc=''end
if c[1]~=''then
local s,ef=redis.call('PTTL',a[1]),tonumber(c[2])
if cc==''or s<=ef-tonumber(c[3])or s>ef then
redis.call('SET',a[1],c[1],'PX',c[2])
end
end
return{1,cc}
end`,
    PART_5,
    PART_6,
  ],
  "ada4eb3ddcf006d0df8642e1edb0b8b283f41ac5",
  "523cdfa52c5f7788827f16a1ac65ba3ba5dd899e",
);

export const REPORT_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function at()
local aq=redis.call('TIME')
return tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local function ik(k,b)
local mk=redis.pcall('ZREMRANGEBYSCORE',k,'-inf',b)
if type(mk)~='number'then
redis.call('DEL',k)
return 0
end
redis.call('ZREMRANGEBYSCORE',k,b+15000+1,'+inf')
return redis.call('ZCARD',k)
end
t['report.write']=function(a,c)
local b,az,ef=at(),c[1],tonumber(c[3])
local cc,gu=ik(a[1],b),ik(a[2],b)
local gc=cc<1000 or redis.call('ZSCORE',a[1],az)
local kc=gc and a[1]or a[2]
redis.call('ZREM',gc and a[2]or a[1],az)
if gc or gu<10000 then
redis.call('ZADD',kc,b+ef,az)
redis.call('PEXPIRE',kc,15000)
end
if not gc then return{1,0}end
redis.call('SET',a[3],c[2],'PX',c[3])
return{1,1}
end
t['report.remove']=function(a,c)
local b=at()
for js=1,2 do
ik(a[js],b)
redis.call('ZREM',a[js],c[1])
end
redis.call('DEL',a[3])
return{1}
end
t['report.list']=function(a,c)
local b=at()
local jr=redis.pcall('ZREVRANGEBYSCORE',a[1],'+inf','('..b,'LIMIT',0,1000)
local gu=redis.pcall('ZCOUNT',a[2],'('..b,'+inf')
local o={1,type(gu)=='number'and gu or 0}
if not jr.err then
for ai,az in ipairs(jr)do o[#o+1]=az end
end
return o
end
t['report.read']=function(a,c)
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
  "ce25e19c6266637c0b3f0cbda8e480804f645d3c",
  "f7b8acf716447363830c444c9624fa5a3dac0f73",
);

export const RECORD_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function kv(am)
local h=string.match(am,'^%d+$')and tonumber(am)
return h and h<=9000000000000000 and h
end
local function cn(am,br)
return kv(am)or error('the '..br..' of a record must be a whole number of at most 9e15: '..am,0)
end
local function cr(de)
return string.format('%.0f',de)
end
local function fs(k)
local bs,g=redis.pcall('HGETALL',k),{}
if bs.err then
if not string.find(bs.err,'WRONGTYPE',1,true)then error(bs.err,0)end
error('the record '..k..' has another type than a hash; delete it',0)
end
for d=1,#bs,2 do g[bs[d]]=bs[d+1]end
local x,dx={},g['b']or''
local ar=#dx>4096 or(#bs>0 and not g['p'])
for d,br in ipairs({'p','f','n','c','m'})do
x[d]=kv(g[br]or'0')
ar=ar or not x[d]
end
if ar then
error('the record '..k..' has fields that no client of this library wrote; delete it',0)
end
return x[1],x[2],x[3],x[4],x[5],dx
end
local function hr(k,cb)
if redis.call('PTTL',k)<cb then redis.call('PEXPIRE',k,cr(cb))end
end
local function at()
local aq=redis.call('TIME')
return tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local function kg(k)
if IS_CLUSTER then return nil end
local bq=redis.pcall('GET',k)
if type(bq)=='table'and not string.find(bq.err,'WRONGTYPE',1,true)then return nil end
local az=type(bq)=='string'and string.match(bq,'^complete %S+ %S+ (%S+) ')
if not az then error('NOMARKER the server has lost its memory: it has no marker',0)end
return az
end
local function gl(k,b)
local az=kg(k)
if not az then return-1 end
local eh=redis.pcall('GET',string.sub(k,1,-7)..'records')
local ma,hs=string.match(type(eh)=='string'and eh or'','^(%S+) (%d+)$')
if ma~=az then hs=string.match(az,'^(%d+)%.')end
return hs and math.max(0,b-tonumber(hs))or-1
end
t['record.open']=function(a,c)
local j,cb=cn(c[1],'fence'),cn(c[2],'time')
local b=at()
local bl=gl(c[3],b)
local l,ao,al,cq,bx,cc=fs(a[1])
if l>j then return{0,l}end
if l<j then redis.call('HSET',a[1],'p',cr(j))end
hr(a[1],cb)
return{1,ao,al,cq,bx,cc,b,bl}
end
t['record.put']=function(a,c)
local j,de=cn(c[1],'fence'),cn(c[2],'number')
local dp,dx,cb=cn(c[3],'time'),c[4],cn(c[5],'time')
if#dx>4096 then
error('the body of a record must have at most '..4096 ..' bytes: '..#dx,0)
end
local b=at()
local bl=gl(c[6],b)
local l,ao,al,ai,bx,cc=fs(a[1])
if l>j or ao>j or(ao==j and al>de)then return{0,math.max(l,ao)}end
if ao==j and al==de and bx==0 and cc~=dx then
error('the record '..a[1]..' has another body with the same fence and number; use a new number',0)
end
redis.call('HSET',a[1],'p',cr(j),'f',cr(j),'n',cr(de),'b',dx,'c',cr(dp))
if bx~=0 then redis.call('HDEL',a[1],'m')end
hr(a[1],cb)
return{1,b,bl}
end
t['record.copy']=function(a,c)
local dn,j,de=cn(c[1],'fence'),cn(c[2],'fence'),cn(c[3],'number')
local dp,cb=cn(c[4],'time'),cn(c[6],'time')
local l,ao,al=fs(a[1])
if dn>l then redis.call('HSET',a[1],'p',cr(dn))end
if j>ao or(j==ao and de>al)then
redis.call('HSET',a[1],'f',cr(j),'n',cr(de),'b',c[5],'c',cr(dp),'m','1')
end
hr(a[1],cb)
return 1
end
t['record.note']=function(a,c)
local az=kg(a[1])
if not az then error('a node of a cluster does not know which records it lacks',0)end
local dp=math.max(0,at()-cn(c[1],'time'))
redis.call('SET',a[2],az..' '..cr(dp),'PX',cr(cn(c[2],'time')))
return 1
end
t['record.list']=function(a,c)
local x=redis.call('SCAN',c[1],'MATCH',c[2],'COUNT',250)
local o={1,x[1],gl(a[1],at())}
table.sort(x[2])
for ai,k in ipairs(x[2])do
local bi,l,ao,al,cq,ai,cc=pcall(fs,k)
if bi and l>0 then
for ai,h in ipairs({k,l,ao,al,cq,cc,redis.call('PTTL',k)})do o[#o+1]=h end
end
end
return o
end
t['record.get']=function(a,c)
local b=at()
local bl=gl(c[1],b)
local ai,ao,al,cq,bx,cc=fs(a[1])
return{1,ao,al,cq,bx,cc,b,bl}
end`,
    PART_5,
    PART_6,
  ],
  "48de0f8eff68babde5fbe53d11aba9659d590268",
  "23ce6feef6d9fe699276178a1289c68dc0ba314d",
);

export const OPERATOR_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `t['operator.replace']=function(a,c)
local f,ic=c[1],c[2]
local h=redis.call('GET',a[1])
local s=h and redis.call('PTTL',a[1])or 0
if not h or(h~=f and(h~=ic or s==-1))then return{0,s,h or''}end
local l=bn(a[2])
local j=l and(h==f and l or l+1)or dc(a[2])
if h~=f then redis.call('SET',a[1],f,'PX',math.max(1,s))end
fd(a[2],j)
return-j
end
t['operator.restore']=function(a,c)
local h=redis.pcall('GET',a[1])
if h~=c[1]then return 0 end
redis.call('SET',a[1],c[2],'PX',math.max(1,redis.call('PTTL',a[1])))
return 1
end`,
    PART_5,
    PART_6,
  ],
  "6cbf0407a8d67c7531817d3a055114e9a7ac60cd",
  "cd6fd5b4beb484f0d0d8fb977596f8d2b3a2ce73",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    PART_12,
    `local fh=13
local function hx(i,aj,af,al,br)
local f,q=ARGV[aj],KEYS[i+8]
if br=='quota.acquire'then
local n=ARGV[af+10]
if al~=12 or ARGV[af]~='modes.acquire'or ARGV[af-1]~='12'or ARGV[af+11]~=''then return nil end
local cf=(n=='X'or n=='SIX')and 1 or(n=='S'or n=='IX'or n=='IS')and 0
local o=cf and ew(i,aj,af+2,al,'slots.acquire',cf)
if not o then return nil end
bm('SET',q,n=='X'and f or'~s '..n..' '..f,'PX',ARGV[af+9])
if ar then return ar[1]and ar end
return o
end
if br=='quota.extend'then
if al~=13 or ARGV[af]~='modes.extend'or ARGV[af-1]~='10'then return nil end
local n,an=ARGV[af+9],ARGV[af+8]
if r('GET',q)~=(n=='X'and f or'~s '..n..' '..f)then return nil end
local s=r('PTTL',q)
if type(s)~='number'or s<0 then return nil end
local o=ew(i,aj,af+2,al,'slots.extend')
if o and s<tonumber(an)then bm('PEXPIRE',q,an)end
if ar then return ar[1]and ar end
return o
end
if al~=12 or ARGV[af]~='modes.release'or ARGV[af-1]~='6'then return nil end
local x=r('MGET',KEYS[i],KEYS[i+6],KEYS[i+7],q,KEYS[i+10],KEYS[i+11])
local h=x[4]
if not h or x[5]or x[6]then return nil end
if h~=f and string.match(h,'^~s [ISX]+ (.*)$')~=f then return nil end
local o=ew(i,aj,af+2,al,'slots.release',x)
if not o then return nil end
if o~=2 then bm('DEL',q)end
if ar then return ar[1]and ar end
return 1
end
local fg={['quota.acquire']=hx,['quota.extend']=hx,['quota.release']=hx}`,
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
    `local it=8
local function fq(a,c)
local bk,cj,bt,cd={},{},{c[1]},{c[1]}
local ah=tonumber(c[3])
for d,k in ipairs(a)do
if d<=it then bk[d]=k
else cj[d-it]=k end
end
for d=4,#c do
if d<4+ah then bt[d-2]=c[d]
else cd[d-2-ah]=c[d]end
end
return bk,bt,cj,cd
end
local function ki(a,c,ac)
local e,bh,b=dw(redis.call('GET',a[1])),{},at()
local ai,me=dm(a,e,c[1])
for d=ac,#c do
local w,u=dm(a,e,c[d])
if w and u>b then bh[#bh+1]={c[d],w,u}end
end
return(me or 0)>=b,bh
end
local function lo(a,f,bh,b)
local e=dw(redis.call('GET',a[1]))
gd(a,e,f)
for ai,hz in ipairs(bh)do ea(a,e,hz[1],hz[2],hz[3],b)end
ft(a,e,b)
end
local function kd(a,f,bh,ci,br,cj,cd)
local bi,q=pcall(t[br],cj,cd)
if bi and(type(q)=='number'or q[1]==1)then return q end
if not ci then lo(a,f,bh,at())end
if not bi then error(q,0)end
return nil,{0,q[2],q[3],q[4],q[5],2}
end
t['quota.acquire']=function(a,c)
local bk,bt,cj,cd=fq(a,c)
local ci,bh=ki(bk,bt,9)
local ax=t['slots.acquire'](bk,bt)
if ax[1]==0 then return{0,ax[2],ax[3],ax[4],ax[5],1}end
local q,fb=kd(bk,c[1],bh,ci,c[2],cj,cd)
if not q then
if#bh==0 and not ci then
local b=at()
local aa=ev(bk,tonumber(bt[6]),tonumber(bt[7]),b)
local e,g=dw(redis.call('GET',bk[1])),ck(bk[7],b,ec(aa))
ct(bk,e,g,ax[3],aa,b)
end
return fb
end
if type(q)=='number'then return{1,math.abs(q),ax[3],ax[4],ax[5]or''}end
return{1,q[2],ax[3],ax[4],ax[5]or'',q[3],q[4],q[5]or''}
end
t['quota.convert']=function(a,c)
local bk,bt,cj,cd=fq(a,c)
local ci,bh=ki(bk,bt,7)
local ax=t['slots.extend'](bk,bt)
if ax~=1 then return{0,ax[2],ax[3],'0','',1}end
local q,fb=kd(bk,c[1],bh,ci,c[2],cj,cd)
return q and{1,math.abs(q),bt[4],'',''}or fb
end
local function iz(a,c,br)
local bk,bt,cj,cd=fq(a,c)
local ax=t[br](bk,bt)
if ax~=1 then return ax end
return t[c[2]](cj,cd)
end
t['quota.commit']=function(a,c)return iz(a,c,'slots.commit')end
t['quota.extend']=function(a,c)return iz(a,c,'slots.extend')end
t['quota.release']=function(a,c)
local bk,bt,cj,cd=fq(a,c)
local bi,ax=pcall(t['slots.release'],bk,bt)
local q=t[c[2]](cj,cd)
if not bi then error(ax,0)end
return q~=0 and q or ax
end`,
    `t['quota.renew']=function(a,c)
local bk,bt,cj,cd=fq(a,c)
local q
for ai,ex in ipairs({true,false})do
local ax=t['slots.renew'](bk,bt,ex)
if type(ax)~='number'then return ax end
q=t[c[2]](cj,cd,ex)
if type(q)~='number'then return q end
end
return q
end`,
    PART_5,
    PART_6,
  ],
  "7626581e68c8f2636e6c7dfc011aace114652a68",
  "74b658e97a470b7a27a099a437959374e1379898",
);
