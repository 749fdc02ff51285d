DROP TABLE newsletter_deliveries;

--bun:split

DROP TABLE newsletter_issues;

--bun:split

DROP TABLE newsletter_subscribers;
