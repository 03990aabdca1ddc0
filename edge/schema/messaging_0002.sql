-- SPDX-License-Identifier: EUPL-1.2
-- Names of the field, the last sign of life of each sender, and messages that can never be delivered.

ALTER TABLE outbox RENAME COLUMN notice TO notification;

-- When the last one arrived, in milliseconds since the epoch.
ALTER TABLE inbox ADD COLUMN received INTEGER NOT NULL DEFAULT 0;

UPDATE inbox SET received = unixepoch() * 1000;

CREATE INDEX inbox_by_received ON inbox (received);

CREATE TABLE dead_letter (
    id INTEGER PRIMARY KEY, -- as in the outbox
    destination TEXT NOT NULL,
    notification TEXT NOT NULL, -- JSON
    attempts INTEGER NOT NULL,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL -- when it was given up, in milliseconds since the epoch by the wall clock
) STRICT;
