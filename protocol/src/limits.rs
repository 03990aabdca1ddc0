// SPDX-License-Identifier: EUPL-1.2
//! Sizes and times both ends enforce.

/// Longest message, in characters (Unicode scalar values), counted on the text as written.
pub const MAX_MESSAGE_CHARS: usize = 4_000;
/// Longest internal note, in characters.
pub const MAX_NOTE_CHARS: usize = 2_000;
/// Longest text of an advisor's own quick reply in one language, in characters.
pub const MAX_REPLY_CHARS: usize = 1_000;
/// Longest name of an advisor's own quick reply, in characters.
pub const MAX_REPLY_NAME_CHARS: usize = 60;
/// Most quick replies of an advisor's own, at a desk.
pub const MAX_OWN_REPLIES: usize = 30;
/// Longest reason of a hold or a block, in characters.
pub const MAX_REASON_CHARS: usize = 200;
/// Longest comment beside a rating, in characters.
pub const MAX_COMMENT_CHARS: usize = 1_000;
/// Longest description of a segnalazione, in characters.
pub const MAX_DESCRIPTION_CHARS: usize = 4_000;
/// Most messages a segnalazione takes along.
pub const MAX_ATTACHED: usize = 100;
/// Most characters of all messages a segnalazione takes along.
pub const MAX_ATTACHED_CHARS: usize = 100_000;
/// Longest answer of an office, in characters.
pub const MAX_ANSWER_CHARS: usize = 16_000;
/// Longest protocol number or *ticket*, in characters. INPS publishes no form for either.
pub const MAX_PROTOCOL_CHARS: usize = 64;
/// Most conversations in a history: that of a person, and the earlier ones an advisor is sent.
pub const MAX_HISTORY: u32 = 20;
/// Largest frame, in bytes of UTF-8. A message of [`MAX_MESSAGE_CHARS`] fits even when JSON escapes every character
/// as a surrogate pair (12 bytes each).
pub const MAX_FRAME_BYTES: usize = 64 * 1024;
/// Longest identifier a client may make, in characters.
pub const MAX_ID_CHARS: usize = 64;
/// Largest hand-off token, in bytes.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;
/// Most characters of a first message by which a conversation is told from others in a list.
pub const MAX_BEGINNING_CHARS: usize = 80;
/// Longest question to the automatic assistant.
pub const MAX_QUESTION_CHARS: usize = 1_000;
/// Most questions to the automatic assistant in the log of a conversation.
pub const MAX_ASSISTANT_ENTRIES: usize = 20;
/// Most entries in one `entries` frame.
pub const MAX_ENTRIES_PER_FRAME: u32 = 200;
/// A page ends with the entry that takes it to this many characters of bodies, however few entries it has.
pub const MAX_PAGE_CHARS: u32 = 128 * 1024;
/// A client sends `typing` at most this often.
pub const TYPING_EVERY_MS: i64 = 3_000;
/// For so long after `typing` its author is taken to be writing, unless a message of theirs comes first.
pub const TYPING_LASTS_MS: i64 = 6_000;
/// Longest text of a signal between the two devices of a call, in characters: several times a description of voice, picture,
/// screen and text.
pub const MAX_SIGNAL_CHARS: usize = 24_000;
/// Most signals that one side of a call sends at once.
pub const SIGNALS_AT_ONCE: u32 = 60;
/// Most signals that one side of a call sends a minute after that.
pub const SIGNALS_PER_MINUTE: u32 = 120;
/// An offer to talk that nobody answers is over after so long.
pub const CALL_OFFER_LASTS_MS: i64 = 60_000;
/// Two devices that have not found each other after so long, or have lost each other for so long, end the call.
pub const CALL_CONNECTS_WITHIN_MS: i64 = 45_000;
/// The devices of a call that goes on say so at least this often.
pub const CALL_HEARD_EVERY_MS: i64 = 60_000;
/// A call of which neither device has said for so long that it goes on is over.
pub const CALL_SILENT_AFTER_MS: i64 = 180_000;
/// A socket that has not answered for itself with a [`PING`] for so long is taken to be gone. Longer than the minute to
/// which browsers slow the timers of a hidden page.
pub const SILENT_AFTER_MS: i64 = 75_000;
/// The whole body of a request comes within so long: a megabyte in half a minute is the slowest of phones.
pub const MAX_BODY_MS: u64 = 30_000;
/// Largest body of a poll, in bytes.
pub const MAX_POLL_BYTES: usize = 16 * MAX_FRAME_BYTES;
/// How long a poll waits for a frame. Browsers open six connections to a host over HTTP/1.1: where as many links
/// wait, a message must find one free within the time of a heartbeat.
pub const POLL_WAITS_MS: i64 = 3_000;
/// A polled link without a waiting request for so long is gone.
pub const POLL_LOST_AFTER_MS: i64 = 30_000;
/// A person who reads on pages without a link counts as connected for so long after each one they ask for: longer than the
/// longest time after which such a page loads itself anew.
pub const PAGE_LOST_AFTER_MS: i64 = 90_000;
/// A socket must say `hello` within this many milliseconds.
pub const HELLO_WITHIN_MS: i64 = 10_000;
/// The heartbeat of a client. Not JSON: the runtime answers it without waking the object.
pub const PING: &str = "PING";
/// The answer to [`PING`].
pub const PONG: &str = "PONG";
