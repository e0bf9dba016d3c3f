// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local w=redis.pcall
local function aa(f)
local l=w('INCR',f)
if type(l)~='number'then return nil end
if l>1 and l<=9000000000000000 then return l end
if l==1 and not IS_CLUSTER then
local bq=w('GET',string.match(f,'^(.*)~fence:')..'~server')
local dk=type(bq)=='string'and string.match(bq,'^complete .* (%d+)$')
local bo=dk and w('SET',f,dk)
if bo and not bo.err then return tonumber(dk)end
end
w(l>1 and'DECR'or'DEL',f)
return nil
end`;

const PART_2 = `if#KEYS<=ft and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local fb=fs[ARGV[1]]
local t=fb and fb(1,6+ARGV[5],6,#KEYS)
if t then return t end
end`;

const PART_3 = `local function general()
local v={}
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
local function dz(f)
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
local dk=dz(f)
if dk then return dk end
redis.call('DEL',f)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function ds(f,l)
local da=bh(f)
if not da then l=math.max(l,dz(f)or 0)end
if(da or 0)<l then fi(f,l)end
end`;

const PART_4 = `local function ek(f)
local bf=redis.pcall('GET',f)
return type(bf)=='string'and bf or nil
end
local function fr(f,ap,af)
af=math.max(af,20000)
local bf=ek(f)
if not bf then
redis.call('SET',f,ap,'PX',af)
elseif string.find(' '..bf..' ',' '..ap..' ',1,true)then
redis.call('PEXPIRE',f,math.max(redis.call('PTTL',f),af))
elseif#bf+1<256*(#ap+1)then
redis.call('SET',f,bf..' '..ap,'PX',math.max(redis.call('PTTL',f),af))
end
end
local function dx(f,ap)
local bf=ek(f)
if not bf then return end
local cf={}
for bb in string.gmatch(bf,'%S+')do
if bb~=ap then cf[#cf+1]=bb end
end
if#cf==0 then redis.call('DEL',f)
else redis.call('SET',f,table.concat(cf,' '),'PX',math.max(redis.call('PTTL',f),1))end
end
local function fp(f,jt)
local bf=ek(f)
if not bf then return false end
local y=jt and string.match(bf,'%S+')or''
if y~=''then dx(f,y)end
redis.pcall('PUBLISH',f,y)
return y~=''
end`;

const PART_5 = `return v
end`;

const PART_6 = `local function kb(fb,r,dn,ag,o,au,ak)
local a,c={unpack(KEYS,r,r+dn-1)},{unpack(ARGV,ag,ag+o-1)}
for d=1,ak do c[o+d]=ARGV[au+d-1]end
local aw,t=pcall(fb,a,c)
if aw then return t end
if type(t)=='table'then t=t.err or t[1]end
return{-1,tostring(t)}
end
local cb,v,r,ag={},nil,1,1
while ag<=#ARGV do
local cz,az,dn=ARGV[ag],tonumber(ARGV[ag+1]),tonumber(ARGV[ag+2])
local o,ak,au=tonumber(ARGV[ag+3]),tonumber(ARGV[ag+4]),ag+5
ag=au+ak
local ho=dn<=ft
local hm=ho and fs[cz]
local hk=ho and az>1 and hl[cz]
local cu=0
while cu<az do
local aa=hk and hk(r,ag,az-cu,cb)or 0
if aa==0 then
local t=hm and hm(r,ag,au,dn)
if not t then
v=v or general()
t=kb(v[cz],r,dn,ag,o,au,ak)
end
cb[#cb+1]=t
aa=1
end
r,ag,cu=r+aa*dn,ag+aa*o,cu+aa
end
end
return#cb==1 and cb[1]or cb`;

const PART_7 = `local function ep(u)return string.match(u,'^%w+')or''end
local function co(e,d)
local am=e[d]
if type(am)~='string'then return am end
local ae,u,cc,x,at,as=
string.match(am,'^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
local i
if cc and e.is_demand(cc)then
i={tonumber(ae),u,cc,tonumber(x),tonumber(at),tonumber(as),false,am}
else
i={0,'','',0,0,0,true,am}
end
e[d]=i
return i
end
local function eo(e,i)
e.check=math.min(e.check,i[4]+1)
if i[5]>0 then e.check=math.min(e.check,i[5]+50+1)end
end
local function jd(e,b)
local fo,db=0,{}
local aa=#e
e.check=math.huge
for d=1,aa do
local i=co(e,d)
e[d]=nil
if i[4]>=b then
fo=fo+1
e[fo]=i
eo(e,i)
if i[5]>0 and b-i[5]>50 then
local ap=ep(i[2])
db[ap]=math.max(db[ap]or 0,i[5])
i[7]=true
end
end
end
if not next(db)then return end
for aj,i in ipairs(e)do
local ap=ep(i[2])
if db[ap]and i[4]-3000>db[ap]then db[ap]=nil end
end
for aj,i in ipairs(e)do i[7]=i[7]or db[ep(i[2])]~=nil end
end
local function br(f,b,jo)
local am=redis.pcall('GET',f)
local e={['check']=math.huge,['last']=0,['ticket']=0,['is_demand']=jo}
local dw,p,as
if type(am)=='string'then dw,p,as=string.match(am,'^(%d+) (%d+) (%d+);')end
if not dw then return e end
e.check,e.last,e.ticket=tonumber(dw),tonumber(p),tonumber(as)
local aa=0
for cd in string.gmatch(am,';([^;]+)')do
aa=aa+1
e[aa]=cd
end
if b>=e.check then jd(e,b)end
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
local function fw(i,ae,u)
return i[1]>ae or(i[1]==ae and i[2]>u)
end
local function hc(e,u,ae,jc)
local bi
for d=1,#e do
local i=co(e,d)
if i[2]==u or(ae and fw(i,ae,u))then break end
if not i[7]and jc(i[3])then
if bi then return bi,true end
bi=i
end
end
return bi,false
end
local function gg(e,u)
local ka=' '..u..' '
for d,i in ipairs(e)do
if type(i)~='string'or string.find(i,ka,1,true)then
if co(e,d)[2]==u then return d end
end
end
end
local function ff(e,u,b)
local j=u~=''and gg(e,u)
if not j then return nil end
local i=co(e,j)
i[4],i[5],i[7],i[8]=b+3000,0,false,nil
e.last=math.max(e.last,i[4])
return j
end
local function ip(e,u,b)
local j=ff(e,u,b)
if not j then return false end
local i=e[j]
i[5],i[7]=math.max(1,b-50-1),true
eo(e,i)
return true
end
local function ir(e,u,cc,as,cy,b,ad)
local j=ff(e,u,b)
if j and e[j][6]>=as then
e[j][3]=cc
return j
end
if j then table.remove(e,j)end
if as==0 then as=ad+1 end
local ae=as-cy
j=#e+1
while j>1 and fw(co(e,j-1),ae,u)do j=j-1 end
local i={ae,u,cc,b+3000,0,as,false}
table.insert(e,j,i)
eo(e,i)
e.last,e.ticket=math.max(e.last,i[4]),math.max(e.ticket,as)
e[256+1]=nil
return j
end
local function ia(e,u)
local j=gg(e,u)
if j then table.remove(e,j)end
return j~=nil
end
local function ih(e,bz,b)
local at,eq,fy={},{},false
for d=1,#e do
local i=co(e,d)
if not i[7]then
local ap=ep(i[2])
fy=fy or not bz(i[3])
if fy then
if not next(eq)then break end
if not eq[ap]then return at,true,i[2]end
else
if i[5]<=0 then
i[5],i[8]=b,nil
eo(e,i)
at[#at+1]=i
end
eq[ap]=true
end
end
end
return at,next(eq)~=nil,nil
end
local function is(bx,dj)
return table.concat(bx,' ')..(dj and' ~'..dj or'')
end`;

const PART_8 = `local fj={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function cx(am)return fj[am]end
local function hf(jx,bb)return string.find(fj[jx],' '..bb..' ',1,true)end
local function js(jw)
local et={}
return function(k)
if et[k]==nil then et[k]=not jw(k)end
if not et[k]then return false end
for bb in string.gmatch(fj[k],'%u+')do et[bb]=false end
return true
end
end`;

const PART_9 = `local cm,iy='~s','~p'
local cr,fl=100000000000000,{['IS']=1,['IX']=2,['SIX']=3,['S']=4}
local gz={'IS','IX','SIX','S'}
local fm={['IS']={},['IX']={'SIX','S'},['S']={'IX','SIX'},['SIX']={'IX','SIX','S'},['X']=gz}
local function ba()
local an=redis.call('TIME')
return tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
end
local function gb(am)
local al={}
for k in string.gmatch(am,'%u+')do
if not fm[k]then error('unknown mode '..k,0)end
al[#al+1]=k
end
return al
end
local function dr(a,aa,dd)
local bg={['fences']={unpack(a,aa*dd+1)}}
for d=1,aa do
local r=(d-1)*dd
bg[d]={['lock']=a[r+1],['shared']=a[r+2],['line']=a[r+3],['wake']=dd>3 and a[r+4]}
end
return bg
end
local function de(c,y)
local o={c[1],[c[1]]=true}
for d=y,#c do
o[#o+1]=c[d]
o[c[d]]=true
end
return o
end
local function el(g)
if not g or string.sub(g,1,3)~='~s 'then return nil end
local k,h=string.match(g,'^~s (%u+) (.*)$')
if fm[k]then return k,h end
end
local function en(jv)return string.format('%.0f',jv)end
local function hx(f,k,aa)
local ah=fl[k]*cr
return redis.pcall('ZREVRANGEBYSCORE',f,'('..en(ah+cr),en(ah),'WITHSCORES','LIMIT',0,aa),ah
end
local function fa(n,k,o,b)
local g=redis.call('GET',n.lock)
if g==iy then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local dc,bc=el(g)
if bc then
local q=not o[bc]and redis.call('PTTL',n.lock)
if q and(q==-1 or hf(k,dc))then return q,bc end
return nil
end
if o[g]then return nil end
if g and g~=cm then return redis.call('PTTL',n.lock),g end
local p,ac
if not g and redis.call('EXISTS',n.shared)==0 then return nil end
for aj,kf in ipairs(fm[k])do
local ai,ah=hx(n.shared,kf,#o+1)
if ai.err then error(ai.err,0)end
for d=1,#ai,2 do
local x=tonumber(ai[d+1])-ah
if not o[ai[d]]then
if x>=b and(not p or x>p)then p,ac=x,ai[d]end
break
end
end
end
if p then return p-b,ac end
end
local function hy(n,b)
local ad
if redis.call('EXISTS',n.shared)==0 then return nil end
for aj,k in ipairs(gz)do
local ai,ah=hx(n.shared,k,1)
local ae=tonumber(ai[2])
if ae and ae-ah>=b then ad=math.max(ad or 0,ae-ah)end
end
return ad
end
local function fx(n,k,o)
local g=redis.call('GET',n.lock)
if k=='X'then return o[g]end
local dc,bc=el(g)
if bc then return o[bc]and dc==k end
for aj,h in ipairs(o)do
local ae=redis.call('ZSCORE',n.shared,h)
if ae and math.floor(tonumber(ae)/cr)==fl[k]then return true end
end
return false
end
local function jq(n,o)
local g=redis.call('GET',n.lock)
local aj,bc=el(g)
if bc then return o[bc]end
if o[g]then return true end
for aj,h in ipairs(o)do
if redis.call('ZSCORE',n.shared,h)then return true end
end
return false
end
local function hb(f,k,h,x,b)
local ah=fl[k]*cr
redis.call('ZREMRANGEBYSCORE',f,en(ah),'('..en(ah+b))
redis.call('ZADD',f,en(ah+x),h)
if redis.call('PTTL',f)<x-b then redis.call('PEXPIRE',f,x-b)end
end
local function ht(n,k,o,af,b)
local m,ak,h,ca=n.lock,n.shared,o[1],false
local g=redis.call('GET',m)
local x=b+af
local dc,bc=el(g)
local ac,jn=bc or g,dc or'X'
if o[ac]then
local q=redis.call('PTTL',m)
if q==-1 and ac==h and k==jn then return false end
x=math.max(x,b+q)
if bc==h and k==dc then
redis.call('SET',m,g,'PX',x-b)
return false
end
ca=ac~=h
g=nil
elseif bc then
local q=math.max(1,redis.call('PTTL',m))
hb(ak,dc,bc,b+q,b)
redis.call('SET',m,cm,'PX',q)
g=cm
end
if g~=cm and(k~='X'or bc)and redis.call('EXISTS',ak)==0 then
redis.call('SET',m,k=='X'and h or'~s '..k..' '..h,'PX',x-b)
return ca
end
for d,cd in ipairs(o)do
local ae=(d>1 or k~='X')and redis.call('ZSCORE',ak,cd)
if ae then
x=math.max(x,tonumber(ae)%cr)
if d>1 then
redis.call('ZREM',ak,cd)
ca=true
end
end
end
if k=='X'then
redis.call('SET',m,h,'PX',x-b)
return ca
end
hb(ak,k,h,x,b)
if g~=cm then
redis.call('SET',m,cm,'PX',hy(n,b)-b)
else
local q=redis.call('PTTL',m)
if q>=0 and q<x-b then redis.call('PEXPIRE',m,x-b)end
end
return ca
end
local gw={}
local function by(n,e,b)
if#e==0 then return{},false end
local at,bz,dj=ih(
e,js(function(k)return fa(n,k,gw,b)end),b)
for d,i in ipairs(at)do at[d]=i[2]end
if#at>0 then
ch(n.line,e,b)
redis.pcall('PUBLISH',n.wake,is(at,dj))
end
return at,bz
end
local function jb(n,k,o,u,ae,e,b)
local q,ac=fa(n,k,o,b)
if q or#e==0 or jq(n,o)then return q,ac end
local bi,jm=hc(e,u,ae,function(bb)return hf(bb,k)end)
if not bi then return nil end
if n.wake then by(n,e,b)end
if jm then return-1,''end
if bi[5]>0 then return math.max(0,50-b+bi[5]),''end
q,ac=fa(n,bi[3],gw,b)
return q and-1 or 50,ac or''
end
local function jh(hn,al,bm)
local l,hh,ay=0,false,{}
for aj,k in ipairs(al)do
if(k=='X'or k=='SIX')and not bm then hh=true end
end
for d,f in ipairs(hn)do
local p=bh(f)
ay[d]=p or 0
l=math.max(l,p and(hh and p+1 or p)or cl(f))
end
for d,f in ipairs(hn)do
if ay[d]~=l then fi(f,l)end
end
return l
end
v['modes.acquire']=function(a,c)
local af,u,as,cy=tonumber(c[2]),'',0,0
if c[4]~=''then
u,as,cy=string.match(c[4],'^(%S*) (%S+) (%S+)$')
as,cy=tonumber(as),tonumber(cy)
end
local al,o,iz,b=gb(c[3]),de(c,5),{c[1],[c[1]]=true},ba()
local bg=dr(a,#al,u==''and 3 or 4)
local ae=as>0 and as-cy or nil
local ao,ay,j,bn,ac={},b,nil,nil,nil
local bm,ca=true,false
for d,k in ipairs(al)do
local n=bg[d]
ao[d]=br(n.line,b,cx)
ay=math.max(ay,ao[d].ticket)
local q,kj=jb(n,k,o,u,ae,ao[d],b)
if q then
j=j or d
if not ac or(bn~=-1 and(q==-1 or q>bn))then
bn,ac=q,kj
end
elseif not fx(n,k,iz)then
bm=false
end
end
local bu,ej=j or#al,nil
if u~=''then
ej=ir(ao[bu],u,al[bu],as,cy,b,ay)
if not j and ao[bu][ej]then ao[bu][ej][5]=-1 end
ch(bg[bu].line,ao[bu],b)
end
if j then
if u~=''then pcall(fr,bg[j].wake,u,af)end
return{0,bn,ac,string.format('%.0f',ay),ej and ej-1 or#ao[j]}
end
local l=jh(bg.fences,al,bm)
for d,k in ipairs(al)do
local n=bg[d]
if ht(n,k,o,af,b)then ca=true end
if d~=bu and ff(ao[d],u,b)then ch(n.line,ao[d],b)end
end
return ca and-l or l
end
v['modes.convert']=v['modes.acquire']
v['modes.commit']=function(a,c)
local al,o=gb(c[3]),{c[1],[c[1]]=true}
local bg=dr(a,#al,4)
for d,k in ipairs(al)do
if not fx(bg[d],k,o)then return{0}end
end
for aj,f in ipairs(bg.fences)do
if not bh(f)then cl(f)end
ds(f,tonumber(c[2]))
end
return 1
end
v['modes.extend']=function(a,c)
local l,af,al=tonumber(c[2]),tonumber(c[3]),gb(c[4])
local bg,o,b,ax=dr(a,#al,4),de(c,5),ba(),true
for d,k in ipairs(al)do
local q,ac=fa(bg[d],k,o,b)
if q then return{0,q,ac}end
ax=ax and fx(bg[d],k,o)
end
for aj,f in ipairs(bg.fences)do
local fu=not ax and(bh(f)or dz(f))
if fu then ds(f,l)end
end
for d,k in ipairs(al)do
local n=bg[d]
if ht(n,k,o,af,b)then by(n,br(n.line,b,cx),b)end
end
return 1
end
local function bp(n,o,b)
local m,bd=n.lock,false
local g=redis.pcall('GET',m)
if type(g)=='table'then
if string.find(g.err,'WRONGTYPE',1,true)then return false,false end
error(g.err,0)
end
local aj,bc=el(g)
if o[bc or g]then
redis.call('DEL',m)
g,bd=false,true
end
if bc or(bd and#o==1)then return bd,bd end
local ev=false
for aj,h in ipairs(o)do
local ae=redis.pcall('ZSCORE',n.shared,h)
if type(ae)=='string'then
redis.call('ZREM',n.shared,h)
ev=true
if tonumber(ae)%cr>=b then bd=true end
end
end
if g and g~=cm then return bd,false end
local ad=ev and hy(n,b)
if ad then
local q=redis.call('PTTL',m)
local cw=q>ad-b+1
if q<0 or cw then redis.call('SET',m,cm,'PX',math.max(1,ad-b))end
return bd,false,cw
end
if ev and g then redis.call('DEL',m)end
return bd,ev or bd
end
local function hz(n,e,u,b)
local hq=ia(e,u)
if hq then ch(n.line,e,b)end
pcall(dx,n.wake,u)
return hq
end
v['modes.release']=function(a,c)
local u,o,b=c[2],de(c,3),ba()
local bd,dl,hr=false,false,string.find(u,'.',1,true)
for aj,n in ipairs(dr(a,#a/4,4))do
local ax,jp,cw=bp(n,o,b)
local ao=(ax or hr)and redis.pcall('MGET',n.line,n.wake)
if ax then bd=true end
if ao and(ao[1]or ao[2])then
local e=br(n.line,b,cx)
if hr then hz(n,e,u,b)end
local aw,at,bz=pcall(by,n,e,b)
if not aw then at,bz={},false end
for aj,bb in ipairs(at)do
if bb~=u then dl=true end
end
if jp and not bz and fp(n.wake,u~='')then dl=true end
if cw and#at==0 then redis.pcall('PUBLISH',n.wake,'')end
end
end
if not bd then return 0 end
return dl and-1 or 1
end
v['modes.releaseAll']=v['modes.release']
v['modes.leave']=function(a,c)
local b=ba()
for aj,n in ipairs(dr(a,#a/4,4))do
local e=br(n.line,b,cx)
if hz(n,e,c[1],b)then pcall(by,n,e,b)end
end
return 1
end`;

const PART_10 = `local fs,hl,ft={},{},0`;

const PART_11 = `local ci,cs,fk,iw='0','1','2',48
local ix=64
local function ck(am)
local ju=string.gmatch(am,'(%d+)%-?(%d*)')
return function()
local y,p=ju()
if y then return tonumber(y),tonumber(p)or tonumber(y)end
end
end
local function io(ab,di)
local gl,ec,p={},string.find(ab,di..'+')
while ec do
gl[#gl+1]=ec==p and tostring(ec-1)or string.format('%d-%d',ec-1,p-1)
ec,p=string.find(ab,di..'+',p+1)
end
return table.concat(gl,' ')
end
local function ei(ab,z,di)
for y,p in ck(z)do
ab=ab..string.rep(ci,y-#ab)
ab=string.sub(ab,1,y)..string.rep(di,p-y+1)..string.sub(ab,p+2)
end
return ab
end
local function ja(ab,z)
for y,p in ck(z)do
if string.find(string.sub(ab,y+1,p+1),cs,1,true)then return false end
end
return true
end
local function eb(ab,s)
return#string.gsub(string.sub(ab,1,s),cs..'+','')
end
local function hj(z)
local gc=0
for aj,p in ck(z)do gc=math.max(gc,p+1)end
return gc
end
local function jy(h,s)
local dv,gq=string.match(h,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not dv then return 0,1 end
return tonumber(dv,16)%s,1+tonumber(gq,16)%s
end
local function he(ab,aq,s,gh,o,h)
local ce=aq
local function em(y,p)
p=math.min(p,s-1)
if ce==0 or y>p then return end
local kg,aa=string.gsub(string.sub(ab,y+1,p+1),ci,fk,ce)
if aa==0 then return end
ab,ce=string.sub(ab,1,y)..kg..string.sub(ab,p+2),ce-aa
end
for y,p in ck(gh)do em(y,p)end
if o then
for y,p in ck(o)do em(y,p)end
else
local dv,gq=jy(h,s)
for d=0,ix-1 do
if ce==0 then break end
local gp=(dv+d*gq)%s
if string.byte(ab,gp+1)==iw then em(gp,gp)end
end
em(dv,s-1)
em(0,dv-1)
end
if ce>0 then return nil end
return io(ab,fk),(string.gsub(ab,fk,cs))
end`;

const PART_12 = `local gv='~'
local function ba()
local an=redis.call('TIME')
return tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
end
local function ge(am,b)
local bk,s,fh=string.match(am,'^(%d+) (%d+) (%d+)$')
if bk and tonumber(fh)+604800000+86400000>=b then return tonumber(bk),tonumber(s),tonumber(fh)end
end
local function il(f,m,b)
return ge(redis.call('HGET',f,m)or'',b)
end
local function gu(f,m,bk,s,b)
local hg=tonumber(redis.call('HGET',f,gv)or'')
if not hg or hg+86400000<b then
local cj=redis.call('HGETALL',f)
for d=1,#cj,2 do
if not ge(cj[d+1],b)then redis.call('HDEL',f,cj[d])end
end
redis.call('HSET',f,gv,string.format('%.0f',b))
end
redis.call('HSET',f,m,string.format('%.0f %.0f %.0f',bk,s,b))
redis.call('PEXPIRE',f,604800000+86400000)
end
local function kd(f,m,bk,s,b)
if bk>(il(f,m,b)or 0)then gu(f,m,bk,s,b)end
end`;

const PART_13 = `local dh,gx='~p','~s'
local df,dg=16,32
local function de(c,y)
local o={c[1]}
for d=y,#c do o[#o+1]=c[d]end
return o
end
local function gd(a)
local bl=redis.call('GET',a[1])
if bl and(bl==gx or string.sub(bl,1,3)==gx..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
if bl and bl~=dh then return bl,redis.call('PTTL',a[1])end
end
local function dp(a,s,bk,b)
local ay,aa,fh=il(a[7],a[1],b)
if bk>(ay or 0)then
ay,aa=bk,s
gu(a[7],a[1],ay,aa,b)
elseif ay and fh+86400000<b then
gu(a[7],a[1],ay,aa,b)
end
if not ay then return s,''end
return aa,string.format('%.0f %.0f',ay,aa)
end
local function eh(a,az)
local ab=redis.call('GET',a[3])or''
return ab..string.rep(ci,az-#ab),#ab
end
local function iv(a,z,di)
for y,p in ck(z)do
redis.call('SETRANGE',a[3],y,string.rep(di,p-y+1))
end
end
local function ea(a,h)
local z,x=redis.call('HGET',a[4],h),redis.call('ZSCORE',a[5],h)
if z then
redis.call('HDEL',a[4],h)
if redis.call('EXISTS',a[3])==1 then iv(a,z,ci)end
end
if x then redis.call('ZREM',a[5],h)end
return z,tonumber(x)
end
local function es(a,b)
local je=redis.call('ZRANGEBYSCORE',a[5],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for aj,h in ipairs(je)do ea(a,h)end
end
local function fe(a)
local ed=''
if not IS_CLUSTER then
local bq=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
ed=type(bq)=='string'and string.match(bq,'^complete %S+ %S+ (%S+) ')or''
end
ed=string.format('%-'..dg..'.'..dg..'s',ed)
if redis.call('GETRANGE',a[6],0,dg-1)~=ed then redis.call('SET',a[6],ed,'PX',604800000)end
end
local function ey(a,z,ah)
local fz=ah-ah%16384
for y,p in ck(z)do
local am=redis.call('GETRANGE',a[6],dg+df*y,dg+df*(p+1)-1)
for d=0,p-y do
local aa=tonumber(string.sub(am,df*d+1,df*(d+1)))
fz=math.max(fz,aa or ah)
end
end
return fz
end
local function gt(a,z,aa,ah)
local am=string.format('%0'..df..'.0f',aa)
for y,p in ck(z)do
redis.call('SETRANGE',a[6],dg+df*y,string.rep(am,p-y+1))
end
redis.call('PEXPIRE',a[6],604800000)
if ah<aa then fi(a[2],aa)end
end
local function gi(a,h,x,b)
local cn=tonumber(redis.call('ZSCORE',a[5],h)or 0)
if cn<x then redis.call('ZADD',a[5],string.format('%.0f',x),h)end
local ad=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local q=ad-b
local jr=ad==math.max(x,cn)
if not jr and redis.call('EXISTS',a[1])==1 and redis.call('PTTL',a[3])>=q
and redis.call('PTTL',a[4])>=q then return end
for j=3,5 do redis.call('PEXPIRE',a[j],q)end
redis.call('SET',a[1],dh,'PX',q)
end
local function cv(a,h,z,x,b,az)
local it=hj(z)
if az<it then redis.call('SETRANGE',a[3],az,string.rep(ci,it-az))end
iv(a,z,cs)
redis.call('HSET',a[4],h,z)
gi(a,h,x,b)
end
local function jj(a,ce,b)
local er=redis.call('ZRANGE',a[5],0,64-1,'WITHSCORES')
local p=-1
for d=1,#er,2 do
p=tonumber(er[d+1])
for y,jf in ck(redis.call('HGET',a[4],er[d])or'')do
ce=ce-(jf-y+1)
end
if ce<=0 then break end
end
return p<0 and-1 or math.max(0,p-b),er[1]or''
end
local function dm(s)
return function(am)
local aa=tonumber(am)
return aa and aa<=s
end
end
local function by(a,e,cq,s,b)
if#e==0 then return 0,false end
local ab,bp=eh(a,s),0
local bl=redis.call('GET',a[1])
if not bl or bl==dh then bp=eb(ab,s)end
local at,bz,dj=ih(e,function(cc)
bp=bp-tonumber(cc)
return bp>=0
end,b)
local bx={}
for d,i in ipairs(at)do
local z,ke=he(ab,tonumber(i[3]),s,cq,'0-'..s-1)
ab=ke or ab
bx[d]=i[2]..':'..string.gsub(z or'',' ',',')
end
if#bx>0 then
ch(a[8],e,b)
redis.pcall('PUBLISH',a[9],is(bx,dj))
end
return#bx,bz
end
v['slots.acquire']=function(a,c)
local h,af,u,as,aq=c[1],tonumber(c[2]),c[3],tonumber(c[4]),tonumber(c[5])
local gh,ew,o,b=c[8],#c>8,de(c,9),ba()
local ac,bn=gd(a)
local s,eg=dp(a,tonumber(c[6]),tonumber(c[7]),b)
if aq>s then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',s,aq),0)end
es(a,b)
local e=br(a[8],b,dm(s))
local ay=math.max(b,e.ticket)
local ab,az=eh(a,s)
local z,ct=redis.call('HGET',a[4],h),nil
if ac then
if u~=''then pcall(fr,a[9],u,af)end
elseif z then
fe(a)
gi(a,h,b+af,b)
if ip(e,u,b)then ch(a[8],e,b)end
local l=ey(a,z,bh(a[2])or cl(a[2]))
return{1,l,z,eg,ew and ab or nil}
else
local cg,cp=ab,''
for d=2,#o do
local be=redis.call('HGET',a[4],o[d])or''
cg,cp=ei(cg,be,ci),cp..' '..be
end
local bi
if#e>0 and not ew then
local bp=eb(cg,s)
bi=bp>=aq and hc(e,u,as>0 and as or nil,function(cc)
bp=bp-tonumber(cc)
return bp<aq
end)
end
if not bi then ct=he(cg,aq,s,gh,ew and cp or nil,h)end
if ct then
local ah=bh(a[2])or cl(a[2])
fe(a)
local l,x=ey(a,ct,ah)+1,b+af
gt(a,ct,l,ah)
for d=2,#o do
local aj,cn=ea(a,o[d])
x=math.max(x,cn or 0)
end
cv(a,h,ct,x,b,az)
if ip(e,u,b)then ch(a[8],e,b)end
return{1,l,ct,eg,ew and ei(cg,ct,cs)or nil}
end
local bp=eb(ab,s)
bn,ac=jj(a,aq-bp,b)
if bi then
by(a,e,'',s,b)
if bi[5]>0 then bn,ac=math.max(0,50-b+bi[5]),''
else bn=-1 end
end
end
if u~=''then
ir(e,u,string.format('%.0f',aq),as,0,b,ay)
ch(a[8],e,b)
end
return{0,bn,ac,string.format('%.0f',ay),eg}
end
v['slots.commit']=function(a,c)
local z=c[3]
if redis.call('HGET',a[4],c[1])~=z then return{0}end
local ah=bh(a[2])or cl(a[2])
fe(a)
local aa=ey(a,z,ah)
if aa<tonumber(c[2])then gt(a,z,tonumber(c[2]),ah)end
return 1
end
v['slots.extend']=function(a,c)
local h,l,af,z=c[1],tonumber(c[2]),tonumber(c[3]),c[4]
local o,b=de(c,7),ba()
local ac=gd(a)
if ac then return{0,-1,ac}end
local s=dp(a,tonumber(c[5]),tonumber(c[6]),b)
es(a,b)
local be=redis.call('HGET',a[4],h)
if be==z and#o==1 then
gi(a,h,b+af,b)
return 1
end
local ab,az=eh(a,math.max(s,hj(z)))
local cg,cn=ab,''
for aj,cd in ipairs(o)do
local cp=redis.call('HGET',a[4],cd)or''
cg,cn=ei(cg,cp,ci),cn..' '..cp
end
if not ja(cg,z)then
local iu={h,'',c[5],c[6]}
for d=2,#o do iu[d+3]=o[d]end
v['slots.release'](a,iu)
return{0,-1,''}
end
local ah=be~=z and(bh(a[2])or dz(a[2]))
if ah then
fe(a)
gt(a,z,math.max(l,ey(a,z,ah)),ah)
end
local x=b+af
for aj,cd in ipairs(o)do
local aj,p=ea(a,cd)
x=math.max(x,p or 0)
end
cv(a,h,z,x,b,az)
local cq=io(ei(ei(string.rep(ci,#cg),cn,cs),z,ci),cs)
if cq~=''then by(a,br(a[8],b,dm(s)),cq,s,b)end
return 1
end
v['slots.release']=function(a,c)
local ap,o,b=c[2],de(c,5),ba()
local cq,bd,gr,hw='',false,0,false
for aj,cd in ipairs(o)do
local z,x=ea(a,cd)
if z or x then hw=true end
if x and x>=b then bd=true end
cq,gr=cq..' '..(z or''),math.max(gr,x or 0)
end
if not hw then return 0 end
es(a,b)
local ad=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local bl,cw=redis.pcall('GET',a[1]),false
if not ad then redis.call('DEL',a[3])end
if bl==dh then
if not ad then redis.call('DEL',a[1])
elseif gr>ad then
redis.call('SET',a[1],dh,'PX',math.max(1,ad-b))
cw=true
end
end
local ao=redis.pcall('MGET',a[8],a[9])
if ao[1]or ao[2]then
local s=dp(a,tonumber(c[3]),tonumber(c[4]),b)
local e=br(a[8],b,dm(s))
local aw,at,bz=pcall(by,a,e,cq,s,b)
if not aw then at,bz=0,false end
if not ad and not bz then fp(a[9],ap~='')
elseif cw and at==0 then redis.pcall('PUBLISH',a[9],'')end
end
return bd and 1 or 0
end
v['slots.leave']=function(a,c)
local b=ba()
local s=dp(a,tonumber(c[2]),tonumber(c[3]),b)
local e=br(a[8],b,dm(s))
if ia(e,c[1])then
ch(a[8],e,b)
pcall(by,a,e,'',s,b)
end
pcall(dx,a[9],c[1])
return 1
end
v['slots.count']=function(a,c)
local b,ac=ba(),gd(a)
local s,eg=dp(a,tonumber(c[1]),tonumber(c[2]),b)
es(a,b)
local e=br(a[8],b,dm(s))
by(a,e,'',s,b)
local ab=eh(a,s)
local bk=tonumber(string.match(eg,'^%d+')or 0)
return{1,ac and 0 or eb(ab,s),s,bk,#ab-eb(ab,#ab)}
end
v['slots.resize']=function(a,c)
if not bh(a[2])then cl(a[2])end
return v['slots.count'](a,c)
end`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local ft=2
local fs={
['mutex.acquire']=function(r,ag,au)
local bo=w('SET',KEYS[r],ARGV[ag],'NX','PX',ARGV[au])
if not bo or bo.err then return nil end
local l=aa(KEYS[r+1])
if not l then w('DEL',KEYS[r])end
return l
end,
['mutex.takeOver']=function(r,ag,au)
if w('GET',KEYS[r])~=ARGV[ag+1]then return nil end
local l=aa(KEYS[r+1])
if not l then return nil end
local bo=w('SET',KEYS[r],ARGV[ag],'PX',ARGV[au])
return not bo.err and-l or nil
end,
['mutex.extend']=function(r,ag,au)
if w('GET',KEYS[r])~=ARGV[ag]then return nil end
local q=w('PTTL',KEYS[r])
if type(q)~='number'or q<0 then return nil end
if q<tonumber(ARGV[au])and w('PEXPIRE',KEYS[r],ARGV[au])~=1 then return nil end
return 1
end,
['mutex.release']=function(r,ag)
local ai=w('MGET',KEYS[r],KEYS[r+1])
if ai.err or ai[2]then return nil end
if ai[1]~=ARGV[ag]then return 0 end
return w('DEL',KEYS[r])==1 and 1 or nil
end,
}`,
    PART_2,
    `local hl={
['mutex.release']=function(r,ag,az,cb)
local ai=w('MGET',unpack(KEYS,r,r+2*az-1))
if ai.err then return 0 end
local be,hu,gk,cu={},{},{},0
for d=1,az do
if ai[2*d]then break end
local m=KEYS[r+2*d-2]
local ax=ai[2*d-1]==ARGV[ag+d-1]and not hu[m]
cb[#cb+1]=ax and 1 or 0
if ax then
hu[m]=true
be[#be+1]=m
gk[#be]=#cb
end
cu=d
end
local hi=#be>0 and w('DEL',unpack(be))
if type(hi)=='table'then
for d=1,#gk do cb[gk[d]]={-1,hi.err}end
end
return cu
end
}`,
    PART_3,
    PART_4,
    `local function cv(f,h,af,ax)
if not ax then redis.call('SET',f,h,'PX',af)
else
local q=redis.call('PTTL',f)
if q>=0 and q<tonumber(af)then redis.call('PEXPIRE',f,af)end
end
end
local function ha(a,h,kc,af,u)
local dd=u==''and 2 or 3
local ax,bm,ca={},true,false
local bn,ac
for d=1,#a,dd do
local g=redis.call('GET',a[d])
ax[d]=g==h
if g~=h then bm=false end
if g and g==kc then
ca=true
elseif g and g~=h then
local q=redis.call('PTTL',a[d])
if not ac or(bn~=-1 and(q==-1 or q>bn))then
bn,ac=q,g
end
end
end
if u~=''then
for d=3,#a,3 do pcall(fr,a[d],u,tonumber(af))end
end
if ac then return{0,bn,ac}end
local l=0
for d=2,#a,dd do
local p=bh(a[d])
l=math.max(l,p and(bm and p or p+1)or cl(a[d]))
end
for d=1,#a,dd do
cv(a[d],h,af,ax[d])
fi(a[d+1],l)
end
return ca and-l or l
end
v['mutex.acquire']=function(a,c)
return ha(a,c[1],nil,c[2],c[3])
end
v['mutex.takeOver']=function(a,c)
return ha(a,c[1],c[2],c[3],c[4])
end
v['mutex.commit']=function(a,c)
for d=1,#a,2 do
if redis.call('GET',a[d])~=c[1]then return{0}end
end
for d=2,#a,2 do
if not bh(a[d])then cl(a[d])end
ds(a[d],tonumber(c[2]))
end
return 1
end
v['mutex.extend']=function(a,c)
local h,l,af=c[1],tonumber(c[2]),c[3]
local ax={}
for d=1,#a,2 do
local g=redis.call('GET',a[d])
if g and g~=h then return{0,redis.call('PTTL',a[d]),g}end
ax[d]=g==h
end
for d=1,#a,2 do
local fu=not ax[d]and(bh(a[d+1])or dz(a[d+1]))
if fu then ds(a[d+1],l)end
end
for d=1,#a,2 do cv(a[d],h,af,ax[d])end
return 1
end
v['mutex.release']=function(a,c)
local h,ap=c[1],c[2]
local bd,dl=false,false
for d=1,#a,2 do
local g=redis.pcall('GET',a[d])
if ap~=''then pcall(dx,a[d+1],ap)end
if g==h then
redis.call('DEL',a[d])
bd=true
if fp(a[d+1],ap~='')then dl=true end
elseif type(g)=='table'and g.err and not string.find(g.err,'WRONGTYPE',1,true)then
error(g.err)
end
end
if not bd then return 0 end
return dl and-1 or 1
end
v['mutex.leave']=function(a,c)
pcall(dx,a[1],c[1])
return 1
end
v['mutex.renew']=function(a,c)
local l=1
for d=1,#a,2 do
local g=redis.call('GET',a[d])
if g~=c[1]then return{0,redis.call('PTTL',a[d]),g or''}end
l=math.max(l,bh(a[d+1])or 1)
end
for d=1,#a,2 do cv(a[d],c[1],c[2],true)end
return l
end
v['mutex.query']=function(a)
local t={1}
for d=1,#a,2 do
t[#t+1]=redis.call('GET',a[d])or''
t[#t+1]=redis.call('PTTL',a[d])
t[#t+1]=ek(a[d+1])or''
end
return t
end`,
    PART_5,
    PART_6,
  ],
  "03669d2d925ffea04b9482a1590205eb5e0d09a2",
  "976be9f80c2ea199c723c314652192ebfa79b3e5",
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
local aj,jk=string.gsub(al,' ','')
if aq~=3*jk+4 then return nil end
end
local ef,dt
if w('EXISTS',unpack(KEYS,r,r+aq-2))~=0 then
local ai,j=w('MGET',unpack(KEYS,r,r+aq-2)),1
if ai.err then return nil end
ef={}
dt={['IS']=100000000000000,['IX']=200000000000000,['SIX']=300000000000000,['S']=400000000000000}
for k in string.gmatch(al,'%u+')do
local g,m,ak=ai[j],KEYS[r+j-1],KEYS[r+j]
if ai[j+2]then return nil end
if not g then
if w('EXISTS',m,ak)~=0 then return nil end
else
if k=='X'or k=='SIX'then return nil end
local q,be,ac=w('PTTL',m),nil,nil
if type(q)~='number'or q<=0 then return nil end
if g=='~s'then
if w('ZSCORE',ak,h)then return nil end
local y=(k=='IX'and 3)or(k=='S'and 2)
if y and w('ZCOUNT',ak,y..'00000000000000','('..y+2 ..'00000000000000')~=0 then
return nil
end
else
be,ac=string.match(g,'^~s ([ISX]+) (.*)$')
if not dt[be]or ac==h or(k~=be and k~='IS'and be~='IS')then return nil end
if w('EXISTS',ak)~=0 then return nil end
end
ef[j]={q,be,ac}
end
j=j+3
end
end
local l
if al=='X'or string.find(' '..al,' X',1,true)or string.find(al,'SIX',1,true)then
l=aa(fq)
if not l then return nil end
else
local g=w('GET',fq)
l=not g and aa(fq)or(type(g)=='string'and string.match(g,'^%d+$')and tonumber(g))
if not l or l<1 or l>=9000000000000000 then return nil end
end
if aq==4 and not ef then
local bo=w('SET',KEYS[r],al=='X'and h or'~s '..al..' '..h,'PX',af)
return not bo.err and l or nil
end
local j,b=1,nil
for k in string.gmatch(al,'%u+')do
local m,ex=KEYS[r+j-1],ef and ef[j]
if ex then
local ak,dq,q,ac=KEYS[r+j],tonumber(af),ex[1],ex[3]
if not b then
local an=w('TIME')
if an.err then return nil end
b=tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
end
local ae,aw=string.format('%.0f',dt[k]+b+dq),nil
if ac then
local id=math.max(q,dq)
aw=w('ZADD',ak,string.format('%.0f',dt[ex[2]]+b+q),ac,ae,h)==2
and w('PEXPIRE',ak,id)==1 and not w('SET',m,'~s','PX',id).err
else
w('ZREMRANGEBYSCORE',ak,string.format('%.0f',dt[k]),string.format('(%.0f',dt[k]+b))
aw=w('ZADD',ak,ae,h)==1
local iq=w('PTTL',ak)
if type(iq)~='number'or iq<dq then
aw=w('PEXPIRE',ak,dq)==1 and aw
end
if q<dq then aw=w('PEXPIRE',m,dq)==1 and aw end
end
if not aw then return nil end
else
local bo=w('SET',m,k=='X'and h or'~s '..k..' '..h,'PX',af)
if bo.err then return nil end
end
j=j+3
end
return l
end,
['modes.extend']=function(r,ag,au,aq)
local h,af,j=ARGV[ag],ARGV[au],1
local ai=ARGV[au-1]=='2'and w('MGET',unpack(KEYS,r,r+aq-1))
if not ai or ai.err then return nil end
for k in string.gmatch(ARGV[au+1],'%u+')do
if ai[j]~=(k=='X'and h or'~s '..k..' '..h)then return nil end
j=j+4
end
for m=r,r+j-2,4 do
local q=w('PTTL',KEYS[m])
if type(q)~='number'or q<0 then return nil end
if q<tonumber(af)and w('PEXPIRE',KEYS[m],af)~=1 then return nil end
end
return 1
end,
['modes.release']=function(r,ag,aj,aq)
local h,ai=ARGV[ag],nil
if aq==4 then
local g,bu,ki=unpack(w('MGET',KEYS[r],KEYS[r+2],KEYS[r+3]))
if not g or bu or ki then return nil end
if g==h or string.match(g,'^~s [ISX]+ (.*)$')==h then
return w('DEL',KEYS[r])==1 and 1 or nil
end
ai={g}
else
ai=w('MGET',unpack(KEYS,r,r+aq-1))
if ai.err then return nil end
end
local bv,gm,gn,b={},{},{},nil
for j=1,aq,4 do
local g,m,ak=ai[j],KEYS[r+j-1],KEYS[r+j]
if not g or ai[j+2]or ai[j+3]then return nil end
if g=='~s'then
local ae=w('ZSCORE',ak,h)
local q=w('PTTL',m)
if type(ae)~='string'or type(q)~='number'or q<0 then return nil end
if not b then
local an=w('TIME')
b=tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
end
local x=tonumber(ae)%100000000000000
local ah=tonumber(ae)-x
if x<b then return nil end
local ie,hs=string.format('%.0f',ah),string.format('(%.0f',ah+100000000000000)
local p=w('ZREVRANGEBYSCORE',ak,hs,ie,'WITHSCORES','LIMIT',0,2)
if p.err then return nil end
local ad,ga=tonumber(p[2])-ah,nil
if p[1]==h then
ga=w('ZCARD',ak)
ad=p[4]and tonumber(p[4])-ah
if ad and(ad<b or w('ZCOUNT',ak,ie,hs)~=ga)then return nil end
if not ad and ga~=1 then return nil end
elseif q>ad-b+1 then
return nil
end
if not ad then
bv[#bv+1]=m
elseif q>ad-b+1 then
gn[#gn+1]={m,math.max(1,ad-b)}
end
gm[#gm+1]=ak
elseif g==h or string.match(g,'^~s [ISX]+ (.*)$')==h then
bv[#bv+1]=m
else
return nil
end
end
for aj,bl in ipairs(gn)do w('PEXPIRE',bl[1],bl[2])end
for aj,ak in ipairs(gm)do
if w('ZREM',ak,h)~=1 then return nil end
end
if#bv>0 and w('DEL',unpack(bv))~=#bv then return nil end
return 1
end
}
local hl={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    PART_8,
    PART_9,
    `v['modes.position']=function(a,c)
local b=ba()
local e=br(a[3],b,cx)
local j,fn,bf=gg(e,c[1]),0,0
local ae=j and e[j][1]or math.max(b,e.ticket)+1-tonumber(c[2])
for d=1,#e do
local i=co(e,d)
if not i[7]and i[5]>=0 then
bf=bf+1
if i[2]~=c[1]and not fw(i,ae,c[1])then fn=fn+1 end
end
end
return{1,fn,bf,redis.call('EXISTS',a[1])}
end
v['modes.stay']=function(a,c)
local b=ba()
local e=br(a[3],b,cx)
if ff(e,c[1],b)then ch(a[3],e,b)end
return 1
end`,
    `v['modes.query']=function(a)
local t,b={1},ba()
for aj,n in ipairs(dr(a,#a/4,4))do
local gs={ek(n.wake)}
local e=br(n.line,b,cx)
for d=1,#e do
local i=co(e,d)
if i[4]>=b and i[5]>=0 then gs[#gs+1]=i[2]end
end
t[#t+1]=redis.call('GET',n.lock)or''
t[#t+1]=redis.call('PTTL',n.lock)
t[#t+1]=table.concat(gs,' ')
local fv=redis.call('ZRANGE',n.shared,0,-1,'WITHSCORES')
local j=#t+1
t[j]=0
for d=1,#fv,2 do
local q=tonumber(fv[d+1])%cr-b
if q>=0 then
t[j]=t[j]+1
t[#t+1]=fv[d]
t[#t+1]=q
end
end
end
return t
end`,
    PART_5,
    PART_6,
  ],
  "e499bdb606a31cd66db2a5b6d362e742b7b97254",
  "71a150f41d54b5f9111fa6287b802e8532e62339",
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
  "788a3a0ca3831d860e31146d56a50e0b2cfecf44",
  "d0cd98b24908b124f2e377d27718c7075c725bf9",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_10,
    PART_3,
    `local function ik(f)
local bq=redis.pcall('GET',f)
return type(bq)=='string'and bq or''
end
local function im(f,jg,g)
local da=ik(f)
local an=redis.call('TIME')
local b=string.format('%.0f',tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000))
if da==jg then
da=g(tonumber(b))
redis.call('SET',f,da)
end
return{1,da,b}
end
v['marker.replace']=function(a,c)
return im(a[1],c[1],function()return c[2]end)
end
v['marker.lose']=function(a,c)
return im(a[1],c[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(c[2]))
end)
end`,
    `v['identify']=function(a)
local du=''
local function fd(kh)
local eu=redis.pcall('INFO',kh)
if type(eu)=='table'then eu,du='',eu.err end
return function(ji)return string.match(eu,'%f[%w_]'..ji..':([^\\r\\n]*)')or''end
end
local fg,ig,gj=fd('server'),fd('memory'),fd('replication')
local an=redis.call('TIME')
local k=fg('redis_mode')
if k==''then k=fg('server_mode')end
return{
1,fg('run_id'),tonumber(fg('uptime_in_seconds'))or-1,
tonumber(an[1])*1000000+tonumber(an[2]),
tonumber(fd('persistence')('aof_enabled'))or-1,
ig('maxmemory_policy'),tonumber(ig('maxmemory'))or-1,
gj('role'),k,gj('master_replid'),gj('master_replid2'),
a[1]and ik(a[1])or'',du
}
end`,
    PART_12,
    `v['counters.read']=function(a)
local t,b={1},ba()
for d=1,#a,2 do
local ee,l=pcall(bh,a[d])
t[#t+1]=ee and l and string.format('%.0f',l)or''
end
for d=2,#a,2 do
local cj,bv,bx=redis.pcall('HGETALL',a[d]),{},{}
for j=1,cj.err and 0 or#cj,2 do
bv[#bv+1],bx[cj[j]]=cj[j],cj[j+1]
end
table.sort(bv)
for aj,m in ipairs(bv)do
local bk,s=ge(bx[m],b)
if bk then
for aj,g in ipairs({d/2,m,string.format('%.0f',bk),s})do t[#t+1]=g end
end
end
end
return t
end
local function ij(a,c,dw)
local z,b=#a/2,ba()
for d=1,z do
local f=a[2*d-1]
local ee,l=pcall(bh,f)
if ee and c[d]~=''then
if not l then dw(f)end
ds(f,tonumber(c[d]))
end
end
for j=z+1,#c,4 do
pcall(kd,a[2*tonumber(c[j])],c[j+1],tonumber(c[j+2]),tonumber(c[j+3]),b)
end
return 1
end
v['counters.raise']=function(a,c)
return ij(a,c,cl)
end
v['counters.restore']=function(a,c)
return ij(a,c,function()end)
end
v['counters.lift']=function(a,c)
for d=1,#a do
local ee,l=pcall(bh,a[d])
if ee and l then ds(a[d],tonumber(c[1]))end
end
return 1
end`,
    `v['set.note']=function(a,c)
local bo,cp,ib=c[1],c[2],tonumber(c[3])
local an=redis.call('TIME')
local b=tonumber(an[1])*1000+math.floor(tonumber(an[2])/1000)
local go,hv,hp=b,false,false
local cf,am={},redis.pcall('GET',a[1])
for bu in string.gmatch(type(am)=='string'and am or'','[^\\n]+')do
local ez,y,ad,dy,jz=string.match(bu,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
y,ad,dy=tonumber(y),tonumber(ad),tonumber(dy)
if ez and y<=ad and ad<=b and b<dy and dy<=b+3600000 then
if ez==bo then
go,hv=y,b-ad<tonumber(c[4])
elseif ez==cp then
hp=true
else
cf[#cf+1]={bu,ez,ad,y,dy,jz}
end
end
end
local t,ao,p={1},{},b+ib
for d=math.max(1,#cf-16+2),#cf do
local bb=cf[d]
ao[#ao+1]=bb[1]
p=math.max(p,bb[5])
t[#t+1]=bb[2]
t[#t+1]=bb[3]-math.max(bb[4],go)
t[#t+1]=bb[5]-b
t[#t+1]=bb[6]
end
if not hv or hp then
ao[#ao+1]=string.format('%s %.0f %.0f %.0f %s',bo,go,b,b+ib,c[5])
redis.call('SET',a[1],table.concat(ao,'\\n'),'PX',string.format('%.0f',p-b))
end
return t
end`,
    PART_5,
    PART_6,
  ],
  "e58a1a36699eb8e75b90b76113adf5a727fc65e4",
  "f621e57ae944a9c23847f3aa2f0236d53ffeea58",
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
    `local gy=9
local function fc(a,c)
local av,bt,bj,bs={},{},{c[1]},{c[1]}
local aa=tonumber(c[3])
for d,f in ipairs(a)do
if d<=gy then av[d]=f
else bt[d-gy]=f end
end
for d=4,#c do
if d<4+aa then bj[d-2]=c[d]
else bs[d-2-aa]=c[d]end
end
return av,bj,bt,bs
end
local function ii(a,c,y)
local bw,b={},ba()
for d=y,#c do
local z=redis.call('HGET',a[4],c[d])
local x=z and tonumber(redis.call('ZSCORE',a[5],c[d])or 0)
if x and x>b then bw[#bw+1]={c[d],z,x}end
end
return bw
end
local function jl(a,h,bw,b)
ea(a,h)
for aj,gf in ipairs(bw)do
local aj,az=eh(a,0)
cv(a,gf[1],gf[2],gf[3],b,az)
end
local ad=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
if ad then redis.call('SET',a[1],dh,'PX',math.max(1,ad-b))
else redis.call('DEL',a[1],a[3])end
end
local function ic(a,h,bw,bm,cz,bt,bs)
local aw,m=pcall(v[cz],bt,bs)
if aw and(type(m)=='number'or m[1]==1)then return m end
if not bm then jl(a,h,bw,ba())end
if not aw then error(m,0)end
return nil,{0,m[2],m[3],m[4],m[5],2}
end
v['quota.acquire']=function(a,c)
local av,bj,bt,bs=fc(a,c)
local bm=redis.call('HEXISTS',av[4],c[1])==1
local bw=ii(av,bj,9)
local ar=v['slots.acquire'](av,bj)
if ar[1]==0 then return{0,ar[2],ar[3],ar[4],ar[5],1}end
local m,du=ic(av,c[1],bw,bm,c[2],bt,bs)
if not m then
if#bw==0 and not bm then
local b=ba()
local s=dp(av,tonumber(bj[6]),tonumber(bj[7]),b)
by(av,br(av[8],b,dm(s)),ar[3],s,b)
end
return du
end
if type(m)=='number'then return{1,math.abs(m),ar[3],ar[4],ar[5]or''}end
return{1,m[2],ar[3],ar[4],ar[5]or'',m[3],m[4],m[5]or''}
end
v['quota.convert']=function(a,c)
local av,bj,bt,bs=fc(a,c)
local bm=redis.call('HEXISTS',av[4],c[1])==1
local bw=ii(av,bj,7)
local ar=v['slots.extend'](av,bj)
if ar~=1 then return{0,ar[2],ar[3],'0','',1}end
local m,du=ic(av,c[1],bw,bm,c[2],bt,bs)
return m and{1,math.abs(m),bj[4],'',''}or du
end
local function hd(a,c,cz)
local av,bj,bt,bs=fc(a,c)
local ar=v[cz](av,bj)
if ar~=1 then return ar end
return v[c[2]](bt,bs)
end
v['quota.commit']=function(a,c)return hd(a,c,'slots.commit')end
v['quota.extend']=function(a,c)return hd(a,c,'slots.extend')end
v['quota.release']=function(a,c)
local av,bj,bt,bs=fc(a,c)
local aw,ar=pcall(v['slots.release'],av,bj)
local m=v[c[2]](bt,bs)
if not aw then error(ar,0)end
return m~=0 and m or ar
end`,
    PART_5,
    PART_6,
  ],
  "0601b1e2d183ee6e7717d6725e6a0e60ca1c07c5",
  "266c3584e62ad7cb5d33069278a9ed570e4a9d50",
);
