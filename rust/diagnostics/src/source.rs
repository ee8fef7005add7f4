//! The texts to which spans point.

use tree::{SourceId, Span};

/// A text that was read, and what of it must not be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The name of the file, as the user gave it.
    pub name: String,
    /// The text whose lines spans count.
    pub text: String,
    /// The lines are those of Jinja's output, not of the file.
    pub rendered: bool,
    /// The text could be parsed, so `secrets` is complete. Otherwise secrets are found by the look of the lines.
    pub parsed: bool,
    /// Where the values of secrets stand. They are masked wherever a line is shown.
    pub secrets: Vec<Span>,
}

impl Source {
    /// A file's own text. It counts as not parsed until [`Sources::hide`] has told where its secrets stand.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into(), ..Self::default() }
    }

    /// What Jinja made of a file.
    pub fn rendered(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { rendered: true, ..Self::new(name, text) }
    }
}

/// The texts that were read, numbered by [`SourceId`] in the order in which they were added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// No text yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text and gives its number.
    pub fn push(&mut self, source: Source) -> SourceId {
        let id = self.next_id();
        self.0.push(source);
        id
    }

    /// The number that the next text will get, for a reader that needs it before the text is added.
    #[must_use]
    pub fn next_id(&self) -> SourceId {
        SourceId(u32::try_from(self.0.len()).unwrap_or(u32::MAX))
    }

    /// The text with this number.
    #[must_use]
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.0.get(id.0 as usize)
    }

    /// The text with this number, to be changed.
    #[must_use]
    pub fn get_mut(&mut self, id: SourceId) -> Option<&mut Source> {
        self.0.get_mut(id.0 as usize)
    }

    /// All texts in order.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Source> {
        self.0.iter()
    }

    /// How many texts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Tells that a text could be parsed, and where secrets stand in it: `tree::Tree::secret_spans` of its root.
    ///
    /// Spans of other texts go to those. Until this is called for a text, its secrets are found by the look of its lines.
    pub fn hide(&mut self, parsed: SourceId, secrets: impl IntoIterator<Item = Span>) {
        if let Some(source) = self.get_mut(parsed) {
            source.parsed = true;
        }
        for span in secrets {
            if let Some(source) = self.get_mut(span.source) {
                source.secrets.push(span);
            }
        }
    }
}

impl FromIterator<Source> for Sources {
    fn from_iter<I: IntoIterator<Item = Source>>(sources: I) -> Self {
        Self(sources.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use tree::Position;

    use super::*;

    #[test]
    fn spans_go_to_the_texts_in_which_they_stand() {
        let mut sources: Sources = [Source::new("a.sls", ""), Source::rendered("b.sls", "")].into_iter().collect();
        let place = Position { line: 1, column: 1 };
        let span = |source| Span { source: SourceId(source), start: place, end: place };
        sources.hide(SourceId(0), [span(0), span(1), span(7)]);
        let all: Vec<_> = sources.iter().map(|source| (source.parsed, source.secrets.clone())).collect();
        assert_eq!(all, [(true, vec![span(0)]), (false, vec![span(1)])]);
    }

    #[test]
    fn numbers_are_given_in_order() {
        let mut sources = Sources::new();
        assert!(sources.is_empty());
        let expected = sources.next_id();
        assert_eq!(sources.push(Source::new("a.sls", "")), expected);
        assert_eq!((sources.len(), sources.get(expected).map(|source| source.name.as_str())), (1, Some("a.sls")));
        assert!(sources.get(sources.next_id()).is_none());
    }
}
