-- The fast path: requests for one name in the usual case, without tables. mutex.lua documents the operations. A function returns
-- nil in any other case, also after an error. Then the general operation runs, with the result that it would have alone.
--
-- k, a, s: where the keys of the request begin in KEYS, and where its own and its shared arguments begin in ARGV

local call = redis.pcall

-- Counts up. Returns nil for a missing counter and for a key that is not a counter. A counter of 0 or less is deleted, because
-- it counts as missing.
local function count(key)
  local fence = call('INCR', key)
  if type(fence) ~= 'number' then return nil end
  if fence > 1 and fence <= MAX_FENCE then return fence end
  call(fence > 1 and 'DECR' or 'DEL', key)
  return nil
end

fast['mutex.acquire'] = function(k, a, s)
  local set = call('SET', KEYS[k], ARGV[a], 'NX', 'PX', ARGV[s])
  if not set or set.err then return nil end
  local fence = count(KEYS[k + 1])
  if not fence then call('DEL', KEYS[k]) end
  return fence
end

fast['mutex.takeOver'] = function(k, a, s)
  if call('GET', KEYS[k]) ~= ARGV[a + 1] then return nil end
  local fence = count(KEYS[k + 1])
  if not fence then return nil end
  local set = call('SET', KEYS[k], ARGV[a], 'PX', ARGV[s])
  return not set.err and -fence or nil
end

fast['mutex.extend'] = function(k, a, s)
  if call('GET', KEYS[k]) ~= ARGV[a] then return nil end
  local left = call('PTTL', KEYS[k])
  if type(left) ~= 'number' or left < 0 then return nil end
  if left < tonumber(ARGV[s]) and call('PEXPIRE', KEYS[k], ARGV[s]) ~= 1 then return nil end
  return 1
end

fast['mutex.release'] = function(k, a)
  local found = call('MGET', KEYS[k], KEYS[k + 1])
  if found.err or found[2] then return nil end
  if found[1] ~= ARGV[a] then return 0 end
  return call('DEL', KEYS[k]) == 1 and 1 or nil
end

-- Runs several releases: reads all keys with one command, and deletes with one command. Returns the number of releases that it
-- has carried out, from the first on. It stops at the first name with a line.
fast_runs['mutex.release'] = function(k, a, length, replies)
  local found = call('MGET', unpack(KEYS, k, k + 2 * length - 1))
  if found.err then return 0 end
  local held, is_freed, reply_at, done = {}, {}, {}, 0
  for i = 1, length do
    if found[2 * i] then break end
    local lock = KEYS[k + 2 * i - 2]
    local is_held = found[2 * i - 1] == ARGV[a + i - 1] and not is_freed[lock]
    replies[#replies + 1] = is_held and 1 or 0
    if is_held then
      is_freed[lock] = true
      held[#held + 1] = lock
      reply_at[#held] = #replies
    end
    done = i
  end
  local deleted = #held > 0 and call('DEL', unpack(held))
  if type(deleted) == 'table' then
    for i = 1, #reply_at do replies[reply_at[i]] = {-1, deleted.err} end
  end
  return done
end
