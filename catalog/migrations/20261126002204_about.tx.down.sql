ALTER TABLE uploads DROP COLUMN shot_on;

--bun:split

ALTER TABLE uploads DROP COLUMN places;

--bun:split

ALTER TABLE uploads DROP COLUMN people;

--bun:split

ALTER TABLE uploads DROP COLUMN keywords;

--bun:split

ALTER TABLE uploads DROP COLUMN topics;

--bun:split

ALTER TABLE assets DROP COLUMN shot_on;

--bun:split

ALTER TABLE assets DROP COLUMN places;

--bun:split

ALTER TABLE assets DROP COLUMN people;

--bun:split

ALTER TABLE assets DROP COLUMN keywords;

--bun:split

ALTER TABLE assets DROP COLUMN topics;
