-- Where the bottle ends of a reading lie and what they look like, as JSON: what tells later which bottle moved.
CREATE TABLE IF NOT EXISTS seen_ends (
    scan_id VARCHAR(64) NOT NULL,
    bin VARCHAR(32) NOT NULL,
    ends MEDIUMTEXT NOT NULL,
    PRIMARY KEY (scan_id, bin),
    FOREIGN KEY (scan_id) REFERENCES scans (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;
