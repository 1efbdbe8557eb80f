-- What the numbers page asks: how many of each vintage are here, and which bottles moved since a day.
CREATE INDEX bottles_by_stock ON bottles (status, vintage_id, bin, received_at, id);
CREATE INDEX movements_by_time ON movements (at, bottle_id);
