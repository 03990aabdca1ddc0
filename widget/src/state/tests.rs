// SPDX-License-Identifier: EUPL-1.2
//! Tests of the state: values that several of them use.

mod assistant;
mod question;
mod receipt;
mod request;
mod session;

use infocig_client::{
    link::LinkState,
    session::{Event, Pending},
};
use infocig_protocol::{
    case::Question,
    entry::{Author, Entry, EntryBody, Outcome, Party, Phase},
    frame::{Estimate, QueuePlace},
    http::{Admission, Verdict},
    id::{ConversationId, MessageId},
    limits::MAX_DESCRIPTION_CHARS,
    problem::Code,
    segnalazione::SegnalazioneState,
    time::Timestamp,
};

use super::*;

fn handed(number: Option<&str>, state: SegnalazioneState) -> EntryBody {
    let id = MessageId::parse("r1").unwrap();
    EntryBody::Segnalazione { id, number: number.map(Into::into), state }
}

fn welcome(phase: Phase) -> Event {
    Event::Welcomed { party: Party::Citizen, phase, last_seq: 1, person: None, calls: false }
}

fn refusal(verdict: Verdict) -> Admission {
    Admission {
        at: String::new(),
        verdict,
        code: Code::OutsideHours,
        source: String::new(),
        opens: None,
        closes: None,
        changes: None,
        message: String::new(),
        channels: Vec::new(),
        assistant: false,
        data_notice: None,
        kept: Vec::new(),
    }
}

fn written(id: &str, author: Author) -> EntryBody {
    EntryBody::Message { id: MessageId::parse(id).unwrap(), author, text: "ciao".into() }
}

fn entry(seq: u64, body: EntryBody) -> Entry {
    Entry { seq, at: Timestamp::from_millis(0), body }
}
