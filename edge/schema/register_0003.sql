-- SPDX-License-Identifier: EUPL-1.2
-- Whether something can be stored is seen by storing it.

CREATE TABLE probe (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    at INTEGER NOT NULL -- milliseconds since the epoch
) STRICT;
