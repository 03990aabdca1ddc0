// SPDX-License-Identifier: EUPL-1.2
//! The calls between the front and the objects, and between objects: paths, bodies, answers, and a typed client.
//!
//! Every call is a `POST` of JSON to the object. `200` carries the answer as JSON, `204` means that there is none to carry; a
//! refusal is a problem document with its own status; `500` is a fault. Each call is one synchronous step of the object, in one
//! transaction (an erasure of bytes in several): a call that fails has changed nothing, and all of them but `/update`, `/append`
//! and `/act` may be repeated.
//!
//! | object | path | body | answer | changes |
//! |---|---|---|---|---|
//! | conversation | `/admit` | [`Admit`] | [`Admitted`] | begins a conversation, or finds the open one |
//! | conversation | `/history` | [`ReadHistory`] | list of [`PastConversationRow`] | nothing |
//! | conversation | `/request` | [`WriteRequest`] | [`ConversationId`] | once per id of the request |
//! | conversation | `/inquiry` | [`Inquire`] | [`Inquiry`] | nothing |
//! | conversation | `/relay` | [`AskRelay`] | [`Speaker`] | nothing |
//! | conversation | `/share` | [`Share`] | none | once per id of the card |
//! | conversation | `/consult` | [`Consult`] | none | once per id of the question |
//! | conversation | `/rate` | [`Rate`] | none | the newest rating counts |
//! | conversation | `/transcript` | [`WriteTranscript`] | the file itself, `text/html` or `text/plain` | nothing |
//! | conversation | `/plain-page` | [`AskPlainPage`] | [`PlainPageAnswer`] | its action; its person counts as connected for a while |
//! | conversation | `/history-page` | [`AskHistoryPage`] | [`HistoryView`] | its person counts as connected for a while |
//! | conversation | `/erase` | [`ErasePerson`] | how many conversations | everything of the person is deleted, with its bytes |
//! | conversation | `/own-data` | [`ReadOwnData`] | [`OwnPage`] | nothing |
//! | desk | `/load` | [`AskLoad`] | [`DeskLoad`] | nothing |
//! | desk | `/forget` | [`ForgetPerson`] | none | blocks of the person and messages about them that were given up are deleted |
//! | connector | `/update` | [`UpdateSegnalazione`] | [`UpdateAnswer`] | once per `jti`: a repetition answers `replayed` |
//! | connector | `/list` | [`ListSegnalazioni`] | list of [`SegnalazioneOverview`] | nothing |
//! | connector | `/retry` | [`Retry`] | [`RetryAnswer`] | the attempt is due now |
//! | connector | `/find` | [`FindSegnalazioni`] | list of [`ConversationId`] | nothing |
//! | connector | `/erase` | [`EraseObject`] | how many segnalazioni | everything of the person is deleted, with its bytes |
//! | connector | `/hold` | [`HoldObject`] | none | whether segnalazioni of a person may be deleted |
//! | connector | `/due` | [`CountDueSegnalazioni`] | how many | nothing |
//! | connector | `/of` | [`ReadSegnalazioniOf`] | list of [`OwnSegnalazione`] | nothing |
//! | register | `/records` | [`ReadRecordsOf`] | list of [`Record`] | nothing |
//! | register | `/due` | [`CountDue`] | [`ForgettingCounts`] | nothing |
//! | register | `/holds` | [`ReadHolds`] | list of [`LegalHold`] | nothing |
//! | register | `/hold` | [`SetHold`] | none | a hold is set |
//! | register | `/release` | [`ReleaseHold`] | none | a hold is released |
//! | register | `/may-erase` | [`MayErase`] | none, or a refusal | nothing |
//! | register | `/erased` | [`FinishErasure`] | [`ErasureProof`] | links and comments of the person are deleted, with their bytes |
//! | register | `/proofs` | [`ReadProofs`] | list of [`ErasureProof`] | nothing |
//! | register | `/refusals` | [`CountRefused`] | none | once per process and number of the batch |
//! | register | `/report` | [`ReadReport`] | [`Report`] | nothing |
//! | register | `/search` | [`SearchConversations`] | [`FoundConversations`] | nothing |
//! | register | `/comments` | [`ReadComments`] | [`Comments`] | nothing |
//! | register | `/handled` | [`HandleComment`] | whether there is a comment | the first supervisor counts |
//! | register | `/open-figures` | [`ReadOpenFigures`] | [`Publication`] | nothing |
//! | register | `/probe` | [`Probe`] | none | the instant of the last probe |
//! | policy | `/rules` | [`ReadRules`] | [`Rules`] | nothing |
//! | policy | `/history` | [`ReadPolicyHistory`] | [`PolicyHistory`] | nothing |
//! | policy | `/version` | [`ReadPolicyVersion`] | [`PolicyDocument`] | nothing |
//! | policy | `/preview` | [`PreviewPolicy`] | [`PolicyPreview`] | nothing |
//! | policy | `/act` | [`ActOnPolicy`] | [`PolicyVersion`] | makes or decides a version: a repetition is refused, or makes another |
//! | policy | `/propose-answer` | [`ProposeAnswer`] | none | a proposed answer, once |
//! | policy | `/settle-answer` | [`SettleAnswer`] | none | nothing that is not done |
//! | audit | `/append` | [`Append`] | none | a row: a repetition adds another |
//! | audit | `/read` | [`ReadAudit`] | [`AuditTrail`] | nothing |
//! | audit | `/looks` | [`ReadLooks`] | list of [`Look`] | nothing |
//! | audit | `/export` | [`ExportAudit`] | [`AuditExport`] | nothing |
//! | audit | `/cut` | [`CutAudit`] | the number of the last row that was cut off | the rows before an instant are gone, and a row says so |
//! | staff | `/use` | [`UseSignIn`] | whether it was not used before | the answer to a sign-in is used |
//! | staff | `/begin` | [`BeginSession`] | none | a session stands |
//! | staff | `/look` | [`LookAtSession`] | [`Looked`] | who is to ask the provider |
//! | staff | `/renew` | [`RenewSession`] | whether it still stands | the session |
//! | staff | `/not-answered` | [`NotAnswered`] | none | another may ask the provider |
//! | staff | `/end` | [`EndSession`] | whether there was one | it has ended, and desks are told |
//! | staff | `/end-all` | [`EndSessions`] | how many; none if the token was seen before | they have ended, and desks are told |
//! | all but the policy | `/notification` | [`Deliver`] | none; a `4xx` is final, see [`deliver`] | once per sender and id |
//! | conversation, desk | `/restart` | [`Restart`] | none | closes every link with `1012` |
//! | all but the register | `/wake` | [`Wake`] | none | does the work that is due (tests: the clock was moved) |
//! | register | `/endings` | [`ReadEndings`] | list of rows | nothing (tests) |
//! | conversation | `/fail` | [`Fail`] | never, or none | fails on purpose (tests) |
//!
//! The upgrade of a socket and the polls in its stead are forwarded to the object as they came.
//!
//! A stub is dead after its first exception, so it is made anew for each call.

use ::worker::{
    Delay, Env, Fetcher, Headers, Method, ObjectNamespace, Request, RequestInit, Response, State, Stub,
};
use futures_util::future::{Either, select};
use infocig_domain::{
    audit::{ActedBy, AuditEvent},
    conversation::ClosingTime,
    figures::{open_data::Publication, record::Record},
    linea_inps::Update,
    own_data::{Look, OwnPlace, OwnSegnalazione},
    people::{Asker, Speaker},
    plain_page::ConversationView,
    policy::QueueAddress,
    transcript::Format,
};
use infocig_protocol::{
    assistant::{AssistantQuestion, Passage},
    case::Case,
    data_protection::ErasureProof,
    http::Problem,
    id::{ConversationId, DeskId, MessageId, QueueId},
    language::Language,
    person::Category,
    policy::{PolicyAuthor, PolicyDocument, PolicyHistory, PolicyPreview, PolicyVersion, ProposedAnswer},
    problem::Code,
    rating::Rating,
    report::{AuditTrail, Comments, FoundConversations, Report},
    segnalazione::SegnalazioneOverview,
    time::Timestamp,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};

use std::{pin::pin, time::Duration};

use super::{http::replies, installed_settings, outbound::webhooks, process::Awake};
use crate::{
    actors::{
        Admitted, AuditExport, EndErasure, HistoryQuery, HistoryView, Inquiry, Looked, OwnPage,
        PastConversationRow, PlainPageAction, PlainPageRefusal, PolicyAct, ReportQuery, Rules, Updated,
    },
    auth::{
        modi::Seen,
        oidc::{logout_token::Ended, session::StaffSession},
    },
    metrics::ObjectMetrics,
    problem::{Error, Fault, Refusal},
    readiness::AlarmWatch,
    store::{
        AuditQuery, CommentQuery, Destination, ForgettingCounts, LegalHold, OutboxMessage, Refused,
        SearchQuery,
    },
};

/// A call: the struct is its body.
pub(crate) trait Call: Serialize + DeserializeOwned {
    /// The path it is posted to.
    const PATH: &'static str;
    /// The document it is answered with; `()` for none.
    type Answer: Serialize + DeserializeOwned;
}

macro_rules! calls {
    ($($(#[$doc:meta])* $name:ident: $path:literal => $answer:ty { $($(#[$about:meta])* $member:ident: $kind:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Serialize, Deserialize)]
            pub(crate) struct $name {
                $($(#[$about])* pub(crate) $member: $kind,)*
            }

            impl Call for $name {
                const PATH: &'static str = $path;
                type Answer = $answer;
            }
        )*
    };
}

calls! {
    /// A person asks to enter.
    Admit: "/admit" => Admitted {
        asker: Asker,
        address: QueueAddress,
        /// When the service closes, if a new conversation may begin; an open one may always be resumed.
        closing: Option<ClosingTime>,
        /// The conversation a page showed before it was reloaded: it is found again, and none begins.
        resume: Option<ConversationId>,
    }
    /// The person's conversations, newest first.
    ReadHistory: "/history" => Vec<PastConversationRow> {}
    /// A written request to an office.
    WriteRequest: "/request" => ConversationId {
        asker: Asker,
        address: QueueAddress,
        id: MessageId,
        text: String,
    }
    /// The question a registry is asked for the holder of a ticket.
    Inquire: "/inquiry" => Inquiry {
        conversation: ConversationId,
        ticket: String,
    }
    /// Who may use the relay for a call: the holder of the ticket, where they are a party of it and both want it.
    AskRelay: "/relay" => Speaker {
        conversation: ConversationId,
        ticket: String,
        call: u64,
    }
    /// An advisor shows a case, as the registry said it stands.
    Share: "/share" => () {
        conversation: ConversationId,
        ticket: String,
        id: MessageId,
        case: Case,
        as_of: Timestamp,
    }
    /// A person asked the automatic assistant, and this is its answer.
    Consult: "/consult" => () {
        conversation: ConversationId,
        ticket: String,
        asked: AssistantQuestion,
        answer: Vec<Passage>,
    }
    /// A person rates a conversation that is over.
    Rate: "/rate" => () {
        conversation: ConversationId,
        ticket: String,
        rating: Rating,
    }
    /// A conversation on paper. Its answer is no JSON: see [`transcript`].
    WriteTranscript: "/transcript" => () {
        conversation: ConversationId,
        ticket: String,
        format: Format,
        language: Option<Language>,
        service: String,
    }
    /// A page without scripts, or a form posted from one.
    AskPlainPage: "/plain-page" => PlainPageAnswer {
        conversation: ConversationId,
        ticket: String,
        action: Option<PlainPageAction>,
        before: Option<u64>,
    }
    /// A page of the person's history.
    AskHistoryPage: "/history-page" => HistoryView {
        conversation: ConversationId,
        ticket: String,
        query: HistoryQuery,
    }
    /// Everything of the person of the object is deleted; the answer is how many conversations there were.
    ErasePerson: "/erase" => u32 {
        /// Whether it is only asked if that may be done.
        check: bool,
    }
    /// Conversations of the person of the object, newest first, for themself or an officer.
    ReadOwnData: "/own-data" => OwnPage {
        /// The holder of a ticket who asks; absent where the front knows who asks.
        asks: Option<(ConversationId, String)>,
        /// Where they go on; from the newest without.
        place: Option<OwnPlace>,
    }
    /// What the connector has of the person of an object.
    ReadSegnalazioniOf: "/of" => Vec<OwnSegnalazione> {
        object: String,
    }
    /// The records of the conversations of an object.
    ReadRecordsOf: "/records" => Vec<Record> {
        object: String,
    }
    /// What the staff did or looked at about the conversations of an object.
    ReadLooks: "/looks" => Vec<Look> {
        object: String,
    }
    /// What a desk still has of a person of whom no conversation goes on is deleted.
    ForgetPerson: "/forget" => () {
        object: String,
    }
    /// Everything that the connector has of the person of an object is deleted; the answer is how many segnalazioni there were.
    EraseObject: "/erase" => u32 {
        object: String,
        /// Whether it is only asked if that may be done.
        check: bool,
    }
    /// Nothing that the connector has of the person of an object is deleted, or may be again.
    HoldObject: "/hold" => () {
        object: String,
        held: bool,
    }
    /// How many segnalazioni the rules would delete tonight.
    CountDueSegnalazioni: "/due" => u32 {}
    /// How busy a desk is for a newcomer to a queue.
    AskLoad: "/load" => DeskLoad {
        queue: QueueId,
    }
    /// Something is about to be answered that the audit trail keeps.
    Append: "/append" => () {
        event: AuditEvent,
    }
    /// A page of the audit trail.
    ReadAudit: "/read" => AuditTrail {
        query: AuditQuery,
    }
    /// Rows of the audit trail as they are stored.
    ExportAudit: "/export" => AuditExport {
        query: AuditQuery,
    }
    /// The rows of the audit trail before an instant are past their time.
    CutAudit: "/cut" => Option<u64> {
        before: Timestamp,
    }
    /// Linea INPS says where a segnalazione stands.
    UpdateSegnalazione: "/update" => UpdateAnswer {
        update: Update,
        /// The facts about its signature to remember.
        seen: Seen,
    }
    /// Every segnalazione that is not delivered, and the newest that are.
    ListSegnalazioni: "/list" => Vec<SegnalazioneOverview> {
        /// The capacities of people whose segnalazioni are listed: those of the queues of whoever asks.
        categories: Vec<Category>,
    }
    /// A supervisor has one sent again.
    Retry: "/retry" => RetryAnswer {
        by: ActedBy,
        key: String,
        categories: Vec<Category>,
    }
    /// The conversations of segnalazioni with that number, or about the application with that protocol number.
    FindSegnalazioni: "/find" => Vec<ConversationId> {
        number: Option<String>,
        protocol: Option<String>,
    }
    /// People were refused at the entrance.
    CountRefused: "/refusals" => () {
        /// The process that refused them.
        source: String,
        /// The number of this batch among those of the process.
        number: i64,
        refused: Vec<Refused>,
    }
    /// Figures of a range of days.
    ReadReport: "/report" => Report {
        query: ReportQuery,
    }
    /// Conversations searched for.
    SearchConversations: "/search" => FoundConversations {
        query: SearchQuery,
    }
    /// A page of comments.
    ReadComments: "/comments" => Comments {
        query: CommentQuery,
    }
    /// A supervisor has read a comment.
    HandleComment: "/handled" => bool {
        queues: Vec<QueueId>,
        conversation: ConversationId,
        by: ActedBy,
    }
    /// The answer to a sign-in is used, which can be done once.
    UseSignIn: "/use" => bool {
        id: String,
        until: Timestamp,
    }
    /// Somebody of the staff has signed in.
    BeginSession: "/begin" => () {
        key: String,
        session: StaffSession,
    }
    /// A session of the staff.
    LookAtSession: "/look" => Looked {
        key: String,
        /// How long it stands before the provider is asked; absent for a look that asks nobody.
        minutes: Option<u16>,
    }
    /// The provider said that a session stands.
    RenewSession: "/renew" => bool {
        key: String,
        session: StaffSession,
    }
    /// The provider said nothing about a session.
    NotAnswered: "/not-answered" => () {
        key: String,
    }
    /// A session ends.
    EndSession: "/end" => bool {
        key: String,
        /// Why, where it was not its holder: the word of the provider's refusal.
        why: Option<String>,
        /// The id of the request.
        request: String,
    }
    /// The provider says that sessions have ended.
    EndSessions: "/end-all" => Option<usize> {
        ended: Ended,
        /// The id of the request.
        request: String,
    }
    /// How much the rules would erase tonight.
    CountDue: "/due" => ForgettingCounts {}
    /// The legal holds.
    ReadHolds: "/holds" => Vec<LegalHold> {}
    /// A legal hold is set.
    SetHold: "/hold" => () {
        hold: LegalHold,
        by: ActedBy,
    }
    /// A legal hold is released.
    ReleaseHold: "/release" => () {
        id: String,
        by: ActedBy,
        reason: String,
    }
    /// Whether a person may be erased.
    MayErase: "/may-erase" => () {
        object: String,
    }
    /// What the register has of a person is deleted, after everything else of them.
    FinishErasure: "/erased" => ErasureProof {
        end: EndErasure,
    }
    /// The proofs of erasures.
    ReadProofs: "/proofs" => Vec<ErasureProof> {}
    /// Everything released as open figures.
    ReadOpenFigures: "/open-figures" => Publication {}
    /// The rules in force and scheduled.
    ReadRules: "/rules" => Rules {
        /// The revision the asker knows.
        known: Option<u32>,
    }
    /// The history of the policy.
    ReadPolicyHistory: "/history" => PolicyHistory {
        /// The number before which the page begins.
        before: Option<u32>,
    }
    /// One version of the policy.
    ReadPolicyVersion: "/version" => PolicyDocument {
        number: u32,
    }
    /// What a draft would change.
    PreviewPolicy: "/preview" => PolicyPreview {
        document: String,
    }
    /// An administrator acts on the policy.
    ActOnPolicy: "/act" => PolicyVersion {
        by: PolicyAuthor,
        acted: ActedBy,
        act: PolicyAct,
    }
    /// An advisor proposes an answer for the assistant.
    ProposeAnswer: "/propose-answer" => () {
        by: PolicyAuthor,
        proposed: ProposedAnswer,
    }
    /// An administrator has dealt with a proposed answer.
    SettleAnswer: "/settle-answer" => () {
        id: MessageId,
    }
    /// The numbers of a desk, the register or the connector, for whoever operates the service.
    ReadMetrics: "/numbers" => ObjectMetrics {}
    /// Stores an instant and reads it again, to see whether anything can be stored; the answer is what is known of alarms.
    Probe: "/probe" => AlarmWatch {
        at: Timestamp,
    }
    /// A message of another object's outbox.
    Deliver: "/notification" => () {
        /// The sender's object id.
        source: String,
        /// The message's id in its sender's outbox.
        id: i64,
        /// The notification, JSON.
        notification: String,
    }
    /// The process is about to end: links are asked to reconnect.
    Restart: "/restart" => () {}
    /// The service's clock was moved.
    Wake: "/wake" => () {}
}

#[cfg(feature = "test-clock")]
calls! {
    /// The rows of the register.
    ReadEndings: "/endings" => Vec<serde_json::Value> {}
    /// Fails in a way.
    Fail: "/fail" => () {
        how: String,
    }
}

/// The answer to [`AskPlainPage`].
#[derive(Serialize, Deserialize)]
pub(crate) struct PlainPageAnswer {
    pub(crate) shown: ConversationView,
    pub(crate) refused: Option<PlainPageRefusal>,
}

/// The answer to [`AskLoad`].
#[derive(Serialize, Deserialize)]
pub(crate) struct DeskLoad {
    /// Whether so many wait that nobody may enter.
    pub(crate) full: bool,
    /// Whether no advisor of the queue is there, where the policy asks.
    pub(crate) unstaffed: bool,
    /// Since when that is so; absent where none ever was.
    pub(crate) since: Option<Timestamp>,
}

/// The answer to [`UpdateSegnalazione`].
#[derive(Serialize, Deserialize)]
pub(crate) struct UpdateAnswer {
    pub(crate) updated: Updated,
}

/// The answer to [`Retry`].
#[derive(Serialize, Deserialize)]
pub(crate) struct RetryAnswer {
    /// Whether there is one with that key.
    pub(crate) found: bool,
}

/// Binding of the conversation objects.
pub(crate) const CONVERSATION: &str = "CONVERSATION";
/// Binding of the desk objects.
const DESK: &str = "DESK";
/// Binding of the register.
const REGISTER: &str = "REGISTER";
/// Binding of the connector to Linea INPS.
const LINEA_INPS: &str = "LINEA_INPS_CONNECTOR";
/// Binding of the policy.
const POLICY: &str = "POLICY_OBJECT";
/// Binding of the sessions of the staff.
const STAFF: &str = "STAFF_SESSIONS";
/// Binding of the audit trail.
const AUDIT: &str = "AUDIT_TRAIL";
/// Binding of the site's files.
const SITE: &str = "SITE";

/// The name of the one audit trail.
pub(crate) const THE_AUDIT: &str = "audit";
/// The name of the one connector.
pub(crate) const THE_CONNECTOR: &str = "linea-inps";
/// The name of the one policy.
pub(crate) const THE_POLICY: &str = "policy";
/// The name of the one register.
pub(crate) const THE_REGISTER: &str = "register";
/// The name of the one object of the staff's sessions.
pub(crate) const THE_STAFF: &str = "staff";

/// Makes a call and reads its answer.
pub(crate) async fn call<C: Call>(stub: &Stub, call: &C) -> Result<C::Answer, Error> {
    let mut response = accepted(stub, call).await?;
    if response.status_code() == 204 {
        let nothing = serde_json::from_str("null");
        return nothing.map_err(|_| Fault::Platform(format!("no answer to {}", C::PATH)).into());
    }
    Ok(response.json().await?)
}

/// Makes a call; a refusal and a fault are errors.
async fn accepted<C: Call>(stub: &Stub, call: &C) -> Result<Response, Error> {
    let mut response = post(stub, C::PATH, call).await?;
    match response.status_code() {
        200 | 204 => Ok(response),
        500.. => match response.json::<Problem>().await {
            // Some refusals are temporary and have a status of servers: the registry of cases, the end of the process.
            Ok(problem) if !matches!(problem.code, Code::Fault | Code::Misconfigured) => {
                Err(Refusal::new(problem.code, problem.detail).into())
            }
            // The object has the settings of whoever asks it: what it cannot use is what it has stored.
            Ok(problem) if problem.code == Code::Misconfigured => Err(Fault::Newer(problem.detail).into()),
            Ok(_) | Err(_) => Err(Fault::Platform(format!("an object failed at {}", C::PATH)).into()),
        },
        status => match response.json::<Problem>().await {
            Ok(problem) => Err(Refusal::new(problem.code, problem.detail).into()),
            Err(_) => Err(Fault::Platform(format!("an object answered {status} to {}", C::PATH)).into()),
        },
    }
}

/// Answers a call with the result of `work` on its body.
pub(crate) async fn answer<C: Call>(
    request: &mut Request,
    work: impl FnOnce(C) -> Result<C::Answer, Error>,
) -> Result<Response, Error> {
    let answer = work(request.json().await?)?;
    Ok(replies::json(200, &answer)?)
}

/// The transcript of a conversation, as its object sends it: the body is passed on without being read.
pub(crate) async fn transcript(stub: &Stub, call: &WriteTranscript) -> Result<Response, Error> {
    accepted(stub, call).await
}

/// The answer to a message of an outbox.
pub(crate) enum Delivery {
    /// It is stored at its destination.
    Stored,
    /// Its destination will never accept it.
    Rejected(String),
    /// Its destination did not answer, or failed: it is to be sent again.
    Failed(String),
}

/// Brings a message to its destination, within [`DELIVERY_TIMEOUT`]. A `4xx` of an object is final, but for those that ask to come
/// again (`408`, `425`, `429`).
pub(crate) async fn deliver(env: &Env, source: &str, message: &OutboxMessage) -> Delivery {
    let sent = pin!(async {
        let stub = match &message.destination {
            Destination::Desk(id) => desk(env, id)?,
            Destination::Conversation(object) => by_id(env, CONVERSATION, object)?,
            Destination::Register => register(env)?,
            Destination::LineaInps => connector(env)?,
            Destination::Audit => audit(env)?,
            Destination::Webhook(name) => return Ok(webhooks::deliver(env, name, source, message).await),
        };
        let body =
            Deliver { source: source.into(), id: message.id, notification: message.notification.clone() };
        Ok::<_, Fault>(match post(&stub, Deliver::PATH, &body).await?.status_code() {
            200..300 => Delivery::Stored,
            status @ (400..=407 | 409..=424 | 426..=428 | 430..=499) => {
                Delivery::Rejected(format!("its destination answered {status}"))
            }
            status => Delivery::Failed(format!("its destination answered {status}")),
        })
    });
    match select(sent, pin!(Delay::from(DELIVERY_TIMEOUT))).await {
        Either::Left((Ok(delivery), _)) => delivery,
        Either::Left((Err(fault), _)) => Delivery::Failed(fault.to_string()),
        Either::Right(_) => Delivery::Failed("its destination did not answer in time".into()),
    }
}

const DELIVERY_TIMEOUT: Duration = Duration::from_secs(10);
/// An object that has not said its numbers by then counts as down in that scrape.
pub(crate) const SCRAPE_TIMEOUT: Duration = Duration::from_secs(2);

/// Calls an object that has woken in this process, with a call that has no body.
pub(crate) async fn call_awake<C: Call>(env: &Env, object: &Awake, body: &C) -> Result<(), Fault> {
    let stub = match object {
        Awake::Conversation(id) => by_id(env, CONVERSATION, id)?,
        Awake::Desk(name) => by_name(env, DESK, name)?,
        Awake::LineaInps => connector(env)?,
        Awake::Policy => policy(env)?,
    };
    post(&stub, C::PATH, body).await.map(|_| ())
}

/// The object of a person in a capacity.
pub(crate) fn of_person(env: &Env, key: &str) -> Result<Stub, Fault> {
    by_name(env, CONVERSATION, key)
}

/// The object of a conversation; an id that is none of this service's is refused.
pub(crate) fn of_conversation(env: &Env, id: &ConversationId) -> Result<Stub, Refusal> {
    by_id(env, CONVERSATION, id.object())
        .map_err(|_| Refusal::new(Code::NotFound, "no conversation has that id"))
}

/// The object of a person, by its id.
pub(crate) fn of_object(env: &Env, object: &str) -> Result<Stub, Refusal> {
    by_id(env, CONVERSATION, object).map_err(|_| Refusal::new(Code::NotFound, "no person has that id"))
}

/// A desk.
pub(crate) fn desk(env: &Env, id: &DeskId) -> Result<Stub, Fault> {
    by_name(env, DESK, id.as_str())
}

/// The connector to Linea INPS.
pub(crate) fn connector(env: &Env) -> Result<Stub, Fault> {
    by_name(env, LINEA_INPS, THE_CONNECTOR)
}

/// The id of the object of a person in a capacity, by which the ids of their conversations begin.
pub(crate) fn id_of_person(env: &Env, key: &str) -> Result<String, Fault> {
    Ok(format!("{}", namespace(env, CONVERSATION)?.id_from_name(key)?))
}

/// The register.
pub(crate) fn register(env: &Env) -> Result<Stub, Fault> {
    by_name(env, REGISTER, THE_REGISTER)
}

/// The policy.
pub(crate) fn policy(env: &Env) -> Result<Stub, Fault> {
    by_name(env, POLICY, THE_POLICY)
}

/// The sessions of the staff.
pub(crate) fn staff(env: &Env) -> Result<Stub, Fault> {
    by_name(env, STAFF, THE_STAFF)
}

/// The audit trail.
pub(crate) fn audit(env: &Env) -> Result<Stub, Fault> {
    by_name(env, AUDIT, THE_AUDIT)
}

/// The site's files: a service here, the assets of the deployment on Cloudflare.
pub(crate) fn site(env: &Env) -> Result<Fetcher, Fault> {
    Ok(env.service(SITE)?)
}

/// The id of an object as 64 hexadecimal digits.
pub(crate) fn id_of(state: &State) -> String {
    format!("{}", state.id())
}

fn by_name(env: &Env, binding: &str, name: &str) -> Result<Stub, Fault> {
    Ok(namespace(env, binding)?.id_from_name(name)?.get_stub()?)
}

fn by_id(env: &Env, binding: &str, id: &str) -> Result<Stub, Fault> {
    Ok(namespace(env, binding)?.id_from_string(id)?.get_stub()?)
}

async fn post(stub: &Stub, path: &str, body: &impl Serialize) -> Result<Response, Fault> {
    let body =
        serde_json::to_string(body).map_err(|error| Fault::Corrupt(format!("not written: {error}")))?;
    let headers = Headers::new();
    headers.set("content-type", "application/json")?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_headers(headers).with_body(Some(JsValue::from_str(&body)));
    let request = Request::new_with_init(&format!("https://object{path}"), &init)?;
    Ok(stub.fetch_with_request(request).await?)
}

/// The namespace, inside the configured jurisdiction where there is one.
fn namespace(env: &Env, binding: &str) -> Result<ObjectNamespace, Fault> {
    let namespace = env.durable_object(binding)?;
    match installed_settings(env)?.jurisdiction.as_deref() {
        None => Ok(namespace),
        Some(jurisdiction) => within(namespace, jurisdiction),
    }
}

/// `namespace.jurisdiction(name)`, which the `worker` crate does not bind.
fn within(namespace: ObjectNamespace, jurisdiction: &str) -> Result<ObjectNamespace, Fault> {
    let namespace = JsValue::from(namespace);
    let fault = |error: JsValue| Fault::Platform(format!("jurisdiction: {error:?}"));
    let method = js_sys::Reflect::get(&namespace, &JsValue::from_str("jurisdiction")).map_err(fault)?;
    let method: js_sys::Function = method.dyn_into().map_err(fault)?;
    let inner = method.call1(&namespace, &JsValue::from_str(jurisdiction)).map_err(fault)?;
    Ok(ObjectNamespace::unchecked_from_js(inner))
}
