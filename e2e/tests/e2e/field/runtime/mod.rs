// SPDX-License-Identifier: EUPL-1.2
//! The Worker and its runtime among strangers: what they send, what they forge, what they hold open, and how the process ends.

mod frames;
mod malformed_requests;
mod operator_program;
mod random_frames;
mod silent_connections;
mod slow_bodies;
mod tokens;
