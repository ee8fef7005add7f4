//! Elements by what a person calls them.

use crate::formula::{EventId, Formula, count};
use crate::model::Model;
use crate::service::Level;

/// Nothing, or more than one thing, is called so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing is called so.
    #[error("there is no element `{name}`{hint}")]
    Unknown {
        /// The name.
        name: String,
        /// The nearest known name, as the end of the sentence.
        hint: String,
    },
    /// No service is called so.
    #[error("there is no service `{name}`; {hint}")]
    NoService {
        /// The name.
        name: String,
        /// The nearest known name or all of them, as the end of the sentence.
        hint: String,
    },
    /// The service keeps nothing that could be lost.
    #[error("`{0}` keeps no data; ask for the level serve or recover")]
    NoData(String),
    /// Elements of several kinds are called so.
    #[error("`{name}` is the name of several elements; write {}", kinds.iter().map(|kind| format!("`{kind}:{name}`")).collect::<Vec<_>>().join(" or "))]
    Several {
        /// The name.
        name: String,
        /// Keys of their kinds.
        kinds: Vec<String>,
    },
}

impl Model {
    /// The element that is called so: by its name, or by the key of its kind and its name, as in `hypervisor:pve1`.
    ///
    /// # Errors
    /// [`NameError`], with the nearest known name or the kinds to choose from.
    pub fn named(&self, text: &str) -> Result<EventId, NameError> {
        let (kind, name) = match text.split_once(':') {
            Some((kind, name)) if self.kinds().any(|known| self.kind_key(known) == kind) => (Some(kind), name),
            _ => (None, text),
        };
        let all = (0..count(self.events.len())).map(EventId);
        let fits = |id: &EventId| {
            let event = self.event(*id);
            event.name == name && kind.is_none_or(|kind| self.kind_key(event.kind) == kind)
        };
        let found: Vec<EventId> = all.filter(fits).collect();
        match found[..] {
            [only] => Ok(only),
            [] => {
                let known = self.events.iter().map(|event| event.name.as_str());
                let hint = tree::nearest(name, known);
                let hint = hint.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                Err(NameError::Unknown { name: text.to_owned(), hint })
            }
            _ => {
                let kinds = found.iter().map(|id| self.kind_key(self.event(*id).kind).to_owned()).collect();
                Err(NameError::Several { name: name.to_owned(), kinds })
            }
        }
    }
    /// When the service of that name is lost at a level.
    ///
    /// # Errors
    /// [`NameError`] when there is no such service, or when it keeps no data and `level` is about data.
    pub fn lost_service(&self, name: &str, level: Level) -> Result<Formula, NameError> {
        let known = || self.services.iter().map(|service| service.name.as_str());
        let service = self.service(name).ok_or_else(|| {
            let hint = tree::nearest(name, known()).map_or_else(
                || format!("there is: {}", known().collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            NameError::NoService { name: name.to_owned(), hint }
        })?;
        service.lost(level).ok_or_else(|| NameError::NoData(name.to_owned()))
    }
}
