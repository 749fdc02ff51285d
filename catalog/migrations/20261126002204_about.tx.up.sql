ALTER TABLE assets ADD COLUMN topics TEXT NOT NULL DEFAULT '[]';

--bun:split

ALTER TABLE assets ADD COLUMN keywords TEXT NOT NULL DEFAULT '[]';

--bun:split

ALTER TABLE assets ADD COLUMN people TEXT NOT NULL DEFAULT '[]';

--bun:split

ALTER TABLE assets ADD COLUMN places TEXT NOT NULL DEFAULT '[]';

--bun:split

ALTER TABLE assets ADD COLUMN shot_on TEXT NOT NULL DEFAULT '';

--bun:split

ALTER TABLE uploads ADD COLUMN topics TEXT NOT NULL DEFAULT '[]';

--bun:split

ALTER TABLE uploads ADD COLUMN keywords TEXT NOT NULL DEFAULT '[]';

--bun:split

ALTER TABLE uploads ADD COLUMN people TEXT NOT NULL DEFAULT '[]';

--bun:split

ALTER TABLE uploads ADD COLUMN places TEXT NOT NULL DEFAULT '[]';

--bun:split

ALTER TABLE uploads ADD COLUMN shot_on TEXT NOT NULL DEFAULT '';
