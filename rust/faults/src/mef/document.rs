//! XML as a flat list of elements: however deep they stand one within another, nothing here recurses.

use super::error::{MefError, MefFault};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use tree::Position;

/// Index of an element in [`Document::elements`].
pub(super) type Place = usize;

/// The attributes that mean something to this reader.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    pub(super) name: Option<String>,
    pub(super) min: Option<String>,
    pub(super) value: Option<String>,
    pub(super) role: Option<String>,
    pub(super) kind: Option<String>,
}

/// An element.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) tag: String,
    pub(super) attributes: Attributes,
    /// The elements in it, without labels and attributes.
    pub(super) children: Vec<Place>,
    /// Byte in the text.
    start: usize,
}

/// All elements, each before those in it; the first is the root.
pub(super) struct Document<'t> {
    text: &'t str,
    pub(super) elements: Vec<Element>,
}

impl<'t> Document<'t> {
    /// Reads a text.
    pub(super) fn read(text: &'t str) -> Result<Self, MefError> {
        // A byte order mark may stand before everything.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut document = Self { text, elements: Vec::new() };
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        let mut open: Vec<Place> = Vec::new();
        // How deep within a label or attributes, which say nothing to this reader.
        let mut skipped = 0usize;
        loop {
            let start = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    let at = usize::try_from(reader.error_position()).unwrap_or(text.len());
                    return Err(document.fault(at, MefFault::Xml(error.to_string())));
                }
            };
            match event {
                Event::Start(tag) => {
                    if skipped > 0 || ["label", "attributes"].contains(&&*name_of(&tag)) {
                        skipped += 1;
                        continue;
                    }
                    let element = document.element(&tag, start)?;
                    let place = document.elements.len();
                    match open.last() {
                        Some(parent) => document.elements[*parent].children.push(place),
                        None if place > 0 => {
                            return Err(
                                document.fault(start, MefFault::Misplaced(format!("a second root `{}`", element.tag)))
                            );
                        }
                        None => {}
                    }
                    document.elements.push(element);
                    open.push(place);
                }
                Event::End(_) if skipped > 0 => skipped -= 1,
                Event::End(_) => _ = open.pop(),
                Event::Text(words) if skipped == 0 && !words.iter().all(u8::is_ascii_whitespace) => {
                    return Err(document.fault(start, MefFault::Misplaced("text".to_owned())));
                }
                Event::CData(_) | Event::GeneralRef(_) if skipped == 0 => {
                    return Err(document.fault(start, MefFault::Misplaced("text".to_owned())));
                }
                Event::Eof if skipped > 0 || !open.is_empty() => {
                    let tag = open.last().map_or("label", |place| &document.elements[*place].tag);
                    let message = format!("`{tag}` is not closed");
                    return Err(document.fault(text.len(), MefFault::Xml(message)));
                }
                Event::Eof if document.elements.is_empty() => {
                    return Err(document.fault(text.len(), MefFault::Xml("there is no element".to_owned())));
                }
                Event::Eof => return Ok(document),
                _ => {}
            }
        }
    }

    pub(super) fn element_at(&self, place: Place) -> &Element {
        &self.elements[place]
    }

    /// A fault of an element.
    pub(super) fn wrong(&self, place: Place, fault: MefFault) -> MefError {
        self.fault(self.elements[place].start, fault)
    }

    /// The attribute `name`, which must be there.
    pub(super) fn name(&self, place: Place) -> Result<&str, MefError> {
        let element = self.element_at(place);
        element.attributes.name.as_deref().filter(|name| !name.trim().is_empty()).ok_or_else(|| {
            let fault = MefFault::Attribute { element: element.tag.clone(), attribute: "name", expected: "a name" };
            self.wrong(place, fault)
        })
    }

    /// What cannot be where it is.
    pub(super) fn misplaced(&self, place: Place) -> MefError {
        self.wrong(place, MefFault::Misplaced(format!("`{}`", self.element_at(place).tag)))
    }

    fn element(&self, tag: &BytesStart<'_>, start: usize) -> Result<Element, MefError> {
        let mut attributes = Attributes::default();
        // The reader's own check for attributes that stand twice compares each with each.
        for attribute in tag.attributes().with_checks(false) {
            let wrong = |message: String| self.fault(start, MefFault::Xml(message));
            let attribute = attribute.map_err(|error| wrong(error.to_string()))?;
            let kept = match attribute.key.as_ref() {
                b"name" => &mut attributes.name,
                b"min" => &mut attributes.min,
                b"value" => &mut attributes.value,
                b"role" => &mut attributes.role,
                b"type" => &mut attributes.kind,
                _ => continue,
            };
            let value =
                attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|error| wrong(error.to_string()))?;
            if kept.replace(value.into_owned()).is_some() {
                return Err(wrong("an attribute stands twice".to_owned()));
            }
        }
        Ok(Element { tag: name_of(tag), attributes, children: Vec::new(), start })
    }

    fn fault(&self, at: usize, fault: MefFault) -> MefError {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let before = &self.text[..at];
        let line = before.bytes().filter(|byte| *byte == b'\n').count();
        let column = before.chars().rev().take_while(|letter| *letter != '\n').count();
        let one_more = |number: usize| u32::try_from(number).map_or(u32::MAX, |number| number.saturating_add(1));
        MefError { at: Position { line: one_more(line), column: one_more(column) }, fault }
    }
}

fn name_of(tag: &BytesStart<'_>) -> String {
    String::from_utf8_lossy(tag.local_name().as_ref()).into_owned()
}
