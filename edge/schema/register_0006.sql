-- SPDX-License-Identifier: EUPL-1.2
-- Fewer and narrower indexes: a record enters each of them. Conversations that entered at the same instant are few, and are
-- put in order when they are read.

DROP INDEX record_by_entry;

DROP INDEX record_by_topic;

DROP INDEX record_by_outcome;

DROP INDEX record_by_advisor;

CREATE INDEX record_by_entry ON record (queue, entered);

CREATE INDEX record_by_topic ON record (queue, topic, entered) WHERE topic IS NOT NULL;

-- Most conversations are answered online: those are found by their entry.
CREATE INDEX record_by_outcome ON record (queue, outcome, entered) WHERE outcome <> 'online';

CREATE INDEX record_by_advisor ON record (queue, advisor, entered) WHERE advisor IS NOT NULL;
