-- Sets of slots of a semaphore. A set is a text of runs, in ascending order: '3 7-9' has four slots. In a map each slot is one
-- character: FREE or TAKEN. Strings instead of tables, because a semaphore can have 10,000 slots and a request as many permits.

local FREE, TAKEN, MARKED, FREE_BYTE = '0', '1', '2', 48
-- How many slots of the order of a token are tried before the map is searched.
local MAX_STEPS = 64

-- Iterates over the first and the last slot of each run.
local function each_run(text)
  local next_run = string.gmatch(text, '(%d+)%-?(%d*)')
  return function()
    local first, last = next_run()
    if first then return tonumber(first), tonumber(last) or tonumber(first) end
  end
end

-- The set of the slots that have this character in a map.
local function runs_of(map, char)
  local runs, from, last = {}, string.find(map, char .. '+')
  while from do
    runs[#runs + 1] = from == last and tostring(from - 1) or string.format('%d-%d', from - 1, last - 1)
    from, last = string.find(map, char .. '+', last + 1)
  end
  return table.concat(runs, ' ')
end

-- The map with this character at the slots of a set. The parts are joined at the end, because each copy of a large map costs time.
local function overlay(map, slots, char)
  local parts, at = {}, 0
  for first, last in each_run(slots) do
    if first < at then map, parts, at = table.concat(parts) .. string.sub(map, at + 1), {}, 0 end
    if first > #map then map = map .. string.rep(FREE, first - #map) end
    parts[#parts + 1] = string.sub(map, at + 1, first)
    parts[#parts + 1] = string.rep(char, last - first + 1)
    at = last + 1
  end
  return table.concat(parts) .. string.sub(map, at + 1)
end

-- Whether all slots of a set are free in a map.
local function are_free(map, slots)
  for first, last in each_run(slots) do
    if string.find(string.sub(map, first + 1, last + 1), TAKEN, 1, true) then return false end
  end
  return true
end

-- The number of free slots below `total`.
local function free_in(map, total)
  return #string.gsub(string.sub(map, 1, total), TAKEN .. '+', '')
end

-- The largest slot of a set, plus 1.
local function end_of(slots)
  local most = 0
  for _, last in each_run(slots) do most = math.max(most, last + 1) end
  return most
end

-- The order in which a token takes slots: `start`, `start + step`, … modulo `total`. It is the same on all servers, so that their
-- votes agree. Different tokens have different orders, so that they seldom want the same slot.
local function order_of(token, total)
  local start, step = string.match(token, '^(%x%x%x%x%x%x)(%x%x%x%x%x%x)')
  if not start then return 0, 1 end
  return tonumber(start, 16) % total, 1 + tonumber(step, 16) % total
end

-- Chooses n free slots below `total`: first of the set `prefer`, then of the set `own`, and without `own` in the order of the token.
-- Returns the set, and the map in which the slots are taken. nil if fewer are free.
local function choose(map, n, total, prefer, own, token)
  local missing = n
  local function take(first, last)
    last = math.min(last, total - 1)
    if missing == 0 or first > last then return end
    local run, count = string.gsub(string.sub(map, first + 1, last + 1), FREE, MARKED, missing)
    if count == 0 then return end
    map, missing = string.sub(map, 1, first) .. run .. string.sub(map, last + 2), missing - count
  end
  for first, last in each_run(prefer) do take(first, last) end
  if own then
    for first, last in each_run(own) do take(first, last) end
  else
    local start, step = order_of(token, total)
    for i = 0, MAX_STEPS - 1 do
      if missing == 0 then break end
      local slot = (start + i * step) % total
      if string.byte(map, slot + 1) == FREE_BYTE then take(slot, slot) end
    end
    take(start, total - 1)
    take(0, start - 1)
  end
  if missing > 0 then return nil end
  return runs_of(map, MARKED), (string.gsub(map, MARKED, TAKEN))
end
