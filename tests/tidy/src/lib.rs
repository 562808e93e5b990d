//! Rules about the house itself, as tests.
