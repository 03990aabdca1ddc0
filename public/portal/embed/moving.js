// SPDX-License-Identifier: EUPL-1.2
// A page that moves what it shows, as applications of one page do: the same element goes elsewhere, away and back.

const [first, second] = ['first', 'second'].map((id) => document.getElementById(id));
const element = document.querySelector('info-cig');

const does = {
  move: () => (element.parentElement === first ? second : first).append(element),
  remove: () => element.remove(),
  'put-back': () => first.append(element),
  another: () => second.append(element.cloneNode(true)),
};

document.addEventListener('click', ({ target }) => does[target.dataset?.does]?.());
