-- SPDX-License-Identifier: EUPL-1.2
-- What is forgotten: how far each record is, people who are not forgotten for now, proofs of erasures, and what was erased.

-- 0: its conversation may have words; 1: it was asked to forget them, this night; 2: it has none; 3: nothing leads to its person.
ALTER TABLE record ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;

CREATE INDEX record_with_words ON record (entered) WHERE forgotten < 2;

CREATE INDEX record_with_link ON record (entered) WHERE forgotten = 2;

-- A legal hold: nothing of the object is erased.
CREATE TABLE legal_hold (
    id TEXT PRIMARY KEY,
    object TEXT NOT NULL,
    at INTEGER NOT NULL, -- milliseconds since the epoch, like every instant here
    by TEXT NOT NULL, -- the id of whoever set it
    reason TEXT NOT NULL
) STRICT;

CREATE INDEX legal_hold_by_object ON legal_hold (object);

-- A line for each erasure of a person: it says nothing about them. No row is ever changed or deleted.
CREATE TABLE erasure (
    number INTEGER PRIMARY KEY,
    proof TEXT NOT NULL -- ErasureProof, JSON
) STRICT;

-- What was erased, by the ids of objects and nothing else: backups of before are cleaned of it.
CREATE TABLE erased (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    object TEXT NOT NULL,
    ordinal INTEGER -- of one conversation; NULL for all
) STRICT;

CREATE INDEX erased_by_age ON erased (at);
