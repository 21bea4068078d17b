//! The gallery's examples: what a person opens first has nothing to complain about.

use std::fs;
use std::path::{Path, PathBuf};

use planscope::diagnostic::Diagnostic;
use planscope::examples::Generator;
use planscope::lang::{goap, pddl};

/// Files of the gallery whose names end so, with those names.
fn files(end: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/examples");
    let mut found = Vec::new();
    for folder in [root.clone(), root.join("pddl")] {
        for entry in fs::read_dir(folder).expect("the folder of examples") {
            let path = entry.expect("an entry").path();
            if path.to_string_lossy().ends_with(end) {
                let text = fs::read_to_string(&path).expect("UTF-8");
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty(), "no examples that end with {end}");
    found
}

fn shown(path: &Path, findings: &[Diagnostic]) -> String {
    findings.iter().map(|one| format!("{}: {} {}\n", path.display(), one.code, one.message)).collect()
}

/// The example whose fault is what it shows.
const FAULTY: &str = "no-key.goap.json";

#[test]
fn no_example_of_goap_has_a_finding_but_the_one_that_shows_them() {
    for (path, text) in files(".goap.json") {
        let all = shown(&path, &goap::parse(&text).diagnostics);
        assert_eq!(all.is_empty(), !path.ends_with(FAULTY), "{all}");
    }
}

#[test]
fn no_generated_problem_has_a_finding() {
    for generator in Generator::ALL {
        let end = format!("pddl/{}.domain.pddl", generator.example());
        let (path, domain) = files(&end).remove(0);
        let problem = generator.problem(generator.default_size(), 1);
        let all = shown(&path, &pddl::parse(&domain, &problem).diagnostics);
        assert!(all.is_empty(), "{all}");
    }
}

#[test]
fn no_example_of_pddl_has_a_finding() {
    let mut all = String::new();
    for (path, problem) in files(".problem.pddl") {
        let domain = path.to_string_lossy().replace(".problem.pddl", ".domain.pddl");
        let domain = fs::read_to_string(domain).expect("the domain beside it");
        all += &shown(&path, &pddl::parse(&domain, &problem).diagnostics);
    }
    for (path, domain) in files(".domain.pddl") {
        all += &shown(&path, &pddl::parse_domain(&domain).diagnostics);
    }
    assert!(all.is_empty(), "{all}");
}
