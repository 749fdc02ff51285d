DROP TABLE audit;

--bun:split

DROP TABLE tokens;

--bun:split

DROP TABLE sessions;

--bun:split

DROP TABLE code_waits;

--bun:split

DROP TABLE codes;

--bun:split

DROP TABLE recovery_codes;

--bun:split

DROP TABLE people;
