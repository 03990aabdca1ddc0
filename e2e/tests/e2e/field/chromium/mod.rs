// SPDX-License-Identifier: EUPL-1.2
//! Devices that only Chromium's tools can play.

mod device_sleep;
mod sounds;
mod touch;
