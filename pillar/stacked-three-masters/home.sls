# Three masters with stacked etcd at home. What the document says is written here as it says it; see README.md.
k8s_ha:
  cluster:
    name: home
    kubernetes_version: v1.36.4
    control_plane_endpoint: "api.home.arpa:8443"

  targets:
    survive: {node: 1}
    api_failover: 10s
    external: true

  # "It's a home setup": one building, one uplink, one power feed with a UPS.
  sites:
    home: {uplinks: [provider-a]}
  power_feeds:
    house: {site: home, ups: true}

  networks:
    lan:
      cidr: 10.20.0.0/24
      gateway: 10.20.0.1
      nameservers: [10.20.0.11, 10.20.0.12, 10.20.0.13]
      dhcp_ranges: [10.20.0.100-10.20.0.199]

  vips:
    api: {address: 10.20.0.5, network: lan, virtual_router_id: 61}
    web: {address: 10.20.0.6, network: lan, virtual_router_id: 62}

  load_balancer:
    type: haproxy-keepalived
    # master-1 is the default, and takes the address back when it returns.
    keepalived: {nopreempt: false}

  profiles:
    master:
      roles: [control_plane]
      os: rocky-9
      site: home
      power_feeds: [house]
      cpus: 4
      memory: 8GiB
      disks:
        root: {size: 60GiB, media: ssd}
        etcd: {size: 20GiB, media: ssd}
        longhorn: {size: 200GiB, media: ssd}
    worker:
      roles: [worker]
      os: rocky-9
      site: home
      power_feeds: [house]
      cpus: 4
      memory: 16GiB
      disks:
        root: {size: 100GiB, media: ssd}

  nodes:
    master-1: {profile: master, ip: 10.20.0.11}
    master-2: {profile: master, ip: 10.20.0.12}
    master-3: {profile: master, ip: 10.20.0.13}
    worker-1: {profile: worker, ip: 10.20.0.21}
    worker-2: {profile: worker, ip: 10.20.0.22}

  dns:
    dnsmasq: {nodes: [master-1, master-2, master-3], domain: home.arpa}
    upstreams: [192.0.2.53, 198.51.100.53]

  reverse_proxy:
    type: nginx
    nodes: [master-1, master-2, master-3]
    vip: web
    active_passive: true
    preferred: master-1
    fail2ban: true

  # "master-1 is responsible for SSL cert renewal using certbot"; certbot renews in the last 30 days.
  certs:
    manager: certbot
    nodes: [master-1]
    renew_before: 30d

  storage:
    longhorn:
      replicas: 2
      classes: {longhorn-three: 3}
      nodes: [master-1, master-2, master-3]

  apps:
    registry: {type: registry, replicas: 2, storage: longhorn}
    blocky: {type: blocky, replicas: 2, degraded_by: [blocky-postgres, blocky-redis]}
    blocky-postgres: {type: postgres, storage: longhorn}
    blocky-redis: {type: redis}

  # What the document itself names as what remains.
  acknowledge:
    - {code: NET-026, on: [home], because: "one internet link is enough for a home; services inside do not need it"}
    - {code: NET-027, on: [lan], because: "the router belongs to the provider of the only link and is lost with it"}
    - {code: PLACE-002, on: [certs], because: "certificates stay valid for weeks while master-1 is away"}
