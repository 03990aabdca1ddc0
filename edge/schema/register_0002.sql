-- SPDX-License-Identifier: EUPL-1.2
-- Whether the person had the answer they were looking for. They may say so before the row comes, which waits for the wrap-up:
-- until then the answer waits for the row.

ALTER TABLE register ADD COLUMN rating TEXT CHECK (rating IN ('yes', 'partly', 'no'));

CREATE TABLE rating_ahead (
    conversation TEXT PRIMARY KEY,
    rating TEXT NOT NULL
) STRICT;
