//! What Kubernetes, etcd and the kubelet of each node read, from pillar to bytes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking")]

mod etcd;
mod every_base;
mod init;
mod join;
mod kubelet;
mod patches;
mod security;
mod support;
