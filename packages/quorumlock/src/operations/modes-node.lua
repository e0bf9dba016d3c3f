-- What one node of a lock in modes holds, and how that is read and written. A node is a name. A mode is IS, IX, S, SIX or X.
--
-- The lock's key is the gate of its node. It expires with the last holder. So a plain lock on the name excludes every mode, and every
-- mode excludes it. Its value is one of these:
--
-- - the token of the holder of X
-- - '~s mode token': the only holder, in another mode. The sorted set is empty, so most locks need no more than this key.
-- - SHARED: the holders are in a sorted set, by their tokens. A score is the rank of the mode times BAND, plus the deadline in ms of
--   this server. So the holders of one mode are together, ordered by their deadlines.

local SHARED, PERMITS = '~s', '~p'
local BAND, RANKS = 100000000000000, {['IS'] = 1, ['IX'] = 2, ['SIX'] = 3, ['S'] = 4}
local SHARED_MODES = {'IS', 'IX', 'SIX', 'S'}
-- The shared modes that clash with a mode. The holder of X clashes with every mode.
local RIVALS = {['IS'] = {}, ['IX'] = {'SIX', 'S'}, ['S'] = {'IX', 'SIX'}, ['SIX'] = {'IX', 'SIX', 'S'}, ['X'] = SHARED_MODES}

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

-- The keys of each node, and behind them the fencing counters. `stride`: the number of keys of a node.
local function nodes_of(keys, count, stride)
  local nodes = {['fences'] = {unpack(keys, count * stride + 1)}}
  for i = 1, count do
    local k = (i - 1) * stride
    nodes[i] = {['lock'] = keys[k + 1], ['shared'] = keys[k + 2], ['line'] = keys[k + 3], ['wake'] = stride > 3 and keys[k + 4]}
  end
  return nodes
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
  if RIVALS[mode] then return mode, token end
end

local function whole(number) return string.format('%.0f', number) end

-- The holders of a shared mode that expire last, at most `count`, each with its score, and what is to be subtracted from a score. An
-- error if the key has another type.
local function last_in(key, mode, count)
  local base = RANKS[mode] * BAND
  return redis.pcall('ZREVRANGEBYSCORE', key, '(' .. whole(base + BAND), whole(base), 'WITHSCORES', 'LIMIT', 0, count), base
end

-- What is held in the way of a mode: ms until the last of it expires, and the token that expires last. Tokens in `own` do not count.
local function obstacle_in(node, mode, own, now)
  local value = redis.call('GET', node.lock)
  if value and (value == PERMITS or string.sub(value, 1, 3) == PERMITS .. ' ') then
    error('OTHERKIND the name is held by a semaphore; use another name for the read/write lock or the tree', 0)
  end
  local sole_mode, sole = sole_in(value)
  if sole then
    local left = not own[sole] and redis.call('PTTL', node.lock)
    -- A gate without an expiry has no deadline to write into the set.
    if left and (left == -1 or clash(mode, sole_mode)) then return left, sole end
    return nil
  end
  if own[value] then return nil end
  if value and value ~= SHARED then return redis.call('PTTL', node.lock), value end
  local last, holder
  if not value and redis.call('EXISTS', node.shared) == 0 then return nil end
  for _, rival in ipairs(RIVALS[mode]) do
    local found, base = last_in(node.shared, rival, #own + 1)
    if found.err then error(found.err, 0) end
    for i = 1, #found, 2 do
      local deadline = tonumber(found[i + 1]) - base
      if not own[found[i]] then
        if deadline >= now and (not last or deadline > last) then last, holder = deadline, found[i] end
        break
      end
    end
  end
  if last then return last - now, holder end
end

-- The latest deadline of all shared holders of the node. nil if none is alive.
local function latest_in(node, now)
  local latest
  if redis.call('EXISTS', node.shared) == 0 then return nil end
  for _, mode in ipairs(SHARED_MODES) do
    -- A key of another type has no member.
    local found, base = last_in(node.shared, mode, 1)
    local score = tonumber(found[2])
    if score and score - base >= now then latest = math.max(latest or 0, score - base) end
  end
  return latest
end

-- Whether the holder has the node in this mode, with a token of which `is_own` is true.
local function is_held_in(node, mode, own)
  local value = redis.call('GET', node.lock)
  if mode == 'X' then return own[value] end
  local sole_mode, sole = sole_in(value)
  if sole then return own[sole] and sole_mode == mode end
  for _, token in ipairs(own) do
    local score = redis.call('ZSCORE', node.shared, token)
    if score and math.floor(tonumber(score) / BAND) == RANKS[mode] then return true end
  end
  return false
end

-- Whether the holder has the node in any mode.
local function is_known_in(node, own)
  local value = redis.call('GET', node.lock)
  local _, sole = sole_in(value)
  if sole then return own[sole] end
  if own[value] then return true end
  for _, token in ipairs(own) do
    if redis.call('ZSCORE', node.shared, token) then return true end
  end
  return false
end

-- Puts a holder into the sorted set. Removes the dead holders of its mode.
local function add_member(key, mode, token, deadline, now)
  local base = RANKS[mode] * BAND
  redis.call('ZREMRANGEBYSCORE', key, whole(base), '(' .. whole(base + now))
  redis.call('ZADD', key, whole(base + deadline), token)
  if redis.call('PTTL', key) < deadline - now then redis.call('PEXPIRE', key, deadline - now) end
end

-- Gives the node to the first token of `own`, in place of its other tokens. A deadline never moves back: a late request must not
-- shorten a later extension, and a conversion must not shorten what it replaces. Returns whether another own token was replaced.
local function hold_in(node, mode, own, ttl, now)
  local lock, shared, token, has_replaced = node.lock, node.shared, own[1], false
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
    add_member(shared, sole_mode, sole, now + left, now)
    redis.call('SET', lock, SHARED, 'PX', left)
    value = SHARED
  end
  if value ~= SHARED and (mode ~= 'X' or sole) and redis.call('EXISTS', shared) == 0 then
    redis.call('SET', lock, mode == 'X' and token or '~s ' .. mode .. ' ' .. token, 'PX', deadline - now)
    return has_replaced
  end
  for i, each in ipairs(own) do
    local score = (i > 1 or mode ~= 'X') and redis.call('ZSCORE', shared, each)
    if score then
      deadline = math.max(deadline, tonumber(score) % BAND)
      if i > 1 then
        redis.call('ZREM', shared, each)
        has_replaced = true
      end
    end
  end
  if mode == 'X' then
    redis.call('SET', lock, token, 'PX', deadline - now)
    return has_replaced
  end
  add_member(shared, mode, token, deadline, now)
  if value ~= SHARED then
    redis.call('SET', lock, SHARED, 'PX', latest_in(node, now) - now)
  else
    local left = redis.call('PTTL', lock)
    if left >= 0 and left < deadline - now then redis.call('PEXPIRE', lock, deadline - now) end
  end
  return has_replaced
end

-- Deletes a token where it is. Returns whether it was held, whether nobody holds the node now, and whether the gate now expires
-- earlier than waiters know.
local function free(node, own, now)
  local lock, was_held = node.lock, false
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
  -- What a token before a conversion left in the set is deleted, too.
  if sole or (was_held and #own == 1) then return was_held, was_held end
  local is_member = false
  for _, token in ipairs(own) do
    local score = redis.pcall('ZSCORE', node.shared, token)
    if type(score) == 'string' then
      redis.call('ZREM', node.shared, token)
      is_member = true
      if tonumber(score) % BAND >= now then was_held = true end
    end
  end
  -- Another holder has the node exclusively.
  if value and value ~= SHARED then return was_held, false end
  local latest = is_member and latest_in(node, now)
  if latest then
    -- The clock of the server can go on during a call, so one ms more is no difference.
    local left = redis.call('PTTL', lock)
    local is_earlier = left > latest - now + 1
    if left < 0 or is_earlier then redis.call('SET', lock, SHARED, 'PX', math.max(1, latest - now)) end
    return was_held, false, is_earlier
  end
  if is_member and value then redis.call('DEL', lock) end
  return was_held, is_member or was_held
end
