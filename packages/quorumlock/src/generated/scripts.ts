// Generated from operations/*.lua by `npm run generate`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

const PART_1 = `local function general()
local i={}
local function aa(c)
local h=redis.call('GET',c)
if not h then return nil end
local d=string.match(h,'^-?%d+$')and tonumber(h)
if not d or d>=9000000000000000 then error('the fencing counter '..c..' cannot be counted up: '..h)end
return d>0 and d or nil
end
local function bw(c,d)
redis.call('SET',c,string.format('%.0f',d))
end
local function au(c)
if not IS_CLUSTER then
local t=redis.pcall('GET',string.match(c,'^(.*)~fence:')..'~server')
if type(t)~='table'or string.find(t.err,'WRONGTYPE',1,true)then
return type(t)=='string'and tonumber(string.match(t,'^complete .* (%d+)$'))or nil
end
end
local v=redis.call('TIME')
local y=tonumber(v[1])*1000000+tonumber(v[2])
return math.max(1,y-y%16384)
end
local function at(c)
local ac=au(c)
if ac then return ac end
redis.call('DEL',c)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function an(c,d)
local z=aa(c)
if not z then d=math.max(d,au(c)or 0)end
if(z or 0)<d then bw(c,d)end
end`;

const PART_2 = `local function cg(al,f,ag,g,ah,n,ar)
local a,e={unpack(KEYS,f,f+ag-1)},{unpack(ARGV,g,g+ah-1)}
for b=1,ar do e[ah+b]=ARGV[n+b-1]end
local ce,j=pcall(al,a,e)
if ce then return j end
if type(j)=='table'then j=j.err or j[1]end
return{-1,tostring(j)}
end
local q,i,f,g={},nil,1,1
while g<=#ARGV do
local ay,ad,ag=ARGV[g],tonumber(ARGV[g+1]),tonumber(ARGV[g+2])
local ah,ar,n=tonumber(ARGV[g+3]),tonumber(ARGV[g+4]),g+5
g=n+ar
local bj=ag==2
local bi=bj and bg[ay]
local bh=bj and ad>1 and cb[ay]
local w=0
while w<ad do
local u=bh and bh(f,g,ad-w,q)or 0
if u==0 then
local j=bi and bi(f,g,n)
if not j then
i=i or general()
j=cg(i[ay],f,ag,g,ah,n,ar)
end
q[#q+1]=j
u=1
end
f,g,w=f+u*ag,g+u*ah,w+u
end
end
return#q==1 and q[1]or q`;

export const MUTEX_SCRIPT: KindScript = kindScript(
  [
    `local k=redis.pcall
local function u(c)
local d=k('INCR',c)
if type(d)~='number'then return nil end
if d>1 and d<=9000000000000000 then return d end
if d==1 and not IS_CLUSTER then
local t=k('GET',string.match(c,'^(.*)~fence:')..'~server')
local ac=type(t)=='string'and string.match(t,'^complete .* (%d+)$')
local ab=ac and k('SET',c,ac)
if ab and not ab.err then return tonumber(ac)end
end
k(d>1 and'DECR'or'DEL',c)
return nil
end
local bg={
['mutex.acquire']=function(f,g,n)
local ab=k('SET',KEYS[f],ARGV[g],'NX','PX',ARGV[n])
if not ab or ab.err then return nil end
local d=u(KEYS[f+1])
if not d then k('DEL',KEYS[f])end
return d
end,
['mutex.takeOver']=function(f,g,n)
if k('GET',KEYS[f])~=ARGV[g+1]then return nil end
local d=u(KEYS[f+1])
if not d then return nil end
local ab=k('SET',KEYS[f],ARGV[g],'PX',ARGV[n])
return not ab.err and-d or nil
end,
['mutex.extend']=function(f,g,n)
if k('GET',KEYS[f])~=ARGV[g]then return nil end
local s=k('PTTL',KEYS[f])
if type(s)~='number'or s<0 then return nil end
if s<tonumber(ARGV[n])and k('PEXPIRE',KEYS[f],ARGV[n])~=1 then return nil end
return 1
end,
['mutex.release']=function(f,g)
local x=k('MGET',KEYS[f],KEYS[f+1])
if x.err or x[2]then return nil end
if x[1]~=ARGV[g]then return 0 end
return k('DEL',KEYS[f])==1 and 1 or nil
end,
}
if#KEYS==2 and ARGV[2]=='1'then
local al=bg[ARGV[1]]
local j=al and al(1,6+ARGV[5],6)
if j then return j end
end
local cb={
['mutex.release']=function(f,g,ad,q)
local x=k('MGET',unpack(KEYS,f,f+2*ad-1))
if x.err then return 0 end
local ae,bn,bb,w={},{},{},0
for b=1,ad do
if x[2*b]then break end
local aw=KEYS[f+2*b-2]
local p=x[2*b-1]==ARGV[g+b-1]and not bn[aw]
q[#q+1]=p and 1 or 0
if p then
bn[aw]=true
ae[#ae+1]=aw
bb[#ae]=#q
end
w=b
end
local bf=#ae>0 and k('DEL',unpack(ae))
if type(bf)=='table'then
for b=1,#bb do q[bb[b]]={-1,bf.err}end
end
return w
end
}`,
    PART_1,
    `local function az(c)
local m=redis.pcall('GET',c)
return type(m)=='string'and m or nil
end
local function bz(c,r,l)
l=math.max(l,20000)
local m=az(c)
if not m then
redis.call('SET',c,r,'PX',l)
elseif string.find(m,r,1,true)then
redis.call('PEXPIRE',c,math.max(redis.call('PTTL',c),l))
elseif#m+1<256*(#r+1)then
redis.call('SET',c,m..' '..r,'PX',math.max(redis.call('PTTL',c),l))
end
end
local function as(c,r)
local m=az(c)
if not m then return end
local am={}
for bq in string.gmatch(m,'%S+')do
if bq~=r then am[#am+1]=bq end
end
if#am==0 then redis.call('DEL',c)
else redis.call('SET',c,table.concat(am,' '),'PX',math.max(redis.call('PTTL',c),1))end
end
local function bx(c,cf)
local m=az(c)
if not m then return false end
local ai=cf and string.match(m,'%S+')or''
if ai~=''then as(c,ai)end
redis.pcall('PUBLISH',c,ai)
return ai~=''
end
local function bm(c,o,l,p)
if not p then redis.call('SET',c,o,'PX',l)
else
local s=redis.call('PTTL',c)
if s>=0 and s<tonumber(l)then redis.call('PEXPIRE',c,l)end
end
end
local function be(a,o,ch,l,bd)
local bc=bd==''and 2 or 3
local p,bo,bl={},true,false
local ap,aj
for b=1,#a,bc do
local h=redis.call('GET',a[b])
p[b]=h==o
if h~=o then bo=false end
if h and h==ch then
bl=true
elseif h and h~=o then
local s=redis.call('PTTL',a[b])
if not aj or(ap~=-1 and(s==-1 or s>ap))then
ap,aj=s,h
end
end
end
if bd~=''then
for b=3,#a,3 do pcall(bz,a[b],bd,tonumber(l))end
end
if aj then return{0,ap,aj}end
local d=0
for b=2,#a,bc do
local av=aa(a[b])
d=math.max(d,av and(bo and av or av+1)or at(a[b]))
end
for b=1,#a,bc do
bm(a[b],o,l,p[b])
bw(a[b+1],d)
end
return bl and-d or d
end
i['mutex.acquire']=function(a,e)
return be(a,e[1],nil,e[2],e[3])
end
i['mutex.takeOver']=function(a,e)
return be(a,e[1],e[2],e[3],e[4])
end
i['mutex.commit']=function(a,e)
for b=1,#a,2 do
if redis.call('GET',a[b])~=e[1]then return{0}end
end
for b=2,#a,2 do
if not aa(a[b])then at(a[b])end
an(a[b],tonumber(e[2]))
end
return 1
end
i['mutex.extend']=function(a,e)
local o,d,l=e[1],tonumber(e[2]),e[3]
local p={}
for b=1,#a,2 do
local h=redis.call('GET',a[b])
if h and h~=o then return{0,redis.call('PTTL',a[b]),h}end
p[b]=h==o
end
for b=1,#a,2 do
local cd=not p[b]and(aa(a[b+1])or au(a[b+1]))
if cd then an(a[b+1],d)end
end
for b=1,#a,2 do bm(a[b],o,l,p[b])end
return 1
end
i['mutex.release']=function(a,e)
local o,r=e[1],e[2]
local bv,bk=false,false
for b=1,#a,2 do
local h=redis.pcall('GET',a[b])
if r~=''then pcall(as,a[b+1],r)end
if h==o then
redis.call('DEL',a[b])
bv=true
if bx(a[b+1],r~='')then bk=true end
elseif type(h)=='table'and h.err and not string.find(h.err,'WRONGTYPE',1,true)then
error(h.err)
end
end
if not bv then return 0 end
return bk and-1 or 1
end
i['mutex.leave']=function(a,e)
pcall(as,a[1],e[1])
return 1
end
return i
end`,
    PART_2,
  ],
  "08d1aef4fb1ca63f32fcb698f55bd461af04a20c",
  "892f3402499596ff1225cbfc8d4b06cdf76a6de6",
);

export const SERVER_SCRIPT: KindScript = kindScript(
  [
    `local bg,cb={},{}`,
    PART_1,
    `local function bs(c)
local t=redis.pcall('GET',c)
return type(t)=='string'and t or''
end
local function bu(c,ca,h)
local z=bs(c)
local v=redis.call('TIME')
local y=string.format('%.0f',tonumber(v[1])*1000+math.floor(tonumber(v[2])/1000))
if z==ca then
z=h(tonumber(y))
redis.call('SET',c,z)
end
return{1,z,y}
end
i['marker.replace']=function(a,e)
return bu(a[1],e[1],function()return e[2]end)
end
i['marker.lose']=function(a,e)
return bu(a[1],e[1],function(y)
return'lost '..string.format('%.0f',y-tonumber(e[2]))
end)
end
i['identify']=function(a)
local bt=''
local function ao(ci)
local ak=redis.pcall('INFO',ci)
if type(ak)=='table'then ak,bt='',ak.err end
return function(cc)return string.match(ak,'%f[%w_]'..cc..':([^\\r\\n]*)')or''end
end
local aq,bp,ba=ao('server'),ao('memory'),ao('replication')
local v=redis.call('TIME')
local ax=aq('redis_mode')
if ax==''then ax=aq('server_mode')end
return{
1,aq('run_id'),tonumber(aq('uptime_in_seconds'))or-1,
tonumber(v[1])*1000000+tonumber(v[2]),
tonumber(ao('persistence')('aof_enabled'))or-1,
bp('maxmemory_policy'),tonumber(bp('maxmemory'))or-1,
ba('role'),ax,ba('master_replid'),ba('master_replid2'),
a[1]and bs(a[1])or'',bt
}
end
i['counters.read']=function(a)
local j={1}
for b=1,#a do
local af,d=pcall(aa,a[b])
j[b+1]=af and d and string.format('%.0f',d)or''
end
return j
end
local function br(a,e,by)
for b=1,#a do
local af,d=pcall(aa,a[b])
if af then
if not d then by(a[b])end
an(a[b],tonumber(e[b]))
end
end
return 1
end
i['counters.raise']=function(a,e)
return br(a,e,at)
end
i['counters.restore']=function(a,e)
return br(a,e,function()end)
end
i['counters.lift']=function(a,e)
for b=1,#a do
local af,d=pcall(aa,a[b])
if af and d then an(a[b],tonumber(e[1]))end
end
return 1
end
return i
end`,
    PART_2,
  ],
  "c235d23a8084f41f1ef7bda25e2e83ad12c77c1b",
  "d24fe94be64972f6fc1b018dd58dcda00a5f3b2c",
);
