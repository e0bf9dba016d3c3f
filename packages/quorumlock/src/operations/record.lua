-- Records: what was done under a lock (protocol §13). A record is a hash: `p`, the largest fencing token that has opened or written
-- it, `f` and `n`, the fencing token and the number of its newest version, `b`, the body of that version, `c`, a time before which
-- no version of it can have been written, in ms since 1970, and `m`, 1 if the version was copied from another set of servers.

local function whole_in(text)
  local value = string.match(text, '^%d+$') and tonumber(text)
  return value and value <= MAX_FENCE and value
end

local function whole_argument(text, name)
  return whole_in(text) or error('the ' .. name .. ' of a record must be a whole number of at most 9e15: ' .. text, 0)
end

local function text_of(number)
  return string.format('%.0f', number)
end

-- Returns the fields p, f, n, c, m and b, which are called last, newest, n, start, taken and stored below. Zeros and '' for what is missing.
local function read_record(key)
  local all, entries = redis.pcall('HGETALL', key), {}
  if all.err then
    if not string.find(all.err, 'WRONGTYPE', 1, true) then error(all.err, 0) end
    error('the record ' .. key .. ' has another type than a hash; delete it', 0)
  end
  for i = 1, #all, 2 do entries[all[i]] = all[i + 1] end
  local found, body = {}, entries['b'] or ''
  local failed = #body > MAX_RECORD_LENGTH or (#all > 0 and not entries['p'])
  for i, name in ipairs({'p', 'f', 'n', 'c', 'm'}) do
    found[i] = whole_in(entries[name] or '0')
    failed = failed or not found[i]
  end
  if failed then
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

-- The id in the marker. Returns nil if the server has no marker of its own, because it is a node of a cluster. Fails if the server has
-- lost its memory and did not get back its counters.
local function marker_id(key)
  if IS_CLUSTER then return nil end
  local marker = redis.pcall('GET', key)
  if type(marker) == 'table' and not string.find(marker.err, 'WRONGTYPE', 1, true) then return nil end
  local id = type(marker) == 'string' and string.match(marker, '^complete %S+ %S+ (%S+) ')
  if not id then error('NOMARKER the server has lost its memory: it has no marker', 0) end
  return id
end

-- For how many ms the server has known all records: since the note of a copy, or since the loss in its marker. -1 if neither says it.
local function memory_age(key, now)
  local id = marker_id(key)
  if not id then return -1 end
  local noted = redis.pcall('GET', string.sub(key, 1, -7) .. 'records')
  local noted_id, known_since = string.match(type(noted) == 'string' and noted or '', '^(%S+) (%d+)$')
  if noted_id ~= id then known_since = string.match(id, '^(%d+)%.') end
  return known_since and math.max(0, now - tonumber(known_since)) or -1
end

-- Promises that no smaller fencing token writes the record from now on, and reads it.
-- keys: the record
-- args: fence, how long it is kept in ms, the key of the marker
-- returns {1, f or 0 if there is no version, n, c, m, b, the server's time in ms, memory_age} | {0, p}, if p is larger
operations['record.open'] = function(keys, args)
  local fence, ms = whole_argument(args[1], 'fence'), whole_argument(args[2], 'time')
  local now = now_ms()
  local remaining = memory_age(args[3], now)
  local last, newest, n, start, taken, stored = read_record(keys[1])
  if last > fence then return {0, last} end
  if last < fence then redis.call('HSET', keys[1], 'p', text_of(fence)) end
  keep_record(keys[1], ms)
  return {1, newest, n, start, taken, stored, now, remaining}
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
  local remaining = memory_age(args[6], now)
  local last, newest, n, _, taken, stored = read_record(keys[1])
  if last > fence or newest > fence or (newest == fence and n > number) then return {0, math.max(last, newest)} end
  if newest == fence and n == number and taken == 0 and stored ~= body then
    error('the record ' .. keys[1] .. ' has another body with the same fence and number; use a new number', 0)
  end
  redis.call('HSET', keys[1], 'p', text_of(fence), 'f', text_of(fence), 'n', text_of(number), 'b', body, 'c', text_of(since))
  if taken ~= 0 then redis.call('HDEL', keys[1], 'm') end
  keep_record(keys[1], ms)
  return {1, now, remaining}
end

-- Notes what other servers have: the largest promise, and the newest version. That version is no vote of this server.
-- keys: the record
-- args: p, f, n, c, body, how long it is kept in ms
-- returns 1
operations['record.copy'] = function(keys, args)
  local floor, fence, number = whole_argument(args[1], 'fence'), whole_argument(args[2], 'fence'), whole_argument(args[3], 'number')
  local since, ms = whole_argument(args[4], 'time'), whole_argument(args[6], 'time')
  local last, newest, n = read_record(keys[1])
  if floor > last then redis.call('HSET', keys[1], 'p', text_of(floor)) end
  if fence > newest or (fence == newest and number > n) then
    redis.call('HSET', keys[1], 'f', text_of(fence), 'n', text_of(number), 'b', args[5], 'c', text_of(since), 'm', '1')
  end
  keep_record(keys[1], ms)
  return 1
end

-- Notes that the server has known all records for some time, because it has got copies of them. The note holds as long as the memory of
-- the server is complete.
-- keys: the marker, the note
-- args: the time in ms, how long the note is kept in ms
-- returns 1
operations['record.note'] = function(keys, args)
  local id = marker_id(keys[1])
  if not id then error('a node of a cluster does not know which records it lacks', 0) end
  local since = math.max(0, now_ms() - whole_argument(args[1], 'time'))
  redis.call('SET', keys[2], id .. ' ' .. text_of(since), 'PX', text_of(whole_argument(args[2], 'time')))
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
    local is_done, last, newest, n, start, _, stored = pcall(read_record, key)
    if is_done and last > 0 then
      for _, value in ipairs({key, last, newest, n, start, stored, redis.call('PTTL', key)}) do reply[#reply + 1] = value end
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
  local remaining = memory_age(args[1], now)
  local _, newest, n, start, taken, stored = read_record(keys[1])
  return {1, newest, n, start, taken, stored, now, remaining}
end
