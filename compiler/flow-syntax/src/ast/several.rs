//! A list that most often has one element, which then needs no memory of its own: most paths are one name, and
//! most texts have no holes.

use std::fmt;
use std::ops::Deref;

/// None, one or more of something, in order; read as a slice.
#[derive(Clone, PartialEq, Eq)]
pub struct Several<T>(Inner<T>);

#[derive(Clone, PartialEq, Eq)]
enum Inner<T> {
    One([T; 1]),
    /// Not one.
    Other(Box<[T]>),
}

impl<T> Several<T> {
    /// The one element.
    pub fn one(element: T) -> Self {
        Self(Inner::One([element]))
    }

    /// All elements.
    pub fn as_slice(&self) -> &[T] {
        match &self.0 {
            Inner::One(one) => one,
            Inner::Other(all) => all,
        }
    }

    /// With one more at its end.
    pub(crate) fn and(self, last: T) -> Self {
        Self(Inner::Other(match self.0 {
            Inner::One([first]) => Box::new([first, last]),
            Inner::Other(all) => all.into_iter().chain([last]).collect(),
        }))
    }
}

impl<T> From<Vec<T>> for Several<T> {
    fn from(all: Vec<T>) -> Self {
        Self(match <[T; 1]>::try_from(all) {
            Ok(one) => Inner::One(one),
            Err(all) => Inner::Other(all.into()),
        })
    }
}

impl<T> Default for Several<T> {
    fn default() -> Self {
        Self(Inner::Other(Box::default()))
    }
}

impl<T> Deref for Several<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<'a, T> IntoIterator for &'a Several<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.as_slice().iter()
    }
}

/// As a list, however it is kept.
impl<T: fmt::Debug> fmt::Debug for Several<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(f)
    }
}
