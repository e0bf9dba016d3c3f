-- Permits that pass to another process.

-- Renews the permits if the token holds exactly these slots, for permits that pass to another process. It takes no free slot, because
-- another holder may have come and gone.
-- keys: of the semaphore
-- args: token, ttl in ms, slots
-- only_checks: true if it renews nothing
-- returns the largest counter of the slots, 1 if there is none | {0, ms until the key of the lock expires, -1 or -2, the token of a
--   holder of another kind or ''}
operations['slots.renew'] = function(keys, args, only_checks)
  local token, now, gate = args[1], now_ms(), redis.call('GET', keys[1])
  local state = state_of(gate)
  local slots, deadline = find_holder(keys, state, token)
  if slots ~= args[3] or deadline < now then
    local is_token = state.is_other and string.sub(gate, 1, 2) ~= OTHER_HOLDERS
    return {0, redis.call('PTTL', keys[1]), is_token and gate or ''}
  end
  local fence = largest_counter(keys, slots, read_fence(keys[2]) or 1)
  if not only_checks then renew(keys, state, token, now + tonumber(args[2]), now) end
  return fence
end
