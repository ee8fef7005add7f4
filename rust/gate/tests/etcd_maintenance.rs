//! When a member of etcd is defragmented, and when `NOSPACE` is cleared.
#![expect(clippy::unwrap_used, reason = "clippy allows it in test functions, not in their helpers")]

use gate::etcd_maintenance::{
    BETWEEN_MEMBERS_SECONDS, BETWEEN_TIMES_SECONDS, Database, Known, Maintained, MaintainedMember, Maintenance,
    maintain,
};
use gate::{EtcdMember, OBSERVATION_SCHEMA, Observation, State};
use proptest::prelude::*;

const MIB: u64 = 1 << 20;
const NAMES: [&str; 5] = ["cp1", "cp2", "cp3", "cp4", "cp5"];

/// Three healthy members of which cp2 leads; each has so many MiB, in use, of a quota of 1000.
fn three(size: u64, in_use: u64) -> Maintained {
    let members = NAMES[..3].iter().map(|node| MaintainedMember {
        node: (*node).to_owned(),
        is_leader: *node == "cp2",
        applied_index: 900,
        database: Some(Database {
            size: size * MIB,
            in_use: in_use * MIB,
            quota: Some(1000 * MIB),
            revision: 500,
            defragmented_at: None,
        }),
        ..MaintainedMember::default()
    });
    Maintained { now: 1e9, members: members.collect(), ..Maintained::default() }
}

fn no_space(size: u64, in_use: u64) -> Maintained {
    Maintained { no_space: true, ..three(size, in_use) }
}

fn database(member: &mut MaintainedMember) -> &mut Database {
    member.database.as_mut().unwrap()
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
        database(&mut seen.members[place]).size = 10 * MIB;
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
    assert_eq!(wait(|member| member.trouble = Some("is down".to_owned())), "cp2 is down");
    assert!(wait(|member| member.is_learner = true).contains("no vote yet"));
    assert!(wait(|member| database(member).defragmented_at = Some(1e9 - 35.0)).contains("within 36 s"));
    // A clock that was ahead.
    assert!(wait(|member| database(member).defragmented_at = Some(2e9)).contains("within 36 s"));
}

#[test]
fn a_member_is_not_defragmented_again_within_a_day() {
    let mut seen = three(200, 10);
    for member in &mut seen.members {
        database(member).defragmented_at = Some(1e9 - BETWEEN_TIMES_SECONDS + 1.0);
    }
    assert!(matches!(maintain(&seen), Maintenance::Nothing { reason } if reason.contains("within a day")));
    seen.now += 1.0;
    assert_eq!(node(&maintain(&seen)), Some("cp1"));
}

#[test]
fn no_space_is_cleared_only_below_90_per_cent_of_every_quota() {
    assert!(matches!(maintain(&no_space(899, 800)), Maintenance::Disarm { .. }));
    let mut seen = no_space(899, 800);
    database(&mut seen.members[1]).size = 900 * MIB;
    assert_eq!(node(&maintain(&seen)), Some("cp2"));
    // One that nobody reaches may be full.
    seen.members[1].trouble = Some("gives no answer".to_owned());
    assert!(matches!(maintain(&seen), Maintenance::Wait { .. }));
    for unknown in [
        |member: &mut MaintainedMember| member.database = None,
        |member: &mut MaintainedMember| database(member).quota = None,
    ] {
        let mut seen = no_space(10, 1);
        unknown(&mut seen.members[0]);
        assert!(matches!(maintain(&seen), Maintenance::Stuck { reason, .. } if reason.contains("cp1 does not tell")));
    }
}

#[test]
fn history_goes_first_where_it_fills_the_quota_and_live_data_are_for_a_person() {
    let mut seen = no_space(1000, 950);
    database(&mut seen.members[1]).revision = 499;
    seen.asking = Some("cp3".to_owned());
    let Maintenance::Compact { node, revision, .. } = maintain(&seen) else { panic!() };
    assert_eq!((node.as_str(), revision), ("cp1", 499));
    // What the compaction has freed last counts as in use until the next write: only a defragmentation shows what is.
    seen.compacted_at = Some(seen.now - BETWEEN_MEMBERS_SECONDS);
    assert_eq!(self::node(&maintain(&seen)), Some("cp1"));
    database(&mut seen.members[0]).defragmented_at = seen.compacted_at;
    assert!(matches!(maintain(&seen), Maintenance::Stuck { remedy, .. } if remedy.contains("delete")));
    seen.members.iter_mut().for_each(|member| database(member).in_use = 100 * MIB);
    // Without a lock the names decide, whoever asks, and no day counts.
    database(&mut seen.members[0]).defragmented_at = Some(seen.now - BETWEEN_MEMBERS_SECONDS);
    let step = maintain(&seen);
    assert!(matches!(step, Maintenance::Defragment { without_lock: true, .. }), "{step:?}");
    assert_eq!(self::node(&step), Some("cp1"));
}

#[test]
fn nobody_known_is_no_reason_to_act() {
    assert!(matches!(maintain(&Maintained::default()), Maintenance::Wait { .. }));
}

#[test]
fn what_was_observed_counts_except_for_the_alarm_itself() {
    let member = |node: &str, alarm: &str| EtcdMember {
        id: "7".to_owned(),
        node: node.to_owned(),
        state: State::Up,
        because: String::new(),
        is_learner: false,
        is_leader: false,
        is_removing: false,
        applied_index: 9,
        alarms: vec![alarm.to_owned()],
        database_bytes: None,
        quota_bytes: None,
    };
    let known: Known = serde_json::from_str(
        r#"{"now": 1, "asking": null, "no_space": true, "compacted_at": null,
            "databases": {"cp1": {"size": 1, "in_use": 1, "quota": 100, "revision": 3, "defragmented_at": null}}}"#,
    )
    .unwrap();
    let mut observation = Observation { schema: OBSERVATION_SCHEMA, ..Observation::default() };
    observation.etcd = vec![member("cp1", "NOSPACE")];
    assert!(matches!(maintain(&Maintained::of(&observation, &known)), Maintenance::Disarm { .. }));
    observation.etcd = vec![member("cp1", "CORRUPT")];
    let step = maintain(&Maintained::of(&observation, &known));
    assert!(matches!(step, Maintenance::Wait { reason } if reason == "cp1 raises the alarm CORRUPT"));
    observation.etcd = vec![member("cp1", "NOSPACE"), member("cp2", "NOSPACE")];
    let step = maintain(&Maintained::of(&observation, &known));
    assert!(matches!(step, Maintenance::Stuck { reason, .. } if reason.contains("cp2 does not tell")));
}

fn member() -> impl Strategy<Value = MaintainedMember> {
    let trouble = prop::option::weighted(0.05, Just("is down".to_owned()));
    let sizes = (0..1100_u64, 0..100_u64, prop::option::weighted(0.97, Just(1000 * MIB)));
    let kind = (prop::bool::weighted(0.02), prop::option::of(0.0..1e9_f64));
    (trouble, sizes, kind).prop_map(|(trouble, (size, part, quota), (is_learner, defragmented_at))| MaintainedMember {
        trouble,
        is_learner,
        database: Some(Database {
            size: size * MIB,
            in_use: size * MIB / 100 * part,
            quota,
            revision: 7,
            defragmented_at,
        }),
        ..MaintainedMember::default()
    })
}

fn cluster() -> impl Strategy<Value = Maintained> {
    (prop::collection::vec(member(), 1..=5), 0..5_usize, prop::option::of(0..5_usize), any::<bool>()).prop_map(
        |(mut members, leader, asking, no_space)| {
            for (place, member) in members.iter_mut().enumerate() {
                NAMES[place].clone_into(&mut member.node);
                member.is_leader = place == leader;
            }
            let asking = asking.map(|place| NAMES[place].to_owned());
            Maintained { now: 1e9, asking, no_space, compacted_at: None, members }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// Whatever is done in turn, by whoever asks: every step keeps to the rule, and it ends.
    #[test]
    fn steps_keep_to_the_rule_and_end(mut seen in cluster(), live in 0..100_u64) {
        let had_alarm = seen.no_space;
        for steps in 0.. {
            prop_assert!(steps < 60, "it does not end");
            let alarm = seen.no_space;
            let healthy = seen.members.iter().all(|member| member.trouble.is_none());
            match maintain(&seen) {
                Maintenance::Nothing { .. } | Maintenance::Stuck { .. } => break,
                Maintenance::Wait { .. } => {
                    seen.now += BETWEEN_MEMBERS_SECONDS;
                    if !healthy || seen.members.iter().any(|member| member.is_learner) { break }
                }
                Maintenance::Disarm { .. } => {
                    prop_assert!(alarm && healthy);
                    for member in &mut seen.members {
                        let database = database(member);
                        prop_assert!(database.size * 10 < database.quota.unwrap() * 9);
                    }
                    seen.no_space = false;
                }
                Maintenance::Compact { revision, .. } => {
                    prop_assert!(alarm && healthy && revision == 7);
                    seen.compacted_at = Some(seen.now);
                    for member in &mut seen.members {
                        let database = database(member);
                        database.in_use = database.in_use / 100 * live;
                    }
                }
                Maintenance::Defragment { node, move_leader_to, without_lock, .. } => {
                    prop_assert!(healthy && seen.members.iter().all(|member| !member.is_learner));
                    prop_assert_eq!(without_lock, alarm);
                    let now = seen.now;
                    for other in &mut seen.members {
                        let last = database(other).defragmented_at;
                        prop_assert!(last.is_none_or(|at| now - at >= BETWEEN_MEMBERS_SECONDS));
                    }
                    let several = seen.members.len() > 1;
                    let member = seen.members.iter_mut().find(|member| member.node == node).unwrap();
                    prop_assert_eq!(move_leader_to.is_some(), member.is_leader && several);
                    let database = database(member);
                    prop_assert!(alarm || database.defragmented_at.is_none_or(|at| now - at >= BETWEEN_TIMES_SECONDS));
                    let has_holes = database.size > database.in_use;
                    prop_assert!(has_holes || seen.compacted_at.is_some(), "there is something to be had");
                    database.size = database.in_use;
                    database.defragmented_at = Some(now);
                }
            }
        }
        prop_assert!(had_alarm || !seen.no_space);
    }
}
