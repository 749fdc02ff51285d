DROP INDEX jobs_begun_for;

--bun:split

ALTER TABLE jobs DROP COLUMN begun_for;
