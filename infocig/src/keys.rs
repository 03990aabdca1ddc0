// SPDX-License-Identifier: EUPL-1.2
//! `infocig keys`: makes the keys that the service needs, exchanges the key of tickets in two steps with nobody logged out, and
//! looks at key sets as the service does.
//!
//! A new key goes to standard output, or into a new file for its owner alone; no file is overwritten.

mod jwks;
mod ticket_keys;

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use crate::signing::SigningPair;
use crate::{Error, While, answer, now, random};

/// Make, exchange and check keys
///
/// Makes the keys of tickets, of backups and of calls of Linea INPS, exchanges the key of tickets with nobody logged out, and
/// checks key sets as the service would.
#[derive(Debug, Args)]
pub(crate) struct Keys {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a key of tickets (`TICKET_KEY`): 32 random bytes as 64 hexadecimal digits
    Ticket(New),
    /// Make a key of backups (`infocig backup --key`): 32 random bytes as 64 hexadecimal digits. Keep a copy elsewhere
    Backup(New),
    /// Make a key pair for calls of Linea INPS (`LINEA_INPS`) or for a portal: P-256 for ES256, PKCS#8 in PEM, and its public
    /// half as a key set
    Signing(Signing),
    /// Put a new key in front of the keys of tickets in a file, or drop the old ones
    RotateTicket(RotateTicket),
    /// Check a key set (RFC 7517) as the service would, and say what each of its keys can be used for
    Jwks(Jwks),
}

#[derive(Debug, Args)]
struct New {
    /// Write it to this new file, for its owner alone (mode 600); left out: to standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Signing {
    /// Write the private half to this new file, for its owner alone (mode 600); left out: to standard output, before the key set
    #[arg(long, value_name = "FILE", conflicts_with = "of")]
    out: Option<PathBuf>,
    /// Make no key: print the public half of the one in this file
    #[arg(long, value_name = "FILE")]
    of: Option<PathBuf>,
    /// The name of the key; left out: its thumbprint (RFC 7638)
    #[arg(long)]
    kid: Option<String>,
}

#[derive(Debug, Args)]
struct RotateTicket {
    /// The file of keys, one a line, as `TICKET_KEY_FILE` names it
    file: PathBuf,
    /// Drop all keys but the first. Refused in the 12 hours after the file was changed, in which their tickets may still be used:
    /// count from the restart that made the first key sign
    #[arg(long)]
    drop_old: bool,
}

#[derive(Debug, Args)]
struct Jwks {
    /// The key set
    file: PathBuf,
    /// One object on one line
    #[arg(long)]
    json: bool,
}

impl Keys {
    pub(crate) fn run(&self) -> Result<(), Error> {
        match &self.command {
            Command::Ticket(New { out }) | Command::Backup(New { out }) => {
                let key = random::hex::<32>()?;
                if let Some(file) = out {
                    return write(file, &key);
                }
                answer(key);
                Ok(())
            }
            Command::Signing(signing) => signing.run(),
            Command::RotateTicket(RotateTicket { file, drop_old }) => {
                let said = if *drop_old {
                    ticket_keys::drop_old(file, now())?
                } else {
                    ticket_keys::put_in_front(file, &random::hex::<32>()?)?
                };
                answer(said);
                Ok(())
            }
            Command::Jwks(Jwks { file, json }) => jwks::check(file, *json),
        }
    }
}

impl Signing {
    fn run(&self) -> Result<(), Error> {
        let pair = match &self.of {
            Some(file) => {
                let text = read(file)?;
                SigningPair::read(&text).ok_or_else(|| {
                    let sentence = format!(
                        "{} is no private key on P-256: it must be PKCS#8 in PEM (`openssl pkcs8 -topk8 -nocrypt`) or a JWK",
                        file.display()
                    );
                    Error::Usage(sentence)
                })?
            }
            None => SigningPair::generate()?,
        };
        match (&self.of, &self.out) {
            (Some(_), _) => {}
            (None, Some(file)) => write(file, pair.pem()?.trim_end())?,
            (None, None) => answer(pair.pem()?.trim_end()),
        }
        let kid = self.kid.clone().unwrap_or_else(|| pair.thumbprint());
        answer(json!({ "keys": [pair.public_jwk(&kid)] }));
        Ok(())
    }
}

fn read(file: &Path) -> Result<String, Error> {
    let name = file.display();
    std::fs::read_to_string(file).map_err(|error| Error::Usage(format!("{name} cannot be read: {error}")))
}

/// Writes a new file for its owner alone. One that exists stays as it is: it may hold the only copy of a key.
fn write(file: &Path, text: &str) -> Result<(), Error> {
    let doing = || format!("writing {}", file.display());
    let mut new =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).while_doing(doing())?;
    new.write_all(format!("{text}\n").as_bytes()).and_then(|()| new.sync_all()).while_doing(doing())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::testing;

    fn run(words: &[&str]) -> Result<(), String> {
        testing::read::<Keys>(words)?.run().map_err(|error| error.to_string())
    }

    #[test]
    fn a_new_key_is_for_its_owner_alone_and_overwrites_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        let path = file.to_str().unwrap();

        for kind in ["ticket", "backup"] {
            run(&[kind, "--out", path]).unwrap();
            let key = fs::read_to_string(&file).unwrap();
            assert!(key.len() == 65 && key.trim().bytes().all(|b| b.is_ascii_hexdigit()), "{key}");
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
            assert!(run(&[kind, "--out", path]).unwrap_err().starts_with("writing "));
            assert_eq!(fs::read_to_string(&file).unwrap(), key);
            fs::remove_file(&file).unwrap();
        }
    }

    #[test]
    fn a_signing_key_is_one_that_settings_take() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key.pem");
        let path = file.to_str().unwrap();

        run(&["signing", "--out", path]).unwrap();
        run(&["signing", "--of", path]).unwrap();

        let pem = fs::read_to_string(&file).unwrap();
        let client = infocig_edge::auth::modi::Identity::new("client".into(), "kid".into(), &pem);
        assert!(client.is_some(), "{pem}");
        fs::write(&file, "no key").unwrap();
        assert!(run(&["signing", "--of", path]).unwrap_err().contains("no private key on P-256"));
    }
}
