//! The shell against bash itself, line by line: what is printed, what is complained of, the exit status. Only where there
//! is a bash; what it printed is not kept, since it is everywhere where this is worked on.

use podhop::session::Session;
use podhop::shell::Shell;
use std::process::Command;

const ROWS: &[&str] = &[
    // Quoting and splitting.
    "echo a  b '  c  ' \"d  e\"",
    "x='1  2'; echo $x \"$x\" '$x' \\$x",
    "x=; echo [$x] [\"$x\"]",
    "set -- ; echo \"a\"'b'c",
    "echo a#b # c",
    "echo 'it'\\''s'",
    "echo -n a; echo b",
    "echo -e 'a\\tb\\nc'",
    "echo -nx -e",
    // Parameters.
    "echo ${x:-none} ${x-unset}; x=; echo ${x:-none} [${x-unset}] [${x:+set}] [${x+set}]",
    "x=abc; echo ${x:+set} ${#x} ${x:1} ${x:0:2} ${x: -1}",
    "echo ${x:=5} $x",
    "x=a/b/c.txt; echo ${x#*/} ${x##*/} ${x%.*} ${x%%/*} ${x/b/X} ${x//\\//-}",
    "x=node/aks-1; echo ${x#node/} ${x%%-*}",
    "x=a1b22c; echo ${x/[0-9]/-} ${x//[0-9]/-} ${x//[[:digit:]]} ${x//[!0-9]/.} ${x/#a/A} ${x/#1/A} ${x/%c/C} ${x/%2/C}",
    "x=aXbXc; echo ${x/X*/-} ${x//?X/-} ${x/*/-} ${x//\"X\"/y} ${x/'?'/-} ${x#*\"X\"} ${x%'*'}",
    "x=abcabc; echo ${x#a*c} ${x##a*c} ${x%a*c} ${x%%a*c} ${x#x} ${x#} ${x%%*} ${x#[b-a]} ${x##[^b]*[[:lower:]]}",
    "x='a]b-c'; echo ${x//[]]/1} ${x//[a-]/2} ${x//[-a]/3} ${x/[/4} ${x//[\\]]/5}",
    "x=grünß; echo ${x#gr?} ${x%?} ${x//ü/ue} ${x##*n}",
    "case a-b in [[:alpha:]][!0-9][[:xdigit:]]) echo yes;; esac; [[ a*b == a\"*\"b ]] && echo quoted",
    "echo ${x:-$(echo sub)} \"${x:-a  b}\" ${x:-a b}",
    "echo ${x?bad}; echo no",
    "x=1; unset x; echo [$x]",
    "echo $?; false; echo $?; true; echo $?",
    "x=$(false); echo $?",
    "export A=1 B=2; echo $A$B",
    // Substitution and arithmetic.
    "echo $(echo a; echo b) \"$(echo a; echo b)\" `echo c`",
    "echo $(echo $(echo $(echo deep)))",
    "echo $((1+2)) $(( 2 * (3 + 4) )) $((7/2)) $((7%3)) $((-3)) $((1<2)) $((3==4)) $((1&&0)) $((0||2)) $((!5))",
    "x=4; echo $((x+1)) $(($x*2)) $((y+1)); x=$((x+1)); echo $x",
    "echo $((0x10)) $((010))",
    "echo $((1/0)); echo next",
    "x=5; (x=6; echo $x); echo $x; { x=7; }; echo $x",
    "x=$(x=9; echo $x); echo $x",
    // Braces, tilde, patterns that fit nothing.
    "echo {1..3} {3..1} {a..c} {0..6..2} a{b,c}d {x,y}{1,2} {a} {} {a,b {1..}",
    "echo ~ ~/x '~' a~ \"~\"",
    "echo nosuch* [nosuch] nosuch?",
    "echo '{1..3}' \"{a,b}\" \\{a,b}",
    // Lists and pipes.
    "true && echo yes || echo no",
    "false && echo yes || echo no",
    "! true; echo $?; ! false; echo $?",
    "! false && echo yes",
    "echo a | tr a b | cat",
    "echo a; false | true; echo $?",
    // What leaves something leaves a pipe or a subshell alone.
    "f() { echo a | while read x; do return 1; done; echo after; }; f",
    "for i in 1 2; do echo a | break; echo p$i; done",
    "for i in 1 2 3; do (break) 2>/dev/null; echo $i; done",
    "printf 'a\\n' | while read x; do exit 3; done; echo $?",
    "echo a | exit 4; echo $?",
    "f() { echo f; }; f=1; unset f; f; unset f; f",
    "unset -v x; x=1; unset -v x; echo [$x]",
    "y=1; g() { (local y=2); y=5; }; g; echo $y",
    "set -- a b; set -euo pipefail; echo \"$# $1\"",
    "false; for i in $?; do echo $i; done",
    "case a in a) false;& b) ;; esac; echo $?",
    "x=a; echo ${x:9223372036854775807:-9223372036854775807}",
    "echo {1..2..9223372036854775807}",
    "f() { [ $1 -eq 0 ] && return 0; f $(($1 - 1)); }; f 40; echo $?",
    "case $(printf '%05000d' 7) in 0*7) echo long;; esac",
    "printf 'b\\na\\n' | sort | head -1",
    "x=a; for i in {1..17}; do x=$x$x; done; sort \"$x\"; echo $?; echo \"$x\" | wc -c",
    // Redirections.
    "echo a >/dev/null; echo b",
    "cat nosuch 2>/dev/null; echo $?",
    "cat nosuch >/dev/null 2>&1; echo $?",
    "cat nosuch 2>&1 | wc -l",
    "cat nosuch &>/dev/null; echo $?",
    "echo a >&2; echo b 1>&2",
    "echo one > /tmp/podhop-row; echo two >> /tmp/podhop-row; cat /tmp/podhop-row; cat < /tmp/podhop-row | wc -l",
    "echo x > /tmp/podhop-row; > /tmp/podhop-row; cat /tmp/podhop-row; echo $?",
    "{ echo a; echo b; } > /tmp/podhop-row; wc -l < /tmp/podhop-row",
    "echo a > /nosuch/x; echo $?",
    "cat < nosuch; echo $?",
    "echo a >",
    // Here-documents and here-strings.
    "cat <<EOF\na $((1+1)) $(echo b) \\$x 'q' \"r\"\nEOF\necho end",
    "cat <<'EOF'\na $x $(echo b) \\n\nEOF",
    "x=1; cat <<-EOF\n\tin $x\n\tEOF\necho end",
    "cat <<A; cat <<B\na\nA\nb\nB\necho end",
    "cat <<EOF | tr a b\naaa\nEOF",
    "cat <<EOF\nopen",
    "cat <<< word; x='a  b'; cat <<< \"$x\"; tr a b <<<aaa",
    "while read a b; do echo \"$b-$a\"; done <<EOF\n1 2 3\n4 5\nEOF",
    // Loops and conditions.
    "for i in 1 2 3; do echo $i; done",
    "for i in a 'b c' {1..2} $(echo x y); do echo \"<$i>\"; done; echo $i",
    "for i in 1 2\ndo\n  echo $i\ndone",
    "for i in 1 2 3 4; do if [ $i -eq 2 ]; then continue; fi; if [ $i = 4 ]; then break; fi; echo $i; done",
    "for i in 1 2; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; done",
    "i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done",
    "i=3; until [ $i -eq 0 ]; do i=$((i-1)); done; echo $i",
    "if true; then echo a; else echo b; fi; if false; then echo a; elif true; then echo c; else echo d; fi",
    "if false; then echo a; fi; echo $?",
    "if echo x | grep -q x; then echo found; fi",
    "echo 'a 1\nb 2' | while read n v; do echo \"$v:$n\"; done",
    "for i in 1 2; do echo $i; done | wc -l",
    "for i in; do echo x; done; echo $?",
    "while false; do :; done; echo $?",
    "(echo a; exit 3); echo $?",
    "if true; fi",
    "while; do echo x; done",
    "done",
    "for i in 1; do echo x",
    "echo )",
    "( )",
    "for i; do echo $i; done; set -- a 'b c'; for i; do echo \"<$i>\"; done; for i do echo $i; done",
    // Cases.
    "x=abc; case $x in a*) echo begins;; *) echo no;; esac",
    "case b in a|b) echo ab;; c) echo c;; esac; case z in a) echo;; esac; echo $?",
    "case \"a*\" in \"a*\") echo literal;; esac; case ab in \"a*\") echo no;; a?) echo yes;; esac",
    "case x in (x) echo one;& y) echo two;; z) echo three;; esac; case xy in x*) echo a;;& *y) echo b;;& n) echo no;; *) echo c; esac",
    "case a in\n  a)\n    echo lines\n    ;;\n  *) echo other ;;\nesac",
    "case $(echo sub) in s[a-u]b) echo class;; esac; case '' in '') echo empty;; esac; p='a*'; case abc in $p) echo var;; esac",
    "for i in 1 2 3; do case $i in 2) continue;; 3) break;; esac; echo $i; done",
    "case a in a) ;; esac; echo $?; case a in a) false;; esac; echo $?; case a in esac; echo $?",
    "case a in a) case b in b) echo inner;; esac;; esac | cat",
    "case a in a) echo x",
    "case a b in a) echo;; esac",
    "case a in a) echo;; ) echo;; esac",
    "echo a;; echo b",
    "esac",
    // Functions.
    "f() { echo \"$1-$2-$#\"; }; f a 'b c' d; f",
    "function f { echo one; }; f; function g() { echo two; }; g; h () (echo three); h",
    "f() { return 3; echo no; }; f; echo $?; f || echo failed; g() { false; return; }; g; echo $?",
    "f() { for i in 1 2 3; do if [ $i = 2 ]; then return 7; fi; echo $i; done; }; f; echo $? $i",
    "x=1; f() { local x=2 y; y=3; echo $x$y; g; }; g() { echo $x; x=4; }; f; echo $x[$y]",
    "f() { x=2; local x=3; }; x=1; f; echo $x; local z=1; echo $?",
    "f() { echo \"$@\" | wc -w; for a in \"$@\"; do echo \"<$a>\"; done; echo $*; }; f 'a b' c; f",
    "f() { echo in; } > /dev/null; f; echo $?",
    "f() { cat; }; echo piped | f; f <<< here",
    "f() { echo $(($1 * 2)); }; x=$(f 4); echo $x; echo \"$(f $(f 3))\"",
    "f() { if [ $1 -le 1 ]; then echo 1; else echo $(($1 * $(f $(($1 - 1))))); fi; }; f 5",
    "f() { [ $1 -eq 0 ] && return 0; echo $1; f $(($1 - 1)); }; f 4; echo $?",
    "f() { echo a; }; f() { echo b; }; f; unset -f f; f; echo $?",
    "f() { break; }; for i in 1 2; do f; echo $i; done",
    "i=0; while i=$((i+1)); [ $i -lt 3 ] || break; do echo $i; done; echo end",
    "i=0; while i=$((i+1)); [ $i = 2 ] && continue; [ $i -lt 4 ]; do echo $i; done; echo $?",
    "printf '1\\n2\\n3\\n' | while read a; do echo \"<$a>\"; cat; done",
    "printf 'a\\nb\\n' | { read x; echo $x; tr b c; }; echo (a)",
    "f() { shift; echo $1 $#; shift 2; echo $?; }; f a b; set -- x y z; echo $2 ${3} ${4:-none} $0; shift; echo $*",
    "echo() { printf 'mine\\n'; }; echo a; (f() { :; }; f); f",
    "f() { return 300; }; f; echo $?; f() { return x; }; f; echo $?; return; echo $?",
    "f() echo x",
    "f() {",
    "f( { echo; }",
    "function; echo",
    // `[[ ]]`.
    "nope=; [[ $nope == \"\" ]]; echo $?; [[ $nope ]]; echo $?; [[ -z $nope ]]; echo $?; [[ -n $nope ]] || echo empty",
    "x='a b'; [[ $x == 'a b' && -n $x ]]; echo $?; [[ $x != a* || ! -z $x ]] && echo yes; [[ ! ( $x == a || $x == b ) ]] && echo no",
    "[[ a < b ]]; echo $?; [[ b > c ]]; echo $?; [[ * == '*' ]]; echo $?; p='a*'; [[ abc == $p ]]; echo $?; [[ abc == \"$p\" ]]; echo $?",
    "[[ abc =~ ^a.c$ ]]; echo $?; [[ abc =~ \"a.c\" ]]; echo $?; [[ 10.244.1.9 =~ ^([0-9]+)\\.([0-9]+) ]] && echo ${BASH_REMATCH[1]}-${BASH_REMATCH[2]}",
    "r='^(a|b)+$'; [[ abab =~ $r ]]; echo $?; [[ x =~ (a|x) ]]; echo $?; [[ 'a b' =~ a\\ b ]]; echo $?; [[ x =~ '(' ]]; echo $?; [[ ax =~ [[:alpha:]]{2} ]]; echo $?",
    "n=3; [[ n -eq 3 && 2 -lt $n ]]; echo $?; [[ 1+1 -eq 2 ]]; echo $?; [[ a -eq 0 ]]; echo $?; [[ 3 -ge 4 ]]; echo $?",
    "if [[ -n a &&\n -n b ]]; then echo lines; fi; [[ a == a ]] && echo b | cat; x=1; [[ -v x ]]; echo $?; [[ -v y ]]; echo $?",
    "[[ $(echo 'a b') == 'a b' ]]; echo $?; [[ -d / && -d /nosuch ]]; echo $?; [[ -n a ]] > /dev/null; echo $?",
    "[[ 1/0 -eq 1 ]]; echo $?; while [[ $i != xxx ]]; do i=x$i; done; echo $i; ! [[ a == b ]]; echo $?",
    // Numbers.
    "(( 1 )); echo $?; (( 0 )); echo $?; (( 2 > 1 )) && echo yes; i=5; ((i++)); echo $i; ((i+=2, i*=2)); echo $i; ((i = i / 4)); echo $i",
    "i=1; echo $((i++)) $((++i)) $((i--)) $((--i)) $((i+=5)) $((i-=2)) $((i*=3)) $((i/=2)) $((i%=4)) $i",
    "echo $((2**10)) $((2**3**2)) $((1<<4)) $((256>>2)) $((6&3)) $((6|3)) $((6^3)) $((~5)) $((1?2:3)) $((0?2:3)) $((1,2)) $((-2**2))",
    "x=7; echo $((x>5?x:5)) $((x<<=1)) $((x>>=2)) $((x&=2)) $((x|=5)) $((x^=1)) $((0&&(y=1))) $((1||(y=1))) [$y]; a=b; b=4; echo $((a+1))",
    "echo $((16#ff)) $((2#101)) $((10#08)) $((1+-1)) $((1- -1)) $((!0+1)) $(( (1+2)*3 )); echo $((5--3)); echo $((9%4*2))",
    "let i=3; echo $? $i; let i-=3; echo $?; let 'j = 2 * 3' k=j+1; echo $j $k; (( 1/0 )); echo next $?; (( x = )); echo $?",
    "for ((i=0; i<3; i++)); do echo $i; done; echo $i; for ((i=0, j=9; i<j; i+=4, j--)); do echo $i $j; done",
    "for ((;;)); do ((n++ > 3)) && break; [[ $n == 2 ]] && continue; echo $n; done; echo $?; for (( i = 3; i; i-- ))\ndo echo $i; done",
    "i=0; while ((i < 3)); do ((i++)); done; echo $i; ((echo a); echo b); if ((i == 3)); then echo three; fi",
    "echo $((2**-1)); echo next",
    "echo $((-1 ? 3 : 1/0)) $((5 == 5 && 3 != 4)) $((7 / 2 * 2)) $((1 ? 0 ? 1 : 2 : 3))",
    // What is added to a variable, other letters, arrays.
    "x=a; x+=b; x+=' c'; echo \"$x\"; n=1; n+=1; echo $n; unset z; z+=q; echo $z",
    "x=abC; echo ${x^^} ${x^} ${x,,} ${x,} \"${x^^}\"; y='Ab cD'; echo \"${y,,}\" ${y^} ${none^^}",
    "arr=(p q 'r s'); echo ${arr[0]} $arr ${arr[2]} ${#arr[@]} ${#arr[2]} \"${arr[@]}\" ${arr[-1]}; for a in \"${arr[@]}\"; do echo \"<$a>\"; done; for a in ${arr[@]}; do echo \"<$a>\"; done",
    "arr=(a b); arr+=(c); arr[1]=x; arr[5]=z; echo ${arr[*]} ${#arr[@]} ${!arr[@]}; arr[0]+=y; echo ${arr[0]}; i=1; echo ${arr[i]} ${arr[$i]} ${arr[i+1]} ${arr[9]}.; arr=(); echo ${#arr[@]}",
    "arr=($(echo 1 2 3) {4..6}); echo ${#arr[@]} ${arr[@]:1:2} ${arr[@]: -2} \"${arr[*]}\"; ((arr[0] += 5)); echo ${arr[0]} $((arr[1]*2)); echo \"${arr[@]/#/n}\"",
    "arr=(\n one\n two # three\n four\n); echo ${arr[2]}; for i in \"${!arr[@]}\"; do echo $i=${arr[$i]}; done; (arr+=(x)); echo ${#arr[@]}; unset arr; echo ${arr[0]:-none} ${arr[@]}.",
    "f() { echo $#; }; e=(); f \"${e[@]}\"; f \"x${e[@]}y\"; e=(''); f \"${e[@]}\"; set -- a b c; f \"${@:2}\"; echo \"${@:1:2}\" ${@:3} ${#@}; x=y; y=2; echo ${!x}",
    "pods=(web-1 web-2); for ((i=0; i<${#pods[@]}; i++)); do echo $i ${pods[$i]}; done; echo \"${pods[@]#web-}\" ${pods[@]%-*}; echo ${pods[0]:0:3}",
    // What a command sees.
    "x=1; x=2 true; echo $x; x=3 echo $x; y=5 bash -c 'echo [$y][$x]'; echo [$y]; export x; bash -c 'echo [$x]; x=9'; echo $x",
    "echo a | bash -c 'cat; echo b'; echo c | sh -c 'read x; echo [$x]'; for i in 1 2; do echo $i; done | bash -c 'tr 1 2'",
    "x=1; export y=2; bash -c 'echo [$x] [$y] $1 $#' name a 'b c'; sh -c 'exit 3'; echo $?; (export z=1; sh -c 'echo $z'); bash -c 'f'; echo $?",
    "f() { echo f; }; export A=1; B=2; env | grep -c '^[AB]='; A=5 env | grep '^A='; unset A; env | grep -c '^A='; bash -c f; echo $?; for i in 1 2; do bash -c 'break'; echo $i; done",
    "f() { local a=(1 2) b=3; echo ${a[1]} $b; a+=(x); echo ${#a[@]}; }; a=(p q r); f; echo ${a[@]}; declare -a d=(x y); echo ${d[1]}; readonly r=(1 2); echo ${r[@]}",
    "a=(p q r); unset 'a[1]'; echo ${a[@]} ${!a[@]}; unset 'a[0]' 'a[-1]'; echo ${#a[@]}; unset a; echo ${a[@]}.; a=(x) true; echo a=(b)",
    "set -u; x=; echo [$x] ${y:-d} ${y+no} $# $@ \"$*\"; a=(); echo ${a[@]} ${#a[@]}; echo $y; echo no",
    "set -u; echo ${y#a}; echo no",
    "set -u; x=1; echo $x; set +u; echo [$nope]; set -o nounset; echo \"$nope\"; echo no",
    // Lines before one that is wrong are run.
    "echo a\necho b\necho )\necho c",
    "echo a; echo )\necho c",
    "echo a\nif true; then\necho b\nfi\nfi",
    "echo a\n\n# note\necho 'open",
    // Tests and other builtins.
    "[ a = a ]; echo $?; [ a = b ]; echo $?; [ -z '' ]; echo $?; [ -n '' ]; echo $?; test 2 -gt 1; echo $?",
    "[ 1 -eq 1 -a 2 -eq 3 ]; echo $?; [ ! a = b ]; echo $?; [[ abc == a* ]]; echo $?",
    "[ 1 -eq a ]; echo $?",
    "[ a; echo $?",
    "[ -e /dev/nosuch ]; echo $?",
    "printf '%s-%s\\n' a b c; printf '%d|%5s|%-5s|%03d\\n' 7 x y 5; printf 'no newline'",
    "printf '%d\\n' x; echo $?",
    "printf '%x %X %o %c|%b|%5.2s|%05d|%-10s|%+d|% d|%#x|%e|%.2f|%g\\n' 255 255 8 xyz 'a\\tb' abcdef 42 left 5 6 255 1234.5 3.14159 0.0001",
    "printf '%5s|%-5s|%*d|%.3d\\n' ab cd 4 7 5; printf '%s\\n'; printf '%d %s\\n' 1 a 2; printf '%d\\n' 0x1f 010 -5 \"'a\" 3x; echo $?",
    "printf '%y\\n' a; echo $?; printf 'a\\x41\\101\\n'; printf -v x '%03d' 7; echo $x; printf -- '-%s\\n' a; printf '%i%%\\n' 50; printf '%q\\n' 'a b'",
    "printf '%b' 'a\\0101\\n' 'x\\cy' z; echo; echo -e 'a\\x41\\0101\\e[0m\\cb'; echo; printf '%u\\n' -1; printf '%s %s\\n' a b c; printf '%g %g %G\\n' 100000 1000000 1e-10",
    "read x <<< 'a b'; echo $x; read x y <<< 'a b c'; echo $y",
    "echo a | read x; echo [$x]",
    "break; echo $?",
    "nosuchcommand; echo $?",
    "echo 'open",
    "echo \"open",
    "echo $(echo open",
];

/// Without the places that bash names in a script.
fn masked(err: &str) -> String {
    // Functions of a script on the command line are said to be of the environment.
    let mut text = err.replace("bash: -c: ", "bash: ").replace("environment: line ", "bash: line ");
    for line in 0..10 {
        text = text.replace(&format!("bash: line {line}: "), "bash: ");
    }
    // Of syntax errors the first line; below it stands the text itself.
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("bash: `")).collect();
    let open = lines.first().is_some_and(|line| line.contains("unexpected EOF while looking"));
    lines.into_iter().take(if open { 1 } else { usize::MAX }).flat_map(|line| [line, "\n"]).collect()
}

#[test]
fn lines_end_as_in_bash() {
    let bash = |row: &str| {
        let mut command = Command::new("bash");
        command.args(["--norc", "-c", row]).env_clear().env("PATH", "/usr/bin:/bin").env("HOME", "/root");
        command.env("LC_ALL", "C.UTF-8").current_dir("/").output()
    };
    if bash("true").is_err() {
        return;
    }
    let mut differ = Vec::new();
    for row in ROWS {
        let real = bash(row).unwrap();
        let mut shell = Shell::new(Session::new(0));
        let ours = shell.run(row);
        let err = masked(&String::from_utf8_lossy(&real.stderr));
        let real = (String::from_utf8_lossy(&real.stdout).into_owned(), err, real.status.code());
        let ours = (ours.out, masked(&ours.err), Some(i32::from(ours.status)));
        if real != ours {
            differ.push(format!("{row}\n  bash {real:?}\n  ours {ours:?}"));
        }
    }
    assert!(differ.is_empty(), "{} of {}:\n{}", differ.len(), ROWS.len(), differ.join("\n"));
}

/// What would go on for ever, or grow without end, ends.
#[test]
fn loops_are_bounded() {
    for row in [
        "while true; do :; done",
        "while true; do while true; do :; done; done",
        "x=a; while true; do x=$x$x; done",
        "for i in {1..100000000}; do :; done",
        "echo {1..1000}{1..1000} | wc -w",
        "alias a=a; a",
        &format!("echo {}", "{".repeat(1 << 19)),
        &format!("x={}; echo ${{x#*b}} ${{x//a/$x}} | wc -c", "a".repeat(1 << 16)),
        &"${x:-".repeat(1 << 16),
        &format!("echo {}a{}", "${x:-".repeat(1 << 14), "}".repeat(1 << 14)),
        &format!("echo $(({}1))", "-".repeat(1 << 16)),
        &format!("echo $(({}1{}))", "(".repeat(1 << 16), ")".repeat(1 << 16)),
        &"if ".repeat(1 << 16),
        &"cat <<A\n".repeat(1 << 14),
        "f() { f; }; f",
        "f() { f | f; }; f",
        "f() { echo $(f); }; f",
        "f() { { { { { { f; }; }; }; }; }; }; f; f",
        "f() { while true; do f; done; }; f",
        "while continue; do :; done",
        "f() { f x$1$1 & f $1$1; }; f a",
        "f() { f \"$@\" \"$@\"; }; f a b",
        &format!("x={}; y={}; echo {} | wc -c", "a".repeat(1 << 19), "$x$x", "$y".repeat(1 << 12)),
        &format!("x={}; y={}; echo $y | wc -c", "a".repeat(1 << 19), "$x".repeat(1 << 12)),
        "f() { eval f; g; }; g() { if true; then f; fi; }; f",
        &"case a in a) ".repeat(1 << 14),
        &"f() { ".repeat(1 << 14),
        &"f()".repeat(1 << 14),
        "for ((;;)); do :; done",
        "for ((;;)); do a+=(x); a+=(\"${a[@]}\"); done; echo ${#a[@]}",
        "x=a; for ((;;)); do x+=$x; done",
        "x=x; echo $((x)); x='y+y+y+y'; y='z+z+z+z'; z='w+w+w+w'; w='v+v+v+v'; v='x+x+x+x'; (( x > 0 ))",
        "echo $((9223372036854775807 + 1)) $((1 << 99)) $((-9223372036854775807 - 1)) $(((-9223372036854775807 - 1) / -1)) $((2 ** 9223372036854775807))",
        "a[9223372036854775807]=x; a+=(y z); echo ${a[-1]} ${a[@]:1:9223372036854775807} $((a[-9223372036854775807]))",
        &format!("[[ {} a ]]", "! ".repeat(1 << 14)),
        &format!("[[ {} a ]]", "( ".repeat(1 << 14)),
        &format!("[[ a {} ]]", "&& a ".repeat(1 << 14)),
        &"((".repeat(1 << 14),
        &format!("x={}; for ((;;)); do ((y = x)); done", "1+".repeat(1 << 15)),
        &format!("echo $(({}1))", "1?".repeat(1 << 14)),
        &format!("echo $(({}1))", "x=".repeat(1 << 14)),
        &format!("echo $(({}1))", "1**".repeat(1 << 14)),
        &"a[".repeat(1 << 14),
        &"a=(".repeat(1 << 14),
    ] {
        let output = Shell::new(Session::new(0)).run(row);
        assert!(output.out.len() < 1 << 20 && output.err.len() < 1 << 20, "{row}");
    }
    let endless = Shell::new(Session::new(0)).run("while true; do :; done; echo behind");
    assert_eq!((endless.status, endless.out.as_str()), (1, ""), "{}", endless.err);
    assert!(endless.err.contains("1000 rounds"));
    let long = Shell::new(Session::new(0)).run("f() { f $1$1; }; f aa");
    assert_eq!((long.status, long.err.as_str()), (126, "bash: Argument list too long\n"));
    for row in ["select x in a; do echo; done", "cat <(echo a)"] {
        let output = Shell::new(Session::new(0)).run(row);
        assert!(output.err.starts_with("podhop: ") && output.err.contains("nearest: "), "{row}: {}", output.err);
    }
}
