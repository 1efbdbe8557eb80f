-- The cellar. The same tables as in migrations/sqlite. MariaDB commits each statement by itself, so all of them can be
-- run again after a break.

CREATE TABLE IF NOT EXISTS meta (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    revision BIGINT NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS wines (
    id CHAR(36) NOT NULL PRIMARY KEY,
    producer VARCHAR(200) NOT NULL,
    name VARCHAR(200) NOT NULL,
    country VARCHAR(100) NOT NULL,
    region VARCHAR(100) NOT NULL,
    appellation VARCHAR(100) NOT NULL,
    colour VARCHAR(16) NOT NULL CHECK (colour IN ('red', 'white', 'rose', 'orange')),
    style VARCHAR(16) NOT NULL CHECK (style IN ('still', 'sparkling', 'fortified', 'sweet')),
    search_key TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at DATETIME(6) NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS vintages (
    id CHAR(36) NOT NULL PRIMARY KEY,
    wine_id CHAR(36) NOT NULL,
    year INTEGER,
    drink_from INTEGER,
    drink_to INTEGER,
    UNIQUE (wine_id, year),
    FOREIGN KEY (wine_id) REFERENCES wines (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS racks (
    id CHAR(36) NOT NULL PRIMARY KEY,
    name VARCHAR(200) NOT NULL,
    corners TEXT NOT NULL,
    frame_width INTEGER NOT NULL,
    frame_height INTEGER NOT NULL,
    rectified_width INTEGER NOT NULL,
    rectified_height INTEGER NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS bins (
    id VARCHAR(32) NOT NULL PRIMARY KEY,
    rack_id CHAR(36) NOT NULL,
    polygon TEXT NOT NULL,
    capacity INTEGER NOT NULL CHECK (capacity BETWEEN 1 AND 200),
    enabled BOOLEAN NOT NULL CHECK (enabled IN (0, 1)),
    FOREIGN KEY (rack_id) REFERENCES racks (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS bottles (
    id CHAR(36) NOT NULL PRIMARY KEY,
    vintage_id CHAR(36) NOT NULL,
    bin VARCHAR(32),
    status VARCHAR(16) NOT NULL CHECK (status IN ('in_cellar', 'gone')),
    volume_ml INTEGER NOT NULL,
    price_minor BIGINT,
    currency CHAR(3),
    revision INTEGER NOT NULL,
    received_at DATETIME(6) NOT NULL,
    -- A bottle that is gone lies nowhere.
    CHECK (status = 'in_cellar' OR bin IS NULL),
    FOREIGN KEY (vintage_id) REFERENCES vintages (id),
    FOREIGN KEY (bin) REFERENCES bins (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;
CREATE INDEX IF NOT EXISTS bottles_by_bin ON bottles (bin, id);
CREATE INDEX IF NOT EXISTS bottles_by_vintage ON bottles (vintage_id);

CREATE TABLE IF NOT EXISTS scans (
    id VARCHAR(64) NOT NULL PRIMARY KEY,
    rack_id CHAR(36) NOT NULL,
    started_at DATETIME(6) NOT NULL,
    finished_at DATETIME(6) NOT NULL,
    source TEXT NOT NULL,
    status VARCHAR(16) NOT NULL CHECK (status IN ('ok', 'no_opinion', 'failed')),
    message TEXT NOT NULL,
    model TEXT NOT NULL,
    stages TEXT NOT NULL,
    bins_read INTEGER NOT NULL,
    bins_changed INTEGER NOT NULL,
    FOREIGN KEY (rack_id) REFERENCES racks (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS readings (
    scan_id VARCHAR(64) NOT NULL,
    bin VARCHAR(32) NOT NULL,
    seen INTEGER,
    expected INTEGER NOT NULL,
    confidence DOUBLE NOT NULL,
    needs_look TEXT,
    PRIMARY KEY (scan_id, bin),
    FOREIGN KEY (scan_id) REFERENCES scans (id),
    FOREIGN KEY (bin) REFERENCES bins (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;
CREATE INDEX IF NOT EXISTS readings_by_bin ON readings (bin, scan_id);

CREATE TABLE IF NOT EXISTS proposals (
    id CHAR(36) NOT NULL PRIMARY KEY,
    scan_id VARCHAR(64) NOT NULL,
    bin VARCHAR(32) NOT NULL,
    expected INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    confidence DOUBLE NOT NULL,
    state VARCHAR(16) NOT NULL CHECK (state IN ('open', 'approved', 'rejected', 'superseded')),
    decided_by VARCHAR(200),
    decided_at DATETIME(6),
    note TEXT,
    created_at DATETIME(6) NOT NULL,
    revision INTEGER NOT NULL,
    -- The bin while the proposal is open, else null: at most one open proposal for each bin.
    open_bin VARCHAR(32) UNIQUE,
    -- Whether a rejection still holds: no movement has touched the bin since.
    upheld BOOLEAN NOT NULL CHECK (upheld IN (0, 1)),
    FOREIGN KEY (scan_id) REFERENCES scans (id),
    FOREIGN KEY (bin) REFERENCES bins (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;
CREATE INDEX IF NOT EXISTS proposals_by_state ON proposals (state, id);
CREATE INDEX IF NOT EXISTS proposals_by_bin ON proposals (bin, state);

CREATE TABLE IF NOT EXISTS movements (
    id CHAR(36) NOT NULL PRIMARY KEY,
    bottle_id CHAR(36) NOT NULL,
    kind VARCHAR(16) NOT NULL CHECK (kind IN ('receipt', 'issue', 'move', 'correction')),
    reason VARCHAR(16),
    from_bin VARCHAR(32),
    to_bin VARCHAR(32),
    was_here BOOLEAN NOT NULL CHECK (was_here IN (0, 1)),
    is_here BOOLEAN NOT NULL CHECK (is_here IN (0, 1)),
    actor VARCHAR(200) NOT NULL,
    source VARCHAR(16) NOT NULL,
    at DATETIME(6) NOT NULL,
    -- Unique: a movement is undone once.
    reverses CHAR(36) UNIQUE,
    proposal_id CHAR(36),
    FOREIGN KEY (bottle_id) REFERENCES bottles (id),
    FOREIGN KEY (from_bin) REFERENCES bins (id),
    FOREIGN KEY (to_bin) REFERENCES bins (id),
    FOREIGN KEY (reverses) REFERENCES movements (id),
    FOREIGN KEY (proposal_id) REFERENCES proposals (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;
CREATE INDEX IF NOT EXISTS movements_by_bottle ON movements (bottle_id, id);
CREATE INDEX IF NOT EXISTS movements_from_bin ON movements (from_bin, id);
CREATE INDEX IF NOT EXISTS movements_to_bin ON movements (to_bin, id);
CREATE INDEX IF NOT EXISTS movements_by_proposal ON movements (proposal_id);

INSERT IGNORE INTO meta (id, revision) VALUES (1, 0);
