-- The two commonest requests, for one resource, come first and do without the tables and functions that the others need.
-- What they do is what mutex.lua says; whatever is unusual, errors too, is left to that: then the reply is nil.

local function quick_acquire(lock, counter, token, ttl, replaces)
  if #ttl > 8 then return nil end
  if replaces then
    if redis.pcall('GET', lock) ~= replaces then return nil end
  else
    local set = redis.pcall('SET', lock, token, 'NX', 'PX', ttl)
    if not set or not set.ok then return nil end
  end
  local fence = redis.pcall('INCR', counter)
  if type(fence) == 'number' and fence > 1 and fence <= 9000000000000000 then
    redis.pcall('PEXPIRE', counter, '604800000')
    if not replaces then return {1, fence} end
    redis.pcall('SET', lock, token, 'PX', ttl)
    return {1, fence, 1}
  end
  -- The counter was missing, or is none: as if nothing had been done. What is not positive counts as missing.
  if not replaces then redis.pcall('DEL', lock) end
  if type(fence) == 'number' then redis.pcall(fence > 1 and 'DECR' or 'DEL', counter) end
  return nil
end

local function quick_release(lock, queue, token, wake)
  if redis.pcall('GET', queue) then return nil end
  if redis.pcall('GET', lock) == token and redis.pcall('DEL', lock) == 1 then
    local listeners = redis.pcall('PUBLISH', wake, '')
    return {1, 1, type(listeners) == 'number' and listeners or 0}
  end
  return nil
end

if ARGV[1] == 'mutex.acquire' and #KEYS == 2 and #ARGV < 5 then
  local reply = quick_acquire(KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[4])
  if reply then return {reply} end
elseif ARGV[1] == 'mutex.release' and #KEYS == 2 then
  local reply = quick_release(KEYS[1], KEYS[2], ARGV[2], ARGV[4])
  if reply then return {reply} end
end

-- Of many requests: how far they are done, in KEYS and ARGV.
local replies, key, arg = {}, 0, 1

-- Does the next one, and tells whether it could.
local function quick_next()
  local name, args, reply = ARGV[arg + 1], ARGV[arg + 3], nil
  if ARGV[arg + 2] ~= '2' then return false end
  if name == 'mutex.acquire' and (args == '2' or args == '3') then
    local replaces = args == '3' and ARGV[arg + 6] or nil
    reply = quick_acquire(KEYS[key + 1], KEYS[key + 2], ARGV[arg + 4], ARGV[arg + 5], replaces)
  elseif name == 'mutex.release' and args == '3' then
    reply = quick_release(KEYS[key + 1], KEYS[key + 2], ARGV[arg + 4], ARGV[arg + 6])
  end
  if not reply then return false end
  replies[#replies + 1] = reply
  key, arg = key + 2, arg + 3 + args
  return true
end

if ARGV[1] == 'batch' then
  while arg < #ARGV and quick_next() do end
  if arg >= #ARGV then return replies end
end
