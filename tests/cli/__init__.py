"""Tests of the command `k8s-ha`."""
