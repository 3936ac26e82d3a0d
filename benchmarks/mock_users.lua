-- Asks wrk for another user with each request; its URL ends with the API version.
local number = 0

request = function()
  number = number + 1
  return wrk.format("GET", string.format("%s/chatter/users/005%012d", wrk.path, number))
end
