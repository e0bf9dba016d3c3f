// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local aa=redis.pcall
local function ad(j)
local g=aa('INCR',j)
if type(g)~='number'then return nil end
if g>1 and g<=9000000000000000 then return g end
if g==1 and not IS_CLUSTER then
local bb=aa('GET',string.match(j,'^(.*)~fence:')..'~server')
local cl=type(bb)=='string'and string.match(bb,'^complete .* (%d+)$')
local ab=cl and aa('SET',j,cl)
if ab and not ab.err then return tonumber(cl)end
end
aa(g>1 and'DECR'or'DEL',j)
return nil
end`;

const PART_2 = `if#KEYS<=el and ARGV[2]=='1'and ARGV[3]+0==#KEYS then
local dw=ek[ARGV[1]]
local w=dw and dw(1,6+ARGV[5],6,#KEYS)
if w then return w end
end`;

const PART_3 = `local function general()
local v={}
local function av(j)
local f=redis.call('GET',j)
if not f then return nil end
local g=string.match(f,'^-?%d+$')and tonumber(f)
if not g or g>=9000000000000000 then
error('the fencing counter '..j..' cannot be counted up: '..f..'; delete it together with '
..string.match(j,'^(.*)~fence:')..'~server, on one server after another')
end
return g>0 and g or nil
end
local function ed(j,g)
redis.call('SET',j,string.format('%.0f',g))
end
local function cu(j)
if not IS_CLUSTER then
local bb=redis.pcall('GET',string.match(j,'^(.*)~fence:')..'~server')
if type(bb)~='table'or string.find(bb.err,'WRONGTYPE',1,true)then
return type(bb)=='string'and tonumber(string.match(bb,'^complete .* (%d+)$'))or nil
end
end
local as=redis.call('TIME')
local b=tonumber(as[1])*1000000+tonumber(as[2])
return math.max(1,b-b%16384)
end
local function bw(j)
local cl=cu(j)
if cl then return cl end
redis.call('DEL',j)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function cp(j,g)
local cf=av(j)
if not cf then g=math.max(g,cu(j)or 0)end
if(cf or 0)<g then ed(j,g)end
end`;

const PART_4 = `local function dx(j)
local bc=redis.pcall('GET',j)
return type(bc)=='string'and bc or nil
end
local function ej(j,s,y)
y=math.max(y,20000)
local bc=dx(j)
if not bc then
redis.call('SET',j,s,'PX',y)
elseif string.find(bc,s,1,true)then
redis.call('PEXPIRE',j,math.max(redis.call('PTTL',j),y))
elseif#bc+1<256*(#s+1)then
redis.call('SET',j,bc..' '..s,'PX',math.max(redis.call('PTTL',j),y))
end
end
local function cs(j,s)
local bc=dx(j)
if not bc then return end
local bm={}
for ao in string.gmatch(bc,'%S+')do
if ao~=s then bm[#bm+1]=ao end
end
if#bm==0 then redis.call('DEL',j)
else redis.call('SET',j,table.concat(bm,' '),'PX',math.max(redis.call('PTTL',j),1))end
end
local function eh(j,hn)
local bc=dx(j)
if not bc then return false end
local r=hn and string.match(bc,'%S+')or''
if r~=''then cs(j,r)end
redis.pcall('PUBLISH',j,r)
return r~=''
end`;

const PART_5 = `return v
end`;

const PART_6 = `local function ht(dw,c,co,x,i,an,eb)
local a,e={unpack(KEYS,c,c+co-1)},{unpack(ARGV,x,x+i-1)}
for d=1,eb do e[i+d]=ARGV[an+d-1]end
local cz,w=pcall(dw,a,e)
if cz then return w end
if type(w)=='table'then w=w.err or w[1]end
return{-1,tostring(w)}
end
local bg,v,c,x={},nil,1,1
while x<=#ARGV do
local er,au,co=ARGV[x],tonumber(ARGV[x+1]),tonumber(ARGV[x+2])
local i,eb,an=tonumber(ARGV[x+3]),tonumber(ARGV[x+4]),x+5
x=an+eb
local ft=co<=el
local fs=ft and ek[er]
local fq=ft and au>1 and fr[er]
local cc=0
while cc<au do
local ad=fq and fq(c,x,au-cc,bg)or 0
if ad==0 then
local w=fs and fs(c,x,an,co)
if not w then
v=v or general()
w=ht(v[er],c,co,x,i,an,eb)
end
bg[#bg+1]=w
ad=1
end
c,x,cc=c+ad*co,x+ad*i,cc+ad
end
end
return#bg==1 and bg[1]or bg`;

const PART_7 = `local function br(j,b,hi)
local ar,m=redis.pcall('GET',j),{}
if type(ar)~='string'then return m end
for ak,s,bp,n,am in string.gmatch(ar,'(%d+) (%w+) (%w+) (%d+) (%d+)')do
if hi(bp)and tonumber(n)>=b then
m[#m+1]={tonumber(ak),s,bp,tonumber(n),tonumber(am)}
end
end
return m
end
local function bs(j,m,b)
local bz,k={},b+1
for d,q in ipairs(m)do
bz[d]=string.format('%.0f %s %s %.0f %.0f',unpack(q))
k=math.max(k,q[4])
end
if#bz==0 then redis.call('DEL',j)
else redis.call('SET',j,table.concat(bz,' '),'PX',k-b)end
end
local function fw(q,b)return q[5]>0 and b-q[5]>50 end
local function fx(q,ak,s)
return q[1]>ak or(q[1]==ak and q[2]>s)
end
local function fk(m,s,ak,b,gy)
for af,q in ipairs(m)do
if q[2]==s or(ak>0 and fx(q,ak,s))then return nil end
if not fw(q,b)and gy(q[3])then return q end
end
end
local function ev(m,s,b)
for af,q in ipairs(m)do
if q[2]==s then
q[4],q[5]=b+3000,0
return true
end
end
return false
end
local function gm(m,s,b)
local hg=ev(m,s,b)
for af,q in ipairs(m)do
if q[2]==s then q[5]=math.max(1,b-50-1)end
end
return hg
end
local function go(m,s,bp,ak,b)
local ac=#m+1
for d,q in ipairs(m)do
if q[2]==s then
q[3]=bp
ev(m,s,b)
return
end
if d<ac and fx(q,ak,s)then ac=d end
end
if#m<256 then table.insert(m,ac,{ak,s,bp,b+3000,0})end
end
local function gc(m,s)
for d,q in ipairs(m)do
if q[2]==s then
table.remove(m,d)
return true
end
end
return false
end
local function gg(m,ei,b)
local am={}
for af,q in ipairs(m)do
if not fw(q,b)then
if not ei(q[3])then break end
if q[5]==0 then
q[5]=b
am[#am+1]=q
end
end
end
return am
end`;

const PART_8 = `local ek,fr,el={},{},0`;

export const MUTEX_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local el=2
local ek={
['mutex.acquire']=function(c,x,an)
local ab=aa('SET',KEYS[c],ARGV[x],'NX','PX',ARGV[an])
if not ab or ab.err then return nil end
local g=ad(KEYS[c+1])
if not g then aa('DEL',KEYS[c])end
return g
end,
['mutex.takeOver']=function(c,x,an)
if aa('GET',KEYS[c])~=ARGV[x+1]then return nil end
local g=ad(KEYS[c+1])
if not g then return nil end
local ab=aa('SET',KEYS[c],ARGV[x],'PX',ARGV[an])
return not ab.err and-g or nil
end,
['mutex.extend']=function(c,x,an)
if aa('GET',KEYS[c])~=ARGV[x]then return nil end
local o=aa('PTTL',KEYS[c])
if type(o)~='number'or o<0 then return nil end
if o<tonumber(ARGV[an])and aa('PEXPIRE',KEYS[c],ARGV[an])~=1 then return nil end
return 1
end,
['mutex.release']=function(c,x)
local ae=aa('MGET',KEYS[c],KEYS[c+1])
if ae.err or ae[2]then return nil end
if ae[1]~=ARGV[x]then return 0 end
return aa('DEL',KEYS[c])==1 and 1 or nil
end,
}`,
    PART_2,
    `local fr={
['mutex.release']=function(c,x,au,bg)
local ae=aa('MGET',unpack(KEYS,c,c+2*au-1))
if ae.err then return 0 end
local bf,fy,ex,cc={},{},{},0
for d=1,au do
if ae[2*d]then break end
local ah=KEYS[c+2*d-2]
local ax=ae[2*d-1]==ARGV[x+d-1]and not fy[ah]
bg[#bg+1]=ax and 1 or 0
if ax then
fy[ah]=true
bf[#bf+1]=ah
ex[#bf]=#bg
end
cc=d
end
local fo=#bf>0 and aa('DEL',unpack(bf))
if type(fo)=='table'then
for d=1,#ex do bg[ex[d]]={-1,fo.err}end
end
return cc
end
}`,
    PART_3,
    PART_4,
    `local function cn(j,h,y,ax)
if not ax then redis.call('SET',j,h,'PX',y)
else
local o=redis.call('PTTL',j)
if o>=0 and o<tonumber(y)then redis.call('PEXPIRE',j,y)end
end
end
local function fi(a,h,hu,y,bh)
local fc=bh==''and 2 or 3
local ax,ce,be={},true,false
local ay,z
for d=1,#a,fc do
local f=redis.call('GET',a[d])
ax[d]=f==h
if f~=h then ce=false end
if f and f==hu then
be=true
elseif f and f~=h then
local o=redis.call('PTTL',a[d])
if not z or(ay~=-1 and(o==-1 or o>ay))then
ay,z=o,f
end
end
end
if bh~=''then
for d=3,#a,3 do pcall(ej,a[d],bh,tonumber(y))end
end
if z then return{0,ay,z}end
local g=0
for d=2,#a,fc do
local k=av(a[d])
g=math.max(g,k and(ce and k or k+1)or bw(a[d]))
end
for d=1,#a,fc do
cn(a[d],h,y,ax[d])
ed(a[d+1],g)
end
return be and-g or g
end
v['mutex.acquire']=function(a,e)
return fi(a,e[1],nil,e[2],e[3])
end
v['mutex.takeOver']=function(a,e)
return fi(a,e[1],e[2],e[3],e[4])
end
v['mutex.commit']=function(a,e)
for d=1,#a,2 do
if redis.call('GET',a[d])~=e[1]then return{0}end
end
for d=2,#a,2 do
if not av(a[d])then bw(a[d])end
cp(a[d],tonumber(e[2]))
end
return 1
end
v['mutex.extend']=function(a,e)
local h,g,y=e[1],tonumber(e[2]),e[3]
local ax={}
for d=1,#a,2 do
local f=redis.call('GET',a[d])
if f and f~=h then return{0,redis.call('PTTL',a[d]),f}end
ax[d]=f==h
end
for d=1,#a,2 do
local em=not ax[d]and(av(a[d+1])or cu(a[d+1]))
if em then cp(a[d+1],g)end
end
for d=1,#a,2 do cn(a[d],h,y,ax[d])end
return 1
end
v['mutex.release']=function(a,e)
local h,s=e[1],e[2]
local aq,cm=false,false
for d=1,#a,2 do
local f=redis.pcall('GET',a[d])
if s~=''then pcall(cs,a[d+1],s)end
if f==h then
redis.call('DEL',a[d])
aq=true
if eh(a[d+1],s~='')then cm=true end
elseif type(f)=='table'and f.err and not string.find(f.err,'WRONGTYPE',1,true)then
error(f.err)
end
end
if not aq then return 0 end
return cm and-1 or 1
end
v['mutex.leave']=function(a,e)
pcall(cs,a[1],e[1])
return 1
end
v['mutex.renew']=function(a,e)
local g=1
for d=1,#a,2 do
local f=redis.call('GET',a[d])
if f~=e[1]then return{0,redis.call('PTTL',a[d]),f or''}end
g=math.max(g,av(a[d+1])or 1)
end
for d=1,#a,2 do cn(a[d],e[1],e[2],true)end
return g
end
v['mutex.query']=function(a)
local w={1}
for d=1,#a,2 do
w[#w+1]=redis.call('GET',a[d])or''
w[#w+1]=redis.call('PTTL',a[d])
w[#w+1]=dx(a[d+1])or''
end
return w
end`,
    PART_5,
    PART_6,
  ],
  "c47d99f4d6d74fc96b9f853eb47bc220ef505a34",
  "eebbe24e1bc20387d0e9b90d9b7918d23b65ad46",
);

export const MODES_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_1,
    `local el=140
local ek={
['modes.acquire']=function(c,x,an,ai)
local h,y,al,dg=ARGV[x],ARGV[an],ARGV[an+3],KEYS[c+1]
if ai==7 then
if aa('EXISTS',KEYS[c],KEYS[c+2],KEYS[c+3],KEYS[c+4],KEYS[c+5])~=0 then return nil end
else
for ac=c+8,c+ai-1,7 do
if KEYS[ac]~=dg then return nil end
end
if aa('EXISTS',unpack(KEYS,c,c+ai-1))~=ai/7 then return nil end
end
local g
if al=='X'or string.find(' '..al,' X',1,true)or string.find(al,'SIX',1,true)then
g=aa('INCR',dg)
if type(g)~='number'then return nil end
if g<=1 or g>9000000000000000 then
aa(g>1 and'DECR'or'DEL',dg)
return nil
end
else
local f=aa('GET',dg)
g=type(f)=='string'and string.match(f,'^%d+$')and tonumber(f)
if not g or g<1 or g>=9000000000000000 then return nil end
end
for l in string.gmatch(al,'%u+')do
local ab=aa('SET',KEYS[c],l=='X'and h or'~s '..l..' '..h,'PX',y)
if ab.err then return nil end
c=c+7
end
return g
end,
['modes.extend']=function(c,x,an,ai)
local h,y,ac=ARGV[x],ARGV[an],1
local ae=ARGV[an-1]=='2'and aa('MGET',unpack(KEYS,c,c+ai-1))
if not ae or ae.err then return nil end
for l in string.gmatch(ARGV[an+1],'%u+')do
if ae[ac]~=(l=='X'and h or'~s '..l..' '..h)then return nil end
ac=ac+7
end
for ah=c,c+ai-1,7 do
local o=aa('PTTL',KEYS[ah])
if type(o)~='number'or o<0 then return nil end
if o<tonumber(y)and aa('PEXPIRE',KEYS[ah],y)~=1 then return nil end
end
return 1
end,
['modes.release']=function(c,x,af,ai)
local h=ARGV[x]
if ai==7 then
local ae=aa('MGET',KEYS[c],KEYS[c+5],KEYS[c+6])
local f=ae[1]
if not f or ae[2]or ae[3]then return nil end
if f~=h and string.match(f,'^~s [ISX]+ (.*)$')~=h then return nil end
return aa('DEL',KEYS[c])==1 and 1 or nil
end
local ae,ds=aa('MGET',unpack(KEYS,c,c+ai-1)),{}
if ae.err then return nil end
for ac=1,ai,7 do
local f=ae[ac]
if not f or ae[ac+5]or ae[ac+6]then return nil end
if f~=h and string.match(f,'^~s [ISX]+ (.*)$')~=h then return nil end
ds[#ds+1]=KEYS[c+ac-1]
end
return aa('DEL',unpack(ds))==#ds and 1 or nil
end
}
local fr={}`,
    PART_2,
    PART_3,
    PART_4,
    PART_7,
    `local ee={
['IS']=' X ',['IX']=' S SIX X ',['S']=' IX SIX X ',['SIX']=' IX S SIX X ',['X']=' IS IX S SIX X '
}
local function dp(ar)return ee[ar]end
local function fm(hq,ao)return string.find(ee[hq],' '..ao..' ',1,true)end
local function hm(hp)
local dl={}
return function(l)
if dl[l]==nil then dl[l]=not hp(l)end
if not dl[l]then return false end
for ao in string.gmatch(ee[l],'%u+')do dl[ao]=false end
return true
end
end`,
    `local aw,bt,gu=7,'~s','~p'
local eg={['IS']={3},['IX']={4},['S']={5},['SIX']={4,5},['X']={}}
local fh={['IS']={},['IX']={5},['S']={4},['SIX']={4,5},['X']={3,4,5}}
local function bl()
local as=redis.call('TIME')
return tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
end
local function ep(ar)
local al={}
for l in string.gmatch(ar,'%u+')do
if not fh[l]then error('unknown mode '..l,0)end
al[#al+1]=l
end
return al
end
local function ch(e,r)
local i={e[1],[e[1]]=true}
for d=r,#e do
i[#i+1]=e[d]
i[e[d]]=true
end
return i
end
local function de(f)
if not f or string.sub(f,1,3)~='~s 'then return nil end
local l,h=string.match(f,'^~s (%u+) (.*)$')
if eg[l]then return l,h end
end
local function dv(a,c,l,i,b)
local f=redis.call('GET',a[c+1])
if f==gu then
error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree',0)
end
local cg,ap=de(f)
if ap then
local o=not i[ap]and redis.call('PTTL',a[c+1])
if o and(o==-1 or fm(l,cg))then return o,ap end
return nil
end
if i[f]then return nil end
if f and f~=bt then return redis.call('PTTL',a[c+1]),f end
local k,z
for af,ab in ipairs(fh[l])do
local ae=redis.call('ZREVRANGE',a[c+ab],0,#i,'WITHSCORES')
for d=1,#ae,2 do
local n=tonumber(ae[d+1])
if not i[ae[d]]then
if n>=b and(not k or n>k)then k,z=n,ae[d]end
break
end
end
end
if k then return k-b,z end
end
local function gb(a,c,b)
local ag
if redis.call('EXISTS',a[c+3],a[c+4],a[c+5])==0 then return nil end
for ab=3,5 do
local n=tonumber(redis.pcall('ZREVRANGE',a[c+ab],0,0,'WITHSCORES')[2])
if n and n>=b then ag=math.max(ag or 0,n)end
end
return ag
end
local function en(a,c,l,i)
local f=redis.call('GET',a[c+1])
if l=='X'then return i[f]end
local cg,ap=de(f)
if ap then return i[ap]and cg==l end
for af,ab in ipairs(eg[l])do
local cd=false
for af,h in ipairs(i)do
if redis.call('ZSCORE',a[c+ab],h)then cd=true end
end
if not cd then return false end
end
return true
end
local function hk(a,c,i)
local f=redis.call('GET',a[c+1])
local af,ap=de(f)
if ap then return i[ap]end
if i[f]then return true end
for ab=3,5 do
for af,h in ipairs(i)do
if redis.call('ZSCORE',a[c+ab],h)then return true end
end
end
return false
end
local function fj(a,c,l,h,n,b)
for af,ab in ipairs(eg[l])do
local j=a[c+ab]
redis.call('ZREMRANGEBYSCORE',j,'-inf',string.format('(%.0f',b))
redis.call('ZADD',j,string.format('%.0f',n),h)
if redis.call('PTTL',j)<n-b then redis.call('PEXPIRE',j,n-b)end
end
end
local function fv(a,c,l,i,y,b)
local ah,h,be=a[c+1],i[1],false
local f=redis.call('GET',ah)
local n=b+y
local cg,ap=de(f)
local z,hh=ap or f,cg or'X'
if i[z]then
local o=redis.call('PTTL',ah)
if o==-1 and z==h and l==hh then return false end
n=math.max(n,b+o)
if ap==h and l==cg then
redis.call('SET',ah,f,'PX',n-b)
return false
end
be=z~=h
f=nil
elseif ap then
local o=math.max(1,redis.call('PTTL',ah))
fj(a,c,cg,ap,b+o,b)
redis.call('SET',ah,bt,'PX',o)
f=bt
end
if f~=bt and(l~='X'or ap)and redis.call('EXISTS',a[c+3],a[c+4],a[c+5])==0 then
redis.call('SET',ah,l=='X'and h or'~s '..l..' '..h,'PX',n-b)
return be
end
for ab=3,5 do
for d,bv in ipairs(i)do
local dd=(d>1 or l~='X')and redis.call('ZSCORE',a[c+ab],bv)
if dd then
n=math.max(n,tonumber(dd))
if d>1 then
redis.call('ZREM',a[c+ab],bv)
be=true
end
end
end
end
if l=='X'then
redis.call('SET',ah,h,'PX',n-b)
return be
end
fj(a,c,l,h,n,b)
if f~=bt then
redis.call('SET',ah,bt,'PX',gb(a,c,b)-b)
else
local o=redis.call('PTTL',ah)
if o>=0 and o<n-b then redis.call('PEXPIRE',ah,n-b)end
end
return be
end
local ff={}
local function bi(a,c,m,b)
if#m==0 then return{}end
local am={}
local ei=hm(function(l)return dv(a,c,l,ff,b)end)
for d,q in ipairs(gg(m,ei,b))do am[d]=q[2]end
bs(a[c+6],m,b)
if#am>0 then redis.pcall('PUBLISH',a[c+7],table.concat(am,' '))end
return am
end
local function gx(a,c,l,i,s,ak,m,b)
local o,z=dv(a,c,l,i,b)
if o or#m==0 or hk(a,c,i)then return o,z end
local bj=fk(m,s,ak,b,function(ao)return fm(ao,l)end)
if not bj then return nil end
bi(a,c,m,b)
if bj[5]>0 then return math.max(0,50-b+bj[5]),''end
o,z=dv(a,c,bj[3],ff,b)
return o and-1 or 50,z or''
end
local function hd(a,al,ce)
local g,fn,at=0,false,{}
for af,l in ipairs(al)do
if(l=='X'or l=='SIX')and not ce then fn=true end
end
for ac=2,#a,aw do
local j=a[ac]
if at[j]==nil then
local k=av(j)
at[j]=k or 0
g=math.max(g,k and(fn and k+1 or k)or bw(j))
end
end
for j,k in pairs(at)do
if k~=g then ed(j,g)end
end
return g
end
v['modes.acquire']=function(a,e)
local y,s,ak,al=tonumber(e[2]),e[3],tonumber(e[4]),ep(e[5])
local i,gv,b=ch(e,6),{e[1],[e[1]]=true},bl()
local aj,at,ac,ay,z={},b,nil,nil,nil
local ce,be=true,false
for d,l in ipairs(al)do
local c=(d-1)*aw
aj[d]=br(a[c+6],b,dp)
for af,q in ipairs(aj[d])do at=math.max(at,q[1])end
local o,hy=gx(a,c,l,i,s,ak,aj[d],b)
if o then
ac=ac or d
if not z or(ay~=-1 and(o==-1 or o>ay))then
ay,z=o,hy
end
elseif not en(a,c,l,gv)then
ce=false
end
end
if ac then
if s~=''then
local c=(ac-1)*aw
go(aj[ac],s,al[ac],ak>0 and ak or at+1,b)
bs(a[c+6],aj[ac],b)
pcall(ej,a[c+7],s,y)
end
return{0,ay,z,string.format('%.0f',at)}
end
local g=hd(a,al,ce)
for d,l in ipairs(al)do
local c=(d-1)*aw
if fv(a,c,l,i,y,b)then be=true end
if ev(aj[d],s,b)then bs(a[c+6],aj[d],b)end
end
return be and-g or g
end
v['modes.convert']=v['modes.acquire']
v['modes.commit']=function(a,e)
local i={e[1],[e[1]]=true}
for d,l in ipairs(ep(e[3]))do
if not en(a,(d-1)*aw,l,i)then return{0}end
end
for c=0,#a-aw,aw do
if not av(a[c+2])then bw(a[c+2])end
cp(a[c+2],tonumber(e[2]))
end
return 1
end
v['modes.extend']=function(a,e)
local g,y,al=tonumber(e[2]),tonumber(e[3]),ep(e[4])
local i,b=ch(e,5),bl()
for d,l in ipairs(al)do
local o,z=dv(a,(d-1)*aw,l,i,b)
if o then return{0,o,z}end
end
for d,l in ipairs(al)do
local c=(d-1)*aw
local em=not en(a,c,l,i)and(av(a[c+2])or cu(a[c+2]))
if em then cp(a[c+2],g)end
end
for d,l in ipairs(al)do
local c=(d-1)*aw
if fv(a,c,l,i,y,b)then bi(a,c,br(a[c+6],b,dp),b)end
end
return 1
end
local function ba(a,c,i,b)
local ah,aq=a[c+1],false
local f=redis.pcall('GET',ah)
if type(f)=='table'then
if string.find(f.err,'WRONGTYPE',1,true)then return false,false end
error(f.err,0)
end
local af,ap=de(f)
if i[ap or f]then
redis.call('DEL',ah)
f,aq=false,true
end
if ap or(aq and#i==1)then return aq,aq end
local cd=false
for ab=3,5 do
for af,h in ipairs(i)do
local dd=redis.pcall('ZSCORE',a[c+ab],h)
if type(dd)=='string'then
redis.call('ZREM',a[c+ab],h)
cd=true
if tonumber(dd)>=b then aq=true end
end
end
end
if f and f~=bt then return aq,false end
local ag=cd and gb(a,c,b)
if ag then
local o=redis.call('PTTL',ah)
redis.call('SET',ah,bt,'PX',math.max(1,ag-b))
return aq,false,o>ag-b
end
if cd and f then redis.call('DEL',ah)end
return aq,cd or aq
end
v['modes.release']=function(a,e)
local s,i,b=e[2],ch(e,3),bl()
local aq,cm=false,false
for c=0,#a-aw,aw do
local ax,hj,dn=ba(a,c,i,b)
local aj=ax and redis.pcall('MGET',a[c+6],a[c+7])
if ax then aq=true end
if aj and(aj[1]or aj[2])then
local cz,am=pcall(bi,a,c,br(a[c+6],b,dp),b)
if not cz then am={}end
for af,ao in ipairs(am)do
if ao~=s then cm=true end
end
if hj and#am==0 and eh(a[c+7],s~='')then cm=true end
if dn and#am==0 then redis.pcall('PUBLISH',a[c+7],'')end
end
end
if not aq then return 0 end
return cm and-1 or 1
end
v['modes.releaseAll']=v['modes.release']
v['modes.leave']=function(a,e)
local b=bl()
for c=0,#a-aw,aw do
local m=br(a[c+6],b,dp)
if gc(m,e[1])then
bs(a[c+6],m,b)
pcall(bi,a,c,m,b)
end
pcall(cs,a[c+7],e[1])
end
return 1
end`,
    PART_5,
    PART_6,
  ],
  "dbbf2bf7da8e7c6b0ebbea3b1189e40892f762dc",
  "cd3d75f1b88188d5730ef04351272fa6049f077c",
);

export const SLOTS_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_8,
    PART_3,
    PART_4,
    PART_7,
    `local bo,ca,ef,gs='0','1','2',48
local gt=64
local function bq(ar)
local ho=string.gmatch(ar,'(%d+)%-?(%d*)')
return function()
local r,k=ho()
if r then return tonumber(r),tonumber(k)or tonumber(r)end
end
end
local function gl(u,ck)
local ey,cv,k={},string.find(u,ck..'+')
while cv do
ey[#ey+1]=cv==k and tostring(cv-1)or string.format('%d-%d',cv-1,k-1)
cv,k=string.find(u,ck..'+',k+1)
end
return table.concat(ey,' ')
end
local function dc(u,t,ck)
for r,k in bq(t)do
u=u..string.rep(bo,r-#u)
u=string.sub(u,1,r)..string.rep(ck,k-r+1)..string.sub(u,k+2)
end
return u
end
local function gw(u,t)
for r,k in bq(t)do
if string.find(string.sub(u,r+1,k+1),ca,1,true)then return false end
end
return true
end
local function dk(u,p)
return#string.gsub(string.sub(u,1,p),ca..'+','')
end
local function fp(t)
local eq=0
for af,k in bq(t)do eq=math.max(eq,k+1)end
return eq
end
local function hr(h,p)
local cq,fb=string.match(h,'^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
if not cq then return 0,1 end
return tonumber(cq,16)%p,1+tonumber(fb,16)%p
end
local function fl(u,ai,p,et,i,h)
local bk=ai
local function df(r,k)
k=math.min(k,p-1)
if bk==0 or r>k then return end
local hw,ad=string.gsub(string.sub(u,r+1,k+1),bo,ef,bk)
if ad==0 then return end
u,bk=string.sub(u,1,r)..hw..string.sub(u,k+2),bk-ad
end
for r,k in bq(et)do df(r,k)end
if i then
for r,k in bq(i)do df(r,k)end
else
local cq,fb=hr(h,p)
for d=0,gt-1 do
if bk==0 then break end
local fa=(cq+d*fb)%p
if string.byte(u,fa+1)==gs then df(fa,fa)end
end
df(cq,p-1)
df(0,cq-1)
end
if bk>0 then return nil end
return gl(u,ef),(string.gsub(u,ef,ca))
end`,
    `local cr,fg='~p','~s'
local ci,cj=16,32
local function bl()
local as=redis.call('TIME')
return tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
end
local function ch(e,r)
local i={e[1]}
for d=r,#e do i[#i+1]=e[d]end
return i
end
local function es(a)
local bd=redis.call('GET',a[1])
if bd and(bd==fg or string.sub(bd,1,3)==fg..' ')then
error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore',0)
end
if bd and bd~=cr then return bd,redis.call('PTTL',a[1])end
end
local function db(a,p,gn)
local ec=redis.call('GET',a[7])or''
local at,ad=string.match(ec,'^(%d+) (%d+)$')
if gn>tonumber(at or 0)then
ec,ad=string.format('%.0f %.0f',gn,p),p
redis.call('SET',a[7],ec,'PX',604800000)
elseif at then
redis.call('PEXPIRE',a[7],604800000)
end
return tonumber(ad)or p,ad and ec or''
end
local function dt(a,au)
local u=redis.call('GET',a[3])or''
return u..string.rep(bo,au-#u),#u
end
local function gr(a,t,ck)
for r,k in bq(t)do
redis.call('SETRANGE',a[3],r,string.rep(ck,k-r+1))
end
end
local function di(a,h)
local t,n=redis.call('HGET',a[4],h),redis.call('ZSCORE',a[5],h)
if t then
redis.call('HDEL',a[4],h)
if redis.call('EXISTS',a[3])==1 then gr(a,t,bo)end
end
if n then redis.call('ZREM',a[5],h)end
return t,tonumber(n)
end
local function dj(a,b)
local ha=redis.call('ZRANGEBYSCORE',a[5],'-inf',string.format('(%.0f',b),'LIMIT',0,1000)
for af,h in ipairs(ha)do di(a,h)end
end
local function dz(a)
local cw=''
if not IS_CLUSTER then
local bb=redis.pcall('GET',string.match(a[2],'^(.*)~fence:')..'~server')
cw=type(bb)=='string'and string.match(bb,'^complete %S+ %S+ (%S+) ')or''
end
cw=string.format('%-'..cj..'.'..cj..'s',cw)
if redis.call('GETRANGE',a[6],0,cj-1)~=cw then redis.call('SET',a[6],cw,'PX',604800000)end
end
local function dr(a,t,az)
local eo=0
for r,k in bq(t)do
local ar=redis.call('GETRANGE',a[6],cj+ci*r,cj+ci*(k+1)-1)
for d=0,k-r do
local ad=tonumber(string.sub(ar,ci*d+1,ci*(d+1)))
eo=math.max(eo,ad or az)
end
end
return eo
end
local function fe(a,t,ad,az)
local ar=string.format('%0'..ci..'.0f',ad)
for r,k in bq(t)do
redis.call('SETRANGE',a[6],cj+ci*r,string.rep(ar,k-r+1))
end
redis.call('PEXPIRE',a[6],604800000)
if az<ad then ed(a[2],ad)end
end
local function eu(a,h,n,b)
local bu=tonumber(redis.call('ZSCORE',a[5],h)or 0)
if bu<n then redis.call('ZADD',a[5],string.format('%.0f',n),h)end
local ag=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local o=ag-b
local hl=ag==math.max(n,bu)
if not hl and redis.call('EXISTS',a[1])==1 and redis.call('PTTL',a[3])>=o
and redis.call('PTTL',a[4])>=o then return end
for ac=3,5 do redis.call('PEXPIRE',a[ac],o)end
redis.call('SET',a[1],cr,'PX',o)
end
local function cn(a,h,t,n,b,au)
local gp=fp(t)
if au<gp then redis.call('SETRANGE',a[3],au,string.rep(bo,gp-au))end
gr(a,t,ca)
redis.call('HSET',a[4],h,t)
eu(a,h,n,b)
end
local function hf(a,bk,b)
local dh=redis.call('ZRANGE',a[5],0,64-1,'WITHSCORES')
local k=-1
for d=1,#dh,2 do
k=tonumber(dh[d+1])
for r,hb in bq(redis.call('HGET',a[4],dh[d])or'')do
bk=bk-(hb-r+1)
end
if bk<=0 then break end
end
return k<0 and-1 or math.max(0,k-b),dh[1]or''
end
local function cx(p)
return function(ar)
local ad=tonumber(ar)
return ad and ad<=p
end
end
local function bi(a,m,by,p,b)
if#m==0 then return 0 end
local u,ba=dt(a,p),0
local bd=redis.call('GET',a[1])
if not bd or bd==cr then ba=dk(u,p)end
local am=gg(m,function(bp)
ba=ba-tonumber(bp)
return ba>=0
end,b)
bs(a[8],m,b)
local bz={}
for d,q in ipairs(am)do
local t,hv=fl(u,tonumber(q[3]),p,by,'0-'..p-1)
u=hv or u
bz[d]=q[2]..':'..string.gsub(t or'',' ',',')
end
if#bz>0 then redis.pcall('PUBLISH',a[9],table.concat(bz,' '))end
return#bz
end
v['slots.acquire']=function(a,e)
local h,y,bh,ak,ai=e[1],tonumber(e[2]),e[3],tonumber(e[4]),tonumber(e[5])
local et,dq,i,b=e[8],#e>8,ch(e,9),bl()
local z,ay=es(a)
local p,da=db(a,tonumber(e[6]),tonumber(e[7]))
if ai>p then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested',p,ai),0)end
dj(a,b)
local m,at=br(a[8],b,cx(p)),b
for af,q in ipairs(m)do at=math.max(at,q[1])end
local u,au=dt(a,p)
local t,cb=redis.call('HGET',a[4],h),nil
if z then
if bh~=''then pcall(ej,a[9],bh,y)end
elseif t then
dz(a)
eu(a,h,b+y,b)
if gm(m,bh,b)then bs(a[8],m,b)end
local g=dr(a,t,av(a[2])or bw(a[2]))
return{1,g,t,da,dq and u or nil}
else
local bn,bx=u,''
for d=2,#i do
local bf=redis.call('HGET',a[4],i[d])or''
bn,bx=dc(bn,bf,bo),bx..' '..bf
end
local bj
if#m>0 and not dq then
local ba=dk(bn,p)
bj=ba>=ai and fk(m,bh,ak,b,function(bp)
ba=ba-tonumber(bp)
return ba<ai
end)
end
if not bj then cb=fl(bn,ai,p,et,dq and bx or nil,h)end
if cb then
local az=av(a[2])or bw(a[2])
dz(a)
local g,n=dr(a,cb,az)+1,b+y
fe(a,cb,g,az)
for d=2,#i do
local af,bu=di(a,i[d])
n=math.max(n,bu or 0)
end
cn(a,h,cb,n,b,au)
if gm(m,bh,b)then bs(a[8],m,b)end
return{1,g,cb,da,dq and dc(bn,cb,ca)or nil}
end
local ba=dk(u,p)
ay,z=hf(a,ai-ba,b)
if bj then
bi(a,m,'',p,b)
if bj[5]>0 then ay,z=math.max(0,50-b+bj[5]),''
else ay=-1 end
end
end
if bh~=''then
go(m,bh,string.format('%.0f',ai),ak>0 and ak or at+1,b)
bs(a[8],m,b)
end
return{0,ay,z,string.format('%.0f',at),da}
end
v['slots.commit']=function(a,e)
local t=e[3]
if redis.call('HGET',a[4],e[1])~=t then return{0}end
local az=av(a[2])or bw(a[2])
dz(a)
local ad=dr(a,t,az)
if ad<tonumber(e[2])then fe(a,t,tonumber(e[2]),az)end
return 1
end
v['slots.extend']=function(a,e)
local h,g,y,t=e[1],tonumber(e[2]),tonumber(e[3]),e[4]
local i,b=ch(e,7),bl()
local z=es(a)
if z then return{0,-1,z}end
local p=db(a,tonumber(e[5]),tonumber(e[6]))
dj(a,b)
local bf=redis.call('HGET',a[4],h)
if bf==t and#i==1 then
eu(a,h,b+y,b)
return 1
end
local u,au=dt(a,math.max(p,fp(t)))
local bn,bu=u,''
for af,bv in ipairs(i)do
local bx=redis.call('HGET',a[4],bv)or''
bn,bu=dc(bn,bx,bo),bu..' '..bx
end
if not gw(bn,t)then
local gq={h,'',e[5],e[6]}
for d=2,#i do gq[d+3]=i[d]end
v['slots.release'](a,gq)
return{0,-1,''}
end
local az=bf~=t and(av(a[2])or cu(a[2]))
if az then
dz(a)
fe(a,t,math.max(g,dr(a,t,az)),az)
end
local n=b+y
for af,bv in ipairs(i)do
local af,k=di(a,bv)
n=math.max(n,k or 0)
end
cn(a,h,t,n,b,au)
local by=gl(dc(dc(string.rep(bo,#bn),bu,ca),t,bo),ca)
if by~=''then bi(a,br(a[8],b,cx(p)),by,p,b)end
return 1
end
v['slots.release']=function(a,e)
local s,i,b=e[2],ch(e,5),bl()
local by,aq,fd,ga='',false,0,false
for af,bv in ipairs(i)do
local t,n=di(a,bv)
if t or n then ga=true end
if n and n>=b then aq=true end
by,fd=by..' '..(t or''),math.max(fd,n or 0)
end
if not ga then return 0 end
dj(a,b)
local ag=tonumber(redis.call('ZREVRANGE',a[5],0,0,'WITHSCORES')[2])
local bd,dn=redis.pcall('GET',a[1]),false
if not ag then redis.call('DEL',a[3])end
if bd==cr then
if not ag then redis.call('DEL',a[1])
elseif fd>ag then
redis.call('SET',a[1],cr,'PX',math.max(1,ag-b))
dn=true
end
end
local aj=redis.pcall('MGET',a[8],a[9])
if aj[1]or aj[2]then
local p=db(a,tonumber(e[3]),tonumber(e[4]))
local m=br(a[8],b,cx(p))
local cz,am=pcall(bi,a,m,by,p,b)
if not cz or am==0 then
if not ag then eh(a[9],s~='')
elseif dn then redis.pcall('PUBLISH',a[9],'')end
end
end
return aq and 1 or 0
end
v['slots.leave']=function(a,e)
local b,p=bl(),db(a,tonumber(e[2]),tonumber(e[3]))
local m=br(a[8],b,cx(p))
if gc(m,e[1])then
bs(a[8],m,b)
pcall(bi,a,m,'',p,b)
end
pcall(cs,a[9],e[1])
return 1
end
v['slots.count']=function(a,e)
local b,z=bl(),es(a)
local p,da=db(a,tonumber(e[1]),tonumber(e[2]))
dj(a,b)
local m=br(a[8],b,cx(p))
bi(a,m,'',p,b)
return{1,z and 0 or dk(dt(a,p),p),p,tonumber(string.match(da,'^%d+')or 0)}
end`,
    PART_5,
    PART_6,
  ],
  "1c6d46affa8cf9af85207a1ee461c10034eb8570",
  "ee50c8569e2d841034a30ae4fc2ade2a9a7ae3f9",
);

export const SERVER_SCRIPT: KindScript = /* @__PURE__ */ kindScript(
  [
    PART_8,
    PART_3,
    `local function gi(j)
local bb=redis.pcall('GET',j)
return type(bb)=='string'and bb or''
end
local function gk(j,hc,f)
local cf=gi(j)
local as=redis.call('TIME')
local b=string.format('%.0f',tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000))
if cf==hc then
cf=f(tonumber(b))
redis.call('SET',j,cf)
end
return{1,cf,b}
end
v['marker.replace']=function(a,e)
return gk(a[1],e[1],function()return e[2]end)
end
v['marker.lose']=function(a,e)
return gk(a[1],e[1],function(b)
return'lost '..string.format('%.0f',b-tonumber(e[2]))
end)
end`,
    `v['identify']=function(a)
local gj=''
local function dy(hx)
local dm=redis.pcall('INFO',hx)
if type(dm)=='table'then dm,gj='',dm.err end
return function(he)return string.match(dm,'%f[%w_]'..he..':([^\\r\\n]*)')or''end
end
local ea,gf,ew=dy('server'),dy('memory'),dy('replication')
local as=redis.call('TIME')
local l=ea('redis_mode')
if l==''then l=ea('server_mode')end
return{
1,ea('run_id'),tonumber(ea('uptime_in_seconds'))or-1,
tonumber(as[1])*1000000+tonumber(as[2]),
tonumber(dy('persistence')('aof_enabled'))or-1,
gf('maxmemory_policy'),tonumber(gf('maxmemory'))or-1,
ew('role'),l,ew('master_replid'),ew('master_replid2'),
a[1]and gi(a[1])or'',gj
}
end`,
    `v['counters.read']=function(a)
local w={1}
for d=1,#a do
local cy,g=pcall(av,a[d])
w[d+1]=cy and g and string.format('%.0f',g)or''
end
return w
end
local function gh(a,e,gz)
for d=1,#a do
local cy,g=pcall(av,a[d])
if cy then
if not g then gz(a[d])end
cp(a[d],tonumber(e[d]))
end
end
return 1
end
v['counters.raise']=function(a,e)
return gh(a,e,bw)
end
v['counters.restore']=function(a,e)
return gh(a,e,function()end)
end
v['counters.lift']=function(a,e)
for d=1,#a do
local cy,g=pcall(av,a[d])
if cy and g then cp(a[d],tonumber(e[1]))end
end
return 1
end`,
    `v['set.note']=function(a,e)
local ab,bx,gd=e[1],e[2],tonumber(e[3])
local as=redis.call('TIME')
local b=tonumber(as[1])*1000+math.floor(tonumber(as[2])/1000)
local ez,fz,fu=b,false,false
local bm,ar={},redis.pcall('GET',a[1])
for ge in string.gmatch(type(ar)=='string'and ar or'','[^\\n]+')do
local du,r,ag,ct,hs=string.match(ge,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
r,ag,ct=tonumber(r),tonumber(ag),tonumber(ct)
if du and r<=ag and ag<=b and b<ct and ct<=b+3600000 then
if du==ab then
ez,fz=r,b-ag<tonumber(e[4])
elseif du==bx then
fu=true
else
bm[#bm+1]={ge,du,ag,r,ct,hs}
end
end
end
local w,aj,k={1},{},b+gd
for d=math.max(1,#bm-16+2),#bm do
local ao=bm[d]
aj[#aj+1]=ao[1]
k=math.max(k,ao[5])
w[#w+1]=ao[2]
w[#w+1]=ao[3]-math.max(ao[4],ez)
w[#w+1]=ao[5]-b
w[#w+1]=ao[6]
end
if not fz or fu then
aj[#aj+1]=string.format('%s %.0f %.0f %.0f %s',ab,ez,b,b+gd,e[5])
redis.call('SET',a[1],table.concat(aj,'\\n'),'PX',string.format('%.0f',k-b))
end
return w
end`,
    PART_5,
    PART_6,
  ],
  "6f8ee9d93ac81794afae673a03762033d538b207",
  "cf4cd223e52262bfd28a447a84b567006635ae04",
);
