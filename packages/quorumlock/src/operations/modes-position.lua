-- Reads the position of a waiter in the line of a node. Waiters that are absent or were granted the lock do not count. A waiter without
-- a place would come last, except for its lead.
-- keys: lock, shared, line, wake
-- args: the waiter, its lead over later tickets in ms
-- returns {1, the number of waiters ahead, the number of waiters, 1 if the node is held or 0}
operations['modes.position'] = function(keys, args)
  local now = now_ms()
  local entries = read_entries(keys[3], now, is_mode)
  local at, ahead, waiting = position_of(entries, args[1]), 0, 0
  local score = at and entries[at][1] or math.max(now, entries.ticket) + 1 - tonumber(args[2])
  for i = 1, #entries do
    local entry = entry_at(entries, i)
    if not entry[7] and entry[5] >= 0 then
      waiting = waiting + 1
      if entry[2] ~= args[1] and not is_behind(entry, score, args[1]) then ahead = ahead + 1 end
    end
  end
  return {1, ahead, waiting, redis.call('EXISTS', keys[1])}
end

-- Notes that a waiter is there, although it does not try: too few servers have named it.
-- keys: lock, shared, line, wake
-- args: the waiter
-- returns 1
operations['modes.stay'] = function(keys, args)
  local now = now_ms()
  local entries = read_entries(keys[3], now, is_mode)
  if renew_place(entries, args[1], now) then write_entries(keys[3], entries, now) end
  return 1
end
