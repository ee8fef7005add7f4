"""HAProxy and keepalived set up as kubeadm's page on highly available clusters shows it, to be measured beside ours.

The values are that page's: the check runs every 3 s and must fail 10 times, a failure lowers the priority by 2, HAProxy
waits 10 s for an answer to its check. The units are as Debian ships them.
"""

from __future__ import annotations

from lab import pillar as pillars
from lab.machine import Machine

_UNITS = ("haproxy", "keepalived")
_PORT = 8443
_CHECK = "/etc/keepalived/check_apiserver.sh"

_HAPROXY = """\
global
    log stdout format raw daemon
    daemon

defaults
    mode tcp
    log global
    option dontlognull
    option redispatch
    retries 1
    timeout connect 5s
    timeout client 35s
    timeout server 35s
    timeout check 10s

frontend apiserver
    bind *:{port}
    default_backend apiserverbackend

backend apiserverbackend
    option httpchk
    http-check connect ssl
    http-check send meth GET uri /healthz
    http-check expect status 200
    balance roundrobin
{servers}
"""

_KEEPALIVED = """\
global_defs {{
    router_id LAB
    enable_script_security
    script_user root
}}

vrrp_script check_apiserver {{
    script "{check}"
    interval 3
    weight -2
    fall 10
    rise 2
}}

vrrp_instance VI_1 {{
    state {state}
    interface eth0
    virtual_router_id 51
    priority {priority}
    authentication {{
        auth_type PASS
        auth_pass 42
    }}
    virtual_ipaddress {{
        {vip}
    }}
    track_script {{
        check_apiserver
    }}
}}
"""

_SCRIPT = f"""\
#!/bin/sh
curl -sfk --max-time 2 -o /dev/null https://localhost:{_PORT}/healthz
"""


def put(machines: dict[str, Machine]) -> None:
    """Replace our balancer on these control-plane nodes by the sample's, and its units by Debian's."""
    servers = "\n".join(
        f"    server {name} {address}:6443 check verify none"
        for name, address in pillars.CONTROL_PLANE.items()
    )
    for machine in machines.values():
        machine.must(["systemctl", "disable", "--now", "k8s-ha-watchdog"])
        for unit in _UNITS:
            machine.must(["rm", "-rf", f"/etc/systemd/system/{unit}.service.d"])
        machine.write_file("/etc/haproxy/haproxy.cfg", _HAPROXY.format(port=_PORT, servers=servers))
        machine.write_file(_CHECK, _SCRIPT, 0o755)
    for place, machine in enumerate(machines.values()):
        state, priority = ("MASTER", 101) if place == 0 else ("BACKUP", 100)
        configuration = _KEEPALIVED.format(check=_CHECK, state=state, priority=priority, vip=pillars.VIP)
        machine.write_file("/etc/keepalived/keepalived.conf", configuration)
        machine.must(["systemctl", "daemon-reload"])
        machine.must(["systemctl", "restart", *_UNITS])
