// SPDX-License-Identifier: EUPL-1.2
//! An invented advisor at the desk: a link, and the picture with every change applied.

use std::time::Duration;

use infocig_protocol::desk::{AssignedConversation, AssignmentState, DeskChanges, DeskPicture};
use serde_json::{Value, json};

use super::clause::{Played, Verdict, broken, expect};
use super::link::{Event, Link};
use super::stage::Stage;

/// An advisor at the desk.
pub(super) struct Console {
    pub(super) link: Link,
    /// The advisor's id.
    pub(super) advisor: String,
    pub(super) ticket: String,
    /// The path of the desk's socket.
    pub(super) socket: String,
    pub(super) welcome: Value,
    pub(super) picture: DeskPicture,
}

impl Console {
    /// A new advisor or supervisor signs in and comes to the desk.
    pub(super) fn join(stage: &Stage, role: &str) -> Result<Self, Verdict> {
        let (token, advisor) = stage.advisor_token(role)?;
        let answer = stage.post("/v1/desk/sessions", &token, None)?;
        let session = answer.document("the session of an advisor", &[201])?;
        let member = |name: &str| {
            let text = session[name].as_str().map(ToOwned::to_owned);
            text.ok_or_else(|| broken(format_args!("a session with `{name}`"), &session))
        };
        Self::come(stage, &advisor, &member("socket")?, &member("ticket")?)
    }

    /// Comes to the desk with a ticket.
    pub(super) fn come(stage: &Stage, advisor: &str, socket: &str, ticket: &str) -> Result<Self, Verdict> {
        let mut link = Link::open(&stage.service, &stage.origin, socket, ticket)?;
        link.send(&json!({ "hello": { "version": 2, "ticket": ticket } }))?;
        let welcome = link.frame("welcome")?;
        let picture = read(link.frame("desk")?)?;
        let (advisor, ticket, socket) = (advisor.to_owned(), ticket.to_owned(), socket.to_owned());
        Ok(Self { link, advisor, ticket, socket, welcome, picture })
    }

    /// Sends a frame about a conversation, with more members.
    pub(super) fn act(&mut self, name: &str, conversation: &str, more: Value) -> Played {
        let mut content = json!({ "conversation": conversation });
        if let (Some(content), Value::Object(more)) = (content.as_object_mut(), more) {
            content.extend(more);
        }
        self.link.send(&json!({ name: content }))
    }

    /// Says whether they can answer.
    pub(super) fn be(&mut self, presence: &str) -> Played {
        self.link.send(&json!({ "presence": { "presence": presence } }))
    }

    /// Waits until the picture shows something.
    pub(super) fn see<T>(
        &mut self,
        expected: &str,
        look: impl Fn(&DeskPicture) -> Option<T>,
    ) -> Result<T, Verdict> {
        let picture = &mut self.picture;
        if let Some(seen) = look(picture) {
            return Ok(seen);
        }
        let mut failed = None;
        let seen = self.link.until(format_args!("the desk shows {expected}"), |event| {
            let Event::Frame(frame) = event else { return None };
            let applied = if let Some(content) = frame.get_mut("desk") {
                read(content.take()).map(|new| *picture = new)
            } else if let Some(content) = frame.get_mut("changed") {
                let changes: Result<DeskChanges, _> = serde_json::from_value(content.take());
                changes
                    .map(|changes| picture.apply(changes))
                    .map_err(|error| broken("the frame `changed`", error))
            } else {
                return None;
            };
            // A change that was applied is not looked at again.
            *event = Event::Frame(Value::Null);
            failed = applied.err();
            if failed.is_some() { Some(None) } else { look(picture).map(Some) }
        });
        match (seen, failed) {
            (_, Some(failed)) => Err(failed),
            (Ok(Some(seen)), None) => Ok(seen),
            (Ok(None), None) => Err(broken(expected, "nothing")),
            (Err(_), None) => {
                let DeskPicture { presence, mine, waiting, colleagues } = &self.picture;
                let mine: Vec<_> = mine.iter().map(|own| (&own.conversation, &own.state)).collect();
                let waiting: Vec<_> = waiting.iter().map(|one| &one.conversation).collect();
                let there: Vec<_> =
                    colleagues.iter().filter(|one| !one.lost).map(|one| &one.advisor).collect();
                let shown = format!("{presence:?}, mine {mine:?}, waiting {waiting:?}, colleagues {there:?}");
                Err(broken(format_args!("the desk shows {expected}"), shown))
            }
        }
    }

    /// Waits until an own conversation is in such a state.
    pub(super) fn own(
        &mut self,
        expected: &str,
        conversation: &str,
        is_it: impl Fn(&AssignmentState) -> bool,
    ) -> Result<AssignedConversation, Verdict> {
        self.see(expected, |picture| {
            let mut mine = picture.mine.iter().filter(|own| own.conversation.as_str() == conversation);
            mine.find(|own| is_it(&own.state)).cloned()
        })
    }

    /// Waits until a conversation is not among the own ones.
    pub(super) fn gone(&mut self, conversation: &str) -> Played {
        self.see("a conversation no longer among one's own", |picture| {
            let is_there = picture.mine.iter().any(|own| own.conversation.as_str() == conversation);
            (!is_there).then_some(())
        })
    }

    /// Is offered a conversation, or takes it, and returns the ticket of it.
    pub(super) fn answer(&mut self, conversation: &str) -> Result<String, Verdict> {
        let is_offered = self.see("a conversation offered or waiting", |picture| {
            let offered = picture.mine.iter().any(|own| own.conversation.as_str() == conversation);
            let waits = picture.waiting.iter().any(|waiting| waiting.conversation.as_str() == conversation);
            (offered || waits).then_some(offered)
        })?;
        self.act(if is_offered { "accept" } else { "take" }, conversation, json!({}))?;
        self.held(conversation)
    }

    /// Waits until they hold a conversation, and returns the ticket of it.
    pub(super) fn held(&mut self, conversation: &str) -> Result<String, Verdict> {
        let own = self.own("a conversation held", conversation, |state| {
            matches!(state, AssignmentState::Held { .. })
        })?;
        own.ticket.ok_or_else(|| broken("a ticket in `held`", "none"))
    }

    /// A refusal about a conversation, which must be of one of these codes.
    pub(super) fn refused(&mut self, conversation: &str, codes: &[&str]) -> Played {
        let refusal = self.link.frame_with("refused", |refusal| refusal["conversation"] == conversation)?;
        let code = refusal["code"].as_str().unwrap_or_default();
        expect(codes.contains(&code), format_args!("`refused` with {codes:?}"), &refusal)
    }

    /// Whether such a refusal about a conversation comes within a moment.
    pub(super) fn refused_already(&mut self, conversation: &str, code: &str) -> bool {
        let refused = self.link.until_within("a refusal", A_MOMENT, |event| {
            let Event::Frame(frame) = event else { return None };
            let refusal = &frame["refused"];
            (refusal["conversation"] == conversation && refusal["code"] == code).then_some(())
        });
        refused.is_ok()
    }

    /// Three ids of topics, the first of each level.
    pub(super) fn topic(&self) -> Value {
        let first = &self.welcome["topics"][0];
        json!([first["id"], first["topics"][0]["id"], first["topics"][0]["topics"][0]["id"]])
    }

    /// The frame with which an advisor ends a conversation.
    pub(super) fn close(&mut self, conversation: &str) -> Played {
        let topic = self.topic();
        self.act("close", conversation, json!({ "topic": topic, "outcome": "online" }))
    }
}

const A_MOMENT: Duration = Duration::from_secs(1);

fn read(picture: Value) -> Result<DeskPicture, Verdict> {
    let text = picture.to_string();
    serde_json::from_value(picture)
        .map_err(|error| broken("the frame `desk`", format_args!("{error}: {text}")))
}
