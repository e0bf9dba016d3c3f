-- A summary of how long locks of one class are held (docs/policies.md). It is a hint of clients for each other.

-- Reads the summary, and writes another one if the stored one is not fresh. So thousands of clients cost few writes.
-- keys: the summary
-- args: the summary to write or '', how long it lasts in ms, how long it is fresh in ms
-- returns {1, the summary that was stored before or ''}
operations['hold.summary'] = function(keys, args)
  local stored = redis.pcall('GET', keys[1])
  -- A key of another type, and a value that no client writes, count as missing.
  if type(stored) ~= 'string' or #stored > MAX_SUMMARY_LENGTH then stored = '' end
  if args[1] ~= '' then
    local left, life = redis.call('PTTL', keys[1]), tonumber(args[2])
    if stored == '' or left <= life - tonumber(args[3]) or left > life then
      redis.call('SET', keys[1], args[1], 'PX', args[2])
    end
  end
  return {1, stored}
end
