# A member of an external etcd.
{%- from "k8s/ha/files.jinja" import files with context %}
include:
  - k8s.ha.host
{%- if "k8s_ha.member" in salt and salt["k8s_ha.member"]() %}

k8s_ha etcd certificates:
  k8s_ha.etcd_certified
{%- endif %}
{{ files("etcd") }}
