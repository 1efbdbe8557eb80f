-- JSON: the bins whose count a person gave; the others' was the program's, which they left as it was.
ALTER TABLE calibrations ADD COLUMN corrected TEXT NOT NULL DEFAULT '[]';
