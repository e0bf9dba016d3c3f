// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local t=redis.pcall
local function ah(j)
local i=t('INCR',j)
if type(i)~='number'then return nil end
if i>1 and i<=9000000000000000 then return i end
if i==1 and not IS_CLUSTER then
local bt=t('GET',string.match(j,'^(.*)~fence:')..'~server')
local dp=type(bt)=='string'and string.match(bt,'^complete .* (%d+)$')
local cn=dp and t('SET',j,dp)
if cn and not cn.err then return tonumber(dp)end
end
local mu=t(i>1 and'DECR'or'DEL',j)
if type(mu)=='table'then t('DECR',j)end
return nil
end`;

const PART_2 = `if#KEYS<=fo and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local gt=fn[ARGV[1]]
local m=gt and gt(1,6+ARGV[5],6,#KEYS,ARGV[1])
if m then return m end
end`;

const PART_3 = `local function general()
local s={}
local function bl(j)
local h=redis.call('GET',j)
if not h then return nil end
local i=string.match(h,'^-?%d+$')and tonumber(h)
if not i or i>=9000000000000000 then
error('the fencing counter '..j..' cannot be counted up: '..h..'; delete it together with '
..string.match(j,'^(.*)~fence:')..'~server, on one server after another')
end
return i>0 and i or nil
end
local function ew(j,i)
redis.call('SET',j,string.format('%.0f',i))
end
local function fp(j)
if not IS_CLUSTER then
local bt=redis.pcall('GET',string.match(j,'^(.*)~fence:')..'~server')
if type(bt)~='table'or string.find(bt.err,'WRONGTYPE',1,true)then
return type(bt)=='string'and tonumber(string.match(bt,'^complete .* (%d+)$'))or nil
end
end
local am=redis.call('TIME')
local b=tonumber(am[1])*1000000+tonumber(am[2])
return math.max(1,b-b%16384)
end
local function cs(j)
local dp=fp(j)
if dp then return dp end
redis.call('DEL',j)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function fi(j,i)
local eo=bl(j)
if not eo then i=math.max(i,fp(j)or 0)end
if(eo or 0)<i then ew(j,i)end
end`;

const PART_4 = `local function ep(j)
local bg=redis.pcall('GET',j)
return type(bg)=='string'and bg or nil
end
local function hm(j,be,an)
an=math.max(an,20000)
local bg=ep(j)
if not bg then
redis.call('SET',j,be,'PX',an)
elseif string.find(' '..bg..' ',' '..be..' ',1,true)then
redis.call('PEXPIRE',j,math.max(redis.call('PTTL',j),an))
elseif#bg+1<256*(#be+1)then
redis.call('SET',j,bg..' '..be,'PX',math.max(redis.call('PTTL',j),an))
end
end
local function fa(j,be)
local bg=ep(j)
if not bg then return end
local dg={}
for bo in string.gmatch(bg,'%S+')do
if bo~=be then dg[#dg+1]=bo end
end
if#dg==0 then redis.call('DEL',j)
else redis.call('SET',j,table.concat(dg,' '),'PX',math.max(redis.call('PTTL',j),1))end
end
local function hj(j,mc)
local bg=ep(j)
if not bg then return false end
local ac=mc and string.match(bg,'[^%s~]%S*')or''
if string.sub(bg,1,1)=='~'then fa(j,'~')end
if ac~=''then fa(j,ac)end
redis.pcall('PUBLISH',j,ac)
return ac~=''
end`;

const PART_5 = `return s
end`;

const PART_6 = `local function mm(gt,k,fd,al,z,af,au)
local a,c={unpack(KEYS,k,k+fd-1)},{unpack(ARGV,al,al+z-1)}
for d=1,au do c[z+d]=ARGV[af+d-1]end
local bn,m=pcall(gt,a,c)
if bn then return m end
if type(m)=='table'then m=m.err or m[1]end
return{-1,tostring(m)}
end
local da,s,k,al={},nil,1,1
while al<=#ARGV do
local bv,dx,fd=ARGV[al],tonumber(ARGV[al+1]),tonumber(ARGV[al+2])
local z,au,af=tonumber(ARGV[al+3]),tonumber(ARGV[al+4]),al+5
al=af+au
local jm=fd<=fo
local jk=jm and fn[bv]
local jj=jm and dx>1 and hn[bv]
local ec=0
while ec<dx do
local ah=jj and jj(k,al,dx-ec,da)or 0
if ah==0 then
local m=jk and jk(k,al,af,fd,bv)
if not m then
s=s or general()
m=mm(s[bv],k,fd,al,z,af,au)
end
da[#da+1]=m
ah=1
end
k,al,ec=k+ah*fd,al+ah*z,ec+ah
end
end
return#da==1 and da[1]or da`;

const PART_7 = `local function ge(ad)return string.match(ad,'^%w+')or''end
local function dm(f,d)
local ao=f[d]
if type(ao)~='string'then return ao end
local ag,ad,dd,u,bj,bd=
string.match(ao,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local q
if dd and f.is_demand(dd)then
q={tonumber(ag),ad,dd,tonumber(u),tonumber(bj),tonumber(bd),false,ao}
else
q={0,'','',0,0,0,true,ao}
end
f[d]=q
return q
end
local function gd(f,q)
f.check=math.min(f.check,q[4]+1)
if q[5]>0 then f.check=math.min(f.check,q[5]+50+1)end
end
local function lj(f,b)
local hi,eq=0,{}
local ah=#f
f.check=math.huge
for d=1,ah do
local q=dm(f,d)
f[d]=nil
if q[4]>=b then
hi=hi+1
f[hi]=q
gd(f,q)
if q[5]>0 and b-q[5]>50 then
local be=ge(q[2])
eq[be]=math.max(eq[be]or 0,q[5])
q[7]=true
end
end
end
if not next(eq)then return end
for ak,q in ipairs(f)do
local be=ge(q[2])
if eq[be]and q[4]-3000>eq[be]then eq[be]=nil end
end
for ak,q in ipairs(f)do q[7]=q[7]or eq[ge(q[2])]~=nil end
end
local function cm(j,b,lw)
local ao=redis.pcall('GET',j)
local f={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=lw}
local ay,l,bd
if type(ao)=='string'then ay,l,bd=string.match(ao,'^(%d+) (%d+) (%d+);')end
if not ay then return f end
f.check,f.last,f.ticket=tonumber(ay),tonumber(l),tonumber(bd)
local ah=0
for de in string.gmatch(ao,';([^;]+)')do
ah=ah+1
f[ah]=de
end
if b>=f.check then lj(f,b)end
return f
end
local function dk(j,f,b)
if#f==0 then
redis.call('DEL',j)
return
end
local cv={string.format('%.0f %.0f %.0f',f.check,f.last,f.ticket)}
for d,q in ipairs(f)do
cv[d+1]=type(q)=='string'and q or q[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(q,1,6))
end
redis.call('SET',j,table.concat(cv,';'),'PX',math.max(1,f.last-b))
end
local function ht(q,ag,ad)
return q[1]>ag or(q[1]==ag and q[2]>ad)
end
local function jb(f,ad,ag,li)
local cb
for d=1,#f do
local q=dm(f,d)
if q[2]==ad or(ag and ht(q,ag,ad))then break end
if not q[7]and li(q[3])then
if cb then return cb,true end
cb=q
end
end
return cb,false
end
local function id(f,ad)
local ml=' '..ad..' '
for d,q in ipairs(f)do
if type(q)~='string'or string.find(q,ml,1,true)then
if dm(f,d)[2]==ad then return d end
end
end
end
local function gx(f,ad,b)
local n=ad~=''and id(f,ad)
if not n then return nil end
local q=dm(f,n)
q[4],q[5],q[7],q[8]=b+3000,0,false,nil
f.last=math.max(f.last,q[4])
return n
end
local function ks(f,ad,b)
local n=gx(f,ad,b)
if not n then return false end
local q=f[n]
q[5],q[7]=math.max(1,b-50-1),true
gd(f,q)
return true
end
local function hg(bd,aw)
if bd>=0 then return bd end
return-bd>aw and-bd<=aw+3000 and-bd or 0
end
local function kw(aw,b)
return aw==b and string.format('%.0f',b)or string.format('%.0f %.0f',aw,b)
end
local function kv(f,ad,dd,bd,ej,b,ab)
local n=gx(f,ad,b)
if n and f[n][6]>=bd then
f[n][3]=dd
return n
end
if n then table.remove(f,n)end
local di=hg(bd,ab)
if di==0 then di=ab+1 end
local ag=di-ej
n=#f+1
while n>1 and ht(dm(f,n-1),ag,ad)do n=n-1 end
local q={ag,ad,dd,b+3000,0,math.max(bd,0),false}
table.insert(f,n,q)
gd(f,q)
f.last,f.ticket=math.max(f.last,q[4]),math.max(f.ticket,di)
f[256+1]=nil
return n
end
local function kf(f,ad)
local n=id(f,ad)
if n then table.remove(f,n)end
return n~=nil
end
local function kl(f,cx,b)
local bj,gf,hv={},{},false
for d=1,#f do
local q=dm(f,d)
if not q[7]then
local be=ge(q[2])
hv=hv or not cx(q[3])
if hv then
if not next(gf)then break end
if not gf[be]then return bj,true,q[2]end
else
if q[5]<=0 then
q[5],q[8]=b,nil
gd(f,q)
bj[#bj+1]=q
end
gf[be]=true
end
end
end
return bj,next(gf)~=nil,nil
end
local function ky(cv,ez)
return table.concat(cv,' ')..(ez and' ~'..ez or'')
end`;

const PART_8 = `local hb={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function ei(ao)return hb[ao]end
local function jg(mh,bo)return string.find(hb[mh],' '..bo..' ',1,true)end
local function mb(mg)
local gk={}
return function(o)
if gk[o]==nil then gk[o]=not mg(o)end
if not gk[o]then return false end
for bo in string.gmatch(hb[o],'%u+')do gk[bo]=false end
return true
end
end`;

const PART_9 = `local dc,gb='~s','~p'
local dl,gc=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local ix={'IS','IX','SIX','S'}
local he={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=ix}
local function aq()
local am=redis.call('TIME')
return tonumber(am[1])*1000+math.floor(tonumber(am[2])/1000)
end
local function gr(ao)
local ar={}
for o in string.gmatch(ao,'%u+')do
if not he[o]then error('unknown mode '..o,0)end
ar[#ar+1]=o
end
return ar
end
local function el(a,ah,et)
local bb={['fences']={unpack(a,ah*et+1)}}
for d=1,ah do
local k=(d-1)*et
bb[d]={['lock']=a[k+1],['shared']=a[k+2],['line']=a[k+3],['wake']=et>3 and a[k+4]}
end
return bb
end
local function eu(c,ac)
local z={c[1],[c[1]]=true}
for d=ac,#c do
z[#z+1]=c[d]
z[c[d]]=true
end
return z
end
local function er(h)
if not h or string.sub(h,1,3)~='~s 'then return nil end
local o,g=string.match(h,'^~s (%u+) (.*)$')
if he[o]then return o,g end
end
local function ga(ct)return string.format('%.0f',ct)end
local function kb(j,o,ah)
local ae=gc[o]*dl
return redis.pcall('ZREVRANGEBYSCORE',j,'('..ga(ae+dl),ga(ae),'WITHSCORES','LIMIT',0,ah),ae
end
local function gs(x,o,z,b)
local h=redis.call('GET',x.lock)
if h and(h==gb or string.sub(h,1,3)==gb..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local ds,bf=er(h)
if bf then
local p=not z[bf]and redis.call('PTTL',x.lock)
if p and(p==-1 or jg(o,ds))then return p,bf end
return nil
end
if z[h]then return nil end
if h and h~=dc then return redis.call('PTTL',x.lock),h end
local l,aj
if not h and redis.call('EXISTS',x.shared)==0 then return nil end
for ak,mr in ipairs(he[o])do
local v,ae=kb(x.shared,mr,#z+1)
if v.err then error(v.err,0)end
for d=1,#v,2 do
local u=tonumber(v[d+1])-ae
if not z[v[d]]then
if u>=b and(not l or u>l)then l,aj=u,v[d]end
break
end
end
end
if l then return l-b,aj end
end
local function kd(x,b)
local ab
if redis.call('EXISTS',x.shared)==0 then return nil end
for ak,o in ipairs(ix)do
local v,ae=kb(x.shared,o,1)
local ag=tonumber(v[2])
if ag and ag-ae>=b then ab=math.max(ab or 0,ag-ae)end
end
return ab
end
local function hu(x,o,z)
local h=redis.call('GET',x.lock)
if o=='X'then return z[h]end
local ds,bf=er(h)
if bf then return z[bf]and ds==o end
for ak,g in ipairs(z)do
local ag=redis.call('ZSCORE',x.shared,g)
if ag and math.floor(tonumber(ag)/dl)==gc[o]then return true end
end
return false
end
local function ly(x,z)
local h=redis.call('GET',x.lock)
local ak,bf=er(h)
if bf then return z[bf]end
if z[h]then return true end
for ak,g in ipairs(z)do
if redis.call('ZSCORE',x.shared,g)then return true end
end
return false
end
local function ja(j,o,g,u,b)
local ae=gc[o]*dl
redis.call('ZREMRANGEBYSCORE',j,ga(ae),'('..ga(ae+b))
redis.call('ZADD',j,ga(ae+u),g)
if redis.call('PTTL',j)<u-b then redis.call('PEXPIRE',j,u-b)end
end
local function hr(x,o,z,an,b)
local r,au,g,cy=x.lock,x.shared,z[1],false
local h=redis.call('GET',r)
local u=b+an
local ds,bf=er(h)
local aj,lu=bf or h,ds or'X'
if z[aj]then
local p=redis.call('PTTL',r)
if p==-1 and aj==g and o==lu then return false end
u=math.max(u,b+p)
if bf==g and o==ds then
redis.call('SET',r,h,'PX',u-b)
return false
end
cy=aj~=g
h=nil
elseif bf then
local p=math.max(1,redis.call('PTTL',r))
ja(au,ds,bf,b+p,b)
redis.call('SET',r,dc,'PX',p)
h=dc
end
if h~=dc and(o~='X'or bf)and redis.call('EXISTS',au)==0 then
redis.call('SET',r,o=='X'and g or'~s '..o..' '..g,'PX',u-b)
return cy
end
for d,de in ipairs(z)do
local ag=(d>1 or o~='X')and redis.call('ZSCORE',au,de)
if ag then
u=math.max(u,tonumber(ag)%dl)
if d>1 then
redis.call('ZREM',au,de)
cy=true
end
end
end
if o=='X'then
redis.call('SET',r,g,'PX',u-b)
return cy
end
ja(au,o,g,u,b)
if h~=dc then
redis.call('SET',r,dc,'PX',kd(x,b)-b)
else
local p=redis.call('PTTL',r)
if p>=0 and p<u-b then redis.call('PEXPIRE',r,u-b)end
end
return cy
end
local function cj(x,z,b)
local r,br=x.lock,false
local h=redis.pcall('GET',r)
if type(h)=='table'then
if string.find(h.err,'WRONGTYPE',1,true)then return false,false end
error(h.err,0)
end
local ak,bf=er(h)
if z[bf or h]then
redis.call('DEL',r)
h,br=false,true
end
if bf or(br and#z==1)then return br,br end
local gn=false
for ak,g in ipairs(z)do
local ag=redis.pcall('ZSCORE',x.shared,g)
if type(ag)=='string'then
redis.call('ZREM',x.shared,g)
gn=true
if tonumber(ag)%dl>=b then br=true end
end
end
if h and h~=dc then return br,false end
local ab=gn and kd(x,b)
if ab then
local p=redis.call('PTTL',r)
local gm=p>ab-b+1
if p<0 or gm then redis.call('SET',r,dc,'PX',math.max(1,ab-b))end
return br,false,gm
end
if gn and h then redis.call('DEL',r)end
return br,gn or br
end`;

const PART_10 = `local iu={}
local function cw(x,f,b)
if#f==0 then return{},false end
local bj,cx,ez=kl(
f,mb(function(o)return gs(x,o,iu,b)end),b)
for d,q in ipairs(bj)do bj[d]=q[2]end
if#bj>0 then
dk(x.line,f,b)
redis.pcall('PUBLISH',x.wake,ky(bj,ez))
end
return bj,cx
end
local function lh(x,o,z,ad,ag,f,b)
local p,aj=gs(x,o,z,b)
if p or#f==0 or ly(x,z)then return p,aj end
local cb,lt=jb(f,ad,ag,function(bo)return jg(bo,o)end)
if not cb then return nil end
if x.wake then cw(x,f,b)end
if lt then return-1,''end
if cb[5]>0 then return math.max(0,50-b+cb[5]),''end
p,aj=gs(x,cb[3],iu,b)
return p and-1 or 50,aj or''
end
local function lo(jl,ar,ck)
local i,ci,aw=0,false,{}
for ak,o in ipairs(ar)do
if(o=='X'or o=='SIX')and not ck then ci=true end
end
for d,j in ipairs(jl)do
local l=bl(j)
aw[d]=l or 0
i=math.max(i,l and(ci and l+1 or l)or cs(j))
end
for d,j in ipairs(jl)do
if aw[d]~=i then ew(j,i)end
end
return i
end
s['modes.acquire']=function(a,c)
local an,ad,bd,ej=tonumber(c[2]),'',0,0
if c[4]~=''then
ad,bd,ej=string.match(c[4],'^(%S*) (%S+) (%S+)$')
bd,ej=tonumber(bd),tonumber(ej)
end
local ar,z,lf,b=gr(c[3]),eu(c,5),{c[1],[c[1]]=true},aq()
local bb=el(a,#ar,ad==''and 3 or 4)
local ba,aw,n,bc,aj={},b,nil,nil,nil
local ck,cy=true,false
for d=1,#ar do
ba[d]=cm(bb[d].line,b,ei)
aw=math.max(aw,ba[d].ticket)
end
local di=hg(bd,aw)
local ag=di>0 and di-ej or nil
for d,o in ipairs(ar)do
local x=bb[d]
local p,mw=lh(x,o,z,ad,ag,ba[d],b)
if p then
n=n or d
if not aj or(bc~=-1 and(p==-1 or p>bc))then
bc,aj=p,mw
end
elseif not hu(x,o,lf)then
ck=false
end
end
local ce,fx=n or#ar,nil
if ad~=''then
fx=kv(ba[ce],ad,ar[ce],bd,ej,b,aw)
if not n and ba[ce][fx]then ba[ce][fx][5]=-1 end
dk(bb[ce].line,ba[ce],b)
end
if n then
if ad~=''then pcall(hm,bb[n].wake,ad,an)end
return{0,bc,aj,kw(aw,b),fx and fx-1 or#ba[n]}
end
local i=lo(bb.fences,ar,ck)
for d,o in ipairs(ar)do
local x=bb[d]
if hr(x,o,z,an,b)then cy=true end
if d~=ce and gx(ba[d],ad,b)then dk(x.line,ba[d],b)end
end
return cy and-i or i
end
s['modes.convert']=s['modes.acquire']
s['modes.commit']=function(a,c)
local ar,z=gr(c[3]),{c[1],[c[1]]=true}
local bb=el(a,#ar,4)
for d,o in ipairs(ar)do
if not hu(bb[d],o,z)then return{0}end
end
for ak,j in ipairs(bb.fences)do
if not bl(j)then cs(j)end
fi(j,tonumber(c[2]))
end
return 1
end
s['modes.extend']=function(a,c)
local i,an,ar=tonumber(c[2]),tonumber(c[3]),gr(c[4])
local bb,z,b,bs=el(a,#ar,4),eu(c,5),aq(),true
for d,o in ipairs(ar)do
local p,aj=gs(bb[d],o,z,b)
if p then return{0,p,aj}end
bs=bs and hu(bb[d],o,z)
end
for ak,j in ipairs(bb.fences)do
local hq=not bs and(bl(j)or fp(j))
if hq then fi(j,i)end
end
for d,o in ipairs(ar)do
local x=bb[d]
if hr(x,o,z,an,b)then cw(x,cm(x.line,b,ei),b)end
end
return 1
end
local function ke(x,f,ad,b)
local jo=kf(f,ad)
if jo then dk(x.line,f,b)end
pcall(fa,x.wake,ad)
return jo
end
s['modes.release']=function(a,c)
local ad,z,b=c[2],eu(c,3),aq()
local br,fb,js=false,false,string.find(ad,'.',1,true)
for ak,x in ipairs(el(a,#a/4,4))do
local bs,lx,gm=cj(x,z,b)
local ba=(bs or js)and redis.pcall('MGET',x.line,x.wake)
if bs then br=true end
if ba and(ba[1]or ba[2])then
local f=cm(x.line,b,ei)
if js then ke(x,f,ad,b)end
local bn,bj,cx=pcall(cw,x,f,b)
if not bn then bj,cx={},false end
for ak,bo in ipairs(bj)do
if bo~=ad then fb=true end
end
if lx and not cx and hj(x.wake,ad~='')then fb=true end
if gm and#bj==0 then redis.pcall('PUBLISH',x.wake,'')end
end
end
if not br then return 0 end
return fb and-1 or 1
end
s['modes.releaseAll']=s['modes.release']
s['modes.leave']=function(a,c)
local b=aq()
for ak,x in ipairs(el(a,#a/4,4))do
local f=cm(x.line,b,ei)
if ke(x,f,c[1],b)then pcall(cw,x,f,b)end
end
return 1
end`;

const PART_11 = `local function lv(x,o,g,b)
local h=redis.call('GET',x.lock)
if h~=dc then
local ds,bf=er(h)
return(bf or h)==g and(ds or'X')==o
end
local ag=o~='X'and redis.call('ZSCORE',x.shared,g)
if not ag then return false end
return math.floor(tonumber(ag)/dl)==gc[o]and tonumber(ag)%dl>=b
end
s['modes.renew']=function(a,c,fg)
local g,ar,b,i=c[1],gr(c[3]),aq(),1
local bb=el(a,#ar,3)
for d,o in ipairs(ar)do
if not lv(bb[d],o,g,b)then
local h=redis.call('GET',bb[d].lock)
local ak,bf=er(h)
local aj=bf or h~=dc and h or''
if string.sub(aj,1,3)==gb..' 'then aj=gb end
return{0,redis.call('PTTL',bb[d].lock),aj}
end
end
for ak,j in ipairs(bb.fences)do i=math.max(i,bl(j)or 1)end
if fg then return i end
for d,o in ipairs(ar)do hr(bb[d],o,{g,[g]=true},tonumber(c[2]),b)end
return i
end`;

const PART_12 = `local fo=8
local hf='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local le='^~p %d+ 0 %d+ [01]* %d+:[%d -]*:'
local lc=8
local as,fr
local function bq(...)
if as then return end
local m=t(...)
if type(m)=='table'and m.err then as=fr and{-1,m.err}or{}else fr=true end
end
local function gg()
local am=t('TIME')
return am[1]*1000+math.floor(am[2]/1000)
end
local function iq(k,ay,ab,cd,w,ap,l,b)
if b and ab~='0'and l+0>cd+0 then
cd=string.format('%.0f',l+math.max(1,l-b))
bq('PEXPIREAT',KEYS[k+2],cd)
bq('PEXPIREAT',KEYS[k+3],cd)
bq('PEXPIRE',KEYS[k+4],604800000)
end
bq('SET',KEYS[k],'~p '..ay..' '..ab..' '..cd..' '..w..' '..ap,'PXAT',l)
end
local function ff(k,al,af,ak,bv,ho)
as,fr=nil,nil
if bv=='slots.acquire'then
local ci=ho
if ARGV[af+1]~=''or ARGV[af+5]~='0'or ARGV[af+6]~=''or ARGV[af-1]~='7'then return nil end
local g,bk,aa,cr=ARGV[al],ARGV[af+3]+0,ARGV[af+4]+0,KEYS[k+1]
if bk>lc or bk>aa then return nil end
local at,b=t('GET',KEYS[k]),gg()
local ay,ab,cd,w,av,y,ap='0','0','0','','0','',''
local hp=true
if at then
if at.err then return nil end
ay,ab,cd,w,av,y,ap=string.match(at,hf)
if not ay or ap==g then return nil end
if(ab~='0'and b>ay+0)or(ap~=''and av+0<b)then return nil end
if ab~='0'and t('HGET',KEYS[k+2],g)then return nil end
elseif t('EXISTS',unpack(KEYS,k+4,ci and k+10 or k+6))==0 then
hp=false
end
if hp and ci and t('EXISTS',KEYS[k+8],KEYS[k+9],KEYS[k+10])~=0 then return nil end
local jq=string.find(g,'^%x%x%x%x%x%x%x%x%x%x%x%x')
local ca=jq and tonumber(string.sub(g,1,6),16)%aa or 0
local bm,es=ca,nil
local bw,du={},bk==1 and'1'or'2'
for ak=1,64 do
local jd=string.byte(w,bm+1)
if not jd then
w=w..string.rep('0',bm-#w)..du
bw[#bw+1]=bm
elseif jd==48 then
w=string.sub(w,1,bm)..du..string.sub(w,bm+2)
bw[#bw+1]=bm
end
if#bw==bk then break end
es=es or jq and 1+tonumber(string.sub(g,7,12),16)%aa or 1
bm=(bm+es)%aa
end
local bx,ea=ca,aa
while#bw<bk do
bm=(string.find(w,'0',bx+1,true)or#w+1)-1
if bm<ea then
w=string.sub(w,1,bm)..du..string.sub(w,bm+2)
bw[#bw+1]=bm
elseif ea==aa and ca>0 then
bx,ea=0,ca
else
return nil
end
end
local ch=bw[1]..''
if bk>1 then
ch=''
local bx,l=string.find(w,'2+')
while bx do
ch=ch..(ch==''and''or' ')..bx-1 ..(bx==l and''or'-'..l-1)
bx,l=string.find(w,'2+',l+1)
end
w=string.gsub(w,'2','1')
end
local u,i,fv=b+ARGV[af],nil,nil
local l=string.format('%.0f',u)
if not hp then
if ci then
local h=t('GET',cr)
local ae=type(h)=='string'and string.find(h,'^%d+$')and h+0
if not ae or ae<1 or ae+1>=9000000000000000 then return nil end
i=ae+1+ci
bq('SET',cr,string.format('%.0f',i))
else
i=ah(cr)
if not i then return nil end
fr=true
end
else
local v
if IS_CLUSTER then
v=t('MGET',cr,KEYS[k+6])
else
local mn=string.sub(cr,1,string.find(cr,'~fence:',1,true)-1)
v=t('MGET',cr,KEYS[k+6],mn..'~server')
end
if v.err or v[2]or t('HGET',KEYS[k+5],KEYS[k])then return nil end
local ae=v[1]and string.find(v[1],'^%d+$')and v[1]+0
if not ae or ae<1 or ae>=9000000000000000 then return nil end
local az=v[3]and string.match(v[3],'^complete %S+ %S+ (%S+) ')or''
if#az~=32 then az=string.format('%-32.32s',az)end
if t('GETRANGE',KEYS[k+4],0,31)~=az then return nil end
i=ae-ae%16384
for d=1,bk do
local n=32+16*bw[d]
i=math.max(i,tonumber(t('GETRANGE',KEYS[k+4],n,n+15))or ae)
end
i=i+1
local kc=math.max(ae,i)
if ci and kc>=9000000000000000 then return nil end
local jr=ab~='0'
if ap~=''then fv=ap end
if fv and jr then bq('ZADD',KEYS[k+3],av,ap)end
local ao=string.format('%016.0f',i)
for d=1,bk do bq('SETRANGE',KEYS[k+4],32+16*bw[d],ao)end
if ci then i=kc+ci end
if ae<i then bq('SET',cr,string.format('%.0f',i))end
if fv then
if not jr then
bq('DEL',KEYS[k+2],KEYS[k+3])
bq('ZADD',KEYS[k+3],av,ap)
end
bq('HSET',KEYS[k+2],ap,y)
if ab=='0'or av+0<ay+0 then ay=av end
if av+0>ab+0 then ab=av end
end
if not at then bq('PEXPIRE',KEYS[k+4],604800000)end
end
ap=l..':'..ch..':'..g
iq(k,ay,ab,cd,w,ap,ab+0>u and ab or l,b)
if as then
if fv and fr then t('ZREM',KEYS[k+3],fv)end
return as[1]and as
end
return{1,i,ch,'',ci and''}
end
if bv=='slots.extend'then
local g=ARGV[al]
if ARGV[af+4]~='0'or ARGV[af-1]~='5'then return nil end
local at=t('GET',KEYS[k])
if not at or at.err then return nil end
local ay,ab,cd,w,av,y,ap=string.match(at,hf)
if not ay or t('HGET',KEYS[k+5],KEYS[k])then return nil end
local b=gg()
if(ab~='0'and b>ay+0)or(ap~=''and av+0<b)then return nil end
local u=b+ARGV[af+1]
local l=string.format('%.0f',u)
if ap==g then
if y~=ARGV[af+2]then return nil end
if av+0>=u then return 1 end
av=l
if ab+0>u then l=ab end
else
if ab=='0'or t('HGET',KEYS[k+2],g)~=ARGV[af+2]then return nil end
local ag=t('ZSCORE',KEYS[k+3],g)
if type(ag)~='string'then return nil end
if ag+0>=u then return 1 end
bq('ZADD',KEYS[k+3],l,g)
if as then return as[1]and as end
if ab+0>=u then return 1 end
ab=l
if av+0>u then l=av end
end
iq(k,ay,ab,cd,w,av..':'..y..':'..ap,l,b)
if as then return as[1]and as end
return 1
end
local g=ARGV[al]
if ARGV[af-1]~='3'then return nil end
local v=ho or t('MGET',KEYS[k],KEYS[k+6],KEYS[k+7])
if v.err or v[2]or v[3]then return nil end
if not v[1]then return 0 end
local ak,jt=string.find(v[1],le)
if jt then
if string.sub(v[1],jt+1)~=g then return nil end
if ho then return t('DEL',KEYS[k],KEYS[k+8])==2 and 2 or nil end
return t('DEL',KEYS[k])==1 and 1 or nil
end
local ay,ab,cd,w,av,y,ap=string.match(v[1],hf)
if not ay then return nil end
local l,cp=ab,y
if ap==g then
if av+0<ab+0 and av+0<gg()then return nil end
av,y,ap='0','',''
else
local ag=t('ZSCORE',KEYS[k+3],g)
cp=t('HGET',KEYS[k+2],g)
if type(cp)~='string'or type(ag)~='string'or ag+0<gg()then return nil end
bq('ZREM',KEYS[k+3],g)
bq('HDEL',KEYS[k+2],g)
if ag==ab then
ab=t('ZREVRANGE',KEYS[k+3],0,0,'WITHSCORES')[2]or'0'
if ab=='0'then
ay,cd='0','0'
if ap==''then
bq('DEL',KEYS[k])
if as then return as[1]and as end
return 1
end
end
end
l=av+0>ab+0 and av or ab
end
local bm=tonumber(cp)
if bm then
w=string.sub(w,1,bm)..'0'..string.sub(w,bm+2)
else
for bx,ea in string.gmatch(cp,'(%d+)%-?(%d*)')do
if ea==''then ea=bx end
w=string.sub(w,1,bx)..string.rep('0',ea-bx+1)..string.sub(w,ea+2)
end
end
iq(k,ay,ab,cd,w,av..':'..y..':'..ap,l)
if as then return as[1]and as end
return 1
end
local fn={['slots.acquire']=ff,['slots.extend']=ff,['slots.release']=ff}
local hn={}`;

const PART_13 = `local db,dt,hc,lb='0','1','2',48
local ld=64
local function dw(ao)
local md=string.gmatch(ao,'(%d+)%-?(%d*)')
return function()
local ac,l=md()
if ac then return tonumber(ac),tonumber(l)or tonumber(ac)end
end
end
local function kr(w,du)
local il,bx,l={},string.find(w,du..'+')
while bx do
il[#il+1]=bx==l and tostring(bx-1)or string.format('%d-%d',bx-1,l-1)
bx,l=string.find(w,du..'+',l+1)
end
return table.concat(il,' ')
end
local function dh(w,y,du)
local en,n={},0
for ac,l in dw(y)do
if ac<n then w,en,n=table.concat(en)..string.sub(w,n+1),{},0 end
if ac>#w then w=w..string.rep(db,ac-#w)end
en[#en+1]=string.sub(w,n+1,ac)
en[#en+1]=string.rep(du,l-ac+1)
n=l+1
end
return table.concat(en)..string.sub(w,n+1)
end
local function lg(w,y)
for ac,l in dw(y)do
if string.find(string.sub(w,ac+1,l+1),dt,1,true)then return false end
end
return true
end
local function fq(w,aa)
return#string.gsub(string.sub(w,1,aa),dt..'+','')
end
local function ll(y)
local hz=0
for ak,l in dw(y)do hz=math.max(hz,l+1)end
return hz
end
local function mi(g,aa)
local ca,es=string.match(g,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not ca then return 0,1 end
return tonumber(ca,16)%aa,1+tonumber(es,16)%aa
end
local function jf(w,ai,aa,ie,z,g)
local df=ai
local function fz(ac,l)
l=math.min(l,aa-1)
if df==0 or ac>l then return end
local ms,ah=string.gsub(string.sub(w,ac+1,l+1),db,hc,df)
if ah==0 then return end
w,df=string.sub(w,1,ac)..ms..string.sub(w,l+2),df-ah
end
for ac,l in dw(ie)do fz(ac,l)end
if z then
for ac,l in dw(z)do fz(ac,l)end
else
local ca,es=mi(g,aa)
for d=0,ld-1 do
if df==0 then break end
local bm=(ca+d*es)%aa
if string.byte(w,bm+1)==lb then fz(bm,bm)end
end
fz(ca,aa-1)
fz(0,ca-1)
end
if df>0 then return nil end
return kr(w,hc),(string.gsub(w,hc,dt))
end`;

const PART_14 = `local it='~'
local function aq()
local am=redis.call('TIME')
return tonumber(am[1])*1000+math.floor(tonumber(am[2])/1000)
end
local function ib(ao,b)
local bz,aa,ha=string.match(ao,'^(%d+) (%d+) (%d+)$')
if bz and tonumber(ha)+604800000+86400000>=b then return tonumber(bz),tonumber(aa),tonumber(ha)end
end
local function ih(j,r,b)
return ib(redis.call('HGET',j,r)or'',b)
end
local function is(j,r,bz,aa,b)
local jh=tonumber(redis.call('HGET',j,it)or'')
if not jh or jh+86400000<b then
local bh=redis.call('HGETALL',j)
for d=1,#bh,2 do
if not ib(bh[d+1],b)then redis.call('HDEL',j,bh[d])end
end
redis.call('HSET',j,it,string.format('%.0f',b))
end
redis.call('HSET',j,r,string.format('%.0f %.0f %.0f',bz,aa,b))
redis.call('PEXPIRE',j,604800000+86400000)
end
local function mo(j,r,bz,aa,b)
if bz>(ih(j,r,b)or 0)then is(j,r,bz,aa,b)end
end`;

const PART_15 = `local iv='~p'
local ex,ey=16,32
local function lz(at)
return at==iv or string.sub(at,1,3)==iv..' '
end
local function dz(at)
local ay,ab,cd,w,u,y,g=
string.match(at or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(ay)or 0,['latest']=tonumber(ab)or 0,['kept']=tonumber(cd)or 0,['map']=w or'',
['deadline']=tonumber(u)or 0,['slots']=y or'',['token']=g or'',
['is_new']=not g,['is_other']=at and not lz(at)
}
end
local function fy(a,e,b)
local l=math.max(e.latest,e.deadline)
if l==0 then
redis.call('DEL',a[1])
return 0
end
local ka=e.latest>0 and l>e.kept
if ka then
e.kept=l+math.max(1,l-b)
for n=3,4 do redis.call('PEXPIREAT',a[n],string.format('%.0f',e.kept))end
end
if ka or e.is_new then redis.call('PEXPIRE',a[5],604800000)end
redis.call('SET',a[1],string.format('~p %.0f %.0f %.0f %s %.0f:%s:%s',e.check,e.latest,e.kept,e.map,
e.deadline,e.slots,e.token),'PXAT',string.format('%.0f',l))
return l
end
local function dn(a,e,g)
if g==e.token then return e.slots,e.deadline end
local y=e.latest>0 and redis.call('HGET',a[3],g)
local u=y and redis.call('ZSCORE',a[4],g)
if u then return y,tonumber(u)end
end
local function je(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function gi(a,e,g)
local y,u=dn(a,e,g)
if not y then return nil end
e.map=dh(e.map,y,db)
if g==e.token then
e.deadline,e.slots,e.token=0,'',''
return y,u
end
redis.call('ZREM',a[4],g)
redis.call('HDEL',a[3],g)
if u==e.latest then
e.latest=tonumber(redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2])or 0
if e.latest==0 then e.check,e.kept=0,0 end
end
return y,u
end
local function gj(a,e,b)
local ef=false
if e.token~=''and e.deadline<b then
e.map=dh(e.map,e.slots,db)
e.deadline,e.slots,e.token,ef=0,'','',true
end
if e.latest>0 and b>e.check then
local lk=redis.call('ZRANGEBYSCORE',a[4],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for ak,g in ipairs(lk)do
e.map=dh(e.map,redis.call('HGET',a[3],g)or'',db)
redis.call('HDEL',a[3],g)
redis.call('ZREM',a[4],g)
end
local ac=redis.call('ZRANGE',a[4],0,0,'WITHSCORES')[2]
local l=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,ef=tonumber(ac)or 0,tonumber(l)or 0,true
if not ac then e.kept,e.map=0,dh('',e.slots,dt)end
end
if ef then fy(a,e,b)end
end
local function ii(a,e,g,u,b)
local ef=false
if g==e.token then
if e.deadline<u then e.deadline,ef=u,true end
elseif tonumber(redis.call('ZSCORE',a[4],g))<u then
redis.call('ZADD',a[4],string.format('%.0f',u),g)
if e.latest<u then e.latest,ef=u,true end
end
if ef then fy(a,e,b)end
end
local function ee(a,e,g,y,u,b)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=u,y,g,dh(e.map,y,dt)
fy(a,e,b)
end
local function kn(a)
local az=''
if not IS_CLUSTER then
local bt=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
az=type(bt)=='string'and string.match(bt,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..ey..'.'..ey..'s',az)
end
local function hk(a)
return redis.call('GETRANGE',a[5],0,ey-1)==kn(a)
end
local function ft(a,y,ae)
if not hk(a)then return ae end
local hx=ae-ae%16384
for ac,l in dw(y)do
local ao=redis.call('GETRANGE',a[5],ey+ex*ac,ey+ex*(l+1)-1)
for d=0,l-ac do
local ah=tonumber(string.sub(ao,ex*d+1,ex*(d+1)))
hx=math.max(hx,ah or ae)
end
end
return hx
end
local function ir(a,y,ah,ae)
if not hk(a)then redis.call('SET',a[5],kn(a),'PX',604800000)end
local ao=string.format('%0'..ex..'.0f',ah)
for ac,l in dw(y)do
redis.call('SETRANGE',a[5],ey+ex*ac,string.rep(ao,l-ac+1))
end
if ae<ah then ew(a[2],ah)end
end`;

const PART_16 = `local hd='~s'
local function eu(c,ac)
local z={c[1]}
for d=ac,#c do z[#z+1]=c[d]end
return z
end
local function gv(a)
local at=redis.call('GET',a[1])
if at and(at==hd or string.sub(at,1,3)==hd..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
local e=dz(at)
if e.is_other then return e,at,redis.call('PTTL',a[1])end
return e,nil,nil
end
local function fe(a,aa,bz,b)
local aw,ah,ha=ih(a[6],a[1],b)
if bz>(aw or 0)then
aw,ah=bz,aa
is(a[6],a[1],aw,ah,b)
elseif aw and ha+86400000<b then
is(a[6],a[1],aw,ah,b)
end
if not aw then return aa,''end
return ah,string.format('%.0f %.0f',aw,ah)
end
local function gu(w,dx)
return w..string.rep(db,dx-#w)
end
local function lq(a,e,df,b)
local cc=e.latest>0 and redis.call('ZRANGE',a[4],0,64-1,'WITHSCORES')or{}
if e.token~=''then
local n=1
while cc[n]and tonumber(cc[n+1])<=e.deadline do n=n+2 end
table.insert(cc,n,e.token)
table.insert(cc,n+1,e.deadline)
end
local l=-1
for d=1,#cc,2 do
l=tonumber(cc[d+1])
local y=cc[d]==e.token and e.slots or redis.call('HGET',a[3],cc[d])or''
for ac,lm in dw(y)do df=df-(lm-ac+1)end
if df<=0 then break end
end
return l<0 and-1 or math.max(0,l-b),cc[1]or''
end
local function eg(aa)
return function(ao)
local ah=tonumber(ao)
return ah and ah<=aa
end
end
local function cw(a,e,f,cp,aa,b)
if#f==0 then return 0,false end
local w=gu(e.map,aa)
local cj=e.is_other and 0 or fq(w,aa)
local bj,cx,ez=kl(f,function(dd)
cj=cj-tonumber(dd)
return cj>=0
end,b)
local cv={}
for d,q in ipairs(bj)do
local y,mq=jf(w,tonumber(q[3]),aa,cp,'0-'..aa-1)
w=mq or w
cv[d]=q[2]..':'..string.gsub(y or'',' ',',')
end
if#cv>0 then
dk(a[7],f,b)
redis.pcall('PUBLISH',a[8],ky(cv,ez))
end
return#cv,cx
end
s['slots.acquire']=function(a,c)
local g,an,ad,bd,ai=c[1],tonumber(c[2]),c[3],tonumber(c[4]),tonumber(c[5])
local ie,go,z,b=c[8],#c>8,eu(c,9),aq()
local e,aj,bc=gv(a)
local aa,fu=fe(a,tonumber(c[6]),tonumber(c[7]),b)
if ai>aa then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',aa,ai),0)end
gj(a,e,b)
local f=cm(a[7],b,eg(aa))
local aw=math.max(b,f.ticket)
local di=hg(bd,aw)
local w=gu(e.map,aa)
local y,ch=dn(a,e,g),nil
if aj then
if ad~=''then pcall(hm,a[8],ad,an)end
elseif y then
local i=ft(a,y,bl(a[2])or cs(a[2]))
ii(a,e,g,b+an,b)
if ks(f,ad,b)then dk(a[7],f,b)end
return{1,i,y,fu,go and w or nil}
else
local dj,co=w,''
for d=2,#z do
local bi=dn(a,e,z[d])or''
dj,co=dh(dj,bi,db),co..' '..bi
end
local cb
if#f>0 and not go then
local cj=fq(dj,aa)
cb=cj>=ai and jb(f,ad,di>0 and di or nil,function(dd)
cj=cj-tonumber(dd)
return cj<ai
end)
end
if not cb then ch=jf(dj,ai,aa,ie,go and co or nil,g)end
if ch then
local ae=bl(a[2])
local ac=not ae and cs(a[2])
local i,u=ft(a,ch,ae or ac)+1,b+an
je(a,e)
for d=2,#z do
local ak,av=gi(a,e,z[d])
u=math.max(u,av or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
i=ac or i
ew(a[2],i)
else
ir(a,ch,i,ae or ac)
end
ee(a,e,g,ch,u,b)
if ks(f,ad,b)then dk(a[7],f,b)end
return{1,i,ch,fu,go and dh(dj,ch,dt)or nil}
end
local cj=fq(w,aa)
bc,aj=lq(a,e,ai-cj,b)
if cb then
cw(a,e,f,'',aa,b)
if cb[5]>0 then bc,aj=math.max(0,50-b+cb[5]),''
else bc=-1 end
end
end
if ad~=''then
kv(f,ad,string.format('%.0f',ai),bd,0,b,aw)
dk(a[7],f,b)
end
return{0,bc,aj,kw(aw,b),fu}
end
s['slots.commit']=function(a,c)
local i,y=tonumber(c[2]),c[3]
local e=dz(redis.call('GET',a[1]))
if dn(a,e,c[1])~=y then return{0}end
local ae=bl(a[2])or cs(a[2])
local ah=ft(a,y,ae)
if ah<i or not hk(a)then ir(a,y,math.max(ah,i),ae)end
return 1
end
s['slots.extend']=function(a,c)
local g,i,an,y=c[1],tonumber(c[2]),tonumber(c[3]),c[4]
local z,b=eu(c,7),aq()
local e,aj=gv(a)
if aj then return{0,-1,aj}end
local aa=fe(a,tonumber(c[5]),tonumber(c[6]),b)
gj(a,e,b)
local bi=dn(a,e,g)
if bi==y and#z==1 then
ii(a,e,g,b+an,b)
return 1
end
local dj,av=gu(e.map,math.max(aa,ll(y))),''
for ak,de in ipairs(z)do
local co=dn(a,e,de)or''
dj,av=dh(dj,co,db),av..' '..co
end
if not lg(dj,y)then
local la={g,'',c[5],c[6]}
for d=2,#z do la[d+3]=z[d]end
s['slots.release'](a,la)
return{0,-1,''}
end
je(a,e)
local ae=bi~=y and(bl(a[2])or fp(a[2]))
if ae then ir(a,y,math.max(i,ft(a,y,ae)),ae)end
local u=b+an
for ak,de in ipairs(z)do
local ak,l=gi(a,e,de)
u=math.max(u,l or 0)
end
ee(a,e,g,y,u,b)
local cp=kr(dh(dh(string.rep(db,#dj),av,dt),y,db),dt)
if cp~=''then cw(a,e,cm(a[7],b,eg(aa)),cp,aa,b)end
return 1
end
s['slots.release']=function(a,c)
local be,z,b=c[2],eu(c,5),aq()
local at=redis.pcall('GET',a[1])
local e=dz(type(at)=='string'and at)
local cp,br,ip,jz='',false,0,false
for ak,de in ipairs(z)do
local y,u=gi(a,e,de)
if y then
jz,br=true,br or u>=b
cp,ip=cp..' '..y,math.max(ip,u)
end
end
if not jz then return 0 end
redis.pcall('ZREM',a[4],'')
local ba=redis.pcall('MGET',a[7],a[8])
local jp=ba[1]or ba[2]
if jp then gj(a,e,b)end
local l=fy(a,e,b)
if jp then
local aa=fe(a,tonumber(c[3]),tonumber(c[4]),b)
local f=cm(a[7],b,eg(aa))
local bn,bj,cx=pcall(cw,a,e,f,cp,aa,b)
if not bn then bj,cx=0,false end
if l==0 and not cx then hj(a[8],be~='')
elseif l>0 and ip>l and bj==0 then redis.pcall('PUBLISH',a[8],'')end
end
return br and 1 or 0
end
s['slots.leave']=function(a,c)
local b=aq()
local aa=fe(a,tonumber(c[2]),tonumber(c[3]),b)
local f=cm(a[7],b,eg(aa))
if kf(f,c[1])then
dk(a[7],f,b)
pcall(function()cw(a,dz(redis.call('GET',a[1])),f,'',aa,b)end)
end
pcall(fa,a[8],c[1])
return 1
end
s['slots.count']=function(a,c)
local b=aq()
local e,aj=gv(a)
local aa,fu=fe(a,tonumber(c[1]),tonumber(c[2]),b)
gj(a,e,b)
local f=cm(a[7],b,eg(aa))
cw(a,e,f,'',aa,b)
local cj=aj and 0 or fq(gu(e.map,aa),aa)
local bz=tonumber(string.match(fu,'^%d+')or 0)
return{1,cj,aa,bz,#e.map-fq(e.map,#e.map)}
end
s['slots.resize']=function(a,c)
if not bl(a[2])then cs(a[2])end
return s['slots.count'](a,c)
end`;

const PART_17 = `s['slots.renew']=function(a,c,fg)
local g,b,at=c[1],aq(),redis.call('GET',a[1])
local e=dz(at)
local y,u=dn(a,e,g)
if y~=c[3]or u<b then
local ma=e.is_other and string.sub(at,1,2)~=hd
return{0,redis.call('PTTL',a[1]),ma and at or''}
end
local i=ft(a,y,bl(a[2])or 1)
if not fg then ii(a,e,g,b+tonumber(c[2]),b)end
return i
end`;

const PART_18 = `local fn,hn,fo={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fo=2
local fn={
['mutex.acquire']=function(k,al,af)
local cn=t('SET',KEYS[k],ARGV[al],'NX','PX',ARGV[af])
if not cn or cn.err then return nil end
local i=ah(KEYS[k+1])
if i then return i end
local dv=t('DEL',KEYS[k])
return type(dv)=='table'and{-1,dv.err}or nil
end,
['mutex.takeOver']=function(k,al,af)
if t('GET',KEYS[k])~=ARGV[al+1]then return nil end
local i=ah(KEYS[k+1])
if not i then return nil end
local cn=t('SET',KEYS[k],ARGV[al],'PX',ARGV[af])
return not cn.err and-i or nil
end,
['mutex.extend']=function(k,al,af)
if t('GET',KEYS[k])~=ARGV[al]then return nil end
local p=t('PTTL',KEYS[k])
if type(p)~='number'or p<0 then return nil end
if p<tonumber(ARGV[af])and t('PEXPIRE',KEYS[k],ARGV[af])~=1 then return nil end
return 1
end,
['mutex.release']=function(k,al)
local v=t('MGET',KEYS[k],KEYS[k+1])
if v.err or v[2]then return nil end
if v[1]~=ARGV[al]then return 0 end
return t('DEL',KEYS[k])==1 and 1 or nil
end,
}`,
    PART_2,
    `local hn={
['mutex.release']=function(k,al,dx,da)
local v=t('MGET',unpack(KEYS,k,k+2*dx-1))
if v.err then return 0 end
local bi,jx,ik,ec={},{},{},0
for d=1,dx do
if v[2*d]then break end
local r=KEYS[k+2*d-2]
local bs=v[2*d-1]==ARGV[al+d-1]and not jx[r]
da[#da+1]=bs and 1 or 0
if bs then
jx[r]=true
bi[#bi+1]=r
ik[#bi]=#da
end
ec=d
end
local dv=#bi>0 and t('DEL',unpack(bi))
if type(dv)=='table'then
for d=1,#ik do da[ik[d]]={-1,dv.err}end
end
return ec
end
}`,
    PART_3,
    PART_4,
    `local function ee(j,g,an,bs)
if not bs then redis.call('SET',j,g,'PX',an)
else
local p=redis.call('PTTL',j)
if p>=0 and p<tonumber(an)then redis.call('PEXPIRE',j,an)end
end
end
local function iy(a,g,ig,an,ad)
local et=ad==''and 2 or 3
local bs,ck,cy={},true,false
local bc,aj
for d=1,#a,et do
local h=redis.call('GET',a[d])
bs[d]=h==g
if h~=g then ck=false end
if h and h==ig then
cy=true
elseif h and h~=g then
local p=redis.call('PTTL',a[d])
if not aj or(bc~=-1 and(p==-1 or p>bc))then
bc,aj=p,h
end
end
end
if ad~=''then
for d=3,#a,3 do pcall(hm,a[d],ad,tonumber(an))end
end
if aj then return{0,bc,aj}end
local i=0
for d=2,#a,et do
local l=bl(a[d])
i=math.max(i,l and(ck and l or l+1)or cs(a[d]))
end
for d=1,#a,et do
ee(a[d],g,an,bs[d])
ew(a[d+1],i)
end
return cy and-i or i
end
s['mutex.acquire']=function(a,c)
return iy(a,c[1],nil,c[2],c[3])
end
s['mutex.takeOver']=function(a,c)
return iy(a,c[1],c[2],c[3],c[4])
end
s['mutex.commit']=function(a,c)
for d=1,#a,2 do
if redis.call('GET',a[d])~=c[1]then return{0}end
end
for d=2,#a,2 do
if not bl(a[d])then cs(a[d])end
fi(a[d],tonumber(c[2]))
end
return 1
end
s['mutex.extend']=function(a,c)
local g,i,an=c[1],tonumber(c[2]),c[3]
local bs={}
for d=1,#a,2 do
local h=redis.call('GET',a[d])
if h and h~=g then return{0,redis.call('PTTL',a[d]),h}end
bs[d]=h==g
end
for d=1,#a,2 do
local hq=not bs[d]and(bl(a[d+1])or fp(a[d+1]))
if hq then fi(a[d+1],i)end
end
for d=1,#a,2 do ee(a[d],g,an,bs[d])end
return 1
end
s['mutex.release']=function(a,c)
local g,be=c[1],c[2]
local br,fb=false,false
for d=1,#a,2 do
local h=redis.pcall('GET',a[d])
if be~=''then pcall(fa,a[d+1],be)end
if h==g then
redis.call('DEL',a[d])
br=true
if hj(a[d+1],be~='')then fb=true end
elseif type(h)=='table'and h.err and not string.find(h.err,'WRONGTYPE',1,true)then
error(h.err)
end
end
if not br then return 0 end
return fb and-1 or 1
end
s['mutex.leave']=function(a,c)
pcall(fa,a[1],c[1])
return 1
end
s['mutex.renew']=function(a,c)
local i=1
for d=1,#a,2 do
local h=redis.call('GET',a[d])
if h~=c[1]then return{0,redis.call('PTTL',a[d]),h or''}end
i=math.max(i,bl(a[d+1])or 1)
end
for d=1,#a,2 do ee(a[d],c[1],c[2],true)end
return i
end
s['mutex.query']=function(a)
local m={1}
for d=1,#a,2 do
m[#m+1]=redis.call('GET',a[d])or''
m[#m+1]=redis.call('PTTL',a[d])
m[#m+1]=ep(a[d+1])or''
end
return m
end`,
    PART_5,
    PART_6,
  ],
  "7c9396b830c1dbafc095a3489e7430cd1f58ff7c",
  "3ce9e7af2ccab4be2e9f0cc5c4c05b4813b80988",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fo=81
local fn={
['modes.acquire']=function(k,al,af,ai)
local g,an,ar,cr=ARGV[al],ARGV[af],ARGV[af+1],KEYS[k+ai-1]
if ARGV[af+2]~=''then return nil end
if ai~=4 then
local ak,lr=string.gsub(ar,' ','')
if ai~=3*lr+4 then return nil end
end
local fs,fj
if t('EXISTS',unpack(KEYS,k,k+ai-2))~=0 then
local v,n=t('MGET',unpack(KEYS,k,k+ai-2)),1
if v.err then return nil end
fs={}
fj={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for o in string.gmatch(ar,'%u+')do
local h,r,au=v[n],KEYS[k+n-1],KEYS[k+n]
if v[n+2]then return nil end
if not h then
if t('EXISTS',r,au)~=0 then return nil end
else
if o=='X'or o=='SIX'then return nil end
local p,bi,aj=t('PTTL',r),nil,nil
if type(p)~='number'or p<=0 then return nil end
if h=='~s'then
if t('ZSCORE',au,g)then return nil end
local ac=(o=='IX'and 3)or(o=='S'and 2)
if ac and t('ZCOUNT',au,ac..'00000000000000','('..ac+2 ..'00000000000000')~=0 then
return nil
end
else
bi,aj=string.match(h,'^~s ([ISX]+) (.*)$')
if not fj[bi]or aj==g or(o~=bi and o~='IS'and bi~='IS')then return nil end
if t('EXISTS',au)~=0 then return nil end
end
fs[n]={p,bi,aj}
end
n=n+3
end
end
local i
if ar=='X'or string.find(' '..ar,' X',1,true)or string.find(ar,'SIX',1,true)then
i=ah(cr)
if not i then return nil end
else
local h=t('GET',cr)
i=not h and ah(cr)or(type(h)=='string'and string.match(h,'^%d+$')and tonumber(h))
if not i or i<1 or i>=9000000000000000 then return nil end
end
if ai==4 and not fs then
local cn=t('SET',KEYS[k],ar=='X'and g or'~s '..ar..' '..g,'PX',an)
return not cn.err and i or nil
end
local n,b=1,nil
for o in string.gmatch(ar,'%u+')do
local r,gp=KEYS[k+n-1],fs and fs[n]
if gp then
local au,bu,p,aj=KEYS[k+n],tonumber(an),gp[1],gp[3]
if not b then
local am=t('TIME')
if am.err then return nil end
b=tonumber(am[1])*1000+math.floor(tonumber(am[2])/1000)
end
local ag,bn=string.format('%.0f',fj[o]+b+bu),nil
if aj then
local ki=math.max(p,bu)
bn=t('ZADD',au,string.format('%.0f',fj[gp[2]]+b+p),aj,ag,g)==2
and t('PEXPIRE',au,ki)==1 and not t('SET',r,'~s','PX',ki).err
else
t('ZREMRANGEBYSCORE',au,string.format('%.0f',fj[o]),string.format('(%.0f',fj[o]+b))
bn=t('ZADD',au,ag,g)==1
local kt=t('PTTL',au)
if type(kt)~='number'or kt<bu then
bn=t('PEXPIRE',au,bu)==1 and bn
end
if p<bu then bn=t('PEXPIRE',r,bu)==1 and bn end
end
if not bn then return nil end
else
local cn=t('SET',r,o=='X'and g or'~s '..o..' '..g,'PX',an)
if cn.err then return nil end
end
n=n+3
end
return i
end,
['modes.extend']=function(k,al,af,ai)
local g,an,n=ARGV[al],ARGV[af],1
local v=ARGV[af-1]=='2'and t('MGET',unpack(KEYS,k,k+ai-1))
if not v or v.err then return nil end
for o in string.gmatch(ARGV[af+1],'%u+')do
if v[n]~=(o=='X'and g or'~s '..o..' '..g)then return nil end
n=n+4
end
for r=k,k+n-2,4 do
local p=t('PTTL',KEYS[r])
if type(p)~='number'or p<0 then return nil end
if p<tonumber(an)and t('PEXPIRE',KEYS[r],an)~=1 then return nil end
end
return 1
end,
['modes.release']=function(k,al,ak,ai)
local g,v=ARGV[al],nil
if ai==4 then
local h,ce,mv=unpack(t('MGET',KEYS[k],KEYS[k+2],KEYS[k+3]))
if not h or ce or mv then return nil end
if h==g or string.match(h,'^~s [ISX]+ (.*)$')==g then
return t('DEL',KEYS[k])==1 and 1 or nil
end
v={h}
else
v=t('MGET',unpack(KEYS,k,k+ai-1))
if v.err then return nil end
end
local cz,gy,im,b={},{},{},nil
for n=1,ai,4 do
local h,r,au=v[n],KEYS[k+n-1],KEYS[k+n]
if not h or v[n+2]or v[n+3]then return nil end
if h=='~s'then
local ag=t('ZSCORE',au,g)
local p=t('PTTL',r)
if type(ag)~='string'or type(p)~='number'or p<0 then return nil end
if not b then
local am=t('TIME')
b=tonumber(am[1])*1000+math.floor(tonumber(am[2])/1000)
end
local u=tonumber(ag)%100000000000000
local ae=tonumber(ag)-u
if u<b then return nil end
local kj,ju=string.format('%.0f',ae),string.format('(%.0f',ae+100000000000000)
local l=t('ZREVRANGEBYSCORE',au,ju,kj,'WITHSCORES','LIMIT',0,2)
if l.err then return nil end
local ab,dy=tonumber(l[2])-ae,nil
if l[1]==g then
dy=t('ZCARD',au)
ab=l[4]and tonumber(l[4])-ae
if ab and(ab<b or t('ZCOUNT',au,kj,ju)~=dy)then return nil end
if not ab and dy~=1 then return nil end
elseif p>ab-b+1 then
return nil
end
if not ab then
cz[#cz+1]=r
elseif p>ab-b+1 then
im[#im+1]={r,math.max(1,ab-b)}
end
gy[#gy+1]=au
elseif h==g or string.match(h,'^~s [ISX]+ (.*)$')==g then
cz[#cz+1]=r
else
return nil
end
end
for ak,at in ipairs(im)do
if t('PEXPIRE',at[1],at[2])~=1 then return nil end
end
for ak,au in ipairs(gy)do
if t('ZREM',au,g)~=1 then return nil end
end
local dv=#cz==0 or t('DEL',unpack(cz))
if type(dv)=='table'then return#gy>0 and{-1,dv.err}or nil end
return 1
end
}
local hn={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    PART_10,
    `s['modes.position']=function(a,c)
local b=aq()
local f=cm(a[3],b,ei)
local n,hh,bg=id(f,c[1]),0,0
local ag=n and f[n][1]or math.max(b,f.ticket)+1-tonumber(c[2])
for d=1,#f do
local q=dm(f,d)
if not q[7]and q[5]>=0 then
bg=bg+1
if q[2]~=c[1]and not ht(q,ag,c[1])then hh=hh+1 end
end
end
return{1,hh,bg,redis.call('EXISTS',a[1])}
end
s['modes.stay']=function(a,c)
local b=aq()
local f=cm(a[3],b,ei)
if gx(f,c[1],b)then dk(a[3],f,b)end
return 1
end`,
    `s['modes.query']=function(a)
local m,b={1},aq()
for ak,x in ipairs(el(a,#a/4,4))do
local ev={ep(x.wake)}
local f=cm(x.line,b,ei)
for d=1,#f do
local q=dm(f,d)
if q[4]>=b and q[5]>=0 then ev[#ev+1]=q[2]end
end
m[#m+1]=redis.call('GET',x.lock)or''
m[#m+1]=redis.call('PTTL',x.lock)
m[#m+1]=table.concat(ev,' ')
local hs=redis.call('ZRANGE',x.shared,0,-1,'WITHSCORES')
local n=#m+1
m[n]=0
for d=1,#hs,2 do
local p=tonumber(hs[d+1])%dl-b
if p>=0 then
m[n]=m[n]+1
m[#m+1]=hs[d]
m[#m+1]=p
end
end
end
return m
end`,
    PART_11,
    PART_5,
    PART_6,
  ],
  "c4bcc827f2c91d7bfcbc31abf8cce141a4e7804d",
  "5e23be2b8cf8568c93e53fd12b1a0b0052e0f279",
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
    `s['slots.query']=function(a)
local b=aq()
local e,bo,p=gv(a)
local bz,aa=ih(a[6],a[1],b)
local ev={ep(a[8])}
local f=cm(a[7],b,eg(math.huge))
for d=1,#f do
local q=dm(f,d)
if q[4]>=b then ev[#ev+1]=q[2]end
end
local m={1,bo or'',p or-2,aa or 0,bz or 0,table.concat(ev,' ')}
local function iz(g,y,u)
if y and u>=b then
local n=#m
m[n+1],m[n+2],m[n+3]=g,y,u-b
end
end
if e.token~=''then iz(e.token,e.slots,e.deadline)end
if e.latest>0 then
local ku,bi={},redis.call('HGETALL',a[3])
for d=1,#bi,2 do ku[bi[d]]=bi[d+1]end
local cc=redis.call('ZRANGE',a[4],0,-1,'WITHSCORES')
for d=1,#cc,2 do
if cc[d]~=e.token then iz(cc[d],ku[cc[d]],tonumber(cc[d+1]))end
end
end
return m
end`,
    PART_5,
    PART_6,
  ],
  "56fdd6e33ff33027cdb087ffb09fe0a8796a46f5",
  "ad2959d23c3c064ba39613bc97667632a8bd62af",
);

export const OBSERVE_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    PART_4,
    `local function mf(j)
local bg,p=ep(j),redis.call('PTTL',j)
local ce=not bg and'~'or string.sub(bg,1,1)~='~'and'~ '..bg
p=math.max(p,20000)
if ce then redis.call('SET',j,ce,'PX',p)else redis.call('PEXPIRE',j,p)end
end
s['mutex.observe']=function(a)
local h=redis.call('GET',a[1])
if not h then return 1 end
pcall(mf,a[2])
return{0,redis.call('PTTL',a[1]),h}
end`,
    PART_5,
    PART_6,
  ],
  "e549f6d8c5e200e1b487a3bae0119ccff98b5cb3",
  "21abfd043f0343505d4fbcd2eb4c78e49910dfa4",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function kp(j)
local bt=redis.pcall('GET',j)
return type(bt)=='string'and bt or''
end
local function kq(j,ln,h)
local eo=kp(j)
local am=redis.call('TIME')
local b=string.format('%.0f',tonumber(am[1])*1000+math.floor(tonumber(am[2])/1000))
if eo==ln then
eo=h(tonumber(b))
redis.call('SET',j,eo)
end
return{1,eo,b}
end
s['marker.replace']=function(a,c)
return kq(a[1],c[1],function()return c[2]end)
end
s['marker.lose']=function(a,c)
return kq(a[1],c[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(c[2]))
end)
end`,
    `s['identify']=function(a)
local fk=''
local function gw(mt)
local gl=redis.pcall('INFO',mt)
if type(gl)=='table'then gl,fk='',gl.err end
return function(lp)return string.match(gl,'%f[%w_]'..lp..':([^\\r\\n]*)')or''end
end
local fl,hy,ij=gw('server'),gw('memory'),gw('replication')
local am=redis.call('TIME')
local o=fl('redis_mode')
if o==''then o=fl('server_mode')end
local kx=fl('valkey_version')
return{
1,fl('run_id'),tonumber(fl('uptime_in_seconds'))or-1,
tonumber(am[1])*1000000+tonumber(am[2]),
tonumber(gw('persistence')('aof_enabled'))or-1,
hy('maxmemory_policy'),tonumber(hy('maxmemory'))or-1,
ij('role'),o,ij('master_replid'),ij('master_replid2'),
a[1]and kp(a[1])or'',fk,
tonumber(hy('used_memory'))or-1,kx~=''and'valkey '..kx or fl('redis_version')
}
end`,
    PART_14,
    `s['counters.read']=function(a)
local m,b={1},aq()
for d=1,#a,2 do
local eh,i=pcall(bl,a[d])
m[#m+1]=eh and i and string.format('%.0f',i)or''
end
for d=2,#a,2 do
local bh,cz,cv=redis.pcall('HGETALL',a[d]),{},{}
for n=1,bh.err and 0 or#bh,2 do
cz[#cz+1],cv[bh[n]]=bh[n],bh[n+1]
end
table.sort(cz)
for ak,r in ipairs(cz)do
local bz,aa=ib(cv[r],b)
if bz then
for ak,h in ipairs({d/2,r,string.format('%.0f',bz),aa})do m[#m+1]=h end
end
end
end
return m
end
local function ko(a,c,ay)
local y,b=#a/2,aq()
for d=1,y do
local j=a[2*d-1]
local eh,i=pcall(bl,j)
if eh and c[d]~=''then
if not i then ay(j)end
fi(j,tonumber(c[d]))
end
end
for n=y+1,#c,4 do
pcall(mo,a[2*tonumber(c[n])],c[n+1],tonumber(c[n+2]),tonumber(c[n+3]),b)
end
return 1
end
s['counters.raise']=function(a,c)
return ko(a,c,cs)
end
s['counters.restore']=function(a,c)
return ko(a,c,function()end)
end
s['counters.lift']=function(a,c)
for d=1,#a do
local eh,i=pcall(bl,a[d])
if eh and i then fi(a[d],tonumber(c[1]))end
end
return 1
end`,
    `s['set.note']=function(a,c)
local cn,co,ek=c[1],c[2],tonumber(c[3])
local am=redis.call('TIME')
local b=tonumber(am[1])*1000+math.floor(tonumber(am[2])/1000)
local dr,jy,jn=b,false,false
local dg,ao={},redis.pcall('GET',a[1])
for ce in string.gmatch(type(ao)=='string'and ao or'','[^\\n]+')do
local em,ac,ab,fm,mk=string.match(ce,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
ac,ab,fm=tonumber(ac),tonumber(ab),tonumber(fm)
if em and ac<=ab and ab<=b and b<fm and fm<=b+3600000 then
if em==cn then
dr,jy=ac,b-ab<tonumber(c[4])
elseif em==co then
jn=true
else
dg[#dg+1]={ce,em,ab,ac,fm,mk}
end
end
end
local m,ba,l={1},{},b+ek
for d=math.max(1,#dg-16+2),#dg do
local bo=dg[d]
ba[#ba+1]=bo[1]
l=math.max(l,bo[5])
m[#m+1]=bo[2]
m[#m+1]=bo[3]-math.max(bo[4],dr)
m[#m+1]=bo[5]-b
m[#m+1]=bo[6]
end
if not jy or jn then
ba[#ba+1]=string.format('%s %.0f %.0f %.0f %s',cn,dr,b,b+ek,c[5])
redis.call('SET',a[1],table.concat(ba,'\\n'),'PX',string.format('%.0f',l-b))
end
return m
end`,
    PART_5,
    PART_6,
  ],
  "15e518b552950fe80ff261a423ceb8e40818745e",
  "a7f856f0c86768c9de14df58589f94bf11588096",
);

export const HOLD_SUMMARY_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `s['hold.summary']=function(a,c)
local cf=redis.pcall('GET',a[1])
if type(cf)~='string'or#cf>256 then cf=''end
if c[1]~=''then
local p,ek=redis.call('PTTL',a[1]),tonumber(c[2])
if cf==''or p<=ek-tonumber(c[3])or p>ek then
redis.call('SET',a[1],c[1],'PX',c[2])
end
end
return{1,cf}
end`,
    PART_5,
    PART_6,
  ],
  "bbbecde0a2919492be962fb1c32022d54a854eaf",
  "a3d11e5a09a8fa15226b7222f581f04d411ffdbb",
);

export const REPORT_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function aq()
local am=redis.call('TIME')
return tonumber(am[1])*1000+math.floor(tonumber(am[2])/1000)
end
local function io(j,b)
local mp=redis.pcall('ZREMRANGEBYSCORE',j,'-inf',b)
if type(mp)~='number'then
redis.call('DEL',j)
return 0
end
redis.call('ZREMRANGEBYSCORE',j,b+15000+1,'+inf')
return redis.call('ZCARD',j)
end
s['report.write']=function(a,c)
local b,az,ek=aq(),c[1],tonumber(c[3])
local cf,gz=io(a[1],b),io(a[2],b)
local gh=cf<1000 or redis.call('ZSCORE',a[1],az)
local kg=gh and a[1]or a[2]
redis.call('ZREM',gh and a[2]or a[1],az)
if gh or gz<10000 then
redis.call('ZADD',kg,b+ek,az)
redis.call('PEXPIRE',kg,15000)
end
if not gh then return{1,0}end
redis.call('SET',a[3],c[2],'PX',c[3])
return{1,1}
end
s['report.remove']=function(a,c)
local b=aq()
for jw=1,2 do
io(a[jw],b)
redis.call('ZREM',a[jw],c[1])
end
redis.call('DEL',a[3])
return{1}
end
s['report.list']=function(a,c)
local b=aq()
local jv=redis.pcall('ZREVRANGEBYSCORE',a[1],'+inf','('..b,'LIMIT',0,1000)
local gz=redis.pcall('ZCOUNT',a[2],'('..b,'+inf')
local m={1,type(gz)=='number'and gz or 0}
if not jv.err then
for ak,az in ipairs(jv)do m[#m+1]=az end
end
return m
end
s['report.read']=function(a,c)
local m={1}
for ak,j in ipairs(a)do
local ao=redis.pcall('GET',j)
if type(ao)~='string'or#ao>8192 then ao=''end
m[#m+1]=ao
m[#m+1]=ao==''and 0 or redis.call('PTTL',j)
end
return m
end`,
    PART_5,
    PART_6,
  ],
  "0691ff1cc43839e373ff9d61e533b168c11a5b38",
  "6adf5efbd6729c693e6cd6de66187459852a0f97",
);

export const SINGLE_RECORD_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function aq()
local am=redis.call('TIME')
return tonumber(am[1])*1000+math.floor(tonumber(am[2])/1000)
end
local function dq(j)
local bh,f=redis.call('HGETALL',j),{}
for d=1,#bh,2 do f[bh[d]]=bh[d+1]end
return tonumber(f['p'])or 0,tonumber(f['f'])or 0,tonumber(f['n'])or 0,f['b']or''
end
local function fc(j,bu)
if redis.call('PTTL',j)<tonumber(bu)then redis.call('PEXPIRE',j,bu)end
end
s['single-record.open']=function(a,c)
local i=tonumber(c[1])
local fh,ed,ai,hl=dq(a[1])
if fh>i then return{0,fh}end
redis.call('HSET',a[1],'p',c[1])
fc(a[1],c[2])
return{1,ed,ai,hl,aq()}
end
s['single-record.put']=function(a,c)
local i,ct=tonumber(c[1]),tonumber(c[2])
local fh,ed,ai=dq(a[1])
if fh>i or ed>i or(ed==i and ai>ct)then return{0,math.max(fh,ed)}end
redis.call('HSET',a[1],'p',c[1],'f',c[1],'n',c[2],'b',c[3])
fc(a[1],c[4])
return{1}
end
s['single-record.get']=function(a,c)
local fh,ed,ai,hl=dq(a[1])
return{1,ed,ai,hl,aq()}
end`,
    PART_5,
    PART_6,
  ],
  "008812ce90fa6a20a1c514f2859b0dd3b9211a2c",
  "27a7e517d3c1896254695f7c3fb28e43136af530",
);

export const RECORD_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function kz(ao)
local h=string.match(ao,'^%d+$')and tonumber(ao)
return h and h<=9000000000000000 and h
end
local function cq(ao,bv)
return kz(ao)or error('the '..bv..' of a record must be a whole number of at most 9e15: '..ao,0)
end
local function cu(ct)
return string.format('%.0f',ct)
end
local function dq(j)
local bh,f=redis.pcall('HGETALL',j),{}
if bh.err then
if not string.find(bh.err,'WRONGTYPE',1,true)then error(bh.err,0)end
error('the record '..j..' has another type than a hash; delete it',0)
end
for d=1,#bh,2 do f[bh[d]]=bh[d+1]end
local v,eb={},f['b']or''
local as=#eb>4096 or(#bh>0 and not f['p'])
for d,bv in ipairs({'p','f','n','c','m'})do
v[d]=kz(f[bv]or'0')
as=as or not v[d]
end
if as then
error('the record '..j..' has fields that no client of this library wrote; delete it',0)
end
return v[1],v[2],v[3],v[4],v[5],eb
end
local function fc(j,bu)
if redis.call('PTTL',j)<bu then redis.call('PEXPIRE',j,cu(bu))end
end
local function aq()
local am=redis.call('TIME')
return tonumber(am[1])*1000+math.floor(tonumber(am[2])/1000)
end
local function kk(j)
if IS_CLUSTER then return nil end
local bt=redis.pcall('GET',j)
if type(bt)=='table'and not string.find(bt.err,'WRONGTYPE',1,true)then return nil end
local az=type(bt)=='string'and string.match(bt,'^complete %S+ %S+ (%S+) ')
if not az then error('NOMARKER the server has lost its memory: it has no marker',0)end
return az
end
local function gq(j,b)
local az=kk(j)
if not az then return-1 end
local em=redis.pcall('GET',string.sub(j,1,-7)..'records')
local me,hw=string.match(type(em)=='string'and em or'','^(%S+) (%d+)$')
if me~=az then hw=string.match(az,'^(%d+)%.')end
return hw and math.max(0,b-tonumber(hw))or-1
end
s['record.open']=function(a,c)
local i,bu=cq(c[1],'fence'),cq(c[2],'time')
local b=aq()
local bc=gq(c[3],b)
local l,ap,ai,ca,bw,cf=dq(a[1])
if l>i then return{0,l}end
if l<i then redis.call('HSET',a[1],'p',cu(i))end
fc(a[1],bu)
return{1,ap,ai,ca,bw,cf,b,bc}
end
s['record.put']=function(a,c)
local i,ct=cq(c[1],'fence'),cq(c[2],'number')
local dr,eb,bu=cq(c[3],'time'),c[4],cq(c[5],'time')
if#eb>4096 then
error('the body of a record must have at most '..4096 ..' bytes: '..#eb,0)
end
local b=aq()
local bc=gq(c[6],b)
local l,ap,ai,ak,bw,cf=dq(a[1])
if l>i or ap>i or(ap==i and ai>ct)then return{0,math.max(l,ap)}end
if ap==i and ai==ct and bw==0 and cf~=eb then
error('the record '..a[1]..' has another body with the same fence and number; use a new number',0)
end
redis.call('HSET',a[1],'p',cu(i),'f',cu(i),'n',cu(ct),'b',eb,'c',cu(dr))
if bw~=0 then redis.call('HDEL',a[1],'m')end
fc(a[1],bu)
return{1,b,bc}
end
s['record.copy']=function(a,c)
local dp,i,ct=cq(c[1],'fence'),cq(c[2],'fence'),cq(c[3],'number')
local dr,bu=cq(c[4],'time'),cq(c[6],'time')
local l,ap,ai=dq(a[1])
if dp>l then redis.call('HSET',a[1],'p',cu(dp))end
if i>ap or(i==ap and ct>ai)then
redis.call('HSET',a[1],'f',cu(i),'n',cu(ct),'b',c[5],'c',cu(dr),'m','1')
end
fc(a[1],bu)
return 1
end
s['record.note']=function(a,c)
local az=kk(a[1])
if not az then error('a node of a cluster does not know which records it lacks',0)end
local dr=math.max(0,aq()-cq(c[1],'time'))
redis.call('SET',a[2],az..' '..cu(dr),'PX',cu(cq(c[2],'time')))
return 1
end
s['record.list']=function(a,c)
local v=redis.call('SCAN',c[1],'MATCH',c[2],'COUNT',250)
local m={1,v[1],gq(a[1],aq())}
table.sort(v[2])
for ak,j in ipairs(v[2])do
local bn,l,ap,ai,ca,ak,cf=pcall(dq,j)
if bn and l>0 then
for ak,h in ipairs({j,l,ap,ai,ca,cf,redis.call('PTTL',j)})do m[#m+1]=h end
end
end
return m
end
s['record.get']=function(a,c)
local b=aq()
local bc=gq(c[1],b)
local ak,ap,ai,ca,bw,cf=dq(a[1])
return{1,ap,ai,ca,bw,cf,b,bc}
end`,
    PART_5,
    PART_6,
  ],
  "39cdc75f6179a6daa19b2453ddbd35219b40f35d",
  "f3cdbb5f39f274b2df526cbf423127588250648b",
);

export const OPERATOR_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `s['operator.replace']=function(a,c)
local g,ig=c[1],c[2]
local h=redis.call('GET',a[1])
local p=h and redis.call('PTTL',a[1])or 0
if not h or(h~=g and(h~=ig or p==-1))then return{0,p,h or''}end
local l=bl(a[2])
local i=l and(h==g and l or l+1)or cs(a[2])
if h~=g then redis.call('SET',a[1],g,'PX',math.max(1,p))end
ew(a[2],i)
return-i
end
s['operator.restore']=function(a,c)
local h=redis.pcall('GET',a[1])
if h~=c[1]then return 0 end
redis.call('SET',a[1],c[2],'PX',math.max(1,redis.call('PTTL',a[1])))
return 1
end
s['operator.read']=function(a)
local m={1,0}
for d=1,#a,3 do
m[#m+1]=redis.call('GET',a[d])or''
m[#m+1]=redis.call('PTTL',a[d])
local eh,i=pcall(bl,a[d+2])
m[#m+1]=eh and i and string.format('%.0f',i)or''
local dy=redis.call('ZREVRANGE',a[d+1],0,-1,'WITHSCORES')
m[#m+1]=#dy/2
for n=1,#dy,2 do
m[#m+1]=dy[n]
m[#m+1]=string.format('%.0f',tonumber(dy[n+1]))
end
end
local am=redis.call('TIME')
m[2]=string.format('%.0f',tonumber(am[1])*1000+math.floor(tonumber(am[2])/1000))
return m
end`,
    `s['operator.seize']=function(a,c)
local g,an=c[1],tonumber(c[2])
local h=redis.call('GET',a[1])
if h and(h=='~p'or string.sub(h,1,3)=='~p ')then
error('OTHERKIND the name is held by a semaphore; use another name for the lock',0)
end
local ji=h and redis.call('PTTL',a[1])or 0
local p=math.max(0,ji)
local l=bl(a[3])
if h==g then
if ji~=-1 then redis.call('PEXPIRE',a[1],math.max(1,an,p))end
return{1,l or cs(a[3]),p}
end
local co={}
if not h or h=='~s'then
local am=redis.call('TIME')
local b=tonumber(am[1])*1000+math.floor(tonumber(am[2])/1000)
local v=redis.call('ZREVRANGEBYSCORE',a[2],'+inf','-inf','WITHSCORES')
for d=1,#v,2 do
local bc=tonumber(v[d+1])%100000000000000-b
if bc>=0 then
co[#co+1]=v[d]
p=math.max(p,bc)
end
end
else
co[1]=string.match(h,'^~s %u+ (.*)$')or h
end
local i=l and l+1 or cs(a[3])
local m={1,i,p}
for d,aj in ipairs(co)do m[d+3]=aj end
redis.call('SET',a[1],g,'PX',math.max(an,p))
redis.call('DEL',a[2])
ew(a[3],i)
return m
end`,
    PART_5,
    PART_6,
  ],
  "230581087acd1cab77d95d413add2cf1c6577962",
  "84b9d259b3b5ae30f7e66d8b8abcb8365ee38124",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    PART_12,
    `local fo=13
local function ia(k,al,af,ai,bv)
local g,r=ARGV[al],KEYS[k+8]
if bv=='quota.acquire'then
local o=ARGV[af+10]
if ai~=12 or ARGV[af]~='modes.acquire'or ARGV[af-1]~='12'or ARGV[af+11]~=''then return nil end
local ci=(o=='X'or o=='SIX')and 1 or(o=='S'or o=='IX'or o=='IS')and 0
local m=ci and ff(k,al,af+2,ai,'slots.acquire',ci)
if not m then return nil end
bq('SET',r,o=='X'and g or'~s '..o..' '..g,'PX',ARGV[af+9])
if as then return as[1]and as end
return m
end
if bv=='quota.extend'then
if ai~=13 or ARGV[af]~='modes.extend'or ARGV[af-1]~='10'then return nil end
local o,an=ARGV[af+9],ARGV[af+8]
if t('GET',r)~=(o=='X'and g or'~s '..o..' '..g)then return nil end
local p=t('PTTL',r)
if type(p)~='number'or p<0 then return nil end
local m=ff(k,al,af+2,ai,'slots.extend')
if m and p<tonumber(an)then bq('PEXPIRE',r,an)end
if as then return as[1]and as end
return m
end
if ai~=12 or ARGV[af]~='modes.release'or ARGV[af-1]~='6'then return nil end
local v=t('MGET',KEYS[k],KEYS[k+6],KEYS[k+7],r,KEYS[k+10],KEYS[k+11])
local h=v[4]
if not h or v[5]or v[6]then return nil end
if h~=g and string.match(h,'^~s [ISX]+ (.*)$')~=g then return nil end
local m=ff(k,al,af+2,ai,'slots.release',v)
if not m then return nil end
if m~=2 then bq('DEL',r)end
if as then return as[1]and as end
return 1
end
local fn={['quota.acquire']=ia,['quota.extend']=ia,['quota.release']=ia}`,
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
    `local iw=8
local function fw(a,c)
local bp,cl,by,cg={},{},{c[1]},{c[1]}
local ah=tonumber(c[3])
for d,j in ipairs(a)do
if d<=iw then bp[d]=j
else cl[d-iw]=j end
end
for d=4,#c do
if d<4+ah then by[d-2]=c[d]
else cg[d-2-ah]=c[d]end
end
return bp,by,cl,cg
end
local function km(a,c,ac)
local e,bk,b=dz(redis.call('GET',a[1])),{},aq()
local ak,mj=dn(a,e,c[1])
for d=ac,#c do
local y,u=dn(a,e,c[d])
if y and u>b then bk[#bk+1]={c[d],y,u}end
end
return(mj or 0)>=b,bk
end
local function ls(a,g,bk,b)
local e=dz(redis.call('GET',a[1]))
gi(a,e,g)
for ak,ic in ipairs(bk)do ee(a,e,ic[1],ic[2],ic[3],b)end
fy(a,e,b)
end
local function kh(a,g,bk,ck,bv,cl,cg)
local bn,r=pcall(s[bv],cl,cg)
if bn and(type(r)=='number'or r[1]==1)then return r end
if not ck then ls(a,g,bk,aq())end
if not bn then error(r,0)end
return nil,{0,r[2],r[3],r[4],r[5],2}
end
s['quota.acquire']=function(a,c)
local bp,by,cl,cg=fw(a,c)
local ck,bk=km(bp,by,9)
local ax=s['slots.acquire'](bp,by)
if ax[1]==0 then return{0,ax[2],ax[3],ax[4],ax[5],1}end
local r,fk=kh(bp,c[1],bk,ck,c[2],cl,cg)
if not r then
if#bk==0 and not ck then
local b=aq()
local aa=fe(bp,tonumber(by[6]),tonumber(by[7]),b)
local e,f=dz(redis.call('GET',bp[1])),cm(bp[7],b,eg(aa))
cw(bp,e,f,ax[3],aa,b)
end
return fk
end
if type(r)=='number'then return{1,math.abs(r),ax[3],ax[4],ax[5]or''}end
return{1,r[2],ax[3],ax[4],ax[5]or'',r[3],r[4],r[5]or''}
end
s['quota.convert']=function(a,c)
local bp,by,cl,cg=fw(a,c)
local ck,bk=km(bp,by,7)
local ax=s['slots.extend'](bp,by)
if ax~=1 then return{0,ax[2],ax[3],'0','',1}end
local r,fk=kh(bp,c[1],bk,ck,c[2],cl,cg)
return r and{1,math.abs(r),by[4],'',''}or fk
end
local function jc(a,c,bv)
local bp,by,cl,cg=fw(a,c)
local ax=s[bv](bp,by)
if ax~=1 then return ax end
return s[c[2]](cl,cg)
end
s['quota.commit']=function(a,c)return jc(a,c,'slots.commit')end
s['quota.extend']=function(a,c)return jc(a,c,'slots.extend')end
s['quota.release']=function(a,c)
local bp,by,cl,cg=fw(a,c)
local bn,ax=pcall(s['slots.release'],bp,by)
local r=s[c[2]](cl,cg)
if not bn then error(ax,0)end
return r~=0 and r or ax
end`,
    `s['quota.renew']=function(a,c)
local bp,by,cl,cg=fw(a,c)
local r
for ak,fg in ipairs({true,false})do
local ax=s['slots.renew'](bp,by,fg)
if type(ax)~='number'then return ax end
r=s[c[2]](cl,cg,fg)
if type(r)~='number'then return r end
end
return r
end`,
    PART_5,
    PART_6,
  ],
  "72d480bba261a757faf485d6a2bd7c2b15b04220",
  "51a853b9ccd1c89879c6f8f3e6b0f3b9b77ad55e",
);
