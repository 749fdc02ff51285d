ALTER TABLE assets DROP COLUMN version;
