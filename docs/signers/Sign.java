// SPDX-License-Identifier: EUPL-1.2
// Signs a hand-off token for INFO CIG. Java 11 or newer, no library.
//
//   java Sign.java KEY.pem KID ISSUER AUDIENCE
//
// KEY.pem is a P-256 private key (PKCS#8). The claims are described in docs/integrators.md.

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

public final class Sign {
    public static void main(String[] words) throws Exception {
        PrivateKey key = readKey(Files.readString(Path.of(words[0])));
        // In a portal these are facts of the session of whoever is signed in.
        Map<String, Object> person = new LinkedHashMap<>();
        person.put("sub", "p-8c41f0d97ab24e15");
        person.put("acr", "https://www.spid.gov.it/SpidL2");
        person.put("amr", List.of("spid"));
        person.put("client_id", "myinps");
        person.put("infocig_role", "lavoratore");
        person.put("infocig_province", "058");
        person.put("given_name", "Lucia");
        person.put("family_name", "Ferretti");
        person.put("locale", "it");
        System.out.println(handoffToken(key, words[1], words[2], words[3], person));
    }

    /** A token of the person, good for two minutes. Make a new one for each request of the page. */
    static String handoffToken(PrivateKey key, String kid, String iss, String aud, Map<String, Object> person)
            throws GeneralSecurityException {
        long now = Instant.now().getEpochSecond();
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", "ES256");
        header.put("typ", "infocig-handoff+jwt");
        header.put("kid", kid);
        Map<String, Object> claims = new LinkedHashMap<>(person);
        claims.put("iss", iss);
        claims.put("aud", aud);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("iat", now);
        claims.put("nbf", now);
        claims.put("exp", now + 120);
        String signed = segment(header) + "." + segment(claims);
        // ES256 is the two numbers side by side (RFC 7518, 3.4), not DER.
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(key);
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + base64url(signature.sign());
    }

    static PrivateKey readKey(String pem) throws GeneralSecurityException {
        String base64 = pem.replaceAll("-----[A-Z ]+-----|\\s", "");
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }

    private static String segment(Object value) {
        return base64url(json(value).getBytes(StandardCharsets.UTF_8));
    }

    private static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** JSON of texts, numbers, lists and maps. A portal that has a library for JSON uses that. */
    private static String json(Object value) {
        if (value instanceof Map) {
            return ((Map<?, ?>) value).entrySet().stream().map(one -> json(one.getKey()) + ":" + json(one.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List) {
            return ((List<?>) value).stream().map(Sign::json).collect(Collectors.joining(",", "[", "]"));
        }
        if (value instanceof Number) {
            return value.toString();
        }
        return value.toString().chars()
                .mapToObj(c -> c < ' ' || c == '"' || c == '\\' ? String.format("\\u%04x", c) : String.valueOf((char) c))
                .collect(Collectors.joining("", "\"", "\""));
    }
}
