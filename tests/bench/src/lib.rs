//! Benchmarks over the whole product.
