-- SPDX-License-Identifier: EUPL-1.2
-- A desk of several queues: what it has seen of each, and the queue of each act of a supervisor.

CREATE TABLE desk_queue (
  queue TEXT PRIMARY KEY,
  service_times TEXT, -- ServiceTimeStats, JSON; NULL until something was seen
  today TEXT -- Today, JSON; NULL until a conversation has left the desk
) STRICT;

INSERT INTO desk_queue (queue, service_times, today) SELECT queue, service_times, today FROM desk;

-- NULL where the conversation was not on the desk any more.
ALTER TABLE audit ADD COLUMN queue TEXT;

UPDATE audit SET queue = (SELECT queue FROM desk);

ALTER TABLE desk DROP COLUMN service_times;

ALTER TABLE desk DROP COLUMN today;

-- The name of the object: the desk's, which until here was its queue's.
ALTER TABLE desk RENAME COLUMN queue TO id;
