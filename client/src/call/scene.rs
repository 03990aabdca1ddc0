// SPDX-License-Identifier: EUPL-1.2
//! What an interface shows of a call beside the machine's view: the microphone, and how loud the two sides are.

use super::{CallView, quality::Quality};

/// What an interface shows of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallScene {
    /// What the machine says.
    pub view: CallView,
    /// The browser asks the person whether the microphone may be used.
    pub asks_permission: bool,
    /// Why there is no microphone, after it was asked for; until the next press.
    pub obstacle: Option<Obstacle>,
    /// The microphone was unplugged, and there is no other.
    pub lost_microphone: bool,
    /// The microphone is switched off.
    pub muted: bool,
    /// How well the two hear each other, as far as it is known.
    pub quality: Option<Quality>,
}

impl Default for CallScene {
    fn default() -> Self {
        Self {
            view: CallView::None,
            asks_permission: false,
            obstacle: None,
            lost_microphone: false,
            muted: false,
            quality: None,
        }
    }
}

impl CallScene {
    /// Whether the two hear each other, or did and look for each other again.
    pub const fn has_sound(&self) -> bool {
        matches!(self.view, CallView::Talking | CallView::Reconnecting)
    }
}

/// Why a device has no part in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The engine has no WebRTC, or not in a page without encryption.
    NoWebrtc,
    /// The page forbids the microphone, whatever the person says: `Permissions-Policy`, or a frame without `allow`.
    Forbidden,
    /// The person, or their settings, said no.
    Denied,
    /// There is no microphone, or another program has it.
    NoDevice,
}

/// The loudness of both sides, each from 0, silent, to [`Levels::LOUDEST`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    /// This side's.
    pub own: u8,
    /// The other side's.
    pub other: u8,
}

impl Levels {
    /// The loudest.
    pub const LOUDEST: u8 = 4;
}

/// How long the two have talked: minutes and seconds, hours before them where there are any.
pub fn clock(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours == 0 { format!("{minutes}:{seconds:02}") } else { format!("{hours}:{minutes:02}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_has_hours_where_there_are_any() {
        assert_eq!([0, 59, 61, 3_600, 36_061].map(clock), ["0:00", "0:59", "1:01", "1:00:00", "10:01:01"]);
    }
}
