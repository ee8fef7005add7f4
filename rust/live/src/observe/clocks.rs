//! Clocks, by what servers print at the head of their answers: to the second.

use super::Probed;
use std::collections::BTreeMap;
use std::time::SystemTime;

/// By how much a server's clock is ahead of ours, in seconds.
pub(super) fn ahead(said: Option<SystemTime>) -> Option<f64> {
    let now = SystemTime::now();
    let said = said?;
    Some(match said.duration_since(now) {
        Ok(ahead) => ahead.as_secs_f64(),
        Err(behind) => -behind.duration().as_secs_f64(),
    })
}

/// Keeps what each node's servers said.
pub(super) fn note<'n, T>(
    clocks: &mut BTreeMap<String, Vec<f64>>,
    nodes: impl Iterator<Item = &'n String>,
    probed: &[Probed<T>],
) {
    for (node, probed) in nodes.zip(probed) {
        clocks.entry(node.clone()).or_default().extend(probed.ahead);
    }
}

/// By how much each clock is off the middle one: ours may be the one that is wrong.
pub(super) fn offsets(clocks: &BTreeMap<String, Vec<f64>>) -> BTreeMap<String, f64> {
    let first = |said: &Vec<f64>| said.iter().copied().min_by(|one, other| one.abs().total_cmp(&other.abs()));
    let known: BTreeMap<&String, f64> = clocks.iter().filter_map(|(node, said)| Some((node, first(said)?))).collect();
    let mut sorted: Vec<f64> = known.values().copied().collect();
    sorted.sort_by(f64::total_cmp);
    let Some(middle) = sorted.get(sorted.len() / 2).copied() else { return BTreeMap::new() };
    known.into_iter().map(|(node, ahead)| (node.clone(), ahead - middle)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_that_stands_alone_is_the_one_that_is_off() {
        let clocks = [("cp1", vec![-40.2]), ("cp2", vec![-0.4, 0.3]), ("cp3", vec![-0.7]), ("w1", vec![])];
        let clocks = clocks.into_iter().map(|(node, said)| (node.to_owned(), said)).collect();
        let offsets = offsets(&clocks);
        assert!(offsets["cp1"] < -39.0 && offsets["cp2"].abs() < 1.5 && offsets["cp3"].abs() < 1.5, "{offsets:?}");
        assert_eq!(offsets.len(), 3);
        let ours_is_off = [("cp1", vec![40.0]), ("cp2", vec![40.4]), ("cp3", vec![0.0])];
        let ours_is_off = ours_is_off.into_iter().map(|(node, said)| (node.to_owned(), said)).collect();
        let offsets = self::offsets(&ours_is_off);
        assert!(offsets["cp3"] < -39.0 && offsets["cp1"].abs() < 1.0, "{offsets:?}");
    }
}
