//! Input that cannot be used at all.

use std::path::Path;

/// Input that cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder cannot be read.
    #[error("`{path}` cannot be read: {reason}")]
    Unreadable {
        /// Which.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// A folder without pillar files.
    #[error("`{path}` holds no pillar: there is neither top.sls nor any other .sls, .yaml or .yml file in it")]
    NoPillar {
        /// Which.
        path: String,
    },
}

impl Error {
    pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        Self::Unreadable { path: path.display().to_string(), reason: error.to_string() }
    }
}
