ALTER TABLE assets ADD COLUMN replaced_by TEXT;
--bun:split
UPDATE assets SET replaced_by = substr(description, length(description) - 31)
WHERE withdrawn_at IS NOT NULL AND (description LIKE 'Replaced by %/assets/%' OR description LIKE 'Remplacée par %/assets/%')
    AND substr(description, length(description) - 31) IN (SELECT id FROM assets) AND substr(description, length(description) - 31) <> id;
