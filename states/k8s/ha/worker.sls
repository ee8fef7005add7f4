# A node that runs workloads.
include:
  - k8s.ha.kubernetes
