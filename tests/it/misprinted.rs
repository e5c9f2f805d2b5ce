//! Rules whose words were lost when they were printed.

use crate::kpt::run;

const SERVICE: &str = "trace --width 80 -f testdata/misprinted.rules -d 10.254.198.92:80";

#[test]
fn lost_endpoints_are_found_where_something_tells_them() {
    let run = run(SERVICE);
    insta::assert_snapshot!(format!("{}\n{}", run.stdout, run.stderr));
}

#[test]
fn json_says_where_they_were_found() {
    let run = run(&format!("{SERVICE} --quiet --format json"));
    let answer: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let paths = answer["worlds"][0]["paths"].as_array().expect("paths");
    let dnat =
        paths.iter().map(|path| format!("{} {} {}\n", path["dnat"]["to"], path["dnat"]["found"], path["reason"]));
    insta::assert_snapshot!(dnat.collect::<Vec<_>>().concat());
}
