-- SPDX-License-Identifier: EUPL-1.2
-- Sessions of the staff that have ended: tickets of theirs open the desk no more.

CREATE TABLE signed_off (
  session TEXT PRIMARY KEY,
  until INTEGER NOT NULL -- when the last such ticket ends, in milliseconds since the epoch
) STRICT;
