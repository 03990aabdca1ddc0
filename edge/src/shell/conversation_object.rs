// SPDX-License-Identifier: EUPL-1.2
//! The Durable Object of one person in one capacity.
//!
//! Its requests: `POST /admit`, `/history`, `/request`, `/inquiry`, `/share`, `/rate`, `/transcript`, `/visit`,
//! `/look-back` and `/part` from the front, `POST /notification` from desks, the upgrade of a conversation's socket or the polls in its stead, and in tests
//! `POST /wake` when a clock jumps and `POST /fail`.

use ::worker::{DurableObject, Env, Request, Response, State, durable_object};
use infocig_domain::{
    conversation::ClosingTime,
    people::{Asker, Speaker},
    plain_page::{ConversationView, PlainPageState},
};
use infocig_protocol::{
    id::{ConversationId, QueueId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{
    afterwards::{
        Answer, InquiryQuestion, RateQuestion, RequestQuestion, Said, ShareQuestion, TranscriptQuestion,
    },
    clock,
    durable_sql::DurableSql,
    object::{Object, hand_events_to_object},
    objects, process, replies, settings,
};
use crate::{
    problem::{Fault, Refusal},
    room::{Act, Admitted, ConversationRoom, HistoryQuery, LookedBack, Outcome, Refused, Socket, Visit},
    route::{self, Route},
};

/// The body of `POST /admit`; the answer is where they come to stand ([`Admitted`]).
#[derive(Serialize, Deserialize)]
pub(super) struct AdmitQuestion {
    /// Who asks.
    pub(super) asker: Asker,
    /// Who answers them.
    pub(super) queue: QueueId,
    /// When the service closes, if a new conversation may begin; an open one may always be resumed.
    pub(super) closing: Option<ClosingTime>,
    /// The conversation a page showed before it was loaded anew: it is found again, and nothing begins.
    pub(super) resume: Option<ConversationId>,
}

/// The body of `POST /visit`: a page without a link is asked for, or was posted from.
#[derive(Serialize, Deserialize)]
pub(super) struct VisitQuestion {
    pub(super) conversation: ConversationId,
    pub(super) ticket: String,
    pub(super) act: Option<Act>,
    pub(super) before: Option<u64>,
}

/// The answer to it.
#[derive(Serialize, Deserialize)]
pub(super) struct VisitAnswer {
    pub(super) shown: ConversationView,
    pub(super) refused: Option<Refused>,
}

/// The body of `POST /look-back`: a page of what its person came with before is asked for.
#[derive(Serialize, Deserialize)]
pub(super) struct LookBackQuestion {
    pub(super) conversation: ConversationId,
    pub(super) ticket: String,
    pub(super) what: HistoryQuery,
}

impl ConversationObject {
    /// Does what was posted, notes that its person is there, and says what they see.
    fn visit(&self, question: VisitQuestion) -> Result<Response, Fault> {
        let VisitQuestion { conversation, ticket, act, before } = question;
        let (room, now) = (self.object.room()?, clock::now());
        let visit = match room.visit(&conversation, &ticket, act, before, now)? {
            Ok(visit) => visit,
            Err(refusal) => return replies::json(200, &Answer::<VisitAnswer>::Err(refusal.into())),
        };
        let Visit { outcome, refused, shown } = visit;
        self.object.carry(outcome)?;
        if !matches!(shown.state, PlainPageState::Closed { .. }) {
            let read_up_to = shown.entries.last().map_or(0, |last| last.seq);
            self.is_there(&conversation, read_up_to, now)?;
        }
        replies::json(200, &Answer::Ok(VisitAnswer { shown, refused }))
    }

    /// Says what the person came with before. Whoever reads it is there, and has read nothing of what goes on.
    fn look_back(&self, question: LookBackQuestion) -> Result<Response, Fault> {
        let LookBackQuestion { conversation, ticket, what } = question;
        let now = clock::now();
        let answer: Answer<LookedBack> =
            match self.object.room()?.look_back(&conversation, &ticket, what, now)? {
                Ok((goes_on, seen)) => {
                    if goes_on {
                        self.is_there(&conversation, 0, now)?;
                    }
                    Ok(seen)
                }
                Err(refusal) => Err(refusal.into()),
            };
        replies::json(200, &answer)
    }

    /// Notes that the person asked for a page, and what has been on their screen.
    fn is_there(&self, conversation: &ConversationId, read_up_to: u64, now: Timestamp) -> Result<(), Fault> {
        let reader = Socket {
            speaker: Some(Speaker::Citizen),
            read_up_to,
            ..Socket::new(clock::wall(), Some(conversation.clone()))
        };
        if self.object.seen(reader)? {
            self.object.carry(self.object.room()?.attend(conversation, true, now)?)?;
        }
        Ok(())
    }

    /// Sends what came of a request, and answers it.
    fn told<T: Serialize>(&self, done: Result<(Outcome, T), Refusal>) -> Result<Response, Fault> {
        let answer: Answer<T> = match done {
            Ok((outcome, answer)) => {
                self.object.carry(outcome)?;
                Ok(answer)
            }
            Err(refusal) => Err(refusal.into()),
        };
        replies::json(200, &answer)
    }
}

/// See the module.
#[durable_object]
pub struct ConversationObject {
    object: Object<ConversationRoom<DurableSql>>,
}

impl DurableObject for ConversationObject {
    fn new(state: State, env: Env) -> Self {
        process::wakes(process::Awake::Conversation(objects::id_of(&state)));
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
                let AdmitQuestion { asker, queue, closing, resume } = request.json().await?;
                let room = self.object.room()?;
                let admitted = match resume {
                    Some(shown) => room.resume(&shown)?.map_or(Admitted::Nowhere, Admitted::Open),
                    None => room.admit(asker, queue, closing, clock::now())?,
                };
                replies::json(200, &admitted)
            }
            "/history" => replies::json(200, &self.object.room()?.history()?),
            "/request" => {
                let RequestQuestion { asker, queue, id, text } = request.json().await?;
                let made = self.object.room()?.request(asker, queue, &id, &text, clock::now())?;
                self.told(made.map(|(conversation, outcome)| (outcome, conversation)))
            }
            "/inquiry" => {
                let InquiryQuestion { conversation, ticket } = request.json().await?;
                let inquiry = self.object.room()?.inquiry(&conversation, &ticket, clock::now())?;
                replies::json(200, &inquiry.map_err(Said::from))
            }
            "/share" => {
                let ShareQuestion { conversation, ticket, id, case, as_of } = request.json().await?;
                let room = self.object.room()?;
                let shared = room.share(&conversation, &ticket, id, case, as_of, clock::now())?;
                self.told(shared.map(|outcome| (outcome, ())))
            }
            "/rate" => {
                let RateQuestion { conversation, ticket, rating } = request.json().await?;
                let rated = self.object.room()?.rate(&conversation, &ticket, &rating, clock::now())?;
                self.told(rated.map(|outcome| (outcome, ())))
            }
            "/transcript" => {
                let TranscriptQuestion { conversation, ticket, format, language, service } =
                    request.json().await?;
                let room = self.object.room()?;
                let written =
                    room.transcript(&conversation, &ticket, format, language, service, clock::now())?;
                replies::json(200, &written.map_err(Said::from))
            }
            "/visit" => self.visit(request.json().await?),
            "/look-back" => self.look_back(request.json().await?),
            "/notification" => self.object.hear(request).await,
            "/part" => self.object.part(),
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
