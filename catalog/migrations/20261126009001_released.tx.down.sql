CREATE INDEX assets_created ON assets (created_at, id);
{{if .SQLite}}
--bun:split
DELETE FROM asset_words WHERE EXISTS (SELECT 1 FROM assets WHERE position <> id);
--bun:split
DELETE FROM captions_words WHERE EXISTS (SELECT 1 FROM assets WHERE position <> id);
--bun:split
DELETE FROM documents WHERE kind IN ('asset', 'captions') AND EXISTS (SELECT 1 FROM assets WHERE position <> id);
--bun:split
INSERT INTO documents (kind, ref, due_at) SELECT 'asset', id, created_at FROM assets WHERE EXISTS (SELECT 1 FROM assets WHERE position <> id) ORDER BY id;
--bun:split
INSERT INTO documents (number, kind, ref, due_at)
SELECT -4611686018427387904 + document.number * 1048576 + row_number() OVER (PARTITION BY captions.asset_id ORDER BY captions.language),
       'captions', assets.id || '/' || captions.language, captions.changed_at
FROM captions JOIN assets ON assets.id = captions.asset_id
    JOIN documents AS document ON document.kind = 'asset' AND document.ref = assets.id WHERE EXISTS (SELECT 1 FROM assets WHERE position <> id);
{{else}}
--bun:split
UPDATE documents SET ref = assets.id || substr(ref, 33) FROM assets
WHERE documents.kind IN ('asset', 'captions') AND substr(ref, 1, 32) = assets.position AND assets.position <> assets.id;
{{end}}
--bun:split
DROP INDEX assets_position;
--bun:split
ALTER TABLE assets DROP COLUMN changed_at;
--bun:split
ALTER TABLE assets DROP COLUMN released_at;
--bun:split
ALTER TABLE assets DROP COLUMN position;
