// SPDX-License-Identifier: EUPL-1.2
//! Starts the stand-in INPS. Says nothing unless something is wrong.

use std::{
    ffi::OsString,
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use infocig_demo::{Settings, serve_until};
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
  --help               this text
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
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            // An address or an origin that cannot be one is a wrong option too.
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
    let settings = Settings { edge: arguments.edge, origin, portal_dir: arguments.portal_dir };

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

#[derive(Debug, PartialEq, Eq)]
struct Arguments {
    listen: String,
    edge: String,
    origin: Option<String>,
    portal_dir: PathBuf,
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
        };
        let mut words = words.into_iter();
        while let Some(flag) = words.next() {
            let flag = flag.to_string_lossy().into_owned();
            if matches!(flag.as_str(), "--help" | "-h") {
                return Ok(Asked::Help);
            }
            if !["--listen", "--edge", "--origin", "--portal-dir"].contains(&flag.as_str()) {
                return Err(format!("unknown option {flag}"));
            }
            let value = words.next().ok_or_else(|| format!("{flag} needs a value"))?;
            if flag == "--portal-dir" {
                arguments.portal_dir = PathBuf::from(value);
                continue;
            }
            let value = value.into_string().map_err(|_| format!("the value of {flag} is not text"))?;
            match flag.as_str() {
                "--listen" => arguments.listen = value,
                "--edge" => arguments.edge = value,
                _ => arguments.origin = Some(value),
            }
        }
        Ok(Asked::Run(arguments))
    }
}

fn complain(message: &str) {
    // Nobody is left to tell when standard error is gone.
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
