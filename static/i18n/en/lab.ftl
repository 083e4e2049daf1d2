### Words of the first screen, which are there before all others: what the drawing and the stepping say. Each stands on
### one line and has no choices, since Fluent's parser comes later.

## Top bar

theme = Theme
help = Help
terminal = Terminal
undo = Undo
redo = Redo

## Transport

transport = Steps of the packet
step = Step
back = Back
first = First step
last = Last step
play = Play
pause = Pause
speed = Speed
request = Request
reply = Reply
detail-every = Every step
before-first-step = Before the first step
hops = Hops

## Labels in the bar of hops

hop-pod = pod
hop-node = node
hop-vm = VM
hop-veth = veth
hop-lo = lo
hop-arp = ARP
hop-fib = FIB
hop-forward = TTL
hop-conntrack = conntrack
hop-nat = NAT
hop-masq = masq
hop-filter = filter
hop-snat = SNAT
hop-dnat = DNAT
hop-port = VFP
hop-nsg = NSG
hop-bridge-rule = ebtables
hop-flow = flow
hop-udr = UDR
hop-system-route = route
hop-internet = internet
hop-platform = Azure
hop-gateway = gateway
hop-drop = drop
hop-control = control

## Node states

phase-booting = Booting
phase-not-ready = NotReady
phase-cordoned = Cordoned

## Lab

digit-group = ,
inspector = Inspector
vm = VM
addresses-used = { $used } of { $all } addresses used
lab-skip = To the lab
lab-tagline = Watch packets move through an AKS cluster
lab-left = Build
lab-stage = Lab
lab-drawing = The cluster. Arrow keys move from thing to thing, Enter opens its tables.
lab-ready = A packet from { $from } to { $to } is ready to leave. Press Step to follow it from decision to decision.
lab-ready-control = Press Step to see what this action set off.
lab-nothing = This action set nothing off.
lab-no-packet = No packet here.
lab-empty = Nothing here yet. Build a VNet.
lab-pod-pending = pending
lab-pod-creating = creating
lab-pod-failed = failed
lab-pod-completed = completed
lab-pod-error = error
lab-down = down
lab-space = space
lab-step-of = Step { $n } of { $all }
lab-scrub = Position
lab-slow = slow
lab-normal = normal
lab-fast = fast
lab-vnet = VNet { $name }
lab-subnet = Subnet { $name }
lab-node-ready = VM · node
lab-more-pods = more pods
lab-bridge = bridge
lab-stack = IP forwarding · routes
lab-forwards = ip_forward 1 · TTL − 1
lab-forwards-not = ip_forward 0
lab-vfp = VFP · virtual switch port
lab-nsg = NSG: { $name }
lab-nsg-none = NSG: none
lab-fabric = Azure network (SDN)
lab-fabric-facts = no broadcast · proxy ARP · TTL unchanged
lab-routes = User-defined routes: { $n }
lab-system-routes = System routes
lab-no-route-table = no route table
lab-internet = Internet
lab-say-node = Node { $name }
lab-say-vm = VM { $name }
lab-say-pod = Pod { $name }
lab-say-interface = Interface { $name }
lab-say-bridge = Bridge { $name }
lab-say-vfp = VFP port of { $name }
lab-say-route-table = Route table { $name }

## What has not come yet

late-coming = Loading…
late-failed = This part of podhop could not be loaded. Stepping works without it.
late-failed-kept = Your sitting is kept in this browser, but the part of podhop that opens it could not be loaded.
late-again = Try again
