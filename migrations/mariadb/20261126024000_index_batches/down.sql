DROP INDEX IF EXISTS movements_by_batch ON movements;
CREATE INDEX IF NOT EXISTS movements_by_batch ON movements (batch);
