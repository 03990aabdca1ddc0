// SPDX-License-Identifier: EUPL-1.2
// Signs a hand-off token for INFO CIG. .NET Core 3.0 or newer, no package.
//
//   dotnet run -- KEY.pem KID ISSUER AUDIENCE        (as Program.cs of a console project)
//
// KEY.pem is a P-256 private key (PKCS#8). The claims are described in docs/integrators.md.

using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

public static class Sign
{
    public static void Main(string[] words)
    {
        using (ECDsa key = ReadKey(File.ReadAllText(words[0])))
        {
            // In a portal these are facts of the session of whoever is signed in.
            var person = new Dictionary<string, object>
            {
                ["sub"] = "p-8c41f0d97ab24e15",
                ["acr"] = "https://www.spid.gov.it/SpidL2",
                ["amr"] = new[] { "spid" },
                ["client_id"] = "myinps",
                ["infocig_role"] = "lavoratore",
                ["infocig_province"] = "058",
                ["given_name"] = "Lucia",
                ["family_name"] = "Ferretti",
                ["locale"] = "it",
            };
            Console.WriteLine(HandoffToken(key, words[1], words[2], words[3], person));
        }
    }

    /// <summary>A token of the person, good for two minutes. Make a new one for each request of the page.</summary>
    public static string HandoffToken(ECDsa key, string kid, string iss, string aud, Dictionary<string, object> person)
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var header = new Dictionary<string, object>
        {
            ["alg"] = "ES256", ["typ"] = "infocig-handoff+jwt", ["kid"] = kid,
        };
        var claims = new Dictionary<string, object>(person)
        {
            ["iss"] = iss, ["aud"] = aud, ["jti"] = Guid.NewGuid().ToString(),
            ["iat"] = now, ["nbf"] = now, ["exp"] = now + 120,
        };
        string signed = Segment(header) + "." + Segment(claims);
        // SignData gives the two numbers side by side, which ES256 is (RFC 7518, 3.4).
        byte[] signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        return signed + "." + Base64Url(signature);
    }

    public static ECDsa ReadKey(string pem)
    {
        byte[] der = Convert.FromBase64String(Regex.Replace(pem, "-----[A-Z ]+-----|\\s", ""));
        ECDsa key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(der, out _);
        return key;
    }

    private static string Segment(object value)
    {
        return Base64Url(JsonSerializer.SerializeToUtf8Bytes(value, value.GetType()));
    }

    private static string Base64Url(byte[] bytes)
    {
        return Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }
}
