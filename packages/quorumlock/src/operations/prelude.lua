-- Many operations in one call, each isolated: one that fails does not touch the others.
--
-- KEYS: the keys of all operations, one after the other
-- ARGV: the verb that publishes wake messages (PUBLISH, or SPUBLISH where the instance is a cluster), then for each
--       operation: its name, how many keys it takes, how many arguments follow, the arguments
-- returns a list with one reply for each operation: {1, …} yes, {0, …} no, {-1, message} failed
local publish = ARGV[1]
local operations = {}

-- Fencing counters outlive every lock by a week, so that a resource which rests for days keeps counting.
local FENCE_TTL = 604800000

local function fence_ttl(ttl)
  return string.format('%.0f', math.max(FENCE_TTL, 2 * ttl))
end

local function read_fence(key)
  local value = redis.call('GET', key)
  if not value then return nil end
  return tonumber(value) or error('the fencing counter ' .. key .. ' is not a number: ' .. value)
end

local function write_fence(key, fence, ttl)
  redis.call('SET', key, string.format('%.0f', fence), 'PX', fence_ttl(ttl))
end
