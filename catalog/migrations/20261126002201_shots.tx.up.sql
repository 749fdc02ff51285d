CREATE TABLE shots (
    asset_id  TEXT NOT NULL REFERENCES assets (id),
    number    INTEGER NOT NULL,
    in_frame  BIGINT NOT NULL,
    out_frame BIGINT,
    text      TEXT NOT NULL,
    language  TEXT NOT NULL,
    PRIMARY KEY (asset_id, number)
);
