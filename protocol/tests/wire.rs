// SPDX-License-Identifier: EUPL-1.2
//! Every frame and document, pinned as JSON in `tests/wire/`.
//!
//! Old widgets stay in caches: changing a file there is changing the protocol, and needs a new version or a reason why old
//! clients do not mind. A frame without a file fails here.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking")]

mod alerts;
mod coverage;
mod fixtures;

use std::{cell::RefCell, collections::BTreeSet, fmt::Debug, fs, path::PathBuf};

use self::{
    coverage::Coverage,
    fixtures::{
        admission, at, case, conversation, entry, hold, message, message_id, panel, panel_of_two_queues,
        passages, person, question, segnalazione,
    },
};
use infocig_protocol::{
    assistant::{AssistantAnswer, AssistantQuestion},
    call::{CallAct, CallEnd, CallNews, CallStep, Relay, RelayServer, Says, Seats, Signal},
    case::{BenefitKind, Cases, ShareCase},
    close,
    codec::{self, Read, Write},
    data_protection::{AboutPerson, Because, DueTonight, ErasureProof, Hold, Kept},
    desk::{
        AssignedConversation, AssignmentMode, AssignmentState, BlockDraft, Colleague, DeskChanges,
        DeskClientFrame, DeskPicture, DeskQueue, DeskServerFrame, DeskWelcome, Fit, HoldDraft, HoldReason,
        Match, Note, NoteDraft, Presence, Priority, PriorityRule, ProvinceName, QuickReply, Topic,
        TransferTo, Translation, WaitingConversation, Why,
    },
    entry::{Author, EntryBody, Outcome, Party, Phase},
    figures::{Dimension, Figures, Percentiles, Share},
    frame::{ClientFrame, EarlierConversation, Estimate, Page, QueuePlace, ServerFrame},
    http::Problem,
    http::{
        Admission, ConversationOpened, DeskSessionOpened, Poll, Polled, RIGHT_TO_APPROVE_RULES,
        RIGHT_TO_CHANGE_RULES, Verdict,
    },
    id::{AdvisorId, ConversationId, LinkId, QueueId, SeatId},
    language::Language,
    limits,
    person::{Category, EntryPoint, PersonCard},
    policy::{
        BannerText, CloseNow, ClosingReason, NewBanner, NewPolicy, PolicyAuthor, PolicyChange, PolicyDay,
        PolicyDocument, PolicyDraft, PolicyFault, PolicyHistory, PolicyPreview, PolicyState, PolicyVersion,
        PolicyWeek, ProposedAnswer, WaitingAnswer,
    },
    problem::Code,
    rating::{Answer, Rating},
    report::{
        Asked, AuditChain, AuditDetails, AuditTrail, AuditedAct, AuditedKind, Comments, FoundConversation,
        FoundConversations, PersonComment, Report, ReportPoint, ReportRow,
    },
    segnalazione::{
        Delivery, History, PastConversation, RetrySegnalazione, SegnalazioneDraft, SegnalazioneOverview,
        SegnalazioneState, WrittenRequest,
    },
    skill::Skill,
    supervision::SupervisorAct,
    version,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

#[test]
fn frames_of_a_conversation_are_written_as_pinned() {
    pinned("hello", &ClientFrame::Hello { version: version::CURRENT, ticket: "t".into(), resume_after: 4 });
    pinned("post", &ClientFrame::Post { id: message_id(), text: "Quando sarò pagato?\n<b>".into() });
    pinned("close", &ClientFrame::Close {});
    pinned(
        "welcome_citizen",
        &ServerFrame::Welcome {
            version: version::CURRENT,
            conversation: conversation(),
            party: Party::Citizen,
            phase: Phase::Waiting { since: at() },
            last_seq: 1,
            after: 0,
            person: None,
            calls: false,
        },
    );
    pinned(
        "welcome_citizen_may_ask",
        &ServerFrame::Welcome {
            version: version::CURRENT,
            conversation: conversation(),
            party: Party::Citizen,
            phase: Phase::Active { advisor: "Giulia".into(), since: at() },
            last_seq: 2,
            after: 0,
            person: None,
            calls: true,
        },
    );
    pinned(
        "welcome_advisor",
        &ServerFrame::Welcome {
            version: version::CURRENT,
            conversation: conversation(),
            party: Party::Advisor,
            phase: Phase::Active { advisor: "Giulia".into(), since: at() },
            last_seq: 2,
            after: 1,
            person: Some(PersonCard { entry_point: Some(EntryPoint::Myinps), ..person() }),
            calls: false,
        },
    );
    pinned(
        "entries",
        &ServerFrame::Entries {
            entries: vec![
                entry(1, EntryBody::Opened {}),
                entry(2, EntryBody::Assigned { advisor: "Giulia".into() }),
                entry(3, message(Author::Citizen)),
                entry(4, message(Author::Advisor { name: "Giulia".into() })),
                entry(5, EntryBody::ClosingSoon { closes: at() }),
                entry(6, EntryBody::Closed { by: Party::Advisor, outcome: None }),
            ],
        },
    );
    pinned(
        "refused",
        &ServerFrame::Refused {
            code: Code::TicketExpired,
            detail: "the ticket has expired".into(),
            message: None,
            retry_after_ms: None,
        },
    );
    pinned(
        "refused_message",
        &ServerFrame::Refused {
            code: Code::MessageTooLong,
            detail: "a message has at most 4000 characters".into(),
            message: Some(message_id()),
            retry_after_ms: None,
        },
    );
    pinned(
        "refused_for_now",
        &ServerFrame::Refused {
            code: Code::TooFast,
            detail: "more than 30 messages at once".into(),
            message: Some(message_id()),
            retry_after_ms: Some(1_500),
        },
    );
    pinned(
        "entries_of_the_desk",
        &ServerFrame::Entries {
            entries: vec![
                entry(1, EntryBody::Returned { restored_to: None }),
                entry(2, EntryBody::Transferred { advisor: Some("Marco".into()) }),
                entry(3, EntryBody::Transferred { advisor: None }),
                entry(4, EntryBody::Joined { advisor: "Marco".into() }),
                entry(5, EntryBody::Left { advisor: "Marco".into() }),
                entry(6, EntryBody::Inactive { closes: at() }),
                entry(7, EntryBody::Stayed {}),
                entry(8, EntryBody::Closed { by: Party::Advisor, outcome: Some(Outcome::LineaInps) }),
            ],
        },
    );
    let restored = EntryBody::Returned { restored_to: Some(at()) };
    pinned("entries_of_a_restoration", &ServerFrame::Entries { entries: vec![entry(9, restored)] });
    let observed = EntryBody::Observed { advisor: "Ada".into() };
    pinned("entries_of_supervision", &ServerFrame::Entries { entries: vec![entry(3, observed)] });
    pinned(
        "entries_of_a_hold",
        &ServerFrame::Entries {
            entries: vec![entry(3, EntryBody::OnHold { minutes: 5 }), entry(4, EntryBody::Resumed {})],
        },
    );
    let call = |step| EntryBody::Call { call: 3, step };
    let ended = |why| CallStep::Ended { by: Party::Citizen, why, seconds: 90 };
    let mut steps = vec![
        CallStep::Offered { by: Party::Advisor },
        CallStep::Accepted {},
        CallStep::Declined {},
        CallStep::Began {},
    ];
    steps.extend(CallEnd::ALL.map(ended));
    let entries = (3..).zip(steps).map(|(seq, step)| entry(seq, call(step))).collect();
    pinned("entries_of_a_call", &ServerFrame::Entries { entries });
    let seat = |name: &str| SeatId::parse(name).unwrap();
    let act = |name: &str, act| pinned(name, &ClientFrame::Call(act));
    act("call_offer", CallAct::Offer { seat: seat("s1") });
    act("call_accept", CallAct::Accept { call: 3, seat: seat("s2") });
    act("call_decline", CallAct::Decline { call: 3 });
    act("call_take", CallAct::Take { call: 3, seat: seat("s3") });
    act("call_began", CallAct::Began { call: 3 });
    act("call_end", CallAct::End { call: 3, why: CallEnd::HungUp });
    let signal = |says| Signal { call: 3, from: seat("s1"), to: seat("s2"), says };
    let offer = Says::Offer { round: 1, sdp: "v=0".into() };
    let answer = Says::Answer { round: 1, sdp: "v=0".into() };
    let candidate = Says::Candidate { candidate: "candidate:1 1 udp".into(), mid: Some("0".into()) };
    act("call_signal", CallAct::Signal(signal(candidate)));
    pinned("call_signal_of", &ServerFrame::Call(CallNews::Signal(signal(offer))));
    pinned("call_answer_of", &ServerFrame::Call(CallNews::Signal(signal(answer))));
    let seats = |advisor| Seats { call: 3, citizen: Some(seat("s2")), advisor };
    pinned("call_seats", &ServerFrame::Call(CallNews::Seats(seats(Some(seat("s1"))))));
    pinned("call_seats_of_one", &ServerFrame::Call(CallNews::Seats(seats(None))));
    let server = RelayServer {
        urls: vec!["turns:turn.example:443?transport=tcp".into()],
        username: "1795443000:0123456789abcdef0123".into(),
        credential: "c2VjcmV0".into(),
    };
    pinned("call_relay", &Relay { servers: vec![server], relay_only: true, until: at() });
    let closed = EntryBody::Closed { by: Party::Advisor, outcome: Some(Outcome::Blocked) };
    pinned(
        "entries_of_a_block",
        &ServerFrame::Entries {
            entries: vec![
                entry(3, EntryBody::Warned {}),
                entry(4, EntryBody::Blocked { until: at() }),
                entry(5, closed),
            ],
        },
    );
    pinned("stay", &ClientFrame::Stay {});
    pinned("history_page", &ClientFrame::History { conversation: conversation(), before: None });
    pinned("history_page_before", &ClientFrame::History { conversation: conversation(), before: Some(204) });
    let answered = EarlierConversation {
        conversation: conversation(),
        opened: at(),
        closed: at(),
        by: Party::Advisor,
        outcome: Some(Outcome::LineaInps),
        advisor: Some("Giulia".into()),
        preview: Some("Quando sarò pagato?".into()),
        entries: 403,
        segnalazioni: vec![segnalazione()],
    };
    let left = EarlierConversation {
        by: Party::Citizen,
        outcome: None,
        advisor: None,
        preview: None,
        entries: 2,
        segnalazioni: Vec::new(),
        ..answered.clone()
    };
    pinned("history_of", &ServerFrame::History { conversations: vec![answered, left] });
    pinned(
        "history_entries",
        &ServerFrame::HistoryEntries {
            conversation: conversation(),
            entries: vec![entry(3, message(Author::Citizen))],
        },
    );
    pinned("question", &ClientFrame::Question(question()));
    pinned("self_served", &ClientFrame::SelfServed {});
    pinned("source_opened", &ClientFrame::SourceOpened {});
    pinned(
        "forward",
        &ClientFrame::Forward(Box::new(SegnalazioneDraft {
            id: message_id(),
            office: "063".into(),
            topic: ["pagamento", "diretto", "dati"].map(String::from),
            description: "Mancano i dati di pagamento.".into(),
            kind: Some(BenefitKind::Cigo),
            case: Some(case().id),
            protocol: case().protocol,
            ticket: case().ticket,
            attached: vec![3, 5],
        })),
    );
    let standing = |number: Option<&str>, state| EntryBody::Segnalazione {
        id: message_id(),
        number: number.map(String::from),
        state,
    };
    let shown =
        EntryBody::Case { id: message_id(), advisor: "Giulia".into(), case: Box::new(case()), as_of: at() };
    pinned(
        "entries_of_an_office",
        &ServerFrame::Entries {
            entries: vec![
                entry(1, EntryBody::Question(question())),
                entry(2, shown),
                entry(3, standing(None, SegnalazioneState::Sending {})),
                entry(4, standing(None, SegnalazioneState::Queued {})),
                entry(5, standing(None, SegnalazioneState::Held {})),
                entry(6, standing(Some("LI-2026-000001"), SegnalazioneState::Accepted {})),
                entry(7, standing(Some("LI-2026-000001"), SegnalazioneState::InProgress {})),
                entry(
                    8,
                    standing(
                        Some("LI-2026-000001"),
                        SegnalazioneState::Answered { text: "Pagamento disposto.".into() },
                    ),
                ),
            ],
        },
    );
    let asked =
        |answer| EntryBody::Assistant { id: message_id(), question: "Quando mi pagate?".into(), answer };
    pinned(
        "entries_of_the_assistant",
        &ServerFrame::Entries { entries: vec![entry(2, asked(passages())), entry(3, asked(Vec::new()))] },
    );
    let estimate = Estimate::Minutes { from: 5, to: 10 };
    pinned("queue", &ServerFrame::Queue(QueuePlace { position: 4, estimate, notice: String::new() }));
    let estimate = Estimate::Unknown {};
    pinned("queue_unknown", &ServerFrame::Queue(QueuePlace { position: 4, estimate, notice: String::new() }));
    let notice = "Gli operatori non vedono i pagamenti.".into();
    pinned("queue_notice", &ServerFrame::Queue(QueuePlace { position: 4, estimate, notice }));
    pinned("page_after", &ClientFrame::Page(Page::After(200)));
    pinned("page_before", &ClientFrame::Page(Page::Before(801)));
    pinned("read", &ClientFrame::Read { up_to: 12 });
    pinned("typing", &ClientFrame::Typing {});
    pinned("presence", &ServerFrame::Presence { party: Party::Advisor, connected: true, read_up_to: 12 });
    pinned("typing_of", &ServerFrame::Typing { party: Party::Advisor });
    pinned("phase_closed", &Phase::Closed { at: at(), by: Party::System });
}

#[test]
fn frames_of_a_desk_of_several_queues_are_written_as_pinned() {
    let to = TransferTo::OtherQueue(named("consulenti"));
    pinned(
        "desk_transfer_other_queue",
        &DeskClientFrame::Transfer { conversation: conversation(), to, note: None },
    );
    let queue = |id: &str, name: &str, own| DeskQueue { id: named(id), name: name.into(), own };
    pinned(
        "desk_welcome_two_queues",
        &DeskServerFrame::Welcome(DeskWelcome {
            version: version::CURRENT,
            queue: named("lavoratori"),
            queues: vec![
                queue("lavoratori", "Lavoratori", true),
                queue("aziende", "Aziende", true),
                queue("consulenti", "Consulenti", false),
            ],
            advisor: "Giulia".into(),
            id: AdvisorId::parse("adv-7f3a").unwrap(),
            capacity: 3,
            assignment: AssignmentMode::Automatic,
            topics: Vec::new(),
            replies: Vec::new(),
            provinces: Vec::new(),
            supervisor: false,
            hold_minutes: Vec::new(),
            block_hours: Vec::new(),
            per_advisor: false,
            calls: false,
        }),
    );
    let mut picture = picture();
    picture.waiting.iter_mut().for_each(|one| one.queue = Some(named("lavoratori")));
    picture.mine.iter_mut().for_each(|one| one.queue = Some(named("aziende")));
    picture.colleagues.iter_mut().for_each(|one| one.queues = vec![named("lavoratori")]);
    pinned("desk_two_queues", &DeskServerFrame::Desk(picture));
    pinned("desk_panel_two_queues", &DeskServerFrame::Panel(Box::new(panel_of_two_queues())));
}

#[test]
fn frames_of_a_desk_are_written_as_pinned() {
    pinned("desk_hello", &DeskClientFrame::Hello { version: version::CURRENT, ticket: "t".into() });
    pinned("desk_take", &DeskClientFrame::Take { conversation: conversation() });
    pinned("desk_presence", &DeskClientFrame::Presence { presence: Presence::Paused });
    pinned("desk_accept", &DeskClientFrame::Accept { conversation: conversation() });
    pinned("desk_decline", &DeskClientFrame::Decline { conversation: conversation() });
    let note = || NoteDraft { id: message_id(), text: "Ha già scritto ieri".into() };
    let to = TransferTo::Advisor(marco());
    pinned(
        "desk_transfer",
        &DeskClientFrame::Transfer { conversation: conversation(), to, note: Some(note()) },
    );
    let to = TransferTo::Queue;
    pinned(
        "desk_transfer_queue",
        &DeskClientFrame::Transfer { conversation: conversation(), to, note: None },
    );
    pinned("desk_retract", &DeskClientFrame::Retract { conversation: conversation() });
    let draft = HoldDraft { reason: HoldReason::Office, text: Some("Manca il ticket".into()), minutes: 5 };
    pinned("desk_hold", &DeskClientFrame::Hold { conversation: conversation(), hold: draft });
    pinned("desk_resume", &DeskClientFrame::Resume { conversation: conversation() });
    pinned("desk_invite", &DeskClientFrame::Invite { conversation: conversation(), advisor: marco() });
    pinned("desk_leave", &DeskClientFrame::Leave { conversation: conversation() });
    pinned("desk_note", &DeskClientFrame::Note { conversation: conversation(), note: note() });
    pinned("desk_notes", &DeskClientFrame::Notes { conversation: conversation() });
    pinned("desk_keep_reply", &DeskClientFrame::KeepReply { reply: own_reply() });
    pinned("desk_drop_reply", &DeskClientFrame::DropReply { id: own_reply().id });
    pinned(
        "desk_close",
        &DeskClientFrame::Close {
            conversation: conversation(),
            topic: ["pagamento", "diretto", "data"].map(String::from),
            outcome: Outcome::Online,
        },
    );
    let topic = |id: &str, name: &str, topics| Topic { id: id.into(), name: name.into(), topics };
    let date = topic("data", "Data del pagamento", vec![]);
    let direct = topic("diretto", "Pagamento diretto", vec![date]);
    pinned(
        "desk_welcome",
        &DeskServerFrame::Welcome(DeskWelcome {
            version: version::CURRENT,
            queue: queue(),
            queues: Vec::new(),
            advisor: "Giulia".into(),
            id: AdvisorId::parse("adv-7f3a").unwrap(),
            capacity: 3,
            assignment: AssignmentMode::Automatic,
            topics: vec![topic("pagamento", "Pagamento", vec![direct])],
            replies: vec![QuickReply {
                id: "saluto".into(),
                name: "Saluto iniziale".into(),
                text: "Buongiorno {nome}, sono {consulente}.".into(),
                translations: vec![Translation { language: Language::De, text: "Guten Tag {nome}.".into() }],
            }],
            provinces: vec![ProvinceName { code: "063".into(), name: "Napoli".into() }],
            supervisor: false,
            hold_minutes: vec![2, 5, 10],
            block_hours: vec![24, 72, 168],
            per_advisor: false,
            calls: true,
        }),
    );
    pinned("desk", &DeskServerFrame::Desk(picture()));
    pinned(
        "desk_changed",
        &DeskServerFrame::Changed(DeskChanges {
            waiting_removed: vec![conversation()],
            mine: Some(vec![mine(AssignmentState::Offered { until: at(), by: Some("Marco".into()) }, None)]),
            colleagues: vec![colleague()],
            ..DeskChanges::default()
        }),
    );
    let waits = |fit| WaitingConversation {
        person: PersonCard { question: Some(question()), ..person() },
        fit,
        ..picture().waiting.swap_remove(0)
    };
    let held = AssignmentState::Held {
        helpers: Vec::new(),
        transferring_to: None,
        ending: true,
        observers: Vec::new(),
        on_hold: None,
    };
    let on_hold = |reason| AssignmentState::Held {
        helpers: Vec::new(),
        transferring_to: None,
        ending: false,
        observers: Vec::new(),
        on_hold: Some(hold(reason)),
    };
    let offered = |rule| AssignedConversation {
        priority: Some(Priority { rule, ..priority() }),
        ..mine(AssignmentState::Offered { until: at(), by: None }, None)
    };
    pinned(
        "desk_changed_priority",
        &DeskServerFrame::Changed(DeskChanges {
            mine: Some(PriorityRule::ALL.map(offered).to_vec()),
            ..DeskChanges::default()
        }),
    );
    pinned(
        "desk_changed_hold",
        &DeskServerFrame::Changed(DeskChanges {
            mine: Some(HoldReason::ALL.map(|reason| mine(on_hold(reason), Some("t"))).to_vec()),
            ..DeskChanges::default()
        }),
    );
    pinned(
        "desk_changed_presence",
        &DeskServerFrame::Changed(DeskChanges {
            presence: Some(Presence::Leaving),
            waiting: vec![waits(Fit::Others {}), waits(Fit::Nobody {})],
            mine: Some(vec![mine(held, Some("t"))]),
            colleagues_removed: vec![marco()],
            ..DeskChanges::default()
        }),
    );
    pinned("desk_own_replies", &DeskServerFrame::OwnReplies { replies: vec![own_reply()] });
    pinned(
        "desk_notes_of",
        &DeskServerFrame::Notes {
            conversation: conversation(),
            notes: vec![Note {
                id: message_id(),
                advisor: "Giulia".into(),
                at: at(),
                text: "Ha già scritto ieri".into(),
                whisper: false,
            }],
        },
    );
    pinned(
        "desk_refused",
        &DeskServerFrame::Refused {
            code: Code::NotWaiting,
            detail: "nobody waits under that id".into(),
            conversation: Some(conversation()),
        },
    );
}

#[test]
fn frames_of_supervision_are_written_as_pinned() {
    let presence = Presence::Supervising;
    pinned("desk_presence_supervising", &DeskClientFrame::Presence { presence });
    let to = TransferTo::Advisor(marco());
    pinned("desk_reassign", &DeskClientFrame::Reassign { conversation: conversation(), to });
    pinned(
        "desk_end",
        &DeskClientFrame::End {
            conversation: conversation(),
            topic: ["pagamento", "diretto", "data"].map(String::from),
            outcome: Outcome::Online,
        },
    );
    pinned("desk_warn", &DeskClientFrame::Warn { conversation: conversation() });
    let block = BlockDraft { hours: 24, reason: "Insulti".into(), unwarned: Some("Minacce subito".into()) };
    pinned("desk_block", &DeskClientFrame::Block { conversation: conversation(), block });
    let reason = "Equivoco chiarito".into();
    pinned("desk_lift", &DeskClientFrame::Lift { conversation: conversation(), reason });
    pinned("desk_take_over", &DeskClientFrame::TakeOver { conversation: conversation() });
    pinned("desk_join", &DeskClientFrame::Join { conversation: conversation() });
    pinned("desk_observe", &DeskClientFrame::Observe { conversation: conversation() });
    let note = NoteDraft { id: message_id(), text: "Chiedi il protocollo".into() };
    pinned("desk_whisper", &DeskClientFrame::Whisper { conversation: conversation(), note });

    pinned(
        "desk_welcome_supervisor",
        &DeskServerFrame::Welcome(DeskWelcome {
            version: version::CURRENT,
            queue: queue(),
            queues: Vec::new(),
            advisor: "Ada".into(),
            id: AdvisorId::parse("adv-51aa").unwrap(),
            capacity: 3,
            assignment: AssignmentMode::Automatic,
            topics: Vec::new(),
            replies: Vec::new(),
            provinces: Vec::new(),
            supervisor: true,
            hold_minutes: Vec::new(),
            block_hours: Vec::new(),
            per_advisor: true,
            calls: false,
        }),
    );
    pinned("desk_panel", &DeskServerFrame::Panel(Box::new(panel())));
    pinned(
        "desk_supervised",
        &DeskServerFrame::Supervised {
            conversation: conversation(),
            act: SupervisorAct::TookOver,
            by: "Ada".into(),
            at: at(),
        },
    );
    let held = AssignmentState::Held {
        helpers: Vec::new(),
        transferring_to: None,
        ending: false,
        observers: vec!["Ada".into()],
        on_hold: None,
    };
    let observing = AssignmentState::Observing { holder: "Giulia".into() };
    pinned(
        "desk_changed_observation",
        &DeskServerFrame::Changed(DeskChanges {
            mine: Some(vec![mine(held, Some("t")), mine(observing, Some("t"))]),
            ..DeskChanges::default()
        }),
    );
    pinned(
        "desk_notes_whisper",
        &DeskServerFrame::Notes {
            conversation: conversation(),
            notes: vec![Note {
                id: message_id(),
                advisor: "Ada".into(),
                at: at(),
                text: "Chiedi il protocollo".into(),
                whisper: true,
            }],
        },
    );
}

#[test]
fn changes_turn_one_picture_into_the_other() {
    let before = picture();
    let mut after = picture();
    after.presence = Presence::Leaving;
    after.waiting[0].fit = Fit::Nobody {};
    let first = WaitingConversation {
        conversation: ConversationId::of(&"0a".repeat(32), 1).unwrap(),
        since: at().plus_millis(-1),
        ..after.waiting[0].clone()
    };
    after.waiting.insert(0, first);
    after.mine.truncate(1);
    after.colleagues.clear();

    for (from, to) in [(&before, &after), (&after, &before)] {
        let mut shown = from.clone();
        shown.apply(to.changes_since(from).unwrap());
        assert_eq!(shown, *to);
    }
    assert_eq!(before.changes_since(&before), None);
}

#[test]
fn documents_of_data_protection_are_written_as_pinned() {
    let said = |text: &str| Some(text.to_owned());
    let about = AboutPerson {
        issuer: "https://portale.example".into(),
        person: "p-8c41".into(),
        category: Some(Category::Consulente),
        actor: said("p-77"),
        represented: said("9900000015"),
        reason: "Art. 17".into(),
    };
    pinned("about_person", &about);
    pinned("because", &Because { reason: "Reclamo chiuso".into() });
    let kept = Kept { class: "conversations".into(), days: 365, basis: said("Registro 7") };
    let due = DueTonight {
        conversations: 4,
        comments: 3,
        segnalazioni: 2,
        register_links: 1,
        decided_by: said("Delibera 12"),
        kept: vec![kept],
    };
    pinned("due_tonight", &due);
    let (at, person) =
        (infocig_protocol::time::Timestamp::from_millis(1_774_000_000_000), "7F3A-91C2-0B5D".into());
    pinned("hold", &Hold { id: "h1".into(), person, at, by: "dora".into(), reason: "Reclamo".into() });
    let proof = ErasureProof {
        id: "e1".into(),
        at,
        conversations: 2,
        comments: 1,
        segnalazioni: 0,
        register_links: 2,
        hash: "00ff".into(),
    };
    pinned("erasure_proof", &proof);
}

#[test]
fn documents_are_written_as_pinned() {
    pinned("admission_open", &Admission { channels: Vec::new(), ..admission(Verdict::Open, Code::Open) });
    pinned(
        "problem_closed",
        &Problem {
            kind: "https://chat.example/problems/outside-hours".into(),
            title: "Outside opening hours".into(),
            status: 403,
            detail: "admission refused: outside-hours".into(),
            code: Code::OutsideHours,
            admission: Some(Admission {
                opens: Some("2026-11-30T15:00:00+01:00".into()),
                closes: None,
                ..admission(Verdict::Closed, Code::OutsideHours)
            }),
        },
    );
    pinned(
        "conversation_opened",
        &ConversationOpened {
            conversation: conversation(),
            ticket: "t".into(),
            socket: format!("/v1/conversations/{}/socket", conversation()),
        },
    );
    let session = DeskSessionOpened {
        queue: queue(),
        queues: Vec::new(),
        ticket: "t".into(),
        socket: "/v1/desk/info-cig/socket".into(),
        advisor: "Giulia".into(),
        supervisor: false,
        id: None,
        rights: Vec::new(),
    };
    pinned("desk_session_opened", &session);
    let (id, rights) = (AdvisorId::parse("anna").ok(), [RIGHT_TO_CHANGE_RULES, RIGHT_TO_APPROVE_RULES]);
    pinned(
        "desk_session_of_an_administrator",
        &DeskSessionOpened { id, rights: rights.map(str::to_string).to_vec(), ..session.clone() },
    );
    pinned("desk_session_of_a_supervisor", &DeskSessionOpened { supervisor: true, ..session.clone() });
    let queues = vec![named("lavoratori"), named("aziende")];
    pinned(
        "desk_session_of_two_queues",
        &DeskSessionOpened { queue: named("lavoratori"), queues, ..session },
    );
    pinned("report", &report());
    let total = Figures {
        calls: 2,
        call_minutes: 9,
        calls_declined: 1,
        calls_unanswered: 3,
        calls_without_microphone: 1,
        calls_failed: 1,
        calls_broken: 1,
        ..figures()
    };
    pinned("report_of_calls", &Report { total, ..report() });
    pinned("found_conversations", &found_conversations());
    pinned("comments", &comments());
    pinned("audit_trail", &audit_trail());
    pinned("policy_history", &policy_history());
    let by = PolicyAuthor { id: AdvisorId::parse("giulia").unwrap(), name: "Giulia Bianchi".into() };
    let answers = vec![WaitingAnswer { proposed: proposed_answer(), by, at: at() }];
    pinned("policy_history_with_answers", &PolicyHistory { answers, ..policy_history() });
    pinned("proposed_answer", &proposed_answer());
    let change = |path: &str, before: Option<&str>, after: Option<&str>| PolicyChange {
        path: path.into(),
        before: before.map(Into::into),
        after: after.map(Into::into),
    };
    let version = policy_history().versions.remove(0);
    let changes = vec![change("desk.capacity", Some("3"), Some("4")), change("banner", None, Some("{}"))];
    pinned("policy_document", &PolicyDocument { version, document: "{}".into(), changes: changes.clone() });
    let reason = "invalid type".to_string();
    let fault = PolicyFault { line: 9, column: 14, reason };
    let weeks = Category::ALL.into_iter().zip(EntryPoint::ALL.into_iter().cycle());
    let weeks = weeks.map(|(category, entry)| PolicyWeek {
        week: "2026-11-30".into(),
        category,
        entry,
        provinces: vec!["058".into()],
        before_minutes: 900,
        after_minutes: 720,
    });
    let days = vec![PolicyDay {
        day: "2026-12-04".into(),
        reason: "Sciopero.".into(),
        hours: vec!["15:00–16:00".into()],
        provinces: Vec::new(),
    }];
    pinned("policy_preview", &PolicyPreview { fault: None, changes, weeks: weeks.collect(), days });
    pinned("policy_fault", &PolicyPreview { fault: Some(fault), ..PolicyPreview::default() });
    pinned("policy_draft", &PolicyDraft { document: "{}".into() });
    let from = Some("2026-12-04T00:00:00+01:00".to_string());
    pinned(
        "new_policy",
        &NewPolicy { document: "{}".into(), base: 4, reason: "Sciopero".into(), from: from.clone() },
    );
    for reason in ClosingReason::ALL {
        let until = "2026-11-30T16:30:00+01:00".into();
        pinned(&format!("close_now_{}", reason.as_str()), &CloseNow { until, reason });
    }
    let said = |text: &str| Some(text.to_string());
    let text = BannerText {
        it: "Avviso".into(),
        de: said("Hinweis"),
        fr: said("Avis"),
        sl: said("Obvestilo"),
        en: said("Notice"),
    };
    pinned("new_banner", &NewBanner { text: Some(text), until: from });
    pinned("cases", &Cases { as_of: at(), cases: vec![case()] });
    pinned("share_case", &ShareCase { id: message_id(), case: case().id });
    pinned("assistant_question", &AssistantQuestion { id: message_id(), text: "Quando mi pagate?".into() });
    pinned("assistant_answer", &AssistantAnswer { passages: passages() });
    pinned("assistant_unknown", &AssistantAnswer::default());
    pinned(
        "written_request",
        &WrittenRequest { id: message_id(), text: "Quando sarò pagato?".into(), question: question() },
    );
    pinned(
        "history",
        &History {
            conversations: vec![PastConversation {
                conversation: conversation(),
                opened: at(),
                closed: Some(at().plus_millis(60_000)),
                outcome: Some(Outcome::LineaInps),
                preview: Some("Quando sarò pagato?".into()),
                segnalazioni: vec![segnalazione()],
                ticket: "t".into(),
                socket: format!("/v1/conversations/{}/socket", conversation()),
            }],
        },
    );
    let stopped = SegnalazioneOverview {
        key: format!("{}.{}", conversation(), message_id()),
        at: at(),
        office: "063".into(),
        number: None,
        delivery: Delivery::Stopped,
        attempts: 1,
        last_error: Some("Linea INPS answered 400: no such office".into()),
    };
    pinned(
        "segnalazioni",
        &vec![
            SegnalazioneOverview {
                number: Some("LI-2026-000001".into()),
                delivery: Delivery::Delivered,
                last_error: None,
                ..stopped.clone()
            },
            stopped,
        ],
    );
    pinned("retry_segnalazione", &RetrySegnalazione { key: format!("{}.{}", conversation(), message_id()) });
    let comment = Some("Mi manca la data del pagamento.".into());
    pinned("rating", &Rating { answer: Answer::Partly, comment });
    pinned("rating_answer_alone", &Rating { answer: Answer::Yes, comment: None });
    let link = LinkId::parse("9b7a41d83f6c0d2ea5e4c1b2d3e4f5a6").unwrap();
    let poll = Poll { link, number: 7, frames: vec!["PING".into()], wait: false, leaving: false };
    pinned("poll", &poll);
    pinned("poll_leaving", &Poll { frames: Vec::new(), leaving: true, ..poll });
    pinned("polled", &Polled { frames: vec!["PONG".into()], closed: Some(1000) });
}

/// Versions in each state.
fn policy_history() -> PolicyHistory {
    let by = |name: &str| PolicyAuthor { id: AdvisorId::parse(name).unwrap(), name: name.into() };
    let version = |number: u32, state| PolicyVersion {
        number,
        base: Some(number - 1),
        author: Some(by("anna")),
        reason: "Sciopero".into(),
        made: at(),
        state,
        from: Some(at()),
        decided_by: Some(by("bruno")),
        decided: Some(at().plus_millis(60_000)),
    };
    let mut versions: Vec<PolicyVersion> =
        PolicyState::ALL.into_iter().zip(2..).map(|(state, number)| version(number, state)).collect();
    let of_installation = PolicyVersion {
        number: 1,
        base: None,
        author: None,
        reason: String::new(),
        made: at(),
        state: PolicyState::Published,
        from: Some(at()),
        decided_by: None,
        decided: None,
    };
    versions.push(of_installation);
    PolicyHistory {
        in_force: 3,
        four_eyes: true,
        banner: Some("Avviso".into()),
        closure: Some("Sciopero.".into()),
        versions,
        next: Some(1),
        provinces: vec![ProvinceName { code: "058".into(), name: "Roma".into() }],
        answers: Vec::new(),
    }
}

fn proposed_answer() -> ProposedAnswer {
    ProposedAnswer {
        id: message_id(),
        question: "Quando arriva il pagamento?".into(),
        answer: "Dopo l'autorizzazione, entro i tempi che scrive la sede.".into(),
        language: Language::It,
    }
}

thread_local! {
    /// What the values pinned on this thread contain.
    static COVERAGE: RefCell<Coverage> = RefCell::default();
}

#[test]
fn every_type_member_and_variant_is_pinned() {
    frames_of_a_conversation_are_written_as_pinned();
    frames_of_a_desk_are_written_as_pinned();
    frames_of_a_desk_of_several_queues_are_written_as_pinned();
    frames_of_supervision_are_written_as_pinned();
    documents_are_written_as_pinned();
    documents_of_data_protection_are_written_as_pinned();

    // An entry of a newer version is written by nobody.
    let missing = COVERAGE.with_borrow(Coverage::missing);
    assert_eq!(missing, ["entrybody.unknown"], "what is declared and in no pinned file");
}

#[test]
fn every_frame_has_a_pinned_file() {
    let names: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
        .filter_map(|text| {
            let value: Value = serde_json::from_str(&text).unwrap();
            value.as_object().and_then(|object| object.keys().next().cloned())
        })
        .collect();
    for frame in ClientFrame::NAMES.iter().chain(DeskClientFrame::NAMES) {
        assert!(names.contains(*frame), "no file pins the frame {frame}");
    }
}

#[test]
fn the_written_protocol_names_every_frame_every_close_code_and_every_limit() {
    let text = include_str!("../PROTOCOL.md");
    for name in ClientFrame::NAMES.iter().chain(DeskClientFrame::NAMES) {
        assert!(text.contains(&format!("`{name}`")), "{name}");
    }
    let codes = [
        close::NORMAL,
        close::UNSUPPORTED_DATA,
        close::ABNORMAL,
        close::TOO_LARGE,
        close::FAULT,
        close::REFUSED,
        close::SILENT,
        close::TOO_FAST,
    ];
    for code in codes {
        assert!(text.contains(&format!("| {code} |")), "{code}");
    }
    let said = [
        format!("version {}", version::CURRENT),
        grouped(limits::MAX_MESSAGE_CHARS),
        grouped(limits::MAX_FRAME_BYTES),
        grouped(limits::MAX_NOTE_CHARS),
        grouped(limits::MAX_COMMENT_CHARS),
        grouped(limits::MAX_POLL_BYTES),
        format!("{} of them", limits::MAX_ENTRIES_PER_FRAME),
        format!("At most {}, newest first", limits::MAX_HISTORY),
        format!("every {} s", limits::TYPING_EVERY_MS / 1000),
        format!("after {} s or with", limits::TYPING_LASTS_MS / 1000),
        format!("nothing for {} s", limits::HELLO_WITHIN_MS / 1000),
        format!("no `PING` for {} s", limits::SILENT_AFTER_MS / 1000),
        format!("within {} s, else empty", limits::POLL_WAITS_MS / 1000),
        format!("waits on for {} s", limits::POLL_LOST_AFTER_MS / 1000),
    ];
    for words in said {
        assert!(text.contains(&words), "the document does not say {words:?}");
    }
}

/// `4000` as `4,000`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| str::from_utf8(group).unwrap()).collect();
    groups.join(",")
}

#[test]
fn a_frame_around_stored_bodies_is_the_frame_of_their_entries() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/wire");
    for file in ["entries", "entries_of_the_desk", "entries_of_an_office", "entries_of_supervision"] {
        let pinned = fs::read_to_string(folder.join(format!("{file}.json"))).unwrap();
        let frame = ServerFrame::read(&pinned).unwrap();
        let ServerFrame::Entries { entries } = &frame else { panic!("{file} is another frame") };
        let bodies: Vec<_> =
            entries.iter().map(|entry| serde_json::to_string(&entry.body).unwrap()).collect();
        let text = ServerFrame::entries_text(entries.iter().zip(bodies.iter().map(String::as_str)));
        assert_eq!(text, serde_json::to_string(&frame).unwrap());
    }
}

#[test]
fn frames_of_tomorrow_are_ignored_and_entries_of_tomorrow_are_counted() {
    assert_eq!(ServerFrame::read(r#"{"hologram":{"size":3}}"#), None);
    assert_eq!(DeskServerFrame::read(r#"{"hologram":{}}"#), None);

    for body in [r#"{"hologram":{"size":3}}"#, r#"{"closed":{"by":"the moon"}}"#, "7"] {
        let frame = format!(r#"{{"entries":{{"entries":[{{"seq":9,"at":0,"body":{body}}}]}}}}"#);
        let Some(ServerFrame::Entries { entries }) = ServerFrame::read(&frame) else { panic!("{frame}") };
        assert_eq!((entries[0].seq, &entries[0].body), (9, &EntryBody::Unknown {}));
    }
}

#[test]
fn members_of_tomorrow_are_ignored() {
    let text = r#"{"post":{"id":"m1","text":"ciao","mood":"worried"}}"#;
    assert!(serde_json::from_str::<ClientFrame>(text).is_ok());
}

#[test]
fn a_hello_without_a_cursor_begins_at_the_beginning() {
    let frame: ClientFrame = serde_json::from_str(r#"{"hello":{"version":2,"ticket":"t"}}"#).unwrap();
    assert_eq!(frame, ClientFrame::Hello { version: version::CURRENT, ticket: "t".into(), resume_after: 0 });
}

/// Serde and the small codec both write a value as its file has it, and read it again.
#[track_caller]
fn figures() -> Figures {
    let lengths = Some(Percentiles { n: 9, p50_s: 40, p90_s: 272, longest_s: 1_600 });
    let share = Share { part: 8, of: 9 };
    Figures {
        entered: 10,
        answered: 9,
        service_level: share,
        wait: lengths,
        abandoned_after: lengths,
        first_word: lengths,
        handle: lengths,
        wrap_up: lengths,
        on_hold: lengths,
        office: lengths,
        ..Figures::default()
    }
}

fn report() -> Report {
    Report {
        queues: vec![QueueId::parse("info-cig").unwrap()],
        from: "2026-11-30".into(),
        to: "2026-11-30".into(),
        by: Dimension::Province,
        answer_within_seconds: 300,
        short_abandonment_seconds: 30,
        total: figures(),
        before: Figures::default(),
        rows: vec![ReportRow { value: "058".into(), figures: figures() }],
        series: vec![ReportPoint { period: "2026-11-30".into(), figures: figures() }],
    }
}

fn found_conversations() -> FoundConversations {
    let found = FoundConversation {
        conversation: conversation(),
        number: conversation().number(),
        queue: QueueId::parse("info-cig").unwrap(),
        entered: at(),
        answered: Some(at()),
        ended: Some(at()),
        category: Category::Lavoratore,
        province: "058".into(),
        language: Language::It,
        entry_point: Some(EntryPoint::Myinps),
        topic: Some(["pagamento", "diretto", "data"].map(String::from)),
        outcome: Some(Outcome::Online),
        advisor: Some(AdvisorId::parse("adv-1").unwrap()),
        rating: Some(Answer::Yes),
        request: true,
    };
    FoundConversations { conversations: vec![found], next: Some("1795442400000.0f-1".into()) }
}

fn comments() -> Comments {
    let comment = PersonComment {
        conversation: conversation(),
        number: conversation().number(),
        commented: at(),
        text: "Manca la data.".into(),
        rating: Some(Answer::Partly),
        topic: Some(["pagamento", "diretto", "data"].map(String::from)),
        handled: Some(at()),
        handled_by: Some(AdvisorId::parse("adv-1").unwrap()),
    };
    Comments { comments: vec![comment], next: Some("1795442400000.0f-1".into()) }
}

fn audit_trail() -> AuditTrail {
    let act = |act: &AuditedKind| AuditedAct {
        row: 7,
        at: at(),
        actor: Some(AdvisorId::parse("adv-51aa").unwrap()),
        roles: Vec::new(),
        act: *act,
        conversation: None,
        number: None,
        queue: None,
        subject: None,
        asked: Vec::new(),
        details: None,
        request: None,
        before_chain: false,
    };
    let mut acts: Vec<_> = AuditedKind::ALL.iter().map(act).collect();
    acts[0].roles = vec!["supervisor".into(), "data-protection-officer".into()];
    acts[0].queue = Some(QueueId::parse("info-cig").unwrap());
    acts[0].request = Some("0f".repeat(16));
    acts[1].before_chain = true;
    (acts[0].conversation, acts[0].number) = (Some(conversation()), Some(conversation().number()));
    let asked = |name: &str, value: Option<&str>| Asked { name: name.into(), value: value.map(Into::into) };
    let of = |kind| acts.iter().position(|act| act.act == kind).unwrap();
    let (blocked, lifted, searched) =
        (of(AuditedKind::Blocked), of(AuditedKind::Lifted), of(AuditedKind::Searched));
    let (refused, published) = (of(AuditedKind::SignInRefused), of(AuditedKind::PublishedRules));
    (acts[refused].actor, acts[published].subject) = (None, Some("12".into()));
    let unwarned = Some("Minacce subito".into());
    acts[blocked].details = Some(AuditDetails { until: Some(at()), reason: "Insulti".into(), unwarned });
    acts[lifted].details = Some(AuditDetails { until: None, reason: "Equivoco".into(), unwarned: None });
    acts[searched].asked = vec![asked("from", Some("2026-11-30")), asked("person", None)];
    let chain = AuditChain { rows: 40, number: 42, head: "ab".repeat(32) };
    AuditTrail { acts, next: Some("1795442400000.7".into()), chain: Some(chain) }
}

fn pinned<T: Serialize + DeserializeOwned + Read + Write + PartialEq + Debug>(name: &str, value: &T) {
    let path = folder().join(format!("{name}.json"));
    let written = serde_json::to_string_pretty(value).unwrap() + "\n";
    let Ok(pinned) = fs::read_to_string(&path) else {
        panic!("{} is missing; what would be sent is:\n{written}", path.display());
    };
    assert_eq!(written, pinned, "{name} is no longer written as pinned");
    assert_eq!(serde_json::from_str::<T>(&pinned).unwrap(), *value, "{name} is not read as written");
    let tree: Value = serde_json::from_str(&pinned).unwrap();
    let by_codec: Value = serde_json::from_str(&codec::write(value)).unwrap();
    assert_eq!(by_codec, tree, "{name} is not written by the codec as pinned");
    assert_eq!(T::read(&tree).as_ref(), Some(value), "{name} is not read by the codec as written");
    COVERAGE.with_borrow_mut(|coverage| coverage.record(value));
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/wire")
}

fn picture() -> DeskPicture {
    let why = why();
    let helpers = vec!["Marco".into()];
    let transferring_to = Some("Marco".into());
    DeskPicture {
        presence: Presence::Available,
        waiting: vec![WaitingConversation {
            conversation: conversation(),
            since: at(),
            queue: None,
            person: PersonCard { language: Language::De, about: Some(Skill::AisFis), ..person() },
            returned: true,
            priority: Some(priority()),
            fit: Fit::Yours(why),
        }],
        mine: vec![
            mine(AssignmentState::Offered { until: at(), by: None }, None),
            mine(AssignmentState::Invited { until: at(), by: "Marco".into() }, None),
            mine(
                AssignmentState::Held {
                    helpers,
                    transferring_to,
                    ending: false,
                    observers: Vec::new(),
                    on_hold: None,
                },
                Some("t"),
            ),
            mine(AssignmentState::Helping { holder: "Marco".into() }, Some("t")),
            mine(AssignmentState::WrapUp { until: at(), topic_missing: true }, Some("t")),
        ],
        colleagues: vec![colleague()],
    }
}

fn mine(state: AssignmentState, ticket: Option<&str>) -> AssignedConversation {
    AssignedConversation {
        conversation: conversation(),
        ticket: ticket.map(String::from),
        since: at(),
        arrived: at(),
        queue: None,
        person: person(),
        state,
        why: why(),
        priority: None,
    }
}

fn priority() -> Priority {
    Priority { rule: PriorityRule::CameBack, worth_minutes: 10 }
}

fn why() -> Why {
    Why { after_minutes: 0, agree: vec![Match::Language, Match::Region] }
}

fn colleague() -> Colleague {
    Colleague {
        advisor: marco(),
        name: "Marco".into(),
        presence: Presence::Busy,
        lost: true,
        load: 2,
        queues: Vec::new(),
    }
}

fn marco() -> AdvisorId {
    AdvisorId::parse("adv-2c9e").unwrap()
}

fn queue() -> QueueId {
    named("info-cig")
}

fn named(queue: &str) -> QueueId {
    QueueId::parse(queue).unwrap()
}

fn own_reply() -> QuickReply {
    let german = Translation { language: Language::De, text: "Der Urlaub läuft weiter.".into() };
    QuickReply {
        id: "own-1".into(),
        name: "Ferie".into(),
        text: "Le ferie continuano a maturare.".into(),
        translations: vec![german],
    }
}
