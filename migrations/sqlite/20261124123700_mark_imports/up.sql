-- Which import has told us of a thing, so that an import can be taken back at one go.
ALTER TABLE import_refs ADD COLUMN import_id TEXT;
CREATE INDEX import_refs_by_import ON import_refs (import_id);
ALTER TABLE imports ADD COLUMN undone_at TIMESTAMP;
