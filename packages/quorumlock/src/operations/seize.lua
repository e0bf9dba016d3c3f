-- Takes a name from all its holders, readers or writer, whatever is left of their time. A free name is taken, too. Nobody in line is
-- asked. It fails for a name of which permits are held. The key never expires earlier than those of the former holders would have: they
-- could extend a free key, and a request that arrives late must not end the exclusion of a holder that does not know of it.
-- keys: lock, shared, fence
-- args: token, ttl in ms
-- returns {1, fence, ms until the last of the former holders would have expired, or 0, and their tokens}. A repeated request does not
--   know them any more. It returns what was left of its own key, which is at least as long.
operations['operator.seize'] = function(keys, args)
  local token, ttl = args[1], tonumber(args[2])
  local value = redis.call('GET', keys[1])
  if value and (value == '~p' or string.sub(value, 1, 3) == '~p ') then
    error('OTHERKIND the name is held by a semaphore; use another name for the lock', 0)
  end
  local expiry = value and redis.call('PTTL', keys[1]) or 0
  local left = math.max(0, expiry)
  local last = read_fence(keys[3])
  if value == token then
    -- An operator may have removed the expiry of the key.
    if expiry ~= -1 then redis.call('PEXPIRE', keys[1], math.max(1, ttl, left)) end
    return {1, last or first_fence(keys[3]), left}
  end
  local former = {}
  if not value or value == '~s' then
    -- Readers are alive without their gate if somebody has deleted it.
    local time = redis.call('TIME')
    local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
    local found = redis.call('ZREVRANGEBYSCORE', keys[2], '+inf', '-inf', 'WITHSCORES')
    for i = 1, #found, 2 do
      local remaining = tonumber(found[i + 1]) % 100000000000000 - now
      if remaining >= 0 then
        former[#former + 1] = found[i]
        left = math.max(left, remaining)
      end
    end
  else
    former[1] = string.match(value, '^~s %u+ (.*)$') or value
  end
  local fence = last and last + 1 or first_fence(keys[3])
  local reply = {1, fence, left}
  for i, holder in ipairs(former) do reply[i + 3] = holder end
  redis.call('SET', keys[1], token, 'PX', math.max(ttl, left))
  redis.call('DEL', keys[2])
  write_fence(keys[3], fence)
  return reply
end
