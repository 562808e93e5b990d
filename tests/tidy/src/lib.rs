//! Rules about the house itself; all of them are tests, in `tests/`.
