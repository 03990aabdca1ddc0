-- SPDX-License-Identifier: EUPL-1.2
-- The capacity of the person, by which a segnalazione belongs to a queue. NULL where the document was deleted before this was
-- stored: such a row is for the supervisors of every queue.

ALTER TABLE segnalazione ADD COLUMN category TEXT;

UPDATE segnalazione SET category = body ->> '$.person.category' WHERE body IS NOT NULL;
