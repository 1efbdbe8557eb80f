-- What the camera thinks has happened, also in two bins at once; questions that wait or close by themselves; how each bin and
-- each bottle looked when book and camera last agreed.
DROP INDEX proposals_by_state;
DROP INDEX proposals_by_bin;
ALTER TABLE proposals RENAME COLUMN state TO state_before;
ALTER TABLE proposals ADD COLUMN state TEXT NOT NULL DEFAULT 'open'
    CHECK (state IN ('open', 'approved', 'rejected', 'superseded', 'expired', 'parted'));
UPDATE proposals SET state = state_before;
ALTER TABLE proposals DROP COLUMN state_before;
CREATE INDEX proposals_by_state ON proposals (state, id);
CREATE INDEX proposals_by_bin ON proposals (bin, state);
ALTER TABLE proposals ADD COLUMN kind TEXT NOT NULL DEFAULT 'missing' CHECK (kind IN ('missing', 'extra', 'move', 'swap'));
UPDATE proposals SET kind = 'extra' WHERE seen > expected;
ALTER TABLE proposals ADD COLUMN other_bin TEXT REFERENCES bins (id);
ALTER TABLE proposals ADD COLUMN other_expected INTEGER;
ALTER TABLE proposals ADD COLUMN other_seen INTEGER;
-- The other bin while the proposal is open, else null.
ALTER TABLE proposals ADD COLUMN open_other TEXT;
CREATE UNIQUE INDEX proposals_by_open_other ON proposals (open_other);
CREATE INDEX proposals_by_other ON proposals (other_bin, state);
-- How many bottles it is about.
ALTER TABLE proposals ADD COLUMN number INTEGER NOT NULL DEFAULT 1;
UPDATE proposals SET number = abs(seen - expected);
ALTER TABLE proposals ADD COLUMN likeness DOUBLE;
-- JSON: the candidates, and how the ends look that went and came.
ALTER TABLE proposals ADD COLUMN evidence TEXT NOT NULL DEFAULT '{}';
-- When a scan last showed the same.
ALTER TABLE proposals ADD COLUMN confirmed_at TIMESTAMP NOT NULL DEFAULT '2000-01-01 00:00:00';
UPDATE proposals SET confirmed_at = created_at;
ALTER TABLE proposals ADD COLUMN snoozed_until TIMESTAMP;

CREATE TABLE bin_memory (
    bin TEXT NOT NULL PRIMARY KEY,
    -- When the bin was last found as the book says, through what, by whom, and in which scan.
    confirmed_at TIMESTAMP,
    confirmed_by TEXT CHECK (confirmed_by IN ('scan', 'person')),
    who TEXT,
    scan_id TEXT,
    -- JSON: its ends and their bottles when book and camera last agreed. Null as long as they never did.
    looks TEXT,
    -- Why a person should look, though the count is right.
    doubt TEXT,
    FOREIGN KEY (bin) REFERENCES bins (id) ON DELETE CASCADE
);

CREATE TABLE bottle_looks (
    bottle_id TEXT NOT NULL PRIMARY KEY,
    -- A signature as in seen_ends.
    looks TEXT NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    FOREIGN KEY (bottle_id) REFERENCES bottles (id) ON DELETE CASCADE
);
