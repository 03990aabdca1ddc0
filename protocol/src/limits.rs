// SPDX-License-Identifier: EUPL-1.2
//! Sizes and times both ends hold each other to.

/// Longest message, in characters (Unicode scalar values), counted on the text as written.
pub const MAX_MESSAGE_CHARS: usize = 4_000;
/// Largest frame, in bytes of UTF-8. A message of [`MAX_MESSAGE_CHARS`] fits even when JSON escapes every character
/// as a surrogate pair (12 bytes each).
pub const MAX_FRAME_BYTES: usize = 64 * 1024;
/// Longest identifier a client may make, in characters.
pub const MAX_ID_CHARS: usize = 64;
/// Largest hand-off token, in bytes.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;
/// Most entries in one `entries` frame.
pub const MAX_ENTRIES_PER_FRAME: u32 = 200;
/// A socket must say `hello` within this many milliseconds.
pub const HELLO_WITHIN_MS: i64 = 10_000;
/// What a client sends to ask whether the link is alive. Not JSON: the runtime answers it without waking the object.
pub const PING: &str = "PING";
/// The answer to [`PING`].
pub const PONG: &str = "PONG";
