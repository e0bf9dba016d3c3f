-- The commonest requests, for one resource, come first and do without the tables and functions that the others need. What
-- they do is what mutex.lua says; whatever is unusual, errors too, is left to that: then there is no reply.
--
-- A reply that is a whole number n stands for {1, n}: a table costs a server several times as much to tell.

local call = redis.pcall

-- One that was missing, or is none, is left as if nothing had been done; what is not positive counts as missing.
local function quick_count(counter)
  local fence = call('INCR', counter)
  if type(fence) == 'number' and fence > 1 and fence <= 9000000000000000 then
    call('PEXPIRE', counter, '604800000')
    return fence
  end
  if type(fence) == 'number' then call(fence > 1 and 'DECR' or 'DEL', counter) end
  return nil
end

local function quick_acquire(lock, counter, token, ttl)
  if #ttl > 8 then return nil end
  local set = call('SET', lock, token, 'NX', 'PX', ttl)
  if not set or not set.ok then return nil end
  local fence = quick_count(counter)
  if not fence then call('DEL', lock) end
  return fence
end

local function quick_take(lock, counter, token, former, ttl)
  if #ttl > 8 or call('GET', lock) ~= former then return nil end
  local fence = quick_count(counter)
  if not fence then return nil end
  call('SET', lock, token, 'PX', ttl)
  return -fence
end

local function quick_release(lock, line, token)
  local value = call('GET', lock)
  if type(value) == 'table' or call('GET', line) then return nil end
  if value ~= token then return 0 end
  if call('DEL', lock) ~= 1 then return nil end
  local told = call('PUBLISH', line, '')
  return 1 + (type(told) == 'number' and told or 0)
end

local function quick_extend(lock, counter, token, fence, ttl)
  if #ttl > 8 or call('GET', lock) ~= token or call('GET', counter) ~= fence then return nil end
  if tonumber(fence) >= 9000000000000000 then return nil end
  if call('PEXPIRE', lock, ttl) ~= 1 then return nil end
  call('PEXPIRE', counter, '604800000')
  return 1
end

if #KEYS == 2 then
  local reply
  if ARGV[1] == 'mutex.acquire' and #ARGV == 3 then reply = quick_acquire(KEYS[1], KEYS[2], ARGV[2], ARGV[3])
  elseif ARGV[1] == 'mutex.release' then reply = quick_release(KEYS[1], KEYS[2], ARGV[2])
  elseif ARGV[1] == 'mutex.take' and #ARGV == 4 then reply = quick_take(KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[4])
  elseif ARGV[1] == 'mutex.extend' and #ARGV == 4 then reply = quick_extend(KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[4]) end
  if reply then return reply end
end

-- Of a batch: the run of requests that is under way, how many of it are left, where the arguments stand that all of them
-- share, and how far everything is done, in KEYS and in ARGV.
local name, left, keys, own, shared, shared_at
local replies, key, arg, last = {}, 0, 1, #ARGV
left = 0

-- Releases from here on at once, as far as nobody stands in line: keys are read and deleted all together.
local function quick_releases()
  local found = call('MGET', unpack(KEYS, key + 1, key + 2 * left))
  local gone, freed, at = {}, {}, {}
  for i = 1, #found / 2 do
    local lock = KEYS[key + 1]
    if found[2 * i] then break end
    local held = found[2 * i - 1] == ARGV[arg + 1] and not freed[lock]
    replies[#replies + 1] = 0
    if held then
      freed[lock], gone[#gone + 1], at[#at + 1] = true, lock, KEYS[key + 2]
      at[#at + 1] = #replies
    end
    key, arg, left = key + 2, arg + 1, left - 1
  end
  local deleted = #gone > 0 and call('DEL', unpack(gone))
  for i = 1, #at, 2 do
    local told = call('PUBLISH', at[i], '')
    replies[at[i + 1]] = type(deleted) == 'table' and {-1, deleted.err} or 1 + (type(told) == 'number' and told or 0)
  end
end

local function quick_run()
  local arguments = keys == 2 and own + shared
  local acquires = name == 'mutex.acquire' and arguments == 2
  local releases = name == 'mutex.release' and arguments == 2
  local takes = name == 'mutex.take' and arguments == 3
  local extends = name == 'mutex.extend' and arguments == 3
  local ttl = ARGV[shared_at + 1]
  while left > 0 do
    local reply
    if acquires then reply = quick_acquire(KEYS[key + 1], KEYS[key + 2], ARGV[arg + 1], ttl)
    elseif releases then reply = quick_release(KEYS[key + 1], KEYS[key + 2], ARGV[arg + 1])
    elseif takes then reply = quick_take(KEYS[key + 1], KEYS[key + 2], ARGV[arg + 1], ARGV[arg + 2], ttl)
    elseif extends then reply = quick_extend(KEYS[key + 1], KEYS[key + 2], ARGV[arg + 1], ARGV[arg + 2], ttl) end
    if not reply then return false end
    replies[#replies + 1] = reply
    key, arg, left = key + 2, arg + own, left - 1
  end
  return true
end

-- Goes on as far as it can, and tells whether that is the end.
local function quickly()
  while left > 0 or arg < last do
    if left == 0 then
      name, left = ARGV[arg + 1], tonumber(ARGV[arg + 2])
      keys, own, shared = tonumber(ARGV[arg + 3]), tonumber(ARGV[arg + 4]), tonumber(ARGV[arg + 5])
      shared_at = arg + 5
      arg = shared_at + shared
      if name == 'mutex.release' and keys == 2 and left > 1 then quick_releases() end
    end
    if not quick_run() then return false end
  end
  return true
end

if ARGV[1] == 'batch' and quickly() then return replies end
