// SPDX-License-Identifier: EUPL-1.2
//! `GET /readyz?check=`: whether the service can do its work.
//!
//! Anybody may ask: a row is stored at most every two seconds for it, an alarm set at most every half minute, and a key set fetched as
//! rarely as for tokens.

use std::time::Duration;

use ::worker::{Delay, Env, Request, Response};
use futures_util::future::join_all;
use infocig_protocol::problem::Code;

use crate::{
    problem::{Error, Fault, Refusal},
    readiness::{AlarmWatch, Check, Readiness, State, Subject},
    settings::Settings,
    shell::{
        clock,
        http::{headers::parameter, replies},
        log,
        outbound::{jwks, oidc},
        process,
    },
};

/// Answers 200 if every check is passed, else 503; the document names each. With `check` that one alone is made.
pub(crate) async fn read(request: &Request, env: &Env, settings: &Settings) -> Result<Response, Error> {
    let only = match parameter(request, "check")? {
        Some(name) => Some(Subject::parse(&name).ok_or_else(|| {
            let names = "check is one of settings, process, storage, alarms, keys, provider";
            Refusal::new(Code::RequestInvalid, names)
        })?),
        None => None,
    };
    let is_asked = |subject| only.is_none_or(|only| only == subject);
    let mut checks = Vec::new();
    if is_asked(Subject::Settings) {
        checks.push(Check::of_settings(None));
    }
    if is_asked(Subject::Process) {
        checks.push(Check::of_process(process::is_ending()));
    }
    if is_asked(Subject::Storage) || is_asked(Subject::Alarms) {
        let waits = is_asked(Subject::Alarms);
        let (stored, alarms) = probe(env, waits).await;
        if is_asked(Subject::Storage) {
            checks.push(Check::of_storage(&stored));
        }
        if is_asked(Subject::Alarms) {
            checks.push(Check::of_alarms(alarms, clock::wall()));
        }
    }
    if is_asked(Subject::Keys) {
        let issuers = settings.issuers.iter();
        let keys = join_all(issuers.map(async |issuer| (issuer, jwks::are_known(&issuer.jwks_uri).await)));
        checks.push(Check::of_keys(keys.await.into_iter()));
    }
    if is_asked(Subject::Provider)
        && let Some(staff) = &settings.staff
    {
        checks.push(Check::of_provider(&staff.issuer, oidc::provider(staff).await.is_ok()));
    }
    answer(checks)
}

/// The answer while the settings cannot be used: nothing else can be looked at.
pub(crate) fn without_settings(fault: &Fault) -> Result<Response, Error> {
    answer(vec![Check::of_settings(Some(fault))])
}

fn answer(checks: Vec<Check>) -> Result<Response, Error> {
    let readiness = Readiness::of(checks);
    Ok(replies::json(readiness.http_status(), &readiness)?)
}

/// Whether a row can be stored, and what is known of alarms: one that was set a moment ago is awaited for a while.
async fn probe(env: &Env, waits: bool) -> (Result<(), Fault>, AlarmWatch) {
    let until = clock::wall().plus_millis(AWAITED_MS);
    loop {
        match process::probe(env).await {
            Ok(alarms) => {
                let is_settled = alarms.state(clock::wall()) != State::Waiting;
                if !waits || is_settled || clock::wall() >= until {
                    return (Ok(()), alarms);
                }
            }
            Err(fault) => {
                log::fault(&fault);
                return (Err(fault), AlarmWatch::default());
            }
        }
        Delay::from(LOOK_EVERY).await;
    }
}

const AWAITED_MS: i64 = 3_000;
const LOOK_EVERY: Duration = Duration::from_millis(250);
