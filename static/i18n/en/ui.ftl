### Words of the screen. One section for each part of it; add keys where they belong.

## Top bar

close = Close
dismiss = Dismiss

## Builder

builder = Build
vnet = VNet
subnet = Subnet
node = Node
pod = Pod
cluster = Cluster
deployment = Deployment
route-table = Route table
name = Name
prefix = Prefix
add = Add
delete = Delete
apply = Apply
from = From
to = To
send = Send
refused = Refused

## Inspector

tab-routes = Routes
tab-nsg = NSG
tab-arp = ARP
tab-addresses = Addresses
tab-raw = Raw
command = Command
copy = Copy
col-source = Source
col-state = State
col-prefix = Prefix
col-next-hop = Next hop
col-priority = Priority
col-rule = Rule
col-access = Access
col-protocol = Protocol
col-destination = Destination
col-port = Port
col-mac = MAC address
col-address = Address
col-device = Device
col-age = Age
no-rows = No rows
before = Before
after = After
changed = changed

## Packet

eth-src = Eth src
eth-dst = Eth dst
ip-src = IP src
ip-dst = IP dst
ip-ttl = TTL
protocol = Protocol

## Address map

since = since { $time }
owner = Owner

## Lab

lab-did = Done: { $did }.
lab-undone = Taken back: { $did }. All is as it was before that.
lab-did-alone = Nothing else follows by itself; send a packet to see the difference.
lab-waits = Time stands still: press Settle, and it passes until no controller has anything left to do.
lab-fields = What the packet carries
lab-outline = As a list
lab-icmp = ICMP
lab-udp = UDP
lab-tcp = TCP
lab-arp-op = ARP
lab-arp-sender = Sender
lab-arp-target = Target
lab-help-title = Keys
lab-key-next = Next step
lab-key-back = Previous step
lab-key-first = First step
lab-key-last = Last step
lab-key-move = Move in the drawing, where it has the focus
lab-key-pick = Open what has the focus
lab-key-leave = Close what is open, let go of what was picked
lab-key-undo = Undo, redo
lab-key-zoom = The next size of the drawing
lab-key-theme = Light or dark
lab-key-help = This list
lab-key-terminal = Open or close the terminal
lab-letters = Letter keys are on
lab-why = Why?
lab-picked = Picked
lab-to-step = Back to the step
lab-won = decides
lab-does-not-hold = does not hold { $address }
lab-not-held = does not hold the destination
lab-not-asked = not asked: the local table has the answer
lab-other-address = another address
lab-invalid = a better route stands in its place
lab-block-used = in use
lab-block-free = not reached
lab-also-free = free as well
lab-does-not-apply = does not hold
lab-container-of = the packet is of this container
lab-hop-owns = the destination is one of its addresses
lab-hop-forwards = it may take what is not for its own addresses
lab-hop-does-not = it takes only what is for its own addresses, and this is not
lab-col-forwarding = IP forwarding
lab-table-next-hop = NIC behind the next hop: { $name }
lab-unified-stale = made under an older policy: not used
lab-layer-flows = later packets of a flow are done here
lab-layer-source = the source must be one of the NIC’s addresses
lab-layer-nic = rules of the NIC’s NSG, and flows they let through
lab-layer-subnet = rules of the subnet’s NSG
lab-layer-routes = the routes of the subnet, and who has the address
lab-more-rows = { $n } more rows
lab-tab-bridge = Bridge
lab-tab-port = Port
lab-tab-filter = NAT
lab-tab-control = Choice
lab-table-main = Routes of { $name }, table main
lab-table-local = Addresses of { $name }, table local
lab-table-neighbors = Neighbours of { $name }
lab-table-fdb = MAC table of { $name }
lab-table-rules = iptables { $name }
lab-table-walk = iptables { $name }, as it was walked
lab-table-conntrack = Tracked flows of { $name }
lab-table-interfaces = Interfaces of { $name }
lab-table-effective = Effective routes in { $name }
lab-table-user-routes = Routes of { $name }
lab-table-inbound = { $name }, inbound
lab-table-outbound = { $name }, outbound
lab-table-flows = Flows that were let through
lab-table-configs = Addresses of { $name }
lab-table-mappings = Addresses that { $name } delivers to
lab-table-ebtables = ebtables { $name }
lab-table-layers-out = Layers of { $name }, from the guest out
    .about = A new flow is shown to one layer after the other. Each reads something: the flow table (so many entries), a setting, an NSG (— where none is attached), a subnet’s routes.
lab-table-layers-in = Layers of { $name }, into the guest
    .about = A new flow is shown to one layer after the other. Each reads something: the flow table (so many entries), a subnet’s routes, an NSG (— where none is attached).
lab-table-containers = Network containers of { $name }
lab-table-unified = Unified flow table, policy { $name } in force
    .about = What the layers decided of the first packet, kept for the next ones. Each change of rules, routes or attachments in Azure begins a new policy, and entries of an older one are not used.
lab-table-vnet-ipam = azure-vnet-ipam on { $name }
lab-table-cns = azure-cns on { $name }
lab-table-pass = The pass, branch by branch
lab-table-pool = What it counted
lab-table-pods = Pods of { $name }
lab-table-scores = Nodes, as the scheduler weighed them
lab-table-host-local = Addresses that host-local walked
lab-table-blocks = Blocks of { $name }
lab-nsg-none-nic = No NSG at the NIC: everything may pass.
lab-nsg-none-subnet = No NSG at the subnet: everything may pass.
lab-col-number = No.
lab-col-layer = Layer
lab-col-by = Reads
lab-col-addresses = Addresses
lab-col-nsg = NSG
lab-col-policy = Made under policy
lab-col-packets = Packets so far
lab-col-condition = Condition
lab-col-numbers = Numbers
lab-col-count = Count
lab-col-original = First packet
lab-col-reply = Answer
lab-col-direction = Direction
lab-col-nic = NIC
lab-col-same = Same
lab-col-pods = Pods
lab-col-ports = Ports
lab-raw-code = Code
lab-raw-time = Virtual time
lab-raw-place = Place
lab-raw-frame = Frame
lab-raw-device = Interface index

## Build panel

build-tab-things = Build
build-tab-send = Send
build-tab-break = Break
build-tab-history = History
build-past = You look at action { $turn } of { $turns }. What you do is added at the end.
build-to-end = Go to the end
build-clock = Virtual time
build-wait-10 = +10 s
build-wait-60 = +60 s
build-settle = Settle
build-settle-note = Lets time pass until no controller has anything to do
build-busy = controllers at work
build-settled = settled
build-waiting = { $n ->
        [one] { $n } pod still waits
        *[other] { $n } pods still wait
    }
build-add = Add
build-filter = Find a node, pod, VM or address
build-empty = There is nothing yet. Begin with a VNet.
build-no-match = Nothing has this name or address.
build-more = Show more: { $hidden }
build-below = What is in { $name }
build-deeds = What can be done with { $name }
build-more-settings = More settings
build-optional = optional
build-disputed = disputed
build-cancel = Cancel
build-use = Use { $value }
build-blocked = { $n ->
        [one] Correct this field first: { $fields }.
        *[other] Correct these fields first: { $fields }.
    }
build-places = Places
build-places-rest = { $shown } of { $all }: type to find the others.
build-swap = Swap
build-last-time = Before what was done since:
build-arrived = It got its answer
build-did-not = It got no answer
build-refused = It was refused
build-error-came = An error came back
build-how-it-ends = How it ends
build-unknown = Whether an answer comes is unknown
build-save = Save
build-open = Open…
build-opened = { $name } is open.
build-replaced = Something else was here before.
build-replaced-back = Bring it back
examples = Open an example, or begin empty
example-kubenet = kubenet
    .about = Pods behind the nodes, in a range of their own: a ping between nodes needs a route of the route table.
example-bridge = Azure CNI, bridge mode
    .about = Pods with addresses of the node’s subnet, behind a bridge with rules of its own.
example-transparent = Azure CNI, transparent mode
    .about = The same addresses without a bridge: the node routes to each pod.
example-pod-subnet = Azure CNI with pod subnets
    .about = Two pools with a pod subnet each, and a security rule that tells their pods apart.
example-empty = An empty page
    .about = Build a network and a cluster from nothing.
build-not-opened = { $name } was not opened. { $why }
build-file-unreadable = The browser could not read it as text.
build-earlier = Show { $n } earlier
build-no-history = Nothing was done yet.
build-undone = Undone; Redo does it again.
build-again = Send the same packet again
build-again-none = First send a packet that arrives. Then break something and send it again.
build-repair = Repair
build-break = Break
build-broken = broken
build-break-where = Around this node
build-break-nothing = There is no node to break anything at. Create a cluster first.
build-notice-aside = What was kept in this browser could not be opened: { $why } It was put aside under { $key }, and the first example is open instead.
build-notice-unfinished = It did not come to an end when it was opened last.
build-notice-unreadable = What was kept in this browser could not be opened and not be put aside: { $why } The first example is open instead.
build-notice-full = This browser’s storage is full: the last changes ({ $size } KB) are not kept for the next visit. Save them as a file.

build-row-vnet = VNet
build-row-subnet = Subnet
build-row-vm = VM
build-row-cluster = Cluster
build-row-pool = Pool
build-row-node = Node
build-row-pod = Pod
build-row-deployment = Deployment
build-row-route-table = Route table
build-row-route = Route
build-row-nsg = NSG
build-row-rule = Rule

build-count-more = { $n }
build-count-nodes = { $n ->
        [one] 1 node
        *[other] { $n } nodes
    }
build-count-pods = { $n ->
        [one] 1 pod
        *[other] { $n } pods
    }
build-count-routes = { $n ->
        [one] 1 route
        *[other] { $n } routes
    }
build-count-rules = { $n ->
        [one] 1 rule
        *[other] { $n } rules
    }
build-ratio-used = { $n } of { $all } used
build-ratio-held = pods have { $n } of { $all } addresses
build-ratio-running = { $n } of { $all } run
build-state-booting = booting
build-state-not-ready = not ready
build-state-cordoned = cordoned
build-state-pending = pending
build-state-creating = starting
build-state-failed = no address
build-state-completed = completed
build-state-error = error
build-state-detached = detached
build-state-no-node-ready = waits: no node is ready
build-state-nodes-cordoned = waits: every ready node is cordoned
build-state-nodes-full = waits: every node has as many pods as it may run
build-state-not-placed-yet = waits for the scheduler
build-state-delegated = for pods only
build-state-exhausted = exhausted
build-state-shared = nodes and pods share it: no rule tells them apart

build-form-vnet = Create VNet
build-form-subnet = Create subnet
build-form-vm = Create VM
build-form-cluster = Create cluster
build-form-deployment = Create deployment
build-form-scale-deployment = Scale deployment
build-form-add-pool = Add node pool
build-form-scale-pool = Scale pool
build-form-masquerade = Choose masquerade ranges
build-form-route-table = Create route table
build-form-route = Add or change route
build-form-attach-table = Attach route table
build-form-nsg = Create NSG
build-form-rule = Add or change rule
build-form-attach-nsg = Attach NSG
build-form-forwarding = Turn IP forwarding on or off
build-form-sysctl = Change kernel setting
build-form-link = Turn interface up or down
build-form-host-route = Add host route
build-form-delete-host-route = Delete host route
build-form-flush = Empty a table
build-form-wait = Wait
build-form-send = Send

build-deed-pods-apart = Create cluster with a pod subnet
build-deed-send-from = Send from here
build-deed-send-to = Send to here
build-deed-edit-route = Change route
build-deed-edit-rule = Change rule
build-deed-delete = Delete
build-deed-detach-table = Detach route table
build-deed-detach-nsg = Detach NSG
build-deed-nic-forwarding-on = NIC forwarding on
build-deed-nic-forwarding-off = NIC forwarding off
build-deed-ip-forward-on = ip_forward = 1
build-deed-ip-forward-off = ip_forward = 0
build-deed-cordon = Cordon
build-deed-uncordon = Uncordon
build-deed-one-more = One more
build-deed-one-less = One less

build-field-name = Name
build-field-vnet = VNet
build-field-subnet = Subnet
build-field-prefix = Prefix
build-field-prefixes = Address space
build-field-address = Private address
build-field-cluster = Cluster
build-field-pool = Pool
build-field-nodes = Nodes
build-field-max-pods = Pods per node
build-field-network = Network
build-field-pod-subnet = Pod subnet
build-field-plugin = Plugin release
build-field-order = Order of addresses
build-field-preflight = Addresses counted
build-field-monitor = Pool monitor
build-field-pod-cidr = Pod CIDR
build-field-service-cidr = Service CIDR
build-field-dns-ip = DNS service IP
build-field-masquerade = Not masqueraded
build-field-keep = Not masqueraded
build-field-deployment = Deployment
build-field-image = Image
build-field-replicas = Replicas
build-field-table = Route table
build-field-next-hop = Next hop type
build-field-next-hop-ip = Next hop address
build-field-nsg = NSG
build-field-attach = Subnet or NIC
build-field-direction = Direction
build-field-priority = Priority
build-field-access = Access
build-field-protocol = Protocol
build-field-source = Source
build-field-destination = Destination
build-field-ports = Destination ports
build-field-nic = NIC
build-field-host = Host
build-field-sysctl = Setting
build-field-switch = State
build-field-dev = Interface
build-field-via = Via
build-field-route-target = Target
build-field-flush = Table
build-field-seconds = Seconds
build-field-from = From
build-field-to = To
build-field-transport = Packet
build-field-port = Port
build-field-ttl = TTL
build-field-count = Packets
build-field-len = Bytes of data

build-note-prefixes = Several prefixes are set apart by commas.
build-note-address = Empty: Azure gives the lowest free one.
build-note-max-pods = 10 to 250. With a pod subnet, sources name both 110 and 250 as the default.
build-note-network = Kubenet gives each node a block and a route. AKS retires it on 31 March 2028; clusters that stay move to Azure CNI Overlay. Azure CNI gives pods addresses of the VNet: of the nodes’ subnet, taken when a node is made, or of a pod subnet, in batches.
build-note-pod-subnet = In the nodes’ VNet, and with nothing else in it.
build-note-plugin = v1.2.0 leaves pods to ask for every address of the subnet; the hotfix gives them a virtual gateway with a fixed entry; since August 2022 the entry is checked once.
build-note-order = The real components take any free address. The lowest first is for worlds that must look alike.
build-note-preflight = AKS’s documentation counts pods + 1 for a node; error messages since about 2020 show pods − 1.
build-note-monitor = Version 1 goes one batch at a time; version 2 straight to the size that the pods call for.
build-note-masquerade = Azure’s documentation says the pod CIDR; AKS issue 2031 shows the subnet as well.
build-note-keep = To these destinations a pod’s packet keeps its source address.
build-note-source = *, a service tag such as VirtualNetwork, or prefixes. Type a name to find its range or address.
build-note-ports = *, or ports such as 80, 8000-8080.

build-offer-pod-subnet = Give pods a subnet of their own
build-offer-add-pool = Add a pool in another subnet
build-offer-new-subnet = Use another subnet for nodes
build-offer-new-pod-subnet = Use another subnet for pods
build-choice-none = None
build-choice-on = On
build-choice-off = Off
build-choice-up = Up
build-choice-down = Down
build-choice-kubenet = Kubenet (retires 31 March 2028)
build-choice-azure-transparent = Azure CNI, node subnet
build-choice-azure-bridge = Azure CNI, node subnet, bridge (2020)
build-choice-pod-subnet = Azure CNI, pod subnet
build-choice-since-2022 = Since August 2022
build-choice-v1-2-0-hotfix = v1.2.0 hotfix
build-choice-v1-2-0 = v1.2.0
build-choice-random = Any, as it comes
build-choice-lowest = Lowest first
build-choice-documented = Pods + 1 a node
build-choice-observed = Pods − 1 a node
build-choice-monitor-v1 = Version 1
build-choice-monitor-v2 = Version 2
build-choice-pod-and-subnet = Pod CIDR and subnet
build-choice-pod = Pod CIDR
build-choice-icmp = Ping (ICMP)
build-choice-tcp = TCP
build-choice-udp = UDP
build-choice-dev = Out of an interface
build-choice-unreachable = Unreachable
build-choice-blackhole = Black hole
build-choice-neighbors = Neighbours (ARP)
build-choice-fdb = MAC table of the bridge
build-choice-conntrack = Tracked flows

build-error-empty = This field is needed.
build-error-not-chosen = There is nothing to choose yet.
build-error-not-prefix = Not a prefix. A prefix looks like 10.0.0.0/16.
build-error-no-length = The length is missing, as in 10.0.0.0/16.
build-error-prefix-length = A prefix is 0 to 32 bits long.
build-error-not-address = Not an address. An address looks like 10.0.0.4.
build-error-not-number = Not a whole number.
build-error-out-of-range = { $min } to { $max }.
build-error-not-addresses = Neither *, nor a service tag, nor prefixes.
build-error-not-ports = Neither *, nor ports such as 80, 8000-8080.

build-break-detach-table = Detach the route table
build-break-detach-table-hint = Azure no longer knows where each pod block lives. Ping a pod on another node; then one on the same node.
build-break-delete-route = Delete the node’s route
build-break-delete-route-hint = Packets to this node’s pods find no way. Ping a pod on this node from another one; then the other way. The route controller misses its route and writes it again within 30 s.
build-break-nic-forwarding = Turn off the NIC’s IP forwarding
build-break-nic-forwarding-hint = Azure drops packets whose address is not the NIC’s own. Ping from a pod on this node to another node.
build-break-node-forwarding = Set ip_forward to 0
build-break-node-forwarding-hint = The node takes packets for itself and passes none on. Ping across nodes; a pod’s neighbour on the bridge still answers.
    .routed = The node takes packets for itself and passes none on. Its pods are joined by routes alone, so no two of them reach each other either. Ping a pod on this node, from another node and from this one.
build-break-deny-icmp = Deny ICMP in an NSG
build-break-deny-icmp-hint = A rule in front of the defaults. Ping across nodes, then try TCP port 80. Flows that were let through before still pass.
build-break-veth-down = Take a pod’s veth down
build-break-veth-down-hint = The cable of one pod. Ping that pod and its neighbour on the same bridge.
    .routed = The cable of one pod. Ping that pod, and then another pod of the same node. The pod’s route goes too, and does not come back by itself: the repair adds it.
build-break-eth0-down = Take the node’s eth0 down
build-break-eth0-down-hint = The node is alone; its pods still reach each other. Its default route goes too, and does not come back by itself: the repair adds it.
    .port = The node is alone; its pods still reach each other over the bridge, of which eth0 is a port. The default route is the bridge’s and stays.
build-break-pod-route = Delete a pod’s route
build-break-pod-route-hint = Without its own /32 the pod is looked for in the subnet. The node sends the packet back into the network.
build-break-bridge-rule = Delete a pod’s bridge rule
build-break-bridge-rule-hint = Azure delivers to the NIC’s address, and no rule now leads the frame on to the pod: it goes up to the node, which routes it to the pod. Ping it from another node and look at the TTL. The repair is another pod in its place.
    .lost = Azure delivers to the NIC’s address, and nothing now leads the frame on to the pod: it goes up to the node, where ip_forward is 0. The repair is another pod in its place.
build-break-masquerade = Delete the masquerade exemption
build-break-masquerade-hint = What this node passes on to pods leaves with an address of its own: with { $inside } to its own pods, with { $outside } to other nodes. The ping arrives; look at the source that it arrives with.
    .no-bridge = What this node passes on to pods leaves with the node’s own address. The ping arrives; look at the source that it arrives with.
build-break-exhaust-subnet = Exhaust the subnet
build-break-exhaust-subnet-hint = Nodes are added until no address is left for another. Add one more in the list and read what Azure answers.
    .pods = Nodes are added until one cannot get its batch of addresses. Look at what it waits for, and at how the others then give back, one by one, what they do not use.
build-break-lose-node = Lose the node
build-break-lose-node-hint = Its pods are made anew elsewhere, with other addresses. Wait 60 s and look at the routes and the address map.
    .lost = It does not come back; Undo brings it back as it was. The repair adds another node to its pool, with an address of its own.

build-act-delete-group = Delete resource group { $name }
build-act-create-group = Create resource group { $name } in { $location }
build-act-create-vnet = Create VNet { $name } ({ $prefix })
build-act-address-space = Address space of { $name }: { $prefix }
build-act-delete-vnet = Delete VNet { $name }
build-act-create-subnet = Create subnet { $name } ({ $prefix })
build-act-delete-subnet = Delete subnet { $name }
build-act-create-vm = Create VM { $name } in { $subnet }
build-act-delete-vm = Delete VM { $name }
build-act-create-nsg = Create NSG { $name }
build-act-delete-nsg = Delete NSG { $name }
build-act-put-rule = { $access } by rule { $name } of { $nsg }
build-act-delete-rule = Delete rule { $name } of { $nsg }
build-act-attach-nsg = Attach NSG { $nsg } to { $to }
build-act-detach-nsg = Detach the NSG of { $to }
build-act-create-table = Create route table { $name }
build-act-delete-table = Delete route table { $name }
build-act-put-route = Route { $prefix } to { $to } in { $table }
build-act-delete-route = Delete route { $name } of { $table }
build-act-attach-table = Attach { $table } to { $subnet }
build-act-detach-table = Detach the route table of { $subnet }
build-act-forwarding = IP forwarding of { $nic }: { $on }
build-act-create-cluster = Create cluster { $name }, { $count ->
        [one] 1 node
        *[other] { $count } nodes
    }
build-act-delete-cluster = Delete cluster { $name }
build-act-add-pool = Add pool { $pool } with { $count ->
        [one] one node
        *[other] { $count } nodes
    } to { $cluster }
build-act-delete-pool = Delete pool { $pool } of { $cluster }
build-act-scale-pool = Scale pool { $pool } to { $count }
build-act-pool-labels = Labels of pool { $pool }: { $labels ->
        [none] none
        *[other] { $labels }
    }
build-act-delete-node = Lose node { $name }
build-act-cordon = Cordon { $name }
build-act-uncordon = Uncordon { $name }
build-act-masquerade = Not masqueraded in { $cluster }: { $keep }
build-act-create-deployment = Create deployment { $name }, { $count ->
        [one] 1 replica
        *[other] { $count } replicas
    }
build-act-scale-deployment = Scale { $name } to { $count }
build-act-delete-deployment = Delete deployment { $name }
build-act-delete-pod = Delete pod { $name }
build-act-end-pod = Pod { $name } ends
build-act-run-pod = Run pod { $name }
build-act-run-pod-on = Run pod { $name } on { $node }
build-act-label = Label { $name } with { $label }
build-act-unlabel = Take the label { $label } off { $name }
build-act-sysctl = { $name } = { $value } on { $host }
build-act-link-up = { $dev } up on { $host }
build-act-link-down = { $dev } down on { $host }
build-act-add-host-route = Add route { $prefix } on { $host }
build-act-delete-host-route = Delete route { $prefix } on { $host }
build-act-delete-bridge-rule = Delete rule { $number } of ebtables { $chain } on { $host }
build-act-address = Address { $address } on { $dev } of { $host }
build-act-delete-address = Take address { $address } off { $dev } of { $host }
build-act-neighbor = Fixed neighbour { $address } on { $host }
build-act-delete-neighbor = Forget neighbour { $address } on { $host }
build-act-delete-nat-rule = Delete rule { $number } of { $chain } on { $host }
build-act-edit-chain = iptables on { $host }: { $command }
build-act-flush = Flush { $table } on { $host }
build-act-wait = Wait { $seconds } s
build-act-settle = Settle
build-act-send = { $what }: { $from } → { $to }{ $count ->
        [one] {""}
        *[other] , { $count } packets
    }

## Addresses

addr-title = Addresses
addr-empty = There is no subnet yet.
addr-not-yet = This range is not there at this moment.
addr-space = Range
addr-subnets = Subnets
addr-blocks = Pod ranges of nodes
addr-fact-delegated = Delegated: only pods have addresses of it.
addr-fact-exhausted = Exhausted: nodes ask for single addresses.
addr-holders = Which node has which
addr-holders-more = { $n ->
        [one] and one more node
        *[other] and { $n } more nodes
    }
addr-on-node = on
addr-count = { $used } of { $usable } used
addr-legend = Signs
addr-legend-entry = { $state }: { $n }
addr-grid = Addresses of { $prefix }
addr-cell = { $address }, { $state }
addr-cell-owned = { $address }, { $state }, { $owner }
addr-state-reserved = reserved by Azure
addr-state-gateway = gateway (bridge)
addr-state-outside = never given
addr-state-node = node
addr-state-vm = VM
addr-state-held = held for pods
addr-state-batch = held in a batch
addr-state-pod = pod
addr-state-releasing = pending release
addr-state-free = free
addr-state-elsewhere = pods, with addresses of another range
addr-role-network = reserved: network address
addr-role-gateway = reserved: default gateway
addr-role-dns = reserved: Azure DNS
addr-role-broadcast = reserved: last address
addr-overview = { $prefix } in { $parts } parts, { $taken } of them in use
addr-page = { $first } to { $last }
addr-page-back = Page before
addr-page-on = Next page
addr-go = Go to address
addr-outside = This address is not in { $prefix }.
addr-pick = Point at a cell, or move there with the arrow keys, to see whose address it is.
addr-since = since { $time }
addr-history = Before
addr-over-time = Over time
addr-time = Moment of virtual time
addr-chart = Addresses by state from 00:00.0 to { $end }, at most { $highest }
addr-show-free = Show free addresses

lab-trust = How far to trust what is shown
lab-trust-nobody = not judged
lab-cut = Only the first { $kept } of the { $all } steps are kept. The tables here are those after all of them.

## What the labels of hops stand for

gloss-hop-pod = pod: the packet is in the pod’s own network namespace
gloss-hop-node = node: the packet is for the node itself, or from it
gloss-hop-veth = veth: a pair of interfaces, one in the pod and one on the node; what goes into one comes out of the other
gloss-hop-pod-port = eth0: the pod’s end of a veth pair; the other end is on the node
gloss-hop-lo = lo: the loopback interface, by which a host reaches itself
gloss-hop-nic = the node’s network card; behind it is Azure’s network
gloss-hop-bridge = a bridge: a switch within the node, which reads hardware addresses and no routes
gloss-hop-arp = ARP: which hardware address does the next hop have?
gloss-hop-fib = FIB: forwarding information base, the host’s routing tables
gloss-hop-forward = TTL: time to live; a host that passes the packet on takes one away
gloss-hop-conntrack = conntrack: connection tracking, by which the host knows the packets of one flow
gloss-hop-nat = NAT: the rules that may replace an address
gloss-hop-masq = masq: masquerade; rules that say whether the packet leaves with the node’s address instead of the pod’s
gloss-hop-filter = filter: the rules that let a packet pass or drop it
gloss-hop-snat = SNAT: the source address is replaced
gloss-hop-dnat = DNAT: the destination address is replaced
gloss-hop-port = VFP: Virtual Filtering Platform, the port of Azure’s switch at the machine’s network card
gloss-hop-nsg = NSG: network security group, Azure’s rules for new flows
gloss-hop-bridge-rule = ebtables: rules of the bridge for frames
gloss-hop-flow = flow: the port knows the flow and asks no layer
gloss-hop-udr = UDR: a user-defined route decides
gloss-hop-system-route = route: one of Azure’s own routes decides
gloss-hop-platform = Azure: a service of the Azure host
gloss-hop-drop = drop: the packet ends here
gloss-hop-control = control: something that a controller did

## Pod states in a picture

pod-pending-state = Pending
pod-creating-state = ContainerCreating
pod-failed-state = Sandbox failed
pod-completed-state = Completed
pod-error-state = Error
