"""etcd on this host: what is there of it, and its unit, by systemd."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saltext.k8s_ha.utils import bounded
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.identity import OF_EXTERNAL_MEMBER
from saltext.k8s_ha.utils.record import write_durably
from saltext.k8s_ha.utils.removal import remove

UNIT = "etcd.service"
CONFIGURATION = "/etc/etcd/etcd.conf.yaml"

# On the root disk, apart from etcd's data: that this host is a member.
MARK = "/etc/etcd/joined"

# Gone with the next boot, as they must be: they let a member start without its data.
FIRST_CONFIGURATION = "/run/k8s-ha/etcd-first-start.yaml"
FIRST_START = f"/run/systemd/system/{UNIT}.d/50-k8s-ha-first-start.conf"

# As its unit has it: a member is ready when it has caught up.
_START_SECONDS = 300
_CALL_SECONDS = 60

_FIRST_START = f"""\
# The first start of this member, made by Salt: without data, and with the members that there are now.
[Unit]
AssertPathExistsGlob=
[Service]
ExecStart=
ExecStart=etcd --config-file={FIRST_CONFIGURATION}
"""


@dataclass(frozen=True)
class EtcdHost:
    """A host of etcd. ``modules`` is Salt's ``__salt__``, ``data`` the directory of etcd's data."""

    host: Host
    modules: Mapping[str, Callable[..., Any]]
    data: str

    def marker(self) -> dict[str, Any] | None:
        """What this host wrote of itself; None where it has written nothing. Raises HostError for half of it."""
        return OF_EXTERNAL_MEMBER.read(self.host)

    def write_marker(self, marker: Mapping[str, Any]) -> None:
        """Keep what this host is; it is on the disk when this returns."""
        OF_EXTERNAL_MEMBER.write(self.host, marker)

    def mark_joined(self) -> None:
        """Say that the member is part of the cluster: from now on its unit is started like any other."""
        place = self.host.path(MARK)
        place.parent.mkdir(parents=True, exist_ok=True)
        write_durably(place, "This host is a member of etcd. It never starts without its data.\n")

    @property
    def members_data(self) -> Path:
        """Where the data of the member lie."""
        return self.host.path(f"{self.data}/member")

    def has_data(self) -> bool:
        """Whether there is a log: an etcd that could not start leaves an empty database without one."""
        return any(self._log.glob("*.wal"))

    @property
    def _log(self) -> Path:
        """Where the log is; the pillar may give it a disk of its own."""
        given = self._configuration().get("wal-dir")
        return self.host.path(str(given)) if given else self.members_data / "wal"

    def _configuration(self) -> dict[str, Any]:
        """The configuration as it is on the disk. Raises HostError when it is none."""
        # Here, not above: every state of every host reads markers.
        import yaml

        place = self.host.path(CONFIGURATION)
        try:
            configuration = yaml.safe_load(place.read_text(encoding="utf-8"))
        except (OSError, yaml.YAMLError) as error:
            raise HostError(f"{place} cannot be read: {error}") from error
        if not isinstance(configuration, dict):
            raise HostError(f"{place} is no configuration of etcd")
        return configuration

    def found(self) -> dict[str, Any]:
        """The evidence for a request: ``marker``, and ``data`` where there are any."""
        found = {"marker": self.marker()}
        is_used = self.has_data() or self.members_data.exists()
        return {**found, "data": f"{self.data}/member"} if is_used else found

    def ensure_user(self) -> None:
        """Make the user that etcd runs as, where its package did not. Raises HostError when that fails."""
        from saltext.k8s_ha.utils.etcd_certificates import USER

        if self.modules["user.info"](USER):
            return
        account = {"system": True, "createhome": False, "home": self.data, "shell": "/usr/sbin/nologin"}
        self.modules["user.add"](USER, usergroup=True, **account)
        if not self.modules["user.info"](USER):
            raise HostError(
                f"the user {USER} could not be made; make it (useradd --system {USER}) and run again"
            )

    def start(self) -> str | None:
        """Enable and start the member with its data; the sentence says why it does not serve."""
        return self._start()

    def start_first(self, members: Mapping[str, str], state: str) -> str | None:
        """Start the member without data; the sentence says why it does not serve.

        :param members: peer URLs of all members by name, this one included.
        :param state: ``new`` for the very first member of all, else ``existing``.
        """
        cluster = ",".join(f"{name}={url}" for name, url in members.items())
        configuration = {
            **self._configuration(),
            "initial-cluster": cluster,
            "initial-cluster-state": state,
        }
        self._put(FIRST_CONFIGURATION, json.dumps(configuration, indent=1) + "\n")
        self._put(FIRST_START, _FIRST_START)
        try:
            return self._start()
        finally:
            for path in (FIRST_START, FIRST_CONFIGURATION):
                self.host.path(path).unlink(missing_ok=True)
            self._systemctl("daemon-reload", [], _CALL_SECONDS)

    def restart(self) -> str | None:
        """Have the member run with its files as they are; the sentence says why it does not serve."""
        self._systemctl("daemon-reload", [], _CALL_SECONDS)
        return self._do("restart", _START_SECONDS)

    def stop(self) -> None:
        """Stop the member. Raises HostError when it does not end."""
        done = self._systemctl("stop", [UNIT], _CALL_SECONDS)
        if done.timed_out:
            raise HostError(f"{UNIT} does not stop; `journalctl -u {UNIT}` says why")

    def wipe(self) -> None:
        """Remove the data of a member that is none, after stopping it."""
        self.stop()
        remove(self.members_data)
        for log in self._log.glob("*.wal"):
            remove(log)

    def _start(self) -> str | None:
        self._systemctl("daemon-reload", [], _CALL_SECONDS)
        # A try before this one may have used up the starts that systemd allows.
        self._systemctl("reset-failed", [UNIT], _CALL_SECONDS)
        return self._do("enable", _CALL_SECONDS) or self._do("start", _START_SECONDS)

    def _do(self, step: str, seconds: int) -> str | None:
        done = self._systemctl(step, [UNIT], seconds)
        if done.code == 0:
            return None
        failed = f"did not {step} within {seconds} s" if done.timed_out else f"could not {step}"
        return f"{UNIT} {failed}; `journalctl -u {UNIT}` says why"

    def _systemctl(self, verb: str, arguments: list[str], seconds: int) -> bounded.Finished:
        return bounded.run(self.modules, ["systemctl", verb, *arguments], seconds)

    def _put(self, path: str, text: str) -> None:
        place = self.host.path(path)
        place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        write_durably(place, text)
        place.chmod(0o644)
