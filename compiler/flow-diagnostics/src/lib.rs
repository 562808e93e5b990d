//! Source files, byte spans, and the diagnostic model with its renderers.
