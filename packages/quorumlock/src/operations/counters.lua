-- What must not be forgotten of many hash slots: the fencing counters, and the changed sizes of semaphores. To carry them from one set
-- of servers to another, and to a server that has lost its memory (protocol §10).

-- keys: for each hash slot, the counter and the sizes
-- returns {1, for each hash slot the value of its counter, or '' if it is missing or not a counter; then for each changed size of a
--   semaphore the number of its hash slot among these, from 1 on, the key of its lock, its stamp and its total}
operations['counters.read'] = function(keys)
  local reply, now = {1}, now_ms()
  for i = 1, #keys, 2 do
    local is_counter, fence = pcall(read_fence, keys[i])
    reply[#reply + 1] = is_counter and fence and string.format('%.0f', fence) or ''
  end
  for i = 2, #keys, 2 do
    -- A key of another type has no sizes.
    local all, locks, texts = redis.pcall('HGETALL', keys[i]), {}, {}
    for at = 1, all.err and 0 or #all, 2 do
      locks[#locks + 1], texts[all[at]] = all[at], all[at + 1]
    end
    table.sort(locks)
    for _, lock in ipairs(locks) do
      local stamp, total = parse_size(texts[lock], now)
      if stamp then
        for _, value in ipairs({i / 2, lock, string.format('%.0f', stamp), total}) do reply[#reply + 1] = value end
      end
    end
  end
  return reply
end

local function raise(keys, args, check)
  local slots, now = #keys / 2, now_ms()
  for i = 1, slots do
    local key = keys[2 * i - 1]
    local is_counter, fence = pcall(read_fence, key)
    if is_counter and args[i] ~= '' then
      if not fence then check(key) end
      raise_fence(key, tonumber(args[i]))
    end
  end
  for at = slots + 1, #args, 4 do
    pcall(raise_size, keys[2 * tonumber(args[at])], args[at + 1], tonumber(args[at + 2]), tonumber(args[at + 3]), now)
  end
  return 1
end

-- Raises counters, and writes newer sizes. A missing counter is made. A counter never goes back. A key that is not a counter stays, and
-- requests that use it fail. Fails on a server that has lost its memory, because a counter would hide that.
-- keys: for each hash slot, the counter and the sizes
-- args: as the reply to counters.read, without the 1: the minimum values of the counters, and the sizes
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
