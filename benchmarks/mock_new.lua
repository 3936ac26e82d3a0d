-- Asks wrk for another URL with each request: the argument after `--` is a path in which the request's number stands.
local number = 0
local path = ""

init = function(arguments)
  path = arguments[1]
end

request = function()
  number = number + 1
  return wrk.format("GET", string.format(path, number))
end
