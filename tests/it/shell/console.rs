//! A terminal as somebody sees it: lines in their turn, prompts, output that follows the steps, Ctrl-C, bounds.

use podhop::session::{Cursor, Session};
use podhop::shell::console::{Console, MAX_LINES};
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
        format!("{}{}\n{}", b.prompt, b.typed, b.shown(session, end).collect::<String>())
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
            "^C\n--- 10.244.0.6 ping statistics ---\n2 packets transmitted, 2 received, 0% packet loss, time 1001ms"
        ),
        "{seen}"
    );
    assert_eq!(session.turns().len(), turn + 1);
    assert_eq!(session.turns()[turn].record.probes().count(), 2);
    type_in(&mut console, &mut session, "echo $?");
    assert!(screen(&console, &session, true).ends_with("130\n"));
}

/// Undo takes the pod away in which somebody is: the shell there ends, as one does whose container is killed.
#[test]
fn a_lost_place_is_left() {
    let (mut console, mut session) = console();
    type_in(&mut console, &mut session, "kubectl create deployment web --image nginx");
    let enter = "kubectl exec -it $(kubectl get pod -o name | grep web | cut -d/ -f2) -- sh";
    type_in(&mut console, &mut session, enter);
    assert!(console.prompt().starts_with("root@web-"), "{}", console.prompt());
    assert!(session.undo() && session.undo());
    type_in(&mut console, &mut session, "echo here");
    assert!(screen(&console, &session, true).ends_with("command terminated with exit code 137\n$ echo here\nhere\n"));
    assert!(session.redo() && session.redo());
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
