-- The fast path: requests of one holder without former tokens, if nobody waits, the number of permits was not changed, and nobody is
-- dead. slots.lua documents the operations, and slots-state.lua the keys. A function returns nil in any other case, also if the server
-- refuses its first write, and then it has written nothing. Then the general operation runs, with the result that it would have alone.
-- If the server refuses a later write, the request fails.
--
-- k, a, s: where the keys of the request begin in KEYS, and where its own and its shared arguments begin in ARGV

local fast_keys = 8

-- The value of the lock's key: check, latest, kept, map, and the newest holder. Numbers stay texts as long as nobody counts with them,
-- because a conversion costs as much as a command.
local STATE = '^~p (%d+) (%d+) (%d+) ([01]*) (%d+):([%d -]*):(.*)$'
-- The same up to the token of the newest holder, if there is no other.
local SOLE = '^~p %d+ 0 %d+ [01]* %d+:[%d -]*:'
-- Up to so many permits, one after the other.
local MAX_SINGLY = 8

-- What the request returns if the server has refused a write: {-1, message}, or {} for nil if it had written nothing before.
local failed, has_written

-- A write. The server can refuse it: as a replica, without memory, without its disk, or for this user. Then nothing more is written,
-- because a server without memory still carries out those that need none, and after them all others.
local function put(...)
  if failed then return end
  local reply = call(...)
  if type(reply) == 'table' and reply.err then failed = has_written and {-1, reply.err} or {} else has_written = true end
end

local function clock()
  local time = call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Writes the lock's key, which expires at `last`. If there are others than the newest holder, their keys last as long. `now` is missing
-- if the key does not last longer than before.
local function write(k, check, latest, kept, map, newest, last, now)
  if now and latest ~= '0' and last + 0 > kept + 0 then
    kept = string.format('%.0f', last + math.max(1, last - now))
    put('PEXPIREAT', KEYS[k + 2], kept)
    put('PEXPIREAT', KEYS[k + 3], kept)
    put('PEXPIRE', KEYS[k + 4], KEEP_MS)
  end
  put('SET', KEYS[k], '~p ' .. check .. ' ' .. latest .. ' ' .. kept .. ' ' .. map .. ' ' .. newest, 'PXAT', last)
end

-- One function for all operations, because making each function costs time.
--
-- `given`: for a lock of a tenant (quota.fast.lua), whose keys follow those of the semaphore. For slots.acquire: how often the lock
-- counts up behind the permit. Then the lock must be free, and the reply has its fencing token. For slots.release: the values of the
-- semaphore's key, line and plain line. If the reply is 2, the lock is released, too.
local function of_permits(k, a, s, _, name, given)
  failed, has_written = nil, nil
  if name == 'slots.acquire' then
    local counts = given
    -- A waiter, a changed number, slots to prefer, former tokens.
    if ARGV[s + 1] ~= '' or ARGV[s + 5] ~= '0' or ARGV[s + 6] ~= '' or ARGV[s - 1] ~= '7' then return nil end
    local token, permits, total, counter = ARGV[a], ARGV[s + 3] + 0, ARGV[s + 4] + 0, KEYS[k + 1]
    if permits > MAX_SINGLY or permits > total then return nil end
    local gate, now = call('GET', KEYS[k]), clock()
    local check, latest, kept, map, before, slots, newest = '0', '0', '0', '', '0', '', ''
    local has_counters = true
    if gate then
      if gate.err then return nil end
      check, latest, kept, map, before, slots, newest = string.match(gate, STATE)
      if not check or newest == token then return nil end
      if (latest ~= '0' and now > check + 0) or (newest ~= '' and before + 0 < now) then return nil end
      if latest ~= '0' and call('HGET', KEYS[k + 2], token) then return nil end
    elseif call('EXISTS', unpack(KEYS, k + 4, counts and k + 10 or k + 6)) == 0 then
      has_counters = false
    end
    if has_counters and counts and call('EXISTS', KEYS[k + 8], KEYS[k + 9], KEYS[k + 10]) ~= 0 then return nil end

    -- The slots, in the order of the token.
    local has_order = string.find(token, '^%x%x%x%x%x%x%x%x%x%x%x%x')
    local start = has_order and tonumber(string.sub(token, 1, 6), 16) % total or 0
    local slot, step = start, nil
    local taken, char = {}, permits == 1 and '1' or '2'
    for _ = 1, 64 do
      local byte = string.byte(map, slot + 1)
      if not byte then
        map = map .. string.rep('0', slot - #map) .. char
        taken[#taken + 1] = slot
      elseif byte == 48 then
        map = string.sub(map, 1, slot) .. char .. string.sub(map, slot + 2)
        taken[#taken + 1] = slot
      end
      if #taken == permits then break end
      step = step or has_order and 1 + tonumber(string.sub(token, 7, 12), 16) % total or 1
      slot = (slot + step) % total
    end
    -- The order can come back to its start before it has met enough free slots. Then the first ones from the start on, and from 0 on.
    local from, till = start, total
    while #taken < permits do
      slot = (string.find(map, '0', from + 1, true) or #map + 1) - 1
      if slot < till then
        map = string.sub(map, 1, slot) .. char .. string.sub(map, slot + 2)
        taken[#taken + 1] = slot
      elseif till == total and start > 0 then
        from, till = 0, start
      else
        return nil
      end
    end
    local chosen = taken[1] .. ''
    if permits > 1 then
      chosen = ''
      local from, last = string.find(map, '2+')
      while from do
        chosen = chosen .. (chosen == '' and '' or ' ') .. from - 1 .. (from == last and '' or '-' .. last - 1)
        from, last = string.find(map, '2+', last + 1)
      end
      map = string.gsub(map, '2', '1')
    end

    local deadline, fence, moved = now + ARGV[s], nil, nil
    local last = string.format('%.0f', deadline)
    if not has_counters then
      -- Nobody else is there, and the counter of the hash slot is enough.
      if counts then
        local value = call('GET', counter)
        local base = type(value) == 'string' and string.find(value, '^%d+$') and value + 0
        -- The permit counts up, and then the lock must be able to.
        if not base or base < 1 or base + 1 >= MAX_FENCE then return nil end
        fence = base + 1 + counts
        put('SET', counter, string.format('%.0f', fence))
      else
        fence = count(counter)
        if not fence then return nil end
        has_written = true
      end
    else
      local found
      if IS_CLUSTER then
        found = call('MGET', counter, KEYS[k + 6])
      else
        local prefix = string.sub(counter, 1, string.find(counter, '~fence:', 1, true) - 1)
        found = call('MGET', counter, KEYS[k + 6], prefix .. '~server')
      end
      if found.err or found[2] or call('HGET', KEYS[k + 5], KEYS[k]) then return nil end
      local base = found[1] and string.find(found[1], '^%d+$') and found[1] + 0
      if not base or base < 1 or base >= MAX_FENCE then return nil end
      local id = found[3] and string.match(found[3], '^complete %S+ %S+ (%S+) ') or ''
      if #id ~= 32 then id = string.format('%-32.32s', id) end
      if call('GETRANGE', KEYS[k + 4], 0, 31) ~= id then return nil end
      fence = base - base % FENCE_GRAIN_US
      for i = 1, permits do
        local at = 32 + 16 * taken[i]
        fence = math.max(fence, tonumber(call('GETRANGE', KEYS[k + 4], at, at + 15)) or base)
      end
      fence = fence + 1
      local latest_count = math.max(base, fence)
      if counts and latest_count >= MAX_FENCE then return nil end
      -- The first write fails for a key of another type, and for a server without memory.
      local has_others = latest ~= '0'
      if newest ~= '' then moved = newest end
      if moved and has_others then put('ZADD', KEYS[k + 3], before, newest) end
      local text = string.format('%016.0f', fence)
      for i = 1, permits do put('SETRANGE', KEYS[k + 4], 32 + 16 * taken[i], text) end
      if counts then fence = latest_count + counts end
      if base < fence then put('SET', counter, string.format('%.0f', fence)) end
      if moved then
        -- The newest holder becomes one of the others. Holders that died all can have left their keys.
        if not has_others then
          put('DEL', KEYS[k + 2], KEYS[k + 3])
          put('ZADD', KEYS[k + 3], before, newest)
        end
        put('HSET', KEYS[k + 2], newest, slots)
        if latest == '0' or before + 0 < check + 0 then check = before end
        if before + 0 > latest + 0 then latest = before end
      end
      if not gate then put('PEXPIRE', KEYS[k + 4], KEEP_MS) end
    end
    newest = last .. ':' .. chosen .. ':' .. token
    write(k, check, latest, kept, map, newest, latest + 0 > deadline and latest or last, now)
    if failed then
      -- It stays the newest, so it must not be one of the others, too.
      if moved and has_written then call('ZREM', KEYS[k + 3], moved) end
      return failed[1] and failed
    end
    return {1, fence, chosen, '', counts and ''}
  end

  -- The token holds exactly these slots.
  if name == 'slots.extend' then
    local token = ARGV[a]
    if ARGV[s + 4] ~= '0' or ARGV[s - 1] ~= '5' then return nil end
    local gate = call('GET', KEYS[k])
    if not gate or gate.err then return nil end
    local check, latest, kept, map, before, slots, newest = string.match(gate, STATE)
    if not check or call('HGET', KEYS[k + 5], KEYS[k]) then return nil end
    local now = clock()
    if (latest ~= '0' and now > check + 0) or (newest ~= '' and before + 0 < now) then return nil end
    local deadline = now + ARGV[s + 1]
    local last = string.format('%.0f', deadline)
    if newest == token then
      if slots ~= ARGV[s + 2] then return nil end
      if before + 0 >= deadline then return 1 end
      before = last
      if latest + 0 > deadline then last = latest end
    else
      if latest == '0' or call('HGET', KEYS[k + 2], token) ~= ARGV[s + 2] then return nil end
      local score = call('ZSCORE', KEYS[k + 3], token)
      if type(score) ~= 'string' then return nil end
      if score + 0 >= deadline then return 1 end
      put('ZADD', KEYS[k + 3], last, token)
      if failed then return failed[1] and failed end
      if latest + 0 >= deadline then return 1 end
      latest = last
      if before + 0 > deadline then last = before end
    end
    write(k, check, latest, kept, map, before .. ':' .. slots .. ':' .. newest, last, now)
    if failed then return failed[1] and failed end
    return 1
  end

  -- Nobody waits.
  local token = ARGV[a]
  if ARGV[s - 1] ~= '3' then return nil end
  local found = given or call('MGET', KEYS[k], KEYS[k + 6], KEYS[k + 7])
  if found.err or found[2] or found[3] then return nil end
  if not found[1] then return 0 end
  local _, head = string.find(found[1], SOLE)
  if head then
    if string.sub(found[1], head + 1) ~= token then return nil end
    if given then return call('DEL', KEYS[k], KEYS[k + 8]) == 2 and 2 or nil end
    return call('DEL', KEYS[k]) == 1 and 1 or nil
  end
  local check, latest, kept, map, before, slots, newest = string.match(found[1], STATE)
  if not check then return nil end
  local last, freed = latest, slots
  if newest == token then
    -- The newest holder is alive if it is the reason why the key is there.
    if before + 0 < latest + 0 and before + 0 < clock() then return nil end
    before, slots, newest = '0', '', ''
  else
    local score = call('ZSCORE', KEYS[k + 3], token)
    freed = call('HGET', KEYS[k + 2], token)
    if type(freed) ~= 'string' or type(score) ~= 'string' or score + 0 < clock() then return nil end
    put('ZREM', KEYS[k + 3], token)
    put('HDEL', KEYS[k + 2], token)
    if score == latest then
      latest = call('ZREVRANGE', KEYS[k + 3], 0, 0, 'WITHSCORES')[2] or '0'
      if latest == '0' then
        check, kept = '0', '0'
        if newest == '' then
          put('DEL', KEYS[k])
          if failed then return failed[1] and failed end
          return 1
        end
      end
    end
    last = before + 0 > latest + 0 and before or latest
  end
  local slot = tonumber(freed)
  if slot then
    map = string.sub(map, 1, slot) .. '0' .. string.sub(map, slot + 2)
  else
    for from, till in string.gmatch(freed, '(%d+)%-?(%d*)') do
      if till == '' then till = from end
      map = string.sub(map, 1, from) .. string.rep('0', till - from + 1) .. string.sub(map, till + 2)
    end
  end
  write(k, check, latest, kept, map, before .. ':' .. slots .. ':' .. newest, last)
  if failed then return failed[1] and failed end
  return 1
end

local fast = {['slots.acquire'] = of_permits, ['slots.extend'] = of_permits, ['slots.release'] = of_permits}

local fast_runs = {}
