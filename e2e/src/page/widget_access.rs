// SPDX-License-Identifier: EUPL-1.2
//! The same page for whoever needs it otherwise: in another language, by keyboard alone, zoomed in, with wider text, on a dark
//! page, by ear.

use std::fmt::Write as _;

use serde_json::{Value, json};
use thirtyfour::Key;

use super::{PortalPage, parts::Parts};
use crate::{
    browser::{Browser, Way},
    error::{Error, While},
    portal::Portal,
    wait::within_patience,
    webdriver_commands::computed_role,
};

impl<'b> PortalPage<'b> {
    /// Goes on to a page without INFO CIG, whose script then brings the element into it, the page being in this language.
    pub async fn brought_into_a_page_in(
        browser: &'b Browser,
        portal: &Portal,
        language: &str,
    ) -> Result<Self, Error> {
        browser.open(&portal.page("/")).await?;
        browser.script(BRING, vec![json!(language)]).await?;
        Ok(Self::in_front(browser))
    }

    /// The page in front, as somebody who is signed in already sees it.
    pub fn in_front(browser: &'b Browser) -> Self {
        Self { browser, chat: Parts { browser, host: "info-cig" } }
    }

    /// Opens the options, or puts them away.
    pub async fn press_options(&self) -> Result<(), Error> {
        self.chat.press("options-toggle").await
    }

    /// Chooses a language, and waits until it is spoken.
    pub async fn choose_language(&self, language: &str) -> Result<(), Error> {
        self.chat.choose_option("language", language).await?;
        self.speaks(language).await
    }

    /// Chooses in the options what is read out, `all`, `advisor` or `none`, and goes back to the conversation.
    pub async fn choose_announcements(&self, of: &str) -> Result<(), Error> {
        self.press_options().await?;
        self.chat.press(&format!("announce-{of}")).await?;
        self.chat.press("options-close").await
    }

    /// Waits until INFO CIG says that it is in this language.
    pub async fn speaks(&self, language: &str) -> Result<(), Error> {
        self.sees(&format!("the language {language}"), LANGUAGE, vec![], |lang| lang == language).await
    }

    /// Waits until the button in the page, whatever it is for now, says these words.
    pub async fn launcher_says(&self, words: &[&str]) -> Result<String, Error> {
        self.chat.says("launcher", words).await
    }

    /// Puts the panel away.
    pub async fn minimise(&self) -> Result<(), Error> {
        self.chat.press("minimise").await
    }

    /// The paths of everything the page has fetched for INFO CIG.
    pub async fn fetched(&self) -> Result<Vec<String>, Error> {
        let fetched = self.script(FETCHED).await?;
        Ok(strings(&fetched))
    }

    /// Waits until the focus is on a part, and looks whether it is still there once what was begun before has been done: the
    /// page moves the focus in tasks of its own.
    pub async fn focus_stays_on(&self, part: &str) -> Result<(), Error> {
        self.sees(&format!("the focus on {part}"), FOCUS, vec![], |on| on == part).await?;
        let later = self.browser.driver().execute_async(FOCUS_LATER, vec![]);
        let later = within_patience("the page's tasks", later).await?.while_doing("asking for the focus")?;
        let on: String = later.convert().while_doing("asking for the focus")?;
        if on == part { Ok(()) } else { Err(Error::new(format!("the focus was on {part} and went to {on}"))) }
    }

    /// Presses Tab until the focus is on a part; the names of all it was on, empty where it was outside INFO CIG.
    pub async fn tab_to(&self, part: &str) -> Result<Vec<String>, Error> {
        self.walk(Way::On, part, |on| on == part).await
    }

    /// Presses Tab until the focus is on nothing of INFO CIG; the names of all it was on.
    pub async fn tab_out(&self) -> Result<Vec<String>, Error> {
        self.walk(Way::On, "the page around it", str::is_empty).await
    }

    /// Presses Shift and Tab until the focus is on a part.
    pub async fn tab_back_to(&self, part: &str) -> Result<Vec<String>, Error> {
        self.walk(Way::Back, part, |on| on == part).await
    }

    /// Presses Tab, alone or with Shift, until the focus is where it is to lead.
    async fn walk(&self, way: Way, what: &str, there: impl Fn(&str) -> bool) -> Result<Vec<String>, Error> {
        let mut route = Vec::new();
        while route.len() < FAR {
            self.browser.move_focus(way).await?;
            let on = self.script(FOCUS).await?.as_str().unwrap_or_default().to_owned();
            let arrived = there(&on);
            route.push(on);
            if arrived {
                return Ok(route);
            }
        }
        Err(Error::new(format!("Tab does not lead to {what}, but to {route:?}")))
    }

    /// Puts the caret into the field for messages with a pointer.
    pub async fn press_composer(&self) -> Result<(), Error> {
        self.chat.press("composer").await
    }

    /// Presses keys where the focus is.
    pub async fn types(&self, keys: &str) -> Result<(), Error> {
        self.browser.type_keys(keys).await
    }

    /// Presses Enter where the focus is.
    pub async fn presses_enter(&self) -> Result<(), Error> {
        self.browser.type_keys(Key::Enter).await
    }

    /// Presses Escape where the focus is.
    pub async fn presses_escape(&self) -> Result<(), Error> {
        self.browser.type_keys(Key::Escape).await
    }

    /// Waits until all of a part is on screen, with nothing over its middle.
    pub async fn is_in_sight(&self, part: &str) -> Result<(), Error> {
        let about = vec![json!(part), json!(true)];
        self.sees(&format!("{part} in sight"), IN_SIGHT, about, str::is_empty).await
    }

    /// Waits until some of a part is on screen, with nothing over it: what has the focus is never hidden (WCAG 2.2, 2.4.11).
    pub async fn is_not_hidden(&self, part: &str) -> Result<(), Error> {
        let about = vec![json!(part), json!(false)];
        self.sees(&format!("some of {part} in sight"), IN_SIGHT, about, str::is_empty).await
    }

    /// Brings a part into the middle of what scrolls around it, as a finger would.
    pub async fn scrolls_to(&self, part: &str) -> Result<(), Error> {
        let what = format!("{part} to scroll to");
        self.browser.until(what, async || Ok(self.chat.reached(part).await?.map(|_| ()))).await
    }

    /// Writes down from here on, at every frame, where the tops of these parts are in the window.
    pub async fn watches(&self, parts: &[&str]) -> Result<(), Error> {
        self.browser.script(WATCH_TOPS, vec![json!(parts)]).await?;
        Ok(())
    }

    /// Which of the parts that are watched have moved by more than a pixel since they were first there, and those that never
    /// were; asked after another second, in which nothing may move either.
    pub async fn moved(&self) -> Result<Vec<String>, Error> {
        let later = self.browser.driver().execute_async(MOVED, vec![]);
        let moved =
            within_patience("a second of the page's", later).await?.while_doing("asking what moved")?;
        moved.convert().while_doing("asking what moved")
    }

    /// Waits until no text of INFO CIG is cut off, and nothing of it scrolls sideways or sticks out of the window.
    pub async fn is_uncut(&self) -> Result<(), Error> {
        self.sees("nothing cut", CUT, vec![], str::is_empty).await
    }

    /// Spaces the text as WCAG 2.2, 1.4.12 says that it must be possible to, in all that INFO CIG shows now.
    pub async fn spaces_its_text(&self) -> Result<(), Error> {
        self.script(SPACED).await?;
        Ok(())
    }

    /// Listens to what assistive technology is told from here on.
    pub async fn listen(&self) -> Result<(), Error> {
        let listening = self.script(LISTEN).await?;
        if listening == true { Ok(()) } else { Err(Error::new("nothing announces anything")) }
    }

    /// Waits until the last that was announced since it was listened to includes these words; all that was announced.
    pub async fn hears(&self, words: &str) -> Result<Vec<String>, Error> {
        let heard = "return window.infoCigHeard;";
        let last = |heard: &Value| strings(heard).last().is_some_and(|last| last.contains(words));
        self.until_script(&format!("{words:?} announced"), heard, vec![], last)
            .await
            .map(|heard| strings(&heard))
    }

    /// Listens to what INFO CIG tells the page of unread messages from here on.
    pub async fn page_listens(&self) -> Result<(), Error> {
        self.script(PAGE_LISTENS).await?;
        Ok(())
    }

    /// Waits until the page was told these numbers of unread messages, one after the other.
    pub async fn page_was_told(&self, unread: &[u64]) -> Result<(), Error> {
        let told = |told: &Value| *told == json!(unread);
        self.until_script(&format!("{unread:?} told"), "return window.infoCigUnread;", vec![], told).await?;
        Ok(())
    }

    /// Waits until the button says how many messages are unread.
    pub async fn unread_says(&self, words: &str) -> Result<(), Error> {
        self.chat.says("unread", &[words]).await?;
        Ok(())
    }

    /// Waits until the line that says what is new stands before a message with these words.
    pub async fn new_stands_before(&self, words: &str) -> Result<(), Error> {
        self.sees("the line before what is new", AFTER_NEW, vec![], |next| next.contains(words)).await
    }

    /// Dresses it in one of its themes.
    pub async fn wears(&self, theme: &str) -> Result<(), Error> {
        let dress = "document.querySelector('info-cig').setAttribute('theme', arguments[0]);";
        self.browser.script(dress, vec![json!(theme)]).await?;
        Ok(())
    }

    /// Has it anew with a button that floats over the page.
    pub async fn floats(&self) -> Result<(), Error> {
        self.browser.script(FLOAT, vec![]).await?;
        Ok(())
    }

    /// What assistive technology meets in the log, one a line: role and name, below what it lies in. Only Chromium's tools
    /// tell of more than one element.
    pub async fn log_tree(&self) -> Result<String, Error> {
        self.browser.tool("Accessibility.enable", json!({})).await?;
        let told = self.browser.tool("Accessibility.getFullAXTree", json!({})).await?;
        let nodes: &[Value] = told["nodes"].as_array().map_or(&[], Vec::as_slice);
        let log = nodes.iter().find(|node| node["role"]["value"] == "log");
        let log = log.ok_or_else(|| Error::new("there is no log in the accessibility tree"))?;
        let mut tree = String::new();
        write_tree(nodes, log, 0, &mut tree);
        Ok(tree)
    }

    /// Waits until assistive technology meets each message of the log in this role.
    pub async fn messages_are_exposed_as(&self, role: &str) -> Result<(), Error> {
        let driver = self.browser.driver();
        self.browser
            .until(format_args!("every message as {role}"), async || {
                let messages = self.chat.all("message").await?;
                for message in &messages {
                    if computed_role(driver, message).await? != role {
                        return Ok(None);
                    }
                }
                Ok((!messages.is_empty()).then_some(()))
            })
            .await
    }

    /// Puts it into a page of this colour scheme: `light` or `dark`.
    pub async fn lies_in_a_page_that_is(&self, scheme: &str) -> Result<(), Error> {
        self.browser.script(SCHEME, vec![json!(scheme)]).await?;
        Ok(())
    }

    /// A keyboard on the screen takes what is below so many pixels: the window stays as high as it was, and what is seen of it
    /// is less.
    pub async fn keyboard_leaves(&self, height: u32) -> Result<(), Error> {
        self.browser.script(KEYBOARD, vec![json!(height)]).await?;
        Ok(())
    }

    /// Waits until a script of the page returns a text that is looked for.
    async fn sees(
        &self,
        what: &str,
        script: &str,
        about: Vec<Value>,
        is_it: impl Fn(&str) -> bool,
    ) -> Result<(), Error> {
        let is_it = |seen: &Value| seen.as_str().is_some_and(&is_it);
        self.until_script(what, script, about, is_it).await.map(|_| ())
    }

    /// Waits until a script of the page returns what is looked for. What it returned last is part of the error.
    async fn until_script(
        &self,
        what: &str,
        script: &str,
        about: Vec<Value>,
        is_it: impl Fn(&Value) -> bool,
    ) -> Result<Value, Error> {
        let mut last = Value::Null;
        let found = self.browser.until(what, async || {
            let driver = self.browser.driver();
            last = driver.execute(script, about.clone()).await?.json().clone();
            Ok(is_it(&last).then(|| last.clone()))
        });
        let found = found.await;
        found.map_err(|error| Error::new(format!("{error}\nseen instead: {last}")))
    }
}

/// Writes what is exposed of a node and of what lies in it.
fn write_tree(nodes: &[Value], node: &Value, depth: usize, tree: &mut String) {
    let role = node["role"]["value"].as_str().unwrap_or_default();
    let name = node["name"]["value"].as_str().unwrap_or_default().trim();
    let is_text = role == "StaticText";
    let exposed = node["ignored"] != true && !["generic", "none"].contains(&role);
    if exposed && !(is_text && name.is_empty()) {
        // Writing to a string does not fail.
        let _ = writeln!(tree, "{}{}", "  ".repeat(depth), format!("{role} {name}").trim_end());
    }
    // What lies in a text are its lines, which say it again.
    if is_text {
        return;
    }
    for child in node["childIds"].as_array().into_iter().flatten() {
        if let Some(child) = nodes.iter().find(|node| node["nodeId"] == *child) {
            write_tree(nodes, child, depth + usize::from(exposed), tree);
        }
    }
}

fn strings(list: &Value) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// So many presses of Tab lead through any page of the portal.
const FAR: usize = 60;

const BRING: &str = "
    document.documentElement.lang = arguments[0];
    fetch('/myinps').then((answer) => answer.text()).then((text) => {
        const page = new DOMParser().parseFromString(text, 'text/html');
        const script = document.createElement('script');
        script.type = 'module';
        script.src = page.querySelector('script[src$=\"/info-cig.js\"]').src;
        document.querySelector('main').append(document.adoptNode(page.querySelector('info-cig')));
        document.head.append(script);
    });
";
const LANGUAGE: &str = "
    return document.querySelector('info-cig')?.shadowRoot?.querySelector('.widget')?.lang ?? '';
";
const FETCHED: &str = "
    const addresses = performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname);
    return addresses.filter((path) => path === '/info-cig.js' || path.startsWith('/widget/'));
";
const FOCUS: &str = "
    const active = document.querySelector('info-cig')?.shadowRoot?.activeElement;
    return active ? active.dataset.part ?? active.localName : '';
";
/// Where the focus is after two frames and a task.
const FOCUS_LATER: &str = "
    const [done] = arguments;
    const tell = () => {
        const active = document.querySelector('info-cig')?.shadowRoot?.activeElement;
        done(active ? active.dataset.part ?? active.localName : '');
    };
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(tell)));
";
/// What is wrong with where a part is, or nothing.
const IN_SIGHT: &str = "
    const [name, whole] = arguments;
    const root = document.querySelector('info-cig').shadowRoot;
    const parts = [...root.querySelectorAll(`[data-part='${name}']`)];
    const part = parts.find((one) => one.getClientRects().length > 0);
    if (!part) return 'absent';
    const { left, top, right, bottom } = part.getBoundingClientRect();
    const { offsetLeft, offsetTop, width, height } = visualViewport;
    const seen = {
        left: Math.max(left, offsetLeft),
        top: Math.max(top, offsetTop),
        right: Math.min(right, offsetLeft + width),
        bottom: Math.min(bottom, offsetTop + height),
    };
    const told = JSON.stringify({ left, top, right, bottom, seen });
    // Nobody sees the fractions that layout and screen differ by.
    const cut = Math.max(right - left - (seen.right - seen.left), bottom - top - (seen.bottom - seen.top));
    if (whole && cut > 2) return `not all in the window: ${told}`;
    if (seen.right <= seen.left || seen.bottom <= seen.top) return `outside the window: ${told}`;
    const over = root.elementFromPoint((seen.left + seen.right) / 2, (seen.top + seen.bottom) / 2);
    return over && (part.contains(over) || over.contains(part)) ? '' : `covered by ${over?.className}: ${told}`;
";
/// A frame's callbacks are the last that runs before it is painted, and INFO CIG moves nothing in its own.
const WATCH_TOPS: &str = "
    const [parts] = arguments;
    const watched = (window.infoCigTops = new Map(parts.map((part) => [part, []])));
    const begun = performance.now();
    const look = (now) => {
        const root = document.querySelector('info-cig')?.shadowRoot;
        for (const [part, tops] of watched) {
            const all = [...(root?.querySelectorAll(`[data-part='${part}']`) ?? [])];
            const top = all.find((one) => one.getClientRects().length > 0)?.getBoundingClientRect().top;
            if (top === undefined || Math.abs(top - tops.at(-1)?.top) < 0.1) continue;
            tops.push({ top, after: Math.round(now - begun), scrolled: scrollY });
        }
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
";
/// The second is followed by two frames, so that what is painted at its end has been looked at.
const MOVED: &str = "
    const [done] = arguments;
    const told = ([part, tops]) => {
        const [first] = tops;
        if (!first) return [`${part} was never there`];
        if (tops.every(({ top }) => Math.abs(top - first.top) <= 1)) return [];
        const place = ({ top, after, scrolled }) => `${top.toFixed(1)} after ${after} ms (scrolled ${scrolled.toFixed(1)})`;
        return [`${part}: ${tops.map(place).join(', ')}`];
    };
    const tell = () => done([...window.infoCigTops].flatMap(told));
    setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(tell)), 1000);
";
/// What is cut off, one a line. Left out is what is there for screen readers alone, and fields, which scroll what is in them.
const CUT: &str = "
    const root = document.querySelector('info-cig').shadowRoot;
    const told = [];
    // What is far from the screen is not laid out, and has no size that says anything.
    for (const one of root.querySelectorAll('.settled')) one.style.contentVisibility = 'visible';
    for (const one of root.querySelectorAll('*')) {
        if (!one.getClientRects().length || one.closest('.unseen') || one.matches('textarea, input, select, option')) continue;
        const style = getComputedStyle(one);
        if (style.display === 'inline' || style.clipPath !== 'none') continue;
        const tell = (what) => told.push(`${one.localName}.${one.dataset.part ?? one.className} ${what}`);
        if (one.scrollWidth > one.clientWidth + 1) tell(`needs ${one.scrollWidth} px of width and has ${one.clientWidth}`);
        // Letters may be higher than their line, which cuts nothing where nothing is clipped.
        const slack = { visible: parseFloat(style.fontSize) / 4, hidden: 1, clip: 1 }[style.overflowY] ?? Infinity;
        if (one.scrollHeight > one.clientHeight + slack) tell(`needs ${one.scrollHeight} px of height and has ${one.clientHeight}`);
        const { left, right } = one.getBoundingClientRect();
        if (left < -1 || right > innerWidth + 1) tell(`reaches from ${left} to ${right} of ${innerWidth} px`);
    }
    return told.join('\\n');
";
/// As the bookmarklets do with which WCAG 1.4.12 is checked by hand: on each element, above everything a stylesheet says.
const SPACED: &str = "
    const root = document.querySelector('info-cig').shadowRoot;
    const spacing = { 'line-height': '1.5', 'letter-spacing': '0.12em', 'word-spacing': '0.16em' };
    for (const one of root.querySelectorAll('*')) {
        for (const [name, value] of Object.entries(spacing)) one.style.setProperty(name, value, 'important');
        if (one.localName === 'p') one.style.setProperty('margin-bottom', '2em', 'important');
    }
";
/// Assistive technology speaks when a live region changes, so each change of its text counts, also to the same text.
const LISTEN: &str = "
    window.infoCigHeard = [];
    const root = document.querySelector('info-cig').shadowRoot;
    const region = () => root.querySelector('[data-part=announcer][role=status][aria-live=polite]');
    new MutationObserver((changes) => {
        if (changes.some(({ target }) => region()?.contains(target)) && region().textContent) {
            window.infoCigHeard.push(region().textContent);
        }
    }).observe(root, { subtree: true, childList: true, characterData: true });
    return Boolean(region());
";
const PAGE_LISTENS: &str = "
    window.infoCigUnread = [];
    document.addEventListener('info-cig-unread', ({ detail }) => window.infoCigUnread.push(detail));
";
const AFTER_NEW: &str = "
    const line = document.querySelector('info-cig').shadowRoot.querySelector('[data-part=new]');
    return line?.nextElementSibling?.textContent ?? '';
";
/// What it is dressed in is read when it comes onto the page.
const FLOAT: &str = "
    const inPage = document.querySelector('info-cig');
    const floating = inPage.cloneNode(true);
    floating.setAttribute('launcher', 'floating');
    inPage.replaceWith(floating);
";
const SCHEME: &str = "
    for (let around = document.querySelector('info-cig').parentElement; around; around = around.parentElement) {
        around.style.colorScheme = arguments[0];
        around.style.background = 'Canvas';
    }
";
/// A keyboard that lies over the page changes the visual viewport and nothing else; no driver can show one.
const KEYBOARD: &str = "
    Object.defineProperty(window.visualViewport, 'height', { configurable: true, value: arguments[0] });
    window.visualViewport.dispatchEvent(new Event('resize'));
";
