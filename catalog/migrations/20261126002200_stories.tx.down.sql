DROP TABLE story_assets;

--bun:split

DROP TABLE stories;
