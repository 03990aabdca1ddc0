// SPDX-License-Identifier: EUPL-1.2
// <info-cig-call>: the place of a call's entry in the widget's log. The widget puts it there and asks for this file, which it does when
// there is a call or the person asks for one, and never before.
//
// This file keeps its name for ever; what it loads is named after its contents.
import { load, texts } from '../../client/loader.js';

class InfoCigCall extends HTMLElement {
  async connectedCallback() {
    // What may be read is a property, because attributes stand in the page for every script that copies it.
    const { lang, access } = this;
    const { seq, edge, conversation, ticket } = JSON.parse(access);
    try {
      const [{ mount, styles }, words] = await Promise.all([load(), texts(lang)]);
      if (this.isConnected) mount(this, Number(seq), edge, conversation, ticket, lang, words, styles);
    } catch (reason) {
      console.error('INFO CIG could not load its calls.', reason);
    }
  }
}

if (!customElements.get('info-cig-call')) customElements.define('info-cig-call', InfoCigCall);
