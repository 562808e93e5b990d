//! Virtual time and scripted people around the switch.
