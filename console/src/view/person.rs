// SPDX-License-Identifier: EUPL-1.2
//! The card of a person, with their answers before the conversation.

use infocig_protocol::{case::Question, person::PersonCard};
use leptos::prelude::*;

use crate::{i18n::I18n, text};

#[component]
pub(crate) fn Person(person: PersonCard, question: Memo<Option<Question>>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let said = move || {
        let parts =
            question.with(|question| question.as_ref().map(|one| text::question_parts(&i18n.words(), one)));
        parts
            .unwrap_or_default()
            .into_iter()
            .map(|(label, value)| view! { <Fact label=i18n.text(label) value/> })
            .collect_view()
    };
    let acting_for = person.acting_for.as_ref().map(|company| {
        view! { <Fact label=i18n.text("person.acting_for") value=text::acting_for(&i18n.words(), company)/> }
    });
    view! {
        <dl class="person" aria-label=i18n.text("person.title")>
            <Fact label=i18n.text("person.category") value=i18n.text(text::category(person.category))/>
            {acting_for}
            <Fact label=i18n.text("person.province") value=text::province(&i18n.words(), &person)/>
            <Fact label=i18n.text("person.credential") value=i18n.text(text::credential(person.credential))/>
            <Fact label=i18n.text("person.language") value=i18n.text(text::language(person.language))/>
            {person.about.map(|about| view! { <Fact label=i18n.text("person.about") value=i18n.text(text::skill(about))/> })}
            {said}
        </dl>
    }
}

/// A label and its value, in a list of definitions.
#[component]
pub(super) fn Fact(#[prop(into)] label: String, #[prop(into)] value: String) -> impl IntoView {
    view! {
        <div class="fact">
            <dt class="quiet">{label}</dt>
            <dd>{value}</dd>
        </div>
    }
}
