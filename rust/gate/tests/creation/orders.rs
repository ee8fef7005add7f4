//! Hosts that ask, begin, die, are reinstalled and come back in any order: what holds in all of them.

use crate::support::*;
use gate::creation::{Evidence, Initialisation, Ledger, Marker, Outcome, Stage, Subject};
use proptest::prelude::*;

const NODES: [&str; 5] = ["cp1", "cp2", "cp3", "w1", "w2"];

/// What can happen to one host.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// It asks, and writes the marker of what it was granted.
    Ask,
    /// It asks, and dies before its marker is on the disk.
    AskAndDie,
    /// What it was granted ends well.
    End,
    /// It reports, and marks itself a member.
    Report,
    /// It reports, and dies before it hears the answer.
    ReportAndDie,
    /// Its disk is lost.
    Reinstall,
}

#[derive(Default)]
struct World {
    disks: [Option<Marker>; 5],
    /// UIDs of clusters that were initialised, by the node that did it.
    clusters: Vec<(usize, String)>,
    granted: Vec<String>,
    attempts: usize,
    now: f64,
}

impl World {
    fn evidence(&self, host: usize) -> Evidence {
        let marker = self.disks[host].clone();
        let traces = marker.iter().map(|_| "/etc/kubernetes/manifests (static pods)".to_owned()).collect();
        Evidence { marker, traces }
    }

    fn ask(&mut self, ledger: &mut Ledger, host: usize, survives: bool) {
        self.attempts += 1;
        let fresh = format!("attempt-{}", self.attempts);
        let answer =
            crate::support::ask(ledger, NODES[host], Subject::Membership, self.evidence(host), &fresh, self.now);
        let stage = match answer.outcome {
            Outcome::Initialise => Stage::Initialising,
            Outcome::Join => Stage::Joining,
            _ => return,
        };
        if stage == Stage::Initialising && self.granted.last().is_none_or(|last| *last != answer.attempt) {
            self.granted.push(answer.attempt.clone());
        }
        let done = self.disks[host].as_ref().is_some_and(|marker| marker.stage == Stage::Initialised);
        if survives && !done {
            self.disks[host] = marked(NODES[host], stage, &answer.attempt, None).marker;
        }
    }

    fn end(&mut self, ledger: &Ledger, host: usize) {
        let Some(marker) = &mut self.disks[host] else { return };
        match marker.stage {
            Stage::Initialising => {
                let uid = format!("uid-{}", self.clusters.len());
                marker.stage = Stage::Initialised;
                marker.kube_system_uid = Some(uid.clone());
                self.clusters.push((host, uid));
            }
            Stage::Joining => {
                marker.stage = Stage::Joined;
                marker.kube_system_uid = ledger.kube_system_uid().map(str::to_owned);
            }
            _ => {}
        }
    }

    fn report(&mut self, ledger: &mut Ledger, host: usize, survives: bool) {
        let Some(marker) = self.disks[host].clone() else { return };
        let kube_system_uid = marker.kube_system_uid.clone().unwrap_or_default();
        let subject = match marker.stage {
            Stage::Initialised => Subject::Initialised { attempt: marker.attempt.clone(), kube_system_uid },
            Stage::Joined => Subject::Joined { kube_system_uid },
            _ => return,
        };
        let answer = crate::support::ask(ledger, NODES[host], subject, Evidence::default(), "x", self.now);
        if survives && answer.outcome == Outcome::Recorded {
            self.disks[host] = Some(Marker { stage: Stage::Member, ..marker });
        }
    }
}

fn event() -> impl Strategy<Value = (usize, Event)> {
    let kind = prop_oneof![
        6 => Just(Event::Ask),
        1 => Just(Event::AskAndDie),
        4 => Just(Event::End),
        4 => Just(Event::Report),
        1 => Just(Event::ReportAndDie),
        1 => Just(Event::Reinstall),
    ];
    (0..NODES.len(), kind)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn one_cluster_whatever_happens(events in prop::collection::vec(event(), 1..80)) {
        let mut ledger = ledger();
        let mut world = World::default();
        let mut identity: Option<String> = None;
        for (host, kind) in events {
            world.now += 1.0;
            // The master may die after any answer: what it knows is what was written.
            ledger = Ledger::read(&ledger.write().unwrap()).unwrap();
            match kind {
                Event::Ask => world.ask(&mut ledger, host, true),
                Event::AskAndDie => world.ask(&mut ledger, host, false),
                Event::End => world.end(&ledger, host),
                Event::Report => world.report(&mut ledger, host, true),
                Event::ReportAndDie => world.report(&mut ledger, host, false),
                Event::Reinstall => world.disks[host] = None,
            }
            prop_assert!(world.granted.len() <= 1, "init was granted as {:?}", world.granted);
            if let Initialisation::Done { kube_system_uid, .. } = &ledger.initialisation {
                prop_assert_eq!(identity.get_or_insert_with(|| kube_system_uid.clone()), kube_system_uid);
            } else {
                prop_assert!(identity.is_none());
            }
            for marker in world.disks.iter().flatten().filter(|marker| marker.stage == Stage::Member) {
                prop_assert_eq!(marker.kube_system_uid.as_deref(), ledger.kube_system_uid());
            }
        }
    }

    /// However a run was cut short, asking again and again without further losses ends with five members.
    #[test]
    fn every_beginning_comes_to_the_same_end(events in prop::collection::vec(event(), 0..60)) {
        let mut ledger = ledger();
        let mut world = World::default();
        for (host, kind) in events {
            world.now += 1.0;
            match kind {
                Event::Ask => world.ask(&mut ledger, host, true),
                Event::AskAndDie => world.ask(&mut ledger, host, false),
                Event::End => world.end(&ledger, host),
                Event::Report => world.report(&mut ledger, host, true),
                Event::ReportAndDie => world.report(&mut ledger, host, false),
                // A disk that is lost after the last report needs an operator: the cluster is gone.
                Event::Reinstall => {}
            }
        }
        for _round in 0..12 {
            world.now += gate::creation::TURN_SECONDS;
            for host in 0..NODES.len() {
                world.ask(&mut ledger, host, true);
                world.end(&ledger, host);
                world.report(&mut ledger, host, true);
                world.now += 1.0;
            }
        }
        for (host, marker) in world.disks.iter().enumerate() {
            prop_assert_eq!(marker.as_ref().map(|marker| marker.stage), Some(Stage::Member), "{}", NODES[host]);
        }
    }
}
