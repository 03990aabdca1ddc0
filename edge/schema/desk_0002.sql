-- SPDX-License-Identifier: EUPL-1.2
-- Names of the field: a conversation as the desk knows it, and the statistics of service times.

ALTER TABLE seat RENAME TO desk_conversation;

ALTER TABLE desk RENAME COLUMN ledger TO service_times;
