// SPDX-License-Identifier: EUPL-1.2
//! The segnalazione as the office will read it, and the button that sends it.

use infocig_client::cases::heading as case_heading;
use leptos::{html, prelude::*};

use super::{Form, messages::ListedMessage};
use crate::{
    dom,
    state::{DeskState, forwarding},
    text,
    view::{dialog::Cancel, person::Fact},
};

/// All fields as the office will read them.
#[component]
pub(super) fn Preview(form: Form, go_back: Callback<()>) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let Form { conversation, tree, intents, i18n, .. } = form;
    let draft = Memo::new(move |_| {
        let draft = form.draft.get();
        tree.with(|tree| forwarding::ready(&draft, tree)).unwrap_or(draft)
    });
    let heading = NodeRef::<html::H3>::new();
    heading.on_load(|heading| dom::focus(&heading));
    let shown = conversation.get_value();
    let writable = {
        let conversation = shown.clone();
        Memo::new(move |_| conversation.is_writable())
    };
    let person = shown.person.clone();
    let question = untrack(|| shown.question()).filter(|question| !question.is_empty());
    let question = question.map(|question| text::question(&i18n.words(), &question));
    let log = shown.entries.clone();
    let cases = shown.cases;
    let about = move || {
        let draft = draft.get();
        let case = draft.case.as_ref().map(|id| {
            let known = cases.with(|cases| cases.find(id).map(|case| case_heading(&i18n.words(), case)));
            let value = known.map_or_else(|| id.to_string(), |words| format!("{words} ({id})"));
            view! { <Fact label=i18n.text("forward.case") value/> }
        });
        let nothing = || i18n.text("forward.nothing");
        let topic = tree.with(|tree| text::topic_names(&i18n.words(), &draft.topic, tree));
        view! {
            <Fact label=i18n.text("person.about") value=topic/>
            <Fact label=i18n.text("field.kind") value=text::kind(&i18n.words(), draft.kind)/>
            {case}
            <Fact label=i18n.text("field.protocol") value=draft.protocol.unwrap_or_else(nothing)/>
            <Fact label=i18n.text("field.ticket") value=draft.ticket.unwrap_or_else(nothing)/>
        }
    };
    let provinces = state.session.provinces();
    let office = move || draft.with(|draft| text::office(&i18n.words(), &draft.office, &provinces));
    let messages = {
        let name = person.name.clone();
        move || {
            let attached = draft.with(|draft| draft.attached.clone());
            log.with(|log| {
                let line = |seq: u64| match log.iter().find(|entry| entry.seq == seq) {
                    Some(entry) => {
                        let ListedMessage { name, at, text, .. } = ListedMessage::of(entry, &name);
                        view! {
                            <li>
                                <p class="byline"><span class="author">{name}</span>" "<time>{at}</time></p>
                                <p class="text" dir="auto">{text}</p>
                            </li>
                        }
                        .into_any()
                    }
                    None => view! { <li class="quiet">{i18n.fill("forward.unseen", &[("number", &seq.to_string())])}</li> }.into_any(),
                };
                attached.iter().map(|seq| line(*seq)).collect_view()
            })
        }
    };
    let company = person.acting_for.as_ref().map(|company| {
        view! { <Fact label=i18n.text("person.acting_for") value=text::acting_for(&i18n.words(), company)/> }
    });
    let send = move |_| {
        let sent = untrack(|| writable.get())
            && conversation.with_value(|conversation| intents.forward(conversation));
        if sent {
            state.screen.dialog.set(None);
        }
    };
    view! {
        <section class="preview" data-part="forward-preview" aria-labelledby="forward-preview-heading">
            <h3 class="subheading" id="forward-preview-heading" tabindex="-1" node_ref=heading>
                {i18n.text("forward.preview_title")}
            </h3>
            <dl class="facts">
                <div class="fact">
                    <dt class="quiet">{i18n.text("forward.office")}</dt>
                    <dd>{office}</dd>
                </div>
                <Fact label=i18n.text("forward.person") value=person.name.clone()/>
                <Fact label=i18n.text("person.category") value=i18n.text(text::category(person.category))/>
                {company}
                <Fact label=i18n.text("person.province") value=text::province(&i18n.words(), &person)/>
                <Fact label=i18n.text("person.credential") value=i18n.text(text::credential(person.credential))/>
                <Fact label=i18n.text("person.language") value=i18n.text(text::language(person.language))/>
                <Fact label=i18n.text("forward.advisor") value=state.session.advisor.get_untracked()/>
                {about}
            </dl>
            {question.map(|question| view! { <p>{question}</p> })}
            <h4 class="label">{i18n.text("forward.description")}</h4>
            <p class="text" dir="auto">{move || draft.with(|draft| draft.description.clone())}</p>
            <h4 class="label">{i18n.text("forward.attached")}</h4>
            <Show when=move || draft.with(|draft| draft.attached.is_empty())>
                <p class="quiet">{text::attached(&i18n.words(), 0)}</p>
            </Show>
            <ol class="attached">{messages}</ol>
            <p class="error" role="status">{move || (!writable.get()).then(|| i18n.text("forward.too_late"))}</p>
            <div class="buttons">
                <button
                    type="button"
                    class="button primary"
                    data-part="forward-send"
                    aria-disabled=move || (!writable.get()).to_string()
                    on:click=send
                >
                    {i18n.text("forward.send")}
                </button>
                <button type="button" class="button" data-part="forward-edit" on:click=move |_| go_back.run(())>
                    {i18n.text("forward.edit")}
                </button>
                <Cancel/>
            </div>
        </section>
    }
}
