-- SPDX-License-Identifier: EUPL-1.2
-- Names of the field: a link without a socket, and the transport it uses.

ALTER TABLE visit RENAME TO stored_link;

ALTER TABLE stored_link RENAME COLUMN way TO transport;

ALTER TABLE stored_link RENAME COLUMN known TO state;
