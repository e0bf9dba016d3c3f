-- Locks in modes on one or several nodes, all or nothing (protocol §7). A node is a name. A mode is IS, IX, S, SIX or X.
--
-- The lock's key is the gate of its node. It expires with the last holder. So a plain lock on the name excludes every mode, and every
-- mode excludes it. Its value is one of these:
--
-- - the token of the holder of X
-- - '~s mode token': the only holder, in another mode. The sorted sets are empty, so most locks need no more than this key.
-- - SHARED: the holders are in sorted sets, their tokens, each with its deadline in ms of this server. A holder of SIX is in two of
--   them.
--
-- The keys of a node: lock, fence, is, ix, s, line, wake. `k`: the index before the first of them.

local STRIDE, SHARED, PERMITS = 7, '~s', '~p'
local SETS = {['IS'] = {3}, ['IX'] = {4}, ['S'] = {5}, ['SIX'] = {4, 5}, ['X'] = {}}
-- The sets whose members clash with a mode. The holder of X clashes with every mode.
local RIVALS = {['IS'] = {}, ['IX'] = {5}, ['S'] = {4}, ['SIX'] = {4, 5}, ['X'] = {3, 4, 5}}

local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local function modes_of(text)
  local modes = {}
  for mode in string.gmatch(text, '%u+') do
    if not RIVALS[mode] then error('unknown mode ' .. mode, 0) end
    modes[#modes + 1] = mode
  end
  return modes
end

-- The tokens of one holder: its own one, and after a conversion also those before it, from args[first] on.
local function tokens_of(args, first)
  local own = {args[1], [args[1]] = true}
  for i = first, #args do
    own[#own + 1] = args[i]
    own[args[i]] = true
  end
  return own
end

-- The mode and the token of the only holder, if the gate names one.
local function sole_in(value)
  if not value or string.sub(value, 1, 3) ~= '~s ' then return nil end
  local mode, token = string.match(value, '^~s (%u+) (.*)$')
  if SETS[mode] then return mode, token end
end

-- What is held in the way of a mode: ms until the last of it expires, and the token that expires last. Tokens in `own` do not count.
local function obstacle_in(keys, k, mode, own, now)
  local value = redis.call('GET', keys[k + 1])
  if value and (value == PERMITS or string.sub(value, 1, 3) == PERMITS .. ' ') then
    error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree', 0)
  end
  local sole_mode, sole = sole_in(value)
  if sole then
    local left = not own[sole] and redis.call('PTTL', keys[k + 1])
    -- A gate without an expiry has no deadline to write into a set.
    if left and (left == -1 or clash(mode, sole_mode)) then return left, sole end
    return nil
  end
  if own[value] then return nil end
  if value and value ~= SHARED then return redis.call('PTTL', keys[k + 1]), value end
  local last, holder
  for _, set in ipairs(RIVALS[mode]) do
    local found = redis.call('ZREVRANGE', keys[k + set], 0, #own, 'WITHSCORES')
    for i = 1, #found, 2 do
      local deadline = tonumber(found[i + 1])
      if not own[found[i]] then
        if deadline >= now and (not last or deadline > last) then last, holder = deadline, found[i] end
        break
      end
    end
  end
  if last then return last - now, holder end
end

-- The latest deadline of all members of the node's sets. nil if none is alive.
local function latest_in(keys, k, now)
  local latest
  if redis.call('EXISTS', keys[k + 3], keys[k + 4], keys[k + 5]) == 0 then return nil end
  for set = 3, 5 do
    -- A key of another type has no member.
    local deadline = tonumber(redis.pcall('ZREVRANGE', keys[k + set], 0, 0, 'WITHSCORES')[2])
    if deadline and deadline >= now then latest = math.max(latest or 0, deadline) end
  end
  return latest
end

-- Whether the holder has the node in this mode, with a token of which `is_own` is true.
local function is_held_in(keys, k, mode, own)
  local value = redis.call('GET', keys[k + 1])
  if mode == 'X' then return own[value] end
  local sole_mode, sole = sole_in(value)
  if sole then return own[sole] and sole_mode == mode end
  for _, set in ipairs(SETS[mode]) do
    local is_member = false
    for _, token in ipairs(own) do
      if redis.call('ZSCORE', keys[k + set], token) then is_member = true end
    end
    if not is_member then return false end
  end
  return true
end

-- Whether the holder has the node in any mode.
local function is_known_in(keys, k, own)
  local value = redis.call('GET', keys[k + 1])
  local _, sole = sole_in(value)
  if sole then return own[sole] end
  if own[value] then return true end
  for set = 3, 5 do
    for _, token in ipairs(own) do
      if redis.call('ZSCORE', keys[k + set], token) then return true end
    end
  end
  return false
end

-- Puts a holder into the sets of its mode.
local function add_member(keys, k, mode, token, deadline, now)
  for _, set in ipairs(SETS[mode]) do
    local key = keys[k + set]
    redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('(%.0f', now))
    redis.call('ZADD', key, string.format('%.0f', deadline), token)
    if redis.call('PTTL', key) < deadline - now then redis.call('PEXPIRE', key, deadline - now) end
  end
end

-- Gives the node to the first token of `own`, in place of its other tokens. A deadline never moves back: a late request must not
-- shorten a later extension, and a conversion must not shorten what it replaces. Returns whether another own token was replaced.
local function hold_in(keys, k, mode, own, ttl, now)
  local lock, token, has_replaced = keys[k + 1], own[1], false
  local value = redis.call('GET', lock)
  local deadline = now + ttl
  local sole_mode, sole = sole_in(value)
  local holder, held_mode = sole or value, sole_mode or 'X'
  if own[holder] then
    local left = redis.call('PTTL', lock)
    -- An operator has removed the expiry of the key.
    if left == -1 and holder == token and mode == held_mode then return false end
    deadline = math.max(deadline, now + left)
    if sole == token and mode == sole_mode then
      redis.call('SET', lock, value, 'PX', deadline - now)
      return false
    end
    has_replaced = holder ~= token
    value = nil
  elseif sole then
    local left = math.max(1, redis.call('PTTL', lock))
    add_member(keys, k, sole_mode, sole, now + left, now)
    redis.call('SET', lock, SHARED, 'PX', left)
    value = SHARED
  end
  if value ~= SHARED and (mode ~= 'X' or sole) and redis.call('EXISTS', keys[k + 3], keys[k + 4], keys[k + 5]) == 0 then
    redis.call('SET', lock, mode == 'X' and token or '~s ' .. mode .. ' ' .. token, 'PX', deadline - now)
    return has_replaced
  end
  for set = 3, 5 do
    for i, each in ipairs(own) do
      local score = (i > 1 or mode ~= 'X') and redis.call('ZSCORE', keys[k + set], each)
      if score then
        deadline = math.max(deadline, tonumber(score))
        if i > 1 then
          redis.call('ZREM', keys[k + set], each)
          has_replaced = true
        end
      end
    end
  end
  if mode == 'X' then
    redis.call('SET', lock, token, 'PX', deadline - now)
    return has_replaced
  end
  add_member(keys, k, mode, token, deadline, now)
  if value ~= SHARED then
    redis.call('SET', lock, SHARED, 'PX', latest_in(keys, k, now) - now)
  else
    local left = redis.call('PTTL', lock)
    if left >= 0 and left < deadline - now then redis.call('PEXPIRE', lock, deadline - now) end
  end
  return has_replaced
end

local NOBODY = {}

-- Names the next waiters of a node, and publishes their names. Returns the waiters that were not named before, and whether any can go.
local function announce_next(keys, k, entries, now)
  if #entries == 0 then return {}, false end
  local named, can_go, deputy = name_next(
    entries, modes_that_can_go(function(mode) return obstacle_in(keys, k, mode, NOBODY, now) end), now)
  for i, entry in ipairs(named) do named[i] = entry[2] end
  if #named > 0 then
    write_entries(keys[k + 6], entries, now)
    redis.pcall('PUBLISH', keys[k + 7], wake_message(named, deputy))
  end
  return named, can_go
end

-- Where a request has to wait: ms until the way could be free or -1, and a token in the way or ''. nil if it can go.
local function blocked_in(keys, k, mode, own, waiter, score, entries, now)
  local left, holder = obstacle_in(keys, k, mode, own, now)
  if left or #entries == 0 or is_known_in(keys, k, own) then return left, holder end
  local blocker, has_more = blocker_of(entries, waiter, score, function(other) return clash(other, mode) end)
  if not blocker then return nil end
  announce_next(keys, k, entries, now)
  if has_more then return -1, '' end
  if blocker[5] > 0 then return math.max(0, GRACE_MS - now + blocker[5]), '' end
  left, holder = obstacle_in(keys, k, blocker[3], NOBODY, now)
  return left and -1 or GRACE_MS, holder or ''
end

-- The fencing token: a count for X and SIX. The other modes read the counter. A repeated request reads it, too.
local function fence_for(keys, modes, is_repeated)
  local fence, counts, known = 0, false, {}
  for _, mode in ipairs(modes) do
    if (mode == 'X' or mode == 'SIX') and not is_repeated then counts = true end
  end
  -- The nodes of a tree share one counter.
  for at = 2, #keys, STRIDE do
    local key = keys[at]
    if known[key] == nil then
      local last = read_fence(key)
      known[key] = last or 0
      fence = math.max(fence, last and (counts and last + 1 or last) or first_fence(key))
    end
  end
  for key, last in pairs(known) do
    if last ~= fence then write_fence(key, fence) end
  end
  return fence
end

-- Requests a vote. A request from a conversion names the tokens that it replaces; the line does not keep it out.
-- keys: for each node as above
-- args: token, ttl in ms, the waiter or '', its ticket or 0, its lead over later tickets in ms, the modes with spaces between them;
--   of a conversion also the tokens that this one replaces
-- returns fence, negative if it replaced a token | {0, ms until the way could be free or -1, a token in the way or '', the latest
--   ticket that this server knows, the number of places ahead in line}
operations['modes.acquire'] = function(keys, args)
  local ttl, waiter, ticket, lead = tonumber(args[2]), args[3], tonumber(args[4]), tonumber(args[5])
  local modes, own, alone, now = modes_of(args[6]), tokens_of(args, 7), {args[1], [args[1]] = true}, now_ms()
  local score = ticket > 0 and ticket - lead or nil
  local lines, known, at, remaining, holder = {}, now, nil, nil, nil
  local is_repeated, has_replaced = true, false
  for i, mode in ipairs(modes) do
    local k = (i - 1) * STRIDE
    lines[i] = read_entries(keys[k + 6], now, is_mode)
    known = math.max(known, lines[i].ticket)
    local left, who = blocked_in(keys, k, mode, own, waiter, score, lines[i], now)
    if left then
      at = at or i
      if not holder or (remaining ~= -1 and (left == -1 or left > remaining)) then
        remaining, holder = left, who
      end
    elseif not is_held_in(keys, k, mode, alone) then
      is_repeated = false
    end
  end
  -- A waiter also takes a place where it is granted everything, because the votes may be split.
  local line, position = at or #modes, nil
  if waiter ~= '' then
    position = take_place(lines[line], waiter, modes[line], ticket, lead, now, known)
    if not at and lines[line][position] then lines[line][position][5] = -1 end
    write_entries(keys[(line - 1) * STRIDE + 6], lines[line], now)
  end
  if at then
    -- A plain lock on the name is released without a look at the line of the node, so the waiter also joins the plain line.
    if waiter ~= '' then pcall(enqueue, keys[(at - 1) * STRIDE + 7], waiter, ttl) end
    return {0, remaining, holder, string.format('%.0f', known), position and position - 1 or #lines[at]}
  end
  local fence = fence_for(keys, modes, is_repeated)
  for i, mode in ipairs(modes) do
    local k = (i - 1) * STRIDE
    if hold_in(keys, k, mode, own, ttl, now) then has_replaced = true end
    if i ~= line and renew_place(lines[i], waiter, now) then write_entries(keys[k + 6], lines[i], now) end
  end
  return has_replaced and -fence or fence
end

operations['modes.convert'] = operations['modes.acquire']

-- Raises the counters to the fencing token, if this token holds everything.
-- keys: for each node as above
-- args: token, fence, modes
-- returns 1 | {0}
operations['modes.commit'] = function(keys, args)
  local own = {args[1], [args[1]] = true}
  for i, mode in ipairs(modes_of(args[3])) do
    if not is_held_in(keys, (i - 1) * STRIDE, mode, own) then return {0} end
  end
  for k = 0, #keys - STRIDE, STRIDE do
    -- Fails if the server has lost its memory.
    if not read_fence(keys[k + 2]) then first_fence(keys[k + 2]) end
    raise_fence(keys[k + 2], tonumber(args[2]))
  end
  return 1
end

-- Renews what the token holds, takes over what the tokens before it hold, and takes what is free. Raises the counters of what it
-- did not hold. The line does not keep it out.
-- keys: for each node as above
-- args: token, fence, ttl in ms, modes, then the tokens that this one replaces
-- returns 1 | {0, ms until the way could be free or -1, a token in the way}
operations['modes.extend'] = function(keys, args)
  local fence, ttl, modes = tonumber(args[2]), tonumber(args[3]), modes_of(args[4])
  local own, now = tokens_of(args, 5), now_ms()
  for i, mode in ipairs(modes) do
    local left, holder = obstacle_in(keys, (i - 1) * STRIDE, mode, own, now)
    if left then return {0, left, holder} end
  end
  -- Before the first write, because a counter that cannot be raised fails the request.
  for i, mode in ipairs(modes) do
    local k = (i - 1) * STRIDE
    -- A server that has lost its memory gets no counter here, because the next grant must notice the loss.
    local has_memory = not is_held_in(keys, k, mode, own) and (read_fence(keys[k + 2]) or floor_of(keys[k + 2]))
    if has_memory then raise_fence(keys[k + 2], fence) end
  end
  for i, mode in ipairs(modes) do
    local k = (i - 1) * STRIDE
    if hold_in(keys, k, mode, own, ttl, now) then announce_next(keys, k, read_entries(keys[k + 6], now, is_mode), now) end
  end
  return 1
end

-- Deletes a token where it is. Returns whether it was held, whether nobody holds the node now, and whether the gate now expires
-- earlier than waiters know.
local function free(keys, k, own, now)
  local lock, was_held = keys[k + 1], false
  local value = redis.pcall('GET', lock)
  if type(value) == 'table' then
    -- A key of another type has no holder. It must not prevent the release of the other nodes.
    if string.find(value.err, 'WRONGTYPE', 1, true) then return false, false end
    error(value.err, 0)
  end
  local _, sole = sole_in(value)
  if own[sole or value] then
    redis.call('DEL', lock)
    value, was_held = false, true
  end
  -- What a token before a conversion left in the sets is deleted, too.
  if sole or (was_held and #own == 1) then return was_held, was_held end
  local is_member = false
  for set = 3, 5 do
    for _, token in ipairs(own) do
      local score = redis.pcall('ZSCORE', keys[k + set], token)
      if type(score) == 'string' then
        redis.call('ZREM', keys[k + set], token)
        is_member = true
        if tonumber(score) >= now then was_held = true end
      end
    end
  end
  -- Another holder has the node exclusively.
  if value and value ~= SHARED then return was_held, false end
  local latest = is_member and latest_in(keys, k, now)
  if latest then
    local left = redis.call('PTTL', lock)
    redis.call('SET', lock, SHARED, 'PX', math.max(1, latest - now))
    return was_held, false, left > latest - now
  end
  if is_member and value then redis.call('DEL', lock) end
  return was_held, is_member or was_held
end

-- Removes a waiter from the lines of a node. Returns whether it was in the enforced one.
local function leave_lines(keys, k, entries, waiter, now)
  local has_left = leave_place(entries, waiter)
  if has_left then write_entries(keys[k + 6], entries, now) end
  pcall(dequeue, keys[k + 7], waiter)
  return has_left
end

-- keys: for each node as above
-- args: token, the waiter that releases, or '' if a vote is withdrawn; after a conversion also the tokens before it. A waiter with a
--   place of its own leaves the line.
-- returns 0 if nothing was held, 1 if something was, -1 if another client is also named as next
operations['modes.release'] = function(keys, args)
  local waiter, own, now = args[2], tokens_of(args, 3), now_ms()
  local was_held, has_next, has_own_place = false, false, string.find(waiter, '.', 1, true)
  for k = 0, #keys - STRIDE, STRIDE do
    local is_held, is_free, is_earlier = free(keys, k, own, now)
    local lines = (is_held or has_own_place) and redis.pcall('MGET', keys[k + 6], keys[k + 7])
    if is_held then was_held = true end
    if lines and (lines[1] or lines[2]) then
      local entries = read_entries(keys[k + 6], now, is_mode)
      if has_own_place then leave_lines(keys, k, entries, waiter, now) end
      local is_done, named, can_go = pcall(announce_next, keys, k, entries, now)
      if not is_done then named, can_go = {}, false end
      for _, other in ipairs(named) do
        if other ~= waiter then has_next = true end
      end
      if is_free and not can_go and announce(keys[k + 7], waiter ~= '') then has_next = true end
      -- Nobody announces the end of the holders that are left if they expire.
      if is_earlier and #named == 0 then redis.pcall('PUBLISH', keys[k + 7], '') end
    end
  end
  if not was_held then return 0 end
  return has_next and -1 or 1
end

operations['modes.releaseAll'] = operations['modes.release']

-- Removes a waiter from the lines, and names the waiters that it kept out.
-- keys: for each node as above
-- args: the waiter
-- returns 1
operations['modes.leave'] = function(keys, args)
  local now = now_ms()
  for k = 0, #keys - STRIDE, STRIDE do
    local entries = read_entries(keys[k + 6], now, is_mode)
    if leave_lines(keys, k, entries, args[1], now) then pcall(announce_next, keys, k, entries, now) end
  end
  return 1
end
