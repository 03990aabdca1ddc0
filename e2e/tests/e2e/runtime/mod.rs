// SPDX-License-Identifier: EUPL-1.2
//! The built Worker in its real runtime, with clients that send any frames.
//!
//! Each test has its own edge, so that they run in parallel. They wait for conditions with a deadline instead of a time, except
//! for timeouts of the protocol, which they wait out.

mod conversation;
mod delivery;

mod assignment;
mod desk;
mod history;
mod hold_and_block;
mod linea_inps;
mod queue;
mod queues;
mod transfers_and_notes;

mod admission;
mod closing;
mod differential;

mod assistant;
pub(crate) mod calls;
mod plain;
mod policy;
mod polling;
mod rating;
mod relay;
mod simulated_day;

mod audit;
mod chaos;
// The runtime with a cluster mode is locked for this platform alone.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod cluster;
pub(crate) mod conformance;
mod contract;
mod drill;
mod forgetting;
mod forwarding;
mod load;
mod observability;
mod power_cut;
mod proxy;
mod signers;
mod staff;
mod start;
mod supervision;
mod supervisors_desk;
mod webhooks;
