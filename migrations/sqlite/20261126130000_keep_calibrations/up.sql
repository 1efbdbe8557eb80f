-- Every calibration of a rack that was ever in force. What is in force stands in racks and bins, here is what was.
CREATE TABLE calibrations (
    id TEXT NOT NULL PRIMARY KEY,
    rack_id TEXT NOT NULL,
    -- 1, 2, 3 … of this rack, the highest is the current one.
    number INTEGER NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('drawn', 'restored', 'shifted', 'imported', 'found')),
    -- JSON: the rack's facts, and its bins in use or not.
    facts TEXT NOT NULL,
    bins TEXT NOT NULL,
    -- The camera by a name that stays the same, or empty for the one of the settings.
    camera TEXT NOT NULL DEFAULT '',
    -- Whether the picture it was drawn on is kept in the data folder.
    has_picture BOOLEAN NOT NULL DEFAULT FALSE,
    -- JSON: what a person counted in the bins of that picture.
    counts TEXT NOT NULL DEFAULT '{}',
    made_by TEXT NOT NULL,
    made_at TIMESTAMP NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    UNIQUE (rack_id, number),
    FOREIGN KEY (rack_id) REFERENCES racks (id)
);
-- The version that a scan was read by, null for scans before there were versions.
ALTER TABLE scans ADD COLUMN calibration_id TEXT REFERENCES calibrations (id);
