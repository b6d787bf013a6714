-- Hides in every log record of shop what observability.logs.mask names in spec.yaml. Fluent Bit calls mask() for each.
-- A field is meant by its own name or by the end of it: `email` also hides `user_email`, `user.email` and `User-Email`. In running text
-- it is found as `email=…` or `email: …`. This is the last line of defence: what is never logged needs no hiding.
local how = {
  ["password"] = "redact",
  ["secret"] = "redact",
  ["token"] = "last4",
  ["api_key"] = "last4",
  ["email"] = "partial",
  ["phone"] = "last4",
  ["credit_card"] = "last4",
  ["ssn"] = "redact",
  ["ip"] = "hash",
}

local bit = require("bit")
local band, bor, bxor, bnot, ror, rshift, lshift = bit.band, bit.bor, bit.bxor, bit.bnot, bit.ror, bit.rshift, bit.lshift

-- SHA-256 as FIPS 180-4 has it: the constants are the first bits of the roots of the first primes.
local function constants()
  local squares, cubes, n = {}, {}, 2
  local function part(root)
    return math.floor((root - math.floor(root)) * 2 ^ 32)
  end
  while #cubes < 64 do
    local prime = true
    for divisor = 2, math.floor(math.sqrt(n)) do
      prime = prime and n % divisor ~= 0
    end
    if prime then
      if #squares < 8 then
        squares[#squares + 1] = part(math.sqrt(n))
      end
      cubes[#cubes + 1] = part(n ^ (1 / 3))
    end
    n = n + 1
  end
  return squares, cubes
end
local start, round = constants()

local function bytes(word)
  return string.char(band(rshift(word, 24), 255), band(rshift(word, 16), 255), band(rshift(word, 8), 255), band(word, 255))
end

local function sha256(text)
  local padded = text .. "\128" .. string.rep("\0", (55 - #text) % 64) .. bytes(math.floor(#text / 2 ^ 29)) .. bytes((#text * 8) % 2 ^ 32)
  local h = { unpack(start) }
  for chunk = 1, #padded, 64 do
    local w = {}
    for i = 0, 15 do
      local a, b, c, d = padded:byte(chunk + 4 * i, chunk + 4 * i + 3)
      w[i] = bor(lshift(a, 24), lshift(b, 16), lshift(c, 8), d)
    end
    for i = 16, 63 do
      local s0 = bxor(ror(w[i - 15], 7), ror(w[i - 15], 18), rshift(w[i - 15], 3))
      local s1 = bxor(ror(w[i - 2], 17), ror(w[i - 2], 19), rshift(w[i - 2], 10))
      w[i] = band(w[i - 16] + s0 + w[i - 7] + s1, 0xffffffff)
    end
    local a, b, c, d, e, f, g, hh = unpack(h)
    for i = 0, 63 do
      local s1 = bxor(ror(e, 6), ror(e, 11), ror(e, 25))
      local t1 = hh + s1 + bxor(band(e, f), band(bnot(e), g)) + round[i + 1] + w[i]
      local s0 = bxor(ror(a, 2), ror(a, 13), ror(a, 22))
      local t2 = s0 + bxor(band(a, b), band(a, c), band(b, c))
      hh, g, f, e, d, c, b, a = g, f, e, band(d + t1, 0xffffffff), c, b, a, band(t1 + t2, 0xffffffff)
    end
    for i, value in ipairs({ a, b, c, d, e, f, g, hh }) do
      h[i] = band(h[i] + value, 0xffffffff)
    end
  end
  for i = 1, 8 do
    h[i] = bytes(h[i])
  end
  return table.concat(h)
end

-- With a key (HMAC, RFC 2104), because whoever has a list of addresses could otherwise hash them all and compare.
local function hmac(key, text)
  key = #key > 64 and sha256(key) or key
  key = key .. string.rep("\0", 64 - #key)
  local function pad(with)
    return (key:gsub(".", function(c)
      return string.char(bxor(c:byte(), with))
    end))
  end
  return (sha256(pad(0x5c) .. sha256(pad(0x36) .. text)):gsub(".", function(c)
    return string.format("%02x", c:byte())
  end))
end

local redacted = "[redacted]"
local hide = {
  redact = function()
    return redacted
  end,
  last4 = function(text)
    return #text >= 12 and "****" .. text:sub(-4) or redacted -- of a short one, four characters are too much
  end,
  partial = function(text)
    local first, domain = text:match("^(.)[^@]*(@.+)$")
    return first and first .. "***" .. domain or redacted
  end,
  hash = function(text)
    local key = os.getenv("LOG_HASH_KEY")
    return key and key ~= "" and "hash:" .. hmac(key, text):sub(1, 16) or redacted
  end,
}

local function plain(name)
  return (tostring(name):gsub("(%l)(%u)", "%1_%2"):lower():gsub("[^%w]+", "_"))
end

local named = {}
for name, way in pairs(how) do
  named[plain(name)] = way
end

-- The way of hiding a field with this name; nil when it may be seen.
local function way(name)
  name = plain(name)
  while name do
    if named[name] then
      return named[name]
    end
    name = name:match("^[^_]+_(.+)$")
  end
end

-- Hides `name=value`, `name: value` and `"name": "value"` in text.
local function in_text(text)
  return (text:gsub('([%w_%-%.]+)(["\']?%s*[=:]%s*["\']?)([^%s"\',;&}]+)', function(name, between, value)
    local found = way(name)
    return found and name .. between .. hide[found](value) or nil
  end))
end

local function value_of(name, value)
  local found = way(name)
  if type(value) == "table" then
    for key, inner in pairs(value) do
      -- everything below a hidden field is hidden like it
      value[key] = value_of(found and name or key, inner)
    end
    return value
  end
  if found then
    -- a card's number is a number, too, and would be written as 4.1e+15
    local whole = type(value) == "number" and value % 1 == 0
    return hide[found](whole and string.format("%.0f", value) or tostring(value))
  end
  return type(value) == "string" and in_text(value) or value
end

function mask(_, timestamp, record)
  for name, value in pairs(record) do
    record[name] = value_of(name, value)
  end
  return 2, timestamp, record
end
