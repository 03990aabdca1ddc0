-- SPDX-License-Identifier: EUPL-1.2
-- The block of the person, while a supervisor lets them in only later.

CREATE TABLE block (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    -- Milliseconds since the epoch.
    until INTEGER NOT NULL
) STRICT;
