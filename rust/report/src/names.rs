//! Lists of names that a person can read: natural order, and runs of numbered names as `w1 … w480`.

use crate::data::{ElementIndex, Report};
use crate::words::counted;
use serde::Serialize;

/// Runs shorter than this are written out.
const SHORTEST_RUN: usize = 4;

/// Elements of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Listed {
    /// `3 hypervisors`.
    pub(crate) counted: String,
    /// `pve1, pve2, pve3`.
    pub(crate) names: String,
}

/// The name of an element.
pub(crate) fn name(report: &Report, element: ElementIndex) -> &str {
    report.elements.get(element as usize).map_or("?", |element| element.name.as_str())
}

/// The name of a service.
pub(crate) fn service(report: &Report, service: u32) -> &str {
    report.services.get(service as usize).map_or("?", |service| service.name.as_str())
}

/// The names of elements, in their order, joined by commas.
pub(crate) fn joined(report: &Report, elements: &[ElementIndex]) -> String {
    let names: Vec<&str> = elements.iter().map(|element| name(report, *element)).collect();
    shortened(names).join(", ")
}

/// Elements by kind, the widest first; the names of each kind shortened.
pub(crate) fn by_kind(report: &Report, elements: &[ElementIndex]) -> Vec<Listed> {
    let of_kind = |key: &str| -> Vec<&str> {
        let of = elements.iter().filter_map(|element| report.elements.get(*element as usize));
        of.filter(|element| element.kind == key).map(|element| element.name.as_str()).collect()
    };
    let all = report.kinds.iter().map(|kind| (kind, of_kind(&kind.key)));
    all.filter(|(_, names)| !names.is_empty())
        .map(|(kind, names)| Listed { counted: counted(names.len(), kind), names: shortened(names).join(", ") })
        .collect()
}

/// Names in natural order, with runs of numbered names as one entry.
pub(crate) fn shortened(mut names: Vec<&str>) -> Vec<String> {
    names.sort_by(|left, right| numbered(left).cmp(&numbered(right)).then(left.cmp(right)));
    let mut rest = names.as_slice();
    let mut out = Vec::new();
    while let Some(first) = rest.first() {
        let run = 1 + rest.windows(2).take_while(|pair| follows(pair[0], pair[1])).count();
        if run >= SHORTEST_RUN {
            out.push(format!("{first} … {}", rest[run - 1]));
            rest = &rest[run..];
        } else {
            out.push((*first).to_owned());
            rest = &rest[1..];
        }
    }
    out
}

/// A name without the number that it ends with, and that number.
fn numbered(name: &str) -> (&str, Option<u64>) {
    let stem = name.trim_end_matches(|digit: char| digit.is_ascii_digit());
    (stem, name[stem.len()..].parse().ok())
}

fn follows(left: &str, right: &str) -> bool {
    let ((stem, Some(number)), (other, Some(next))) = (numbered(left), numbered(right)) else { return false };
    // `w09` is followed by `w10`, and `w9` by `w10`; nobody writes `w9` and `w010`.
    let padded = |name: &str| name[stem.len()..].starts_with('0');
    stem == other && number.checked_add(1) == Some(next) && (left.len() == right.len() || !padded(right))
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn runs_are_one_entry_and_short_ones_are_written_out() {
        assert_eq!(shortened(vec!["w10", "w2", "w3", "w1", "w11", "w12", "w13"]), ["w1", "w2", "w3", "w10 … w13"]);
        assert_eq!(shortened(vec!["b", "a"]), ["a", "b"]);
    }

    #[test]
    fn padding_and_great_numbers_are_names_like_others() {
        assert_eq!(shortened(vec!["w08", "w09", "w10", "w11"]), ["w08 … w11"]);
        let great = ["d18446744073709551614", "d18446744073709551615", "d18446744073709551616"];
        assert_eq!(shortened(great.to_vec()).len(), 3);
    }
}
