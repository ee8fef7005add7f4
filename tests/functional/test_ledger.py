"""The master's record on its disk, and the act that makes it."""

import multiprocessing
import stat
from pathlib import Path

import pytest

from functional.needs import installed
from functional.pillars import three_masters

saltext = installed("saltext.k8s_ha")

from saltext.k8s_ha.utils import creation, pki  # noqa: E402 (after the check that it is there)
from saltext.k8s_ha.utils.ledger import ClusterRecord, RecordError  # noqa: E402


def record_in(directory: Path, cluster: str = "prod1") -> ClusterRecord:
    return ClusterRecord.of({"k8s_ha": {"ledger": str(directory)}}, cluster)


def topology(**changes: object):  # noqa: ANN201 (the compiled class has no importable name here)
    return saltext.Topology(three_masters(**changes))


def create(record: ClusterRecord, without: tuple[str, ...] = (), given: dict[str, str] | None = None) -> dict:
    return creation.create(record, topology(), without, given or {})


def test_create_makes_private_authorities_and_opens_the_ledger_once(tmp_path: Path) -> None:
    record = record_in(tmp_path)
    told = create(record)
    assert told["retcode"] == 0 and "state.apply k8s.ha" in told["comment"]
    assert record.read().as_dict()["initialisation"] == {"state": "open"}
    files = record.read_pki()
    assert pki.fingerprint(files["ca.crt"]) == told["ca_fingerprint"]
    modes = {
        stat.S_IMODE(path.stat().st_mode) & 0o077
        for path in [tmp_path / "prod1", *(tmp_path / "prod1").rglob("*")]
    }
    assert modes == {0}
    again = create(record, without=("cp3",))
    assert "open already" in again["comment"] and record.read_pki() == files
    assert record.read().as_dict()["without"] == ["cp3"]


def test_only_control_plane_nodes_may_be_gone_without(tmp_path: Path) -> None:
    with pytest.raises(
        RecordError, match="without=w1: prod1 has no control-plane node and no host of etcd of that name"
    ):
        create(record_in(tmp_path), without=("w1",))
    assert not record_in(tmp_path).exists


def test_an_authority_without_its_key_is_refused_and_nothing_is_made(tmp_path: Path) -> None:
    mine = pki.Authority.make("mine", "ECDSA-P256", 3600, pki.utc_now())
    with pytest.raises(
        pki.PkiError, match="the authority ca is given with its certificate and without its key"
    ):
        create(record_in(tmp_path), given={"ca.crt": mine.certificate})
    assert not record_in(tmp_path).exists
    told = create(record_in(tmp_path), given={"ca.crt": mine.certificate, "ca.key": mine.key})
    assert told["ca_fingerprint"] == pki.fingerprint(mine.certificate)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda path: path.write_text(path.read_text()[:100]), "not whole"),
        (lambda path: path.write_text(path.read_text().replace('"version": 1', '"version": 7')), "version 7"),
        (lambda path: path.chmod(0o644), "mode 0644, so others may have changed it; nothing is granted"),
        (lambda path: path.unlink(), "the master has no ledger of it"),
    ],
)
def test_a_ledger_that_cannot_be_trusted_is_refused(tmp_path: Path, damage, said: str) -> None:  # noqa: ANN001
    record = record_in(tmp_path)
    create(record)
    damage(record.ledger_path)
    with pytest.raises(RecordError, match=said):
        record.read()


def test_names_lead_nowhere_else(tmp_path: Path) -> None:
    for name in ("../etc", "", "Prod1", "a/b"):
        with pytest.raises(RecordError, match="is no name of a cluster"):
            record_in(tmp_path, name)


def _count(directory: Path, times: int) -> None:
    record = record_in(directory)
    for _ in range(times):
        with record.locked():
            place = directory / "count"
            place.write_text(str(int(place.read_text()) + 1))


def test_two_workers_of_the_master_do_not_decide_at_once(tmp_path: Path) -> None:
    (tmp_path / "count").write_text("0")
    spawn = multiprocessing.get_context("spawn")
    both = [spawn.Process(target=_count, args=(tmp_path, 100)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
    assert [process.exitcode for process in both] == [0, 0]
    assert (tmp_path / "count").read_text() == "200"
