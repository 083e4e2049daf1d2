### Words of the screen. One section for each part of it; add keys where they belong.

## Pages

app-name = podhop
page-learn = Learn
page-sandbox = Sandbox
page-compare = Compare
page-plan = Plan
page-present = Present

## Top bar

theme = Theme
    .light = Light
    .dark = Dark
    .system = As the system
language = Language
share = Share
help = Help
undo = Undo
redo = Redo
close = Close
dismiss = Dismiss

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
hop-of = Hop { $n } of { $all }
detail-decisions = Decisions only
detail-every = Every step
before-first-step = Before the first step
hops = Hops

## Builder

builder = Build
vnet = VNet
subnet = Subnet
node = Node
node-pool = Node pool
pod = Pod
vm = VM
cluster = Cluster
deployment = Deployment
route-table = Route table
name = Name
prefix = Prefix
add = Add
change = Change
delete = Delete
apply = Apply
from = From
to = To
send = Send
refused = Refused

## Inspector

inspector = Inspector
tab-routes = Routes
tab-nsg = NSG
tab-arp = ARP
tab-addresses = Addresses
tab-raw = Raw
why-this-row = Why this row?
source-of-rule = Source
command = Command
copy = Copy
copied = Copied
col-source = Source
col-state = State
col-prefix = Prefix
col-next-hop = Next hop
col-next-hop-type = Next hop type
col-next-hop-ip = Next hop IP
col-reason = Reason
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
unchanged = unchanged
changed = changed

## Packet

eth-src = Eth src
eth-dst = Eth dst
ip-src = IP src
ip-dst = IP dst
ip-ttl = TTL
ip-ident = ID
ip-length = Length
protocol = Protocol

## Address map

addresses-in = Addresses in { $subnet }
addresses-used = { $used } of { $all } addresses used
state-reserved = Reserved by Azure
    .network = Network address
    .gateway = Default gateway
    .dns = Azure DNS
    .broadcast = Broadcast address
state-node = Node
state-vm = VM
state-held-for-pods = Held for pods
state-held-in-batch = Held in a batch
state-assigned = Assigned to a pod
state-pending-release = Pending release
state-free = Free
since = since { $time }
owner = Owner

## Terminal

terminal = Terminal
terminal-input = Command line

## Node and pod states

phase-booting = Booting
phase-not-ready = NotReady
phase-ready = Ready
phase-cordoned = Cordoned
pod-pending-state = Pending
pod-creating-state = ContainerCreating
pod-running-state = Running
pod-failed-state = Sandbox failed

## Lab

lab-skip = To the lab
lab-tagline = Watch packets move through an AKS cluster
lab-left = Build
lab-stage = Lab
lab-drawing = The cluster. Arrow keys move from thing to thing, Enter opens its tables.
lab-ready = A ping is ready to leave. Press Step to follow it from decision to decision.
lab-space = space
lab-step-of = Step { $n } of { $all }
lab-scrub = Position
lab-slow = slow
lab-normal = normal
lab-fast = fast
lab-fields = What the packet carries
lab-no-packet = No packet yet.
lab-vnet = VNet { $name }
lab-subnet = Subnet { $name }
lab-node-ready = VM · node
lab-more-pods = more pods
lab-bridge = bridge
lab-stack = IP forwarding · node routes
lab-forwards = ip_forward 1 · TTL − 1
lab-forwards-not = ip_forward 0
lab-vfp = VFP · virtual switch port
lab-nsg = NSG: { $name }
lab-nsg-none = NSG: none
lab-fabric = Azure network (SDN)
lab-fabric-facts = no broadcast · proxy ARP · TTL unchanged
lab-routes = { $n ->
    [one] { $n } user-defined route
   *[other] { $n } user-defined routes
 }
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
lab-key-move = Move in the drawing
lab-key-pick = Open what has the focus
lab-key-theme = Light or dark
lab-key-help = This list
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
lab-more-rows = { $n } more rows
lab-tab-bridge = Bridge
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
lab-table-pods = Pods of { $name }
lab-table-scores = Nodes, as the scheduler weighed them
lab-table-host-local = Addresses that host-local walked
lab-table-blocks = Blocks of { $name }
lab-nsg-none-nic = No NSG at the NIC: everything may pass.
lab-nsg-none-subnet = No NSG at the subnet: everything may pass.
lab-col-number = No.
lab-col-original = First packet
lab-col-reply = Answer
lab-col-direction = Direction
lab-col-nic = NIC
lab-col-same = Same
lab-col-pods = Pods
lab-raw-code = Code
lab-raw-time = Virtual time
lab-raw-place = Place
lab-raw-frame = Frame
lab-raw-device = Interface index
