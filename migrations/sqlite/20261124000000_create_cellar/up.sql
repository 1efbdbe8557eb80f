-- The cellar. The same tables as in migrations/mariadb; a test compares them.

CREATE TABLE meta (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    revision BIGINT NOT NULL
);

CREATE TABLE wines (
    id TEXT NOT NULL PRIMARY KEY,
    producer TEXT NOT NULL,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    region TEXT NOT NULL,
    appellation TEXT NOT NULL,
    colour TEXT NOT NULL CHECK (colour IN ('red', 'white', 'rose', 'orange')),
    style TEXT NOT NULL CHECK (style IN ('still', 'sparkling', 'fortified', 'sweet')),
    search_key TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE vintages (
    id TEXT NOT NULL PRIMARY KEY,
    wine_id TEXT NOT NULL,
    year INTEGER,
    drink_from INTEGER,
    drink_to INTEGER,
    UNIQUE (wine_id, year),
    FOREIGN KEY (wine_id) REFERENCES wines (id)
);

CREATE TABLE racks (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    corners TEXT NOT NULL,
    frame_width INTEGER NOT NULL,
    frame_height INTEGER NOT NULL,
    rectified_width INTEGER NOT NULL,
    rectified_height INTEGER NOT NULL
);

CREATE TABLE bins (
    id TEXT NOT NULL PRIMARY KEY,
    rack_id TEXT NOT NULL,
    polygon TEXT NOT NULL,
    capacity INTEGER NOT NULL CHECK (capacity BETWEEN 1 AND 200),
    enabled BOOLEAN NOT NULL CHECK (enabled IN (0, 1)),
    FOREIGN KEY (rack_id) REFERENCES racks (id)
);

CREATE TABLE bottles (
    id TEXT NOT NULL PRIMARY KEY,
    vintage_id TEXT NOT NULL,
    bin TEXT,
    status TEXT NOT NULL CHECK (status IN ('in_cellar', 'gone')),
    volume_ml INTEGER NOT NULL,
    price_minor BIGINT,
    currency TEXT,
    revision INTEGER NOT NULL,
    received_at TIMESTAMP NOT NULL,
    -- A bottle that is gone lies nowhere.
    CHECK (status = 'in_cellar' OR bin IS NULL),
    FOREIGN KEY (vintage_id) REFERENCES vintages (id),
    FOREIGN KEY (bin) REFERENCES bins (id)
);
CREATE INDEX bottles_by_bin ON bottles (bin, id);
CREATE INDEX bottles_by_vintage ON bottles (vintage_id);

CREATE TABLE scans (
    id TEXT NOT NULL PRIMARY KEY,
    rack_id TEXT NOT NULL,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP NOT NULL,
    source TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('ok', 'no_opinion', 'failed')),
    message TEXT NOT NULL,
    model TEXT NOT NULL,
    stages TEXT NOT NULL,
    bins_read INTEGER NOT NULL,
    bins_changed INTEGER NOT NULL,
    FOREIGN KEY (rack_id) REFERENCES racks (id)
);

CREATE TABLE readings (
    scan_id TEXT NOT NULL,
    bin TEXT NOT NULL,
    seen INTEGER,
    expected INTEGER NOT NULL,
    confidence DOUBLE NOT NULL,
    needs_look TEXT,
    PRIMARY KEY (scan_id, bin),
    FOREIGN KEY (scan_id) REFERENCES scans (id),
    FOREIGN KEY (bin) REFERENCES bins (id)
);
CREATE INDEX readings_by_bin ON readings (bin, scan_id);

CREATE TABLE proposals (
    id TEXT NOT NULL PRIMARY KEY,
    scan_id TEXT NOT NULL,
    bin TEXT NOT NULL,
    expected INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    confidence DOUBLE NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'approved', 'rejected', 'superseded')),
    decided_by TEXT,
    decided_at TIMESTAMP,
    note TEXT,
    created_at TIMESTAMP NOT NULL,
    revision INTEGER NOT NULL,
    -- The bin while the proposal is open, else null: at most one open proposal for each bin.
    open_bin TEXT UNIQUE,
    -- Whether a rejection still holds: no movement has touched the bin since.
    upheld BOOLEAN NOT NULL CHECK (upheld IN (0, 1)),
    FOREIGN KEY (scan_id) REFERENCES scans (id),
    FOREIGN KEY (bin) REFERENCES bins (id)
);
CREATE INDEX proposals_by_state ON proposals (state, id);
CREATE INDEX proposals_by_bin ON proposals (bin, state);

CREATE TABLE movements (
    id TEXT NOT NULL PRIMARY KEY,
    bottle_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('receipt', 'issue', 'move', 'correction')),
    reason TEXT,
    from_bin TEXT,
    to_bin TEXT,
    was_here BOOLEAN NOT NULL CHECK (was_here IN (0, 1)),
    is_here BOOLEAN NOT NULL CHECK (is_here IN (0, 1)),
    actor TEXT NOT NULL,
    source TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    -- Unique: a movement is undone once.
    reverses TEXT UNIQUE,
    proposal_id TEXT,
    FOREIGN KEY (bottle_id) REFERENCES bottles (id),
    FOREIGN KEY (from_bin) REFERENCES bins (id),
    FOREIGN KEY (to_bin) REFERENCES bins (id),
    FOREIGN KEY (reverses) REFERENCES movements (id),
    FOREIGN KEY (proposal_id) REFERENCES proposals (id)
);
CREATE INDEX movements_by_bottle ON movements (bottle_id, id);
CREATE INDEX movements_from_bin ON movements (from_bin, id);
CREATE INDEX movements_to_bin ON movements (to_bin, id);
CREATE INDEX movements_by_proposal ON movements (proposal_id);

INSERT INTO meta (id, revision) VALUES (1, 0);
