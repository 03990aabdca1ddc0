// SPDX-License-Identifier: EUPL-1.2
//! Quick replies: searched by words of their name or texts, filled with the names of the person and the advisor.

use infocig_protocol::desk::QuickReply;

/// The replies that contain every word of the query, those whose name begins with the first word at the top. All of them without
/// a query.
pub fn search(replies: &[QuickReply], query: &str) -> Vec<QuickReply> {
    let query = plain(query);
    let words: Vec<&str> = query.split_whitespace().collect();
    let mut found: Vec<(u8, &QuickReply)> = replies
        .iter()
        .filter_map(|reply| {
            let name = plain(&reply.name);
            let translations = reply.translations.iter().map(|one| one.text.as_str());
            let texts: Vec<String> =
                [&*reply.id, &reply.text].into_iter().chain(translations).map(plain).collect();
            let all = format!("{name} {}", texts.join(" "));
            if !words.iter().all(|word| all.contains(word)) {
                return None;
            }
            let rank = if words.first().is_none_or(|word| name.starts_with(word)) {
                0
            } else {
                u8::from(!words.iter().all(|word| name.contains(word))) + 1
            };
            Some((rank, reply))
        })
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, reply)| reply.clone()).collect()
}

/// A reply as the person will read it.
pub fn fill(text: &str, person: &str, advisor: &str) -> String {
    // Split first: a placeholder in a name must not be filled.
    text.split("{nome}").map(|part| part.replace("{consulente}", advisor)).collect::<Vec<_>>().join(person)
}

/// A draft with a reply at its end.
pub fn append(draft: &str, reply: &str) -> String {
    let gap = if draft.is_empty() || draft.ends_with(char::is_whitespace) { "" } else { " " };
    format!("{draft}{gap}{reply}")
}

/// The next or previous index in a list that wraps around.
pub fn step(at: usize, forward: bool, len: usize) -> usize {
    match (len, forward) {
        (0, _) => 0,
        (len, true) => (at + 1) % len,
        (len, false) => (at + len - 1) % len,
    }
}

/// Lower case, without the accents of Italian and its neighbours.
fn plain(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .map(|letter| match letter {
            'à' | 'á' | 'â' | 'ä' => 'a',
            'è' | 'é' | 'ê' | 'ë' => 'e',
            'ì' | 'í' | 'î' | 'ï' => 'i',
            'ò' | 'ó' | 'ô' | 'ö' => 'o',
            'ù' | 'ú' | 'û' | 'ü' => 'u',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use infocig_protocol::{desk::Translation, language::Language};

    use super::*;

    #[test]
    fn every_word_counts_and_accents_and_capitals_do_not() {
        let replies = replies();
        assert_eq!(ids(&search(&replies, "")), ["saluto", "attesa", "pagamento"]);
        assert_eq!(ids(&search(&replies, "PERCHE")), ["attesa"]);
        assert_eq!(ids(&search(&replies, "pratica controllo")), ["attesa"]);
        assert!(search(&replies, "pratica saluto").is_empty());
    }

    #[test]
    fn a_reply_is_found_by_its_words_in_any_language_and_said_in_the_one_of_the_person() {
        let mut replies = replies();
        replies[0].translations =
            vec![Translation { language: Language::De, text: "Guten Tag {nome}".into() }];
        assert_eq!(ids(&search(&replies, "guten")), ["saluto"]);
        assert_eq!(replies[0].text_in(Language::De), ("Guten Tag {nome}", Language::De));
        assert_eq!(replies[0].text_in(Language::Sl), ("Buongiorno {nome}", Language::It));
    }

    #[test]
    fn a_name_that_begins_with_the_word_comes_before_a_text_that_mentions_it() {
        assert_eq!(ids(&search(&replies(), "pag")), ["pagamento", "attesa"]);
    }

    #[test]
    fn both_names_are_filled_in_and_never_filled_twice() {
        let text = "Buongiorno {nome}, sono {consulente}. {altro}";
        assert_eq!(fill(text, "Ada", "Giulia"), "Buongiorno Ada, sono Giulia. {altro}");
        assert_eq!(fill("{nome}", "{consulente}", "Giulia"), "{consulente}");
    }

    #[test]
    fn a_quick_reply_never_replaces_the_draft() {
        assert_eq!(append("", "ciao"), "ciao");
        assert_eq!(append("Ecco:", "ciao"), "Ecco: ciao");
        assert_eq!(append("Ecco:\n", "ciao"), "Ecco:\nciao");
    }

    #[test]
    fn the_list_goes_round() {
        assert_eq!([step(0, true, 3), step(2, true, 3), step(0, false, 3), step(0, true, 0)], [1, 0, 2, 0]);
    }

    fn replies() -> Vec<QuickReply> {
        let reply = |id: &str, name: &str, text: &str| QuickReply {
            id: id.into(),
            name: name.into(),
            text: text.into(),
            translations: Vec::new(),
        };
        vec![
            reply("saluto", "Saluto iniziale", "Buongiorno {nome}"),
            reply("attesa", "Un momento", "Controllo la pratica e il pagamento, ecco perché"),
            reply("pagamento", "Pagamento diretto", "La data è nota"),
        ]
    }

    fn ids(replies: &[QuickReply]) -> Vec<&str> {
        replies.iter().map(|reply| reply.id.as_str()).collect()
    }
}
