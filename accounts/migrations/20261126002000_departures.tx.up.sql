CREATE TABLE departures (
    person_id TEXT PRIMARY KEY,
    email_key TEXT NOT NULL,
    at        TIMESTAMPTZ NOT NULL
);

--bun:split

INSERT INTO departures (person_id, email_key, at) SELECT person_id, '', at FROM audit WHERE action = 'person-deleted';
