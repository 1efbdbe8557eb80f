-- Where the bottle ends of a reading lie and what they look like, as JSON: what tells later which bottle moved.
CREATE TABLE seen_ends (
    scan_id TEXT NOT NULL,
    bin TEXT NOT NULL,
    ends TEXT NOT NULL,
    PRIMARY KEY (scan_id, bin),
    FOREIGN KEY (scan_id) REFERENCES scans (id) ON DELETE CASCADE
);
