// SPDX-License-Identifier: EUPL-1.2
// <info-cig>: the element a portal page holds. An element needs a JavaScript class; everything else is the widget.
// Until the widget is mounted, and whenever it cannot be, the page's own link inside the element stays as it is.
const widget = new URL('./widget/', import.meta.url);

const load = () => (load.done ??= import(new URL('infocig_widget.js', widget)).then(async (module) => {
  await module.default({ module_or_path: new URL('infocig_widget_bg.wasm', widget) });
  return module;
}));

class InfoCig extends HTMLElement {
  #mounted;

  connectedCallback() {
    if (this.shadowRoot) return;
    this.attachShadow({ mode: 'open' }).append(document.createElement('slot'));
    const idle = window.requestIdleCallback ?? ((run) => setTimeout(run, 1));
    idle(() => this.#mount());
  }

  // Moving an element disconnects and connects it again: only an element that stays away ends its chat.
  disconnectedCallback() {
    setTimeout(() => {
      if (this.isConnected) return;
      this.#mounted?.unmount();
      this.#mounted = undefined;
    });
  }

  async #mount() {
    try {
      const { mount } = await load();
      if (this.isConnected && !this.#mounted) this.#mounted = mount(this, this.shadowRoot);
    } catch (reason) {
      console.error('INFO CIG could not be loaded; the link stays.', reason);
    }
  }
}

if (!customElements.get('info-cig')) customElements.define('info-cig', InfoCig);
