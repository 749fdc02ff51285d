ALTER TABLE assets DROP COLUMN proxy_sounds;
