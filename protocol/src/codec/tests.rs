// SPDX-License-Identifier: EUPL-1.2
//! Texts, numbers and forms the codec must read and write as `serde_json` does.

use serde_json::Value;

use super::*;

#[test]
fn a_written_value_is_read_again() {
    for text in ["", "perché no?", "\"\\/\u{8}\u{c}\n\r\t\0\u{1f}\u{7f}", "😀\u{2028}", "</script>", "{", "["]
    {
        let written = Object::new()
            .text("text", text)
            .value("number", &-5_i64)
            .value("none", &None::<bool>)
            .value("list", &vec![text.to_owned(), String::from("[")])
            .done();
        let json: Value = serde_json::from_str(&written).unwrap();
        assert_eq!(json.read::<String>("text").as_deref(), Some(text), "{written}");
        assert_eq!(json["list"], serde_json::json!([text, "["]));
        assert_eq!(json.read::<i64>("number"), Some(-5));
        assert_eq!(json.read::<Option<bool>>("none"), Some(None));
    }
    assert_eq!(Object::new().done(), "{}");
    assert_eq!(Object::new().value("b", &Object::new().text("c", "d")).done(), r#"{"b":{"c":"d"}}"#);
    assert_eq!(write(&[Vec::new(), vec![true, false]]), "[[],[true,false]]");
}

#[test]
fn a_value_of_another_form_is_not_read() {
    let json = Value::parse(r#"{"big":9007199254740993,"half":0.5,"minus":-1,"words":["a",1]}"#).unwrap();
    assert_eq!(json.read::<i64>("big"), None);
    assert_eq!(json.read::<i64>("half"), None);
    assert_eq!(json.read::<u64>("minus"), None);
    assert_eq!(json.read::<Vec<String>>("words"), None);
    assert_eq!(json.read::<[String; 1]>("words"), None);
    assert_eq!(json.read::<String>("absent"), None);
    assert_eq!(json.read::<Vec<String>>("absent"), None);
    assert_eq!(json.read_or_default::<Vec<String>>("absent"), Some(Vec::new()));
    assert!(Value::parse("{").is_none());
}

#[test]
fn a_variant_is_a_name_or_an_object_with_one() {
    let place = |text| Value::parse(text).unwrap().variant(&["citizen", "advisor"]).map(|(place, _)| place);
    assert_eq!(place(r#""citizen""#), Some(0));
    assert_eq!(place(r#"{"advisor":{}}"#), Some(1));
    for none in ["{}", r#"{"citizen":1,"advisor":2}"#, r#"["citizen"]"#, r#""system""#, "7", "null"] {
        assert_eq!(place(none), None, "{none}");
    }
}
