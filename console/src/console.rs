// SPDX-License-Identifier: EUPL-1.2
//! What an advisor can do: sit down at the desk, take, read, write, end. Over HTTP and one link for each. And in which language.
//!
//! - A seat that is lost is had again by itself, with a new token, after pauses that grow to a minute.
//! - A conversation keeps its session until the server has told its end. A ticket that is no longer good is replaced by the
//!   one in the desk's newest picture.
//! - What was said of a conversation's end is said again with every new picture until the desk has seen to it; a note, until
//!   the desk shows it.
//! - A sign-in that ended, and another advisor, leave nothing behind in the browser.

mod acting;
mod asking;
mod lines;
mod speaking;
mod writing;

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};
use std::{collections::BTreeMap, rc::Rc, rc::Weak};

use infocig_client::{
    driver::Driver,
    http::{self, Address, Failure},
    link::LinkState,
    machine::Millis,
    page::{self, Listener},
    session::Session,
};
use infocig_protocol::{codec::Object, http::DeskSessionOpened, id::ConversationId};
use js_sys::Function;
use leptos::{
    leptos_dom::helpers::{IntervalHandle, set_interval_with_handle},
    prelude::*,
};
use wasm_bindgen_futures::spawn_local;
use web_sys::EventTarget;

use self::lines::Line;
use crate::{
    config::Config,
    desk::{Desk, DeskEvent},
    host::{self, alerts::Alerts},
    kept,
    speech::Speech,
    state::{Connection, Conversation, DeskState, alerts::News, past::Ask},
    text,
};

/// The console of one element.
pub(crate) struct Console {
    config: Config,
    /// Asks for a token of whoever is signed in.
    ask: Function,
    state: DeskState,
    speech: Speech,
    /// Brings the texts of a language, by its code.
    read: Function,
    desk: RefCell<Option<Rc<Driver<Desk>>>>,
    desk_ticket: RefCell<Option<String>>,
    /// Whether the segnalazioni of the service are shown here.
    supervises: Cell<bool>,
    alerts: Alerts,
    lines: RefCell<BTreeMap<ConversationId, Line>>,
    sitting_down: Cell<bool>,
    /// The desk's link is new: what was under way on the one before may have been lost.
    ask_again: Cell<bool>,
    tries: Cell<u32>,
    ticks: Cell<u32>,
    ticker: Cell<Option<IntervalHandle>>,
    waker: RefCell<Vec<Listener>>,
    me: Weak<Self>,
}

impl Console {
    /// Begins to sit down. `read` brings the texts of a language.
    pub(crate) fn start(
        config: Config,
        ask: Function,
        state: &DeskState,
        speech: Speech,
        read: Function,
    ) -> Rc<Self> {
        let console = Rc::new_cyclic(|me| Self {
            config,
            ask,
            state: *state,
            speech,
            read,
            desk: RefCell::new(None),
            desk_ticket: RefCell::new(None),
            supervises: Cell::new(false),
            alerts: Alerts::new(state.sound_waits),
            lines: RefCell::new(BTreeMap::new()),
            sitting_down: Cell::new(false),
            ask_again: Cell::new(false),
            tries: Cell::new(0),
            ticks: Cell::new(0),
            ticker: Cell::new(None),
            waker: RefCell::new(Vec::new()),
            me: me.clone(),
        });
        state.tick(host::device_time());
        state.choices.set(kept::choices());
        state.permission.set(host::alerts::permission());
        console.keep_time();
        console.keep_title();
        console.keep_language();
        console.look_around();
        console.read_what_is_in_sight();
        console.sit_down(0);
        console
    }

    /// Asks for what came before the messages on screen.
    pub(crate) fn ask_for_earlier(&self, conversation: &Conversation) {
        if let Some(driver) = self.driver(&conversation.id)
            && conversation.ask_for_earlier()
        {
            driver.with(Session::older);
        }
    }

    /// Opens an earlier conversation beside this one, or closes it.
    pub(crate) fn toggle_past(&self, conversation: &Conversation, id: &ConversationId) {
        self.ask_for_past(&conversation.id, conversation.toggle_past(id));
    }

    /// Asks for more of the earlier conversation that is open beside this one.
    pub(crate) fn more_past(&self, conversation: &Conversation) {
        self.ask_for_past(&conversation.id, conversation.more_past());
    }

    fn ask_for_past(&self, id: &ConversationId, ask: Option<Ask>) {
        if let Some((Ask { conversation, before }, driver)) = ask.zip(self.driver(id)) {
            driver.with(|session| session.past(conversation, before));
        }
    }

    /// Takes a conversation that is over off the list.
    pub(crate) fn dismiss(&self, conversation: &ConversationId) {
        if self.state.dismiss(conversation) {
            self.hang_up(conversation);
        }
    }

    /// Asks the portal for a token and the edge for a seat, until there is one or somebody must sign in.
    fn sit_down(&self, after: Millis) {
        if self.sitting_down.replace(true) {
            return;
        }
        let me = self.me.clone();
        spawn_local(async move {
            let mut wait = Some(after);
            while let Some(millis) = wait {
                if millis > 0 {
                    host::pause(millis).await;
                }
                let door = me.upgrade().map(|console| (console.config.clone(), console.ask.clone()));
                let Some((config, ask)) = door else { return };
                let opened = ask_for_a_seat(&config, &ask).await;
                let Some(console) = me.upgrade() else { return };
                wait = console.seat(opened);
            }
            if let Some(console) = me.upgrade() {
                console.sitting_down.set(false);
                console.set_clock();
            }
        });
    }

    /// Takes the seat. Otherwise says how long to wait before asking again; `None` if that is of no use.
    fn seat(&self, opened: Result<DeskSessionOpened, Failure>) -> Option<Millis> {
        let opened = match opened {
            Ok(opened) => opened,
            Err(failure) => {
                let why = match failure {
                    Failure::SignedOut => {
                        self.state.sign_out();
                        kept::forget_everything();
                        return None;
                    }
                    Failure::Refused(problem) if problem.status < 500 => Connection::NotAccepted,
                    Failure::Refused(_) | Failure::Unreachable | Failure::Unreadable => {
                        Connection::Unanswered
                    }
                };
                self.state.stand(why);
                return Some(self.next_pause());
            }
        };
        kept::belong_to(&opened.advisor);
        self.alerts.of(&opened.advisor);
        if self.state.sit_down(opened.advisor) {
            self.lines.borrow_mut().clear();
        }
        self.keep_everything();
        self.desk_ticket.replace(Some(opened.ticket.clone()));
        self.supervises.set(opened.supervisor);
        self.supervise();
        let address = Address::of(&self.config.edge, &opened.socket);
        let me = self.me.clone();
        let driver = Driver::start(Desk::new(opened.ticket), address, move |event| {
            if let Some(console) = me.upgrade() {
                console.hear_desk(event);
            }
        });
        self.desk.replace(Some(driver));
        None
    }

    fn hear_desk(&self, event: DeskEvent) {
        let (mut mine, mut welcomed) = (None, false);
        match &event {
            DeskEvent::Picture(picture) => mine = Some(picture.mine.clone()),
            DeskEvent::Welcome(_) => welcomed = true,
            DeskEvent::Link(LinkState::Live) => self.tries.set(0),
            DeskEvent::Link(LinkState::Over) => self.sit_down_again(),
            DeskEvent::Link(LinkState::Connecting | LinkState::Lost)
            | DeskEvent::Notes { .. }
            | DeskEvent::NotDone { .. }
            | DeskEvent::Refused(_) => {}
        }
        if welcomed {
            self.ask_again.set(true);
        }
        let handed_on = self.state.handed_on();
        let news = self.state.apply_desk(event, host::device_time());
        self.hear_news(news);
        if let Some(mine) = mine {
            kept::forget_except(|id| mine.iter().any(|one| one.conversation.as_str() == id));
            for assigned in mine {
                self.answer(assigned);
            }
            if !self.say_again() {
                self.ask_for_notes_of_offers(&handed_on);
            }
        }
    }

    /// Makes itself heard.
    fn hear_news(&self, news: Option<News>) {
        if let Some(news) = news {
            self.alerts.raise(news, self.state.situation(), &self.speech.words());
        }
    }

    /// The desk's link ended: only a new seat helps, unless this console is too old for any.
    fn sit_down_again(&self) {
        let me = self.me.clone();
        let pause = self.next_pause();
        // Why it ended is told after the link's end.
        spawn_local(async move {
            if let Some(console) = me.upgrade()
                && console.state.connection.get_untracked() != Connection::Outdated
            {
                console.sit_down(pause);
            }
        });
    }

    fn next_pause(&self) -> Millis {
        let tries = self.tries.get();
        self.tries.set(tries.saturating_add(1));
        growing(tries)
    }

    fn keep_time(&self) {
        let me = self.me.clone();
        let ticker = set_interval_with_handle(
            move || {
                let Some(console) = me.upgrade() else { return };
                console.state.tick(host::device_time());
                console.hear_news(console.state.still_offered());
                console.ticks.set(console.ticks.get().wrapping_add(1));
                if console.ticks.get().is_multiple_of(TICKS_PER_CLOCK_CHECK) {
                    console.set_clock();
                }
                if console.ticks.get().is_multiple_of(TICKS_PER_SUPERVISION)
                    && console.state.visible.get_untracked()
                {
                    console.supervise();
                }
            },
            TICK,
        );
        self.ticker.set(ticker.ok());
    }

    /// The page's title says what calls, for whoever looks at another tab.
    fn keep_title(&self) {
        let (state, speech) = (self.state, self.speech);
        Effect::new(move |_| {
            let prefix = text::title_prefix(&speech.current(), state.calls());
            host::alerts::title(&prefix);
        });
    }

    /// Asks the server what time it is.
    fn set_clock(&self) {
        let me = self.me.clone();
        let edge = self.config.edge.clone();
        spawn_local(async move {
            let Ok(answer) = http::availability(&edge, "category=lavoratore").await else {
                return;
            };
            if let (Some(console), Some(server)) = (me.upgrade(), page::instant(&answer.at)) {
                console.state.set_clock(server, host::device_time());
            }
        });
    }

    /// The other side is told what is read as soon as it is in sight.
    fn read_what_is_in_sight(&self) {
        let (me, state) = (self.me.clone(), self.state);
        Effect::new(move |_| {
            let (Some((id, seq)), Some(console)) = (state.in_sight(), me.upgrade()) else { return };
            state.saw(&id, seq);
            if let Some(driver) = console.driver(&id) {
                driver.with(|session| session.read(seq));
            }
        });
    }

    /// Notices that the page is looked at. Somebody may have signed in in another tab meanwhile: then tries again.
    fn look_around(&self) {
        let me = self.me.clone();
        let look = move || {
            let Some(console) = me.upgrade() else { return };
            let visible = host::page_is_visible();
            if visible != console.state.visible.get_untracked() {
                console.state.visible.set(visible);
            }
            if visible {
                console.alerts.looked_at(console.state.choices.get_untracked());
            }
            if console.state.connection.get_untracked() == Connection::SignInNeeded {
                console.sit_down(0);
            }
        };
        look();
        let focused =
            web_sys::window().and_then(|window| Listener::new(window.into(), "focus", look.clone()));
        // The browser lets a page sound after a press.
        let me = self.me.clone();
        let pressed = move || {
            let Some(console) = me.upgrade() else { return };
            if console.state.sound_waits.get_untracked() {
                console.alerts.is_heard(console.state.choices.get_untracked());
            }
        };
        let window = web_sys::window().map(EventTarget::from);
        let presses = ["pointerdown", "keydown"].into_iter().zip(std::iter::repeat(window));
        let presses = presses.filter_map(|(name, window)| Listener::new(window?, name, pressed.clone()));
        let life = page::signs_of_life(look).into_iter().chain(focused).chain(presses);
        self.waker.borrow_mut().extend(life);
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        if let Some(ticker) = self.ticker.take() {
            ticker.clear();
        }
        host::alerts::title("");
    }
}

async fn ask_for_a_seat(config: &Config, ask: &Function) -> Result<DeskSessionOpened, Failure> {
    let token = http::token(ask, &Object::new().done()).await?;
    http::open_desk_session(&config.edge, &token).await
}

/// A pause that doubles with every try, from a second to a minute.
fn growing(tries: u32) -> Millis {
    (1_000 << tries.min(6)).min(60_000)
}

const TICK: Duration = Duration::from_secs(1);
const TICKS_PER_CLOCK_CHECK: u32 = 300;
const TICKS_PER_SUPERVISION: u32 = 30;
