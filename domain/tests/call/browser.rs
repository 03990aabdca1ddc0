// SPDX-License-Identifier: EUPL-1.2
//! A browser's connection, as far as descriptions go: what it offers, takes and rolls back, and with whom it agrees.

use std::collections::VecDeque;

use infocig_client::{call::CallCommand, machine::Millis};

/// One `RTCPeerConnection`, which does one thing after the other.
#[derive(Debug)]
pub(crate) struct Peer {
    /// No two have the same.
    pub(crate) id: u32,
    offered: Option<String>,
    /// The offer and the answer that hold.
    pub(crate) agreed: Option<(String, String)>,
    /// With what it cannot connect any more: the network has changed since.
    pub(crate) stale: Option<(String, String)>,
    /// What it reported last.
    pub(crate) connected: bool,
    /// When an interruption becomes a failure.
    pub(crate) fails_at: Option<Millis>,
    made: u32,
    ops: VecDeque<CallCommand>,
    /// When the first of them is done.
    pub(crate) done_at: Option<Millis>,
    /// The next one fails.
    pub(crate) fails_next: bool,
}

/// What came of an operation.
#[derive(Debug)]
pub(crate) enum Done {
    Offer(u32, String),
    Answer(u32, String),
    Taken,
    Failed,
}

impl Peer {
    pub(crate) fn new(id: u32) -> Self {
        Self {
            id,
            offered: None,
            agreed: None,
            stale: None,
            connected: false,
            fails_at: None,
            made: 0,
            ops: VecDeque::new(),
            done_at: None,
            fails_next: false,
        }
    }

    pub(crate) fn add(&mut self, op: CallCommand, now: Millis, takes: Millis) {
        self.ops.push_back(op);
        self.done_at.get_or_insert(now + takes);
    }

    /// Does the first operation. The next one takes as long.
    pub(crate) fn work(&mut self, now: Millis, takes: Millis) -> Done {
        let op = self.ops.pop_front().unwrap();
        self.done_at = (!self.ops.is_empty()).then_some(now + takes);
        if std::mem::take(&mut self.fails_next) {
            return Done::Failed;
        }
        match op {
            CallCommand::MakeOffer { round, .. } => {
                assert_eq!(self.offered, None, "an offer while one is under way");
                self.made += 1;
                let sdp = format!("o{}.{}", self.id, self.made);
                self.offered = Some(sdp.clone());
                Done::Offer(round, sdp)
            }
            CallCommand::TakeOffer { round, sdp } => {
                // Implicit rollback.
                self.offered = None;
                let answer = format!("a{}:{sdp}", self.id);
                self.agreed = Some((sdp, answer.clone()));
                Done::Answer(round, answer)
            }
            CallCommand::TakeAnswer { sdp } => {
                let Some(offered) = self.offered.take() else { panic!("an answer without an offer: {sdp}") };
                assert!(sdp.ends_with(&format!(":{offered}")), "{sdp} answers another offer than {offered}");
                self.agreed = Some((offered, sdp));
                Done::Taken
            }
            other @ (CallCommand::Send(_)
            | CallCommand::Open
            | CallCommand::AddCandidate { .. }
            | CallCommand::Close
            | CallCommand::WakeAt(_)
            | CallCommand::Show(_)) => panic!("{other:?}"),
        }
    }
}
