-- Fencing counters: one for all names of a hash slot. They never expire.

-- A value that is no whole number, or too large, was written by another program: better no lock than a token that protects
-- nothing. A value that is not positive was never granted, so the counter counts as missing.
local function read_fence(key)
  local value = redis.call('GET', key)
  if not value then return nil end
  local fence = string.match(value, '^-?%d+$') and tonumber(value)
  if not fence or fence >= MAX_FENCE then error('the fencing counter ' .. key .. ' cannot be counted up: ' .. value) end
  return fence > 0 and fence or nil
end

local function write_fence(key, fence)
  redis.call('SET', key, string.format('%.0f', fence))
end

-- The start of a missing counter: this server's time in µs, cut so that servers whose clocks agree start alike.
local function first_fence()
  local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
  return now - now % FENCE_GRAIN_US
end

-- The counter becomes at least `fence`. A missing one may be lost, so it starts no lower than a new one would.
local function raise_fence(key, fence)
  local present = read_fence(key)
  if not present then fence = math.max(fence, first_fence()) end
  if (present or 0) < fence then write_fence(key, fence) end
end
