local function perform(name, keys, args)
  local done, reply = pcall(operations[name], keys, args)
  if done then return reply end
  if type(reply) == 'table' then reply = reply.err or reply[1] end
  return {-1, tostring(reply)}
end

if ARGV[1] ~= 'batch' then return {perform(ARGV[1], KEYS, {unpack(ARGV, 2)})} end

while arg < #ARGV do
  local name, keys, args = ARGV[arg + 1], tonumber(ARGV[arg + 2]), tonumber(ARGV[arg + 3])
  local own = {unpack(ARGV, arg + 4, arg + 3 + args)}
  replies[#replies + 1] = perform(name, {unpack(KEYS, key + 1, key + keys)}, own)
  key, arg = key + keys, arg + 3 + args
  while arg < #ARGV and quick_next() do end
end
return replies
