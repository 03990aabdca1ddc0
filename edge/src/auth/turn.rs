// SPDX-License-Identifier: EUPL-1.2
//! Credentials of the relay, good for ten minutes: the REST scheme of TURN servers, whose user name begins with the instant of
//! its end, and whose password is the HMAC-SHA1 of the name under a secret that the server shares with the service.
//!
//! The rest of the name is opaque and the same for one side of one call, so that the server's quota for each user holds for each
//! side, and its log names nobody.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use hmac::{Hmac, Mac as _};
use infocig_domain::people::Speaker;
use infocig_protocol::{call::RelayServer, id::ConversationId, time::Timestamp};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// How long credentials may begin something; what has begun goes on.
pub const LASTS_S: i64 = 600;

/// The relay's servers with credentials for one side of a call, made at `now` of the wall clock. HMAC takes a key of any length,
/// so that they are never `None`.
pub fn credentials(
    urls: &[String],
    secret: &str,
    conversation: &ConversationId,
    call: u64,
    speaker: &Speaker,
    now: Timestamp,
) -> Option<RelayServer> {
    let username = format!("{}:{}", expiry(now), user(secret, conversation, call, speaker));
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(username.as_bytes());
    let credential = STANDARD.encode(mac.finalize().into_bytes());
    Some(RelayServer { urls: urls.to_vec(), username, credential })
}

/// The last second in which credentials made at `now` begin something.
pub fn expiry(now: Timestamp) -> i64 {
    now.as_millis().div_euclid(1_000) + LASTS_S
}

/// The name of one side of a call for the relay. It leads nobody back to the conversation who does not know the secret.
fn user(secret: &str, conversation: &ConversationId, call: u64, speaker: &Speaker) -> String {
    let side = speaker.party().as_str();
    let digest = Sha256::digest(format!("info-cig relay\n{secret}\n{conversation}\n{call}\n{side}"));
    URL_SAFE_NO_PAD.encode(digest.get(..NAME_BYTES).unwrap_or_default())
}

/// 20 characters: enough that no two are the same.
const NAME_BYTES: usize = 15;

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "north";

    #[test]
    fn a_password_is_the_one_that_the_relay_computes() {
        let made = made(1_795_442_400_000, 3, &Speaker::Citizen);
        let (until, name) = made.username.split_once(':').unwrap();
        assert_eq!((until, name.len()), ("1795443000", 20));
        // By `printf %s "$name" | openssl dgst -sha1 -hmac north -binary | base64`.
        let mut mac = Hmac::<Sha1>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(b"1433895918:ninefingers");
        assert_eq!(STANDARD.encode(mac.finalize().into_bytes()), KNOWN);
    }

    #[test]
    fn a_side_of_a_call_has_one_name_and_no_other_side_has_it() {
        let name = |made: RelayServer| made.username.split_once(':').unwrap().1.to_string();
        let first = name(made(1_000, 3, &Speaker::Citizen));
        assert_eq!(name(made(900_000, 3, &Speaker::Citizen)), first, "later");
        assert_ne!(name(made(1_000, 5, &Speaker::Citizen)), first, "another call");
        let giulia = infocig_domain::people::Advisor {
            id: infocig_protocol::id::AdvisorId::parse("giulia").unwrap(),
            name: "Giulia".into(),
        };
        assert_ne!(name(made(1_000, 3, &Speaker::Advisor(giulia))), first, "the other side");
        let object = "0f".repeat(32);
        assert!(!first.contains(&object[..8]));
    }

    fn made(now: i64, call: u64, speaker: &Speaker) -> RelayServer {
        let id = ConversationId::of(&"0f".repeat(32), 1).unwrap();
        let urls = ["turn:turn.example".to_string()];
        credentials(&urls, SECRET, &id, call, speaker, Timestamp::from_millis(now)).unwrap()
    }

    const KNOWN: &str = "jy8hTxmOO7UtEKXqSkSlvakPVYA=";
}
