DROP INDEX clips_waiting;

--bun:split

DROP INDEX jobs_waiting;

--bun:split

DROP INDEX jobs_running_for;

--bun:split

DROP INDEX jobs_begun_for;

--bun:split

ALTER TABLE jobs DROP COLUMN begun_for;
