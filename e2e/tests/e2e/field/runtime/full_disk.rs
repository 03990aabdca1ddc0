// SPDX-License-Identifier: EUPL-1.2
//! A disk that is full: a limit on the size of files makes every write fail, and is lifted again.

use std::{fs, path::Path, process::Command};

use infocig_e2e::{
    edge::{EdgeOptions, USUAL_LIMITS},
    error::{Error, While},
    scene::Scene,
    wait,
};

#[tokio::test]
async fn on_a_full_disk_nothing_is_acknowledged_that_is_not_stored_and_with_room_it_goes_on_by_itself() {
    // A program that ignores the signal receives an error from the write.
    let limits = Box::leak(format!("trap '' XFSZ; {USUAL_LIMITS}").into_boxed_str());
    let scene = Scene::with(|options| EdgeOptions { served: Some(limits), ..options }).await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut chat = scene.chat(&opened).await.unwrap();
    let mut acknowledged = vec![chat.post_message("Prima.").await.unwrap().seq];

    let disk = Disk::of(scene.edge.folder()).unwrap();
    disk.fill().unwrap();
    let unheard = loop {
        let id = format!("while-full-{}", acknowledged.len());
        let posted = async {
            chat.post(&id, "Durante.").await?;
            chat.listen().await
        };
        match posted.await {
            Ok(entry) => acknowledged.push(entry.seq),
            Err(_) => break id,
        }
        assert!(acknowledged.len() < 2_000, "the disk was never full");
    };
    let claims = scene.claims("worker-napoli").unwrap();
    let refused = scene.ask(&claims).await.unwrap();
    assert!(refused.status >= 500 && refused.problem().is_ok(), "{refused:?}");

    disk.make_room().unwrap();
    let comes_back = async || scene.chat(&opened).await.ok();
    let mut chat = wait::until("the conversation again", comes_back).await.unwrap();
    let stored = chat.log.iter().filter(|entry| entry.message().is_some()).map(|entry| entry.seq);
    assert_eq!(stored.collect::<Vec<_>>(), acknowledged, "what was acknowledged, and nothing else");
    chat.post(&unheard, "Durante.").await.unwrap();
    let entry = chat.listen().await.unwrap();
    assert_eq!(entry.message().map(|(id, ..)| id.as_str()), Some(&*unheard));
    let enters = async || (scene.ask(&claims).await.ok()?.status == 201).then_some(());
    wait::until("people are let in", enters).await.unwrap();
}

/// The room that a runtime has for its files.
struct Disk {
    runtime: u32,
}

impl Disk {
    /// Of the runtime on a folder of data.
    fn of(folder: &Path) -> Result<Self, Error> {
        let name = folder.display().to_string();
        let is_runtime = |pid: &u32| {
            let line = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            line.split('\0').next().is_some_and(|program| program.ends_with("workerd"))
                && line.contains(&name)
        };
        let processes = fs::read_dir("/proc").while_doing("looking for the runtime")?;
        let mut numbers = processes.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        let runtime = numbers.find(is_runtime).ok_or_else(|| Error::new(format!("no runtime on {name}")))?;
        Ok(Self { runtime })
    }

    /// Nothing can be written any more.
    fn fill(&self) -> Result<(), Error> {
        self.limit("1")
    }

    fn make_room(&self) -> Result<(), Error> {
        self.limit("unlimited")
    }

    fn limit(&self, bytes: &str) -> Result<(), Error> {
        let mut limit = Command::new("prlimit");
        limit.args(["--pid", &self.runtime.to_string(), &format!("--fsize={bytes}:unlimited")]);
        let ran = limit.output().while_doing("limiting the size of files")?;
        if ran.status.success() { Ok(()) } else { Err(Error::new(String::from_utf8_lossy(&ran.stderr))) }
    }
}
