//! From the name of an SLS to its file.

use std::path::{Path, PathBuf};

/// The file of an SLS: `a.b` is `a/b.sls` or `a/b/init.sls`. `None` when neither is there.
pub(crate) fn file_of(root: &Path, name: &str) -> Option<PathBuf> {
    let relative: PathBuf = name.split('.').collect();
    let plain = relative.exists_as(root, |path| path.with_extension_added("sls"));
    plain.or_else(|| relative.exists_as(root, |path| path.join("init.sls")))
}

/// The full name of an include: a leading dot means the folder of the file that includes, a further dot its parent.
///
/// `including` is the name of the SLS that includes; `is_init` whether its file is an `init.sls`.
pub(crate) fn absolute(include: &str, including: &str, is_init: bool) -> Option<String> {
    let dots = include.len() - include.trim_start_matches('.').len();
    if dots == 0 {
        return Some(include.to_owned());
    }
    let mut folder: Vec<&str> = including.split('.').collect();
    let up = if is_init { dots - 1 } else { dots };
    folder.truncate(folder.len().checked_sub(up)?);
    folder.push(&include[dots..]);
    Some(folder.join("."))
}

trait ExistsAs {
    fn exists_as(&self, root: &Path, form: impl Fn(&Path) -> PathBuf) -> Option<PathBuf>;
}

impl ExistsAs for PathBuf {
    fn exists_as(&self, root: &Path, form: impl Fn(&Path) -> PathBuf) -> Option<PathBuf> {
        let path = root.join(form(self));
        path.is_file().then_some(path)
    }
}

trait WithExtensionAdded {
    fn with_extension_added(&self, extension: &str) -> PathBuf;
}

impl WithExtensionAdded for Path {
    fn with_extension_added(&self, extension: &str) -> PathBuf {
        let mut name = self.as_os_str().to_owned();
        name.push(".");
        name.push(extension);
        PathBuf::from(name)
    }
}

#[cfg(test)]
mod tests {
    use super::absolute;

    #[test]
    fn dots_lead_up() {
        assert_eq!(absolute("common", "clusters.prod", false).unwrap(), "common");
        assert_eq!(absolute(".nodes", "clusters.prod", false).unwrap(), "clusters.nodes");
        assert_eq!(absolute(".nodes", "clusters.prod", true).unwrap(), "clusters.prod.nodes");
        assert_eq!(absolute("..nodes", "clusters.prod", true).unwrap(), "clusters.nodes");
        assert_eq!(absolute("...nodes", "prod", false), None);
    }
}
