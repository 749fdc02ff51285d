ALTER TABLE assets ADD COLUMN proxy_sounds TEXT;
