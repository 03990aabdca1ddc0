-- SPDX-License-Identifier: EUPL-1.2
-- Months of open figures as they were released. None is ever changed.

CREATE TABLE open_release (
    month TEXT PRIMARY KEY, -- 2026-11
    body TEXT NOT NULL -- MonthlyRelease, JSON
) STRICT;
