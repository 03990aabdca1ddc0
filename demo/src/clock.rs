// SPDX-License-Identifier: EUPL-1.2
//! The wall clock. Tokens live by it, not by the instant the service is set to.

/// Seconds since 1970-01-01T00:00:00Z.
pub(crate) fn now_unix_seconds() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "the one place where the stand-in reads the clock")]
    let now = std::time::SystemTime::now();
    let since_epoch = now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX)
}
