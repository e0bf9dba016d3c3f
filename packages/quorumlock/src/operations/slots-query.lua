-- Reads who holds permits, and who waits for them. It writes nothing: holders whose time is over stay, and are not in the reply.
-- keys: of the semaphore
-- returns {1, the token of a holder of another kind or '', ms until its key expires, -1 or -2, the total number that was set, its stamp,
--   both 0 if none was set, the waiters with spaces between them, and for each holder of permits: its token, its slots, ms until its
--   deadline}
operations['slots.query'] = function(keys)
  local now = now_ms()
  local state, other, left = read_holders(keys)
  local stamp, total = read_size(keys[6], keys[1], now)
  local waiters = {read_line(keys[8])}
  local entries = read_entries(keys[7], now, is_count_up_to(math.huge))
  for i = 1, #entries do
    local entry = entry_at(entries, i)
    if entry[4] >= now then waiters[#waiters + 1] = entry[2] end
  end
  local reply = {1, other or '', left or -2, total or 0, stamp or 0, table.concat(waiters, ' ')}
  local function add(token, slots, deadline)
    if slots and deadline >= now then
      local at = #reply
      reply[at + 1], reply[at + 2], reply[at + 3] = token, slots, deadline - now
    end
  end
  if state.token ~= '' then add(state.token, state.slots, state.deadline) end
  if state.latest > 0 then
    local slots_of, held = {}, redis.call('HGETALL', keys[3])
    for i = 1, #held, 2 do slots_of[held[i]] = held[i + 1] end
    local due = redis.call('ZRANGE', keys[4], 0, -1, 'WITHSCORES')
    for i = 1, #due, 2 do
      -- A token is not in two places, but a client of another kind can have put it there.
      if due[i] ~= state.token then add(due[i], slots_of[due[i]], tonumber(due[i + 1])) end
    end
  end
  return reply
end
