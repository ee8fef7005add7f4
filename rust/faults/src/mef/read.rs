//! From the text of a model to formulas.

use super::document::{Document, Place};
use super::error::{MefError, MefFault};
use super::scope::{Defined, Scope, truth};
use crate::formula::{Formula, Formulas, Node, count};
use rustc_hash::FxHashMap;

/// All gates together have no more operands than this, once gates of one kind stand in for each other.
const OPERANDS: usize = 8_000_000;

/// A fault tree that was read.
#[derive(Clone, Debug)]
pub struct FaultTree {
    /// Name of the fault tree that the top gate is in.
    pub name: String,
    /// The formulas; their events are indices in `events`.
    pub formulas: Formulas,
    /// When the top event happens.
    pub root: Formula,
    /// The basic events in the order of the text, also those that no gate uses, each with its probability from 0 to 1 where
    /// one is given. A private event is named by its path.
    pub events: Vec<(String, Option<f64>)>,
}

/// Reads a model; its top is the one gate that no other gate uses.
///
/// # Errors
/// [`MefError`] names what is wrong, or not understood, with line and column.
pub fn read(text: &str) -> Result<FaultTree, MefError> {
    let document = Document::read(text)?;
    let mut builder = Builder {
        document: &document,
        scope: Scope::of(&document)?,
        formulas: Formulas::default(),
        operands: 0,
        done: FxHashMap::default(),
        states: Vec::new(),
    };
    let gates = builder.scope.gates.len();
    builder.states = vec![State::New; gates];
    for gate in 0..gates {
        builder.build(gate)?;
    }
    let top = builder.top()?;
    let (name, root) = (builder.scope.gates[top].tree.clone(), builder.done[&builder.scope.gates[top].place]);
    Ok(FaultTree { name, formulas: builder.formulas, root, events: builder.scope.events })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    New,
    /// It is being built: to meet it again is a circle.
    Open,
    /// It is built; whether another gate uses it.
    Done {
        used: bool,
    },
}

struct Builder<'d, 't> {
    document: &'d Document<'t>,
    scope: Scope,
    formulas: Formulas,
    operands: usize,
    done: FxHashMap<Place, Formula>,
    states: Vec<State>,
}

/// What is still to do, the last first: of each element its operands, then itself.
enum Step {
    Enter(Place),
    Leave(Place),
    EnterGate(usize),
    LeaveGate(usize),
}

impl Builder<'_, '_> {
    fn build(&mut self, gate: usize) -> Result<(), MefError> {
        if self.states[gate] != State::New {
            return Ok(());
        }
        let mut steps = vec![Step::EnterGate(gate)];
        let mut within: Vec<usize> = Vec::new();
        while let Some(step) = steps.pop() {
            match step {
                Step::EnterGate(gate) => {
                    if self.states[gate] == State::New {
                        self.states[gate] = State::Open;
                        within.push(gate);
                        steps.extend([Step::LeaveGate(gate), Step::Enter(self.formula_of(gate)?)]);
                    }
                }
                Step::LeaveGate(gate) => {
                    let place = self.scope.gates[gate].place;
                    let formula = self.done[&self.document.element_at(place).children[0]];
                    self.done.insert(place, formula);
                    self.states[gate] = State::Done { used: within.len() > 1 };
                    within.pop();
                }
                Step::Enter(place) => {
                    let inner = within.last().copied().unwrap_or(gate);
                    steps.push(Step::Leave(place));
                    match self.referred(inner, place)? {
                        Some(Defined::Gate(other)) => match self.states[other] {
                            State::New => steps.push(Step::EnterGate(other)),
                            State::Open => return Err(self.circle(&within, other, place)),
                            State::Done { .. } => self.states[other] = State::Done { used: true },
                        },
                        Some(_) => {}
                        None => {
                            steps.extend(
                                self.document.element_at(place).children.iter().rev().map(|child| Step::Enter(*child)),
                            );
                        }
                    }
                }
                Step::Leave(place) => {
                    let inner = within.last().copied().unwrap_or(gate);
                    let formula = self.formula(inner, place)?;
                    self.done.insert(place, formula);
                }
            }
        }
        Ok(())
    }

    /// The one formula of a gate.
    fn formula_of(&self, gate: usize) -> Result<Place, MefError> {
        let place = self.scope.gates[gate].place;
        match self.document.element_at(place).children[..] {
            [formula] => Ok(formula),
            _ => Err(self.document.wrong(
                place,
                MefFault::Content { element: "define-gate".to_owned(), expected: "exactly one formula" },
            )),
        }
    }

    /// What an element refers to; `None` when it is a formula with operands, or a constant.
    fn referred(&self, gate: usize, place: Place) -> Result<Option<Defined>, MefError> {
        let element = self.document.element_at(place);
        let kind = match (element.tag.as_str(), element.attributes.kind.as_deref()) {
            ("gate", _) | ("event", Some("gate")) => "gate",
            ("basic-event", _) | ("event", Some("basic-event")) => "basic-event",
            ("house-event", _) | ("event", Some("house-event")) => "house-event",
            ("event", None) => "event",
            ("event", Some(_)) => {
                let (element, expected) = (element.tag.clone(), "`gate`, `basic-event` or `house-event`");
                return Err(self.document.wrong(place, MefFault::Attribute { element, attribute: "type", expected }));
            }
            _ => return Ok(None),
        };
        let name = self.document.name(place)?;
        let found = self.scope.find(&self.scope.gates[gate].path, name).filter(|found| {
            matches!(
                (kind, found),
                ("event", _)
                    | ("gate", Defined::Gate(_))
                    | ("basic-event", Defined::Basic(_))
                    | ("house-event", Defined::House(_))
            )
        });
        let unknown = || self.document.wrong(place, MefFault::Unknown { kind, name: name.to_owned() });
        found.map(Some).ok_or_else(unknown)
    }

    /// The formula of an element whose operands are built.
    fn formula(&mut self, gate: usize, place: Place) -> Result<Formula, MefError> {
        match self.referred(gate, place)? {
            Some(Defined::Gate(gate)) => return Ok(self.done[&self.scope.gates[gate].place]),
            Some(Defined::House(true)) => return Ok(Formula::TRUE),
            Some(Defined::House(false)) => return Ok(Formula::FALSE),
            Some(Defined::Basic(event)) => return Ok(self.formulas.event(event)),
            None => {}
        }
        let element = self.document.element_at(place);
        let tag = element.tag.as_str();
        match tag {
            "constant" => {
                return truth(self.document, place).map(|holds| if holds { Formula::TRUE } else { Formula::FALSE });
            }
            "and" | "or" | "atleast" => {}
            "not" | "xor" | "nand" | "nor" | "iff" | "imply" | "cardinality" => {
                return Err(self.document.wrong(place, MefFault::NotCoherent(tag.to_owned())));
            }
            _ => return Err(self.document.misplaced(place)),
        }
        let operands: Vec<Formula> = element.children.iter().map(|child| self.done[child]).collect();
        if operands.is_empty() {
            let fault = MefFault::Content { element: tag.to_owned(), expected: "an operand" };
            return Err(self.document.wrong(place, fault));
        }
        self.spend(place, &operands)?;
        Ok(match tag {
            "and" => self.formulas.all(operands),
            "or" => self.formulas.any(operands),
            _ => {
                let min = self.least(place)?;
                if min as usize > operands.len() {
                    let fault = MefFault::AtLeast { min, operands: count(operands.len()) };
                    return Err(self.document.wrong(place, fault));
                }
                self.formulas.at_least(min, operands)
            }
        })
    }

    fn least(&self, place: Place) -> Result<u32, MefError> {
        let element = self.document.element_at(place);
        element.attributes.min.as_deref().and_then(|min| min.trim().parse().ok()).ok_or_else(|| {
            let fault = MefFault::Attribute { element: element.tag.clone(), attribute: "min", expected: "a number" };
            self.document.wrong(place, fault)
        })
    }

    /// An OR in an OR stands in for it, so that a long chain of them would take memory as its square.
    fn spend(&mut self, place: Place, operands: &[Formula]) -> Result<(), MefError> {
        let size = |formula: &Formula| match self.formulas.node(*formula) {
            Node::Gate { terms, .. } => terms.len(),
            _ => 1,
        };
        self.operands += operands.iter().map(size).sum::<usize>();
        if self.operands > OPERANDS { Err(self.document.wrong(place, MefFault::TooLarge)) } else { Ok(()) }
    }

    fn circle(&self, within: &[usize], again: usize, place: Place) -> MefError {
        let names = within.iter().skip_while(|gate| **gate != again).map(|gate| self.scope.gates[*gate].name.clone());
        self.document.wrong(place, MefFault::Circle(names.collect()))
    }

    fn top(&self) -> Result<usize, MefError> {
        let unused = |gate: &usize| self.states[*gate] == State::Done { used: false };
        let tops: Vec<usize> = (0..self.states.len()).filter(unused).collect();
        match tops[..] {
            [top] => Ok(top),
            [] => Err(self.document.wrong(0, MefFault::NoTop)),
            [_, second, ..] => {
                let names = tops.iter().map(|gate| self.scope.gates[*gate].name.clone()).collect();
                Err(self.document.wrong(self.scope.gates[second].place, MefFault::SeveralTops(names)))
            }
        }
    }
}
