-- The fast path for runs: several requests of one operation, each for one name without a waiter.
--
-- k, a: where the keys of the first request begin in KEYS, and where its own arguments begin in ARGV

local fast_runs = {
  -- Runs several releases: reads all keys with one command, and deletes with one command. Returns the number of releases that it
  -- has carried out, from the first on. It stops at the first name with a line.
  ['mutex.release'] = function(k, a, length, replies)
    local found = call('MGET', unpack(KEYS, k, k + 2 * length - 1))
    if found.err then return 0 end
    local held, is_freed, reply_at, done = {}, {}, {}, 0
    for i = 1, length do
      if found[2 * i] then break end
      local lock = KEYS[k + 2 * i - 2]
      local is_held = found[2 * i - 1] == ARGV[a + i - 1] and not is_freed[lock]
      replies[#replies + 1] = is_held and 1 or 0
      if is_held then
        is_freed[lock] = true
        held[#held + 1] = lock
        reply_at[#held] = #replies
      end
      done = i
    end
    local deleted = #held > 0 and call('DEL', unpack(held))
    if type(deleted) == 'table' then
      for i = 1, #reply_at do replies[reply_at[i]] = {-1, deleted.err} end
    end
    return done
  end
}
