//! Family SEC: secrets, who may ask, and what is encrypted.

mod address_on_public_network;
mod anonymous_requests_misjudged;
mod audit_log_too_short;
mod authorization_weakened;
mod backup_not_encrypted;
mod encryption_without_key;
mod etcd_backup_holds_plain_secrets;
mod image_outside_allowed_registries;
mod kubelet_certificates_not_renewed;
mod kubelet_open_to_everybody;
mod literal_secret;
mod proxmox_root_account;
mod tls_version_too_low;
mod weak_encryption_provider;

use crate::rule::Rule;

/// The rules of the family, in the order of their codes.
pub(super) const RULES: &[&Rule] = &[
    &literal_secret::RULE,
    &etcd_backup_holds_plain_secrets::RULE,
    &audit_log_too_short::RULE,
    &authorization_weakened::RULE,
    &anonymous_requests_misjudged::RULE,
    &kubelet_open_to_everybody::RULE,
    &kubelet_certificates_not_renewed::RULE,
    &tls_version_too_low::RULE,
    &proxmox_root_account::RULE,
    &address_on_public_network::RULE,
    &image_outside_allowed_registries::RULE,
    &backup_not_encrypted::RULE,
    &encryption_without_key::RULE,
    &weak_encryption_provider::RULE,
];
