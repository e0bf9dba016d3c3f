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
local function ah(i)
local h=t('INCR',i)
if type(h)~='number'then return nil end
if h>1 and h<=9000000000000000 then return h end
if h==1 and not IS_CLUSTER then
local bs=t('GET',string.match(i,'^(.*)~fence:')..'~server')
local dn=type(bs)=='string'and string.match(bs,'^complete .* (%d+)$')
local cm=dn and t('SET',i,dn)
if cm and not cm.err then return tonumber(dn)end
end
local mt=t(h>1 and'DECR'or'DEL',i)
if type(mt)=='table'then t('DECR',i)end
return nil
end`;

const PART_2 = `if#KEYS<=fn and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local gs=fm[ARGV[1]]
local m=gs and gs(1,6+ARGV[5],6,#KEYS,ARGV[1])
if m then return m end
end`;

const PART_3 = `local function general()
local s={}
local function bk(i)
local j=redis.call('GET',i)
if not j then return nil end
local h=string.match(j,'^-?%d+$')and tonumber(j)
if not h or h>=9000000000000000 then
error('the fencing counter '..i..' cannot be counted up: '..j..'; delete it together with '
..string.match(i,'^(.*)~fence:')..'~server, on one server after another')
end
return h>0 and h or nil
end
local function ev(i,h)
redis.call('SET',i,string.format('%.0f',h))
end
local function fo(i)
if not IS_CLUSTER then
local bs=redis.pcall('GET',string.match(i,'^(.*)~fence:')..'~server')
if type(bs)~='table'or string.find(bs.err,'WRONGTYPE',1,true)then
return type(bs)=='string'and tonumber(string.match(bs,'^complete .* (%d+)$'))or nil
end
end
local ao=redis.call('TIME')
local b=tonumber(ao[1])*1000000+tonumber(ao[2])
return math.max(1,b-b%16384)
end
local function cw(i)
local dn=fo(i)
if dn then return dn end
redis.call('DEL',i)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function fh(i,h)
local en=bk(i)
if not en then h=math.max(h,fo(i)or 0)end
if(en or 0)<h then ev(i,h)end
end`;

const PART_4 = `local function eo(i)
local bf=redis.pcall('GET',i)
return type(bf)=='string'and bf or nil
end
local function hm(i,bd,an)
an=math.max(an,20000)
local bf=eo(i)
if not bf then
redis.call('SET',i,bd,'PX',an)
elseif string.find(' '..bf..' ',' '..bd..' ',1,true)then
redis.call('PEXPIRE',i,math.max(redis.call('PTTL',i),an))
elseif#bf+1<256*(#bd+1)then
redis.call('SET',i,bf..' '..bd,'PX',math.max(redis.call('PTTL',i),an))
end
end
local function ez(i,bd)
local bf=eo(i)
if not bf then return end
local df={}
for bm in string.gmatch(bf,'%S+')do
if bm~=bd then df[#df+1]=bm end
end
if#df==0 then redis.call('DEL',i)
else redis.call('SET',i,table.concat(df,' '),'PX',math.max(redis.call('PTTL',i),1))end
end
local function hj(i,mb)
local bf=eo(i)
if not bf then return false end
local ac=mb and string.match(bf,'[^%s~]%S*')or''
if string.sub(bf,1,1)=='~'then ez(i,'~')end
if ac~=''then ez(i,ac)end
redis.pcall('PUBLISH',i,ac)
return ac~=''
end`;

const PART_5 = `return s
end`;

const PART_6 = `local function ml(gs,k,fc,ak,y,af,au)
local a,c={unpack(KEYS,k,k+fc-1)},{unpack(ARGV,ak,ak+y-1)}
for d=1,au do c[y+d]=ARGV[af+d-1]end
local bl,m=pcall(gs,a,c)
if bl then return m end
if type(m)=='table'then m=m.err or m[1]end
return{-1,tostring(m)}
end
local cz,s,k,ak={},nil,1,1
while ak<=#ARGV do
local bu,dw,fc=ARGV[ak],tonumber(ARGV[ak+1]),tonumber(ARGV[ak+2])
local y,au,af=tonumber(ARGV[ak+3]),tonumber(ARGV[ak+4]),ak+5
ak=af+au
local jl=fc<=fn
local jj=jl and fm[bu]
local ji=jl and dw>1 and hn[bu]
local eb=0
while eb<dw do
local ah=ji and ji(k,ak,dw-eb,cz)or 0
if ah==0 then
local m=jj and jj(k,ak,af,fc,bu)
if not m then
s=s or general()
m=ml(s[bu],k,fc,ak,y,af,au)
end
cz[#cz+1]=m
ah=1
end
k,ak,eb=k+ah*fc,ak+ah*y,eb+ah
end
end
return#cz==1 and cz[1]or cz`;

const PART_7 = `local function gd(ad)return string.match(ad,'^%w+')or''end
local function dl(f,d)
local am=f[d]
if type(am)~='string'then return am end
local ag,ad,dc,u,bi,bc=
string.match(am,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local p
if dc and f.is_demand(dc)then
p={tonumber(ag),ad,dc,tonumber(u),tonumber(bi),tonumber(bc),false,am}
else
p={0,'','',0,0,0,true,am}
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
local p=dl(f,d)
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
for aj,p in ipairs(f)do
local bd=gd(p[2])
if ep[bd]and p[4]-3000>ep[bd]then ep[bd]=nil end
end
for aj,p in ipairs(f)do p[7]=p[7]or ep[gd(p[2])]~=nil end
end
local function cl(i,b,lv)
local am=redis.pcall('GET',i)
local f={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=lv}
local ay,l,bc
if type(am)=='string'then ay,l,bc=string.match(am,'^(%d+) (%d+) (%d+);')end
if not ay then return f end
f.check,f.last,f.ticket=tonumber(ay),tonumber(l),tonumber(bc)
local ah=0
for dd in string.gmatch(am,';([^;]+)')do
ah=ah+1
f[ah]=dd
end
if b>=f.check then li(f,b)end
return f
end
local function dj(i,f,b)
if#f==0 then
redis.call('DEL',i)
return
end
local ct={string.format('%.0f %.0f %.0f',f.check,f.last,f.ticket)}
for d,p in ipairs(f)do
ct[d+1]=type(p)=='string'and p or p[8]
or string.format('%.0f %s %s %.0f %.0f %.0f',unpack(p,1,6))
end
redis.call('SET',i,table.concat(ct,';'),'PX',math.max(1,f.last-b))
end
local function ht(p,ag,ad)
return p[1]>ag or(p[1]==ag and p[2]>ad)
end
local function jb(f,ad,ag,lh)
local ca
for d=1,#f do
local p=dl(f,d)
if p[2]==ad or(ag and ht(p,ag,ad))then break end
if not p[7]and lh(p[3])then
if ca then return ca,true end
ca=p
end
end
return ca,false
end
local function id(f,ad)
local mk=' '..ad..' '
for d,p in ipairs(f)do
if type(p)~='string'or string.find(p,mk,1,true)then
if dl(f,d)[2]==ad then return d end
end
end
end
local function gw(f,ad,b)
local n=ad~=''and id(f,ad)
if not n then return nil end
local p=dl(f,n)
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
local function ku(f,ad,dc,bc,ei,b,ab)
local n=gw(f,ad,b)
if n and f[n][6]>=bc then
f[n][3]=dc
return n
end
if n then table.remove(f,n)end
local dh=hg(bc,ab)
if dh==0 then dh=ab+1 end
local ag=dh-ei
n=#f+1
while n>1 and ht(dl(f,n-1),ag,ad)do n=n-1 end
local p={ag,ad,dc,b+3000,0,math.max(bc,0),false}
table.insert(f,n,p)
gc(f,p)
f.last,f.ticket=math.max(f.last,p[4]),math.max(f.ticket,dh)
f[256+1]=nil
return n
end
local function ke(f,ad)
local n=id(f,ad)
if n then table.remove(f,n)end
return n~=nil
end
local function kk(f,cv,b)
local bi,ge,hv={},{},false
for d=1,#f do
local p=dl(f,d)
if not p[7]then
local bd=gd(p[2])
hv=hv or not cv(p[3])
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
local function kx(ct,ey)
return table.concat(ct,' ')..(ey and' ~'..ey or'')
end`;

const PART_8 = `local hb={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function eh(am)return hb[am]end
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

const PART_9 = `local db,ga='~s','~p'
local dk,gb=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local ix={'IS','IX','SIX','S'}
local he={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=ix}
local function aq()
local ao=redis.call('TIME')
return tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
end
local function gq(am)
local ar={}
for o in string.gmatch(am,'%u+')do
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
local function eq(j)
if not j or string.sub(j,1,3)~='~s 'then return nil end
local o,g=string.match(j,'^~s (%u+) (.*)$')
if he[o]then return o,g end
end
local function fz(cq)return string.format('%.0f',cq)end
local function ka(i,o,ah)
local ae=gb[o]*dk
return redis.pcall('ZREVRANGEBYSCORE',i,'('..fz(ae+dk),fz(ae),'WITHSCORES','LIMIT',0,ah),ae
end
local function gr(v,o,y,b)
local j=redis.call('GET',v.lock)
if j and(j==ga or string.sub(j,1,3)==ga..' ')then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local dr,be=eq(j)
if be then
local r=not y[be]and redis.call('PTTL',v.lock)
if r and(r==-1 or jg(o,dr))then return r,be end
return nil
end
if y[j]then return nil end
if j and j~=db then return redis.call('PTTL',v.lock),j end
local l,al
if not j and redis.call('EXISTS',v.shared)==0 then return nil end
for aj,mq in ipairs(he[o])do
local x,ae=ka(v.shared,mq,#y+1)
if x.err then error(x.err,0)end
for d=1,#x,2 do
local u=tonumber(x[d+1])-ae
if not y[x[d]]then
if u>=b and(not l or u>l)then l,al=u,x[d]end
break
end
end
end
if l then return l-b,al end
end
local function kc(v,b)
local ab
if redis.call('EXISTS',v.shared)==0 then return nil end
for aj,o in ipairs(ix)do
local x,ae=ka(v.shared,o,1)
local ag=tonumber(x[2])
if ag and ag-ae>=b then ab=math.max(ab or 0,ag-ae)end
end
return ab
end
local function hu(v,o,y)
local j=redis.call('GET',v.lock)
if o=='X'then return y[j]end
local dr,be=eq(j)
if be then return y[be]and dr==o end
for aj,g in ipairs(y)do
local ag=redis.call('ZSCORE',v.shared,g)
if ag and math.floor(tonumber(ag)/dk)==gb[o]then return true end
end
return false
end
local function lx(v,y)
local j=redis.call('GET',v.lock)
local aj,be=eq(j)
if be then return y[be]end
if y[j]then return true end
for aj,g in ipairs(y)do
if redis.call('ZSCORE',v.shared,g)then return true end
end
return false
end
local function ja(i,o,g,u,b)
local ae=gb[o]*dk
redis.call('ZREMRANGEBYSCORE',i,fz(ae),'('..fz(ae+b))
redis.call('ZADD',i,fz(ae+u),g)
if redis.call('PTTL',i)<u-b then redis.call('PEXPIRE',i,u-b)end
end
local function hr(v,o,y,an,b)
local q,au,g,cx=v.lock,v.shared,y[1],false
local j=redis.call('GET',q)
local u=b+an
local dr,be=eq(j)
local al,lt=be or j,dr or'X'
if y[al]then
local r=redis.call('PTTL',q)
if r==-1 and al==g and o==lt then return false end
u=math.max(u,b+r)
if be==g and o==dr then
redis.call('SET',q,j,'PX',u-b)
return false
end
cx=al~=g
j=nil
elseif be then
local r=math.max(1,redis.call('PTTL',q))
ja(au,dr,be,b+r,b)
redis.call('SET',q,db,'PX',r)
j=db
end
if j~=db and(o~='X'or be)and redis.call('EXISTS',au)==0 then
redis.call('SET',q,o=='X'and g or'~s '..o..' '..g,'PX',u-b)
return cx
end
for d,dd in ipairs(y)do
local ag=(d>1 or o~='X')and redis.call('ZSCORE',au,dd)
if ag then
u=math.max(u,tonumber(ag)%dk)
if d>1 then
redis.call('ZREM',au,dd)
cx=true
end
end
end
if o=='X'then
redis.call('SET',q,g,'PX',u-b)
return cx
end
ja(au,o,g,u,b)
if j~=db then
redis.call('SET',q,db,'PX',kc(v,b)-b)
else
local r=redis.call('PTTL',q)
if r>=0 and r<u-b then redis.call('PEXPIRE',q,u-b)end
end
return cx
end
local function ci(v,y,b)
local q,bq=v.lock,false
local j=redis.pcall('GET',q)
if type(j)=='table'then
if string.find(j.err,'WRONGTYPE',1,true)then return false,false end
error(j.err,0)
end
local aj,be=eq(j)
if y[be or j]then
redis.call('DEL',q)
j,bq=false,true
end
if be or(bq and#y==1)then return bq,bq end
local gm=false
for aj,g in ipairs(y)do
local ag=redis.pcall('ZSCORE',v.shared,g)
if type(ag)=='string'then
redis.call('ZREM',v.shared,g)
gm=true
if tonumber(ag)%dk>=b then bq=true end
end
end
if j and j~=db then return bq,false end
local ab=gm and kc(v,b)
if ab then
local r=redis.call('PTTL',q)
local gl=r>ab-b+1
if r<0 or gl then redis.call('SET',q,db,'PX',math.max(1,ab-b))end
return bq,false,gl
end
if gm and j then redis.call('DEL',q)end
return bq,gm or bq
end`;

const PART_10 = `local iu={}
local function cu(v,f,b)
if#f==0 then return{},false end
local bi,cv,ey=kk(
f,ma(function(o)return gr(v,o,iu,b)end),b)
for d,p in ipairs(bi)do bi[d]=p[2]end
if#bi>0 then
dj(v.line,f,b)
redis.pcall('PUBLISH',v.wake,kx(bi,ey))
end
return bi,cv
end
local function lg(v,o,y,ad,ag,f,b)
local r,al=gr(v,o,y,b)
if r or#f==0 or lx(v,y)then return r,al end
local ca,ls=jb(f,ad,ag,function(bm)return jg(bm,o)end)
if not ca then return nil end
if v.wake then cu(v,f,b)end
if ls then return-1,''end
if ca[5]>0 then return math.max(0,50-b+ca[5]),''end
r,al=gr(v,ca[3],iu,b)
return r and-1 or 50,al or''
end
local function ln(jk,ar,bv)
local h,ch,aw=0,false,{}
for aj,o in ipairs(ar)do
if(o=='X'or o=='SIX')and not bv then ch=true end
end
for d,i in ipairs(jk)do
local l=bk(i)
aw[d]=l or 0
h=math.max(h,l and(ch and l+1 or l)or cw(i))
end
for d,i in ipairs(jk)do
if aw[d]~=h then ev(i,h)end
end
return h
end
s['modes.acquire']=function(a,c)
local an,ad,bc,ei=tonumber(c[2]),'',0,0
if c[4]~=''then
ad,bc,ei=string.match(c[4],'^(%S*) (%S+) (%S+)$')
bc,ei=tonumber(bc),tonumber(ei)
end
local ar,y,le,b=gq(c[3]),et(c,5),{c[1],[c[1]]=true},aq()
local bb=ek(a,#ar,ad==''and 3 or 4)
local ba,aw,n,bo,al={},b,nil,nil,nil
local bv,cx=true,false
for d=1,#ar do
ba[d]=cl(bb[d].line,b,eh)
aw=math.max(aw,ba[d].ticket)
end
local dh=hg(bc,aw)
local ag=dh>0 and dh-ei or nil
for d,o in ipairs(ar)do
local v=bb[d]
local r,mv=lg(v,o,y,ad,ag,ba[d],b)
if r then
n=n or d
if not al or(bo~=-1 and(r==-1 or r>bo))then
bo,al=r,mv
end
elseif not hu(v,o,le)then
bv=false
end
end
local cd,fw=n or#ar,nil
if ad~=''then
fw=ku(ba[cd],ad,ar[cd],bc,ei,b,aw)
if not n and ba[cd][fw]then ba[cd][fw][5]=-1 end
dj(bb[cd].line,ba[cd],b)
end
if n then
if ad~=''then pcall(hm,bb[n].wake,ad,an)end
return{0,bo,al,kv(aw,b),fw and fw-1 or#ba[n]}
end
local h=ln(bb.fences,ar,bv)
for d,o in ipairs(ar)do
local v=bb[d]
if hr(v,o,y,an,b)then cx=true end
if d~=cd and gw(ba[d],ad,b)then dj(v.line,ba[d],b)end
end
return cx and-h or h
end
s['modes.convert']=s['modes.acquire']
s['modes.commit']=function(a,c)
local ar,y=gq(c[3]),{c[1],[c[1]]=true}
local bb=ek(a,#ar,4)
for d,o in ipairs(ar)do
if not hu(bb[d],o,y)then return{0}end
end
for aj,i in ipairs(bb.fences)do
if not bk(i)then cw(i)end
fh(i,tonumber(c[2]))
end
return 1
end
s['modes.extend']=function(a,c)
local h,an,ar=tonumber(c[2]),tonumber(c[3]),gq(c[4])
local bb,y,b,br=ek(a,#ar,4),et(c,5),aq(),true
for d,o in ipairs(ar)do
local r,al=gr(bb[d],o,y,b)
if r then return{0,r,al}end
br=br and hu(bb[d],o,y)
end
for aj,i in ipairs(bb.fences)do
local hq=not br and(bk(i)or fo(i))
if hq then fh(i,h)end
end
for d,o in ipairs(ar)do
local v=bb[d]
if hr(v,o,y,an,b)then cu(v,cl(v.line,b,eh),b)end
end
return 1
end
local function kd(v,f,ad,b)
local jn=ke(f,ad)
if jn then dj(v.line,f,b)end
pcall(ez,v.wake,ad)
return jn
end
s['modes.release']=function(a,c)
local ad,y,b=c[2],et(c,3),aq()
local bq,fa,jr=false,false,string.find(ad,'.',1,true)
for aj,v in ipairs(ek(a,#a/4,4))do
local br,lw,gl=ci(v,y,b)
local ba=(br or jr)and redis.pcall('MGET',v.line,v.wake)
if br then bq=true end
if ba and(ba[1]or ba[2])then
local f=cl(v.line,b,eh)
if jr then kd(v,f,ad,b)end
local bl,bi,cv=pcall(cu,v,f,b)
if not bl then bi,cv={},false end
for aj,bm in ipairs(bi)do
if bm~=ad then fa=true end
end
if lw and not cv and hj(v.wake,ad~='')then fa=true end
if gl and#bi==0 then redis.pcall('PUBLISH',v.wake,'')end
end
end
if not bq then return 0 end
return fa and-1 or 1
end
s['modes.releaseAll']=s['modes.release']
s['modes.leave']=function(a,c)
local b=aq()
for aj,v in ipairs(ek(a,#a/4,4))do
local f=cl(v.line,b,eh)
if kd(v,f,c[1],b)then pcall(cu,v,f,b)end
end
return 1
end`;

const PART_11 = `local function lu(v,o,g,b)
local j=redis.call('GET',v.lock)
if j~=db then
local dr,be=eq(j)
return(be or j)==g and(dr or'X')==o
end
local ag=o~='X'and redis.call('ZSCORE',v.shared,g)
if not ag then return false end
return math.floor(tonumber(ag)/dk)==gb[o]and tonumber(ag)%dk>=b
end
s['modes.renew']=function(a,c,ff)
local g,ar,b,h=c[1],gq(c[3]),aq(),1
local bb=ek(a,#ar,3)
for d,o in ipairs(ar)do
if not lu(bb[d],o,g,b)then
local j=redis.call('GET',bb[d].lock)
local aj,be=eq(j)
local al=be or j~=db and j or''
if string.sub(al,1,3)==ga..' 'then al=ga end
return{0,redis.call('PTTL',bb[d].lock),al}
end
end
for aj,i in ipairs(bb.fences)do h=math.max(h,bk(i)or 1)end
if ff then return h end
for d,o in ipairs(ar)do hr(bb[d],o,{g,[g]=true},tonumber(c[2]),b)end
return h
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
local function iq(k,ay,ab,cc,z,ap,l,b)
if b and ab~='0'and l+0>cc+0 then
cc=string.format('%.0f',l+math.max(1,l-b))
bp('PEXPIREAT',KEYS[k+2],cc)
bp('PEXPIREAT',KEYS[k+3],cc)
bp('PEXPIRE',KEYS[k+4],604800000)
end
bp('SET',KEYS[k],'~p '..ay..' '..ab..' '..cc..' '..z..' '..ap,'PXAT',l)
end
local function fe(k,ak,af,aj,bu,ho)
as,fq=nil,nil
if bu=='slots.acquire'then
local ch=ho
if ARGV[af+1]~=''or ARGV[af+5]~='0'or ARGV[af+6]~=''or ARGV[af-1]~='7'then return nil end
local g,bj,aa,cp=ARGV[ak],ARGV[af+3]+0,ARGV[af+4]+0,KEYS[k+1]
if bj>lb or bj>aa then return nil end
local at,b=t('GET',KEYS[k]),gf()
local ay,ab,cc,z,av,w,ap='0','0','0','','0','',''
local hp=true
if at then
if at.err then return nil end
ay,ab,cc,z,av,w,ap=string.match(at,hf)
if not ay or ap==g then return nil end
if(ab~='0'and b>ay+0)or(ap~=''and av+0<b)then return nil end
if ab~='0'and t('HGET',KEYS[k+2],g)then return nil end
elseif t('EXISTS',unpack(KEYS,k+4,ch and k+10 or k+6))==0 then
hp=false
end
if hp and ch and t('EXISTS',KEYS[k+8],KEYS[k+9],KEYS[k+10])~=0 then return nil end
local jp=string.find(g,'^%x%x%x%x%x%x%x%x%x%x%x%x')
local by,er=jp and tonumber(string.sub(g,1,6),16)%aa or 0,nil
local bz,ea={},bj==1 and'1'or'2'
for aj=1,64 do
local jd=string.byte(z,by+1)
if not jd then
z=z..string.rep('0',by-#z)..ea
bz[#bz+1]=by
elseif jd==48 then
z=string.sub(z,1,by)..ea..string.sub(z,by+2)
bz[#bz+1]=by
end
if#bz==bj then break end
er=er or jp and 1+tonumber(string.sub(g,7,12),16)%aa or 1
by=(by+er)%aa
end
if#bz<bj then return nil end
local cg=bz[1]..''
if bj>1 then
cg=''
local cj,l=string.find(z,'2+')
while cj do
cg=cg..(cg==''and''or' ')..cj-1 ..(cj==l and''or'-'..l-1)
cj,l=string.find(z,'2+',l+1)
end
z=string.gsub(z,'2','1')
end
local u,h,fu=b+ARGV[af],nil,nil
local l=string.format('%.0f',u)
if not hp then
if ch then
local j=t('GET',cp)
local ae=type(j)=='string'and string.find(j,'^%d+$')and j+0
if not ae or ae<1 or ae+1>=9000000000000000 then return nil end
h=ae+1+ch
bp('SET',cp,string.format('%.0f',h))
else
h=ah(cp)
if not h then return nil end
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
h=ae-ae%16384
for d=1,bj do
local n=32+16*bz[d]
h=math.max(h,tonumber(t('GETRANGE',KEYS[k+4],n,n+15))or ae)
end
h=h+1
local kb=math.max(ae,h)
if ch and kb>=9000000000000000 then return nil end
local jq=ab~='0'
if ap~=''then fu=ap end
if fu and jq then bp('ZADD',KEYS[k+3],av,ap)end
local am=string.format('%016.0f',h)
for d=1,bj do bp('SETRANGE',KEYS[k+4],32+16*bz[d],am)end
if ch then h=kb+ch end
if ae<h then bp('SET',cp,string.format('%.0f',h))end
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
ap=l..':'..cg..':'..g
iq(k,ay,ab,cc,z,ap,ab+0>u and ab or l,b)
if as then
if fu and fq then t('ZREM',KEYS[k+3],fu)end
return as[1]and as
end
return{1,h,cg,'',ch and''}
end
if bu=='slots.extend'then
local g=ARGV[ak]
if ARGV[af+4]~='0'or ARGV[af-1]~='5'then return nil end
local at=t('GET',KEYS[k])
if not at or at.err then return nil end
local ay,ab,cc,z,av,w,ap=string.match(at,hf)
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
iq(k,ay,ab,cc,z,av..':'..w..':'..ap,l,b)
if as then return as[1]and as end
return 1
end
local g=ARGV[ak]
if ARGV[af-1]~='3'then return nil end
local x=ho or t('MGET',KEYS[k],KEYS[k+6],KEYS[k+7])
if x.err or x[2]or x[3]then return nil end
if not x[1]then return 0 end
local aj,js=string.find(x[1],ld)
if js then
if string.sub(x[1],js+1)~=g then return nil end
if ho then return t('DEL',KEYS[k],KEYS[k+8])==2 and 2 or nil end
return t('DEL',KEYS[k])==1 and 1 or nil
end
local ay,ab,cc,z,av,w,ap=string.match(x[1],hf)
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
ay,cc='0','0'
if ap==''then
bp('DEL',KEYS[k])
if as then return as[1]and as end
return 1
end
end
end
l=av+0>ab+0 and av or ab
end
local by=tonumber(cn)
if by then
z=string.sub(z,1,by)..'0'..string.sub(z,by+2)
else
for cj,gz in string.gmatch(cn,'(%d+)%-?(%d*)')do
if gz==''then gz=cj end
z=string.sub(z,1,cj)..string.rep('0',gz-cj+1)..string.sub(z,gz+2)
end
end
iq(k,ay,ab,cc,z,av..':'..w..':'..ap,l)
if as then return as[1]and as end
return 1
end
local fm={['slots.acquire']=fe,['slots.extend']=fe,['slots.release']=fe}
local hn={}`;

const PART_13 = `local da,ds,hc,la='0','1','2',48
local lc=64
local function du(am)
local mc=string.gmatch(am,'(%d+)%-?(%d*)')
return function()
local ac,l=mc()
if ac then return tonumber(ac),tonumber(l)or tonumber(ac)end
end
end
local function kq(z,ea)
local il,cj,l={},string.find(z,ea..'+')
while cj do
il[#il+1]=cj==l and tostring(cj-1)or string.format('%d-%d',cj-1,l-1)
cj,l=string.find(z,ea..'+',l+1)
end
return table.concat(il,' ')
end
local function dg(z,w,ea)
local em,n={},0
for ac,l in du(w)do
if ac<n then z,em,n=table.concat(em)..string.sub(z,n+1),{},0 end
if ac>#z then z=z..string.rep(da,ac-#z)end
em[#em+1]=string.sub(z,n+1,ac)
em[#em+1]=string.rep(ea,l-ac+1)
n=l+1
end
return table.concat(em)..string.sub(z,n+1)
end
local function lf(z,w)
for ac,l in du(w)do
if string.find(string.sub(z,ac+1,l+1),ds,1,true)then return false end
end
return true
end
local function fp(z,aa)
return#string.gsub(string.sub(z,1,aa),ds..'+','')
end
local function lk(w)
local hz=0
for aj,l in du(w)do hz=math.max(hz,l+1)end
return hz
end
local function mh(g,aa)
local cr,er=string.match(g,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not cr then return 0,1 end
return tonumber(cr,16)%aa,1+tonumber(er,16)%aa
end
local function jf(z,ai,aa,ie,y,g)
local de=ai
local function fy(ac,l)
l=math.min(l,aa-1)
if de==0 or ac>l then return end
local mr,ah=string.gsub(string.sub(z,ac+1,l+1),da,hc,de)
if ah==0 then return end
z,de=string.sub(z,1,ac)..mr..string.sub(z,l+2),de-ah
end
for ac,l in du(ie)do fy(ac,l)end
if y then
for ac,l in du(y)do fy(ac,l)end
else
local cr,er=mh(g,aa)
for d=0,lc-1 do
if de==0 then break end
local by=(cr+d*er)%aa
if string.byte(z,by+1)==la then fy(by,by)end
end
fy(cr,aa-1)
fy(0,cr-1)
end
if de>0 then return nil end
return kq(z,hc),(string.gsub(z,hc,ds))
end`;

const PART_14 = `local it='~'
local function aq()
local ao=redis.call('TIME')
return tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
end
local function ib(am,b)
local bx,aa,ha=string.match(am,'^(%d+) (%d+) (%d+)$')
if bx and tonumber(ha)+604800000+86400000>=b then return tonumber(bx),tonumber(aa),tonumber(ha)end
end
local function ih(i,q,b)
return ib(redis.call('HGET',i,q)or'',b)
end
local function is(i,q,bx,aa,b)
local jh=tonumber(redis.call('HGET',i,it)or'')
if not jh or jh+86400000<b then
local bg=redis.call('HGETALL',i)
for d=1,#bg,2 do
if not ib(bg[d+1],b)then redis.call('HDEL',i,bg[d])end
end
redis.call('HSET',i,it,string.format('%.0f',b))
end
redis.call('HSET',i,q,string.format('%.0f %.0f %.0f',bx,aa,b))
redis.call('PEXPIRE',i,604800000+86400000)
end
local function mn(i,q,bx,aa,b)
if bx>(ih(i,q,b)or 0)then is(i,q,bx,aa,b)end
end`;

const PART_15 = `local iv='~p'
local ew,ex=16,32
local function ly(at)
return at==iv or string.sub(at,1,3)==iv..' '
end
local function dy(at)
local ay,ab,cc,z,u,w,g=
string.match(at or'','^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
return{
['check']=tonumber(ay)or 0,['latest']=tonumber(ab)or 0,['kept']=tonumber(cc)or 0,['map']=z or'',
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
local function dm(a,e,g)
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
local w,u=dm(a,e,g)
if not w then return nil end
e.map=dg(e.map,w,da)
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
e.map=dg(e.map,e.slots,da)
e.deadline,e.slots,e.token,ee=0,'','',true
end
if e.latest>0 and b>e.check then
local lj=redis.call('ZRANGEBYSCORE',a[4],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for aj,g in ipairs(lj)do
e.map=dg(e.map,redis.call('HGET',a[3],g)or'',da)
redis.call('HDEL',a[3],g)
redis.call('ZREM',a[4],g)
end
local ac=redis.call('ZRANGE',a[4],0,0,'WITHSCORES')[2]
local l=redis.call('ZREVRANGE',a[4],0,0,'WITHSCORES')[2]
e.check,e.latest,ee=tonumber(ac)or 0,tonumber(l)or 0,true
if not ac then e.kept,e.map=0,dg('',e.slots,ds)end
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
e.deadline,e.slots,e.token,e.map=u,w,g,dg(e.map,w,ds)
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
for ac,l in du(w)do
local am=redis.call('GETRANGE',a[5],ex+ew*ac,ex+ew*(l+1)-1)
for d=0,l-ac do
local ah=tonumber(string.sub(am,ew*d+1,ew*(d+1)))
hx=math.max(hx,ah or ae)
end
end
return hx
end
local function ir(a,w,ah,ae)
if not hk(a)then redis.call('SET',a[5],km(a),'PX',604800000)end
local am=string.format('%0'..ew..'.0f',ah)
for ac,l in du(w)do
redis.call('SETRANGE',a[5],ex+ew*ac,string.rep(am,l-ac+1))
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
local function fd(a,aa,bx,b)
local aw,ah,ha=ih(a[6],a[1],b)
if bx>(aw or 0)then
aw,ah=bx,aa
is(a[6],a[1],aw,ah,b)
elseif aw and ha+86400000<b then
is(a[6],a[1],aw,ah,b)
end
if not aw then return aa,''end
return ah,string.format('%.0f %.0f',aw,ah)
end
local function gt(z,dw)
return z..string.rep(da,dw-#z)
end
local function lp(a,e,de,b)
local cb=e.latest>0 and redis.call('ZRANGE',a[4],0,64-1,'WITHSCORES')or{}
if e.token~=''then
local n=1
while cb[n]and tonumber(cb[n+1])<=e.deadline do n=n+2 end
table.insert(cb,n,e.token)
table.insert(cb,n+1,e.deadline)
end
local l=-1
for d=1,#cb,2 do
l=tonumber(cb[d+1])
local w=cb[d]==e.token and e.slots or redis.call('HGET',a[3],cb[d])or''
for ac,ll in du(w)do de=de-(ll-ac+1)end
if de<=0 then break end
end
return l<0 and-1 or math.max(0,l-b),cb[1]or''
end
local function ef(aa)
return function(am)
local ah=tonumber(am)
return ah and ah<=aa
end
end
local function cu(a,e,f,cn,aa,b)
if#f==0 then return 0,false end
local z=gt(e.map,aa)
local ci=e.is_other and 0 or fp(z,aa)
local bi,cv,ey=kk(f,function(dc)
ci=ci-tonumber(dc)
return ci>=0
end,b)
local ct={}
for d,p in ipairs(bi)do
local w,mp=jf(z,tonumber(p[3]),aa,cn,'0-'..aa-1)
z=mp or z
ct[d]=p[2]..':'..string.gsub(w or'',' ',',')
end
if#ct>0 then
dj(a[7],f,b)
redis.pcall('PUBLISH',a[8],kx(ct,ey))
end
return#ct,cv
end
s['slots.acquire']=function(a,c)
local g,an,ad,bc,ai=c[1],tonumber(c[2]),c[3],tonumber(c[4]),tonumber(c[5])
local ie,gn,y,b=c[8],#c>8,et(c,9),aq()
local e,al,bo=gu(a)
local aa,ft=fd(a,tonumber(c[6]),tonumber(c[7]),b)
if ai>aa then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',aa,ai),0)end
gi(a,e,b)
local f=cl(a[7],b,ef(aa))
local aw=math.max(b,f.ticket)
local dh=hg(bc,aw)
local z=gt(e.map,aa)
local w,cg=dm(a,e,g),nil
if al then
if ad~=''then pcall(hm,a[8],ad,an)end
elseif w then
local h=fs(a,w,bk(a[2])or cw(a[2]))
ii(a,e,g,b+an,b)
if kr(f,ad,b)then dj(a[7],f,b)end
return{1,h,w,ft,gn and z or nil}
else
local di,dv=z,''
for d=2,#y do
local bh=dm(a,e,y[d])or''
di,dv=dg(di,bh,da),dv..' '..bh
end
local ca
if#f>0 and not gn then
local ci=fp(di,aa)
ca=ci>=ai and jb(f,ad,dh>0 and dh or nil,function(dc)
ci=ci-tonumber(dc)
return ci<ai
end)
end
if not ca then cg=jf(di,ai,aa,ie,gn and dv or nil,g)end
if cg then
local ae=bk(a[2])
local ac=not ae and cw(a[2])
local h,u=fs(a,cg,ae or ac)+1,b+an
je(a,e)
for d=2,#y do
local aj,av=gh(a,e,y[d])
u=math.max(u,av or 0)
end
if e.token==''and e.latest==0 and redis.call('EXISTS',a[5])==0 then
h=ac or h
ev(a[2],h)
else
ir(a,cg,h,ae or ac)
end
ed(a,e,g,cg,u,b)
if kr(f,ad,b)then dj(a[7],f,b)end
return{1,h,cg,ft,gn and dg(di,cg,ds)or nil}
end
local ci=fp(z,aa)
bo,al=lp(a,e,ai-ci,b)
if ca then
cu(a,e,f,'',aa,b)
if ca[5]>0 then bo,al=math.max(0,50-b+ca[5]),''
else bo=-1 end
end
end
if ad~=''then
ku(f,ad,string.format('%.0f',ai),bc,0,b,aw)
dj(a[7],f,b)
end
return{0,bo,al,kv(aw,b),ft}
end
s['slots.commit']=function(a,c)
local h,w=tonumber(c[2]),c[3]
local e=dy(redis.call('GET',a[1]))
if dm(a,e,c[1])~=w then return{0}end
local ae=bk(a[2])or cw(a[2])
local ah=fs(a,w,ae)
if ah<h or not hk(a)then ir(a,w,math.max(ah,h),ae)end
return 1
end
s['slots.extend']=function(a,c)
local g,h,an,w=c[1],tonumber(c[2]),tonumber(c[3]),c[4]
local y,b=et(c,7),aq()
local e,al=gu(a)
if al then return{0,-1,al}end
local aa=fd(a,tonumber(c[5]),tonumber(c[6]),b)
gi(a,e,b)
local bh=dm(a,e,g)
if bh==w and#y==1 then
ii(a,e,g,b+an,b)
return 1
end
local di,av=gt(e.map,math.max(aa,lk(w))),''
for aj,dd in ipairs(y)do
local dv=dm(a,e,dd)or''
di,av=dg(di,dv,da),av..' '..dv
end
if not lf(di,w)then
local kz={g,'',c[5],c[6]}
for d=2,#y do kz[d+3]=y[d]end
s['slots.release'](a,kz)
return{0,-1,''}
end
je(a,e)
local ae=bh~=w and(bk(a[2])or fo(a[2]))
if ae then ir(a,w,math.max(h,fs(a,w,ae)),ae)end
local u=b+an
for aj,dd in ipairs(y)do
local aj,l=gh(a,e,dd)
u=math.max(u,l or 0)
end
ed(a,e,g,w,u,b)
local cn=kq(dg(dg(string.rep(da,#di),av,ds),w,da),ds)
if cn~=''then cu(a,e,cl(a[7],b,ef(aa)),cn,aa,b)end
return 1
end
s['slots.release']=function(a,c)
local bd,y,b=c[2],et(c,5),aq()
local at=redis.pcall('GET',a[1])
local e=dy(type(at)=='string'and at)
local cn,bq,ip,jy='',false,0,false
for aj,dd in ipairs(y)do
local w,u=gh(a,e,dd)
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
local bl,bi,cv=pcall(cu,a,e,f,cn,aa,b)
if not bl then bi,cv=0,false end
if l==0 and not cv then hj(a[8],bd~='')
elseif l>0 and ip>l and bi==0 then redis.pcall('PUBLISH',a[8],'')end
end
return bq and 1 or 0
end
s['slots.leave']=function(a,c)
local b=aq()
local aa=fd(a,tonumber(c[2]),tonumber(c[3]),b)
local f=cl(a[7],b,ef(aa))
if ke(f,c[1])then
dj(a[7],f,b)
pcall(function()cu(a,dy(redis.call('GET',a[1])),f,'',aa,b)end)
end
pcall(ez,a[8],c[1])
return 1
end
s['slots.count']=function(a,c)
local b=aq()
local e,al=gu(a)
local aa,ft=fd(a,tonumber(c[1]),tonumber(c[2]),b)
gi(a,e,b)
local f=cl(a[7],b,ef(aa))
cu(a,e,f,'',aa,b)
local ci=al and 0 or fp(gt(e.map,aa),aa)
local bx=tonumber(string.match(ft,'^%d+')or 0)
return{1,ci,aa,bx,#e.map-fp(e.map,#e.map)}
end
s['slots.resize']=function(a,c)
if not bk(a[2])then cw(a[2])end
return s['slots.count'](a,c)
end`;

const PART_17 = `s['slots.renew']=function(a,c,ff)
local g,b,at=c[1],aq(),redis.call('GET',a[1])
local e=dy(at)
local w,u=dm(a,e,g)
if w~=c[3]or u<b then
local lz=e.is_other and string.sub(at,1,2)~=hd
return{0,redis.call('PTTL',a[1]),lz and at or''}
end
local h=fs(a,w,bk(a[2])or 1)
if not ff then ii(a,e,g,b+tonumber(c[2]),b)end
return h
end`;

const PART_18 = `local fm,hn,fn={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fn=2
local fm={
['mutex.acquire']=function(k,ak,af)
local cm=t('SET',KEYS[k],ARGV[ak],'NX','PX',ARGV[af])
if not cm or cm.err then return nil end
local h=ah(KEYS[k+1])
if h then return h end
local dt=t('DEL',KEYS[k])
return type(dt)=='table'and{-1,dt.err}or nil
end,
['mutex.takeOver']=function(k,ak,af)
if t('GET',KEYS[k])~=ARGV[ak+1]then return nil end
local h=ah(KEYS[k+1])
if not h then return nil end
local cm=t('SET',KEYS[k],ARGV[ak],'PX',ARGV[af])
return not cm.err and-h or nil
end,
['mutex.extend']=function(k,ak,af)
if t('GET',KEYS[k])~=ARGV[ak]then return nil end
local r=t('PTTL',KEYS[k])
if type(r)~='number'or r<0 then return nil end
if r<tonumber(ARGV[af])and t('PEXPIRE',KEYS[k],ARGV[af])~=1 then return nil end
return 1
end,
['mutex.release']=function(k,ak)
local x=t('MGET',KEYS[k],KEYS[k+1])
if x.err or x[2]then return nil end
if x[1]~=ARGV[ak]then return 0 end
return t('DEL',KEYS[k])==1 and 1 or nil
end,
}`,
    PART_2,
    `local hn={
['mutex.release']=function(k,ak,dw,cz)
local x=t('MGET',unpack(KEYS,k,k+2*dw-1))
if x.err then return 0 end
local bh,jw,ik,eb={},{},{},0
for d=1,dw do
if x[2*d]then break end
local q=KEYS[k+2*d-2]
local br=x[2*d-1]==ARGV[ak+d-1]and not jw[q]
cz[#cz+1]=br and 1 or 0
if br then
jw[q]=true
bh[#bh+1]=q
ik[#bh]=#cz
end
eb=d
end
local dt=#bh>0 and t('DEL',unpack(bh))
if type(dt)=='table'then
for d=1,#ik do cz[ik[d]]={-1,dt.err}end
end
return eb
end
}`,
    PART_3,
    PART_4,
    `local function ed(i,g,an,br)
if not br then redis.call('SET',i,g,'PX',an)
else
local r=redis.call('PTTL',i)
if r>=0 and r<tonumber(an)then redis.call('PEXPIRE',i,an)end
end
end
local function iy(a,g,ig,an,ad)
local es=ad==''and 2 or 3
local br,bv,cx={},true,false
local bo,al
for d=1,#a,es do
local j=redis.call('GET',a[d])
br[d]=j==g
if j~=g then bv=false end
if j and j==ig then
cx=true
elseif j and j~=g then
local r=redis.call('PTTL',a[d])
if not al or(bo~=-1 and(r==-1 or r>bo))then
bo,al=r,j
end
end
end
if ad~=''then
for d=3,#a,3 do pcall(hm,a[d],ad,tonumber(an))end
end
if al then return{0,bo,al}end
local h=0
for d=2,#a,es do
local l=bk(a[d])
h=math.max(h,l and(bv and l or l+1)or cw(a[d]))
end
for d=1,#a,es do
ed(a[d],g,an,br[d])
ev(a[d+1],h)
end
return cx and-h or h
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
if not bk(a[d])then cw(a[d])end
fh(a[d],tonumber(c[2]))
end
return 1
end
s['mutex.extend']=function(a,c)
local g,h,an=c[1],tonumber(c[2]),c[3]
local br={}
for d=1,#a,2 do
local j=redis.call('GET',a[d])
if j and j~=g then return{0,redis.call('PTTL',a[d]),j}end
br[d]=j==g
end
for d=1,#a,2 do
local hq=not br[d]and(bk(a[d+1])or fo(a[d+1]))
if hq then fh(a[d+1],h)end
end
for d=1,#a,2 do ed(a[d],g,an,br[d])end
return 1
end
s['mutex.release']=function(a,c)
local g,bd=c[1],c[2]
local bq,fa=false,false
for d=1,#a,2 do
local j=redis.pcall('GET',a[d])
if bd~=''then pcall(ez,a[d+1],bd)end
if j==g then
redis.call('DEL',a[d])
bq=true
if hj(a[d+1],bd~='')then fa=true end
elseif type(j)=='table'and j.err and not string.find(j.err,'WRONGTYPE',1,true)then
error(j.err)
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
local h=1
for d=1,#a,2 do
local j=redis.call('GET',a[d])
if j~=c[1]then return{0,redis.call('PTTL',a[d]),j or''}end
h=math.max(h,bk(a[d+1])or 1)
end
for d=1,#a,2 do ed(a[d],c[1],c[2],true)end
return h
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
  "d7391b365ed7a5553a00603205eb0d6252f8e8cd",
  "df67573d4f18edc531ee60a7e8c738ad78f0b1d0",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local fn=81
local fm={
['modes.acquire']=function(k,ak,af,ai)
local g,an,ar,cp=ARGV[ak],ARGV[af],ARGV[af+1],KEYS[k+ai-1]
if ARGV[af+2]~=''then return nil end
if ai~=4 then
local aj,lq=string.gsub(ar,' ','')
if ai~=3*lq+4 then return nil end
end
local fr,fi
if t('EXISTS',unpack(KEYS,k,k+ai-2))~=0 then
local x,n=t('MGET',unpack(KEYS,k,k+ai-2)),1
if x.err then return nil end
fr={}
fi={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for o in string.gmatch(ar,'%u+')do
local j,q,au=x[n],KEYS[k+n-1],KEYS[k+n]
if x[n+2]then return nil end
if not j then
if t('EXISTS',q,au)~=0 then return nil end
else
if o=='X'or o=='SIX'then return nil end
local r,bh,al=t('PTTL',q),nil,nil
if type(r)~='number'or r<=0 then return nil end
if j=='~s'then
if t('ZSCORE',au,g)then return nil end
local ac=(o=='IX'and 3)or(o=='S'and 2)
if ac and t('ZCOUNT',au,ac..'00000000000000','('..ac+2 ..'00000000000000')~=0 then
return nil
end
else
bh,al=string.match(j,'^~s ([ISX]+) (.*)$')
if not fi[bh]or al==g or(o~=bh and o~='IS'and bh~='IS')then return nil end
if t('EXISTS',au)~=0 then return nil end
end
fr[n]={r,bh,al}
end
n=n+3
end
end
local h
if ar=='X'or string.find(' '..ar,' X',1,true)or string.find(ar,'SIX',1,true)then
h=ah(cp)
if not h then return nil end
else
local j=t('GET',cp)
h=not j and ah(cp)or(type(j)=='string'and string.match(j,'^%d+$')and tonumber(j))
if not h or h<1 or h>=9000000000000000 then return nil end
end
if ai==4 and not fr then
local cm=t('SET',KEYS[k],ar=='X'and g or'~s '..ar..' '..g,'PX',an)
return not cm.err and h or nil
end
local n,b=1,nil
for o in string.gmatch(ar,'%u+')do
local q,go=KEYS[k+n-1],fr and fr[n]
if go then
local au,bt,r,al=KEYS[k+n],tonumber(an),go[1],go[3]
if not b then
local ao=t('TIME')
if ao.err then return nil end
b=tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
end
local ag,bl=string.format('%.0f',fi[o]+b+bt),nil
if al then
local kh=math.max(r,bt)
bl=t('ZADD',au,string.format('%.0f',fi[go[2]]+b+r),al,ag,g)==2
and t('PEXPIRE',au,kh)==1 and not t('SET',q,'~s','PX',kh).err
else
t('ZREMRANGEBYSCORE',au,string.format('%.0f',fi[o]),string.format('(%.0f',fi[o]+b))
bl=t('ZADD',au,ag,g)==1
local ks=t('PTTL',au)
if type(ks)~='number'or ks<bt then
bl=t('PEXPIRE',au,bt)==1 and bl
end
if r<bt then bl=t('PEXPIRE',q,bt)==1 and bl end
end
if not bl then return nil end
else
local cm=t('SET',q,o=='X'and g or'~s '..o..' '..g,'PX',an)
if cm.err then return nil end
end
n=n+3
end
return h
end,
['modes.extend']=function(k,ak,af,ai)
local g,an,n=ARGV[ak],ARGV[af],1
local x=ARGV[af-1]=='2'and t('MGET',unpack(KEYS,k,k+ai-1))
if not x or x.err then return nil end
for o in string.gmatch(ARGV[af+1],'%u+')do
if x[n]~=(o=='X'and g or'~s '..o..' '..g)then return nil end
n=n+4
end
for q=k,k+n-2,4 do
local r=t('PTTL',KEYS[q])
if type(r)~='number'or r<0 then return nil end
if r<tonumber(an)and t('PEXPIRE',KEYS[q],an)~=1 then return nil end
end
return 1
end,
['modes.release']=function(k,ak,aj,ai)
local g,x=ARGV[ak],nil
if ai==4 then
local j,cd,mu=unpack(t('MGET',KEYS[k],KEYS[k+2],KEYS[k+3]))
if not j or cd or mu then return nil end
if j==g or string.match(j,'^~s [ISX]+ (.*)$')==g then
return t('DEL',KEYS[k])==1 and 1 or nil
end
x={j}
else
x=t('MGET',unpack(KEYS,k,k+ai-1))
if x.err then return nil end
end
local cy,gx,im,b={},{},{},nil
for n=1,ai,4 do
local j,q,au=x[n],KEYS[k+n-1],KEYS[k+n]
if not j or x[n+2]or x[n+3]then return nil end
if j=='~s'then
local ag=t('ZSCORE',au,g)
local r=t('PTTL',q)
if type(ag)~='string'or type(r)~='number'or r<0 then return nil end
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
elseif r>ab-b+1 then
return nil
end
if not ab then
cy[#cy+1]=q
elseif r>ab-b+1 then
im[#im+1]={q,math.max(1,ab-b)}
end
gx[#gx+1]=au
elseif j==g or string.match(j,'^~s [ISX]+ (.*)$')==g then
cy[#cy+1]=q
else
return nil
end
end
for aj,at in ipairs(im)do
if t('PEXPIRE',at[1],at[2])~=1 then return nil end
end
for aj,au in ipairs(gx)do
if t('ZREM',au,g)~=1 then return nil end
end
local dt=#cy==0 or t('DEL',unpack(cy))
if type(dt)=='table'then return#gx>0 and{-1,dt.err}or nil end
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
local p=dl(f,d)
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
if gw(f,c[1],b)then dj(a[3],f,b)end
return 1
end`,
    `s['modes.query']=function(a)
local m,b={1},aq()
for aj,v in ipairs(ek(a,#a/4,4))do
local eu={eo(v.wake)}
local f=cl(v.line,b,eh)
for d=1,#f do
local p=dl(f,d)
if p[4]>=b and p[5]>=0 then eu[#eu+1]=p[2]end
end
m[#m+1]=redis.call('GET',v.lock)or''
m[#m+1]=redis.call('PTTL',v.lock)
m[#m+1]=table.concat(eu,' ')
local hs=redis.call('ZRANGE',v.shared,0,-1,'WITHSCORES')
local n=#m+1
m[n]=0
for d=1,#hs,2 do
local r=tonumber(hs[d+1])%dk-b
if r>=0 then
m[n]=m[n]+1
m[#m+1]=hs[d]
m[#m+1]=r
end
end
end
return m
end`,
    PART_11,
    PART_5,
    PART_6,
  ],
  "84ec8e6f3b4fa92f650db0042dc3a5c7b5dfaa89",
  "04b20d84cda81220fa3f44501008e4e4c890a607",
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
local e,bm,r=gu(a)
local bx,aa=ih(a[6],a[1],b)
local eu={eo(a[8])}
local f=cl(a[7],b,ef(math.huge))
for d=1,#f do
local p=dl(f,d)
if p[4]>=b then eu[#eu+1]=p[2]end
end
local m={1,bm or'',r or-2,aa or 0,bx or 0,table.concat(eu,' ')}
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
local cb=redis.call('ZRANGE',a[4],0,-1,'WITHSCORES')
for d=1,#cb,2 do
if cb[d]~=e.token then iz(cb[d],kt[cb[d]],tonumber(cb[d+1]))end
end
end
return m
end`,
    PART_5,
    PART_6,
  ],
  "38970290017a3becc6e16bef48137dfbdd989d1e",
  "1dd274843d4de22a63460958745f67cf14e269d3",
);

export const OBSERVE_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    PART_4,
    `local function me(i)
local bf,r=eo(i),redis.call('PTTL',i)
local cd=not bf and'~'or string.sub(bf,1,1)~='~'and'~ '..bf
r=math.max(r,20000)
if cd then redis.call('SET',i,cd,'PX',r)else redis.call('PEXPIRE',i,r)end
end
s['mutex.observe']=function(a)
local j=redis.call('GET',a[1])
if not j then return 1 end
pcall(me,a[2])
return{0,redis.call('PTTL',a[1]),j}
end`,
    PART_5,
    PART_6,
  ],
  "2fd2fffecf81af8a0203892c5d83ef40044200dc",
  "5d0ba87201d093fad10fdfe415923a808427d6d1",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function ko(i)
local bs=redis.pcall('GET',i)
return type(bs)=='string'and bs or''
end
local function kp(i,lm,j)
local en=ko(i)
local ao=redis.call('TIME')
local b=string.format('%.0f',tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000))
if en==lm then
en=j(tonumber(b))
redis.call('SET',i,en)
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
local eg,h=pcall(bk,a[d])
m[#m+1]=eg and h and string.format('%.0f',h)or''
end
for d=2,#a,2 do
local bg,cy,ct=redis.pcall('HGETALL',a[d]),{},{}
for n=1,bg.err and 0 or#bg,2 do
cy[#cy+1],ct[bg[n]]=bg[n],bg[n+1]
end
table.sort(cy)
for aj,q in ipairs(cy)do
local bx,aa=ib(ct[q],b)
if bx then
for aj,j in ipairs({d/2,q,string.format('%.0f',bx),aa})do m[#m+1]=j end
end
end
end
return m
end
local function kn(a,c,ay)
local w,b=#a/2,aq()
for d=1,w do
local i=a[2*d-1]
local eg,h=pcall(bk,i)
if eg and c[d]~=''then
if not h then ay(i)end
fh(i,tonumber(c[d]))
end
end
for n=w+1,#c,4 do
pcall(mn,a[2*tonumber(c[n])],c[n+1],tonumber(c[n+2]),tonumber(c[n+3]),b)
end
return 1
end
s['counters.raise']=function(a,c)
return kn(a,c,cw)
end
s['counters.restore']=function(a,c)
return kn(a,c,function()end)
end
s['counters.lift']=function(a,c)
for d=1,#a do
local eg,h=pcall(bk,a[d])
if eg and h then fh(a[d],tonumber(c[1]))end
end
return 1
end`,
    `s['set.note']=function(a,c)
local cm,dv,ej=c[1],c[2],tonumber(c[3])
local ao=redis.call('TIME')
local b=tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
local dq,jx,jm=b,false,false
local df,am={},redis.pcall('GET',a[1])
for cd in string.gmatch(type(am)=='string'and am or'','[^\\n]+')do
local el,ac,ab,fl,mj=string.match(cd,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
ac,ab,fl=tonumber(ac),tonumber(ab),tonumber(fl)
if el and ac<=ab and ab<=b and b<fl and fl<=b+3600000 then
if el==cm then
dq,jx=ac,b-ab<tonumber(c[4])
elseif el==dv then
jm=true
else
df[#df+1]={cd,el,ab,ac,fl,mj}
end
end
end
local m,ba,l={1},{},b+ej
for d=math.max(1,#df-16+2),#df do
local bm=df[d]
ba[#ba+1]=bm[1]
l=math.max(l,bm[5])
m[#m+1]=bm[2]
m[#m+1]=bm[3]-math.max(bm[4],dq)
m[#m+1]=bm[5]-b
m[#m+1]=bm[6]
end
if not jx or jm then
ba[#ba+1]=string.format('%s %.0f %.0f %.0f %s',cm,dq,b,b+ej,c[5])
redis.call('SET',a[1],table.concat(ba,'\\n'),'PX',string.format('%.0f',l-b))
end
return m
end`,
    PART_5,
    PART_6,
  ],
  "61d91c670a47d538db22be2b25700c823682f417",
  "62b26f28d683023c6b1ac1735bb2a3587b9a352d",
);

export const HOLD_SUMMARY_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `s['hold.summary']=function(a,c)
local ce=redis.pcall('GET',a[1])
if type(ce)~='string'or#ce>256 then ce=''end
if c[1]~=''then
local r,ej=redis.call('PTTL',a[1]),tonumber(c[2])
if ce==''or r<=ej-tonumber(c[3])or r>ej then
redis.call('SET',a[1],c[1],'PX',c[2])
end
end
return{1,ce}
end`,
    PART_5,
    PART_6,
  ],
  "62455b9fe37acaa0e809ec0fcbf8c09951b6d9b0",
  "ad6b49c45e39496a8d1ef5082c16b4ea97bbca2f",
);

export const REPORT_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function aq()
local ao=redis.call('TIME')
return tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
end
local function io(i,b)
local mo=redis.pcall('ZREMRANGEBYSCORE',i,'-inf',b)
if type(mo)~='number'then
redis.call('DEL',i)
return 0
end
redis.call('ZREMRANGEBYSCORE',i,b+15000+1,'+inf')
return redis.call('ZCARD',i)
end
s['report.write']=function(a,c)
local b,az,ej=aq(),c[1],tonumber(c[3])
local ce,gy=io(a[1],b),io(a[2],b)
local gg=ce<1000 or redis.call('ZSCORE',a[1],az)
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
for aj,az in ipairs(ju)do m[#m+1]=az end
end
return m
end
s['report.read']=function(a,c)
local m={1}
for aj,i in ipairs(a)do
local am=redis.pcall('GET',i)
if type(am)~='string'or#am>8192 then am=''end
m[#m+1]=am
m[#m+1]=am==''and 0 or redis.call('PTTL',i)
end
return m
end`,
    PART_5,
    PART_6,
  ],
  "f78607477de8c39b0b7567bcbf9647ed582894ba",
  "df3aaeb89e8bf3c9ad965a8392c7875090a0845c",
);

export const SINGLE_RECORD_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function aq()
local ao=redis.call('TIME')
return tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
end
local function dp(i)
local bg,f=redis.call('HGETALL',i),{}
for d=1,#bg,2 do f[bg[d]]=bg[d+1]end
return tonumber(f['p'])or 0,tonumber(f['f'])or 0,tonumber(f['n'])or 0,f['b']or''
end
local function fb(i,bt)
if redis.call('PTTL',i)<tonumber(bt)then redis.call('PEXPIRE',i,bt)end
end
s['single-record.open']=function(a,c)
local h=tonumber(c[1])
local fg,ec,ai,hl=dp(a[1])
if fg>h then return{0,fg}end
redis.call('HSET',a[1],'p',c[1])
fb(a[1],c[2])
return{1,ec,ai,hl,aq()}
end
s['single-record.put']=function(a,c)
local h,cq=tonumber(c[1]),tonumber(c[2])
local fg,ec,ai=dp(a[1])
if fg>h or ec>h or(ec==h and ai>cq)then return{0,math.max(fg,ec)}end
redis.call('HSET',a[1],'p',c[1],'f',c[1],'n',c[2],'b',c[3])
fb(a[1],c[4])
return{1}
end
s['single-record.get']=function(a,c)
local fg,ec,ai,hl=dp(a[1])
return{1,ec,ai,hl,aq()}
end`,
    PART_5,
    PART_6,
  ],
  "b94ff0cdb97afff24732ea109699be732af65051",
  "a189c050a57ac34b58046e0886c0277c8f22b545",
);

export const RECORD_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `local function ky(am)
local j=string.match(am,'^%d+$')and tonumber(am)
return j and j<=9000000000000000 and j
end
local function co(am,bu)
return ky(am)or error('the '..bu..' of a record must be a whole number of at most 9e15: '..am,0)
end
local function cs(cq)
return string.format('%.0f',cq)
end
local function dp(i)
local bg,f=redis.pcall('HGETALL',i),{}
if bg.err then
if not string.find(bg.err,'WRONGTYPE',1,true)then error(bg.err,0)end
error('the record '..i..' has another type than a hash; delete it',0)
end
for d=1,#bg,2 do f[bg[d]]=bg[d+1]end
local x,dz={},f['b']or''
local as=#dz>4096 or(#bg>0 and not f['p'])
for d,bu in ipairs({'p','f','n','c','m'})do
x[d]=ky(f[bu]or'0')
as=as or not x[d]
end
if as then
error('the record '..i..' has fields that no client of this library wrote; delete it',0)
end
return x[1],x[2],x[3],x[4],x[5],dz
end
local function fb(i,bt)
if redis.call('PTTL',i)<bt then redis.call('PEXPIRE',i,cs(bt))end
end
local function aq()
local ao=redis.call('TIME')
return tonumber(ao[1])*1000+math.floor(tonumber(ao[2])/1000)
end
local function kj(i)
if IS_CLUSTER then return nil end
local bs=redis.pcall('GET',i)
if type(bs)=='table'and not string.find(bs.err,'WRONGTYPE',1,true)then return nil end
local az=type(bs)=='string'and string.match(bs,'^complete %S+ %S+ (%S+) ')
if not az then error('NOMARKER the server has lost its memory: it has no marker',0)end
return az
end
local function gp(i,b)
local az=kj(i)
if not az then return-1 end
local el=redis.pcall('GET',string.sub(i,1,-7)..'records')
local md,hw=string.match(type(el)=='string'and el or'','^(%S+) (%d+)$')
if md~=az then hw=string.match(az,'^(%d+)%.')end
return hw and math.max(0,b-tonumber(hw))or-1
end
s['record.open']=function(a,c)
local h,bt=co(c[1],'fence'),co(c[2],'time')
local b=aq()
local bo=gp(c[3],b)
local l,ap,ai,cr,bz,ce=dp(a[1])
if l>h then return{0,l}end
if l<h then redis.call('HSET',a[1],'p',cs(h))end
fb(a[1],bt)
return{1,ap,ai,cr,bz,ce,b,bo}
end
s['record.put']=function(a,c)
local h,cq=co(c[1],'fence'),co(c[2],'number')
local dq,dz,bt=co(c[3],'time'),c[4],co(c[5],'time')
if#dz>4096 then
error('the body of a record must have at most '..4096 ..' bytes: '..#dz,0)
end
local b=aq()
local bo=gp(c[6],b)
local l,ap,ai,aj,bz,ce=dp(a[1])
if l>h or ap>h or(ap==h and ai>cq)then return{0,math.max(l,ap)}end
if ap==h and ai==cq and bz==0 and ce~=dz then
error('the record '..a[1]..' has another body with the same fence and number; use a new number',0)
end
redis.call('HSET',a[1],'p',cs(h),'f',cs(h),'n',cs(cq),'b',dz,'c',cs(dq))
if bz~=0 then redis.call('HDEL',a[1],'m')end
fb(a[1],bt)
return{1,b,bo}
end
s['record.copy']=function(a,c)
local dn,h,cq=co(c[1],'fence'),co(c[2],'fence'),co(c[3],'number')
local dq,bt=co(c[4],'time'),co(c[6],'time')
local l,ap,ai=dp(a[1])
if dn>l then redis.call('HSET',a[1],'p',cs(dn))end
if h>ap or(h==ap and cq>ai)then
redis.call('HSET',a[1],'f',cs(h),'n',cs(cq),'b',c[5],'c',cs(dq),'m','1')
end
fb(a[1],bt)
return 1
end
s['record.note']=function(a,c)
local az=kj(a[1])
if not az then error('a node of a cluster does not know which records it lacks',0)end
local dq=math.max(0,aq()-co(c[1],'time'))
redis.call('SET',a[2],az..' '..cs(dq),'PX',cs(co(c[2],'time')))
return 1
end
s['record.list']=function(a,c)
local x=redis.call('SCAN',c[1],'MATCH',c[2],'COUNT',250)
local m={1,x[1],gp(a[1],aq())}
table.sort(x[2])
for aj,i in ipairs(x[2])do
local bl,l,ap,ai,cr,aj,ce=pcall(dp,i)
if bl and l>0 then
for aj,j in ipairs({i,l,ap,ai,cr,ce,redis.call('PTTL',i)})do m[#m+1]=j end
end
end
return m
end
s['record.get']=function(a,c)
local b=aq()
local bo=gp(c[1],b)
local aj,ap,ai,cr,bz,ce=dp(a[1])
return{1,ap,ai,cr,bz,ce,b,bo}
end`,
    PART_5,
    PART_6,
  ],
  "382267d615310b67411479deb874892746da13f0",
  "73dc954dfd7c583cfd0a08e5b00c263189fe749a",
);

export const OPERATOR_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_18,
    PART_3,
    `s['operator.replace']=function(a,c)
local g,ig=c[1],c[2]
local j=redis.call('GET',a[1])
local r=j and redis.call('PTTL',a[1])or 0
if not j or(j~=g and(j~=ig or r==-1))then return{0,r,j or''}end
local l=bk(a[2])
local h=l and(j==g and l or l+1)or cw(a[2])
if j~=g then redis.call('SET',a[1],g,'PX',math.max(1,r))end
ev(a[2],h)
return-h
end
s['operator.restore']=function(a,c)
local j=redis.pcall('GET',a[1])
if j~=c[1]then return 0 end
redis.call('SET',a[1],c[2],'PX',math.max(1,redis.call('PTTL',a[1])))
return 1
end
s['operator.read']=function(a)
local m={1,0}
for d=1,#a,3 do
m[#m+1]=redis.call('GET',a[d])or''
m[#m+1]=redis.call('PTTL',a[d])
local eg,h=pcall(bk,a[d+2])
m[#m+1]=eg and h and string.format('%.0f',h)or''
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
local g,an=c[1],tonumber(c[2])
local j=redis.call('GET',a[1])
if j and(j=='~p'or string.sub(j,1,3)=='~p ')then
error('OTHERKIND the name is held by a semaphore; use another name for the lock',0)
end
local bv=j==g
local r=bv and redis.call('PTTL',a[1])or 0
local l=bk(a[3])
local h=l and(bv and l or l+1)or cw(a[3])
redis.call('SET',a[1],g,'PX',math.max(an,r))
redis.call('DEL',a[2])
ev(a[3],h)
return h
end`,
    PART_5,
    PART_6,
  ],
  "7b1fe998fcde01356d3d6e38c924243f3947b901",
  "76583ff9269eaf3d658e5c3817b831d6f6c5581d",
);

export const QUOTA_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    PART_12,
    `local fn=13
local function ia(k,ak,af,ai,bu)
local g,q=ARGV[ak],KEYS[k+8]
if bu=='quota.acquire'then
local o=ARGV[af+10]
if ai~=12 or ARGV[af]~='modes.acquire'or ARGV[af-1]~='12'or ARGV[af+11]~=''then return nil end
local ch=(o=='X'or o=='SIX')and 1 or(o=='S'or o=='IX'or o=='IS')and 0
local m=ch and fe(k,ak,af+2,ai,'slots.acquire',ch)
if not m then return nil end
bp('SET',q,o=='X'and g or'~s '..o..' '..g,'PX',ARGV[af+9])
if as then return as[1]and as end
return m
end
if bu=='quota.extend'then
if ai~=13 or ARGV[af]~='modes.extend'or ARGV[af-1]~='10'then return nil end
local o,an=ARGV[af+9],ARGV[af+8]
if t('GET',q)~=(o=='X'and g or'~s '..o..' '..g)then return nil end
local r=t('PTTL',q)
if type(r)~='number'or r<0 then return nil end
local m=fe(k,ak,af+2,ai,'slots.extend')
if m and r<tonumber(an)then bp('PEXPIRE',q,an)end
if as then return as[1]and as end
return m
end
if ai~=12 or ARGV[af]~='modes.release'or ARGV[af-1]~='6'then return nil end
local x=t('MGET',KEYS[k],KEYS[k+6],KEYS[k+7],q,KEYS[k+10],KEYS[k+11])
local j=x[4]
if not j or x[5]or x[6]then return nil end
if j~=g and string.match(j,'^~s [ISX]+ (.*)$')~=g then return nil end
local m=fe(k,ak,af+2,ai,'slots.release',x)
if not m then return nil end
if m~=2 then bp('DEL',q)end
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
local bn,ck,bw,cf={},{},{c[1]},{c[1]}
local ah=tonumber(c[3])
for d,i in ipairs(a)do
if d<=iw then bn[d]=i
else ck[d-iw]=i end
end
for d=4,#c do
if d<4+ah then bw[d-2]=c[d]
else cf[d-2-ah]=c[d]end
end
return bn,bw,ck,cf
end
local function kl(a,c,ac)
local e,bj,b=dy(redis.call('GET',a[1])),{},aq()
local aj,mi=dm(a,e,c[1])
for d=ac,#c do
local w,u=dm(a,e,c[d])
if w and u>b then bj[#bj+1]={c[d],w,u}end
end
return(mi or 0)>=b,bj
end
local function lr(a,g,bj,b)
local e=dy(redis.call('GET',a[1]))
gh(a,e,g)
for aj,ic in ipairs(bj)do ed(a,e,ic[1],ic[2],ic[3],b)end
fx(a,e,b)
end
local function kg(a,g,bj,bv,bu,ck,cf)
local bl,q=pcall(s[bu],ck,cf)
if bl and(type(q)=='number'or q[1]==1)then return q end
if not bv then lr(a,g,bj,aq())end
if not bl then error(q,0)end
return nil,{0,q[2],q[3],q[4],q[5],2}
end
s['quota.acquire']=function(a,c)
local bn,bw,ck,cf=fv(a,c)
local bv,bj=kl(bn,bw,9)
local ax=s['slots.acquire'](bn,bw)
if ax[1]==0 then return{0,ax[2],ax[3],ax[4],ax[5],1}end
local q,fj=kg(bn,c[1],bj,bv,c[2],ck,cf)
if not q then
if#bj==0 and not bv then
local b=aq()
local aa=fd(bn,tonumber(bw[6]),tonumber(bw[7]),b)
local e,f=dy(redis.call('GET',bn[1])),cl(bn[7],b,ef(aa))
cu(bn,e,f,ax[3],aa,b)
end
return fj
end
if type(q)=='number'then return{1,math.abs(q),ax[3],ax[4],ax[5]or''}end
return{1,q[2],ax[3],ax[4],ax[5]or'',q[3],q[4],q[5]or''}
end
s['quota.convert']=function(a,c)
local bn,bw,ck,cf=fv(a,c)
local bv,bj=kl(bn,bw,7)
local ax=s['slots.extend'](bn,bw)
if ax~=1 then return{0,ax[2],ax[3],'0','',1}end
local q,fj=kg(bn,c[1],bj,bv,c[2],ck,cf)
return q and{1,math.abs(q),bw[4],'',''}or fj
end
local function jc(a,c,bu)
local bn,bw,ck,cf=fv(a,c)
local ax=s[bu](bn,bw)
if ax~=1 then return ax end
return s[c[2]](ck,cf)
end
s['quota.commit']=function(a,c)return jc(a,c,'slots.commit')end
s['quota.extend']=function(a,c)return jc(a,c,'slots.extend')end
s['quota.release']=function(a,c)
local bn,bw,ck,cf=fv(a,c)
local bl,ax=pcall(s['slots.release'],bn,bw)
local q=s[c[2]](ck,cf)
if not bl then error(ax,0)end
return q~=0 and q or ax
end`,
    `s['quota.renew']=function(a,c)
local bn,bw,ck,cf=fv(a,c)
local q
for aj,ff in ipairs({true,false})do
local ax=s['slots.renew'](bn,bw,ff)
if type(ax)~='number'then return ax end
q=s[c[2]](ck,cf,ff)
if type(q)~='number'then return q end
end
return q
end`,
    PART_5,
    PART_6,
  ],
  "0be8c78c1121ff00b011faadf2db4b9d7e711bd8",
  "fcc42853e5b31f76c5a34d890859efa2224d6d41",
);
