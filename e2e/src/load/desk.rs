// SPDX-License-Identifier: EUPL-1.2
//! An advisor: sits at the desk, accepts who is offered, talks with everybody they hold, and ends at the desk what they end.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
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

use super::{Moment, Pace, Phase, Plan, Stage, side, ws};
use crate::{
    desk::{Desk, ending},
    driver::Driver,
    random::Random,
    scene::socket_path,
    socket::Socket,
    tokens::Claims,
    trouble::Trouble,
    wait::PATIENCE,
};

/// Serves at the desk until every conversation is over.
pub(super) async fn serve(stage: Arc<Stage>, which: u64) {
    let mut advisor = Advisor {
        random: Random::fork(stage.load.seed, u64::MAX - which),
        stage,
        which,
        waiting: Vec::new(),
        mine: Vec::new(),
        asked: BTreeMap::new(),
        held: BTreeSet::new(),
        ending: Ending::default(),
        talks: JoinSet::new(),
    };
    while !advisor.goes_home() {
        // Whatever went wrong at the desk, the advisor sits down again.
        let _ = advisor.sit().await;
        sleep(advisor.random.millis(100..500)).await;
    }
    while advisor.talks.join_next().await.is_some() {}
}

/// Every advisor goes home after their last conversation.
pub(super) async fn leave(stage: &Stage, desks: &mut JoinSet<()>) {
    stage.phase.send_if_modified(|phase| {
        let over = *phase < Phase::Over;
        if over {
            *phase = Phase::Over;
        }
        over
    });
    while desks.join_next().await.is_some() {}
}

/// What is still at the desk, and where: soon nothing, if every conversation has ended.
pub(super) async fn left_behind(stage: &Stage) -> Result<BTreeMap<ConversationId, &'static str>, Trouble> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let mut left = BTreeMap::new();
        for which in 0..stage.load.advisors {
            let session = stage.sign_in(&stage.gate.edge, which).await?;
            let url = ws(&stage.gate.edge, &session.socket);
            let socket =
                Socket::<DeskServerFrame>::open(&url, stage.gate.issuer.origin(), &session.ticket).await?;
            let desk = Desk::join(socket, &session).await?;
            left.extend(
                desk.picture.waiting.into_iter().map(|waiting| (waiting.conversation, "waiting at the desk")),
            );
            left.extend(desk.picture.mine.into_iter().map(|own| (own.conversation, "in an advisor's hands")));
        }
        if left.is_empty() || Instant::now() > deadline || stage.given_up() {
            return Ok(left);
        }
        sleep(Duration::from_millis(100)).await;
    }
}

/// The conversations that an advisor has decided to end.
pub(super) type Ending = Arc<Mutex<BTreeSet<ConversationId>>>;

struct Advisor {
    stage: Arc<Stage>,
    which: u64,
    random: Random,
    waiting: Vec<WaitingConversation>,
    mine: Vec<AssignedConversation>,
    /// When a conversation was last asked for, or its end.
    asked: BTreeMap<(ConversationId, bool), Instant>,
    held: BTreeSet<ConversationId>,
    ending: Ending,
    talks: JoinSet<()>,
}

impl Advisor {
    fn goes_home(&self) -> bool {
        *self.stage.phase.borrow() >= Phase::Over
    }

    /// Signs in, sits down and serves until it is time to go home or the desk says no.
    async fn sit(&mut self) -> Result<(), Trouble> {
        let session = self.stage.sign_in(&self.stage.gate.base, self.which).await?;
        let url = self.stage.gate.socket(&session.socket);
        let origin = self.stage.gate.issuer.origin();
        let random = self.random.clone();
        let mut driver = Driver::start(DeskSession::new(session.ticket), &url, origin, random)?;
        let mut phase = self.stage.phase.subscribe();
        while !self.goes_home() {
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
                    self.stage.about_to(Moment::Taking);
                }
                driver.act(|desk, _| desk.send(&frame));
            }
        }
        Ok(())
    }

    fn pause(&mut self) -> Duration {
        match self.stage.load.pace {
            Pace::Human => self.random.millis(50..400),
            Pace::Full => Duration::from_millis(50),
        }
    }

    /// What to say now: accept who is offered, take who is for nobody, end what is to be ended; and say it again if nothing
    /// came of it.
    fn choice(&mut self) -> Vec<DeskClientFrame> {
        let now = Instant::now();
        let at_most = if self.stage.load.pace == Pace::Human { 2 } else { usize::MAX };
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

    /// Begins to talk with whoever is newly held.
    fn hold(&mut self, mine: &[AssignedConversation]) {
        for own in mine {
            let Some(ticket) = &own.ticket else { continue };
            if self.held.insert(own.conversation.clone()) {
                let (own, ending) = (own.clone(), Arc::clone(&self.ending));
                self.talks.spawn(advise(self.stage.clone(), own, ticket.clone(), ending));
            }
        }
    }
}

/// What is asked at most so often: that a conversation comes, or that it ends.
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
        | DeskClientFrame::Invite { .. }
        | DeskClientFrame::Leave { .. }
        | DeskClientFrame::Note { .. }
        | DeskClientFrame::Notes { .. } => None,
    }
}

const ASK_AGAIN: Duration = Duration::from_secs(2);

/// The advisor's side of one conversation.
async fn advise(stage: Arc<Stage>, own: AssignedConversation, ticket: String, ending: Ending) {
    let number = own.person.name.rsplit(' ').next().and_then(|number| number.parse().ok());
    let number = number.unwrap_or_default();
    let script = Plan::of(&stage.load, number).script(&stage.load, Party::Advisor, number);
    let path = socket_path(&own.conversation);
    let at_desk = Some((own.conversation.clone(), ending));
    let told = side::converse(&stage, ticket, &path, script, at_desk).await;
    let mut advised = stage.advised.lock().unwrap_or_else(PoisonError::into_inner);
    advised.push((own.conversation, told));
}

impl Stage {
    async fn sign_in(&self, origin: &str, which: u64) -> Result<DeskSessionOpened, Trouble> {
        let Some(advisor) = ADVISORS.first() else { return Err(Trouble::new("there are no advisors")) };
        let issuer = &self.gate.issuer;
        let claims = Claims::of_advisor(advisor, issuer.origin(), &self.gate.edge)?
            .with("sub", format!("advisor-{which}"))
            .with("name", format!("Consulente {which}"));
        let token = issuer.sign(ADVISOR_TYPE, &claims)?;
        self.post(origin, "/v1/desk/sessions", &token).await?.document(201)
    }
}
