// SPDX-License-Identifier: EUPL-1.2
//! Earlier conversations of a person, as pages: a list, newest first, and each conversation to read and to keep.
//!
//! They are found by their number beside the conversation the person is in, and read with its ticket: all conversations of one
//! object are one person's. A person who waits keeps their place while they read.

use infocig_protocol::{
    entry::EntryBody, frame::EarlierConversation, id::ConversationId, language::Language,
};
use maud::{Markup, html};

use super::{
    ConversationView, Links, PageOptions, PlainPageState,
    languages::Texts,
    parts::{
        Document, entry_log, language_choice, own_data_links, service_header, state_section, title,
        transcript_links, way,
    },
};
use crate::{html::plain, transcript};

/// The path of the list, below [`PATH`](super::PATH).
pub const LIST: &str = "/history";

/// The list, or those of it that were before one.
pub fn list_page(
    earlier: &[EarlierConversation],
    language: Language,
    options: PageOptions,
    links: &Links,
) -> String {
    let (texts, log) = (Texts::of(language), transcript::Texts::of(language));
    let here = options.newest();
    // They are numbered from 1 without gaps.
    let last = earlier.last().map(|last| last.conversation.ordinal()).filter(|last| *last > 1);
    let more = last.map(|last| PageOptions { before: Some(last.into()), ..options }.address(LIST));
    let main = html! {
        h1 { (texts.past) } "\n"
        (way("#last", &here.address(""), texts.past_here))
        @if earlier.is_empty() {
            p { (texts.past_none) } "\n"
        } @else {
            ol class="past" {
                "\n"
                @for one in earlier { (item(one, here, log)) }
            } "\n"
        }
        @if let Some(more) = more { p { a class="button" href=(more) { (texts.past_more) } } "\n" }
        @if options.before.is_some() { (way("", &here.address(LIST), texts.past_back)) }
        (own_data_links(here.still(), texts))
    };
    let header = service_header(Some(language_choice(LIST, options, language, texts)));
    let title = &title(texts.past, false, texts);
    Document { language, title, refresh: None, texts, links }.render(&header, &main)
}

/// One of them.
pub fn conversation_page(shown: &ConversationView, options: PageOptions, links: &Links) -> String {
    let language = options.language.unwrap_or(shown.language);
    let (texts, log) = (Texts::of(language), transcript::Texts::of(language));
    let below = address_of(&shown.conversation);
    let here = options.newest();
    let is_newest = shown.entries.last().is_none_or(|last| last.seq == shown.last_seq);
    let name = format!("{} {}", log.number(), shown.conversation.number());
    let main = html! {
        h1 { (name) } "\n"
        (way("", &here.address(LIST), texts.past_back))
        (state_section(&shown.state, texts, log))
        (entry_log(shown, &below, options, is_newest, texts, log))
        (transcript_links(&below, here.still(), texts))
        (way("#last", &here.address(""), texts.past_here))
    };
    let header = service_header(Some(language_choice(&below, options, language, texts)));
    let title = &title(&name, false, texts);
    Document { language, title, refresh: None, texts, links }.render(&header, &main)
}

/// The way to the list, for a person who waits or is done, where there is anything on it.
pub(super) fn link(shown: &ConversationView, options: PageOptions, texts: &Texts) -> Markup {
    let has_time = matches!(shown.state, PlainPageState::Waiting { .. } | PlainPageState::Closed { .. });
    html! {
        @if matches!(shown.state, PlainPageState::Closed { .. }) { (own_data_links(options.newest().still(), texts)) }
        @if has_time && shown.has_earlier { (way("", &options.newest().address(LIST), texts.past)) }
    }
}

/// Its time, its outcome, and the state of its segnalazioni.
fn item(one: &EarlierConversation, options: PageOptions, log: &transcript::Texts) -> Markup {
    let ended = log.event(&EntryBody::Closed { by: one.by, outcome: one.outcome });
    html! {
        li {
            a href=(options.address(&address_of(&one.conversation))) { (log.moment(one.opened)) } "\n"
            p { (plain(&ended)) } "\n"
            @if let Some(preview) = &one.preview { p dir="auto" { (plain(preview)) } "\n" }
            @for office in &one.segnalazioni {
                p { (plain(&log.segnalazione_of(office.number.as_deref(), &office.state))) } "\n"
            }
        } "\n"
    }
}

/// The path of one of them, below [`PATH`](super::PATH).
fn address_of(conversation: &ConversationId) -> String {
    format!("{LIST}/{}", conversation.ordinal())
}
