//! A header field: known, or one of the things that are not.

use std::sync::Arc;

use crate::logic::{Field, Unknown};

/// The value of a field. What is not known has a name, so that two questions about it get answers that agree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value<T> {
    /// It is this.
    Known(T),
    /// Nobody said.
    Unknown(Unknown),
}

impl<T> Value<T> {
    /// A field of the packet that nobody gave.
    pub const fn field(field: Field) -> Self {
        Self::Unknown(Unknown::Field(field))
    }

    /// A value that the kernel chooses where the dump cannot tell; `name` tells one choice from another.
    pub fn chosen(name: &str) -> Self {
        Self::Unknown(Unknown::Named(Arc::from(name)))
    }

    /// What the rule in `line` leaves in a field, where the dump cannot tell.
    pub fn left(field: Field, line: u32) -> Self {
        Self::chosen(&format!("{}:{line}", field.as_str()))
    }

    /// The value given by the user, or the unknown field.
    pub fn given(value: Option<T>, field: Field) -> Self {
        value.map_or(Self::field(field), Self::Known)
    }

    /// The value, if it is known.
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }
}
