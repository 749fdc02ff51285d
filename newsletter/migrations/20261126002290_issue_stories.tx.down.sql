ALTER TABLE newsletter_issues DROP COLUMN story_ids;
