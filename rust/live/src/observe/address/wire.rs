//! Real kernels that answer: hosts in network namespaces of this test's own.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the one test speaks to the other")]

use super::{Moving, look};
use std::net::{IpAddr, Ipv4Addr};
use std::process::Command;

const SCRIPT: &str = include_str!("wire.sh");
const SAID: &str = "holders: ";

/// Who holds the address while these hosts have it; cp3 is the one that looks. `None` where no namespaces can be made.
fn asked(holders: &str) -> Option<String> {
    let program = std::env::current_exe().unwrap();
    let run = Command::new("unshare")
        .args(["--user", "--map-root-user", "--net", "sh", "-c", SCRIPT, "wire"])
        .args([holders, program.to_str().unwrap()])
        .output();
    let said = run.ok()?;
    let (told, wrong) = (String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    if wrong.contains("unshare failed") || wrong.contains("ip: not found") {
        eprintln!("not run, no namespaces here: {wrong}");
        return None;
    }
    let found = told.lines().find_map(|line| line.split_once(SAID)).map(|(_, found)| found.to_owned());
    Some(found.unwrap_or_else(|| format!("nothing was said: {told} {wrong}")))
}

#[test]
fn who_holds_the_address_is_said_by_all_who_do() {
    for (holders, expected) in
        [("cp2", "cp2"), ("", ""), ("cp1 cp2", "cp1 cp2"), ("cp3", "cp3"), ("cp2 cp3", "cp2 cp3")]
    {
        let Some(found) = asked(holders) else { return };
        assert_eq!(found, expected, "held by `{holders}`");
    }
}

/// What the script runs where cp3 is.
#[test]
#[ignore = "in the namespaces of the other test only"]
fn looks() {
    let host = |last: u8| IpAddr::from(Ipv4Addr::new(10, 9, 0, last));
    let hosts = [1, 2, 3].map(|last| (format!("cp{last}"), host(last)));
    let found = look(&Moving { address: host(5), hosts: hosts.to_vec() });
    println!("{SAID}{}", found.unwrap_or_else(|| vec!["nobody can tell".to_owned()]).join(" "));
}
