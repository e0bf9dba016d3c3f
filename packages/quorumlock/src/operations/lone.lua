-- A call with one request, which has no more keys than the fast path allows: most calls are so. It comes before the functions that
-- only other calls need, because making each of them costs time.
if #KEYS <= fast_keys and ARGV[2] == '1' and ARGV[3] + 0 == #KEYS then
  local operation = fast[ARGV[1]]
  local reply = operation and operation(1, 6 + ARGV[5], 6, #KEYS, ARGV[1])
  if reply then return reply end
end
