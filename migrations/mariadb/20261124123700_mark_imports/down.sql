DROP INDEX IF EXISTS import_refs_by_import ON import_refs;
ALTER TABLE import_refs DROP COLUMN IF EXISTS import_id;
ALTER TABLE imports DROP COLUMN IF EXISTS undone_at;
