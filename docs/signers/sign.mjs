// SPDX-License-Identifier: EUPL-1.2
// Signs a hand-off token for INFO CIG. Node.js 16 or newer, no package.
//
//   node sign.mjs KEY.pem KID ISSUER AUDIENCE
//
// KEY.pem is a P-256 private key (PKCS#8). The claims are described in docs/integrators.md.
import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';

const segment = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token of `person`, good for two minutes. Make a new one for each request of the page. */
export function handoffToken(key, kid, iss, aud, person) {
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: 'ES256', typ: 'infocig-handoff+jwt', kid };
  const claims = { iss, aud, jti: randomUUID(), iat: now, nbf: now, exp: now + 120, ...person };
  const signed = `${segment(header)}.${segment(claims)}`;
  // ES256 is the two numbers side by side (RFC 7518, 3.4), not DER.
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

const [file, kid, issuer, audience] = process.argv.slice(2);
// In a portal these are facts of the session of whoever is signed in.
const person = {
  sub: 'p-8c41f0d97ab24e15',
  acr: 'https://www.spid.gov.it/SpidL2',
  amr: ['spid'],
  client_id: 'myinps',
  infocig_role: 'lavoratore',
  infocig_province: '058',
  given_name: 'Lucia',
  family_name: 'Ferretti',
  locale: 'it',
};
console.log(handoffToken(createPrivateKey(readFileSync(file)), kid, issuer, audience, person));
