//! JSON, by version. The structs here are the format: inner types may change, these do not.

mod streamed;
pub mod v1;
