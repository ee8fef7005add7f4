# What every node needs: packages, kernel, time, container runtime.
{%- from "k8s/ha/files.jinja" import files with context %}
include:
  - k8s.ha.gate
{{ files("repositories") }}
{%- if "k8s_ha.member" in salt and salt["k8s_ha.member"]() %}
k8s_ha packages:
  k8s_ha.packages_installed
{%- endif %}
{{ files("host") }}
