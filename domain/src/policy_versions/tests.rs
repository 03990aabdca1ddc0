// SPDX-License-Identifier: EUPL-1.2
//! Publishing, approving and withdrawing, with people and instants in every order.

use infocig_protocol::id::AdvisorId;

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(second * 1_000)
}

fn person(id: &str) -> PolicyAuthor {
    PolicyAuthor { id: AdvisorId::parse(id).unwrap(), name: id.to_uppercase() }
}

fn seed() -> Vec<PolicyVersion> {
    vec![PolicyVersion {
        number: 1,
        base: None,
        author: None,
        reason: "Installazione".into(),
        made: at(0),
        state: PolicyState::Published,
        from: Some(at(0)),
        decided_by: None,
        decided: None,
    }]
}

fn proposal(base: u32, from: Option<i64>) -> Proposal {
    Proposal { author: person("anna"), base, reason: " Sciopero ".into(), from: from.map(at) }
}

fn number_in_force(versions: &[PolicyVersion], second: i64) -> u32 {
    in_force(versions, at(second)).unwrap().number
}

#[test]
fn a_version_is_in_force_from_its_instant_on_until_the_next() {
    let mut versions = seed();
    versions.push(propose(&versions, false, proposal(1, Some(100)), at(10)).unwrap());

    assert_eq!((number_in_force(&versions, 99), number_in_force(&versions, 100)), (1, 2));
    assert_eq!(scheduled(&versions, at(99)).len(), 1);
    assert_eq!(scheduled(&versions, at(100)).len(), 0);

    versions.push(propose(&versions, false, proposal(2, None), at(120)).unwrap());

    assert_eq!((number_in_force(&versions, 119), number_in_force(&versions, 120)), (2, 3));
}

#[test]
fn an_instant_that_has_passed_is_now() {
    let made = propose(&seed(), false, proposal(1, Some(5)), at(10)).unwrap();

    assert_eq!((made.from, made.reason.as_str()), (Some(at(10)), "Sciopero"));
}

#[test]
fn a_draft_of_an_older_version_would_undo_the_newer_one_and_is_refused() {
    let mut versions = seed();
    versions.push(propose(&versions, false, proposal(1, None), at(10)).unwrap());

    assert_eq!(propose(&versions, false, proposal(1, None), at(20)).unwrap_err().code, Code::PolicyConflict);
}

#[test]
fn a_version_that_begins_before_a_scheduled_one_is_refused_until_that_is_withdrawn() {
    let mut versions = seed();
    versions.push(propose(&versions, false, proposal(1, Some(100)), at(10)).unwrap());

    assert_eq!(propose(&versions, false, proposal(2, None), at(20)).unwrap_err().code, Code::PolicyConflict);

    versions[1] = withdraw(&versions, 2, person("bruno"), at(30)).unwrap();

    assert_eq!(propose(&versions, false, proposal(1, None), at(40)).unwrap().number, 3);
    assert_eq!(number_in_force(&versions, 200), 1);
}

#[test]
fn four_eyes_are_those_of_two_people() {
    let mut versions = seed();
    versions.push(propose(&versions, true, proposal(1, None), at(10)).unwrap());

    assert_eq!((versions[1].state, number_in_force(&versions, 50)), (PolicyState::Proposed, 1));
    assert_eq!(approve(&versions, 2, person("anna"), at(20)).unwrap_err().code, Code::PolicyConflict);

    versions[1] = approve(&versions, 2, person("bruno"), at(30)).unwrap();

    assert_eq!((number_in_force(&versions, 29), number_in_force(&versions, 30)), (1, 2));
    assert_eq!(approve(&versions, 2, person("carla"), at(40)).unwrap_err().code, Code::PolicyConflict);
}

#[test]
fn an_approval_that_comes_after_another_version_was_published_is_refused() {
    let mut versions = seed();
    versions.push(propose(&versions, true, proposal(1, None), at(10)).unwrap());
    versions.push(propose(&versions, false, proposal(1, None), at(20)).unwrap());

    assert_eq!(approve(&versions, 2, person("bruno"), at(30)).unwrap_err().code, Code::PolicyConflict);
}

#[test]
fn what_was_in_force_cannot_be_taken_back() {
    let mut versions = seed();
    versions.push(propose(&versions, false, proposal(1, None), at(10)).unwrap());

    for number in [1, 2] {
        assert_eq!(
            withdraw(&versions, number, person("anna"), at(20)).unwrap_err().code,
            Code::PolicyConflict
        );
    }
    assert_eq!(withdraw(&versions, 9, person("anna"), at(20)).unwrap_err().code, Code::NotFound);
}

#[test]
fn a_version_says_why() {
    for reason in ["", "  ", &"x".repeat(MAX_POLICY_REASON_CHARS + 1)] {
        let proposal = Proposal { reason: reason.into(), ..proposal(1, None) };
        assert_eq!(propose(&seed(), false, proposal, at(10)).unwrap_err().code, Code::RequestInvalid);
    }
}
