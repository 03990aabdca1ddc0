// SPDX-License-Identifier: EUPL-1.2
//! The queues of an advisor: named where there are several, and one of them shown alone.

use infocig_protocol::desk::DeskQueue;

use super::*;

#[test]
fn with_one_queue_no_queue_is_named_and_with_several_each_is() {
    desk(|state| {
        belongs_to(state, &[("lavoratori", true), ("aziende", false)]);
        assert_eq!(state.own_queues(), []);
        assert_eq!(state.queue_name(Some(&named("lavoratori"))), None);
        assert_eq!(names(state.other_queues(Some(&named("lavoratori")), false)), ["AZIENDE"]);
        assert_eq!(
            names(state.other_queues(Some(&named("lavoratori")), true)),
            [""; 0],
            "a supervisor's own"
        );

        belongs_to(state, &[("lavoratori", true), ("aziende", true), ("consulenti", false)]);
        assert_eq!(names(state.own_queues()), ["LAVORATORI", "AZIENDE"]);
        assert_eq!(state.queue_name(Some(&named("aziende"))).as_deref(), Some("AZIENDE"));
        assert_eq!(state.queue_name(None), None);
    });
}

#[test]
fn one_queue_is_shown_alone_until_the_advisor_is_not_of_it_any_more() {
    desk(|state| {
        belongs_to(state, &[("lavoratori", true), ("aziende", true)]);
        let waits = |n, queue: &str| WaitingConversation { queue: Some(named(queue)), ..waiting(n) };
        state.queue.waiting.set(Some(vec![waits(1, "lavoratori"), waits(2, "aziende")]));
        let shown = || state.shown_waiting().into_iter().map(|one| one.conversation).collect::<Vec<_>>();
        assert_eq!(shown(), [id(1), id(2)]);

        state.queue.only.set(Some(named("aziende")));
        assert_eq!(shown(), [id(2)]);
        belongs_to(state, &[("lavoratori", true), ("consulenti", true)]);
        assert_eq!(shown(), [id(1), id(2)]);
    });
}

fn belongs_to(state: &DeskState, queues: &[(&str, bool)]) {
    welcome(state);
    let queue = |(id, own): &(&str, bool)| DeskQueue { id: named(id), name: id.to_uppercase(), own: *own };
    let queues: Vec<DeskQueue> = queues.iter().map(queue).collect();
    state.session.welcome.update(|welcome| {
        if let Some(welcome) = welcome {
            welcome.queues = queues;
        }
    });
}

fn names(queues: Vec<DeskQueue>) -> Vec<String> {
    queues.into_iter().map(|queue| queue.name).collect()
}

fn named(queue: &str) -> QueueId {
    QueueId::parse(queue).unwrap()
}
