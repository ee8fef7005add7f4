"""A changed pillar reaches static pods: what the real kubeadm would write now, one pod after the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from functional.member_site import MANIFESTS, Site, site_at
from ports import wait_until
from programs.test_kubernetes import MINORS
from saltext.k8s_ha.utils.disruption import RefusedError
from saltext.k8s_ha.utils.etcd_manifest import EtcdManifest, guarded_flags
from saltext.k8s_ha.utils.host import HostError

POLICY = "/etc/kubernetes/kube-apiserver/audit-policy.yaml"
NOTE = "k8s-ha/read-at-start"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with site_at(tmp_path, monkeypatch) as one:
        yield one


def arguments(component: str, **values: str) -> dict[str, Any]:
    given = [{"name": name.replace("_", "-"), "value": value} for name, value in values.items()]
    return {component: {"extra_args": given}}


def asked(*programs: str) -> list[str]:
    return [word for program in programs for word in (f"restart {program}", "confirmed", "given back")]


@pytest.mark.parametrize("minor", MINORS)
def test_what_kubeadm_wrote_is_left_and_the_second_run_asks_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minor: str
) -> None:
    with site_at(tmp_path, monkeypatch, minor) as site:
        before = site.manifests()
        first = site.apply()
        assert (first["result"], first["changes"]) == (True, {}), first
        assert site.ran, "kubeadm was asked"
        site.ran.clear()
        site.records.clear()
        assert site.apply()["changes"] == {} and site.apply(test=True)["result"] is True
        assert (site.ran, site.asked, site.manifests()) == ([], [], before)


@pytest.mark.parametrize("minor", MINORS)
def test_a_changed_flag_reaches_its_pod_and_the_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minor: str
) -> None:
    with site_at(tmp_path, monkeypatch, minor) as site:
        site.apply()
        site.want(kubeadm=arguments("scheduler", v="4"))
        foreseen = site.apply(test=True)
        assert foreseen["result"] is None and site.asked == [] and site.record_changes == []
        done = site.apply()
        assert (done["result"], done["changes"]) == (True, foreseen["changes"])
        assert done["changes"]["kube-scheduler"] == {"--v": {"old": "", "new": "4"}}
        assert list(done["changes"]) == ["kube-scheduler", "kubeadm-config"]
        assert site.asked == asked("kube-scheduler") and site.record_changes == ["kubeadm-config"]
        assert "--v=4" in site.command("kube-scheduler")
        assert "existing" in site.records["kubeadm-config"]["ClusterConfiguration"]
        site.ran.clear()
        assert site.apply() == site.apply() and site.ran == []


def test_an_api_server_that_is_away_is_brought_back_and_the_record_comes_then(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.apply()
    site.api_is_away = True
    site.want(kubeadm=arguments("api_server", v="4"))
    foreseen = site.apply(test=True)
    assert list(foreseen["changes"]) == ["kube-apiserver"]
    confirm = site.confirm

    def back() -> None:
        confirm()
        site.api_is_away = False

    monkeypatch.setattr(site, "confirm", back)
    done = site.apply()
    assert done["result"] is True and "--v=4" in site.command("kube-apiserver")
    assert site.record_changes == ["kubeadm-config"]
    site.api_is_away = True
    assert site.apply()["result"] is True, "where nothing has changed nobody is asked"


def test_several_pods_one_after_the_other_etcd_with_its_protection_first(site: Site) -> None:
    manifest = site.host.path(f"{MANIFESTS}/etcd.yaml")
    guarded = "    - --initial-cluster-state=existing\n    image:"
    manifest.write_text(manifest.read_text().replace("    image:", guarded, 1))
    assert site.apply()["changes"] == {}
    site.want(
        kubeadm={**arguments("api_server", v="3"), **arguments("controller_manager", v="3")},
        etcd={"heartbeat_interval": "150ms"},
    )
    done = site.apply()
    assert list(done["changes"]) == ["etcd", "kube-apiserver", "kube-controller-manager", "kubeadm-config"]
    assert site.asked == asked("etcd, kube-apiserver", "kube-apiserver", "kube-controller-manager")
    assert [word for word in site.ran if word.startswith("kubelet:")] == ["kubelet: stop", "kubelet: start"]
    assert {"--initial-cluster-state=existing", "--heartbeat-interval=150"} <= set(site.command("etcd"))


def test_what_the_protection_of_etcd_changes_is_no_change_by_hand(site: Site) -> None:
    site.apply()
    EtcdManifest(site.host).write(guarded_flags("cp1", "https://10.0.10.11:2380"))
    # In the same run, before anybody has seen it in order.
    site.want(etcd={"heartbeat_interval": "150ms"})
    assert site.apply()["changes"]["etcd"] == {"--heartbeat-interval": {"old": "100", "new": "150"}}
    assert "--initial-cluster-state=existing" in site.command("etcd")


def test_a_changed_patch_reaches_its_pod(site: Site) -> None:
    site.apply()
    name, patch = "kube-scheduler+json", '[{"op": "add", "path": "/metadata/labels/x", "value": "y"}]'
    site.want(kubeadm={"patches": {name: patch}})
    assert site.apply()["changes"] == {"kube-scheduler": {"metadata.labels.x": {"old": "", "new": "y"}}}
    assert site.manifest("kube-scheduler")["metadata"]["labels"]["x"] == "y"
    site.want()
    path = f"/etc/kubernetes/patches/{name}.yaml"
    assert site.host.path(path).exists()
    assert site.apply(test=True)["changes"] == site.apply()["changes"] != {}
    assert not site.host.path(path).exists(), "an upgrade would apply it again"
    assert "x" not in site.manifest("kube-scheduler")["metadata"]["labels"]
    assert site.apply()["changes"] == {}


def test_a_patch_of_somebody_else_counts_as_it_does_for_kubeadm(site: Site) -> None:
    site.apply()
    path = "/etc/kubernetes/patches/kube-scheduler9+json.yaml"
    site.put(path, '[{"op": "add", "path": "/metadata/labels/x", "value": "theirs"}]')
    assert list(site.apply()["changes"]) == ["kube-scheduler"]
    assert site.apply()["changes"] == {} and site.host.path(path).exists()


def test_a_changed_audit_policy_starts_the_api_server_anew(site: Site) -> None:
    assert site.apply()["changes"] == {}, "who was started after the policy was written has read it"
    site.kubelet.looks_every = 0.5
    place = site.host.path(POLICY)
    place.write_text(place.read_text().replace("RequestReceived", "ResponseStarted"))
    site.age(POLICY, 60)
    wanted = {"kube-apiserver": {"read at the start": {"old": "earlier files", "new": POLICY}}}
    left = Site.write_files
    Site.write_files = lambda _: None  # type: ignore[method-assign]
    try:
        done = site.apply()
        assert (done["changes"], site.asked) == (wanted, asked("kube-apiserver"))
        assert site.kubelet.started.count("kube-apiserver") == 2, "the new one was waited for"
        assert NOTE in site.manifest("kube-apiserver")["metadata"]["annotations"]
        assert site.apply()["changes"] == {} and site.asked == asked("kube-apiserver")
    finally:
        Site.write_files = left  # type: ignore[method-assign]


def test_a_renewed_kubeconfig_starts_who_reads_it_anew(site: Site) -> None:
    path = "/etc/kubernetes/scheduler.conf"
    place = site.put(path, "a: 1\n")
    site.age(path, -60)
    assert site.apply()["changes"] == {}
    wanted = {"kube-scheduler": {"read at the start": {"old": "earlier files", "new": path}}}
    assert site.apply(test=True, to_come=frozenset({path}))["changes"] == wanted
    place.write_text("a: 2\n")
    site.age(path, 60)
    assert site.apply()["changes"] == wanted
    assert site.apply()["changes"] == {}
    # kubeadm's upgrade writes the manifest without the note: who was started since has read the file.
    site.age(path, -60)
    manifest = site.manifest("kube-scheduler")
    assert manifest["metadata"]["annotations"].pop(NOTE)
    site.put(f"{MANIFESTS}/kube-scheduler.yaml", yaml.safe_dump(manifest))
    wait_until(lambda: site.kubelet.started.count("kube-scheduler") == 3, "the kubelet starts it", 5)
    assert site.apply()["changes"] == {}


def test_a_pod_that_does_not_come_gets_its_manifest_of_before(site: Site) -> None:
    site.apply()
    before = site.manifests()
    site.kubelet.broken.add("--v=bad")
    site.want(kubeadm={**arguments("controller_manager", v="bad"), **arguments("scheduler", v="4")})
    with pytest.raises(HostError) as raised:
        site.apply()
    assert "kube-controller-manager of this host does not run 1 s after" in str(raised.value)
    assert str(raised.value).endswith("The manifest of before was put back, and the pod serves with it")
    assert site.manifests() == before and site.record_changes == []
    assert site.kubelet.started.count("kube-scheduler") == 1, "what comes later is left"
    site.kubelet.broken.clear()
    assert site.apply()["result"] is True and "--v=bad" in site.command("kube-controller-manager")


def test_one_that_runs_and_does_not_serve_is_told_so(site: Site) -> None:
    site.apply()
    site.want(kubeadm=arguments("scheduler", v="4"))
    site.healthy = False
    with pytest.raises(HostError, match=r"does not serve 1 s after .* does not serve with that either"):
        site.apply()
    assert "--v=4" not in site.command("kube-scheduler")


def test_what_was_changed_before_a_failure_is_told(site: Site) -> None:
    site.apply()
    site.kubelet.broken.add("--v=bad")
    site.want(kubeadm={**arguments("controller_manager", v="3"), **arguments("scheduler", v="bad")})
    failed = site.apply()
    assert failed["result"] is False and list(failed["changes"]) == ["kube-controller-manager"]
    assert "Changed before: kube-controller-manager." in failed["comment"]


def test_a_run_that_died_in_between_is_made_good(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from saltext.k8s_ha.utils.pod_change import PodChange

    site.apply()
    site.want(kubeadm=arguments("scheduler", v="bad"))
    before = site.manifests()
    with monkeypatch.context() as patched:
        patched.setattr(PodChange, "_wait", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            site.apply()
    assert "--v=bad" in site.command("kube-scheduler")
    site.healthy = False
    assert site.apply(test=True)["changes"]["kube-scheduler"].keys() == {"serves"}
    with pytest.raises(HostError, match="The manifest of before was put back"):
        site.apply()
    assert site.manifests() == before


def test_a_release_is_never_changed(site: Site) -> None:
    site.apply()
    before = {**site.manifests()}
    for name, text in before.items():
        place = site.host.path(f"{MANIFESTS}/{name}")
        place.write_text(text.replace(f":{site.release}", ":v1.36.0"))
    changed = site.manifests()
    site.want(kubeadm=arguments("scheduler", v="4"))
    with pytest.raises(HostError, match=r"Refused: kube-apiserver has the image \S+:v1\.36\.0"):
        site.apply()
    assert site.manifests() == changed and site.asked == []


def test_a_record_of_another_release_is_left(site: Site) -> None:
    record = site.records["kubeadm-config"]
    record["ClusterConfiguration"] = record["ClusterConfiguration"].replace(site.release, "v1.36.0")
    site.want(kubeadm=arguments("scheduler", v="4"))
    with pytest.raises(HostError, match=r"recorded with v1\.36\.0"):
        site.apply()
    assert site.asked == [] and site.record_changes == []


def test_what_the_gate_refuses_is_not_done(site: Site) -> None:
    site.apply()
    before = site.manifests()
    site.want(kubeadm=arguments("scheduler", v="4"))
    site.refusal = "restarting kube-scheduler is refused: it is the last one. Remedy: give it company"
    with pytest.raises(RefusedError, match="it is the last one"):
        site.apply()
    assert site.manifests() == before


def test_a_change_by_hand_is_told_and_reverted_only_where_the_pillar_says_so(site: Site) -> None:
    site.apply()
    place = site.host.path(f"{MANIFESTS}/kube-scheduler.yaml")
    place.write_text(place.read_text().replace("--profiling=false", "--profiling=true"))
    site.kubelet.look()
    left = site.apply()
    assert left["result"] is True and left["changes"] == {} and site.asked == []
    assert "(--profiling) is left as it is: it was changed by hand" in left["warnings"][0]
    site.want(kubeadm=arguments("scheduler", v="4"))
    with pytest.raises(HostError, match="was changed by hand, and the pillar wants something else now"):
        site.apply()
    site.want(drift="enforce")
    assert site.apply()["changes"] == {"kube-scheduler": {"--profiling": {"old": "true", "new": "false"}}}


def test_a_host_that_is_no_member_yet_is_left(site: Site) -> None:
    site.host.path("/var/lib/k8s-ha/identity.json").unlink()
    assert site.apply(test=True)["result"] is None
    assert site.apply()["changes"] == {} and site.ran == []
