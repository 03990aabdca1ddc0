// SPDX-License-Identifier: EUPL-1.2
//! Who asks, in words.

use infocig_protocol::person::PersonCard;
use leptos::prelude::*;

use crate::text;

/// The card of a person.
#[component]
pub(crate) fn Person(person: PersonCard) -> impl IntoView {
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
        </dl>
    }
}

#[component]
fn Fact(label: &'static str, #[prop(into)] value: String) -> impl IntoView {
    view! {
        <div class="fact">
            <dt class="quiet">{label}</dt>
            <dd>{value}</dd>
        </div>
    }
}
