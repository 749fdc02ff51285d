DROP INDEX jobs_person;

--bun:split

DROP TABLE takers;

--bun:split

ALTER TABLE clips DROP COLUMN token_id;

--bun:split

ALTER TABLE jobs DROP COLUMN began_at;

--bun:split

ALTER TABLE jobs DROP COLUMN bytes;

--bun:split

ALTER TABLE jobs DROP COLUMN encoding;

--bun:split

ALTER TABLE jobs DROP COLUMN token_id;

--bun:split

ALTER TABLE jobs DROP COLUMN person_id;
