// SPDX-License-Identifier: EUPL-1.2
//! Identifiers: opaque, printable, safe in a URL, never personal data.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    codec::{Read, Tree, Write, Writer},
    limits::MAX_ID_CHARS,
};

/// The error of a text that is not an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidId {
    expected: &'static str,
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an identifier must be {}", self.expected)
    }
}

impl std::error::Error for InvalidId {}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $accepts:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Checks the form and takes the text.
            pub fn parse(text: impl Into<String>) -> Result<Self, InvalidId> {
                let text = text.into();
                let accepts: fn(&str) -> bool = $accepts;
                if accepts(&text) { Ok(Self(text)) } else { Err(InvalidId { expected: $expected }) }
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::parse(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }

        impl Read for $name {
            fn read<J: Tree>(json: &J) -> Option<Self> {
                Self::parse(json.text()?).ok()
            }
        }

        impl Write for $name {
            fn write(&self, out: &mut Writer) {
                out.text(&self.0);
            }
        }
    };
}

identifier!(
    /// One conversation: the 64 hexadecimal digits of its object, a hyphen and its ordinal there (`…e2-1`).
    ///
    /// It names the conversation in URLs and grants nothing: access needs a ticket.
    ConversationId,
    "64 hexadecimal digits, a hyphen and a number from 1",
    |text| {
        text.split_once('-').is_some_and(|(object, ordinal)| is_object_id(object) && ordinal_of(ordinal).is_some())
    }
);

identifier!(
    /// One message, named by its author's device, so that sending it twice stores it once.
    MessageId,
    "1 to 64 letters, digits, hyphens or underscores",
    is_word
);

identifier!(
    /// One device in a call, named by itself.
    SeatId,
    "1 to 64 letters, digits, hyphens or underscores",
    is_word
);

identifier!(
    /// One advisor, as the administration's sign-in names them.
    AdvisorId,
    "1 to 64 letters, digits, hyphens or underscores",
    is_word
);

identifier!(
    /// One queue of the policy.
    QueueId,
    "1 to 64 letters, digits, hyphens or underscores",
    is_word
);

identifier!(
    /// One desk: the queues that share advisors and their places.
    DeskId,
    "1 to 64 letters, digits, hyphens or underscores",
    is_word
);

impl From<QueueId> for DeskId {
    /// The desk of a queue that shares its advisors with no other one has the queue's name.
    fn from(queue: QueueId) -> Self {
        Self(queue.0)
    }
}

impl From<DeskId> for QueueId {
    /// The queue that a desk has its name of, where it has it of one.
    fn from(desk: DeskId) -> Self {
        Self(desk.0)
    }
}

identifier!(
    /// One case, as its registry names it.
    CaseId,
    "1 to 64 letters, digits, hyphens or underscores",
    is_word
);

identifier!(
    /// One polled link, named by the client that opens it.
    LinkId,
    "1 to 64 letters, digits, hyphens or underscores",
    is_word
);

impl ConversationId {
    /// The conversation number `ordinal` (from 1) of the object named by 64 hexadecimal digits.
    pub fn of(object: &str, ordinal: u32) -> Result<Self, InvalidId> {
        Self::parse(format!("{object}-{ordinal}"))
    }

    /// The object that holds the conversation: 64 hexadecimal digits.
    pub fn object(&self) -> &str {
        self.0.split_once('-').map_or("", |(object, _)| object)
    }

    /// The number people read and say: `7F3A-91C2-0B5D-3`. It names the conversation for people who know it, and gives no
    /// access.
    pub fn number(&self) -> String {
        let digits = self.object().get(..12).unwrap_or_default().to_ascii_uppercase();
        let groups = [digits.get(..4), digits.get(4..8), digits.get(8..)];
        let groups: Vec<&str> = groups.into_iter().flatten().collect();
        format!("{}-{}", groups.join("-"), self.ordinal())
    }

    /// The number of the conversation within its object, from 1.
    pub fn ordinal(&self) -> u32 {
        self.0.split_once('-').and_then(|(_, ordinal)| ordinal_of(ordinal)).unwrap_or(0)
    }
}

fn is_object_id(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

fn ordinal_of(text: &str) -> Option<u32> {
    let starts_well = text.bytes().next().is_some_and(|b| (b'1'..=b'9').contains(&b));
    if starts_well { text.parse().ok() } else { None }
}

fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MAX_ID_CHARS
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests {

    use super::*;

    const OBJECT: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    #[test]
    fn a_conversation_id_says_its_object_and_its_ordinal() {
        let id = ConversationId::of(OBJECT, 12).unwrap();

        assert_eq!((id.object(), id.ordinal()), (OBJECT, 12));
        assert_eq!(ConversationId::parse(id.to_string()), Ok(id));
    }

    #[test]
    fn a_conversation_has_a_number_that_can_be_read_out() {
        let of = |ordinal| ConversationId::of(OBJECT, ordinal).unwrap().number();
        assert_eq!((of(3).as_str(), of(12).as_str()), ("0011-2233-4455-3", "0011-2233-4455-12"));
    }

    #[test]
    fn a_malformed_conversation_id_is_refused_with_the_form_it_should_have() {
        for wrong in ["", "-1", OBJECT, &format!("{OBJECT}-0"), &format!("{OBJECT}-01"), "../../x-1"] {
            let error = ConversationId::parse(wrong).unwrap_err();
            assert_eq!(
                error.to_string(),
                "an identifier must be 64 hexadecimal digits, a hyphen and a number from 1"
            );
        }
    }

    #[test]
    fn a_message_id_is_short_and_safe_in_a_url() {
        assert!(MessageId::parse("a-Z_9").is_ok());
        assert!(MessageId::parse("x".repeat(64)).is_ok());
        for wrong in ["", "a b", "é", "a/b", &"x".repeat(65)] {
            assert!(MessageId::parse(wrong).is_err(), "{wrong}");
        }
    }
}
