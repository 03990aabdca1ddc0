// SPDX-License-Identifier: EUPL-1.2
//! The clocks: the wall clock of the platform, and the service's instant that rules are asked about.
//!
//! They are the same, except in a build with the feature `test-clock`, where the demo and the tests move the second one: it
//! starts at the instant in the binding `TEST_CLOCK` and can be set and sped up over HTTP. Tokens, outbox messages and
//! handshakes always go by the wall clock.

use infocig_protocol::time::Timestamp;

/// The platform's clock.
pub(crate) fn wall() -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since the epoch fit in 53 bits")]
    Timestamp::from_millis(js_sys::Date::now() as i64)
}

#[cfg(not(feature = "test-clock"))]
pub(crate) use self::wall as now;

/// The wall-clock time at which the service's clock shows an instant.
#[cfg(not(feature = "test-clock"))]
pub(crate) fn wall_at(instant: Timestamp) -> Timestamp {
    instant
}

/// Nothing to start: the platform's clock runs.
#[cfg(not(feature = "test-clock"))]
pub(crate) fn start(_env: &::worker::Env) {}

#[cfg(feature = "test-clock")]
pub(crate) use self::test::{now, read, set, start, wall_at};

#[cfg(feature = "test-clock")]
mod test {
    use std::cell::Cell;

    use infocig_domain::admission::in_italy;
    use serde::{Deserialize, Serialize};

    use super::{Timestamp, wall};

    #[derive(Clone, Copy)]
    struct TestClock {
        at_wall: Timestamp,
        showed: Timestamp,
        speed: i64,
    }

    thread_local! {
        static CLOCK: Cell<Option<TestClock>> = const { Cell::new(None) };
    }

    /// The document of `GET` and `PUT /test/clock`.
    #[derive(Serialize, Deserialize)]
    pub(crate) struct Setting {
        /// The service's instant, RFC 3339.
        now: String,
        /// How many milliseconds it moves in one of the wall clock's: 0 (it stands) to 3600.
        #[serde(default = "one")]
        speed: i64,
    }

    fn one() -> i64 {
        1
    }

    /// Starts the clock at the instant in `TEST_CLOCK` (RFC 3339), unless it runs already. Without one it shows the wall's.
    pub(crate) fn start(env: &::worker::Env) {
        if CLOCK.get().is_none() {
            let instant = crate::shell::text_binding(env, "TEST_CLOCK");
            let instant = instant.and_then(|text| text.parse::<jiff::Timestamp>().ok());
            let showed =
                instant.map_or_else(wall, |instant| Timestamp::from_millis(instant.as_millisecond()));
            CLOCK.set(Some(TestClock { at_wall: wall(), showed, speed: 1 }));
        }
    }

    /// Sets the clock. `None` if the instant is not RFC 3339 or the speed is out of range.
    pub(crate) fn set(setting: &Setting) -> Option<()> {
        let instant: jiff::Timestamp = setting.now.parse().ok()?;
        if !(0..=3600).contains(&setting.speed) {
            return None;
        }
        let showed = Timestamp::from_millis(instant.as_millisecond());
        CLOCK.set(Some(TestClock { at_wall: wall(), showed, speed: setting.speed }));
        Some(())
    }

    /// The time that the clock shows.
    pub(crate) fn read() -> Setting {
        let instant =
            jiff::Timestamp::from_millisecond(now().as_millis()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        Setting { now: in_italy(instant), speed: CLOCK.get().map_or(1, |clock| clock.speed) }
    }

    /// The wall-clock time at which the service's clock shows an instant, as it runs at present; of a clock that stands, as it
    /// ran at the wall's speed.
    pub(crate) fn wall_at(instant: Timestamp) -> Timestamp {
        let speed = CLOCK.get().map_or(1, |clock| clock.speed.max(1));
        wall().plus_millis((instant.as_millis() - now().as_millis()) / speed)
    }

    pub(crate) fn now() -> Timestamp {
        CLOCK.get().map_or_else(wall, |clock| {
            let passed = wall().as_millis() - clock.at_wall.as_millis();
            clock.showed.plus_millis(passed.saturating_mul(clock.speed))
        })
    }
}
