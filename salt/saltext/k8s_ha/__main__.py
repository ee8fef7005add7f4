"""``python -m saltext.k8s_ha``: the command ``k8s-ha`` where its script is not on the PATH."""

from saltext.k8s_ha.cli import main

if __name__ == "__main__":
    main()
