// SPDX-License-Identifier: EUPL-1.2
//! The fields of the form, with the error of each once the advisor has tried to go on.

use infocig_protocol::{case::BenefitKind, desk::ProvinceName, segnalazione::SegnalazioneDraft};
use leptos::prelude::*;

use super::{Form, case::CaseChoice, element_of, messages::Messages};
use crate::{
    i18n::I18n,
    state::{Conversation, DeskState, forwarding::Field, topics::TopicChoice},
    text,
    view::{closing::Level, dialog::Cancel, person::Fact},
};

#[component]
pub(super) fn Fields(form: Form, go_on: Callback<()>) -> impl IntoView {
    let Form { conversation, draft, tree, errors, tried, intents, i18n } = form;
    let state = expect_context::<DeskState>();
    let choice =
        Signal::derive(move || draft.with(|draft| tree.with(|tree| TopicChoice::of(&draft.topic, tree))));
    let levels = [0, 1, 2].map(|level| {
        let choose = Callback::new(move |id: String| {
            let mut chosen = choice.get_untracked();
            tree.with_untracked(|tree| chosen.choose(tree, level, &id));
            form.change(|draft| draft.topic = chosen.path());
        });
        view! { <Level part="forward-topic" level choice choose wrong=form.error(Field::Topic(level))/> }
    });
    let office_hint = move || {
        let office = draft.with(|draft| draft.office.clone());
        conversation
            .with_value(|conversation| text::office_hint(&i18n.words(), &office, &conversation.person))
    };
    let offices = state.session.provinces().into_iter().map(|province| {
        let ProvinceName { code, name } = province;
        let of = code.clone();
        let chosen = move || draft.with(|draft| draft.office == of);
        view! { <option value=code prop:selected=chosen>{name}</option> }
    });
    let office_error = form.error(Field::Office);
    let count = Memo::new(move |_| draft.with(|draft| draft.description.trim().chars().count()));
    let too_long = form.error(Field::Description);
    let kinds = BenefitKind::ALL.map(|kind| {
        let chosen = move || draft.with(|draft| draft.kind == Some(kind));
        view! { <option value=kind.as_str() prop:selected=chosen>{kind.name()}</option> }
    });
    let choose_kind = move |event| {
        let word = event_target_value(&event);
        form.change(|draft| {
            draft.kind = BenefitKind::ALL.into_iter().find(|kind| kind.as_str() == word);
        });
    };
    let discard = move |_| {
        tried.set(false);
        conversation.with_value(|conversation| intents.discard_forward(conversation));
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        go_on.run(());
    };
    view! {
        <form class="form" novalidate=true on:submit=submit>
            <p class="quiet">{i18n.text("forward.hint")}</p>
            <ForWhom conversation/>
            <CaseChoice form/>
            <div class="levels">
                <div class="level">
                    <label class="label" for="forward-kind">{i18n.text("field.kind")}</label>
                    <select
                        class="field"
                        id="forward-kind"
                        data-part="forward-kind"
                        prop:value=move || draft.with(|draft| draft.kind.map_or("", BenefitKind::as_str))
                        on:change=choose_kind
                    >
                        <option value="" prop:selected=move || draft.with(|draft| draft.kind.is_none())>
                            {text::kind(&i18n.words(), None)}
                        </option>
                        {kinds}
                    </select>
                </div>
                <TextField
                    form
                    field=Field::Protocol
                    label=i18n.text("field.protocol")
                    value=|draft| draft.protocol.clone().unwrap_or_default()
                    write=|draft, text| draft.protocol = (!text.is_empty()).then_some(text)
                />
                <TextField
                    form
                    field=Field::Ticket
                    label=i18n.text("field.ticket")
                    value=|draft| draft.ticket.clone().unwrap_or_default()
                    write=|draft, text| draft.ticket = (!text.is_empty()).then_some(text)
                />
            </div>
            <div class="level">
                <label class="label" for="forward-office">{i18n.text("forward.office")}</label>
                <select
                    class="field"
                    id="forward-office"
                    data-part="forward-office"
                    aria-describedby="forward-office-hint forward-office-error"
                    aria-invalid=move || office_error.with(Option::is_some).then_some("true")
                    on:change=move |event| {
                        let code = event_target_value(&event);
                        form.change(|draft| draft.office = code);
                    }
                >
                    {offices.collect_view()}
                </select>
                <p class="quiet" id="forward-office-hint">{office_hint}</p>
                <p class="error" id="forward-office-error">{move || office_error.get()}</p>
            </div>
            <fieldset class="topic-levels">
                <legend class="label">{i18n.text("forward.topic")}</legend>
                <div class="levels">{levels}</div>
            </fieldset>
            <div class="level">
                <label class="label" for="forward-description">{i18n.text("forward.description")}</label>
                <textarea
                    class="field"
                    id="forward-description"
                    data-part="forward-description"
                    rows="5"
                    aria-required="true"
                    aria-describedby="forward-description-length forward-description-error"
                    aria-invalid=move || too_long.with(Option::is_some).then_some("true")
                    prop:value=move || draft.with(|draft| draft.description.clone())
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        form.change(|draft| draft.description = text);
                    }
                ></textarea>
                <p class="quiet" id="forward-description-length">{move || text::description_length(&i18n.words(), count.get())}</p>
                <p class="error" id="forward-description-error">{move || too_long.get()}</p>
            </div>
            <Messages form/>
            <p class="error" role="status">
                {move || (tried.get() && errors.with(|errors| !errors.is_empty())).then(|| i18n.text("forward.fix"))}
            </p>
            <div class="buttons">
                <button type="submit" class="button primary" data-part="forward-preview-open">{i18n.text("forward.preview")}</button>
                <Cancel/>
                <button type="button" class="button" data-part="forward-discard" on:click=discard>
                    {i18n.text("forward.discard")}
                </button>
            </div>
        </form>
    }
}

/// The person it is for: read-only.
#[component]
fn ForWhom(conversation: StoredValue<Conversation>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let person = conversation.with_value(|conversation| conversation.person.clone());
    let company = person.acting_for.clone().map(|company| {
        let matricola =
            company.matricola.map(|value| view! { <Fact label=i18n.text("field.matricola") value/> });
        view! {
            <Fact label=i18n.text("person.acting_for") value=company.name/>
            {matricola}
        }
    });
    view! {
        <dl class="person" data-part="forward-for" aria-label=i18n.text("forward.for")>
            <Fact label=i18n.text("forward.person") value=person.name.clone()/>
            <Fact label=i18n.text("person.category") value=i18n.text(text::category(person.category))/>
            {company}
            <Fact label=i18n.text("person.province") value=text::province(&i18n.words(), &person)/>
        </dl>
    }
}

/// A field with one line of text.
#[component]
fn TextField(
    form: Form,
    field: Field,
    label: String,
    value: fn(&SegnalazioneDraft) -> String,
    write: fn(&mut SegnalazioneDraft, String),
    #[prop(optional, into)] hint: Option<Signal<String>>,
) -> impl IntoView {
    let id = element_of(field);
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let wrong = form.error(field);
    view! {
        <div class="level">
            <label class="label" for=id.clone()>{label}</label>
            <input
                class="field"
                type="text"
                autocomplete="off"
                id=id.clone()
                data-part=id
                aria-describedby=format!("{hint_id} {error_id}")
                aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                prop:value=move || form.draft.with(value)
                on:input=move |event| {
                    let text = event_target_value(&event);
                    form.change(|draft| write(draft, text));
                }
            />
            <p class="quiet hint" id=hint_id>{move || hint.map(|hint| hint.get())}</p>
            <p class="error" id=error_id>{move || wrong.get()}</p>
        </div>
    }
}
