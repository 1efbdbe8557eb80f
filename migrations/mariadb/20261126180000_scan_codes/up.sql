-- Which of the owner's wines a printed barcode stood on: learned when a bottle is received. A house prints the same
-- code year after year, so that one code may mean several vintages.
CREATE TABLE IF NOT EXISTS barcodes (
    -- 8 or 13 digits: a UPC-A begins with 0.
    code VARCHAR(16) NOT NULL,
    vintage_id CHAR(36) NOT NULL,
    volume_ml INTEGER NOT NULL,
    learned_at DATETIME(6) NOT NULL,
    learned_by TEXT NOT NULL,
    PRIMARY KEY (code, vintage_id),
    INDEX barcodes_by_vintage (vintage_id),
    FOREIGN KEY (vintage_id) REFERENCES vintages (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;

-- Bottles for which a label with their own code was printed.
CREATE TABLE IF NOT EXISTS bottle_labels (
    bottle_id CHAR(36) NOT NULL PRIMARY KEY,
    printed_at DATETIME(6) NOT NULL,
    FOREIGN KEY (bottle_id) REFERENCES bottles (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;
