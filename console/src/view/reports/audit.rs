// SPDX-License-Identifier: EUPL-1.2
//! The audit trail: the form, and who did or looked at what, newest first.

use infocig_protocol::report::{AuditChain, AuditedAct, AuditedKind};
use leptos::{ev, prelude::*};

use super::{
    RequestState,
    form::{AdvisorField, Choice, Field},
    with_names,
};
use crate::{
    dom::Parts,
    i18n::I18n,
    intents::Intents,
    state::{
        DeskState,
        reports::{AuditFile, AuditForm, Filters, Saving},
    },
    text::reports as text,
    view::moment,
};

#[component]
pub(super) fn AuditPage() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let audit = state.reports.audit;
    let acts = Memo::new(move |_| audit.with(|audit| audit.found.clone()));
    let is_empty =
        Memo::new(move |_| audit.with(|audit| audit.pages.answer.is_some() && audit.found.is_empty()));
    let has_next = Memo::new(move |_| audit.with(|audit| audit.has_next()));
    let again = Callback::new(move |()| {
        if acts.with_untracked(Vec::is_empty) { intents.read_audit() } else { intents.read_more_audit() }
    });
    let parts = expect_context::<Parts>();
    let more = move |_| {
        intents.read_more_audit();
        // The button is removed with the last page.
        request_animation_frame(move || parts.adopt("audit-acts"));
    };
    let heads = move || HEADS.map(|key| view! { <th scope="col">{i18n.text(key)}</th> });
    let rows = move || acts.get().into_iter().map(|act| view! { <Act act/> }).collect_view();
    view! {
        <section class="panel page" data-part="audit" aria-labelledby="page-heading">
            <h2 class="heading" id="page-heading">{i18n.text("pages.audit")}</h2>
            <p class="quiet">{i18n.text("audit.hint")}</p>
            <Chain/>
            <Form/>
            <RequestState
                loading=Signal::derive(move || audit.with(|audit| audit.pages.loading))
                error=Signal::derive(move || audit.with(|audit| audit.pages.error))
                stale=Signal::stored(false)
                again
            />
            <Show when=move || is_empty.get()>
                <p class="empty" data-part="audit-none">{i18n.text("audit.none")}</p>
                <p class="quiet">{i18n.text("audit.none_hint")}</p>
            </Show>
            <Show when=move || !acts.with(Vec::is_empty)>
                <div class="table" role="region" aria-label=i18n.text("pages.audit") tabindex="0" data-part="audit-acts">
                    <table>
                        <thead><tr>{heads()}</tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </Show>
            <Show when=move || has_next.get()>
                <div class="buttons">
                    <button type="button" class="button slim" data-part="audit-more" on:click=more>
                        {i18n.text("search.more")}
                    </button>
                </div>
            </Show>
        </section>
    }
}

/// The end of the chain, to be noted elsewhere.
#[component]
fn Chain() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let chain = state.reports.audit_chain;
    move || {
        let AuditChain { rows, number, head } = chain.get()?;
        let (rows, number) = (rows.to_string(), number.to_string());
        let says = i18n.words().fill("audit.chain", &[("rows", &rows), ("number", &number)]);
        Some(view! {
            <div class="quiet" data-part="audit-chain">
                <p>{says} " " <code class="hash">{head}</code></p>
                <p>{i18n.text("audit.chain_hint")}</p>
            </div>
        })
    }
}

#[component]
fn Form() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let audit = state.reports.audit;
    let of =
        move |read: fn(&AuditForm) -> String| Signal::derive(move || audit.with(|audit| read(&audit.form)));
    let write = move |with: fn(&mut AuditForm, String)| {
        Callback::new(move |value: String| audit.update(|audit| with(&mut audit.form, value)))
    };
    let acts: Vec<_> = std::iter::once((String::new(), i18n.text("search.any")))
        .chain(AuditedKind::ALL.map(|act| (act.as_str().into(), i18n.text(text::audited(act)))))
        .collect();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        intents.read_audit();
    };
    let saving = move || match state.reports.audit_file.get() {
        Saving::No => None,
        Saving::Loading => Some(i18n.text("pages.loading")),
        Saving::Saved => Some(i18n.text("audit.saved")),
        Saving::Failed(error) => Some(i18n.text(text::report_error(error))),
    };
    let error = move || audit.with(|audit| audit.form.is_wrong()).then(|| i18n.text("period.backwards"));
    view! {
        <form class="search-form" data-part="audit-form" on:submit=submit>
            <div class="filters">
                <Field
                    id="audit-from"
                    label="period.from"
                    kind="date"
                    value=of(|form| form.from.clone())
                    write=write(|form, day| form.from = day)
                />
                <Field
                    id="audit-to"
                    label="period.to"
                    kind="date"
                    value=of(|form| form.to.clone())
                    write=write(|form, day| form.to = day)
                />
                <AdvisorField
                    id="audit-actor"
                    label="audit.actor"
                    value=of(|form| form.actor.clone())
                    write=write(|form, actor| form.actor = actor)
                />
                <Choice
                    id="audit-act"
                    label="audit.act"
                    options=Signal::stored(acts)
                    chosen=of(|form| form.act.map_or_else(String::new, |act| act.as_str().into()))
                    choose=write(|form, name| form.act = AuditedKind::parse(&name))
                />
                <Field
                    id="audit-number"
                    label="audit.number"
                    value=of(|form| form.number.clone())
                    write=write(|form, number| form.number = number)
                    hint="audit.number_hint"
                />
            </div>
            <p class="error" role="status">{error}</p>
            <div class="buttons">
                <button type="submit" class="button primary" data-part="audit-go">{i18n.text("audit.go")}</button>
                <button
                    type="button"
                    class="button slim"
                    data-part="audit-csv"
                    on:click=move |_| intents.save_audit(AuditFile::Csv)
                >
                    {i18n.text("figures.download")}
                </button>
                <button
                    type="button"
                    class="button slim"
                    data-part="audit-json"
                    on:click=move |_| intents.save_audit(AuditFile::Json)
                >
                    {i18n.text("audit.json")}
                </button>
                <span role="status" data-part="audit-saving">{saving}</span>
            </div>
        </form>
    }
}

#[component]
fn Act(act: AuditedAct) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let words = i18n.words();
    let none = || i18n.text("figures.none");
    let (name, asked) = with_names(&state, |names| {
        let asked: Vec<String> = act.asked.iter().filter_map(|one| text::asked(&words, one, names)).collect();
        (act.actor.as_ref().map(|actor| names.advisor(actor.as_str())), asked)
    });
    let name = name.unwrap_or_else(|| i18n.text("audit.nobody"));
    let subject = act.subject.iter().map(|subject| text::audit_subject(&words, subject));
    let details = act.details.iter().flat_map(|details| text::audit_details(&words, details));
    let before = act.before_chain.then(|| i18n.text("audit.before_chain"));
    let asked: Vec<String> = subject.chain(asked).chain(details).chain(before).collect();
    let asked = if asked.is_empty() { none() } else { asked.join(" · ") };
    view! {
        <tr data-part="audit-row" data-act=act.act.as_str()>
            <th scope="row">{moment(i18n, act.at)}</th>
            <td>{name}</td>
            <td>{i18n.text(text::audited(act.act))}</td>
            <td><span class="number">{act.number.unwrap_or_else(none)}</span></td>
            <td>{asked}</td>
        </tr>
    }
}

/// The keys of the heads of the columns.
const HEADS: [&str; 5] = ["audit.when", "audit.actor", "audit.act", "audit.conversation", "audit.about"];
