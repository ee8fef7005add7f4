# A node of the control plane.
include:
  - k8s.ha.kubernetes
  - k8s.ha.etcd_certificates
