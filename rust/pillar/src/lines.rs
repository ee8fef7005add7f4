//! Which rendered line came from which line of the file.

/// What a renderer made of a file's lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lines {
    /// For each rendered line, from 0: the line of the file, from 0, where that is known.
    source_of: Vec<Option<u32>>,
}

impl Lines {
    /// Compares a file with its rendered text.
    ///
    /// With the same number of lines, a line is known when it is the same on both sides. Otherwise the lines before the
    /// first difference and those behind the last one are known; what a loop made in between is not guessed.
    pub fn between(written: &str, rendered: &str) -> Self {
        let written: Vec<&str> = written.lines().collect();
        let rendered: Vec<&str> = rendered.lines().collect();
        let number = |line: usize| u32::try_from(line).ok();
        if written.len() == rendered.len() {
            let pairs = written.iter().zip(&rendered).enumerate();
            return Self {
                source_of: pairs.map(|(line, (one, other))| (one == other).then(|| number(line)).flatten()).collect(),
            };
        }
        let before = written.iter().zip(&rendered).take_while(|(one, other)| one == other).count();
        let most_behind = written.len().min(rendered.len()) - before;
        let from_end = written.iter().rev().zip(rendered.iter().rev()).take(most_behind);
        let behind = from_end.take_while(|(one, other)| one == other).count();
        let source_of = (0..rendered.len()).map(|line| {
            if line < before {
                number(line)
            } else if line + behind >= rendered.len() {
                number(line + written.len() - rendered.len())
            } else {
                None
            }
        });
        Self { source_of: source_of.collect() }
    }

    /// The line of the file, from 1, for a rendered line, from 1.
    pub fn source_of(&self, rendered: u32) -> Option<u32> {
        let at = usize::try_from(rendered.checked_sub(1)?).ok()?;
        self.source_of.get(at).copied().flatten().map(|line| line + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(written: &str, rendered: &str) -> Vec<Option<u32>> {
        let lines = Lines::between(written, rendered);
        (1..=u32::try_from(rendered.lines().count()).unwrap()).map(|line| lines.source_of(line)).collect()
    }

    #[test]
    fn a_line_that_stays_is_known() {
        assert_eq!(known("a\n{{ b }}\nc\n", "a\nb\nc\n"), [Some(1), None, Some(3)]);
    }

    #[test]
    fn a_loop_is_not_guessed() {
        assert_eq!(
            known("a\n{% for %}\nx{{ i }}\n{% endfor %}\nz\n", "a\nx1\nx2\nz\n"),
            [Some(1), None, None, Some(5)]
        );
    }

    #[test]
    fn a_loop_that_grows_is_not_guessed() {
        assert_eq!(known("a\n{{ x }}\na\n", "a\na\na\na\n"), [Some(1), None, None, Some(3)]);
    }

    #[test]
    fn nothing_left_is_no_line() {
        assert_eq!(known("{% if no %}\na\n{% endif %}\n", ""), []);
    }
}
