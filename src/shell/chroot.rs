//! `chroot`, by which one is on the node itself in its debug container. Source: GNU coreutils 9.1 `src/chroot.c`.

use super::catalog::{At, Command, Example, Place, Run};
use super::kubectl::run_here;
use super::place::After;
use super::{Context, Output, Shell, files};

/// Its row.
pub(super) const COMMANDS: &[Command] = &[Command::new(
    "chroot",
    Place::Machine,
    &[],
    Example::on(At::Node, "chroot /host ls /etc/cni/net.d"),
    Run::Words(run),
)
.with("DIRECTORY [COMMAND]")];

fn run(shell: &mut Shell, args: &[String]) -> Output {
    let Some((root, command)) = args.split_first() else {
        return Output::fail(125, "chroot: missing operand\nTry 'chroot --help' for more information.");
    };
    if !is_root(shell, root) {
        let why = format!("chroot: cannot change root directory to '{root}': No such file or directory");
        return Output::fail(125, why);
    }
    shell.enter_with(shell.context(), After::Nothing);
    shell.enter_root();
    if command.is_empty() { Output::default() } else { run_here(shell, command) }
}

/// Whether a path is where the container has the node's root.
pub(super) fn is_root(shell: &Shell, path: &str) -> bool {
    let in_container = matches!(shell.context(), Context::Node(_)) && !shell.is_in_root();
    in_container && files::absolute(shell.dir(), path) == files::HOST_ROOT
}
