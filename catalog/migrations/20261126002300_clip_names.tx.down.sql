ALTER TABLE clips DROP COLUMN order_id;

--bun:split

ALTER TABLE clips DROP COLUMN names;
