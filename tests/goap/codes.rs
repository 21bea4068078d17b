//! Every code of `lang::goap::codes` is produced by a fixture of its name, in the way that every
//! finding should be: with a place, a way out, and a fix that works where there is one.

use std::fs;
use std::path::{Path, PathBuf};

use crate::texts::check_manners;
use planscope::lang::goap::{codes, parse};

fn fixture(code: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/goap/codes/{code}.goap.json"))
}

#[test]
fn every_code_is_produced_by_its_fixture_with_its_severity() {
    for code in codes::ALL.iter().filter(|code| code.code != codes::FILE_TOO_LARGE) {
        let text = fs::read_to_string(fixture(code.code)).unwrap();
        let parsed = parse(&text);
        let found = parsed.diagnostics.iter().find(|diagnostic| diagnostic.code == code.code);
        let found = found.unwrap_or_else(|| panic!("{} is not found: {:#?}", code.code, parsed.diagnostics));
        assert_eq!(found.severity, code.severity, "{}", code.code);
        check_manners(&text, &parsed);
    }
}

#[test]
fn every_finding_has_the_severity_of_its_code() {
    for path in fs::read_dir(fixture("").parent().unwrap()).unwrap() {
        let text = fs::read_to_string(path.unwrap().path()).unwrap();
        for diagnostic in parse(&text).diagnostics {
            let code = codes::ALL.iter().find(|code| code.code == diagnostic.code).unwrap();
            assert_eq!(code.severity, diagnostic.severity, "{diagnostic:#?}");
        }
    }
}
