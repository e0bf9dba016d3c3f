-- The line: the clients that wait for a name, in the order of arrival. It is a hint which client to notify first. Its key is also
-- the name of the channel. Its value is the clients' identifiers, each once, with spaces between them. A `~` in front of them says
-- that clients observe the name, which have no place. A key of another type counts as missing.

local function read_line(key)
  local waiting = redis.pcall('GET', key)
  return type(waiting) == 'string' and waiting or nil
end

-- Puts a client at the end, unless it is in the line. The whole line then lasts for at least `ttl` ms. A full line stays as it is.
local function enqueue(key, client, ttl)
  ttl = math.max(ttl, MIN_STAY_MS)
  local waiting = read_line(key)
  if not waiting then
    redis.call('SET', key, client, 'PX', ttl)
  elseif string.find(' ' .. waiting .. ' ', ' ' .. client .. ' ', 1, true) then
    redis.call('PEXPIRE', key, math.max(redis.call('PTTL', key), ttl))
  elseif #waiting + 1 < MAX_LINE_LENGTH * (#client + 1) then
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

-- Publishes a release on the channel of the line, if the line exists. `names_next`: the first client leaves the line, and the
-- message names it. All observers get the message, so their note ends. Returns whether the message names a client.
local function announce(key, names_next)
  local waiting = read_line(key)
  if not waiting then return false end
  local first = names_next and string.match(waiting, '[^%s~]%S*') or ''
  if string.sub(waiting, 1, 1) == '~' then dequeue(key, '~') end
  if first ~= '' then dequeue(key, first) end
  redis.pcall('PUBLISH', key, first)
  return first ~= ''
end
