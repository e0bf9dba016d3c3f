-- What a server knows about the permits of one semaphore.
--
-- The keys of a semaphore: 1 lock, 2 fence, 3 held (a hash: token, its slots), 4 due (a sorted set: token, deadline in ms of this
-- server), 5 counters, 6 sizes (of all semaphores of the hash slot, see sizes.lua), 7 line, 8 wake.
--
-- The lock's key is the gate. It exists while slots are held, and expires with the latest deadline. So a plain lock on the name
-- excludes permits, and permits exclude it. Its value is the state: `~p check latest kept map deadline:slots:token`.
-- - `deadline:slots:token`: the newest holder, `0::` if there is none. A later grant moves it to `held` and `due`, where all other
--   holders are. So a permit that is held for a short time is in this key only.
-- - `map`: a character for each slot. The slots behind its end are free.
-- - `check`: no holder in `due` is dead before this moment. `latest`: the latest deadline in `due`. Both are 0 if nobody is in it.
-- - `kept`: until when `held` and `due` last. That is at least as long as the lock's key.
-- If the key is missing, nobody holds a slot, whatever the other keys say.
--
-- `counters`: the fencing counter of each slot, so that holders of different slots do not disturb each other. The key begins with the
-- id in the marker under which they were written. A counter that is missing, or has another id, counts as that of the hash slot,
-- which is at least as large as every counter here. While a semaphore never had two holders at a time, it has no counters.

local PERMIT_HOLDERS = '~p'
local COUNTER_LENGTH, ID_LENGTH = 16, 32

local function is_of_permits(gate)
  return gate == PERMIT_HOLDERS or string.sub(gate, 1, 3) == PERMIT_HOLDERS .. ' '
end

-- Reads the state. `gate`: the value of the lock's key, or false. `is_other`: whether a holder of another kind has the name.
-- `is_new`: whether the lock's key does not have this state yet.
local function state_of(gate)
  local check, latest, kept, map, deadline, slots, token =
    string.match(gate or '', '^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$')
  return {
    ['check'] = tonumber(check) or 0, ['latest'] = tonumber(latest) or 0, ['kept'] = tonumber(kept) or 0, ['map'] = map or '',
    ['deadline'] = tonumber(deadline) or 0, ['slots'] = slots or '', ['token'] = token or '',
    ['is_new'] = not token, ['is_other'] = gate and not is_of_permits(gate)
  }
end

-- Writes the state to the lock's key, or deletes the key if nobody holds a slot. Returns the latest deadline, or 0.
local function save(keys, state, now)
  local last = math.max(state.latest, state.deadline)
  if last == 0 then
    redis.call('DEL', keys[1])
    return 0
  end
  local is_renewal = state.latest > 0 and last > state.kept
  if is_renewal then
    state.kept = last + math.max(1, last - now)
    for at = 3, 4 do redis.call('PEXPIREAT', keys[at], string.format('%.0f', state.kept)) end
  end
  if is_renewal or state.is_new then redis.call('PEXPIRE', keys[5], KEEP_MS) end
  redis.call('SET', keys[1], string.format('~p %.0f %.0f %.0f %s %.0f:%s:%s', state.check, state.latest, state.kept, state.map,
    state.deadline, state.slots, state.token), 'PXAT', string.format('%.0f', last))
  return last
end

-- The slots and the deadline of a token, or nil.
local function find_holder(keys, state, token)
  if token == state.token then return state.slots, state.deadline end
  local slots = state.latest > 0 and redis.call('HGET', keys[3], token)
  local deadline = slots and redis.call('ZSCORE', keys[4], token)
  if deadline then return slots, tonumber(deadline) end
end

-- Fails if the newest holder cannot become one of the others, because a key has another type. It comes before the first write.
local function check_types(keys, state)
  if state.token == '' or state.latest == 0 then return end
  redis.call('HGET', keys[3], state.token)
  redis.call('ZSCORE', keys[4], state.token)
end

-- Removes a holder. Returns its slots and its deadline, or nil. The caller saves the state.
local function forget(keys, state, token)
  local slots, deadline = find_holder(keys, state, token)
  if not slots then return nil end
  state.map = overlay(state.map, slots, FREE)
  if token == state.token then
    state.deadline, state.slots, state.token = 0, '', ''
    return slots, deadline
  end
  redis.call('ZREM', keys[4], token)
  redis.call('HDEL', keys[3], token)
  if deadline == state.latest then
    state.latest = tonumber(redis.call('ZREVRANGE', keys[4], 0, 0, 'WITHSCORES')[2]) or 0
    if state.latest == 0 then state.check, state.kept = 0, 0 end
  end
  return slots, deadline
end

-- Removes the holders whose deadline is over.
local function forget_dead(keys, state, now)
  local is_changed = false
  if state.token ~= '' and state.deadline < now then
    state.map = overlay(state.map, state.slots, FREE)
    state.deadline, state.slots, state.token, is_changed = 0, '', '', true
  end
  if state.latest > 0 and now > state.check then
    local dead = redis.call('ZRANGEBYSCORE', keys[4], '-inf', string.format('(%.0f', now), 'LIMIT', 0, MAX_FORGOTTEN)
    for _, token in ipairs(dead) do
      state.map = overlay(state.map, redis.call('HGET', keys[3], token) or '', FREE)
      redis.call('HDEL', keys[3], token)
      redis.call('ZREM', keys[4], token)
    end
    local first = redis.call('ZRANGE', keys[4], 0, 0, 'WITHSCORES')[2]
    local last = redis.call('ZREVRANGE', keys[4], 0, 0, 'WITHSCORES')[2]
    state.check, state.latest, is_changed = tonumber(first) or 0, tonumber(last) or 0, true
    -- The keys can be missing, if somebody deleted them.
    if not first then state.kept, state.map = 0, overlay('', state.slots, TAKEN) end
  end
  if is_changed then save(keys, state, now) end
end

-- Sets the deadline of a holder. The deadline never moves back.
local function renew(keys, state, token, deadline, now)
  local is_changed = false
  if token == state.token then
    if state.deadline < deadline then state.deadline, is_changed = deadline, true end
  elseif tonumber(redis.call('ZSCORE', keys[4], token)) < deadline then
    redis.call('ZADD', keys[4], string.format('%.0f', deadline), token)
    if state.latest < deadline then state.latest, is_changed = deadline, true end
  end
  if is_changed then save(keys, state, now) end
end

-- Gives these free slots to a token, which becomes the newest holder.
local function hold(keys, state, token, slots, deadline, now)
  if state.token ~= '' then
    -- They can be left from holders that died all.
    if state.latest == 0 then redis.call('DEL', keys[3], keys[4]) end
    redis.call('ZADD', keys[4], string.format('%.0f', state.deadline), state.token)
    redis.call('HSET', keys[3], state.token, state.slots)
    state.check = state.latest == 0 and state.deadline or math.min(state.check, state.deadline)
    state.latest = math.max(state.latest, state.deadline)
  end
  state.deadline, state.slots, state.token, state.map = deadline, slots, token, overlay(state.map, slots, TAKEN)
  save(keys, state, now)
end

-- The start of valid counters: the id in the present marker.
local function present_id(keys)
  local id = ''
  if not IS_CLUSTER then
    local marker = redis.pcall('GET', string.match(keys[2], '^(.*)~fence:') .. '~server')
    id = type(marker) == 'string' and string.match(marker, '^complete %S+ %S+ (%S+) ') or ''
  end
  return string.format('%-' .. ID_LENGTH .. '.' .. ID_LENGTH .. 's', id)
end

local function are_counters_valid(keys)
  return redis.call('GETRANGE', keys[5], 0, ID_LENGTH - 1) == present_id(keys)
end

-- The largest counter of the slots. `base`: the counter of the hash slot. A slot has at least the last multiple of the grain that the
-- hash slot has reached, because a change of the set of servers raises the counter of the hash slot alone, to such a multiple.
local function largest_counter(keys, slots, base)
  if not are_counters_valid(keys) then return base end
  local largest = base - base % FENCE_GRAIN_US
  for first, last in each_run(slots) do
    local text = redis.call('GETRANGE', keys[5], ID_LENGTH + COUNTER_LENGTH * first, ID_LENGTH + COUNTER_LENGTH * (last + 1) - 1)
    for i = 0, last - first do
      local count = tonumber(string.sub(text, COUNTER_LENGTH * i + 1, COUNTER_LENGTH * (i + 1)))
      largest = math.max(largest, count or base)
    end
  end
  return largest
end

-- Sets the counters of the slots. The counter of the hash slot, `base`, follows, because it replaces counters that are lost.
local function write_counters(keys, slots, count, base)
  if not are_counters_valid(keys) then redis.call('SET', keys[5], present_id(keys), 'PX', KEEP_MS) end
  local text = string.format('%0' .. COUNTER_LENGTH .. '.0f', count)
  for first, last in each_run(slots) do
    redis.call('SETRANGE', keys[5], ID_LENGTH + COUNTER_LENGTH * first, string.rep(text, last - first + 1))
  end
  if base < count then write_fence(keys[2], count) end
end
