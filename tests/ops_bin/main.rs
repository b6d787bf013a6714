//! The scripts below `ops/bin` do what they say: they run against a platform that records how it was called.

mod fly;
mod kubernetes;
mod smoke;
mod stage;
