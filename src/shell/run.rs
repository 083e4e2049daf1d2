//! Runs what [`super::parse`] has read: expands words, passes output along a pipe, finds the command.

use super::catalog::{self, At, Command, Example, Place, Run};
use super::parse::{Item, Part, RedirectTo, Script, Simple, When, Word};
use super::{Context, Output, Shell, linux};

/// Deepest nesting of command substitutions while running.
const MAX_DEPTH: usize = 16;
/// Longest output of a substitution, in bytes.
const MAX_SUBSTITUTED: usize = 1 << 20;

impl Shell {
    pub(super) fn script(&mut self, script: &Script) -> Output {
        let mut all = Output { status: self.own.status, ..Output::default() };
        self.own.marks.clear();
        for item in &script.0 {
            let run = match item.when {
                When::Always => true,
                When::Success => self.own.status == 0,
                When::Failure => self.own.status != 0,
            };
            if run {
                let output = self.item(item);
                self.own.status = output.status;
                all.out += &output.out;
                all.err += &output.err;
                all.status = output.status;
            }
        }
        if script.0.len() > 1 {
            self.own.marks.clear();
        }
        all
    }

    fn item(&mut self, item: &Item) -> Output {
        let mut stdin = String::new();
        let mut all = Output::default();
        let last = item.pipeline.len().saturating_sub(1);
        for (at, command) in item.pipeline.iter().enumerate() {
            let output = self.simple(command, &stdin, item.background, at > 0);
            all.err += &output.err;
            all.status = output.status;
            if at == last {
                all.out = output.out;
                if at > 0 {
                    self.own.marks.clear();
                }
            } else {
                stdin = output.out;
            }
        }
        all
    }

    fn simple(&mut self, command: &Simple, stdin: &str, background: bool, piped: bool) -> Output {
        for (name, word) in &command.assignments {
            let value = self.joined(word);
            self.set_variable(name, value);
        }
        let args: Vec<String> = command.words.iter().flat_map(|word| self.expand(word)).collect();
        self.own.marks.clear();
        let Some((name, rest)) = args.split_first() else { return Output::default() };
        let output = if background { self.background(name, rest) } else { self.command(name, rest, stdin, piped) };
        self.redirected(command, output)
    }

    fn redirected(&mut self, command: &Simple, mut output: Output) -> Output {
        if !command.redirects.is_empty() {
            self.own.marks.clear();
        }
        for redirect in &command.redirects {
            let taken = std::mem::take(if redirect.from == 1 { &mut output.out } else { &mut output.err });
            match &redirect.to {
                RedirectTo::Stdout => output.out += &taken,
                RedirectTo::File(word) => {
                    let file = self.joined(word);
                    if file != "/dev/null" {
                        return Output::fail(1, format!("bash: {file}: Read-only file system"));
                    }
                }
            }
        }
        output
    }

    /// A word without splitting.
    fn joined(&mut self, word: &Word) -> String {
        word.0.iter().map(|part| self.part(part)).collect()
    }

    /// The words that one word becomes: what is not quoted is split at blanks.
    fn expand(&mut self, word: &Word) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        let mut open = false;
        for part in &word.0 {
            let splits =
                matches!(part, Part::Variable { quoted: false, .. } | Part::Substitution { quoted: false, .. });
            let text = self.part(part);
            if !splits {
                if open && let Some(last) = words.last_mut() {
                    last.push_str(&text);
                } else {
                    words.push(text);
                }
                open = true;
                continue;
            }
            let begins = text.starts_with(char::is_whitespace);
            let ends = text.ends_with(char::is_whitespace);
            for (at, piece) in text.split_whitespace().enumerate() {
                match words.last_mut().filter(|_| open && at == 0 && !begins) {
                    Some(last) => last.push_str(piece),
                    None => words.push(piece.to_owned()),
                }
                open = true;
            }
            open = open && !ends;
        }
        words
    }

    fn part(&mut self, part: &Part) -> String {
        match part {
            Part::Text { text, .. } => text.clone(),
            Part::Variable { name, .. } => self.variable(name),
            Part::Substitution { script, .. } => self.substitute(script),
        }
    }

    fn substitute(&mut self, script: &Script) -> String {
        if self.own.depth >= MAX_DEPTH {
            return String::new();
        }
        self.own.depth += 1;
        let mut out = self.script(script).out;
        self.own.depth -= 1;
        out.truncate(out.floor_char_boundary(MAX_SUBSTITUTED));
        out.trim_end_matches('\n').to_owned()
    }

    fn command(&mut self, name: &str, args: &[String], stdin: &str, piped: bool) -> Output {
        if let Some(output) = self.builtin(name, args) {
            return output;
        }
        catalog::run(self, name, args, stdin, piped).unwrap_or_else(|| unknown(name, self.context()))
    }

    fn builtin(&mut self, name: &str, args: &[String]) -> Option<Output> {
        Some(match name {
            "exit" | "logout" => {
                self.leave();
                Output::default()
            }
            "echo" => Output::ok(format!("{}\n", args.join(" "))),
            "true" | ":" | "clear" => Output::default(),
            "false" => Output::fail(1, ""),
            "export" => {
                for arg in args {
                    if let Some((name, value)) = arg.split_once('=') {
                        self.set_variable(name, value.to_owned());
                    }
                }
                Output::default()
            }
            "env" | "set" => Output::ok(self.own.vars.iter().map(|(n, v)| format!("{n}={v}\n")).collect::<String>()),
            "fg" | "kill" | "wait" => linux::tcpdump::finish(self, args),
            "jobs" => Output::ok(
                self.own
                    .jobs
                    .iter()
                    .map(|j| format!("[{}]+  Running                 {} &\n", j.number, j.command.join(" ")))
                    .collect::<String>(),
            ),
            _ => return None,
        })
    }

    fn background(&mut self, name: &str, args: &[String]) -> Output {
        if name == "tcpdump" {
            return linux::tcpdump::start(self, args);
        }
        Output::fail(1, format!("podhop: {name} &: only tcpdump runs in the background here"))
    }

    pub(crate) const fn take_job_number(&mut self) -> usize {
        let number = self.own.next_job;
        self.own.next_job += 1;
        number
    }
}

/// Commands that are real and not simulated, with the nearest that is.
const NOT_SIMULATED: &[(&str, &str)] = &[
    ("nmap", "nc"),
    ("helm", "kubectl"),
    ("docker", "crictl"),
    ("ctr", "crictl"),
    ("nsenter", "kubectl debug"),
    ("nslookup", "ping"),
    ("dig", "ping"),
    ("host", "ping"),
    ("mtr", "traceroute"),
    ("tracepath", "traceroute"),
    ("netstat", "conntrack"),
    ("ss", "conntrack"),
    ("ssh", "kubectl debug"),
    ("terraform", "az"),
    ("vim", "cat"),
    ("vi", "cat"),
    ("nano", "cat"),
    ("nft", "iptables-save"),
    ("systemctl", "crictl ps"),
    ("apt", "which"),
    ("apt-get", "which"),
    ("arping", "ping"),
    ("bpftool", "tcpdump"),
    ("busctl", "crictl ps"),
    ("calicoctl", "kubectl"),
    ("cilium", "kubectl"),
    ("chmod", "ls"),
    ("column", "cut"),
    ("cnitool", "crictl"),
    ("dhclient", "ip address"),
    ("diff", "cat"),
    ("dmesg", "kubectl logs"),
    ("ethtool", "ip link"),
    ("find", "ls"),
    ("fping", "ping"),
    ("ftp", "curl"),
    ("git", "cat"),
    ("hubble", "tcpdump"),
    ("id", "whoami"),
    ("ifdown", "ip link set"),
    ("ifup", "ip link set"),
    ("ip6tables", "iptables"),
    ("iperf3", "nc"),
    ("ipset", "iptables-save"),
    ("iptables-restore", "iptables"),
    ("ipvsadm", "iptables-save"),
    ("journalctl", "kubectl logs"),
    ("k9s", "kubectl get pod"),
    ("kubectx", "kubectl config use-context"),
    ("lsmod", "sysctl"),
    ("lsof", "conntrack"),
    ("mkdir", "ls"),
    ("modprobe", "sysctl"),
    ("mv", "cp"),
    ("nerdctl", "crictl"),
    ("ngrep", "tcpdump"),
    ("openssl", "curl"),
    ("ping6", "ping"),
    ("podman", "crictl"),
    ("ps", "crictl ps"),
    ("python3", "jq"),
    ("resolvectl", "cat /etc/resolv.conf"),
    ("rm", "ls"),
    ("scp", "cp"),
    ("service", "crictl ps"),
    ("socat", "nc"),
    ("stern", "kubectl logs"),
    ("su", "whoami"),
    ("sudo", "whoami"),
    ("tc", "ip link"),
    ("tcpflow", "tcpdump"),
    ("tee", "cat"),
    ("telnet", "nc"),
    ("top", "crictl ps"),
    ("touch", "ls"),
    ("traceroute6", "traceroute"),
    ("tshark", "tcpdump"),
    ("wget", "curl"),
    ("wireshark", "tcpdump"),
    ("xargs", "awk"),
    ("yq", "jq"),
];

fn unknown(name: &str, context: Context) -> Output {
    let elsewhere = match (name, context) {
        ("az" | "kubectl", Context::Node(_) | Context::Pod(_)) => Some("exit"),
        ("ip" | "ping" | "brctl" | "iptables" | "tcpdump" | "crictl", Context::Workstation) => {
            Some("kubectl debug node/NODE -it --image=IMAGE")
        }
        _ => NOT_SIMULATED.iter().find(|(n, _)| *n == name).map(|(_, near)| *near),
    };
    let text = format!("bash: {name}: command not found");
    match elsewhere {
        Some(near) => Output::fail(127, format!("{text}\npodhop: {name} is not simulated here; nearest: {near}")),
        None => Output::fail(127, text),
    }
}

const fn builtin(path: &'static str, operands: &'static str, example: &'static str) -> Command {
    Command::new(path, Place::Anywhere, &[], Example::on(At::Workstation, example), Run::Builtin).with(operands)
}

/// Rows of what the shell does itself.
pub(super) const COMMANDS: &[Command] = &[
    builtin("exit", "", "exit"),
    builtin("echo", "[WORD]...", "echo $(kubectl get node -o name)"),
    builtin("true", "", "true && echo yes"),
    builtin("false", "", "false || echo no"),
    builtin("clear", "", "clear"),
    builtin("export", "NAME=VALUE", "export subnet=vlan01"),
    builtin("env", "", "env"),
    builtin("jobs", "", "jobs"),
];
