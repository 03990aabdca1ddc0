// SPDX-License-Identifier: EUPL-1.2
//! `GET /v1/availability?category=&province=&credential=&entry=&lang=`: the answer of the rules to somebody of whom no more is
//! known than the parameters say.
//!
//! It depends on the address, on `Accept-Language` and on the instant, never on `Authorization`, and holds nothing personal:
//! shared caches may keep it for [`SHARED_FOR_S`], so that not every open page of the country asks the service when it opens.

use ::worker::{Env, Request, Response};
use infocig_domain::{
    admission::{Applicant, Assessment, Decision, admit},
    calendar::Shut,
};
use infocig_protocol::{
    person::{Category, Credential, EntryPoint},
    problem::Code,
};

use super::{admission::instant, desk_load};
use crate::{
    problem::{Error, Refusal},
    settings::Settings,
    shell::{
        clock,
        http::{
            headers::{language_preferences, parameter},
            replies,
        },
        rules,
    },
};

/// See the module.
pub(crate) async fn read(request: &Request, env: &Env, settings: &Settings) -> Result<Response, Error> {
    let language = language_preferences(request)?.language(None);
    let value = |name| parameter(request, name);
    let (category, province) = (value("category")?, value("province")?);
    let applicant = Applicant {
        category: known("category", category.as_deref(), Category::parse)?
            .ok_or_else(|| Refusal::new(Code::RequestInvalid, "the parameter category is required"))?,
        province: province.as_deref(),
        credential: known("credential", value("credential")?.as_deref(), Credential::parse)?,
        entry: known("entry", value("entry")?.as_deref(), EntryPoint::parse)?,
    };
    let load = desk_load::of_category(env, settings, applicant.category).await;
    let now = clock::now();
    let decision = admit(&settings.policy, &applicant, load, instant(now));
    // A scheduled version may give another answer, and an emergency is known to nobody before.
    let look_again =
        [rules::next_beginning(), Some(now.plus_millis(LOOK_AGAIN_MS)).filter(|_| may_change(&decision))];
    let changes = decision.changes.into_iter().chain(look_again.into_iter().flatten().map(instant)).min();
    let decision = Assessment { changes, ..decision };
    let response = replies::json(200, &decision.to_document(&settings.policy, language))?;
    let response = replies::in_language(response, language)?;
    let cached = format!("public, max-age=0, s-maxage={SHARED_FOR_S}, no-transform");
    Ok(replies::with_header(response, "cache-control", &cached)?)
}

/// Whether the answer can change without a rule that is known: a service that is open may be closed at once, and one that is
/// closed at once opened again.
fn may_change(decision: &Assessment<'_>) -> bool {
    matches!(decision.decision, Decision::Open | Decision::Closed(Shut::Closure(_)))
}

/// A parameter's value, if it has one of the known words.
fn known<T>(name: &str, value: Option<&str>, parse: fn(&str) -> Option<T>) -> Result<Option<T>, Refusal> {
    let unknown = || Refusal::new(Code::RequestInvalid, format!("{name} has an unknown value"));
    let value = value.filter(|text| !text.is_empty());
    value.map(|text| parse(text).ok_or_else(unknown)).transpose()
}

const SHARED_FOR_S: u32 = 5;
/// A page asks again after this time, to learn of a service that was closed or opened at once. A press is answered by the rules of
/// that instant in any case.
const LOOK_AGAIN_MS: i64 = 120_000;
