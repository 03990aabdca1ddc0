-- SPDX-License-Identifier: EUPL-1.2
-- The audit trail also has what supervisors looked for and read: about no conversation, with what they asked for.

ALTER TABLE audit RENAME TO audit_before;

CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL, -- milliseconds since the epoch
  supervisor TEXT NOT NULL,
  act TEXT NOT NULL, -- AuditedKind
  conversation TEXT, -- NULL where it is about none
  asked TEXT, -- the parameters of a request, JSON; NULL where there was none
  queue TEXT -- NULL where it is about none
) STRICT;

INSERT INTO audit (id, at, supervisor, act, conversation, queue)
SELECT id, at, supervisor, act, conversation, queue FROM audit_before;

DROP TABLE audit_before;

CREATE INDEX audit_by_conversation ON audit (conversation, at);

CREATE INDEX audit_by_time ON audit (at);
