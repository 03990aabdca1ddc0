// SPDX-License-Identifier: EUPL-1.2
//! End-to-end tests of the built product, in one program: it is linked once, and its tests share browsers.
//!
//! The first module of a test names its needs, so that `cargo xtask test` runs each group where it can run:
//!
//! | module | needs |
//! |---|---|
//! | `runtime` | the Worker in workerd; no browser |
//! | `engines` | a browser, and the promise depends on the engine: Chromium, Firefox and WebKit each run it |
//! | `chromium` | Chromium: the test needs its developer tools, or the promise does not depend on the engine |
//! | `webrtc` | an engine that has WebRTC: Chromium and Firefox |
//! | `scripts_blocked` | an engine whose scripts a test can block: Chromium and Firefox |
//! | `field::…` | situations that break other chats, in modules named after their needs |
//! | `release` | the release build: its compressed files, its parts, its Worker without a clock |
//! | `upgrade` | the Worker of the next version; no browser |
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
mod upgrade;
mod webrtc;
