// SPDX-License-Identifier: EUPL-1.2
//! The reader of answers of the registry of cases: the cases with the instant they are of, or `cases-unavailable` with the
//! reason. Nothing of it is stored or logged.

use infocig_protocol::{
    case::{Case, Cases},
    problem::Code,
    time::Timestamp,
};
use serde::Deserialize;

use crate::{
    outbound::delivery::{Answer, Body},
    problem::Refusal,
};

/// Most that is read of an answer, in bytes.
pub const MAX_ANSWER_BYTES: usize = 512 * 1024;

/// Reads an answer of the registry.
pub fn read(answer: &Answer) -> Result<Cases, Refusal> {
    #[derive(Deserialize)]
    struct Found {
        as_of: jiff::Timestamp,
        cases: Vec<Case>,
    }
    let text = match answer {
        Answer::Http { status: 200, body: Body::Whole(text), .. } => text,
        Answer::Http { status: 200, body: Body::TooLarge, .. } => {
            return Err(unavailable("it answered with more than 524288 bytes"));
        }
        Answer::Http { status: 200, body: Body::Broken, .. } => {
            return Err(unavailable("its answer broke off"));
        }
        Answer::Http { status: 401, .. } => return Err(unavailable("it does not accept our credentials")),
        Answer::Http { status: 403, .. } => {
            return Err(unavailable("it says that this may not be seen (403)"));
        }
        Answer::Http { status, .. } => return Err(unavailable(&format!("it answered {status}"))),
        // The platform's error of a connection is for the log, not for the person.
        Answer::Silent(_) => return Err(unavailable("it cannot be reached")),
        Answer::NoVoucher(_) => return Err(unavailable("there is no voucher to ask it with")),
        Answer::NotConfigured => {
            return Err(Refusal::new(
                Code::CasesNotConfigured,
                "this service was not told of any registry of cases",
            ));
        }
    };
    // An error of serde about a wrong member may repeat its value.
    let Found { as_of, cases } =
        serde_json::from_str(text).map_err(|_| unavailable("its answer is not what was agreed"))?;
    Ok(Cases { as_of: Timestamp::from_millis(as_of.as_millisecond()), cases })
}

fn unavailable(why: &str) -> Refusal {
    Refusal::new(Code::CasesUnavailable, format!("the registry of cases does not answer: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_come_with_the_instant_they_speak_of() {
        let found = read(&http(
            200,
            r#"{"as_of":"2026-10-02T15:00:00.1239Z","cases":[{"id":"c-1","kind":"cigo","company":"Alfa",
                "from":"2026-09-01","to":"2026-09-30","payment":"direct","status":"on_track","steps":[]}]}"#,
        ));
        let found = found.unwrap();
        assert_eq!(found.as_of, Timestamp::from_millis(1_790_953_200_123));
        assert_eq!(found.cases.len(), 1);
        assert_eq!(
            read(&http(200, r#"{"as_of":"2026-10-02T17:00:00+02:00","cases":[]}"#)).unwrap().cases,
            []
        );
    }

    #[test]
    fn every_other_answer_is_refused_with_its_reason() {
        let check = |answer: &Answer, expected: &str| {
            let refusal = read(answer).unwrap_err();
            assert_eq!(refusal.code, Code::CasesUnavailable);
            assert!(refusal.detail.ends_with(expected), "{expected}: {}", refusal.detail);
        };
        for wrong in ["", "{", "[]", "{}", r#"{"as_of":"ieri","cases":[]}"#, r#"{"as_of":1,"cases":[]}"#] {
            check(&http(200, wrong), "not what was agreed");
        }
        check(
            &http(200, r#"{"as_of":"2026-10-02T15:00:00Z","cases":[{"company":"Alfa"}]}"#),
            "not what was agreed",
        );
        check(&Answer::Http { status: 200, wait_ms: None, body: Body::TooLarge }, "524288 bytes");
        check(&Answer::Http { status: 200, wait_ms: None, body: Body::Broken }, "broke off");
        check(&http(401, ""), "credentials");
        check(&http(403, r#"{"title":"Lucia"}"#), "(403)");
        check(&http(404, "{}"), "answered 404");
        check(&http(503, "{}"), "answered 503");
        check(&Answer::Silent("https://inps.example".into()), "cannot be reached");
        check(&Answer::NoVoucher("401".into()), "no voucher to ask it with");
        assert_eq!(read(&Answer::NotConfigured).unwrap_err().code, Code::CasesNotConfigured);
    }

    fn http(status: u16, body: &str) -> Answer {
        Answer::Http { status, wait_ms: None, body: Body::Whole(body.into()) }
    }
}
