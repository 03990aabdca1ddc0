// SPDX-License-Identifier: EUPL-1.2
//! What is on the page for an entry of the log.

use infocig_client::dates::{self, Moment};
use infocig_protocol::{
    entry::{Author, Entry, EntryBody},
    links::{self, Piece},
    segnalazione::SegnalazioneState,
};
use leptos::prelude::*;

use super::groups::Run;
use crate::{
    once::{Once, all, element, once, optional},
    text,
    ui::Ui,
    view::{
        chunk_place::place,
        pieces::{Paragraph, given},
    },
};

/// Something in the log.
pub(super) enum Line {
    /// The day of the entries below it.
    Day(Once),
    /// It stays as it is.
    Still(Once),
    /// Parts of it follow signals.
    Alive(Once),
}

/// The lines of an entry: its day if it is a new one, where the unread ones begin, and what it says.
pub(super) fn lines(ui: Ui, entry: &Entry, moment: &Moment, unread: Option<u64>, run: &mut Run) -> Vec<Line> {
    let (clock, mut lines) = (&*moment.clock, Vec::new());
    // An office answers days later.
    let is_of_office = matches!(entry.body, EntryBody::Segnalazione { .. });
    let at = if is_of_office { ui.moment(entry.at) } else { clock.into() };
    let last_day = run.last_day;
    if let EntryBody::Message { author, text, .. } = &entry.body {
        let (own, name) = match author {
            Author::Citizen => (true, ui.text("log.you")),
            Author::Advisor { name } => (false, name.clone()),
        };
        let goes_on = run.goes_on(&name, clock);
        lines.push(Line::Still(once(view! { <Said own goes_on seq=entry.seq at name text=text.clone()/> })));
    } else {
        if let Some(sentence) = ui.words(|words| text::system_entry(words, &entry.body, dates::clock)) {
            run.is_interrupted();
            let part = if is_of_office { "segnalazione" } else { "system" };
            let sentence = [&*sentence, " · "].concat();
            let line = view! { <p class="system" data-part=part>{sentence}<time>{at}</time></p> };
            lines.push(Line::Still(once(line)));
        }
        lines.extend(beside(ui, &entry.body));
    }
    if lines.is_empty() {
        return lines;
    }
    if unread == Some(entry.seq) {
        lines.insert(
            0,
            Line::Still(once(view! { <Paragraph class="new" part="new" text=ui.text("log.new")/> })),
        );
    }
    if last_day != Some(moment.day) {
        let day = ui.words(|words| moment.day.say_with_weekday(words));
        lines.insert(0, Line::Day(element(view! { <p class="day" data-part="day">{day}</p> })));
        run.last_day = Some(moment.day);
    }
    lines
}

/// What is shown beside the sentence: a case, the words of an office.
fn beside(ui: Ui, body: &EntryBody) -> Option<Line> {
    if let EntryBody::Case { case, as_of, .. } = body {
        let (case, as_of) = (case.clone(), *as_of);
        return Some(Line::Alive(place(ui.deferred(), move |chunk| {
            (chunk.card)(*case.clone(), as_of, false)
        })));
    }
    let EntryBody::Segnalazione { state: SegnalazioneState::Answered { text }, .. } = body else {
        return None;
    };
    Some(Line::Still(once(view! { <blockquote data-part="answer">{text.clone()}</blockquote> })))
}

/// A message in the log. An author who goes on within the minute is not introduced again to the eye; to a screen reader every
/// message says whose it is.
#[component]
fn Said(own: bool, goes_on: bool, seq: u64, at: String, name: String, text: String) -> impl IntoView {
    let class = match (own, goes_on) {
        (true, false) => "message mine",
        (true, true) => "message mine goes-on",
        (false, false) => "message",
        (false, true) => "message goes-on",
    };
    let author = if own { "citizen" } else { "advisor" };
    once(view! { <Message class part="message" author seq at name text/> })
}

/// A message, in the log or on its way.
#[component]
pub(super) fn Message(
    class: &'static str,
    part: &'static str,
    #[prop(optional)] author: &'static str,
    #[prop(optional)] seq: Option<u64>,
    #[prop(optional)] at: Option<String>,
    name: String,
    text: String,
    #[prop(optional)] delivery: Option<String>,
) -> impl IntoView {
    let at = optional(at.map(|at| view! { <span>{" "}</span><time>{at}</time> }));
    let delivery = optional(delivery.map(|text| {
        view! { <Paragraph class="delivery" part="delivery" text/> }
    }));
    once(view! {
        <article class=class data-part=part data-author=given(author) data-seq=seq.map(|seq| seq.to_string())>
            <p class="meta"><span class="author">{name}</span>{at}</p>
            <Written text/>
            {delivery}
        </article>
    })
}

/// What somebody wrote, with what can be followed.
#[component]
fn Written(text: String) -> impl IntoView {
    let ui = Ui::current();
    let piece = |piece| match piece {
        Piece::Words(words) => once(view! { <span>{words.to_owned()}</span> }),
        Piece::Link(link) => once(view! {
            <a href=link.to_owned() target="_blank" rel="noopener noreferrer">
                {link.to_owned()}
                <span class="unseen">{[" (", &*ui.text("log.new_tab"), ")"].concat()}</span>
            </a>
        }),
    };
    once(view! { <p class="text" dir="auto">{all(links::pieces(&text).into_iter().map(piece))}</p> })
}
