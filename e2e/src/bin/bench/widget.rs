// SPDX-License-Identifier: EUPL-1.2
//! The cost of INFO CIG for a portal's page, and the time a person waits for it, in Chromium.
//!
//! Bytes are those of the bodies as the edge sends them to a browser. Times of a cold browser are of one with a fresh profile;
//! those of a warm one, of the same after it has loaded the page twice. Slow means a processor of a quarter of the speed and
//! 1.6 Mbit/s down, 750 kbit/s up, 150 ms there and back.

mod long;
mod visit;

use std::{collections::BTreeSet, fmt::Display};

use infocig_e2e::{
    artefacts,
    browser::{Browser, Scripts},
    edge::{Edge, EdgeOptions, policy_without_limits},
    error::{Error, While},
    linea_inps::LineaInps,
    scene::Scene,
    wait::within_patience,
};
use infocig_protocol::{entry::EntryBody, http::ConversationOpened};
use reqwest::header;
use serde_json::{Map, Value};

use self::visit::{Device, Load, Memory, Press, Visit};
use super::Findings;

pub(crate) async fn measure() -> Result<Findings, Error> {
    let mut found = Findings { rows: Vec::new(), json: Value::Object(Map::new()) };
    let site = Some(artefacts::site()?);
    let policy = policy_without_limits()?;
    let office = LineaInps::open(|options| EdgeOptions { site, ..options }.with_policy(policy)).await?;
    bytes(&office, &mut found).await?;
    times(&office, Device::AsItIs, &mut found).await?;
    times(&office, Device::Slow, &mut found).await?;
    page(&office, &mut found).await?;
    memory(&office, &mut found).await?;
    long::measure(&office, &mut found).await?;
    Ok(found)
}

/// The files fetched before any press, until the field is usable, and until the queue place is shown.
async fn bytes(office: &LineaInps, found: &mut Findings) -> Result<(), Error> {
    let browser = Browser::start(Scripts::Run).await?;
    let visit = Visit::begin(&browser, &office.portal, WORKER).await?;
    visit.load().await?;
    let idle = weigh(office.edge(), visit.page().fetched().await?).await?;
    let typing = weigh(office.edge(), visit.press().await?.fetched).await?;
    visit.page().place_says(&[]).await?;
    let waiting = weigh(office.edge(), visit.page().fetched().await?).await?;
    part(office, &visit).await?;
    for (words, name, (requests, bytes)) in [
        ("before anything is pressed", "idle", idle),
        ("until one can write", "until_typing", typing),
        ("until one is in the queue", "until_waiting", waiting),
    ] {
        found.note(&format!("files of INFO CIG {words}"), &format!("{name}_requests"), requests);
        found.kilobytes("  as the edge sends them", &format!("{name}_bytes"), bytes);
    }
    Ok(())
}

/// The number of files at these paths, and the bytes of their bodies as sent to a browser.
async fn weigh(edge: &Edge, paths: Vec<String>) -> Result<(usize, u64), Error> {
    let paths: BTreeSet<String> = paths.into_iter().collect();
    let mut bytes = 0;
    for path in &paths {
        let request = edge.http().get(format!("{}{path}", edge.url()));
        let request = request.header(header::ACCEPT_ENCODING, "gzip, deflate, br, zstd");
        let body = async { request.send().await?.error_for_status()?.bytes().await };
        let body = within_patience(path, body).await?.while_doing(format_args!("fetching {path}"))?;
        bytes += u64::try_from(body.len()).while_doing("counting bytes")?;
    }
    Ok((paths.len(), bytes))
}

/// The times from the navigation to the launcher, and from a press on it to a usable field.
async fn times(office: &LineaInps, device: Device, found: &mut Findings) -> Result<(), Error> {
    let (mut cold, mut warm) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let browser = Browser::start(Scripts::Run).await?;
        let visit = Visit::begin(&browser, &office.portal, WORKER).await?;
        visit.device(device).await?;
        cold.push((visit.load().await?, visit.press().await?));
        part(office, &visit).await?;
        visit.load().await?;
        warm.push((visit.load().await?, visit.press().await?));
        part(office, &visit).await?;
    }
    let which = match device {
        Device::AsItIs => "plain",
        Device::Slow => "slow",
    };
    for (temperature, times) in [("cold", cold), ("warm", warm)] {
        let mut figure = |words: &str, name: &str, of: fn(&(Load, Press)) -> Option<f64>| {
            let words = format!("{which}, {temperature}: {words}, median");
            let figure = middle(times.iter().filter_map(of));
            found.time(&words, &format!("{which}_{temperature}_{name}_ms"), figure);
        };
        figure("address to button", "button", |(load, _)| load.button);
        figure("press to panel", "panel", |(_, press)| Some(press.panel));
        figure("press to a field one can write in", "typing", |(_, press)| Some(press.typing));
    }
    Ok(())
}

/// The metrics of the page on a slow device, with INFO CIG and without, in alternation.
async fn page(office: &LineaInps, found: &mut Findings) -> Result<(), Error> {
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        for (loads, is_there) in [(&mut without, false), (&mut with, true)] {
            let browser = Browser::start(Scripts::Run).await?;
            let visit = Visit::begin(&browser, &office.portal, WORKER).await?;
            visit.device(Device::Slow).await?;
            loads.push(if is_there { visit.load().await? } else { visit.load_without().await? });
        }
    }
    let median = |loads: &[Load], of: fn(&Load) -> f64| middle(loads.iter().map(of));
    for (words, name, of) in [
        ("longest task on load", "longest_task", (|load| load.longest_task) as fn(&Load) -> f64),
        ("largest contentful paint", "largest_paint", |load| load.largest_paint),
    ] {
        let (with, without) = (median(&with, of), median(&without, of));
        found.time(&format!("slow: {words}, median"), &format!("{name}_ms"), with);
        found.time("  without INFO CIG", &format!("{name}_without_ms"), without);
        if without > 0.0 {
            found.note("  ratio", &format!("{name}_ratio"), hundredths(with / without));
        }
    }
    let largest = |loads: &[Load]| loads.iter().map(|load| load.shift).fold(0.0, f64::max);
    for (words, name, loads) in
        [("slow: layout shift, largest", "shift", &with), ("  without INFO CIG", "shift_without", &without)]
    {
        found.note(words, name, (largest(loads) * 10_000.0).round() / 10_000.0);
    }
    Ok(())
}

/// The memory of a page before a conversation, and of one that shows a thousand messages.
async fn memory(office: &LineaInps, found: &mut Findings) -> Result<(), Error> {
    let browser = Browser::start(Scripts::Run).await?;
    let visit = Visit::begin(&browser, &office.portal, WORKER).await?;
    visit.load().await?;
    let before = visit.memory().await?;
    visit.press().await?;
    talk(office).await?;
    visit.shows(MESSAGES).await?;
    let after = visit.memory().await?;
    for (words, name, Memory { heap, module }) in
        [("before a conversation", "idle", before), ("with 1,000 messages on it", "1000_messages", after)]
    {
        found.kilobytes(&format!("page {words}: heap of its scripts"), &format!("heap_{name}_bytes"), heap);
        found.kilobytes("  memory of the module", &format!("module_{name}_bytes"), module);
    }
    Ok(())
}

/// Ends the conversation and clears the page.
async fn part(office: &LineaInps, visit: &Visit<'_>) -> Result<(), Error> {
    visit.leave().await?;
    let opened = come_back(office).await?;
    let mut worker = office.scene.chat(&opened).await?;
    worker.close().await?;
    worker.listen_until(|body| matches!(body, EntryBody::Closed { .. })).await?;
    Ok(())
}

/// The worker's conversation, on another device.
async fn come_back(office: &LineaInps) -> Result<ConversationOpened, Error> {
    let token = office.person_token(Scene::person(WORKER)?).await?;
    office.scene.present(Some(&token)).await?.document(200)
}

/// An advisor accepts the worker's conversation, and both write in turns, the worker on another device.
async fn talk(office: &LineaInps) -> Result<(), Error> {
    let opened = come_back(office).await?;
    let mut desk = office.scene.desk("advisor-giulia").await?;
    let own = desk.answer(&opened.conversation).await?;
    let mut advisor = office.scene.advise(&own).await?;
    let mut worker = office.scene.chat(&opened).await?;
    for number in 0..MESSAGES / 2 {
        worker.post_message(&format!("{number}. Quando arriva il pagamento di settembre?")).await?;
        advisor.listen().await?;
        advisor
            .post_message(&format!("{number}. Il 20 novembre, se l'azienda manda i dati entro venerdì."))
            .await?;
        worker.listen().await?;
    }
    Ok(())
}

impl Findings {
    fn note(&mut self, words: &str, name: &str, figure: impl Display + Into<Value>) {
        self.rows.push((words.to_owned(), figure.to_string()));
        self.json[name] = figure.into();
    }

    fn time(&mut self, words: &str, name: &str, millis: f64) {
        self.rows.push((words.to_owned(), format!("{millis:.0} ms")));
        self.json[name] = millis.round().into();
    }

    fn kilobytes(&mut self, words: &str, name: &str, bytes: u64) {
        self.rows.push((words.to_owned(), format!("{} kB", bytes.div_ceil(1_000))));
        self.json[name] = bytes.into();
    }
}

fn hundredths(figure: f64) -> f64 {
    (figure * 100.0).round() / 100.0
}

fn middle(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

const RUNS: usize = 5;
const MESSAGES: usize = 1_000;
const WORKER: &str = "worker-roma";
