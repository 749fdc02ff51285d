{{if .SQLite}}
DELETE FROM captions_words;
--bun:split
DELETE FROM documents WHERE kind = 'captions';
--bun:split
INSERT INTO documents (number, kind, ref, due_at)
SELECT -4611686018427387904 + document.number * 1048576 + row_number() OVER (PARTITION BY captions.asset_id ORDER BY captions.language),
       'captions', captions.asset_id || '/' || captions.language, captions.changed_at
FROM captions JOIN documents AS document ON document.kind = 'asset' AND document.ref = captions.asset_id;
{{else}}
UPDATE documents SET due_at = now() WHERE kind = 'captions';
{{end}}
