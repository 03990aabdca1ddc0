// SPDX-License-Identifier: EUPL-1.2
//! The log: who said what and when, in text; what is still on its way; what happened.
//!
//! Entries never change, so the log only ever grows at its ends: however long it is, what is on the page is left alone.
//! Screen readers hear of what comes from the announcer (`announce`); here they read it.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use infocig_client::{
    dates::{self, Day, Moment},
    link::LinkState,
};
use infocig_protocol::{
    entry::{Author, Entry, EntryBody, Phase},
    links::{self, Piece},
    segnalazione::SegnalazioneState,
};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, HtmlElement, Node, ResizeObserver};

use crate::{
    dom::{El, button, el, line, soon, whenever},
    state::Older,
    text,
    ui::Ui,
};

/// The log of a conversation. Whoever reads its end goes on reading its end; whoever reads elsewhere is left there.
pub(crate) fn log(ui: Ui) -> El {
    let state = ui.state;
    let entries = el("div").class("entries");
    let log = el("div")
        .class("log")
        .attr("role", "log")
        .attr("aria-live", "off")
        .attr("aria-label", &ui.say("log.name"))
        .attr("tabindex", "0")
        .part("log")
        .when(
            move || state.read(|s| s.older) != Older::None && state.read(|s| s.link) == LinkState::Live,
            move || older(ui),
        )
        .with(entries.clone())
        .switch(
            move || (state.read(|s| s.pending.clone()), on_its_way(ui)),
            move |(pending, way)| {
                let pending = pending.into_iter().map(|pending| {
                    article(ui, "message mine", "pending", None, &ui.say("log.you"), &pending.text)
                        .with(line("p", "delivery", &ui.say(way)).part("delivery"))
                });
                Some(el("div").class("entries").with_all(pending))
            },
        );
    let below = RwSignal::new(false);
    keep_to_its_end(ui, &log, &entries, below);
    show_deliveries(ui, &entries);
    let node = log.node().clone();
    let to_end = move || {
        button("button to-end", "to-end", &ui.say("log.to_end"), {
            let node = node.clone();
            move || to_end(&node)
        })
    };
    el("div")
        .class("log-frame")
        .with(log)
        .when(move || below.get(), to_end)
        .with(line("p", "typing", "").part("typing").reads(move || typing(ui)))
}

fn older(ui: Ui) -> El {
    let coming = move || ui.state.read(|s| s.older) == Older::Coming;
    button("button quiet older", "older", "", move || ui.act(|chat| chat.look_back()))
        .shows("disabled", move || coming().then_some(""))
        .reads(move || ui.say(if coming() { "panel.coming" } else { "log.older" }))
}

fn on_its_way(ui: Ui) -> &'static str {
    if ui.state.read(|s| s.is_closed()) {
        "log.not_sent"
    } else if ui.state.read(|s| s.link) == LinkState::Live {
        "log.sending"
    } else {
        "log.sent_later"
    }
}

fn typing(ui: Ui) -> String {
    let advisor = ui.state.read(|s| {
        let phase = &s.phase;
        match phase {
            Some(Phase::Active { advisor, .. }) => Some(advisor.clone()),
            _ => None,
        }
    });
    let advisor = advisor.filter(|_| ui.state.read(|s| s.advisor_typing));
    advisor.map_or_else(String::new, |advisor| ui.fill("log.typing", &[("advisor", &advisor)]))
}

/// What of the log is on the page.
#[derive(Default)]
struct Shown {
    /// The first and the last entry.
    ends: Option<(u64, u64)>,
    /// The day of the first entry, and the line that says it.
    first_day: Option<(Day, El)>,
    last_day: Option<Day>,
    /// Who wrote the last entry, if it is a message, and in which minute.
    last: Option<(String, String)>,
    /// The group the next one belongs to, and how many are in it.
    group: Option<(El, usize)>,
}

impl Shown {
    /// Where the next of what is shown goes. A new group is put before a node, or at the end.
    fn group(&mut self, entries: &HtmlElement, before: Option<&Node>) -> El {
        match &mut self.group {
            Some((group, count)) if *count < GROUP => {
                *count += 1;
                group.clone()
            }
            full => {
                let group = el("div").class("group");
                let _fresh = entries.insert_before(group.node(), before);
                if let Some((full, _)) = full.replace((group.clone(), 1)) {
                    settle(&full);
                }
                group
            }
        }
    }
}

/// What is far from the screen is neither laid out nor painted, a group at a time: ten thousand entries cost what a hundred
/// do. Each one apart would have to be looked at in every frame.
const GROUP: usize = 100;

/// Nothing more comes into a group: out of sight, its height stands for it, so that nothing jumps.
fn settle(group: &El) {
    let group = group.clone();
    soon(move || {
        let height = group.node().offset_height();
        if height > 0 {
            let size = ["auto ", &*height.to_string(), "px"].concat();
            let _known = group.node().style().set_property("contain-intrinsic-block-size", &size);
            let _settled = group.class("group settled");
        }
    });
}

/// Keeps what is on the page the log, and what is being read where it is.
fn keep_to_its_end(ui: Ui, log: &El, entries: &El, below: RwSignal<bool>) {
    let state = ui.state;
    let end = End::of(log.node().clone(), below);
    let (log, entries) = (log.node().clone(), entries.node().clone());
    end.stay_when_resized([&log, &entries]);
    let shown = Rc::new(RefCell::new(Shown::default()));
    let owner = Owner::current();
    let ends =
        move || state.read(|s| (s.entries.first().map(|first| first.seq), s.last_seq(), s.pending.len()));
    whenever(ends, move || {
        let before = shown.borrow().ends;
        let begins = before.is_none();
        let from_end = log.scroll_height() - log.scroll_top();
        let put = || state.peek(|s| show(ui, &s.entries, &entries, &mut shown.borrow_mut()));
        // What an entry brings lives as long as the log, not as long as this run.
        match &owner {
            Some(owner) => owner.with(put),
            None => put(),
        }
        let after = shown.borrow().ends;
        let came_first = before.zip(after).is_some_and(|(before, after)| after.0 < before.0);
        let own = state.peek(|s| s.entries.last().is_some_and(is_own) || !s.pending.is_empty());
        let (log, end) = (log.clone(), Rc::clone(&end));
        if came_first {
            soon(move || log.set_scroll_top(log.scroll_height() - from_end));
        } else if begins || own || end.is_read() {
            let unread = begins.then(|| log.query_selector("[data-part=new]").ok().flatten()).flatten();
            soon(move || match unread {
                Some(unread) => {
                    end.is_followed.set(false);
                    unread.scroll_into_view();
                }
                None => end.follow(),
            });
        } else if before != after {
            below.set(true);
        }
    });
}

/// The end of the log, and whether it is what is being read: from when somebody is there until they scroll up. Where they
/// are is not asked when something comes: the browser may still be laying out what came before.
struct End {
    log: HtmlElement,
    is_followed: Cell<bool>,
    /// How far down the log was when it last scrolled.
    top: Cell<i32>,
}

impl End {
    fn of(log: HtmlElement, below: RwSignal<bool>) -> Rc<Self> {
        let end = Rc::new(Self { log: log.clone(), is_followed: Cell::new(true), top: Cell::new(0) });
        let scrolled = Rc::clone(&end);
        El::of(log).on("scroll", move |_| {
            scrolled.is_read();
            if is_at_end(&scrolled.log) && below.try_get_untracked() == Some(true) {
                below.set(false);
            }
        });
        end
    }

    /// Whether the end is being read. A browser tells late that somebody scrolled, so it is looked at each time.
    fn is_read(&self) -> bool {
        let top = self.log.scroll_top();
        let is_there = is_at_end(&self.log);
        if is_there || top < self.top.replace(top) {
            self.is_followed.set(is_there);
        }
        self.top.set(top);
        self.is_followed.get()
    }

    fn follow(&self) {
        self.is_followed.set(true);
        to_end(&self.log);
        self.top.set(self.log.scroll_top());
    }

    /// A keyboard, something unfolded above, or entries that are laid out for the first time change what is in sight: whoever
    /// reads the end still does.
    fn stay_when_resized(self: &Rc<Self>, sizes: [&HtmlElement; 2]) {
        let end = Rc::clone(self);
        let stay = Closure::<dyn FnMut()>::new(move || {
            if end.is_read() {
                end.follow();
            }
        });
        if let Ok(observer) = ResizeObserver::new(stay.as_ref().unchecked_ref()) {
            for size in sizes {
                observer.observe(size);
            }
            StoredValue::new_local(Observing { observer, _stay: stay });
        }
    }
}

/// Sizes that are observed until it is dropped.
struct Observing {
    observer: ResizeObserver,
    _stay: Closure<dyn FnMut()>,
}

impl Drop for Observing {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

fn is_own(entry: &Entry) -> bool {
    entry.body.is_by_citizen()
}

/// Whether the end is on screen, but for a line.
fn is_at_end(log: &HtmlElement) -> bool {
    log.scroll_height() - log.scroll_top() - log.client_height() < 48
}

fn to_end(log: &HtmlElement) {
    log.set_scroll_top(log.scroll_height());
}

/// Puts on the page what is not there yet.
fn show(ui: Ui, all: &[Entry], entries: &HtmlElement, shown: &mut Shown) {
    let now = all.first().zip(all.last()).map(|(first, last)| (first.seq, last.seq));
    let goes_on = match (shown.ends, now) {
        (Some(before), Some(now)) => now.0 <= before.0 && before.1 <= now.1,
        (None, _) => true,
        (Some(_), None) => false,
    };
    if !goes_on {
        entries.set_text_content(None);
        *shown = Shown::default();
    }
    let (first, last) = shown.ends.unwrap_or((u64::MAX, 0));
    if first != u64::MAX {
        put_before(ui, all.iter().take_while(|entry| entry.seq < first), entries, shown);
    }
    let unread = ui.state.peek(|s| s.unread_from);
    let fresh = all.iter().rev().take_while(|entry| entry.seq > last).count();
    for entry in all.iter().skip(all.len() - fresh) {
        for el in made(ui, entry, shown, unread) {
            el.mount(shown.group(entries, None).node());
        }
    }
    shown.ends = now;
}

/// Puts earlier entries before those there are. The day they reach into is said once.
fn put_before<'e>(
    ui: Ui,
    earlier: impl Iterator<Item = &'e Entry>,
    entries: &HtmlElement,
    shown: &mut Shown,
) {
    let mut fresh = Shown::default();
    let place = entries.first_child();
    for entry in earlier {
        for el in made(ui, entry, &mut fresh, None) {
            el.mount(fresh.group(entries, place.as_ref()).node());
        }
    }
    if let Some((last, _)) = &fresh.group {
        settle(last);
    }
    if fresh.first_day.is_none() {
        return;
    }
    if let (Some(last), Some((day, said))) = (fresh.last_day, &shown.first_day)
        && last == *day
    {
        said.node().remove();
    }
    shown.first_day = fresh.first_day;
}

/// What is on the page for an entry: its day if it is a new one, and what it says.
fn made(ui: Ui, entry: &Entry, shown: &mut Shown, unread: Option<u64>) -> Vec<El> {
    let moment = Moment::in_italy(entry.at);
    let mut made = Vec::new();
    let said = said(ui, entry, &moment.clock, shown);
    if said.is_empty() {
        return made;
    }
    if shown.last_day != Some(moment.day) {
        let day = line("p", "day", &ui.words(|words| moment.day.say_with_weekday(words))).part("day");
        shown.last_day = Some(moment.day);
        shown.first_day.get_or_insert_with(|| (moment.day, day.clone()));
        made.push(day);
    }
    if unread == Some(entry.seq) {
        made.push(line("p", "new", &ui.say("log.new")).part("new"));
    }
    made.extend(said);
    made
}

/// What an entry says.
fn said(ui: Ui, entry: &Entry, clock: &str, shown: &mut Shown) -> Vec<El> {
    // An office answers days later.
    let at = if let EntryBody::Segnalazione { .. } = entry.body { ui.moment(entry.at) } else { clock.into() };
    let EntryBody::Message { author, text, .. } = &entry.body else {
        let sentence = ui.words(|words| text::system_entry(words, &entry.body, dates::clock));
        let said = sentence.map(|sentence| {
            shown.last = None;
            let part =
                if let EntryBody::Segnalazione { .. } = entry.body { "segnalazione" } else { "system" };
            let said = line("p", "system", &[&*sentence, " · "].concat()).part(part);
            said.with(line("time", "", &at))
        });
        return said.into_iter().chain(beside(ui, &entry.body)).collect();
    };
    let (own, name) = match author {
        Author::Citizen => (true, ui.say("log.you")),
        Author::Advisor { name } => (false, name.clone()),
    };
    // Who goes on within the minute is not introduced again, to the eye; to a screen reader every message says whose it is.
    let goes_on = shown.last.as_ref().is_some_and(|(who, minute)| *who == name && minute == clock);
    shown.last = Some((name.clone(), clock.into()));
    let class = match (own, goes_on) {
        (true, false) => "message mine",
        (true, true) => "message mine goes-on",
        (false, false) => "message",
        (false, true) => "message goes-on",
    };
    let said = article(ui, class, "message", Some(&at), &name, text);
    vec![
        said.attr("data-author", if own { "citizen" } else { "advisor" })
            .attr("data-seq", &entry.seq.to_string()),
    ]
}

fn article(ui: Ui, class: &str, part: &str, at: Option<&str>, name: &str, text: &str) -> El {
    let meta = el("p").class("meta").with(line("span", "author", name));
    let meta = match at {
        Some(at) => meta.with(line("span", "", " ")).with(line("time", "", at)),
        None => meta,
    };
    el("article").class(class).part(part).with(meta).with(written(ui, text))
}

/// What somebody wrote, with what can be followed.
fn written(ui: Ui, text: &str) -> El {
    let pieces = links::pieces(text).into_iter().map(|piece| match piece {
        Piece::Words(words) => line("span", "", words),
        Piece::Link(link) => line("a", "", link)
            .attr("href", link)
            .attr("target", "_blank")
            .attr("rel", "noopener noreferrer")
            .with(line("span", "unseen", &[" (", &*ui.say("log.new_tab"), ")"].concat())),
    });
    el("p").class("text").attr("dir", "auto").with_all(pieces)
}

/// What is shown beside the sentence: a case, the words of an office.
fn beside(ui: Ui, body: &EntryBody) -> Option<El> {
    if let EntryBody::Case { case, as_of, .. } = body {
        let (case, as_of) = (case.clone(), *as_of);
        return Some(ui.later.place(ui, move |later| (later.card)(ui, &case, as_of, false)));
    }
    let EntryBody::Segnalazione { state: SegnalazioneState::Answered { text }, .. } = body else {
        return None;
    };
    Some(line("blockquote", "", text).part("answer"))
}

/// How far one's own messages have come is said under the two where it is news.
fn show_deliveries(ui: Ui, entries: &El) {
    let entries = entries.node().clone();
    let said = RefCell::new(Vec::<El>::new());
    let news =
        move || ui.state.read(|s| (s.deliveries(), s.entries.first().map(|first| first.seq), s.last_seq()));
    whenever(news, move || {
        for line in said.take() {
            line.node().remove();
        }
        // The entries are on the page before this runs: it was made after what puts them there.
        for (seq, delivery) in ui.state.peek(|s| s.deliveries()) {
            let message: Option<Element> =
                entries.query_selector(&["[data-seq=\"", &*seq.to_string(), "\"]"].concat()).ok().flatten();
            if let Some(message) = message {
                let line = line("p", "delivery", &ui.say(text::delivery(delivery))).part("delivery");
                line.mount(&message);
                said.borrow_mut().push(line);
            }
        }
    });
}
