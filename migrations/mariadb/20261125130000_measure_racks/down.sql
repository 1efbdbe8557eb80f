UPDATE racks SET kind = 'free' WHERE kind = 'hexagonal';
ALTER TABLE racks MODIFY COLUMN kind VARCHAR(16) NOT NULL DEFAULT 'grid' CHECK (kind IN ('grid', 'diamond', 'x', 'shelf', 'bulk', 'cabinet', 'free'));
ALTER TABLE racks DROP COLUMN IF EXISTS height_mm;
ALTER TABLE racks DROP COLUMN IF EXISTS width_mm;
ALTER TABLE racks DROP COLUMN IF EXISTS lens;
