# MicroK8s on three machines of which each is another: a workstation, somebody's computer, a Raspberry Pi.
k8s_ha:
  cluster:
    name: cheap
    distribution: microk8s
    kubernetes_version: v1.36.4

  # "If one machine fails, the cluster should persist."
  targets:
    survive: {node: 1}
    recovery_point: 24h

  networks:
    lan: {cidr: 10.30.0.0/24, gateway: 10.30.0.1}

  nodes:
    big-boi:
      roles: [control_plane, worker]
      ip: 10.30.0.11
      os: ubuntu-24
      disks: {root: {size: 120GB, media: ssd}, array: {size: 180GB, media: ssd}}
    tells-computer:
      roles: [control_plane, worker]
      ip: 10.30.0.12
      os: ubuntu-24
      disks: {root: {size: 120GB, media: ssd}}
    raspberry-pi:
      roles: [control_plane, worker]
      ip: 10.30.0.13
      os: ubuntu-24
      disks: {root: {size: 64GB, media: sd}}

  # MicroK8s brings its own runtime, proxy and settings in its snap.
  manage: {repositories: false, kernel: false, containerd: false, load_balancer: false, hosts: false}

  microk8s:
    channel: 1.36/stable
    addons: [dns, ha-cluster, hostpath-storage]

  storage:
    raid:
      # "At the cost of only one drive's worth of space": that would leave two drives of three; level 1E leaves half of all.
      array: {node: big-boi, level: 1E, disks: 3, disk_size: 120GB, usable_size: 120GB}

  apps:
    postgres: {type: postgres, storage: array, node: big-boi}
    site: {requires: [postgres]}

  dr:
    destinations:
      bucket: {type: s3, url: "s3://cheap-backups", off_site: true, secret_key: "sdb://k8s_ha/bucket-key"}
    backups:
      array: {of: array, method: snapshot, interval: 24h, to: [bucket]}
    scenarios:
      other-computer: {lose: [tells-computer], keeps: [api, postgres, site]}
      big-boi:
        lose: [big-boi]
        keeps: [api]
        stops: [postgres, site]
        steps:
          - download the most recent snapshot
          - put it on a machine that is left
          - mount it as the storage of the cluster and start the site
          - repair big-boi
          - let big-boi join again and move the storage back to its array

  # "It will make the site dysfunctional either way."
  acknowledge:
    - {code: PLACE-002, on: [array], because: "storage on another host would only move the single point of failure"}
