-- SPDX-License-Identifier: EUPL-1.2
-- The connector to Linea INPS: one row for each segnalazione, what it must be sent until it is delivered, and what it has
-- heard from Linea INPS.

CREATE TABLE segnalazione (
    key TEXT PRIMARY KEY, -- the conversation's id, a dot, the id its author gave it
    body TEXT, -- exactly as heard and as sent; NULL once delivered: then only key, number and state are needed
    at INTEGER NOT NULL, -- when it was written; milliseconds since the epoch, like every instant here
    office TEXT NOT NULL, -- ISTAT code
    delivery TEXT NOT NULL CHECK (delivery IN ('waiting', 'stopped', 'delivered')),
    attempts INTEGER NOT NULL,
    since INTEGER NOT NULL, -- since when it has been tried
    not_before INTEGER NOT NULL, -- by the service's clock
    told INTEGER NOT NULL, -- how far along its conversation was told it is: the rank of a state
    number TEXT, -- Linea INPS's, once it has one
    trouble TEXT, -- what went wrong last
    CHECK (delivery = 'delivered' OR body IS NOT NULL)
) STRICT;

CREATE INDEX segnalazione_by_delivery ON segnalazione (delivery, not_before);

-- While the system on the other side fails, nothing is sent but one probe at a time.
CREATE TABLE hold (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    streak INTEGER NOT NULL, -- tries that failed in a row because of the system
    until INTEGER NOT NULL
) STRICT;

-- Signatures of Linea INPS, until they would be refused for their age.
CREATE TABLE seen (
    jti TEXT PRIMARY KEY,
    until INTEGER NOT NULL -- by the wall clock
) STRICT;
