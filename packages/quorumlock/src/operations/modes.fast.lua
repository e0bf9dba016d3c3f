-- The fast path: requests for X or S on one node, in the usual case, without tables. modes.lua documents the operations and the keys.
-- A function returns nil in any other case, also after an error. Then the general operation runs, with the result that it would
-- have alone.
--
-- k, a, s: where the keys of the request begin in KEYS, and where its own and its shared arguments begin in ARGV

local fast_keys = 7

local fast = {
  -- Nobody holds the node or waits for it.
  ['modes.acquire'] = function(k, a, s)
    local mode, lock, ttl = ARGV[s + 4], KEYS[k], ARGV[s]
    if ARGV[s + 1] ~= '' or (mode ~= 'X' and mode ~= 'S') then return nil end
    if call('EXISTS', lock, KEYS[k + 2], KEYS[k + 3], KEYS[k + 4], KEYS[k + 5]) ~= 0 then return nil end
    if mode == 'X' then
      local set = call('SET', lock, ARGV[a], 'PX', ttl)
      if set.err then return nil end
      local fence = count(KEYS[k + 1])
      if not fence then call('DEL', lock) end
      return fence
    end
    local value = call('GET', KEYS[k + 1])
    local fence = type(value) == 'string' and string.match(value, '^%d+$') and tonumber(value)
    if not fence or fence < 1 or fence >= MAX_FENCE then return nil end
    local time = call('TIME')
    local deadline = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) + tonumber(ttl)
    if type(call('ZADD', KEYS[k + 4], string.format('%.0f', deadline), ARGV[a])) ~= 'number' then return nil end
    call('PEXPIRE', KEYS[k + 4], ttl)
    local set = call('SET', lock, '~s', 'PX', ttl)
    return not set.err and fence or nil
  end,

  -- Nobody waits for the node, and it is held in no other modes than X and S.
  ['modes.release'] = function(k, a)
    local found = call('MGET', KEYS[k], KEYS[k + 5], KEYS[k + 6])
    if found.err or found[2] or found[3] then return nil end
    if found[1] == ARGV[a] then
      if call('EXISTS', KEYS[k + 2], KEYS[k + 3], KEYS[k + 4]) ~= 0 then return nil end
      return call('DEL', KEYS[k]) == 1 and 1 or nil
    end
    if found[1] ~= '~s' or call('EXISTS', KEYS[k + 2], KEYS[k + 3]) ~= 0 then return nil end
    local score = call('ZSCORE', KEYS[k + 4], ARGV[a])
    if not score then return 0 end
    local time = call('TIME')
    local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
    if type(score) ~= 'string' or tonumber(score) < now then return nil end
    if call('ZREM', KEYS[k + 4], ARGV[a]) ~= 1 then return nil end
    local latest = tonumber(call('ZREVRANGE', KEYS[k + 4], 0, 0, 'WITHSCORES')[2])
    if latest and latest >= now then call('SET', KEYS[k], '~s', 'PX', math.max(1, latest - now))
    else call('DEL', KEYS[k]) end
    return 1
  end
}

local fast_runs = {}
