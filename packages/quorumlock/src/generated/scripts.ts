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
local function z(i)
local k=t('INCR',i)
if type(k)~='number'then return nil end
if k>1 and k<=9000000000000000 then return k end
if k==1 and not IS_CLUSTER then
local bp=t('GET',string.match(i,'^(.*)~fence:')..'~server')
local dh=type(bp)=='string'and string.match(bp,'^complete .* (%d+)$')
local bm=dh and t('SET',i,dh)
if bm and not bm.err then return tonumber(dh)end
end
t(k>1 and'DECR'or'DEL',i)
return nil
end`;

const PART_2 = `if#KEYS<=fr and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local ey=fq[ARGV[1]]
local af=ey and ey(1,6+ARGV[5],6,#KEYS)
if af then return af end
end`;

const PART_3 = `local function general()
local v={}
local function bh(i)
local f=redis.call('GET',i)
if not f then return nil end
local k=string.match(f,'^-?%d+$')and tonumber(f)
if not k or k>=9000000000000000 then
error('the fencing counter '..i..' cannot be counted up: '..f..'; delete it together with '
..string.match(i,'^(.*)~fence:')..'~server, on one server after another')
end
return k>0 and k or nil
end
local function fg(i,k)
redis.call('SET',i,string.format('%.0f',k))
end
local function dw(i)
if not IS_CLUSTER then
local bp=redis.pcall('GET',string.match(i,'^(.*)~fence:')..'~server')
if type(bp)~='table'or string.find(bp.err,'WRONGTYPE',1,true)then
return type(bp)=='string'and tonumber(string.match(bp,'^complete .* (%d+)$'))or nil
end
end
local an=redis.call('TIME')
local b=tonumber(an[1])*1000000+tonumber(an[2])
return math.max(1,b-b%16384)
end
local function ck(i)
local dh=dw(i)
if dh then return dh end
redis.call('DEL',i)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function dp(i,k)
local cw=bh(i)
if not cw then k=math.max(k,dw(i)or 0)end
if(cw or 0)<k then fg(i,k)end
end`;

const PART_4 = `local function fa(i)
local bd=redis.pcall('GET',i)
return type(bd)=='string'and bd or nil
end
local function fp(i,ap,ae)
ae=math.max(ae,20000)
local bd=fa(i)
if not bd then
redis.call('SET',i,ap,'PX',ae)
elseif string.find(' '..bd..' ',' '..ap..' ',1,true)then
redis.call('PEXPIRE',i,math.max(redis.call('PTTL',i),ae))
elseif#bd+1<256*(#ap+1)then
redis.call('SET',i,bd..' '..ap,'PX',math.max(redis.call('PTTL',i),ae))
end
end
local function du(i,ap)
local bd=fa(i)
if not bd then return end
local cc={}
for az in string.gmatch(bd,'%S+')do
if az~=ap then cc[#cc+1]=az end
end
if#cc==0 then redis.call('DEL',i)
else redis.call('SET',i,table.concat(cc,' '),'PX',math.max(redis.call('PTTL',i),1))end
end
local function fn(i,jl)
local bd=fa(i)
if not bd then return false end
local u=jl and string.match(bd,'%S+')or''
if u~=''then du(i,u)end
redis.pcall('PUBLISH',i,u)
return u~=''
end`;

const PART_5 = `return v
end`;

const PART_6 = `local function jt(ey,q,dl,ag,l,au,aj)
local a,c={unpack(KEYS,q,q+dl-1)},{unpack(ARGV,ag,ag+l-1)}
for d=1,aj do c[l+d]=ARGV[au+d-1]end
local aw,af=pcall(ey,a,c)
if aw then return af end
if type(af)=='table'then af=af.err or af[1]end
return{-1,tostring(af)}
end
local by,v,q,ag={},nil,1,1
while ag<=#ARGV do
local cv,ay,dl=ARGV[ag],tonumber(ARGV[ag+1]),tonumber(ARGV[ag+2])
local l,aj,au=tonumber(ARGV[ag+3]),tonumber(ARGV[ag+4]),ag+5
ag=au+aj
local hg=dl<=fr
local he=hg and fq[cv]
local hc=hg and ay>1 and hd[cv]
local cp=0
while cp<ay do
local z=hc and hc(q,ag,ay-cp,by)or 0
if z==0 then
local af=he and he(q,ag,au,dl)
if not af then
v=v or general()
af=jt(v[cv],q,dl,ag,l,au,aj)
end
by[#by+1]=af
z=1
end
q,ag,cp=q+z*dl,ag+z*l,cp+z
end
end
return#by==1 and by[1]or by`;

const PART_7 = `local function el(s)return string.match(s,'^%w+')or''end
local function cq(e,d)
local am=e[d]
if type(am)~='string'then return am end
local ad,s,bz,x,at,as=
string.match(am,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local h
if bz and e.is_demand(bz)then
h={tonumber(ad),s,bz,tonumber(x),tonumber(at),tonumber(as),false,am}
else
h={0,'','',0,0,0,true,am}
end
e[d]=h
return h
end
local function ek(e,h)
e.check=math.min(e.check,h[4]+1)
if h[5]>0 then e.check=math.min(e.check,h[5]+50+1)end
end
local function iv(e,b)
local fm,cx=0,{}
local z=#e
e.check=math.huge
for d=1,z do
local h=cq(e,d)
e[d]=nil
if h[4]>=b then
fm=fm+1
e[fm]=h
ek(e,h)
if h[5]>0 and b-h[5]>50 then
local ap=el(h[2])
cx[ap]=math.max(cx[ap]or 0,h[5])
h[7]=true
end
end
end
if not next(cx)then return end
for al,h in ipairs(e)do
local ap=el(h[2])
if cx[ap]and h[4]-3000>cx[ap]then cx[ap]=nil end
end
for al,h in ipairs(e)do h[7]=h[7]or cx[el(h[2])]~=nil end
end
local function bu(i,b,jg)
local am=redis.pcall('GET',i)
local e={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=jg}
local dt,m,as
if type(am)=='string'then dt,m,as=string.match(am,'^(%d+) (%d+) (%d+);')end
if not dt then return e end
e.check,e.last,e.ticket=tonumber(dt),tonumber(m),tonumber(as)
local z=0
for ca in string.gmatch(am,';([^;]+)')do
z=z+1
e[z]=ca
end
if b>=e.check then iv(e,b)end
return e
end
local function ce(i,e,b)
if#e==0 then
redis.call('DEL',i)
return
end
local ch={string.format('%.0f %.0f %.0f',e.check,e.last,e.ticket)}
for d,h in ipairs(e)do
ch[d+1]=type(h)=='string'and h or h[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(h,1,6))
end
redis.call('SET',i,table.concat(ch,';'),'PX',math.max(1,e.last-b))
end
local function ft(h,ad,s)
return h[1]>ad or(h[1]==ad and h[2]>s)
end
local function gv(e,s,ad,iu)
local bf
for d=1,#e do
local h=cq(e,d)
if h[2]==s or(ad and ft(h,ad,s))then break end
if not h[7]and iu(h[3])then
if bf then return bf,true end
bf=h
end
end
return bf,false
end
local function gc(e,s)
local js=' '..s..' '
for d,h in ipairs(e)do
if type(h)~='string'or string.find(h,js,1,true)then
if cq(e,d)[2]==s then return d end
end
end
end
local function fd(e,s,b)
local n=s~=''and gc(e,s)
if not n then return nil end
local h=cq(e,n)
h[4],h[5],h[7],h[8]=b+3000,0,false,nil
e.last=math.max(e.last,h[4])
return n
end
local function ie(e,s,b)
local n=fd(e,s,b)
if not n then return false end
local h=e[n]
h[5],h[7]=math.max(1,b-50-1),true
ek(e,h)
return true
end
local function ii(e,s,bz,as,ct,b,ab)
local n=fd(e,s,b)
if n and e[n][6]>=as then
e[n][3]=bz
return n
end
if n then table.remove(e,n)end
if as==0 then as=ab+1 end
local ad=as-ct
n=#e+1
while n>1 and ft(cq(e,n-1),ad,s)do n=n-1 end
local h={ad,s,bz,b+3000,0,as,false}
table.insert(e,n,h)
ek(e,h)
e.last,e.ticket=math.max(e.last,h[4]),math.max(e.ticket,as)
e[256+1]=nil
return n
end
local function hs(e,s)
local n=gc(e,s)
if n then table.remove(e,n)end
return n~=nil
end
local function hy(e,bw,b)
local at,em,fv={},{},false
for d=1,#e do
local h=cq(e,d)
if not h[7]then
local ap=el(h[2])
fv=fv or not bw(h[3])
if fv then
if not next(em)then break end
if not em[ap]then return at,true,h[2]end
else
if h[5]<=0 then
h[5],h[8]=b,nil
ek(e,h)
at[#at+1]=h
end
em[ap]=true
end
end
end
return at,next(em)~=nil,nil
end
local function ij(ch,dg)
return table.concat(ch,' ')..(dg and' ~'..dg or'')
end`;

const PART_8 = `local fh={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function dk(am)return fh[am]end
local function gy(jp,az)return string.find(fh[jp],' '..az..' ',1,true)end
local function jk(jo)
local eq={}
return function(j)
if eq[j]==nil then eq[j]=not jo(j)end
if not eq[j]then return false end
for az in string.gmatch(fh[j],'%u+')do eq[az]=false end
return true
end
end`;

const PART_9 = `local ci,iq='~s','~p'
local db,fj=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local gs={'IS','IX','SIX','S'}
local fk={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=gs}
local function bk()
local an=redis.call('TIME')
return tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
end
local function fy(am)
local ak={}
for j in string.gmatch(am,'%u+')do
if not fk[j]then error('unknown mode '..j,0)end
ak[#ak+1]=j
end
return ak
end
local function ee(a,z,cz)
local be={['fences']={unpack(a,z*cz+1)}}
for d=1,z do
local q=(d-1)*cz
be[d]={['lock']=a[q+1],['shared']=a[q+2],['line']=a[q+3],['wake']=cz>3 and a[q+4]}
end
return be
end
local function da(c,u)
local l={c[1],[c[1]]=true}
for d=u,#c do
l[#l+1]=c[d]
l[c[d]]=true
end
return l
end
local function eh(f)
if not f or string.sub(f,1,3)~='~s 'then return nil end
local j,g=string.match(f,'^~s (%u+) (.*)$')
if fk[j]then return j,g end
end
local function ej(jn)return string.format('%.0f',jn)end
local function hp(i,j,z)
local ah=fj[j]*db
return redis.pcall('ZREVRANGEBYSCORE',i,'('..ej(ah+db),ej(ah),'WITHSCORES','LIMIT',0,z),ah
end
local function ex(p,j,l,b)
local f=redis.call('GET',p.lock)
if f==iq then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local cy,ba=eh(f)
if ba then
local o=not l[ba]and redis.call('PTTL',p.lock)
if o and(o==-1 or gy(j,cy))then return o,ba end
return nil
end
if l[f]then return nil end
if f and f~=ci then return redis.call('PTTL',p.lock),f end
local m,aa
if not f and redis.call('EXISTS',p.shared)==0 then return nil end
for al,jw in ipairs(fk[j])do
local ai,ah=hp(p.shared,jw,#l+1)
if ai.err then error(ai.err,0)end
for d=1,#ai,2 do
local x=tonumber(ai[d+1])-ah
if not l[ai[d]]then
if x>=b and(not m or x>m)then m,aa=x,ai[d]end
break
end
end
end
if m then return m-b,aa end
end
local function hq(p,b)
local ab
if redis.call('EXISTS',p.shared)==0 then return nil end
for al,j in ipairs(gs)do
local ai,ah=hp(p.shared,j,1)
local ad=tonumber(ai[2])
if ad and ad-ah>=b then ab=math.max(ab or 0,ad-ah)end
end
return ab
end
local function fu(p,j,l)
local f=redis.call('GET',p.lock)
if j=='X'then return l[f]end
local cy,ba=eh(f)
if ba then return l[ba]and cy==j end
for al,g in ipairs(l)do
local ad=redis.call('ZSCORE',p.shared,g)
if ad and math.floor(tonumber(ad)/db)==fj[j]then return true end
end
return false
end
local function ji(p,l)
local f=redis.call('GET',p.lock)
local al,ba=eh(f)
if ba then return l[ba]end
if l[f]then return true end
for al,g in ipairs(l)do
if redis.call('ZSCORE',p.shared,g)then return true end
end
return false
end
local function gu(i,j,g,x,b)
local ah=fj[j]*db
redis.call('ZREMRANGEBYSCORE',i,ej(ah),'('..ej(ah+b))
redis.call('ZADD',i,ej(ah+x),g)
if redis.call('PTTL',i)<x-b then redis.call('PEXPIRE',i,x-b)end
end
local function hl(p,j,l,ae,b)
local r,aj,g,bx=p.lock,p.shared,l[1],false
local f=redis.call('GET',r)
local x=b+ae
local cy,ba=eh(f)
local aa,jf=ba or f,cy or'X'
if l[aa]then
local o=redis.call('PTTL',r)
if o==-1 and aa==g and j==jf then return false end
x=math.max(x,b+o)
if ba==g and j==cy then
redis.call('SET',r,f,'PX',x-b)
return false
end
bx=aa~=g
f=nil
elseif ba then
local o=math.max(1,redis.call('PTTL',r))
gu(aj,cy,ba,b+o,b)
redis.call('SET',r,ci,'PX',o)
f=ci
end
if f~=ci and(j~='X'or ba)and redis.call('EXISTS',aj)==0 then
redis.call('SET',r,j=='X'and g or'~s '..j..' '..g,'PX',x-b)
return bx
end
for d,ca in ipairs(l)do
local ad=(d>1 or j~='X')and redis.call('ZSCORE',aj,ca)
if ad then
x=math.max(x,tonumber(ad)%db)
if d>1 then
redis.call('ZREM',aj,ca)
bx=true
end
end
end
if j=='X'then
redis.call('SET',r,g,'PX',x-b)
return bx
end
gu(aj,j,g,x,b)
if f~=ci then
redis.call('SET',r,ci,'PX',hq(p,b)-b)
else
local o=redis.call('PTTL',r)
if o>=0 and o<x-b then redis.call('PEXPIRE',r,x-b)end
end
return bx
end
local gp={}
local function bv(p,e,b)
if#e==0 then return{},false end
local at,bw,dg=hy(
e,jk(function(j)return ex(p,j,gp,b)end),b)
for d,h in ipairs(at)do at[d]=h[2]end
if#at>0 then
ce(p.line,e,b)
redis.pcall('PUBLISH',p.wake,ij(at,dg))
end
return at,bw
end
local function it(p,j,l,s,ad,e,b)
local o,aa=ex(p,j,l,b)
if o or#e==0 or ji(p,l)then return o,aa end
local bf,je=gv(e,s,ad,function(az)return gy(az,j)end)
if not bf then return nil end
if p.wake then bv(p,e,b)end
if je then return-1,''end
if bf[5]>0 then return math.max(0,50-b+bf[5]),''end
o,aa=ex(p,bf[3],gp,b)
return o and-1 or 50,aa or''
end
local function iz(hf,ak,bj)
local k,gz,bo=0,false,{}
for al,j in ipairs(ak)do
if(j=='X'or j=='SIX')and not bj then gz=true end
end
for d,i in ipairs(hf)do
local m=bh(i)
bo[d]=m or 0
k=math.max(k,m and(gz and m+1 or m)or ck(i))
end
for d,i in ipairs(hf)do
if bo[d]~=k then fg(i,k)end
end
return k
end
v['modes.acquire']=function(a,c)
local ae,s,as,ct=tonumber(c[2]),'',0,0
if c[4]~=''then
s,as,ct=string.match(c[4],'^(%S*) (%S+) (%S+)$')
as,ct=tonumber(as),tonumber(ct)
end
local ak,l,ir,b=fy(c[3]),da(c,5),{c[1],[c[1]]=true},bk()
local be=ee(a,#ak,s==''and 3 or 4)
local ad=as>0 and as-ct or nil
local ao,bo,n,bl,aa={},b,nil,nil,nil
local bj,bx=true,false
for d,j in ipairs(ak)do
local p=be[d]
ao[d]=bu(p.line,b,dk)
bo=math.max(bo,ao[d].ticket)
local o,ka=it(p,j,l,s,ad,ao[d],b)
if o then
n=n or d
if not aa or(bl~=-1 and(o==-1 or o>bl))then
bl,aa=o,ka
end
elseif not fu(p,j,ir)then
bj=false
end
end
local bs,eg=n or#ak,nil
if s~=''then
eg=ii(ao[bs],s,ak[bs],as,ct,b,bo)
if not n and ao[bs][eg]then ao[bs][eg][5]=-1 end
ce(be[bs].line,ao[bs],b)
end
if n then
if s~=''then pcall(fp,be[n].wake,s,ae)end
return{0,bl,aa,string.format('%.0f',bo),eg and eg-1 or#ao[n]}
end
local k=iz(be.fences,ak,bj)
for d,j in ipairs(ak)do
local p=be[d]
if hl(p,j,l,ae,b)then bx=true end
if d~=bs and fd(ao[d],s,b)then ce(p.line,ao[d],b)end
end
return bx and-k or k
end
v['modes.convert']=v['modes.acquire']
v['modes.commit']=function(a,c)
local ak,l=fy(c[3]),{c[1],[c[1]]=true}
local be=ee(a,#ak,4)
for d,j in ipairs(ak)do
if not fu(be[d],j,l)then return{0}end
end
for al,i in ipairs(be.fences)do
if not bh(i)then ck(i)end
dp(i,tonumber(c[2]))
end
return 1
end
v['modes.extend']=function(a,c)
local k,ae,ak=tonumber(c[2]),tonumber(c[3]),fy(c[4])
local be,l,b,ax=ee(a,#ak,4),da(c,5),bk(),true
for d,j in ipairs(ak)do
local o,aa=ex(be[d],j,l,b)
if o then return{0,o,aa}end
ax=ax and fu(be[d],j,l)
end
for al,i in ipairs(be.fences)do
local fs=not ax and(bh(i)or dw(i))
if fs then dp(i,k)end
end
for d,j in ipairs(ak)do
local p=be[d]
if hl(p,j,l,ae,b)then bv(p,bu(p.line,b,dk),b)end
end
return 1
end
local function bn(p,l,b)
local r,bb=p.lock,false
local f=redis.pcall('GET',r)
if type(f)=='table'then
if string.find(f.err,'WRONGTYPE',1,true)then return false,false end
error(f.err,0)
end
local al,ba=eh(f)
if l[ba or f]then
redis.call('DEL',r)
f,bb=false,true
end
if ba or(bb and#l==1)then return bb,bb end
local es=false
for al,g in ipairs(l)do
local ad=redis.pcall('ZSCORE',p.shared,g)
if type(ad)=='string'then
redis.call('ZREM',p.shared,g)
es=true
if tonumber(ad)%db>=b then bb=true end
end
end
if f and f~=ci then return bb,false end
local ab=es and hq(p,b)
if ab then
local o=redis.call('PTTL',r)
local cs=o>ab-b+1
if o<0 or cs then redis.call('SET',r,ci,'PX',math.max(1,ab-b))end
return bb,false,cs
end
if es and f then redis.call('DEL',r)end
return bb,es or bb
end
local function hr(p,e,s,b)
local hi=hs(e,s)
if hi then ce(p.line,e,b)end
pcall(du,p.wake,s)
return hi
end
v['modes.release']=function(a,c)
local s,l,b=c[2],da(c,3),bk()
local bb,di,hj=false,false,string.find(s,'.',1,true)
for al,p in ipairs(ee(a,#a/4,4))do
local ax,jh,cs=bn(p,l,b)
local ao=(ax or hj)and redis.pcall('MGET',p.line,p.wake)
if ax then bb=true end
if ao and(ao[1]or ao[2])then
local e=bu(p.line,b,dk)
if hj then hr(p,e,s,b)end
local aw,at,bw=pcall(bv,p,e,b)
if not aw then at,bw={},false end
for al,az in ipairs(at)do
if az~=s then di=true end
end
if jh and not bw and fn(p.wake,s~='')then di=true end
if cs and#at==0 then redis.pcall('PUBLISH',p.wake,'')end
end
end
if not bb then return 0 end
return di and-1 or 1
end
v['modes.releaseAll']=v['modes.release']
v['modes.leave']=function(a,c)
local b=bk()
for al,p in ipairs(ee(a,#a/4,4))do
local e=bu(p.line,b,dk)
if hr(p,e,c[1],b)then pcall(bv,p,e,b)end
end
return 1
end`;

const PART_10 = `local fq,hd,fr={},{},0`;

const PART_11 = `local cf,cn,fi,io='0','1','2',48
local ip=64
local function cg(am)
local jm=string.gmatch(am,'(%d+)%-?(%d*)')
return function()
local u,m=jm()
if u then return tonumber(u),tonumber(m)or tonumber(u)end
end
end
local function id(ac,df)
local gh,dy,m={},string.find(ac,df..'+')
while dy do
gh[#gh+1]=dy==m and tostring(dy-1)or string.format('%d-%d',dy-1,m-1)
dy,m=string.find(ac,df..'+',m+1)
end
return table.concat(gh,' ')
end
local function ef(ac,y,df)
for u,m in cg(y)do
ac=ac..string.rep(cf,u-#ac)
ac=string.sub(ac,1,u)..string.rep(df,m-u+1)..string.sub(ac,m+2)
end
return ac
end
local function is(ac,y)
for u,m in cg(y)do
if string.find(string.sub(ac,u+1,m+1),cn,1,true)then return false end
end
return true
end
local function ep(ac,w)
return#string.gsub(string.sub(ac,1,w),cn..'+','')
end
local function hb(y)
local fz=0
for al,m in cg(y)do fz=math.max(fz,m+1)end
return fz
end
local function jq(g,w)
local ds,gm=string.match(g,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not ds then return 0,1 end
return tonumber(ds,16)%w,1+tonumber(gm,16)%w
end
local function gx(ac,aq,w,gd,l,g)
local cb=aq
local function ei(u,m)
m=math.min(m,w-1)
if cb==0 or u>m then return end
local jx,z=string.gsub(string.sub(ac,u+1,m+1),cf,fi,cb)
if z==0 then return end
ac,cb=string.sub(ac,1,u)..jx..string.sub(ac,m+2),cb-z
end
for u,m in cg(gd)do ei(u,m)end
if l then
for u,m in cg(l)do ei(u,m)end
else
local ds,gm=jq(g,w)
for d=0,ip-1 do
if cb==0 then break end
local gl=(ds+d*gm)%w
if string.byte(ac,gl+1)==io then ei(gl,gl)end
end
ei(ds,w-1)
ei(0,ds-1)
end
if cb>0 then return nil end
return id(ac,fi),(string.gsub(ac,fi,cn))
end`;

const PART_12 = `local de,gq='~p','~s'
local dc,dd=16,32
local function bk()
local an=redis.call('TIME')
return tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
end
local function da(c,u)
local l={c[1]}
for d=u,#c do l[#l+1]=c[d]end
return l
end
local function ga(a)
local bi=redis.call('GET',a[1])
if bi and(bi==gq or string.sub(bi,1,3)==gq..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
if bi and bi~=de then return bi,redis.call('PTTL',a[1])end
end
local function dm(a,w,ih)
local ff=redis.call('GET',a[7])or''
local bo,z=string.match(ff,'^(%d+) (%d+)$')
if ih>tonumber(bo or 0)then
ff,z=string.format('%.0f %.0f',ih,w),w
redis.call('SET',a[7],ff,'PX',604800000)
elseif bo then
redis.call('PEXPIRE',a[7],604800000)
end
return tonumber(z)or w,z and ff or''
end
local function ed(a,ay)
local ac=redis.call('GET',a[3])or''
return ac..string.rep(cf,ay-#ac),#ac
end
local function im(a,y,df)
for u,m in cg(y)do
redis.call('SETRANGE',a[3],u,string.rep(df,m-u+1))
end
end
local function dx(a,g)
local y,x=redis.call('HGET',a[4],g),redis.call('ZSCORE',a[5],g)
if y then
redis.call('HDEL',a[4],g)
if redis.call('EXISTS',a[3])==1 then im(a,y,cf)end
end
if x then redis.call('ZREM',a[5],g)end
return y,tonumber(x)
end
local function eo(a,b)
local iw=redis.call('ZRANGEBYSCORE',a[5],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for al,g in ipairs(iw)do dx(a,g)end
end
local function fc(a)
local dz=''
if not IS_CLUSTER then
local bp=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
dz=type(bp)=='string'and string.match(bp,'^complete %S+ %S+ (%S+) ')or''
end
dz=string.format('%-'..dd..'.'..dd..'s',dz)
if redis.call('GETRANGE',a[6],0,dd-1)~=dz then redis.call('SET',a[6],dz,'PX',604800000)end
end
local function ev(a,y,ah)
local fw=0
for u,m in cg(y)do
local am=redis.call('GETRANGE',a[6],dd+dc*u,dd+dc*(m+1)-1)
for d=0,m-u do
local z=tonumber(string.sub(am,dc*d+1,dc*(d+1)))
fw=math.max(fw,z or ah)
end
end
return fw
end
local function go(a,y,z,ah)
local am=string.format('%0'..dc..'.0f',z)
for u,m in cg(y)do
redis.call('SETRANGE',a[6],dd+dc*u,string.rep(am,m-u+1))
end
redis.call('PEXPIRE',a[6],604800000)
if ah<z then fg(a[2],z)end
end
local function ge(a,g,x,b)
local cj=tonumber(redis.call('ZSCORE',a[5],g)or 0)
if cj<x then redis.call('ZADD',a[5],string.format('%.0f',x),g)end
local ab=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local o=ab-b
local jj=ab==math.max(x,cj)
if not jj and redis.call('EXISTS',a[1])==1 and redis.call('PTTL',a[3])>=o
and redis.call('PTTL',a[4])>=o then return end
for n=3,5 do redis.call('PEXPIRE',a[n],o)end
redis.call('SET',a[1],de,'PX',o)
end
local function cr(a,g,y,x,b,ay)
local ik=hb(y)
if ay<ik then redis.call('SETRANGE',a[3],ay,string.rep(cf,ik-ay))end
im(a,y,cn)
redis.call('HSET',a[4],g,y)
ge(a,g,x,b)
end
local function jb(a,cb,b)
local en=redis.call('ZRANGE',a[5],0,64-1,'WITHSCORES')
local m=-1
for d=1,#en,2 do
m=tonumber(en[d+1])
for u,ix in cg(redis.call('HGET',a[4],en[d])or'')do
cb=cb-(ix-u+1)
end
if cb<=0 then break end
end
return m<0 and-1 or math.max(0,m-b),en[1]or''
end
local function dj(w)
return function(am)
local z=tonumber(am)
return z and z<=w
end
end
local function bv(a,e,cm,w,b)
if#e==0 then return 0,false end
local ac,bn=ed(a,w),0
local bi=redis.call('GET',a[1])
if not bi or bi==de then bn=ep(ac,w)end
local at,bw,dg=hy(e,function(bz)
bn=bn-tonumber(bz)
return bn>=0
end,b)
local ch={}
for d,h in ipairs(at)do
local y,jv=gx(ac,tonumber(h[3]),w,cm,'0-'..w-1)
ac=jv or ac
ch[d]=h[2]..':'..string.gsub(y or'',' ',',')
end
if#ch>0 then
ce(a[8],e,b)
redis.pcall('PUBLISH',a[9],ij(ch,dg))
end
return#ch,bw
end
v['slots.acquire']=function(a,c)
local g,ae,s,as,aq=c[1],tonumber(c[2]),c[3],tonumber(c[4]),tonumber(c[5])
local gd,et,l,b=c[8],#c>8,da(c,9),bk()
local aa,bl=ga(a)
local w,ec=dm(a,tonumber(c[6]),tonumber(c[7]))
if aq>w then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',w,aq),0)end
eo(a,b)
local e=bu(a[8],b,dj(w))
local bo=math.max(b,e.ticket)
local ac,ay=ed(a,w)
local y,co=redis.call('HGET',a[4],g),nil
if aa then
if s~=''then pcall(fp,a[9],s,ae)end
elseif y then
fc(a)
ge(a,g,b+ae,b)
if ie(e,s,b)then ce(a[8],e,b)end
local k=ev(a,y,bh(a[2])or ck(a[2]))
return{1,k,y,ec,et and ac or nil}
else
local cd,cl=ac,''
for d=2,#l do
local bc=redis.call('HGET',a[4],l[d])or''
cd,cl=ef(cd,bc,cf),cl..' '..bc
end
local bf
if#e>0 and not et then
local bn=ep(cd,w)
bf=bn>=aq and gv(e,s,as>0 and as or nil,function(bz)
bn=bn-tonumber(bz)
return bn<aq
end)
end
if not bf then co=gx(cd,aq,w,gd,et and cl or nil,g)end
if co then
local ah=bh(a[2])or ck(a[2])
fc(a)
local k,x=ev(a,co,ah)+1,b+ae
go(a,co,k,ah)
for d=2,#l do
local al,cj=dx(a,l[d])
x=math.max(x,cj or 0)
end
cr(a,g,co,x,b,ay)
if ie(e,s,b)then ce(a[8],e,b)end
return{1,k,co,ec,et and ef(cd,co,cn)or nil}
end
local bn=ep(ac,w)
bl,aa=jb(a,aq-bn,b)
if bf then
bv(a,e,'',w,b)
if bf[5]>0 then bl,aa=math.max(0,50-b+bf[5]),''
else bl=-1 end
end
end
if s~=''then
ii(e,s,string.format('%.0f',aq),as,0,b,bo)
ce(a[8],e,b)
end
return{0,bl,aa,string.format('%.0f',bo),ec}
end
v['slots.commit']=function(a,c)
local y=c[3]
if redis.call('HGET',a[4],c[1])~=y then return{0}end
local ah=bh(a[2])or ck(a[2])
fc(a)
local z=ev(a,y,ah)
if z<tonumber(c[2])then go(a,y,tonumber(c[2]),ah)end
return 1
end
v['slots.extend']=function(a,c)
local g,k,ae,y=c[1],tonumber(c[2]),tonumber(c[3]),c[4]
local l,b=da(c,7),bk()
local aa=ga(a)
if aa then return{0,-1,aa}end
local w=dm(a,tonumber(c[5]),tonumber(c[6]))
eo(a,b)
local bc=redis.call('HGET',a[4],g)
if bc==y and#l==1 then
ge(a,g,b+ae,b)
return 1
end
local ac,ay=ed(a,math.max(w,hb(y)))
local cd,cj=ac,''
for al,ca in ipairs(l)do
local cl=redis.call('HGET',a[4],ca)or''
cd,cj=ef(cd,cl,cf),cj..' '..cl
end
if not is(cd,y)then
local il={g,'',c[5],c[6]}
for d=2,#l do il[d+3]=l[d]end
v['slots.release'](a,il)
return{0,-1,''}
end
local ah=bc~=y and(bh(a[2])or dw(a[2]))
if ah then
fc(a)
go(a,y,math.max(k,ev(a,y,ah)),ah)
end
local x=b+ae
for al,ca in ipairs(l)do
local al,m=dx(a,ca)
x=math.max(x,m or 0)
end
cr(a,g,y,x,b,ay)
local cm=id(ef(ef(string.rep(cf,#cd),cj,cn),y,cf),cn)
if cm~=''then bv(a,bu(a[8],b,dj(w)),cm,w,b)end
return 1
end
v['slots.release']=function(a,c)
local ap,l,b=c[2],da(c,5),bk()
local cm,bb,gn,ho='',false,0,false
for al,ca in ipairs(l)do
local y,x=dx(a,ca)
if y or x then ho=true end
if x and x>=b then bb=true end
cm,gn=cm..' '..(y or''),math.max(gn,x or 0)
end
if not ho then return 0 end
eo(a,b)
local ab=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local bi,cs=redis.pcall('GET',a[1]),false
if not ab then redis.call('DEL',a[3])end
if bi==de then
if not ab then redis.call('DEL',a[1])
elseif gn>ab then
redis.call('SET',a[1],de,'PX',math.max(1,ab-b))
cs=true
end
end
local ao=redis.pcall('MGET',a[8],a[9])
if ao[1]or ao[2]then
local w=dm(a,tonumber(c[3]),tonumber(c[4]))
local e=bu(a[8],b,dj(w))
local aw,at,bw=pcall(bv,a,e,cm,w,b)
if not aw then at,bw=0,false end
if not ab and not bw then fn(a[9],ap~='')
elseif cs and at==0 then redis.pcall('PUBLISH',a[9],'')end
end
return bb and 1 or 0
end
v['slots.leave']=function(a,c)
local b,w=bk(),dm(a,tonumber(c[2]),tonumber(c[3]))
local e=bu(a[8],b,dj(w))
if hs(e,c[1])then
ce(a[8],e,b)
pcall(bv,a,e,'',w,b)
end
pcall(du,a[9],c[1])
return 1
end
v['slots.count']=function(a,c)
local b,aa=bk(),ga(a)
local w,ec=dm(a,tonumber(c[1]),tonumber(c[2]))
eo(a,b)
local e=bu(a[8],b,dj(w))
bv(a,e,'',w,b)
return{1,aa and 0 or ep(ed(a,w),w),w,tonumber(string.match(ec,'^%d+')or 0)}
end`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fr=2
local fq={
['mutex.acquire']=function(q,ag,au)
local bm=t('SET',KEYS[q],ARGV[ag],'NX','PX',ARGV[au])
if not bm or bm.err then return nil end
local k=z(KEYS[q+1])
if not k then t('DEL',KEYS[q])end
return k
end,
['mutex.takeOver']=function(q,ag,au)
if t('GET',KEYS[q])~=ARGV[ag+1]then return nil end
local k=z(KEYS[q+1])
if not k then return nil end
local bm=t('SET',KEYS[q],ARGV[ag],'PX',ARGV[au])
return not bm.err and-k or nil
end,
['mutex.extend']=function(q,ag,au)
if t('GET',KEYS[q])~=ARGV[ag]then return nil end
local o=t('PTTL',KEYS[q])
if type(o)~='number'or o<0 then return nil end
if o<tonumber(ARGV[au])and t('PEXPIRE',KEYS[q],ARGV[au])~=1 then return nil end
return 1
end,
['mutex.release']=function(q,ag)
local ai=t('MGET',KEYS[q],KEYS[q+1])
if ai.err or ai[2]then return nil end
if ai[1]~=ARGV[ag]then return 0 end
return t('DEL',KEYS[q])==1 and 1 or nil
end,
}`,
    PART_2,
    `local hd={
['mutex.release']=function(q,ag,ay,by)
local ai=t('MGET',unpack(KEYS,q,q+2*ay-1))
if ai.err then return 0 end
local bc,hm,gg,cp={},{},{},0
for d=1,ay do
if ai[2*d]then break end
local r=KEYS[q+2*d-2]
local ax=ai[2*d-1]==ARGV[ag+d-1]and not hm[r]
by[#by+1]=ax and 1 or 0
if ax then
hm[r]=true
bc[#bc+1]=r
gg[#bc]=#by
end
cp=d
end
local ha=#bc>0 and t('DEL',unpack(bc))
if type(ha)=='table'then
for d=1,#gg do by[gg[d]]={-1,ha.err}end
end
return cp
end
}`,
    PART_3,
    PART_4,
    `local function cr(i,g,ae,ax)
if not ax then redis.call('SET',i,g,'PX',ae)
else
local o=redis.call('PTTL',i)
if o>=0 and o<tonumber(ae)then redis.call('PEXPIRE',i,ae)end
end
end
local function gt(a,g,ju,ae,s)
local cz=s==''and 2 or 3
local ax,bj,bx={},true,false
local bl,aa
for d=1,#a,cz do
local f=redis.call('GET',a[d])
ax[d]=f==g
if f~=g then bj=false end
if f and f==ju then
bx=true
elseif f and f~=g then
local o=redis.call('PTTL',a[d])
if not aa or(bl~=-1 and(o==-1 or o>bl))then
bl,aa=o,f
end
end
end
if s~=''then
for d=3,#a,3 do pcall(fp,a[d],s,tonumber(ae))end
end
if aa then return{0,bl,aa}end
local k=0
for d=2,#a,cz do
local m=bh(a[d])
k=math.max(k,m and(bj and m or m+1)or ck(a[d]))
end
for d=1,#a,cz do
cr(a[d],g,ae,ax[d])
fg(a[d+1],k)
end
return bx and-k or k
end
v['mutex.acquire']=function(a,c)
return gt(a,c[1],nil,c[2],c[3])
end
v['mutex.takeOver']=function(a,c)
return gt(a,c[1],c[2],c[3],c[4])
end
v['mutex.commit']=function(a,c)
for d=1,#a,2 do
if redis.call('GET',a[d])~=c[1]then return{0}end
end
for d=2,#a,2 do
if not bh(a[d])then ck(a[d])end
dp(a[d],tonumber(c[2]))
end
return 1
end
v['mutex.extend']=function(a,c)
local g,k,ae=c[1],tonumber(c[2]),c[3]
local ax={}
for d=1,#a,2 do
local f=redis.call('GET',a[d])
if f and f~=g then return{0,redis.call('PTTL',a[d]),f}end
ax[d]=f==g
end
for d=1,#a,2 do
local fs=not ax[d]and(bh(a[d+1])or dw(a[d+1]))
if fs then dp(a[d+1],k)end
end
for d=1,#a,2 do cr(a[d],g,ae,ax[d])end
return 1
end
v['mutex.release']=function(a,c)
local g,ap=c[1],c[2]
local bb,di=false,false
for d=1,#a,2 do
local f=redis.pcall('GET',a[d])
if ap~=''then pcall(du,a[d+1],ap)end
if f==g then
redis.call('DEL',a[d])
bb=true
if fn(a[d+1],ap~='')then di=true end
elseif type(f)=='table'and f.err and not string.find(f.err,'WRONGTYPE',1,true)then
error(f.err)
end
end
if not bb then return 0 end
return di and-1 or 1
end
v['mutex.leave']=function(a,c)
pcall(du,a[1],c[1])
return 1
end
v['mutex.renew']=function(a,c)
local k=1
for d=1,#a,2 do
local f=redis.call('GET',a[d])
if f~=c[1]then return{0,redis.call('PTTL',a[d]),f or''}end
k=math.max(k,bh(a[d+1])or 1)
end
for d=1,#a,2 do cr(a[d],c[1],c[2],true)end
return k
end
v['mutex.query']=function(a)
local af={1}
for d=1,#a,2 do
af[#af+1]=redis.call('GET',a[d])or''
af[#af+1]=redis.call('PTTL',a[d])
af[#af+1]=fa(a[d+1])or''
end
return af
end`,
    PART_5,
    PART_6,
  ],
  "367a944d25fe6a4d39bdd63d919284d30176bf61",
  "cf3965db464e607df4e25f9fafc4d4ced3b7c5d9",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fr=81
local fq={
['modes.acquire']=function(q,ag,au,aq)
local g,ae,ak,fo=ARGV[ag],ARGV[au],ARGV[au+1],KEYS[q+aq-1]
if ARGV[au+2]~=''then return nil end
if aq~=4 then
local al,jc=string.gsub(ak,' ','')
if aq~=3*jc+4 then return nil end
end
local eb,dq
if t('EXISTS',unpack(KEYS,q,q+aq-2))~=0 then
local ai,n=t('MGET',unpack(KEYS,q,q+aq-2)),1
if ai.err then return nil end
eb={}
dq={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for j in string.gmatch(ak,'%u+')do
local f,r,aj=ai[n],KEYS[q+n-1],KEYS[q+n]
if ai[n+2]then return nil end
if not f then
if t('EXISTS',r,aj)~=0 then return nil end
else
if j=='X'or j=='SIX'then return nil end
local o,bc,aa=t('PTTL',r),nil,nil
if type(o)~='number'or o<=0 then return nil end
if f=='~s'then
if t('ZSCORE',aj,g)then return nil end
local u=(j=='IX'and 3)or(j=='S'and 2)
if u and t('ZCOUNT',aj,u..'00000000000000','('..u+2 ..'00000000000000')~=0 then
return nil
end
else
bc,aa=string.match(f,'^~s ([ISX]+) (.*)$')
if not dq[bc]or aa==g or(j~=bc and j~='IS'and bc~='IS')then return nil end
if t('EXISTS',aj)~=0 then return nil end
end
eb[n]={o,bc,aa}
end
n=n+3
end
end
local k
if ak=='X'or string.find(' '..ak,' X',1,true)or string.find(ak,'SIX',1,true)then
k=z(fo)
if not k then return nil end
else
local f=t('GET',fo)
k=not f and z(fo)or(type(f)=='string'and string.match(f,'^%d+$')and tonumber(f))
if not k or k<1 or k>=9000000000000000 then return nil end
end
if aq==4 and not eb then
local bm=t('SET',KEYS[q],ak=='X'and g or'~s '..ak..' '..g,'PX',ae)
return not bm.err and k or nil
end
local n,b=1,nil
for j in string.gmatch(ak,'%u+')do
local r,eu=KEYS[q+n-1],eb and eb[n]
if eu then
local aj,dn,o,aa=KEYS[q+n],tonumber(ae),eu[1],eu[3]
if not b then
local an=t('TIME')
if an.err then return nil end
b=tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
end
local ad,aw=string.format('%.0f',dq[j]+b+dn),nil
if aa then
local hv=math.max(o,dn)
aw=t('ZADD',aj,string.format('%.0f',dq[eu[2]]+b+o),aa,ad,g)==2
and t('PEXPIRE',aj,hv)==1 and not t('SET',r,'~s','PX',hv).err
else
t('ZREMRANGEBYSCORE',aj,string.format('%.0f',dq[j]),string.format('(%.0f',dq[j]+b))
aw=t('ZADD',aj,ad,g)==1
local ig=t('PTTL',aj)
if type(ig)~='number'or ig<dn then
aw=t('PEXPIRE',aj,dn)==1 and aw
end
if o<dn then aw=t('PEXPIRE',r,dn)==1 and aw end
end
if not aw then return nil end
else
local bm=t('SET',r,j=='X'and g or'~s '..j..' '..g,'PX',ae)
if bm.err then return nil end
end
n=n+3
end
return k
end,
['modes.extend']=function(q,ag,au,aq)
local g,ae,n=ARGV[ag],ARGV[au],1
local ai=ARGV[au-1]=='2'and t('MGET',unpack(KEYS,q,q+aq-1))
if not ai or ai.err then return nil end
for j in string.gmatch(ARGV[au+1],'%u+')do
if ai[n]~=(j=='X'and g or'~s '..j..' '..g)then return nil end
n=n+4
end
for r=q,q+n-2,4 do
local o=t('PTTL',KEYS[r])
if type(o)~='number'or o<0 then return nil end
if o<tonumber(ae)and t('PEXPIRE',KEYS[r],ae)~=1 then return nil end
end
return 1
end,
['modes.release']=function(q,ag,al,aq)
local g,ai=ARGV[ag],nil
if aq==4 then
local f,bs,jz=unpack(t('MGET',KEYS[q],KEYS[q+2],KEYS[q+3]))
if not f or bs or jz then return nil end
if f==g or string.match(f,'^~s [ISX]+ (.*)$')==g then
return t('DEL',KEYS[q])==1 and 1 or nil
end
ai={f}
else
ai=t('MGET',unpack(KEYS,q,q+aq-1))
if ai.err then return nil end
end
local cu,gi,gj,b={},{},{},nil
for n=1,aq,4 do
local f,r,aj=ai[n],KEYS[q+n-1],KEYS[q+n]
if not f or ai[n+2]or ai[n+3]then return nil end
if f=='~s'then
local ad=t('ZSCORE',aj,g)
local o=t('PTTL',r)
if type(ad)~='string'or type(o)~='number'or o<0 then return nil end
if not b then
local an=t('TIME')
b=tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
end
local x=tonumber(ad)%100000000000000
local ah=tonumber(ad)-x
if x<b then return nil end
local hw,hk=string.format('%.0f',ah),string.format('(%.0f',ah+100000000000000)
local m=t('ZREVRANGEBYSCORE',aj,hk,hw,'WITHSCORES','LIMIT',0,2)
if m.err then return nil end
local ab,fx=tonumber(m[2])-ah,nil
if m[1]==g then
fx=t('ZCARD',aj)
ab=m[4]and tonumber(m[4])-ah
if ab and(ab<b or t('ZCOUNT',aj,hw,hk)~=fx)then return nil end
if not ab and fx~=1 then return nil end
elseif o>ab-b+1 then
return nil
end
if not ab then
cu[#cu+1]=r
elseif o>ab-b+1 then
gj[#gj+1]={r,math.max(1,ab-b)}
end
gi[#gi+1]=aj
elseif f==g or string.match(f,'^~s [ISX]+ (.*)$')==g then
cu[#cu+1]=r
else
return nil
end
end
for al,bi in ipairs(gj)do t('PEXPIRE',bi[1],bi[2])end
for al,aj in ipairs(gi)do
if t('ZREM',aj,g)~=1 then return nil end
end
if#cu>0 and t('DEL',unpack(cu))~=#cu then return nil end
return 1
end
}
local hd={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    `v['modes.position']=function(a,c)
local b=bk()
local e=bu(a[3],b,dk)
local n,fl,bd=gc(e,c[1]),0,0
local ad=n and e[n][1]or math.max(b,e.ticket)+1-tonumber(c[2])
for d=1,#e do
local h=cq(e,d)
if not h[7]and h[5]>=0 then
bd=bd+1
if h[2]~=c[1]and not ft(h,ad,c[1])then fl=fl+1 end
end
end
return{1,fl,bd,redis.call('EXISTS',a[1])}
end
v['modes.stay']=function(a,c)
local b=bk()
local e=bu(a[3],b,dk)
if fd(e,c[1],b)then ce(a[3],e,b)end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "157f3299e473ef787be8e429d0f0dfd604d03af2",
  "ce730a28e68bf7056454bb1e792e38fa49c4da16",
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
  "94f2d049c011862e073d29b98cfbcba43840df90",
  "e57d09d925d1251eaeaf6f09a57634dfc563a8c5",
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
    `local gr=9
local function ez(a,c)
local av,br,bg,bq={},{},{c[1]},{c[1]}
local z=tonumber(c[3])
for d,i in ipairs(a)do
if d<=gr then av[d]=i
else br[d-gr]=i end
end
for d=4,#c do
if d<4+z then bg[d-2]=c[d]
else bq[d-2-z]=c[d]end
end
return av,bg,br,bq
end
local function hz(a,c,u)
local bt={}
for d=u,#c do
local y=redis.call('HGET',a[4],c[d])
if y then bt[#bt+1]={c[d],y,tonumber(redis.call('ZSCORE',a[5],c[d])or 0)}end
end
return bt
end
local function jd(a,g,bt,b)
dx(a,g)
for al,gb in ipairs(bt)do
local al,ay=ed(a,0)
cr(a,gb[1],gb[2],gb[3],b,ay)
end
local ab=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
if ab then redis.call('SET',a[1],de,'PX',math.max(1,ab-b))
else redis.call('DEL',a[1],a[3])end
end
local function hu(a,g,bt,bj,cv,br,bq)
local aw,r=pcall(v[cv],br,bq)
if aw and(type(r)=='number'or r[1]==1)then return r end
if not bj then jd(a,g,bt,bk())end
if not aw then error(r,0)end
return nil,{0,r[2],r[3],r[4],r[5],2}
end
v['quota.acquire']=function(a,c)
local av,bg,br,bq=ez(a,c)
local bj=redis.call('HEXISTS',av[4],c[1])==1
local bt=hz(av,bg,9)
local ar=v['slots.acquire'](av,bg)
if ar[1]==0 then return{0,ar[2],ar[3],ar[4],ar[5],1}end
local r,dr=hu(av,c[1],bt,bj,c[2],br,bq)
if not r then
if#bt==0 and not bj then
local w,b=dm(av,tonumber(bg[6]),tonumber(bg[7])),bk()
bv(av,bu(av[8],b,dj(w)),ar[3],w,b)
end
return dr
end
if type(r)=='number'then return{1,math.abs(r),ar[3],ar[4],ar[5]or''}end
return{1,r[2],ar[3],ar[4],ar[5]or'',r[3],r[4],r[5]or''}
end
v['quota.convert']=function(a,c)
local av,bg,br,bq=ez(a,c)
local bj=redis.call('HEXISTS',av[4],c[1])==1
local bt=hz(av,bg,7)
local ar=v['slots.extend'](av,bg)
if ar~=1 then return{0,ar[2],ar[3],'0','',1}end
local r,dr=hu(av,c[1],bt,bj,c[2],br,bq)
return r and{1,math.abs(r),bg[4],'',''}or dr
end
local function gw(a,c,cv)
local av,bg,br,bq=ez(a,c)
local ar=v[cv](av,bg)
if ar~=1 then return ar end
return v[c[2]](br,bq)
end
v['quota.commit']=function(a,c)return gw(a,c,'slots.commit')end
v['quota.extend']=function(a,c)return gw(a,c,'slots.extend')end
v['quota.release']=function(a,c)
local av,bg,br,bq=ez(a,c)
local aw,ar=pcall(v['slots.release'],av,bg)
local r=v[c[2]](br,bq)
if not aw then error(ar,0)end
return r~=0 and r or ar
end`,
    PART_5,
    PART_6,
  ],
  "0178bb2813a22469b45834c36c20205fdfda550e",
  "027105364bfdccd85cdda0b6482178fc2470720b",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_10,
    PART_3,
    `local function ib(i)
local bp=redis.pcall('GET',i)
return type(bp)=='string'and bp or''
end
local function ic(i,iy,f)
local cw=ib(i)
local an=redis.call('TIME')
local b=string.format('%.0f',tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000))
if cw==iy then
cw=f(tonumber(b))
redis.call('SET',i,cw)
end
return{1,cw,b}
end
v['marker.replace']=function(a,c)
return ic(a[1],c[1],function()return c[2]end)
end
v['marker.lose']=function(a,c)
return ic(a[1],c[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(c[2]))
end)
end`,
    `v['identify']=function(a)
local dr=''
local function fb(jy)
local er=redis.pcall('INFO',jy)
if type(er)=='table'then er,dr='',er.err end
return function(ja)return string.match(er,'%f[%w_]'..ja..':([^\\r\\n]*)')or''end
end
local fe,hx,gf=fb('server'),fb('memory'),fb('replication')
local an=redis.call('TIME')
local j=fe('redis_mode')
if j==''then j=fe('server_mode')end
return{
1,fe('run_id'),tonumber(fe('uptime_in_seconds'))or-1,
tonumber(an[1])*1000000+tonumber(an[2]),
tonumber(fb('persistence')('aof_enabled'))or-1,
hx('maxmemory_policy'),tonumber(hx('maxmemory'))or-1,
gf('role'),j,gf('master_replid'),gf('master_replid2'),
a[1]and ib(a[1])or'',dr
}
end`,
    `v['counters.read']=function(a)
local af={1}
for d=1,#a do
local ea,k=pcall(bh,a[d])
af[d+1]=ea and k and string.format('%.0f',k)or''
end
return af
end
local function ia(a,c,dt)
for d=1,#a do
local ea,k=pcall(bh,a[d])
if ea then
if not k then dt(a[d])end
dp(a[d],tonumber(c[d]))
end
end
return 1
end
v['counters.raise']=function(a,c)
return ia(a,c,ck)
end
v['counters.restore']=function(a,c)
return ia(a,c,function()end)
end
v['counters.lift']=function(a,c)
for d=1,#a do
local ea,k=pcall(bh,a[d])
if ea and k then dp(a[d],tonumber(c[1]))end
end
return 1
end`,
    `v['set.note']=function(a,c)
local bm,cl,ht=c[1],c[2],tonumber(c[3])
local an=redis.call('TIME')
local b=tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
local gk,hn,hh=b,false,false
local cc,am={},redis.pcall('GET',a[1])
for bs in string.gmatch(type(am)=='string'and am or'','[^\\n]+')do
local ew,u,ab,dv,jr=string.match(bs,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
u,ab,dv=tonumber(u),tonumber(ab),tonumber(dv)
if ew and u<=ab and ab<=b and b<dv and dv<=b+3600000 then
if ew==bm then
gk,hn=u,b-ab<tonumber(c[4])
elseif ew==cl then
hh=true
else
cc[#cc+1]={bs,ew,ab,u,dv,jr}
end
end
end
local af,ao,m={1},{},b+ht
for d=math.max(1,#cc-16+2),#cc do
local az=cc[d]
ao[#ao+1]=az[1]
m=math.max(m,az[5])
af[#af+1]=az[2]
af[#af+1]=az[3]-math.max(az[4],gk)
af[#af+1]=az[5]-b
af[#af+1]=az[6]
end
if not hn or hh then
ao[#ao+1]=string.format('%s %.0f %.0f %.0f %s',bm,gk,b,b+ht,c[5])
redis.call('SET',a[1],table.concat(ao,'\\n'),'PX',string.format('%.0f',m-b))
end
return af
end`,
    PART_5,
    PART_6,
  ],
  "ef31c2fef8175815fc15435fafc1cb7b21051b0a",
  "6dc55bfaac76c4ce0f8770e081d220ab989a4d5d",
);
