//! The operating system of a node.

use std::fmt;
use std::str::FromStr;

/// A distribution that can be named in a pillar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Distribution {
    /// CentOS Stream.
    CentosStream,
    /// Red Hat Enterprise Linux.
    Rhel,
    /// Rocky Linux.
    Rocky,
    /// AlmaLinux.
    Alma,
    /// Debian.
    Debian,
    /// Ubuntu: named by hosts that run another distribution of Kubernetes; nothing is rendered for its packages.
    Ubuntu,
}

/// How packages are installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Packaging {
    /// dnf.
    Rpm,
    /// apt.
    Deb,
}

impl Packaging {
    /// Its name in the version facts: `rpm` or `deb`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rpm => "rpm",
            Self::Deb => "deb",
        }
    }
}

const NAMES: [(&str, Distribution); 6] = [
    ("centos-stream", Distribution::CentosStream),
    ("rhel", Distribution::Rhel),
    ("rocky", Distribution::Rocky),
    ("alma", Distribution::Alma),
    ("debian", Distribution::Debian),
    ("ubuntu", Distribution::Ubuntu),
];

/// A distribution and its major release: `centos-stream-10`, `rocky-9`, `debian-12`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OperatingSystem {
    /// The distribution.
    pub distribution: Distribution,
    /// The major release.
    pub major: u8,
}

impl OperatingSystem {
    /// Whether it is of the Enterprise Linux family.
    #[must_use]
    pub fn is_enterprise_linux(self) -> bool {
        !matches!(self.distribution, Distribution::Debian | Distribution::Ubuntu)
    }

    /// How its packages are installed.
    #[must_use]
    pub fn packaging(self) -> Packaging {
        if self.is_enterprise_linux() { Packaging::Rpm } else { Packaging::Deb }
    }

    /// Its name in the version facts: `el9`, `el10`, `debian12`.
    #[must_use]
    pub fn platform(self) -> String {
        match self.distribution {
            Distribution::Debian => format!("debian{}", self.major),
            Distribution::Ubuntu => format!("ubuntu{}", self.major),
            _ => format!("el{}", self.major),
        }
    }
}

impl fmt::Display for OperatingSystem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES.iter().find(|(_, known)| *known == self.distribution).map_or("", |(name, _)| name);
        write!(formatter, "{name}-{}", self.major)
    }
}

impl FromStr for OperatingSystem {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            let names: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
            format!(
                "`{text}` is not a known operating system; write {} with its major release, such as rocky-10 or debian-12",
                names.join(", ")
            )
        };
        let (name, major) = text.rsplit_once('-').ok_or_else(wrong)?;
        let (_, distribution) = NAMES.iter().find(|(known, _)| *known == name).ok_or_else(wrong)?;
        let major = major.parse().ok().filter(|_| !major.starts_with(['0', '+'])).ok_or_else(wrong)?;
        Ok(Self { distribution: *distribution, major })
    }
}

super::text_value!(
    OperatingSystem,
    "a distribution and its major release, such as centos-stream-10, rocky-9 or debian-12",
    r"^(centos-stream|rhel|rocky|alma|debian|ubuntu)-[1-9][0-9]*$"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_prints() {
        for text in ["centos-stream-10", "rhel-9", "rocky-9", "alma-10", "debian-12"] {
            assert_eq!(text.parse::<OperatingSystem>().unwrap().to_string(), text);
        }
        assert_eq!("alma-10".parse::<OperatingSystem>().unwrap().platform(), "el10");
    }

    #[test]
    fn refuses_other_forms() {
        for text in ["", "rocky", "rocky-", "rocky-09", "windows-11", "el9", "rocky-999"] {
            assert!(text.parse::<OperatingSystem>().is_err(), "{text}");
        }
    }
}
