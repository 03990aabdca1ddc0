// SPDX-License-Identifier: EUPL-1.2
//! Issuers' keys: fetched from their key set when a token names a key not yet known, kept in memory as a cache.
//!
//! A key set is asked for at most once in [`PAUSE_MS`] per issuer, so that forged tokens cannot make the service a nuisance.

use std::cell::RefCell;
use std::{collections::BTreeMap, rc::Rc};

use ::worker::{Fetch, Method, Request};
use infocig_protocol::{problem::Code, time::Timestamp};
use jsonwebtoken::jwk::JwkSet;

use super::clock;
use crate::{
    problem::{Fault, Refusal},
    token::Unverified,
};

struct Known {
    keys: Rc<JwkSet>,
    asked: Timestamp,
}

thread_local! {
    static CACHE: RefCell<BTreeMap<String, Known>> = const { RefCell::new(BTreeMap::new()) };
}

/// The key set to verify a token with.
pub(super) async fn keys_for(token: &Unverified<'_>) -> Result<Rc<JwkSet>, Refusal> {
    let issuer = token.issuer;
    let known = CACHE.with_borrow(|cache| {
        let known = cache.get(&issuer.issuer)?;
        let fresh = clock::wall().as_millis() - known.asked.as_millis() < PAUSE_MS;
        if token.has_key_in(&known.keys) || fresh { Some(known.keys.clone()) } else { None }
    });
    if let Some(keys) = known {
        return Ok(keys);
    }
    let keys = fetch(&issuer.jwks_uri).await.map(Rc::new).map_err(|fault| {
        ::worker::console_error!("keys of {}: {fault}", issuer.issuer);
        Refusal::new(Code::IssuerUnreachable, "the issuer's keys could not be read: try again")
    })?;
    CACHE.with_borrow_mut(|cache| {
        cache.insert(issuer.issuer.clone(), Known { keys: keys.clone(), asked: clock::wall() });
    });
    Ok(keys)
}

async fn fetch(uri: &str) -> Result<JwkSet, Fault> {
    let signal = ::worker::AbortSignal::from(web_sys::AbortSignal::timeout_with_u32(TIMEOUT_MS));
    let request = Request::new(uri, Method::Get)?;
    let mut response = Fetch::Request(request).send_with_signal(&signal).await?;
    if response.status_code() != 200 {
        return Err(Fault::Platform(format!("answered {}", response.status_code())));
    }
    let text = response.text().await?;
    serde_json::from_str(&text).map_err(|error| Fault::Platform(format!("no key set: {error}")))
}

const PAUSE_MS: i64 = 5_000;
const TIMEOUT_MS: u32 = 5_000;
