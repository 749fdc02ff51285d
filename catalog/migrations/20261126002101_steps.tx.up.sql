ALTER TABLE assets ADD COLUMN storyboard TEXT;

--bun:split

ALTER TABLE assets ADD COLUMN waveforms TEXT;

--bun:split

ALTER TABLE assets ADD COLUMN loudness TEXT;

--bun:split

ALTER TABLE assets ADD COLUMN steps_asked BOOLEAN NOT NULL DEFAULT FALSE;

--bun:split

CREATE INDEX assets_steps_missing ON assets (id) WHERE NOT steps_asked;

--bun:split

ALTER TABLE jobs ADD COLUMN restart_key TEXT NOT NULL DEFAULT '';

--bun:split

CREATE INDEX jobs_asset ON jobs (asset_id, kind);
