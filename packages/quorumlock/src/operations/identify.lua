-- Which server this is, how long it has run, and how it is configured.
-- keys: none; or any key, so that a cluster answers from the node that owns it
-- returns {1, run_id, seconds since its start or -1, its time in µs, 1 if it keeps an append-only file or else 0,
--   maxmemory-policy, maxmemory in bytes, role, mode}; what it does not report is '' or -1
operations['identify'] = function()
  local function reader(section)
    local info = redis.call('INFO', section)
    return function(field) return string.match(info, '%f[%w_]' .. field .. ':([^\r\n]*)') or '' end
  end
  local server, memory = reader('server'), reader('memory')
  local time = redis.call('TIME')
  return {
    1, server('run_id'), tonumber(server('uptime_in_seconds')) or -1,
    tonumber(time[1]) * 1000000 + tonumber(time[2]),
    tonumber(reader('persistence')('aof_enabled')) or -1,
    memory('maxmemory_policy'), tonumber(memory('maxmemory')) or -1,
    reader('replication')('role'), server('redis_mode')
  }
end
