-- The two commonest requests, alone in their call and for one resource, come first and do without the tables and functions
-- that the others need. What they do is what mutex.lua says; whatever is unusual, errors too, is left to that.
if ARGV[1] == 'mutex.acquire' and #KEYS == 2 and #ARGV[3] < 9 and #ARGV < 5 then
  local replaces, granted = ARGV[4], nil
  if replaces then
    granted = redis.pcall('GET', KEYS[1]) == replaces
  else
    local set = redis.pcall('SET', KEYS[1], ARGV[2], 'NX', 'PX', ARGV[3])
    granted = set and set.ok
  end
  if granted then
    local fence = redis.pcall('INCR', KEYS[2])
    if type(fence) == 'number' and fence > 1 and fence <= 9000000000000000 then
      redis.pcall('PEXPIRE', KEYS[2], '604800000')
      if not replaces then return {{1, fence}} end
      redis.pcall('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
      return {{1, fence, 1}}
    end
    -- The counter was missing, or is none: as if nothing had been done. What is not positive counts as missing.
    if not replaces then redis.pcall('DEL', KEYS[1]) end
    if type(fence) == 'number' then redis.pcall(fence > 1 and 'DECR' or 'DEL', KEYS[2]) end
  end
elseif ARGV[1] == 'mutex.release' and #KEYS == 2 and not redis.pcall('GET', KEYS[2]) then
  if redis.pcall('GET', KEYS[1]) == ARGV[2] and redis.pcall('DEL', KEYS[1]) == 1 then
    local listeners = redis.pcall('PUBLISH', ARGV[4], '')
    return {{1, 1, type(listeners) == 'number' and listeners or 0}}
  end
end
