-- The fencing counters of many hash slots, to carry them from one set of instances to another (protocol §10).

-- keys: counters
-- returns {1, and for each key the value of its counter, or '' if it is missing or not a counter}
operations['counters.read'] = function(keys)
  local reply = {1}
  for i = 1, #keys do
    local is_counter, fence = pcall(read_fence, keys[i])
    reply[i + 1] = is_counter and fence and string.format('%.0f', fence) or ''
  end
  return reply
end

-- Raises counters. A counter never goes back. A key that is not a counter stays, and requests that use it fail.
-- keys: counters
-- args: for each key, the minimum value of its counter
-- returns 1
operations['counters.raise'] = function(keys, args)
  for i = 1, #keys do
    if pcall(read_fence, keys[i]) then raise_fence(keys[i], tonumber(args[i])) end
  end
  return 1
end
