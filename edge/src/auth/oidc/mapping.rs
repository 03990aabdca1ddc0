// SPDX-License-Identifier: EUPL-1.2
//! Roles and people to answer, from the claims of an ID token: one claim, whose values the settings know. Nothing else a token
//! says gives a right, whatever it is called.

use infocig_domain::{
    desk::fit::Profile,
    staff::{Right, Roles},
};
use infocig_protocol::language::Language;
use serde_json::Value;

use super::SignInRefusal;
use crate::settings::{RoleRule, Staff};

/// The roles and the people to answer that the claims give.
pub fn roles(claims: &Value, staff: &Staff) -> Result<(Roles, Profile), SignInRefusal> {
    let values = claim(claims, &staff.roles_claim);
    let is_said = |rule: &&RoleRule| match values {
        Some(Value::String(one)) => *one == rule.value,
        Some(Value::Array(many)) => many.iter().any(|value| value.as_str() == Some(&rule.value)),
        Some(_) | None => false,
    };
    let said: Vec<&RoleRule> = staff.roles.iter().filter(is_said).collect();
    let roles: Roles = said.iter().map(|rule| rule.role).collect();
    if roles.is_empty() {
        return Err(SignInRefusal::NoRole);
    }
    let answering = said.into_iter().filter(|rule| rule.role.may(Right::Answer));
    let profile = answering.map(|rule| rule.profile.clone()).reduce(both).unwrap_or_default();
    Ok((roles, profile))
}

/// A claim by its name, or by the names of its members with dots between.
fn claim<'c>(claims: &'c Value, name: &str) -> Option<&'c Value> {
    let by_path = || name.split('.').try_fold(claims, |value, member| value.get(member));
    claims.get(name).or_else(by_path)
}

/// Everybody that one of two profiles answers. An empty list narrows nothing, so it stays empty; for languages it is Italian.
fn both(one: Profile, other: Profile) -> Profile {
    let italian = |languages: Vec<Language>| {
        if languages.is_empty() { vec![Language::It] } else { languages }
    };
    Profile {
        categories: union(one.categories, other.categories),
        languages: union(italian(one.languages), italian(other.languages)),
        provinces: union(one.provinces, other.provinces),
        skills: union(one.skills, other.skills),
        queues: union(one.queues, other.queues),
    }
}

fn union<T: PartialEq>(mut one: Vec<T>, other: Vec<T>) -> Vec<T> {
    if one.is_empty() || other.is_empty() {
        return Vec::new();
    }
    for item in other {
        if !one.contains(&item) {
            one.push(item);
        }
    }
    one
}
