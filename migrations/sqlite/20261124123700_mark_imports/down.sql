DROP INDEX import_refs_by_import;
ALTER TABLE import_refs DROP COLUMN import_id;
ALTER TABLE imports DROP COLUMN undone_at;
