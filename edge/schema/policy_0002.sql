-- SPDX-License-Identifier: EUPL-1.2
-- Answers that advisors propose for the assistant, until an administrator has dealt with them.

CREATE TABLE proposed_answer (
    id TEXT PRIMARY KEY, -- made by the proposer
    at INTEGER NOT NULL, -- milliseconds since 1970
    about TEXT NOT NULL -- WaitingAnswer, JSON
) STRICT;
