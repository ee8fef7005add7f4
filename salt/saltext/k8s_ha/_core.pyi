import os
from collections.abc import Sequence
from typing import Any, Literal, TypedDict, final, overload

from typing_extensions import NotRequired

class K8sHaError(Exception):
    """Something that saltext.k8s_ha cannot do."""

class PillarError(K8sHaError):
    """The pillar has blocking findings, or cannot be read at all."""

class RenderError(K8sHaError):
    """A file or a virtual machine of a node cannot be rendered."""

def fixed_facts(topology: Topology, node: str) -> dict[str, str]: ...
def changed_facts(topology: Topology, node: str, kept: str) -> list[str]: ...
def undeclared_members(topology: Topology, members: str) -> list[str]: ...

Action = Literal["stop", "restart", "reboot", "drain", "remove", "add", "promote"]

class Judgement(TypedDict):
    """Whether a step may be done now."""

    verdict: Literal["go", "wait", "refuse"]
    code: str | None
    voters_lost: int | None
    reason: str | None
    remedy: str | None
    takes: list[str]
    move_leader_to: str | None
    is_repair: bool

def judge(
    topology: Topology, observation: str, action: Action, nodes: list[str], programs: list[str] = ...
) -> Judgement: ...
def roll_order(topology: Topology, leader: str | None = None) -> list[str]: ...
def away(topology: Topology, observation: str) -> list[str]: ...
def evicts(action: Action) -> bool: ...
def step_words(action: Action, nodes: list[str], programs: list[str] = ...) -> str: ...
def unsettled(
    topology: Topology, observation: str, action: Action, nodes: list[str], programs: list[str] = ...
) -> str | None: ...
def observe(
    topology: Topology,
    kubeconfig: str | None = None,
    etcd: tuple[str, str, str] | None = None,
    observer: str | None = None,
    evicted: list[str] = ...,
    timeout: float = 1.0,
) -> str: ...
def machines(topology: Topology, token: str, timeout: float = 5.0) -> str: ...
def misplaced(topology: Topology, machines: str) -> list[str]: ...
def taken(
    topology: Topology, machines: str | None, nodes: Sequence[str], hypervisors: Sequence[str]
) -> list[str]: ...
def proxmox_token(topology: Topology) -> str | None: ...

class LedgerError(K8sHaError):
    """The master's record of a cluster cannot be used."""

class LiveError(K8sHaError):
    """Something that cannot be observed or done over the network."""

    kind: Literal[
        "access",
        "argument",
        "connect",
        "certificate",
        "client_certificate",
        "timeout",
        "unauthorized",
        "not_found",
        "forbidden",
        "conflict",
        "changed",
        "manifest",
        "unserved",
        "refused",
        "answer",
    ]

class Finding(TypedDict):
    """What is wrong, where, why it matters and what to write instead."""

    code: str
    name: str
    severity: Literal["error", "warn", "info"]
    path: str
    message: str
    why: str | None
    help: str | None
    dated: bool
    blocks: bool
    acknowledged: str | None
    file: str | None
    line: int | None
    column: int | None

class Activation(TypedDict):
    """What makes a change of a file count."""

    action: Literal["none", "reload", "restart", "on_write"]
    unit: str | None

class File(TypedDict):
    """A file of a node."""

    path: str
    mode: str
    user: str
    group: str
    contents: str
    secret: bool
    keeper: Literal["salt", "kubeadm", "user"]
    part: Literal["whole", "block"]
    activation: Activation
    check: str | None
    needs: list[str]
    component: str
    purpose: str
    managed: Literal["yes", "check"]

class Package(TypedDict):
    """A package that a node needs."""

    name: str
    brings: str
    alternatives: list[str]
    excludes: list[str]
    version: str | None
    hold: bool
    managed: Literal["yes", "check"]
    purpose: str

class Repository(TypedDict):
    """A package repository of a node, and where its signing key is."""

    name: str
    base_url: str
    key_path: str | None
    key_url: str | None
    packages: list[str]

class Packages(TypedDict):
    """What is installed on a node, and from where."""

    packaging: Literal["deb", "rpm"]
    packages: list[Package]
    repositories: list[Repository]
    containerd: int

class Images(TypedDict):
    """Where images of a node come from."""

    repository: str
    archives: list[str]

class Element(TypedDict):
    """Something that fails: a node, a hypervisor, a program."""

    kind: str
    name: str

class Tolerance(TypedDict):
    """How many elements of one kind may be lost at once, whichever they are.

    ``survives`` is None when it is lost already. Where ``settled`` is False more may be survived than was proven.
    ``witness`` names a set that breaks it; it is empty when nothing of this kind does.
    """

    survives: int | None
    settled: bool
    of: int
    target: int
    witness: list[str]

class ServiceTolerance(TypedDict):
    """How much one service survives, by level and kind: ``tolerance["serve"]["node"]``."""

    service: str
    tolerance: dict[str, dict[str, Tolerance]]
    degraded_by: list[str]

class ToleranceTable(TypedDict):
    """How much every service survives with what is down."""

    down: list[Element]
    kinds: list[str]
    services: list[ServiceTolerance]

class LostService(TypedDict):
    """A service that lost these of its levels: ``serve``, ``recover``, ``data``."""

    service: str
    levels: list[str]

class DegradedService(TypedDict):
    """A service that serves without something that it uses."""

    service: str
    without: list[str]

class NextLoss(TypedDict):
    """One further failure, and the services that would no longer serve."""

    kind: str
    name: str
    takes: list[str]

class Loss(TypedDict):
    """What is lost with certain elements down."""

    down: list[Element]
    lost: list[LostService]
    degraded: list[DegradedService]
    left: list[str]
    next: list[NextLoss]

class Objection(TypedDict):
    """What speaks against a change of the pillar."""

    code: str
    reason: str
    remedy: str

class ProgramChange(TypedDict):
    """A program that gets to know its new files."""

    name: str
    action: Literal["start", "reload", "restart"]

class ToleranceChange(TypedDict):
    """How many losses of a kind a service survives before and meanwhile; None where it does not serve."""

    service: str
    kind: str
    before: int | None
    during: int | None
    target: int

class PlanStep(TypedDict):
    """One thing that is done before the next one begins, with what is survived otherwise while it lasts."""

    action: Literal[
        "add",
        "promote",
        "join",
        "drain",
        "remove",
        "leave",
        "write",
        "start",
        "reload",
        "restart",
        "machine",
        "apply",
    ]
    nodes: list[str]
    programs: list[ProgramChange]
    files: list[str]
    machine: list[str]
    leader_last: bool
    tolerance: list[ToleranceChange]

class Plan(TypedDict):
    """How a running cluster comes from one pillar to another; without steps where anything is refused."""

    cluster: str
    refused: list[Objection]
    warnings: list[Objection]
    steps: list[PlanStep]
    end: list[ToleranceChange]

class CutSetGroup(TypedDict):
    """Cut sets that are the same but for names."""

    sentence: str
    cut_sets: int
    order: int
    parts: list[dict[str, Any]]

class CutSets(TypedDict):
    """The minimal cut sets of one service and level."""

    service: str
    level: Level
    complete: bool
    by_order: list[int]
    groups: list[CutSetGroup]
    not_grouped: list[tuple[int, int]]

class Budget(TypedDict):
    """A disruption budget after a loss, at worst."""

    demand: str
    running: int
    min_available: int
    lets_one_go: bool

class CapacityRow(TypedDict):
    """Whether all pods fit after the worst loss of one kind; with nothing lost where ``kind`` is None."""

    kind: str | None
    losses: int
    verdict: Literal["fits", "does_not_fit", "not_settled"]
    because: str | None
    witness: list[Element]
    cpu_millis_left: int | None
    memory_bytes_left: int | None
    budgets: list[Budget]

class Machines(TypedDict):
    """What becomes of the machines of lost hypervisors."""

    lost: list[str]
    restarted: list[str]
    no_room: list[str]
    local_disk: list[str]
    not_under_ha: list[str]
    settled: bool

class Capacity(TypedDict):
    """Whether everything fits after the losses that must be survived."""

    pods: list[CapacityRow]
    machines: list[Machines]

class StartEdge(TypedDict):
    """One step of a circle, and what it waits for."""

    step: str
    needs: str
    because: str
    only_if: str | None

class StartCircle(TypedDict):
    """Steps that wait for each other."""

    kind: Literal["closed", "conditional", "another_way"]
    path: list[StartEdge]

class StartOrder(TypedDict):
    """The order of a start from nothing."""

    layers: list[list[str]]
    never: list[str]
    circles: list[StartCircle]

Level = Literal["serve", "recover", "data"]
About = Literal["partitions", "capacity", "start-order", "switch-over", "availability"]
ReportFormat = Literal["html", "svg", "mermaid"]

@final
class Topology:
    """A pillar that was read, judged, and resolved when nothing forbids it."""

    def __init__(self, pillar: object, today: str | None = None) -> None: ...
    @staticmethod
    def load(
        path: str | os.PathLike[str], cluster: str | None = None, today: str | None = None
    ) -> Topology: ...
    @property
    def valid(self) -> bool: ...
    @property
    def digest(self) -> str: ...
    @property
    def findings(self) -> list[Finding]: ...
    @property
    def cluster(self) -> str | None: ...
    @property
    def nodes(self) -> list[str]: ...
    @property
    def minions(self) -> dict[str, str]: ...
    @property
    def kubernetes_version(self) -> str | None: ...
    @property
    def control_plane_endpoint(self) -> str: ...
    @property
    def api_vip(self) -> str | None: ...
    def etcd_members(self) -> dict[str, tuple[str, str]]: ...
    def stacked_members(self, node: str) -> dict[str, str]: ...
    def external_members(self) -> dict[str, str]: ...
    def address(self, node: str) -> str: ...
    def etcd_peer_url(self, node: str) -> str: ...
    @property
    def encryption_algorithm(self) -> str: ...
    @property
    def certificate_validity(self) -> float: ...
    @property
    def ca_certificate_validity(self) -> float: ...
    def network_chart(self) -> dict[str, Any] | None: ...
    @property
    def network_manifests(self) -> list[str]: ...
    def encryption(self) -> tuple[str, str] | None: ...
    def authorities(self) -> dict[str, str]: ...
    @property
    def etcd_data_dir(self) -> str: ...
    def api_server(self, node: str) -> str: ...
    @property
    def gate_seconds(self) -> tuple[float, float]: ...
    @property
    def drift(self) -> Literal["report", "enforce"]: ...
    def roles(self, node: str) -> list[str]: ...
    def files(self, node: str) -> list[File]: ...
    def packages(self, node: str) -> Packages: ...
    def images(self, node: str) -> Images: ...
    def kubelet_configuration(self, node: str) -> dict[str, Any]: ...
    def machine(self, node: str) -> dict[str, Any] | None: ...
    def effective(self) -> str: ...
    def timing(self) -> dict[str, float | None]: ...
    def tolerance(self, down: list[str] = ...) -> ToleranceTable: ...
    def faults(self, down: list[str]) -> Loss: ...
    def plan(self, new: Topology) -> Plan: ...
    def cut_sets(
        self, order: int, service: str | None = None, level: Level = "serve", down: list[str] = ...
    ) -> list[CutSets]: ...
    @overload
    def about(self, what: Literal["capacity"]) -> Capacity: ...
    @overload
    def about(self, what: Literal["start-order"]) -> StartOrder: ...
    @overload
    def about(self, what: Literal["switch-over", "availability"]) -> list[dict[str, Any]]: ...
    @overload
    def about(self, what: Literal["partitions"], cut: list[str] = ...) -> list[dict[str, Any]]: ...
    @overload
    def about(self, what: About, cut: list[str] = ...) -> Capacity | StartOrder | list[dict[str, Any]]: ...
    def report(
        self,
        format: ReportFormat = "html",  # noqa: A002 (the command calls it so)
        today: str | None = None,
    ) -> str: ...
    def manage(self) -> dict[str, Literal["yes", "check", "no"]]: ...

@final
class Ledger:
    """The master's record of one cluster."""

    @staticmethod
    def open(cluster: str, ca_fingerprint: str, now: float) -> Ledger: ...
    @staticmethod
    def read(text: str) -> Ledger: ...
    def write(self) -> str: ...
    def as_dict(self) -> dict[str, Any]: ...
    @property
    def ca_fingerprint(self) -> str: ...
    @property
    def kube_system_uid(self) -> str | None: ...
    def go_without(self, nodes: list[str]) -> None: ...
    def decide(
        self, topology: Topology, node: str, request: str, attempt: str, now: float
    ) -> dict[str, Any]: ...

class Readiness(TypedDict):
    """What an API server says of itself; `text` has one line for each check that fails."""

    ready: bool
    status: int
    text: str

class Node(TypedDict):
    """A Node object; `ready` is None while its kubelet does not report."""

    name: str
    ready: bool | None
    kubelet_version: str
    boot_id: str
    internal_ip: str | None
    unschedulable: bool
    taints: list[str]

class Applied(TypedDict):
    """What happened to an object."""

    api_version: str
    kind: str
    namespace: str | None
    name: str
    change: Literal["created", "configured", "unchanged"]

class Rollout(TypedDict):
    """How far a rollout is, in pods."""

    kind: str
    namespace: str
    name: str
    desired: int
    ready: int
    updated: int
    done: bool

class Deployment(TypedDict):
    """Replicas, and the node of each pod."""

    wanted: int
    ready: int
    nodes: list[str]

class Cordon(TypedDict):
    """How a node stands, and who has cordoned it, where somebody said so."""

    standing: Literal["ours", "foreign", "open"]
    changed: bool
    by: str | None

class HeldPod(TypedDict):
    """A pod that may not go now, and why not."""

    pod: str
    because: str

class Eviction(TypedDict):
    """What became of the pods of a node, each `namespace/name`."""

    evicted: list[str]
    ending: list[str]
    held: list[HeldPod]
    unmanaged: list[str]
    staying: list[str]

class StaticPod(TypedDict):
    """A static pod of the control plane, as its kubelet shows it."""

    node: str
    component: str
    image: str
    command: list[str]

@final
class Api:
    """One API server, or the endpoint in front of all of them. Each call takes `timeout` seconds at most.

    From a kubeconfig (with `server`: another server of its cluster), or from `server` and PEM texts.
    """

    def __init__(
        self,
        kubeconfig: str | None = None,
        *,
        server: str | None = None,
        ca: str | None = None,
        certificate: str | None = None,
        key: str | None = None,
        timeout: float = 10.0,
    ) -> None: ...
    def ready(self) -> Readiness: ...
    def kube_system_uid(self) -> str: ...
    def nodes(self) -> list[Node]: ...
    def node(self, name: str) -> Node: ...
    def delete_node(self, name: str) -> bool: ...
    def cordon(self, node: str, by: str) -> Cordon: ...
    def uncordon(self, node: str, by: str) -> Cordon: ...
    def mark_maintenance(self, node: str, until: float, reason: str, since: float) -> None: ...
    def unmark_maintenance(self, node: str) -> None: ...
    def evict(self, node: str, *, also_unmanaged: bool = False) -> Eviction: ...
    def apply(
        self,
        manifests: str,
        field_manager: str,
        *,
        dry_run: bool = False,
        force: bool = False,
        namespace: str = "default",
    ) -> list[Applied]: ...
    def workloads_ready(self, workloads: list[tuple[str, str, str]]) -> list[Rollout]: ...
    def deployment(self, namespace: str, name: str) -> Deployment: ...
    def static_pods(self) -> list[StaticPod]: ...
    def config_map(self, namespace: str, name: str) -> dict[str, str]: ...
    def patch_config_map(
        self, namespace: str, name: str, key: str, text: str, field_manager: str, *, seen: str | None = None
    ) -> bool: ...

class EtcdMember(TypedDict):
    """A member of etcd; its name is empty until it has started."""

    id: int
    name: str
    peer_urls: list[str]
    client_urls: list[str]
    is_learner: bool

class EtcdStatus(TypedDict):
    """What a member says of itself; sizes are in bytes, `leader_id` is None where it knows of no leader."""

    member_id: int
    leader_id: int | None
    raft_term: int
    raft_index: int
    raft_applied_index: int
    db_size: int
    db_size_in_use: int
    db_size_quota: int | None
    revision: int
    is_learner: bool
    version: str
    errors: list[str]

class EtcdAlarm(TypedDict):
    """An alarm that a member has raised."""

    member_id: int
    alarm: Literal["NOSPACE", "CORRUPT"]

class EtcdDigest(TypedDict):
    """etcd's own digest of its contents, and the revision to which they were compacted."""

    hash: int
    compact_revision: int

class EtcdCount(TypedDict):
    """Keys at a revision, and the latest revision."""

    keys: int
    revision: int

class EtcdSnapshot(TypedDict):
    """A snapshot that was saved: its bytes, and the SHA-256 of the database in it."""

    bytes: int
    sha256: str
    version: str

@final
class Etcd:
    """One member of etcd. Each call takes `timeout` seconds at most."""

    def __init__(self, endpoint: str, ca: str, certificate: str, key: str, timeout: float = 10.0) -> None: ...
    def members(self) -> list[EtcdMember]: ...
    def add_learner(self, peer_url: str) -> list[EtcdMember]: ...
    def remove(self, member_id: int) -> list[EtcdMember]: ...
    def promote(self, member_id: int) -> list[EtcdMember]: ...
    def move_leader(self, member_id: int) -> None: ...
    def status(self) -> EtcdStatus: ...
    def alarms(self) -> list[EtcdAlarm]: ...
    def disarm(self, member_id: int) -> None: ...
    def defragment(self) -> None: ...
    def compact(self, revision: int) -> None: ...
    def digest(self, revision: int | None = None) -> EtcdDigest: ...
    def count(self, revision: int | None = None) -> EtcdCount: ...
    def snapshot(self, path: str | os.PathLike[str], most_bytes: int) -> EtcdSnapshot: ...

class Holder(TypedDict):
    """Who has the lock, since when, and for what."""

    node: str
    step: str
    digest: str
    since: float

class Maintenance(TypedDict):
    """A node on which somebody works; moments are seconds since the epoch."""

    node: str
    until: float
    reason: str
    since: float

class Turn:
    """What a host has while it is disturbed, and no other one has then; with it, what is on record about steps."""

    def acquire(self, node: str, step: str, digest: str, now: float) -> Holder | None: ...
    def holder(self) -> Holder | None: ...
    def confirm(self) -> float: ...
    def begin(self) -> float: ...
    def steps(self) -> list[Holder]: ...
    def frozen(self, node: str, digest: str) -> Holder | None: ...
    def finish(self, node: str) -> None: ...
    def seconds_left(self) -> float: ...
    def release(self) -> None: ...

@final
class Lock(Turn):
    """The lock under which one host at a time is disturbed, kept in etcd; with it, maintenance on record there."""

    def __init__(self, topology: Topology, etcd: tuple[str, str, str], seconds: int = 30) -> None: ...
    def maintenance(self) -> list[Maintenance]: ...
    def keep_maintenance(self, node: str, until: float, reason: str, since: float) -> None: ...
    def end_maintenance(self, node: str) -> None: ...

@final
class Slot(Turn):
    """A slot in which a worker, or a balancer outside of the control plane, is disturbed: a Lease of Kubernetes."""

    def __init__(self, topology: Topology, node: str, kubeconfig: str, seconds: int = 30) -> None: ...

class CertificateDates(TypedDict):
    """Whose a certificate is (RFC 4514), and from when to when it is valid, in seconds since the epoch."""

    subject: str
    begins: int
    ends: int

class ClientCertificate(TypedDict):
    """The client certificate of a kubeconfig: what is in it, or the file that it names."""

    certificates: list[CertificateDates]
    file: str | None

class EtcdMaintenance(TypedDict):
    """What is to be done so that etcd stays small and writable; what does not belong to the step is not there."""

    step: Literal["nothing", "defragment", "compact", "disarm", "wait", "stuck"]
    reason: str
    node: NotRequired[str]
    move_leader_to: NotRequired[str | None]
    without_lock: NotRequired[bool]
    revision: NotRequired[int]
    remedy: NotRequired[str]

def etcd_maintenance(observation: str, known: str) -> EtcdMaintenance: ...
def certificates_of_pem(text: bytes) -> list[CertificateDates]: ...
def client_of_kubeconfig(text: bytes) -> ClientCertificate: ...
def cli_main(argv: list[str]) -> int: ...
def digest(pillar: object) -> str: ...
def meaning(path: str, text: str) -> str: ...
def schema() -> str: ...
def version() -> str: ...
