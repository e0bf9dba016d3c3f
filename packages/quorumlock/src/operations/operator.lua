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

-- Reads what names are held by, for a backup. It writes nothing.
-- keys: for each name lock, shared, fence
-- returns {1, the server's time in ms, and for each name: the value of the lock's key or '', ms until it expires or -1, -2 if there is
--   none, the value of the fencing counter or '', the number of members of the set of shared holders, and for each of them: its token,
--   its score}
operations['operator.read'] = function(keys)
  local reply = {1, 0}
  for i = 1, #keys, 3 do
    reply[#reply + 1] = redis.call('GET', keys[i]) or ''
    reply[#reply + 1] = redis.call('PTTL', keys[i])
    local is_counter, fence = pcall(read_fence, keys[i + 2])
    reply[#reply + 1] = is_counter and fence and string.format('%.0f', fence) or ''
    local members = redis.call('ZREVRANGE', keys[i + 1], 0, -1, 'WITHSCORES')
    reply[#reply + 1] = #members / 2
    for at = 1, #members, 2 do
      reply[#reply + 1] = members[at]
      reply[#reply + 1] = string.format('%.0f', tonumber(members[at + 1]))
    end
  end
  -- After the times until the end. So an end that is computed from both is late rather than early.
  local time = redis.call('TIME')
  reply[2] = string.format('%.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
  return reply
end
