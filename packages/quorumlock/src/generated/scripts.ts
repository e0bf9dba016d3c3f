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
local ee=type(cc)=='string'and string.match(cc,'^complete .* (%d+)$')
local ca=ee and p('SET',m,ee)
if ca and not ca.err then return tonumber(ee)end
end
p(k>1 and'DECR'or'DEL',m)
return nil
end`;

const PART_2 = `if#KEYS<=fj and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local fv=fi[ARGV[1]]
local z=fv and fv(1,6+ARGV[5],6,#KEYS)
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
local function fb(m,k)
redis.call('SET',m,string.format('%.0f',k))
end
local function eq(m)
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
local function da(m)
local ee=eq(m)
if ee then return ee end
redis.call('DEL',m)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function ek(m,k)
local dt=bl(m)
if not dt then k=math.max(k,eq(m)or 0)end
if(dt or 0)<k then fb(m,k)end
end`;

const PART_4 = `local function em(m)
local bo=redis.pcall('GET',m)
return type(bo)=='string'and bo or nil
end
local function gn(m,av,ak)
ak=math.max(ak,20000)
local bo=em(m)
if not bo then
redis.call('SET',m,av,'PX',ak)
elseif string.find(' '..bo..' ',' '..av..' ',1,true)then
redis.call('PEXPIRE',m,math.max(redis.call('PTTL',m),ak))
elseif#bo+1<256*(#av+1)then
redis.call('SET',m,bo..' '..av,'PX',math.max(redis.call('PTTL',m),ak))
end
end
local function eo(m,av)
local bo=em(m)
if not bo then return end
local cs={}
for bf in string.gmatch(bo,'%S+')do
if bf~=av then cs[#cs+1]=bf end
end
if#cs==0 then redis.call('DEL',m)
else redis.call('SET',m,table.concat(cs,' '),'PX',math.max(redis.call('PTTL',m),1))end
end
local function gk(m,kr)
local bo=em(m)
if not bo then return false end
local ab=kr and string.match(bo,'%S+')or''
if ab~=''then eo(m,ab)end
redis.pcall('PUBLISH',m,ab)
return ab~=''
end`;

const PART_5 = `return aa
end`;

const PART_6 = `local function la(fv,h,eg,ai,u,aj,ao)
local a,d={unpack(KEYS,h,h+eg-1)},{unpack(ARGV,ai,ai+u-1)}
for c=1,ao do d[u+c]=ARGV[aj+c-1]end
local bi,z=pcall(fv,a,d)
if bi then return z end
if type(z)=='table'then z=z.err or z[1]end
return{-1,tostring(z)}
end
local ck,aa,h,ai={},nil,1,1
while ai<=#ARGV do
local dq,df,eg=ARGV[ai],tonumber(ARGV[ai+1]),tonumber(ARGV[ai+2])
local u,ao,aj=tonumber(ARGV[ai+3]),tonumber(ARGV[ai+4]),ai+5
ai=aj+ao
local ij=eg<=fj
local ig=ij and fi[dq]
local ie=ij and df>1 and go[dq]
local di=0
while di<df do
local af=ie and ie(h,ai,df-di,ck)or 0
if af==0 then
local z=ig and ig(h,ai,aj,eg)
if not z then
aa=aa or general()
z=la(aa[dq],h,eg,ai,u,aj,ao)
end
ck[#ck+1]=z
af=1
end
h,ai,di=h+af*eg,ai+af*u,di+af
end
end
return#ck==1 and ck[1]or ck`;

const PART_7 = `local function ff(ac)return string.match(ac,'^%w+')or''end
local function cy(f,c)
local ap=f[c]
if type(ap)~='string'then return ap end
local ae,ac,cp,r,bb,az=
string.match(ap,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local n
if cp and f.is_demand(cp)then
n={tonumber(ae),ac,cp,tonumber(r),tonumber(bb),tonumber(az),false,ap}
else
n={0,'','',0,0,0,true,ap}
end
f[c]=n
return n
end
local function fe(f,n)
f.check=math.min(f.check,n[4]+1)
if n[5]>0 then f.check=math.min(f.check,n[5]+50+1)end
end
local function jy(f,b)
local gj,du=0,{}
local af=#f
f.check=math.huge
for c=1,af do
local n=cy(f,c)
f[c]=nil
if n[4]>=b then
gj=gj+1
f[gj]=n
fe(f,n)
if n[5]>0 and b-n[5]>50 then
local av=ff(n[2])
du[av]=math.max(du[av]or 0,n[5])
n[7]=true
end
end
end
if not next(du)then return end
for al,n in ipairs(f)do
local av=ff(n[2])
if du[av]and n[4]-3000>du[av]then du[av]=nil end
end
for al,n in ipairs(f)do n[7]=n[7]or du[ff(n[2])]~=nil end
end
local function by(m,b,kl)
local ap=redis.pcall('GET',m)
local f={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=kl}
local at,i,az
if type(ap)=='string'then at,i,az=string.match(ap,'^(%d+) (%d+) (%d+);')end
if not at then return f end
f.check,f.last,f.ticket=tonumber(at),tonumber(i),tonumber(az)
local af=0
for cq in string.gmatch(ap,';([^;]+)')do
af=af+1
f[af]=cq
end
if b>=f.check then jy(f,b)end
return f
end
local function cv(m,f,b)
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
local function gs(n,ae,ac)
return n[1]>ae or(n[1]==ae and n[2]>ac)
end
local function hw(f,ac,ae,jx)
local bp
for c=1,#f do
local n=cy(f,c)
if n[2]==ac or(ae and gs(n,ae,ac))then break end
if not n[7]and jx(n[3])then
if bp then return bp,true end
bp=n
end
end
return bp,false
end
local function ha(f,ac)
local kz=' '..ac..' '
for c,n in ipairs(f)do
if type(n)~='string'or string.find(n,kz,1,true)then
if cy(f,c)[2]==ac then return c end
end
end
end
local function fz(f,ac,b)
local j=ac~=''and ha(f,ac)
if not j then return nil end
local n=cy(f,j)
n[4],n[5],n[7],n[8]=b+3000,0,false,nil
f.last=math.max(f.last,n[4])
return j
end
local function jk(f,ac,b)
local j=fz(f,ac,b)
if not j then return false end
local n=f[j]
n[5],n[7]=math.max(1,b-50-1),true
fe(f,n)
return true
end
local function jn(f,ac,cp,az,dp,b,y)
local j=fz(f,ac,b)
if j and f[j][6]>=az then
f[j][3]=cp
return j
end
if j then table.remove(f,j)end
if az==0 then az=y+1 end
local ae=az-dp
j=#f+1
while j>1 and gs(cy(f,j-1),ae,ac)do j=j-1 end
local n={ae,ac,cp,b+3000,0,az,false}
table.insert(f,j,n)
fe(f,n)
f.last,f.ticket=math.max(f.last,n[4]),math.max(f.ticket,az)
f[256+1]=nil
return j
end
local function ix(f,ac)
local j=ha(f,ac)
if j then table.remove(f,j)end
return j~=nil
end
local function jd(f,ci,b)
local bb,fg,gu={},{},false
for c=1,#f do
local n=cy(f,c)
if not n[7]then
local av=ff(n[2])
gu=gu or not ci(n[3])
if gu then
if not next(fg)then break end
if not fg[av]then return bb,true,n[2]end
else
if n[5]<=0 then
n[5],n[8]=b,nil
fe(f,n)
bb[#bb+1]=n
end
fg[av]=true
end
end
end
return bb,next(fg)~=nil,nil
end
local function jo(cg,ed)
return table.concat(cg,' ')..(ed and' ~'..ed or'')
end`;

const PART_8 = `local gd={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function dn(ap)return gd[ap]end
local function ia(kv,bf)return string.find(gd[kv],' '..bf..' ',1,true)end
local function kq(ku)
local fm={}
return function(o)
if fm[o]==nil then fm[o]=not ku(o)end
if not fm[o]then return false end
for bf in string.gmatch(gd[o],'%u+')do fm[bf]=false end
return true
end
end`;

const PART_9 = `local cn,fc='~s','~p'
local cw,fd=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local hs={'IS','IX','SIX','S'}
local gg={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=hs}
local function bc()
local ar=redis.call('TIME')
return tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local function fs(ap)
local am={}
for o in string.gmatch(ap,'%u+')do
if not gg[o]then error('unknown mode '..o,0)end
am[#am+1]=o
end
return am
end
local function dr(a,af,dw)
local ax={['fences']={unpack(a,af*dw+1)}}
for c=1,af do
local h=(c-1)*dw
ax[c]={['lock']=a[h+1],['shared']=a[h+2],['line']=a[h+3],['wake']=dw>3 and a[h+4]}
end
return ax
end
local function dy(d,ab)
local u={d[1],[d[1]]=true}
for c=ab,#d do
u[#u+1]=d[c]
u[d[c]]=true
end
return u
end
local function dv(l)
if not l or string.sub(l,1,3)~='~s 'then return nil end
local o,g=string.match(l,'^~s (%u+) (.*)$')
if gg[o]then return o,g end
end
local function fa(kt)return string.format('%.0f',kt)end
local function iu(m,o,af)
local ag=fd[o]*cw
return redis.pcall('ZREVRANGEBYSCORE',m,'('..fa(ag+cw),fa(ag),'WITHSCORES','LIMIT',0,af),ag
end
local function fu(s,o,u,b)
local l=redis.call('GET',s.lock)
if l and(l==fc or string.sub(l,1,3)==fc..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local db,ay=dv(l)
if ay then
local x=not u[ay]and redis.call('PTTL',s.lock)
if x and(x==-1 or ia(o,db))then return x,ay end
return nil
end
if u[l]then return nil end
if l and l~=cn then return redis.call('PTTL',s.lock),l end
local i,ah
if not l and redis.call('EXISTS',s.shared)==0 then return nil end
for al,lf in ipairs(gg[o])do
local ad,ag=iu(s.shared,lf,#u+1)
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
local function iv(s,b)
local y
if redis.call('EXISTS',s.shared)==0 then return nil end
for al,o in ipairs(hs)do
local ad,ag=iu(s.shared,o,1)
local ae=tonumber(ad[2])
if ae and ae-ag>=b then y=math.max(y or 0,ae-ag)end
end
return y
end
local function gt(s,o,u)
local l=redis.call('GET',s.lock)
if o=='X'then return u[l]end
local db,ay=dv(l)
if ay then return u[ay]and db==o end
for al,g in ipairs(u)do
local ae=redis.call('ZSCORE',s.shared,g)
if ae and math.floor(tonumber(ae)/cw)==fd[o]then return true end
end
return false
end
local function kn(s,u)
local l=redis.call('GET',s.lock)
local al,ay=dv(l)
if ay then return u[ay]end
if u[l]then return true end
for al,g in ipairs(u)do
if redis.call('ZSCORE',s.shared,g)then return true end
end
return false
end
local function hv(m,o,g,r,b)
local ag=fd[o]*cw
redis.call('ZREMRANGEBYSCORE',m,fa(ag),'('..fa(ag+b))
redis.call('ZADD',m,fa(ag+r),g)
if redis.call('PTTL',m)<r-b then redis.call('PEXPIRE',m,r-b)end
end
local function gq(s,o,u,ak,b)
local q,ao,g,cj=s.lock,s.shared,u[1],false
local l=redis.call('GET',q)
local r=b+ak
local db,ay=dv(l)
local ah,kj=ay or l,db or'X'
if u[ah]then
local x=redis.call('PTTL',q)
if x==-1 and ah==g and o==kj then return false end
r=math.max(r,b+x)
if ay==g and o==db then
redis.call('SET',q,l,'PX',r-b)
return false
end
cj=ah~=g
l=nil
elseif ay then
local x=math.max(1,redis.call('PTTL',q))
hv(ao,db,ay,b+x,b)
redis.call('SET',q,cn,'PX',x)
l=cn
end
if l~=cn and(o~='X'or ay)and redis.call('EXISTS',ao)==0 then
redis.call('SET',q,o=='X'and g or'~s '..o..' '..g,'PX',r-b)
return cj
end
for c,cq in ipairs(u)do
local ae=(c>1 or o~='X')and redis.call('ZSCORE',ao,cq)
if ae then
r=math.max(r,tonumber(ae)%cw)
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
hv(ao,o,g,r,b)
if l~=cn then
redis.call('SET',q,cn,'PX',iv(s,b)-b)
else
local x=redis.call('PTTL',q)
if x>=0 and x<r-b then redis.call('PEXPIRE',q,r-b)end
end
return cj
end
local hp={}
local function ch(s,f,b)
if#f==0 then return{},false end
local bb,ci,ed=jd(
f,kq(function(o)return fu(s,o,hp,b)end),b)
for c,n in ipairs(bb)do bb[c]=n[2]end
if#bb>0 then
cv(s.line,f,b)
redis.pcall('PUBLISH',s.wake,jo(bb,ed))
end
return bb,ci
end
local function jw(s,o,u,ac,ae,f,b)
local x,ah=fu(s,o,u,b)
if x or#f==0 or kn(s,u)then return x,ah end
local bp,ki=hw(f,ac,ae,function(bf)return ia(bf,o)end)
if not bp then return nil end
if s.wake then ch(s,f,b)end
if ki then return-1,''end
if bp[5]>0 then return math.max(0,50-b+bp[5]),''end
x,ah=fu(s,bp[3],hp,b)
return x and-1 or 50,ah or''
end
local function kd(ih,am,bw)
local k,ic,bk=0,false,{}
for al,o in ipairs(am)do
if(o=='X'or o=='SIX')and not bw then ic=true end
end
for c,m in ipairs(ih)do
local i=bl(m)
bk[c]=i or 0
k=math.max(k,i and(ic and i+1 or i)or da(m))
end
for c,m in ipairs(ih)do
if bk[c]~=k then fb(m,k)end
end
return k
end
aa['modes.acquire']=function(a,d)
local ak,ac,az,dp=tonumber(d[2]),'',0,0
if d[4]~=''then
ac,az,dp=string.match(d[4],'^(%S*) (%S+) (%S+)$')
az,dp=tonumber(az),tonumber(dp)
end
local am,u,ju,b=fs(d[3]),dy(d,5),{d[1],[d[1]]=true},bc()
local ax=dr(a,#am,ac==''and 3 or 4)
local ae=az>0 and az-dp or nil
local au,bk,j,bz,ah={},b,nil,nil,nil
local bw,cj=true,false
for c,o in ipairs(am)do
local s=ax[c]
au[c]=by(s.line,b,dn)
bk=math.max(bk,au[c].ticket)
local x,lj=jw(s,o,u,ac,ae,au[c],b)
if x then
j=j or c
if not ah or(bz~=-1 and(x==-1 or x>bz))then
bz,ah=x,lj
end
elseif not gt(s,o,ju)then
bw=false
end
end
local ce,ex=j or#am,nil
if ac~=''then
ex=jn(au[ce],ac,am[ce],az,dp,b,bk)
if not j and au[ce][ex]then au[ce][ex][5]=-1 end
cv(ax[ce].line,au[ce],b)
end
if j then
if ac~=''then pcall(gn,ax[j].wake,ac,ak)end
return{0,bz,ah,string.format('%.0f',bk),ex and ex-1 or#au[j]}
end
local k=kd(ax.fences,am,bw)
for c,o in ipairs(am)do
local s=ax[c]
if gq(s,o,u,ak,b)then cj=true end
if c~=ce and fz(au[c],ac,b)then cv(s.line,au[c],b)end
end
return cj and-k or k
end
aa['modes.convert']=aa['modes.acquire']
aa['modes.commit']=function(a,d)
local am,u=fs(d[3]),{d[1],[d[1]]=true}
local ax=dr(a,#am,4)
for c,o in ipairs(am)do
if not gt(ax[c],o,u)then return{0}end
end
for al,m in ipairs(ax.fences)do
if not bl(m)then da(m)end
ek(m,tonumber(d[2]))
end
return 1
end
aa['modes.extend']=function(a,d)
local k,ak,am=tonumber(d[2]),tonumber(d[3]),fs(d[4])
local ax,u,b,bj=dr(a,#am,4),dy(d,5),bc(),true
for c,o in ipairs(am)do
local x,ah=fu(ax[c],o,u,b)
if x then return{0,x,ah}end
bj=bj and gt(ax[c],o,u)
end
for al,m in ipairs(ax.fences)do
local gp=not bj and(bl(m)or eq(m))
if gp then ek(m,k)end
end
for c,o in ipairs(am)do
local s=ax[c]
if gq(s,o,u,ak,b)then ch(s,by(s.line,b,dn),b)end
end
return 1
end
local function bu(s,u,b)
local q,bh=s.lock,false
local l=redis.pcall('GET',q)
if type(l)=='table'then
if string.find(l.err,'WRONGTYPE',1,true)then return false,false end
error(l.err,0)
end
local al,ay=dv(l)
if u[ay or l]then
redis.call('DEL',q)
l,bh=false,true
end
if ay or(bh and#u==1)then return bh,bh end
local fp=false
for al,g in ipairs(u)do
local ae=redis.pcall('ZSCORE',s.shared,g)
if type(ae)=='string'then
redis.call('ZREM',s.shared,g)
fp=true
if tonumber(ae)%cw>=b then bh=true end
end
end
if l and l~=cn then return bh,false end
local y=fp and iv(s,b)
if y then
local x=redis.call('PTTL',q)
local fo=x>y-b+1
if x<0 or fo then redis.call('SET',q,cn,'PX',math.max(1,y-b))end
return bh,false,fo
end
if fp and l then redis.call('DEL',q)end
return bh,fp or bh
end
local function iw(s,f,ac,b)
local il=ix(f,ac)
if il then cv(s.line,f,b)end
pcall(eo,s.wake,ac)
return il
end
aa['modes.release']=function(a,d)
local ac,u,b=d[2],dy(d,3),bc()
local bh,ef,io=false,false,string.find(ac,'.',1,true)
for al,s in ipairs(dr(a,#a/4,4))do
local bj,km,fo=bu(s,u,b)
local au=(bj or io)and redis.pcall('MGET',s.line,s.wake)
if bj then bh=true end
if au and(au[1]or au[2])then
local f=by(s.line,b,dn)
if io then iw(s,f,ac,b)end
local bi,bb,ci=pcall(ch,s,f,b)
if not bi then bb,ci={},false end
for al,bf in ipairs(bb)do
if bf~=ac then ef=true end
end
if km and not ci and gk(s.wake,ac~='')then ef=true end
if fo and#bb==0 then redis.pcall('PUBLISH',s.wake,'')end
end
end
if not bh then return 0 end
return ef and-1 or 1
end
aa['modes.releaseAll']=aa['modes.release']
aa['modes.leave']=function(a,d)
local b=bc()
for al,s in ipairs(dr(a,#a/4,4))do
local f=by(s.line,b,dn)
if iw(s,f,d[1],b)then pcall(ch,s,f,b)end
end
return 1
end`;

const PART_10 = `local function kk(s,o,g,b)
local l=redis.call('GET',s.lock)
if l~=cn then
local db,ay=dv(l)
return(ay or l)==g and(db or'X')==o
end
local ae=o~='X'and redis.call('ZSCORE',s.shared,g)
if not ae then return false end
return math.floor(tonumber(ae)/cw)==fd[o]and tonumber(ae)%cw>=b
end
aa['modes.renew']=function(a,d,ej)
local g,am,b,k=d[1],fs(d[3]),bc(),1
local ax=dr(a,#am,3)
for c,o in ipairs(am)do
if not kk(ax[c],o,g,b)then
local l=redis.call('GET',ax[c].lock)
local al,ay=dv(l)
local ah=ay or l~=cn and l or''
if string.sub(ah,1,3)==fc..' 'then ah=fc end
return{0,redis.call('PTTL',ax[c].lock),ah}
end
end
for al,m in ipairs(ax.fences)do k=math.max(k,bl(m)or 1)end
if ej then return k end
for c,o in ipairs(am)do gq(ax[c],o,{g,[g]=true},tonumber(d[2]),b)end
return k
end`;

const PART_11 = `local cm,dc,ge,jq='0','1','2',48
local js=64
local function dd(ap)
local ks=string.gmatch(ap,'(%d+)%-?(%d*)')
return function()
local ab,i=ks()
if ab then return tonumber(ab),tonumber(i)or tonumber(ab)end
end
end
local function jj(v,ec)
local hg,bv,i={},string.find(v,ec..'+')
while bv do
hg[#hg+1]=bv==i and tostring(bv-1)or string.format('%d-%d',bv-1,i-1)
bv,i=string.find(v,ec..'+',i+1)
end
return table.concat(hg,' ')
end
local function ct(v,t,ec)
local ds,j={},0
for ab,i in dd(t)do
if ab<j then v,ds,j=table.concat(ds)..string.sub(v,j+1),{},0 end
if ab>#v then v=v..string.rep(cm,ab-#v)end
ds[#ds+1]=string.sub(v,j+1,ab)
ds[#ds+1]=string.rep(ec,i-ab+1)
j=i+1
end
return table.concat(ds)..string.sub(v,j+1)
end
local function jv(v,t)
for ab,i in dd(t)do
if string.find(string.sub(v,ab+1,i+1),dc,1,true)then return false end
end
return true
end
local function er(v,w)
return#string.gsub(string.sub(v,1,w),dc..'+','')
end
local function ka(t)
local gx=0
for al,i in dd(t)do gx=math.max(gx,i+1)end
return gx
end
local function kw(g,w)
local cl,dh=string.match(g,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not cl then return 0,1 end
return tonumber(cl,16)%w,1+tonumber(dh,16)%w
end
local function hz(v,aw,w,hb,u,g)
local cr=aw
local function ez(ab,i)
i=math.min(i,w-1)
if cr==0 or ab>i then return end
local lg,af=string.gsub(string.sub(v,ab+1,i+1),cm,ge,cr)
if af==0 then return end
v,cr=string.sub(v,1,ab)..lg..string.sub(v,i+2),cr-af
end
for ab,i in dd(hb)do ez(ab,i)end
if u then
for ab,i in dd(u)do ez(ab,i)end
else
local cl,dh=kw(g,w)
for c=0,js-1 do
if cr==0 then break end
local cd=(cl+c*dh)%w
if string.byte(v,cd+1)==jq then ez(cd,cd)end
end
ez(cl,w-1)
ez(0,cl-1)
end
if cr>0 then return nil end
return jj(v,ge),(string.gsub(v,ge,dc))
end`;

const PART_12 = `local ho='~'
local function bc()
local ar=redis.call('TIME')
return tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local function gy(ap,b)
local bn,w,gc=string.match(ap,'^(%d+) (%d+) (%d+)$')
if bn and tonumber(gc)+604800000+86400000>=b then return tonumber(bn),tonumber(w),tonumber(gc)end
end
local function hc(m,q,b)
return gy(redis.call('HGET',m,q)or'',b)
end
local function hn(m,q,bn,w,b)
local ib=tonumber(redis.call('HGET',m,ho)or'')
if not ib or ib+86400000<b then
local cx=redis.call('HGETALL',m)
for c=1,#cx,2 do
if not gy(cx[c+1],b)then redis.call('HDEL',m,cx[c])end
end
redis.call('HSET',m,ho,string.format('%.0f',b))
end
redis.call('HSET',m,q,string.format('%.0f %.0f %.0f',bn,w,b))
redis.call('PEXPIRE',m,604800000+86400000)
end
local function ld(m,q,bn,w,b)
if bn>(hc(m,q,b)or 0)then hn(m,q,bn,w,b)end
end`;

const PART_13 = `local hq='~p'
local ea,eb=16,32
local function ko(an)
return an==hq or string.sub(an,1,3)==hq..' '
end
local function dg(an)
local at,y,br,v,r,t,g=
string.match(an or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(at)or 0,['latest']=tonumber(y)or 0,['kept']=tonumber(br)or 0,['map']=v or'',
['deadline']=tonumber(r)or 0,['slots']=t or'',['token']=g or'',
['is_new']=not g,['is_other']=an and not ko(an)
}
end
local function ey(a,e,b)
local i=math.max(e.latest,e.deadline)
if i==0 then
redis.call('DEL',a[1])
return 0
end
local it=e.latest>0 and i>e.kept
if it then
e.kept=i+math.max(1,i-b)
for j=3,4 do redis.call('PEXPIREAT',a[j],string.format('%.0f',e.kept))end
end
if it or e.is_new then redis.call('PEXPIRE',a[5],604800000)end
redis.call('SET',a[1],string.format('~p %.0f %.0f %.0f %s %.0f:%s:%s',e.check,e.latest,e.kept,e.map,
e.deadline,e.slots,e.token),'PXAT',string.format('%.0f',i))
return i
end
local function cz(a,e,g)
if g==e.token then return e.slots,e.deadline end
local t=e.latest>0 and redis.call('HGET',a[3],g)
local r=t and redis.call('ZSCORE',a[4],g)
if r then return t,tonumber(r)end
end
local function hy(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function fk(a,e,g)
local t,r=cz(a,e,g)
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
local function fl(a,e,b)
local dl=false
if e.token~=''and e.deadline<b then
e.map=ct(e.map,e.slots,cm)
e.deadline,e.slots,e.token,dl=0,'','',true
end
if e.latest>0 and b>e.check then
local jz=redis.call('ZRANGEBYSCORE',a[4],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for al,g in ipairs(jz)do
e.map=ct(e.map,redis.call('HGET',a[3],g)or'',cm)
redis.call('HDEL',a[3],g)
redis.call('ZREM',a[4],g)
end
local ab=redis.call('ZRANGE',a[4],0,0,'WITHSCORES')[2]
local i=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,dl=tonumber(ab)or 0,tonumber(i)or 0,true
if not ab then e.kept,e.map=0,ct('',e.slots,dc)end
end
if dl then ey(a,e,b)end
end
local function hd(a,e,g,r,b)
local dl=false
if g==e.token then
if e.deadline<r then e.deadline,dl=r,true end
elseif tonumber(redis.call('ZSCORE',a[4],g))<r then
redis.call('ZADD',a[4],string.format('%.0f',r),g)
if e.latest<r then e.latest,dl=r,true end
end
if dl then ey(a,e,b)end
end
local function dj(a,e,g,t,r,b)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=r,t,g,ct(e.map,t,dc)
ey(a,e,b)
end
local function jf(a)
local dk=''
if not IS_CLUSTER then
local cc=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
dk=type(cc)=='string'and string.match(cc,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..eb..'.'..eb..'s',dk)
end
local function gl(a)
return redis.call('GETRANGE',a[5],0,eb-1)==jf(a)
end
local function eu(a,t,ag)
if not gl(a)then return ag end
local gv=ag-ag%16384
for ab,i in dd(t)do
local ap=redis.call('GETRANGE',a[5],eb+ea*ab,eb+ea*(i+1)-1)
for c=0,i-ab do
local af=tonumber(string.sub(ap,ea*c+1,ea*(c+1)))
gv=math.max(gv,af or ag)
end
end
return gv
end
local function hm(a,t,af,ag)
if not gl(a)then redis.call('SET',a[5],jf(a),'PX',604800000)end
local ap=string.format('%0'..ea..'.0f',af)
for ab,i in dd(t)do
redis.call('SETRANGE',a[5],eb+ea*ab,string.rep(ap,i-ab+1))
end
if ag<af then fb(a[2],af)end
end`;

const PART_14 = `local gf='~s'
local function dy(d,ab)
local u={d[1]}
for c=ab,#d do u[#u+1]=d[c]end
return u
end
local function fx(a)
local an=redis.call('GET',a[1])
if an and(an==gf or string.sub(an,1,3)==gf..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
local e=dg(an)
if e.is_other then return e,an,redis.call('PTTL',a[1])end
return e,nil,nil
end
local function eh(a,w,bn,b)
local bk,af,gc=hc(a[6],a[1],b)
if bn>(bk or 0)then
bk,af=bn,w
hn(a[6],a[1],bk,af,b)
elseif bk and gc+86400000<b then
hn(a[6],a[1],bk,af,b)
end
if not bk then return w,''end
return af,string.format('%.0f %.0f',bk,af)
end
local function fw(v,df)
return v..string.rep(cm,df-#v)
end
local function kf(a,e,cr,b)
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
for ab,kb in dd(t)do cr=cr-(kb-ab+1)end
if cr<=0 then break end
end
return i<0 and-1 or math.max(0,i-b),bq[1]or''
end
local function dm(w)
return function(ap)
local af=tonumber(ap)
return af and af<=w
end
end
local function ch(a,e,f,cb,w,b)
if#f==0 then return 0,false end
local v=fw(e.map,w)
local bu=e.is_other and 0 or er(v,w)
local bb,ci,ed=jd(f,function(cp)
bu=bu-tonumber(cp)
return bu>=0
end,b)
local cg={}
for c,n in ipairs(bb)do
local t,le=hz(v,tonumber(n[3]),w,cb,'0-'..w-1)
v=le or v
cg[c]=n[2]..':'..string.gsub(t or'',' ',',')
end
if#cg>0 then
cv(a[7],f,b)
redis.pcall('PUBLISH',a[8],jo(cg,ed))
end
return#cg,ci
end
aa['slots.acquire']=function(a,d)
local g,ak,ac,az,aw=d[1],tonumber(d[2]),d[3],tonumber(d[4]),tonumber(d[5])
local hb,fq,u,b=d[8],#d>8,dy(d,9),bc()
local e,ah,bz=fx(a)
local w,ev=eh(a,tonumber(d[6]),tonumber(d[7]),b)
if aw>w then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',w,aw),0)end
fl(a,e,b)
local f=by(a[7],b,dm(w))
local bk=math.max(b,f.ticket)
local v=fw(e.map,w)
local t,bt=cz(a,e,g),nil
if ah then
if ac~=''then pcall(gn,a[8],ac,ak)end
elseif t then
local k=eu(a,t,bl(a[2])or da(a[2]))
hd(a,e,g,b+ak,b)
if jk(f,ac,b)then cv(a[7],f,b)end
return{1,k,t,ev,fq and v or nil}
else
local cu,de=v,''
for c=2,#u do
local ba=cz(a,e,u[c])or''
cu,de=ct(cu,ba,cm),de..' '..ba
end
local bp
if#f>0 and not fq then
local bu=er(cu,w)
bp=bu>=aw and hw(f,ac,az>0 and az or nil,function(cp)
bu=bu-tonumber(cp)
return bu<aw
end)
end
if not bp then bt=hz(cu,aw,w,hb,fq and de or nil,g)end
if bt then
local ag=bl(a[2])
local ab=not ag and da(a[2])
local k,r=eu(a,bt,ag or ab)+1,b+ak
hy(a,e)
for c=2,#u do
local al,aq=fk(a,e,u[c])
r=math.max(r,aq or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
k=ab or k
fb(a[2],k)
else
hm(a,bt,k,ag or ab)
end
dj(a,e,g,bt,r,b)
if jk(f,ac,b)then cv(a[7],f,b)end
return{1,k,bt,ev,fq and ct(cu,bt,dc)or nil}
end
local bu=er(v,w)
bz,ah=kf(a,e,aw-bu,b)
if bp then
ch(a,e,f,'',w,b)
if bp[5]>0 then bz,ah=math.max(0,50-b+bp[5]),''
else bz=-1 end
end
end
if ac~=''then
jn(f,ac,string.format('%.0f',aw),az,0,b,bk)
cv(a[7],f,b)
end
return{0,bz,ah,string.format('%.0f',bk),ev}
end
aa['slots.commit']=function(a,d)
local k,t=tonumber(d[2]),d[3]
local e=dg(redis.call('GET',a[1]))
if cz(a,e,d[1])~=t then return{0}end
local ag=bl(a[2])or da(a[2])
local af=eu(a,t,ag)
if af<k or not gl(a)then hm(a,t,math.max(af,k),ag)end
return 1
end
aa['slots.extend']=function(a,d)
local g,k,ak,t=d[1],tonumber(d[2]),tonumber(d[3]),d[4]
local u,b=dy(d,7),bc()
local e,ah=fx(a)
if ah then return{0,-1,ah}end
local w=eh(a,tonumber(d[5]),tonumber(d[6]),b)
fl(a,e,b)
local ba=cz(a,e,g)
if ba==t and#u==1 then
hd(a,e,g,b+ak,b)
return 1
end
local cu,aq=fw(e.map,math.max(w,ka(t))),''
for al,cq in ipairs(u)do
local de=cz(a,e,cq)or''
cu,aq=ct(cu,de,cm),aq..' '..de
end
if not jv(cu,t)then
local jp={g,'',d[5],d[6]}
for c=2,#u do jp[c+3]=u[c]end
aa['slots.release'](a,jp)
return{0,-1,''}
end
hy(a,e)
local ag=ba~=t and(bl(a[2])or eq(a[2]))
if ag then hm(a,t,math.max(k,eu(a,t,ag)),ag)end
local r=b+ak
for al,cq in ipairs(u)do
local al,i=fk(a,e,cq)
r=math.max(r,i or 0)
end
dj(a,e,g,t,r,b)
local cb=jj(ct(ct(string.rep(cm,#cu),aq,dc),t,cm),dc)
if cb~=''then ch(a,e,by(a[7],b,dm(w)),cb,w,b)end
return 1
end
aa['slots.release']=function(a,d)
local av,u,b=d[2],dy(d,5),bc()
local an=redis.pcall('GET',a[1])
local e=dg(type(an)=='string'and an)
local cb,bh,hk,is='',false,0,false
for al,cq in ipairs(u)do
local t,r=fk(a,e,cq)
if t then
is,bh=true,bh or r>=b
cb,hk=cb..' '..t,math.max(hk,r)
end
end
if not is then return 0 end
local au=redis.pcall('MGET',a[7],a[8])
local im=au[1]or au[2]
if im then fl(a,e,b)end
local i=ey(a,e,b)
if im then
local w=eh(a,tonumber(d[3]),tonumber(d[4]),b)
local f=by(a[7],b,dm(w))
local bi,bb,ci=pcall(ch,a,e,f,cb,w,b)
if not bi then bb,ci=0,false end
if i==0 and not ci then gk(a[8],av~='')
elseif i>0 and hk>i and bb==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bh and 1 or 0
end
aa['slots.leave']=function(a,d)
local b=bc()
local w=eh(a,tonumber(d[2]),tonumber(d[3]),b)
local f=by(a[7],b,dm(w))
if ix(f,d[1])then
cv(a[7],f,b)
pcall(function()ch(a,dg(redis.call('GET',a[1])),f,'',w,b)end)
end
pcall(eo,a[8],d[1])
return 1
end
aa['slots.count']=function(a,d)
local b=bc()
local e,ah=fx(a)
local w,ev=eh(a,tonumber(d[1]),tonumber(d[2]),b)
fl(a,e,b)
local f=by(a[7],b,dm(w))
ch(a,e,f,'',w,b)
local bu=ah and 0 or er(fw(e.map,w),w)
local bn=tonumber(string.match(ev,'^%d+')or 0)
return{1,bu,w,bn,#e.map-er(e.map,#e.map)}
end
aa['slots.resize']=function(a,d)
if not bl(a[2])then da(a[2])end
return aa['slots.count'](a,d)
end`;

const PART_15 = `aa['slots.renew']=function(a,d,ej)
local g,b,an=d[1],bc(),redis.call('GET',a[1])
local e=dg(an)
local t,r=cz(a,e,g)
if t~=d[3]or r<b then
local kp=e.is_other and string.sub(an,1,2)~=gf
return{0,redis.call('PTTL',a[1]),kp and an or''}
end
local k=eu(a,t,bl(a[2])or 1)
if not ej then hd(a,e,g,b+tonumber(d[2]),b)end
return k
end`;

const PART_16 = `local fi,go,fj={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fj=2
local fi={
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
local x=p('PTTL',KEYS[h])
if type(x)~='number'or x<0 then return nil end
if x<tonumber(ARGV[aj])and p('PEXPIRE',KEYS[h],ARGV[aj])~=1 then return nil end
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
    `local go={
['mutex.release']=function(h,ai,df,ck)
local ad=p('MGET',unpack(KEYS,h,h+2*df-1))
if ad.err then return 0 end
local ba,iq,hf,di={},{},{},0
for c=1,df do
if ad[2*c]then break end
local q=KEYS[h+2*c-2]
local bj=ad[2*c-1]==ARGV[ai+c-1]and not iq[q]
ck[#ck+1]=bj and 1 or 0
if bj then
iq[q]=true
ba[#ba+1]=q
hf[#ba]=#ck
end
di=c
end
local id=#ba>0 and p('DEL',unpack(ba))
if type(id)=='table'then
for c=1,#hf do ck[hf[c]]={-1,id.err}end
end
return di
end
}`,
    PART_3,
    PART_4,
    `local function dj(m,g,ak,bj)
if not bj then redis.call('SET',m,g,'PX',ak)
else
local x=redis.call('PTTL',m)
if x>=0 and x<tonumber(ak)then redis.call('PEXPIRE',m,ak)end
end
end
local function ht(a,g,lc,ak,ac)
local dw=ac==''and 2 or 3
local bj,bw,cj={},true,false
local bz,ah
for c=1,#a,dw do
local l=redis.call('GET',a[c])
bj[c]=l==g
if l~=g then bw=false end
if l and l==lc then
cj=true
elseif l and l~=g then
local x=redis.call('PTTL',a[c])
if not ah or(bz~=-1 and(x==-1 or x>bz))then
bz,ah=x,l
end
end
end
if ac~=''then
for c=3,#a,3 do pcall(gn,a[c],ac,tonumber(ak))end
end
if ah then return{0,bz,ah}end
local k=0
for c=2,#a,dw do
local i=bl(a[c])
k=math.max(k,i and(bw and i or i+1)or da(a[c]))
end
for c=1,#a,dw do
dj(a[c],g,ak,bj[c])
fb(a[c+1],k)
end
return cj and-k or k
end
aa['mutex.acquire']=function(a,d)
return ht(a,d[1],nil,d[2],d[3])
end
aa['mutex.takeOver']=function(a,d)
return ht(a,d[1],d[2],d[3],d[4])
end
aa['mutex.commit']=function(a,d)
for c=1,#a,2 do
if redis.call('GET',a[c])~=d[1]then return{0}end
end
for c=2,#a,2 do
if not bl(a[c])then da(a[c])end
ek(a[c],tonumber(d[2]))
end
return 1
end
aa['mutex.extend']=function(a,d)
local g,k,ak=d[1],tonumber(d[2]),d[3]
local bj={}
for c=1,#a,2 do
local l=redis.call('GET',a[c])
if l and l~=g then return{0,redis.call('PTTL',a[c]),l}end
bj[c]=l==g
end
for c=1,#a,2 do
local gp=not bj[c]and(bl(a[c+1])or eq(a[c+1]))
if gp then ek(a[c+1],k)end
end
for c=1,#a,2 do dj(a[c],g,ak,bj[c])end
return 1
end
aa['mutex.release']=function(a,d)
local g,av=d[1],d[2]
local bh,ef=false,false
for c=1,#a,2 do
local l=redis.pcall('GET',a[c])
if av~=''then pcall(eo,a[c+1],av)end
if l==g then
redis.call('DEL',a[c])
bh=true
if gk(a[c+1],av~='')then ef=true end
elseif type(l)=='table'and l.err and not string.find(l.err,'WRONGTYPE',1,true)then
error(l.err)
end
end
if not bh then return 0 end
return ef and-1 or 1
end
aa['mutex.leave']=function(a,d)
pcall(eo,a[1],d[1])
return 1
end
aa['mutex.renew']=function(a,d)
local k=1
for c=1,#a,2 do
local l=redis.call('GET',a[c])
if l~=d[1]then return{0,redis.call('PTTL',a[c]),l or''}end
k=math.max(k,bl(a[c+1])or 1)
end
for c=1,#a,2 do dj(a[c],d[1],d[2],true)end
return k
end
aa['mutex.query']=function(a)
local z={1}
for c=1,#a,2 do
z[#z+1]=redis.call('GET',a[c])or''
z[#z+1]=redis.call('PTTL',a[c])
z[#z+1]=em(a[c+1])or''
end
return z
end`,
    PART_5,
    PART_6,
  ],
  "4e5715c9538df6cebb800a9e9f5f33f010d5071f",
  "6e35064c0687121a5cb1969577df6d4fb7a4b6f2",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fj=81
local fi={
['modes.acquire']=function(h,ai,aj,aw)
local g,ak,am,co=ARGV[ai],ARGV[aj],ARGV[aj+1],KEYS[h+aw-1]
if ARGV[aj+2]~=''then return nil end
if aw~=4 then
local al,kg=string.gsub(am,' ','')
if aw~=3*kg+4 then return nil end
end
local et,el
if p('EXISTS',unpack(KEYS,h,h+aw-2))~=0 then
local ad,j=p('MGET',unpack(KEYS,h,h+aw-2)),1
if ad.err then return nil end
et={}
el={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for o in string.gmatch(am,'%u+')do
local l,q,ao=ad[j],KEYS[h+j-1],KEYS[h+j]
if ad[j+2]then return nil end
if not l then
if p('EXISTS',q,ao)~=0 then return nil end
else
if o=='X'or o=='SIX'then return nil end
local x,ba,ah=p('PTTL',q),nil,nil
if type(x)~='number'or x<=0 then return nil end
if l=='~s'then
if p('ZSCORE',ao,g)then return nil end
local ab=(o=='IX'and 3)or(o=='S'and 2)
if ab and p('ZCOUNT',ao,ab..'00000000000000','('..ab+2 ..'00000000000000')~=0 then
return nil
end
else
ba,ah=string.match(l,'^~s ([ISX]+) (.*)$')
if not el[ba]or ah==g or(o~=ba and o~='IS'and ba~='IS')then return nil end
if p('EXISTS',ao)~=0 then return nil end
end
et[j]={x,ba,ah}
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
if aw==4 and not et then
local ca=p('SET',KEYS[h],am=='X'and g or'~s '..am..' '..g,'PX',ak)
return not ca.err and k or nil
end
local j,b=1,nil
for o in string.gmatch(am,'%u+')do
local q,fr=KEYS[h+j-1],et and et[j]
if fr then
local ao,ei,x,ah=KEYS[h+j],tonumber(ak),fr[1],fr[3]
if not b then
local ar=p('TIME')
if ar.err then return nil end
b=tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local ae,bi=string.format('%.0f',el[o]+b+ei),nil
if ah then
local ja=math.max(x,ei)
bi=p('ZADD',ao,string.format('%.0f',el[fr[2]]+b+x),ah,ae,g)==2
and p('PEXPIRE',ao,ja)==1 and not p('SET',q,'~s','PX',ja).err
else
p('ZREMRANGEBYSCORE',ao,string.format('%.0f',el[o]),string.format('(%.0f',el[o]+b))
bi=p('ZADD',ao,ae,g)==1
local jl=p('PTTL',ao)
if type(jl)~='number'or jl<ei then
bi=p('PEXPIRE',ao,ei)==1 and bi
end
if x<ei then bi=p('PEXPIRE',q,ei)==1 and bi end
end
if not bi then return nil end
else
local ca=p('SET',q,o=='X'and g or'~s '..o..' '..g,'PX',ak)
if ca.err then return nil end
end
j=j+3
end
return k
end,
['modes.extend']=function(h,ai,aj,aw)
local g,ak,j=ARGV[ai],ARGV[aj],1
local ad=ARGV[aj-1]=='2'and p('MGET',unpack(KEYS,h,h+aw-1))
if not ad or ad.err then return nil end
for o in string.gmatch(ARGV[aj+1],'%u+')do
if ad[j]~=(o=='X'and g or'~s '..o..' '..g)then return nil end
j=j+4
end
for q=h,h+j-2,4 do
local x=p('PTTL',KEYS[q])
if type(x)~='number'or x<0 then return nil end
if x<tonumber(ak)and p('PEXPIRE',KEYS[q],ak)~=1 then return nil end
end
return 1
end,
['modes.release']=function(h,ai,al,aw)
local g,ad=ARGV[ai],nil
if aw==4 then
local l,ce,li=unpack(p('MGET',KEYS[h],KEYS[h+2],KEYS[h+3]))
if not l or ce or li then return nil end
if l==g or string.match(l,'^~s [ISX]+ (.*)$')==g then
return p('DEL',KEYS[h])==1 and 1 or nil
end
ad={l}
else
ad=p('MGET',unpack(KEYS,h,h+aw-1))
if ad.err then return nil end
end
local cf,hh,hi,b={},{},{},nil
for j=1,aw,4 do
local l,q,ao=ad[j],KEYS[h+j-1],KEYS[h+j]
if not l or ad[j+2]or ad[j+3]then return nil end
if l=='~s'then
local ae=p('ZSCORE',ao,g)
local x=p('PTTL',q)
if type(ae)~='string'or type(x)~='number'or x<0 then return nil end
if not b then
local ar=p('TIME')
b=tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
end
local r=tonumber(ae)%100000000000000
local ag=tonumber(ae)-r
if r<b then return nil end
local jb,ip=string.format('%.0f',ag),string.format('(%.0f',ag+100000000000000)
local i=p('ZREVRANGEBYSCORE',ao,ip,jb,'WITHSCORES','LIMIT',0,2)
if i.err then return nil end
local y,gw=tonumber(i[2])-ag,nil
if i[1]==g then
gw=p('ZCARD',ao)
y=i[4]and tonumber(i[4])-ag
if y and(y<b or p('ZCOUNT',ao,jb,ip)~=gw)then return nil end
if not y and gw~=1 then return nil end
elseif x>y-b+1 then
return nil
end
if not y then
cf[#cf+1]=q
elseif x>y-b+1 then
hi[#hi+1]={q,math.max(1,y-b)}
end
hh[#hh+1]=ao
elseif l==g or string.match(l,'^~s [ISX]+ (.*)$')==g then
cf[#cf+1]=q
else
return nil
end
end
for al,an in ipairs(hi)do p('PEXPIRE',an[1],an[2])end
for al,ao in ipairs(hh)do
if p('ZREM',ao,g)~=1 then return nil end
end
if#cf>0 and p('DEL',unpack(cf))~=#cf then return nil end
return 1
end
}
local go={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    `aa['modes.position']=function(a,d)
local b=bc()
local f=by(a[3],b,dn)
local j,gi,bo=ha(f,d[1]),0,0
local ae=j and f[j][1]or math.max(b,f.ticket)+1-tonumber(d[2])
for c=1,#f do
local n=cy(f,c)
if not n[7]and n[5]>=0 then
bo=bo+1
if n[2]~=d[1]and not gs(n,ae,d[1])then gi=gi+1 end
end
end
return{1,gi,bo,redis.call('EXISTS',a[1])}
end
aa['modes.stay']=function(a,d)
local b=bc()
local f=by(a[3],b,dn)
if fz(f,d[1],b)then cv(a[3],f,b)end
return 1
end`,
    `aa['modes.query']=function(a)
local z,b={1},bc()
for al,s in ipairs(dr(a,#a/4,4))do
local dz={em(s.wake)}
local f=by(s.line,b,dn)
for c=1,#f do
local n=cy(f,c)
if n[4]>=b and n[5]>=0 then dz[#dz+1]=n[2]end
end
z[#z+1]=redis.call('GET',s.lock)or''
z[#z+1]=redis.call('PTTL',s.lock)
z[#z+1]=table.concat(dz,' ')
local gr=redis.call('ZRANGE',s.shared,0,-1,'WITHSCORES')
local j=#z+1
z[j]=0
for c=1,#gr,2 do
local x=tonumber(gr[c+1])%cw-b
if x>=0 then
z[j]=z[j]+1
z[#z+1]=gr[c]
z[#z+1]=x
end
end
end
return z
end`,
    PART_10,
    PART_5,
    PART_6,
  ],
  "e3f356b9b98a3136183aff85841a2d6202268750",
  "1a752e78558eb646d690269448c4e09802295e0e",
);

export const SLOTS_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fj=8
local gh='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local jr=8
local function fh()
local ar=p('TIME')
return ar[1]*1000+math.floor(ar[2]/1000)
end
local function hl(h,at,y,br,v,be,i,b)
if b and y~='0'and i+0>br+0 then
br=string.format('%.0f',i+math.max(1,i-b))
p('PEXPIREAT',KEYS[h+2],br)
p('PEXPIREAT',KEYS[h+3],br)
p('PEXPIRE',KEYS[h+4],604800000)
end
p('SET',KEYS[h],'~p '..at..' '..y..' '..br..' '..v..' '..be,'PXAT',i)
end
local fi={
['slots.acquire']=function(h,ai,aj)
if ARGV[aj+1]~=''or ARGV[aj+5]~='0'or ARGV[aj+6]~=''or ARGV[aj-1]~='7'then return nil end
local g,bd,w,co=ARGV[ai],ARGV[aj+3]+0,ARGV[aj+4]+0,KEYS[h+1]
if bd>jr or bd>w then return nil end
local an,b=p('GET',KEYS[h]),fh()
local at,y,br,v,aq,t,be='0','0','0','','0','',''
local ii=true
if an then
if an.err then return nil end
at,y,br,v,aq,t,be=string.match(an,gh)
if not at or be==g then return nil end
if(y~='0'and b>at+0)or(be~=''and aq+0<b)then return nil end
if y~='0'and p('HGET',KEYS[h+2],g)then return nil end
elseif p('EXISTS',KEYS[h+4],KEYS[h+5],KEYS[h+6])==0 then
ii=false
end
local cl,dh=string.match(g,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
cl,dh=cl and tonumber(cl,16)%w or 0,dh and 1+tonumber(dh,16)%w or 1
local dx,ec={},bd==1 and'1'or'2'
for c=0,63 do
local cd=(cl+c*dh)%w
local gm=string.byte(v,cd+1)
if gm~=49 and gm~=50 then
if not gm then v=v..string.rep('0',cd-#v)end
v=string.sub(v,1,cd)..ec..string.sub(v,cd+2)
dx[#dx+1]=cd
if#dx==bd then break end
end
end
if#dx<bd then return nil end
local bt=dx[1]..''
if bd>1 then
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
if not ii then
k=af(co)
if not k then return nil end
else
local ad
if IS_CLUSTER then
ad=p('MGET',co,KEYS[h+6])
else
local lb=string.sub(co,1,string.find(co,'~fence:',1,true)-1)
ad=p('MGET',co,KEYS[h+6],lb..'~server')
end
if ad.err or ad[2]or p('HGET',KEYS[h+5],KEYS[h])then return nil end
local ag=ad[1]and string.find(ad[1],'^%d+$')and ad[1]+0
if not ag or ag<1 or ag>=9000000000000000 then return nil end
local dk=ad[3]and string.match(ad[3],'^complete %S+ %S+ (%S+) ')or''
if#dk~=32 then dk=string.format('%-32.32s',dk)end
if p('GETRANGE',KEYS[h+4],0,31)~=dk then return nil end
k=ag-ag%16384
for c=1,bd do
local j=32+16*dx[c]
k=math.max(k,tonumber(p('GETRANGE',KEYS[h+4],j,j+15))or ag)
end
k=k+1
if be~=''then
if y=='0'then p('DEL',KEYS[h+2],KEYS[h+3])end
local jt=p('ZADD',KEYS[h+3],aq,be)
if type(jt)~='number'then return nil end
p('HSET',KEYS[h+2],be,t)
if y=='0'or aq+0<at+0 then at=aq end
if aq+0>y+0 then y=aq end
end
local ap=string.format('%016.0f',k)
for c=1,bd do p('SETRANGE',KEYS[h+4],32+16*dx[c],ap)end
if ag<k then p('SET',co,string.format('%.0f',k))end
if not an then p('PEXPIRE',KEYS[h+4],604800000)end
end
be=i..':'..bt..':'..g
hl(h,at,y,br,v,be,y+0>r and y or i,b)
return{1,k,bt,''}
end,
['slots.extend']=function(h,ai,aj)
local g=ARGV[ai]
if ARGV[aj+4]~='0'or ARGV[aj-1]~='5'then return nil end
local an=p('GET',KEYS[h])
if not an or an.err then return nil end
local at,y,br,v,aq,t,be=string.match(an,gh)
if not at or p('HGET',KEYS[h+5],KEYS[h])then return nil end
local b=fh()
if(y~='0'and b>at+0)or(be~=''and aq+0<b)then return nil end
local r=b+ARGV[aj+1]
local i=string.format('%.0f',r)
if be==g then
if t~=ARGV[aj+2]then return nil end
if aq+0>=r then return 1 end
aq=i
if y+0>r then i=y end
else
if y=='0'or p('HGET',KEYS[h+2],g)~=ARGV[aj+2]then return nil end
local ae=p('ZSCORE',KEYS[h+3],g)
if type(ae)~='string'then return nil end
if ae+0>=r then return 1 end
p('ZADD',KEYS[h+3],i,g)
if y+0>=r then return 1 end
y=i
if aq+0>r then i=aq end
end
hl(h,at,y,br,v,aq..':'..t..':'..be,i,b)
return 1
end,
['slots.release']=function(h,ai,aj)
local g=ARGV[ai]
if ARGV[aj-1]~='3'then return nil end
local ad=p('MGET',KEYS[h],KEYS[h+6],KEYS[h+7])
if ad.err or ad[2]or ad[3]then return nil end
if not ad[1]then return 0 end
local at,y,br,v,aq,t,be=string.match(ad[1],gh)
if not at then return nil end
if be==g and y=='0'then
return p('DEL',KEYS[h])==1 and 1 or nil
end
if y=='0'then return nil end
local i,cb=y,t
if be==g then
if aq+0<y+0 and aq+0<fh()then return nil end
aq,t,be='0','',''
else
local ae=p('ZSCORE',KEYS[h+3],g)
cb=p('HGET',KEYS[h+2],g)
if type(cb)~='string'or type(ae)~='string'or ae+0<fh()then return nil end
p('ZREM',KEYS[h+3],g)
p('HDEL',KEYS[h+2],g)
if ae==y then
y=p('ZREVRANGE',KEYS[h+3],0,0,'WITHSCORES')[2]or'0'
if y=='0'then
at,br='0','0'
if be==''then return p('DEL',KEYS[h])and 1 end
end
end
i=aq+0>y+0 and aq or y
end
local cd=tonumber(cb)
if cd then
v=string.sub(v,1,cd)..'0'..string.sub(v,cd+2)
else
for bv,gb in string.gmatch(cb,'(%d+)%-?(%d*)')do
if gb==''then gb=bv end
v=string.sub(v,1,bv)..string.rep('0',gb-bv+1)..string.sub(v,gb+2)
end
end
hl(h,at,y,br,v,aq..':'..t..':'..be,i)
return 1
end
}
local go={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_11,
    PART_12,
    PART_13,
    PART_14,
    PART_15,
    `aa['slots.query']=function(a)
local b=bc()
local e,bf,x=fx(a)
local bn,w=hc(a[6],a[1],b)
local dz={em(a[8])}
local f=by(a[7],b,dm(math.huge))
for c=1,#f do
local n=cy(f,c)
if n[4]>=b then dz[#dz+1]=n[2]end
end
local z={1,bf or'',x or-2,w or 0,bn or 0,table.concat(dz,' ')}
local function hu(g,t,r)
if t and r>=b then
local j=#z
z[j+1],z[j+2],z[j+3]=g,t,r-b
end
end
if e.token~=''then hu(e.token,e.slots,e.deadline)end
if e.latest>0 then
local jm,ba={},redis.call('HGETALL',a[3])
for c=1,#ba,2 do jm[ba[c]]=ba[c+1]end
local bq=redis.call('ZRANGE',a[4],0,-1,'WITHSCORES')
for c=1,#bq,2 do
if bq[c]~=e.token then hu(bq[c],jm[bq[c]],tonumber(bq[c+1]))end
end
end
return z
end`,
    PART_5,
    PART_6,
  ],
  "2c7f06a50ff5f9d416f21852fb214c12516e801c",
  "f2dd996e1b772ffd1542c16edf7ff4e3532e3640",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_16,
    PART_3,
    `local function jh(m)
local cc=redis.pcall('GET',m)
return type(cc)=='string'and cc or''
end
local function ji(m,kc,l)
local dt=jh(m)
local ar=redis.call('TIME')
local b=string.format('%.0f',tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000))
if dt==kc then
dt=l(tonumber(b))
redis.call('SET',m,dt)
end
return{1,dt,b}
end
aa['marker.replace']=function(a,d)
return ji(a[1],d[1],function()return d[2]end)
end
aa['marker.lose']=function(a,d)
return ji(a[1],d[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(d[2]))
end)
end`,
    `aa['identify']=function(a)
local en=''
local function fy(lh)
local fn=redis.pcall('INFO',lh)
if type(fn)=='table'then fn,en='',fn.err end
return function(ke)return string.match(fn,'%f[%w_]'..ke..':([^\\r\\n]*)')or''end
end
local ga,jc,he=fy('server'),fy('memory'),fy('replication')
local ar=redis.call('TIME')
local o=ga('redis_mode')
if o==''then o=ga('server_mode')end
return{
1,ga('run_id'),tonumber(ga('uptime_in_seconds'))or-1,
tonumber(ar[1])*1000000+tonumber(ar[2]),
tonumber(fy('persistence')('aof_enabled'))or-1,
jc('maxmemory_policy'),tonumber(jc('maxmemory'))or-1,
he('role'),o,he('master_replid'),he('master_replid2'),
a[1]and jh(a[1])or'',en
}
end`,
    PART_12,
    `aa['counters.read']=function(a)
local z,b={1},bc()
for c=1,#a,2 do
local es,k=pcall(bl,a[c])
z[#z+1]=es and k and string.format('%.0f',k)or''
end
for c=2,#a,2 do
local cx,cf,cg=redis.pcall('HGETALL',a[c]),{},{}
for j=1,cx.err and 0 or#cx,2 do
cf[#cf+1],cg[cx[j]]=cx[j],cx[j+1]
end
table.sort(cf)
for al,q in ipairs(cf)do
local bn,w=gy(cg[q],b)
if bn then
for al,l in ipairs({c/2,q,string.format('%.0f',bn),w})do z[#z+1]=l end
end
end
end
return z
end
local function jg(a,d,at)
local t,b=#a/2,bc()
for c=1,t do
local m=a[2*c-1]
local es,k=pcall(bl,m)
if es and d[c]~=''then
if not k then at(m)end
ek(m,tonumber(d[c]))
end
end
for j=t+1,#d,4 do
pcall(ld,a[2*tonumber(d[j])],d[j+1],tonumber(d[j+2]),tonumber(d[j+3]),b)
end
return 1
end
aa['counters.raise']=function(a,d)
return jg(a,d,da)
end
aa['counters.restore']=function(a,d)
return jg(a,d,function()end)
end
aa['counters.lift']=function(a,d)
for c=1,#a do
local es,k=pcall(bl,a[c])
if es and k then ek(a[c],tonumber(d[1]))end
end
return 1
end`,
    `aa['set.note']=function(a,d)
local ca,de,iy=d[1],d[2],tonumber(d[3])
local ar=redis.call('TIME')
local b=tonumber(ar[1])*1000+math.floor(tonumber(ar[2])/1000)
local hj,ir,ik=b,false,false
local cs,ap={},redis.pcall('GET',a[1])
for ce in string.gmatch(type(ap)=='string'and ap or'','[^\\n]+')do
local ft,ab,y,ep,ky=string.match(ce,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
ab,y,ep=tonumber(ab),tonumber(y),tonumber(ep)
if ft and ab<=y and y<=b and b<ep and ep<=b+3600000 then
if ft==ca then
hj,ir=ab,b-y<tonumber(d[4])
elseif ft==de then
ik=true
else
cs[#cs+1]={ce,ft,y,ab,ep,ky}
end
end
end
local z,au,i={1},{},b+iy
for c=math.max(1,#cs-16+2),#cs do
local bf=cs[c]
au[#au+1]=bf[1]
i=math.max(i,bf[5])
z[#z+1]=bf[2]
z[#z+1]=bf[3]-math.max(bf[4],hj)
z[#z+1]=bf[5]-b
z[#z+1]=bf[6]
end
if not ir or ik then
au[#au+1]=string.format('%s %.0f %.0f %.0f %s',ca,hj,b,b+iy,d[5])
redis.call('SET',a[1],table.concat(au,'\\n'),'PX',string.format('%.0f',i-b))
end
return z
end`,
    PART_5,
    PART_6,
  ],
  "1ae0eeb49456f8975592c77eb11647c559f0c0af",
  "3837691e32dfc4ae519be7342a9ed61fb6d8061a",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_16,
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
    `local hr=8
local function ew(a,d)
local bg,bx,bm,bs={},{},{d[1]},{d[1]}
local af=tonumber(d[3])
for c,m in ipairs(a)do
if c<=hr then bg[c]=m
else bx[c-hr]=m end
end
for c=4,#d do
if c<4+af then bm[c-2]=d[c]
else bs[c-2-af]=d[c]end
end
return bg,bm,bx,bs
end
local function je(a,d,ab)
local e,bd,b=dg(redis.call('GET',a[1])),{},bc()
local al,kx=cz(a,e,d[1])
for c=ab,#d do
local t,r=cz(a,e,d[c])
if t and r>b then bd[#bd+1]={d[c],t,r}end
end
return(kx or 0)>=b,bd
end
local function kh(a,g,bd,b)
local e=dg(redis.call('GET',a[1]))
fk(a,e,g)
for al,gz in ipairs(bd)do dj(a,e,gz[1],gz[2],gz[3],b)end
ey(a,e,b)
end
local function iz(a,g,bd,bw,dq,bx,bs)
local bi,q=pcall(aa[dq],bx,bs)
if bi and(type(q)=='number'or q[1]==1)then return q end
if not bw then kh(a,g,bd,bc())end
if not bi then error(q,0)end
return nil,{0,q[2],q[3],q[4],q[5],2}
end
aa['quota.acquire']=function(a,d)
local bg,bm,bx,bs=ew(a,d)
local bw,bd=je(bg,bm,9)
local as=aa['slots.acquire'](bg,bm)
if as[1]==0 then return{0,as[2],as[3],as[4],as[5],1}end
local q,en=iz(bg,d[1],bd,bw,d[2],bx,bs)
if not q then
if#bd==0 and not bw then
local b=bc()
local w=eh(bg,tonumber(bm[6]),tonumber(bm[7]),b)
local e,f=dg(redis.call('GET',bg[1])),by(bg[7],b,dm(w))
ch(bg,e,f,as[3],w,b)
end
return en
end
if type(q)=='number'then return{1,math.abs(q),as[3],as[4],as[5]or''}end
return{1,q[2],as[3],as[4],as[5]or'',q[3],q[4],q[5]or''}
end
aa['quota.convert']=function(a,d)
local bg,bm,bx,bs=ew(a,d)
local bw,bd=je(bg,bm,7)
local as=aa['slots.extend'](bg,bm)
if as~=1 then return{0,as[2],as[3],'0','',1}end
local q,en=iz(bg,d[1],bd,bw,d[2],bx,bs)
return q and{1,math.abs(q),bm[4],'',''}or en
end
local function hx(a,d,dq)
local bg,bm,bx,bs=ew(a,d)
local as=aa[dq](bg,bm)
if as~=1 then return as end
return aa[d[2]](bx,bs)
end
aa['quota.commit']=function(a,d)return hx(a,d,'slots.commit')end
aa['quota.extend']=function(a,d)return hx(a,d,'slots.extend')end
aa['quota.release']=function(a,d)
local bg,bm,bx,bs=ew(a,d)
local bi,as=pcall(aa['slots.release'],bg,bm)
local q=aa[d[2]](bx,bs)
if not bi then error(as,0)end
return q~=0 and q or as
end`,
    `aa['quota.renew']=function(a,d)
local bg,bm,bx,bs=ew(a,d)
local q
for al,ej in ipairs({true,false})do
local as=aa['slots.renew'](bg,bm,ej)
if type(as)~='number'then return as end
q=aa[d[2]](bx,bs,ej)
if type(q)~='number'then return q end
end
return q
end`,
    PART_5,
    PART_6,
  ],
  "b8386eeb56eb0ce65476bf08e6aa8afaaec87f69",
  "201d2fdd7fa7499e0240bb412bf05ae63c8cb1e3",
);
