-- An exclusive lock on one or several resources, all or nothing. Keys come in pairs: the lock, its fencing counter.

-- Fencing counters outlive every lock by a week, so that a resource which rests for days keeps counting.
local FENCE_TTL = 604800000

local function fence_ttl(ttl)
  return string.format('%.0f', math.max(FENCE_TTL, 2 * ttl))
end

-- Short of 2^53, from where on fencing tokens would repeat, and where clients begin to misread them. In µs: the year 2255.
local LAST_FENCE = 9000000000000000

-- Only others write what is no whole number, or so large: better no lock than a token that protects nothing. What is not
-- positive was never granted: such a counter counts as missing.
local function read_fence(key)
  local value = redis.call('GET', key)
  if not value then return nil end
  local fence = string.match(value, '^-?%d+$') and tonumber(value)
  if not fence or fence >= LAST_FENCE then error('the fencing counter ' .. key .. ' cannot be counted up: ' .. value) end
  return fence > 0 and fence or nil
end

local function write_fence(key, fence, ttl)
  redis.call('SET', key, string.format('%.0f', fence), 'PX', fence_ttl(ttl))
end

-- Where a counter is missing it starts at this instance's time in µs, cut to 16.384 ms, so that instances whose
-- clocks agree start alike and the first grant of a resource is committed in one round.
local function first_fence()
  local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
  return now - now % 16384
end

-- The key of another kind beside this one.
local function sibling(key, kind)
  return string.match(key, '^.*:') .. kind
end

-- `former`: the token whose holder hands over, or nil. `client`: who waits, or nil.
local function acquire(keys, token, former, ttl, client)
  local ttl_ms = tonumber(ttl)
  local renewal, remaining, holder, taken = true, nil, nil, false
  for i = 1, #keys, 2 do
    local value = redis.call('GET', keys[i])
    if value ~= token then renewal = false end
    if value and value == former then
      taken = true
    elseif value and value ~= token then
      local left = redis.call('PTTL', keys[i])
      if not holder or (remaining ~= -1 and (left == -1 or left > remaining)) then
        remaining, holder = left, value
      end
    end
  end
  if client then
    -- Also where it is granted: the votes may be split. A key of another type has no order to give.
    for i = 2, #keys, 2 do pcall(enqueue, sibling(keys[i], 'wake'), client, ttl_ms) end
  end
  if holder then return {0, remaining, holder} end
  local fence = 0
  for i = 2, #keys, 2 do
    local last = read_fence(keys[i])
    local next
    if not last then next = first_fence() elseif renewal then next = last else next = last + 1 end
    fence = math.max(fence, next)
  end
  for i = 1, #keys, 2 do
    redis.call('SET', keys[i], token, 'PX', ttl)
    write_fence(keys[i + 1], fence, ttl_ms)
  end
  return taken and -fence or fence
end

-- keys: lock, fence, …   args: token, ttl in ms, the client that waits or nothing
-- returns fence | {0, ms until the last of the holders expires or -1, its token}
operations['mutex.acquire'] = function(keys, args)
  return acquire(keys, args[1], nil, args[2], args[3])
end

-- Takes a hold over, or acquires what its holder has lost.
-- keys: lock, fence, …   args: token, the token of the holder who hands over, ttl in ms, the client that waits or nothing
-- returns fence, below 0 where it took something over | {0, as above}
operations['mutex.take'] = function(keys, args)
  return acquire(keys, args[1], args[2], args[3], args[4])
end

-- Writes a fencing token back where this holder still holds everything.
-- keys: lock, fence, …   args: token, fence, ttl in ms
-- returns 1 | {0}
operations['mutex.raise'] = function(keys, args)
  local token, fence, ttl = args[1], tonumber(args[2]), tonumber(args[3])
  for i = 1, #keys, 2 do
    if redis.call('GET', keys[i]) ~= token then return {0} end
  end
  for i = 2, #keys, 2 do
    write_fence(keys[i], math.max(read_fence(keys[i]) or 0, fence), ttl)
  end
  return 1
end

-- Renews what the token holds, and takes what is missing unless it was granted to somebody later. With 'settle' it takes
-- that, too: the holder has a majority of a set whose every lock needs one, so nobody can have had the lock since; who was
-- granted it here alone has given it back.
-- keys: lock, fence, …   args: token, fence, ttl in ms, 'settle' or '' or nothing, 'tell' where those who wait are to be told
-- returns 1 | {0, ms until the holder expires or -1, its token or '' where a later grant has ended already}
operations['mutex.extend'] = function(keys, args)
  local token, fence, ttl = args[1], tonumber(args[2]), tonumber(args[3])
  local fences = {}
  for i = 1, #keys, 2 do
    local value = redis.call('GET', keys[i])
    if value and value ~= token then return {0, redis.call('PTTL', keys[i]), value} end
    local last = read_fence(keys[i + 1])
    if not value and last and last > fence and args[4] ~= 'settle' then return {0, 0, ''} end
    fences[i] = math.max(last or 0, fence)
  end
  for i = 1, #keys, 2 do
    redis.call('SET', keys[i], token, 'PX', args[3])
    write_fence(keys[i + 1], fences[i], ttl)
  end
  if args[5] == 'tell' then
    for i = 2, #keys, 2 do redis.pcall('PUBLISH', sibling(keys[i], 'wake'), '') end
  end
  return 1
end

-- A key of another type is not held by anybody; it must not keep the others from being released.
-- Who gives a lock back leaves the line, and the next one is woken first; who withdraws a vote, by '', changes nothing there.
-- keys: lock, line, …   args: token, the client that gives back or ''
-- returns 0 where nothing was held, or else one more than how many connections were told, below 0 where another client is next
operations['mutex.release'] = function(keys, args)
  local freed, told, rivals = false, 0, false
  for i = 1, #keys, 2 do
    local value = redis.pcall('GET', keys[i])
    if args[2] ~= '' then pcall(dequeue, keys[i + 1], args[2]) end
    if value == args[1] then
      redis.call('DEL', keys[i])
      freed = true
      local known, first = false, ''
      if args[2] ~= '' then known, first = pcall(next_of, keys[i + 1]) end
      if known and first ~= '' then rivals = true end
      local listeners = redis.pcall('PUBLISH', keys[i + 1], known and first or '')
      if type(listeners) == 'number' then told = told + listeners end
    elseif type(value) == 'table' and value.err and not string.find(value.err, 'WRONGTYPE', 1, true) then
      error(value.err)
    end
  end
  if not freed then return 0 end
  return rivals and -1 - told or 1 + told
end

-- A client waits no more.
-- keys: line, …   args: the client
-- returns 1
operations['mutex.leave'] = function(keys, args)
  for i = 1, #keys do pcall(dequeue, keys[i], args[1]) end
  return 1
end
