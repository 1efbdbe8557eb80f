-- What the camera's lens does, how large the rack is, and honeycombs among the kinds.
ALTER TABLE racks ADD COLUMN IF NOT EXISTS lens TEXT;
ALTER TABLE racks ADD COLUMN IF NOT EXISTS width_mm INTEGER;
ALTER TABLE racks ADD COLUMN IF NOT EXISTS height_mm INTEGER;
ALTER TABLE racks MODIFY COLUMN kind VARCHAR(16) NOT NULL DEFAULT 'grid' CHECK (kind IN ('grid', 'diamond', 'hexagonal', 'x', 'shelf', 'bulk', 'cabinet', 'free'));
