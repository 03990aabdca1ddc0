-- SPDX-License-Identifier: EUPL-1.2
-- Records of conversations, their sums, events that come before their record, and comments.

CREATE TABLE record (
    conversation TEXT PRIMARY KEY,
    queue TEXT NOT NULL,
    entered INTEGER NOT NULL, -- milliseconds since the epoch, like every instant here
    topic TEXT, -- the ids of three levels with / between them
    outcome TEXT,
    advisor TEXT,
    answer_within_seconds INTEGER, -- the thresholds its sums were counted with; NULL until it is counted
    short_abandonment_seconds INTEGER,
    body TEXT NOT NULL -- Record, JSON
) STRICT;

CREATE INDEX record_by_entry ON record (queue, entered, conversation);

CREATE INDEX record_by_topic ON record (queue, topic, entered, conversation);

CREATE INDEX record_by_outcome ON record (queue, outcome, entered, conversation);

CREATE INDEX record_by_advisor ON record (queue, advisor, entered, conversation);

CREATE INDEX record_not_counted ON record (conversation) WHERE answer_within_seconds IS NULL;

INSERT INTO record (conversation, queue, entered, topic, outcome, body)
SELECT conversation, queue, opened, topic ->> 0 || '/' || (topic ->> 1) || '/' || (topic ->> 2), outcome, json_object(
    'conversation', conversation, 'queue', queue, 'category', category, 'province', province, 'language', language,
    'about', about, 'entered', opened, 'answered', answered, 'stage', json('{"ended":{}}'), 'waits', waits,
    'waited_ms', waited_ms, 'held_ms', iif(answered IS NULL, 0, ended - answered), 'offers', offers,
    'returns', returns, 'transfers', transfers, 'ended', ended, 'ended_by', ended_by, 'topic', json(topic),
    'outcome', outcome, 'rating', rating)
FROM register;

DROP TABLE register;

-- Events wait here until the record comes.
CREATE TABLE event_ahead (
    number INTEGER PRIMARY KEY, -- in the order in which they came
    conversation TEXT NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL -- EventKind, JSON
) STRICT;

CREATE INDEX event_ahead_by_conversation ON event_ahead (conversation);

INSERT INTO event_ahead (conversation, at, kind)
SELECT conversation, 0, json_object('rated', json_object('rating', rating)) FROM rating_ahead;

DROP TABLE rating_ahead;

-- Sums of records. Days are complete; a month or a year is there once it is in rolled_up.
CREATE TABLE rollup (
    queue TEXT NOT NULL,
    dimension TEXT NOT NULL,
    period TEXT NOT NULL, -- 2026-11-30, 2026-11 or 2026, in Italy
    value TEXT NOT NULL,
    tally TEXT NOT NULL, -- Tally, JSON
    PRIMARY KEY (queue, dimension, period, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE rolled_up (
    queue TEXT NOT NULL,
    period TEXT NOT NULL, -- a month or a year
    PRIMARY KEY (queue, period)
) STRICT, WITHOUT ROWID;

-- The comment of a conversation, until it is taken back or is too old.
CREATE TABLE comment (
    conversation TEXT PRIMARY KEY,
    commented INTEGER NOT NULL,
    text TEXT NOT NULL,
    handled INTEGER, -- when a supervisor had read it; NULL until then
    handled_by TEXT -- the supervisor's id
) STRICT;

CREATE INDEX comment_by_age ON comment (commented, conversation);

-- When the register next looks for months that are over and comments that are too old.
CREATE TABLE upkeep (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    due INTEGER NOT NULL
) STRICT;
