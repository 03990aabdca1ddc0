// SPDX-License-Identifier: EUPL-1.2
//! A session against frames a server would send, at times and over links that a test chooses.

use infocig_protocol::{entry::Author, frame::Page, time::Timestamp};

use super::{outbox::MAX_PENDING, *};

const NO: Jitter = Jitter::per_mille(0);

#[test]
fn a_request_is_repeated_until_the_log_has_it() {
    let mut session = started();
    session.handle_text(&welcome(0), 1, NO);
    let question = Question { protocol: Some("1".into()), ..Question::default() };
    let asked = ClientFrame::Question(question.clone());
    assert_eq!(sent(&session.question(question.clone())), std::slice::from_ref(&asked));

    session.handle_close(None, 2, NO);
    session.handle_timeout(10_000, NO);
    assert_eq!(sent(&session.handle_text(&welcome(0), 10_001, NO)), std::slice::from_ref(&asked));
    assert_eq!(sent(&session.handle_text(PONG, 10_002, NO)), [asked]);
    session.handle_text(
        &entries(&[Entry { seq: 1, at: Timestamp::from_millis(0), body: EntryBody::Question(question) }]),
        10_003,
        NO,
    );

    assert_eq!(sent(&session.handle_text(PONG, 10_004, NO)), []);
}

#[test]
fn a_refused_request_is_not_repeated() {
    let mut session = started();
    session.handle_text(&welcome(0), 1, NO);
    let id = MessageId::parse("s1").unwrap();
    let draft = SegnalazioneDraft {
        id: id.clone(),
        office: "063".into(),
        topic: ["a", "b", "c"].map(String::from),
        description: "x".into(),
        kind: None,
        case: None,
        protocol: None,
        ticket: None,
        attached: Vec::new(),
    };
    session.forward(draft);
    session.question(Question::default());
    let refused = |code, message| {
        let detail = String::new();
        let frame = ServerFrame::Refused { code, detail, message, retry_after_ms: None };
        serde_json::to_string(&frame).unwrap()
    };

    let told = session.handle_text(&refused(Code::SegnalazioneInvalid, Some(id.clone())), 2, NO);
    assert_eq!(told, [Command::Emit(Event::NotForwarded { id, code: Code::SegnalazioneInvalid })]);
    assert_eq!(session.handle_text(&refused(Code::QuestionInvalid, None), 3, NO), []);

    assert_eq!(sent(&session.handle_text(PONG, 4, NO)), []);
}

#[test]
fn a_message_written_before_the_welcome_leaves_with_it() {
    let mut session = started();
    assert_eq!(session.post(id("m1"), "ciao".to_string()), []);

    let sent = sent(&session.handle_text(&welcome(0), 1, NO));

    assert_eq!(sent, [ClientFrame::Post { id: id("m1"), text: "ciao".to_string() }]);
}

#[test]
fn a_message_is_sent_again_until_its_entry_comes_back() {
    let mut session = started();
    session.handle_text(&welcome(0), 1, NO);
    session.post(id("m1"), "ciao".to_string());
    session.handle_close(Some(1006), 2, NO);
    session.handle_timeout(10_000, NO);

    assert_eq!(sent(&session.handle_text(&welcome(0), 10_001, NO)).len(), 1);
    session.handle_text(&entries(&[message(1, "m1")]), 10_002, NO);
    assert_eq!(session.outbox().count(), 0);
}

#[test]
fn an_entry_seen_twice_is_told_once() {
    let mut session = started();
    session.handle_text(&welcome(1), 1, NO);

    let first = session.handle_text(&entries(&[message(1, "x")]), 2, NO);
    let again = session.handle_text(&entries(&[message(1, "x")]), 3, NO);

    assert_eq!(first, [Command::Emit(Event::Entries(vec![message(1, "x")]))]);
    assert_eq!(again, []);
}

#[test]
fn a_gap_makes_the_session_ask_for_the_entries_after_its_cursor_once() {
    let mut session = started();
    session.handle_text(&welcome(3), 1, NO);

    let commands = session.handle_text(&entries(&[message(1, "a"), message(3, "c")]), 2, NO);

    assert_eq!(commands[0], Command::Emit(Event::Entries(vec![message(1, "a")])));
    assert_eq!(sent(&commands), [ClientFrame::Page(Page::After(1))]);
    assert_eq!(session.handle_text(&entries(&[message(4, "d")]), 3, NO), []);
    let rest = [message(2, "b"), message(3, "c"), message(4, "d")];
    assert_eq!(session.handle_text(&entries(&rest), 4, NO), [Command::Emit(Event::Entries(rest.to_vec()))]);
}

#[test]
fn a_page_that_never_came_is_asked_for_again_with_the_next_heartbeat() {
    let mut session = started();
    session.handle_text(&welcome(9), 1, NO);
    session.handle_text(&entries(&[message(1, "a")]), 2, NO);

    let commands = session.handle_text(PONG, 8_000, NO);

    assert_eq!(sent(&commands), [ClientFrame::Page(Page::After(1))]);

    session.handle_text(&welcome_after(9, 5), 8_001, NO);
    session.handle_text(
        &entries(&[message(6, "f"), message(7, "g"), message(8, "h"), message(9, "i")]),
        8_002,
        NO,
    );
    session.older();
    assert_eq!(sent(&session.handle_text(PONG, 16_000, NO)), [ClientFrame::Page(Page::Before(6))]);
}

#[test]
fn a_long_log_begins_with_its_newest_page_and_earlier_ones_come_when_asked_for() {
    let mut session = started();
    let commands = session.handle_text(&welcome_after(4, 2), 1, NO);
    assert!(commands.contains(&Command::Emit(Event::Began { older: true })));
    session.handle_text(&entries(&[message(3, "c"), message(4, "d")]), 2, NO);

    assert_eq!(sent(&session.older()), [ClientFrame::Page(Page::Before(3))]);
    assert_eq!(session.older(), []);
    let page = vec![message(1, "a"), message(2, "b")];
    let commands = session.handle_text(&entries(&page), 3, NO);

    assert_eq!(commands, [Command::Emit(Event::Older { entries: page, more: false })]);
    assert_eq!(session.older(), []);
}

#[test]
fn a_message_whose_entry_lies_outside_the_shown_part_is_reported_as_stored() {
    let mut session = started();
    session.handle_text(&welcome_after(900, 700), 1, NO);
    session.post(id("m1"), "ciao".into());

    let commands = session.handle_text(&entries(&[message(12, "m1")]), 2, NO);

    assert!(commands.contains(&Command::Emit(Event::Stored(id("m1")))));
    assert_eq!(session.outbox().count(), 0);
}

#[test]
fn messages_leave_one_after_the_other() {
    let mut session = started();
    session.handle_text(&welcome(0), 1, NO);
    assert_eq!(sent(&session.post(id("m1"), "uno".into())).len(), 1);
    assert_eq!(session.post(id("m2"), "due".into()), []);

    let commands = session.handle_text(&entries(&[message(1, "m1")]), 2, NO);

    assert_eq!(sent(&commands), [ClientFrame::Post { id: id("m2"), text: "due".into() }]);
}

#[test]
fn a_message_that_came_too_fast_is_sent_again_when_the_server_will_have_it() {
    let mut session = started();
    session.handle_text(&welcome(0), 1, NO);
    session.post(id("m1"), "uno".into());

    let commands = session.handle_text(&refused("m1", Code::TooFast, Some(1_500)), 2, NO);

    assert_eq!(commands, [Command::WakeAt(1_502)]);
    assert_eq!(session.post(id("m2"), "due".into()), []);
    assert_eq!(
        sent(&session.handle_timeout(1_502, NO)),
        [ClientFrame::Post { id: id("m1"), text: "uno".into() }]
    );
}

#[test]
fn writing_is_told_now_and_then_and_reading_once() {
    let mut session = started();
    assert_eq!(session.typing(0), []);
    session.handle_text(&welcome(5), 1, NO);

    assert_eq!(sent(&session.typing(10)), [ClientFrame::Typing {}]);
    assert_eq!(session.typing(20), []);
    assert_eq!(sent(&session.typing(10 + TYPING_EVERY_MS)).len(), 1);
    assert_eq!(sent(&session.read(5)), [ClientFrame::Read { up_to: 5 }]);
    assert_eq!(session.read(4), []);

    session.handle_close(None, 30, NO);
    session.handle_timeout(40_000, NO);
    assert!(sent(&session.handle_text(&welcome(5), 40_001, NO)).contains(&ClientFrame::Read { up_to: 5 }));
}

#[test]
fn an_earlier_conversation_is_asked_for_over_a_living_link_and_is_no_part_of_this_one() {
    let mut session = started();
    let earlier = || ConversationId::of(&"0e".repeat(32), 1).unwrap();
    assert_eq!(session.history(earlier(), None), []);
    session.handle_text(&welcome(1), 1, NO);
    session.handle_text(&entries(&[message(1, "a")]), 2, NO);

    let asked = ClientFrame::History { conversation: earlier(), before: Some(9) };
    assert_eq!(sent(&session.history(earlier(), Some(9))), [asked]);
    let (conversation, page) = (earlier(), vec![message(8, "h")]);
    let frame = ServerFrame::HistoryEntries { conversation: conversation.clone(), entries: page.clone() };
    let commands = session.handle_text(&serde_json::to_string(&frame).unwrap(), 3, NO);

    assert_eq!(commands, [Command::Emit(Event::HistoryEntries { conversation, entries: page })]);
    assert_eq!(sent(&session.handle_text(PONG, 8_000, NO)), [], "nothing is missing");
}

#[test]
fn a_log_shorter_than_the_cursor_is_reported_from_its_beginning() {
    let mut session = started();
    session.handle_text(&welcome(2), 1, NO);
    session.handle_text(&entries(&[message(1, "a"), message(2, "b")]), 2, NO);
    session.handle_close(None, 3, NO);
    session.handle_timeout(10_000, NO);

    let commands = session.handle_text(&welcome(1), 10_001, NO);
    assert!(commands.contains(&Command::Emit(Event::Began { older: false })));
    let first = vec![message(1, "z")];
    assert_eq!(session.handle_text(&entries(&first), 10_002, NO), [Command::Emit(Event::Entries(first))]);
}

#[test]
fn a_refused_message_leaves_the_outbox_and_is_said() {
    let mut session = started();
    session.handle_text(&welcome(0), 1, NO);
    session.post(id("m1"), String::new());

    let refused = refused("m1", Code::MessageEmpty, None);
    let commands = session.handle_text(&refused, 2, NO);

    let message = Pending { id: id("m1"), text: String::new() };
    assert_eq!(commands, [Command::Emit(Event::NotSent { message, code: Code::MessageEmpty })]);
    assert_eq!(session.outbox().count(), 0);
}

#[test]
fn a_full_outbox_gives_a_message_back_and_has_room_again_when_one_is_stored() {
    let mut session = started();
    for n in 0..MAX_PENDING {
        assert_eq!(session.post(id(&format!("m{n}")), "ciao".into()), []);
    }

    let message = Pending { id: id("more"), text: "troppo".into() };
    let commands = session.post(message.id.clone(), message.text.clone());
    assert_eq!(commands, [Command::Emit(Event::NotSent { message, code: Code::TooFast })]);
    assert_eq!(session.outbox().count(), MAX_PENDING);

    session.handle_text(&welcome(0), 1, NO);
    session.handle_text(&entries(&[self::message(1, "m0")]), 2, NO);
    assert_eq!(session.post(id("again"), "ciao".into()), []);
    assert_eq!(session.outbox().count(), MAX_PENDING);
}

#[test]
fn messages_written_before_the_close_are_sent_first() {
    let mut session = started();
    session.post(id("m1"), "un'ultima cosa".into());
    session.close();
    assert_eq!(sent(&session.handle_text(&welcome(0), 1, NO)).len(), 1);

    let commands = session.handle_text(&entries(&[message(1, "m1")]), 2, NO);

    assert_eq!(sent(&commands), [ClientFrame::Close {}]);
}

#[test]
fn a_message_that_was_lost_on_a_living_link_is_sent_again_with_the_next_heartbeat() {
    let mut session = started();
    session.handle_text(&welcome(0), 1, NO);
    session.post(id("m1"), "ciao".into());

    let commands = session.handle_text(PONG, 8_000, NO);

    assert_eq!(sent(&commands), [ClientFrame::Post { id: id("m1"), text: "ciao".into() }]);
}

#[test]
fn an_end_that_comes_before_the_whole_log_is_come_back_for() {
    let mut session = started();
    session.handle_text(&welcome(9), 1, NO);
    session.handle_text(&entries(&[message(1, "a")]), 2, NO);
    session.handle_close(Some(close::NORMAL), 3, NO);
    assert_eq!(session.link.state(), LinkState::Lost);

    let mut whole = started();
    whole.handle_text(&welcome(1), 1, NO);
    whole.handle_text(&entries(&[message(1, "a")]), 2, NO);
    whole.handle_close(Some(close::NORMAL), 3, NO);
    assert_eq!(whole.link.state(), LinkState::Over);
}

#[test]
fn a_wish_to_end_survives_a_lost_link() {
    let mut session = started();
    assert_eq!(session.close(), []);

    assert_eq!(sent(&session.handle_text(&welcome(0), 1, NO)), [ClientFrame::Close {}]);
}

#[test]
fn a_new_ticket_goes_on_where_the_old_one_ended() {
    let mut session = started();
    session.handle_text(&welcome(1), 1, NO);
    session.handle_text(&entries(&[message(1, "a")]), 2, NO);
    session.post(id("m1"), "ciao".into());
    session.handle_close(Some(close::REFUSED), 3, NO);
    assert_eq!(session.link.state(), LinkState::Over);

    let hello = sent(&session.renew("another".into(), 4));
    assert!(
        matches!(&hello[..], [ClientFrame::Hello { resume_after: 1, ticket, .. }] if ticket == "another")
    );
    assert_eq!(sent(&session.handle_text(&welcome(1), 5, NO)).len(), 1);
}

#[test]
fn frames_of_tomorrow_are_ignored() {
    let mut session = started();
    session.handle_text(&welcome(0), 1, NO);
    assert_eq!(session.handle_text(r#"{"hologram":{"x":1}}"#, 2, NO), []);
    assert_eq!(session.handle_text("not json", 3, NO), []);
}

fn started() -> Session {
    let mut session = Session::new("ticket".to_string(), Vec::new());
    session.start(0);
    session
}

fn welcome(last_seq: u64) -> String {
    welcome_after(last_seq, 0)
}

fn refused(name: &str, code: Code, retry_after_ms: Option<i64>) -> String {
    let message = Some(id(name));
    let frame = ServerFrame::Refused { code, detail: String::new(), message, retry_after_ms };
    serde_json::to_string(&frame).unwrap()
}

fn welcome_after(last_seq: u64, after: u64) -> String {
    let frame = ServerFrame::Welcome {
        version: version::CURRENT,
        conversation: ConversationId::of(&"0e".repeat(32), 1).unwrap(),
        party: Party::Citizen,
        phase: Phase::Waiting { since: Timestamp::from_millis(0) },
        last_seq,
        after,
        person: None,
        calls: false,
    };
    serde_json::to_string(&frame).unwrap()
}

fn entries(entries: &[Entry]) -> String {
    serde_json::to_string(&ServerFrame::Entries { entries: entries.to_vec() }).unwrap()
}

fn message(seq: u64, name: &str) -> Entry {
    let body = EntryBody::Message { id: id(name), author: Author::Citizen, text: "ciao".to_string() };
    Entry { seq, at: Timestamp::from_millis(0), body }
}

fn id(text: &str) -> MessageId {
    MessageId::parse(text).unwrap()
}

fn sent(commands: &[Command<Event>]) -> Vec<ClientFrame> {
    commands
        .iter()
        .filter_map(|command| match command {
            Command::Send(text) => serde_json::from_str(text).ok(),
            Command::Open(_) | Command::Probe | Command::Close | Command::WakeAt(_) | Command::Emit(_) => {
                None
            }
        })
        .collect()
}
