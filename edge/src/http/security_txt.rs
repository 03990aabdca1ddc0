// SPDX-License-Identifier: EUPL-1.2
//! `/.well-known/security.txt`: where weaknesses of this installation are reported (RFC 9116).

use core::fmt::Write;

use infocig_protocol::time::Timestamp;

use crate::settings::SecurityContact;

/// The file at `now`. It is made anew for each request, so that it never expires while the service runs; `Expires` is a
/// midnight (UTC), so that it is the same for a whole day.
pub fn file(security: &SecurityContact, origin: &str, now: Timestamp) -> String {
    let SecurityContact { contact, policy } = security;
    let midnight = now.as_millis().div_euclid(DAY_MS).saturating_mul(DAY_MS);
    let expires = Timestamp::from_millis(midnight).plus_millis(LASTS_DAYS * DAY_MS);
    let expires = jiff::Timestamp::from_millisecond(expires.as_millis()).unwrap_or(jiff::Timestamp::MAX);
    let mut text = format!("Contact: {contact}\nExpires: {expires}\n");
    if let Some(policy) = policy {
        let _infallible = writeln!(text, "Policy: {policy}");
    }
    let _infallible = writeln!(text, "Canonical: {origin}/.well-known/security.txt");
    text
}

/// For how many days a copy is good: less than the year that RFC 9116 (2.5.5) recommends.
const LASTS_DAYS: i64 = 30;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_names_the_contact_and_is_good_for_thirty_days_from_the_last_midnight() {
        let contact = SecurityContact { contact: "mailto:sicurezza@inps.example".into(), policy: None };
        let text = |security: &SecurityContact, now: &str| {
            let now: jiff::Timestamp = now.parse().unwrap();
            file(security, "https://chat.example", Timestamp::from_millis(now.as_millisecond()))
        };

        let first = text(&contact, "2026-11-23T00:00:00Z");
        assert_eq!(
            first,
            "Contact: mailto:sicurezza@inps.example\nExpires: 2026-12-23T00:00:00Z\n\
             Canonical: https://chat.example/.well-known/security.txt\n"
        );
        assert_eq!(text(&contact, "2026-11-23T23:59:59.999Z"), first, "one day, one file");
        assert_ne!(text(&contact, "2026-11-24T00:00:00Z"), first);

        let both = SecurityContact { policy: Some("https://inps.example/regole".into()), ..contact };
        let lines = text(&both, "2026-11-23T15:20:00Z");
        assert!(lines.contains("\nPolicy: https://inps.example/regole\n"), "{lines}");
        assert_eq!(lines.matches("Expires: ").count(), 1, "RFC 9116, 2.5.5");
    }
}
