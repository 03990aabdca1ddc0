-- SPDX-License-Identifier: EUPL-1.2
-- Who is there without a socket, by polls or by pages. The platform keeps sockets while an object sleeps; without these rows
-- everybody else would be gone with its memory, and nobody told.

CREATE TABLE visit (
    id INTEGER PRIMARY KEY,
    way TEXT NOT NULL CHECK (way IN ('polls', 'pages')),
    known TEXT NOT NULL, -- what the link is known to be, as JSON
    at INTEGER NOT NULL -- the last sign of life that was noted, in milliseconds since the epoch by the wall clock
) STRICT;
