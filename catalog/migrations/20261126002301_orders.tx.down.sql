DROP INDEX jobs_in_waiting;

--bun:split

DROP TABLE order_items;

--bun:split

DROP TABLE orders;

--bun:split

DELETE FROM jobs WHERE kind = 'order';
