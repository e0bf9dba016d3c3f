-- The reports that processes write about themselves (docs/observability.md). They are hints for people. Each report is a text that
-- expires. Two sorted sets list them by the time of their end, in ms of the server: those that are stored, and the surplus of
-- processes whose report was not stored, because there are too many. A key of another type counts as missing, and is replaced.

local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- The number of entries of a list that have not ended. An entry that ends too late is from before a step of the clock.
local function tidy_list(key, now)
  local removed = redis.pcall('ZREMRANGEBYSCORE', key, '-inf', now)
  if type(removed) ~= 'number' then
    redis.call('DEL', key)
    return 0
  end
  redis.call('ZREMRANGEBYSCORE', key, now + MAX_REPORT_LIFE_MS + 1, '+inf')
  return redis.call('ZCARD', key)
end

-- Stores a report, or counts it as surplus.
-- keys: the list of reports, the list of the surplus, the report
-- args: the id of the report, its text, how long it lasts in ms
-- returns {1, 1 if it is stored, otherwise 0}
operations['report.write'] = function(keys, args)
  local now, id, life = now_ms(), args[1], tonumber(args[3])
  local stored, surplus = tidy_list(keys[1], now), tidy_list(keys[2], now)
  local fits = stored < MAX_REPORTS or redis.call('ZSCORE', keys[1], id)
  local list = fits and keys[1] or keys[2]
  redis.call('ZREM', fits and keys[2] or keys[1], id)
  if fits or surplus < MAX_SURPLUS_REPORTS then
    redis.call('ZADD', list, now + life, id)
    redis.call('PEXPIRE', list, MAX_REPORT_LIFE_MS)
  end
  if not fits then return {1, 0} end
  redis.call('SET', keys[3], args[2], 'PX', args[3])
  return {1, 1}
end

-- Removes a report, and what is left of processes that died.
-- keys: as above
-- args: the id of the report
-- returns {1}
operations['report.remove'] = function(keys, args)
  local now = now_ms()
  for index = 1, 2 do
    tidy_list(keys[index], now)
    redis.call('ZREM', keys[index], args[1])
  end
  redis.call('DEL', keys[3])
  return {1}
end

-- Lists the reports.
-- keys: the list of reports, the list of the surplus
-- args: none
-- returns {1, the number of surplus processes, and the ids of the reports}
operations['report.list'] = function(keys, args)
  local now = now_ms()
  local ids = redis.pcall('ZREVRANGEBYSCORE', keys[1], '+inf', '(' .. now, 'LIMIT', 0, MAX_REPORTS)
  local surplus = redis.pcall('ZCOUNT', keys[2], '(' .. now, '+inf')
  local reply = {1, type(surplus) == 'number' and surplus or 0}
  if not ids.err then
    for _, id in ipairs(ids) do reply[#reply + 1] = id end
  end
  return reply
end

-- Reads reports.
-- keys: the reports
-- args: none
-- returns {1, and for each report its text and the ms until it expires; '' and 0 if there is none that a process could have written}
operations['report.read'] = function(keys, args)
  local reply = {1}
  for _, key in ipairs(keys) do
    local text = redis.pcall('GET', key)
    if type(text) ~= 'string' or #text > MAX_REPORT_LENGTH then text = '' end
    reply[#reply + 1] = text
    reply[#reply + 1] = text == '' and 0 or redis.call('PTTL', key)
  end
  return reply
end
