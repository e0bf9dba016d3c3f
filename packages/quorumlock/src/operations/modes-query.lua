-- Reads who holds nodes, in any mode, and who waits for them. It writes nothing.
-- keys: for each node lock, shared, line, wake
-- returns {1, and for each node: the value of the gate or '', ms until it expires or -1, -2 if nobody holds it, the waiters with spaces
--   between them, the number of shared holders, and for each of them: its token, ms until its deadline}
operations['modes.query'] = function(keys)
  local reply, now = {1}, now_ms()
  for _, node in ipairs(nodes_of(keys, #keys / 4, 4)) do
    local waiters = {read_line(node.wake)}
    local entries = read_entries(node.line, now, is_mode)
    for i = 1, #entries do
      local entry = entry_at(entries, i)
      if entry[4] >= now and entry[5] >= 0 then waiters[#waiters + 1] = entry[2] end
    end
    reply[#reply + 1] = redis.call('GET', node.lock) or ''
    reply[#reply + 1] = redis.call('PTTL', node.lock)
    reply[#reply + 1] = table.concat(waiters, ' ')
    local holders = redis.call('ZRANGE', node.shared, 0, -1, 'WITHSCORES')
    local at = #reply + 1
    reply[at] = 0
    for i = 1, #holders, 2 do
      local left = tonumber(holders[i + 1]) % BAND - now
      if left >= 0 then
        reply[at] = reply[at] + 1
        reply[#reply + 1] = holders[i]
        reply[#reply + 1] = left
      end
    end
  end
  return reply
end
