-- Records on one server that is no lock server. A record is a hash: `p`, the largest fencing token that has opened or written it, `f`
-- and `n`, the fencing token and the number of its newest version, and `b`, the body of that version.

local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- Returns p, f, n and b; zeros and '' for what is missing.
local function read_record(key)
  local all, entries = redis.call('HGETALL', key), {}
  for i = 1, #all, 2 do entries[all[i]] = all[i + 1] end
  return tonumber(entries['p']) or 0, tonumber(entries['f']) or 0, tonumber(entries['n']) or 0, entries['b'] or ''
end

-- The expiry never moves back.
local function keep_record(key, ms)
  if redis.call('PTTL', key) < tonumber(ms) then redis.call('PEXPIRE', key, ms) end
end

-- Promises that no smaller fencing token writes the record from now on, and reads it.
-- keys: the record
-- args: fence, how long it is kept in ms
-- returns {1, f or 0 if there is no version, n, b, the server's time in ms} | {0, p}, if p is larger
operations['single-record.open'] = function(keys, args)
  local fence = tonumber(args[1])
  local p, f, n, b = read_record(keys[1])
  if p > fence then return {0, p} end
  redis.call('HSET', keys[1], 'p', args[1])
  keep_record(keys[1], args[2])
  return {1, f, n, b, now_ms()}
end

-- Writes a version, unless a larger fencing token has opened the record, or it has a newer version.
-- keys: the record
-- args: fence, number, body, how long it is kept in ms
-- returns {1} | {0, p}
operations['single-record.put'] = function(keys, args)
  local fence, number = tonumber(args[1]), tonumber(args[2])
  local p, f, n = read_record(keys[1])
  if p > fence or f > fence or (f == fence and n > number) then return {0, math.max(p, f)} end
  redis.call('HSET', keys[1], 'p', args[1], 'f', args[1], 'n', args[2], 'b', args[3])
  keep_record(keys[1], args[4])
  return {1}
end

-- Reads a record, and promises nothing.
-- keys: the record
-- args: none
-- returns as single-record.open
operations['single-record.get'] = function(keys, args)
  local p, f, n, b = read_record(keys[1])
  return {1, f, n, b, now_ms()}
end
