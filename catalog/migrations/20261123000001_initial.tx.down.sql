DROP TABLE clips;

--bun:split

DROP TABLE jobs;

--bun:split

DROP TABLE uploads;

--bun:split

DROP TABLE assets;
