### Why something cannot be done. A leading code is Azure’s own; the words after it are Azure’s where they are known.

not-found = There is no { $kind } named { $name }.
exists = The { $kind } { $name } exists already.
bad-name = { $name } is not a valid { $kind } name. { $rule ->
        [pool] A node pool’s name has at most 12 lower-case letters and digits and begins with a letter.
        [group] It has at most 90 letters, digits, underscores, hyphens, full stops and brackets and does not end with a full stop.
        [label] It has at most 63 lower-case letters, digits and hyphens and neither begins nor ends with a hyphen.
        [key] Its key and its value have at most 63 letters, digits, hyphens, underscores and full stops each, and begin and end with a letter or digit; before the key, a domain and a slash may stand.
        *[azure] It has at most 80 letters, digits, underscores, full stops and hyphens and begins with a letter or digit.
    }
in-use = The { $kind } { $name } cannot be deleted: { $by } uses it.
    .subnet = InUseSubnetCannotBeDeleted: Subnet { $name } is in use by { $by } and cannot be deleted.
    .nsg = InUseNetworkSecurityGroupCannotBeDeleted: Network security group { $name } cannot be deleted because it is in use by the following resources: { $by }.
    .route-table = InUseRouteTableCannotBeDeleted: Route table { $name } cannot be deleted because it is in use by the following resources: { $by }.
max-pods = A node runs 10 to 250 pods, not { $found }.
pool-too-small = A pool must have room for 30 pods: { $nodes } × { $max-pods } is less.
node-count = A pool has 1 to { $limit } nodes, not { $found }.
pod-cidr-unaligned = The pod CIDR { $prefix } has host bits set; { $aligned } has not.
pod-cidr-too-small = The pod CIDR { $prefix } is smaller than the /{ $block } that each node takes.
range-reserved = The { -range } { $prefix } shares addresses with { $reserved }, which AKS keeps for itself.
ranges-overlap = The { -range } { $prefix } overlaps the { $other ->
        [pod] pod CIDR
        [service] service CIDR
        *[subnet] subnet
    } { $with }.
-range = { $field ->
        [pod] pod CIDR
        [service] service CIDR
        *[subnet] subnet
    }
ServiceCidrOverlapExistingSubnetsCidr = ServiceCidrOverlapExistingSubnetsCidr: The specified service CIDR { $service } is conflicted with an existing subnet CIDR { $subnet }
service-cidr-too-large = The service CIDR { $service } is too large: its prefix must be /12 or longer.
DnsServiceIpOutOfServiceCidr = DnsServiceIpOutOfServiceCidr: The DNS service IP { $address } is out of the range defined by service CIDR { $service }.
dns-service-ip-first = The DNS service IP cannot be { $address }: the first address of the service CIDR is the API server’s.
InsufficientSubnetSize = InsufficientSubnetSize: Pre-allocated IPs { $wanted } exceeds IPs available { $available } in Subnet Cidr { $prefix }, Subnet Name { $subnet }. If Autoscaler is enabled, the max-count from each nodepool is counted towards this total (which means that pre-allocated IPs count represents a theoretical max value, not the actual number of IPs requested). http://aka.ms/aks/insufficientsubnetsize Target: { $target }
SubnetIsDelegated = SubnetIsDelegated: AgentPoolProfile subnet with id { $subnet } cannot be used as it's a delegated subnet.
subnet-for-pods = { $subnet } is for pods only: Azure has given it to AKS, and a VM cannot be in it.
pod-subnet-missing = This network needs a second subnet, from which pods take their addresses.
pod-subnet-unused = This network gives pods no subnet of their own: leave the pod subnet out.
pod-subnet-is-node-subnet = The nodes are in { $subnet }: their pods need another subnet.
subnet-of-other-vnet = The subnet { $subnet } is in the VNet { $vnet }. All subnets of a cluster are in one VNet.
pod-subnet-in-use = Something in { $subnet } has an address of it already. A subnet for pods holds nothing but pods.
last-pool = { $pool } is the last node pool of its cluster, and a cluster keeps at least one.
subnet-has-cluster = The subnet { $subnet } belongs to the cluster { $cluster }. A kubenet cluster shares its subnet with no other.
replicas = A deployment has at most { $limit } pods here, not { $found }.
route-exists = RTNETLINK answers: File exists. There is a route { $dst } already.
chain-missing = There is no chain { $chain }.
chain-exists = There is a chain { $chain } already.
chain-name = A chain cannot be called { $chain }.
chain-no-target = The chain to which the rule of { $chain } jumps is not there.
chain-not-here = The target of the rule cannot be used in { $chain }, or in a chain that jumps there.
chain-links = The chains would jump in a circle, or through too many rules.
chain-busy = { $chain } has rules, or a rule jumps to it.
chain-number = { $chain } has no rule of that number.
chain-not-built-in = Only built-in chains have a policy, and { $chain } is none.
chain-not-for-filtering = The nat table is not for filtering: nothing is dropped there.
chain-full = { $chain } has as many rules, or the table as many chains, as are simulated.
pod-cannot-end = { $name } cannot end: it does not run, or its workload starts its container again.
not-running = { $name } has no address yet: its sandbox is not there.
count = Between 1 and { $limit } packets can be sent at once, not { $found }.
ttl = A TTL is 1 to 255: with 0 the packet could not leave.
probe-length = A packet carries at most { $limit } bytes, not { $found }.
wait-too-long = { $limit } ms is the longest wait, not { $ms } ms.
never-settles = The network does not come to rest: a packet goes round, or a loop never ends.

## VNets and subnets

VnetNoAddressSpace = A VNet needs at least one prefix.
InvalidCIDRNotation = InvalidCIDRNotation: { -owner } { $prefix } has host bits set; { $aligned } has not.
VnetForbiddenRange = A VNet cannot have { $prefix }: Azure keeps { $range }.
VnetPrefixTooLarge = { -owner } { $prefix } is too large: /8 is the largest.
VnetPrefixTooSmall = { -owner } { $prefix } is too small: /29 is the smallest.
NetcfgInvalidSubnet = NetcfgInvalidSubnet: { -owner } { $prefix } is too small. Azure keeps five addresses of each subnet, so /29 is the smallest.
VnetSpaceOverlaps = The prefixes { $first } and { $second } of the VNet overlap.
NetcfgSubnetRangeOutsideVnet = NetcfgSubnetRangeOutsideVnet: Subnet { $subnet } is not valid because its IP address range { $prefix } is outside the IP address range of the virtual network.
NetcfgSubnetRangesOverlap = NetcfgSubnetRangesOverlap: Subnet { $second } is not valid because its IP address range { $second-prefix } overlaps with { $first-prefix } of the existing subnet { $first }.
SubnetNameTwice = Two subnets are named { $subnet }.
VnetAddressSpacesOverlap = VnetAddressSpacesOverlap: The address space { $remote } of the other VNet overlaps { $local }: the two cannot be peered.
-owner = { $owner ->
        [vnet] The prefix
        *[subnet] Subnet { $subnet }
    }

## Addresses

PrivateIPAddressNotInSubnet = PrivateIPAddressNotInSubnet: Private static IP address { $address } does not belong to the range of subnet prefix { $prefix }.
PrivateIPAddressInReservedRange = PrivateIPAddressInReservedRange: Private static IP address { $address } falls within the reserved IP range of its subnet: it is { $role ->
        [network] the network address
        [gateway] the default gateway
        [dns] an address of Azure DNS
        *[broadcast] the broadcast address
    }.
PrivateIPAddressIsAllocated = PrivateIPAddressIsAllocated: The private IP address { $address } is already allocated to { $owner }.
    .other = another NIC
SubnetIsFull = SubnetIsFull: Subnet { $subnet } with address prefix { $prefix } does not have enough capacity for { $wanted } IP addresses.
    .scale = SubnetIsFull: Failed to scale node pool '{ $pool }' in Kubernetes service '{ $cluster }'. Error: VMSSAgentPoolReconciler retry failed: Code='SubnetIsFull' Message='{ $subnet } with address prefix { $prefix } doesn't have enough capacity for IP addresses.' Details=[]

## Route tables

RouteTableFull = A route table takes at most { $limit } routes.
RouteConflict = RouteConflict: Route { $route } cannot be added: { $existing } has the prefix { $prefix } already.
RoutePrefixUnaligned = The prefix { $prefix } has host bits set; { $aligned } has not.

## Security rules

RuleNameEmpty = A security rule needs a name.
RuleNameTooLong = The rule’s name has { $chars } characters; 80 are the most.
RuleNameStart = The rule’s name begins with { $found }; it must begin with a letter, digit or underscore.
RuleNameEnd = The rule’s name ends with { $found }; it must end with a letter, digit or underscore.
RuleNameCharacter = The rule’s name contains { $found }; only letters, digits, underscores, full stops and hyphens can be in it.
RuleNameOfDefaultRule = { $name } is the name of a default rule.
SecurityRuleInvalidPriority = SecurityRuleInvalidPriority: The priority is { $priority }; 100 to 4096 are allowed.
SecurityRuleConflict = SecurityRuleConflict: Security rule { $existing } conflicts with rule { $rule }. Rules cannot have the same Priority and Direction.
NsgTooManyRules = An NSG takes at most { $limit } rules.
RuleFieldEmpty = The rule’s { -field } is empty.
RuleFieldTooLong = The rule’s { -field } has { $count } entries; { $limit } are the most.
RulePortsReversed = The rule’s { -field } has a range from { $first } to { $last }: the first must not be above the last.
-field = { $field ->
        [source] source
        [source-ports] list of source ports
        [destination] destination
        *[destination-ports] list of destination ports
    }

## Files and links

scenario-malformed = This is no scenario: line { $line }, column { $column }: { $detail }
file-malformed = Line { $line }, column { $column }: { $what }
    .action = Line { $line }, column { $column }, in action { $n } ({ $code }): { $what }
    .field = Line { $line }, column { $column }, in field { $field } of action { $n } ({ $code }): { $what }
file-unknown-variant = { $found } is not known here.
    .near = { $found } is not known here. Is { $near } meant?
    .known = { $found } is not known here. What can stand here: { $known }.
file-unknown-field = There is no field { $found } here.
    .near = There is no field { $found } here. Is { $near } meant?
    .known = There is no field { $found } here. The fields are: { $known }.
file-missing-field = The field { $found } is missing.
file-duplicate-field = The field { $found } is there twice.
file-wrong-type = { $found ->
        [nothing] Nothing
        [list] A list
        [object] An object in braces
        [switch] true or false
        [number] A number
        *[text] A text
    }{ $has ->
        [yes] {" "}({ $value })
        *[no] {""}
    } stands where { $wanted ->
        [number] a whole number
        [switch] true or false
        [list] a list in brackets
        [text] a text in quotes
        [object] an object in braces
        [name] a name, or an object with one name,
        *[other] something else ({ $exactly })
    } is needed.
file-syntax = This is not JSON: { $detail }.
    .end = The text ends too early: a bracket, a brace or a quotation mark is not closed.
    .after = The scenario has ended, but the text goes on.
    .comma = A comma stands before the end of a list or an object.
    .key = A name of a field must stand in quotation marks.
    .value = A value is missing here, or is not written as JSON wants it.
    .sign = One of these signs is missing here: { $signs }
scenario-unknown-schema = The scenario is written in format { $found }, which this version does not read.
scenario-too-long = The scenario has { $bytes } bytes; { $limit } are the most.
replay = Action { $n } of the scenario cannot be done: { $why }
