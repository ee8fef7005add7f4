# What kubeadm and the kubelet read.
{%- from "k8s/ha/files.jinja" import files with context %}
include:
  - k8s.ha.host
  - k8s.ha.load_balancer
{{ files("kubernetes") }}
