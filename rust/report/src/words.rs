//! Words and figures, in one place for the page, its script and the drawings.

use crate::data::{Answer, Effect, Kind, Level, Report, Resource};

/// `1 node`, `3 nodes`.
pub(crate) fn counted(count: usize, kind: &Kind) -> String {
    format!("{count} {}", if count == 1 { &kind.one } else { &kind.many })
}

/// `1 service`, `3 services`.
pub(crate) fn plural(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

/// The kind with this key.
pub(crate) fn kind<'r>(report: &'r Report, key: &str) -> Option<&'r Kind> {
    report.kinds.iter().find(|kind| kind.key == key)
}

/// The word for one element of a kind.
pub(crate) fn kind_word<'r>(report: &'r Report, key: &'r str) -> &'r str {
    kind(report, key).map_or(key, |kind| kind.one.as_str())
}

/// What the lost levels of a service mean, as bits: serve 1, recover 2, data 4.
pub(crate) const STATES: [&str; 8] = [
    "goes on",
    "interrupted: serves again once it is started elsewhere",
    "goes on, but could not be started elsewhere",
    "lost until what failed is repaired",
    "goes on, but acknowledged writes may be lost",
    "interrupted: serves again once it is started elsewhere, but acknowledged writes may be lost",
    "goes on, but could not be started elsewhere and acknowledged writes may be lost",
    "lost until what failed is repaired, and acknowledged writes may be lost",
];

/// The lost levels as an index of [`STATES`].
pub(crate) fn bits(levels: &[Level]) -> usize {
    levels.iter().fold(0, |bits, level| bits | 1 << (*level as usize))
}

/// The service does not go on by itself, or loses writes.
pub(crate) fn is_grave(effect: &Effect) -> bool {
    effect.lost.contains(&Level::Serve) || effect.lost.contains(&Level::Data)
}

/// Services that do not go on by themselves or lose writes, and all of which any level is lost.
pub(crate) fn losses(answer: &Answer) -> (usize, usize) {
    let grave = answer.effects.iter().filter(|effect| is_grave(effect)).count();
    (grave, answer.effects.iter().filter(|effect| !effect.lost.is_empty()).count())
}

/// An amount with its unit.
#[allow(clippy::cast_precision_loss, reason = "shown with one digit after the point")]
pub(crate) fn amount(resource: Resource, value: u64) -> String {
    const UNITS: [(&str, f64); 4] =
        [("TiB", (1u64 << 40) as f64), ("GiB", (1u64 << 30) as f64), ("MiB", (1u64 << 20) as f64), ("KiB", 1024.0)];
    let short = |value: f64, unit: &str| {
        let digits = format!("{value:.1}");
        format!("{} {unit}", digits.strip_suffix(".0").unwrap_or(&digits))
    };
    match resource {
        Resource::Cpu => short(value as f64 / 1000.0, "cores"),
        Resource::Pods => plural(usize::try_from(value).unwrap_or(usize::MAX), "pod"),
        Resource::Memory | Resource::HostMemory | Resource::Disk => {
            match UNITS.iter().find(|(_, size)| value as f64 >= *size) {
                Some((unit, size)) => short(value as f64 / size, unit),
                None => format!("{value} bytes"),
            }
        }
    }
}

/// What is counted, in a table.
pub(crate) fn resource(resource: Resource) -> &'static str {
    match resource {
        Resource::Cpu => "CPU",
        Resource::Memory => "memory",
        Resource::HostMemory => "memory of the hypervisors",
        Resource::Disk => "disk",
        Resource::Pods => "pods",
    }
}

/// A share as a percentage, with two digits of what is missing to the whole: `99.9987 %`.
pub(crate) fn percent(share: f64) -> String {
    let missing = (1.0 - share) * 100.0;
    if missing <= 0.0 {
        return "100 %".to_owned();
    }
    let mut digits = 0;
    let mut scaled = missing;
    while scaled < 10.0 && digits < 9 {
        scaled *= 10.0;
        digits += 1;
    }
    format!("{:.digits$} %", share * 100.0)
}

/// The rest of a share in a year: `5 min 15 s`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 31,557,600")]
pub(crate) fn a_year(share: f64) -> String {
    const YEAR_SECONDS: f64 = 365.25 * 86_400.0;
    let missing = (1.0 - share).clamp(0.0, 1.0) * YEAR_SECONDS;
    if missing < 1.0 {
        return if missing > 0.0 { "less than 1 s".to_owned() } else { "none".to_owned() };
    }
    let seconds = missing.round() as u64;
    let parts = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let first = parts.iter().position(|(size, _)| seconds >= *size).unwrap_or(3);
    let two: Vec<String> = parts[first..]
        .iter()
        .take(2)
        .scan(seconds, |rest, (size, unit)| {
            let whole = *rest / size;
            *rest %= size;
            Some((whole, unit))
        })
        .filter(|(whole, _)| *whole > 0)
        .map(|(whole, unit)| format!("{whole} {unit}"))
        .collect();
    two.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_their_unit() {
        assert_eq!(amount(Resource::Memory, 48 << 30), "48 GiB");
        assert_eq!(amount(Resource::Memory, (3 << 30) / 2), "1.5 GiB");
        assert_eq!(amount(Resource::Disk, 17), "17 bytes");
        assert_eq!(amount(Resource::Cpu, 1500), "1.5 cores");
        assert_eq!(amount(Resource::Pods, 1), "1 pod");
    }

    #[test]
    fn shares_keep_two_digits_of_what_is_missing() {
        assert_eq!(percent(0.999_987), "99.9987 %");
        assert_eq!(percent(0.5), "50 %");
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(a_year(0.999_99), "5 min 16 s");
        assert_eq!(a_year(0.0), "365 d 6 h");
        assert_eq!(a_year(1.0), "none");
    }
}
