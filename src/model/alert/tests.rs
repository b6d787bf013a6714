//! The catalogue over the example models, when they are at hand.
