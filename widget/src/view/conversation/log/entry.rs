// SPDX-License-Identifier: EUPL-1.2
//! The elements of one entry of the log.

use infocig_client::dates::{self, Moment};
use infocig_protocol::{
    entry::{Author, Entry, EntryBody},
    segnalazione::SegnalazioneState,
};
use leptos::prelude::*;

use super::groups::Run;
use crate::{
    once::{Once, element, once, optional},
    text,
    ui::Ui,
    view::{
        chunk_place::place,
        linked_text::LinkedText,
        pieces::{Paragraph, given},
    },
};

/// A line of the log.
pub(super) enum Line {
    /// The heading of a day.
    Day(Once),
    /// Constant elements.
    Still(Once),
    /// Elements that follow signals.
    Alive(Once),
}

/// The lines of an entry: the heading of a new day, the mark of the first unread message, and the entry.
pub(super) fn lines(ui: Ui, entry: &Entry, moment: &Moment, unread: Option<u64>, run: &mut Run) -> Vec<Line> {
    let (clock, mut lines) = (&*moment.clock, Vec::new());
    // An office answers days later, so its entries show the date too.
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
        lines.extend(beside(ui, entry.seq, &entry.body));
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

/// The additional content of an entry: the card of a case, the answer of the assistant or of an office; the place of what is not read here.
fn beside(ui: Ui, seq: u64, body: &EntryBody) -> Option<Line> {
    if let EntryBody::Case { case, as_of, .. } = body {
        let (case, as_of) = (case.clone(), *as_of);
        return Some(Line::Alive(place(ui.deferred(), move |chunk| {
            (chunk.card)(*case.clone(), as_of, false)
        })));
    }
    if let EntryBody::Assistant { question, answer, .. } = body {
        let (question, answer) = (question.clone(), answer.clone());
        return Some(Line::Alive(place(ui.deferred(), move |chunk| {
            (chunk.assistant_answer)(question.clone(), answer.clone())
        })));
    }
    if let EntryBody::Unknown {} = body {
        return Some(Line::Alive(place(ui.deferred(), move |chunk| (chunk.call)(seq))));
    }
    let EntryBody::Segnalazione { state: SegnalazioneState::Answered { text }, .. } = body else {
        return None;
    };
    Some(Line::Still(once(view! { <blockquote data-part="answer">{text.clone()}</blockquote> })))
}

/// A message in the log. The visible name is omitted if the author wrote the message before in the same minute; screen readers
/// get the author of every message.
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

/// A message, acknowledged or pending.
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
            <LinkedText text/>
            {delivery}
        </article>
    })
}
