-- SPDX-License-Identifier: EUPL-1.2
-- The next version of the policy object, for rehearsals: each version has its length.

-- NULL where the next version wrote it.
ALTER TABLE policy_version ADD COLUMN length INTEGER;

UPDATE policy_version SET length = length(document);

CREATE TABLE next_version (moved INTEGER NOT NULL) STRICT;

INSERT INTO next_version (moved) SELECT count(*) FROM policy_version;
