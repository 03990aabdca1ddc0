# SPDX-License-Identifier: EUPL-1.2
"""Signs a hand-off token for INFO CIG. Python 3.8 or newer with the library `cryptography`, 3.1 or newer.

    python3 sign.py KEY.pem KID ISSUER AUDIENCE

KEY.pem is a P-256 private key (PKCS#8). The claims are described in docs/integrators.md.
"""

import base64
import json
import sys
import time
import uuid

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def handoff_token(key, kid, iss, aud, person):
    """A token of `person`, good for two minutes. Make a new one for each request of the page."""
    now = int(time.time())
    header = {"alg": "ES256", "typ": "infocig-handoff+jwt", "kid": kid}
    claims = {"iss": iss, "aud": aud, "jti": str(uuid.uuid4()), "iat": now, "nbf": now, "exp": now + 120, **person}
    signed = b".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
    # ES256 is the two numbers side by side (RFC 7518, 3.4), not DER.
    r, s = decode_dss_signature(key.sign(signed, ECDSA(SHA256())))
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return (signed + b"." + base64url(signature)).decode()


if __name__ == "__main__":
    file, kid, issuer, audience = sys.argv[1:]
    # In a portal these are facts of the session of whoever is signed in.
    person = {
        "sub": "p-8c41f0d97ab24e15",
        "acr": "https://www.spid.gov.it/SpidL2",
        "amr": ["spid"],
        "client_id": "myinps",
        "infocig_role": "lavoratore",
        "infocig_province": "058",
        "given_name": "Lucia",
        "family_name": "Ferretti",
        "locale": "it",
    }
    with open(file, "rb") as pem:
        key = load_pem_private_key(pem.read(), password=None)
    print(handoff_token(key, kid, issuer, audience, person))
