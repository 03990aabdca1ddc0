// SPDX-License-Identifier: EUPL-1.2
//! An advisor: joins the desk, accepts offers, writes in every assigned conversation, and ends conversations at the desk.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError},
    time::Duration,
};

use infocig_client::desk::{DeskEvent, DeskSession};
use infocig_demo::{ADVISOR_TYPE, ADVISORS};
use infocig_protocol::{
    desk::{
        AssignedConversation, AssignmentState, DeskClientFrame, DeskServerFrame, Fit, WaitingConversation,
    },
    entry::{Outcome, Party},
    http::DeskSessionOpened,
    id::ConversationId,
};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{
    run::{Ending, Moment, Pace, Plan, RunPhase, SharedState, ws},
    side,
};
use crate::{
    desk::{Desk, ending},
    driver::Driver,
    error::Error,
    random::Random,
    scene::socket_path,
    socket::Socket,
    tokens::Claims,
    wait::PATIENCE,
};

/// Serves at the desk until every conversation is over.
pub(super) async fn serve(state: Arc<SharedState>, which: u64) {
    let mut advisor = Advisor {
        random: Random::fork(state.load.seed, u64::MAX - which),
        state,
        which,
        waiting: Vec::new(),
        mine: Vec::new(),
        asked: BTreeMap::new(),
        held: BTreeSet::new(),
        ending: Ending::default(),
        conversations: JoinSet::new(),
    };
    while !advisor.is_over() {
        // After any error the advisor signs in again.
        let _ = advisor.serve_session().await;
        sleep(advisor.random.millis(100..500)).await;
    }
    while advisor.conversations.join_next().await.is_some() {}
}

/// Waits until every advisor has ended their last conversation.
pub(super) async fn finish(state: &SharedState, desks: &mut JoinSet<()>) {
    state.phase.send_if_modified(|phase| {
        let over = *phase < RunPhase::Over;
        if over {
            *phase = RunPhase::Over;
        }
        over
    });
    while desks.join_next().await.is_some() {}
}

/// The conversations still at the desk, with their place. The desk learns of an end with a delay, so that this waits.
pub(super) async fn left_behind(
    state: &SharedState,
) -> Result<BTreeMap<ConversationId, &'static str>, Error> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let mut left = BTreeMap::new();
        for which in 0..state.load.advisors {
            let session = state.sign_in(&state.target.edge, which).await?;
            let url = ws(&state.target.edge, &session.socket);
            let socket =
                Socket::<DeskServerFrame>::open(&url, state.target.issuer.origin(), &session.ticket).await?;
            let desk = Desk::join(socket, &session).await?;
            left.extend(
                desk.picture.waiting.into_iter().map(|waiting| (waiting.conversation, "waiting at the desk")),
            );
            left.extend(desk.picture.mine.into_iter().map(|own| (own.conversation, "in an advisor's hands")));
        }
        if left.is_empty() || Instant::now() > deadline || state.is_aborted() {
            return Ok(left);
        }
        sleep(Duration::from_millis(100)).await;
    }
}

struct Advisor {
    state: Arc<SharedState>,
    which: u64,
    random: Random,
    waiting: Vec<WaitingConversation>,
    mine: Vec<AssignedConversation>,
    /// When a conversation was last requested (`false`), or its end (`true`).
    asked: BTreeMap<(ConversationId, bool), Instant>,
    held: BTreeSet<ConversationId>,
    ending: Ending,
    conversations: JoinSet<()>,
}

impl Advisor {
    fn is_over(&self) -> bool {
        *self.state.phase.borrow() >= RunPhase::Over
    }

    /// Signs in, joins the desk and serves until the load is over or the desk refuses.
    async fn serve_session(&mut self) -> Result<(), Error> {
        let session = self.state.sign_in(&self.state.target.base, self.which).await?;
        let url = self.state.target.socket(&session.socket);
        let origin = self.state.target.issuer.origin();
        let random = self.random.clone();
        let mut driver = Driver::start(DeskSession::new(session.ticket), &url, origin, random)?;
        let mut phase = self.state.phase.subscribe();
        while !self.is_over() {
            tokio::select! {
                event = driver.next() => {
                    if let DeskEvent::Desk { waiting, mine } = event {
                        self.hold(&mine);
                        (self.waiting, self.mine) = (waiting, mine);
                    } else if let DeskEvent::Refused(_) = event {
                        return Ok(());
                    }
                }
                () = sleep(self.pause()) => {}
                _ = phase.changed() => driver.nudge(),
            }
            for frame in self.choice() {
                if !matches!(frame, DeskClientFrame::Close { .. }) {
                    self.state.announce(Moment::Taking);
                }
                driver.act(|desk, _| desk.send(&frame));
            }
        }
        Ok(())
    }

    fn pause(&mut self) -> Duration {
        match self.state.load.pace {
            Pace::Human => self.random.millis(50..400),
            Pace::Full => Duration::from_millis(50),
        }
    }

    /// The frames to send now: accept offers, take conversations that fit nobody, end those to be ended. Each is repeated
    /// after a while if it has had no effect.
    fn choice(&mut self) -> Vec<DeskClientFrame> {
        let now = Instant::now();
        let at_most = if self.state.load.pace == Pace::Human { 2 } else { usize::MAX };
        let mut ending_now = self.ending.lock().unwrap_or_else(PoisonError::into_inner);
        ending_now.retain(|id| self.mine.iter().any(|own| own.conversation == *id));
        let own = self.mine.iter().filter_map(|own| {
            let conversation = own.conversation.clone();
            match own.state {
                AssignmentState::Offered { .. } => Some(DeskClientFrame::Accept { conversation }),
                AssignmentState::Held { ending: false, .. } if ending_now.contains(&conversation) => {
                    Some(ending(&conversation, Outcome::Online))
                }
                AssignmentState::Held { .. }
                | AssignmentState::Invited { .. }
                | AssignmentState::Helping { .. }
                | AssignmentState::Observing { .. }
                | AssignmentState::WrapUp { .. } => None,
            }
        });
        let nobodys = self.waiting.iter().filter(|waiting| waiting.fit == Fit::Nobody {});
        let nobodys =
            nobodys.map(|waiting| DeskClientFrame::Take { conversation: waiting.conversation.clone() });
        let wanted = own.chain(nobodys).filter_map(|frame| Some((key(&frame)?, frame)));
        let fresh =
            wanted.filter(|(key, _)| self.asked.get(key).is_none_or(|asked| *asked + ASK_AGAIN < now));
        let chosen: Vec<_> = fresh.take(at_most).collect();
        self.asked.extend(chosen.iter().map(|(key, _)| (key.clone(), now)));
        chosen.into_iter().map(|(_, frame)| frame).collect()
    }

    /// Starts the advisor's side of every newly assigned conversation.
    fn hold(&mut self, mine: &[AssignedConversation]) {
        for own in mine {
            let Some(ticket) = &own.ticket else { continue };
            if self.held.insert(own.conversation.clone()) {
                let (own, ending) = (own.clone(), Arc::clone(&self.ending));
                self.conversations.spawn(advise(self.state.clone(), own, ticket.clone(), ending));
            }
        }
    }
}

/// The key by which repetitions of a request are limited: the conversation, and whether its end is requested.
fn key(frame: &DeskClientFrame) -> Option<(ConversationId, bool)> {
    match frame {
        DeskClientFrame::Accept { conversation } | DeskClientFrame::Take { conversation } => {
            Some((conversation.clone(), false))
        }
        DeskClientFrame::Close { conversation, .. } => Some((conversation.clone(), true)),
        DeskClientFrame::Hello { .. }
        | DeskClientFrame::Presence { .. }
        | DeskClientFrame::Decline { .. }
        | DeskClientFrame::Transfer { .. }
        | DeskClientFrame::Retract { .. }
        | DeskClientFrame::Hold { .. }
        | DeskClientFrame::Resume { .. }
        | DeskClientFrame::Warn { .. }
        | DeskClientFrame::Block { .. }
        | DeskClientFrame::Lift { .. }
        | DeskClientFrame::Invite { .. }
        | DeskClientFrame::Leave { .. }
        | DeskClientFrame::Note { .. }
        | DeskClientFrame::Notes { .. }
        | DeskClientFrame::KeepReply { .. }
        | DeskClientFrame::DropReply { .. }
        | DeskClientFrame::Reassign { .. }
        | DeskClientFrame::End { .. }
        | DeskClientFrame::TakeOver { .. }
        | DeskClientFrame::Join { .. }
        | DeskClientFrame::Observe { .. }
        | DeskClientFrame::Whisper { .. } => None,
    }
}

const ASK_AGAIN: Duration = Duration::from_secs(2);

/// The advisor's side of one conversation.
async fn advise(state: Arc<SharedState>, own: AssignedConversation, ticket: String, ending: Ending) {
    let number = own.person.name.rsplit(' ').next().and_then(|number| number.parse().ok());
    let number = number.unwrap_or_default();
    let script = Plan::of(&state.load, number).script(&state.load, Party::Advisor, number);
    let path = socket_path(&own.conversation);
    let at_desk = Some((own.conversation.clone(), ending));
    let result = side::converse(&state, ticket, &path, script, at_desk).await;
    let mut advised = state.advised.lock().unwrap_or_else(PoisonError::into_inner);
    advised.push((own.conversation, result));
}

impl SharedState {
    async fn sign_in(&self, origin: &str, which: u64) -> Result<DeskSessionOpened, Error> {
        let Some(advisor) = ADVISORS.first() else { return Err(Error::new("there are no advisors")) };
        let issuer = &self.target.issuer;
        let claims = Claims::of_advisor(advisor, issuer.origin(), &self.target.edge)?
            .with("sub", format!("advisor-{which}"))
            .with("name", format!("Consulente {which}"));
        let token = issuer.sign(ADVISOR_TYPE, &claims)?;
        self.post(origin, "/v1/desk/sessions", &token).await?.document(201)
    }
}
