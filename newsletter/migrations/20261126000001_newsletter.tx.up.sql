CREATE TABLE newsletter_subscribers (
    id            TEXT PRIMARY KEY,
    address       TEXT NOT NULL,
    address_key   TEXT NOT NULL UNIQUE,
    status        TEXT NOT NULL,
    reason        TEXT NOT NULL,
    language      TEXT NOT NULL,
    topics        TEXT NOT NULL,
    wish          TEXT NOT NULL,
    confirm_hash  TEXT UNIQUE,
    confirm_until TIMESTAMPTZ NOT NULL,
    leave_token   TEXT NOT NULL UNIQUE,
    asked_at      TEXT NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    changed_at    TIMESTAMPTZ NOT NULL
);

--bun:split

CREATE INDEX newsletter_subscribers_status ON newsletter_subscribers (status, id);

--bun:split

CREATE TABLE newsletter_issues (
    id               TEXT PRIMARY KEY,
    status           TEXT NOT NULL,
    topics           TEXT NOT NULL,
    editions         TEXT NOT NULL,
    asset_ids        TEXT NOT NULL,
    items            TEXT,
    problem          TEXT NOT NULL,
    attempt          INTEGER NOT NULL,
    failures         INTEGER NOT NULL,
    owner            TEXT NOT NULL,
    turn             INTEGER UNIQUE,
    heartbeat_at     TIMESTAMPTZ,
    not_before       TIMESTAMPTZ NOT NULL,
    idempotency_key  TEXT UNIQUE,
    idempotency_hash TEXT NOT NULL,
    created_at       TIMESTAMPTZ NOT NULL,
    started_at       TIMESTAMPTZ,
    finished_at      TIMESTAMPTZ
);

--bun:split

CREATE INDEX newsletter_issues_sending ON newsletter_issues (not_before) WHERE status = 'sending';

--bun:split

CREATE TABLE newsletter_deliveries (
    issue_id      TEXT NOT NULL REFERENCES newsletter_issues (id),
    subscriber_id TEXT NOT NULL REFERENCES newsletter_subscribers (id),
    status        TEXT NOT NULL,
    tries         INTEGER NOT NULL,
    owner         TEXT NOT NULL,
    not_before    TIMESTAMPTZ NOT NULL,
    changed_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (issue_id, subscriber_id)
);

--bun:split

CREATE INDEX newsletter_deliveries_status ON newsletter_deliveries (issue_id, status, not_before);
