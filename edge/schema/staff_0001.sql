-- SPDX-License-Identifier: EUPL-1.2
-- The sessions of the staff, and what may be used once.

CREATE TABLE staff_session (
  key TEXT PRIMARY KEY, -- the digest of the cookie
  advisor TEXT NOT NULL,
  sid TEXT, -- the provider's session; NULL where it names none
  ends INTEGER NOT NULL, -- milliseconds since the epoch
  asks_until INTEGER NOT NULL, -- until then somebody asks the provider about it, and nobody else does
  body TEXT NOT NULL -- StaffSession, JSON
) STRICT;

CREATE INDEX staff_session_by_advisor ON staff_session (advisor);

CREATE INDEX staff_session_by_sid ON staff_session (sid);

CREATE TABLE staff_used (
  name TEXT PRIMARY KEY, -- of a sign-in, or of a logout token
  until INTEGER NOT NULL -- milliseconds since the epoch
) STRICT;
