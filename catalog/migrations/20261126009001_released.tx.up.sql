ALTER TABLE assets ADD COLUMN position TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE assets ADD COLUMN released_at TIMESTAMPTZ NOT NULL DEFAULT '1970-01-01 00:00:00+00:00';
--bun:split
ALTER TABLE assets ADD COLUMN changed_at TIMESTAMPTZ NOT NULL DEFAULT '1970-01-01 00:00:00+00:00';
--bun:split
UPDATE assets SET position = id, changed_at = created_at,
    released_at = CASE WHEN embargo_until > created_at THEN embargo_until ELSE created_at END;
--bun:split
-- What came out since it was stored stands there: the first 12 digits of an id are its time.
UPDATE assets SET position = {{if .SQLite}}printf('%012x', CAST(strftime('%s', released_at) AS INTEGER) * 1000)
    {{else}}lpad(to_hex((extract(epoch FROM released_at) * 1000)::BIGINT), 12, '0'){{end}} || substr(id, 13)
WHERE released_at > created_at AND released_at <= {{if .SQLite}}strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'){{else}}now(){{end}};
{{if .SQLite}}
-- Documents stand in the order of their numbers, and their words cannot be read.
--bun:split
DELETE FROM asset_words WHERE EXISTS (SELECT 1 FROM assets WHERE position <> id);
--bun:split
DELETE FROM captions_words WHERE EXISTS (SELECT 1 FROM assets WHERE position <> id);
--bun:split
DELETE FROM documents WHERE kind IN ('asset', 'captions') AND EXISTS (SELECT 1 FROM assets WHERE position <> id);
--bun:split
INSERT INTO documents (kind, ref, due_at) SELECT 'asset', position, created_at FROM assets WHERE EXISTS (SELECT 1 FROM assets WHERE position <> id) ORDER BY position;
--bun:split
INSERT INTO documents (number, kind, ref, due_at)
SELECT -4611686018427387904 + document.number * 1048576 + row_number() OVER (PARTITION BY captions.asset_id ORDER BY captions.language),
       'captions', assets.position || '/' || captions.language, captions.changed_at
FROM captions JOIN assets ON assets.id = captions.asset_id
    JOIN documents AS document ON document.kind = 'asset' AND document.ref = assets.position WHERE EXISTS (SELECT 1 FROM assets WHERE position <> id);
{{else}}
--bun:split
UPDATE documents SET ref = assets.position || substr(ref, 33) FROM assets
WHERE documents.kind IN ('asset', 'captions') AND substr(ref, 1, 32) = assets.id AND assets.position <> assets.id;
{{end}}
--bun:split
UPDATE documents SET due_at = (SELECT released_at FROM assets WHERE position = ref)
WHERE kind = 'asset' AND due_at IS NULL AND ref IN (SELECT position FROM assets WHERE released_at > {{if .SQLite}}strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'){{else}}now(){{end}});
--bun:split
CREATE UNIQUE INDEX assets_position ON assets (position);
--bun:split
DROP INDEX assets_created;
