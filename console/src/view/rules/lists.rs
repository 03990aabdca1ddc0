// SPDX-License-Identifier: EUPL-1.2
//! The lists of the draft that have a form: their elements, and the form that adds or changes one.

use infocig_client::dates::{Day, Moment};
use infocig_protocol::{
    language::Language,
    person::{Category, EntryPoint},
    policy::WaitingAnswer,
};
use leptos::{ev, prelude::*};

use super::{TextFields, provinces::Provinces};
use crate::{
    dom::Parts,
    i18n::I18n,
    intents::Intents,
    state::{
        DeskState,
        rules::{ANSWERS_LIST, FiveTexts, Kind, LISTS, List, RowDraft, RowError, RowField, Words, queues},
    },
    text::{self as texts, rules as text},
};

#[component]
pub(super) fn ListForms() -> impl IntoView {
    let rows = expect_context::<DeskState>().rules.rows;
    LISTS.into_iter().zip(rows).map(|(list, row)| view! { <ListForm list row/> }).collect_view()
}

#[component]
fn ListForm(list: &'static List, row: RwSignal<RowDraft>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let parts = expect_context::<Parts>();
    let rules = expect_context::<DeskState>().rules;
    let written = Memo::new(move |_| rules.document.with(|document| list.rows(document)));
    let said = RwSignal::new(None::<String>);
    let remove = Callback::new(move |index: usize| {
        let Some(without) = rules.document.with_untracked(|document| list.without(document, index)) else {
            return;
        };
        rules.document.set(without);
        // The places of those after it have changed.
        row.update(|row| row.index = None);
        said.set(Some(i18n.text("rules.row_removed")));
        request_animation_frame(move || {
            let _always_there = parts.focus(&format!("{}-heading", list.name));
        });
    });
    let rows = move || {
        let rows = written.get().unwrap_or_default().into_iter().enumerate();
        rows.map(|(index, element)| view! { <Row list row element index remove/> }).collect_view()
    };
    view! {
        <details class="rules-form" data-part=list.name>
            <summary class="summary-heading">{i18n.text(list.heading)}</summary>
            <p class="quiet" data-part=format!("{}-heading", list.name) tabindex="-1">{i18n.text(list.means)}</p>
            <p class="act-status" role="status" data-part=format!("{}-status", list.name)>{move || said.get()}</p>
            <Show
                when=move || written.with(Option::is_some)
                fallback=move || view! { <p class="error">{i18n.text("rules.text_first")}</p> }
            >
                <ul class="list">{rows}</ul>
                {(list.name == ANSWERS_LIST).then(|| view! { <ProposedAnswers row said/> })}
                <Form list row said/>
            </Show>
        </details>
    }
}

/// The answers that advisors propose: each is brought into the form below, or taken off the list.
#[component]
fn ProposedAnswers(row: RwSignal<RowDraft>, said: RwSignal<Option<String>>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let parts = expect_context::<Parts>();
    let intents = expect_context::<Intents>();
    let rules = expect_context::<DeskState>().rules;
    let waiting = Memo::new(move |_| rules.overview.with(|overview| overview.answers.clone()));
    // Said once the service lists it no more: a request that failed has taken nothing off.
    Effect::new(move |before: Option<usize>| {
        let now = waiting.with(Vec::len);
        if before.is_some_and(|before| now < before) {
            said.set(Some(i18n.text("rules.proposed_settled")));
        }
        now
    });
    let item = move |WaitingAnswer { proposed, by, at }: WaitingAnswer| {
        let (id, language) = (proposed.id.clone(), proposed.language.as_str());
        let moment = Moment::in_italy(at).text(&i18n.words());
        let label = |key| {
            let question = proposed.question.as_str();
            i18n.fill("rules.button_of", &[("action", &i18n.text(key)), ("version", question)])
        };
        let (use_it, settle) = (label("rules.proposed_use"), label("rules.proposed_settle"));
        let brought = proposed.clone();
        let bring = move |_| {
            row.set(RowDraft::of_answer(&brought));
            said.set(Some(i18n.text("rules.proposed_used")));
            request_animation_frame(move || {
                let _always_there = parts.focus("answers-form-heading");
            });
        };
        let done = move |_| {
            intents.settle_answer(&id);
            let _always_there = parts.focus("answers-heading");
        };
        view! {
            <li class="row" data-part="proposed-answer">
                <p class="name" lang=language>{proposed.question}</p>
                <p class="text" lang=language>{proposed.answer}</p>
                <p class="quiet">{i18n.fill("rules.proposed_by", &[("name", &by.name), ("moment", &moment)])}</p>
                <div class="buttons">
                    <button type="button" class="button slim" data-part="proposed-use" aria-label=use_it on:click=bring>
                        {i18n.text("rules.proposed_use")}
                    </button>
                    <button type="button" class="button slim" data-part="proposed-settle" aria-label=settle on:click=done>
                        {i18n.text("rules.proposed_settle")}
                    </button>
                </div>
            </li>
        }
    };
    view! {
        <Show when=move || waiting.with(|waiting| !waiting.is_empty())>
            <h4 class="label">{i18n.text("rules.proposed")}</h4>
            <ul class="list">{move || waiting.get().into_iter().map(item).collect_view()}</ul>
        </Show>
    }
}

#[component]
fn Row(
    list: &'static List,
    row: RwSignal<RowDraft>,
    element: RowDraft,
    index: usize,
    remove: Callback<usize>,
) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let parts = expect_context::<Parts>();
    let said = said(i18n, list, &element);
    let label = |key| i18n.fill("rules.button_of", &[("action", &i18n.text(key)), ("version", &said.name)]);
    let (change, take_away) = (label("rules.change"), label("rules.remove"));
    let edit = move |_| {
        row.set(element.clone());
        request_animation_frame(move || {
            let _always_there = parts.focus(&format!("{}-form-heading", list.name));
        });
    };
    view! {
        <li class="row" data-part=format!("{}-row", list.name)>
            <p class="name" lang=said.language>{said.name.clone()}</p>
            <p class="quiet">{said.rest}</p>
            <div class="buttons">
                <button type="button" class="button slim" data-part=format!("{}-change", list.name) aria-label=change on:click=edit>
                    {i18n.text("rules.change")}
                </button>
                <button
                    type="button"
                    class="button slim"
                    data-part=format!("{}-remove", list.name)
                    aria-label=take_away
                    on:click=move |_| remove.run(index)
                >
                    {i18n.text("rules.remove")}
                </button>
            </div>
        </li>
    }
}

/// What an element says, on two lines.
struct Said {
    name: String,
    /// The language of the name, where it is not that of the console.
    language: Option<&'static str>,
    rest: String,
}

/// The first fields are the name; a source is in the form alone.
fn said(i18n: I18n, list: &List, element: &RowDraft) -> Said {
    let (names, others) = list.fields.split_at_checked(list.named_by).unwrap_or_default();
    let known = |field: &&RowField| !value(i18n, field, element).is_empty();
    let name: Vec<String> = names.iter().filter(known).map(|field| value(i18n, field, element)).collect();
    let is_wording = names.iter().any(|field| field.kind == Kind::Wording);
    let rest = others.iter().filter(|field| field.name != "source").filter(known).map(|field| {
        let value = value(i18n, field, element);
        match field.kind {
            Kind::Some(_) | Kind::Provinces => value,
            Kind::Text | Kind::Day | Kind::Clock | Kind::Number | Kind::Wording => {
                i18n.fill("rules.button_of", &[("action", &i18n.text(field.label)), ("version", &value)])
            }
        }
    });
    let rest: Vec<String> = rest.collect();
    Said {
        name: name.join(" – "),
        language: is_wording.then_some(Language::It.as_str()),
        rest: rest.join(" · "),
    }
}

fn value(i18n: I18n, field: &RowField, element: &RowDraft) -> String {
    match field.kind {
        Kind::Text | Kind::Clock | Kind::Number => element.text(field.name),
        Kind::Day => {
            let text = element.text(field.name);
            Day::parse(&text).map_or(text, |day| day.text(&i18n.words()))
        }
        Kind::Wording => element.texts(field.name).it,
        Kind::Some(words) => {
            let chosen = element.words(field.name);
            let names = options(i18n, words).into_iter().filter(|(word, _)| chosen.contains(word));
            names.map(|(_, name)| name).collect::<Vec<_>>().join(", ")
        }
        Kind::Provinces => {
            let overview = expect_context::<DeskState>().rules.overview;
            overview.with_untracked(|overview| {
                text::provinces(&i18n.words(), &element.words(field.name), &overview.provinces)
            })
        }
    }
}

/// The words of a list, each with its name.
fn options(i18n: I18n, words: Words) -> Vec<(String, String)> {
    let named = |word: &str, key: &str| (word.to_string(), i18n.text(key));
    match words {
        Words::Weekdays => WEEKDAYS.iter().map(|(word, key)| named(word, key)).collect(),
        Words::Categories => {
            [Category::Lavoratore, Category::Titolare, Category::RappresentanteLegale, Category::Consulente]
                .map(|one| named(one.as_str(), texts::category(one)))
                .into()
        }
        Words::EntryPoints => [EntryPoint::Myinps, EntryPoint::CassettoPrevidenziale, EntryPoint::OmniaIs]
            .map(|one| named(one.as_str(), texts::reports::entry_point(one)))
            .into(),
        Words::Queues => {
            let document = expect_context::<DeskState>().rules.document;
            document.with(|document| queues(document)).into_iter().map(|id| (id.clone(), id)).collect()
        }
    }
}

#[component]
fn Form(list: &'static List, row: RwSignal<RowDraft>, said: RwSignal<Option<String>>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let parts = expect_context::<Parts>();
    let rules = expect_context::<DeskState>().rules;
    let is_new = Memo::new(move |_| row.with(|row| row.index.is_none()));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        row.update(|row| row.tried = true);
        let wrong = row.with_untracked(|row| list.errors(row).next().map(|(field, _)| field));
        if let Some(field) = wrong {
            let _always_there = parts.focus(&part_of(list, field));
            return;
        }
        let put = rules.document.with_untracked(|document| row.with_untracked(|row| list.put(row, document)));
        let Some(put) = put else { return };
        rules.document.set(put);
        row.set(RowDraft::default());
        said.set(Some(i18n.text("rules.row_added")));
        request_animation_frame(move || {
            let _always_there = parts.focus("rules-check");
        });
    };
    let fields = list.fields.iter().map(|field| view! { <Input list field row/> }).collect_view();
    view! {
        <form class="form" data-part=format!("{}-form", list.name) novalidate on:submit=submit>
            <h4 class="label" data-part=format!("{}-form-heading", list.name) tabindex="-1">
                {move || i18n.text(if is_new.get() { "rules.row_new" } else { "rules.row_changed" })}
            </h4>
            {fields}
            <div class="buttons">
                <button type="submit" class="button" data-part=format!("{}-add", list.name)>
                    {move || i18n.text(if is_new.get() { "rules.closure_add" } else { "rules.reply_put" })}
                </button>
                <Show when=move || !is_new.get()>
                    <button
                        type="button"
                        class="button"
                        data-part=format!("{}-cancel", list.name)
                        on:click=move |_| row.set(RowDraft::default())
                    >
                        {i18n.text("action.cancel")}
                    </button>
                </Show>
            </div>
        </form>
    }
}

/// The `data-part` that takes the focus for a field.
fn part_of(list: &List, field: &RowField) -> String {
    let name = format!("{}-{}", list.name, field.name);
    match field.kind {
        Kind::Wording => format!("{name}-it"),
        Kind::Provinces => format!("{}-province", list.name),
        Kind::Text | Kind::Day | Kind::Clock | Kind::Number | Kind::Some(_) => name,
    }
}

#[component]
fn Input(list: &'static List, field: &'static RowField, row: RwSignal<RowDraft>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let error = Signal::derive(move || {
        let error = row.with(|row| {
            row.tried
                .then(|| list.errors(row).find(|(one, _)| one.name == field.name))?
                .map(|(_, error)| error)
        });
        error.map(|error| {
            let key = match error {
                RowError::Missing => "rules.field_missing",
                RowError::Wrong => "rules.field_wrong",
            };
            i18n.fill(key, &[("field", &i18n.text(field.label))])
        })
    });
    match field.kind {
        Kind::Text | Kind::Clock | Kind::Number => {
            view! { <TextInput list field row error kind="text"/> }.into_any()
        }
        Kind::Day => view! { <TextInput list field row error kind="date"/> }.into_any(),
        // There is nothing to choose among one queue.
        Kind::Some(Words::Queues) if untrack(|| options(i18n, Words::Queues)).len() < 2 => ().into_any(),
        Kind::Some(words) => view! { <Checks list field row error words/> }.into_any(),
        Kind::Provinces => {
            let choose = move |codes: Vec<String>| row.update(|row| row.write_words(field, &codes));
            let codes = Signal::derive(move || row.with(|row| row.words(field.name)));
            view! { <Provinces part=list.name codes choose=Callback::new(choose)/> }.into_any()
        }
        Kind::Wording => {
            let texts = Signal::derive(move || row.with(|row| row.texts(field.name)));
            let write = move |(language, said): (Language, String)| {
                row.update(|row| {
                    let mut texts: FiveTexts = row.texts(field.name);
                    *texts.of_mut(language) = said;
                    row.write_texts(field, &texts);
                });
            };
            let part = format!("{}-{}", list.name, field.name);
            view! { <TextFields part legend=field.label texts write=Callback::new(write) error hint=field.hint/> }
                .into_any()
        }
    }
}

#[component]
fn TextInput(
    list: &'static List,
    field: &'static RowField,
    row: RwSignal<RowDraft>,
    error: Signal<Option<String>>,
    kind: &'static str,
) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let id = part_of(list, field);
    let (hint, wrong) = (format!("{id}-hint"), format!("{id}-error"));
    let name = i18n.text(field.label);
    let label = if field.is_required { i18n.fill("rules.required", &[("field", &name)]) } else { name };
    let described = format!("{hint} {wrong}");
    view! {
        <div class="labelled">
            <label for=id.clone()>{label}</label>
            <input
                id=id.clone()
                class="field"
                type=kind
                data-part=id
                autocomplete="off"
                inputmode=(field.kind == Kind::Number).then_some("numeric")
                aria-required=field.is_required.then_some("true")
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described
                prop:value=move || row.with(|row| row.text(field.name))
                on:change=move |event| row.update(|row| row.write(field, &event_target_value(&event)))
            />
            <p class="quiet" id=hint>{field.hint.map(|key| i18n.text(key))}</p>
            <p class="error" id=wrong role="status">{move || error.get()}</p>
        </div>
    }
}

#[component]
fn Checks(
    list: &'static List,
    field: &'static RowField,
    row: RwSignal<RowDraft>,
    error: Signal<Option<String>>,
    words: Words,
) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let id = part_of(list, field);
    let wrong = format!("{id}-error");
    let described = wrong.clone();
    let all: Vec<String> = options(i18n, words).into_iter().map(|(word, _)| word).collect();
    let option = |(word, name): (String, String)| {
        let this = word.clone();
        let chosen = move || row.with(|row| row.words(field.name).contains(&this));
        let (this, all) = (word.clone(), all.clone());
        let toggle = move |event| {
            let checked = event_target_checked(&event);
            row.update(|row| {
                let before = row.words(field.name);
                let is_chosen = |one: &String| if *one == this { checked } else { before.contains(one) };
                let chosen: Vec<String> = all.iter().filter(|one| is_chosen(one)).cloned().collect();
                row.write_words(field, &chosen);
            });
        };
        view! {
            <label class="option">
                <input type="checkbox" value=word prop:checked=chosen on:change=toggle/>
                <span class="option-text"><span class="name">{name}</span></span>
            </label>
        }
    };
    let checks = options(i18n, words).into_iter().map(option).collect_view();
    let name = i18n.text(field.label);
    let legend = if field.is_required { i18n.fill("rules.required", &[("field", &name)]) } else { name };
    view! {
        <fieldset class="choices" data-part=id tabindex="-1" aria-describedby=described>
            <legend class="label">{legend}</legend>
            {checks}
            <p class="error" id=wrong role="status">{move || error.get()}</p>
        </fieldset>
    }
}

/// The days of the week in the document, from Monday, and the keys of their names.
const WEEKDAYS: [(&str, &str); 7] = [
    ("monday", "weekday.1"),
    ("tuesday", "weekday.2"),
    ("wednesday", "weekday.3"),
    ("thursday", "weekday.4"),
    ("friday", "weekday.5"),
    ("saturday", "weekday.6"),
    ("sunday", "weekday.7"),
];
