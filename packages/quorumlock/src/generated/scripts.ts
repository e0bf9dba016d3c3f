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
local bs=t('GET',string.match(j,'^(.*)~fence:')..'~server')
local dp=type(bs)=='string'and string.match(bs,'^complete .* (%d+)$')
local cm=dp and t('SET',j,dp)
if cm and not cm.err then return tonumber(dp)end
end
local mt=t(i>1 and'DECR'or'DEL',j)
if type(mt)=='table'then t('DECR',j)end
return nil
end`;

const PART_2 = `if#KEYS<=fn and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local gs=fm[ARGV[1]]
local m=gs and gs(1,6+ARGV[5],6,#KEYS,ARGV[1])
if m then return m end
end`;

const PART_3 = `local function general()
local s={}
local function bk(j)
local h=redis.call('GET',j)
if not h then return nil end
local i=string.match(h,'^-?%d+$')and tonumber(h)
if not i or i>=9000000000000000 then
error('the fencing counter '..j..' cannot be counted up: '..h..'; delete it together with '
..string.match(j,'^(.*)~fence:')..'~server, on one server after another')
end
return i>0 and i or nil
end
local function ev(j,i)
redis.call('SET',j,string.format('%.0f',i))
end
local function fo(j)
if not IS_CLUSTER then
local bs=redis.pcall('GET',string.match(j,'^(.*)~fence:')..'~server')
if type(bs)~='table'or string.find(bs.err,'WRONGTYPE',1,true)then
return type(bs)=='string'and tonumber(string.match(bs,'^complete .* (%d+)$'))or nil
end
end
local ao=redis.call('TIME')
local b=tonumber(ao[1])*1000000+tonumber(ao[2])
return math.max(1,b-b%16384)
end
local function cq(j)
local dp=fo(j)
if dp then return dp end
redis.call('DEL',j)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function fh(j,i)
local en=bk(j)
if not en then i=math.max(i,fo(j)or 0)end
if(en or 0)<i then ev(j,i)end
end`;

const PART_4 = `local function eo(j)
local bf=redis.pcall('GET',j)
return type(bf)=='string'and bf or nil
end
local function hm(j,bd,am)
am=math.max(am,20000)
local bf=eo(j)
if not bf then
redis.call('SET',j,bd,'PX',am)
elseif string.find(' '..bf..' ',' '..bd..' ',1,true)then
redis.call('PEXPIRE',j,math.max(redis.call('PTTL',j),am))
elseif#bf+1<256*(#bd+1)then
redis.call('SET',j,bf..' '..bd,'PX',math.max(redis.call('PTTL',j),am))
end
end
local function ez(j,bd)
local bf=eo(j)
if not bf then return end
local dg={}
for bm in string.gmatch(bf,'%S+')do
if bm~=bd then dg[#dg+1]=bm end
end
if#dg==0 then redis.call('DEL',j)
else redis.call('SET',j,table.concat(dg,' '),'PX',math.max(redis.call('PTTL',j),1))end
end
local function hj(j,mb)
local bf=eo(j)
if not bf then return false end
local ac=mb and string.match(bf,'[^%s~]%S*')or''
if string.sub(bf,1,1)=='~'then ez(j,'~')end
if ac~=''then ez(j,ac)end
redis.pcall('PUBLISH',j,ac)
return ac~=''
end`;

const PART_5 = `return s
end`;

const PART_6 = `local function ml(gs,k,fc,al,y,af,au)
local a,c={unpack(KEYS,k,k+fc-1)},{unpack(ARGV,al,al+y-1)}
for d=1,au do c[y+d]=ARGV[af+d-1]end
local bl,m=pcall(gs,a,c)
if bl then return m end
if type(m)=='table'then m=m.err or m[1]end
return{-1,tostring(m)}
end
local da,s,k,al={},nil,1,1
while al<=#ARGV do
local bu,dw,fc=ARGV[al],tonumber(ARGV[al+1]),tonumber(ARGV[al+2])
local y,au,af=tonumber(ARGV[al+3]),tonumber(ARGV[al+4]),al+5
al=af+au
local jl=fc<=fn
local jj=jl and fm[bu]
local ji=jl and dw>1 and hn[bu]
local eb=0
while eb<dw do
local ah=ji and ji(k,al,dw-eb,da)or 0
if ah==0 then
local m=jj and jj(k,al,af,fc,bu)
if not m then
s=s or general()
m=ml(s[bu],k,fc,al,y,af,au)
end
da[#da+1]=m
ah=1
end
k,al,eb=k+ah*fc,al+ah*y,eb+ah
end
end
return#da==1 and da[1]or da`;

const PART_7 = `local function gd(ad)return string.match(ad,'^%w+')or''end
local function dm(f,d)
local an=f[d]
if type(an)~='string'then return an end
local ag,ad,dd,u,bi,bc=
string.match(an,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local p
if dd and f.is_demand(dd)then
p={tonumber(ag),ad,dd,tonumber(u),tonumber(bi),tonumber(bc),false,an}
else
p={0,'','',0,0,0,true,an}
end
f[d]=p
return p
end
local function gc(f,p)
f.check=math.min(f.check,p[4]+1)
if p[5]>0 then f.check=math.min(f.check,p[5]+50+1)end
end
local function li(f,b)
local hi,ep=0,{}
local ah=#f
f.check=math.huge
for d=1,ah do
local p=dm(f,d)
f[d]=nil
if p[4]>=b then
hi=hi+1
f[hi]=p
gc(f,p)
if p[5]>0 and b-p[5]>50 then
local bd=gd(p[2])
ep[bd]=math.max(ep[bd]or 0,p[5])
p[7]=true
end
end
end
if not next(ep)then return end
for ak,p in ipairs(f)do
local bd=gd(p[2])
if ep[bd]and p[4]-3000>ep[bd]then ep[bd]=nil end
end
for ak,p in ipairs(f)do p[7]=p[7]or ep[gd(p[2])]~=nil end
end
local function cl(j,b,lv)
local an=redis.pcall('GET',j)
local f={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=lv}
local ay,l,bc
if type(an)=='string'then ay,l,bc=string.match(an,'^(%d+) (%d+) (%d+);')end
if not ay then return f end
f.check,f.last,f.ticket=tonumber(ay),tonumber(l),tonumber(bc)
local ah=0
for de in string.gmatch(an,';([^;]+)')do
ah=ah+1
f[ah]=de
end
if b>=f.check then li(f,b)end
return f
end
local function dk(j,f,b)
if#f==0 then
redis.call('DEL',j)
return
end
local cu={string.format('%.0f %.0f %.0f',f.check,f.last,f.ticket)}
for d,p in ipairs(f)do
cu[d+1]=type(p)=='string'and p or p[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(p,1,6))
end
redis.call('SET',j,table.concat(cu,';'),'PX',math.max(1,f.last-b))
end
local function ht(p,ag,ad)
return p[1]>ag or(p[1]==ag and p[2]>ad)
end
local function jb(f,ad,ag,lh)
local bz
for d=1,#f do
local p=dm(f,d)
if p[2]==ad or(ag and ht(p,ag,ad))then break end
if not p[7]and lh(p[3])then
if bz then return bz,true end
bz=p
end
end
return bz,false
end
local function id(f,ad)
local mk=' '..ad..' '
for d,p in ipairs(f)do
if type(p)~='string'or string.find(p,mk,1,true)then
if dm(f,d)[2]==ad then return d end
end
end
end
local function gw(f,ad,b)
local n=ad~=''and id(f,ad)
if not n then return nil end
local p=dm(f,n)
p[4],p[5],p[7],p[8]=b+3000,0,false,nil
f.last=math.max(f.last,p[4])
return n
end
local function kr(f,ad,b)
local n=gw(f,ad,b)
if not n then return false end
local p=f[n]
p[5],p[7]=math.max(1,b-50-1),true
gc(f,p)
return true
end
local function hg(bc,aw)
if bc>=0 then return bc end
return-bc>aw and-bc<=aw+3000 and-bc or 0
end
local function kv(aw,b)
return aw==b and string.format('%.0f',b)or string.format('%.0f %.0f',aw,b)
end
local function ku(f,ad,dd,bc,ei,b,ab)
local n=gw(f,ad,b)
if n and f[n][6]>=bc then
f[n][3]=dd
return n
end
if n then table.remove(f,n)end
local di=hg(bc,ab)
if di==0 then di=ab+1 end
local ag=di-ei
n=#f+1
while n>1 and ht(dm(f,n-1),ag,ad)do n=n-1 end
local p={ag,ad,dd,b+3000,0,math.max(bc,0),false}
table.insert(f,n,p)
gc(f,p)
f.last,f.ticket=math.max(f.last,p[4]),math.max(f.ticket,di)
f[256+1]=nil
return n
end
local function ke(f,ad)
local n=id(f,ad)
if n then table.remove(f,n)end
return n~=nil
end
local function kk(f,cw,b)
local bi,ge,hv={},{},false
for d=1,#f do
local p=dm(f,d)
if not p[7]then
local bd=gd(p[2])
hv=hv or not cw(p[3])
if hv then
if not next(ge)then break end
if not ge[bd]then return bi,true,p[2]end
else
if p[5]<=0 then
p[5],p[8]=b,nil
gc(f,p)
bi[#bi+1]=p
end
ge[bd]=true
end
end
end
return bi,next(ge)~=nil,nil
end
local function kx(cu,ey)
return table.concat(cu,' ')..(ey and' ~'..ey or'')
end`;

const PART_8 = `local hb={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function eh(an)return hb[an]end
local function jg(mg,bm)return string.find(hb[mg],' '..bm..' ',1,true)end
local function ma(mf)
local gj={}
return function(o)
if gj[o]==nil then gj[o]=not mf(o)end
if not gj[o]then return false end
for bm in string.gmatch(hb[o],'%u+')do gj[bm]=false end
return true
end
end`;

const PART_9 = `local dc,ga='~s','~p'
local dl,gb=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local ix={'IS','IX','SIX','S'}
local he={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=ix}
local function aq()
local ao=redis.call('TIME')
return tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
end
local function gq(an)
local ar={}
for o in string.gmatch(an,'%u+')do
if not he[o]then error('unknown mode '..o,0)end
ar[#ar+1]=o
end
return ar
end
local function ek(a,ah,es)
local bb={['fences']={unpack(a,ah*es+1)}}
for d=1,ah do
local k=(d-1)*es
bb[d]={['lock']=a[k+1],['shared']=a[k+2],['line']=a[k+3],['wake']=es>3 and a[k+4]}
end
return bb
end
local function et(c,ac)
local y={c[1],[c[1]]=true}
for d=ac,#c do
y[#y+1]=c[d]
y[c[d]]=true
end
return y
end
local function eq(h)
if not h or string.sub(h,1,3)~='~s 'then return nil end
local o,g=string.match(h,'^~s (%u+) (.*)$')
if he[o]then return o,g end
end
local function fz(cr)return string.format('%.0f',cr)end
local function ka(j,o,ah)
local ae=gb[o]*dl
return redis.pcall('ZREVRANGEBYSCORE',j,'('..fz(ae+dl),fz(ae),'WITHSCORES','LIMIT',0,ah),ae
end
local function gr(v,o,y,b)
local h=redis.call('GET',v.lock)
if h and(h==ga or string.sub(h,1,3)==ga..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local ds,be=eq(h)
if be then
local q=not y[be]and redis.call('PTTL',v.lock)
if q and(q==-1 or jg(o,ds))then return q,be end
return nil
end
if y[h]then return nil end
if h and h~=dc then return redis.call('PTTL',v.lock),h end
local l,aj
if not h and redis.call('EXISTS',v.shared)==0 then return nil end
for ak,mq in ipairs(he[o])do
local x,ae=ka(v.shared,mq,#y+1)
if x.err then error(x.err,0)end
for d=1,#x,2 do
local u=tonumber(x[d+1])-ae
if not y[x[d]]then
if u>=b and(not l or u>l)then l,aj=u,x[d]end
break
end
end
end
if l then return l-b,aj end
end
local function kc(v,b)
local ab
if redis.call('EXISTS',v.shared)==0 then return nil end
for ak,o in ipairs(ix)do
local x,ae=ka(v.shared,o,1)
local ag=tonumber(x[2])
if ag and ag-ae>=b then ab=math.max(ab or 0,ag-ae)end
end
return ab
end
local function hu(v,o,y)
local h=redis.call('GET',v.lock)
if o=='X'then return y[h]end
local ds,be=eq(h)
if be then return y[be]and ds==o end
for ak,g in ipairs(y)do
local ag=redis.call('ZSCORE',v.shared,g)
if ag and math.floor(tonumber(ag)/dl)==gb[o]then return true end
end
return false
end
local function lx(v,y)
local h=redis.call('GET',v.lock)
local ak,be=eq(h)
if be then return y[be]end
if y[h]then return true end
for ak,g in ipairs(y)do
if redis.call('ZSCORE',v.shared,g)then return true end
end
return false
end
local function ja(j,o,g,u,b)
local ae=gb[o]*dl
redis.call('ZREMRANGEBYSCORE',j,fz(ae),'('..fz(ae+b))
redis.call('ZADD',j,fz(ae+u),g)
if redis.call('PTTL',j)<u-b then redis.call('PEXPIRE',j,u-b)end
end
local function hr(v,o,y,am,b)
local r,au,g,cy=v.lock,v.shared,y[1],false
local h=redis.call('GET',r)
local u=b+am
local ds,be=eq(h)
local aj,lt=be or h,ds or'X'
if y[aj]then
local q=redis.call('PTTL',r)
if q==-1 and aj==g and o==lt then return false end
u=math.max(u,b+q)
if be==g and o==ds then
redis.call('SET',r,h,'PX',u-b)
return false
end
cy=aj~=g
h=nil
elseif be then
local q=math.max(1,redis.call('PTTL',r))
ja(au,ds,be,b+q,b)
redis.call('SET',r,dc,'PX',q)
h=dc
end
if h~=dc and(o~='X'or be)and redis.call('EXISTS',au)==0 then
redis.call('SET',r,o=='X'and g or'~s '..o..' '..g,'PX',u-b)
return cy
end
for d,de in ipairs(y)do
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
redis.call('SET',r,dc,'PX',kc(v,b)-b)
else
local q=redis.call('PTTL',r)
if q>=0 and q<u-b then redis.call('PEXPIRE',r,u-b)end
end
return cy
end
local function ch(v,y,b)
local r,bq=v.lock,false
local h=redis.pcall('GET',r)
if type(h)=='table'then
if string.find(h.err,'WRONGTYPE',1,true)then return false,false end
error(h.err,0)
end
local ak,be=eq(h)
if y[be or h]then
redis.call('DEL',r)
h,bq=false,true
end
if be or(bq and#y==1)then return bq,bq end
local gm=false
for ak,g in ipairs(y)do
local ag=redis.pcall('ZSCORE',v.shared,g)
if type(ag)=='string'then
redis.call('ZREM',v.shared,g)
gm=true
if tonumber(ag)%dl>=b then bq=true end
end
end
if h and h~=dc then return bq,false end
local ab=gm and kc(v,b)
if ab then
local q=redis.call('PTTL',r)
local gl=q>ab-b+1
if q<0 or gl then redis.call('SET',r,dc,'PX',math.max(1,ab-b))end
return bq,false,gl
end
if gm and h then redis.call('DEL',r)end
return bq,gm or bq
end`;

const PART_10 = `local iu={}
local function cv(v,f,b)
if#f==0 then return{},false end
local bi,cw,ey=kk(
f,ma(function(o)return gr(v,o,iu,b)end),b)
for d,p in ipairs(bi)do bi[d]=p[2]end
if#bi>0 then
dk(v.line,f,b)
redis.pcall('PUBLISH',v.wake,kx(bi,ey))
end
return bi,cw
end
local function lg(v,o,y,ad,ag,f,b)
local q,aj=gr(v,o,y,b)
if q or#f==0 or lx(v,y)then return q,aj end
local bz,ls=jb(f,ad,ag,function(bm)return jg(bm,o)end)
if not bz then return nil end
if v.wake then cv(v,f,b)end
if ls then return-1,''end
if bz[5]>0 then return math.max(0,50-b+bz[5]),''end
q,aj=gr(v,bz[3],iu,b)
return q and-1 or 50,aj or''
end
local function ln(jk,ar,cj)
local i,cg,aw=0,false,{}
for ak,o in ipairs(ar)do
if(o=='X'or o=='SIX')and not cj then cg=true end
end
for d,j in ipairs(jk)do
local l=bk(j)
aw[d]=l or 0
i=math.max(i,l and(cg and l+1 or l)or cq(j))
end
for d,j in ipairs(jk)do
if aw[d]~=i then ev(j,i)end
end
return i
end
s['modes.acquire']=function(a,c)
local am,ad,bc,ei=tonumber(c[2]),'',0,0
if c[4]~=''then
ad,bc,ei=string.match(c[4],'^(%S*) (%S+) (%S+)$')
bc,ei=tonumber(bc),tonumber(ei)
end
local ar,y,le,b=gq(c[3]),et(c,5),{c[1],[c[1]]=true},aq()
local bb=ek(a,#ar,ad==''and 3 or 4)
local ba,aw,n,bo,aj={},b,nil,nil,nil
local cj,cy=true,false
for d=1,#ar do
ba[d]=cl(bb[d].line,b,eh)
aw=math.max(aw,ba[d].ticket)
end
local di=hg(bc,aw)
local ag=di>0 and di-ei or nil
for d,o in ipairs(ar)do
local v=bb[d]
local q,mv=lg(v,o,y,ad,ag,ba[d],b)
if q then
n=n or d
if not aj or(bo~=-1 and(q==-1 or q>bo))then
bo,aj=q,mv
end
elseif not hu(v,o,le)then
cj=false
end
end
local cc,fw=n or#ar,nil
if ad~=''then
fw=ku(ba[cc],ad,ar[cc],bc,ei,b,aw)
if not n and ba[cc][fw]then ba[cc][fw][5]=-1 end
dk(bb[cc].line,ba[cc],b)
end
if n then
if ad~=''then pcall(hm,bb[n].wake,ad,am)end
return{0,bo,aj,kv(aw,b),fw and fw-1 or#ba[n]}
end
local i=ln(bb.fences,ar,cj)
for d,o in ipairs(ar)do
local v=bb[d]
if hr(v,o,y,am,b)then cy=true end
if d~=cc and gw(ba[d],ad,b)then dk(v.line,ba[d],b)end
end
return cy and-i or i
end
s['modes.convert']=s['modes.acquire']
s['modes.commit']=function(a,c)
local ar,y=gq(c[3]),{c[1],[c[1]]=true}
local bb=ek(a,#ar,4)
for d,o in ipairs(ar)do
if not hu(bb[d],o,y)then return{0}end
end
for ak,j in ipairs(bb.fences)do
if not bk(j)then cq(j)end
fh(j,tonumber(c[2]))
end
return 1
end
s['modes.extend']=function(a,c)
local i,am,ar=tonumber(c[2]),tonumber(c[3]),gq(c[4])
local bb,y,b,br=ek(a,#ar,4),et(c,5),aq(),true
for d,o in ipairs(ar)do
local q,aj=gr(bb[d],o,y,b)
if q then return{0,q,aj}end
br=br and hu(bb[d],o,y)
end
for ak,j in ipairs(bb.fences)do
local hq=not br and(bk(j)or fo(j))
if hq then fh(j,i)end
end
for d,o in ipairs(ar)do
local v=bb[d]
if hr(v,o,y,am,b)then cv(v,cl(v.line,b,eh),b)end
end
return 1
end
local function kd(v,f,ad,b)
local jn=ke(f,ad)
if jn then dk(v.line,f,b)end
pcall(ez,v.wake,ad)
return jn
end
s['modes.release']=function(a,c)
local ad,y,b=c[2],et(c,3),aq()
local bq,fa,jr=false,false,string.find(ad,'.',1,true)
for ak,v in ipairs(ek(a,#a/4,4))do
local br,lw,gl=ch(v,y,b)
local ba=(br or jr)and redis.pcall('MGET',v.line,v.wake)
if br then bq=true end
if ba and(ba[1]or ba[2])then
local f=cl(v.line,b,eh)
if jr then kd(v,f,ad,b)end
local bl,bi,cw=pcall(cv,v,f,b)
if not bl then bi,cw={},false end
for ak,bm in ipairs(bi)do
if bm~=ad then fa=true end
end
if lw and not cw and hj(v.wake,ad~='')then fa=true end
if gl and#bi==0 then redis.pcall('PUBLISH',v.wake,'')end
end
end
if not bq then return 0 end
return fa and-1 or 1
end
s['modes.releaseAll']=s['modes.release']
s['modes.leave']=function(a,c)
local b=aq()
for ak,v in ipairs(ek(a,#a/4,4))do
local f=cl(v.line,b,eh)
if kd(v,f,c[1],b)then pcall(cv,v,f,b)end
end
return 1
end`;

const PART_11 = `local function lu(v,o,g,b)
local h=redis.call('GET',v.lock)
if h~=dc then
local ds,be=eq(h)
return(be or h)==g and(ds or'X')==o
end
local ag=o~='X'and redis.call('ZSCORE',v.shared,g)
if not ag then return false end
return math.floor(tonumber(ag)/dl)==gb[o]and tonumber(ag)%dl>=b
end
s['modes.renew']=function(a,c,ff)
local g,ar,b,i=c[1],gq(c[3]),aq(),1
local bb=ek(a,#ar,3)
for d,o in ipairs(ar)do
if not lu(bb[d],o,g,b)then
local h=redis.call('GET',bb[d].lock)
local ak,be=eq(h)
local aj=be or h~=dc and h or''
if string.sub(aj,1,3)==ga..' 'then aj=ga end
return{0,redis.call('PTTL',bb[d].lock),aj}
end
end
for ak,j in ipairs(bb.fences)do i=math.max(i,bk(j)or 1)end
if ff then return i end
for d,o in ipairs(ar)do hr(bb[d],o,{g,[g]=true},tonumber(c[2]),b)end
return i
end`;

const PART_12 = `local fn=8
local hf='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local ld='^~p %d+ 0 %d+ [01]* %d+:[%d -]*:'
local lb=8
local as,fq
local function bp(...)
if as then return end
local m=t(...)
if type(m)=='table'and m.err then as=fq and{-1,m.err}or{}else fq=true end
end
local function gf()
local ao=t('TIME')
return ao[1]*1000+math.floor(ao[2]/1000)
end
local function iq(k,ay,ab,cb,z,ap,l,b)
if b and ab~='0'and l+0>cb+0 then
cb=string.format('%.0f',l+math.max(1,l-b))
bp('PEXPIREAT',KEYS[k+2],cb)
bp('PEXPIREAT',KEYS[k+3],cb)
bp('PEXPIRE',KEYS[k+4],604800000)
end
bp('SET',KEYS[k],'~p '..ay..' '..ab..' '..cb..' '..z..' '..ap,'PXAT',l)
end
local function fe(k,al,af,ak,bu,ho)
as,fq=nil,nil
if bu=='slots.acquire'then
local cg=ho
if ARGV[af+1]~=''or ARGV[af+5]~='0'or ARGV[af+6]~=''or ARGV[af-1]~='7'then return nil end
local g,bj,aa,cp=ARGV[al],ARGV[af+3]+0,ARGV[af+4]+0,KEYS[k+1]
if bj>lb or bj>aa then return nil end
local at,b=t('GET',KEYS[k]),gf()
local ay,ab,cb,z,av,w,ap='0','0','0','','0','',''
local hp=true
if at then
if at.err then return nil end
ay,ab,cb,z,av,w,ap=string.match(at,hf)
if not ay or ap==g then return nil end
if(ab~='0'and b>ay+0)or(ap~=''and av+0<b)then return nil end
if ab~='0'and t('HGET',KEYS[k+2],g)then return nil end
elseif t('EXISTS',unpack(KEYS,k+4,cg and k+10 or k+6))==0 then
hp=false
end
if hp and cg and t('EXISTS',KEYS[k+8],KEYS[k+9],KEYS[k+10])~=0 then return nil end
local jp=string.find(g,'^%x%x%x%x%x%x%x%x%x%x%x%x')
local bx,er=jp and tonumber(string.sub(g,1,6),16)%aa or 0,nil
local by,ea={},bj==1 and'1'or'2'
for ak=1,64 do
local jd=string.byte(z,bx+1)
if not jd then
z=z..string.rep('0',bx-#z)..ea
by[#by+1]=bx
elseif jd==48 then
z=string.sub(z,1,bx)..ea..string.sub(z,bx+2)
by[#by+1]=bx
end
if#by==bj then break end
er=er or jp and 1+tonumber(string.sub(g,7,12),16)%aa or 1
bx=(bx+er)%aa
end
if#by<bj then return nil end
local cf=by[1]..''
if bj>1 then
cf=''
local ci,l=string.find(z,'2+')
while ci do
cf=cf..(cf==''and''or' ')..ci-1 ..(ci==l and''or'-'..l-1)
ci,l=string.find(z,'2+',l+1)
end
z=string.gsub(z,'2','1')
end
local u,i,fu=b+ARGV[af],nil,nil
local l=string.format('%.0f',u)
if not hp then
if cg then
local h=t('GET',cp)
local ae=type(h)=='string'and string.find(h,'^%d+$')and h+0
if not ae or ae<1 or ae+1>=9000000000000000 then return nil end
i=ae+1+cg
bp('SET',cp,string.format('%.0f',i))
else
i=ah(cp)
if not i then return nil end
fq=true
end
else
local x
if IS_CLUSTER then
x=t('MGET',cp,KEYS[k+6])
else
local mm=string.sub(cp,1,string.find(cp,'~fence:',1,true)-1)
x=t('MGET',cp,KEYS[k+6],mm..'~server')
end
if x.err or x[2]or t('HGET',KEYS[k+5],KEYS[k])then return nil end
local ae=x[1]and string.find(x[1],'^%d+$')and x[1]+0
if not ae or ae<1 or ae>=9000000000000000 then return nil end
local az=x[3]and string.match(x[3],'^complete %S+ %S+ (%S+) ')or''
if#az~=32 then az=string.format('%-32.32s',az)end
if t('GETRANGE',KEYS[k+4],0,31)~=az then return nil end
i=ae-ae%16384
for d=1,bj do
local n=32+16*by[d]
i=math.max(i,tonumber(t('GETRANGE',KEYS[k+4],n,n+15))or ae)
end
i=i+1
local kb=math.max(ae,i)
if cg and kb>=9000000000000000 then return nil end
local jq=ab~='0'
if ap~=''then fu=ap end
if fu and jq then bp('ZADD',KEYS[k+3],av,ap)end
local an=string.format('%016.0f',i)
for d=1,bj do bp('SETRANGE',KEYS[k+4],32+16*by[d],an)end
if cg then i=kb+cg end
if ae<i then bp('SET',cp,string.format('%.0f',i))end
if fu then
if not jq then
bp('DEL',KEYS[k+2],KEYS[k+3])
bp('ZADD',KEYS[k+3],av,ap)
end
bp('HSET',KEYS[k+2],ap,w)
if ab=='0'or av+0<ay+0 then ay=av end
if av+0>ab+0 then ab=av end
end
if not at then bp('PEXPIRE',KEYS[k+4],604800000)end
end
ap=l..':'..cf..':'..g
iq(k,ay,ab,cb,z,ap,ab+0>u and ab or l,b)
if as then
if fu and fq then t('ZREM',KEYS[k+3],fu)end
return as[1]and as
end
return{1,i,cf,'',cg and''}
end
if bu=='slots.extend'then
local g=ARGV[al]
if ARGV[af+4]~='0'or ARGV[af-1]~='5'then return nil end
local at=t('GET',KEYS[k])
if not at or at.err then return nil end
local ay,ab,cb,z,av,w,ap=string.match(at,hf)
if not ay or t('HGET',KEYS[k+5],KEYS[k])then return nil end
local b=gf()
if(ab~='0'and b>ay+0)or(ap~=''and av+0<b)then return nil end
local u=b+ARGV[af+1]
local l=string.format('%.0f',u)
if ap==g then
if w~=ARGV[af+2]then return nil end
if av+0>=u then return 1 end
av=l
if ab+0>u then l=ab end
else
if ab=='0'or t('HGET',KEYS[k+2],g)~=ARGV[af+2]then return nil end
local ag=t('ZSCORE',KEYS[k+3],g)
if type(ag)~='string'then return nil end
if ag+0>=u then return 1 end
bp('ZADD',KEYS[k+3],l,g)
if as then return as[1]and as end
if ab+0>=u then return 1 end
ab=l
if av+0>u then l=av end
end
iq(k,ay,ab,cb,z,av..':'..w..':'..ap,l,b)
if as then return as[1]and as end
return 1
end
local g=ARGV[al]
if ARGV[af-1]~='3'then return nil end
local x=ho or t('MGET',KEYS[k],KEYS[k+6],KEYS[k+7])
if x.err or x[2]or x[3]then return nil end
if not x[1]then return 0 end
local ak,js=string.find(x[1],ld)
if js then
if string.sub(x[1],js+1)~=g then return nil end
if ho then return t('DEL',KEYS[k],KEYS[k+8])==2 and 2 or nil end
return t('DEL',KEYS[k])==1 and 1 or nil
end
local ay,ab,cb,z,av,w,ap=string.match(x[1],hf)
if not ay then return nil end
local l,cn=ab,w
if ap==g then
if av+0<ab+0 and av+0<gf()then return nil end
av,w,ap='0','',''
else
local ag=t('ZSCORE',KEYS[k+3],g)
cn=t('HGET',KEYS[k+2],g)
if type(cn)~='string'or type(ag)~='string'or ag+0<gf()then return nil end
bp('ZREM',KEYS[k+3],g)
bp('HDEL',KEYS[k+2],g)
if ag==ab then
ab=t('ZREVRANGE',KEYS[k+3],0,0,'WITHSCORES')[2]or'0'
if ab=='0'then
ay,cb='0','0'
if ap==''then
bp('DEL',KEYS[k])
if as then return as[1]and as end
return 1
end
end
end
l=av+0>ab+0 and av or ab
end
local bx=tonumber(cn)
if bx then
z=string.sub(z,1,bx)..'0'..string.sub(z,bx+2)
else
for ci,gz in string.gmatch(cn,'(%d+)%-?(%d*)')do
if gz==''then gz=ci end
z=string.sub(z,1,ci)..string.rep('0',gz-ci+1)..string.sub(z,gz+2)
end
end
iq(k,ay,ab,cb,z,av..':'..w..':'..ap,l)
if as then return as[1]and as end
return 1
end
local fm={['slots.acquire']=fe,['slots.extend']=fe,['slots.release']=fe}
local hn={}`;

const PART_13 = `local db,dt,hc,la='0','1','2',48
local lc=64
local function dv(an)
local mc=string.gmatch(an,'(%d+)%-?(%d*)')
return function()
local ac,l=mc()
if ac then return tonumber(ac),tonumber(l)or tonumber(ac)end
end
end
local function kq(z,ea)
local il,ci,l={},string.find(z,ea..'+')
while ci do
il[#il+1]=ci==l and tostring(ci-1)or string.format('%d-%d',ci-1,l-1)
ci,l=string.find(z,ea..'+',l+1)
end
return table.concat(il,' ')
end
local function dh(z,w,ea)
local em,n={},0
for ac,l in dv(w)do
if ac<n then z,em,n=table.concat(em)..string.sub(z,n+1),{},0 end
if ac>#z then z=z..string.rep(db,ac-#z)end
em[#em+1]=string.sub(z,n+1,ac)
em[#em+1]=string.rep(ea,l-ac+1)
n=l+1
end
return table.concat(em)..string.sub(z,n+1)
end
local function lf(z,w)
for ac,l in dv(w)do
if string.find(string.sub(z,ac+1,l+1),dt,1,true)then return false end
end
return true
end
local function fp(z,aa)
return#string.gsub(string.sub(z,1,aa),dt..'+','')
end
local function lk(w)
local hz=0
for ak,l in dv(w)do hz=math.max(hz,l+1)end
return hz
end
local function mh(g,aa)
local cs,er=string.match(g,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not cs then return 0,1 end
return tonumber(cs,16)%aa,1+tonumber(er,16)%aa
end
local function jf(z,ai,aa,ie,y,g)
local df=ai
local function fy(ac,l)
l=math.min(l,aa-1)
if df==0 or ac>l then return end
local mr,ah=string.gsub(string.sub(z,ac+1,l+1),db,hc,df)
if ah==0 then return end
z,df=string.sub(z,1,ac)..mr..string.sub(z,l+2),df-ah
end
for ac,l in dv(ie)do fy(ac,l)end
if y then
for ac,l in dv(y)do fy(ac,l)end
else
local cs,er=mh(g,aa)
for d=0,lc-1 do
if df==0 then break end
local bx=(cs+d*er)%aa
if string.byte(z,bx+1)==la then fy(bx,bx)end
end
fy(cs,aa-1)
fy(0,cs-1)
end
if df>0 then return nil end
return kq(z,hc),(string.gsub(z,hc,dt))
end`;

const PART_14 = `local it='~'
local function aq()
local ao=redis.call('TIME')
return tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
end
local function ib(an,b)
local bw,aa,ha=string.match(an,'^(%d+) (%d+) (%d+)$')
if bw and tonumber(ha)+604800000+86400000>=b then return tonumber(bw),tonumber(aa),tonumber(ha)end
end
local function ih(j,r,b)
return ib(redis.call('HGET',j,r)or'',b)
end
local function is(j,r,bw,aa,b)
local jh=tonumber(redis.call('HGET',j,it)or'')
if not jh or jh+86400000<b then
local bg=redis.call('HGETALL',j)
for d=1,#bg,2 do
if not ib(bg[d+1],b)then redis.call('HDEL',j,bg[d])end
end
redis.call('HSET',j,it,string.format('%.0f',b))
end
redis.call('HSET',j,r,string.format('%.0f %.0f %.0f',bw,aa,b))
redis.call('PEXPIRE',j,604800000+86400000)
end
local function mn(j,r,bw,aa,b)
if bw>(ih(j,r,b)or 0)then is(j,r,bw,aa,b)end
end`;

const PART_15 = `local iv='~p'
local ew,ex=16,32
local function ly(at)
return at==iv or string.sub(at,1,3)==iv..' '
end
local function dy(at)
local ay,ab,cb,z,u,w,g=
string.match(at or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(ay)or 0,['latest']=tonumber(ab)or 0,['kept']=tonumber(cb)or 0,['map']=z or'',
['deadline']=tonumber(u)or 0,['slots']=w or'',['token']=g or'',
['is_new']=not g,['is_other']=at and not ly(at)
}
end
local function fx(a,e,b)
local l=math.max(e.latest,e.deadline)
if l==0 then
redis.call('DEL',a[1])
return 0
end
local jz=e.latest>0 and l>e.kept
if jz then
e.kept=l+math.max(1,l-b)
for n=3,4 do redis.call('PEXPIREAT',a[n],string.format('%.0f',e.kept))end
end
if jz or e.is_new then redis.call('PEXPIRE',a[5],604800000)end
redis.call('SET',a[1],string.format('~p %.0f %.0f %.0f %s %.0f:%s:%s',e.check,e.latest,e.kept,e.map,
e.deadline,e.slots,e.token),'PXAT',string.format('%.0f',l))
return l
end
local function dn(a,e,g)
if g==e.token then return e.slots,e.deadline end
local w=e.latest>0 and redis.call('HGET',a[3],g)
local u=w and redis.call('ZSCORE',a[4],g)
if u then return w,tonumber(u)end
end
local function je(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function gh(a,e,g)
local w,u=dn(a,e,g)
if not w then return nil end
e.map=dh(e.map,w,db)
if g==e.token then
e.deadline,e.slots,e.token=0,'',''
return w,u
end
redis.call('ZREM',a[4],g)
redis.call('HDEL',a[3],g)
if u==e.latest then
e.latest=tonumber(redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2])or 0
if e.latest==0 then e.check,e.kept=0,0 end
end
return w,u
end
local function gi(a,e,b)
local ee=false
if e.token~=''and e.deadline<b then
e.map=dh(e.map,e.slots,db)
e.deadline,e.slots,e.token,ee=0,'','',true
end
if e.latest>0 and b>e.check then
local lj=redis.call('ZRANGEBYSCORE',a[4],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for ak,g in ipairs(lj)do
e.map=dh(e.map,redis.call('HGET',a[3],g)or'',db)
redis.call('HDEL',a[3],g)
redis.call('ZREM',a[4],g)
end
local ac=redis.call('ZRANGE',a[4],0,0,'WITHSCORES')[2]
local l=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,ee=tonumber(ac)or 0,tonumber(l)or 0,true
if not ac then e.kept,e.map=0,dh('',e.slots,dt)end
end
if ee then fx(a,e,b)end
end
local function ii(a,e,g,u,b)
local ee=false
if g==e.token then
if e.deadline<u then e.deadline,ee=u,true end
elseif tonumber(redis.call('ZSCORE',a[4],g))<u then
redis.call('ZADD',a[4],string.format('%.0f',u),g)
if e.latest<u then e.latest,ee=u,true end
end
if ee then fx(a,e,b)end
end
local function ed(a,e,g,w,u,b)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=u,w,g,dh(e.map,w,dt)
fx(a,e,b)
end
local function km(a)
local az=''
if not IS_CLUSTER then
local bs=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
az=type(bs)=='string'and string.match(bs,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..ex..'.'..ex..'s',az)
end
local function hk(a)
return redis.call('GETRANGE',a[5],0,ex-1)==km(a)
end
local function fs(a,w,ae)
if not hk(a)then return ae end
local hx=ae-ae%16384
for ac,l in dv(w)do
local an=redis.call('GETRANGE',a[5],ex+ew*ac,ex+ew*(l+1)-1)
for d=0,l-ac do
local ah=tonumber(string.sub(an,ew*d+1,ew*(d+1)))
hx=math.max(hx,ah or ae)
end
end
return hx
end
local function ir(a,w,ah,ae)
if not hk(a)then redis.call('SET',a[5],km(a),'PX',604800000)end
local an=string.format('%0'..ew..'.0f',ah)
for ac,l in dv(w)do
redis.call('SETRANGE',a[5],ex+ew*ac,string.rep(an,l-ac+1))
end
if ae<ah then ev(a[2],ah)end
end`;

const PART_16 = `local hd='~s'
local function et(c,ac)
local y={c[1]}
for d=ac,#c do y[#y+1]=c[d]end
return y
end
local function gu(a)
local at=redis.call('GET',a[1])
if at and(at==hd or string.sub(at,1,3)==hd..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
local e=dy(at)
if e.is_other then return e,at,redis.call('PTTL',a[1])end
return e,nil,nil
end
local function fd(a,aa,bw,b)
local aw,ah,ha=ih(a[6],a[1],b)
if bw>(aw or 0)then
aw,ah=bw,aa
is(a[6],a[1],aw,ah,b)
elseif aw and ha+86400000<b then
is(a[6],a[1],aw,ah,b)
end
if not aw then return aa,''end
return ah,string.format('%.0f %.0f',aw,ah)
end
local function gt(z,dw)
return z..string.rep(db,dw-#z)
end
local function lp(a,e,df,b)
local ca=e.latest>0 and redis.call('ZRANGE',a[4],0,64-1,'WITHSCORES')or{}
if e.token~=''then
local n=1
while ca[n]and tonumber(ca[n+1])<=e.deadline do n=n+2 end
table.insert(ca,n,e.token)
table.insert(ca,n+1,e.deadline)
end
local l=-1
for d=1,#ca,2 do
l=tonumber(ca[d+1])
local w=ca[d]==e.token and e.slots or redis.call('HGET',a[3],ca[d])or''
for ac,ll in dv(w)do df=df-(ll-ac+1)end
if df<=0 then break end
end
return l<0 and-1 or math.max(0,l-b),ca[1]or''
end
local function ef(aa)
return function(an)
local ah=tonumber(an)
return ah and ah<=aa
end
end
local function cv(a,e,f,cn,aa,b)
if#f==0 then return 0,false end
local z=gt(e.map,aa)
local ch=e.is_other and 0 or fp(z,aa)
local bi,cw,ey=kk(f,function(dd)
ch=ch-tonumber(dd)
return ch>=0
end,b)
local cu={}
for d,p in ipairs(bi)do
local w,mp=jf(z,tonumber(p[3]),aa,cn,'0-'..aa-1)
z=mp or z
cu[d]=p[2]..':'..string.gsub(w or'',' ',',')
end
if#cu>0 then
dk(a[7],f,b)
redis.pcall('PUBLISH',a[8],kx(cu,ey))
end
return#cu,cw
end
s['slots.acquire']=function(a,c)
local g,am,ad,bc,ai=c[1],tonumber(c[2]),c[3],tonumber(c[4]),tonumber(c[5])
local ie,gn,y,b=c[8],#c>8,et(c,9),aq()
local e,aj,bo=gu(a)
local aa,ft=fd(a,tonumber(c[6]),tonumber(c[7]),b)
if ai>aa then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',aa,ai),0)end
gi(a,e,b)
local f=cl(a[7],b,ef(aa))
local aw=math.max(b,f.ticket)
local di=hg(bc,aw)
local z=gt(e.map,aa)
local w,cf=dn(a,e,g),nil
if aj then
if ad~=''then pcall(hm,a[8],ad,am)end
elseif w then
local i=fs(a,w,bk(a[2])or cq(a[2]))
ii(a,e,g,b+am,b)
if kr(f,ad,b)then dk(a[7],f,b)end
return{1,i,w,ft,gn and z or nil}
else
local dj,cx=z,''
for d=2,#y do
local bh=dn(a,e,y[d])or''
dj,cx=dh(dj,bh,db),cx..' '..bh
end
local bz
if#f>0 and not gn then
local ch=fp(dj,aa)
bz=ch>=ai and jb(f,ad,di>0 and di or nil,function(dd)
ch=ch-tonumber(dd)
return ch<ai
end)
end
if not bz then cf=jf(dj,ai,aa,ie,gn and cx or nil,g)end
if cf then
local ae=bk(a[2])
local ac=not ae and cq(a[2])
local i,u=fs(a,cf,ae or ac)+1,b+am
je(a,e)
for d=2,#y do
local ak,av=gh(a,e,y[d])
u=math.max(u,av or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
i=ac or i
ev(a[2],i)
else
ir(a,cf,i,ae or ac)
end
ed(a,e,g,cf,u,b)
if kr(f,ad,b)then dk(a[7],f,b)end
return{1,i,cf,ft,gn and dh(dj,cf,dt)or nil}
end
local ch=fp(z,aa)
bo,aj=lp(a,e,ai-ch,b)
if bz then
cv(a,e,f,'',aa,b)
if bz[5]>0 then bo,aj=math.max(0,50-b+bz[5]),''
else bo=-1 end
end
end
if ad~=''then
ku(f,ad,string.format('%.0f',ai),bc,0,b,aw)
dk(a[7],f,b)
end
return{0,bo,aj,kv(aw,b),ft}
end
s['slots.commit']=function(a,c)
local i,w=tonumber(c[2]),c[3]
local e=dy(redis.call('GET',a[1]))
if dn(a,e,c[1])~=w then return{0}end
local ae=bk(a[2])or cq(a[2])
local ah=fs(a,w,ae)
if ah<i or not hk(a)then ir(a,w,math.max(ah,i),ae)end
return 1
end
s['slots.extend']=function(a,c)
local g,i,am,w=c[1],tonumber(c[2]),tonumber(c[3]),c[4]
local y,b=et(c,7),aq()
local e,aj=gu(a)
if aj then return{0,-1,aj}end
local aa=fd(a,tonumber(c[5]),tonumber(c[6]),b)
gi(a,e,b)
local bh=dn(a,e,g)
if bh==w and#y==1 then
ii(a,e,g,b+am,b)
return 1
end
local dj,av=gt(e.map,math.max(aa,lk(w))),''
for ak,de in ipairs(y)do
local cx=dn(a,e,de)or''
dj,av=dh(dj,cx,db),av..' '..cx
end
if not lf(dj,w)then
local kz={g,'',c[5],c[6]}
for d=2,#y do kz[d+3]=y[d]end
s['slots.release'](a,kz)
return{0,-1,''}
end
je(a,e)
local ae=bh~=w and(bk(a[2])or fo(a[2]))
if ae then ir(a,w,math.max(i,fs(a,w,ae)),ae)end
local u=b+am
for ak,de in ipairs(y)do
local ak,l=gh(a,e,de)
u=math.max(u,l or 0)
end
ed(a,e,g,w,u,b)
local cn=kq(dh(dh(string.rep(db,#dj),av,dt),w,db),dt)
if cn~=''then cv(a,e,cl(a[7],b,ef(aa)),cn,aa,b)end
return 1
end
s['slots.release']=function(a,c)
local bd,y,b=c[2],et(c,5),aq()
local at=redis.pcall('GET',a[1])
local e=dy(type(at)=='string'and at)
local cn,bq,ip,jy='',false,0,false
for ak,de in ipairs(y)do
local w,u=gh(a,e,de)
if w then
jy,bq=true,bq or u>=b
cn,ip=cn..' '..w,math.max(ip,u)
end
end
if not jy then return 0 end
redis.pcall('ZREM',a[4],'')
local ba=redis.pcall('MGET',a[7],a[8])
local jo=ba[1]or ba[2]
if jo then gi(a,e,b)end
local l=fx(a,e,b)
if jo then
local aa=fd(a,tonumber(c[3]),tonumber(c[4]),b)
local f=cl(a[7],b,ef(aa))
local bl,bi,cw=pcall(cv,a,e,f,cn,aa,b)
if not bl then bi,cw=0,false end
if l==0 and not cw then hj(a[8],bd~='')
elseif l>0 and ip>l and bi==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bq and 1 or 0
end
s['slots.leave']=function(a,c)
local b=aq()
local aa=fd(a,tonumber(c[2]),tonumber(c[3]),b)
local f=cl(a[7],b,ef(aa))
if ke(f,c[1])then
dk(a[7],f,b)
pcall(function()cv(a,dy(redis.call('GET',a[1])),f,'',aa,b)end)
end
pcall(ez,a[8],c[1])
return 1
end
s['slots.count']=function(a,c)
local b=aq()
local e,aj=gu(a)
local aa,ft=fd(a,tonumber(c[1]),tonumber(c[2]),b)
gi(a,e,b)
local f=cl(a[7],b,ef(aa))
cv(a,e,f,'',aa,b)
local ch=aj and 0 or fp(gt(e.map,aa),aa)
local bw=tonumber(string.match(ft,'^%d+')or 0)
return{1,ch,aa,bw,#e.map-fp(e.map,#e.map)}
end
s['slots.resize']=function(a,c)
if not bk(a[2])then cq(a[2])end
return s['slots.count'](a,c)
end`;

const PART_17 = `s['slots.renew']=function(a,c,ff)
local g,b,at=c[1],aq(),redis.call('GET',a[1])
local e=dy(at)
local w,u=dn(a,e,g)
if w~=c[3]or u<b then
local lz=e.is_other and string.sub(at,1,2)~=hd
return{0,redis.call('PTTL',a[1]),lz and at or''}
end
local i=fs(a,w,bk(a[2])or 1)
if not ff then ii(a,e,g,b+tonumber(c[2]),b)end
return i
end`;

const PART_18 = `local fm,hn,fn={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fn=2
local fm={
['mutex.acquire']=function(k,al,af)
local cm=t('SET',KEYS[k],ARGV[al],'NX','PX',ARGV[af])
if not cm or cm.err then return nil end
local i=ah(KEYS[k+1])
if i then return i end
local du=t('DEL',KEYS[k])
return type(du)=='table'and{-1,du.err}or nil
end,
['mutex.takeOver']=function(k,al,af)
if t('GET',KEYS[k])~=ARGV[al+1]then return nil end
local i=ah(KEYS[k+1])
if not i then return nil end
local cm=t('SET',KEYS[k],ARGV[al],'PX',ARGV[af])
return not cm.err and-i or nil
end,
['mutex.extend']=function(k,al,af)
if t('GET',KEYS[k])~=ARGV[al]then return nil end
local q=t('PTTL',KEYS[k])
if type(q)~='number'or q<0 then return nil end
if q<tonumber(ARGV[af])and t('PEXPIRE',KEYS[k],ARGV[af])~=1 then return nil end
return 1
end,
['mutex.release']=function(k,al)
local x=t('MGET',KEYS[k],KEYS[k+1])
if x.err or x[2]then return nil end
if x[1]~=ARGV[al]then return 0 end
return t('DEL',KEYS[k])==1 and 1 or nil
end,
}`,
    PART_2,
    `local hn={
['mutex.release']=function(k,al,dw,da)
local x=t('MGET',unpack(KEYS,k,k+2*dw-1))
if x.err then return 0 end
local bh,jw,ik,eb={},{},{},0
for d=1,dw do
if x[2*d]then break end
local r=KEYS[k+2*d-2]
local br=x[2*d-1]==ARGV[al+d-1]and not jw[r]
da[#da+1]=br and 1 or 0
if br then
jw[r]=true
bh[#bh+1]=r
ik[#bh]=#da
end
eb=d
end
local du=#bh>0 and t('DEL',unpack(bh))
if type(du)=='table'then
for d=1,#ik do da[ik[d]]={-1,du.err}end
end
return eb
end
}`,
    PART_3,
    PART_4,
    `local function ed(j,g,am,br)
if not br then redis.call('SET',j,g,'PX',am)
else
local q=redis.call('PTTL',j)
if q>=0 and q<tonumber(am)then redis.call('PEXPIRE',j,am)end
end
end
local function iy(a,g,ig,am,ad)
local es=ad==''and 2 or 3
local br,cj,cy={},true,false
local bo,aj
for d=1,#a,es do
local h=redis.call('GET',a[d])
br[d]=h==g
if h~=g then cj=false end
if h and h==ig then
cy=true
elseif h and h~=g then
local q=redis.call('PTTL',a[d])
if not aj or(bo~=-1 and(q==-1 or q>bo))then
bo,aj=q,h
end
end
end
if ad~=''then
for d=3,#a,3 do pcall(hm,a[d],ad,tonumber(am))end
end
if aj then return{0,bo,aj}end
local i=0
for d=2,#a,es do
local l=bk(a[d])
i=math.max(i,l and(cj and l or l+1)or cq(a[d]))
end
for d=1,#a,es do
ed(a[d],g,am,br[d])
ev(a[d+1],i)
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
if not bk(a[d])then cq(a[d])end
fh(a[d],tonumber(c[2]))
end
return 1
end
s['mutex.extend']=function(a,c)
local g,i,am=c[1],tonumber(c[2]),c[3]
local br={}
for d=1,#a,2 do
local h=redis.call('GET',a[d])
if h and h~=g then return{0,redis.call('PTTL',a[d]),h}end
br[d]=h==g
end
for d=1,#a,2 do
local hq=not br[d]and(bk(a[d+1])or fo(a[d+1]))
if hq then fh(a[d+1],i)end
end
for d=1,#a,2 do ed(a[d],g,am,br[d])end
return 1
end
s['mutex.release']=function(a,c)
local g,bd=c[1],c[2]
local bq,fa=false,false
for d=1,#a,2 do
local h=redis.pcall('GET',a[d])
if bd~=''then pcall(ez,a[d+1],bd)end
if h==g then
redis.call('DEL',a[d])
bq=true
if hj(a[d+1],bd~='')then fa=true end
elseif type(h)=='table'and h.err and not string.find(h.err,'WRONGTYPE',1,true)then
error(h.err)
end
end
if not bq then return 0 end
return fa and-1 or 1
end
s['mutex.leave']=function(a,c)
pcall(ez,a[1],c[1])
return 1
end
s['mutex.renew']=function(a,c)
local i=1
for d=1,#a,2 do
local h=redis.call('GET',a[d])
if h~=c[1]then return{0,redis.call('PTTL',a[d]),h or''}end
i=math.max(i,bk(a[d+1])or 1)
end
for d=1,#a,2 do ed(a[d],c[1],c[2],true)end
return i
end
s['mutex.query']=function(a)
local m={1}
for d=1,#a,2 do
m[#m+1]=redis.call('GET',a[d])or''
m[#m+1]=redis.call('PTTL',a[d])
m[#m+1]=eo(a[d+1])or''
end
return m
end`,
    PART_5,
    PART_6,
  ],
  "b5477d8ebe212351c39338a148f75c104cc4ee59",
  "f2ed8368c994b38ddf5275e8678da09f7daa3329",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fn=81
local fm={
['modes.acquire']=function(k,al,af,ai)
local g,am,ar,cp=ARGV[al],ARGV[af],ARGV[af+1],KEYS[k+ai-1]
if ARGV[af+2]~=''then return nil end
if ai~=4 then
local ak,lq=string.gsub(ar,' ','')
if ai~=3*lq+4 then return nil end
end
local fr,fi
if t('EXISTS',unpack(KEYS,k,k+ai-2))~=0 then
local x,n=t('MGET',unpack(KEYS,k,k+ai-2)),1
if x.err then return nil end
fr={}
fi={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for o in string.gmatch(ar,'%u+')do
local h,r,au=x[n],KEYS[k+n-1],KEYS[k+n]
if x[n+2]then return nil end
if not h then
if t('EXISTS',r,au)~=0 then return nil end
else
if o=='X'or o=='SIX'then return nil end
local q,bh,aj=t('PTTL',r),nil,nil
if type(q)~='number'or q<=0 then return nil end
if h=='~s'then
if t('ZSCORE',au,g)then return nil end
local ac=(o=='IX'and 3)or(o=='S'and 2)
if ac and t('ZCOUNT',au,ac..'00000000000000','('..ac+2 ..'00000000000000')~=0 then
return nil
end
else
bh,aj=string.match(h,'^~s ([ISX]+) (.*)$')
if not fi[bh]or aj==g or(o~=bh and o~='IS'and bh~='IS')then return nil end
if t('EXISTS',au)~=0 then return nil end
end
fr[n]={q,bh,aj}
end
n=n+3
end
end
local i
if ar=='X'or string.find(' '..ar,' X',1,true)or string.find(ar,'SIX',1,true)then
i=ah(cp)
if not i then return nil end
else
local h=t('GET',cp)
i=not h and ah(cp)or(type(h)=='string'and string.match(h,'^%d+$')and tonumber(h))
if not i or i<1 or i>=9000000000000000 then return nil end
end
if ai==4 and not fr then
local cm=t('SET',KEYS[k],ar=='X'and g or'~s '..ar..' '..g,'PX',am)
return not cm.err and i or nil
end
local n,b=1,nil
for o in string.gmatch(ar,'%u+')do
local r,go=KEYS[k+n-1],fr and fr[n]
if go then
local au,bt,q,aj=KEYS[k+n],tonumber(am),go[1],go[3]
if not b then
local ao=t('TIME')
if ao.err then return nil end
b=tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
end
local ag,bl=string.format('%.0f',fi[o]+b+bt),nil
if aj then
local kh=math.max(q,bt)
bl=t('ZADD',au,string.format('%.0f',fi[go[2]]+b+q),aj,ag,g)==2
and t('PEXPIRE',au,kh)==1 and not t('SET',r,'~s','PX',kh).err
else
t('ZREMRANGEBYSCORE',au,string.format('%.0f',fi[o]),string.format('(%.0f',fi[o]+b))
bl=t('ZADD',au,ag,g)==1
local ks=t('PTTL',au)
if type(ks)~='number'or ks<bt then
bl=t('PEXPIRE',au,bt)==1 and bl
end
if q<bt then bl=t('PEXPIRE',r,bt)==1 and bl end
end
if not bl then return nil end
else
local cm=t('SET',r,o=='X'and g or'~s '..o..' '..g,'PX',am)
if cm.err then return nil end
end
n=n+3
end
return i
end,
['modes.extend']=function(k,al,af,ai)
local g,am,n=ARGV[al],ARGV[af],1
local x=ARGV[af-1]=='2'and t('MGET',unpack(KEYS,k,k+ai-1))
if not x or x.err then return nil end
for o in string.gmatch(ARGV[af+1],'%u+')do
if x[n]~=(o=='X'and g or'~s '..o..' '..g)then return nil end
n=n+4
end
for r=k,k+n-2,4 do
local q=t('PTTL',KEYS[r])
if type(q)~='number'or q<0 then return nil end
if q<tonumber(am)and t('PEXPIRE',KEYS[r],am)~=1 then return nil end
end
return 1
end,
['modes.release']=function(k,al,ak,ai)
local g,x=ARGV[al],nil
if ai==4 then
local h,cc,mu=unpack(t('MGET',KEYS[k],KEYS[k+2],KEYS[k+3]))
if not h or cc or mu then return nil end
if h==g or string.match(h,'^~s [ISX]+ (.*)$')==g then
return t('DEL',KEYS[k])==1 and 1 or nil
end
x={h}
else
x=t('MGET',unpack(KEYS,k,k+ai-1))
if x.err then return nil end
end
local cz,gx,im,b={},{},{},nil
for n=1,ai,4 do
local h,r,au=x[n],KEYS[k+n-1],KEYS[k+n]
if not h or x[n+2]or x[n+3]then return nil end
if h=='~s'then
local ag=t('ZSCORE',au,g)
local q=t('PTTL',r)
if type(ag)~='string'or type(q)~='number'or q<0 then return nil end
if not b then
local ao=t('TIME')
b=tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
end
local u=tonumber(ag)%100000000000000
local ae=tonumber(ag)-u
if u<b then return nil end
local ki,jt=string.format('%.0f',ae),string.format('(%.0f',ae+100000000000000)
local l=t('ZREVRANGEBYSCORE',au,jt,ki,'WITHSCORES','LIMIT',0,2)
if l.err then return nil end
local ab,dx=tonumber(l[2])-ae,nil
if l[1]==g then
dx=t('ZCARD',au)
ab=l[4]and tonumber(l[4])-ae
if ab and(ab<b or t('ZCOUNT',au,ki,jt)~=dx)then return nil end
if not ab and dx~=1 then return nil end
elseif q>ab-b+1 then
return nil
end
if not ab then
cz[#cz+1]=r
elseif q>ab-b+1 then
im[#im+1]={r,math.max(1,ab-b)}
end
gx[#gx+1]=au
elseif h==g or string.match(h,'^~s [ISX]+ (.*)$')==g then
cz[#cz+1]=r
else
return nil
end
end
for ak,at in ipairs(im)do
if t('PEXPIRE',at[1],at[2])~=1 then return nil end
end
for ak,au in ipairs(gx)do
if t('ZREM',au,g)~=1 then return nil end
end
local du=#cz==0 or t('DEL',unpack(cz))
if type(du)=='table'then return#gx>0 and{-1,du.err}or nil end
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
local f=cl(a[3],b,eh)
local n,hh,bf=id(f,c[1]),0,0
local ag=n and f[n][1]or math.max(b,f.ticket)+1-tonumber(c[2])
for d=1,#f do
local p=dm(f,d)
if not p[7]and p[5]>=0 then
bf=bf+1
if p[2]~=c[1]and not ht(p,ag,c[1])then hh=hh+1 end
end
end
return{1,hh,bf,redis.call('EXISTS',a[1])}
end
s['modes.stay']=function(a,c)
local b=aq()
local f=cl(a[3],b,eh)
if gw(f,c[1],b)then dk(a[3],f,b)end
return 1
end`,
    `s['modes.query']=function(a)
local m,b={1},aq()
for ak,v in ipairs(ek(a,#a/4,4))do
local eu={eo(v.wake)}
local f=cl(v.line,b,eh)
for d=1,#f do
local p=dm(f,d)
if p[4]>=b and p[5]>=0 then eu[#eu+1]=p[2]end
end
m[#m+1]=redis.call('GET',v.lock)or''
m[#m+1]=redis.call('PTTL',v.lock)
m[#m+1]=table.concat(eu,' ')
local hs=redis.call('ZRANGE',v.shared,0,-1,'WITHSCORES')
local n=#m+1
m[n]=0
for d=1,#hs,2 do
local q=tonumber(hs[d+1])%dl-b
if q>=0 then
m[n]=m[n]+1
m[#m+1]=hs[d]
m[#m+1]=q
end
end
end
return m
end`,
    PART_11,
    PART_5,
    PART_6,
  ],
  "711eafd0a22d357118161e799dd6f217af64ace3",
  "a76f9de5fb8f78ac83b5678350bbfd11c12256bc",
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
local e,bm,q=gu(a)
local bw,aa=ih(a[6],a[1],b)
local eu={eo(a[8])}
local f=cl(a[7],b,ef(math.huge))
for d=1,#f do
local p=dm(f,d)
if p[4]>=b then eu[#eu+1]=p[2]end
end
local m={1,bm or'',q or-2,aa or 0,bw or 0,table.concat(eu,' ')}
local function iz(g,w,u)
if w and u>=b then
local n=#m
m[n+1],m[n+2],m[n+3]=g,w,u-b
end
end
if e.token~=''then iz(e.token,e.slots,e.deadline)end
if e.latest>0 then
local kt,bh={},redis.call('HGETALL',a[3])
for d=1,#bh,2 do kt[bh[d]]=bh[d+1]end
local ca=redis.call('ZRANGE',a[4],0,-1,'WITHSCORES')
for d=1,#ca,2 do
if ca[d]~=e.token then iz(ca[d],kt[ca[d]],tonumber(ca[d+1]))end
end
end
return m
end`,
    PART_5,
    PART_6,
  ],
  "50a05563cebaf5cf33cf74a9765f13c96d0e03f5",
  "8f9b29948e06a782ae07a4c8c05cec9bcda4c722",
);

export const OBSERVE_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    PART_4,
    `local function me(j)
local bf,q=eo(j),redis.call('PTTL',j)
local cc=not bf and'~'or string.sub(bf,1,1)~='~'and'~ '..bf
q=math.max(q,20000)
if cc then redis.call('SET',j,cc,'PX',q)else redis.call('PEXPIRE',j,q)end
end
s['mutex.observe']=function(a)
local h=redis.call('GET',a[1])
if not h then return 1 end
pcall(me,a[2])
return{0,redis.call('PTTL',a[1]),h}
end`,
    PART_5,
    PART_6,
  ],
  "ff28b4e92dff2b067dc6cdf082ba4936983442a8",
  "4c61374e339e04f3dbd20332147dd70c1141c32a",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function ko(j)
local bs=redis.pcall('GET',j)
return type(bs)=='string'and bs or''
end
local function kp(j,lm,h)
local en=ko(j)
local ao=redis.call('TIME')
local b=string.format('%.0f',tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000))
if en==lm then
en=h(tonumber(b))
redis.call('SET',j,en)
end
return{1,en,b}
end
s['marker.replace']=function(a,c)
return kp(a[1],c[1],function()return c[2]end)
end
s['marker.lose']=function(a,c)
return kp(a[1],c[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(c[2]))
end)
end`,
    `s['identify']=function(a)
local fj=''
local function gv(ms)
local gk=redis.pcall('INFO',ms)
if type(gk)=='table'then gk,fj='',gk.err end
return function(lo)return string.match(gk,'%f[%w_]'..lo..':([^\\r\\n]*)')or''end
end
local fk,hy,ij=gv('server'),gv('memory'),gv('replication')
local ao=redis.call('TIME')
local o=fk('redis_mode')
if o==''then o=fk('server_mode')end
local kw=fk('valkey_version')
return{
1,fk('run_id'),tonumber(fk('uptime_in_seconds'))or-1,
tonumber(ao[1])*1000000+tonumber(ao[2]),
tonumber(gv('persistence')('aof_enabled'))or-1,
hy('maxmemory_policy'),tonumber(hy('maxmemory'))or-1,
ij('role'),o,ij('master_replid'),ij('master_replid2'),
a[1]and ko(a[1])or'',fj,
tonumber(hy('used_memory'))or-1,kw~=''and'valkey '..kw or fk('redis_version')
}
end`,
    PART_14,
    `s['counters.read']=function(a)
local m,b={1},aq()
for d=1,#a,2 do
local eg,i=pcall(bk,a[d])
m[#m+1]=eg and i and string.format('%.0f',i)or''
end
for d=2,#a,2 do
local bg,cz,cu=redis.pcall('HGETALL',a[d]),{},{}
for n=1,bg.err and 0 or#bg,2 do
cz[#cz+1],cu[bg[n]]=bg[n],bg[n+1]
end
table.sort(cz)
for ak,r in ipairs(cz)do
local bw,aa=ib(cu[r],b)
if bw then
for ak,h in ipairs({d/2,r,string.format('%.0f',bw),aa})do m[#m+1]=h end
end
end
end
return m
end
local function kn(a,c,ay)
local w,b=#a/2,aq()
for d=1,w do
local j=a[2*d-1]
local eg,i=pcall(bk,j)
if eg and c[d]~=''then
if not i then ay(j)end
fh(j,tonumber(c[d]))
end
end
for n=w+1,#c,4 do
pcall(mn,a[2*tonumber(c[n])],c[n+1],tonumber(c[n+2]),tonumber(c[n+3]),b)
end
return 1
end
s['counters.raise']=function(a,c)
return kn(a,c,cq)
end
s['counters.restore']=function(a,c)
return kn(a,c,function()end)
end
s['counters.lift']=function(a,c)
for d=1,#a do
local eg,i=pcall(bk,a[d])
if eg and i then fh(a[d],tonumber(c[1]))end
end
return 1
end`,
    `s['set.note']=function(a,c)
local cm,cx,ej=c[1],c[2],tonumber(c[3])
local ao=redis.call('TIME')
local b=tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
local dr,jx,jm=b,false,false
local dg,an={},redis.pcall('GET',a[1])
for cc in string.gmatch(type(an)=='string'and an or'','[^\\n]+')do
local el,ac,ab,fl,mj=string.match(cc,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
ac,ab,fl=tonumber(ac),tonumber(ab),tonumber(fl)
if el and ac<=ab and ab<=b and b<fl and fl<=b+3600000 then
if el==cm then
dr,jx=ac,b-ab<tonumber(c[4])
elseif el==cx then
jm=true
else
dg[#dg+1]={cc,el,ab,ac,fl,mj}
end
end
end
local m,ba,l={1},{},b+ej
for d=math.max(1,#dg-16+2),#dg do
local bm=dg[d]
ba[#ba+1]=bm[1]
l=math.max(l,bm[5])
m[#m+1]=bm[2]
m[#m+1]=bm[3]-math.max(bm[4],dr)
m[#m+1]=bm[5]-b
m[#m+1]=bm[6]
end
if not jx or jm then
ba[#ba+1]=string.format('%s %.0f %.0f %.0f %s',cm,dr,b,b+ej,c[5])
redis.call('SET',a[1],table.concat(ba,'\\n'),'PX',string.format('%.0f',l-b))
end
return m
end`,
    PART_5,
    PART_6,
  ],
  "8b709ec8f8b987f8e6cd2228f27a7d19c3c01fa0",
  "8f62c6d6cdb6b99c631578f51668b8b95fe296ba",
);

export const HOLD_SUMMARY_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `s['hold.summary']=function(a,c)
local cd=redis.pcall('GET',a[1])
if type(cd)~='string'or#cd>256 then cd=''end
if c[1]~=''then
local q,ej=redis.call('PTTL',a[1]),tonumber(c[2])
if cd==''or q<=ej-tonumber(c[3])or q>ej then
redis.call('SET',a[1],c[1],'PX',c[2])
end
end
return{1,cd}
end`,
    PART_5,
    PART_6,
  ],
  "dee715860eb561cd6b86beb9164576cd298c8785",
  "6bb6b4579079b77c570ff257b8ef0521a36a5cf5",
);

export const REPORT_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function aq()
local ao=redis.call('TIME')
return tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
end
local function io(j,b)
local mo=redis.pcall('ZREMRANGEBYSCORE',j,'-inf',b)
if type(mo)~='number'then
redis.call('DEL',j)
return 0
end
redis.call('ZREMRANGEBYSCORE',j,b+15000+1,'+inf')
return redis.call('ZCARD',j)
end
s['report.write']=function(a,c)
local b,az,ej=aq(),c[1],tonumber(c[3])
local cd,gy=io(a[1],b),io(a[2],b)
local gg=cd<1000 or redis.call('ZSCORE',a[1],az)
local kf=gg and a[1]or a[2]
redis.call('ZREM',gg and a[2]or a[1],az)
if gg or gy<10000 then
redis.call('ZADD',kf,b+ej,az)
redis.call('PEXPIRE',kf,15000)
end
if not gg then return{1,0}end
redis.call('SET',a[3],c[2],'PX',c[3])
return{1,1}
end
s['report.remove']=function(a,c)
local b=aq()
for jv=1,2 do
io(a[jv],b)
redis.call('ZREM',a[jv],c[1])
end
redis.call('DEL',a[3])
return{1}
end
s['report.list']=function(a,c)
local b=aq()
local ju=redis.pcall('ZREVRANGEBYSCORE',a[1],'+inf','('..b,'LIMIT',0,1000)
local gy=redis.pcall('ZCOUNT',a[2],'('..b,'+inf')
local m={1,type(gy)=='number'and gy or 0}
if not ju.err then
for ak,az in ipairs(ju)do m[#m+1]=az end
end
return m
end
s['report.read']=function(a,c)
local m={1}
for ak,j in ipairs(a)do
local an=redis.pcall('GET',j)
if type(an)~='string'or#an>8192 then an=''end
m[#m+1]=an
m[#m+1]=an==''and 0 or redis.call('PTTL',j)
end
return m
end`,
    PART_5,
    PART_6,
  ],
  "dd61360b53e820b10f302849ca430f981013fd05",
  "4b61881b21f5342549558c1f098f51ed54f28a01",
);

export const SINGLE_RECORD_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function aq()
local ao=redis.call('TIME')
return tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
end
local function dq(j)
local bg,f=redis.call('HGETALL',j),{}
for d=1,#bg,2 do f[bg[d]]=bg[d+1]end
return tonumber(f['p'])or 0,tonumber(f['f'])or 0,tonumber(f['n'])or 0,f['b']or''
end
local function fb(j,bt)
if redis.call('PTTL',j)<tonumber(bt)then redis.call('PEXPIRE',j,bt)end
end
s['single-record.open']=function(a,c)
local i=tonumber(c[1])
local fg,ec,ai,hl=dq(a[1])
if fg>i then return{0,fg}end
redis.call('HSET',a[1],'p',c[1])
fb(a[1],c[2])
return{1,ec,ai,hl,aq()}
end
s['single-record.put']=function(a,c)
local i,cr=tonumber(c[1]),tonumber(c[2])
local fg,ec,ai=dq(a[1])
if fg>i or ec>i or(ec==i and ai>cr)then return{0,math.max(fg,ec)}end
redis.call('HSET',a[1],'p',c[1],'f',c[1],'n',c[2],'b',c[3])
fb(a[1],c[4])
return{1}
end
s['single-record.get']=function(a,c)
local fg,ec,ai,hl=dq(a[1])
return{1,ec,ai,hl,aq()}
end`,
    PART_5,
    PART_6,
  ],
  "4dc58bfa59664af71f5bcc096163b52ebb09a725",
  "a557773c384a9a28ff4e3de543ce69170966fda9",
);

export const RECORD_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function ky(an)
local h=string.match(an,'^%d+$')and tonumber(an)
return h and h<=9000000000000000 and h
end
local function co(an,bu)
return ky(an)or error('the '..bu..' of a record must be a whole number of at most 9e15: '..an,0)
end
local function ct(cr)
return string.format('%.0f',cr)
end
local function dq(j)
local bg,f=redis.pcall('HGETALL',j),{}
if bg.err then
if not string.find(bg.err,'WRONGTYPE',1,true)then error(bg.err,0)end
error('the record '..j..' has another type than a hash; delete it',0)
end
for d=1,#bg,2 do f[bg[d]]=bg[d+1]end
local x,dz={},f['b']or''
local as=#dz>4096 or(#bg>0 and not f['p'])
for d,bu in ipairs({'p','f','n','c','m'})do
x[d]=ky(f[bu]or'0')
as=as or not x[d]
end
if as then
error('the record '..j..' has fields that no client of this library wrote; delete it',0)
end
return x[1],x[2],x[3],x[4],x[5],dz
end
local function fb(j,bt)
if redis.call('PTTL',j)<bt then redis.call('PEXPIRE',j,ct(bt))end
end
local function aq()
local ao=redis.call('TIME')
return tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
end
local function kj(j)
if IS_CLUSTER then return nil end
local bs=redis.pcall('GET',j)
if type(bs)=='table'and not string.find(bs.err,'WRONGTYPE',1,true)then return nil end
local az=type(bs)=='string'and string.match(bs,'^complete %S+ %S+ (%S+) ')
if not az then error('NOMARKER the server has lost its memory: it has no marker',0)end
return az
end
local function gp(j,b)
local az=kj(j)
if not az then return-1 end
local el=redis.pcall('GET',string.sub(j,1,-7)..'records')
local md,hw=string.match(type(el)=='string'and el or'','^(%S+) (%d+)$')
if md~=az then hw=string.match(az,'^(%d+)%.')end
return hw and math.max(0,b-tonumber(hw))or-1
end
s['record.open']=function(a,c)
local i,bt=co(c[1],'fence'),co(c[2],'time')
local b=aq()
local bo=gp(c[3],b)
local l,ap,ai,cs,by,cd=dq(a[1])
if l>i then return{0,l}end
if l<i then redis.call('HSET',a[1],'p',ct(i))end
fb(a[1],bt)
return{1,ap,ai,cs,by,cd,b,bo}
end
s['record.put']=function(a,c)
local i,cr=co(c[1],'fence'),co(c[2],'number')
local dr,dz,bt=co(c[3],'time'),c[4],co(c[5],'time')
if#dz>4096 then
error('the body of a record must have at most '..4096 ..' bytes: '..#dz,0)
end
local b=aq()
local bo=gp(c[6],b)
local l,ap,ai,ak,by,cd=dq(a[1])
if l>i or ap>i or(ap==i and ai>cr)then return{0,math.max(l,ap)}end
if ap==i and ai==cr and by==0 and cd~=dz then
error('the record '..a[1]..' has another body with the same fence and number; use a new number',0)
end
redis.call('HSET',a[1],'p',ct(i),'f',ct(i),'n',ct(cr),'b',dz,'c',ct(dr))
if by~=0 then redis.call('HDEL',a[1],'m')end
fb(a[1],bt)
return{1,b,bo}
end
s['record.copy']=function(a,c)
local dp,i,cr=co(c[1],'fence'),co(c[2],'fence'),co(c[3],'number')
local dr,bt=co(c[4],'time'),co(c[6],'time')
local l,ap,ai=dq(a[1])
if dp>l then redis.call('HSET',a[1],'p',ct(dp))end
if i>ap or(i==ap and cr>ai)then
redis.call('HSET',a[1],'f',ct(i),'n',ct(cr),'b',c[5],'c',ct(dr),'m','1')
end
fb(a[1],bt)
return 1
end
s['record.note']=function(a,c)
local az=kj(a[1])
if not az then error('a node of a cluster does not know which records it lacks',0)end
local dr=math.max(0,aq()-co(c[1],'time'))
redis.call('SET',a[2],az..' '..ct(dr),'PX',ct(co(c[2],'time')))
return 1
end
s['record.list']=function(a,c)
local x=redis.call('SCAN',c[1],'MATCH',c[2],'COUNT',250)
local m={1,x[1],gp(a[1],aq())}
table.sort(x[2])
for ak,j in ipairs(x[2])do
local bl,l,ap,ai,cs,ak,cd=pcall(dq,j)
if bl and l>0 then
for ak,h in ipairs({j,l,ap,ai,cs,cd,redis.call('PTTL',j)})do m[#m+1]=h end
end
end
return m
end
s['record.get']=function(a,c)
local b=aq()
local bo=gp(c[1],b)
local ak,ap,ai,cs,by,cd=dq(a[1])
return{1,ap,ai,cs,by,cd,b,bo}
end`,
    PART_5,
    PART_6,
  ],
  "cc8564488cd1168ee6c2052d871b07c5968522e4",
  "73624e2f0ecfd4fa502e5c4ac133da341a3e24ab",
);

export const OPERATOR_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `s['operator.replace']=function(a,c)
local g,ig=c[1],c[2]
local h=redis.call('GET',a[1])
local q=h and redis.call('PTTL',a[1])or 0
if not h or(h~=g and(h~=ig or q==-1))then return{0,q,h or''}end
local l=bk(a[2])
local i=l and(h==g and l or l+1)or cq(a[2])
if h~=g then redis.call('SET',a[1],g,'PX',math.max(1,q))end
ev(a[2],i)
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
local eg,i=pcall(bk,a[d+2])
m[#m+1]=eg and i and string.format('%.0f',i)or''
local dx=redis.call('ZREVRANGE',a[d+1],0,-1,'WITHSCORES')
m[#m+1]=#dx/2
for n=1,#dx,2 do
m[#m+1]=dx[n]
m[#m+1]=string.format('%.0f',tonumber(dx[n+1]))
end
end
local ao=redis.call('TIME')
m[2]=string.format('%.0f',tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000))
return m
end`,
    `s['operator.seize']=function(a,c)
local g,am=c[1],tonumber(c[2])
local h=redis.call('GET',a[1])
if h and(h=='~p'or string.sub(h,1,3)=='~p ')then
error('OTHERKIND the name is held by a semaphore; use another name for the lock',0)
end
local q=h and math.max(0,redis.call('PTTL',a[1]))or 0
local l=bk(a[3])
if h==g then
redis.call('PEXPIRE',a[1],math.max(1,am,q))
return{1,l or cq(a[3]),0}
end
local cx=h and{string.match(h,'^~s %u+ (.*)$')or h}or{}
if h=='~s'then cx=redis.call('ZREVRANGE',a[2],0,-1)end
local i=l and l+1 or cq(a[3])
local m={1,i,q}
for d,aj in ipairs(cx)do m[d+3]=aj end
redis.call('SET',a[1],g,'PX',am)
redis.call('DEL',a[2])
ev(a[3],i)
return m
end`,
    PART_5,
    PART_6,
  ],
  "9c6ca2ae9b019083e5b7b1079a57b329be9eb9f4",
  "9b9b035e34d74b60746da3135cbb27f80636f9b8",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    PART_12,
    `local fn=13
local function ia(k,al,af,ai,bu)
local g,r=ARGV[al],KEYS[k+8]
if bu=='quota.acquire'then
local o=ARGV[af+10]
if ai~=12 or ARGV[af]~='modes.acquire'or ARGV[af-1]~='12'or ARGV[af+11]~=''then return nil end
local cg=(o=='X'or o=='SIX')and 1 or(o=='S'or o=='IX'or o=='IS')and 0
local m=cg and fe(k,al,af+2,ai,'slots.acquire',cg)
if not m then return nil end
bp('SET',r,o=='X'and g or'~s '..o..' '..g,'PX',ARGV[af+9])
if as then return as[1]and as end
return m
end
if bu=='quota.extend'then
if ai~=13 or ARGV[af]~='modes.extend'or ARGV[af-1]~='10'then return nil end
local o,am=ARGV[af+9],ARGV[af+8]
if t('GET',r)~=(o=='X'and g or'~s '..o..' '..g)then return nil end
local q=t('PTTL',r)
if type(q)~='number'or q<0 then return nil end
local m=fe(k,al,af+2,ai,'slots.extend')
if m and q<tonumber(am)then bp('PEXPIRE',r,am)end
if as then return as[1]and as end
return m
end
if ai~=12 or ARGV[af]~='modes.release'or ARGV[af-1]~='6'then return nil end
local x=t('MGET',KEYS[k],KEYS[k+6],KEYS[k+7],r,KEYS[k+10],KEYS[k+11])
local h=x[4]
if not h or x[5]or x[6]then return nil end
if h~=g and string.match(h,'^~s [ISX]+ (.*)$')~=g then return nil end
local m=fe(k,al,af+2,ai,'slots.release',x)
if not m then return nil end
if m~=2 then bp('DEL',r)end
if as then return as[1]and as end
return 1
end
local fm={['quota.acquire']=ia,['quota.extend']=ia,['quota.release']=ia}`,
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
local function fv(a,c)
local bn,ck,bv,ce={},{},{c[1]},{c[1]}
local ah=tonumber(c[3])
for d,j in ipairs(a)do
if d<=iw then bn[d]=j
else ck[d-iw]=j end
end
for d=4,#c do
if d<4+ah then bv[d-2]=c[d]
else ce[d-2-ah]=c[d]end
end
return bn,bv,ck,ce
end
local function kl(a,c,ac)
local e,bj,b=dy(redis.call('GET',a[1])),{},aq()
local ak,mi=dn(a,e,c[1])
for d=ac,#c do
local w,u=dn(a,e,c[d])
if w and u>b then bj[#bj+1]={c[d],w,u}end
end
return(mi or 0)>=b,bj
end
local function lr(a,g,bj,b)
local e=dy(redis.call('GET',a[1]))
gh(a,e,g)
for ak,ic in ipairs(bj)do ed(a,e,ic[1],ic[2],ic[3],b)end
fx(a,e,b)
end
local function kg(a,g,bj,cj,bu,ck,ce)
local bl,r=pcall(s[bu],ck,ce)
if bl and(type(r)=='number'or r[1]==1)then return r end
if not cj then lr(a,g,bj,aq())end
if not bl then error(r,0)end
return nil,{0,r[2],r[3],r[4],r[5],2}
end
s['quota.acquire']=function(a,c)
local bn,bv,ck,ce=fv(a,c)
local cj,bj=kl(bn,bv,9)
local ax=s['slots.acquire'](bn,bv)
if ax[1]==0 then return{0,ax[2],ax[3],ax[4],ax[5],1}end
local r,fj=kg(bn,c[1],bj,cj,c[2],ck,ce)
if not r then
if#bj==0 and not cj then
local b=aq()
local aa=fd(bn,tonumber(bv[6]),tonumber(bv[7]),b)
local e,f=dy(redis.call('GET',bn[1])),cl(bn[7],b,ef(aa))
cv(bn,e,f,ax[3],aa,b)
end
return fj
end
if type(r)=='number'then return{1,math.abs(r),ax[3],ax[4],ax[5]or''}end
return{1,r[2],ax[3],ax[4],ax[5]or'',r[3],r[4],r[5]or''}
end
s['quota.convert']=function(a,c)
local bn,bv,ck,ce=fv(a,c)
local cj,bj=kl(bn,bv,7)
local ax=s['slots.extend'](bn,bv)
if ax~=1 then return{0,ax[2],ax[3],'0','',1}end
local r,fj=kg(bn,c[1],bj,cj,c[2],ck,ce)
return r and{1,math.abs(r),bv[4],'',''}or fj
end
local function jc(a,c,bu)
local bn,bv,ck,ce=fv(a,c)
local ax=s[bu](bn,bv)
if ax~=1 then return ax end
return s[c[2]](ck,ce)
end
s['quota.commit']=function(a,c)return jc(a,c,'slots.commit')end
s['quota.extend']=function(a,c)return jc(a,c,'slots.extend')end
s['quota.release']=function(a,c)
local bn,bv,ck,ce=fv(a,c)
local bl,ax=pcall(s['slots.release'],bn,bv)
local r=s[c[2]](ck,ce)
if not bl then error(ax,0)end
return r~=0 and r or ax
end`,
    `s['quota.renew']=function(a,c)
local bn,bv,ck,ce=fv(a,c)
local r
for ak,ff in ipairs({true,false})do
local ax=s['slots.renew'](bn,bv,ff)
if type(ax)~='number'then return ax end
r=s[c[2]](ck,ce,ff)
if type(r)~='number'then return r end
end
return r
end`,
    PART_5,
    PART_6,
  ],
  "0361cf312951f83eb5aeb70283502316ff89b5c9",
  "47be51cd99f70f877d68dc58b5da0e1a35353e67",
);
