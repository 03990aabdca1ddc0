// SPDX-License-Identifier: EUPL-1.2
// A portal that takes no request without a token against forged ones (CSRF): the page brings hand-off tokens itself.
// `provided.status` is what the portal answers instead, where a story wants it to.

window.provided = { status: null };

document.querySelector('info-cig').tokenProvider = async ({ entry }) => {
  const answer = await fetch('/embed/guarded-token', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-csrf-token': document.querySelector('meta[name="csrf-token"]').content,
    },
    body: JSON.stringify({ entry }),
  });
  const status = provided.status ?? answer.status;
  if (status === 401) return null;
  if (status !== 200) throw new Error(`the portal answers ${status}`);
  return (await answer.json()).token;
};
