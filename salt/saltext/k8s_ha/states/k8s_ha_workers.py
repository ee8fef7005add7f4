"""Let workers and hosts of the load balancer ask the gate: what they show to the API, and what they may do there.

These states belong to ``k8s_ha``; see there.
"""

from __future__ import annotations

from saltext.k8s_ha.utils import gate
from saltext.k8s_ha.utils.answer import Answer
from saltext.k8s_ha.utils.loaded import loaded
from saltext.k8s_ha.utils.minion import Minion

__virtualname__ = "k8s_ha"

_NOT_NEEDED = "Only workers, and hosts of the load balancer alone, need a certificate for the API."


def __virtual__() -> str | tuple[bool, str]:
    return loaded(__virtualname__)


def gate_certified(name: str) -> Answer:
    """Bring a host's certificate for the API, by which it asks the gate: its key is made here, the master signs.

    Workers have one, and hosts that run the load balancer alone. It stands in ``/etc/kubernetes/k8s-ha.kubeconfig``,
    and holds the slot in which the host is disturbed; to a worker it shows nodes, disruption budgets and pods, to a
    balancer nodes alone. It is renewed when less than a third of its life is left, and nothing is
    restarted for it. The comment says when it ends. Other nodes need none.

    name
        Anything; it identifies the state.

    .. code-block:: yaml

        this host may ask the gate:
          k8s_ha.gate_certified
    """
    minion = Minion.of(globals())

    def certify(member: gate.Member) -> Answer:
        from saltext.k8s_ha.utils.gate_certificate import GateCertificate, needed

        host = minion.host()
        if not needed(member):
            return {"result": True, "changes": {}, "comment": _NOT_NEEDED}
        if not host.is_live and not minion.has_master():
            return {"result": True, "changes": {}, "comment": "There is no master to ask."}
        return GateCertificate(member, host, minion.master(member)).apply(test=minion.test)

    return minion.do(name, certify)


def workers_permitted(name: str) -> Answer:
    """Apply what workers and hosts of the load balancer may do by the API: roles, bindings, and what is their own.

    Every control-plane node applies them by server-side apply, so that it needs none of them in particular.

    name
        Anything; it identifies the state.

    .. code-block:: yaml

        workers may ask the gate:
          k8s_ha.workers_permitted
    """
    minion = Minion.of(globals())

    def permit(member: gate.Member) -> Answer:
        from saltext.k8s_ha.utils.worker_permissions import WorkerPermissions

        return WorkerPermissions(member, minion.host()).apply(test=minion.test)

    return minion.do(name, permit)
