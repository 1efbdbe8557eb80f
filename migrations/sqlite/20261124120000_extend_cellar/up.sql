-- The full cellar book: what a label says, windows, notes, tags, wishes; the journal of edits; people, sessions, tokens.
-- `touched` is the meta.revision of the last write of a row: whoever keeps a copy asks for the rows above what it knows.

ALTER TABLE wines ADD COLUMN subregion TEXT NOT NULL DEFAULT '';
ALTER TABLE wines ADD COLUMN designation TEXT NOT NULL DEFAULT '';
ALTER TABLE wines ADD COLUMN vineyard TEXT NOT NULL DEFAULT '';
ALTER TABLE wines ADD COLUMN classification TEXT NOT NULL DEFAULT '';
ALTER TABLE wines ADD COLUMN sweetness TEXT CHECK (sweetness IN ('dry', 'off_dry', 'medium', 'sweet', 'luscious'));
ALTER TABLE wines ADD COLUMN effervescence TEXT CHECK (effervescence IN ('still', 'semi_sparkling', 'sparkling'));
-- JSON: [{"name": "Merlot", "percent": 60}]
ALTER TABLE wines ADD COLUMN grapes TEXT NOT NULL DEFAULT '[]';
-- Tenths of a per cent by volume: 135 is 13.5 %.
ALTER TABLE wines ADD COLUMN abv_tenths INTEGER;
ALTER TABLE wines ADD COLUMN archived BOOLEAN NOT NULL DEFAULT 0 CHECK (archived IN (0, 1));
ALTER TABLE wines ADD COLUMN touched BIGINT NOT NULL DEFAULT 0;
CREATE INDEX wines_by_touched ON wines (touched);

-- drink_from to drink_to are the window that counts; window_source says whose it is.
ALTER TABLE vintages ADD COLUMN peak_from INTEGER;
ALTER TABLE vintages ADD COLUMN peak_to INTEGER;
ALTER TABLE vintages ADD COLUMN window_source TEXT;
-- Mean of our own ratings, in tenths of a point of 100.
ALTER TABLE vintages ADD COLUMN score_tenths INTEGER;
ALTER TABLE vintages ADD COLUMN valuation_minor BIGINT;
ALTER TABLE vintages ADD COLUMN valuation_currency TEXT;
ALTER TABLE vintages ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE vintages ADD COLUMN touched BIGINT NOT NULL DEFAULT 0;
CREATE INDEX vintages_by_touched ON vintages (touched);

CREATE TABLE windows (
    vintage_id TEXT NOT NULL,
    source TEXT NOT NULL,
    drink_from INTEGER,
    peak_from INTEGER,
    peak_to INTEGER,
    drink_to INTEGER,
    PRIMARY KEY (vintage_id, source),
    FOREIGN KEY (vintage_id) REFERENCES vintages (id)
);
INSERT OR IGNORE INTO windows (vintage_id, source, drink_from, drink_to)
    SELECT id, 'owner', drink_from, drink_to FROM vintages WHERE drink_from IS NOT NULL OR drink_to IS NOT NULL;
UPDATE vintages SET window_source = 'owner' WHERE drink_from IS NOT NULL OR drink_to IS NOT NULL;

ALTER TABLE bottles ADD COLUMN purchased_on TEXT;
ALTER TABLE bottles ADD COLUMN shop TEXT NOT NULL DEFAULT '';
ALTER TABLE bottles ADD COLUMN provenance TEXT NOT NULL DEFAULT '';
ALTER TABLE bottles ADD COLUMN notes TEXT NOT NULL DEFAULT '';
ALTER TABLE bottles ADD COLUMN opened_at TIMESTAMP;
ALTER TABLE bottles ADD COLUMN preservation TEXT CHECK (preservation IN ('none', 'stopper', 'vacuum', 'gas', 'needle'));
ALTER TABLE bottles ADD COLUMN glasses_left INTEGER;
ALTER TABLE bottles ADD COLUMN touched BIGINT NOT NULL DEFAULT 0;
CREATE INDEX bottles_by_touched ON bottles (touched);

ALTER TABLE racks ADD COLUMN kind TEXT NOT NULL DEFAULT 'grid' CHECK (kind IN ('grid', 'diamond', 'x', 'shelf', 'bulk', 'cabinet', 'free'));
ALTER TABLE racks ADD COLUMN row_count INTEGER;
ALTER TABLE racks ADD COLUMN column_count INTEGER;
ALTER TABLE racks ADD COLUMN staggered BOOLEAN NOT NULL DEFAULT 0 CHECK (staggered IN (0, 1));
-- Bottles behind each other; the camera sees the front one.
ALTER TABLE racks ADD COLUMN depth INTEGER NOT NULL DEFAULT 1;
ALTER TABLE racks ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE racks ADD COLUMN archived BOOLEAN NOT NULL DEFAULT 0 CHECK (archived IN (0, 1));
ALTER TABLE racks ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE bins ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

ALTER TABLE movements ADD COLUMN note TEXT NOT NULL DEFAULT '';
-- What was done at one go, such as six bottles received; undone at one go too.
ALTER TABLE movements ADD COLUMN batch TEXT;
-- What a sale brought.
ALTER TABLE movements ADD COLUMN revenue_minor BIGINT;
ALTER TABLE movements ADD COLUMN currency TEXT;
CREATE INDEX movements_by_batch ON movements (batch);
CREATE INDEX movements_by_actor ON movements (actor, id);

CREATE TABLE tasting_notes (
    id TEXT NOT NULL PRIMARY KEY,
    vintage_id TEXT NOT NULL,
    bottle_id TEXT,
    author TEXT NOT NULL,
    tasted_on TEXT NOT NULL,
    body TEXT NOT NULL,
    -- Hundredths of a point of `scale` (5, 20 or 100).
    rating_hundredths INTEGER,
    scale INTEGER,
    deleted BOOLEAN NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
    revision INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    FOREIGN KEY (vintage_id) REFERENCES vintages (id),
    FOREIGN KEY (bottle_id) REFERENCES bottles (id)
);
CREATE INDEX tasting_notes_by_vintage ON tasting_notes (vintage_id, id);

CREATE TABLE wine_tags (
    wine_id TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (wine_id, tag),
    FOREIGN KEY (wine_id) REFERENCES wines (id)
);

CREATE TABLE wishes (
    id TEXT NOT NULL PRIMARY KEY,
    producer TEXT NOT NULL,
    name TEXT NOT NULL,
    year INTEGER,
    note TEXT NOT NULL,
    priority INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 3),
    state TEXT NOT NULL CHECK (state IN ('open', 'bought', 'dropped')),
    added_by TEXT NOT NULL,
    deleted BOOLEAN NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
    revision INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL
);

-- The journal of edits: everything a person changes that is not a movement, with what it was before and after.
CREATE TABLE changes (
    id TEXT NOT NULL PRIMARY KEY,
    entity TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    before_json TEXT,
    after_json TEXT,
    actor TEXT NOT NULL,
    source TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    -- Unique: an edit is undone once.
    reverses TEXT UNIQUE,
    FOREIGN KEY (reverses) REFERENCES changes (id)
);
CREATE INDEX changes_by_entity ON changes (entity, entity_id, id);
CREATE INDEX changes_by_actor ON changes (actor, id);

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('kiosk', 'member', 'admin')),
    password_hash TEXT,
    pin_hash TEXT,
    enabled BOOLEAN NOT NULL CHECK (enabled IN (0, 1)),
    revision INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE sessions (
    -- SHA-256 of the cookie's secret: who reads the table cannot sign in.
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('browser', 'kiosk')),
    agent TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE tokens (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('kiosk', 'member', 'admin', 'worker')),
    -- Space-separated words that narrow the role, empty = all that the role may.
    scopes TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP,
    expires_at TIMESTAMP,
    revoked_at TIMESTAMP
);

CREATE TABLE setup_links (
    hash TEXT NOT NULL PRIMARY KEY,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);

-- Answers to POSTs with an Idempotency-Key, so that a repeated one is answered and not done again.
CREATE TABLE idempotency (
    owner TEXT NOT NULL,
    idem_key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (owner, idem_key)
);
CREATE INDEX idempotency_by_time ON idempotency (at);

-- What another system calls a thing of ours, so that a file imported twice is imported once.
CREATE TABLE import_refs (
    scheme TEXT NOT NULL,
    foreign_id TEXT NOT NULL,
    entity TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    PRIMARY KEY (scheme, foreign_id)
);

CREATE TABLE imports (
    id TEXT NOT NULL PRIMARY KEY,
    at TIMESTAMP NOT NULL,
    actor TEXT NOT NULL,
    file_name TEXT NOT NULL,
    scheme TEXT NOT NULL,
    report TEXT NOT NULL
);

CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
