//! The table: service x kind of failure, and how many losses are survived.

use crate::data::{Level, Report, Service, Tolerance};
use crate::names::joined;
use crate::words::kind;
use serde::Serialize;

/// How a tolerance stands to what is asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Headroom {
    /// More than the target.
    Spare,
    /// The target, and no more.
    Met,
    /// Less than the target.
    Missed,
    /// Perhaps less than the target: the work did not suffice to know.
    Open,
    /// There is no target, and one loss breaks it.
    Single,
    /// There is no target, and it survives a loss.
    Free,
}

impl Headroom {
    /// Compares a tolerance with its target.
    pub(crate) fn of(tolerance: &Tolerance) -> Self {
        let survives = tolerance.survives;
        match tolerance.target {
            // Nobody can lose more than there are.
            Some(target) if survives > target => Self::Spare,
            Some(target) if survives == target || survives == tolerance.of => Self::Met,
            _ if !tolerance.settled && (tolerance.target.is_some() || survives == 0) => Self::Open,
            Some(_) => Self::Missed,
            None if survives == 0 && tolerance.of > 0 => Self::Single,
            None => Self::Free,
        }
    }

    /// The sign beside the colour.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Spare => "✓✓",
            Self::Met => "✓",
            Self::Missed => "✕",
            Self::Open => "?",
            Self::Single => "!",
            Self::Free => "",
        }
    }

    /// What the sign says.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Spare => "more than the target",
            Self::Met => "meets the target",
            Self::Missed => "misses the target",
            Self::Open => "not settled",
            Self::Single => "no target, one loss breaks it",
            Self::Free => "no target",
        }
    }
}

/// The whole table.
#[derive(Serialize)]
pub(crate) struct Table {
    columns: Vec<String>,
    services: Vec<OfService>,
    legend: Vec<Legend>,
}

#[derive(Serialize)]
struct OfService {
    name: String,
    about: String,
    rows: Vec<Row>,
}

/// Levels for which all cells are equal.
#[derive(Serialize)]
struct Row {
    levels: Vec<&'static str>,
    cells: Vec<Option<Cell>>,
}

#[derive(PartialEq, Eq, Serialize)]
struct Cell {
    headroom: Headroom,
    sign: &'static str,
    words: &'static str,
    text: String,
    target: Option<u32>,
    witness: String,
}

#[derive(Serialize)]
struct Legend {
    headroom: Headroom,
    sign: &'static str,
    words: &'static str,
}

impl Table {
    pub(crate) fn of(report: &Report) -> Option<Self> {
        let asked = |key: &str| report.services.iter().flat_map(|service| &service.tolerance).any(|of| of.kind == key);
        let kinds: Vec<&str> = report.kinds.iter().map(|kind| kind.key.as_str()).filter(|key| asked(key)).collect();
        if kinds.is_empty() {
            return None;
        }
        let columns = kinds.iter().filter_map(|key| kind(report, key)).map(|kind| kind.many.clone()).collect();
        let services = report.services.iter().filter(|service| !service.tolerance.is_empty());
        let services: Vec<OfService> = services.map(|service| OfService::of(report, service, &kinds)).collect();
        let used = |headroom: &Headroom| {
            let cells = services.iter().flat_map(|service| &service.rows).flat_map(|row| &row.cells);
            cells.flatten().any(|cell| cell.headroom == *headroom)
        };
        let all = [Headroom::Spare, Headroom::Met, Headroom::Missed, Headroom::Open, Headroom::Single, Headroom::Free];
        let legend = all.into_iter().filter(used);
        let legend = legend.map(|headroom| Legend { headroom, sign: headroom.sign(), words: headroom.words() });
        Some(Self { columns, legend: legend.collect(), services })
    }
}

impl OfService {
    fn of(report: &Report, service: &Service, kinds: &[&str]) -> Self {
        let mut rows: Vec<Row> = Vec::new();
        for level in Level::ALL {
            let of_kind = |key: &&str| service.tolerance.iter().find(|of| of.level == level && of.kind == *key);
            let cells: Vec<Option<Cell>> =
                kinds.iter().map(|key| of_kind(key).map(|of| Cell::of(report, of))).collect();
            if cells.iter().all(Option::is_none) {
                continue;
            }
            match rows.iter_mut().find(|row| row.cells == cells) {
                Some(same) => same.levels.push(level.key()),
                None => rows.push(Row { levels: vec![level.key()], cells }),
            }
        }
        Self { name: service.name.clone(), about: service.about.clone(), rows }
    }
}

impl Cell {
    fn of(report: &Report, tolerance: &Tolerance) -> Self {
        let headroom = Headroom::of(tolerance);
        Self {
            headroom,
            sign: headroom.sign(),
            words: headroom.words(),
            text: survives(tolerance),
            target: tolerance.target,
            witness: joined(report, &tolerance.witness),
        }
    }
}

/// `1 of 3`, `all 3`, `at least 2 of 50`.
pub(crate) fn survives(tolerance: &Tolerance) -> String {
    let Tolerance { survives, of, settled, .. } = tolerance;
    match (survives == of && *of > 0, settled) {
        (true, _) => format!("all {of}"),
        (false, true) => format!("{survives} of {of}"),
        (false, false) => format!("at least {survives} of {of}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tolerance(survives: u32, of: u32, target: Option<u32>, settled: bool) -> Tolerance {
        Tolerance { kind: "node".to_owned(), level: Level::Serve, survives, of, settled, witness: Vec::new(), target }
    }

    #[test]
    fn headroom_is_measured_against_the_target() {
        let cases = [
            (tolerance(2, 3, Some(1), true), Headroom::Spare),
            (tolerance(1, 3, Some(1), true), Headroom::Met),
            (tolerance(0, 3, Some(1), true), Headroom::Missed),
            (tolerance(0, 3, Some(1), false), Headroom::Open),
            (tolerance(1, 3, Some(1), false), Headroom::Met),
            // All that there are.
            (tolerance(1, 1, Some(2), true), Headroom::Met),
            (tolerance(0, 1, None, true), Headroom::Single),
            (tolerance(0, 9, None, false), Headroom::Open),
            (tolerance(1, 2, None, true), Headroom::Free),
            // A kind of which there are none.
            (tolerance(0, 0, None, true), Headroom::Free),
        ];
        for (tolerance, headroom) in cases {
            assert_eq!(Headroom::of(&tolerance), headroom, "{tolerance:?}");
        }
    }

    #[test]
    fn what_is_not_settled_is_a_lower_bound() {
        assert_eq!(survives(&tolerance(2, 50, None, false)), "at least 2 of 50");
        assert_eq!(survives(&tolerance(3, 3, None, true)), "all 3");
        assert_eq!(survives(&tolerance(0, 0, None, true)), "0 of 0");
    }
}
