-- What the camera's lens does, how large the rack is, and honeycombs among the kinds.
ALTER TABLE racks ADD COLUMN lens TEXT;
ALTER TABLE racks ADD COLUMN width_mm INTEGER;
ALTER TABLE racks ADD COLUMN height_mm INTEGER;
ALTER TABLE racks RENAME COLUMN kind TO kind_before;
ALTER TABLE racks ADD COLUMN kind TEXT NOT NULL DEFAULT 'grid' CHECK (kind IN ('grid', 'diamond', 'hexagonal', 'x', 'shelf', 'bulk', 'cabinet', 'free'));
UPDATE racks SET kind = kind_before;
ALTER TABLE racks DROP COLUMN kind_before;
