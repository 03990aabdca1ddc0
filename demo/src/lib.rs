// SPDX-License-Identifier: EUPL-1.2
//! A stand-in for the administration: portal pages on an origin of their own, invented people who sign in with one
//! click, and the signed tokens they bring to INFO CIG.
//!
//! It never pretends: every page says that it is a demonstration. What it does for real is what a portal must do for
//! real: keep the session to itself, vouch for who signed in with a token that lives two minutes, publish the key that
//! verifies it, and send pages that allow no script but their own and the edge's.
//!
//! Under prefixes of the same server stand the two systems INFO CIG calls: Linea INPS, which takes segnalazioni, and the
//! registry of cases. They check for real what `ModI` asks of a caller, and fail on demand.
//!
//! Nothing is stored: keys, sessions and segnalazioni live as long as the process. The caller's key pair alone is a file.

mod cases;
mod door;
mod embed;
mod failure;
mod keys;
mod linea_inps;
mod modi;
mod pages;
mod people;
mod problem;
mod random;
mod register;
mod registry;
mod server;
mod session;
mod template;
mod token;

pub use door::Client;
pub use keys::{KeyPair, Signer, SigningFault};
pub use linea_inps::{ISSUER as LINEA_INPS_ISSUER, edge_setting};
pub use people::{ADVISORS, Advisor, Company, DeskRole, PEOPLE, Person, Province};
pub use random::uuid_v4;
pub use server::{Settings, serve, serve_until};
pub use token::{
    ADVISOR_TYPE, HANDOFF_TYPE, LIFETIME_SECONDS, advisor_claims, default_entry, desk_audience,
    handoff_claims,
};
