// SPDX-License-Identifier: EUPL-1.2
//! One question after the end: whether the person had the answer they came for. Nobody has to answer it.

use infocig_protocol::{
    limits::MAX_COMMENT_CHARS,
    rating::{Answer, Rating},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlTextAreaElement;

use crate::{
    dom::{El, el, line},
    ui::Ui,
};

/// How far the answer has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sending {
    No,
    UnderWay,
    Done,
    Failed,
    /// The comment is too long: it stays as it is.
    TooLong,
}

/// The question, until it is answered.
pub(crate) fn rating(ui: Ui) -> El {
    let sending = RwSignal::new(Sending::No);
    el("section").class("aside").part("rating").attr("aria-labelledby", "rating-title").switch(
        move || sending.get() == Sending::Done,
        move |done| {
            let title = line("h3", "", &ui.say("rating.title")).attr("id", "rating-title");
            Some(el("div").with(title).with(if done {
                line("p", "", &ui.say("rating.thanks")).attr("role", "status").part("rating-thanks")
            } else {
                form(ui, sending)
            }))
        },
    )
}

fn form(ui: Ui, sending: RwSignal<Sending>) -> El {
    let answer = RwSignal::new(None::<Answer>);
    let choices = Answer::ALL.into_iter().map(|choice| {
        let word = choice.as_str();
        let input = el("input").attr("type", "radio").attr("name", "rating").attr("required", "");
        let input = input.part(&["rating-", word].concat()).on("change", move |_| answer.set(Some(choice)));
        el("label").class("choice").with(input).with(line("span", "", &ui.say(&["rating.", word].concat())))
    });
    let comment = el("textarea").attr("id", "rating-comment").part("rating-comment").attr("rows", "2");
    let node: HtmlTextAreaElement = comment.node().clone().unchecked_into();
    let submit = line("button", "button", "").attr("type", "submit").part("rating-send").reads(move || {
        ui.say(if sending.get() == Sending::UnderWay { "rating.sending" } else { "rating.send" })
    });
    el("form")
        .on("submit", move |event| {
            event.prevent_default();
            let (Some(answer), Some(chat)) = (answer.get_untracked(), ui.chat()) else { return };
            if sending.get_untracked() == Sending::UnderWay {
                return;
            }
            let comment = node.value().trim().to_string();
            if comment.chars().count() > MAX_COMMENT_CHARS {
                sending.set(Sending::TooLong);
                return;
            }
            sending.set(Sending::UnderWay);
            let rating = Rating { answer, comment: Some(comment).filter(|comment| !comment.is_empty()) };
            spawn_local(async move {
                let came = chat.rate(rating).await;
                let _gone = sending.try_set(if came.is_ok() { Sending::Done } else { Sending::Failed });
            });
        })
        .with(el("fieldset").with(line("legend", "", &ui.say("rating.question"))).with_all(choices))
        .with(
            el("p")
                .class("field")
                .with(line("label", "", &ui.say("rating.comment")).attr("for", "rating-comment"))
                .with(comment),
        )
        .switch(
            move || match sending.get() {
                Sending::Failed => Some("rating.failed"),
                Sending::TooLong => Some("rating.too_long"),
                Sending::No | Sending::UnderWay | Sending::Done => None,
            },
            move |wrong| wrong.map(|wrong| line("p", "error", &ui.say(wrong)).attr("role", "alert")),
        )
        .with(el("div").class("actions").with(submit))
}
