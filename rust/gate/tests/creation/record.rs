//! The record as text.

use crate::support::*;
use gate::creation::{Ledger, LedgerError};

#[test]
fn a_record_is_read_as_it_was_written() {
    for record in [ledger(), initialised()] {
        let text = record.write().unwrap();
        assert_eq!(Ledger::read(&text).unwrap(), record);
    }
}

#[test]
fn half_a_record_is_none() {
    let text = initialised().write().unwrap();
    for length in (0..text.trim_end().len()).step_by(7) {
        let error = Ledger::read(&text[..length]).unwrap_err();
        assert!(matches!(error, LedgerError::NotWhole(_)), "{length}: {error}");
    }
}

#[test]
fn another_release_is_named() {
    let text = ledger().write().unwrap().replace("\"version\": 1", "\"version\": 2");
    let error = Ledger::read(&text).unwrap_err();
    assert_eq!(error, LedgerError::OtherVersion(2));
    assert!(error.to_string().contains("version 2, this release reads version 1"));
}

#[test]
fn what_no_release_has_written_is_refused() {
    let text = ledger().write().unwrap().replace("\"created\"", "\"creatd\"");
    assert!(matches!(Ledger::read(&text), Err(LedgerError::NotWhole(_))));
}
