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
local da=type(bg)=='string'and string.match(bg,'^complete .* (%d+)$')
local af=da and ad('SET',k,da)
if af and not af.err then return tonumber(da)end
end
ad(i>1 and'DECR'or'DEL',k)
return nil
end`;

const PART_2 = `if#KEYS<=ff and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local eo=fe[ARGV[1]]
local z=eo and eo(1,6+ARGV[5],6,#KEYS)
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
local function ew(k,i)
redis.call('SET',k,string.format('%.0f',i))
end
local function dj(k)
if not IS_CLUSTER then
local bg=redis.pcall('GET',string.match(k,'^(.*)~fence:')..'~server')
if type(bg)~='table'or string.find(bg.err,'WRONGTYPE',1,true)then
return type(bg)=='string'and tonumber(string.match(bg,'^complete .* (%d+)$'))or nil
end
end
local aw=redis.call('TIME')
local b=tonumber(aw[1])*1000000+tonumber(aw[2])
return math.max(1,b-b%16384)
end
local function cg(k)
local da=dj(k)
if da then return da end
redis.call('DEL',k)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function de(k,i)
local cr=ba(k)
if not cr then i=math.max(i,dj(k)or 0)end
if(cr or 0)<i then ew(k,i)end
end`;

const PART_4 = `local function ep(k)
local ax=redis.pcall('GET',k)
return type(ax)=='string'and ax or nil
end
local function fd(k,aj,ab)
ab=math.max(ab,20000)
local ax=ep(k)
if not ax then
redis.call('SET',k,aj,'PX',ab)
elseif string.find(' '..ax..' ',' '..aj..' ',1,true)then
redis.call('PEXPIRE',k,math.max(redis.call('PTTL',k),ab))
elseif#ax+1<256*(#aj+1)then
redis.call('SET',k,ax..' '..aj,'PX',math.max(redis.call('PTTL',k),ab))
end
end
local function dh(k,aj)
local ax=ep(k)
if not ax then return end
local bv={}
for as in string.gmatch(ax,'%S+')do
if as~=aj then bv[#bv+1]=as end
end
if#bv==0 then redis.call('DEL',k)
else redis.call('SET',k,table.concat(bv,' '),'PX',math.max(redis.call('PTTL',k),1))end
end
local function fc(k,ir)
local ax=ep(k)
if not ax then return false end
local v=ir and string.match(ax,'%S+')or''
if v~=''then dh(k,v)end
redis.pcall('PUBLISH',k,v)
return v~=''
end`;

const PART_5 = `return r
end`;

const PART_6 = `local function iy(eo,e,dd,aa,l,ap,eu)
local a,c={unpack(KEYS,e,e+dd-1)},{unpack(ARGV,aa,aa+l-1)}
for d=1,eu do c[l+d]=ARGV[ap+d-1]end
local bs,z=pcall(eo,a,c)
if bs then return z end
if type(z)=='table'then z=z.err or z[1]end
return{-1,tostring(z)}
end
local bo,r,e,aa={},nil,1,1
while aa<=#ARGV do
local dt,ar,dd=ARGV[aa],tonumber(ARGV[aa+1]),tonumber(ARGV[aa+2])
local l,eu,ap=tonumber(ARGV[aa+3]),tonumber(ARGV[aa+4]),aa+5
aa=ap+eu
local gs=dd<=ff
local gr=gs and fe[dt]
local gp=gs and ar>1 and gq[dt]
local cm=0
while cm<ar do
local y=gp and gp(e,aa,ar-cm,bo)or 0
if y==0 then
local z=gr and gr(e,aa,ap,dd)
if not z then
r=r or general()
z=iy(r[dt],e,dd,aa,l,ap,eu)
end
bo[#bo+1]=z
y=1
end
e,aa,cm=e+y*dd,aa+y*l,cm+y
end
end
return#bo==1 and bo[1]or bo`;

const PART_7 = `local function dz(o)return string.match(o,'^%w+')or''end
local function cn(f,d)
local ah=f[d]
if type(ah)~='string'then return ah end
local ak,o,bq,s,an,aq=
string.match(ah,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local g
if bq and f.is_demand(bq)then
g={tonumber(ak),o,bq,tonumber(s),tonumber(an),tonumber(aq),false,ah}
else
g={0,'','',0,0,0,true,ah}
end
f[d]=g
return g
end
local function dy(f,g)
f.check=math.min(f.check,g[4]+1)
if g[5]>0 then f.check=math.min(f.check,g[5]+50+1)end
end
local function ia(f,b)
local fb,cs=0,{}
local y=#f
f.check=math.huge
for d=1,y do
local g=cn(f,d)
f[d]=nil
if g[4]>=b then
fb=fb+1
f[fb]=g
dy(f,g)
if g[5]>0 and b-g[5]>50 then
local aj=dz(g[2])
cs[aj]=math.max(cs[aj]or 0,g[5])
g[7]=true
end
end
end
if not next(cs)then return end
for al,g in ipairs(f)do
local aj=dz(g[2])
if cs[aj]and g[4]-3000>cs[aj]then cs[aj]=nil end
end
for al,g in ipairs(f)do g[7]=g[7]or cs[dz(g[2])]~=nil end
end
local function bn(k,b,il)
local ah=redis.pcall('GET',k)
local f={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=il}
local dg,n,aq
if type(ah)=='string'then dg,n,aq=string.match(ah,'^(%d+) (%d+) (%d+);')end
if not dg then return f end
f.check,f.last,f.ticket=tonumber(dg),tonumber(n),tonumber(aq)
local y=0
for br in string.gmatch(ah,';([^;]+)')do
y=y+1
f[y]=br
end
if b>=f.check then ia(f,b)end
return f
end
local function bx(k,f,b)
if#f==0 then
redis.call('DEL',k)
return
end
local cc={string.format('%.0f %.0f %.0f',f.check,f.last,f.ticket)}
for d,g in ipairs(f)do
cc[d+1]=type(g)=='string'and g or g[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(g,1,6))
end
redis.call('SET',k,table.concat(cc,';'),'PX',math.max(1,f.last-b))
end
local function fh(g,ak,o)
return g[1]>ak or(g[1]==ak and g[2]>o)
end
local function gi(f,o,ak,hz)
local az
for d=1,#f do
local g=cn(f,d)
if g[2]==o or(ak and fh(g,ak,o))then break end
if not g[7]and hz(g[3])then
if az then return az,true end
az=g
end
end
return az,false
end
local function fq(f,o)
local ix=' '..o..' '
for d,g in ipairs(f)do
if type(g)~='string'or string.find(g,ix,1,true)then
if cn(f,d)[2]==o then return d end
end
end
end
local function es(f,o,b)
local p=o~=''and fq(f,o)
if not p then return nil end
local g=cn(f,p)
g[4],g[5],g[7],g[8]=b+3000,0,false,nil
f.last=math.max(f.last,g[4])
return p
end
local function hm(f,o,b)
local p=es(f,o,b)
if not p then return false end
local g=f[p]
g[5],g[7]=math.max(1,b-50-1),true
dy(f,g)
return true
end
local function ho(f,o,bq,aq,ek,b,ae)
local p=es(f,o,b)
if p and f[p][6]>=aq then
f[p][3]=bq
return p
end
if p then table.remove(f,p)end
if aq==0 then aq=ae+1 end
local ak=aq-ek
p=#f+1
while p>1 and fh(cn(f,p-1),ak,o)do p=p-1 end
local g={ak,o,bq,b+3000,0,aq,false}
table.insert(f,p,g)
dy(f,g)
f.last,f.ticket=math.max(f.last,g[4]),math.max(f.ticket,aq)
f[256+1]=nil
return p
end
local function hd(f,o)
local p=fq(f,o)
if p then table.remove(f,p)end
return p~=nil
end
local function hg(f,bi,b)
local an,ea,fj={},{},false
for d=1,#f do
local g=cn(f,d)
if not g[7]then
local aj=dz(g[2])
fj=fj or not bi(g[3])
if fj then
if not next(ea)then break end
if not ea[aj]then return an,true,g[2]end
else
if g[5]<=0 then
g[5],g[8]=b,nil
dy(f,g)
an[#an+1]=g
end
ea[aj]=true
end
end
end
return an,next(ea)~=nil,nil
end
local function hp(cc,cz)
return table.concat(cc,' ')..(cz and' ~'..cz or'')
end`;

const PART_8 = `local ex={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function dc(ah)return ex[ah]end
local function gl(iu,as)return string.find(ex[iu],' '..as..' ',1,true)end
local function iq(it)
local ef={}
return function(m)
if ef[m]==nil then ef[m]=not it(m)end
if not ef[m]then return false end
for as in string.gmatch(ex[m],'%u+')do ef[as]=false end
return true
end
end`;

const PART_9 = `local ay,cd,hv=7,'~s','~p'
local ez={['IS']={3},['IX']={4},['S']={5},['SIX']={4,5},['X']={}}
local gf={['IS']={},['IX']={5},['S']={4},['SIX']={4,5},['X']={3,4,5}}
local function bh()
local aw=redis.call('TIME')
return tonumber(aw[1])*1000+math.floor(tonumber(aw[2])/1000)
end
local function fl(ah)
local ao={}
for m in string.gmatch(ah,'%u+')do
if not gf[m]then error('unknown mode '..m,0)end
ao[#ao+1]=m
end
return ao
end
local function cu(c,v)
local l={c[1],[c[1]]=true}
for d=v,#c do
l[#l+1]=c[d]
l[c[d]]=true
end
return l
end
local function dw(h)
if not h or string.sub(h,1,3)~='~s 'then return nil end
local m,j=string.match(h,'^~s (%u+) (.*)$')
if ez[m]then return m,j end
end
local function en(a,e,m,l,b)
local h=redis.call('GET',a[e+1])
if h==hv then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local ct,au=dw(h)
if au then
local q=not l[au]and redis.call('PTTL',a[e+1])
if q and(q==-1 or gl(m,ct))then return q,au end
return nil
end
if l[h]then return nil end
if h and h~=cd then return redis.call('PTTL',a[e+1]),h end
local n,ac
for al,af in ipairs(gf[m])do
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
local function hb(a,e,b)
local ae
if redis.call('EXISTS',a[e+3],a[e+4],a[e+5])==0 then return nil end
for af=3,5 do
local s=tonumber(redis.pcall('ZREVRANGE',a[e+af],0,0,'WITHSCORES')[2])
if s and s>=b then ae=math.max(ae or 0,s)end
end
return ae
end
local function fi(a,e,m,l)
local h=redis.call('GET',a[e+1])
if m=='X'then return l[h]end
local ct,au=dw(h)
if au then return l[au]and ct==m end
for al,af in ipairs(ez[m])do
local cp=false
for al,j in ipairs(l)do
if redis.call('ZSCORE',a[e+af],j)then cp=true end
end
if not cp then return false end
end
return true
end
local function io(a,e,l)
local h=redis.call('GET',a[e+1])
local al,au=dw(h)
if au then return l[au]end
if l[h]then return true end
for af=3,5 do
for al,j in ipairs(l)do
if redis.call('ZSCORE',a[e+af],j)then return true end
end
end
return false
end
local function gh(a,e,m,j,s,b)
for al,af in ipairs(ez[m])do
local k=a[e+af]
redis.call('ZREMRANGEBYSCORE',k,'-inf',string.format('(%.0f',b))
redis.call('ZADD',k,string.format('%.0f',s),j)
if redis.call('PTTL',k)<s-b then redis.call('PEXPIRE',k,s-b)end
end
end
local function gw(a,e,m,l,ab,b)
local w,j,bk=a[e+1],l[1],false
local h=redis.call('GET',w)
local s=b+ab
local ct,au=dw(h)
local ac,ik=au or h,ct or'X'
if l[ac]then
local q=redis.call('PTTL',w)
if q==-1 and ac==j and m==ik then return false end
s=math.max(s,b+q)
if au==j and m==ct then
redis.call('SET',w,h,'PX',s-b)
return false
end
bk=ac~=j
h=nil
elseif au then
local q=math.max(1,redis.call('PTTL',w))
gh(a,e,ct,au,b+q,b)
redis.call('SET',w,cd,'PX',q)
h=cd
end
if h~=cd and(m~='X'or au)and redis.call('EXISTS',a[e+3],a[e+4],a[e+5])==0 then
redis.call('SET',w,m=='X'and j or'~s '..m..' '..j,'PX',s-b)
return bk
end
for af=3,5 do
for d,br in ipairs(l)do
local ak=(d>1 or m~='X')and redis.call('ZSCORE',a[e+af],br)
if ak then
s=math.max(s,tonumber(ak))
if d>1 then
redis.call('ZREM',a[e+af],br)
bk=true
end
end
end
end
if m=='X'then
redis.call('SET',w,j,'PX',s-b)
return bk
end
gh(a,e,m,j,s,b)
if h~=cd then
redis.call('SET',w,cd,'PX',hb(a,e,b)-b)
else
local q=redis.call('PTTL',w)
if q>=0 and q<s-b then redis.call('PEXPIRE',w,s-b)end
end
return bk
end
local gc={}
local function bp(a,e,f,b)
if#f==0 then return{},false end
local an,bi,cz=hg(
f,iq(function(m)return en(a,e,m,gc,b)end),b)
for d,g in ipairs(an)do an[d]=g[2]end
if#an>0 then
bx(a[e+6],f,b)
redis.pcall('PUBLISH',a[e+7],hp(an,cz))
end
return an,bi
end
local function hy(a,e,m,l,o,ak,f,b)
local q,ac=en(a,e,m,l,b)
if q or#f==0 or io(a,e,l)then return q,ac end
local az,ij=gi(f,o,ak,function(as)return gl(as,m)end)
if not az then return nil end
bp(a,e,f,b)
if ij then return-1,''end
if az[5]>0 then return math.max(0,50-b+az[5]),''end
q,ac=en(a,e,az[3],gc,b)
return q and-1 or 50,ac or''
end
local function ie(a,ao,ca)
local i,gm,bc=0,false,{}
for al,m in ipairs(ao)do
if(m=='X'or m=='SIX')and not ca then gm=true end
end
for p=2,#a,ay do
local k=a[p]
if bc[k]==nil then
local n=ba(k)
bc[k]=n or 0
i=math.max(i,n and(gm and n+1 or n)or cg(k))
end
end
for k,n in pairs(bc)do
if n~=i then ew(k,i)end
end
return i
end
r['modes.acquire']=function(a,c)
local ab,o,aq,ek=tonumber(c[2]),c[3],tonumber(c[4]),tonumber(c[5])
local ao,l,hw,b=fl(c[6]),cu(c,7),{c[1],[c[1]]=true},bh()
local ak=aq>0 and aq-ek or nil
local ai,bc,p,bd,ac={},b,nil,nil,nil
local ca,bk=true,false
for d,m in ipairs(ao)do
local e=(d-1)*ay
ai[d]=bn(a[e+6],b,dc)
bc=math.max(bc,ai[d].ticket)
local q,je=hy(a,e,m,l,o,ak,ai[d],b)
if q then
p=p or d
if not ac or(bd~=-1 and(q==-1 or q>bd))then
bd,ac=q,je
end
elseif not fi(a,e,m,hw)then
ca=false
end
end
local bt,dv=p or#ao,nil
if o~=''then
dv=ho(ai[bt],o,ao[bt],aq,ek,b,bc)
if not p and ai[bt][dv]then ai[bt][dv][5]=-1 end
bx(a[(bt-1)*ay+6],ai[bt],b)
end
if p then
if o~=''then pcall(fd,a[(p-1)*ay+7],o,ab)end
return{0,bd,ac,string.format('%.0f',bc),dv and dv-1 or#ai[p]}
end
local i=ie(a,ao,ca)
for d,m in ipairs(ao)do
local e=(d-1)*ay
if gw(a,e,m,l,ab,b)then bk=true end
if d~=bt and es(ai[d],o,b)then bx(a[e+6],ai[d],b)end
end
return bk and-i or i
end
r['modes.convert']=r['modes.acquire']
r['modes.commit']=function(a,c)
local l={c[1],[c[1]]=true}
for d,m in ipairs(fl(c[3]))do
if not fi(a,(d-1)*ay,m,l)then return{0}end
end
for e=0,#a-ay,ay do
if not ba(a[e+2])then cg(a[e+2])end
de(a[e+2],tonumber(c[2]))
end
return 1
end
r['modes.extend']=function(a,c)
local i,ab,ao=tonumber(c[2]),tonumber(c[3]),fl(c[4])
local l,b=cu(c,5),bh()
for d,m in ipairs(ao)do
local q,ac=en(a,(d-1)*ay,m,l,b)
if q then return{0,q,ac}end
end
for d,m in ipairs(ao)do
local e=(d-1)*ay
local fg=not fi(a,e,m,l)and(ba(a[e+2])or dj(a[e+2]))
if fg then de(a[e+2],i)end
end
for d,m in ipairs(ao)do
local e=(d-1)*ay
if gw(a,e,m,l,ab,b)then bp(a,e,bn(a[e+6],b,dc),b)end
end
return 1
end
local function bf(a,e,l,b)
local w,av=a[e+1],false
local h=redis.pcall('GET',w)
if type(h)=='table'then
if string.find(h.err,'WRONGTYPE',1,true)then return false,false end
error(h.err,0)
end
local al,au=dw(h)
if l[au or h]then
redis.call('DEL',w)
h,av=false,true
end
if au or(av and#l==1)then return av,av end
local cp=false
for af=3,5 do
for al,j in ipairs(l)do
local ak=redis.pcall('ZSCORE',a[e+af],j)
if type(ak)=='string'then
redis.call('ZREM',a[e+af],j)
cp=true
if tonumber(ak)>=b then av=true end
end
end
end
if h and h~=cd then return av,false end
local ae=cp and hb(a,e,b)
if ae then
local q=redis.call('PTTL',w)
redis.call('SET',w,cd,'PX',math.max(1,ae-b))
return av,false,q>ae-b
end
if cp and h then redis.call('DEL',w)end
return av,cp or av
end
local function hc(a,e,f,o,b)
local gu=hd(f,o)
if gu then bx(a[e+6],f,b)end
pcall(dh,a[e+7],o)
return gu
end
r['modes.release']=function(a,c)
local o,l,b=c[2],cu(c,3),bh()
local av,db,gv=false,false,string.find(o,'.',1,true)
for e=0,#a-ay,ay do
local bb,im,eh=bf(a,e,l,b)
local ai=(bb or gv)and redis.pcall('MGET',a[e+6],a[e+7])
if bb then av=true end
if ai and(ai[1]or ai[2])then
local f=bn(a[e+6],b,dc)
if gv then hc(a,e,f,o,b)end
local bs,an,bi=pcall(bp,a,e,f,b)
if not bs then an,bi={},false end
for al,as in ipairs(an)do
if as~=o then db=true end
end
if im and not bi and fc(a[e+7],o~='')then db=true end
if eh and#an==0 then redis.pcall('PUBLISH',a[e+7],'')end
end
end
if not av then return 0 end
return db and-1 or 1
end
r['modes.releaseAll']=r['modes.release']
r['modes.leave']=function(a,c)
local b=bh()
for e=0,#a-ay,ay do
local f=bn(a[e+6],b,dc)
if hc(a,e,f,c[1],b)then pcall(bp,a,e,f,b)end
end
return 1
end`;

const PART_10 = `local fe,gq,ff={},{},0`;

const PART_11 = `local by,ck,ey,ht='0','1','2',48
local hu=64
local function bz(ah)
local is=string.gmatch(ah,'(%d+)%-?(%d*)')
return function()
local v,n=is()
if v then return tonumber(v),tonumber(n)or tonumber(v)end
end
end
local function hl(x,cy)
local fv,dl,n={},string.find(x,cy..'+')
while dl do
fv[#fv+1]=dl==n and tostring(dl-1)or string.format('%d-%d',dl-1,n-1)
dl,n=string.find(x,cy..'+',n+1)
end
return table.concat(fv,' ')
end
local function du(x,u,cy)
for v,n in bz(u)do
x=x..string.rep(by,v-#x)
x=string.sub(x,1,v)..string.rep(cy,n-v+1)..string.sub(x,n+2)
end
return x
end
local function hx(x,u)
for v,n in bz(u)do
if string.find(string.sub(x,v+1,n+1),ck,1,true)then return false end
end
return true
end
local function ee(x,t)
return#string.gsub(string.sub(x,1,t),ck..'+','')
end
local function go(u)
local fm=0
for al,n in bz(u)do fm=math.max(fm,n+1)end
return fm
end
local function iv(j,t)
local df,fy=string.match(j,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not df then return 0,1 end
return tonumber(df,16)%t,1+tonumber(fy,16)%t
end
local function gk(x,am,t,fr,l,j)
local bu=am
local function dx(v,n)
n=math.min(n,t-1)
if bu==0 or v>n then return end
local jc,y=string.gsub(string.sub(x,v+1,n+1),by,ey,bu)
if y==0 then return end
x,bu=string.sub(x,1,v)..jc..string.sub(x,n+2),bu-y
end
for v,n in bz(fr)do dx(v,n)end
if l then
for v,n in bz(l)do dx(v,n)end
else
local df,fy=iv(j,t)
for d=0,hu-1 do
if bu==0 then break end
local fx=(df+d*fy)%t
if string.byte(x,fx+1)==ht then dx(fx,fx)end
end
dx(df,t-1)
dx(0,df-1)
end
if bu>0 then return nil end
return hl(x,ey),(string.gsub(x,ey,ck))
end`;

const PART_12 = `local cx,gd='~p','~s'
local cv,cw=16,32
local function bh()
local aw=redis.call('TIME')
return tonumber(aw[1])*1000+math.floor(tonumber(aw[2])/1000)
end
local function cu(c,v)
local l={c[1]}
for d=v,#c do l[#l+1]=c[d]end
return l
end
local function fn(a)
local bj=redis.call('GET',a[1])
if bj and(bj==gd or string.sub(bj,1,3)==gd..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
if bj and bj~=cx then return bj,redis.call('PTTL',a[1])end
end
local function dr(a,t,hn)
local ev=redis.call('GET',a[7])or''
local bc,y=string.match(ev,'^(%d+) (%d+)$')
if hn>tonumber(bc or 0)then
ev,y=string.format('%.0f %.0f',hn,t),t
redis.call('SET',a[7],ev,'PX',604800000)
elseif bc then
redis.call('PEXPIRE',a[7],604800000)
end
return tonumber(y)or t,y and ev or''
end
local function ds(a,ar)
local x=redis.call('GET',a[3])or''
return x..string.rep(by,ar-#x),#x
end
local function hs(a,u,cy)
for v,n in bz(u)do
redis.call('SETRANGE',a[3],v,string.rep(cy,n-v+1))
end
end
local function dk(a,j)
local u,s=redis.call('HGET',a[4],j),redis.call('ZSCORE',a[5],j)
if u then
redis.call('HDEL',a[4],j)
if redis.call('EXISTS',a[3])==1 then hs(a,u,by)end
end
if s then redis.call('ZREM',a[5],j)end
return u,tonumber(s)
end
local function ed(a,b)
local ib=redis.call('ZRANGEBYSCORE',a[5],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for al,j in ipairs(ib)do dk(a,j)end
end
local function er(a)
local dm=''
if not IS_CLUSTER then
local bg=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
dm=type(bg)=='string'and string.match(bg,'^complete %S+ %S+ (%S+) ')or''
end
dm=string.format('%-'..cw..'.'..cw..'s',dm)
if redis.call('GETRANGE',a[6],0,cw-1)~=dm then redis.call('SET',a[6],dm,'PX',604800000)end
end
local function ej(a,u,be)
local fk=0
for v,n in bz(u)do
local ah=redis.call('GETRANGE',a[6],cw+cv*v,cw+cv*(n+1)-1)
for d=0,n-v do
local y=tonumber(string.sub(ah,cv*d+1,cv*(d+1)))
fk=math.max(fk,y or be)
end
end
return fk
end
local function gb(a,u,y,be)
local ah=string.format('%0'..cv..'.0f',y)
for v,n in bz(u)do
redis.call('SETRANGE',a[6],cw+cv*v,string.rep(ah,n-v+1))
end
redis.call('PEXPIRE',a[6],604800000)
if be<y then ew(a[2],y)end
end
local function fs(a,j,s,b)
local cf=tonumber(redis.call('ZSCORE',a[5],j)or 0)
if cf<s then redis.call('ZADD',a[5],string.format('%.0f',s),j)end
local ae=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local q=ae-b
local ip=ae==math.max(s,cf)
if not ip and redis.call('EXISTS',a[1])==1 and redis.call('PTTL',a[3])>=q
and redis.call('PTTL',a[4])>=q then return end
for p=3,5 do redis.call('PEXPIRE',a[p],q)end
redis.call('SET',a[1],cx,'PX',q)
end
local function co(a,j,u,s,b,ar)
local hq=go(u)
if ar<hq then redis.call('SETRANGE',a[3],ar,string.rep(by,hq-ar))end
hs(a,u,ck)
redis.call('HSET',a[4],j,u)
fs(a,j,s,b)
end
local function ih(a,bu,b)
local ec=redis.call('ZRANGE',a[5],0,64-1,'WITHSCORES')
local n=-1
for d=1,#ec,2 do
n=tonumber(ec[d+1])
for v,ic in bz(redis.call('HGET',a[4],ec[d])or'')do
bu=bu-(ic-v+1)
end
if bu<=0 then break end
end
return n<0 and-1 or math.max(0,n-b),ec[1]or''
end
local function dn(t)
return function(ah)
local y=tonumber(ah)
return y and y<=t
end
end
local function bp(a,f,ci,t,b)
if#f==0 then return 0,false end
local x,bf=ds(a,t),0
local bj=redis.call('GET',a[1])
if not bj or bj==cx then bf=ee(x,t)end
local an,bi,cz=hg(f,function(bq)
bf=bf-tonumber(bq)
return bf>=0
end,b)
local cc={}
for d,g in ipairs(an)do
local u,jb=gk(x,tonumber(g[3]),t,ci,'0-'..t-1)
x=jb or x
cc[d]=g[2]..':'..string.gsub(u or'',' ',',')
end
if#cc>0 then
bx(a[8],f,b)
redis.pcall('PUBLISH',a[9],hp(cc,cz))
end
return#cc,bi
end
r['slots.acquire']=function(a,c)
local j,ab,o,aq,am=c[1],tonumber(c[2]),c[3],tonumber(c[4]),tonumber(c[5])
local fr,ei,l,b=c[8],#c>8,cu(c,9),bh()
local ac,bd=fn(a)
local t,dq=dr(a,tonumber(c[6]),tonumber(c[7]))
if am>t then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',t,am),0)end
ed(a,b)
local f=bn(a[8],b,dn(t))
local bc=math.max(b,f.ticket)
local x,ar=ds(a,t)
local u,cl=redis.call('HGET',a[4],j),nil
if ac then
if o~=''then pcall(fd,a[9],o,ab)end
elseif u then
er(a)
fs(a,j,b+ab,b)
if hm(f,o,b)then bx(a[8],f,b)end
local i=ej(a,u,ba(a[2])or cg(a[2]))
return{1,i,u,dq,ei and x or nil}
else
local bw,ch=x,''
for d=2,#l do
local bl=redis.call('HGET',a[4],l[d])or''
bw,ch=du(bw,bl,by),ch..' '..bl
end
local az
if#f>0 and not ei then
local bf=ee(bw,t)
az=bf>=am and gi(f,o,aq>0 and aq or nil,function(bq)
bf=bf-tonumber(bq)
return bf<am
end)
end
if not az then cl=gk(bw,am,t,fr,ei and ch or nil,j)end
if cl then
local be=ba(a[2])or cg(a[2])
er(a)
local i,s=ej(a,cl,be)+1,b+ab
gb(a,cl,i,be)
for d=2,#l do
local al,cf=dk(a,l[d])
s=math.max(s,cf or 0)
end
co(a,j,cl,s,b,ar)
if hm(f,o,b)then bx(a[8],f,b)end
return{1,i,cl,dq,ei and du(bw,cl,ck)or nil}
end
local bf=ee(x,t)
bd,ac=ih(a,am-bf,b)
if az then
bp(a,f,'',t,b)
if az[5]>0 then bd,ac=math.max(0,50-b+az[5]),''
else bd=-1 end
end
end
if o~=''then
ho(f,o,string.format('%.0f',am),aq,0,b,bc)
bx(a[8],f,b)
end
return{0,bd,ac,string.format('%.0f',bc),dq}
end
r['slots.commit']=function(a,c)
local u=c[3]
if redis.call('HGET',a[4],c[1])~=u then return{0}end
local be=ba(a[2])or cg(a[2])
er(a)
local y=ej(a,u,be)
if y<tonumber(c[2])then gb(a,u,tonumber(c[2]),be)end
return 1
end
r['slots.extend']=function(a,c)
local j,i,ab,u=c[1],tonumber(c[2]),tonumber(c[3]),c[4]
local l,b=cu(c,7),bh()
local ac=fn(a)
if ac then return{0,-1,ac}end
local t=dr(a,tonumber(c[5]),tonumber(c[6]))
ed(a,b)
local bl=redis.call('HGET',a[4],j)
if bl==u and#l==1 then
fs(a,j,b+ab,b)
return 1
end
local x,ar=ds(a,math.max(t,go(u)))
local bw,cf=x,''
for al,br in ipairs(l)do
local ch=redis.call('HGET',a[4],br)or''
bw,cf=du(bw,ch,by),cf..' '..ch
end
if not hx(bw,u)then
local hr={j,'',c[5],c[6]}
for d=2,#l do hr[d+3]=l[d]end
r['slots.release'](a,hr)
return{0,-1,''}
end
local be=bl~=u and(ba(a[2])or dj(a[2]))
if be then
er(a)
gb(a,u,math.max(i,ej(a,u,be)),be)
end
local s=b+ab
for al,br in ipairs(l)do
local al,n=dk(a,br)
s=math.max(s,n or 0)
end
co(a,j,u,s,b,ar)
local ci=hl(du(du(string.rep(by,#bw),cf,ck),u,by),ck)
if ci~=''then bp(a,bn(a[8],b,dn(t)),ci,t,b)end
return 1
end
r['slots.release']=function(a,c)
local aj,l,b=c[2],cu(c,5),bh()
local ci,av,ga,ha='',false,0,false
for al,br in ipairs(l)do
local u,s=dk(a,br)
if u or s then ha=true end
if s and s>=b then av=true end
ci,ga=ci..' '..(u or''),math.max(ga,s or 0)
end
if not ha then return 0 end
ed(a,b)
local ae=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local bj,eh=redis.pcall('GET',a[1]),false
if not ae then redis.call('DEL',a[3])end
if bj==cx then
if not ae then redis.call('DEL',a[1])
elseif ga>ae then
redis.call('SET',a[1],cx,'PX',math.max(1,ae-b))
eh=true
end
end
local ai=redis.pcall('MGET',a[8],a[9])
if ai[1]or ai[2]then
local t=dr(a,tonumber(c[3]),tonumber(c[4]))
local f=bn(a[8],b,dn(t))
local bs,an,bi=pcall(bp,a,f,ci,t,b)
if not bs then an,bi=0,false end
if not ae and not bi then fc(a[9],aj~='')
elseif eh and an==0 then redis.pcall('PUBLISH',a[9],'')end
end
return av and 1 or 0
end
r['slots.leave']=function(a,c)
local b,t=bh(),dr(a,tonumber(c[2]),tonumber(c[3]))
local f=bn(a[8],b,dn(t))
if hd(f,c[1])then
bx(a[8],f,b)
pcall(bp,a,f,'',t,b)
end
pcall(dh,a[9],c[1])
return 1
end
r['slots.count']=function(a,c)
local b,ac=bh(),fn(a)
local t,dq=dr(a,tonumber(c[1]),tonumber(c[2]))
ed(a,b)
local f=bn(a[8],b,dn(t))
bp(a,f,'',t,b)
return{1,ac and 0 or ee(ds(a,t),t),t,tonumber(string.match(dq,'^%d+')or 0)}
end`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ff=2
local fe={
['mutex.acquire']=function(e,aa,ap)
local af=ad('SET',KEYS[e],ARGV[aa],'NX','PX',ARGV[ap])
if not af or af.err then return nil end
local i=y(KEYS[e+1])
if not i then ad('DEL',KEYS[e])end
return i
end,
['mutex.takeOver']=function(e,aa,ap)
if ad('GET',KEYS[e])~=ARGV[aa+1]then return nil end
local i=y(KEYS[e+1])
if not i then return nil end
local af=ad('SET',KEYS[e],ARGV[aa],'PX',ARGV[ap])
return not af.err and-i or nil
end,
['mutex.extend']=function(e,aa,ap)
if ad('GET',KEYS[e])~=ARGV[aa]then return nil end
local q=ad('PTTL',KEYS[e])
if type(q)~='number'or q<0 then return nil end
if q<tonumber(ARGV[ap])and ad('PEXPIRE',KEYS[e],ARGV[ap])~=1 then return nil end
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
    `local gq={
['mutex.release']=function(e,aa,ar,bo)
local ag=ad('MGET',unpack(KEYS,e,e+2*ar-1))
if ag.err then return 0 end
local bl,gx,fu,cm={},{},{},0
for d=1,ar do
if ag[2*d]then break end
local w=KEYS[e+2*d-2]
local bb=ag[2*d-1]==ARGV[aa+d-1]and not gx[w]
bo[#bo+1]=bb and 1 or 0
if bb then
gx[w]=true
bl[#bl+1]=w
fu[#bl]=#bo
end
cm=d
end
local gn=#bl>0 and ad('DEL',unpack(bl))
if type(gn)=='table'then
for d=1,#fu do bo[fu[d]]={-1,gn.err}end
end
return cm
end
}`,
    PART_3,
    PART_4,
    `local function co(k,j,ab,bb)
if not bb then redis.call('SET',k,j,'PX',ab)
else
local q=redis.call('PTTL',k)
if q>=0 and q<tonumber(ab)then redis.call('PEXPIRE',k,ab)end
end
end
local function gg(a,j,ja,ab,o)
local fz=o==''and 2 or 3
local bb,ca,bk={},true,false
local bd,ac
for d=1,#a,fz do
local h=redis.call('GET',a[d])
bb[d]=h==j
if h~=j then ca=false end
if h and h==ja then
bk=true
elseif h and h~=j then
local q=redis.call('PTTL',a[d])
if not ac or(bd~=-1 and(q==-1 or q>bd))then
bd,ac=q,h
end
end
end
if o~=''then
for d=3,#a,3 do pcall(fd,a[d],o,tonumber(ab))end
end
if ac then return{0,bd,ac}end
local i=0
for d=2,#a,fz do
local n=ba(a[d])
i=math.max(i,n and(ca and n or n+1)or cg(a[d]))
end
for d=1,#a,fz do
co(a[d],j,ab,bb[d])
ew(a[d+1],i)
end
return bk and-i or i
end
r['mutex.acquire']=function(a,c)
return gg(a,c[1],nil,c[2],c[3])
end
r['mutex.takeOver']=function(a,c)
return gg(a,c[1],c[2],c[3],c[4])
end
r['mutex.commit']=function(a,c)
for d=1,#a,2 do
if redis.call('GET',a[d])~=c[1]then return{0}end
end
for d=2,#a,2 do
if not ba(a[d])then cg(a[d])end
de(a[d],tonumber(c[2]))
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
local fg=not bb[d]and(ba(a[d+1])or dj(a[d+1]))
if fg then de(a[d+1],i)end
end
for d=1,#a,2 do co(a[d],j,ab,bb[d])end
return 1
end
r['mutex.release']=function(a,c)
local j,aj=c[1],c[2]
local av,db=false,false
for d=1,#a,2 do
local h=redis.pcall('GET',a[d])
if aj~=''then pcall(dh,a[d+1],aj)end
if h==j then
redis.call('DEL',a[d])
av=true
if fc(a[d+1],aj~='')then db=true end
elseif type(h)=='table'and h.err and not string.find(h.err,'WRONGTYPE',1,true)then
error(h.err)
end
end
if not av then return 0 end
return db and-1 or 1
end
r['mutex.leave']=function(a,c)
pcall(dh,a[1],c[1])
return 1
end
r['mutex.renew']=function(a,c)
local i=1
for d=1,#a,2 do
local h=redis.call('GET',a[d])
if h~=c[1]then return{0,redis.call('PTTL',a[d]),h or''}end
i=math.max(i,ba(a[d+1])or 1)
end
for d=1,#a,2 do co(a[d],c[1],c[2],true)end
return i
end
r['mutex.query']=function(a)
local z={1}
for d=1,#a,2 do
z[#z+1]=redis.call('GET',a[d])or''
z[#z+1]=redis.call('PTTL',a[d])
z[#z+1]=ep(a[d+1])or''
end
return z
end`,
    PART_5,
    PART_6,
  ],
  "9aaa20ac6a8217a02411fb5d6a0d222620e21beb",
  "e37a87bcb5208e60a4466da0fee4072b64018ce3",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ff=140
local fe={
['modes.acquire']=function(e,aa,ap,am)
local j,ab,ao,eb=ARGV[aa],ARGV[ap],ARGV[ap+4],KEYS[e+1]
if ARGV[ap+1]~=''then return nil end
if am==7 then
if ad('EXISTS',KEYS[e],KEYS[e+2],KEYS[e+3],KEYS[e+4],KEYS[e+5])~=0 then return nil end
else
for p=e+8,e+am-1,7 do
if KEYS[p]~=eb then return nil end
end
if ad('EXISTS',unpack(KEYS,e,e+am-1))~=am/7 then return nil end
end
local i
if ao=='X'or string.find(' '..ao,' X',1,true)or string.find(ao,'SIX',1,true)then
i=ad('INCR',eb)
if type(i)~='number'then return nil end
if i<=1 or i>9000000000000000 then
ad(i>1 and'DECR'or'DEL',eb)
return nil
end
else
local h=ad('GET',eb)
i=type(h)=='string'and string.match(h,'^%d+$')and tonumber(h)
if not i or i<1 or i>=9000000000000000 then return nil end
end
for m in string.gmatch(ao,'%u+')do
local af=ad('SET',KEYS[e],m=='X'and j or'~s '..m..' '..j,'PX',ab)
if af.err then return nil end
e=e+7
end
return i
end,
['modes.extend']=function(e,aa,ap,am)
local j,ab,p=ARGV[aa],ARGV[ap],1
local ag=ARGV[ap-1]=='2'and ad('MGET',unpack(KEYS,e,e+am-1))
if not ag or ag.err then return nil end
for m in string.gmatch(ARGV[ap+1],'%u+')do
if ag[p]~=(m=='X'and j or'~s '..m..' '..j)then return nil end
p=p+7
end
for w=e,e+am-1,7 do
local q=ad('PTTL',KEYS[w])
if type(q)~='number'or q<0 then return nil end
if q<tonumber(ab)and ad('PEXPIRE',KEYS[w],ab)~=1 then return nil end
end
return 1
end,
['modes.release']=function(e,aa,al,am)
local j=ARGV[aa]
if am==7 then
local ag=ad('MGET',KEYS[e],KEYS[e+5],KEYS[e+6])
local h=ag[1]
if not h or ag[2]or ag[3]then return nil end
if h~=j and string.match(h,'^~s [ISX]+ (.*)$')~=j then return nil end
return ad('DEL',KEYS[e])==1 and 1 or nil
end
local ag,el=ad('MGET',unpack(KEYS,e,e+am-1)),{}
if ag.err then return nil end
for p=1,am,7 do
local h=ag[p]
if not h or ag[p+5]or ag[p+6]then return nil end
if h~=j and string.match(h,'^~s [ISX]+ (.*)$')~=j then return nil end
el[#el+1]=KEYS[e+p-1]
end
return ad('DEL',unpack(el))==#el and 1 or nil
end
}
local gq={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    `r['modes.position']=function(a,c)
local b=bh()
local f=bn(a[6],b,dc)
local p,fa,ax=fq(f,c[1]),0,0
local ak=p and f[p][1]or math.max(b,f.ticket)+1-tonumber(c[2])
for d=1,#f do
local g=cn(f,d)
if not g[7]and g[5]>=0 then
ax=ax+1
if g[2]~=c[1]and not fh(g,ak,c[1])then fa=fa+1 end
end
end
return{1,fa,ax,redis.call('EXISTS',a[1])}
end
r['modes.stay']=function(a,c)
local b=bh()
local f=bn(a[6],b,dc)
if es(f,c[1],b)then bx(a[6],f,b)end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "7fd3745b842f90184f14578106a4330f0830ccee",
  "f878db9776dcfbc4be04cc24a99c849d01053c05",
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
  "41469dffc3db2aa51f812ca4f57f8116d9d90869",
  "7c4a3f4c68db8516194e798fa49dd3670ea7793e",
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
    `local ge=9
local function fo(a,c)
local bm,cj,cb,ce={},{},{c[1]},{c[1]}
local y=tonumber(c[3])
for d,k in ipairs(a)do
if d<=ge then bm[d]=k
else cj[d-ge]=k end
end
for d=4,#c do
if d<4+y then cb[d-2]=c[d]
else ce[d-2-y]=c[d]end
end
return bm,cb,cj,ce
end
local function iz(a,c)
local cq={}
for d=9,#c do
local u=redis.call('HGET',a[4],c[d])
if u then cq[#cq+1]={c[d],u,tonumber(redis.call('ZSCORE',a[5],c[d])or 0)}end
end
return cq
end
local function ii(a,j,cq,b)
dk(a,j)
for al,fp in ipairs(cq)do
local al,ar=ds(a,0)
co(a,fp[1],fp[2],fp[3],b,ar)
end
local ae=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
if ae then redis.call('SET',a[1],cx,'PX',math.max(1,ae-b))
else redis.call('DEL',a[1],a[3])end
end
r['quota.acquire']=function(a,c)
local bm,cb,cj,ce=fo(a,c)
local ca=redis.call('HEXISTS',bm[4],c[1])==1
local cq=iz(bm,cb)
local at=r['slots.acquire'](bm,cb)
if at[1]==0 then return{0,at[2],at[3],at[4],at[5],1}end
local bs,w=pcall(r[c[2]],cj,ce)
local gz=bs and(type(w)=='number'or w[1]==1)
if not gz and not ca then ii(bm,c[1],cq,bh())end
if not bs then error(w,0)end
if not gz then return{0,w[2],w[3],w[4],w[5],2}end
if type(w)=='number'then return{1,math.abs(w),at[3],at[4],at[5]or''}end
return{1,math.max(at[2],w[2]),at[3],at[4],at[5]or'',w[3],w[4],w[5]or''}
end
local function gj(a,c,dt)
local bm,cb,cj,ce=fo(a,c)
local at=r[dt](bm,cb)
if at~=1 then return at end
return r[c[2]](cj,ce)
end
r['quota.commit']=function(a,c)return gj(a,c,'slots.commit')end
r['quota.extend']=function(a,c)return gj(a,c,'slots.extend')end
r['quota.release']=function(a,c)
local bm,cb,cj,ce=fo(a,c)
local bs,at=pcall(r['slots.release'],bm,cb)
local w=r[c[2]](cj,ce)
if not bs then error(at,0)end
return w~=0 and w or at
end`,
    PART_5,
    PART_6,
  ],
  "31b471499dfe6563eba0f3d12c4bb6cebc65b0c9",
  "8b16237f169b4a13ec71e2ee8a0f88b83b4851eb",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_10,
    PART_3,
    `local function hi(k)
local bg=redis.pcall('GET',k)
return type(bg)=='string'and bg or''
end
local function hk(k,id,h)
local cr=hi(k)
local aw=redis.call('TIME')
local b=string.format('%.0f',tonumber(aw[1])*1000+math.floor(tonumber(aw[2])/1000))
if cr==id then
cr=h(tonumber(b))
redis.call('SET',k,cr)
end
return{1,cr,b}
end
r['marker.replace']=function(a,c)
return hk(a[1],c[1],function()return c[2]end)
end
r['marker.lose']=function(a,c)
return hk(a[1],c[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(c[2]))
end)
end`,
    `r['identify']=function(a)
local hj=''
local function eq(jd)
local eg=redis.pcall('INFO',jd)
if type(eg)=='table'then eg,hj='',eg.err end
return function(ig)return string.match(eg,'%f[%w_]'..ig..':([^\\r\\n]*)')or''end
end
local et,hf,ft=eq('server'),eq('memory'),eq('replication')
local aw=redis.call('TIME')
local m=et('redis_mode')
if m==''then m=et('server_mode')end
return{
1,et('run_id'),tonumber(et('uptime_in_seconds'))or-1,
tonumber(aw[1])*1000000+tonumber(aw[2]),
tonumber(eq('persistence')('aof_enabled'))or-1,
hf('maxmemory_policy'),tonumber(hf('maxmemory'))or-1,
ft('role'),m,ft('master_replid'),ft('master_replid2'),
a[1]and hi(a[1])or'',hj
}
end`,
    `r['counters.read']=function(a)
local z={1}
for d=1,#a do
local dp,i=pcall(ba,a[d])
z[d+1]=dp and i and string.format('%.0f',i)or''
end
return z
end
local function hh(a,c,dg)
for d=1,#a do
local dp,i=pcall(ba,a[d])
if dp then
if not i then dg(a[d])end
de(a[d],tonumber(c[d]))
end
end
return 1
end
r['counters.raise']=function(a,c)
return hh(a,c,cg)
end
r['counters.restore']=function(a,c)
return hh(a,c,function()end)
end
r['counters.lift']=function(a,c)
for d=1,#a do
local dp,i=pcall(ba,a[d])
if dp and i then de(a[d],tonumber(c[1]))end
end
return 1
end`,
    `r['set.note']=function(a,c)
local af,ch,he=c[1],c[2],tonumber(c[3])
local aw=redis.call('TIME')
local b=tonumber(aw[1])*1000+math.floor(tonumber(aw[2])/1000)
local fw,gy,gt=b,false,false
local bv,ah={},redis.pcall('GET',a[1])
for bt in string.gmatch(type(ah)=='string'and ah or'','[^\\n]+')do
local em,v,ae,di,iw=string.match(bt,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
v,ae,di=tonumber(v),tonumber(ae),tonumber(di)
if em and v<=ae and ae<=b and b<di and di<=b+3600000 then
if em==af then
fw,gy=v,b-ae<tonumber(c[4])
elseif em==ch then
gt=true
else
bv[#bv+1]={bt,em,ae,v,di,iw}
end
end
end
local z,ai,n={1},{},b+he
for d=math.max(1,#bv-16+2),#bv do
local as=bv[d]
ai[#ai+1]=as[1]
n=math.max(n,as[5])
z[#z+1]=as[2]
z[#z+1]=as[3]-math.max(as[4],fw)
z[#z+1]=as[5]-b
z[#z+1]=as[6]
end
if not gy or gt then
ai[#ai+1]=string.format('%s %.0f %.0f %.0f %s',af,fw,b,b+he,c[5])
redis.call('SET',a[1],table.concat(ai,'\\n'),'PX',string.format('%.0f',n-b))
end
return z
end`,
    PART_5,
    PART_6,
  ],
  "c16b13caecc60da1ebb06403b7b24c0b572c36b3",
  "7569bd9592e633d977f2de48620b4679bca4db18",
);
