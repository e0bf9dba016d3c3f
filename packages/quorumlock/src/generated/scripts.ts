// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local q=redis.pcall
local function ah(m)
local j=q('INCR',m)
if type(j)~='number'then return nil end
if j>1 and j<=9000000000000000 then return j end
if j==1 and not IS_CLUSTER then
local cg=q('GET',string.match(m,'^(.*)~fence:')..'~server')
local ej=type(cg)=='string'and string.match(cg,'^complete .* (%d+)$')
local ce=ej and q('SET',m,ej)
if ce and not ce.err then return tonumber(ej)end
end
local lz=q(j>1 and'DECR'or'DEL',m)
if type(lz)=='table'then q('DECR',m)end
return nil
end`;

const PART_2 = `if#KEYS<=ez and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local gh=ey[ARGV[1]]
local r=gh and gh(1,6+ARGV[5],6,#KEYS,ARGV[1])
if r then return r end
end`;

const PART_3 = `local function general()
local aa={}
local function bm(m)
local i=redis.call('GET',m)
if not i then return nil end
local j=string.match(i,'^-?%d+$')and tonumber(i)
if not j or j>=9000000000000000 then
error('the fencing counter '..m..' cannot be counted up: '..i..'; delete it together with '
..string.match(m,'^(.*)~fence:')..'~server, on one server after another')
end
return j>0 and j or nil
end
local function fp(m,j)
redis.call('SET',m,string.format('%.0f',j))
end
local function fa(m)
if not IS_CLUSTER then
local cg=redis.pcall('GET',string.match(m,'^(.*)~fence:')..'~server')
if type(cg)~='table'or string.find(cg.err,'WRONGTYPE',1,true)then
return type(cg)=='string'and tonumber(string.match(cg,'^complete .* (%d+)$'))or nil
end
end
local as=redis.call('TIME')
local b=tonumber(as[1])*1000000+tonumber(as[2])
return math.max(1,b-b%16384)
end
local function dd(m)
local ej=fa(m)
if ej then return ej end
redis.call('DEL',m)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function eq(m,j)
local dy=bm(m)
if not dy then j=math.max(j,fa(m)or 0)end
if(dy or 0)<j then fp(m,j)end
end`;

const PART_4 = `local function es(m)
local bp=redis.pcall('GET',m)
return type(bp)=='string'and bp or nil
end
local function gz(m,az,ak)
ak=math.max(ak,20000)
local bp=es(m)
if not bp then
redis.call('SET',m,az,'PX',ak)
elseif string.find(' '..bp..' ',' '..az..' ',1,true)then
redis.call('PEXPIRE',m,math.max(redis.call('PTTL',m),ak))
elseif#bp+1<256*(#az+1)then
redis.call('SET',m,bp..' '..az,'PX',math.max(redis.call('PTTL',m),ak))
end
end
local function ew(m,az)
local bp=es(m)
if not bp then return end
local cu={}
for bg in string.gmatch(bp,'%S+')do
if bg~=az then cu[#cu+1]=bg end
end
if#cu==0 then redis.call('DEL',m)
else redis.call('SET',m,table.concat(cu,' '),'PX',math.max(redis.call('PTTL',m),1))end
end
local function gx(m,li)
local bp=es(m)
if not bp then return false end
local ab=li and string.match(bp,'%S+')or''
if ab~=''then ew(m,ab)end
redis.pcall('PUBLISH',m,ab)
return ab~=''
end`;

const PART_5 = `return aa
end`;

const PART_6 = `local function lr(gh,h,el,ai,w,af,ao)
local a,d={unpack(KEYS,h,h+el-1)},{unpack(ARGV,ai,ai+w-1)}
for c=1,ao do d[w+c]=ARGV[af+c-1]end
local bk,r=pcall(gh,a,d)
if bk then return r end
if type(r)=='table'then r=r.err or r[1]end
return{-1,tostring(r)}
end
local co,aa,h,ai={},nil,1,1
while ai<=#ARGV do
local cb,dk,el=ARGV[ai],tonumber(ARGV[ai+1]),tonumber(ARGV[ai+2])
local w,ao,af=tonumber(ARGV[ai+3]),tonumber(ARGV[ai+4]),ai+5
ai=af+ao
local ix=el<=ez
local iv=ix and ey[cb]
local iu=ix and dk>1 and ha[cb]
local dp=0
while dp<dk do
local ah=iu and iu(h,ai,dk-dp,co)or 0
if ah==0 then
local r=iv and iv(h,ai,af,el,cb)
if not r then
aa=aa or general()
r=lr(aa[cb],h,el,ai,w,af,ao)
end
co[#co+1]=r
ah=1
end
h,ai,dp=h+ah*el,ai+ah*w,dp+ah
end
end
return#co==1 and co[1]or co`;

const PART_7 = `local function ft(ad)return string.match(ad,'^%w+')or''end
local function db(g,c)
local ar=g[c]
if type(ar)~='string'then return ar end
local ag,ad,cr,s,bc,ay=
string.match(ar,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local o
if cr and g.is_demand(cr)then
o={tonumber(ag),ad,cr,tonumber(s),tonumber(bc),tonumber(ay),false,ar}
else
o={0,'','',0,0,0,true,ar}
end
g[c]=o
return o
end
local function fs(g,o)
g.check=math.min(g.check,o[4]+1)
if o[5]>0 then g.check=math.min(g.check,o[5]+50+1)end
end
local function kp(g,b)
local gw,dz=0,{}
local ah=#g
g.check=math.huge
for c=1,ah do
local o=db(g,c)
g[c]=nil
if o[4]>=b then
gw=gw+1
g[gw]=o
fs(g,o)
if o[5]>0 and b-o[5]>50 then
local az=ft(o[2])
dz[az]=math.max(dz[az]or 0,o[5])
o[7]=true
end
end
end
if not next(dz)then return end
for al,o in ipairs(g)do
local az=ft(o[2])
if dz[az]and o[4]-3000>dz[az]then dz[az]=nil end
end
for al,o in ipairs(g)do o[7]=o[7]or dz[ft(o[2])]~=nil end
end
local function cc(m,b,lc)
local ar=redis.pcall('GET',m)
local g={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=lc}
local av,k,ay
if type(ar)=='string'then av,k,ay=string.match(ar,'^(%d+) (%d+) (%d+);')end
if not av then return g end
g.check,g.last,g.ticket=tonumber(av),tonumber(k),tonumber(ay)
local ah=0
for cs in string.gmatch(ar,';([^;]+)')do
ah=ah+1
g[ah]=cs
end
if b>=g.check then kp(g,b)end
return g
end
local function cy(m,g,b)
if#g==0 then
redis.call('DEL',m)
return
end
local cj={string.format('%.0f %.0f %.0f',g.check,g.last,g.ticket)}
for c,o in ipairs(g)do
cj[c+1]=type(o)=='string'and o or o[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(o,1,6))
end
redis.call('SET',m,table.concat(cj,';'),'PX',math.max(1,g.last-b))
end
local function hg(o,ag,ad)
return o[1]>ag or(o[1]==ag and o[2]>ad)
end
local function im(g,ad,ag,ko)
local br
for c=1,#g do
local o=db(g,c)
if o[2]==ad or(ag and hg(o,ag,ad))then break end
if not o[7]and ko(o[3])then
if br then return br,true end
br=o
end
end
return br,false
end
local function hq(g,ad)
local lq=' '..ad..' '
for c,o in ipairs(g)do
if type(o)~='string'or string.find(o,lq,1,true)then
if db(g,c)[2]==ad then return c end
end
end
end
local function gl(g,ad,b)
local l=ad~=''and hq(g,ad)
if not l then return nil end
local o=db(g,l)
o[4],o[5],o[7],o[8]=b+3000,0,false,nil
g.last=math.max(g.last,o[4])
return l
end
local function jz(g,ad,b)
local l=gl(g,ad,b)
if not l then return false end
local o=g[l]
o[5],o[7]=math.max(1,b-50-1),true
fs(g,o)
return true
end
local function gu(ay,at)
if ay>=0 then return ay end
return-ay>at and-ay<=at+3000 and-ay or 0
end
local function kd(at,b)
return at==b and string.format('%.0f',b)or string.format('%.0f %.0f',at,b)
end
local function kc(g,ad,cr,ay,dv,b,z)
local l=gl(g,ad,b)
if l and g[l][6]>=ay then
g[l][3]=cr
return l
end
if l then table.remove(g,l)end
local cw=gu(ay,z)
if cw==0 then cw=z+1 end
local ag=cw-dv
l=#g+1
while l>1 and hg(db(g,l-1),ag,ad)do l=l-1 end
local o={ag,ad,cr,b+3000,0,math.max(ay,0),false}
table.insert(g,l,o)
fs(g,o)
g.last,g.ticket=math.max(g.last,o[4]),math.max(g.ticket,cw)
g[256+1]=nil
return l
end
local function jo(g,ad)
local l=hq(g,ad)
if l then table.remove(g,l)end
return l~=nil
end
local function js(g,cl,b)
local bc,fu,hi={},{},false
for c=1,#g do
local o=db(g,c)
if not o[7]then
local az=ft(o[2])
hi=hi or not cl(o[3])
if hi then
if not next(fu)then break end
if not fu[az]then return bc,true,o[2]end
else
if o[5]<=0 then
o[5],o[8]=b,nil
fs(g,o)
bc[#bc+1]=o
end
fu[az]=true
end
end
end
return bc,next(fu)~=nil,nil
end
local function kf(cj,eh)
return table.concat(cj,' ')..(eh and' ~'..eh or'')
end`;

const PART_8 = `local gp={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function du(ar)return gp[ar]end
local function is(lm,bg)return string.find(gp[lm],' '..bg..' ',1,true)end
local function lh(ll)
local fy={}
return function(n)
if fy[n]==nil then fy[n]=not ll(n)end
if not fy[n]then return false end
for bg in string.gmatch(gp[n],'%u+')do fy[bg]=false end
return true
end
end`;

const PART_9 = `local cq,fq='~s','~p'
local cz,fr=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local ii={'IS','IX','SIX','S'}
local gs={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=ii}
local function be()
local as=redis.call('TIME')
return tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
end
local function ge(ar)
local am={}
for n in string.gmatch(ar,'%u+')do
if not gs[n]then error('unknown mode '..n,0)end
am[#am+1]=n
end
return am
end
local function dw(a,ah,ec)
local ax={['fences']={unpack(a,ah*ec+1)}}
for c=1,ah do
local h=(c-1)*ec
ax[c]={['lock']=a[h+1],['shared']=a[h+2],['line']=a[h+3],['wake']=ec>3 and a[h+4]}
end
return ax
end
local function ed(d,ab)
local w={d[1],[d[1]]=true}
for c=ab,#d do
w[#w+1]=d[c]
w[d[c]]=true
end
return w
end
local function ea(i)
if not i or string.sub(i,1,3)~='~s 'then return nil end
local n,f=string.match(i,'^~s (%u+) (.*)$')
if gs[n]then return n,f end
end
local function fo(lk)return string.format('%.0f',lk)end
local function jk(m,n,ah)
local ae=fr[n]*cz
return redis.pcall('ZREVRANGEBYSCORE',m,'('..fo(ae+cz),fo(ae),'WITHSCORES','LIMIT',0,ah),ae
end
local function gg(u,n,w,b)
local i=redis.call('GET',u.lock)
if i and(i==fq or string.sub(i,1,3)==fq..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local de,ba=ea(i)
if ba then
local t=not w[ba]and redis.call('PTTL',u.lock)
if t and(t==-1 or is(n,de))then return t,ba end
return nil
end
if w[i]then return nil end
if i and i~=cq then return redis.call('PTTL',u.lock),i end
local k,aj
if not i and redis.call('EXISTS',u.shared)==0 then return nil end
for al,lw in ipairs(gs[n])do
local ac,ae=jk(u.shared,lw,#w+1)
if ac.err then error(ac.err,0)end
for c=1,#ac,2 do
local s=tonumber(ac[c+1])-ae
if not w[ac[c]]then
if s>=b and(not k or s>k)then k,aj=s,ac[c]end
break
end
end
end
if k then return k-b,aj end
end
local function jm(u,b)
local z
if redis.call('EXISTS',u.shared)==0 then return nil end
for al,n in ipairs(ii)do
local ac,ae=jk(u.shared,n,1)
local ag=tonumber(ac[2])
if ag and ag-ae>=b then z=math.max(z or 0,ag-ae)end
end
return z
end
local function hh(u,n,w)
local i=redis.call('GET',u.lock)
if n=='X'then return w[i]end
local de,ba=ea(i)
if ba then return w[ba]and de==n end
for al,f in ipairs(w)do
local ag=redis.call('ZSCORE',u.shared,f)
if ag and math.floor(tonumber(ag)/cz)==fr[n]then return true end
end
return false
end
local function le(u,w)
local i=redis.call('GET',u.lock)
local al,ba=ea(i)
if ba then return w[ba]end
if w[i]then return true end
for al,f in ipairs(w)do
if redis.call('ZSCORE',u.shared,f)then return true end
end
return false
end
local function il(m,n,f,s,b)
local ae=fr[n]*cz
redis.call('ZREMRANGEBYSCORE',m,fo(ae),'('..fo(ae+b))
redis.call('ZADD',m,fo(ae+s),f)
if redis.call('PTTL',m)<s-b then redis.call('PEXPIRE',m,s-b)end
end
local function he(u,n,w,ak,b)
local p,ao,f,cm=u.lock,u.shared,w[1],false
local i=redis.call('GET',p)
local s=b+ak
local de,ba=ea(i)
local aj,la=ba or i,de or'X'
if w[aj]then
local t=redis.call('PTTL',p)
if t==-1 and aj==f and n==la then return false end
s=math.max(s,b+t)
if ba==f and n==de then
redis.call('SET',p,i,'PX',s-b)
return false
end
cm=aj~=f
i=nil
elseif ba then
local t=math.max(1,redis.call('PTTL',p))
il(ao,de,ba,b+t,b)
redis.call('SET',p,cq,'PX',t)
i=cq
end
if i~=cq and(n~='X'or ba)and redis.call('EXISTS',ao)==0 then
redis.call('SET',p,n=='X'and f or'~s '..n..' '..f,'PX',s-b)
return cm
end
for c,cs in ipairs(w)do
local ag=(c>1 or n~='X')and redis.call('ZSCORE',ao,cs)
if ag then
s=math.max(s,tonumber(ag)%cz)
if c>1 then
redis.call('ZREM',ao,cs)
cm=true
end
end
end
if n=='X'then
redis.call('SET',p,f,'PX',s-b)
return cm
end
il(ao,n,f,s,b)
if i~=cq then
redis.call('SET',p,cq,'PX',jm(u,b)-b)
else
local t=redis.call('PTTL',p)
if t>=0 and t<s-b then redis.call('PEXPIRE',p,s-b)end
end
return cm
end
local function bx(u,w,b)
local p,bj=u.lock,false
local i=redis.pcall('GET',p)
if type(i)=='table'then
if string.find(i.err,'WRONGTYPE',1,true)then return false,false end
error(i.err,0)
end
local al,ba=ea(i)
if w[ba or i]then
redis.call('DEL',p)
i,bj=false,true
end
if ba or(bj and#w==1)then return bj,bj end
local gb=false
for al,f in ipairs(w)do
local ag=redis.pcall('ZSCORE',u.shared,f)
if type(ag)=='string'then
redis.call('ZREM',u.shared,f)
gb=true
if tonumber(ag)%cz>=b then bj=true end
end
end
if i and i~=cq then return bj,false end
local z=gb and jm(u,b)
if z then
local t=redis.call('PTTL',p)
local ga=t>z-b+1
if t<0 or ga then redis.call('SET',p,cq,'PX',math.max(1,z-b))end
return bj,false,ga
end
if gb and i then redis.call('DEL',p)end
return bj,gb or bj
end`;

const PART_10 = `local ie={}
local function ck(u,g,b)
if#g==0 then return{},false end
local bc,cl,eh=js(
g,lh(function(n)return gg(u,n,ie,b)end),b)
for c,o in ipairs(bc)do bc[c]=o[2]end
if#bc>0 then
cy(u.line,g,b)
redis.pcall('PUBLISH',u.wake,kf(bc,eh))
end
return bc,cl
end
local function kn(u,n,w,ad,ag,g,b)
local t,aj=gg(u,n,w,b)
if t or#g==0 or le(u,w)then return t,aj end
local br,kz=im(g,ad,ag,function(bg)return is(bg,n)end)
if not br then return nil end
if u.wake then ck(u,g,b)end
if kz then return-1,''end
if br[5]>0 then return math.max(0,50-b+br[5]),''end
t,aj=gg(u,br[3],ie,b)
return t and-1 or 50,aj or''
end
local function ku(iw,am,bz)
local j,bw,at=0,false,{}
for al,n in ipairs(am)do
if(n=='X'or n=='SIX')and not bz then bw=true end
end
for c,m in ipairs(iw)do
local k=bm(m)
at[c]=k or 0
j=math.max(j,k and(bw and k+1 or k)or dd(m))
end
for c,m in ipairs(iw)do
if at[c]~=j then fp(m,j)end
end
return j
end
aa['modes.acquire']=function(a,d)
local ak,ad,ay,dv=tonumber(d[2]),'',0,0
if d[4]~=''then
ad,ay,dv=string.match(d[4],'^(%S*) (%S+) (%S+)$')
ay,dv=tonumber(ay),tonumber(dv)
end
local am,w,kl,b=ge(d[3]),ed(d,5),{d[1],[d[1]]=true},be()
local ax=dw(a,#am,ad==''and 3 or 4)
local aw,at,l,cd,aj={},b,nil,nil,nil
local bz,cm=true,false
for c=1,#am do
aw[c]=cc(ax[c].line,b,du)
at=math.max(at,aw[c].ticket)
end
local cw=gu(ay,at)
local ag=cw>0 and cw-dv or nil
for c,n in ipairs(am)do
local u=ax[c]
local t,mb=kn(u,n,w,ad,ag,aw[c],b)
if t then
l=l or c
if not aj or(cd~=-1 and(t==-1 or t>cd))then
cd,aj=t,mb
end
elseif not hh(u,n,kl)then
bz=false
end
end
local ci,fk=l or#am,nil
if ad~=''then
fk=kc(aw[ci],ad,am[ci],ay,dv,b,at)
if not l and aw[ci][fk]then aw[ci][fk][5]=-1 end
cy(ax[ci].line,aw[ci],b)
end
if l then
if ad~=''then pcall(gz,ax[l].wake,ad,ak)end
return{0,cd,aj,kd(at,b),fk and fk-1 or#aw[l]}
end
local j=ku(ax.fences,am,bz)
for c,n in ipairs(am)do
local u=ax[c]
if he(u,n,w,ak,b)then cm=true end
if c~=ci and gl(aw[c],ad,b)then cy(u.line,aw[c],b)end
end
return cm and-j or j
end
aa['modes.convert']=aa['modes.acquire']
aa['modes.commit']=function(a,d)
local am,w=ge(d[3]),{d[1],[d[1]]=true}
local ax=dw(a,#am,4)
for c,n in ipairs(am)do
if not hh(ax[c],n,w)then return{0}end
end
for al,m in ipairs(ax.fences)do
if not bm(m)then dd(m)end
eq(m,tonumber(d[2]))
end
return 1
end
aa['modes.extend']=function(a,d)
local j,ak,am=tonumber(d[2]),tonumber(d[3]),ge(d[4])
local ax,w,b,bl=dw(a,#am,4),ed(d,5),be(),true
for c,n in ipairs(am)do
local t,aj=gg(ax[c],n,w,b)
if t then return{0,t,aj}end
bl=bl and hh(ax[c],n,w)
end
for al,m in ipairs(ax.fences)do
local hd=not bl and(bm(m)or fa(m))
if hd then eq(m,j)end
end
for c,n in ipairs(am)do
local u=ax[c]
if he(u,n,w,ak,b)then ck(u,cc(u.line,b,du),b)end
end
return 1
end
local function jn(u,g,ad,b)
local iz=jo(g,ad)
if iz then cy(u.line,g,b)end
pcall(ew,u.wake,ad)
return iz
end
aa['modes.release']=function(a,d)
local ad,w,b=d[2],ed(d,3),be()
local bj,ek,jd=false,false,string.find(ad,'.',1,true)
for al,u in ipairs(dw(a,#a/4,4))do
local bl,ld,ga=bx(u,w,b)
local aw=(bl or jd)and redis.pcall('MGET',u.line,u.wake)
if bl then bj=true end
if aw and(aw[1]or aw[2])then
local g=cc(u.line,b,du)
if jd then jn(u,g,ad,b)end
local bk,bc,cl=pcall(ck,u,g,b)
if not bk then bc,cl={},false end
for al,bg in ipairs(bc)do
if bg~=ad then ek=true end
end
if ld and not cl and gx(u.wake,ad~='')then ek=true end
if ga and#bc==0 then redis.pcall('PUBLISH',u.wake,'')end
end
end
if not bj then return 0 end
return ek and-1 or 1
end
aa['modes.releaseAll']=aa['modes.release']
aa['modes.leave']=function(a,d)
local b=be()
for al,u in ipairs(dw(a,#a/4,4))do
local g=cc(u.line,b,du)
if jn(u,g,d[1],b)then pcall(ck,u,g,b)end
end
return 1
end`;

const PART_11 = `local function lb(u,n,f,b)
local i=redis.call('GET',u.lock)
if i~=cq then
local de,ba=ea(i)
return(ba or i)==f and(de or'X')==n
end
local ag=n~='X'and redis.call('ZSCORE',u.shared,f)
if not ag then return false end
return math.floor(tonumber(ag)/cz)==fr[n]and tonumber(ag)%cz>=b
end
aa['modes.renew']=function(a,d,ep)
local f,am,b,j=d[1],ge(d[3]),be(),1
local ax=dw(a,#am,3)
for c,n in ipairs(am)do
if not lb(ax[c],n,f,b)then
local i=redis.call('GET',ax[c].lock)
local al,ba=ea(i)
local aj=ba or i~=cq and i or''
if string.sub(aj,1,3)==fq..' 'then aj=fq end
return{0,redis.call('PTTL',ax[c].lock),aj}
end
end
for al,m in ipairs(ax.fences)do j=math.max(j,bm(m)or 1)end
if ep then return j end
for c,n in ipairs(am)do he(ax[c],n,{f,[f]=true},tonumber(d[2]),b)end
return j
end`;

const PART_12 = `local ez=8
local gt='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local kk='^~p %d+ 0 %d+ [01]* %d+:[%d -]*:'
local ki=8
local ei,fc
local function bi(...)
if ei then return nil end
local r=q(...)
if type(r)=='table'and r.err then ei=r.err else fc=true end
return r
end
local function dl(r)
if ei then return fc and{-1,ei}or nil end
return r
end
local function fv()
local as=q('TIME')
return as[1]*1000+math.floor(as[2]/1000)
end
local function ia(h,av,z,bt,x,bd,k,b)
if b and z~='0'and k+0>bt+0 then
bt=string.format('%.0f',k+math.max(1,k-b))
bi('PEXPIREAT',KEYS[h+2],bt)
bi('PEXPIREAT',KEYS[h+3],bt)
bi('PEXPIRE',KEYS[h+4],604800000)
end
bi('SET',KEYS[h],'~p '..av..' '..z..' '..bt..' '..x..' '..bd,'PXAT',k)
end
local function eo(h,ai,af,al,cb,hb)
ei,fc=nil,nil
if cb=='slots.acquire'then
local bw=hb
if ARGV[af+1]~=''or ARGV[af+5]~='0'or ARGV[af+6]~=''or ARGV[af-1]~='7'then return nil end
local f,bf,y,ch=ARGV[ai],ARGV[af+3]+0,ARGV[af+4]+0,KEYS[h+1]
if bf>ki or bf>y then return nil end
local an,b=q('GET',KEYS[h]),fv()
local av,z,bt,x,aq,v,bd='0','0','0','','0','',''
local hc=true
if an then
if an.err then return nil end
av,z,bt,x,aq,v,bd=string.match(an,gt)
if not av or bd==f then return nil end
if(z~='0'and b>av+0)or(bd~=''and aq+0<b)then return nil end
if z~='0'and q('HGET',KEYS[h+2],f)then return nil end
elseif q('EXISTS',unpack(KEYS,h+4,bw and h+10 or h+6))==0 then
hc=false
end
if hc and bw and q('EXISTS',KEYS[h+8],KEYS[h+9],KEYS[h+10])~=0 then return nil end
local jb=string.find(f,'^%x%x%x%x%x%x%x%x%x%x%x%x')
local bq,eb=jb and tonumber(string.sub(f,1,6),16)%y or 0,nil
local df,dn={},bf==1 and'1'or'2'
for al=1,64 do
local ip=string.byte(x,bq+1)
if not ip then
x=x..string.rep('0',bq-#x)..dn
df[#df+1]=bq
elseif ip==48 then
x=string.sub(x,1,bq)..dn..string.sub(x,bq+2)
df[#df+1]=bq
end
if#df==bf then break end
eb=eb or jb and 1+tonumber(string.sub(f,7,12),16)%y or 1
bq=(bq+eb)%y
end
if#df<bf then return nil end
local bv=df[1]..''
if bf>1 then
bv=''
local by,k=string.find(x,'2+')
while by do
bv=bv..(bv==''and''or' ')..by-1 ..(by==k and''or'-'..k-1)
by,k=string.find(x,'2+',k+1)
end
x=string.gsub(x,'2','1')
end
local s,j,fi=b+ARGV[af],nil,nil
local k=string.format('%.0f',s)
if not hc then
if bw then
local i=q('GET',ch)
local ae=type(i)=='string'and string.find(i,'^%d+$')and i+0
if not ae or ae<1 or ae+1>=9000000000000000 then return nil end
j=ae+1+bw
bi('SET',ch,string.format('%.0f',j))
else
j=ah(ch)
if not j then return nil end
fc=true
end
else
local ac
if IS_CLUSTER then
ac=q('MGET',ch,KEYS[h+6])
else
local ls=string.sub(ch,1,string.find(ch,'~fence:',1,true)-1)
ac=q('MGET',ch,KEYS[h+6],ls..'~server')
end
if ac.err or ac[2]or q('HGET',KEYS[h+5],KEYS[h])then return nil end
local ae=ac[1]and string.find(ac[1],'^%d+$')and ac[1]+0
if not ae or ae<1 or ae>=9000000000000000 then return nil end
local dr=ac[3]and string.match(ac[3],'^complete %S+ %S+ (%S+) ')or''
if#dr~=32 then dr=string.format('%-32.32s',dr)end
if q('GETRANGE',KEYS[h+4],0,31)~=dr then return nil end
j=ae-ae%16384
for c=1,bf do
local l=32+16*df[c]
j=math.max(j,tonumber(q('GETRANGE',KEYS[h+4],l,l+15))or ae)
end
j=j+1
local jl=math.max(ae,j)
if bw and jl>=9000000000000000 then return nil end
local jc=z~='0'
if bd~=''then fi=bd end
if fi and jc then bi('ZADD',KEYS[h+3],aq,bd)end
local ar=string.format('%016.0f',j)
for c=1,bf do bi('SETRANGE',KEYS[h+4],32+16*df[c],ar)end
if bw then j=jl+bw end
if ae<j then bi('SET',ch,string.format('%.0f',j))end
if fi then
if not jc then
bi('DEL',KEYS[h+2],KEYS[h+3])
bi('ZADD',KEYS[h+3],aq,bd)
end
bi('HSET',KEYS[h+2],bd,v)
if z=='0'or aq+0<av+0 then av=aq end
if aq+0>z+0 then z=aq end
end
if not an then bi('PEXPIRE',KEYS[h+4],604800000)end
end
bd=k..':'..bv..':'..f
ia(h,av,z,bt,x,bd,z+0>s and z or k,b)
if ei and fi and fc then q('ZREM',KEYS[h+3],fi)end
return dl({1,j,bv,'',bw and''})
end
if cb=='slots.extend'then
local f=ARGV[ai]
if ARGV[af+4]~='0'or ARGV[af-1]~='5'then return nil end
local an=q('GET',KEYS[h])
if not an or an.err then return nil end
local av,z,bt,x,aq,v,bd=string.match(an,gt)
if not av or q('HGET',KEYS[h+5],KEYS[h])then return nil end
local b=fv()
if(z~='0'and b>av+0)or(bd~=''and aq+0<b)then return nil end
local s=b+ARGV[af+1]
local k=string.format('%.0f',s)
if bd==f then
if v~=ARGV[af+2]then return nil end
if aq+0>=s then return 1 end
aq=k
if z+0>s then k=z end
else
if z=='0'or q('HGET',KEYS[h+2],f)~=ARGV[af+2]then return nil end
local ag=q('ZSCORE',KEYS[h+3],f)
if type(ag)~='string'then return nil end
if ag+0>=s then return 1 end
bi('ZADD',KEYS[h+3],k,f)
if z+0>=s then return dl(1)end
z=k
if aq+0>s then k=aq end
end
ia(h,av,z,bt,x,aq..':'..v..':'..bd,k,b)
return dl(1)
end
local f=ARGV[ai]
if ARGV[af-1]~='3'then return nil end
local ac=hb or q('MGET',KEYS[h],KEYS[h+6],KEYS[h+7])
if ac.err or ac[2]or ac[3]then return nil end
if not ac[1]then return 0 end
local al,je=string.find(ac[1],kk)
if je then
if string.sub(ac[1],je+1)~=f then return nil end
if hb then return q('DEL',KEYS[h],KEYS[h+8])==2 and 2 or nil end
return q('DEL',KEYS[h])==1 and 1 or nil
end
local av,z,bt,x,aq,v,bd=string.match(ac[1],gt)
if not av then return nil end
local k,cf=z,v
if bd==f then
if aq+0<z+0 and aq+0<fv()then return nil end
aq,v,bd='0','',''
else
local ag=q('ZSCORE',KEYS[h+3],f)
cf=q('HGET',KEYS[h+2],f)
if type(cf)~='string'or type(ag)~='string'or ag+0<fv()then return nil end
bi('ZREM',KEYS[h+3],f)
bi('HDEL',KEYS[h+2],f)
if ag==z then
z=q('ZREVRANGE',KEYS[h+3],0,0,'WITHSCORES')[2]or'0'
if z=='0'then
av,bt='0','0'
if bd==''then
bi('DEL',KEYS[h])
return dl(1)
end
end
end
k=aq+0>z+0 and aq or z
end
local bq=tonumber(cf)
if bq then
x=string.sub(x,1,bq)..'0'..string.sub(x,bq+2)
else
for by,gn in string.gmatch(cf,'(%d+)%-?(%d*)')do
if gn==''then gn=by end
x=string.sub(x,1,by)..string.rep('0',gn-by+1)..string.sub(x,gn+2)
end
end
ia(h,av,z,bt,x,aq..':'..v..':'..bd,k)
return dl(1)
end
local ey={['slots.acquire']=eo,['slots.extend']=eo,['slots.release']=eo}
local ha={}`;

const PART_13 = `local cp,dg,gq,kh='0','1','2',48
local kj=64
local function di(ar)
local lj=string.gmatch(ar,'(%d+)%-?(%d*)')
return function()
local ab,k=lj()
if ab then return tonumber(ab),tonumber(k)or tonumber(ab)end
end
end
local function jy(x,dn)
local hw,by,k={},string.find(x,dn..'+')
while by do
hw[#hw+1]=by==k and tostring(by-1)or string.format('%d-%d',by-1,k-1)
by,k=string.find(x,dn..'+',k+1)
end
return table.concat(hw,' ')
end
local function cv(x,v,dn)
local dx,l={},0
for ab,k in di(v)do
if ab<l then x,dx,l=table.concat(dx)..string.sub(x,l+1),{},0 end
if ab>#x then x=x..string.rep(cp,ab-#x)end
dx[#dx+1]=string.sub(x,l+1,ab)
dx[#dx+1]=string.rep(dn,k-ab+1)
l=k+1
end
return table.concat(dx)..string.sub(x,l+1)
end
local function km(x,v)
for ab,k in di(v)do
if string.find(string.sub(x,ab+1,k+1),dg,1,true)then return false end
end
return true
end
local function fb(x,y)
return#string.gsub(string.sub(x,1,y),dg..'+','')
end
local function kr(v)
local hm=0
for al,k in di(v)do hm=math.max(hm,k+1)end
return hm
end
local function ln(f,y)
local ev,eb=string.match(f,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not ev then return 0,1 end
return tonumber(ev,16)%y,1+tonumber(eb,16)%y
end
local function ir(x,ap,y,hr,w,f)
local ct=ap
local function fn(ab,k)
k=math.min(k,y-1)
if ct==0 or ab>k then return end
local lx,ah=string.gsub(string.sub(x,ab+1,k+1),cp,gq,ct)
if ah==0 then return end
x,ct=string.sub(x,1,ab)..lx..string.sub(x,k+2),ct-ah
end
for ab,k in di(hr)do fn(ab,k)end
if w then
for ab,k in di(w)do fn(ab,k)end
else
local ev,eb=ln(f,y)
for c=0,kj-1 do
if ct==0 then break end
local bq=(ev+c*eb)%y
if string.byte(x,bq+1)==kh then fn(bq,bq)end
end
fn(ev,y-1)
fn(0,ev-1)
end
if ct>0 then return nil end
return jy(x,gq),(string.gsub(x,gq,dg))
end`;

const PART_14 = `local id='~'
local function be()
local as=redis.call('TIME')
return tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
end
local function ho(ar,b)
local bo,y,go=string.match(ar,'^(%d+) (%d+) (%d+)$')
if bo and tonumber(go)+604800000+86400000>=b then return tonumber(bo),tonumber(y),tonumber(go)end
end
local function hs(m,p,b)
return ho(redis.call('HGET',m,p)or'',b)
end
local function ic(m,p,bo,y,b)
local it=tonumber(redis.call('HGET',m,id)or'')
if not it or it+86400000<b then
local da=redis.call('HGETALL',m)
for c=1,#da,2 do
if not ho(da[c+1],b)then redis.call('HDEL',m,da[c])end
end
redis.call('HSET',m,id,string.format('%.0f',b))
end
redis.call('HSET',m,p,string.format('%.0f %.0f %.0f',bo,y,b))
redis.call('PEXPIRE',m,604800000+86400000)
end
local function lu(m,p,bo,y,b)
if bo>(hs(m,p,b)or 0)then ic(m,p,bo,y,b)end
end`;

const PART_15 = `local ig='~p'
local ef,eg=16,32
local function lf(an)
return an==ig or string.sub(an,1,3)==ig..' '
end
local function dm(an)
local av,z,bt,x,s,v,f=
string.match(an or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(av)or 0,['latest']=tonumber(z)or 0,['kept']=tonumber(bt)or 0,['map']=x or'',
['deadline']=tonumber(s)or 0,['slots']=v or'',['token']=f or'',
['is_new']=not f,['is_other']=an and not lf(an)
}
end
local function fl(a,e,b)
local k=math.max(e.latest,e.deadline)
if k==0 then
redis.call('DEL',a[1])
return 0
end
local jj=e.latest>0 and k>e.kept
if jj then
e.kept=k+math.max(1,k-b)
for l=3,4 do redis.call('PEXPIREAT',a[l],string.format('%.0f',e.kept))end
end
if jj or e.is_new then redis.call('PEXPIRE',a[5],604800000)end
redis.call('SET',a[1],string.format('~p %.0f %.0f %.0f %s %.0f:%s:%s',e.check,e.latest,e.kept,e.map,
e.deadline,e.slots,e.token),'PXAT',string.format('%.0f',k))
return k
end
local function dc(a,e,f)
if f==e.token then return e.slots,e.deadline end
local v=e.latest>0 and redis.call('HGET',a[3],f)
local s=v and redis.call('ZSCORE',a[4],f)
if s then return v,tonumber(s)end
end
local function iq(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function fw(a,e,f)
local v,s=dc(a,e,f)
if not v then return nil end
e.map=cv(e.map,v,cp)
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
e.map=cv(e.map,e.slots,cp)
e.deadline,e.slots,e.token,ds=0,'','',true
end
if e.latest>0 and b>e.check then
local kq=redis.call('ZRANGEBYSCORE',a[4],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for al,f in ipairs(kq)do
e.map=cv(e.map,redis.call('HGET',a[3],f)or'',cp)
redis.call('HDEL',a[3],f)
redis.call('ZREM',a[4],f)
end
local ab=redis.call('ZRANGE',a[4],0,0,'WITHSCORES')[2]
local k=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,ds=tonumber(ab)or 0,tonumber(k)or 0,true
if not ab then e.kept,e.map=0,cv('',e.slots,dg)end
end
if ds then fl(a,e,b)end
end
local function ht(a,e,f,s,b)
local ds=false
if f==e.token then
if e.deadline<s then e.deadline,ds=s,true end
elseif tonumber(redis.call('ZSCORE',a[4],f))<s then
redis.call('ZADD',a[4],string.format('%.0f',s),f)
if e.latest<s then e.latest,ds=s,true end
end
if ds then fl(a,e,b)end
end
local function dq(a,e,f,v,s,b)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=s,v,f,cv(e.map,v,dg)
fl(a,e,b)
end
local function ju(a)
local dr=''
if not IS_CLUSTER then
local cg=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
dr=type(cg)=='string'and string.match(cg,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..eg..'.'..eg..'s',dr)
end
local function gy(a)
return redis.call('GETRANGE',a[5],0,eg-1)==ju(a)
end
local function ff(a,v,ae)
if not gy(a)then return ae end
local hj=ae-ae%16384
for ab,k in di(v)do
local ar=redis.call('GETRANGE',a[5],eg+ef*ab,eg+ef*(k+1)-1)
for c=0,k-ab do
local ah=tonumber(string.sub(ar,ef*c+1,ef*(c+1)))
hj=math.max(hj,ah or ae)
end
end
return hj
end
local function ib(a,v,ah,ae)
if not gy(a)then redis.call('SET',a[5],ju(a),'PX',604800000)end
local ar=string.format('%0'..ef..'.0f',ah)
for ab,k in di(v)do
redis.call('SETRANGE',a[5],eg+ef*ab,string.rep(ar,k-ab+1))
end
if ae<ah then fp(a[2],ah)end
end`;

const PART_16 = `local gr='~s'
local function ed(d,ab)
local w={d[1]}
for c=ab,#d do w[#w+1]=d[c]end
return w
end
local function gj(a)
local an=redis.call('GET',a[1])
if an and(an==gr or string.sub(an,1,3)==gr..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
local e=dm(an)
if e.is_other then return e,an,redis.call('PTTL',a[1])end
return e,nil,nil
end
local function em(a,y,bo,b)
local at,ah,go=hs(a[6],a[1],b)
if bo>(at or 0)then
at,ah=bo,y
ic(a[6],a[1],at,ah,b)
elseif at and go+86400000<b then
ic(a[6],a[1],at,ah,b)
end
if not at then return y,''end
return ah,string.format('%.0f %.0f',at,ah)
end
local function gi(x,dk)
return x..string.rep(cp,dk-#x)
end
local function kw(a,e,ct,b)
local bs=e.latest>0 and redis.call('ZRANGE',a[4],0,64-1,'WITHSCORES')or{}
if e.token~=''then
local l=1
while bs[l]and tonumber(bs[l+1])<=e.deadline do l=l+2 end
table.insert(bs,l,e.token)
table.insert(bs,l+1,e.deadline)
end
local k=-1
for c=1,#bs,2 do
k=tonumber(bs[c+1])
local v=bs[c]==e.token and e.slots or redis.call('HGET',a[3],bs[c])or''
for ab,ks in di(v)do ct=ct-(ks-ab+1)end
if ct<=0 then break end
end
return k<0 and-1 or math.max(0,k-b),bs[1]or''
end
local function dt(y)
return function(ar)
local ah=tonumber(ar)
return ah and ah<=y
end
end
local function ck(a,e,g,cf,y,b)
if#g==0 then return 0,false end
local x=gi(e.map,y)
local bx=e.is_other and 0 or fb(x,y)
local bc,cl,eh=js(g,function(cr)
bx=bx-tonumber(cr)
return bx>=0
end,b)
local cj={}
for c,o in ipairs(bc)do
local v,lv=ir(x,tonumber(o[3]),y,cf,'0-'..y-1)
x=lv or x
cj[c]=o[2]..':'..string.gsub(v or'',' ',',')
end
if#cj>0 then
cy(a[7],g,b)
redis.pcall('PUBLISH',a[8],kf(cj,eh))
end
return#cj,cl
end
aa['slots.acquire']=function(a,d)
local f,ak,ad,ay,ap=d[1],tonumber(d[2]),d[3],tonumber(d[4]),tonumber(d[5])
local hr,gc,w,b=d[8],#d>8,ed(d,9),be()
local e,aj,cd=gj(a)
local y,fh=em(a,tonumber(d[6]),tonumber(d[7]),b)
if ap>y then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',y,ap),0)end
fx(a,e,b)
local g=cc(a[7],b,dt(y))
local at=math.max(b,g.ticket)
local cw=gu(ay,at)
local x=gi(e.map,y)
local v,bv=dc(a,e,f),nil
if aj then
if ad~=''then pcall(gz,a[8],ad,ak)end
elseif v then
local j=ff(a,v,bm(a[2])or dd(a[2]))
ht(a,e,f,b+ak,b)
if jz(g,ad,b)then cy(a[7],g,b)end
return{1,j,v,fh,gc and x or nil}
else
local cx,dj=x,''
for c=2,#w do
local bb=dc(a,e,w[c])or''
cx,dj=cv(cx,bb,cp),dj..' '..bb
end
local br
if#g>0 and not gc then
local bx=fb(cx,y)
br=bx>=ap and im(g,ad,cw>0 and cw or nil,function(cr)
bx=bx-tonumber(cr)
return bx<ap
end)
end
if not br then bv=ir(cx,ap,y,hr,gc and dj or nil,f)end
if bv then
local ae=bm(a[2])
local ab=not ae and dd(a[2])
local j,s=ff(a,bv,ae or ab)+1,b+ak
iq(a,e)
for c=2,#w do
local al,aq=fw(a,e,w[c])
s=math.max(s,aq or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
j=ab or j
fp(a[2],j)
else
ib(a,bv,j,ae or ab)
end
dq(a,e,f,bv,s,b)
if jz(g,ad,b)then cy(a[7],g,b)end
return{1,j,bv,fh,gc and cv(cx,bv,dg)or nil}
end
local bx=fb(x,y)
cd,aj=kw(a,e,ap-bx,b)
if br then
ck(a,e,g,'',y,b)
if br[5]>0 then cd,aj=math.max(0,50-b+br[5]),''
else cd=-1 end
end
end
if ad~=''then
kc(g,ad,string.format('%.0f',ap),ay,0,b,at)
cy(a[7],g,b)
end
return{0,cd,aj,kd(at,b),fh}
end
aa['slots.commit']=function(a,d)
local j,v=tonumber(d[2]),d[3]
local e=dm(redis.call('GET',a[1]))
if dc(a,e,d[1])~=v then return{0}end
local ae=bm(a[2])or dd(a[2])
local ah=ff(a,v,ae)
if ah<j or not gy(a)then ib(a,v,math.max(ah,j),ae)end
return 1
end
aa['slots.extend']=function(a,d)
local f,j,ak,v=d[1],tonumber(d[2]),tonumber(d[3]),d[4]
local w,b=ed(d,7),be()
local e,aj=gj(a)
if aj then return{0,-1,aj}end
local y=em(a,tonumber(d[5]),tonumber(d[6]),b)
fx(a,e,b)
local bb=dc(a,e,f)
if bb==v and#w==1 then
ht(a,e,f,b+ak,b)
return 1
end
local cx,aq=gi(e.map,math.max(y,kr(v))),''
for al,cs in ipairs(w)do
local dj=dc(a,e,cs)or''
cx,aq=cv(cx,dj,cp),aq..' '..dj
end
if not km(cx,v)then
local kg={f,'',d[5],d[6]}
for c=2,#w do kg[c+3]=w[c]end
aa['slots.release'](a,kg)
return{0,-1,''}
end
iq(a,e)
local ae=bb~=v and(bm(a[2])or fa(a[2]))
if ae then ib(a,v,math.max(j,ff(a,v,ae)),ae)end
local s=b+ak
for al,cs in ipairs(w)do
local al,k=fw(a,e,cs)
s=math.max(s,k or 0)
end
dq(a,e,f,v,s,b)
local cf=jy(cv(cv(string.rep(cp,#cx),aq,dg),v,cp),dg)
if cf~=''then ck(a,e,cc(a[7],b,dt(y)),cf,y,b)end
return 1
end
aa['slots.release']=function(a,d)
local az,w,b=d[2],ed(d,5),be()
local an=redis.pcall('GET',a[1])
local e=dm(type(an)=='string'and an)
local cf,bj,hz,ji='',false,0,false
for al,cs in ipairs(w)do
local v,s=fw(a,e,cs)
if v then
ji,bj=true,bj or s>=b
cf,hz=cf..' '..v,math.max(hz,s)
end
end
if not ji then return 0 end
redis.pcall('ZREM',a[4],'')
local aw=redis.pcall('MGET',a[7],a[8])
local ja=aw[1]or aw[2]
if ja then fx(a,e,b)end
local k=fl(a,e,b)
if ja then
local y=em(a,tonumber(d[3]),tonumber(d[4]),b)
local g=cc(a[7],b,dt(y))
local bk,bc,cl=pcall(ck,a,e,g,cf,y,b)
if not bk then bc,cl=0,false end
if k==0 and not cl then gx(a[8],az~='')
elseif k>0 and hz>k and bc==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bj and 1 or 0
end
aa['slots.leave']=function(a,d)
local b=be()
local y=em(a,tonumber(d[2]),tonumber(d[3]),b)
local g=cc(a[7],b,dt(y))
if jo(g,d[1])then
cy(a[7],g,b)
pcall(function()ck(a,dm(redis.call('GET',a[1])),g,'',y,b)end)
end
pcall(ew,a[8],d[1])
return 1
end
aa['slots.count']=function(a,d)
local b=be()
local e,aj=gj(a)
local y,fh=em(a,tonumber(d[1]),tonumber(d[2]),b)
fx(a,e,b)
local g=cc(a[7],b,dt(y))
ck(a,e,g,'',y,b)
local bx=aj and 0 or fb(gi(e.map,y),y)
local bo=tonumber(string.match(fh,'^%d+')or 0)
return{1,bx,y,bo,#e.map-fb(e.map,#e.map)}
end
aa['slots.resize']=function(a,d)
if not bm(a[2])then dd(a[2])end
return aa['slots.count'](a,d)
end`;

const PART_17 = `aa['slots.renew']=function(a,d,ep)
local f,b,an=d[1],be(),redis.call('GET',a[1])
local e=dm(an)
local v,s=dc(a,e,f)
if v~=d[3]or s<b then
local lg=e.is_other and string.sub(an,1,2)~=gr
return{0,redis.call('PTTL',a[1]),lg and an or''}
end
local j=ff(a,v,bm(a[2])or 1)
if not ep then ht(a,e,f,b+tonumber(d[2]),b)end
return j
end`;

const PART_18 = `local ey,ha,ez={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ez=2
local ey={
['mutex.acquire']=function(h,ai,af)
local ce=q('SET',KEYS[h],ARGV[ai],'NX','PX',ARGV[af])
if not ce or ce.err then return nil end
local j=ah(KEYS[h+1])
if j then return j end
local dh=q('DEL',KEYS[h])
return type(dh)=='table'and{-1,dh.err}or nil
end,
['mutex.takeOver']=function(h,ai,af)
if q('GET',KEYS[h])~=ARGV[ai+1]then return nil end
local j=ah(KEYS[h+1])
if not j then return nil end
local ce=q('SET',KEYS[h],ARGV[ai],'PX',ARGV[af])
return not ce.err and-j or nil
end,
['mutex.extend']=function(h,ai,af)
if q('GET',KEYS[h])~=ARGV[ai]then return nil end
local t=q('PTTL',KEYS[h])
if type(t)~='number'or t<0 then return nil end
if t<tonumber(ARGV[af])and q('PEXPIRE',KEYS[h],ARGV[af])~=1 then return nil end
return 1
end,
['mutex.release']=function(h,ai)
local ac=q('MGET',KEYS[h],KEYS[h+1])
if ac.err or ac[2]then return nil end
if ac[1]~=ARGV[ai]then return 0 end
return q('DEL',KEYS[h])==1 and 1 or nil
end,
}`,
    PART_2,
    `local ha={
['mutex.release']=function(h,ai,dk,co)
local ac=q('MGET',unpack(KEYS,h,h+2*dk-1))
if ac.err then return 0 end
local bb,jg,hv,dp={},{},{},0
for c=1,dk do
if ac[2*c]then break end
local p=KEYS[h+2*c-2]
local bl=ac[2*c-1]==ARGV[ai+c-1]and not jg[p]
co[#co+1]=bl and 1 or 0
if bl then
jg[p]=true
bb[#bb+1]=p
hv[#bb]=#co
end
dp=c
end
local dh=#bb>0 and q('DEL',unpack(bb))
if type(dh)=='table'then
for c=1,#hv do co[hv[c]]={-1,dh.err}end
end
return dp
end
}`,
    PART_3,
    PART_4,
    `local function dq(m,f,ak,bl)
if not bl then redis.call('SET',m,f,'PX',ak)
else
local t=redis.call('PTTL',m)
if t>=0 and t<tonumber(ak)then redis.call('PEXPIRE',m,ak)end
end
end
local function ij(a,f,lt,ak,ad)
local ec=ad==''and 2 or 3
local bl,bz,cm={},true,false
local cd,aj
for c=1,#a,ec do
local i=redis.call('GET',a[c])
bl[c]=i==f
if i~=f then bz=false end
if i and i==lt then
cm=true
elseif i and i~=f then
local t=redis.call('PTTL',a[c])
if not aj or(cd~=-1 and(t==-1 or t>cd))then
cd,aj=t,i
end
end
end
if ad~=''then
for c=3,#a,3 do pcall(gz,a[c],ad,tonumber(ak))end
end
if aj then return{0,cd,aj}end
local j=0
for c=2,#a,ec do
local k=bm(a[c])
j=math.max(j,k and(bz and k or k+1)or dd(a[c]))
end
for c=1,#a,ec do
dq(a[c],f,ak,bl[c])
fp(a[c+1],j)
end
return cm and-j or j
end
aa['mutex.acquire']=function(a,d)
return ij(a,d[1],nil,d[2],d[3])
end
aa['mutex.takeOver']=function(a,d)
return ij(a,d[1],d[2],d[3],d[4])
end
aa['mutex.commit']=function(a,d)
for c=1,#a,2 do
if redis.call('GET',a[c])~=d[1]then return{0}end
end
for c=2,#a,2 do
if not bm(a[c])then dd(a[c])end
eq(a[c],tonumber(d[2]))
end
return 1
end
aa['mutex.extend']=function(a,d)
local f,j,ak=d[1],tonumber(d[2]),d[3]
local bl={}
for c=1,#a,2 do
local i=redis.call('GET',a[c])
if i and i~=f then return{0,redis.call('PTTL',a[c]),i}end
bl[c]=i==f
end
for c=1,#a,2 do
local hd=not bl[c]and(bm(a[c+1])or fa(a[c+1]))
if hd then eq(a[c+1],j)end
end
for c=1,#a,2 do dq(a[c],f,ak,bl[c])end
return 1
end
aa['mutex.release']=function(a,d)
local f,az=d[1],d[2]
local bj,ek=false,false
for c=1,#a,2 do
local i=redis.pcall('GET',a[c])
if az~=''then pcall(ew,a[c+1],az)end
if i==f then
redis.call('DEL',a[c])
bj=true
if gx(a[c+1],az~='')then ek=true end
elseif type(i)=='table'and i.err and not string.find(i.err,'WRONGTYPE',1,true)then
error(i.err)
end
end
if not bj then return 0 end
return ek and-1 or 1
end
aa['mutex.leave']=function(a,d)
pcall(ew,a[1],d[1])
return 1
end
aa['mutex.renew']=function(a,d)
local j=1
for c=1,#a,2 do
local i=redis.call('GET',a[c])
if i~=d[1]then return{0,redis.call('PTTL',a[c]),i or''}end
j=math.max(j,bm(a[c+1])or 1)
end
for c=1,#a,2 do dq(a[c],d[1],d[2],true)end
return j
end
aa['mutex.query']=function(a)
local r={1}
for c=1,#a,2 do
r[#r+1]=redis.call('GET',a[c])or''
r[#r+1]=redis.call('PTTL',a[c])
r[#r+1]=es(a[c+1])or''
end
return r
end`,
    PART_5,
    PART_6,
  ],
  "7c6aac0581db9894076c4a5a6db3d34d326b7954",
  "c63a086ec95f81e3597ef7ffad2c34e4c0a207d1",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ez=81
local ey={
['modes.acquire']=function(h,ai,af,ap)
local f,ak,am,ch=ARGV[ai],ARGV[af],ARGV[af+1],KEYS[h+ap-1]
if ARGV[af+2]~=''then return nil end
if ap~=4 then
local al,kx=string.gsub(am,' ','')
if ap~=3*kx+4 then return nil end
end
local fe,er
if q('EXISTS',unpack(KEYS,h,h+ap-2))~=0 then
local ac,l=q('MGET',unpack(KEYS,h,h+ap-2)),1
if ac.err then return nil end
fe={}
er={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for n in string.gmatch(am,'%u+')do
local i,p,ao=ac[l],KEYS[h+l-1],KEYS[h+l]
if ac[l+2]then return nil end
if not i then
if q('EXISTS',p,ao)~=0 then return nil end
else
if n=='X'or n=='SIX'then return nil end
local t,bb,aj=q('PTTL',p),nil,nil
if type(t)~='number'or t<=0 then return nil end
if i=='~s'then
if q('ZSCORE',ao,f)then return nil end
local ab=(n=='IX'and 3)or(n=='S'and 2)
if ab and q('ZCOUNT',ao,ab..'00000000000000','('..ab+2 ..'00000000000000')~=0 then
return nil
end
else
bb,aj=string.match(i,'^~s ([ISX]+) (.*)$')
if not er[bb]or aj==f or(n~=bb and n~='IS'and bb~='IS')then return nil end
if q('EXISTS',ao)~=0 then return nil end
end
fe[l]={t,bb,aj}
end
l=l+3
end
end
local j
if am=='X'or string.find(' '..am,' X',1,true)or string.find(am,'SIX',1,true)then
j=ah(ch)
if not j then return nil end
else
local i=q('GET',ch)
j=not i and ah(ch)or(type(i)=='string'and string.match(i,'^%d+$')and tonumber(i))
if not j or j<1 or j>=9000000000000000 then return nil end
end
if ap==4 and not fe then
local ce=q('SET',KEYS[h],am=='X'and f or'~s '..am..' '..f,'PX',ak)
return not ce.err and j or nil
end
local l,b=1,nil
for n in string.gmatch(am,'%u+')do
local p,gd=KEYS[h+l-1],fe and fe[l]
if gd then
local ao,en,t,aj=KEYS[h+l],tonumber(ak),gd[1],gd[3]
if not b then
local as=q('TIME')
if as.err then return nil end
b=tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
end
local ag,bk=string.format('%.0f',er[n]+b+en),nil
if aj then
local jq=math.max(t,en)
bk=q('ZADD',ao,string.format('%.0f',er[gd[2]]+b+t),aj,ag,f)==2
and q('PEXPIRE',ao,jq)==1 and not q('SET',p,'~s','PX',jq).err
else
q('ZREMRANGEBYSCORE',ao,string.format('%.0f',er[n]),string.format('(%.0f',er[n]+b))
bk=q('ZADD',ao,ag,f)==1
local ka=q('PTTL',ao)
if type(ka)~='number'or ka<en then
bk=q('PEXPIRE',ao,en)==1 and bk
end
if t<en then bk=q('PEXPIRE',p,en)==1 and bk end
end
if not bk then return nil end
else
local ce=q('SET',p,n=='X'and f or'~s '..n..' '..f,'PX',ak)
if ce.err then return nil end
end
l=l+3
end
return j
end,
['modes.extend']=function(h,ai,af,ap)
local f,ak,l=ARGV[ai],ARGV[af],1
local ac=ARGV[af-1]=='2'and q('MGET',unpack(KEYS,h,h+ap-1))
if not ac or ac.err then return nil end
for n in string.gmatch(ARGV[af+1],'%u+')do
if ac[l]~=(n=='X'and f or'~s '..n..' '..f)then return nil end
l=l+4
end
for p=h,h+l-2,4 do
local t=q('PTTL',KEYS[p])
if type(t)~='number'or t<0 then return nil end
if t<tonumber(ak)and q('PEXPIRE',KEYS[p],ak)~=1 then return nil end
end
return 1
end,
['modes.release']=function(h,ai,al,ap)
local f,ac=ARGV[ai],nil
if ap==4 then
local i,ci,ma=unpack(q('MGET',KEYS[h],KEYS[h+2],KEYS[h+3]))
if not i or ci or ma then return nil end
if i==f or string.match(i,'^~s [ISX]+ (.*)$')==f then
return q('DEL',KEYS[h])==1 and 1 or nil
end
ac={i}
else
ac=q('MGET',unpack(KEYS,h,h+ap-1))
if ac.err then return nil end
end
local cn,gm,hx,b={},{},{},nil
for l=1,ap,4 do
local i,p,ao=ac[l],KEYS[h+l-1],KEYS[h+l]
if not i or ac[l+2]or ac[l+3]then return nil end
if i=='~s'then
local ag=q('ZSCORE',ao,f)
local t=q('PTTL',p)
if type(ag)~='string'or type(t)~='number'or t<0 then return nil end
if not b then
local as=q('TIME')
b=tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
end
local s=tonumber(ag)%100000000000000
local ae=tonumber(ag)-s
if s<b then return nil end
local jr,jf=string.format('%.0f',ae),string.format('(%.0f',ae+100000000000000)
local k=q('ZREVRANGEBYSCORE',ao,jf,jr,'WITHSCORES','LIMIT',0,2)
if k.err then return nil end
local z,hk=tonumber(k[2])-ae,nil
if k[1]==f then
hk=q('ZCARD',ao)
z=k[4]and tonumber(k[4])-ae
if z and(z<b or q('ZCOUNT',ao,jr,jf)~=hk)then return nil end
if not z and hk~=1 then return nil end
elseif t>z-b+1 then
return nil
end
if not z then
cn[#cn+1]=p
elseif t>z-b+1 then
hx[#hx+1]={p,math.max(1,z-b)}
end
gm[#gm+1]=ao
elseif i==f or string.match(i,'^~s [ISX]+ (.*)$')==f then
cn[#cn+1]=p
else
return nil
end
end
for al,an in ipairs(hx)do
if q('PEXPIRE',an[1],an[2])~=1 then return nil end
end
for al,ao in ipairs(gm)do
if q('ZREM',ao,f)~=1 then return nil end
end
local dh=#cn==0 or q('DEL',unpack(cn))
if type(dh)=='table'then return#gm>0 and{-1,dh.err}or nil end
return 1
end
}
local ha={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    PART_10,
    `aa['modes.position']=function(a,d)
local b=be()
local g=cc(a[3],b,du)
local l,gv,bp=hq(g,d[1]),0,0
local ag=l and g[l][1]or math.max(b,g.ticket)+1-tonumber(d[2])
for c=1,#g do
local o=db(g,c)
if not o[7]and o[5]>=0 then
bp=bp+1
if o[2]~=d[1]and not hg(o,ag,d[1])then gv=gv+1 end
end
end
return{1,gv,bp,redis.call('EXISTS',a[1])}
end
aa['modes.stay']=function(a,d)
local b=be()
local g=cc(a[3],b,du)
if gl(g,d[1],b)then cy(a[3],g,b)end
return 1
end`,
    `aa['modes.query']=function(a)
local r,b={1},be()
for al,u in ipairs(dw(a,#a/4,4))do
local ee={es(u.wake)}
local g=cc(u.line,b,du)
for c=1,#g do
local o=db(g,c)
if o[4]>=b and o[5]>=0 then ee[#ee+1]=o[2]end
end
r[#r+1]=redis.call('GET',u.lock)or''
r[#r+1]=redis.call('PTTL',u.lock)
r[#r+1]=table.concat(ee,' ')
local hf=redis.call('ZRANGE',u.shared,0,-1,'WITHSCORES')
local l=#r+1
r[l]=0
for c=1,#hf,2 do
local t=tonumber(hf[c+1])%cz-b
if t>=0 then
r[l]=r[l]+1
r[#r+1]=hf[c]
r[#r+1]=t
end
end
end
return r
end`,
    PART_11,
    PART_5,
    PART_6,
  ],
  "564f0cede09b797db8bd95197e7fa02f30f478d3",
  "591f6d965009e374fadedc5da1ee383d224470fd",
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
    `aa['slots.query']=function(a)
local b=be()
local e,bg,t=gj(a)
local bo,y=hs(a[6],a[1],b)
local ee={es(a[8])}
local g=cc(a[7],b,dt(math.huge))
for c=1,#g do
local o=db(g,c)
if o[4]>=b then ee[#ee+1]=o[2]end
end
local r={1,bg or'',t or-2,y or 0,bo or 0,table.concat(ee,' ')}
local function ik(f,v,s)
if v and s>=b then
local l=#r
r[l+1],r[l+2],r[l+3]=f,v,s-b
end
end
if e.token~=''then ik(e.token,e.slots,e.deadline)end
if e.latest>0 then
local kb,bb={},redis.call('HGETALL',a[3])
for c=1,#bb,2 do kb[bb[c]]=bb[c+1]end
local bs=redis.call('ZRANGE',a[4],0,-1,'WITHSCORES')
for c=1,#bs,2 do
if bs[c]~=e.token then ik(bs[c],kb[bs[c]],tonumber(bs[c+1]))end
end
end
return r
end`,
    PART_5,
    PART_6,
  ],
  "8994fa16cf8f34ae4ed1118588e89686fd272913",
  "b50dbad649d4c828b11d33eda72434e5266708ec",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function jw(m)
local cg=redis.pcall('GET',m)
return type(cg)=='string'and cg or''
end
local function jx(m,kt,i)
local dy=jw(m)
local as=redis.call('TIME')
local b=string.format('%.0f',tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000))
if dy==kt then
dy=i(tonumber(b))
redis.call('SET',m,dy)
end
return{1,dy,b}
end
aa['marker.replace']=function(a,d)
return jx(a[1],d[1],function()return d[2]end)
end
aa['marker.lose']=function(a,d)
return jx(a[1],d[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(d[2]))
end)
end`,
    `aa['identify']=function(a)
local et=''
local function gk(ly)
local fz=redis.pcall('INFO',ly)
if type(fz)=='table'then fz,et='',fz.err end
return function(kv)return string.match(fz,'%f[%w_]'..kv..':([^\\r\\n]*)')or''end
end
local eu,hl,hu=gk('server'),gk('memory'),gk('replication')
local as=redis.call('TIME')
local n=eu('redis_mode')
if n==''then n=eu('server_mode')end
local ke=eu('valkey_version')
return{
1,eu('run_id'),tonumber(eu('uptime_in_seconds'))or-1,
tonumber(as[1])*1000000+tonumber(as[2]),
tonumber(gk('persistence')('aof_enabled'))or-1,
hl('maxmemory_policy'),tonumber(hl('maxmemory'))or-1,
hu('role'),n,hu('master_replid'),hu('master_replid2'),
a[1]and jw(a[1])or'',et,
tonumber(hl('used_memory'))or-1,ke~=''and'valkey '..ke or eu('redis_version')
}
end`,
    PART_14,
    `aa['counters.read']=function(a)
local r,b={1},be()
for c=1,#a,2 do
local fd,j=pcall(bm,a[c])
r[#r+1]=fd and j and string.format('%.0f',j)or''
end
for c=2,#a,2 do
local da,cn,cj=redis.pcall('HGETALL',a[c]),{},{}
for l=1,da.err and 0 or#da,2 do
cn[#cn+1],cj[da[l]]=da[l],da[l+1]
end
table.sort(cn)
for al,p in ipairs(cn)do
local bo,y=ho(cj[p],b)
if bo then
for al,i in ipairs({c/2,p,string.format('%.0f',bo),y})do r[#r+1]=i end
end
end
end
return r
end
local function jv(a,d,av)
local v,b=#a/2,be()
for c=1,v do
local m=a[2*c-1]
local fd,j=pcall(bm,m)
if fd and d[c]~=''then
if not j then av(m)end
eq(m,tonumber(d[c]))
end
end
for l=v+1,#d,4 do
pcall(lu,a[2*tonumber(d[l])],d[l+1],tonumber(d[l+2]),tonumber(d[l+3]),b)
end
return 1
end
aa['counters.raise']=function(a,d)
return jv(a,d,dd)
end
aa['counters.restore']=function(a,d)
return jv(a,d,function()end)
end
aa['counters.lift']=function(a,d)
for c=1,#a do
local fd,j=pcall(bm,a[c])
if fd and j then eq(a[c],tonumber(d[1]))end
end
return 1
end`,
    `aa['set.note']=function(a,d)
local ce,dj,fg=d[1],d[2],tonumber(d[3])
local as=redis.call('TIME')
local b=tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
local hy,jh,iy=b,false,false
local cu,ar={},redis.pcall('GET',a[1])
for ci in string.gmatch(type(ar)=='string'and ar or'','[^\\n]+')do
local gf,ab,z,ex,lp=string.match(ci,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
ab,z,ex=tonumber(ab),tonumber(z),tonumber(ex)
if gf and ab<=z and z<=b and b<ex and ex<=b+3600000 then
if gf==ce then
hy,jh=ab,b-z<tonumber(d[4])
elseif gf==dj then
iy=true
else
cu[#cu+1]={ci,gf,z,ab,ex,lp}
end
end
end
local r,aw,k={1},{},b+fg
for c=math.max(1,#cu-16+2),#cu do
local bg=cu[c]
aw[#aw+1]=bg[1]
k=math.max(k,bg[5])
r[#r+1]=bg[2]
r[#r+1]=bg[3]-math.max(bg[4],hy)
r[#r+1]=bg[5]-b
r[#r+1]=bg[6]
end
if not jh or iy then
aw[#aw+1]=string.format('%s %.0f %.0f %.0f %s',ce,hy,b,b+fg,d[5])
redis.call('SET',a[1],table.concat(aw,'\\n'),'PX',string.format('%.0f',k-b))
end
return r
end`,
    PART_5,
    PART_6,
  ],
  "ce1b5fadaf1173f1f5c392a63731388d59371ce2",
  "04d373a4781a0d5e6c19d615bff2092237ccbffd",
);

export const HOLD_SUMMARY_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `aa['hold.summary']=function(a,d)
local fm=redis.pcall('GET',a[1])
if type(fm)~='string'or#fm>256 then fm=''end
if d[1]~=''then
local t,fg=redis.call('PTTL',a[1]),tonumber(d[2])
if fm==''or t<=fg-tonumber(d[3])or t>fg then
redis.call('SET',a[1],d[1],'PX',d[2])
end
end
return{1,fm}
end`,
    PART_5,
    PART_6,
  ],
  "56a3c42250babc56003819f203153f0ec3397280",
  "d42824a02d80a6f9101feeb815bf040b294bcbd9",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    PART_12,
    `local ez=13
local function hn(h,ai,af,ap,cb)
local f,p=ARGV[ai],KEYS[h+8]
if cb=='quota.acquire'then
local n=ARGV[af+10]
if ap~=12 or ARGV[af]~='modes.acquire'or ARGV[af-1]~='12'or ARGV[af+11]~=''then return nil end
local bw=(n=='X'or n=='SIX')and 1 or(n=='S'or n=='IX'or n=='IS')and 0
local r=bw and eo(h,ai,af+2,ap,'slots.acquire',bw)
if not r then return nil end
bi('SET',p,n=='X'and f or'~s '..n..' '..f,'PX',ARGV[af+9])
return dl(r)
end
if cb=='quota.extend'then
if ap~=13 or ARGV[af]~='modes.extend'or ARGV[af-1]~='10'then return nil end
local n,ak=ARGV[af+9],ARGV[af+8]
if q('GET',p)~=(n=='X'and f or'~s '..n..' '..f)then return nil end
local t=q('PTTL',p)
if type(t)~='number'or t<0 then return nil end
local r=eo(h,ai,af+2,ap,'slots.extend')
if r and t<tonumber(ak)then bi('PEXPIRE',p,ak)end
return dl(r)
end
if ap~=12 or ARGV[af]~='modes.release'or ARGV[af-1]~='6'then return nil end
local ac=q('MGET',KEYS[h],KEYS[h+6],KEYS[h+7],p,KEYS[h+10],KEYS[h+11])
local i=ac[4]
if not i or ac[5]or ac[6]then return nil end
if i~=f and string.match(i,'^~s [ISX]+ (.*)$')~=f then return nil end
local r=eo(h,ai,af+2,ap,'slots.release',ac)
if not r then return nil end
if r~=2 then bi('DEL',p)end
return dl(1)
end
local ey={['quota.acquire']=hn,['quota.extend']=hn,['quota.release']=hn}`,
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
    `local ih=8
local function fj(a,d)
local bh,ca,bn,bu={},{},{d[1]},{d[1]}
local ah=tonumber(d[3])
for c,m in ipairs(a)do
if c<=ih then bh[c]=m
else ca[c-ih]=m end
end
for c=4,#d do
if c<4+ah then bn[c-2]=d[c]
else bu[c-2-ah]=d[c]end
end
return bh,bn,ca,bu
end
local function jt(a,d,ab)
local e,bf,b=dm(redis.call('GET',a[1])),{},be()
local al,lo=dc(a,e,d[1])
for c=ab,#d do
local v,s=dc(a,e,d[c])
if v and s>b then bf[#bf+1]={d[c],v,s}end
end
return(lo or 0)>=b,bf
end
local function ky(a,f,bf,b)
local e=dm(redis.call('GET',a[1]))
fw(a,e,f)
for al,hp in ipairs(bf)do dq(a,e,hp[1],hp[2],hp[3],b)end
fl(a,e,b)
end
local function jp(a,f,bf,bz,cb,ca,bu)
local bk,p=pcall(aa[cb],ca,bu)
if bk and(type(p)=='number'or p[1]==1)then return p end
if not bz then ky(a,f,bf,be())end
if not bk then error(p,0)end
return nil,{0,p[2],p[3],p[4],p[5],2}
end
aa['quota.acquire']=function(a,d)
local bh,bn,ca,bu=fj(a,d)
local bz,bf=jt(bh,bn,9)
local au=aa['slots.acquire'](bh,bn)
if au[1]==0 then return{0,au[2],au[3],au[4],au[5],1}end
local p,et=jp(bh,d[1],bf,bz,d[2],ca,bu)
if not p then
if#bf==0 and not bz then
local b=be()
local y=em(bh,tonumber(bn[6]),tonumber(bn[7]),b)
local e,g=dm(redis.call('GET',bh[1])),cc(bh[7],b,dt(y))
ck(bh,e,g,au[3],y,b)
end
return et
end
if type(p)=='number'then return{1,math.abs(p),au[3],au[4],au[5]or''}end
return{1,p[2],au[3],au[4],au[5]or'',p[3],p[4],p[5]or''}
end
aa['quota.convert']=function(a,d)
local bh,bn,ca,bu=fj(a,d)
local bz,bf=jt(bh,bn,7)
local au=aa['slots.extend'](bh,bn)
if au~=1 then return{0,au[2],au[3],'0','',1}end
local p,et=jp(bh,d[1],bf,bz,d[2],ca,bu)
return p and{1,math.abs(p),bn[4],'',''}or et
end
local function io(a,d,cb)
local bh,bn,ca,bu=fj(a,d)
local au=aa[cb](bh,bn)
if au~=1 then return au end
return aa[d[2]](ca,bu)
end
aa['quota.commit']=function(a,d)return io(a,d,'slots.commit')end
aa['quota.extend']=function(a,d)return io(a,d,'slots.extend')end
aa['quota.release']=function(a,d)
local bh,bn,ca,bu=fj(a,d)
local bk,au=pcall(aa['slots.release'],bh,bn)
local p=aa[d[2]](ca,bu)
if not bk then error(au,0)end
return p~=0 and p or au
end`,
    `aa['quota.renew']=function(a,d)
local bh,bn,ca,bu=fj(a,d)
local p
for al,ep in ipairs({true,false})do
local au=aa['slots.renew'](bh,bn,ep)
if type(au)~='number'then return au end
p=aa[d[2]](ca,bu,ep)
if type(p)~='number'then return p end
end
return p
end`,
    PART_5,
    PART_6,
  ],
  "18406fae1e09ffa72916cd686f5925f7f7d74389",
  "60a2fb36bf00b1a631990770154462699e36aa43",
);
