CREATE TABLE usage (
    id        TEXT PRIMARY KEY,
    asset_id  TEXT NOT NULL REFERENCES assets (id),
    person_id TEXT,
    format    TEXT NOT NULL,
    marks     TEXT NOT NULL,
    size      BIGINT NOT NULL,
    request   TEXT UNIQUE,
    at        TIMESTAMPTZ NOT NULL
);

--bun:split

CREATE INDEX usage_asset ON usage (asset_id, id);

--bun:split

CREATE INDEX usage_person ON usage (person_id, id);

--bun:split

CREATE INDEX usage_at ON usage (at);
