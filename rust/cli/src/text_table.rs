//! Tables: for a terminal, for a README, for a spreadsheet.

use std::io::{self, Write};

/// A cell, and how it is marked on a coloured terminal.
pub(crate) struct Cell {
    pub text: String,
    pub mark: Mark,
}

/// What a colour says; the text says it, too.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Plain,
    Bad,
    Tight,
    Good,
}

impl Mark {
    fn sequence(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Bad => "\u{1b}[31m",
            Self::Tight => "\u{1b}[33m",
            Self::Good => "\u{1b}[32m",
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), mark: Mark::Plain }
    }
}

/// Rows of which the first is the head.
pub(crate) fn text(rows: &[Vec<Cell>], colored: bool, out: &mut dyn Write) -> io::Result<()> {
    let widths = widths(rows);
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            let marked = colored && cell.mark != Mark::Plain;
            let (begin, end) = if marked { (cell.mark.sequence(), "\u{1b}[0m") } else { ("", "") };
            line.extend([begin, &cell.text, end, &" ".repeat(width - cell.text.chars().count() + 2)]);
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Rows of which the first is the head.
pub(crate) fn markdown(rows: &[Vec<Cell>], out: &mut dyn Write) -> io::Result<()> {
    for (number, row) in rows.iter().enumerate() {
        let cells: Vec<String> = row.iter().map(|cell| cell.text.replace('|', "\\|")).collect();
        writeln!(out, "| {} |", cells.join(" | "))?;
        if number == 0 {
            writeln!(out, "|{}", "---|".repeat(row.len()))?;
        }
    }
    Ok(())
}

/// Rows of which the first is the head, as RFC 4180 has it but for the ends of lines.
pub(crate) fn csv(rows: &[Vec<Cell>], out: &mut dyn Write) -> io::Result<()> {
    let quoted = |text: &str| {
        if text.contains(['"', ',', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    };
    for row in rows {
        writeln!(out, "{}", row.iter().map(|cell| quoted(&cell.text)).collect::<Vec<_>>().join(","))?;
    }
    Ok(())
}

fn widths(rows: &[Vec<Cell>]) -> Vec<usize> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |column| rows.iter().filter_map(|row| row.get(column)).map(|cell: &Cell| cell.text.chars().count()).max();
    (0..columns).map(|column| width(column).unwrap_or(0)).collect()
}
