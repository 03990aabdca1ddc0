// SPDX-License-Identifier: EUPL-1.2
//! Edits of a draft as text: one element of one list is added, replaced or taken away, and every other character stays as
//! somebody has written it.
//!
//! The text is read as JSON first; only of a well-formed one are places looked for. A path names members of objects and numbers of
//! lists from 0, as a JSON pointer does (RFC 6901).

use std::ops::Range;

use serde_json::Value;

/// An element of a list, and where it is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) value: Value,
    place: Range<usize>,
}

/// The elements of the list at a path; none where there is no such list, `None` for a text that is no JSON.
pub(super) fn rows(document: &str, path: &[&str]) -> Option<Vec<Row>> {
    serde_json::from_str::<Value>(document).ok()?;
    let Some(list) = place_of(document, path) else { return Some(Vec::new()) };
    let row = |place: Range<usize>| {
        Some(Row { value: serde_json::from_str(document.get(place.clone())?).ok()?, place })
    };
    parts_of(document, list).into_iter().map(|(_, place)| row(place)).collect()
}

/// The document with an element at the end of the list at a path. A list at the top that is missing is made, as the last member.
pub(super) fn added(document: &str, path: &[&str], element: &str) -> Option<String> {
    let rows = rows(document, path)?;
    let depth = "  ".repeat(path.len() + 1);
    let element = indented(element, &depth);
    let (place, text) = match (rows.last(), place_of(document, path)) {
        (Some(last), _) => (last.place.end..last.place.end, format!(",\n{depth}{element}")),
        (None, Some(list)) => {
            let end = "  ".repeat(path.len());
            (list, format!("[\n{depth}{element}\n{end}]"))
        }
        (None, None) => {
            let end = "  ".repeat(path.len());
            return put_at(document, path, &format!("[\n{depth}{element}\n{end}]"));
        }
    };
    edited(document, place, &text)
}

/// The document with another element in the place of one.
pub(super) fn replaced(document: &str, path: &[&str], index: usize, element: &str) -> Option<String> {
    let rows = rows(document, path)?;
    let depth = "  ".repeat(path.len() + 1);
    edited(document, rows.get(index)?.place.clone(), &indented(element, &depth))
}

/// The document without an element of the list at a path, and without the comma beside it.
pub(super) fn removed(document: &str, path: &[&str], index: usize) -> Option<String> {
    let rows = rows(document, path)?;
    let place = rows.get(index)?.place.clone();
    let before = index.checked_sub(1).and_then(|before| rows.get(before));
    let place = match (before, rows.get(index + 1)) {
        (Some(before), _) => before.place.end..place.end,
        (None, Some(after)) => place.start..after.place.start,
        (None, None) => return edited(document, place_of(document, path)?, "[]"),
    };
    edited(document, place, "")
}

/// Whether a text is JSON.
pub fn is_json(document: &str) -> bool {
    serde_json::from_str::<Value>(document).is_ok()
}

/// The value at a path; `None` where there is none, or for a text that is no JSON.
pub(super) fn value_at(document: &str, path: &[&str]) -> Option<Value> {
    let whole: Value = serde_json::from_str(document).ok()?;
    let part = |value: &'_ Value, name: &&str| match value.as_array() {
        Some(list) => list.get(name.parse::<usize>().ok()?).cloned(),
        None => value.get(*name).cloned(),
    };
    path.iter().try_fold(whole, |value, name| part(&value, name))
}

/// The document with a value at a path: in the place of another one, or as the last member of its object.
pub(super) fn put_at(document: &str, path: &[&str], value: &str) -> Option<String> {
    serde_json::from_str::<Value>(document).ok()?;
    if let Some(place) = place_of(document, path) {
        return edited(document, place, value);
    }
    let (name, object) = path.split_last()?;
    let whole = place_of(document, object)?;
    let last = parts_of(document, whole.clone()).last().map(|(_, place)| place.end);
    let comma = if last.is_some() { "," } else { "" };
    let at = last.unwrap_or(whole.start + 1);
    edited(document, at..at, &format!("{comma}\n{}\"{name}\": {value}", "  ".repeat(path.len())))
}

/// The document without the member at a path, and without the comma beside it.
pub(super) fn without(document: &str, path: &[&str]) -> Option<String> {
    serde_json::from_str::<Value>(document).ok()?;
    let (name, object) = path.split_last()?;
    let wanted = Value::from(*name).to_string();
    let whole = place_of(document, object)?;
    let parts = parts_of(document, whole.clone());
    let index = parts.iter().position(|(key, _)| *key == Some(wanted.as_str()))?;
    let end = parts.get(index)?.1.end;
    let before = index.checked_sub(1).and_then(|before| parts.get(before));
    let place = match (before, parts.get(index + 1)) {
        (Some((_, before)), _) => before.end..end,
        (None, Some(_)) => whole.start + 1..document.get(end..)?.find(',')? + end + 1,
        (None, None) => whole.start + 1..end,
    };
    edited(document, place, "")
}

/// Where the value at a path is written.
fn place_of(document: &str, path: &[&str]) -> Option<Range<usize>> {
    let mut place = value_from(document, 0)?;
    for name in path {
        let wanted = Value::from(*name).to_string();
        let is_list = document.as_bytes().get(place.start) == Some(&b'[');
        let mut parts = parts_of(document, place).into_iter();
        let part = if is_list {
            parts.nth(name.parse().ok()?)
        } else {
            parts.find(|(key, _)| *key == Some(wanted.as_str()))
        };
        place = part?.1;
    }
    Some(place)
}

/// The values of an object or a list, each with its name as it is written. None of any other value.
fn parts_of(document: &str, whole: Range<usize>) -> Vec<(Option<&str>, Range<usize>)> {
    let mut parts = Vec::new();
    let byte = |at: usize| document.as_bytes().get(at).copied();
    let is_object = byte(whole.start) == Some(b'{');
    if !is_object && byte(whole.start) != Some(b'[') {
        return parts;
    }
    let mut at = whole.start + 1;
    while let Some(first) = value_from(document, at) {
        if first.end > whole.end {
            break;
        }
        let (name, value) = if is_object {
            let Some(value) = colon_after(document, first.end).and_then(|at| value_from(document, at)) else {
                break;
            };
            (document.get(first), value)
        } else {
            (None, first)
        };
        at = value.end;
        parts.push((name, value));
        while byte(at).is_some_and(|byte| byte.is_ascii_whitespace()) {
            at += 1;
        }
        if byte(at) != Some(b',') {
            break;
        }
        at += 1;
    }
    parts
}

/// The place of the value that begins at or after a place; `None` at the end of what it is in.
fn value_from(document: &str, from: usize) -> Option<Range<usize>> {
    let bytes = document.as_bytes();
    let start = (from..bytes.len()).find(|at| !bytes[*at].is_ascii_whitespace())?;
    let (mut depth, mut in_text, mut at) = (0_usize, false, start);
    if matches!(bytes[start], b']' | b'}' | b',') {
        return None;
    }
    while let Some(&byte) = bytes.get(at) {
        if in_text {
            match byte {
                // What follows a backslash ends no text.
                b'\\' => at += 1,
                b'"' => in_text = false,
                _ => {}
            }
        } else {
            let ends = matches!(byte, b'}' | b']' | b',' | b':') || byte.is_ascii_whitespace();
            if depth == 0 && ends {
                return Some(start..at);
            }
            match byte {
                b'"' => in_text = true,
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
        }
        at += 1;
        if depth == 0 && !in_text && matches!(byte, b'"' | b'}' | b']') {
            return Some(start..at);
        }
    }
    Some(start..at.min(bytes.len()))
}

fn colon_after(document: &str, from: usize) -> Option<usize> {
    document.get(from..)?.find(':').map(|at| from + at + 1)
}

fn edited(document: &str, place: Range<usize>, text: &str) -> Option<String> {
    let (before, after) = (document.get(..place.start)?, document.get(place.end..)?);
    Some([before, text, after].concat())
}

fn indented(element: &str, depth: &str) -> String {
    element.replace('\n', &format!("\n{depth}"))
}

/// Where the caret goes for a line and a column in bytes, both from 1: in UTF-16 units, as browsers count. Beyond the end of a
/// line it is its end.
pub fn caret(document: &str, line: u32, column: u32) -> u32 {
    let (mut units, mut number) = (0_usize, 1);
    for text in document.split_inclusive('\n') {
        if number == line {
            let text = text.trim_end_matches(['\n', '\r']);
            let column = column.saturating_sub(1) as usize;
            let before = text.char_indices().take_while(|(at, _)| *at < column);
            units += before.map(|(_, one)| one.len_utf16()).sum::<usize>();
            break;
        }
        units += text.encode_utf16().count();
        number += 1;
    }
    u32::try_from(units).unwrap_or(u32::MAX)
}
