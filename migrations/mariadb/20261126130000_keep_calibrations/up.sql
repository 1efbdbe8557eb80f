-- Every calibration of a rack that was ever in force. What is in force stands in racks and bins, here is what was.
CREATE TABLE IF NOT EXISTS calibrations (
    id CHAR(36) NOT NULL PRIMARY KEY,
    rack_id CHAR(36) NOT NULL,
    -- 1, 2, 3 … of this rack, the highest is the current one.
    number INTEGER NOT NULL,
    origin VARCHAR(16) NOT NULL CHECK (origin IN ('drawn', 'restored', 'shifted', 'imported', 'found')),
    -- JSON: the rack's facts, and its bins in use or not.
    facts MEDIUMTEXT NOT NULL,
    bins MEDIUMTEXT NOT NULL,
    -- The camera by a name that stays the same, or empty for the one of the settings.
    camera TEXT NOT NULL DEFAULT '',
    -- Whether the picture it was drawn on is kept in the data folder.
    has_picture BOOLEAN NOT NULL DEFAULT FALSE,
    -- JSON: what a person counted in the bins of that picture.
    counts MEDIUMTEXT NOT NULL DEFAULT '{}',
    made_by VARCHAR(200) NOT NULL,
    made_at DATETIME(6) NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    UNIQUE (rack_id, number),
    FOREIGN KEY (rack_id) REFERENCES racks (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;
-- The version that a scan was read by, null for scans before there were versions.
ALTER TABLE scans ADD COLUMN IF NOT EXISTS calibration_id CHAR(36);
ALTER TABLE scans ADD CONSTRAINT FOREIGN KEY IF NOT EXISTS scans_calibration (calibration_id) REFERENCES calibrations (id);
