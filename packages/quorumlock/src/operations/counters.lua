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

local function raise(keys, args, check)
  for i = 1, #keys do
    local is_counter, fence = pcall(read_fence, keys[i])
    if is_counter then
      if not fence then check(keys[i]) end
      raise_fence(keys[i], tonumber(args[i]))
    end
  end
  return 1
end

-- Raises counters. A missing counter is made. A counter never goes back. A key that is not a counter stays, and requests that use
-- it fail. Fails on a server that has lost its memory, because a counter would hide that.
-- keys: counters
-- args: for each key, the minimum value of its counter
-- returns 1
operations['counters.raise'] = function(keys, args)
  return raise(keys, args, first_fence)
end

-- As counters.raise, to recover the memory of a server.
operations['counters.restore'] = function(keys, args)
  return raise(keys, args, function() end)
end

-- Raises the counters that are not missing.
-- keys: counters
-- args: their minimum value
-- returns 1
operations['counters.lift'] = function(keys, args)
  for i = 1, #keys do
    local is_counter, fence = pcall(read_fence, keys[i])
    if is_counter and fence then raise_fence(keys[i], tonumber(args[1])) end
  end
  return 1
end
