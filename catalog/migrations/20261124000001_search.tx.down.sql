ALTER TABLE assets DROP COLUMN search_text;
