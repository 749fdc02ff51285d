{{if .SQLite}}
CREATE TABLE documents (
    number INTEGER PRIMARY KEY,
    kind   TEXT NOT NULL,
    ref    TEXT NOT NULL,
    due_at TIMESTAMPTZ,
    UNIQUE (kind, ref)
);
--bun:split
CREATE VIRTUAL TABLE asset_words USING fts5(words, facets, content='', contentless_delete=1, prefix='2 3', tokenize="ascii tokenchars '=-'");
--bun:split
CREATE VIRTUAL TABLE story_words USING fts5(words, facets, content='', contentless_delete=1, prefix='2 3', tokenize="ascii tokenchars '=-'");
--bun:split
CREATE VIRTUAL TABLE captions_words USING fts5(words, facets, content='', contentless_delete=1, prefix='2 3', tokenize="ascii tokenchars '=-'");
{{else}}
CREATE TABLE documents (
    kind   TEXT NOT NULL,
    ref    TEXT NOT NULL,
    due_at TIMESTAMPTZ,
    words  TSVECTOR,
    PRIMARY KEY (kind, ref)
);
--bun:split
CREATE INDEX documents_asset_words ON documents USING gin (words) WITH (fastupdate = off) WHERE kind = 'asset';
--bun:split
CREATE INDEX documents_story_words ON documents USING gin (words) WITH (fastupdate = off) WHERE kind = 'story';
--bun:split
CREATE INDEX documents_captions_words ON documents USING gin (words) WITH (fastupdate = off) WHERE kind = 'captions';
{{end}}
--bun:split
CREATE INDEX documents_due ON documents (due_at) WHERE due_at IS NOT NULL;
--bun:split
INSERT INTO documents (kind, ref, due_at) SELECT 'asset', id, created_at FROM assets ORDER BY id;
--bun:split
INSERT INTO documents (kind, ref, due_at) SELECT 'story', position, created_at FROM stories ORDER BY position;
--bun:split
INSERT INTO documents (kind, ref, due_at) SELECT 'captions', asset_id || '/' || language, changed_at FROM captions ORDER BY asset_id, language;
--bun:split
ALTER TABLE assets DROP COLUMN search_text;
--bun:split
CREATE INDEX assets_created ON assets (created_at, id);
