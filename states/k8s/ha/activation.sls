# Services run with what is on the disk. After all files, in one state, so that nothing is taken away twice.
{%- if "k8s_ha.member" in salt and salt["k8s_ha.member"]() %}
k8s_ha services:
  k8s_ha.activated

k8s_ha next:
  k8s_ha.next_step
{%- endif %}
