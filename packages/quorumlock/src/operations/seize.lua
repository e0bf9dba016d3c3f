-- Takes a name from all its holders, readers or writer, whatever is left of their time. A free name is taken, too. Nobody in line is
-- asked. It fails for a name of which permits are held.
-- keys: lock, shared, fence
-- args: token, ttl in ms
-- returns fence
operations['operator.seize'] = function(keys, args)
  local token, ttl = args[1], tonumber(args[2])
  local value = redis.call('GET', keys[1])
  if value and (value == '~p' or string.sub(value, 1, 3) == '~p ') then
    error('OTHERKIND the name is held by a semaphore; use another name for the lock', 0)
  end
  local is_repeated = value == token
  -- An expiry never moves back.
  local left = is_repeated and redis.call('PTTL', keys[1]) or 0
  local last = read_fence(keys[3])
  local fence = last and (is_repeated and last or last + 1) or first_fence(keys[3])
  redis.call('SET', keys[1], token, 'PX', math.max(ttl, left))
  redis.call('DEL', keys[2])
  write_fence(keys[3], fence)
  return fence
end
