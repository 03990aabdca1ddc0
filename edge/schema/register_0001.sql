-- SPDX-License-Identifier: EUPL-1.2
-- The register object: one row for each conversation that left a desk, without a word of what was said and without a name.

CREATE TABLE register (
    conversation TEXT PRIMARY KEY,
    queue TEXT NOT NULL,
    category TEXT NOT NULL,
    province TEXT NOT NULL, -- ISTAT code
    language TEXT NOT NULL,
    about TEXT, -- as the portal said
    opened INTEGER NOT NULL, -- milliseconds since the epoch, like every instant here
    answered INTEGER, -- NULL if nobody did
    ended INTEGER NOT NULL,
    ended_by TEXT NOT NULL,
    topic TEXT, -- the ids of three levels, JSON; as the advisor said
    outcome TEXT,
    waits INTEGER NOT NULL,
    waited_ms INTEGER NOT NULL,
    offers INTEGER NOT NULL,
    returns INTEGER NOT NULL,
    transfers INTEGER NOT NULL
) STRICT;

CREATE INDEX register_by_end ON register (ended);
