-- The fast path: nodes of one hash slot that each have at most one holder, without the functions of the general operations.
-- modes.lua documents the operations and the keys. A function returns nil in any other case, also after an error. Then the general
-- operation runs, with the result that it would have alone.
--
-- k, a, s: where the keys of the request begin in KEYS, and where its own and its shared arguments begin in ARGV. n: the number of keys

-- Up to 20 nodes.
local fast_keys = 140

local fast = {
  -- Nobody holds the nodes or waits for them, and they share one counter, which exists.
  ['modes.acquire'] = function(k, a, s, n)
    local token, ttl, modes, counter = ARGV[a], ARGV[s], ARGV[s + 4], KEYS[k + 1]
    -- A waiter takes a place.
    if ARGV[s + 1] ~= '' then return nil end
    if n == 7 then
      if call('EXISTS', KEYS[k], KEYS[k + 2], KEYS[k + 3], KEYS[k + 4], KEYS[k + 5]) ~= 0 then return nil end
    else
      for at = k + 8, k + n - 1, 7 do
        if KEYS[at] ~= counter then return nil end
      end
      -- The counter is there, once for each node, and nothing else.
      if call('EXISTS', unpack(KEYS, k, k + n - 1)) ~= n / 7 then return nil end
    end
    local fence
    if modes == 'X' or string.find(' ' .. modes, ' X', 1, true) or string.find(modes, 'SIX', 1, true) then
      fence = call('INCR', counter)
      if type(fence) ~= 'number' then return nil end
      if fence <= 1 or fence > MAX_FENCE then
        call(fence > 1 and 'DECR' or 'DEL', counter)
        return nil
      end
    else
      local value = call('GET', counter)
      fence = type(value) == 'string' and string.match(value, '^%d+$') and tonumber(value)
      if not fence or fence < 1 or fence >= MAX_FENCE then return nil end
    end
    for mode in string.gmatch(modes, '%u+') do
      local set = call('SET', KEYS[k], mode == 'X' and token or '~s ' .. mode .. ' ' .. token, 'PX', ttl)
      if set.err then return nil end
      k = k + 7
    end
    return fence
  end,

  -- The token is the only holder of each node, in these modes, and was not converted.
  ['modes.extend'] = function(k, a, s, n)
    local token, ttl, at = ARGV[a], ARGV[s], 1
    local found = ARGV[s - 1] == '2' and call('MGET', unpack(KEYS, k, k + n - 1))
    if not found or found.err then return nil end
    for mode in string.gmatch(ARGV[s + 1], '%u+') do
      if found[at] ~= (mode == 'X' and token or '~s ' .. mode .. ' ' .. token) then return nil end
      at = at + 7
    end
    for lock = k, k + n - 1, 7 do
      local left = call('PTTL', KEYS[lock])
      if type(left) ~= 'number' or left < 0 then return nil end
      if left < tonumber(ttl) and call('PEXPIRE', KEYS[lock], ttl) ~= 1 then return nil end
    end
    return 1
  end,

  -- The token is the only holder of each node, and nobody waits for it.
  ['modes.release'] = function(k, a, _, n)
    local token = ARGV[a]
    if n == 7 then
      local found = call('MGET', KEYS[k], KEYS[k + 5], KEYS[k + 6])
      local value = found[1]
      if not value or found[2] or found[3] then return nil end
      if value ~= token and string.match(value, '^~s [ISX]+ (.*)$') ~= token then return nil end
      return call('DEL', KEYS[k]) == 1 and 1 or nil
    end
    local found, locks = call('MGET', unpack(KEYS, k, k + n - 1)), {}
    if found.err then return nil end
    for at = 1, n, 7 do
      local value = found[at]
      if not value or found[at + 5] or found[at + 6] then return nil end
      if value ~= token and string.match(value, '^~s [ISX]+ (.*)$') ~= token then return nil end
      locks[#locks + 1] = KEYS[k + at - 1]
    end
    return call('DEL', unpack(locks)) == #locks and 1 or nil
  end
}

local fast_runs = {}
