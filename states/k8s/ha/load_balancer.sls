# The way to the API: HAProxy, keepalived, kube-vip. Empty where somebody else balances.
{%- from "k8s/ha/files.jinja" import files with context %}
include:
  - k8s.ha.host
{{ files("load_balancer") }}
