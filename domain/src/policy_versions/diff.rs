// SPDX-License-Identifier: EUPL-1.2
//! The differences between two documents, member by member. Spaces and the order of members are none.
//!
//! In a list, elements that are the same on both sides are left out; what is left is compared one by one where both sides have as
//! many, and is taken away and added where they have not.

use infocig_protocol::policy::PolicyChange;
use serde_json::Value;

/// The differences between two JSON texts, in the order of the members; none where one of them is no JSON.
pub fn between(before: &str, after: &str) -> Vec<PolicyChange> {
    let mut changes = Vec::new();
    if let (Ok(before), Ok(after)) = (serde_json::from_str(before), serde_json::from_str(after)) {
        compare(String::new(), Some(&before), Some(&after), &mut changes);
    }
    changes
}

fn compare(path: String, before: Option<&Value>, after: Option<&Value>, changes: &mut Vec<PolicyChange>) {
    match (before, after) {
        (Some(before), Some(after)) if before == after => {}
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            let names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
            for name in names {
                compare(below(&path, name), before.get(name), after.get(name), changes);
            }
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) => {
            let gone = numbered(before, after);
            let come = numbered(after, before);
            if gone.len() == come.len() {
                for ((_, before), (at, after)) in gone.into_iter().zip(come) {
                    compare(format!("{path}[{at}]"), Some(before), Some(after), changes);
                }
            } else {
                for (at, value) in gone {
                    compare(format!("{path}[{at}]"), Some(value), None, changes);
                }
                for (at, value) in come {
                    compare(format!("{path}[{at}]"), None, Some(value), changes);
                }
            }
        }
        (before, after) => changes.push(PolicyChange {
            path,
            before: before.map(Value::to_string),
            after: after.map(Value::to_string),
        }),
    }
}

/// The elements of a list that the other has not, with their places.
fn numbered<'v>(list: &'v [Value], other: &[Value]) -> Vec<(usize, &'v Value)> {
    list.iter().enumerate().filter(|(_, value)| !other.contains(value)).collect()
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.into() } else { format!("{path}.{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(before: &str, after: &str) -> Vec<String> {
        let text = |side: &Option<String>| side.clone().unwrap_or_else(|| "-".into());
        let changes = between(before, after).into_iter();
        changes
            .map(|change| format!("{} {} {}", change.path, text(&change.before), text(&change.after)))
            .collect()
    }

    #[test]
    fn a_number_a_member_and_an_element_are_named_by_their_places() {
        assert_eq!(written(r#"{"a":{"b":1,"c":2}}"#, r#"{"a":{"c":2,"b":3}}"#), ["a.b 1 3"]);
        assert_eq!(written(r#"{"a":1}"#, r#"{"b":true}"#), ["a 1 -", "b - true"]);
        assert_eq!(written(r#"{"l":[{"x":1},{"x":2}]}"#, r#"{"l":[{"x":1},{"x":3}]}"#), ["l[1].x 2 3"]);
    }

    #[test]
    fn an_element_at_the_beginning_of_a_list_moves_none_of_the_others() {
        assert_eq!(written(r#"{"l":[1,2]}"#, r#"{"l":[0,1,2]}"#), ["l[0] - 0"]);
        assert_eq!(written(r#"{"l":[0,1,2]}"#, r#"{"l":[1,2]}"#), ["l[0] 0 -"]);
    }

    #[test]
    fn a_period_that_somebody_decides_is_named_by_its_class() {
        let period = |days| format!(r#"{{"retention":{{"conversations":{{"days":{days},"basis":"X"}}}}}}"#);
        assert_eq!(written(&period(30), &period(60)), ["retention.conversations.days 30 60"]);
    }

    #[test]
    fn spaces_and_the_order_of_members_are_no_difference() {
        assert_eq!(written(r#"{"a":1,"b":[2]}"#, "{ \"b\": [ 2 ],\n \"a\": 1 }"), Vec::<String>::new());
    }
}
