-- The fencing counters of many hash slots, to carry them from one set of instances to another (protocol §10).

-- keys: counters
-- returns {1, for each its value, or '' if it is missing or no counter}
operations['counters.read'] = function(keys)
  local reply = {1}
  for i = 1, #keys do
    local is_counter, fence = pcall(read_fence, keys[i])
    reply[i + 1] = is_counter and fence and string.format('%.0f', fence) or ''
  end
  return reply
end

-- Counters never go back. What is no counter is left to fail the callers that lock its names.
-- keys: counters
-- args: for each the least that it becomes
-- returns 1
operations['counters.raise'] = function(keys, args)
  for i = 1, #keys do
    if pcall(read_fence, keys[i]) then raise_fence(keys[i], tonumber(args[i])) end
  end
  return 1
end
