// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local o=redis.pcall
local function ah(n)
local j=o('INCR',n)
if type(j)~='number'then return nil end
if j>1 and j<=9000000000000000 then return j end
if j==1 and not IS_CLUSTER then
local cf=o('GET',string.match(n,'^(.*)~fence:')..'~server')
local ef=type(cf)=='string'and string.match(cf,'^complete .* (%d+)$')
local bp=ef and o('SET',n,ef)
if bp and not bp.err then return tonumber(ef)end
end
o(j>1 and'DECR'or'DEL',n)
return nil
end`;

const PART_2 = `if#KEYS<=ev and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local gb=eu[ARGV[1]]
local u=gb and gb(1,6+ARGV[5],6,#KEYS,ARGV[1])
if u then return u end
end`;

const PART_3 = `local function general()
local aa={}
local function bl(n)
local i=redis.call('GET',n)
if not i then return nil end
local j=string.match(i,'^-?%d+$')and tonumber(i)
if not j or j>=9000000000000000 then
error('the fencing counter '..n..' cannot be counted up: '..i..'; delete it together with '
..string.match(n,'^(.*)~fence:')..'~server, on one server after another')
end
return j>0 and j or nil
end
local function fj(n,j)
redis.call('SET',n,string.format('%.0f',j))
end
local function ew(n)
if not IS_CLUSTER then
local cf=redis.pcall('GET',string.match(n,'^(.*)~fence:')..'~server')
if type(cf)~='table'or string.find(cf.err,'WRONGTYPE',1,true)then
return type(cf)=='string'and tonumber(string.match(cf,'^complete .* (%d+)$'))or nil
end
end
local as=redis.call('TIME')
local b=tonumber(as[1])*1000000+tonumber(as[2])
return math.max(1,b-b%16384)
end
local function dc(n)
local ef=ew(n)
if ef then return ef end
redis.call('DEL',n)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function em(n,j)
local dv=bl(n)
if not dv then j=math.max(j,ew(n)or 0)end
if(dv or 0)<j then fj(n,j)end
end`;

const PART_4 = `local function eo(n)
local bo=redis.pcall('GET',n)
return type(bo)=='string'and bo or nil
end
local function gs(n,az,ak)
ak=math.max(ak,20000)
local bo=eo(n)
if not bo then
redis.call('SET',n,az,'PX',ak)
elseif string.find(' '..bo..' ',' '..az..' ',1,true)then
redis.call('PEXPIRE',n,math.max(redis.call('PTTL',n),ak))
elseif#bo+1<256*(#az+1)then
redis.call('SET',n,bo..' '..az,'PX',math.max(redis.call('PTTL',n),ak))
end
end
local function es(n,az)
local bo=eo(n)
if not bo then return end
local ct={}
for bf in string.gmatch(bo,'%S+')do
if bf~=az then ct[#ct+1]=bf end
end
if#ct==0 then redis.call('DEL',n)
else redis.call('SET',n,table.concat(ct,' '),'PX',math.max(redis.call('PTTL',n),1))end
end
local function gq(n,ld)
local bo=eo(n)
if not bo then return false end
local ab=ld and string.match(bo,'%S+')or''
if ab~=''then es(n,ab)end
redis.pcall('PUBLISH',n,ab)
return ab~=''
end`;

const PART_5 = `return aa
end`;

const PART_6 = `local function lm(gb,h,eh,ai,w,af,ao)
local a,d={unpack(KEYS,h,h+eh-1)},{unpack(ARGV,ai,ai+w-1)}
for c=1,ao do d[w+c]=ARGV[af+c-1]end
local bj,u=pcall(gb,a,d)
if bj then return u end
if type(u)=='table'then u=u.err or u[1]end
return{-1,tostring(u)}
end
local cn,aa,h,ai={},nil,1,1
while ai<=#ARGV do
local cb,di,eh=ARGV[ai],tonumber(ARGV[ai+1]),tonumber(ARGV[ai+2])
local w,ao,af=tonumber(ARGV[ai+3]),tonumber(ARGV[ai+4]),ai+5
ai=af+ao
local is=eh<=ev
local iq=is and eu[cb]
local ip=is and di>1 and gt[cb]
local dl=0
while dl<di do
local ah=ip and ip(h,ai,di-dl,cn)or 0
if ah==0 then
local u=iq and iq(h,ai,af,eh,cb)
if not u then
aa=aa or general()
u=lm(aa[cb],h,eh,ai,w,af,ao)
end
cn[#cn+1]=u
ah=1
end
h,ai,dl=h+ah*eh,ai+ah*w,dl+ah
end
end
return#cn==1 and cn[1]or cn`;

const PART_7 = `local function fn(ad)return string.match(ad,'^%w+')or''end
local function da(g,c)
local aq=g[c]
if type(aq)~='string'then return aq end
local ag,ad,cq,r,bc,ay=
string.match(aq,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local p
if cq and g.is_demand(cq)then
p={tonumber(ag),ad,cq,tonumber(r),tonumber(bc),tonumber(ay),false,aq}
else
p={0,'','',0,0,0,true,aq}
end
g[c]=p
return p
end
local function fm(g,p)
g.check=math.min(g.check,p[4]+1)
if p[5]>0 then g.check=math.min(g.check,p[5]+50+1)end
end
local function kk(g,b)
local gp,dw=0,{}
local ah=#g
g.check=math.huge
for c=1,ah do
local p=da(g,c)
g[c]=nil
if p[4]>=b then
gp=gp+1
g[gp]=p
fm(g,p)
if p[5]>0 and b-p[5]>50 then
local az=fn(p[2])
dw[az]=math.max(dw[az]or 0,p[5])
p[7]=true
end
end
end
if not next(dw)then return end
for al,p in ipairs(g)do
local az=fn(p[2])
if dw[az]and p[4]-3000>dw[az]then dw[az]=nil end
end
for al,p in ipairs(g)do p[7]=p[7]or dw[fn(p[2])]~=nil end
end
local function cc(n,b,kx)
local aq=redis.pcall('GET',n)
local g={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=kx}
local av,k,ay
if type(aq)=='string'then av,k,ay=string.match(aq,'^(%d+) (%d+) (%d+);')end
if not av then return g end
g.check,g.last,g.ticket=tonumber(av),tonumber(k),tonumber(ay)
local ah=0
for cr in string.gmatch(aq,';([^;]+)')do
ah=ah+1
g[ah]=cr
end
if b>=g.check then kk(g,b)end
return g
end
local function cx(n,g,b)
if#g==0 then
redis.call('DEL',n)
return
end
local cj={string.format('%.0f %.0f %.0f',g.check,g.last,g.ticket)}
for c,p in ipairs(g)do
cj[c+1]=type(p)=='string'and p or p[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(p,1,6))
end
redis.call('SET',n,table.concat(cj,';'),'PX',math.max(1,g.last-b))
end
local function gz(p,ag,ad)
return p[1]>ag or(p[1]==ag and p[2]>ad)
end
local function ig(g,ad,ag,kj)
local br
for c=1,#g do
local p=da(g,c)
if p[2]==ad or(ag and gz(p,ag,ad))then break end
if not p[7]and kj(p[3])then
if br then return br,true end
br=p
end
end
return br,false
end
local function hj(g,ad)
local ll=' '..ad..' '
for c,p in ipairs(g)do
if type(p)~='string'or string.find(p,ll,1,true)then
if da(g,c)[2]==ad then return c end
end
end
end
local function gf(g,ad,b)
local l=ad~=''and hj(g,ad)
if not l then return nil end
local p=da(g,l)
p[4],p[5],p[7],p[8]=b+3000,0,false,nil
g.last=math.max(g.last,p[4])
return l
end
local function jt(g,ad,b)
local l=gf(g,ad,b)
if not l then return false end
local p=g[l]
p[5],p[7]=math.max(1,b-50-1),true
fm(g,p)
return true
end
local function gn(ay,at)
if ay>=0 then return ay end
return-ay>at and-ay<=at+3000 and-ay or 0
end
local function jx(at,b)
return at==b and string.format('%.0f',b)or string.format('%.0f %.0f',at,b)
end
local function jw(g,ad,cq,ay,ds,b,z)
local l=gf(g,ad,b)
if l and g[l][6]>=ay then
g[l][3]=cq
return l
end
if l then table.remove(g,l)end
local cv=gn(ay,z)
if cv==0 then cv=z+1 end
local ag=cv-ds
l=#g+1
while l>1 and gz(da(g,l-1),ag,ad)do l=l-1 end
local p={ag,ad,cq,b+3000,0,math.max(ay,0),false}
table.insert(g,l,p)
fm(g,p)
g.last,g.ticket=math.max(g.last,p[4]),math.max(g.ticket,cv)
g[256+1]=nil
return l
end
local function ji(g,ad)
local l=hj(g,ad)
if l then table.remove(g,l)end
return l~=nil
end
local function jm(g,cl,b)
local bc,fo,hb={},{},false
for c=1,#g do
local p=da(g,c)
if not p[7]then
local az=fn(p[2])
hb=hb or not cl(p[3])
if hb then
if not next(fo)then break end
if not fo[az]then return bc,true,p[2]end
else
if p[5]<=0 then
p[5],p[8]=b,nil
fm(g,p)
bc[#bc+1]=p
end
fo[az]=true
end
end
end
return bc,next(fo)~=nil,nil
end
local function jz(cj,ee)
return table.concat(cj,' ')..(ee and' ~'..ee or'')
end`;

const PART_8 = `local gi={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function dr(aq)return gi[aq]end
local function il(lh,bf)return string.find(gi[lh],' '..bf..' ',1,true)end
local function lc(lg)
local fs={}
return function(m)
if fs[m]==nil then fs[m]=not lg(m)end
if not fs[m]then return false end
for bf in string.gmatch(gi[m],'%u+')do fs[bf]=false end
return true
end
end`;

const PART_9 = `local cp,fk='~s','~p'
local cy,fl=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local ib={'IS','IX','SIX','S'}
local gl={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=ib}
local function bd()
local as=redis.call('TIME')
return tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
end
local function fy(aq)
local am={}
for m in string.gmatch(aq,'%u+')do
if not gl[m]then error('unknown mode '..m,0)end
am[#am+1]=m
end
return am
end
local function dt(a,ah,dz)
local ax={['fences']={unpack(a,ah*dz+1)}}
for c=1,ah do
local h=(c-1)*dz
ax[c]={['lock']=a[h+1],['shared']=a[h+2],['line']=a[h+3],['wake']=dz>3 and a[h+4]}
end
return ax
end
local function ea(d,ab)
local w={d[1],[d[1]]=true}
for c=ab,#d do
w[#w+1]=d[c]
w[d[c]]=true
end
return w
end
local function dx(i)
if not i or string.sub(i,1,3)~='~s 'then return nil end
local m,f=string.match(i,'^~s (%u+) (.*)$')
if gl[m]then return m,f end
end
local function fi(lf)return string.format('%.0f',lf)end
local function je(n,m,ah)
local ae=fl[m]*cy
return redis.pcall('ZREVRANGEBYSCORE',n,'('..fi(ae+cy),fi(ae),'WITHSCORES','LIMIT',0,ah),ae
end
local function ga(t,m,w,b)
local i=redis.call('GET',t.lock)
if i and(i==fk or string.sub(i,1,3)==fk..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local dd,ba=dx(i)
if ba then
local s=not w[ba]and redis.call('PTTL',t.lock)
if s and(s==-1 or il(m,dd))then return s,ba end
return nil
end
if w[i]then return nil end
if i and i~=cp then return redis.call('PTTL',t.lock),i end
local k,aj
if not i and redis.call('EXISTS',t.shared)==0 then return nil end
for al,lr in ipairs(gl[m])do
local ac,ae=je(t.shared,lr,#w+1)
if ac.err then error(ac.err,0)end
for c=1,#ac,2 do
local r=tonumber(ac[c+1])-ae
if not w[ac[c]]then
if r>=b and(not k or r>k)then k,aj=r,ac[c]end
break
end
end
end
if k then return k-b,aj end
end
local function jg(t,b)
local z
if redis.call('EXISTS',t.shared)==0 then return nil end
for al,m in ipairs(ib)do
local ac,ae=je(t.shared,m,1)
local ag=tonumber(ac[2])
if ag and ag-ae>=b then z=math.max(z or 0,ag-ae)end
end
return z
end
local function ha(t,m,w)
local i=redis.call('GET',t.lock)
if m=='X'then return w[i]end
local dd,ba=dx(i)
if ba then return w[ba]and dd==m end
for al,f in ipairs(w)do
local ag=redis.call('ZSCORE',t.shared,f)
if ag and math.floor(tonumber(ag)/cy)==fl[m]then return true end
end
return false
end
local function kz(t,w)
local i=redis.call('GET',t.lock)
local al,ba=dx(i)
if ba then return w[ba]end
if w[i]then return true end
for al,f in ipairs(w)do
if redis.call('ZSCORE',t.shared,f)then return true end
end
return false
end
local function ie(n,m,f,r,b)
local ae=fl[m]*cy
redis.call('ZREMRANGEBYSCORE',n,fi(ae),'('..fi(ae+b))
redis.call('ZADD',n,fi(ae+r),f)
if redis.call('PTTL',n)<r-b then redis.call('PEXPIRE',n,r-b)end
end
local function gx(t,m,w,ak,b)
local q,ao,f,cm=t.lock,t.shared,w[1],false
local i=redis.call('GET',q)
local r=b+ak
local dd,ba=dx(i)
local aj,kv=ba or i,dd or'X'
if w[aj]then
local s=redis.call('PTTL',q)
if s==-1 and aj==f and m==kv then return false end
r=math.max(r,b+s)
if ba==f and m==dd then
redis.call('SET',q,i,'PX',r-b)
return false
end
cm=aj~=f
i=nil
elseif ba then
local s=math.max(1,redis.call('PTTL',q))
ie(ao,dd,ba,b+s,b)
redis.call('SET',q,cp,'PX',s)
i=cp
end
if i~=cp and(m~='X'or ba)and redis.call('EXISTS',ao)==0 then
redis.call('SET',q,m=='X'and f or'~s '..m..' '..f,'PX',r-b)
return cm
end
for c,cr in ipairs(w)do
local ag=(c>1 or m~='X')and redis.call('ZSCORE',ao,cr)
if ag then
r=math.max(r,tonumber(ag)%cy)
if c>1 then
redis.call('ZREM',ao,cr)
cm=true
end
end
end
if m=='X'then
redis.call('SET',q,f,'PX',r-b)
return cm
end
ie(ao,m,f,r,b)
if i~=cp then
redis.call('SET',q,cp,'PX',jg(t,b)-b)
else
local s=redis.call('PTTL',q)
if s>=0 and s<r-b then redis.call('PEXPIRE',q,r-b)end
end
return cm
end
local function bx(t,w,b)
local q,bi=t.lock,false
local i=redis.pcall('GET',q)
if type(i)=='table'then
if string.find(i.err,'WRONGTYPE',1,true)then return false,false end
error(i.err,0)
end
local al,ba=dx(i)
if w[ba or i]then
redis.call('DEL',q)
i,bi=false,true
end
if ba or(bi and#w==1)then return bi,bi end
local fv=false
for al,f in ipairs(w)do
local ag=redis.pcall('ZSCORE',t.shared,f)
if type(ag)=='string'then
redis.call('ZREM',t.shared,f)
fv=true
if tonumber(ag)%cy>=b then bi=true end
end
end
if i and i~=cp then return bi,false end
local z=fv and jg(t,b)
if z then
local s=redis.call('PTTL',q)
local fu=s>z-b+1
if s<0 or fu then redis.call('SET',q,cp,'PX',math.max(1,z-b))end
return bi,false,fu
end
if fv and i then redis.call('DEL',q)end
return bi,fv or bi
end`;

const PART_10 = `local hy={}
local function ck(t,g,b)
if#g==0 then return{},false end
local bc,cl,ee=jm(
g,lc(function(m)return ga(t,m,hy,b)end),b)
for c,p in ipairs(bc)do bc[c]=p[2]end
if#bc>0 then
cx(t.line,g,b)
redis.pcall('PUBLISH',t.wake,jz(bc,ee))
end
return bc,cl
end
local function ki(t,m,w,ad,ag,g,b)
local s,aj=ga(t,m,w,b)
if s or#g==0 or kz(t,w)then return s,aj end
local br,ku=ig(g,ad,ag,function(bf)return il(bf,m)end)
if not br then return nil end
if t.wake then ck(t,g,b)end
if ku then return-1,''end
if br[5]>0 then return math.max(0,50-b+br[5]),''end
s,aj=ga(t,br[3],hy,b)
return s and-1 or 50,aj or''
end
local function kp(ir,am,bz)
local j,bw,at=0,false,{}
for al,m in ipairs(am)do
if(m=='X'or m=='SIX')and not bz then bw=true end
end
for c,n in ipairs(ir)do
local k=bl(n)
at[c]=k or 0
j=math.max(j,k and(bw and k+1 or k)or dc(n))
end
for c,n in ipairs(ir)do
if at[c]~=j then fj(n,j)end
end
return j
end
aa['modes.acquire']=function(a,d)
local ak,ad,ay,ds=tonumber(d[2]),'',0,0
if d[4]~=''then
ad,ay,ds=string.match(d[4],'^(%S*) (%S+) (%S+)$')
ay,ds=tonumber(ay),tonumber(ds)
end
local am,w,kg,b=fy(d[3]),ea(d,5),{d[1],[d[1]]=true},bd()
local ax=dt(a,#am,ad==''and 3 or 4)
local aw,at,l,cd,aj={},b,nil,nil,nil
local bz,cm=true,false
for c=1,#am do
aw[c]=cc(ax[c].line,b,dr)
at=math.max(at,aw[c].ticket)
end
local cv=gn(ay,at)
local ag=cv>0 and cv-ds or nil
for c,m in ipairs(am)do
local t=ax[c]
local s,lv=ki(t,m,w,ad,ag,aw[c],b)
if s then
l=l or c
if not aj or(cd~=-1 and(s==-1 or s>cd))then
cd,aj=s,lv
end
elseif not ha(t,m,kg)then
bz=false
end
end
local ch,fe=l or#am,nil
if ad~=''then
fe=jw(aw[ch],ad,am[ch],ay,ds,b,at)
if not l and aw[ch][fe]then aw[ch][fe][5]=-1 end
cx(ax[ch].line,aw[ch],b)
end
if l then
if ad~=''then pcall(gs,ax[l].wake,ad,ak)end
return{0,cd,aj,jx(at,b),fe and fe-1 or#aw[l]}
end
local j=kp(ax.fences,am,bz)
for c,m in ipairs(am)do
local t=ax[c]
if gx(t,m,w,ak,b)then cm=true end
if c~=ch and gf(aw[c],ad,b)then cx(t.line,aw[c],b)end
end
return cm and-j or j
end
aa['modes.convert']=aa['modes.acquire']
aa['modes.commit']=function(a,d)
local am,w=fy(d[3]),{d[1],[d[1]]=true}
local ax=dt(a,#am,4)
for c,m in ipairs(am)do
if not ha(ax[c],m,w)then return{0}end
end
for al,n in ipairs(ax.fences)do
if not bl(n)then dc(n)end
em(n,tonumber(d[2]))
end
return 1
end
aa['modes.extend']=function(a,d)
local j,ak,am=tonumber(d[2]),tonumber(d[3]),fy(d[4])
local ax,w,b,bk=dt(a,#am,4),ea(d,5),bd(),true
for c,m in ipairs(am)do
local s,aj=ga(ax[c],m,w,b)
if s then return{0,s,aj}end
bk=bk and ha(ax[c],m,w)
end
for al,n in ipairs(ax.fences)do
local gw=not bk and(bl(n)or ew(n))
if gw then em(n,j)end
end
for c,m in ipairs(am)do
local t=ax[c]
if gx(t,m,w,ak,b)then ck(t,cc(t.line,b,dr),b)end
end
return 1
end
local function jh(t,g,ad,b)
local iu=ji(g,ad)
if iu then cx(t.line,g,b)end
pcall(es,t.wake,ad)
return iu
end
aa['modes.release']=function(a,d)
local ad,w,b=d[2],ea(d,3),bd()
local bi,eg,ix=false,false,string.find(ad,'.',1,true)
for al,t in ipairs(dt(a,#a/4,4))do
local bk,ky,fu=bx(t,w,b)
local aw=(bk or ix)and redis.pcall('MGET',t.line,t.wake)
if bk then bi=true end
if aw and(aw[1]or aw[2])then
local g=cc(t.line,b,dr)
if ix then jh(t,g,ad,b)end
local bj,bc,cl=pcall(ck,t,g,b)
if not bj then bc,cl={},false end
for al,bf in ipairs(bc)do
if bf~=ad then eg=true end
end
if ky and not cl and gq(t.wake,ad~='')then eg=true end
if fu and#bc==0 then redis.pcall('PUBLISH',t.wake,'')end
end
end
if not bi then return 0 end
return eg and-1 or 1
end
aa['modes.releaseAll']=aa['modes.release']
aa['modes.leave']=function(a,d)
local b=bd()
for al,t in ipairs(dt(a,#a/4,4))do
local g=cc(t.line,b,dr)
if jh(t,g,d[1],b)then pcall(ck,t,g,b)end
end
return 1
end`;

const PART_11 = `local function kw(t,m,f,b)
local i=redis.call('GET',t.lock)
if i~=cp then
local dd,ba=dx(i)
return(ba or i)==f and(dd or'X')==m
end
local ag=m~='X'and redis.call('ZSCORE',t.shared,f)
if not ag then return false end
return math.floor(tonumber(ag)/cy)==fl[m]and tonumber(ag)%cy>=b
end
aa['modes.renew']=function(a,d,el)
local f,am,b,j=d[1],fy(d[3]),bd(),1
local ax=dt(a,#am,3)
for c,m in ipairs(am)do
if not kw(ax[c],m,f,b)then
local i=redis.call('GET',ax[c].lock)
local al,ba=dx(i)
local aj=ba or i~=cp and i or''
if string.sub(aj,1,3)==fk..' 'then aj=fk end
return{0,redis.call('PTTL',ax[c].lock),aj}
end
end
for al,n in ipairs(ax.fences)do j=math.max(j,bl(n)or 1)end
if el then return j end
for c,m in ipairs(am)do gx(ax[c],m,{f,[f]=true},tonumber(d[2]),b)end
return j
end`;

const PART_12 = `local ev=8
local gm='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local ke='^~p %d+ 0 %d+ [01]* %d+:[%d -]*:'
local kc=8
local function fp()
local as=o('TIME')
return as[1]*1000+math.floor(as[2]/1000)
end
local function hu(h,av,z,bt,x,bh,k,b)
if b and z~='0'and k+0>bt+0 then
bt=string.format('%.0f',k+math.max(1,k-b))
o('PEXPIREAT',KEYS[h+2],bt)
o('PEXPIREAT',KEYS[h+3],bt)
o('PEXPIRE',KEYS[h+4],604800000)
end
o('SET',KEYS[h],'~p '..av..' '..z..' '..bt..' '..x..' '..bh,'PXAT',k)
end
local function ek(h,ai,af,al,cb,gu)
if cb=='slots.acquire'then
local bw=gu
if ARGV[af+1]~=''or ARGV[af+5]~='0'or ARGV[af+6]~=''or ARGV[af-1]~='7'then return nil end
local f,be,y,cg=ARGV[ai],ARGV[af+3]+0,ARGV[af+4]+0,KEYS[h+1]
if be>kc or be>y then return nil end
local an,b=o('GET',KEYS[h]),fp()
local av,z,bt,x,ar,v,bh='0','0','0','','0','',''
local gv=true
if an then
if an.err then return nil end
av,z,bt,x,ar,v,bh=string.match(an,gm)
if not av or bh==f then return nil end
if(z~='0'and b>av+0)or(bh~=''and ar+0<b)then return nil end
if z~='0'and o('HGET',KEYS[h+2],f)then return nil end
elseif o('EXISTS',unpack(KEYS,h+4,bw and h+10 or h+6))==0 then
gv=false
end
if gv and bw and o('EXISTS',KEYS[h+8],KEYS[h+9],KEYS[h+10])~=0 then return nil end
local iw=string.find(f,'^%x%x%x%x%x%x%x%x%x%x%x%x')
local bq,dy=iw and tonumber(string.sub(f,1,6),16)%y or 0,nil
local de,dk={},be==1 and'1'or'2'
for al=1,64 do
local ii=string.byte(x,bq+1)
if not ii then
x=x..string.rep('0',bq-#x)..dk
de[#de+1]=bq
elseif ii==48 then
x=string.sub(x,1,bq)..dk..string.sub(x,bq+2)
de[#de+1]=bq
end
if#de==be then break end
dy=dy or iw and 1+tonumber(string.sub(f,7,12),16)%y or 1
bq=(bq+dy)%y
end
if#de<be then return nil end
local bv=de[1]..''
if be>1 then
bv=''
local by,k=string.find(x,'2+')
while by do
bv=bv..(bv==''and''or' ')..by-1 ..(by==k and''or'-'..k-1)
by,k=string.find(x,'2+',k+1)
end
x=string.gsub(x,'2','1')
end
local r,j=b+ARGV[af],nil
local k=string.format('%.0f',r)
if not gv then
if bw then
local i=o('GET',cg)
local ae=type(i)=='string'and string.find(i,'^%d+$')and i+0
if not ae or ae<1 or ae+1>=9000000000000000 then return nil end
j=ae+1+bw
o('SET',cg,string.format('%.0f',j))
else
j=ah(cg)
if not j then return nil end
end
else
local ac
if IS_CLUSTER then
ac=o('MGET',cg,KEYS[h+6])
else
local ln=string.sub(cg,1,string.find(cg,'~fence:',1,true)-1)
ac=o('MGET',cg,KEYS[h+6],ln..'~server')
end
if ac.err or ac[2]or o('HGET',KEYS[h+5],KEYS[h])then return nil end
local ae=ac[1]and string.find(ac[1],'^%d+$')and ac[1]+0
if not ae or ae<1 or ae>=9000000000000000 then return nil end
local dn=ac[3]and string.match(ac[3],'^complete %S+ %S+ (%S+) ')or''
if#dn~=32 then dn=string.format('%-32.32s',dn)end
if o('GETRANGE',KEYS[h+4],0,31)~=dn then return nil end
j=ae-ae%16384
for c=1,be do
local l=32+16*de[c]
j=math.max(j,tonumber(o('GETRANGE',KEYS[h+4],l,l+15))or ae)
end
j=j+1
local jf=math.max(ae,j)
if bw and jf>=9000000000000000 then return nil end
if bh~=''then
if z=='0'then o('DEL',KEYS[h+2],KEYS[h+3])end
local kf=o('ZADD',KEYS[h+3],ar,bh)
if type(kf)~='number'then return nil end
o('HSET',KEYS[h+2],bh,v)
if z=='0'or ar+0<av+0 then av=ar end
if ar+0>z+0 then z=ar end
end
local aq=string.format('%016.0f',j)
for c=1,be do o('SETRANGE',KEYS[h+4],32+16*de[c],aq)end
if bw then j=jf+bw end
if ae<j then o('SET',cg,string.format('%.0f',j))end
if not an then o('PEXPIRE',KEYS[h+4],604800000)end
end
bh=k..':'..bv..':'..f
hu(h,av,z,bt,x,bh,z+0>r and z or k,b)
return{1,j,bv,'',bw and''}
end
if cb=='slots.extend'then
local f=ARGV[ai]
if ARGV[af+4]~='0'or ARGV[af-1]~='5'then return nil end
local an=o('GET',KEYS[h])
if not an or an.err then return nil end
local av,z,bt,x,ar,v,bh=string.match(an,gm)
if not av or o('HGET',KEYS[h+5],KEYS[h])then return nil end
local b=fp()
if(z~='0'and b>av+0)or(bh~=''and ar+0<b)then return nil end
local r=b+ARGV[af+1]
local k=string.format('%.0f',r)
if bh==f then
if v~=ARGV[af+2]then return nil end
if ar+0>=r then return 1 end
ar=k
if z+0>r then k=z end
else
if z=='0'or o('HGET',KEYS[h+2],f)~=ARGV[af+2]then return nil end
local ag=o('ZSCORE',KEYS[h+3],f)
if type(ag)~='string'then return nil end
if ag+0>=r then return 1 end
o('ZADD',KEYS[h+3],k,f)
if z+0>=r then return 1 end
z=k
if ar+0>r then k=ar end
end
hu(h,av,z,bt,x,ar..':'..v..':'..bh,k,b)
return 1
end
local f=ARGV[ai]
if ARGV[af-1]~='3'then return nil end
local ac=gu or o('MGET',KEYS[h],KEYS[h+6],KEYS[h+7])
if ac.err or ac[2]or ac[3]then return nil end
if not ac[1]then return 0 end
local al,iy=string.find(ac[1],ke)
if iy then
if string.sub(ac[1],iy+1)~=f then return nil end
if gu then return o('DEL',KEYS[h],KEYS[h+8])==2 and 2 or nil end
return o('DEL',KEYS[h])==1 and 1 or nil
end
local av,z,bt,x,ar,v,bh=string.match(ac[1],gm)
if not av then return nil end
local k,ce=z,v
if bh==f then
if ar+0<z+0 and ar+0<fp()then return nil end
ar,v,bh='0','',''
else
local ag=o('ZSCORE',KEYS[h+3],f)
ce=o('HGET',KEYS[h+2],f)
if type(ce)~='string'or type(ag)~='string'or ag+0<fp()then return nil end
o('ZREM',KEYS[h+3],f)
o('HDEL',KEYS[h+2],f)
if ag==z then
z=o('ZREVRANGE',KEYS[h+3],0,0,'WITHSCORES')[2]or'0'
if z=='0'then
av,bt='0','0'
if bh==''then return o('DEL',KEYS[h])and 1 end
end
end
k=ar+0>z+0 and ar or z
end
local bq=tonumber(ce)
if bq then
x=string.sub(x,1,bq)..'0'..string.sub(x,bq+2)
else
for by,gg in string.gmatch(ce,'(%d+)%-?(%d*)')do
if gg==''then gg=by end
x=string.sub(x,1,by)..string.rep('0',gg-by+1)..string.sub(x,gg+2)
end
end
hu(h,av,z,bt,x,ar..':'..v..':'..bh,k)
return 1
end
local eu={['slots.acquire']=ek,['slots.extend']=ek,['slots.release']=ek}
local gt={}`;

const PART_13 = `local co,df,gj,kb='0','1','2',48
local kd=64
local function dg(aq)
local le=string.gmatch(aq,'(%d+)%-?(%d*)')
return function()
local ab,k=le()
if ab then return tonumber(ab),tonumber(k)or tonumber(ab)end
end
end
local function js(x,dk)
local hp,by,k={},string.find(x,dk..'+')
while by do
hp[#hp+1]=by==k and tostring(by-1)or string.format('%d-%d',by-1,k-1)
by,k=string.find(x,dk..'+',k+1)
end
return table.concat(hp,' ')
end
local function cu(x,v,dk)
local du,l={},0
for ab,k in dg(v)do
if ab<l then x,du,l=table.concat(du)..string.sub(x,l+1),{},0 end
if ab>#x then x=x..string.rep(co,ab-#x)end
du[#du+1]=string.sub(x,l+1,ab)
du[#du+1]=string.rep(dk,k-ab+1)
l=k+1
end
return table.concat(du)..string.sub(x,l+1)
end
local function kh(x,v)
for ab,k in dg(v)do
if string.find(string.sub(x,ab+1,k+1),df,1,true)then return false end
end
return true
end
local function ex(x,y)
return#string.gsub(string.sub(x,1,y),df..'+','')
end
local function km(v)
local hf=0
for al,k in dg(v)do hf=math.max(hf,k+1)end
return hf
end
local function li(f,y)
local er,dy=string.match(f,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not er then return 0,1 end
return tonumber(er,16)%y,1+tonumber(dy,16)%y
end
local function ik(x,ap,y,hk,w,f)
local cs=ap
local function fh(ab,k)
k=math.min(k,y-1)
if cs==0 or ab>k then return end
local ls,ah=string.gsub(string.sub(x,ab+1,k+1),co,gj,cs)
if ah==0 then return end
x,cs=string.sub(x,1,ab)..ls..string.sub(x,k+2),cs-ah
end
for ab,k in dg(hk)do fh(ab,k)end
if w then
for ab,k in dg(w)do fh(ab,k)end
else
local er,dy=li(f,y)
for c=0,kd-1 do
if cs==0 then break end
local bq=(er+c*dy)%y
if string.byte(x,bq+1)==kb then fh(bq,bq)end
end
fh(er,y-1)
fh(0,er-1)
end
if cs>0 then return nil end
return js(x,gj),(string.gsub(x,gj,df))
end`;

const PART_14 = `local hx='~'
local function bd()
local as=redis.call('TIME')
return tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
end
local function hh(aq,b)
local bn,y,gh=string.match(aq,'^(%d+) (%d+) (%d+)$')
if bn and tonumber(gh)+604800000+86400000>=b then return tonumber(bn),tonumber(y),tonumber(gh)end
end
local function hl(n,q,b)
return hh(redis.call('HGET',n,q)or'',b)
end
local function hw(n,q,bn,y,b)
local im=tonumber(redis.call('HGET',n,hx)or'')
if not im or im+86400000<b then
local cz=redis.call('HGETALL',n)
for c=1,#cz,2 do
if not hh(cz[c+1],b)then redis.call('HDEL',n,cz[c])end
end
redis.call('HSET',n,hx,string.format('%.0f',b))
end
redis.call('HSET',n,q,string.format('%.0f %.0f %.0f',bn,y,b))
redis.call('PEXPIRE',n,604800000+86400000)
end
local function lp(n,q,bn,y,b)
if bn>(hl(n,q,b)or 0)then hw(n,q,bn,y,b)end
end`;

const PART_15 = `local hz='~p'
local ec,ed=16,32
local function la(an)
return an==hz or string.sub(an,1,3)==hz..' '
end
local function dj(an)
local av,z,bt,x,r,v,f=
string.match(an or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(av)or 0,['latest']=tonumber(z)or 0,['kept']=tonumber(bt)or 0,['map']=x or'',
['deadline']=tonumber(r)or 0,['slots']=v or'',['token']=f or'',
['is_new']=not f,['is_other']=an and not la(an)
}
end
local function ff(a,e,b)
local k=math.max(e.latest,e.deadline)
if k==0 then
redis.call('DEL',a[1])
return 0
end
local jd=e.latest>0 and k>e.kept
if jd then
e.kept=k+math.max(1,k-b)
for l=3,4 do redis.call('PEXPIREAT',a[l],string.format('%.0f',e.kept))end
end
if jd or e.is_new then redis.call('PEXPIRE',a[5],604800000)end
redis.call('SET',a[1],string.format('~p %.0f %.0f %.0f %s %.0f:%s:%s',e.check,e.latest,e.kept,e.map,
e.deadline,e.slots,e.token),'PXAT',string.format('%.0f',k))
return k
end
local function db(a,e,f)
if f==e.token then return e.slots,e.deadline end
local v=e.latest>0 and redis.call('HGET',a[3],f)
local r=v and redis.call('ZSCORE',a[4],f)
if r then return v,tonumber(r)end
end
local function ij(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function fq(a,e,f)
local v,r=db(a,e,f)
if not v then return nil end
e.map=cu(e.map,v,co)
if f==e.token then
e.deadline,e.slots,e.token=0,'',''
return v,r
end
redis.call('ZREM',a[4],f)
redis.call('HDEL',a[3],f)
if r==e.latest then
e.latest=tonumber(redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2])or 0
if e.latest==0 then e.check,e.kept=0,0 end
end
return v,r
end
local function fr(a,e,b)
local dp=false
if e.token~=''and e.deadline<b then
e.map=cu(e.map,e.slots,co)
e.deadline,e.slots,e.token,dp=0,'','',true
end
if e.latest>0 and b>e.check then
local kl=redis.call('ZRANGEBYSCORE',a[4],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for al,f in ipairs(kl)do
e.map=cu(e.map,redis.call('HGET',a[3],f)or'',co)
redis.call('HDEL',a[3],f)
redis.call('ZREM',a[4],f)
end
local ab=redis.call('ZRANGE',a[4],0,0,'WITHSCORES')[2]
local k=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,dp=tonumber(ab)or 0,tonumber(k)or 0,true
if not ab then e.kept,e.map=0,cu('',e.slots,df)end
end
if dp then ff(a,e,b)end
end
local function hm(a,e,f,r,b)
local dp=false
if f==e.token then
if e.deadline<r then e.deadline,dp=r,true end
elseif tonumber(redis.call('ZSCORE',a[4],f))<r then
redis.call('ZADD',a[4],string.format('%.0f',r),f)
if e.latest<r then e.latest,dp=r,true end
end
if dp then ff(a,e,b)end
end
local function dm(a,e,f,v,r,b)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=r,v,f,cu(e.map,v,df)
ff(a,e,b)
end
local function jo(a)
local dn=''
if not IS_CLUSTER then
local cf=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
dn=type(cf)=='string'and string.match(cf,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..ed..'.'..ed..'s',dn)
end
local function gr(a)
return redis.call('GETRANGE',a[5],0,ed-1)==jo(a)
end
local function fa(a,v,ae)
if not gr(a)then return ae end
local hc=ae-ae%16384
for ab,k in dg(v)do
local aq=redis.call('GETRANGE',a[5],ed+ec*ab,ed+ec*(k+1)-1)
for c=0,k-ab do
local ah=tonumber(string.sub(aq,ec*c+1,ec*(c+1)))
hc=math.max(hc,ah or ae)
end
end
return hc
end
local function hv(a,v,ah,ae)
if not gr(a)then redis.call('SET',a[5],jo(a),'PX',604800000)end
local aq=string.format('%0'..ec..'.0f',ah)
for ab,k in dg(v)do
redis.call('SETRANGE',a[5],ed+ec*ab,string.rep(aq,k-ab+1))
end
if ae<ah then fj(a[2],ah)end
end`;

const PART_16 = `local gk='~s'
local function ea(d,ab)
local w={d[1]}
for c=ab,#d do w[#w+1]=d[c]end
return w
end
local function gd(a)
local an=redis.call('GET',a[1])
if an and(an==gk or string.sub(an,1,3)==gk..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
local e=dj(an)
if e.is_other then return e,an,redis.call('PTTL',a[1])end
return e,nil,nil
end
local function ei(a,y,bn,b)
local at,ah,gh=hl(a[6],a[1],b)
if bn>(at or 0)then
at,ah=bn,y
hw(a[6],a[1],at,ah,b)
elseif at and gh+86400000<b then
hw(a[6],a[1],at,ah,b)
end
if not at then return y,''end
return ah,string.format('%.0f %.0f',at,ah)
end
local function gc(x,di)
return x..string.rep(co,di-#x)
end
local function kr(a,e,cs,b)
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
for ab,kn in dg(v)do cs=cs-(kn-ab+1)end
if cs<=0 then break end
end
return k<0 and-1 or math.max(0,k-b),bs[1]or''
end
local function dq(y)
return function(aq)
local ah=tonumber(aq)
return ah and ah<=y
end
end
local function ck(a,e,g,ce,y,b)
if#g==0 then return 0,false end
local x=gc(e.map,y)
local bx=e.is_other and 0 or ex(x,y)
local bc,cl,ee=jm(g,function(cq)
bx=bx-tonumber(cq)
return bx>=0
end,b)
local cj={}
for c,p in ipairs(bc)do
local v,lq=ik(x,tonumber(p[3]),y,ce,'0-'..y-1)
x=lq or x
cj[c]=p[2]..':'..string.gsub(v or'',' ',',')
end
if#cj>0 then
cx(a[7],g,b)
redis.pcall('PUBLISH',a[8],jz(cj,ee))
end
return#cj,cl
end
aa['slots.acquire']=function(a,d)
local f,ak,ad,ay,ap=d[1],tonumber(d[2]),d[3],tonumber(d[4]),tonumber(d[5])
local hk,fw,w,b=d[8],#d>8,ea(d,9),bd()
local e,aj,cd=gd(a)
local y,fc=ei(a,tonumber(d[6]),tonumber(d[7]),b)
if ap>y then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',y,ap),0)end
fr(a,e,b)
local g=cc(a[7],b,dq(y))
local at=math.max(b,g.ticket)
local cv=gn(ay,at)
local x=gc(e.map,y)
local v,bv=db(a,e,f),nil
if aj then
if ad~=''then pcall(gs,a[8],ad,ak)end
elseif v then
local j=fa(a,v,bl(a[2])or dc(a[2]))
hm(a,e,f,b+ak,b)
if jt(g,ad,b)then cx(a[7],g,b)end
return{1,j,v,fc,fw and x or nil}
else
local cw,dh=x,''
for c=2,#w do
local bb=db(a,e,w[c])or''
cw,dh=cu(cw,bb,co),dh..' '..bb
end
local br
if#g>0 and not fw then
local bx=ex(cw,y)
br=bx>=ap and ig(g,ad,cv>0 and cv or nil,function(cq)
bx=bx-tonumber(cq)
return bx<ap
end)
end
if not br then bv=ik(cw,ap,y,hk,fw and dh or nil,f)end
if bv then
local ae=bl(a[2])
local ab=not ae and dc(a[2])
local j,r=fa(a,bv,ae or ab)+1,b+ak
ij(a,e)
for c=2,#w do
local al,ar=fq(a,e,w[c])
r=math.max(r,ar or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
j=ab or j
fj(a[2],j)
else
hv(a,bv,j,ae or ab)
end
dm(a,e,f,bv,r,b)
if jt(g,ad,b)then cx(a[7],g,b)end
return{1,j,bv,fc,fw and cu(cw,bv,df)or nil}
end
local bx=ex(x,y)
cd,aj=kr(a,e,ap-bx,b)
if br then
ck(a,e,g,'',y,b)
if br[5]>0 then cd,aj=math.max(0,50-b+br[5]),''
else cd=-1 end
end
end
if ad~=''then
jw(g,ad,string.format('%.0f',ap),ay,0,b,at)
cx(a[7],g,b)
end
return{0,cd,aj,jx(at,b),fc}
end
aa['slots.commit']=function(a,d)
local j,v=tonumber(d[2]),d[3]
local e=dj(redis.call('GET',a[1]))
if db(a,e,d[1])~=v then return{0}end
local ae=bl(a[2])or dc(a[2])
local ah=fa(a,v,ae)
if ah<j or not gr(a)then hv(a,v,math.max(ah,j),ae)end
return 1
end
aa['slots.extend']=function(a,d)
local f,j,ak,v=d[1],tonumber(d[2]),tonumber(d[3]),d[4]
local w,b=ea(d,7),bd()
local e,aj=gd(a)
if aj then return{0,-1,aj}end
local y=ei(a,tonumber(d[5]),tonumber(d[6]),b)
fr(a,e,b)
local bb=db(a,e,f)
if bb==v and#w==1 then
hm(a,e,f,b+ak,b)
return 1
end
local cw,ar=gc(e.map,math.max(y,km(v))),''
for al,cr in ipairs(w)do
local dh=db(a,e,cr)or''
cw,ar=cu(cw,dh,co),ar..' '..dh
end
if not kh(cw,v)then
local ka={f,'',d[5],d[6]}
for c=2,#w do ka[c+3]=w[c]end
aa['slots.release'](a,ka)
return{0,-1,''}
end
ij(a,e)
local ae=bb~=v and(bl(a[2])or ew(a[2]))
if ae then hv(a,v,math.max(j,fa(a,v,ae)),ae)end
local r=b+ak
for al,cr in ipairs(w)do
local al,k=fq(a,e,cr)
r=math.max(r,k or 0)
end
dm(a,e,f,v,r,b)
local ce=js(cu(cu(string.rep(co,#cw),ar,df),v,co),df)
if ce~=''then ck(a,e,cc(a[7],b,dq(y)),ce,y,b)end
return 1
end
aa['slots.release']=function(a,d)
local az,w,b=d[2],ea(d,5),bd()
local an=redis.pcall('GET',a[1])
local e=dj(type(an)=='string'and an)
local ce,bi,ht,jc='',false,0,false
for al,cr in ipairs(w)do
local v,r=fq(a,e,cr)
if v then
jc,bi=true,bi or r>=b
ce,ht=ce..' '..v,math.max(ht,r)
end
end
if not jc then return 0 end
local aw=redis.pcall('MGET',a[7],a[8])
local iv=aw[1]or aw[2]
if iv then fr(a,e,b)end
local k=ff(a,e,b)
if iv then
local y=ei(a,tonumber(d[3]),tonumber(d[4]),b)
local g=cc(a[7],b,dq(y))
local bj,bc,cl=pcall(ck,a,e,g,ce,y,b)
if not bj then bc,cl=0,false end
if k==0 and not cl then gq(a[8],az~='')
elseif k>0 and ht>k and bc==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bi and 1 or 0
end
aa['slots.leave']=function(a,d)
local b=bd()
local y=ei(a,tonumber(d[2]),tonumber(d[3]),b)
local g=cc(a[7],b,dq(y))
if ji(g,d[1])then
cx(a[7],g,b)
pcall(function()ck(a,dj(redis.call('GET',a[1])),g,'',y,b)end)
end
pcall(es,a[8],d[1])
return 1
end
aa['slots.count']=function(a,d)
local b=bd()
local e,aj=gd(a)
local y,fc=ei(a,tonumber(d[1]),tonumber(d[2]),b)
fr(a,e,b)
local g=cc(a[7],b,dq(y))
ck(a,e,g,'',y,b)
local bx=aj and 0 or ex(gc(e.map,y),y)
local bn=tonumber(string.match(fc,'^%d+')or 0)
return{1,bx,y,bn,#e.map-ex(e.map,#e.map)}
end
aa['slots.resize']=function(a,d)
if not bl(a[2])then dc(a[2])end
return aa['slots.count'](a,d)
end`;

const PART_17 = `aa['slots.renew']=function(a,d,el)
local f,b,an=d[1],bd(),redis.call('GET',a[1])
local e=dj(an)
local v,r=db(a,e,f)
if v~=d[3]or r<b then
local lb=e.is_other and string.sub(an,1,2)~=gk
return{0,redis.call('PTTL',a[1]),lb and an or''}
end
local j=fa(a,v,bl(a[2])or 1)
if not el then hm(a,e,f,b+tonumber(d[2]),b)end
return j
end`;

const PART_18 = `local eu,gt,ev={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ev=2
local eu={
['mutex.acquire']=function(h,ai,af)
local bp=o('SET',KEYS[h],ARGV[ai],'NX','PX',ARGV[af])
if not bp or bp.err then return nil end
local j=ah(KEYS[h+1])
if not j then o('DEL',KEYS[h])end
return j
end,
['mutex.takeOver']=function(h,ai,af)
if o('GET',KEYS[h])~=ARGV[ai+1]then return nil end
local j=ah(KEYS[h+1])
if not j then return nil end
local bp=o('SET',KEYS[h],ARGV[ai],'PX',ARGV[af])
return not bp.err and-j or nil
end,
['mutex.extend']=function(h,ai,af)
if o('GET',KEYS[h])~=ARGV[ai]then return nil end
local s=o('PTTL',KEYS[h])
if type(s)~='number'or s<0 then return nil end
if s<tonumber(ARGV[af])and o('PEXPIRE',KEYS[h],ARGV[af])~=1 then return nil end
return 1
end,
['mutex.release']=function(h,ai)
local ac=o('MGET',KEYS[h],KEYS[h+1])
if ac.err or ac[2]then return nil end
if ac[1]~=ARGV[ai]then return 0 end
return o('DEL',KEYS[h])==1 and 1 or nil
end,
}`,
    PART_2,
    `local gt={
['mutex.release']=function(h,ai,di,cn)
local ac=o('MGET',unpack(KEYS,h,h+2*di-1))
if ac.err then return 0 end
local bb,ja,ho,dl={},{},{},0
for c=1,di do
if ac[2*c]then break end
local q=KEYS[h+2*c-2]
local bk=ac[2*c-1]==ARGV[ai+c-1]and not ja[q]
cn[#cn+1]=bk and 1 or 0
if bk then
ja[q]=true
bb[#bb+1]=q
ho[#bb]=#cn
end
dl=c
end
local io=#bb>0 and o('DEL',unpack(bb))
if type(io)=='table'then
for c=1,#ho do cn[ho[c]]={-1,io.err}end
end
return dl
end
}`,
    PART_3,
    PART_4,
    `local function dm(n,f,ak,bk)
if not bk then redis.call('SET',n,f,'PX',ak)
else
local s=redis.call('PTTL',n)
if s>=0 and s<tonumber(ak)then redis.call('PEXPIRE',n,ak)end
end
end
local function ic(a,f,lo,ak,ad)
local dz=ad==''and 2 or 3
local bk,bz,cm={},true,false
local cd,aj
for c=1,#a,dz do
local i=redis.call('GET',a[c])
bk[c]=i==f
if i~=f then bz=false end
if i and i==lo then
cm=true
elseif i and i~=f then
local s=redis.call('PTTL',a[c])
if not aj or(cd~=-1 and(s==-1 or s>cd))then
cd,aj=s,i
end
end
end
if ad~=''then
for c=3,#a,3 do pcall(gs,a[c],ad,tonumber(ak))end
end
if aj then return{0,cd,aj}end
local j=0
for c=2,#a,dz do
local k=bl(a[c])
j=math.max(j,k and(bz and k or k+1)or dc(a[c]))
end
for c=1,#a,dz do
dm(a[c],f,ak,bk[c])
fj(a[c+1],j)
end
return cm and-j or j
end
aa['mutex.acquire']=function(a,d)
return ic(a,d[1],nil,d[2],d[3])
end
aa['mutex.takeOver']=function(a,d)
return ic(a,d[1],d[2],d[3],d[4])
end
aa['mutex.commit']=function(a,d)
for c=1,#a,2 do
if redis.call('GET',a[c])~=d[1]then return{0}end
end
for c=2,#a,2 do
if not bl(a[c])then dc(a[c])end
em(a[c],tonumber(d[2]))
end
return 1
end
aa['mutex.extend']=function(a,d)
local f,j,ak=d[1],tonumber(d[2]),d[3]
local bk={}
for c=1,#a,2 do
local i=redis.call('GET',a[c])
if i and i~=f then return{0,redis.call('PTTL',a[c]),i}end
bk[c]=i==f
end
for c=1,#a,2 do
local gw=not bk[c]and(bl(a[c+1])or ew(a[c+1]))
if gw then em(a[c+1],j)end
end
for c=1,#a,2 do dm(a[c],f,ak,bk[c])end
return 1
end
aa['mutex.release']=function(a,d)
local f,az=d[1],d[2]
local bi,eg=false,false
for c=1,#a,2 do
local i=redis.pcall('GET',a[c])
if az~=''then pcall(es,a[c+1],az)end
if i==f then
redis.call('DEL',a[c])
bi=true
if gq(a[c+1],az~='')then eg=true end
elseif type(i)=='table'and i.err and not string.find(i.err,'WRONGTYPE',1,true)then
error(i.err)
end
end
if not bi then return 0 end
return eg and-1 or 1
end
aa['mutex.leave']=function(a,d)
pcall(es,a[1],d[1])
return 1
end
aa['mutex.renew']=function(a,d)
local j=1
for c=1,#a,2 do
local i=redis.call('GET',a[c])
if i~=d[1]then return{0,redis.call('PTTL',a[c]),i or''}end
j=math.max(j,bl(a[c+1])or 1)
end
for c=1,#a,2 do dm(a[c],d[1],d[2],true)end
return j
end
aa['mutex.query']=function(a)
local u={1}
for c=1,#a,2 do
u[#u+1]=redis.call('GET',a[c])or''
u[#u+1]=redis.call('PTTL',a[c])
u[#u+1]=eo(a[c+1])or''
end
return u
end`,
    PART_5,
    PART_6,
  ],
  "3f3e3caab4eccee2ff38f63aff8c8d114fa1d6e2",
  "fe59d99b328629aa53feb30cf588e2e7b5e42938",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ev=81
local eu={
['modes.acquire']=function(h,ai,af,ap)
local f,ak,am,cg=ARGV[ai],ARGV[af],ARGV[af+1],KEYS[h+ap-1]
if ARGV[af+2]~=''then return nil end
if ap~=4 then
local al,ks=string.gsub(am,' ','')
if ap~=3*ks+4 then return nil end
end
local ez,en
if o('EXISTS',unpack(KEYS,h,h+ap-2))~=0 then
local ac,l=o('MGET',unpack(KEYS,h,h+ap-2)),1
if ac.err then return nil end
ez={}
en={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for m in string.gmatch(am,'%u+')do
local i,q,ao=ac[l],KEYS[h+l-1],KEYS[h+l]
if ac[l+2]then return nil end
if not i then
if o('EXISTS',q,ao)~=0 then return nil end
else
if m=='X'or m=='SIX'then return nil end
local s,bb,aj=o('PTTL',q),nil,nil
if type(s)~='number'or s<=0 then return nil end
if i=='~s'then
if o('ZSCORE',ao,f)then return nil end
local ab=(m=='IX'and 3)or(m=='S'and 2)
if ab and o('ZCOUNT',ao,ab..'00000000000000','('..ab+2 ..'00000000000000')~=0 then
return nil
end
else
bb,aj=string.match(i,'^~s ([ISX]+) (.*)$')
if not en[bb]or aj==f or(m~=bb and m~='IS'and bb~='IS')then return nil end
if o('EXISTS',ao)~=0 then return nil end
end
ez[l]={s,bb,aj}
end
l=l+3
end
end
local j
if am=='X'or string.find(' '..am,' X',1,true)or string.find(am,'SIX',1,true)then
j=ah(cg)
if not j then return nil end
else
local i=o('GET',cg)
j=not i and ah(cg)or(type(i)=='string'and string.match(i,'^%d+$')and tonumber(i))
if not j or j<1 or j>=9000000000000000 then return nil end
end
if ap==4 and not ez then
local bp=o('SET',KEYS[h],am=='X'and f or'~s '..am..' '..f,'PX',ak)
return not bp.err and j or nil
end
local l,b=1,nil
for m in string.gmatch(am,'%u+')do
local q,fx=KEYS[h+l-1],ez and ez[l]
if fx then
local ao,ej,s,aj=KEYS[h+l],tonumber(ak),fx[1],fx[3]
if not b then
local as=o('TIME')
if as.err then return nil end
b=tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
end
local ag,bj=string.format('%.0f',en[m]+b+ej),nil
if aj then
local jk=math.max(s,ej)
bj=o('ZADD',ao,string.format('%.0f',en[fx[2]]+b+s),aj,ag,f)==2
and o('PEXPIRE',ao,jk)==1 and not o('SET',q,'~s','PX',jk).err
else
o('ZREMRANGEBYSCORE',ao,string.format('%.0f',en[m]),string.format('(%.0f',en[m]+b))
bj=o('ZADD',ao,ag,f)==1
local ju=o('PTTL',ao)
if type(ju)~='number'or ju<ej then
bj=o('PEXPIRE',ao,ej)==1 and bj
end
if s<ej then bj=o('PEXPIRE',q,ej)==1 and bj end
end
if not bj then return nil end
else
local bp=o('SET',q,m=='X'and f or'~s '..m..' '..f,'PX',ak)
if bp.err then return nil end
end
l=l+3
end
return j
end,
['modes.extend']=function(h,ai,af,ap)
local f,ak,l=ARGV[ai],ARGV[af],1
local ac=ARGV[af-1]=='2'and o('MGET',unpack(KEYS,h,h+ap-1))
if not ac or ac.err then return nil end
for m in string.gmatch(ARGV[af+1],'%u+')do
if ac[l]~=(m=='X'and f or'~s '..m..' '..f)then return nil end
l=l+4
end
for q=h,h+l-2,4 do
local s=o('PTTL',KEYS[q])
if type(s)~='number'or s<0 then return nil end
if s<tonumber(ak)and o('PEXPIRE',KEYS[q],ak)~=1 then return nil end
end
return 1
end,
['modes.release']=function(h,ai,al,ap)
local f,ac=ARGV[ai],nil
if ap==4 then
local i,ch,lu=unpack(o('MGET',KEYS[h],KEYS[h+2],KEYS[h+3]))
if not i or ch or lu then return nil end
if i==f or string.match(i,'^~s [ISX]+ (.*)$')==f then
return o('DEL',KEYS[h])==1 and 1 or nil
end
ac={i}
else
ac=o('MGET',unpack(KEYS,h,h+ap-1))
if ac.err then return nil end
end
local ci,hq,hr,b={},{},{},nil
for l=1,ap,4 do
local i,q,ao=ac[l],KEYS[h+l-1],KEYS[h+l]
if not i or ac[l+2]or ac[l+3]then return nil end
if i=='~s'then
local ag=o('ZSCORE',ao,f)
local s=o('PTTL',q)
if type(ag)~='string'or type(s)~='number'or s<0 then return nil end
if not b then
local as=o('TIME')
b=tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
end
local r=tonumber(ag)%100000000000000
local ae=tonumber(ag)-r
if r<b then return nil end
local jl,iz=string.format('%.0f',ae),string.format('(%.0f',ae+100000000000000)
local k=o('ZREVRANGEBYSCORE',ao,iz,jl,'WITHSCORES','LIMIT',0,2)
if k.err then return nil end
local z,hd=tonumber(k[2])-ae,nil
if k[1]==f then
hd=o('ZCARD',ao)
z=k[4]and tonumber(k[4])-ae
if z and(z<b or o('ZCOUNT',ao,jl,iz)~=hd)then return nil end
if not z and hd~=1 then return nil end
elseif s>z-b+1 then
return nil
end
if not z then
ci[#ci+1]=q
elseif s>z-b+1 then
hr[#hr+1]={q,math.max(1,z-b)}
end
hq[#hq+1]=ao
elseif i==f or string.match(i,'^~s [ISX]+ (.*)$')==f then
ci[#ci+1]=q
else
return nil
end
end
for al,an in ipairs(hr)do o('PEXPIRE',an[1],an[2])end
for al,ao in ipairs(hq)do
if o('ZREM',ao,f)~=1 then return nil end
end
if#ci>0 and o('DEL',unpack(ci))~=#ci then return nil end
return 1
end
}
local gt={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    PART_10,
    `aa['modes.position']=function(a,d)
local b=bd()
local g=cc(a[3],b,dr)
local l,go,bo=hj(g,d[1]),0,0
local ag=l and g[l][1]or math.max(b,g.ticket)+1-tonumber(d[2])
for c=1,#g do
local p=da(g,c)
if not p[7]and p[5]>=0 then
bo=bo+1
if p[2]~=d[1]and not gz(p,ag,d[1])then go=go+1 end
end
end
return{1,go,bo,redis.call('EXISTS',a[1])}
end
aa['modes.stay']=function(a,d)
local b=bd()
local g=cc(a[3],b,dr)
if gf(g,d[1],b)then cx(a[3],g,b)end
return 1
end`,
    `aa['modes.query']=function(a)
local u,b={1},bd()
for al,t in ipairs(dt(a,#a/4,4))do
local eb={eo(t.wake)}
local g=cc(t.line,b,dr)
for c=1,#g do
local p=da(g,c)
if p[4]>=b and p[5]>=0 then eb[#eb+1]=p[2]end
end
u[#u+1]=redis.call('GET',t.lock)or''
u[#u+1]=redis.call('PTTL',t.lock)
u[#u+1]=table.concat(eb,' ')
local gy=redis.call('ZRANGE',t.shared,0,-1,'WITHSCORES')
local l=#u+1
u[l]=0
for c=1,#gy,2 do
local s=tonumber(gy[c+1])%cy-b
if s>=0 then
u[l]=u[l]+1
u[#u+1]=gy[c]
u[#u+1]=s
end
end
end
return u
end`,
    PART_11,
    PART_5,
    PART_6,
  ],
  "0efe53cb93667b017b3a609d26bf6fa3877ec0d5",
  "65c9e1d4010066497ed6e05349e3446df85557f4",
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
local b=bd()
local e,bf,s=gd(a)
local bn,y=hl(a[6],a[1],b)
local eb={eo(a[8])}
local g=cc(a[7],b,dq(math.huge))
for c=1,#g do
local p=da(g,c)
if p[4]>=b then eb[#eb+1]=p[2]end
end
local u={1,bf or'',s or-2,y or 0,bn or 0,table.concat(eb,' ')}
local function id(f,v,r)
if v and r>=b then
local l=#u
u[l+1],u[l+2],u[l+3]=f,v,r-b
end
end
if e.token~=''then id(e.token,e.slots,e.deadline)end
if e.latest>0 then
local jv,bb={},redis.call('HGETALL',a[3])
for c=1,#bb,2 do jv[bb[c]]=bb[c+1]end
local bs=redis.call('ZRANGE',a[4],0,-1,'WITHSCORES')
for c=1,#bs,2 do
if bs[c]~=e.token then id(bs[c],jv[bs[c]],tonumber(bs[c+1]))end
end
end
return u
end`,
    PART_5,
    PART_6,
  ],
  "dfc3c8bf890d1afe1fea40ecde1628dfd4928871",
  "3c16455d813089fa98e0abd44fb50214c3d6c719",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function jq(n)
local cf=redis.pcall('GET',n)
return type(cf)=='string'and cf or''
end
local function jr(n,ko,i)
local dv=jq(n)
local as=redis.call('TIME')
local b=string.format('%.0f',tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000))
if dv==ko then
dv=i(tonumber(b))
redis.call('SET',n,dv)
end
return{1,dv,b}
end
aa['marker.replace']=function(a,d)
return jr(a[1],d[1],function()return d[2]end)
end
aa['marker.lose']=function(a,d)
return jr(a[1],d[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(d[2]))
end)
end`,
    `aa['identify']=function(a)
local ep=''
local function ge(lt)
local ft=redis.pcall('INFO',lt)
if type(ft)=='table'then ft,ep='',ft.err end
return function(kq)return string.match(ft,'%f[%w_]'..kq..':([^\\r\\n]*)')or''end
end
local eq,he,hn=ge('server'),ge('memory'),ge('replication')
local as=redis.call('TIME')
local m=eq('redis_mode')
if m==''then m=eq('server_mode')end
local jy=eq('valkey_version')
return{
1,eq('run_id'),tonumber(eq('uptime_in_seconds'))or-1,
tonumber(as[1])*1000000+tonumber(as[2]),
tonumber(ge('persistence')('aof_enabled'))or-1,
he('maxmemory_policy'),tonumber(he('maxmemory'))or-1,
hn('role'),m,hn('master_replid'),hn('master_replid2'),
a[1]and jq(a[1])or'',ep,
tonumber(he('used_memory'))or-1,jy~=''and'valkey '..jy or eq('redis_version')
}
end`,
    PART_14,
    `aa['counters.read']=function(a)
local u,b={1},bd()
for c=1,#a,2 do
local ey,j=pcall(bl,a[c])
u[#u+1]=ey and j and string.format('%.0f',j)or''
end
for c=2,#a,2 do
local cz,ci,cj=redis.pcall('HGETALL',a[c]),{},{}
for l=1,cz.err and 0 or#cz,2 do
ci[#ci+1],cj[cz[l]]=cz[l],cz[l+1]
end
table.sort(ci)
for al,q in ipairs(ci)do
local bn,y=hh(cj[q],b)
if bn then
for al,i in ipairs({c/2,q,string.format('%.0f',bn),y})do u[#u+1]=i end
end
end
end
return u
end
local function jp(a,d,av)
local v,b=#a/2,bd()
for c=1,v do
local n=a[2*c-1]
local ey,j=pcall(bl,n)
if ey and d[c]~=''then
if not j then av(n)end
em(n,tonumber(d[c]))
end
end
for l=v+1,#d,4 do
pcall(lp,a[2*tonumber(d[l])],d[l+1],tonumber(d[l+2]),tonumber(d[l+3]),b)
end
return 1
end
aa['counters.raise']=function(a,d)
return jp(a,d,dc)
end
aa['counters.restore']=function(a,d)
return jp(a,d,function()end)
end
aa['counters.lift']=function(a,d)
for c=1,#a do
local ey,j=pcall(bl,a[c])
if ey and j then em(a[c],tonumber(d[1]))end
end
return 1
end`,
    `aa['set.note']=function(a,d)
local bp,dh,fb=d[1],d[2],tonumber(d[3])
local as=redis.call('TIME')
local b=tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
local hs,jb,it=b,false,false
local ct,aq={},redis.pcall('GET',a[1])
for ch in string.gmatch(type(aq)=='string'and aq or'','[^\\n]+')do
local fz,ab,z,et,lk=string.match(ch,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
ab,z,et=tonumber(ab),tonumber(z),tonumber(et)
if fz and ab<=z and z<=b and b<et and et<=b+3600000 then
if fz==bp then
hs,jb=ab,b-z<tonumber(d[4])
elseif fz==dh then
it=true
else
ct[#ct+1]={ch,fz,z,ab,et,lk}
end
end
end
local u,aw,k={1},{},b+fb
for c=math.max(1,#ct-16+2),#ct do
local bf=ct[c]
aw[#aw+1]=bf[1]
k=math.max(k,bf[5])
u[#u+1]=bf[2]
u[#u+1]=bf[3]-math.max(bf[4],hs)
u[#u+1]=bf[5]-b
u[#u+1]=bf[6]
end
if not jb or it then
aw[#aw+1]=string.format('%s %.0f %.0f %.0f %s',bp,hs,b,b+fb,d[5])
redis.call('SET',a[1],table.concat(aw,'\\n'),'PX',string.format('%.0f',k-b))
end
return u
end`,
    PART_5,
    PART_6,
  ],
  "97d4395842f914463b542349c92861df818dd7f2",
  "45e21e79dbe757f4d8bc75378f3eede647d657dd",
);

export const HOLD_SUMMARY_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `aa['hold.summary']=function(a,d)
local fg=redis.pcall('GET',a[1])
if type(fg)~='string'or#fg>256 then fg=''end
if d[1]~=''then
local s,fb=redis.call('PTTL',a[1]),tonumber(d[2])
if fg==''or s<=fb-tonumber(d[3])or s>fb then
redis.call('SET',a[1],d[1],'PX',d[2])
end
end
return{1,fg}
end`,
    PART_5,
    PART_6,
  ],
  "5098aa6fe360ae8dde597832d06ba9b623df1dfb",
  "1914c3908afbd55c5623a92b5564ab08944d2a18",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    PART_12,
    `local ev=13
local function hg(h,ai,af,ap,cb)
local f,q=ARGV[ai],KEYS[h+8]
if cb=='quota.acquire'then
local m=ARGV[af+10]
if ap~=12 or ARGV[af]~='modes.acquire'or ARGV[af-1]~='12'or ARGV[af+11]~=''then return nil end
local bw=(m=='X'or m=='SIX')and 1 or(m=='S'or m=='IX'or m=='IS')and 0
local u=bw and ek(h,ai,af+2,ap,'slots.acquire',bw)
if not u then return nil end
local bp=o('SET',q,m=='X'and f or'~s '..m..' '..f,'PX',ARGV[af+9])
return not bp.err and u or nil
end
if cb=='quota.extend'then
if ap~=13 or ARGV[af]~='modes.extend'or ARGV[af-1]~='10'then return nil end
local m,ak=ARGV[af+9],ARGV[af+8]
if o('GET',q)~=(m=='X'and f or'~s '..m..' '..f)then return nil end
local s=o('PTTL',q)
if type(s)~='number'or s<0 then return nil end
local u=ek(h,ai,af+2,ap,'slots.extend')
if u and s<tonumber(ak)and o('PEXPIRE',q,ak)~=1 then return nil end
return u
end
if ap~=12 or ARGV[af]~='modes.release'or ARGV[af-1]~='6'then return nil end
local ac=o('MGET',KEYS[h],KEYS[h+6],KEYS[h+7],q,KEYS[h+10],KEYS[h+11])
local i=ac[4]
if not i or ac[5]or ac[6]then return nil end
if i~=f and string.match(i,'^~s [ISX]+ (.*)$')~=f then return nil end
local u=ek(h,ai,af+2,ap,'slots.release',ac)
if not u or(u~=2 and o('DEL',q)~=1)then return nil end
return 1
end
local eu={['quota.acquire']=hg,['quota.extend']=hg,['quota.release']=hg}`,
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
    `local ia=8
local function fd(a,d)
local bg,ca,bm,bu={},{},{d[1]},{d[1]}
local ah=tonumber(d[3])
for c,n in ipairs(a)do
if c<=ia then bg[c]=n
else ca[c-ia]=n end
end
for c=4,#d do
if c<4+ah then bm[c-2]=d[c]
else bu[c-2-ah]=d[c]end
end
return bg,bm,ca,bu
end
local function jn(a,d,ab)
local e,be,b=dj(redis.call('GET',a[1])),{},bd()
local al,lj=db(a,e,d[1])
for c=ab,#d do
local v,r=db(a,e,d[c])
if v and r>b then be[#be+1]={d[c],v,r}end
end
return(lj or 0)>=b,be
end
local function kt(a,f,be,b)
local e=dj(redis.call('GET',a[1]))
fq(a,e,f)
for al,hi in ipairs(be)do dm(a,e,hi[1],hi[2],hi[3],b)end
ff(a,e,b)
end
local function jj(a,f,be,bz,cb,ca,bu)
local bj,q=pcall(aa[cb],ca,bu)
if bj and(type(q)=='number'or q[1]==1)then return q end
if not bz then kt(a,f,be,bd())end
if not bj then error(q,0)end
return nil,{0,q[2],q[3],q[4],q[5],2}
end
aa['quota.acquire']=function(a,d)
local bg,bm,ca,bu=fd(a,d)
local bz,be=jn(bg,bm,9)
local au=aa['slots.acquire'](bg,bm)
if au[1]==0 then return{0,au[2],au[3],au[4],au[5],1}end
local q,ep=jj(bg,d[1],be,bz,d[2],ca,bu)
if not q then
if#be==0 and not bz then
local b=bd()
local y=ei(bg,tonumber(bm[6]),tonumber(bm[7]),b)
local e,g=dj(redis.call('GET',bg[1])),cc(bg[7],b,dq(y))
ck(bg,e,g,au[3],y,b)
end
return ep
end
if type(q)=='number'then return{1,math.abs(q),au[3],au[4],au[5]or''}end
return{1,q[2],au[3],au[4],au[5]or'',q[3],q[4],q[5]or''}
end
aa['quota.convert']=function(a,d)
local bg,bm,ca,bu=fd(a,d)
local bz,be=jn(bg,bm,7)
local au=aa['slots.extend'](bg,bm)
if au~=1 then return{0,au[2],au[3],'0','',1}end
local q,ep=jj(bg,d[1],be,bz,d[2],ca,bu)
return q and{1,math.abs(q),bm[4],'',''}or ep
end
local function ih(a,d,cb)
local bg,bm,ca,bu=fd(a,d)
local au=aa[cb](bg,bm)
if au~=1 then return au end
return aa[d[2]](ca,bu)
end
aa['quota.commit']=function(a,d)return ih(a,d,'slots.commit')end
aa['quota.extend']=function(a,d)return ih(a,d,'slots.extend')end
aa['quota.release']=function(a,d)
local bg,bm,ca,bu=fd(a,d)
local bj,au=pcall(aa['slots.release'],bg,bm)
local q=aa[d[2]](ca,bu)
if not bj then error(au,0)end
return q~=0 and q or au
end`,
    `aa['quota.renew']=function(a,d)
local bg,bm,ca,bu=fd(a,d)
local q
for al,el in ipairs({true,false})do
local au=aa['slots.renew'](bg,bm,el)
if type(au)~='number'then return au end
q=aa[d[2]](ca,bu,el)
if type(q)~='number'then return q end
end
return q
end`,
    PART_5,
    PART_6,
  ],
  "6d46777e011188271fe22155b26ab7b5349a2724",
  "96c0ca0955daf9479b52457214ed56fddf4ee778",
);
