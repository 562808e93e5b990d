//! Every hostile shape at a part of its size: answered, and soon. At full size: `flow-fuzz bounds`.

use flow_fuzz::bounds::{SHAPES, SLOWEST, answer};

/// A debug build takes some thirty times as long as a release; what is quadratic takes longer still.
const PART: usize = 100;

#[test]
fn every_shape_is_answered() {
    for shape in SHAPES {
        let answer = answer(&shape, PART);
        let took = answer.check + answer.format;
        assert!(took < SLOWEST, "{} takes {took:?} at a hundredth of its size: {}", shape.name, answer.said);
    }
}
