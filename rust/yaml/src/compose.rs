//! From events to a graph of nodes: anchors, aliases, spans, tags. Values of scalars are read here too.

use std::collections::HashMap;

use tree::{NodeId, Position, SourceId, Span, Tree, Value};

use crate::error::{Error, ErrorKind};
use crate::event::{Event, Failure, Kind, Properties};
use crate::graph::{Collection, Content, Graph, Mark, Shape, start};
use crate::libyaml::Parser;
use crate::limits::Limits;
use crate::resolve::resolve;
use crate::scalar;
use crate::surprise::{Surprise, SurpriseKind};
use crate::syntax;
use crate::tag::Tag;

/// Reads the only document of a text; `None` where there is no document.
pub(crate) fn compose(
    tree: &mut Tree,
    text: &str,
    source: SourceId,
    limits: &Limits,
    surprises: &mut Vec<Surprise>,
) -> Result<Option<Graph>, Error> {
    let mut parser = Parser::new(text);
    let base = u32::try_from(tree.len()).unwrap_or(u32::MAX);
    let mut composer = Composer {
        tree,
        source,
        limits,
        surprises,
        graph: Graph {
            base,
            root: NodeId(base),
            marks: Vec::new(),
            collections: Vec::new(),
            texts: HashMap::new(),
            shared: false,
        },
        anchors: HashMap::new(),
        children: Vec::new(),
        open: Vec::new(),
        last_end: Position { line: 1, column: 1 },
        began: None,
    };
    loop {
        let event = parser.next().map_err(|failure| explain(failure, text))?;
        if matches!(event.kind, Kind::StreamEnd) {
            break;
        }
        composer.take(&event)?;
    }
    Ok(composer.began.map(|_| composer.graph))
}

fn explain(failure: Failure, text: &str) -> Error {
    match failure {
        Failure::Reader { problem, offset } => syntax::unreadable(problem, text, offset),
        Failure::Syntax { problem, position, context } => syntax::explain(problem, position, context, text),
        Failure::Broken => Error::new(ErrorKind::Syntax, "the text cannot be read as YAML"),
    }
}

struct Composer<'a> {
    tree: &'a mut Tree,
    source: SourceId,
    limits: &'a Limits,
    surprises: &'a mut Vec<Surprise>,
    graph: Graph,
    anchors: HashMap<Box<str>, NodeId>,
    /// Children of all open collections, one behind the other.
    children: Vec<NodeId>,
    open: Vec<Open>,
    /// Where the last node ended that was not a block collection: these end where their last child does.
    last_end: Position,
    /// Where the document began.
    began: Option<Position>,
}

/// A collection whose end was not reached yet.
struct Open {
    index: usize,
    block: bool,
    /// Where its children begin.
    first_child: usize,
}

impl Composer<'_> {
    fn take(&mut self, event: &Event<'_>) -> Result<(), Error> {
        match event.kind {
            Kind::StreamStart | Kind::StreamEnd | Kind::DocumentEnd => {}
            Kind::DocumentStart => self.document(event.start)?,
            Kind::Alias { anchor } => self.alias(anchor, event)?,
            Kind::Scalar { properties, text, implicit } => self.scalar(properties, text, implicit, event)?,
            Kind::SequenceStart { properties, block } => {
                self.collection(properties, block, Content::Items(Vec::new()), event)?;
            }
            Kind::MappingStart { properties, block } => {
                self.collection(properties, block, Content::Entries(Vec::new()), event)?;
            }
            Kind::SequenceEnd | Kind::MappingEnd => self.close(event),
        }
        Ok(())
    }

    fn document(&mut self, position: Position) -> Result<(), Error> {
        let Some(first) = self.began.replace(position) else { return Ok(()) };
        let message = "a second document begins here, and Salt reads one document per file";
        Err(Error::new(ErrorKind::SeveralDocuments, message).at(position).because("the first one begins here", first))
    }

    fn alias(&mut self, anchor: &str, event: &Event<'_>) -> Result<(), Error> {
        let Some(node) = self.anchors.get(anchor).copied() else {
            // Its name is not printed: a password that begins with `*` is an alias too, as one with `&` is an anchor.
            let message = "no anchor `&` of this name stands before the alias `*`; if it is text, put it in quotes";
            return Err(Error::new(ErrorKind::UndefinedAlias, message).at(event.start));
        };
        self.graph.shared |= matches!(self.graph.mark(node).shape, Shape::Collection(_));
        self.children.push(node);
        self.last_end = event.end;
        Ok(())
    }

    fn scalar(&mut self, properties: Properties<'_>, text: &str, plain: bool, event: &Event<'_>) -> Result<(), Error> {
        let tag = match properties.tag {
            Some(name) if name != "!" => Tag::named(name),
            _ if plain => resolve(text),
            _ => Tag::Text,
        };
        let (value, shape) = match scalar::read(tag, text) {
            Some(value) => (value, Shape::Scalar),
            None => (Value::Null, Shape::Unreadable),
        };
        let surprise = if properties.tag.is_none() && plain { SurpriseKind::of(text, &value) } else { None };
        let written = scalar::written(&value, text);
        let hidden = match value {
            Value::Null => text == "null" || shape == Shape::Unreadable,
            Value::Bytes(_) => true,
            _ => false,
        };
        let node = self.add(properties, tag, shape, value, written, event)?;
        if hidden {
            self.graph.texts.insert(node, text.into());
        }
        if let Some(kind) = surprise {
            self.surprises.push(Surprise { node, kind });
        }
        self.last_end = event.end;
        Ok(())
    }

    fn collection(
        &mut self,
        properties: Properties<'_>,
        block: bool,
        content: Content,
        event: &Event<'_>,
    ) -> Result<(), Error> {
        if self.open.len() >= self.limits.depth {
            return Err(too_deep(self.limits).at(event.start));
        }
        let tag = match (properties.tag, &content) {
            (Some(name), _) if name != "!" => Tag::named(name),
            (_, Content::Items(_)) => Tag::List,
            (_, Content::Entries(_)) => Tag::Map,
        };
        let index = self.graph.collections.len();
        let node = self.add(properties, tag, Shape::Collection(index), Value::Null, None, event)?;
        let span = Span { source: self.source, start: event.start, end: event.end };
        self.graph.collections.push(Collection { node, last: node, span, content, special: false });
        self.open.push(Open { index, block, first_child: self.children.len() });
        self.last_end = event.end;
        Ok(())
    }

    /// Adds a node to the tree, to the collection around it, and to the anchors.
    fn add(
        &mut self,
        properties: Properties<'_>,
        tag: Tag,
        shape: Shape,
        value: Value,
        written: Option<Box<str>>,
        event: &Event<'_>,
    ) -> Result<NodeId, Error> {
        if self.graph.marks.len() >= self.limits.nodes {
            return Err(too_many(self.limits).at(event.start));
        }
        let span = Span { source: self.source, start: event.start, end: event.end };
        let node = self.tree.push(value, written, Some(span));
        self.graph.marks.push(Mark { tag, shape, made: false });
        self.children.push(node);
        if let Some(anchor) = properties.anchor {
            self.anchor(anchor, node, event.start)?;
        }
        Ok(node)
    }

    fn anchor(&mut self, anchor: &str, node: NodeId, position: Position) -> Result<(), Error> {
        let Some(first) = self.anchors.insert(anchor.into(), node) else { return Ok(()) };
        let message = "an anchor `&` of this name was used before; if it is text, put it in quotes";
        let first = start(self.tree, first);
        Err(Error::new(ErrorKind::DuplicateAnchor, message).at(position).because("first used here", first))
    }

    fn close(&mut self, event: &Event<'_>) {
        let Some(open) = self.open.pop() else { return };
        let last = u32::try_from(self.tree.len()).unwrap_or(u32::MAX).saturating_sub(1);
        let children = self.children.get(open.first_child..).unwrap_or_default();
        let has_children = !children.is_empty();
        let special = |node: &NodeId| matches!(self.graph.mark(*node).tag, Tag::Merge | Tag::Default);
        let (entries, _) = children.as_chunks::<2>();
        let any_special = entries.iter().any(|[key, _]| special(key));
        let collection = &mut self.graph.collections[open.index];
        match &mut collection.content {
            Content::Items(items) => *items = children.to_vec(),
            Content::Entries(pairs) => {
                *pairs = entries.iter().map(|[key, value]| (*key, *value)).collect();
                collection.special = any_special;
            }
        }
        collection.last = NodeId(last);
        if !(open.block && has_children) {
            self.last_end = event.end;
        }
        collection.span.end = self.last_end;
        self.children.truncate(open.first_child);
    }
}

pub(crate) fn too_deep(limits: &Limits) -> Error {
    let message = format!("lists and mappings stand in each other more than {} deep", limits.depth);
    Error::new(ErrorKind::TooDeep, message)
}

pub(crate) fn too_many(limits: &Limits) -> Error {
    let message =
        format!("there are more than {} values, counting aliases and merges as often as they are used", limits.nodes);
    Error::new(ErrorKind::TooManyNodes, message)
}
