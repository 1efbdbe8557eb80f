-- What happened, for those who are told: each written with what it tells of, in the order of the revisions.
CREATE TABLE events (
    revision BIGINT NOT NULL,
    -- Within its revision, from 1.
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    -- JSON: what is sent.
    body TEXT NOT NULL,
    PRIMARY KEY (revision, number)
);
CREATE INDEX events_by_at ON events (at);

-- Who is told. A target that is new is told of nothing that was before it.
CREATE TABLE targets (
    name TEXT NOT NULL PRIMARY KEY,
    -- Up to which revision its deliveries are written.
    queued BIGINT NOT NULL,
    -- The server that delivers, of several on one database, and until when it says so.
    holder TEXT,
    held_until TIMESTAMP,
    delivered_at TIMESTAMP,
    failed_at TIMESTAMP,
    failure TEXT
);

-- What each target is told, and how far that has come.
CREATE TABLE deliveries (
    id TEXT NOT NULL PRIMARY KEY,
    target TEXT NOT NULL,
    revision BIGINT NOT NULL,
    number INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'dead')),
    attempts INTEGER NOT NULL,
    -- Not tried before.
    due_at TIMESTAMP NOT NULL,
    failure TEXT,
    at TIMESTAMP NOT NULL,
    FOREIGN KEY (target) REFERENCES targets (name) ON DELETE CASCADE,
    FOREIGN KEY (revision, number) REFERENCES events (revision, number) ON DELETE CASCADE
);
CREATE UNIQUE INDEX deliveries_once ON deliveries (target, revision, number);
CREATE INDEX deliveries_by_due ON deliveries (target, state, due_at);
CREATE INDEX deliveries_by_event ON deliveries (revision, number);

-- What is wrong with the box as far as was told.
CREATE TABLE problems (
    name TEXT NOT NULL PRIMARY KEY,
    found TEXT NOT NULL,
    cure TEXT NOT NULL,
    since TIMESTAMP NOT NULL
);
