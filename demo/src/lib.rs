// SPDX-License-Identifier: EUPL-1.2
//! A stand-in for the administration: portal pages on an origin of their own, invented people who sign in with one
//! click, and the signed tokens they bring to INFO CIG.
//!
//! Every page says that it is a demonstration. The duties of a portal are implemented in full: the session stays behind a
//! cookie, a signed token that lives two minutes names the person who signed in, its key is published, and pages allow no
//! script but their own and the edge's.
//!
//! Under prefixes of the same server are the two systems INFO CIG calls: Linea INPS, which accepts segnalazioni, and the
//! registry of cases. They check everything `ModI` asks of a caller, and have failure modes that tests choose.
//!
//! Nothing is stored: keys, sessions and segnalazioni live as long as the process. Only the caller's key pair is a file.

mod caller_auth;
mod cases;
mod clock;
mod embed;
mod expiring;
mod failure;
mod http;
mod keys;
mod linea_inps;
mod modi;
mod pages;
mod people;
mod policy;
mod portal;
mod problem;
mod random;
mod refusal;
mod register;
mod server;
mod session;
mod settings;
mod token;

pub use caller_auth::Client;
pub use keys::{KeyPair, Signer, SigningFault};
pub use linea_inps::{ISSUER as LINEA_INPS_ISSUER, edge_setting};
pub use people::{ADVISORS, Advisor, Company, DeskRole, PEOPLE, Person, Province};
pub use random::uuid_v4;
pub use server::{serve, serve_until};
pub use settings::Settings;
pub use token::{
    ADVISOR_TYPE, HANDOFF_TYPE, LIFETIME_SECONDS, advisor_claims, default_entry, desk_audience,
    handoff_claims,
};
