//! Natural order of names: `cp2` before `cp10`.

use std::cmp::Ordering;

/// Compares two names so that runs of digits count as numbers.
#[must_use]
pub fn natural_order(left: &str, right: &str) -> Ordering {
    let mut left_parts = parts(left).into_iter();
    let mut right_parts = parts(right).into_iter();
    loop {
        let order = match (left_parts.next(), right_parts.next()) {
            (None, None) => return left.cmp(right),
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(one), Some(other)) => compare(one, other),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn compare(one: &str, other: &str) -> Ordering {
    let is_number = |part: &str| part.starts_with(|letter: char| letter.is_ascii_digit());
    if is_number(one) && is_number(other) {
        let bare = |part: &str| part.trim_start_matches('0').to_owned();
        let (one, other) = (bare(one), bare(other));
        one.len().cmp(&other.len()).then_with(|| one.cmp(&other))
    } else {
        one.cmp(other)
    }
}

fn parts(name: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|letter: char| letter.is_ascii_digit() != first.is_ascii_digit()).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        parts.push(part);
        rest = after;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_as_numbers() {
        let mut names = ["cp10", "cp2", "cp1", "w1", "cp", "cp02", "a-1.b", "a-1.a"];
        names.sort_by(|left, right| natural_order(left, right));
        assert_eq!(names, ["a-1.a", "a-1.b", "cp", "cp1", "cp02", "cp2", "cp10", "w1"]);
    }
}
