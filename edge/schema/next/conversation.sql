-- SPDX-License-Identifier: EUPL-1.2
-- The next version of a conversation object, for rehearsals: each entry has its length. The log is written anew, which is the
-- hardest of what a migration does.

ALTER TABLE entry RENAME TO entry_before;

CREATE TABLE entry (
    place INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    author TEXT,
    message_id TEXT,
    body TEXT NOT NULL,
    length INTEGER -- NULL where the next version wrote it
) STRICT;

INSERT INTO entry (place, at, author, message_id, body, length)
SELECT place, at, author, message_id, body, length(body) FROM entry_before;

DROP TABLE entry_before;

CREATE TABLE next_version (moved INTEGER NOT NULL) STRICT;

INSERT INTO next_version (moved) SELECT count(*) FROM entry;
