// SPDX-License-Identifier: EUPL-1.2
//! The signers of `docs/signers`: with the token that each prints, a person enters.
//!
//! Node.js runs every test of the whole; `cargo xtask test` installs PHP, Python's library, and a compiler of C# with a runtime;
//! Java is taken where it is.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use infocig_demo::KeyPair;
use infocig_e2e::{
    artefacts,
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
        let Some(mut command) = signer.command(folder.path()) else { continue };
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

/// A signer.
struct Signer {
    file: &'static str,
    run_by: RunBy,
    /// Whether `cargo xtask test` installs what runs it.
    is_installed: bool,
}

/// What runs a signer.
enum RunBy {
    /// One of these programs, from its source: the first whose probe ends well.
    Program { names: &'static [&'static str], probe: &'static [&'static str] },
    /// A compiler of C#, and then the runtime of .NET.
    DotNet,
}

impl Signer {
    /// The command that runs it, without its arguments; `None` where nothing does.
    fn command(&self, folder: &Path) -> Option<Command> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/signers").join(self.file);
        match &self.run_by {
            RunBy::Program { names, probe } => {
                let runs = |program: &&&str| {
                    let probed = Command::new(program).args(*probe).output();
                    probed.is_ok_and(|output| output.status.success())
                };
                let mut command = Command::new(names.iter().find(runs)?);
                command.arg(source);
                Some(command)
            }
            RunBy::DotNet => compiled_for_dotnet(&source, folder),
        }
    }
}

/// Compiles a program in C# into `folder`, and returns the command that runs it.
fn compiled_for_dotnet(source: &Path, folder: &Path) -> Option<Command> {
    let (runtime, assemblies) = artefacts::dotnet().ok()?;
    Command::new("mcs").arg("--version").output().ok()?;
    let program = folder.join("Sign.dll");
    let mut compile = Command::new("mcs");
    // The compiler knows the assemblies of Mono: those of .NET take their place.
    compile.args(["-nostdlib", "-noconfig", "-sdk:none", "-langversion:7.2"]);
    compile.arg(format!("-out:{}", program.display())).arg(source);
    for name in [
        "System.Private.CoreLib",
        "System.Runtime",
        "System.Runtime.Extensions",
        "System.Collections",
        "System.Console",
        "System.IO.FileSystem",
        "System.Memory",
        "System.Security.Cryptography.Algorithms",
        "System.Security.Cryptography.Primitives",
        "System.Text.Encoding.Extensions",
        "System.Text.Json",
        "System.Text.RegularExpressions",
    ] {
        let assembly: PathBuf = assemblies.join(format!("{name}.dll"));
        compile.arg(format!("-reference:{}", assembly.display()));
    }
    let output = compile.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
    let configuration = r#"{"runtimeOptions":{"framework":{"name":"Microsoft.NETCore.App","version":"8.0.0"},"configProperties":{"System.Globalization.Invariant":true}}}"#;
    fs::write(folder.join("Sign.runtimeconfig.json"), configuration).unwrap();
    let mut command = Command::new(runtime.join("dotnet"));
    command.arg(program);
    Some(command)
}

const SIGNERS: [Signer; 5] = [
    Signer {
        file: "sign.mjs",
        run_by: RunBy::Program { names: &["node"], probe: &["--version"] },
        is_installed: true,
    },
    Signer {
        file: "sign.py",
        run_by: RunBy::Program {
            names: &["python3", "/usr/bin/python3"],
            probe: &["-c", "import cryptography"],
        },
        is_installed: true,
    },
    Signer {
        file: "sign.php",
        run_by: RunBy::Program {
            names: &["php"],
            probe: &["-r", "exit(extension_loaded('openssl') ? 0 : 1);"],
        },
        is_installed: true,
    },
    Signer {
        file: "Sign.cs",
        run_by: RunBy::DotNet,
        is_installed: cfg!(all(target_os = "linux", target_arch = "x86_64")),
    },
    // A runtime without a compiler cannot run a source.
    Signer {
        file: "Sign.java",
        run_by: RunBy::Program {
            names: &["java"],
            probe: &["-m", "jdk.compiler/com.sun.tools.javac.Main", "--version"],
        },
        is_installed: false,
    },
];
