-- Takes a name from all its holders, readers or writer, whatever is left of their time. A free name is taken, too. Nobody in line is
-- asked. It fails for a name of which permits are held.
-- keys: lock, shared, fence
-- args: token, ttl in ms
-- returns {1, fence, ms until the last of the former holders would have expired, or 0, and their tokens}
operations['operator.seize'] = function(keys, args)
  local token, ttl = args[1], tonumber(args[2])
  local value = redis.call('GET', keys[1])
  if value and (value == '~p' or string.sub(value, 1, 3) == '~p ') then
    error('OTHERKIND the name is held by a semaphore; use another name for the lock', 0)
  end
  local left = value and math.max(0, redis.call('PTTL', keys[1])) or 0
  local last = read_fence(keys[3])
  if value == token then
    -- A repeated request. An expiry never moves back.
    redis.call('PEXPIRE', keys[1], math.max(1, ttl, left))
    return {1, last or first_fence(keys[3]), 0}
  end
  local former = value and {string.match(value, '^~s %u+ (.*)$') or value} or {}
  if value == '~s' then former = redis.call('ZREVRANGE', keys[2], 0, -1) end
  local fence = last and last + 1 or first_fence(keys[3])
  local reply = {1, fence, left}
  for i, holder in ipairs(former) do reply[i + 3] = holder end
  redis.call('SET', keys[1], token, 'PX', ttl)
  redis.call('DEL', keys[2])
  write_fence(keys[3], fence)
  return reply
end
