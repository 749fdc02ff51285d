CREATE TABLE baskets (
    id         TEXT PRIMARY KEY,
    stamp      TEXT NOT NULL,
    name       TEXT NOT NULL,
    items      TEXT NOT NULL,
    kept_until TIMESTAMPTZ NOT NULL
);

--bun:split

CREATE INDEX baskets_kept ON baskets (kept_until);
