-- Fencing counters: one for all names of a hash slot. They never expire.

-- Returns nil for a missing counter. Another program wrote a value that is not a whole number or is too large. Then the request
-- fails, because a token from such a value would protect nothing. No grant wrote a value of 0 or less, so it counts as missing.
local function read_fence(key)
  local value = redis.call('GET', key)
  if not value then return nil end
  local fence = string.match(value, '^-?%d+$') and tonumber(value)
  if not fence or fence >= MAX_FENCE then
    error('the fencing counter ' .. key .. ' cannot be counted up: ' .. value .. '; delete it together with '
      .. string.match(key, '^(.*)~fence:') .. '~server, on one server after another')
  end
  return fence > 0 and fence or nil
end

local function write_fence(key, fence)
  redis.call('SET', key, string.format('%.0f', fence))
end

-- The first value of a missing counter: the floor in the server's marker. Returns nil without a marker that says that the memory is
-- complete: the server has lost its memory. A node of a cluster need not have the marker. It begins at its time in µs, cut so that
-- nodes whose clocks agree begin with one number.
local function floor_of(key)
  if not IS_CLUSTER then
    local marker = redis.pcall('GET', string.match(key, '^(.*)~fence:') .. '~server')
    if type(marker) ~= 'table' or string.find(marker.err, 'WRONGTYPE', 1, true) then
      return type(marker) == 'string' and tonumber(string.match(marker, '^complete .* (%d+)$')) or nil
    end
  end
  local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
  return math.max(1, now - now % FENCE_GRAIN_US)
end

-- Fails if the server has lost its memory.
local function first_fence(key)
  local floor = floor_of(key)
  if floor then return floor end
  -- A counter of 0 or less counts as missing.
  redis.call('DEL', key)
  error('NOMARKER the server has lost its memory: it has neither the fencing counter nor a marker', 0)
end

-- Raises the counter to at least `fence`. A missing counter also gets at least its first value.
local function raise_fence(key, fence)
  local present = read_fence(key)
  if not present then fence = math.max(fence, floor_of(key) or 0) end
  if (present or 0) < fence then write_fence(key, fence) end
end
