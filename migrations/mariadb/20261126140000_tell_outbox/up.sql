-- What happened, for those who are told: each written with what it tells of, in the order of the revisions.
CREATE TABLE IF NOT EXISTS events (
    revision BIGINT NOT NULL,
    -- Within its revision, from 1.
    number INTEGER NOT NULL,
    kind VARCHAR(32) NOT NULL,
    at DATETIME(6) NOT NULL,
    -- JSON: what is sent.
    body MEDIUMTEXT NOT NULL,
    PRIMARY KEY (revision, number),
    INDEX events_by_at (at)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;

-- Who is told. A target that is new is told of nothing that was before it.
CREATE TABLE IF NOT EXISTS targets (
    name VARCHAR(200) NOT NULL PRIMARY KEY,
    -- Up to which revision its deliveries are written.
    queued BIGINT NOT NULL,
    -- The server that delivers, of several on one database, and until when it says so.
    holder VARCHAR(64),
    held_until DATETIME(6),
    delivered_at DATETIME(6),
    failed_at DATETIME(6),
    failure TEXT
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;

-- What each target is told, and how far that has come.
CREATE TABLE IF NOT EXISTS deliveries (
    id CHAR(36) NOT NULL PRIMARY KEY,
    target VARCHAR(200) NOT NULL,
    revision BIGINT NOT NULL,
    number INTEGER NOT NULL,
    state VARCHAR(16) NOT NULL CHECK (state IN ('waiting', 'done', 'dead')),
    attempts INTEGER NOT NULL,
    -- Not tried before.
    due_at DATETIME(6) NOT NULL,
    failure TEXT,
    at DATETIME(6) NOT NULL,
    UNIQUE INDEX deliveries_once (target, revision, number),
    INDEX deliveries_by_due (target, state, due_at),
    INDEX deliveries_by_event (revision, number),
    FOREIGN KEY (target) REFERENCES targets (name) ON DELETE CASCADE,
    FOREIGN KEY (revision, number) REFERENCES events (revision, number) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;

-- What is wrong with the box as far as was told.
CREATE TABLE IF NOT EXISTS problems (
    name VARCHAR(200) NOT NULL PRIMARY KEY,
    found TEXT NOT NULL,
    cure TEXT NOT NULL,
    since DATETIME(6) NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;
