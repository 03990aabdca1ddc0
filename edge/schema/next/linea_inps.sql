-- SPDX-License-Identifier: EUPL-1.2
-- The next version of the connector to Linea INPS, for rehearsals: each segnalazione has its length.

-- NULL where the next version wrote it.
ALTER TABLE segnalazione ADD COLUMN length INTEGER;

UPDATE segnalazione SET length = length(body);

CREATE TABLE next_version (moved INTEGER NOT NULL) STRICT;

INSERT INTO next_version (moved) SELECT count(*) FROM segnalazione;
