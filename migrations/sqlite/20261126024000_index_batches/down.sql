DROP INDEX movements_by_batch;
CREATE INDEX movements_by_batch ON movements (batch);
