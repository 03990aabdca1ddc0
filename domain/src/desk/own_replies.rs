// SPDX-License-Identifier: EUPL-1.2
//! Quick replies that an advisor keeps for themselves, beside those of the policy: what one must be like, and how many there are.

use infocig_protocol::{
    blank::is_blank,
    desk::QuickReply,
    limits::{MAX_ID_CHARS, MAX_OWN_REPLIES, MAX_REPLY_CHARS, MAX_REPLY_NAME_CHARS},
    problem::Code,
};

use crate::refusal::Reason;

/// Whether an advisor who has the replies `kept` may keep this one: a new one, or another version of one of them.
pub fn may_keep(reply: &QuickReply, kept: &[QuickReply]) -> Result<(), Reason> {
    let texts = || std::iter::once(&reply.text).chain(reply.translations.iter().map(|one| &one.text));
    if reply.id.is_empty() || reply.id.chars().count() > MAX_ID_CHARS {
        return Err((Code::RequestInvalid, "the id of a quick reply has 1 to 64 characters"));
    }
    if is_blank(&reply.name) || texts().any(|text| is_blank(text)) {
        return Err((Code::MessageEmpty, "a quick reply needs a name and a text, and no text is blank"));
    }
    if reply.name.chars().count() > MAX_REPLY_NAME_CHARS {
        return Err((Code::MessageTooLong, "the name of a quick reply has at most 60 characters"));
    }
    if texts().any(|text| text.chars().count() > MAX_REPLY_CHARS) {
        return Err((Code::MessageTooLong, "a quick reply has at most 1000 characters in each language"));
    }
    let languages: std::collections::BTreeSet<_> =
        reply.translations.iter().map(|one| one.language).collect();
    if languages.len() != reply.translations.len() {
        return Err((Code::RequestInvalid, "a quick reply has one text in each language"));
    }
    let is_new = kept.iter().all(|one| one.id != reply.id);
    if is_new && kept.len() >= MAX_OWN_REPLIES {
        return Err((Code::RequestInvalid, "an advisor keeps at most 30 quick replies"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use infocig_protocol::{desk::Translation, language::Language};

    use super::*;

    #[test]
    fn a_reply_has_a_name_and_texts_of_bounded_length_and_there_are_thirty_at_most() {
        let reply = |id: &str| QuickReply {
            id: id.into(),
            name: "Ferie".into(),
            text: "Le ferie maturano.".into(),
            translations: Vec::new(),
        };
        let code = |reply: &QuickReply| may_keep(reply, &[]).map_err(|(code, _)| code);
        let german = |text: &str| Translation { language: Language::De, text: text.into() };
        assert_eq!(code(&reply("a")), Ok(()));
        assert_eq!(code(&QuickReply { translations: vec![german("Urlaub")], ..reply("a") }), Ok(()));
        assert_eq!(code(&QuickReply { text: "è".repeat(MAX_REPLY_CHARS), ..reply("a") }), Ok(()));
        let wrong = [
            (QuickReply { id: String::new(), ..reply("a") }, Code::RequestInvalid),
            (QuickReply { id: "a".repeat(MAX_ID_CHARS + 1), ..reply("a") }, Code::RequestInvalid),
            (QuickReply { name: " \u{200b}".into(), ..reply("a") }, Code::MessageEmpty),
            (QuickReply { text: "\n".into(), ..reply("a") }, Code::MessageEmpty),
            (QuickReply { translations: vec![german("")], ..reply("a") }, Code::MessageEmpty),
            (QuickReply { name: "n".repeat(MAX_REPLY_NAME_CHARS + 1), ..reply("a") }, Code::MessageTooLong),
            (QuickReply { text: "è".repeat(MAX_REPLY_CHARS + 1), ..reply("a") }, Code::MessageTooLong),
            (QuickReply { translations: vec![german("a"), german("b")], ..reply("a") }, Code::RequestInvalid),
        ];
        for (reply, expected) in wrong {
            assert_eq!(code(&reply), Err(expected), "{reply:?}");
        }
        let full: Vec<_> = (0..MAX_OWN_REPLIES).map(|number| reply(&number.to_string())).collect();
        assert_eq!(may_keep(&reply("29"), &full), Ok(()), "a change of one is no new one");
        assert_eq!(may_keep(&reply("30"), &full[1..]), Ok(()));
        assert_eq!(may_keep(&reply("30"), &full).map_err(|(code, _)| code), Err(Code::RequestInvalid));
    }
}
