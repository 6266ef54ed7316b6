-- Writes the entry of a step and counts one message, unless a limit is reached.
--
-- KEYS: the step, the messages, the refused calls. ARGV: the entry as it was read, the new entry,
-- its seconds, the time now, the hashes of the message under each key, the message with its time,
-- five limits on messages, five limits on refused calls.
-- Returns {0} if the entry has changed, {1} if the message is counted, else {2, limit, seconds}.

-- A message has 20 bytes: its time, and the hashes of number, person, address and prefix.
local SIZE, HASHES, WINDOW, TURN = 20, 16, 3601, 4294967296

if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then
  return {0}
end

local now = tonumber(ARGV[4])

local function age(list, at)
  local a, b, c, d = list:byte(at, at + 3)
  return (now - (((a * 256 + b) * 256 + c) * 256 + d)) % TURN
end

-- A message that is dated up to an hour ahead counts, because the clock may be set back.
local function counts(list, at)
  local age = age(list, at)
  return age < WINDOW or age > TURN - 1 - WINDOW
end

local function wait(list, at)
  return (WINDOW - age(list, at)) % TURN
end

-- The position of the first message that counts.
local function first(list)
  local start = 1
  while start <= #list and not counts(list, start) do
    start = start + SIZE
  end
  return start
end

-- The messages with one of the hashes of this limit, the oldest first.
local function same(list, start, limit)
  local found = {}
  for key = 0, #ARGV[5] - 1, HASHES do
    local hash = ARGV[5]:sub(key + limit * 4 - 3, key + limit * 4)
    local at = list:find(hash, start, true)
    while at do
      if (at - 1) % SIZE == limit * 4 and counts(list, at - limit * 4) then
        found[#found + 1] = at - limit * 4
      end
      at = list:find(hash, at + 1, true)
    end
  end
  table.sort(found)
  return found
end

-- The limit that is reached, and its seconds. The limits stand in ARGV after this index.
local function reached(list, start, limits)
  local longest, which = -1, 0
  for limit = 1, 4 do
    local found = same(list, start, limit)
    local over = #found - tonumber(ARGV[limits + limit]) + 1
    if over > 0 and wait(list, found[over]) > longest then
      longest, which = wait(list, found[over]), limit
    end
  end
  if which == 0 then
    local over = (#list - start + 1) / SIZE - tonumber(ARGV[limits + 5]) + 1
    if over > 0 then
      longest, which = wait(list, start + (over - 1) * SIZE), 5
    end
  end
  return which, longest
end

local messages = redis.call('GET', KEYS[2]) or ''
local refused = redis.call('GET', KEYS[3]) or ''
local start, start_refused = first(messages), first(refused)
local which, longest = reached(messages, start, 6)
if which == 0 then
  which, longest = reached(refused, start_refused, 11)
end
if which > 0 then
  return {2, which, longest}
end

-- Old messages are dropped once they are a quarter, so that few messages are written again.
if (start - 1) * 4 > #messages then
  redis.call('SET', KEYS[2], messages:sub(start) .. ARGV[6])
else
  redis.call('APPEND', KEYS[2], ARGV[6])
end
redis.call('EXPIRE', KEYS[2], 2 * WINDOW)
if (start_refused - 1) * 4 > #refused then
  redis.call('SET', KEYS[3], refused:sub(start_refused), 'KEEPTTL')
end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return {1}
