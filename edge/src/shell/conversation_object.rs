// SPDX-License-Identifier: EUPL-1.2
//! The Durable Object of one person in one capacity.
//!
//! Its requests: `POST /admit` from the front, `POST /notice` from desks, the upgrade of a conversation's socket or the polls
//! in its stead, and in tests `POST /wake` when a clock jumps and `POST /fail`.

use ::worker::{DurableObject, Env, Request, Response, State, durable_object};
use infocig_domain::conversation::ClosingTime;
use infocig_protocol::{
    id::{ConversationId, QueueId},
    person::PersonCard,
};
use serde::{Deserialize, Serialize};

use super::{
    clock,
    durable_sql::DurableSql,
    object::{Object, hand_events_to_object},
    objects, replies, settings,
};
use crate::{
    room::ConversationRoom,
    route::{self, Route},
};

/// The body of `POST /admit`.
#[derive(Serialize, Deserialize)]
pub(super) struct AdmitQuestion {
    /// Who asks.
    pub(super) person: PersonCard,
    /// Who answers them.
    pub(super) queue: QueueId,
    /// When the service closes, if a new conversation may begin; an open one may always be resumed.
    pub(super) closing: Option<ClosingTime>,
    /// The conversation a page showed before it was loaded anew: it is found again, and nothing begins.
    pub(super) resume: Option<ConversationId>,
}

/// The answer to it: the conversation and whether it has just begun, unless there is none and none may begin.
#[derive(Serialize, Deserialize)]
pub(super) struct AdmitAnswer {
    /// The conversation, and whether it is new.
    pub(super) admitted: Option<(ConversationId, bool)>,
}

/// See the module.
#[durable_object]
pub struct ConversationObject {
    object: Object<ConversationRoom<DurableSql>>,
}

impl DurableObject for ConversationObject {
    fn new(state: State, env: Env) -> Self {
        clock::wakes(objects::Awake::Conversation(objects::id_of(&state)));
        let object = Object::wake(state, env, |state, env| {
            let settings = settings(env)?;
            let key = settings.ticket_key.clone();
            ConversationRoom::open(DurableSql::of(state), objects::id_of(state), key, &settings.policy)
        });
        Self { object }
    }

    async fn fetch(&self, mut request: Request) -> ::worker::Result<Response> {
        let path = request.path();
        let work = async || match path.as_str() {
            "/admit" => {
                let AdmitQuestion { person, queue, closing, resume } = request.json().await?;
                let room = self.object.room()?;
                let admitted = match resume {
                    Some(shown) => room.resume(&shown)?.map(|found| (found, false)),
                    None => room.admit(person, queue, closing, clock::now())?,
                };
                replies::json(200, &AdmitAnswer { admitted })
            }
            "/notice" => self.object.hear(request).await,
            "/wake" => self.object.wake_now().await,
            #[cfg(feature = "test-clock")]
            "/fail" => self.object.fail(&request.text().await?),
            path => match route::parse(request.method().as_ref(), path) {
                Ok(Route::ConversationSocket(conversation)) => self.object.accept(Some(conversation)),
                Ok(Route::ConversationPoll(conversation)) => {
                    self.object.poll(Some(conversation), request).await
                }
                Ok(_) | Err(_) => replies::empty(404),
            },
        };
        self.object.answer(work).await
    }

    hand_events_to_object!();
}
