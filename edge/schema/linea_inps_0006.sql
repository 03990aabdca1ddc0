-- SPDX-License-Identifier: EUPL-1.2
-- Objects of people that a legal hold is on: their segnalazioni are not deleted.

CREATE TABLE held_object (
    object TEXT PRIMARY KEY
) STRICT;
