//! The messages of a stream: JSON, one a line.

use crate::etcd::number;
use crate::explain;
use base64::prelude::{BASE64_STANDARD, Engine};
use serde::{Deserialize, Deserializer};

/// etcd sends 32 KiB in a message; anything much longer is none of its messages.
const LONGEST: usize = 1 << 20;

/// A piece of the database, or the digest behind it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Message {
    /// How much of the database comes after it.
    #[serde(deserialize_with = "number")]
    pub(super) remaining_bytes: u64,
    #[serde(deserialize_with = "base64")]
    pub(super) blob: Vec<u8>,
    pub(super) version: String,
}

#[derive(Deserialize)]
struct Line {
    result: Option<Message>,
    error: Option<Refusal>,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    message: String,
}

/// What has come and is no whole line yet.
#[derive(Default)]
pub(super) struct Messages {
    rest: Vec<u8>,
}

impl Messages {
    /// The messages that are whole now, or why these bytes are none.
    pub(super) fn push(&mut self, data: &[u8]) -> Result<Vec<Message>, String> {
        self.rest.extend_from_slice(data);
        let Some(end) = self.rest.iter().rposition(|byte| *byte == b'\n') else {
            return if self.rest.len() > LONGEST { Err("a message has no end".to_owned()) } else { Ok(Vec::new()) };
        };
        let rest = self.rest.split_off(end + 1);
        let whole = std::mem::replace(&mut self.rest, rest);
        whole.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(read).collect()
    }
}

fn read(line: &[u8]) -> Result<Message, String> {
    let line: Line = serde_json::from_slice(line).map_err(|error| {
        // The message of serde may hold a value of the database, its place does not.
        format!("a message is not the JSON that etcd promises (column {})", error.column())
    })?;
    match line {
        Line { error: Some(refusal), .. } => Err(format!("etcd breaks off: {}", explain::shortened(&refusal.message))),
        Line { result, .. } => result.ok_or_else(|| "a message has no result".to_owned()),
    }
}

fn base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    BASE64_STANDARD.decode(text).map_err(|_| serde::de::Error::custom("no base64"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = concat!(
        r#"{"result": {"remaining_bytes": "3", "blob": "YWI=", "version": "3.6.0"}}"#,
        "\n",
        r#"{"result": {"blob": "Y2Rl"}}"#,
        "\n"
    );

    #[test]
    fn lines_are_cut_anywhere() {
        for piece in 1..LINES.len() {
            let mut messages = Messages::default();
            let pieces = LINES.as_bytes().chunks(piece);
            let found: Vec<Message> = pieces.flat_map(|piece| messages.push(piece).unwrap()).collect();
            assert_eq!((found[0].remaining_bytes, found[1].remaining_bytes), (3, 0));
            assert_eq!((found[0].blob.as_slice(), found[1].blob.as_slice()), (&b"ab"[..], &b"cde"[..]));
        }
    }

    #[test]
    fn what_is_no_message_is_told_without_its_value() {
        let tell = |text: &str| Messages::default().push(text.as_bytes()).unwrap_err();
        assert!(tell("{\"error\": {\"message\": \"no leader\"}}\n").contains("no leader"));
        for text in ["{}\n", "[]\n", "{\"result\": {\"blob\": \"secret!\"}}\n"] {
            assert!(!tell(text).contains("secret"), "{}", tell(text));
        }
        assert_eq!(tell(&"x".repeat(LONGEST + 1)), "a message has no end");
    }
}
