CREATE TABLE stories (
    id               TEXT PRIMARY KEY,
    slug             TEXT NOT NULL UNIQUE,
    status           TEXT NOT NULL,
    position         TEXT NOT NULL UNIQUE,
    dated            TIMESTAMPTZ NOT NULL,
    place            TEXT NOT NULL,
    topics           TEXT NOT NULL,
    keywords         TEXT NOT NULL,
    texts            TEXT NOT NULL,
    embargo_until    TIMESTAMPTZ,
    published_at     TIMESTAMPTZ,
    created_at       TIMESTAMPTZ NOT NULL,
    changed_at       TIMESTAMPTZ NOT NULL,
    idempotency_key  TEXT UNIQUE,
    idempotency_hash TEXT NOT NULL
);

--bun:split

CREATE TABLE story_assets (
    story_id TEXT NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    asset_id TEXT NOT NULL REFERENCES assets (id),
    number   INTEGER NOT NULL,
    PRIMARY KEY (story_id, asset_id)
);

--bun:split

CREATE INDEX story_assets_asset ON story_assets (asset_id, story_id);
