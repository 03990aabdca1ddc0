// SPDX-License-Identifier: EUPL-1.2
// <info-cig>: the element a portal page holds. An element needs a JavaScript class; everything else is the widget.
// Until the widget is mounted, and whenever it cannot be, the page's own link inside the element stays as it is.
//
// This file keeps its name for ever; what it loads is named after its contents.
import { languageOf, load, refuseFiles, texts, tokens } from '../../client/loader.js';

// Milliseconds a press waits for the widget before it leads where the link leads.
const PATIENCE = 5000;

// Texts; without a name, what reads calls.
const read = (asked) => asked ? texts(asked) : import(new URL('call.js', import.meta.url));

class InfoCig extends HTMLElement {
  #mounted;
  #mounting;
  // Grows whenever the element has left the page: what began before is not mounted any more.
  #life = 0;

  constructor() {
    super();
    refuseFiles(this, () => this.#mounted?.refuseFiles());
  }

  get language() {
    return languageOf(this, 'info-cig-settings', (kept) => JSON.parse(kept)?.language);
  }

  // Opens the panel, as the button does. Resolves to false where the widget cannot be loaded.
  async open() {
    const mounted = await this.#mount();
    mounted?.open();
    return Boolean(mounted);
  }

  // Puts the panel away; the conversation goes on.
  close() {
    this.#mounted?.close();
  }

  connectedCallback() {
    if (this.#mounted) return;
    // The page's own link, which an earlier mount took away.
    (this.shadowRoot ?? this.attachShadow({ mode: 'open' })).replaceChildren(document.createElement('slot'));
    this.addEventListener('click', this);
    // Whoever saves data pays for the widget when they ask for it.
    if (navigator.connection?.saveData) return;
    (window.requestIdleCallback ?? setTimeout)(() => this.isConnected && this.#mount(), { timeout: 1000 });
  }

  // Whoever presses the first link before the widget is there is led into the chat, unless that does not come in time.
  async handleEvent(event) {
    const link = this.querySelector('a');
    if (this.#mounted || !link?.contains(event.target) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    link.ariaBusy = 'true';
    link.style.cursor = 'progress';
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
    if (!(await Promise.race([this.open(), late]))) location.assign(link.href);
    link.ariaBusy = null;
    link.style.cursor = '';
  }

  // Moving an element disconnects and connects it again: only an element that stays away ends its chat.
  disconnectedCallback() {
    setTimeout(() => {
      if (this.isConnected) return;
      this.#mounted?.unmount();
      this.#mounted = this.#mounting = undefined;
      this.#life += 1;
    });
  }

  #mount() {
    return (this.#mounting ??= this.#begin());
  }

  async #begin() {
    const { language } = this;
    const life = this.#life;
    try {
      const [{ mount, styles }, words] = await Promise.all([load(), texts(language)]);
      if (this.isConnected && life === this.#life) {
        this.#mounted = mount(this, this.shadowRoot, language, words, styles, read, tokens(this));
      }
    } catch (reason) {
      console.error('INFO CIG could not be loaded; the link stays.', reason);
    }
    if (life === this.#life && !this.#mounted) this.#mounting = undefined;
    return this.#mounted;
  }
}

if (!customElements.get('info-cig')) customElements.define('info-cig', InfoCig);
