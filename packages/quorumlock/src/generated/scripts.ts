// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local v=redis.pcall
local function z(f)
local l=v('INCR',f)
if type(l)~='number'then return nil end
if l>1 and l<=9000000000000000 then return l end
if l==1 and not IS_CLUSTER then
local bq=v('GET',string.match(f,'^(.*)~fence:')..'~server')
local dj=type(bq)=='string'and string.match(bq,'^complete .* (%d+)$')
local bo=dj and v('SET',f,dj)
if bo and not bo.err then return tonumber(dj)end
end
v(l>1 and'DECR'or'DEL',f)
return nil
end`;

const PART_2 = `if#KEYS<=ft and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local fa=fs[ARGV[1]]
local ad=fa and fa(1,6+ARGV[5],6,#KEYS)
if ad then return ad end
end`;

const PART_3 = `local function general()
local u={}
local function bh(f)
local g=redis.call('GET',f)
if not g then return nil end
local l=string.match(g,'^-?%d+$')and tonumber(g)
if not l or l>=9000000000000000 then
error('the fencing counter '..f..' cannot be counted up: '..g..'; delete it together with '
..string.match(f,'^(.*)~fence:')..'~server, on one server after another')
end
return l>0 and l or nil
end
local function fi(f,l)
redis.call('SET',f,string.format('%.0f',l))
end
local function dy(f)
if not IS_CLUSTER then
local bq=redis.pcall('GET',string.match(f,'^(.*)~fence:')..'~server')
if type(bq)~='table'or string.find(bq.err,'WRONGTYPE',1,true)then
return type(bq)=='string'and tonumber(string.match(bq,'^complete .* (%d+)$'))or nil
end
end
local an=redis.call('TIME')
local b=tonumber(an[1])*1000000+tonumber(an[2])
return math.max(1,b-b%16384)
end
local function cl(f)
local dj=dy(f)
if dj then return dj end
redis.call('DEL',f)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function dr(f,l)
local cy=bh(f)
if not cy then l=math.max(l,dy(f)or 0)end
if(cy or 0)<l then fi(f,l)end
end`;

const PART_4 = `local function fc(f)
local bf=redis.pcall('GET',f)
return type(bf)=='string'and bf or nil
end
local function fr(f,ap,af)
af=math.max(af,20000)
local bf=fc(f)
if not bf then
redis.call('SET',f,ap,'PX',af)
elseif string.find(' '..bf..' ',' '..ap..' ',1,true)then
redis.call('PEXPIRE',f,math.max(redis.call('PTTL',f),af))
elseif#bf+1<256*(#ap+1)then
redis.call('SET',f,bf..' '..ap,'PX',math.max(redis.call('PTTL',f),af))
end
end
local function dw(f,ap)
local bf=fc(f)
if not bf then return end
local cf={}
for ba in string.gmatch(bf,'%S+')do
if ba~=ap then cf[#cf+1]=ba end
end
if#cf==0 then redis.call('DEL',f)
else redis.call('SET',f,table.concat(cf,' '),'PX',math.max(redis.call('PTTL',f),1))end
end
local function fp(f,jr)
local bf=fc(f)
if not bf then return false end
local x=jr and string.match(bf,'%S+')or''
if x~=''then dw(f,x)end
redis.pcall('PUBLISH',f,x)
return x~=''
end`;

const PART_5 = `return u
end`;

const PART_6 = `local function jz(fa,r,dn,ag,n,au,aj)
local a,c={unpack(KEYS,r,r+dn-1)},{unpack(ARGV,ag,ag+n-1)}
for d=1,aj do c[n+d]=ARGV[au+d-1]end
local aw,ad=pcall(fa,a,c)
if aw then return ad end
if type(ad)=='table'then ad=ad.err or ad[1]end
return{-1,tostring(ad)}
end
local cb,u,r,ag={},nil,1,1
while ag<=#ARGV do
local cx,az,dn=ARGV[ag],tonumber(ARGV[ag+1]),tonumber(ARGV[ag+2])
local n,aj,au=tonumber(ARGV[ag+3]),tonumber(ARGV[ag+4]),ag+5
ag=au+aj
local hm=dn<=ft
local hk=hm and fs[cx]
local hi=hm and az>1 and hj[cx]
local cs=0
while cs<az do
local z=hi and hi(r,ag,az-cs,cb)or 0
if z==0 then
local ad=hk and hk(r,ag,au,dn)
if not ad then
u=u or general()
ad=jz(u[cx],r,dn,ag,n,au,aj)
end
cb[#cb+1]=ad
z=1
end
r,ag,cs=r+z*dn,ag+z*n,cs+z
end
end
return#cb==1 and cb[1]or cb`;

const PART_7 = `local function eo(t)return string.match(t,'^%w+')or''end
local function ct(e,d)
local am=e[d]
if type(am)~='string'then return am end
local ae,t,cc,w,at,as=
string.match(am,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local i
if cc and e.is_demand(cc)then
i={tonumber(ae),t,cc,tonumber(w),tonumber(at),tonumber(as),false,am}
else
i={0,'','',0,0,0,true,am}
end
e[d]=i
return i
end
local function en(e,i)
e.check=math.min(e.check,i[4]+1)
if i[5]>0 then e.check=math.min(e.check,i[5]+50+1)end
end
local function jb(e,b)
local fo,cz=0,{}
local z=#e
e.check=math.huge
for d=1,z do
local i=ct(e,d)
e[d]=nil
if i[4]>=b then
fo=fo+1
e[fo]=i
en(e,i)
if i[5]>0 and b-i[5]>50 then
local ap=eo(i[2])
cz[ap]=math.max(cz[ap]or 0,i[5])
i[7]=true
end
end
end
if not next(cz)then return end
for ak,i in ipairs(e)do
local ap=eo(i[2])
if cz[ap]and i[4]-3000>cz[ap]then cz[ap]=nil end
end
for ak,i in ipairs(e)do i[7]=i[7]or cz[eo(i[2])]~=nil end
end
local function bw(f,b,jm)
local am=redis.pcall('GET',f)
local e={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=jm}
local dv,o,as
if type(am)=='string'then dv,o,as=string.match(am,'^(%d+) (%d+) (%d+);')end
if not dv then return e end
e.check,e.last,e.ticket=tonumber(dv),tonumber(o),tonumber(as)
local z=0
for cd in string.gmatch(am,';([^;]+)')do
z=z+1
e[z]=cd
end
if b>=e.check then jb(e,b)end
return e
end
local function ch(f,e,b)
if#e==0 then
redis.call('DEL',f)
return
end
local bx={string.format('%.0f %.0f %.0f',e.check,e.last,e.ticket)}
for d,i in ipairs(e)do
bx[d+1]=type(i)=='string'and i or i[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(i,1,6))
end
redis.call('SET',f,table.concat(bx,';'),'PX',math.max(1,e.last-b))
end
local function fv(i,ae,t)
return i[1]>ae or(i[1]==ae and i[2]>t)
end
local function ha(e,t,ae,ja)
local bi
for d=1,#e do
local i=ct(e,d)
if i[2]==t or(ae and fv(i,ae,t))then break end
if not i[7]and ja(i[3])then
if bi then return bi,true end
bi=i
end
end
return bi,false
end
local function gf(e,t)
local jy=' '..t..' '
for d,i in ipairs(e)do
if type(i)~='string'or string.find(i,jy,1,true)then
if ct(e,d)[2]==t then return d end
end
end
end
local function ff(e,t,b)
local k=t~=''and gf(e,t)
if not k then return nil end
local i=ct(e,k)
i[4],i[5],i[7],i[8]=b+3000,0,false,nil
e.last=math.max(e.last,i[4])
return k
end
local function im(e,t,b)
local k=ff(e,t,b)
if not k then return false end
local i=e[k]
i[5],i[7]=math.max(1,b-50-1),true
en(e,i)
return true
end
local function ip(e,t,cc,as,cw,b,ac)
local k=ff(e,t,b)
if k and e[k][6]>=as then
e[k][3]=cc
return k
end
if k then table.remove(e,k)end
if as==0 then as=ac+1 end
local ae=as-cw
k=#e+1
while k>1 and fv(ct(e,k-1),ae,t)do k=k-1 end
local i={ae,t,cc,b+3000,0,as,false}
table.insert(e,k,i)
en(e,i)
e.last,e.ticket=math.max(e.last,i[4]),math.max(e.ticket,as)
e[256+1]=nil
return k
end
local function hy(e,t)
local k=gf(e,t)
if k then table.remove(e,k)end
return k~=nil
end
local function ie(e,bz,b)
local at,ep,fx={},{},false
for d=1,#e do
local i=ct(e,d)
if not i[7]then
local ap=eo(i[2])
fx=fx or not bz(i[3])
if fx then
if not next(ep)then break end
if not ep[ap]then return at,true,i[2]end
else
if i[5]<=0 then
i[5],i[8]=b,nil
en(e,i)
at[#at+1]=i
end
ep[ap]=true
end
end
end
return at,next(ep)~=nil,nil
end
local function iq(bx,di)
return table.concat(bx,' ')..(di and' ~'..di or'')
end`;

const PART_8 = `local fj={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function dm(am)return fj[am]end
local function hd(jv,ba)return string.find(fj[jv],' '..ba..' ',1,true)end
local function jq(ju)
local es={}
return function(j)
if es[j]==nil then es[j]=not ju(j)end
if not es[j]then return false end
for ba in string.gmatch(fj[j],'%u+')do es[ba]=false end
return true
end
end`;

const PART_9 = `local cm,iw='~s','~p'
local dd,fl=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local gx={'IS','IX','SIX','S'}
local fm={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=gx}
local function be()
local an=redis.call('TIME')
return tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
end
local function ga(am)
local al={}
for j in string.gmatch(am,'%u+')do
if not fm[j]then error('unknown mode '..j,0)end
al[#al+1]=j
end
return al
end
local function eh(a,z,db)
local bg={['fences']={unpack(a,z*db+1)}}
for d=1,z do
local r=(d-1)*db
bg[d]={['lock']=a[r+1],['shared']=a[r+2],['line']=a[r+3],['wake']=db>3 and a[r+4]}
end
return bg
end
local function dc(c,x)
local n={c[1],[c[1]]=true}
for d=x,#c do
n[#n+1]=c[d]
n[c[d]]=true
end
return n
end
local function ek(g)
if not g or string.sub(g,1,3)~='~s 'then return nil end
local j,h=string.match(g,'^~s (%u+) (.*)$')
if fm[j]then return j,h end
end
local function em(jt)return string.format('%.0f',jt)end
local function hv(f,j,z)
local ah=fl[j]*dd
return redis.pcall('ZREVRANGEBYSCORE',f,'('..em(ah+dd),em(ah),'WITHSCORES','LIMIT',0,z),ah
end
local function ez(q,j,n,b)
local g=redis.call('GET',q.lock)
if g==iw then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local da,bb=ek(g)
if bb then
local p=not n[bb]and redis.call('PTTL',q.lock)
if p and(p==-1 or hd(j,da))then return p,bb end
return nil
end
if n[g]then return nil end
if g and g~=cm then return redis.call('PTTL',q.lock),g end
local o,ab
if not g and redis.call('EXISTS',q.shared)==0 then return nil end
for ak,kd in ipairs(fm[j])do
local ai,ah=hv(q.shared,kd,#n+1)
if ai.err then error(ai.err,0)end
for d=1,#ai,2 do
local w=tonumber(ai[d+1])-ah
if not n[ai[d]]then
if w>=b and(not o or w>o)then o,ab=w,ai[d]end
break
end
end
end
if o then return o-b,ab end
end
local function hw(q,b)
local ac
if redis.call('EXISTS',q.shared)==0 then return nil end
for ak,j in ipairs(gx)do
local ai,ah=hv(q.shared,j,1)
local ae=tonumber(ai[2])
if ae and ae-ah>=b then ac=math.max(ac or 0,ae-ah)end
end
return ac
end
local function fw(q,j,n)
local g=redis.call('GET',q.lock)
if j=='X'then return n[g]end
local da,bb=ek(g)
if bb then return n[bb]and da==j end
for ak,h in ipairs(n)do
local ae=redis.call('ZSCORE',q.shared,h)
if ae and math.floor(tonumber(ae)/dd)==fl[j]then return true end
end
return false
end
local function jo(q,n)
local g=redis.call('GET',q.lock)
local ak,bb=ek(g)
if bb then return n[bb]end
if n[g]then return true end
for ak,h in ipairs(n)do
if redis.call('ZSCORE',q.shared,h)then return true end
end
return false
end
local function gz(f,j,h,w,b)
local ah=fl[j]*dd
redis.call('ZREMRANGEBYSCORE',f,em(ah),'('..em(ah+b))
redis.call('ZADD',f,em(ah+w),h)
if redis.call('PTTL',f)<w-b then redis.call('PEXPIRE',f,w-b)end
end
local function hr(q,j,n,af,b)
local m,aj,h,ca=q.lock,q.shared,n[1],false
local g=redis.call('GET',m)
local w=b+af
local da,bb=ek(g)
local ab,jl=bb or g,da or'X'
if n[ab]then
local p=redis.call('PTTL',m)
if p==-1 and ab==h and j==jl then return false end
w=math.max(w,b+p)
if bb==h and j==da then
redis.call('SET',m,g,'PX',w-b)
return false
end
ca=ab~=h
g=nil
elseif bb then
local p=math.max(1,redis.call('PTTL',m))
gz(aj,da,bb,b+p,b)
redis.call('SET',m,cm,'PX',p)
g=cm
end
if g~=cm and(j~='X'or bb)and redis.call('EXISTS',aj)==0 then
redis.call('SET',m,j=='X'and h or'~s '..j..' '..h,'PX',w-b)
return ca
end
for d,cd in ipairs(n)do
local ae=(d>1 or j~='X')and redis.call('ZSCORE',aj,cd)
if ae then
w=math.max(w,tonumber(ae)%dd)
if d>1 then
redis.call('ZREM',aj,cd)
ca=true
end
end
end
if j=='X'then
redis.call('SET',m,h,'PX',w-b)
return ca
end
gz(aj,j,h,w,b)
if g~=cm then
redis.call('SET',m,cm,'PX',hw(q,b)-b)
else
local p=redis.call('PTTL',m)
if p>=0 and p<w-b then redis.call('PEXPIRE',m,w-b)end
end
return ca
end
local gu={}
local function by(q,e,b)
if#e==0 then return{},false end
local at,bz,di=ie(
e,jq(function(j)return ez(q,j,gu,b)end),b)
for d,i in ipairs(at)do at[d]=i[2]end
if#at>0 then
ch(q.line,e,b)
redis.pcall('PUBLISH',q.wake,iq(at,di))
end
return at,bz
end
local function iz(q,j,n,t,ae,e,b)
local p,ab=ez(q,j,n,b)
if p or#e==0 or jo(q,n)then return p,ab end
local bi,jk=ha(e,t,ae,function(ba)return hd(ba,j)end)
if not bi then return nil end
if q.wake then by(q,e,b)end
if jk then return-1,''end
if bi[5]>0 then return math.max(0,50-b+bi[5]),''end
p,ab=ez(q,bi[3],gu,b)
return p and-1 or 50,ab or''
end
local function jf(hl,al,bm)
local l,hf,ay=0,false,{}
for ak,j in ipairs(al)do
if(j=='X'or j=='SIX')and not bm then hf=true end
end
for d,f in ipairs(hl)do
local o=bh(f)
ay[d]=o or 0
l=math.max(l,o and(hf and o+1 or o)or cl(f))
end
for d,f in ipairs(hl)do
if ay[d]~=l then fi(f,l)end
end
return l
end
u['modes.acquire']=function(a,c)
local af,t,as,cw=tonumber(c[2]),'',0,0
if c[4]~=''then
t,as,cw=string.match(c[4],'^(%S*) (%S+) (%S+)$')
as,cw=tonumber(as),tonumber(cw)
end
local al,n,ix,b=ga(c[3]),dc(c,5),{c[1],[c[1]]=true},be()
local bg=eh(a,#al,t==''and 3 or 4)
local ae=as>0 and as-cw or nil
local ao,ay,k,bn,ab={},b,nil,nil,nil
local bm,ca=true,false
for d,j in ipairs(al)do
local q=bg[d]
ao[d]=bw(q.line,b,dm)
ay=math.max(ay,ao[d].ticket)
local p,kh=iz(q,j,n,t,ae,ao[d],b)
if p then
k=k or d
if not ab or(bn~=-1 and(p==-1 or p>bn))then
bn,ab=p,kh
end
elseif not fw(q,j,ix)then
bm=false
end
end
local bt,ej=k or#al,nil
if t~=''then
ej=ip(ao[bt],t,al[bt],as,cw,b,ay)
if not k and ao[bt][ej]then ao[bt][ej][5]=-1 end
ch(bg[bt].line,ao[bt],b)
end
if k then
if t~=''then pcall(fr,bg[k].wake,t,af)end
return{0,bn,ab,string.format('%.0f',ay),ej and ej-1 or#ao[k]}
end
local l=jf(bg.fences,al,bm)
for d,j in ipairs(al)do
local q=bg[d]
if hr(q,j,n,af,b)then ca=true end
if d~=bt and ff(ao[d],t,b)then ch(q.line,ao[d],b)end
end
return ca and-l or l
end
u['modes.convert']=u['modes.acquire']
u['modes.commit']=function(a,c)
local al,n=ga(c[3]),{c[1],[c[1]]=true}
local bg=eh(a,#al,4)
for d,j in ipairs(al)do
if not fw(bg[d],j,n)then return{0}end
end
for ak,f in ipairs(bg.fences)do
if not bh(f)then cl(f)end
dr(f,tonumber(c[2]))
end
return 1
end
u['modes.extend']=function(a,c)
local l,af,al=tonumber(c[2]),tonumber(c[3]),ga(c[4])
local bg,n,b,ax=eh(a,#al,4),dc(c,5),be(),true
for d,j in ipairs(al)do
local p,ab=ez(bg[d],j,n,b)
if p then return{0,p,ab}end
ax=ax and fw(bg[d],j,n)
end
for ak,f in ipairs(bg.fences)do
local fu=not ax and(bh(f)or dy(f))
if fu then dr(f,l)end
end
for d,j in ipairs(al)do
local q=bg[d]
if hr(q,j,n,af,b)then by(q,bw(q.line,b,dm),b)end
end
return 1
end
local function bp(q,n,b)
local m,bc=q.lock,false
local g=redis.pcall('GET',m)
if type(g)=='table'then
if string.find(g.err,'WRONGTYPE',1,true)then return false,false end
error(g.err,0)
end
local ak,bb=ek(g)
if n[bb or g]then
redis.call('DEL',m)
g,bc=false,true
end
if bb or(bc and#n==1)then return bc,bc end
local eu=false
for ak,h in ipairs(n)do
local ae=redis.pcall('ZSCORE',q.shared,h)
if type(ae)=='string'then
redis.call('ZREM',q.shared,h)
eu=true
if tonumber(ae)%dd>=b then bc=true end
end
end
if g and g~=cm then return bc,false end
local ac=eu and hw(q,b)
if ac then
local p=redis.call('PTTL',m)
local cv=p>ac-b+1
if p<0 or cv then redis.call('SET',m,cm,'PX',math.max(1,ac-b))end
return bc,false,cv
end
if eu and g then redis.call('DEL',m)end
return bc,eu or bc
end
local function hx(q,e,t,b)
local ho=hy(e,t)
if ho then ch(q.line,e,b)end
pcall(dw,q.wake,t)
return ho
end
u['modes.release']=function(a,c)
local t,n,b=c[2],dc(c,3),be()
local bc,dk,hp=false,false,string.find(t,'.',1,true)
for ak,q in ipairs(eh(a,#a/4,4))do
local ax,jn,cv=bp(q,n,b)
local ao=(ax or hp)and redis.pcall('MGET',q.line,q.wake)
if ax then bc=true end
if ao and(ao[1]or ao[2])then
local e=bw(q.line,b,dm)
if hp then hx(q,e,t,b)end
local aw,at,bz=pcall(by,q,e,b)
if not aw then at,bz={},false end
for ak,ba in ipairs(at)do
if ba~=t then dk=true end
end
if jn and not bz and fp(q.wake,t~='')then dk=true end
if cv and#at==0 then redis.pcall('PUBLISH',q.wake,'')end
end
end
if not bc then return 0 end
return dk and-1 or 1
end
u['modes.releaseAll']=u['modes.release']
u['modes.leave']=function(a,c)
local b=be()
for ak,q in ipairs(eh(a,#a/4,4))do
local e=bw(q.line,b,dm)
if hx(q,e,c[1],b)then pcall(by,q,e,b)end
end
return 1
end`;

const PART_10 = `local fs,hj,ft={},{},0`;

const PART_11 = `local ci,cq,fk,iu='0','1','2',48
local iv=64
local function ck(am)
local js=string.gmatch(am,'(%d+)%-?(%d*)')
return function()
local x,o=js()
if x then return tonumber(x),tonumber(o)or tonumber(x)end
end
end
local function il(aa,dh)
local gk,eb,o={},string.find(aa,dh..'+')
while eb do
gk[#gk+1]=eb==o and tostring(eb-1)or string.format('%d-%d',eb-1,o-1)
eb,o=string.find(aa,dh..'+',o+1)
end
return table.concat(gk,' ')
end
local function ei(aa,y,dh)
for x,o in ck(y)do
aa=aa..string.rep(ci,x-#aa)
aa=string.sub(aa,1,x)..string.rep(dh,o-x+1)..string.sub(aa,o+2)
end
return aa
end
local function iy(aa,y)
for x,o in ck(y)do
if string.find(string.sub(aa,x+1,o+1),cq,1,true)then return false end
end
return true
end
local function ea(aa,s)
return#string.gsub(string.sub(aa,1,s),cq..'+','')
end
local function hh(y)
local gb=0
for ak,o in ck(y)do gb=math.max(gb,o+1)end
return gb
end
local function jw(h,s)
local du,gp=string.match(h,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not du then return 0,1 end
return tonumber(du,16)%s,1+tonumber(gp,16)%s
end
local function hc(aa,aq,s,gg,n,h)
local ce=aq
local function el(x,o)
o=math.min(o,s-1)
if ce==0 or x>o then return end
local ke,z=string.gsub(string.sub(aa,x+1,o+1),ci,fk,ce)
if z==0 then return end
aa,ce=string.sub(aa,1,x)..ke..string.sub(aa,o+2),ce-z
end
for x,o in ck(gg)do el(x,o)end
if n then
for x,o in ck(n)do el(x,o)end
else
local du,gp=jw(h,s)
for d=0,iv-1 do
if ce==0 then break end
local go=(du+d*gp)%s
if string.byte(aa,go+1)==iu then el(go,go)end
end
el(du,s-1)
el(0,du-1)
end
if ce>0 then return nil end
return il(aa,fk),(string.gsub(aa,fk,cq))
end`;

const PART_12 = `local gt='~'
local function be()
local an=redis.call('TIME')
return tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
end
local function gd(am,b)
local bk,s,fh=string.match(am,'^(%d+) (%d+) (%d+)$')
if bk and tonumber(fh)+604800000+86400000>=b then return tonumber(bk),tonumber(s),tonumber(fh)end
end
local function ij(f,m,b)
return gd(redis.call('HGET',f,m)or'',b)
end
local function gs(f,m,bk,s,b)
local he=tonumber(redis.call('HGET',f,gt)or'')
if not he or he+86400000<b then
local cj=redis.call('HGETALL',f)
for d=1,#cj,2 do
if not gd(cj[d+1],b)then redis.call('HDEL',f,cj[d])end
end
redis.call('HSET',f,gt,string.format('%.0f',b))
end
redis.call('HSET',f,m,string.format('%.0f %.0f %.0f',bk,s,b))
redis.call('PEXPIRE',f,604800000+86400000)
end
local function kb(f,m,bk,s,b)
if bk>(ij(f,m,b)or 0)then gs(f,m,bk,s,b)end
end`;

const PART_13 = `local dg,gv='~p','~s'
local de,df=16,32
local function dc(c,x)
local n={c[1]}
for d=x,#c do n[#n+1]=c[d]end
return n
end
local function gc(a)
local bl=redis.call('GET',a[1])
if bl and(bl==gv or string.sub(bl,1,3)==gv..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
if bl and bl~=dg then return bl,redis.call('PTTL',a[1])end
end
local function dp(a,s,bk,b)
local ay,z,fh=ij(a[7],a[1],b)
if bk>(ay or 0)then
ay,z=bk,s
gs(a[7],a[1],ay,z,b)
elseif ay and fh+86400000<b then
gs(a[7],a[1],ay,z,b)
end
if not ay then return s,''end
return z,string.format('%.0f %.0f',ay,z)
end
local function eg(a,az)
local aa=redis.call('GET',a[3])or''
return aa..string.rep(ci,az-#aa),#aa
end
local function it(a,y,dh)
for x,o in ck(y)do
redis.call('SETRANGE',a[3],x,string.rep(dh,o-x+1))
end
end
local function dz(a,h)
local y,w=redis.call('HGET',a[4],h),redis.call('ZSCORE',a[5],h)
if y then
redis.call('HDEL',a[4],h)
if redis.call('EXISTS',a[3])==1 then it(a,y,ci)end
end
if w then redis.call('ZREM',a[5],h)end
return y,tonumber(w)
end
local function er(a,b)
local jc=redis.call('ZRANGEBYSCORE',a[5],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for ak,h in ipairs(jc)do dz(a,h)end
end
local function fe(a)
local ec=''
if not IS_CLUSTER then
local bq=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
ec=type(bq)=='string'and string.match(bq,'^complete %S+ %S+ (%S+) ')or''
end
ec=string.format('%-'..df..'.'..df..'s',ec)
if redis.call('GETRANGE',a[6],0,df-1)~=ec then redis.call('SET',a[6],ec,'PX',604800000)end
end
local function ex(a,y,ah)
local fy=ah-ah%16384
for x,o in ck(y)do
local am=redis.call('GETRANGE',a[6],df+de*x,df+de*(o+1)-1)
for d=0,o-x do
local z=tonumber(string.sub(am,de*d+1,de*(d+1)))
fy=math.max(fy,z or ah)
end
end
return fy
end
local function gr(a,y,z,ah)
local am=string.format('%0'..de..'.0f',z)
for x,o in ck(y)do
redis.call('SETRANGE',a[6],df+de*x,string.rep(am,o-x+1))
end
redis.call('PEXPIRE',a[6],604800000)
if ah<z then fi(a[2],z)end
end
local function gh(a,h,w,b)
local cn=tonumber(redis.call('ZSCORE',a[5],h)or 0)
if cn<w then redis.call('ZADD',a[5],string.format('%.0f',w),h)end
local ac=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local p=ac-b
local jp=ac==math.max(w,cn)
if not jp and redis.call('EXISTS',a[1])==1 and redis.call('PTTL',a[3])>=p
and redis.call('PTTL',a[4])>=p then return end
for k=3,5 do redis.call('PEXPIRE',a[k],p)end
redis.call('SET',a[1],dg,'PX',p)
end
local function cu(a,h,y,w,b,az)
local ir=hh(y)
if az<ir then redis.call('SETRANGE',a[3],az,string.rep(ci,ir-az))end
it(a,y,cq)
redis.call('HSET',a[4],h,y)
gh(a,h,w,b)
end
local function jh(a,ce,b)
local eq=redis.call('ZRANGE',a[5],0,64-1,'WITHSCORES')
local o=-1
for d=1,#eq,2 do
o=tonumber(eq[d+1])
for x,jd in ck(redis.call('HGET',a[4],eq[d])or'')do
ce=ce-(jd-x+1)
end
if ce<=0 then break end
end
return o<0 and-1 or math.max(0,o-b),eq[1]or''
end
local function dl(s)
return function(am)
local z=tonumber(am)
return z and z<=s
end
end
local function by(a,e,cp,s,b)
if#e==0 then return 0,false end
local aa,bp=eg(a,s),0
local bl=redis.call('GET',a[1])
if not bl or bl==dg then bp=ea(aa,s)end
local at,bz,di=ie(e,function(cc)
bp=bp-tonumber(cc)
return bp>=0
end,b)
local bx={}
for d,i in ipairs(at)do
local y,kc=hc(aa,tonumber(i[3]),s,cp,'0-'..s-1)
aa=kc or aa
bx[d]=i[2]..':'..string.gsub(y or'',' ',',')
end
if#bx>0 then
ch(a[8],e,b)
redis.pcall('PUBLISH',a[9],iq(bx,di))
end
return#bx,bz
end
u['slots.acquire']=function(a,c)
local h,af,t,as,aq=c[1],tonumber(c[2]),c[3],tonumber(c[4]),tonumber(c[5])
local gg,ev,n,b=c[8],#c>8,dc(c,9),be()
local ab,bn=gc(a)
local s,ef=dp(a,tonumber(c[6]),tonumber(c[7]),b)
if aq>s then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',s,aq),0)end
er(a,b)
local e=bw(a[8],b,dl(s))
local ay=math.max(b,e.ticket)
local aa,az=eg(a,s)
local y,cr=redis.call('HGET',a[4],h),nil
if ab then
if t~=''then pcall(fr,a[9],t,af)end
elseif y then
fe(a)
gh(a,h,b+af,b)
if im(e,t,b)then ch(a[8],e,b)end
local l=ex(a,y,bh(a[2])or cl(a[2]))
return{1,l,y,ef,ev and aa or nil}
else
local cg,co=aa,''
for d=2,#n do
local bd=redis.call('HGET',a[4],n[d])or''
cg,co=ei(cg,bd,ci),co..' '..bd
end
local bi
if#e>0 and not ev then
local bp=ea(cg,s)
bi=bp>=aq and ha(e,t,as>0 and as or nil,function(cc)
bp=bp-tonumber(cc)
return bp<aq
end)
end
if not bi then cr=hc(cg,aq,s,gg,ev and co or nil,h)end
if cr then
local ah=bh(a[2])or cl(a[2])
fe(a)
local l,w=ex(a,cr,ah)+1,b+af
gr(a,cr,l,ah)
for d=2,#n do
local ak,cn=dz(a,n[d])
w=math.max(w,cn or 0)
end
cu(a,h,cr,w,b,az)
if im(e,t,b)then ch(a[8],e,b)end
return{1,l,cr,ef,ev and ei(cg,cr,cq)or nil}
end
local bp=ea(aa,s)
bn,ab=jh(a,aq-bp,b)
if bi then
by(a,e,'',s,b)
if bi[5]>0 then bn,ab=math.max(0,50-b+bi[5]),''
else bn=-1 end
end
end
if t~=''then
ip(e,t,string.format('%.0f',aq),as,0,b,ay)
ch(a[8],e,b)
end
return{0,bn,ab,string.format('%.0f',ay),ef}
end
u['slots.commit']=function(a,c)
local y=c[3]
if redis.call('HGET',a[4],c[1])~=y then return{0}end
local ah=bh(a[2])or cl(a[2])
fe(a)
local z=ex(a,y,ah)
if z<tonumber(c[2])then gr(a,y,tonumber(c[2]),ah)end
return 1
end
u['slots.extend']=function(a,c)
local h,l,af,y=c[1],tonumber(c[2]),tonumber(c[3]),c[4]
local n,b=dc(c,7),be()
local ab=gc(a)
if ab then return{0,-1,ab}end
local s=dp(a,tonumber(c[5]),tonumber(c[6]),b)
er(a,b)
local bd=redis.call('HGET',a[4],h)
if bd==y and#n==1 then
gh(a,h,b+af,b)
return 1
end
local aa,az=eg(a,math.max(s,hh(y)))
local cg,cn=aa,''
for ak,cd in ipairs(n)do
local co=redis.call('HGET',a[4],cd)or''
cg,cn=ei(cg,co,ci),cn..' '..co
end
if not iy(cg,y)then
local is={h,'',c[5],c[6]}
for d=2,#n do is[d+3]=n[d]end
u['slots.release'](a,is)
return{0,-1,''}
end
local ah=bd~=y and(bh(a[2])or dy(a[2]))
if ah then
fe(a)
gr(a,y,math.max(l,ex(a,y,ah)),ah)
end
local w=b+af
for ak,cd in ipairs(n)do
local ak,o=dz(a,cd)
w=math.max(w,o or 0)
end
cu(a,h,y,w,b,az)
local cp=il(ei(ei(string.rep(ci,#cg),cn,cq),y,ci),cq)
if cp~=''then by(a,bw(a[8],b,dl(s)),cp,s,b)end
return 1
end
u['slots.release']=function(a,c)
local ap,n,b=c[2],dc(c,5),be()
local cp,bc,gq,hu='',false,0,false
for ak,cd in ipairs(n)do
local y,w=dz(a,cd)
if y or w then hu=true end
if w and w>=b then bc=true end
cp,gq=cp..' '..(y or''),math.max(gq,w or 0)
end
if not hu then return 0 end
er(a,b)
local ac=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local bl,cv=redis.pcall('GET',a[1]),false
if not ac then redis.call('DEL',a[3])end
if bl==dg then
if not ac then redis.call('DEL',a[1])
elseif gq>ac then
redis.call('SET',a[1],dg,'PX',math.max(1,ac-b))
cv=true
end
end
local ao=redis.pcall('MGET',a[8],a[9])
if ao[1]or ao[2]then
local s=dp(a,tonumber(c[3]),tonumber(c[4]),b)
local e=bw(a[8],b,dl(s))
local aw,at,bz=pcall(by,a,e,cp,s,b)
if not aw then at,bz=0,false end
if not ac and not bz then fp(a[9],ap~='')
elseif cv and at==0 then redis.pcall('PUBLISH',a[9],'')end
end
return bc and 1 or 0
end
u['slots.leave']=function(a,c)
local b=be()
local s=dp(a,tonumber(c[2]),tonumber(c[3]),b)
local e=bw(a[8],b,dl(s))
if hy(e,c[1])then
ch(a[8],e,b)
pcall(by,a,e,'',s,b)
end
pcall(dw,a[9],c[1])
return 1
end
u['slots.count']=function(a,c)
local b,ab=be(),gc(a)
local s,ef=dp(a,tonumber(c[1]),tonumber(c[2]),b)
er(a,b)
local e=bw(a[8],b,dl(s))
by(a,e,'',s,b)
local aa=eg(a,s)
local bk=tonumber(string.match(ef,'^%d+')or 0)
return{1,ab and 0 or ea(aa,s),s,bk,#aa-ea(aa,#aa)}
end
u['slots.resize']=function(a,c)
if not bh(a[2])then cl(a[2])end
return u['slots.count'](a,c)
end`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ft=2
local fs={
['mutex.acquire']=function(r,ag,au)
local bo=v('SET',KEYS[r],ARGV[ag],'NX','PX',ARGV[au])
if not bo or bo.err then return nil end
local l=z(KEYS[r+1])
if not l then v('DEL',KEYS[r])end
return l
end,
['mutex.takeOver']=function(r,ag,au)
if v('GET',KEYS[r])~=ARGV[ag+1]then return nil end
local l=z(KEYS[r+1])
if not l then return nil end
local bo=v('SET',KEYS[r],ARGV[ag],'PX',ARGV[au])
return not bo.err and-l or nil
end,
['mutex.extend']=function(r,ag,au)
if v('GET',KEYS[r])~=ARGV[ag]then return nil end
local p=v('PTTL',KEYS[r])
if type(p)~='number'or p<0 then return nil end
if p<tonumber(ARGV[au])and v('PEXPIRE',KEYS[r],ARGV[au])~=1 then return nil end
return 1
end,
['mutex.release']=function(r,ag)
local ai=v('MGET',KEYS[r],KEYS[r+1])
if ai.err or ai[2]then return nil end
if ai[1]~=ARGV[ag]then return 0 end
return v('DEL',KEYS[r])==1 and 1 or nil
end,
}`,
    PART_2,
    `local hj={
['mutex.release']=function(r,ag,az,cb)
local ai=v('MGET',unpack(KEYS,r,r+2*az-1))
if ai.err then return 0 end
local bd,hs,gj,cs={},{},{},0
for d=1,az do
if ai[2*d]then break end
local m=KEYS[r+2*d-2]
local ax=ai[2*d-1]==ARGV[ag+d-1]and not hs[m]
cb[#cb+1]=ax and 1 or 0
if ax then
hs[m]=true
bd[#bd+1]=m
gj[#bd]=#cb
end
cs=d
end
local hg=#bd>0 and v('DEL',unpack(bd))
if type(hg)=='table'then
for d=1,#gj do cb[gj[d]]={-1,hg.err}end
end
return cs
end
}`,
    PART_3,
    PART_4,
    `local function cu(f,h,af,ax)
if not ax then redis.call('SET',f,h,'PX',af)
else
local p=redis.call('PTTL',f)
if p>=0 and p<tonumber(af)then redis.call('PEXPIRE',f,af)end
end
end
local function gy(a,h,ka,af,t)
local db=t==''and 2 or 3
local ax,bm,ca={},true,false
local bn,ab
for d=1,#a,db do
local g=redis.call('GET',a[d])
ax[d]=g==h
if g~=h then bm=false end
if g and g==ka then
ca=true
elseif g and g~=h then
local p=redis.call('PTTL',a[d])
if not ab or(bn~=-1 and(p==-1 or p>bn))then
bn,ab=p,g
end
end
end
if t~=''then
for d=3,#a,3 do pcall(fr,a[d],t,tonumber(af))end
end
if ab then return{0,bn,ab}end
local l=0
for d=2,#a,db do
local o=bh(a[d])
l=math.max(l,o and(bm and o or o+1)or cl(a[d]))
end
for d=1,#a,db do
cu(a[d],h,af,ax[d])
fi(a[d+1],l)
end
return ca and-l or l
end
u['mutex.acquire']=function(a,c)
return gy(a,c[1],nil,c[2],c[3])
end
u['mutex.takeOver']=function(a,c)
return gy(a,c[1],c[2],c[3],c[4])
end
u['mutex.commit']=function(a,c)
for d=1,#a,2 do
if redis.call('GET',a[d])~=c[1]then return{0}end
end
for d=2,#a,2 do
if not bh(a[d])then cl(a[d])end
dr(a[d],tonumber(c[2]))
end
return 1
end
u['mutex.extend']=function(a,c)
local h,l,af=c[1],tonumber(c[2]),c[3]
local ax={}
for d=1,#a,2 do
local g=redis.call('GET',a[d])
if g and g~=h then return{0,redis.call('PTTL',a[d]),g}end
ax[d]=g==h
end
for d=1,#a,2 do
local fu=not ax[d]and(bh(a[d+1])or dy(a[d+1]))
if fu then dr(a[d+1],l)end
end
for d=1,#a,2 do cu(a[d],h,af,ax[d])end
return 1
end
u['mutex.release']=function(a,c)
local h,ap=c[1],c[2]
local bc,dk=false,false
for d=1,#a,2 do
local g=redis.pcall('GET',a[d])
if ap~=''then pcall(dw,a[d+1],ap)end
if g==h then
redis.call('DEL',a[d])
bc=true
if fp(a[d+1],ap~='')then dk=true end
elseif type(g)=='table'and g.err and not string.find(g.err,'WRONGTYPE',1,true)then
error(g.err)
end
end
if not bc then return 0 end
return dk and-1 or 1
end
u['mutex.leave']=function(a,c)
pcall(dw,a[1],c[1])
return 1
end
u['mutex.renew']=function(a,c)
local l=1
for d=1,#a,2 do
local g=redis.call('GET',a[d])
if g~=c[1]then return{0,redis.call('PTTL',a[d]),g or''}end
l=math.max(l,bh(a[d+1])or 1)
end
for d=1,#a,2 do cu(a[d],c[1],c[2],true)end
return l
end
u['mutex.query']=function(a)
local ad={1}
for d=1,#a,2 do
ad[#ad+1]=redis.call('GET',a[d])or''
ad[#ad+1]=redis.call('PTTL',a[d])
ad[#ad+1]=fc(a[d+1])or''
end
return ad
end`,
    PART_5,
    PART_6,
  ],
  "f33aba254ddba07174243e1aebafb4308020b067",
  "7e3b945d7ff1d8745a1f6b3370faf1c1a5076ed3",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ft=81
local fs={
['modes.acquire']=function(r,ag,au,aq)
local h,af,al,fq=ARGV[ag],ARGV[au],ARGV[au+1],KEYS[r+aq-1]
if ARGV[au+2]~=''then return nil end
if aq~=4 then
local ak,ji=string.gsub(al,' ','')
if aq~=3*ji+4 then return nil end
end
local ee,ds
if v('EXISTS',unpack(KEYS,r,r+aq-2))~=0 then
local ai,k=v('MGET',unpack(KEYS,r,r+aq-2)),1
if ai.err then return nil end
ee={}
ds={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for j in string.gmatch(al,'%u+')do
local g,m,aj=ai[k],KEYS[r+k-1],KEYS[r+k]
if ai[k+2]then return nil end
if not g then
if v('EXISTS',m,aj)~=0 then return nil end
else
if j=='X'or j=='SIX'then return nil end
local p,bd,ab=v('PTTL',m),nil,nil
if type(p)~='number'or p<=0 then return nil end
if g=='~s'then
if v('ZSCORE',aj,h)then return nil end
local x=(j=='IX'and 3)or(j=='S'and 2)
if x and v('ZCOUNT',aj,x..'00000000000000','('..x+2 ..'00000000000000')~=0 then
return nil
end
else
bd,ab=string.match(g,'^~s ([ISX]+) (.*)$')
if not ds[bd]or ab==h or(j~=bd and j~='IS'and bd~='IS')then return nil end
if v('EXISTS',aj)~=0 then return nil end
end
ee[k]={p,bd,ab}
end
k=k+3
end
end
local l
if al=='X'or string.find(' '..al,' X',1,true)or string.find(al,'SIX',1,true)then
l=z(fq)
if not l then return nil end
else
local g=v('GET',fq)
l=not g and z(fq)or(type(g)=='string'and string.match(g,'^%d+$')and tonumber(g))
if not l or l<1 or l>=9000000000000000 then return nil end
end
if aq==4 and not ee then
local bo=v('SET',KEYS[r],al=='X'and h or'~s '..al..' '..h,'PX',af)
return not bo.err and l or nil
end
local k,b=1,nil
for j in string.gmatch(al,'%u+')do
local m,ew=KEYS[r+k-1],ee and ee[k]
if ew then
local aj,dq,p,ab=KEYS[r+k],tonumber(af),ew[1],ew[3]
if not b then
local an=v('TIME')
if an.err then return nil end
b=tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
end
local ae,aw=string.format('%.0f',ds[j]+b+dq),nil
if ab then
local ib=math.max(p,dq)
aw=v('ZADD',aj,string.format('%.0f',ds[ew[2]]+b+p),ab,ae,h)==2
and v('PEXPIRE',aj,ib)==1 and not v('SET',m,'~s','PX',ib).err
else
v('ZREMRANGEBYSCORE',aj,string.format('%.0f',ds[j]),string.format('(%.0f',ds[j]+b))
aw=v('ZADD',aj,ae,h)==1
local io=v('PTTL',aj)
if type(io)~='number'or io<dq then
aw=v('PEXPIRE',aj,dq)==1 and aw
end
if p<dq then aw=v('PEXPIRE',m,dq)==1 and aw end
end
if not aw then return nil end
else
local bo=v('SET',m,j=='X'and h or'~s '..j..' '..h,'PX',af)
if bo.err then return nil end
end
k=k+3
end
return l
end,
['modes.extend']=function(r,ag,au,aq)
local h,af,k=ARGV[ag],ARGV[au],1
local ai=ARGV[au-1]=='2'and v('MGET',unpack(KEYS,r,r+aq-1))
if not ai or ai.err then return nil end
for j in string.gmatch(ARGV[au+1],'%u+')do
if ai[k]~=(j=='X'and h or'~s '..j..' '..h)then return nil end
k=k+4
end
for m=r,r+k-2,4 do
local p=v('PTTL',KEYS[m])
if type(p)~='number'or p<0 then return nil end
if p<tonumber(af)and v('PEXPIRE',KEYS[m],af)~=1 then return nil end
end
return 1
end,
['modes.release']=function(r,ag,ak,aq)
local h,ai=ARGV[ag],nil
if aq==4 then
local g,bt,kg=unpack(v('MGET',KEYS[r],KEYS[r+2],KEYS[r+3]))
if not g or bt or kg then return nil end
if g==h or string.match(g,'^~s [ISX]+ (.*)$')==h then
return v('DEL',KEYS[r])==1 and 1 or nil
end
ai={g}
else
ai=v('MGET',unpack(KEYS,r,r+aq-1))
if ai.err then return nil end
end
local bu,gl,gm,b={},{},{},nil
for k=1,aq,4 do
local g,m,aj=ai[k],KEYS[r+k-1],KEYS[r+k]
if not g or ai[k+2]or ai[k+3]then return nil end
if g=='~s'then
local ae=v('ZSCORE',aj,h)
local p=v('PTTL',m)
if type(ae)~='string'or type(p)~='number'or p<0 then return nil end
if not b then
local an=v('TIME')
b=tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
end
local w=tonumber(ae)%100000000000000
local ah=tonumber(ae)-w
if w<b then return nil end
local ic,hq=string.format('%.0f',ah),string.format('(%.0f',ah+100000000000000)
local o=v('ZREVRANGEBYSCORE',aj,hq,ic,'WITHSCORES','LIMIT',0,2)
if o.err then return nil end
local ac,fz=tonumber(o[2])-ah,nil
if o[1]==h then
fz=v('ZCARD',aj)
ac=o[4]and tonumber(o[4])-ah
if ac and(ac<b or v('ZCOUNT',aj,ic,hq)~=fz)then return nil end
if not ac and fz~=1 then return nil end
elseif p>ac-b+1 then
return nil
end
if not ac then
bu[#bu+1]=m
elseif p>ac-b+1 then
gm[#gm+1]={m,math.max(1,ac-b)}
end
gl[#gl+1]=aj
elseif g==h or string.match(g,'^~s [ISX]+ (.*)$')==h then
bu[#bu+1]=m
else
return nil
end
end
for ak,bl in ipairs(gm)do v('PEXPIRE',bl[1],bl[2])end
for ak,aj in ipairs(gl)do
if v('ZREM',aj,h)~=1 then return nil end
end
if#bu>0 and v('DEL',unpack(bu))~=#bu then return nil end
return 1
end
}
local hj={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    `u['modes.position']=function(a,c)
local b=be()
local e=bw(a[3],b,dm)
local k,fn,bf=gf(e,c[1]),0,0
local ae=k and e[k][1]or math.max(b,e.ticket)+1-tonumber(c[2])
for d=1,#e do
local i=ct(e,d)
if not i[7]and i[5]>=0 then
bf=bf+1
if i[2]~=c[1]and not fv(i,ae,c[1])then fn=fn+1 end
end
end
return{1,fn,bf,redis.call('EXISTS',a[1])}
end
u['modes.stay']=function(a,c)
local b=be()
local e=bw(a[3],b,dm)
if ff(e,c[1],b)then ch(a[3],e,b)end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "be05a8b0b65aab587367d2e57f3b7f60902a3dc3",
  "498e59b74a3f9e4e41bc9608a53fe0cbee72b062",
);

export const SLOTS_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_10,
    PART_3,
    PART_4,
    PART_7,
    PART_11,
    PART_12,
    PART_13,
    PART_5,
    PART_6,
  ],
  "0cbd8822ad4df7d991e143924d3d225150c8da79",
  "58f957470928e168ace9bf866efe9c4b4190bd24",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_10,
    PART_3,
    `local function ii(f)
local bq=redis.pcall('GET',f)
return type(bq)=='string'and bq or''
end
local function ik(f,je,g)
local cy=ii(f)
local an=redis.call('TIME')
local b=string.format('%.0f',tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000))
if cy==je then
cy=g(tonumber(b))
redis.call('SET',f,cy)
end
return{1,cy,b}
end
u['marker.replace']=function(a,c)
return ik(a[1],c[1],function()return c[2]end)
end
u['marker.lose']=function(a,c)
return ik(a[1],c[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(c[2]))
end)
end`,
    `u['identify']=function(a)
local dt=''
local function fd(kf)
local et=redis.pcall('INFO',kf)
if type(et)=='table'then et,dt='',et.err end
return function(jg)return string.match(et,'%f[%w_]'..jg..':([^\\r\\n]*)')or''end
end
local fg,id,gi=fd('server'),fd('memory'),fd('replication')
local an=redis.call('TIME')
local j=fg('redis_mode')
if j==''then j=fg('server_mode')end
return{
1,fg('run_id'),tonumber(fg('uptime_in_seconds'))or-1,
tonumber(an[1])*1000000+tonumber(an[2]),
tonumber(fd('persistence')('aof_enabled'))or-1,
id('maxmemory_policy'),tonumber(id('maxmemory'))or-1,
gi('role'),j,gi('master_replid'),gi('master_replid2'),
a[1]and ii(a[1])or'',dt
}
end`,
    PART_12,
    `u['counters.read']=function(a)
local ad,b={1},be()
for d=1,#a,2 do
local ed,l=pcall(bh,a[d])
ad[#ad+1]=ed and l and string.format('%.0f',l)or''
end
for d=2,#a,2 do
local cj,bu,bx=redis.pcall('HGETALL',a[d]),{},{}
for k=1,cj.err and 0 or#cj,2 do
bu[#bu+1],bx[cj[k]]=cj[k],cj[k+1]
end
table.sort(bu)
for ak,m in ipairs(bu)do
local bk,s=gd(bx[m],b)
if bk then
for ak,g in ipairs({d/2,m,string.format('%.0f',bk),s})do ad[#ad+1]=g end
end
end
end
return ad
end
local function ih(a,c,dv)
local y,b=#a/2,be()
for d=1,y do
local f=a[2*d-1]
local ed,l=pcall(bh,f)
if ed and c[d]~=''then
if not l then dv(f)end
dr(f,tonumber(c[d]))
end
end
for k=y+1,#c,4 do
pcall(kb,a[2*tonumber(c[k])],c[k+1],tonumber(c[k+2]),tonumber(c[k+3]),b)
end
return 1
end
u['counters.raise']=function(a,c)
return ih(a,c,cl)
end
u['counters.restore']=function(a,c)
return ih(a,c,function()end)
end
u['counters.lift']=function(a,c)
for d=1,#a do
local ed,l=pcall(bh,a[d])
if ed and l then dr(a[d],tonumber(c[1]))end
end
return 1
end`,
    `u['set.note']=function(a,c)
local bo,co,hz=c[1],c[2],tonumber(c[3])
local an=redis.call('TIME')
local b=tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
local gn,ht,hn=b,false,false
local cf,am={},redis.pcall('GET',a[1])
for bt in string.gmatch(type(am)=='string'and am or'','[^\\n]+')do
local ey,x,ac,dx,jx=string.match(bt,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
x,ac,dx=tonumber(x),tonumber(ac),tonumber(dx)
if ey and x<=ac and ac<=b and b<dx and dx<=b+3600000 then
if ey==bo then
gn,ht=x,b-ac<tonumber(c[4])
elseif ey==co then
hn=true
else
cf[#cf+1]={bt,ey,ac,x,dx,jx}
end
end
end
local ad,ao,o={1},{},b+hz
for d=math.max(1,#cf-16+2),#cf do
local ba=cf[d]
ao[#ao+1]=ba[1]
o=math.max(o,ba[5])
ad[#ad+1]=ba[2]
ad[#ad+1]=ba[3]-math.max(ba[4],gn)
ad[#ad+1]=ba[5]-b
ad[#ad+1]=ba[6]
end
if not ht or hn then
ao[#ao+1]=string.format('%s %.0f %.0f %.0f %s',bo,gn,b,b+hz,c[5])
redis.call('SET',a[1],table.concat(ao,'\\n'),'PX',string.format('%.0f',o-b))
end
return ad
end`,
    PART_5,
    PART_6,
  ],
  "5a3f3b0e99941ed99dbafb6c90245ca1ec561c36",
  "a0e5277f2fab5b58947dc82a1472250fc8da8d16",
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
    PART_13,
    `local gw=9
local function fb(a,c)
local av,bs,bj,br={},{},{c[1]},{c[1]}
local z=tonumber(c[3])
for d,f in ipairs(a)do
if d<=gw then av[d]=f
else bs[d-gw]=f end
end
for d=4,#c do
if d<4+z then bj[d-2]=c[d]
else br[d-2-z]=c[d]end
end
return av,bj,bs,br
end
local function ig(a,c,x)
local bv,b={},be()
for d=x,#c do
local y=redis.call('HGET',a[4],c[d])
local w=y and tonumber(redis.call('ZSCORE',a[5],c[d])or 0)
if w and w>b then bv[#bv+1]={c[d],y,w}end
end
return bv
end
local function jj(a,h,bv,b)
dz(a,h)
for ak,ge in ipairs(bv)do
local ak,az=eg(a,0)
cu(a,ge[1],ge[2],ge[3],b,az)
end
local ac=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
if ac then redis.call('SET',a[1],dg,'PX',math.max(1,ac-b))
else redis.call('DEL',a[1],a[3])end
end
local function ia(a,h,bv,bm,cx,bs,br)
local aw,m=pcall(u[cx],bs,br)
if aw and(type(m)=='number'or m[1]==1)then return m end
if not bm then jj(a,h,bv,be())end
if not aw then error(m,0)end
return nil,{0,m[2],m[3],m[4],m[5],2}
end
u['quota.acquire']=function(a,c)
local av,bj,bs,br=fb(a,c)
local bm=redis.call('HEXISTS',av[4],c[1])==1
local bv=ig(av,bj,9)
local ar=u['slots.acquire'](av,bj)
if ar[1]==0 then return{0,ar[2],ar[3],ar[4],ar[5],1}end
local m,dt=ia(av,c[1],bv,bm,c[2],bs,br)
if not m then
if#bv==0 and not bm then
local b=be()
local s=dp(av,tonumber(bj[6]),tonumber(bj[7]),b)
by(av,bw(av[8],b,dl(s)),ar[3],s,b)
end
return dt
end
if type(m)=='number'then return{1,math.abs(m),ar[3],ar[4],ar[5]or''}end
return{1,m[2],ar[3],ar[4],ar[5]or'',m[3],m[4],m[5]or''}
end
u['quota.convert']=function(a,c)
local av,bj,bs,br=fb(a,c)
local bm=redis.call('HEXISTS',av[4],c[1])==1
local bv=ig(av,bj,7)
local ar=u['slots.extend'](av,bj)
if ar~=1 then return{0,ar[2],ar[3],'0','',1}end
local m,dt=ia(av,c[1],bv,bm,c[2],bs,br)
return m and{1,math.abs(m),bj[4],'',''}or dt
end
local function hb(a,c,cx)
local av,bj,bs,br=fb(a,c)
local ar=u[cx](av,bj)
if ar~=1 then return ar end
return u[c[2]](bs,br)
end
u['quota.commit']=function(a,c)return hb(a,c,'slots.commit')end
u['quota.extend']=function(a,c)return hb(a,c,'slots.extend')end
u['quota.release']=function(a,c)
local av,bj,bs,br=fb(a,c)
local aw,ar=pcall(u['slots.release'],av,bj)
local m=u[c[2]](bs,br)
if not aw then error(ar,0)end
return m~=0 and m or ar
end`,
    PART_5,
    PART_6,
  ],
  "1571437c526075dd290d7a56641ac32e0f8d8efa",
  "bf152995405faa98a8c1f845809933b4ee49e7db",
);
