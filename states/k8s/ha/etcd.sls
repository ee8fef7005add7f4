# A member of an external etcd.
{%- from "k8s/ha/files.jinja" import files with context %}
include:
  - k8s.ha.host
  - k8s.ha.etcd_certificates
{{ files("etcd") }}
