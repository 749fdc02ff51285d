{{if .SQLite}}
CREATE VIRTUAL TABLE asset_terms USING fts5vocab('asset_words', 'instance');
--bun:split
CREATE VIRTUAL TABLE story_terms USING fts5vocab('story_words', 'instance');
--bun:split
CREATE VIRTUAL TABLE captions_terms USING fts5vocab('captions_words', 'instance');
{{else}}
SELECT 1;
{{end}}
