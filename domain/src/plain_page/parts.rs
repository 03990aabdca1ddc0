// SPDX-License-Identifier: EUPL-1.2
//! The parts that pages are made of.
//!
//! Line ends between elements are written out: inline elements need the space, and a reader of the source needs the lines.

use infocig_protocol::{
    entry::EntryBody,
    frame::{Estimate, QueuePlace},
    http::Channel,
    language::Language,
    links::{self, Piece},
};
use maud::{DOCTYPE, Markup, html};

use super::{ConversationView, Links, PageOptions, PlainPageState, Refresh, forms::hidden, languages::Texts};
use crate::{
    data_notice::DataNotice,
    html::{lines, plain},
    transcript::{self, EntryText, clock, fill, rfc3339},
};

/// The frame of a page: its head and its foot.
pub(super) struct Document<'d> {
    pub(super) language: Language,
    pub(super) title: &'d str,
    /// How often the page loads itself anew.
    pub(super) refresh: Option<Refresh>,
    pub(super) texts: &'d Texts,
    pub(super) links: &'d Links,
}

impl Document<'_> {
    /// The whole page.
    pub(super) fn render(&self, header: &Markup, main: &Markup) -> String {
        let page = html! {
            (DOCTYPE) "\n"
            html lang=(self.language.as_str()) {
                "\n"
                head {
                    "\n"
                    meta charset="utf-8"; "\n"
                    meta name="viewport" content="width=device-width, initial-scale=1"; "\n"
                    @if let Some(refresh) = self.refresh {
                        meta http-equiv="refresh" content=(refresh.seconds()); "\n"
                    }
                    title { (plain(self.title)) } "\n"
                    link rel="stylesheet" href="/fonts/titillium-web.css"; "\n"
                    link rel="stylesheet" href="/plain.css"; "\n"
                } "\n"
                body {
                    "\n"
                    (header)
                    main { "\n" (main) } "\n"
                    (footer(self.texts, self.links))
                } "\n"
            } "\n"
        };
        page.into_string()
    }
}

/// The foot of a page: where the deployment says more about itself.
pub(super) fn footer(texts: &Texts, links: &Links) -> Markup {
    let Links { privacy, accessibility, feedback, source } = links;
    let all = [
        (privacy, texts.privacy),
        (accessibility, texts.accessibility),
        (feedback, texts.feedback),
        (source, texts.source),
    ];
    let listed: Vec<(&str, &str)> =
        all.into_iter().filter_map(|(address, name)| Some((address.as_deref()?, name))).collect();
    html! {
        @if !listed.is_empty() {
            footer {
                "\n"
                nav aria-label=(texts.about) {
                    "\n"
                    ul {
                        "\n"
                        @for (address, name) in listed {
                            li { a href=(plain(address)) { (name) } } "\n"
                        }
                    } "\n"
                } "\n"
            } "\n"
        }
    }
}

/// What a person is told about their data before they write: what the administration says, and how long what is kept.
pub(super) fn data_notice(notice: &DataNotice, texts: &Texts) -> Markup {
    html! {
        @if let Some(text) = &notice.text { p class="hint" { (plain(text)) } "\n" }
        details class="kept" {
            "\n"
            summary { (texts.kept) } "\n"
            ul {
                "\n"
                @for kept in &notice.kept { li { (plain(kept)) } "\n" }
            } "\n"
        } "\n"
    }
}

/// The head of a page as its reader sees it, with what else belongs there.
pub(super) fn service_header(more: Option<Markup>) -> Markup {
    html! {
        header {
            "\n"
            p class="service" { "INFO CIG" } "\n"
            @if let Some(more) = more { (more) }
        } "\n"
    }
}

pub(super) fn title(what: &str, has_error: bool, texts: &Texts) -> String {
    let mark = if has_error { format!("{}: ", texts.error) } else { String::new() };
    format!("{mark}{what} – INFO CIG")
}

/// The state of a conversation in one sentence.
pub(super) fn state_sentence(state: &PlainPageState, texts: &Texts, log: &transcript::Texts) -> String {
    match state {
        PlainPageState::Waiting { place, .. } => place_sentence(place.as_ref(), texts),
        PlainPageState::Active { advisor, .. } => {
            log.event(&EntryBody::Assigned { advisor: advisor.clone() })
        }
        PlainPageState::Closed { by, outcome, .. } => {
            log.event(&EntryBody::Closed { by: *by, outcome: *outcome })
        }
    }
}

/// The state of a conversation, with its consequences for the person.
pub(super) fn state_section(state: &PlainPageState, texts: &Texts, log: &transcript::Texts) -> Markup {
    let more: Vec<String> = match state {
        PlainPageState::Waiting { place, absent_ms } => {
            let place = place.as_ref();
            let wait = place.map_or(texts.wait_unknown.into(), |place| wait_sentence(place.estimate, texts));
            let notice = place.map(|place| place.notice.clone()).filter(|notice| !notice.is_empty());
            let keeps = fill(texts.keep_place, &[&(absent_ms / 60_000).to_string()]);
            [Some(wait), notice, Some(keeps)].into_iter().flatten().collect()
        }
        PlainPageState::Active { auto_close_at, .. } => {
            auto_close_at.map(|closes| log.event(&EntryBody::Inactive { closes })).into_iter().collect()
        }
        PlainPageState::Closed { awaits_office, .. } => {
            awaits_office.then(|| texts.awaits_office.to_string()).into_iter().collect()
        }
    };
    html! {
        div class="standing" {
            "\n"
            p { b { (plain(&state_sentence(state, texts, log))) } } "\n"
            @for sentence in more { p { (plain(&sentence)) } "\n" }
        } "\n"
    }
}

fn place_sentence(place: Option<&QueuePlace>, texts: &Texts) -> String {
    let before = place.map(|place| place.position.saturating_sub(1));
    match before {
        None => texts.waiting.into(),
        Some(0) => texts.next.into(),
        Some(before) if before < EXACT_UP_TO => fill(texts.before_you, &[&before.to_string()]),
        Some(before) => fill(texts.before_you_about, &[&before.to_string()]),
    }
}

fn wait_sentence(estimate: Estimate, texts: &Texts) -> String {
    match estimate {
        Estimate::Unknown {} => texts.wait_unknown.into(),
        Estimate::Minutes { from: 0, to } => fill(texts.wait_up_to, &[&to.to_string()]),
        Estimate::Minutes { from, to } => fill(texts.wait, &[&from.to_string(), &to.to_string()]),
    }
}

/// The sentence that says as whom, and for whom, the person writes.
pub(super) fn writer(shown: &ConversationView, texts: &Texts) -> String {
    plain(&match &shown.acting_for {
        None => fill(texts.writes_as, &[&shown.person]),
        Some(other) => fill(texts.writes_for, &[&shown.person, other]),
    })
}

/// A link to the same page in every other language, each named in itself (WCAG 3.1.2).
pub(super) fn language_choice(below: &str, options: PageOptions, current: Language, texts: &Texts) -> Markup {
    html! {
        nav aria-label=(texts.language) {
            "\n"
            ul {
                "\n"
                @for language in Language::ALL {
                    li {
                        @if language == current {
                            span lang=(language.as_str()) aria-current="true" { (name_of(language)) }
                        } @else {
                            a lang=(language.as_str()) hreflang=(language.as_str())
                                href=(PageOptions { language: Some(language), ..options }.address(below)) {
                                (name_of(language))
                            }
                        }
                    } "\n"
                }
            } "\n"
        } "\n"
    }
}

pub(super) const fn name_of(language: Language) -> &'static str {
    match language {
        Language::It => "Italiano",
        Language::De => "Deutsch",
        Language::Fr => "Français",
        Language::Sl => "Slovenščina",
        Language::En => "English",
    }
}

/// How the page is loaded anew: by a link, and by itself for people who chose that.
pub(super) fn updates(options: PageOptions, shown: &ConversationView, texts: &Texts) -> Markup {
    // The address differs each time: with the same one, a browser would only move to the anchor.
    let anew = options.newest().address_with("", Some(("at", shown.at.as_millis().to_string())));
    let is_over = matches!(shown.state, PlainPageState::Closed { .. });
    let choices = Refresh::ALL.map(Some).into_iter().chain([None]);
    html! {
        div class="updates" {
            "\n"
            p { a class="button" href={ (anew) "#last" } { (texts.update) } } "\n"
            @if !is_over {
                p id="refreshing" { (texts.refreshing) } "\n"
                ul aria-labelledby="refreshing" {
                    "\n"
                    @for choice in choices {
                        li {
                            @if choice == options.refresh {
                                span aria-current="true" { (refresh_name(choice, texts)) }
                            } @else {
                                a href=(PageOptions { refresh: choice, ..options.newest() }.address("")) {
                                    (refresh_name(choice, texts))
                                }
                            }
                        } "\n"
                    }
                } "\n"
            }
        } "\n"
    }
}

fn refresh_name(choice: Option<Refresh>, texts: &Texts) -> String {
    choice.map_or(texts.refresh_off.into(), |refresh| fill_seconds(texts.refresh_every, refresh))
}

pub(super) fn fill_seconds(sentence: &str, refresh: Refresh) -> String {
    fill(sentence, &[&refresh.seconds().to_string()])
}

/// The log, day by day, with the ways to the pages before and after.
pub(super) fn entry_log(
    shown: &ConversationView,
    below: &str,
    options: PageOptions,
    is_newest: bool,
    texts: &Texts,
    log: &transcript::Texts,
) -> Markup {
    let earlier = shown.entries.first().filter(|first| first.seq > 1);
    let earlier =
        earlier.map(|first| PageOptions { before: Some(first.seq), ..options.still() }.address(below));
    let days = shown.entries.iter().map(|entry| log.date(entry.at));
    let days_before = std::iter::once(String::new()).chain(days.clone());
    html! {
        section {
            "\n"
            h2 { (texts.messages) } "\n"
            @if let Some(earlier) = earlier { p { a href=(earlier) { (texts.earlier) } } "\n" }
            ol class="log" {
                "\n"
                @for ((entry, day), before) in shown.entries.iter().zip(days).zip(days_before) {
                    @if day != before { li class="day" { h3 { (day) } } "\n" }
                    (entry_item(&log.entry_text(entry, texts.you), &entry.body, entry.seq == shown.last_seq))
                }
            } "\n"
            @if !is_newest {
                p {
                    a class="button" href={ (options.newest().address(below)) "#last" } { (texts.newest) }
                } "\n"
            }
        } "\n"
    }
}

fn entry_item(text: &EntryText, body: &EntryBody, is_last: bool) -> Markup {
    let class = match (text.quoted, body.is_by_citizen()) {
        (true, true) => "message own",
        (true, false) => "message",
        (false, _) => "event",
    };
    html! {
        li class=(class) id=[is_last.then_some("last")] tabindex=[is_last.then_some("-1")] {
            p { b { (plain(&text.who)) } " " time datetime=(rfc3339(text.at)) { (clock(text.at)) } }
            @for (paragraph, lang) in text.in_languages() { p dir="auto" lang=[lang] { (with_links(paragraph)) } }
        } "\n"
    }
}

/// A text with links that can be followed: in a tab of their own, so that nothing written here is left.
pub(super) fn with_links(text: &str) -> Markup {
    html! {
        @for piece in links::pieces(text) {
            @match piece {
                Piece::Words(words) => { (lines(words)) },
                Piece::Link(link) => {
                    a href=(plain(link)) target="_blank" rel="noopener noreferrer" { (plain(link)) }
                },
            }
        }
    }
}

/// The ways to end, to keep and to leave a conversation.
pub(super) fn end_section(options: PageOptions, form: &str, is_over: bool, texts: &Texts) -> Markup {
    let options = options.newest().still();
    html! {
        @if !is_over {
            p { a class="button quiet" href=(options.address("/end")) { (texts.end) } } "\n"
        }
        (transcript_links("", options, texts))
        section {
            "\n"
            p { (texts.leave_hint) } "\n"
            form method="post" action=(options.address("/leave")) {
                (hidden("form", form)) button class="quiet" { (texts.leave) }
            } "\n"
        } "\n"
    }
}

/// The ways to keep a conversation that is found below an address.
pub(super) fn transcript_links(below: &str, options: PageOptions, texts: &Texts) -> Markup {
    let address =
        |format: &str| options.address_with(&format!("{below}/transcript"), Some(("format", format.into())));
    html! {
        section {
            "\n"
            h2 { (texts.keep) } "\n"
            ul class="kept" {
                "\n"
                li { a href=(address("html")) { (texts.keep_page) } } "\n"
                li { a href=(address("text")) { (texts.keep_text) } } "\n"
            } "\n"
        } "\n"
    }
}

/// The ways to everything that the service has about the person.
pub(super) fn own_data_links(options: PageOptions, texts: &Texts) -> Markup {
    let address = |format: &str| options.address_with(OWN_DATA, Some(("format", format.into())));
    html! {
        section {
            "\n"
            h2 { (texts.own_data) } "\n"
            ul class="kept" {
                "\n"
                li { a href=(address("html")) { (texts.own_data_page) } } "\n"
                li { a href=(address("json")) { (texts.own_data_json) } } "\n"
            } "\n"
        } "\n"
    }
}

/// The path of it, below [`PATH`](super::PATH).
const OWN_DATA: &str = "/data";

/// The other channels for a person.
pub(super) fn channel_list(channels: &[Channel], texts: &Texts) -> Markup {
    html! {
        section {
            "\n"
            h2 { (texts.channels) } "\n"
            ul class="channels" {
                "\n"
                @for Channel { name, how, href } in channels {
                    li {
                        @if let Some(href) = href { a href=(plain(href)) { (plain(name)) } }
                        @else { b { (plain(name)) } }
                        br; (plain(how))
                    } "\n"
                }
            } "\n"
        } "\n"
    }
}

/// A link to another page of the same person's.
pub(super) fn way(anchor: &str, address: &str, label: &str) -> Markup {
    html! { p { a class="button quiet" href={ (address) (anchor) } { (label) } } "\n" }
}

/// Positions up to ten are exact, so that nine may be before somebody for sure.
const EXACT_UP_TO: u32 = 10;
