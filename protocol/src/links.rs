// SPDX-License-Identifier: EUPL-1.2
//! Web addresses in texts of people, so that interfaces can make them links.
//!
//! Only `https:` and `http:` begin one, in any case (RFC 3986, 3.1): a scheme that runs code, dials or opens a program never
//! becomes a link.

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Words.
    Words(&'t str),
    /// An address, as it is written.
    Link(&'t str),
}

/// The pieces of a text, in order; put together they are the text.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut rest, mut from) = (text, 0);
    while let Some(at) = next(rest.get(from..).unwrap_or_default()).map(|at| at + from) {
        let (before, found) = rest.split_at(at);
        let end =
            found.find(|sign: char| sign.is_whitespace() || "<>\"«»".contains(sign)).unwrap_or(found.len());
        let link = trimmed(found.get(..end).unwrap_or_default());
        if link.split_once("//").is_none_or(|(_, host)| {
            !host.starts_with(|sign: char| sign.is_ascii_alphanumeric() || !sign.is_ascii())
        }) {
            from = at + "http".len();
            continue;
        }
        if !before.is_empty() {
            pieces.push(Piece::Words(before));
        }
        pieces.push(Piece::Link(link));
        (rest, from) = (found.get(link.len()..).unwrap_or_default(), 0);
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest));
    }
    pieces
}

/// The place where the next address may begin.
fn next(text: &str) -> Option<usize> {
    text.match_indices("://").find_map(|(end, _)| {
        ["https", "http"].into_iter().find_map(|scheme| {
            let begin = end.checked_sub(scheme.len())?;
            text.get(begin..end)?.eq_ignore_ascii_case(scheme).then_some(begin)
        })
    })
}

/// Without the signs that end a sentence; a bracket stays if it was opened inside.
fn trimmed(link: &str) -> &str {
    let mut link = link;
    while let Some(last) = link.chars().last() {
        let ends = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '’' | '…' => true,
            ')' => link.matches(')').count() > link.matches('(').count(),
            _ => false,
        };
        if !ends {
            break;
        }
        link = link.get(..link.len() - last.len_utf8()).unwrap_or_default();
    }
    link
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_ends_where_people_end_it() {
        for (text, link) in [
            ("Vedi https://www.inps.it.", "https://www.inps.it"),
            ("(https://www.inps.it/a_(b))", "https://www.inps.it/a_(b)"),
            ("https://a.it/x?y=1&z=2#q, poi", "https://a.it/x?y=1&z=2#q"),
            ("«http://a.it»", "http://a.it"),
            ("https://http://a.it", "https://http://a.it"),
            ("Https://www.inps.it", "Https://www.inps.it"),
            ("vedi HTTPS://WWW.INPS.IT!", "HTTPS://WWW.INPS.IT"),
        ] {
            let links: Vec<_> =
                pieces(text).into_iter().filter(|piece| matches!(piece, Piece::Link(_))).collect();
            assert_eq!(links, [Piece::Link(link)], "{text}");
        }
    }

    #[test]
    fn nothing_else_is_an_address_and_nothing_is_lost() {
        for text in ["", "www.inps.it", "javascript:alert(1)", "https://", "http://.", "tel:803164", "ciao"] {
            assert!(!pieces(text).iter().any(|piece| matches!(piece, Piece::Link(_))), "{text}");
        }
        for text in ["a https://b.it c http://d.it.", "https:// https://x.it", "è https://è.it è"] {
            let whole: String = pieces(text)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Words(words) => words,
                    Piece::Link(link) => link,
                })
                .collect();
            assert_eq!(whole, text);
        }
    }
}
