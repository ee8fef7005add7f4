# Five hosts on the internet, each at another provider, without a layer 2 segment that two of them share.
k8s_ha:
  cluster:
    name: bolabaden
    kubernetes_version: v1.36.4
    control_plane_endpoint: "api.bolabaden.internal:8443"

  # "Zero single points of failure"; "zero data loss in all failover scenarios".
  targets:
    survive: {node: 1, site: 1}
    api_failover: 10s
    recovery_point: 0s

  networks:
    provider-a: {cidr: 192.0.2.0/26, gateway: 192.0.2.1, public: true}
    provider-b: {cidr: 192.0.2.64/26, gateway: 192.0.2.65, public: true}
    provider-c: {cidr: 198.51.100.0/26, gateway: 198.51.100.1, public: true}
    provider-d: {cidr: 198.51.100.64/26, gateway: 198.51.100.65, public: true}
    provider-e: {cidr: 203.0.113.0/26, gateway: 203.0.113.1, public: true}

  # An address that keepalived moves needs a segment that all of its holders share; here HAProxy runs on every node instead.
  load_balancer: {type: local}

  profiles:
    # "Primary control plane node"; the API servers are equal, so the first is no more primary than the others.
    control:
      roles: [control_plane]
      os: alma-9
      cpus: 4
      memory: 16GiB
      disks: {root: {size: 100GiB, media: ssd}, etcd: {size: 20GiB, media: ssd}}
    # "Worker + backup control plane".
    both:
      roles: [control_plane, worker]
      os: alma-9
      cpus: 8
      memory: 32GiB
      disks: {root: {size: 100GiB, media: ssd}, etcd: {size: 20GiB, media: ssd}, longhorn: {size: 200GiB, media: ssd}}
    worker:
      roles: [worker]
      os: alma-9
      cpus: 8
      memory: 32GiB
      disks: {root: {size: 100GiB, media: ssd}, longhorn: {size: 200GiB, media: ssd}}

  nodes:
    micklethefickle: {profile: control, ip: 192.0.2.11, site: provider-a, minion: micklethefickle.bolabaden.org}
    cloudserver1: {profile: both, ip: 192.0.2.75, site: provider-b, minion: cloudserver1.bolabaden.org}
    cloudserver2: {profile: both, ip: 198.51.100.11, site: provider-c, minion: cloudserver2.bolabaden.org}
    cloudserver3: {profile: worker, ip: 198.51.100.75, site: provider-d, minion: cloudserver3.bolabaden.org}
    blackboar: {profile: worker, ip: 203.0.113.11, site: provider-e, minion: blackboar.bolabaden.org}

  network:
    # BGP hands out the routes. The document forgets that the pods of these hosts talk through the internet: encrypted here.
    cni: {type: calico, bgp: true, encapsulation: wireguard}

  dns:
    coredns: {replicas: 3, spread: required}

  storage:
    longhorn: {replicas: 3, nodes: [cloudserver1, cloudserver2, cloudserver3, blackboar]}
  ingress: {controller: traefik, replicas: 3, spread: required}
  mesh: {type: linkerd, replicas: 3}
  observability: {metrics: prometheus, dashboards: grafana}

  apps:
    # "All services": each of them is to look like this.
    services: {replicas: 3, spread: required, min_available: 2, probes: true, limits: true, storage: longhorn}

  # "Failover testing scenarios", with what each is expected to do.
  dr:
    scenarios:
      control-plane-node: {lose: [micklethefickle], keeps: [api, services]}
      worker-node: {lose: [blackboar], keeps: [api, services]}
      several-workers: {lose: [cloudserver1, cloudserver2], keeps: [api, services]}
      storage-node: {lose: [cloudserver3], keeps: [storage]}
      several-storage-nodes: {lose: [cloudserver3, blackboar], keeps: [storage]}
