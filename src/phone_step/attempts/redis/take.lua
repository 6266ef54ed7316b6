-- Writes the entry of a step and counts one message, unless a limit is reached.
--
-- KEYS: the step, the messages. ARGV: the entry as it was read, the new entry, its seconds, the
-- time now, the four hashes of the message, five limits, the message with its time.
-- Returns {0} if the entry has changed, {1} if the message is counted, else {2, limit, seconds}.

-- A message has 20 bytes: its time, and the hashes of number, person, address and prefix.
local SIZE, WINDOW, TURN = 20, 3601, 4294967296

if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then
  return {0}
end

local now = tonumber(ARGV[4])
local messages = redis.call('GET', KEYS[2]) or ''

local function age(at)
  local a, b, c, d = messages:byte(at, at + 3)
  return (now - (((a * 256 + b) * 256 + c) * 256 + d)) % TURN
end

-- A message that is dated up to an hour ahead counts, because the clock may be set back.
local function counts(at)
  local age = age(at)
  return age < WINDOW or age > TURN - 1 - WINDOW
end

local function wait(at)
  return (WINDOW - age(at)) % TURN
end

local start = 1
while start <= #messages and not counts(start) do
  start = start + SIZE
end

local longest, which = -1, 0
for limit = 1, 4 do
  local hash = ARGV[5]:sub(limit * 4 - 3, limit * 4)
  local found, at = {}, messages:find(hash, start, true)
  while at do
    if (at - 1) % SIZE == limit * 4 and counts(at - limit * 4) then
      found[#found + 1] = at - limit * 4
    end
    at = messages:find(hash, at + 1, true)
  end
  local over = #found - tonumber(ARGV[5 + limit]) + 1
  if over > 0 and wait(found[over]) > longest then
    longest, which = wait(found[over]), limit
  end
end
if which == 0 then
  local over = (#messages - start + 1) / SIZE - tonumber(ARGV[10]) + 1
  if over > 0 then
    longest, which = wait(start + (over - 1) * SIZE), 5
  end
end
if which > 0 then
  return {2, which, longest}
end

-- Old messages are dropped once they are a quarter, so that few messages are written again.
if (start - 1) * 4 > #messages then
  redis.call('SET', KEYS[2], messages:sub(start) .. ARGV[11])
else
  redis.call('APPEND', KEYS[2], ARGV[11])
end
redis.call('EXPIRE', KEYS[2], 2 * WINDOW)
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return {1}
