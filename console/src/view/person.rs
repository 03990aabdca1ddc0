// SPDX-License-Identifier: EUPL-1.2
//! Who asks and what they said of it, in words.

use infocig_protocol::{case::Question, person::PersonCard};
use leptos::prelude::*;

use crate::text;

/// The card of a person.
#[component]
pub(crate) fn Person(person: PersonCard, question: Memo<Option<Question>>) -> impl IntoView {
    let said = move || {
        let parts = question.with(|question| question.as_ref().map(text::question_parts));
        parts
            .unwrap_or_default()
            .into_iter()
            .map(|(label, value)| view! { <Fact label value/> })
            .collect_view()
    };
    let acting_for = person.acting_for.as_ref().map(|company| {
        view! { <Fact label=text::ACTING_FOR value=text::acting_for(company)/> }
    });
    view! {
        <dl class="person" aria-label=text::PERSON>
            <Fact label=text::CATEGORY value=text::category(person.category)/>
            {acting_for}
            <Fact label=text::PROVINCE value=text::province(&person)/>
            <Fact label=text::CREDENTIAL value=text::credential(person.credential)/>
            <Fact label=text::LANGUAGE value=text::language(person.language)/>
            {person.about.map(|about| view! { <Fact label=text::ABOUT value=text::skill(about)/> })}
            {said}
        </dl>
    }
}

/// One thing that is known, under its label.
#[component]
pub(super) fn Fact(label: &'static str, #[prop(into)] value: String) -> impl IntoView {
    view! {
        <div class="fact">
            <dt class="quiet">{label}</dt>
            <dd>{value}</dd>
        </div>
    }
}
