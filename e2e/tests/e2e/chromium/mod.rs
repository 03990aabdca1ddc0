// SPDX-License-Identifier: EUPL-1.2
//! Tests that need Chromium's developer tools, or whose promise does not depend on the engine.

mod accessibility;
mod assistant;
mod calls;
mod conversation;
mod hold_and_block;
mod languages;
mod memory;
mod nginx;
mod opening_hours;
mod queues;
mod relay;
mod reports;
mod rules;
mod save_data;
mod segnalazioni;
mod supervision;
mod unsent_messages;
