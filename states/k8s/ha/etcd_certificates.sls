# What hosts of an external etcd, and API servers as its clients, show each other.
include:
  - k8s.ha.host
{%- if "k8s_ha.member" in salt and salt["k8s_ha.member"]() %}

k8s_ha etcd certificates:
  k8s_ha.etcd_certified
{%- endif %}
