-- The changed sizes of the semaphores of one hash slot (protocol §7): a hash. A field is the key of the semaphore's lock. Its value is
-- `stamp total used`: the largest stamp is the latest change, and `used` is when the size was last used, to a day, in ms of this
-- server. They are in one key, so that they can be carried to another server without a search for keys (protocol §10).

-- The field that says when old sizes were last deleted. No lock has this key.
local CLEANED = '~'

local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- The stamp and the total of a text, if it is a size that was used within the last days; and when that was.
local function parse_size(text, now)
  local stamp, total, used = string.match(text, '^(%d+) (%d+) (%d+)$')
  if stamp and tonumber(used) + KEEP_MS + DAY_MS >= now then return tonumber(stamp), tonumber(total), tonumber(used) end
end

local function read_size(key, lock, now)
  return parse_size(redis.call('HGET', key, lock) or '', now)
end

-- Writes a size. Once a day, deletes those that were not used for days.
local function write_size(key, lock, stamp, total, now)
  local cleaned = tonumber(redis.call('HGET', key, CLEANED) or '')
  if not cleaned or cleaned + DAY_MS < now then
    local all = redis.call('HGETALL', key)
    for i = 1, #all, 2 do
      if not parse_size(all[i + 1], now) then redis.call('HDEL', key, all[i]) end
    end
    redis.call('HSET', key, CLEANED, string.format('%.0f', now))
  end
  redis.call('HSET', key, lock, string.format('%.0f %.0f %.0f', stamp, total, now))
  redis.call('PEXPIRE', key, KEEP_MS + DAY_MS)
end

-- Writes a size if it is newer than the one that the server has.
local function raise_size(key, lock, stamp, total, now)
  if stamp > (read_size(key, lock, now) or 0) then write_size(key, lock, stamp, total, now) end
end
