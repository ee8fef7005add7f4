# Says what is wrong, in one state. It stops nothing: each state of k8s_ha refuses by itself.
{%- if "k8s_ha.role" in salt %}
k8s_ha pillar:
  k8s_ha.validated
{%- if salt["k8s_ha.member"]() %}

k8s_ha release:
  k8s_ha.version_matches
{%- endif %}
{%- else %}
{#- A test run prints the name, a real one the comment. #}
{%- set missing = "saltext.k8s-ha is not installed on this minion, so nothing of k8s_ha is applied: run `salt-pip install saltext.k8s-ha`" %}
k8s_ha extension:
  test.fail_without_changes:
    - name: {{ missing | json }}
    - comment: {{ missing | json }}
{%- endif %}
