// SPDX-License-Identifier: EUPL-1.2
//! Transcripts.

use infocig_domain::transcript::verify;

use super::*;

#[test]
fn a_transcript_is_whole_however_long_the_log_is() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = admit(&actor, 0);
    for n in 1..=450 {
        post(&actor, &id, &format!("m{n}"), n);
    }
    let ticket = ticket_of(&id, Speaker::Citizen);

    for format in [Format::Html, Format::Text] {
        let service = "https://chat.example".to_string();
        let file = actor.transcript(&id, &ticket, format, None, service, at(500)).unwrap();
        assert_eq!(verify(&file).unwrap().entries, 451);
    }
}
