local function perform(name, keys, args)
  local done, reply = pcall(operations[name], keys, args)
  if done then return reply end
  if type(reply) == 'table' then reply = reply.err or reply[1] end
  return {-1, tostring(reply)}
end

if ARGV[1] ~= 'batch' then return perform(ARGV[1], KEYS, {unpack(ARGV, 2)}) end

repeat
  local args = {unpack(ARGV, arg + 1, arg + own)}
  for i = 1, shared do args[own + i] = ARGV[shared_at + i] end
  replies[#replies + 1] = perform(name, {unpack(KEYS, key + 1, key + keys)}, args)
  key, arg, left = key + keys, arg + own, left - 1
until quickly()
return replies
