//! Disks: what they are to be, and how they are made.

use super::subject::Subject;
use crate::template::Error;
use indexmap::IndexMap;
use serde::Serialize;
use topology::pillar::{DiskSpec, Media};

/// The last SCSI disk that PVE knows.
const LAST_SCSI: usize = 30;

/// A disk of a virtual machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Volume {
    /// Its name in the pillar: `root`, `etcd`; `efi` for the variables of UEFI.
    pub disk: String,
    /// Storage on which it lies.
    pub storage: String,
    /// Its size in GiB. A disk that is imported has the size of its image until it is grown; none ever shrinks.
    pub size: u64,
    /// Volume whose contents it begins with.
    pub import_from: Option<String>,
    /// Options of the drive, in alphabetical order.
    pub options: IndexMap<String, String>,
}

impl Volume {
    /// The value of its parameter in `POST /nodes/{node}/qemu`. PVE takes the size of an imported disk from the image, and
    /// wants 0 in its place.
    pub(super) fn creation(&self) -> String {
        let size = if self.import_from.is_some() { 0 } else { self.size };
        let mut parts: Vec<String> = self.options.iter().map(|(key, value)| format!("{key}={value}")).collect();
        parts.extend(self.import_from.iter().map(|volume| format!("import-from={volume}")));
        parts.sort();
        parts.insert(0, format!("{}:{size}", self.storage));
        parts.join(",")
    }
}

/// All disks by their parameter: root is `scsi0`, etcd `scsi1` (free where there is none), further ones follow by name.
pub(super) fn volumes(subject: &Subject<'_>) -> Result<IndexMap<String, Volume>, Error> {
    let disks = &subject.node.disks;
    let root = subject.required(disks.get("root"), "disks.root", "it has no disk to boot from")?;
    let mut volumes = IndexMap::new();
    volumes.insert("scsi0".to_owned(), volume(subject, "root", root)?);
    if let Some(etcd) = disks.get("etcd") {
        volumes.insert("scsi1".to_owned(), volume(subject, "etcd", etcd)?);
    }
    let mut further: Vec<_> = disks.iter().filter(|(name, _)| !["root", "etcd"].contains(&name.as_str())).collect();
    further.sort_by_key(|(name, _)| name.as_str());
    for (slot, (name, disk)) in (2..).zip(further) {
        if slot > LAST_SCSI {
            return Err(
                subject.fault(&format!("disk `{name}` is one too many: Proxmox VE knows scsi0 to scsi{LAST_SCSI}"))
            );
        }
        volumes.insert(format!("scsi{slot}"), volume(subject, name, disk)?);
    }
    if subject.has_efi() {
        volumes.insert("efidisk0".to_owned(), efi(subject)?);
    }
    Ok(volumes)
}

fn volume(subject: &Subject<'_>, name: &str, disk: &DiskSpec) -> Result<Volume, Error> {
    let size = subject.required(
        disk.size,
        &format!("disks.{name}.size"),
        &format!("nothing says how large disk `{name}` is"),
    )?;
    let storage = disk.storage.clone().map_or_else(|| subject.storage(), Ok)?;
    let import_from = subject.vm.image.clone().filter(|_| name == "root");
    Ok(Volume {
        disk: name.to_owned(),
        storage,
        size: size.as_gib_ceiling(),
        import_from,
        options: options(subject, name, disk),
    })
}

/// One thread and one controller for each disk, so that no other disk waits for etcd's fsync, nor etcd's for theirs. The
/// serial number makes a name in `/dev/disk/by-id` that stays when disks are added. PVE's default cache (`none`) hands every
/// flush to the storage.
fn options(subject: &Subject<'_>, name: &str, disk: &DiskSpec) -> IndexMap<String, String> {
    let mut options = IndexMap::new();
    let mut set = |key: &str, value: &str| _ = options.insert(key.to_owned(), value.to_owned());
    set("discard", "on");
    set("iothread", "1");
    set("serial", &serial(name));
    set("ssd", if disk.media == Some(Media::Hdd) { "0" } else { "1" });
    if let Some(cache) = &disk.cache {
        set("cache", cache);
    }
    let holds_etcd = subject.is_voter() && subject.node.etcd_disk().is_some_and(|(holder, _)| holder == name);
    if holds_etcd || name == "etcd" {
        // An older copy of a member's data makes it panic, or forget what it voted for.
        set("backup", "0");
        set("replicate", "0");
    }
    options.sort_keys();
    options
}

/// QEMU keeps 36 characters of a SCSI serial number; what is no letter or digit becomes a hyphen.
fn serial(name: &str) -> String {
    name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).take(36).collect()
}

fn efi(subject: &Subject<'_>) -> Result<Volume, Error> {
    let options =
        [("efitype", "4m"), ("pre-enrolled-keys", "0")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    Ok(Volume {
        disk: "efi".to_owned(),
        storage: subject.storage()?,
        size: 1,
        import_from: None,
        options: options.into(),
    })
}
