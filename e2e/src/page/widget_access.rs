// SPDX-License-Identifier: EUPL-1.2
//! Access to INFO CIG: languages, keyboard, zoom, text spacing, themes, announcements, and the accessibility tree.

use std::fmt::Write as _;

use serde_json::{Value, json};
use thirtyfour::Key;

use super::{PortalPage, parts::Parts};
use crate::{
    browser::{Browser, FocusDirection},
    error::{Error, While},
    portal::Portal,
    wait::within_patience,
    webdriver_commands::computed_role,
};

impl<'b> PortalPage<'b> {
    /// Opens a page without INFO CIG, and lets a script insert the element, with the page in this language.
    pub async fn brought_into_a_page_in(
        browser: &'b Browser,
        portal: &Portal,
        language: &str,
    ) -> Result<Self, Error> {
        browser.open(&portal.page("/")).await?;
        browser.script(BRING, vec![json!(language)]).await?;
        Ok(Self::in_front(browser))
    }

    /// The page in front, with a person signed in.
    pub fn in_front(browser: &'b Browser) -> Self {
        Self { browser, chat: Parts { browser, host: "info-cig" } }
    }

    /// Opens or closes the options.
    pub async fn press_options(&self) -> Result<(), Error> {
        self.chat.press("options-toggle").await
    }

    /// Chooses a language, and waits until INFO CIG is in it.
    pub async fn choose_language(&self, language: &str) -> Result<(), Error> {
        self.chat.choose_option("language", language).await?;
        self.speaks(language).await
    }

    /// Chooses in the options which messages are announced, `all`, `advisor` or `none`, and goes back to the conversation.
    pub async fn choose_announcements(&self, of: &str) -> Result<(), Error> {
        self.press_options().await?;
        self.chat.press(&format!("announce-{of}")).await?;
        self.chat.press("options-close").await
    }

    /// Waits until INFO CIG is in this language.
    pub async fn speaks(&self, language: &str) -> Result<(), Error> {
        self.sees(&format!("the language {language}"), LANGUAGE, vec![], |lang| lang == language).await
    }

    /// Waits until the launcher includes these texts.
    pub async fn launcher_says(&self, words: &[&str]) -> Result<String, Error> {
        self.chat.says("launcher", words).await
    }

    /// Minimises the panel.
    pub async fn minimise(&self) -> Result<(), Error> {
        self.chat.press("minimise").await
    }

    /// The paths of all resources of INFO CIG that the page has fetched.
    pub async fn fetched(&self) -> Result<Vec<String>, Error> {
        let fetched = self.script(FETCHED).await?;
        Ok(strings(&fetched))
    }

    /// Waits until the focus is on a part and stays there after the pending tasks: the page moves the focus in tasks.
    pub async fn focus_stays_on(&self, part: &str) -> Result<(), Error> {
        self.sees(&format!("the focus on {part}"), FOCUS, vec![], |on| on == part).await?;
        let later = self.browser.driver().execute_async(FOCUS_LATER, vec![]);
        let later = within_patience("the page's tasks", later).await?.while_doing("asking for the focus")?;
        let on: String = later.convert().while_doing("asking for the focus")?;
        if on == part { Ok(()) } else { Err(Error::new(format!("the focus was on {part} and went to {on}"))) }
    }

    /// Presses Tab until the focus is on a part. Returns the parts it was on, empty for elements outside INFO CIG.
    pub async fn tab_to(&self, part: &str) -> Result<Vec<String>, Error> {
        self.walk(FocusDirection::Forward, part, |on| on == part).await
    }

    /// Presses Tab until the focus is outside INFO CIG. Returns the parts it was on.
    pub async fn tab_out(&self) -> Result<Vec<String>, Error> {
        self.walk(FocusDirection::Forward, "the page around it", str::is_empty).await
    }

    /// Presses Shift and Tab until the focus is on a part.
    pub async fn tab_back_to(&self, part: &str) -> Result<Vec<String>, Error> {
        self.walk(FocusDirection::Backward, part, |on| on == part).await
    }

    /// Presses Tab, alone or with Shift, until `there` accepts the focused part.
    async fn walk(
        &self,
        way: FocusDirection,
        what: &str,
        there: impl Fn(&str) -> bool,
    ) -> Result<Vec<String>, Error> {
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

    /// Clicks the field for messages.
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

    /// Waits until a part is wholly on screen, with no element over its middle.
    pub async fn is_in_sight(&self, part: &str) -> Result<(), Error> {
        let about = vec![json!(part), json!(true)];
        self.sees(&format!("{part} in sight"), IN_SIGHT, about, str::is_empty).await
    }

    /// Waits until some of a part is on screen and not covered, as WCAG 2.2, 2.4.11 requires of the focused element.
    pub async fn is_not_hidden(&self, part: &str) -> Result<(), Error> {
        let about = vec![json!(part), json!(false)];
        self.sees(&format!("some of {part} in sight"), IN_SIGHT, about, str::is_empty).await
    }

    /// Scrolls a part to the middle of its scroll container.
    pub async fn scrolls_to(&self, part: &str) -> Result<(), Error> {
        let what = format!("{part} to scroll to");
        self.browser.until(what, async || Ok(self.chat.reached(part).await?.map(|_| ()))).await
    }

    /// Starts to record the top of these parts in every frame.
    pub async fn watches(&self, parts: &[&str]) -> Result<(), Error> {
        self.browser.script(WATCH_TOPS, vec![json!(parts)]).await?;
        Ok(())
    }

    /// The watched parts that moved by more than a pixel since they appeared, and those that never appeared. It waits another
    /// second first, so that late movements are recorded.
    pub async fn moved(&self) -> Result<Vec<String>, Error> {
        let later = self.browser.driver().execute_async(MOVED, vec![]);
        let moved =
            within_patience("a second of the page's", later).await?.while_doing("asking what moved")?;
        moved.convert().while_doing("asking what moved")
    }

    /// Waits until no text of INFO CIG is clipped, and no part of it scrolls sideways or overflows the window.
    pub async fn is_uncut(&self) -> Result<(), Error> {
        self.sees("nothing cut", CUT, vec![], str::is_empty).await
    }

    /// Applies the text spacing of WCAG 2.2, 1.4.12 to all elements that INFO CIG shows now.
    pub async fn spaces_its_text(&self) -> Result<(), Error> {
        self.script(SPACED).await?;
        Ok(())
    }

    /// Starts to record the announcements of live regions.
    pub async fn listen(&self) -> Result<(), Error> {
        let listening = self.script(LISTEN).await?;
        if listening == true { Ok(()) } else { Err(Error::new("there is no live region")) }
    }

    /// Waits until the last recorded announcement includes this text. Returns all of them.
    pub async fn announces(&self, words: &str) -> Result<Vec<String>, Error> {
        let heard = "return window.infoCigHeard;";
        let last = |heard: &Value| strings(heard).last().is_some_and(|last| last.contains(words));
        self.until_script(&format!("{words:?} announced"), heard, vec![], last)
            .await
            .map(|heard| strings(&heard))
    }

    /// Starts to record the events with which INFO CIG informs the page of unread messages.
    pub async fn page_listens(&self) -> Result<(), Error> {
        self.script(PAGE_LISTENS).await?;
        Ok(())
    }

    /// Waits until the recorded numbers of unread messages are these.
    pub async fn page_received_unread(&self, unread: &[u64]) -> Result<(), Error> {
        let told = |told: &Value| *told == json!(unread);
        self.until_script(&format!("{unread:?} told"), "return window.infoCigUnread;", vec![], told).await?;
        Ok(())
    }

    /// Waits until the number of unread messages on the launcher includes this text.
    pub async fn unread_says(&self, words: &str) -> Result<(), Error> {
        self.chat.says("unread", &[words]).await?;
        Ok(())
    }

    /// Waits until the divider of new messages is before a message with this text.
    pub async fn new_stands_before(&self, words: &str) -> Result<(), Error> {
        self.sees("the line before what is new", AFTER_NEW, vec![], |next| next.contains(words)).await
    }

    /// Sets the theme.
    pub async fn wears(&self, theme: &str) -> Result<(), Error> {
        let dress = "document.querySelector('info-cig').setAttribute('theme', arguments[0]);";
        self.browser.script(dress, vec![json!(theme)]).await?;
        Ok(())
    }

    /// Replaces the element by one with a floating launcher.
    pub async fn floats(&self) -> Result<(), Error> {
        self.browser.script(FLOAT, vec![]).await?;
        Ok(())
    }

    /// The accessibility tree of the log, one node a line with role and name, indented below its parent. Only Chromium's
    /// developer tools return more than one element.
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

    /// Waits until every message of the log has this role in the accessibility tree.
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

    /// Sets the colour scheme of the page: `light` or `dark`.
    pub async fn lies_in_a_page_that_is(&self, scheme: &str) -> Result<(), Error> {
        self.browser.script(SCHEME, vec![json!(scheme)]).await?;
        Ok(())
    }

    /// Simulates an on-screen keyboard below this height: the window keeps its height, the visual viewport shrinks.
    pub async fn keyboard_leaves(&self, height: u32) -> Result<(), Error> {
        self.browser.script(KEYBOARD, vec![json!(height)]).await?;
        Ok(())
    }

    /// Waits until a script of the page returns an accepted text.
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

    /// Waits until a script of the page returns an accepted value. The error includes the last value.
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
        found.map_err(|error| Error::new(format!("{error}\nlast value: {last}")))
    }
}

/// Writes a node of the accessibility tree and its descendants.
fn write_tree(nodes: &[Value], node: &Value, depth: usize, tree: &mut String) {
    let role = node["role"]["value"].as_str().unwrap_or_default();
    let name = node["name"]["value"].as_str().unwrap_or_default().trim();
    let is_text = role == "StaticText";
    let exposed = node["ignored"] != true && !["generic", "none"].contains(&role);
    if exposed && !(is_text && name.is_empty()) {
        // Writing to a string does not fail.
        let _ = writeln!(tree, "{}{}", "  ".repeat(depth), format!("{role} {name}").trim_end());
    }
    // The children of a text are its lines, which repeat it.
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

/// More presses of Tab than any page of the portal has stops.
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
/// The focused part after two frames and a task.
const FOCUS_LATER: &str = "
    const [done] = arguments;
    const tell = () => {
        const active = document.querySelector('info-cig')?.shadowRoot?.activeElement;
        done(active ? active.dataset.part ?? active.localName : '');
    };
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(tell)));
";
/// The reason for which a part is not in sight, or nothing.
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
    // Layout and screen may differ by fractions of a pixel.
    const cut = Math.max(right - left - (seen.right - seen.left), bottom - top - (seen.bottom - seen.top));
    if (whole && cut > 2) return `not all in the window: ${told}`;
    if (seen.right <= seen.left || seen.bottom <= seen.top) return `outside the window: ${told}`;
    const over = root.elementFromPoint((seen.left + seen.right) / 2, (seen.top + seen.bottom) / 2);
    return over && (part.contains(over) || over.contains(part)) ? '' : `covered by ${over?.className}: ${told}`;
";
/// Frame callbacks run last before a frame is painted, and INFO CIG moves no element in its own.
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
/// Two frames follow the second, so that its last frame is recorded.
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
/// The clipped elements, one a line, without those for screen readers only and without fields, which scroll their text.
const CUT: &str = "
    const root = document.querySelector('info-cig').shadowRoot;
    const told = [];
    // Elements far from the screen are not laid out, so that their size is meaningless.
    for (const one of root.querySelectorAll('.settled')) one.style.contentVisibility = 'visible';
    for (const one of root.querySelectorAll('*')) {
        if (!one.getClientRects().length || one.closest('.unseen') || one.matches('textarea, input, select, option')) continue;
        const style = getComputedStyle(one);
        if (style.display === 'inline' || style.clipPath !== 'none') continue;
        const tell = (what) => told.push(`${one.localName}.${one.dataset.part ?? one.className} ${what}`);
        if (one.scrollWidth > one.clientWidth + 1) tell(`needs ${one.scrollWidth} px of width and has ${one.clientWidth}`);
        // Glyphs may be higher than their line; without overflow clipping they are still shown.
        const slack = { visible: parseFloat(style.fontSize) / 4, hidden: 1, clip: 1 }[style.overflowY] ?? Infinity;
        if (one.scrollHeight > one.clientHeight + slack) tell(`needs ${one.scrollHeight} px of height and has ${one.clientHeight}`);
        const { left, right } = one.getBoundingClientRect();
        if (left < -1 || right > innerWidth + 1) tell(`reaches from ${left} to ${right} of ${innerWidth} px`);
    }
    return told.join('\\n');
";
/// As the bookmarklets for WCAG 1.4.12 do: inline on each element, with a higher priority than any stylesheet.
const SPACED: &str = "
    const root = document.querySelector('info-cig').shadowRoot;
    const spacing = { 'line-height': '1.5', 'letter-spacing': '0.12em', 'word-spacing': '0.16em' };
    for (const one of root.querySelectorAll('*')) {
        for (const [name, value] of Object.entries(spacing)) one.style.setProperty(name, value, 'important');
        if (one.localName === 'p') one.style.setProperty('margin-bottom', '2em', 'important');
    }
";
/// Assistive technology announces every change of a live region, also to the same text, so that each change counts.
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
/// The element reads its theme when it is inserted.
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
/// An on-screen keyboard over the page changes the visual viewport only; no driver can show one.
const KEYBOARD: &str = "
    Object.defineProperty(window.visualViewport, 'height', { configurable: true, value: arguments[0] });
    window.visualViewport.dispatchEvent(new Event('resize'));
";
