ALTER TABLE newsletter_issues DROP COLUMN version;
