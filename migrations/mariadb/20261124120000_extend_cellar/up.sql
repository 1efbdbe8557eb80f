-- Every statement can be run again after a break. The full cellar book: what a label says, windows, notes, tags, wishes; the journal of edits; people, sessions, tokens.
-- `touched` is the meta.revision of the last write of a row: whoever keeps a copy asks for the rows above what it knows.

ALTER TABLE wines ADD COLUMN IF NOT EXISTS subregion VARCHAR(100) NOT NULL DEFAULT '';
ALTER TABLE wines ADD COLUMN IF NOT EXISTS designation VARCHAR(100) NOT NULL DEFAULT '';
ALTER TABLE wines ADD COLUMN IF NOT EXISTS vineyard VARCHAR(100) NOT NULL DEFAULT '';
ALTER TABLE wines ADD COLUMN IF NOT EXISTS classification VARCHAR(100) NOT NULL DEFAULT '';
ALTER TABLE wines ADD COLUMN IF NOT EXISTS sweetness VARCHAR(16) CHECK (sweetness IN ('dry', 'off_dry', 'medium', 'sweet', 'luscious'));
ALTER TABLE wines ADD COLUMN IF NOT EXISTS effervescence VARCHAR(16) CHECK (effervescence IN ('still', 'semi_sparkling', 'sparkling'));
-- JSON: [{"name": "Merlot", "percent": 60}]
ALTER TABLE wines ADD COLUMN IF NOT EXISTS grapes TEXT NOT NULL DEFAULT '[]';
-- Tenths of a per cent by volume: 135 is 13.5 %.
ALTER TABLE wines ADD COLUMN IF NOT EXISTS abv_tenths INTEGER;
ALTER TABLE wines ADD COLUMN IF NOT EXISTS archived BOOLEAN NOT NULL DEFAULT 0 CHECK (archived IN (0, 1));
ALTER TABLE wines ADD COLUMN IF NOT EXISTS touched BIGINT NOT NULL DEFAULT 0;
CREATE INDEX IF NOT EXISTS wines_by_touched ON wines (touched);

-- drink_from to drink_to are the window that counts; window_source says whose it is.
ALTER TABLE vintages ADD COLUMN IF NOT EXISTS peak_from INTEGER;
ALTER TABLE vintages ADD COLUMN IF NOT EXISTS peak_to INTEGER;
ALTER TABLE vintages ADD COLUMN IF NOT EXISTS window_source VARCHAR(64);
-- Mean of our own ratings, in tenths of a point of 100.
ALTER TABLE vintages ADD COLUMN IF NOT EXISTS score_tenths INTEGER;
ALTER TABLE vintages ADD COLUMN IF NOT EXISTS valuation_minor BIGINT;
ALTER TABLE vintages ADD COLUMN IF NOT EXISTS valuation_currency CHAR(3);
ALTER TABLE vintages ADD COLUMN IF NOT EXISTS revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE vintages ADD COLUMN IF NOT EXISTS touched BIGINT NOT NULL DEFAULT 0;
CREATE INDEX IF NOT EXISTS vintages_by_touched ON vintages (touched);

CREATE TABLE IF NOT EXISTS windows (
    vintage_id CHAR(36) NOT NULL,
    source VARCHAR(64) NOT NULL,
    drink_from INTEGER,
    peak_from INTEGER,
    peak_to INTEGER,
    drink_to INTEGER,
    PRIMARY KEY (vintage_id, source),
    FOREIGN KEY (vintage_id) REFERENCES vintages (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;
INSERT IGNORE INTO windows (vintage_id, source, drink_from, drink_to)
    SELECT id, 'owner', drink_from, drink_to FROM vintages WHERE drink_from IS NOT NULL OR drink_to IS NOT NULL;
UPDATE vintages SET window_source = 'owner' WHERE drink_from IS NOT NULL OR drink_to IS NOT NULL;

ALTER TABLE bottles ADD COLUMN IF NOT EXISTS purchased_on CHAR(10);
ALTER TABLE bottles ADD COLUMN IF NOT EXISTS shop VARCHAR(100) NOT NULL DEFAULT '';
ALTER TABLE bottles ADD COLUMN IF NOT EXISTS provenance VARCHAR(200) NOT NULL DEFAULT '';
ALTER TABLE bottles ADD COLUMN IF NOT EXISTS notes TEXT NOT NULL DEFAULT '';
ALTER TABLE bottles ADD COLUMN IF NOT EXISTS opened_at DATETIME(6);
ALTER TABLE bottles ADD COLUMN IF NOT EXISTS preservation VARCHAR(16) CHECK (preservation IN ('none', 'stopper', 'vacuum', 'gas', 'needle'));
ALTER TABLE bottles ADD COLUMN IF NOT EXISTS glasses_left INTEGER;
ALTER TABLE bottles ADD COLUMN IF NOT EXISTS touched BIGINT NOT NULL DEFAULT 0;
CREATE INDEX IF NOT EXISTS bottles_by_touched ON bottles (touched);

ALTER TABLE racks ADD COLUMN IF NOT EXISTS kind VARCHAR(16) NOT NULL DEFAULT 'grid' CHECK (kind IN ('grid', 'diamond', 'x', 'shelf', 'bulk', 'cabinet', 'free'));
ALTER TABLE racks ADD COLUMN IF NOT EXISTS row_count INTEGER;
ALTER TABLE racks ADD COLUMN IF NOT EXISTS column_count INTEGER;
ALTER TABLE racks ADD COLUMN IF NOT EXISTS staggered BOOLEAN NOT NULL DEFAULT 0 CHECK (staggered IN (0, 1));
-- Bottles behind each other; the camera sees the front one.
ALTER TABLE racks ADD COLUMN IF NOT EXISTS depth INTEGER NOT NULL DEFAULT 1;
ALTER TABLE racks ADD COLUMN IF NOT EXISTS place VARCHAR(100) NOT NULL DEFAULT '';
ALTER TABLE racks ADD COLUMN IF NOT EXISTS archived BOOLEAN NOT NULL DEFAULT 0 CHECK (archived IN (0, 1));
ALTER TABLE racks ADD COLUMN IF NOT EXISTS revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE bins ADD COLUMN IF NOT EXISTS revision INTEGER NOT NULL DEFAULT 1;

ALTER TABLE movements ADD COLUMN IF NOT EXISTS note VARCHAR(1000) NOT NULL DEFAULT '';
-- What was done at one go, such as six bottles received; undone at one go too.
ALTER TABLE movements ADD COLUMN IF NOT EXISTS batch CHAR(36);
-- What a sale brought.
ALTER TABLE movements ADD COLUMN IF NOT EXISTS revenue_minor BIGINT;
ALTER TABLE movements ADD COLUMN IF NOT EXISTS currency CHAR(3);
CREATE INDEX IF NOT EXISTS movements_by_batch ON movements (batch);
CREATE INDEX IF NOT EXISTS movements_by_actor ON movements (actor, id);

CREATE TABLE IF NOT EXISTS tasting_notes (
    id CHAR(36) NOT NULL PRIMARY KEY,
    vintage_id CHAR(36) NOT NULL,
    bottle_id CHAR(36),
    author VARCHAR(100) NOT NULL,
    tasted_on CHAR(10) NOT NULL,
    body TEXT NOT NULL,
    -- Hundredths of a point of `scale` (5, 20 or 100).
    rating_hundredths INTEGER,
    scale INTEGER,
    deleted BOOLEAN NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
    revision INTEGER NOT NULL,
    created_at DATETIME(6) NOT NULL,
    FOREIGN KEY (vintage_id) REFERENCES vintages (id),
    FOREIGN KEY (bottle_id) REFERENCES bottles (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;
CREATE INDEX IF NOT EXISTS tasting_notes_by_vintage ON tasting_notes (vintage_id, id);

CREATE TABLE IF NOT EXISTS wine_tags (
    wine_id CHAR(36) NOT NULL,
    tag VARCHAR(50) NOT NULL,
    PRIMARY KEY (wine_id, tag),
    FOREIGN KEY (wine_id) REFERENCES wines (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS wishes (
    id CHAR(36) NOT NULL PRIMARY KEY,
    producer VARCHAR(200) NOT NULL,
    name VARCHAR(200) NOT NULL,
    year INTEGER,
    note VARCHAR(1000) NOT NULL,
    priority INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 3),
    state VARCHAR(16) NOT NULL CHECK (state IN ('open', 'bought', 'dropped')),
    added_by VARCHAR(100) NOT NULL,
    deleted BOOLEAN NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
    revision INTEGER NOT NULL,
    created_at DATETIME(6) NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;

-- The journal of edits: everything a person changes that is not a movement, with what it was before and after.
CREATE TABLE IF NOT EXISTS changes (
    id CHAR(36) NOT NULL PRIMARY KEY,
    entity VARCHAR(32) NOT NULL,
    entity_id VARCHAR(64) NOT NULL,
    before_json MEDIUMTEXT,
    after_json MEDIUMTEXT,
    actor VARCHAR(100) NOT NULL,
    source VARCHAR(64) NOT NULL,
    at DATETIME(6) NOT NULL,
    -- Unique: an edit is undone once.
    reverses CHAR(36) UNIQUE,
    FOREIGN KEY (reverses) REFERENCES changes (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;
CREATE INDEX IF NOT EXISTS changes_by_entity ON changes (entity, entity_id, id);
CREATE INDEX IF NOT EXISTS changes_by_actor ON changes (actor, id);

CREATE TABLE IF NOT EXISTS users (
    id CHAR(36) NOT NULL PRIMARY KEY,
    name VARCHAR(200) NOT NULL UNIQUE,
    role VARCHAR(16) NOT NULL CHECK (role IN ('kiosk', 'member', 'admin')),
    password_hash VARCHAR(200),
    pin_hash VARCHAR(200),
    enabled BOOLEAN NOT NULL CHECK (enabled IN (0, 1)),
    revision INTEGER NOT NULL,
    created_at DATETIME(6) NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS sessions (
    -- SHA-256 of the cookie's secret: who reads the table cannot sign in.
    id CHAR(64) NOT NULL PRIMARY KEY,
    user_id CHAR(36) NOT NULL,
    kind VARCHAR(16) NOT NULL CHECK (kind IN ('browser', 'kiosk')),
    agent VARCHAR(200) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    seen_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    FOREIGN KEY (user_id) REFERENCES users (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;
CREATE INDEX IF NOT EXISTS sessions_by_user ON sessions (user_id);

CREATE TABLE IF NOT EXISTS tokens (
    id CHAR(36) NOT NULL PRIMARY KEY,
    name VARCHAR(200) NOT NULL,
    hash CHAR(64) NOT NULL UNIQUE,
    role VARCHAR(16) NOT NULL CHECK (role IN ('kiosk', 'member', 'admin', 'worker')),
    -- Space-separated words that narrow the role, empty = all that the role may.
    scopes VARCHAR(500) NOT NULL,
    created_by VARCHAR(100) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    used_at DATETIME(6),
    expires_at DATETIME(6),
    revoked_at DATETIME(6)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS setup_links (
    hash CHAR(64) NOT NULL PRIMARY KEY,
    created_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    used_at DATETIME(6)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;

-- Answers to POSTs with an Idempotency-Key, so that a repeated one is answered and not done again.
CREATE TABLE IF NOT EXISTS idempotency (
    owner VARCHAR(100) NOT NULL,
    idem_key VARCHAR(200) NOT NULL,
    request_hash CHAR(64) NOT NULL,
    status INTEGER NOT NULL,
    body MEDIUMTEXT NOT NULL,
    at DATETIME(6) NOT NULL,
    PRIMARY KEY (owner, idem_key)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;
CREATE INDEX IF NOT EXISTS idempotency_by_time ON idempotency (at);

-- What another system calls a thing of ours, so that a file imported twice is imported once.
CREATE TABLE IF NOT EXISTS import_refs (
    scheme VARCHAR(32) NOT NULL,
    foreign_id VARCHAR(191) NOT NULL,
    entity VARCHAR(32) NOT NULL,
    entity_id VARCHAR(64) NOT NULL,
    PRIMARY KEY (scheme, foreign_id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS imports (
    id CHAR(36) NOT NULL PRIMARY KEY,
    at DATETIME(6) NOT NULL,
    actor VARCHAR(100) NOT NULL,
    file_name VARCHAR(200) NOT NULL,
    scheme VARCHAR(32) NOT NULL,
    report MEDIUMTEXT NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS settings (
    name VARCHAR(200) NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;
