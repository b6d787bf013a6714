-- Runs the emitted mask.lua over records of every shape, as Fluent Bit would: luajit tests/logs/mask.lua FILE
-- LOG_HASH_KEY must be `k`; its hashes were made with `openssl dgst -sha256 -hmac k`.
dofile(arg[1])

local proven, failed = 0, 0
local function is(what, got, wanted)
  if got == wanted then
    proven = proven + 1
  else
    failed = failed + 1
    print(what .. ": got " .. tostring(got) .. ", wanted " .. tostring(wanted))
  end
end

local function masked(record)
  local code, time, made = mask("kube.x", 7, record)
  is("code", code, 2)
  is("time", time, 7)
  return made
end

for _, row in ipairs({
  { "password", "hunter2", "[redacted]" },
  { "secret", "x", "[redacted]" },
  { "ssn", "078-05-1120", "[redacted]" },
  { "token", "abcdefghijklmnop", "****mnop" },
  { "token", "abcdefg", "[redacted]" },
  { "access_token", "abcdefghijklmnop", "****mnop" },
  { "accessToken", "abcdefghijklmnop", "****mnop" },
  { "X-Api-Key", "1234567890ABCDEF", "****CDEF" },
  { "credit_card", 4111111111111111, "****1111" },
  { "email", "jane@acme.example", "j***@acme.example" },
  { "user.email", "jane@acme.example", "j***@acme.example" },
  { "email", "no address", "[redacted]" },
  { "ip", "10.1.2.3", "hash:4c56f914d39eda04" },
  { "client_ip", "10.1.2.3", "hash:4c56f914d39eda04" },
  -- what only looks like it stays
  { "shipping", "Dublin", "Dublin" },
  { "zip", "D02", "D02" },
  { "prompt_tokens", 812, 812 },
  { "ok", true, true },
  { "message", "user signed in", "user signed in" },
  { "message", "try password=hunter2 now", "try password=[redacted] now" },
  { "message", '{"token": "abcdefghijklmnop", "n": 1}', '{"token": "****mnop", "n": 1}' },
  { "url", "/reset?token=abcdefghijklmnopq&page=2", "/reset?token=****nopq&page=2" },
  { "message", "email: jane@acme.example, at 10:00", "email: j***@acme.example, at 10:00" },
}) do
  is(row[1] .. " " .. tostring(row[2]), masked({ [row[1]] = row[2] })[row[1]], row[3])
end

local nested = masked({ user = { email = "jim@acme.example", id = 7, cards = { { credit_card = "4111111111111111" } } }, secret = { a = 1, b = { c = "x" } } })
is("nested email", nested.user.email, "j***@acme.example")
is("nested id", nested.user.id, 7)
is("a list of objects", nested.user.cards[1].credit_card, "****1111")
is("all below a secret", nested.secret.b.c, "[redacted]")
is("a number below a secret", nested.secret.a, "[redacted]")
is("a long value", masked({ ip = string.rep("x", 200) }).ip, "hash:7f55b8eb9b40e1c6")

print(proven .. " proven, " .. failed .. " failed")
os.exit(failed == 0 and 0 or 1)
