-- Permits of a semaphore (protocol §7). A permit is a slot, and each slot is a lock of its own: the server records one token for it.
-- slots-state.lua describes the keys, and slots.fast.lua is the fast path.
--
-- `sizes`: the number of permits, if it was changed, in one key for all semaphores of the hash slot.

local OTHER_HOLDERS = '~s'

-- The tokens of one holder: its own one, and those that it replaces, from args[first] on.
local function tokens_of(args, first)
  local own = {args[1]}
  for i = first, #args do own[#own + 1] = args[i] end
  return own
end

-- The state of a semaphore, the holder of the name if it is not a semaphore, and ms until its key expires.
local function read_holders(keys)
  local gate = redis.call('GET', keys[1])
  if gate and (gate == OTHER_HOLDERS or string.sub(gate, 1, 3) == OTHER_HOLDERS .. ' ') then
    error('OTHERKIND the name is held by a read/write lock or by a lock on a tree; use another name for the semaphore', 0)
  end
  local state = state_of(gate)
  if state.is_other then return state, gate, redis.call('PTTL', keys[1]) end
  return state, nil, nil
end

-- The number of permits by the latest change that this server or the client knows, and that change as `stamp total`, or ''.
local function limit_of(keys, total, stamp, now)
  local known, count, used = read_size(keys[6], keys[1], now)
  if stamp > (known or 0) then
    known, count = stamp, total
    write_size(keys[6], keys[1], known, count, now)
  elseif known and used + DAY_MS < now then
    write_size(keys[6], keys[1], known, count, now)
  end
  if not known then return total, '' end
  return count, string.format('%.0f %.0f', known, count)
end

-- A map with at least `length` slots.
local function padded(map, length)
  return map .. string.rep(FREE, length - #map)
end

-- Why n permits are not free: ms until enough of the earliest holders could be over, and the token of the first of them or ''.
local function full_until(keys, state, missing, now)
  local due = state.latest > 0 and redis.call('ZRANGE', keys[4], 0, MAX_LOOKED_AT - 1, 'WITHSCORES') or {}
  if state.token ~= '' then
    local at = 1
    while due[at] and tonumber(due[at + 1]) <= state.deadline do at = at + 2 end
    table.insert(due, at, state.token)
    table.insert(due, at + 1, state.deadline)
  end
  local last = -1
  for i = 1, #due, 2 do
    last = tonumber(due[i + 1])
    local slots = due[i] == state.token and state.slots or redis.call('HGET', keys[3], due[i]) or ''
    for first, end_slot in each_run(slots) do missing = missing - (end_slot - first + 1) end
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
local function announce_next(keys, state, entries, freed, total, now)
  if #entries == 0 then return 0, false end
  local map = padded(state.map, total)
  local free = state.is_other and 0 or free_in(map, total)
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
    write_entries(keys[7], entries, now)
    redis.pcall('PUBLISH', keys[8], wake_message(texts, deputy))
  end
  return #texts, can_go
end

-- Requests a vote. A request that settles a split vote names the tokens that it replaces. The line does not keep it out.
-- keys: of the semaphore, as above
-- args: token, ttl in ms, the waiter that joins the line or '', its ticket, or 0, or less than 0 if it is proposed, the number of permits, the total number, the stamp
--   of that number or 0, a set of slots to prefer; then the tokens that this one replaces
-- returns {1, fence, slots, limit or ''}, and of a request that settles also the map | {0, ms until enough permits could be free or
--   -1, a token in the way or '', the latest ticket that this server knows, limit or ''}
operations['slots.acquire'] = function(keys, args)
  local token, ttl, waiter, ticket, n = args[1], tonumber(args[2]), args[3], tonumber(args[4]), tonumber(args[5])
  local prefer, is_settling, own, now = args[8], #args > 8, tokens_of(args, 9), now_ms()
  local state, holder, remaining = read_holders(keys)
  local total, limit = limit_of(keys, tonumber(args[6]), tonumber(args[7]), now)
  if n > total then error(string.format('TOOMANY the semaphore has %.0f permits, and %.0f were requested', total, n), 0) end
  forget_dead(keys, state, now)
  local entries = read_entries(keys[7], now, is_count_up_to(total))
  local known = math.max(now, entries.ticket)
  local place = accepted(ticket, known)
  local map = padded(state.map, total)
  local slots, chosen = find_holder(keys, state, token), nil
  if holder then
    -- A plain lock is released without a look at this line, so the waiter also joins the plain one.
    if waiter ~= '' then pcall(enqueue, keys[8], waiter, ttl) end
  elseif slots then
    local fence = largest_counter(keys, slots, read_fence(keys[2]) or first_fence(keys[2]))
    renew(keys, state, token, now + ttl, now)
    if serve_place(entries, waiter, now) then write_entries(keys[7], entries, now) end
    return {1, fence, slots, limit, is_settling and map or nil}
  else
    local view, former = map, ''
    for i = 2, #own do
      local held = find_holder(keys, state, own[i]) or ''
      view, former = overlay(view, held, FREE), former .. ' ' .. held
    end
    local blocker
    if #entries > 0 and not is_settling then
      local free = free_in(view, total)
      blocker = free >= n and blocker_of(entries, waiter, place > 0 and place or nil, function(demand)
        free = free - tonumber(demand)
        return free < n
      end)
    end
    if not blocker then chosen = choose(view, n, total, prefer, is_settling and former or nil, token) end
    if chosen then
      -- Before the first write, because a counter that cannot be counted up fails the request.
      local base = read_fence(keys[2])
      local first = not base and first_fence(keys[2])
      local fence, deadline = largest_counter(keys, chosen, base or first) + 1, now + ttl
      check_types(keys, state)
      for i = 2, #own do
        local _, before = forget(keys, state, own[i])
        deadline = math.max(deadline, before or 0)
      end
      if state.token == '' and state.latest == 0 and redis.call('EXISTS', keys[5]) == 0 then
        -- The counter of the hash slot is enough, as for a plain lock.
        fence = first or fence
        write_fence(keys[2], fence)
      else
        write_counters(keys, chosen, fence, base or first)
      end
      hold(keys, state, token, chosen, deadline, now)
      if serve_place(entries, waiter, now) then write_entries(keys[7], entries, now) end
      return {1, fence, chosen, limit, is_settling and overlay(view, chosen, TAKEN) or nil}
    end
    local free = free_in(map, total)
    remaining, holder = full_until(keys, state, n - free, now)
    if blocker then
      announce_next(keys, state, entries, '', total, now)
      if blocker[5] > 0 then remaining, holder = math.max(0, GRACE_MS - now + blocker[5]), ''
      else remaining = -1 end
    end
  end
  if waiter ~= '' then
    take_place(entries, waiter, string.format('%.0f', n), ticket, 0, now, known)
    write_entries(keys[7], entries, now)
  end
  return {0, remaining, holder, tickets_text(known, now), limit}
end

-- Raises the counters of the slots to the fencing token, if this token holds exactly these slots.
-- keys: of the semaphore
-- args: token, fence, slots
-- returns 1 | {0}
operations['slots.commit'] = function(keys, args)
  local fence, slots = tonumber(args[2]), args[3]
  local state = state_of(redis.call('GET', keys[1]))
  if find_holder(keys, state, args[1]) ~= slots then return {0} end
  local base = read_fence(keys[2]) or first_fence(keys[2])
  local count = largest_counter(keys, slots, base)
  -- A commit means that the counters of the servers differ. If this server has counters of the slots, the next votes can agree.
  if count < fence or not are_counters_valid(keys) then write_counters(keys, slots, math.max(count, fence), base) end
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
  local state, holder = read_holders(keys)
  if holder then return {0, -1, holder} end
  local total = limit_of(keys, tonumber(args[5]), tonumber(args[6]), now)
  forget_dead(keys, state, now)
  local held = find_holder(keys, state, token)
  if held == slots and #own == 1 then
    renew(keys, state, token, now + ttl, now)
    return 1
  end
  local view, before = padded(state.map, math.max(total, end_of(slots))), ''
  for _, each in ipairs(own) do
    local former = find_holder(keys, state, each) or ''
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
  check_types(keys, state)
  local base = held ~= slots and (read_fence(keys[2]) or floor_of(keys[2]))
  if base then write_counters(keys, slots, math.max(fence, largest_counter(keys, slots, base)), base) end
  local deadline = now + ttl
  for _, each in ipairs(own) do
    local _, last = forget(keys, state, each)
    deadline = math.max(deadline, last or 0)
  end
  hold(keys, state, token, slots, deadline, now)
  local freed = runs_of(overlay(overlay(string.rep(FREE, #view), before, TAKEN), slots, FREE), TAKEN)
  if freed ~= '' then announce_next(keys, state, read_entries(keys[7], now, is_count_up_to(total)), freed, total, now) end
  return 1
end

-- keys: of the semaphore
-- args: token, the client that releases, or '' if a vote is withdrawn, the total number of permits, its stamp; then the tokens that
--   this one replaces
-- returns 0 if nothing was held, 1 if something was
operations['slots.release'] = function(keys, args)
  local client, own, now = args[2], tokens_of(args, 5), now_ms()
  local gate = redis.pcall('GET', keys[1])
  local state = state_of(type(gate) == 'string' and gate)
  local freed, was_held, until_ms, is_known = '', false, 0, false
  for _, each in ipairs(own) do
    local slots, deadline = forget(keys, state, each)
    if slots then
      is_known, was_held = true, was_held or deadline >= now
      freed, until_ms = freed .. ' ' .. slots, math.max(until_ms, deadline)
    end
  end
  if not is_known then return 0 end
  -- A server without memory refuses SET, but not after a write that needs no memory.
  redis.pcall('ZREM', keys[4], '')
  local lines = redis.pcall('MGET', keys[7], keys[8])
  local has_line = lines[1] or lines[2]
  -- If nobody waits, the next request removes the dead.
  if has_line then forget_dead(keys, state, now) end
  local last = save(keys, state, now)
  if has_line then
    local total = limit_of(keys, tonumber(args[3]), tonumber(args[4]), now)
    local entries = read_entries(keys[7], now, is_count_up_to(total))
    local is_done, named, can_go = pcall(announce_next, keys, state, entries, freed, total, now)
    if not is_done then named, can_go = 0, false end
    if last == 0 and not can_go then announce(keys[8], client ~= '')
    -- Nobody announces the end of the holders that are left if they expire.
    elseif last > 0 and until_ms > last and named == 0 then redis.pcall('PUBLISH', keys[8], '') end
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
  local entries = read_entries(keys[7], now, is_count_up_to(total))
  if leave_place(entries, args[1]) then
    write_entries(keys[7], entries, now)
    pcall(function() announce_next(keys, state_of(redis.call('GET', keys[1])), entries, '', total, now) end)
  end
  pcall(dequeue, keys[8], args[1])
  return 1
end

-- Counts the free permits, and the held ones, also those above the total number.
-- keys: of the semaphore
-- args: the total number of permits, its stamp or 0
-- returns {1, free permits, total number, stamp or 0, held permits}
operations['slots.count'] = function(keys, args)
  local now = now_ms()
  local state, holder = read_holders(keys)
  local total, limit = limit_of(keys, tonumber(args[1]), tonumber(args[2]), now)
  forget_dead(keys, state, now)
  local entries = read_entries(keys[7], now, is_count_up_to(total))
  announce_next(keys, state, entries, '', total, now)
  local free = holder and 0 or free_in(padded(state.map, total), total)
  local stamp = tonumber(string.match(limit, '^%d+') or 0)
  return {1, free, total, stamp, #state.map - free_in(state.map, #state.map)}
end

-- As slots.count, to change the total number. A server that has lost its memory fails, because it has forgotten the latest change.
operations['slots.resize'] = function(keys, args)
  if not read_fence(keys[2]) then first_fence(keys[2]) end
  return operations['slots.count'](keys, args)
end
