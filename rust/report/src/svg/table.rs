//! How many losses each service survives: the level `serve`, a column for each kind.

use super::layout::Canvas;
use super::{MARGIN, WIDTH};
use crate::data::{Level, Report, Service};
use crate::mermaid::clipped;
use crate::view::{Headroom, survives};
use crate::words::plural;

/// Services in the table; the others are counted.
const MOST_SERVICES: usize = 30;
/// Of a row.
const ROW: u32 = 26;
/// Of the column with the services.
const SERVICES: u32 = 220;
/// Of the column of a kind, at most.
const WIDEST: u32 = 130;

/// Draws the table below `y`; the answer is where it ends.
pub(super) fn draw(canvas: &mut Canvas, report: &Report, y: u32) -> u32 {
    let serves = |service: &Service, key: &str| {
        service.tolerance.iter().find(|of| of.level == Level::Serve && of.kind == key).cloned()
    };
    let asked = |key: &str| report.services.iter().any(|service| serves(service, key).is_some());
    let kinds: Vec<_> = report.kinds.iter().filter(|kind| asked(&kind.key)).collect();
    if kinds.is_empty() {
        return y;
    }
    let services: Vec<_> = report.services.iter().filter(|service| !service.tolerance.is_empty()).collect();
    let columns = u32::try_from(kinds.len()).unwrap_or(1);
    let width = ((WIDTH - 2 * MARGIN - SERVICES) / columns).min(WIDEST);
    let fitting = width as usize / 8;
    let column = |index: u32| MARGIN + SERVICES + index * width;
    let mut y = y;
    canvas.text(MARGIN, y, "heading", "Losses survived without a restart elsewhere");
    y += 26;
    for (kind, index) in kinds.iter().zip(0u32..) {
        canvas.text(column(index) + 8, y, "small", &clipped(&kind.many, fitting));
    }
    y += 8;
    for service in services.iter().take(MOST_SERVICES) {
        canvas.text(MARGIN, y + 17, "name", &clipped(&service.name, 28));
        for (kind, index) in kinds.iter().zip(0u32..) {
            let Some(tolerance) = serves(service, &kind.key) else { continue };
            let headroom = Headroom::of(&tolerance);
            let text = format!("{} {}", headroom.sign(), survives(&tolerance).replace("at least", "≥"));
            canvas.rectangle((column(index), y), (width - 4, ROW - 4), class(headroom));
            canvas.text(column(index) + 8, y + 16, class(headroom), text.trim_start());
        }
        y += ROW;
    }
    if services.len() > MOST_SERVICES {
        canvas.text(
            MARGIN,
            y + 17,
            "muted",
            &format!("and {}", plural(services.len() - MOST_SERVICES, "more service")),
        );
        y += ROW;
    }
    let signs = [Headroom::Spare, Headroom::Met, Headroom::Missed, Headroom::Open, Headroom::Single];
    let legend: Vec<String> = signs.iter().map(|sign| format!("{} {}", sign.sign(), sign.words())).collect();
    canvas.text(MARGIN, y + 20, "small", &legend.join(" · "));
    y + 26
}

fn class(headroom: Headroom) -> &'static str {
    match headroom {
        Headroom::Spare => "spare",
        Headroom::Met => "met",
        Headroom::Missed => "missed",
        Headroom::Open => "open",
        Headroom::Single => "single",
        Headroom::Free => "free",
    }
}
