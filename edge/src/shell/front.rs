// SPDX-License-Identifier: EUPL-1.2
//! The endpoints of the front, a module for each topic. `worker` dispatches to them.

pub(super) mod admission;
pub(super) mod assistant;
mod audit;
pub(super) mod availability;
pub(super) mod calls;
pub(super) mod cases;
pub(super) mod conversations;
pub(super) mod data_protection;
mod desk_load;
pub(super) mod desk_sessions;
pub(super) mod health;
pub(super) mod history;
pub(super) mod metrics;
pub(super) mod open_figures;
pub(super) mod own_data;
pub(super) mod plain_pages;
pub(super) mod policy;
pub(super) mod ratings;
pub(super) mod readiness;
pub(super) mod requests;
pub(super) mod security_txt;
pub(super) mod segnalazioni;
pub(super) mod site;
pub(super) mod staff;
pub(super) mod supervision;
pub(super) mod test_endpoints;
mod tickets;
pub(super) mod transcripts;
