-- Lists of wines that one need not own: a label is looked up in them after the cellar's own wines.
CREATE TABLE IF NOT EXISTS catalogue_lists (
    id CHAR(36) NOT NULL PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    wines INTEGER NOT NULL CHECK (wines >= 1),
    imported_at DATETIME(6) NOT NULL,
    imported_by TEXT NOT NULL,
    UNIQUE INDEX catalogue_lists_by_name (name)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;

-- The wines of a list, numbered from 0.
CREATE TABLE IF NOT EXISTS catalogue_wines (
    list_id CHAR(36) NOT NULL,
    number INTEGER NOT NULL,
    -- What the label says, JSON.
    facts TEXT NOT NULL,
    PRIMARY KEY (list_id, number),
    FOREIGN KEY (list_id) REFERENCES catalogue_lists (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;

-- By word of a list: in how many of its wines it stands, and in the producer or name of which. A list is brought in and
-- taken out as a whole, so the numbers stand in one text and are never edited.
CREATE TABLE IF NOT EXISTS catalogue_words (
    list_id CHAR(36) NOT NULL,
    word VARCHAR(60) NOT NULL,
    wines INTEGER NOT NULL,
    -- Numbers of wines with blanks between them.
    named MEDIUMTEXT NOT NULL,
    PRIMARY KEY (list_id, word),
    -- All words are looked through for each label, and the numbers of few are wanted.
    INDEX catalogue_words_counted (list_id, word, wines),
    FOREIGN KEY (list_id) REFERENCES catalogue_lists (id) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE=InnoDB;
