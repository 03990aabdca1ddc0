// SPDX-License-Identifier: EUPL-1.2
// <info-cig>: the element a portal page holds. An element needs a JavaScript class; everything else is the widget.
// Until the widget is mounted, and whenever it cannot be, the page's own link inside the element stays as it is.
//
// This file keeps its name for ever; what it loads is named after its contents.
import { languageOf, load, texts } from '../../client/loader.js';

class InfoCig extends HTMLElement {
  #mounted;
  #mounting;
  // Grows whenever the element has left the page: what began before is not mounted any more.
  #life = 0;

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
    if (navigator.connection?.saveData) {
      this.addEventListener('click', this);
    } else {
      (window.requestIdleCallback ?? setTimeout)(() => this.isConnected && this.#mount(), { timeout: 1000 });
    }
  }

  // Whoever saves data pays for the widget when they ask for it.
  async handleEvent(event) {
    const link = event.target.closest('a');
    if (this.#mounted || !link) return;
    event.preventDefault();
    if (!(await this.open())) location.assign(link.href);
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
        this.#mounted = mount(this, this.shadowRoot, language, words, styles, texts);
      }
    } catch (reason) {
      console.error('INFO CIG could not be loaded; the link stays.', reason);
    }
    if (life === this.#life && !this.#mounted) this.#mounting = undefined;
    return this.#mounted;
  }
}

if (!customElements.get('info-cig')) customElements.define('info-cig', InfoCig);
