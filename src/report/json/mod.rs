//! JSON, by version. The structs here are the format: inner types may change, these do not.

pub mod v1;
