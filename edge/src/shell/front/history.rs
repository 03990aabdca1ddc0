// SPDX-License-Identifier: EUPL-1.2
//! `POST /v1/history`: a person's conversations, each with a ticket, at any hour.

use ::worker::{Env, Request, Response};
use infocig_protocol::{
    http::ConversationOpened,
    problem::Code,
    segnalazione::{History, PastConversation},
};

use super::{admission::person_of, tickets};
use crate::{
    actors::PastConversationRow,
    problem::{Error, Fault, Refusal},
    settings::Settings,
    shell::{
        clock,
        http::replies,
        rpc::{self, ReadHistory},
    },
};

/// See the module.
pub(crate) async fn read(request: &Request, env: &Env, settings: &Settings) -> Result<Response, Error> {
    let person = person_of(request, settings).await?;
    if !settings.policy.credentials.accepted.contains(&person.asker.card.credential) {
        let detail = "sign in more strongly to read your conversations";
        return Err(Refusal::new(Code::CredentialTooWeak, detail).into());
    }
    let rows = rpc::call(&rpc::of_person(env, &person.key)?, &ReadHistory {}).await?;
    let now = clock::now();
    let conversations = rows.into_iter().map(|past: PastConversationRow| {
        let ConversationOpened { conversation, ticket, socket } =
            tickets::opened(past.conversation, settings, now)?;
        Ok(PastConversation {
            conversation,
            opened: past.opened,
            closed: past.closed,
            outcome: past.outcome,
            begins: past.begins,
            segnalazioni: past.segnalazioni,
            ticket,
            socket,
        })
    });
    let conversations = conversations.collect::<Result<_, Fault>>()?;
    Ok(replies::json(200, &History { conversations })?)
}
