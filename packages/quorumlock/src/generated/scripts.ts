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
local ch=q('GET',string.match(m,'^(.*)~fence:')..'~server')
local ei=type(ch)=='string'and string.match(ch,'^complete .* (%d+)$')
local cf=ei and q('SET',m,ei)
if cf and not cf.err then return tonumber(ei)end
end
local ly=q(j>1 and'DECR'or'DEL',m)
if type(ly)=='table'then q('DECR',m)end
return nil
end`;

const PART_2 = `if#KEYS<=ey and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local gg=ex[ARGV[1]]
local r=gg and gg(1,6+ARGV[5],6,#KEYS,ARGV[1])
if r then return r end
end`;

const PART_3 = `local function general()
local aa={}
local function bn(m)
local i=redis.call('GET',m)
if not i then return nil end
local j=string.match(i,'^-?%d+$')and tonumber(i)
if not j or j>=9000000000000000 then
error('the fencing counter '..m..' cannot be counted up: '..i..'; delete it together with '
..string.match(m,'^(.*)~fence:')..'~server, on one server after another')
end
return j>0 and j or nil
end
local function fo(m,j)
redis.call('SET',m,string.format('%.0f',j))
end
local function ez(m)
if not IS_CLUSTER then
local ch=redis.pcall('GET',string.match(m,'^(.*)~fence:')..'~server')
if type(ch)~='table'or string.find(ch.err,'WRONGTYPE',1,true)then
return type(ch)=='string'and tonumber(string.match(ch,'^complete .* (%d+)$'))or nil
end
end
local at=redis.call('TIME')
local b=tonumber(at[1])*1000000+tonumber(at[2])
return math.max(1,b-b%16384)
end
local function de(m)
local ei=ez(m)
if ei then return ei end
redis.call('DEL',m)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function ep(m,j)
local dy=bn(m)
if not dy then j=math.max(j,ez(m)or 0)end
if(dy or 0)<j then fo(m,j)end
end`;

const PART_4 = `local function er(m)
local bq=redis.pcall('GET',m)
return type(bq)=='string'and bq or nil
end
local function gy(m,ba,ak)
ak=math.max(ak,20000)
local bq=er(m)
if not bq then
redis.call('SET',m,ba,'PX',ak)
elseif string.find(' '..bq..' ',' '..ba..' ',1,true)then
redis.call('PEXPIRE',m,math.max(redis.call('PTTL',m),ak))
elseif#bq+1<256*(#ba+1)then
redis.call('SET',m,bq..' '..ba,'PX',math.max(redis.call('PTTL',m),ak))
end
end
local function ev(m,ba)
local bq=er(m)
if not bq then return end
local cv={}
for bh in string.gmatch(bq,'%S+')do
if bh~=ba then cv[#cv+1]=bh end
end
if#cv==0 then redis.call('DEL',m)
else redis.call('SET',m,table.concat(cv,' '),'PX',math.max(redis.call('PTTL',m),1))end
end
local function gw(m,lh)
local bq=er(m)
if not bq then return false end
local ab=lh and string.match(bq,'%S+')or''
if ab~=''then ev(m,ab)end
redis.pcall('PUBLISH',m,ab)
return ab~=''
end`;

const PART_5 = `return aa
end`;

const PART_6 = `local function lq(gg,h,ek,ai,w,af,ao)
local a,d={unpack(KEYS,h,h+ek-1)},{unpack(ARGV,ai,ai+w-1)}
for c=1,ao do d[w+c]=ARGV[af+c-1]end
local bl,r=pcall(gg,a,d)
if bl then return r end
if type(r)=='table'then r=r.err or r[1]end
return{-1,tostring(r)}
end
local cp,aa,h,ai={},nil,1,1
while ai<=#ARGV do
local cc,dl,ek=ARGV[ai],tonumber(ARGV[ai+1]),tonumber(ARGV[ai+2])
local w,ao,af=tonumber(ARGV[ai+3]),tonumber(ARGV[ai+4]),ai+5
ai=af+ao
local iw=ek<=ey
local iu=iw and ex[cc]
local it=iw and dl>1 and gz[cc]
local dp=0
while dp<dl do
local ah=it and it(h,ai,dl-dp,cp)or 0
if ah==0 then
local r=iu and iu(h,ai,af,ek,cc)
if not r then
aa=aa or general()
r=lq(aa[cc],h,ek,ai,w,af,ao)
end
cp[#cp+1]=r
ah=1
end
h,ai,dp=h+ah*ek,ai+ah*w,dp+ah
end
end
return#cp==1 and cp[1]or cp`;

const PART_7 = `local function fs(ad)return string.match(ad,'^%w+')or''end
local function dc(g,c)
local ar=g[c]
if type(ar)~='string'then return ar end
local ag,ad,cs,s,bd,az=
string.match(ar,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local o
if cs and g.is_demand(cs)then
o={tonumber(ag),ad,cs,tonumber(s),tonumber(bd),tonumber(az),false,ar}
else
o={0,'','',0,0,0,true,ar}
end
g[c]=o
return o
end
local function fr(g,o)
g.check=math.min(g.check,o[4]+1)
if o[5]>0 then g.check=math.min(g.check,o[5]+50+1)end
end
local function ko(g,b)
local gv,dz=0,{}
local ah=#g
g.check=math.huge
for c=1,ah do
local o=dc(g,c)
g[c]=nil
if o[4]>=b then
gv=gv+1
g[gv]=o
fr(g,o)
if o[5]>0 and b-o[5]>50 then
local ba=fs(o[2])
dz[ba]=math.max(dz[ba]or 0,o[5])
o[7]=true
end
end
end
if not next(dz)then return end
for al,o in ipairs(g)do
local ba=fs(o[2])
if dz[ba]and o[4]-3000>dz[ba]then dz[ba]=nil end
end
for al,o in ipairs(g)do o[7]=o[7]or dz[fs(o[2])]~=nil end
end
local function cd(m,b,lb)
local ar=redis.pcall('GET',m)
local g={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=lb}
local aw,k,az
if type(ar)=='string'then aw,k,az=string.match(ar,'^(%d+) (%d+) (%d+);')end
if not aw then return g end
g.check,g.last,g.ticket=tonumber(aw),tonumber(k),tonumber(az)
local ah=0
for ct in string.gmatch(ar,';([^;]+)')do
ah=ah+1
g[ah]=ct
end
if b>=g.check then ko(g,b)end
return g
end
local function cz(m,g,b)
if#g==0 then
redis.call('DEL',m)
return
end
local ck={string.format('%.0f %.0f %.0f',g.check,g.last,g.ticket)}
for c,o in ipairs(g)do
ck[c+1]=type(o)=='string'and o or o[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(o,1,6))
end
redis.call('SET',m,table.concat(ck,';'),'PX',math.max(1,g.last-b))
end
local function hf(o,ag,ad)
return o[1]>ag or(o[1]==ag and o[2]>ad)
end
local function il(g,ad,ag,kn)
local bs
for c=1,#g do
local o=dc(g,c)
if o[2]==ad or(ag and hf(o,ag,ad))then break end
if not o[7]and kn(o[3])then
if bs then return bs,true end
bs=o
end
end
return bs,false
end
local function hp(g,ad)
local lp=' '..ad..' '
for c,o in ipairs(g)do
if type(o)~='string'or string.find(o,lp,1,true)then
if dc(g,c)[2]==ad then return c end
end
end
end
local function gk(g,ad,b)
local l=ad~=''and hp(g,ad)
if not l then return nil end
local o=dc(g,l)
o[4],o[5],o[7],o[8]=b+3000,0,false,nil
g.last=math.max(g.last,o[4])
return l
end
local function jy(g,ad,b)
local l=gk(g,ad,b)
if not l then return false end
local o=g[l]
o[5],o[7]=math.max(1,b-50-1),true
fr(g,o)
return true
end
local function gt(az,au)
if az>=0 then return az end
return-az>au and-az<=au+3000 and-az or 0
end
local function kc(au,b)
return au==b and string.format('%.0f',b)or string.format('%.0f %.0f',au,b)
end
local function kb(g,ad,cs,az,dv,b,z)
local l=gk(g,ad,b)
if l and g[l][6]>=az then
g[l][3]=cs
return l
end
if l then table.remove(g,l)end
local cx=gt(az,z)
if cx==0 then cx=z+1 end
local ag=cx-dv
l=#g+1
while l>1 and hf(dc(g,l-1),ag,ad)do l=l-1 end
local o={ag,ad,cs,b+3000,0,math.max(az,0),false}
table.insert(g,l,o)
fr(g,o)
g.last,g.ticket=math.max(g.last,o[4]),math.max(g.ticket,cx)
g[256+1]=nil
return l
end
local function jn(g,ad)
local l=hp(g,ad)
if l then table.remove(g,l)end
return l~=nil
end
local function jr(g,cm,b)
local bd,ft,hh={},{},false
for c=1,#g do
local o=dc(g,c)
if not o[7]then
local ba=fs(o[2])
hh=hh or not cm(o[3])
if hh then
if not next(ft)then break end
if not ft[ba]then return bd,true,o[2]end
else
if o[5]<=0 then
o[5],o[8]=b,nil
fr(g,o)
bd[#bd+1]=o
end
ft[ba]=true
end
end
end
return bd,next(ft)~=nil,nil
end
local function ke(ck,eh)
return table.concat(ck,' ')..(eh and' ~'..eh or'')
end`;

const PART_8 = `local go={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function du(ar)return go[ar]end
local function ir(ll,bh)return string.find(go[ll],' '..bh..' ',1,true)end
local function lg(lk)
local fx={}
return function(n)
if fx[n]==nil then fx[n]=not lk(n)end
if not fx[n]then return false end
for bh in string.gmatch(go[n],'%u+')do fx[bh]=false end
return true
end
end`;

const PART_9 = `local cr,fp='~s','~p'
local da,fq=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local ih={'IS','IX','SIX','S'}
local gr={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=ih}
local function bf()
local at=redis.call('TIME')
return tonumber(at[1])*1000+math.floor(tonumber(at[2])/1000)
end
local function gd(ar)
local am={}
for n in string.gmatch(ar,'%u+')do
if not gr[n]then error('unknown mode '..n,0)end
am[#am+1]=n
end
return am
end
local function dw(a,ah,ec)
local ay={['fences']={unpack(a,ah*ec+1)}}
for c=1,ah do
local h=(c-1)*ec
ay[c]={['lock']=a[h+1],['shared']=a[h+2],['line']=a[h+3],['wake']=ec>3 and a[h+4]}
end
return ay
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
if gr[n]then return n,f end
end
local function fn(lj)return string.format('%.0f',lj)end
local function jj(m,n,ah)
local ae=fq[n]*da
return redis.pcall('ZREVRANGEBYSCORE',m,'('..fn(ae+da),fn(ae),'WITHSCORES','LIMIT',0,ah),ae
end
local function gf(u,n,w,b)
local i=redis.call('GET',u.lock)
if i and(i==fp or string.sub(i,1,3)==fp..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local df,bb=ea(i)
if bb then
local t=not w[bb]and redis.call('PTTL',u.lock)
if t and(t==-1 or ir(n,df))then return t,bb end
return nil
end
if w[i]then return nil end
if i and i~=cr then return redis.call('PTTL',u.lock),i end
local k,aj
if not i and redis.call('EXISTS',u.shared)==0 then return nil end
for al,lv in ipairs(gr[n])do
local ac,ae=jj(u.shared,lv,#w+1)
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
local function jl(u,b)
local z
if redis.call('EXISTS',u.shared)==0 then return nil end
for al,n in ipairs(ih)do
local ac,ae=jj(u.shared,n,1)
local ag=tonumber(ac[2])
if ag and ag-ae>=b then z=math.max(z or 0,ag-ae)end
end
return z
end
local function hg(u,n,w)
local i=redis.call('GET',u.lock)
if n=='X'then return w[i]end
local df,bb=ea(i)
if bb then return w[bb]and df==n end
for al,f in ipairs(w)do
local ag=redis.call('ZSCORE',u.shared,f)
if ag and math.floor(tonumber(ag)/da)==fq[n]then return true end
end
return false
end
local function ld(u,w)
local i=redis.call('GET',u.lock)
local al,bb=ea(i)
if bb then return w[bb]end
if w[i]then return true end
for al,f in ipairs(w)do
if redis.call('ZSCORE',u.shared,f)then return true end
end
return false
end
local function ik(m,n,f,s,b)
local ae=fq[n]*da
redis.call('ZREMRANGEBYSCORE',m,fn(ae),'('..fn(ae+b))
redis.call('ZADD',m,fn(ae+s),f)
if redis.call('PTTL',m)<s-b then redis.call('PEXPIRE',m,s-b)end
end
local function hd(u,n,w,ak,b)
local p,ao,f,cn=u.lock,u.shared,w[1],false
local i=redis.call('GET',p)
local s=b+ak
local df,bb=ea(i)
local aj,kz=bb or i,df or'X'
if w[aj]then
local t=redis.call('PTTL',p)
if t==-1 and aj==f and n==kz then return false end
s=math.max(s,b+t)
if bb==f and n==df then
redis.call('SET',p,i,'PX',s-b)
return false
end
cn=aj~=f
i=nil
elseif bb then
local t=math.max(1,redis.call('PTTL',p))
ik(ao,df,bb,b+t,b)
redis.call('SET',p,cr,'PX',t)
i=cr
end
if i~=cr and(n~='X'or bb)and redis.call('EXISTS',ao)==0 then
redis.call('SET',p,n=='X'and f or'~s '..n..' '..f,'PX',s-b)
return cn
end
for c,ct in ipairs(w)do
local ag=(c>1 or n~='X')and redis.call('ZSCORE',ao,ct)
if ag then
s=math.max(s,tonumber(ag)%da)
if c>1 then
redis.call('ZREM',ao,ct)
cn=true
end
end
end
if n=='X'then
redis.call('SET',p,f,'PX',s-b)
return cn
end
ik(ao,n,f,s,b)
if i~=cr then
redis.call('SET',p,cr,'PX',jl(u,b)-b)
else
local t=redis.call('PTTL',p)
if t>=0 and t<s-b then redis.call('PEXPIRE',p,s-b)end
end
return cn
end
local function by(u,w,b)
local p,bk=u.lock,false
local i=redis.pcall('GET',p)
if type(i)=='table'then
if string.find(i.err,'WRONGTYPE',1,true)then return false,false end
error(i.err,0)
end
local al,bb=ea(i)
if w[bb or i]then
redis.call('DEL',p)
i,bk=false,true
end
if bb or(bk and#w==1)then return bk,bk end
local ga=false
for al,f in ipairs(w)do
local ag=redis.pcall('ZSCORE',u.shared,f)
if type(ag)=='string'then
redis.call('ZREM',u.shared,f)
ga=true
if tonumber(ag)%da>=b then bk=true end
end
end
if i and i~=cr then return bk,false end
local z=ga and jl(u,b)
if z then
local t=redis.call('PTTL',p)
local fz=t>z-b+1
if t<0 or fz then redis.call('SET',p,cr,'PX',math.max(1,z-b))end
return bk,false,fz
end
if ga and i then redis.call('DEL',p)end
return bk,ga or bk
end`;

const PART_10 = `local id={}
local function cl(u,g,b)
if#g==0 then return{},false end
local bd,cm,eh=jr(
g,lg(function(n)return gf(u,n,id,b)end),b)
for c,o in ipairs(bd)do bd[c]=o[2]end
if#bd>0 then
cz(u.line,g,b)
redis.pcall('PUBLISH',u.wake,ke(bd,eh))
end
return bd,cm
end
local function km(u,n,w,ad,ag,g,b)
local t,aj=gf(u,n,w,b)
if t or#g==0 or ld(u,w)then return t,aj end
local bs,ky=il(g,ad,ag,function(bh)return ir(bh,n)end)
if not bs then return nil end
if u.wake then cl(u,g,b)end
if ky then return-1,''end
if bs[5]>0 then return math.max(0,50-b+bs[5]),''end
t,aj=gf(u,bs[3],id,b)
return t and-1 or 50,aj or''
end
local function kt(iv,am,ca)
local j,bx,au=0,false,{}
for al,n in ipairs(am)do
if(n=='X'or n=='SIX')and not ca then bx=true end
end
for c,m in ipairs(iv)do
local k=bn(m)
au[c]=k or 0
j=math.max(j,k and(bx and k+1 or k)or de(m))
end
for c,m in ipairs(iv)do
if au[c]~=j then fo(m,j)end
end
return j
end
aa['modes.acquire']=function(a,d)
local ak,ad,az,dv=tonumber(d[2]),'',0,0
if d[4]~=''then
ad,az,dv=string.match(d[4],'^(%S*) (%S+) (%S+)$')
az,dv=tonumber(az),tonumber(dv)
end
local am,w,kk,b=gd(d[3]),ed(d,5),{d[1],[d[1]]=true},bf()
local ay=dw(a,#am,ad==''and 3 or 4)
local ax,au,l,ce,aj={},b,nil,nil,nil
local ca,cn=true,false
for c=1,#am do
ax[c]=cd(ay[c].line,b,du)
au=math.max(au,ax[c].ticket)
end
local cx=gt(az,au)
local ag=cx>0 and cx-dv or nil
for c,n in ipairs(am)do
local u=ay[c]
local t,ma=km(u,n,w,ad,ag,ax[c],b)
if t then
l=l or c
if not aj or(ce~=-1 and(t==-1 or t>ce))then
ce,aj=t,ma
end
elseif not hg(u,n,kk)then
ca=false
end
end
local cj,fj=l or#am,nil
if ad~=''then
fj=kb(ax[cj],ad,am[cj],az,dv,b,au)
if not l and ax[cj][fj]then ax[cj][fj][5]=-1 end
cz(ay[cj].line,ax[cj],b)
end
if l then
if ad~=''then pcall(gy,ay[l].wake,ad,ak)end
return{0,ce,aj,kc(au,b),fj and fj-1 or#ax[l]}
end
local j=kt(ay.fences,am,ca)
for c,n in ipairs(am)do
local u=ay[c]
if hd(u,n,w,ak,b)then cn=true end
if c~=cj and gk(ax[c],ad,b)then cz(u.line,ax[c],b)end
end
return cn and-j or j
end
aa['modes.convert']=aa['modes.acquire']
aa['modes.commit']=function(a,d)
local am,w=gd(d[3]),{d[1],[d[1]]=true}
local ay=dw(a,#am,4)
for c,n in ipairs(am)do
if not hg(ay[c],n,w)then return{0}end
end
for al,m in ipairs(ay.fences)do
if not bn(m)then de(m)end
ep(m,tonumber(d[2]))
end
return 1
end
aa['modes.extend']=function(a,d)
local j,ak,am=tonumber(d[2]),tonumber(d[3]),gd(d[4])
local ay,w,b,bm=dw(a,#am,4),ed(d,5),bf(),true
for c,n in ipairs(am)do
local t,aj=gf(ay[c],n,w,b)
if t then return{0,t,aj}end
bm=bm and hg(ay[c],n,w)
end
for al,m in ipairs(ay.fences)do
local hc=not bm and(bn(m)or ez(m))
if hc then ep(m,j)end
end
for c,n in ipairs(am)do
local u=ay[c]
if hd(u,n,w,ak,b)then cl(u,cd(u.line,b,du),b)end
end
return 1
end
local function jm(u,g,ad,b)
local iy=jn(g,ad)
if iy then cz(u.line,g,b)end
pcall(ev,u.wake,ad)
return iy
end
aa['modes.release']=function(a,d)
local ad,w,b=d[2],ed(d,3),bf()
local bk,ej,jc=false,false,string.find(ad,'.',1,true)
for al,u in ipairs(dw(a,#a/4,4))do
local bm,lc,fz=by(u,w,b)
local ax=(bm or jc)and redis.pcall('MGET',u.line,u.wake)
if bm then bk=true end
if ax and(ax[1]or ax[2])then
local g=cd(u.line,b,du)
if jc then jm(u,g,ad,b)end
local bl,bd,cm=pcall(cl,u,g,b)
if not bl then bd,cm={},false end
for al,bh in ipairs(bd)do
if bh~=ad then ej=true end
end
if lc and not cm and gw(u.wake,ad~='')then ej=true end
if fz and#bd==0 then redis.pcall('PUBLISH',u.wake,'')end
end
end
if not bk then return 0 end
return ej and-1 or 1
end
aa['modes.releaseAll']=aa['modes.release']
aa['modes.leave']=function(a,d)
local b=bf()
for al,u in ipairs(dw(a,#a/4,4))do
local g=cd(u.line,b,du)
if jm(u,g,d[1],b)then pcall(cl,u,g,b)end
end
return 1
end`;

const PART_11 = `local function la(u,n,f,b)
local i=redis.call('GET',u.lock)
if i~=cr then
local df,bb=ea(i)
return(bb or i)==f and(df or'X')==n
end
local ag=n~='X'and redis.call('ZSCORE',u.shared,f)
if not ag then return false end
return math.floor(tonumber(ag)/da)==fq[n]and tonumber(ag)%da>=b
end
aa['modes.renew']=function(a,d,eo)
local f,am,b,j=d[1],gd(d[3]),bf(),1
local ay=dw(a,#am,3)
for c,n in ipairs(am)do
if not la(ay[c],n,f,b)then
local i=redis.call('GET',ay[c].lock)
local al,bb=ea(i)
local aj=bb or i~=cr and i or''
if string.sub(aj,1,3)==fp..' 'then aj=fp end
return{0,redis.call('PTTL',ay[c].lock),aj}
end
end
for al,m in ipairs(ay.fences)do j=math.max(j,bn(m)or 1)end
if eo then return j end
for c,n in ipairs(am)do hd(ay[c],n,{f,[f]=true},tonumber(d[2]),b)end
return j
end`;

const PART_12 = `local ey=8
local gs='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local kj='^~p %d+ 0 %d+ [01]* %d+:[%d -]*:'
local kh=8
local as,fb
local function bj(...)
if as then return end
local r=q(...)
if type(r)=='table'and r.err then as=fb and{-1,r.err}or{}else fb=true end
end
local function fu()
local at=q('TIME')
return at[1]*1000+math.floor(at[2]/1000)
end
local function hz(h,aw,z,bu,x,be,k,b)
if b and z~='0'and k+0>bu+0 then
bu=string.format('%.0f',k+math.max(1,k-b))
bj('PEXPIREAT',KEYS[h+2],bu)
bj('PEXPIREAT',KEYS[h+3],bu)
bj('PEXPIRE',KEYS[h+4],604800000)
end
bj('SET',KEYS[h],'~p '..aw..' '..z..' '..bu..' '..x..' '..be,'PXAT',k)
end
local function en(h,ai,af,al,cc,ha)
as,fb=nil,nil
if cc=='slots.acquire'then
local bx=ha
if ARGV[af+1]~=''or ARGV[af+5]~='0'or ARGV[af+6]~=''or ARGV[af-1]~='7'then return nil end
local f,bg,y,ci=ARGV[ai],ARGV[af+3]+0,ARGV[af+4]+0,KEYS[h+1]
if bg>kh or bg>y then return nil end
local an,b=q('GET',KEYS[h]),fu()
local aw,z,bu,x,aq,v,be='0','0','0','','0','',''
local hb=true
if an then
if an.err then return nil end
aw,z,bu,x,aq,v,be=string.match(an,gs)
if not aw or be==f then return nil end
if(z~='0'and b>aw+0)or(be~=''and aq+0<b)then return nil end
if z~='0'and q('HGET',KEYS[h+2],f)then return nil end
elseif q('EXISTS',unpack(KEYS,h+4,bx and h+10 or h+6))==0 then
hb=false
end
if hb and bx and q('EXISTS',KEYS[h+8],KEYS[h+9],KEYS[h+10])~=0 then return nil end
local ja=string.find(f,'^%x%x%x%x%x%x%x%x%x%x%x%x')
local br,eb=ja and tonumber(string.sub(f,1,6),16)%y or 0,nil
local dg,dn={},bg==1 and'1'or'2'
for al=1,64 do
local io=string.byte(x,br+1)
if not io then
x=x..string.rep('0',br-#x)..dn
dg[#dg+1]=br
elseif io==48 then
x=string.sub(x,1,br)..dn..string.sub(x,br+2)
dg[#dg+1]=br
end
if#dg==bg then break end
eb=eb or ja and 1+tonumber(string.sub(f,7,12),16)%y or 1
br=(br+eb)%y
end
if#dg<bg then return nil end
local bw=dg[1]..''
if bg>1 then
bw=''
local bz,k=string.find(x,'2+')
while bz do
bw=bw..(bw==''and''or' ')..bz-1 ..(bz==k and''or'-'..k-1)
bz,k=string.find(x,'2+',k+1)
end
x=string.gsub(x,'2','1')
end
local s,j,fh=b+ARGV[af],nil,nil
local k=string.format('%.0f',s)
if not hb then
if bx then
local i=q('GET',ci)
local ae=type(i)=='string'and string.find(i,'^%d+$')and i+0
if not ae or ae<1 or ae+1>=9000000000000000 then return nil end
j=ae+1+bx
bj('SET',ci,string.format('%.0f',j))
else
j=ah(ci)
if not j then return nil end
fb=true
end
else
local ac
if IS_CLUSTER then
ac=q('MGET',ci,KEYS[h+6])
else
local lr=string.sub(ci,1,string.find(ci,'~fence:',1,true)-1)
ac=q('MGET',ci,KEYS[h+6],lr..'~server')
end
if ac.err or ac[2]or q('HGET',KEYS[h+5],KEYS[h])then return nil end
local ae=ac[1]and string.find(ac[1],'^%d+$')and ac[1]+0
if not ae or ae<1 or ae>=9000000000000000 then return nil end
local dr=ac[3]and string.match(ac[3],'^complete %S+ %S+ (%S+) ')or''
if#dr~=32 then dr=string.format('%-32.32s',dr)end
if q('GETRANGE',KEYS[h+4],0,31)~=dr then return nil end
j=ae-ae%16384
for c=1,bg do
local l=32+16*dg[c]
j=math.max(j,tonumber(q('GETRANGE',KEYS[h+4],l,l+15))or ae)
end
j=j+1
local jk=math.max(ae,j)
if bx and jk>=9000000000000000 then return nil end
local jb=z~='0'
if be~=''then fh=be end
if fh and jb then bj('ZADD',KEYS[h+3],aq,be)end
local ar=string.format('%016.0f',j)
for c=1,bg do bj('SETRANGE',KEYS[h+4],32+16*dg[c],ar)end
if bx then j=jk+bx end
if ae<j then bj('SET',ci,string.format('%.0f',j))end
if fh then
if not jb then
bj('DEL',KEYS[h+2],KEYS[h+3])
bj('ZADD',KEYS[h+3],aq,be)
end
bj('HSET',KEYS[h+2],be,v)
if z=='0'or aq+0<aw+0 then aw=aq end
if aq+0>z+0 then z=aq end
end
if not an then bj('PEXPIRE',KEYS[h+4],604800000)end
end
be=k..':'..bw..':'..f
hz(h,aw,z,bu,x,be,z+0>s and z or k,b)
if as then
if fh and fb then q('ZREM',KEYS[h+3],fh)end
return as[1]and as
end
return{1,j,bw,'',bx and''}
end
if cc=='slots.extend'then
local f=ARGV[ai]
if ARGV[af+4]~='0'or ARGV[af-1]~='5'then return nil end
local an=q('GET',KEYS[h])
if not an or an.err then return nil end
local aw,z,bu,x,aq,v,be=string.match(an,gs)
if not aw or q('HGET',KEYS[h+5],KEYS[h])then return nil end
local b=fu()
if(z~='0'and b>aw+0)or(be~=''and aq+0<b)then return nil end
local s=b+ARGV[af+1]
local k=string.format('%.0f',s)
if be==f then
if v~=ARGV[af+2]then return nil end
if aq+0>=s then return 1 end
aq=k
if z+0>s then k=z end
else
if z=='0'or q('HGET',KEYS[h+2],f)~=ARGV[af+2]then return nil end
local ag=q('ZSCORE',KEYS[h+3],f)
if type(ag)~='string'then return nil end
if ag+0>=s then return 1 end
bj('ZADD',KEYS[h+3],k,f)
if as then return as[1]and as end
if z+0>=s then return 1 end
z=k
if aq+0>s then k=aq end
end
hz(h,aw,z,bu,x,aq..':'..v..':'..be,k,b)
if as then return as[1]and as end
return 1
end
local f=ARGV[ai]
if ARGV[af-1]~='3'then return nil end
local ac=ha or q('MGET',KEYS[h],KEYS[h+6],KEYS[h+7])
if ac.err or ac[2]or ac[3]then return nil end
if not ac[1]then return 0 end
local al,jd=string.find(ac[1],kj)
if jd then
if string.sub(ac[1],jd+1)~=f then return nil end
if ha then return q('DEL',KEYS[h],KEYS[h+8])==2 and 2 or nil end
return q('DEL',KEYS[h])==1 and 1 or nil
end
local aw,z,bu,x,aq,v,be=string.match(ac[1],gs)
if not aw then return nil end
local k,cg=z,v
if be==f then
if aq+0<z+0 and aq+0<fu()then return nil end
aq,v,be='0','',''
else
local ag=q('ZSCORE',KEYS[h+3],f)
cg=q('HGET',KEYS[h+2],f)
if type(cg)~='string'or type(ag)~='string'or ag+0<fu()then return nil end
bj('ZREM',KEYS[h+3],f)
bj('HDEL',KEYS[h+2],f)
if ag==z then
z=q('ZREVRANGE',KEYS[h+3],0,0,'WITHSCORES')[2]or'0'
if z=='0'then
aw,bu='0','0'
if be==''then
bj('DEL',KEYS[h])
if as then return as[1]and as end
return 1
end
end
end
k=aq+0>z+0 and aq or z
end
local br=tonumber(cg)
if br then
x=string.sub(x,1,br)..'0'..string.sub(x,br+2)
else
for bz,gm in string.gmatch(cg,'(%d+)%-?(%d*)')do
if gm==''then gm=bz end
x=string.sub(x,1,bz)..string.rep('0',gm-bz+1)..string.sub(x,gm+2)
end
end
hz(h,aw,z,bu,x,aq..':'..v..':'..be,k)
if as then return as[1]and as end
return 1
end
local ex={['slots.acquire']=en,['slots.extend']=en,['slots.release']=en}
local gz={}`;

const PART_13 = `local cq,dh,gp,kg='0','1','2',48
local ki=64
local function dj(ar)
local li=string.gmatch(ar,'(%d+)%-?(%d*)')
return function()
local ab,k=li()
if ab then return tonumber(ab),tonumber(k)or tonumber(ab)end
end
end
local function jx(x,dn)
local hv,bz,k={},string.find(x,dn..'+')
while bz do
hv[#hv+1]=bz==k and tostring(bz-1)or string.format('%d-%d',bz-1,k-1)
bz,k=string.find(x,dn..'+',k+1)
end
return table.concat(hv,' ')
end
local function cw(x,v,dn)
local dx,l={},0
for ab,k in dj(v)do
if ab<l then x,dx,l=table.concat(dx)..string.sub(x,l+1),{},0 end
if ab>#x then x=x..string.rep(cq,ab-#x)end
dx[#dx+1]=string.sub(x,l+1,ab)
dx[#dx+1]=string.rep(dn,k-ab+1)
l=k+1
end
return table.concat(dx)..string.sub(x,l+1)
end
local function kl(x,v)
for ab,k in dj(v)do
if string.find(string.sub(x,ab+1,k+1),dh,1,true)then return false end
end
return true
end
local function fa(x,y)
return#string.gsub(string.sub(x,1,y),dh..'+','')
end
local function kq(v)
local hl=0
for al,k in dj(v)do hl=math.max(hl,k+1)end
return hl
end
local function lm(f,y)
local eu,eb=string.match(f,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not eu then return 0,1 end
return tonumber(eu,16)%y,1+tonumber(eb,16)%y
end
local function iq(x,ap,y,hq,w,f)
local cu=ap
local function fm(ab,k)
k=math.min(k,y-1)
if cu==0 or ab>k then return end
local lw,ah=string.gsub(string.sub(x,ab+1,k+1),cq,gp,cu)
if ah==0 then return end
x,cu=string.sub(x,1,ab)..lw..string.sub(x,k+2),cu-ah
end
for ab,k in dj(hq)do fm(ab,k)end
if w then
for ab,k in dj(w)do fm(ab,k)end
else
local eu,eb=lm(f,y)
for c=0,ki-1 do
if cu==0 then break end
local br=(eu+c*eb)%y
if string.byte(x,br+1)==kg then fm(br,br)end
end
fm(eu,y-1)
fm(0,eu-1)
end
if cu>0 then return nil end
return jx(x,gp),(string.gsub(x,gp,dh))
end`;

const PART_14 = `local ic='~'
local function bf()
local at=redis.call('TIME')
return tonumber(at[1])*1000+math.floor(tonumber(at[2])/1000)
end
local function hn(ar,b)
local bp,y,gn=string.match(ar,'^(%d+) (%d+) (%d+)$')
if bp and tonumber(gn)+604800000+86400000>=b then return tonumber(bp),tonumber(y),tonumber(gn)end
end
local function hr(m,p,b)
return hn(redis.call('HGET',m,p)or'',b)
end
local function ib(m,p,bp,y,b)
local is=tonumber(redis.call('HGET',m,ic)or'')
if not is or is+86400000<b then
local db=redis.call('HGETALL',m)
for c=1,#db,2 do
if not hn(db[c+1],b)then redis.call('HDEL',m,db[c])end
end
redis.call('HSET',m,ic,string.format('%.0f',b))
end
redis.call('HSET',m,p,string.format('%.0f %.0f %.0f',bp,y,b))
redis.call('PEXPIRE',m,604800000+86400000)
end
local function lt(m,p,bp,y,b)
if bp>(hr(m,p,b)or 0)then ib(m,p,bp,y,b)end
end`;

const PART_15 = `local ie='~p'
local ef,eg=16,32
local function le(an)
return an==ie or string.sub(an,1,3)==ie..' '
end
local function dm(an)
local aw,z,bu,x,s,v,f=
string.match(an or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(aw)or 0,['latest']=tonumber(z)or 0,['kept']=tonumber(bu)or 0,['map']=x or'',
['deadline']=tonumber(s)or 0,['slots']=v or'',['token']=f or'',
['is_new']=not f,['is_other']=an and not le(an)
}
end
local function fk(a,e,b)
local k=math.max(e.latest,e.deadline)
if k==0 then
redis.call('DEL',a[1])
return 0
end
local ji=e.latest>0 and k>e.kept
if ji then
e.kept=k+math.max(1,k-b)
for l=3,4 do redis.call('PEXPIREAT',a[l],string.format('%.0f',e.kept))end
end
if ji or e.is_new then redis.call('PEXPIRE',a[5],604800000)end
redis.call('SET',a[1],string.format('~p %.0f %.0f %.0f %s %.0f:%s:%s',e.check,e.latest,e.kept,e.map,
e.deadline,e.slots,e.token),'PXAT',string.format('%.0f',k))
return k
end
local function dd(a,e,f)
if f==e.token then return e.slots,e.deadline end
local v=e.latest>0 and redis.call('HGET',a[3],f)
local s=v and redis.call('ZSCORE',a[4],f)
if s then return v,tonumber(s)end
end
local function ip(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function fv(a,e,f)
local v,s=dd(a,e,f)
if not v then return nil end
e.map=cw(e.map,v,cq)
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
local function fw(a,e,b)
local ds=false
if e.token~=''and e.deadline<b then
e.map=cw(e.map,e.slots,cq)
e.deadline,e.slots,e.token,ds=0,'','',true
end
if e.latest>0 and b>e.check then
local kp=redis.call('ZRANGEBYSCORE',a[4],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for al,f in ipairs(kp)do
e.map=cw(e.map,redis.call('HGET',a[3],f)or'',cq)
redis.call('HDEL',a[3],f)
redis.call('ZREM',a[4],f)
end
local ab=redis.call('ZRANGE',a[4],0,0,'WITHSCORES')[2]
local k=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,ds=tonumber(ab)or 0,tonumber(k)or 0,true
if not ab then e.kept,e.map=0,cw('',e.slots,dh)end
end
if ds then fk(a,e,b)end
end
local function hs(a,e,f,s,b)
local ds=false
if f==e.token then
if e.deadline<s then e.deadline,ds=s,true end
elseif tonumber(redis.call('ZSCORE',a[4],f))<s then
redis.call('ZADD',a[4],string.format('%.0f',s),f)
if e.latest<s then e.latest,ds=s,true end
end
if ds then fk(a,e,b)end
end
local function dq(a,e,f,v,s,b)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=s,v,f,cw(e.map,v,dh)
fk(a,e,b)
end
local function jt(a)
local dr=''
if not IS_CLUSTER then
local ch=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
dr=type(ch)=='string'and string.match(ch,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..eg..'.'..eg..'s',dr)
end
local function gx(a)
return redis.call('GETRANGE',a[5],0,eg-1)==jt(a)
end
local function fe(a,v,ae)
if not gx(a)then return ae end
local hi=ae-ae%16384
for ab,k in dj(v)do
local ar=redis.call('GETRANGE',a[5],eg+ef*ab,eg+ef*(k+1)-1)
for c=0,k-ab do
local ah=tonumber(string.sub(ar,ef*c+1,ef*(c+1)))
hi=math.max(hi,ah or ae)
end
end
return hi
end
local function ia(a,v,ah,ae)
if not gx(a)then redis.call('SET',a[5],jt(a),'PX',604800000)end
local ar=string.format('%0'..ef..'.0f',ah)
for ab,k in dj(v)do
redis.call('SETRANGE',a[5],eg+ef*ab,string.rep(ar,k-ab+1))
end
if ae<ah then fo(a[2],ah)end
end`;

const PART_16 = `local gq='~s'
local function ed(d,ab)
local w={d[1]}
for c=ab,#d do w[#w+1]=d[c]end
return w
end
local function gi(a)
local an=redis.call('GET',a[1])
if an and(an==gq or string.sub(an,1,3)==gq..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
local e=dm(an)
if e.is_other then return e,an,redis.call('PTTL',a[1])end
return e,nil,nil
end
local function el(a,y,bp,b)
local au,ah,gn=hr(a[6],a[1],b)
if bp>(au or 0)then
au,ah=bp,y
ib(a[6],a[1],au,ah,b)
elseif au and gn+86400000<b then
ib(a[6],a[1],au,ah,b)
end
if not au then return y,''end
return ah,string.format('%.0f %.0f',au,ah)
end
local function gh(x,dl)
return x..string.rep(cq,dl-#x)
end
local function kv(a,e,cu,b)
local bt=e.latest>0 and redis.call('ZRANGE',a[4],0,64-1,'WITHSCORES')or{}
if e.token~=''then
local l=1
while bt[l]and tonumber(bt[l+1])<=e.deadline do l=l+2 end
table.insert(bt,l,e.token)
table.insert(bt,l+1,e.deadline)
end
local k=-1
for c=1,#bt,2 do
k=tonumber(bt[c+1])
local v=bt[c]==e.token and e.slots or redis.call('HGET',a[3],bt[c])or''
for ab,kr in dj(v)do cu=cu-(kr-ab+1)end
if cu<=0 then break end
end
return k<0 and-1 or math.max(0,k-b),bt[1]or''
end
local function dt(y)
return function(ar)
local ah=tonumber(ar)
return ah and ah<=y
end
end
local function cl(a,e,g,cg,y,b)
if#g==0 then return 0,false end
local x=gh(e.map,y)
local by=e.is_other and 0 or fa(x,y)
local bd,cm,eh=jr(g,function(cs)
by=by-tonumber(cs)
return by>=0
end,b)
local ck={}
for c,o in ipairs(bd)do
local v,lu=iq(x,tonumber(o[3]),y,cg,'0-'..y-1)
x=lu or x
ck[c]=o[2]..':'..string.gsub(v or'',' ',',')
end
if#ck>0 then
cz(a[7],g,b)
redis.pcall('PUBLISH',a[8],ke(ck,eh))
end
return#ck,cm
end
aa['slots.acquire']=function(a,d)
local f,ak,ad,az,ap=d[1],tonumber(d[2]),d[3],tonumber(d[4]),tonumber(d[5])
local hq,gb,w,b=d[8],#d>8,ed(d,9),bf()
local e,aj,ce=gi(a)
local y,fg=el(a,tonumber(d[6]),tonumber(d[7]),b)
if ap>y then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',y,ap),0)end
fw(a,e,b)
local g=cd(a[7],b,dt(y))
local au=math.max(b,g.ticket)
local cx=gt(az,au)
local x=gh(e.map,y)
local v,bw=dd(a,e,f),nil
if aj then
if ad~=''then pcall(gy,a[8],ad,ak)end
elseif v then
local j=fe(a,v,bn(a[2])or de(a[2]))
hs(a,e,f,b+ak,b)
if jy(g,ad,b)then cz(a[7],g,b)end
return{1,j,v,fg,gb and x or nil}
else
local cy,dk=x,''
for c=2,#w do
local bc=dd(a,e,w[c])or''
cy,dk=cw(cy,bc,cq),dk..' '..bc
end
local bs
if#g>0 and not gb then
local by=fa(cy,y)
bs=by>=ap and il(g,ad,cx>0 and cx or nil,function(cs)
by=by-tonumber(cs)
return by<ap
end)
end
if not bs then bw=iq(cy,ap,y,hq,gb and dk or nil,f)end
if bw then
local ae=bn(a[2])
local ab=not ae and de(a[2])
local j,s=fe(a,bw,ae or ab)+1,b+ak
ip(a,e)
for c=2,#w do
local al,aq=fv(a,e,w[c])
s=math.max(s,aq or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
j=ab or j
fo(a[2],j)
else
ia(a,bw,j,ae or ab)
end
dq(a,e,f,bw,s,b)
if jy(g,ad,b)then cz(a[7],g,b)end
return{1,j,bw,fg,gb and cw(cy,bw,dh)or nil}
end
local by=fa(x,y)
ce,aj=kv(a,e,ap-by,b)
if bs then
cl(a,e,g,'',y,b)
if bs[5]>0 then ce,aj=math.max(0,50-b+bs[5]),''
else ce=-1 end
end
end
if ad~=''then
kb(g,ad,string.format('%.0f',ap),az,0,b,au)
cz(a[7],g,b)
end
return{0,ce,aj,kc(au,b),fg}
end
aa['slots.commit']=function(a,d)
local j,v=tonumber(d[2]),d[3]
local e=dm(redis.call('GET',a[1]))
if dd(a,e,d[1])~=v then return{0}end
local ae=bn(a[2])or de(a[2])
local ah=fe(a,v,ae)
if ah<j or not gx(a)then ia(a,v,math.max(ah,j),ae)end
return 1
end
aa['slots.extend']=function(a,d)
local f,j,ak,v=d[1],tonumber(d[2]),tonumber(d[3]),d[4]
local w,b=ed(d,7),bf()
local e,aj=gi(a)
if aj then return{0,-1,aj}end
local y=el(a,tonumber(d[5]),tonumber(d[6]),b)
fw(a,e,b)
local bc=dd(a,e,f)
if bc==v and#w==1 then
hs(a,e,f,b+ak,b)
return 1
end
local cy,aq=gh(e.map,math.max(y,kq(v))),''
for al,ct in ipairs(w)do
local dk=dd(a,e,ct)or''
cy,aq=cw(cy,dk,cq),aq..' '..dk
end
if not kl(cy,v)then
local kf={f,'',d[5],d[6]}
for c=2,#w do kf[c+3]=w[c]end
aa['slots.release'](a,kf)
return{0,-1,''}
end
ip(a,e)
local ae=bc~=v and(bn(a[2])or ez(a[2]))
if ae then ia(a,v,math.max(j,fe(a,v,ae)),ae)end
local s=b+ak
for al,ct in ipairs(w)do
local al,k=fv(a,e,ct)
s=math.max(s,k or 0)
end
dq(a,e,f,v,s,b)
local cg=jx(cw(cw(string.rep(cq,#cy),aq,dh),v,cq),dh)
if cg~=''then cl(a,e,cd(a[7],b,dt(y)),cg,y,b)end
return 1
end
aa['slots.release']=function(a,d)
local ba,w,b=d[2],ed(d,5),bf()
local an=redis.pcall('GET',a[1])
local e=dm(type(an)=='string'and an)
local cg,bk,hy,jh='',false,0,false
for al,ct in ipairs(w)do
local v,s=fv(a,e,ct)
if v then
jh,bk=true,bk or s>=b
cg,hy=cg..' '..v,math.max(hy,s)
end
end
if not jh then return 0 end
redis.pcall('ZREM',a[4],'')
local ax=redis.pcall('MGET',a[7],a[8])
local iz=ax[1]or ax[2]
if iz then fw(a,e,b)end
local k=fk(a,e,b)
if iz then
local y=el(a,tonumber(d[3]),tonumber(d[4]),b)
local g=cd(a[7],b,dt(y))
local bl,bd,cm=pcall(cl,a,e,g,cg,y,b)
if not bl then bd,cm=0,false end
if k==0 and not cm then gw(a[8],ba~='')
elseif k>0 and hy>k and bd==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bk and 1 or 0
end
aa['slots.leave']=function(a,d)
local b=bf()
local y=el(a,tonumber(d[2]),tonumber(d[3]),b)
local g=cd(a[7],b,dt(y))
if jn(g,d[1])then
cz(a[7],g,b)
pcall(function()cl(a,dm(redis.call('GET',a[1])),g,'',y,b)end)
end
pcall(ev,a[8],d[1])
return 1
end
aa['slots.count']=function(a,d)
local b=bf()
local e,aj=gi(a)
local y,fg=el(a,tonumber(d[1]),tonumber(d[2]),b)
fw(a,e,b)
local g=cd(a[7],b,dt(y))
cl(a,e,g,'',y,b)
local by=aj and 0 or fa(gh(e.map,y),y)
local bp=tonumber(string.match(fg,'^%d+')or 0)
return{1,by,y,bp,#e.map-fa(e.map,#e.map)}
end
aa['slots.resize']=function(a,d)
if not bn(a[2])then de(a[2])end
return aa['slots.count'](a,d)
end`;

const PART_17 = `aa['slots.renew']=function(a,d,eo)
local f,b,an=d[1],bf(),redis.call('GET',a[1])
local e=dm(an)
local v,s=dd(a,e,f)
if v~=d[3]or s<b then
local lf=e.is_other and string.sub(an,1,2)~=gq
return{0,redis.call('PTTL',a[1]),lf and an or''}
end
local j=fe(a,v,bn(a[2])or 1)
if not eo then hs(a,e,f,b+tonumber(d[2]),b)end
return j
end`;

const PART_18 = `local ex,gz,ey={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ey=2
local ex={
['mutex.acquire']=function(h,ai,af)
local cf=q('SET',KEYS[h],ARGV[ai],'NX','PX',ARGV[af])
if not cf or cf.err then return nil end
local j=ah(KEYS[h+1])
if j then return j end
local di=q('DEL',KEYS[h])
return type(di)=='table'and{-1,di.err}or nil
end,
['mutex.takeOver']=function(h,ai,af)
if q('GET',KEYS[h])~=ARGV[ai+1]then return nil end
local j=ah(KEYS[h+1])
if not j then return nil end
local cf=q('SET',KEYS[h],ARGV[ai],'PX',ARGV[af])
return not cf.err and-j or nil
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
    `local gz={
['mutex.release']=function(h,ai,dl,cp)
local ac=q('MGET',unpack(KEYS,h,h+2*dl-1))
if ac.err then return 0 end
local bc,jf,hu,dp={},{},{},0
for c=1,dl do
if ac[2*c]then break end
local p=KEYS[h+2*c-2]
local bm=ac[2*c-1]==ARGV[ai+c-1]and not jf[p]
cp[#cp+1]=bm and 1 or 0
if bm then
jf[p]=true
bc[#bc+1]=p
hu[#bc]=#cp
end
dp=c
end
local di=#bc>0 and q('DEL',unpack(bc))
if type(di)=='table'then
for c=1,#hu do cp[hu[c]]={-1,di.err}end
end
return dp
end
}`,
    PART_3,
    PART_4,
    `local function dq(m,f,ak,bm)
if not bm then redis.call('SET',m,f,'PX',ak)
else
local t=redis.call('PTTL',m)
if t>=0 and t<tonumber(ak)then redis.call('PEXPIRE',m,ak)end
end
end
local function ii(a,f,ls,ak,ad)
local ec=ad==''and 2 or 3
local bm,ca,cn={},true,false
local ce,aj
for c=1,#a,ec do
local i=redis.call('GET',a[c])
bm[c]=i==f
if i~=f then ca=false end
if i and i==ls then
cn=true
elseif i and i~=f then
local t=redis.call('PTTL',a[c])
if not aj or(ce~=-1 and(t==-1 or t>ce))then
ce,aj=t,i
end
end
end
if ad~=''then
for c=3,#a,3 do pcall(gy,a[c],ad,tonumber(ak))end
end
if aj then return{0,ce,aj}end
local j=0
for c=2,#a,ec do
local k=bn(a[c])
j=math.max(j,k and(ca and k or k+1)or de(a[c]))
end
for c=1,#a,ec do
dq(a[c],f,ak,bm[c])
fo(a[c+1],j)
end
return cn and-j or j
end
aa['mutex.acquire']=function(a,d)
return ii(a,d[1],nil,d[2],d[3])
end
aa['mutex.takeOver']=function(a,d)
return ii(a,d[1],d[2],d[3],d[4])
end
aa['mutex.commit']=function(a,d)
for c=1,#a,2 do
if redis.call('GET',a[c])~=d[1]then return{0}end
end
for c=2,#a,2 do
if not bn(a[c])then de(a[c])end
ep(a[c],tonumber(d[2]))
end
return 1
end
aa['mutex.extend']=function(a,d)
local f,j,ak=d[1],tonumber(d[2]),d[3]
local bm={}
for c=1,#a,2 do
local i=redis.call('GET',a[c])
if i and i~=f then return{0,redis.call('PTTL',a[c]),i}end
bm[c]=i==f
end
for c=1,#a,2 do
local hc=not bm[c]and(bn(a[c+1])or ez(a[c+1]))
if hc then ep(a[c+1],j)end
end
for c=1,#a,2 do dq(a[c],f,ak,bm[c])end
return 1
end
aa['mutex.release']=function(a,d)
local f,ba=d[1],d[2]
local bk,ej=false,false
for c=1,#a,2 do
local i=redis.pcall('GET',a[c])
if ba~=''then pcall(ev,a[c+1],ba)end
if i==f then
redis.call('DEL',a[c])
bk=true
if gw(a[c+1],ba~='')then ej=true end
elseif type(i)=='table'and i.err and not string.find(i.err,'WRONGTYPE',1,true)then
error(i.err)
end
end
if not bk then return 0 end
return ej and-1 or 1
end
aa['mutex.leave']=function(a,d)
pcall(ev,a[1],d[1])
return 1
end
aa['mutex.renew']=function(a,d)
local j=1
for c=1,#a,2 do
local i=redis.call('GET',a[c])
if i~=d[1]then return{0,redis.call('PTTL',a[c]),i or''}end
j=math.max(j,bn(a[c+1])or 1)
end
for c=1,#a,2 do dq(a[c],d[1],d[2],true)end
return j
end
aa['mutex.query']=function(a)
local r={1}
for c=1,#a,2 do
r[#r+1]=redis.call('GET',a[c])or''
r[#r+1]=redis.call('PTTL',a[c])
r[#r+1]=er(a[c+1])or''
end
return r
end`,
    PART_5,
    PART_6,
  ],
  "ca726504949afbcc89fb03d8b1fd8bb334ecdf52",
  "e9ca9238eb5c613756a935c30f14c2b173e2de2a",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ey=81
local ex={
['modes.acquire']=function(h,ai,af,ap)
local f,ak,am,ci=ARGV[ai],ARGV[af],ARGV[af+1],KEYS[h+ap-1]
if ARGV[af+2]~=''then return nil end
if ap~=4 then
local al,kw=string.gsub(am,' ','')
if ap~=3*kw+4 then return nil end
end
local fd,eq
if q('EXISTS',unpack(KEYS,h,h+ap-2))~=0 then
local ac,l=q('MGET',unpack(KEYS,h,h+ap-2)),1
if ac.err then return nil end
fd={}
eq={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for n in string.gmatch(am,'%u+')do
local i,p,ao=ac[l],KEYS[h+l-1],KEYS[h+l]
if ac[l+2]then return nil end
if not i then
if q('EXISTS',p,ao)~=0 then return nil end
else
if n=='X'or n=='SIX'then return nil end
local t,bc,aj=q('PTTL',p),nil,nil
if type(t)~='number'or t<=0 then return nil end
if i=='~s'then
if q('ZSCORE',ao,f)then return nil end
local ab=(n=='IX'and 3)or(n=='S'and 2)
if ab and q('ZCOUNT',ao,ab..'00000000000000','('..ab+2 ..'00000000000000')~=0 then
return nil
end
else
bc,aj=string.match(i,'^~s ([ISX]+) (.*)$')
if not eq[bc]or aj==f or(n~=bc and n~='IS'and bc~='IS')then return nil end
if q('EXISTS',ao)~=0 then return nil end
end
fd[l]={t,bc,aj}
end
l=l+3
end
end
local j
if am=='X'or string.find(' '..am,' X',1,true)or string.find(am,'SIX',1,true)then
j=ah(ci)
if not j then return nil end
else
local i=q('GET',ci)
j=not i and ah(ci)or(type(i)=='string'and string.match(i,'^%d+$')and tonumber(i))
if not j or j<1 or j>=9000000000000000 then return nil end
end
if ap==4 and not fd then
local cf=q('SET',KEYS[h],am=='X'and f or'~s '..am..' '..f,'PX',ak)
return not cf.err and j or nil
end
local l,b=1,nil
for n in string.gmatch(am,'%u+')do
local p,gc=KEYS[h+l-1],fd and fd[l]
if gc then
local ao,em,t,aj=KEYS[h+l],tonumber(ak),gc[1],gc[3]
if not b then
local at=q('TIME')
if at.err then return nil end
b=tonumber(at[1])*1000+math.floor(tonumber(at[2])/1000)
end
local ag,bl=string.format('%.0f',eq[n]+b+em),nil
if aj then
local jp=math.max(t,em)
bl=q('ZADD',ao,string.format('%.0f',eq[gc[2]]+b+t),aj,ag,f)==2
and q('PEXPIRE',ao,jp)==1 and not q('SET',p,'~s','PX',jp).err
else
q('ZREMRANGEBYSCORE',ao,string.format('%.0f',eq[n]),string.format('(%.0f',eq[n]+b))
bl=q('ZADD',ao,ag,f)==1
local jz=q('PTTL',ao)
if type(jz)~='number'or jz<em then
bl=q('PEXPIRE',ao,em)==1 and bl
end
if t<em then bl=q('PEXPIRE',p,em)==1 and bl end
end
if not bl then return nil end
else
local cf=q('SET',p,n=='X'and f or'~s '..n..' '..f,'PX',ak)
if cf.err then return nil end
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
local i,cj,lz=unpack(q('MGET',KEYS[h],KEYS[h+2],KEYS[h+3]))
if not i or cj or lz then return nil end
if i==f or string.match(i,'^~s [ISX]+ (.*)$')==f then
return q('DEL',KEYS[h])==1 and 1 or nil
end
ac={i}
else
ac=q('MGET',unpack(KEYS,h,h+ap-1))
if ac.err then return nil end
end
local co,gl,hw,b={},{},{},nil
for l=1,ap,4 do
local i,p,ao=ac[l],KEYS[h+l-1],KEYS[h+l]
if not i or ac[l+2]or ac[l+3]then return nil end
if i=='~s'then
local ag=q('ZSCORE',ao,f)
local t=q('PTTL',p)
if type(ag)~='string'or type(t)~='number'or t<0 then return nil end
if not b then
local at=q('TIME')
b=tonumber(at[1])*1000+math.floor(tonumber(at[2])/1000)
end
local s=tonumber(ag)%100000000000000
local ae=tonumber(ag)-s
if s<b then return nil end
local jq,je=string.format('%.0f',ae),string.format('(%.0f',ae+100000000000000)
local k=q('ZREVRANGEBYSCORE',ao,je,jq,'WITHSCORES','LIMIT',0,2)
if k.err then return nil end
local z,hj=tonumber(k[2])-ae,nil
if k[1]==f then
hj=q('ZCARD',ao)
z=k[4]and tonumber(k[4])-ae
if z and(z<b or q('ZCOUNT',ao,jq,je)~=hj)then return nil end
if not z and hj~=1 then return nil end
elseif t>z-b+1 then
return nil
end
if not z then
co[#co+1]=p
elseif t>z-b+1 then
hw[#hw+1]={p,math.max(1,z-b)}
end
gl[#gl+1]=ao
elseif i==f or string.match(i,'^~s [ISX]+ (.*)$')==f then
co[#co+1]=p
else
return nil
end
end
for al,an in ipairs(hw)do
if q('PEXPIRE',an[1],an[2])~=1 then return nil end
end
for al,ao in ipairs(gl)do
if q('ZREM',ao,f)~=1 then return nil end
end
local di=#co==0 or q('DEL',unpack(co))
if type(di)=='table'then return#gl>0 and{-1,di.err}or nil end
return 1
end
}
local gz={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    PART_10,
    `aa['modes.position']=function(a,d)
local b=bf()
local g=cd(a[3],b,du)
local l,gu,bq=hp(g,d[1]),0,0
local ag=l and g[l][1]or math.max(b,g.ticket)+1-tonumber(d[2])
for c=1,#g do
local o=dc(g,c)
if not o[7]and o[5]>=0 then
bq=bq+1
if o[2]~=d[1]and not hf(o,ag,d[1])then gu=gu+1 end
end
end
return{1,gu,bq,redis.call('EXISTS',a[1])}
end
aa['modes.stay']=function(a,d)
local b=bf()
local g=cd(a[3],b,du)
if gk(g,d[1],b)then cz(a[3],g,b)end
return 1
end`,
    `aa['modes.query']=function(a)
local r,b={1},bf()
for al,u in ipairs(dw(a,#a/4,4))do
local ee={er(u.wake)}
local g=cd(u.line,b,du)
for c=1,#g do
local o=dc(g,c)
if o[4]>=b and o[5]>=0 then ee[#ee+1]=o[2]end
end
r[#r+1]=redis.call('GET',u.lock)or''
r[#r+1]=redis.call('PTTL',u.lock)
r[#r+1]=table.concat(ee,' ')
local he=redis.call('ZRANGE',u.shared,0,-1,'WITHSCORES')
local l=#r+1
r[l]=0
for c=1,#he,2 do
local t=tonumber(he[c+1])%da-b
if t>=0 then
r[l]=r[l]+1
r[#r+1]=he[c]
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
  "edb3d1932465113902d5e0e595eee60417d88c2c",
  "46724e66b7ab1951ee76b616f9e46ccc913c6d56",
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
local b=bf()
local e,bh,t=gi(a)
local bp,y=hr(a[6],a[1],b)
local ee={er(a[8])}
local g=cd(a[7],b,dt(math.huge))
for c=1,#g do
local o=dc(g,c)
if o[4]>=b then ee[#ee+1]=o[2]end
end
local r={1,bh or'',t or-2,y or 0,bp or 0,table.concat(ee,' ')}
local function ij(f,v,s)
if v and s>=b then
local l=#r
r[l+1],r[l+2],r[l+3]=f,v,s-b
end
end
if e.token~=''then ij(e.token,e.slots,e.deadline)end
if e.latest>0 then
local ka,bc={},redis.call('HGETALL',a[3])
for c=1,#bc,2 do ka[bc[c]]=bc[c+1]end
local bt=redis.call('ZRANGE',a[4],0,-1,'WITHSCORES')
for c=1,#bt,2 do
if bt[c]~=e.token then ij(bt[c],ka[bt[c]],tonumber(bt[c+1]))end
end
end
return r
end`,
    PART_5,
    PART_6,
  ],
  "67747a9ccfc4b04c393c7e4d40249cd718f7aa81",
  "26e14309befc91e1f00fde014e26e028e0ace2b1",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function jv(m)
local ch=redis.pcall('GET',m)
return type(ch)=='string'and ch or''
end
local function jw(m,ks,i)
local dy=jv(m)
local at=redis.call('TIME')
local b=string.format('%.0f',tonumber(at[1])*1000+math.floor(tonumber(at[2])/1000))
if dy==ks then
dy=i(tonumber(b))
redis.call('SET',m,dy)
end
return{1,dy,b}
end
aa['marker.replace']=function(a,d)
return jw(a[1],d[1],function()return d[2]end)
end
aa['marker.lose']=function(a,d)
return jw(a[1],d[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(d[2]))
end)
end`,
    `aa['identify']=function(a)
local es=''
local function gj(lx)
local fy=redis.pcall('INFO',lx)
if type(fy)=='table'then fy,es='',fy.err end
return function(ku)return string.match(fy,'%f[%w_]'..ku..':([^\\r\\n]*)')or''end
end
local et,hk,ht=gj('server'),gj('memory'),gj('replication')
local at=redis.call('TIME')
local n=et('redis_mode')
if n==''then n=et('server_mode')end
local kd=et('valkey_version')
return{
1,et('run_id'),tonumber(et('uptime_in_seconds'))or-1,
tonumber(at[1])*1000000+tonumber(at[2]),
tonumber(gj('persistence')('aof_enabled'))or-1,
hk('maxmemory_policy'),tonumber(hk('maxmemory'))or-1,
ht('role'),n,ht('master_replid'),ht('master_replid2'),
a[1]and jv(a[1])or'',es,
tonumber(hk('used_memory'))or-1,kd~=''and'valkey '..kd or et('redis_version')
}
end`,
    PART_14,
    `aa['counters.read']=function(a)
local r,b={1},bf()
for c=1,#a,2 do
local fc,j=pcall(bn,a[c])
r[#r+1]=fc and j and string.format('%.0f',j)or''
end
for c=2,#a,2 do
local db,co,ck=redis.pcall('HGETALL',a[c]),{},{}
for l=1,db.err and 0 or#db,2 do
co[#co+1],ck[db[l]]=db[l],db[l+1]
end
table.sort(co)
for al,p in ipairs(co)do
local bp,y=hn(ck[p],b)
if bp then
for al,i in ipairs({c/2,p,string.format('%.0f',bp),y})do r[#r+1]=i end
end
end
end
return r
end
local function ju(a,d,aw)
local v,b=#a/2,bf()
for c=1,v do
local m=a[2*c-1]
local fc,j=pcall(bn,m)
if fc and d[c]~=''then
if not j then aw(m)end
ep(m,tonumber(d[c]))
end
end
for l=v+1,#d,4 do
pcall(lt,a[2*tonumber(d[l])],d[l+1],tonumber(d[l+2]),tonumber(d[l+3]),b)
end
return 1
end
aa['counters.raise']=function(a,d)
return ju(a,d,de)
end
aa['counters.restore']=function(a,d)
return ju(a,d,function()end)
end
aa['counters.lift']=function(a,d)
for c=1,#a do
local fc,j=pcall(bn,a[c])
if fc and j then ep(a[c],tonumber(d[1]))end
end
return 1
end`,
    `aa['set.note']=function(a,d)
local cf,dk,ff=d[1],d[2],tonumber(d[3])
local at=redis.call('TIME')
local b=tonumber(at[1])*1000+math.floor(tonumber(at[2])/1000)
local hx,jg,ix=b,false,false
local cv,ar={},redis.pcall('GET',a[1])
for cj in string.gmatch(type(ar)=='string'and ar or'','[^\\n]+')do
local ge,ab,z,ew,lo=string.match(cj,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
ab,z,ew=tonumber(ab),tonumber(z),tonumber(ew)
if ge and ab<=z and z<=b and b<ew and ew<=b+3600000 then
if ge==cf then
hx,jg=ab,b-z<tonumber(d[4])
elseif ge==dk then
ix=true
else
cv[#cv+1]={cj,ge,z,ab,ew,lo}
end
end
end
local r,ax,k={1},{},b+ff
for c=math.max(1,#cv-16+2),#cv do
local bh=cv[c]
ax[#ax+1]=bh[1]
k=math.max(k,bh[5])
r[#r+1]=bh[2]
r[#r+1]=bh[3]-math.max(bh[4],hx)
r[#r+1]=bh[5]-b
r[#r+1]=bh[6]
end
if not jg or ix then
ax[#ax+1]=string.format('%s %.0f %.0f %.0f %s',cf,hx,b,b+ff,d[5])
redis.call('SET',a[1],table.concat(ax,'\\n'),'PX',string.format('%.0f',k-b))
end
return r
end`,
    PART_5,
    PART_6,
  ],
  "868dd28cfe9337ae5d210de11c89eefec84c961c",
  "8e2b1c3b8b21613d78a9a164c85e5d43a01dcf28",
);

export const HOLD_SUMMARY_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `aa['hold.summary']=function(a,d)
local fl=redis.pcall('GET',a[1])
if type(fl)~='string'or#fl>256 then fl=''end
if d[1]~=''then
local t,ff=redis.call('PTTL',a[1]),tonumber(d[2])
if fl==''or t<=ff-tonumber(d[3])or t>ff then
redis.call('SET',a[1],d[1],'PX',d[2])
end
end
return{1,fl}
end`,
    PART_5,
    PART_6,
  ],
  "e5218a4483717080fd7a8875b47447ee830eba67",
  "843ef8ae685edbc087a2df9fac901abf56a074c7",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    PART_12,
    `local ey=13
local function hm(h,ai,af,ap,cc)
local f,p=ARGV[ai],KEYS[h+8]
if cc=='quota.acquire'then
local n=ARGV[af+10]
if ap~=12 or ARGV[af]~='modes.acquire'or ARGV[af-1]~='12'or ARGV[af+11]~=''then return nil end
local bx=(n=='X'or n=='SIX')and 1 or(n=='S'or n=='IX'or n=='IS')and 0
local r=bx and en(h,ai,af+2,ap,'slots.acquire',bx)
if not r then return nil end
bj('SET',p,n=='X'and f or'~s '..n..' '..f,'PX',ARGV[af+9])
if as then return as[1]and as end
return r
end
if cc=='quota.extend'then
if ap~=13 or ARGV[af]~='modes.extend'or ARGV[af-1]~='10'then return nil end
local n,ak=ARGV[af+9],ARGV[af+8]
if q('GET',p)~=(n=='X'and f or'~s '..n..' '..f)then return nil end
local t=q('PTTL',p)
if type(t)~='number'or t<0 then return nil end
local r=en(h,ai,af+2,ap,'slots.extend')
if r and t<tonumber(ak)then bj('PEXPIRE',p,ak)end
if as then return as[1]and as end
return r
end
if ap~=12 or ARGV[af]~='modes.release'or ARGV[af-1]~='6'then return nil end
local ac=q('MGET',KEYS[h],KEYS[h+6],KEYS[h+7],p,KEYS[h+10],KEYS[h+11])
local i=ac[4]
if not i or ac[5]or ac[6]then return nil end
if i~=f and string.match(i,'^~s [ISX]+ (.*)$')~=f then return nil end
local r=en(h,ai,af+2,ap,'slots.release',ac)
if not r then return nil end
if r~=2 then bj('DEL',p)end
if as then return as[1]and as end
return 1
end
local ex={['quota.acquire']=hm,['quota.extend']=hm,['quota.release']=hm}`,
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
    `local ig=8
local function fi(a,d)
local bi,cb,bo,bv={},{},{d[1]},{d[1]}
local ah=tonumber(d[3])
for c,m in ipairs(a)do
if c<=ig then bi[c]=m
else cb[c-ig]=m end
end
for c=4,#d do
if c<4+ah then bo[c-2]=d[c]
else bv[c-2-ah]=d[c]end
end
return bi,bo,cb,bv
end
local function js(a,d,ab)
local e,bg,b=dm(redis.call('GET',a[1])),{},bf()
local al,ln=dd(a,e,d[1])
for c=ab,#d do
local v,s=dd(a,e,d[c])
if v and s>b then bg[#bg+1]={d[c],v,s}end
end
return(ln or 0)>=b,bg
end
local function kx(a,f,bg,b)
local e=dm(redis.call('GET',a[1]))
fv(a,e,f)
for al,ho in ipairs(bg)do dq(a,e,ho[1],ho[2],ho[3],b)end
fk(a,e,b)
end
local function jo(a,f,bg,ca,cc,cb,bv)
local bl,p=pcall(aa[cc],cb,bv)
if bl and(type(p)=='number'or p[1]==1)then return p end
if not ca then kx(a,f,bg,bf())end
if not bl then error(p,0)end
return nil,{0,p[2],p[3],p[4],p[5],2}
end
aa['quota.acquire']=function(a,d)
local bi,bo,cb,bv=fi(a,d)
local ca,bg=js(bi,bo,9)
local av=aa['slots.acquire'](bi,bo)
if av[1]==0 then return{0,av[2],av[3],av[4],av[5],1}end
local p,es=jo(bi,d[1],bg,ca,d[2],cb,bv)
if not p then
if#bg==0 and not ca then
local b=bf()
local y=el(bi,tonumber(bo[6]),tonumber(bo[7]),b)
local e,g=dm(redis.call('GET',bi[1])),cd(bi[7],b,dt(y))
cl(bi,e,g,av[3],y,b)
end
return es
end
if type(p)=='number'then return{1,math.abs(p),av[3],av[4],av[5]or''}end
return{1,p[2],av[3],av[4],av[5]or'',p[3],p[4],p[5]or''}
end
aa['quota.convert']=function(a,d)
local bi,bo,cb,bv=fi(a,d)
local ca,bg=js(bi,bo,7)
local av=aa['slots.extend'](bi,bo)
if av~=1 then return{0,av[2],av[3],'0','',1}end
local p,es=jo(bi,d[1],bg,ca,d[2],cb,bv)
return p and{1,math.abs(p),bo[4],'',''}or es
end
local function im(a,d,cc)
local bi,bo,cb,bv=fi(a,d)
local av=aa[cc](bi,bo)
if av~=1 then return av end
return aa[d[2]](cb,bv)
end
aa['quota.commit']=function(a,d)return im(a,d,'slots.commit')end
aa['quota.extend']=function(a,d)return im(a,d,'slots.extend')end
aa['quota.release']=function(a,d)
local bi,bo,cb,bv=fi(a,d)
local bl,av=pcall(aa['slots.release'],bi,bo)
local p=aa[d[2]](cb,bv)
if not bl then error(av,0)end
return p~=0 and p or av
end`,
    `aa['quota.renew']=function(a,d)
local bi,bo,cb,bv=fi(a,d)
local p
for al,eo in ipairs({true,false})do
local av=aa['slots.renew'](bi,bo,eo)
if type(av)~='number'then return av end
p=aa[d[2]](cb,bv,eo)
if type(p)~='number'then return p end
end
return p
end`,
    PART_5,
    PART_6,
  ],
  "a51f477dfa26746c915c45caa5ff94cd7b672841",
  "39b60ff836d6abe84dde7ad5bf57ba1fe2cfa914",
);
