// SPDX-License-Identifier: EUPL-1.2
//! Whoever is signed in: their token, and what is theirs.

use infocig_client::{
    http::{self, Failure},
    storage,
};
use infocig_protocol::codec::Object;

use super::{
    Chat,
    storage::{KEPT, kept_request},
};
use crate::{
    drafts::Owner,
    state::{Letter, Pass, Stage, Trouble},
};

impl Chat {
    pub(super) async fn token(&self) -> Result<String, Failure> {
        let asked = Object::new().text("entry", self.config.entry.as_str()).done();
        let token = http::token(&self.ask, &asked).await?;
        if !self.state.is_gone() {
            self.meet(Owner::of(&token));
        }
        Ok(token)
    }

    /// Somebody is signed in: what they wrote to the office is in its field again, what anybody else did is forgotten.
    fn meet(&self, owner: Option<Owner>) {
        let Self { state, inside, .. } = self;
        let before = self.owner.replace(owner.clone());
        if before != owner {
            state.change(|s| s.request = Letter::default());
            let stage = state.peek(|s| s.stage.clone());
            if before.is_some() && stage != Stage::Inside {
                // So is what they left of a conversation.
                let enters = stage == Stage::Entering && state.peek(|s| s.pass()) != Some(Pass::Coming);
                self.shown_before.take();
                inside.leave(*state, Trouble::NotAccepted);
                if enters {
                    state.change(|s| s.stage = stage);
                }
            }
        }
        let kept = self.request.borrow().clone().or_else(kept_request);
        match kept {
            Some(kept) if kept.owner == owner => {
                if state.peek(|s| s.request.text.is_none()) {
                    state.change(|s| {
                        s.request = Letter { text: Some(kept.text.clone()), ..Letter::default() }
                    });
                }
                self.request.replace(Some(kept));
            }
            Some(_) => self.forget_request(),
            None => {}
        }
    }

    /// What stands in the way when something failed.
    pub(super) fn trouble(&self, failure: &Failure) -> Trouble {
        match failure {
            Failure::SignedOut => {
                // Whoever signs in next must not find what somebody else wrote.
                self.lay_request_by();
                storage::session_remove(KEPT);
                self.inside.leave(self.state, Trouble::SignedOut);
                Trouble::SignedOut
            }
            Failure::Unreachable => Trouble::Unreachable,
            Failure::Refused(problem) if problem.status == 401 => Trouble::NotAccepted,
            Failure::Refused(_) | Failure::Unreadable => Trouble::Fault,
        }
    }
}
