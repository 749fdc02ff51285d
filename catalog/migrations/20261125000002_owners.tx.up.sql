ALTER TABLE clips ADD COLUMN owner_id TEXT NOT NULL DEFAULT '';

--bun:split

ALTER TABLE uploads ADD COLUMN owner_id TEXT NOT NULL DEFAULT '';

--bun:split

CREATE INDEX clips_owner ON clips (owner_id, id);
