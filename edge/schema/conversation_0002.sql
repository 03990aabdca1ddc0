-- SPDX-License-Identifier: EUPL-1.2
-- What the person said of a conversation that is over: the newest counts. The comment is here and nowhere else.

CREATE TABLE rating (
    ordinal INTEGER PRIMARY KEY, -- the conversation's
    at INTEGER NOT NULL, -- milliseconds since the epoch
    answer TEXT NOT NULL CHECK (answer IN ('yes', 'partly', 'no')),
    comment TEXT
) STRICT;
