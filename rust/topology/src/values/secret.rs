//! A reference to a secret. The secret itself never enters the program.

use std::fmt;
use std::str::FromStr;

/// Where a secret is kept. It has no `Display`, its `Debug` prints no reference, and a literal is forgotten when read.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    /// `sdb://profile/key`: one of Salt's simple databases.
    Sdb(String),
    /// `vault://path/key`.
    Vault(String),
    /// `file:///path/on/the/master`.
    File(String),
    /// A PGP message, decrypted on the master.
    Gpg(String),
    /// A literal was written. Its text is not kept; a rule refuses it.
    Literal,
}

impl Secret {
    /// Whether somebody wrote the secret itself.
    #[must_use]
    pub fn is_literal(&self) -> bool {
        matches!(self, Self::Literal)
    }

    /// The reference as written, which is not secret; `None` for a literal.
    #[must_use]
    pub fn reference(&self) -> Option<&str> {
        match self {
            Self::Sdb(text) | Self::Vault(text) | Self::File(text) | Self::Gpg(text) => Some(text),
            Self::Literal => None,
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("<secret>")
    }
}

impl FromStr for Secret {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let owned = || text.to_owned();
        Ok(match text {
            _ if text.starts_with("sdb://") => Self::Sdb(owned()),
            _ if text.starts_with("vault://") => Self::Vault(owned()),
            _ if text.starts_with("file:///") => Self::File(owned()),
            _ if text.trim_start().starts_with("-----BEGIN PGP MESSAGE-----") => Self::Gpg(owned()),
            _ => Self::Literal,
        })
    }
}

impl serde::Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.reference().unwrap_or("<secret>"))
    }
}

impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Secret;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("text that refers to a secret (sdb://, vault://, file:/// or a PGP message)")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Secret, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}

impl schemars::JsonSchema for Secret {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Secret".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "a reference to a secret: sdb://…, vault://…, file:///… or a PGP message; never the secret itself"
        })
    }
}
