// SPDX-License-Identifier: EUPL-1.2
//! The live panel: alerts, tiles, and tables of those who wait, of conversations under way and of advisors.
//!
//! Rows are keyed by what they are of, and read their content from the newest panel: a button that has the focus keeps it. Ages
//! tick each second and are no live region; what is new is announced once, as an alert.

use infocig_client::dates;
use infocig_protocol::{
    figures::Figures,
    id::{AdvisorId, ConversationId, QueueId},
    supervision::{
        Alert, AlertKind, Observation, Panel, PanelAdvisor, PanelConversation, PanelWaiting, QueueOnPanel,
    },
    time::Timestamp,
};
use leptos::prelude::*;

use super::{
    acts::{Act, Refused},
    blocks::Blocks,
};
use crate::{
    dom::{self, Parts},
    i18n::I18n,
    state::{
        Connection, DeskState,
        session::ServerClock,
        supervision::panel::{PanelState, Staff, SupervisorRequest, name_in},
    },
    text,
};

/// The panel of a supervisor.
#[component]
pub(crate) fn LivePanel() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let panel = state.panel.panel;
    let arrived = Memo::new(move |_| panel.with(Option::is_some));
    let live = Memo::new(move |_| state.session.connection.get() == Connection::Live);
    let time =
        move || panel.with(|panel| panel.as_ref().map(|panel| dates::clock(panel.at)).unwrap_or_default());
    let time = Memo::new(move |_| time());
    let updated =
        move || (arrived.get() && live.get()).then(|| i18n.fill("panel.updated", &[("time", &time.get())]));
    let offline =
        move || (arrived.get() && !live.get()).then(|| i18n.fill("panel.offline", &[("time", &time.get())]));
    let open_wallboard = move |_| {
        dom::set_full_screen(true);
        state.panel.wallboard.set(true);
    };
    view! {
        <section class="panel supervision live-panel" aria-labelledby="panel" tabindex="-1" data-part="panel">
            <div class="panel-head">
                <h2 class="heading" id="panel">{i18n.text("area.supervision")}</h2>
                <p class="quiet" data-part="panel-updated">{updated}</p>
                <button type="button" class="button slim" data-part="wallboard-open" on:click=open_wallboard>
                    {i18n.text("wallboard.open")}
                </button>
            </div>
            <p class="notice-line" role="status" data-part="panel-offline">{offline}</p>
            <Show
                when=move || arrived.get()
                fallback=move || view! { <p class="empty" data-part="panel-loading">{i18n.text("panel.loading")}</p> }
            >
                <Alerts/>
                <Tiles/>
                <Queues/>
                <Refused/>
                <Waiting/>
                <UnderWay/>
                <Advisors/>
                <Blocks/>
            </Show>
        </section>
    }
}

/// The alerts, and what can be done about each.
#[component]
pub(in crate::view) fn Alerts(
    /// Whether only the sentences show.
    #[prop(default = false)]
    plain: bool,
) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let alerts = state.panel.alerts;
    let none = Memo::new(move |_| alerts.with(Vec::is_empty));
    let rows = move || {
        alerts
            .get()
            .into_iter()
            .map(|alert: Alert| {
                let name = alert.advisor.as_ref().map(|advisor| state.panel.name(advisor));
                let says = text::alert_means(&i18n.words(), &alert, name.as_deref());
                let remedy = (!plain).then(
                    || view! { <span class="remedy">{i18n.text(text::alert_remedy(alert.kind))}</span> },
                );
                let act = (!plain).then_some(alert.conversation).flatten().map(|id| {
                    let request = match alert.kind {
                        AlertKind::Silent => SupervisorRequest::Observe,
                        AlertKind::Waiting
                        | AlertKind::LongestWait
                        | AlertKind::MissedOffers
                        | AlertKind::GivenUp => SupervisorRequest::TakeOver,
                    };
                    view! { <Act id request/> }
                });
                view! {
                    <li class="alert-item" data-part="alert" data-kind=alert.kind.as_str()>
                        <span class="alert-words"><strong>{says}</strong>" "{remedy}</span>
                        {act}
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <div class="alerts" class:calm=move || none.get() data-part="alerts-of-panel">
            <h3 class="subheading">{i18n.text("alert.title")}</h3>
            <Show when=move || none.get()><p class="quiet">{i18n.text("alert.none")}</p></Show>
            <ul class="side-list">{rows}</ul>
        </div>
    }
}

/// A number with its name.
#[component]
pub(in crate::view) fn Tile(
    part: &'static str,
    /// The key of its name.
    name: &'static str,
    #[prop(into)] value: Signal<String>,
    /// A second line; empty for none.
    #[prop(optional, into)]
    detail: Option<Signal<String>>,
    /// Whether an alert is about it.
    #[prop(optional, into)]
    alarming: Option<Signal<bool>>,
) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let detail = move || {
        let words = detail.map(|detail| detail.get()).filter(|words| !words.is_empty());
        words.map(|words| view! { <dd class="tile-detail">{words}</dd> })
    };
    view! {
        <div
            class="tile"
            class:alarming=move || alarming.is_some_and(|alarming| alarming.get())
            data-part=format!("tile-{part}")
        >
            <dt>{i18n.text(name)}</dt>
            <dd class="tile-value">{move || value.get()}</dd>
            {detail}
        </div>
    }
}

/// A value of the panel that changes with it.
pub(in crate::view) fn of_panel<T: Clone + PartialEq + Send + Sync + 'static>(
    panel: PanelState,
    read: impl Fn(&Panel) -> T + Send + Sync + 'static,
) -> Memo<Option<T>> {
    Memo::new(move |_| panel.panel.with(|panel| panel.as_ref().map(&read)))
}

fn figure(of: Memo<Option<Figures>>, read: fn(&Figures) -> u64) -> Signal<String> {
    Signal::derive(move || of.with(|of| of.as_ref().map(|of| read(of).to_string()).unwrap_or_default()))
}

/// The time that ticks since the oldest wait began.
pub(in crate::view) fn longest_wait(panel: PanelState, clock: ServerClock) -> Signal<String> {
    let oldest = of_panel(panel, |panel| panel.waiting.oldest);
    Signal::derive(move || match oldest.get().flatten() {
        Some(since) => text::age(since, clock.now.get()),
        None => text::NOTHING.to_string(),
    })
}

/// Whether there is an alert of a kind.
pub(in crate::view) fn alarming(panel: PanelState, kind: AlertKind) -> Signal<bool> {
    Signal::derive(move || panel.alerts.with(|alerts| alerts.iter().any(|alert| alert.kind == kind)))
}

#[component]
fn Tiles() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let number = |read: fn(&Panel) -> usize| {
        let value = of_panel(state.panel, read);
        Signal::derive(move || value.get().unwrap_or_default().to_string())
    };
    let staff = of_panel(state.panel, |panel| Staff::of(&panel.advisors));
    let staff = move || staff.get().unwrap_or_default();
    let office = of_panel(state.panel, |panel| panel.office);
    let office = move || office.get().unwrap_or_default();
    let own_dead_letters = of_panel(state.panel, |panel| panel.dead_letters);
    let own_dead_letters = move || own_dead_letters.get().unwrap_or_default();
    let closing =
        of_panel(state.panel, |panel| panel.conversations.iter().filter(|one| one.closes.is_some()).count());
    let figures = of_panel(state.panel, |panel| panel.today.clone());
    let share = move |read: fn(&Figures) -> infocig_protocol::figures::Share| {
        Signal::derive(move || {
            figures
                .with(|of| of.as_ref().map(|of| text::part_of(&i18n.words(), read(of))).unwrap_or_default())
        })
    };
    let count_if_any = move |key: &'static str, n: u64| {
        if n == 0 { String::new() } else { i18n.words().count(key, n) }
    };
    view! {
        <h3 class="subheading">{i18n.text("panel.now")}</h3>
        <dl class="tiles">
            <Tile part="waiting" name="panel.waiting" value=number(|panel| to_size(panel.waiting.number)) alarming=alarming(state.panel, AlertKind::Waiting)/>
            <Tile part="longest" name="panel.longest" value=longest_wait(state.panel, state.clock) alarming=alarming(state.panel, AlertKind::LongestWait)/>
            <Tile part="offers" name="panel.offers" value=number(|panel| panel.offers.len()) alarming=alarming(state.panel, AlertKind::MissedOffers)/>
            <Tile
                part="available"
                name="panel.available"
                value=Signal::derive(move || staff().available.to_string())
                detail=Signal::derive(move || {
                    let words = i18n.words();
                    let lines = [text::free_places(&words, staff()), text::staff(&words, staff())];
                    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" · ")
                })
            />
            <Tile
                part="under-way"
                name="panel.under_way"
                value=number(|panel| panel.conversations.len())
                detail=Signal::derive(move || count_if_any("panel.near_closing", closing.get().unwrap_or_default() as u64))
                alarming=alarming(state.panel, AlertKind::Silent)
            />
            <Tile
                part="segnalazioni"
                name="panel.segnalazioni"
                value=Signal::derive(move || office().waiting.to_string())
                detail=Signal::derive(move || count_if_any("reports.stopped", office().given_up.into()))
                alarming=alarming(state.panel, AlertKind::GivenUp)
            />
            <Tile
                part="dead-letters"
                name="panel.dead_letters"
                value=Signal::derive(move || office().dead_letters.saturating_add(own_dead_letters()).to_string())
                detail=Signal::derive(move || {
                    let (own, connector) = (own_dead_letters().to_string(), office().dead_letters.to_string());
                    i18n.fill("panel.dead_letters_of", &[("own", &own), ("connector", &connector)])
                })
            />
        </dl>
        <h3 class="subheading">{i18n.text("panel.today")}</h3>
        <dl class="tiles">
            <Tile part="service-level" name="panel.service_level" value=share(|of| of.service_level)/>
            <Tile part="answered" name="panel.answered" value=figure(figures, |of| of.answered)/>
            <Tile
                part="abandoned"
                name="panel.abandoned"
                value=figure(figures, |of| of.abandoned)
                detail=Signal::derive(move || count_if_any("panel.abandoned_short", figures.with(|of| of.as_ref().map_or(0, |of| of.abandoned_short))))
            />
            <Tile part="told-kept" name="panel.told_kept" value=share(|of| of.told_kept)/>
        </dl>
    }
}

/// Each queue of a supervisor who has several.
#[component]
pub(in crate::view) fn Queues() -> impl IntoView {
    let state = expect_context::<DeskState>();
    let ids =
        of_panel(state.panel, |panel| panel.queues.iter().map(|one| one.queue.clone()).collect::<Vec<_>>());
    let ids = Memo::new(move |_| ids.get().unwrap_or_default());
    view! {
        <Show when=move || ids.with(|ids| !ids.is_empty())>
            <Table
                part="panel-queues"
                heading="panel.queues_table"
                none="panel.nobody_waits"
                empty=Signal::stored(false)
                columns=&["queue.which", "panel.waiting", "panel.longest", "panel.available", "panel.service_level", "panel.answered", "figures.passed_in", "figures.passed_out"]
            >
                <For each=move || ids.get() key=|id| id.clone() let:id><QueueRow id/></For>
            </Table>
        </Show>
    }
}

#[component]
fn QueueRow(id: QueueId) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let row = of_panel(state.panel, move |panel| panel.queues.iter().find(|one| one.queue == id).cloned());
    let row = Memo::new(move |_| row.get().flatten());
    let of = move |read: fn(&QueueOnPanel) -> String| move || row.with(|row| row.as_ref().map(read));
    let level =
        move || row.with(|row| row.as_ref().map(|row| text::part_of(&i18n.words(), row.today.service_level)));
    view! {
        <tr data-part="queue-row">
            <th scope="row">{of(|row| row.name.clone())}</th>
            <td class="number">{of(|row| row.waiting.to_string())}</td>
            <td class="number"><Since since=Signal::derive(move || row.with(|row| row.as_ref()?.oldest))/></td>
            <td class="number">{of(|row| row.advisors.to_string())}</td>
            <td>{level}</td>
            <td class="number">{of(|row| row.today.answered.to_string())}</td>
            <td class="number">{of(|row| row.today.passed_in.to_string())}</td>
            <td class="number">{of(|row| row.today.passed_out.to_string())}</td>
        </tr>
    }
}

fn to_size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A table in a region that scrolls, under its heading, or a sentence while it is empty.
#[component]
pub(super) fn Table(
    part: &'static str,
    heading: &'static str,
    none: &'static str,
    #[prop(into)] empty: Signal<bool>,
    /// The keys of its columns.
    columns: &'static [&'static str],
    /// Where it is noted whether the focus is in it.
    #[prop(optional)]
    focus_within: Option<StoredValue<bool>>,
    children: ChildrenFn,
) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let heads =
        move || columns.iter().map(|head| view! { <th scope="col">{i18n.text(head)}</th> }).collect_view();
    let children = StoredValue::new(children);
    let note = move |within: bool| {
        if let Some(focus_within) = focus_within {
            focus_within.set_value(within);
        }
    };
    view! {
        <section
            class="panel-table"
            data-part=part
            aria-labelledby=part
            tabindex="-1"
            on:focusin=move |_| note(true)
            on:focusout=move |_| note(false)
        >
            <h3 class="subheading" id=part>{i18n.text(heading)}</h3>
            <Show when=move || !empty.get() fallback=move || view! { <p class="quiet">{i18n.text(none)}</p> }>
                <div class="table" role="region" aria-labelledby=part tabindex="0">
                    <table>
                        <thead><tr>{heads()}</tr></thead>
                        <tbody>{children.with_value(|children| children())}</tbody>
                    </table>
                </div>
            </Show>
        </section>
    }
}

/// Whether the focus is in a table. A row that had it may go: its section takes the focus then, and nobody else's.
pub(super) fn keep_focus<T: PartialEq + Send + Sync + 'static>(
    ids: Memo<Vec<T>>,
    part: &'static str,
) -> StoredValue<bool> {
    let parts = expect_context::<Parts>();
    let within = StoredValue::new(false);
    Effect::new(move |_| {
        ids.track();
        if within.get_value() {
            request_animation_frame(move || parts.adopt(part));
        }
    });
    within
}

/// A cell with the time since an instant.
#[component]
fn Since(#[prop(into)] since: Signal<Option<Timestamp>>) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let age = move || since.get().map(|since| text::age(since, state.clock.now.get()));
    view! { <span class="ticking">{age}</span> }
}

#[component]
fn Waiting() -> impl IntoView {
    let state = expect_context::<DeskState>();
    let ids = of_panel(state.panel, |panel| {
        panel.waiting.conversations.iter().map(|one| one.conversation.clone()).collect::<Vec<_>>()
    });
    let ids = Memo::new(move |_| ids.get().unwrap_or_default());
    let focus_within = keep_focus(ids, "panel-waiting");
    view! {
        <Table
            part="panel-waiting"
            focus_within
            heading="panel.waiting_table"
            none="panel.nobody_waits"
            empty=Signal::derive(move || ids.with(Vec::is_empty))
            columns=&["panel.conversation", "person.category", "panel.province", "person.language", "panel.wait", "panel.remarks", "panel.actions"]
        >
            <For each=move || ids.get() key=|id| id.clone() let:id><WaitingRow id/></For>
        </Table>
    }
}

#[component]
fn WaitingRow(id: ConversationId) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let row = {
        let id = id.clone();
        Memo::new(move |_| state.panel.waiting(&id))
    };
    let offered = {
        let id = id.clone();
        of_panel(state.panel, move |panel| {
            let offer = panel.offers.iter().find(|offer| offer.conversation == id)?;
            Some(name_in(&panel.advisors, &offer.to))
        })
    };
    let of = move |read: fn(I18n, &PanelWaiting) -> String| {
        move || row.with(|row| row.as_ref().map(|row| read(i18n, row)))
    };
    let province = move || {
        let code = row.with(|row| row.as_ref().map(|row| row.province.clone())).unwrap_or_default();
        state.session.welcome.with(|welcome| {
            let provinces = welcome.as_ref().map(|welcome| welcome.provinces.as_slice()).unwrap_or_default();
            text::office(&i18n.words(), &code, provinces)
        })
    };
    let remarks = move || {
        let words = i18n.words();
        let mut said = Vec::new();
        row.with(|row| {
            let Some(row) = row else { return };
            let queue = state.queue_name(row.queue.as_ref());
            said.extend(queue.map(|queue| words.fill("queue.in_queue", &[("queue", &queue)])));
            said.extend(row.returned.then(|| words.text("panel.returned")));
            said.extend(row.priority.map(|priority| text::priority(&words, priority)));
            said.extend(row.fits_nobody.then(|| words.text("panel.fits_nobody")));
            said.extend((row.missed > 0).then(|| words.count("panel.missed", row.missed.into())));
            said.extend(row.told.map(|told| {
                words.fill("panel.told", &[("from", &told.from.to_string()), ("to", &told.to.to_string())])
            }));
        });
        said.extend(offered.get().flatten().map(|name| words.fill("panel.offered_to", &[("name", &name)])));
        said.into_iter().map(|one| view! { <li>{one}</li> }).collect_view()
    };
    view! {
        <tr data-part="waiting-row">
            <th scope="row" class="number" title=id.to_string()>{text::short_id(&id)}</th>
            <td>{of(|i18n, row| i18n.text(text::category(row.category)))}</td>
            <td>{province}</td>
            <td>{of(|i18n, row| i18n.text(text::language(row.language)))}</td>
            <td class="number"><Since since=Signal::derive(move || row.with(|row| row.as_ref().map(|row| row.since)))/></td>
            <td><ul class="remarks">{remarks}</ul></td>
            <td>
                <div class="acts">
                    <Act id=id.clone() request=SupervisorRequest::TakeOver/>
                    <Act id request=SupervisorRequest::Reassign/>
                </div>
            </td>
        </tr>
    }
}

#[component]
fn UnderWay() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let ids = of_panel(state.panel, |panel| {
        panel.conversations.iter().map(|one| one.conversation.clone()).collect::<Vec<_>>()
    });
    let ids = Memo::new(move |_| ids.get().unwrap_or_default());
    let focus_within = keep_focus(ids, "panel-under-way");
    let observation = of_panel(state.panel, |panel| panel.observation);
    let observation = move || {
        observation.get().map(|observation| {
            i18n.text(match observation {
                Observation::Told => "supervise.told",
                Observation::Notice => "supervise.notice",
            })
        })
    };
    view! {
        <Table
            part="panel-under-way"
            focus_within
            heading="panel.under_way"
            none="panel.none_under_way"
            empty=Signal::derive(move || ids.with(Vec::is_empty))
            columns=&["panel.conversation", "panel.advisor", "panel.held_for", "panel.last_word", "panel.remarks", "panel.actions"]
        >
            <For each=move || ids.get() key=|id| id.clone() let:id><UnderWayRow id/></For>
        </Table>
        <p class="quiet">{observation}</p>
    }
}

#[component]
fn UnderWayRow(id: ConversationId) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let row = {
        let id = id.clone();
        Memo::new(move |_| state.panel.conversation(&id))
    };
    let advisor = move || row.with(|row| row.as_ref().map(|row| state.panel.name(&row.advisor)));
    let silent = {
        let id = id.clone();
        Memo::new(move |_| {
            state.panel.alerts.with(|alerts| {
                alerts
                    .iter()
                    .any(|alert| alert.kind == AlertKind::Silent && alert.conversation.as_ref() == Some(&id))
            })
        })
    };
    let names =
        move |all: &[AdvisorId]| all.iter().map(|one| state.panel.name(one)).collect::<Vec<_>>().join(", ");
    let remarks = move || {
        let words = i18n.words();
        let mut said = Vec::new();
        row.with(|row| {
            let Some(row) = row else { return };
            let PanelConversation { queue, helpers, observers, warned, on_hold, ending, closes, .. } = row;
            let queue = state.queue_name(queue.as_ref());
            said.extend(queue.map(|queue| words.fill("queue.in_queue", &[("queue", &queue)])));
            said.extend(warned.map(|at| words.fill("panel.warned", &[("time", &dates::clock(at))])));
            said.extend(on_hold.as_ref().map(|hold| text::on_hold(&words, hold)));
            if !helpers.is_empty() {
                said.push(words.fill("panel.helpers", &[("names", &names(helpers))]));
            }
            if !observers.is_empty() {
                said.push(words.fill("panel.observers", &[("names", &names(observers))]));
            }
            said.extend(ending.then(|| words.text("panel.ending")));
            said.extend(closes.map(|at| words.fill("panel.closes", &[("time", &dates::clock(at))])));
        });
        said.into_iter().map(|one| view! { <li>{one}</li> }).collect_view()
    };
    let spoke = move || row.with(|row| row.as_ref().and_then(|row| row.spoke));
    let by = move || i18n.text(spoke().map_or("panel.nobody_spoke", |spoke| text::spoke(spoke.by)));
    let acts = [
        SupervisorRequest::Observe,
        SupervisorRequest::Whisper,
        SupervisorRequest::Join,
        SupervisorRequest::TakeOver,
        SupervisorRequest::Reassign,
        SupervisorRequest::End,
        SupervisorRequest::Block,
    ];
    let short = text::short_id(&id);
    let title = id.to_string();
    let acts = acts.map(|request| view! { <Act id=id.clone() request/> });
    view! {
        <tr data-part="under-way-row" class:alarming=move || silent.get()>
            <th scope="row" class="number" title=title>{short}</th>
            <td>{advisor}</td>
            <td class="number"><Since since=Signal::derive(move || row.with(|row| row.as_ref().map(|row| row.since)))/></td>
            <td>{by}" "<Since since=Signal::derive(move || spoke().map(|spoke| spoke.at))/></td>
            <td><ul class="remarks">{remarks}</ul></td>
            <td><div class="acts">{acts}</div></td>
        </tr>
    }
}

#[component]
fn Advisors() -> impl IntoView {
    let state = expect_context::<DeskState>();
    let ids = of_panel(state.panel, |panel| {
        panel.advisors.iter().map(|one| one.advisor.clone()).collect::<Vec<_>>()
    });
    let ids = Memo::new(move |_| ids.get().unwrap_or_default());
    view! {
        <Table
            part="panel-advisors"
            heading="panel.advisors_table"
            none="panel.no_advisors"
            empty=Signal::derive(move || ids.with(Vec::is_empty))
            columns=&["panel.advisor", "panel.presence", "panel.unchanged", "panel.places", "panel.under_way"]
        >
            <For each=move || ids.get() key=|id| id.clone() let:id><AdvisorRow id/></For>
        </Table>
    }
}

#[component]
fn AdvisorRow(id: AdvisorId) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let row =
        of_panel(state.panel, move |panel| panel.advisors.iter().find(|one| one.advisor == id).cloned());
    let row = Memo::new(move |_| row.get().flatten());
    let of = move |read: fn(I18n, &PanelAdvisor) -> String| {
        move || row.with(|row| row.as_ref().map(|row| read(i18n, row)))
    };
    view! {
        <tr data-part="advisor-row">
            <th scope="row">{of(|_, row| row.name.clone())}</th>
            <td>{of(|i18n, row| text::panel_presence(&i18n.words(), row))}</td>
            <td class="number"><Since since=Signal::derive(move || row.with(|row| row.as_ref().map(|row| row.lost.unwrap_or(row.since))))/></td>
            <td>{of(|i18n, row| {
                let (load, capacity) = (row.load.to_string(), row.capacity.to_string());
                let places = i18n.fill("panel.places_of", &[("load", &load), ("capacity", &capacity)]);
                if row.wrapping_up == 0 {
                    return places;
                }
                format!("{places} · {}", i18n.words().count("panel.wrapping_up", row.wrapping_up.into()))
            })}</td>
            <td class="number">{of(|_, row| row.held.iter().map(text::short_id).collect::<Vec<_>>().join(", "))}</td>
        </tr>
    }
}
