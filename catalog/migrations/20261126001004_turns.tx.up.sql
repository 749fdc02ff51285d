ALTER TABLE jobs ADD COLUMN begun_for TEXT NOT NULL DEFAULT '';

--bun:split

CREATE INDEX jobs_begun_for ON jobs (begun_for, began_at);
