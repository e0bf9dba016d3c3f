// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local ad=redis.pcall
local function y(k)
local i=ad('INCR',k)
if type(i)~='number'then return nil end
if i>1 and i<=9000000000000000 then return i end
if i==1 and not IS_CLUSTER then
local bg=ad('GET',string.match(k,'^(.*)~fence:')..'~server')
local cy=type(bg)=='string'and string.match(bg,'^complete .* (%d+)$')
local af=cy and ad('SET',k,cy)
if af and not af.err then return tonumber(cy)end
end
ad(i>1 and'DECR'or'DEL',k)
return nil
end`;

const PART_2 = `if#KEYS<=fe and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local en=fd[ARGV[1]]
local z=en and en(1,6+ARGV[5],6,#KEYS)
if z then return z end
end`;

const PART_3 = `local function general()
local r={}
local function ba(k)
local h=redis.call('GET',k)
if not h then return nil end
local i=string.match(h,'^-?%d+$')and tonumber(h)
if not i or i>=9000000000000000 then
error('the fencing counter '..k..' cannot be counted up: '..h..'; delete it together with '
..string.match(k,'^(.*)~fence:')..'~server, on one server after another')
end
return i>0 and i or nil
end
local function ev(k,i)
redis.call('SET',k,string.format('%.0f',i))
end
local function di(k)
if not IS_CLUSTER then
local bg=redis.pcall('GET',string.match(k,'^(.*)~fence:')..'~server')
if type(bg)~='table'or string.find(bg.err,'WRONGTYPE',1,true)then
return type(bg)=='string'and tonumber(string.match(bg,'^complete .* (%d+)$'))or nil
end
end
local av=redis.call('TIME')
local b=tonumber(av[1])*1000000+tonumber(av[2])
return math.max(1,b-b%16384)
end
local function cf(k)
local cy=di(k)
if cy then return cy end
redis.call('DEL',k)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function dd(k,i)
local cp=ba(k)
if not cp then i=math.max(i,di(k)or 0)end
if(cp or 0)<i then ev(k,i)end
end`;

const PART_4 = `local function eo(k)
local aw=redis.pcall('GET',k)
return type(aw)=='string'and aw or nil
end
local function fc(k,aj,ab)
ab=math.max(ab,20000)
local aw=eo(k)
if not aw then
redis.call('SET',k,aj,'PX',ab)
elseif string.find(' '..aw..' ',' '..aj..' ',1,true)then
redis.call('PEXPIRE',k,math.max(redis.call('PTTL',k),ab))
elseif#aw+1<256*(#aj+1)then
redis.call('SET',k,aw..' '..aj,'PX',math.max(redis.call('PTTL',k),ab))
end
end
local function dg(k,aj)
local aw=eo(k)
if not aw then return end
local bu={}
for ar in string.gmatch(aw,'%S+')do
if ar~=aj then bu[#bu+1]=ar end
end
if#bu==0 then redis.call('DEL',k)
else redis.call('SET',k,table.concat(bu,' '),'PX',math.max(redis.call('PTTL',k),1))end
end
local function fb(k,ip)
local aw=eo(k)
if not aw then return false end
local u=ip and string.match(aw,'%S+')or''
if u~=''then dg(k,u)end
redis.pcall('PUBLISH',k,u)
return u~=''
end`;

const PART_5 = `return r
end`;

const PART_6 = `local function iw(en,e,dc,aa,l,ao,et)
local a,c={unpack(KEYS,e,e+dc-1)},{unpack(ARGV,aa,aa+l-1)}
for d=1,et do c[l+d]=ARGV[ao+d-1]end
local br,z=pcall(en,a,c)
if br then return z end
if type(z)=='table'then z=z.err or z[1]end
return{-1,tostring(z)}
end
local bn,r,e,aa={},nil,1,1
while aa<=#ARGV do
local dr,ax,dc=ARGV[aa],tonumber(ARGV[aa+1]),tonumber(ARGV[aa+2])
local l,et,ao=tonumber(ARGV[aa+3]),tonumber(ARGV[aa+4]),aa+5
aa=ao+et
local gq=dc<=fe
local gp=gq and fd[dr]
local gn=gq and ax>1 and go[dr]
local cm=0
while cm<ax do
local y=gn and gn(e,aa,ax-cm,bn)or 0
if y==0 then
local z=gp and gp(e,aa,ao,dc)
if not z then
r=r or general()
z=iw(r[dr],e,dc,aa,l,ao,et)
end
bn[#bn+1]=z
y=1
end
e,aa,cm=e+y*dc,aa+y*l,cm+y
end
end
return#bn==1 and bn[1]or bn`;

const PART_7 = `local function dx(o)return string.match(o,'^%w+')or''end
local function cn(f,d)
local ah=f[d]
if type(ah)~='string'then return ah end
local ak,o,bp,s,am,aq=
string.match(ah,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local g
if bp and f.is_demand(bp)then
g={tonumber(ak),o,bp,tonumber(s),tonumber(am),tonumber(aq),false,ah}
else
g={0,'','',0,0,0,true,ah}
end
f[d]=g
return g
end
local function dw(f,g)
f.check=math.min(f.check,g[4]+1)
if g[5]>0 then f.check=math.min(f.check,g[5]+50+1)end
end
local function hy(f,b)
local fa,cq=0,{}
local y=#f
f.check=math.huge
for d=1,y do
local g=cn(f,d)
f[d]=nil
if g[4]>=b then
fa=fa+1
f[fa]=g
dw(f,g)
if g[5]>0 and b-g[5]>50 then
local aj=dx(g[2])
cq[aj]=math.max(cq[aj]or 0,g[5])
g[7]=true
end
end
end
if not next(cq)then return end
for ap,g in ipairs(f)do
local aj=dx(g[2])
if cq[aj]and g[4]-3000>cq[aj]then cq[aj]=nil end
end
for ap,g in ipairs(f)do g[7]=g[7]or cq[dx(g[2])]~=nil end
end
local function bm(k,b,ij)
local ah=redis.pcall('GET',k)
local f={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=ij}
local df,n,aq
if type(ah)=='string'then df,n,aq=string.match(ah,'^(%d+) (%d+) (%d+);')end
if not df then return f end
f.check,f.last,f.ticket=tonumber(df),tonumber(n),tonumber(aq)
local y=0
for bq in string.gmatch(ah,';([^;]+)')do
y=y+1
f[y]=bq
end
if b>=f.check then hy(f,b)end
return f
end
local function bx(k,f,b)
if#f==0 then
redis.call('DEL',k)
return
end
local cb={string.format('%.0f %.0f %.0f',f.check,f.last,f.ticket)}
for d,g in ipairs(f)do
cb[d+1]=type(g)=='string'and g or g[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(g,1,6))
end
redis.call('SET',k,table.concat(cb,';'),'PX',math.max(1,f.last-b))
end
local function fg(g,ak,o)
return g[1]>ak or(g[1]==ak and g[2]>o)
end
local function gg(f,o,ak,hx)
local az
for d=1,#f do
local g=cn(f,d)
if g[2]==o or(ak and fg(g,ak,o))then break end
if not g[7]and hx(g[3])then
if az then return az,true end
az=g
end
end
return az,false
end
local function fo(f,o)
local iv=' '..o..' '
for d,g in ipairs(f)do
if type(g)~='string'or string.find(g,iv,1,true)then
if cn(f,d)[2]==o then return d end
end
end
end
local function er(f,o,b)
local p=o~=''and fo(f,o)
if not p then return nil end
local g=cn(f,p)
g[4],g[5],g[7],g[8]=b+3000,0,false,nil
f.last=math.max(f.last,g[4])
return p
end
local function hk(f,o,b)
local p=er(f,o,b)
if not p then return false end
local g=f[p]
g[5],g[7]=math.max(1,b-50-1),true
dw(f,g)
return true
end
local function hm(f,o,bp,aq,ei,b,ae)
local p=er(f,o,b)
if p and f[p][6]>=aq then
f[p][3]=bp
return p
end
if p then table.remove(f,p)end
if aq==0 then aq=ae+1 end
local ak=aq-ei
p=#f+1
while p>1 and fg(cn(f,p-1),ak,o)do p=p-1 end
local g={ak,o,bp,b+3000,0,aq,false}
table.insert(f,p,g)
dw(f,g)
f.last,f.ticket=math.max(f.last,g[4]),math.max(f.ticket,aq)
f[256+1]=nil
return p
end
local function hb(f,o)
local p=fo(f,o)
if p then table.remove(f,p)end
return p~=nil
end
local function he(f,bi,b)
local am,dy,fi={},{},false
for d=1,#f do
local g=cn(f,d)
if not g[7]then
local aj=dx(g[2])
fi=fi or not bi(g[3])
if fi then
if not next(dy)then break end
if not dy[aj]then return am,true,g[2]end
else
if g[5]<=0 then
g[5],g[8]=b,nil
dw(f,g)
am[#am+1]=g
end
dy[aj]=true
end
end
end
return am,next(dy)~=nil,nil
end
local function hn(cb,cx)
return table.concat(cb,' ')..(cx and' ~'..cx or'')
end`;

const PART_8 = `local ew={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function db(ah)return ew[ah]end
local function gj(is,ar)return string.find(ew[is],' '..ar..' ',1,true)end
local function io(ir)
local ed={}
return function(m)
if ed[m]==nil then ed[m]=not ir(m)end
if not ed[m]then return false end
for ar in string.gmatch(ew[m],'%u+')do ed[ar]=false end
return true
end
end`;

const PART_9 = `local ay,cc,ht=7,'~s','~p'
local ey={['IS']={3},['IX']={4},['S']={5},['SIX']={4,5},['X']={}}
local gd={['IS']={},['IX']={5},['S']={4},['SIX']={4,5},['X']={3,4,5}}
local function bh()
local av=redis.call('TIME')
return tonumber(av[1])*1000+math.floor(tonumber(av[2])/1000)
end
local function fk(ah)
local an={}
for m in string.gmatch(ah,'%u+')do
if not gd[m]then error('unknown mode '..m,0)end
an[#an+1]=m
end
return an
end
local function cs(c,u)
local l={c[1],[c[1]]=true}
for d=u,#c do
l[#l+1]=c[d]
l[c[d]]=true
end
return l
end
local function du(h)
if not h or string.sub(h,1,3)~='~s 'then return nil end
local m,j=string.match(h,'^~s (%u+) (.*)$')
if ey[m]then return m,j end
end
local function em(a,e,m,l,b)
local h=redis.call('GET',a[e+1])
if h==ht then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local cr,at=du(h)
if at then
local q=not l[at]and redis.call('PTTL',a[e+1])
if q and(q==-1 or gj(m,cr))then return q,at end
return nil
end
if l[h]then return nil end
if h and h~=cc then return redis.call('PTTL',a[e+1]),h end
local n,ac
for ap,af in ipairs(gd[m])do
local ag=redis.call('ZREVRANGE',a[e+af],0,#l,'WITHSCORES')
for d=1,#ag,2 do
local s=tonumber(ag[d+1])
if not l[ag[d]]then
if s>=b and(not n or s>n)then n,ac=s,ag[d]end
break
end
end
end
if n then return n-b,ac end
end
local function gz(a,e,b)
local ae
if redis.call('EXISTS',a[e+3],a[e+4],a[e+5])==0 then return nil end
for af=3,5 do
local s=tonumber(redis.pcall('ZREVRANGE',a[e+af],0,0,'WITHSCORES')[2])
if s and s>=b then ae=math.max(ae or 0,s)end
end
return ae
end
local function fh(a,e,m,l)
local h=redis.call('GET',a[e+1])
if m=='X'then return l[h]end
local cr,at=du(h)
if at then return l[at]and cr==m end
for ap,af in ipairs(ey[m])do
local co=false
for ap,j in ipairs(l)do
if redis.call('ZSCORE',a[e+af],j)then co=true end
end
if not co then return false end
end
return true
end
local function il(a,e,l)
local h=redis.call('GET',a[e+1])
local ap,at=du(h)
if at then return l[at]end
if l[h]then return true end
for af=3,5 do
for ap,j in ipairs(l)do
if redis.call('ZSCORE',a[e+af],j)then return true end
end
end
return false
end
local function gf(a,e,m,j,s,b)
for ap,af in ipairs(ey[m])do
local k=a[e+af]
redis.call('ZREMRANGEBYSCORE',k,'-inf',string.format('(%.0f',b))
redis.call('ZADD',k,string.format('%.0f',s),j)
if redis.call('PTTL',k)<s-b then redis.call('PEXPIRE',k,s-b)end
end
end
local function gu(a,e,m,l,ab,b)
local w,j,bk=a[e+1],l[1],false
local h=redis.call('GET',w)
local s=b+ab
local cr,at=du(h)
local ac,ii=at or h,cr or'X'
if l[ac]then
local q=redis.call('PTTL',w)
if q==-1 and ac==j and m==ii then return false end
s=math.max(s,b+q)
if at==j and m==cr then
redis.call('SET',w,h,'PX',s-b)
return false
end
bk=ac~=j
h=nil
elseif at then
local q=math.max(1,redis.call('PTTL',w))
gf(a,e,cr,at,b+q,b)
redis.call('SET',w,cc,'PX',q)
h=cc
end
if h~=cc and(m~='X'or at)and redis.call('EXISTS',a[e+3],a[e+4],a[e+5])==0 then
redis.call('SET',w,m=='X'and j or'~s '..m..' '..j,'PX',s-b)
return bk
end
for af=3,5 do
for d,bq in ipairs(l)do
local ak=(d>1 or m~='X')and redis.call('ZSCORE',a[e+af],bq)
if ak then
s=math.max(s,tonumber(ak))
if d>1 then
redis.call('ZREM',a[e+af],bq)
bk=true
end
end
end
end
if m=='X'then
redis.call('SET',w,j,'PX',s-b)
return bk
end
gf(a,e,m,j,s,b)
if h~=cc then
redis.call('SET',w,cc,'PX',gz(a,e,b)-b)
else
local q=redis.call('PTTL',w)
if q>=0 and q<s-b then redis.call('PEXPIRE',w,s-b)end
end
return bk
end
local ga={}
local function bo(a,e,f,b)
if#f==0 then return{},false end
local am,bi,cx=he(
f,io(function(m)return em(a,e,m,ga,b)end),b)
for d,g in ipairs(am)do am[d]=g[2]end
if#am>0 then
bx(a[e+6],f,b)
redis.pcall('PUBLISH',a[e+7],hn(am,cx))
end
return am,bi
end
local function hw(a,e,m,l,o,ak,f,b)
local q,ac=em(a,e,m,l,b)
if q or#f==0 or il(a,e,l)then return q,ac end
local az,ih=gg(f,o,ak,function(ar)return gj(ar,m)end)
if not az then return nil end
bo(a,e,f,b)
if ih then return-1,''end
if az[5]>0 then return math.max(0,50-b+az[5]),''end
q,ac=em(a,e,az[3],ga,b)
return q and-1 or 50,ac or''
end
local function ic(a,an,ca)
local i,gk,bc=0,false,{}
for ap,m in ipairs(an)do
if(m=='X'or m=='SIX')and not ca then gk=true end
end
for p=2,#a,ay do
local k=a[p]
if bc[k]==nil then
local n=ba(k)
bc[k]=n or 0
i=math.max(i,n and(gk and n+1 or n)or cf(k))
end
end
for k,n in pairs(bc)do
if n~=i then ev(k,i)end
end
return i
end
r['modes.acquire']=function(a,c)
local ab,o,aq,ei=tonumber(c[2]),c[3],tonumber(c[4]),tonumber(c[5])
local an,l,hu,b=fk(c[6]),cs(c,7),{c[1],[c[1]]=true},bh()
local ak=aq>0 and aq-ei or nil
local ai,bc,p,bd,ac={},b,nil,nil,nil
local ca,bk=true,false
for d,m in ipairs(an)do
local e=(d-1)*ay
ai[d]=bm(a[e+6],b,db)
bc=math.max(bc,ai[d].ticket)
local q,jb=hw(a,e,m,l,o,ak,ai[d],b)
if q then
p=p or d
if not ac or(bd~=-1 and(q==-1 or q>bd))then
bd,ac=q,jb
end
elseif not fh(a,e,m,hu)then
ca=false
end
end
local bs,dt=p or#an,nil
if o~=''then
dt=hm(ai[bs],o,an[bs],aq,ei,b,bc)
if not p and ai[bs][dt]then ai[bs][dt][5]=-1 end
bx(a[(bs-1)*ay+6],ai[bs],b)
end
if p then
if o~=''then pcall(fc,a[(p-1)*ay+7],o,ab)end
return{0,bd,ac,string.format('%.0f',bc),dt and dt-1 or#ai[p]}
end
local i=ic(a,an,ca)
for d,m in ipairs(an)do
local e=(d-1)*ay
if gu(a,e,m,l,ab,b)then bk=true end
if d~=bs and er(ai[d],o,b)then bx(a[e+6],ai[d],b)end
end
return bk and-i or i
end
r['modes.convert']=r['modes.acquire']
r['modes.commit']=function(a,c)
local l={c[1],[c[1]]=true}
for d,m in ipairs(fk(c[3]))do
if not fh(a,(d-1)*ay,m,l)then return{0}end
end
for e=0,#a-ay,ay do
if not ba(a[e+2])then cf(a[e+2])end
dd(a[e+2],tonumber(c[2]))
end
return 1
end
r['modes.extend']=function(a,c)
local i,ab,an=tonumber(c[2]),tonumber(c[3]),fk(c[4])
local l,b=cs(c,5),bh()
for d,m in ipairs(an)do
local q,ac=em(a,(d-1)*ay,m,l,b)
if q then return{0,q,ac}end
end
for d,m in ipairs(an)do
local e=(d-1)*ay
local ff=not fh(a,e,m,l)and(ba(a[e+2])or di(a[e+2]))
if ff then dd(a[e+2],i)end
end
for d,m in ipairs(an)do
local e=(d-1)*ay
if gu(a,e,m,l,ab,b)then bo(a,e,bm(a[e+6],b,db),b)end
end
return 1
end
local function bf(a,e,l,b)
local w,au=a[e+1],false
local h=redis.pcall('GET',w)
if type(h)=='table'then
if string.find(h.err,'WRONGTYPE',1,true)then return false,false end
error(h.err,0)
end
local ap,at=du(h)
if l[at or h]then
redis.call('DEL',w)
h,au=false,true
end
if at or(au and#l==1)then return au,au end
local co=false
for af=3,5 do
for ap,j in ipairs(l)do
local ak=redis.pcall('ZSCORE',a[e+af],j)
if type(ak)=='string'then
redis.call('ZREM',a[e+af],j)
co=true
if tonumber(ak)>=b then au=true end
end
end
end
if h and h~=cc then return au,false end
local ae=co and gz(a,e,b)
if ae then
local q=redis.call('PTTL',w)
redis.call('SET',w,cc,'PX',math.max(1,ae-b))
return au,false,q>ae-b
end
if co and h then redis.call('DEL',w)end
return au,co or au
end
local function ha(a,e,f,o,b)
local gs=hb(f,o)
if gs then bx(a[e+6],f,b)end
pcall(dg,a[e+7],o)
return gs
end
r['modes.release']=function(a,c)
local o,l,b=c[2],cs(c,3),bh()
local au,cz,gt=false,false,string.find(o,'.',1,true)
for e=0,#a-ay,ay do
local bb,ik,ef=bf(a,e,l,b)
local ai=(bb or gt)and redis.pcall('MGET',a[e+6],a[e+7])
if bb then au=true end
if ai and(ai[1]or ai[2])then
local f=bm(a[e+6],b,db)
if gt then ha(a,e,f,o,b)end
local br,am,bi=pcall(bo,a,e,f,b)
if not br then am,bi={},false end
for ap,ar in ipairs(am)do
if ar~=o then cz=true end
end
if ik and not bi and fb(a[e+7],o~='')then cz=true end
if ef and#am==0 then redis.pcall('PUBLISH',a[e+7],'')end
end
end
if not au then return 0 end
return cz and-1 or 1
end
r['modes.releaseAll']=r['modes.release']
r['modes.leave']=function(a,c)
local b=bh()
for e=0,#a-ay,ay do
local f=bm(a[e+6],b,db)
if ha(a,e,f,c[1],b)then pcall(bo,a,e,f,b)end
end
return 1
end`;

const PART_10 = `local fd,go,fe={},{},0`;

const PART_11 = `local by,ck,ex,hr='0','1','2',48
local hs=64
local function bz(ah)
local iq=string.gmatch(ah,'(%d+)%-?(%d*)')
return function()
local u,n=iq()
if u then return tonumber(u),tonumber(n)or tonumber(u)end
end
end
local function hj(x,cw)
local ft,dk,n={},string.find(x,cw..'+')
while dk do
ft[#ft+1]=dk==n and tostring(dk-1)or string.format('%d-%d',dk-1,n-1)
dk,n=string.find(x,cw..'+',n+1)
end
return table.concat(ft,' ')
end
local function ds(x,v,cw)
for u,n in bz(v)do
x=x..string.rep(by,u-#x)
x=string.sub(x,1,u)..string.rep(cw,n-u+1)..string.sub(x,n+2)
end
return x
end
local function hv(x,v)
for u,n in bz(v)do
if string.find(string.sub(x,u+1,n+1),ck,1,true)then return false end
end
return true
end
local function ec(x,t)
return#string.gsub(string.sub(x,1,t),ck..'+','')
end
local function gm(v)
local fl=0
for ap,n in bz(v)do fl=math.max(fl,n+1)end
return fl
end
local function it(j,t)
local de,fw=string.match(j,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not de then return 0,1 end
return tonumber(de,16)%t,1+tonumber(fw,16)%t
end
local function gi(x,al,t,fp,l,j)
local bt=al
local function dv(u,n)
n=math.min(n,t-1)
if bt==0 or u>n then return end
local iz,y=string.gsub(string.sub(x,u+1,n+1),by,ex,bt)
if y==0 then return end
x,bt=string.sub(x,1,u)..iz..string.sub(x,n+2),bt-y
end
for u,n in bz(fp)do dv(u,n)end
if l then
for u,n in bz(l)do dv(u,n)end
else
local de,fw=it(j,t)
for d=0,hs-1 do
if bt==0 then break end
local fv=(de+d*fw)%t
if string.byte(x,fv+1)==hr then dv(fv,fv)end
end
dv(de,t-1)
dv(0,de-1)
end
if bt>0 then return nil end
return hj(x,ex),(string.gsub(x,ex,ck))
end`;

const PART_12 = `local cv,gb='~p','~s'
local ct,cu=16,32
local function bh()
local av=redis.call('TIME')
return tonumber(av[1])*1000+math.floor(tonumber(av[2])/1000)
end
local function cs(c,u)
local l={c[1]}
for d=u,#c do l[#l+1]=c[d]end
return l
end
local function fm(a)
local bj=redis.call('GET',a[1])
if bj and(bj==gb or string.sub(bj,1,3)==gb..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
if bj and bj~=cv then return bj,redis.call('PTTL',a[1])end
end
local function dq(a,t,hl)
local eu=redis.call('GET',a[7])or''
local bc,y=string.match(eu,'^(%d+) (%d+)$')
if hl>tonumber(bc or 0)then
eu,y=string.format('%.0f %.0f',hl,t),t
redis.call('SET',a[7],eu,'PX',604800000)
elseif bc then
redis.call('PEXPIRE',a[7],604800000)
end
return tonumber(y)or t,y and eu or''
end
local function ek(a,ax)
local x=redis.call('GET',a[3])or''
return x..string.rep(by,ax-#x),#x
end
local function hq(a,v,cw)
for u,n in bz(v)do
redis.call('SETRANGE',a[3],u,string.rep(cw,n-u+1))
end
end
local function dj(a,j)
local v,s=redis.call('HGET',a[4],j),redis.call('ZSCORE',a[5],j)
if v then
redis.call('HDEL',a[4],j)
if redis.call('EXISTS',a[3])==1 then hq(a,v,by)end
end
if s then redis.call('ZREM',a[5],j)end
return v,tonumber(s)
end
local function eb(a,b)
local hz=redis.call('ZRANGEBYSCORE',a[5],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for ap,j in ipairs(hz)do dj(a,j)end
end
local function eq(a)
local dl=''
if not IS_CLUSTER then
local bg=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
dl=type(bg)=='string'and string.match(bg,'^complete %S+ %S+ (%S+) ')or''
end
dl=string.format('%-'..cu..'.'..cu..'s',dl)
if redis.call('GETRANGE',a[6],0,cu-1)~=dl then redis.call('SET',a[6],dl,'PX',604800000)end
end
local function eh(a,v,be)
local fj=0
for u,n in bz(v)do
local ah=redis.call('GETRANGE',a[6],cu+ct*u,cu+ct*(n+1)-1)
for d=0,n-u do
local y=tonumber(string.sub(ah,ct*d+1,ct*(d+1)))
fj=math.max(fj,y or be)
end
end
return fj
end
local function fz(a,v,y,be)
local ah=string.format('%0'..ct..'.0f',y)
for u,n in bz(v)do
redis.call('SETRANGE',a[6],cu+ct*u,string.rep(ah,n-u+1))
end
redis.call('PEXPIRE',a[6],604800000)
if be<y then ev(a[2],y)end
end
local function fq(a,j,s,b)
local ce=tonumber(redis.call('ZSCORE',a[5],j)or 0)
if ce<s then redis.call('ZADD',a[5],string.format('%.0f',s),j)end
local ae=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local q=ae-b
local im=ae==math.max(s,ce)
if not im and redis.call('EXISTS',a[1])==1 and redis.call('PTTL',a[3])>=q
and redis.call('PTTL',a[4])>=q then return end
for p=3,5 do redis.call('PEXPIRE',a[p],q)end
redis.call('SET',a[1],cv,'PX',q)
end
local function da(a,j,v,s,b,ax)
local ho=gm(v)
if ax<ho then redis.call('SETRANGE',a[3],ax,string.rep(by,ho-ax))end
hq(a,v,ck)
redis.call('HSET',a[4],j,v)
fq(a,j,s,b)
end
local function ie(a,bt,b)
local ea=redis.call('ZRANGE',a[5],0,64-1,'WITHSCORES')
local n=-1
for d=1,#ea,2 do
n=tonumber(ea[d+1])
for u,ia in bz(redis.call('HGET',a[4],ea[d])or'')do
bt=bt-(ia-u+1)
end
if bt<=0 then break end
end
return n<0 and-1 or math.max(0,n-b),ea[1]or''
end
local function dm(t)
return function(ah)
local y=tonumber(ah)
return y and y<=t
end
end
local function bo(a,f,ch,t,b)
if#f==0 then return 0,false end
local x,bf=ek(a,t),0
local bj=redis.call('GET',a[1])
if not bj or bj==cv then bf=ec(x,t)end
local am,bi,cx=he(f,function(bp)
bf=bf-tonumber(bp)
return bf>=0
end,b)
local cb={}
for d,g in ipairs(am)do
local v,iy=gi(x,tonumber(g[3]),t,ch,'0-'..t-1)
x=iy or x
cb[d]=g[2]..':'..string.gsub(v or'',' ',',')
end
if#cb>0 then
bx(a[8],f,b)
redis.pcall('PUBLISH',a[9],hn(cb,cx))
end
return#cb,bi
end
r['slots.acquire']=function(a,c)
local j,ab,o,aq,al=c[1],tonumber(c[2]),c[3],tonumber(c[4]),tonumber(c[5])
local fp,eg,l,b=c[8],#c>8,cs(c,9),bh()
local ac,bd=fm(a)
local t,dp=dq(a,tonumber(c[6]),tonumber(c[7]))
if al>t then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',t,al),0)end
eb(a,b)
local f=bm(a[8],b,dm(t))
local bc=math.max(b,f.ticket)
local x,ax=ek(a,t)
local v,cl=redis.call('HGET',a[4],j),nil
if ac then
if o~=''then pcall(fc,a[9],o,ab)end
elseif v then
eq(a)
fq(a,j,b+ab,b)
if hk(f,o,b)then bx(a[8],f,b)end
local i=eh(a,v,ba(a[2])or cf(a[2]))
return{1,i,v,dp,eg and x or nil}
else
local bw,cg=x,''
for d=2,#l do
local bl=redis.call('HGET',a[4],l[d])or''
bw,cg=ds(bw,bl,by),cg..' '..bl
end
local az
if#f>0 and not eg then
local bf=ec(bw,t)
az=bf>=al and gg(f,o,aq>0 and aq or nil,function(bp)
bf=bf-tonumber(bp)
return bf<al
end)
end
if not az then cl=gi(bw,al,t,fp,eg and cg or nil,j)end
if cl then
local be=ba(a[2])or cf(a[2])
eq(a)
local i,s=eh(a,cl,be)+1,b+ab
fz(a,cl,i,be)
for d=2,#l do
local ap,ce=dj(a,l[d])
s=math.max(s,ce or 0)
end
da(a,j,cl,s,b,ax)
if hk(f,o,b)then bx(a[8],f,b)end
return{1,i,cl,dp,eg and ds(bw,cl,ck)or nil}
end
local bf=ec(x,t)
bd,ac=ie(a,al-bf,b)
if az then
bo(a,f,'',t,b)
if az[5]>0 then bd,ac=math.max(0,50-b+az[5]),''
else bd=-1 end
end
end
if o~=''then
hm(f,o,string.format('%.0f',al),aq,0,b,bc)
bx(a[8],f,b)
end
return{0,bd,ac,string.format('%.0f',bc),dp}
end
r['slots.commit']=function(a,c)
local v=c[3]
if redis.call('HGET',a[4],c[1])~=v then return{0}end
local be=ba(a[2])or cf(a[2])
eq(a)
local y=eh(a,v,be)
if y<tonumber(c[2])then fz(a,v,tonumber(c[2]),be)end
return 1
end
r['slots.extend']=function(a,c)
local j,i,ab,v=c[1],tonumber(c[2]),tonumber(c[3]),c[4]
local l,b=cs(c,7),bh()
local ac=fm(a)
if ac then return{0,-1,ac}end
local t=dq(a,tonumber(c[5]),tonumber(c[6]))
eb(a,b)
local bl=redis.call('HGET',a[4],j)
if bl==v and#l==1 then
fq(a,j,b+ab,b)
return 1
end
local x,ax=ek(a,math.max(t,gm(v)))
local bw,ce=x,''
for ap,bq in ipairs(l)do
local cg=redis.call('HGET',a[4],bq)or''
bw,ce=ds(bw,cg,by),ce..' '..cg
end
if not hv(bw,v)then
local hp={j,'',c[5],c[6]}
for d=2,#l do hp[d+3]=l[d]end
r['slots.release'](a,hp)
return{0,-1,''}
end
local be=bl~=v and(ba(a[2])or di(a[2]))
if be then
eq(a)
fz(a,v,math.max(i,eh(a,v,be)),be)
end
local s=b+ab
for ap,bq in ipairs(l)do
local ap,n=dj(a,bq)
s=math.max(s,n or 0)
end
da(a,j,v,s,b,ax)
local ch=hj(ds(ds(string.rep(by,#bw),ce,ck),v,by),ck)
if ch~=''then bo(a,bm(a[8],b,dm(t)),ch,t,b)end
return 1
end
r['slots.release']=function(a,c)
local aj,l,b=c[2],cs(c,5),bh()
local ch,au,fy,gy='',false,0,false
for ap,bq in ipairs(l)do
local v,s=dj(a,bq)
if v or s then gy=true end
if s and s>=b then au=true end
ch,fy=ch..' '..(v or''),math.max(fy,s or 0)
end
if not gy then return 0 end
eb(a,b)
local ae=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local bj,ef=redis.pcall('GET',a[1]),false
if not ae then redis.call('DEL',a[3])end
if bj==cv then
if not ae then redis.call('DEL',a[1])
elseif fy>ae then
redis.call('SET',a[1],cv,'PX',math.max(1,ae-b))
ef=true
end
end
local ai=redis.pcall('MGET',a[8],a[9])
if ai[1]or ai[2]then
local t=dq(a,tonumber(c[3]),tonumber(c[4]))
local f=bm(a[8],b,dm(t))
local br,am,bi=pcall(bo,a,f,ch,t,b)
if not br then am,bi=0,false end
if not ae and not bi then fb(a[9],aj~='')
elseif ef and am==0 then redis.pcall('PUBLISH',a[9],'')end
end
return au and 1 or 0
end
r['slots.leave']=function(a,c)
local b,t=bh(),dq(a,tonumber(c[2]),tonumber(c[3]))
local f=bm(a[8],b,dm(t))
if hb(f,c[1])then
bx(a[8],f,b)
pcall(bo,a,f,'',t,b)
end
pcall(dg,a[9],c[1])
return 1
end
r['slots.count']=function(a,c)
local b,ac=bh(),fm(a)
local t,dp=dq(a,tonumber(c[1]),tonumber(c[2]))
eb(a,b)
local f=bm(a[8],b,dm(t))
bo(a,f,'',t,b)
return{1,ac and 0 or ec(ek(a,t),t),t,tonumber(string.match(dp,'^%d+')or 0)}
end`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fe=2
local fd={
['mutex.acquire']=function(e,aa,ao)
local af=ad('SET',KEYS[e],ARGV[aa],'NX','PX',ARGV[ao])
if not af or af.err then return nil end
local i=y(KEYS[e+1])
if not i then ad('DEL',KEYS[e])end
return i
end,
['mutex.takeOver']=function(e,aa,ao)
if ad('GET',KEYS[e])~=ARGV[aa+1]then return nil end
local i=y(KEYS[e+1])
if not i then return nil end
local af=ad('SET',KEYS[e],ARGV[aa],'PX',ARGV[ao])
return not af.err and-i or nil
end,
['mutex.extend']=function(e,aa,ao)
if ad('GET',KEYS[e])~=ARGV[aa]then return nil end
local q=ad('PTTL',KEYS[e])
if type(q)~='number'or q<0 then return nil end
if q<tonumber(ARGV[ao])and ad('PEXPIRE',KEYS[e],ARGV[ao])~=1 then return nil end
return 1
end,
['mutex.release']=function(e,aa)
local ag=ad('MGET',KEYS[e],KEYS[e+1])
if ag.err or ag[2]then return nil end
if ag[1]~=ARGV[aa]then return 0 end
return ad('DEL',KEYS[e])==1 and 1 or nil
end,
}`,
    PART_2,
    `local go={
['mutex.release']=function(e,aa,ax,bn)
local ag=ad('MGET',unpack(KEYS,e,e+2*ax-1))
if ag.err then return 0 end
local bl,gv,fs,cm={},{},{},0
for d=1,ax do
if ag[2*d]then break end
local w=KEYS[e+2*d-2]
local bb=ag[2*d-1]==ARGV[aa+d-1]and not gv[w]
bn[#bn+1]=bb and 1 or 0
if bb then
gv[w]=true
bl[#bl+1]=w
fs[#bl]=#bn
end
cm=d
end
local gl=#bl>0 and ad('DEL',unpack(bl))
if type(gl)=='table'then
for d=1,#fs do bn[fs[d]]={-1,gl.err}end
end
return cm
end
}`,
    PART_3,
    PART_4,
    `local function da(k,j,ab,bb)
if not bb then redis.call('SET',k,j,'PX',ab)
else
local q=redis.call('PTTL',k)
if q>=0 and q<tonumber(ab)then redis.call('PEXPIRE',k,ab)end
end
end
local function ge(a,j,ix,ab,o)
local fx=o==''and 2 or 3
local bb,ca,bk={},true,false
local bd,ac
for d=1,#a,fx do
local h=redis.call('GET',a[d])
bb[d]=h==j
if h~=j then ca=false end
if h and h==ix then
bk=true
elseif h and h~=j then
local q=redis.call('PTTL',a[d])
if not ac or(bd~=-1 and(q==-1 or q>bd))then
bd,ac=q,h
end
end
end
if o~=''then
for d=3,#a,3 do pcall(fc,a[d],o,tonumber(ab))end
end
if ac then return{0,bd,ac}end
local i=0
for d=2,#a,fx do
local n=ba(a[d])
i=math.max(i,n and(ca and n or n+1)or cf(a[d]))
end
for d=1,#a,fx do
da(a[d],j,ab,bb[d])
ev(a[d+1],i)
end
return bk and-i or i
end
r['mutex.acquire']=function(a,c)
return ge(a,c[1],nil,c[2],c[3])
end
r['mutex.takeOver']=function(a,c)
return ge(a,c[1],c[2],c[3],c[4])
end
r['mutex.commit']=function(a,c)
for d=1,#a,2 do
if redis.call('GET',a[d])~=c[1]then return{0}end
end
for d=2,#a,2 do
if not ba(a[d])then cf(a[d])end
dd(a[d],tonumber(c[2]))
end
return 1
end
r['mutex.extend']=function(a,c)
local j,i,ab=c[1],tonumber(c[2]),c[3]
local bb={}
for d=1,#a,2 do
local h=redis.call('GET',a[d])
if h and h~=j then return{0,redis.call('PTTL',a[d]),h}end
bb[d]=h==j
end
for d=1,#a,2 do
local ff=not bb[d]and(ba(a[d+1])or di(a[d+1]))
if ff then dd(a[d+1],i)end
end
for d=1,#a,2 do da(a[d],j,ab,bb[d])end
return 1
end
r['mutex.release']=function(a,c)
local j,aj=c[1],c[2]
local au,cz=false,false
for d=1,#a,2 do
local h=redis.pcall('GET',a[d])
if aj~=''then pcall(dg,a[d+1],aj)end
if h==j then
redis.call('DEL',a[d])
au=true
if fb(a[d+1],aj~='')then cz=true end
elseif type(h)=='table'and h.err and not string.find(h.err,'WRONGTYPE',1,true)then
error(h.err)
end
end
if not au then return 0 end
return cz and-1 or 1
end
r['mutex.leave']=function(a,c)
pcall(dg,a[1],c[1])
return 1
end
r['mutex.renew']=function(a,c)
local i=1
for d=1,#a,2 do
local h=redis.call('GET',a[d])
if h~=c[1]then return{0,redis.call('PTTL',a[d]),h or''}end
i=math.max(i,ba(a[d+1])or 1)
end
for d=1,#a,2 do da(a[d],c[1],c[2],true)end
return i
end
r['mutex.query']=function(a)
local z={1}
for d=1,#a,2 do
z[#z+1]=redis.call('GET',a[d])or''
z[#z+1]=redis.call('PTTL',a[d])
z[#z+1]=eo(a[d+1])or''
end
return z
end`,
    PART_5,
    PART_6,
  ],
  "d443be1f51dc09eaea2c7226366ed6904e6fe13f",
  "0d0ae24784d535f1dd689ca3f44090a45e94ad3d",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fe=140
local fd={
['modes.acquire']=function(e,aa,ao,al)
local j,ab,an,dz=ARGV[aa],ARGV[ao],ARGV[ao+4],KEYS[e+1]
if ARGV[ao+1]~=''then return nil end
if al==7 then
if ad('EXISTS',KEYS[e],KEYS[e+2],KEYS[e+3],KEYS[e+4],KEYS[e+5])~=0 then return nil end
else
for p=e+8,e+al-1,7 do
if KEYS[p]~=dz then return nil end
end
if ad('EXISTS',unpack(KEYS,e,e+al-1))~=al/7 then return nil end
end
local i
if an=='X'or string.find(' '..an,' X',1,true)or string.find(an,'SIX',1,true)then
i=ad('INCR',dz)
if type(i)~='number'then return nil end
if i<=1 or i>9000000000000000 then
ad(i>1 and'DECR'or'DEL',dz)
return nil
end
else
local h=ad('GET',dz)
i=type(h)=='string'and string.match(h,'^%d+$')and tonumber(h)
if not i or i<1 or i>=9000000000000000 then return nil end
end
for m in string.gmatch(an,'%u+')do
local af=ad('SET',KEYS[e],m=='X'and j or'~s '..m..' '..j,'PX',ab)
if af.err then return nil end
e=e+7
end
return i
end,
['modes.extend']=function(e,aa,ao,al)
local j,ab,p=ARGV[aa],ARGV[ao],1
local ag=ARGV[ao-1]=='2'and ad('MGET',unpack(KEYS,e,e+al-1))
if not ag or ag.err then return nil end
for m in string.gmatch(ARGV[ao+1],'%u+')do
if ag[p]~=(m=='X'and j or'~s '..m..' '..j)then return nil end
p=p+7
end
for w=e,e+al-1,7 do
local q=ad('PTTL',KEYS[w])
if type(q)~='number'or q<0 then return nil end
if q<tonumber(ab)and ad('PEXPIRE',KEYS[w],ab)~=1 then return nil end
end
return 1
end,
['modes.release']=function(e,aa,ap,al)
local j=ARGV[aa]
if al==7 then
local ag=ad('MGET',KEYS[e],KEYS[e+5],KEYS[e+6])
local h=ag[1]
if not h or ag[2]or ag[3]then return nil end
if h~=j and string.match(h,'^~s [ISX]+ (.*)$')~=j then return nil end
return ad('DEL',KEYS[e])==1 and 1 or nil
end
local ag,ej=ad('MGET',unpack(KEYS,e,e+al-1)),{}
if ag.err then return nil end
for p=1,al,7 do
local h=ag[p]
if not h or ag[p+5]or ag[p+6]then return nil end
if h~=j and string.match(h,'^~s [ISX]+ (.*)$')~=j then return nil end
ej[#ej+1]=KEYS[e+p-1]
end
return ad('DEL',unpack(ej))==#ej and 1 or nil
end
}
local go={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    `r['modes.position']=function(a,c)
local b=bh()
local f=bm(a[6],b,db)
local p,ez,aw=fo(f,c[1]),0,0
local ak=p and f[p][1]or math.max(b,f.ticket)+1-tonumber(c[2])
for d=1,#f do
local g=cn(f,d)
if not g[7]and g[5]>=0 then
aw=aw+1
if g[2]~=c[1]and not fg(g,ak,c[1])then ez=ez+1 end
end
end
return{1,ez,aw,redis.call('EXISTS',a[1])}
end
r['modes.stay']=function(a,c)
local b=bh()
local f=bm(a[6],b,db)
if er(f,c[1],b)then bx(a[6],f,b)end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "40fe39f843059ebc4caadff04c1a239d6c1f1a6f",
  "b6533dbd52f0cdda3815a99aac889916ec745b5c",
);

export const SLOTS_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_10,
    PART_3,
    PART_4,
    PART_7,
    PART_11,
    PART_12,
    PART_5,
    PART_6,
  ],
  "bfd3a5f90f5864910e061731940f580f985202a1",
  "292e7b70eab8874ae37ec3d2f11fa0a118ee22d6",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_10,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    PART_11,
    PART_12,
    `local gc=9
local function fn(a,c)
local bv,ci,cj,cd={},{},{c[1]},{c[1]}
local y=tonumber(c[3])
for d,k in ipairs(a)do
if d<=gc then bv[d]=k
else ci[d-gc]=k end
end
for d=4,#c do
if d<4+y then cj[d-2]=c[d]
else cd[d-2-y]=c[d]end
end
return bv,cj,ci,cd
end
local function ig(a,j,b)
dj(a,j)
local ae=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
if ae then redis.call('SET',a[1],cv,'PX',math.max(1,ae-b))
else redis.call('DEL',a[1],a[3])end
end
r['quota.acquire']=function(a,c)
local bv,cj,ci,cd=fn(a,c)
local ca=redis.call('HEXISTS',bv[4],c[1])==1
local as=r['slots.acquire'](bv,cj)
if as[1]==0 then return{0,as[2],as[3],as[4],as[5],1}end
local br,w=pcall(r[c[2]],ci,cd)
local gx=br and(type(w)=='number'or w[1]==1)
if not gx and not ca then ig(bv,c[1],bh())end
if not br then error(w,0)end
if not gx then return{0,w[2],w[3],w[4],w[5],2}end
if type(w)=='number'then return{1,math.abs(w),as[3],as[4],as[5]or''}end
return{1,math.max(as[2],w[2]),as[3],as[4],as[5]or'',w[3],w[4],w[5]or''}
end
local function gh(a,c,dr)
local bv,cj,ci,cd=fn(a,c)
local as=r[dr](bv,cj)
if as~=1 then return as end
return r[c[2]](ci,cd)
end
r['quota.commit']=function(a,c)return gh(a,c,'slots.commit')end
r['quota.extend']=function(a,c)return gh(a,c,'slots.extend')end
r['quota.release']=function(a,c)
local bv,cj,ci,cd=fn(a,c)
local br,as=pcall(r['slots.release'],bv,cj)
local w=r[c[2]](ci,cd)
if not br then error(as,0)end
return w~=0 and w or as
end`,
    PART_5,
    PART_6,
  ],
  "1bc2f6a319b5d7d43e0124f48464d97612ca00e9",
  "9da052821a23a40ef412769f840e8315973a4d7e",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_10,
    PART_3,
    `local function hg(k)
local bg=redis.pcall('GET',k)
return type(bg)=='string'and bg or''
end
local function hi(k,ib,h)
local cp=hg(k)
local av=redis.call('TIME')
local b=string.format('%.0f',tonumber(av[1])*1000+math.floor(tonumber(av[2])/1000))
if cp==ib then
cp=h(tonumber(b))
redis.call('SET',k,cp)
end
return{1,cp,b}
end
r['marker.replace']=function(a,c)
return hi(a[1],c[1],function()return c[2]end)
end
r['marker.lose']=function(a,c)
return hi(a[1],c[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(c[2]))
end)
end`,
    `r['identify']=function(a)
local hh=''
local function ep(ja)
local ee=redis.pcall('INFO',ja)
if type(ee)=='table'then ee,hh='',ee.err end
return function(id)return string.match(ee,'%f[%w_]'..id..':([^\\r\\n]*)')or''end
end
local es,hd,fr=ep('server'),ep('memory'),ep('replication')
local av=redis.call('TIME')
local m=es('redis_mode')
if m==''then m=es('server_mode')end
return{
1,es('run_id'),tonumber(es('uptime_in_seconds'))or-1,
tonumber(av[1])*1000000+tonumber(av[2]),
tonumber(ep('persistence')('aof_enabled'))or-1,
hd('maxmemory_policy'),tonumber(hd('maxmemory'))or-1,
fr('role'),m,fr('master_replid'),fr('master_replid2'),
a[1]and hg(a[1])or'',hh
}
end`,
    `r['counters.read']=function(a)
local z={1}
for d=1,#a do
local dn,i=pcall(ba,a[d])
z[d+1]=dn and i and string.format('%.0f',i)or''
end
return z
end
local function hf(a,c,df)
for d=1,#a do
local dn,i=pcall(ba,a[d])
if dn then
if not i then df(a[d])end
dd(a[d],tonumber(c[d]))
end
end
return 1
end
r['counters.raise']=function(a,c)
return hf(a,c,cf)
end
r['counters.restore']=function(a,c)
return hf(a,c,function()end)
end
r['counters.lift']=function(a,c)
for d=1,#a do
local dn,i=pcall(ba,a[d])
if dn and i then dd(a[d],tonumber(c[1]))end
end
return 1
end`,
    `r['set.note']=function(a,c)
local af,cg,hc=c[1],c[2],tonumber(c[3])
local av=redis.call('TIME')
local b=tonumber(av[1])*1000+math.floor(tonumber(av[2])/1000)
local fu,gw,gr=b,false,false
local bu,ah={},redis.pcall('GET',a[1])
for bs in string.gmatch(type(ah)=='string'and ah or'','[^\\n]+')do
local el,u,ae,dh,iu=string.match(bs,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
u,ae,dh=tonumber(u),tonumber(ae),tonumber(dh)
if el and u<=ae and ae<=b and b<dh and dh<=b+3600000 then
if el==af then
fu,gw=u,b-ae<tonumber(c[4])
elseif el==cg then
gr=true
else
bu[#bu+1]={bs,el,ae,u,dh,iu}
end
end
end
local z,ai,n={1},{},b+hc
for d=math.max(1,#bu-16+2),#bu do
local ar=bu[d]
ai[#ai+1]=ar[1]
n=math.max(n,ar[5])
z[#z+1]=ar[2]
z[#z+1]=ar[3]-math.max(ar[4],fu)
z[#z+1]=ar[5]-b
z[#z+1]=ar[6]
end
if not gw or gr then
ai[#ai+1]=string.format('%s %.0f %.0f %.0f %s',af,fu,b,b+hc,c[5])
redis.call('SET',a[1],table.concat(ai,'\\n'),'PX',string.format('%.0f',n-b))
end
return z
end`,
    PART_5,
    PART_6,
  ],
  "6937b4762b099b80841081be45ad8137a2fb8ed8",
  "27336133df57ff70d8b3baf7fc427c7f4d1747c1",
);
