-- SPDX-License-Identifier: EUPL-1.2
-- A conversation object: the conversations of one person in one capacity, their logs, and what is still to be told.

CREATE TABLE conversation (
    ordinal INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    person TEXT NOT NULL, -- PersonCard, JSON
    phase TEXT NOT NULL, -- Phase, JSON
    closing TEXT NOT NULL -- ClosingTime, JSON
) STRICT;

CREATE TABLE entry (
    conversation INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL, -- milliseconds since the epoch
    author TEXT, -- 'citizen' or 'advisor:' and the id; NULL where nobody wrote
    message_id TEXT,
    body TEXT NOT NULL, -- EntryBody, JSON
    PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX entry_message ON entry (conversation, author, message_id) WHERE message_id IS NOT NULL;
