-- The two commonest requests, alone in their call and for one resource, come first and do without the tables and functions
-- that the others need. What they do is what mutex.lua says; whatever is unusual, errors too, is left to that.
if ARGV[1] == 'mutex.acquire' and #KEYS == 2 and #ARGV[3] < 9 then
  local granted = redis.pcall('SET', KEYS[1], ARGV[2], 'NX', 'PX', ARGV[3])
  if granted and granted.ok then
    local fence = redis.pcall('INCR', KEYS[2])
    if type(fence) == 'number' and fence > 1 then
      redis.pcall('PEXPIRE', KEYS[2], '604800000')
      return {{1, fence}}
    end
    -- The counter was missing, or is none: as if nothing had been done.
    redis.pcall('DEL', KEYS[1])
    if fence == 1 then redis.pcall('DEL', KEYS[2]) end
  end
elseif ARGV[1] == 'mutex.release' and #KEYS == 1 then
  if redis.pcall('GET', KEYS[1]) == ARGV[2] and redis.pcall('DEL', KEYS[1]) == 1 then
    local listeners = redis.pcall('PUBLISH', ARGV[3], '')
    return {{1, 1, type(listeners) == 'number' and listeners or 0}}
  end
end

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
