CREATE TABLE orders (
    id               TEXT PRIMARY KEY,
    owner_id         TEXT NOT NULL,
    asker            TEXT NOT NULL,
    name             TEXT NOT NULL,
    job_id           TEXT NOT NULL UNIQUE REFERENCES jobs (id),
    cancelled        BOOLEAN NOT NULL,
    withdrawn        BOOLEAN NOT NULL,
    kept_until       TIMESTAMPTZ NOT NULL,
    idempotency_key  TEXT UNIQUE,
    idempotency_hash TEXT NOT NULL,
    created_at       TIMESTAMPTZ NOT NULL
);

--bun:split

CREATE INDEX orders_owner ON orders (owner_id, id);

--bun:split

CREATE TABLE order_items (
    id       TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    number   INTEGER NOT NULL,
    asset_id TEXT NOT NULL REFERENCES assets (id),
    request  TEXT NOT NULL,
    names    TEXT,
    begun    BOOLEAN NOT NULL,
    clip_id  TEXT REFERENCES clips (id),
    job_id   TEXT REFERENCES jobs (id),
    failure  TEXT NOT NULL
);

--bun:split

CREATE INDEX order_items_order ON order_items (order_id, number);

--bun:split

CREATE INDEX order_items_asset ON order_items (asset_id);

--bun:split

CREATE INDEX order_items_waiting ON order_items (order_id, number) WHERE NOT begun;

--bun:split

CREATE INDEX jobs_in_waiting ON jobs (id) WHERE status = 'waiting';
