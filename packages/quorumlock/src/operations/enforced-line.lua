-- The enforced line of a name (protocol §8): its waiters, ordered by their scores. A request is refused while requests ahead of it
-- keep it out. Which of them do, the kind of lock decides. Exclusion never depends on the line.
--
-- A waiter is a client. If each caller of a client has a place of its own, it is the client, a dot and a number.
--
-- The value of its key: `check last ticket`, and then for each waiter `;score waiter demand deadline named ticket`. All times are in
-- ms of this server.
-- - `check`: no waiter is dead or absent before this moment. Until then, only the entries that a request looks at are parsed.
-- - `last`: when the last place expires, and the key with it.
-- - `ticket`: the largest ticket of the line; of a waiter: its own, or 0 if it has none or has only proposed one.
-- - `score`: the ticket of the place, less the lead that a priority gives.
-- - `demand`: what the waiter wants, as its kind writes it.
-- - `named`: when the waiter was told that it can go; 0 if it was not, -1 if it was granted everything here.
-- An entry is its text, or a list: these six, whether the waiter is absent, and the text, if it is as it was read. A key of another
-- type counts as missing.

local function client_of(waiter) return string.match(waiter, '^%w+') or '' end

-- Parses an entry on its first use. An entry that the kind does not know keeps nobody out.
local function entry_at(entries, i)
  local text = entries[i]
  if type(text) ~= 'string' then return text end
  local score, waiter, demand, deadline, named, ticket =
    string.match(text, '^(-?%d+) ([%w.]+) (%w+) (%d+) (-?%d+) (%d+)$')
  local entry
  if demand and entries.is_demand(demand) then
    entry = {tonumber(score), waiter, demand, tonumber(deadline), tonumber(named), tonumber(ticket), false, text}
  else
    entry = {0, '', '', 0, 0, 0, true, text}
  end
  entries[i] = entry
  return entry
end

-- Makes the next check happen no later than the moment at which this entry could be dead or absent.
local function check_in_time(entries, entry)
  entries.check = math.min(entries.check, entry[4] + 1)
  if entry[5] > 0 then entries.check = math.min(entries.check, entry[5] + GRACE_MS + 1) end
end

-- Removes the dead waiters, and marks the absent ones: they were named and have not come in time. They keep nobody out until they
-- try again. If nothing has come from the client since, its process is gone or paused, so its other waiters are absent too.
local function check_all(entries, now)
  local alive, silent = 0, {}
  local count = #entries
  entries.check = math.huge
  for i = 1, count do
    local entry = entry_at(entries, i)
    entries[i] = nil
    if entry[4] >= now then
      alive = alive + 1
      entries[alive] = entry
      check_in_time(entries, entry)
      if entry[5] > 0 and now - entry[5] > GRACE_MS then
        local client = client_of(entry[2])
        silent[client] = math.max(silent[client] or 0, entry[5])
        entry[7] = true
      end
    end
  end
  if not next(silent) then return end
  for _, entry in ipairs(entries) do
    local client = client_of(entry[2])
    if silent[client] and entry[4] - PLACE_MS > silent[client] then silent[client] = nil end
  end
  for _, entry in ipairs(entries) do entry[7] = entry[7] or silent[client_of(entry[2])] ~= nil end
end

-- `is_demand`: whether the kind knows a demand.
local function read_entries(key, now, is_demand)
  local text = redis.pcall('GET', key)
  local entries = {['check'] = math.huge, ['last'] = 0, ['ticket'] = 0, ['is_demand'] = is_demand}
  local check, last, ticket
  if type(text) == 'string' then check, last, ticket = string.match(text, '^(%d+) (%d+) (%d+);') end
  if not check then return entries end
  entries.check, entries.last, entries.ticket = tonumber(check), tonumber(last), tonumber(ticket)
  local count = 0
  for each in string.gmatch(text, ';([^;]+)') do
    count = count + 1
    entries[count] = each
  end
  if now >= entries.check then check_all(entries, now) end
  return entries
end

local function write_entries(key, entries, now)
  if #entries == 0 then
    redis.call('DEL', key)
    return
  end
  local texts = {string.format('%.0f %.0f %.0f', entries.check, entries.last, entries.ticket)}
  for i, entry in ipairs(entries) do
    texts[i + 1] = type(entry) == 'string' and entry or entry[8]
      or string.format('%.0f %s %s %.0f %.0f %.0f', unpack(entry, 1, 6))
  end
  redis.call('SET', key, table.concat(texts, ';'), 'PX', math.max(1, entries.last - now))
end

-- Waiters with equal scores are ordered by their names.
local function is_behind(entry, score, waiter)
  return entry[1] > score or (entry[1] == score and entry[2] > waiter)
end

-- The first entry that a request of this waiter has to let pass, and whether there is another one between them. `score`: nil if the
-- request has no place yet. `blocks`: whether a demand, together with those before it, keeps the request out.
local function blocker_of(entries, waiter, score, blocks)
  local blocker
  for i = 1, #entries do
    local entry = entry_at(entries, i)
    if entry[2] == waiter or (score and is_behind(entry, score, waiter)) then break end
    if not entry[7] and blocks(entry[3]) then
      if blocker then return blocker, true end
      blocker = entry
    end
  end
  return blocker, false
end

-- The position of a waiter, or nil if it has no place.
local function position_of(entries, waiter)
  local part = ' ' .. waiter .. ' '
  for i, entry in ipairs(entries) do
    if type(entry) ~= 'string' or string.find(entry, part, 1, true) then
      if entry_at(entries, i)[2] == waiter then return i end
    end
  end
end

-- Notes that a waiter tries again, so it is not absent any more. Returns its position, or nil if it has no place.
local function renew_place(entries, waiter, now)
  local at = waiter ~= '' and position_of(entries, waiter)
  if not at then return nil end
  local entry = entry_at(entries, at)
  entry[4], entry[5], entry[7], entry[8] = now + PLACE_MS, 0, false, nil
  entries.last = math.max(entries.last, entry[4])
  return at
end

-- Notes that a waiter was granted what it waits for, and that it is counted as a holder. Its place is kept, because the votes may be
-- split, but it keeps nobody out until the waiter tries again. Returns whether it has a place.
local function serve_place(entries, waiter, now)
  local at = renew_place(entries, waiter, now)
  if not at then return false end
  local entry = entries[at]
  entry[5], entry[7] = math.max(1, now - GRACE_MS - 1), true
  check_in_time(entries, entry)
  return true
end

-- The ticket of a request. If it proposes one, this server accepts it if it is larger than all that it knows, but not by much.
local function accepted(ticket, known)
  if ticket >= 0 then return ticket end
  return -ticket > known and -ticket <= known + PLACE_MS and -ticket or 0
end

-- What a refusal says about tickets: the latest one that this server knows, and its time in ms if that is another number.
local function tickets_text(known, now)
  return known == now and string.format('%.0f', now) or string.format('%.0f %.0f', known, now)
end

-- Puts a waiter into the line. It keeps a place that it already has, unless it has a larger ticket now. `ticket`: 0 if it has
-- none, below 0 if it proposes one. `latest`: the latest ticket that this server knows; a waiter without a ticket comes behind it. If
-- the line is full, its last waiter loses the place. Returns the position.
local function take_place(entries, waiter, demand, ticket, lead, now, latest)
  local at = renew_place(entries, waiter, now)
  if at and entries[at][6] >= ticket then
    entries[at][3] = demand
    return at
  end
  if at then table.remove(entries, at) end
  local place = accepted(ticket, latest)
  if place == 0 then place = latest + 1 end
  local score = place - lead
  at = #entries + 1
  while at > 1 and is_behind(entry_at(entries, at - 1), score, waiter) do at = at - 1 end
  local entry = {score, waiter, demand, now + PLACE_MS, 0, math.max(ticket, 0), false}
  table.insert(entries, at, entry)
  check_in_time(entries, entry)
  entries.last, entries.ticket = math.max(entries.last, entry[4]), math.max(entries.ticket, place)
  entries[MAX_LINE_LENGTH + 1] = nil
  return at
end

local function leave_place(entries, waiter)
  local at = position_of(entries, waiter)
  if at then table.remove(entries, at) end
  return at ~= nil
end

-- Names the waiters that can go now: from the first on, until a waiter cannot go. An absent waiter is passed over. `can_go`: whether a
-- waiter with this demand can go together with those before it. Returns the entries that were not named before, whether any can go,
-- and the deputy: the next waiter of another client, which goes if they do not come.
local function name_next(entries, can_go, now)
  local named, clients, is_over = {}, {}, false
  for i = 1, #entries do
    local entry = entry_at(entries, i)
    if not entry[7] then
      local client = client_of(entry[2])
      is_over = is_over or not can_go(entry[3])
      if is_over then
        if not next(clients) then break end
        if not clients[client] then return named, true, entry[2] end
      else
        if entry[5] <= 0 then
          entry[5], entry[8] = now, nil
          check_in_time(entries, entry)
          named[#named + 1] = entry
        end
        clients[client] = true
      end
    end
  end
  return named, next(clients) ~= nil, nil
end

-- The text of a message: what it says to each named waiter, and the deputy behind a `~`.
local function wake_message(texts, deputy)
  return table.concat(texts, ' ') .. (deputy and ' ~' .. deputy or '')
end
