# A node of a highly available Kubernetes cluster: the files of its roles in the pillar `k8s_ha`, then its services.
include:
  - k8s.ha.gate
{%- if "k8s_ha.role" in salt %}
{%- for role in salt["k8s_ha.role"]() %}
  - k8s.ha.{{ role }}
{%- endfor %}
{%- endif %}
  - k8s.ha.activation
