// SPDX-License-Identifier: EUPL-1.2
//! The built product as a whole, in one program: it is linked once, and browsers are shared by its stories.
//!
//! The name of a test begins with what it needs, so that `cargo xtask test` runs each group where it can be played:
//!
//! | module | needs |
//! |---|---|
//! | `runtime` | the Worker in workerd; no browser |
//! | `engines` | a browser, and its promise depends on which: Chromium, Firefox and WebKit each run it |
//! | `chromium` | Chromium: only its tools can play the situation, or the promise does not depend on the engine |
//! | `scripts_blocked` | an engine whose scripts a test can block: Chromium and Firefox |
//! | `field::…` | what breaks chats elsewhere, by kinds, in modules that are called after what they need |
//! | `release` | the release build: its compressed files, its parts, its Worker without a clock |
//!
//! A run of the tests drives one engine: `INFOCIG_ENGINE=firefox cargo test -p infocig-e2e --test e2e -- engines::`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]

mod accessibility_checks;
mod chromium;
mod engines;
mod field;
mod release;
mod runtime;
mod scripts_blocked;
