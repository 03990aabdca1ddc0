// SPDX-License-Identifier: EUPL-1.2
//! Tests whose promise depends on the engine: shadow roots, focus and keys, layout and scrolling, storage, network failures,
//! policies of pages, the accessibility tree.

mod accessibility;
mod adaptability;
mod assistant;
mod audit;
pub(crate) mod calls;
mod connection_loss;
mod conversation;
mod data_protection;
mod embed;
mod isolation;
mod open_figures;
mod plain;
mod rules;
mod staff;
mod written_requests;
