// SPDX-License-Identifier: EUPL-1.2
//! Entity tags: whether a browser already has the file it asks for (RFC 9110, 8.8.3 and 13.1.2).
//!
//! A tag is a digest of the very bytes that are sent, so that every form of a file has one of its own.

use base16ct::lower;
use sha2::{Digest, Sha256};

/// The tag of these bytes, strong.
pub fn of(bytes: &[u8]) -> String {
    let mut tag = lower::encode_string(&Sha256::digest(bytes));
    tag.truncate(DIGITS);
    format!("\"{tag}\"")
}

/// Whether an `If-None-Match` names this tag. An unreadable part names nothing: then the file is sent.
pub fn is_known(if_none_match: Option<&str>, tag: &str) -> bool {
    let header = if_none_match.unwrap_or_default().trim();
    header == "*" || Tags(header).any(|known| known == tag)
}

/// The tags of a list, each without its `W/`: here weak ones are compared like strong ones.
struct Tags<'h>(&'h str);

impl<'h> Iterator for Tags<'h> {
    type Item = &'h str;

    fn next(&mut self) -> Option<&'h str> {
        let rest = self.0.trim_start_matches([' ', '\t', ',']);
        let rest = rest.strip_prefix("W/").unwrap_or(rest);
        // A comma may stand inside a tag, a quotation mark may not.
        let end = rest.strip_prefix('"')?.find('"')? + 2;
        let (tag, rest) = rest.split_at_checked(end)?;
        self.0 = rest;
        Some(tag)
    }
}

/// As many hexadecimal digits as no two files will ever share.
const DIGITS: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_bytes_have_another_tag() {
        assert_eq!(of(b""), "\"e3b0c44298fc1c149afbf4c8996fb924\"");
        assert_ne!(of(b"a"), of(b"b"));
    }

    #[test]
    fn the_table_says_which_header_names_the_tag() {
        for (header, expected) in [
            ("\"a\"", true),
            ("W/\"a\"", true),
            ("\"b\", \"a\"", true),
            ("\"b\",W/\"c\" , W/\"a\"", true),
            (",, \"a\"", true),
            ("\"x,\\\", \"a\"", true),
            ("*", true),
            (" * ", true),
            ("\"b\"", false),
            ("\"A\"", false),
            ("\"a-gzip\"", false),
            ("\"x,\\\"a\\\"\"", false),
            ("a", false),
            ("\"b\" \"", false),
            ("w/\"a\"", false),
            ("\"a", false),
            ("\"b\", *", false),
            ("", false),
            ("\"è\"\u{0}\"", false),
        ] {
            assert_eq!(is_known(Some(header), "\"a\""), expected, "{header}");
        }
        assert!(!is_known(None, "\"a\""));
    }
}
