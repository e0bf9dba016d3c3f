-- The fast path: requests for one name in the usual case, without tables. mutex.lua documents the operations. A function returns
-- nil in any other case, also after an error. Then the general operation runs, with the result that it would have alone.
--
-- The table is made by one constructor, because each call makes it anew.
--
-- k, a, s: where the keys of the request begin in KEYS, and where its own and its shared arguments begin in ARGV

local call = redis.pcall

-- Counts up. A missing counter begins at the floor in the server's marker, as in first_fence. A counter of 0 counts as missing.
-- Returns nil without a marker, for a key that is not a counter, and for a number that no grant wrote.
local function count(key)
  local fence = call('INCR', key)
  if type(fence) ~= 'number' then return nil end
  if fence > 1 and fence <= MAX_FENCE then return fence end
  if fence == 1 and not IS_CLUSTER then
    local marker = call('GET', string.match(key, '^(.*)~fence:') .. '~server')
    local floor = type(marker) == 'string' and string.match(marker, '^complete .* (%d+)$')
    local set = floor and call('SET', key, floor)
    if set and not set.err then return tonumber(floor) end
  end
  call(fence > 1 and 'DECR' or 'DEL', key)
  return nil
end

local fast = {
  ['mutex.acquire'] = function(k, a, s)
    local set = call('SET', KEYS[k], ARGV[a], 'NX', 'PX', ARGV[s])
    if not set or set.err then return nil end
    local fence = count(KEYS[k + 1])
    if not fence then call('DEL', KEYS[k]) end
    return fence
  end,

  ['mutex.takeOver'] = function(k, a, s)
    if call('GET', KEYS[k]) ~= ARGV[a + 1] then return nil end
    local fence = count(KEYS[k + 1])
    if not fence then return nil end
    local set = call('SET', KEYS[k], ARGV[a], 'PX', ARGV[s])
    return not set.err and -fence or nil
  end,

  ['mutex.extend'] = function(k, a, s)
    if call('GET', KEYS[k]) ~= ARGV[a] then return nil end
    local left = call('PTTL', KEYS[k])
    if type(left) ~= 'number' or left < 0 then return nil end
    if left < tonumber(ARGV[s]) and call('PEXPIRE', KEYS[k], ARGV[s]) ~= 1 then return nil end
    return 1
  end,

  ['mutex.release'] = function(k, a)
    local found = call('MGET', KEYS[k], KEYS[k + 1])
    if found.err or found[2] then return nil end
    if found[1] ~= ARGV[a] then return 0 end
    return call('DEL', KEYS[k]) == 1 and 1 or nil
  end,
}
