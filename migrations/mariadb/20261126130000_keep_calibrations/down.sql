ALTER TABLE scans DROP FOREIGN KEY IF EXISTS scans_calibration;
ALTER TABLE scans DROP COLUMN IF EXISTS calibration_id;
DROP TABLE IF EXISTS calibrations;
