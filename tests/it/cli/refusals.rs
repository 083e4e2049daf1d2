//! Help, and bad input: exit status 2 and the reason on standard error, never a panic.

use super::{Temp, podhop};
use podhop::cli::Status;

#[test]
fn help_is_an_answer() {
    let of = |args: &[&str]| {
        let done = podhop(args);
        assert_eq!((done.status, done.err.as_str()), (Status::Done, ""), "{args:?}");
        done.text().to_owned()
    };
    for args in [&["--help"], &["-h"], &["help"]] {
        assert!(of(args).contains("Usage: podhop COMMAND [OPTIONS]\n"));
    }
    for command in ["trace", "ledger", "render"] {
        assert!(of(&[command, "--help"]).contains(&format!("Usage: podhop {command} --scenario FILE")));
    }
    assert_eq!(of(&["--version"]), format!("podhop {}\n", env!("CARGO_PKG_VERSION")));
}

/// Every option in a help text is known, and takes a value where the text shows one.
#[test]
fn help_lists_options_that_there_are() {
    for command in ["trace", "ledger", "render"] {
        let help = podhop(&[command, "--help"]);
        let lines = help.text().lines().map(str::trim_start).filter(|l| l.starts_with('-'));
        for option in lines.filter_map(|l| l.split_whitespace().find(|w| w.starts_with("--"))) {
            let err = podhop(&[command, option]).err;
            assert!(!err.contains("There is no option"), "{command} {option}: {err}");
        }
    }
}

fn refused(args: &[&str], why: &str) {
    let done = podhop(args);
    assert_eq!((done.status, done.out.len()), (Status::Bad, 0), "{args:?}");
    assert!(done.err.starts_with("podhop: ") && done.err.contains(why), "{args:?}: {}", done.err);
    assert!(!done.err.contains("cli-") && !done.err.contains("{$"), "{args:?}: {}", done.err);
}

#[test]
fn a_bad_command_line_is_refused() {
    refused(&[], "No command is given.");
    refused(&["tarce"], "There is no command tarce.");
    refused(&["--verbose"], "There is no option --verbose.");
    refused(&["trace", "--speed", "3"], "There is no option --speed.");
    refused(&["trace", "extra"], "Nothing is expected where extra stands.");
    refused(&["trace", "--from"], "--from needs a value.");
    refused(&["trace", "--every=yes"], "--every takes no value, but yes is given.");
    refused(&["trace"], "--scenario is missing.");
    refused(&["trace", "--scenario", "x"], "--from is missing.");
    refused(&["trace", "--scenario", "x", "--from", "a"], "--to is missing.");
    refused(&["ledger"], "--scenario is missing.");
    refused(&["render", "--theme", "blue"], "--theme takes one of light, dark, not blue.");
    for step in ["0", "-1", "two", ""] {
        refused(&["render", &format!("--step={step}")], "--step takes a number from 1, first or last, not ");
    }
}

#[test]
fn bad_values_are_refused() {
    let start = ["trace", "--scenario", "x", "--from", "a", "--to", "b"];
    let with = |more: &[&str], why: &str| refused(&[&start, more].concat(), why);
    for ttl in ["0", "256", "-1", "many", "1.5", "99999999999999999999"] {
        with(&["--ttl", ttl], &format!("--ttl takes a whole number from 1 to 255, not {ttl}."));
    }
    with(&["--count", "101"], "--count takes a whole number from 1 to 100, not 101.");
    with(&["--dport", "65536"], "--dport takes a whole number from 1 to 65535, not 65536.");
    with(&["--dport", "80"], "--dport goes only with --proto tcp|udp.");
    with(&["--proto", "tcp"], "--dport is missing.");
    with(&["--proto", "sctp"], "--proto takes one of icmp, tcp, udp, not sctp.");
    with(&["--format", "yaml"], "--format takes one of text, json, pcap, svg, mermaid, not yaml.");
    with(&["--expect", "luck"], "--expect takes one of delivered, dropped, not luck.");
    with(&["--at", "any"], "--at goes only with --format pcap.");
}

#[cfg(unix)]
#[test]
fn bytes_that_are_no_text_are_refused() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;
    let args = ["trace".into(), "--from".into(), OsString::from_vec(vec![0xff, 0xfe])];
    let mut err = Vec::new();
    assert_eq!(podhop::cli::run(args, &mut Vec::new(), &mut err), Status::Bad);
    assert!(String::from_utf8(err).unwrap().contains("is not valid UTF-8."));
}

#[test]
fn a_bad_scenario_is_refused_with_its_place() {
    let check = |content: &str, place: &str, why: &str| {
        let file = Temp::new("bad.json", content);
        for command in ["ledger", "render"] {
            refused(&[command, "--scenario", file.path()], &format!("{}{place}: ", file.path()));
            refused(&[command, "--scenario", file.path()], why);
        }
    };
    check("{\n  \"schema\": 1,\n  \"seed\": ,\n}", ":3:11", "line 3, column 11");
    check("", ":1:0", "This is no scenario");
    check(r#"{ "schema": 7, "seed": 1, "actions": [] }"#, "", "format 7");
    check(r#"{ "schema": 1, "seed": 1, "actions": [], "more": 1 }"#, ":1:47", "unknown field `more`");
    check(r#"{ "schema": 1, "seed": 1, "actions": [{ "fly": {} }] }"#, ":1:45", "unknown variant `fly`");
    let second = r#"{ "schema": 1, "seed": 1, "actions": ["settle", { "delete_vnet": { "name": "v" } }] }"#;
    check(second, "", "Action 2 of the scenario cannot be done: There is no VNet named v.");
    check(&" ".repeat(4 * 1024 * 1024 + 1), "", "4,194,304 are the most");
    refused(&["ledger", "--scenario", "/no/such/file"], "/no/such/file cannot be read: ");
    refused(&["ledger", "--scenario", "/tmp"], "/tmp cannot be read: ");
}

#[test]
fn a_bad_place_is_refused() {
    let scenario = Temp::scenario([]);
    let check = |options: &str, why: &str| {
        let options: Vec<&str> = options.split(' ').collect();
        refused(&[&["trace", "--scenario", scenario.path()], &options[..]].concat(), why);
    };
    check("--from pod/none --to 10.0.0.5", "The packet cannot be sent: There is no pod named none.");
    check("--from 10.0.0.77 --to 10.0.0.5", "The packet cannot be sent: There is no ");
    check("--from vm/none --to 10.0.0.5", "There is no VM named none.");
    let pcap = "--from 10.244.1.3 --to 10.244.0.6 --format pcap --at";
    check(&format!("{pcap} here"), "here is no place to capture at: it must be HOST:DEV or any.");
    check(&format!("{pcap} :eth0"), ":eth0 is no place to capture at");
    check(&format!("{pcap} node/none:eth0"), "There is no such place to capture at: There is no node named none.");
    check(&format!("{pcap} 10.0.0.99:eth0"), "There is no host named 10.0.0.99.");
    check(&format!("{pcap} 10.244.1.3:eth7"), "10.244.1.3 has no interface eth7; it has lo, eth0.");
    refused(
        &["render", "--scenario", scenario.path(), "--step", "99999"],
        "There is no step 99,999: the last action has ",
    );
}
