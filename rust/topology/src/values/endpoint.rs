//! Host and port of the API.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// A host and a port: `api.prod1.lan:8443`, `10.0.10.5:6443`, `[fd00::5]:6443`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// DNS name or address, without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

impl Endpoint {
    /// The address, where the host is one.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(formatter, "[{}]:{}", self.host, self.port)
        } else {
            write!(formatter, "{}:{}", self.host, self.port)
        }
    }
}

/// Whether a text is a DNS name as RFC 1123 has it, in lower case.
pub(crate) fn is_dns_name(name: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

impl FromStr for Endpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = |why: &str| {
            format!("`{text}` is not host:port ({why}); write for example api.prod1.lan:8443 or 10.0.10.5:8443")
        };
        let (host, port) = text.rsplit_once(':').ok_or_else(|| wrong("no port"))?;
        let port: u16 =
            port.parse().ok().filter(|port| *port > 0).ok_or_else(|| wrong("the port is not 1 to 65535"))?;
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let host = match bare {
            Some(inner) if inner.contains(':') && inner.parse::<IpAddr>().is_ok() => inner,
            Some(_) => return Err(wrong("brackets are for IPv6 addresses")),
            None if host.contains(':') => return Err(wrong("an IPv6 address stands in brackets")),
            None => host,
        };
        let dotted_digits = host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let known = host.parse::<IpAddr>().is_ok() || (is_dns_name(host) && !dotted_digits);
        if known {
            Ok(Self { host: host.to_owned(), port })
        } else {
            Err(wrong("the host is no lower-case DNS name and no address"))
        }
    }
}

super::text_value!(Endpoint, "host:port, such as api.prod1.lan:8443", r"^.+:[0-9]+$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_prints() {
        for text in ["api.prod1.lan:8443", "10.0.10.5:6443", "[fd00::5]:6443"] {
            assert_eq!(text.parse::<Endpoint>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn refuses_other_forms() {
        for text in [
            "",
            "api",
            "api:",
            "api:0",
            "api:70000",
            "https://api:6443",
            "API:6443",
            "10.0.0.300:6443",
            "fd00::5:6443",
            "[api]:1",
        ] {
            assert!(text.parse::<Endpoint>().is_err(), "{text}");
        }
    }
}
