ALTER TABLE jobs ADD COLUMN person_id TEXT NOT NULL DEFAULT '';

--bun:split

ALTER TABLE jobs ADD COLUMN token_id TEXT NOT NULL DEFAULT '';

--bun:split

ALTER TABLE jobs ADD COLUMN encoding DOUBLE PRECISION NOT NULL DEFAULT 0;

--bun:split

ALTER TABLE jobs ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0;

--bun:split

ALTER TABLE jobs ADD COLUMN began_at TIMESTAMPTZ;

--bun:split

ALTER TABLE clips ADD COLUMN token_id TEXT NOT NULL DEFAULT '';

--bun:split

CREATE TABLE takers (
    person_id TEXT PRIMARY KEY,
    asked_at  TIMESTAMPTZ NOT NULL
);

--bun:split

CREATE INDEX jobs_person ON jobs (person_id, created_at);
