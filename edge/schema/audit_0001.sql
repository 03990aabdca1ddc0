-- SPDX-License-Identifier: EUPL-1.2
-- The audit trail. Rows are added; none is ever changed. The oldest are cut off after their time, and audit_cut says where.

CREATE TABLE audit_row (
  number INTEGER PRIMARY KEY, -- from 1 without gaps
  previous TEXT NOT NULL, -- the hash of the row before
  hash TEXT NOT NULL, -- SHA-256 of the row before and the line, hexadecimal
  line TEXT NOT NULL -- AuditEntry, JSON: every fact of the row, so that nothing can be changed beside it
) STRICT;

CREATE INDEX audit_row_by_time ON audit_row (json_extract(line, '$.at'));

CREATE INDEX audit_row_by_conversation ON audit_row (json_extract(line, '$.conversation'))
  WHERE json_extract(line, '$.conversation') IS NOT NULL;

CREATE TABLE audit_cut (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  number INTEGER NOT NULL, -- of the last row that was cut off
  hash TEXT NOT NULL, -- its hash
  at INTEGER NOT NULL -- when it was cut off, milliseconds since the epoch
) STRICT;
