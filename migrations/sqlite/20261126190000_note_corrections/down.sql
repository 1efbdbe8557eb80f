ALTER TABLE calibrations DROP COLUMN corrected;
