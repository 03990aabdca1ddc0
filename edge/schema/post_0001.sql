-- SPDX-License-Identifier: EUPL-1.2
-- The outbox of an object (messages to other objects that are not yet delivered) and its inbox (the newest message received from
-- each of them).

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
