// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local r=redis.pcall
local function ah(k)
local j=r('INCR',k)
if type(j)~='number'then return nil end
if j>1 and j<=9000000000000000 then return j end
if j==1 and not IS_CLUSTER then
local bp=r('GET',string.match(k,'^(.*)~fence:')..'~server')
local dn=type(bp)=='string'and string.match(bp,'^complete .* (%d+)$')
local cl=dn and r('SET',k,dn)
if cl and not cl.err then return tonumber(dn)end
end
local mn=r(j>1 and'DECR'or'DEL',k)
if type(mn)=='table'then r('DECR',k)end
return nil
end`;

const PART_2 = `if#KEYS<=fg and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local go=ff[ARGV[1]]
local o=go and go(1,6+ARGV[5],6,#KEYS,ARGV[1])
if o then return o end
end`;

const PART_3 = `local function general()
local u={}
local function bm(k)
local h=redis.call('GET',k)
if not h then return nil end
local j=string.match(h,'^-?%d+$')and tonumber(h)
if not j or j>=9000000000000000 then
error('the fencing counter '..k..' cannot be counted up: '..h..'; delete it together with '
..string.match(k,'^(.*)~fence:')..'~server, on one server after another')
end
return j>0 and j or nil
end
local function fc(k,j)
redis.call('SET',k,string.format('%.0f',j))
end
local function fh(k)
if not IS_CLUSTER then
local bp=redis.pcall('GET',string.match(k,'^(.*)~fence:')..'~server')
if type(bp)~='table'or string.find(bp.err,'WRONGTYPE',1,true)then
return type(bp)=='string'and tonumber(string.match(bp,'^complete .* (%d+)$'))or nil
end
end
local aq=redis.call('TIME')
local b=tonumber(aq[1])*1000000+tonumber(aq[2])
return math.max(1,b-b%16384)
end
local function db(k)
local dn=fh(k)
if dn then return dn end
redis.call('DEL',k)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function ex(k,j)
local eh=bm(k)
if not eh then j=math.max(j,fh(k)or 0)end
if(eh or 0)<j then fc(k,j)end
end`;

const PART_4 = `local function ez(k)
local bu=redis.pcall('GET',k)
return type(bu)=='string'and bu or nil
end
local function hh(k,bc,an)
an=math.max(an,20000)
local bu=ez(k)
if not bu then
redis.call('SET',k,bc,'PX',an)
elseif string.find(' '..bu..' ',' '..bc..' ',1,true)then
redis.call('PEXPIRE',k,math.max(redis.call('PTTL',k),an))
elseif#bu+1<256*(#bc+1)then
redis.call('SET',k,bu..' '..bc,'PX',math.max(redis.call('PTTL',k),an))
end
end
local function fd(k,bc)
local bu=ez(k)
if not bu then return end
local de={}
for bi in string.gmatch(bu,'%S+')do
if bi~=bc then de[#de+1]=bi end
end
if#de==0 then redis.call('DEL',k)
else redis.call('SET',k,table.concat(de,' '),'PX',math.max(redis.call('PTTL',k),1))end
end
local function hf(k,lx)
local bu=ez(k)
if not bu then return false end
local ac=lx and string.match(bu,'%S+')or''
if ac~=''then fd(k,ac)end
redis.pcall('PUBLISH',k,ac)
return ac~=''
end`;

const PART_5 = `return u
end`;

const PART_6 = `local function mf(go,i,et,aj,y,af,au)
local a,c={unpack(KEYS,i,i+et-1)},{unpack(ARGV,aj,aj+y-1)}
for d=1,au do c[y+d]=ARGV[af+d-1]end
local bh,o=pcall(go,a,c)
if bh then return o end
if type(o)=='table'then o=o.err or o[1]end
return{-1,tostring(o)}
end
local cv,u,i,aj={},nil,1,1
while aj<=#ARGV do
local bq,du,et=ARGV[aj],tonumber(ARGV[aj+1]),tonumber(ARGV[aj+2])
local y,au,af=tonumber(ARGV[aj+3]),tonumber(ARGV[aj+4]),aj+5
aj=af+au
local jh=et<=fg
local jf=jh and ff[bq]
local je=jh and du>1 and hi[bq]
local dy=0
while dy<du do
local ah=je and je(i,aj,du-dy,cv)or 0
if ah==0 then
local o=jf and jf(i,aj,af,et,bq)
if not o then
u=u or general()
o=mf(u[bq],i,et,aj,y,af,au)
end
cv[#cv+1]=o
ah=1
end
i,aj,dy=i+ah*et,aj+ah*y,dy+ah
end
end
return#cv==1 and cv[1]or cv`;

const PART_7 = `local function fy(ad)return string.match(ad,'^%w+')or''end
local function dl(g,d)
local am=g[d]
if type(am)~='string'then return am end
local ag,ad,cz,t,bf,bb=
string.match(am,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local p
if cz and g.is_demand(cz)then
p={tonumber(ag),ad,cz,tonumber(t),tonumber(bf),tonumber(bb),false,am}
else
p={0,'','',0,0,0,true,am}
end
g[d]=p
return p
end
local function fx(g,p)
g.check=math.min(g.check,p[4]+1)
if p[5]>0 then g.check=math.min(g.check,p[5]+50+1)end
end
local function le(g,b)
local he,ei=0,{}
local ah=#g
g.check=math.huge
for d=1,ah do
local p=dl(g,d)
g[d]=nil
if p[4]>=b then
he=he+1
g[he]=p
fx(g,p)
if p[5]>0 and b-p[5]>50 then
local bc=fy(p[2])
ei[bc]=math.max(ei[bc]or 0,p[5])
p[7]=true
end
end
end
if not next(ei)then return end
for ai,p in ipairs(g)do
local bc=fy(p[2])
if ei[bc]and p[4]-3000>ei[bc]then ei[bc]=nil end
end
for ai,p in ipairs(g)do p[7]=p[7]or ei[fy(p[2])]~=nil end
end
local function ck(k,b,lr)
local am=redis.pcall('GET',k)
local g={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=lr}
local ay,l,bb
if type(am)=='string'then ay,l,bb=string.match(am,'^(%d+) (%d+) (%d+);')end
if not ay then return g end
g.check,g.last,g.ticket=tonumber(ay),tonumber(l),tonumber(bb)
local ah=0
for da in string.gmatch(am,';([^;]+)')do
ah=ah+1
g[ah]=da
end
if b>=g.check then le(g,b)end
return g
end
local function dj(k,g,b)
if#g==0 then
redis.call('DEL',k)
return
end
local cq={string.format('%.0f %.0f %.0f',g.check,g.last,g.ticket)}
for d,p in ipairs(g)do
cq[d+1]=type(p)=='string'and p or p[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(p,1,6))
end
redis.call('SET',k,table.concat(cq,';'),'PX',math.max(1,g.last-b))
end
local function ho(p,ag,ad)
return p[1]>ag or(p[1]==ag and p[2]>ad)
end
local function ix(g,ad,ag,ld)
local by
for d=1,#g do
local p=dl(g,d)
if p[2]==ad or(ag and ho(p,ag,ad))then break end
if not p[7]and ld(p[3])then
if by then return by,true end
by=p
end
end
return by,false
end
local function hz(g,ad)
local me=' '..ad..' '
for d,p in ipairs(g)do
if type(p)~='string'or string.find(p,me,1,true)then
if dl(g,d)[2]==ad then return d end
end
end
end
local function gs(g,ad,b)
local m=ad~=''and hz(g,ad)
if not m then return nil end
local p=dl(g,m)
p[4],p[5],p[7],p[8]=b+3000,0,false,nil
g.last=math.max(g.last,p[4])
return m
end
local function kn(g,ad,b)
local m=gs(g,ad,b)
if not m then return false end
local p=g[m]
p[5],p[7]=math.max(1,b-50-1),true
fx(g,p)
return true
end
local function hc(bb,aw)
if bb>=0 then return bb end
return-bb>aw and-bb<=aw+3000 and-bb or 0
end
local function kr(aw,b)
return aw==b and string.format('%.0f',b)or string.format('%.0f %.0f',aw,b)
end
local function kq(g,ad,cz,bb,ed,b,ab)
local m=gs(g,ad,b)
if m and g[m][6]>=bb then
g[m][3]=cz
return m
end
if m then table.remove(g,m)end
local dg=hc(bb,ab)
if dg==0 then dg=ab+1 end
local ag=dg-ed
m=#g+1
while m>1 and ho(dl(g,m-1),ag,ad)do m=m-1 end
local p={ag,ad,cz,b+3000,0,math.max(bb,0),false}
table.insert(g,m,p)
fx(g,p)
g.last,g.ticket=math.max(g.last,p[4]),math.max(g.ticket,dg)
g[256+1]=nil
return m
end
local function kb(g,ad)
local m=hz(g,ad)
if m then table.remove(g,m)end
return m~=nil
end
local function kg(g,cs,b)
local bf,fz,hq={},{},false
for d=1,#g do
local p=dl(g,d)
if not p[7]then
local bc=fy(p[2])
hq=hq or not cs(p[3])
if hq then
if not next(fz)then break end
if not fz[bc]then return bf,true,p[2]end
else
if p[5]<=0 then
p[5],p[8]=b,nil
fx(g,p)
bf[#bf+1]=p
end
fz[bc]=true
end
end
end
return bf,next(fz)~=nil,nil
end
local function kt(cq,er)
return table.concat(cq,' ')..(er and' ~'..er or'')
end`;

const PART_8 = `local gx={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function ec(am)return gx[am]end
local function jc(ma,bi)return string.find(gx[ma],' '..bi..' ',1,true)end
local function lw(lz)
local ge={}
return function(n)
if ge[n]==nil then ge[n]=not lz(n)end
if not ge[n]then return false end
for bi in string.gmatch(gx[n],'%u+')do ge[bi]=false end
return true
end
end`;

const PART_9 = `local cy,fv='~s','~p'
local dk,fw=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local it={'IS','IX','SIX','S'}
local ha={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=it}
local function at()
local aq=redis.call('TIME')
return tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local function gl(am)
local ap={}
for n in string.gmatch(am,'%u+')do
if not ha[n]then error('unknown mode '..n,0)end
ap[#ap+1]=n
end
return ap
end
local function ef(a,ah,em)
local ba={['fences']={unpack(a,ah*em+1)}}
for d=1,ah do
local i=(d-1)*em
ba[d]={['lock']=a[i+1],['shared']=a[i+2],['line']=a[i+3],['wake']=em>3 and a[i+4]}
end
return ba
end
local function en(c,ac)
local y={c[1],[c[1]]=true}
for d=ac,#c do
y[#y+1]=c[d]
y[c[d]]=true
end
return y
end
local function ek(h)
if not h or string.sub(h,1,3)~='~s 'then return nil end
local n,f=string.match(h,'^~s (%u+) (.*)$')
if ha[n]then return n,f end
end
local function fu(dd)return string.format('%.0f',dd)end
local function jx(k,n,ah)
local ae=fw[n]*dk
return redis.pcall('ZREVRANGEBYSCORE',k,'('..fu(ae+dk),fu(ae),'WITHSCORES','LIMIT',0,ah),ae
end
local function gn(v,n,y,b)
local h=redis.call('GET',v.lock)
if h and(h==fv or string.sub(h,1,3)==fv..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local dp,bd=ek(h)
if bd then
local s=not y[bd]and redis.call('PTTL',v.lock)
if s and(s==-1 or jc(n,dp))then return s,bd end
return nil
end
if y[h]then return nil end
if h and h~=cy then return redis.call('PTTL',v.lock),h end
local l,ak
if not h and redis.call('EXISTS',v.shared)==0 then return nil end
for ai,mk in ipairs(ha[n])do
local x,ae=jx(v.shared,mk,#y+1)
if x.err then error(x.err,0)end
for d=1,#x,2 do
local t=tonumber(x[d+1])-ae
if not y[x[d]]then
if t>=b and(not l or t>l)then l,ak=t,x[d]end
break
end
end
end
if l then return l-b,ak end
end
local function jz(v,b)
local ab
if redis.call('EXISTS',v.shared)==0 then return nil end
for ai,n in ipairs(it)do
local x,ae=jx(v.shared,n,1)
local ag=tonumber(x[2])
if ag and ag-ae>=b then ab=math.max(ab or 0,ag-ae)end
end
return ab
end
local function hp(v,n,y)
local h=redis.call('GET',v.lock)
if n=='X'then return y[h]end
local dp,bd=ek(h)
if bd then return y[bd]and dp==n end
for ai,f in ipairs(y)do
local ag=redis.call('ZSCORE',v.shared,f)
if ag and math.floor(tonumber(ag)/dk)==fw[n]then return true end
end
return false
end
local function lt(v,y)
local h=redis.call('GET',v.lock)
local ai,bd=ek(h)
if bd then return y[bd]end
if y[h]then return true end
for ai,f in ipairs(y)do
if redis.call('ZSCORE',v.shared,f)then return true end
end
return false
end
local function iw(k,n,f,t,b)
local ae=fw[n]*dk
redis.call('ZREMRANGEBYSCORE',k,fu(ae),'('..fu(ae+b))
redis.call('ZADD',k,fu(ae+t),f)
if redis.call('PTTL',k)<t-b then redis.call('PEXPIRE',k,t-b)end
end
local function hm(v,n,y,an,b)
local q,au,f,ct=v.lock,v.shared,y[1],false
local h=redis.call('GET',q)
local t=b+an
local dp,bd=ek(h)
local ak,lp=bd or h,dp or'X'
if y[ak]then
local s=redis.call('PTTL',q)
if s==-1 and ak==f and n==lp then return false end
t=math.max(t,b+s)
if bd==f and n==dp then
redis.call('SET',q,h,'PX',t-b)
return false
end
ct=ak~=f
h=nil
elseif bd then
local s=math.max(1,redis.call('PTTL',q))
iw(au,dp,bd,b+s,b)
redis.call('SET',q,cy,'PX',s)
h=cy
end
if h~=cy and(n~='X'or bd)and redis.call('EXISTS',au)==0 then
redis.call('SET',q,n=='X'and f or'~s '..n..' '..f,'PX',t-b)
return ct
end
for d,da in ipairs(y)do
local ag=(d>1 or n~='X')and redis.call('ZSCORE',au,da)
if ag then
t=math.max(t,tonumber(ag)%dk)
if d>1 then
redis.call('ZREM',au,da)
ct=true
end
end
end
if n=='X'then
redis.call('SET',q,f,'PX',t-b)
return ct
end
iw(au,n,f,t,b)
if h~=cy then
redis.call('SET',q,cy,'PX',jz(v,b)-b)
else
local s=redis.call('PTTL',q)
if s>=0 and s<t-b then redis.call('PEXPIRE',q,t-b)end
end
return ct
end
local function cg(v,y,b)
local q,bn=v.lock,false
local h=redis.pcall('GET',q)
if type(h)=='table'then
if string.find(h.err,'WRONGTYPE',1,true)then return false,false end
error(h.err,0)
end
local ai,bd=ek(h)
if y[bd or h]then
redis.call('DEL',q)
h,bn=false,true
end
if bd or(bn and#y==1)then return bn,bn end
local gh=false
for ai,f in ipairs(y)do
local ag=redis.pcall('ZSCORE',v.shared,f)
if type(ag)=='string'then
redis.call('ZREM',v.shared,f)
gh=true
if tonumber(ag)%dk>=b then bn=true end
end
end
if h and h~=cy then return bn,false end
local ab=gh and jz(v,b)
if ab then
local s=redis.call('PTTL',q)
local gg=s>ab-b+1
if s<0 or gg then redis.call('SET',q,cy,'PX',math.max(1,ab-b))end
return bn,false,gg
end
if gh and h then redis.call('DEL',q)end
return bn,gh or bn
end`;

const PART_10 = `local iq={}
local function cr(v,g,b)
if#g==0 then return{},false end
local bf,cs,er=kg(
g,lw(function(n)return gn(v,n,iq,b)end),b)
for d,p in ipairs(bf)do bf[d]=p[2]end
if#bf>0 then
dj(v.line,g,b)
redis.pcall('PUBLISH',v.wake,kt(bf,er))
end
return bf,cs
end
local function lc(v,n,y,ad,ag,g,b)
local s,ak=gn(v,n,y,b)
if s or#g==0 or lt(v,y)then return s,ak end
local by,lo=ix(g,ad,ag,function(bi)return jc(bi,n)end)
if not by then return nil end
if v.wake then cr(v,g,b)end
if lo then return-1,''end
if by[5]>0 then return math.max(0,50-b+by[5]),''end
s,ak=gn(v,by[3],iq,b)
return s and-1 or 50,ak or''
end
local function lj(jg,ap,ci)
local j,cf,aw=0,false,{}
for ai,n in ipairs(ap)do
if(n=='X'or n=='SIX')and not ci then cf=true end
end
for d,k in ipairs(jg)do
local l=bm(k)
aw[d]=l or 0
j=math.max(j,l and(cf and l+1 or l)or db(k))
end
for d,k in ipairs(jg)do
if aw[d]~=j then fc(k,j)end
end
return j
end
u['modes.acquire']=function(a,c)
local an,ad,bb,ed=tonumber(c[2]),'',0,0
if c[4]~=''then
ad,bb,ed=string.match(c[4],'^(%S*) (%S+) (%S+)$')
bb,ed=tonumber(bb),tonumber(ed)
end
local ap,y,la,b=gl(c[3]),en(c,5),{c[1],[c[1]]=true},at()
local ba=ef(a,#ap,ad==''and 3 or 4)
local az,aw,m,bk,ak={},b,nil,nil,nil
local ci,ct=true,false
for d=1,#ap do
az[d]=ck(ba[d].line,b,ec)
aw=math.max(aw,az[d].ticket)
end
local dg=hc(bb,aw)
local ag=dg>0 and dg-ed or nil
for d,n in ipairs(ap)do
local v=ba[d]
local s,mp=lc(v,n,y,ad,ag,az[d],b)
if s then
m=m or d
if not ak or(bk~=-1 and(s==-1 or s>bk))then
bk,ak=s,mp
end
elseif not hp(v,n,la)then
ci=false
end
end
local co,fq=m or#ap,nil
if ad~=''then
fq=kq(az[co],ad,ap[co],bb,ed,b,aw)
if not m and az[co][fq]then az[co][fq][5]=-1 end
dj(ba[co].line,az[co],b)
end
if m then
if ad~=''then pcall(hh,ba[m].wake,ad,an)end
return{0,bk,ak,kr(aw,b),fq and fq-1 or#az[m]}
end
local j=lj(ba.fences,ap,ci)
for d,n in ipairs(ap)do
local v=ba[d]
if hm(v,n,y,an,b)then ct=true end
if d~=co and gs(az[d],ad,b)then dj(v.line,az[d],b)end
end
return ct and-j or j
end
u['modes.convert']=u['modes.acquire']
u['modes.commit']=function(a,c)
local ap,y=gl(c[3]),{c[1],[c[1]]=true}
local ba=ef(a,#ap,4)
for d,n in ipairs(ap)do
if not hp(ba[d],n,y)then return{0}end
end
for ai,k in ipairs(ba.fences)do
if not bm(k)then db(k)end
ex(k,tonumber(c[2]))
end
return 1
end
u['modes.extend']=function(a,c)
local j,an,ap=tonumber(c[2]),tonumber(c[3]),gl(c[4])
local ba,y,b,bo=ef(a,#ap,4),en(c,5),at(),true
for d,n in ipairs(ap)do
local s,ak=gn(ba[d],n,y,b)
if s then return{0,s,ak}end
bo=bo and hp(ba[d],n,y)
end
for ai,k in ipairs(ba.fences)do
local hl=not bo and(bm(k)or fh(k))
if hl then ex(k,j)end
end
for d,n in ipairs(ap)do
local v=ba[d]
if hm(v,n,y,an,b)then cr(v,ck(v.line,b,ec),b)end
end
return 1
end
local function ka(v,g,ad,b)
local jj=kb(g,ad)
if jj then dj(v.line,g,b)end
pcall(fd,v.wake,ad)
return jj
end
u['modes.release']=function(a,c)
local ad,y,b=c[2],en(c,3),at()
local bn,es,jn=false,false,string.find(ad,'.',1,true)
for ai,v in ipairs(ef(a,#a/4,4))do
local bo,ls,gg=cg(v,y,b)
local az=(bo or jn)and redis.pcall('MGET',v.line,v.wake)
if bo then bn=true end
if az and(az[1]or az[2])then
local g=ck(v.line,b,ec)
if jn then ka(v,g,ad,b)end
local bh,bf,cs=pcall(cr,v,g,b)
if not bh then bf,cs={},false end
for ai,bi in ipairs(bf)do
if bi~=ad then es=true end
end
if ls and not cs and hf(v.wake,ad~='')then es=true end
if gg and#bf==0 then redis.pcall('PUBLISH',v.wake,'')end
end
end
if not bn then return 0 end
return es and-1 or 1
end
u['modes.releaseAll']=u['modes.release']
u['modes.leave']=function(a,c)
local b=at()
for ai,v in ipairs(ef(a,#a/4,4))do
local g=ck(v.line,b,ec)
if ka(v,g,c[1],b)then pcall(cr,v,g,b)end
end
return 1
end`;

const PART_11 = `local function lq(v,n,f,b)
local h=redis.call('GET',v.lock)
if h~=cy then
local dp,bd=ek(h)
return(bd or h)==f and(dp or'X')==n
end
local ag=n~='X'and redis.call('ZSCORE',v.shared,f)
if not ag then return false end
return math.floor(tonumber(ag)/dk)==fw[n]and tonumber(ag)%dk>=b
end
u['modes.renew']=function(a,c,ew)
local f,ap,b,j=c[1],gl(c[3]),at(),1
local ba=ef(a,#ap,3)
for d,n in ipairs(ap)do
if not lq(ba[d],n,f,b)then
local h=redis.call('GET',ba[d].lock)
local ai,bd=ek(h)
local ak=bd or h~=cy and h or''
if string.sub(ak,1,3)==fv..' 'then ak=fv end
return{0,redis.call('PTTL',ba[d].lock),ak}
end
end
for ai,k in ipairs(ba.fences)do j=math.max(j,bm(k)or 1)end
if ew then return j end
for d,n in ipairs(ap)do hm(ba[d],n,{f,[f]=true},tonumber(c[2]),b)end
return j
end`;

const PART_12 = `local fg=8
local hb='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local kz='^~p %d+ 0 %d+ [01]* %d+:[%d -]*:'
local kx=8
local ar,fj
local function bl(...)
if ar then return end
local o=r(...)
if type(o)=='table'and o.err then ar=fj and{-1,o.err}or{}else fj=true end
end
local function ga()
local aq=r('TIME')
return aq[1]*1000+math.floor(aq[2]/1000)
end
local function il(i,ay,ab,ca,z,ao,l,b)
if b and ab~='0'and l+0>ca+0 then
ca=string.format('%.0f',l+math.max(1,l-b))
bl('PEXPIREAT',KEYS[i+2],ca)
bl('PEXPIREAT',KEYS[i+3],ca)
bl('PEXPIRE',KEYS[i+4],604800000)
end
bl('SET',KEYS[i],'~p '..ay..' '..ab..' '..ca..' '..z..' '..ao,'PXAT',l)
end
local function ev(i,aj,af,ai,bq,hj)
ar,fj=nil,nil
if bq=='slots.acquire'then
local cf=hj
if ARGV[af+1]~=''or ARGV[af+5]~='0'or ARGV[af+6]~=''or ARGV[af-1]~='7'then return nil end
local f,bg,aa,cn=ARGV[aj],ARGV[af+3]+0,ARGV[af+4]+0,KEYS[i+1]
if bg>kx or bg>aa then return nil end
local as,b=r('GET',KEYS[i]),ga()
local ay,ab,ca,z,av,w,ao='0','0','0','','0','',''
local hk=true
if as then
if as.err then return nil end
ay,ab,ca,z,av,w,ao=string.match(as,hb)
if not ay or ao==f then return nil end
if(ab~='0'and b>ay+0)or(ao~=''and av+0<b)then return nil end
if ab~='0'and r('HGET',KEYS[i+2],f)then return nil end
elseif r('EXISTS',unpack(KEYS,i+4,cf and i+10 or i+6))==0 then
hk=false
end
if hk and cf and r('EXISTS',KEYS[i+8],KEYS[i+9],KEYS[i+10])~=0 then return nil end
local jl=string.find(f,'^%x%x%x%x%x%x%x%x%x%x%x%x')
local bw,el=jl and tonumber(string.sub(f,1,6),16)%aa or 0,nil
local bx,dx={},bg==1 and'1'or'2'
for ai=1,64 do
local iz=string.byte(z,bw+1)
if not iz then
z=z..string.rep('0',bw-#z)..dx
bx[#bx+1]=bw
elseif iz==48 then
z=string.sub(z,1,bw)..dx..string.sub(z,bw+2)
bx[#bx+1]=bw
end
if#bx==bg then break end
el=el or jl and 1+tonumber(string.sub(f,7,12),16)%aa or 1
bw=(bw+el)%aa
end
if#bx<bg then return nil end
local ce=bx[1]..''
if bg>1 then
ce=''
local ch,l=string.find(z,'2+')
while ch do
ce=ce..(ce==''and''or' ')..ch-1 ..(ch==l and''or'-'..l-1)
ch,l=string.find(z,'2+',l+1)
end
z=string.gsub(z,'2','1')
end
local t,j,fo=b+ARGV[af],nil,nil
local l=string.format('%.0f',t)
if not hk then
if cf then
local h=r('GET',cn)
local ae=type(h)=='string'and string.find(h,'^%d+$')and h+0
if not ae or ae<1 or ae+1>=9000000000000000 then return nil end
j=ae+1+cf
bl('SET',cn,string.format('%.0f',j))
else
j=ah(cn)
if not j then return nil end
fj=true
end
else
local x
if IS_CLUSTER then
x=r('MGET',cn,KEYS[i+6])
else
local mg=string.sub(cn,1,string.find(cn,'~fence:',1,true)-1)
x=r('MGET',cn,KEYS[i+6],mg..'~server')
end
if x.err or x[2]or r('HGET',KEYS[i+5],KEYS[i])then return nil end
local ae=x[1]and string.find(x[1],'^%d+$')and x[1]+0
if not ae or ae<1 or ae>=9000000000000000 then return nil end
local bv=x[3]and string.match(x[3],'^complete %S+ %S+ (%S+) ')or''
if#bv~=32 then bv=string.format('%-32.32s',bv)end
if r('GETRANGE',KEYS[i+4],0,31)~=bv then return nil end
j=ae-ae%16384
for d=1,bg do
local m=32+16*bx[d]
j=math.max(j,tonumber(r('GETRANGE',KEYS[i+4],m,m+15))or ae)
end
j=j+1
local jy=math.max(ae,j)
if cf and jy>=9000000000000000 then return nil end
local jm=ab~='0'
if ao~=''then fo=ao end
if fo and jm then bl('ZADD',KEYS[i+3],av,ao)end
local am=string.format('%016.0f',j)
for d=1,bg do bl('SETRANGE',KEYS[i+4],32+16*bx[d],am)end
if cf then j=jy+cf end
if ae<j then bl('SET',cn,string.format('%.0f',j))end
if fo then
if not jm then
bl('DEL',KEYS[i+2],KEYS[i+3])
bl('ZADD',KEYS[i+3],av,ao)
end
bl('HSET',KEYS[i+2],ao,w)
if ab=='0'or av+0<ay+0 then ay=av end
if av+0>ab+0 then ab=av end
end
if not as then bl('PEXPIRE',KEYS[i+4],604800000)end
end
ao=l..':'..ce..':'..f
il(i,ay,ab,ca,z,ao,ab+0>t and ab or l,b)
if ar then
if fo and fj then r('ZREM',KEYS[i+3],fo)end
return ar[1]and ar
end
return{1,j,ce,'',cf and''}
end
if bq=='slots.extend'then
local f=ARGV[aj]
if ARGV[af+4]~='0'or ARGV[af-1]~='5'then return nil end
local as=r('GET',KEYS[i])
if not as or as.err then return nil end
local ay,ab,ca,z,av,w,ao=string.match(as,hb)
if not ay or r('HGET',KEYS[i+5],KEYS[i])then return nil end
local b=ga()
if(ab~='0'and b>ay+0)or(ao~=''and av+0<b)then return nil end
local t=b+ARGV[af+1]
local l=string.format('%.0f',t)
if ao==f then
if w~=ARGV[af+2]then return nil end
if av+0>=t then return 1 end
av=l
if ab+0>t then l=ab end
else
if ab=='0'or r('HGET',KEYS[i+2],f)~=ARGV[af+2]then return nil end
local ag=r('ZSCORE',KEYS[i+3],f)
if type(ag)~='string'then return nil end
if ag+0>=t then return 1 end
bl('ZADD',KEYS[i+3],l,f)
if ar then return ar[1]and ar end
if ab+0>=t then return 1 end
ab=l
if av+0>t then l=av end
end
il(i,ay,ab,ca,z,av..':'..w..':'..ao,l,b)
if ar then return ar[1]and ar end
return 1
end
local f=ARGV[aj]
if ARGV[af-1]~='3'then return nil end
local x=hj or r('MGET',KEYS[i],KEYS[i+6],KEYS[i+7])
if x.err or x[2]or x[3]then return nil end
if not x[1]then return 0 end
local ai,jo=string.find(x[1],kz)
if jo then
if string.sub(x[1],jo+1)~=f then return nil end
if hj then return r('DEL',KEYS[i],KEYS[i+8])==2 and 2 or nil end
return r('DEL',KEYS[i])==1 and 1 or nil
end
local ay,ab,ca,z,av,w,ao=string.match(x[1],hb)
if not ay then return nil end
local l,cm=ab,w
if ao==f then
if av+0<ab+0 and av+0<ga()then return nil end
av,w,ao='0','',''
else
local ag=r('ZSCORE',KEYS[i+3],f)
cm=r('HGET',KEYS[i+2],f)
if type(cm)~='string'or type(ag)~='string'or ag+0<ga()then return nil end
bl('ZREM',KEYS[i+3],f)
bl('HDEL',KEYS[i+2],f)
if ag==ab then
ab=r('ZREVRANGE',KEYS[i+3],0,0,'WITHSCORES')[2]or'0'
if ab=='0'then
ay,ca='0','0'
if ao==''then
bl('DEL',KEYS[i])
if ar then return ar[1]and ar end
return 1
end
end
end
l=av+0>ab+0 and av or ab
end
local bw=tonumber(cm)
if bw then
z=string.sub(z,1,bw)..'0'..string.sub(z,bw+2)
else
for ch,gv in string.gmatch(cm,'(%d+)%-?(%d*)')do
if gv==''then gv=ch end
z=string.sub(z,1,ch)..string.rep('0',gv-ch+1)..string.sub(z,gv+2)
end
end
il(i,ay,ab,ca,z,av..':'..w..':'..ao,l)
if ar then return ar[1]and ar end
return 1
end
local ff={['slots.acquire']=ev,['slots.extend']=ev,['slots.release']=ev}
local hi={}`;

const PART_13 = `local cx,dq,gy,kw='0','1','2',48
local ky=64
local function ds(am)
local ly=string.gmatch(am,'(%d+)%-?(%d*)')
return function()
local ac,l=ly()
if ac then return tonumber(ac),tonumber(l)or tonumber(ac)end
end
end
local function km(z,dx)
local ih,ch,l={},string.find(z,dx..'+')
while ch do
ih[#ih+1]=ch==l and tostring(ch-1)or string.format('%d-%d',ch-1,l-1)
ch,l=string.find(z,dx..'+',l+1)
end
return table.concat(ih,' ')
end
local function df(z,w,dx)
local eg,m={},0
for ac,l in ds(w)do
if ac<m then z,eg,m=table.concat(eg)..string.sub(z,m+1),{},0 end
if ac>#z then z=z..string.rep(cx,ac-#z)end
eg[#eg+1]=string.sub(z,m+1,ac)
eg[#eg+1]=string.rep(dx,l-ac+1)
m=l+1
end
return table.concat(eg)..string.sub(z,m+1)
end
local function lb(z,w)
for ac,l in ds(w)do
if string.find(string.sub(z,ac+1,l+1),dq,1,true)then return false end
end
return true
end
local function fi(z,aa)
return#string.gsub(string.sub(z,1,aa),dq..'+','')
end
local function lg(w)
local hv=0
for ai,l in ds(w)do hv=math.max(hv,l+1)end
return hv
end
local function mb(f,aa)
local cp,el=string.match(f,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not cp then return 0,1 end
return tonumber(cp,16)%aa,1+tonumber(el,16)%aa
end
local function jb(z,al,aa,ia,y,f)
local dc=al
local function ft(ac,l)
l=math.min(l,aa-1)
if dc==0 or ac>l then return end
local ml,ah=string.gsub(string.sub(z,ac+1,l+1),cx,gy,dc)
if ah==0 then return end
z,dc=string.sub(z,1,ac)..ml..string.sub(z,l+2),dc-ah
end
for ac,l in ds(ia)do ft(ac,l)end
if y then
for ac,l in ds(y)do ft(ac,l)end
else
local cp,el=mb(f,aa)
for d=0,ky-1 do
if dc==0 then break end
local bw=(cp+d*el)%aa
if string.byte(z,bw+1)==kw then ft(bw,bw)end
end
ft(cp,aa-1)
ft(0,cp-1)
end
if dc>0 then return nil end
return km(z,gy),(string.gsub(z,gy,dq))
end`;

const PART_14 = `local ip='~'
local function at()
local aq=redis.call('TIME')
return tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local function hx(am,b)
local bt,aa,gw=string.match(am,'^(%d+) (%d+) (%d+)$')
if bt and tonumber(gw)+604800000+86400000>=b then return tonumber(bt),tonumber(aa),tonumber(gw)end
end
local function ic(k,q,b)
return hx(redis.call('HGET',k,q)or'',b)
end
local function io(k,q,bt,aa,b)
local jd=tonumber(redis.call('HGET',k,ip)or'')
if not jd or jd+86400000<b then
local br=redis.call('HGETALL',k)
for d=1,#br,2 do
if not hx(br[d+1],b)then redis.call('HDEL',k,br[d])end
end
redis.call('HSET',k,ip,string.format('%.0f',b))
end
redis.call('HSET',k,q,string.format('%.0f %.0f %.0f',bt,aa,b))
redis.call('PEXPIRE',k,604800000+86400000)
end
local function mh(k,q,bt,aa,b)
if bt>(ic(k,q,b)or 0)then io(k,q,bt,aa,b)end
end`;

const PART_15 = `local ir='~p'
local ep,eq=16,32
local function lu(as)
return as==ir or string.sub(as,1,3)==ir..' '
end
local function dv(as)
local ay,ab,ca,z,t,w,f=
string.match(as or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(ay)or 0,['latest']=tonumber(ab)or 0,['kept']=tonumber(ca)or 0,['map']=z or'',
['deadline']=tonumber(t)or 0,['slots']=w or'',['token']=f or'',
['is_new']=not f,['is_other']=as and not lu(as)
}
end
local function fs(a,e,b)
local l=math.max(e.latest,e.deadline)
if l==0 then
redis.call('DEL',a[1])
return 0
end
local jv=e.latest>0 and l>e.kept
if jv then
e.kept=l+math.max(1,l-b)
for m=3,4 do redis.call('PEXPIREAT',a[m],string.format('%.0f',e.kept))end
end
if jv or e.is_new then redis.call('PEXPIRE',a[5],604800000)end
redis.call('SET',a[1],string.format('~p %.0f %.0f %.0f %s %.0f:%s:%s',e.check,e.latest,e.kept,e.map,
e.deadline,e.slots,e.token),'PXAT',string.format('%.0f',l))
return l
end
local function dm(a,e,f)
if f==e.token then return e.slots,e.deadline end
local w=e.latest>0 and redis.call('HGET',a[3],f)
local t=w and redis.call('ZSCORE',a[4],f)
if t then return w,tonumber(t)end
end
local function ja(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function gc(a,e,f)
local w,t=dm(a,e,f)
if not w then return nil end
e.map=df(e.map,w,cx)
if f==e.token then
e.deadline,e.slots,e.token=0,'',''
return w,t
end
redis.call('ZREM',a[4],f)
redis.call('HDEL',a[3],f)
if t==e.latest then
e.latest=tonumber(redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2])or 0
if e.latest==0 then e.check,e.kept=0,0 end
end
return w,t
end
local function gd(a,e,b)
local ea=false
if e.token~=''and e.deadline<b then
e.map=df(e.map,e.slots,cx)
e.deadline,e.slots,e.token,ea=0,'','',true
end
if e.latest>0 and b>e.check then
local lf=redis.call('ZRANGEBYSCORE',a[4],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for ai,f in ipairs(lf)do
e.map=df(e.map,redis.call('HGET',a[3],f)or'',cx)
redis.call('HDEL',a[3],f)
redis.call('ZREM',a[4],f)
end
local ac=redis.call('ZRANGE',a[4],0,0,'WITHSCORES')[2]
local l=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,ea=tonumber(ac)or 0,tonumber(l)or 0,true
if not ac then e.kept,e.map=0,df('',e.slots,dq)end
end
if ea then fs(a,e,b)end
end
local function id(a,e,f,t,b)
local ea=false
if f==e.token then
if e.deadline<t then e.deadline,ea=t,true end
elseif tonumber(redis.call('ZSCORE',a[4],f))<t then
redis.call('ZADD',a[4],string.format('%.0f',t),f)
if e.latest<t then e.latest,ea=t,true end
end
if ea then fs(a,e,b)end
end
local function dz(a,e,f,w,t,b)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=t,w,f,df(e.map,w,dq)
fs(a,e,b)
end
local function ki(a)
local bv=''
if not IS_CLUSTER then
local bp=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
bv=type(bp)=='string'and string.match(bp,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..eq..'.'..eq..'s',bv)
end
local function hg(a)
return redis.call('GETRANGE',a[5],0,eq-1)==ki(a)
end
local function fm(a,w,ae)
if not hg(a)then return ae end
local hs=ae-ae%16384
for ac,l in ds(w)do
local am=redis.call('GETRANGE',a[5],eq+ep*ac,eq+ep*(l+1)-1)
for d=0,l-ac do
local ah=tonumber(string.sub(am,ep*d+1,ep*(d+1)))
hs=math.max(hs,ah or ae)
end
end
return hs
end
local function im(a,w,ah,ae)
if not hg(a)then redis.call('SET',a[5],ki(a),'PX',604800000)end
local am=string.format('%0'..ep..'.0f',ah)
for ac,l in ds(w)do
redis.call('SETRANGE',a[5],eq+ep*ac,string.rep(am,l-ac+1))
end
if ae<ah then fc(a[2],ah)end
end`;

const PART_16 = `local gz='~s'
local function en(c,ac)
local y={c[1]}
for d=ac,#c do y[#y+1]=c[d]end
return y
end
local function gq(a)
local as=redis.call('GET',a[1])
if as and(as==gz or string.sub(as,1,3)==gz..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
local e=dv(as)
if e.is_other then return e,as,redis.call('PTTL',a[1])end
return e,nil,nil
end
local function eu(a,aa,bt,b)
local aw,ah,gw=ic(a[6],a[1],b)
if bt>(aw or 0)then
aw,ah=bt,aa
io(a[6],a[1],aw,ah,b)
elseif aw and gw+86400000<b then
io(a[6],a[1],aw,ah,b)
end
if not aw then return aa,''end
return ah,string.format('%.0f %.0f',aw,ah)
end
local function gp(z,du)
return z..string.rep(cx,du-#z)
end
local function ll(a,e,dc,b)
local bz=e.latest>0 and redis.call('ZRANGE',a[4],0,64-1,'WITHSCORES')or{}
if e.token~=''then
local m=1
while bz[m]and tonumber(bz[m+1])<=e.deadline do m=m+2 end
table.insert(bz,m,e.token)
table.insert(bz,m+1,e.deadline)
end
local l=-1
for d=1,#bz,2 do
l=tonumber(bz[d+1])
local w=bz[d]==e.token and e.slots or redis.call('HGET',a[3],bz[d])or''
for ac,lh in ds(w)do dc=dc-(lh-ac+1)end
if dc<=0 then break end
end
return l<0 and-1 or math.max(0,l-b),bz[1]or''
end
local function eb(aa)
return function(am)
local ah=tonumber(am)
return ah and ah<=aa
end
end
local function cr(a,e,g,cm,aa,b)
if#g==0 then return 0,false end
local z=gp(e.map,aa)
local cg=e.is_other and 0 or fi(z,aa)
local bf,cs,er=kg(g,function(cz)
cg=cg-tonumber(cz)
return cg>=0
end,b)
local cq={}
for d,p in ipairs(bf)do
local w,mj=jb(z,tonumber(p[3]),aa,cm,'0-'..aa-1)
z=mj or z
cq[d]=p[2]..':'..string.gsub(w or'',' ',',')
end
if#cq>0 then
dj(a[7],g,b)
redis.pcall('PUBLISH',a[8],kt(cq,er))
end
return#cq,cs
end
u['slots.acquire']=function(a,c)
local f,an,ad,bb,al=c[1],tonumber(c[2]),c[3],tonumber(c[4]),tonumber(c[5])
local ia,gi,y,b=c[8],#c>8,en(c,9),at()
local e,ak,bk=gq(a)
local aa,fn=eu(a,tonumber(c[6]),tonumber(c[7]),b)
if al>aa then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',aa,al),0)end
gd(a,e,b)
local g=ck(a[7],b,eb(aa))
local aw=math.max(b,g.ticket)
local dg=hc(bb,aw)
local z=gp(e.map,aa)
local w,ce=dm(a,e,f),nil
if ak then
if ad~=''then pcall(hh,a[8],ad,an)end
elseif w then
local j=fm(a,w,bm(a[2])or db(a[2]))
id(a,e,f,b+an,b)
if kn(g,ad,b)then dj(a[7],g,b)end
return{1,j,w,fn,gi and z or nil}
else
local di,dt=z,''
for d=2,#y do
local be=dm(a,e,y[d])or''
di,dt=df(di,be,cx),dt..' '..be
end
local by
if#g>0 and not gi then
local cg=fi(di,aa)
by=cg>=al and ix(g,ad,dg>0 and dg or nil,function(cz)
cg=cg-tonumber(cz)
return cg<al
end)
end
if not by then ce=jb(di,al,aa,ia,gi and dt or nil,f)end
if ce then
local ae=bm(a[2])
local ac=not ae and db(a[2])
local j,t=fm(a,ce,ae or ac)+1,b+an
ja(a,e)
for d=2,#y do
local ai,av=gc(a,e,y[d])
t=math.max(t,av or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
j=ac or j
fc(a[2],j)
else
im(a,ce,j,ae or ac)
end
dz(a,e,f,ce,t,b)
if kn(g,ad,b)then dj(a[7],g,b)end
return{1,j,ce,fn,gi and df(di,ce,dq)or nil}
end
local cg=fi(z,aa)
bk,ak=ll(a,e,al-cg,b)
if by then
cr(a,e,g,'',aa,b)
if by[5]>0 then bk,ak=math.max(0,50-b+by[5]),''
else bk=-1 end
end
end
if ad~=''then
kq(g,ad,string.format('%.0f',al),bb,0,b,aw)
dj(a[7],g,b)
end
return{0,bk,ak,kr(aw,b),fn}
end
u['slots.commit']=function(a,c)
local j,w=tonumber(c[2]),c[3]
local e=dv(redis.call('GET',a[1]))
if dm(a,e,c[1])~=w then return{0}end
local ae=bm(a[2])or db(a[2])
local ah=fm(a,w,ae)
if ah<j or not hg(a)then im(a,w,math.max(ah,j),ae)end
return 1
end
u['slots.extend']=function(a,c)
local f,j,an,w=c[1],tonumber(c[2]),tonumber(c[3]),c[4]
local y,b=en(c,7),at()
local e,ak=gq(a)
if ak then return{0,-1,ak}end
local aa=eu(a,tonumber(c[5]),tonumber(c[6]),b)
gd(a,e,b)
local be=dm(a,e,f)
if be==w and#y==1 then
id(a,e,f,b+an,b)
return 1
end
local di,av=gp(e.map,math.max(aa,lg(w))),''
for ai,da in ipairs(y)do
local dt=dm(a,e,da)or''
di,av=df(di,dt,cx),av..' '..dt
end
if not lb(di,w)then
local kv={f,'',c[5],c[6]}
for d=2,#y do kv[d+3]=y[d]end
u['slots.release'](a,kv)
return{0,-1,''}
end
ja(a,e)
local ae=be~=w and(bm(a[2])or fh(a[2]))
if ae then im(a,w,math.max(j,fm(a,w,ae)),ae)end
local t=b+an
for ai,da in ipairs(y)do
local ai,l=gc(a,e,da)
t=math.max(t,l or 0)
end
dz(a,e,f,w,t,b)
local cm=km(df(df(string.rep(cx,#di),av,dq),w,cx),dq)
if cm~=''then cr(a,e,ck(a[7],b,eb(aa)),cm,aa,b)end
return 1
end
u['slots.release']=function(a,c)
local bc,y,b=c[2],en(c,5),at()
local as=redis.pcall('GET',a[1])
local e=dv(type(as)=='string'and as)
local cm,bn,ik,ju='',false,0,false
for ai,da in ipairs(y)do
local w,t=gc(a,e,da)
if w then
ju,bn=true,bn or t>=b
cm,ik=cm..' '..w,math.max(ik,t)
end
end
if not ju then return 0 end
redis.pcall('ZREM',a[4],'')
local az=redis.pcall('MGET',a[7],a[8])
local jk=az[1]or az[2]
if jk then gd(a,e,b)end
local l=fs(a,e,b)
if jk then
local aa=eu(a,tonumber(c[3]),tonumber(c[4]),b)
local g=ck(a[7],b,eb(aa))
local bh,bf,cs=pcall(cr,a,e,g,cm,aa,b)
if not bh then bf,cs=0,false end
if l==0 and not cs then hf(a[8],bc~='')
elseif l>0 and ik>l and bf==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bn and 1 or 0
end
u['slots.leave']=function(a,c)
local b=at()
local aa=eu(a,tonumber(c[2]),tonumber(c[3]),b)
local g=ck(a[7],b,eb(aa))
if kb(g,c[1])then
dj(a[7],g,b)
pcall(function()cr(a,dv(redis.call('GET',a[1])),g,'',aa,b)end)
end
pcall(fd,a[8],c[1])
return 1
end
u['slots.count']=function(a,c)
local b=at()
local e,ak=gq(a)
local aa,fn=eu(a,tonumber(c[1]),tonumber(c[2]),b)
gd(a,e,b)
local g=ck(a[7],b,eb(aa))
cr(a,e,g,'',aa,b)
local cg=ak and 0 or fi(gp(e.map,aa),aa)
local bt=tonumber(string.match(fn,'^%d+')or 0)
return{1,cg,aa,bt,#e.map-fi(e.map,#e.map)}
end
u['slots.resize']=function(a,c)
if not bm(a[2])then db(a[2])end
return u['slots.count'](a,c)
end`;

const PART_17 = `u['slots.renew']=function(a,c,ew)
local f,b,as=c[1],at(),redis.call('GET',a[1])
local e=dv(as)
local w,t=dm(a,e,f)
if w~=c[3]or t<b then
local lv=e.is_other and string.sub(as,1,2)~=gz
return{0,redis.call('PTTL',a[1]),lv and as or''}
end
local j=fm(a,w,bm(a[2])or 1)
if not ew then id(a,e,f,b+tonumber(c[2]),b)end
return j
end`;

const PART_18 = `local ff,hi,fg={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fg=2
local ff={
['mutex.acquire']=function(i,aj,af)
local cl=r('SET',KEYS[i],ARGV[aj],'NX','PX',ARGV[af])
if not cl or cl.err then return nil end
local j=ah(KEYS[i+1])
if j then return j end
local dr=r('DEL',KEYS[i])
return type(dr)=='table'and{-1,dr.err}or nil
end,
['mutex.takeOver']=function(i,aj,af)
if r('GET',KEYS[i])~=ARGV[aj+1]then return nil end
local j=ah(KEYS[i+1])
if not j then return nil end
local cl=r('SET',KEYS[i],ARGV[aj],'PX',ARGV[af])
return not cl.err and-j or nil
end,
['mutex.extend']=function(i,aj,af)
if r('GET',KEYS[i])~=ARGV[aj]then return nil end
local s=r('PTTL',KEYS[i])
if type(s)~='number'or s<0 then return nil end
if s<tonumber(ARGV[af])and r('PEXPIRE',KEYS[i],ARGV[af])~=1 then return nil end
return 1
end,
['mutex.release']=function(i,aj)
local x=r('MGET',KEYS[i],KEYS[i+1])
if x.err or x[2]then return nil end
if x[1]~=ARGV[aj]then return 0 end
return r('DEL',KEYS[i])==1 and 1 or nil
end,
}`,
    PART_2,
    `local hi={
['mutex.release']=function(i,aj,du,cv)
local x=r('MGET',unpack(KEYS,i,i+2*du-1))
if x.err then return 0 end
local be,js,ig,dy={},{},{},0
for d=1,du do
if x[2*d]then break end
local q=KEYS[i+2*d-2]
local bo=x[2*d-1]==ARGV[aj+d-1]and not js[q]
cv[#cv+1]=bo and 1 or 0
if bo then
js[q]=true
be[#be+1]=q
ig[#be]=#cv
end
dy=d
end
local dr=#be>0 and r('DEL',unpack(be))
if type(dr)=='table'then
for d=1,#ig do cv[ig[d]]={-1,dr.err}end
end
return dy
end
}`,
    PART_3,
    PART_4,
    `local function dz(k,f,an,bo)
if not bo then redis.call('SET',k,f,'PX',an)
else
local s=redis.call('PTTL',k)
if s>=0 and s<tonumber(an)then redis.call('PEXPIRE',k,an)end
end
end
local function iu(a,f,ib,an,ad)
local em=ad==''and 2 or 3
local bo,ci,ct={},true,false
local bk,ak
for d=1,#a,em do
local h=redis.call('GET',a[d])
bo[d]=h==f
if h~=f then ci=false end
if h and h==ib then
ct=true
elseif h and h~=f then
local s=redis.call('PTTL',a[d])
if not ak or(bk~=-1 and(s==-1 or s>bk))then
bk,ak=s,h
end
end
end
if ad~=''then
for d=3,#a,3 do pcall(hh,a[d],ad,tonumber(an))end
end
if ak then return{0,bk,ak}end
local j=0
for d=2,#a,em do
local l=bm(a[d])
j=math.max(j,l and(ci and l or l+1)or db(a[d]))
end
for d=1,#a,em do
dz(a[d],f,an,bo[d])
fc(a[d+1],j)
end
return ct and-j or j
end
u['mutex.acquire']=function(a,c)
return iu(a,c[1],nil,c[2],c[3])
end
u['mutex.takeOver']=function(a,c)
return iu(a,c[1],c[2],c[3],c[4])
end
u['mutex.commit']=function(a,c)
for d=1,#a,2 do
if redis.call('GET',a[d])~=c[1]then return{0}end
end
for d=2,#a,2 do
if not bm(a[d])then db(a[d])end
ex(a[d],tonumber(c[2]))
end
return 1
end
u['mutex.extend']=function(a,c)
local f,j,an=c[1],tonumber(c[2]),c[3]
local bo={}
for d=1,#a,2 do
local h=redis.call('GET',a[d])
if h and h~=f then return{0,redis.call('PTTL',a[d]),h}end
bo[d]=h==f
end
for d=1,#a,2 do
local hl=not bo[d]and(bm(a[d+1])or fh(a[d+1]))
if hl then ex(a[d+1],j)end
end
for d=1,#a,2 do dz(a[d],f,an,bo[d])end
return 1
end
u['mutex.release']=function(a,c)
local f,bc=c[1],c[2]
local bn,es=false,false
for d=1,#a,2 do
local h=redis.pcall('GET',a[d])
if bc~=''then pcall(fd,a[d+1],bc)end
if h==f then
redis.call('DEL',a[d])
bn=true
if hf(a[d+1],bc~='')then es=true end
elseif type(h)=='table'and h.err and not string.find(h.err,'WRONGTYPE',1,true)then
error(h.err)
end
end
if not bn then return 0 end
return es and-1 or 1
end
u['mutex.leave']=function(a,c)
pcall(fd,a[1],c[1])
return 1
end
u['mutex.renew']=function(a,c)
local j=1
for d=1,#a,2 do
local h=redis.call('GET',a[d])
if h~=c[1]then return{0,redis.call('PTTL',a[d]),h or''}end
j=math.max(j,bm(a[d+1])or 1)
end
for d=1,#a,2 do dz(a[d],c[1],c[2],true)end
return j
end
u['mutex.query']=function(a)
local o={1}
for d=1,#a,2 do
o[#o+1]=redis.call('GET',a[d])or''
o[#o+1]=redis.call('PTTL',a[d])
o[#o+1]=ez(a[d+1])or''
end
return o
end`,
    PART_5,
    PART_6,
  ],
  "a00ddb273c4622e9398ae28133bc99c3908be919",
  "ea66f4fa93da3c5b7489f7657e2486f20a84f376",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fg=81
local ff={
['modes.acquire']=function(i,aj,af,al)
local f,an,ap,cn=ARGV[aj],ARGV[af],ARGV[af+1],KEYS[i+al-1]
if ARGV[af+2]~=''then return nil end
if al~=4 then
local ai,lm=string.gsub(ap,' ','')
if al~=3*lm+4 then return nil end
end
local fl,ey
if r('EXISTS',unpack(KEYS,i,i+al-2))~=0 then
local x,m=r('MGET',unpack(KEYS,i,i+al-2)),1
if x.err then return nil end
fl={}
ey={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for n in string.gmatch(ap,'%u+')do
local h,q,au=x[m],KEYS[i+m-1],KEYS[i+m]
if x[m+2]then return nil end
if not h then
if r('EXISTS',q,au)~=0 then return nil end
else
if n=='X'or n=='SIX'then return nil end
local s,be,ak=r('PTTL',q),nil,nil
if type(s)~='number'or s<=0 then return nil end
if h=='~s'then
if r('ZSCORE',au,f)then return nil end
local ac=(n=='IX'and 3)or(n=='S'and 2)
if ac and r('ZCOUNT',au,ac..'00000000000000','('..ac+2 ..'00000000000000')~=0 then
return nil
end
else
be,ak=string.match(h,'^~s ([ISX]+) (.*)$')
if not ey[be]or ak==f or(n~=be and n~='IS'and be~='IS')then return nil end
if r('EXISTS',au)~=0 then return nil end
end
fl[m]={s,be,ak}
end
m=m+3
end
end
local j
if ap=='X'or string.find(' '..ap,' X',1,true)or string.find(ap,'SIX',1,true)then
j=ah(cn)
if not j then return nil end
else
local h=r('GET',cn)
j=not h and ah(cn)or(type(h)=='string'and string.match(h,'^%d+$')and tonumber(h))
if not j or j<1 or j>=9000000000000000 then return nil end
end
if al==4 and not fl then
local cl=r('SET',KEYS[i],ap=='X'and f or'~s '..ap..' '..f,'PX',an)
return not cl.err and j or nil
end
local m,b=1,nil
for n in string.gmatch(ap,'%u+')do
local q,gj=KEYS[i+m-1],fl and fl[m]
if gj then
local au,cb,s,ak=KEYS[i+m],tonumber(an),gj[1],gj[3]
if not b then
local aq=r('TIME')
if aq.err then return nil end
b=tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local ag,bh=string.format('%.0f',ey[n]+b+cb),nil
if ak then
local ke=math.max(s,cb)
bh=r('ZADD',au,string.format('%.0f',ey[gj[2]]+b+s),ak,ag,f)==2
and r('PEXPIRE',au,ke)==1 and not r('SET',q,'~s','PX',ke).err
else
r('ZREMRANGEBYSCORE',au,string.format('%.0f',ey[n]),string.format('(%.0f',ey[n]+b))
bh=r('ZADD',au,ag,f)==1
local ko=r('PTTL',au)
if type(ko)~='number'or ko<cb then
bh=r('PEXPIRE',au,cb)==1 and bh
end
if s<cb then bh=r('PEXPIRE',q,cb)==1 and bh end
end
if not bh then return nil end
else
local cl=r('SET',q,n=='X'and f or'~s '..n..' '..f,'PX',an)
if cl.err then return nil end
end
m=m+3
end
return j
end,
['modes.extend']=function(i,aj,af,al)
local f,an,m=ARGV[aj],ARGV[af],1
local x=ARGV[af-1]=='2'and r('MGET',unpack(KEYS,i,i+al-1))
if not x or x.err then return nil end
for n in string.gmatch(ARGV[af+1],'%u+')do
if x[m]~=(n=='X'and f or'~s '..n..' '..f)then return nil end
m=m+4
end
for q=i,i+m-2,4 do
local s=r('PTTL',KEYS[q])
if type(s)~='number'or s<0 then return nil end
if s<tonumber(an)and r('PEXPIRE',KEYS[q],an)~=1 then return nil end
end
return 1
end,
['modes.release']=function(i,aj,ai,al)
local f,x=ARGV[aj],nil
if al==4 then
local h,co,mo=unpack(r('MGET',KEYS[i],KEYS[i+2],KEYS[i+3]))
if not h or co or mo then return nil end
if h==f or string.match(h,'^~s [ISX]+ (.*)$')==f then
return r('DEL',KEYS[i])==1 and 1 or nil
end
x={h}
else
x=r('MGET',unpack(KEYS,i,i+al-1))
if x.err then return nil end
end
local cu,gt,ii,b={},{},{},nil
for m=1,al,4 do
local h,q,au=x[m],KEYS[i+m-1],KEYS[i+m]
if not h or x[m+2]or x[m+3]then return nil end
if h=='~s'then
local ag=r('ZSCORE',au,f)
local s=r('PTTL',q)
if type(ag)~='string'or type(s)~='number'or s<0 then return nil end
if not b then
local aq=r('TIME')
b=tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local t=tonumber(ag)%100000000000000
local ae=tonumber(ag)-t
if t<b then return nil end
local kf,jp=string.format('%.0f',ae),string.format('(%.0f',ae+100000000000000)
local l=r('ZREVRANGEBYSCORE',au,jp,kf,'WITHSCORES','LIMIT',0,2)
if l.err then return nil end
local ab,ht=tonumber(l[2])-ae,nil
if l[1]==f then
ht=r('ZCARD',au)
ab=l[4]and tonumber(l[4])-ae
if ab and(ab<b or r('ZCOUNT',au,kf,jp)~=ht)then return nil end
if not ab and ht~=1 then return nil end
elseif s>ab-b+1 then
return nil
end
if not ab then
cu[#cu+1]=q
elseif s>ab-b+1 then
ii[#ii+1]={q,math.max(1,ab-b)}
end
gt[#gt+1]=au
elseif h==f or string.match(h,'^~s [ISX]+ (.*)$')==f then
cu[#cu+1]=q
else
return nil
end
end
for ai,as in ipairs(ii)do
if r('PEXPIRE',as[1],as[2])~=1 then return nil end
end
for ai,au in ipairs(gt)do
if r('ZREM',au,f)~=1 then return nil end
end
local dr=#cu==0 or r('DEL',unpack(cu))
if type(dr)=='table'then return#gt>0 and{-1,dr.err}or nil end
return 1
end
}
local hi={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    PART_10,
    `u['modes.position']=function(a,c)
local b=at()
local g=ck(a[3],b,ec)
local m,hd,bu=hz(g,c[1]),0,0
local ag=m and g[m][1]or math.max(b,g.ticket)+1-tonumber(c[2])
for d=1,#g do
local p=dl(g,d)
if not p[7]and p[5]>=0 then
bu=bu+1
if p[2]~=c[1]and not ho(p,ag,c[1])then hd=hd+1 end
end
end
return{1,hd,bu,redis.call('EXISTS',a[1])}
end
u['modes.stay']=function(a,c)
local b=at()
local g=ck(a[3],b,ec)
if gs(g,c[1],b)then dj(a[3],g,b)end
return 1
end`,
    `u['modes.query']=function(a)
local o,b={1},at()
for ai,v in ipairs(ef(a,#a/4,4))do
local eo={ez(v.wake)}
local g=ck(v.line,b,ec)
for d=1,#g do
local p=dl(g,d)
if p[4]>=b and p[5]>=0 then eo[#eo+1]=p[2]end
end
o[#o+1]=redis.call('GET',v.lock)or''
o[#o+1]=redis.call('PTTL',v.lock)
o[#o+1]=table.concat(eo,' ')
local hn=redis.call('ZRANGE',v.shared,0,-1,'WITHSCORES')
local m=#o+1
o[m]=0
for d=1,#hn,2 do
local s=tonumber(hn[d+1])%dk-b
if s>=0 then
o[m]=o[m]+1
o[#o+1]=hn[d]
o[#o+1]=s
end
end
end
return o
end`,
    PART_11,
    PART_5,
    PART_6,
  ],
  "5711f3ceabec2223efc1a83716643c7fdf59d121",
  "39f344b2b238d394d80972856698edeace4a26c2",
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
    `u['slots.query']=function(a)
local b=at()
local e,bi,s=gq(a)
local bt,aa=ic(a[6],a[1],b)
local eo={ez(a[8])}
local g=ck(a[7],b,eb(math.huge))
for d=1,#g do
local p=dl(g,d)
if p[4]>=b then eo[#eo+1]=p[2]end
end
local o={1,bi or'',s or-2,aa or 0,bt or 0,table.concat(eo,' ')}
local function iv(f,w,t)
if w and t>=b then
local m=#o
o[m+1],o[m+2],o[m+3]=f,w,t-b
end
end
if e.token~=''then iv(e.token,e.slots,e.deadline)end
if e.latest>0 then
local kp,be={},redis.call('HGETALL',a[3])
for d=1,#be,2 do kp[be[d]]=be[d+1]end
local bz=redis.call('ZRANGE',a[4],0,-1,'WITHSCORES')
for d=1,#bz,2 do
if bz[d]~=e.token then iv(bz[d],kp[bz[d]],tonumber(bz[d+1]))end
end
end
return o
end`,
    PART_5,
    PART_6,
  ],
  "e143fe4fb3dd21724aebe46f4dc2ecea5fd8e1a1",
  "50e45fe9ec6f0ae785ebe90292857164a355d6b0",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function kk(k)
local bp=redis.pcall('GET',k)
return type(bp)=='string'and bp or''
end
local function kl(k,li,h)
local eh=kk(k)
local aq=redis.call('TIME')
local b=string.format('%.0f',tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000))
if eh==li then
eh=h(tonumber(b))
redis.call('SET',k,eh)
end
return{1,eh,b}
end
u['marker.replace']=function(a,c)
return kl(a[1],c[1],function()return c[2]end)
end
u['marker.lose']=function(a,c)
return kl(a[1],c[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(c[2]))
end)
end`,
    `u['identify']=function(a)
local fa=''
local function gr(mm)
local gf=redis.pcall('INFO',mm)
if type(gf)=='table'then gf,fa='',gf.err end
return function(lk)return string.match(gf,'%f[%w_]'..lk..':([^\\r\\n]*)')or''end
end
local fb,hu,ie=gr('server'),gr('memory'),gr('replication')
local aq=redis.call('TIME')
local n=fb('redis_mode')
if n==''then n=fb('server_mode')end
local ks=fb('valkey_version')
return{
1,fb('run_id'),tonumber(fb('uptime_in_seconds'))or-1,
tonumber(aq[1])*1000000+tonumber(aq[2]),
tonumber(gr('persistence')('aof_enabled'))or-1,
hu('maxmemory_policy'),tonumber(hu('maxmemory'))or-1,
ie('role'),n,ie('master_replid'),ie('master_replid2'),
a[1]and kk(a[1])or'',fa,
tonumber(hu('used_memory'))or-1,ks~=''and'valkey '..ks or fb('redis_version')
}
end`,
    PART_14,
    `u['counters.read']=function(a)
local o,b={1},at()
for d=1,#a,2 do
local fk,j=pcall(bm,a[d])
o[#o+1]=fk and j and string.format('%.0f',j)or''
end
for d=2,#a,2 do
local br,cu,cq=redis.pcall('HGETALL',a[d]),{},{}
for m=1,br.err and 0 or#br,2 do
cu[#cu+1],cq[br[m]]=br[m],br[m+1]
end
table.sort(cu)
for ai,q in ipairs(cu)do
local bt,aa=hx(cq[q],b)
if bt then
for ai,h in ipairs({d/2,q,string.format('%.0f',bt),aa})do o[#o+1]=h end
end
end
end
return o
end
local function kj(a,c,ay)
local w,b=#a/2,at()
for d=1,w do
local k=a[2*d-1]
local fk,j=pcall(bm,k)
if fk and c[d]~=''then
if not j then ay(k)end
ex(k,tonumber(c[d]))
end
end
for m=w+1,#c,4 do
pcall(mh,a[2*tonumber(c[m])],c[m+1],tonumber(c[m+2]),tonumber(c[m+3]),b)
end
return 1
end
u['counters.raise']=function(a,c)
return kj(a,c,db)
end
u['counters.restore']=function(a,c)
return kj(a,c,function()end)
end
u['counters.lift']=function(a,c)
for d=1,#a do
local fk,j=pcall(bm,a[d])
if fk and j then ex(a[d],tonumber(c[1]))end
end
return 1
end`,
    `u['set.note']=function(a,c)
local cl,dt,ee=c[1],c[2],tonumber(c[3])
local aq=redis.call('TIME')
local b=tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
local ej,jt,ji=b,false,false
local de,am={},redis.pcall('GET',a[1])
for co in string.gmatch(type(am)=='string'and am or'','[^\\n]+')do
local gm,ac,ab,fe,md=string.match(co,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
ac,ab,fe=tonumber(ac),tonumber(ab),tonumber(fe)
if gm and ac<=ab and ab<=b and b<fe and fe<=b+3600000 then
if gm==cl then
ej,jt=ac,b-ab<tonumber(c[4])
elseif gm==dt then
ji=true
else
de[#de+1]={co,gm,ab,ac,fe,md}
end
end
end
local o,az,l={1},{},b+ee
for d=math.max(1,#de-16+2),#de do
local bi=de[d]
az[#az+1]=bi[1]
l=math.max(l,bi[5])
o[#o+1]=bi[2]
o[#o+1]=bi[3]-math.max(bi[4],ej)
o[#o+1]=bi[5]-b
o[#o+1]=bi[6]
end
if not jt or ji then
az[#az+1]=string.format('%s %.0f %.0f %.0f %s',cl,ej,b,b+ee,c[5])
redis.call('SET',a[1],table.concat(az,'\\n'),'PX',string.format('%.0f',l-b))
end
return o
end`,
    PART_5,
    PART_6,
  ],
  "220107f9d0f5ea42d9f0530ea499583d0a974531",
  "7fbe113e0017f118a6a1b387dc00479051e9c660",
);

export const HOLD_SUMMARY_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `u['hold.summary']=function(a,c)
local cc=redis.pcall('GET',a[1])
if type(cc)~='string'or#cc>256 then cc=''end
if c[1]~=''then
local s,ee=redis.call('PTTL',a[1]),tonumber(c[2])
if cc==''or s<=ee-tonumber(c[3])or s>ee then
redis.call('SET',a[1],c[1],'PX',c[2])
end
end
return{1,cc}
end`,
    PART_5,
    PART_6,
  ],
  "45155f2afd062d5f924f8c9f2fe5b8f0086996d2",
  "c59e7d753e5711cc572bbf93602d3e6d359b0476",
);

export const REPORT_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function at()
local aq=redis.call('TIME')
return tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local function ij(k,b)
local mi=redis.pcall('ZREMRANGEBYSCORE',k,'-inf',b)
if type(mi)~='number'then
redis.call('DEL',k)
return 0
end
redis.call('ZREMRANGEBYSCORE',k,b+15000+1,'+inf')
return redis.call('ZCARD',k)
end
u['report.write']=function(a,c)
local b,bv,ee=at(),c[1],tonumber(c[3])
local cc,gu=ij(a[1],b),ij(a[2],b)
local gb=cc<1000 or redis.call('ZSCORE',a[1],bv)
local kc=gb and a[1]or a[2]
redis.call('ZREM',gb and a[2]or a[1],bv)
if gb or gu<10000 then
redis.call('ZADD',kc,b+ee,bv)
redis.call('PEXPIRE',kc,15000)
end
if not gb then return{1,0}end
redis.call('SET',a[3],c[2],'PX',c[3])
return{1,1}
end
u['report.remove']=function(a,c)
local b=at()
for jr=1,2 do
ij(a[jr],b)
redis.call('ZREM',a[jr],c[1])
end
redis.call('DEL',a[3])
return{1}
end
u['report.list']=function(a,c)
local b=at()
local jq=redis.pcall('ZREVRANGEBYSCORE',a[1],'+inf','('..b,'LIMIT',0,1000)
local gu=redis.pcall('ZCOUNT',a[2],'('..b,'+inf')
local o={1,type(gu)=='number'and gu or 0}
if not jq.err then
for ai,bv in ipairs(jq)do o[#o+1]=bv end
end
return o
end
u['report.read']=function(a,c)
local o={1}
for ai,k in ipairs(a)do
local am=redis.pcall('GET',k)
if type(am)~='string'or#am>8192 then am=''end
o[#o+1]=am
o[#o+1]=am==''and 0 or redis.call('PTTL',k)
end
return o
end`,
    PART_5,
    PART_6,
  ],
  "15333f69e743af7a23e2983e99aaf2213c093c44",
  "f7885d270d3cbac6554c238240bc7c4dc9b9df5d",
);

export const RECORD_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function ku(am)
local h=string.match(am,'^%d+$')and tonumber(am)
return h and h<=9000000000000000 and h
end
local function cw(am,bq)
return ku(am)or error('the '..bq..' of a record must be a whole number of at most 9e15: '..am,0)
end
local function dh(dd)
return string.format('%.0f',dd)
end
local function fr(k)
local br,g=redis.pcall('HGETALL',k),{}
if br.err then
if not string.find(br.err,'WRONGTYPE',1,true)then error(br.err,0)end
error('the record '..k..' has another type than a hash; delete it',0)
end
for d=1,#br,2 do g[br[d]]=br[d+1]end
local x,dw={},g['b']or''
local ar=#dw>4096 or(#br>0 and not g['p'])
for d,bq in ipairs({'p','f','n','c','m'})do
x[d]=ku(g[bq]or'0')
ar=ar or not x[d]
end
if ar then
error('the record '..k..' has fields that no client of this library wrote; delete it',0)
end
return x[1],x[2],x[3],x[4],x[5],dw
end
local function hr(k,cb)
if redis.call('PTTL',k)<cb then redis.call('PEXPIRE',k,dh(cb))end
end
local function at()
local aq=redis.call('TIME')
return tonumber(aq[1])*1000+math.floor(tonumber(aq[2])/1000)
end
local function gk(k,b)
if IS_CLUSTER then return-1 end
local bp=redis.pcall('GET',k)
if type(bp)=='table'and not string.find(bp.err,'WRONGTYPE',1,true)then return-1 end
local bv=type(bp)=='string'and string.match(bp,'^complete %S+ %S+ (%S+) ')
if not bv then error('NOMARKER the server has lost its memory: it has no marker',0)end
local jw=string.match(bv,'^(%d+)%.')
return jw and math.max(0,b-tonumber(jw))or-1
end
u['record.open']=function(a,c)
local j,cb=cw(c[1],'fence'),cw(c[2],'time')
local b=at()
local bk=gk(c[3],b)
local l,ao,al,cp,bx,cc=fr(a[1])
if l>j then return{0,l}end
if l<j then redis.call('HSET',a[1],'p',dh(j))end
hr(a[1],cb)
return{1,ao,al,cp,bx,cc,b,bk}
end
u['record.put']=function(a,c)
local j,dd=cw(c[1],'fence'),cw(c[2],'number')
local ej,dw,cb=cw(c[3],'time'),c[4],cw(c[5],'time')
if#dw>4096 then
error('the body of a record must have at most '..4096 ..' bytes: '..#dw,0)
end
local b=at()
local bk=gk(c[6],b)
local l,ao,al,ai,bx,cc=fr(a[1])
if l>j or ao>j or(ao==j and al>dd)then return{0,math.max(l,ao)}end
if ao==j and al==dd and bx==0 and cc~=dw then
error('the record '..a[1]..' has another body with the same fence and number; use a new number',0)
end
redis.call('HSET',a[1],'p',dh(j),'f',dh(j),'n',dh(dd),'b',dw,'c',dh(ej))
if bx~=0 then redis.call('HDEL',a[1],'m')end
hr(a[1],cb)
return{1,b,bk}
end
u['record.copy']=function(a,c)
local dn,j,dd=cw(c[1],'fence'),cw(c[2],'fence'),cw(c[3],'number')
local ej,cb=cw(c[4],'time'),cw(c[6],'time')
local l,ao,al=fr(a[1])
if dn>l then redis.call('HSET',a[1],'p',dh(dn))end
if j>ao or(j==ao and dd>al)then
redis.call('HSET',a[1],'f',dh(j),'n',dh(dd),'b',c[5],'c',dh(ej),'m','1')
end
hr(a[1],cb)
return 1
end
u['record.list']=function(a,c)
local x=redis.call('SCAN',c[1],'MATCH',c[2],'COUNT',250)
local o={1,x[1],gk(a[1],at())}
table.sort(x[2])
for ai,k in ipairs(x[2])do
local bh,l,ao,al,cp,ai,cc=pcall(fr,k)
if bh and l>0 then
for ai,h in ipairs({k,l,ao,al,cp,cc,redis.call('PTTL',k)})do o[#o+1]=h end
end
end
return o
end
u['record.get']=function(a,c)
local b=at()
local bk=gk(c[1],b)
local ai,ao,al,cp,bx,cc=fr(a[1])
return{1,ao,al,cp,bx,cc,b,bk}
end`,
    PART_5,
    PART_6,
  ],
  "a0fc889e48115077410209fdd85087f142c16950",
  "811a9833016b6f4c244c07e6c215ca398468bb1b",
);

export const OPERATOR_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `u['operator.replace']=function(a,c)
local f,ib=c[1],c[2]
local h=redis.call('GET',a[1])
local s=h and redis.call('PTTL',a[1])or 0
if not h or(h~=f and(h~=ib or s==-1))then return{0,s,h or''}end
local l=bm(a[2])
local j=l and(h==f and l or l+1)or db(a[2])
if h~=f then redis.call('SET',a[1],f,'PX',math.max(1,s))end
fc(a[2],j)
return-j
end
u['operator.restore']=function(a,c)
local h=redis.pcall('GET',a[1])
if h~=c[1]then return 0 end
redis.call('SET',a[1],c[2],'PX',math.max(1,redis.call('PTTL',a[1])))
return 1
end`,
    PART_5,
    PART_6,
  ],
  "af8406762dfaef45f1fd19dce544e16d135f8629",
  "24676f05c7053fd99f012e68361e1f14f28b613d",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    PART_12,
    `local fg=13
local function hw(i,aj,af,al,bq)
local f,q=ARGV[aj],KEYS[i+8]
if bq=='quota.acquire'then
local n=ARGV[af+10]
if al~=12 or ARGV[af]~='modes.acquire'or ARGV[af-1]~='12'or ARGV[af+11]~=''then return nil end
local cf=(n=='X'or n=='SIX')and 1 or(n=='S'or n=='IX'or n=='IS')and 0
local o=cf and ev(i,aj,af+2,al,'slots.acquire',cf)
if not o then return nil end
bl('SET',q,n=='X'and f or'~s '..n..' '..f,'PX',ARGV[af+9])
if ar then return ar[1]and ar end
return o
end
if bq=='quota.extend'then
if al~=13 or ARGV[af]~='modes.extend'or ARGV[af-1]~='10'then return nil end
local n,an=ARGV[af+9],ARGV[af+8]
if r('GET',q)~=(n=='X'and f or'~s '..n..' '..f)then return nil end
local s=r('PTTL',q)
if type(s)~='number'or s<0 then return nil end
local o=ev(i,aj,af+2,al,'slots.extend')
if o and s<tonumber(an)then bl('PEXPIRE',q,an)end
if ar then return ar[1]and ar end
return o
end
if al~=12 or ARGV[af]~='modes.release'or ARGV[af-1]~='6'then return nil end
local x=r('MGET',KEYS[i],KEYS[i+6],KEYS[i+7],q,KEYS[i+10],KEYS[i+11])
local h=x[4]
if not h or x[5]or x[6]then return nil end
if h~=f and string.match(h,'^~s [ISX]+ (.*)$')~=f then return nil end
local o=ev(i,aj,af+2,al,'slots.release',x)
if not o then return nil end
if o~=2 then bl('DEL',q)end
if ar then return ar[1]and ar end
return 1
end
local ff={['quota.acquire']=hw,['quota.extend']=hw,['quota.release']=hw}`,
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
    `local is=8
local function fp(a,c)
local bj,cj,bs,cd={},{},{c[1]},{c[1]}
local ah=tonumber(c[3])
for d,k in ipairs(a)do
if d<=is then bj[d]=k
else cj[d-is]=k end
end
for d=4,#c do
if d<4+ah then bs[d-2]=c[d]
else cd[d-2-ah]=c[d]end
end
return bj,bs,cj,cd
end
local function kh(a,c,ac)
local e,bg,b=dv(redis.call('GET',a[1])),{},at()
local ai,mc=dm(a,e,c[1])
for d=ac,#c do
local w,t=dm(a,e,c[d])
if w and t>b then bg[#bg+1]={c[d],w,t}end
end
return(mc or 0)>=b,bg
end
local function ln(a,f,bg,b)
local e=dv(redis.call('GET',a[1]))
gc(a,e,f)
for ai,hy in ipairs(bg)do dz(a,e,hy[1],hy[2],hy[3],b)end
fs(a,e,b)
end
local function kd(a,f,bg,ci,bq,cj,cd)
local bh,q=pcall(u[bq],cj,cd)
if bh and(type(q)=='number'or q[1]==1)then return q end
if not ci then ln(a,f,bg,at())end
if not bh then error(q,0)end
return nil,{0,q[2],q[3],q[4],q[5],2}
end
u['quota.acquire']=function(a,c)
local bj,bs,cj,cd=fp(a,c)
local ci,bg=kh(bj,bs,9)
local ax=u['slots.acquire'](bj,bs)
if ax[1]==0 then return{0,ax[2],ax[3],ax[4],ax[5],1}end
local q,fa=kd(bj,c[1],bg,ci,c[2],cj,cd)
if not q then
if#bg==0 and not ci then
local b=at()
local aa=eu(bj,tonumber(bs[6]),tonumber(bs[7]),b)
local e,g=dv(redis.call('GET',bj[1])),ck(bj[7],b,eb(aa))
cr(bj,e,g,ax[3],aa,b)
end
return fa
end
if type(q)=='number'then return{1,math.abs(q),ax[3],ax[4],ax[5]or''}end
return{1,q[2],ax[3],ax[4],ax[5]or'',q[3],q[4],q[5]or''}
end
u['quota.convert']=function(a,c)
local bj,bs,cj,cd=fp(a,c)
local ci,bg=kh(bj,bs,7)
local ax=u['slots.extend'](bj,bs)
if ax~=1 then return{0,ax[2],ax[3],'0','',1}end
local q,fa=kd(bj,c[1],bg,ci,c[2],cj,cd)
return q and{1,math.abs(q),bs[4],'',''}or fa
end
local function iy(a,c,bq)
local bj,bs,cj,cd=fp(a,c)
local ax=u[bq](bj,bs)
if ax~=1 then return ax end
return u[c[2]](cj,cd)
end
u['quota.commit']=function(a,c)return iy(a,c,'slots.commit')end
u['quota.extend']=function(a,c)return iy(a,c,'slots.extend')end
u['quota.release']=function(a,c)
local bj,bs,cj,cd=fp(a,c)
local bh,ax=pcall(u['slots.release'],bj,bs)
local q=u[c[2]](cj,cd)
if not bh then error(ax,0)end
return q~=0 and q or ax
end`,
    `u['quota.renew']=function(a,c)
local bj,bs,cj,cd=fp(a,c)
local q
for ai,ew in ipairs({true,false})do
local ax=u['slots.renew'](bj,bs,ew)
if type(ax)~='number'then return ax end
q=u[c[2]](cj,cd,ew)
if type(q)~='number'then return q end
end
return q
end`,
    PART_5,
    PART_6,
  ],
  "bdde14e98534b63b3ff7d5c994b699c01e9dd17c",
  "7e878b5f366b75593256213bb9d2047654d9326a",
);
