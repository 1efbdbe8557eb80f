DROP INDEX IF EXISTS bottles_by_stock ON bottles;
DROP INDEX IF EXISTS movements_by_time ON movements;
