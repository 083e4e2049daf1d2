### What was decided at a step, and why. One message for each kind of decision; `title` heads the inspector.
### Common values: $host $nic $dev (links), $src $dst $ttl $smac $dmac, $kind of packet, $sender $target of ARP.

## What packets are

packet = { $kind ->
    [echo-request] an ICMP echo request
    [echo-reply] an ICMP echo reply
    [time-exceeded] an ICMP time exceeded
    [unreachable] an ICMP destination unreachable
    [udp] a UDP datagram
    [syn] a TCP SYN
    [syn-ack] a TCP SYN-ACK
    [ack] a TCP ACK
    [rst] a TCP RST
    *[arp] an ARP message
    }

## A packet begins

originate = { $host } sends { packet } from { $src } to { $dst }.
    .title = A packet begins
    .no-source = { $host } wants to send { packet } to { $dst }, but has no address to send from.
    .ttl = The TTL begins at { $ttl }. Each Linux host that forwards the packet takes one away; a bridge and Azure’s network take none.
answer = { $host } answers with { packet } to { $dst }, from the address that was asked: { $src }.
    .title = The host answers
arp-request = { $host } does not know who has { $target } and asks everybody behind { $dev }.
    .title = ARP asks for an address
    .probe = { $host } asks { $dmac } directly whether it still has { $target }.
arp-reply = { $host } replies to { $target }: { $sender } is at { $smac }.
    .title = ARP replies
    .fabric = Azure’s network replies that { $sender } is at { $smac }, the same address for every request.
arp-announce = { $dev } of { $host } has come up and announces { $sender }. So the bridge learns { $smac } before any traffic.
    .title = An address is announced
icmp-error = { $host } tells { $dst } what became of its packet: { packet }.
    .title = An ICMP error is sent
    .source = The error carries { $src }, the address that the route back prefers, which need not be that of the interface the packet came in by.

## Interfaces and the bridge

receive = The frame is for { $dmac }, the address of { $dev }: { $host } takes it in.
    .title = A frame comes in
    .broadcast = The frame is for everybody: { $host } takes it in at { $dev }.
    .bridge-port = { $dev } is a port of { $bridge }. The bridge takes every frame, whomever it is for.
    .loopback = The packet comes back through { $dev }: { $host } sent it to itself.
bridge-learn = { $bridge } notes that { $mac } is behind { $port }.
    .title = The bridge learns a source address
    .refreshed = { $bridge } knows that { $mac } is behind { $port } and starts the age of the entry anew.
    .moved = { $mac } was behind { $from } and is now behind { $port }: { $bridge } corrects its entry.
    .not-learned = { $bridge } learns nothing from { $mac }: it is a group address or one of the bridge’s own.
    .ageing = An entry is forgotten { $seconds } seconds after the last frame from that address.
bridge-forward = The forwarding database of { $bridge } has { $dmac } behind { $port }: the frame leaves there and nowhere else.
    .title = The bridge picks the port
    .local = { $dmac } is an address of { $bridge } itself: the frame goes up to the IP stack of { $host }.
    .local-port = { $dmac } is the address of a port of { $bridge }: the frame goes up to { $host }.
    .same-port = { $bridge } has { $dmac } behind { $port }, the port by which the frame came. It is not sent back there.
    .group = { $dmac } is a broadcast: { $bridge } sends a copy out of { $n ->
        [one] one other port
        *[other] { $n } other ports
        }{ $up ->
        [yes] {" "}and one up to { $host }
        *[no] {""}
        }.
    .unknown = { $bridge } has no entry for { $dmac } and floods: a copy goes out of { $n ->
        [one] one other port
        *[other] { $n } other ports
        }.
    .aged-out = The entry of { $bridge } for { $dmac } is too old, so it floods: a copy goes out of { $n ->
        [one] one other port
        *[other] { $n } other ports
        }.
    .copy = A copy leaves { $port } toward { $peer }.
    .more = And { $n } more.
    .promiscuous = { $bridge } is promiscuous: one more copy goes up to { $host }, whose stack ignores frames for others.
    .no-route = No routing table is read and the TTL stays as it is: this is layer 2.
    .arp-answer = An answer to ARP goes to everybody here, since Azure addressed it to the NIC and not to the one that asked: all others hear it too, and ignore it.
    .hairpin = Hairpin is on at { $port }, so one copy goes back out where the frame came in.
bridge-rule = { -bridge-rule-applies }: the frame is for { $address }, so its destination becomes { $mac }, the pod’s own address.
    .title = A rule of the bridge applies
    .pod-why = Azure delivers every frame of this machine to the NIC’s address. Only the IP address tells which pod it is for, and this rule reads it.
    .source = { -bridge-rule-applies }: the frame leaves with { $mac } as its source, not with { $from }.
    .source-same = { -bridge-rule-applies }: the frame leaves with { $mac } as its source, which it has already.
    .source-why = Azure’s network takes only frames that carry the NIC’s own hardware address.
    .source-arp = The ARP message says so too: its sender’s hardware address becomes that of the NIC.
    .everybody = { -bridge-rule-applies }: an answer of ARP from outside, so its destination becomes the broadcast address.
    .everybody-why = Azure answered the NIC’s address, since it never saw that of the pod. As a broadcast the answer finds the one that asked.
    .answer = { -bridge-rule-applies }: it answers that { $address } is at { $mac }, and the request goes no further.
    .answer-why = Without the rule whoever has { $address } would answer, and for a pod’s address Azure’s network as well, with a hardware address of its own.
    .redirect = { -bridge-rule-applies }: packets for { $address } are not bridged but go up to the node’s own routing.
    .redirect-why = The node-local DNS cache listens there.
    .missed = Rule { $number } before it: { $why }.
    .more = And { $n } more rules before it.
-bridge-rule-applies = Rule { $number } of { $table } { $chain } applies
transmit = The frame crosses the veth pair from { $dev } to { $peer } of { $peer-host }.
    .title = The frame leaves
    .bridge = The frame passes between { $host } and its bridge { $bridge }.
    .nic = The frame leaves { $dev } and reaches the virtual switch of Azure at { $nic }.
    .guest = Azure’s virtual switch hands the frame to { $peer } of { $peer-host }, from { $smac } to { $dmac }.
    .loopback = The packet is for { $host } itself and stays on { $dev }.

## Addresses of neighbours

neighbor = The neighbour table of { $host } has { $next-hop } at { $mac } ({ $state }): the frame is addressed there.
    .title = The next hop’s hardware address
    .permanent = { $next-hop } is at { $mac } by a fixed entry, so nobody is asked.
    .stale = The entry for { $next-hop } is stale but is used: the frame goes to { $mac }, and the entry is checked some seconds later.
    .ask = { $host } has no hardware address for { $next-hop } on { $dev }. The packet waits while ARP asks.
    .wait = ARP has asked for { $next-hop } already. The packet waits with the others.
    .gateway = { $next-hop } is a router, not the destination: the frame carries the router’s hardware address and the packet still says { $dst }.
    .virtual = { $next-hop } is nobody’s address. The plugin wrote it into the pod’s tables with the node’s end of the pair, so the pod sends everything to its node and never has to ask by broadcast.
arp-note = { $host } notes that { $ip } is at { $mac }: its question is answered.
    .title = The neighbour table takes note
    .observed = The message says that { $ip } is at { $mac }. { $host } notes it as stale: usable, not yet confirmed.
    .ignored = { $host } did not ask and has no entry for { $ip }: it notes nothing.
    .kept = { $host } keeps the address that it has for { $ip }, not { $mac }: of several answers within a second the first counts, and a fixed entry stays.
arp-answer = { $target } is an address of { $host }: it answers with { $mac }.
    .title = Is the ARP request answered?
    .proxy = { $host } reaches { $target } by { $out }, and proxy_arp is on at { $dev }: it answers in the other’s place with { $mac }.
    .fabric = Azure’s network answers every request itself, with { $mac }, whoever is asked for: it finds where a packet goes by the IP address.
    .not-mine = { $target } is not an address of { $place }: no answer.
    .announcement = Sender and target are the same: an announcement, which nobody answers.
    .askers-own = { $target } is the asker’s own primary address, the one request that Azure’s network does not answer.

## Routing and forwarding

route = { $n ->
        [one] Only the route { $prefix } holds { $dst }
        *[other] { $n } routes hold { $dst }, and { $prefix } is the longest prefix
    }: the packet leaves by { $out }{ $hop ->
        [via] {" "}for the router { $via }
        *[link] , where the destination is a direct neighbour
    }.
    .title = The host looks up the route
    .default = No route holds { $dst } but the default: the packet leaves by { $out }{ $hop ->
        [via] {" "}for the router { $via }
        *[link] {""}
    }.
    .metric = { $n } routes hold { $dst }. Of those with the prefix { $prefix } the one with the lowest metric wins: the packet leaves by { $out }.
    .local = { $dst } is an address of { $host } itself, on { $out }: table local answers first, and table main is not read.
    .unreachable = The route { $prefix } wins, and it says unreachable.
    .blackhole = The route { $prefix } wins, and it is a blackhole.
    .none = No route of { $host } holds { $dst }.
    .second = Without it, { $prefix } wins.
    .not-forwarding = But ip_forward is 0: { $host } does not pass on the packets of others.
forward = { $host } passes the packet on, so the TTL falls to { $ttl }.
    .title = The host forwards the packet
    .who = Only a host that routes takes from the TTL. Bridges, veth pairs and Azure’s network leave it alone.

## Netfilter

conntrack = Connection tracking has no flow like this: a new one begins.
    .title = Connection tracking
    .established = The packet belongs to a flow that is known{ $dir ->
        [reply] , in the direction of its answers
        *[original] {""}
    }. What was decided for the first packet holds.
    .related = The ICMP error quotes a packet of a known flow, so it goes with that flow.
    .invalid = The ICMP error quotes a packet of no known flow.
nat-rules = No rule of the nat table ends the walk at { $chain }: addresses stay as they are.
    .title = The nat table is read
    .accept = { -rule-applies }: addresses stay as they are.
    .drop = { -rule-applies } and drops the packet.
    .policy = No rule of the nat table ends the walk, and the policy of { $chain } is to drop: the packet is dropped.
    .reject = { -rule-applies } and refuses the packet.
    .masquerade = { -rule-applies }: the source becomes the address of { $out }.
    .not-kept = { -rule-applies }: { $dst } is in none of the ranges that keep the pod’s address, so the source becomes the address of { $out }.
    .snat = { -rule-applies }: the source becomes { $to }.
    .dnat = { -rule-applies }: the destination becomes { $to }.
    .returned = { -rule-applies }: { $dst } is in { $net }, so the packet keeps its source { $src }.
    .first-only = Only the first packet of a flow is shown to the nat table; the rest follow the flow.
    .disputed = Sources disagree on whether a pod whose range is not of the VNet keeps its address toward the nodes’ subnet: the AKS team says so (Azure/AKS issue 2031), the kubenet page says that only other pods see it. Both can be set on the cluster.
-rule-applies = Rule { $number } of { $chain } applies
filter-rules = No rule of the filter table ends the walk at { $chain }: the packet passes.
    .title = The filter table is read
    .accept = { -rule-applies } and lets the packet pass.
    .drop = { -rule-applies } and drops the packet.
    .policy = No rule of the filter table ends the walk, and the policy of { $chain } is to drop: the packet is dropped.
    .reject = { -rule-applies } and refuses the packet.
nat-translate = The flow says so: the source { $from } becomes { $to }.
    .title = NAT rewrites the packet
    .destination = The flow says so: the destination { $from } becomes { $to }.
    .reply = The rules were read for the first packet only. Its entry in the table of flows rewrites the rest, and the answers in reverse.

## Arrival

deliver = The echo request has arrived. The kernel of { $host } answers it.
    .title = The packet arrives
    .listener = { $host } listens on { $protocol } port { $port }: the program gets the packet.
    .answer = The answer has arrived at { $host }, where a program waits for it.
    .closed-tcp = Nothing listens on TCP port { $port } of { $host }: it answers with a reset.
    .closed-udp = Nothing listens on UDP port { $port } of { $host }: it answers with ICMP port unreachable.
    .segment = { $host } takes the segment in. Nothing is sent back.
deliver-error = The ICMP error has arrived: { $host } learns what became of its packet.
    .title = An error arrives
deliver-arp = The ARP message has done its work.
    .title = The ARP message arrives

## Azure’s network

source-check = { $src } is an address of { $nic }: the packet may leave.
    .title = Azure checks the source address
    .forwarding = { $src } is no address of { $nic }, but IP forwarding is on: the packet may leave.
    .foreign = { $src } is no address of { $nic }, and IP forwarding is off.
nsg = Rule { $rule }, priority { $priority }, of { $nsg } is the first that fits: the packet { $access ->
        [Allow] passes
        *[Deny] is dropped
    }.
    .title = { $scope ->
        [flow] A known flow
        [nic] The NIC’s NSG
        *[subnet] The subnet’s NSG
    }, { $way ->
        [out] outbound
        *[in] inbound
    }
    .no-group = No NSG is attached to { $at }: everything may pass.
    .known-flow = The flow { $first } was let through before: no rule is read for its other packets, nor for its answers.
    .platform = { $dst } is a service of Azure itself. NSG rules do not touch it unless one names its tag.
    .before = { $n ->
        [one] One rule with a lower number does not fit.
        *[other] { $n } rules with lower numbers do not fit.
    }
    .default = { $rule } is one of the six default rules that every NSG has.
    .tag = { $address } counts as { $tag }: { $why ->
        [vnet] it is in { $net } of the VNet
        [peer] it is in { $net } of a peered VNet
        [gateway] the gateway knows { $net }
        [user-route] the user-defined route { $route } names { $net }, and prefixes of such routes belong to the tag
        [platform] it is Azure’s own address
        *[public] it is a public address outside the VNet
    }.
    .order = { $way ->
        [out] On the way out the NIC’s NSG comes first, then the subnet’s.
        *[in] On the way in the subnet’s NSG comes first, then the NIC’s.
    }
    .container = { $address } is of { $subnet }, not of { $own }: the port keeps it as a network container of its own, with that subnet’s rules and routes.
    .container-disputed = The documentation says so and a demonstration shows it. One report has pods under the rules of the nodes’ subnet instead (Azure/azure-container-networking issue 3204).
unified-flow = The port’s flow table has { $flow }: the packet goes to { $to } as the first one did. No layer is walked.
    .title = The port’s flow table, { $way ->
        [out] outbound
        *[in] inbound
    }
    .inward = The port’s flow table has { $flow }: the packet goes to the guest as the first one did. No layer is walked.
    .hits = { $n ->
        [one] One packet has used the entry since { $since }.
        *[other] { $n } packets have used the entry since { $since }.
    }
    .generation = It was made under policy { $made }, which is still in force.
    .stale = The port’s flow table has { $flow }, but of policy { $made }, and policy { $now } is in force: the packet walks the layers anew.
    .moved = The port’s flow table has { $flow }, but the NIC it names has that address no more: the packet walks the layers anew.
    .rules-stay = What the rules once let through stays let through: changed rules count for new flows only. Routes are looked up anew.
    .one-number = The real switch numbers its policy port by port. Here one number counts the changes of all Azure.
effective-route = { $n ->
        [one] Only { $prefix } holds { $dst }
        *[other] { $n } routes hold { $dst }, and { $prefix } is the longest prefix
    }: the { -route-of } wins, so { hop-effect }.
    .title = Azure picks the next hop
    .tie = { $n } routes hold { $dst }, more than one with the prefix { $prefix }: the { -route-of } comes first, so { hop-effect }.
    .preferred = { $n } routes hold { $dst }. The system route { $prefix } comes before the gateway’s longer { $longer }, so { hop-effect }.
    .none = No effective route of { $subnet } holds { $dst }.
    .without = Without it, { $prefix } wins, and { hop-effect }.
    .no-table = No route table is attached to { $subnet }, so only Azure’s own routes are in force.
-route-of = { $source ->
        [User] User route of { $table }
        [VirtualNetworkGateway] gateway’s route
        *[Default] system route
    }
hop-effect = { $type ->
        [VnetLocal] the packet goes straight to the NIC that has { $dst }
        [VNetPeering] the packet goes to the NIC that has { $dst } in the peered VNet
        [VirtualAppliance] the packet goes to { $ip } with its destination unchanged
        [VirtualNetworkGateway] the packet goes to the virtual network gateway
        [Internet] the packet leaves for the internet
        *[None] the packet is dropped
    }
next-hop = { $address } is an IP configuration of { $to }: the packet is delivered there.
    .title = Azure finds the NIC
    .appliance = { $address } is an IP configuration of { $to }. { $dst } is not, but IP forwarding is on there: the packet is delivered with its destination unchanged.
    .not-forwarding = { $address } is an IP configuration of { $to }. { $dst } is not, and IP forwarding is off there.
    .same = That is the NIC from which the packet came. What Azure does with such a packet is not published, and it may end here in reality; in this simulation it is delivered.
leaves-azure = { $dst } is outside the virtual network: the packet leaves for the internet.
    .title = The packet leaves the virtual network
    .reserved = { $dst } is outside the virtual network, and no public address: the packet leaves for the internet, where nothing routes it.
    .platform = { $dst } is a service of the Azure host itself: no route touches it, not even a user-defined one.
    .gateway = The packet leaves by the virtual network gateway.
    .outside = What happens outside is not simulated.

## A packet ends

route-help =
    .attach = { -help } attaching { $table } to { $subnet }: its route { $prefix } holds { $dst }.
    .route = { -help } a user-defined route for { $dst } in { $table }, the route table of { $subnet }.
    .table = { -help } a route table at { $subnet }, with a user-defined route for { $dst }.
    .nobody = No pod and no machine has { $dst } now: a route for it would not help.
    .service = { $dst } is of a cluster’s service range. kube-proxy’s rules on the node would give such a packet the address of a pod; services are not simulated yet.
drop =
    .told = The sender is told by ICMP.
    .silent = Nobody is told: the sender waits in vain.
    .own = The packet is the host’s own: its program gets an error at once.
    .cut-off = { $link } of { $at } is down, and { $pod } hangs on it: nothing gets to it or away from it.
    .link-up = { -help } { $command } on { $at }.
-help = What would help:
drop-not-for-me = The frame is for { $dmac }, and that is not { $dev } of { $host }.
    .title = Not for this host
drop-flooded =
    .title = No copy arrives
drop-arp-not-mine = The message is about an address of somebody else: nobody here answers it.
    .title = Not the one asked for
drop-interface-down = { $dev } of { $host } is down.
    .title = The interface is down
    .fix = { -help } { $command } on { $host }.
drop-no-carrier = The other end of the link is down or gone.
    .title = Nobody at the other end
drop-port-disabled = The link of { $dev } has come up this very moment, and the bridge takes no frame from it until it has noticed.
    .title = The port is not enabled yet
drop-same-port = The destination is behind the port by which the frame came, and hairpin mode is off there: the bridge does not send it back.
    .title = Back out of the same port
drop-martian-source = The packet came from outside, and yet its source, { $src }, is an address of { $host } itself: the kernel drops such a “martian”.
    .title = From outside with an own address
drop-forwarding-off = The packet is not for { $host }, and ip_forward is 0.
    .title = The host does not forward
    .fix = { -help } { $command } on { $host }.
drop-ttl-expired = { $host } should forward the packet, but its TTL is { $ttl }.
    .title = The TTL is used up
drop-no-route = No route of { $host } holds { $dst }.
    .title = No route
    .fix = { -help } a route for { $dst } on { $host }.
drop-route-unreachable = The winning route of { $host } for { $dst } says unreachable.
    .title = The route says unreachable
    .fix = { -help } deleting that route.
drop-route-blackhole = The winning route of { $host } for { $dst } is a blackhole.
    .title = The route is a blackhole
    .fix = { -help } deleting that route.
drop-neighbor-failed = { $n } ARP requests stay without an answer: nobody has the next hop’s address.
    .title = The next hop does not answer
drop-too-big = The packet must not be fragmented, and the next link takes { $mtu } bytes at most.
    .title = The packet is too big
    .fix = { -help } a smaller packet, or one that may be fragmented.
drop-filter-drop = A rule of { $host } drops the packet.
    .title = Dropped by a rule
    .fix = { -help } deleting that rule.
drop-policy-drop = No rule of { $host } lets the packet pass, and the policy of the chain is to drop.
    .title = Dropped by the policy of a chain
    .fix = { -help } a rule that lets it pass, or another policy of the chain.
drop-filter-reject = A rule of { $host } refuses the packet.
    .title = Refused by a rule
    .fix = { -help } deleting that rule.
drop-masqueraded-elsewhere = The flow was masqueraded with the address of another interface than the one by which this packet would leave. The kernel forgets the flow and drops the packet; the next one begins a new flow.
    .title = The way of a masqueraded flow has changed
drop-nobody-waits = No program of { $host } waits for this answer.
    .title = Nobody waits for it
drop-no-source = { $host } has no address to send from.
    .title = No source address
drop-source-not-owned = { $src } is no address of { $nic }, and IP forwarding is off: Azure takes the packet for a forgery.
    .title = The source is not the NIC’s
    .back = { -help } a route to { $dst } on { $host }, which has that address for a pod and sent the packet back out.
    .fix = { -help } IP forwarding on { $nic }.
drop-source-mac-not-owned = { $smac } is not the hardware address of { $nic }: Azure takes nothing else from it.
    .title = The hardware address is not the NIC’s
    .fix = { -help } the rule of the bridge that gives every frame leaving by { $dev } the NIC’s address.
drop-nsg-denied = Rule { $rule }, priority { $priority }, of { $nsg } denies the flow.
    .title = Denied by an NSG
    .some = A rule of an NSG denies the flow.
    .lower = { -help } changing or deleting { $rule }, or a rule of { $nsg } that allows the flow with a lower number: { $free } is free.
    .first = { -help } changing or deleting { $rule }. No number that comes before { $priority } is free: they begin at { $lowest }.
    .default = { -help } a rule of { $nsg } that allows the flow: every number from { $lowest } to { $highest } comes before { $rule }, which nobody can delete.
drop-route-none = The winning route { $prefix } has the next hop type None: Azure drops the packet.
    .title = Next hop None
drop-no-effective-route = No effective route holds { $dst }.
    .title = No route in Azure
drop-no-such-address = No NIC of the virtual network has the address: there is nobody to deliver to.
    .title = Nobody has the address
drop-appliance-not-forwarding = The next hop’s NIC does not have { $dst } itself, and its IP forwarding is off.
    .title = The next hop may not forward
    .fix = { -help } IP forwarding on the next hop’s NIC.
drop-no-gateway = The route leads to a virtual network gateway, and the network has none.
    .title = No gateway
    .fix = { -help } another next hop for { $dst }.
drop-gateway-is-no-host = { $dst } is the gateway address of a subnet. It exists as an answer to ARP alone and takes no packets.
    .title = The gateway is no host
drop-icmp-not-translated = On the way to the internet the source is translated for TCP and UDP only. ICMP gets no answer.
    .title = ICMP is not translated
    .fix = { -help } a probe by TCP or UDP, or a public IP address on the node.
drop-step-limit = The packet goes round and round. The simulation gives up.
    .title = Too many steps
drop-no-broadcast = { $dst } is a broadcast or multicast address, and a virtual network carries neither.
    .title = No broadcast
drop-outside-simulation = What happens outside the virtual network is not simulated.
    .title = Out of the simulation

## What control loops do

vm-created = Azure creates the VM of { $node } and gives it { $address }, the lowest free address of the subnet.
    .title = A VM is created
    .held = Its NIC takes { $n } more at once, { $first } to { $last }, one for each pod that the node may run. They are taken from now on, whether pods come or not.
    .simple = Azure does not promise which free address it gives. The time until the node registers is drawn at random in this simulation.
node-registered = The kubelet of { $node } has registered the node.
    .title = A node registers
    .order = Blocks of pod addresses go out in the order of registration, whatever the nodes’ names.
node-cidr = { $node } gets block number { $index } of the pod CIDR: { $block }.
    .title = The node gets a pod CIDR
    .passed = { $n ->
        [one] One block before it is in use.
        *[other] { $n } blocks before it are in use.
    }
    .cursor = The controller manager goes round the whole range: a released block comes again only after all others.
node-cidr-exhausted = No block of the pod CIDR is left for { $node }: { $said }.
    .title = No pod CIDR left
    .fix = The node stays NotReady. A pod CIDR cannot grow in this mode; the cluster must be made anew with a larger one.
node-ready = { $node } is ready for pods.
    .title = The node is ready
    .time = The time from registration to this is fixed in this simulation.
route-written = The route controller writes the route { $prefix } to { $next-hop } into { $table }, for the pods of { $node }.
    .title = A route is written
    .batch = Changes are gathered for { $seconds } seconds. Until then the pods of a new node cannot be reached from other nodes.
route-removed = The route { $name } leaves { $table }: its node is gone.
    .title = A route is removed
route-limit = { $table } is full or has the prefix already: { $node } gets no route, and its pods cannot be reached from other nodes.
    .title = No room in the route table
    .limit = A route table takes { $limit } routes, which is why kubenet ends at { $limit } nodes.
pod-scheduled = The scheduler binds { $pod } to { $node }: of the nodes that fit it has the fewest pods like this, then the fewest pods.
    .title = A pod is scheduled
    .only = The scheduler binds { $pod } to { $node }, the only node that fits.
    .score = { $node }: { $same ->
        [one] one pod like this
        *[other] { $same } pods like this
    }, { $pods ->
        [one] one pod
        *[other] { $pods } pods
    } in all; { $fit }.
    .simple = The real scheduler weighs more than this.
pod-pending = No node fits { $pod }: it stays Pending.
    .title = A pod stays pending
pod-network = { $pod } on { $node } gets { $address } from host-local, with { $gateway } as its gateway.
    .title = The pod gets an address
    .start = { $started ->
        [after-last] The search begins behind { $last }, the address reserved last.
        [last-outside] The address reserved last, { $last }, is outside the range: the search begins at its start.
        [requested] The address was asked for by name.
        *[range-start] Nothing was reserved before: the search begins at the start of the range.
    }
    .skipped = { $address } is passed over: { $why }.
    .more = And { $n } more.
    .veth = A veth pair joins the pod’s eth0 to the bridge of the node.
    .held = { $pod } on { $node } gets { $address } from azure-vnet-ipam: one of { $free } free addresses among the { $records } that the node holds since it was created.
    .batch = { $pod } on { $node } gets { $address } from azure-cns: one of { $free } that were available on the node.
    .random = Which of them is chance: the component takes the first that a walk over a Go map meets. Here the seed decides.
    .lowest = It is the lowest of them, a setting of this simulation; the real component promises no order.
    .azv = The node’s end of the pair is { $veth }: azv, and the first eleven digits of the SHA-1 of { $key }.
    .port = { $veth } is a port of { $bridge }.
    .routed = No bridge: the node has a route { $route } by { $veth }.
    .virtual-gateway = The pod’s gateway is { $gateway }, which nobody has. An entry of its neighbour table ({ $state }) says { $mac }, so no ARP broadcast is ever sent.
pod-host-network = { $pod } runs in the network of { $node } itself and has the node’s address.
    .title = A pod on the host’s network
pod-network-failed = { $node } has no network for { $pod }: { $why }.
    .title = The CNI plugin refuses the pod
    .retry = The kubelet tries again and again; the time between is fixed in this simulation.
    .no-such-set = there is no range set { $set }
    .not-in-set = { $address } is in none of its ranges
    .is-gateway = { $address } is the gateway
    .not-available = { $address } is taken
    .all-in-use = all { $records } addresses that the node holds for pods are in use
    .not-held = { $address } is none of the addresses that the node holds for pods
    .not-enough = none of the node’s addresses is available, and the next batch has not come
    .no-container = the node has been given no addresses yet
    .duplicate = the pod holds { $address } already
    .exhausted = every address of { $ranges } is taken
    .no-pod-cidr = the node has no pod CIDR yet
    .node-gone = the node is gone
    .said = The plugin says: { $said }
bridge-created = The first pod of { $node } with an address brings the bridge { $bridge }, with { $address }. From now on the node forwards packets.
    .title = The bridge is created
    .no-eth0 = eth0 is no port of the bridge: packets to other nodes are routed from one to the other.
    .uplink = The first pod of { $node } with an address brings the bridge { $bridge }. It takes over { $address } from eth0.
    .moved = eth0 goes down for a moment and becomes a port of the bridge: its addresses and routes are the bridge’s now. So pods and network share one wire, and nothing is routed between them.
masquerade-rules = The ip-masq-agent of { $node } writes its rules: { $n ->
        [one] one range keeps
        *[other] { $n } ranges keep
    } the pod’s address, everything else leaves with the node’s.
    .title = Masquerade rules are written
    .kept = Kept: { $net }
pod-running = { $pod } runs.
    .title = A pod runs
    .time = Pulling the image and starting the container take a fixed time in this simulation.
pod-ended = The container of { $pod } has ended with status { $status }, and is not started again.
    .title = A pod has ended
pod-deleted = { $name } is gone{ $had ->
        [yes] , and { $address } is free again
        *[no] {""}
    }.
    .title = A pod is deleted
    .cursor = The address comes again only after the cursor has gone round the whole range.
    .kept = { $name } is gone. { $address } stays with its node, for the next pod.
node-deleted = { $name } is gone with its VM; { $address } is free again.
    .title = A node is deleted
    .block = Its block { $block } is released and comes again only after all others.
    .simple = Here a node and its VM are one. In reality kubectl delete node leaves the VM in its scale set, and its address answers.
pool-monitored = { $node } asked for { $requested } in all and its pods hold { $assigned }: { $expected } would be left, fewer than { $min-free }. It now asks for { $to }.
    .title = The node looks at its pool of addresses
    .shrink = { $node } has { $current } free, { $max-free } or more. It offers { $n } of them back and now asks for { $to }, not { $from }.
    .grow-to-target = { $node } has { $demand ->
        [one] one pod that wants an address
        *[other] { $demand } pods that want an address
    }, so its target is { $size }: it now asks for { $to }, not { $from }.
    .shrink-to-target = { $node } has { $demand ->
        [one] one pod that wants an address
        *[other] { $demand } pods that want an address
    }, so its target is { $size }: it offers { $n } back and now asks for { $to }, not { $from }.
    .at-max = { $node } has few addresses left, but it asked for { $max } already, and that is all it may have.
    .cannot-release = { $node } would give { $wanted } back, but not so many are free: it gives none.
    .clean-up = { $node } goes on asking for { $requested } in all. Only its list of those to be taken back is corrected, which has { $releasing } now.
    .nothing = { $node } has neither too few addresses nor too many. It goes on asking for { $requested }.
    .expected = Left of what it asked for: { $requested } − { $assigned } with pods = { $expected }.
    .counts = Its addresses: { $assigned } with pods, { $available } available, { $programming } not programmed yet, { $releasing } to be taken back.
    .thresholds = Addresses come in batches of { $batch }. With fewer than { $min-free } left, half a batch, it asks for one more; with { $max-free } free, a batch and a half, it gives one back. It stops at { $max }, the pods the node may run.
    .exhausted = The subnet is exhausted, so this pass goes one by one: with none left it asks for one, with two free it gives one back. Idle addresses find their way to nodes that need them.
    .target = The target is { $batch } × ⌈{ $buffer } % + { $demand } ÷ { $batch }⌉, at most { $max }: { $size }.
    .published = The new number is in the node’s NodeNetworkConfig, where Azure’s side reads it.
    .failed = The API server did not take it. The next pass tries again.
    .crashed = The API server did not take it in { $tries } tries, and azure-cns ended itself. It starts anew from what was published last.
pool-changed = Azure gives { $node } { $added ->
        [one] one address of { $subnet }, { $first }
        *[other] { $added } addresses of { $subnet }, { $first } to { $last }
    }.
    .title = A batch of addresses
    .taken = Azure takes { $removed ->
        [one] one address of { $subnet } back from { $node }, { $gone-first }
        *[other] { $removed } addresses of { $subnet } back from { $node }, { $gone-first } to { $gone-last }
    }.
    .both = Azure gives { $node } { $added ->
        [one] one address of { $subnet }, { $first }
        *[other] { $added } addresses of { $subnet }, { $first } to { $last }
    }, and takes { $removed ->
        [one] one back, { $gone-first }
        *[other] { $removed } back, { $gone-first } to { $gone-last }
    }.
    .where = They are secondary addresses of the node’s NIC. Pods get them when the host is programmed to deliver to them.
    .order = What decides on Azure’s side is not public. Here it gives the lowest free addresses, after a fixed time.
pool-refused = { $node } asks for { $wanted } in all, and { $subnet } has { $free } free: it gets none of them.
    .title = The subnet has no room
    .retry = Azure’s side writes NCUpdateSubnetFullError and tries again later. In this simulation a request is met whole or not at all.
pool-programmed = The host of { $node } delivers to { $n ->
        [one] one more address: a pod can have it
        *[other] { $n } more addresses: pods can have them
    }.
    .title = The addresses are programmed
    .before = Until now they were PendingProgramming. The time it takes is fixed in this simulation.
subnet-exhausted = { $subnet } counts as exhausted: a request could not be met; free: { $free }.
    .title = Is the subnet exhausted?
    .over = { $subnet } has room again (free: { $free }): its nodes ask in batches as before.
    .meaning = While it is exhausted its nodes ask for single addresses and keep at most one idle, so that what one does not need another can have. What a node asked for before stays asked for.

## What is simplified

simple =
    .delay = The time of one crossing is fixed in this simulation.
