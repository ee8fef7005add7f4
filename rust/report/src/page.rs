//! The page: one file, and a policy that lets it load nothing.

use crate::data::{Error, Report};
use crate::embedded::embedded;
use crate::view::Page;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, HtmlEscape, UndefinedBehavior, Value, context};
use sha2::{Digest as _, Sha256};

const STYLE: &str = include_str!("../templates/style.css");
const SCRIPT: &str = include_str!("../templates/script.js");

/// The shell of the page, then its sections in their order.
const SHELL: (&str, &str) = ("page.html", include_str!("../templates/page.html"));
const SECTIONS: [(&str, &str); 6] = [
    ("summary.html", include_str!("../templates/summary.html")),
    ("topology.html", include_str!("../templates/topology.html")),
    ("tolerance.html", include_str!("../templates/tolerance.html")),
    ("losses.html", include_str!("../templates/losses.html")),
    ("cut_sets.html", include_str!("../templates/cut_sets.html")),
    ("others.html", include_str!("../templates/others.html")),
];

/// One self-contained HTML page: it needs no network and says so in its policy, and all that it knows can be read without
/// its script.
///
/// # Errors
/// When the report refers to what it does not have: see [`Report::check`].
pub fn html(report: &Report) -> Result<String, Error> {
    report.check()?;
    let page = Value::from(Serde(Page::of(report)));
    let environment = environment()?;
    let mut sections = String::new();
    for (template, text) in SECTIONS {
        sections.push_str(&fill(&environment, template, text, context! { page => page.clone() })?);
    }
    let (template, text) = SHELL;
    let whole = context! {
        page,
        sections,
        policy => policy(),
        style => STYLE,
        script => SCRIPT,
        answers => embedded(report)?,
    };
    fill(&environment, template, text, whole)
}

fn environment<'t>() -> Result<Environment<'t>, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.map_err(|source| Error::Template { template: SHELL.0, source })?);
    environment.add_filter("ticked", ticked);
    Ok(environment)
}

/// Text in which backquotes stand around what is typed, as HTML.
fn ticked(text: &str) -> Value {
    let pieces: Vec<String> = text.split('`').map(|piece| HtmlEscape(piece).to_string()).collect();
    let mut html = String::with_capacity(text.len());
    for (place, piece) in pieces.iter().enumerate() {
        match (place % 2 == 1, place + 1 == pieces.len()) {
            (true, false) => html.extend(["<code>", piece, "</code>"]),
            // Without its end, a backquote is one.
            (true, true) => html.extend(["`", piece]),
            (false, _) => html.push_str(piece),
        }
    }
    Value::from_safe_string(html)
}

/// Names end in `.html`, for which everything is escaped that is not marked as safe.
fn fill(environment: &Environment<'_>, template: &'static str, text: &str, values: Value) -> Result<String, Error> {
    let filled = environment.render_named_str(template, text, values);
    filled.map_err(|source| Error::Template { template, source })
}

/// Nothing is loaded, and only our own style and script are used: a name that were taken for a script would not run.
fn policy() -> String {
    let digest = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        digest(STYLE),
        digest(SCRIPT)
    )
}

#[cfg(test)]
mod tests {
    use super::ticked;

    #[test]
    fn what_is_typed_is_code_and_nothing_is_markup() {
        assert_eq!(ticked("a `b<c` d").to_string(), "a <code>b&lt;c</code> d");
        assert_eq!(ticked("`a` `b").to_string(), "<code>a</code> `b");
        assert_eq!(ticked("<i>").to_string(), "&lt;i&gt;");
    }
}
