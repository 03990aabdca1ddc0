// SPDX-License-Identifier: EUPL-1.2
//! The segnalazioni Linea INPS accepted, in order of arrival, and the updates of each that wait for the edge.
//!
//! Pure. A segnalazione is accepted once however often it is delivered: a repetition is answered with the same number.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Largest number of segnalazioni; more are refused.
pub(crate) const MAX_KEPT: usize = 10_000;
/// Longest answer of an office.
pub(crate) const MAX_ANSWER_CHARS: usize = 16_000;

/// The state of a segnalazione.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// Accepted, not yet worked on.
    Accepted,
    /// Being worked on.
    InProgress,
    /// Answered: the last state.
    Answered,
}

/// An update for the edge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Update {
    pub(crate) key: String,
    pub(crate) number: String,
    pub(crate) state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<String>,
}

/// A segnalazione.
pub(crate) struct Received {
    key: String,
    number: String,
    pub(crate) state: State,
    pub(crate) answer: Option<String>,
    pub(crate) body: Value,
    hash: [u8; 32],
    deliveries: u64,
    waiting: VecDeque<Update>,
    delivered: u64,
    given_up: u64,
    sending: bool,
}

/// Every segnalazione.
#[derive(Default)]
pub(crate) struct Register {
    received: Vec<Received>,
    by_key: HashMap<String, usize>,
    refused: HashMap<String, u64>,
}

/// The result of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AcceptResult {
    /// A new segnalazione, with its number.
    New(String),
    /// A repetition of the segnalazione with this number.
    Duplicate(String),
    /// A different segnalazione with the same key.
    KeyReused,
    /// A required member is missing or empty.
    Incomplete(&'static str),
    /// The register holds [`MAX_KEPT`] segnalazioni.
    Full,
}

/// The reason for which a segnalazione cannot be advanced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AdvanceError {
    /// No segnalazione has this number.
    Unknown,
    /// It has reached this state already.
    NotForward,
    /// The text is missing, too long (more than [`MAX_ANSWER_CHARS`]), or given for a state that has none.
    Text,
}

impl Register {
    /// Accepts a segnalazione: `raw` are the bytes received, `body` their JSON value.
    pub(crate) fn accept(&mut self, raw: &[u8], body: Value) -> AcceptResult {
        for member in ["key", "at", "office", "description"] {
            if text(&body, member).trim().is_empty() {
                return AcceptResult::Incomplete(member);
            }
        }
        for member in ["person", "subject"] {
            if !body[member].is_object() {
                return AcceptResult::Incomplete(member);
            }
        }
        let hash: [u8; 32] = Sha256::digest(raw).into();
        let key = text(&body, "key").to_owned();
        if let Some(known) = self.by_key.get(&key).and_then(|&place| self.received.get_mut(place)) {
            if known.hash != hash {
                return AcceptResult::KeyReused;
            }
            known.deliveries += 1;
            return AcceptResult::Duplicate(known.number.clone());
        }
        if self.received.len() >= MAX_KEPT {
            return AcceptResult::Full;
        }
        let year = text(&body, "at").get(..4).filter(|year| year.bytes().all(|b| b.is_ascii_digit()));
        let number = format!("LI-{}-{:06}", year.unwrap_or("0000"), self.received.len() + 1);
        self.by_key.insert(key.clone(), self.received.len());
        self.received.push(Received {
            key,
            number: number.clone(),
            state: State::Accepted,
            answer: None,
            body,
            hash,
            deliveries: 1,
            waiting: VecDeque::new(),
            delivered: 0,
            given_up: 0,
            sending: false,
        });
        AcceptResult::New(number)
    }

    /// Counts a refused delivery with that key.
    pub(crate) fn refuse(&mut self, key: &str) {
        if self.refused.len() < MAX_KEPT || self.refused.contains_key(key) {
            *self.refused.entry(key.to_owned()).or_default() += 1;
        }
    }

    /// Sets a later state, and queues the update for the edge. Returns the key, and true if no delivery task is running:
    /// the caller then starts one, which asks for [`Self::next_update`] until it is `None`.
    pub(crate) fn advance(
        &mut self,
        number: &str,
        state: State,
        answer: Option<&str>,
    ) -> Result<(String, bool), AdvanceError> {
        let one = self.received.iter_mut().find(|one| one.number == number).ok_or(AdvanceError::Unknown)?;
        let answer = answer.filter(|text| !text.trim().is_empty());
        if state <= one.state {
            return Err(AdvanceError::NotForward);
        }
        let is_short = answer.is_some_and(|text| text.chars().count() <= MAX_ANSWER_CHARS);
        if (state == State::Answered && !is_short) || (state != State::Answered && answer.is_some()) {
            return Err(AdvanceError::Text);
        }
        one.state = state;
        one.answer = answer.map(str::to_owned);
        one.waiting.push_back(Update {
            key: one.key.clone(),
            number: one.number.clone(),
            state,
            text: one.answer.clone(),
        });
        let begin = !one.sending;
        one.sending = true;
        Ok((one.key.clone(), begin))
    }

    /// The next update of the segnalazione with that key. `None` ends the delivery task.
    pub(crate) fn next_update(&mut self, key: &str) -> Option<Update> {
        let one = self.one(key)?;
        let next = one.waiting.front().cloned();
        one.sending = next.is_some();
        next
    }

    /// Removes the update that [`Self::next_update`] returned: it was delivered, or refused for good.
    pub(crate) fn settle(&mut self, key: &str, delivered: bool) {
        let Some(one) = self.one(key) else { return };
        if one.waiting.pop_front().is_some() {
            *(if delivered { &mut one.delivered } else { &mut one.given_up }) += 1;
        }
    }

    fn one(&mut self, key: &str) -> Option<&mut Received> {
        let place = *self.by_key.get(key)?;
        self.received.get_mut(place)
    }

    /// Every segnalazione as JSON, oldest first.
    pub(crate) fn list(&self) -> Vec<Value> {
        self.received.iter().map(|one| self.value(one)).collect()
    }

    /// The segnalazione with that number, as JSON.
    pub(crate) fn with_number(&self, number: &str) -> Option<Value> {
        self.received.iter().find(|one| one.number == number).map(|one| self.value(one))
    }

    fn value(&self, one: &Received) -> Value {
        json!({
            "key": one.key,
            "number": one.number,
            "state": one.state,
            "answer": one.answer,
            "deliveries": one.deliveries,
            "refused": self.refused.get(&one.key).copied().unwrap_or_default(),
            "updates": one.waiting.len(),
            "updates_delivered": one.delivered,
            "updates_given_up": one.given_up,
            "body": one.body,
        })
    }
}

fn text<'v>(body: &'v Value, member: &str) -> &'v str {
    body[member].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_taken_once_however_often_it_comes() {
        let mut register = Register::default();

        assert_eq!(take(&mut register, "a.1", "Pagate."), AcceptResult::New("LI-2026-000001".into()));
        assert_eq!(take(&mut register, "a.1", "Pagate."), AcceptResult::Duplicate("LI-2026-000001".into()));
        assert_eq!(take(&mut register, "a.1", "Non pagate."), AcceptResult::KeyReused);
        assert_eq!(take(&mut register, "a.2", "Pagate."), AcceptResult::New("LI-2026-000002".into()));
        register.refuse("a.2");

        let counts: Vec<_> =
            register.list().iter().map(|one| (one["deliveries"].clone(), one["refused"].clone())).collect();
        assert_eq!(counts, [(json!(2), json!(0)), (json!(1), json!(1))]);
    }

    #[test]
    fn an_unusable_segnalazione_is_refused() {
        let mut register = Register::default();
        for member in ["key", "at", "office", "description", "person", "subject"] {
            let mut body = segnalazione("a.1", "Pagate.");
            body[member] = json!(" ");
            assert_eq!(register.accept(b"x", body), AcceptResult::Incomplete(member));
        }
        for other in [json!(null), json!([]), json!("text")] {
            assert_eq!(register.accept(b"x", other), AcceptResult::Incomplete("key"));
        }
        assert!(register.list().is_empty());
    }

    #[test]
    fn one_only_moves_on_and_answers_have_a_text() {
        let mut register = Register::default();
        take(&mut register, "a.1", "Pagate.");
        let number = "LI-2026-000001";
        let long = "x".repeat(MAX_ANSWER_CHARS + 1);
        let mut go = |state, text: Option<&str>| register.advance(number, state, text);

        assert_eq!(go(State::Accepted, None), Err(AdvanceError::NotForward));
        assert_eq!(go(State::InProgress, Some("Ciao.")), Err(AdvanceError::Text));
        assert_eq!(go(State::InProgress, Some("")), Ok(("a.1".into(), true)));
        assert_eq!(go(State::InProgress, None), Err(AdvanceError::NotForward));
        for text in [None, Some("  "), Some(long.as_str())] {
            assert_eq!(go(State::Answered, text), Err(AdvanceError::Text));
        }
        assert_eq!(go(State::Answered, Some("Fatto.")), Ok(("a.1".into(), false)));
        assert_eq!(register.advance("LI-1", State::Answered, Some("x")), Err(AdvanceError::Unknown));
    }

    #[test]
    fn the_edge_is_notified_in_order_by_one_task() {
        let mut register = Register::default();
        take(&mut register, "a.1", "Pagate.");
        register.advance("LI-2026-000001", State::InProgress, None).unwrap();
        register.advance("LI-2026-000001", State::Answered, Some("Fatto.")).unwrap();

        let first = register.next_update("a.1").unwrap();
        assert_eq!(register.next_update("a.1").as_ref(), Some(&first));
        register.settle("a.1", true);
        let second = register.next_update("a.1").unwrap();
        register.settle("a.1", false);

        assert_eq!((first.state, second.state), (State::InProgress, State::Answered));
        assert_eq!(
            serde_json::to_value(&second).unwrap(),
            json!({
                "key": "a.1", "number": "LI-2026-000001", "state": "answered", "text": "Fatto.",
            })
        );
        assert_eq!(register.next_update("a.1"), None);
        let one = &register.list()[0];
        assert_eq!(
            (&one["updates"], &one["updates_delivered"], &one["updates_given_up"]),
            (&json!(0), &json!(1), &json!(1))
        );
    }

    fn take(register: &mut Register, key: &str, description: &str) -> AcceptResult {
        let body = segnalazione(key, description);
        register.accept(body.to_string().as_bytes(), body)
    }

    fn segnalazione(key: &str, description: &str) -> Value {
        json!({
            "key": key, "at": "2026-11-23T14:20:00Z", "office": "058", "person": {}, "subject": {},
            "description": description,
        })
    }
}
