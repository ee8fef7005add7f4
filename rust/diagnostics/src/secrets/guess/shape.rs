//! How a line is laid out.

/// Columns that a tab counts for: more than any indentation before a secret's own line, so that it counts as deeper.
const TAB: usize = 64;

/// Index of the first character that is no white space.
pub(super) fn first(line: &[char]) -> usize {
    line.iter().position(|character| !character.is_whitespace()).unwrap_or(line.len())
}

/// The column of that character.
pub(super) fn indentation(line: &[char]) -> usize {
    line[..first(line)].iter().map(|character| if *character == '\t' { TAB } else { 1 }).sum()
}

/// The columns in which the structures begin that a line opens: each `-`, and the key or item behind it.
///
/// A `? ` is the beginning of its key, because what belongs to the key stands deeper than the `?`.
pub(super) fn columns(line: &[char]) -> Vec<usize> {
    let (start, indentation) = (first(line), indentation(line));
    starts(line, &['-']).into_iter().map(|at| indentation + at - start).collect()
}

/// Where a line's text begins behind its indentation and these markers.
pub(super) fn behind_markers(line: &[char], markers: &[char]) -> usize {
    starts(line, markers).pop().unwrap_or(0)
}

/// The index of each marker, and of what stands behind the last.
fn starts(line: &[char], markers: &[char]) -> Vec<usize> {
    let mut at = first(line);
    let mut starts = vec![at];
    while let [marker, ' ', ..] = &line[at..]
        && markers.contains(marker)
    {
        at += 1;
        at += first(&line[at..]);
        starts.push(at);
    }
    starts
}

/// Whether the text begins with `- `, `? ` or `key:`.
pub(super) fn begins_entry(text: &[char]) -> bool {
    let rest = match text {
        ['-'] | ['-' | '?', ' ', ..] => return true,
        [quote @ ('"' | '\''), rest @ ..] => {
            let Some(end) = rest.iter().position(|character| character == quote) else { return false };
            &rest[end + 1..]
        }
        _ => {
            let end = text.iter().position(|character| !(character.is_alphanumeric() || "_-.$/ ".contains(*character)));
            &text[end.unwrap_or(text.len())..]
        }
    };
    matches!(rest, [':'] | [':', ' ' | '\t', ..])
}
