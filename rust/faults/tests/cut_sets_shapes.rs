//! Cut sets of shapes that clusters have, with numbers that can be told by hand.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use faults::{CutSets, EventId, Formula, Formulas, Group, Part, cut_sets, groups};
use std::time::Instant;

const WORK: u64 = 20_000_000;

fn events(formulas: &mut Formulas, range: std::ops::Range<u32>) -> Vec<Formula> {
    range.map(|event| formulas.event(EventId(event))).collect()
}

fn grouped(cut_sets: &CutSets) -> Vec<Group> {
    let groups = groups(cut_sets, 10_000, WORK);
    assert!(groups.left.is_empty());
    assert_eq!(groups.groups.iter().map(|group| group.cut_sets).sum::<u128>(), cut_sets.total());
    groups.groups
}

fn ids(range: std::ops::Range<u32>) -> Vec<EventId> {
    range.map(EventId).collect()
}

/// Any so many of these.
fn any(number: u32, of: Vec<EventId>) -> Part {
    Part { branches: vec![vec![of]], take: vec![vec![number]] }
}

#[test]
fn twenty_million_cut_sets_are_one_group() {
    let mut formulas = Formulas::default();
    let nodes = events(&mut formulas, 0..500);
    let lost = formulas.at_least(3, nodes);
    let start = Instant::now();
    let found = cut_sets(&mut formulas, lost, 3, WORK).unwrap();
    let middle = Instant::now();
    let groups = grouped(&found);
    println!("any 3 of 500: {:?} cut sets, {:?} groups", middle - start, middle.elapsed());
    assert_eq!(found.counts(), [0, 0, 0, 20_708_500]);
    assert_eq!(groups, [Group { order: 3, parts: vec![any(3, ids(0..500))], cut_sets: 20_708_500 }]);
    assert_eq!(groups[0].first(2), [ids(0..3), vec![EventId(0), EventId(1), EventId(3)]]);
    assert_eq!(groups[0].parts[0].any_of(), Some((3, &ids(0..500)[..])));
    assert_eq!(found.iter().take(5).count(), 5);
}

/// Three control-plane nodes: each is lost with its hypervisor, and with etcd on it.
#[test]
fn branches_of_a_quorum() {
    let mut formulas = Formulas::default();
    let members: Vec<Formula> = (0..3)
        .map(|node| {
            let ways = [node, 3 + node, 6 + node].map(|event| formulas.event(EventId(event)));
            formulas.any(ways)
        })
        .collect();
    let lost = formulas.at_least(2, members);
    let found = cut_sets(&mut formulas, lost, 3, WORK).unwrap();
    assert_eq!(found.counts(), [0, 0, 27]);
    assert!(found.single_points().is_empty());
    let branches = (0..3).map(|node| vec![vec![EventId(node), EventId(3 + node), EventId(6 + node)]]).collect();
    let part = Part { branches, take: vec![vec![1], vec![1]] };
    assert_eq!(grouped(&found), [Group { order: 2, parts: vec![part], cut_sets: 27 }]);
}

/// As above, with an API server on each node that is lost with what is beside it; five nodes. Three losses of members take
/// etcd. No two branches can be swapped element by element: the API server has to go along.
#[test]
fn branches_of_several_classes() {
    let mut formulas = Formulas::default();
    let mut members = Vec::new();
    let mut servers = Vec::new();
    for node in 0..5 {
        let ways = [node, 5 + node, 10 + node].map(|event| formulas.event(EventId(event)));
        members.push(formulas.any(ways));
        let server = formulas.event(EventId(15 + node));
        servers.push(formulas.any([members[node as usize], server]));
    }
    let etcd = formulas.at_least(3, members);
    let api = formulas.all(servers);
    let lost = formulas.any([etcd, api]);
    let found = cut_sets(&mut formulas, lost, 5, WORK).unwrap();
    // Three members: 10 * 27. All five servers: none, one or two of them by what is beside it.
    assert_eq!(found.counts(), [0, 0, 0, 270, 0, 1 + 5 * 3 + 10 * 9]);
    let groups = grouped(&found);
    assert_eq!(groups.len(), 4);
    assert_eq!(groups.iter().map(|group| group.cut_sets).collect::<Vec<u128>>(), [270, 1, 15, 90]);
    let [part] = &groups[2].parts[..] else { panic!("{groups:?}") };
    assert_eq!(part.branches.len(), 5);
    assert!(part.branches.iter().all(|branch| branch.iter().map(Vec::len).collect::<Vec<usize>>() == [3, 1]));
    assert_eq!(part.take, [[1, 0], [0, 1], [0, 1], [0, 1], [0, 1]]);
    assert_eq!(part.branches[1], [vec![EventId(1), EventId(6), EventId(11)], vec![EventId(16)]]);
}

/// Neighbours in a ring: every element has as many partners as every other, and no two may be swapped.
#[test]
fn alike_is_not_the_same() {
    let mut formulas = Formulas::default();
    let ring = events(&mut formulas, 0..7);
    let pairs: Vec<Formula> = (0..7).map(|at| formulas.all([ring[at], ring[(at + 1) % 7]])).collect();
    let lost = formulas.any(pairs);
    let found = cut_sets(&mut formulas, lost, 2, WORK).unwrap();
    assert_eq!(found.counts(), [0, 0, 7]);
    let mut sets: Vec<Vec<EventId>> = grouped(&found).iter().flat_map(|group| group.first(100)).collect();
    sets.sort();
    let mut pairs: Vec<Vec<EventId>> = found.iter().collect();
    pairs.sort();
    assert_eq!(sets, pairs);
}

/// Two hosts of three nodes each, and a spare one; a node of each host, or the spare and two nodes of a host.
#[test]
fn two_branches_that_are_swapped() {
    let mut formulas = Formulas::default();
    let hosts = [0..3, 3..6].map(|nodes| events(&mut formulas, nodes));
    let spare = formulas.event(EventId(6));
    let mut ways = Vec::new();
    for host in &hosts {
        let two = formulas.at_least(2, host.iter().copied());
        ways.push(formulas.all([two, spare]));
    }
    let each = hosts.map(|host| formulas.any(host));
    ways.push(formulas.all(each));
    let lost = formulas.any(ways);
    let found = cut_sets(&mut formulas, lost, 3, WORK).unwrap();
    assert_eq!(found.counts(), [0, 0, 9, 6]);
    let groups = grouped(&found);
    let branches = vec![vec![ids(0..3)], vec![ids(3..6)]];
    assert_eq!(groups[0].parts, [Part { branches: branches.clone(), take: vec![vec![1], vec![1]] }]);
    assert_eq!(groups[1].parts, [Part { branches, take: vec![vec![2]] }, any(1, ids(6..7))]);
}

/// Five hundred nodes on hypervisors in racks with two feeds, the nodes dealt out to the hypervisors in turn.
fn nodes(formulas: &mut Formulas, hypervisors: u32, racks: u32) -> Vec<Formula> {
    let feeds = events(formulas, 0..2);
    let feeds = formulas.all(feeds);
    (0..500)
        .map(|node| {
            let hypervisor = node % hypervisors;
            let own = [100 + node, 2 + racks + hypervisor, 2 + hypervisor % racks];
            let ways: Vec<Formula> =
                own.into_iter().map(|event| formulas.event(EventId(event))).chain([feeds]).collect();
            formulas.any(ways)
        })
        .collect()
}

#[test]
fn capacity_of_five_hundred_nodes() {
    // Twelve hypervisors of 41 or 42 nodes in four racks of 125; fifty of 10 in ten racks of 50. The feeds are one cut set of
    // two. Three hypervisors that are not all of one rack's three are minimal where the rack is a cut set by itself.
    for (hypervisors, racks, need, counts) in [
        (12, 4, 100, vec![0, 4, 1, 220]),
        // Two racks; a rack and a hypervisor of another one.
        (12, 4, 130, vec![0, 0, 1 + 6 + 4 * 9]),
        // Two hypervisors; a hypervisor and three nodes are four.
        (12, 4, 45, vec![0, 4, 1 + 66]),
        (50, 10, 30, vec![0, 10, 1, 50 * 49 * 48 / 6]),
        (50, 10, 400, vec![0, 0, 1]),
        (50, 10, 500, vec![0, 0, 1]),
    ] {
        let mut formulas = Formulas::default();
        let nodes = nodes(&mut formulas, hypervisors, racks);
        let lost = formulas.at_least(need, nodes);
        let start = Instant::now();
        let found = cut_sets(&mut formulas, lost, 3, WORK).unwrap();
        let middle = Instant::now();
        let groups = grouped(&found);
        println!("{need} of 500 on {hypervisors}: {:?} cut sets, {:?} groups", middle - start, middle.elapsed());
        assert_eq!(found.counts(), counts);
        assert!(groups.len() <= 3, "{groups:?}");
    }
}

/// A gate over groups of events that all share some with others has no small diagram. It is said that the work did not
/// suffice, with the cut sets of fewer events.
#[test]
fn what_is_too_much_ends() {
    let mut formulas = Formulas::default();
    let all = events(&mut formulas, 0..400);
    let mut number = 7usize;
    let terms: Vec<Formula> = (0..600)
        .map(|_| {
            let pair = [0; 3].map(|_| {
                number = number * 1_103_515_245 % 2_147_483_648 + 12_345;
                all[number / 64 % all.len()]
            });
            formulas.all(pair)
        })
        .collect();
    let lost = formulas.at_least(40, terms);
    let start = Instant::now();
    let found = cut_sets(&mut formulas, lost, 12, 300_000);
    println!("too much: {:?}", start.elapsed());
    let known = found.unwrap_err().known;
    assert!(known.is_none_or(|known| known.total() == 0));
}

/// In the 2 MB of a thread, whatever the order is.
#[test]
fn many_events_cost_no_stack() {
    let mut formulas = Formulas::default();
    let events = events(&mut formulas, 0..20_000);
    let all = formulas.all(events.iter().copied());
    let found = cut_sets(&mut formulas, all, u32::MAX, WORK).unwrap();
    assert_eq!((found.total(), found.counts().len()), (1, 20_001));
    assert_eq!(grouped(&found)[0].parts, [any(20_000, ids(0..20_000))]);
    let one = formulas.any(events);
    let found = cut_sets(&mut formulas, one, u32::MAX, WORK).unwrap();
    assert_eq!((found.total(), found.single_points().len()), (20_000, 20_000));
    assert_eq!(grouped(&found)[0].parts, [any(1, ids(0..20_000))]);
}
