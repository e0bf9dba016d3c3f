-- Fencing counters: one for all names of a hash slot. They never expire.

-- Returns nil for a missing counter. Another program wrote a value that is not a whole number or is too large. Then the request
-- fails, because a token from such a value would protect nothing. No grant wrote a value of 0 or less, so it counts as missing.
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

-- The first value of a missing counter: this server's time in µs, cut so that servers whose clocks agree start with one number.
local function first_fence()
  local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
  return math.max(1, now - now % FENCE_GRAIN_US)
end

-- Raises the counter to at least `fence`. A missing counter may have been larger, so it gets at least the first value.
local function raise_fence(key, fence)
  local present = read_fence(key)
  if not present then fence = math.max(fence, first_fence()) end
  if (present or 0) < fence then write_fence(key, fence) end
end
