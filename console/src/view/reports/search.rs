// SPDX-License-Identifier: EUPL-1.2
//! The search for conversations: the form, and the conversations found, without names of people.

use infocig_protocol::{desk::Topic, entry::Outcome, figures::Dimension, report::FoundConversation};
use leptos::{ev, prelude::*};

use super::{
    RequestState,
    form::{AdvisorField, Choice, Field},
    own_queues, with_names,
};
use crate::{
    dom::Parts,
    i18n::I18n,
    intents::Intents,
    state::{
        DeskState,
        reports::{Filters, NumberOf, SearchForm},
    },
    text::{self as texts, reports as text},
    view::moment,
};

#[component]
pub(super) fn SearchPage() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let search = state.reports.search;
    let found = Memo::new(move |_| search.with(|search| search.found.clone()));
    let answered = Memo::new(move |_| search.with(|search| search.pages.answer.is_some()));
    let is_empty = Memo::new(move |_| answered.get() && found.with(Vec::is_empty));
    let has_next = Memo::new(move |_| search.with(|search| search.has_next()));
    let count = move || {
        let n = found.with(Vec::len);
        (n > 0).then(|| {
            if has_next.get() {
                i18n.fill("search.count_more", &[("n", &n.to_string())])
            } else {
                i18n.words().count("search.count", u64::try_from(n).unwrap_or(u64::MAX))
            }
        })
    };
    let again = Callback::new(move |()| {
        if found.with_untracked(Vec::is_empty) { intents.search() } else { intents.search_more() }
    });
    let parts = expect_context::<Parts>();
    let more = move |_| {
        intents.search_more();
        // The button is removed with the last page.
        request_animation_frame(move || parts.adopt("search-results"));
    };
    let heads = move || HEADS.map(|key| view! { <th scope="col">{i18n.text(key)}</th> });
    view! {
        <section class="panel page" data-part="search" aria-labelledby="page-heading">
            <h2 class="heading" id="page-heading">
                {i18n.text("pages.search")} <span class="count" role="status" data-part="search-count">{count}</span>
            </h2>
            <Form/>
            <RequestState
                loading=Signal::derive(move || search.with(|search| search.pages.loading))
                error=Signal::derive(move || search.with(|search| search.pages.error))
                stale=Signal::stored(false)
                again
            />
            <Show when=move || is_empty.get()>
                <p class="empty" data-part="search-none">{i18n.text("search.none")}</p>
                <p class="quiet">{i18n.text("search.none_hint")}</p>
            </Show>
            <Show when=move || !found.with(Vec::is_empty)>
                <p class="quiet">{i18n.text("search.not_readable")}</p>
                <div class="table" role="region" aria-label=i18n.text("search.found") tabindex="0" data-part="search-results">
                    <table>
                        <thead><tr>{heads()}</tr></thead>
                        <tbody>
                            <For each=move || found.get() key=|one| one.conversation.clone() let:one>
                                <Found one/>
                            </For>
                        </tbody>
                    </table>
                </div>
            </Show>
            <Show when=move || has_next.get()>
                <div class="buttons">
                    <button type="button" class="button slim" data-part="search-more" on:click=more>
                        {i18n.text("search.more")}
                    </button>
                </div>
            </Show>
        </section>
    }
}

#[component]
fn Form() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let search = state.reports.search;
    let of = move |read: fn(&SearchForm) -> String| {
        Signal::derive(move || search.with(|search| read(&search.form)))
    };
    let write = move |with: fn(&mut SearchForm, String)| {
        Callback::new(move |value: String| search.update(|search| with(&mut search.form, value)))
    };
    let kinds: Vec<_> =
        NumberOf::ALL.map(|kind| (kind.as_str().into(), i18n.text(text::number_of(kind)))).to_vec();
    let any = move || (String::new(), i18n.text("search.any"));
    let topics = Signal::derive(move || {
        let topics = state
            .session
            .welcome
            .with(|welcome| welcome.as_ref().map_or_else(Vec::new, |welcome| paths(&welcome.topics, "", "")));
        std::iter::once(any()).chain(topics).collect::<Vec<_>>()
    });
    let outcomes: Vec<_> = std::iter::once(any())
        .chain(Outcome::ALL.map(|outcome| (outcome.as_str().into(), i18n.text(texts::outcome(outcome)))))
        .collect();
    let per_advisor = Memo::new(move |_| {
        state.session.welcome.with(|welcome| welcome.as_ref().is_some_and(|welcome| welcome.per_advisor))
    });
    let queues = own_queues();
    let several = Memo::new(move |_| queues.with(|queues| !queues.is_empty()));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        intents.search();
    };
    let error = move || search.with(|search| search.form.is_wrong()).then(|| i18n.text("period.backwards"));
    view! {
        <form class="search-form" data-part="search-form" on:submit=submit>
            <div class="filters">
                <Show when=move || several.get()>
                    <Choice
                        id="search-queue"
                        label="queue.which"
                        options=queues
                        chosen=of(|form| form.queue.clone())
                        choose=write(|form, queue| form.queue = queue)
                    />
                </Show>
                <Choice
                    id="search-number-of"
                    label="search.number_of"
                    options=Signal::stored(kinds)
                    chosen=of(|form| form.number_of.as_str().into())
                    choose=write(|form, name| form.number_of = NumberOf::parse(&name).unwrap_or_default())
                />
                <Field
                    id="search-number"
                    label="search.the_number"
                    value=of(|form| form.number.clone())
                    write=write(|form, number| form.number = number)
                    hint="search.number_hint"
                />
                <Field
                    id="search-from"
                    label="period.from"
                    kind="date"
                    value=of(|form| form.from.clone())
                    write=write(|form, day| form.from = day)
                />
                <Field
                    id="search-to"
                    label="period.to"
                    kind="date"
                    value=of(|form| form.to.clone())
                    write=write(|form, day| form.to = day)
                />
                <Choice
                    id="search-topic"
                    label="by.topic"
                    options=topics
                    chosen=of(|form| form.topic.clone())
                    choose=write(|form, topic| form.topic = topic)
                />
                <Choice
                    id="search-outcome"
                    label="by.outcome"
                    options=Signal::stored(outcomes)
                    chosen=of(|form| form.outcome.map_or_else(String::new, |outcome| outcome.as_str().into()))
                    choose=write(|form, name| form.outcome = Outcome::parse(&name))
                />
                <Show when=move || per_advisor.get()>
                    <AdvisorField
                        id="search-advisor"
                        label="by.advisor"
                        value=of(|form| form.advisor.clone())
                        write=write(|form, advisor| form.advisor = advisor)
                    />
                </Show>
            </div>
            <p class="error" role="status">{error}</p>
            <div class="buttons">
                <button type="submit" class="button primary" data-part="search-go">{i18n.text("search.go")}</button>
            </div>
        </form>
    }
}

/// The paths of all topics with their names, level by level.
fn paths(topics: &[Topic], ids: &str, names: &str) -> Vec<(String, String)> {
    let below = |topic: &Topic| {
        let joined = |before: &str, sign: &str, own: &str| {
            if before.is_empty() { own.to_string() } else { format!("{before}{sign}{own}") }
        };
        let (ids, names) = (joined(ids, "/", &topic.id), joined(names, " › ", &topic.name));
        if topic.topics.is_empty() { vec![(ids, names)] } else { paths(&topic.topics, &ids, &names) }
    };
    topics.iter().flat_map(below).collect()
}

#[component]
fn Found(one: FoundConversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let words = i18n.words();
    let none = || i18n.text("figures.none");
    let cells = with_names(&state, |names| {
        let value = |by, value: &str| text::value(&words, by, value, names);
        let outcome = match (one.request, one.outcome) {
            (true, _) => i18n.text("search.request"),
            (false, Some(outcome)) => i18n.text(texts::outcome(outcome)),
            (false, None) => none(),
        };
        [
            moment(i18n, one.entered),
            one.ended.map_or_else(none, |at| moment(i18n, at)),
            value(Dimension::Category, one.category.as_str()),
            value(Dimension::Province, &one.province),
            one.topic.as_ref().map_or_else(none, |path| value(Dimension::Topic, &path.join("/"))),
            outcome,
            one.advisor.as_ref().map_or_else(none, |advisor| names.advisor(advisor.as_str())),
            one.rating.map_or_else(none, |rating| i18n.text(text::rating(rating))),
        ]
    });
    view! {
        <tr data-part="search-row">
            <th scope="row"><span class="number">{one.number}</span></th>
            {cells.map(|cell| view! { <td>{cell}</td> })}
        </tr>
    }
}

/// The keys of the heads of the columns.
const HEADS: [&str; 9] = [
    "search.the_number",
    "search.entered",
    "search.ended",
    "by.category",
    "by.province",
    "by.topic",
    "by.outcome",
    "by.advisor",
    "rating.label",
];
