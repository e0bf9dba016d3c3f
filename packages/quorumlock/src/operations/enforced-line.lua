-- The enforced line of a name (protocol §8): the clients that wait for it, ordered by their tickets. A request is refused while
-- requests ahead of it keep it out. Which of them do, the kind of lock decides. Exclusion never depends on the line.
--
-- Its key has one text for each client: `ticket client demand deadline named`, both times in ms of this server. `demand`: what the
-- client waits for, as its kind writes it. `named`: when the client was told that it can go; 0 if it was not. An entry is a list of
-- these five. A key of another type counts as missing.

-- `is_demand`: whether the kind knows a demand. Other entries are dropped.
local function read_entries(key, now, is_demand)
  local text, entries = redis.pcall('GET', key), {}
  if type(text) ~= 'string' then return entries end
  for ticket, client, demand, deadline, named in string.gmatch(text, '(%d+) (%w+) (%w+) (%d+) (%d+)') do
    if is_demand(demand) and tonumber(deadline) >= now then
      entries[#entries + 1] = {tonumber(ticket), client, demand, tonumber(deadline), tonumber(named)}
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

-- The first entry that a request of this client has to let pass. `ticket`: 0 if the request has no place yet. `blocks`: whether a
-- demand, together with those before it, keeps the request out.
local function blocker_of(entries, client, ticket, now, blocks)
  for _, entry in ipairs(entries) do
    if entry[2] == client or (ticket > 0 and is_behind(entry, ticket, client)) then return nil end
    if not is_absent(entry, now) and blocks(entry[3]) then return entry end
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

-- Notes that a client was granted what it waits for. Its place is kept, because the votes may be split, but it keeps nobody out
-- until the client tries again: what it holds is counted already. Returns whether it has a place.
local function serve_place(entries, client, now)
  local has_place = renew_place(entries, client, now)
  for _, entry in ipairs(entries) do
    if entry[2] == client then entry[5] = math.max(1, now - GRACE_MS - 1) end
  end
  return has_place
end

-- Puts a client into the line. It keeps a place that it already has. A full line stays as it is.
local function take_place(entries, client, demand, ticket, now)
  local at = #entries + 1
  for i, entry in ipairs(entries) do
    if entry[2] == client then
      entry[3] = demand
      renew_place(entries, client, now)
      return
    end
    if i < at and is_behind(entry, ticket, client) then at = i end
  end
  if #entries < MAX_LINE_LENGTH then table.insert(entries, at, {ticket, client, demand, now + PLACE_MS, 0}) end
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

-- Names the waiters that can go now: from the first on, until a waiter cannot go. An absent waiter is passed over. `can_go`: whether
-- a waiter with this demand can go together with those before it. Returns the entries that were not named before.
local function name_next(entries, can_go, now)
  local named = {}
  for _, entry in ipairs(entries) do
    if not is_absent(entry, now) then
      if not can_go(entry[3]) then break end
      if entry[5] == 0 then
        entry[5] = now
        named[#named + 1] = entry
      end
    end
  end
  return named
end
