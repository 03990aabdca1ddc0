// SPDX-License-Identifier: EUPL-1.2
//! Devices that only Chromium's developer tools can emulate.

mod device_sleep;
mod sounds;
mod touch;
