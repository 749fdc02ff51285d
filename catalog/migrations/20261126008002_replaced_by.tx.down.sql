ALTER TABLE assets DROP COLUMN replaced_by;
