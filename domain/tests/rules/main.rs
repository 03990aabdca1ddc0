// SPDX-License-Identifier: EUPL-1.2
//! The rules against the facts INPS published, and against time itself. One binary; modules below.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking")]

mod calendar;
mod facts;
mod fuzz;
mod names_of_before;
mod schema;

use infocig_domain::{
    admission::{Applicant, Assessment, Load, admit},
    policy::Policy,
};
use infocig_protocol::{
    http::Verdict,
    person::{Category, Credential, EntryPoint},
};
use jiff::Timestamp;

/// The policy that ships.
fn shipped() -> Policy {
    Policy::parse(SHIPPED).unwrap()
}

const SHIPPED: &str = include_str!("../../../edge/policy.json");

/// Somebody strongly signed in, from a province, through the portal of their category.
fn applicant(category: Category, province: &str) -> Applicant<'_> {
    let entry = match category {
        Category::Lavoratore => EntryPoint::Myinps,
        Category::Titolare | Category::RappresentanteLegale | Category::Consulente => {
            EntryPoint::CassettoPrevidenziale
        }
    };
    Applicant { category, province: Some(province), credential: Some(Credential::SpidL2), entry: Some(entry) }
}

#[track_caller]
fn decide<'p>(policy: &'p Policy, applicant: &Applicant<'_>, at: &str) -> Assessment<'p> {
    admit(policy, applicant, Load::Bearable, instant(at))
}

#[track_caller]
fn verdict(applicant: &Applicant<'_>, at: &str) -> Verdict {
    decide(&shipped(), applicant, at).verdict()
}

#[track_caller]
fn instant(text: &str) -> Timestamp {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}
