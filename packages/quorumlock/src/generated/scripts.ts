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

const PART_2 = `if#KEYS<=ez and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local gg=ey[ARGV[1]]
local s=gg and gg(1,6+ARGV[5],6,#KEYS,ARGV[1])
if s then return s end
end`;

const PART_3 = `local function general()
local z={}
local function bk(m)
local i=redis.call('GET',m)
if not i then return nil end
local j=string.match(i,'^-?%d+$')and tonumber(i)
if not j or j>=9000000000000000 then
error('the fencing counter '..m..' cannot be counted up: '..i..'; delete it together with '
..string.match(m,'^(.*)~fence:')..'~server, on one server after another')
end
return j>0 and j or nil
end
local function ev(m,j)
redis.call('SET',m,string.format('%.0f',j))
end
local function fa(m)
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
local function cu(m)
local ei=fa(m)
if ei then return ei end
redis.call('DEL',m)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function ep(m,j)
local dy=bk(m)
if not dy then j=math.max(j,fa(m)or 0)end
if(dy or 0)<j then ev(m,j)end
end`;

const PART_4 = `local function er(m)
local bq=redis.pcall('GET',m)
return type(bq)=='string'and bq or nil
end
local function gz(m,ba,ak)
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
local function ew(m,ba)
local bq=er(m)
if not bq then return end
local cw={}
for bh in string.gmatch(bq,'%S+')do
if bh~=ba then cw[#cw+1]=bh end
end
if#cw==0 then redis.call('DEL',m)
else redis.call('SET',m,table.concat(cw,' '),'PX',math.max(redis.call('PTTL',m),1))end
end
local function gx(m,li)
local bq=er(m)
if not bq then return false end
local ab=li and string.match(bq,'%S+')or''
if ab~=''then ew(m,ab)end
redis.pcall('PUBLISH',m,ab)
return ab~=''
end`;

const PART_5 = `return z
end`;

const PART_6 = `local function lr(gg,h,ek,ai,w,af,ao)
local a,c={unpack(KEYS,h,h+ek-1)},{unpack(ARGV,ai,ai+w-1)}
for d=1,ao do c[w+d]=ARGV[af+d-1]end
local bm,s=pcall(gg,a,c)
if bm then return s end
if type(s)=='table'then s=s.err or s[1]end
return{-1,tostring(s)}
end
local cp,z,h,ai={},nil,1,1
while ai<=#ARGV do
local cc,dl,ek=ARGV[ai],tonumber(ARGV[ai+1]),tonumber(ARGV[ai+2])
local w,ao,af=tonumber(ARGV[ai+3]),tonumber(ARGV[ai+4]),ai+5
ai=af+ao
local ix=ek<=ez
local iv=ix and ey[cc]
local iu=ix and dl>1 and ha[cc]
local dp=0
while dp<dl do
local ah=iu and iu(h,ai,dl-dp,cp)or 0
if ah==0 then
local s=iv and iv(h,ai,af,ek,cc)
if not s then
z=z or general()
s=lr(z[cc],h,ek,ai,w,af,ao)
end
cp[#cp+1]=s
ah=1
end
h,ai,dp=h+ah*ek,ai+ah*w,dp+ah
end
end
return#cp==1 and cp[1]or cp`;

const PART_7 = `local function fs(ad)return string.match(ad,'^%w+')or''end
local function dd(g,d)
local ar=g[d]
if type(ar)~='string'then return ar end
local ag,ad,cs,t,bd,az=
string.match(ar,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local o
if cs and g.is_demand(cs)then
o={tonumber(ag),ad,cs,tonumber(t),tonumber(bd),tonumber(az),false,ar}
else
o={0,'','',0,0,0,true,ar}
end
g[d]=o
return o
end
local function fr(g,o)
g.check=math.min(g.check,o[4]+1)
if o[5]>0 then g.check=math.min(g.check,o[5]+50+1)end
end
local function kp(g,b)
local gw,dz=0,{}
local ah=#g
g.check=math.huge
for d=1,ah do
local o=dd(g,d)
g[d]=nil
if o[4]>=b then
gw=gw+1
g[gw]=o
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
local function cd(m,b,lc)
local ar=redis.pcall('GET',m)
local g={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=lc}
local aw,k,az
if type(ar)=='string'then aw,k,az=string.match(ar,'^(%d+) (%d+) (%d+);')end
if not aw then return g end
g.check,g.last,g.ticket=tonumber(aw),tonumber(k),tonumber(az)
local ah=0
for ct in string.gmatch(ar,';([^;]+)')do
ah=ah+1
g[ah]=ct
end
if b>=g.check then kp(g,b)end
return g
end
local function da(m,g,b)
if#g==0 then
redis.call('DEL',m)
return
end
local ck={string.format('%.0f %.0f %.0f',g.check,g.last,g.ticket)}
for d,o in ipairs(g)do
ck[d+1]=type(o)=='string'and o or o[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(o,1,6))
end
redis.call('SET',m,table.concat(ck,';'),'PX',math.max(1,g.last-b))
end
local function hg(o,ag,ad)
return o[1]>ag or(o[1]==ag and o[2]>ad)
end
local function im(g,ad,ag,ko)
local bs
for d=1,#g do
local o=dd(g,d)
if o[2]==ad or(ag and hg(o,ag,ad))then break end
if not o[7]and ko(o[3])then
if bs then return bs,true end
bs=o
end
end
return bs,false
end
local function hq(g,ad)
local lq=' '..ad..' '
for d,o in ipairs(g)do
if type(o)~='string'or string.find(o,lq,1,true)then
if dd(g,d)[2]==ad then return d end
end
end
end
local function gl(g,ad,b)
local l=ad~=''and hq(g,ad)
if not l then return nil end
local o=dd(g,l)
o[4],o[5],o[7],o[8]=b+3000,0,false,nil
g.last=math.max(g.last,o[4])
return l
end
local function jz(g,ad,b)
local l=gl(g,ad,b)
if not l then return false end
local o=g[l]
o[5],o[7]=math.max(1,b-50-1),true
fr(g,o)
return true
end
local function gu(az,au)
if az>=0 then return az end
return-az>au and-az<=au+3000 and-az or 0
end
local function kd(au,b)
return au==b and string.format('%.0f',b)or string.format('%.0f %.0f',au,b)
end
local function kc(g,ad,cs,az,dv,b,aa)
local l=gl(g,ad,b)
if l and g[l][6]>=az then
g[l][3]=cs
return l
end
if l then table.remove(g,l)end
local cy=gu(az,aa)
if cy==0 then cy=aa+1 end
local ag=cy-dv
l=#g+1
while l>1 and hg(dd(g,l-1),ag,ad)do l=l-1 end
local o={ag,ad,cs,b+3000,0,math.max(az,0),false}
table.insert(g,l,o)
fr(g,o)
g.last,g.ticket=math.max(g.last,o[4]),math.max(g.ticket,cy)
g[256+1]=nil
return l
end
local function jo(g,ad)
local l=hq(g,ad)
if l then table.remove(g,l)end
return l~=nil
end
local function js(g,cm,b)
local bd,ft,hi={},{},false
for d=1,#g do
local o=dd(g,d)
if not o[7]then
local ba=fs(o[2])
hi=hi or not cm(o[3])
if hi then
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
local function kf(ck,eh)
return table.concat(ck,' ')..(eh and' ~'..eh or'')
end`;

const PART_8 = `local gp={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function du(ar)return gp[ar]end
local function is(lm,bh)return string.find(gp[lm],' '..bh..' ',1,true)end
local function lh(ll)
local fx={}
return function(n)
if fx[n]==nil then fx[n]=not ll(n)end
if not fx[n]then return false end
for bh in string.gmatch(gp[n],'%u+')do fx[bh]=false end
return true
end
end`;

const PART_9 = `local cr,fp='~s','~p'
local db,fq=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local ii={'IS','IX','SIX','S'}
local gs={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=ii}
local function bf()
local at=redis.call('TIME')
return tonumber(at[1])*1000+math.floor(tonumber(at[2])/1000)
end
local function gd(ar)
local am={}
for n in string.gmatch(ar,'%u+')do
if not gs[n]then error('unknown mode '..n,0)end
am[#am+1]=n
end
return am
end
local function dw(a,ah,ec)
local ay={['fences']={unpack(a,ah*ec+1)}}
for d=1,ah do
local h=(d-1)*ec
ay[d]={['lock']=a[h+1],['shared']=a[h+2],['line']=a[h+3],['wake']=ec>3 and a[h+4]}
end
return ay
end
local function ed(c,ab)
local w={c[1],[c[1]]=true}
for d=ab,#c do
w[#w+1]=c[d]
w[c[d]]=true
end
return w
end
local function ea(i)
if not i or string.sub(i,1,3)~='~s 'then return nil end
local n,f=string.match(i,'^~s (%u+) (.*)$')
if gs[n]then return n,f end
end
local function fo(lk)return string.format('%.0f',lk)end
local function jk(m,n,ah)
local ae=fq[n]*db
return redis.pcall('ZREVRANGEBYSCORE',m,'('..fo(ae+db),fo(ae),'WITHSCORES','LIMIT',0,ah),ae
end
local function gf(u,n,w,b)
local i=redis.call('GET',u.lock)
if i and(i==fp or string.sub(i,1,3)==fp..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local df,bb=ea(i)
if bb then
local r=not w[bb]and redis.call('PTTL',u.lock)
if r and(r==-1 or is(n,df))then return r,bb end
return nil
end
if w[i]then return nil end
if i and i~=cr then return redis.call('PTTL',u.lock),i end
local k,aj
if not i and redis.call('EXISTS',u.shared)==0 then return nil end
for al,lv in ipairs(gs[n])do
local ac,ae=jk(u.shared,lv,#w+1)
if ac.err then error(ac.err,0)end
for d=1,#ac,2 do
local t=tonumber(ac[d+1])-ae
if not w[ac[d]]then
if t>=b and(not k or t>k)then k,aj=t,ac[d]end
break
end
end
end
if k then return k-b,aj end
end
local function jm(u,b)
local aa
if redis.call('EXISTS',u.shared)==0 then return nil end
for al,n in ipairs(ii)do
local ac,ae=jk(u.shared,n,1)
local ag=tonumber(ac[2])
if ag and ag-ae>=b then aa=math.max(aa or 0,ag-ae)end
end
return aa
end
local function hh(u,n,w)
local i=redis.call('GET',u.lock)
if n=='X'then return w[i]end
local df,bb=ea(i)
if bb then return w[bb]and df==n end
for al,f in ipairs(w)do
local ag=redis.call('ZSCORE',u.shared,f)
if ag and math.floor(tonumber(ag)/db)==fq[n]then return true end
end
return false
end
local function le(u,w)
local i=redis.call('GET',u.lock)
local al,bb=ea(i)
if bb then return w[bb]end
if w[i]then return true end
for al,f in ipairs(w)do
if redis.call('ZSCORE',u.shared,f)then return true end
end
return false
end
local function il(m,n,f,t,b)
local ae=fq[n]*db
redis.call('ZREMRANGEBYSCORE',m,fo(ae),'('..fo(ae+b))
redis.call('ZADD',m,fo(ae+t),f)
if redis.call('PTTL',m)<t-b then redis.call('PEXPIRE',m,t-b)end
end
local function he(u,n,w,ak,b)
local p,ao,f,cn=u.lock,u.shared,w[1],false
local i=redis.call('GET',p)
local t=b+ak
local df,bb=ea(i)
local aj,la=bb or i,df or'X'
if w[aj]then
local r=redis.call('PTTL',p)
if r==-1 and aj==f and n==la then return false end
t=math.max(t,b+r)
if bb==f and n==df then
redis.call('SET',p,i,'PX',t-b)
return false
end
cn=aj~=f
i=nil
elseif bb then
local r=math.max(1,redis.call('PTTL',p))
il(ao,df,bb,b+r,b)
redis.call('SET',p,cr,'PX',r)
i=cr
end
if i~=cr and(n~='X'or bb)and redis.call('EXISTS',ao)==0 then
redis.call('SET',p,n=='X'and f or'~s '..n..' '..f,'PX',t-b)
return cn
end
for d,ct in ipairs(w)do
local ag=(d>1 or n~='X')and redis.call('ZSCORE',ao,ct)
if ag then
t=math.max(t,tonumber(ag)%db)
if d>1 then
redis.call('ZREM',ao,ct)
cn=true
end
end
end
if n=='X'then
redis.call('SET',p,f,'PX',t-b)
return cn
end
il(ao,n,f,t,b)
if i~=cr then
redis.call('SET',p,cr,'PX',jm(u,b)-b)
else
local r=redis.call('PTTL',p)
if r>=0 and r<t-b then redis.call('PEXPIRE',p,t-b)end
end
return cn
end
local function by(u,w,b)
local p,bl=u.lock,false
local i=redis.pcall('GET',p)
if type(i)=='table'then
if string.find(i.err,'WRONGTYPE',1,true)then return false,false end
error(i.err,0)
end
local al,bb=ea(i)
if w[bb or i]then
redis.call('DEL',p)
i,bl=false,true
end
if bb or(bl and#w==1)then return bl,bl end
local ga=false
for al,f in ipairs(w)do
local ag=redis.pcall('ZSCORE',u.shared,f)
if type(ag)=='string'then
redis.call('ZREM',u.shared,f)
ga=true
if tonumber(ag)%db>=b then bl=true end
end
end
if i and i~=cr then return bl,false end
local aa=ga and jm(u,b)
if aa then
local r=redis.call('PTTL',p)
local fz=r>aa-b+1
if r<0 or fz then redis.call('SET',p,cr,'PX',math.max(1,aa-b))end
return bl,false,fz
end
if ga and i then redis.call('DEL',p)end
return bl,ga or bl
end`;

const PART_10 = `local ie={}
local function cl(u,g,b)
if#g==0 then return{},false end
local bd,cm,eh=js(
g,lh(function(n)return gf(u,n,ie,b)end),b)
for d,o in ipairs(bd)do bd[d]=o[2]end
if#bd>0 then
da(u.line,g,b)
redis.pcall('PUBLISH',u.wake,kf(bd,eh))
end
return bd,cm
end
local function kn(u,n,w,ad,ag,g,b)
local r,aj=gf(u,n,w,b)
if r or#g==0 or le(u,w)then return r,aj end
local bs,kz=im(g,ad,ag,function(bh)return is(bh,n)end)
if not bs then return nil end
if u.wake then cl(u,g,b)end
if kz then return-1,''end
if bs[5]>0 then return math.max(0,50-b+bs[5]),''end
r,aj=gf(u,bs[3],ie,b)
return r and-1 or 50,aj or''
end
local function ku(iw,am,ca)
local j,bx,au=0,false,{}
for al,n in ipairs(am)do
if(n=='X'or n=='SIX')and not ca then bx=true end
end
for d,m in ipairs(iw)do
local k=bk(m)
au[d]=k or 0
j=math.max(j,k and(bx and k+1 or k)or cu(m))
end
for d,m in ipairs(iw)do
if au[d]~=j then ev(m,j)end
end
return j
end
z['modes.acquire']=function(a,c)
local ak,ad,az,dv=tonumber(c[2]),'',0,0
if c[4]~=''then
ad,az,dv=string.match(c[4],'^(%S*) (%S+) (%S+)$')
az,dv=tonumber(az),tonumber(dv)
end
local am,w,kl,b=gd(c[3]),ed(c,5),{c[1],[c[1]]=true},bf()
local ay=dw(a,#am,ad==''and 3 or 4)
local ax,au,l,ce,aj={},b,nil,nil,nil
local ca,cn=true,false
for d=1,#am do
ax[d]=cd(ay[d].line,b,du)
au=math.max(au,ax[d].ticket)
end
local cy=gu(az,au)
local ag=cy>0 and cy-dv or nil
for d,n in ipairs(am)do
local u=ay[d]
local r,ma=kn(u,n,w,ad,ag,ax[d],b)
if r then
l=l or d
if not aj or(ce~=-1 and(r==-1 or r>ce))then
ce,aj=r,ma
end
elseif not hh(u,n,kl)then
ca=false
end
end
local cj,fk=l or#am,nil
if ad~=''then
fk=kc(ax[cj],ad,am[cj],az,dv,b,au)
if not l and ax[cj][fk]then ax[cj][fk][5]=-1 end
da(ay[cj].line,ax[cj],b)
end
if l then
if ad~=''then pcall(gz,ay[l].wake,ad,ak)end
return{0,ce,aj,kd(au,b),fk and fk-1 or#ax[l]}
end
local j=ku(ay.fences,am,ca)
for d,n in ipairs(am)do
local u=ay[d]
if he(u,n,w,ak,b)then cn=true end
if d~=cj and gl(ax[d],ad,b)then da(u.line,ax[d],b)end
end
return cn and-j or j
end
z['modes.convert']=z['modes.acquire']
z['modes.commit']=function(a,c)
local am,w=gd(c[3]),{c[1],[c[1]]=true}
local ay=dw(a,#am,4)
for d,n in ipairs(am)do
if not hh(ay[d],n,w)then return{0}end
end
for al,m in ipairs(ay.fences)do
if not bk(m)then cu(m)end
ep(m,tonumber(c[2]))
end
return 1
end
z['modes.extend']=function(a,c)
local j,ak,am=tonumber(c[2]),tonumber(c[3]),gd(c[4])
local ay,w,b,bn=dw(a,#am,4),ed(c,5),bf(),true
for d,n in ipairs(am)do
local r,aj=gf(ay[d],n,w,b)
if r then return{0,r,aj}end
bn=bn and hh(ay[d],n,w)
end
for al,m in ipairs(ay.fences)do
local hd=not bn and(bk(m)or fa(m))
if hd then ep(m,j)end
end
for d,n in ipairs(am)do
local u=ay[d]
if he(u,n,w,ak,b)then cl(u,cd(u.line,b,du),b)end
end
return 1
end
local function jn(u,g,ad,b)
local iz=jo(g,ad)
if iz then da(u.line,g,b)end
pcall(ew,u.wake,ad)
return iz
end
z['modes.release']=function(a,c)
local ad,w,b=c[2],ed(c,3),bf()
local bl,ej,jd=false,false,string.find(ad,'.',1,true)
for al,u in ipairs(dw(a,#a/4,4))do
local bn,ld,fz=by(u,w,b)
local ax=(bn or jd)and redis.pcall('MGET',u.line,u.wake)
if bn then bl=true end
if ax and(ax[1]or ax[2])then
local g=cd(u.line,b,du)
if jd then jn(u,g,ad,b)end
local bm,bd,cm=pcall(cl,u,g,b)
if not bm then bd,cm={},false end
for al,bh in ipairs(bd)do
if bh~=ad then ej=true end
end
if ld and not cm and gx(u.wake,ad~='')then ej=true end
if fz and#bd==0 then redis.pcall('PUBLISH',u.wake,'')end
end
end
if not bl then return 0 end
return ej and-1 or 1
end
z['modes.releaseAll']=z['modes.release']
z['modes.leave']=function(a,c)
local b=bf()
for al,u in ipairs(dw(a,#a/4,4))do
local g=cd(u.line,b,du)
if jn(u,g,c[1],b)then pcall(cl,u,g,b)end
end
return 1
end`;

const PART_11 = `local function lb(u,n,f,b)
local i=redis.call('GET',u.lock)
if i~=cr then
local df,bb=ea(i)
return(bb or i)==f and(df or'X')==n
end
local ag=n~='X'and redis.call('ZSCORE',u.shared,f)
if not ag then return false end
return math.floor(tonumber(ag)/db)==fq[n]and tonumber(ag)%db>=b
end
z['modes.renew']=function(a,c,eo)
local f,am,b,j=c[1],gd(c[3]),bf(),1
local ay=dw(a,#am,3)
for d,n in ipairs(am)do
if not lb(ay[d],n,f,b)then
local i=redis.call('GET',ay[d].lock)
local al,bb=ea(i)
local aj=bb or i~=cr and i or''
if string.sub(aj,1,3)==fp..' 'then aj=fp end
return{0,redis.call('PTTL',ay[d].lock),aj}
end
end
for al,m in ipairs(ay.fences)do j=math.max(j,bk(m)or 1)end
if eo then return j end
for d,n in ipairs(am)do he(ay[d],n,{f,[f]=true},tonumber(c[2]),b)end
return j
end`;

const PART_12 = `local ez=8
local gt='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local kk='^~p %d+ 0 %d+ [01]* %d+:[%d -]*:'
local ki=8
local as,fc
local function bj(...)
if as then return end
local s=q(...)
if type(s)=='table'and s.err then as=fc and{-1,s.err}or{}else fc=true end
end
local function fu()
local at=q('TIME')
return at[1]*1000+math.floor(at[2]/1000)
end
local function ia(h,aw,aa,bu,x,be,k,b)
if b and aa~='0'and k+0>bu+0 then
bu=string.format('%.0f',k+math.max(1,k-b))
bj('PEXPIREAT',KEYS[h+2],bu)
bj('PEXPIREAT',KEYS[h+3],bu)
bj('PEXPIRE',KEYS[h+4],604800000)
end
bj('SET',KEYS[h],'~p '..aw..' '..aa..' '..bu..' '..x..' '..be,'PXAT',k)
end
local function en(h,ai,af,al,cc,hb)
as,fc=nil,nil
if cc=='slots.acquire'then
local bx=hb
if ARGV[af+1]~=''or ARGV[af+5]~='0'or ARGV[af+6]~=''or ARGV[af-1]~='7'then return nil end
local f,bg,y,ci=ARGV[ai],ARGV[af+3]+0,ARGV[af+4]+0,KEYS[h+1]
if bg>ki or bg>y then return nil end
local an,b=q('GET',KEYS[h]),fu()
local aw,aa,bu,x,aq,v,be='0','0','0','','0','',''
local hc=true
if an then
if an.err then return nil end
aw,aa,bu,x,aq,v,be=string.match(an,gt)
if not aw or be==f then return nil end
if(aa~='0'and b>aw+0)or(be~=''and aq+0<b)then return nil end
if aa~='0'and q('HGET',KEYS[h+2],f)then return nil end
elseif q('EXISTS',unpack(KEYS,h+4,bx and h+10 or h+6))==0 then
hc=false
end
if hc and bx and q('EXISTS',KEYS[h+8],KEYS[h+9],KEYS[h+10])~=0 then return nil end
local jb=string.find(f,'^%x%x%x%x%x%x%x%x%x%x%x%x')
local br,eb=jb and tonumber(string.sub(f,1,6),16)%y or 0,nil
local dg,dn={},bg==1 and'1'or'2'
for al=1,64 do
local ip=string.byte(x,br+1)
if not ip then
x=x..string.rep('0',br-#x)..dn
dg[#dg+1]=br
elseif ip==48 then
x=string.sub(x,1,br)..dn..string.sub(x,br+2)
dg[#dg+1]=br
end
if#dg==bg then break end
eb=eb or jb and 1+tonumber(string.sub(f,7,12),16)%y or 1
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
local t,j,fi=b+ARGV[af],nil,nil
local k=string.format('%.0f',t)
if not hc then
if bx then
local i=q('GET',ci)
local ae=type(i)=='string'and string.find(i,'^%d+$')and i+0
if not ae or ae<1 or ae+1>=9000000000000000 then return nil end
j=ae+1+bx
bj('SET',ci,string.format('%.0f',j))
else
j=ah(ci)
if not j then return nil end
fc=true
end
else
local ac
if IS_CLUSTER then
ac=q('MGET',ci,KEYS[h+6])
else
local ls=string.sub(ci,1,string.find(ci,'~fence:',1,true)-1)
ac=q('MGET',ci,KEYS[h+6],ls..'~server')
end
if ac.err or ac[2]or q('HGET',KEYS[h+5],KEYS[h])then return nil end
local ae=ac[1]and string.find(ac[1],'^%d+$')and ac[1]+0
if not ae or ae<1 or ae>=9000000000000000 then return nil end
local dr=ac[3]and string.match(ac[3],'^complete %S+ %S+ (%S+) ')or''
if#dr~=32 then dr=string.format('%-32.32s',dr)end
if q('GETRANGE',KEYS[h+4],0,31)~=dr then return nil end
j=ae-ae%16384
for d=1,bg do
local l=32+16*dg[d]
j=math.max(j,tonumber(q('GETRANGE',KEYS[h+4],l,l+15))or ae)
end
j=j+1
local jl=math.max(ae,j)
if bx and jl>=9000000000000000 then return nil end
local jc=aa~='0'
if be~=''then fi=be end
if fi and jc then bj('ZADD',KEYS[h+3],aq,be)end
local ar=string.format('%016.0f',j)
for d=1,bg do bj('SETRANGE',KEYS[h+4],32+16*dg[d],ar)end
if bx then j=jl+bx end
if ae<j then bj('SET',ci,string.format('%.0f',j))end
if fi then
if not jc then
bj('DEL',KEYS[h+2],KEYS[h+3])
bj('ZADD',KEYS[h+3],aq,be)
end
bj('HSET',KEYS[h+2],be,v)
if aa=='0'or aq+0<aw+0 then aw=aq end
if aq+0>aa+0 then aa=aq end
end
if not an then bj('PEXPIRE',KEYS[h+4],604800000)end
end
be=k..':'..bw..':'..f
ia(h,aw,aa,bu,x,be,aa+0>t and aa or k,b)
if as then
if fi and fc then q('ZREM',KEYS[h+3],fi)end
return as[1]and as
end
return{1,j,bw,'',bx and''}
end
if cc=='slots.extend'then
local f=ARGV[ai]
if ARGV[af+4]~='0'or ARGV[af-1]~='5'then return nil end
local an=q('GET',KEYS[h])
if not an or an.err then return nil end
local aw,aa,bu,x,aq,v,be=string.match(an,gt)
if not aw or q('HGET',KEYS[h+5],KEYS[h])then return nil end
local b=fu()
if(aa~='0'and b>aw+0)or(be~=''and aq+0<b)then return nil end
local t=b+ARGV[af+1]
local k=string.format('%.0f',t)
if be==f then
if v~=ARGV[af+2]then return nil end
if aq+0>=t then return 1 end
aq=k
if aa+0>t then k=aa end
else
if aa=='0'or q('HGET',KEYS[h+2],f)~=ARGV[af+2]then return nil end
local ag=q('ZSCORE',KEYS[h+3],f)
if type(ag)~='string'then return nil end
if ag+0>=t then return 1 end
bj('ZADD',KEYS[h+3],k,f)
if as then return as[1]and as end
if aa+0>=t then return 1 end
aa=k
if aq+0>t then k=aq end
end
ia(h,aw,aa,bu,x,aq..':'..v..':'..be,k,b)
if as then return as[1]and as end
return 1
end
local f=ARGV[ai]
if ARGV[af-1]~='3'then return nil end
local ac=hb or q('MGET',KEYS[h],KEYS[h+6],KEYS[h+7])
if ac.err or ac[2]or ac[3]then return nil end
if not ac[1]then return 0 end
local al,je=string.find(ac[1],kk)
if je then
if string.sub(ac[1],je+1)~=f then return nil end
if hb then return q('DEL',KEYS[h],KEYS[h+8])==2 and 2 or nil end
return q('DEL',KEYS[h])==1 and 1 or nil
end
local aw,aa,bu,x,aq,v,be=string.match(ac[1],gt)
if not aw then return nil end
local k,cg=aa,v
if be==f then
if aq+0<aa+0 and aq+0<fu()then return nil end
aq,v,be='0','',''
else
local ag=q('ZSCORE',KEYS[h+3],f)
cg=q('HGET',KEYS[h+2],f)
if type(cg)~='string'or type(ag)~='string'or ag+0<fu()then return nil end
bj('ZREM',KEYS[h+3],f)
bj('HDEL',KEYS[h+2],f)
if ag==aa then
aa=q('ZREVRANGE',KEYS[h+3],0,0,'WITHSCORES')[2]or'0'
if aa=='0'then
aw,bu='0','0'
if be==''then
bj('DEL',KEYS[h])
if as then return as[1]and as end
return 1
end
end
end
k=aq+0>aa+0 and aq or aa
end
local br=tonumber(cg)
if br then
x=string.sub(x,1,br)..'0'..string.sub(x,br+2)
else
for bz,gn in string.gmatch(cg,'(%d+)%-?(%d*)')do
if gn==''then gn=bz end
x=string.sub(x,1,bz)..string.rep('0',gn-bz+1)..string.sub(x,gn+2)
end
end
ia(h,aw,aa,bu,x,aq..':'..v..':'..be,k)
if as then return as[1]and as end
return 1
end
local ey={['slots.acquire']=en,['slots.extend']=en,['slots.release']=en}
local ha={}`;

const PART_13 = `local cq,dh,gq,kh='0','1','2',48
local kj=64
local function dj(ar)
local lj=string.gmatch(ar,'(%d+)%-?(%d*)')
return function()
local ab,k=lj()
if ab then return tonumber(ab),tonumber(k)or tonumber(ab)end
end
end
local function jy(x,dn)
local hw,bz,k={},string.find(x,dn..'+')
while bz do
hw[#hw+1]=bz==k and tostring(bz-1)or string.format('%d-%d',bz-1,k-1)
bz,k=string.find(x,dn..'+',k+1)
end
return table.concat(hw,' ')
end
local function cx(x,v,dn)
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
local function km(x,v)
for ab,k in dj(v)do
if string.find(string.sub(x,ab+1,k+1),dh,1,true)then return false end
end
return true
end
local function fb(x,y)
return#string.gsub(string.sub(x,1,y),dh..'+','')
end
local function kr(v)
local hm=0
for al,k in dj(v)do hm=math.max(hm,k+1)end
return hm
end
local function ln(f,y)
local eu,eb=string.match(f,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not eu then return 0,1 end
return tonumber(eu,16)%y,1+tonumber(eb,16)%y
end
local function ir(x,ap,y,hr,w,f)
local cv=ap
local function fn(ab,k)
k=math.min(k,y-1)
if cv==0 or ab>k then return end
local lw,ah=string.gsub(string.sub(x,ab+1,k+1),cq,gq,cv)
if ah==0 then return end
x,cv=string.sub(x,1,ab)..lw..string.sub(x,k+2),cv-ah
end
for ab,k in dj(hr)do fn(ab,k)end
if w then
for ab,k in dj(w)do fn(ab,k)end
else
local eu,eb=ln(f,y)
for d=0,kj-1 do
if cv==0 then break end
local br=(eu+d*eb)%y
if string.byte(x,br+1)==kh then fn(br,br)end
end
fn(eu,y-1)
fn(0,eu-1)
end
if cv>0 then return nil end
return jy(x,gq),(string.gsub(x,gq,dh))
end`;

const PART_14 = `local id='~'
local function bf()
local at=redis.call('TIME')
return tonumber(at[1])*1000+math.floor(tonumber(at[2])/1000)
end
local function ho(ar,b)
local bp,y,go=string.match(ar,'^(%d+) (%d+) (%d+)$')
if bp and tonumber(go)+604800000+86400000>=b then return tonumber(bp),tonumber(y),tonumber(go)end
end
local function hs(m,p,b)
return ho(redis.call('HGET',m,p)or'',b)
end
local function ic(m,p,bp,y,b)
local it=tonumber(redis.call('HGET',m,id)or'')
if not it or it+86400000<b then
local dc=redis.call('HGETALL',m)
for d=1,#dc,2 do
if not ho(dc[d+1],b)then redis.call('HDEL',m,dc[d])end
end
redis.call('HSET',m,id,string.format('%.0f',b))
end
redis.call('HSET',m,p,string.format('%.0f %.0f %.0f',bp,y,b))
redis.call('PEXPIRE',m,604800000+86400000)
end
local function lt(m,p,bp,y,b)
if bp>(hs(m,p,b)or 0)then ic(m,p,bp,y,b)end
end`;

const PART_15 = `local ig='~p'
local ef,eg=16,32
local function lf(an)
return an==ig or string.sub(an,1,3)==ig..' '
end
local function dm(an)
local aw,aa,bu,x,t,v,f=
string.match(an or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(aw)or 0,['latest']=tonumber(aa)or 0,['kept']=tonumber(bu)or 0,['map']=x or'',
['deadline']=tonumber(t)or 0,['slots']=v or'',['token']=f or'',
['is_new']=not f,['is_other']=an and not lf(an)
}
end
local function fl(a,e,b)
local k=math.max(e.latest,e.deadline)
if k==0 then
redis.call('DEL',a[1])
return 0
end
local jj=e.latest>0 and k>e.kept
if jj then
e.kept=k+math.max(1,k-b)
for l=3,4 do redis.call('PEXPIREAT',a[l],string.format('%.0f',e.kept))end
end
if jj or e.is_new then redis.call('PEXPIRE',a[5],604800000)end
redis.call('SET',a[1],string.format('~p %.0f %.0f %.0f %s %.0f:%s:%s',e.check,e.latest,e.kept,e.map,
e.deadline,e.slots,e.token),'PXAT',string.format('%.0f',k))
return k
end
local function de(a,e,f)
if f==e.token then return e.slots,e.deadline end
local v=e.latest>0 and redis.call('HGET',a[3],f)
local t=v and redis.call('ZSCORE',a[4],f)
if t then return v,tonumber(t)end
end
local function iq(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function fv(a,e,f)
local v,t=de(a,e,f)
if not v then return nil end
e.map=cx(e.map,v,cq)
if f==e.token then
e.deadline,e.slots,e.token=0,'',''
return v,t
end
redis.call('ZREM',a[4],f)
redis.call('HDEL',a[3],f)
if t==e.latest then
e.latest=tonumber(redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2])or 0
if e.latest==0 then e.check,e.kept=0,0 end
end
return v,t
end
local function fw(a,e,b)
local ds=false
if e.token~=''and e.deadline<b then
e.map=cx(e.map,e.slots,cq)
e.deadline,e.slots,e.token,ds=0,'','',true
end
if e.latest>0 and b>e.check then
local kq=redis.call('ZRANGEBYSCORE',a[4],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for al,f in ipairs(kq)do
e.map=cx(e.map,redis.call('HGET',a[3],f)or'',cq)
redis.call('HDEL',a[3],f)
redis.call('ZREM',a[4],f)
end
local ab=redis.call('ZRANGE',a[4],0,0,'WITHSCORES')[2]
local k=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,ds=tonumber(ab)or 0,tonumber(k)or 0,true
if not ab then e.kept,e.map=0,cx('',e.slots,dh)end
end
if ds then fl(a,e,b)end
end
local function ht(a,e,f,t,b)
local ds=false
if f==e.token then
if e.deadline<t then e.deadline,ds=t,true end
elseif tonumber(redis.call('ZSCORE',a[4],f))<t then
redis.call('ZADD',a[4],string.format('%.0f',t),f)
if e.latest<t then e.latest,ds=t,true end
end
if ds then fl(a,e,b)end
end
local function dq(a,e,f,v,t,b)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=t,v,f,cx(e.map,v,dh)
fl(a,e,b)
end
local function ju(a)
local dr=''
if not IS_CLUSTER then
local ch=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
dr=type(ch)=='string'and string.match(ch,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..eg..'.'..eg..'s',dr)
end
local function gy(a)
return redis.call('GETRANGE',a[5],0,eg-1)==ju(a)
end
local function ff(a,v,ae)
if not gy(a)then return ae end
local hj=ae-ae%16384
for ab,k in dj(v)do
local ar=redis.call('GETRANGE',a[5],eg+ef*ab,eg+ef*(k+1)-1)
for d=0,k-ab do
local ah=tonumber(string.sub(ar,ef*d+1,ef*(d+1)))
hj=math.max(hj,ah or ae)
end
end
return hj
end
local function ib(a,v,ah,ae)
if not gy(a)then redis.call('SET',a[5],ju(a),'PX',604800000)end
local ar=string.format('%0'..ef..'.0f',ah)
for ab,k in dj(v)do
redis.call('SETRANGE',a[5],eg+ef*ab,string.rep(ar,k-ab+1))
end
if ae<ah then ev(a[2],ah)end
end`;

const PART_16 = `local gr='~s'
local function ed(c,ab)
local w={c[1]}
for d=ab,#c do w[#w+1]=c[d]end
return w
end
local function gj(a)
local an=redis.call('GET',a[1])
if an and(an==gr or string.sub(an,1,3)==gr..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
local e=dm(an)
if e.is_other then return e,an,redis.call('PTTL',a[1])end
return e,nil,nil
end
local function el(a,y,bp,b)
local au,ah,go=hs(a[6],a[1],b)
if bp>(au or 0)then
au,ah=bp,y
ic(a[6],a[1],au,ah,b)
elseif au and go+86400000<b then
ic(a[6],a[1],au,ah,b)
end
if not au then return y,''end
return ah,string.format('%.0f %.0f',au,ah)
end
local function gh(x,dl)
return x..string.rep(cq,dl-#x)
end
local function kw(a,e,cv,b)
local bt=e.latest>0 and redis.call('ZRANGE',a[4],0,64-1,'WITHSCORES')or{}
if e.token~=''then
local l=1
while bt[l]and tonumber(bt[l+1])<=e.deadline do l=l+2 end
table.insert(bt,l,e.token)
table.insert(bt,l+1,e.deadline)
end
local k=-1
for d=1,#bt,2 do
k=tonumber(bt[d+1])
local v=bt[d]==e.token and e.slots or redis.call('HGET',a[3],bt[d])or''
for ab,ks in dj(v)do cv=cv-(ks-ab+1)end
if cv<=0 then break end
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
local by=e.is_other and 0 or fb(x,y)
local bd,cm,eh=js(g,function(cs)
by=by-tonumber(cs)
return by>=0
end,b)
local ck={}
for d,o in ipairs(bd)do
local v,lu=ir(x,tonumber(o[3]),y,cg,'0-'..y-1)
x=lu or x
ck[d]=o[2]..':'..string.gsub(v or'',' ',',')
end
if#ck>0 then
da(a[7],g,b)
redis.pcall('PUBLISH',a[8],kf(ck,eh))
end
return#ck,cm
end
z['slots.acquire']=function(a,c)
local f,ak,ad,az,ap=c[1],tonumber(c[2]),c[3],tonumber(c[4]),tonumber(c[5])
local hr,gb,w,b=c[8],#c>8,ed(c,9),bf()
local e,aj,ce=gj(a)
local y,fh=el(a,tonumber(c[6]),tonumber(c[7]),b)
if ap>y then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',y,ap),0)end
fw(a,e,b)
local g=cd(a[7],b,dt(y))
local au=math.max(b,g.ticket)
local cy=gu(az,au)
local x=gh(e.map,y)
local v,bw=de(a,e,f),nil
if aj then
if ad~=''then pcall(gz,a[8],ad,ak)end
elseif v then
local j=ff(a,v,bk(a[2])or cu(a[2]))
ht(a,e,f,b+ak,b)
if jz(g,ad,b)then da(a[7],g,b)end
return{1,j,v,fh,gb and x or nil}
else
local cz,dk=x,''
for d=2,#w do
local bc=de(a,e,w[d])or''
cz,dk=cx(cz,bc,cq),dk..' '..bc
end
local bs
if#g>0 and not gb then
local by=fb(cz,y)
bs=by>=ap and im(g,ad,cy>0 and cy or nil,function(cs)
by=by-tonumber(cs)
return by<ap
end)
end
if not bs then bw=ir(cz,ap,y,hr,gb and dk or nil,f)end
if bw then
local ae=bk(a[2])
local ab=not ae and cu(a[2])
local j,t=ff(a,bw,ae or ab)+1,b+ak
iq(a,e)
for d=2,#w do
local al,aq=fv(a,e,w[d])
t=math.max(t,aq or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
j=ab or j
ev(a[2],j)
else
ib(a,bw,j,ae or ab)
end
dq(a,e,f,bw,t,b)
if jz(g,ad,b)then da(a[7],g,b)end
return{1,j,bw,fh,gb and cx(cz,bw,dh)or nil}
end
local by=fb(x,y)
ce,aj=kw(a,e,ap-by,b)
if bs then
cl(a,e,g,'',y,b)
if bs[5]>0 then ce,aj=math.max(0,50-b+bs[5]),''
else ce=-1 end
end
end
if ad~=''then
kc(g,ad,string.format('%.0f',ap),az,0,b,au)
da(a[7],g,b)
end
return{0,ce,aj,kd(au,b),fh}
end
z['slots.commit']=function(a,c)
local j,v=tonumber(c[2]),c[3]
local e=dm(redis.call('GET',a[1]))
if de(a,e,c[1])~=v then return{0}end
local ae=bk(a[2])or cu(a[2])
local ah=ff(a,v,ae)
if ah<j or not gy(a)then ib(a,v,math.max(ah,j),ae)end
return 1
end
z['slots.extend']=function(a,c)
local f,j,ak,v=c[1],tonumber(c[2]),tonumber(c[3]),c[4]
local w,b=ed(c,7),bf()
local e,aj=gj(a)
if aj then return{0,-1,aj}end
local y=el(a,tonumber(c[5]),tonumber(c[6]),b)
fw(a,e,b)
local bc=de(a,e,f)
if bc==v and#w==1 then
ht(a,e,f,b+ak,b)
return 1
end
local cz,aq=gh(e.map,math.max(y,kr(v))),''
for al,ct in ipairs(w)do
local dk=de(a,e,ct)or''
cz,aq=cx(cz,dk,cq),aq..' '..dk
end
if not km(cz,v)then
local kg={f,'',c[5],c[6]}
for d=2,#w do kg[d+3]=w[d]end
z['slots.release'](a,kg)
return{0,-1,''}
end
iq(a,e)
local ae=bc~=v and(bk(a[2])or fa(a[2]))
if ae then ib(a,v,math.max(j,ff(a,v,ae)),ae)end
local t=b+ak
for al,ct in ipairs(w)do
local al,k=fv(a,e,ct)
t=math.max(t,k or 0)
end
dq(a,e,f,v,t,b)
local cg=jy(cx(cx(string.rep(cq,#cz),aq,dh),v,cq),dh)
if cg~=''then cl(a,e,cd(a[7],b,dt(y)),cg,y,b)end
return 1
end
z['slots.release']=function(a,c)
local ba,w,b=c[2],ed(c,5),bf()
local an=redis.pcall('GET',a[1])
local e=dm(type(an)=='string'and an)
local cg,bl,hz,ji='',false,0,false
for al,ct in ipairs(w)do
local v,t=fv(a,e,ct)
if v then
ji,bl=true,bl or t>=b
cg,hz=cg..' '..v,math.max(hz,t)
end
end
if not ji then return 0 end
redis.pcall('ZREM',a[4],'')
local ax=redis.pcall('MGET',a[7],a[8])
local ja=ax[1]or ax[2]
if ja then fw(a,e,b)end
local k=fl(a,e,b)
if ja then
local y=el(a,tonumber(c[3]),tonumber(c[4]),b)
local g=cd(a[7],b,dt(y))
local bm,bd,cm=pcall(cl,a,e,g,cg,y,b)
if not bm then bd,cm=0,false end
if k==0 and not cm then gx(a[8],ba~='')
elseif k>0 and hz>k and bd==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bl and 1 or 0
end
z['slots.leave']=function(a,c)
local b=bf()
local y=el(a,tonumber(c[2]),tonumber(c[3]),b)
local g=cd(a[7],b,dt(y))
if jo(g,c[1])then
da(a[7],g,b)
pcall(function()cl(a,dm(redis.call('GET',a[1])),g,'',y,b)end)
end
pcall(ew,a[8],c[1])
return 1
end
z['slots.count']=function(a,c)
local b=bf()
local e,aj=gj(a)
local y,fh=el(a,tonumber(c[1]),tonumber(c[2]),b)
fw(a,e,b)
local g=cd(a[7],b,dt(y))
cl(a,e,g,'',y,b)
local by=aj and 0 or fb(gh(e.map,y),y)
local bp=tonumber(string.match(fh,'^%d+')or 0)
return{1,by,y,bp,#e.map-fb(e.map,#e.map)}
end
z['slots.resize']=function(a,c)
if not bk(a[2])then cu(a[2])end
return z['slots.count'](a,c)
end`;

const PART_17 = `z['slots.renew']=function(a,c,eo)
local f,b,an=c[1],bf(),redis.call('GET',a[1])
local e=dm(an)
local v,t=de(a,e,f)
if v~=c[3]or t<b then
local lg=e.is_other and string.sub(an,1,2)~=gr
return{0,redis.call('PTTL',a[1]),lg and an or''}
end
local j=ff(a,v,bk(a[2])or 1)
if not eo then ht(a,e,f,b+tonumber(c[2]),b)end
return j
end`;

const PART_18 = `local ey,ha,ez={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ez=2
local ey={
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
local r=q('PTTL',KEYS[h])
if type(r)~='number'or r<0 then return nil end
if r<tonumber(ARGV[af])and q('PEXPIRE',KEYS[h],ARGV[af])~=1 then return nil end
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
    `local ha={
['mutex.release']=function(h,ai,dl,cp)
local ac=q('MGET',unpack(KEYS,h,h+2*dl-1))
if ac.err then return 0 end
local bc,jg,hv,dp={},{},{},0
for d=1,dl do
if ac[2*d]then break end
local p=KEYS[h+2*d-2]
local bn=ac[2*d-1]==ARGV[ai+d-1]and not jg[p]
cp[#cp+1]=bn and 1 or 0
if bn then
jg[p]=true
bc[#bc+1]=p
hv[#bc]=#cp
end
dp=d
end
local di=#bc>0 and q('DEL',unpack(bc))
if type(di)=='table'then
for d=1,#hv do cp[hv[d]]={-1,di.err}end
end
return dp
end
}`,
    PART_3,
    PART_4,
    `local function dq(m,f,ak,bn)
if not bn then redis.call('SET',m,f,'PX',ak)
else
local r=redis.call('PTTL',m)
if r>=0 and r<tonumber(ak)then redis.call('PEXPIRE',m,ak)end
end
end
local function ij(a,f,gi,ak,ad)
local ec=ad==''and 2 or 3
local bn,ca,cn={},true,false
local ce,aj
for d=1,#a,ec do
local i=redis.call('GET',a[d])
bn[d]=i==f
if i~=f then ca=false end
if i and i==gi then
cn=true
elseif i and i~=f then
local r=redis.call('PTTL',a[d])
if not aj or(ce~=-1 and(r==-1 or r>ce))then
ce,aj=r,i
end
end
end
if ad~=''then
for d=3,#a,3 do pcall(gz,a[d],ad,tonumber(ak))end
end
if aj then return{0,ce,aj}end
local j=0
for d=2,#a,ec do
local k=bk(a[d])
j=math.max(j,k and(ca and k or k+1)or cu(a[d]))
end
for d=1,#a,ec do
dq(a[d],f,ak,bn[d])
ev(a[d+1],j)
end
return cn and-j or j
end
z['mutex.acquire']=function(a,c)
return ij(a,c[1],nil,c[2],c[3])
end
z['mutex.takeOver']=function(a,c)
return ij(a,c[1],c[2],c[3],c[4])
end
z['mutex.commit']=function(a,c)
for d=1,#a,2 do
if redis.call('GET',a[d])~=c[1]then return{0}end
end
for d=2,#a,2 do
if not bk(a[d])then cu(a[d])end
ep(a[d],tonumber(c[2]))
end
return 1
end
z['mutex.extend']=function(a,c)
local f,j,ak=c[1],tonumber(c[2]),c[3]
local bn={}
for d=1,#a,2 do
local i=redis.call('GET',a[d])
if i and i~=f then return{0,redis.call('PTTL',a[d]),i}end
bn[d]=i==f
end
for d=1,#a,2 do
local hd=not bn[d]and(bk(a[d+1])or fa(a[d+1]))
if hd then ep(a[d+1],j)end
end
for d=1,#a,2 do dq(a[d],f,ak,bn[d])end
return 1
end
z['mutex.release']=function(a,c)
local f,ba=c[1],c[2]
local bl,ej=false,false
for d=1,#a,2 do
local i=redis.pcall('GET',a[d])
if ba~=''then pcall(ew,a[d+1],ba)end
if i==f then
redis.call('DEL',a[d])
bl=true
if gx(a[d+1],ba~='')then ej=true end
elseif type(i)=='table'and i.err and not string.find(i.err,'WRONGTYPE',1,true)then
error(i.err)
end
end
if not bl then return 0 end
return ej and-1 or 1
end
z['mutex.leave']=function(a,c)
pcall(ew,a[1],c[1])
return 1
end
z['mutex.renew']=function(a,c)
local j=1
for d=1,#a,2 do
local i=redis.call('GET',a[d])
if i~=c[1]then return{0,redis.call('PTTL',a[d]),i or''}end
j=math.max(j,bk(a[d+1])or 1)
end
for d=1,#a,2 do dq(a[d],c[1],c[2],true)end
return j
end
z['mutex.query']=function(a)
local s={1}
for d=1,#a,2 do
s[#s+1]=redis.call('GET',a[d])or''
s[#s+1]=redis.call('PTTL',a[d])
s[#s+1]=er(a[d+1])or''
end
return s
end`,
    PART_5,
    PART_6,
  ],
  "f5319b35897a2fd46a36b0411c3a377cf518b209",
  "4609d2c26846a21b83b643d1400c6cc5eec2a338",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ez=81
local ey={
['modes.acquire']=function(h,ai,af,ap)
local f,ak,am,ci=ARGV[ai],ARGV[af],ARGV[af+1],KEYS[h+ap-1]
if ARGV[af+2]~=''then return nil end
if ap~=4 then
local al,kx=string.gsub(am,' ','')
if ap~=3*kx+4 then return nil end
end
local fe,eq
if q('EXISTS',unpack(KEYS,h,h+ap-2))~=0 then
local ac,l=q('MGET',unpack(KEYS,h,h+ap-2)),1
if ac.err then return nil end
fe={}
eq={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for n in string.gmatch(am,'%u+')do
local i,p,ao=ac[l],KEYS[h+l-1],KEYS[h+l]
if ac[l+2]then return nil end
if not i then
if q('EXISTS',p,ao)~=0 then return nil end
else
if n=='X'or n=='SIX'then return nil end
local r,bc,aj=q('PTTL',p),nil,nil
if type(r)~='number'or r<=0 then return nil end
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
fe[l]={r,bc,aj}
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
if ap==4 and not fe then
local cf=q('SET',KEYS[h],am=='X'and f or'~s '..am..' '..f,'PX',ak)
return not cf.err and j or nil
end
local l,b=1,nil
for n in string.gmatch(am,'%u+')do
local p,gc=KEYS[h+l-1],fe and fe[l]
if gc then
local ao,em,r,aj=KEYS[h+l],tonumber(ak),gc[1],gc[3]
if not b then
local at=q('TIME')
if at.err then return nil end
b=tonumber(at[1])*1000+math.floor(tonumber(at[2])/1000)
end
local ag,bm=string.format('%.0f',eq[n]+b+em),nil
if aj then
local jq=math.max(r,em)
bm=q('ZADD',ao,string.format('%.0f',eq[gc[2]]+b+r),aj,ag,f)==2
and q('PEXPIRE',ao,jq)==1 and not q('SET',p,'~s','PX',jq).err
else
q('ZREMRANGEBYSCORE',ao,string.format('%.0f',eq[n]),string.format('(%.0f',eq[n]+b))
bm=q('ZADD',ao,ag,f)==1
local ka=q('PTTL',ao)
if type(ka)~='number'or ka<em then
bm=q('PEXPIRE',ao,em)==1 and bm
end
if r<em then bm=q('PEXPIRE',p,em)==1 and bm end
end
if not bm then return nil end
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
local r=q('PTTL',KEYS[p])
if type(r)~='number'or r<0 then return nil end
if r<tonumber(ak)and q('PEXPIRE',KEYS[p],ak)~=1 then return nil end
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
local co,gm,hx,b={},{},{},nil
for l=1,ap,4 do
local i,p,ao=ac[l],KEYS[h+l-1],KEYS[h+l]
if not i or ac[l+2]or ac[l+3]then return nil end
if i=='~s'then
local ag=q('ZSCORE',ao,f)
local r=q('PTTL',p)
if type(ag)~='string'or type(r)~='number'or r<0 then return nil end
if not b then
local at=q('TIME')
b=tonumber(at[1])*1000+math.floor(tonumber(at[2])/1000)
end
local t=tonumber(ag)%100000000000000
local ae=tonumber(ag)-t
if t<b then return nil end
local jr,jf=string.format('%.0f',ae),string.format('(%.0f',ae+100000000000000)
local k=q('ZREVRANGEBYSCORE',ao,jf,jr,'WITHSCORES','LIMIT',0,2)
if k.err then return nil end
local aa,hk=tonumber(k[2])-ae,nil
if k[1]==f then
hk=q('ZCARD',ao)
aa=k[4]and tonumber(k[4])-ae
if aa and(aa<b or q('ZCOUNT',ao,jr,jf)~=hk)then return nil end
if not aa and hk~=1 then return nil end
elseif r>aa-b+1 then
return nil
end
if not aa then
co[#co+1]=p
elseif r>aa-b+1 then
hx[#hx+1]={p,math.max(1,aa-b)}
end
gm[#gm+1]=ao
elseif i==f or string.match(i,'^~s [ISX]+ (.*)$')==f then
co[#co+1]=p
else
return nil
end
end
for al,an in ipairs(hx)do
if q('PEXPIRE',an[1],an[2])~=1 then return nil end
end
for al,ao in ipairs(gm)do
if q('ZREM',ao,f)~=1 then return nil end
end
local di=#co==0 or q('DEL',unpack(co))
if type(di)=='table'then return#gm>0 and{-1,di.err}or nil end
return 1
end
}
local ha={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    PART_10,
    `z['modes.position']=function(a,c)
local b=bf()
local g=cd(a[3],b,du)
local l,gv,bq=hq(g,c[1]),0,0
local ag=l and g[l][1]or math.max(b,g.ticket)+1-tonumber(c[2])
for d=1,#g do
local o=dd(g,d)
if not o[7]and o[5]>=0 then
bq=bq+1
if o[2]~=c[1]and not hg(o,ag,c[1])then gv=gv+1 end
end
end
return{1,gv,bq,redis.call('EXISTS',a[1])}
end
z['modes.stay']=function(a,c)
local b=bf()
local g=cd(a[3],b,du)
if gl(g,c[1],b)then da(a[3],g,b)end
return 1
end`,
    `z['modes.query']=function(a)
local s,b={1},bf()
for al,u in ipairs(dw(a,#a/4,4))do
local ee={er(u.wake)}
local g=cd(u.line,b,du)
for d=1,#g do
local o=dd(g,d)
if o[4]>=b and o[5]>=0 then ee[#ee+1]=o[2]end
end
s[#s+1]=redis.call('GET',u.lock)or''
s[#s+1]=redis.call('PTTL',u.lock)
s[#s+1]=table.concat(ee,' ')
local hf=redis.call('ZRANGE',u.shared,0,-1,'WITHSCORES')
local l=#s+1
s[l]=0
for d=1,#hf,2 do
local r=tonumber(hf[d+1])%db-b
if r>=0 then
s[l]=s[l]+1
s[#s+1]=hf[d]
s[#s+1]=r
end
end
end
return s
end`,
    PART_11,
    PART_5,
    PART_6,
  ],
  "e49bb2226b532e93290d0cb1eff0773b44756719",
  "b9b0391c25508e1940c25de81775b0b5c6ca3db0",
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
    `z['slots.query']=function(a)
local b=bf()
local e,bh,r=gj(a)
local bp,y=hs(a[6],a[1],b)
local ee={er(a[8])}
local g=cd(a[7],b,dt(math.huge))
for d=1,#g do
local o=dd(g,d)
if o[4]>=b then ee[#ee+1]=o[2]end
end
local s={1,bh or'',r or-2,y or 0,bp or 0,table.concat(ee,' ')}
local function ik(f,v,t)
if v and t>=b then
local l=#s
s[l+1],s[l+2],s[l+3]=f,v,t-b
end
end
if e.token~=''then ik(e.token,e.slots,e.deadline)end
if e.latest>0 then
local kb,bc={},redis.call('HGETALL',a[3])
for d=1,#bc,2 do kb[bc[d]]=bc[d+1]end
local bt=redis.call('ZRANGE',a[4],0,-1,'WITHSCORES')
for d=1,#bt,2 do
if bt[d]~=e.token then ik(bt[d],kb[bt[d]],tonumber(bt[d+1]))end
end
end
return s
end`,
    PART_5,
    PART_6,
  ],
  "cef7eccf4104f2a847d2066d10fb36849e8deeca",
  "692153ef74b520220356989da557feecb53130cb",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function jw(m)
local ch=redis.pcall('GET',m)
return type(ch)=='string'and ch or''
end
local function jx(m,kt,i)
local dy=jw(m)
local at=redis.call('TIME')
local b=string.format('%.0f',tonumber(at[1])*1000+math.floor(tonumber(at[2])/1000))
if dy==kt then
dy=i(tonumber(b))
redis.call('SET',m,dy)
end
return{1,dy,b}
end
z['marker.replace']=function(a,c)
return jx(a[1],c[1],function()return c[2]end)
end
z['marker.lose']=function(a,c)
return jx(a[1],c[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(c[2]))
end)
end`,
    `z['identify']=function(a)
local es=''
local function gk(lx)
local fy=redis.pcall('INFO',lx)
if type(fy)=='table'then fy,es='',fy.err end
return function(kv)return string.match(fy,'%f[%w_]'..kv..':([^\\r\\n]*)')or''end
end
local et,hl,hu=gk('server'),gk('memory'),gk('replication')
local at=redis.call('TIME')
local n=et('redis_mode')
if n==''then n=et('server_mode')end
local ke=et('valkey_version')
return{
1,et('run_id'),tonumber(et('uptime_in_seconds'))or-1,
tonumber(at[1])*1000000+tonumber(at[2]),
tonumber(gk('persistence')('aof_enabled'))or-1,
hl('maxmemory_policy'),tonumber(hl('maxmemory'))or-1,
hu('role'),n,hu('master_replid'),hu('master_replid2'),
a[1]and jw(a[1])or'',es,
tonumber(hl('used_memory'))or-1,ke~=''and'valkey '..ke or et('redis_version')
}
end`,
    PART_14,
    `z['counters.read']=function(a)
local s,b={1},bf()
for d=1,#a,2 do
local fd,j=pcall(bk,a[d])
s[#s+1]=fd and j and string.format('%.0f',j)or''
end
for d=2,#a,2 do
local dc,co,ck=redis.pcall('HGETALL',a[d]),{},{}
for l=1,dc.err and 0 or#dc,2 do
co[#co+1],ck[dc[l]]=dc[l],dc[l+1]
end
table.sort(co)
for al,p in ipairs(co)do
local bp,y=ho(ck[p],b)
if bp then
for al,i in ipairs({d/2,p,string.format('%.0f',bp),y})do s[#s+1]=i end
end
end
end
return s
end
local function jv(a,c,aw)
local v,b=#a/2,bf()
for d=1,v do
local m=a[2*d-1]
local fd,j=pcall(bk,m)
if fd and c[d]~=''then
if not j then aw(m)end
ep(m,tonumber(c[d]))
end
end
for l=v+1,#c,4 do
pcall(lt,a[2*tonumber(c[l])],c[l+1],tonumber(c[l+2]),tonumber(c[l+3]),b)
end
return 1
end
z['counters.raise']=function(a,c)
return jv(a,c,cu)
end
z['counters.restore']=function(a,c)
return jv(a,c,function()end)
end
z['counters.lift']=function(a,c)
for d=1,#a do
local fd,j=pcall(bk,a[d])
if fd and j then ep(a[d],tonumber(c[1]))end
end
return 1
end`,
    `z['set.note']=function(a,c)
local cf,dk,fg=c[1],c[2],tonumber(c[3])
local at=redis.call('TIME')
local b=tonumber(at[1])*1000+math.floor(tonumber(at[2])/1000)
local hy,jh,iy=b,false,false
local cw,ar={},redis.pcall('GET',a[1])
for cj in string.gmatch(type(ar)=='string'and ar or'','[^\\n]+')do
local ge,ab,aa,ex,lp=string.match(cj,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
ab,aa,ex=tonumber(ab),tonumber(aa),tonumber(ex)
if ge and ab<=aa and aa<=b and b<ex and ex<=b+3600000 then
if ge==cf then
hy,jh=ab,b-aa<tonumber(c[4])
elseif ge==dk then
iy=true
else
cw[#cw+1]={cj,ge,aa,ab,ex,lp}
end
end
end
local s,ax,k={1},{},b+fg
for d=math.max(1,#cw-16+2),#cw do
local bh=cw[d]
ax[#ax+1]=bh[1]
k=math.max(k,bh[5])
s[#s+1]=bh[2]
s[#s+1]=bh[3]-math.max(bh[4],hy)
s[#s+1]=bh[5]-b
s[#s+1]=bh[6]
end
if not jh or iy then
ax[#ax+1]=string.format('%s %.0f %.0f %.0f %s',cf,hy,b,b+fg,c[5])
redis.call('SET',a[1],table.concat(ax,'\\n'),'PX',string.format('%.0f',k-b))
end
return s
end`,
    PART_5,
    PART_6,
  ],
  "bfd5db709ff20636c66937c9d5ac233cea1301fa",
  "08099beff1e6affe0e30c8982f64a5a96263dad8",
);

export const HOLD_SUMMARY_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `z['hold.summary']=function(a,c)
local fm=redis.pcall('GET',a[1])
if type(fm)~='string'or#fm>256 then fm=''end
if c[1]~=''then
local r,fg=redis.call('PTTL',a[1]),tonumber(c[2])
if fm==''or r<=fg-tonumber(c[3])or r>fg then
redis.call('SET',a[1],c[1],'PX',c[2])
end
end
return{1,fm}
end`,
    PART_5,
    PART_6,
  ],
  "8354414341aa7137567bdcbda190396e0defb286",
  "295c329012a908e2b068f16853b6f589fe7b1096",
);

export const OPERATOR_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `z['operator.replace']=function(a,c)
local f,gi=c[1],c[2]
local i=redis.call('GET',a[1])
local r=i and redis.call('PTTL',a[1])
if i and i~=f and(i~=gi or r==-1)then return{0,r,i}end
local k=bk(a[2])
local j=k and(i==f and k or k+1)or cu(a[2])
if i~=f then redis.call('SET',a[1],f,'PX',i and math.max(1,r)or c[3])end
ev(a[2],j)
return i==gi and-j or j
end
z['operator.restore']=function(a,c)
local i=redis.pcall('GET',a[1])
if i~=c[1]then return 0 end
redis.call('SET',a[1],c[2],'PX',math.max(1,redis.call('PTTL',a[1])))
return 1
end`,
    PART_5,
    PART_6,
  ],
  "af09d35228c8579c0b9c4a5a77bf52ff30c29194",
  "9597529e9cf4559d13de471dcf92a0cd3db0fdae",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    PART_12,
    `local ez=13
local function hn(h,ai,af,ap,cc)
local f,p=ARGV[ai],KEYS[h+8]
if cc=='quota.acquire'then
local n=ARGV[af+10]
if ap~=12 or ARGV[af]~='modes.acquire'or ARGV[af-1]~='12'or ARGV[af+11]~=''then return nil end
local bx=(n=='X'or n=='SIX')and 1 or(n=='S'or n=='IX'or n=='IS')and 0
local s=bx and en(h,ai,af+2,ap,'slots.acquire',bx)
if not s then return nil end
bj('SET',p,n=='X'and f or'~s '..n..' '..f,'PX',ARGV[af+9])
if as then return as[1]and as end
return s
end
if cc=='quota.extend'then
if ap~=13 or ARGV[af]~='modes.extend'or ARGV[af-1]~='10'then return nil end
local n,ak=ARGV[af+9],ARGV[af+8]
if q('GET',p)~=(n=='X'and f or'~s '..n..' '..f)then return nil end
local r=q('PTTL',p)
if type(r)~='number'or r<0 then return nil end
local s=en(h,ai,af+2,ap,'slots.extend')
if s and r<tonumber(ak)then bj('PEXPIRE',p,ak)end
if as then return as[1]and as end
return s
end
if ap~=12 or ARGV[af]~='modes.release'or ARGV[af-1]~='6'then return nil end
local ac=q('MGET',KEYS[h],KEYS[h+6],KEYS[h+7],p,KEYS[h+10],KEYS[h+11])
local i=ac[4]
if not i or ac[5]or ac[6]then return nil end
if i~=f and string.match(i,'^~s [ISX]+ (.*)$')~=f then return nil end
local s=en(h,ai,af+2,ap,'slots.release',ac)
if not s then return nil end
if s~=2 then bj('DEL',p)end
if as then return as[1]and as end
return 1
end
local ey={['quota.acquire']=hn,['quota.extend']=hn,['quota.release']=hn}`,
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
    `local ih=8
local function fj(a,c)
local bi,cb,bo,bv={},{},{c[1]},{c[1]}
local ah=tonumber(c[3])
for d,m in ipairs(a)do
if d<=ih then bi[d]=m
else cb[d-ih]=m end
end
for d=4,#c do
if d<4+ah then bo[d-2]=c[d]
else bv[d-2-ah]=c[d]end
end
return bi,bo,cb,bv
end
local function jt(a,c,ab)
local e,bg,b=dm(redis.call('GET',a[1])),{},bf()
local al,lo=de(a,e,c[1])
for d=ab,#c do
local v,t=de(a,e,c[d])
if v and t>b then bg[#bg+1]={c[d],v,t}end
end
return(lo or 0)>=b,bg
end
local function ky(a,f,bg,b)
local e=dm(redis.call('GET',a[1]))
fv(a,e,f)
for al,hp in ipairs(bg)do dq(a,e,hp[1],hp[2],hp[3],b)end
fl(a,e,b)
end
local function jp(a,f,bg,ca,cc,cb,bv)
local bm,p=pcall(z[cc],cb,bv)
if bm and(type(p)=='number'or p[1]==1)then return p end
if not ca then ky(a,f,bg,bf())end
if not bm then error(p,0)end
return nil,{0,p[2],p[3],p[4],p[5],2}
end
z['quota.acquire']=function(a,c)
local bi,bo,cb,bv=fj(a,c)
local ca,bg=jt(bi,bo,9)
local av=z['slots.acquire'](bi,bo)
if av[1]==0 then return{0,av[2],av[3],av[4],av[5],1}end
local p,es=jp(bi,c[1],bg,ca,c[2],cb,bv)
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
z['quota.convert']=function(a,c)
local bi,bo,cb,bv=fj(a,c)
local ca,bg=jt(bi,bo,7)
local av=z['slots.extend'](bi,bo)
if av~=1 then return{0,av[2],av[3],'0','',1}end
local p,es=jp(bi,c[1],bg,ca,c[2],cb,bv)
return p and{1,math.abs(p),bo[4],'',''}or es
end
local function io(a,c,cc)
local bi,bo,cb,bv=fj(a,c)
local av=z[cc](bi,bo)
if av~=1 then return av end
return z[c[2]](cb,bv)
end
z['quota.commit']=function(a,c)return io(a,c,'slots.commit')end
z['quota.extend']=function(a,c)return io(a,c,'slots.extend')end
z['quota.release']=function(a,c)
local bi,bo,cb,bv=fj(a,c)
local bm,av=pcall(z['slots.release'],bi,bo)
local p=z[c[2]](cb,bv)
if not bm then error(av,0)end
return p~=0 and p or av
end`,
    `z['quota.renew']=function(a,c)
local bi,bo,cb,bv=fj(a,c)
local p
for al,eo in ipairs({true,false})do
local av=z['slots.renew'](bi,bo,eo)
if type(av)~='number'then return av end
p=z[c[2]](cb,bv,eo)
if type(p)~='number'then return p end
end
return p
end`,
    PART_5,
    PART_6,
  ],
  "0d836c40f4a130e4838b83d640a4599b75d83450",
  "84e755f8cc1d1bf0691808f08c4fa5348d98a59f",
);
