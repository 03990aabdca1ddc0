// SPDX-License-Identifier: EUPL-1.2
//! A case as a card, and the person's own cases while they wait.

use infocig_protocol::{case::Case, time::Timestamp};
use leptos::prelude::*;

use super::{ChatHandle, button, ending::Confirm, focus_panel, moment, status};
use crate::{
    state::{ChatState, OwnCases},
    text::{self, case as words},
};

/// How far a case has come, as the registry said at an instant; where there may be several, its steps are folded.
pub(crate) fn card(case: &Case, as_of: Timestamp, folded: bool) -> AnyView {
    let steps = case.steps.iter().map(|step| {
        view! {
            <li data-done=step.on.is_some().to_string()>
                {words::phase(step.phase)}<span class="when">{words::reached(step)}</span>
            </li>
        }
    });
    let references = words::references(case).into_iter().map(|line| view! { <p>{line}</p> });
    let head = view! {
        <h3>{words::heading(case)}</h3>
        <span class="standing">{words::standing(case.standing)}</span>
    };
    let rest = view! {
        <ol>{steps.collect_view()}</ol>
        <p>{words::payment(case.payment)}</p>
        {references.collect_view()}
        <p class="meta">{words::as_of(&moment(as_of))}</p>
    };
    if folded {
        let reached =
            case.reached().map(|step| format!("{}: {}", words::phase(step.phase), words::reached(step)));
        view! {
            <details class="case" data-part="case">
                <summary>{head} <span class="meta">{reached}</span></summary>
                {rest}
            </details>
        }
        .into_any()
    } else {
        view! { <article class="case" data-part="case">{head}{rest}</article> }.into_any()
    }
}

/// The person's own cases, folded until they look, and the way out for whoever finds the answer in them.
#[component]
pub(crate) fn OwnCasesView(state: ChatState, chat: ChatHandle) -> impl IntoView {
    let folded = move || state.cases.with(|cases| *cases == OwnCases::Folded);
    let look = move || chat.with_value(|c| c.look_at_cases());
    let cards = move || match state.cases.get() {
        OwnCases::Folded | OwnCases::Absent => ().into_any(),
        OwnCases::Coming => status("", "cases-coming", words::CASES_LOADING),
        OwnCases::Known(known) if known.cases.is_empty() => status("", "cases-none", words::found(0)),
        OwnCases::Known(known) => {
            let cards: Vec<_> =
                known.cases.iter().map(|case| card(case, known.as_of, known.cases.len() > 1)).collect();
            view! {
                {status("", "cases-found", words::found(cards.len()))}
                {cards}
                <Confirm
                    part="self-served"
                    label=Signal::stored(words::SELF_SERVED)
                    question=Signal::stored(words::SELF_SERVED_QUESTION)
                    on_confirm=UnsyncCallback::new(move |()| chat.with_value(|c| c.self_served()))
                />
            }
            .into_any()
        }
        OwnCases::Failed => view! {
            <div role="alert">
                <p>{words::CASES_FAILED}</p>
                {button("button", "cases-retry", text::RETRY, move |event| {
                    focus_panel(event);
                    look();
                })}
            </div>
        }
        .into_any(),
    };
    view! {
        <div class="folded">
            <button
                type="button"
                class="button quiet fold"
                data-part="cases-toggle"
                aria-expanded=move || (!folded()).to_string()
                on:click=move |_| if folded() { look() } else { state.cases.set(OwnCases::Folded) }
            >
                {words::CASES}
            </button>
            <div data-part="cases">{cards}</div>
        </div>
    }
}
