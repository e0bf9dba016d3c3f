-- The notes of the sets of servers that clients use (protocol §10). A note is one line:
--   <the set> <ms of its first note> <ms of its latest note> <ms of its end> <owner label of a client that noted it>

-- Notes a set, and reads the other sets. A fresh note is not written again, so thousands of clients with one set cost few writes.
-- keys: the notes
-- args: the set, the set that the client used before it or '', how long the note lasts in ms, how long it is fresh in ms, the owner
--   label of the client
-- returns {1, and for each other set: the set, for how many ms both were in use, in how many ms its note ends, the owner label}
operations['set.note'] = function(keys, args)
  local set, former, life = args[1], args[2], tonumber(args[3])
  local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
  local since, is_fresh, has_former = now, false, false
  local others, text = {}, redis.pcall('GET', keys[1])
  -- A key of another type counts as missing.
  for line in string.gmatch(type(text) == 'string' and text or '', '[^\n]+') do
    local noted, first, latest, ends, owner = string.match(line, '^([^ ]+) (%d+) (%d+) (%d+) (.*)$')
    first, latest, ends = tonumber(first), tonumber(latest), tonumber(ends)
    -- After a step of the clock, a note says nothing about durations, so it counts as missing.
    if noted and first <= latest and latest <= now and now < ends and ends <= now + MAX_NOTE_LIFE_MS then
      if noted == set then
        since, is_fresh = first, now - latest < tonumber(args[4])
      elseif noted == former then
        has_former = true
      else
        others[#others + 1] = {line, noted, latest, first, ends, owner}
      end
    end
  end
  local reply, lines, last = {1}, {}, now + life
  for i = math.max(1, #others - MAX_NOTES + 2), #others do
    local other = others[i]
    lines[#lines + 1] = other[1]
    last = math.max(last, other[5])
    reply[#reply + 1] = other[2]
    reply[#reply + 1] = other[3] - math.max(other[4], since)
    reply[#reply + 1] = other[5] - now
    reply[#reply + 1] = other[6]
  end
  if not is_fresh or has_former then
    lines[#lines + 1] = string.format('%s %.0f %.0f %.0f %s', set, since, now, now + life, args[5])
    redis.call('SET', keys[1], table.concat(lines, '\n'), 'PX', string.format('%.0f', last - now))
  end
  return reply
end
