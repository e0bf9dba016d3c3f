// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local m=redis.pcall
local function ag(n)
local l=m('INCR',n)
if type(l)~='number'then return nil end
if l>1 and l<=9000000000000000 then return l end
if l==1 and not IS_CLUSTER then
local cb=m('GET',string.match(n,'^(.*)~fence:')..'~server')
local ea=type(cb)=='string'and string.match(cb,'^complete .* (%d+)$')
local bn=ea and m('SET',n,ea)
if bn and not bn.err then return tonumber(ea)end
end
m(l>1 and'DECR'or'DEL',n)
return nil
end`;

const PART_2 = `if#KEYS<=ep and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local fr=eo[ARGV[1]]
local w=fr and fr(1,6+ARGV[5],6,#KEYS,ARGV[1])
if w then return w end
end`;

const PART_3 = `local function general()
local ad={}
local function bm(n)
local j=redis.call('GET',n)
if not j then return nil end
local l=string.match(j,'^-?%d+$')and tonumber(j)
if not l or l>=9000000000000000 then
error('the fencing counter '..n..' cannot be counted up: '..j..'; delete it together with '
..string.match(n,'^(.*)~fence:')..'~server, on one server after another')
end
return l>0 and l or nil
end
local function fb(n,l)
redis.call('SET',n,string.format('%.0f',l))
end
local function eq(n)
if not IS_CLUSTER then
local cb=redis.pcall('GET',string.match(n,'^(.*)~fence:')..'~server')
if type(cb)~='table'or string.find(cb.err,'WRONGTYPE',1,true)then
return type(cb)=='string'and tonumber(string.match(cb,'^complete .* (%d+)$'))or nil
end
end
local as=redis.call('TIME')
local b=tonumber(as[1])*1000000+tonumber(as[2])
return math.max(1,b-b%16384)
end
local function cx(n)
local ea=eq(n)
if ea then return ea end
redis.call('DEL',n)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function ei(n,l)
local dq=bm(n)
if not dq then l=math.max(l,eq(n)or 0)end
if(dq or 0)<l then fb(n,l)end
end`;

const PART_4 = `local function ew(n)
local bk=redis.pcall('GET',n)
return type(bk)=='string'and bk or nil
end
local function gi(n,av,ak)
ak=math.max(ak,20000)
local bk=ew(n)
if not bk then
redis.call('SET',n,av,'PX',ak)
elseif string.find(' '..bk..' ',' '..av..' ',1,true)then
redis.call('PEXPIRE',n,math.max(redis.call('PTTL',n),ak))
elseif#bk+1<256*(#av+1)then
redis.call('SET',n,bk..' '..av,'PX',math.max(redis.call('PTTL',n),ak))
end
end
local function em(n,av)
local bk=ew(n)
if not bk then return end
local cr={}
for bg in string.gmatch(bk,'%S+')do
if bg~=av then cr[#cr+1]=bg end
end
if#cr==0 then redis.call('DEL',n)
else redis.call('SET',n,table.concat(cr,' '),'PX',math.max(redis.call('PTTL',n),1))end
end
local function gg(n,kt)
local bk=ew(n)
if not bk then return false end
local aa=kt and string.match(bk,'%S+')or''
if aa~=''then em(n,aa)end
redis.pcall('PUBLISH',n,aa)
return aa~=''
end`;

const PART_5 = `return ad
end`;

const PART_6 = `local function lc(fr,h,ed,ai,t,af,am)
local a,d={unpack(KEYS,h,h+ed-1)},{unpack(ARGV,ai,ai+t-1)}
for c=1,am do d[t+c]=ARGV[af+c-1]end
local bc,w=pcall(fr,a,d)
if bc then return w end
if type(w)=='table'then w=w.err or w[1]end
return{-1,tostring(w)}
end
local cm,ad,h,ai={},nil,1,1
while ai<=#ARGV do
local by,df,ed=ARGV[ai],tonumber(ARGV[ai+1]),tonumber(ARGV[ai+2])
local t,am,af=tonumber(ARGV[ai+3]),tonumber(ARGV[ai+4]),ai+5
ai=af+am
local ih=ed<=ep
local ie=ih and eo[by]
local id=ih and df>1 and gj[by]
local di=0
while di<df do
local ag=id and id(h,ai,df-di,cm)or 0
if ag==0 then
local w=ie and ie(h,ai,af,ed,by)
if not w then
ad=ad or general()
w=lc(ad[by],h,ed,ai,t,af,am)
end
cm[#cm+1]=w
ag=1
end
h,ai,di=h+ag*ed,ai+ag*t,di+ag
end
end
return#cm==1 and cm[1]or cm`;

const PART_7 = `local function fd(ac)return string.match(ac,'^%w+')or''end
local function dc(f,c)
local ap=f[c]
if type(ap)~='string'then return ap end
local ah,ac,co,s,ay,ax=
string.match(ap,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local p
if co and f.is_demand(co)then
p={tonumber(ah),ac,co,tonumber(s),tonumber(ay),tonumber(ax),false,ap}
else
p={0,'','',0,0,0,true,ap}
end
f[c]=p
return p
end
local function fc(f,p)
f.check=math.min(f.check,p[4]+1)
if p[5]>0 then f.check=math.min(f.check,p[5]+50+1)end
end
local function kc(f,b)
local gf,dr=0,{}
local ag=#f
f.check=math.huge
for c=1,ag do
local p=dc(f,c)
f[c]=nil
if p[4]>=b then
gf=gf+1
f[gf]=p
fc(f,p)
if p[5]>0 and b-p[5]>50 then
local av=fd(p[2])
dr[av]=math.max(dr[av]or 0,p[5])
p[7]=true
end
end
end
if not next(dr)then return end
for al,p in ipairs(f)do
local av=fd(p[2])
if dr[av]and p[4]-3000>dr[av]then dr[av]=nil end
end
for al,p in ipairs(f)do p[7]=p[7]or dr[fd(p[2])]~=nil end
end
local function cc(n,b,ko)
local ap=redis.pcall('GET',n)
local f={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=ko}
local at,i,ax
if type(ap)=='string'then at,i,ax=string.match(ap,'^(%d+) (%d+) (%d+);')end
if not at then return f end
f.check,f.last,f.ticket=tonumber(at),tonumber(i),tonumber(ax)
local ag=0
for cp in string.gmatch(ap,';([^;]+)')do
ag=ag+1
f[ag]=cp
end
if b>=f.check then kc(f,b)end
return f
end
local function cu(n,f,b)
if#f==0 then
redis.call('DEL',n)
return
end
local ci={string.format('%.0f %.0f %.0f',f.check,f.last,f.ticket)}
for c,p in ipairs(f)do
ci[c+1]=type(p)=='string'and p or p[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(p,1,6))
end
redis.call('SET',n,table.concat(ci,';'),'PX',math.max(1,f.last-b))
end
local function go(p,ah,ac)
return p[1]>ah or(p[1]==ah and p[2]>ac)
end
local function hv(f,ac,ah,kb)
local bp
for c=1,#f do
local p=dc(f,c)
if p[2]==ac or(ah and go(p,ah,ac))then break end
if not p[7]and kb(p[3])then
if bp then return bp,true end
bp=p
end
end
return bp,false
end
local function gy(f,ac)
local lb=' '..ac..' '
for c,p in ipairs(f)do
if type(p)~='string'or string.find(p,lb,1,true)then
if dc(f,c)[2]==ac then return c end
end
end
end
local function fv(f,ac,b)
local k=ac~=''and gy(f,ac)
if not k then return nil end
local p=dc(f,k)
p[4],p[5],p[7],p[8]=b+3000,0,false,nil
f.last=math.max(f.last,p[4])
return k
end
local function jo(f,ac,b)
local k=fv(f,ac,b)
if not k then return false end
local p=f[k]
p[5],p[7]=math.max(1,b-50-1),true
fc(f,p)
return true
end
local function jq(f,ac,co,ax,dn,b,z)
local k=fv(f,ac,b)
if k and f[k][6]>=ax then
f[k][3]=co
return k
end
if k then table.remove(f,k)end
if ax==0 then ax=z+1 end
local ah=ax-dn
k=#f+1
while k>1 and go(dc(f,k-1),ah,ac)do k=k-1 end
local p={ah,ac,co,b+3000,0,ax,false}
table.insert(f,k,p)
fc(f,p)
f.last,f.ticket=math.max(f.last,p[4]),math.max(f.ticket,ax)
f[256+1]=nil
return k
end
local function iz(f,ac)
local k=gy(f,ac)
if k then table.remove(f,k)end
return k~=nil
end
local function jf(f,ck,b)
local ay,fe,gq={},{},false
for c=1,#f do
local p=dc(f,c)
if not p[7]then
local av=fd(p[2])
gq=gq or not ck(p[3])
if gq then
if not next(fe)then break end
if not fe[av]then return ay,true,p[2]end
else
if p[5]<=0 then
p[5],p[8]=b,nil
fc(f,p)
ay[#ay+1]=p
end
fe[av]=true
end
end
end
return ay,next(fe)~=nil,nil
end
local function jr(ci,dz)
return table.concat(ci,' ')..(dz and' ~'..dz or'')
end`;

const PART_8 = `local fz={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function dm(ap)return fz[ap]end
local function ia(kx,bg)return string.find(fz[kx],' '..bg..' ',1,true)end
local function ks(kw)
local fi={}
return function(o)
if fi[o]==nil then fi[o]=not kw(o)end
if not fi[o]then return false end
for bg in string.gmatch(fz[o],'%u+')do fi[bg]=false end
return true
end
end`;

const PART_9 = `local cz,hp='~s','~p'
local dg,gb=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local hs={'IS','IX','SIX','S'}
local gc={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=hs}
local function bf()
local as=redis.call('TIME')
return tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
end
local function gt(ap)
local ao={}
for o in string.gmatch(ap,'%u+')do
if not gc[o]then error('unknown mode '..o,0)end
ao[#ao+1]=o
end
return ao
end
local function eg(a,ag,dv)
local bl={['fences']={unpack(a,ag*dv+1)}}
for c=1,ag do
local h=(c-1)*dv
bl[c]={['lock']=a[h+1],['shared']=a[h+2],['line']=a[h+3],['wake']=dv>3 and a[h+4]}
end
return bl
end
local function dw(d,aa)
local t={d[1],[d[1]]=true}
for c=aa,#d do
t[#t+1]=d[c]
t[d[c]]=true
end
return t
end
local function ey(j)
if not j or string.sub(j,1,3)~='~s 'then return nil end
local o,g=string.match(j,'^~s (%u+) (.*)$')
if gc[o]then return o,g end
end
local function fa(kv)return string.format('%.0f',kv)end
local function iv(n,o,ag)
local ae=gb[o]*dg
return redis.pcall('ZREVRANGEBYSCORE',n,'('..fa(ae+dg),fa(ae),'WITHSCORES','LIMIT',0,ag),ae
end
local function fq(r,o,t,b)
local j=redis.call('GET',r.lock)
if j and(j==hp or string.sub(j,1,3)==hp..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local ds,bi=ey(j)
if bi then
local u=not t[bi]and redis.call('PTTL',r.lock)
if u and(u==-1 or ia(o,ds))then return u,bi end
return nil
end
if t[j]then return nil end
if j and j~=cz then return redis.call('PTTL',r.lock),j end
local i,aj
if not j and redis.call('EXISTS',r.shared)==0 then return nil end
for al,lh in ipairs(gc[o])do
local ab,ae=iv(r.shared,lh,#t+1)
if ab.err then error(ab.err,0)end
for c=1,#ab,2 do
local s=tonumber(ab[c+1])-ae
if not t[ab[c]]then
if s>=b and(not i or s>i)then i,aj=s,ab[c]end
break
end
end
end
if i then return i-b,aj end
end
local function ix(r,b)
local z
if redis.call('EXISTS',r.shared)==0 then return nil end
for al,o in ipairs(hs)do
local ab,ae=iv(r.shared,o,1)
local ah=tonumber(ab[2])
if ah and ah-ae>=b then z=math.max(z or 0,ah-ae)end
end
return z
end
local function gp(r,o,t)
local j=redis.call('GET',r.lock)
if o=='X'then return t[j]end
local ds,bi=ey(j)
if bi then return t[bi]and ds==o end
for al,g in ipairs(t)do
local ah=redis.call('ZSCORE',r.shared,g)
if ah and math.floor(tonumber(ah)/dg)==gb[o]then return true end
end
return false
end
local function kq(r,t)
local j=redis.call('GET',r.lock)
local al,bi=ey(j)
if bi then return t[bi]end
if t[j]then return true end
for al,g in ipairs(t)do
if redis.call('ZSCORE',r.shared,g)then return true end
end
return false
end
local function hu(n,o,g,s,b)
local ae=gb[o]*dg
redis.call('ZREMRANGEBYSCORE',n,fa(ae),'('..fa(ae+b))
redis.call('ZADD',n,fa(ae+s),g)
if redis.call('PTTL',n)<s-b then redis.call('PEXPIRE',n,s-b)end
end
local function iq(r,o,t,ak,b)
local q,am,g,cl=r.lock,r.shared,t[1],false
local j=redis.call('GET',q)
local s=b+ak
local ds,bi=ey(j)
local aj,kn=bi or j,ds or'X'
if t[aj]then
local u=redis.call('PTTL',q)
if u==-1 and aj==g and o==kn then return false end
s=math.max(s,b+u)
if bi==g and o==ds then
redis.call('SET',q,j,'PX',s-b)
return false
end
cl=aj~=g
j=nil
elseif bi then
local u=math.max(1,redis.call('PTTL',q))
hu(am,ds,bi,b+u,b)
redis.call('SET',q,cz,'PX',u)
j=cz
end
if j~=cz and(o~='X'or bi)and redis.call('EXISTS',am)==0 then
redis.call('SET',q,o=='X'and g or'~s '..o..' '..g,'PX',s-b)
return cl
end
for c,cp in ipairs(t)do
local ah=(c>1 or o~='X')and redis.call('ZSCORE',am,cp)
if ah then
s=math.max(s,tonumber(ah)%dg)
if c>1 then
redis.call('ZREM',am,cp)
cl=true
end
end
end
if o=='X'then
redis.call('SET',q,g,'PX',s-b)
return cl
end
hu(am,o,g,s,b)
if j~=cz then
redis.call('SET',q,cz,'PX',ix(r,b)-b)
else
local u=redis.call('PTTL',q)
if u>=0 and u<s-b then redis.call('PEXPIRE',q,s-b)end
end
return cl
end
local hn={}
local function cj(r,f,b)
if#f==0 then return{},false end
local ay,ck,dz=jf(
f,ks(function(o)return fq(r,o,hn,b)end),b)
for c,p in ipairs(ay)do ay[c]=p[2]end
if#ay>0 then
cu(r.line,f,b)
redis.pcall('PUBLISH',r.wake,jr(ay,dz))
end
return ay,ck
end
local function ka(r,o,t,ac,ah,f,b)
local u,aj=fq(r,o,t,b)
if u or#f==0 or kq(r,t)then return u,aj end
local bp,km=hv(f,ac,ah,function(bg)return ia(bg,o)end)
if not bp then return nil end
if r.wake then cj(r,f,b)end
if km then return-1,''end
if bp[5]>0 then return math.max(0,50-b+bp[5]),''end
u,aj=fq(r,bp[3],hn,b)
return u and-1 or 50,aj or''
end
local function kh(ig,ao,bx)
local l,bu,be=0,false,{}
for al,o in ipairs(ao)do
if(o=='X'or o=='SIX')and not bx then bu=true end
end
for c,n in ipairs(ig)do
local i=bm(n)
be[c]=i or 0
l=math.max(l,i and(bu and i+1 or i)or cx(n))
end
for c,n in ipairs(ig)do
if be[c]~=l then fb(n,l)end
end
return l
end
ad['modes.acquire']=function(a,d)
local ak,ac,ax,dn=tonumber(d[2]),'',0,0
if d[4]~=''then
ac,ax,dn=string.match(d[4],'^(%S*) (%S+) (%S+)$')
ax,dn=tonumber(ax),tonumber(dn)
end
local ao,t,jy,b=gt(d[3]),dw(d,5),{d[1],[d[1]]=true},bf()
local bl=eg(a,#ao,ac==''and 3 or 4)
local ah=ax>0 and ax-dn or nil
local au,be,k,bz,aj={},b,nil,nil,nil
local bx,cl=true,false
for c,o in ipairs(ao)do
local r=bl[c]
au[c]=cc(r.line,b,dm)
be=math.max(be,au[c].ticket)
local u,ll=ka(r,o,t,ac,ah,au[c],b)
if u then
k=k or c
if not aj or(bz~=-1 and(u==-1 or u>bz))then
bz,aj=u,ll
end
elseif not gp(r,o,jy)then
bx=false
end
end
local cg,ev=k or#ao,nil
if ac~=''then
ev=jq(au[cg],ac,ao[cg],ax,dn,b,be)
if not k and au[cg][ev]then au[cg][ev][5]=-1 end
cu(bl[cg].line,au[cg],b)
end
if k then
if ac~=''then pcall(gi,bl[k].wake,ac,ak)end
return{0,bz,aj,string.format('%.0f',be),ev and ev-1 or#au[k]}
end
local l=kh(bl.fences,ao,bx)
for c,o in ipairs(ao)do
local r=bl[c]
if iq(r,o,t,ak,b)then cl=true end
if c~=cg and fv(au[c],ac,b)then cu(r.line,au[c],b)end
end
return cl and-l or l
end
ad['modes.convert']=ad['modes.acquire']
ad['modes.commit']=function(a,d)
local ao,t=gt(d[3]),{d[1],[d[1]]=true}
local bl=eg(a,#ao,4)
for c,o in ipairs(ao)do
if not gp(bl[c],o,t)then return{0}end
end
for al,n in ipairs(bl.fences)do
if not bm(n)then cx(n)end
ei(n,tonumber(d[2]))
end
return 1
end
ad['modes.extend']=function(a,d)
local l,ak,ao=tonumber(d[2]),tonumber(d[3]),gt(d[4])
local bl,t,b,bd=eg(a,#ao,4),dw(d,5),bf(),true
for c,o in ipairs(ao)do
local u,aj=fq(bl[c],o,t,b)
if u then return{0,u,aj}end
bd=bd and gp(bl[c],o,t)
end
for al,n in ipairs(bl.fences)do
local gm=not bd and(bm(n)or eq(n))
if gm then ei(n,l)end
end
for c,o in ipairs(ao)do
local r=bl[c]
if iq(r,o,t,ak,b)then cj(r,cc(r.line,b,dm),b)end
end
return 1
end
local function bv(r,t,b)
local q,bb=r.lock,false
local j=redis.pcall('GET',q)
if type(j)=='table'then
if string.find(j.err,'WRONGTYPE',1,true)then return false,false end
error(j.err,0)
end
local al,bi=ey(j)
if t[bi or j]then
redis.call('DEL',q)
j,bb=false,true
end
if bi or(bb and#t==1)then return bb,bb end
local fl=false
for al,g in ipairs(t)do
local ah=redis.pcall('ZSCORE',r.shared,g)
if type(ah)=='string'then
redis.call('ZREM',r.shared,g)
fl=true
if tonumber(ah)%dg>=b then bb=true end
end
end
if j and j~=cz then return bb,false end
local z=fl and ix(r,b)
if z then
local u=redis.call('PTTL',q)
local fk=u>z-b+1
if u<0 or fk then redis.call('SET',q,cz,'PX',math.max(1,z-b))end
return bb,false,fk
end
if fl and j then redis.call('DEL',q)end
return bb,fl or bb
end
local function iy(r,f,ac,b)
local ij=iz(f,ac)
if ij then cu(r.line,f,b)end
pcall(em,r.wake,ac)
return ij
end
ad['modes.release']=function(a,d)
local ac,t,b=d[2],dw(d,3),bf()
local bb,eb,im=false,false,string.find(ac,'.',1,true)
for al,r in ipairs(eg(a,#a/4,4))do
local bd,kp,fk=bv(r,t,b)
local au=(bd or im)and redis.pcall('MGET',r.line,r.wake)
if bd then bb=true end
if au and(au[1]or au[2])then
local f=cc(r.line,b,dm)
if im then iy(r,f,ac,b)end
local bc,ay,ck=pcall(cj,r,f,b)
if not bc then ay,ck={},false end
for al,bg in ipairs(ay)do
if bg~=ac then eb=true end
end
if kp and not ck and gg(r.wake,ac~='')then eb=true end
if fk and#ay==0 then redis.pcall('PUBLISH',r.wake,'')end
end
end
if not bb then return 0 end
return eb and-1 or 1
end
ad['modes.releaseAll']=ad['modes.release']
ad['modes.leave']=function(a,d)
local b=bf()
for al,r in ipairs(eg(a,#a/4,4))do
local f=cc(r.line,b,dm)
if iy(r,f,d[1],b)then pcall(cj,r,f,b)end
end
return 1
end`;

const PART_10 = `local ep=8
local gd='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local jw='^~p %d+ 0 %d+ [01]* %d+:[%d -]*:'
local ju=8
local function ff()
local as=m('TIME')
return as[1]*1000+math.floor(as[2]/1000)
end
local function hj(h,at,z,bq,v,ba,i,b)
if b and z~='0'and i+0>bq+0 then
bq=string.format('%.0f',i+math.max(1,i-b))
m('PEXPIREAT',KEYS[h+2],bq)
m('PEXPIREAT',KEYS[h+3],bq)
m('PEXPIRE',KEYS[h+4],604800000)
end
m('SET',KEYS[h],'~p '..at..' '..z..' '..bq..' '..v..' '..ba,'PXAT',i)
end
local function eh(h,ai,af,al,by,gk)
if by=='slots.acquire'then
local bu=gk
if ARGV[af+1]~=''or ARGV[af+5]~='0'or ARGV[af+6]~=''or ARGV[af-1]~='7'then return nil end
local g,az,y,ce=ARGV[ai],ARGV[af+3]+0,ARGV[af+4]+0,KEYS[h+1]
if az>ju or az>y then return nil end
local ar,b=m('GET',KEYS[h]),ff()
local at,z,bq,v,aq,x,ba='0','0','0','','0','',''
local gl=true
if ar then
if ar.err then return nil end
at,z,bq,v,aq,x,ba=string.match(ar,gd)
if not at or ba==g then return nil end
if(z~='0'and b>at+0)or(ba~=''and aq+0<b)then return nil end
if z~='0'and m('HGET',KEYS[h+2],g)then return nil end
elseif m('EXISTS',unpack(KEYS,h+4,bu and h+10 or h+6))==0 then
gl=false
end
if gl and bu and m('EXISTS',KEYS[h+8],KEYS[h+9],KEYS[h+10])~=0 then return nil end
local il=string.find(g,'^%x%x%x%x%x%x%x%x%x%x%x%x')
local bo,du=il and tonumber(string.sub(g,1,6),16)%y or 0,nil
local cy,dh={},az==1 and'1'or'2'
for al=1,64 do
local hx=string.byte(v,bo+1)
if not hx then
v=v..string.rep('0',bo-#v)..dh
cy[#cy+1]=bo
elseif hx==48 then
v=string.sub(v,1,bo)..dh..string.sub(v,bo+2)
cy[#cy+1]=bo
end
if#cy==az then break end
du=du or il and 1+tonumber(string.sub(g,7,12),16)%y or 1
bo=(bo+du)%y
end
if#cy<az then return nil end
local bt=cy[1]..''
if az>1 then
bt=''
local bw,i=string.find(v,'2+')
while bw do
bt=bt..(bt==''and''or' ')..bw-1 ..(bw==i and''or'-'..i-1)
bw,i=string.find(v,'2+',i+1)
end
v=string.gsub(v,'2','1')
end
local s,l=b+ARGV[af],nil
local i=string.format('%.0f',s)
if not gl then
if bu then
local j=m('GET',ce)
local ae=type(j)=='string'and string.find(j,'^%d+$')and j+0
if not ae or ae<1 or ae+1>=9000000000000000 then return nil end
l=ae+1+bu
m('SET',ce,string.format('%.0f',l))
else
l=ag(ce)
if not l then return nil end
end
else
local ab
if IS_CLUSTER then
ab=m('MGET',ce,KEYS[h+6])
else
local ld=string.sub(ce,1,string.find(ce,'~fence:',1,true)-1)
ab=m('MGET',ce,KEYS[h+6],ld..'~server')
end
if ab.err or ab[2]or m('HGET',KEYS[h+5],KEYS[h])then return nil end
local ae=ab[1]and string.find(ab[1],'^%d+$')and ab[1]+0
if not ae or ae<1 or ae>=9000000000000000 then return nil end
local dk=ab[3]and string.match(ab[3],'^complete %S+ %S+ (%S+) ')or''
if#dk~=32 then dk=string.format('%-32.32s',dk)end
if m('GETRANGE',KEYS[h+4],0,31)~=dk then return nil end
l=ae-ae%16384
for c=1,az do
local k=32+16*cy[c]
l=math.max(l,tonumber(m('GETRANGE',KEYS[h+4],k,k+15))or ae)
end
l=l+1
local iw=math.max(ae,l)
if bu and iw>=9000000000000000 then return nil end
if ba~=''then
if z=='0'then m('DEL',KEYS[h+2],KEYS[h+3])end
local jx=m('ZADD',KEYS[h+3],aq,ba)
if type(jx)~='number'then return nil end
m('HSET',KEYS[h+2],ba,x)
if z=='0'or aq+0<at+0 then at=aq end
if aq+0>z+0 then z=aq end
end
local ap=string.format('%016.0f',l)
for c=1,az do m('SETRANGE',KEYS[h+4],32+16*cy[c],ap)end
if bu then l=iw+bu end
if ae<l then m('SET',ce,string.format('%.0f',l))end
if not ar then m('PEXPIRE',KEYS[h+4],604800000)end
end
ba=i..':'..bt..':'..g
hj(h,at,z,bq,v,ba,z+0>s and z or i,b)
return{1,l,bt,'',bu and''}
end
if by=='slots.extend'then
local g=ARGV[ai]
if ARGV[af+4]~='0'or ARGV[af-1]~='5'then return nil end
local ar=m('GET',KEYS[h])
if not ar or ar.err then return nil end
local at,z,bq,v,aq,x,ba=string.match(ar,gd)
if not at or m('HGET',KEYS[h+5],KEYS[h])then return nil end
local b=ff()
if(z~='0'and b>at+0)or(ba~=''and aq+0<b)then return nil end
local s=b+ARGV[af+1]
local i=string.format('%.0f',s)
if ba==g then
if x~=ARGV[af+2]then return nil end
if aq+0>=s then return 1 end
aq=i
if z+0>s then i=z end
else
if z=='0'or m('HGET',KEYS[h+2],g)~=ARGV[af+2]then return nil end
local ah=m('ZSCORE',KEYS[h+3],g)
if type(ah)~='string'then return nil end
if ah+0>=s then return 1 end
m('ZADD',KEYS[h+3],i,g)
if z+0>=s then return 1 end
z=i
if aq+0>s then i=aq end
end
hj(h,at,z,bq,v,aq..':'..x..':'..ba,i,b)
return 1
end
local g=ARGV[ai]
if ARGV[af-1]~='3'then return nil end
local ab=gk or m('MGET',KEYS[h],KEYS[h+6],KEYS[h+7])
if ab.err or ab[2]or ab[3]then return nil end
if not ab[1]then return 0 end
local al,io=string.find(ab[1],jw)
if io then
if string.sub(ab[1],io+1)~=g then return nil end
if gk then return m('DEL',KEYS[h],KEYS[h+8])==2 and 2 or nil end
return m('DEL',KEYS[h])==1 and 1 or nil
end
local at,z,bq,v,aq,x,ba=string.match(ab[1],gd)
if not at then return nil end
local i,ca=z,x
if ba==g then
if aq+0<z+0 and aq+0<ff()then return nil end
aq,x,ba='0','',''
else
local ah=m('ZSCORE',KEYS[h+3],g)
ca=m('HGET',KEYS[h+2],g)
if type(ca)~='string'or type(ah)~='string'or ah+0<ff()then return nil end
m('ZREM',KEYS[h+3],g)
m('HDEL',KEYS[h+2],g)
if ah==z then
z=m('ZREVRANGE',KEYS[h+3],0,0,'WITHSCORES')[2]or'0'
if z=='0'then
at,bq='0','0'
if ba==''then return m('DEL',KEYS[h])and 1 end
end
end
i=aq+0>z+0 and aq or z
end
local bo=tonumber(ca)
if bo then
v=string.sub(v,1,bo)..'0'..string.sub(v,bo+2)
else
for bw,fx in string.gmatch(ca,'(%d+)%-?(%d*)')do
if fx==''then fx=bw end
v=string.sub(v,1,bw)..string.rep('0',fx-bw+1)..string.sub(v,fx+2)
end
end
hj(h,at,z,bq,v,aq..':'..x..':'..ba,i)
return 1
end
local eo={['slots.acquire']=eh,['slots.extend']=eh,['slots.release']=eh}
local gj={}`;

const PART_11 = `local cn,da,ga,jt='0','1','2',48
local jv=64
local function db(ap)
local ku=string.gmatch(ap,'(%d+)%-?(%d*)')
return function()
local aa,i=ku()
if aa then return tonumber(aa),tonumber(i)or tonumber(aa)end
end
end
local function jn(v,dh)
local hd,bw,i={},string.find(v,dh..'+')
while bw do
hd[#hd+1]=bw==i and tostring(bw-1)or string.format('%d-%d',bw-1,i-1)
bw,i=string.find(v,dh..'+',i+1)
end
return table.concat(hd,' ')
end
local function cs(v,x,dh)
local dp,k={},0
for aa,i in db(x)do
if aa<k then v,dp,k=table.concat(dp)..string.sub(v,k+1),{},0 end
if aa>#v then v=v..string.rep(cn,aa-#v)end
dp[#dp+1]=string.sub(v,k+1,aa)
dp[#dp+1]=string.rep(dh,i-aa+1)
k=i+1
end
return table.concat(dp)..string.sub(v,k+1)
end
local function jz(v,x)
for aa,i in db(x)do
if string.find(string.sub(v,aa+1,i+1),da,1,true)then return false end
end
return true
end
local function er(v,y)
return#string.gsub(string.sub(v,1,y),da..'+','')
end
local function ke(x)
local gu=0
for al,i in db(x)do gu=math.max(gu,i+1)end
return gu
end
local function ky(g,y)
local el,du=string.match(g,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not el then return 0,1 end
return tonumber(el,16)%y,1+tonumber(du,16)%y
end
local function hz(v,an,y,gz,t,g)
local cq=an
local function ez(aa,i)
i=math.min(i,y-1)
if cq==0 or aa>i then return end
local li,ag=string.gsub(string.sub(v,aa+1,i+1),cn,ga,cq)
if ag==0 then return end
v,cq=string.sub(v,1,aa)..li..string.sub(v,i+2),cq-ag
end
for aa,i in db(gz)do ez(aa,i)end
if t then
for aa,i in db(t)do ez(aa,i)end
else
local el,du=ky(g,y)
for c=0,jv-1 do
if cq==0 then break end
local bo=(el+c*du)%y
if string.byte(v,bo+1)==jt then ez(bo,bo)end
end
ez(el,y-1)
ez(0,el-1)
end
if cq>0 then return nil end
return jn(v,ga),(string.gsub(v,ga,da))
end`;

const PART_12 = `local hm='~'
local function bf()
local as=redis.call('TIME')
return tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
end
local function gw(ap,b)
local bs,y,fy=string.match(ap,'^(%d+) (%d+) (%d+)$')
if bs and tonumber(fy)+604800000+86400000>=b then return tonumber(bs),tonumber(y),tonumber(fy)end
end
local function jk(n,q,b)
return gw(redis.call('HGET',n,q)or'',b)
end
local function hl(n,q,bs,y,b)
local ib=tonumber(redis.call('HGET',n,hm)or'')
if not ib or ib+86400000<b then
local cv=redis.call('HGETALL',n)
for c=1,#cv,2 do
if not gw(cv[c+1],b)then redis.call('HDEL',n,cv[c])end
end
redis.call('HSET',n,hm,string.format('%.0f',b))
end
redis.call('HSET',n,q,string.format('%.0f %.0f %.0f',bs,y,b))
redis.call('PEXPIRE',n,604800000+86400000)
end
local function lf(n,q,bs,y,b)
if bs>(jk(n,q,b)or 0)then hl(n,q,bs,y,b)end
end`;

const PART_13 = `local hq='~p'
local dx,dy=16,32
local function kr(ar)
return ar==hq or string.sub(ar,1,3)==hq..' '
end
local function dt(ar)
local at,z,bq,v,s,x,g=
string.match(ar or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(at)or 0,['latest']=tonumber(z)or 0,['kept']=tonumber(bq)or 0,['map']=v or'',
['deadline']=tonumber(s)or 0,['slots']=x or'',['token']=g or'',
['is_new']=not g,['is_other']=ar and not kr(ar)
}
end
local function ex(a,e,b)
local i=math.max(e.latest,e.deadline)
if i==0 then
redis.call('DEL',a[1])
return 0
end
local iu=e.latest>0 and i>e.kept
if iu then
e.kept=i+math.max(1,i-b)
for k=3,4 do redis.call('PEXPIREAT',a[k],string.format('%.0f',e.kept))end
end
if iu or e.is_new then redis.call('PEXPIRE',a[5],604800000)end
redis.call('SET',a[1],string.format('~p %.0f %.0f %.0f %s %.0f:%s:%s',e.check,e.latest,e.kept,e.map,
e.deadline,e.slots,e.token),'PXAT',string.format('%.0f',i))
return i
end
local function dd(a,e,g)
if g==e.token then return e.slots,e.deadline end
local x=e.latest>0 and redis.call('HGET',a[3],g)
local s=x and redis.call('ZSCORE',a[4],g)
if s then return x,tonumber(s)end
end
local function hy(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function fg(a,e,g)
local x,s=dd(a,e,g)
if not x then return nil end
e.map=cs(e.map,x,cn)
if g==e.token then
e.deadline,e.slots,e.token=0,'',''
return x,s
end
redis.call('ZREM',a[4],g)
redis.call('HDEL',a[3],g)
if s==e.latest then
e.latest=tonumber(redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2])or 0
if e.latest==0 then e.check,e.kept=0,0 end
end
return x,s
end
local function fh(a,e,b)
local dl=false
if e.token~=''and e.deadline<b then
e.map=cs(e.map,e.slots,cn)
e.deadline,e.slots,e.token,dl=0,'','',true
end
if e.latest>0 and b>e.check then
local kd=redis.call('ZRANGEBYSCORE',a[4],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for al,g in ipairs(kd)do
e.map=cs(e.map,redis.call('HGET',a[3],g)or'',cn)
redis.call('HDEL',a[3],g)
redis.call('ZREM',a[4],g)
end
local aa=redis.call('ZRANGE',a[4],0,0,'WITHSCORES')[2]
local i=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,dl=tonumber(aa)or 0,tonumber(i)or 0,true
if not aa then e.kept,e.map=0,cs('',e.slots,da)end
end
if dl then ex(a,e,b)end
end
local function jl(a,e,g,s,b)
local dl=false
if g==e.token then
if e.deadline<s then e.deadline,dl=s,true end
elseif tonumber(redis.call('ZSCORE',a[4],g))<s then
redis.call('ZADD',a[4],string.format('%.0f',s),g)
if e.latest<s then e.latest,dl=s,true end
end
if dl then ex(a,e,b)end
end
local function dj(a,e,g,x,s,b)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=s,x,g,cs(e.map,x,da)
ex(a,e,b)
end
local function jh(a)
local dk=''
if not IS_CLUSTER then
local cb=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
dk=type(cb)=='string'and string.match(cb,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..dy..'.'..dy..'s',dk)
end
local function gh(a)
return redis.call('GETRANGE',a[5],0,dy-1)==jh(a)
end
local function fo(a,x,ae)
if not gh(a)then return ae end
local gr=ae-ae%16384
for aa,i in db(x)do
local ap=redis.call('GETRANGE',a[5],dy+dx*aa,dy+dx*(i+1)-1)
for c=0,i-aa do
local ag=tonumber(string.sub(ap,dx*c+1,dx*(c+1)))
gr=math.max(gr,ag or ae)
end
end
return gr
end
local function hk(a,x,ag,ae)
if not gh(a)then redis.call('SET',a[5],jh(a),'PX',604800000)end
local ap=string.format('%0'..dx..'.0f',ag)
for aa,i in db(x)do
redis.call('SETRANGE',a[5],dy+dx*aa,string.rep(ap,i-aa+1))
end
if ae<ag then fb(a[2],ag)end
end`;

const PART_14 = `local ho='~s'
local function dw(d,aa)
local t={d[1]}
for c=aa,#d do t[#t+1]=d[c]end
return t
end
local function ha(a)
local ar=redis.call('GET',a[1])
if ar and(ar==ho or string.sub(ar,1,3)==ho..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
local e=dt(ar)
if e.is_other then return e,ar,redis.call('PTTL',a[1])end
return e,nil,nil
end
local function ee(a,y,bs,b)
local be,ag,fy=jk(a[6],a[1],b)
if bs>(be or 0)then
be,ag=bs,y
hl(a[6],a[1],be,ag,b)
elseif be and fy+86400000<b then
hl(a[6],a[1],be,ag,b)
end
if not be then return y,''end
return ag,string.format('%.0f %.0f',be,ag)
end
local function fs(v,df)
return v..string.rep(cn,df-#v)
end
local function kj(a,e,cq,b)
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
local x=cw[c]==e.token and e.slots or redis.call('HGET',a[3],cw[c])or''
for aa,kf in db(x)do cq=cq-(kf-aa+1)end
if cq<=0 then break end
end
return i<0 and-1 or math.max(0,i-b),cw[1]or''
end
local function ec(y)
return function(ap)
local ag=tonumber(ap)
return ag and ag<=y
end
end
local function cj(a,e,f,ca,y,b)
if#f==0 then return 0,false end
local v=fs(e.map,y)
local bv=e.is_other and 0 or er(v,y)
local ay,ck,dz=jf(f,function(co)
bv=bv-tonumber(co)
return bv>=0
end,b)
local ci={}
for c,p in ipairs(ay)do
local x,lg=hz(v,tonumber(p[3]),y,ca,'0-'..y-1)
v=lg or v
ci[c]=p[2]..':'..string.gsub(x or'',' ',',')
end
if#ci>0 then
cu(a[7],f,b)
redis.pcall('PUBLISH',a[8],jr(ci,dz))
end
return#ci,ck
end
ad['slots.acquire']=function(a,d)
local g,ak,ac,ax,an=d[1],tonumber(d[2]),d[3],tonumber(d[4]),tonumber(d[5])
local gz,fm,t,b=d[8],#d>8,dw(d,9),bf()
local e,aj,bz=ha(a)
local y,eu=ee(a,tonumber(d[6]),tonumber(d[7]),b)
if an>y then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',y,an),0)end
fh(a,e,b)
local f=cc(a[7],b,ec(y))
local be=math.max(b,f.ticket)
local v=fs(e.map,y)
local x,bt=dd(a,e,g),nil
if aj then
if ac~=''then pcall(gi,a[8],ac,ak)end
elseif x then
local l=fo(a,x,bm(a[2])or cx(a[2]))
jl(a,e,g,b+ak,b)
if jo(f,ac,b)then cu(a[7],f,b)end
return{1,l,x,eu,fm and v or nil}
else
local ct,de=v,''
for c=2,#t do
local bj=dd(a,e,t[c])or''
ct,de=cs(ct,bj,cn),de..' '..bj
end
local bp
if#f>0 and not fm then
local bv=er(ct,y)
bp=bv>=an and hv(f,ac,ax>0 and ax or nil,function(co)
bv=bv-tonumber(co)
return bv<an
end)
end
if not bp then bt=hz(ct,an,y,gz,fm and de or nil,g)end
if bt then
local ae=bm(a[2])
local aa=not ae and cx(a[2])
local l,s=fo(a,bt,ae or aa)+1,b+ak
hy(a,e)
for c=2,#t do
local al,aq=fg(a,e,t[c])
s=math.max(s,aq or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
l=aa or l
fb(a[2],l)
else
hk(a,bt,l,ae or aa)
end
dj(a,e,g,bt,s,b)
if jo(f,ac,b)then cu(a[7],f,b)end
return{1,l,bt,eu,fm and cs(ct,bt,da)or nil}
end
local bv=er(v,y)
bz,aj=kj(a,e,an-bv,b)
if bp then
cj(a,e,f,'',y,b)
if bp[5]>0 then bz,aj=math.max(0,50-b+bp[5]),''
else bz=-1 end
end
end
if ac~=''then
jq(f,ac,string.format('%.0f',an),ax,0,b,be)
cu(a[7],f,b)
end
return{0,bz,aj,string.format('%.0f',be),eu}
end
ad['slots.commit']=function(a,d)
local l,x=tonumber(d[2]),d[3]
local e=dt(redis.call('GET',a[1]))
if dd(a,e,d[1])~=x then return{0}end
local ae=bm(a[2])or cx(a[2])
local ag=fo(a,x,ae)
if ag<l or not gh(a)then hk(a,x,math.max(ag,l),ae)end
return 1
end
ad['slots.extend']=function(a,d)
local g,l,ak,x=d[1],tonumber(d[2]),tonumber(d[3]),d[4]
local t,b=dw(d,7),bf()
local e,aj=ha(a)
if aj then return{0,-1,aj}end
local y=ee(a,tonumber(d[5]),tonumber(d[6]),b)
fh(a,e,b)
local bj=dd(a,e,g)
if bj==x and#t==1 then
jl(a,e,g,b+ak,b)
return 1
end
local ct,aq=fs(e.map,math.max(y,ke(x))),''
for al,cp in ipairs(t)do
local de=dd(a,e,cp)or''
ct,aq=cs(ct,de,cn),aq..' '..de
end
if not jz(ct,x)then
local js={g,'',d[5],d[6]}
for c=2,#t do js[c+3]=t[c]end
ad['slots.release'](a,js)
return{0,-1,''}
end
hy(a,e)
local ae=bj~=x and(bm(a[2])or eq(a[2]))
if ae then hk(a,x,math.max(l,fo(a,x,ae)),ae)end
local s=b+ak
for al,cp in ipairs(t)do
local al,i=fg(a,e,cp)
s=math.max(s,i or 0)
end
dj(a,e,g,x,s,b)
local ca=jn(cs(cs(string.rep(cn,#ct),aq,da),x,cn),da)
if ca~=''then cj(a,e,cc(a[7],b,ec(y)),ca,y,b)end
return 1
end
ad['slots.release']=function(a,d)
local av,t,b=d[2],dw(d,5),bf()
local ar=redis.pcall('GET',a[1])
local e=dt(type(ar)=='string'and ar)
local ca,bb,hh,it='',false,0,false
for al,cp in ipairs(t)do
local x,s=fg(a,e,cp)
if x then
it,bb=true,bb or s>=b
ca,hh=ca..' '..x,math.max(hh,s)
end
end
if not it then return 0 end
local au=redis.pcall('MGET',a[7],a[8])
local ik=au[1]or au[2]
if ik then fh(a,e,b)end
local i=ex(a,e,b)
if ik then
local y=ee(a,tonumber(d[3]),tonumber(d[4]),b)
local f=cc(a[7],b,ec(y))
local bc,ay,ck=pcall(cj,a,e,f,ca,y,b)
if not bc then ay,ck=0,false end
if i==0 and not ck then gg(a[8],av~='')
elseif i>0 and hh>i and ay==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bb and 1 or 0
end
ad['slots.leave']=function(a,d)
local b=bf()
local y=ee(a,tonumber(d[2]),tonumber(d[3]),b)
local f=cc(a[7],b,ec(y))
if iz(f,d[1])then
cu(a[7],f,b)
pcall(function()cj(a,dt(redis.call('GET',a[1])),f,'',y,b)end)
end
pcall(em,a[8],d[1])
return 1
end
ad['slots.count']=function(a,d)
local b=bf()
local e,aj=ha(a)
local y,eu=ee(a,tonumber(d[1]),tonumber(d[2]),b)
fh(a,e,b)
local f=cc(a[7],b,ec(y))
cj(a,e,f,'',y,b)
local bv=aj and 0 or er(fs(e.map,y),y)
local bs=tonumber(string.match(eu,'^%d+')or 0)
return{1,bv,y,bs,#e.map-er(e.map,#e.map)}
end
ad['slots.resize']=function(a,d)
if not bm(a[2])then cx(a[2])end
return ad['slots.count'](a,d)
end`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ep=2
local eo={
['mutex.acquire']=function(h,ai,af)
local bn=m('SET',KEYS[h],ARGV[ai],'NX','PX',ARGV[af])
if not bn or bn.err then return nil end
local l=ag(KEYS[h+1])
if not l then m('DEL',KEYS[h])end
return l
end,
['mutex.takeOver']=function(h,ai,af)
if m('GET',KEYS[h])~=ARGV[ai+1]then return nil end
local l=ag(KEYS[h+1])
if not l then return nil end
local bn=m('SET',KEYS[h],ARGV[ai],'PX',ARGV[af])
return not bn.err and-l or nil
end,
['mutex.extend']=function(h,ai,af)
if m('GET',KEYS[h])~=ARGV[ai]then return nil end
local u=m('PTTL',KEYS[h])
if type(u)~='number'or u<0 then return nil end
if u<tonumber(ARGV[af])and m('PEXPIRE',KEYS[h],ARGV[af])~=1 then return nil end
return 1
end,
['mutex.release']=function(h,ai)
local ab=m('MGET',KEYS[h],KEYS[h+1])
if ab.err or ab[2]then return nil end
if ab[1]~=ARGV[ai]then return 0 end
return m('DEL',KEYS[h])==1 and 1 or nil
end,
}`,
    PART_2,
    `local gj={
['mutex.release']=function(h,ai,df,cm)
local ab=m('MGET',unpack(KEYS,h,h+2*df-1))
if ab.err then return 0 end
local bj,ir,hc,di={},{},{},0
for c=1,df do
if ab[2*c]then break end
local q=KEYS[h+2*c-2]
local bd=ab[2*c-1]==ARGV[ai+c-1]and not ir[q]
cm[#cm+1]=bd and 1 or 0
if bd then
ir[q]=true
bj[#bj+1]=q
hc[#bj]=#cm
end
di=c
end
local ic=#bj>0 and m('DEL',unpack(bj))
if type(ic)=='table'then
for c=1,#hc do cm[hc[c]]={-1,ic.err}end
end
return di
end
}`,
    PART_3,
    PART_4,
    `local function dj(n,g,ak,bd)
if not bd then redis.call('SET',n,g,'PX',ak)
else
local u=redis.call('PTTL',n)
if u>=0 and u<tonumber(ak)then redis.call('PEXPIRE',n,ak)end
end
end
local function ht(a,g,le,ak,ac)
local dv=ac==''and 2 or 3
local bd,bx,cl={},true,false
local bz,aj
for c=1,#a,dv do
local j=redis.call('GET',a[c])
bd[c]=j==g
if j~=g then bx=false end
if j and j==le then
cl=true
elseif j and j~=g then
local u=redis.call('PTTL',a[c])
if not aj or(bz~=-1 and(u==-1 or u>bz))then
bz,aj=u,j
end
end
end
if ac~=''then
for c=3,#a,3 do pcall(gi,a[c],ac,tonumber(ak))end
end
if aj then return{0,bz,aj}end
local l=0
for c=2,#a,dv do
local i=bm(a[c])
l=math.max(l,i and(bx and i or i+1)or cx(a[c]))
end
for c=1,#a,dv do
dj(a[c],g,ak,bd[c])
fb(a[c+1],l)
end
return cl and-l or l
end
ad['mutex.acquire']=function(a,d)
return ht(a,d[1],nil,d[2],d[3])
end
ad['mutex.takeOver']=function(a,d)
return ht(a,d[1],d[2],d[3],d[4])
end
ad['mutex.commit']=function(a,d)
for c=1,#a,2 do
if redis.call('GET',a[c])~=d[1]then return{0}end
end
for c=2,#a,2 do
if not bm(a[c])then cx(a[c])end
ei(a[c],tonumber(d[2]))
end
return 1
end
ad['mutex.extend']=function(a,d)
local g,l,ak=d[1],tonumber(d[2]),d[3]
local bd={}
for c=1,#a,2 do
local j=redis.call('GET',a[c])
if j and j~=g then return{0,redis.call('PTTL',a[c]),j}end
bd[c]=j==g
end
for c=1,#a,2 do
local gm=not bd[c]and(bm(a[c+1])or eq(a[c+1]))
if gm then ei(a[c+1],l)end
end
for c=1,#a,2 do dj(a[c],g,ak,bd[c])end
return 1
end
ad['mutex.release']=function(a,d)
local g,av=d[1],d[2]
local bb,eb=false,false
for c=1,#a,2 do
local j=redis.pcall('GET',a[c])
if av~=''then pcall(em,a[c+1],av)end
if j==g then
redis.call('DEL',a[c])
bb=true
if gg(a[c+1],av~='')then eb=true end
elseif type(j)=='table'and j.err and not string.find(j.err,'WRONGTYPE',1,true)then
error(j.err)
end
end
if not bb then return 0 end
return eb and-1 or 1
end
ad['mutex.leave']=function(a,d)
pcall(em,a[1],d[1])
return 1
end
ad['mutex.renew']=function(a,d)
local l=1
for c=1,#a,2 do
local j=redis.call('GET',a[c])
if j~=d[1]then return{0,redis.call('PTTL',a[c]),j or''}end
l=math.max(l,bm(a[c+1])or 1)
end
for c=1,#a,2 do dj(a[c],d[1],d[2],true)end
return l
end
ad['mutex.query']=function(a)
local w={1}
for c=1,#a,2 do
w[#w+1]=redis.call('GET',a[c])or''
w[#w+1]=redis.call('PTTL',a[c])
w[#w+1]=ew(a[c+1])or''
end
return w
end`,
    PART_5,
    PART_6,
  ],
  "6bfde53ddb1090f76cdbbc7a2bed2a4135f70d90",
  "843b62a91a469b25b76ec417b734a27a4c390c69",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ep=81
local eo={
['modes.acquire']=function(h,ai,af,an)
local g,ak,ao,ce=ARGV[ai],ARGV[af],ARGV[af+1],KEYS[h+an-1]
if ARGV[af+2]~=''then return nil end
if an~=4 then
local al,kk=string.gsub(ao,' ','')
if an~=3*kk+4 then return nil end
end
local et,ej
if m('EXISTS',unpack(KEYS,h,h+an-2))~=0 then
local ab,k=m('MGET',unpack(KEYS,h,h+an-2)),1
if ab.err then return nil end
et={}
ej={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for o in string.gmatch(ao,'%u+')do
local j,q,am=ab[k],KEYS[h+k-1],KEYS[h+k]
if ab[k+2]then return nil end
if not j then
if m('EXISTS',q,am)~=0 then return nil end
else
if o=='X'or o=='SIX'then return nil end
local u,bj,aj=m('PTTL',q),nil,nil
if type(u)~='number'or u<=0 then return nil end
if j=='~s'then
if m('ZSCORE',am,g)then return nil end
local aa=(o=='IX'and 3)or(o=='S'and 2)
if aa and m('ZCOUNT',am,aa..'00000000000000','('..aa+2 ..'00000000000000')~=0 then
return nil
end
else
bj,aj=string.match(j,'^~s ([ISX]+) (.*)$')
if not ej[bj]or aj==g or(o~=bj and o~='IS'and bj~='IS')then return nil end
if m('EXISTS',am)~=0 then return nil end
end
et[k]={u,bj,aj}
end
k=k+3
end
end
local l
if ao=='X'or string.find(' '..ao,' X',1,true)or string.find(ao,'SIX',1,true)then
l=ag(ce)
if not l then return nil end
else
local j=m('GET',ce)
l=not j and ag(ce)or(type(j)=='string'and string.match(j,'^%d+$')and tonumber(j))
if not l or l<1 or l>=9000000000000000 then return nil end
end
if an==4 and not et then
local bn=m('SET',KEYS[h],ao=='X'and g or'~s '..ao..' '..g,'PX',ak)
return not bn.err and l or nil
end
local k,b=1,nil
for o in string.gmatch(ao,'%u+')do
local q,fn=KEYS[h+k-1],et and et[k]
if fn then
local am,ef,u,aj=KEYS[h+k],tonumber(ak),fn[1],fn[3]
if not b then
local as=m('TIME')
if as.err then return nil end
b=tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
end
local ah,bc=string.format('%.0f',ej[o]+b+ef),nil
if aj then
local jc=math.max(u,ef)
bc=m('ZADD',am,string.format('%.0f',ej[fn[2]]+b+u),aj,ah,g)==2
and m('PEXPIRE',am,jc)==1 and not m('SET',q,'~s','PX',jc).err
else
m('ZREMRANGEBYSCORE',am,string.format('%.0f',ej[o]),string.format('(%.0f',ej[o]+b))
bc=m('ZADD',am,ah,g)==1
local jp=m('PTTL',am)
if type(jp)~='number'or jp<ef then
bc=m('PEXPIRE',am,ef)==1 and bc
end
if u<ef then bc=m('PEXPIRE',q,ef)==1 and bc end
end
if not bc then return nil end
else
local bn=m('SET',q,o=='X'and g or'~s '..o..' '..g,'PX',ak)
if bn.err then return nil end
end
k=k+3
end
return l
end,
['modes.extend']=function(h,ai,af,an)
local g,ak,k=ARGV[ai],ARGV[af],1
local ab=ARGV[af-1]=='2'and m('MGET',unpack(KEYS,h,h+an-1))
if not ab or ab.err then return nil end
for o in string.gmatch(ARGV[af+1],'%u+')do
if ab[k]~=(o=='X'and g or'~s '..o..' '..g)then return nil end
k=k+4
end
for q=h,h+k-2,4 do
local u=m('PTTL',KEYS[q])
if type(u)~='number'or u<0 then return nil end
if u<tonumber(ak)and m('PEXPIRE',KEYS[q],ak)~=1 then return nil end
end
return 1
end,
['modes.release']=function(h,ai,al,an)
local g,ab=ARGV[ai],nil
if an==4 then
local j,cg,lk=unpack(m('MGET',KEYS[h],KEYS[h+2],KEYS[h+3]))
if not j or cg or lk then return nil end
if j==g or string.match(j,'^~s [ISX]+ (.*)$')==g then
return m('DEL',KEYS[h])==1 and 1 or nil
end
ab={j}
else
ab=m('MGET',unpack(KEYS,h,h+an-1))
if ab.err then return nil end
end
local ch,he,hf,b={},{},{},nil
for k=1,an,4 do
local j,q,am=ab[k],KEYS[h+k-1],KEYS[h+k]
if not j or ab[k+2]or ab[k+3]then return nil end
if j=='~s'then
local ah=m('ZSCORE',am,g)
local u=m('PTTL',q)
if type(ah)~='string'or type(u)~='number'or u<0 then return nil end
if not b then
local as=m('TIME')
b=tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
end
local s=tonumber(ah)%100000000000000
local ae=tonumber(ah)-s
if s<b then return nil end
local jd,ip=string.format('%.0f',ae),string.format('(%.0f',ae+100000000000000)
local i=m('ZREVRANGEBYSCORE',am,ip,jd,'WITHSCORES','LIMIT',0,2)
if i.err then return nil end
local z,gs=tonumber(i[2])-ae,nil
if i[1]==g then
gs=m('ZCARD',am)
z=i[4]and tonumber(i[4])-ae
if z and(z<b or m('ZCOUNT',am,jd,ip)~=gs)then return nil end
if not z and gs~=1 then return nil end
elseif u>z-b+1 then
return nil
end
if not z then
ch[#ch+1]=q
elseif u>z-b+1 then
hf[#hf+1]={q,math.max(1,z-b)}
end
he[#he+1]=am
elseif j==g or string.match(j,'^~s [ISX]+ (.*)$')==g then
ch[#ch+1]=q
else
return nil
end
end
for al,ar in ipairs(hf)do m('PEXPIRE',ar[1],ar[2])end
for al,am in ipairs(he)do
if m('ZREM',am,g)~=1 then return nil end
end
if#ch>0 and m('DEL',unpack(ch))~=#ch then return nil end
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
    `ad['modes.position']=function(a,d)
local b=bf()
local f=cc(a[3],b,dm)
local k,ge,bk=gy(f,d[1]),0,0
local ah=k and f[k][1]or math.max(b,f.ticket)+1-tonumber(d[2])
for c=1,#f do
local p=dc(f,c)
if not p[7]and p[5]>=0 then
bk=bk+1
if p[2]~=d[1]and not go(p,ah,d[1])then ge=ge+1 end
end
end
return{1,ge,bk,redis.call('EXISTS',a[1])}
end
ad['modes.stay']=function(a,d)
local b=bf()
local f=cc(a[3],b,dm)
if fv(f,d[1],b)then cu(a[3],f,b)end
return 1
end`,
    `ad['modes.query']=function(a)
local w,b={1},bf()
for al,r in ipairs(eg(a,#a/4,4))do
local hi={ew(r.wake)}
local f=cc(r.line,b,dm)
for c=1,#f do
local p=dc(f,c)
if p[4]>=b and p[5]>=0 then hi[#hi+1]=p[2]end
end
w[#w+1]=redis.call('GET',r.lock)or''
w[#w+1]=redis.call('PTTL',r.lock)
w[#w+1]=table.concat(hi,' ')
local gn=redis.call('ZRANGE',r.shared,0,-1,'WITHSCORES')
local k=#w+1
w[k]=0
for c=1,#gn,2 do
local u=tonumber(gn[c+1])%dg-b
if u>=0 then
w[k]=w[k]+1
w[#w+1]=gn[c]
w[#w+1]=u
end
end
end
return w
end`,
    PART_5,
    PART_6,
  ],
  "cb8a21a365077c578866dd3999ffaaf3f153040d",
  "16a5f51672f551a45e267e2f29a9d38d88957d4b",
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
  "5dddc6c7d484cdd0527cf20eeb28abdb481c7891",
  "cf3d5843b57aad82dd8253ccb87f2ed3cc070a19",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    `local eo,gj,ep={},{},0`,
    PART_3,
    `local function jj(n)
local cb=redis.pcall('GET',n)
return type(cb)=='string'and cb or''
end
local function jm(n,kg,j)
local dq=jj(n)
local as=redis.call('TIME')
local b=string.format('%.0f',tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000))
if dq==kg then
dq=j(tonumber(b))
redis.call('SET',n,dq)
end
return{1,dq,b}
end
ad['marker.replace']=function(a,d)
return jm(a[1],d[1],function()return d[2]end)
end
ad['marker.lose']=function(a,d)
return jm(a[1],d[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(d[2]))
end)
end`,
    `ad['identify']=function(a)
local ek=''
local function fu(lj)
local fj=redis.pcall('INFO',lj)
if type(fj)=='table'then fj,ek='',fj.err end
return function(ki)return string.match(fj,'%f[%w_]'..ki..':([^\\r\\n]*)')or''end
end
local fw,je,hb=fu('server'),fu('memory'),fu('replication')
local as=redis.call('TIME')
local o=fw('redis_mode')
if o==''then o=fw('server_mode')end
return{
1,fw('run_id'),tonumber(fw('uptime_in_seconds'))or-1,
tonumber(as[1])*1000000+tonumber(as[2]),
tonumber(fu('persistence')('aof_enabled'))or-1,
je('maxmemory_policy'),tonumber(je('maxmemory'))or-1,
hb('role'),o,hb('master_replid'),hb('master_replid2'),
a[1]and jj(a[1])or'',ek
}
end`,
    PART_12,
    `ad['counters.read']=function(a)
local w,b={1},bf()
for c=1,#a,2 do
local es,l=pcall(bm,a[c])
w[#w+1]=es and l and string.format('%.0f',l)or''
end
for c=2,#a,2 do
local cv,ch,ci=redis.pcall('HGETALL',a[c]),{},{}
for k=1,cv.err and 0 or#cv,2 do
ch[#ch+1],ci[cv[k]]=cv[k],cv[k+1]
end
table.sort(ch)
for al,q in ipairs(ch)do
local bs,y=gw(ci[q],b)
if bs then
for al,j in ipairs({c/2,q,string.format('%.0f',bs),y})do w[#w+1]=j end
end
end
end
return w
end
local function ji(a,d,at)
local x,b=#a/2,bf()
for c=1,x do
local n=a[2*c-1]
local es,l=pcall(bm,n)
if es and d[c]~=''then
if not l then at(n)end
ei(n,tonumber(d[c]))
end
end
for k=x+1,#d,4 do
pcall(lf,a[2*tonumber(d[k])],d[k+1],tonumber(d[k+2]),tonumber(d[k+3]),b)
end
return 1
end
ad['counters.raise']=function(a,d)
return ji(a,d,cx)
end
ad['counters.restore']=function(a,d)
return ji(a,d,function()end)
end
ad['counters.lift']=function(a,d)
for c=1,#a do
local es,l=pcall(bm,a[c])
if es and l then ei(a[c],tonumber(d[1]))end
end
return 1
end`,
    `ad['set.note']=function(a,d)
local bn,de,ja=d[1],d[2],tonumber(d[3])
local as=redis.call('TIME')
local b=tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
local hg,is,ii=b,false,false
local cr,ap={},redis.pcall('GET',a[1])
for cg in string.gmatch(type(ap)=='string'and ap or'','[^\\n]+')do
local fp,aa,z,en,la=string.match(cg,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
aa,z,en=tonumber(aa),tonumber(z),tonumber(en)
if fp and aa<=z and z<=b and b<en and en<=b+3600000 then
if fp==bn then
hg,is=aa,b-z<tonumber(d[4])
elseif fp==de then
ii=true
else
cr[#cr+1]={cg,fp,z,aa,en,la}
end
end
end
local w,au,i={1},{},b+ja
for c=math.max(1,#cr-16+2),#cr do
local bg=cr[c]
au[#au+1]=bg[1]
i=math.max(i,bg[5])
w[#w+1]=bg[2]
w[#w+1]=bg[3]-math.max(bg[4],hg)
w[#w+1]=bg[5]-b
w[#w+1]=bg[6]
end
if not is or ii then
au[#au+1]=string.format('%s %.0f %.0f %.0f %s',bn,hg,b,b+ja,d[5])
redis.call('SET',a[1],table.concat(au,'\\n'),'PX',string.format('%.0f',i-b))
end
return w
end`,
    PART_5,
    PART_6,
  ],
  "4fa368336bec67ffa845c6e244e061b5da844db8",
  "dfae33cf412d91141083fdda5358456af1f60e17",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    PART_10,
    `local ep=13
local function gv(h,ai,af,an,by)
local g,q=ARGV[ai],KEYS[h+8]
if by=='quota.acquire'then
local o=ARGV[af+10]
if an~=12 or ARGV[af]~='modes.acquire'or ARGV[af-1]~='12'or ARGV[af+11]~=''then return nil end
local bu=(o=='X'or o=='SIX')and 1 or(o=='S'or o=='IX'or o=='IS')and 0
local w=bu and eh(h,ai,af+2,an,'slots.acquire',bu)
if not w then return nil end
local bn=m('SET',q,o=='X'and g or'~s '..o..' '..g,'PX',ARGV[af+9])
return not bn.err and w or nil
end
if by=='quota.extend'then
if an~=13 or ARGV[af]~='modes.extend'or ARGV[af-1]~='10'then return nil end
local o,ak=ARGV[af+9],ARGV[af+8]
if m('GET',q)~=(o=='X'and g or'~s '..o..' '..g)then return nil end
local u=m('PTTL',q)
if type(u)~='number'or u<0 then return nil end
local w=eh(h,ai,af+2,an,'slots.extend')
if w and u<tonumber(ak)and m('PEXPIRE',q,ak)~=1 then return nil end
return w
end
if an~=12 or ARGV[af]~='modes.release'or ARGV[af-1]~='6'then return nil end
local ab=m('MGET',KEYS[h],KEYS[h+6],KEYS[h+7],q,KEYS[h+10],KEYS[h+11])
local j=ab[4]
if not j or ab[5]or ab[6]then return nil end
if j~=g and string.match(j,'^~s [ISX]+ (.*)$')~=g then return nil end
local w=eh(h,ai,af+2,an,'slots.release',ab)
if not w or(w~=2 and m('DEL',q)~=1)then return nil end
return 1
end
local eo={['quota.acquire']=gv,['quota.extend']=gv,['quota.release']=gv}`,
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
    `local hr=8
local function ft(a,d)
local bh,cf,br,cd={},{},{d[1]},{d[1]}
local ag=tonumber(d[3])
for c,n in ipairs(a)do
if c<=hr then bh[c]=n
else cf[c-hr]=n end
end
for c=4,#d do
if c<4+ag then br[c-2]=d[c]
else cd[c-2-ag]=d[c]end
end
return bh,br,cf,cd
end
local function jg(a,d,aa)
local e,az,b=dt(redis.call('GET',a[1])),{},bf()
local al,kz=dd(a,e,d[1])
for c=aa,#d do
local x,s=dd(a,e,d[c])
if x and s>b then az[#az+1]={d[c],x,s}end
end
return(kz or 0)>=b,az
end
local function kl(a,g,az,b)
local e=dt(redis.call('GET',a[1]))
fg(a,e,g)
for al,gx in ipairs(az)do dj(a,e,gx[1],gx[2],gx[3],b)end
ex(a,e,b)
end
local function jb(a,g,az,bx,by,cf,cd)
local bc,q=pcall(ad[by],cf,cd)
if bc and(type(q)=='number'or q[1]==1)then return q end
if not bx then kl(a,g,az,bf())end
if not bc then error(q,0)end
return nil,{0,q[2],q[3],q[4],q[5],2}
end
ad['quota.acquire']=function(a,d)
local bh,br,cf,cd=ft(a,d)
local bx,az=jg(bh,br,9)
local aw=ad['slots.acquire'](bh,br)
if aw[1]==0 then return{0,aw[2],aw[3],aw[4],aw[5],1}end
local q,ek=jb(bh,d[1],az,bx,d[2],cf,cd)
if not q then
if#az==0 and not bx then
local b=bf()
local y=ee(bh,tonumber(br[6]),tonumber(br[7]),b)
local e,f=dt(redis.call('GET',bh[1])),cc(bh[7],b,ec(y))
cj(bh,e,f,aw[3],y,b)
end
return ek
end
if type(q)=='number'then return{1,math.abs(q),aw[3],aw[4],aw[5]or''}end
return{1,q[2],aw[3],aw[4],aw[5]or'',q[3],q[4],q[5]or''}
end
ad['quota.convert']=function(a,d)
local bh,br,cf,cd=ft(a,d)
local bx,az=jg(bh,br,7)
local aw=ad['slots.extend'](bh,br)
if aw~=1 then return{0,aw[2],aw[3],'0','',1}end
local q,ek=jb(bh,d[1],az,bx,d[2],cf,cd)
return q and{1,math.abs(q),br[4],'',''}or ek
end
local function hw(a,d,by)
local bh,br,cf,cd=ft(a,d)
local aw=ad[by](bh,br)
if aw~=1 then return aw end
return ad[d[2]](cf,cd)
end
ad['quota.commit']=function(a,d)return hw(a,d,'slots.commit')end
ad['quota.extend']=function(a,d)return hw(a,d,'slots.extend')end
ad['quota.release']=function(a,d)
local bh,br,cf,cd=ft(a,d)
local bc,aw=pcall(ad['slots.release'],bh,br)
local q=ad[d[2]](cf,cd)
if not bc then error(aw,0)end
return q~=0 and q or aw
end`,
    PART_5,
    PART_6,
  ],
  "824499adb17cfcd5115467d10d930af04bd129bf",
  "34d37b1978ffad555137541030b392f996032df3",
);
