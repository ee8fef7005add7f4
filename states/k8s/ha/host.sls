# What every node needs: packages, kernel, time, container runtime.
{%- from "k8s/ha/files.jinja" import files with context %}
include:
  - k8s.ha.gate
{{ files("host") }}
