//! What iptables is asked to change, and what it lists then.

/// Commands of one namespace, apart by semicolons.
pub(super) const RULES: &[&str] = &[
    "iptables -A FORWARD -s 10.1.2.3 -p tcp --dport 80 -j DROP; iptables -S; iptables -nL; iptables -L FORWARD; iptables -vnL FORWARD --line-numbers; iptables-save -t filter",
    "iptables -A FORWARD ! -s 10.0.0.0/8 ! -d 10.1.0.0/255.255.0.0 -i cbr0 ! -o eth0 -m comment --comment hello -j REJECT; iptables -S; iptables -L FORWARD; iptables -nvL FORWARD",
    "iptables -A INPUT -p tcp -m tcp --dport 90 --sport 80 -m comment --comment 'a \"b\" c' -j REJECT --reject-with icmp-host-unreachable; iptables -S INPUT; iptables -L INPUT; iptables -nL INPUT",
    "iptables -A INPUT -p icmp --icmp-type echo-request -j REJECT --reject-with admin-prohib; iptables -A INPUT -p icmp --icmp-type 5; iptables -S INPUT; iptables -L INPUT; iptables -vnL INPUT",
    "iptables -A FORWARD -m conntrack --ctstate established,RELATED,NEW -j ACCEPT; iptables -A FORWARD -m state --state INVALID -j DROP; iptables -S; iptables -nL FORWARD; iptables -vL FORWARD",
    "iptables -A INPUT -m addrtype --dst-type LOCAL -j RETURN; iptables -A INPUT -m addrtype ! --dst-type LOCAL; iptables -S INPUT; iptables -nL INPUT; iptables -vL INPUT; iptables -vS INPUT",
    "iptables -t nat -I POSTROUTING 1 -d 10.9.0.0/16 -j RETURN; iptables -t nat -I IP-MASQ-AGENT 2 -d 10.9.0.0/16 -j RETURN; iptables -t nat -S; iptables -t nat -vnxL; iptables-save -c -t nat",
    "iptables -t nat -D IP-MASQ-AGENT 1; iptables -t nat -D IP-MASQ-AGENT 1; iptables -t nat -S; iptables -t nat -vnxL; iptables -t nat -Z; iptables -t nat -vnxL",
    "iptables -t nat -A POSTROUTING -s 10.0.0.0/8 -o eth+ -j SNAT --to-source 10.0.0.4; iptables -t nat -A PREROUTING -p tcp --dport http -j DNAT --to-destination 10.1.1.1:8080; iptables -t nat -A OUTPUT -j DNAT --to-destination 10.1.1.1; iptables -t nat -A POSTROUTING -j MASQUERADE --random-fully; iptables -t nat -S; iptables -t nat -nL; iptables -t nat -vL",
    "iptables -P FORWARD DROP; iptables -P INPUT DROP; iptables -P INPUT ACCEPT; iptables -S; iptables -L; iptables -vL FORWARD; iptables-save -t filter",
    "iptables -N FOO; iptables -A FORWARD -j FOO; iptables -A FOO -s 10.0.0.1 -j ACCEPT; iptables -A FOO -j DROP; iptables -S; iptables -nL; iptables -X FOO; iptables -D FORWARD -j FOO; iptables -X FOO; iptables -F FOO; iptables -X FOO; iptables -S",
    "iptables -N FOO; iptables -N FOO; iptables -N INPUT; iptables -X; iptables -S; iptables -X NOPE; iptables -F NOPE; iptables -Z NOPE; iptables -F; iptables -X",
    "iptables -A INPUT -s 10.0.0.1 -j DROP; iptables -A INPUT -s 10.0.0.2 -j DROP; iptables -I INPUT -s 10.0.0.3 -j DROP; iptables -I INPUT 2 -s 10.0.0.4 -j DROP; iptables -R INPUT 1 -s 10.0.0.5 -j ACCEPT; iptables -S INPUT; iptables -S INPUT 2; iptables -nL INPUT 2; iptables -C INPUT -s 10.0.0.4 -j DROP; iptables -D INPUT -s 10.0.0.4 -j DROP; iptables -C INPUT -s 10.0.0.4 -j DROP; iptables -D INPUT 2; iptables -S INPUT; iptables -F INPUT; iptables -S INPUT",
    "iptables -A INPUT -j DROP; iptables -F INPUT; iptables -D INPUT 5; iptables -D NOPE 5; iptables -D NOPE -j DROP; iptables -D INPUT -j DROP; iptables -D INPUT; iptables -I INPUT 5 -j DROP; iptables -R INPUT 3 -j DROP; iptables -I INPUT 0 -j DROP; iptables -D INPUT x; iptables -R INPUT; iptables -D INPUT 1 -j DROP",
    "iptables -A NOPE -j ACCEPT; iptables -A INPUT -j NOPE; iptables -A INPUT -j FORWARD; iptables -A INPUT -j MASQUERADE; iptables -I INPUT -j SNAT --to-source 1.2.3.4",
    "iptables -t nat -A PREROUTING -j MASQUERADE; iptables -t nat -I POSTROUTING -j DNAT --to-destination 1.2.3.4; iptables -t nat -A PREROUTING -j SNAT --to-source 1.2.3.4; iptables -t nat -A PREROUTING -j REJECT; iptables -t nat -A PREROUTING -j DROP; iptables -t nat -P PREROUTING DROP; iptables -t nat -N N; iptables -t nat -A N -j MASQUERADE; iptables -t nat -A OUTPUT -j N; iptables -t nat -A INPUT -j SNAT --to-source 1.2.3.4; iptables -t nat -S",
    "iptables -N A; iptables -N B; iptables -A A -j B; iptables -A B -j A; iptables -A INPUT -j A; iptables -D B 1; iptables -A INPUT -j A; iptables -A B -j A; iptables -S",
    "iptables -P NOPE DROP; iptables -P INPUT FOO; iptables -P INPUT; iptables -N A; iptables -P A DROP; iptables -N",
    "iptables -N 'a b'; iptables -N -foo; iptables -N '!foo'; iptables -N ACCEPT; iptables -N aaaaaaaaaaaaaaaaaaaaaaaaaaaaa; iptables -N aaaaaaaaaaaaaaaaaaaaaaaaaaaa; iptables -S",
    "iptables; iptables -t nat; iptables -t nosuch -S; iptables -A; iptables foo; iptables -A INPUT foo; iptables -A INPUT -A OUTPUT; iptables -L INPUT -A OUTPUT; iptables -F INPUT -j DROP; iptables -N FOO -j DROP; iptables -nL -p tcp; iptables -L --dport 80; iptables --foo",
    "iptables -A INPUT --dport 80 -j DROP; iptables -A INPUT -p icmp --dport 80 -j DROP; iptables -A INPUT -p tcp --dport; iptables -A INPUT -p tcp --dport 99999 -j DROP; iptables -A INPUT -p foo -j DROP; iptables -A INPUT -s foo -j DROP; iptables -A INPUT -s 1.2.3.4/40 -j DROP; iptables -A INPUT -p tcp --dport 80 --dport 81 -j DROP; iptables -A INPUT -s 1.2.3.4 -s 1.2.3.5 -j DROP; iptables -A INPUT -j DROP -j ACCEPT; iptables -A INPUT -p icmp --icmp-type foo",
    "iptables -A INPUT -o eth0 -j DROP; iptables -A OUTPUT -i eth0 -j DROP; iptables -t nat -A POSTROUTING -i eth0 -j ACCEPT; iptables -t nat -A PREROUTING -o eth0 -j ACCEPT; iptables -A INPUT -i toolonginterfacename -j DROP; iptables -A INPUT ! -j DROP; iptables -A INPUT -m nosuch -j ACCEPT; iptables -A INPUT -m conntrack --ctstate FOO -j ACCEPT; iptables -A INPUT -m addrtype --dst-type FOO -j DROP; iptables -A INPUT -j REJECT --reject-with foo",
    "iptables -A INPUT -m comment -j ACCEPT; iptables -A INPUT -m addrtype -j ACCEPT; iptables -A INPUT -m conntrack -j ACCEPT; iptables -A INPUT -m state -j ACCEPT; iptables -t nat -A POSTROUTING -j SNAT; iptables -t nat -A PREROUTING -j DNAT; iptables -t nat -A POSTROUTING -j SNAT --to-source foo; iptables -t nat -A PREROUTING -j DNAT --to-destination 1.2.3.4:80; iptables -t nat -A PREROUTING -p tcp -j DNAT --to-destination 1.2.3.4:99999",
    "iptables -A INPUT -s 10.1 -j DROP; iptables -A INPUT -p all -s 0/0 -j ACCEPT; iptables -A INPUT -s 1.2.3.4; iptables -A INPUT; iptables -w -A INPUT -p 6 -j DROP; iptables -w 5 -A INPUT -p UDP -j DROP; iptables --wait=5 -A INPUT -j DROP; iptables --append INPUT --source 1.2.3.4 --protocol tcp --destination-port 22 --jump DROP; iptables -S; iptables -L INPUT",
    "iptables --version; iptables -V",
];

/// Every command with both of its outputs on one, so that they stay in their order.
pub(super) fn lines() -> Vec<String> {
    let joined = |line: &&str| line.split("; ").map(|c| format!("{c} 2>&1")).collect::<Vec<_>>().join("; ");
    RULES.iter().map(joined).collect()
}
