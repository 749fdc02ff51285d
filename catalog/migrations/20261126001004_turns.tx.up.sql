ALTER TABLE jobs ADD COLUMN begun_for TEXT NOT NULL DEFAULT '';

--bun:split

CREATE INDEX jobs_begun_for ON jobs (begun_for, began_at);

--bun:split

CREATE INDEX jobs_running_for ON jobs (begun_for) WHERE status = 'running';

--bun:split

CREATE INDEX jobs_waiting ON jobs (kind, not_before, id, attempt, person_id) WHERE status = 'queued';

--bun:split

CREATE INDEX clips_waiting ON clips (job_id, owner_id, cancelled);
