//! Call coroutines: events in, effects out, as plain data.
