-- Records: what was done under a lock (protocol §13). A record is a hash: `p`, the largest fencing token that has opened or written
-- it, `f` and `n`, the fencing token and the number of its newest version, `b`, the body of that version, `c`, a time before which
-- no version of it can have been written, in ms since 1970, and `m`, 1 if the version was copied from another set of servers.

local function whole_in(text)
  local value = string.match(text, '^%d+$') and tonumber(text)
  return value and value <= MAX_WHOLE and value
end

local function whole_argument(text, what)
  return whole_in(text) or error('the ' .. what .. ' of a record must be a whole number below 2^53: ' .. text, 0)
end

local function text_of(number)
  return string.format('%.0f', number)
end

-- Returns p, f, n, c, m and b; zeros and '' for what is missing.
local function read_record(key)
  local all, fields = redis.pcall('HGETALL', key), {}
  if all.err then
    if not string.find(all.err, 'WRONGTYPE', 1, true) then error(all.err, 0) end
    error('the record ' .. key .. ' has another type than a hash; delete it', 0)
  end
  for i = 1, #all, 2 do fields[all[i]] = all[i + 1] end
  local found, body = {}, fields['b'] or ''
  local is_foreign = #body > MAX_RECORD_LENGTH or (#all > 0 and not fields['p'])
  for i, name in ipairs({'p', 'f', 'n', 'c', 'm'}) do
    found[i] = whole_in(fields[name] or '0')
    is_foreign = is_foreign or not found[i]
  end
  if is_foreign then
    error('the record ' .. key .. ' has fields that no client of this library wrote; delete it', 0)
  end
  return found[1], found[2], found[3], found[4], found[5], body
end

-- The expiry never moves back.
local function keep_record(key, ms)
  if redis.call('PTTL', key) < ms then redis.call('PEXPIRE', key, text_of(ms)) end
end

local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- For how many ms the server has kept everything that it got, by its marker. -1 if it never lost anything, or has no marker of its
-- own, because it is a node of a cluster. Fails if it has lost its memory and did not get back its counters.
local function memory_age(marker_key, now)
  if IS_CLUSTER then return -1 end
  local marker = redis.pcall('GET', marker_key)
  if type(marker) == 'table' and not string.find(marker.err, 'WRONGTYPE', 1, true) then return -1 end
  local id = type(marker) == 'string' and string.match(marker, '^complete %S+ %S+ (%S+) ')
  if not id then error('NOMARKER the server has lost its memory: it has no marker', 0) end
  local lost_at = string.match(id, '^(%d+)%.')
  return lost_at and math.max(0, now - tonumber(lost_at)) or -1
end

-- Promises that no smaller fencing token writes the record from now on, and reads it.
-- keys: the record
-- args: fence, how long it is kept in ms, the key of the marker
-- returns {1, f or 0 if there is no version, n, c, m, b, the server's time in ms, memory_age} | {0, p}, if p is larger
operations['record.open'] = function(keys, args)
  local fence, ms = whole_argument(args[1], 'fence'), whole_argument(args[2], 'time')
  local now = now_ms()
  local age = memory_age(args[3], now)
  local p, f, n, c, m, b = read_record(keys[1])
  if p > fence then return {0, p} end
  if p < fence then redis.call('HSET', keys[1], 'p', text_of(fence)) end
  keep_record(keys[1], ms)
  return {1, f, n, c, m, b, now, age}
end

-- Writes a version, unless a larger fencing token has opened the record, or it has a newer version.
-- keys: the record
-- args: fence, number, c, body, how long it is kept in ms, the key of the marker
-- returns {1, the server's time in ms, memory_age} | {0, p}
operations['record.put'] = function(keys, args)
  local fence, number = whole_argument(args[1], 'fence'), whole_argument(args[2], 'number')
  local since, body, ms = whole_argument(args[3], 'time'), args[4], whole_argument(args[5], 'time')
  if #body > MAX_RECORD_LENGTH then
    error('the body of a record must have at most ' .. MAX_RECORD_LENGTH .. ' bytes: ' .. #body, 0)
  end
  local now = now_ms()
  local age = memory_age(args[6], now)
  local p, f, n, _, m, b = read_record(keys[1])
  if p > fence or f > fence or (f == fence and n > number) then return {0, math.max(p, f)} end
  if f == fence and n == number and m == 0 and b ~= body then
    error('the record ' .. keys[1] .. ' has another body with the same fence and number; use a new number', 0)
  end
  redis.call('HSET', keys[1], 'p', text_of(fence), 'f', text_of(fence), 'n', text_of(number), 'b', body, 'c', text_of(since))
  if m ~= 0 then redis.call('HDEL', keys[1], 'm') end
  keep_record(keys[1], ms)
  return {1, now, age}
end

-- Notes what other servers have: the largest promise, and the newest version. That version is no vote of this server.
-- keys: the record
-- args: p, f, n, c, body, how long it is kept in ms
-- returns 1
operations['record.copy'] = function(keys, args)
  local promise, fence, number = whole_argument(args[1], 'fence'), whole_argument(args[2], 'fence'), whole_argument(args[3], 'number')
  local since, ms = whole_argument(args[4], 'time'), whole_argument(args[6], 'time')
  local p, f, n = read_record(keys[1])
  if promise > p then redis.call('HSET', keys[1], 'p', text_of(promise)) end
  if fence > f or (fence == f and number > n) then
    redis.call('HSET', keys[1], 'f', text_of(fence), 'n', text_of(number), 'b', args[5], 'c', text_of(since), 'm', '1')
  end
  keep_record(keys[1], ms)
  return 1
end

-- Lists records of the server. Each record that exists from the first to the last request is in one of the replies at least.
-- keys: the marker
-- args: the cursor, 0 at first; the pattern of the keys of records
-- returns {1, the next cursor or 0 at the end, memory_age, and for each record its key, p, f, n, c, body and the ms until it expires}
operations['record.list'] = function(keys, args)
  local found = redis.call('SCAN', args[1], 'MATCH', args[2], 'COUNT', 250)
  local reply = {1, found[1], memory_age(keys[1], now_ms())}
  table.sort(found[2])
  for _, key in ipairs(found[2]) do
    local is_record, p, f, n, c, _, b = pcall(read_record, key)
    if is_record and p > 0 then
      for _, value in ipairs({key, p, f, n, c, b, redis.call('PTTL', key)}) do reply[#reply + 1] = value end
    end
  end
  return reply
end

-- Reads a record, and promises nothing.
-- keys: the record
-- args: the key of the marker
-- returns as record.open
operations['record.get'] = function(keys, args)
  local now = now_ms()
  local age = memory_age(args[1], now)
  local _, f, n, c, m, b = read_record(keys[1])
  return {1, f, n, c, m, b, now, age}
end
