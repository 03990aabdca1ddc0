// SPDX-License-Identifier: EUPL-1.2
//! A conversation on paper, made of the stored log alone.

use infocig_domain::transcript::{self, FORM, Format, Heading};
use infocig_protocol::{id::ConversationId, language::Language, problem::Code, time::Timestamp};

use super::ConversationActor;
use crate::{
    problem::{Error, Fault, Refusal},
    sql::Sql,
};

impl<S: Sql> ConversationActor<S> {
    /// The transcript for the holder of a ticket; without a `language` in the person's. Refused as `transcript-too-long` where
    /// the log has more than [`MAX_TRANSCRIPT_BYTES`].
    pub fn transcript(
        &self,
        id: &ConversationId,
        ticket: &str,
        format: Format,
        language: Option<Language>,
        service: String,
        now: Timestamp,
    ) -> Result<String, Error> {
        let (conversation, _) = self.enter(id, ticket, now)?;
        let person = conversation.person().clone();
        let heading = Heading {
            transcript: FORM,
            format,
            conversation: id.clone(),
            service,
            language: language.unwrap_or(person.language),
            person: person.name,
            acting_for: person.acting_for.map(|other| other.name),
        };
        let (mut entries, mut bytes) = (Vec::new(), 0);
        loop {
            let page = self.store.stored(id, u64::try_from(entries.len()).unwrap_or(u64::MAX))?;
            if page.is_empty() {
                break;
            }
            bytes += page.iter().map(|entry| entry.body.len()).sum::<usize>();
            if bytes > MAX_TRANSCRIPT_BYTES {
                let detail = "so much was said that it fits in no transcript";
                return Err(Refusal::new(Code::TranscriptTooLong, detail).into());
            }
            entries.extend(page);
        }
        let written = transcript::write(&heading, &entries);
        Ok(written.map_err(|error| Fault::Corrupt(format!("transcript not written: {error}")))?)
    }
}

/// Most bytes of a log in a transcript: some copies of it must fit in an isolate's memory.
const MAX_TRANSCRIPT_BYTES: usize = 4 * 1024 * 1024;
