// SPDX-License-Identifier: EUPL-1.2
//! Who asks and what they said of it, in words.

use infocig_protocol::{case::Question, person::PersonCard};
use leptos::prelude::*;

use crate::{speech::Speech, text};

/// The card of a person.
#[component]
pub(crate) fn Person(person: PersonCard, question: Memo<Option<Question>>) -> impl IntoView {
    let speech = expect_context::<Speech>();
    let said = move || {
        let parts =
            question.with(|question| question.as_ref().map(|one| text::question_parts(&speech.words(), one)));
        parts
            .unwrap_or_default()
            .into_iter()
            .map(|(label, value)| view! { <Fact label=speech.say(label) value/> })
            .collect_view()
    };
    let acting_for = person.acting_for.as_ref().map(|company| {
        view! { <Fact label=speech.say("person.acting_for") value=text::acting_for(&speech.words(), company)/> }
    });
    view! {
        <dl class="person" aria-label=speech.say("person.title")>
            <Fact label=speech.say("person.category") value=speech.say(text::category(person.category))/>
            {acting_for}
            <Fact label=speech.say("person.province") value=text::province(&speech.words(), &person)/>
            <Fact label=speech.say("person.credential") value=speech.say(text::credential(person.credential))/>
            <Fact label=speech.say("person.language") value=speech.say(text::language(person.language))/>
            {person.about.map(|about| view! { <Fact label=speech.say("person.about") value=speech.say(text::skill(about))/> })}
            {said}
        </dl>
    }
}

/// One thing that is known, under its label.
#[component]
pub(super) fn Fact(#[prop(into)] label: String, #[prop(into)] value: String) -> impl IntoView {
    view! {
        <div class="fact">
            <dt class="quiet">{label}</dt>
            <dd>{value}</dd>
        </div>
    }
}
