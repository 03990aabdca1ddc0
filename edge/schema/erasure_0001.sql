-- SPDX-License-Identifier: EUPL-1.2
-- How far the bytes of deleted rows are erased.

CREATE TABLE erasure_state (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    pages INTEGER NOT NULL, -- the most that the database can have
    -- Since when rows have been deleted whose bytes are there, in milliseconds since the epoch; NULL where none are. Below zero: how
    -- often the object must be opened until its write-ahead log has none of them.
    marked INTEGER,
    indexes TEXT -- statements of indexes that copied tables lack yet
) STRICT;
