-- SPDX-License-Identifier: EUPL-1.2
-- The next version of the staff object, for rehearsals: each session has its length.

-- NULL where the next version wrote it.
ALTER TABLE staff_session ADD COLUMN length INTEGER;

UPDATE staff_session SET length = length(body);

CREATE TABLE next_version (moved INTEGER NOT NULL) STRICT;

INSERT INTO next_version (moved) SELECT count(*) FROM staff_session;
