// SPDX-License-Identifier: EUPL-1.2
//! The signers of `docs/signers`: with the token that each prints, a person enters.
//!
//! Node.js runs every test of the whole; `cargo xtask test` installs PHP and Python's library; Java is taken where it is.
//! `Sign.cs` is run by no test: no package of Debian has the SDK of .NET.

use std::{env, fs, path::Path, process::Command};

use infocig_demo::KeyPair;
use infocig_e2e::{
    edge::{Edge, EdgeOptions},
    issuer::Issuer,
    scene::Scene,
};
use infocig_protocol::http::ConversationOpened;

#[tokio::test]
async fn with_the_token_of_every_signer_that_runs_here_a_person_enters() {
    let pair = KeyPair::generate().unwrap();
    let issuer = Issuer::start_with_key(&pair).await.unwrap();
    let edge = Edge::start(EdgeOptions::trusting(issuer.setting())).await.unwrap();
    let scene = Scene { edge, issuer };
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key.pem");
    fs::write(&key, pair.private_pem()).unwrap();
    let kid = scene.issuer.signer().kid();

    let mut opened: Vec<(&str, ConversationOpened)> = Vec::new();
    for signer in &SIGNERS {
        let Some(program) = signer.program() else { continue };
        let mut command = Command::new(program);
        command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/signers").join(signer.file));
        command.arg(&key).args([kid, scene.issuer.origin(), &scene.edge.url()]);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", signer.file);
        let token = String::from_utf8(output.stdout).unwrap();

        let answer = scene.present(Some(token.trim())).await.unwrap();

        // All sign for the same person: the first opens the conversation, the others lead back into it.
        let expected = if opened.is_empty() { 201 } else { 200 };
        assert_eq!(answer.status, expected, "{}: {}", signer.file, answer.body);
        opened.push((signer.file, answer.document(expected).unwrap()));
    }

    let (_, first) = opened.first().unwrap();
    for (file, other) in &opened {
        assert_eq!(other.conversation, first.conversation, "{file} names another person");
    }
    let missing: Vec<&str> = SIGNERS
        .iter()
        .filter(|signer| signer.is_installed && !opened.iter().any(|(file, _)| *file == signer.file))
        .map(|signer| signer.file)
        .collect();
    assert!(env::var_os("CI").is_none() || missing.is_empty(), "nothing runs {missing:?}");
    scene.chat(&opened[0].1).await.unwrap().post_message("Quando sarò pagato?").await.unwrap();
}

/// A signer, and the programs that can run it: the first whose probe ends well does.
struct Signer {
    file: &'static str,
    programs: &'static [&'static str],
    probe: &'static [&'static str],
    /// Whether `cargo xtask test` installs its program.
    is_installed: bool,
}

impl Signer {
    fn program(&self) -> Option<&'static str> {
        let runs = |program: &&&str| {
            let probed = Command::new(program).args(self.probe).output();
            probed.is_ok_and(|output| output.status.success())
        };
        self.programs.iter().find(runs).copied()
    }
}

const SIGNERS: [Signer; 4] = [
    Signer { file: "sign.mjs", programs: &["node"], probe: &["--version"], is_installed: true },
    Signer {
        file: "sign.py",
        programs: &["python3", "/usr/bin/python3"],
        probe: &["-c", "import cryptography"],
        is_installed: true,
    },
    Signer {
        file: "sign.php",
        programs: &["php"],
        probe: &["-r", "exit(extension_loaded('openssl') ? 0 : 1);"],
        is_installed: true,
    },
    // A runtime without a compiler cannot run a source.
    Signer {
        file: "Sign.java",
        programs: &["java"],
        probe: &["-m", "jdk.compiler/com.sun.tools.javac.Main", "--version"],
        is_installed: false,
    },
];
