// SPDX-License-Identifier: EUPL-1.2
//! The optional question after the end: whether the person got their answer.

use std::{cell::Cell, rc::Rc};

use infocig_protocol::{
    limits::MAX_COMMENT_CHARS,
    rating::{self, Answer},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlTextAreaElement;

use crate::{
    once::{all, element, once},
    ui::Ui,
    view::{
        listens::{listens, on},
        pieces::{Aside, Block, Choice, Fields, Heading, Labelled, Paragraph, Submit},
        switch::{ErrorLine, Switch},
    },
};

/// The progress of the rating.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sending {
    No,
    UnderWay,
    Done,
    Failed,
    /// The comment is too long. It is not sent and stays in the field.
    TooLong,
}

/// The question; replaced by thanks once it is answered.
#[component]
pub(crate) fn Rating() -> impl IntoView {
    let ui = Ui::current();
    let sending = RwSignal::new(Sending::No);
    once(view! {
        <Aside part="rating" labelled_by="rating-title">
            <Switch on=move || sending.get() == Sending::Done let:done>
                <Block>
                    <Heading id="rating-title" text=ui.text("rating.title")/>
                    {if done {
                        once(view! {
                            <Paragraph role="status" part="rating-thanks" text=ui.text("rating.thanks")/>
                        })
                    } else {
                        once(view! { <Form sending/> })
                    }}
                </Block>
            </Switch>
        </Aside>
    })
}

#[component]
fn Form(sending: RwSignal<Sending>) -> impl IntoView {
    let ui = Ui::current();
    let answer = Rc::new(Cell::new(None::<Answer>));
    let chosen = Rc::clone(&answer);
    let comment = element(view! {
        <textarea id="rating-comment" data-part="rating-comment" rows="2"></textarea>
    });
    let field = comment.element();
    let submit = on("submit", move |event| {
        event.prevent_default();
        let field = field.as_ref().map(|field| field.unchecked_ref::<HtmlTextAreaElement>().value());
        let comment = field.unwrap_or_default();
        send(ui, sending, chosen.get(), comment.trim());
    });
    let choice = |(choice, part, key)| {
        let answer = Rc::clone(&answer);
        view! {
            <Choice
                kind="radio"
                name="rating"
                part
                label=ui.text(key)
                checked=false
                required=true
                on_choose=Box::new(move |_| answer.set(Some(choice)))
            />
        }
    };
    let choices = [
        (Answer::Yes, "rating-yes", "rating.yes"),
        (Answer::Partly, "rating-partly", "rating.partly"),
        (Answer::No, "rating-no", "rating.no"),
    ];
    let wrong = move || match sending.get() {
        Sending::Failed => Some("rating.failed"),
        Sending::TooLong => Some("rating.too_long"),
        Sending::No | Sending::UnderWay | Sending::Done => None,
    };
    let label =
        move || ui.text(if sending.get() == Sending::UnderWay { "rating.sending" } else { "rating.send" });
    once(view! {
        <form use:listens=submit>
            <Fields legend=ui.text("rating.question")>{all(choices.into_iter().map(choice))}</Fields>
            <Labelled id="rating-comment" label=ui.text("rating.comment")>{comment}</Labelled>
            <ErrorLine text=move || wrong().map(|wrong| ui.text(wrong))/>
            <Block class="actions">
                <Submit class="button" part="rating-send" label/>
            </Block>
        </form>
    })
}

fn send(ui: Ui, sending: RwSignal<Sending>, answer: Option<Answer>, comment: &str) {
    let (Some(answer), Some(chat)) = (answer, ui.chat()) else { return };
    if sending.get_untracked() == Sending::UnderWay {
        return;
    }
    if comment.chars().count() > MAX_COMMENT_CHARS {
        sending.set(Sending::TooLong);
        return;
    }
    sending.set(Sending::UnderWay);
    let comment = Some(comment).filter(|comment| !comment.is_empty()).map(str::to_owned);
    let rating = rating::Rating { answer, comment };
    spawn_local(async move {
        let came = chat.rate(rating).await;
        let _gone = sending.try_set(if came.is_ok() { Sending::Done } else { Sending::Failed });
    });
}
