ALTER TABLE scans DROP COLUMN calibration_id;
DROP TABLE calibrations;
