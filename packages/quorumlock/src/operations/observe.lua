-- Observers: clients that wait for the end of a holder, and not for the lock (protocol §8).

-- Notes that clients observe the name, so that the next release publishes also if no client waits.
local function observe(key)
  local waiting, left = read_line(key), redis.call('PTTL', key)
  local line = not waiting and '~' or string.sub(waiting, 1, 1) ~= '~' and '~ ' .. waiting
  left = math.max(left, MIN_STAY_MS)
  if line then redis.call('SET', key, line, 'PX', left) else redis.call('PEXPIRE', key, left) end
end

-- Reads whether a name is free. If it is held, its next release publishes, also if no client is in line.
-- keys: lock, wake
-- returns 1 if it is free | {0, ms until the holder expires or -1, its token}
operations['mutex.observe'] = function(keys)
  local value = redis.call('GET', keys[1])
  if not value then return 1 end
  pcall(observe, keys[2])
  return {0, redis.call('PTTL', keys[1]), value}
end
