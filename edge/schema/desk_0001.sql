-- SPDX-License-Identifier: EUPL-1.2
-- A desk object: the conversations on the desk of one queue.

CREATE TABLE seat (
    conversation TEXT PRIMARY KEY,
    since INTEGER NOT NULL, -- milliseconds since the epoch
    person TEXT NOT NULL, -- PersonCard, JSON
    holder TEXT, -- Advisor, JSON; NULL while waiting
    held_since INTEGER,
    confirmed INTEGER NOT NULL -- 1 once the conversation has been told
) STRICT;
