-- SPDX-License-Identifier: EUPL-1.2
-- The next version of the audit trail, for rehearsals: each row has its length.

-- NULL where the next version wrote it.
ALTER TABLE audit_row ADD COLUMN length INTEGER;

UPDATE audit_row SET length = length(line);

CREATE TABLE next_version (moved INTEGER NOT NULL) STRICT;

INSERT INTO next_version (moved) SELECT count(*) FROM audit_row;
