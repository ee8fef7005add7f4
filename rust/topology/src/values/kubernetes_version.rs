//! A Kubernetes release.

use std::fmt;
use std::str::FromStr;

/// A release of Kubernetes 1: `v1.36.4`; the `v` may be left out when writing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KubernetesVersion {
    /// The minor, 36 in `v1.36.4`.
    pub minor: u16,
    /// The patch, 4 in `v1.36.4`.
    pub patch: u16,
}

impl KubernetesVersion {
    /// The minor as repositories and documents name it: `1.36`.
    #[must_use]
    pub fn series(self) -> String {
        format!("1.{}", self.minor)
    }
}

impl fmt::Display for KubernetesVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "v1.{}.{}", self.minor, self.patch)
    }
}

impl FromStr for KubernetesVersion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a release of Kubernetes 1; write it with its patch, such as v1.36.4");
        let mut parts = text.strip_prefix('v').unwrap_or(text).split('.');
        let mut next = || -> Result<u16, String> {
            let part = parts.next().ok_or_else(wrong)?;
            if part.len() > 1 && part.starts_with('0') || !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(wrong());
            }
            part.parse().map_err(|_| wrong())
        };
        let (major, minor, patch) = (next()?, next()?, next()?);
        if major == 1 && parts.next().is_none() { Ok(Self { minor, patch }) } else { Err(wrong()) }
    }
}

super::text_value!(
    KubernetesVersion,
    "a release of Kubernetes with its patch, as text, such as v1.36.4",
    r"^v?1\.[0-9]+\.[0-9]+$"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_with_and_without_the_letter() {
        assert_eq!("1.36.4".parse::<KubernetesVersion>().unwrap().to_string(), "v1.36.4");
        assert_eq!("v1.36.4".parse::<KubernetesVersion>().unwrap().series(), "1.36");
    }

    #[test]
    fn refuses_other_forms() {
        for text in ["", "1.36", "v2.0.0", "1.36.x", "1.036.4", "1.36.4.5", "v1.36.4-rc.1", "+1.36.4"] {
            assert!(text.parse::<KubernetesVersion>().is_err(), "{text}");
        }
    }
}
