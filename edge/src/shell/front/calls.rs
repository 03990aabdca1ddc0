// SPDX-License-Identifier: EUPL-1.2
//! `GET /v1/conversations/{id}/calls/{n}/relay`: the relay's servers and credentials, for a party of a call that both want. For
//! nobody else there are any, and a call that is over has none.

use ::worker::{Env, Request, Response};
use infocig_domain::people::Speaker;
use infocig_protocol::{
    call::{Relay, RelayServer},
    id::ConversationId,
    problem::Code,
    time::Timestamp,
};

use crate::{
    auth::turn,
    problem::{Error, Refusal},
    settings::{Settings, Turn},
    shell::{
        clock,
        http::{headers::ticket, replies},
        log, outbound,
        rpc::{self, AskRelay},
    },
};

/// See the module.
pub(crate) async fn relay(
    request: &Request,
    env: &Env,
    settings: &Settings,
    id: &ConversationId,
    call: u64,
) -> Result<Response, Error> {
    let question = AskRelay { conversation: id.clone(), ticket: ticket(request)?, call };
    let speaker = rpc::call(&rpc::of_conversation(env, id)?, &question).await?;
    let now = clock::wall();
    let servers = servers(settings, id, call, &speaker, now).await?;
    let until = Timestamp::from_millis(turn::expiry(now) * 1_000);
    let relay_only = settings.policy.calls.relay_only;
    Ok(replies::json(200, &Relay { servers, relay_only, until })?)
}

async fn servers(
    settings: &Settings,
    id: &ConversationId,
    call: u64,
    speaker: &Speaker,
    now: Timestamp,
) -> Result<Vec<RelayServer>, Error> {
    let none = |why| Error::from(Refusal::new(Code::RelayUnavailable, why));
    match &settings.turn {
        None if settings.policy.calls.relay_only => Err(none("this service was not told of any relay")),
        None => Ok(Vec::new()),
        Some(Turn::Shared { urls, secret }) => {
            let made = turn::credentials(urls, secret, id, call, speaker, now);
            Ok(vec![made.ok_or_else(|| none("no credentials can be made"))?])
        }
        Some(Turn::Cloudflare { key, token }) => {
            let asked = outbound::turn::cloudflare(key, token).await.unwrap_or_else(|fault| {
                log::error("relay", &format!("Cloudflare's relay was not asked: {fault}"));
                None
            });
            asked.ok_or_else(|| none("the relay gives no credentials"))
        }
    }
}
