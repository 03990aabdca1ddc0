// SPDX-License-Identifier: EUPL-1.2
//! Content codings: in which form a file is sent to whom (RFC 9110, 12.5.3).
//!
//! What somebody weighs more comes first; of what they weigh alike, the smaller form. What cannot be read of a header says
//! nothing, and as it is a file is always the last resort: nobody goes without one for what their header says.

use std::cmp::Reverse;

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
    /// Its name in `Content-Encoding`; what is sent as it is has none.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }

    /// What the build adds to a file's name for it.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }
}

/// The forms to try for whoever sends this `Accept-Encoding`, the best first. Whoever sends none is sent files as they are.
pub fn preferred(header: Option<&str>) -> Vec<Coding> {
    let listed: Vec<Listed<'_>> = header.unwrap_or_default().split(',').filter_map(Listed::read).collect();
    let find = |name: &str| listed.iter().find(|one| one.coding.eq_ignore_ascii_case(name));
    let weight = |names: &[&str]| {
        let said = names.iter().copied().find_map(find).or_else(|| find("*"));
        said.map_or(0, |said| said.thousandths)
    };
    let mut forms = [
        (Coding::Brotli, weight(&["br"])),
        (Coding::Gzip, weight(&["gzip", "x-gzip"])),
        (Coding::Identity, weight(&["identity"])),
    ];
    // Stable: what weighs alike stays in this order.
    forms.sort_by_key(|(_, weight)| Reverse(*weight));
    let accepted = forms.into_iter().filter(|(form, weight)| *weight > 0 || *form == Coding::Identity);
    let mut preferred: Vec<Coding> = accepted.map(|(form, _)| form).collect();
    // After a file as it is nothing is left to try.
    if let Some(last) = preferred.iter().position(|form| *form == Coding::Identity) {
        preferred.truncate(last + 1);
    }
    preferred
}

/// One element of the list.
struct Listed<'h> {
    coding: &'h str,
    thousandths: u16,
}

impl<'h> Listed<'h> {
    /// `gzip`, `br;q=0.8`.
    fn read(element: &'h str) -> Option<Self> {
        let (coding, weight) = match element.split_once(';') {
            None => (element, None),
            Some((coding, weight)) => (coding, Some(weight.trim())),
        };
        let thousandths = match weight {
            None => 1_000,
            Some(weight) => thousandths(weight.strip_prefix(['q', 'Q'])?.strip_prefix('=')?)?,
        };
        Some(Self { coding: coding.trim(), thousandths })
    }
}

/// A weight (RFC 9110, 12.4.2): from `0` to `1`, with three decimals at most.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let decimals = format!("{decimals:0<3}").parse().ok()?;
    match (whole, decimals) {
        ("0", decimals) => Some(decimals),
        ("1", 0) => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Coding::*, *};

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
            // Whoever says that they would rather have it as it is.
            ("identity", &[Identity]),
            ("identity, br;q=0.5", &[Identity]),
            ("br, identity;q=0.5, gzip;q=0.2", &[Brotli, Identity]),
            // Whatever is not listed.
            ("*;q=0.5, gzip", &[Gzip, Brotli, Identity]),
            ("br;q=0, *", &[Gzip, Identity]),
            ("*;q=0", &[Identity]),
            ("gzip, *;q=0", &[Gzip, Identity]),
            ("identity;q=0", &[Identity]),
            ("identity;q=0, gzip;q=0.1", &[Gzip, Identity]),
            ("br, identity;q=0", &[Brotli, Identity]),
            // What the service does not speak.
            ("deflate, zstd", &[Identity]),
            ("compress;q=0.5, br;q=0.1", &[Brotli, Identity]),
            // What cannot be read says nothing, and the rest is heard.
            ("", &[Identity]),
            (" , ,br,", &[Brotli, Identity]),
            ("br;q=x, gzip", &[Gzip, Identity]),
            ("br;q=2, gzip;q=1.001", &[Identity]),
            ("br;q=0.1234, gzip;q=-1", &[Identity]),
            ("br;q=, gzip;q", &[Identity]),
            ("br;level=11, gzip", &[Gzip, Identity]),
            ("br;q=1;q=0, gzip", &[Gzip, Identity]),
            ("brotli, è, \u{0}", &[Identity]),
            // What is said twice counts as it was said first.
            ("br;q=0, br", &[Identity]),
        ] {
            assert_eq!(preferred(Some(header)), expected, "{header:?}");
        }
        assert_eq!(preferred(None), [Identity]);
    }
}
