-- Which modes keep each other out, in the enforced line of a node (enforced-line.lua). A demand is a mode. Neither readers nor
-- writers starve, because a request lets those ahead of it pass that it clashes with.

local CLASHES = {
  ['IS'] = ' X ', ['IX'] = ' S SIX X ', ['S'] = ' IX SIX X ', ['SIX'] = ' IX S SIX X ', ['X'] = ' IS IX S SIX X '
}

local function is_mode(text) return CLASHES[text] end

local function clash(one, other) return string.find(CLASHES[one], ' ' .. other .. ' ', 1, true) end

-- For a walk along the line: returns a function that says whether a waiter for a mode can go together with those before it.
-- `obstacle_of`: returns what is held in the way of a mode.
local function modes_that_can_go(obstacle_of)
  local going = {}
  return function(mode)
    if going[mode] == nil then going[mode] = not obstacle_of(mode) end
    if not going[mode] then return false end
    for other in string.gmatch(CLASHES[mode], '%u+') do going[other] = false end
    return true
  end
end
