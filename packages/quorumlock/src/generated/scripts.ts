// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local n=redis.pcall
local function ad(j)
local l=n('INCR',j)
if type(l)~='number'then return nil end
if l>1 and l<=9000000000000000 then return l end
if l==1 and not IS_CLUSTER then
local by=n('GET',string.match(j,'^(.*)~fence:')..'~server')
local dz=type(by)=='string'and string.match(by,'^complete .* (%d+)$')
local bw=dz and n('SET',j,dz)
if bw and not bw.err then return tonumber(dz)end
end
n(l>1 and'DECR'or'DEL',j)
return nil
end`;

const PART_2 = `if#KEYS<=fc and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local fo=fb[ARGV[1]]
local ai=fo and fo(1,6+ARGV[5],6,#KEYS)
if ai then return ai end
end`;

const PART_3 = `local function general()
local ab={}
local function bm(j)
local m=redis.call('GET',j)
if not m then return nil end
local l=string.match(m,'^-?%d+$')and tonumber(m)
if not l or l>=9000000000000000 then
error('the fencing counter '..j..' cannot be counted up: '..m..'; delete it together with '
..string.match(j,'^(.*)~fence:')..'~server, on one server after another')
end
return l>0 and l or nil
end
local function ew(j,l)
redis.call('SET',j,string.format('%.0f',l))
end
local function el(j)
if not IS_CLUSTER then
local by=redis.pcall('GET',string.match(j,'^(.*)~fence:')..'~server')
if type(by)~='table'or string.find(by.err,'WRONGTYPE',1,true)then
return type(by)=='string'and tonumber(string.match(by,'^complete .* (%d+)$'))or nil
end
end
local ar=redis.call('TIME')
local b=tonumber(ar[1])*1000000+tonumber(ar[2])
return math.max(1,b-b%16384)
end
local function cw(j)
local dz=el(j)
if dz then return dz end
redis.call('DEL',j)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function eg(j,l)
local dm=bm(j)
if not dm then l=math.max(l,el(j)or 0)end
if(dm or 0)<l then ew(j,l)end
end`;

const PART_4 = `local function fr(j)
local bk=redis.pcall('GET',j)
return type(bk)=='string'and bk or nil
end
local function gh(j,au,ak)
ak=math.max(ak,20000)
local bk=fr(j)
if not bk then
redis.call('SET',j,au,'PX',ak)
elseif string.find(' '..bk..' ',' '..au..' ',1,true)then
redis.call('PEXPIRE',j,math.max(redis.call('PTTL',j),ak))
elseif#bk+1<256*(#au+1)then
redis.call('SET',j,bk..' '..au,'PX',math.max(redis.call('PTTL',j),ak))
end
end
local function ej(j,au)
local bk=fr(j)
if not bk then return end
local cq={}
for bf in string.gmatch(bk,'%S+')do
if bf~=au then cq[#cq+1]=bf end
end
if#cq==0 then redis.call('DEL',j)
else redis.call('SET',j,table.concat(cq,' '),'PX',math.max(redis.call('PTTL',j),1))end
end
local function ge(j,kk)
local bk=fr(j)
if not bk then return false end
local z=kk and string.match(bk,'%S+')or''
if z~=''then ej(j,z)end
redis.pcall('PUBLISH',j,z)
return z~=''
end`;

const PART_5 = `return ab
end`;

const PART_6 = `local function kt(fo,h,ed,ag,s,aj,al)
local a,d={unpack(KEYS,h,h+ed-1)},{unpack(ARGV,ag,ag+s-1)}
for c=1,al do d[s+c]=ARGV[aj+c-1]end
local bc,ai=pcall(fo,a,d)
if bc then return ai end
if type(ai)=='table'then ai=ai.err or ai[1]end
return{-1,tostring(ai)}
end
local cj,ab,h,ag={},nil,1,1
while ag<=#ARGV do
local dk,dc,ed=ARGV[ag],tonumber(ARGV[ag+1]),tonumber(ARGV[ag+2])
local s,al,aj=tonumber(ARGV[ag+3]),tonumber(ARGV[ag+4]),ag+5
ag=aj+al
local ib=ed<=fc
local hy=ib and fb[dk]
local hx=ib and dc>1 and gi[dk]
local de=0
while de<dc do
local ad=hx and hx(h,ag,dc-de,cj)or 0
if ad==0 then
local ai=hy and hy(h,ag,aj,ed)
if not ai then
ab=ab or general()
ai=kt(ab[dk],h,ed,ag,s,aj,al)
end
cj[#cj+1]=ai
ad=1
end
h,ag,de=h+ad*ed,ag+ad*s,de+ad
end
end
return#cj==1 and cj[1]or cj`;

const PART_7 = `local function ey(aa)return string.match(aa,'^%w+')or''end
local function df(f,c)
local ao=f[c]
if type(ao)~='string'then return ao end
local af,aa,cn,r,ay,ax=
string.match(ao,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local o
if cn and f.is_demand(cn)then
o={tonumber(af),aa,cn,tonumber(r),tonumber(ay),tonumber(ax),false,ao}
else
o={0,'','',0,0,0,true,ao}
end
f[c]=o
return o
end
local function ex(f,o)
f.check=math.min(f.check,o[4]+1)
if o[5]>0 then f.check=math.min(f.check,o[5]+50+1)end
end
local function jt(f,b)
local gd,dn=0,{}
local ad=#f
f.check=math.huge
for c=1,ad do
local o=df(f,c)
f[c]=nil
if o[4]>=b then
gd=gd+1
f[gd]=o
ex(f,o)
if o[5]>0 and b-o[5]>50 then
local au=ey(o[2])
dn[au]=math.max(dn[au]or 0,o[5])
o[7]=true
end
end
end
if not next(dn)then return end
for am,o in ipairs(f)do
local au=ey(o[2])
if dn[au]and o[4]-3000>dn[au]then dn[au]=nil end
end
for am,o in ipairs(f)do o[7]=o[7]or dn[ey(o[2])]~=nil end
end
local function ce(j,b,kf)
local ao=redis.pcall('GET',j)
local f={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=kf}
local as,i,ax
if type(ao)=='string'then as,i,ax=string.match(ao,'^(%d+) (%d+) (%d+);')end
if not as then return f end
f.check,f.last,f.ticket=tonumber(as),tonumber(i),tonumber(ax)
local ad=0
for co in string.gmatch(ao,';([^;]+)')do
ad=ad+1
f[ad]=co
end
if b>=f.check then jt(f,b)end
return f
end
local function ct(j,f,b)
if#f==0 then
redis.call('DEL',j)
return
end
local cf={string.format('%.0f %.0f %.0f',f.check,f.last,f.ticket)}
for c,o in ipairs(f)do
cf[c+1]=type(o)=='string'and o or o[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(o,1,6))
end
redis.call('SET',j,table.concat(cf,';'),'PX',math.max(1,f.last-b))
end
local function gk(o,af,aa)
return o[1]>af or(o[1]==af and o[2]>aa)
end
local function hp(f,aa,af,js)
local bn
for c=1,#f do
local o=df(f,c)
if o[2]==aa or(af and gk(o,af,aa))then break end
if not o[7]and js(o[3])then
if bn then return bn,true end
bn=o
end
end
return bn,false
end
local function gt(f,aa)
local ks=' '..aa..' '
for c,o in ipairs(f)do
if type(o)~='string'or string.find(o,ks,1,true)then
if df(f,c)[2]==aa then return c end
end
end
end
local function ft(f,aa,b)
local k=aa~=''and gt(f,aa)
if not k then return nil end
local o=df(f,k)
o[4],o[5],o[7],o[8]=b+3000,0,false,nil
f.last=math.max(f.last,o[4])
return k
end
local function jg(f,aa,b)
local k=ft(f,aa,b)
if not k then return false end
local o=f[k]
o[5],o[7]=math.max(1,b-50-1),true
ex(f,o)
return true
end
local function ji(f,aa,cn,ax,dj,b,v)
local k=ft(f,aa,b)
if k and f[k][6]>=ax then
f[k][3]=cn
return k
end
if k then table.remove(f,k)end
if ax==0 then ax=v+1 end
local af=ax-dj
k=#f+1
while k>1 and gk(df(f,k-1),af,aa)do k=k-1 end
local o={af,aa,cn,b+3000,0,ax,false}
table.insert(f,k,o)
ex(f,o)
f.last,f.ticket=math.max(f.last,o[4]),math.max(f.ticket,ax)
f[256+1]=nil
return k
end
local function ir(f,aa)
local k=gt(f,aa)
if k then table.remove(f,k)end
return k~=nil
end
local function ix(f,ch,b)
local ay,ez,gm={},{},false
for c=1,#f do
local o=df(f,c)
if not o[7]then
local au=ey(o[2])
gm=gm or not ch(o[3])
if gm then
if not next(ez)then break end
if not ez[au]then return ay,true,o[2]end
else
if o[5]<=0 then
o[5],o[8]=b,nil
ex(f,o)
ay[#ay+1]=o
end
ez[au]=true
end
end
end
return ay,next(ez)~=nil,nil
end
local function jj(cf,dy)
return table.concat(cf,' ')..(dy and' ~'..dy or'')
end`;

const PART_8 = `local fx={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function ec(ao)return fx[ao]end
local function ht(ko,bf)return string.find(fx[ko],' '..bf..' ',1,true)end
local function kj(kn)
local ff={}
return function(p)
if ff[p]==nil then ff[p]=not kn(p)end
if not ff[p]then return false end
for bf in string.gmatch(fx[p],'%u+')do ff[bf]=false end
return true
end
end`;

const PART_9 = `local cx,hj='~s','~p'
local du,fz=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local hm={'IS','IX','SIX','S'}
local ga={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=hm}
local function bj()
local ar=redis.call('TIME')
return tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local function gp(ao)
local an={}
for p in string.gmatch(ao,'%u+')do
if not ga[p]then error('unknown mode '..p,0)end
an[#an+1]=p
end
return an
end
local function eq(a,ad,dr)
local bl={['fences']={unpack(a,ad*dr+1)}}
for c=1,ad do
local h=(c-1)*dr
bl[c]={['lock']=a[h+1],['shared']=a[h+2],['line']=a[h+3],['wake']=dr>3 and a[h+4]}
end
return bl
end
local function dt(d,z)
local s={d[1],[d[1]]=true}
for c=z,#d do
s[#s+1]=d[c]
s[d[c]]=true
end
return s
end
local function et(m)
if not m or string.sub(m,1,3)~='~s 'then return nil end
local p,g=string.match(m,'^~s (%u+) (.*)$')
if ga[p]then return p,g end
end
local function ev(km)return string.format('%.0f',km)end
local function io(j,p,ad)
local ae=fz[p]*du
return redis.pcall('ZREVRANGEBYSCORE',j,'('..ev(ae+du),ev(ae),'WITHSCORES','LIMIT',0,ad),ae
end
local function fn(w,p,s,b)
local m=redis.call('GET',w.lock)
if m and(m==hj or string.sub(m,1,3)==hj..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local dp,bh=et(m)
if bh then
local y=not s[bh]and redis.call('PTTL',w.lock)
if y and(y==-1 or ht(p,dp))then return y,bh end
return nil
end
if s[m]then return nil end
if m and m~=cx then return redis.call('PTTL',w.lock),m end
local i,ah
if not m and redis.call('EXISTS',w.shared)==0 then return nil end
for am,ky in ipairs(ga[p])do
local ac,ae=io(w.shared,ky,#s+1)
if ac.err then error(ac.err,0)end
for c=1,#ac,2 do
local r=tonumber(ac[c+1])-ae
if not s[ac[c]]then
if r>=b and(not i or r>i)then i,ah=r,ac[c]end
break
end
end
end
if i then return i-b,ah end
end
local function ip(w,b)
local v
if redis.call('EXISTS',w.shared)==0 then return nil end
for am,p in ipairs(hm)do
local ac,ae=io(w.shared,p,1)
local af=tonumber(ac[2])
if af and af-ae>=b then v=math.max(v or 0,af-ae)end
end
return v
end
local function gl(w,p,s)
local m=redis.call('GET',w.lock)
if p=='X'then return s[m]end
local dp,bh=et(m)
if bh then return s[bh]and dp==p end
for am,g in ipairs(s)do
local af=redis.call('ZSCORE',w.shared,g)
if af and math.floor(tonumber(af)/du)==fz[p]then return true end
end
return false
end
local function kh(w,s)
local m=redis.call('GET',w.lock)
local am,bh=et(m)
if bh then return s[bh]end
if s[m]then return true end
for am,g in ipairs(s)do
if redis.call('ZSCORE',w.shared,g)then return true end
end
return false
end
local function ho(j,p,g,r,b)
local ae=fz[p]*du
redis.call('ZREMRANGEBYSCORE',j,ev(ae),'('..ev(ae+b))
redis.call('ZADD',j,ev(ae+r),g)
if redis.call('PTTL',j)<r-b then redis.call('PEXPIRE',j,r-b)end
end
local function ii(w,p,s,ak,b)
local q,al,g,ci=w.lock,w.shared,s[1],false
local m=redis.call('GET',q)
local r=b+ak
local dp,bh=et(m)
local ah,ke=bh or m,dp or'X'
if s[ah]then
local y=redis.call('PTTL',q)
if y==-1 and ah==g and p==ke then return false end
r=math.max(r,b+y)
if bh==g and p==dp then
redis.call('SET',q,m,'PX',r-b)
return false
end
ci=ah~=g
m=nil
elseif bh then
local y=math.max(1,redis.call('PTTL',q))
ho(al,dp,bh,b+y,b)
redis.call('SET',q,cx,'PX',y)
m=cx
end
if m~=cx and(p~='X'or bh)and redis.call('EXISTS',al)==0 then
redis.call('SET',q,p=='X'and g or'~s '..p..' '..g,'PX',r-b)
return ci
end
for c,co in ipairs(s)do
local af=(c>1 or p~='X')and redis.call('ZSCORE',al,co)
if af then
r=math.max(r,tonumber(af)%du)
if c>1 then
redis.call('ZREM',al,co)
ci=true
end
end
end
if p=='X'then
redis.call('SET',q,g,'PX',r-b)
return ci
end
ho(al,p,g,r,b)
if m~=cx then
redis.call('SET',q,cx,'PX',ip(w,b)-b)
else
local y=redis.call('PTTL',q)
if y>=0 and y<r-b then redis.call('PEXPIRE',q,r-b)end
end
return ci
end
local hh={}
local function cg(w,f,b)
if#f==0 then return{},false end
local ay,ch,dy=ix(
f,kj(function(p)return fn(w,p,hh,b)end),b)
for c,o in ipairs(ay)do ay[c]=o[2]end
if#ay>0 then
ct(w.line,f,b)
redis.pcall('PUBLISH',w.wake,jj(ay,dy))
end
return ay,ch
end
local function jr(w,p,s,aa,af,f,b)
local y,ah=fn(w,p,s,b)
if y or#f==0 or kh(w,s)then return y,ah end
local bn,kd=hp(f,aa,af,function(bf)return ht(bf,p)end)
if not bn then return nil end
if w.wake then cg(w,f,b)end
if kd then return-1,''end
if bn[5]>0 then return math.max(0,50-b+bn[5]),''end
y,ah=fn(w,bn[3],hh,b)
return y and-1 or 50,ah or''
end
local function jy(hz,an,bu)
local l,hv,be=0,false,{}
for am,p in ipairs(an)do
if(p=='X'or p=='SIX')and not bu then hv=true end
end
for c,j in ipairs(hz)do
local i=bm(j)
be[c]=i or 0
l=math.max(l,i and(hv and i+1 or i)or cw(j))
end
for c,j in ipairs(hz)do
if be[c]~=l then ew(j,l)end
end
return l
end
ab['modes.acquire']=function(a,d)
local ak,aa,ax,dj=tonumber(d[2]),'',0,0
if d[4]~=''then
aa,ax,dj=string.match(d[4],'^(%S*) (%S+) (%S+)$')
ax,dj=tonumber(ax),tonumber(dj)
end
local an,s,jp,b=gp(d[3]),dt(d,5),{d[1],[d[1]]=true},bj()
local bl=eq(a,#an,aa==''and 3 or 4)
local af=ax>0 and ax-dj or nil
local at,be,k,bv,ah={},b,nil,nil,nil
local bu,ci=true,false
for c,p in ipairs(an)do
local w=bl[c]
at[c]=ce(w.line,b,ec)
be=math.max(be,at[c].ticket)
local y,lc=jr(w,p,s,aa,af,at[c],b)
if y then
k=k or c
if not ah or(bv~=-1 and(y==-1 or y>bv))then
bv,ah=y,lc
end
elseif not gl(w,p,jp)then
bu=false
end
end
local cc,er=k or#an,nil
if aa~=''then
er=ji(at[cc],aa,an[cc],ax,dj,b,be)
if not k and at[cc][er]then at[cc][er][5]=-1 end
ct(bl[cc].line,at[cc],b)
end
if k then
if aa~=''then pcall(gh,bl[k].wake,aa,ak)end
return{0,bv,ah,string.format('%.0f',be),er and er-1 or#at[k]}
end
local l=jy(bl.fences,an,bu)
for c,p in ipairs(an)do
local w=bl[c]
if ii(w,p,s,ak,b)then ci=true end
if c~=cc and ft(at[c],aa,b)then ct(w.line,at[c],b)end
end
return ci and-l or l
end
ab['modes.convert']=ab['modes.acquire']
ab['modes.commit']=function(a,d)
local an,s=gp(d[3]),{d[1],[d[1]]=true}
local bl=eq(a,#an,4)
for c,p in ipairs(an)do
if not gl(bl[c],p,s)then return{0}end
end
for am,j in ipairs(bl.fences)do
if not bm(j)then cw(j)end
eg(j,tonumber(d[2]))
end
return 1
end
ab['modes.extend']=function(a,d)
local l,ak,an=tonumber(d[2]),tonumber(d[3]),gp(d[4])
local bl,s,b,bd=eq(a,#an,4),dt(d,5),bj(),true
for c,p in ipairs(an)do
local y,ah=fn(bl[c],p,s,b)
if y then return{0,y,ah}end
bd=bd and gl(bl[c],p,s)
end
for am,j in ipairs(bl.fences)do
local gj=not bd and(bm(j)or el(j))
if gj then eg(j,l)end
end
for c,p in ipairs(an)do
local w=bl[c]
if ii(w,p,s,ak,b)then cg(w,ce(w.line,b,ec),b)end
end
return 1
end
local function bs(w,s,b)
local q,bb=w.lock,false
local m=redis.pcall('GET',q)
if type(m)=='table'then
if string.find(m.err,'WRONGTYPE',1,true)then return false,false end
error(m.err,0)
end
local am,bh=et(m)
if s[bh or m]then
redis.call('DEL',q)
m,bb=false,true
end
if bh or(bb and#s==1)then return bb,bb end
local fi=false
for am,g in ipairs(s)do
local af=redis.pcall('ZSCORE',w.shared,g)
if type(af)=='string'then
redis.call('ZREM',w.shared,g)
fi=true
if tonumber(af)%du>=b then bb=true end
end
end
if m and m~=cx then return bb,false end
local v=fi and ip(w,b)
if v then
local y=redis.call('PTTL',q)
local fh=y>v-b+1
if y<0 or fh then redis.call('SET',q,cx,'PX',math.max(1,v-b))end
return bb,false,fh
end
if fi and m then redis.call('DEL',q)end
return bb,fi or bb
end
local function iq(w,f,aa,b)
local id=ir(f,aa)
if id then ct(w.line,f,b)end
pcall(ej,w.wake,aa)
return id
end
ab['modes.release']=function(a,d)
local aa,s,b=d[2],dt(d,3),bj()
local bb,ea,ig=false,false,string.find(aa,'.',1,true)
for am,w in ipairs(eq(a,#a/4,4))do
local bd,kg,fh=bs(w,s,b)
local at=(bd or ig)and redis.pcall('MGET',w.line,w.wake)
if bd then bb=true end
if at and(at[1]or at[2])then
local f=ce(w.line,b,ec)
if ig then iq(w,f,aa,b)end
local bc,ay,ch=pcall(cg,w,f,b)
if not bc then ay,ch={},false end
for am,bf in ipairs(ay)do
if bf~=aa then ea=true end
end
if kg and not ch and ge(w.wake,aa~='')then ea=true end
if fh and#ay==0 then redis.pcall('PUBLISH',w.wake,'')end
end
end
if not bb then return 0 end
return ea and-1 or 1
end
ab['modes.releaseAll']=ab['modes.release']
ab['modes.leave']=function(a,d)
local b=bj()
for am,w in ipairs(eq(a,#a/4,4))do
local f=ce(w.line,b,ec)
if iq(w,f,d[1],b)then pcall(cg,w,f,b)end
end
return 1
end`;

const PART_10 = `local cl,cy,fy,jl='0','1','2',48
local jn=64
local function cz(ao)
local kl=string.gmatch(ao,'(%d+)%-?(%d*)')
return function()
local z,i=kl()
if z then return tonumber(z),tonumber(i)or tonumber(z)end
end
end
local function jf(t,dx)
local gy,bt,i={},string.find(t,dx..'+')
while bt do
gy[#gy+1]=bt==i and tostring(bt-1)or string.format('%d-%d',bt-1,i-1)
bt,i=string.find(t,dx..'+',i+1)
end
return table.concat(gy,' ')
end
local function cr(t,u,dx)
local dl,k={},0
for z,i in cz(u)do
if z<k then t,dl,k=table.concat(dl)..string.sub(t,k+1),{},0 end
if z>#t then t=t..string.rep(cl,z-#t)end
dl[#dl+1]=string.sub(t,k+1,z)
dl[#dl+1]=string.rep(dx,i-z+1)
k=i+1
end
return table.concat(dl)..string.sub(t,k+1)
end
local function jq(t,u)
for z,i in cz(u)do
if string.find(string.sub(t,z+1,i+1),cy,1,true)then return false end
end
return true
end
local function em(t,x)
return#string.gsub(string.sub(t,1,x),cy..'+','')
end
local function jv(u)
local gq=0
for am,i in cz(u)do gq=math.max(gq,i+1)end
return gq
end
local function kp(g,x)
local ck,dd=string.match(g,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not ck then return 0,1 end
return tonumber(ck,16)%x,1+tonumber(dd,16)%x
end
local function hs(t,av,x,gu,s,g)
local cp=av
local function eu(z,i)
i=math.min(i,x-1)
if cp==0 or z>i then return end
local kz,ad=string.gsub(string.sub(t,z+1,i+1),cl,fy,cp)
if ad==0 then return end
t,cp=string.sub(t,1,z)..kz..string.sub(t,i+2),cp-ad
end
for z,i in cz(gu)do eu(z,i)end
if s then
for z,i in cz(s)do eu(z,i)end
else
local ck,dd=kp(g,x)
for c=0,jn-1 do
if cp==0 then break end
local bz=(ck+c*dd)%x
if string.byte(t,bz+1)==jl then eu(bz,bz)end
end
eu(ck,x-1)
eu(0,ck-1)
end
if cp>0 then return nil end
return jf(t,fy),(string.gsub(t,fy,cy))
end`;

const PART_11 = `local hg='~'
local function bj()
local ar=redis.call('TIME')
return tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local function gr(ao,b)
local bq,x,fw=string.match(ao,'^(%d+) (%d+) (%d+)$')
if bq and tonumber(fw)+604800000+86400000>=b then return tonumber(bq),tonumber(x),tonumber(fw)end
end
local function jc(j,q,b)
return gr(redis.call('HGET',j,q)or'',b)
end
local function hf(j,q,bq,x,b)
local hu=tonumber(redis.call('HGET',j,hg)or'')
if not hu or hu+86400000<b then
local cu=redis.call('HGETALL',j)
for c=1,#cu,2 do
if not gr(cu[c+1],b)then redis.call('HDEL',j,cu[c])end
end
redis.call('HSET',j,hg,string.format('%.0f',b))
end
redis.call('HSET',j,q,string.format('%.0f %.0f %.0f',bq,x,b))
redis.call('PEXPIRE',j,604800000+86400000)
end
local function kw(j,q,bq,x,b)
if bq>(jc(j,q,b)or 0)then hf(j,q,bq,x,b)end
end`;

const PART_12 = `local hk='~p'
local dv,dw=16,32
local function ki(aq)
return aq==hk or string.sub(aq,1,3)==hk..' '
end
local function dq(aq)
local as,v,bo,t,r,u,g=
string.match(aq or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(as)or 0,['latest']=tonumber(v)or 0,['kept']=tonumber(bo)or 0,['map']=t or'',
['deadline']=tonumber(r)or 0,['slots']=u or'',['token']=g or'',
['is_new']=not g,['is_other']=aq and not ki(aq)
}
end
local function es(a,e,b)
local i=math.max(e.latest,e.deadline)
if i==0 then
redis.call('DEL',a[1])
return 0
end
local im=e.latest>0 and i>e.kept
if im then
e.kept=i+math.max(1,i-b)
for k=3,4 do redis.call('PEXPIREAT',a[k],string.format('%.0f',e.kept))end
end
if im or e.is_new then redis.call('PEXPIRE',a[5],604800000)end
redis.call('SET',a[1],string.format('~p %.0f %.0f %.0f %s %.0f:%s:%s',e.check,e.latest,e.kept,e.map,
e.deadline,e.slots,e.token),'PXAT',string.format('%.0f',i))
return i
end
local function da(a,e,g)
if g==e.token then return e.slots,e.deadline end
local u=e.latest>0 and redis.call('HGET',a[3],g)
local r=u and redis.call('ZSCORE',a[4],g)
if r then return u,tonumber(r)end
end
local function hr(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function fd(a,e,g)
local u,r=da(a,e,g)
if not u then return nil end
e.map=cr(e.map,u,cl)
if g==e.token then
e.deadline,e.slots,e.token=0,'',''
return u,r
end
redis.call('ZREM',a[4],g)
redis.call('HDEL',a[3],g)
if r==e.latest then
e.latest=tonumber(redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2])or 0
if e.latest==0 then e.check,e.kept=0,0 end
end
return u,r
end
local function fe(a,e,b)
local di=false
if e.token~=''and e.deadline<b then
e.map=cr(e.map,e.slots,cl)
e.deadline,e.slots,e.token,di=0,'','',true
end
if e.latest>0 and b>e.check then
local ju=redis.call('ZRANGEBYSCORE',a[4],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for am,g in ipairs(ju)do
e.map=cr(e.map,redis.call('HGET',a[3],g)or'',cl)
redis.call('HDEL',a[3],g)
redis.call('ZREM',a[4],g)
end
local z=redis.call('ZRANGE',a[4],0,0,'WITHSCORES')[2]
local i=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,di=tonumber(z)or 0,tonumber(i)or 0,true
if not z then e.kept,e.map=0,cr('',e.slots,cy)end
end
if di then es(a,e,b)end
end
local function jd(a,e,g,r,b)
local di=false
if g==e.token then
if e.deadline<r then e.deadline,di=r,true end
elseif tonumber(redis.call('ZSCORE',a[4],g))<r then
redis.call('ZADD',a[4],string.format('%.0f',r),g)
if e.latest<r then e.latest,di=r,true end
end
if di then es(a,e,b)end
end
local function dg(a,e,g,u,r,b)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=r,u,g,cr(e.map,u,cy)
es(a,e,b)
end
local function iz(a)
local dh=''
if not IS_CLUSTER then
local by=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
dh=type(by)=='string'and string.match(by,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..dw..'.'..dw..'s',dh)
end
local function gf(a)
return redis.call('GETRANGE',a[5],0,dw-1)==iz(a)
end
local function fl(a,u,ae)
if not gf(a)then return ae end
local gn=ae-ae%16384
for z,i in cz(u)do
local ao=redis.call('GETRANGE',a[5],dw+dv*z,dw+dv*(i+1)-1)
for c=0,i-z do
local ad=tonumber(string.sub(ao,dv*c+1,dv*(c+1)))
gn=math.max(gn,ad or ae)
end
end
return gn
end
local function he(a,u,ad,ae)
if not gf(a)then redis.call('SET',a[5],iz(a),'PX',604800000)end
local ao=string.format('%0'..dv..'.0f',ad)
for z,i in cz(u)do
redis.call('SETRANGE',a[5],dw+dv*z,string.rep(ao,i-z+1))
end
if ae<ad then ew(a[2],ad)end
end`;

const PART_13 = `local hi='~s'
local function dt(d,z)
local s={d[1]}
for c=z,#d do s[#s+1]=d[c]end
return s
end
local function gv(a)
local aq=redis.call('GET',a[1])
if aq and(aq==hi or string.sub(aq,1,3)==hi..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
local e=dq(aq)
if e.is_other then return e,aq,redis.call('PTTL',a[1])end
return e,nil,nil
end
local function ee(a,x,bq,b)
local be,ad,fw=jc(a[6],a[1],b)
if bq>(be or 0)then
be,ad=bq,x
hf(a[6],a[1],be,ad,b)
elseif be and fw+86400000<b then
hf(a[6],a[1],be,ad,b)
end
if not be then return x,''end
return ad,string.format('%.0f %.0f',be,ad)
end
local function fp(t,dc)
return t..string.rep(cl,dc-#t)
end
local function ka(a,e,cp,b)
local cv=e.latest>0 and redis.call('ZRANGE',a[4],0,64-1,'WITHSCORES')or{}
if e.token~=''then
local k=1
while cv[k]and tonumber(cv[k+1])<=e.deadline do k=k+2 end
table.insert(cv,k,e.token)
table.insert(cv,k+1,e.deadline)
end
local i=-1
for c=1,#cv,2 do
i=tonumber(cv[c+1])
local u=cv[c]==e.token and e.slots or redis.call('HGET',a[3],cv[c])or''
for z,jw in cz(u)do cp=cp-(jw-z+1)end
if cp<=0 then break end
end
return i<0 and-1 or math.max(0,i-b),cv[1]or''
end
local function eb(x)
return function(ao)
local ad=tonumber(ao)
return ad and ad<=x
end
end
local function cg(a,e,f,bx,x,b)
if#f==0 then return 0,false end
local t=fp(e.map,x)
local bs=e.is_other and 0 or em(t,x)
local ay,ch,dy=ix(f,function(cn)
bs=bs-tonumber(cn)
return bs>=0
end,b)
local cf={}
for c,o in ipairs(ay)do
local u,kx=hs(t,tonumber(o[3]),x,bx,'0-'..x-1)
t=kx or t
cf[c]=o[2]..':'..string.gsub(u or'',' ',',')
end
if#cf>0 then
ct(a[7],f,b)
redis.pcall('PUBLISH',a[8],jj(cf,dy))
end
return#cf,ch
end
ab['slots.acquire']=function(a,d)
local g,ak,aa,ax,av=d[1],tonumber(d[2]),d[3],tonumber(d[4]),tonumber(d[5])
local gu,fj,s,b=d[8],#d>8,dt(d,9),bj()
local e,ah,bv=gv(a)
local x,ep=ee(a,tonumber(d[6]),tonumber(d[7]),b)
if av>x then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',x,av),0)end
fe(a,e,b)
local f=ce(a[7],b,eb(x))
local be=math.max(b,f.ticket)
local t=fp(e.map,x)
local u,br=da(a,e,g),nil
if ah then
if aa~=''then pcall(gh,a[8],aa,ak)end
elseif u then
local l=fl(a,u,bm(a[2])or cw(a[2]))
jd(a,e,g,b+ak,b)
if jg(f,aa,b)then ct(a[7],f,b)end
return{1,l,u,ep,fj and t or nil}
else
local cs,db=t,''
for c=2,#s do
local bi=da(a,e,s[c])or''
cs,db=cr(cs,bi,cl),db..' '..bi
end
local bn
if#f>0 and not fj then
local bs=em(cs,x)
bn=bs>=av and hp(f,aa,ax>0 and ax or nil,function(cn)
bs=bs-tonumber(cn)
return bs<av
end)
end
if not bn then br=hs(cs,av,x,gu,fj and db or nil,g)end
if br then
local ae=bm(a[2])
local z=not ae and cw(a[2])
local l,r=fl(a,br,ae or z)+1,b+ak
hr(a,e)
for c=2,#s do
local am,ap=fd(a,e,s[c])
r=math.max(r,ap or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
l=z or l
ew(a[2],l)
else
he(a,br,l,ae or z)
end
dg(a,e,g,br,r,b)
if jg(f,aa,b)then ct(a[7],f,b)end
return{1,l,br,ep,fj and cr(cs,br,cy)or nil}
end
local bs=em(t,x)
bv,ah=ka(a,e,av-bs,b)
if bn then
cg(a,e,f,'',x,b)
if bn[5]>0 then bv,ah=math.max(0,50-b+bn[5]),''
else bv=-1 end
end
end
if aa~=''then
ji(f,aa,string.format('%.0f',av),ax,0,b,be)
ct(a[7],f,b)
end
return{0,bv,ah,string.format('%.0f',be),ep}
end
ab['slots.commit']=function(a,d)
local l,u=tonumber(d[2]),d[3]
local e=dq(redis.call('GET',a[1]))
if da(a,e,d[1])~=u then return{0}end
local ae=bm(a[2])or cw(a[2])
local ad=fl(a,u,ae)
if ad<l or not gf(a)then he(a,u,math.max(ad,l),ae)end
return 1
end
ab['slots.extend']=function(a,d)
local g,l,ak,u=d[1],tonumber(d[2]),tonumber(d[3]),d[4]
local s,b=dt(d,7),bj()
local e,ah=gv(a)
if ah then return{0,-1,ah}end
local x=ee(a,tonumber(d[5]),tonumber(d[6]),b)
fe(a,e,b)
local bi=da(a,e,g)
if bi==u and#s==1 then
jd(a,e,g,b+ak,b)
return 1
end
local cs,ap=fp(e.map,math.max(x,jv(u))),''
for am,co in ipairs(s)do
local db=da(a,e,co)or''
cs,ap=cr(cs,db,cl),ap..' '..db
end
if not jq(cs,u)then
local jk={g,'',d[5],d[6]}
for c=2,#s do jk[c+3]=s[c]end
ab['slots.release'](a,jk)
return{0,-1,''}
end
hr(a,e)
local ae=bi~=u and(bm(a[2])or el(a[2]))
if ae then he(a,u,math.max(l,fl(a,u,ae)),ae)end
local r=b+ak
for am,co in ipairs(s)do
local am,i=fd(a,e,co)
r=math.max(r,i or 0)
end
dg(a,e,g,u,r,b)
local bx=jf(cr(cr(string.rep(cl,#cs),ap,cy),u,cl),cy)
if bx~=''then cg(a,e,ce(a[7],b,eb(x)),bx,x,b)end
return 1
end
ab['slots.release']=function(a,d)
local au,s,b=d[2],dt(d,5),bj()
local aq=redis.pcall('GET',a[1])
local e=dq(type(aq)=='string'and aq)
local bx,bb,hc,il='',false,0,false
for am,co in ipairs(s)do
local u,r=fd(a,e,co)
if u then
il,bb=true,bb or r>=b
bx,hc=bx..' '..u,math.max(hc,r)
end
end
if not il then return 0 end
local at=redis.pcall('MGET',a[7],a[8])
local ie=at[1]or at[2]
if ie then fe(a,e,b)end
local i=es(a,e,b)
if ie then
local x=ee(a,tonumber(d[3]),tonumber(d[4]),b)
local f=ce(a[7],b,eb(x))
local bc,ay,ch=pcall(cg,a,e,f,bx,x,b)
if not bc then ay,ch=0,false end
if i==0 and not ch then ge(a[8],au~='')
elseif i>0 and hc>i and ay==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bb and 1 or 0
end
ab['slots.leave']=function(a,d)
local b=bj()
local x=ee(a,tonumber(d[2]),tonumber(d[3]),b)
local f=ce(a[7],b,eb(x))
if ir(f,d[1])then
ct(a[7],f,b)
pcall(function()cg(a,dq(redis.call('GET',a[1])),f,'',x,b)end)
end
pcall(ej,a[8],d[1])
return 1
end
ab['slots.count']=function(a,d)
local b=bj()
local e,ah=gv(a)
local x,ep=ee(a,tonumber(d[1]),tonumber(d[2]),b)
fe(a,e,b)
local f=ce(a[7],b,eb(x))
cg(a,e,f,'',x,b)
local bs=ah and 0 or em(fp(e.map,x),x)
local bq=tonumber(string.match(ep,'^%d+')or 0)
return{1,bs,x,bq,#e.map-em(e.map,#e.map)}
end
ab['slots.resize']=function(a,d)
if not bm(a[2])then cw(a[2])end
return ab['slots.count'](a,d)
end`;

const PART_14 = `local fb,gi,fc={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fc=2
local fb={
['mutex.acquire']=function(h,ag,aj)
local bw=n('SET',KEYS[h],ARGV[ag],'NX','PX',ARGV[aj])
if not bw or bw.err then return nil end
local l=ad(KEYS[h+1])
if not l then n('DEL',KEYS[h])end
return l
end,
['mutex.takeOver']=function(h,ag,aj)
if n('GET',KEYS[h])~=ARGV[ag+1]then return nil end
local l=ad(KEYS[h+1])
if not l then return nil end
local bw=n('SET',KEYS[h],ARGV[ag],'PX',ARGV[aj])
return not bw.err and-l or nil
end,
['mutex.extend']=function(h,ag,aj)
if n('GET',KEYS[h])~=ARGV[ag]then return nil end
local y=n('PTTL',KEYS[h])
if type(y)~='number'or y<0 then return nil end
if y<tonumber(ARGV[aj])and n('PEXPIRE',KEYS[h],ARGV[aj])~=1 then return nil end
return 1
end,
['mutex.release']=function(h,ag)
local ac=n('MGET',KEYS[h],KEYS[h+1])
if ac.err or ac[2]then return nil end
if ac[1]~=ARGV[ag]then return 0 end
return n('DEL',KEYS[h])==1 and 1 or nil
end,
}`,
    PART_2,
    `local gi={
['mutex.release']=function(h,ag,dc,cj)
local ac=n('MGET',unpack(KEYS,h,h+2*dc-1))
if ac.err then return 0 end
local bi,ij,gx,de={},{},{},0
for c=1,dc do
if ac[2*c]then break end
local q=KEYS[h+2*c-2]
local bd=ac[2*c-1]==ARGV[ag+c-1]and not ij[q]
cj[#cj+1]=bd and 1 or 0
if bd then
ij[q]=true
bi[#bi+1]=q
gx[#bi]=#cj
end
de=c
end
local hw=#bi>0 and n('DEL',unpack(bi))
if type(hw)=='table'then
for c=1,#gx do cj[gx[c]]={-1,hw.err}end
end
return de
end
}`,
    PART_3,
    PART_4,
    `local function dg(j,g,ak,bd)
if not bd then redis.call('SET',j,g,'PX',ak)
else
local y=redis.call('PTTL',j)
if y>=0 and y<tonumber(ak)then redis.call('PEXPIRE',j,ak)end
end
end
local function hn(a,g,kv,ak,aa)
local dr=aa==''and 2 or 3
local bd,bu,ci={},true,false
local bv,ah
for c=1,#a,dr do
local m=redis.call('GET',a[c])
bd[c]=m==g
if m~=g then bu=false end
if m and m==kv then
ci=true
elseif m and m~=g then
local y=redis.call('PTTL',a[c])
if not ah or(bv~=-1 and(y==-1 or y>bv))then
bv,ah=y,m
end
end
end
if aa~=''then
for c=3,#a,3 do pcall(gh,a[c],aa,tonumber(ak))end
end
if ah then return{0,bv,ah}end
local l=0
for c=2,#a,dr do
local i=bm(a[c])
l=math.max(l,i and(bu and i or i+1)or cw(a[c]))
end
for c=1,#a,dr do
dg(a[c],g,ak,bd[c])
ew(a[c+1],l)
end
return ci and-l or l
end
ab['mutex.acquire']=function(a,d)
return hn(a,d[1],nil,d[2],d[3])
end
ab['mutex.takeOver']=function(a,d)
return hn(a,d[1],d[2],d[3],d[4])
end
ab['mutex.commit']=function(a,d)
for c=1,#a,2 do
if redis.call('GET',a[c])~=d[1]then return{0}end
end
for c=2,#a,2 do
if not bm(a[c])then cw(a[c])end
eg(a[c],tonumber(d[2]))
end
return 1
end
ab['mutex.extend']=function(a,d)
local g,l,ak=d[1],tonumber(d[2]),d[3]
local bd={}
for c=1,#a,2 do
local m=redis.call('GET',a[c])
if m and m~=g then return{0,redis.call('PTTL',a[c]),m}end
bd[c]=m==g
end
for c=1,#a,2 do
local gj=not bd[c]and(bm(a[c+1])or el(a[c+1]))
if gj then eg(a[c+1],l)end
end
for c=1,#a,2 do dg(a[c],g,ak,bd[c])end
return 1
end
ab['mutex.release']=function(a,d)
local g,au=d[1],d[2]
local bb,ea=false,false
for c=1,#a,2 do
local m=redis.pcall('GET',a[c])
if au~=''then pcall(ej,a[c+1],au)end
if m==g then
redis.call('DEL',a[c])
bb=true
if ge(a[c+1],au~='')then ea=true end
elseif type(m)=='table'and m.err and not string.find(m.err,'WRONGTYPE',1,true)then
error(m.err)
end
end
if not bb then return 0 end
return ea and-1 or 1
end
ab['mutex.leave']=function(a,d)
pcall(ej,a[1],d[1])
return 1
end
ab['mutex.renew']=function(a,d)
local l=1
for c=1,#a,2 do
local m=redis.call('GET',a[c])
if m~=d[1]then return{0,redis.call('PTTL',a[c]),m or''}end
l=math.max(l,bm(a[c+1])or 1)
end
for c=1,#a,2 do dg(a[c],d[1],d[2],true)end
return l
end
ab['mutex.query']=function(a)
local ai={1}
for c=1,#a,2 do
ai[#ai+1]=redis.call('GET',a[c])or''
ai[#ai+1]=redis.call('PTTL',a[c])
ai[#ai+1]=fr(a[c+1])or''
end
return ai
end`,
    PART_5,
    PART_6,
  ],
  "211f9288742cd4b9ee75cf5e4797043854b876c2",
  "de0e5081b2c94cad8465f703da380ec4764035f9",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fc=81
local fb={
['modes.acquire']=function(h,ag,aj,av)
local g,ak,an,cm=ARGV[ag],ARGV[aj],ARGV[aj+1],KEYS[h+av-1]
if ARGV[aj+2]~=''then return nil end
if av~=4 then
local am,kb=string.gsub(an,' ','')
if av~=3*kb+4 then return nil end
end
local eo,eh
if n('EXISTS',unpack(KEYS,h,h+av-2))~=0 then
local ac,k=n('MGET',unpack(KEYS,h,h+av-2)),1
if ac.err then return nil end
eo={}
eh={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for p in string.gmatch(an,'%u+')do
local m,q,al=ac[k],KEYS[h+k-1],KEYS[h+k]
if ac[k+2]then return nil end
if not m then
if n('EXISTS',q,al)~=0 then return nil end
else
if p=='X'or p=='SIX'then return nil end
local y,bi,ah=n('PTTL',q),nil,nil
if type(y)~='number'or y<=0 then return nil end
if m=='~s'then
if n('ZSCORE',al,g)then return nil end
local z=(p=='IX'and 3)or(p=='S'and 2)
if z and n('ZCOUNT',al,z..'00000000000000','('..z+2 ..'00000000000000')~=0 then
return nil
end
else
bi,ah=string.match(m,'^~s ([ISX]+) (.*)$')
if not eh[bi]or ah==g or(p~=bi and p~='IS'and bi~='IS')then return nil end
if n('EXISTS',al)~=0 then return nil end
end
eo[k]={y,bi,ah}
end
k=k+3
end
end
local l
if an=='X'or string.find(' '..an,' X',1,true)or string.find(an,'SIX',1,true)then
l=ad(cm)
if not l then return nil end
else
local m=n('GET',cm)
l=not m and ad(cm)or(type(m)=='string'and string.match(m,'^%d+$')and tonumber(m))
if not l or l<1 or l>=9000000000000000 then return nil end
end
if av==4 and not eo then
local bw=n('SET',KEYS[h],an=='X'and g or'~s '..an..' '..g,'PX',ak)
return not bw.err and l or nil
end
local k,b=1,nil
for p in string.gmatch(an,'%u+')do
local q,fk=KEYS[h+k-1],eo and eo[k]
if fk then
local al,ef,y,ah=KEYS[h+k],tonumber(ak),fk[1],fk[3]
if not b then
local ar=n('TIME')
if ar.err then return nil end
b=tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local af,bc=string.format('%.0f',eh[p]+b+ef),nil
if ah then
local iu=math.max(y,ef)
bc=n('ZADD',al,string.format('%.0f',eh[fk[2]]+b+y),ah,af,g)==2
and n('PEXPIRE',al,iu)==1 and not n('SET',q,'~s','PX',iu).err
else
n('ZREMRANGEBYSCORE',al,string.format('%.0f',eh[p]),string.format('(%.0f',eh[p]+b))
bc=n('ZADD',al,af,g)==1
local jh=n('PTTL',al)
if type(jh)~='number'or jh<ef then
bc=n('PEXPIRE',al,ef)==1 and bc
end
if y<ef then bc=n('PEXPIRE',q,ef)==1 and bc end
end
if not bc then return nil end
else
local bw=n('SET',q,p=='X'and g or'~s '..p..' '..g,'PX',ak)
if bw.err then return nil end
end
k=k+3
end
return l
end,
['modes.extend']=function(h,ag,aj,av)
local g,ak,k=ARGV[ag],ARGV[aj],1
local ac=ARGV[aj-1]=='2'and n('MGET',unpack(KEYS,h,h+av-1))
if not ac or ac.err then return nil end
for p in string.gmatch(ARGV[aj+1],'%u+')do
if ac[k]~=(p=='X'and g or'~s '..p..' '..g)then return nil end
k=k+4
end
for q=h,h+k-2,4 do
local y=n('PTTL',KEYS[q])
if type(y)~='number'or y<0 then return nil end
if y<tonumber(ak)and n('PEXPIRE',KEYS[q],ak)~=1 then return nil end
end
return 1
end,
['modes.release']=function(h,ag,am,av)
local g,ac=ARGV[ag],nil
if av==4 then
local m,cc,lb=unpack(n('MGET',KEYS[h],KEYS[h+2],KEYS[h+3]))
if not m or cc or lb then return nil end
if m==g or string.match(m,'^~s [ISX]+ (.*)$')==g then
return n('DEL',KEYS[h])==1 and 1 or nil
end
ac={m}
else
ac=n('MGET',unpack(KEYS,h,h+av-1))
if ac.err then return nil end
end
local cd,gz,ha,b={},{},{},nil
for k=1,av,4 do
local m,q,al=ac[k],KEYS[h+k-1],KEYS[h+k]
if not m or ac[k+2]or ac[k+3]then return nil end
if m=='~s'then
local af=n('ZSCORE',al,g)
local y=n('PTTL',q)
if type(af)~='string'or type(y)~='number'or y<0 then return nil end
if not b then
local ar=n('TIME')
b=tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local r=tonumber(af)%100000000000000
local ae=tonumber(af)-r
if r<b then return nil end
local iv,ih=string.format('%.0f',ae),string.format('(%.0f',ae+100000000000000)
local i=n('ZREVRANGEBYSCORE',al,ih,iv,'WITHSCORES','LIMIT',0,2)
if i.err then return nil end
local v,go=tonumber(i[2])-ae,nil
if i[1]==g then
go=n('ZCARD',al)
v=i[4]and tonumber(i[4])-ae
if v and(v<b or n('ZCOUNT',al,iv,ih)~=go)then return nil end
if not v and go~=1 then return nil end
elseif y>v-b+1 then
return nil
end
if not v then
cd[#cd+1]=q
elseif y>v-b+1 then
ha[#ha+1]={q,math.max(1,v-b)}
end
gz[#gz+1]=al
elseif m==g or string.match(m,'^~s [ISX]+ (.*)$')==g then
cd[#cd+1]=q
else
return nil
end
end
for am,aq in ipairs(ha)do n('PEXPIRE',aq[1],aq[2])end
for am,al in ipairs(gz)do
if n('ZREM',al,g)~=1 then return nil end
end
if#cd>0 and n('DEL',unpack(cd))~=#cd then return nil end
return 1
end
}
local gi={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    `ab['modes.position']=function(a,d)
local b=bj()
local f=ce(a[3],b,ec)
local k,gc,bk=gt(f,d[1]),0,0
local af=k and f[k][1]or math.max(b,f.ticket)+1-tonumber(d[2])
for c=1,#f do
local o=df(f,c)
if not o[7]and o[5]>=0 then
bk=bk+1
if o[2]~=d[1]and not gk(o,af,d[1])then gc=gc+1 end
end
end
return{1,gc,bk,redis.call('EXISTS',a[1])}
end
ab['modes.stay']=function(a,d)
local b=bj()
local f=ce(a[3],b,ec)
if ft(f,d[1],b)then ct(a[3],f,b)end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "770d67b1d2f75fbc5a742f09a5c9651871bf47e6",
  "55199a5d2a4fd381aa2766ab995c25fc8de0aa99",
);

export const SLOTS_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fc=8
local gb='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local jm=8
local function fa()
local ar=n('TIME')
return ar[1]*1000+math.floor(ar[2]/1000)
end
local function hd(h,as,v,bo,t,ba,i,b)
if b and v~='0'and i+0>bo+0 then
bo=string.format('%.0f',i+math.max(1,i-b))
n('PEXPIREAT',KEYS[h+2],bo)
n('PEXPIREAT',KEYS[h+3],bo)
n('PEXPIRE',KEYS[h+4],604800000)
end
n('SET',KEYS[h],'~p '..as..' '..v..' '..bo..' '..t..' '..ba,'PXAT',i)
end
local fb={
['slots.acquire']=function(h,ag,aj)
if ARGV[aj+1]~=''or ARGV[aj+5]~='0'or ARGV[aj+6]~=''or ARGV[aj-1]~='7'then return nil end
local g,az,x,cm=ARGV[ag],ARGV[aj+3]+0,ARGV[aj+4]+0,KEYS[h+1]
if az>jm or az>x then return nil end
local aq,b=n('GET',KEYS[h]),fa()
local as,v,bo,t,ap,u,ba='0','0','0','','0','',''
local ia=true
if aq then
if aq.err then return nil end
as,v,bo,t,ap,u,ba=string.match(aq,gb)
if not as or ba==g then return nil end
if(v~='0'and b>as+0)or(ba~=''and ap+0<b)then return nil end
if v~='0'and n('HGET',KEYS[h+2],g)then return nil end
elseif n('EXISTS',KEYS[h+4],KEYS[h+5],KEYS[h+6])==0 then
ia=false
end
local ck,dd=string.match(g,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
ck,dd=ck and tonumber(ck,16)%x or 0,dd and 1+tonumber(dd,16)%x or 1
local ds,dx={},az==1 and'1'or'2'
for c=0,63 do
local bz=(ck+c*dd)%x
local gg=string.byte(t,bz+1)
if gg~=49 and gg~=50 then
if not gg then t=t..string.rep('0',bz-#t)end
t=string.sub(t,1,bz)..dx..string.sub(t,bz+2)
ds[#ds+1]=bz
if#ds==az then break end
end
end
if#ds<az then return nil end
local br=ds[1]..''
if az>1 then
br=''
local bt,i=string.find(t,'2+')
while bt do
br=br..(br==''and''or' ')..bt-1 ..(bt==i and''or'-'..i-1)
bt,i=string.find(t,'2+',i+1)
end
t=string.gsub(t,'2','1')
end
local r,l=b+ARGV[aj],nil
local i=string.format('%.0f',r)
if not ia then
l=ad(cm)
if not l then return nil end
else
local ac
if IS_CLUSTER then
ac=n('MGET',cm,KEYS[h+6])
else
local ku=string.sub(cm,1,string.find(cm,'~fence:',1,true)-1)
ac=n('MGET',cm,KEYS[h+6],ku..'~server')
end
if ac.err or ac[2]or n('HGET',KEYS[h+5],KEYS[h])then return nil end
local ae=ac[1]and string.find(ac[1],'^%d+$')and ac[1]+0
if not ae or ae<1 or ae>=9000000000000000 then return nil end
local dh=ac[3]and string.match(ac[3],'^complete %S+ %S+ (%S+) ')or''
if#dh~=32 then dh=string.format('%-32.32s',dh)end
if n('GETRANGE',KEYS[h+4],0,31)~=dh then return nil end
l=ae-ae%16384
for c=1,az do
local k=32+16*ds[c]
l=math.max(l,tonumber(n('GETRANGE',KEYS[h+4],k,k+15))or ae)
end
l=l+1
if ba~=''then
if v=='0'then n('DEL',KEYS[h+2],KEYS[h+3])end
local jo=n('ZADD',KEYS[h+3],ap,ba)
if type(jo)~='number'then return nil end
n('HSET',KEYS[h+2],ba,u)
if v=='0'or ap+0<as+0 then as=ap end
if ap+0>v+0 then v=ap end
end
local ao=string.format('%016.0f',l)
for c=1,az do n('SETRANGE',KEYS[h+4],32+16*ds[c],ao)end
if ae<l then n('SET',cm,string.format('%.0f',l))end
if not aq then n('PEXPIRE',KEYS[h+4],604800000)end
end
ba=i..':'..br..':'..g
hd(h,as,v,bo,t,ba,v+0>r and v or i,b)
return{1,l,br,''}
end,
['slots.extend']=function(h,ag,aj)
local g=ARGV[ag]
if ARGV[aj+4]~='0'or ARGV[aj-1]~='5'then return nil end
local aq=n('GET',KEYS[h])
if not aq or aq.err then return nil end
local as,v,bo,t,ap,u,ba=string.match(aq,gb)
if not as or n('HGET',KEYS[h+5],KEYS[h])then return nil end
local b=fa()
if(v~='0'and b>as+0)or(ba~=''and ap+0<b)then return nil end
local r=b+ARGV[aj+1]
local i=string.format('%.0f',r)
if ba==g then
if u~=ARGV[aj+2]then return nil end
if ap+0>=r then return 1 end
ap=i
if v+0>r then i=v end
else
if v=='0'or n('HGET',KEYS[h+2],g)~=ARGV[aj+2]then return nil end
local af=n('ZSCORE',KEYS[h+3],g)
if type(af)~='string'then return nil end
if af+0>=r then return 1 end
n('ZADD',KEYS[h+3],i,g)
if v+0>=r then return 1 end
v=i
if ap+0>r then i=ap end
end
hd(h,as,v,bo,t,ap..':'..u..':'..ba,i,b)
return 1
end,
['slots.release']=function(h,ag,aj)
local g=ARGV[ag]
if ARGV[aj-1]~='3'then return nil end
local ac=n('MGET',KEYS[h],KEYS[h+6],KEYS[h+7])
if ac.err or ac[2]or ac[3]then return nil end
if not ac[1]then return 0 end
local as,v,bo,t,ap,u,ba=string.match(ac[1],gb)
if not as then return nil end
if ba==g and v=='0'then
return n('DEL',KEYS[h])==1 and 1 or nil
end
if v=='0'then return nil end
local i,bx=v,u
if ba==g then
if ap+0<v+0 and ap+0<fa()then return nil end
ap,u,ba='0','',''
else
local af=n('ZSCORE',KEYS[h+3],g)
bx=n('HGET',KEYS[h+2],g)
if type(bx)~='string'or type(af)~='string'or af+0<fa()then return nil end
n('ZREM',KEYS[h+3],g)
n('HDEL',KEYS[h+2],g)
if af==v then
v=n('ZREVRANGE',KEYS[h+3],0,0,'WITHSCORES')[2]or'0'
if v=='0'then
as,bo='0','0'
if ba==''then return n('DEL',KEYS[h])and 1 end
end
end
i=ap+0>v+0 and ap or v
end
local bz=tonumber(bx)
if bz then
t=string.sub(t,1,bz)..'0'..string.sub(t,bz+2)
else
for bt,fv in string.gmatch(bx,'(%d+)%-?(%d*)')do
if fv==''then fv=bt end
t=string.sub(t,1,bt)..string.rep('0',fv-bt+1)..string.sub(t,fv+2)
end
end
hd(h,as,v,bo,t,ap..':'..u..':'..ba,i)
return 1
end
}
local gi={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_10,
    PART_11,
    PART_12,
    PART_13,
    PART_5,
    PART_6,
  ],
  "7f7b0b45212dde77216ec1097f8b734fb1e3155e",
  "4abc3a0a497ed023011bb46ebd19d6f90df36116",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_14,
    PART_3,
    `local function jb(j)
local by=redis.pcall('GET',j)
return type(by)=='string'and by or''
end
local function je(j,jx,m)
local dm=jb(j)
local ar=redis.call('TIME')
local b=string.format('%.0f',tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000))
if dm==jx then
dm=m(tonumber(b))
redis.call('SET',j,dm)
end
return{1,dm,b}
end
ab['marker.replace']=function(a,d)
return je(a[1],d[1],function()return d[2]end)
end
ab['marker.lose']=function(a,d)
return je(a[1],d[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(d[2]))
end)
end`,
    `ab['identify']=function(a)
local ei=''
local function fs(la)
local fg=redis.pcall('INFO',la)
if type(fg)=='table'then fg,ei='',fg.err end
return function(jz)return string.match(fg,'%f[%w_]'..jz..':([^\\r\\n]*)')or''end
end
local fu,iw,gw=fs('server'),fs('memory'),fs('replication')
local ar=redis.call('TIME')
local p=fu('redis_mode')
if p==''then p=fu('server_mode')end
return{
1,fu('run_id'),tonumber(fu('uptime_in_seconds'))or-1,
tonumber(ar[1])*1000000+tonumber(ar[2]),
tonumber(fs('persistence')('aof_enabled'))or-1,
iw('maxmemory_policy'),tonumber(iw('maxmemory'))or-1,
gw('role'),p,gw('master_replid'),gw('master_replid2'),
a[1]and jb(a[1])or'',ei
}
end`,
    PART_11,
    `ab['counters.read']=function(a)
local ai,b={1},bj()
for c=1,#a,2 do
local en,l=pcall(bm,a[c])
ai[#ai+1]=en and l and string.format('%.0f',l)or''
end
for c=2,#a,2 do
local cu,cd,cf=redis.pcall('HGETALL',a[c]),{},{}
for k=1,cu.err and 0 or#cu,2 do
cd[#cd+1],cf[cu[k]]=cu[k],cu[k+1]
end
table.sort(cd)
for am,q in ipairs(cd)do
local bq,x=gr(cf[q],b)
if bq then
for am,m in ipairs({c/2,q,string.format('%.0f',bq),x})do ai[#ai+1]=m end
end
end
end
return ai
end
local function ja(a,d,as)
local u,b=#a/2,bj()
for c=1,u do
local j=a[2*c-1]
local en,l=pcall(bm,j)
if en and d[c]~=''then
if not l then as(j)end
eg(j,tonumber(d[c]))
end
end
for k=u+1,#d,4 do
pcall(kw,a[2*tonumber(d[k])],d[k+1],tonumber(d[k+2]),tonumber(d[k+3]),b)
end
return 1
end
ab['counters.raise']=function(a,d)
return ja(a,d,cw)
end
ab['counters.restore']=function(a,d)
return ja(a,d,function()end)
end
ab['counters.lift']=function(a,d)
for c=1,#a do
local en,l=pcall(bm,a[c])
if en and l then eg(a[c],tonumber(d[1]))end
end
return 1
end`,
    `ab['set.note']=function(a,d)
local bw,db,is=d[1],d[2],tonumber(d[3])
local ar=redis.call('TIME')
local b=tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
local hb,ik,ic=b,false,false
local cq,ao={},redis.pcall('GET',a[1])
for cc in string.gmatch(type(ao)=='string'and ao or'','[^\\n]+')do
local fm,z,v,ek,kr=string.match(cc,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
z,v,ek=tonumber(z),tonumber(v),tonumber(ek)
if fm and z<=v and v<=b and b<ek and ek<=b+3600000 then
if fm==bw then
hb,ik=z,b-v<tonumber(d[4])
elseif fm==db then
ic=true
else
cq[#cq+1]={cc,fm,v,z,ek,kr}
end
end
end
local ai,at,i={1},{},b+is
for c=math.max(1,#cq-16+2),#cq do
local bf=cq[c]
at[#at+1]=bf[1]
i=math.max(i,bf[5])
ai[#ai+1]=bf[2]
ai[#ai+1]=bf[3]-math.max(bf[4],hb)
ai[#ai+1]=bf[5]-b
ai[#ai+1]=bf[6]
end
if not ik or ic then
at[#at+1]=string.format('%s %.0f %.0f %.0f %s',bw,hb,b,b+is,d[5])
redis.call('SET',a[1],table.concat(at,'\\n'),'PX',string.format('%.0f',i-b))
end
return ai
end`,
    PART_5,
    PART_6,
  ],
  "4807d28eb8285313d5671bfa694517dd6afa8fb3",
  "f347684c1ed5eae2e61076dc5466179bb43e65d2",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_14,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    PART_10,
    PART_11,
    PART_12,
    PART_13,
    `local hl=8
local function fq(a,d)
local bg,cb,bp,ca={},{},{d[1]},{d[1]}
local ad=tonumber(d[3])
for c,j in ipairs(a)do
if c<=hl then bg[c]=j
else cb[c-hl]=j end
end
for c=4,#d do
if c<4+ad then bp[c-2]=d[c]
else ca[c-2-ad]=d[c]end
end
return bg,bp,cb,ca
end
local function iy(a,d,z)
local e,az,b=dq(redis.call('GET',a[1])),{},bj()
local am,kq=da(a,e,d[1])
for c=z,#d do
local u,r=da(a,e,d[c])
if u and r>b then az[#az+1]={d[c],u,r}end
end
return(kq or 0)>=b,az
end
local function kc(a,g,az,b)
local e=dq(redis.call('GET',a[1]))
fd(a,e,g)
for am,gs in ipairs(az)do dg(a,e,gs[1],gs[2],gs[3],b)end
es(a,e,b)
end
local function it(a,g,az,bu,dk,cb,ca)
local bc,q=pcall(ab[dk],cb,ca)
if bc and(type(q)=='number'or q[1]==1)then return q end
if not bu then kc(a,g,az,bj())end
if not bc then error(q,0)end
return nil,{0,q[2],q[3],q[4],q[5],2}
end
ab['quota.acquire']=function(a,d)
local bg,bp,cb,ca=fq(a,d)
local bu,az=iy(bg,bp,9)
local aw=ab['slots.acquire'](bg,bp)
if aw[1]==0 then return{0,aw[2],aw[3],aw[4],aw[5],1}end
local q,ei=it(bg,d[1],az,bu,d[2],cb,ca)
if not q then
if#az==0 and not bu then
local b=bj()
local x=ee(bg,tonumber(bp[6]),tonumber(bp[7]),b)
local e,f=dq(redis.call('GET',bg[1])),ce(bg[7],b,eb(x))
cg(bg,e,f,aw[3],x,b)
end
return ei
end
if type(q)=='number'then return{1,math.abs(q),aw[3],aw[4],aw[5]or''}end
return{1,q[2],aw[3],aw[4],aw[5]or'',q[3],q[4],q[5]or''}
end
ab['quota.convert']=function(a,d)
local bg,bp,cb,ca=fq(a,d)
local bu,az=iy(bg,bp,7)
local aw=ab['slots.extend'](bg,bp)
if aw~=1 then return{0,aw[2],aw[3],'0','',1}end
local q,ei=it(bg,d[1],az,bu,d[2],cb,ca)
return q and{1,math.abs(q),bp[4],'',''}or ei
end
local function hq(a,d,dk)
local bg,bp,cb,ca=fq(a,d)
local aw=ab[dk](bg,bp)
if aw~=1 then return aw end
return ab[d[2]](cb,ca)
end
ab['quota.commit']=function(a,d)return hq(a,d,'slots.commit')end
ab['quota.extend']=function(a,d)return hq(a,d,'slots.extend')end
ab['quota.release']=function(a,d)
local bg,bp,cb,ca=fq(a,d)
local bc,aw=pcall(ab['slots.release'],bg,bp)
local q=ab[d[2]](cb,ca)
if not bc then error(aw,0)end
return q~=0 and q or aw
end`,
    PART_5,
    PART_6,
  ],
  "5a55a9f43e3a0035f8b4f5277e004ea65323be0f",
  "4c49ec7335e8ca205b4e70a365557e5d00d65933",
);
