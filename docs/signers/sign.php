<?php
// SPDX-License-Identifier: EUPL-1.2
// Signs a hand-off token for INFO CIG. PHP 8 or newer with its extension `openssl`.
//
//   php sign.php KEY.pem KID ISSUER AUDIENCE
//
// KEY.pem is a P-256 private key (PKCS#8). The claims are described in docs/integrators.md.
declare(strict_types=1);

function base64url(string $data): string
{
    return rtrim(strtr(base64_encode($data), '+/', '-_'), '=');
}

/** The two numbers of a DER signature side by side, 32 bytes each: ES256 has no DER (RFC 7518, 3.4). */
function side_by_side(string $der): string
{
    $numbers = '';
    $at = 2; // SEQUENCE and its length, one byte on P-256.
    for ($number = 0; $number < 2; $number++) {
        $length = ord($der[$at + 1]);
        $digits = ltrim(substr($der, $at + 2, $length), "\0");
        $numbers .= str_pad($digits, 32, "\0", STR_PAD_LEFT);
        $at += 2 + $length;
    }
    return $numbers;
}

/** A token of `$person`, good for two minutes. Make a new one for each request of the page. */
function handoff_token(string $pem, string $kid, string $iss, string $aud, array $person): string
{
    $now = time();
    $header = ['alg' => 'ES256', 'typ' => 'infocig-handoff+jwt', 'kid' => $kid];
    $claims = ['iss' => $iss, 'aud' => $aud, 'jti' => bin2hex(random_bytes(16)),
        'iat' => $now, 'nbf' => $now, 'exp' => $now + 120] + $person;
    $signed = base64url(json_encode($header, JSON_THROW_ON_ERROR)) . '.'
        . base64url(json_encode($claims, JSON_THROW_ON_ERROR));
    if (!openssl_sign($signed, $signature, $pem, OPENSSL_ALGO_SHA256)) {
        throw new RuntimeException('the key could not sign: ' . openssl_error_string());
    }
    return $signed . '.' . base64url(side_by_side($signature));
}

[, $file, $kid, $issuer, $audience] = $argv;
// In a portal these are facts of the session of whoever is signed in.
$person = [
    'sub' => 'p-8c41f0d97ab24e15',
    'acr' => 'https://www.spid.gov.it/SpidL2',
    'amr' => ['spid'],
    'client_id' => 'myinps',
    'infocig_role' => 'lavoratore',
    'infocig_province' => '058',
    'given_name' => 'Lucia',
    'family_name' => 'Ferretti',
    'locale' => 'it',
];
echo handoff_token(file_get_contents($file), $kid, $issuer, $audience, $person), "\n";
