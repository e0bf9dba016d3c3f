-- Which server this is, how long it has run, and how it is configured.
-- keys: the marker; or none, because a node of a cluster answers only for its own keys
-- returns {1, run_id, seconds since its start or -1, its time in µs, 1 if it keeps an append-only file or else 0,
--   maxmemory-policy, maxmemory in bytes, role, mode, its replication id, the one before, its marker, why it refuses INFO,
--   its memory in use in bytes, its version}; what it does not report is '' or -1
operations['identify'] = function(keys)
  local refusal = ''
  local function reader(section)
    local info = redis.pcall('INFO', section)
    if type(info) == 'table' then info, refusal = '', info.err end
    return function(field) return string.match(info, '%f[%w_]' .. field .. ':([^\r\n]*)') or '' end
  end
  local server, memory, replication = reader('server'), reader('memory'), reader('replication')
  local time = redis.call('TIME')
  -- Valkey 9 has another name for it.
  local mode = server('redis_mode')
  if mode == '' then mode = server('server_mode') end
  local valkey = server('valkey_version')
  return {
    1, server('run_id'), tonumber(server('uptime_in_seconds')) or -1,
    tonumber(time[1]) * 1000000 + tonumber(time[2]),
    tonumber(reader('persistence')('aof_enabled')) or -1,
    memory('maxmemory_policy'), tonumber(memory('maxmemory')) or -1,
    replication('role'), mode, replication('master_replid'), replication('master_replid2'),
    keys[1] and read_marker(keys[1]) or '', refusal,
    tonumber(memory('used_memory')) or -1, valkey ~= '' and 'valkey ' .. valkey or server('redis_version')
  }
end
