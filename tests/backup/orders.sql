-- What is backed up from MariaDB: names and values that break careless scripts, and enough rows to be in the middle of.
SET NAMES utf8mb4;
CREATE TABLE orders (id bigint PRIMARY KEY AUTO_INCREMENT, note text NOT NULL, paid datetime(6) DEFAULT '2026-01-31 03:00:00.123456', total decimal(12, 4));
INSERT INTO orders (note, total) SELECT CONCAT(MD5(seq), MD5(seq * 7), MD5(seq * 13)), seq / 7 FROM seq_1_to_30000;
CREATE TABLE `lines` (order_id bigint, item json, raw blob, tags set('a', 'b'), flags bit(9), at timestamp NULL, FOREIGN KEY (order_id) REFERENCES orders (id));
INSERT INTO `lines` VALUES (1, '{"a": "ü\\u2028\\"", "b": [1, null]}', X'00ff27225c0a0d1a', 'a,b', b'100000001', '2026-03-29 01:30:00'), (2, '"$(rm -rf /)"', '', '', NULL, NULL);
CREATE TABLE `t'a"b%s $(x) ``y`` \\ z` (`col "x"` text, `ünï` double, `select` time(6), doubled double GENERATED ALWAYS AS (`ünï` * 2));
INSERT INTO `t'a"b%s $(x) ``y`` \\ z` (`col "x"`, `ünï`, `select`) VALUES
  ('tab\there', 1e300, '-838:59:59'), ('line\nbreak\r\\.\n(1,2),\n-- Dump completed\n', 0.1, NULL), ('\\N', -0.5, '00:00:00.000001'), ('', 5e-324, '0'),
  ('''; DROP TABLE orders; --', NULL, NULL), ('\n\\! touch pwned\n', NULL, NULL), ('${{ secrets.X }} %(a)s %% {{ x }}', NULL, NULL), ('🔒', 2, NULL);
CREATE TABLE empty (id int);
CREATE SEQUENCE tickets START WITH 41;
DO NEXTVAL(tickets);
CREATE VIEW unpaid AS SELECT * FROM orders WHERE paid IS NULL;
CREATE TABLE log (what text);
DELIMITER //
CREATE TRIGGER noted AFTER DELETE ON orders FOR EACH ROW BEGIN
INSERT INTO `log` VALUES (CONCAT('deleted ', OLD.id));
END //
CREATE PROCEDURE twice(x int) BEGIN
SELECT x * 2, '
CREATE TABLE `not a table` (
';
END //
CREATE FUNCTION thrice(x int) RETURNS int DETERMINISTIC RETURN x * 3 //
CREATE EVENT cleaning ON SCHEDULE EVERY 1 SECOND ON COMPLETION PRESERVE ENABLE DO BEGIN
DELETE FROM `log` WHERE what = 'deleted by the event';
END //
DELIMITER ;
CREATE ROLE reader;
CREATE USER 'app''x'@'%' IDENTIFIED BY 'hush', 'backup'@'%' IDENTIFIED BY 'pass word/@:?%"\\#''';
GRANT SELECT ON shop.* TO reader;
GRANT SELECT, INSERT ON shop.* TO 'app''x'@'%' WITH GRANT OPTION;
GRANT reader TO 'app''x'@'%';
GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON *.* TO 'backup'@'%';
