ALTER TABLE people DROP COLUMN limit_times;
