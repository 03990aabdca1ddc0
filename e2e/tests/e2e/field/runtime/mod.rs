// SPDX-License-Identifier: EUPL-1.2
//! The Worker and its runtime under hostile clients: invalid input, forged tokens, connections held open, ends of the process.

mod clock_jumps;
mod conformance;
mod frames;
mod full_disk;
mod malformed_requests;
mod operator_program;
mod random_frames;
mod silent_connections;
mod slow_bodies;
mod tokens;
