CREATE TABLE plays (
    asset_id TEXT NOT NULL REFERENCES assets (id),
    day      TEXT NOT NULL,
    count    BIGINT NOT NULL,
    PRIMARY KEY (asset_id, day)
);
--bun:split
CREATE INDEX plays_day ON plays (day);
