//! RTP, digits, codecs, prompts and bridges without input or output.
