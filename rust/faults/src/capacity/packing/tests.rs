//! Packings against every way to place each single item.

use super::*;
use proptest::prelude::*;

/// Whether the items find a place: every one of them in every bin.
fn find_place(bins: &mut [Amount], classes: &[usize], items: &[Item], placed: &mut Vec<(usize, usize)>) -> bool {
    let place = placed.len();
    let single: Vec<usize> = (0..items.len()).flat_map(|item| vec![item; items[item].count as usize]).collect();
    let Some(item) = single.get(place).copied() else { return true };
    for bin in 0..bins.len() {
        let size = items[item].size;
        let shared = items[item].apart && placed.contains(&(item, bin));
        if shared
            || !items[item].allowed[classes[bin]]
            || (0..3).any(|dimension| bins[bin][dimension] < size[dimension])
        {
            continue;
        }
        (0..3).for_each(|dimension| bins[bin][dimension] -= size[dimension]);
        placed.push((item, bin));
        let found = find_place(bins, classes, items, placed);
        placed.pop();
        (0..3).for_each(|dimension| bins[bin][dimension] += size[dimension]);
        if found {
            return true;
        }
    }
    false
}

fn item() -> impl Strategy<Value = Item> {
    let sizes = (0u64..5, 0u64..5, prop::bool::weighted(0.3), prop::collection::vec(prop::bool::weighted(0.8), 2));
    (sizes, 0u32..4).prop_map(|((cpu, memory, apart, allowed), count)| Item {
        size: [cpu, memory, 1],
        count,
        apart,
        allowed,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn a_packing_is_found_when_there_is_one(
        bins in prop::collection::vec((0usize..2, 0u64..8, 0u64..8, 0u64..4), 1..4),
        items in prop::collection::vec(item(), 1..4),
    ) {
        let bins: Vec<Bin> = bins.into_iter().map(|(class, cpu, memory, pods)| Bin::new(class, [cpu, memory, pods])).collect();
        let mut free: Vec<Amount> = bins.iter().map(|bin| bin.free).collect();
        let classes: Vec<usize> = bins.iter().map(|bin| bin.class).collect();
        let expected = find_place(&mut free, &classes, &items, &mut Vec::new());
        match pack(&bins, &items, &mut 10_000_000) {
            Packing::Found => prop_assert!(expected),
            Packing::None(_) => prop_assert!(!expected),
            Packing::NotSettled => prop_assert!(false, "small sizes are settled"),
        }
        // With less work it may say less, and never something else.
        match pack(&bins, &items, &mut 60) {
            Packing::Found => prop_assert!(expected),
            Packing::None(_) => prop_assert!(!expected),
            Packing::NotSettled => {}
        }
    }
}

/// Two of five and three of three fit into two bins of nine and ten only beside each other; by size the fives part.
#[test]
fn an_order_that_greed_does_not_find_is_found() {
    let item = |size: u64, count| Item { size: [size, 0, 0], count, apart: false, allowed: vec![true] };
    let bins = [Bin::new(0, [9, 0, 0]), Bin::new(0, [10, 0, 0])];
    let items = [item(5, 2), item(3, 3)];
    assert!(!left_over(&bins, &items, &mut 1_000).unwrap().is_empty());
    assert_eq!(pack(&bins, &items, &mut 1_000), Packing::Found);
    let four = [item(5, 2), item(3, 2), item(2, 1), item(1, 1)];
    assert_eq!(pack(&bins, &four, &mut 1_000), Packing::Found);
}

#[test]
fn many_that_cannot_be_settled_end() {
    let bins: Vec<Bin> = (0..40).map(|_| Bin::new(0, [100, 0, 0])).collect();
    let items: Vec<Item> =
        (0..3).map(|item| Item { size: [34 + item, 0, 0], count: 27, apart: false, allowed: vec![true] }).collect();
    assert_eq!(pack(&bins, &items, &mut 10_000_000), Packing::NotSettled);
    let few: Vec<Item> = items.iter().map(|item| Item { count: 20, ..item.clone() }).collect();
    let mut work = 1_000_000;
    assert_eq!(pack(&bins[..29], &few, &mut work), Packing::NotSettled);
    assert!(work < 1_000, "all of it was used: {work}");
}

/// The large one takes a whole bin, and the other does not take two that share none.
#[test]
fn items_apart_share_no_bin() {
    let bins = [Bin::new(0, [2, 0, 0]), Bin::new(0, [2, 0, 0])];
    let item = |size: u64, count, apart| Item { size: [size, 0, 0], count, apart, allowed: vec![true] };
    assert_eq!(pack(&bins, &[item(2, 1, false), item(1, 2, true)], &mut 1_000), Packing::None(Impossible::Tried));
    assert_eq!(pack(&bins, &[item(2, 1, false), item(1, 2, false)], &mut 1_000), Packing::Found);
}
