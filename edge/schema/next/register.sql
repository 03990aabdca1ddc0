-- SPDX-License-Identifier: EUPL-1.2
-- The next version of the register object, for rehearsals: each record has its length.

-- NULL where the next version wrote it.
ALTER TABLE record ADD COLUMN length INTEGER;

UPDATE record SET length = length(body);

CREATE TABLE next_version (moved INTEGER NOT NULL) STRICT;

INSERT INTO next_version (moved) SELECT count(*) FROM record;
