//! A terminal as somebody sees it: lines in their turn, prompts, output that follows the steps, Ctrl-C, bounds.

use podhop::session::{Cursor, Session};
use podhop::shell::console::{Console, MAX_LINES};
use podhop::sim::action::Action;
use podhop::sim::engine::probe::{Probe, ProbeProtocol};
use podhop::text::Text;

fn console() -> (Console, Session) {
    (Console::new(podhop::shell::words(&Text::english())), crate::fixture::article())
}

fn type_in(console: &mut Console, session: &mut Session, text: &str) {
    console.enter(text);
    while console.is_busy() {
        console.go_on(session);
    }
}

/// The screen as text, prompts and all.
fn screen(console: &Console, session: &Session, end: bool) -> String {
    let block = |b: &std::rc::Rc<podhop::shell::console::Block>| {
        format!("{}{}\n{}", b.prompt, b.typed, b.shown(session, end).concat())
    };
    console.blocks().map(block).collect()
}

#[test]
fn lines_are_echoed_with_their_prompts() {
    for (typed, expected) in [
        ("echo a\necho b", "$ echo a\na\n$ echo b\nb\n"),
        ("echo 'a\nb'", "$ echo 'a\n> b'\na\nb\n"),
        ("echo a \\\nb", "$ echo a \\\n> b\na b\n"),
        ("echo b |\ntr b c", "$ echo b |\n> tr b c\nc\n"),
        ("true &&\n\necho x", "$ true &&\n> \n> echo x\nx\n"),
        ("echo a; nosuch; echo c", "$ echo a; nosuch; echo c\na\nbash: nosuch: command not found\nc\n"),
        ("# a comment\necho a", "$ # a comment\n$ echo a\na\n"),
        ("echo a )\necho b", "$ echo a )\nbash: syntax error near unexpected token `)'\n$ echo b\nb\n"),
        ("echo a\r\necho b\r", "$ echo a\na\n$ echo b\nb\n"),
        ("x=5\necho $x", "$ x=5\n$ echo $x\n5\n"),
    ] {
        let (mut console, mut session) = console();
        type_in(&mut console, &mut session, typed);
        assert_eq!(screen(&console, &session, true), expected, "{typed}");
        assert_eq!(console.prompt(), "$ ");
    }
}

#[test]
fn an_open_line_asks_for_more_until_it_is_dropped() {
    let (mut console, mut session) = console();
    type_in(&mut console, &mut session, "echo 'open");
    assert_eq!(console.prompt(), "> ");
    console.interrupt(&mut session, "typed", true);
    assert_eq!(console.prompt(), "$ ");
    assert_eq!(screen(&console, &session, true), "$ echo 'open\n> typed\n^C\n");
    type_in(&mut console, &mut session, "echo $?");
    assert!(screen(&console, &session, true).ends_with("$ echo $?\n130\n"));
}

const PING: &str = "kubectl exec $(kubectl get pod -o name | tail -1 | cut -d/ -f2) -- ping -c 3 10.244.0.6";

/// Each line of a ping is seen when its packet has arrived, and no sooner.
#[test]
fn a_ping_follows_the_steps() {
    let (mut console, mut session) = console();
    type_in(&mut console, &mut session, PING);
    let turn = session.turns().len() - 1;
    let record = session.turns()[turn].record.clone();
    let arrivals: Vec<usize> = record
        .probes()
        .map(|probe| match record.outcome(probe) {
            podhop::sim::record::trace::Outcome::Answered { reply } => *record.path(reply).last().unwrap() + 1,
            other => panic!("{other:?}"),
        })
        .collect();
    for step in 0..record.steps.len() {
        session.seek(Cursor { turn, step });
        let seen = screen(&console, &session, false);
        assert_eq!(seen.matches("bytes from").count(), arrivals.iter().filter(|a| **a <= step).count(), "step {step}");
        assert!(!seen.contains("statistics"), "step {step}");
        assert!(console.is_stepped(&session, false));
    }
    assert!(screen(&console, &session, true).contains("3 packets transmitted, 3 received"));
    session.seek(Cursor { turn: turn - 1, step: 0 });
    assert!(screen(&console, &session, false).contains("3 received"), "who looks elsewhere sees all");
}

/// Ctrl-C ends a ping with what it has seen, and the session holds no packet that was not sent.
#[test]
fn a_ping_is_stopped() {
    let (mut console, mut session) = console();
    type_in(&mut console, &mut session, PING);
    let turn = session.turns().len() - 1;
    let end = session.turns()[turn].record.steps.len();
    let two = (0..end).find(|step| {
        session.seek(Cursor { turn, step: *step });
        screen(&console, &session, false).matches("bytes from").count() == 2
    });
    session.seek(Cursor { turn, step: two.unwrap() });
    console.interrupt(&mut session, "", false);
    let seen = screen(&console, &session, true);
    assert!(
        seen.contains(
            "^C\n--- 10.244.0.6 ping statistics ---\n2 packets transmitted, 2 received, 0% packet loss, time 1000ms"
        ),
        "{seen}"
    );
    assert_eq!(session.turns().len(), turn + 1);
    assert_eq!(session.turns()[turn].record.probes().count(), 2);
    type_in(&mut console, &mut session, "echo $?");
    assert!(screen(&console, &session, true).ends_with("echo $?\n0\n"), "it had an answer");
}

/// Undo takes the pod away in which somebody is: the shell there ends, as one does whose container is killed.
#[test]
fn a_lost_place_is_left() {
    let (mut console, mut session) = console();
    type_in(&mut console, &mut session, "kubectl create deployment web --image nginx");
    let enter = "kubectl exec -it $(kubectl get pod -o name | grep web | cut -d/ -f2) -- sh";
    type_in(&mut console, &mut session, enter);
    assert!(console.prompt().starts_with("root@web-"), "{}", console.prompt());
    assert!(session.undo(), "with what followed it");
    type_in(&mut console, &mut session, "echo here");
    assert!(screen(&console, &session, true).ends_with("command terminated with exit code 137\n$ echo here\nhere\n"));
    assert!(session.redo() && !session.redo());
    assert!(session.world().workloads.values().any(|w| w.name.as_ref() == "web"));
}

#[test]
fn what_is_too_much_is_refused_or_dropped() {
    for (what, text) in [
        ("one line", "a".repeat(1 << 20)),
        ("open quote", format!("'{}", "b\n".repeat(1 << 19))),
        ("open brackets", "$(".repeat(1 << 18)),
        ("zeros", "\0".repeat(1 << 16)),
    ] {
        let (mut console, mut session) = console();
        type_in(&mut console, &mut session, &text);
        type_in(&mut console, &mut session, "echo still here");
        let seen = screen(&console, &session, true);
        assert!(seen.ends_with("still here\n"), "{what}: {}", &seen[seen.len().saturating_sub(200)..]);
        assert!(seen.len() < 1 << 20, "{what}: {} bytes on the screen", seen.len());
    }
    let (mut console, mut session) = console();
    for many in ["echo a\n", "echo a; "].map(|text| text.repeat(MAX_LINES * 2)) {
        type_in(&mut console, &mut session, &many);
        assert!(screen(&console, &session, true).lines().count() <= MAX_LINES + 2);
    }
    assert!(console.blocks().last().unwrap().dropped > 0, "one line of commands is bounded too");
    type_in(&mut console, &mut session, "clear");
    assert_eq!(screen(&console, &session, true), "");
}

#[test]
fn history_keeps_what_was_typed_once() {
    let (mut console, mut session) = console();
    console.remember(vec!["before".into()]);
    type_in(&mut console, &mut session, "echo a\necho a\n\necho b");
    assert_eq!(console.history(), ["before", "echo a", "echo b"]);
}

const NODE: &str = "kubectl debug node/$(kubectl get node -o name | tail -1 | cut -d/ -f2) -it --image=x";

/// The screen from a text on.
fn after<'a>(screen: &'a str, text: &str) -> &'a str {
    screen.rsplit_once(text).map_or("", |(_, rest)| rest)
}

/// One terminal listens while another sends: the lines come with the packets, go when one steps back, and Ctrl-C ends
/// it with what was seen.
#[test]
fn a_capture_follows_what_others_send() {
    let (mut listens, mut session) = console();
    let (mut sends, _) = console();
    type_in(&mut listens, &mut session, NODE);
    type_in(&mut listens, &mut session, "tcpdump -ni cbr0 icmp");
    assert!(listens.looks_on() && !listens.is_busy() && listens.prompt().is_empty());
    type_in(&mut sends, &mut session, PING);
    assert!(listens.look(&session) && !listens.look(&session));
    let (turn, all) = (session.turns().len() - 1, session.end().step);
    let lines = |listens: &Console, session: &Session| screen(listens, session, false).matches(" ICMP echo ").count();
    let mut counts: Vec<usize> = Vec::new();
    for step in 0..=all {
        session.seek(Cursor { turn, step });
        counts.push(lines(&listens, &session));
    }
    assert!(counts.is_sorted() && counts[0] == 0, "{counts:?}");
    let passed = session.turns()[turn].record.probes().count() * 2;
    assert_eq!(counts.last(), Some(&passed), "a request and a reply each");
    let two = counts.iter().position(|n| *n == 2).unwrap();
    session.seek(Cursor { turn, step: two });
    listens.interrupt(&mut session, "", false);
    let seen = screen(&listens, &session, true);
    assert!(
        seen.ends_with("^C\n2 packets captured\n2 packets received by filter\n0 packets dropped by kernel\n"),
        "{seen}"
    );
    assert_eq!(session.turns()[turn].record.probes().count(), 3, "who listens stops nothing");
    type_in(&mut listens, &mut session, "echo $?");
    assert!(screen(&listens, &session, true).ends_with("echo $?\n0\n"));
}

/// A capture that has seen enough ends by itself; what was typed meanwhile runs then. What is undone was not seen.
#[test]
fn a_capture_ends_and_is_told_anew() {
    let (mut listens, mut session) = console();
    let (mut sends, _) = console();
    type_in(&mut listens, &mut session, NODE);
    type_in(&mut listens, &mut session, "tcpdump -c 3 -ni cbr0 icmp | cut -d' ' -f2-6\necho done");
    type_in(&mut sends, &mut session, &PING.replace("-c 3", "-c 1"));
    listens.look(&session);
    assert!(listens.looks_on(), "two of three");
    assert_eq!(screen(&listens, &session, true).matches("IP 10.244").count(), 2);
    assert!(session.undo());
    listens.look(&session);
    assert_eq!(screen(&listens, &session, true).matches("IP 10.244").count(), 0);
    type_in(&mut sends, &mut session, PING);
    listens.look(&session);
    assert!(!listens.looks_on() && listens.is_busy());
    type_in(&mut listens, &mut session, "");
    let seen = screen(&listens, &session, true);
    assert_eq!(seen.matches("IP 10.244").count(), 3, "{seen}");
    assert!(after(&seen, "cut").contains("$ ") || seen.contains("echo done\ndone\n"), "{seen}");
}

/// What happens to flows, as the real tool writes it; what ends by time is told when time passes.
#[test]
fn events_of_flows() {
    let (mut listens, mut session) = console();
    let (mut sends, _) = console();
    type_in(&mut listens, &mut session, NODE);
    type_in(&mut listens, &mut session, "conntrack -E -p icmp");
    type_in(&mut sends, &mut session, PING);
    listens.look(&session);
    let seen = screen(&listens, &session, true);
    let id = seen.split("id=").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
    let there = format!("src=10.244.0.1 dst=10.244.0.6 type=8 code=0 id={id}");
    let back = format!("src=10.244.0.6 dst=10.244.0.1 type=0 code=0 id={id}");
    let came = format!("    [NEW] icmp     1 30 {there} [UNREPLIED] {back}\n [UPDATE] icmp     1 30 {there} {back}\n");
    assert_eq!(after(&seen, "icmp\n"), came, "three requests, one flow");
    type_in(&mut sends, &mut session, "sleep 40");
    listens.look(&session);
    let seen = screen(&listens, &session, true);
    assert_eq!(after(&seen, "icmp\n"), format!("{came}[DESTROY] icmp     1 {there} {back}\n"));
    session.seek(session.end());
    listens.interrupt(&mut session, "", false);
    let seen = screen(&listens, &session, true);
    assert!(seen.ends_with("^Cconntrack v1.4.7 (conntrack-tools): 3 flow events have been shown.\n"), "{seen}");
}

/// A row for each change, with the columns of the first; each is there when it happened.
#[test]
fn get_goes_on_with_changes() {
    let (mut looks, mut session) = console();
    let (mut changes, _) = console();
    type_in(&mut looks, &mut session, "kubectl get pod -w");
    let before = screen(&looks, &session, true).lines().count();
    type_in(&mut changes, &mut session, "kubectl create deployment web --image nginx");
    looks.look(&session);
    let seen = screen(&looks, &session, true);
    let rows: Vec<Vec<&str>> = seen.lines().skip(before).map(|line| line.split_whitespace().collect()).collect();
    let states: Vec<&str> = rows.iter().map(|row| row[2]).collect();
    assert_eq!(states, ["ContainerCreating", "Running"], "{seen}");
    assert!(rows.iter().all(|row| row[0].starts_with("web-")));
    let name = rows[0][0].to_owned();
    let column = |word: &str| seen.lines().find(|line| line.contains(word)).and_then(|line| line.find(word));
    assert_eq!(column("READY"), column("1/1"), "{seen}");
    session.seek(Cursor { turn: session.turns().len() - 1, step: 0 });
    assert!(!screen(&looks, &session, false).contains("ContainerCreating"), "not yet");
    session.seek(session.end());
    type_in(&mut changes, &mut session, &format!("kubectl delete pod {name}"));
    looks.look(&session);
    assert!(screen(&looks, &session, true).contains("Terminating"));
    looks.interrupt(&mut session, "", true);
    assert!(screen(&looks, &session, true).ends_with("^C\n"));
    type_in(&mut looks, &mut session, "echo $?");
    assert!(screen(&looks, &session, true).ends_with("130\n"));
}

/// Each screen takes the place of the one before, at its time.
#[test]
fn watch_prints_anew() {
    let (mut looks, mut session) = console();
    let (mut changes, _) = console();
    type_in(&mut looks, &mut session, "watch -n 10 kubectl get pod --no-headers");
    type_in(&mut changes, &mut session, "kubectl scale deployment nginx --replicas=4; sleep 25");
    looks.look(&session);
    let seen = screen(&looks, &session, true);
    assert_eq!(seen.matches("Every 10.0s").count(), 1, "{seen}");
    assert_eq!(seen.matches("Running").count(), 4, "{seen}");
    assert!(seen.contains("Every 10.0s: kubectl get pod --no-headers    workstation: "), "{seen}");
}

#[test]
fn a_route_is_traced_hop_by_hop() {
    let (mut console, mut session) = console();
    type_in(&mut console, &mut session, "kubectl exec -it $(kubectl get pod -o name | tail -1 | cut -d/ -f2) -- sh");
    console.enter("traceroute -n 10.244.0.6");
    console.go_on(&mut session);
    console.go_on(&mut session);
    let answers = |console: &Console, session: &Session, end| screen(console, session, end).matches(" ms").count();
    let mut seen = Vec::new();
    while console.is_busy() {
        console.go_on(&mut session);
        let turn = session.turns().len() - 1;
        session.seek(Cursor { turn, step: 0 });
        let before = answers(&console, &session, false);
        seen.push((before, answers(&console, &session, true)));
    }
    let probes = 9;
    assert_eq!(seen, (0..probes).map(|n| (n, n + 1)).collect::<Vec<_>>());
    let turns = session.turns().len();
    let ports = session.turns()[turns - probes..].iter().map(|turn| match &turn.action {
        Action::Send { probe: Probe { protocol: ProbeProtocol::Udp { port }, .. }, .. } => *port,
        other => panic!("{other:?}"),
    });
    assert_eq!(ports.collect::<Vec<_>>(), (33_434..33_443).collect::<Vec<_>>(), "a port for each probe");
    assert!(session.undo());
    assert_eq!(session.turns().len(), turns - probes, "one command is one step back");
}

/// What `az` waits for turns at a terminal until it is there.
#[test]
fn a_long_operation_turns() {
    let (mut console, mut session) = console();
    type_in(
        &mut console,
        &mut session,
        "az aks nodepool scale -g whhk --cluster-name aks01 -n nodepool1 -c 3 --query name",
    );
    let turn = session.turns().len() - 1;
    let block = console.blocks().last().unwrap().clone();
    let mut signs = std::collections::BTreeSet::new();
    for step in 0..session.end().step {
        session.seek(Cursor { turn, step });
        let seen = block.seen(&session, false);
        assert!(seen.more && block.shown(&session, false).concat().is_empty(), "step {step}");
        signs.insert(seen.waiting.unwrap());
    }
    assert!(signs.len() > 2 && signs.iter().all(|sign| sign.ends_with(" Running .. ")), "{signs:?}");
    session.seek(session.end());
    assert_eq!(block.shown(&session, false).concat(), "\"nodepool1\"\n");
    assert_eq!(block.seen(&session, false).waiting, None);
    type_in(
        &mut console,
        &mut session,
        "az aks nodepool scale -g whhk --cluster-name aks01 -n nodepool1 -c 2 --no-wait",
    );
    assert!(session.world().queue.has_control(), "it goes on by itself");
}

/// Each command in a loop waits for its turn, so that whoever steps sees one ping after the other; all of them are one
/// step of undo.
#[test]
fn a_loop_is_stepped() {
    let (mut console, mut session) = console();
    type_in(&mut console, &mut session, "kubectl exec -it $(kubectl get pod -o name | tail -1 | cut -d/ -f2) -- sh");
    let before = session.turns().len();
    console.enter("for i in 1 2 3; do ping -c 1 10.244.0.6; echo done $i; done; echo end");
    let seen = |console: &Console, session: &Session| {
        let text = screen(console, session, false);
        (text.matches("1 received").count(), text.matches("\ndone ").count(), text.ends_with("end\n"))
    };
    let mut pings = Vec::new();
    for _ in 0..100 {
        while console.is_busy() && !console.is_stepped(&session, false) {
            console.go_on(&mut session);
        }
        let at = session.cursor();
        if session.turns().len() > before && at == (Cursor { turn: session.turns().len() - 1, step: 0 }) {
            pings.push((session.turns().len() - before, seen(&console, &session)));
        }
        session.seek(session.end());
        if !console.is_busy() {
            break;
        }
    }
    assert_eq!(pings, [(1, (0, 0, false)), (2, (1, 1, false)), (3, (2, 2, false))]);
    assert_eq!(seen(&console, &session), (3, 3, true));
    assert_eq!(session.turns().len(), before + 3);
    assert!(session.undo());
    assert_eq!(session.turns().len(), before, "one step of undo");
}

/// A line that is run part by part prints what it prints as a whole.
#[test]
fn parts_are_as_the_whole() {
    for line in [
        "for i in 1 2 3; do echo $i; done; echo $? $i",
        "for i in; do echo no; done; echo $?",
        "for i in 1 2 3 4; do if [ $i -eq 2 ]; then continue; fi; if [ $i = 4 ]; then break; fi; echo $i; done; echo $?",
        "for i in 1 2; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; echo no; done; echo $?",
        "for i in 1 2; do for j in a b; do echo $i$j; break 2; done; echo no; done; echo end",
        "i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done; echo $?",
        "while false; do :; done; echo $?; until true; do :; done; echo $?",
        "i=3; until [ $i -eq 0 ]; do i=$((i-1)); [ $i = 1 ] && break; done; echo $i",
        "i=0; while i=$((i+1)); [ $i -lt 3 ] || break; do echo $i; done; echo end",
        "i=0; while i=$((i+1)); [ $i = 2 ] && continue; [ $i -lt 4 ]; do echo $i; done",
        "if true; then echo a; else echo b; fi; if false; then echo a; elif true; then echo c; else echo d; fi",
        "if false; then echo a; fi; echo $?; if false; then :; elif false; then :; else false; fi; echo $?",
        "false; if [ $? = 1 ]; then echo one; fi; false && for i in 1; do echo no; done; echo $?",
        "true || { echo no; }; { echo a; false; } || echo b; { echo c; } && echo d",
        "case b in a|b) echo one;& c) echo two;; *) echo no;; esac; case z in a) :;; esac; echo $?",
        "case xy in x*) echo a;;& *y) echo b;;& n) echo no;; *) echo c; esac",
        "false; for i in $? $?; do echo $i $?; false; done; echo $?; case a in a) false;& b) echo $?;; esac",
        "for i in 1 2; do case $i in 1) continue;; *) echo $i; break;; esac; done; echo $?",
        "for i in ${x?bad}; do echo no; done; echo no",
        "for i in $(nosuch) a; do echo $i; done",
        "for i in 1 2 3; do echo $i; done | tac 2>&1 | wc -l; ! for i in 1; do false; done; echo $?",
        "f() { for i in 1 2 3; do [ $i = 2 ] && return 5; echo $i; done; }; for j in a b; do f; echo $j $?; done",
        "for i in 1 2; do (exit 3); echo $?; nosuch; done; break; echo $?",
        "while true; do :; done; echo behind",
        "for ((i=0; i<3; i++)); do echo $i; done; echo $? $i; for ((;0;)); do echo no; done; echo $?",
        "for ((i=0; i<5; i++)); do [[ $i == 1 ]] && continue; ((i > 3)) && break; echo $i; done; echo $i",
        "for ((i=0; i<2; i++)); do for ((j=0; j<3; j++)); do ((j == 1)) && continue 2; echo $i$j; done; done",
        "for ((;;)); do :; done; echo behind",
        "for ((i=1/0;;)); do echo no; done; echo $?; for ((;;i=1/0)); do echo once; done; echo $?",
        "a=(x 'y z'); for i in \"${a[@]}\"; do echo \"<$i>\"; done; if [[ ${a[1]} == y* ]]; then ((n = 3)); fi; echo $n",
        "x=1; for x in 2 3; do x=$x$x; done; echo $x; for i in 1; do echo ${y?unset}; echo no; done; echo no",
    ] {
        let (mut console, mut session) = console();
        type_in(&mut console, &mut session, line);
        let mut whole = podhop::shell::Shell::new(crate::fixture::article());
        let output = whole.run(line);
        let lines = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        let shown = screen(&console, &session, true);
        let shown = shown.strip_prefix(&format!("$ {line}\n")).unwrap();
        // On the screen errors stand where they happened.
        assert_eq!(lines(shown), lines(&(output.out + &output.err)), "{line}");
        assert_eq!(console.prompt(), "$ ");
        type_in(&mut console, &mut session, "break");
        assert!(screen(&console, &session, true).contains("only meaningful in a `for'"), "{line}: a loop is still on");
    }
}

/// Ctrl-C ends a loop, and what is typed next is no part of it.
#[test]
fn a_loop_is_stopped() {
    let (mut console, mut session) = console();
    console.enter("while true; do echo round; done; echo behind");
    for _ in 0..20 {
        console.go_on(&mut session);
    }
    console.interrupt(&mut session, "", true);
    type_in(&mut console, &mut session, "echo $?; break");
    let seen = screen(&console, &session, true);
    assert!(seen.contains("round\n") && seen.contains("^C\n") && seen.contains("130\n"), "{seen}");
    assert!(!seen.contains("behind\n$") && seen.ends_with("only meaningful in a `for', `while', or `until' loop\n"));
}

/// Who leaves a place from within a loop leaves the loop too.
#[test]
fn a_loop_is_left_with_its_place() {
    let (mut console, mut session) = console();
    let node = "kubectl debug node/$(kubectl get node -o name | head -1 | cut -d/ -f2) -it --image=x";
    type_in(&mut console, &mut session, node);
    assert!(console.prompt().starts_with("root@aks-"));
    type_in(&mut console, &mut session, "for i in 1 2 3; do echo in $i; exit; echo no; done; echo no");
    assert_eq!(console.prompt(), "$ ");
    assert!(screen(&console, &session, true).ends_with("in 1\n"), "{}", screen(&console, &session, true));
}

/// A line that has a part open waits for the rest of it.
#[test]
fn cases_and_functions_go_over_lines() {
    for (typed, expected) in [
        ("case a in\na) echo x\n;;\nesac", "$ case a in\n> a) echo x\n> ;;\n> esac\nx\n"),
        ("f() {\necho $1\n}\nf y", "$ f() {\n> echo $1\n> }\n$ f y\ny\n"),
        ("f()\n{ echo z; }\nf", "$ f()\n> { echo z; }\n$ f\nz\n"),
    ] {
        let (mut console, mut session) = console();
        type_in(&mut console, &mut session, typed);
        assert_eq!(screen(&console, &session, true), expected, "{typed}");
    }
}

/// What a command says of what it is about to do stands before what it does. Source: kubernetes/kubectl
/// `pkg/cmd/drain/drain.go`, `pkg/cmd/logs/logs.go`.
#[test]
fn what_is_said_first_stands_first() {
    let (mut console, mut session) = console();
    type_in(&mut console, &mut session, "kubectl drain $(kubectl get node -o name | head -1) --ignore-daemonsets");
    let seen = screen(&console, &session, true);
    let at = |text: &str| seen.rfind(text).unwrap_or_else(|| panic!("{text}: {seen}"));
    let order = ["WARNING: ignoring", " cordoned\n", "evicting pod ", "\npod/", "\nnode/aks-nodepool1-"].map(at);
    assert!(order.is_sorted(), "{seen}");
    type_in(&mut console, &mut session, "echo out; ls nope; echo out");
    let seen = screen(&console, &session, true);
    assert!(seen.ends_with("out\nls: cannot access 'nope': No such file or directory\nout\n"), "{seen}");
}
