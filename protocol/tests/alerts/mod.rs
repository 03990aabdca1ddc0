// SPDX-License-Identifier: EUPL-1.2
//! When a panel alerts: values at their thresholds, and what each alert is about.

use infocig_protocol::{
    desk::{Hold, HoldReason},
    entry::Party,
    supervision::{
        AlertKind, AlertThresholds, OfficeQueue, Panel, PanelConversation, PanelQueue, Spoke, SupervisorAct,
    },
};

use crate::fixtures::{hold, panel};

const MINUTE: i64 = 60_000;

#[test]
fn a_quiet_panel_alerts_nobody() {
    let quiet =
        Panel { waiting: PanelQueue::default(), offers: Vec::new(), conversations: Vec::new(), ..panel() };
    let quiet = Panel { office: OfficeQueue::default(), ..quiet };
    assert_eq!(quiet.alerts(quiet.at.plus_millis(600 * MINUTE)), []);
}

#[test]
fn each_value_alerts_once_it_has_reached_its_threshold() {
    let mut panel = panel();
    panel.thresholds = AlertThresholds {
        waiting: 2,
        longest_wait_minutes: 10,
        silent_minutes: 3,
        missed_offers: 2,
        given_up: 1,
    };
    panel.office.given_up = 0;
    panel.waiting.number = 1;
    let since = panel.waiting.conversations[0].since;
    panel.waiting.conversations[0].missed = 1;
    panel.conversations[0].since = since;
    panel.conversations[0].on_hold = None;
    panel.conversations[0].ending = false;
    panel.conversations[0].spoke = Some(Spoke { by: Party::Advisor, at: since });
    let kinds = |panel: &Panel, minutes: i64| {
        let alerts = panel.alerts(since.plus_millis(minutes * MINUTE));
        alerts.into_iter().map(|alert| (alert.kind, alert.value)).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&panel, 9), []);
    assert_eq!(kinds(&panel, 10), [(AlertKind::LongestWait, 10)]);

    panel.waiting.number = 2;
    panel.waiting.conversations[0].missed = 2;
    panel.office.given_up = 4;
    panel.conversations[0].spoke = Some(Spoke { by: Party::Citizen, at: since.plus_millis(MINUTE) });
    let expected = [(AlertKind::Waiting, 2), (AlertKind::MissedOffers, 2), (AlertKind::GivenUp, 4)];
    assert_eq!(kinds(&panel, 3), expected);
    assert!(kinds(&panel, 4).contains(&(AlertKind::Silent, 3)));
}

#[test]
fn an_advisor_owes_the_first_word_from_when_they_were_given_it_and_nothing_once_it_is_ending() {
    let held =
        PanelConversation { spoke: None, on_hold: None, ending: false, ..panel().conversations.remove(0) };
    assert_eq!(held.advisor_silent_since(), Some(held.since));

    let before = Some(Spoke { by: Party::Citizen, at: held.since.plus_millis(-MINUTE) });
    let handed_on = PanelConversation { spoke: before, ..held.clone() };
    assert_eq!(handed_on.advisor_silent_since(), Some(held.since));
    assert_eq!(PanelConversation { ending: true, ..handed_on }.advisor_silent_since(), None);
}

#[test]
fn on_hold_a_person_waits_from_when_they_were_told_that_the_advisor_is_back() {
    let mut panel = panel();
    let until = panel.at.plus_millis(5 * MINUTE);
    panel.conversations[0].ending = false;
    panel.conversations[0].on_hold = Some(Hold { until, due: false, ..hold(HoldReason::Office) });
    let silent = |minutes| {
        let alerts = panel.alerts(panel.at.plus_millis(minutes * MINUTE));
        alerts.iter().find(|alert| alert.kind == AlertKind::Silent).map(|alert| alert.value)
    };
    assert_eq!([9, 10, 12].map(silent), [None, Some(5), Some(7)]);
}

#[test]
fn an_alert_names_what_it_is_about() {
    let mut panel = panel();
    panel.thresholds.silent_minutes = 1;
    panel.conversations[0].spoke = None;
    panel.conversations[0].on_hold = None;
    panel.conversations[0].ending = false;
    let alerts = panel.alerts(panel.at.plus_millis(600 * MINUTE));
    let of = |kind| alerts.iter().find(|alert| alert.kind == kind).unwrap();
    let silent = of(AlertKind::Silent);
    assert_eq!(silent.conversation.as_ref(), Some(&panel.conversations[0].conversation));
    assert_eq!(silent.advisor.as_ref(), Some(&panel.conversations[0].advisor));
    let longest = of(AlertKind::LongestWait);
    assert_eq!(longest.conversation.as_ref(), Some(&panel.waiting.conversations[0].conversation));
}

#[test]
fn the_names_of_acts_are_those_of_the_wire() {
    for act in SupervisorAct::ALL {
        assert_eq!(serde_json::to_value(act).unwrap(), act.as_str());
    }
}
