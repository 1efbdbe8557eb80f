ALTER TABLE calibrations DROP COLUMN IF EXISTS corrected;
