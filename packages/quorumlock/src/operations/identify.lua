-- Which server process this is. keys: any key, so that a cluster answers from the node that owns it
-- returns {1, run_id, seconds since it started}
operations['identify'] = function(keys, args)
  local info = redis.call('INFO', 'server')
  return {1, string.match(info, 'run_id:(%w+)') or '', tonumber(string.match(info, 'uptime_in_seconds:(%d+)') or -1)}
end
