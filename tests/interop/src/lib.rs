//! Calls between flowc and SIP peers that we did not write.
