"""Real machines in network namespaces: hosts with systemd, Salt and Kubernetes, and what is done to them."""
