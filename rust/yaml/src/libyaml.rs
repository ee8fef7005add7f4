//! The only `unsafe` of the project: libyaml, translated to Rust, behind an iterator of [`Event`]s.
//!
//! The texts of an event borrow from the parser, so the borrow checker enforces what libyaml asks for: an event is
//! used before the next one is requested.
#![expect(unsafe_code, reason = "libyaml's interface is one of raw pointers; this file is its wrapper")]

use std::ffi::{CStr, c_char};
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ptr::NonNull;
use std::slice;

use libyaml_rs as sys;
use tree::Position;

use crate::event::{Event, Failure, Kind, Properties};

/// A libyaml parser over a text.
pub(crate) struct Parser<'input> {
    /// Owned. On the heap and reached by raw pointer only, because libyaml keeps the parser's own address in it.
    state: NonNull<sys::yaml_parser_t>,
    /// The event that was handed out last; it owns the texts which the caller may still hold.
    event: MaybeUninit<sys::yaml_event_t>,
    /// Whether `event` holds one.
    filled: bool,
    input: PhantomData<&'input [u8]>,
}

impl<'input> Parser<'input> {
    /// A parser at the beginning of the text.
    pub(crate) fn new(input: &'input str) -> Self {
        let memory = Box::into_raw(Box::new(MaybeUninit::<sys::yaml_parser_t>::uninit()));
        let parser = memory.cast::<sys::yaml_parser_t>();
        // SAFETY: `parser` points to memory of the right size and alignment, which initialisation fills. The input
        // outlives the parser by the lifetime of `Self`, and a slice's pointer is never null.
        unsafe {
            let _ = sys::yaml_parser_initialize(parser);
            sys::yaml_parser_set_input_string(parser, input.as_ptr(), input.len() as u64);
            Self {
                state: NonNull::new_unchecked(parser),
                event: MaybeUninit::uninit(),
                filled: false,
                input: PhantomData,
            }
        }
    }

    /// The next event.
    pub(crate) fn next(&mut self) -> Result<Event<'_>, Failure> {
        self.release();
        // SAFETY: the parser is initialised; libyaml zeroes the event first and fills it, also when it fails.
        let success = unsafe { sys::yaml_parser_parse(self.state.as_ptr(), self.event.as_mut_ptr()) };
        if !success.ok {
            return Err(self.failure());
        }
        self.filled = true;
        // SAFETY: filled above.
        convert(unsafe { self.event.assume_init_ref() })
    }

    fn release(&mut self) {
        if self.filled {
            self.filled = false;
            // SAFETY: the event was filled by the parser and is deleted once. Nobody holds its texts any more,
            // because they borrow `self`.
            unsafe { sys::yaml_event_delete(self.event.as_mut_ptr()) };
        }
    }

    fn failure(&self) -> Failure {
        // SAFETY: the parser is initialised, and nobody writes to it meanwhile.
        let parser = unsafe { self.state.as_ref() };
        // SAFETY: libyaml's problems and contexts are null or constants of the library that end with a NUL byte.
        let (problem, context) = unsafe { (words(parser.problem), words(parser.context)) };
        let Some(problem) = problem else { return Failure::Broken };
        if parser.error == sys::YAML_READER_ERROR {
            return Failure::Reader { problem, offset: usize::try_from(parser.problem_offset).unwrap_or(usize::MAX) };
        }
        let context = context.map(|context| (context, position(parser.context_mark)));
        Failure::Syntax { problem, position: position(parser.problem_mark), context }
    }
}

impl Drop for Parser<'_> {
    fn drop(&mut self) {
        self.release();
        // SAFETY: the parser is initialised and deleted once; its memory came from this very kind of box.
        unsafe {
            sys::yaml_parser_delete(self.state.as_ptr());
            drop(Box::from_raw(self.state.as_ptr().cast::<MaybeUninit<sys::yaml_parser_t>>()));
        }
    }
}

/// Fails on what libyaml never gives: an event without a kind, or text that is not UTF-8.
fn convert(event: &sys::yaml_event_t) -> Result<Event<'_>, Failure> {
    let kind = match event.type_ {
        sys::YAML_STREAM_START_EVENT => Kind::StreamStart,
        sys::YAML_STREAM_END_EVENT => Kind::StreamEnd,
        sys::YAML_DOCUMENT_START_EVENT => Kind::DocumentStart,
        sys::YAML_DOCUMENT_END_EVENT => Kind::DocumentEnd,
        sys::YAML_SEQUENCE_END_EVENT => Kind::SequenceEnd,
        sys::YAML_MAPPING_END_EVENT => Kind::MappingEnd,
        sys::YAML_ALIAS_EVENT => {
            // SAFETY: `type_` says which member of `data` is filled; its texts are the event's own.
            let anchor = unsafe { text(event, event.data.alias.anchor) }?;
            Kind::Alias { anchor: anchor.ok_or(Failure::Broken)? }
        }
        // SAFETY: `type_` says that this is a scalar.
        sys::YAML_SCALAR_EVENT => unsafe { scalar(event) }?,
        sys::YAML_SEQUENCE_START_EVENT => {
            // SAFETY: `type_` says which member of `data` is filled; its texts are the event's own.
            let (sequence, properties) = unsafe {
                let sequence = event.data.sequence_start;
                (sequence, properties(event, sequence.anchor, sequence.tag)?)
            };
            Kind::SequenceStart { properties, block: sequence.style == sys::YAML_BLOCK_SEQUENCE_STYLE }
        }
        sys::YAML_MAPPING_START_EVENT => {
            // SAFETY: `type_` says which member of `data` is filled; its texts are the event's own.
            let (mapping, properties) = unsafe {
                let mapping = event.data.mapping_start;
                (mapping, properties(event, mapping.anchor, mapping.tag)?)
            };
            Kind::MappingStart { properties, block: mapping.style == sys::YAML_BLOCK_MAPPING_STYLE }
        }
        _ => return Err(Failure::Broken),
    };
    Ok(Event { kind, start: position(event.start_mark), end: position(event.end_mark) })
}

/// The kind of a scalar event.
///
/// # Safety
/// The event is a scalar.
unsafe fn scalar(event: &sys::yaml_event_t) -> Result<Kind<'_>, Failure> {
    // SAFETY: the caller's promise.
    let scalar = unsafe { event.data.scalar };
    let length = usize::try_from(scalar.length).map_err(|_| Failure::Broken)?;
    // SAFETY: the texts are the event's own. `value` is never null: behind `length` bytes it ends with a NUL byte.
    let (properties, bytes) = unsafe {
        (properties(event, scalar.anchor, scalar.tag)?, slice::from_raw_parts::<'_, u8>(scalar.value, length))
    };
    let text = str::from_utf8(bytes).map_err(|_| Failure::Broken)?;
    Ok(Kind::Scalar { properties, text, implicit: scalar.plain_implicit })
}

/// # Safety
/// As for [`text`], both.
unsafe fn properties(owner: &sys::yaml_event_t, anchor: *const u8, tag: *const u8) -> Result<Properties<'_>, Failure> {
    // SAFETY: the caller's promise.
    unsafe { Ok(Properties { anchor: text(owner, anchor)?, tag: text(owner, tag)? }) }
}

/// A text of an event, if there is one.
///
/// # Safety
/// `pointer` is null, or points to a text that ends with a NUL byte and that `owner` keeps.
unsafe fn text(owner: &sys::yaml_event_t, pointer: *const u8) -> Result<Option<&str>, Failure> {
    let _ = owner;
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's promise.
    let bytes = unsafe { CStr::from_ptr(pointer.cast::<c_char>()) };
    bytes.to_str().map(Some).map_err(|_| Failure::Broken)
}

/// Words of libyaml about a problem.
///
/// # Safety
/// `pointer` is null, or points to a constant that ends with a NUL byte.
unsafe fn words(pointer: *const i8) -> Option<&'static str> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: the caller's promise.
    unsafe { CStr::from_ptr(pointer.cast::<c_char>()) }.to_str().ok()
}

fn position(mark: sys::yaml_mark_t) -> Position {
    let number = |count: u64| u32::try_from(count).unwrap_or(u32::MAX).saturating_add(1);
    Position { line: number(mark.line), column: number(mark.column) }
}
