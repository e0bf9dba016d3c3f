local replies, key, arg = {}, 0, 1
while arg < #ARGV do
  local name, keys, args = ARGV[arg + 1], tonumber(ARGV[arg + 2]), tonumber(ARGV[arg + 3])
  arg = arg + 3
  local done, reply = pcall(operations[name], {unpack(KEYS, key + 1, key + keys)}, {unpack(ARGV, arg + 1, arg + args)})
  key, arg = key + keys, arg + args
  if not done then
    if type(reply) == 'table' then reply = reply.err or reply[1] end
    reply = {-1, tostring(reply)}
  end
  replies[#replies + 1] = reply
end
return replies
