// SPDX-License-Identifier: EUPL-1.2
//! The calls' section of the policy. INPS published none of it: a policy without the section has no calls.

use std::num::NonZeroU32;

use infocig_protocol::entry::Party;
use serde::Deserialize;

/// The rules of calls from a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallRules {
    /// Whether an advisor may offer a call.
    pub on: bool,
    /// Whether the person may ask for one.
    #[serde(default)]
    pub citizen_may_ask: bool,
    /// Whether all media pass through the service's relay, so that neither side learns the other's address.
    #[serde(default = "yes")]
    pub relay_only: bool,
    /// The places of an advisor that a conversation takes up while the two talk.
    #[serde(default = "one")]
    pub places: NonZeroU32,
}

impl Default for CallRules {
    fn default() -> Self {
        Self { on: false, citizen_may_ask: false, relay_only: true, places: NonZeroU32::MIN }
    }
}

impl CallRules {
    /// Whether a side may offer a call.
    pub fn may_offer(self, party: Party) -> bool {
        match party {
            Party::Advisor => self.on,
            Party::Citizen => self.on && self.citizen_may_ask,
            Party::System => false,
        }
    }

    /// The places that a call takes up beside the one of its conversation.
    pub fn places_beside(self) -> u32 {
        self.places.get() - 1
    }
}

const fn yes() -> bool {
    true
}

const fn one() -> NonZeroU32 {
    NonZeroU32::MIN
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    const SHIPPED: &str = include_str!("../../../edge/policy.json");

    #[test]
    fn the_shipped_policy_has_no_calls_and_neither_has_one_without_the_section() {
        let shipped = Policy::parse(SHIPPED).unwrap().calls;
        assert_eq!(shipped, CallRules::default());
        let (before, _) = SHIPPED.split_once(",\n  \"calls\"").unwrap();
        assert_eq!(Policy::parse(&format!("{before}\n}}")).unwrap().calls, shipped);
        assert!(!shipped.may_offer(Party::Advisor) && !shipped.may_offer(Party::Citizen));
    }

    #[test]
    fn a_person_may_ask_only_where_there_are_calls() {
        let calls = |section: &str| {
            let (before, _) = SHIPPED.split_once("\"calls\": ").unwrap();
            Policy::parse(&format!("{before}\"calls\": {section}\n}}")).map(|policy| policy.calls)
        };
        let on = calls("{ \"on\": true }").unwrap();
        assert!(on.may_offer(Party::Advisor) && !on.may_offer(Party::Citizen) && on.relay_only);
        let asked = calls("{ \"on\": true, \"citizen_may_ask\": true, \"places\": 3 }").unwrap();
        assert!(asked.may_offer(Party::Citizen) && asked.places_beside() == 2);
        let off = calls("{ \"on\": false, \"citizen_may_ask\": true }").unwrap();
        assert!(!off.may_offer(Party::Citizen));
        assert!(calls("{ \"on\": true, \"places\": 0 }").is_err());
        assert!(calls("{ \"on\": true, \"record\": true }").is_err());
    }
}
