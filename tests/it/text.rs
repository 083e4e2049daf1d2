//! Words: every decision and every error has them, no message is missing or idle, and some read exactly so.

pub(crate) mod azure;
mod errors;
mod ftl;
mod help;
mod made_up;
mod samples;
mod table;

use podhop::session::Session;
use podhop::sim::record::Step;
use podhop::sim::record::decision::Decision;
use podhop::sim::world::World;
use podhop::text::{
    Arg, Args, Fragment, Mark, Text, explain, hop_name, outcome, plain, step_spoken, target_label, target_name,
};
use podhop::view::target::Target;
use std::collections::BTreeSet;

/// Everything that is said about one step.
fn all_words(text: &Text, step: &Step, world: &World) -> String {
    let words = explain(text, step, world);
    let mut all = vec![words.title, plain(&words.sentence)];
    all.extend(words.detail.iter().map(|d| plain(d)));
    all.extend([hop_name(text, step, world), step_spoken(text, step, world)]);
    all.join("\n")
}

fn runs() -> Vec<Session> {
    samples::runs().into_iter().chain(azure::runs()).chain(help::runs()).collect()
}

/// Every step of the samples with its world.
fn for_every_step(mut look: impl FnMut(&Step, &World)) {
    let lab = samples::lab();
    for step in made_up::steps(samples::Spots::of(lab.world())) {
        look(&step, lab.world());
    }
    for session in runs() {
        for turn in session.turns() {
            turn.record.steps.iter().for_each(|step| look(step, &turn.world));
        }
    }
}

#[test]
fn every_step_is_explained_in_full() {
    let text = Text::english();
    for_every_step(|step, world| {
        let words = explain(&text, step, world);
        let all = all_words(&text, step, world);
        assert!(!all.contains("{$"), "a value is missing: {all}\n{:?}", step.decision);
        assert!(words.sentence.first().is_some_and(|f| !f.text().is_empty()), "{:?}", step.decision);
        assert!(words.source.url.starts_with("https://"), "{:?}", words.source);
        // A message that is missing shows up as its id.
        let parts =
            std::iter::once(words.title).chain([plain(&words.sentence)]).chain(words.detail.iter().map(|d| plain(d)));
        parts.for_each(|part| assert!(part.contains(' '), "{part:?} is no sentence: {:?}", step.decision));
        assert!(
            !text.has(&hop_name(&text, step, world)) || hop_name(&text, step, world).len() < 11,
            "{:?}",
            step.decision
        );
    });
}

/// Codes of all steps, as they stand in the source: `=> "code"`.
fn codes() -> Vec<&'static str> {
    let sources = [include_str!("../../src/sim/record/decision.rs"), include_str!("../../src/sim/record/control.rs")];
    sources.iter().flat_map(|s| s.split("=> \"").skip(1)).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn every_code_has_a_title_and_a_sentence() {
    let text = Text::english();
    let codes = codes();
    assert!(codes.len() > 60, "the codes were found");
    for code in codes.into_iter().filter(|code| *code != "drop") {
        let has = |id: &str| text.has(id) && text.has(&format!("{id}.title"));
        assert!(has(code) || has(&format!("drop-{code}")), "{code}");
    }
}

#[test]
fn every_code_is_among_the_samples() {
    let mut seen = BTreeSet::new();
    for_every_step(|step, _| {
        seen.insert(step.decision.code());
        if let Decision::Drop(reason) = &step.decision {
            seen.insert(reason.code());
        }
    });
    for code in codes() {
        assert!(seen.contains(code), "no sample of {code}");
    }
}

/// Messages that the code asks for, found by letting each say its own id.
fn asked_for() -> BTreeSet<String> {
    let english = ftl::all("en");
    let text = Text::new("en", &[&ftl::pseudo(&english)]).unwrap();
    let mut said = BTreeSet::new();
    let mut hear = |words: String| said.extend(ftl::said(&words));
    for_every_step(|step, world| hear(all_words(&text, step, world)));
    errors::all(&text).into_iter().for_each(&mut hear);
    reasons_and_names(&text).into_iter().for_each(&mut hear);
    for session in runs() {
        for turn in session.turns() {
            for probe in turn.record.probes() {
                let end = turn.record.outcome(probe);
                hear(plain(&outcome(&text, &end, &turn.record, &turn.world)));
            }
        }
    }
    errors::outcomes(&text).into_iter().for_each(&mut hear);
    let inner: Vec<String> = said.iter().flat_map(|id| references(&english, id)).collect();
    said.extend(inner);
    said
}

fn references(all: &std::collections::BTreeMap<String, ftl::Needs>, id: &str) -> Vec<String> {
    let Some(needs) = all.get(id) else { return Vec::new() };
    needs.messages.iter().flat_map(|m| std::iter::once(m.clone()).chain(references(all, m))).collect()
}

fn reasons_and_names(text: &Text) -> Vec<String> {
    let lab = samples::lab();
    let world = lab.world();
    let mut all = table::reasons(text);
    let spots = samples::Spots::of(world);
    let interface = podhop::sim::ids::InterfaceId { host: spots.host, index: spots.bridge };
    let hosts = world.hosts.iter().map(|(id, _)| Target::Host(id));
    let targets = hosts.chain([
        Target::Vnet(world.vnet_named("vnet01").unwrap()),
        Target::Subnet(podhop::sim::ids::SubnetId(0)),
        Target::RouteTable(podhop::sim::ids::RouteTableId(0)),
        Target::Nsg(podhop::sim::ids::NsgId(0)),
        Target::Nic(spots.nic),
        Target::Cluster(podhop::sim::ids::ClusterId(0)),
        Target::Node(podhop::sim::ids::NodeId(0)),
        Target::Pod(podhop::sim::ids::PodId(0)),
        Target::Pods(podhop::sim::ids::NodeId(0)),
        Target::Host(podhop::sim::ids::HostId(999)),
        Target::Interface(interface),
    ]);
    all.extend(targets.flat_map(|t| [target_name(text, world, t), target_label(text, world, t)]));
    // What stands at a packet that was flooded in vain.
    all.push(text.get("drop-flooded.title"));
    for mark in [Mark::Documented, Mark::Observed, Mark::Simplified, Mark::Disputed] {
        all.extend([text.get(&format!("mark-{}", mark.code())), text.get(&format!("mark-{}.about", mark.code()))]);
    }
    all
}

#[test]
fn no_message_is_idle() {
    let asked = asked_for();
    for file in ["explain.ftl", "error.ftl", "names.ftl"] {
        for (id, _) in ftl::messages(&ftl::file("en", file)) {
            assert!(asked.contains(&id) || id == "digit-group", "nobody asks for {id} of {file}");
        }
    }
}

/// The words of the first screen are a part of all words, and need no others.
#[test]
fn the_first_words_stand_alone() {
    let (first, all) = (Text::first(), Text::english());
    assert!(first.ids().all(|id| all.has(id)) && first.ids().count() < all.ids().count());
    for (id, needs) in ftl::messages(&ftl::file("en", "lab.ftl")) {
        assert!(needs.messages.iter().all(|other| first.has(other)), "{id} needs words that come later");
    }
}

#[test]
fn no_id_is_used_twice() {
    for locale in ftl::locales() {
        let mut seen = BTreeSet::new();
        for (name, text) in ftl::files(&locale) {
            for (id, _) in ftl::messages(&text) {
                assert!(seen.insert(id.clone()), "{locale}/{name}: {id} is there already");
            }
        }
    }
}

#[test]
fn languages_have_the_messages_of_english_and_ask_for_no_more_values() {
    let english = ftl::all("en");
    for locale in ftl::locales().into_iter().filter(|l| l != "en") {
        let other = ftl::all(&locale);
        for id in english.keys() {
            assert!(other.contains_key(id) || id.starts_with('-'), "{locale} lacks {id}");
        }
        for id in other.keys().filter(|id| !id.starts_with('-')) {
            assert!(english.contains_key(id), "{locale}: {id} is no message of English");
            let (asks, given) = (ftl::variables(&other, id), ftl::variables(&english, id));
            assert!(asks.is_subset(&given), "{locale}: {id} asks for {asks:?} where English has {given:?}");
        }
    }
}

fn text(source: &str) -> Text {
    Text::new("en", &[source]).unwrap()
}

#[test]
fn rich_splits_values_from_words() {
    let text = text("m = { $host } sends to { $dst }: { $n } bytes.\nw = { $of } and { $rich }\n");
    let target = Target::Pod(podhop::sim::ids::PodId(3));
    let args = Args::new()
        .with("host", Arg::Link { text: "nginx".into(), target })
        .code("dst", "10.0.0.1")
        .number("n", 1_234_567_u32);
    let link = Fragment::Link { text: "nginx".into(), target };
    let words = |s: &str| Fragment::Text(s.into());
    let sentence = vec![link, words(" sends to "), Fragment::Code("10.0.0.1".into()), words(": 1,234,567 bytes.")];
    assert_eq!(text.rich("m", &args), sentence);
    assert_eq!(text.format("m", &args), "nginx sends to 10.0.0.1: 1,234,567 bytes.");
    let args = Args::new().word("of", "kind-pod").with("rich", Arg::Rich(sentence));
    assert_eq!(text.format("w", &args), "pod and nginx sends to 10.0.0.1: 1,234,567 bytes.");
    assert_eq!(text.rich("w", &args)[0], words("pod and "));
}

#[test]
fn messages_choose_by_number_and_by_word() {
    let text = text("m = { $n ->\n [0] none\n [one] one\n *[other] many { $n }\n } { $w ->\n [a] A\n *[b] B\n }\n");
    for (n, w, expected) in [(0_u32, "a", "none A"), (1, "b", "one B"), (2000, "z", "many 2,000 B")] {
        assert_eq!(text.format("m", &Args::new().number("n", n).text("w", w)), expected);
    }
    assert_eq!(text.format("m", &Args::new()), "many {$n} B");
}

#[test]
fn what_is_missing_says_so_and_never_panics() {
    let text = text("loop = { loop }\nterm = { -no-such } { no-such }\n-t = T\nuse = { -t }");
    assert_eq!(text.get("no-such-message"), "no-such-message");
    assert_eq!(text.get("term"), "-no-such no-such");
    assert_eq!(text.get("use"), "T");
    assert_eq!(text.get("loop"), "loop");
    assert_eq!(text.get("theme"), "Theme", "English is behind every language");
    let error = Text::new("xx", &["good = 1", "bad = { $x"]).unwrap_err();
    assert_eq!((error.source, error.detail.is_empty()), (1, false));
}
