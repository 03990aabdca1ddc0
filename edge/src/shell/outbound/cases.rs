// SPDX-License-Identifier: EUPL-1.2
//! Cases, asked of their registry each time: nothing of them is kept or logged.

use infocig_domain::people::Subject;
use infocig_protocol::{case::Cases, problem::Code};

use super::signed_calls::{self, SignedCall};
use crate::{
    auth::modi::User,
    log::Trace,
    outbound::{
        cases::{self, MAX_ANSWER_BYTES},
        delivery::Answer,
    },
    problem::Refusal,
    settings::Settings,
    shell::log,
};

/// The cases of a person or company, as their registry has them now. `user` is the user of the call, `trace` that of the request it is
/// made for.
pub(crate) async fn of(
    settings: &Settings,
    subject: &Subject,
    user: User,
    trace: &Trace,
) -> Result<Cases, Refusal> {
    let service = settings.linea_inps.as_ref();
    let Some((service, base)) = service.and_then(|service| Some((service, service.cases.as_ref()?))) else {
        return cases::read(&Answer::NotConfigured);
    };
    let body = serde_json::to_string(subject).map_err(|_| {
        Refusal::new(Code::CasesUnavailable, "the question to the registry cannot be written")
    })?;
    let address = format!("{base}/searches");
    let traceparent = trace.traceparent();
    let call = SignedCall {
        address: &address,
        audience: base,
        body: &body,
        idempotency_key: None,
        user,
        traceparent: traceparent.as_deref(),
        most: MAX_ANSWER_BYTES,
    };
    let mut answer = signed_calls::post(service, &call).await;
    if matches!(answer, Answer::Http { status: 401, .. }) {
        signed_calls::forget_voucher();
        answer = signed_calls::post(service, &call).await;
    }
    if let Answer::Silent(why) | Answer::NoVoucher(why) = &answer {
        log::error("cases", &format!("the registry of cases was not asked: {why}"));
    }
    cases::read(&answer)
}
