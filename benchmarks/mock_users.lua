-- Asks wrk for another user with each request.
local number = 0

request = function()
  number = number + 1
  return wrk.format("GET", string.format("/services/data/v67.0/chatter/users/005%012d", number))
end
