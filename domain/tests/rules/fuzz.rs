// SPDX-License-Identifier: EUPL-1.2
//! Bad documents and strange questions: an error or a verdict, never a panic.

use infocig_domain::{
    admission::{Applicant, Load, admit},
    policy::Policy,
};
use infocig_protocol::{
    language::Language,
    person::{Category, Credential, EntryPoint},
};
use jiff::Timestamp;
use proptest::prelude::*;

use super::{SHIPPED, shipped};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_mutilated_policy_is_an_error_or_a_policy(
        at in 0_usize..SHIPPED.len(),
        length in 0_usize..40,
        text in "[ -~]{0,12}",
    ) {
        let from = SHIPPED.floor_char_boundary(at);
        let to = SHIPPED.floor_char_boundary((at + length).min(SHIPPED.len()));
        let mutilated = format!("{}{text}{}", &SHIPPED[..from], &SHIPPED[to..]);
        match Policy::parse(&mutilated) {
            Ok(policy) => drop(ask(&policy, 1_795_444_800, 0, "058", 1, 0)),
            Err(error) => prop_assert!(error.to_string().starts_with("policy ")),
        }
    }

    #[test]
    fn any_text_is_an_error_or_a_policy(text in "\\PC{0,200}") {
        prop_assert!(Policy::parse(&text).is_err());
    }

    #[test]
    fn any_question_has_a_verdict(
        second in i64::from(i32::MIN)..253_402_000_000,
        category in 0_usize..4,
        province in "[0-9]{3}|\\PC{0,8}",
        credential in 0_usize..6,
        entry in 0_usize..3,
    ) {
        ask(&shipped(), second, category, &province, credential, entry);
    }
}

fn ask(
    policy: &Policy,
    second: i64,
    category: usize,
    province: &str,
    credential: usize,
    entry: usize,
) -> String {
    let applicant = Applicant {
        category: Category::ALL[category],
        province: Some(province),
        credential: Some(Credential::ALL[credential]),
        entry: Some(EntryPoint::ALL[entry]),
    };
    let at = Timestamp::from_second(second).unwrap();
    admit(policy, &applicant, Load::Bearable, at).to_document(policy, Language::De).message
}
