//! When a member of etcd is defragmented, and when `NOSPACE` is cleared.

use gate::etcd_maintenance::{
    BETWEEN_MEMBERS_SECONDS, BETWEEN_TIMES_SECONDS, Maintained, MaintainedMember, Maintenance, maintain,
};
use proptest::prelude::*;

const MIB: u64 = 1 << 20;
const NAMES: [&str; 5] = ["cp1", "cp2", "cp3", "cp4", "cp5"];

/// Three healthy members of which cp2 leads; each has so many MiB, in use, of a quota of 1000.
fn three(size: u64, in_use: u64) -> Maintained {
    let members = NAMES[..3].iter().map(|node| MaintainedMember {
        node: (*node).to_owned(),
        is_leader: *node == "cp2",
        size: Some(size * MIB),
        in_use: in_use * MIB,
        quota: Some(1000 * MIB),
        revision: 500,
        applied_index: 900,
        ..MaintainedMember::default()
    });
    Maintained { now: 1e9, members: members.collect(), ..Maintained::default() }
}

fn no_space(size: u64, in_use: u64) -> Maintained {
    let mut seen = three(size, in_use);
    seen.members[2].no_space = true;
    seen
}

fn node(step: &Maintenance) -> Option<&str> {
    match step {
        Maintenance::Defragment { node, .. } => Some(node),
        _ => None,
    }
}

#[test]
fn holes_are_worth_it_above_45_per_cent_of_more_than_100_mib_or_near_the_quota() {
    let cases = [
        (200, 109, true),
        (200, 110, false),
        (100, 1, false),
        (101, 1, true),
        // Near the quota a twentieth of it is worth it.
        (800, 750, true),
        (799, 749, false),
        (800, 751, false),
        (0, 0, false),
    ];
    for (size, in_use, worth) in cases {
        assert_eq!(node(&maintain(&three(size, in_use))).is_some(), worth, "{size} {in_use}");
    }
}

#[test]
fn followers_go_first_the_one_that_asks_before_others_and_the_leader_last() {
    let mut seen = three(200, 10);
    assert_eq!(node(&maintain(&seen)), Some("cp1"));
    seen.asking = Some("cp3".to_owned());
    assert_eq!(node(&maintain(&seen)), Some("cp3"));
    seen.asking = Some("cp2".to_owned());
    assert_eq!(node(&maintain(&seen)), Some("cp1"), "the leader waits for its followers");
    for place in [0, 2] {
        seen.members[place].size = Some(10 * MIB);
    }
    seen.members[2].applied_index = 901;
    let Maintenance::Defragment { node, move_leader_to, without_lock, .. } = maintain(&seen) else { panic!() };
    assert_eq!((node.as_str(), move_leader_to.as_deref(), without_lock), ("cp2", Some("cp3"), false));
}

#[test]
fn nobody_goes_while_one_is_not_healthy_or_was_taken_just_now_or_is_no_voter() {
    let wait = |change: fn(&mut MaintainedMember)| {
        let mut seen = three(200, 10);
        change(&mut seen.members[1]);
        match maintain(&seen) {
            Maintenance::Wait { reason } => reason,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(wait(|member| member.trouble = "is down".to_owned()), "cp2 is down");
    assert!(wait(|member| member.is_learner = true).contains("no vote yet"));
    assert!(wait(|member| member.defragmented_at = Some(1e9 - 35.0)).contains("within 36 s"));
    // A clock that was ahead.
    assert!(wait(|member| member.defragmented_at = Some(2e9)).contains("within 36 s"));
}

#[test]
fn a_member_is_not_defragmented_again_within_a_day() {
    let mut seen = three(200, 10);
    for member in &mut seen.members {
        member.defragmented_at = Some(1e9 - BETWEEN_TIMES_SECONDS + 1.0);
    }
    assert!(matches!(maintain(&seen), Maintenance::Nothing { reason } if reason.contains("within a day")));
    seen.now += 1.0;
    assert_eq!(node(&maintain(&seen)), Some("cp1"));
}

#[test]
fn no_space_is_cleared_only_below_90_per_cent_of_every_quota() {
    assert!(matches!(maintain(&no_space(899, 800)), Maintenance::Disarm { .. }));
    let mut seen = no_space(899, 800);
    seen.members[1].size = Some(900 * MIB);
    assert_eq!(node(&maintain(&seen)), Some("cp2"));
    // One that nobody reaches may be full.
    seen.members[1].trouble = "gives no answer".to_owned();
    assert!(matches!(maintain(&seen), Maintenance::Wait { .. }));
    for unknown in
        [|member: &mut MaintainedMember| member.size = None, |member: &mut MaintainedMember| member.quota = None]
    {
        let mut seen = no_space(10, 1);
        unknown(&mut seen.members[0]);
        assert!(matches!(maintain(&seen), Maintenance::Stuck { reason, .. } if reason.contains("cp1 does not tell")));
    }
}

#[test]
fn history_goes_first_where_it_fills_the_quota_and_live_data_are_for_a_person() {
    let mut seen = no_space(1000, 950);
    seen.members[1].revision = 499;
    seen.asking = Some("cp3".to_owned());
    let Maintenance::Compact { node, revision, .. } = maintain(&seen) else { panic!() };
    assert_eq!((node.as_str(), revision), ("cp1", 499));
    seen.is_compacted = true;
    assert!(matches!(maintain(&seen), Maintenance::Stuck { remedy, .. } if remedy.contains("delete")));
    seen.members.iter_mut().for_each(|member| member.in_use = 100 * MIB);
    // Without a lock the names decide, whoever asks, and no day counts.
    seen.members[0].defragmented_at = Some(seen.now - BETWEEN_MEMBERS_SECONDS);
    let step = maintain(&seen);
    assert!(matches!(step, Maintenance::Defragment { without_lock: true, .. }), "{step:?}");
    assert_eq!(self::node(&step), Some("cp1"));
}

#[test]
fn nobody_known_is_no_reason_to_act() {
    assert!(matches!(maintain(&Maintained::default()), Maintenance::Wait { .. }));
}

fn member() -> impl Strategy<Value = MaintainedMember> {
    let trouble = prop_oneof![19 => Just(String::new()), 1 => Just("is down".to_owned())];
    let sizes = (0..1100_u64, 0..100_u64, prop::option::weighted(0.97, Just(1000 * MIB)));
    let kind = (prop::bool::weighted(0.02), prop::bool::weighted(0.3), prop::option::of(0.0..1e9_f64));
    (trouble, sizes, kind).prop_map(|(trouble, (size, part, quota), (is_learner, no_space, defragmented_at))| {
        MaintainedMember {
            trouble,
            is_learner,
            no_space,
            size: Some(size * MIB),
            in_use: size * MIB / 100 * part,
            quota,
            revision: 7,
            defragmented_at,
            ..MaintainedMember::default()
        }
    })
}

fn cluster() -> impl Strategy<Value = Maintained> {
    (prop::collection::vec(member(), 1..=5), 0..5_usize, prop::option::of(0..5_usize)).prop_map(
        |(mut members, leader, asking)| {
            for (place, member) in members.iter_mut().enumerate() {
                NAMES[place].clone_into(&mut member.node);
                member.is_leader = place == leader;
            }
            let asking = asking.map(|place| NAMES[place].to_owned());
            Maintained { now: 1e9, asking, is_compacted: false, members }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// Whatever is done in turn, by whoever asks: every step keeps to the rule, and it ends.
    #[test]
    fn steps_keep_to_the_rule_and_end(mut seen in cluster(), live in 0..100_u64) {
        let had_alarm = seen.members.iter().any(|member| member.no_space);
        for steps in 0.. {
            prop_assert!(steps < 60, "it does not end");
            let alarm = seen.members.iter().any(|member| member.no_space);
            let healthy = seen.members.iter().all(|member| member.trouble.is_empty());
            match maintain(&seen) {
                Maintenance::Nothing { .. } | Maintenance::Stuck { .. } => break,
                Maintenance::Wait { .. } => {
                    seen.now += BETWEEN_MEMBERS_SECONDS;
                    if !healthy || seen.members.iter().any(|member| member.is_learner) { break }
                }
                Maintenance::Disarm { .. } => {
                    prop_assert!(alarm && healthy);
                    for member in &seen.members {
                        prop_assert!(member.size.unwrap() * 10 < member.quota.unwrap() * 9);
                    }
                    seen.members.iter_mut().for_each(|member| member.no_space = false);
                }
                Maintenance::Compact { revision, .. } => {
                    prop_assert!(alarm && healthy && revision == 7);
                    seen.is_compacted = true;
                    seen.members.iter_mut().for_each(|member| member.in_use = member.in_use / 100 * live);
                }
                Maintenance::Defragment { node, move_leader_to, without_lock, .. } => {
                    prop_assert!(healthy && seen.members.iter().all(|member| !member.is_learner));
                    prop_assert_eq!(without_lock, alarm);
                    let now = seen.now;
                    prop_assert!(seen.members.iter().all(|other| other.defragmented_at.is_none_or(|at| now - at >= BETWEEN_MEMBERS_SECONDS)));
                    let several = seen.members.len() > 1;
                    let member = seen.members.iter_mut().find(|member| member.node == node).unwrap();
                    prop_assert_eq!(move_leader_to.is_some(), member.is_leader && several);
                    prop_assert!(alarm || member.defragmented_at.is_none_or(|at| now - at >= BETWEEN_TIMES_SECONDS));
                    prop_assert!(member.size.unwrap() > member.in_use, "there is something to be had");
                    member.size = Some(member.in_use);
                    member.defragmented_at = Some(now);
                }
            }
        }
        prop_assert!(had_alarm || seen.members.iter().all(|member| !member.no_space));
    }
}
