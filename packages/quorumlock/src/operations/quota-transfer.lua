-- Locks of tenants that pass to another process.

-- Renews the permit and the lock, if the token holds both.
-- keys, args: of slots.renew, and of modes.renew or slots.renew, as quota.lua describes
-- returns the counter of the lock | {0, …}: the refusal of the part that the token does not hold
operations['quota.renew'] = function(keys, args)
  local quota_keys, quota_args, keys_left, args_left = parts_of(keys, args)
  local lock
  -- A permit whose lock is gone is not renewed, and the other way round.
  for _, only_checks in ipairs({true, false}) do
    local quota = operations['slots.renew'](quota_keys, quota_args, only_checks)
    if type(quota) ~= 'number' then return quota end
    lock = operations[args[2]](keys_left, args_left, only_checks)
    if type(lock) ~= 'number' then return lock end
  end
  return lock
end
