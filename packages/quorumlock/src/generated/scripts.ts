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
local function y(i)
local k=t('INCR',i)
if type(k)~='number'then return nil end
if k>1 and k<=9000000000000000 then return k end
if k==1 and not IS_CLUSTER then
local bl=t('GET',string.match(i,'^(.*)~fence:')..'~server')
local de=type(bl)=='string'and string.match(bl,'^complete .* (%d+)$')
local bi=de and t('SET',i,de)
if bi and not bi.err then return tonumber(de)end
end
t(k>1 and'DECR'or'DEL',i)
return nil
end`;

const PART_2 = `if#KEYS<=fo and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local ew=fn[ARGV[1]]
local af=ew and ew(1,6+ARGV[5],6,#KEYS)
if af then return af end
end`;

const PART_3 = `local function general()
local v={}
local function bf(i)
local f=redis.call('GET',i)
if not f then return nil end
local k=string.match(f,'^-?%d+$')and tonumber(f)
if not k or k>=9000000000000000 then
error('the fencing counter '..i..' cannot be counted up: '..f..'; delete it together with '
..string.match(i,'^(.*)~fence:')..'~server, on one server after another')
end
return k>0 and k or nil
end
local function fd(i,k)
redis.call('SET',i,string.format('%.0f',k))
end
local function dr(i)
if not IS_CLUSTER then
local bl=redis.pcall('GET',string.match(i,'^(.*)~fence:')..'~server')
if type(bl)~='table'or string.find(bl.err,'WRONGTYPE',1,true)then
return type(bl)=='string'and tonumber(string.match(bl,'^complete .* (%d+)$'))or nil
end
end
local an=redis.call('TIME')
local b=tonumber(an[1])*1000000+tonumber(an[2])
return math.max(1,b-b%16384)
end
local function ch(i)
local de=dr(i)
if de then return de end
redis.call('DEL',i)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function dk(i,k)
local ct=bf(i)
if not ct then k=math.max(k,dr(i)or 0)end
if(ct or 0)<k then fd(i,k)end
end`;

const PART_4 = `local function ex(i)
local bb=redis.pcall('GET',i)
return type(bb)=='string'and bb or nil
end
local function fm(i,ap,ae)
ae=math.max(ae,20000)
local bb=ex(i)
if not bb then
redis.call('SET',i,ap,'PX',ae)
elseif string.find(' '..bb..' ',' '..ap..' ',1,true)then
redis.call('PEXPIRE',i,math.max(redis.call('PTTL',i),ae))
elseif#bb+1<256*(#ap+1)then
redis.call('SET',i,bb..' '..ap,'PX',math.max(redis.call('PTTL',i),ae))
end
end
local function dp(i,ap)
local bb=ex(i)
if not bb then return end
local bw={}
for aw in string.gmatch(bb,'%S+')do
if aw~=ap then bw[#bw+1]=aw end
end
if#bw==0 then redis.call('DEL',i)
else redis.call('SET',i,table.concat(bw,' '),'PX',math.max(redis.call('PTTL',i),1))end
end
local function fk(i,ji)
local bb=ex(i)
if not bb then return false end
local u=ji and string.match(bb,'%S+')or''
if u~=''then dp(i,u)end
redis.pcall('PUBLISH',i,u)
return u~=''
end`;

const PART_5 = `return v
end`;

const PART_6 = `local function jq(ew,q,di,ag,l,at,aj)
local a,d={unpack(KEYS,q,q+di-1)},{unpack(ARGV,ag,ag+l-1)}
for c=1,aj do d[l+c]=ARGV[at+c-1]end
local au,af=pcall(ew,a,d)
if au then return af end
if type(af)=='table'then af=af.err or af[1]end
return{-1,tostring(af)}
end
local br,v,q,ag={},nil,1,1
while ag<=#ARGV do
local ea,bc,di=ARGV[ag],tonumber(ARGV[ag+1]),tonumber(ARGV[ag+2])
local l,aj,at=tonumber(ARGV[ag+3]),tonumber(ARGV[ag+4]),ag+5
ag=at+aj
local hd=di<=fo
local hb=hd and fn[ea]
local gz=hd and bc>1 and ha[ea]
local co=0
while co<bc do
local y=gz and gz(q,ag,bc-co,br)or 0
if y==0 then
local af=hb and hb(q,ag,at,di)
if not af then
v=v or general()
af=jq(v[ea],q,di,ag,l,at,aj)
end
br[#br+1]=af
y=1
end
q,ag,co=q+y*di,ag+y*l,co+y
end
end
return#br==1 and br[1]or br`;

const PART_7 = `local function ei(r)return string.match(r,'^%w+')or''end
local function cp(e,c)
local am=e[c]
if type(am)~='string'then return am end
local ad,r,bt,w,as,ar=
string.match(am,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local h
if bt and e.is_demand(bt)then
h={tonumber(ad),r,bt,tonumber(w),tonumber(as),tonumber(ar),false,am}
else
h={0,'','',0,0,0,true,am}
end
e[c]=h
return h
end
local function eh(e,h)
e.check=math.min(e.check,h[4]+1)
if h[5]>0 then e.check=math.min(e.check,h[5]+50+1)end
end
local function is(e,b)
local fj,cu=0,{}
local y=#e
e.check=math.huge
for c=1,y do
local h=cp(e,c)
e[c]=nil
if h[4]>=b then
fj=fj+1
e[fj]=h
eh(e,h)
if h[5]>0 and b-h[5]>50 then
local ap=ei(h[2])
cu[ap]=math.max(cu[ap]or 0,h[5])
h[7]=true
end
end
end
if not next(cu)then return end
for al,h in ipairs(e)do
local ap=ei(h[2])
if cu[ap]and h[4]-3000>cu[ap]then cu[ap]=nil end
end
for al,h in ipairs(e)do h[7]=h[7]or cu[ei(h[2])]~=nil end
end
local function bq(i,b,jd)
local am=redis.pcall('GET',i)
local e={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=jd}
local dn,m,ar
if type(am)=='string'then dn,m,ar=string.match(am,'^(%d+) (%d+) (%d+);')end
if not dn then return e end
e.check,e.last,e.ticket=tonumber(dn),tonumber(m),tonumber(ar)
local y=0
for bu in string.gmatch(am,';([^;]+)')do
y=y+1
e[y]=bu
end
if b>=e.check then is(e,b)end
return e
end
local function bz(i,e,b)
if#e==0 then
redis.call('DEL',i)
return
end
local cd={string.format('%.0f %.0f %.0f',e.check,e.last,e.ticket)}
for c,h in ipairs(e)do
cd[c+1]=type(h)=='string'and h or h[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(h,1,6))
end
redis.call('SET',i,table.concat(cd,';'),'PX',math.max(1,e.last-b))
end
local function fq(h,ad,r)
return h[1]>ad or(h[1]==ad and h[2]>r)
end
local function gs(e,r,ad,ir)
local be
for c=1,#e do
local h=cp(e,c)
if h[2]==r or(ad and fq(h,ad,r))then break end
if not h[7]and ir(h[3])then
if be then return be,true end
be=h
end
end
return be,false
end
local function fz(e,r)
local jp=' '..r..' '
for c,h in ipairs(e)do
if type(h)~='string'or string.find(h,jp,1,true)then
if cp(e,c)[2]==r then return c end
end
end
end
local function fa(e,r,b)
local n=r~=''and fz(e,r)
if not n then return nil end
local h=cp(e,n)
h[4],h[5],h[7],h[8]=b+3000,0,false,nil
e.last=math.max(e.last,h[4])
return n
end
local function ib(e,r,b)
local n=fa(e,r,b)
if not n then return false end
local h=e[n]
h[5],h[7]=math.max(1,b-50-1),true
eh(e,h)
return true
end
local function ie(e,r,bt,ar,cr,b,ab)
local n=fa(e,r,b)
if n and e[n][6]>=ar then
e[n][3]=bt
return n
end
if n then table.remove(e,n)end
if ar==0 then ar=ab+1 end
local ad=ar-cr
n=#e+1
while n>1 and fq(cp(e,n-1),ad,r)do n=n-1 end
local h={ad,r,bt,b+3000,0,ar,false}
table.insert(e,n,h)
eh(e,h)
e.last,e.ticket=math.max(e.last,h[4]),math.max(e.ticket,ar)
e[256+1]=nil
return n
end
local function hq(e,r)
local n=fz(e,r)
if n then table.remove(e,n)end
return n~=nil
end
local function hv(e,bo,b)
local as,ej,fs={},{},false
for c=1,#e do
local h=cp(e,c)
if not h[7]then
local ap=ei(h[2])
fs=fs or not bo(h[3])
if fs then
if not next(ej)then break end
if not ej[ap]then return as,true,h[2]end
else
if h[5]<=0 then
h[5],h[8]=b,nil
eh(e,h)
as[#as+1]=h
end
ej[ap]=true
end
end
end
return as,next(ej)~=nil,nil
end
local function ig(cd,dd)
return table.concat(cd,' ')..(dd and' ~'..dd or'')
end`;

const PART_8 = `local fe={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function dh(am)return fe[am]end
local function gv(jm,aw)return string.find(fe[jm],' '..aw..' ',1,true)end
local function jh(jl)
local en={}
return function(j)
if en[j]==nil then en[j]=not jl(j)end
if not en[j]then return false end
for aw in string.gmatch(fe[j],'%u+')do en[aw]=false end
return true
end
end`;

const PART_9 = `local ce,im='~s','~p'
local cy,fg=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local gp={'IS','IX','SIX','S'}
local fh={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=gp}
local function bm()
local an=redis.call('TIME')
return tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
end
local function fv(am)
local ak={}
for j in string.gmatch(am,'%u+')do
if not fh[j]then error('unknown mode '..j,0)end
ak[#ak+1]=j
end
return ak
end
local function eb(a,y,cw)
local bd={['fences']={unpack(a,y*cw+1)}}
for c=1,y do
local q=(c-1)*cw
bd[c]={['lock']=a[q+1],['shared']=a[q+2],['line']=a[q+3],['wake']=cw>3 and a[q+4]}
end
return bd
end
local function cx(d,u)
local l={d[1],[d[1]]=true}
for c=u,#d do
l[#l+1]=d[c]
l[d[c]]=true
end
return l
end
local function ee(f)
if not f or string.sub(f,1,3)~='~s 'then return nil end
local j,g=string.match(f,'^~s (%u+) (.*)$')
if fh[j]then return j,g end
end
local function eg(jk)return string.format('%.0f',jk)end
local function hn(i,j,y)
local ah=fg[j]*cy
return redis.pcall('ZREVRANGEBYSCORE',i,'('..eg(ah+cy),eg(ah),'WITHSCORES','LIMIT',0,y),ah
end
local function ev(p,j,l,b)
local f=redis.call('GET',p.lock)
if f==im then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local cv,ay=ee(f)
if ay then
local o=not l[ay]and redis.call('PTTL',p.lock)
if o and(o==-1 or gv(j,cv))then return o,ay end
return nil
end
if l[f]then return nil end
if f and f~=ce then return redis.call('PTTL',p.lock),f end
local m,aa
if not f and redis.call('EXISTS',p.shared)==0 then return nil end
for al,jt in ipairs(fh[j])do
local ai,ah=hn(p.shared,jt,#l+1)
if ai.err then error(ai.err,0)end
for c=1,#ai,2 do
local w=tonumber(ai[c+1])-ah
if not l[ai[c]]then
if w>=b and(not m or w>m)then m,aa=w,ai[c]end
break
end
end
end
if m then return m-b,aa end
end
local function ho(p,b)
local ab
if redis.call('EXISTS',p.shared)==0 then return nil end
for al,j in ipairs(gp)do
local ai,ah=hn(p.shared,j,1)
local ad=tonumber(ai[2])
if ad and ad-ah>=b then ab=math.max(ab or 0,ad-ah)end
end
return ab
end
local function fr(p,j,l)
local f=redis.call('GET',p.lock)
if j=='X'then return l[f]end
local cv,ay=ee(f)
if ay then return l[ay]and cv==j end
for al,g in ipairs(l)do
local ad=redis.call('ZSCORE',p.shared,g)
if ad and math.floor(tonumber(ad)/cy)==fg[j]then return true end
end
return false
end
local function jf(p,l)
local f=redis.call('GET',p.lock)
local al,ay=ee(f)
if ay then return l[ay]end
if l[f]then return true end
for al,g in ipairs(l)do
if redis.call('ZSCORE',p.shared,g)then return true end
end
return false
end
local function gr(i,j,g,w,b)
local ah=fg[j]*cy
redis.call('ZREMRANGEBYSCORE',i,eg(ah),'('..eg(ah+b))
redis.call('ZADD',i,eg(ah+w),g)
if redis.call('PTTL',i)<w-b then redis.call('PEXPIRE',i,w-b)end
end
local function hi(p,j,l,ae,b)
local s,aj,g,bp=p.lock,p.shared,l[1],false
local f=redis.call('GET',s)
local w=b+ae
local cv,ay=ee(f)
local aa,jc=ay or f,cv or'X'
if l[aa]then
local o=redis.call('PTTL',s)
if o==-1 and aa==g and j==jc then return false end
w=math.max(w,b+o)
if ay==g and j==cv then
redis.call('SET',s,f,'PX',w-b)
return false
end
bp=aa~=g
f=nil
elseif ay then
local o=math.max(1,redis.call('PTTL',s))
gr(aj,cv,ay,b+o,b)
redis.call('SET',s,ce,'PX',o)
f=ce
end
if f~=ce and(j~='X'or ay)and redis.call('EXISTS',aj)==0 then
redis.call('SET',s,j=='X'and g or'~s '..j..' '..g,'PX',w-b)
return bp
end
for c,bu in ipairs(l)do
local ad=(c>1 or j~='X')and redis.call('ZSCORE',aj,bu)
if ad then
w=math.max(w,tonumber(ad)%cy)
if c>1 then
redis.call('ZREM',aj,bu)
bp=true
end
end
end
if j=='X'then
redis.call('SET',s,g,'PX',w-b)
return bp
end
gr(aj,j,g,w,b)
if f~=ce then
redis.call('SET',s,ce,'PX',ho(p,b)-b)
else
local o=redis.call('PTTL',s)
if o>=0 and o<w-b then redis.call('PEXPIRE',s,w-b)end
end
return bp
end
local gm={}
local function bs(p,e,b)
if#e==0 then return{},false end
local as,bo,dd=hv(
e,jh(function(j)return ev(p,j,gm,b)end),b)
for c,h in ipairs(as)do as[c]=h[2]end
if#as>0 then
bz(p.line,e,b)
redis.pcall('PUBLISH',p.wake,ig(as,dd))
end
return as,bo
end
local function iq(p,j,l,r,ad,e,b)
local o,aa=ev(p,j,l,b)
if o or#e==0 or jf(p,l)then return o,aa end
local be,jb=gs(e,r,ad,function(aw)return gv(aw,j)end)
if not be then return nil end
if p.wake then bs(p,e,b)end
if jb then return-1,''end
if be[5]>0 then return math.max(0,50-b+be[5]),''end
o,aa=ev(p,be[3],gm,b)
return o and-1 or 50,aa or''
end
local function iw(hc,ak,cc)
local k,gw,bk=0,false,{}
for al,j in ipairs(ak)do
if(j=='X'or j=='SIX')and not cc then gw=true end
end
for c,i in ipairs(hc)do
local m=bf(i)
bk[c]=m or 0
k=math.max(k,m and(gw and m+1 or m)or ch(i))
end
for c,i in ipairs(hc)do
if bk[c]~=k then fd(i,k)end
end
return k
end
v['modes.acquire']=function(a,d)
local ae,r,ar,cr=tonumber(d[2]),'',0,0
if d[4]~=''then
r,ar,cr=string.match(d[4],'^(%S*) (%S+) (%S+)$')
ar,cr=tonumber(ar),tonumber(cr)
end
local ak,l,io,b=fv(d[3]),cx(d,5),{d[1],[d[1]]=true},bm()
local bd=eb(a,#ak,r==''and 3 or 4)
local ad=ar>0 and ar-cr or nil
local ao,bk,n,bh,aa={},b,nil,nil,nil
local cc,bp=true,false
for c,j in ipairs(ak)do
local p=bd[c]
ao[c]=bq(p.line,b,dh)
bk=math.max(bk,ao[c].ticket)
local o,jx=iq(p,j,l,r,ad,ao[c],b)
if o then
n=n or c
if not aa or(bh~=-1 and(o==-1 or o>bh))then
bh,aa=o,jx
end
elseif not fr(p,j,io)then
cc=false
end
end
local bn,ed=n or#ak,nil
if r~=''then
ed=ie(ao[bn],r,ak[bn],ar,cr,b,bk)
if not n and ao[bn][ed]then ao[bn][ed][5]=-1 end
bz(bd[bn].line,ao[bn],b)
end
if n then
if r~=''then pcall(fm,bd[n].wake,r,ae)end
return{0,bh,aa,string.format('%.0f',bk),ed and ed-1 or#ao[n]}
end
local k=iw(bd.fences,ak,cc)
for c,j in ipairs(ak)do
local p=bd[c]
if hi(p,j,l,ae,b)then bp=true end
if c~=bn and fa(ao[c],r,b)then bz(p.line,ao[c],b)end
end
return bp and-k or k
end
v['modes.convert']=v['modes.acquire']
v['modes.commit']=function(a,d)
local ak,l=fv(d[3]),{d[1],[d[1]]=true}
local bd=eb(a,#ak,4)
for c,j in ipairs(ak)do
if not fr(bd[c],j,l)then return{0}end
end
for al,i in ipairs(bd.fences)do
if not bf(i)then ch(i)end
dk(i,tonumber(d[2]))
end
return 1
end
v['modes.extend']=function(a,d)
local k,ae,ak=tonumber(d[2]),tonumber(d[3]),fv(d[4])
local bd,l,b,av=eb(a,#ak,4),cx(d,5),bm(),true
for c,j in ipairs(ak)do
local o,aa=ev(bd[c],j,l,b)
if o then return{0,o,aa}end
av=av and fr(bd[c],j,l)
end
for al,i in ipairs(bd.fences)do
local fp=not av and(bf(i)or dr(i))
if fp then dk(i,k)end
end
for c,j in ipairs(ak)do
local p=bd[c]
if hi(p,j,l,ae,b)then bs(p,bq(p.line,b,dh),b)end
end
return 1
end
local function bj(p,l,b)
local s,az=p.lock,false
local f=redis.pcall('GET',s)
if type(f)=='table'then
if string.find(f.err,'WRONGTYPE',1,true)then return false,false end
error(f.err,0)
end
local al,ay=ee(f)
if l[ay or f]then
redis.call('DEL',s)
f,az=false,true
end
if ay or(az and#l==1)then return az,az end
local ep=false
for al,g in ipairs(l)do
local ad=redis.pcall('ZSCORE',p.shared,g)
if type(ad)=='string'then
redis.call('ZREM',p.shared,g)
ep=true
if tonumber(ad)%cy>=b then az=true end
end
end
if f and f~=ce then return az,false end
local ab=ep and ho(p,b)
if ab then
local o=redis.call('PTTL',s)
local cq=o>ab-b+1
if o<0 or cq then redis.call('SET',s,ce,'PX',math.max(1,ab-b))end
return az,false,cq
end
if ep and f then redis.call('DEL',s)end
return az,ep or az
end
local function hp(p,e,r,b)
local hf=hq(e,r)
if hf then bz(p.line,e,b)end
pcall(dp,p.wake,r)
return hf
end
v['modes.release']=function(a,d)
local r,l,b=d[2],cx(d,3),bm()
local az,df,hg=false,false,string.find(r,'.',1,true)
for al,p in ipairs(eb(a,#a/4,4))do
local av,je,cq=bj(p,l,b)
local ao=(av or hg)and redis.pcall('MGET',p.line,p.wake)
if av then az=true end
if ao and(ao[1]or ao[2])then
local e=bq(p.line,b,dh)
if hg then hp(p,e,r,b)end
local au,as,bo=pcall(bs,p,e,b)
if not au then as,bo={},false end
for al,aw in ipairs(as)do
if aw~=r then df=true end
end
if je and not bo and fk(p.wake,r~='')then df=true end
if cq and#as==0 then redis.pcall('PUBLISH',p.wake,'')end
end
end
if not az then return 0 end
return df and-1 or 1
end
v['modes.releaseAll']=v['modes.release']
v['modes.leave']=function(a,d)
local b=bm()
for al,p in ipairs(eb(a,#a/4,4))do
local e=bq(p.line,b,dh)
if hp(p,e,d[1],b)then pcall(bs,p,e,b)end
end
return 1
end`;

const PART_10 = `local fn,ha,fo={},{},0`;

const PART_11 = `local ca,cm,ff,ik='0','1','2',48
local il=64
local function cb(am)
local jj=string.gmatch(am,'(%d+)%-?(%d*)')
return function()
local u,m=jj()
if u then return tonumber(u),tonumber(m)or tonumber(u)end
end
end
local function ia(ac,dc)
local ge,dt,m={},string.find(ac,dc..'+')
while dt do
ge[#ge+1]=dt==m and tostring(dt-1)or string.format('%d-%d',dt-1,m-1)
dt,m=string.find(ac,dc..'+',m+1)
end
return table.concat(ge,' ')
end
local function ec(ac,z,dc)
for u,m in cb(z)do
ac=ac..string.rep(ca,u-#ac)
ac=string.sub(ac,1,u)..string.rep(dc,m-u+1)..string.sub(ac,m+2)
end
return ac
end
local function ip(ac,z)
for u,m in cb(z)do
if string.find(string.sub(ac,u+1,m+1),cm,1,true)then return false end
end
return true
end
local function em(ac,x)
return#string.gsub(string.sub(ac,1,x),cm..'+','')
end
local function gy(z)
local fw=0
for al,m in cb(z)do fw=math.max(fw,m+1)end
return fw
end
local function jn(g,x)
local dm,gj=string.match(g,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not dm then return 0,1 end
return tonumber(dm,16)%x,1+tonumber(gj,16)%x
end
local function gu(ac,aq,x,ga,l,g)
local bv=aq
local function ef(u,m)
m=math.min(m,x-1)
if bv==0 or u>m then return end
local ju,y=string.gsub(string.sub(ac,u+1,m+1),ca,ff,bv)
if y==0 then return end
ac,bv=string.sub(ac,1,u)..ju..string.sub(ac,m+2),bv-y
end
for u,m in cb(ga)do ef(u,m)end
if l then
for u,m in cb(l)do ef(u,m)end
else
local dm,gj=jn(g,x)
for c=0,il-1 do
if bv==0 then break end
local gi=(dm+c*gj)%x
if string.byte(ac,gi+1)==ik then ef(gi,gi)end
end
ef(dm,x-1)
ef(0,dm-1)
end
if bv>0 then return nil end
return ia(ac,ff),(string.gsub(ac,ff,cm))
end`;

const PART_12 = `local db,gn='~p','~s'
local cz,da=16,32
local function bm()
local an=redis.call('TIME')
return tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
end
local function cx(d,u)
local l={d[1]}
for c=u,#d do l[#l+1]=d[c]end
return l
end
local function fx(a)
local bg=redis.call('GET',a[1])
if bg and(bg==gn or string.sub(bg,1,3)==gn..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
if bg and bg~=db then return bg,redis.call('PTTL',a[1])end
end
local function dz(a,x,id)
local fc=redis.call('GET',a[7])or''
local bk,y=string.match(fc,'^(%d+) (%d+)$')
if id>tonumber(bk or 0)then
fc,y=string.format('%.0f %.0f',id,x),x
redis.call('SET',a[7],fc,'PX',604800000)
elseif bk then
redis.call('PEXPIRE',a[7],604800000)
end
return tonumber(y)or x,y and fc or''
end
local function et(a,bc)
local ac=redis.call('GET',a[3])or''
return ac..string.rep(ca,bc-#ac),#ac
end
local function ij(a,z,dc)
for u,m in cb(z)do
redis.call('SETRANGE',a[3],u,string.rep(dc,m-u+1))
end
end
local function ds(a,g)
local z,w=redis.call('HGET',a[4],g),redis.call('ZSCORE',a[5],g)
if z then
redis.call('HDEL',a[4],g)
if redis.call('EXISTS',a[3])==1 then ij(a,z,ca)end
end
if w then redis.call('ZREM',a[5],g)end
return z,tonumber(w)
end
local function el(a,b)
local it=redis.call('ZRANGEBYSCORE',a[5],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for al,g in ipairs(it)do ds(a,g)end
end
local function ez(a)
local du=''
if not IS_CLUSTER then
local bl=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
du=type(bl)=='string'and string.match(bl,'^complete %S+ %S+ (%S+) ')or''
end
du=string.format('%-'..da..'.'..da..'s',du)
if redis.call('GETRANGE',a[6],0,da-1)~=du then redis.call('SET',a[6],du,'PX',604800000)end
end
local function es(a,z,ah)
local ft=0
for u,m in cb(z)do
local am=redis.call('GETRANGE',a[6],da+cz*u,da+cz*(m+1)-1)
for c=0,m-u do
local y=tonumber(string.sub(am,cz*c+1,cz*(c+1)))
ft=math.max(ft,y or ah)
end
end
return ft
end
local function gl(a,z,y,ah)
local am=string.format('%0'..cz..'.0f',y)
for u,m in cb(z)do
redis.call('SETRANGE',a[6],da+cz*u,string.rep(am,m-u+1))
end
redis.call('PEXPIRE',a[6],604800000)
if ah<y then fd(a[2],y)end
end
local function gb(a,g,w,b)
local cg=tonumber(redis.call('ZSCORE',a[5],g)or 0)
if cg<w then redis.call('ZADD',a[5],string.format('%.0f',w),g)end
local ab=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local o=ab-b
local jg=ab==math.max(w,cg)
if not jg and redis.call('EXISTS',a[1])==1 and redis.call('PTTL',a[3])>=o
and redis.call('PTTL',a[4])>=o then return end
for n=3,5 do redis.call('PEXPIRE',a[n],o)end
redis.call('SET',a[1],db,'PX',o)
end
local function dg(a,g,z,w,b,bc)
local ih=gy(z)
if bc<ih then redis.call('SETRANGE',a[3],bc,string.rep(ca,ih-bc))end
ij(a,z,cm)
redis.call('HSET',a[4],g,z)
gb(a,g,w,b)
end
local function iy(a,bv,b)
local ek=redis.call('ZRANGE',a[5],0,64-1,'WITHSCORES')
local m=-1
for c=1,#ek,2 do
m=tonumber(ek[c+1])
for u,iu in cb(redis.call('HGET',a[4],ek[c])or'')do
bv=bv-(iu-u+1)
end
if bv<=0 then break end
end
return m<0 and-1 or math.max(0,m-b),ek[1]or''
end
local function dv(x)
return function(am)
local y=tonumber(am)
return y and y<=x
end
end
local function bs(a,e,cj,x,b)
if#e==0 then return 0,false end
local ac,bj=et(a,x),0
local bg=redis.call('GET',a[1])
if not bg or bg==db then bj=em(ac,x)end
local as,bo,dd=hv(e,function(bt)
bj=bj-tonumber(bt)
return bj>=0
end,b)
local cd={}
for c,h in ipairs(as)do
local z,js=gu(ac,tonumber(h[3]),x,cj,'0-'..x-1)
ac=js or ac
cd[c]=h[2]..':'..string.gsub(z or'',' ',',')
end
if#cd>0 then
bz(a[8],e,b)
redis.pcall('PUBLISH',a[9],ig(cd,dd))
end
return#cd,bo
end
v['slots.acquire']=function(a,d)
local g,ae,r,ar,aq=d[1],tonumber(d[2]),d[3],tonumber(d[4]),tonumber(d[5])
local ga,eq,l,b=d[8],#d>8,cx(d,9),bm()
local aa,bh=fx(a)
local x,dy=dz(a,tonumber(d[6]),tonumber(d[7]))
if aq>x then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',x,aq),0)end
el(a,b)
local e=bq(a[8],b,dv(x))
local bk=math.max(b,e.ticket)
local ac,bc=et(a,x)
local z,cn=redis.call('HGET',a[4],g),nil
if aa then
if r~=''then pcall(fm,a[9],r,ae)end
elseif z then
ez(a)
gb(a,g,b+ae,b)
if ib(e,r,b)then bz(a[8],e,b)end
local k=es(a,z,bf(a[2])or ch(a[2]))
return{1,k,z,dy,eq and ac or nil}
else
local by,ci=ac,''
for c=2,#l do
local ba=redis.call('HGET',a[4],l[c])or''
by,ci=ec(by,ba,ca),ci..' '..ba
end
local be
if#e>0 and not eq then
local bj=em(by,x)
be=bj>=aq and gs(e,r,ar>0 and ar or nil,function(bt)
bj=bj-tonumber(bt)
return bj<aq
end)
end
if not be then cn=gu(by,aq,x,ga,eq and ci or nil,g)end
if cn then
local ah=bf(a[2])or ch(a[2])
ez(a)
local k,w=es(a,cn,ah)+1,b+ae
gl(a,cn,k,ah)
for c=2,#l do
local al,cg=ds(a,l[c])
w=math.max(w,cg or 0)
end
dg(a,g,cn,w,b,bc)
if ib(e,r,b)then bz(a[8],e,b)end
return{1,k,cn,dy,eq and ec(by,cn,cm)or nil}
end
local bj=em(ac,x)
bh,aa=iy(a,aq-bj,b)
if be then
bs(a,e,'',x,b)
if be[5]>0 then bh,aa=math.max(0,50-b+be[5]),''
else bh=-1 end
end
end
if r~=''then
ie(e,r,string.format('%.0f',aq),ar,0,b,bk)
bz(a[8],e,b)
end
return{0,bh,aa,string.format('%.0f',bk),dy}
end
v['slots.commit']=function(a,d)
local z=d[3]
if redis.call('HGET',a[4],d[1])~=z then return{0}end
local ah=bf(a[2])or ch(a[2])
ez(a)
local y=es(a,z,ah)
if y<tonumber(d[2])then gl(a,z,tonumber(d[2]),ah)end
return 1
end
v['slots.extend']=function(a,d)
local g,k,ae,z=d[1],tonumber(d[2]),tonumber(d[3]),d[4]
local l,b=cx(d,7),bm()
local aa=fx(a)
if aa then return{0,-1,aa}end
local x=dz(a,tonumber(d[5]),tonumber(d[6]))
el(a,b)
local ba=redis.call('HGET',a[4],g)
if ba==z and#l==1 then
gb(a,g,b+ae,b)
return 1
end
local ac,bc=et(a,math.max(x,gy(z)))
local by,cg=ac,''
for al,bu in ipairs(l)do
local ci=redis.call('HGET',a[4],bu)or''
by,cg=ec(by,ci,ca),cg..' '..ci
end
if not ip(by,z)then
local ii={g,'',d[5],d[6]}
for c=2,#l do ii[c+3]=l[c]end
v['slots.release'](a,ii)
return{0,-1,''}
end
local ah=ba~=z and(bf(a[2])or dr(a[2]))
if ah then
ez(a)
gl(a,z,math.max(k,es(a,z,ah)),ah)
end
local w=b+ae
for al,bu in ipairs(l)do
local al,m=ds(a,bu)
w=math.max(w,m or 0)
end
dg(a,g,z,w,b,bc)
local cj=ia(ec(ec(string.rep(ca,#by),cg,cm),z,ca),cm)
if cj~=''then bs(a,bq(a[8],b,dv(x)),cj,x,b)end
return 1
end
v['slots.release']=function(a,d)
local ap,l,b=d[2],cx(d,5),bm()
local cj,az,gk,hm='',false,0,false
for al,bu in ipairs(l)do
local z,w=ds(a,bu)
if z or w then hm=true end
if w and w>=b then az=true end
cj,gk=cj..' '..(z or''),math.max(gk,w or 0)
end
if not hm then return 0 end
el(a,b)
local ab=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local bg,cq=redis.pcall('GET',a[1]),false
if not ab then redis.call('DEL',a[3])end
if bg==db then
if not ab then redis.call('DEL',a[1])
elseif gk>ab then
redis.call('SET',a[1],db,'PX',math.max(1,ab-b))
cq=true
end
end
local ao=redis.pcall('MGET',a[8],a[9])
if ao[1]or ao[2]then
local x=dz(a,tonumber(d[3]),tonumber(d[4]))
local e=bq(a[8],b,dv(x))
local au,as,bo=pcall(bs,a,e,cj,x,b)
if not au then as,bo=0,false end
if not ab and not bo then fk(a[9],ap~='')
elseif cq and as==0 then redis.pcall('PUBLISH',a[9],'')end
end
return az and 1 or 0
end
v['slots.leave']=function(a,d)
local b,x=bm(),dz(a,tonumber(d[2]),tonumber(d[3]))
local e=bq(a[8],b,dv(x))
if hq(e,d[1])then
bz(a[8],e,b)
pcall(bs,a,e,'',x,b)
end
pcall(dp,a[9],d[1])
return 1
end
v['slots.count']=function(a,d)
local b,aa=bm(),fx(a)
local x,dy=dz(a,tonumber(d[1]),tonumber(d[2]))
el(a,b)
local e=bq(a[8],b,dv(x))
bs(a,e,'',x,b)
return{1,aa and 0 or em(et(a,x),x),x,tonumber(string.match(dy,'^%d+')or 0)}
end`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fo=2
local fn={
['mutex.acquire']=function(q,ag,at)
local bi=t('SET',KEYS[q],ARGV[ag],'NX','PX',ARGV[at])
if not bi or bi.err then return nil end
local k=y(KEYS[q+1])
if not k then t('DEL',KEYS[q])end
return k
end,
['mutex.takeOver']=function(q,ag,at)
if t('GET',KEYS[q])~=ARGV[ag+1]then return nil end
local k=y(KEYS[q+1])
if not k then return nil end
local bi=t('SET',KEYS[q],ARGV[ag],'PX',ARGV[at])
return not bi.err and-k or nil
end,
['mutex.extend']=function(q,ag,at)
if t('GET',KEYS[q])~=ARGV[ag]then return nil end
local o=t('PTTL',KEYS[q])
if type(o)~='number'or o<0 then return nil end
if o<tonumber(ARGV[at])and t('PEXPIRE',KEYS[q],ARGV[at])~=1 then return nil end
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
    `local ha={
['mutex.release']=function(q,ag,bc,br)
local ai=t('MGET',unpack(KEYS,q,q+2*bc-1))
if ai.err then return 0 end
local ba,hj,gd,co={},{},{},0
for c=1,bc do
if ai[2*c]then break end
local s=KEYS[q+2*c-2]
local av=ai[2*c-1]==ARGV[ag+c-1]and not hj[s]
br[#br+1]=av and 1 or 0
if av then
hj[s]=true
ba[#ba+1]=s
gd[#ba]=#br
end
co=c
end
local gx=#ba>0 and t('DEL',unpack(ba))
if type(gx)=='table'then
for c=1,#gd do br[gd[c]]={-1,gx.err}end
end
return co
end
}`,
    PART_3,
    PART_4,
    `local function dg(i,g,ae,av)
if not av then redis.call('SET',i,g,'PX',ae)
else
local o=redis.call('PTTL',i)
if o>=0 and o<tonumber(ae)then redis.call('PEXPIRE',i,ae)end
end
end
local function gq(a,g,jr,ae,r)
local cw=r==''and 2 or 3
local av,cc,bp={},true,false
local bh,aa
for c=1,#a,cw do
local f=redis.call('GET',a[c])
av[c]=f==g
if f~=g then cc=false end
if f and f==jr then
bp=true
elseif f and f~=g then
local o=redis.call('PTTL',a[c])
if not aa or(bh~=-1 and(o==-1 or o>bh))then
bh,aa=o,f
end
end
end
if r~=''then
for c=3,#a,3 do pcall(fm,a[c],r,tonumber(ae))end
end
if aa then return{0,bh,aa}end
local k=0
for c=2,#a,cw do
local m=bf(a[c])
k=math.max(k,m and(cc and m or m+1)or ch(a[c]))
end
for c=1,#a,cw do
dg(a[c],g,ae,av[c])
fd(a[c+1],k)
end
return bp and-k or k
end
v['mutex.acquire']=function(a,d)
return gq(a,d[1],nil,d[2],d[3])
end
v['mutex.takeOver']=function(a,d)
return gq(a,d[1],d[2],d[3],d[4])
end
v['mutex.commit']=function(a,d)
for c=1,#a,2 do
if redis.call('GET',a[c])~=d[1]then return{0}end
end
for c=2,#a,2 do
if not bf(a[c])then ch(a[c])end
dk(a[c],tonumber(d[2]))
end
return 1
end
v['mutex.extend']=function(a,d)
local g,k,ae=d[1],tonumber(d[2]),d[3]
local av={}
for c=1,#a,2 do
local f=redis.call('GET',a[c])
if f and f~=g then return{0,redis.call('PTTL',a[c]),f}end
av[c]=f==g
end
for c=1,#a,2 do
local fp=not av[c]and(bf(a[c+1])or dr(a[c+1]))
if fp then dk(a[c+1],k)end
end
for c=1,#a,2 do dg(a[c],g,ae,av[c])end
return 1
end
v['mutex.release']=function(a,d)
local g,ap=d[1],d[2]
local az,df=false,false
for c=1,#a,2 do
local f=redis.pcall('GET',a[c])
if ap~=''then pcall(dp,a[c+1],ap)end
if f==g then
redis.call('DEL',a[c])
az=true
if fk(a[c+1],ap~='')then df=true end
elseif type(f)=='table'and f.err and not string.find(f.err,'WRONGTYPE',1,true)then
error(f.err)
end
end
if not az then return 0 end
return df and-1 or 1
end
v['mutex.leave']=function(a,d)
pcall(dp,a[1],d[1])
return 1
end
v['mutex.renew']=function(a,d)
local k=1
for c=1,#a,2 do
local f=redis.call('GET',a[c])
if f~=d[1]then return{0,redis.call('PTTL',a[c]),f or''}end
k=math.max(k,bf(a[c+1])or 1)
end
for c=1,#a,2 do dg(a[c],d[1],d[2],true)end
return k
end
v['mutex.query']=function(a)
local af={1}
for c=1,#a,2 do
af[#af+1]=redis.call('GET',a[c])or''
af[#af+1]=redis.call('PTTL',a[c])
af[#af+1]=ex(a[c+1])or''
end
return af
end`,
    PART_5,
    PART_6,
  ],
  "29319cb4fb5d3fd679150e769434b3f6bace7055",
  "ab74968208fbf2554c9d6ea17975452ec7d6b7fd",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fo=81
local fn={
['modes.acquire']=function(q,ag,at,aq)
local g,ae,ak,fl=ARGV[ag],ARGV[at],ARGV[at+1],KEYS[q+aq-1]
if ARGV[at+2]~=''then return nil end
if aq~=4 then
local al,iz=string.gsub(ak,' ','')
if aq~=3*iz+4 then return nil end
end
local dx,dl
if t('EXISTS',unpack(KEYS,q,q+aq-2))~=0 then
local ai,n=t('MGET',unpack(KEYS,q,q+aq-2)),1
if ai.err then return nil end
dx={}
dl={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for j in string.gmatch(ak,'%u+')do
local f,s,aj=ai[n],KEYS[q+n-1],KEYS[q+n]
if ai[n+2]then return nil end
if not f then
if t('EXISTS',s,aj)~=0 then return nil end
else
if j=='X'or j=='SIX'then return nil end
local o,ba,aa=t('PTTL',s),nil,nil
if type(o)~='number'or o<=0 then return nil end
if f=='~s'then
if t('ZSCORE',aj,g)then return nil end
local u=(j=='IX'and 3)or(j=='S'and 2)
if u and t('ZCOUNT',aj,u..'00000000000000','('..u+2 ..'00000000000000')~=0 then
return nil
end
else
ba,aa=string.match(f,'^~s ([ISX]+) (.*)$')
if not dl[ba]or aa==g or(j~=ba and j~='IS'and ba~='IS')then return nil end
if t('EXISTS',aj)~=0 then return nil end
end
dx[n]={o,ba,aa}
end
n=n+3
end
end
local k
if ak=='X'or string.find(' '..ak,' X',1,true)or string.find(ak,'SIX',1,true)then
k=y(fl)
if not k then return nil end
else
local f=t('GET',fl)
k=not f and y(fl)or(type(f)=='string'and string.match(f,'^%d+$')and tonumber(f))
if not k or k<1 or k>=9000000000000000 then return nil end
end
if aq==4 and not dx then
local bi=t('SET',KEYS[q],ak=='X'and g or'~s '..ak..' '..g,'PX',ae)
return not bi.err and k or nil
end
local n,b=1,nil
for j in string.gmatch(ak,'%u+')do
local s,er=KEYS[q+n-1],dx and dx[n]
if er then
local aj,dj,o,aa=KEYS[q+n],tonumber(ae),er[1],er[3]
if not b then
local an=t('TIME')
if an.err then return nil end
b=tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
end
local ad,au=string.format('%.0f',dl[j]+b+dj),nil
if aa then
local hs=math.max(o,dj)
au=t('ZADD',aj,string.format('%.0f',dl[er[2]]+b+o),aa,ad,g)==2
and t('PEXPIRE',aj,hs)==1 and not t('SET',s,'~s','PX',hs).err
else
t('ZREMRANGEBYSCORE',aj,string.format('%.0f',dl[j]),string.format('(%.0f',dl[j]+b))
au=t('ZADD',aj,ad,g)==1
local ic=t('PTTL',aj)
if type(ic)~='number'or ic<dj then
au=t('PEXPIRE',aj,dj)==1 and au
end
if o<dj then au=t('PEXPIRE',s,dj)==1 and au end
end
if not au then return nil end
else
local bi=t('SET',s,j=='X'and g or'~s '..j..' '..g,'PX',ae)
if bi.err then return nil end
end
n=n+3
end
return k
end,
['modes.extend']=function(q,ag,at,aq)
local g,ae,n=ARGV[ag],ARGV[at],1
local ai=ARGV[at-1]=='2'and t('MGET',unpack(KEYS,q,q+aq-1))
if not ai or ai.err then return nil end
for j in string.gmatch(ARGV[at+1],'%u+')do
if ai[n]~=(j=='X'and g or'~s '..j..' '..g)then return nil end
n=n+4
end
for s=q,q+n-2,4 do
local o=t('PTTL',KEYS[s])
if type(o)~='number'or o<0 then return nil end
if o<tonumber(ae)and t('PEXPIRE',KEYS[s],ae)~=1 then return nil end
end
return 1
end,
['modes.release']=function(q,ag,al,aq)
local g,ai=ARGV[ag],nil
if aq==4 then
local f,bn,jw=unpack(t('MGET',KEYS[q],KEYS[q+2],KEYS[q+3]))
if not f or bn or jw then return nil end
if f==g or string.match(f,'^~s [ISX]+ (.*)$')==g then
return t('DEL',KEYS[q])==1 and 1 or nil
end
ai={f}
else
ai=t('MGET',unpack(KEYS,q,q+aq-1))
if ai.err then return nil end
end
local cs,gf,gg,b={},{},{},nil
for n=1,aq,4 do
local f,s,aj=ai[n],KEYS[q+n-1],KEYS[q+n]
if not f or ai[n+2]or ai[n+3]then return nil end
if f=='~s'then
local ad=t('ZSCORE',aj,g)
local o=t('PTTL',s)
if type(ad)~='string'or type(o)~='number'or o<0 then return nil end
if not b then
local an=t('TIME')
b=tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
end
local w=tonumber(ad)%100000000000000
local ah=tonumber(ad)-w
if w<b then return nil end
local ht,hh=string.format('%.0f',ah),string.format('(%.0f',ah+100000000000000)
local m=t('ZREVRANGEBYSCORE',aj,hh,ht,'WITHSCORES','LIMIT',0,2)
if m.err then return nil end
local ab,fu=tonumber(m[2])-ah,nil
if m[1]==g then
fu=t('ZCARD',aj)
ab=m[4]and tonumber(m[4])-ah
if ab and(ab<b or t('ZCOUNT',aj,ht,hh)~=fu)then return nil end
if not ab and fu~=1 then return nil end
elseif o>ab-b+1 then
return nil
end
if not ab then
cs[#cs+1]=s
elseif o>ab-b+1 then
gg[#gg+1]={s,math.max(1,ab-b)}
end
gf[#gf+1]=aj
elseif f==g or string.match(f,'^~s [ISX]+ (.*)$')==g then
cs[#cs+1]=s
else
return nil
end
end
for al,bg in ipairs(gg)do t('PEXPIRE',bg[1],bg[2])end
for al,aj in ipairs(gf)do
if t('ZREM',aj,g)~=1 then return nil end
end
if#cs>0 and t('DEL',unpack(cs))~=#cs then return nil end
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
    `v['modes.position']=function(a,d)
local b=bm()
local e=bq(a[3],b,dh)
local n,fi,bb=fz(e,d[1]),0,0
local ad=n and e[n][1]or math.max(b,e.ticket)+1-tonumber(d[2])
for c=1,#e do
local h=cp(e,c)
if not h[7]and h[5]>=0 then
bb=bb+1
if h[2]~=d[1]and not fq(h,ad,d[1])then fi=fi+1 end
end
end
return{1,fi,bb,redis.call('EXISTS',a[1])}
end
v['modes.stay']=function(a,d)
local b=bm()
local e=bq(a[3],b,dh)
if fa(e,d[1],b)then bz(a[3],e,b)end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "da31cc8fe58ecb17e4d606ef6050a3223542477f",
  "b64af83fd08aa3899153004f831c7b750b70b5a7",
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
  "5d971359d020e09039a3142f7a6210c2fc480210",
  "0b8b4f1fd295305d048a2c89928c2fdecf9f606f",
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
    `local go=9
local function fy(a,d)
local bx,ck,cl,cf={},{},{d[1]},{d[1]}
local y=tonumber(d[3])
for c,i in ipairs(a)do
if c<=go then bx[c]=i
else ck[c-go]=i end
end
for c=4,#d do
if c<4+y then cl[c-2]=d[c]
else cf[c-2-y]=d[c]end
end
return bx,cl,ck,cf
end
local function ja(a,g,b)
ds(a,g)
local ab=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
if ab then redis.call('SET',a[1],db,'PX',math.max(1,ab-b))
else redis.call('DEL',a[1],a[3])end
end
v['quota.acquire']=function(a,d)
local bx,cl,ck,cf=fy(a,d)
local cc=redis.call('HEXISTS',bx[4],d[1])==1
local ax=v['slots.acquire'](bx,cl)
if ax[1]==0 then return{0,ax[2],ax[3],ax[4],ax[5],1}end
local au,s=pcall(v[d[2]],ck,cf)
local hl=au and(type(s)=='number'or s[1]==1)
if not hl and not cc then ja(bx,d[1],bm())end
if not au then error(s,0)end
if not hl then return{0,s[2],s[3],s[4],s[5],2}end
if type(s)=='number'then return{1,math.abs(s),ax[3],ax[4],ax[5]or''}end
return{1,math.max(ax[2],s[2]),ax[3],ax[4],ax[5]or'',s[3],s[4],s[5]or''}
end
local function gt(a,d,ea)
local bx,cl,ck,cf=fy(a,d)
local ax=v[ea](bx,cl)
if ax~=1 then return ax end
return v[d[2]](ck,cf)
end
v['quota.commit']=function(a,d)return gt(a,d,'slots.commit')end
v['quota.extend']=function(a,d)return gt(a,d,'slots.extend')end
v['quota.release']=function(a,d)
local bx,cl,ck,cf=fy(a,d)
local au,ax=pcall(v['slots.release'],bx,cl)
local s=v[d[2]](ck,cf)
if not au then error(ax,0)end
return s~=0 and s or ax
end`,
    PART_5,
    PART_6,
  ],
  "39000e1238f27370b8a117dae07ea2f6d1ab6df7",
  "5226f95da3fb1e2fe3f19562dbd91ffeb7c178fe",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_10,
    PART_3,
    `local function hx(i)
local bl=redis.pcall('GET',i)
return type(bl)=='string'and bl or''
end
local function hz(i,iv,f)
local ct=hx(i)
local an=redis.call('TIME')
local b=string.format('%.0f',tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000))
if ct==iv then
ct=f(tonumber(b))
redis.call('SET',i,ct)
end
return{1,ct,b}
end
v['marker.replace']=function(a,d)
return hz(a[1],d[1],function()return d[2]end)
end
v['marker.lose']=function(a,d)
return hz(a[1],d[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(d[2]))
end)
end`,
    `v['identify']=function(a)
local hy=''
local function ey(jv)
local eo=redis.pcall('INFO',jv)
if type(eo)=='table'then eo,hy='',eo.err end
return function(ix)return string.match(eo,'%f[%w_]'..ix..':([^\\r\\n]*)')or''end
end
local fb,hu,gc=ey('server'),ey('memory'),ey('replication')
local an=redis.call('TIME')
local j=fb('redis_mode')
if j==''then j=fb('server_mode')end
return{
1,fb('run_id'),tonumber(fb('uptime_in_seconds'))or-1,
tonumber(an[1])*1000000+tonumber(an[2]),
tonumber(ey('persistence')('aof_enabled'))or-1,
hu('maxmemory_policy'),tonumber(hu('maxmemory'))or-1,
gc('role'),j,gc('master_replid'),gc('master_replid2'),
a[1]and hx(a[1])or'',hy
}
end`,
    `v['counters.read']=function(a)
local af={1}
for c=1,#a do
local dw,k=pcall(bf,a[c])
af[c+1]=dw and k and string.format('%.0f',k)or''
end
return af
end
local function hw(a,d,dn)
for c=1,#a do
local dw,k=pcall(bf,a[c])
if dw then
if not k then dn(a[c])end
dk(a[c],tonumber(d[c]))
end
end
return 1
end
v['counters.raise']=function(a,d)
return hw(a,d,ch)
end
v['counters.restore']=function(a,d)
return hw(a,d,function()end)
end
v['counters.lift']=function(a,d)
for c=1,#a do
local dw,k=pcall(bf,a[c])
if dw and k then dk(a[c],tonumber(d[1]))end
end
return 1
end`,
    `v['set.note']=function(a,d)
local bi,ci,hr=d[1],d[2],tonumber(d[3])
local an=redis.call('TIME')
local b=tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
local gh,hk,he=b,false,false
local bw,am={},redis.pcall('GET',a[1])
for bn in string.gmatch(type(am)=='string'and am or'','[^\\n]+')do
local eu,u,ab,dq,jo=string.match(bn,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
u,ab,dq=tonumber(u),tonumber(ab),tonumber(dq)
if eu and u<=ab and ab<=b and b<dq and dq<=b+3600000 then
if eu==bi then
gh,hk=u,b-ab<tonumber(d[4])
elseif eu==ci then
he=true
else
bw[#bw+1]={bn,eu,ab,u,dq,jo}
end
end
end
local af,ao,m={1},{},b+hr
for c=math.max(1,#bw-16+2),#bw do
local aw=bw[c]
ao[#ao+1]=aw[1]
m=math.max(m,aw[5])
af[#af+1]=aw[2]
af[#af+1]=aw[3]-math.max(aw[4],gh)
af[#af+1]=aw[5]-b
af[#af+1]=aw[6]
end
if not hk or he then
ao[#ao+1]=string.format('%s %.0f %.0f %.0f %s',bi,gh,b,b+hr,d[5])
redis.call('SET',a[1],table.concat(ao,'\\n'),'PX',string.format('%.0f',m-b))
end
return af
end`,
    PART_5,
    PART_6,
  ],
  "840e82b937661c528e560759f0c79747d767f445",
  "c45ea785ca8789beb5481e8d6c0c60d80f408376",
);
