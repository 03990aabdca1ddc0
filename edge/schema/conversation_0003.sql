-- SPDX-License-Identifier: EUPL-1.2
-- The desk that serves the queue of a conversation; NULL for the one of the queue's own name.

ALTER TABLE conversation ADD COLUMN desk TEXT;
