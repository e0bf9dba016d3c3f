-- A call with one request, which has the number of keys of the fast path: most calls are so. It comes before the functions that
-- only other calls need, because making each of them costs time.
if #KEYS == fast_keys and ARGV[2] == '1' then
  local operation = fast[ARGV[1]]
  local reply = operation and operation(1, 6 + ARGV[5], 6)
  if reply then return reply end
end
