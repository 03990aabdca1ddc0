// SPDX-License-Identifier: EUPL-1.2
//! One node of a cluster (`infocig serve --cluster FILE`): the file that describes it, and the literals that the runtime's
//! configuration is given from it (`edge/cluster.capnp`).
//!
//! The mode is the runtime's own, and experimental: `docs/cluster.md`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::{Error, While};

/// The description of a node. Its paths begin in its own folder, wherever a supervisor puts it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cluster {
    /// `s3://bucket/prefix`, or `gs://bucket/prefix`.
    bucket: String,
    /// The address of the store, where it is not Amazon's.
    endpoint: Option<String>,
    /// The region of the bucket.
    region: Option<String>,
    /// The file of `AWS_ACCESS_KEY_ID=`, `AWS_SECRET_ACCESS_KEY=` and `AWS_SESSION_TOKEN=`; left out: variables of these names.
    credentials_file: Option<PathBuf>,
    /// The address on which the other nodes reach this one, `host:port`.
    address: String,
    /// That address as they see it, where it is another.
    advertise: Option<String>,
    /// The file of the secret that all nodes share.
    key_file: PathBuf,
}

impl Cluster {
    /// Reads a description. A mistake is refused with a sentence, before the runtime refuses it with a stack trace.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let name = path.display();
        let text = fs::read_to_string(path)
            .map_err(|error| Error::Usage(format!("--cluster {name} cannot be read ({error})")))?;
        let mut cluster: Self = serde_json::from_str(&text).map_err(|error| {
            Error::Usage(format!("--cluster {name}: {error}: docs/cluster.md has an example"))
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        cluster.key_file = folder.join(&cluster.key_file);
        cluster.credentials_file = cluster.credentials_file.map(|file| folder.join(file));
        match cluster.fault() {
            Some(fault) => Err(Error::Usage(format!("--cluster {name}: {fault}"))),
            None => Ok(cluster),
        }
    }

    fn fault(&self) -> Option<String> {
        let is_s3 = self.bucket.starts_with("s3://");
        if !is_s3 && !self.bucket.starts_with("gs://") {
            return Some(format!("bucket `{}` begins neither with s3:// nor with gs://", self.bucket));
        }
        if !is_s3 && (self.endpoint.is_some() || self.region.is_some() || self.credentials_file.is_some()) {
            return Some("a gs:// bucket takes no endpoint, region or credentials_file: remove them".into());
        }
        if !self.address.contains(':') {
            return Some(format!("address `{}` has no port: write host:port", self.address));
        }
        let host = self.address.rsplit_once(':').map_or(self.address.as_str(), |(host, _)| host);
        if ["0.0.0.0", "[::]", "*"].contains(&host) && self.advertise.is_none() {
            return Some(format!(
                "address `{host}` is every interface: write advertise, the one the other nodes reach"
            ));
        }
        None
    }

    /// The document that `cluster.capnp` imports. It holds the secret.
    pub(crate) fn literals(&self) -> Result<String, Error> {
        let name = self.key_file.display();
        let key = fs::read_to_string(&self.key_file)
            .map_err(|error| Error::Usage(format!("key_file {name} cannot be read ({error})")))?;
        let key = key.trim();
        if key.len() < KEY_BYTES {
            let sentence = format!(
                "key_file {name} has {} bytes, and the key of a cluster at least {KEY_BYTES}: make one with `openssl rand -hex 32`, \
                 the same for every node",
                key.len()
            );
            return Err(Error::Usage(sentence));
        }
        let credentials = match &self.credentials_file {
            Some(path) => {
                let found = fs::canonicalize(path);
                let found = found.while_doing(format_args!("finding credentials_file {}", path.display()))?;
                Some(found.to_string_lossy().into_owned())
            }
            None => None,
        };
        let options = [
            ("aws_endpoint", self.endpoint.as_deref()),
            ("aws_region", self.region.as_deref()),
            ("aws_credentials_file", credentials.as_deref()),
        ];
        let options: Vec<String> = options
            .into_iter()
            .filter_map(|(name, value)| Some(literal(&format!("{name}={}", value?))))
            .collect();
        let mut fields = vec![
            format!("bucket = {}", literal(&self.bucket)),
            format!("bucketOptions = [{}]", options.join(", ")),
            format!("address = {}", literal(&self.address)),
            format!("key = {}", literal(key)),
        ];
        fields.extend(self.advertise.iter().map(|advertise| format!("advertise = {}", literal(advertise))));
        Ok(format!(
            "# Written by `infocig serve --cluster` at every start.\nusing Workerd = import \"/workerd/workerd.capnp\";\n\
             const cluster :Workerd.ClusterConfig = (\n  {}\n);\n",
            fields.join(",\n  ")
        ))
    }
}

/// A text as the schema language writes it.
fn literal(text: &str) -> String {
    let mut written = String::from('"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => written.extend(['\\', char::from(byte)]),
            b' '..=b'~' => written.push(char::from(byte)),
            // Writing to a string cannot fail.
            other => {
                let _ = write!(written, "\\x{other:02x}");
            }
        }
    }
    written.push('"');
    written
}

/// The least length of a key (workerd.capnp, `ClusterConfig`).
const KEY_BYTES: usize = 32;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tempfile::TempDir;

    use super::*;

    /// The file of a description that was changed; the folder it lies in is deleted when it is dropped.
    fn described(change: impl FnOnce(&mut Value)) -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cluster.json");
        let mut node = json!({ "bucket": "s3://chat/live", "address": "10.0.0.7:7000", "key_file": "/key" });
        change(&mut node);
        fs::write(&path, node.to_string()).unwrap();
        (folder, path)
    }

    fn cluster(change: impl FnOnce(&mut Value)) -> Result<Cluster, Error> {
        let (_folder, path) = described(change);
        Cluster::read(&path)
    }

    #[test]
    fn what_the_runtime_would_refuse_is_refused_with_a_sentence() {
        assert!(cluster(|_| {}).is_ok());
        for (change, reason) in [
            (json!({ "bucket": "chat" }), "neither with s3:// nor with gs://"),
            (json!({ "bucket": "gs://chat", "region": "eu" }), "takes no endpoint"),
            (json!({ "address": "10.0.0.7" }), "has no port"),
            (json!({ "address": "0.0.0.0:7000" }), "write advertise"),
            (json!({ "lease": 5 }), "unknown field `lease`"),
        ] {
            let refused = cluster(|node| {
                for (name, value) in change.as_object().unwrap() {
                    node[name] = value.clone();
                }
            });
            let refused = refused.unwrap_err().to_string();
            assert!(refused.contains(reason), "{refused}");
        }
    }

    #[test]
    fn the_literals_have_the_key_and_no_credentials() {
        let (folder, path) = described(|node| {
            node["key_file"] = json!("key");
            node["credentials_file"] = json!("credentials");
            node["endpoint"] = json!("https://s3.example");
        });
        let key = folder.path().join("key");
        fs::write(&key, "0123456789abcdef0123456789abcde\"\n").unwrap();
        fs::write(folder.path().join("credentials"), "AWS_SECRET_ACCESS_KEY=not to be copied").unwrap();

        let literals = Cluster::read(&path).unwrap().literals().unwrap();

        assert!(literals.contains(r#"key = "0123456789abcdef0123456789abcde\"""#), "{literals}");
        assert!(
            literals.contains(r#"bucketOptions = ["aws_endpoint=https://s3.example", "aws_cred"#),
            "{literals}"
        );
        assert!(!literals.contains("not to be copied"), "{literals}");

        fs::write(&key, "short\n").unwrap();
        let short = Cluster::read(&path).unwrap().literals().unwrap_err().to_string();
        assert!(short.contains("has 5 bytes") && short.contains("openssl rand"), "{short}");
    }

    #[test]
    fn a_text_is_written_as_the_schema_language_reads_it() {
        assert_eq!(literal("a\"b\\c\n\u{e8}"), r#""a\"b\\c\x0a\xc3\xa8""#);
    }
}
