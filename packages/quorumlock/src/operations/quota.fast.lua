-- The fast path: a lock of a tenant on one node, which nobody else holds, with one permit of the tenant's quota. quota.lua documents the
-- operations. slots.fast.lua does the part of the semaphore, and returns nil in its unusual cases. The parts are all or nothing, so
-- everything is read before either of them is written, and the second is not written if the server has refused the first.
--
-- k, a, s: where the keys of the request begin in KEYS, and where its own and its shared arguments begin in ARGV. n: the number of
-- keys: 8 of the semaphore, those of the node as in modes.lua, and of a grant the fencing counter

local fast_keys = 13

local function of_tenant(k, a, s, n, name)
  local token, lock = ARGV[a], KEYS[k + 8]

  -- The node is free, and nobody waits for it. No waiter and no former tokens.
  if name == 'quota.acquire' then
    local mode = ARGV[s + 10]
    if n ~= 12 or ARGV[s] ~= 'modes.acquire' or ARGV[s - 1] ~= '12' or ARGV[s + 11] ~= '' then return nil end
    local counts = (mode == 'X' or mode == 'SIX') and 1 or (mode == 'S' or mode == 'IX' or mode == 'IS') and 0
    local reply = counts and of_permits(k, a, s + 2, n, 'slots.acquire', counts)
    if not reply then return nil end
    put('SET', lock, mode == 'X' and token or '~s ' .. mode .. ' ' .. token, 'PX', ARGV[s + 9])
    if failed then return failed[1] and failed end
    return reply
  end

  -- The token is the only holder of the node in this mode, and has exactly this slot.
  if name == 'quota.extend' then
    if n ~= 13 or ARGV[s] ~= 'modes.extend' or ARGV[s - 1] ~= '10' then return nil end
    local mode, ttl = ARGV[s + 9], ARGV[s + 8]
    if call('GET', lock) ~= (mode == 'X' and token or '~s ' .. mode .. ' ' .. token) then return nil end
    local left = call('PTTL', lock)
    if type(left) ~= 'number' or left < 0 then return nil end
    local reply = of_permits(k, a, s + 2, n, 'slots.extend')
    if reply and left < tonumber(ttl) then put('PEXPIRE', lock, ttl) end
    if failed then return failed[1] and failed end
    return reply
  end

  -- The token is the only holder of the node, and nobody waits for it or for the quota.
  if n ~= 12 or ARGV[s] ~= 'modes.release' or ARGV[s - 1] ~= '6' then return nil end
  local found = call('MGET', KEYS[k], KEYS[k + 6], KEYS[k + 7], lock, KEYS[k + 10], KEYS[k + 11])
  local value = found[4]
  if not value or found[5] or found[6] then return nil end
  if value ~= token and string.match(value, '^~s [ISX]+ (.*)$') ~= token then return nil end
  local reply = of_permits(k, a, s + 2, n, 'slots.release', found)
  if not reply then return nil end
  if reply ~= 2 then put('DEL', lock) end
  if failed then return failed[1] and failed end
  return 1
end

local fast = {['quota.acquire'] = of_tenant, ['quota.extend'] = of_tenant, ['quota.release'] = of_tenant}
