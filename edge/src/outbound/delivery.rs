// SPDX-License-Identifier: EUPL-1.2
//! The delivery of a segnalazione to Linea INPS: one total function from an answer to its consequence, and the readers of
//! answers.
//!
//! | answer | the segnalazione | the others |
//! |---|---|---|
//! | 200, 201 with a `number` of 1 to 64 characters | delivered | go on |
//! | 401, the first time | again at once, with a new voucher | |
//! | 400, 403, 404, 413, 415, 422, any other 4xx but those below | stopped, with the code of the answer | go on |
//! | 409: one with this key is under way | again after a pause | go on |
//! | 429, 503 | again after its `Retry-After`, 1 second to 1 hour; else after a pause | wait as long |
//! | 401 with a new voucher; no voucher | again after a pause | wait as long |
//! | none: unreachable, late, cut off; larger than 64 KiB; of another form; 408, 425; any other status | again after a pause | wait as long |
//! | not called: `LINEA_INPS` is not set | again after the longest pause, uncounted | wait as long |
//!
//! A pause doubles from 1 second to 15 minutes. After 40 tries *and* 48 hours a segnalazione is stopped: a system that is down
//! for long stops none that was hardly tried. A stopped one is sent again when a supervisor asks for it. Nothing is lost.
//! While the others wait, the next due is the one probe. Of a refusal its `code` alone is kept: its text could repeat the
//! document.

use infocig_domain::{
    linea_inps::{Segnalazione, is_number},
    people::Subject,
};
use infocig_protocol::{id::AdvisorId, person::Credential, time::Timestamp};
use serde::Deserialize;

use crate::auth::modi::User;

/// The answer of another system, or the reason why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It answered.
    Http {
        /// The status.
        status: u16,
        /// The pause that its `Retry-After` asks for.
        wait_ms: Option<i64>,
        /// The body.
        body: Body,
    },
    /// No answer in time; the error of the platform.
    Silent(String),
    /// It was not called for want of a voucher; the reason.
    NoVoucher(String),
    /// It was not called: its address is not set.
    NotConfigured,
}

/// The body of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// All of it.
    Whole(String),
    /// More than is read.
    TooLarge,
    /// It ended too early, or is not UTF-8.
    Broken,
}

/// The tries of a segnalazione before an answer.
#[derive(Clone, Copy, Debug)]
pub struct Tries {
    /// Earlier tries.
    pub attempts: u32,
    /// Tries that failed in a row because of the system, of all segnalazioni.
    pub streak: u32,
    /// The instant of the first try.
    pub since: Timestamp,
    /// Whether this try was made with a voucher asked for after a 401.
    pub renewed: bool,
}

/// The consequence of an answer for a segnalazione.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// Try again at once, with a new voucher.
    Renew,
    /// Linea INPS has it.
    Delivered {
        /// Under this number.
        number: String,
    },
    /// It is tried again.
    Later {
        /// The instant of the next try.
        at: Timestamp,
        /// Until when all others wait, where the system failed and not the document.
        holds_until: Option<Timestamp>,
        /// The failure, in one English sentence.
        reason: String,
        /// Whether the answer counts as a try.
        counted: bool,
    },
    /// It is given up until a supervisor sends it again.
    Stopped {
        /// Until when all others wait, where the system failed and not the document.
        holds_until: Option<Timestamp>,
        /// The failure, in one English sentence.
        reason: String,
    },
}

/// The consequence of an answer by the table of the module.
pub fn consequence(answer: &Answer, tries: &Tries, now: Timestamp) -> Consequence {
    let system = |reason: String| tries.later(None, true, reason, now);
    match answer {
        Answer::NotConfigured => {
            let at = now.plus_millis(LONGEST_PAUSE_MS);
            let reason = "this service was not told where Linea INPS is (LINEA_INPS)".into();
            Consequence::Later { at, holds_until: Some(at), reason, counted: false }
        }
        Answer::NoVoucher(why) => system(format!("no voucher for Linea INPS: {}", short(why))),
        Answer::Silent(why) => system(format!("Linea INPS cannot be reached: {}", short(why))),
        Answer::Http { status: 200 | 201, body: Body::Whole(text), .. } => match number_in(text) {
            Some(number) => Consequence::Delivered { number },
            None => system("Linea INPS answered without a number of 1 to 64 characters".into()),
        },
        Answer::Http { status: status @ (200 | 201), body: Body::TooLarge, .. } => {
            system(format!("Linea INPS answered {status} with more than is read"))
        }
        Answer::Http { status: status @ (200 | 201), body: Body::Broken, .. } => {
            system(format!("Linea INPS answered {status} and broke off"))
        }
        Answer::Http { status: 401, .. } if !tries.renewed => Consequence::Renew,
        Answer::Http { status: 401, .. } => system("Linea INPS does not accept our credentials".into()),
        Answer::Http { status: 409, .. } => {
            tries.later(None, false, "Linea INPS says that it is being taken (409)".into(), now)
        }
        Answer::Http { status: status @ (429 | 503), wait_ms, .. } => {
            tries.later(*wait_ms, true, format!("Linea INPS answered {status}"), now)
        }
        Answer::Http { status: status @ (408 | 425), .. } => system(format!("Linea INPS answered {status}")),
        Answer::Http { status: status @ 400..=499, body, .. } => {
            let code = code_in(body).map_or_else(String::new, |code| format!(": {code}"));
            let reason = format!("Linea INPS refused it ({status}){code}");
            Consequence::Stopped { holds_until: None, reason }
        }
        Answer::Http { status, .. } => system(format!("Linea INPS answered {status}")),
    }
}

impl Tries {
    fn later(
        &self,
        requested_ms: Option<i64>,
        by_the_system: bool,
        reason: String,
        now: Timestamp,
    ) -> Consequence {
        let requested = requested_ms.map(|ms| ms.clamp(FIRST_PAUSE_MS, LONGEST_WAIT_MS));
        let own = requested.unwrap_or_else(|| pause_ms(self.attempts));
        let holds = by_the_system.then(|| requested.unwrap_or_else(|| pause_ms(self.streak)));
        let holds_until = holds.map(|pause| now.plus_millis(pause));
        let over = self.attempts.saturating_add(1) >= MOST_ATTEMPTS
            && now.as_millis().saturating_sub(self.since.as_millis()) >= LONGEST_MS;
        if over {
            return Consequence::Stopped { holds_until, reason };
        }
        let at = now.plus_millis(own.max(holds.unwrap_or(0)));
        Consequence::Later { at, holds_until, reason, counted: true }
    }
}

fn pause_ms(failures: u32) -> i64 {
    FIRST_PAUSE_MS.saturating_mul(1_i64 << failures.min(16)).min(LONGEST_PAUSE_MS)
}

/// The milliseconds from `wall` on that a `Retry-After` asks for. It is a number of seconds or an HTTP date.
pub fn retry_after(text: &str, wall: Timestamp) -> Option<i64> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(text.parse::<i64>().unwrap_or(i64::MAX).saturating_mul(1000));
    }
    let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(at.as_millisecond().saturating_sub(wall.as_millis()).max(0))
}

/// A voucher with its lifetime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voucher {
    /// Goes into `Authorization: Bearer`.
    pub token: String,
    /// Milliseconds in which it may be used again; 0 for a single use.
    pub reusable_ms: i64,
}

/// The voucher in an answer of a token endpoint. The error repeats nothing of the request or of the answer.
pub fn voucher_in(answer: &Answer) -> Result<Voucher, String> {
    #[derive(Deserialize)]
    struct Granted {
        access_token: String,
        token_type: String,
        expires_in: Option<i64>,
    }
    #[derive(Deserialize)]
    struct Denied {
        error: String,
    }
    let text = match answer {
        Answer::Http { status: 200, body: Body::Whole(text), .. } => text,
        Answer::Http { status, body: Body::Whole(text), .. } => {
            let error = serde_json::from_str(text).ok().map(|Denied { error }| error);
            // The words of RFC 6749, section 5.2: an `error` of another form is not repeated.
            let word = error.filter(|error| error.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
            let word = word.map_or_else(String::new, |word| format!(" {}", short(&word)));
            return Err(format!("the token endpoint answered {status}{word}"));
        }
        Answer::Http { status, .. } => return Err(format!("the token endpoint answered {status}")),
        Answer::Silent(why) => return Err(format!("the token endpoint cannot be reached: {}", short(why))),
        Answer::NoVoucher(_) | Answer::NotConfigured => return Err("the token endpoint was not asked".into()),
    };
    let granted: Granted = serde_json::from_str(text).map_err(|_| "the token endpoint gave no voucher")?;
    if !granted.token_type.eq_ignore_ascii_case("bearer") {
        return Err("the token endpoint gives vouchers that are not bearer tokens".into());
    }
    if granted.access_token.is_empty() || !granted.access_token.bytes().all(|b| b.is_ascii_graphic()) {
        return Err("the token endpoint gave a voucher that fits in no header".into());
    }
    let reusable_s = granted.expires_in.unwrap_or(0).saturating_sub(EXPIRING_S).clamp(0, LONGEST_VOUCHER_S);
    Ok(Voucher { token: granted.access_token, reusable_ms: reusable_s * 1000 })
}

/// The `aud` of signatures of Linea INPS for a service of that origin: the address it posts to.
pub fn updates_audience(origin: &str) -> String {
    format!("{origin}/v1/linea-inps/updates")
}

/// The user on whose behalf a segnalazione is sent: the advisor who forwards it, or the person who wrote it.
pub fn user_of(sent: &str) -> User {
    let Ok(segnalazione) = serde_json::from_str::<Segnalazione>(sent) else {
        return User { id: "info-cig".into(), loa: "low" };
    };
    match segnalazione.advisor {
        Some(advisor) => user_of_advisor(&advisor.id),
        None => user_of_person(&segnalazione.subject, segnalazione.person.credential),
    }
}

/// The user for an advisor. This service does not know how advisors sign in to the network of the administration.
pub fn user_of_advisor(advisor: &AdvisorId) -> User {
    User { id: advisor.to_string(), loa: "substantial" }
}

/// The user for a person: the delegate if they act for another.
pub fn user_of_person(subject: &Subject, credential: Credential) -> User {
    User { id: subject.actor.as_ref().unwrap_or(&subject.subject).clone(), loa: loa(credential) }
}

/// The level of assurance of a sign-in.
fn loa(credential: Credential) -> &'static str {
    match credential {
        Credential::SpidL1 | Credential::Pin => "low",
        Credential::SpidL2 => "substantial",
        Credential::SpidL3 | Credential::Cie | Credential::Cns => "high",
    }
}

fn number_in(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Taken {
        number: String,
    }
    let Taken { number } = serde_json::from_str(text).ok()?;
    is_number(&number).then_some(number)
}

/// The code of a problem document, if it has one of the form the contract gives it.
fn code_in(body: &Body) -> Option<String> {
    #[derive(Deserialize)]
    struct Problem {
        code: String,
    }
    let Body::Whole(text) = body else { return None };
    let Problem { code } = serde_json::from_str(text).ok()?;
    let is_code = (1..=MAX_CODE_CHARS).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    is_code.then_some(code)
}

/// The part of a text of another system that is kept: one line, at most 200 characters.
fn short(text: &str) -> String {
    let line: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_REASON_CHARS).collect();
    line.trim().to_string()
}

const FIRST_PAUSE_MS: i64 = 1_000;
const LONGEST_PAUSE_MS: i64 = 15 * 60_000;
/// Longest pause before the next try.
pub const LONGEST_WAIT_MS: i64 = 60 * 60_000;
const MOST_ATTEMPTS: u32 = 40;
const LONGEST_MS: i64 = 48 * 60 * 60_000;
const MAX_REASON_CHARS: usize = 200;
/// Longest code of a problem that is kept.
const MAX_CODE_CHARS: usize = 40;
/// A voucher is not used again this many seconds before it expires.
const EXPIRING_S: i64 = 30;
const LONGEST_VOUCHER_S: i64 = 24 * 60 * 60;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::{Route, parse};

    #[test]
    fn a_number_means_that_it_is_delivered() {
        for status in [200, 201] {
            let number = |number: &str| judged(&http(status, &format!(r#"{{"number":"{number}","x":1}}"#)));
            assert_eq!(number("L-1"), Consequence::Delivered { number: "L-1".into() });
            assert!(matches!(number(&"9".repeat(64)), Consequence::Delivered { .. }));
            for wrong in ["", " ", "\\n", &"9".repeat(65)] {
                assert_again(&number(wrong), 1, Some(1), "answered without a number");
            }
        }
    }

    #[test]
    fn a_failure_of_the_system_is_tried_again_and_holds_back_the_others() {
        for answer in [
            Answer::Silent("connection refused".into()),
            Answer::NoVoucher("the token endpoint answered 500".into()),
            http(200, "{"),
            http(201, "[]"),
            http(200, r#"{"number":7}"#),
            Answer::Http { status: 200, wait_ms: None, body: Body::TooLarge },
            Answer::Http { status: 201, wait_ms: None, body: Body::Broken },
            http(202, r#"{"number":"L-1"}"#),
            http(302, ""),
            http(408, ""),
            http(425, ""),
            http(500, r#"{"number":"L-1"}"#),
            http(502, ""),
            http(504, ""),
            http(599, ""),
            http(0, ""),
        ] {
            assert_again(&judged(&answer), 1, Some(1), "");
        }
    }

    #[test]
    fn pauses_double_to_a_quarter_of_an_hour() {
        let pause = |attempts: u32, streak: u32| {
            let tries = Tries { attempts, streak, ..tries() };
            let Consequence::Later { at, holds_until, .. } = consequence(&http(500, ""), &tries, at(0))
            else {
                panic!("{tries:?}")
            };
            (at.as_millis() / 1000, holds_until.unwrap().as_millis() / 1000)
        };
        assert_eq!([0, 1, 2, 9, 10, 38].map(|n| pause(n, n).0), [1, 2, 4, 512, 900, 900]);
        // One that fails while others pass holds them back for as long as the system has failed, not as it has.
        assert_eq!(pause(9, 0), (512, 1));
        assert_eq!(pause(0, 9), (512, 512), "and none is tried while all wait");
    }

    #[test]
    fn it_is_given_up_after_forty_tries_and_two_days() {
        let stopped = |tries: Tries, hours: i64| {
            let answer = Answer::Silent(String::new());
            matches!(consequence(&answer, &tries, at(hours * 3_600_000)), Consequence::Stopped { .. })
        };
        assert!(!stopped(Tries { attempts: 38, ..tries() }, 99));
        assert!(!stopped(Tries { attempts: 39, ..tries() }, 47));
        assert!(stopped(Tries { attempts: 39, ..tries() }, 48));
        assert!(stopped(Tries { attempts: u32::MAX, ..tries() }, 48));
        assert!(!stopped(tries(), 999), "a long outage stops none that was hardly tried");
    }

    #[test]
    fn a_busy_system_says_when_to_come_back() {
        for status in [429, 503] {
            let answered = |wait_ms| {
                let answer = Answer::Http { status, wait_ms, body: Body::Broken };
                judged(&answer)
            };
            let reason = format!("answered {status}");
            assert_again(&answered(Some(120_000)), 120, Some(120), &reason);
            assert_again(&answered(Some(0)), 1, Some(1), &reason);
            assert_again(&answered(Some(i64::MAX)), 3600, Some(3600), &reason);
            assert_again(&answered(None), 1, Some(1), &reason);
        }
    }

    #[test]
    fn a_voucher_that_is_not_accepted_is_renewed_once() {
        assert_eq!(judged(&http(401, "")), Consequence::Renew);
        let renewed = Tries { renewed: true, ..tries() };
        let again = consequence(&http(401, ""), &renewed, at(0));
        assert_again(&again, 1, Some(1), "Linea INPS does not accept our credentials");
    }

    #[test]
    fn one_that_is_being_taken_holds_back_nobody() {
        assert_again(&judged(&http(409, "")), 1, None, "being taken");
    }

    #[test]
    fn a_malformed_document_is_stopped_at_once() {
        let body =
            r#"{"title":"Sede sconosciuta","code":"office-unknown","detail":"Lucia Ferretti?","status":422}"#;
        for status in [400, 402, 403, 404, 405, 410, 413, 415, 422, 451, 499] {
            let reason = format!("Linea INPS refused it ({status}): office-unknown");
            assert_eq!(judged(&http(status, body)), Consequence::Stopped { holds_until: None, reason });
        }
        for body in ["", "[]", "{}", "<html>", r#"{"code":7}"#, r#"{"code":"sono in chemio"}"#] {
            let reason = "Linea INPS refused it (400)".to_string();
            assert_eq!(judged(&http(400, body)), Consequence::Stopped { holds_until: None, reason });
        }
    }

    #[test]
    fn a_service_that_was_not_told_where_linea_inps_is_waits_for_ever() {
        let tries = Tries { attempts: 39, since: at(-LONGEST_MS), ..tries() };
        let expected = Consequence::Later {
            at: at(LONGEST_PAUSE_MS),
            holds_until: Some(at(LONGEST_PAUSE_MS)),
            reason: "this service was not told where Linea INPS is (LINEA_INPS)".into(),
            counted: false,
        };
        assert_eq!(consequence(&Answer::NotConfigured, &tries, at(0)), expected);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let wall = Timestamp::from_millis(784_111_777_000);
        assert_eq!(retry_after(" 120 ", wall), Some(120_000));
        assert_eq!(retry_after("99999999999999999999", wall), Some(i64::MAX));
        // The date is the example of RFC 9110, section 5.6.7: 08:49:37 of that day.
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:50:37 GMT", wall), Some(60_000));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:00 GMT", wall), Some(0));
        for wrong in ["", "-1", "soon", "1.5", "Sun, 31 Feb 1994 08:50:37 GMT"] {
            assert_eq!(retry_after(wrong, wall), None, "{wrong}");
        }
    }

    #[test]
    fn a_voucher_is_used_again_until_half_a_minute_before_its_end() {
        let granted = |more: &str| {
            voucher_in(&http(200, &format!(r#"{{"access_token":"t.o-k","token_type":"Bearer"{more}}}"#)))
        };
        let voucher = |reusable_ms: i64| Ok(Voucher { token: "t.o-k".into(), reusable_ms });
        assert_eq!(granted(r#","expires_in":300"#), voucher(270_000));
        assert_eq!(granted(r#","expires_in":20"#), voucher(0));
        assert_eq!(granted(""), voucher(0));
        assert_eq!(granted(&format!(r#","expires_in":{}"#, i64::MAX)), voucher(LONGEST_VOUCHER_S * 1000));
    }

    #[test]
    fn an_answer_without_a_voucher_gives_the_reason() {
        let error = |answer: &Answer| voucher_in(answer).unwrap_err();
        assert_eq!(
            error(&http(401, r#"{"error":"invalid_client"}"#)),
            "the token endpoint answered 401 invalid_client"
        );
        assert_eq!(error(&http(500, r#"{"error":"<b> Lucia"}"#)), "the token endpoint answered 500");
        assert_eq!(error(&http(200, "{}")), "the token endpoint gave no voucher");
        assert!(error(&Answer::Silent("refused".into())).contains("cannot be reached"));
        let typed = |kind: &str, token: &str| {
            error(&http(200, &format!(r#"{{"access_token":"{token}","token_type":"{kind}"}}"#)))
        };
        assert!(typed("DPoP", "t").contains("not bearer"));
        assert!(typed("bearer", "t t").contains("fits in no header"));
        assert!(typed("bearer", "").contains("fits in no header"));
    }

    #[test]
    fn updates_are_signed_for_the_address_they_are_sent_to() {
        let audience = updates_audience("https://chat.example");
        let path = audience.strip_prefix("https://chat.example").unwrap();
        assert_eq!(parse("POST", path), Ok(Route::UpdateSegnalazione));
    }

    #[test]
    fn evidence_names_the_advisor_or_the_person_who_wrote() {
        assert_eq!(user_of(SENT), User { id: "adv-1".into(), loa: "substantial" });
        let written =
            SENT.replace(r#""advisor":{"id":"adv-1","name":"Giulia"},"#, "").replace("spid-l2", "cie");
        assert_eq!(user_of(&written), User { id: "pairwise-1".into(), loa: "high" });
        assert_eq!(user_of("{}"), User { id: "info-cig".into(), loa: "low" });
    }

    fn judged(answer: &Answer) -> Consequence {
        consequence(answer, &tries(), at(0))
    }

    /// Makes sure that it is tried again after so many seconds, and that the others wait for so many.
    fn assert_again(got: &Consequence, after: i64, others: Option<i64>, expected: &str) {
        let Consequence::Later { at: due, holds_until, reason, counted: true } = got else {
            panic!("{got:?}");
        };
        assert_eq!((*due, *holds_until), (at(after * 1000), others.map(|s| at(s * 1000))), "{reason}");
        assert!(reason.contains(expected) && !reason.is_empty(), "{expected}: {reason}");
    }

    fn http(status: u16, body: &str) -> Answer {
        Answer::Http { status, wait_ms: None, body: Body::Whole(body.into()) }
    }

    fn tries() -> Tries {
        Tries { attempts: 0, streak: 0, since: at(0), renewed: false }
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    const SENT: &str = r#"{"key":"k","at":"2026-11-22T15:00:00Z","office":"058","person":{"name":"Lucia Ferretti",
        "category":"lavoratore","province":"058","credential":"spid-l2"},"subject":{"issuer":"https://portale.example",
        "subject":"pairwise-1","category":"lavoratore"},"advisor":{"id":"adv-1","name":"Giulia"},"protocol":"INPS.5100.02/10/2026.0123456",
        "description":"Il pagamento di settembre non è arrivato.",
        "messages":[{"seq":2,"at":"2026-11-22T14:59:00Z","author":"citizen","text":"Sto ancora aspettando da tre mesi"}]}"#;
}
