ALTER TABLE assets ADD COLUMN restrictions TEXT NOT NULL DEFAULT '';

--bun:split

ALTER TABLE assets ADD COLUMN embargo_until TIMESTAMPTZ;

--bun:split

ALTER TABLE assets ADD COLUMN withdrawn_at TIMESTAMPTZ;

--bun:split

ALTER TABLE uploads ADD COLUMN restrictions TEXT NOT NULL DEFAULT '';

--bun:split

ALTER TABLE uploads ADD COLUMN embargo_until TIMESTAMPTZ;

--bun:split

ALTER TABLE clips ADD COLUMN withdrawn BOOLEAN NOT NULL DEFAULT FALSE;

--bun:split

CREATE INDEX assets_withdrawn ON assets (id) WHERE withdrawn_at IS NOT NULL;

--bun:split

CREATE INDEX jobs_live ON jobs (asset_id) WHERE status IN ('queued', 'running', 'done');
