// SPDX-License-Identifier: EUPL-1.2
//! What the register knows of forgetting: which conversations are due, who is not forgotten for now, what was erased, and the proof
//! of each erasure of a person.

use core::fmt::Write as _;

use infocig_domain::figures::record::Record;
use infocig_protocol::{id::ConversationId, time::Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::RegisterStore;
use crate::{
    problem::Fault,
    sql::{Row, Sql, SqlValue},
    store::{Outbox, from_json, rebuild, to_json},
};

/// A hold: nothing about the person of an object is erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalHold {
    /// Its id.
    pub id: String,
    /// The object of the person in a capacity.
    pub object: String,
    /// Since when.
    pub at: Timestamp,
    /// Who set it.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// The proof that a person was erased. It says nothing about them: its id is drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureProof {
    /// Its id.
    pub id: String,
    /// When it was done.
    pub at: Timestamp,
    /// How many conversations were erased.
    pub conversations: u32,
    /// How many comments.
    pub comments: u32,
    /// How many segnalazioni.
    pub segnalazioni: u32,
    /// How many records nothing leads to the person from any more.
    pub register_links: u32,
    /// SHA-256 of the hash of the proof before and of this one, in hexadecimal: none can be left out or changed unnoticed.
    pub hash: String,
}

impl ErasureProof {
    /// The proof with its hash, after the one before.
    #[must_use]
    pub fn after(self, before: Option<&Self>) -> Self {
        let Self { id, at, conversations, comments, segnalazioni, register_links, .. } = &self;
        let before = before.map_or("", |before| before.hash.as_str());
        let line = format!(
            "{before}\n{id} {} {conversations} {comments} {segnalazioni} {register_links}",
            at.as_millis()
        );
        let mut hash = String::with_capacity(64);
        for byte in Sha256::digest(line.as_bytes()) {
            // Writing to a text cannot fail.
            let _written = write!(hash, "{byte:02x}");
        }
        Self { hash, ..self }
    }
}

/// How much of each class is due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForgettingCounts {
    /// Conversations with words.
    pub conversations: u32,
    /// Comments.
    pub comments: u32,
    /// Links between records and people.
    pub register_links: u32,
}

impl<S: Sql> RegisterStore<S> {
    /// The conversations that may have to be forgotten because they began before an instant, oldest first, as many as one step asks;
    /// they count as asked.
    pub fn ask_to_forget(&self, before: Timestamp) -> Result<Vec<ConversationId>, Fault> {
        let rows = self.sql().exec(UPDATE_ASKED, &[before.as_millis().into()])?;
        rows.iter().map(conversation).collect()
    }

    /// Those that were asked and did not answer, or were not due, are asked again from now on.
    pub fn ask_again(&self) -> Result<(), Fault> {
        self.sql().run(UPDATE_NOT_ASKED, &[])
    }

    /// A conversation has said that nothing is left of it. Its comment goes with it, and messages about it that were given up. Call it in a transaction.
    pub fn forgotten(&self, conversation: &ConversationId, now: Timestamp) -> Result<(), Fault> {
        self.mark(now)?;
        let key = [SqlValue::text(conversation.as_str())];
        self.sql().run(UPDATE_FORGOTTEN, &key)?;
        self.sql().run(DELETE_COMMENT, &key)?;
        Outbox::new(self.sql()).forget_dead_letters_about(conversation)?;
        self.note_erased(conversation.object(), Some(conversation.ordinal()), now)
    }

    /// Takes the link to their person from records that ended before an instant, as many as one step does. `false` once there are
    /// none.
    pub fn unlink(&self, before: Timestamp) -> Result<bool, Fault> {
        Ok(!self.sql().exec(UPDATE_UNLINKED, &[before.as_millis().into()])?.is_empty())
    }

    /// Deletes everything that leads to the person of an object: links of records, comments, events, messages that were given up. Returns how many records and
    /// comments there were. Call it in a transaction.
    pub fn forget_object(&self, object: &str, now: Timestamp) -> Result<(u32, u32), Fault> {
        self.mark(now)?;
        let (from, to) = (format!("{object}-"), format!("{object}~"));
        let range = [SqlValue::Text(from), SqlValue::Text(to)];
        let comments = self.sql().exec(DELETE_COMMENTS_OF, &range)?.len();
        self.sql().run(DELETE_EVENTS_OF, &range)?;
        Outbox::new(self.sql()).forget_dead_letters_of(object)?;
        let records = self.sql().exec(UPDATE_UNLINKED_OF, &range)?.len();
        self.note_erased(object, None, now)?;
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Ok((count(records), count(comments)))
    }

    /// The records of the conversations of an object.
    pub fn records_of(&self, object: &str) -> Result<Vec<Record>, Fault> {
        let range = [SqlValue::Text(format!("{object}-")), SqlValue::Text(format!("{object}~"))];
        self.sql().exec(SELECT_RECORDS_OF, &range)?.iter().map(|row| from_json(row.text(0)?)).collect()
    }

    /// How much is due, of people that no hold is on.
    pub fn due(
        &self,
        words: Option<Timestamp>,
        comments: Option<Timestamp>,
        links: Option<Timestamp>,
    ) -> Result<ForgettingCounts, Fault> {
        let count = |statement, before: Option<Timestamp>| {
            let Some(before) = before else { return Ok(0) };
            let rows = self.sql().exec(statement, &[before.as_millis().into()])?;
            let count = rows.first().map_or(Ok(0), |row| row.integer(0))?;
            Ok::<_, Fault>(u32::try_from(count).unwrap_or(u32::MAX))
        };
        Ok(ForgettingCounts {
            conversations: count(COUNT_WORDS, words)?,
            comments: count(COUNT_COMMENTS, comments)?,
            register_links: count(COUNT_LINKS, links)?,
        })
    }

    /// Deletes comments that were written before an instant, of people that no hold is on.
    pub fn delete_comments_before(&self, before: Timestamp, now: Timestamp) -> Result<(), Fault> {
        let before = [before.as_millis().into()];
        let rows = self.sql().exec(COUNT_COMMENTS, &before)?;
        if rows.first().map_or(Ok(0), |row| row.integer(0))? > 0 {
            self.mark(now)?;
            self.sql().run(DELETE_OLD_COMMENTS, &before)?;
        }
        Ok(())
    }

    /// Notes that words are deleted.
    pub fn mark(&self, now: Timestamp) -> Result<(), Fault> {
        rebuild::mark(self.sql(), rebuild::SLACK_OF_MANY, now)
    }

    /// The holds, oldest first; of one object where it is named.
    pub fn holds(&self, object: Option<&str>) -> Result<Vec<LegalHold>, Fault> {
        let rows = self.sql().exec(SELECT_HOLDS, &[object.map(str::to_owned).into()])?;
        rows.iter().map(hold).collect()
    }

    /// Adds a hold.
    pub fn hold(&self, hold: &LegalHold) -> Result<(), Fault> {
        let row = [
            SqlValue::text(&*hold.id),
            SqlValue::text(&*hold.object),
            hold.at.as_millis().into(),
            SqlValue::text(&*hold.by),
            SqlValue::text(&*hold.reason),
        ];
        self.sql().exec(INSERT_HOLD, &row).map(|_| ())
    }

    /// Takes a hold away; `false` if there is none with that id.
    pub fn release(&self, id: &str, now: Timestamp) -> Result<bool, Fault> {
        self.mark(now)?;
        Ok(!self.sql().exec(DELETE_HOLD, &[SqlValue::text(id)])?.is_empty())
    }

    /// The proofs of erasures, newest first.
    pub fn proofs(&self, most: u32) -> Result<Vec<ErasureProof>, Fault> {
        let rows = self.sql().exec(SELECT_PROOFS, &[most.into()])?;
        rows.iter().map(|row| from_json(row.text(0)?)).collect()
    }

    /// Adds the proof of an erasure.
    pub fn prove(&self, proof: &ErasureProof) -> Result<(), Fault> {
        self.sql().run(INSERT_PROOF, &[SqlValue::Text(to_json(proof)?)])
    }

    /// Notes what was erased, for backups, and forgets what was erased so long ago that none of before is kept.
    fn note_erased(&self, object: &str, ordinal: Option<u32>, now: Timestamp) -> Result<(), Fault> {
        self.sql().run(DELETE_ERASED, &[now.plus_millis(-ERASED_KEPT_MS).as_millis().into()])?;
        let ordinal = ordinal.map_or(SqlValue::Null, SqlValue::from);
        self.sql().run(INSERT_ERASED, &[now.as_millis().into(), SqlValue::text(object), ordinal])
    }
}

fn conversation(row: &Row) -> Result<ConversationId, Fault> {
    ConversationId::parse(row.text(0)?).map_err(|error| Fault::Corrupt(format!("record: {error}")))
}

fn hold(row: &Row) -> Result<LegalHold, Fault> {
    Ok(LegalHold {
        id: row.text(0)?.to_owned(),
        object: row.text(1)?.to_owned(),
        at: Timestamp::from_millis(row.integer(2)?),
        by: row.text(3)?.to_owned(),
        reason: row.text(4)?.to_owned(),
    })
}

/// The tables of the register in which words were or may be. Records never had any: their table stays where it is.
pub const WITH_WORDS: [&str; 5] = ["comment", "dead_letter", "event_ahead", "legal_hold", "outbox"];
/// No backup is kept for longer: about the time of the longest period of the service's own.
const ERASED_KEPT_MS: i64 = 400 * 24 * 60 * 60_000;

/// The condition that no hold is on the person of a conversation.
macro_rules! not_held {
    ($text:literal, $column:literal) => {
        concat!($text, " NOT EXISTS (SELECT 1 FROM legal_hold WHERE object = substr(", $column, ", 1, 64))")
    };
}

const SELECT_RECORDS_OF: &str =
    "SELECT body FROM record WHERE conversation >= ?1 AND conversation < ?2 ORDER BY conversation";
const UPDATE_ASKED: &str = concat!(
    "UPDATE record SET forgotten = 1 WHERE conversation IN (SELECT conversation FROM record INDEXED BY record_with_words \
     WHERE forgotten < 2 AND forgotten = 0 AND entered < ?1 AND ",
    not_held!("", "conversation"),
    " ORDER BY entered LIMIT 200) RETURNING conversation"
);
const UPDATE_NOT_ASKED: &str = "UPDATE record SET forgotten = 0 WHERE forgotten < 2 AND forgotten = 1";
const UPDATE_FORGOTTEN: &str = "UPDATE record SET forgotten = 2 WHERE conversation = ?1";
const DELETE_COMMENT: &str = "DELETE FROM comment WHERE conversation = ?1";
/// Nothing leads from a new id to the old one: it is drawn. The limit has the subquery run by itself, so that each id is drawn once.
macro_rules! unlinked {
    ($which:expr) => {
        concat!(
            "UPDATE record SET forgotten = 3, conversation = new.id, \
             body = json_set(body, '$.conversation', new.id) \
             FROM (SELECT conversation AS old, lower(hex(randomblob(32))) || '-1' AS id FROM record ",
            $which,
            ") AS new WHERE record.conversation = new.old RETURNING forgotten"
        )
    };
}
const UPDATE_UNLINKED: &str = unlinked!(concat!(
    "INDEXED BY record_with_link WHERE forgotten = 2 AND entered < ?1 AND coalesce(body ->> '$.ended', entered) < ?1 AND ",
    not_held!("", "conversation"),
    " ORDER BY entered LIMIT 200"
));
const UPDATE_UNLINKED_OF: &str = unlinked!("WHERE conversation >= ?1 AND conversation < ?2 LIMIT 1000000");
const DELETE_COMMENTS_OF: &str =
    "DELETE FROM comment WHERE conversation >= ?1 AND conversation < ?2 RETURNING conversation";
const DELETE_EVENTS_OF: &str = "DELETE FROM event_ahead WHERE conversation >= ?1 AND conversation < ?2";
const COUNT_WORDS: &str = concat!(
    "SELECT count(*) FROM record INDEXED BY record_with_words WHERE forgotten < 2 AND entered < ?1 \
     AND coalesce(body ->> '$.ended', entered) < ?1 AND ",
    not_held!("", "conversation")
);
const COUNT_LINKS: &str = concat!(
    "SELECT count(*) FROM record WHERE forgotten < 3 AND entered < ?1 \
     AND coalesce(body ->> '$.ended', entered) < ?1 AND ",
    not_held!("", "conversation")
);
const COUNT_COMMENTS: &str =
    concat!("SELECT count(*) FROM comment WHERE commented < ?1 AND ", not_held!("", "conversation"));
const DELETE_OLD_COMMENTS: &str =
    concat!("DELETE FROM comment WHERE commented < ?1 AND ", not_held!("", "conversation"));
const SELECT_HOLDS: &str =
    "SELECT id, object, at, by, reason FROM legal_hold WHERE ?1 IS NULL OR object = ?1 ORDER BY at, id";
const INSERT_HOLD: &str = "INSERT INTO legal_hold (id, object, at, by, reason) VALUES (?1, ?2, ?3, ?4, ?5)";
const DELETE_HOLD: &str = "DELETE FROM legal_hold WHERE id = ?1 RETURNING id";
const SELECT_PROOFS: &str = "SELECT proof FROM erasure ORDER BY number DESC LIMIT ?1";
const INSERT_PROOF: &str = "INSERT INTO erasure (proof) VALUES (?1)";
const INSERT_ERASED: &str = "INSERT INTO erased (at, object, ordinal) VALUES (?1, ?2, ?3)";
const DELETE_ERASED: &str = "DELETE FROM erased WHERE at < ?1";
