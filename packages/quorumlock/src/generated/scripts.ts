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
local mu=t(i>1 and'DECR'or'DEL',j)
if type(mu)=='table'then t('DECR',j)end
return nil
end`;

const PART_2 = `if#KEYS<=fn and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local gs=fm[ARGV[1]]
local m=gs and gs(1,6+ARGV[5],6,#KEYS,ARGV[1])
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
local am=redis.call('TIME')
local b=tonumber(am[1])*1000000+tonumber(am[2])
return math.max(1,b-b%16384)
end
local function cr(j)
local dp=fo(j)
if dp then return dp end
redis.call('DEL',j)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function fh(j,i)
local en=bl(j)
if not en then i=math.max(i,fo(j)or 0)end
if(en or 0)<i then ev(j,i)end
end`;

const PART_4 = `local function eo(j)
local bg=redis.pcall('GET',j)
return type(bg)=='string'and bg or nil
end
local function hm(j,be,an)
an=math.max(an,20000)
local bg=eo(j)
if not bg then
redis.call('SET',j,be,'PX',an)
elseif string.find(' '..bg..' ',' '..be..' ',1,true)then
redis.call('PEXPIRE',j,math.max(redis.call('PTTL',j),an))
elseif#bg+1<256*(#be+1)then
redis.call('SET',j,bg..' '..be,'PX',math.max(redis.call('PTTL',j),an))
end
end
local function ez(j,be)
local bg=eo(j)
if not bg then return end
local dg={}
for bn in string.gmatch(bg,'%S+')do
if bn~=be then dg[#dg+1]=bn end
end
if#dg==0 then redis.call('DEL',j)
else redis.call('SET',j,table.concat(dg,' '),'PX',math.max(redis.call('PTTL',j),1))end
end
local function hj(j,mc)
local bg=eo(j)
if not bg then return false end
local ac=mc and string.match(bg,'[^%s~]%S*')or''
if string.sub(bg,1,1)=='~'then ez(j,'~')end
if ac~=''then ez(j,ac)end
redis.pcall('PUBLISH',j,ac)
return ac~=''
end`;

const PART_5 = `return s
end`;

const PART_6 = `local function mm(gs,k,fc,al,y,af,au)
local a,c={unpack(KEYS,k,k+fc-1)},{unpack(ARGV,al,al+y-1)}
for d=1,au do c[y+d]=ARGV[af+d-1]end
local bm,m=pcall(gs,a,c)
if bm then return m end
if type(m)=='table'then m=m.err or m[1]end
return{-1,tostring(m)}
end
local da,s,k,al={},nil,1,1
while al<=#ARGV do
local bu,dw,fc=ARGV[al],tonumber(ARGV[al+1]),tonumber(ARGV[al+2])
local y,au,af=tonumber(ARGV[al+3]),tonumber(ARGV[al+4]),al+5
al=af+au
local jm=fc<=fn
local jk=jm and fm[bu]
local jj=jm and dw>1 and hn[bu]
local eb=0
while eb<dw do
local ah=jj and jj(k,al,dw-eb,da)or 0
if ah==0 then
local m=jk and jk(k,al,af,fc,bu)
if not m then
s=s or general()
m=mm(s[bu],k,fc,al,y,af,au)
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
local function gc(f,q)
f.check=math.min(f.check,q[4]+1)
if q[5]>0 then f.check=math.min(f.check,q[5]+50+1)end
end
local function lj(f,b)
local hi,ep=0,{}
local ah=#f
f.check=math.huge
for d=1,ah do
local q=dm(f,d)
f[d]=nil
if q[4]>=b then
hi=hi+1
f[hi]=q
gc(f,q)
if q[5]>0 and b-q[5]>50 then
local be=gd(q[2])
ep[be]=math.max(ep[be]or 0,q[5])
q[7]=true
end
end
end
if not next(ep)then return end
for ak,q in ipairs(f)do
local be=gd(q[2])
if ep[be]and q[4]-3000>ep[be]then ep[be]=nil end
end
for ak,q in ipairs(f)do q[7]=q[7]or ep[gd(q[2])]~=nil end
end
local function cl(j,b,lw)
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
local bz
for d=1,#f do
local q=dm(f,d)
if q[2]==ad or(ag and ht(q,ag,ad))then break end
if not q[7]and li(q[3])then
if bz then return bz,true end
bz=q
end
end
return bz,false
end
local function id(f,ad)
local ml=' '..ad..' '
for d,q in ipairs(f)do
if type(q)~='string'or string.find(q,ml,1,true)then
if dm(f,d)[2]==ad then return d end
end
end
end
local function gw(f,ad,b)
local n=ad~=''and id(f,ad)
if not n then return nil end
local q=dm(f,n)
q[4],q[5],q[7],q[8]=b+3000,0,false,nil
f.last=math.max(f.last,q[4])
return n
end
local function ks(f,ad,b)
local n=gw(f,ad,b)
if not n then return false end
local q=f[n]
q[5],q[7]=math.max(1,b-50-1),true
gc(f,q)
return true
end
local function hg(bd,aw)
if bd>=0 then return bd end
return-bd>aw and-bd<=aw+3000 and-bd or 0
end
local function kw(aw,b)
return aw==b and string.format('%.0f',b)or string.format('%.0f %.0f',aw,b)
end
local function kv(f,ad,dd,bd,ei,b,ab)
local n=gw(f,ad,b)
if n and f[n][6]>=bd then
f[n][3]=dd
return n
end
if n then table.remove(f,n)end
local di=hg(bd,ab)
if di==0 then di=ab+1 end
local ag=di-ei
n=#f+1
while n>1 and ht(dm(f,n-1),ag,ad)do n=n-1 end
local q={ag,ad,dd,b+3000,0,math.max(bd,0),false}
table.insert(f,n,q)
gc(f,q)
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
local bj,ge,hv={},{},false
for d=1,#f do
local q=dm(f,d)
if not q[7]then
local be=gd(q[2])
hv=hv or not cx(q[3])
if hv then
if not next(ge)then break end
if not ge[be]then return bj,true,q[2]end
else
if q[5]<=0 then
q[5],q[8]=b,nil
gc(f,q)
bj[#bj+1]=q
end
ge[be]=true
end
end
end
return bj,next(ge)~=nil,nil
end
local function ky(cv,ey)
return table.concat(cv,' ')..(ey and' ~'..ey or'')
end`;

const PART_8 = `local hb={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function eh(ao)return hb[ao]end
local function jg(mh,bn)return string.find(hb[mh],' '..bn..' ',1,true)end
local function mb(mg)
local gj={}
return function(o)
if gj[o]==nil then gj[o]=not mg(o)end
if not gj[o]then return false end
for bn in string.gmatch(hb[o],'%u+')do gj[bn]=false end
return true
end
end`;

const PART_9 = `local dc,ga='~s','~p'
local dl,gb=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local ix={'IS','IX','SIX','S'}
local he={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=ix}
local function aq()
local am=redis.call('TIME')
return tonumber(am[1])*1000+math.floor(tonumber(am[2])/1000)
end
local function gq(ao)
local ar={}
for o in string.gmatch(ao,'%u+')do
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
local function fz(cs)return string.format('%.0f',cs)end
local function kb(j,o,ah)
local ae=gb[o]*dl
return redis.pcall('ZREVRANGEBYSCORE',j,'('..fz(ae+dl),fz(ae),'WITHSCORES','LIMIT',0,ah),ae
end
local function gr(w,o,y,b)
local h=redis.call('GET',w.lock)
if h and(h==ga or string.sub(h,1,3)==ga..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local ds,bf=eq(h)
if bf then
local p=not y[bf]and redis.call('PTTL',w.lock)
if p and(p==-1 or jg(o,ds))then return p,bf end
return nil
end
if y[h]then return nil end
if h and h~=dc then return redis.call('PTTL',w.lock),h end
local l,aj
if not h and redis.call('EXISTS',w.shared)==0 then return nil end
for ak,mr in ipairs(he[o])do
local v,ae=kb(w.shared,mr,#y+1)
if v.err then error(v.err,0)end
for d=1,#v,2 do
local u=tonumber(v[d+1])-ae
if not y[v[d]]then
if u>=b and(not l or u>l)then l,aj=u,v[d]end
break
end
end
end
if l then return l-b,aj end
end
local function kd(w,b)
local ab
if redis.call('EXISTS',w.shared)==0 then return nil end
for ak,o in ipairs(ix)do
local v,ae=kb(w.shared,o,1)
local ag=tonumber(v[2])
if ag and ag-ae>=b then ab=math.max(ab or 0,ag-ae)end
end
return ab
end
local function hu(w,o,y)
local h=redis.call('GET',w.lock)
if o=='X'then return y[h]end
local ds,bf=eq(h)
if bf then return y[bf]and ds==o end
for ak,g in ipairs(y)do
local ag=redis.call('ZSCORE',w.shared,g)
if ag and math.floor(tonumber(ag)/dl)==gb[o]then return true end
end
return false
end
local function ly(w,y)
local h=redis.call('GET',w.lock)
local ak,bf=eq(h)
if bf then return y[bf]end
if y[h]then return true end
for ak,g in ipairs(y)do
if redis.call('ZSCORE',w.shared,g)then return true end
end
return false
end
local function ja(j,o,g,u,b)
local ae=gb[o]*dl
redis.call('ZREMRANGEBYSCORE',j,fz(ae),'('..fz(ae+b))
redis.call('ZADD',j,fz(ae+u),g)
if redis.call('PTTL',j)<u-b then redis.call('PEXPIRE',j,u-b)end
end
local function hr(w,o,y,an,b)
local r,au,g,cy=w.lock,w.shared,y[1],false
local h=redis.call('GET',r)
local u=b+an
local ds,bf=eq(h)
local aj,lu=bf or h,ds or'X'
if y[aj]then
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
redis.call('SET',r,dc,'PX',kd(w,b)-b)
else
local p=redis.call('PTTL',r)
if p>=0 and p<u-b then redis.call('PEXPIRE',r,u-b)end
end
return cy
end
local function ch(w,y,b)
local r,bq=w.lock,false
local h=redis.pcall('GET',r)
if type(h)=='table'then
if string.find(h.err,'WRONGTYPE',1,true)then return false,false end
error(h.err,0)
end
local ak,bf=eq(h)
if y[bf or h]then
redis.call('DEL',r)
h,bq=false,true
end
if bf or(bq and#y==1)then return bq,bq end
local gm=false
for ak,g in ipairs(y)do
local ag=redis.pcall('ZSCORE',w.shared,g)
if type(ag)=='string'then
redis.call('ZREM',w.shared,g)
gm=true
if tonumber(ag)%dl>=b then bq=true end
end
end
if h and h~=dc then return bq,false end
local ab=gm and kd(w,b)
if ab then
local p=redis.call('PTTL',r)
local gl=p>ab-b+1
if p<0 or gl then redis.call('SET',r,dc,'PX',math.max(1,ab-b))end
return bq,false,gl
end
if gm and h then redis.call('DEL',r)end
return bq,gm or bq
end`;

const PART_10 = `local iu={}
local function cw(w,f,b)
if#f==0 then return{},false end
local bj,cx,ey=kl(
f,mb(function(o)return gr(w,o,iu,b)end),b)
for d,q in ipairs(bj)do bj[d]=q[2]end
if#bj>0 then
dk(w.line,f,b)
redis.pcall('PUBLISH',w.wake,ky(bj,ey))
end
return bj,cx
end
local function lh(w,o,y,ad,ag,f,b)
local p,aj=gr(w,o,y,b)
if p or#f==0 or ly(w,y)then return p,aj end
local bz,lt=jb(f,ad,ag,function(bn)return jg(bn,o)end)
if not bz then return nil end
if w.wake then cw(w,f,b)end
if lt then return-1,''end
if bz[5]>0 then return math.max(0,50-b+bz[5]),''end
p,aj=gr(w,bz[3],iu,b)
return p and-1 or 50,aj or''
end
local function lo(jl,ar,cj)
local i,cg,aw=0,false,{}
for ak,o in ipairs(ar)do
if(o=='X'or o=='SIX')and not cj then cg=true end
end
for d,j in ipairs(jl)do
local l=bl(j)
aw[d]=l or 0
i=math.max(i,l and(cg and l+1 or l)or cr(j))
end
for d,j in ipairs(jl)do
if aw[d]~=i then ev(j,i)end
end
return i
end
s['modes.acquire']=function(a,c)
local an,ad,bd,ei=tonumber(c[2]),'',0,0
if c[4]~=''then
ad,bd,ei=string.match(c[4],'^(%S*) (%S+) (%S+)$')
bd,ei=tonumber(bd),tonumber(ei)
end
local ar,y,lf,b=gq(c[3]),et(c,5),{c[1],[c[1]]=true},aq()
local bb=ek(a,#ar,ad==''and 3 or 4)
local ba,aw,n,bc,aj={},b,nil,nil,nil
local cj,cy=true,false
for d=1,#ar do
ba[d]=cl(bb[d].line,b,eh)
aw=math.max(aw,ba[d].ticket)
end
local di=hg(bd,aw)
local ag=di>0 and di-ei or nil
for d,o in ipairs(ar)do
local w=bb[d]
local p,mw=lh(w,o,y,ad,ag,ba[d],b)
if p then
n=n or d
if not aj or(bc~=-1 and(p==-1 or p>bc))then
bc,aj=p,mw
end
elseif not hu(w,o,lf)then
cj=false
end
end
local cc,fw=n or#ar,nil
if ad~=''then
fw=kv(ba[cc],ad,ar[cc],bd,ei,b,aw)
if not n and ba[cc][fw]then ba[cc][fw][5]=-1 end
dk(bb[cc].line,ba[cc],b)
end
if n then
if ad~=''then pcall(hm,bb[n].wake,ad,an)end
return{0,bc,aj,kw(aw,b),fw and fw-1 or#ba[n]}
end
local i=lo(bb.fences,ar,cj)
for d,o in ipairs(ar)do
local w=bb[d]
if hr(w,o,y,an,b)then cy=true end
if d~=cc and gw(ba[d],ad,b)then dk(w.line,ba[d],b)end
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
if not bl(j)then cr(j)end
fh(j,tonumber(c[2]))
end
return 1
end
s['modes.extend']=function(a,c)
local i,an,ar=tonumber(c[2]),tonumber(c[3]),gq(c[4])
local bb,y,b,br=ek(a,#ar,4),et(c,5),aq(),true
for d,o in ipairs(ar)do
local p,aj=gr(bb[d],o,y,b)
if p then return{0,p,aj}end
br=br and hu(bb[d],o,y)
end
for ak,j in ipairs(bb.fences)do
local hq=not br and(bl(j)or fo(j))
if hq then fh(j,i)end
end
for d,o in ipairs(ar)do
local w=bb[d]
if hr(w,o,y,an,b)then cw(w,cl(w.line,b,eh),b)end
end
return 1
end
local function ke(w,f,ad,b)
local jo=kf(f,ad)
if jo then dk(w.line,f,b)end
pcall(ez,w.wake,ad)
return jo
end
s['modes.release']=function(a,c)
local ad,y,b=c[2],et(c,3),aq()
local bq,fa,js=false,false,string.find(ad,'.',1,true)
for ak,w in ipairs(ek(a,#a/4,4))do
local br,lx,gl=ch(w,y,b)
local ba=(br or js)and redis.pcall('MGET',w.line,w.wake)
if br then bq=true end
if ba and(ba[1]or ba[2])then
local f=cl(w.line,b,eh)
if js then ke(w,f,ad,b)end
local bm,bj,cx=pcall(cw,w,f,b)
if not bm then bj,cx={},false end
for ak,bn in ipairs(bj)do
if bn~=ad then fa=true end
end
if lx and not cx and hj(w.wake,ad~='')then fa=true end
if gl and#bj==0 then redis.pcall('PUBLISH',w.wake,'')end
end
end
if not bq then return 0 end
return fa and-1 or 1
end
s['modes.releaseAll']=s['modes.release']
s['modes.leave']=function(a,c)
local b=aq()
for ak,w in ipairs(ek(a,#a/4,4))do
local f=cl(w.line,b,eh)
if ke(w,f,c[1],b)then pcall(cw,w,f,b)end
end
return 1
end`;

const PART_11 = `local function lv(w,o,g,b)
local h=redis.call('GET',w.lock)
if h~=dc then
local ds,bf=eq(h)
return(bf or h)==g and(ds or'X')==o
end
local ag=o~='X'and redis.call('ZSCORE',w.shared,g)
if not ag then return false end
return math.floor(tonumber(ag)/dl)==gb[o]and tonumber(ag)%dl>=b
end
s['modes.renew']=function(a,c,ff)
local g,ar,b,i=c[1],gq(c[3]),aq(),1
local bb=ek(a,#ar,3)
for d,o in ipairs(ar)do
if not lv(bb[d],o,g,b)then
local h=redis.call('GET',bb[d].lock)
local ak,bf=eq(h)
local aj=bf or h~=dc and h or''
if string.sub(aj,1,3)==ga..' 'then aj=ga end
return{0,redis.call('PTTL',bb[d].lock),aj}
end
end
for ak,j in ipairs(bb.fences)do i=math.max(i,bl(j)or 1)end
if ff then return i end
for d,o in ipairs(ar)do hr(bb[d],o,{g,[g]=true},tonumber(c[2]),b)end
return i
end`;

const PART_12 = `local fn=8
local hf='^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
local le='^~p %d+ 0 %d+ [01]* %d+:[%d -]*:'
local lc=8
local as,fq
local function bp(...)
if as then return end
local m=t(...)
if type(m)=='table'and m.err then as=fq and{-1,m.err}or{}else fq=true end
end
local function gf()
local am=t('TIME')
return am[1]*1000+math.floor(am[2]/1000)
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
local g,bk,aa,cq=ARGV[al],ARGV[af+3]+0,ARGV[af+4]+0,KEYS[k+1]
if bk>lc or bk>aa then return nil end
local at,b=t('GET',KEYS[k]),gf()
local ay,ab,cb,z,av,x,ap='0','0','0','','0','',''
local hp=true
if at then
if at.err then return nil end
ay,ab,cb,z,av,x,ap=string.match(at,hf)
if not ay or ap==g then return nil end
if(ab~='0'and b>ay+0)or(ap~=''and av+0<b)then return nil end
if ab~='0'and t('HGET',KEYS[k+2],g)then return nil end
elseif t('EXISTS',unpack(KEYS,k+4,cg and k+10 or k+6))==0 then
hp=false
end
if hp and cg and t('EXISTS',KEYS[k+8],KEYS[k+9],KEYS[k+10])~=0 then return nil end
local jq=string.find(g,'^%x%x%x%x%x%x%x%x%x%x%x%x')
local bx,er=jq and tonumber(string.sub(g,1,6),16)%aa or 0,nil
local by,ea={},bk==1 and'1'or'2'
for ak=1,64 do
local jd=string.byte(z,bx+1)
if not jd then
z=z..string.rep('0',bx-#z)..ea
by[#by+1]=bx
elseif jd==48 then
z=string.sub(z,1,bx)..ea..string.sub(z,bx+2)
by[#by+1]=bx
end
if#by==bk then break end
er=er or jq and 1+tonumber(string.sub(g,7,12),16)%aa or 1
bx=(bx+er)%aa
end
if#by<bk then return nil end
local cf=by[1]..''
if bk>1 then
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
local h=t('GET',cq)
local ae=type(h)=='string'and string.find(h,'^%d+$')and h+0
if not ae or ae<1 or ae+1>=9000000000000000 then return nil end
i=ae+1+cg
bp('SET',cq,string.format('%.0f',i))
else
i=ah(cq)
if not i then return nil end
fq=true
end
else
local v
if IS_CLUSTER then
v=t('MGET',cq,KEYS[k+6])
else
local mn=string.sub(cq,1,string.find(cq,'~fence:',1,true)-1)
v=t('MGET',cq,KEYS[k+6],mn..'~server')
end
if v.err or v[2]or t('HGET',KEYS[k+5],KEYS[k])then return nil end
local ae=v[1]and string.find(v[1],'^%d+$')and v[1]+0
if not ae or ae<1 or ae>=9000000000000000 then return nil end
local az=v[3]and string.match(v[3],'^complete %S+ %S+ (%S+) ')or''
if#az~=32 then az=string.format('%-32.32s',az)end
if t('GETRANGE',KEYS[k+4],0,31)~=az then return nil end
i=ae-ae%16384
for d=1,bk do
local n=32+16*by[d]
i=math.max(i,tonumber(t('GETRANGE',KEYS[k+4],n,n+15))or ae)
end
i=i+1
local kc=math.max(ae,i)
if cg and kc>=9000000000000000 then return nil end
local jr=ab~='0'
if ap~=''then fu=ap end
if fu and jr then bp('ZADD',KEYS[k+3],av,ap)end
local ao=string.format('%016.0f',i)
for d=1,bk do bp('SETRANGE',KEYS[k+4],32+16*by[d],ao)end
if cg then i=kc+cg end
if ae<i then bp('SET',cq,string.format('%.0f',i))end
if fu then
if not jr then
bp('DEL',KEYS[k+2],KEYS[k+3])
bp('ZADD',KEYS[k+3],av,ap)
end
bp('HSET',KEYS[k+2],ap,x)
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
local ay,ab,cb,z,av,x,ap=string.match(at,hf)
if not ay or t('HGET',KEYS[k+5],KEYS[k])then return nil end
local b=gf()
if(ab~='0'and b>ay+0)or(ap~=''and av+0<b)then return nil end
local u=b+ARGV[af+1]
local l=string.format('%.0f',u)
if ap==g then
if x~=ARGV[af+2]then return nil end
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
iq(k,ay,ab,cb,z,av..':'..x..':'..ap,l,b)
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
local ay,ab,cb,z,av,x,ap=string.match(v[1],hf)
if not ay then return nil end
local l,co=ab,x
if ap==g then
if av+0<ab+0 and av+0<gf()then return nil end
av,x,ap='0','',''
else
local ag=t('ZSCORE',KEYS[k+3],g)
co=t('HGET',KEYS[k+2],g)
if type(co)~='string'or type(ag)~='string'or ag+0<gf()then return nil end
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
local bx=tonumber(co)
if bx then
z=string.sub(z,1,bx)..'0'..string.sub(z,bx+2)
else
for ci,gz in string.gmatch(co,'(%d+)%-?(%d*)')do
if gz==''then gz=ci end
z=string.sub(z,1,ci)..string.rep('0',gz-ci+1)..string.sub(z,gz+2)
end
end
iq(k,ay,ab,cb,z,av..':'..x..':'..ap,l)
if as then return as[1]and as end
return 1
end
local fm={['slots.acquire']=fe,['slots.extend']=fe,['slots.release']=fe}
local hn={}`;

const PART_13 = `local db,dt,hc,lb='0','1','2',48
local ld=64
local function dv(ao)
local md=string.gmatch(ao,'(%d+)%-?(%d*)')
return function()
local ac,l=md()
if ac then return tonumber(ac),tonumber(l)or tonumber(ac)end
end
end
local function kr(z,ea)
local il,ci,l={},string.find(z,ea..'+')
while ci do
il[#il+1]=ci==l and tostring(ci-1)or string.format('%d-%d',ci-1,l-1)
ci,l=string.find(z,ea..'+',l+1)
end
return table.concat(il,' ')
end
local function dh(z,x,ea)
local em,n={},0
for ac,l in dv(x)do
if ac<n then z,em,n=table.concat(em)..string.sub(z,n+1),{},0 end
if ac>#z then z=z..string.rep(db,ac-#z)end
em[#em+1]=string.sub(z,n+1,ac)
em[#em+1]=string.rep(ea,l-ac+1)
n=l+1
end
return table.concat(em)..string.sub(z,n+1)
end
local function lg(z,x)
for ac,l in dv(x)do
if string.find(string.sub(z,ac+1,l+1),dt,1,true)then return false end
end
return true
end
local function fp(z,aa)
return#string.gsub(string.sub(z,1,aa),dt..'+','')
end
local function ll(x)
local hz=0
for ak,l in dv(x)do hz=math.max(hz,l+1)end
return hz
end
local function mi(g,aa)
local ct,er=string.match(g,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not ct then return 0,1 end
return tonumber(ct,16)%aa,1+tonumber(er,16)%aa
end
local function jf(z,ai,aa,ie,y,g)
local df=ai
local function fy(ac,l)
l=math.min(l,aa-1)
if df==0 or ac>l then return end
local ms,ah=string.gsub(string.sub(z,ac+1,l+1),db,hc,df)
if ah==0 then return end
z,df=string.sub(z,1,ac)..ms..string.sub(z,l+2),df-ah
end
for ac,l in dv(ie)do fy(ac,l)end
if y then
for ac,l in dv(y)do fy(ac,l)end
else
local ct,er=mi(g,aa)
for d=0,ld-1 do
if df==0 then break end
local bx=(ct+d*er)%aa
if string.byte(z,bx+1)==lb then fy(bx,bx)end
end
fy(ct,aa-1)
fy(0,ct-1)
end
if df>0 then return nil end
return kr(z,hc),(string.gsub(z,hc,dt))
end`;

const PART_14 = `local it='~'
local function aq()
local am=redis.call('TIME')
return tonumber(am[1])*1000+math.floor(tonumber(am[2])/1000)
end
local function ib(ao,b)
local bw,aa,ha=string.match(ao,'^(%d+) (%d+) (%d+)$')
if bw and tonumber(ha)+604800000+86400000>=b then return tonumber(bw),tonumber(aa),tonumber(ha)end
end
local function ih(j,r,b)
return ib(redis.call('HGET',j,r)or'',b)
end
local function is(j,r,bw,aa,b)
local jh=tonumber(redis.call('HGET',j,it)or'')
if not jh or jh+86400000<b then
local bh=redis.call('HGETALL',j)
for d=1,#bh,2 do
if not ib(bh[d+1],b)then redis.call('HDEL',j,bh[d])end
end
redis.call('HSET',j,it,string.format('%.0f',b))
end
redis.call('HSET',j,r,string.format('%.0f %.0f %.0f',bw,aa,b))
redis.call('PEXPIRE',j,604800000+86400000)
end
local function mo(j,r,bw,aa,b)
if bw>(ih(j,r,b)or 0)then is(j,r,bw,aa,b)end
end`;

const PART_15 = `local iv='~p'
local ew,ex=16,32
local function lz(at)
return at==iv or string.sub(at,1,3)==iv..' '
end
local function dy(at)
local ay,ab,cb,z,u,x,g=
string.match(at or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(ay)or 0,['latest']=tonumber(ab)or 0,['kept']=tonumber(cb)or 0,['map']=z or'',
['deadline']=tonumber(u)or 0,['slots']=x or'',['token']=g or'',
['is_new']=not g,['is_other']=at and not lz(at)
}
end
local function fx(a,e,b)
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
local x=e.latest>0 and redis.call('HGET',a[3],g)
local u=x and redis.call('ZSCORE',a[4],g)
if u then return x,tonumber(u)end
end
local function je(a,e)
if e.token==''or e.latest==0 then return end
redis.call('HGET',a[3],e.token)
redis.call('ZSCORE',a[4],e.token)
end
local function gh(a,e,g)
local x,u=dn(a,e,g)
if not x then return nil end
e.map=dh(e.map,x,db)
if g==e.token then
e.deadline,e.slots,e.token=0,'',''
return x,u
end
redis.call('ZREM',a[4],g)
redis.call('HDEL',a[3],g)
if u==e.latest then
e.latest=tonumber(redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2])or 0
if e.latest==0 then e.check,e.kept=0,0 end
end
return x,u
end
local function gi(a,e,b)
local ee=false
if e.token~=''and e.deadline<b then
e.map=dh(e.map,e.slots,db)
e.deadline,e.slots,e.token,ee=0,'','',true
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
local function ed(a,e,g,x,u,b)
if e.token~=''then
if e.latest==0 then redis.call('DEL',a[3],a[4])end
redis.call('ZADD',a[4],string.format('%.0f',e.deadline),e.token)
redis.call('HSET',a[3],e.token,e.slots)
e.check=e.latest==0 and e.deadline or math.min(e.check,e.deadline)
e.latest=math.max(e.latest,e.deadline)
end
e.deadline,e.slots,e.token,e.map=u,x,g,dh(e.map,x,dt)
fx(a,e,b)
end
local function kn(a)
local az=''
if not IS_CLUSTER then
local bs=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
az=type(bs)=='string'and string.match(bs,'^complete %S+ %S+ (%S+) ')or''
end
return string.format('%-'..ex..'.'..ex..'s',az)
end
local function hk(a)
return redis.call('GETRANGE',a[5],0,ex-1)==kn(a)
end
local function fs(a,x,ae)
if not hk(a)then return ae end
local hx=ae-ae%16384
for ac,l in dv(x)do
local ao=redis.call('GETRANGE',a[5],ex+ew*ac,ex+ew*(l+1)-1)
for d=0,l-ac do
local ah=tonumber(string.sub(ao,ew*d+1,ew*(d+1)))
hx=math.max(hx,ah or ae)
end
end
return hx
end
local function ir(a,x,ah,ae)
if not hk(a)then redis.call('SET',a[5],kn(a),'PX',604800000)end
local ao=string.format('%0'..ew..'.0f',ah)
for ac,l in dv(x)do
redis.call('SETRANGE',a[5],ex+ew*ac,string.rep(ao,l-ac+1))
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
local function lq(a,e,df,b)
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
local x=ca[d]==e.token and e.slots or redis.call('HGET',a[3],ca[d])or''
for ac,lm in dv(x)do df=df-(lm-ac+1)end
if df<=0 then break end
end
return l<0 and-1 or math.max(0,l-b),ca[1]or''
end
local function ef(aa)
return function(ao)
local ah=tonumber(ao)
return ah and ah<=aa
end
end
local function cw(a,e,f,co,aa,b)
if#f==0 then return 0,false end
local z=gt(e.map,aa)
local ch=e.is_other and 0 or fp(z,aa)
local bj,cx,ey=kl(f,function(dd)
ch=ch-tonumber(dd)
return ch>=0
end,b)
local cv={}
for d,q in ipairs(bj)do
local x,mq=jf(z,tonumber(q[3]),aa,co,'0-'..aa-1)
z=mq or z
cv[d]=q[2]..':'..string.gsub(x or'',' ',',')
end
if#cv>0 then
dk(a[7],f,b)
redis.pcall('PUBLISH',a[8],ky(cv,ey))
end
return#cv,cx
end
s['slots.acquire']=function(a,c)
local g,an,ad,bd,ai=c[1],tonumber(c[2]),c[3],tonumber(c[4]),tonumber(c[5])
local ie,gn,y,b=c[8],#c>8,et(c,9),aq()
local e,aj,bc=gu(a)
local aa,ft=fd(a,tonumber(c[6]),tonumber(c[7]),b)
if ai>aa then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',aa,ai),0)end
gi(a,e,b)
local f=cl(a[7],b,ef(aa))
local aw=math.max(b,f.ticket)
local di=hg(bd,aw)
local z=gt(e.map,aa)
local x,cf=dn(a,e,g),nil
if aj then
if ad~=''then pcall(hm,a[8],ad,an)end
elseif x then
local i=fs(a,x,bl(a[2])or cr(a[2]))
ii(a,e,g,b+an,b)
if ks(f,ad,b)then dk(a[7],f,b)end
return{1,i,x,ft,gn and z or nil}
else
local dj,cn=z,''
for d=2,#y do
local bi=dn(a,e,y[d])or''
dj,cn=dh(dj,bi,db),cn..' '..bi
end
local bz
if#f>0 and not gn then
local ch=fp(dj,aa)
bz=ch>=ai and jb(f,ad,di>0 and di or nil,function(dd)
ch=ch-tonumber(dd)
return ch<ai
end)
end
if not bz then cf=jf(dj,ai,aa,ie,gn and cn or nil,g)end
if cf then
local ae=bl(a[2])
local ac=not ae and cr(a[2])
local i,u=fs(a,cf,ae or ac)+1,b+an
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
if ks(f,ad,b)then dk(a[7],f,b)end
return{1,i,cf,ft,gn and dh(dj,cf,dt)or nil}
end
local ch=fp(z,aa)
bc,aj=lq(a,e,ai-ch,b)
if bz then
cw(a,e,f,'',aa,b)
if bz[5]>0 then bc,aj=math.max(0,50-b+bz[5]),''
else bc=-1 end
end
end
if ad~=''then
kv(f,ad,string.format('%.0f',ai),bd,0,b,aw)
dk(a[7],f,b)
end
return{0,bc,aj,kw(aw,b),ft}
end
s['slots.commit']=function(a,c)
local i,x=tonumber(c[2]),c[3]
local e=dy(redis.call('GET',a[1]))
if dn(a,e,c[1])~=x then return{0}end
local ae=bl(a[2])or cr(a[2])
local ah=fs(a,x,ae)
if ah<i or not hk(a)then ir(a,x,math.max(ah,i),ae)end
return 1
end
s['slots.extend']=function(a,c)
local g,i,an,x=c[1],tonumber(c[2]),tonumber(c[3]),c[4]
local y,b=et(c,7),aq()
local e,aj=gu(a)
if aj then return{0,-1,aj}end
local aa=fd(a,tonumber(c[5]),tonumber(c[6]),b)
gi(a,e,b)
local bi=dn(a,e,g)
if bi==x and#y==1 then
ii(a,e,g,b+an,b)
return 1
end
local dj,av=gt(e.map,math.max(aa,ll(x))),''
for ak,de in ipairs(y)do
local cn=dn(a,e,de)or''
dj,av=dh(dj,cn,db),av..' '..cn
end
if not lg(dj,x)then
local la={g,'',c[5],c[6]}
for d=2,#y do la[d+3]=y[d]end
s['slots.release'](a,la)
return{0,-1,''}
end
je(a,e)
local ae=bi~=x and(bl(a[2])or fo(a[2]))
if ae then ir(a,x,math.max(i,fs(a,x,ae)),ae)end
local u=b+an
for ak,de in ipairs(y)do
local ak,l=gh(a,e,de)
u=math.max(u,l or 0)
end
ed(a,e,g,x,u,b)
local co=kr(dh(dh(string.rep(db,#dj),av,dt),x,db),dt)
if co~=''then cw(a,e,cl(a[7],b,ef(aa)),co,aa,b)end
return 1
end
s['slots.release']=function(a,c)
local be,y,b=c[2],et(c,5),aq()
local at=redis.pcall('GET',a[1])
local e=dy(type(at)=='string'and at)
local co,bq,ip,jz='',false,0,false
for ak,de in ipairs(y)do
local x,u=gh(a,e,de)
if x then
jz,bq=true,bq or u>=b
co,ip=co..' '..x,math.max(ip,u)
end
end
if not jz then return 0 end
redis.pcall('ZREM',a[4],'')
local ba=redis.pcall('MGET',a[7],a[8])
local jp=ba[1]or ba[2]
if jp then gi(a,e,b)end
local l=fx(a,e,b)
if jp then
local aa=fd(a,tonumber(c[3]),tonumber(c[4]),b)
local f=cl(a[7],b,ef(aa))
local bm,bj,cx=pcall(cw,a,e,f,co,aa,b)
if not bm then bj,cx=0,false end
if l==0 and not cx then hj(a[8],be~='')
elseif l>0 and ip>l and bj==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bq and 1 or 0
end
s['slots.leave']=function(a,c)
local b=aq()
local aa=fd(a,tonumber(c[2]),tonumber(c[3]),b)
local f=cl(a[7],b,ef(aa))
if kf(f,c[1])then
dk(a[7],f,b)
pcall(function()cw(a,dy(redis.call('GET',a[1])),f,'',aa,b)end)
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
cw(a,e,f,'',aa,b)
local ch=aj and 0 or fp(gt(e.map,aa),aa)
local bw=tonumber(string.match(ft,'^%d+')or 0)
return{1,ch,aa,bw,#e.map-fp(e.map,#e.map)}
end
s['slots.resize']=function(a,c)
if not bl(a[2])then cr(a[2])end
return s['slots.count'](a,c)
end`;

const PART_17 = `s['slots.renew']=function(a,c,ff)
local g,b,at=c[1],aq(),redis.call('GET',a[1])
local e=dy(at)
local x,u=dn(a,e,g)
if x~=c[3]or u<b then
local ma=e.is_other and string.sub(at,1,2)~=hd
return{0,redis.call('PTTL',a[1]),ma and at or''}
end
local i=fs(a,x,bl(a[2])or 1)
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
['mutex.release']=function(k,al,dw,da)
local v=t('MGET',unpack(KEYS,k,k+2*dw-1))
if v.err then return 0 end
local bi,jx,ik,eb={},{},{},0
for d=1,dw do
if v[2*d]then break end
local r=KEYS[k+2*d-2]
local br=v[2*d-1]==ARGV[al+d-1]and not jx[r]
da[#da+1]=br and 1 or 0
if br then
jx[r]=true
bi[#bi+1]=r
ik[#bi]=#da
end
eb=d
end
local du=#bi>0 and t('DEL',unpack(bi))
if type(du)=='table'then
for d=1,#ik do da[ik[d]]={-1,du.err}end
end
return eb
end
}`,
    PART_3,
    PART_4,
    `local function ed(j,g,an,br)
if not br then redis.call('SET',j,g,'PX',an)
else
local p=redis.call('PTTL',j)
if p>=0 and p<tonumber(an)then redis.call('PEXPIRE',j,an)end
end
end
local function iy(a,g,ig,an,ad)
local es=ad==''and 2 or 3
local br,cj,cy={},true,false
local bc,aj
for d=1,#a,es do
local h=redis.call('GET',a[d])
br[d]=h==g
if h~=g then cj=false end
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
for d=2,#a,es do
local l=bl(a[d])
i=math.max(i,l and(cj and l or l+1)or cr(a[d]))
end
for d=1,#a,es do
ed(a[d],g,an,br[d])
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
if not bl(a[d])then cr(a[d])end
fh(a[d],tonumber(c[2]))
end
return 1
end
s['mutex.extend']=function(a,c)
local g,i,an=c[1],tonumber(c[2]),c[3]
local br={}
for d=1,#a,2 do
local h=redis.call('GET',a[d])
if h and h~=g then return{0,redis.call('PTTL',a[d]),h}end
br[d]=h==g
end
for d=1,#a,2 do
local hq=not br[d]and(bl(a[d+1])or fo(a[d+1]))
if hq then fh(a[d+1],i)end
end
for d=1,#a,2 do ed(a[d],g,an,br[d])end
return 1
end
s['mutex.release']=function(a,c)
local g,be=c[1],c[2]
local bq,fa=false,false
for d=1,#a,2 do
local h=redis.pcall('GET',a[d])
if be~=''then pcall(ez,a[d+1],be)end
if h==g then
redis.call('DEL',a[d])
bq=true
if hj(a[d+1],be~='')then fa=true end
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
i=math.max(i,bl(a[d+1])or 1)
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
  "5817068c1a0d62a91f10e394b2fc473513b7f0be",
  "bc21e64bb78e2c8894accec4a4619d523de5d08a",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fn=81
local fm={
['modes.acquire']=function(k,al,af,ai)
local g,an,ar,cq=ARGV[al],ARGV[af],ARGV[af+1],KEYS[k+ai-1]
if ARGV[af+2]~=''then return nil end
if ai~=4 then
local ak,lr=string.gsub(ar,' ','')
if ai~=3*lr+4 then return nil end
end
local fr,fi
if t('EXISTS',unpack(KEYS,k,k+ai-2))~=0 then
local v,n=t('MGET',unpack(KEYS,k,k+ai-2)),1
if v.err then return nil end
fr={}
fi={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
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
if not fi[bi]or aj==g or(o~=bi and o~='IS'and bi~='IS')then return nil end
if t('EXISTS',au)~=0 then return nil end
end
fr[n]={p,bi,aj}
end
n=n+3
end
end
local i
if ar=='X'or string.find(' '..ar,' X',1,true)or string.find(ar,'SIX',1,true)then
i=ah(cq)
if not i then return nil end
else
local h=t('GET',cq)
i=not h and ah(cq)or(type(h)=='string'and string.match(h,'^%d+$')and tonumber(h))
if not i or i<1 or i>=9000000000000000 then return nil end
end
if ai==4 and not fr then
local cm=t('SET',KEYS[k],ar=='X'and g or'~s '..ar..' '..g,'PX',an)
return not cm.err and i or nil
end
local n,b=1,nil
for o in string.gmatch(ar,'%u+')do
local r,go=KEYS[k+n-1],fr and fr[n]
if go then
local au,bt,p,aj=KEYS[k+n],tonumber(an),go[1],go[3]
if not b then
local am=t('TIME')
if am.err then return nil end
b=tonumber(am[1])*1000+math.floor(tonumber(am[2])/1000)
end
local ag,bm=string.format('%.0f',fi[o]+b+bt),nil
if aj then
local ki=math.max(p,bt)
bm=t('ZADD',au,string.format('%.0f',fi[go[2]]+b+p),aj,ag,g)==2
and t('PEXPIRE',au,ki)==1 and not t('SET',r,'~s','PX',ki).err
else
t('ZREMRANGEBYSCORE',au,string.format('%.0f',fi[o]),string.format('(%.0f',fi[o]+b))
bm=t('ZADD',au,ag,g)==1
local kt=t('PTTL',au)
if type(kt)~='number'or kt<bt then
bm=t('PEXPIRE',au,bt)==1 and bm
end
if p<bt then bm=t('PEXPIRE',r,bt)==1 and bm end
end
if not bm then return nil end
else
local cm=t('SET',r,o=='X'and g or'~s '..o..' '..g,'PX',an)
if cm.err then return nil end
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
local h,cc,mv=unpack(t('MGET',KEYS[k],KEYS[k+2],KEYS[k+3]))
if not h or cc or mv then return nil end
if h==g or string.match(h,'^~s [ISX]+ (.*)$')==g then
return t('DEL',KEYS[k])==1 and 1 or nil
end
v={h}
else
v=t('MGET',unpack(KEYS,k,k+ai-1))
if v.err then return nil end
end
local cz,gx,im,b={},{},{},nil
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
local ab,dx=tonumber(l[2])-ae,nil
if l[1]==g then
dx=t('ZCARD',au)
ab=l[4]and tonumber(l[4])-ae
if ab and(ab<b or t('ZCOUNT',au,kj,ju)~=dx)then return nil end
if not ab and dx~=1 then return nil end
elseif p>ab-b+1 then
return nil
end
if not ab then
cz[#cz+1]=r
elseif p>ab-b+1 then
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
local f=cl(a[3],b,eh)
if gw(f,c[1],b)then dk(a[3],f,b)end
return 1
end`,
    `s['modes.query']=function(a)
local m,b={1},aq()
for ak,w in ipairs(ek(a,#a/4,4))do
local eu={eo(w.wake)}
local f=cl(w.line,b,eh)
for d=1,#f do
local q=dm(f,d)
if q[4]>=b and q[5]>=0 then eu[#eu+1]=q[2]end
end
m[#m+1]=redis.call('GET',w.lock)or''
m[#m+1]=redis.call('PTTL',w.lock)
m[#m+1]=table.concat(eu,' ')
local hs=redis.call('ZRANGE',w.shared,0,-1,'WITHSCORES')
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
  "3b67315bf8acfad40d193dfc6f102209beaa14a9",
  "5e9ae8366ae817bb6b1f0af14d1720c6d115d0b8",
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
local e,bn,p=gu(a)
local bw,aa=ih(a[6],a[1],b)
local eu={eo(a[8])}
local f=cl(a[7],b,ef(math.huge))
for d=1,#f do
local q=dm(f,d)
if q[4]>=b then eu[#eu+1]=q[2]end
end
local m={1,bn or'',p or-2,aa or 0,bw or 0,table.concat(eu,' ')}
local function iz(g,x,u)
if x and u>=b then
local n=#m
m[n+1],m[n+2],m[n+3]=g,x,u-b
end
end
if e.token~=''then iz(e.token,e.slots,e.deadline)end
if e.latest>0 then
local ku,bi={},redis.call('HGETALL',a[3])
for d=1,#bi,2 do ku[bi[d]]=bi[d+1]end
local ca=redis.call('ZRANGE',a[4],0,-1,'WITHSCORES')
for d=1,#ca,2 do
if ca[d]~=e.token then iz(ca[d],ku[ca[d]],tonumber(ca[d+1]))end
end
end
return m
end`,
    PART_5,
    PART_6,
  ],
  "ecc7d1677933ad6aa165a0dab58078f10bd13932",
  "2f0fd85e56c7714af0533014872743f79572f4d2",
);

export const OBSERVE_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    PART_4,
    `local function mf(j)
local bg,p=eo(j),redis.call('PTTL',j)
local cc=not bg and'~'or string.sub(bg,1,1)~='~'and'~ '..bg
p=math.max(p,20000)
if cc then redis.call('SET',j,cc,'PX',p)else redis.call('PEXPIRE',j,p)end
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
  "d69eb8aa1cbb98ced04a26aeb9aff3c9d16ce420",
  "1711494533fb3a94e4b2662bfc385d59d40ad2f1",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function kp(j)
local bs=redis.pcall('GET',j)
return type(bs)=='string'and bs or''
end
local function kq(j,ln,h)
local en=kp(j)
local am=redis.call('TIME')
local b=string.format('%.0f',tonumber(am[1])*1000+math.floor(tonumber(am[2])/1000))
if en==ln then
en=h(tonumber(b))
redis.call('SET',j,en)
end
return{1,en,b}
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
local fj=''
local function gv(mt)
local gk=redis.pcall('INFO',mt)
if type(gk)=='table'then gk,fj='',gk.err end
return function(lp)return string.match(gk,'%f[%w_]'..lp..':([^\\r\\n]*)')or''end
end
local fk,hy,ij=gv('server'),gv('memory'),gv('replication')
local am=redis.call('TIME')
local o=fk('redis_mode')
if o==''then o=fk('server_mode')end
local kx=fk('valkey_version')
return{
1,fk('run_id'),tonumber(fk('uptime_in_seconds'))or-1,
tonumber(am[1])*1000000+tonumber(am[2]),
tonumber(gv('persistence')('aof_enabled'))or-1,
hy('maxmemory_policy'),tonumber(hy('maxmemory'))or-1,
ij('role'),o,ij('master_replid'),ij('master_replid2'),
a[1]and kp(a[1])or'',fj,
tonumber(hy('used_memory'))or-1,kx~=''and'valkey '..kx or fk('redis_version')
}
end`,
    PART_14,
    `s['counters.read']=function(a)
local m,b={1},aq()
for d=1,#a,2 do
local eg,i=pcall(bl,a[d])
m[#m+1]=eg and i and string.format('%.0f',i)or''
end
for d=2,#a,2 do
local bh,cz,cv=redis.pcall('HGETALL',a[d]),{},{}
for n=1,bh.err and 0 or#bh,2 do
cz[#cz+1],cv[bh[n]]=bh[n],bh[n+1]
end
table.sort(cz)
for ak,r in ipairs(cz)do
local bw,aa=ib(cv[r],b)
if bw then
for ak,h in ipairs({d/2,r,string.format('%.0f',bw),aa})do m[#m+1]=h end
end
end
end
return m
end
local function ko(a,c,ay)
local x,b=#a/2,aq()
for d=1,x do
local j=a[2*d-1]
local eg,i=pcall(bl,j)
if eg and c[d]~=''then
if not i then ay(j)end
fh(j,tonumber(c[d]))
end
end
for n=x+1,#c,4 do
pcall(mo,a[2*tonumber(c[n])],c[n+1],tonumber(c[n+2]),tonumber(c[n+3]),b)
end
return 1
end
s['counters.raise']=function(a,c)
return ko(a,c,cr)
end
s['counters.restore']=function(a,c)
return ko(a,c,function()end)
end
s['counters.lift']=function(a,c)
for d=1,#a do
local eg,i=pcall(bl,a[d])
if eg and i then fh(a[d],tonumber(c[1]))end
end
return 1
end`,
    `s['set.note']=function(a,c)
local cm,cn,ej=c[1],c[2],tonumber(c[3])
local am=redis.call('TIME')
local b=tonumber(am[1])*1000+math.floor(tonumber(am[2])/1000)
local dr,jy,jn=b,false,false
local dg,ao={},redis.pcall('GET',a[1])
for cc in string.gmatch(type(ao)=='string'and ao or'','[^\\n]+')do
local el,ac,ab,fl,mk=string.match(cc,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
ac,ab,fl=tonumber(ac),tonumber(ab),tonumber(fl)
if el and ac<=ab and ab<=b and b<fl and fl<=b+3600000 then
if el==cm then
dr,jy=ac,b-ab<tonumber(c[4])
elseif el==cn then
jn=true
else
dg[#dg+1]={cc,el,ab,ac,fl,mk}
end
end
end
local m,ba,l={1},{},b+ej
for d=math.max(1,#dg-16+2),#dg do
local bn=dg[d]
ba[#ba+1]=bn[1]
l=math.max(l,bn[5])
m[#m+1]=bn[2]
m[#m+1]=bn[3]-math.max(bn[4],dr)
m[#m+1]=bn[5]-b
m[#m+1]=bn[6]
end
if not jy or jn then
ba[#ba+1]=string.format('%s %.0f %.0f %.0f %s',cm,dr,b,b+ej,c[5])
redis.call('SET',a[1],table.concat(ba,'\\n'),'PX',string.format('%.0f',l-b))
end
return m
end`,
    PART_5,
    PART_6,
  ],
  "ea64bc95469faa3090eacbe3395f838eca5caab4",
  "13eaffb52ba5f6e163ae9333c3dac35328b42b04",
);

export const HOLD_SUMMARY_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `s['hold.summary']=function(a,c)
local cd=redis.pcall('GET',a[1])
if type(cd)~='string'or#cd>256 then cd=''end
if c[1]~=''then
local p,ej=redis.call('PTTL',a[1]),tonumber(c[2])
if cd==''or p<=ej-tonumber(c[3])or p>ej then
redis.call('SET',a[1],c[1],'PX',c[2])
end
end
return{1,cd}
end`,
    PART_5,
    PART_6,
  ],
  "c741a2620b2b6668167fe874dd598ade6fcac7db",
  "a09a0b0d9f54f04b10eaf3e22f567ea0d4b1fb4b",
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
local b,az,ej=aq(),c[1],tonumber(c[3])
local cd,gy=io(a[1],b),io(a[2],b)
local gg=cd<1000 or redis.call('ZSCORE',a[1],az)
local kg=gg and a[1]or a[2]
redis.call('ZREM',gg and a[2]or a[1],az)
if gg or gy<10000 then
redis.call('ZADD',kg,b+ej,az)
redis.call('PEXPIRE',kg,15000)
end
if not gg then return{1,0}end
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
local gy=redis.pcall('ZCOUNT',a[2],'('..b,'+inf')
local m={1,type(gy)=='number'and gy or 0}
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
  "eda97818f530b8276f1ab804fe7203c635456b11",
  "ca224c6e120f364966da50e541a206ad6662974d",
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
local i,cs=tonumber(c[1]),tonumber(c[2])
local fg,ec,ai=dq(a[1])
if fg>i or ec>i or(ec==i and ai>cs)then return{0,math.max(fg,ec)}end
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
  "6884040ccae1078974744c6e527a8f9eb991feac",
  "98490856970d4a54dda546d3920983f971a15b7b",
);

export const RECORD_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function kz(ao)
local h=string.match(ao,'^%d+$')and tonumber(ao)
return h and h<=9000000000000000 and h
end
local function cp(ao,bu)
return kz(ao)or error('the '..bu..' of a record must be a whole number of at most 9e15: '..ao,0)
end
local function cu(cs)
return string.format('%.0f',cs)
end
local function dq(j)
local bh,f=redis.pcall('HGETALL',j),{}
if bh.err then
if not string.find(bh.err,'WRONGTYPE',1,true)then error(bh.err,0)end
error('the record '..j..' has another type than a hash; delete it',0)
end
for d=1,#bh,2 do f[bh[d]]=bh[d+1]end
local v,dz={},f['b']or''
local as=#dz>4096 or(#bh>0 and not f['p'])
for d,bu in ipairs({'p','f','n','c','m'})do
v[d]=kz(f[bu]or'0')
as=as or not v[d]
end
if as then
error('the record '..j..' has fields that no client of this library wrote; delete it',0)
end
return v[1],v[2],v[3],v[4],v[5],dz
end
local function fb(j,bt)
if redis.call('PTTL',j)<bt then redis.call('PEXPIRE',j,cu(bt))end
end
local function aq()
local am=redis.call('TIME')
return tonumber(am[1])*1000+math.floor(tonumber(am[2])/1000)
end
local function kk(j)
if IS_CLUSTER then return nil end
local bs=redis.pcall('GET',j)
if type(bs)=='table'and not string.find(bs.err,'WRONGTYPE',1,true)then return nil end
local az=type(bs)=='string'and string.match(bs,'^complete %S+ %S+ (%S+) ')
if not az then error('NOMARKER the server has lost its memory: it has no marker',0)end
return az
end
local function gp(j,b)
local az=kk(j)
if not az then return-1 end
local el=redis.pcall('GET',string.sub(j,1,-7)..'records')
local me,hw=string.match(type(el)=='string'and el or'','^(%S+) (%d+)$')
if me~=az then hw=string.match(az,'^(%d+)%.')end
return hw and math.max(0,b-tonumber(hw))or-1
end
s['record.open']=function(a,c)
local i,bt=cp(c[1],'fence'),cp(c[2],'time')
local b=aq()
local bc=gp(c[3],b)
local l,ap,ai,ct,by,cd=dq(a[1])
if l>i then return{0,l}end
if l<i then redis.call('HSET',a[1],'p',cu(i))end
fb(a[1],bt)
return{1,ap,ai,ct,by,cd,b,bc}
end
s['record.put']=function(a,c)
local i,cs=cp(c[1],'fence'),cp(c[2],'number')
local dr,dz,bt=cp(c[3],'time'),c[4],cp(c[5],'time')
if#dz>4096 then
error('the body of a record must have at most '..4096 ..' bytes: '..#dz,0)
end
local b=aq()
local bc=gp(c[6],b)
local l,ap,ai,ak,by,cd=dq(a[1])
if l>i or ap>i or(ap==i and ai>cs)then return{0,math.max(l,ap)}end
if ap==i and ai==cs and by==0 and cd~=dz then
error('the record '..a[1]..' has another body with the same fence and number; use a new number',0)
end
redis.call('HSET',a[1],'p',cu(i),'f',cu(i),'n',cu(cs),'b',dz,'c',cu(dr))
if by~=0 then redis.call('HDEL',a[1],'m')end
fb(a[1],bt)
return{1,b,bc}
end
s['record.copy']=function(a,c)
local dp,i,cs=cp(c[1],'fence'),cp(c[2],'fence'),cp(c[3],'number')
local dr,bt=cp(c[4],'time'),cp(c[6],'time')
local l,ap,ai=dq(a[1])
if dp>l then redis.call('HSET',a[1],'p',cu(dp))end
if i>ap or(i==ap and cs>ai)then
redis.call('HSET',a[1],'f',cu(i),'n',cu(cs),'b',c[5],'c',cu(dr),'m','1')
end
fb(a[1],bt)
return 1
end
s['record.note']=function(a,c)
local az=kk(a[1])
if not az then error('a node of a cluster does not know which records it lacks',0)end
local dr=math.max(0,aq()-cp(c[1],'time'))
redis.call('SET',a[2],az..' '..cu(dr),'PX',cu(cp(c[2],'time')))
return 1
end
s['record.list']=function(a,c)
local v=redis.call('SCAN',c[1],'MATCH',c[2],'COUNT',250)
local m={1,v[1],gp(a[1],aq())}
table.sort(v[2])
for ak,j in ipairs(v[2])do
local bm,l,ap,ai,ct,ak,cd=pcall(dq,j)
if bm and l>0 then
for ak,h in ipairs({j,l,ap,ai,ct,cd,redis.call('PTTL',j)})do m[#m+1]=h end
end
end
return m
end
s['record.get']=function(a,c)
local b=aq()
local bc=gp(c[1],b)
local ak,ap,ai,ct,by,cd=dq(a[1])
return{1,ap,ai,ct,by,cd,b,bc}
end`,
    PART_5,
    PART_6,
  ],
  "3fba1f8c71392dfc275e3d806b030b7fd09a32f3",
  "22e6fc31d053553851119ecf4eda65daeb364942",
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
local i=l and(h==g and l or l+1)or cr(a[2])
if h~=g then redis.call('SET',a[1],g,'PX',math.max(1,p))end
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
local eg,i=pcall(bl,a[d+2])
m[#m+1]=eg and i and string.format('%.0f',i)or''
local dx=redis.call('ZREVRANGE',a[d+1],0,-1,'WITHSCORES')
m[#m+1]=#dx/2
for n=1,#dx,2 do
m[#m+1]=dx[n]
m[#m+1]=string.format('%.0f',tonumber(dx[n+1]))
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
return{1,l or cr(a[3]),p}
end
local cn={}
if not h or h=='~s'then
local am=redis.call('TIME')
local b=tonumber(am[1])*1000+math.floor(tonumber(am[2])/1000)
local v=redis.call('ZREVRANGEBYSCORE',a[2],'+inf','-inf','WITHSCORES')
for d=1,#v,2 do
local bc=tonumber(v[d+1])%100000000000000-b
if bc>=0 then
cn[#cn+1]=v[d]
p=math.max(p,bc)
end
end
else
cn[1]=string.match(h,'^~s %u+ (.*)$')or h
end
local i=l and l+1 or cr(a[3])
local m={1,i,p}
for d,aj in ipairs(cn)do m[d+3]=aj end
redis.call('SET',a[1],g,'PX',math.max(an,p))
redis.call('DEL',a[2])
ev(a[3],i)
return m
end`,
    PART_5,
    PART_6,
  ],
  "092e1a1b6b179dfe21f19e1ac07496e6a3373515",
  "308e28f934e89a5ab65a983b38c4e49bf1861fb5",
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
local o,an=ARGV[af+9],ARGV[af+8]
if t('GET',r)~=(o=='X'and g or'~s '..o..' '..g)then return nil end
local p=t('PTTL',r)
if type(p)~='number'or p<0 then return nil end
local m=fe(k,al,af+2,ai,'slots.extend')
if m and p<tonumber(an)then bp('PEXPIRE',r,an)end
if as then return as[1]and as end
return m
end
if ai~=12 or ARGV[af]~='modes.release'or ARGV[af-1]~='6'then return nil end
local v=t('MGET',KEYS[k],KEYS[k+6],KEYS[k+7],r,KEYS[k+10],KEYS[k+11])
local h=v[4]
if not h or v[5]or v[6]then return nil end
if h~=g and string.match(h,'^~s [ISX]+ (.*)$')~=g then return nil end
local m=fe(k,al,af+2,ai,'slots.release',v)
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
local bo,ck,bv,ce={},{},{c[1]},{c[1]}
local ah=tonumber(c[3])
for d,j in ipairs(a)do
if d<=iw then bo[d]=j
else ck[d-iw]=j end
end
for d=4,#c do
if d<4+ah then bv[d-2]=c[d]
else ce[d-2-ah]=c[d]end
end
return bo,bv,ck,ce
end
local function km(a,c,ac)
local e,bk,b=dy(redis.call('GET',a[1])),{},aq()
local ak,mj=dn(a,e,c[1])
for d=ac,#c do
local x,u=dn(a,e,c[d])
if x and u>b then bk[#bk+1]={c[d],x,u}end
end
return(mj or 0)>=b,bk
end
local function ls(a,g,bk,b)
local e=dy(redis.call('GET',a[1]))
gh(a,e,g)
for ak,ic in ipairs(bk)do ed(a,e,ic[1],ic[2],ic[3],b)end
fx(a,e,b)
end
local function kh(a,g,bk,cj,bu,ck,ce)
local bm,r=pcall(s[bu],ck,ce)
if bm and(type(r)=='number'or r[1]==1)then return r end
if not cj then ls(a,g,bk,aq())end
if not bm then error(r,0)end
return nil,{0,r[2],r[3],r[4],r[5],2}
end
s['quota.acquire']=function(a,c)
local bo,bv,ck,ce=fv(a,c)
local cj,bk=km(bo,bv,9)
local ax=s['slots.acquire'](bo,bv)
if ax[1]==0 then return{0,ax[2],ax[3],ax[4],ax[5],1}end
local r,fj=kh(bo,c[1],bk,cj,c[2],ck,ce)
if not r then
if#bk==0 and not cj then
local b=aq()
local aa=fd(bo,tonumber(bv[6]),tonumber(bv[7]),b)
local e,f=dy(redis.call('GET',bo[1])),cl(bo[7],b,ef(aa))
cw(bo,e,f,ax[3],aa,b)
end
return fj
end
if type(r)=='number'then return{1,math.abs(r),ax[3],ax[4],ax[5]or''}end
return{1,r[2],ax[3],ax[4],ax[5]or'',r[3],r[4],r[5]or''}
end
s['quota.convert']=function(a,c)
local bo,bv,ck,ce=fv(a,c)
local cj,bk=km(bo,bv,7)
local ax=s['slots.extend'](bo,bv)
if ax~=1 then return{0,ax[2],ax[3],'0','',1}end
local r,fj=kh(bo,c[1],bk,cj,c[2],ck,ce)
return r and{1,math.abs(r),bv[4],'',''}or fj
end
local function jc(a,c,bu)
local bo,bv,ck,ce=fv(a,c)
local ax=s[bu](bo,bv)
if ax~=1 then return ax end
return s[c[2]](ck,ce)
end
s['quota.commit']=function(a,c)return jc(a,c,'slots.commit')end
s['quota.extend']=function(a,c)return jc(a,c,'slots.extend')end
s['quota.release']=function(a,c)
local bo,bv,ck,ce=fv(a,c)
local bm,ax=pcall(s['slots.release'],bo,bv)
local r=s[c[2]](ck,ce)
if not bm then error(ax,0)end
return r~=0 and r or ax
end`,
    `s['quota.renew']=function(a,c)
local bo,bv,ck,ce=fv(a,c)
local r
for ak,ff in ipairs({true,false})do
local ax=s['slots.renew'](bo,bv,ff)
if type(ax)~='number'then return ax end
r=s[c[2]](ck,ce,ff)
if type(r)~='number'then return r end
end
return r
end`,
    PART_5,
    PART_6,
  ],
  "d7f407785581a6481df81be0b079306adcaa37af",
  "a7fa23127ae4f622bb71471399be7d30a586cae6",
);
