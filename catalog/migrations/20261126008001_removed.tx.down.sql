ALTER TABLE orders DROP COLUMN removed;
--bun:split
ALTER TABLE clips DROP COLUMN removed;
