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
local bl=t('GET',string.match(i,'^(.*)~fence:')..'~server')
local dg=type(bl)=='string'and string.match(bl,'^complete .* (%d+)$')
local bi=dg and t('SET',i,dg)
if bi and not bi.err then return tonumber(dg)end
end
t(k>1 and'DECR'or'DEL',i)
return nil
end`;

const PART_2 = `if#KEYS<=fp and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local ex=fo[ARGV[1]]
local af=ex and ex(1,6+ARGV[5],6,#KEYS)
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
local function fe(i,k)
redis.call('SET',i,string.format('%.0f',k))
end
local function ds(i)
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
local function ci(i)
local dg=ds(i)
if dg then return dg end
redis.call('DEL',i)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function dl(i,k)
local cv=bf(i)
if not cv then k=math.max(k,ds(i)or 0)end
if(cv or 0)<k then fe(i,k)end
end`;

const PART_4 = `local function ey(i)
local bc=redis.pcall('GET',i)
return type(bc)=='string'and bc or nil
end
local function fn(i,ap,ae)
ae=math.max(ae,20000)
local bc=ey(i)
if not bc then
redis.call('SET',i,ap,'PX',ae)
elseif string.find(' '..bc..' ',' '..ap..' ',1,true)then
redis.call('PEXPIRE',i,math.max(redis.call('PTTL',i),ae))
elseif#bc+1<256*(#ap+1)then
redis.call('SET',i,bc..' '..ap,'PX',math.max(redis.call('PTTL',i),ae))
end
end
local function dq(i,ap)
local bc=ey(i)
if not bc then return end
local bx={}
for ax in string.gmatch(bc,'%S+')do
if ax~=ap then bx[#bx+1]=ax end
end
if#bx==0 then redis.call('DEL',i)
else redis.call('SET',i,table.concat(bx,' '),'PX',math.max(redis.call('PTTL',i),1))end
end
local function fl(i,jk)
local bc=ey(i)
if not bc then return false end
local u=jk and string.match(bc,'%S+')or''
if u~=''then dq(i,u)end
redis.pcall('PUBLISH',i,u)
return u~=''
end`;

const PART_5 = `return v
end`;

const PART_6 = `local function js(ex,q,dj,ag,l,at,aj)
local a,d={unpack(KEYS,q,q+dj-1)},{unpack(ARGV,ag,ag+l-1)}
for c=1,aj do d[l+c]=ARGV[at+c-1]end
local au,af=pcall(ex,a,d)
if au then return af end
if type(af)=='table'then af=af.err or af[1]end
return{-1,tostring(af)}
end
local bs,v,q,ag={},nil,1,1
while ag<=#ARGV do
local ec,aw,dj=ARGV[ag],tonumber(ARGV[ag+1]),tonumber(ARGV[ag+2])
local l,aj,at=tonumber(ARGV[ag+3]),tonumber(ARGV[ag+4]),ag+5
ag=at+aj
local hf=dj<=fp
local hd=hf and fo[ec]
local hb=hf and aw>1 and hc[ec]
local co=0
while co<aw do
local z=hb and hb(q,ag,aw-co,bs)or 0
if z==0 then
local af=hd and hd(q,ag,at,dj)
if not af then
v=v or general()
af=js(v[ec],q,dj,ag,l,at,aj)
end
bs[#bs+1]=af
z=1
end
q,ag,co=q+z*dj,ag+z*l,co+z
end
end
return#bs==1 and bs[1]or bs`;

const PART_7 = `local function ek(r)return string.match(r,'^%w+')or''end
local function cp(e,c)
local am=e[c]
if type(am)~='string'then return am end
local ad,r,bu,w,as,ar=
string.match(am,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local h
if bu and e.is_demand(bu)then
h={tonumber(ad),r,bu,tonumber(w),tonumber(as),tonumber(ar),false,am}
else
h={0,'','',0,0,0,true,am}
end
e[c]=h
return h
end
local function ej(e,h)
e.check=math.min(e.check,h[4]+1)
if h[5]>0 then e.check=math.min(e.check,h[5]+50+1)end
end
local function iu(e,b)
local fk,cw=0,{}
local z=#e
e.check=math.huge
for c=1,z do
local h=cp(e,c)
e[c]=nil
if h[4]>=b then
fk=fk+1
e[fk]=h
ej(e,h)
if h[5]>0 and b-h[5]>50 then
local ap=ek(h[2])
cw[ap]=math.max(cw[ap]or 0,h[5])
h[7]=true
end
end
end
if not next(cw)then return end
for al,h in ipairs(e)do
local ap=ek(h[2])
if cw[ap]and h[4]-3000>cw[ap]then cw[ap]=nil end
end
for al,h in ipairs(e)do h[7]=h[7]or cw[ek(h[2])]~=nil end
end
local function br(i,b,jf)
local am=redis.pcall('GET',i)
local e={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=jf}
local dp,m,ar
if type(am)=='string'then dp,m,ar=string.match(am,'^(%d+) (%d+) (%d+);')end
if not dp then return e end
e.check,e.last,e.ticket=tonumber(dp),tonumber(m),tonumber(ar)
local z=0
for bv in string.gmatch(am,';([^;]+)')do
z=z+1
e[z]=bv
end
if b>=e.check then iu(e,b)end
return e
end
local function bz(i,e,b)
if#e==0 then
redis.call('DEL',i)
return
end
local ce={string.format('%.0f %.0f %.0f',e.check,e.last,e.ticket)}
for c,h in ipairs(e)do
ce[c+1]=type(h)=='string'and h or h[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(h,1,6))
end
redis.call('SET',i,table.concat(ce,';'),'PX',math.max(1,e.last-b))
end
local function fr(h,ad,r)
return h[1]>ad or(h[1]==ad and h[2]>r)
end
local function gu(e,r,ad,it)
local be
for c=1,#e do
local h=cp(e,c)
if h[2]==r or(ad and fr(h,ad,r))then break end
if not h[7]and it(h[3])then
if be then return be,true end
be=h
end
end
return be,false
end
local function gb(e,r)
local jr=' '..r..' '
for c,h in ipairs(e)do
if type(h)~='string'or string.find(h,jr,1,true)then
if cp(e,c)[2]==r then return c end
end
end
end
local function fb(e,r,b)
local n=r~=''and gb(e,r)
if not n then return nil end
local h=cp(e,n)
h[4],h[5],h[7],h[8]=b+3000,0,false,nil
e.last=math.max(e.last,h[4])
return n
end
local function id(e,r,b)
local n=fb(e,r,b)
if not n then return false end
local h=e[n]
h[5],h[7]=math.max(1,b-50-1),true
ej(e,h)
return true
end
local function ih(e,r,bu,ar,cs,b,ab)
local n=fb(e,r,b)
if n and e[n][6]>=ar then
e[n][3]=bu
return n
end
if n then table.remove(e,n)end
if ar==0 then ar=ab+1 end
local ad=ar-cs
n=#e+1
while n>1 and fr(cp(e,n-1),ad,r)do n=n-1 end
local h={ad,r,bu,b+3000,0,ar,false}
table.insert(e,n,h)
ej(e,h)
e.last,e.ticket=math.max(e.last,h[4]),math.max(e.ticket,ar)
e[256+1]=nil
return n
end
local function hs(e,r)
local n=gb(e,r)
if n then table.remove(e,n)end
return n~=nil
end
local function hx(e,bo,b)
local as,el,ft={},{},false
for c=1,#e do
local h=cp(e,c)
if not h[7]then
local ap=ek(h[2])
ft=ft or not bo(h[3])
if ft then
if not next(el)then break end
if not el[ap]then return as,true,h[2]end
else
if h[5]<=0 then
h[5],h[8]=b,nil
ej(e,h)
as[#as+1]=h
end
el[ap]=true
end
end
end
return as,next(el)~=nil,nil
end
local function ii(ce,df)
return table.concat(ce,' ')..(df and' ~'..df or'')
end`;

const PART_8 = `local ff={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function di(am)return ff[am]end
local function gx(jo,ax)return string.find(ff[jo],' '..ax..' ',1,true)end
local function jj(jn)
local ep={}
return function(j)
if ep[j]==nil then ep[j]=not jn(j)end
if not ep[j]then return false end
for ax in string.gmatch(ff[j],'%u+')do ep[ax]=false end
return true
end
end`;

const PART_9 = `local cf,ip='~s','~p'
local da,fh=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local gr={'IS','IX','SIX','S'}
local fi={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=gr}
local function bm()
local an=redis.call('TIME')
return tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
end
local function fw(am)
local ak={}
for j in string.gmatch(am,'%u+')do
if not fi[j]then error('unknown mode '..j,0)end
ak[#ak+1]=j
end
return ak
end
local function ed(a,z,cy)
local bd={['fences']={unpack(a,z*cy+1)}}
for c=1,z do
local q=(c-1)*cy
bd[c]={['lock']=a[q+1],['shared']=a[q+2],['line']=a[q+3],['wake']=cy>3 and a[q+4]}
end
return bd
end
local function cz(d,u)
local l={d[1],[d[1]]=true}
for c=u,#d do
l[#l+1]=d[c]
l[d[c]]=true
end
return l
end
local function eg(f)
if not f or string.sub(f,1,3)~='~s 'then return nil end
local j,g=string.match(f,'^~s (%u+) (.*)$')
if fi[j]then return j,g end
end
local function ei(jm)return string.format('%.0f',jm)end
local function hp(i,j,z)
local ah=fh[j]*da
return redis.pcall('ZREVRANGEBYSCORE',i,'('..ei(ah+da),ei(ah),'WITHSCORES','LIMIT',0,z),ah
end
local function ew(p,j,l,b)
local f=redis.call('GET',p.lock)
if f==ip then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local cx,az=eg(f)
if az then
local o=not l[az]and redis.call('PTTL',p.lock)
if o and(o==-1 or gx(j,cx))then return o,az end
return nil
end
if l[f]then return nil end
if f and f~=cf then return redis.call('PTTL',p.lock),f end
local m,aa
if not f and redis.call('EXISTS',p.shared)==0 then return nil end
for al,jw in ipairs(fi[j])do
local ai,ah=hp(p.shared,jw,#l+1)
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
local function hq(p,b)
local ab
if redis.call('EXISTS',p.shared)==0 then return nil end
for al,j in ipairs(gr)do
local ai,ah=hp(p.shared,j,1)
local ad=tonumber(ai[2])
if ad and ad-ah>=b then ab=math.max(ab or 0,ad-ah)end
end
return ab
end
local function fs(p,j,l)
local f=redis.call('GET',p.lock)
if j=='X'then return l[f]end
local cx,az=eg(f)
if az then return l[az]and cx==j end
for al,g in ipairs(l)do
local ad=redis.call('ZSCORE',p.shared,g)
if ad and math.floor(tonumber(ad)/da)==fh[j]then return true end
end
return false
end
local function jh(p,l)
local f=redis.call('GET',p.lock)
local al,az=eg(f)
if az then return l[az]end
if l[f]then return true end
for al,g in ipairs(l)do
if redis.call('ZSCORE',p.shared,g)then return true end
end
return false
end
local function gt(i,j,g,w,b)
local ah=fh[j]*da
redis.call('ZREMRANGEBYSCORE',i,ei(ah),'('..ei(ah+b))
redis.call('ZADD',i,ei(ah+w),g)
if redis.call('PTTL',i)<w-b then redis.call('PEXPIRE',i,w-b)end
end
local function hk(p,j,l,ae,b)
local s,aj,g,bp=p.lock,p.shared,l[1],false
local f=redis.call('GET',s)
local w=b+ae
local cx,az=eg(f)
local aa,je=az or f,cx or'X'
if l[aa]then
local o=redis.call('PTTL',s)
if o==-1 and aa==g and j==je then return false end
w=math.max(w,b+o)
if az==g and j==cx then
redis.call('SET',s,f,'PX',w-b)
return false
end
bp=aa~=g
f=nil
elseif az then
local o=math.max(1,redis.call('PTTL',s))
gt(aj,cx,az,b+o,b)
redis.call('SET',s,cf,'PX',o)
f=cf
end
if f~=cf and(j~='X'or az)and redis.call('EXISTS',aj)==0 then
redis.call('SET',s,j=='X'and g or'~s '..j..' '..g,'PX',w-b)
return bp
end
for c,bv in ipairs(l)do
local ad=(c>1 or j~='X')and redis.call('ZSCORE',aj,bv)
if ad then
w=math.max(w,tonumber(ad)%da)
if c>1 then
redis.call('ZREM',aj,bv)
bp=true
end
end
end
if j=='X'then
redis.call('SET',s,g,'PX',w-b)
return bp
end
gt(aj,j,g,w,b)
if f~=cf then
redis.call('SET',s,cf,'PX',hq(p,b)-b)
else
local o=redis.call('PTTL',s)
if o>=0 and o<w-b then redis.call('PEXPIRE',s,w-b)end
end
return bp
end
local go={}
local function bt(p,e,b)
if#e==0 then return{},false end
local as,bo,df=hx(
e,jj(function(j)return ew(p,j,go,b)end),b)
for c,h in ipairs(as)do as[c]=h[2]end
if#as>0 then
bz(p.line,e,b)
redis.pcall('PUBLISH',p.wake,ii(as,df))
end
return as,bo
end
local function is(p,j,l,r,ad,e,b)
local o,aa=ew(p,j,l,b)
if o or#e==0 or jh(p,l)then return o,aa end
local be,jd=gu(e,r,ad,function(ax)return gx(ax,j)end)
if not be then return nil end
if p.wake then bt(p,e,b)end
if jd then return-1,''end
if be[5]>0 then return math.max(0,50-b+be[5]),''end
o,aa=ew(p,be[3],go,b)
return o and-1 or 50,aa or''
end
local function iy(he,ak,cc)
local k,gy,bk=0,false,{}
for al,j in ipairs(ak)do
if(j=='X'or j=='SIX')and not cc then gy=true end
end
for c,i in ipairs(he)do
local m=bf(i)
bk[c]=m or 0
k=math.max(k,m and(gy and m+1 or m)or ci(i))
end
for c,i in ipairs(he)do
if bk[c]~=k then fe(i,k)end
end
return k
end
v['modes.acquire']=function(a,d)
local ae,r,ar,cs=tonumber(d[2]),'',0,0
if d[4]~=''then
r,ar,cs=string.match(d[4],'^(%S*) (%S+) (%S+)$')
ar,cs=tonumber(ar),tonumber(cs)
end
local ak,l,iq,b=fw(d[3]),cz(d,5),{d[1],[d[1]]=true},bm()
local bd=ed(a,#ak,r==''and 3 or 4)
local ad=ar>0 and ar-cs or nil
local ao,bk,n,bh,aa={},b,nil,nil,nil
local cc,bp=true,false
for c,j in ipairs(ak)do
local p=bd[c]
ao[c]=br(p.line,b,di)
bk=math.max(bk,ao[c].ticket)
local o,ka=is(p,j,l,r,ad,ao[c],b)
if o then
n=n or c
if not aa or(bh~=-1 and(o==-1 or o>bh))then
bh,aa=o,ka
end
elseif not fs(p,j,iq)then
cc=false
end
end
local bn,ef=n or#ak,nil
if r~=''then
ef=ih(ao[bn],r,ak[bn],ar,cs,b,bk)
if not n and ao[bn][ef]then ao[bn][ef][5]=-1 end
bz(bd[bn].line,ao[bn],b)
end
if n then
if r~=''then pcall(fn,bd[n].wake,r,ae)end
return{0,bh,aa,string.format('%.0f',bk),ef and ef-1 or#ao[n]}
end
local k=iy(bd.fences,ak,cc)
for c,j in ipairs(ak)do
local p=bd[c]
if hk(p,j,l,ae,b)then bp=true end
if c~=bn and fb(ao[c],r,b)then bz(p.line,ao[c],b)end
end
return bp and-k or k
end
v['modes.convert']=v['modes.acquire']
v['modes.commit']=function(a,d)
local ak,l=fw(d[3]),{d[1],[d[1]]=true}
local bd=ed(a,#ak,4)
for c,j in ipairs(ak)do
if not fs(bd[c],j,l)then return{0}end
end
for al,i in ipairs(bd.fences)do
if not bf(i)then ci(i)end
dl(i,tonumber(d[2]))
end
return 1
end
v['modes.extend']=function(a,d)
local k,ae,ak=tonumber(d[2]),tonumber(d[3]),fw(d[4])
local bd,l,b,av=ed(a,#ak,4),cz(d,5),bm(),true
for c,j in ipairs(ak)do
local o,aa=ew(bd[c],j,l,b)
if o then return{0,o,aa}end
av=av and fs(bd[c],j,l)
end
for al,i in ipairs(bd.fences)do
local fq=not av and(bf(i)or ds(i))
if fq then dl(i,k)end
end
for c,j in ipairs(ak)do
local p=bd[c]
if hk(p,j,l,ae,b)then bt(p,br(p.line,b,di),b)end
end
return 1
end
local function bj(p,l,b)
local s,ba=p.lock,false
local f=redis.pcall('GET',s)
if type(f)=='table'then
if string.find(f.err,'WRONGTYPE',1,true)then return false,false end
error(f.err,0)
end
local al,az=eg(f)
if l[az or f]then
redis.call('DEL',s)
f,ba=false,true
end
if az or(ba and#l==1)then return ba,ba end
local er=false
for al,g in ipairs(l)do
local ad=redis.pcall('ZSCORE',p.shared,g)
if type(ad)=='string'then
redis.call('ZREM',p.shared,g)
er=true
if tonumber(ad)%da>=b then ba=true end
end
end
if f and f~=cf then return ba,false end
local ab=er and hq(p,b)
if ab then
local o=redis.call('PTTL',s)
local cr=o>ab-b+1
if o<0 or cr then redis.call('SET',s,cf,'PX',math.max(1,ab-b))end
return ba,false,cr
end
if er and f then redis.call('DEL',s)end
return ba,er or ba
end
local function hr(p,e,r,b)
local hh=hs(e,r)
if hh then bz(p.line,e,b)end
pcall(dq,p.wake,r)
return hh
end
v['modes.release']=function(a,d)
local r,l,b=d[2],cz(d,3),bm()
local ba,dh,hi=false,false,string.find(r,'.',1,true)
for al,p in ipairs(ed(a,#a/4,4))do
local av,jg,cr=bj(p,l,b)
local ao=(av or hi)and redis.pcall('MGET',p.line,p.wake)
if av then ba=true end
if ao and(ao[1]or ao[2])then
local e=br(p.line,b,di)
if hi then hr(p,e,r,b)end
local au,as,bo=pcall(bt,p,e,b)
if not au then as,bo={},false end
for al,ax in ipairs(as)do
if ax~=r then dh=true end
end
if jg and not bo and fl(p.wake,r~='')then dh=true end
if cr and#as==0 then redis.pcall('PUBLISH',p.wake,'')end
end
end
if not ba then return 0 end
return dh and-1 or 1
end
v['modes.releaseAll']=v['modes.release']
v['modes.leave']=function(a,d)
local b=bm()
for al,p in ipairs(ed(a,#a/4,4))do
local e=br(p.line,b,di)
if hr(p,e,d[1],b)then pcall(bt,p,e,b)end
end
return 1
end`;

const PART_10 = `local fo,hc,fp={},{},0`;

const PART_11 = `local ca,cm,fg,im='0','1','2',48
local io=64
local function cb(am)
local jl=string.gmatch(am,'(%d+)%-?(%d*)')
return function()
local u,m=jl()
if u then return tonumber(u),tonumber(m)or tonumber(u)end
end
end
local function ic(ac,de)
local gg,du,m={},string.find(ac,de..'+')
while du do
gg[#gg+1]=du==m and tostring(du-1)or string.format('%d-%d',du-1,m-1)
du,m=string.find(ac,de..'+',m+1)
end
return table.concat(gg,' ')
end
local function ee(ac,y,de)
for u,m in cb(y)do
ac=ac..string.rep(ca,u-#ac)
ac=string.sub(ac,1,u)..string.rep(de,m-u+1)..string.sub(ac,m+2)
end
return ac
end
local function ir(ac,y)
for u,m in cb(y)do
if string.find(string.sub(ac,u+1,m+1),cm,1,true)then return false end
end
return true
end
local function eo(ac,x)
return#string.gsub(string.sub(ac,1,x),cm..'+','')
end
local function ha(y)
local fx=0
for al,m in cb(y)do fx=math.max(fx,m+1)end
return fx
end
local function jp(g,x)
local dn,gl=string.match(g,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not dn then return 0,1 end
return tonumber(dn,16)%x,1+tonumber(gl,16)%x
end
local function gw(ac,aq,x,gc,l,g)
local bw=aq
local function eh(u,m)
m=math.min(m,x-1)
if bw==0 or u>m then return end
local jx,z=string.gsub(string.sub(ac,u+1,m+1),ca,fg,bw)
if z==0 then return end
ac,bw=string.sub(ac,1,u)..jx..string.sub(ac,m+2),bw-z
end
for u,m in cb(gc)do eh(u,m)end
if l then
for u,m in cb(l)do eh(u,m)end
else
local dn,gl=jp(g,x)
for c=0,io-1 do
if bw==0 then break end
local gk=(dn+c*gl)%x
if string.byte(ac,gk+1)==im then eh(gk,gk)end
end
eh(dn,x-1)
eh(0,dn-1)
end
if bw>0 then return nil end
return ic(ac,fg),(string.gsub(ac,fg,cm))
end`;

const PART_12 = `local dd,gp='~p','~s'
local db,dc=16,32
local function bm()
local an=redis.call('TIME')
return tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
end
local function cz(d,u)
local l={d[1]}
for c=u,#d do l[#l+1]=d[c]end
return l
end
local function fy(a)
local bg=redis.call('GET',a[1])
if bg and(bg==gp or string.sub(bg,1,3)==gp..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
if bg and bg~=dd then return bg,redis.call('PTTL',a[1])end
end
local function ea(a,x,ig)
local fd=redis.call('GET',a[7])or''
local bk,z=string.match(fd,'^(%d+) (%d+)$')
if ig>tonumber(bk or 0)then
fd,z=string.format('%.0f %.0f',ig,x),x
redis.call('SET',a[7],fd,'PX',604800000)
elseif bk then
redis.call('PEXPIRE',a[7],604800000)
end
return tonumber(z)or x,z and fd or''
end
local function eb(a,aw)
local ac=redis.call('GET',a[3])or''
return ac..string.rep(ca,aw-#ac),#ac
end
local function il(a,y,de)
for u,m in cb(y)do
redis.call('SETRANGE',a[3],u,string.rep(de,m-u+1))
end
end
local function dt(a,g)
local y,w=redis.call('HGET',a[4],g),redis.call('ZSCORE',a[5],g)
if y then
redis.call('HDEL',a[4],g)
if redis.call('EXISTS',a[3])==1 then il(a,y,ca)end
end
if w then redis.call('ZREM',a[5],g)end
return y,tonumber(w)
end
local function en(a,b)
local iv=redis.call('ZRANGEBYSCORE',a[5],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for al,g in ipairs(iv)do dt(a,g)end
end
local function fa(a)
local dv=''
if not IS_CLUSTER then
local bl=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
dv=type(bl)=='string'and string.match(bl,'^complete %S+ %S+ (%S+) ')or''
end
dv=string.format('%-'..dc..'.'..dc..'s',dv)
if redis.call('GETRANGE',a[6],0,dc-1)~=dv then redis.call('SET',a[6],dv,'PX',604800000)end
end
local function eu(a,y,ah)
local fu=0
for u,m in cb(y)do
local am=redis.call('GETRANGE',a[6],dc+db*u,dc+db*(m+1)-1)
for c=0,m-u do
local z=tonumber(string.sub(am,db*c+1,db*(c+1)))
fu=math.max(fu,z or ah)
end
end
return fu
end
local function gn(a,y,z,ah)
local am=string.format('%0'..db..'.0f',z)
for u,m in cb(y)do
redis.call('SETRANGE',a[6],dc+db*u,string.rep(am,m-u+1))
end
redis.call('PEXPIRE',a[6],604800000)
if ah<z then fe(a[2],z)end
end
local function gd(a,g,w,b)
local ch=tonumber(redis.call('ZSCORE',a[5],g)or 0)
if ch<w then redis.call('ZADD',a[5],string.format('%.0f',w),g)end
local ab=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local o=ab-b
local ji=ab==math.max(w,ch)
if not ji and redis.call('EXISTS',a[1])==1 and redis.call('PTTL',a[3])>=o
and redis.call('PTTL',a[4])>=o then return end
for n=3,5 do redis.call('PEXPIRE',a[n],o)end
redis.call('SET',a[1],dd,'PX',o)
end
local function cq(a,g,y,w,b,aw)
local ij=ha(y)
if aw<ij then redis.call('SETRANGE',a[3],aw,string.rep(ca,ij-aw))end
il(a,y,cm)
redis.call('HSET',a[4],g,y)
gd(a,g,w,b)
end
local function ja(a,bw,b)
local em=redis.call('ZRANGE',a[5],0,64-1,'WITHSCORES')
local m=-1
for c=1,#em,2 do
m=tonumber(em[c+1])
for u,iw in cb(redis.call('HGET',a[4],em[c])or'')do
bw=bw-(iw-u+1)
end
if bw<=0 then break end
end
return m<0 and-1 or math.max(0,m-b),em[1]or''
end
local function dw(x)
return function(am)
local z=tonumber(am)
return z and z<=x
end
end
local function bt(a,e,ck,x,b)
if#e==0 then return 0,false end
local ac,bj=eb(a,x),0
local bg=redis.call('GET',a[1])
if not bg or bg==dd then bj=eo(ac,x)end
local as,bo,df=hx(e,function(bu)
bj=bj-tonumber(bu)
return bj>=0
end,b)
local ce={}
for c,h in ipairs(as)do
local y,jv=gw(ac,tonumber(h[3]),x,ck,'0-'..x-1)
ac=jv or ac
ce[c]=h[2]..':'..string.gsub(y or'',' ',',')
end
if#ce>0 then
bz(a[8],e,b)
redis.pcall('PUBLISH',a[9],ii(ce,df))
end
return#ce,bo
end
v['slots.acquire']=function(a,d)
local g,ae,r,ar,aq=d[1],tonumber(d[2]),d[3],tonumber(d[4]),tonumber(d[5])
local gc,es,l,b=d[8],#d>8,cz(d,9),bm()
local aa,bh=fy(a)
local x,dz=ea(a,tonumber(d[6]),tonumber(d[7]))
if aq>x then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',x,aq),0)end
en(a,b)
local e=br(a[8],b,dw(x))
local bk=math.max(b,e.ticket)
local ac,aw=eb(a,x)
local y,cn=redis.call('HGET',a[4],g),nil
if aa then
if r~=''then pcall(fn,a[9],r,ae)end
elseif y then
fa(a)
gd(a,g,b+ae,b)
if id(e,r,b)then bz(a[8],e,b)end
local k=eu(a,y,bf(a[2])or ci(a[2]))
return{1,k,y,dz,es and ac or nil}
else
local by,cj=ac,''
for c=2,#l do
local bb=redis.call('HGET',a[4],l[c])or''
by,cj=ee(by,bb,ca),cj..' '..bb
end
local be
if#e>0 and not es then
local bj=eo(by,x)
be=bj>=aq and gu(e,r,ar>0 and ar or nil,function(bu)
bj=bj-tonumber(bu)
return bj<aq
end)
end
if not be then cn=gw(by,aq,x,gc,es and cj or nil,g)end
if cn then
local ah=bf(a[2])or ci(a[2])
fa(a)
local k,w=eu(a,cn,ah)+1,b+ae
gn(a,cn,k,ah)
for c=2,#l do
local al,ch=dt(a,l[c])
w=math.max(w,ch or 0)
end
cq(a,g,cn,w,b,aw)
if id(e,r,b)then bz(a[8],e,b)end
return{1,k,cn,dz,es and ee(by,cn,cm)or nil}
end
local bj=eo(ac,x)
bh,aa=ja(a,aq-bj,b)
if be then
bt(a,e,'',x,b)
if be[5]>0 then bh,aa=math.max(0,50-b+be[5]),''
else bh=-1 end
end
end
if r~=''then
ih(e,r,string.format('%.0f',aq),ar,0,b,bk)
bz(a[8],e,b)
end
return{0,bh,aa,string.format('%.0f',bk),dz}
end
v['slots.commit']=function(a,d)
local y=d[3]
if redis.call('HGET',a[4],d[1])~=y then return{0}end
local ah=bf(a[2])or ci(a[2])
fa(a)
local z=eu(a,y,ah)
if z<tonumber(d[2])then gn(a,y,tonumber(d[2]),ah)end
return 1
end
v['slots.extend']=function(a,d)
local g,k,ae,y=d[1],tonumber(d[2]),tonumber(d[3]),d[4]
local l,b=cz(d,7),bm()
local aa=fy(a)
if aa then return{0,-1,aa}end
local x=ea(a,tonumber(d[5]),tonumber(d[6]))
en(a,b)
local bb=redis.call('HGET',a[4],g)
if bb==y and#l==1 then
gd(a,g,b+ae,b)
return 1
end
local ac,aw=eb(a,math.max(x,ha(y)))
local by,ch=ac,''
for al,bv in ipairs(l)do
local cj=redis.call('HGET',a[4],bv)or''
by,ch=ee(by,cj,ca),ch..' '..cj
end
if not ir(by,y)then
local ik={g,'',d[5],d[6]}
for c=2,#l do ik[c+3]=l[c]end
v['slots.release'](a,ik)
return{0,-1,''}
end
local ah=bb~=y and(bf(a[2])or ds(a[2]))
if ah then
fa(a)
gn(a,y,math.max(k,eu(a,y,ah)),ah)
end
local w=b+ae
for al,bv in ipairs(l)do
local al,m=dt(a,bv)
w=math.max(w,m or 0)
end
cq(a,g,y,w,b,aw)
local ck=ic(ee(ee(string.rep(ca,#by),ch,cm),y,ca),cm)
if ck~=''then bt(a,br(a[8],b,dw(x)),ck,x,b)end
return 1
end
v['slots.release']=function(a,d)
local ap,l,b=d[2],cz(d,5),bm()
local ck,ba,gm,ho='',false,0,false
for al,bv in ipairs(l)do
local y,w=dt(a,bv)
if y or w then ho=true end
if w and w>=b then ba=true end
ck,gm=ck..' '..(y or''),math.max(gm,w or 0)
end
if not ho then return 0 end
en(a,b)
local ab=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local bg,cr=redis.pcall('GET',a[1]),false
if not ab then redis.call('DEL',a[3])end
if bg==dd then
if not ab then redis.call('DEL',a[1])
elseif gm>ab then
redis.call('SET',a[1],dd,'PX',math.max(1,ab-b))
cr=true
end
end
local ao=redis.pcall('MGET',a[8],a[9])
if ao[1]or ao[2]then
local x=ea(a,tonumber(d[3]),tonumber(d[4]))
local e=br(a[8],b,dw(x))
local au,as,bo=pcall(bt,a,e,ck,x,b)
if not au then as,bo=0,false end
if not ab and not bo then fl(a[9],ap~='')
elseif cr and as==0 then redis.pcall('PUBLISH',a[9],'')end
end
return ba and 1 or 0
end
v['slots.leave']=function(a,d)
local b,x=bm(),ea(a,tonumber(d[2]),tonumber(d[3]))
local e=br(a[8],b,dw(x))
if hs(e,d[1])then
bz(a[8],e,b)
pcall(bt,a,e,'',x,b)
end
pcall(dq,a[9],d[1])
return 1
end
v['slots.count']=function(a,d)
local b,aa=bm(),fy(a)
local x,dz=ea(a,tonumber(d[1]),tonumber(d[2]))
en(a,b)
local e=br(a[8],b,dw(x))
bt(a,e,'',x,b)
return{1,aa and 0 or eo(eb(a,x),x),x,tonumber(string.match(dz,'^%d+')or 0)}
end`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fp=2
local fo={
['mutex.acquire']=function(q,ag,at)
local bi=t('SET',KEYS[q],ARGV[ag],'NX','PX',ARGV[at])
if not bi or bi.err then return nil end
local k=z(KEYS[q+1])
if not k then t('DEL',KEYS[q])end
return k
end,
['mutex.takeOver']=function(q,ag,at)
if t('GET',KEYS[q])~=ARGV[ag+1]then return nil end
local k=z(KEYS[q+1])
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
    `local hc={
['mutex.release']=function(q,ag,aw,bs)
local ai=t('MGET',unpack(KEYS,q,q+2*aw-1))
if ai.err then return 0 end
local bb,hl,gf,co={},{},{},0
for c=1,aw do
if ai[2*c]then break end
local s=KEYS[q+2*c-2]
local av=ai[2*c-1]==ARGV[ag+c-1]and not hl[s]
bs[#bs+1]=av and 1 or 0
if av then
hl[s]=true
bb[#bb+1]=s
gf[#bb]=#bs
end
co=c
end
local gz=#bb>0 and t('DEL',unpack(bb))
if type(gz)=='table'then
for c=1,#gf do bs[gf[c]]={-1,gz.err}end
end
return co
end
}`,
    PART_3,
    PART_4,
    `local function cq(i,g,ae,av)
if not av then redis.call('SET',i,g,'PX',ae)
else
local o=redis.call('PTTL',i)
if o>=0 and o<tonumber(ae)then redis.call('PEXPIRE',i,ae)end
end
end
local function gs(a,g,ju,ae,r)
local cy=r==''and 2 or 3
local av,cc,bp={},true,false
local bh,aa
for c=1,#a,cy do
local f=redis.call('GET',a[c])
av[c]=f==g
if f~=g then cc=false end
if f and f==ju then
bp=true
elseif f and f~=g then
local o=redis.call('PTTL',a[c])
if not aa or(bh~=-1 and(o==-1 or o>bh))then
bh,aa=o,f
end
end
end
if r~=''then
for c=3,#a,3 do pcall(fn,a[c],r,tonumber(ae))end
end
if aa then return{0,bh,aa}end
local k=0
for c=2,#a,cy do
local m=bf(a[c])
k=math.max(k,m and(cc and m or m+1)or ci(a[c]))
end
for c=1,#a,cy do
cq(a[c],g,ae,av[c])
fe(a[c+1],k)
end
return bp and-k or k
end
v['mutex.acquire']=function(a,d)
return gs(a,d[1],nil,d[2],d[3])
end
v['mutex.takeOver']=function(a,d)
return gs(a,d[1],d[2],d[3],d[4])
end
v['mutex.commit']=function(a,d)
for c=1,#a,2 do
if redis.call('GET',a[c])~=d[1]then return{0}end
end
for c=2,#a,2 do
if not bf(a[c])then ci(a[c])end
dl(a[c],tonumber(d[2]))
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
local fq=not av[c]and(bf(a[c+1])or ds(a[c+1]))
if fq then dl(a[c+1],k)end
end
for c=1,#a,2 do cq(a[c],g,ae,av[c])end
return 1
end
v['mutex.release']=function(a,d)
local g,ap=d[1],d[2]
local ba,dh=false,false
for c=1,#a,2 do
local f=redis.pcall('GET',a[c])
if ap~=''then pcall(dq,a[c+1],ap)end
if f==g then
redis.call('DEL',a[c])
ba=true
if fl(a[c+1],ap~='')then dh=true end
elseif type(f)=='table'and f.err and not string.find(f.err,'WRONGTYPE',1,true)then
error(f.err)
end
end
if not ba then return 0 end
return dh and-1 or 1
end
v['mutex.leave']=function(a,d)
pcall(dq,a[1],d[1])
return 1
end
v['mutex.renew']=function(a,d)
local k=1
for c=1,#a,2 do
local f=redis.call('GET',a[c])
if f~=d[1]then return{0,redis.call('PTTL',a[c]),f or''}end
k=math.max(k,bf(a[c+1])or 1)
end
for c=1,#a,2 do cq(a[c],d[1],d[2],true)end
return k
end
v['mutex.query']=function(a)
local af={1}
for c=1,#a,2 do
af[#af+1]=redis.call('GET',a[c])or''
af[#af+1]=redis.call('PTTL',a[c])
af[#af+1]=ey(a[c+1])or''
end
return af
end`,
    PART_5,
    PART_6,
  ],
  "cd432c56eea81f8a837701b53eeb0dab9a7b44f3",
  "a6be8dd37e9328228a0f58d088767730750aebc4",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fp=81
local fo={
['modes.acquire']=function(q,ag,at,aq)
local g,ae,ak,fm=ARGV[ag],ARGV[at],ARGV[at+1],KEYS[q+aq-1]
if ARGV[at+2]~=''then return nil end
if aq~=4 then
local al,jb=string.gsub(ak,' ','')
if aq~=3*jb+4 then return nil end
end
local dy,dm
if t('EXISTS',unpack(KEYS,q,q+aq-2))~=0 then
local ai,n=t('MGET',unpack(KEYS,q,q+aq-2)),1
if ai.err then return nil end
dy={}
dm={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for j in string.gmatch(ak,'%u+')do
local f,s,aj=ai[n],KEYS[q+n-1],KEYS[q+n]
if ai[n+2]then return nil end
if not f then
if t('EXISTS',s,aj)~=0 then return nil end
else
if j=='X'or j=='SIX'then return nil end
local o,bb,aa=t('PTTL',s),nil,nil
if type(o)~='number'or o<=0 then return nil end
if f=='~s'then
if t('ZSCORE',aj,g)then return nil end
local u=(j=='IX'and 3)or(j=='S'and 2)
if u and t('ZCOUNT',aj,u..'00000000000000','('..u+2 ..'00000000000000')~=0 then
return nil
end
else
bb,aa=string.match(f,'^~s ([ISX]+) (.*)$')
if not dm[bb]or aa==g or(j~=bb and j~='IS'and bb~='IS')then return nil end
if t('EXISTS',aj)~=0 then return nil end
end
dy[n]={o,bb,aa}
end
n=n+3
end
end
local k
if ak=='X'or string.find(' '..ak,' X',1,true)or string.find(ak,'SIX',1,true)then
k=z(fm)
if not k then return nil end
else
local f=t('GET',fm)
k=not f and z(fm)or(type(f)=='string'and string.match(f,'^%d+$')and tonumber(f))
if not k or k<1 or k>=9000000000000000 then return nil end
end
if aq==4 and not dy then
local bi=t('SET',KEYS[q],ak=='X'and g or'~s '..ak..' '..g,'PX',ae)
return not bi.err and k or nil
end
local n,b=1,nil
for j in string.gmatch(ak,'%u+')do
local s,et=KEYS[q+n-1],dy and dy[n]
if et then
local aj,dk,o,aa=KEYS[q+n],tonumber(ae),et[1],et[3]
if not b then
local an=t('TIME')
if an.err then return nil end
b=tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
end
local ad,au=string.format('%.0f',dm[j]+b+dk),nil
if aa then
local hu=math.max(o,dk)
au=t('ZADD',aj,string.format('%.0f',dm[et[2]]+b+o),aa,ad,g)==2
and t('PEXPIRE',aj,hu)==1 and not t('SET',s,'~s','PX',hu).err
else
t('ZREMRANGEBYSCORE',aj,string.format('%.0f',dm[j]),string.format('(%.0f',dm[j]+b))
au=t('ZADD',aj,ad,g)==1
local ie=t('PTTL',aj)
if type(ie)~='number'or ie<dk then
au=t('PEXPIRE',aj,dk)==1 and au
end
if o<dk then au=t('PEXPIRE',s,dk)==1 and au end
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
local f,bn,jz=unpack(t('MGET',KEYS[q],KEYS[q+2],KEYS[q+3]))
if not f or bn or jz then return nil end
if f==g or string.match(f,'^~s [ISX]+ (.*)$')==g then
return t('DEL',KEYS[q])==1 and 1 or nil
end
ai={f}
else
ai=t('MGET',unpack(KEYS,q,q+aq-1))
if ai.err then return nil end
end
local ct,gh,gi,b={},{},{},nil
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
local hv,hj=string.format('%.0f',ah),string.format('(%.0f',ah+100000000000000)
local m=t('ZREVRANGEBYSCORE',aj,hj,hv,'WITHSCORES','LIMIT',0,2)
if m.err then return nil end
local ab,fv=tonumber(m[2])-ah,nil
if m[1]==g then
fv=t('ZCARD',aj)
ab=m[4]and tonumber(m[4])-ah
if ab and(ab<b or t('ZCOUNT',aj,hv,hj)~=fv)then return nil end
if not ab and fv~=1 then return nil end
elseif o>ab-b+1 then
return nil
end
if not ab then
ct[#ct+1]=s
elseif o>ab-b+1 then
gi[#gi+1]={s,math.max(1,ab-b)}
end
gh[#gh+1]=aj
elseif f==g or string.match(f,'^~s [ISX]+ (.*)$')==g then
ct[#ct+1]=s
else
return nil
end
end
for al,bg in ipairs(gi)do t('PEXPIRE',bg[1],bg[2])end
for al,aj in ipairs(gh)do
if t('ZREM',aj,g)~=1 then return nil end
end
if#ct>0 and t('DEL',unpack(ct))~=#ct then return nil end
return 1
end
}
local hc={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    `v['modes.position']=function(a,d)
local b=bm()
local e=br(a[3],b,di)
local n,fj,bc=gb(e,d[1]),0,0
local ad=n and e[n][1]or math.max(b,e.ticket)+1-tonumber(d[2])
for c=1,#e do
local h=cp(e,c)
if not h[7]and h[5]>=0 then
bc=bc+1
if h[2]~=d[1]and not fr(h,ad,d[1])then fj=fj+1 end
end
end
return{1,fj,bc,redis.call('EXISTS',a[1])}
end
v['modes.stay']=function(a,d)
local b=bm()
local e=br(a[3],b,di)
if fb(e,d[1],b)then bz(a[3],e,b)end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "c6352016aa7da93aa21ef4d483ad9b93ce58136d",
  "c10f3c0abd545273e441ddfac532b2aa5c0f0542",
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
  "f026dd6dae17e3b9e90f7e80248c5a2409139ed2",
  "d7906bc580d507a91b117d9000d3369ef675a91e",
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
    `local gq=9
local function fz(a,d)
local bq,cl,cd,cg={},{},{d[1]},{d[1]}
local z=tonumber(d[3])
for c,i in ipairs(a)do
if c<=gq then bq[c]=i
else cl[c-gq]=i end
end
for c=4,#d do
if c<4+z then cd[c-2]=d[c]
else cg[c-2-z]=d[c]end
end
return bq,cd,cl,cg
end
local function jt(a,d)
local cu={}
for c=9,#d do
local y=redis.call('HGET',a[4],d[c])
if y then cu[#cu+1]={d[c],y,tonumber(redis.call('ZSCORE',a[5],d[c])or 0)}end
end
return cu
end
local function jc(a,g,cu,b)
dt(a,g)
for al,ga in ipairs(cu)do
local al,aw=eb(a,0)
cq(a,ga[1],ga[2],ga[3],b,aw)
end
local ab=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
if ab then redis.call('SET',a[1],dd,'PX',math.max(1,ab-b))
else redis.call('DEL',a[1],a[3])end
end
v['quota.acquire']=function(a,d)
local bq,cd,cl,cg=fz(a,d)
local cc=redis.call('HEXISTS',bq[4],d[1])==1
local cu=jt(bq,cd)
local ay=v['slots.acquire'](bq,cd)
if ay[1]==0 then return{0,ay[2],ay[3],ay[4],ay[5],1}end
local au,s=pcall(v[d[2]],cl,cg)
local hn=au and(type(s)=='number'or s[1]==1)
if not hn and not cc then jc(bq,d[1],cu,bm())end
if not au then error(s,0)end
if not hn then return{0,s[2],s[3],s[4],s[5],2}end
if type(s)=='number'then return{1,math.abs(s),ay[3],ay[4],ay[5]or''}end
return{1,math.max(ay[2],s[2]),ay[3],ay[4],ay[5]or'',s[3],s[4],s[5]or''}
end
local function gv(a,d,ec)
local bq,cd,cl,cg=fz(a,d)
local ay=v[ec](bq,cd)
if ay~=1 then return ay end
return v[d[2]](cl,cg)
end
v['quota.commit']=function(a,d)return gv(a,d,'slots.commit')end
v['quota.extend']=function(a,d)return gv(a,d,'slots.extend')end
v['quota.release']=function(a,d)
local bq,cd,cl,cg=fz(a,d)
local au,ay=pcall(v['slots.release'],bq,cd)
local s=v[d[2]](cl,cg)
if not au then error(ay,0)end
return s~=0 and s or ay
end`,
    PART_5,
    PART_6,
  ],
  "52f0742fdfca29ca3f768ca1c3fead4814163ede",
  "21ce822e3533811e2179f1dd4a040a39716b9b48",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_10,
    PART_3,
    `local function hz(i)
local bl=redis.pcall('GET',i)
return type(bl)=='string'and bl or''
end
local function ib(i,ix,f)
local cv=hz(i)
local an=redis.call('TIME')
local b=string.format('%.0f',tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000))
if cv==ix then
cv=f(tonumber(b))
redis.call('SET',i,cv)
end
return{1,cv,b}
end
v['marker.replace']=function(a,d)
return ib(a[1],d[1],function()return d[2]end)
end
v['marker.lose']=function(a,d)
return ib(a[1],d[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(d[2]))
end)
end`,
    `v['identify']=function(a)
local ia=''
local function ez(jy)
local eq=redis.pcall('INFO',jy)
if type(eq)=='table'then eq,ia='',eq.err end
return function(iz)return string.match(eq,'%f[%w_]'..iz..':([^\\r\\n]*)')or''end
end
local fc,hw,ge=ez('server'),ez('memory'),ez('replication')
local an=redis.call('TIME')
local j=fc('redis_mode')
if j==''then j=fc('server_mode')end
return{
1,fc('run_id'),tonumber(fc('uptime_in_seconds'))or-1,
tonumber(an[1])*1000000+tonumber(an[2]),
tonumber(ez('persistence')('aof_enabled'))or-1,
hw('maxmemory_policy'),tonumber(hw('maxmemory'))or-1,
ge('role'),j,ge('master_replid'),ge('master_replid2'),
a[1]and hz(a[1])or'',ia
}
end`,
    `v['counters.read']=function(a)
local af={1}
for c=1,#a do
local dx,k=pcall(bf,a[c])
af[c+1]=dx and k and string.format('%.0f',k)or''
end
return af
end
local function hy(a,d,dp)
for c=1,#a do
local dx,k=pcall(bf,a[c])
if dx then
if not k then dp(a[c])end
dl(a[c],tonumber(d[c]))
end
end
return 1
end
v['counters.raise']=function(a,d)
return hy(a,d,ci)
end
v['counters.restore']=function(a,d)
return hy(a,d,function()end)
end
v['counters.lift']=function(a,d)
for c=1,#a do
local dx,k=pcall(bf,a[c])
if dx and k then dl(a[c],tonumber(d[1]))end
end
return 1
end`,
    `v['set.note']=function(a,d)
local bi,cj,ht=d[1],d[2],tonumber(d[3])
local an=redis.call('TIME')
local b=tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
local gj,hm,hg=b,false,false
local bx,am={},redis.pcall('GET',a[1])
for bn in string.gmatch(type(am)=='string'and am or'','[^\\n]+')do
local ev,u,ab,dr,jq=string.match(bn,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
u,ab,dr=tonumber(u),tonumber(ab),tonumber(dr)
if ev and u<=ab and ab<=b and b<dr and dr<=b+3600000 then
if ev==bi then
gj,hm=u,b-ab<tonumber(d[4])
elseif ev==cj then
hg=true
else
bx[#bx+1]={bn,ev,ab,u,dr,jq}
end
end
end
local af,ao,m={1},{},b+ht
for c=math.max(1,#bx-16+2),#bx do
local ax=bx[c]
ao[#ao+1]=ax[1]
m=math.max(m,ax[5])
af[#af+1]=ax[2]
af[#af+1]=ax[3]-math.max(ax[4],gj)
af[#af+1]=ax[5]-b
af[#af+1]=ax[6]
end
if not hm or hg then
ao[#ao+1]=string.format('%s %.0f %.0f %.0f %s',bi,gj,b,b+ht,d[5])
redis.call('SET',a[1],table.concat(ao,'\\n'),'PX',string.format('%.0f',m-b))
end
return af
end`,
    PART_5,
    PART_6,
  ],
  "b7ce55991fd9df283d13d7469d09203f4b2e37f9",
  "1284d40743ee136f53b0947fcfbb17f0ed6012fb",
);
