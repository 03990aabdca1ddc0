-- SPDX-License-Identifier: EUPL-1.2
-- Sums count calls from now on. Those of records of before are taken out of the records: they are in no sum, and a record that
-- changes is taken out of the sums as it is.

UPDATE record SET body = json_remove(body, '$.calls') WHERE json_type(body, '$.calls') IS NOT NULL;
