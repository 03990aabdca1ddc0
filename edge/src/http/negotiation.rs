// SPDX-License-Identifier: EUPL-1.2
//! Lists with weights (RFC 9110, 12.4.2), as `Accept-Encoding` and `Accept-Language` have them. An element that cannot be read
//! is skipped.

/// An element of a list and its weight in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Weighted<'h> {
    pub(super) value: &'h str,
    pub(super) thousandths: u16,
}

/// The elements of a header, in order.
pub(super) fn elements(header: &str) -> impl Iterator<Item = Weighted<'_>> {
    header.split(',').filter_map(|element| {
        let (value, weight) = match element.split_once(';') {
            None => (element, None),
            Some((value, weight)) => (value, Some(weight.trim())),
        };
        let thousandths = match weight {
            None => 1_000,
            Some(weight) => thousandths(weight.strip_prefix(['q', 'Q'])?.strip_prefix('=')?)?,
        };
        Some(Weighted { value: value.trim(), thousandths })
    })
}

/// A weight: from `0` to `1`, with three decimals at most.
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
    use super::*;

    #[test]
    fn a_weight_is_a_number_up_to_one_with_three_decimals() {
        for (weight, expected) in [
            ("0", Some(0)),
            ("1", Some(1_000)),
            ("0.5", Some(500)),
            ("0.123", Some(123)),
            ("1.000", Some(1_000)),
        ] {
            assert_eq!(thousandths(weight), expected, "{weight}");
        }
        for wrong in ["", "5", "1.001", "0.1234", "-1", "x", "0.x"] {
            assert_eq!(thousandths(wrong), None, "{wrong}");
        }
    }
}
