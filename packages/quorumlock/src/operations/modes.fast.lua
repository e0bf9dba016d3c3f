-- The fast path: nodes of one hash slot for which nobody waits, without the functions of the general operations. modes.lua documents
-- the operations and the keys. A function returns nil in any other case, also after an error. Then the general operation runs, with
-- the result that it would have alone. So nothing is written before everything was read.
--
-- k, a, s: where the keys of the request begin in KEYS, and where its own and its shared arguments begin in ARGV. n: the number of keys

-- Up to 20 nodes.
local fast_keys = 81

local fast = {
  -- Nobody waits for the nodes, and they share one counter. Nodes that are held are joined by one more shared holder.
  ['modes.acquire'] = function(k, a, s, n)
    local token, ttl, modes, counter = ARGV[a], ARGV[s], ARGV[s + 1], KEYS[k + n - 1]
    -- A waiter takes a place.
    if ARGV[s + 2] ~= '' then return nil end
    if n ~= 4 then
      local _, gaps = string.gsub(modes, ' ', '')
      if n ~= 3 * gaps + 4 then return nil end
    end
    local joins, ranks
    if call('EXISTS', unpack(KEYS, k, k + n - 2)) ~= 0 then
      local found, at = call('MGET', unpack(KEYS, k, k + n - 2)), 1
      if found.err then return nil end
      joins = {}
      ranks = {['IS'] = 100000000000000, ['IX'] = 200000000000000, ['SIX'] = 300000000000000, ['S'] = 400000000000000}
      for mode in string.gmatch(modes, '%u+') do
        local value, lock, shared = found[at], KEYS[k + at - 1], KEYS[k + at]
        if found[at + 2] then return nil end
        if not value then
          if call('EXISTS', lock, shared) ~= 0 then return nil end
        else
          if mode == 'X' or mode == 'SIX' then return nil end
          local left, held, holder = call('PTTL', lock), nil, nil
          if type(left) ~= 'number' or left <= 0 then return nil end
          if value == '~s' then
            if call('ZSCORE', shared, token) then return nil end
            -- IX clashes with SIX and S, and S clashes with IX and SIX.
            local first = (mode == 'IX' and 3) or (mode == 'S' and 2)
            if first and call('ZCOUNT', shared, first .. '00000000000000', '(' .. first + 2 .. '00000000000000') ~= 0 then
              return nil
            end
          else
            held, holder = string.match(value, '^~s ([ISX]+) (.*)$')
            if not ranks[held] or holder == token or (mode ~= held and mode ~= 'IS' and held ~= 'IS') then return nil end
            if call('EXISTS', shared) ~= 0 then return nil end
          end
          joins[at] = {left, held, holder}
        end
        at = at + 3
      end
    end
    local fence
    if modes == 'X' or string.find(' ' .. modes, ' X', 1, true) or string.find(modes, 'SIX', 1, true) then
      fence = count(counter)
      if not fence then return nil end
    else
      local value = call('GET', counter)
      -- A missing counter begins at the floor, also for a mode that does not count.
      fence = not value and count(counter) or (type(value) == 'string' and string.match(value, '^%d+$') and tonumber(value))
      if not fence or fence < 1 or fence >= MAX_FENCE then return nil end
    end
    -- The usual case, without the loop.
    if n == 4 and not joins then
      local set = call('SET', KEYS[k], modes == 'X' and token or '~s ' .. modes .. ' ' .. token, 'PX', ttl)
      return not set.err and fence or nil
    end
    local at, now = 1, nil
    for mode in string.gmatch(modes, '%u+') do
      local lock, join = KEYS[k + at - 1], joins and joins[at]
      if join then
        local shared, ms, left, holder = KEYS[k + at], tonumber(ttl), join[1], join[3]
        if not now then
          local time = call('TIME')
          if time.err then return nil end
          now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
        end
        local score, is_done = string.format('%.0f', ranks[mode] + now + ms), nil
        if holder then
          -- The only holder moves into the sorted set.
          local longest = math.max(left, ms)
          is_done = call('ZADD', shared, string.format('%.0f', ranks[join[2]] + now + left), holder, score, token) == 2
            and call('PEXPIRE', shared, longest) == 1 and not call('SET', lock, '~s', 'PX', longest).err
        else
          call('ZREMRANGEBYSCORE', shared, string.format('%.0f', ranks[mode]), string.format('(%.0f', ranks[mode] + now))
          is_done = call('ZADD', shared, score, token) == 1
          local set_left = call('PTTL', shared)
          if type(set_left) ~= 'number' or set_left < ms then
            is_done = call('PEXPIRE', shared, ms) == 1 and is_done
          end
          if left < ms then is_done = call('PEXPIRE', lock, ms) == 1 and is_done end
        end
        if not is_done then return nil end
      else
        local set = call('SET', lock, mode == 'X' and token or '~s ' .. mode .. ' ' .. token, 'PX', ttl)
        if set.err then return nil end
      end
      at = at + 3
    end
    return fence
  end,

  -- The token is the only holder of each node, in these modes, and was not converted.
  ['modes.extend'] = function(k, a, s, n)
    local token, ttl, at = ARGV[a], ARGV[s], 1
    local found = ARGV[s - 1] == '2' and call('MGET', unpack(KEYS, k, k + n - 1))
    if not found or found.err then return nil end
    for mode in string.gmatch(ARGV[s + 1], '%u+') do
      if found[at] ~= (mode == 'X' and token or '~s ' .. mode .. ' ' .. token) then return nil end
      at = at + 4
    end
    for lock = k, k + at - 2, 4 do
      local left = call('PTTL', KEYS[lock])
      if type(left) ~= 'number' or left < 0 then return nil end
      if left < tonumber(ttl) and call('PEXPIRE', KEYS[lock], ttl) ~= 1 then return nil end
    end
    return 1
  end,

  -- The token holds each node, and nobody waits for it. Where others hold it too, the last deadline of the others is known.
  ['modes.release'] = function(k, a, _, n)
    local token, found = ARGV[a], nil
    if n == 4 then
      local value, line, wake = unpack(call('MGET', KEYS[k], KEYS[k + 2], KEYS[k + 3]))
      if not value or line or wake then return nil end
      if value == token or string.match(value, '^~s [ISX]+ (.*)$') == token then
        return call('DEL', KEYS[k]) == 1 and 1 or nil
      end
      found = {value}
    else
      found = call('MGET', unpack(KEYS, k, k + n - 1))
      if found.err then return nil end
    end
    local locks, sets, shortened, now = {}, {}, {}, nil
    for at = 1, n, 4 do
      local value, lock, shared = found[at], KEYS[k + at - 1], KEYS[k + at]
      if not value or found[at + 2] or found[at + 3] then return nil end
      if value == '~s' then
        local score = call('ZSCORE', shared, token)
        local left = call('PTTL', lock)
        if type(score) ~= 'string' or type(left) ~= 'number' or left < 0 then return nil end
        if not now then
          local time = call('TIME')
          now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
        end
        local deadline = tonumber(score) % 100000000000000
        local base = tonumber(score) - deadline
        if deadline < now then return nil end
        local low, high = string.format('%.0f', base), string.format('(%.0f', base + 100000000000000)
        local last = call('ZREVRANGEBYSCORE', shared, high, low, 'WITHSCORES', 'LIMIT', 0, 2)
        if last.err then return nil end
        local latest, members = tonumber(last[2]) - base, nil
        if last[1] == token then
          -- It is the last of its mode. Then all others must have the same mode.
          members = call('ZCARD', shared)
          latest = last[4] and tonumber(last[4]) - base
          if latest and (latest < now or call('ZCOUNT', shared, low, high) ~= members) then return nil end
          if not latest and members ~= 1 then return nil end
        elseif left > latest - now + 1 then
          -- A holder in another mode expires later, or the gate is too late.
          return nil
        end
        if not latest then
          locks[#locks + 1] = lock
        elseif left > latest - now + 1 then
          shortened[#shortened + 1] = {lock, math.max(1, latest - now)}
        end
        sets[#sets + 1] = shared
      elseif value == token or string.match(value, '^~s [ISX]+ (.*)$') == token then
        locks[#locks + 1] = lock
      else
        return nil
      end
    end
    for _, gate in ipairs(shortened) do
      if call('PEXPIRE', gate[1], gate[2]) ~= 1 then return nil end
    end
    for _, shared in ipairs(sets) do
      if call('ZREM', shared, token) ~= 1 then return nil end
    end
    local deleted = #locks == 0 or call('DEL', unpack(locks))
    -- The general operation would not find the token in the sorted sets any more.
    if type(deleted) == 'table' then return #sets > 0 and {-1, deleted.err} or nil end
    return 1
  end
}

local fast_runs = {}
