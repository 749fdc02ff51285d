CREATE INDEX uploads_owner ON uploads (owner_id, id) WHERE status = 'open';
