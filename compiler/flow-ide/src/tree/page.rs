//! A page before it is HTML or Markdown.

/// A page.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// What it is about.
    pub title: String,
    /// The language of what is said, as a BCP 47 code.
    pub language: String,
    /// From top to bottom.
    pub parts: Vec<Part>,
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// A heading that others link to.
    Heading {
        /// 2 or 3.
        level: u8,
        /// Its anchor.
        id: String,
        /// Its text.
        text: String,
    },
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list; items hold lists of their own.
    List(Vec<Item>),
    /// A table.
    Table {
        /// Names of the columns.
        head: Vec<&'static str>,
        /// As many cells in each row.
        rows: Vec<Vec<String>>,
    },
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Item {
    /// The anchor of the place that is told here.
    pub id: Option<String>,
    /// Its text.
    pub text: Vec<Inline>,
    /// What follows from it.
    pub items: Vec<Item>,
}

/// A piece of text.
#[derive(Debug, Clone, PartialEq)]
pub enum Inline {
    /// As it is.
    Text(String),
    /// What matters.
    Strong(String),
    /// What is said.
    Said(String),
    /// A link to an anchor of the page.
    Link {
        /// The anchor.
        to: String,
        /// The text.
        text: String,
    },
}

impl Part {
    /// A paragraph of plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Paragraph(vec![Inline::Text(text.into())])
    }
}
