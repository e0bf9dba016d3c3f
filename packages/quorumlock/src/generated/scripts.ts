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
local k={}
local function af(c)
local i=redis.call('GET',c)
if not i then return nil end
local e=string.match(i,'^-?%d+$')and tonumber(i)
if not e or e>=9000000000000000 then error('the fencing counter '..c..' cannot be counted up: '..i)end
return e>0 and e or nil
end
local function cg(c,e)
redis.call('SET',c,string.format('%.0f',e))
end
local function bb(c)
if not IS_CLUSTER then
local w=redis.pcall('GET',string.match(c,'^(.*)~fence:')..'~server')
if type(w)~='table'or string.find(w.err,'WRONGTYPE',1,true)then
return type(w)=='string'and tonumber(string.match(w,'^complete .* (%d+)$'))or nil
end
end
local s=redis.call('TIME')
local j=tonumber(s[1])*1000000+tonumber(s[2])
return math.max(1,j-j%16384)
end
local function ba(c)
local ag=bb(c)
if ag then return ag end
redis.call('DEL',c)
error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker',0)
end
local function at(c,e)
local ae=af(c)
if not ae then e=math.max(e,bb(c)or 0)end
if(ae or 0)<e then cg(c,e)end
end`;

const PART_2 = `local function cs(as,g,am,h,ao,o,ay)
local a,d={unpack(KEYS,g,g+am-1)},{unpack(ARGV,h,h+ao-1)}
for b=1,ay do d[ao+b]=ARGV[o+b-1]end
local cp,f=pcall(as,a,d)
if cp then return f end
if type(f)=='table'then f=f.err or f[1]end
return{-1,tostring(f)}
end
local r,k,g,h={},nil,1,1
while h<=#ARGV do
local be,ai,am=ARGV[h],tonumber(ARGV[h+1]),tonumber(ARGV[h+2])
local ao,ay,o=tonumber(ARGV[h+3]),tonumber(ARGV[h+4]),h+5
h=o+ay
local bp=am==2
local bo=bp and bm[be]
local bn=bp and ai>1 and cl[be]
local ab=0
while ab<ai do
local aa=bn and bn(g,h,ai-ab,r)or 0
if aa==0 then
local f=bo and bo(g,h,o)
if not f then
k=k or general()
f=cs(k[be],g,am,h,ao,o,ay)
end
r[#r+1]=f
aa=1
end
g,h,ab=g+aa*am,h+aa*ao,ab+aa
end
end
return#r==1 and r[1]or r`;

export const MUTEX_SCRIPT: KindScript = kindScript(
  [
    `local l=redis.pcall
local function aa(c)
local e=l('INCR',c)
if type(e)~='number'then return nil end
if e>1 and e<=9000000000000000 then return e end
if e==1 and not IS_CLUSTER then
local w=l('GET',string.match(c,'^(.*)~fence:')..'~server')
local ag=type(w)=='string'and string.match(w,'^complete .* (%d+)$')
local z=ag and l('SET',c,ag)
if z and not z.err then return tonumber(ag)end
end
l(e>1 and'DECR'or'DEL',c)
return nil
end
local bm={
['mutex.acquire']=function(g,h,o)
local z=l('SET',KEYS[g],ARGV[h],'NX','PX',ARGV[o])
if not z or z.err then return nil end
local e=aa(KEYS[g+1])
if not e then l('DEL',KEYS[g])end
return e
end,
['mutex.takeOver']=function(g,h,o)
if l('GET',KEYS[g])~=ARGV[h+1]then return nil end
local e=aa(KEYS[g+1])
if not e then return nil end
local z=l('SET',KEYS[g],ARGV[h],'PX',ARGV[o])
return not z.err and-e or nil
end,
['mutex.extend']=function(g,h,o)
if l('GET',KEYS[g])~=ARGV[h]then return nil end
local v=l('PTTL',KEYS[g])
if type(v)~='number'or v<0 then return nil end
if v<tonumber(ARGV[o])and l('PEXPIRE',KEYS[g],ARGV[o])~=1 then return nil end
return 1
end,
['mutex.release']=function(g,h)
local ac=l('MGET',KEYS[g],KEYS[g+1])
if ac.err or ac[2]then return nil end
if ac[1]~=ARGV[h]then return 0 end
return l('DEL',KEYS[g])==1 and 1 or nil
end,
}
if#KEYS==2 and ARGV[2]=='1'then
local as=bm[ARGV[1]]
local f=as and as(1,6+ARGV[5],6)
if f then return f end
end
local cl={
['mutex.release']=function(g,h,ai,r)
local ac=l('MGET',unpack(KEYS,g,g+2*ai-1))
if ac.err then return 0 end
local ak,bu,bg,ab={},{},{},0
for b=1,ai do
if ac[2*b]then break end
local bc=KEYS[g+2*b-2]
local q=ac[2*b-1]==ARGV[h+b-1]and not bu[bc]
r[#r+1]=q and 1 or 0
if q then
bu[bc]=true
ak[#ak+1]=bc
bg[#ak]=#r
end
ab=b
end
local bl=#ak>0 and l('DEL',unpack(ak))
if type(bl)=='table'then
for b=1,#bg do r[bg[b]]={-1,bl.err}end
end
return ab
end
}`,
    PART_1,
    `local function au(c)
local n=redis.pcall('GET',c)
return type(n)=='string'and n or nil
end
local function cj(c,t,m)
m=math.max(m,20000)
local n=au(c)
if not n then
redis.call('SET',c,t,'PX',m)
elseif string.find(n,t,1,true)then
redis.call('PEXPIRE',c,math.max(redis.call('PTTL',c),m))
elseif#n+1<256*(#t+1)then
redis.call('SET',c,n..' '..t,'PX',math.max(redis.call('PTTL',c),m))
end
end
local function az(c,t)
local n=au(c)
if not n then return end
local y={}
for x in string.gmatch(n,'%S+')do
if x~=t then y[#y+1]=x end
end
if#y==0 then redis.call('DEL',c)
else redis.call('SET',c,table.concat(y,' '),'PX',math.max(redis.call('PTTL',c),1))end
end
local function ch(c,cq)
local n=au(c)
if not n then return false end
local u=cq and string.match(n,'%S+')or''
if u~=''then az(c,u)end
redis.pcall('PUBLISH',c,u)
return u~=''
end
local function bt(c,p,m,q)
if not q then redis.call('SET',c,p,'PX',m)
else
local v=redis.call('PTTL',c)
if v>=0 and v<tonumber(m)then redis.call('PEXPIRE',c,m)end
end
end
local function bk(a,p,ct,m,bj)
local bi=bj==''and 2 or 3
local q,bw,bs={},true,false
local aw,ap
for b=1,#a,bi do
local i=redis.call('GET',a[b])
q[b]=i==p
if i~=p then bw=false end
if i and i==ct then
bs=true
elseif i and i~=p then
local v=redis.call('PTTL',a[b])
if not ap or(aw~=-1 and(v==-1 or v>aw))then
aw,ap=v,i
end
end
end
if bj~=''then
for b=3,#a,3 do pcall(cj,a[b],bj,tonumber(m))end
end
if ap then return{0,aw,ap}end
local e=0
for b=2,#a,bi do
local ad=af(a[b])
e=math.max(e,ad and(bw and ad or ad+1)or ba(a[b]))
end
for b=1,#a,bi do
bt(a[b],p,m,q[b])
cg(a[b+1],e)
end
return bs and-e or e
end
k['mutex.acquire']=function(a,d)
return bk(a,d[1],nil,d[2],d[3])
end
k['mutex.takeOver']=function(a,d)
return bk(a,d[1],d[2],d[3],d[4])
end
k['mutex.commit']=function(a,d)
for b=1,#a,2 do
if redis.call('GET',a[b])~=d[1]then return{0}end
end
for b=2,#a,2 do
if not af(a[b])then ba(a[b])end
at(a[b],tonumber(d[2]))
end
return 1
end
k['mutex.extend']=function(a,d)
local p,e,m=d[1],tonumber(d[2]),d[3]
local q={}
for b=1,#a,2 do
local i=redis.call('GET',a[b])
if i and i~=p then return{0,redis.call('PTTL',a[b]),i}end
q[b]=i==p
end
for b=1,#a,2 do
local co=not q[b]and(af(a[b+1])or bb(a[b+1]))
if co then at(a[b+1],e)end
end
for b=1,#a,2 do bt(a[b],p,m,q[b])end
return 1
end
k['mutex.release']=function(a,d)
local p,t=d[1],d[2]
local cf,br=false,false
for b=1,#a,2 do
local i=redis.pcall('GET',a[b])
if t~=''then pcall(az,a[b+1],t)end
if i==p then
redis.call('DEL',a[b])
cf=true
if ch(a[b+1],t~='')then br=true end
elseif type(i)=='table'and i.err and not string.find(i.err,'WRONGTYPE',1,true)then
error(i.err)
end
end
if not cf then return 0 end
return br and-1 or 1
end
k['mutex.leave']=function(a,d)
pcall(az,a[1],d[1])
return 1
end
k['mutex.query']=function(a)
local f={1}
for b=1,#a,2 do
f[#f+1]=redis.call('GET',a[b])or''
f[#f+1]=redis.call('PTTL',a[b])
f[#f+1]=au(a[b+1])or''
end
return f
end
return k
end`,
    PART_2,
  ],
  "21cfc9ff6122f5bfd8f21677487806a0e7e89ea9",
  "48ccb024efff064f01613911d36fb3b9e193fb74",
);

export const SERVER_SCRIPT: KindScript = kindScript(
  [
    `local bm,cl={},{}`,
    PART_1,
    `local function cb(c)
local w=redis.pcall('GET',c)
return type(w)=='string'and w or''
end
local function cd(c,ck,i)
local ae=cb(c)
local s=redis.call('TIME')
local j=string.format('%.0f',tonumber(s[1])*1000+math.floor(tonumber(s[2])/1000))
if ae==ck then
ae=i(tonumber(j))
redis.call('SET',c,ae)
end
return{1,ae,j}
end
k['marker.replace']=function(a,d)
return cd(a[1],d[1],function()return d[2]end)
end
k['marker.lose']=function(a,d)
return cd(a[1],d[1],function(j)
return'lost '..string.format('%.0f',j-tonumber(d[2]))
end)
end
k['identify']=function(a)
local cc=''
local function av(cu)
local aq=redis.pcall('INFO',cu)
if type(aq)=='table'then aq,cc='',aq.err end
return function(cm)return string.match(aq,'%f[%w_]'..cm..':([^\\r\\n]*)')or''end
end
local ax,bz,bf=av('server'),av('memory'),av('replication')
local s=redis.call('TIME')
local bd=ax('redis_mode')
if bd==''then bd=ax('server_mode')end
return{
1,ax('run_id'),tonumber(ax('uptime_in_seconds'))or-1,
tonumber(s[1])*1000000+tonumber(s[2]),
tonumber(av('persistence')('aof_enabled'))or-1,
bz('maxmemory_policy'),tonumber(bz('maxmemory'))or-1,
bf('role'),bd,bf('master_replid'),bf('master_replid2'),
a[1]and cb(a[1])or'',cc
}
end
k['counters.read']=function(a)
local f={1}
for b=1,#a do
local al,e=pcall(af,a[b])
f[b+1]=al and e and string.format('%.0f',e)or''
end
return f
end
local function ca(a,d,ci)
for b=1,#a do
local al,e=pcall(af,a[b])
if al then
if not e then ci(a[b])end
at(a[b],tonumber(d[b]))
end
end
return 1
end
k['counters.raise']=function(a,d)
return ca(a,d,ba)
end
k['counters.restore']=function(a,d)
return ca(a,d,function()end)
end
k['counters.lift']=function(a,d)
for b=1,#a do
local al,e=pcall(af,a[b])
if al and e then at(a[b],tonumber(d[1]))end
end
return 1
end
k['set.note']=function(a,d)
local z,cn,bx=d[1],d[2],tonumber(d[3])
local s=redis.call('TIME')
local j=tonumber(s[1])*1000+math.floor(tonumber(s[2])/1000)
local bh,bv,bq=j,false,false
local y,ce={},redis.pcall('GET',a[1])
for by in string.gmatch(type(ce)=='string'and ce or'','[^\\n]+')do
local ar,u,ah,aj,cr=string.match(by,'^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
u,ah,aj=tonumber(u),tonumber(ah),tonumber(aj)
if ar and u<=ah and ah<=j and j<aj and aj<=j+3600000 then
if ar==z then
bh,bv=u,j-ah<tonumber(d[4])
elseif ar==cn then
bq=true
else
y[#y+1]={by,ar,ah,u,aj,cr}
end
end
end
local f,an,ad={1},{},j+bx
for b=math.max(1,#y-16+2),#y do
local x=y[b]
an[#an+1]=x[1]
ad=math.max(ad,x[5])
f[#f+1]=x[2]
f[#f+1]=x[3]-math.max(x[4],bh)
f[#f+1]=x[5]-j
f[#f+1]=x[6]
end
if not bv or bq then
an[#an+1]=string.format('%s %.0f %.0f %.0f %s',z,bh,j,j+bx,d[5])
redis.call('SET',a[1],table.concat(an,'\\n'),'PX',string.format('%.0f',ad-j))
end
return f
end
return k
end`,
    PART_2,
  ],
  "a45dee5555457b7369f3da49f2f9e7745b1d0f62",
  "d18f9c9a1c0df86f02ad6625dc30bca5aa034e54",
);
