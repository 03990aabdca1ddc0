// SPDX-License-Identifier: EUPL-1.2
//! Keys of issuers and of Linea INPS: fetched from their key set, kept in memory as a cache.
//!
//! - A set is believed for ten minutes, so that a key an issuer withdraws stops opening doors; where the issuer does not
//!   answer, for an hour.
//! - A set is asked for at most once in [`PAUSE_MS`], whatever comes in, so that forged tokens cannot make the
//!   service a nuisance. A request that needs it meanwhile waits for the answer under way.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc, time::Duration};

use ::worker::{Delay, Fetch, Method, Request};
use infocig_protocol::{problem::Code, time::Timestamp};
use jsonwebtoken::jwk::JwkSet;

use crate::{
    auth::{jws::read_keys, token::Unverified},
    http::bounded_body::MAX_KEY_SET_BYTES,
    metrics::declared,
    outbound::delivery::Body,
    problem::{Fault, Refusal},
    shell::{clock, counters, http::body, log},
};

#[derive(Clone)]
struct Known {
    /// The newest set, and when it came.
    keys: Option<(Rc<JwkSet>, Timestamp)>,
    asked: Timestamp,
    /// Whether an answer is still awaited.
    awaited: bool,
}

// By the address of the set.
thread_local! {
    static CACHE: RefCell<BTreeMap<String, Known>> = const { RefCell::new(BTreeMap::new()) };
}

/// Verifies a token with the keys of its issuer. Where no signature fits, a key may have been replaced under the name it had:
/// then the set is asked for again, if that may be.
pub(crate) async fn verified<T>(
    token: &Unverified<'_>,
    verify: impl Fn(&JwkSet) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let uri = &token.issuer.jwks_uri;
    let keys = keys_with(uri, |keys| token.has_key_in(keys)).await?;
    let verified = match verify(&keys) {
        Err(refusal) if refusal.code == Code::TokenSignature => {
            let newer = keys_with(uri, |newer| *newer != *keys).await?;
            if newer == keys { Err(refusal) } else { verify(&newer) }
        }
        done => done,
    };
    if let Err(Refusal { code: Code::TokenExpired | Code::TokenNotYetValid, detail, .. }) = &verified {
        // An operator sees two clocks drift apart before anybody complains.
        log::warn("clocks", &format!("a token of {} is refused: {detail}", token.issuer.issuer));
    }
    verified
}

/// The key set at an address, which has a key it `has`, or is as new as it may be asked for.
pub(crate) async fn keys_with(uri: &str, has: impl Fn(&JwkSet) -> bool) -> Result<Rc<JwkSet>, Refusal> {
    loop {
        let known = CACHE.with_borrow(|cache| cache.get(uri).cloned());
        let age = |since: Timestamp| clock::wall().as_millis() - since.as_millis();
        let usable = known.as_ref().and_then(|known| known.keys.as_ref());
        if let Some((keys, _)) = usable.filter(|(keys, came)| age(*came) < BELIEVED_MS && has(keys)) {
            return Ok(keys.clone());
        }
        match &known {
            Some(known) if known.awaited && age(known.asked) < i64::from(TIMEOUT_MS) => {
                Delay::from(Duration::from_millis(50)).await;
            }
            Some(known) if age(known.asked) < PAUSE_MS => return last_resort(known.keys.as_ref(), age),
            Some(_) | None => ask(uri, known.and_then(|known| known.keys)).await,
        }
    }
}

/// Whether the key set at an address is known, or can be fetched now.
pub(crate) async fn are_known(uri: &str) -> bool {
    keys_with(uri, |_| true).await.is_ok()
}

/// The set there is, if it is not too old to be believed without asking.
fn last_resort(
    keys: Option<&(Rc<JwkSet>, Timestamp)>,
    age: impl Fn(Timestamp) -> i64,
) -> Result<Rc<JwkSet>, Refusal> {
    let keys = keys.filter(|(_, came)| age(*came) < BELIEVED_WITHOUT_ASKING_MS);
    keys.map(|(keys, _)| keys.clone()).ok_or_else(|| {
        Refusal::new(Code::IssuerUnreachable, "the issuer's keys could not be read: try again")
    })
}

/// Fetches a key set and notes the result.
async fn ask(uri: &str, old: Option<(Rc<JwkSet>, Timestamp)>) {
    let asked = clock::wall();
    let note = |keys, awaited| {
        let known = Known { keys, asked, awaited };
        CACHE.with_borrow_mut(|cache| cache.insert(uri.to_string(), known));
    };
    note(old.clone(), true);
    match fetch(uri).await {
        Ok(keys) => note(Some((Rc::new(keys), clock::wall())), false),
        Err(fault) => {
            log::error("keys", &format!("keys at {uri}: {fault}"));
            counters::count(&declared::KEY_SETS_FAILED, &[]);
            note(old, false);
        }
    }
}

async fn fetch(uri: &str) -> Result<JwkSet, Fault> {
    let signal = ::worker::AbortSignal::from(web_sys::AbortSignal::timeout_with_u32(TIMEOUT_MS));
    let request = Request::new(uri, Method::Get)?;
    let mut response = Fetch::Request(request).send_with_signal(&signal).await?;
    if response.status_code() != 200 {
        return Err(Fault::Platform(format!("answered {}", response.status_code())));
    }
    match body::of_answer(&mut response, MAX_KEY_SET_BYTES).await? {
        Body::Whole(text) => {
            read_keys(&text).map_err(|error| Fault::Platform(format!("no key set: {error}")))
        }
        Body::TooLarge => Err(Fault::Platform(format!("more than {MAX_KEY_SET_BYTES} bytes"))),
        Body::Broken => Err(Fault::Platform("its answer broke off".into())),
    }
}

const PAUSE_MS: i64 = 5_000;
const TIMEOUT_MS: u32 = 5_000;
const BELIEVED_MS: i64 = 10 * 60_000;
const BELIEVED_WITHOUT_ASKING_MS: i64 = 60 * 60_000;
