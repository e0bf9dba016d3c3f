-- The enforced line of a node (protocol §8): its waiters, ordered by their scores. A request is refused while a request that clashes
-- with it is ahead of it. So neither readers nor writers starve. Exclusion never depends on the line.
--
-- A waiter is a client. If each caller of a client has a place of its own, it is the client, a dot and a number.
--
-- Its key has one text for each waiter: `score waiter mode deadline named ticket`, both times in ms of this server. `score`: the
-- ticket, less the lead that a priority gives. `named`: when the waiter was told that it can go; 0 if it was not. An entry is a list
-- of these six, and of whether the waiter is absent. A key of another type counts as missing.

local CLASHES = {
  ['IS'] = ' X ', ['IX'] = ' S SIX X ', ['S'] = ' IX SIX X ', ['SIX'] = ' IX S SIX X ', ['X'] = ' IS IX S SIX X '
}

local function clash(one, other) return string.find(CLASHES[one], ' ' .. other .. ' ', 1, true) end

local function client_of(waiter) return string.match(waiter, '^%w+') or '' end

-- Marks the absent waiters: they were named and have not come in time. They keep nobody out until they try again. If nothing has come
-- from the client since, its process is gone or paused, so its other waiters are absent too.
local function mark_absent(entries, now)
  local silent
  for _, entry in ipairs(entries) do
    if entry[5] > 0 and now - entry[5] > GRACE_MS then
      local client = client_of(entry[2])
      silent = silent or {}
      silent[client] = math.max(silent[client] or 0, entry[5])
      entry[7] = true
    end
  end
  if not silent then return end
  for _, entry in ipairs(entries) do
    local client = client_of(entry[2])
    if silent[client] and entry[4] - PLACE_MS > silent[client] then silent[client] = nil end
  end
  for _, entry in ipairs(entries) do entry[7] = entry[7] or silent[client_of(entry[2])] ~= nil end
end

local function read_entries(key, now)
  local text, entries = redis.pcall('GET', key), {}
  if type(text) ~= 'string' then return entries end
  for score, waiter, mode, deadline, named, ticket in
    string.gmatch(text, '(-?%d+) ([%w.]+) (%u+) (%d+) (%d+) (%d+)')
  do
    if CLASHES[mode] and tonumber(deadline) >= now then
      entries[#entries + 1] = {
        tonumber(score), waiter, mode, tonumber(deadline), tonumber(named), tonumber(ticket), false
      }
    end
  end
  mark_absent(entries, now)
  return entries
end

local function write_entries(key, entries, now)
  local texts, last = {}, now + 1
  for i, entry in ipairs(entries) do
    texts[i] = string.format('%.0f %s %s %.0f %.0f %.0f', unpack(entry, 1, 6))
    last = math.max(last, entry[4])
  end
  if #texts == 0 then redis.call('DEL', key)
  else redis.call('SET', key, table.concat(texts, ' '), 'PX', last - now) end
end

-- Waiters with equal scores are ordered by their names.
local function is_behind(entry, score, waiter)
  return entry[1] > score or (entry[1] == score and entry[2] > waiter)
end

-- The first entry that a request of this waiter has to let pass, and whether there is another one between them. `score`: nil if the
-- request has no place yet.
local function blocker_of(entries, mode, waiter, score)
  local blocker
  for _, entry in ipairs(entries) do
    if entry[2] == waiter or (score and is_behind(entry, score, waiter)) then break end
    if clash(entry[3], mode) and not entry[7] then
      if blocker then return blocker, true end
      blocker = entry
    end
  end
  return blocker, false
end

-- Notes that a waiter tries again, so it is not absent any more. Returns its position, or nil if it has no place.
local function renew_place(entries, waiter, now)
  for i, entry in ipairs(entries) do
    if entry[2] == waiter then
      entry[4], entry[5] = now + PLACE_MS, 0
      return i
    end
  end
end

-- Puts a waiter into the line. It keeps a place that it already has. If the line is full, its last waiter loses the place. Returns the
-- position.
local function take_place(entries, waiter, mode, ticket, lead, now)
  local at, score = renew_place(entries, waiter, now), ticket - lead
  if at then
    entries[at][3] = mode
    return at
  end
  at = 1
  while entries[at] and not is_behind(entries[at], score, waiter) do at = at + 1 end
  table.insert(entries, at, {score, waiter, mode, now + PLACE_MS, 0, ticket, false})
  entries[MAX_LINE_LENGTH + 1] = nil
  return at
end

local function leave_place(entries, waiter)
  for i, entry in ipairs(entries) do
    if entry[2] == waiter then
      table.remove(entries, i)
      return true
    end
  end
  return false
end

-- Names the waiters that can go now: from the first on, until a waiter clashes with what is held or with a waiter before it. An
-- absent waiter is passed over. `obstacle_of`: returns what is held in the way of a mode. Returns the waiters that were not named
-- before, whether any can go, and the deputy: the next waiter of another client, which goes if they do not come.
local function name_next(entries, obstacle_of, now)
  local named, going, clients, is_over = {}, {}, {}, false
  for _, entry in ipairs(entries) do
    local mode, client = entry[3], client_of(entry[2])
    if is_over and not entry[7] and not clients[client] then return named, true, entry[2] end
    if not is_over and not entry[7] then
      if going[mode] == nil then going[mode] = not obstacle_of(mode) end
      if going[mode] then
        if entry[5] == 0 then
          entry[5] = now
          named[#named + 1] = entry[2]
        end
        clients[client] = true
        for other in string.gmatch(CLASHES[mode], '%u+') do going[other] = false end
      else
        is_over = true
        if not next(clients) then break end
        if not clients[client] then return named, true, entry[2] end
      end
    end
  end
  return named, next(clients) ~= nil, nil
end
