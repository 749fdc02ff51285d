CREATE TABLE captions (
    asset_id   TEXT NOT NULL REFERENCES assets (id),
    language   TEXT NOT NULL,
    source     TEXT NOT NULL,
    cues       TEXT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (asset_id, language)
);
