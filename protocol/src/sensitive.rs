// SPDX-License-Identifier: EUPL-1.2
//! Detection of sensitive data in a text: tax numbers, IBANs, payment cards, PINs and passwords, words about health.
//!
//! - Numbers are recognised by check digits and not by shape alone, a PIN or password by the word that names it: in the
//!   browser, before anything leaves; on pages without scripts by the service, before anything is stored. No other service is
//!   involved.
//! - A finding leads to a question, never to a refusal: the author decides whether to send, mask or change the text.
//! - Letters and digits may be separated by single spaces, dots or hyphens, as people write them.

use std::ops::Range;

/// A kind of sensitive data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A valid tax number of a person (*codice fiscale*), also one whose digits became letters (*omocodia*).
    TaxNumber,
    /// An account number whose check digits hold (ISO 13616, ISO 7064 MOD 97-10).
    Iban,
    /// A payment card's number whose check digit holds (ISO/IEC 7812-1, Luhn), of a network that issues cards.
    Card,
    /// A PIN, a password or a code for one use, of six signs or more, a digit among them, named at most four words before.
    /// Shorter ones are not told from years and amounts.
    Secret,
    /// A word about somebody's health (special category of data, art. 9 GDPR).
    Health,
}

/// A finding in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its kind.
    pub kind: Kind,
    /// Its bytes in the text.
    pub range: Range<usize>,
}

/// The sensitive data in a text, in order, without overlaps.
pub fn look(text: &str) -> Vec<Found> {
    let signs: Vec<(usize, char)> = text.char_indices().collect();
    let mut found = Vec::new();
    let mut at = 0;
    // How many more words may be the secret that was named.
    let mut secret_within = 0;
    while at < signs.len() {
        let begins = is_of_a_word(signs[at].1) && (at == 0 || !is_of_a_word(signs[at - 1].1));
        let hit = if begins {
            number(&signs[at..]).or_else(|| word(&signs[at..], &mut secret_within))
        } else {
            None
        };
        match hit {
            Some((kind, length)) => {
                let end = signs.get(at + length).map_or(text.len(), |(end, _)| *end);
                found.push(Found { kind, range: signs[at].0..end });
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// The kinds of sensitive data in a text, each once.
pub fn kinds(text: &str) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = look(text).into_iter().map(|found| found.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// The text with its sensitive data masked. The last two characters of a number stay readable, so that both sides know
/// which one is meant.
pub fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut last = 0;
    for Found { kind, range } in look(text) {
        masked.push_str(text.get(last..range.start).unwrap_or_default());
        let hidden = text.get(range.clone()).unwrap_or_default();
        let count = hidden.chars().count();
        let shown = if matches!(kind, Kind::Health | Kind::Secret) { 0 } else { 2 };
        masked.extend(
            hidden.chars().enumerate().map(
                |(n, c)| {
                    if is_of_a_word(c) && n + shown < count { '•' } else { c }
                },
            ),
        );
        last = range.end;
    }
    masked.push_str(text.get(last..).unwrap_or_default());
    masked
}

/// The text without what tells of a person: numbers and secrets as [`mask`] finds them, other numbers of five digits in sequence and
/// more, phone numbers in groups, addresses of mail, and the words of a name. Words about health stay: whole answers are about them.
pub fn without_person(text: &str, name: &str) -> String {
    let mut cut = String::with_capacity(text.len());
    let mut last = 0;
    for Found { range, .. } in look(text).into_iter().filter(|found| found.kind != Kind::Health) {
        cut.push_str(text.get(last..range.start).unwrap_or_default());
        cut.push(CUT_OUT);
        last = range.end;
    }
    cut.push_str(text.get(last..).unwrap_or_default());
    let parts = |text: &str| -> Vec<String> {
        let parts = text.split(|sign: char| !sign.is_alphanumeric());
        parts.filter(|part| part.chars().count() > 2).map(str::to_lowercase).collect()
    };
    let names = parts(name);
    let tells = |word: &str| {
        let digits = word.split(|sign: char| !sign.is_ascii_digit()).map(str::len).max().unwrap_or(0);
        digits > 4 || word.contains('@') || parts(word).iter().any(|part| names.contains(part))
    };
    let words: Vec<&str> = cut.split_inclusive(char::is_whitespace).collect();
    let mut left = String::with_capacity(cut.len());
    let mut rest = words.as_slice();
    while let Some(word) = rest.first() {
        let bare = word.trim_end();
        let taken = phone_number(rest).max(usize::from(tells(bare)));
        match rest.get(taken.wrapping_sub(1)) {
            Some(last) => {
                left.push(CUT_OUT);
                left.push_str(&last[last.trim_end().len()..]);
            }
            None => left.push_str(word),
        }
        rest = &rest[taken.max(1)..];
    }
    left
}

/// How many of these words are a phone number: 8 to 15 digits (ITU-T E.164) in groups, after `+`, or with the 0 or 3 with which
/// Italian numbers begin. A day is none.
fn phone_number(words: &[&str]) -> usize {
    let (mut digits, mut taken) = (0, 0);
    for word in words {
        let bare = word.trim_end();
        let group = bare.trim_end_matches(['.', ',', ';', ':', '!', '?']);
        let is_group = group.chars().any(|sign| sign.is_ascii_digit())
            && group.chars().all(|sign| sign.is_ascii_digit() || "+()-./".contains(sign));
        if !is_group {
            break;
        }
        digits += group.chars().filter(char::is_ascii_digit).count();
        taken += 1;
        if group != bare {
            break;
        }
    }
    let first = words.first().map_or("", |word| word.trim_end());
    let begins = first.trim_start_matches('(').starts_with(['+', '0', '3']);
    if begins && (8..=15).contains(&digits) && !(taken == 1 && is_day(first)) { taken } else { 0 }
}

/// Whether a word is a day, as `3/12/2026` or `03.12.26`.
fn is_day(word: &str) -> bool {
    let parts: Vec<&str> = word.split(['.', '/', '-']).filter(|part| !part.is_empty()).collect();
    matches!(parts[..], [day, month, _] if day.len() <= 2 && month.len() <= 2)
}

/// The longest number that begins here, and how many signs it has with what parts it.
fn number(signs: &[(usize, char)]) -> Option<(Kind, usize)> {
    let mut code = String::new();
    let mut ends = Vec::new();
    let mut parted = false;
    for (n, (_, sign)) in signs.iter().enumerate().take(LONGEST_WITH_PARTS) {
        if sign.is_ascii_alphanumeric() {
            code.push(sign.to_ascii_uppercase());
            parted = false;
            // A code ends where a word ends.
            if signs.get(n + 1).is_none_or(|(_, next)| !is_of_a_word(*next)) {
                ends.push((code.len(), n + 1));
            }
        } else if matches!(sign, ' ' | '.' | '-' | '\u{a0}') && !parted {
            parted = true;
        } else {
            break;
        }
    }
    ends.into_iter().rev().find_map(|(letters, length)| {
        let code = &code.as_bytes()[..letters];
        let kind = if is_tax_number(code) {
            Kind::TaxNumber
        } else if is_iban(code) {
            Kind::Iban
        } else if is_card(code) {
            Kind::Card
        } else {
            return None;
        };
        Some((kind, length))
    })
}

fn is_tax_number(code: &[u8]) -> bool {
    let [letters @ .., check] = code else { return false };
    if code.len() != 16 {
        return false;
    }
    let digit = |c: u8| c.is_ascii_digit() || b"LMNPQRSTUV".contains(&c);
    let shaped = letters.iter().zip(SHAPE).all(|(c, expected)| match expected {
        b'A' => c.is_ascii_uppercase(),
        b'M' => b"ABCDEHLMPRST".contains(c),
        _ => digit(*c),
    });
    // The first, third, … sign counts by a table, the others by their place in the alphabet.
    let value = |c: u8| usize::from(if c.is_ascii_digit() { c - b'0' } else { c - b'A' });
    shaped && {
        let sum: usize = letters
            .iter()
            .enumerate()
            .map(|(n, c)| if n % 2 == 0 { ODD[value(*c)] } else { value(*c) })
            .sum();
        u8::try_from(sum % 26).is_ok_and(|letter| *check == b'A' + letter)
    }
}

fn is_iban(code: &[u8]) -> bool {
    let head = code.len() >= 15
        && code.len() <= 34
        && code[..2].iter().all(u8::is_ascii_uppercase)
        && code[2..4].iter().all(u8::is_ascii_digit);
    head && {
        let value = |c: &u8| u32::from(if c.is_ascii_digit() { c - b'0' } else { c - b'A' + 10 });
        let moved = code[4..].iter().chain(&code[..4]);
        moved.fold(0, |rest, c| (rest * if c.is_ascii_digit() { 10 } else { 100 } + value(c)) % 97) == 1
    }
}

fn is_card(code: &[u8]) -> bool {
    if !(13..=19).contains(&code.len()) || !code.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let prefix = |digits: usize| code[..digits].iter().fold(0_u32, |n, c| n * 10 + u32::from(c - b'0'));
    let issued = code[0] == b'4'
        || matches!(prefix(2), 34 | 37 | 51..=55 | 65)
        || matches!(prefix(4), 2221..=2720 | 6011);
    let luhn = |(n, c): (usize, &u8)| {
        let digit = u32::from(c - b'0');
        let doubled = digit * 2;
        if n % 2 == 0 { digit } else { doubled / 10 + doubled % 10 }
    };
    issued && code.iter().rev().enumerate().map(luhn).sum::<u32>() % 10 == 0
}

/// A word that begins here, if it is about health, or a secret that one of the words before names.
fn word(signs: &[(usize, char)], secret_within: &mut u8) -> Option<(Kind, usize)> {
    let word: String = signs.iter().map(|(_, c)| *c).take_while(|c| is_of_a_word(*c)).map(small).collect();
    let length = word.chars().count();
    if HEALTH.iter().any(|stem| word.starts_with(stem)) {
        return Some((Kind::Health, length));
    }
    if *secret_within > 0 && is_secret(&word) {
        *secret_within = 0;
        return Some((Kind::Secret, length));
    }
    *secret_within =
        if NAMES_OF_SECRETS.contains(&&*word) { SECRET_WITHIN } else { secret_within.saturating_sub(1) };
    None
}

/// Six signs or more with a digit among them: no year is.
fn is_secret(word: &str) -> bool {
    word.len() >= 6 && word.bytes().any(|sign| sign.is_ascii_digit())
}

/// Whether a sign is a digit or a letter of the service's languages (Latin-1, Latin Extended-A). The standard library knows
/// every script, by tables that would weigh more than the rest of this file in every browser.
const fn is_of_a_word(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '\u{c0}'..='\u{17f}')
}

/// The small letter of a letter, as far as the words below go.
const fn small(sign: char) -> char {
    match sign {
        'À' => 'à',
        'Ä' => 'ä',
        'É' => 'é',
        'Ê' => 'ê',
        'Č' => 'č',
        _ => sign.to_ascii_lowercase(),
    }
}

/// Letters (`A`), the letter of a month (`M`), digits or their substitutes (`9`).
const SHAPE: [u8; 15] = *b"AAAAAA99M99A999";
const ODD: [usize; 26] =
    [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
/// Stands where something was cut out.
const CUT_OUT: char = '…';
/// 34 signs of an IBAN, each followed by one that parts it.
const LONGEST_WITH_PARTS: usize = 68;
/// The names of secrets, in the languages of the service: the last word of each.
const NAMES_OF_SECRETS: [&str; 6] = ["pin", "otp", "password", "passwort", "passe", "geslo"];
/// "Il mio PIN di SPID è 48213570" has two words in between.
const SECRET_WITHIN: u8 = 4;
/// Beginnings of words, in the languages of the service. An illness that suspends wage integration is *malattia*: advisors
/// must be able to read of it, and it is not among them.
const HEALTH: [&str; 33] = [
    "tumor",
    "cancro",
    "chemioterap",
    "oncolog",
    "diabet",
    "depression",
    "psichiatr",
    "psicofarmac",
    "epiless",
    "infart",
    "leucemi",
    "sieroposit",
    "hiv",
    "aids",
    "epatit",
    "gravidanz",
    "abort",
    "tossicodipend",
    "alcolis",
    "sclerosi",
    "krebs",
    "schwanger",
    "depressiv",
    "psychiatr",
    "abhängigkeit",
    "grossesse",
    "enceinte",
    "dépression",
    "cancer",
    "pregnan",
    "depressed",
    "nosečnost",
    "depresij",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_of_a_person_is_cut_out_and_the_rest_stays() {
        for (text, left) in [
            (
                "Gentile Lucia Ferretti, la pratica 4900123456 è alla sede: vedi il messaggio 4497/2022.",
                "Gentile … … la pratica … è alla sede: vedi il messaggio 4497/2022.",
            ),
            ("Scrivi a lucia@esempio.it,\nentro il 30/11/2026.", "Scrivi a …\nentro il 30/11/2026."),
            ("Il codice RSSMRA85T10A562S", "Il codice …"),
            ("Dell'Ferretti/Rossi e di Anna-Lucia, LUCIA.", "… e di … …"),
            ("Chiamami al 333 123 45 67, dopo le 15.", "Chiamami al … dopo le 15."),
            ("Tel. (06) 5905-1234 o +39 333.1234567", "Tel. … o …"),
            ("Dal 03.12.2026 al 31 12 26 per 13 settimane", "Dal 03.12.2026 al 31 12 26 per 13 settimane"),
            ("Nel 2025 2026 erano 52 settimane", "Nel 2025 2026 erano 52 settimane"),
            ("La malattia sospende la cassa per 15 giorni.", "La malattia sospende la cassa per 15 giorni."),
        ] {
            assert_eq!(without_person(text, "Lucia de Ferretti"), left);
        }
    }

    #[test]
    fn a_tax_number_is_known_by_its_check_letter_however_it_is_written() {
        for text in [
            "RSSMRA85T10A562S",
            "il mio codice è rssmra85t10a562s.",
            "RSS MRA 85T10 A562S",
            "RSSMRA85T10A56NH e basta",
            "RSSMRAURTMLARSNL",
            "RCCMNL83S18D969H",
        ] {
            assert_eq!(kinds(text), [Kind::TaxNumber], "{text}");
        }
        for text in ["RSSMRA85T10A562T", "RSSMRA85T10A562", "XRSSMRA85T10A562S", "RSSMRA85T10A562SX"] {
            assert_eq!(kinds(text), [], "{text}");
        }
    }

    #[test]
    fn an_iban_is_known_by_its_check_digits() {
        for text in
            ["IT60X0542811101000000123456", "it60 x054 2811 1010 0000 0123 456", "DE89370400440532013000"]
        {
            assert_eq!(kinds(text), [Kind::Iban], "{text}");
        }
        assert_eq!(kinds("IT61X0542811101000000123456"), []);
    }

    #[test]
    fn a_card_is_known_by_its_network_and_its_check_digit() {
        for text in ["4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005", "2223003122003222"] {
            assert_eq!(kinds(text), [Kind::Card], "{text}");
        }
        for text in ["4111 1111 1111 1112", "9900000015", "1234567890123452", "0000000000000000"] {
            assert_eq!(kinds(text), [], "{text}");
        }
    }

    #[test]
    fn a_secret_is_known_by_the_word_that_names_it_and_covered_whole() {
        for text in [
            "il mio PIN è 48213570",
            "PIN: 482135",
            "la password di SPID è Estate2026",
            "mot de passe : abcd1234",
            "moje geslo je zima12345",
        ] {
            assert_eq!(kinds(text), [Kind::Secret], "{text}");
        }
        for text in [
            "Ho perso il PIN nel 2026",
            "il PIN non lo ricordo, la domanda è la 48213570",
            "Non ho la password",
            "Mi serve l'OTP?",
            "spin 48213570",
        ] {
            assert_eq!(look(text), [], "{text}");
        }
        assert_eq!(mask("PIN 48213570, grazie"), "PIN ••••••••, grazie");
    }

    #[test]
    fn words_that_people_must_write_here_are_not_found() {
        for text in [
            "Quando sarò pagato per settembre 2026?",
            "La matricola è 9900000015, protocollo INPS.5100.02/10/2026.0123456",
            "Il ticket è 1234567890123456",
            "Sono in malattia dal 3 ottobre",
            "Chiamatemi al 06 164 164 o allo 803 164",
            "",
        ] {
            assert_eq!(look(text), [], "{text}");
        }
    }

    #[test]
    fn a_word_about_health_is_known_in_capitals_too_and_only_where_a_word_begins() {
        for text in [
            "Ho un TUMORE",
            "une DÉPRESSION",
            "Abhängigkeit",
            "ABHÄNGIGKEIT",
            "NOSEČNOST",
            "è incinta? Gravidanza",
        ] {
            assert_eq!(kinds(text), [Kind::Health], "{text}");
        }
        assert_eq!(kinds("Ätumor, čtumor"), []);
        for word in HEALTH {
            assert!(word.chars().all(|c| is_of_a_word(c) && small(c) == c), "{word}");
            let capitals = word.to_uppercase();
            assert_eq!(kinds(&capitals), [Kind::Health], "{capitals}");
        }
    }

    #[test]
    fn several_are_found_in_order_and_masked_where_they_stand() {
        let text = "CF RSSMRA85T10A562S, IBAN IT60 X054 2811 1010 0000 0123 456: ho un tumore.";
        assert_eq!(kinds(text), [Kind::TaxNumber, Kind::Iban, Kind::Health]);
        assert_eq!(mask(text), "CF ••••••••••••••2S, IBAN •••• •••• •••• •••• •••• •••• •56: ho un ••••••.");
        assert_eq!(look(&mask(text)), []);
        assert_eq!(mask("niente"), "niente");
    }

    #[test]
    fn any_text_can_be_looked_at() {
        for text in ["àèì òù", "IT6", "4", "👩‍👩‍👧 IT60", "\u{0}\u{202e}", "a b c d e f g h i j k l m n o p"]
        {
            assert_eq!(look(text), [], "{text}");
            assert_eq!(mask(text), text);
        }
    }
}
