DROP INDEX jobs_asset;

--bun:split

ALTER TABLE jobs DROP COLUMN restart_key;

--bun:split

DROP INDEX assets_steps_missing;

--bun:split

ALTER TABLE assets DROP COLUMN steps_asked;

--bun:split

ALTER TABLE assets DROP COLUMN loudness;

--bun:split

ALTER TABLE assets DROP COLUMN waveforms;

--bun:split

ALTER TABLE assets DROP COLUMN storyboard;
