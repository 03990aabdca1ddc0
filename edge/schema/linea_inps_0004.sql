-- SPDX-License-Identifier: EUPL-1.2
-- What desks were last told of the segnalazioni in hand: OfficeQueue, JSON.

CREATE TABLE desks_told (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    office TEXT NOT NULL
) STRICT;
