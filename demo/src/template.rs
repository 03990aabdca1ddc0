// SPDX-License-Identifier: EUPL-1.2
//! Pages with holes: a small part of Mustache in which no value can become markup.
//!
//! | in the file | in the page |
//! |---|---|
//! | `{{name}}` | the value, escaped; a name that is not there is a fault, not a blank |
//! | `{{#name}}…{{/name}}` | once if true, once per element of a list, with the element's names in reach |
//! | `{{^name}}…{{/name}}` | only if false, empty or not there |
//! | `{{> part}}` | another template |
//! | `{{! note}}` | nothing |

use std::collections::BTreeMap;

use serde_json::Value;

/// Why a template cannot be read or filled in.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TemplateFault {
    #[error("a `{{{{` is never closed")]
    OpenTag,
    #[error("section `{0}` is never closed")]
    OpenSection(String),
    #[error("`{{{{/{0}}}}}` closes a section that is not open")]
    StrayEnd(String),
    #[error("there is no template `{0}`")]
    NoTemplate(String),
    #[error("the template has a place for `{0}` and the page has no such value")]
    NoValue(String),
    #[error("template `{0}` includes itself")]
    Endless(String),
}

/// Every template, by name.
#[derive(Default)]
pub(crate) struct Templates {
    by_name: BTreeMap<String, Vec<Node>>,
}

#[derive(Debug, PartialEq, Eq)]
enum Node {
    Text(String),
    Value(String),
    Part(String),
    Section { name: String, inverted: bool, body: Vec<Node> },
}

impl Templates {
    /// Reads `source` and keeps it under `name`.
    pub(crate) fn add(&mut self, name: &str, source: &str) -> Result<(), TemplateFault> {
        self.by_name.insert(name.to_owned(), parse(source)?);
        Ok(())
    }

    /// The template called `name`, filled in from the members of `values`.
    pub(crate) fn render(&self, name: &str, values: &Value) -> Result<String, TemplateFault> {
        let mut page = String::new();
        self.render_part(name, &mut vec![values], 0, &mut page)?;
        Ok(page)
    }

    fn render_part(
        &self,
        name: &str,
        scope: &mut Vec<&Value>,
        depth: u8,
        page: &mut String,
    ) -> Result<(), TemplateFault> {
        if depth > MAX_DEPTH {
            return Err(TemplateFault::Endless(name.to_owned()));
        }
        let nodes = self.by_name.get(name).ok_or_else(|| TemplateFault::NoTemplate(name.to_owned()))?;
        self.render_nodes(nodes, scope, depth, page)
    }

    fn render_nodes(
        &self,
        nodes: &[Node],
        scope: &mut Vec<&Value>,
        depth: u8,
        page: &mut String,
    ) -> Result<(), TemplateFault> {
        for node in nodes {
            match node {
                Node::Text(text) => page.push_str(text),
                Node::Value(name) => {
                    let value = find(name, scope).ok_or_else(|| TemplateFault::NoValue(name.clone()))?;
                    match value {
                        Value::String(text) => push_escaped(text, page),
                        Value::Null
                        | Value::Bool(_)
                        | Value::Number(_)
                        | Value::Array(_)
                        | Value::Object(_) => {
                            push_escaped(&value.to_string(), page);
                        }
                    }
                }
                Node::Part(name) => self.render_part(name, scope, depth + 1, page)?,
                Node::Section { name, inverted, body } => {
                    let value = find(name, scope);
                    match (inverted, value) {
                        (false, Some(Value::Array(elements))) => {
                            for element in elements {
                                scope.push(element);
                                self.render_nodes(body, scope, depth, page)?;
                                scope.pop();
                            }
                        }
                        (false, Some(value)) if holds(value) => {
                            scope.push(value);
                            self.render_nodes(body, scope, depth, page)?;
                            scope.pop();
                        }
                        (true, value) if !value.is_some_and(holds) => {
                            self.render_nodes(body, scope, depth, page)?;
                        }
                        (false | true, _) => {}
                    }
                }
            }
        }
        Ok(())
    }
}

/// How deep parts may include parts.
const MAX_DEPTH: u8 = 8;

fn find<'v>(name: &str, scope: &[&'v Value]) -> Option<&'v Value> {
    scope.iter().rev().find_map(|values| values.get(name))
}

fn holds(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(_) | Value::Object(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(elements) => !elements.is_empty(),
    }
}

fn parse(source: &str) -> Result<Vec<Node>, TemplateFault> {
    let mut finished = Vec::new();
    let mut open: Vec<(String, bool, Vec<Node>)> = Vec::new();
    let mut rest = source;
    while let Some((text, after)) = rest.split_once("{{") {
        let (tag, after) = after.split_once("}}").ok_or(TemplateFault::OpenTag)?;
        rest = after;
        let nodes = open.last_mut().map_or(&mut finished, |(_, _, body)| body);
        if !text.is_empty() {
            nodes.push(Node::Text(text.to_owned()));
        }
        let name = tag.trim_start_matches(['#', '^', '/', '>', '!']).trim().to_owned();
        match tag.as_bytes().first() {
            Some(b'!') => {}
            Some(b'>') => nodes.push(Node::Part(name)),
            Some(b'#') => open.push((name, false, Vec::new())),
            Some(b'^') => open.push((name, true, Vec::new())),
            Some(b'/') => {
                let Some((section, inverted, body)) = open.pop().filter(|(section, ..)| *section == name)
                else {
                    return Err(TemplateFault::StrayEnd(name));
                };
                let outer = open.last_mut().map_or(&mut finished, |(_, _, body)| body);
                outer.push(Node::Section { name: section, inverted, body });
            }
            Some(_) | None => nodes.push(Node::Value(name)),
        }
    }
    if let Some((name, ..)) = open.pop() {
        return Err(TemplateFault::OpenSection(name));
    }
    if !rest.is_empty() {
        finished.push(Node::Text(rest.to_owned()));
    }
    Ok(finished)
}

/// Safe as element content and inside a quoted attribute.
fn push_escaped(text: &str, page: &mut String) {
    for character in text.chars() {
        match character {
            '&' => page.push_str("&amp;"),
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '"' => page.push_str("&quot;"),
            '\'' => page.push_str("&#39;"),
            other => page.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_never_becomes_markup() {
        check(
            "<p title=\"{{v}}\">{{v}}</p>",
            json!({ "v": "<b a=\"1\" c='2'>&" }),
            "<p title=\"&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;\">&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;</p>",
        );
    }

    #[test]
    fn a_value_is_not_read_as_a_template() {
        check("{{v}}", json!({ "v": "{{secret}}", "secret": "no" }), "{{secret}}");
    }

    #[test]
    fn a_list_repeats_its_section_and_sees_the_names_around_it() {
        check("{{#l}}[{{n}}{{o}}]{{/l}}", json!({ "o": "!", "l": [{ "n": "a" }, { "n": "b" }] }), "[a!][b!]");
    }

    #[test]
    fn a_section_is_there_when_its_value_holds() {
        for (value, expected) in [
            (json!(true), "yes"),
            (json!(false), "no"),
            (json!(null), "no"),
            (json!([]), "no"),
            (json!({}), "yes"),
        ] {
            check("{{#v}}yes{{/v}}{{^v}}no{{/v}}", json!({ "v": value }), expected);
        }
        check("{{#v}}yes{{/v}}{{^v}}no{{/v}}", json!({}), "no");
    }

    #[test]
    fn parts_and_notes() {
        let mut templates = Templates::default();
        templates.add("part", "{{! a note }}<{{v}}>").unwrap();
        templates.add("page", "a{{> part}}b").unwrap();

        assert_eq!(templates.render("page", &json!({ "v": 1 })).unwrap(), "a<1>b");
    }

    #[test]
    fn what_is_wrong_with_a_template_is_named() {
        check_fault("{{v", TemplateFault::OpenTag);
        check_fault("{{#v}}", TemplateFault::OpenSection("v".into()));
        check_fault("{{#v}}{{/w}}", TemplateFault::StrayEnd("w".into()));
        check_fault("{{/v}}", TemplateFault::StrayEnd("v".into()));
        check_fault("{{v}}", TemplateFault::NoValue("v".into()));
        check_fault("{{> other}}", TemplateFault::NoTemplate("other".into()));
        check_fault("{{> page}}", TemplateFault::Endless("page".into()));
    }

    #[track_caller]
    fn check(source: &str, values: Value, expected: &str) {
        let mut templates = Templates::default();
        templates.add("page", source).unwrap();
        assert_eq!(templates.render("page", &values).unwrap(), expected);
    }

    #[track_caller]
    fn check_fault(source: &str, expected: TemplateFault) {
        let mut templates = Templates::default();
        let result = templates.add("page", source).and_then(|()| templates.render("page", &json!({})));
        assert_eq!(result, Err(expected));
    }
}
