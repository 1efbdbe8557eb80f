-- What the camera thinks has happened, also in two bins at once; questions that wait or close by themselves; how each bin and
-- each bottle looked when book and camera last agreed.
ALTER TABLE proposals MODIFY COLUMN state VARCHAR(16) NOT NULL CHECK (state IN ('open', 'approved', 'rejected', 'superseded', 'expired', 'parted'));
ALTER TABLE proposals ADD COLUMN IF NOT EXISTS kind VARCHAR(16) NOT NULL DEFAULT 'missing' CHECK (kind IN ('missing', 'extra', 'move', 'swap'));
UPDATE proposals SET kind = 'extra' WHERE seen > expected AND kind = 'missing';
ALTER TABLE proposals ADD COLUMN IF NOT EXISTS other_bin VARCHAR(32);
ALTER TABLE proposals ADD COLUMN IF NOT EXISTS other_expected INTEGER;
ALTER TABLE proposals ADD COLUMN IF NOT EXISTS other_seen INTEGER;
-- The other bin while the proposal is open, else null.
ALTER TABLE proposals ADD COLUMN IF NOT EXISTS open_other VARCHAR(32);
CREATE UNIQUE INDEX IF NOT EXISTS proposals_by_open_other ON proposals (open_other);
CREATE INDEX IF NOT EXISTS proposals_by_other ON proposals (other_bin, state);
ALTER TABLE proposals ADD CONSTRAINT FOREIGN KEY IF NOT EXISTS proposals_other_bin (other_bin) REFERENCES bins (id);
-- How many bottles it is about.
ALTER TABLE proposals ADD COLUMN IF NOT EXISTS number INTEGER NOT NULL DEFAULT 1;
UPDATE proposals SET number = abs(seen - expected) WHERE kind IN ('missing', 'extra');
ALTER TABLE proposals ADD COLUMN IF NOT EXISTS likeness DOUBLE;
-- JSON: the candidates, and how the ends look that went and came.
ALTER TABLE proposals ADD COLUMN IF NOT EXISTS evidence MEDIUMTEXT NOT NULL DEFAULT '{}';
-- When a scan last showed the same.
ALTER TABLE proposals ADD COLUMN IF NOT EXISTS confirmed_at DATETIME(6) NOT NULL DEFAULT '2000-01-01 00:00:00';
UPDATE proposals SET confirmed_at = created_at WHERE confirmed_at < created_at;
ALTER TABLE proposals ADD COLUMN IF NOT EXISTS snoozed_until DATETIME(6);

CREATE TABLE IF NOT EXISTS bin_memory (
    bin VARCHAR(32) NOT NULL PRIMARY KEY,
    -- When the bin was last found as the book says, through what, by whom, and in which scan.
    confirmed_at DATETIME(6),
    confirmed_by VARCHAR(16) CHECK (confirmed_by IN ('scan', 'person')),
    who VARCHAR(200),
    scan_id VARCHAR(64),
    -- JSON: its ends and their bottles when book and camera last agreed. Null as long as they never did.
    looks MEDIUMTEXT,
    -- Why a person should look, though the count is right.
    doubt TEXT,
    FOREIGN KEY (bin) REFERENCES bins (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS bottle_looks (
    bottle_id CHAR(36) NOT NULL PRIMARY KEY,
    -- A signature as in seen_ends.
    looks TEXT NOT NULL,
    seen_at DATETIME(6) NOT NULL,
    FOREIGN KEY (bottle_id) REFERENCES bottles (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;
