//! Flows within a page of Markdown: what stands in fences tagged `flow` is laid out, all else stays as it is.
//!
//! Fences with further tags (`flow,wrong`) show something on purpose, and stay as well.

use crate::{Fault, Formatted, format};

/// Lays out the flows of a page.
///
/// # Errors
/// As for [`format()`], for the first fence with a fault.
pub fn markdown(page: &str) -> Result<Formatted, Fault> {
    let mut text = String::with_capacity(page.len());
    let mut left_alone = 0;
    let mut lines = page.split_inclusive('\n');
    while let Some(line) = lines.next() {
        text.push_str(line);
        let Some(tags) = line.strip_prefix("```") else { continue };
        let mut inside = String::new();
        let end = loop {
            match lines.next() {
                Some(line) if line.trim_end() == "```" => break Some(line),
                Some(line) => inside.push_str(line),
                None => break None,
            }
        };
        match end {
            Some(_) if tags.trim_end() == "flow" => {
                let formatted = format(&inside)?;
                left_alone += formatted.left_alone;
                text.push_str(&formatted.text);
            }
            _ => text.push_str(&inside),
        }
        text.push_str(end.unwrap_or(""));
    }
    Ok(Formatted { text, left_alone })
}
