# kubeadm on virtual machines of three Proxmox VE hosts: the control plane in one machine of each host, the workload in another.
k8s_ha:
  cluster:
    name: lab
    kubernetes_version: v1.36.4
    control_plane_endpoint: "api.lab.internal:8443"

  targets:
    survive: {node: 1, hypervisor: 1}
    api_failover: 10s
    recovery_time: 10m
    recovery_point: 1h

  networks:
    lab: {cidr: 10.40.0.0/24, gateway: 10.40.0.1, nameservers: [10.40.0.2, 10.40.0.3]}
  vips:
    api: {address: 10.40.0.5, network: lab, virtual_router_id: 71}

  hypervisors:
    pve1: {cpus: 32, memory: 128GiB, reserved_memory: 8GiB, cpu_level: x86-64-v3}
    pve2: {cpus: 32, memory: 128GiB, reserved_memory: 8GiB, cpu_level: x86-64-v3}
    pve3: {cpus: 32, memory: 128GiB, reserved_memory: 8GiB, cpu_level: x86-64-v3}

  proxmox:
    connection:
      urls: ["https://10.40.0.101:8006", "https://10.40.0.102:8006", "https://10.40.0.103:8006"]
      user: salt@pve
      token: "sdb://k8s_ha/proxmox-token"
      # /etc/pve/pve-root-ca.pem of the hypervisors
      ca: |
        -----BEGIN CERTIFICATE-----
        MIIBoDCCAUegAwIBAgIUYA6KhAuJmBQoxTlVjp3CYwiF9JowCgYIKoZIzj0EAwIw
        JjEkMCIGA1UEAwwbUHJveG1veCBWaXJ0dWFsIEVudmlyb25tZW50MB4XDTI2MTEy
        NzE0MzgyNFoXDTM2MTEyNDE0MzgyNFowJjEkMCIGA1UEAwwbUHJveG1veCBWaXJ0
        dWFsIEVudmlyb25tZW50MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEFWmeFqgU
        s1MR2KGXuiF1Yu8oa2ajN8HMbxmmF2Rmt23a6Ct84lz/q/btc3u/Ke460UdKzdyE
        SWZw2GbRzBbb1qNTMFEwHQYDVR0OBBYEFHuMgjWpRUx/gQ9wm6reTFeo5r8tMB8G
        A1UdIwQYMBaAFHuMgjWpRUx/gQ9wm6reTFeo5r8tMA8GA1UdEwEB/wQFMAMBAf8w
        CgYIKoZIzj0EAwIDRwAwRAIgNqGMCZMpWuFRp55xbTQKDTclOrWMKHAprqmzerab
        QHMCIERnADqZGqhKwEse8jfrqgS31U42wXUC/KLEHs6BhU1K
        -----END CERTIFICATE-----
    vm:
      storage: local-lvm
      bridge: vmbr0
      image: "local:import/centos-stream-10.qcow2"
      cloud_init:
        user: cloud
        ssh_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA admin"]
        salt_masters: [10.40.0.2, 10.40.0.3]
        search_domain: lab.internal
        snippet_storage: local

  profiles:
    # "etcd: 3 or 5 nodes, 8 GB RAM and 20 GB"
    master:
      roles: [control_plane]
      os: centos-stream-10
      cpus: 4
      memory: 8GiB
      disks: {root: {size: 60GiB, media: ssd}, etcd: {size: 20GiB, media: ssd}}
    app:
      roles: [worker]
      os: centos-stream-10
      cpus: 16
      memory: 64GiB
      disks: {root: {size: 200GiB, media: ssd}}

  nodes:
    master1: {profile: master, ip: 10.40.0.11, hypervisor: pve1, minion: master1.lab.internal, vm: {vmid: 4011}}
    master2: {profile: master, ip: 10.40.0.12, hypervisor: pve2, minion: master2.lab.internal, vm: {vmid: 4012}}
    master3: {profile: master, ip: 10.40.0.13, hypervisor: pve3, minion: master3.lab.internal, vm: {vmid: 4013}}
    app1: {profile: app, ip: 10.40.0.21, hypervisor: pve1, minion: app1.lab.internal, vm: {vmid: 4021}}
    app2: {profile: app, ip: 10.40.0.22, hypervisor: pve2, minion: app2.lab.internal, vm: {vmid: 4022}}
    app3: {profile: app, ip: 10.40.0.23, hypervisor: pve3, minion: app3.lab.internal, vm: {vmid: 4023}}

  # "Application workload runs in a VM on each host." The document has one instance of the cloud controller manager.
  apps:
    workload: {replicas: 3, spread: required}
    cloud-controller: {type: cloud-controller-manager, replicas: 1}

  # "The installation is secure."
  security:
    encryption_at_rest: {provider: secretbox, encryption_key: "sdb://k8s_ha/encryption-key"}
  # "The deployment is managed with a repeatable and recorded process": a change by hand is reverted.
  drift: enforce

  # The programs are our choice: the document asks for logging and monitoring and names none.
  observability: {metrics: prometheus, dashboards: grafana, logging: loki, contacts: [operations]}
  # "Updates and configuration changes can be safely applied."
  upgrades: {max_interval: 180d, workers_max_unavailable: 1}
  # "A recovery process is available, documented, and tested."
  dr:
    destinations:
      second-room: {type: nfs, url: "nfs://10.50.0.9/backups", off_site: false, encrypted: true}
    backups:
      etcd: {of: etcd, method: snapshot, interval: 1h, to: [second-room]}
    scenarios:
      one-host: {lose: [pve1], keeps: [api, workload]}
