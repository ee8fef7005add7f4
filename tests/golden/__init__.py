"""What the worked examples say, byte for byte, and what their documents claim.

`claims.yaml` of an example is a list. Each claim has `claim`, a sentence that stands in the README with its verdict,
and may have `laid_over`, a change of the pillar under which it is asked. What is asked is one of these:

- `finds`: codes of findings that the change gives and the pillar alone does not. They refute the claim; `says` is a
  part of what the first of them says.
- `accepts`: codes of findings that the change does not give, and would if the claim were wrong.
- `tolerance`: how many losses of `kind` the `service` survives at `level` (`serve` when not written), with those in
  `down` lost already. `claimed` holds when no fewer are survived; 0 claims that none is. `computed` is what the engine
  answers, and `witness` one of the smallest sets that break it; empty where nothing of the kind does.
- `loss`: what goes on (`keeps`) and what is lost (`stops`) at `level`, when all in `down` fail at once. Beside it
  stands all that the engine answers: the levels that are `lost` of each service, and what is missing where one is
  `degraded`.
- `partition`: what one side goes on with (`keeps`) when the nodes in `apart` are cut off from all others, whether one
  side alone has the address of the API then (`one_address`), and whether no write is lost when the network is whole
  again (`reconciles`). Beside it stands what is `lost` on each side, the smaller first, and how what keeps something
  `returns`. `rust/faults/tests/golden_partitions.rs` checks these.
- `open`: nothing; why the engine has no answer.

`holds` says whether the claim is true. `K8S_HA_UPDATE=1 pytest tests/golden` writes the tolerance tables and the tables
in the READMEs anew; what stands in `claims.yaml` is written by hand.
"""
