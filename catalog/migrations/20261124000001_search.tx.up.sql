ALTER TABLE assets ADD COLUMN search_text TEXT NOT NULL DEFAULT '';

--bun:split

UPDATE assets SET search_text = lower(title || ' ' || description);
