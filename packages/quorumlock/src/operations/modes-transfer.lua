-- Locks in modes that pass to another process.

-- Whether the token has the node in this mode, and its time is not over. Unlike `is_held_in`: of a holder whose time is over, the member
-- of the set can be left although others have had the node since.
local function is_alive_in(node, mode, token, now)
  local value = redis.call('GET', node.lock)
  if value ~= SHARED then
    local sole_mode, sole = sole_in(value)
    return (sole or value) == token and (sole_mode or 'X') == mode
  end
  local score = mode ~= 'X' and redis.call('ZSCORE', node.shared, token)
  if not score then return false end
  return math.floor(tonumber(score) / BAND) == RANKS[mode] and tonumber(score) % BAND >= now
end

-- Renews the nodes if the token holds all of them, each in its mode, for a lock that passes to another process. It takes no free node,
-- because another holder may have come and gone.
-- keys: of modes.lua, without wake
-- args: token, ttl in ms, modes
-- only_checks: true if it renews nothing
-- returns the largest counter, 1 if there is none | {0, ms until the holder expires, -1 or -2, its token if the gate names one or ''}
operations['modes.renew'] = function(keys, args, only_checks)
  local token, modes, now, fence = args[1], modes_of(args[3]), now_ms(), 1
  local nodes = nodes_of(keys, #modes, 3)
  for i, mode in ipairs(modes) do
    if not is_alive_in(nodes[i], mode, token, now) then
      local value = redis.call('GET', nodes[i].lock)
      local _, sole = sole_in(value)
      local holder = sole or value ~= SHARED and value or ''
      if string.sub(holder, 1, 3) == PERMITS .. ' ' then holder = PERMITS end
      return {0, redis.call('PTTL', nodes[i].lock), holder}
    end
  end
  for _, key in ipairs(nodes.fences) do fence = math.max(fence, read_fence(key) or 1) end
  if only_checks then return fence end
  for i, mode in ipairs(modes) do hold_in(nodes[i], mode, {token, [token] = true}, tonumber(args[2]), now) end
  return fence
end
