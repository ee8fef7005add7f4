# The way to the API: HAProxy, keepalived, kube-vip. Empty where somebody else balances.
{%- from "k8s/ha/files.jinja" import files with context %}
include:
  - k8s.ha.host
{%- if "k8s_ha.member" in salt and salt["k8s_ha.member"]() %}

k8s_ha authorities:
  k8s_ha.authorities_trusted
{%- endif %}
{{ files("load_balancer") }}
