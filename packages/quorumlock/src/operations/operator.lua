-- What an operator does to the lock of another process (protocol §7).

-- Replaces the token of a holder by that of an operator. The expiry stays, so the holder cannot extend the lock, and nobody gets it
-- earlier than without the operator. A key without an expiry is not replaced, because nobody would ever delete it.
-- keys: lock, fence
-- args: token, the token that it replaces
-- returns -fence | {0, ms until the holder expires, or -1, or 0 if there is none, its token or ''}
operations['operator.replace'] = function(keys, args)
  local token, previous = args[1], args[2]
  local value = redis.call('GET', keys[1])
  local left = value and redis.call('PTTL', keys[1]) or 0
  if not value or (value ~= token and (value ~= previous or left == -1)) then return {0, left, value or ''} end
  local last = read_fence(keys[2])
  local fence = last and (value == token and last or last + 1) or first_fence(keys[2])
  if value ~= token then redis.call('SET', keys[1], token, 'PX', math.max(1, left)) end
  write_fence(keys[2], fence)
  return -fence
end

-- Gives the key back to the holder, because no quorum has replaced its token. The expiry stays.
-- keys: lock
-- args: token, the token that it had replaced
-- returns 1 if it was given back, 0 if not
operations['operator.restore'] = function(keys, args)
  local value = redis.pcall('GET', keys[1])
  if value ~= args[1] then return 0 end
  redis.call('SET', keys[1], args[2], 'PX', math.max(1, redis.call('PTTL', keys[1])))
  return 1
end
