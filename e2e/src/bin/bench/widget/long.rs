// SPDX-License-Identifier: EUPL-1.2
//! A conversation of ten thousand messages: the cost of opening it, of loading all earlier pages, of one more message, and of
//! scrolling through it. Messages on the page must not slow others: ratios compare the same work with few messages on the page
//! and with all of them.

use infocig_e2e::{
    browser::{Browser, Scripts},
    chat::Chat,
    error::Error,
    linea_inps::LineaInps,
    scene::Scene,
};

use super::{
    super::Findings,
    hundredths, middle,
    visit::{Frames, Visit, Work},
};

pub(super) async fn measure(office: &LineaInps, found: &mut Findings) -> Result<(), Error> {
    let (_worker, mut advisor) = write(office).await?;
    let browser = Browser::start(Scripts::Run).await?;
    let visit = Visit::begin(&browser, &office.portal, WORKER).await?;
    visit.load().await?;
    found.time(
        "10,000 messages: press to the newest of them",
        "long_open_ms",
        visit.press_to_the_end().await?,
    );

    let there = visit.messages().await?;
    let few = arrivals(&visit, &mut advisor).await?;
    let few_frames = visit.scroll(FRAMES / 10).await?;
    let mut pages = Vec::new();
    loop {
        let times = visit.look_back(AT_A_TIME).await?;
        let is_all = times.len() < AT_A_TIME;
        pages.extend(times);
        if is_all {
            break;
        }
    }
    let many = arrivals(&visit, &mut advisor).await?;

    let mean = |times: &[f64]| middle(times.iter().copied());
    let (first, last) = (pages.get(..AT_A_TIME), pages.rchunks(AT_A_TIME).next());
    let (first, last) = (mean(first.unwrap_or_default()), mean(last.unwrap_or_default()));
    found.note("  pages looked back to its beginning", "long_pages", pages.len());
    found.time("  all of them, one after the other", "long_pages_ms", pages.iter().sum());
    found.millis("  one page, median of the first ten", "long_first_page_ms", first);
    found.millis("  of the last ten", "long_last_page_ms", last);
    found.note("  ratio", "long_page_ratio", hundredths(last / first));
    let words = format!("  a new message with {there} there: scripts");
    found.millis(&words, "long_arrival_few_scripts_ms", few.scripts);
    found.millis("    styles and layout", "long_arrival_few_layout_ms", few.layout);
    found.millis("  with all there: scripts", "long_arrival_many_scripts_ms", many.scripts);
    found.millis("    styles and layout", "long_arrival_many_layout_ms", many.layout);
    let ratio = (many.scripts + many.layout) / (few.scripts + few.layout);
    found.note("  ratio", "long_arrival_ratio", hundredths(ratio));
    let frames = visit.scroll(FRAMES).await?;
    for (words, name, Frames { longest, median }) in [
        (format!("  scrolling with {there} there"), "few", few_frames),
        ("  scrolling with all there".to_owned(), "many", frames),
    ] {
        found.millis(&format!("{words}: longest frame"), &format!("long_frame_{name}_longest_ms"), longest);
        found.millis("    median frame", &format!("long_frame_{name}_median_ms"), median);
    }
    let memory = visit.memory().await?;
    found.kilobytes("  page with all there: heap of its scripts", "heap_10000_messages_bytes", memory.heap);
    found.kilobytes("  memory of the module", "module_10000_messages_bytes", memory.module);
    Ok(())
}

/// Writes such a conversation as fast as the edge accepts it; both sides stay connected.
async fn write(office: &LineaInps) -> Result<(Chat, Chat), Error> {
    let opened = office.enter(Scene::person(WORKER)?).await?;
    let mut desk = office.scene.desk("advisor-giulia").await?;
    let own = desk.answer(&opened.conversation).await?;
    let mut advisor = office.scene.advise(&own).await?;
    let mut worker = office.scene.chat(&opened).await?;
    for batch in 0..MESSAGES / (2 * AT_ONCE) {
        for number in 0..AT_ONCE {
            let id = format!("00000000-0000-4000-8000-{:012x}", batch * AT_ONCE + number);
            worker.post(&id, &format!("{number}. Quando arriva il pagamento di settembre?")).await?;
            let words = format!("{number}. Il 20 novembre, se l'azienda manda i dati entro venerdì.");
            advisor.post(&id, &words).await?;
        }
        for _ in 0..2 * AT_ONCE {
            worker.listen().await?;
            advisor.listen().await?;
        }
    }
    Ok((worker, advisor))
}

/// The work of the page for one new message, on average.
async fn arrivals(visit: &Visit<'_>, advisor: &mut Chat) -> Result<Work, Error> {
    // The first message may include work left from before.
    arrive(visit, advisor).await?;
    let before = visit.work().await?;
    for _ in 0..ARRIVALS {
        arrive(visit, advisor).await?;
    }
    let after = visit.work().await?;
    let each = f64::from(ARRIVALS);
    Ok(Work {
        scripts: (after.scripts - before.scripts) / each,
        layout: (after.layout - before.layout) / each,
    })
}

async fn arrive(visit: &Visit<'_>, advisor: &mut Chat) -> Result<(), Error> {
    let entry = advisor.post_message("Ancora una cosa: la domanda è stata accolta.").await?;
    visit.ends_with(entry.seq).await
}

impl Findings {
    /// A time with fractions.
    fn millis(&mut self, words: &str, name: &str, millis: f64) {
        let millis = hundredths(millis);
        self.rows.push((words.to_owned(), format!("{millis:.2} ms")));
        self.json[name] = millis.into();
    }
}

const MESSAGES: usize = 10_000;
/// Messages of each side that are sent before waiting for them.
const AT_ONCE: usize = 25;
/// Pages loaded between two readings of their times.
const AT_A_TIME: usize = 10;
const ARRIVALS: u32 = 20;
const FRAMES: usize = 100;
const WORKER: &str = "worker-napoli";
