//! libyaml's words about a text that is not YAML, as sentences that help.

use tree::Position;

use crate::error::{Error, ErrorKind};

/// What libyaml's scanner or parser did not understand.
pub(crate) fn explain(
    problem: &'static str,
    position: Position,
    context: Option<(&'static str, Position)>,
    text: &str,
) -> Error {
    let message = match problem {
        "found character that cannot start any token" => match character_at(text, position) {
            Some('\t') => "indentation must be spaces, and here is a tab".to_owned(),
            Some(character) if character.is_ascii_punctuation() => {
                format!("a value cannot begin with `{character}`; put it in quotes")
            }
            _ => "a value cannot begin with this character; put it in quotes".to_owned(),
        },
        _ => sentence(problem).map_or_else(|| format!("this is not YAML: {problem}"), str::to_owned),
    };
    let error = Error::new(ErrorKind::Syntax, message).at(position);
    match context {
        Some((words, place)) if place != position => error.because(circumstance(words), place),
        _ => error,
    }
}

fn sentence(problem: &str) -> Option<&'static str> {
    Some(match problem {
        "mapping values are not allowed in this context" => {
            "a `:` cannot stand here; is this line indented as the one before it, or does a value with `: ` lack quotes?"
        }
        "could not find expected ':'" => "this line is neither a key with its `:` nor the continuation of a value",
        "did not find expected key" => {
            "a key was expected here; is it indented as the keys before it, and is everything closed before it?"
        }
        "did not find expected '-' indicator" => "a `- ` was expected here; is it indented as the items before it?",
        "did not find expected ',' or ']'" => "a `,` or the closing `]` of the list was expected here",
        "did not find expected ',' or '}'" => "a `,` or the closing `}` of the mapping was expected here",
        "did not find expected node content" => "a value was expected here",
        "did not find expected <document start>" => "text stands behind the end of the document",
        "found unexpected end of stream" => "the text ends within quotes that are not closed",
        "found unexpected document indicator" => "a document marker stands within quotes; are they closed?",
        "found unknown escape character" => {
            "within double quotes, `\\` does not go with this character; use single quotes"
        }
        "block sequence entries are not allowed in this context" => {
            "a list item `- ` cannot begin in the middle of this line"
        }
        "mapping keys are not allowed in this context" => "a key with `?` cannot begin here",
        "did not find expected alphabetic or numeric character" => {
            "behind `&` or `*` a name of letters, digits, `-` and `_` was expected; does a value lack quotes?"
        }
        "found undefined tag handle" => "the tag begins with a handle that no %TAG line declares",
        "found incompatible YAML document" => "this version of YAML cannot be read; leave the %YAML line out",
        "found a tab character where an indentation space is expected"
        | "found a tab character that violates indentation" => "indentation must be spaces, and here is a tab",
        "did not find expected comment or line break" => "only a comment may follow here on this line",
        _ => return None,
    })
}

fn circumstance(words: &str) -> String {
    match words {
        "while parsing a block mapping" | "while parsing a flow mapping" => "in the mapping that begins here",
        "while parsing a block collection" | "while parsing a flow sequence" => "in the list that begins here",
        "while scanning a simple key" => "in the line that begins here",
        "while scanning a quoted scalar" => "within the quotes that open here",
        "while scanning a block scalar" => "in the block of text that begins here",
        "while scanning a plain scalar" => "in the value that begins here",
        "while scanning an anchor" | "while scanning an alias" => "in the anchor or alias that begins here",
        _ => words,
    }
    .to_owned()
}

/// A character that libyaml's reader refuses.
pub(crate) fn unreadable(problem: &'static str, text: &str, offset: usize) -> Error {
    let message = match (problem, text.as_bytes().get(offset)) {
        ("control characters are not allowed", Some(0)) => "a NUL byte stands here; this is not a text file".to_owned(),
        ("control characters are not allowed", _) => {
            "a control character stands here that YAML does not allow; in double quotes it can be written with `\\`"
                .to_owned()
        }
        _ => format!("the text cannot be read: {problem}"),
    };
    Error::new(ErrorKind::ControlCharacter, message).at(position_of(text, offset))
}

/// Line and column of a byte, counted as libyaml does: the mark at the beginning of the text does not count, and line
/// separators of Unicode do.
pub(crate) fn position_of(text: &str, offset: usize) -> Position {
    let skipped = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let before = text.get(skipped..offset).unwrap_or_default();
    let (mut line, mut column) = (1_u32, 1_u32);
    let mut characters = before.chars().peekable();
    while let Some(character) = characters.next() {
        let ends_line = match character {
            '\r' => characters.peek() != Some(&'\n'),
            _ => matches!(character, '\n' | '\u{85}' | '\u{2028}' | '\u{2029}'),
        };
        if ends_line {
            (line, column) = (line.saturating_add(1), 1);
        } else {
            column = column.saturating_add(1);
        }
    }
    Position { line, column }
}

fn character_at(text: &str, position: Position) -> Option<char> {
    let lines = text.split_inclusive(['\n', '\u{85}', '\u{2028}', '\u{2029}']);
    lines.into_iter().nth(position.line as usize - 1)?.chars().nth(position.column as usize - 1)
}

#[cfg(test)]
mod tests {
    use super::position_of;
    use tree::Position;

    #[test]
    fn lines_are_counted_as_libyaml_counts_them() {
        for (text, offset, line, column) in [
            ("ab\ncd", 4, 2, 2),
            ("a\r\nb", 3, 2, 1),
            ("a\rb", 2, 2, 1),
            ("é\u{85}x", 4, 2, 1),
            ("\u{feff}ab", 4, 1, 2),
        ] {
            assert_eq!(position_of(text, offset), Position { line, column }, "{text:?}");
        }
    }
}
