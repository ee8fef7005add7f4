//! How a pillar is read.

use std::path::{Path, PathBuf};

/// What became of a file with Jinja.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rendering {
    /// Its rendered text.
    Text(String),
    /// Salt is not installed here.
    NoSalt,
    /// Salt refuses, with its reason on one line.
    Failed(String),
}

/// Renders a file with Jinja: its path, the root of the pillar, the options.
pub type Renderer = fn(&Path, &Path, &Options) -> Rendering;

/// How a pillar is read.
#[derive(Clone, Debug)]
pub struct Options {
    /// The environment of `top.sls`.
    pub saltenv: String,
    /// Whether lists are joined when files are merged (`pillar_merge_lists`).
    pub merge_lists: bool,
    /// A YAML file of grains for files with Jinja.
    pub grains: Option<PathBuf>,
    /// A YAML file of pillar for files with Jinja.
    pub pillar: Option<PathBuf>,
    /// Renders files with Jinja.
    pub renderer: Renderer,
}

impl Options {
    /// Salt's own defaults, with this renderer for files with Jinja.
    #[must_use]
    pub fn new(renderer: Renderer) -> Self {
        Self { saltenv: "base".to_owned(), merge_lists: false, grains: None, pillar: None, renderer }
    }
}
