// SPDX-License-Identifier: EUPL-1.2
//! What people say: ratings over time, and the comments one at a time.

use infocig_protocol::rating::Answer;
use leptos::{ev, html, prelude::*};

use super::{Drawing, RequestState, form::Choice, with_names};
use crate::{
    i18n::I18n,
    intents::Intents,
    state::{
        DeskState,
        reports::{CommentFilter, Marking, Measure, RATED_DAYS},
    },
    text::{self as texts, reports as text},
    view::moment,
};

#[component]
pub(super) fn CommentsPage() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let comments = state.reports.comments;
    let filter = Memo::new(move |_| comments.with(|comments| comments.filter));
    let ratings: Vec<_> = std::iter::once((String::new(), i18n.text("rating.any")))
        .chain(Answer::ALL.map(|answer| (answer.as_str().to_string(), i18n.text(text::rating(answer)))))
        .collect();
    let choose = Callback::new(move |name: String| {
        let rating = Answer::parse(&name);
        intents.filter_comments(CommentFilter { rating, ..filter.get_untracked() });
    });
    let unhandled = move |event| {
        let unhandled = event_target_checked(&event);
        intents.filter_comments(CommentFilter { unhandled, ..filter.get_untracked() });
    };
    let chosen = Signal::derive(move || {
        filter.get().rating.map_or_else(String::new, |rating| rating.as_str().to_string())
    });
    let has_one = Memo::new(move |_| comments.with(|comments| comments.current().is_some()));
    let is_empty = Memo::new(move |_| {
        comments.with(|comments| comments.pages.answer.is_some() && comments.current().is_none())
    });
    let again = Callback::new(move |()| intents.filter_comments(filter.get_untracked()));
    view! {
        <section class="panel page" data-part="comments" aria-labelledby="page-heading">
            <h2 class="heading" id="page-heading">{i18n.text("pages.comments")}</h2>
            <Ratings/>
            <div class="filters">
                <label class="option">
                    <input
                        type="checkbox"
                        data-part="comments-unhandled"
                        prop:checked=move || filter.get().unhandled
                        on:change=unhandled
                    />
                    <span class="option-text">{i18n.text("comments.unhandled")}</span>
                </label>
                <Choice id="comments-rating" label="rating.label" options=Signal::stored(ratings) chosen choose/>
            </div>
            <RequestState
                loading=Signal::derive(move || comments.with(|comments| comments.pages.loading))
                error=Signal::derive(move || comments.with(|comments| comments.pages.error))
                stale=Signal::stored(false)
                again
            />
            <Show when=move || is_empty.get()>
                <p class="empty" data-part="comments-none">{i18n.text("comments.none")}</p>
                <p class="quiet">{i18n.text("comments.none_hint")}</p>
            </Show>
            <Show when=move || has_one.get()>
                <Comment/>
            </Show>
        </section>
    }
}

/// The share of those who had their answer, day by day.
#[component]
fn Ratings() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let answer = Memo::new(move |_| state.reports.ratings.with(|ratings| ratings.answer.clone()));
    let has_any = Memo::new(move |_| {
        answer.with(|pair| pair.as_ref().is_some_and(|pair| pair.now.total.said_helped.of > 0))
    });
    let markup = Signal::derive(move || {
        answer.with(|pair| {
            pair.as_ref().map_or_else(String::new, |pair| {
                with_names(&state, |names| text::report_chart(&i18n.words(), pair, Measure::Helped, names))
            })
        })
    });
    let heading = i18n.fill("comments.ratings", &[("n", &RATED_DAYS.to_string())]);
    let heading = StoredValue::new(heading);
    view! {
        <Show when=move || has_any.get()>
            <h3 class="subheading">{heading.get_value()}</h3>
            <Drawing markup/>
        </Show>
    }
}

#[component]
fn Comment() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let comments = state.reports.comments;
    let region = NodeRef::<html::Article>::new();
    let current = Memo::new(move |_| comments.with(|comments| comments.current().cloned()));
    let place = move || {
        let (at, loaded, has_more) = comments.with(|comments| comments.place());
        let key = if has_more { "comments.place_more" } else { "comments.place" };
        i18n.fill(key, &[("n", &at.to_string()), ("all", &loaded.to_string())])
    };
    let no_previous = move || comments.with(|comments| !comments.has_previous());
    let no_next = move || comments.with(|comments| !comments.has_next());
    let previous = move || comments.update(|comments| comments.previous());
    let on_key = move |key: ev::KeyboardEvent| {
        let step = match key.key().as_str() {
            "ArrowLeft" => previous,
            "ArrowRight" => {
                intents.next_comment();
                key.prevent_default();
                return;
            }
            _ => return,
        };
        step();
        key.prevent_default();
    };
    let shown = move || {
        current.get().map(|comment| {
            let number = i18n.fill("comments.of_conversation", &[("number", &comment.number)]);
            let rating = comment.rating.map_or("rating.none", text::rating);
            let topic = comment.topic.as_ref().map(|path| {
                with_names(&state, |names| texts::topic_names(&i18n.words(), path, names.topics))
            });
            let handled = comment.handled.map(|at| {
                let when = moment(i18n, at);
                match &comment.handled_by {
                    Some(by) => {
                        let name = with_names(&state, |names| names.advisor(by.as_str()));
                        i18n.fill("comments.handled_by", &[("when", &when), ("name", &name)])
                    }
                    None => i18n.fill("comments.handled", &[("when", &when)]),
                }
            });
            let when = moment(i18n, comment.commented);
            view! {
                <p class="name" data-part="comment-rating">{i18n.text(rating)}</p>
                <p class="quiet" data-part="comment-about">{number}" · "{when}</p>
                {topic.map(|topic| view! { <p class="quiet">{topic}</p> })}
                <blockquote class="said" dir="auto" translate="yes" data-part="comment-text">{comment.text}</blockquote>
                <p role="status" data-part="comment-handled">{handled}</p>
            }
        })
    };
    let is_handled =
        move || current.with(|comment| comment.as_ref().is_some_and(|one| one.handled.is_some()));
    let marking = Memo::new(move |_| comments.with(|comments| comments.marking()));
    let mark = move |_| {
        intents.handle_comment();
        // The button is removed once it is handled.
        if let Some(region) = region.get_untracked() {
            crate::dom::focus(&region);
        }
    };
    let failed = move || match marking.get() {
        Marking::Failed(error) => Some(i18n.text(text::report_error(error))),
        Marking::No | Marking::Loading => None,
    };
    let label = move || {
        i18n.text(if marking.get() == Marking::Loading { "comments.handling" } else { "comments.handle" })
    };
    view! {
        <article
            class="comment"
            data-part="comment"
            tabindex="0"
            aria-label=place
            aria-describedby="comment-keys"
            node_ref=region
            on:keydown=on_key
        >
            <p class="count" role="status" data-part="comment-place">{place}</p>
            {shown}
        </article>
        <p class="error" role="status">{failed}</p>
        <p class="quiet" id="comment-keys">{i18n.text("comments.keys")}</p>
        <div class="buttons">
            <button
                type="button"
                class="button slim"
                data-part="comment-previous"
                aria-disabled=move || no_previous().to_string()
                on:click=move |_| previous()
            >
                {i18n.text("comments.previous")}
            </button>
            <button
                type="button"
                class="button slim"
                data-part="comment-next"
                aria-disabled=move || no_next().to_string()
                on:click=move |_| intents.next_comment()
            >
                {i18n.text("comments.next")}
            </button>
            <Show when=move || !is_handled()>
                <button type="button" class="button primary" data-part="comment-handle" on:click=mark>
                    {label}
                </button>
            </Show>
        </div>
    }
}
