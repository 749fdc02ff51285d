CREATE TABLE captions (
    id         TEXT PRIMARY KEY,
    asset_id   TEXT NOT NULL REFERENCES assets (id),
    language   TEXT NOT NULL,
    source     TEXT NOT NULL,
    cues       TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (asset_id, language, source)
);
