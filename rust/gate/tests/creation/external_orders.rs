//! etcd hosts that ask, begin, die, are reinstalled and come back in any order: what holds in all of them.

use crate::external::{HOSTS, ask, marked, roster};
use crate::support::ledger;
use gate::creation::{
    EtcdBeginning, EtcdEvidence, EtcdStage, Evidence, Ledger, Outcome, Request, Subject, TURN_SECONDS, decide,
};
use proptest::prelude::*;

/// What can happen to one host.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// It asks, and does what it is granted.
    Act,
    /// It asks, and dies before its marker is on the disk.
    AskAndDie,
    /// It marks what it was granted, and dies before it is done.
    BeginAndDie,
    /// It tells what it has done, and marks itself a member.
    Report,
    /// It tells, and dies before it hears the answer.
    ReportAndDie,
    /// Its disk is lost.
    Reinstall,
}

/// One host: its marker, and whether its member has data.
#[derive(Clone, Default)]
struct Host {
    found: EtcdEvidence,
    serves: bool,
}

#[derive(Default)]
struct World {
    hosts: [Host; 3],
    /// How many clusters were begun that somebody may have written to: their host has told.
    told: usize,
    attempts: usize,
    now: f64,
}

impl World {
    fn act(&mut self, ledger: &mut Ledger, host: usize, marks: bool, ends: bool) {
        self.attempts += 1;
        let fresh = format!("attempt-{}", self.attempts);
        let subject = Subject::EtcdMembership { found: self.hosts[host].found.clone() };
        let answer = ask(ledger, HOSTS[host], subject, &fresh, self.now);
        let stage = match answer.outcome {
            Outcome::EtcdBegin => EtcdStage::Beginning,
            Outcome::EtcdJoin => EtcdStage::Joining,
            _ => return,
        };
        if marks {
            self.hosts[host] = Host { found: marked(HOSTS[host], stage, &answer.attempt), serves: ends };
        }
    }

    fn report(&mut self, ledger: &mut Ledger, host: usize, survives: bool) {
        let Some(marker) = self.hosts[host].found.marker.clone() else { return };
        let subject = match marker.stage {
            _ if !self.hosts[host].serves => return,
            EtcdStage::Beginning => Subject::EtcdBegun { attempt: marker.attempt.clone() },
            EtcdStage::Joining => Subject::EtcdJoined,
            EtcdStage::Member => return,
        };
        let before = matches!(ledger.etcd.beginning, EtcdBeginning::Done { .. });
        let outcome = ask(ledger, HOSTS[host], subject, "x", self.now).outcome;
        if !before && matches!(ledger.etcd.beginning, EtcdBeginning::Done { .. }) {
            self.told += 1;
        }
        if survives && outcome == Outcome::Recorded {
            self.hosts[host].found = marked(HOSTS[host], EtcdStage::Member, &marker.attempt);
        }
    }

    fn happens(&mut self, ledger: &mut Ledger, host: usize, event: Event) {
        self.now += 1.0;
        match event {
            Event::Act => self.act(ledger, host, true, true),
            Event::AskAndDie => self.act(ledger, host, false, false),
            Event::BeginAndDie => self.act(ledger, host, true, false),
            Event::Report => self.report(ledger, host, true),
            Event::ReportAndDie => self.report(ledger, host, false),
            Event::Reinstall => self.hosts[host] = Host::default(),
        }
    }
}

fn event() -> impl Strategy<Value = (usize, Event)> {
    let kind = prop_oneof![
        6 => Just(Event::Act),
        1 => Just(Event::AskAndDie),
        2 => Just(Event::BeginAndDie),
        4 => Just(Event::Report),
        1 => Just(Event::ReportAndDie),
        1 => Just(Event::Reinstall),
    ];
    (0..HOSTS.len(), kind)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn it_begins_once_and_one_joins_at_a_time(events in prop::collection::vec(event(), 1..80)) {
        let mut ledger = ledger();
        let mut world = World::default();
        for (host, kind) in events {
            // The master may die after any answer: what it knows is what was written.
            ledger = Ledger::read(&ledger.write().unwrap()).unwrap();
            let before = ledger.clone();
            world.happens(&mut ledger, host, kind);
            prop_assert!(world.told <= 1);
            if let (EtcdBeginning::Done { .. }, after) = (&before.etcd.beginning, &ledger.etcd.beginning) {
                prop_assert_eq!(&before.etcd.beginning, after);
            }
            if let (Some(held), Some(now)) = (&before.turn, &ledger.turn) {
                prop_assert!(held.node == now.node || held.until <= world.now, "{held:?}, then {now:?}");
            }
            // The control plane is granted nothing as long as most of the members have not told.
            let request = Request { subject: Subject::Membership, evidence: Evidence::default() };
            let mut asked = ledger.clone();
            let outcomes = ["cp1", "cp2", "cp3"].map(|node| decide(&mut asked, &roster(), node, &request, "x", world.now));
            prop_assert_eq!(outcomes[2].outcome == Outcome::Initialise, ledger.etcd.joined.len() >= 2);
        }
    }

    /// However a run was cut short, asking again and again without further losses ends with three members.
    #[test]
    fn every_beginning_comes_to_the_same_end(events in prop::collection::vec(event(), 0..60)) {
        let mut ledger = ledger();
        let mut world = World::default();
        for (host, kind) in events {
            world.happens(&mut ledger, host, kind);
        }
        for _round in 0..8 {
            world.now += TURN_SECONDS;
            for host in 0..HOSTS.len() {
                world.happens(&mut ledger, host, Event::Act);
                world.happens(&mut ledger, host, Event::Report);
            }
        }
        prop_assert_eq!(ledger.etcd.joined.len(), 3, "{:?}", ledger.etcd);
    }
}
