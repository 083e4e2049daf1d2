### The command line: help, errors, and what its answers say beside the words of the other files.

## Help

cli-version = podhop { $version }

cli-help =
    podhop: a teaching visualizer of the container networking of Azure Kubernetes Service

    Usage: podhop COMMAND [OPTIONS]

    Commands:
      trace    send packets in the world of a scenario and show every decision
      ledger   list every address with its state, its owner and since when
      render   draw one step as an SVG file
      sh       run a script of terminal commands (az, kubectl, ip, ping and others)
      help     print this text

    Options:
      -h, --help      print this text, or behind a command that command’s
      -V, --version   print the version

    Exit status: 0 when it did what was asked, 1 when the answer is no (see --expect
    of podhop trace), 2 for bad input, with the reason on standard error.

cli-help-sh =
    Runs a script of terminal commands and prints what the terminal prints: az and
    kubectl on the workstation, Linux commands and crictl on nodes and in pods.

    Usage: podhop sh [FILE] [OPTIONS]

    Without FILE, or with -, the script is read from standard input.

    Options:
      --scenario FILE   begin in the world of a scenario and not in an empty one
      --seed N          what chance draws from, without a scenario (default 0)
      --keep-going      go on behind a command that fails
      -h, --help        print this text

    Exit status: 0 when all commands succeeded, 1 when one failed.

cli-help-trace =
    Sends packets in the world of a scenario and shows what became of them.

    Usage: podhop trace --scenario FILE --from X --to Y [OPTIONS]

    X and Y: pod/NAME, deploy/NAME (its first pod), deploy/NAME/N (its Nth pod),
    node/NAME, vm/NAME, or an address.

    Options:
      --scenario FILE   the scenario; - reads standard input
      --from X          who sends
      --to Y            to whom
      --proto P         icmp (the default), tcp or udp
      --dport N         destination port, for tcp and udp
      --ttl N           time to live, 1 to 255 (default 64)
      --count N         packets, one a second, 1 to 100 (default 1)
      --format F        text (the default), json, pcap, svg or mermaid
      --every           every step, with ARP and every copy of a flooded frame;
                        without it only decisions, on the way there and back
      --at HOST:DEV     with --format pcap: where to capture; HOST as X above.
                        The default is eth0 of the sender; any captures at all
                        interfaces
      --expect E        delivered: exit with 1 unless every packet reached its
                        destination and its sender heard of it;
                        dropped: exit with 1 if any packet did
      -o, --output FILE write there and not to standard output
      -h, --help        print this text

    A refused TCP connection and an ICMP error from the destination itself are
    answers: the packet was delivered.

cli-help-ledger =
    Lists every address of the subnets and of the nodes’ pod ranges when all actions
    of a scenario are done: its state, its owner, and since when in virtual time.
    Free addresses are listed as runs.

    Usage: podhop ledger --scenario FILE [OPTIONS]

    Options:
      --scenario FILE   the scenario; - reads standard input
      --format F        text (the default), json or csv
      -o, --output FILE write there and not to standard output
      -h, --help        print this text

cli-help-render =
    Draws one step of the last action of a scenario as a standalone SVG.

    Usage: podhop render --scenario FILE [OPTIONS]

    Options:
      --scenario FILE   the scenario; - reads standard input
      --step S          a number from 1, first (before the first step) or last
                        (the default)
      --every           count every step, with ARP and every copy of a flooded
                        frame; without it only decisions
      --theme T         light (the default) or dark
      -o, --output FILE write there and not to standard output
      -h, --help        print this text

## What is wrong

cli-failure = podhop: { $why }
cli-see-help = { $why } See podhop --help.
cli-no-command = No command is given.
cli-unknown-command = There is no command { $name }.
cli-unknown-option = There is no option { $option }.
cli-unexpected-argument = Nothing is expected where { $value } stands.
cli-missing-value = { $option } needs a value.
cli-unexpected-value = { $option } takes no value, but { $value } is given.
cli-not-unicode = { $value } is not valid UTF-8.
cli-not-a-number = { $option } takes a whole number from { $min } to { $max }, not { $value }.
cli-not-a-choice = { $option } takes one of { $choices }, not { $value }.
cli-not-a-step = { $option } takes a number from 1, first or last, not { $value }.
cli-missing = { $option } is missing.
cli-only-with = { $option } goes only with { $with }.
cli-bad-point = { $value } is no place to capture at: it must be HOST:DEV or any.
cli-read = { $file } cannot be read: { $why }
cli-write = { $file } cannot be written: { $why }
    .stdout = Standard output cannot be written: { $why }
cli-pipe = What reads the output has gone.
cli-in-file = { $place }: { $why }
cli-send = The packet cannot be sent: { $why }
cli-no-device = { $host } has no interface { $dev }; it has { $there }.
cli-point = There is no such place to capture at: { $why }
cli-no-step = There is no step { $step }: the last action has { $last ->
        [0] no steps
        [one] one step
        *[other] { $last } steps
    }.

## Trace

cli-trace-head = { $protocol ->
        [icmp] ICMP echo
        [tcp] TCP to port { $port }
        *[udp] UDP to port { $port }
    } from { $from } to { $to }, TTL { $ttl }
cli-trace-packet = { $cause ->
        [sent] Packet { $id }
        [answer-to] Packet { $id }, the answer to { $of }
        [error-about] Packet { $id }, an ICMP error about { $of }
        [resolving-for] Packet { $id }, to find the address for { $of }
        *[timer] Packet { $id }
    }: { $summary }
cli-trace-place = { $kind ->
        [pod] Pod { $name }
        [node] Node { $name }
        [vm] VM { $name }
        [azure-port] Azure at { $name }
        *[control] Control plane
    }
cli-trace-step = { $ms } ms{ $has-dev ->
        [yes] {" "}{ $dev }
        *[no] {""}
    }: { $title } [{ $code }]
cli-trace-change = { $field }: { $before } → { $after }
cli-trace-won = ✓ { $row }
cli-trace-lost = ✗ { $row } ({ $why })
cli-trace-outcome = Packet { $id }: { $sentence }

## Ledger

cli-ledger-empty = There are no subnets.
cli-ledger-pool = { $kind ->
        [subnet] Subnet { $name }
        *[pod-range] Pod range of { $name }
    } { $prefix }: { $size } addresses
cli-ledger-count = { $n } { $state }
cli-ledger-since = since { $seconds } s
cli-state-reserved = reserved by Azure
cli-state-gateway = gateway
cli-state-outside = never given
cli-state-node = node
cli-state-vm = VM
cli-state-held = held for pods
cli-state-batch = held in a batch
cli-state-pod = pod
cli-state-releasing = pending release
cli-state-free = free
cli-role-network = reserved: network address
cli-role-gateway = reserved: default gateway
cli-role-dns = reserved: Azure DNS
cli-role-broadcast = reserved: broadcast address
