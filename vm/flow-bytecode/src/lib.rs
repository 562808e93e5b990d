//! The contract between compiler and machine: instructions, kinds, effects, container, verifier.
