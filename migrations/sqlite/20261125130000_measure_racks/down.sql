ALTER TABLE racks RENAME COLUMN kind TO kind_before;
ALTER TABLE racks ADD COLUMN kind TEXT NOT NULL DEFAULT 'grid' CHECK (kind IN ('grid', 'diamond', 'x', 'shelf', 'bulk', 'cabinet', 'free'));
UPDATE racks SET kind = CASE kind_before WHEN 'hexagonal' THEN 'free' ELSE kind_before END;
ALTER TABLE racks DROP COLUMN kind_before;
ALTER TABLE racks DROP COLUMN height_mm;
ALTER TABLE racks DROP COLUMN width_mm;
ALTER TABLE racks DROP COLUMN lens;
