-- SPDX-License-Identifier: EUPL-1.2
-- A desk object: the conversations on the desk of one queue, the advisors at it, what it has seen, internal notes.

CREATE TABLE desk (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    queue TEXT NOT NULL, -- an object that is woken by its alarm is not told its name
    ledger TEXT -- Ledger, JSON; NULL until something was seen
) STRICT;

CREATE TABLE seat (
    conversation TEXT PRIMARY KEY,
    body TEXT NOT NULL -- Seat, JSON
) STRICT;

CREATE TABLE present (
    advisor TEXT PRIMARY KEY,
    body TEXT NOT NULL -- Present, JSON
) STRICT;

-- Notes die with the seat of their conversation.
CREATE TABLE note (
    conversation TEXT NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL, -- Note, JSON
    PRIMARY KEY (conversation, id)
) STRICT;
