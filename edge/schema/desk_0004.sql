-- SPDX-License-Identifier: EUPL-1.2
-- Supervision: the state of the connector to Linea INPS, and the acts of supervisors.

-- OfficeQueue, JSON; NULL until the connector has told it.
ALTER TABLE desk ADD COLUMN office TEXT;

CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  supervisor TEXT NOT NULL,
  act TEXT NOT NULL,
  conversation TEXT NOT NULL
) STRICT;

CREATE INDEX audit_by_conversation ON audit (conversation, id);
