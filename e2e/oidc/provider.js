// SPDX-License-Identifier: EUPL-1.2
// The provider at which the staff sign in, in tests: the certified `oidc-provider` of npm, with accounts that need no password.
//
// Its only argument is a JSON object: `packages` (the folder of its npm packages), `host` and `port`, `client` (its metadata), `accounts` (by
// id, their claims), `acr`, `algorithm`. It prints `listening` once it does.
//
// Beside the endpoints of OpenID Connect: `/interaction/UID/as/ID` answers a login with that account, `/test/leave/ID` is the
// administrator who ends every session of a person, `/test/forget/ID` a session that is lost, `/test/groups/ID/A,B` a change.
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { generateKeyPairSync } from 'node:crypto';

const { packages, host, port, client, accounts, acr, algorithm } = JSON.parse(process.argv[2]);
const { default: Provider } = await import(pathToFileURL(`${packages}/node_modules/oidc-provider/lib/index.js`).href);

const kind = algorithm === 'ES256' ? ['ec', { namedCurve: 'P-256' }] : ['rsa', { modulusLength: 2048 }];
const { privateKey } = generateKeyPairSync(...kind);
const key = { ...privateKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: algorithm };

// Every session, so that an administrator can end those of a person.
const kept = new Map();
class Adapter {
  constructor(model) { this.model = model; }
  key(id) { return `${this.model}:${id}`; }
  async upsert(id, payload) { kept.set(this.key(id), payload); }
  async find(id) { return kept.get(this.key(id)); }
  async findByUid(uid) { return [...kept.entries()].find(([name, one]) => name.startsWith('Session:') && one.uid === uid)?.[1]; }
  async findByUserCode() {}
  async destroy(id) { kept.delete(this.key(id)); }
  async consume(id) { const one = kept.get(this.key(id)); if (one) one.consumed = Math.floor(Date.now() / 1000); }
  async revokeByGrantId(grant) { for (const [name, one] of kept) if (one.grantId === grant) kept.delete(name); }
}

const server = createServer();
await new Promise((listening) => server.listen(port, '127.0.0.1', listening));

const provider = new Provider(`http://${host}:${port}`, {
  adapter: Adapter,
  clients: [{ token_endpoint_auth_method: 'none', id_token_signed_response_alg: algorithm, ...client }],
  jwks: { keys: [key] },
  enabledJWA: { idTokenSigningAlgValues: [algorithm] },
  acrValues: [acr],
  claims: { openid: ['sub'], profile: ['name', 'groups'], acr: null, sid: null, auth_time: null, iss: null },
  conformIdTokenClaims: false,
  cookies: { keys: ['only in tests'] },
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  // Its own guard refuses this machine.
  fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
  issueRefreshToken: async () => true,
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => accounts[id] && { accountId: id, claims: async () => ({ sub: id, ...accounts[id] }) },
  // Nobody is asked whether this client may know their name.
  loadExistingGrant: async ({ oidc }) => {
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope('openid profile');
    await grant.save();
    return grant;
  },
});

const page = (answer, title, body) => {
  answer.setHeader('content-type', 'text/html; charset=utf-8');
  answer.end(`<!doctype html><html lang="it"><title>${title}</title><h1>${title}</h1>${body}`);
};

const own = {
  async interaction(request, answer, uid) {
    const links = Object.entries(accounts).map(([id, { name }]) => `<p><a id="${id}" href="/interaction/${uid}/as/${id}">${name}</a></p>`);
    page(answer, 'Accesso di prova', links.join(''));
  },
  async login(request, answer, account) {
    await provider.interactionFinished(request, answer, { login: { accountId: account, acr, amr: ['pwd', 'otp'] } });
  },
  // An administrator ends every session of a person: the provider's own record goes, and the client is told.
  async leave(request, answer, account) {
    const { client_id: id } = client;
    const known = await provider.Client.find(id);
    for (const [name, one] of kept) {
      if (!name.startsWith('Session:') || one.accountId !== account) continue;
      await known.backchannelLogout(account, one.authorizations?.[id]?.sid);
      kept.delete(name);
    }
    for (const [name, one] of kept) if (name.startsWith('RefreshToken:') && one.accountId === account) kept.delete(name);
    answer.end('{}');
  },
  // They lose the session here, and nobody is told.
  async forget(request, answer, account) {
    for (const [name, one] of kept) if (one.accountId === account) kept.delete(name);
    answer.end('{}');
  },
  async groups(request, answer, account, groups) {
    accounts[account].groups = groups.split(',').filter(Boolean);
    answer.end('{}');
  },
};

const handle = provider.callback();
server.on('request', (request, answer) => {
  const [path] = request.url.split('?');
  const parts = path.split('/').slice(1);
  const mine = parts[0] === 'interaction' && parts.length === 2 ? own.interaction(request, answer, parts[1])
    : parts[0] === 'interaction' ? own.login(request, answer, parts[3])
    : parts[0] === 'test' ? own[parts[1]](request, answer, ...parts.slice(2).map(decodeURIComponent))
    : undefined;
  if (!mine) return handle(request, answer);
  mine.catch((error) => {
    console.error(error);
    answer.statusCode = 500;
    answer.end(String(error));
  });
});
process.stdout.write('listening\n');
