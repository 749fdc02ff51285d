DROP INDEX assets_created;
--bun:split
ALTER TABLE assets ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
--bun:split
UPDATE assets SET search_text = lower(title || ' ' || description);
{{if .SQLite}}
--bun:split
DROP TABLE captions_words;
--bun:split
DROP TABLE story_words;
--bun:split
DROP TABLE asset_words;
{{end}}
--bun:split
DROP TABLE documents;
