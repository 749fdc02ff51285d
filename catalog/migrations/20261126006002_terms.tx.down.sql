{{if .SQLite}}
DROP TABLE captions_terms;
--bun:split
DROP TABLE story_terms;
--bun:split
DROP TABLE asset_terms;
{{else}}
SELECT 1;
{{end}}
