// SPDX-License-Identifier: EUPL-1.2
//! The page of the data protection officer: what the rules erase tonight, a person, the holds, the proofs of erasures.

use infocig_protocol::{
    data_protection::{DueTonight, ErasureProof, Hold},
    person::Category,
};
use leptos::{ev, prelude::*};

use super::{
    moment,
    reports::{
        RequestState,
        form::{Choice, Field},
    },
    rules::Section,
};
use crate::{
    dom::Parts,
    i18n::I18n,
    intents::Intents,
    state::{
        DeskState,
        data_protection::{ActProgress, PersonForm, ProtectionAct, Releasing, is_of_nothing},
    },
    text::{self as texts, protection as text},
};

#[component]
pub(super) fn DataProtectionPage() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    view! {
        <section class="panel page" data-part="protection" aria-labelledby="page-heading">
            <h2 class="heading" id="page-heading">{i18n.text("pages.protection")}</h2>
            <DueSection/>
            <PersonSection/>
            <HoldsSection/>
            <ProofsSection/>
        </section>
    }
}

/// What the newest act of a section did, or why it failed.
#[component]
fn ActStatus(part: &'static str, mine: fn(ProtectionAct) -> bool) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let act = Memo::new(move |_| state.data_protection.act.get().filter(|(act, _)| mine(*act)));
    let failed = move || matches!(act.get(), Some((_, ActProgress::Failed(_))));
    let words = move || {
        act.get().map(|(act, progress)| match progress {
            ActProgress::Sending => i18n.text("presence.coming"),
            ActProgress::Done => {
                let found_nothing =
                    state.data_protection.proof.with(|proof| proof.as_ref().is_some_and(is_of_nothing));
                let erased_nothing = act == ProtectionAct::Erase && found_nothing;
                i18n.text(if erased_nothing { "protection.done_nothing" } else { text::done(act) })
            }
            ActProgress::Failed(error) => i18n.text(text::error(act, error)),
        })
    };
    view! { <p class="act-status" class:error=failed role="status" data-part=part>{words}</p> }
}

#[component]
fn DueSection() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let due = state.data_protection.due;
    let answer = Memo::new(move |_| due.with(|due| due.answer.clone()));
    let again = Callback::new(move |()| intents.refresh_protection());
    let heads = ["protection.class", "protection.tonight", "protection.kept", "protection.basis"];
    let heads = move || heads.map(|key| view! { <th scope="col">{i18n.text(key)}</th> });
    let row = move |due: &DueTonight, (class, label): (&'static str, &'static str)| {
        let kept = due.kept.iter().find(|kept| kept.class == class);
        let (days, basis) = text::period(&i18n.words(), kept);
        let count = text::count_of(due, class).map_or_else(|| i18n.text("figures.none"), |n| n.to_string());
        view! {
            <tr data-part="protection-class" data-class=class>
                <th scope="row">{i18n.text(label)}</th>
                <td class="number">{count}</td>
                <td>{days}</td>
                <td>{basis}</td>
            </tr>
        }
    };
    let rows = move || {
        answer.get().map(|due| text::CLASSES.map(|class| row(&due, class)).into_iter().collect_view())
    };
    let decided = move || {
        let by = answer.get()?.decided_by?;
        Some(i18n.fill("protection.decided_by", &[("who", &by)]))
    };
    view! {
        <Section part="protection-due" heading="protection.due">
            <p class="quiet">{i18n.text("protection.due_means")}</p>
            <RequestState
                loading=Signal::derive(move || due.with(|due| due.loading))
                error=Signal::derive(move || due.with(|due| due.error))
                stale=Signal::derive(move || answer.with(Option::is_some))
                again
            />
            <Show when=move || answer.with(Option::is_some)>
                <div class="table" role="region" aria-label=i18n.text("protection.due") tabindex="0">
                    <table>
                        <thead><tr>{heads()}</tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                <p class="quiet" data-part="protection-decided">{decided}</p>
                <div class="buttons">
                    <button type="button" class="button slim" data-part="protection-refresh" on:click=move |_| intents.refresh_protection()>
                        {i18n.text("action.refresh")}
                    </button>
                </div>
            </Show>
        </Section>
    }
}

#[component]
fn PersonSection() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let parts = expect_context::<Parts>();
    let protection = state.data_protection;
    let of = move |read: fn(&PersonForm) -> String| Signal::derive(move || protection.form.with(read));
    let write = move |with: fn(&mut PersonForm, String)| {
        Callback::new(move |value: String| protection.edit(|form| with(form, value)))
    };
    let categories: Vec<_> = Category::ALL
        .map(|category| (category.as_str().to_owned(), i18n.text(texts::category(category))))
        .to_vec();
    let lacks = move || {
        let missing = protection.form.with(|form| form.tried.then(|| form.missing()))?;
        let fields: Vec<String> = missing.into_iter().map(|field| i18n.text(text::required(field))).collect();
        (!fields.is_empty()).then(|| i18n.fill("rules.field_missing", &[("field", &fields.join(", "))]))
    };
    let confirming = protection.confirming;
    // The question takes the focus, and gives it to the result.
    Effect::new(move |before: Option<bool>| {
        let now = confirming.get();
        if before == Some(!now) {
            let part = if now { "protection-question" } else { "protection-person-heading" };
            request_animation_frame(move || {
                let _there = parts.focus(part);
            });
        }
        now
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        intents.export_person(i18n.words().language());
    };
    let busy = move || matches!(protection.act.get(), Some((_, ActProgress::Sending))).to_string();
    let proof = Memo::new(move |_| protection.proof.get());
    view! {
        <Section part="protection-person" heading="protection.person">
            <p class="quiet">{i18n.text("protection.person_means")}</p>
            <form class="search-form" data-part="protection-form" on:submit=submit>
                <div class="filters">
                    <Field
                        id="protection-issuer"
                        label="protection.issuer"
                        value=of(|form| form.issuer.clone())
                        write=write(|form, issuer| form.issuer = issuer)
                        hint="protection.issuer_hint"
                    />
                    <Field
                        id="protection-subject"
                        label="protection.subject"
                        value=of(|form| form.person.clone())
                        write=write(|form, person| form.person = person)
                        hint="protection.subject_hint"
                    />
                    <Choice
                        id="protection-category"
                        label="by.category"
                        options=Signal::stored(categories)
                        chosen=of(|form| form.category.as_str().into())
                        choose=write(|form, name| form.category = Category::parse(&name).unwrap_or(form.category))
                    />
                    <Field
                        id="protection-actor"
                        label="protection.actor"
                        value=of(|form| form.actor.clone())
                        write=write(|form, actor| form.actor = actor)
                        hint="protection.actor_hint"
                    />
                    <Field
                        id="protection-represented"
                        label="protection.represented"
                        value=of(|form| form.represented.clone())
                        write=write(|form, represented| form.represented = represented)
                        hint="protection.represented_hint"
                    />
                    <Field
                        id="protection-reason"
                        label="protection.reason"
                        value=of(|form| form.reason.clone())
                        write=write(|form, reason| form.reason = reason)
                        hint="protection.reason_hint"
                    />
                </div>
                <p class="error" role="status" data-part="protection-lacks">{lacks}</p>
                <Show
                    when=move || confirming.get()
                    fallback=move || {
                        view! {
                            <div class="buttons">
                                <button type="submit" class="button primary" data-part="protection-export" aria-disabled=busy>
                                    {i18n.text("protection.export")}
                                </button>
                                <button type="button" class="button" data-part="protection-hold" aria-disabled=busy on:click=move |_| intents.hold_person()>
                                    {i18n.text("protection.hold")}
                                </button>
                                <button type="button" class="button" data-part="protection-erase" aria-disabled=busy on:click=move |_| protection.ask_to_erase()>
                                    {i18n.text("protection.erase")}
                                </button>
                            </div>
                        }
                    }
                >
                    <div class="confirm" role="group" aria-labelledby="protection-question">
                        <h4 class="subheading" id="protection-question" data-part="protection-question" tabindex="-1">
                            {i18n.text("protection.erase_question")}
                        </h4>
                        <p>{i18n.text("protection.erase_goes")}</p>
                        <p>{i18n.text("protection.erase_stays")}</p>
                        <div class="buttons">
                            <button type="button" class="button primary" data-part="protection-confirm" aria-disabled=busy on:click=move |_| intents.erase_person()>
                                {i18n.text("protection.erase_confirm")}
                            </button>
                            <button type="button" class="button" data-part="protection-cancel" on:click=move |_| confirming.set(false)>
                                {i18n.text("action.cancel")}
                            </button>
                        </div>
                    </div>
                </Show>
            </form>
            <ActStatus part="protection-status" mine=|act| act != ProtectionAct::Release/>
            {move || proof.get().map(|proof| view! { <p data-part="protection-proof">{proof_words(i18n, &proof)}</p> })}
        </Section>
    }
}

/// A proof in a sentence.
fn proof_words(i18n: I18n, proof: &ErasureProof) -> String {
    let ErasureProof { id, at, conversations, comments, segnalazioni, register_links, .. } = proof;
    let counts = [conversations, comments, segnalazioni, register_links].map(ToString::to_string);
    let [conversations, comments, segnalazioni, links] = &counts;
    i18n.fill(
        "protection.proof_says",
        &[
            ("id", id),
            ("when", &moment(i18n, *at)),
            ("conversations", conversations),
            ("comments", comments),
            ("segnalazioni", segnalazioni),
            ("links", links),
        ],
    )
}

#[component]
fn HoldsSection() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let parts = expect_context::<Parts>();
    let protection = state.data_protection;
    let holds = Memo::new(move |_| {
        protection.records.with(|records| records.answer.as_ref().map(|(holds, _)| holds.clone()))
    });
    let is_empty = Memo::new(move |_| holds.with(|holds| holds.as_ref().is_some_and(Vec::is_empty)));
    // The hold that had the focus is gone.
    Effect::new(move |_| {
        if protection.act.get() == Some((ProtectionAct::Release, ActProgress::Done)) {
            request_animation_frame(move || {
                let _there = parts.focus("protection-holds-heading");
            });
        }
    });
    view! {
        <Section part="protection-holds" heading="protection.holds">
            <p class="quiet">{i18n.text("protection.holds_mean")}</p>
            <ActStatus part="protection-holds-status" mine=|act| act == ProtectionAct::Release/>
            <RecordsState/>
            <Show when=move || is_empty.get()>
                <p class="empty" data-part="protection-holds-none">{i18n.text("protection.holds_none")}</p>
            </Show>
            <ul class="list">
                <For each=move || holds.get().unwrap_or_default() key=|hold| hold.id.clone() let:hold>
                    <OneHold hold/>
                </For>
            </ul>
        </Section>
    }
}

/// The state of the request for holds and proofs.
#[component]
fn RecordsState() -> impl IntoView {
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let records = state.data_protection.records;
    view! {
        <RequestState
            loading=Signal::derive(move || records.with(|records| records.loading && records.answer.is_none()))
            error=Signal::derive(move || records.with(|records| records.error))
            stale=Signal::derive(move || records.with(|records| records.answer.is_some()))
            again=Callback::new(move |()| intents.refresh_protection())
        />
    }
}

#[component]
fn OneHold(hold: Hold) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let parts = expect_context::<Parts>();
    let releasing = state.data_protection.releasing;
    let Hold { id, person, at, by, reason } = hold;
    let says =
        i18n.fill("protection.hold_says", &[("person", &person), ("when", &moment(i18n, at)), ("who", &by)]);
    let own = id.clone();
    let is_own = Memo::new(move |_| releasing.with(|one| one.as_ref().is_some_and(|one| one.id == own)));
    let begin = move |_| {
        releasing.set(Some(Releasing { id: id.clone(), ..Releasing::default() }));
        request_animation_frame(move || {
            let _there = parts.focus("release-reason");
        });
    };
    let begin = StoredValue::new(begin);
    let lacks = move || {
        let tried =
            releasing.with(|one| one.as_ref().is_some_and(|one| one.tried && one.reason.trim().is_empty()));
        tried.then(|| i18n.fill("rules.field_missing", &[("field", &i18n.text("protection.reason"))]))
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        intents.release_hold();
    };
    view! {
        <li class="row" data-part="protection-held">
            <p>{says}</p>
            <p class="quiet">{reason}</p>
            <Show
                when=move || is_own.get()
                fallback=move || {
                    view! {
                        <div class="buttons">
                            <button type="button" class="button slim" data-part="protection-release" on:click=move |event| begin.with_value(|begin| begin(event))>
                                {i18n.text("protection.release")}
                            </button>
                        </div>
                    }
                }
            >
                <form class="form" on:submit=submit>
                    <div class="labelled">
                        <label for="release-reason">{i18n.text("protection.release_reason")}</label>
                        <input
                            id="release-reason"
                            class="field"
                            type="text"
                            autocomplete="off"
                            data-part="release-reason"
                            aria-required="true"
                            aria-describedby="release-reason-error"
                            on:input=move |event| {
                                releasing.update(|one| {
                                    if let Some(one) = one {
                                        one.reason = event_target_value(&event);
                                    }
                                });
                            }
                        />
                        <p class="error" id="release-reason-error" role="status">{lacks}</p>
                    </div>
                    <div class="buttons">
                        <button type="submit" class="button" data-part="release-confirm">
                            {i18n.text("protection.release")}
                        </button>
                        <button type="button" class="button slim" on:click=move |_| releasing.set(None)>
                            {i18n.text("action.cancel")}
                        </button>
                    </div>
                </form>
            </Show>
        </li>
    }
}

#[component]
fn ProofsSection() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let records = state.data_protection.records;
    let proofs =
        Memo::new(move |_| records.with(|records| records.answer.as_ref().map(|(_, proofs)| proofs.clone())));
    let is_empty = Memo::new(move |_| proofs.with(|proofs| proofs.as_ref().is_some_and(Vec::is_empty)));
    let has_any =
        Memo::new(move |_| proofs.with(|proofs| proofs.as_ref().is_some_and(|all| !all.is_empty())));
    let row = move |proof: ErasureProof| {
        view! {
            <li class="row" data-part="protection-proved">
                <p>{proof_words(i18n, &proof)}</p>
                <p class="quiet"><code class="hash">{proof.hash}</code></p>
            </li>
        }
    };
    view! {
        <Section part="protection-proofs" heading="protection.proofs">
            <p class="quiet">{i18n.text("protection.proofs_mean")}</p>
            <Show when=move || is_empty.get()>
                <p class="empty" data-part="protection-proofs-none">{i18n.text("protection.proofs_none")}</p>
            </Show>
            <Show when=move || has_any.get()>
                <ol class="list">
                    <For each=move || proofs.get().unwrap_or_default() key=|proof| proof.id.clone() let:proof>
                        {row(proof)}
                    </For>
                </ol>
                <div class="buttons">
                    <button type="button" class="button slim" data-part="protection-save" on:click=move |_| intents.save_proofs()>
                        {i18n.text("protection.proofs_save")}
                    </button>
                </div>
            </Show>
        </Section>
    }
}
