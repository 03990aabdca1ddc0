// SPDX-License-Identifier: EUPL-1.2
//! The Durable Object of one person in one capacity. Its calls are listed in [`rpc`](crate::shell::rpc); its name is the
//! person's key.

use ::worker::{DurableObject, Env, Request, Response, State, durable_object};
use infocig_domain::{people::Speaker, plain_page::PlainPageState};
use infocig_protocol::{id::ConversationId, time::Timestamp};

use super::{
    linked_object::{LinkedObject, hand_events_to_object, receive_at_once},
    sql::DurableSql,
};
use crate::{
    actors::{Admitted, ConversationActor, Effects, LinkState, PlainPage},
    problem::{Error, Fault},
    route::{self, Route},
    shell::{
        clock,
        http::replies,
        process,
        rpc::{
            self, Admit, AskHistoryPage, AskPlainPage, AskRelay, Call, Consult, Deliver, ErasePerson,
            Inquire, PlainPageAnswer, Rate, ReadHistory, ReadOwnData, Restart, Share, Wake, WriteRequest,
            WriteTranscript, answer,
        },
        settings,
    },
};

/// See the module.
#[durable_object]
pub struct ConversationObject {
    object: LinkedObject<ConversationActor<DurableSql>>,
}

receive_at_once!(ConversationObject);

impl ConversationObject {
    async fn handle(&self, mut request: Request) -> Result<Response, Error> {
        let (actor, request) = (|| self.object.actor(), &mut request);
        match request.path().as_str() {
            Admit::PATH => {
                answer(request, |Admit { asker, address, closing, resume }| {
                    Ok(match resume {
                        Some(shown) => actor()?.resume(&shown)?.map_or(Admitted::Nowhere, Admitted::Open),
                        None => actor()?.admit(asker, address, closing, clock::now())?,
                    })
                })
                .await
            }
            ReadHistory::PATH => answer(request, |ReadHistory {}| Ok(actor()?.history()?)).await,
            WriteRequest::PATH => {
                answer(request, |WriteRequest { asker, address, id, text }| {
                    let (id, effects) = actor()?.request(asker, address, &id, &text, clock::now())?;
                    self.object.send(effects)?;
                    Ok(id)
                })
                .await
            }
            Inquire::PATH => {
                answer(request, |Inquire { conversation, ticket }| {
                    actor()?.inquiry(&conversation, &ticket, clock::now())
                })
                .await
            }
            AskRelay::PATH => {
                answer(request, |AskRelay { conversation, ticket, call }| {
                    actor()?.relay(&conversation, &ticket, call, clock::now())
                })
                .await
            }
            Share::PATH => {
                answer(request, |Share { conversation, ticket, id, case, as_of }| {
                    let effects = actor()?.share(&conversation, &ticket, id, case, as_of, clock::now())?;
                    Ok(self.object.send(effects)?)
                })
                .await
            }
            Consult::PATH => {
                answer(request, |Consult { conversation, ticket, asked, answer }| {
                    let effects = actor()?.consult(&conversation, &ticket, asked, answer, clock::now())?;
                    Ok(self.object.send(effects)?)
                })
                .await
            }
            ReadOwnData::PATH => {
                answer(request, |ReadOwnData { asks, place }| actor()?.own_data(asks, place, clock::now()))
                    .await
            }
            Rate::PATH => {
                answer(request, |Rate { conversation, ticket, rating }| {
                    actor()?.rate(&conversation, &ticket, &rating, clock::now())
                })
                .await
            }
            WriteTranscript::PATH => self.transcript(request.json().await?),
            AskPlainPage::PATH => answer(request, |question| self.plain_page(question)).await,
            AskHistoryPage::PATH => {
                answer(request, |AskHistoryPage { conversation, ticket, query }| {
                    let now = clock::now();
                    let (goes_on, view) = actor()?.history_page(&conversation, &ticket, query, now)?;
                    if goes_on {
                        // Their reader has read nothing of the conversation that goes on.
                        self.reader_connected(&conversation, 0, now)?;
                    }
                    Ok(view)
                })
                .await
            }
            Deliver::PATH => self.object.on_notification(request).await,
            ErasePerson::PATH => {
                let ErasePerson { check } = request.json().await?;
                if check {
                    actor()?.may_erase_person()?;
                    return Ok(replies::json(200, &0)?);
                }
                let erased = actor()?.erase_person(clock::now())?;
                let count = erased.len();
                erased.into_iter().try_for_each(|id| self.object.send(Effects::forgetting(id)))?;
                self.object.ring().await?;
                Ok(replies::json(200, &count)?)
            }
            Restart::PATH => Ok(self.object.restart()?),
            Wake::PATH => self.object.wake_now().await,
            #[cfg(feature = "test-clock")]
            rpc::Fail::PATH => {
                let rpc::Fail { how } = request.json().await?;
                self.object.fail(&how)
            }
            path => match route::parse(request.method().as_ref(), path) {
                Ok(Route::ConversationSocket(conversation)) => self.object.accept(Some(conversation)),
                Ok(Route::ConversationPoll(conversation)) => {
                    self.object.poll(Some(conversation), request).await
                }
                Ok(_) | Err(_) => Ok(replies::empty(404)?),
            },
        }
    }

    fn transcript(&self, question: WriteTranscript) -> Result<Response, Error> {
        let WriteTranscript { conversation, ticket, format, language, service } = question;
        let actor = self.object.actor()?;
        let file = actor.transcript(&conversation, &ticket, format, language, service, clock::now())?;
        Ok(replies::transcript(format, file)?)
    }

    /// Does the posted action, and counts its person as connected while the conversation goes on.
    fn plain_page(&self, question: AskPlainPage) -> Result<PlainPageAnswer, Error> {
        let AskPlainPage { conversation, ticket, action, before } = question;
        let now = clock::now();
        let page = self.object.actor()?.plain_page(&conversation, &ticket, action, before, now)?;
        let PlainPage { effects, refused, shown } = page;
        self.object.send(effects)?;
        if !matches!(shown.state, PlainPageState::Closed { .. }) {
            let read_up_to = shown.entries.last().map_or(0, |last| last.seq);
            self.reader_connected(&conversation, read_up_to, now)?;
        }
        Ok(PlainPageAnswer { shown, refused })
    }

    fn reader_connected(
        &self,
        conversation: &ConversationId,
        read_up_to: u64,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let reader = LinkState {
            speaker: Some(Speaker::Citizen),
            read_up_to,
            ..LinkState::new(clock::wall(), Some(conversation.clone()))
        };
        if self.object.reader_connected(reader)? {
            self.object.send(self.object.actor()?.citizen_connected(conversation, true, now)?)?;
        }
        Ok(())
    }
}

impl DurableObject for ConversationObject {
    fn new(state: State, env: Env) -> Self {
        process::woke(process::Awake::Conversation(rpc::id_of(&state)));
        let object = LinkedObject::open(state, env, |state, env| {
            let settings = settings(env)?;
            let key = settings.ticket_key.clone();
            let actor =
                ConversationActor::open(DurableSql::of(state), rpc::id_of(state), key, &settings.policy)?;
            actor.recover(clock::now())?;
            Ok(actor)
        });
        Self { object }
    }

    async fn fetch(&self, request: Request) -> ::worker::Result<Response> {
        self.object.answer(async || self.handle(request).await).await
    }

    hand_events_to_object!();
}
