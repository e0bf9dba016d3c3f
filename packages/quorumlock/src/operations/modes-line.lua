-- The enforced line of a node (protocol §8): the clients that wait for it, ordered by their tickets. A request is refused while a
-- request that clashes with it is ahead of it. So neither readers nor writers starve. Exclusion never depends on the line.
--
-- Its key has one text for each client: `ticket client mode deadline named`, both times in ms of this server. `named`: when the
-- client was told that it can go; 0 if it was not. An entry is a list of these five. A key of another type counts as missing.

local CLASHES = {
  ['IS'] = ' X ', ['IX'] = ' S SIX X ', ['S'] = ' IX SIX X ', ['SIX'] = ' IX S SIX X ', ['X'] = ' IS IX S SIX X '
}

local function clash(one, other) return string.find(CLASHES[one], ' ' .. other .. ' ', 1, true) end

local function read_entries(key, now)
  local text, entries = redis.pcall('GET', key), {}
  if type(text) ~= 'string' then return entries end
  for ticket, client, mode, deadline, named in string.gmatch(text, '(%d+) (%w+) (%u+) (%d+) (%d+)') do
    if CLASHES[mode] and tonumber(deadline) >= now then
      entries[#entries + 1] = {tonumber(ticket), client, mode, tonumber(deadline), tonumber(named)}
    end
  end
  return entries
end

local function write_entries(key, entries, now)
  local texts, last = {}, now + 1
  for i, entry in ipairs(entries) do
    texts[i] = string.format('%.0f %s %s %.0f %.0f', unpack(entry))
    last = math.max(last, entry[4])
  end
  if #texts == 0 then redis.call('DEL', key)
  else redis.call('SET', key, table.concat(texts, ' '), 'PX', last - now) end
end

-- Whether a client was named and has not come in time. It keeps nobody out until it tries again.
local function is_absent(entry, now) return entry[5] > 0 and now - entry[5] > GRACE_MS end

local function is_behind(entry, ticket, client)
  return entry[1] > ticket or (entry[1] == ticket and entry[2] > client)
end

-- The first entry that a request of this client has to let pass. `ticket`: 0 if the request has no place yet.
local function blocker_of(entries, mode, client, ticket, now)
  for _, entry in ipairs(entries) do
    if entry[2] == client or (ticket > 0 and is_behind(entry, ticket, client)) then return nil end
    if clash(entry[3], mode) and not is_absent(entry, now) then return entry end
  end
end

-- Notes that a client tries again, so it is not absent any more. Returns whether it has a place.
local function renew_place(entries, client, now)
  for _, entry in ipairs(entries) do
    if entry[2] == client then
      entry[4], entry[5] = now + PLACE_MS, 0
      return true
    end
  end
  return false
end

-- Puts a client into the line. It keeps a place that it already has. A full line stays as it is.
local function take_place(entries, client, mode, ticket, now)
  local at = #entries + 1
  for i, entry in ipairs(entries) do
    if entry[2] == client then
      entry[3] = mode
      renew_place(entries, client, now)
      return
    end
    if i < at and is_behind(entry, ticket, client) then at = i end
  end
  if #entries < MAX_LINE_LENGTH then table.insert(entries, at, {ticket, client, mode, now + PLACE_MS, 0}) end
end

local function leave_place(entries, client)
  for i, entry in ipairs(entries) do
    if entry[2] == client then
      table.remove(entries, i)
      return true
    end
  end
  return false
end

-- Names the waiters that can go now: from the first on, until a waiter clashes with what is held or with a waiter before it. An
-- absent waiter is passed over. `obstacle_of`: returns what is held in the way of a mode. Returns the clients that were not named
-- before.
local function name_next(entries, obstacle_of, now)
  local named, going = {}, {}
  for _, entry in ipairs(entries) do
    local mode = entry[3]
    if not is_absent(entry, now) then
      if going[mode] == nil then going[mode] = not obstacle_of(mode) end
      if not going[mode] then break end
      if entry[5] == 0 then
        entry[5] = now
        named[#named + 1] = entry[2]
      end
      for other in string.gmatch(CLASHES[mode], '%u+') do going[other] = false end
    end
  end
  return named
end
