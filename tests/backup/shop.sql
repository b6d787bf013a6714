-- What is backed up: names and values that break careless scripts, and enough rows to be in the middle of.
CREATE TABLE orders (id bigserial PRIMARY KEY, note text NOT NULL, paid timestamptz DEFAULT '2026-01-31 03:00:00.123456+00', total numeric(12, 4));
INSERT INTO orders (note, total)
SELECT md5(i::text) || md5((i * 7)::text) || md5((i * 13)::text), i / 7.0 FROM generate_series(1, 30000) AS i;
CREATE TABLE lines (order_id bigint REFERENCES orders, item jsonb, raw bytea, tags text[]);
INSERT INTO lines VALUES
  (1, '{"a": "ü\u2028\"", "b": [1, null]}', '\x00ff27225c', ARRAY['a,b', '{}', '"', NULL]),
  (2, '"$(rm -rf /)"', '\x', ARRAY[]::text[]);
CREATE SCHEMA "we ird; --";
CREATE TABLE "we ird; --"."t'a""b%s $(x) `y` \z" ("col ""x""" text, "ünï" float8, "select" interval);
INSERT INTO "we ird; --"."t'a""b%s $(x) `y` \z" VALUES
  (E'tab\there', 'NaN', '1 mon -3 days'), (E'line\nbreak\r\\.', 0.1, NULL), (E'\\N', '-Infinity', '00:00:00.000001'), ('', 1e300, '0'),
  ('''; DROP TABLE orders; --', 5e-324, NULL), ('${{ secrets.X }} %(a)s %% {{ x }}', NULL, NULL), (E'\u00a0\U0001F512', 2, NULL);
CREATE SEQUENCE tickets START 41;
SELECT nextval('tickets');
SELECT lo_from_bytea(0, '\xdeadbeef00');
CREATE VIEW unpaid AS SELECT * FROM orders WHERE paid IS NULL;
CREATE ROLE "app ""role""" NOLOGIN;
GRANT SELECT ON orders TO "app ""role""";
ALTER TABLE lines OWNER TO "app ""role""";
