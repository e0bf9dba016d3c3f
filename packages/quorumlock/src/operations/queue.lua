-- The line: which clients wait for a resource, in the order in which they came. A hint whom to wake first, never a promise.
-- It stands under the name of the channel that wakes them, a string of identifiers with a space between them: one for each
-- client, however many callers it has.

local MOST_WAITING = 256

-- Longer than the 15 s after which whoever waits asks again at the latest, however short its ttl.
local SHORTEST_STAY = 20000

-- Puts a client at the end, unless it is there. It stays for `ttl` ms, or that, after the last one that came.
local function enqueue(key, client, ttl)
  ttl = math.max(ttl, SHORTEST_STAY)
  local waiting = redis.call('GET', key)
  if not waiting then
    redis.call('SET', key, client, 'PX', ttl)
  elseif string.find(waiting, client, 1, true) then
    redis.call('PEXPIRE', key, math.max(redis.call('PTTL', key), ttl))
  elseif #waiting < MOST_WAITING * (#client + 1) then
    redis.call('SET', key, waiting .. ' ' .. client, 'PX', math.max(redis.call('PTTL', key), ttl))
  end
end

local function dequeue(key, client)
  local waiting = redis.call('GET', key)
  if not waiting then return end
  local left = {}
  for other in string.gmatch(waiting, '%S+') do
    if other ~= client then left[#left + 1] = other end
  end
  if #left == 0 then redis.call('DEL', key)
  else redis.call('SET', key, table.concat(left, ' '), 'PX', math.max(redis.call('PTTL', key), 1)) end
end

-- Who is first leaves the line, and is told. '' where nobody waits.
local function next_of(key)
  local waiting = redis.call('GET', key)
  local first = waiting and string.match(waiting, '%S+')
  if not first then return '' end
  dequeue(key, first)
  return first
end
