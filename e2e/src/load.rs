// SPDX-License-Identifier: EUPL-1.2
//! Many conversations from beginning to end, played by the client's own machines, and what became of every message.
//!
//! People come in over HTTP, advisors take them from the desk, both sides write, one of them ends it. Whatever the network
//! and the service do meanwhile, at the end every transcript is compared with what a fresh reader is given from storage.

mod desk;
mod side;

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    ops::Range,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use infocig_demo::HANDOFF_TYPE;
use infocig_protocol::{
    entry::{Entry, EntryBody, Party},
    frame::ServerFrame,
    http::ConversationOpened,
    id::ConversationId,
};
use reqwest::Client;
use tokio::{
    sync::{broadcast, watch},
    task::{JoinHandle, JoinSet},
    time::{sleep, timeout},
};

use self::side::Script;
use crate::{
    answer::Answer,
    chat::Chat,
    issuer::Issuer,
    random::Random,
    scene::Scene,
    socket::Socket,
    tokens::Claims,
    transcript::{Fate, Flaws, Side},
    trouble::{Trouble, While},
};

/// How many play, and how.
#[derive(Clone, Debug)]
pub struct Load {
    /// At least so many conversations are played; new ones keep coming until the load is [stopped](Running::stop).
    pub conversations: u64,
    /// So many are under way at a time.
    pub at_once: usize,
    /// Between how many advisors they are shared.
    pub advisors: u64,
    /// How many messages each side writes; chosen for each.
    pub messages: Range<u64>,
    /// How fast.
    pub pace: Pace,
    /// One conversation in five is ended by either side at any moment, as people do; otherwise only after everything was said.
    pub hang_ups: bool,
    /// What chance is made of.
    pub seed: u64,
}

/// How fast messages follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Between 0.3 and 3 seconds after the one before.
    Human,
    /// As soon as the one before is acknowledged.
    Full,
}

/// The way to an edge.
#[derive(Clone)]
pub struct Gate {
    /// The origin that is connected to: the edge's, or that of a proxy in front of it.
    pub base: String,
    /// The edge's own origin.
    pub edge: String,
    /// Whose tokens it accepts.
    pub issuer: Arc<Issuer>,
}

impl Gate {
    /// The address of a socket.
    fn socket(&self, path: &str) -> String {
        ws(&self.base, path)
    }
}

/// Something that is about to happen: moments worth a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Somebody presents a token.
    Entering,
    /// An advisor takes a conversation.
    Taking,
    /// Somebody writes.
    Writing,
    /// Somebody ends a conversation.
    Closing,
}

/// What came of a load.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Conversations that were entered.
    pub conversations: u64,
    /// Of all messages.
    pub flaws: Flaws,
    /// Conversations that did not come to their end, or did and are still at the desk, or are in two advisors' hands.
    pub stranded: u64,
    /// Everything that is wrong, in words.
    pub troubles: Vec<String>,
}

impl Outcome {
    /// Whether everything came to a good end.
    pub fn is_clean(&self) -> bool {
        self.stranded == 0 && self.flaws.is_none()
    }

    /// What is wrong, for whoever reads it.
    pub fn words(&self) -> String {
        let Flaws { messages, refused, lost, doubled, out_of_order } = self.flaws;
        let mut words = format!(
            "{} conversations, {messages} messages, {refused} refused; {lost} lost, {doubled} doubled, {out_of_order} out \
             of order, {} stranded",
            self.conversations, self.stranded
        );
        for trouble in self.troubles.iter().take(SHOWN) {
            let _ = write!(words, "\n- {trouble}");
        }
        if let Some(more) = self.troubles.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            let _ = write!(words, "\n- and {more} more");
        }
        words
    }

    fn strand(&mut self, trouble: String) {
        self.stranded += 1;
        self.troubles.push(trouble);
    }
}

/// How many troubles are worth reading.
const SHOWN: usize = 10;

/// Plays a load to its end and looks at what came of it.
pub async fn play(gate: Gate, load: Load) -> Result<Outcome, Trouble> {
    start(gate, load)?.finish().await
}

/// Starts a load; new conversations come until it is stopped or [finished](Running::finish).
pub fn start(gate: Gate, load: Load) -> Result<Running, Trouble> {
    let http = Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(5))
        .build()
        .while_doing("making an HTTP client")?;
    let stage = Arc::new(Stage {
        gate,
        load,
        http,
        moments: broadcast::channel(256).0,
        phase: watch::channel(Phase::Arriving).0,
        advised: Mutex::default(),
    });
    let arriving = tokio::spawn(arrivals(stage.clone()));
    let mut desks = JoinSet::new();
    for advisor in 0..stage.load.advisors {
        desks.spawn(desk::serve(stage.clone(), advisor));
    }
    Ok(Running { stage, arriving, desks })
}

/// A load under way.
pub struct Running {
    stage: Arc<Stage>,
    arriving: JoinHandle<Vec<Lived>>,
    desks: JoinSet<()>,
}

impl Running {
    /// What is about to happen, as it is about to happen.
    pub fn moments(&self) -> broadcast::Receiver<Moment> {
        self.stage.moments.subscribe()
    }

    /// Nobody new comes, once the least number has come; the network is whole again.
    pub fn stop(&self) {
        self.stage.phase.send_replace(Phase::Settling);
    }

    /// Waits until every conversation has ended, as far as they do, and looks at all of them.
    pub async fn finish(mut self) -> Result<Outcome, Trouble> {
        self.stop();
        let lived = if let Ok(lived) = timeout(self.stage.load.patience(), &mut self.arriving).await {
            lived
        } else {
            self.stage.phase.send_replace(Phase::GivenUp);
            self.arriving.await
        };
        let lived = lived.while_doing("playing conversations")?;
        if timeout(SETTLE, desk::leave(&self.stage, &mut self.desks)).await.is_err() {
            self.stage.phase.send_replace(Phase::GivenUp);
            desk::leave(&self.stage, &mut self.desks).await;
        }
        self.stage.judge(lived).await
    }
}

impl Load {
    /// How long conversations may take to end once nothing is in their way.
    fn patience(&self) -> Duration {
        match self.pace {
            Pace::Human => SETTLE + Duration::from_secs(3 * self.messages.end),
            // What is still to be played is played now.
            Pace::Full => Duration::from_mins(10),
        }
    }
}

/// A half-open link needs 18 seconds to be noticed, and the pause after many failures lasts up to 30.
const SETTLE: Duration = Duration::from_mins(1);

/// What everybody who plays shares.
struct Stage {
    gate: Gate,
    load: Load,
    http: Client,
    moments: broadcast::Sender<Moment>,
    phase: watch::Sender<Phase>,
    advised: Mutex<Vec<(ConversationId, Told)>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
enum Phase {
    /// New conversations keep coming.
    Arriving,
    /// Those that have come go on to their end.
    Settling,
    /// Every conversation has ended: advisors go home.
    Over,
    /// It took too long: everybody stops.
    GivenUp,
}

/// What a side lived, and why it did not come to the end of its conversation if it did not.
struct Told {
    side: Side,
    why_not: Option<String>,
}

impl Told {
    /// An advisor whose link ended before it showed anything. They may have begun to write: none of it was acknowledged.
    fn came_too_late(&self) -> bool {
        let Side { party, written, seen, .. } = &self.side;
        let is_heard = written.iter().any(|written| written.fate == Fate::Acknowledged);
        *party == Party::Advisor && !is_heard && seen.is_empty() && self.why_not.is_some()
    }
}

/// Whether its person ended a conversation that nobody had taken.
fn left_in_the_queue(log: &[Entry]) -> bool {
    let is_ended = |entry: &Entry| matches!(entry.body, EntryBody::Closed { by: Party::Citizen, .. });
    let is_taken = |entry: &Entry| matches!(entry.body, EntryBody::Assigned { .. });
    log.iter().any(is_ended) && !log.iter().any(is_taken)
}

/// A conversation as the person who came in lived it.
struct Lived {
    number: u64,
    plan: Plan,
    inside: Result<(ConversationOpened, Told), String>,
}

/// What is going to happen in a conversation, the same for whoever asks.
#[derive(Clone, Copy, Debug)]
struct Plan {
    citizen_writes: u64,
    advisor_writes: u64,
    closes: Party,
    hangs_up_after: Option<Duration>,
}

impl Plan {
    fn of(load: &Load, number: u64) -> Self {
        let mut random = Random::fork(load.seed, number);
        let citizen_writes = random.within(load.messages.clone());
        let advisor_writes = random.within(load.messages.clone());
        let closes = if random.one_in(2) { Party::Citizen } else { Party::Advisor };
        let hangs_up = load.hang_ups && random.one_in(5);
        let after = random.millis(200..8_000);
        Self { citizen_writes, advisor_writes, closes, hangs_up_after: hangs_up.then_some(after) }
    }

    fn script(&self, load: &Load, party: Party, number: u64) -> Script {
        let (own, others) = match party {
            Party::Advisor => (self.advisor_writes, self.citizen_writes),
            Party::Citizen | Party::System => (self.citizen_writes, self.advisor_writes),
        };
        Script {
            party,
            number,
            seed: load.seed,
            pace: load.pace,
            messages: own,
            all: own + others,
            closes: self.closes == party,
            hangs_up_after: self.hangs_up_after.filter(|_| self.closes == party),
        }
    }
}

/// Lets people come, each in a conversation of their own, and waits until all have gone.
async fn arrivals(stage: Arc<Stage>) -> Vec<Lived> {
    let Load { conversations, at_once, pace, seed, .. } = stage.load;
    let mut random = Random::of(seed);
    let mut under_way = JoinSet::new();
    let mut lived = Vec::new();
    let mut number = 0;
    while number < conversations || *stage.phase.borrow() == Phase::Arriving {
        if stage.given_up() {
            break;
        }
        if under_way.len() >= at_once {
            lived.extend(under_way.join_next().await.and_then(Result::ok));
            continue;
        }
        under_way.spawn(citizen(stage.clone(), number));
        number += 1;
        if pace == Pace::Human {
            sleep(random.millis(10..300)).await;
        }
    }
    lived.extend(under_way.join_all().await);
    lived
}

/// Somebody comes in, waits, talks and goes.
async fn citizen(stage: Arc<Stage>, number: u64) -> Lived {
    let plan = Plan::of(&stage.load, number);
    let inside = match stage.enter(number).await {
        Ok(opened) => {
            let script = plan.script(&stage.load, Party::Citizen, number);
            let told = side::converse(&stage, opened.ticket.clone(), &opened.socket, script, None).await;
            Ok((opened, told))
        }
        Err(why_not) => Err(why_not),
    };
    Lived { number, plan, inside }
}

impl Stage {
    fn given_up(&self) -> bool {
        *self.phase.borrow() == Phase::GivenUp
    }

    fn about_to(&self, moment: Moment) {
        // There may be nobody who waits for it.
        let _ = self.moments.send(moment);
    }

    /// Presents tokens until one lets the person in.
    async fn enter(&self, number: u64) -> Result<ConversationOpened, String> {
        let mut random = Random::fork(self.load.seed, !number);
        loop {
            let why_not = match self.ask_to_enter(number).await {
                Ok(opened) => return Ok(opened),
                Err(trouble) => trouble.to_string(),
            };
            if self.given_up() {
                return Err(why_not);
            }
            sleep(random.millis(100..600)).await;
        }
    }

    async fn ask_to_enter(&self, number: u64) -> Result<ConversationOpened, Trouble> {
        let issuer = &self.gate.issuer;
        let claims = Claims::of_person(Scene::person("worker-roma")?, issuer.origin(), &self.gate.edge)?;
        let claims = claims
            .with("sub", format!("load-{:x}-{number}", self.load.seed))
            .with("given_name", "Persona")
            .with("family_name", number.to_string());
        let token = issuer.sign(HANDOFF_TYPE, &claims)?;
        self.about_to(Moment::Entering);
        let answer = self.post(&self.gate.base, "/v1/conversations", &token).await?;
        answer.document(if answer.status == 200 { 200 } else { 201 })
    }

    async fn post(&self, origin: &str, path: &str, token: &str) -> Result<Answer, Trouble> {
        let request = self.http.post(format!("{origin}{path}"));
        Answer::to(request.header("origin", self.gate.issuer.origin()).bearer_auth(token)).await
    }

    /// Looks at every conversation, from the edge itself and with fresh eyes.
    async fn judge(&self, lived: Vec<Lived>) -> Result<Outcome, Trouble> {
        let mut advised: BTreeMap<ConversationId, Vec<Told>> = BTreeMap::new();
        let told = std::mem::take(&mut *self.advised.lock().unwrap_or_else(PoisonError::into_inner));
        for (conversation, told) in told {
            advised.entry(conversation).or_default().push(told);
        }
        let at_desk = desk::left_behind(self).await?;
        let mut outcome = Outcome { conversations: lived.len() as u64, ..Outcome::default() };
        for Lived { number, plan, inside } in lived {
            let (opened, told) = match inside {
                Ok(inside) => inside,
                Err(why_not) => {
                    outcome.strand(format!("conversation {number} was not let in: {why_not}"));
                    continue;
                }
            };
            let id = &opened.conversation;
            let stored = self.stored(&opened).await;
            let mut all: Vec<Told> =
                advised.remove(id).unwrap_or_default().into_iter().chain([told]).collect();
            // Who accepts somebody at the moment at which they leave the queue is refused, and is no hand: the log knows of none.
            let was_left = plan.hangs_up_after.is_some()
                && stored.as_ref().is_ok_and(|chat| left_in_the_queue(&chat.log));
            all.retain(|told| !was_left || !told.came_too_late());
            let (sides, why_not): (Vec<Side>, Vec<_>) =
                all.into_iter().map(|told| (told.side, told.why_not)).unzip();
            let hands = sides.iter().filter(|side| side.party == Party::Advisor).count();
            let why_not: Vec<String> = why_not.into_iter().flatten().collect();
            let stranded = if !why_not.is_empty() {
                Some(format!("did not end: {}", why_not.join("; ")))
            } else if let Err(trouble) = &stored {
                Some(format!("cannot be read: {trouble}"))
            } else if at_desk.contains_key(id) {
                Some("has ended".to_owned())
            } else if hands > 1 || hands == 0 && plan.hangs_up_after.is_none() {
                Some(format!("was in the hands of {hands} advisors"))
            } else {
                None
            };
            let stored = stored.map_or_else(|_| Vec::new(), |chat| chat.log);
            let flaws = Flaws::of(&stored, &sides);
            let place = at_desk.get(id).map_or("not at the desk", |place| *place);
            let name = format!("conversation {number}, {id}, {plan:?}, {place},");
            if let Some(stranded) = stranded {
                outcome.strand(format!("{name} {stranded}; stored: {stored:?}"));
            }
            if !flaws.is_none() {
                outcome.troubles.push(format!("{name} {flaws:?}; stored: {stored:?}; lived: {sides:?}"));
            }
            outcome.flaws += flaws;
        }
        Ok(outcome)
    }

    /// A conversation as somebody reads it who has seen nothing of it.
    async fn stored(&self, opened: &ConversationOpened) -> Result<Chat, Trouble> {
        let url = ws(&self.gate.edge, &opened.socket);
        let socket = Socket::<ServerFrame>::open(&url, self.gate.issuer.origin(), &opened.ticket).await?;
        Chat::join(socket, &opened.ticket, 0).await
    }
}

fn ws(origin: &str, path: &str) -> String {
    format!("{}{path}", origin.replacen("http", "ws", 1))
}
