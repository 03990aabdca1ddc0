// SPDX-License-Identifier: EUPL-1.2
//! The people of a load: each enters over HTTP and has one conversation.

use std::sync::Arc;

use infocig_demo::HANDOFF_TYPE;
use infocig_protocol::{entry::Party, http::ConversationOpened};
use tokio::{task::JoinSet, time::sleep};

use super::{
    run::{Load, Moment, Pace, Plan, RunPhase, SharedState, SideResult},
    side,
};
use crate::{error::Error, random::Random, scene::Scene, tokens::Claims};

/// The result of a conversation on the side of its person.
pub(super) struct CitizenResult {
    pub(super) number: u64,
    pub(super) plan: Plan,
    pub(super) entered: Result<(ConversationOpened, SideResult), String>,
}

/// Starts the conversations of people, and waits for the end of all.
pub(super) async fn arrivals(state: Arc<SharedState>) -> Vec<CitizenResult> {
    let Load { conversations, at_once, pace, seed, .. } = state.load;
    let mut random = Random::of(seed);
    let mut under_way = JoinSet::new();
    let mut results = Vec::new();
    let mut number = 0;
    while number < conversations || *state.phase.borrow() == RunPhase::Arriving {
        if state.is_aborted() {
            break;
        }
        if under_way.len() >= at_once {
            results.extend(under_way.join_next().await.and_then(Result::ok));
            continue;
        }
        under_way.spawn(citizen(state.clone(), number));
        number += 1;
        if pace == Pace::Human {
            sleep(random.millis(10..300)).await;
        }
    }
    results.extend(under_way.join_all().await);
    results
}

/// One person enters, waits, writes and leaves.
async fn citizen(state: Arc<SharedState>, number: u64) -> CitizenResult {
    let plan = Plan::of(&state.load, number);
    let entered = match state.enter(number).await {
        Ok(opened) => {
            let script = plan.script(&state.load, Party::Citizen, number);
            let result = side::converse(&state, opened.ticket.clone(), &opened.socket, script, None).await;
            Ok((opened, result))
        }
        Err(failure) => Err(failure),
    };
    CitizenResult { number, plan, entered }
}

impl SharedState {
    /// Presents tokens until one is accepted.
    async fn enter(&self, number: u64) -> Result<ConversationOpened, String> {
        let mut random = Random::fork(self.load.seed, !number);
        loop {
            let failure = match self.ask_to_enter(number).await {
                Ok(opened) => return Ok(opened),
                Err(error) => error.to_string(),
            };
            if self.is_aborted() {
                return Err(failure);
            }
            sleep(random.millis(100..600)).await;
        }
    }

    async fn ask_to_enter(&self, number: u64) -> Result<ConversationOpened, Error> {
        let issuer = &self.target.issuer;
        let claims = Claims::of_person(Scene::person("worker-roma")?, issuer.origin(), &self.target.edge)?;
        let claims = claims
            .with("sub", format!("load-{:x}-{number}", self.load.seed))
            .with("given_name", "Persona")
            .with("family_name", number.to_string());
        let token = issuer.sign(HANDOFF_TYPE, &claims)?;
        self.announce(Moment::Entering);
        let answer = self.post(&self.target.base, "/v1/conversations", &token).await?;
        answer.document(if answer.status == 200 { 200 } else { 201 })
    }
}
