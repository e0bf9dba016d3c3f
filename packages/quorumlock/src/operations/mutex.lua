-- The exclusive lock on one or several names, all or nothing.

-- Sets the key, or renews it if the token holds it. A renewal never moves the expiry back, because a late request must not shorten
-- a later extension.
local function hold(key, token, ttl, is_held)
  if not is_held then redis.call('SET', key, token, 'PX', ttl)
  else
    local left = redis.call('PTTL', key)
    if left >= 0 and left < tonumber(ttl) then redis.call('PEXPIRE', key, ttl) end
  end
end

local function acquire(keys, token, previous, ttl, waiter)
  local stride = waiter == '' and 2 or 3
  local is_held, is_repeated, has_replaced = {}, true, false
  local remaining, holder
  for i = 1, #keys, stride do
    local value = redis.call('GET', keys[i])
    is_held[i] = value == token
    if value ~= token then is_repeated = false end
    if value and value == previous then
      has_replaced = true
    elseif value and value ~= token then
      local left = redis.call('PTTL', keys[i])
      if not holder or (remaining ~= -1 and (left == -1 or left > remaining)) then
        remaining, holder = left, value
      end
    end
  end
  if waiter ~= '' then
    -- The client joins the line also if this instance grants, because the votes may be split.
    for i = 3, #keys, 3 do pcall(enqueue, keys[i], waiter, tonumber(ttl)) end
  end
  if holder then return {0, remaining, holder} end
  local fence = 0
  for i = 2, #keys, stride do
    local last = read_fence(keys[i])
    fence = math.max(fence, last and (is_repeated and last or last + 1) or first_fence(keys[i]))
  end
  for i = 1, #keys, stride do
    hold(keys[i], token, ttl, is_held[i])
    write_fence(keys[i + 1], fence)
  end
  return has_replaced and -fence or fence
end

-- keys: for each name lock, fence; and wake, if there is a waiter
-- args: token, ttl in ms, the client that waits or ''
-- returns fence | {0, ms until the last key of another holder expires or -1, the token in that key}
operations['mutex.acquire'] = function(keys, args)
  return acquire(keys, args[1], nil, args[2], args[3])
end

-- Replaces the token of the previous holder, which is of the same client, and acquires names that it has lost. It sets the expiry
-- to the ttl: the client calls it only with a ttl that is not shorter (protocol §8).
-- keys: as above
-- args: token, the previous token, ttl in ms, the client that waits or ''
-- returns fence, negative if it replaced the previous token | {0, as above}
operations['mutex.takeOver'] = function(keys, args)
  return acquire(keys, args[1], args[2], args[3], args[4])
end

-- Raises the counters to the fencing token, if this token holds everything.
-- keys: for each name lock, fence
-- args: token, fence
-- returns 1 | {0}
operations['mutex.commit'] = function(keys, args)
  for i = 1, #keys, 2 do
    if redis.call('GET', keys[i]) ~= args[1] then return {0} end
  end
  for i = 2, #keys, 2 do
    -- Fails if the server has lost its memory.
    if not read_fence(keys[i]) then first_fence(keys[i]) end
    raise_fence(keys[i], tonumber(args[2]))
  end
  return 1
end

-- Renews the keys that the token holds, and sets the keys that are free. Raises the counters of the free keys to the fencing token.
-- keys: for each name lock, fence
-- args: token, fence, ttl in ms
-- returns 1 | {0, ms until the holder expires or -1, its token}
operations['mutex.extend'] = function(keys, args)
  local token, fence, ttl = args[1], tonumber(args[2]), args[3]
  local is_held = {}
  for i = 1, #keys, 2 do
    local value = redis.call('GET', keys[i])
    if value and value ~= token then return {0, redis.call('PTTL', keys[i]), value} end
    is_held[i] = value == token
  end
  -- Before the first write, because a counter that cannot be raised fails the request.
  for i = 1, #keys, 2 do
    -- A server that has lost its memory gets no counter here, because the next grant must notice the loss.
    local has_memory = not is_held[i] and (read_fence(keys[i + 1]) or floor_of(keys[i + 1]))
    if has_memory then raise_fence(keys[i + 1], fence) end
  end
  for i = 1, #keys, 2 do hold(keys[i], token, ttl, is_held[i]) end
  return 1
end

-- A key of another type has no holder. It must not prevent the release of the other names.
-- keys: for each name lock, wake
-- args: token, the client that releases, or '' if a vote is withdrawn
-- returns 0 if nothing was held, 1 if something was, -1 if another client is also next in line
operations['mutex.release'] = function(keys, args)
  local token, client = args[1], args[2]
  local was_held, has_next = false, false
  for i = 1, #keys, 2 do
    local value = redis.pcall('GET', keys[i])
    if client ~= '' then pcall(dequeue, keys[i + 1], client) end
    if value == token then
      redis.call('DEL', keys[i])
      was_held = true
      if announce(keys[i + 1], client ~= '') then has_next = true end
    elseif type(value) == 'table' and value.err and not string.find(value.err, 'WRONGTYPE', 1, true) then
      error(value.err)
    end
  end
  if not was_held then return 0 end
  return has_next and -1 or 1
end

-- Removes a client from the line.
-- keys: wake
-- args: the client
-- returns 1
operations['mutex.leave'] = function(keys, args)
  pcall(dequeue, keys[1], args[1])
  return 1
end

-- Renews the keys if the token holds all of them, for a lock that passes to another process. It takes no free key, because another
-- holder may have come and gone.
-- keys: for each name lock, fence
-- args: token, ttl in ms
-- returns the largest counter of the names, 1 if there is none | {0, ms until the holder expires, -1 or -2, its token or ''}
operations['mutex.renew'] = function(keys, args)
  local fence = 1
  for i = 1, #keys, 2 do
    local value = redis.call('GET', keys[i])
    if value ~= args[1] then return {0, redis.call('PTTL', keys[i]), value or ''} end
    fence = math.max(fence, read_fence(keys[i + 1]) or 1)
  end
  for i = 1, #keys, 2 do hold(keys[i], args[1], args[2], true) end
  return fence
end

-- Reads who holds the names, and who waits for them. It writes nothing.
-- keys: for each name lock, wake
-- returns {1, and for each name: the token or '', ms until it expires or -1, -2 if nobody holds it, the line or ''}
operations['mutex.query'] = function(keys)
  local reply = {1}
  for i = 1, #keys, 2 do
    reply[#reply + 1] = redis.call('GET', keys[i]) or ''
    reply[#reply + 1] = redis.call('PTTL', keys[i])
    reply[#reply + 1] = read_line(keys[i + 1]) or ''
  end
  return reply
end
