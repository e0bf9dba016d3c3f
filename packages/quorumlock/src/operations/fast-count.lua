-- What the fast paths share.

local call = redis.pcall

-- Counts up. A missing counter begins at the floor in the server's marker, as in first_fence. A counter of 0 counts as missing.
-- Returns nil without a marker, for a key that is not a counter, and for a number that no grant wrote.
local function count(key)
  local fence = call('INCR', key)
  if type(fence) ~= 'number' then return nil end
  if fence > 1 and fence <= MAX_FENCE then return fence end
  if fence == 1 and not IS_CLUSTER then
    local marker = call('GET', string.match(key, '^(.*)~fence:') .. '~server')
    local floor = type(marker) == 'string' and string.match(marker, '^complete .* (%d+)$')
    local set = floor and call('SET', key, floor)
    if set and not set.err then return tonumber(floor) end
  end
  local undone = call(fence > 1 and 'DECR' or 'DEL', key)
  if type(undone) == 'table' then call('DECR', key) end
  return nil
end
