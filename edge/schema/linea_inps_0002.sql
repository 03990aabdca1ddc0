-- SPDX-License-Identifier: EUPL-1.2
-- Names of the field; a delivered segnalazione is deleted a while after its last update, which `not_before` then names. The
-- connector has no links, so it stores none.

ALTER TABLE segnalazione RENAME COLUMN told TO notified;

DROP TABLE visit;
