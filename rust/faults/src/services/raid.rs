//! Which losses of disks an array does not survive.

use crate::formula::{Formula, Formulas};
use topology::values::RaidLevel;

/// The array has lost data, when each disk is lost by its formula.
///
/// In a RAID 10 the pairs are the first two disks, the next two, and so on. In a RAID 1E each stripe lies on a disk and on the
/// next one, the last disk's on the first: two neighbours in that ring hold the only copies of some stripes.
/// Source: SNIA, Common RAID Disk Data Format, sections on RAID-1E and the secondary levels.
pub(super) fn array_lost(formulas: &mut Formulas, level: RaidLevel, disks: &[Formula]) -> Formula {
    match level {
        RaidLevel::Raid0 => formulas.any(disks.iter().copied()),
        RaidLevel::Raid1 => formulas.all(disks.iter().copied()),
        RaidLevel::Raid5 => formulas.at_least(2, disks.iter().copied()),
        RaidLevel::Raid6 => formulas.at_least(3, disks.iter().copied()),
        RaidLevel::Raid10 => {
            let pairs: Vec<Formula> = disks.chunks(2).map(|pair| formulas.all(pair.iter().copied())).collect();
            formulas.any(pairs)
        }
        RaidLevel::Raid1E => {
            let next = disks.iter().cycle().skip(1);
            let pairs: Vec<Formula> = disks.iter().zip(next).map(|(disk, next)| formulas.all([*disk, *next])).collect();
            formulas.any(pairs)
        }
    }
}
