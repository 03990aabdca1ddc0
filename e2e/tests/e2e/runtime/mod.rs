// SPDX-License-Identifier: EUPL-1.2
//! The built Worker in its real runtime, spoken to by clients that do what they like.
//!
//! Each test has an edge of its own, so they run side by side. They wait for conditions with a deadline and never for a
//! time; the exceptions are silence and slowness that must be ended, which last as long as the protocol says.

mod conversation;
mod delivery;

mod assignment;
mod desk;
mod history;
mod linea_inps;
mod queue;
mod transfers_and_notes;

mod admission;
mod closing;
mod differential;

mod plain;
mod polling;
mod rating;

mod chaos;
mod load;
mod power_cut;
mod proxy;
mod segnalazione_delivery;
mod start;
