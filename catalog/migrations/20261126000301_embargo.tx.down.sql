DROP INDEX jobs_live;

--bun:split

DROP INDEX assets_withdrawn;

--bun:split

ALTER TABLE clips DROP COLUMN withdrawn;

--bun:split

ALTER TABLE uploads DROP COLUMN embargo_until;

--bun:split

ALTER TABLE uploads DROP COLUMN restrictions;

--bun:split

ALTER TABLE assets DROP COLUMN withdrawn_at;

--bun:split

ALTER TABLE assets DROP COLUMN embargo_until;

--bun:split

ALTER TABLE assets DROP COLUMN restrictions;
