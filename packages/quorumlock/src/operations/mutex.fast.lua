-- The fast path: requests for one name in the usual case, without tables. mutex.lua documents the operations. A function returns
-- nil in any other case, also after an error. Then the general operation runs, with the result that it would have alone.
--
-- The table is made by one constructor, because each call makes it anew.
--
-- k, a, s: where the keys of the request begin in KEYS, and where its own and its shared arguments begin in ARGV

local fast_keys = 2

local fast = {
  ['mutex.acquire'] = function(k, a, s)
    local set = call('SET', KEYS[k], ARGV[a], 'NX', 'PX', ARGV[s])
    if not set or set.err then return nil end
    local fence = count(KEYS[k + 1])
    if fence then return fence end
    local deleted = call('DEL', KEYS[k])
    -- The general operation would take the lock for one that was granted before.
    return type(deleted) == 'table' and {-1, deleted.err} or nil
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
