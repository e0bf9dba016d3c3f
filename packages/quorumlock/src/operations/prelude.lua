-- One call for one request, or for many that are isolated: one that fails does not touch the others.
--
-- KEYS: the keys of the request, or of all of them one after the other
-- ARGV, one request: its name, its arguments
-- ARGV, many: 'batch', then for each its name, how many keys it takes, how many arguments follow, the arguments
-- returns a list with one reply for each request: {1, …} yes, {0, …} no, {-1, message} failed
--
-- PUBLISH stands for itself here; where the instance is a cluster, the script is loaded with SPUBLISH in its place.
local operations = {}
