//! A project on disk or in memory: flow.toml, modules, the catalogue of prompts.
