CREATE TABLE assets (
    id          TEXT PRIMARY KEY,
    title       TEXT NOT NULL,
    description TEXT NOT NULL,
    language    TEXT NOT NULL,
    filename    TEXT NOT NULL,
    status      TEXT NOT NULL,
    reason      TEXT NOT NULL,
    size        BIGINT NOT NULL,
    master_key  TEXT NOT NULL,
    proxy_key   TEXT NOT NULL,
    poster_key  TEXT NOT NULL,
    source      TEXT,
    created_at  TIMESTAMPTZ NOT NULL
);

--bun:split

CREATE INDEX assets_language ON assets (language, id);

--bun:split

CREATE TABLE uploads (
    id               TEXT PRIMARY KEY,
    title            TEXT NOT NULL,
    description      TEXT NOT NULL,
    language         TEXT NOT NULL,
    filename         TEXT NOT NULL,
    size             BIGINT NOT NULL,
    part_size        BIGINT NOT NULL,
    key              TEXT NOT NULL,
    store_id         TEXT NOT NULL,
    status           TEXT NOT NULL,
    asset_id         TEXT REFERENCES assets (id),
    idempotency_key  TEXT UNIQUE,
    idempotency_hash TEXT NOT NULL,
    created_at       TIMESTAMPTZ NOT NULL,
    expires_at       TIMESTAMPTZ NOT NULL
);

--bun:split

CREATE INDEX uploads_open ON uploads (expires_at) WHERE status = 'open';

--bun:split

CREATE TABLE jobs (
    id           TEXT PRIMARY KEY,
    kind         TEXT NOT NULL,
    asset_id     TEXT NOT NULL REFERENCES assets (id),
    fingerprint  TEXT NOT NULL,
    request      TEXT NOT NULL,
    status       TEXT NOT NULL,
    progress     DOUBLE PRECISION NOT NULL,
    attempt      INTEGER NOT NULL,
    failures     INTEGER NOT NULL,
    claims       INTEGER NOT NULL,
    owner        TEXT NOT NULL,
    heartbeat_at TIMESTAMPTZ,
    not_before   TIMESTAMPTZ NOT NULL,
    kept_until   TIMESTAMPTZ,
    result       TEXT,
    failure      TEXT NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    finished_at  TIMESTAMPTZ
);

--bun:split

CREATE UNIQUE INDEX jobs_fingerprint ON jobs (fingerprint) WHERE status IN ('queued', 'running', 'done');

--bun:split

CREATE INDEX jobs_queued ON jobs (not_before) WHERE status = 'queued';

--bun:split

CREATE INDEX jobs_running ON jobs (heartbeat_at) WHERE status = 'running';

--bun:split

CREATE INDEX jobs_kept_until ON jobs (kept_until) WHERE status = 'done';

--bun:split

CREATE TABLE clips (
    id               TEXT PRIMARY KEY,
    asset_id         TEXT NOT NULL REFERENCES assets (id),
    job_id           TEXT NOT NULL REFERENCES jobs (id),
    cancelled        BOOLEAN NOT NULL,
    kept_until       TIMESTAMPTZ NOT NULL,
    idempotency_key  TEXT UNIQUE,
    idempotency_hash TEXT NOT NULL,
    created_at       TIMESTAMPTZ NOT NULL
);

--bun:split

CREATE INDEX clips_asset ON clips (asset_id, id);
