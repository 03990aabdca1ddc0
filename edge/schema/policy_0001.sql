-- SPDX-License-Identifier: EUPL-1.2
-- Every version of the policy. No row is ever deleted; of a version only its state changes, and only until it has been in force.

CREATE TABLE policy_version (
    number INTEGER PRIMARY KEY, -- from 1 without gaps
    about TEXT NOT NULL, -- PolicyVersion, JSON
    document TEXT NOT NULL -- as it was written
) STRICT;

CREATE TABLE policy_state (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    revision INTEGER NOT NULL, -- grows with every change of a version
    told INTEGER NOT NULL -- the version in force that desks were last notified of
) STRICT;
