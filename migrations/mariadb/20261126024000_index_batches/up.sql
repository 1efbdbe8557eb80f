-- The history shows what was done at one go as one line: the last movement of each batch is found in the index alone.
DROP INDEX IF EXISTS movements_by_batch ON movements;
CREATE INDEX IF NOT EXISTS movements_by_batch ON movements (batch, id);
