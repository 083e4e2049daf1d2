# How far to trust what is shown. Each part: what it is; .limit is what is simplified, disputed or was not judged.

trust-judge-kernel = the Linux kernel, in random scenarios
trust-judge-plugin = the CNI plugin itself
trust-judge-vectors = the authors' published test vectors
trust-judge-article = what the source article prints
trust-judge-document = documentation and published source
trust-judge-wireshark = Wireshark
trust-judge-crate = a library by other hands

trust-everywhere = In every mode
trust-forwarding = Forwarding, TTL, MTU, ICMP errors and who sends them
    .limit = Every link carries 1,500 bytes, so a packet that is too large is refused where it is sent. The kernel's limits on the rate of ICMP errors and its ICMP redirects are left out. Inside hosts, addresses of groups, broadcasts and 0.0.0.0 are routed like that of one host. A TCP connection is opened and never closed.
trust-routes = Which route of a host wins, and the source address that goes with it
    .limit = The routes that a DHCP server gives a node besides the default one, to Azure's own services by way of the gateway, are left out: the default route leads there too.
trust-neighbors = ARP and the neighbour table, proxy ARP, bridges: learning, looking up, flooding
    .limit = Which frames go where was judged. When timers fire was not: they follow the kernel's defaults.
trust-netfilter = iptables and connection tracking
    .limit = The port that a masquerade picks when its own is taken is the kernel's chance.
trust-captures = The bytes of captures
    .limit = Segments have no TCP options.
trust-azure-routes = Azure's effective routes and next hops
    .limit = The kernel's policy routing was given the documented routes; Azure itself cannot be asked.
trust-nsg = Network security groups
    .limit = The kernel's iptables was given the documented rules; Azure itself cannot be asked. The group that AKS makes for its own nodes is not there: it can be made and attached by hand.
trust-azure-ports = The port of a NIC: source check, flow table, ARP
    .limit = Nodes have NICs of their own here; real ones are of a scale set, which az network nic does not list. A frame for another hardware address than the network's own is dropped: what Azure does with it is not published, nor whether an answer that is led past a port which never saw its question opens a flow there: here it opens none. What answers on the internet is left out.
trust-services = Kubernetes services
    .limit = They are not simulated yet, nor are host ports (the portmap plugin).
trust-time = Times of control loops and links
    .limit = They are fixed or drawn evenly, and were not judged.

trust-kubenet = Kubenet
trust-kubenet-attach = How a pod is attached
trust-kubenet-addresses = Addresses of pods, one after the other
trust-kubenet-blocks = Address blocks of nodes
trust-kubenet-masquerade = Which destinations see the node's address
    .limit = Public sources disagree on what is exempt; the setting of the cluster decides.

trust-azure-bridge = Azure CNI, bridge mode
trust-bridge-rules = The bridge rules of table nat, and the flooding that they cause
    .limit = The plugin's code is followed; the plugin itself was not run.
trust-bridge-broute = The rule of table broute for the node-local name cache
    .limit = The kernel at hand was built without that table.
trust-vnet-ipam = Which address a pod gets
    .limit = Random in the real component; an order can be set.

trust-azure-transparent = Azure CNI, transparent mode
trust-transparent-attach = Routes, virtual gateway and proxy ARP, in three releases of the plugin
    .limit = The plugin's code is followed; the plugin itself was not run.
trust-transparent-probe = The question by which a new pod confirms its gateway
    .limit = It comes while the cluster is built, and frames were compared after that.

trust-pod-subnet = Azure CNI, pod subnet
trust-pool-monitor = How many addresses a node asks for
trust-pod-container = Pod addresses on a NIC with the rules and routes of their own subnet
    .limit = Documented and demonstrated; one public report disagrees.
trust-swift = The translations of chain SWIFT
    .limit = Name queries leave with the node's address; sources disagree on which one it is. Few of the random packets meet these rules, so mostly their text was judged.
trust-controller = Azure's side, which hands out the addresses
    .limit = It is closed: what is here fits what nodes show.
