-- The marker says whether the server's memory is complete (protocol §10). marker.ts documents its values.

-- A key of another type counts as missing.
local function read_marker(key)
  local marker = redis.pcall('GET', key)
  return type(marker) == 'string' and marker or ''
end

-- returns {1, the marker afterwards, the server's time in ms}
local function replace_marker(key, expected, value)
  local present = read_marker(key)
  local time = redis.call('TIME')
  local now = string.format('%.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
  if present == expected then
    present = value(tonumber(now))
    redis.call('SET', key, present)
  end
  return {1, present, now}
end

-- Replaces the marker, unless another client was faster.
-- keys: marker
-- args: the expected marker or '', the new one
operations['marker.replace'] = function(keys, args)
  return replace_marker(keys[1], args[1], function() return args[2] end)
end

-- Notes that the server has lost memory, unless another client was faster.
-- keys: marker
-- args: the expected marker or '', the time since the loss in ms
operations['marker.lose'] = function(keys, args)
  return replace_marker(keys[1], args[1], function(now)
    return 'lost ' .. string.format('%.0f', now - tonumber(args[2]))
  end)
end
