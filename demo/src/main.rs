// SPDX-License-Identifier: EUPL-1.2
//! Starts the stand-in INPS, or writes the key pair with which the edge calls its Linea INPS. Prints nothing
//! except results and errors.

use std::{
    ffi::OsString,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use infocig_demo::{Client, KeyPair, Settings, edge_setting, serve_until};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

const HELP: &str = "\
infocig-demo: a stand-in for INPS's portals, with invented people, to try INFO CIG

  --listen ADDRESS     where to listen                  [127.0.0.1:8788]
  --edge ORIGIN        where INFO CIG answers           [http://127.0.0.1:8787]
  --origin ORIGIN      how browsers reach this server   [http:// and the address]
  --portal-dir FOLDER  the portal's pages               [public/portal]
  --client-key FILE    public key (PEM) of the client of Linea INPS and the registry  [none]
  --client-kid NAME    the kid of that key              [its RFC 7638 thumbprint]
  --client-id NAME     the id of that client            [info-cig]
  --audit              refuse calls without Agid-JWT-TrackingEvidence
  --help               this text

infocig-demo client-key FILE [--origin ORIGIN] [--client-id NAME]

  Keeps the client's key pair: the private half in FILE, made if it is not there, the public half in FILE.pub.
  Prints what INFO CIG needs to know to call this server: its setting LINEA_INPS.
";

/// How long requests may take to finish once the process was asked to stop.
const GRACE: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match Arguments::parse(std::env::args_os().skip(1)) {
        Ok(Asked::Run(arguments)) => arguments,
        Ok(Asked::Help) => {
            let _ = io::stdout().write_all(HELP.as_bytes());
            return ExitCode::SUCCESS;
        }
        Err(wrong) => {
            complain(&format!("{wrong} (--help shows every option)"));
            return ExitCode::from(2);
        }
    };
    let outcome = match arguments.pair.clone() {
        Some(file) => keep_pair(&file, &arguments),
        None => run(arguments).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            // An invalid address or origin is a wrong option too.
            if error.kind() == io::ErrorKind::InvalidInput { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

async fn run(arguments: Arguments) -> io::Result<()> {
    let listener = TcpListener::bind(&arguments.listen).await.map_err(|error| {
        let message = if error.kind() == io::ErrorKind::AddrInUse {
            format!(
                "{} is taken: end the program that listens there, or choose with --listen",
                arguments.listen
            )
        } else {
            format!("cannot listen on {}: {error}", arguments.listen)
        };
        io::Error::new(error.kind(), message)
    })?;
    let origin = match arguments.origin {
        Some(origin) => origin,
        None => format!("http://{}", listener.local_addr()?),
    };
    let mut settings = Settings::new(arguments.edge, origin, arguments.portal_dir);
    settings.audit = arguments.audit;
    if let Some(file) = arguments.client_key {
        let public_key = read(&file)?;
        settings.client = Some(Client { id: arguments.client_id, public_key, kid: arguments.client_kid });
    }

    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let serving = serve_until(listener, settings, async {
        let _ = stopped.await;
    });
    let grace_is_over = async {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        let _ = stop.send(());
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        result = serving => result,
        () = grace_is_over => Ok(()),
    }
}

/// Keeps the pair in `file` and prints the edge's setting.
fn keep_pair(file: &Path, arguments: &Arguments) -> io::Result<()> {
    let pair = KeyPair::kept_in(file)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", file.display())))?;
    let origin = arguments.origin.clone().unwrap_or_else(|| format!("http://{}", arguments.listen));
    let setting = edge_setting(&origin, &arguments.client_id, &pair);
    writeln!(io::stdout(), "{setting}")
}

fn read(file: &Path) -> io::Result<String> {
    std::fs::read_to_string(file)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", file.display())))
}

#[derive(Debug, PartialEq, Eq)]
struct Arguments {
    listen: String,
    edge: String,
    origin: Option<String>,
    portal_dir: PathBuf,
    client_key: Option<PathBuf>,
    client_kid: Option<String>,
    client_id: String,
    audit: bool,
    /// The file of the key pair to write, instead of starting a server.
    pair: Option<PathBuf>,
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Run(Arguments),
    Help,
}

impl Arguments {
    fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Asked, String> {
        let mut arguments = Self {
            listen: "127.0.0.1:8788".to_owned(),
            edge: "http://127.0.0.1:8787".to_owned(),
            origin: None,
            portal_dir: PathBuf::from("public/portal"),
            client_key: None,
            client_kid: None,
            client_id: "info-cig".to_owned(),
            audit: false,
            pair: None,
        };
        let mut words = words.into_iter().peekable();
        if words.next_if(|word| word == "client-key").is_some() {
            let file = words.next().filter(|word| !word.to_string_lossy().starts_with("--"));
            arguments.pair = Some(PathBuf::from(file.ok_or("client-key needs a file")?));
        }
        while let Some(flag) = words.next() {
            let flag = flag.to_string_lossy().into_owned();
            if matches!(flag.as_str(), "--help" | "-h") {
                return Ok(Asked::Help);
            }
            let known: &[&str] = match arguments.pair {
                Some(_) => &["--origin", "--client-id"],
                None => &[
                    "--listen",
                    "--edge",
                    "--origin",
                    "--portal-dir",
                    "--client-key",
                    "--client-kid",
                    "--client-id",
                    "--audit",
                ],
            };
            if !known.contains(&flag.as_str()) {
                return Err(format!("unknown option {flag}"));
            }
            if flag == "--audit" {
                arguments.audit = true;
                continue;
            }
            let value = words.next().ok_or_else(|| format!("{flag} needs a value"))?;
            match flag.as_str() {
                "--portal-dir" => {
                    arguments.portal_dir = PathBuf::from(value);
                    continue;
                }
                "--client-key" => {
                    arguments.client_key = Some(PathBuf::from(value));
                    continue;
                }
                _ => {}
            }
            let value = value.into_string().map_err(|_| format!("the value of {flag} is not text"))?;
            match flag.as_str() {
                "--listen" => arguments.listen = value,
                "--edge" => arguments.edge = value,
                "--client-kid" => arguments.client_kid = Some(value),
                "--client-id" => arguments.client_id = value,
                _ => arguments.origin = Some(value),
            }
        }
        Ok(Asked::Run(arguments))
    }
}

fn complain(message: &str) {
    // A closed standard error has no reader.
    let _ = writeln!(io::stderr(), "infocig-demo: {message}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_options_it_plays_the_usual_scene() {
        let Ok(Asked::Run(arguments)) = parse(&[]) else { panic!("expected to run") };

        assert_eq!(arguments.listen, "127.0.0.1:8788");
        assert_eq!(arguments.edge, "http://127.0.0.1:8787");
        assert_eq!(arguments.origin, None);
    }

    #[test]
    fn options_are_taken() {
        let Ok(Asked::Run(arguments)) =
            parse(&["--listen", "[::1]:1", "--edge", "https://e", "--portal-dir", "p"])
        else {
            panic!("expected to run")
        };

        assert_eq!((arguments.listen.as_str(), arguments.edge.as_str()), ("[::1]:1", "https://e"));
        assert_eq!(arguments.portal_dir, PathBuf::from("p"));
    }

    #[test]
    fn a_client_has_a_name_and_a_key() {
        let words = ["--client-key", "k.pub", "--client-kid", "k1", "--client-id", "chat", "--audit"];
        let Ok(Asked::Run(arguments)) = parse(&words) else { panic!("expected to run") };

        assert_eq!(arguments.client_key, Some(PathBuf::from("k.pub")));
        assert_eq!((arguments.client_kid.as_deref(), arguments.client_id.as_str()), (Some("k1"), "chat"));
        assert!(arguments.audit && arguments.pair.is_none());
    }

    #[test]
    fn a_pair_is_kept_in_a_file() {
        let Ok(Asked::Run(arguments)) = parse(&["client-key", "k", "--origin", "http://p"]) else {
            panic!("expected to run")
        };

        assert_eq!(arguments.pair, Some(PathBuf::from("k")));
        assert_eq!(parse(&["client-key"]), Err("client-key needs a file".to_owned()));
        assert_eq!(parse(&["client-key", "k", "--audit"]), Err("unknown option --audit".to_owned()));
    }

    #[test]
    fn a_wrong_option_is_named() {
        assert_eq!(parse(&["--port", "1"]), Err("unknown option --port".to_owned()));
        assert_eq!(parse(&["--edge"]), Err("--edge needs a value".to_owned()));
    }

    #[test]
    fn help_wins() {
        assert_eq!(parse(&["--edge", "x", "--help"]), Ok(Asked::Help));
    }

    fn parse(words: &[&str]) -> Result<Asked, String> {
        Arguments::parse(words.iter().map(OsString::from))
    }
}
