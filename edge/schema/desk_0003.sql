-- SPDX-License-Identifier: EUPL-1.2
-- The figures of the current day (Today, JSON); NULL until a conversation has left the desk.

ALTER TABLE desk ADD COLUMN today TEXT;
