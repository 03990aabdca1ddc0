-- SPDX-License-Identifier: EUPL-1.2
-- A conversation object: the conversations of one person in one capacity, their logs, and what is still to be told.

CREATE TABLE conversation (
    ordinal INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    person TEXT NOT NULL, -- PersonCard, JSON
    subject TEXT NOT NULL, -- Subject, JSON: who they are for registries
    segnalazioni TEXT NOT NULL, -- SegnalazioneStatus, JSON list
    phase TEXT NOT NULL, -- Phase, JSON
    closing TEXT NOT NULL -- ClosingTime, JSON
) STRICT;

-- A message is one row appended to one tree. The actor keeps the message ids of its conversation in memory, and so finds a
-- message that is sent again: an index here would write a second page for each message.
CREATE TABLE entry (
    place INTEGER PRIMARY KEY, -- the conversation's ordinal times 2^32, and the entry's number
    at INTEGER NOT NULL, -- milliseconds since the epoch
    author TEXT, -- 'citizen' or 'advisor:' and the id; NULL where nobody wrote
    message_id TEXT,
    body TEXT NOT NULL -- EntryBody, JSON
) STRICT;
