// SPDX-License-Identifier: EUPL-1.2
//! Hostile and unusual environments that are known to break chats.
//!
//! Each test names the kind of situation: unauthenticated clients, invalid tokens, runtimes that crash, host pages with habits
//! of their own, portals with unusual answers. The modules below are named after the needs of a test, as those beside this one.

mod chromium;
mod engines;
mod runtime;
