"""A directory that the product treats as the system it runs on."""

from saltext.k8s_ha.utils.host import Host


class LiveHost(Host):
    """A directory that is treated as the running system."""

    is_live = True  # type: ignore[assignment]
