-- SPDX-License-Identifier: EUPL-1.2
-- The next version of a desk object, for rehearsals: each conversation has its length.

-- NULL where the next version wrote it.
ALTER TABLE desk_conversation ADD COLUMN length INTEGER;

UPDATE desk_conversation SET length = length(body);

CREATE TABLE next_version (moved INTEGER NOT NULL) STRICT;

INSERT INTO next_version (moved) SELECT count(*) FROM desk_conversation;
