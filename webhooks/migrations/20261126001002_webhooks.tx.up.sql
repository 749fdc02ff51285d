CREATE TABLE webhooks (
    id               TEXT PRIMARY KEY,
    person_id        TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    url              TEXT NOT NULL,
    events           TEXT NOT NULL,
    secret           TEXT NOT NULL,
    enabled          BOOLEAN NOT NULL,
    idempotency_key  TEXT UNIQUE,
    idempotency_hash TEXT NOT NULL,
    created_at       TIMESTAMPTZ NOT NULL
);

--bun:split

CREATE INDEX webhooks_person ON webhooks (person_id, id);

--bun:split

CREATE TABLE webhook_deliveries (
    id          TEXT PRIMARY KEY,
    webhook_id  TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event       TEXT NOT NULL,
    body        TEXT NOT NULL,
    status      TEXT NOT NULL,
    attempts    INTEGER NOT NULL,
    answer      INTEGER NOT NULL,
    failure     TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    begun_at    TIMESTAMPTZ NOT NULL,
    next_at     TIMESTAMPTZ NOT NULL,
    taken_until TIMESTAMPTZ,
    ended_at    TIMESTAMPTZ
);

--bun:split

CREATE INDEX webhook_deliveries_webhook ON webhook_deliveries (webhook_id, id);

--bun:split

CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (next_at) WHERE status = 'waiting';

--bun:split

CREATE INDEX webhook_deliveries_taken ON webhook_deliveries (webhook_id) WHERE taken_until IS NOT NULL;

--bun:split

CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at) WHERE ended_at IS NOT NULL;
