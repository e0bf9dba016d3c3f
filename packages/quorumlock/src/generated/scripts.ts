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
local j={}
local function ab(d)
local h=redis.call('GET',d)
if not h then return nil end
local e=string.match(h,'^-?%d+$')and tonumber(h)
if not e or e>=9000000000000000 then
error('the fencing counter '..d..' cannot be counted up: '..h..'; delete it together with '
..string.match(d,'^(.*)~fence:')..'~server, on one server after another')
end
return e>0 and e or nil
end
local function cg(d,e)
redis.call('SET',d,string.format('%.0f',e))
end
local function bb(d)
if not IS_CLUSTER then
local w=redis.pcall('GET',string.match(d,'^(.*)~fence:')..'~server')
if type(w)~='table'or string.find(w.err,'WRONGTYPE',1,true)then
return type(w)=='string'and tonumber(string.match(w,'^complete .* (%d+)$'))or nil
end
end
local s=redis.call('TIME')
local k=tonumber(s[1])*1000000+tonumber(s[2])
return math.max(1,k-k%16384)
end
local function ba(d)
local ag=bb(d)
if ag then return ag end
redis.call('DEL',d)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function at(d,e)
local af=ab(d)
if not af then e=math.max(e,bb(d)or 0)end
if(af or 0)<e then cg(d,e)end
end`;

const PART_2 = `local function cs(as,g,am,i,ao,o,ay)
local a,c={unpack(KEYS,g,g+am-1)},{unpack(ARGV,i,i+ao-1)}
for b=1,ay do c[ao+b]=ARGV[o+b-1]end
local cp,f=pcall(as,a,c)
if cp then return f end
if type(f)=='table'then f=f.err or f[1]end
return{-1,tostring(f)}
end
local r,j,g,i={},nil,1,1
while i<=#ARGV do
local bf,ai,am=ARGV[i],tonumber(ARGV[i+1]),tonumber(ARGV[i+2])
local ao,ay,o=tonumber(ARGV[i+3]),tonumber(ARGV[i+4]),i+5
i=o+ay
local bq=am==2
local bp=bq and bn[bf]
local bo=bq and ai>1 and cl[bf]
local ac=0
while ac<ai do
local aa=bo and bo(g,i,ai-ac,r)or 0
if aa==0 then
local f=bp and bp(g,i,o)
if not f then
j=j or general()
f=cs(j[bf],g,am,i,ao,o,ay)
end
r[#r+1]=f
aa=1
end
g,i,ac=g+aa*am,i+aa*ao,ac+aa
end
end
return#r==1 and r[1]or r`;

export const MUTEX_SCRIPT: KindScript = kindScript(
  [
    `local l=redis.pcall
local function aa(d)
local e=l('INCR',d)
if type(e)~='number'then return nil end
if e>1 and e<=9000000000000000 then return e end
if e==1 and not IS_CLUSTER then
local w=l('GET',string.match(d,'^(.*)~fence:')..'~server')
local ag=type(w)=='string'and string.match(w,'^complete .* (%d+)$')
local z=ag and l('SET',d,ag)
if z and not z.err then return tonumber(ag)end
end
l(e>1 and'DECR'or'DEL',d)
return nil
end
local bn={
['mutex.acquire']=function(g,i,o)
local z=l('SET',KEYS[g],ARGV[i],'NX','PX',ARGV[o])
if not z or z.err then return nil end
local e=aa(KEYS[g+1])
if not e then l('DEL',KEYS[g])end
return e
end,
['mutex.takeOver']=function(g,i,o)
if l('GET',KEYS[g])~=ARGV[i+1]then return nil end
local e=aa(KEYS[g+1])
if not e then return nil end
local z=l('SET',KEYS[g],ARGV[i],'PX',ARGV[o])
return not z.err and-e or nil
end,
['mutex.extend']=function(g,i,o)
if l('GET',KEYS[g])~=ARGV[i]then return nil end
local v=l('PTTL',KEYS[g])
if type(v)~='number'or v<0 then return nil end
if v<tonumber(ARGV[o])and l('PEXPIRE',KEYS[g],ARGV[o])~=1 then return nil end
return 1
end,
['mutex.release']=function(g,i)
local ad=l('MGET',KEYS[g],KEYS[g+1])
if ad.err or ad[2]then return nil end
if ad[1]~=ARGV[i]then return 0 end
return l('DEL',KEYS[g])==1 and 1 or nil
end,
}
if#KEYS==2 and ARGV[2]=='1'then
local as=bn[ARGV[1]]
local f=as and as(1,6+ARGV[5],6)
if f then return f end
end
local cl={
['mutex.release']=function(g,i,ai,r)
local ad=l('MGET',unpack(KEYS,g,g+2*ai-1))
if ad.err then return 0 end
local ak,bu,bh,ac={},{},{},0
for b=1,ai do
if ad[2*b]then break end
local bd=KEYS[g+2*b-2]
local q=ad[2*b-1]==ARGV[i+b-1]and not bu[bd]
r[#r+1]=q and 1 or 0
if q then
bu[bd]=true
ak[#ak+1]=bd
bh[#ak]=#r
end
ac=b
end
local bm=#ak>0 and l('DEL',unpack(ak))
if type(bm)=='table'then
for b=1,#bh do r[bh[b]]={-1,bm.err}end
end
return ac
end
}`,
    PART_1,
    `local function au(d)
local n=redis.pcall('GET',d)
return type(n)=='string'and n or nil
end
local function cj(d,t,m)
m=math.max(m,20000)
local n=au(d)
if not n then
redis.call('SET',d,t,'PX',m)
elseif string.find(n,t,1,true)then
redis.call('PEXPIRE',d,math.max(redis.call('PTTL',d),m))
elseif#n+1<256*(#t+1)then
redis.call('SET',d,n..' '..t,'PX',math.max(redis.call('PTTL',d),m))
end
end
local function az(d,t)
local n=au(d)
if not n then return end
local y={}
for x in string.gmatch(n,'%S+')do
if x~=t then y[#y+1]=x end
end
if#y==0 then redis.call('DEL',d)
else redis.call('SET',d,table.concat(y,' '),'PX',math.max(redis.call('PTTL',d),1))end
end
local function ch(d,cq)
local n=au(d)
if not n then return false end
local u=cq and string.match(n,'%S+')or''
if u~=''then az(d,u)end
redis.pcall('PUBLISH',d,u)
return u~=''
end
local function bc(d,p,m,q)
if not q then redis.call('SET',d,p,'PX',m)
else
local v=redis.call('PTTL',d)
if v>=0 and v<tonumber(m)then redis.call('PEXPIRE',d,m)end
end
end
local function bl(a,p,ct,m,bk)
local bj=bk==''and 2 or 3
local q,bw,bt={},true,false
local aw,ap
for b=1,#a,bj do
local h=redis.call('GET',a[b])
q[b]=h==p
if h~=p then bw=false end
if h and h==ct then
bt=true
elseif h and h~=p then
local v=redis.call('PTTL',a[b])
if not ap or(aw~=-1 and(v==-1 or v>aw))then
aw,ap=v,h
end
end
end
if bk~=''then
for b=3,#a,3 do pcall(cj,a[b],bk,tonumber(m))end
end
if ap then return{0,aw,ap}end
local e=0
for b=2,#a,bj do
local ae=ab(a[b])
e=math.max(e,ae and(bw and ae or ae+1)or ba(a[b]))
end
for b=1,#a,bj do
bc(a[b],p,m,q[b])
cg(a[b+1],e)
end
return bt and-e or e
end
j['mutex.acquire']=function(a,c)
return bl(a,c[1],nil,c[2],c[3])
end
j['mutex.takeOver']=function(a,c)
return bl(a,c[1],c[2],c[3],c[4])
end
j['mutex.commit']=function(a,c)
for b=1,#a,2 do
if redis.call('GET',a[b])~=c[1]then return{0}end
end
for b=2,#a,2 do
if not ab(a[b])then ba(a[b])end
at(a[b],tonumber(c[2]))
end
return 1
end
j['mutex.extend']=function(a,c)
local p,e,m=c[1],tonumber(c[2]),c[3]
local q={}
for b=1,#a,2 do
local h=redis.call('GET',a[b])
if h and h~=p then return{0,redis.call('PTTL',a[b]),h}end
q[b]=h==p
end
for b=1,#a,2 do
local co=not q[b]and(ab(a[b+1])or bb(a[b+1]))
if co then at(a[b+1],e)end
end
for b=1,#a,2 do bc(a[b],p,m,q[b])end
return 1
end
j['mutex.release']=function(a,c)
local p,t=c[1],c[2]
local cf,bs=false,false
for b=1,#a,2 do
local h=redis.pcall('GET',a[b])
if t~=''then pcall(az,a[b+1],t)end
if h==p then
redis.call('DEL',a[b])
cf=true
if ch(a[b+1],t~='')then bs=true end
elseif type(h)=='table'and h.err and not string.find(h.err,'WRONGTYPE',1,true)then
error(h.err)
end
end
if not cf then return 0 end
return bs and-1 or 1
end
j['mutex.leave']=function(a,c)
pcall(az,a[1],c[1])
return 1
end
j['mutex.renew']=function(a,c)
local e=1
for b=1,#a,2 do
local h=redis.call('GET',a[b])
if h~=c[1]then return{0,redis.call('PTTL',a[b]),h or''}end
e=math.max(e,ab(a[b+1])or 1)
end
for b=1,#a,2 do bc(a[b],c[1],c[2],true)end
return e
end
j['mutex.query']=function(a)
local f={1}
for b=1,#a,2 do
f[#f+1]=redis.call('GET',a[b])or''
f[#f+1]=redis.call('PTTL',a[b])
f[#f+1]=au(a[b+1])or''
end
return f
end
return j
end`,
    PART_2,
  ],
  "0c736ed5e6f710bb9c4631b31a04c08d1be75d5c",
  "30d9db3741262e1c8e9eb32637b49f8446f753e9",
);

export const SERVER_SCRIPT: KindScript = kindScript(
  [
    `local bn,cl={},{}`,
    PART_1,
    `local function cb(d)
local w=redis.pcall('GET',d)
return type(w)=='string'and w or''
end
local function cd(d,ck,h)
local af=cb(d)
local s=redis.call('TIME')
local k=string.format('%.0f',tonumber(s[1])*1000+math.floor(tonumber(s[2])/1000))
if af==ck then
af=h(tonumber(k))
redis.call('SET',d,af)
end
return{1,af,k}
end
j['marker.replace']=function(a,c)
return cd(a[1],c[1],function()return c[2]end)
end
j['marker.lose']=function(a,c)
return cd(a[1],c[1],function(k)
return'lost '..string.format('%.0f',k-tonumber(c[2]))
end)
end
j['identify']=function(a)
local cc=''
local function av(cu)
local aq=redis.pcall('INFO',cu)
if type(aq)=='table'then aq,cc='',aq.err end
return function(cm)return string.match(aq,'%f[%w_]'..cm..':([^\\r\\n]*)')or''end
end
local ax,bz,bg=av('server'),av('memory'),av('replication')
local s=redis.call('TIME')
local be=ax('redis_mode')
if be==''then be=ax('server_mode')end
return{
1,ax('run_id'),tonumber(ax('uptime_in_seconds'))or-1,
tonumber(s[1])*1000000+tonumber(s[2]),
tonumber(av('persistence')('aof_enabled'))or-1,
bz('maxmemory_policy'),tonumber(bz('maxmemory'))or-1,
bg('role'),be,bg('master_replid'),bg('master_replid2'),
a[1]and cb(a[1])or'',cc
}
end
j['counters.read']=function(a)
local f={1}
for b=1,#a do
local al,e=pcall(ab,a[b])
f[b+1]=al and e and string.format('%.0f',e)or''
end
return f
end
local function ca(a,c,ci)
for b=1,#a do
local al,e=pcall(ab,a[b])
if al then
if not e then ci(a[b])end
at(a[b],tonumber(c[b]))
end
end
return 1
end
j['counters.raise']=function(a,c)
return ca(a,c,ba)
end
j['counters.restore']=function(a,c)
return ca(a,c,function()end)
end
j['counters.lift']=function(a,c)
for b=1,#a do
local al,e=pcall(ab,a[b])
if al and e then at(a[b],tonumber(c[1]))end
end
return 1
end
j['set.note']=function(a,c)
local z,cn,bx=c[1],c[2],tonumber(c[3])
local s=redis.call('TIME')
local k=tonumber(s[1])*1000+math.floor(tonumber(s[2])/1000)
local bi,bv,br=k,false,false
local y,ce={},redis.pcall('GET',a[1])
for by in string.gmatch(type(ce)=='string'and ce or'','[^\\n]+')do
local ar,u,ah,aj,cr=string.match(by,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
u,ah,aj=tonumber(u),tonumber(ah),tonumber(aj)
if ar and u<=ah and ah<=k and k<aj and aj<=k+3600000 then
if ar==z then
bi,bv=u,k-ah<tonumber(c[4])
elseif ar==cn then
br=true
else
y[#y+1]={by,ar,ah,u,aj,cr}
end
end
end
local f,an,ae={1},{},k+bx
for b=math.max(1,#y-16+2),#y do
local x=y[b]
an[#an+1]=x[1]
ae=math.max(ae,x[5])
f[#f+1]=x[2]
f[#f+1]=x[3]-math.max(x[4],bi)
f[#f+1]=x[5]-k
f[#f+1]=x[6]
end
if not bv or br then
an[#an+1]=string.format('%s %.0f %.0f %.0f %s',z,bi,k,k+bx,c[5])
redis.call('SET',a[1],table.concat(an,'\\n'),'PX',string.format('%.0f',ae-k))
end
return f
end
return j
end`,
    PART_2,
  ],
  "79d01fdd694d77645e3da719e9a052149963399f",
  "1b22c29e50daf31b993160ab02b64729e7ebc5e9",
);
