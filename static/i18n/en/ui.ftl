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
