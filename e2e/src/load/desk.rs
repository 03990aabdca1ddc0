// SPDX-License-Identifier: EUPL-1.2
//! An advisor: sits at the desk, takes who waits, and talks with everybody they hold.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError},
    time::Duration,
};

use infocig_client::desk::{DeskEvent, DeskSession};
use infocig_demo::{ADVISOR_TYPE, ADVISORS};
use infocig_protocol::{
    desk::{AssignedConversation, DeskServerFrame, WaitingConversation},
    entry::Party,
    http::DeskSessionOpened,
    id::ConversationId,
};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{Moment, Pace, Phase, Plan, Stage, side, ws};
use crate::{
    desk::Desk, driver::Driver, random::Random, scene::socket_path, socket::Socket, tokens::Claims,
    trouble::Trouble, wait::PATIENCE,
};

/// Serves at the desk until every conversation is over.
pub(super) async fn serve(stage: Arc<Stage>, which: u64) {
    let mut advisor = Advisor {
        random: Random::fork(stage.load.seed, u64::MAX - which),
        stage,
        which,
        waiting: Vec::new(),
        asked: BTreeMap::new(),
        held: BTreeSet::new(),
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
            let socket = Socket::<DeskServerFrame>::open(&url, stage.gate.issuer.origin()).await?;
            let desk = Desk::join(socket, &session).await?;
            left.extend(
                desk.waiting.into_iter().map(|waiting| (waiting.conversation, "waiting at the desk")),
            );
            left.extend(desk.mine.into_iter().map(|own| (own.conversation, "in an advisor's hands")));
        }
        if left.is_empty() || Instant::now() > deadline || stage.given_up() {
            return Ok(left);
        }
        sleep(Duration::from_millis(100)).await;
    }
}

struct Advisor {
    stage: Arc<Stage>,
    which: u64,
    random: Random,
    waiting: Vec<WaitingConversation>,
    /// When a conversation was last asked for.
    asked: BTreeMap<ConversationId, Instant>,
    held: BTreeSet<ConversationId>,
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
                        self.waiting = waiting;
                        self.hold(mine);
                    } else if let DeskEvent::Refused(_) = event {
                        return Ok(());
                    }
                }
                () = sleep(self.pause()) => {}
                _ = phase.changed() => driver.nudge(),
            }
            for conversation in self.choice() {
                self.stage.about_to(Moment::Taking);
                driver.act(|desk, _| desk.take(conversation));
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

    /// Whom to ask for now: somebody who waits, and was not just asked for.
    fn choice(&mut self) -> Vec<ConversationId> {
        let now = Instant::now();
        let at_most = if self.stage.load.pace == Pace::Human { 2 } else { usize::MAX };
        let waiting = self.waiting.iter().map(|waiting| &waiting.conversation);
        let chosen = waiting.filter(|id| self.asked.get(id).is_none_or(|asked| *asked + ASK_AGAIN < now));
        let chosen: Vec<ConversationId> = chosen.take(at_most).cloned().collect();
        self.asked.extend(chosen.iter().map(|id| (id.clone(), now)));
        chosen
    }

    /// Begins to talk with whoever is newly held.
    fn hold(&mut self, mine: Vec<AssignedConversation>) {
        for own in mine {
            if self.held.insert(own.conversation.clone()) {
                self.talks.spawn(advise(self.stage.clone(), own));
            }
        }
    }
}

const ASK_AGAIN: Duration = Duration::from_secs(2);

/// The advisor's side of one conversation.
async fn advise(stage: Arc<Stage>, own: AssignedConversation) {
    let number = own.person.name.rsplit(' ').next().and_then(|number| number.parse().ok());
    let number = number.unwrap_or_default();
    let script = Plan::of(&stage.load, number).script(&stage.load, Party::Advisor, number);
    let path = socket_path(&own.conversation);
    let told = side::converse(&stage, own.ticket, &path, script).await;
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
