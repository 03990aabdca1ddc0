// SPDX-License-Identifier: EUPL-1.2
//! The report of a range of days: the choice, the chart with its finding, every figure, the file.

use infocig_client::dates::Moment;
use infocig_protocol::figures::Dimension;
use leptos::prelude::*;

use super::{
    Drawing, RequestState,
    form::{Choice, Field},
    own_queues, supervises,
    tables::{Rows, Summary},
    with_names,
};
use crate::{
    dom,
    i18n::I18n,
    intents::Intents,
    state::{
        DeskState,
        reports::{Measure, Period, ReportPair, Saving},
    },
    text::reports as text,
};

#[component]
pub(super) fn ReportPage() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let supervises = supervises();
    let report = state.reports.report;
    let answer = Memo::new(move |_| report.with(|report| report.answer.clone()));
    let heading = move || i18n.text(text::page(crate::state::reports::Page::Report, supervises.get()));
    let again = Callback::new(move |()| intents.request_report());
    view! {
        <section class="panel page" data-part="report" aria-labelledby="page-heading">
            <h2 class="heading" id="page-heading">{heading}</h2>
            <ReportForm/>
            <RequestState
                loading=Signal::derive(move || report.with(|report| report.loading))
                error=Signal::derive(move || report.with(|report| report.error))
                stale=Signal::derive(move || answer.with(Option::is_some))
                again
            />
            {move || answer.get().map(|pair| view! { <Answer pair/> })}
        </section>
    }
}

#[component]
fn ReportForm() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let supervises = supervises();
    let choice = state.reports.choice;
    let today = move || Moment::in_italy(state.clock.now.get_untracked()).day;
    let change = move |with: &dyn Fn(&mut crate::state::reports::ReportChoice)| {
        choice.update(|choice| with(choice));
        intents.request_report();
    };
    let periods: Vec<_> =
        Period::ALL.map(|period| (period.as_str().into(), i18n.text(text::period(period)))).to_vec();
    let choose_period = Callback::new(move |name: String| {
        if let Some(period) = Period::parse(&name) {
            change(&|choice| choice.period.choose(period, today()));
        }
    });
    let ways = Signal::derive(move || {
        let withheld = state.reports.advisors_withheld.get();
        let ways = Dimension::ALL.into_iter().filter(|by| !withheld || *by != Dimension::Advisor);
        ways.map(|by| (by.as_str().to_string(), i18n.text(text::dimension(by)))).collect::<Vec<_>>()
    });
    let choose_way = Callback::new(move |name: String| {
        if let Some(by) = Dimension::parse(&name) {
            change(&|choice| choice.by = by);
        }
    });
    let queues = own_queues();
    let several = Memo::new(move |_| queues.with(|queues| !queues.is_empty()));
    let choose_queue = Callback::new(move |queue: String| change(&|choice| choice.queue.clone_from(&queue)));
    let measures: Vec<_> =
        Measure::ALL.map(|measure| (measure.as_str().into(), i18n.text(text::measure(measure)))).to_vec();
    let choose_measure = Callback::new(move |name: String| {
        if let Some(measure) = Measure::parse(&name) {
            state.reports.measure.set(measure);
        }
    });
    let is_range = Memo::new(move |_| choice.with(|choice| choice.period.period == Period::Range));
    let error = move || {
        let error = choice.with(|choice| choice.period.days(today()).err());
        error.map(|error| i18n.text(text::range_error(error)))
    };
    let saving = move || match state.reports.csv.get() {
        Saving::No => None,
        Saving::Loading => Some(i18n.text("pages.loading")),
        Saving::Saved => Some(i18n.text("figures.downloaded")),
        Saving::Failed(error) => Some(i18n.text(text::report_error(error))),
    };
    view! {
        <div class="filters">
            <Choice
                id="report-period"
                label="period.label"
                options=Signal::stored(periods)
                chosen=Signal::derive(move || choice.with(|choice| choice.period.period.as_str().to_string()))
                choose=choose_period
            />
            <Show when=move || several.get()>
                <Choice
                    id="report-queue"
                    label="queue.which"
                    options=queues
                    chosen=Signal::derive(move || choice.with(|choice| choice.queue.clone()))
                    choose=choose_queue
                />
            </Show>
            <Show when=move || is_range.get()>
                <Field
                    id="report-from"
                    label="period.from"
                    kind="date"
                    value=Signal::derive(move || choice.with(|choice| choice.period.from.clone()))
                    write=Callback::new(move |day: String| change(&|choice| choice.period.from.clone_from(&day)))
                />
                <Field
                    id="report-to"
                    label="period.to"
                    kind="date"
                    value=Signal::derive(move || choice.with(|choice| choice.period.to.clone()))
                    write=Callback::new(move |day: String| change(&|choice| choice.period.to.clone_from(&day)))
                />
            </Show>
            <Show when=move || supervises.get()>
                <Choice
                    id="report-by"
                    label="by.label"
                    options=ways
                    chosen=Signal::derive(move || choice.with(|choice| choice.by.as_str().to_string()))
                    choose=choose_way
                />
            </Show>
            <Choice
                id="report-measure"
                label="figures.measure"
                options=Signal::stored(measures)
                chosen=Signal::derive(move || state.reports.measure.get().as_str().to_string())
                choose=choose_measure
            />
        </div>
        <p class="error" role="status" data-part="report-range-error">{error}</p>
        <p class="quiet">{i18n.text("period.hint")}</p>
        <div class="buttons">
            <button type="button" class="button slim" data-part="report-refresh" on:click=move |_| intents.request_report()>
                {i18n.text("action.refresh")}
            </button>
            <button type="button" class="button slim" data-part="report-download" on:click=move |_| intents.save_report()>
                {i18n.text("figures.download")}
            </button>
            <button type="button" class="button slim" data-part="report-print" on:click=move |_| dom::print()>
                {i18n.text("figures.print")}
            </button>
            <span role="status" data-part="report-saving">{saving}</span>
        </div>
    }
}

#[component]
fn Answer(pair: ReportPair) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let words = i18n.words();
    let days = text::days(&words, &pair.now.from, &pair.now.to);
    let times = [pair.now.answer_within_seconds, pair.now.short_abandonment_seconds]
        .map(|seconds| text::duration(seconds.into(), words.language()));
    let [time, short] = &times;
    let hint = i18n.fill("figures.service_level_hint", &[("time", time), ("short", short)]);
    if pair.is_empty() {
        return view! {
            <h3 class="subheading" data-part="report-days">{days}</h3>
            <p class="empty" data-part="report-empty">{i18n.text("figures.empty")}</p>
            <p class="quiet">{i18n.text("figures.empty_hint")}</p>
        }
        .into_any();
    }
    let has_rows = pair.now.by != Dimension::All;
    let pair = StoredValue::new(pair);
    let markup = Signal::derive(move || {
        let measure = state.reports.measure.get();
        pair.with_value(|pair| {
            with_names(&state, |names| text::report_chart(&i18n.words(), pair, measure, names))
        })
    });
    view! {
        <h3 class="subheading" data-part="report-days">{days}</h3>
        <Drawing markup/>
        {has_rows.then(|| view! { <Rows pair=pair.get_value()/> })}
        <Summary pair=pair.get_value()/>
        <p class="quiet">{hint}</p>
    }
    .into_any()
}
