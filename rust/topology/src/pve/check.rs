//! Whether Proxmox VE would accept a parameter.

use super::facts::{Kind, Parameter, Parameters, PropertyFacts, Value};
use super::{Refusal, properties};
use indexmap::IndexMap;
use serde_json::Value as Json;
use tree::nearest;

/// The format whose words are the CPU types: they are listed with their levels.
pub(super) const CPU_TYPE: &str = "cpu-type";

impl Parameters {
    /// The facts of a parameter such as `cores` or `scsi1`.
    ///
    /// # Errors
    /// When this major version of Proxmox VE does not know it, with the nearest name that it knows.
    pub fn find(&self, version: u8, key: &str) -> Result<&Parameter, Refusal> {
        let digits = key.len() - key.trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
        let (base, number) = key.split_at(key.len() - digits);
        let indexed = || self.keys.get(&format!("{base}[n]")).filter(|_| !number.is_empty());
        let Some(parameter) = self.keys.get(key).or_else(indexed) else {
            let known = self
                .keys
                .keys()
                .map(|name| name.replace("[n]", if number.is_empty() { "0" } else { number }))
                .collect::<Vec<_>>();
            let near = nearest(key, known.iter().map(String::as_str));
            let message = format!("Proxmox VE {version} knows no parameter `{key}` of a virtual machine");
            return Err(Refusal::new(message, near.map(|near| format!("did you mean `{near}`?"))));
        };
        if let Some(since) = parameter.since.filter(|since| version < *since) {
            return Err(Refusal::new(
                format!("`{key}` exists since Proxmox VE {since} only, this is version {version}"),
                None,
            ));
        }
        let in_range =
            |last: &u32| number.parse::<u32>().is_ok_and(|index| index <= *last && index.to_string() == number);
        match &parameter.last_index {
            Some(last) if !in_range(last) => {
                let message = format!("`{key}` does not exist: there are `{base}0` to `{base}{last}`");
                Err(Refusal::new(message, Some(format!("use a number from 0 to {last}"))))
            }
            _ => Ok(parameter),
        }
    }

    /// Whether this major version of Proxmox VE accepts the parameter: its name, and its value with all keys of a property
    /// string. What the server knows alone (storages, bridges, volumes) is not judged.
    ///
    /// # Errors
    /// Why not. A value that may be a secret is not in the message.
    pub fn check(&self, version: u8, key: &str, value: &Json) -> Result<(), Refusal> {
        let parameter = self.find(version, key)?;
        if parameter.secret {
            let message = format!("`{key}` is a secret, and a secret is never a value of the pillar");
            return Err(Refusal::new(message, Some("write a reference under `cloud_init.password`".to_owned())));
        }
        let text = plain_text(value)
            .ok_or_else(|| Refusal::new(format!("`{key}` must be one value, not a list or a mapping"), None))?;
        self.check_value(key, &text, &parameter.value, false)?;
        match parameter.properties.as_ref().and_then(|name| self.property_strings.get(name)) {
            Some(known) => self.check_properties(version, key, &text, known),
            None => Ok(()),
        }
    }

    /// Whether one key of a property string, such as `tag` of `net0`, takes a value.
    ///
    /// # Errors
    /// Why not.
    pub fn check_property(&self, version: u8, key: &str, property: &str, text: &str) -> Result<(), Refusal> {
        let parameter = self.find(version, key)?;
        let known = parameter.properties.as_ref().and_then(|name| self.property_strings.get(name));
        match known.and_then(|known| known.get(property)) {
            Some(facts) => self.check_value(&format!("{key}: {property}"), text, &facts.value, true),
            None => Err(Refusal::new(format!("`{key}` has no `{property}`"), None)),
        }
    }

    fn check_properties(
        &self,
        version: u8,
        key: &str,
        text: &str,
        known: &IndexMap<String, PropertyFacts>,
    ) -> Result<(), Refusal> {
        let mut present: Vec<&str> = Vec::new();
        for part in properties(text) {
            let default = || known.iter().find(|(_, facts)| facts.default).map(|(name, _)| name.as_str());
            let Some(name) = part.key.or_else(default) else {
                return Err(Refusal::new(
                    format!("`{}` of `{key}` has no key", part.value),
                    Some("write key=value".to_owned()),
                ));
            };
            let in_version = |facts: &PropertyFacts| facts.since.is_none_or(|since| since <= version);
            let Some(facts) = known.get(name).filter(|facts| in_version(facts)) else {
                let names = known.iter().filter(|(_, facts)| in_version(facts)).map(|(name, _)| name.as_str());
                let near = nearest(name, names.clone()).map(|near| format!("did you mean `{near}`?"));
                let help = near.unwrap_or_else(|| format!("it knows {}", names.collect::<Vec<_>>().join(", ")));
                return Err(Refusal::new(format!("`{key}` of Proxmox VE {version} has no `{name}`"), Some(help)));
            };
            self.check_value(&format!("{key}: {name}"), part.value, &facts.value, true)?;
            let meant = facts.stands_for.as_deref().unwrap_or(name);
            if present.contains(&meant) {
                return Err(Refusal::new(format!("`{key}` says `{meant}` twice"), None));
            }
            present.push(meant);
        }
        for (name, facts) in known {
            if facts.required && !present.contains(&name.as_str()) {
                return Err(Refusal::new(format!("`{key}` lacks `{name}`"), None));
            }
            if let Some(needed) = &facts.requires
                && present.contains(&name.as_str())
                && !present.contains(&needed.as_str())
            {
                return Err(Refusal::new(format!("`{name}` of `{key}` means nothing without `{needed}`"), None));
            }
        }
        Ok(())
    }

    fn check_value(&self, name: &str, text: &str, value: &Value, in_property: bool) -> Result<(), Refusal> {
        match self.fault(text, value, in_property) {
            None => Ok(()),
            Some(expected) => Err(Refusal::new(format!("`{name}` must be {expected}, not `{text}`"), None)),
        }
    }

    /// What the value should be, when it is something else.
    fn fault(&self, text: &str, value: &Value, in_property: bool) -> Option<String> {
        if let Some(words) = value.one_of.as_ref().filter(|words| !words.iter().any(|word| word == text)) {
            return Some(format!("one of {}", words.join(", ")));
        }
        if let Some(most) = value.most_characters.filter(|most| text.chars().count() > *most) {
            return Some(format!("at most {most} characters long"));
        }
        match value.kind {
            Kind::Text => self.fault_of_form(text, value.format.as_deref()?),
            Kind::Boolean => (!is_boolean(text, in_property)).then(|| "0 or 1".to_owned()),
            Kind::Integer => {
                (!text.parse().is_ok_and(|number: i64| in_range(number, value))).then(|| range(value, "a whole number"))
            }
            Kind::Number => {
                (!text.parse().is_ok_and(|number: f64| is_within(number, value))).then(|| range(value, "a number"))
            }
        }
    }

    fn fault_of_form(&self, text: &str, name: &str) -> Option<String> {
        if name == CPU_TYPE {
            let near = || {
                nearest(text, self.cpu_levels.keys().map(String::as_str))
                    .map_or(String::new(), |near| format!(" (`{near}`?)"))
            };
            return self.cpu_level(text).is_none().then(|| format!("a CPU type that Proxmox VE knows{}", near()));
        }
        let form = self.formats.get(name)?;
        (!form.pattern.is_match(text)).then(|| form.words.clone())
    }
}

/// A value as the API takes it; `None` for a list, a mapping or nothing.
#[must_use]
pub(crate) fn plain_text(value: &Json) -> Option<String> {
    match value {
        Json::Bool(flag) => Some(u8::from(*flag).to_string()),
        Json::Number(number) => Some(number.to_string()),
        Json::String(text) => Some(text.clone()),
        _ => None,
    }
}

/// The API takes 0 and 1; inside a property string more words are understood.
fn is_boolean(text: &str, in_property: bool) -> bool {
    let word = text.to_ascii_lowercase();
    ["0", "1"].contains(&text) || in_property && ["on", "off", "yes", "no", "true", "false"].contains(&word.as_str())
}

fn in_range(number: i64, value: &Value) -> bool {
    value.minimum.is_none_or(|least| least <= number) && value.maximum.is_none_or(|most| number <= most)
}

#[expect(clippy::cast_precision_loss, reason = "limits are small whole numbers")]
fn is_within(number: f64, value: &Value) -> bool {
    let (least, most) = (value.minimum.map(|least| least as f64), value.maximum.map(|most| most as f64));
    number.is_finite() && least.is_none_or(|least| least <= number) && most.is_none_or(|most| number <= most)
}

fn range(value: &Value, what: &str) -> String {
    match (value.minimum, value.maximum) {
        (Some(least), Some(most)) => format!("{what} from {least} to {most}"),
        (Some(least), None) => format!("{what} of at least {least}"),
        (None, Some(most)) => format!("{what} of at most {most}"),
        (None, None) => what.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refusal(version: u8, key: &str, value: impl Into<Json>) -> Option<String> {
        Parameters::built_in().unwrap().check(version, key, &value.into()).err().map(|refusal| refusal.to_string())
    }

    #[test]
    fn what_the_api_accepts_is_accepted() {
        let accepted = [
            ("scsi0", json!("local-lvm:0,import-from=local:import/rocky-10.qcow2,discard=on,iothread=1,ssd=1")),
            ("scsi30", json!("local-lvm:20,backup=0,replicate=0,serial=etcd")),
            ("net0", json!("virtio=BC:24:11:00:04:01,bridge=vmbr0,firewall=0,mtu=1,tag=110")),
            ("net0", json!("model=virtio,bridge=vmbr0")),
            ("ipconfig0", json!("ip=10.0.10.11/24,gw=10.0.10.1")),
            ("ipconfig0", json!("ip6=fd00::11/64,gw6=fd00::1")),
            ("cpu", json!("x86-64-v3,flags=+aes;-pcid")),
            ("cpu", json!("custom-etcd")),
            ("agent", json!("enabled=1,freeze-fs-on-backup=0")),
            ("memory", json!(8192)),
            ("cores", json!(4)),
            ("onboot", json!(true)),
            ("boot", json!("order=scsi0;net0")),
            ("startup", json!("order=20,up=60,down=180")),
            ("hotplug", json!("network,disk,cloudinit")),
            ("tags", json!("control-plane;etcd;k8s")),
            ("efidisk0", json!("local-lvm:1,efitype=4m,pre-enrolled-keys=0")),
            ("numa0", json!("cpus=0-3,memory=4096")),
            ("machine", json!("pc-q35-9.2+pve1")),
            ("serial0", json!("socket")),
            ("cpulimit", json!(1.5)),
        ];
        for (key, value) in accepted {
            assert_eq!(refusal(9, key, value.clone()), None, "{key}: {value}");
        }
    }

    #[test]
    fn what_the_api_refuses_is_refused_with_what_to_write() {
        let refused = [
            ("scsihww", json!("lsi"), "did you mean `scsihw`?"),
            ("scis1", json!("local-lvm:4"), "did you mean `scsi1`?"),
            ("scsi31", json!("local-lvm:4"), "from 0 to 30"),
            ("scsi01", json!("local-lvm:4"), "from 0 to 30"),
            ("scsihw", json!("virtio"), "one of lsi"),
            ("scsi0", json!("local-lvm:4,iothreat=1"), "did you mean `iothread`?"),
            ("scsi0", json!("local-lvm:4,iothread=9"), "must be 0 or 1"),
            ("scsi0", json!("discard=on"), "lacks `file`"),
            ("net0", json!("virtio=01:00:5E:00:00:01"), "unicast MAC"),
            ("net0", json!("virtio,tag=5000"), "from 1 to 4094"),
            ("net0", json!("virtio,model=e1000"), "twice"),
            ("ipconfig0", json!("gw=10.0.10.1"), "means nothing without `ip`"),
            ("ipconfig0", json!("ip=10.0.10.11"), "with its prefix"),
            ("cpu", json!("x86-64-v9"), "CPU type"),
            ("onboot", json!("yes"), "0 or 1"),
            ("cores", json!(0), "at least 1"),
            ("cores", json!(1.5), "whole number"),
            ("cpulimit", json!(129), "from 0 to 128"),
            ("name", json!("cp_1"), "host name"),
            ("memory", json!(8), "at least 16"),
            ("cores", json!([4]), "one value"),
            ("cores", json!(null), "one value"),
            ("archive", json!("x".repeat(256)), "at most 255 characters"),
        ];
        for (key, value, expected) in refused {
            let refusal = refusal(9, key, value.clone()).unwrap_or_else(|| panic!("{key}: {value} is accepted"));
            assert!(refusal.contains(expected), "{refusal}");
        }
    }

    #[test]
    fn versions_differ() {
        assert_eq!(refusal(9, "allow-ksm", 1), None);
        assert!(refusal(8, "allow-ksm", 1).unwrap().contains("since Proxmox VE 9"));
        assert_eq!(refusal(9, "agent", "1,freeze-fs=0"), None);
        assert!(refusal(8, "agent", "1,freeze-fs=0").unwrap().contains("it knows enabled, freeze-fs-on-backup"));
    }

    #[test]
    fn a_password_is_refused_and_not_shown() {
        let refusal = refusal(9, "cipassword", "hunter2").unwrap();
        assert!(refusal.contains("secret") && !refusal.contains("hunter2"), "{refusal}");
    }
}
