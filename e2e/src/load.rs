// SPDX-License-Identifier: EUPL-1.2
//! Many conversations from beginning to end, driven by the state machines of the client, and the fate of every message.
//!
//! People enter over HTTP, advisors accept them at the desk, both sides write, one of them ends it. At the end every
//! transcript is compared with what a fresh reader gets from storage, under every kind of fault.

mod desk;
mod people;
mod run;
mod side;
mod verify;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use infocig_protocol::id::ConversationId;
use reqwest::Client;
use tokio::{
    sync::{broadcast, watch},
    task::{JoinHandle, JoinSet},
    time::timeout,
};

use self::{
    people::{CitizenResult, arrivals},
    run::{RunPhase, SETTLE, SharedState},
};
pub use self::{
    run::{Load, Moment, Pace, Target},
    verify::{LoadReport, Played},
};
use crate::error::{Error, While};

/// Runs a load to its end and verifies it.
pub async fn play(target: Target, load: Load) -> Result<LoadReport, Error> {
    start(target, load)?.finish().await
}

/// Starts a load; new conversations start until it is stopped or [finished](Running::finish).
pub fn start(target: Target, load: Load) -> Result<Running, Error> {
    let http = Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(5))
        .build()
        .while_doing("making an HTTP client")?;
    let state = Arc::new(SharedState {
        target,
        load,
        http,
        moments: broadcast::channel(256).0,
        phase: watch::channel(RunPhase::Arriving).0,
        advised: Mutex::default(),
    });
    let arriving = tokio::spawn(arrivals(state.clone()));
    let mut desks = JoinSet::new();
    for advisor in 0..state.load.advisors {
        desks.spawn(desk::serve(state.clone(), advisor));
    }
    Ok(Running { state, arriving, desks })
}

/// A load that was cut off.
pub struct Cut {
    state: Arc<SharedState>,
    /// Its conversations.
    pub played: Vec<Played>,
}

impl Cut {
    /// The conversations at the desk of the edge that took the place of the one that is gone, with their place: those that are
    /// still there after a while.
    pub async fn left_at_desk(&self) -> Result<BTreeMap<ConversationId, &'static str>, Error> {
        self.state.phase.send_replace(RunPhase::Over);
        desk::left_behind(&self.state).await
    }
}

/// A running load.
pub struct Running {
    state: Arc<SharedState>,
    arriving: JoinHandle<Vec<CitizenResult>>,
    desks: JoinSet<()>,
}

impl Running {
    /// The actions of the load, each just before it starts.
    pub fn moments(&self) -> broadcast::Receiver<Moment> {
        self.state.moments.subscribe()
    }

    /// Starts no new conversations after the least number. The caller has ended all faults.
    pub fn stop(&self) {
        self.state.phase.send_replace(RunPhase::Draining);
    }

    /// Cuts every conversation off where it is, because the edge is gone. Returns what each side had written and was shown.
    pub async fn cut(mut self) -> Result<Cut, Error> {
        self.state.phase.send_replace(RunPhase::Aborted);
        let results = self.arriving.await.while_doing("playing conversations")?;
        desk::finish(&self.state, &mut self.desks).await;
        let played = self.state.played(results);
        Ok(Cut { state: self.state, played })
    }

    /// Waits until every conversation has ended, at most as long as it may take, and verifies all of them.
    pub async fn finish(mut self) -> Result<LoadReport, Error> {
        self.stop();
        let results = if let Ok(results) = timeout(self.state.load.patience(), &mut self.arriving).await {
            results
        } else {
            self.state.phase.send_replace(RunPhase::Aborted);
            self.arriving.await
        };
        let results = results.while_doing("playing conversations")?;
        if timeout(SETTLE, desk::finish(&self.state, &mut self.desks)).await.is_err() {
            self.state.phase.send_replace(RunPhase::Aborted);
            desk::finish(&self.state, &mut self.desks).await;
        }
        self.state.verify(results).await
    }
}
