DROP INDEX clips_owner;

--bun:split

ALTER TABLE uploads DROP COLUMN owner_id;

--bun:split

ALTER TABLE clips DROP COLUMN owner_id;
