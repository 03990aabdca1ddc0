// SPDX-License-Identifier: EUPL-1.2
//! The supervisor's area: the panel, its alerts, and the acts on conversations of others.

use infocig_protocol::{
    entry::Party,
    figures::Figures,
    supervision::{
        AlertKind, AlertThresholds, Observation, OfficeQueue, Panel, PanelAdvisor, PanelConversation,
        PanelQueue, PanelWaiting, Spoke, SupervisorAct,
    },
};

use super::*;
use crate::state::{
    screen::Area,
    supervision::panel::{RefusedRequest, Staff, SupervisorRequest},
};

#[test]
fn a_supervisor_begins_in_the_area_of_supervision_and_an_advisor_never_comes_there() {
    supervisor(|state| {
        assert_eq!(state.screen.area.get(), Area::Supervision);
        assert!(state.supervises());
        state.open_area(Area::Conversations);
        welcome_supervisor(state);
        assert_eq!(state.screen.area.get(), Area::Conversations, "a new link moves nobody");
    });
    desk(|state| {
        welcome(state);
        assert_eq!(state.screen.area.get(), Area::Conversations);
        assert!(!state.supervises());
    });
}

#[test]
fn a_wait_grows_into_an_alert_that_is_announced_once_while_it_lasts() {
    supervisor(|state| {
        assert_eq!(show_panel(state, panel(0, &[1], &[])), None);
        assert_eq!(second(state, 14 * 60), None);
        assert_eq!(second(state, 15 * 60), Some(News::PanelAlert));
        assert_eq!(state.panel.alerts.with(Vec::len), 1);
        let said = state.screen.announcement.get();
        assert!(matches!(&said, Some(Announcement::Alerts(alerts)) if alerts.len() == 1), "{said:?}");

        assert_eq!(second(state, 16 * 60), None, "it lasts");
        assert_eq!(state.panel.alerts.with(|alerts| alerts[0].value), 16, "and is counted on");
        let mut later = panel(16 * 60, &[1, 2], &[]);
        later.waiting.conversations.remove(0);
        assert_eq!(show_panel(state, later), None, "the next person has waited as long");
        assert_eq!(show_panel(state, panel(17 * 60, &[], &[])), None);
        assert_eq!(state.panel.alerts.get(), []);
    });
}

#[test]
fn a_lost_link_raises_no_alert_of_what_is_old() {
    supervisor(|state| {
        show_panel(state, panel(0, &[1], &[]));
        state.apply_desk(DeskEvent::Link(LinkState::Lost), at(0));
        assert_eq!(second(state, 60 * 60), None);
        assert_eq!(state.panel.alerts.get(), []);
    });
}

#[test]
fn an_advisor_who_is_silent_is_an_alert_for_each_conversation() {
    supervisor(|state| {
        show_panel(state, panel(0, &[], &[1, 2]));
        assert_eq!(second(state, 5 * 60), Some(News::PanelAlert));
        let alerts = state.panel.alerts.get();
        assert_eq!(alerts.iter().map(|alert| alert.kind).collect::<Vec<_>>(), [AlertKind::Silent; 2]);
        assert_eq!(state.panel.name(alerts[0].advisor.as_ref().unwrap()), "Giulia");
    });
}

#[test]
fn the_clock_follows_a_panel_that_is_far_from_the_estimate() {
    supervisor(|state| {
        show_panel(state, panel(3_600, &[], &[]));
        assert_eq!(state.clock.now.get(), at(3_600_000));
    });
}

#[test]
fn an_act_is_pending_until_a_later_panel_and_a_conversation_that_is_read_opens() {
    supervisor(|state| {
        show_panel(state, panel(0, &[], &[1]));
        assert!(state.request_act(&id(1), SupervisorRequest::Observe));
        assert!(!state.request_act(&id(1), SupervisorRequest::TakeOver), "one at a time");
        assert_eq!(state.panel.pending(&id(1)), Some(SupervisorRequest::Observe));

        show(state, mine(1, AssignmentState::Observing { holder: "Giulia".into() }));
        assert_eq!(state.screen.area.get(), Area::Conversations);
        assert!(state.screen.is_selected(&id(1)));
        let read = conversation(state, 1);
        assert!(read.is_observed() && !read.is_writable() && !read.is_released());

        show_panel(state, panel(1, &[], &[1]));
        assert_eq!(state.panel.pending(&id(1)), None);
    });
}

#[test]
fn a_refused_act_is_told_and_opens_nothing_later() {
    supervisor(|state| {
        show_panel(state, panel(0, &[], &[1]));
        state.request_act(&id(1), SupervisorRequest::TakeOver);
        state.apply_desk(DeskEvent::NotDone { conversation: id(1), code: Code::AtCapacity }, at(0));
        let refused = RefusedRequest {
            conversation: id(1),
            request: SupervisorRequest::TakeOver,
            code: Code::AtCapacity,
        };
        assert_eq!(state.panel.refused.get(), Some(refused));
        show(state, mine(1, held()));
        assert_eq!(state.screen.selected.get(), None);
        assert!(state.request_act(&id(1), SupervisorRequest::TakeOver), "again");
        assert_eq!(state.panel.refused.get(), None);
    });
}

#[test]
fn without_a_link_nothing_is_requested_and_acts_on_a_lost_one_are_free_again() {
    supervisor(|state| {
        show_panel(state, panel(0, &[], &[1]));
        state.request_act(&id(1), SupervisorRequest::End);
        state.apply_desk(DeskEvent::Link(LinkState::Lost), at(0));
        assert_eq!(state.panel.pending(&id(1)), None);
        assert!(!state.request_act(&id(1), SupervisorRequest::End));
    });
}

#[test]
fn an_advisor_is_told_what_a_supervisor_did() {
    desk(|state| {
        welcome(state);
        picture(state, &[], &[1]);
        let (act, by) = (SupervisorAct::TookOver, String::from("Teresa"));
        state.apply_desk(DeskEvent::Supervised { conversation: id(1), act, by: by.clone() }, at(0));
        assert_eq!(conversation(state, 1).supervised.get(), Some((act, by.clone())));
        let name = "Persona 1".into();
        assert_eq!(state.screen.announcement.get(), Some(Announcement::Supervised { act, by, name }));
    });
}

#[test]
fn free_places_are_those_of_connected_advisors_who_are_available() {
    let mut paused = advisor("marco", 0);
    paused.presence = Presence::Paused;
    let mut lost = advisor("anna", 0);
    lost.lost = Some(at(1));
    let staff = Staff::of(&[advisor("giulia", 2), paused, lost]);
    assert_eq!(staff, Staff { available: 1, paused: 1, lost: 1, free: 1, places: 3, ..Staff::default() });
}

#[test]
fn another_advisor_sees_nothing_of_the_panel() {
    supervisor(|state| {
        show_panel(state, panel(0, &[1], &[]));
        state.signed_in("Marco".into());
        assert_eq!(state.panel.panel.get(), None);
        assert_eq!(state.screen.area.get(), Area::Conversations);
    });
}

fn supervisor(test: impl FnOnce(&DeskState)) {
    desk(|state| {
        welcome_supervisor(state);
        test(state);
    });
}

fn welcome_supervisor(state: &DeskState) {
    let mut told = Owner::new().with(|| {
        let other = DeskState::new();
        welcome(&other);
        other.session.welcome.get_untracked().unwrap()
    });
    told.supervisor = true;
    state.apply_desk(DeskEvent::Welcome(told), at(0));
}

fn show_panel(state: &DeskState, panel: Panel) -> Option<News> {
    state.apply_desk(DeskEvent::Panel(Box::new(panel)), at(0))
}

/// The server's clock shows so many seconds.
fn second(state: &DeskState, seconds: i64) -> Option<News> {
    state.clock.set(at(seconds * 1_000), at(0));
    state.evaluate_alerts()
}

fn panel(seconds: i64, waiting: &[u32], under_way: &[u32]) -> Panel {
    let waiting: Vec<_> = waiting
        .iter()
        .map(|n| PanelWaiting {
            conversation: id(*n),
            queue: None,
            since: at(0),
            category: infocig_protocol::person::Category::Lavoratore,
            province: "058".into(),
            language: infocig_protocol::language::Language::It,
            told: None,
            returned: false,
            fits_nobody: false,
            missed: 0,
            priority: None,
        })
        .collect();
    let conversations = under_way
        .iter()
        .map(|n| PanelConversation {
            conversation: id(*n),
            queue: None,
            advisor: AdvisorId::parse("giulia").unwrap(),
            since: at(0),
            spoke: Some(Spoke { by: Party::Citizen, at: at(0) }),
            answered: true,
            helpers: vec![],
            observers: vec![],
            warned: None,
            on_hold: None,
            ending: false,
            closes: None,
        })
        .collect();
    Panel {
        at: at(seconds * 1_000),
        queue: QueueId::parse("cig").unwrap(),
        queues: Vec::new(),
        waiting: PanelQueue {
            number: u32::try_from(waiting.len()).unwrap(),
            oldest: waiting.first().map(|one| one.since),
            conversations: waiting,
        },
        offers: vec![],
        advisors: vec![PanelAdvisor { name: "Giulia".into(), ..advisor("giulia", 1) }],
        conversations,
        today: Figures::default(),
        office: OfficeQueue::default(),
        dead_letters: 0,
        thresholds: AlertThresholds {
            waiting: 10,
            longest_wait_minutes: 15,
            silent_minutes: 5,
            missed_offers: 2,
            given_up: 1,
        },
        observation: Observation::Told,
        blocks: Vec::new(),
    }
}

fn advisor(id: &str, load: u32) -> PanelAdvisor {
    PanelAdvisor {
        advisor: AdvisorId::parse(id).unwrap(),
        name: id.into(),
        presence: Presence::Available,
        supervisor: false,
        lost: None,
        load,
        capacity: 3,
        wrapping_up: 0,
        held: vec![],
        since: at(0),
        queues: vec![],
    }
}
