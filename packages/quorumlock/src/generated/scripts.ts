// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local p=redis.pcall
local function af(m)
local k=p('INCR',m)
if type(k)~='number'then return nil end
if k>1 and k<=9000000000000000 then return k end
if k==1 and not IS_CLUSTER then
local cc=p('GET',string.match(m,'^(.*)~fence:')..'~server')
local ef=type(cc)=='string'and string.match(cc,'^complete .* (%d+)$')
local ca=ef and p('SET',m,ef)
if ca and not ca.err then return tonumber(ef)end
end
p(k>1 and'DECR'or'DEL',m)
return nil
end`;

const PART_2 = `if#KEYS<=fk and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local fw=fj[ARGV[1]]
local z=fw and fw(1,6+ARGV[5],6,#KEYS)
if z then return z end
end`;

const PART_3 = `local function general()
local aa={}
local function bl(m)
local l=redis.call('GET',m)
if not l then return nil end
local k=string.match(l,'^-?%d+$')and tonumber(l)
if not k or k>=9000000000000000 then
error('the fencing counter '..m..' cannot be counted up: '..l..'; delete it together with '
..string.match(m,'^(.*)~fence:')..'~server, on one server after another')
end
return k>0 and k or nil
end
local function fc(m,k)
redis.call('SET',m,string.format('%.0f',k))
end
local function er(m)
if not IS_CLUSTER then
local cc=redis.pcall('GET',string.match(m,'^(.*)~fence:')..'~server')
if type(cc)~='table'or string.find(cc.err,'WRONGTYPE',1,true)then
return type(cc)=='string'and tonumber(string.match(cc,'^complete .* (%d+)$'))or nil
end
end
local ar=redis.call('TIME')
local b=tonumber(ar[1])*1000000+tonumber(ar[2])
return math.max(1,b-b%16384)
end
local function db(m)
local ef=er(m)
if ef then return ef end
redis.call('DEL',m)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function el(m,k)
local du=bl(m)
if not du then k=math.max(k,er(m)or 0)end
if(du or 0)<k then fc(m,k)end
end`;

const PART_4 = `local function en(m)
local bo=redis.pcall('GET',m)
return type(bo)=='string'and bo or nil
end
local function gp(m,aw,ak)
ak=math.max(ak,20000)
local bo=en(m)
if not bo then
redis.call('SET',m,aw,'PX',ak)
elseif string.find(' '..bo..' ',' '..aw..' ',1,true)then
redis.call('PEXPIRE',m,math.max(redis.call('PTTL',m),ak))
elseif#bo+1<256*(#aw+1)then
redis.call('SET',m,bo..' '..aw,'PX',math.max(redis.call('PTTL',m),ak))
end
end
local function ep(m,aw)
local bo=en(m)
if not bo then return end
local cs={}
for bg in string.gmatch(bo,'%S+')do
if bg~=aw then cs[#cs+1]=bg end
end
if#cs==0 then redis.call('DEL',m)
else redis.call('SET',m,table.concat(cs,' '),'PX',math.max(redis.call('PTTL',m),1))end
end
local function gm(m,kt)
local bo=en(m)
if not bo then return false end
local ab=kt and string.match(bo,'%S+')or''
if ab~=''then ep(m,ab)end
redis.pcall('PUBLISH',m,ab)
return ab~=''
end`;

const PART_5 = `return aa
end`;

const PART_6 = `local function lc(fw,h,eh,ai,u,aj,ao)
local a,d={unpack(KEYS,h,h+eh-1)},{unpack(ARGV,ai,ai+u-1)}
for c=1,ao do d[u+c]=ARGV[aj+c-1]end
local bj,z=pcall(fw,a,d)
if bj then return z end
if type(z)=='table'then z=z.err or z[1]end
return{-1,tostring(z)}
end
local ck,aa,h,ai={},nil,1,1
while ai<=#ARGV do
local dr,dg,eh=ARGV[ai],tonumber(ARGV[ai+1]),tonumber(ARGV[ai+2])
local u,ao,aj=tonumber(ARGV[ai+3]),tonumber(ARGV[ai+4]),ai+5
ai=aj+ao
local il=eh<=fk
local ii=il and fj[dr]
local ih=il and dg>1 and gq[dr]
local dj=0
while dj<dg do
local af=ih and ih(h,ai,dg-dj,ck)or 0
if af==0 then
local z=ii and ii(h,ai,aj,eh)
if not z then
aa=aa or general()
z=lc(aa[dr],h,eh,ai,u,aj,ao)
end
ck[#ck+1]=z
af=1
end
h,ai,dj=h+af*eh,ai+af*u,dj+af
end
end
return#ck==1 and ck[1]or ck`;

const PART_7 = `local function fg(ac)return string.match(ac,'^%w+')or''end
local function cz(f,c)
local ap=f[c]
if type(ap)~='string'then return ap end
local ae,ac,cp,r,bc,ba=
string.match(ap,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local n
if cp and f.is_demand(cp)then
n={tonumber(ae),ac,cp,tonumber(r),tonumber(bc),tonumber(ba),false,ap}
else
n={0,'','',0,0,0,true,ap}
end
f[c]=n
return n
end
local function ff(f,n)
f.check=math.min(f.check,n[4]+1)
if n[5]>0 then f.check=math.min(f.check,n[5]+50+1)end
end
local function ka(f,b)
local gl,dv=0,{}
local af=#f
f.check=math.huge
for c=1,af do
local n=cz(f,c)
f[c]=nil
if n[4]>=b then
gl=gl+1
f[gl]=n
ff(f,n)
if n[5]>0 and b-n[5]>50 then
local aw=fg(n[2])
dv[aw]=math.max(dv[aw]or 0,n[5])
n[7]=true
end
end
end
if not next(dv)then return end
for al,n in ipairs(f)do
local aw=fg(n[2])
if dv[aw]and n[4]-3000>dv[aw]then dv[aw]=nil end
end
for al,n in ipairs(f)do n[7]=n[7]or dv[fg(n[2])]~=nil end
end
local function by(m,b,kn)
local ap=redis.pcall('GET',m)
local f={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=kn}
local at,i,ba
if type(ap)=='string'then at,i,ba=string.match(ap,'^(%d+) (%d+) (%d+);')end
if not at then return f end
f.check,f.last,f.ticket=tonumber(at),tonumber(i),tonumber(ba)
local af=0
for cq in string.gmatch(ap,';([^;]+)')do
af=af+1
f[af]=cq
end
if b>=f.check then ka(f,b)end
return f
end
local function cw(m,f,b)
if#f==0 then
redis.call('DEL',m)
return
end
local cg={string.format('%.0f %.0f %.0f',f.check,f.last,f.ticket)}
for c,n in ipairs(f)do
cg[c+1]=type(n)=='string'and n or n[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(n,1,6))
end
redis.call('SET',m,table.concat(cg,';'),'PX',math.max(1,f.last-b))
end
local function gu(n,ae,ac)
return n[1]>ae or(n[1]==ae and n[2]>ac)
end
local function hy(f,ac,ae,jz)
local bp
for c=1,#f do
local n=cz(f,c)
if n[2]==ac or(ae and gu(n,ae,ac))then break end
if not n[7]and jz(n[3])then
if bp then return bp,true end
bp=n
end
end
return bp,false
end
local function hc(f,ac)
local lb=' '..ac..' '
for c,n in ipairs(f)do
if type(n)~='string'or string.find(n,lb,1,true)then
if cz(f,c)[2]==ac then return c end
end
end
end
local function ga(f,ac,b)
local j=ac~=''and hc(f,ac)
if not j then return nil end
local n=cz(f,j)
n[4],n[5],n[7],n[8]=b+3000,0,false,nil
f.last=math.max(f.last,n[4])
return j
end
local function jm(f,ac,b)
local j=ga(f,ac,b)
if not j then return false end
local n=f[j]
n[5],n[7]=math.max(1,b-50-1),true
ff(f,n)
return true
end
local function gj(ba,ax)
if ba>=0 then return ba end
return-ba>ax and-ba or 0
end
local function jp(f,ac,cp,ba,dq,b,x)
local j=ga(f,ac,b)
if j and(f[j][6]>0 or ba<=0)then
f[j][3]=cp
return j
end
if j then table.remove(f,j)end
local cu=gj(ba,x)
if cu==0 then cu=x+1 end
local ae=cu-dq
j=#f+1
while j>1 and gu(cz(f,j-1),ae,ac)do j=j-1 end
local n={ae,ac,cp,b+3000,0,math.max(ba,0),false}
table.insert(f,j,n)
ff(f,n)
f.last,f.ticket=math.max(f.last,n[4]),math.max(f.ticket,cu)
f[256+1]=nil
return j
end
local function iz(f,ac)
local j=hc(f,ac)
if j then table.remove(f,j)end
return j~=nil
end
local function jf(f,ci,b)
local bc,fh,gw={},{},false
for c=1,#f do
local n=cz(f,c)
if not n[7]then
local aw=fg(n[2])
gw=gw or not ci(n[3])
if gw then
if not next(fh)then break end
if not fh[aw]then return bc,true,n[2]end
else
if n[5]<=0 then
n[5],n[8]=b,nil
ff(f,n)
bc[#bc+1]=n
end
fh[aw]=true
end
end
end
return bc,next(fh)~=nil,nil
end
local function jq(cg,ee)
return table.concat(cg,' ')..(ee and' ~'..ee or'')
end`;

const PART_8 = `local ge={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function dp(ap)return ge[ap]end
local function ic(kx,bg)return string.find(ge[kx],' '..bg..' ',1,true)end
local function ks(kw)
local fn={}
return function(o)
if fn[o]==nil then fn[o]=not kw(o)end
if not fn[o]then return false end
for bg in string.gmatch(ge[o],'%u+')do fn[bg]=false end
return true
end
end`;

const PART_9 = `local cn,fd='~s','~p'
local cx,fe=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local hu={'IS','IX','SIX','S'}
local gh={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=hu}
local function bd()
local ar=redis.call('TIME')
return tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local function ft(ap)
local am={}
for o in string.gmatch(ap,'%u+')do
if not gh[o]then error('unknown mode '..o,0)end
am[#am+1]=o
end
return am
end
local function ds(a,af,dx)
local av={['fences']={unpack(a,af*dx+1)}}
for c=1,af do
local h=(c-1)*dx
av[c]={['lock']=a[h+1],['shared']=a[h+2],['line']=a[h+3],['wake']=dx>3 and a[h+4]}
end
return av
end
local function dz(d,ab)
local u={d[1],[d[1]]=true}
for c=ab,#d do
u[#u+1]=d[c]
u[d[c]]=true
end
return u
end
local function dw(l)
if not l or string.sub(l,1,3)~='~s 'then return nil end
local o,g=string.match(l,'^~s (%u+) (.*)$')
if gh[o]then return o,g end
end
local function fb(kv)return string.format('%.0f',kv)end
local function iw(m,o,af)
local ag=fe[o]*cx
return redis.pcall('ZREVRANGEBYSCORE',m,'('..fb(ag+cx),fb(ag),'WITHSCORES','LIMIT',0,af),ag
end
local function fv(s,o,u,b)
local l=redis.call('GET',s.lock)
if l and(l==fd or string.sub(l,1,3)==fd..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local dc,az=dw(l)
if az then
local y=not u[az]and redis.call('PTTL',s.lock)
if y and(y==-1 or ic(o,dc))then return y,az end
return nil
end
if u[l]then return nil end
if l and l~=cn then return redis.call('PTTL',s.lock),l end
local i,ah
if not l and redis.call('EXISTS',s.shared)==0 then return nil end
for al,lh in ipairs(gh[o])do
local ad,ag=iw(s.shared,lh,#u+1)
if ad.err then error(ad.err,0)end
for c=1,#ad,2 do
local r=tonumber(ad[c+1])-ag
if not u[ad[c]]then
if r>=b and(not i or r>i)then i,ah=r,ad[c]end
break
end
end
end
if i then return i-b,ah end
end
local function ix(s,b)
local x
if redis.call('EXISTS',s.shared)==0 then return nil end
for al,o in ipairs(hu)do
local ad,ag=iw(s.shared,o,1)
local ae=tonumber(ad[2])
if ae and ae-ag>=b then x=math.max(x or 0,ae-ag)end
end
return x
end
local function gv(s,o,u)
local l=redis.call('GET',s.lock)
if o=='X'then return u[l]end
local dc,az=dw(l)
if az then return u[az]and dc==o end
for al,g in ipairs(u)do
local ae=redis.call('ZSCORE',s.shared,g)
if ae and math.floor(tonumber(ae)/cx)==fe[o]then return true end
end
return false
end
local function kp(s,u)
local l=redis.call('GET',s.lock)
local al,az=dw(l)
if az then return u[az]end
if u[l]then return true end
for al,g in ipairs(u)do
if redis.call('ZSCORE',s.shared,g)then return true end
end
return false
end
local function hx(m,o,g,r,b)
local ag=fe[o]*cx
redis.call('ZREMRANGEBYSCORE',m,fb(ag),'('..fb(ag+b))
redis.call('ZADD',m,fb(ag+r),g)
if redis.call('PTTL',m)<r-b then redis.call('PEXPIRE',m,r-b)end
end
local function gs(s,o,u,ak,b)
local q,ao,g,cj=s.lock,s.shared,u[1],false
local l=redis.call('GET',q)
local r=b+ak
local dc,az=dw(l)
local ah,kl=az or l,dc or'X'
if u[ah]then
local y=redis.call('PTTL',q)
if y==-1 and ah==g and o==kl then return false end
r=math.max(r,b+y)
if az==g and o==dc then
redis.call('SET',q,l,'PX',r-b)
return false
end
cj=ah~=g
l=nil
elseif az then
local y=math.max(1,redis.call('PTTL',q))
hx(ao,dc,az,b+y,b)
redis.call('SET',q,cn,'PX',y)
l=cn
end
if l~=cn and(o~='X'or az)and redis.call('EXISTS',ao)==0 then
redis.call('SET',q,o=='X'and g or'~s '..o..' '..g,'PX',r-b)
return cj
end
for c,cq in ipairs(u)do
local ae=(c>1 or o~='X')and redis.call('ZSCORE',ao,cq)
if ae then
r=math.max(r,tonumber(ae)%cx)
if c>1 then
redis.call('ZREM',ao,cq)
cj=true
end
end
end
if o=='X'then
redis.call('SET',q,g,'PX',r-b)
return cj
end
hx(ao,o,g,r,b)
if l~=cn then
redis.call('SET',q,cn,'PX',ix(s,b)-b)
else
local y=redis.call('PTTL',q)
if y>=0 and y<r-b then redis.call('PEXPIRE',q,r-b)end
end
return cj
end
local function bu(s,u,b)
local q,bi=s.lock,false
local l=redis.pcall('GET',q)
if type(l)=='table'then
if string.find(l.err,'WRONGTYPE',1,true)then return false,false end
error(l.err,0)
end
local al,az=dw(l)
if u[az or l]then
redis.call('DEL',q)
l,bi=false,true
end
if az or(bi and#u==1)then return bi,bi end
local fq=false
for al,g in ipairs(u)do
local ae=redis.pcall('ZSCORE',s.shared,g)
if type(ae)=='string'then
redis.call('ZREM',s.shared,g)
fq=true
if tonumber(ae)%cx>=b then bi=true end
end
end
if l and l~=cn then return bi,false end
local x=fq and ix(s,b)
if x then
local y=redis.call('PTTL',q)
local fp=y>x-b+1
if y<0 or fp then redis.call('SET',q,cn,'PX',math.max(1,x-b))end
return bi,false,fp
end
if fq and l then redis.call('DEL',q)end
return bi,fq or bi
end`;

const PART_10 = `local hr={}
local function ch(s,f,b)
if#f==0 then return{},false end
local bc,ci,ee=jf(
f,ks(function(o)return fv(s,o,hr,b)end),b)
for c,n in ipairs(bc)do bc[c]=n[2]end
if#bc>0 then
cw(s.line,f,b)
redis.pcall('PUBLISH',s.wake,jq(bc,ee))
end
return bc,ci
end
local function jy(s,o,u,ac,ae,f,b)
local y,ah=fv(s,o,u,b)
if y or#f==0 or kp(s,u)then return y,ah end
local bp,kk=hy(f,ac,ae,function(bg)return ic(bg,o)end)
if not bp then return nil end
if s.wake then ch(s,f,b)end
if kk then return-1,''end
if bp[5]>0 then return math.max(0,50-b+bp[5]),''end
y,ah=fv(s,bp[3],hr,b)
return y and-1 or 50,ah or''
end
local function kf(ij,am,bw)
local k,ie,ax=0,false,{}
for al,o in ipairs(am)do
if(o=='X'or o=='SIX')and not bw then ie=true end
end
for c,m in ipairs(ij)do
local i=bl(m)
ax[c]=i or 0
k=math.max(k,i and(ie and i+1 or i)or db(m))
end
for c,m in ipairs(ij)do
if ax[c]~=k then fc(m,k)end
end
return k
end
aa['modes.acquire']=function(a,d)
local ak,ac,ba,dq=tonumber(d[2]),'',0,0
if d[4]~=''then
ac,ba,dq=string.match(d[4],'^(%S*) (%S+) (%S+)$')
ba,dq=tonumber(ba),tonumber(dq)
end
local am,u,jw,b=ft(d[3]),dz(d,5),{d[1],[d[1]]=true},bd()
local av=ds(a,#am,ac==''and 3 or 4)
local au,ax,j,bz,ah={},b,nil,nil,nil
local bw,cj=true,false
for c=1,#am do
au[c]=by(av[c].line,b,dp)
ax=math.max(ax,au[c].ticket)
end
local cu=gj(ba,ax)
local ae=cu>0 and cu-dq or nil
for c,o in ipairs(am)do
local s=av[c]
local y,ll=jy(s,o,u,ac,ae,au[c],b)
if y then
j=j or c
if not ah or(bz~=-1 and(y==-1 or y>bz))then
bz,ah=y,ll
end
elseif not gv(s,o,jw)then
bw=false
end
end
local ce,ey=j or#am,nil
if ac~=''then
ey=jp(au[ce],ac,am[ce],ba,dq,b,ax)
if not j and au[ce][ey]then au[ce][ey][5]=-1 end
cw(av[ce].line,au[ce],b)
end
if j then
if ac~=''then pcall(gp,av[j].wake,ac,ak)end
return{0,bz,ah,string.format('%.0f',ax),ey and ey-1 or#au[j]}
end
local k=kf(av.fences,am,bw)
for c,o in ipairs(am)do
local s=av[c]
if gs(s,o,u,ak,b)then cj=true end
if c~=ce and ga(au[c],ac,b)then cw(s.line,au[c],b)end
end
return cj and-k or k
end
aa['modes.convert']=aa['modes.acquire']
aa['modes.commit']=function(a,d)
local am,u=ft(d[3]),{d[1],[d[1]]=true}
local av=ds(a,#am,4)
for c,o in ipairs(am)do
if not gv(av[c],o,u)then return{0}end
end
for al,m in ipairs(av.fences)do
if not bl(m)then db(m)end
el(m,tonumber(d[2]))
end
return 1
end
aa['modes.extend']=function(a,d)
local k,ak,am=tonumber(d[2]),tonumber(d[3]),ft(d[4])
local av,u,b,bk=ds(a,#am,4),dz(d,5),bd(),true
for c,o in ipairs(am)do
local y,ah=fv(av[c],o,u,b)
if y then return{0,y,ah}end
bk=bk and gv(av[c],o,u)
end
for al,m in ipairs(av.fences)do
local gr=not bk and(bl(m)or er(m))
if gr then el(m,k)end
end
for c,o in ipairs(am)do
local s=av[c]
if gs(s,o,u,ak,b)then ch(s,by(s.line,b,dp),b)end
end
return 1
end
local function iy(s,f,ac,b)
local io=iz(f,ac)
if io then cw(s.line,f,b)end
pcall(ep,s.wake,ac)
return io
end
aa['modes.release']=function(a,d)
local ac,u,b=d[2],dz(d,3),bd()
local bi,eg,iq=false,false,string.find(ac,'.',1,true)
for al,s in ipairs(ds(a,#a/4,4))do
local bk,ko,fp=bu(s,u,b)
local au=(bk or iq)and redis.pcall('MGET',s.line,s.wake)
if bk then bi=true end
if au and(au[1]or au[2])then
local f=by(s.line,b,dp)
if iq then iy(s,f,ac,b)end
local bj,bc,ci=pcall(ch,s,f,b)
if not bj then bc,ci={},false end
for al,bg in ipairs(bc)do
if bg~=ac then eg=true end
end
if ko and not ci and gm(s.wake,ac~='')then eg=true end
if fp and#bc==0 then redis.pcall('PUBLISH',s.wake,'')end
end
end
if not bi then return 0 end
return eg and-1 or 1
end
aa['modes.releaseAll']=aa['modes.release']
aa['modes.leave']=function(a,d)
local b=bd()
for al,s in ipairs(ds(a,#a/4,4))do
local f=by(s.line,b,dp)
if iy(s,f,d[1],b)then pcall(ch,s,f,b)end
end
return 1
end`;

const PART_11 = `local function km(s,o,g,b)
local l=redis.call('GET',s.lock)
if l~=cn then
local dc,az=dw(l)
return(az or l)==g and(dc or'X')==o
end
local ae=o~='X'and redis.call('ZSCORE',s.shared,g)
if not ae then return false end
return math.floor(tonumber(ae)/cx)==fe[o]and tonumber(ae)%cx>=b
end
aa['modes.renew']=function(a,d,ek)
local g,am,b,k=d[1],ft(d[3]),bd(),1
local av=ds(a,#am,3)
for c,o in ipairs(am)do
if not km(av[c],o,g,b)then
local l=redis.call('GET',av[c].lock)
local al,az=dw(l)
local ah=az or l~=cn and l or''
if string.sub(ah,1,3)==fd..' 'then ah=fd end
return{0,redis.call('PTTL',av[c].lock),ah}
end
end
for al,m in ipairs(av.fences)do k=math.max(k,bl(m)or 1)end
if ek then return k end
for c,o in ipairs(am)do gs(av[c],o,{g,[g]=true},tonumber(d[2]),b)end
return k
end`;

const PART_12 = `local cm,dd,gf,js='0','1','2',48
local ju=64
local function de(ap)
local ku=string.gmatch(ap,'(%d+)%-?(%d*)')
return function()
local ab,i=ku()
if ab then return tonumber(ab),tonumber(i)or tonumber(ab)end
end
end
local function jl(v,ed)
local hi,bv,i={},string.find(v,ed..'+')
while bv do
hi[#hi+1]=bv==i and tostring(bv-1)or string.format('%d-%d',bv-1,i-1)
bv,i=string.find(v,ed..'+',i+1)
end
return table.concat(hi,' ')
end
local function ct(v,t,ed)
local dt,j={},0
for ab,i in de(t)do
if ab<j then v,dt,j=table.concat(dt)..string.sub(v,j+1),{},0 end
if ab>#v then v=v..string.rep(cm,ab-#v)end
dt[#dt+1]=string.sub(v,j+1,ab)
dt[#dt+1]=string.rep(ed,i-ab+1)
j=i+1
end
return table.concat(dt)..string.sub(v,j+1)
end
local function jx(v,t)
for ab,i in de(t)do
if string.find(string.sub(v,ab+1,i+1),dd,1,true)then return false end
end
return true
end
local function es(v,w)
return#string.gsub(string.sub(v,1,w),dd..'+','')
end
local function kc(t)
local gz=0
for al,i in de(t)do gz=math.max(gz,i+1)end
return gz
end
local function ky(g,w)
local cl,di=string.match(g,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not cl then return 0,1 end
return tonumber(cl,16)%w,1+tonumber(di,16)%w
end
local function ib(v,ay,w,hd,u,g)
local cr=ay
local function fa(ab,i)
i=math.min(i,w-1)
if cr==0 or ab>i then return end
local li,af=string.gsub(string.sub(v,ab+1,i+1),cm,gf,cr)
if af==0 then return end
v,cr=string.sub(v,1,ab)..li..string.sub(v,i+2),cr-af
end
for ab,i in de(hd)do fa(ab,i)end
if u then
for ab,i in de(u)do fa(ab,i)end
else
local cl,di=ky(g,w)
for c=0,ju-1 do
if cr==0 then break end
local cd=(cl+c*di)%w
if string.byte(v,cd+1)==js then fa(cd,cd)end
end
fa(cl,w-1)
fa(0,cl-1)
end
if cr>0 then return nil end
return jl(v,gf),(string.gsub(v,gf,dd))
end`;

const PART_13 = `local hq='~'
local function bd()
local ar=redis.call('TIME')
return tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local function ha(ap,b)
local bn,w,gd=string.match(ap,'^(%d+) (%d+) (%d+)$')
if bn and tonumber(gd)+604800000+86400000>=b then return tonumber(bn),tonumber(w),tonumber(gd)end
end
local function he(m,q,b)
return ha(redis.call('HGET',m,q)or'',b)
end
local function hp(m,q,bn,w,b)
local id=tonumber(redis.call('HGET',m,hq)or'')
if not id or id+86400000<b then
local cy=redis.call('HGETALL',m)
for c=1,#cy,2 do
if not ha(cy[c+1],b)then redis.call('HDEL',m,cy[c])end
end
redis.call('HSET',m,hq,string.format('%.0f',b))
end
redis.call('HSET',m,q,string.format('%.0f %.0f %.0f',bn,w,b))
redis.call('PEXPIRE',m,604800000+86400000)
end
local function lf(m,q,bn,w,b)
if bn>(he(m,q,b)or 0)then hp(m,q,bn,w,b)end
end`;

const PART_14 = `local hs='~p'
local eb,ec=16,32
local function kq(an)
return an==hs or string.sub(an,1,3)==hs..' '
end
local function dh(an)
local at,x,br,v,r,t,g=
string.match(an or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(at)or 0,['latest']=tonumber(x)or 0,['kept']=tonumber(br)or 0,['map']=v or'',
['deadline']=tonumber(r)or 0,['slots']=t or'',['token']=g or'',
['is_new']=not g,['is_other']=an and not kq(an)
}
end
local function ez(a,e,b)
local i=math.max(e.latest,e.deadline)
if i==0 then
redis.call('DEL',a[1])
return 0
end
local iv=e.latest>0 and i>e.kept
if iv then
e.kept=i+math.max(1,i-b)
for j=3,4 do redis.call('PEXPIREAT',a[j],string.format('%.0f',e.kept))end
end
if iv or e.is_new then redis.call('PEXPIRE',a[5],604800000)end
redis.call('SET',a[1],string.format('~p %.0f %.0f %.0f %s %.0f:%s:%s',e.check,e.latest,e.kept,e.map,
e.deadline,e.slots,e.token),'PXAT',string.format('%.0f',i))
return i
end
local function da(a,e,g)
if g==e.token then return e.slots,e.deadline end
local t=e.latest>0 and redis.call('HGET',a[3],g)
local r=t and redis.call('ZSCORE',a[4],g)
if r then return t,tonumber(r)end
end
local function ia(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function fl(a,e,g)
local t,r=da(a,e,g)
if not t then return nil end
e.map=ct(e.map,t,cm)
if g==e.token then
e.deadline,e.slots,e.token=0,'',''
return t,r
end
redis.call('ZREM',a[4],g)
redis.call('HDEL',a[3],g)
if r==e.latest then
e.latest=tonumber(redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2])or 0
if e.latest==0 then e.check,e.kept=0,0 end
end
return t,r
end
local function fm(a,e,b)
local dm=false
if e.token~=''and e.deadline<b then
e.map=ct(e.map,e.slots,cm)
e.deadline,e.slots,e.token,dm=0,'','',true
end
if e.latest>0 and b>e.check then
local kb=redis.call('ZRANGEBYSCORE',a[4],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for al,g in ipairs(kb)do
e.map=ct(e.map,redis.call('HGET',a[3],g)or'',cm)
redis.call('HDEL',a[3],g)
redis.call('ZREM',a[4],g)
end
local ab=redis.call('ZRANGE',a[4],0,0,'WITHSCORES')[2]
local i=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,dm=tonumber(ab)or 0,tonumber(i)or 0,true
if not ab then e.kept,e.map=0,ct('',e.slots,dd)end
end
if dm then ez(a,e,b)end
end
local function hf(a,e,g,r,b)
local dm=false
if g==e.token then
if e.deadline<r then e.deadline,dm=r,true end
elseif tonumber(redis.call('ZSCORE',a[4],g))<r then
redis.call('ZADD',a[4],string.format('%.0f',r),g)
if e.latest<r then e.latest,dm=r,true end
end
if dm then ez(a,e,b)end
end
local function dk(a,e,g,t,r,b)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=r,t,g,ct(e.map,t,dd)
ez(a,e,b)
end
local function jh(a)
local dl=''
if not IS_CLUSTER then
local cc=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
dl=type(cc)=='string'and string.match(cc,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..ec..'.'..ec..'s',dl)
end
local function gn(a)
return redis.call('GETRANGE',a[5],0,ec-1)==jh(a)
end
local function ev(a,t,ag)
if not gn(a)then return ag end
local gx=ag-ag%16384
for ab,i in de(t)do
local ap=redis.call('GETRANGE',a[5],ec+eb*ab,ec+eb*(i+1)-1)
for c=0,i-ab do
local af=tonumber(string.sub(ap,eb*c+1,eb*(c+1)))
gx=math.max(gx,af or ag)
end
end
return gx
end
local function ho(a,t,af,ag)
if not gn(a)then redis.call('SET',a[5],jh(a),'PX',604800000)end
local ap=string.format('%0'..eb..'.0f',af)
for ab,i in de(t)do
redis.call('SETRANGE',a[5],ec+eb*ab,string.rep(ap,i-ab+1))
end
if ag<af then fc(a[2],af)end
end`;

const PART_15 = `local gg='~s'
local function dz(d,ab)
local u={d[1]}
for c=ab,#d do u[#u+1]=d[c]end
return u
end
local function fy(a)
local an=redis.call('GET',a[1])
if an and(an==gg or string.sub(an,1,3)==gg..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
local e=dh(an)
if e.is_other then return e,an,redis.call('PTTL',a[1])end
return e,nil,nil
end
local function ei(a,w,bn,b)
local ax,af,gd=he(a[6],a[1],b)
if bn>(ax or 0)then
ax,af=bn,w
hp(a[6],a[1],ax,af,b)
elseif ax and gd+86400000<b then
hp(a[6],a[1],ax,af,b)
end
if not ax then return w,''end
return af,string.format('%.0f %.0f',ax,af)
end
local function fx(v,dg)
return v..string.rep(cm,dg-#v)
end
local function kh(a,e,cr,b)
local bq=e.latest>0 and redis.call('ZRANGE',a[4],0,64-1,'WITHSCORES')or{}
if e.token~=''then
local j=1
while bq[j]and tonumber(bq[j+1])<=e.deadline do j=j+2 end
table.insert(bq,j,e.token)
table.insert(bq,j+1,e.deadline)
end
local i=-1
for c=1,#bq,2 do
i=tonumber(bq[c+1])
local t=bq[c]==e.token and e.slots or redis.call('HGET',a[3],bq[c])or''
for ab,kd in de(t)do cr=cr-(kd-ab+1)end
if cr<=0 then break end
end
return i<0 and-1 or math.max(0,i-b),bq[1]or''
end
local function dn(w)
return function(ap)
local af=tonumber(ap)
return af and af<=w
end
end
local function ch(a,e,f,cb,w,b)
if#f==0 then return 0,false end
local v=fx(e.map,w)
local bu=e.is_other and 0 or es(v,w)
local bc,ci,ee=jf(f,function(cp)
bu=bu-tonumber(cp)
return bu>=0
end,b)
local cg={}
for c,n in ipairs(bc)do
local t,lg=ib(v,tonumber(n[3]),w,cb,'0-'..w-1)
v=lg or v
cg[c]=n[2]..':'..string.gsub(t or'',' ',',')
end
if#cg>0 then
cw(a[7],f,b)
redis.pcall('PUBLISH',a[8],jq(cg,ee))
end
return#cg,ci
end
aa['slots.acquire']=function(a,d)
local g,ak,ac,ba,ay=d[1],tonumber(d[2]),d[3],tonumber(d[4]),tonumber(d[5])
local hd,fr,u,b=d[8],#d>8,dz(d,9),bd()
local e,ah,bz=fy(a)
local w,ew=ei(a,tonumber(d[6]),tonumber(d[7]),b)
if ay>w then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',w,ay),0)end
fm(a,e,b)
local f=by(a[7],b,dn(w))
local ax=math.max(b,f.ticket)
local cu=gj(ba,ax)
local v=fx(e.map,w)
local t,bt=da(a,e,g),nil
if ah then
if ac~=''then pcall(gp,a[8],ac,ak)end
elseif t then
local k=ev(a,t,bl(a[2])or db(a[2]))
hf(a,e,g,b+ak,b)
if jm(f,ac,b)then cw(a[7],f,b)end
return{1,k,t,ew,fr and v or nil}
else
local cv,df=v,''
for c=2,#u do
local bb=da(a,e,u[c])or''
cv,df=ct(cv,bb,cm),df..' '..bb
end
local bp
if#f>0 and not fr then
local bu=es(cv,w)
bp=bu>=ay and hy(f,ac,cu>0 and cu or nil,function(cp)
bu=bu-tonumber(cp)
return bu<ay
end)
end
if not bp then bt=ib(cv,ay,w,hd,fr and df or nil,g)end
if bt then
local ag=bl(a[2])
local ab=not ag and db(a[2])
local k,r=ev(a,bt,ag or ab)+1,b+ak
ia(a,e)
for c=2,#u do
local al,aq=fl(a,e,u[c])
r=math.max(r,aq or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
k=ab or k
fc(a[2],k)
else
ho(a,bt,k,ag or ab)
end
dk(a,e,g,bt,r,b)
if jm(f,ac,b)then cw(a[7],f,b)end
return{1,k,bt,ew,fr and ct(cv,bt,dd)or nil}
end
local bu=es(v,w)
bz,ah=kh(a,e,ay-bu,b)
if bp then
ch(a,e,f,'',w,b)
if bp[5]>0 then bz,ah=math.max(0,50-b+bp[5]),''
else bz=-1 end
end
end
if ac~=''then
jp(f,ac,string.format('%.0f',ay),ba,0,b,ax)
cw(a[7],f,b)
end
return{0,bz,ah,string.format('%.0f',ax),ew}
end
aa['slots.commit']=function(a,d)
local k,t=tonumber(d[2]),d[3]
local e=dh(redis.call('GET',a[1]))
if da(a,e,d[1])~=t then return{0}end
local ag=bl(a[2])or db(a[2])
local af=ev(a,t,ag)
if af<k or not gn(a)then ho(a,t,math.max(af,k),ag)end
return 1
end
aa['slots.extend']=function(a,d)
local g,k,ak,t=d[1],tonumber(d[2]),tonumber(d[3]),d[4]
local u,b=dz(d,7),bd()
local e,ah=fy(a)
if ah then return{0,-1,ah}end
local w=ei(a,tonumber(d[5]),tonumber(d[6]),b)
fm(a,e,b)
local bb=da(a,e,g)
if bb==t and#u==1 then
hf(a,e,g,b+ak,b)
return 1
end
local cv,aq=fx(e.map,math.max(w,kc(t))),''
for al,cq in ipairs(u)do
local df=da(a,e,cq)or''
cv,aq=ct(cv,df,cm),aq..' '..df
end
if not jx(cv,t)then
local jr={g,'',d[5],d[6]}
for c=2,#u do jr[c+3]=u[c]end
aa['slots.release'](a,jr)
return{0,-1,''}
end
ia(a,e)
local ag=bb~=t and(bl(a[2])or er(a[2]))
if ag then ho(a,t,math.max(k,ev(a,t,ag)),ag)end
local r=b+ak
for al,cq in ipairs(u)do
local al,i=fl(a,e,cq)
r=math.max(r,i or 0)
end
dk(a,e,g,t,r,b)
local cb=jl(ct(ct(string.rep(cm,#cv),aq,dd),t,cm),dd)
if cb~=''then ch(a,e,by(a[7],b,dn(w)),cb,w,b)end
return 1
end
aa['slots.release']=function(a,d)
local aw,u,b=d[2],dz(d,5),bd()
local an=redis.pcall('GET',a[1])
local e=dh(type(an)=='string'and an)
local cb,bi,hm,iu='',false,0,false
for al,cq in ipairs(u)do
local t,r=fl(a,e,cq)
if t then
iu,bi=true,bi or r>=b
cb,hm=cb..' '..t,math.max(hm,r)
end
end
if not iu then return 0 end
local au=redis.pcall('MGET',a[7],a[8])
local ip=au[1]or au[2]
if ip then fm(a,e,b)end
local i=ez(a,e,b)
if ip then
local w=ei(a,tonumber(d[3]),tonumber(d[4]),b)
local f=by(a[7],b,dn(w))
local bj,bc,ci=pcall(ch,a,e,f,cb,w,b)
if not bj then bc,ci=0,false end
if i==0 and not ci then gm(a[8],aw~='')
elseif i>0 and hm>i and bc==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bi and 1 or 0
end
aa['slots.leave']=function(a,d)
local b=bd()
local w=ei(a,tonumber(d[2]),tonumber(d[3]),b)
local f=by(a[7],b,dn(w))
if iz(f,d[1])then
cw(a[7],f,b)
pcall(function()ch(a,dh(redis.call('GET',a[1])),f,'',w,b)end)
end
pcall(ep,a[8],d[1])
return 1
end
aa['slots.count']=function(a,d)
local b=bd()
local e,ah=fy(a)
local w,ew=ei(a,tonumber(d[1]),tonumber(d[2]),b)
fm(a,e,b)
local f=by(a[7],b,dn(w))
ch(a,e,f,'',w,b)
local bu=ah and 0 or es(fx(e.map,w),w)
local bn=tonumber(string.match(ew,'^%d+')or 0)
return{1,bu,w,bn,#e.map-es(e.map,#e.map)}
end
aa['slots.resize']=function(a,d)
if not bl(a[2])then db(a[2])end
return aa['slots.count'](a,d)
end`;

const PART_16 = `aa['slots.renew']=function(a,d,ek)
local g,b,an=d[1],bd(),redis.call('GET',a[1])
local e=dh(an)
local t,r=da(a,e,g)
if t~=d[3]or r<b then
local kr=e.is_other and string.sub(an,1,2)~=gg
return{0,redis.call('PTTL',a[1]),kr and an or''}
end
local k=ev(a,t,bl(a[2])or 1)
if not ek then hf(a,e,g,b+tonumber(d[2]),b)end
return k
end`;

const PART_17 = `local fj,gq,fk={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fk=2
local fj={
['mutex.acquire']=function(h,ai,aj)
local ca=p('SET',KEYS[h],ARGV[ai],'NX','PX',ARGV[aj])
if not ca or ca.err then return nil end
local k=af(KEYS[h+1])
if not k then p('DEL',KEYS[h])end
return k
end,
['mutex.takeOver']=function(h,ai,aj)
if p('GET',KEYS[h])~=ARGV[ai+1]then return nil end
local k=af(KEYS[h+1])
if not k then return nil end
local ca=p('SET',KEYS[h],ARGV[ai],'PX',ARGV[aj])
return not ca.err and-k or nil
end,
['mutex.extend']=function(h,ai,aj)
if p('GET',KEYS[h])~=ARGV[ai]then return nil end
local y=p('PTTL',KEYS[h])
if type(y)~='number'or y<0 then return nil end
if y<tonumber(ARGV[aj])and p('PEXPIRE',KEYS[h],ARGV[aj])~=1 then return nil end
return 1
end,
['mutex.release']=function(h,ai)
local ad=p('MGET',KEYS[h],KEYS[h+1])
if ad.err or ad[2]then return nil end
if ad[1]~=ARGV[ai]then return 0 end
return p('DEL',KEYS[h])==1 and 1 or nil
end,
}`,
    PART_2,
    `local gq={
['mutex.release']=function(h,ai,dg,ck)
local ad=p('MGET',unpack(KEYS,h,h+2*dg-1))
if ad.err then return 0 end
local bb,is,hh,dj={},{},{},0
for c=1,dg do
if ad[2*c]then break end
local q=KEYS[h+2*c-2]
local bk=ad[2*c-1]==ARGV[ai+c-1]and not is[q]
ck[#ck+1]=bk and 1 or 0
if bk then
is[q]=true
bb[#bb+1]=q
hh[#bb]=#ck
end
dj=c
end
local ig=#bb>0 and p('DEL',unpack(bb))
if type(ig)=='table'then
for c=1,#hh do ck[hh[c]]={-1,ig.err}end
end
return dj
end
}`,
    PART_3,
    PART_4,
    `local function dk(m,g,ak,bk)
if not bk then redis.call('SET',m,g,'PX',ak)
else
local y=redis.call('PTTL',m)
if y>=0 and y<tonumber(ak)then redis.call('PEXPIRE',m,ak)end
end
end
local function hv(a,g,le,ak,ac)
local dx=ac==''and 2 or 3
local bk,bw,cj={},true,false
local bz,ah
for c=1,#a,dx do
local l=redis.call('GET',a[c])
bk[c]=l==g
if l~=g then bw=false end
if l and l==le then
cj=true
elseif l and l~=g then
local y=redis.call('PTTL',a[c])
if not ah or(bz~=-1 and(y==-1 or y>bz))then
bz,ah=y,l
end
end
end
if ac~=''then
for c=3,#a,3 do pcall(gp,a[c],ac,tonumber(ak))end
end
if ah then return{0,bz,ah}end
local k=0
for c=2,#a,dx do
local i=bl(a[c])
k=math.max(k,i and(bw and i or i+1)or db(a[c]))
end
for c=1,#a,dx do
dk(a[c],g,ak,bk[c])
fc(a[c+1],k)
end
return cj and-k or k
end
aa['mutex.acquire']=function(a,d)
return hv(a,d[1],nil,d[2],d[3])
end
aa['mutex.takeOver']=function(a,d)
return hv(a,d[1],d[2],d[3],d[4])
end
aa['mutex.commit']=function(a,d)
for c=1,#a,2 do
if redis.call('GET',a[c])~=d[1]then return{0}end
end
for c=2,#a,2 do
if not bl(a[c])then db(a[c])end
el(a[c],tonumber(d[2]))
end
return 1
end
aa['mutex.extend']=function(a,d)
local g,k,ak=d[1],tonumber(d[2]),d[3]
local bk={}
for c=1,#a,2 do
local l=redis.call('GET',a[c])
if l and l~=g then return{0,redis.call('PTTL',a[c]),l}end
bk[c]=l==g
end
for c=1,#a,2 do
local gr=not bk[c]and(bl(a[c+1])or er(a[c+1]))
if gr then el(a[c+1],k)end
end
for c=1,#a,2 do dk(a[c],g,ak,bk[c])end
return 1
end
aa['mutex.release']=function(a,d)
local g,aw=d[1],d[2]
local bi,eg=false,false
for c=1,#a,2 do
local l=redis.pcall('GET',a[c])
if aw~=''then pcall(ep,a[c+1],aw)end
if l==g then
redis.call('DEL',a[c])
bi=true
if gm(a[c+1],aw~='')then eg=true end
elseif type(l)=='table'and l.err and not string.find(l.err,'WRONGTYPE',1,true)then
error(l.err)
end
end
if not bi then return 0 end
return eg and-1 or 1
end
aa['mutex.leave']=function(a,d)
pcall(ep,a[1],d[1])
return 1
end
aa['mutex.renew']=function(a,d)
local k=1
for c=1,#a,2 do
local l=redis.call('GET',a[c])
if l~=d[1]then return{0,redis.call('PTTL',a[c]),l or''}end
k=math.max(k,bl(a[c+1])or 1)
end
for c=1,#a,2 do dk(a[c],d[1],d[2],true)end
return k
end
aa['mutex.query']=function(a)
local z={1}
for c=1,#a,2 do
z[#z+1]=redis.call('GET',a[c])or''
z[#z+1]=redis.call('PTTL',a[c])
z[#z+1]=en(a[c+1])or''
end
return z
end`,
    PART_5,
    PART_6,
  ],
  "526049411ad7faec0096e858267163f0bb27dab4",
  "94f09106d9687aaf003ffac5e81009e8fab5e73a",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fk=81
local fj={
['modes.acquire']=function(h,ai,aj,ay)
local g,ak,am,co=ARGV[ai],ARGV[aj],ARGV[aj+1],KEYS[h+ay-1]
if ARGV[aj+2]~=''then return nil end
if ay~=4 then
local al,ki=string.gsub(am,' ','')
if ay~=3*ki+4 then return nil end
end
local eu,em
if p('EXISTS',unpack(KEYS,h,h+ay-2))~=0 then
local ad,j=p('MGET',unpack(KEYS,h,h+ay-2)),1
if ad.err then return nil end
eu={}
em={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for o in string.gmatch(am,'%u+')do
local l,q,ao=ad[j],KEYS[h+j-1],KEYS[h+j]
if ad[j+2]then return nil end
if not l then
if p('EXISTS',q,ao)~=0 then return nil end
else
if o=='X'or o=='SIX'then return nil end
local y,bb,ah=p('PTTL',q),nil,nil
if type(y)~='number'or y<=0 then return nil end
if l=='~s'then
if p('ZSCORE',ao,g)then return nil end
local ab=(o=='IX'and 3)or(o=='S'and 2)
if ab and p('ZCOUNT',ao,ab..'00000000000000','('..ab+2 ..'00000000000000')~=0 then
return nil
end
else
bb,ah=string.match(l,'^~s ([ISX]+) (.*)$')
if not em[bb]or ah==g or(o~=bb and o~='IS'and bb~='IS')then return nil end
if p('EXISTS',ao)~=0 then return nil end
end
eu[j]={y,bb,ah}
end
j=j+3
end
end
local k
if am=='X'or string.find(' '..am,' X',1,true)or string.find(am,'SIX',1,true)then
k=af(co)
if not k then return nil end
else
local l=p('GET',co)
k=not l and af(co)or(type(l)=='string'and string.match(l,'^%d+$')and tonumber(l))
if not k or k<1 or k>=9000000000000000 then return nil end
end
if ay==4 and not eu then
local ca=p('SET',KEYS[h],am=='X'and g or'~s '..am..' '..g,'PX',ak)
return not ca.err and k or nil
end
local j,b=1,nil
for o in string.gmatch(am,'%u+')do
local q,fs=KEYS[h+j-1],eu and eu[j]
if fs then
local ao,ej,y,ah=KEYS[h+j],tonumber(ak),fs[1],fs[3]
if not b then
local ar=p('TIME')
if ar.err then return nil end
b=tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local ae,bj=string.format('%.0f',em[o]+b+ej),nil
if ah then
local jc=math.max(y,ej)
bj=p('ZADD',ao,string.format('%.0f',em[fs[2]]+b+y),ah,ae,g)==2
and p('PEXPIRE',ao,jc)==1 and not p('SET',q,'~s','PX',jc).err
else
p('ZREMRANGEBYSCORE',ao,string.format('%.0f',em[o]),string.format('(%.0f',em[o]+b))
bj=p('ZADD',ao,ae,g)==1
local jn=p('PTTL',ao)
if type(jn)~='number'or jn<ej then
bj=p('PEXPIRE',ao,ej)==1 and bj
end
if y<ej then bj=p('PEXPIRE',q,ej)==1 and bj end
end
if not bj then return nil end
else
local ca=p('SET',q,o=='X'and g or'~s '..o..' '..g,'PX',ak)
if ca.err then return nil end
end
j=j+3
end
return k
end,
['modes.extend']=function(h,ai,aj,ay)
local g,ak,j=ARGV[ai],ARGV[aj],1
local ad=ARGV[aj-1]=='2'and p('MGET',unpack(KEYS,h,h+ay-1))
if not ad or ad.err then return nil end
for o in string.gmatch(ARGV[aj+1],'%u+')do
if ad[j]~=(o=='X'and g or'~s '..o..' '..g)then return nil end
j=j+4
end
for q=h,h+j-2,4 do
local y=p('PTTL',KEYS[q])
if type(y)~='number'or y<0 then return nil end
if y<tonumber(ak)and p('PEXPIRE',KEYS[q],ak)~=1 then return nil end
end
return 1
end,
['modes.release']=function(h,ai,al,ay)
local g,ad=ARGV[ai],nil
if ay==4 then
local l,ce,lk=unpack(p('MGET',KEYS[h],KEYS[h+2],KEYS[h+3]))
if not l or ce or lk then return nil end
if l==g or string.match(l,'^~s [ISX]+ (.*)$')==g then
return p('DEL',KEYS[h])==1 and 1 or nil
end
ad={l}
else
ad=p('MGET',unpack(KEYS,h,h+ay-1))
if ad.err then return nil end
end
local cf,hj,hk,b={},{},{},nil
for j=1,ay,4 do
local l,q,ao=ad[j],KEYS[h+j-1],KEYS[h+j]
if not l or ad[j+2]or ad[j+3]then return nil end
if l=='~s'then
local ae=p('ZSCORE',ao,g)
local y=p('PTTL',q)
if type(ae)~='string'or type(y)~='number'or y<0 then return nil end
if not b then
local ar=p('TIME')
b=tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local r=tonumber(ae)%100000000000000
local ag=tonumber(ae)-r
if r<b then return nil end
local jd,ir=string.format('%.0f',ag),string.format('(%.0f',ag+100000000000000)
local i=p('ZREVRANGEBYSCORE',ao,ir,jd,'WITHSCORES','LIMIT',0,2)
if i.err then return nil end
local x,gy=tonumber(i[2])-ag,nil
if i[1]==g then
gy=p('ZCARD',ao)
x=i[4]and tonumber(i[4])-ag
if x and(x<b or p('ZCOUNT',ao,jd,ir)~=gy)then return nil end
if not x and gy~=1 then return nil end
elseif y>x-b+1 then
return nil
end
if not x then
cf[#cf+1]=q
elseif y>x-b+1 then
hk[#hk+1]={q,math.max(1,x-b)}
end
hj[#hj+1]=ao
elseif l==g or string.match(l,'^~s [ISX]+ (.*)$')==g then
cf[#cf+1]=q
else
return nil
end
end
for al,an in ipairs(hk)do p('PEXPIRE',an[1],an[2])end
for al,ao in ipairs(hj)do
if p('ZREM',ao,g)~=1 then return nil end
end
if#cf>0 and p('DEL',unpack(cf))~=#cf then return nil end
return 1
end
}
local gq={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    PART_10,
    `aa['modes.position']=function(a,d)
local b=bd()
local f=by(a[3],b,dp)
local j,gk,bo=hc(f,d[1]),0,0
local ae=j and f[j][1]or math.max(b,f.ticket)+1-tonumber(d[2])
for c=1,#f do
local n=cz(f,c)
if not n[7]and n[5]>=0 then
bo=bo+1
if n[2]~=d[1]and not gu(n,ae,d[1])then gk=gk+1 end
end
end
return{1,gk,bo,redis.call('EXISTS',a[1])}
end
aa['modes.stay']=function(a,d)
local b=bd()
local f=by(a[3],b,dp)
if ga(f,d[1],b)then cw(a[3],f,b)end
return 1
end`,
    `aa['modes.query']=function(a)
local z,b={1},bd()
for al,s in ipairs(ds(a,#a/4,4))do
local ea={en(s.wake)}
local f=by(s.line,b,dp)
for c=1,#f do
local n=cz(f,c)
if n[4]>=b and n[5]>=0 then ea[#ea+1]=n[2]end
end
z[#z+1]=redis.call('GET',s.lock)or''
z[#z+1]=redis.call('PTTL',s.lock)
z[#z+1]=table.concat(ea,' ')
local gt=redis.call('ZRANGE',s.shared,0,-1,'WITHSCORES')
local j=#z+1
z[j]=0
for c=1,#gt,2 do
local y=tonumber(gt[c+1])%cx-b
if y>=0 then
z[j]=z[j]+1
z[#z+1]=gt[c]
z[#z+1]=y
end
end
end
return z
end`,
    PART_11,
    PART_5,
    PART_6,
  ],
  "cde3c17208f48a91669f77c40a57ff82c339c87e",
  "d29e4da0924234ad25cfdf38b78be5adfbcad35f",
);

export const SLOTS_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fk=8
local gi='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local jt=8
local function fi()
local ar=p('TIME')
return ar[1]*1000+math.floor(ar[2]/1000)
end
local function hn(h,at,x,br,v,bf,i,b)
if b and x~='0'and i+0>br+0 then
br=string.format('%.0f',i+math.max(1,i-b))
p('PEXPIREAT',KEYS[h+2],br)
p('PEXPIREAT',KEYS[h+3],br)
p('PEXPIRE',KEYS[h+4],604800000)
end
p('SET',KEYS[h],'~p '..at..' '..x..' '..br..' '..v..' '..bf,'PXAT',i)
end
local fj={
['slots.acquire']=function(h,ai,aj)
if ARGV[aj+1]~=''or ARGV[aj+5]~='0'or ARGV[aj+6]~=''or ARGV[aj-1]~='7'then return nil end
local g,be,w,co=ARGV[ai],ARGV[aj+3]+0,ARGV[aj+4]+0,KEYS[h+1]
if be>jt or be>w then return nil end
local an,b=p('GET',KEYS[h]),fi()
local at,x,br,v,aq,t,bf='0','0','0','','0','',''
local ik=true
if an then
if an.err then return nil end
at,x,br,v,aq,t,bf=string.match(an,gi)
if not at or bf==g then return nil end
if(x~='0'and b>at+0)or(bf~=''and aq+0<b)then return nil end
if x~='0'and p('HGET',KEYS[h+2],g)then return nil end
elseif p('EXISTS',KEYS[h+4],KEYS[h+5],KEYS[h+6])==0 then
ik=false
end
local cl,di=string.match(g,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
cl,di=cl and tonumber(cl,16)%w or 0,di and 1+tonumber(di,16)%w or 1
local dy,ed={},be==1 and'1'or'2'
for c=0,63 do
local cd=(cl+c*di)%w
local go=string.byte(v,cd+1)
if go~=49 and go~=50 then
if not go then v=v..string.rep('0',cd-#v)end
v=string.sub(v,1,cd)..ed..string.sub(v,cd+2)
dy[#dy+1]=cd
if#dy==be then break end
end
end
if#dy<be then return nil end
local bt=dy[1]..''
if be>1 then
bt=''
local bv,i=string.find(v,'2+')
while bv do
bt=bt..(bt==''and''or' ')..bv-1 ..(bv==i and''or'-'..i-1)
bv,i=string.find(v,'2+',i+1)
end
v=string.gsub(v,'2','1')
end
local r,k=b+ARGV[aj],nil
local i=string.format('%.0f',r)
if not ik then
k=af(co)
if not k then return nil end
else
local ad
if IS_CLUSTER then
ad=p('MGET',co,KEYS[h+6])
else
local ld=string.sub(co,1,string.find(co,'~fence:',1,true)-1)
ad=p('MGET',co,KEYS[h+6],ld..'~server')
end
if ad.err or ad[2]or p('HGET',KEYS[h+5],KEYS[h])then return nil end
local ag=ad[1]and string.find(ad[1],'^%d+$')and ad[1]+0
if not ag or ag<1 or ag>=9000000000000000 then return nil end
local dl=ad[3]and string.match(ad[3],'^complete %S+ %S+ (%S+) ')or''
if#dl~=32 then dl=string.format('%-32.32s',dl)end
if p('GETRANGE',KEYS[h+4],0,31)~=dl then return nil end
k=ag-ag%16384
for c=1,be do
local j=32+16*dy[c]
k=math.max(k,tonumber(p('GETRANGE',KEYS[h+4],j,j+15))or ag)
end
k=k+1
if bf~=''then
if x=='0'then p('DEL',KEYS[h+2],KEYS[h+3])end
local jv=p('ZADD',KEYS[h+3],aq,bf)
if type(jv)~='number'then return nil end
p('HSET',KEYS[h+2],bf,t)
if x=='0'or aq+0<at+0 then at=aq end
if aq+0>x+0 then x=aq end
end
local ap=string.format('%016.0f',k)
for c=1,be do p('SETRANGE',KEYS[h+4],32+16*dy[c],ap)end
if ag<k then p('SET',co,string.format('%.0f',k))end
if not an then p('PEXPIRE',KEYS[h+4],604800000)end
end
bf=i..':'..bt..':'..g
hn(h,at,x,br,v,bf,x+0>r and x or i,b)
return{1,k,bt,''}
end,
['slots.extend']=function(h,ai,aj)
local g=ARGV[ai]
if ARGV[aj+4]~='0'or ARGV[aj-1]~='5'then return nil end
local an=p('GET',KEYS[h])
if not an or an.err then return nil end
local at,x,br,v,aq,t,bf=string.match(an,gi)
if not at or p('HGET',KEYS[h+5],KEYS[h])then return nil end
local b=fi()
if(x~='0'and b>at+0)or(bf~=''and aq+0<b)then return nil end
local r=b+ARGV[aj+1]
local i=string.format('%.0f',r)
if bf==g then
if t~=ARGV[aj+2]then return nil end
if aq+0>=r then return 1 end
aq=i
if x+0>r then i=x end
else
if x=='0'or p('HGET',KEYS[h+2],g)~=ARGV[aj+2]then return nil end
local ae=p('ZSCORE',KEYS[h+3],g)
if type(ae)~='string'then return nil end
if ae+0>=r then return 1 end
p('ZADD',KEYS[h+3],i,g)
if x+0>=r then return 1 end
x=i
if aq+0>r then i=aq end
end
hn(h,at,x,br,v,aq..':'..t..':'..bf,i,b)
return 1
end,
['slots.release']=function(h,ai,aj)
local g=ARGV[ai]
if ARGV[aj-1]~='3'then return nil end
local ad=p('MGET',KEYS[h],KEYS[h+6],KEYS[h+7])
if ad.err or ad[2]or ad[3]then return nil end
if not ad[1]then return 0 end
local at,x,br,v,aq,t,bf=string.match(ad[1],gi)
if not at then return nil end
if bf==g and x=='0'then
return p('DEL',KEYS[h])==1 and 1 or nil
end
if x=='0'then return nil end
local i,cb=x,t
if bf==g then
if aq+0<x+0 and aq+0<fi()then return nil end
aq,t,bf='0','',''
else
local ae=p('ZSCORE',KEYS[h+3],g)
cb=p('HGET',KEYS[h+2],g)
if type(cb)~='string'or type(ae)~='string'or ae+0<fi()then return nil end
p('ZREM',KEYS[h+3],g)
p('HDEL',KEYS[h+2],g)
if ae==x then
x=p('ZREVRANGE',KEYS[h+3],0,0,'WITHSCORES')[2]or'0'
if x=='0'then
at,br='0','0'
if bf==''then return p('DEL',KEYS[h])and 1 end
end
end
i=aq+0>x+0 and aq or x
end
local cd=tonumber(cb)
if cd then
v=string.sub(v,1,cd)..'0'..string.sub(v,cd+2)
else
for bv,gc in string.gmatch(cb,'(%d+)%-?(%d*)')do
if gc==''then gc=bv end
v=string.sub(v,1,bv)..string.rep('0',gc-bv+1)..string.sub(v,gc+2)
end
end
hn(h,at,x,br,v,aq..':'..t..':'..bf,i)
return 1
end
}
local gq={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_12,
    PART_13,
    PART_14,
    PART_15,
    PART_16,
    `aa['slots.query']=function(a)
local b=bd()
local e,bg,y=fy(a)
local bn,w=he(a[6],a[1],b)
local ea={en(a[8])}
local f=by(a[7],b,dn(math.huge))
for c=1,#f do
local n=cz(f,c)
if n[4]>=b then ea[#ea+1]=n[2]end
end
local z={1,bg or'',y or-2,w or 0,bn or 0,table.concat(ea,' ')}
local function hw(g,t,r)
if t and r>=b then
local j=#z
z[j+1],z[j+2],z[j+3]=g,t,r-b
end
end
if e.token~=''then hw(e.token,e.slots,e.deadline)end
if e.latest>0 then
local jo,bb={},redis.call('HGETALL',a[3])
for c=1,#bb,2 do jo[bb[c]]=bb[c+1]end
local bq=redis.call('ZRANGE',a[4],0,-1,'WITHSCORES')
for c=1,#bq,2 do
if bq[c]~=e.token then hw(bq[c],jo[bq[c]],tonumber(bq[c+1]))end
end
end
return z
end`,
    PART_5,
    PART_6,
  ],
  "bd7966f4f590e404b80bff0cfeccd53f50b06078",
  "0681c89212899d787001c7e25b0590117f17e0af",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_17,
    PART_3,
    `local function jj(m)
local cc=redis.pcall('GET',m)
return type(cc)=='string'and cc or''
end
local function jk(m,ke,l)
local du=jj(m)
local ar=redis.call('TIME')
local b=string.format('%.0f',tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000))
if du==ke then
du=l(tonumber(b))
redis.call('SET',m,du)
end
return{1,du,b}
end
aa['marker.replace']=function(a,d)
return jk(a[1],d[1],function()return d[2]end)
end
aa['marker.lose']=function(a,d)
return jk(a[1],d[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(d[2]))
end)
end`,
    `aa['identify']=function(a)
local eo=''
local function fz(lj)
local fo=redis.pcall('INFO',lj)
if type(fo)=='table'then fo,eo='',fo.err end
return function(kg)return string.match(fo,'%f[%w_]'..kg..':([^\\r\\n]*)')or''end
end
local gb,je,hg=fz('server'),fz('memory'),fz('replication')
local ar=redis.call('TIME')
local o=gb('redis_mode')
if o==''then o=gb('server_mode')end
return{
1,gb('run_id'),tonumber(gb('uptime_in_seconds'))or-1,
tonumber(ar[1])*1000000+tonumber(ar[2]),
tonumber(fz('persistence')('aof_enabled'))or-1,
je('maxmemory_policy'),tonumber(je('maxmemory'))or-1,
hg('role'),o,hg('master_replid'),hg('master_replid2'),
a[1]and jj(a[1])or'',eo
}
end`,
    PART_13,
    `aa['counters.read']=function(a)
local z,b={1},bd()
for c=1,#a,2 do
local et,k=pcall(bl,a[c])
z[#z+1]=et and k and string.format('%.0f',k)or''
end
for c=2,#a,2 do
local cy,cf,cg=redis.pcall('HGETALL',a[c]),{},{}
for j=1,cy.err and 0 or#cy,2 do
cf[#cf+1],cg[cy[j]]=cy[j],cy[j+1]
end
table.sort(cf)
for al,q in ipairs(cf)do
local bn,w=ha(cg[q],b)
if bn then
for al,l in ipairs({c/2,q,string.format('%.0f',bn),w})do z[#z+1]=l end
end
end
end
return z
end
local function ji(a,d,at)
local t,b=#a/2,bd()
for c=1,t do
local m=a[2*c-1]
local et,k=pcall(bl,m)
if et and d[c]~=''then
if not k then at(m)end
el(m,tonumber(d[c]))
end
end
for j=t+1,#d,4 do
pcall(lf,a[2*tonumber(d[j])],d[j+1],tonumber(d[j+2]),tonumber(d[j+3]),b)
end
return 1
end
aa['counters.raise']=function(a,d)
return ji(a,d,db)
end
aa['counters.restore']=function(a,d)
return ji(a,d,function()end)
end
aa['counters.lift']=function(a,d)
for c=1,#a do
local et,k=pcall(bl,a[c])
if et and k then el(a[c],tonumber(d[1]))end
end
return 1
end`,
    `aa['set.note']=function(a,d)
local ca,df,ja=d[1],d[2],tonumber(d[3])
local ar=redis.call('TIME')
local b=tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
local hl,it,im=b,false,false
local cs,ap={},redis.pcall('GET',a[1])
for ce in string.gmatch(type(ap)=='string'and ap or'','[^\\n]+')do
local fu,ab,x,eq,la=string.match(ce,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
ab,x,eq=tonumber(ab),tonumber(x),tonumber(eq)
if fu and ab<=x and x<=b and b<eq and eq<=b+3600000 then
if fu==ca then
hl,it=ab,b-x<tonumber(d[4])
elseif fu==df then
im=true
else
cs[#cs+1]={ce,fu,x,ab,eq,la}
end
end
end
local z,au,i={1},{},b+ja
for c=math.max(1,#cs-16+2),#cs do
local bg=cs[c]
au[#au+1]=bg[1]
i=math.max(i,bg[5])
z[#z+1]=bg[2]
z[#z+1]=bg[3]-math.max(bg[4],hl)
z[#z+1]=bg[5]-b
z[#z+1]=bg[6]
end
if not it or im then
au[#au+1]=string.format('%s %.0f %.0f %.0f %s',ca,hl,b,b+ja,d[5])
redis.call('SET',a[1],table.concat(au,'\\n'),'PX',string.format('%.0f',i-b))
end
return z
end`,
    PART_5,
    PART_6,
  ],
  "fbbca52563b93fe7f9d087ff6825ee402acf0343",
  "9d699b598761a98423b1faa5139a022de2411397",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_17,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    PART_10,
    PART_11,
    PART_12,
    PART_13,
    PART_14,
    PART_15,
    PART_16,
    `local ht=8
local function ex(a,d)
local bh,bx,bm,bs={},{},{d[1]},{d[1]}
local af=tonumber(d[3])
for c,m in ipairs(a)do
if c<=ht then bh[c]=m
else bx[c-ht]=m end
end
for c=4,#d do
if c<4+af then bm[c-2]=d[c]
else bs[c-2-af]=d[c]end
end
return bh,bm,bx,bs
end
local function jg(a,d,ab)
local e,be,b=dh(redis.call('GET',a[1])),{},bd()
local al,kz=da(a,e,d[1])
for c=ab,#d do
local t,r=da(a,e,d[c])
if t and r>b then be[#be+1]={d[c],t,r}end
end
return(kz or 0)>=b,be
end
local function kj(a,g,be,b)
local e=dh(redis.call('GET',a[1]))
fl(a,e,g)
for al,hb in ipairs(be)do dk(a,e,hb[1],hb[2],hb[3],b)end
ez(a,e,b)
end
local function jb(a,g,be,bw,dr,bx,bs)
local bj,q=pcall(aa[dr],bx,bs)
if bj and(type(q)=='number'or q[1]==1)then return q end
if not bw then kj(a,g,be,bd())end
if not bj then error(q,0)end
return nil,{0,q[2],q[3],q[4],q[5],2}
end
aa['quota.acquire']=function(a,d)
local bh,bm,bx,bs=ex(a,d)
local bw,be=jg(bh,bm,9)
local as=aa['slots.acquire'](bh,bm)
if as[1]==0 then return{0,as[2],as[3],as[4],as[5],1}end
local q,eo=jb(bh,d[1],be,bw,d[2],bx,bs)
if not q then
if#be==0 and not bw then
local b=bd()
local w=ei(bh,tonumber(bm[6]),tonumber(bm[7]),b)
local e,f=dh(redis.call('GET',bh[1])),by(bh[7],b,dn(w))
ch(bh,e,f,as[3],w,b)
end
return eo
end
if type(q)=='number'then return{1,math.abs(q),as[3],as[4],as[5]or''}end
return{1,q[2],as[3],as[4],as[5]or'',q[3],q[4],q[5]or''}
end
aa['quota.convert']=function(a,d)
local bh,bm,bx,bs=ex(a,d)
local bw,be=jg(bh,bm,7)
local as=aa['slots.extend'](bh,bm)
if as~=1 then return{0,as[2],as[3],'0','',1}end
local q,eo=jb(bh,d[1],be,bw,d[2],bx,bs)
return q and{1,math.abs(q),bm[4],'',''}or eo
end
local function hz(a,d,dr)
local bh,bm,bx,bs=ex(a,d)
local as=aa[dr](bh,bm)
if as~=1 then return as end
return aa[d[2]](bx,bs)
end
aa['quota.commit']=function(a,d)return hz(a,d,'slots.commit')end
aa['quota.extend']=function(a,d)return hz(a,d,'slots.extend')end
aa['quota.release']=function(a,d)
local bh,bm,bx,bs=ex(a,d)
local bj,as=pcall(aa['slots.release'],bh,bm)
local q=aa[d[2]](bx,bs)
if not bj then error(as,0)end
return q~=0 and q or as
end`,
    `aa['quota.renew']=function(a,d)
local bh,bm,bx,bs=ex(a,d)
local q
for al,ek in ipairs({true,false})do
local as=aa['slots.renew'](bh,bm,ek)
if type(as)~='number'then return as end
q=aa[d[2]](bx,bs,ek)
if type(q)~='number'then return q end
end
return q
end`,
    PART_5,
    PART_6,
  ],
  "00a6ce1fbc3e5a374fc10d676121699f7e567b59",
  "fcd0dd9083b862bae0115407c6883cb99ee263c6",
);
