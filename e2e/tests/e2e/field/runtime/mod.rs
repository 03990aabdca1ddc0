// SPDX-License-Identifier: EUPL-1.2
//! The Worker and its runtime among strangers: what they send, what they forge, what they hold open, and how the process ends.

mod absence;
mod bodies;
mod frames;
mod noise;
mod requests;
mod served;
mod tokens;
