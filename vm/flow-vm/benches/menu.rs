//! Nanoseconds per wake: `cargo bench -p flow-vm`.

use divan::{Bencher, black_box};

#[path = "menu/mod.rs"]
mod menu;

fn main() {
    divan::main();
}

#[divan::bench]
fn wake(bencher: Bencher) {
    let program = menu::program();
    let mut fiber = menu::fiber(&program, menu::SHORT);
    let mut turn = 0;
    bencher.bench_local(|| {
        turn = (turn + 1) % menu::CHOICES.len();
        menu::wake(&program, black_box(&mut fiber), menu::CHOICES[turn])
    });
}

#[divan::bench]
fn wake_of_a_hand_written_enum(bencher: Bencher) {
    let mut floor = menu::Floor::new(menu::SHORT);
    let mut turn = 0;
    bencher.bench_local(|| {
        turn = (turn + 1) % menu::CHOICES.len();
        let op = floor.op();
        black_box(&mut floor).wake(op, 0, menu::CHOICES[turn])
    });
}

#[divan::bench]
fn create(bencher: Bencher) {
    let program = menu::program();
    bencher.bench_local(|| menu::fiber(&program, menu::SHORT));
}

#[divan::bench]
fn snapshot_and_restore(bencher: Bencher) {
    let program = menu::program();
    let fiber = menu::fiber(&program, menu::SHORT);
    bencher.bench_local(|| {
        let bytes = fiber.snapshot(&program).expect("it waits");
        flow_vm::Fiber::restore(&program, &bytes).expect("it is its own")
    });
}
