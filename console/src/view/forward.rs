// SPDX-License-Identifier: EUPL-1.2
//! The dialog of a segnalazione: a prefilled form, then a preview as the office will read it.
//! It is sent from the preview only.

mod case;
mod fields;
mod messages;
mod preview;

use infocig_protocol::{desk::Topic, segnalazione::SegnalazioneDraft};
use leptos::prelude::*;

use self::{fields::Fields, preview::Preview};
use super::dialog::Modal;
use crate::{
    dom::Parts,
    i18n::I18n,
    intents::Intents,
    state::{
        Conversation, DeskState, Dialog,
        forwarding::{self, Field, FieldError},
    },
    text,
};

/// The state that the parts of the dialog share.
#[derive(Clone, Copy)]
struct Form {
    conversation: StoredValue<Conversation>,
    draft: Memo<SegnalazioneDraft>,
    tree: Memo<Vec<Topic>>,
    errors: Memo<Vec<FieldError>>,
    /// The advisor asked for the preview while a field had an error: from then on every error shows.
    tried: RwSignal<bool>,
    intents: Intents,
    i18n: I18n,
}

impl Form {
    fn change(self, change: impl FnOnce(&mut SegnalazioneDraft)) {
        let mut draft = self.draft.get_untracked();
        change(&mut draft);
        self.conversation.with_value(|conversation| self.intents.write_forward(conversation, draft));
    }

    /// The error of a field as a sentence. A text that is too long is reported at once, the rest once the advisor has tried.
    fn error(self, field: Field) -> Signal<Option<String>> {
        Signal::derive(move || {
            let error = self.errors.with(|all| all.iter().find(|error| error.field() == field).copied())?;
            let at_once = matches!(error, FieldError::DescriptionTooLong(_) | FieldError::TooManyMessages(_));
            (at_once || self.tried.get()).then(|| text::field_error(&self.i18n.words(), error))
        })
    }
}

/// The form or the preview.
#[component]
pub(crate) fn Forward(conversation: Conversation) -> impl IntoView {
    let forwarding = conversation.forwarding.clone();
    let Some(begun) = forwarding.with_untracked(|one| one.draft.clone()) else { return ().into_any() };
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let parts = expect_context::<Parts>();
    let refused = {
        let forwarding = forwarding.clone();
        Memo::new(move |_| forwarding.with(|one| one.refused))
    };
    let draft = Memo::new(move |before: Option<&SegnalazioneDraft>| {
        let written = forwarding.with(|one| one.draft.clone());
        written.or_else(|| before.cloned()).unwrap_or_else(|| begun.clone())
    });
    let tree = Memo::new(move |_| {
        state.session.welcome.with(|welcome| welcome.as_ref().map_or_else(Vec::new, |one| one.topics.clone()))
    });
    let errors =
        Memo::new(move |_| draft.with(|draft| tree.with(|tree| forwarding::field_errors(draft, tree))));
    let tried = RwSignal::new(refused.with_untracked(Option::is_some));
    let (which, name) = (Dialog::Forward(conversation.id.clone()), conversation.person.name.clone());
    let form =
        Form { conversation: StoredValue::new(conversation), draft, tree, errors, tried, intents, i18n };
    let previews = RwSignal::new(false);
    let go_on = Callback::new(move |()| {
        let first = errors.with_untracked(|errors| errors.first().copied());
        tried.set(first.is_some());
        match first {
            Some(error) => {
                let _always_there = parts.focus(&element_of(error.field()));
            }
            None => previews.set(true),
        }
    });
    let go_back = Callback::new(move |()| {
        previews.set(false);
        request_animation_frame(move || {
            let _always_there = parts.focus("forward-description");
        });
    });
    let reason = move || {
        let words = i18n.text(text::not_forwarded(refused.get()?));
        Some(view! { <p class="notice" role="alert" data-part="forward-refused">{words}</p> })
    };
    view! {
        <Modal which part="forward-dialog" heading=i18n.fill("forward.whom", &[("name", &name)])>
            {reason}
            <Show
                when=move || previews.get()
                fallback=move || view! { <Fields form go_on/> }
            >
                <Preview form go_back/>
            </Show>
        </Modal>
    }
    .into_any()
}

/// The `data-part` of the element that takes the focus for an error in a field. For the messages it is the button that detaches
/// them.
fn element_of(field: Field) -> String {
    match field {
        Field::Protocol => "forward-protocol".to_string(),
        Field::Ticket => "forward-ticket".to_string(),
        Field::Office => "forward-office".to_string(),
        Field::Topic(level) => format!("forward-topic-{}", level + 1),
        Field::Description => "forward-description".to_string(),
        Field::Messages => "forward-none".to_string(),
    }
}
