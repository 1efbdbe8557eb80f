-- Lists of wines that one need not own: a label is looked up in them after the cellar's own wines.
CREATE TABLE catalogue_lists (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    wines INTEGER NOT NULL CHECK (wines >= 1),
    imported_at TIMESTAMP NOT NULL,
    imported_by TEXT NOT NULL
);
CREATE UNIQUE INDEX catalogue_lists_by_name ON catalogue_lists (name);

-- The wines of a list, numbered from 0.
CREATE TABLE catalogue_wines (
    list_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    -- What the label says, JSON.
    facts TEXT NOT NULL,
    PRIMARY KEY (list_id, number),
    FOREIGN KEY (list_id) REFERENCES catalogue_lists (id) ON DELETE CASCADE
);

-- By word of a list: in how many of its wines it stands, and in the producer or name of which. A list is brought in and
-- taken out as a whole, so the numbers stand in one text and are never edited.
CREATE TABLE catalogue_words (
    list_id TEXT NOT NULL,
    word TEXT NOT NULL,
    wines INTEGER NOT NULL,
    -- Numbers of wines with blanks between them.
    named TEXT NOT NULL,
    PRIMARY KEY (list_id, word),
    FOREIGN KEY (list_id) REFERENCES catalogue_lists (id) ON DELETE CASCADE
);
-- All words are looked through for each label, and the numbers of few are wanted.
CREATE INDEX catalogue_words_counted ON catalogue_words (list_id, word, wines);
