// SPDX-License-Identifier: EUPL-1.2
//! The Durable Object of the connector to Linea INPS, one for the service. It has no links: it hears, and its alarm sends.
//!
//! Its requests: `POST /notification` from conversations, `POST /update`, `/list` and `/retry` from the front, and in tests
//! `POST /wake` when a clock jumps. Only the alarm sends, one segnalazione each time it goes off: the runtime runs it once at
//! a time, so nothing is sent twice at once, and a system that fails is met by one probe.

use ::worker::{DurableObject, Env, Request, Response, State, durable_object};
use infocig_domain::linea_inps::Update;
use infocig_protocol::segnalazione::RetrySegnalazione;
use serde::{Deserialize, Serialize};

use super::{
    calls::{self, Call},
    clock,
    durable_sql::DurableSql,
    object::{Object, have_no_links},
    process::{self, Awake},
    replies, settings,
};
use crate::{
    linea_inps::{Answer, user_of},
    modi::Seen,
    problem::Fault,
    room::{Due, LineaInpsRoom, Updated},
    settings::LineaInps,
};

/// The body of `POST /update`; its answer is an [`Updated`].
#[derive(Serialize, Deserialize)]
pub(super) struct UpdateQuestion {
    /// What Linea INPS says.
    pub(super) update: Update,
    /// What to remember of its signature.
    pub(super) seen: Seen,
}

/// The answer to it.
#[derive(Serialize, Deserialize)]
pub(super) struct UpdateAnswer {
    /// What came of it.
    pub(super) updated: Updated,
}

/// The answer to `POST /retry`.
#[derive(Serialize, Deserialize)]
pub(super) struct RetryAnswer {
    /// Whether there is one with that key.
    pub(super) found: bool,
}

/// See the module.
#[durable_object]
pub struct LineaInpsObject {
    object: Object<LineaInpsRoom<DurableSql>>,
    env: Env,
}

impl LineaInpsObject {
    /// Sends what is due first.
    async fn send(&self) -> Result<(), Fault> {
        let room = self.object.room()?;
        let Some(due) = room.due(clock::now())? else { return Ok(()) };
        let settings = settings(&self.env)?;
        let mut renewed = false;
        loop {
            let answer = match &settings.linea_inps {
                Some(service) => hand_over(service, &due).await,
                None => Answer::NotConfigured,
            };
            if !room.answered(&due.key, &answer, renewed, clock::now())? {
                return Ok(());
            }
            calls::forget_voucher();
            renewed = true;
        }
    }
}

async fn hand_over(service: &LineaInps, due: &Due) -> Answer {
    let address = format!("{}/segnalazioni", service.base);
    let call = Call {
        address: &address,
        audience: &service.base,
        body: &due.body,
        idempotency_key: Some(&due.key),
        user: user_of(&due.body),
        most: MAX_ANSWER_BYTES,
    };
    calls::post(service, &call).await
}

// All events are written out because the platform's defaults panic, and a panic empties every object of the isolate.
impl DurableObject for LineaInpsObject {
    fn new(state: State, env: Env) -> Self {
        process::wakes(Awake::LineaInps);
        let own = env.clone();
        let object =
            Object::wake(state, env, |state, _env| LineaInpsRoom::open(DurableSql::of(state), clock::now()));
        Self { object, env: own }
    }

    async fn fetch(&self, mut request: Request) -> ::worker::Result<Response> {
        let path = request.path();
        let work = async || match path.as_str() {
            "/notification" => self.object.hear(request).await,
            "/wake" => {
                self.object.room()?.clock_moved(clock::now())?;
                self.object.wake_now().await
            }
            "/update" => {
                let UpdateQuestion { update, seen } = request.json().await?;
                let updated = self.object.room()?.update(&update, &seen, clock::wall(), clock::now())?;
                replies::json(200, &UpdateAnswer { updated })
            }
            "/list" => replies::json(200, &self.object.room()?.overview()?),
            "/retry" => {
                let RetrySegnalazione { key } = request.json().await?;
                let found = self.object.room()?.retry(&key, clock::now())?;
                replies::json(200, &RetryAnswer { found })
            }
            _ => replies::empty(404),
        };
        self.object.answer(work).await
    }

    async fn alarm(&self) -> ::worker::Result<Response> {
        let sent = self.send().await;
        self.object.ring_after(sent).await;
        Response::empty()
    }

    have_no_links!();
}

/// Most that is read of what Linea INPS answers.
const MAX_ANSWER_BYTES: usize = 64 * 1024;
