CREATE TABLE people (
    id            TEXT PRIMARY KEY,
    email         TEXT NOT NULL,
    email_key     TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    organisation  TEXT NOT NULL,
    media_role    TEXT NOT NULL,
    country       TEXT NOT NULL,
    language      TEXT NOT NULL,
    role          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    totp_secret   TEXT NOT NULL,
    totp_pending  TEXT NOT NULL,
    totp_step     BIGINT NOT NULL,
    terms_at      TIMESTAMPTZ,
    confirmed_at  TIMESTAMPTZ NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL
);

--bun:split

CREATE TABLE recovery_codes (
    hash      TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE
);

--bun:split

CREATE INDEX recovery_codes_person ON recovery_codes (person_id);

--bun:split

CREATE TABLE codes (
    id         TEXT PRIMARY KEY,
    purpose    TEXT NOT NULL,
    email      TEXT NOT NULL,
    email_key  TEXT NOT NULL,
    person_id  TEXT REFERENCES people (id) ON DELETE CASCADE,
    payload    TEXT NOT NULL,
    hash       TEXT NOT NULL,
    tries      INTEGER NOT NULL,
    used       BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);

--bun:split

CREATE INDEX codes_created ON codes (created_at);

--bun:split

CREATE TABLE code_waits (
    purpose   TEXT NOT NULL,
    email_key TEXT NOT NULL,
    sent      INTEGER NOT NULL,
    next_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (purpose, email_key)
);

--bun:split

CREATE TABLE sessions (
    id         TEXT PRIMARY KEY,
    hash       TEXT NOT NULL UNIQUE,
    person_id  TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    agent      TEXT NOT NULL,
    address    TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    seen_at    TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);

--bun:split

CREATE INDEX sessions_person ON sessions (person_id);

--bun:split

CREATE INDEX sessions_expires ON sessions (expires_at);

--bun:split

CREATE TABLE tokens (
    id         TEXT PRIMARY KEY,
    hash       TEXT NOT NULL UNIQUE,
    person_id  TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    scopes     TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at    TIMESTAMPTZ
);

--bun:split

CREATE INDEX tokens_person ON tokens (person_id);

--bun:split

CREATE TABLE audit (
    id        TEXT PRIMARY KEY,
    at        TIMESTAMPTZ NOT NULL,
    action    TEXT NOT NULL,
    actor_id  TEXT NOT NULL,
    person_id TEXT NOT NULL,
    object    TEXT NOT NULL,
    detail    TEXT NOT NULL,
    address   TEXT NOT NULL
);

--bun:split

CREATE INDEX audit_person ON audit (person_id);

--bun:split

CREATE INDEX audit_at ON audit (at);
