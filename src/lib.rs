//! kpt: where does this packet go, how likely, and why, from what `iptables-save` prints.
//!
//! The folders stand in the order in which data flows; each uses only those above it (`tests/it/tidy.rs` holds that).
//! `docs/architecture.md` gives each a paragraph.

// read
pub mod source; // the text of a dump, and where in it something stands
pub mod diagnostic; // the one shape of every problem
pub mod save; // bytes -> tables, chains and rule lines; a line -> words

// model
pub mod logic; // what is known, what is chance and what is not known
pub mod number; // protocols, marks and Ethernet addresses as tools write them
pub mod ipset; // sets of addresses and ports, from `ipset save`
pub mod packet; // what a rule looks at, and what targets do to it
pub mod extension; // one file per match and per target
pub mod ruleset; // tables, chains and rules by id; who jumps where
pub mod kube; // kube-proxy's chains read back as Services, ports and endpoints
pub mod space; // sets of packets, and the rules that none of them reaches

// evaluate
pub mod walk; // the packet through hooks, tables and chains, in every world
pub mod analyze; // questions over many walks

// ask
pub mod lint; // what is wrong with a ruleset: a registry, one file and one page for each
pub mod kernlog; // the kernel's own words, laid beside the prediction

// tell
pub mod report; // text and JSON: the only place that knows colour, width and markup
pub mod cli; // arguments, files, standard output, exit codes: the only place that touches the outside
