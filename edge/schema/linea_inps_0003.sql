-- SPDX-License-Identifier: EUPL-1.2
-- A segnalazione is found by its number and by the protocol number it is about, which the document has until it is delivered.

ALTER TABLE segnalazione ADD COLUMN protocol TEXT;

UPDATE segnalazione SET protocol = body ->> 'protocol' WHERE body IS NOT NULL;

CREATE INDEX segnalazione_by_number ON segnalazione (number) WHERE number IS NOT NULL;

CREATE INDEX segnalazione_by_protocol ON segnalazione (protocol) WHERE protocol IS NOT NULL;
