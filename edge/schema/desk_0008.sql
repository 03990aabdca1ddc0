-- SPDX-License-Identifier: EUPL-1.2
-- Quick replies that advisors keep for themselves.

CREATE TABLE own_reply (
  advisor TEXT NOT NULL,
  id TEXT NOT NULL,
  reply TEXT NOT NULL, -- QuickReply, JSON
  PRIMARY KEY (advisor, id)
) STRICT;
