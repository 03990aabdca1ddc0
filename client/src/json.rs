// SPDX-License-Identifier: EUPL-1.2
//! JSON, read from a tree and written as text, without code made for each type.
//!
//! In a browser the tree is the engine's own (`JSON.parse`), so that reading costs a visitor next to no download; elsewhere it
//! is `serde_json`'s. Both read alike: numbers are whole and fit in 53 bits, as everything in this protocol does.

use tree::Tree;

/// A value, or the place where one is missing.
#[derive(Clone, Debug)]
pub struct Json(Tree);

impl Json {
    /// Reads a text. `None` if it is not JSON.
    pub fn parse(text: &str) -> Option<Self> {
        tree::parse(text).map(Self)
    }

    /// A member of an object; missing if there is none or this is no object.
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        Self(tree::member(&self.0, name))
    }

    /// Reads a member.
    pub fn get<T: Read>(&self, name: &str) -> Option<T> {
        T::read(&self.member(name))
    }

    /// Reads a member that stands for its default where it is missing.
    pub fn get_or_default<T: Read + Default>(&self, name: &str) -> Option<T> {
        self.get::<Option<T>>(name).map(Option::unwrap_or_default)
    }

    /// A value with a name before it: the name alone, or an object with one member. How variants travel.
    pub fn named(&self) -> Option<(String, Self)> {
        self.text().map(|name| (name, self.clone())).or_else(|| {
            let (name, of) = tree::only(&self.0)?;
            Some((name, Self(of)))
        })
    }

    /// Whether there is nothing, or `null`.
    pub fn is_missing(&self) -> bool {
        tree::is_missing(&self.0)
    }

    /// A string.
    pub fn text(&self) -> Option<String> {
        tree::text(&self.0)
    }

    /// A whole number of at most 53 bits.
    pub fn integer(&self) -> Option<i64> {
        tree::integer(&self.0)
    }

    /// `true` or `false`.
    pub fn flag(&self) -> Option<bool> {
        tree::flag(&self.0)
    }

    /// The members of an array.
    pub fn items(&self) -> Option<Vec<Self>> {
        tree::items(&self.0).map(|items| items.into_iter().map(Self).collect())
    }
}

/// What can be read.
pub trait Read: Sized {
    /// Reads a value. `None` if it has not the form it must have.
    fn read(json: &Json) -> Option<Self>;
}

impl Read for String {
    fn read(json: &Json) -> Option<Self> {
        json.text()
    }
}

impl Read for bool {
    fn read(json: &Json) -> Option<Self> {
        json.flag()
    }
}

impl Read for i64 {
    fn read(json: &Json) -> Option<Self> {
        json.integer()
    }
}

macro_rules! read_unsigned {
    ($($number:ty),*) => {$(
        impl Read for $number {
            fn read(json: &Json) -> Option<Self> {
                json.integer()?.try_into().ok()
            }
        }
    )*};
}

read_unsigned!(u16, u32, u64);

impl<T: Read> Read for Option<T> {
    fn read(json: &Json) -> Option<Self> {
        if json.is_missing() { Some(None) } else { T::read(json).map(Some) }
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(json: &Json) -> Option<Self> {
        json.items()?.iter().map(T::read).collect()
    }
}

impl<T: Read> Read for Box<T> {
    fn read(json: &Json) -> Option<Self> {
        T::read(json).map(Self::new)
    }
}

/// An object under construction.
#[derive(Debug, Default)]
pub struct Object(String);

impl Object {
    /// An object without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// An object with one member, as variants travel.
    pub fn named(name: &str, of: &str) -> String {
        Self::new().json(name, of).done()
    }

    /// Adds a string.
    #[must_use]
    pub fn text(self, name: &str, value: &str) -> Self {
        let mut quoted = String::with_capacity(value.len() + 2);
        quote(value, &mut quoted);
        self.json(name, &quoted)
    }

    /// Adds a number.
    #[must_use]
    pub fn number(self, name: &str, value: i64) -> Self {
        self.json(name, &value.to_string())
    }

    /// Adds `true` or `false`.
    #[must_use]
    pub fn flag(self, name: &str, value: bool) -> Self {
        self.json(name, if value { "true" } else { "false" })
    }

    /// Adds what is JSON already.
    #[must_use]
    pub fn json(mut self, name: &str, value: &str) -> Self {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        quote(name, &mut self.0);
        self.0.push(':');
        self.0.push_str(value);
        self
    }

    /// Adds a string, if there is one.
    #[must_use]
    pub fn text_if(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    /// The text.
    pub fn done(mut self) -> String {
        self.0.push_str(if self.0.is_empty() { "{}" } else { "}" });
        self.0
    }
}

/// A list of what is JSON already.
pub fn list(items: impl IntoIterator<Item = String>) -> String {
    let mut text = String::from("[");
    for item in items {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&item);
    }
    text.push(']');
    text
}

/// A string as JSON.
pub fn string(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len() + 2);
    quote(value, &mut quoted);
    quoted
}

/// RFC 8259, section 7: quotation mark, reverse solidus and control characters must be escaped.
fn quote(value: &str, into: &mut String) {
    into.push('"');
    for sign in value.chars() {
        match sign {
            '"' | '\\' => {
                into.push('\\');
                into.push(sign);
            }
            '\n' => into.push_str("\\n"),
            '\0'..='\u{1f}' => {
                into.push_str("\\u00");
                for digit in [sign as u32 >> 4, sign as u32 & 15] {
                    into.push(char::from_digit(digit, 16).unwrap_or('0'));
                }
            }
            _ => into.push(sign),
        }
    }
    into.push('"');
}

#[cfg(target_arch = "wasm32")]
mod tree {
    use js_sys::{Array, JSON, Object, Reflect};
    use wasm_bindgen::{JsCast, JsValue};

    pub(super) type Tree = JsValue;

    pub(super) fn parse(text: &str) -> Option<Tree> {
        JSON::parse(text).ok()
    }

    pub(super) fn member(tree: &Tree, name: &str) -> Tree {
        // An own member: `constructor` and its like are nobody's.
        let own =
            tree.is_object() && Object::has_own(tree.unchecked_ref::<Object>(), &JsValue::from_str(name));
        let found = own.then(|| Reflect::get(tree, &JsValue::from_str(name)).ok()).flatten();
        found.unwrap_or(JsValue::UNDEFINED)
    }

    pub(super) fn only(tree: &Tree) -> Option<(String, Tree)> {
        if !tree.is_object() || Array::is_array(tree) {
            return None;
        }
        let names = Object::keys(tree.unchecked_ref::<Object>());
        let name = names.get(0);
        (names.length() == 1).then_some(())?;
        Some((name.as_string()?, Reflect::get(tree, &name).ok()?))
    }

    pub(super) fn is_missing(tree: &Tree) -> bool {
        tree.is_undefined() || tree.is_null()
    }

    pub(super) fn text(tree: &Tree) -> Option<String> {
        tree.as_string()
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::float_cmp,
        reason = "a whole number survives the way there and back"
    )]
    #[expect(clippy::cast_precision_loss, reason = "what loses anything is refused")]
    pub(super) fn integer(tree: &Tree) -> Option<i64> {
        let number = tree.as_f64()?;
        let whole = number as i64;
        (whole as f64 == number && whole.unsigned_abs() <= 1 << 53).then_some(whole)
    }

    pub(super) fn flag(tree: &Tree) -> Option<bool> {
        tree.as_bool()
    }

    pub(super) fn items(tree: &Tree) -> Option<Vec<Tree>> {
        Array::is_array(tree).then(|| tree.unchecked_ref::<Array>().iter().collect())
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod tree {
    use serde_json::Value;

    pub(super) type Tree = Value;

    pub(super) fn parse(text: &str) -> Option<Tree> {
        serde_json::from_str(text).ok()
    }

    pub(super) fn member(tree: &Tree, name: &str) -> Tree {
        tree.as_object().and_then(|object| object.get(name)).cloned().unwrap_or_default()
    }

    pub(super) fn only(tree: &Tree) -> Option<(String, Tree)> {
        let object = tree.as_object().filter(|object| object.len() == 1)?;
        object.iter().next().map(|(name, of)| (name.clone(), of.clone()))
    }

    pub(super) fn is_missing(tree: &Tree) -> bool {
        tree.is_null()
    }

    pub(super) fn text(tree: &Tree) -> Option<String> {
        tree.as_str().map(String::from)
    }

    pub(super) fn integer(tree: &Tree) -> Option<i64> {
        tree.as_i64().filter(|whole| whole.unsigned_abs() <= 1 << 53)
    }

    pub(super) fn flag(tree: &Tree) -> Option<bool> {
        tree.as_bool()
    }

    pub(super) fn items(tree: &Tree) -> Option<Vec<Tree>> {
        tree.as_array().cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["", "perché no?", "\"\\/\u{8}\u{c}\n\r\t\0\u{1f}\u{7f}", "😀\u{2028}", "</script>"] {
            let written = Object::new().text("text", text).number("number", -5).json("none", "null").done();
            let json = Json::parse(&written).unwrap();
            assert_eq!(json.get::<String>("text").as_deref(), Some(text), "{written}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap()["text"], text);
            assert_eq!((json.get::<i64>("number"), json.get::<Option<bool>>("none")), (Some(-5), Some(None)));
        }
        assert_eq!(Object::new().done(), "{}");
        assert_eq!(list([string("a"), Object::named("b", "[]")]), r#"["a",{"b":[]}]"#);
    }

    #[test]
    fn what_has_another_form_is_not_read() {
        let json = Json::parse(r#"{"big":9007199254740993,"half":0.5,"minus":-1,"words":["a",1]}"#).unwrap();
        assert_eq!(json.get::<i64>("big"), None);
        assert_eq!(json.get::<i64>("half"), None);
        assert_eq!(json.get::<u64>("minus"), None);
        assert_eq!(json.get::<Vec<String>>("words"), None);
        assert_eq!(json.get::<String>("absent"), None);
        assert_eq!(json.get::<Vec<String>>("absent"), None);
        assert_eq!(json.get_or_default::<Vec<String>>("absent"), Some(Vec::new()));
        assert!(Json::parse("{").is_none());
    }

    #[test]
    fn a_variant_is_a_name_or_an_object_with_one() {
        let name = |text| Json::parse(text).unwrap().named().map(|(name, _)| name);
        assert_eq!(name(r#""citizen""#).as_deref(), Some("citizen"));
        assert_eq!(name(r#"{"advisor":{}}"#).as_deref(), Some("advisor"));
        for none in ["{}", r#"{"a":1,"b":2}"#, "[1]", "7", "null"] {
            assert_eq!(name(none), None, "{none}");
        }
    }
}
