// SPDX-License-Identifier: EUPL-1.2
//! What a person came with before, as pages: a list, newest first, and each conversation to read and to keep.
//!
//! They are found by their number beside the conversation the person is in, and read with its ticket: what one object holds
//! is one person's. Whoever waits keeps their place while they read.

use std::fmt::Write as _;

use infocig_protocol::{
    entry::EntryBody, frame::EarlierConversation, id::ConversationId, language::Language,
};

use super::{
    ConversationView, Links, PageOptions, PlainPageState, Texts, choice_of_language, escaped, foot, head,
    kept, log_of, standing, title,
};
use crate::transcript;

/// Where the list is, below [`PATH`](super::PATH).
pub const LIST: &str = "/history";

/// The list, or those of it that were before one.
pub fn list_page(
    past: &[EarlierConversation],
    language: Language,
    view: PageOptions,
    links: &Links,
) -> String {
    let (texts, log) = (Texts::of(language), transcript::Texts::of(language));
    let here = view.newest();
    let mut page = head(language, &title(texts.past, false, texts), None);
    let _ = write!(
        page,
        "<header>\n<p class=\"service\">INFO CIG</p>\n{}</header>\n<main>\n<h1>{}</h1>\n{}",
        choice_of_language(LIST, view, language, texts),
        texts.past,
        way_back("#last", &here.address(""), texts.past_here),
    );
    if past.is_empty() {
        let _ = writeln!(page, "<p>{}</p>", texts.past_none);
    } else {
        page.push_str("<ol class=\"past\">\n");
        for one in past {
            page.push_str(&row(one, here, log));
        }
        page.push_str("</ol>\n");
    }
    // They are numbered from 1 without gaps.
    let last = past.last().map(|last| last.conversation.ordinal());
    if let Some(last) = last.filter(|last| *last > 1) {
        let address = PageOptions { before: Some(last.into()), ..view }.address(LIST);
        let _ = writeln!(
            page,
            "<p><a class=\"button\" href=\"{}\">{}</a></p>",
            escaped(&address),
            texts.past_more
        );
    }
    if view.before.is_some() {
        page.push_str(&way_back("", &here.address(LIST), texts.past_back));
    }
    page.push_str(&foot(links, texts));
    page
}

/// One of them.
pub fn conversation_page(shown: &ConversationView, view: PageOptions, links: &Links) -> String {
    let language = view.language.unwrap_or(shown.language);
    let (texts, log) = (Texts::of(language), transcript::Texts::of(language));
    let below = address_of(&shown.conversation);
    let here = view.newest();
    let is_newest = shown.entries.last().is_none_or(|last| last.seq == shown.last_seq);
    let name = format!("{} {}", log.number(), shown.conversation.number());
    let mut page = head(language, &title(&name, false, texts), None);
    let _ = write!(
        page,
        "<header>\n<p class=\"service\">INFO CIG</p>\n{}</header>\n<main>\n<h1>{name}</h1>\n{}{}",
        choice_of_language(&below, view, language, texts),
        way_back("", &here.address(LIST), texts.past_back),
        standing(&shown.state, texts, log).html,
    );
    page.push_str(&log_of(shown, &below, view, is_newest, texts, log));
    page.push_str(&kept(&below, here.still(), texts));
    page.push_str(&way_back("#last", &here.address(""), texts.past_here));
    page.push_str(&foot(links, texts));
    page
}

/// The way to the list, for whoever waits or is done, where there is anything on it.
pub(super) fn link(shown: &ConversationView, view: PageOptions, texts: &Texts) -> String {
    let has_time = matches!(shown.state, PlainPageState::Waiting { .. } | PlainPageState::Closed { .. });
    if !has_time || !shown.has_earlier {
        return String::new();
    }
    way_back("", &view.newest().address(LIST), texts.past)
}

/// When it was, how it ended, what an office has to say of it.
fn row(one: &EarlierConversation, view: PageOptions, log: &transcript::Texts) -> String {
    let ended = log.event(&EntryBody::Closed { by: one.by, outcome: one.outcome });
    let mut html = format!(
        "<li><a href=\"{}\">{}</a>\n<p>{}</p>\n",
        escaped(&view.address(&address_of(&one.conversation))),
        log.moment(one.opened),
        escaped(&ended),
    );
    if let Some(begins) = &one.begins {
        let _ = writeln!(html, "<p dir=\"auto\">{}</p>", escaped(begins));
    }
    for office in &one.segnalazioni {
        let said = log.segnalazione_of(office.number.as_deref(), &office.state);
        let _ = writeln!(html, "<p>{}</p>", escaped(&said));
    }
    html.push_str("</li>\n");
    html
}

fn way_back(anchor: &str, address: &str, label: &str) -> String {
    format!("<p><a class=\"button quiet\" href=\"{}{anchor}\">{label}</a></p>\n", escaped(address))
}

/// Where one of them is, below [`PATH`](super::PATH).
fn address_of(conversation: &ConversationId) -> String {
    format!("{LIST}/{}", conversation.ordinal())
}
