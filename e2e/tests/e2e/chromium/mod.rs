// SPDX-License-Identifier: EUPL-1.2
//! Stories that only Chromium's tools can play, or whose promise does not depend on the engine.

mod accessible;
mod handed_on;
mod hours;
mod languages;
mod memory;
mod nothing_is_lost;
mod save_data;
mod talk;
