// SPDX-License-Identifier: EUPL-1.2
//! Content codings: the forms of a file to try for a client (RFC 9110, 12.5.3).
//!
//! Forms are ordered by the client's weight, and by size where weights are equal. The file as it is (`identity`) is always the
//! last resort, even where a header excludes it: no client goes without a file for its header.

use std::cmp::Reverse;

use super::negotiation::{Weighted, elements};

/// A form a file is sent in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// `br`
    Brotli,
    /// `gzip`
    Gzip,
    /// As it is.
    Identity,
}

impl Coding {
    /// Its name in `Content-Encoding`; none for `identity`.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }

    /// The suffix the build adds to a file's name for it.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }
}

/// The forms to try for an `Accept-Encoding`, the best first; without the header, `identity` alone.
pub fn preferred(header: Option<&str>) -> Vec<Coding> {
    let listed: Vec<Weighted<'_>> = elements(header.unwrap_or_default()).collect();
    let find = |name: &str| listed.iter().find(|one| one.value.eq_ignore_ascii_case(name));
    let weight = |names: &[&str]| {
        let said = names.iter().copied().find_map(find).or_else(|| find("*"));
        said.map_or(0, |said| said.thousandths)
    };
    let mut forms = [
        (Coding::Brotli, weight(&["br"])),
        (Coding::Gzip, weight(&["gzip", "x-gzip"])),
        (Coding::Identity, weight(&["identity"])),
    ];
    // Stable: forms of equal weight stay in this order.
    forms.sort_by_key(|(_, weight)| Reverse(*weight));
    let accepted = forms.into_iter().filter(|(form, weight)| *weight > 0 || *form == Coding::Identity);
    let mut preferred: Vec<Coding> = accepted.map(|(form, _)| form).collect();
    // After a file as it is nothing is left to try.
    if let Some(last) = preferred.iter().position(|form| *form == Coding::Identity) {
        preferred.truncate(last + 1);
    }
    preferred
}

#[cfg(test)]
mod tests {
    use super::Coding::*;
    use super::*;

    #[test]
    fn the_table_says_which_forms_are_tried_for_which_header() {
        let all: &[Coding] = &[Brotli, Gzip, Identity];
        for (header, expected) in [
            ("gzip, deflate, br, zstd", all),
            ("br", &[Brotli, Identity]),
            ("gzip", &[Gzip, Identity]),
            ("x-gzip", &[Gzip, Identity]),
            ("GZIP , Br", all),
            ("*", all),
            // Weights.
            ("gzip;q=1.0, br;q=0.5", &[Gzip, Brotli, Identity]),
            ("gzip;q=0.501, br;q=0.5", &[Gzip, Brotli, Identity]),
            ("gzip;q=0.5, br;q=0.5", all),
            ("br ; q=0.1", &[Brotli, Identity]),
            ("br;Q=0.1", &[Brotli, Identity]),
            ("br;q=0.001", &[Brotli, Identity]),
            ("br;q=0, gzip", &[Gzip, Identity]),
            ("br;q=0.000, gzip;q=0.", &[Identity]),
            ("br;q=1., gzip;q=1.000", all),
            // A preference for no encoding.
            ("identity", &[Identity]),
            ("identity, br;q=0.5", &[Identity]),
            ("br, identity;q=0.5, gzip;q=0.2", &[Brotli, Identity]),
            // Encodings that are not listed.
            ("*;q=0.5, gzip", &[Gzip, Brotli, Identity]),
            ("br;q=0, *", &[Gzip, Identity]),
            ("*;q=0", &[Identity]),
            ("gzip, *;q=0", &[Gzip, Identity]),
            ("identity;q=0", &[Identity]),
            ("identity;q=0, gzip;q=0.1", &[Gzip, Identity]),
            ("br, identity;q=0", &[Brotli, Identity]),
            // Encodings that the service does not have.
            ("deflate, zstd", &[Identity]),
            ("compress;q=0.5, br;q=0.1", &[Brotli, Identity]),
            // An unreadable part is skipped, and the rest counts.
            ("", &[Identity]),
            (" , ,br,", &[Brotli, Identity]),
            ("br;q=x, gzip", &[Gzip, Identity]),
            ("br;q=2, gzip;q=1.001", &[Identity]),
            ("br;q=0.1234, gzip;q=-1", &[Identity]),
            ("br;q=, gzip;q", &[Identity]),
            ("br;level=11, gzip", &[Gzip, Identity]),
            ("br;q=1;q=0, gzip", &[Gzip, Identity]),
            ("brotli, è, \u{0}", &[Identity]),
            // Of a repeated encoding the first counts.
            ("br;q=0, br", &[Identity]),
        ] {
            assert_eq!(preferred(Some(header)), expected, "{header:?}");
        }
        assert_eq!(preferred(None), [Identity]);
    }
}
