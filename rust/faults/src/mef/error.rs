//! Why a model cannot be read.

use tree::Position;

/// What is wrong with a model, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {}, column {}: {fault}", at.line, at.column)]
pub struct MefError {
    /// Where it begins.
    pub at: Position,
    /// What it is.
    pub fault: MefFault,
}

/// What is wrong with a model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MefFault {
    /// The text is not XML.
    #[error("not well-formed XML: {0}")]
    Xml(String),
    /// Something stands where it says nothing.
    #[error("{0} has no place here")]
    Misplaced(String),
    /// An element of the format that would change the answer, and is not understood.
    #[error("`{0}` is not understood: only fault trees of and, or and atleast are")]
    NotUnderstood(String),
    /// A gate with which a further failure could mend something.
    #[error("`{0}` is not monotone: only and, or and atleast are understood")]
    NotCoherent(String),
    /// An attribute that is missing, or has a value of another kind.
    #[error("`{element}` needs the attribute `{attribute}`: {expected}")]
    Attribute {
        /// The element.
        element: String,
        /// The attribute.
        attribute: &'static str,
        /// What its value has to be.
        expected: &'static str,
    },
    /// A gate without exactly one formula, or a formula without any operand.
    #[error("`{element}` needs {expected}")]
    Content {
        /// The element.
        element: String,
        /// What it needs.
        expected: &'static str,
    },
    /// More operands must hold than there are.
    #[error("`atleast` of {min} has {operands} operands")]
    AtLeast {
        /// So many must hold.
        min: u32,
        /// So many there are.
        operands: u32,
    },
    /// A name that stands for two things.
    #[error("`{0}` is defined already")]
    Duplicate(String),
    /// A name that stands for nothing, or for something of another kind.
    #[error("no {kind} `{name}` is defined")]
    Unknown {
        /// What was looked for.
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// A probability that is none.
    #[error("the probability of `{name}` is {value}: it must be a constant from 0 to 1")]
    Probability {
        /// The basic event.
        name: String,
        /// What is said of it.
        value: String,
    },
    /// Gates that need themselves.
    #[error("gates in a circle: {}", quoted(.0))]
    Circle(Vec<String>),
    /// No gate at all.
    #[error("no gate is defined")]
    NoTop,
    /// Several gates that no other gate uses.
    #[error("several gates that no other gate uses, where one top is wanted: {}", quoted(.0))]
    SeveralTops(Vec<String>),
    /// The formulas would not fit.
    #[error("the gates are too many and too much one within another")]
    TooLarge,
}

/// So many names are named; the number of the others is said.
const NAMED: usize = 8;

fn quoted(names: &[String]) -> String {
    let mut text: Vec<String> = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    if names.len() > NAMED {
        text.push(format!("and {} more", names.len() - NAMED));
    }
    text.join(", ")
}
