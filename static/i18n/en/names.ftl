### Short words: kinds of things, labels of hops, reasons of rows, outcomes.

gone = deleted

## Kinds of things, in sentences

kind-group = resource group
kind-vnet = VNet
kind-subnet = subnet
kind-vm = VM
kind-nsg = NSG
kind-nsg-rule = security rule
kind-route-table = route table
kind-route = route
kind-nic = NIC
kind-cluster = cluster
kind-pool = node pool
kind-node = node
kind-deployment = deployment
kind-pod = pod
kind-pods = pods of
kind-host = host
kind-interface = interface
kind-endpoint = pod, node, VM or address
kind-chain = rule or chain
kind-label = label
kind-neighbor = neighbour
kind-address = address
label = { $kind } { $name }
interface-of = { $dev } of { $host }

## Where a step happens

place-host = { $host }
place-port = Azure at { $nic }
place-control = Control plane
spoken = { $place }: { $title }. { $sentence }

## Why a row lost

lost-shorter-prefix = Shorter prefix: /{ $winner } won
lost-higher-metric = Higher metric: { $winner } won
lost-overridden = { $source ->
        [User] A User route has the same prefix
        [VirtualNetworkGateway] A gateway’s route has the same prefix
        *[Default] A system route has the same prefix
    }
lost-system-preferred = The system route { $prefix } comes first
miss-platform-service = Does not name the service’s tag
miss-protocol = Other protocol
miss-source = Other source
miss-source-port = Other source port
miss-destination = Other destination
miss-destination-port = Other destination port
fate-other-direction = For the other direction
fate-decided = Decided
fate-never-reached = Not reached
rule-applied = Applied
rule-src = { $not ->
        [yes] The source is in { $net }
        *[no] The source is not in { $net }
    }
rule-dst = { $not ->
        [yes] The destination is in { $net }
        *[no] The destination is not in { $net }
    }
rule-protocol = The protocol is not { $protocol }
rule-dst-port = The destination port is not { $port }
rule-dst-local = { $not ->
        [yes] The destination is this host’s own
        *[no] The destination is not this host’s own
    }
rule-src-port = The source port is not { $port }
rule-in-interface = { $not ->
        [yes] It came in by { $dev }
        *[no] It did not come in by { $dev }
    }
rule-out-interface = { $not ->
        [yes] It leaves by { $dev }
        *[no] It does not leave by { $dev }
    }
rule-icmp-type = It is no ICMP message of type { $type }
rule-state = Its state is not { $states }
bridge-in = It did not come in by { $dev }
bridge-out = It does not leave by { $dev }
bridge-unicast-source = Its source is a group address
bridge-arp = { $op ->
        [request] It is no ARP request
        *[reply] It is no ARP reply
    }
bridge-arp-target = { $op ->
        [request] It is no ARP request for { $ip }
        *[reply] It is no ARP reply to { $ip }
    }
bridge-ip-to = It is no IPv4 packet to { $ip }
skip-gateway = it is the gateway
skip-taken = it is taken
fit-fits = it fits
fit-not-ready = it is not ready
fit-too-many-pods = it has its { $max } pods
fit-already-one = it has one of these pods already
fit-cordoned = it is cordoned

## How a probe ended

outcome-answered = The answer came back.
    .rtt = The answer came back after { $ms } ms with TTL { $ttl }.
outcome-refused = { $dst } refuses the connection: nobody listens.
outcome-time-exceeded = { $from } reports that the TTL was used up.
outcome-unreachable = { $from } reports { $code ->
        [net] that it has no route to the destination
        [host] that it cannot reach the destination
        [port] that nobody listens on the port
        [fragmentation-needed] that the packet is too big
        *[prohibited] that a rule forbids it
    }.
    .down = { $from } reports { $code ->
        [net] that it has no route to the destination
        [host] that it cannot reach the destination
        [port] that nobody listens on the port
        [fragmentation-needed] that the packet is too big
        *[prohibited] that a rule forbids it
    }: { $link } of { $at } is down, and { $pod } hangs on it.
outcome-lost = { $reply ->
        [yes] The answer is lost
        *[no] The packet is lost
    } at { $place }: { $why }
    .down = { $reply ->
        [yes] The answer is lost
        *[no] The packet is lost
    }: { $link } of { $at } is down, and { $pod } hangs on it. { $why }
    .flooded = { $reply ->
        [yes] The answer is lost
        *[no] The packet is lost
    }: it was flooded, and none that got a copy is the one it is for. { $why }
outcome-left = The packet left for what is not simulated. What happens to it there is unknown.
outcome-nothing = Nothing was sent.

## How sure a statement is

mark-documented = Documented
    .about = A public source describes it.
mark-observed = Observed
    .about = It was seen on real systems; no reference text promises it.
mark-simplified = Simplified
    .about = The simulation does less than reality here.
mark-disputed = Disputed
    .about = Public sources disagree.
