//! The topology and the tolerance as one stand-alone SVG.

mod layout;
mod table;

use crate::data::{Error, Report};
use crate::drawing::Drawing;
use layout::Canvas;

const STYLE: &str = include_str!("../templates/svg.css");
/// Width of the drawing.
const WIDTH: u32 = 1000;
/// Distance of everything from the border.
const MARGIN: u32 = 24;

/// One SVG: the topology by failure domain, and below it how many losses each service survives. It follows the light or
/// dark theme of who looks at it, and loads nothing.
///
/// # Errors
/// When the report refers to what it does not have: see [`Report::check`].
pub fn svg(report: &Report) -> Result<String, Error> {
    report.check()?;
    let mut canvas = Canvas::default();
    let mut y = MARGIN + 22;
    canvas.text(MARGIN, y, "title", &report.cluster);
    y += 22;
    canvas.text(MARGIN, y, "muted", &format!("{} · {}", report.date, report.version));
    y += 20;
    y = layout::draw(&mut canvas, report, &Drawing::of(report), y);
    y = table::draw(&mut canvas, report, y + 40);
    let height = y + MARGIN;
    let title = escaped(&format!("High availability of {}", report.cluster));
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         role=\"img\" aria-label=\"{title}\">\n<title>{title}</title>\n<style>{STYLE}</style>\n\
         <rect class=\"page\" width=\"{WIDTH}\" height=\"{height}\"/>\n{}</svg>\n",
        canvas.shapes
    ))
}

/// A text for XML, which knows no control characters.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            control if control.is_control() => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}
