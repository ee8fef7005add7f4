//! Templates: strict about names, and without escaping, because what is rendered is no HTML.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior, Value};
use thiserror::Error as ThisError;

/// Why a file could not be rendered.
#[derive(Debug, ThisError)]
pub enum Error {
    /// A template asked for something that the topology does not have.
    #[error("{template} cannot be rendered: {source}")]
    Template {
        /// Name of the template.
        template: &'static str,
        /// What minijinja says.
        source: minijinja::Error,
    },
    /// A structure could not be written as YAML or JSON.
    #[error("{what} cannot be written: {message}")]
    Structure {
        /// What was to be written.
        what: &'static str,
        /// What the serializer says.
        message: String,
    },
    /// A value of the pillar does not fit what Proxmox VE accepts.
    #[error("{0}")]
    Machine(String),
}

/// Fills a template.
///
/// # Errors
/// When the template asks for a name that is not in the context.
pub fn fill(name: &'static str, text: &str, context: impl serde::Serialize) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    environment.set_syntax(syntax.map_err(|source| Error::Template { template: name, source })?);
    let context = Value::from(minijinja::value::Serde(context));
    environment.render_str(text, context).map_err(|source| Error::Template { template: name, source })
}
