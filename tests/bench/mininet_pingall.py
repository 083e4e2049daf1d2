"""Builds 30 hosts at one Linux bridge in Mininet, pings every pair, and prints the milliseconds that took."""
import sys
import time

sys.path.insert(0, "/usr/lib/python3/dist-packages")
from mininet.net import Mininet
from mininet.nodelib import LinuxBridge
from mininet.topo import SingleSwitchTopo

net = Mininet(SingleSwitchTopo(30), switch=LinuxBridge, controller=None)
net.start()
try:
    begin = time.monotonic()
    lost = net.pingAll(timeout="1")
    took = (time.monotonic() - begin) * 1000
finally:
    net.stop()
if lost > 0:
    sys.exit(1)
print(f"{took:.1f}")
