-- A lock of a tenant with one permit of the tenant's quota (protocol §7): two operations of the other files, all or nothing. The quota is
-- a semaphore, and the lock is of any kind in slots.lua or modes.lua.
--
-- keys of each operation: the keys of the semaphore, as in slots.lua, and then the keys of the lock
-- args of each operation: the token, the name of the operation of the lock, the number of the next arguments, the arguments of the
--   operation of the semaphore without the token, and those of the operation of the lock without the token

local QUOTA_KEYS = 8

-- The keys and the arguments of both operations.
local function parts_of(keys, args)
  local quota_keys, keys_left, quota_args, args_left = {}, {}, {args[1]}, {args[1]}
  local count = tonumber(args[3])
  for i, key in ipairs(keys) do
    if i <= QUOTA_KEYS then quota_keys[i] = key
    else keys_left[i - QUOTA_KEYS] = key end
  end
  for i = 4, #args do
    if i < 4 + count then quota_args[i - 2] = args[i]
    else args_left[i - 2 - count] = args[i] end
  end
  return quota_keys, quota_args, keys_left, args_left
end

-- What the quota was before a request: whether the token of the request already has a permit, and the permits of the tokens that it
-- replaces. Permits whose deadlines are over do not count. The replaced tokens are in the arguments from `first` on.
local function permits_before(keys, args, first)
  local state, permits, now = state_of(redis.call('GET', keys[1])), {}, now_ms()
  local _, own_deadline = find_holder(keys, state, args[1])
  for i = first, #args do
    local slots, deadline = find_holder(keys, state, args[i])
    if slots and deadline > now then permits[#permits + 1] = {args[i], slots, deadline} end
  end
  return (own_deadline or 0) >= now, permits
end

-- Takes back the permit of a token that was granted in this call, and gives `permits` back to the tokens that had them before.
local function give_back(keys, token, permits, now)
  local state = state_of(redis.call('GET', keys[1]))
  forget(keys, state, token)
  for _, permit in ipairs(permits) do hold(keys, state, permit[1], permit[2], permit[3], now) end
  save(keys, state, now)
end

-- Does the operation of the lock after that of the semaphore, whose permit is taken back if the lock is refused. `permits`: of the
-- tokens that the request replaces. Returns the reply if it is a yes, and otherwise nil and the refusal.
local function lock_or_give_back(keys, token, permits, is_repeated, name, keys_left, args_left)
  local is_done, lock = pcall(operations[name], keys_left, args_left)
  if is_done and (type(lock) == 'number' or lock[1] == 1) then return lock end
  if not is_repeated then give_back(keys, token, permits, now_ms()) end
  if not is_done then error(lock, 0) end
  return nil, {0, lock[2], lock[3], lock[4], lock[5], 2}
end

-- Requests a vote. A waiter joins the line of the part that is in its way.
-- returns {1, fence, slots of the quota, limit of the quota or '', map of the quota or '', and of permits: slots, limit, map}
--   | {0, ms until the way could be free or -1, a token in the way or '', the latest ticket that this server knows, the fifth part of
--   the reply, 1 if the quota is in the way or 2}
operations['quota.acquire'] = function(keys, args)
  local quota_keys, quota_args, keys_left, args_left = parts_of(keys, args)
  local is_repeated, permits = permits_before(quota_keys, quota_args, 9)
  local quota = operations['slots.acquire'](quota_keys, quota_args)
  if quota[1] == 0 then return {0, quota[2], quota[3], quota[4], quota[5], 1} end
  local lock, refusal = lock_or_give_back(quota_keys, args[1], permits, is_repeated, args[2], keys_left, args_left)
  if not lock then
    if #permits == 0 and not is_repeated then
      -- The caller was named for nothing, so it is the turn of those behind it.
      local now = now_ms()
      local total = limit_of(quota_keys, tonumber(quota_args[6]), tonumber(quota_args[7]), now)
      local state, entries = state_of(redis.call('GET', quota_keys[1])), read_entries(quota_keys[7], now, is_count_up_to(total))
      announce_next(quota_keys, state, entries, quota[3], total, now)
    end
    return refusal
  end
  -- The fencing token is that of the lock. For modes it counts on from the hash slot's counter, which the permit has raised.
  if type(lock) == 'number' then return {1, math.abs(lock), quota[3], quota[4], quota[5] or ''} end
  return {1, lock[2], quota[3], quota[4], quota[5] or '', lock[3], lock[4], lock[5] or ''}
end

-- As quota.acquire, for a conversion, which keeps its permit. The operation of the semaphore is slots.extend, so the number of permits
-- does not matter.
operations['quota.convert'] = function(keys, args)
  local quota_keys, quota_args, keys_left, args_left = parts_of(keys, args)
  local is_repeated, permits = permits_before(quota_keys, quota_args, 7)
  local quota = operations['slots.extend'](quota_keys, quota_args)
  if quota ~= 1 then return {0, quota[2], quota[3], '0', '', 1} end
  local lock, refusal = lock_or_give_back(quota_keys, args[1], permits, is_repeated, args[2], keys_left, args_left)
  return lock and {1, math.abs(lock), quota_args[4], '', ''} or refusal
end

-- Does both, and replies with the first no.
local function both(keys, args, name)
  local quota_keys, quota_args, keys_left, args_left = parts_of(keys, args)
  local quota = operations[name](quota_keys, quota_args)
  if quota ~= 1 then return quota end
  return operations[args[2]](keys_left, args_left)
end

-- returns 1 | {0}
operations['quota.commit'] = function(keys, args) return both(keys, args, 'slots.commit') end

-- returns 1 | {0, ms until the way could be free or -1, a token in the way or ''}
operations['quota.extend'] = function(keys, args) return both(keys, args, 'slots.extend') end

-- returns 0 if nothing was held, 1 if something was, -1 if another client is also named as next
operations['quota.release'] = function(keys, args)
  local quota_keys, quota_args, keys_left, args_left = parts_of(keys, args)
  -- A key of another type must not keep the other part.
  local is_done, quota = pcall(operations['slots.release'], quota_keys, quota_args)
  local lock = operations[args[2]](keys_left, args_left)
  if not is_done then error(quota, 0) end
  return lock ~= 0 and lock or quota
end
