"""Hand-written files that each program accepts; the tests break them in one place at a time."""

KUBEADM_INIT = """\
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint: {advertiseAddress: 10.0.10.11, bindPort: 6443}
nodeRegistration: {name: cp1}
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: "@VERSION@"
clusterName: prod1
controlPlaneEndpoint: "api.prod1.lan:8443"
networking: {podSubnet: 10.244.0.0/16, serviceSubnet: 10.96.0.0/16}
apiServer:
  extraArgs: [{name: goaway-chance, value: "0.001"}]
"""

KUBEADM_JOIN = """\
apiVersion: kubeadm.k8s.io/v1beta4
kind: JoinConfiguration
discovery:
  file: {kubeConfigPath: /etc/kubernetes/discovery.conf}
nodeRegistration: {name: cp2}
controlPlane:
  localAPIEndpoint: {advertiseAddress: 10.0.10.12, bindPort: 6443}
"""

KUBEADM_JOIN_WITHOUT_DISCOVERY = """\
apiVersion: kubeadm.k8s.io/v1beta4
kind: JoinConfiguration
nodeRegistration: {name: cp2}
"""

KUBELET = """\
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
cgroupDriver: systemd
maxPods: 110
shutdownGracePeriod: 60s
shutdownGracePeriodCriticalPods: 20s
"""

KUBE_PROXY = """\
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
"""

HAPROXY = """\
global
    log /dev/log local0
    stats socket /run/haproxy/admin.sock mode 660 level admin
defaults
    mode tcp
    timeout connect 5s
    timeout client 10m
    timeout server 10m
frontend api
    bind *:8443
    default_backend api_servers
backend api_servers
    option httpchk
    http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host kubernetes
    http-check expect status 200
    default-server check check-ssl verify required ca-file /etc/haproxy/kubernetes-ca.crt
    server cp1 10.0.10.11:6443
"""

CHECK_SCRIPT_PATH = "/usr/libexec/keepalived/check-api"

CHECK_SCRIPT = """\
#!/bin/sh
exec curl -sf --max-time 1 -o /dev/null https://127.0.0.1:8443/readyz
"""

# An interface and a script user that no machine has: both are the node's.
KEEPALIVED = f"""\
global_defs {{
    router_id cp1
    enable_script_security
    script_user keepalived_script
}}
vrrp_script api {{
    script "{CHECK_SCRIPT_PATH}"
    interval 2
    timeout 1
    fall 3
    rise 2
}}
vrrp_instance API {{
    state BACKUP
    interface eth7
    virtual_router_id 61
    priority 150
    advert_int 1
    nopreempt
    unicast_src_ip 10.0.10.11
    unicast_peer {{
        10.0.10.12
        10.0.10.13
    }}
    virtual_ipaddress {{
        10.0.10.5/24 dev eth7
    }}
    track_script {{
        api
    }}
}}
"""

CONTAINERD_VERSION_2 = """\
version = 2

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "registry.k8s.io/pause:3.10.2"

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  SystemdCgroup = true
"""

CONTAINERD_VERSION_3 = """\
version = 3
imports = ["/etc/containerd/conf.d/*.toml"]

[plugins."io.containerd.cri.v1.images".pinned_images]
  sandbox = "registry.k8s.io/pause:3.10.2"

[plugins."io.containerd.cri.v1.images".registry]
  config_path = "/etc/containerd/certs.d"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
  SystemdCgroup = true
"""

CHRONY = """\
server 10.0.10.1 iburst
driftfile /var/lib/chrony/drift
makestep 1.0 3
rtcsync
confdir /etc/chrony/sources.d
"""

SOURCES = "server 10.0.10.2 iburst\n"

NFTABLES = """\
table inet k8s_ha
delete table inet k8s_ha
table inet k8s_ha {
    chain input {
        type filter hook input priority filter; policy accept;
        ip saddr 10.0.10.0/24 tcp dport { 2379-2380, 6443 } accept
    }
}
"""

ETCD_UNIT = """\
[Unit]
Description=etcd
Wants=network-online.target
After=network-online.target time-sync.target

[Service]
Type=notify
User=etcd
ExecStartPre=/usr/libexec/k8s-ha/etcd-guard
ExecStart=/usr/local/bin/etcd --config-file /etc/etcd/etcd.conf.yml
Restart=always
RestartSec=10s
LimitNOFILE=40000

[Install]
WantedBy=multi-user.target
"""

DROP_IN = """\
[Service]
Restart=always
RestartSec=1
"""

ETCD = """\
name: etcd1
data-dir: /var/lib/etcd
snapshot-count: 10000
heartbeat-interval: 100
election-timeout: 1000
listen-peer-urls: https://10.0.10.21:2380
listen-client-urls: https://10.0.10.21:2379,https://127.0.0.1:2379
listen-metrics-urls: http://127.0.0.1:2381
initial-advertise-peer-urls: https://10.0.10.21:2380
advertise-client-urls: https://10.0.10.21:2379
initial-cluster: etcd1=https://10.0.10.21:2380,etcd2=https://10.0.10.22:2380,etcd3=https://10.0.10.23:2380
initial-cluster-token: prod1-9f3c
initial-cluster-state: existing
strict-reconfig-check: true
auto-compaction-mode: periodic
auto-compaction-retention: "8h"
client-transport-security:
  cert-file: /etc/etcd/pki/server.crt
  key-file: /etc/etcd/pki/server.key
  client-cert-auth: true
  trusted-ca-file: /etc/etcd/pki/ca.crt
peer-transport-security:
  cert-file: /etc/etcd/pki/peer.crt
  key-file: /etc/etcd/pki/peer.key
  client-cert-auth: true
  trusted-ca-file: /etc/etcd/pki/ca.crt
feature-gates: InitialCorruptCheck=true,CompactHashCheck=true
log-outputs: [stderr]
"""
