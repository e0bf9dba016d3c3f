-- Locks in modes on one or several nodes, all or nothing (protocol §7). modes-node.lua says what a node holds.
--
-- The keys of a request: lock, shared, line and wake of each node. Then, if it can grant or keep a lock, the fencing counters, each
-- once: most nodes share one. A request that joins no line has no wake.

local NOBODY = {}

-- Names the next waiters of a node, and publishes their names. Returns the waiters that were not named before, and whether any can go.
local function announce_next(node, entries, now)
  if #entries == 0 then return {}, false end
  local named, can_go, deputy = name_next(
    entries, modes_that_can_go(function(mode) return obstacle_in(node, mode, NOBODY, now) end), now)
  for i, entry in ipairs(named) do named[i] = entry[2] end
  if #named > 0 then
    write_entries(node.line, entries, now)
    redis.pcall('PUBLISH', node.wake, wake_message(named, deputy))
  end
  return named, can_go
end

-- Where a request has to wait: ms until the way could be free or -1, and a token in the way or ''. nil if it can go.
local function blocked_in(node, mode, own, waiter, score, entries, now)
  local left, holder = obstacle_in(node, mode, own, now)
  if left or #entries == 0 or is_known_in(node, own) then return left, holder end
  local blocker, has_more = blocker_of(entries, waiter, score, function(other) return clash(other, mode) end)
  if not blocker then return nil end
  -- Those ahead try again soon, so a request that joins no line need not call them.
  if node.wake then announce_next(node, entries, now) end
  if has_more then return -1, '' end
  if blocker[5] > 0 then return math.max(0, GRACE_MS - now + blocker[5]), '' end
  left, holder = obstacle_in(node, blocker[3], NOBODY, now)
  return left and -1 or GRACE_MS, holder or ''
end

-- The fencing token: a count for X and SIX. The other modes read the counter. A repeated request reads it, too.
local function fence_for(fences, modes, is_repeated)
  local fence, counts, known = 0, false, {}
  for _, mode in ipairs(modes) do
    if (mode == 'X' or mode == 'SIX') and not is_repeated then counts = true end
  end
  for i, key in ipairs(fences) do
    local last = read_fence(key)
    known[i] = last or 0
    fence = math.max(fence, last and (counts and last + 1 or last) or first_fence(key))
  end
  for i, key in ipairs(fences) do
    if known[i] ~= fence then write_fence(key, fence) end
  end
  return fence
end

-- Requests a vote. A request from a conversion names the tokens that it replaces; the line does not keep it out.
-- keys: as above; without wake if there is no waiter
-- args: token, ttl in ms, the modes with spaces between them, and '' or the place in the line: the waiter if it joins the line, its
--   ticket, or 0, or less than 0 if it is proposed, and its lead over later tickets in ms, with spaces between them; of a conversion also the tokens that this one replaces
-- returns fence, negative if it replaced a token | {0, ms until the way could be free or -1, a token in the way or '', the latest
--   ticket that this server knows, the number of places ahead in line}
operations['modes.acquire'] = function(keys, args)
  local ttl, waiter, ticket, lead = tonumber(args[2]), '', 0, 0
  if args[4] ~= '' then
    waiter, ticket, lead = string.match(args[4], '^(%S*) (%S+) (%S+)$')
    ticket, lead = tonumber(ticket), tonumber(lead)
  end
  local modes, own, alone, now = modes_of(args[3]), tokens_of(args, 5), {args[1], [args[1]] = true}, now_ms()
  local nodes = nodes_of(keys, #modes, waiter == '' and 3 or 4)
  local lines, known, at, remaining, holder = {}, now, nil, nil, nil
  local is_repeated, has_replaced = true, false
  for i = 1, #modes do
    lines[i] = read_entries(nodes[i].line, now, is_mode)
    known = math.max(known, lines[i].ticket)
  end
  local place = accepted(ticket, known)
  local score = place > 0 and place - lead or nil
  for i, mode in ipairs(modes) do
    local node = nodes[i]
    local left, who = blocked_in(node, mode, own, waiter, score, lines[i], now)
    if left then
      at = at or i
      if not holder or (remaining ~= -1 and (left == -1 or left > remaining)) then
        remaining, holder = left, who
      end
    elseif not is_held_in(node, mode, alone) then
      is_repeated = false
    end
  end
  -- A waiter also takes a place where it is granted everything, because the votes may be split.
  local line, position = at or #modes, nil
  if waiter ~= '' then
    position = take_place(lines[line], waiter, modes[line], ticket, lead, now, known)
    if not at and lines[line][position] then lines[line][position][5] = -1 end
    write_entries(nodes[line].line, lines[line], now)
  end
  if at then
    -- A plain lock on the name is released without a look at the line of the node, so the waiter also joins the plain line.
    if waiter ~= '' then pcall(enqueue, nodes[at].wake, waiter, ttl) end
    return {0, remaining, holder, tickets_text(known, now), position and position - 1 or #lines[at]}
  end
  local fence = fence_for(nodes.fences, modes, is_repeated)
  for i, mode in ipairs(modes) do
    local node = nodes[i]
    if hold_in(node, mode, own, ttl, now) then has_replaced = true end
    if i ~= line and renew_place(lines[i], waiter, now) then write_entries(node.line, lines[i], now) end
  end
  return has_replaced and -fence or fence
end

operations['modes.convert'] = operations['modes.acquire']

-- Raises the counters to the fencing token, if this token holds everything.
-- keys: as above
-- args: token, fence, modes
-- returns 1 | {0}
operations['modes.commit'] = function(keys, args)
  local modes, own = modes_of(args[3]), {args[1], [args[1]] = true}
  local nodes = nodes_of(keys, #modes, 4)
  for i, mode in ipairs(modes) do
    if not is_held_in(nodes[i], mode, own) then return {0} end
  end
  for _, key in ipairs(nodes.fences) do
    -- Fails if the server has lost its memory.
    if not read_fence(key) then first_fence(key) end
    raise_fence(key, tonumber(args[2]))
  end
  return 1
end

-- Renews what the token holds, takes over what the tokens before it hold, and takes what is free. If it did not hold everything, it
-- raises the counters. The line does not keep it out.
-- keys: as above
-- args: token, fence, ttl in ms, modes, then the tokens that this one replaces
-- returns 1 | {0, ms until the way could be free or -1, a token in the way}
operations['modes.extend'] = function(keys, args)
  local fence, ttl, modes = tonumber(args[2]), tonumber(args[3]), modes_of(args[4])
  local nodes, own, now, is_held = nodes_of(keys, #modes, 4), tokens_of(args, 5), now_ms(), true
  for i, mode in ipairs(modes) do
    local left, holder = obstacle_in(nodes[i], mode, own, now)
    if left then return {0, left, holder} end
    is_held = is_held and is_held_in(nodes[i], mode, own)
  end
  -- Before the first write, because a counter that cannot be raised fails the request.
  for _, key in ipairs(nodes.fences) do
    -- A server that has lost its memory gets no counter here, because the next grant must notice the loss.
    local has_memory = not is_held and (read_fence(key) or floor_of(key))
    if has_memory then raise_fence(key, fence) end
  end
  for i, mode in ipairs(modes) do
    local node = nodes[i]
    if hold_in(node, mode, own, ttl, now) then announce_next(node, read_entries(node.line, now, is_mode), now) end
  end
  return 1
end

-- Removes a waiter from the lines of a node. Returns whether it was in the enforced one.
local function leave_lines(node, entries, waiter, now)
  local has_left = leave_place(entries, waiter)
  if has_left then write_entries(node.line, entries, now) end
  pcall(dequeue, node.wake, waiter)
  return has_left
end

-- keys: as above, without counters
-- args: token, the waiter that releases, or '' if a vote is withdrawn; after a conversion also the tokens before it. A waiter with a
--   place of its own leaves the line.
-- returns 0 if nothing was held, 1 if something was, -1 if another client is also named as next
operations['modes.release'] = function(keys, args)
  local waiter, own, now = args[2], tokens_of(args, 3), now_ms()
  local was_held, has_next, has_own_place = false, false, string.find(waiter, '.', 1, true)
  for _, node in ipairs(nodes_of(keys, #keys / 4, 4)) do
    local is_held, is_free, is_earlier = free(node, own, now)
    local lines = (is_held or has_own_place) and redis.pcall('MGET', node.line, node.wake)
    if is_held then was_held = true end
    if lines and (lines[1] or lines[2]) then
      local entries = read_entries(node.line, now, is_mode)
      if has_own_place then leave_lines(node, entries, waiter, now) end
      local is_done, named, can_go = pcall(announce_next, node, entries, now)
      if not is_done then named, can_go = {}, false end
      for _, other in ipairs(named) do
        if other ~= waiter then has_next = true end
      end
      if is_free and not can_go and announce(node.wake, waiter ~= '') then has_next = true end
      -- Nobody announces the end of the holders that are left if they expire.
      if is_earlier and #named == 0 then redis.pcall('PUBLISH', node.wake, '') end
    end
  end
  if not was_held then return 0 end
  return has_next and -1 or 1
end

operations['modes.releaseAll'] = operations['modes.release']

-- Removes a waiter from the lines, and names the waiters that it kept out.
-- keys: as above, without counters
-- args: the waiter
-- returns 1
operations['modes.leave'] = function(keys, args)
  local now = now_ms()
  for _, node in ipairs(nodes_of(keys, #keys / 4, 4)) do
    local entries = read_entries(node.line, now, is_mode)
    if leave_lines(node, entries, args[1], now) then pcall(announce_next, node, entries, now) end
  end
  return 1
end
