-- Runs the requests of one tick. A request that fails does not affect the others.
--
-- KEYS: the keys of all requests, one after the other
-- ARGV: runs of requests of one operation. A run: the name of the operation, the number of requests, the number of keys of each
--   request, the number of own arguments of each request, the number of shared arguments, the shared arguments, and then the own
--   arguments of each request
-- returns the reply of a lone request; otherwise a list with one reply for each request. A reply: a whole number n, which means
--   {1, n}; or {1, …} for yes, {0, …} for no, {-1, message} for failed
--
-- For a cluster, PUBLISH is replaced by SPUBLISH. IS_CLUSTER is replaced by true or false.
--
-- k, a, s: where the next keys begin in KEYS, and where the own and the shared arguments begin in ARGV

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
  -- The fast path is only for requests for one name, and those of a plain lock have no waiter.
  local has_fast_path = key_count <= fast_keys
  local fast_single = has_fast_path and fast[name]
  local fast_run = has_fast_path and length > 1 and fast_runs[name]
  local done = 0
  while done < length do
    local count = fast_run and fast_run(k, a, length - done, replies) or 0
    if count == 0 then
      local reply = fast_single and fast_single(k, a, s, key_count, name)
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
return #replies == 1 and replies[1] or replies
