// SPDX-License-Identifier: EUPL-1.2
//! The figures of a report as tables. Each number is in an element that has it for machines too: `<data>`, `<time>`.

use infocig_protocol::figures::Figures;
use leptos::prelude::*;

use super::with_names;
use crate::{
    i18n::I18n,
    state::{DeskState, reports::ReportPair},
    text::reports::{self as text, Figure, FigureGroup},
};

/// A row for each value and the total, in three tables.
#[component]
pub(super) fn Rows(pair: ReportPair) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let by = pair.now.by;
    let passes = untrack(|| !state.own_queues().is_empty());
    let mut rows: Vec<(String, String, [FigureGroup; 3])> = with_names(&state, |names| {
        let words = i18n.words();
        let row = |row: &infocig_protocol::report::ReportRow| {
            let name = text::value(&words, by, &row.value, names);
            (row.value.clone(), name, text::figures(&row.figures, passes))
        };
        pair.rows().into_iter().map(row).collect()
    });
    rows.push((TOTAL.into(), i18n.text("figures.total"), text::figures(&pair.now.total, passes)));
    let first = i18n.text(text::dimension(by));
    let tables = text::figures(&Figures::default(), passes).into_iter().enumerate().map(|(index, (title, columns))| {
        let title = i18n.text(title);
        let label = title.clone();
        let heads = columns
            .iter()
            .map(|(key, _)| {
                let name = i18n.text(key);
                view! { <th scope="col">{name}</th> }
            })
            .collect_view();
        let lines = rows
            .iter()
            .map(|(value, name, groups)| {
                let figures = groups.get(index).map(|(_, figures)| figures.clone()).unwrap_or_default();
                let cells = figures
                    .into_iter()
                    .map(|(key, figure)| view! { <td data-figure=text::figure_name(key)>{cell(i18n, figure)}</td> })
                    .collect_view();
                view! {
                    <tr data-value=value.clone()>
                        <th scope="row">{name.clone()}</th>
                        {cells}
                    </tr>
                }
            })
            .collect_view();
        view! {
            <div class="table" role="region" aria-label=label tabindex="0">
                <table data-part="report-rows">
                    <caption>{title}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{first.clone()}</th>
                            {heads}
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        }
    });
    tables.collect_view()
}

/// Every figure of the range, beside the range before.
#[component]
pub(super) fn Summary(pair: ReportPair) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let passes = untrack(|| !state.own_queues().is_empty());
    let words = i18n.words();
    let title = i18n.text("figures.summary");
    let label = title.clone();
    let now = text::days(&words, &pair.now.from, &pair.now.to);
    let days = text::days(&words, &pair.before.from, &pair.before.to);
    let before = i18n.fill("figures.before", &[("days", &days)]);
    let groups =
        text::figures(&pair.now.total, passes).into_iter().zip(text::figures(&pair.before.total, passes));
    let bodies = groups.map(|((heading, figures), (_, before))| {
        let lines = figures.into_iter().zip(before).map(|((key, now), (_, before))| {
            view! {
                <tr data-figure=text::figure_name(key)>
                    <th scope="row">{i18n.text(key)}</th>
                    <td>{cell(i18n, now)}</td>
                    <td>{cell(i18n, before)}</td>
                </tr>
            }
        });
        view! {
            <tbody>
                <tr>
                    <th class="group" scope="rowgroup" colspan="3">{i18n.text(heading)}</th>
                </tr>
                {lines.collect_view()}
            </tbody>
        }
    });
    view! {
        <div class="table" role="region" aria-label=label tabindex="0">
            <table class="summary" data-part="report-summary">
                <caption>{title}</caption>
                <thead>
                    <tr>
                        <th scope="col">{i18n.text("figures.figure")}</th>
                        <th scope="col">{now}</th>
                        <th scope="col">{before}</th>
                    </tr>
                </thead>
                {bodies.collect_view()}
            </table>
        </div>
    }
}

/// A figure: a count; a share as part, whole and percentage; lengths as median, ninth decile, how many and the longest.
fn cell(i18n: I18n, figure: Figure) -> AnyView {
    let language = i18n.words().language();
    match figure {
        Figure::Count(n) => view! { <data value=n.to_string()>{text::number(n, language)}</data> }.into_any(),
        Figure::Share(share) => {
            let both = [share.part, share.of].map(|n| text::number(n, language)).join("/");
            let percent = text::percent(share, language);
            view! {
                <data value=format!("{}/{}", share.part, share.of)>{both}</data>
                {percent.map(|percent| view! { <span class="percent">{percent}</span> })}
            }
            .into_any()
        }
        Figure::Lengths(None) => view! { <span class="quiet">{i18n.text("figures.none")}</span> }.into_any(),
        Figure::Lengths(Some(lengths)) => {
            let length = |seconds: u64| text::duration(seconds, language);
            let median = length(lengths.p50_s);
            let ninth = length(lengths.p90_s);
            let n = text::number(lengths.n, language);
            let longest = length(lengths.longest_s);
            let machine = format!("{} {} {} {}", lengths.n, lengths.p50_s, lengths.p90_s, lengths.longest_s);
            view! {
                <data value=machine>{i18n.fill("figures.percentiles", &[("median", &median), ("ninth", &ninth)])}</data>
                <span class="percent">{i18n.fill("figures.of_how_many", &[("n", &n), ("longest", &longest)])}</span>
            }
            .into_any()
        }
    }
}

/// The value of the row of the total, as in the CSV.
const TOTAL: &str = "total";
