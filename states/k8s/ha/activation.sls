# Services run with what is on the disk, after all files and in one state, so that nothing is taken away twice. Then this
# host becomes a member of its cluster.
{%- if "k8s_ha.member" in salt and salt["k8s_ha.member"]() %}
{%- set roles = salt["k8s_ha.role"]() %}
k8s_ha services:
  k8s_ha.activated

{%- if "etcd" in roles %}
k8s_ha etcd member:
  k8s_ha.etcd_joined:
    - require:
      - k8s_ha: k8s_ha services
{%- endif %}

k8s_ha images:
  k8s_ha.images_present:
    - require:
      - k8s_ha: k8s_ha services

k8s_ha membership:
  k8s_ha.joined:
    - require:
      - k8s_ha: k8s_ha images
{%- if "etcd" in roles %}
      - k8s_ha: k8s_ha etcd member
{%- endif %}

{%- if "control_plane" in roles %}
k8s_ha permissions of workers:
  k8s_ha.workers_permitted:
    - require:
      - k8s_ha: k8s_ha membership
{%- elif "worker" in roles or roles == ["load_balancer"] %}
k8s_ha gate certificate:
  k8s_ha.gate_certified:
    - require:
      - k8s_ha: k8s_ha membership
{%- endif %}

k8s_ha pod network:
  k8s_ha.pod_network_applied:
    - require:
      - k8s_ha: k8s_ha membership

# After the pod network by their order alone: that one needs the API server of this host, and these mend it.
k8s_ha etcd:
  k8s_ha.etcd_protected:
    - require:
      - k8s_ha: k8s_ha membership

# A change of the pillar on a node that is a member already. Certificates require nothing: whatever else has failed, they
# must not end. What reads renewed kubeconfigs only at its start comes after them.
k8s_ha certificates:
  k8s_ha.certificates_current

k8s_ha control plane:
  k8s_ha.control_plane_current:
    - require:
      - k8s_ha: k8s_ha etcd
      - k8s_ha: k8s_ha certificates

k8s_ha kubelet:
  k8s_ha.kubelet_current:
    - require:
      - k8s_ha: k8s_ha control plane
{%- endif %}
