-- The line: the clients that wait for a name, in the order of their arrival. A hint whom to wake first, never a promise. Its key
-- is also the name of the channel. Its value: the clients' identifiers, each once, with a space between them. A key of another
-- type counts as missing.

local function read_line(key)
  local waiting = redis.pcall('GET', key)
  return type(waiting) == 'string' and waiting or nil
end

-- Puts a client at the end, unless it is there. It stays for `ttl` ms at least.
local function enqueue(key, client, ttl)
  ttl = math.max(ttl, MIN_STAY_MS)
  local waiting = read_line(key)
  if not waiting then
    redis.call('SET', key, client, 'PX', ttl)
  elseif string.find(waiting, client, 1, true) then
    redis.call('PEXPIRE', key, math.max(redis.call('PTTL', key), ttl))
  elseif #waiting < MAX_LINE_LENGTH * (#client + 1) then
    redis.call('SET', key, waiting .. ' ' .. client, 'PX', math.max(redis.call('PTTL', key), ttl))
  end
end

local function dequeue(key, client)
  local waiting = read_line(key)
  if not waiting then return end
  local others = {}
  for other in string.gmatch(waiting, '%S+') do
    if other ~= client then others[#others + 1] = other end
  end
  if #others == 0 then redis.call('DEL', key)
  else redis.call('SET', key, table.concat(others, ' '), 'PX', math.max(redis.call('PTTL', key), 1)) end
end

-- Announces a release on the channel of the line, if anybody waits. `names_next`: the first client leaves the line, and the
-- message names it. Returns whether it names one.
local function announce(key, names_next)
  local waiting = read_line(key)
  if not waiting then return false end
  local first = names_next and string.match(waiting, '%S+') or ''
  if first ~= '' then dequeue(key, first) end
  redis.pcall('PUBLISH', key, first)
  return first ~= ''
end
