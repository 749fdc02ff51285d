ALTER TABLE clips ADD COLUMN removed BOOLEAN NOT NULL DEFAULT FALSE;
--bun:split
ALTER TABLE orders ADD COLUMN removed BOOLEAN NOT NULL DEFAULT FALSE;
--bun:split
UPDATE clips SET removed = TRUE WHERE cancelled;
--bun:split
UPDATE orders SET removed = TRUE WHERE cancelled;
