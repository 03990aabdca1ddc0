-- SPDX-License-Identifier: EUPL-1.2
-- Blocks that last, each by the conversation that it ended, and the reasons of acts in the audit trail.

-- The body is a PanelBlock, JSON.
CREATE TABLE block (
    conversation TEXT PRIMARY KEY,
    body TEXT NOT NULL
) STRICT;

-- AuditDetails, JSON; NULL for acts that need no reason.
ALTER TABLE audit ADD COLUMN details TEXT;
