// SPDX-License-Identifier: EUPL-1.2
//! `POST /v1/conversations/{id}/rating`: a person says whether a conversation that is over gave them their answer.

use ::worker::{Env, Request, Response};
use infocig_protocol::{id::ConversationId, rating::Rating};

use crate::{
    problem::Error,
    shell::{
        http::{body, headers::ticket, replies},
        rpc::{self, Rate},
    },
};

/// See the module.
pub(crate) async fn write(request: &mut Request, env: &Env, id: &ConversationId) -> Result<Response, Error> {
    let ticket = ticket(request)?;
    let rating: Rating = body::json(request).await?;
    rate(env, id, ticket, rating).await?;
    Ok(replies::empty(204)?)
}

/// Rates a conversation, for the holder of its ticket.
pub(super) async fn rate(
    env: &Env,
    id: &ConversationId,
    ticket: String,
    rating: Rating,
) -> Result<(), Error> {
    let question = Rate { conversation: id.clone(), ticket, rating };
    rpc::call(&rpc::of_conversation(env, id)?, &question).await
}
