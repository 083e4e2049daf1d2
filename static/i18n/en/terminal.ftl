### Words of the terminal, which come with its file. What commands print is the tools' own and stands beside their code.

term-output = What the commands printed
term-line = Command
term-line-help = Up and Down recall lines. Tab completes what is typed; Shift+Tab leaves, and so does Tab after Escape. Ctrl+C stops.
term-add = Another terminal
term-remove = End this terminal
term-taller = Taller
term-lower = Lower
term-stop = Stop
term-step = Step through packets
term-step-why = A command that sends packets waits at its first step. Each line appears when its packet has arrived.
term-stepped = The packet is on its way. Step on, or press Last to see all.
term-busy = Running…
term-follows = It prints as virtual time passes, also by another terminal. Ctrl+C ends it.
term-workstation = workstation
term-tab = { $n } · { $place }
term-dropped = { $n ->
    [one] The first line was too much to keep.
    *[other] The first { $n } lines were too many to keep.
}
term-more-lines = { $n ->
    [one] One more line.
    *[other] { $n } more lines.
}

## The page of commands

term-commands = Commands
term-commands-find = Find a command
term-commands-count = { $n ->
    [one] One command
    *[other] { $n } commands
}
term-commands-run = Run { $line }
term-commands-others = Tools
term-begin = Type az, kubectl or crictl here, or enter a node (kubectl debug node/NODE -it --image=IMAGE) or a pod (kubectl exec -it POD -- sh). help lists all; Commands, above, shows each with an example that runs by a click.
