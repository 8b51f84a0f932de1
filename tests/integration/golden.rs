//! Golden runs: results that must not change by accident. Where they change on purpose, `NAMESAKE_BLESS=1 cargo test
//! golden` writes them anew, and the changelog says **Results:**.

use crate::support::{done_in, root};
use std::fs;

#[test]
fn golden_runs_give_the_bytes_they_gave() {
    for scenario in ["tax-address-request", "tax-address-request-assumed", "tax-address-request-weighted"] {
        let folder = tempfile::tempdir().unwrap();
        let run = done_in(
            folder.path(),
            &[
                "run",
                scenario,
                "--people",
                "40k",
                "--requests",
                "500",
                "--set",
                "population.final_order=0.02",
                "--seed",
                "1",
                "--quiet",
                "--json",
                "-",
            ],
        );
        let golden = root().join(format!("synthetic-data/golden/{scenario}-40k.json"));
        if std::env::var_os("NAMESAKE_BLESS").is_some() {
            fs::create_dir_all(golden.parent().unwrap()).unwrap();
            fs::write(&golden, &run.stdout).unwrap();
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        let differs = expected.lines().zip(run.stdout.lines()).position(|(a, b)| a != b);
        assert!(
            expected == run.stdout,
            "{} changed at line {:?}; if that is meant, run NAMESAKE_BLESS=1 cargo test golden and say so in the changelog",
            golden.display(),
            differs.map(|line| line + 1)
        );
    }
}
