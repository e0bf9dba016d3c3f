-- The fast path: a lock of a tenant on one node, which nobody else holds, with one permit of the tenant's quota. quota.lua documents the
-- operations. The functions of slots.fast.lua do the part of the semaphore, and return nil in its unusual cases. Both parts are all or
-- nothing, so everything is read here before they write.
--
-- k, a, s: where the keys of the request begin in KEYS, and where its own and its shared arguments begin in ARGV. n: the number of
-- keys: 8 of the semaphore, those of the node as in modes.lua, and of a grant the fencing counter

local fast_keys, of_slots = 13, fast

-- How often a mode counts up.
local COUNTS = {['X'] = 1, ['SIX'] = 1, ['S'] = 0, ['IS'] = 0, ['IX'] = 0}

local function held_as(mode, token) return mode == 'X' and token or '~s ' .. mode .. ' ' .. token end

local fast = {
  -- The node is free, and nobody waits for it.
  ['quota.acquire'] = function(k, a, s, n)
    local mode = ARGV[s + 10]
    local counts = COUNTS[mode]
    -- Another kind of lock, several nodes, former tokens, a waiter.
    if n ~= 12 or not counts or ARGV[s] ~= 'modes.acquire' or ARGV[s - 1] ~= '12' or ARGV[s + 11] ~= '' then return nil end
    local reply = of_slots['slots.acquire'](k, a, s + 2, n, counts)
    if not reply or call('SET', KEYS[k + 8], held_as(mode, ARGV[a]), 'PX', ARGV[s + 9]).err then return nil end
    return reply
  end,

  -- The token is the only holder of the node in this mode, and has exactly this slot.
  ['quota.extend'] = function(k, a, s, n)
    if n ~= 13 or ARGV[s] ~= 'modes.extend' or ARGV[s - 1] ~= '10' then return nil end
    local lock, ttl = KEYS[k + 8], ARGV[s + 8]
    if call('GET', lock) ~= held_as(ARGV[s + 9], ARGV[a]) then return nil end
    local left = call('PTTL', lock)
    if type(left) ~= 'number' or left < 0 then return nil end
    local reply = of_slots['slots.extend'](k, a, s + 2)
    if reply and left < tonumber(ttl) and call('PEXPIRE', lock, ttl) ~= 1 then return nil end
    return reply
  end,

  -- The token is the only holder of the node, and nobody waits for it or for the semaphore.
  ['quota.release'] = function(k, a, s, n)
    if n ~= 12 or ARGV[s] ~= 'modes.release' or ARGV[s - 1] ~= '6' then return nil end
    local token, lock = ARGV[a], KEYS[k + 8]
    local found = call('MGET', KEYS[k], KEYS[k + 6], KEYS[k + 7], lock, KEYS[k + 10], KEYS[k + 11])
    local value = found[4]
    if not value or found[5] or found[6] then return nil end
    if value ~= token and string.match(value, '^~s [ISX]+ (.*)$') ~= token then return nil end
    local reply = of_slots['slots.release'](k, a, s + 2, n, found)
    return reply and call('DEL', lock) == 1 and 1 or nil
  end
}
