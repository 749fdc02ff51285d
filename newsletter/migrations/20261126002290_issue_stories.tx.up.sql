ALTER TABLE newsletter_issues ADD COLUMN story_ids TEXT NOT NULL DEFAULT '[]';
