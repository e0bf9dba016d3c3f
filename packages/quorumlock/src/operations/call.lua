-- One call for the requests of a tick, each isolated: one that fails does not touch the others.
--
-- KEYS: the keys of all requests, one after the other
-- ARGV: runs of requests of one operation. A run: its name, how many requests it has, how many keys each of them has, how many
--   arguments each of them has of its own, how many they share, the shared ones, then the own ones of each request
-- returns a list with one reply for each request: a whole number n, which stands for {1, n}; or a list, {1, …} yes, {0, …} no,
--   {-1, message} failed
--
-- A cluster gets the script with SPUBLISH in the place of PUBLISH.

local function perform(operation, k, key_count, a, own, s, shared)
  local keys, args = {unpack(KEYS, k, k + key_count - 1)}, {unpack(ARGV, a, a + own - 1)}
  for i = 1, shared do args[own + i] = ARGV[s + i - 1] end
  local is_done, reply = pcall(operation, keys, args)
  if is_done then return reply end
  if type(reply) == 'table' then reply = reply.err or reply[1] end
  return {-1, tostring(reply)}
end

local replies, operations, k, a = {}, nil, 1, 1
while a <= #ARGV do
  local name, length, key_count = ARGV[a], tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])
  local own, shared, s = tonumber(ARGV[a + 3]), tonumber(ARGV[a + 4]), a + 5
  a = s + shared
  local is_single = key_count == 2
  local fast_one, fast_run = is_single and fast[name], is_single and length > 1 and fast_runs[name]
  local done = 0
  while done < length do
    local count = fast_run and fast_run(k, a, length - done, replies) or 0
    if count == 0 then
      local reply = fast_one and fast_one(k, a, s)
      if not reply then
        operations = operations or general()
        reply = perform(operations[name], k, key_count, a, own, s, shared)
      end
      replies[#replies + 1] = reply
      count = 1
    end
    k, a, done = k + count * key_count, a + count * own, done + count
  end
end
return replies
