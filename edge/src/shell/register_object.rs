// SPDX-License-Identifier: EUPL-1.2
//! The Durable Object of the register, one for the service. It is only ever spoken to by desks: it has no links and no alarm.
//!
//! Its requests: `POST /notification` from desks, `/probe` from the front, and in tests `POST /endings`.

use ::worker::{DurableObject, Env, Request, Response, State, durable_object};

use super::{durable_sql::DurableSql, object::have_no_links, objects::Envelope, replies};
use crate::{problem::Fault, room::RegisterRoom};

/// See the module.
#[durable_object]
pub struct RegisterObject {
    room: Result<RegisterRoom<DurableSql>, Fault>,
}

impl RegisterObject {
    async fn answer(&self, mut request: Request) -> Result<Response, Fault> {
        let room = self.room.as_ref().map_err(Clone::clone)?;
        match request.path().as_str() {
            "/notification" => {
                let Envelope { source, id, notification } = request.json().await?;
                room.hear(&source, id, &notification)?;
                replies::empty(204)
            }
            "/probe" => {
                room.probe(request.json().await?)?;
                replies::empty(204)
            }
            #[cfg(feature = "test-clock")]
            "/endings" => replies::json(200, &room.endings()?),
            _ => replies::empty(404),
        }
    }
}

// All events are written out because the platform's defaults panic, and a panic empties every object of the isolate.
impl DurableObject for RegisterObject {
    fn new(state: State, _env: Env) -> Self {
        Self { room: RegisterRoom::open(DurableSql::of(&state)) }
    }

    async fn fetch(&self, request: Request) -> ::worker::Result<Response> {
        self.answer(request).await.or_else(|fault| replies::fault(&fault, ""))
    }

    have_no_links!();

    async fn alarm(&self) -> ::worker::Result<Response> {
        Response::empty()
    }
}
