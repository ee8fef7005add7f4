# Keeps etcd small and writable, stacked or external: apply it by a schedule. With nothing to do only the own member is asked.
{%- if "k8s_ha.member" in salt and salt["k8s_ha.member"]() %}
k8s_ha etcd maintenance:
  k8s_ha.etcd_maintained
{%- endif %}
