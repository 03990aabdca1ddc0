-- SPDX-License-Identifier: EUPL-1.2
-- The post of an object: what it still has to tell others, and what it has heard from each of them.

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY, -- grows for ever, even across an erasure: it starts from the clock
    destination TEXT NOT NULL,
    notice TEXT NOT NULL, -- JSON
    attempts INTEGER NOT NULL,
    not_before INTEGER NOT NULL -- milliseconds since the epoch
) STRICT;

CREATE TABLE outbox_last (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    id INTEGER NOT NULL
) STRICT;

CREATE TABLE inbox (
    source TEXT PRIMARY KEY,
    last_id INTEGER NOT NULL
) STRICT;
