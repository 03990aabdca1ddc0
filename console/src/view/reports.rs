// SPDX-License-Identifier: EUPL-1.2
//! The pages beside the desk and the buttons that open them. The desk stays as it is under an open page; offers show above it.

mod audit;
mod comments;
pub(super) mod form;
mod report;
mod search;
mod tables;

use leptos::{html, prelude::*};

use self::{audit::AuditPage, comments::CommentsPage, report::ReportPage, search::SearchPage};
use super::{data_protection::DataProtectionPage, rules::RulesPage};
use crate::{
    dom,
    i18n::I18n,
    intents::Intents,
    state::{DeskState, cases::RequestError, reports::Page},
    text::reports as text,
};

/// The buttons of the pages, for the navigation. An advisor has the desk and their own figures; the areas of a supervisor lead
/// back to the desk. Who is at no desk has the pages of their role alone.
#[component]
pub(super) fn PageButtons() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let supervises = supervises();
    let current = state.reports.page;
    let button = move |page: Option<Page>, part: &'static str, label: &'static str| {
        view! {
            <button
                type="button"
                class="button"
                data-part=part
                aria-current=move || (current.get() == page).then_some("page")
                on:click=move |_| intents.open_page(page)
            >
                {i18n.text(label)}
            </button>
        }
    };
    let rights = state.session.rights;
    move || {
        let (supervises, rights) = (supervises.get(), rights.get());
        let mut buttons = Vec::new();
        let mut add = |page, part| buttons.push(button(Some(page), part, text::page(page, supervises)));
        if rights.answers {
            add(Page::Report, "page-report");
        }
        if supervises {
            add(Page::Comments, "page-comments");
            add(Page::Search, "page-search");
        }
        if supervises || rights.reads_audit {
            add(Page::Audit, "page-audit");
        }
        if rights.changes_rules {
            add(Page::Rules, "page-rules");
        }
        if rights.protects_data {
            add(Page::DataProtection, "page-protection");
        }
        if rights.answers && !supervises {
            buttons.insert(0, button(None, "page-desk", "pages.desk"));
        }
        buttons
    }
}

/// The open page; nothing while the desk shows.
#[component]
pub(crate) fn OpenPage() -> impl IntoView {
    let state = expect_context::<DeskState>();
    let open = Memo::new(move |_| state.reports.page.get());
    move || match open.get() {
        Some(Page::Report) => view! { <ReportPage/> }.into_any(),
        Some(Page::Comments) => view! { <CommentsPage/> }.into_any(),
        Some(Page::Search) => view! { <SearchPage/> }.into_any(),
        Some(Page::Audit) => view! { <AuditPage/> }.into_any(),
        Some(Page::Rules) => view! { <RulesPage/> }.into_any(),
        Some(Page::DataProtection) => view! { <DataProtectionPage/> }.into_any(),
        None => ().into_any(),
    }
}

/// Whether the advisor is a supervisor.
fn supervises() -> Memo<bool> {
    let state = expect_context::<DeskState>();
    Memo::new(move |_| {
        state.session.welcome.with(|welcome| welcome.as_ref().is_some_and(|welcome| welcome.supervisor))
    })
}

/// The options of a choice of the advisor's queues, all of them first; none where they belong to one.
fn own_queues() -> Signal<Vec<(String, String)>> {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    Signal::derive(move || {
        let own = state.own_queues();
        let all = (!own.is_empty()).then(|| (String::new(), i18n.text("queue.all")));
        all.into_iter().chain(own.into_iter().map(|one| (one.id.to_string(), one.name))).collect()
    })
}

/// Calls a function with the names that the desk knows.
fn with_names<T>(state: &DeskState, then: impl FnOnce(&text::Names<'_>) -> T) -> T {
    let advisor = state.session.advisor.get_untracked();
    state.presence.colleagues.with_untracked(|colleagues| {
        state.session.welcome.with_untracked(|welcome| {
            let welcome = welcome.as_ref();
            then(&text::Names {
                provinces: welcome.map_or(&[], |welcome| welcome.provinces.as_slice()),
                topics: welcome.map_or(&[], |welcome| welcome.topics.as_slice()),
                colleagues,
                own: welcome.map(|welcome| (welcome.id.as_str(), advisor.as_str())),
            })
        })
    })
}

/// The state of a request: loading, or why it failed, with the button that tries again.
#[component]
pub(super) fn RequestState(
    loading: Signal<bool>,
    error: Signal<Option<RequestError>>,
    /// Whether an earlier answer is still shown.
    #[prop(into)]
    stale: Signal<bool>,
    again: Callback<()>,
) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let failed = Memo::new(move |_| error.get().filter(|_| !loading.get()));
    let words = move || {
        failed.get().map(|error| {
            let mut words = i18n.text(text::report_error(error));
            if stale.get() {
                words = format!("{words} {}", i18n.text("pages.stale"));
            }
            words
        })
    };
    view! {
        <p class="quiet" role="status" data-part="page-loading">{move || loading.get().then(|| i18n.text("pages.loading"))}</p>
        <p class="error" role="status" data-part="page-error">{words}</p>
        <Show when=move || failed.get().is_some()>
            <div class="buttons">
                <button type="button" class="button slim" data-part="page-retry" on:click=move |_| again.run(())>
                    {i18n.text("action.retry")}
                </button>
            </div>
        </Show>
    }
}

/// A chart from its markup.
#[component]
fn Drawing(#[prop(into)] markup: Signal<String>) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let Some(place) = place.get() {
            markup.with(|markup| dom::draw(&place, markup));
        }
    });
    view! { <div class="drawing" data-part="chart" node_ref=place></div> }
}
