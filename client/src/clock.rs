// SPDX-License-Identifier: EUPL-1.2
//! The device's clock, and instants the browser reads from text.

use infocig_protocol::time::Timestamp;

use crate::machine::Millis;

/// The device's time, in milliseconds since the Unix epoch.
#[expect(clippy::cast_possible_truncation, reason = "milliseconds since the epoch fit in 53 bits")]
pub fn now() -> Millis {
    js_sys::Date::now() as Millis
}

/// The instant an RFC 3339 text names.
pub fn parse_rfc3339(text: &str) -> Option<Timestamp> {
    let millis = js_sys::Date::parse(text);
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since the epoch fit in 53 bits")]
    millis.is_finite().then(|| Timestamp::from_millis(millis as i64))
}
