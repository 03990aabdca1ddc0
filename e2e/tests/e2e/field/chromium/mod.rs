// SPDX-License-Identifier: EUPL-1.2
//! Devices that only Chromium's tools can play.

mod asleep;
mod sounds;
mod touched;
