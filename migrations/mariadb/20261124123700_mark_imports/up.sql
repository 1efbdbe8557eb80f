-- Which import has told us of a thing, so that an import can be taken back at one go.
ALTER TABLE import_refs ADD COLUMN IF NOT EXISTS import_id CHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX IF NOT EXISTS import_refs_by_import ON import_refs (import_id);
ALTER TABLE imports ADD COLUMN IF NOT EXISTS undone_at DATETIME(6);
