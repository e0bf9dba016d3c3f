-- A call with one request, which is for one name without a waiter: most calls are so. It comes before the functions that only
-- other calls need, because making each of them costs time.
if #KEYS == 2 and ARGV[2] == '1' then
  local operation = fast[ARGV[1]]
  local reply = operation and operation(1, 6 + ARGV[5], 6)
  if reply then return reply end
end
