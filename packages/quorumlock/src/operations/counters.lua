-- The fencing counters of all names, to be carried from one set of instances to another (protocol §10). A counter is told
-- by what its key begins with, 1 for the first and 2 for the second of `keys`, and by the rest of its key.

-- keys: what the counters of names with a hash tag begin with, what those of all others do   args: cursor, how many keys to
--   look at
-- returns {1, next cursor or '0' at the end, then for each counter 1 or 2, the rest of its key, its value}
operations['counters.read'] = function(keys, args)
  local found = redis.call('SCAN', args[1], 'MATCH', '*:fence', 'COUNT', args[2])
  local reply = {1, found[1]}
  for _, key in ipairs(found[2]) do
    for i = 1, #keys do
      if string.sub(key, 1, #keys[i]) == keys[i] then
        -- One that is none is nobody's to count on.
        local known, fence = pcall(read_fence, key)
        if known and fence then
          reply[#reply + 1] = i
          reply[#reply + 1] = string.sub(key, #keys[i] + 1)
          reply[#reply + 1] = string.format('%.0f', fence)
        end
        break
      end
    end
  end
  return reply
end

-- Counters never go back. One that is missing, which may be lost, begins no lower than a new one would. What is none is left to fail those who lock its name.
-- keys: as above   args: for each counter 1 or 2, the rest of its key, the least that it is to be
-- returns 1
operations['counters.raise'] = function(keys, args)
  for i = 1, #args, 3 do
    local key, least = keys[tonumber(args[i])] .. args[i + 1], tonumber(args[i + 2])
    local known, fence = pcall(read_fence, key)
    if known and not fence then least = math.max(least, first_fence()) end
    if known and (fence or 0) < least then write_fence(key, least, 0) end
  end
  return 1
end
