-- Which of the owner's wines a printed barcode stood on: learned when a bottle is received. A house prints the same
-- code year after year, so that one code may mean several vintages.
CREATE TABLE barcodes (
    -- 8 or 13 digits: a UPC-A begins with 0.
    code TEXT NOT NULL,
    vintage_id TEXT NOT NULL,
    volume_ml INTEGER NOT NULL,
    learned_at TIMESTAMP NOT NULL,
    learned_by TEXT NOT NULL,
    PRIMARY KEY (code, vintage_id),
    FOREIGN KEY (vintage_id) REFERENCES vintages (id) ON DELETE CASCADE
);
CREATE INDEX barcodes_by_vintage ON barcodes (vintage_id);

-- Bottles for which a label with their own code was printed.
CREATE TABLE bottle_labels (
    bottle_id TEXT NOT NULL PRIMARY KEY,
    printed_at TIMESTAMP NOT NULL,
    FOREIGN KEY (bottle_id) REFERENCES bottles (id) ON DELETE CASCADE
);
