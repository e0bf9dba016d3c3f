-- Permits of a semaphore (protocol §7). A permit is a slot, and each slot is a lock of its own: the server records one token for it.
--
-- The lock's key is the gate, PERMIT_HOLDERS while slots are held. It expires with the last of them. So a plain lock on the name
-- excludes permits, and permits exclude it.
--
-- The keys of a semaphore: 1 lock, 2 fence, 3 map (a character for each slot), 4 held (a hash: token, its slots), 5 due (a sorted
-- set: token, deadline in ms of this server), 6 counters, 7 sizes, 8 line, 9 wake.
--
-- `counters`: the fencing counter of each slot, so that holders of different slots do not disturb each other. The key begins with the
-- id in the marker under which they were written. A counter that is missing, or has another id, counts as that of the hash slot,
-- which is at least as large as every counter here.
--
-- `sizes`: the number of permits, if it was changed, in one key for all semaphores of the hash slot.

local PERMIT_HOLDERS, OTHER_HOLDERS = '~p', '~s'
local COUNTER_LENGTH, ID_LENGTH = 16, 32

-- The tokens of one holder: its own one, and those that it replaces, from args[first] on.
local function tokens_of(args, first)
  local own = {args[1]}
  for i = first, #args do own[#own + 1] = args[i] end
  return own
end

-- The holder of the name, if it is not a semaphore, and ms until its key expires.
local function other_holder(keys)
  local gate = redis.call('GET', keys[1])
  if gate and (gate == OTHER_HOLDERS or string.sub(gate, 1, 3) == OTHER_HOLDERS .. ' ') then
    error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore', 0)
  end
  if gate and gate ~= PERMIT_HOLDERS then return gate, redis.call('PTTL', keys[1]) end
end

-- The number of permits by the latest change that this server or the client knows, and that change as `stamp total`, or ''.
local function limit_of(keys, total, stamp, now)
  local known, count, used = read_size(keys[7], keys[1], now)
  if stamp > (known or 0) then
    known, count = stamp, total
    write_size(keys[7], keys[1], known, count, now)
  elseif known and used + DAY_MS < now then
    write_size(keys[7], keys[1], known, count, now)
  end
  if not known then return total, '' end
  return count, string.format('%.0f %.0f', known, count)
end

-- The map with at least `length` slots.
local function map_of(keys, length)
  local map = redis.call('GET', keys[3]) or ''
  return map .. string.rep(FREE, length - #map), #map
end

local function write_slots(keys, slots, char)
  for first, last in each_run(slots) do
    redis.call('SETRANGE', keys[3], first, string.rep(char, last - first + 1))
  end
end

-- Deletes a token. Returns its slots, and its deadline.
local function forget(keys, token)
  local slots, deadline = redis.call('HGET', keys[4], token), redis.call('ZSCORE', keys[5], token)
  if slots then
    redis.call('HDEL', keys[4], token)
    if redis.call('EXISTS', keys[3]) == 1 then write_slots(keys, slots, FREE) end
  end
  if deadline then redis.call('ZREM', keys[5], token) end
  return slots, tonumber(deadline)
end

-- Deletes tokens whose deadline is over.
local function forget_dead(keys, now)
  local dead = redis.call('ZRANGEBYSCORE', keys[5], '-inf', string.format('(%.0f', now), 'LIMIT', 0, MAX_FORGOTTEN)
  for _, token in ipairs(dead) do forget(keys, token) end
end

-- Makes the counters valid for the present marker.
local function renew_counters(keys)
  local id = ''
  if not IS_CLUSTER then
    local marker = redis.pcall('GET', string.match(keys[2], '^(.*)~fence:') .. '~server')
    id = type(marker) == 'string' and string.match(marker, '^complete %S+ %S+ (%S+) ') or ''
  end
  id = string.format('%-' .. ID_LENGTH .. '.' .. ID_LENGTH .. 's', id)
  if redis.call('GETRANGE', keys[6], 0, ID_LENGTH - 1) ~= id then redis.call('SET', keys[6], id, 'PX', KEEP_MS) end
end

-- The largest counter of the slots. `base`: the counter of the hash slot. A slot has at least the last multiple of the grain that the
-- hash slot has reached, because a change of the set of servers raises the counter of the hash slot alone, to such a multiple.
local function largest_counter(keys, slots, base)
  local largest = base - base % FENCE_GRAIN_US
  for first, last in each_run(slots) do
    local text = redis.call('GETRANGE', keys[6], ID_LENGTH + COUNTER_LENGTH * first, ID_LENGTH + COUNTER_LENGTH * (last + 1) - 1)
    for i = 0, last - first do
      local count = tonumber(string.sub(text, COUNTER_LENGTH * i + 1, COUNTER_LENGTH * (i + 1)))
      largest = math.max(largest, count or base)
    end
  end
  return largest
end

-- Sets the counters of the slots. The counter of the hash slot, `base`, follows, because it replaces counters that are lost.
local function write_counters(keys, slots, count, base)
  local text = string.format('%0' .. COUNTER_LENGTH .. '.0f', count)
  for first, last in each_run(slots) do
    redis.call('SETRANGE', keys[6], ID_LENGTH + COUNTER_LENGTH * first, string.rep(text, last - first + 1))
  end
  redis.call('PEXPIRE', keys[6], KEEP_MS)
  if base < count then write_fence(keys[2], count) end
end

-- Sets the deadline of a token that holds slots. The deadline never moves back. The keys, and the gate, last as long.
local function renew(keys, token, deadline, now)
  local before = tonumber(redis.call('ZSCORE', keys[5], token) or 0)
  if before < deadline then redis.call('ZADD', keys[5], string.format('%.0f', deadline), token) end
  local latest = tonumber(redis.call('ZREVRANGE', keys[5], 0, 0, 'WITHSCORES')[2])
  local left = latest - now
  local is_last = latest == math.max(deadline, before)
  -- A key can be missing or new, if somebody deleted it.
  if not is_last and redis.call('EXISTS', keys[1]) == 1 and redis.call('PTTL', keys[3]) >= left
    and redis.call('PTTL', keys[4]) >= left then return end
  for at = 3, 5 do redis.call('PEXPIRE', keys[at], left) end
  redis.call('SET', keys[1], PERMIT_HOLDERS, 'PX', left)
end

-- Gives these free slots to a token. `length`: the length of the map on the server.
local function hold(keys, token, slots, deadline, now, length)
  local wanted = end_of(slots)
  if length < wanted then redis.call('SETRANGE', keys[3], length, string.rep(FREE, wanted - length)) end
  write_slots(keys, slots, TAKEN)
  redis.call('HSET', keys[4], token, slots)
  renew(keys, token, deadline, now)
end

-- Why n permits are not free: ms until enough of the earliest holders could be over, and the token of the first of them or ''.
local function full_until(keys, missing, now)
  local due = redis.call('ZRANGE', keys[5], 0, MAX_LOOKED_AT - 1, 'WITHSCORES')
  local last = -1
  for i = 1, #due, 2 do
    last = tonumber(due[i + 1])
    for first, end_slot in each_run(redis.call('HGET', keys[4], due[i]) or '') do
      missing = missing - (end_slot - first + 1)
    end
    if missing <= 0 then break end
  end
  return last < 0 and -1 or math.max(0, last - now), due[1] or ''
end

local function is_count_up_to(total)
  return function(text)
    local count = tonumber(text)
    return count and count <= total
  end
end

-- Names the next waiters, and publishes their names, each with free slots: first of the set `freed`. Returns how many were named,
-- and whether any waiter can go.
local function announce_next(keys, entries, freed, total, now)
  if #entries == 0 then return 0, false end
  local map, free = map_of(keys, total), 0
  local gate = redis.call('GET', keys[1])
  if not gate or gate == PERMIT_HOLDERS then free = free_in(map, total) end
  local named, can_go, deputy = name_next(entries, function(demand)
    free = free - tonumber(demand)
    return free >= 0
  end, now)
  local texts = {}
  for i, entry in ipairs(named) do
    local slots, rest = choose(map, tonumber(entry[3]), total, freed, '0-' .. total - 1)
    map = rest or map
    texts[i] = entry[2] .. ':' .. string.gsub(slots or '', ' ', ',')
  end
  if #texts > 0 then
    write_entries(keys[8], entries, now)
    redis.pcall('PUBLISH', keys[9], wake_message(texts, deputy))
  end
  return #texts, can_go
end

-- Requests a vote. A request that settles a split vote names the tokens that it replaces. The line does not keep it out.
-- keys: of the semaphore, as above
-- args: token, ttl in ms, the waiter that joins the line or '', its ticket or 0, the number of permits, the total number, the stamp
--   of that number or 0, a set of slots to prefer; then the tokens that this one replaces
-- returns {1, fence, slots, limit or ''}, and of a request that settles also the map | {0, ms until enough permits could be free or
--   -1, a token in the way or '', the latest ticket that this server knows, limit or ''}
operations['slots.acquire'] = function(keys, args)
  local token, ttl, waiter, ticket, n = args[1], tonumber(args[2]), args[3], tonumber(args[4]), tonumber(args[5])
  local prefer, is_settling, own, now = args[8], #args > 8, tokens_of(args, 9), now_ms()
  local holder, remaining = other_holder(keys)
  local total, limit = limit_of(keys, tonumber(args[6]), tonumber(args[7]), now)
  if n > total then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested', total, n), 0) end
  forget_dead(keys, now)
  local entries = read_entries(keys[8], now, is_count_up_to(total))
  local known = math.max(now, entries.ticket)
  local map, length = map_of(keys, total)
  local slots, chosen = redis.call('HGET', keys[4], token), nil
  if holder then
    -- A plain lock is released without a look at this line, so the waiter also joins the plain one.
    if waiter ~= '' then pcall(enqueue, keys[9], waiter, ttl) end
  elseif slots then
    renew_counters(keys)
    renew(keys, token, now + ttl, now)
    if serve_place(entries, waiter, now) then write_entries(keys[8], entries, now) end
    local fence = largest_counter(keys, slots, read_fence(keys[2]) or first_fence(keys[2]))
    return {1, fence, slots, limit, is_settling and map or nil}
  else
    local view, former = map, ''
    for i = 2, #own do
      local held = redis.call('HGET', keys[4], own[i]) or ''
      view, former = overlay(view, held, FREE), former .. ' ' .. held
    end
    local blocker
    if #entries > 0 and not is_settling then
      local free = free_in(view, total)
      blocker = free >= n and blocker_of(entries, waiter, ticket > 0 and ticket or nil, function(demand)
        free = free - tonumber(demand)
        return free < n
      end)
    end
    if not blocker then chosen = choose(view, n, total, prefer, is_settling and former or nil, token) end
    if chosen then
      -- Before the first write, because a counter that cannot be counted up fails the request.
      local base = read_fence(keys[2]) or first_fence(keys[2])
      renew_counters(keys)
      local fence, deadline = largest_counter(keys, chosen, base) + 1, now + ttl
      write_counters(keys, chosen, fence, base)
      for i = 2, #own do
        local _, before = forget(keys, own[i])
        deadline = math.max(deadline, before or 0)
      end
      hold(keys, token, chosen, deadline, now, length)
      if serve_place(entries, waiter, now) then write_entries(keys[8], entries, now) end
      return {1, fence, chosen, limit, is_settling and overlay(view, chosen, TAKEN) or nil}
    end
    local free = free_in(map, total)
    remaining, holder = full_until(keys, n - free, now)
    if blocker then
      announce_next(keys, entries, '', total, now)
      if blocker[5] > 0 then remaining, holder = math.max(0, GRACE_MS - now + blocker[5]), ''
      else remaining = -1 end
    end
  end
  if waiter ~= '' then
    take_place(entries, waiter, string.format('%.0f', n), ticket, 0, now, known)
    write_entries(keys[8], entries, now)
  end
  return {0, remaining, holder, string.format('%.0f', known), limit}
end

-- Raises the counters of the slots to the fencing token, if this token holds exactly these slots.
-- keys: of the semaphore
-- args: token, fence, slots
-- returns 1 | {0}
operations['slots.commit'] = function(keys, args)
  local slots = args[3]
  if redis.call('HGET', keys[4], args[1]) ~= slots then return {0} end
  local base = read_fence(keys[2]) or first_fence(keys[2])
  renew_counters(keys)
  local count = largest_counter(keys, slots, base)
  if count < tonumber(args[2]) then write_counters(keys, slots, tonumber(args[2]), base) end
  return 1
end

-- Holds exactly these slots: renews them, takes those that are free, and frees all others of the holder, also if it is refused.
-- Raises the counters of slots that it did not hold. The line does not keep it out.
-- keys: of the semaphore
-- args: token, fence, ttl in ms, slots, the total number of permits, its stamp; then the tokens that this one replaces
-- returns 1 | {0, -1, a token in the way or ''}
operations['slots.extend'] = function(keys, args)
  local token, fence, ttl, slots = args[1], tonumber(args[2]), tonumber(args[3]), args[4]
  local own, now = tokens_of(args, 7), now_ms()
  local holder = other_holder(keys)
  if holder then return {0, -1, holder} end
  local total = limit_of(keys, tonumber(args[5]), tonumber(args[6]), now)
  forget_dead(keys, now)
  local held = redis.call('HGET', keys[4], token)
  if held == slots and #own == 1 then
    renew(keys, token, now + ttl, now)
    return 1
  end
  local map, length = map_of(keys, math.max(total, end_of(slots)))
  local view, before = map, ''
  for _, each in ipairs(own) do
    local former = redis.call('HGET', keys[4], each) or ''
    view, before = overlay(view, former, FREE), before .. ' ' .. former
  end
  if not are_free(view, slots) then
    -- What the holder has here is another set, so no vote of it counts.
    local withdrawal = {token, '', args[5], args[6]}
    for i = 2, #own do withdrawal[i + 3] = own[i] end
    operations['slots.release'](keys, withdrawal)
    return {0, -1, ''}
  end
  -- Before the first write, because a counter that cannot be raised fails the request. A server that has lost its memory gets no
  -- counter here, because the next grant must notice the loss.
  local base = held ~= slots and (read_fence(keys[2]) or floor_of(keys[2]))
  if base then
    renew_counters(keys)
    write_counters(keys, slots, math.max(fence, largest_counter(keys, slots, base)), base)
  end
  local deadline = now + ttl
  for _, each in ipairs(own) do
    local _, last = forget(keys, each)
    deadline = math.max(deadline, last or 0)
  end
  hold(keys, token, slots, deadline, now, length)
  local freed = runs_of(overlay(overlay(string.rep(FREE, #view), before, TAKEN), slots, FREE), TAKEN)
  if freed ~= '' then announce_next(keys, read_entries(keys[8], now, is_count_up_to(total)), freed, total, now) end
  return 1
end

-- keys: of the semaphore
-- args: token, the client that releases, or '' if a vote is withdrawn, the total number of permits, its stamp; then the tokens that
--   this one replaces
-- returns 0 if nothing was held, 1 if something was
operations['slots.release'] = function(keys, args)
  local client, own, now = args[2], tokens_of(args, 5), now_ms()
  local freed, was_held, until_ms, is_known = '', false, 0, false
  for _, each in ipairs(own) do
    local slots, deadline = forget(keys, each)
    if slots or deadline then is_known = true end
    if deadline and deadline >= now then was_held = true end
    freed, until_ms = freed .. ' ' .. (slots or ''), math.max(until_ms, deadline or 0)
  end
  if not is_known then return 0 end
  forget_dead(keys, now)
  local latest = tonumber(redis.call('ZREVRANGE', keys[5], 0, 0, 'WITHSCORES')[2])
  local gate, is_earlier = redis.pcall('GET', keys[1]), false
  if not latest then redis.call('DEL', keys[3]) end
  if gate == PERMIT_HOLDERS then
    if not latest then redis.call('DEL', keys[1])
    elseif until_ms > latest then
      redis.call('SET', keys[1], PERMIT_HOLDERS, 'PX', math.max(1, latest - now))
      is_earlier = true
    end
  end
  local lines = redis.pcall('MGET', keys[8], keys[9])
  if lines[1] or lines[2] then
    local total = limit_of(keys, tonumber(args[3]), tonumber(args[4]), now)
    local entries = read_entries(keys[8], now, is_count_up_to(total))
    local is_done, named, can_go = pcall(announce_next, keys, entries, freed, total, now)
    if not is_done then named, can_go = 0, false end
    if not latest and not can_go then announce(keys[9], client ~= '')
    -- Nobody announces the end of the holders that are left if they expire.
    elseif is_earlier and named == 0 then redis.pcall('PUBLISH', keys[9], '') end
  end
  return was_held and 1 or 0
end

-- Removes a waiter from the lines, and names the waiters that it kept out.
-- keys: of the semaphore
-- args: the waiter, the total number of permits, its stamp
-- returns 1
operations['slots.leave'] = function(keys, args)
  local now = now_ms()
  local total = limit_of(keys, tonumber(args[2]), tonumber(args[3]), now)
  local entries = read_entries(keys[8], now, is_count_up_to(total))
  if leave_place(entries, args[1]) then
    write_entries(keys[8], entries, now)
    pcall(announce_next, keys, entries, '', total, now)
  end
  pcall(dequeue, keys[9], args[1])
  return 1
end

-- Counts the free permits, and the held ones, also those above the total number.
-- keys: of the semaphore
-- args: the total number of permits, its stamp or 0
-- returns {1, free permits, total number, stamp or 0, held permits}
operations['slots.count'] = function(keys, args)
  local now, holder = now_ms(), other_holder(keys)
  local total, limit = limit_of(keys, tonumber(args[1]), tonumber(args[2]), now)
  forget_dead(keys, now)
  local entries = read_entries(keys[8], now, is_count_up_to(total))
  announce_next(keys, entries, '', total, now)
  local map = map_of(keys, total)
  local stamp = tonumber(string.match(limit, '^%d+') or 0)
  return {1, holder and 0 or free_in(map, total), total, stamp, #map - free_in(map, #map)}
end

-- As slots.count, to change the total number. A server that has lost its memory fails, because it has forgotten the latest change.
operations['slots.resize'] = function(keys, args)
  if not read_fence(keys[2]) then first_fence(keys[2]) end
  return operations['slots.count'](keys, args)
end
